//! The modules that come out.

use std::borrow::Cow;
use std::collections::BTreeMap;

use wasm_encoder::reencode::{Error, Reencode, RoundtripReencoder};
use wasm_encoder::{
    CodeSection, ConstExpr, ElementSection, Elements, EntityType, ExportKind, ExportSection, FuncType, Function, FunctionSection,
    GlobalSection, GlobalType, ImportSection, Instruction, Module as Output, RawSection, StartSection, TableSection, TypeSection, ValType,
};
use wasmparser::{Parser, Payload};

use crate::module::Module;
use crate::plan::Plan;
use crate::{PARTS, Result};

/// By what name parts import from the core.
const CORE: &str = "core";

/// The core: everything where it was, with stubs for what went into parts.
pub fn core(module: &Module, plan: &Plan) -> Result<Vec<u8>> {
    let same = &mut RoundtripReencoder;
    let mut output = Output::new();
    for payload in Parser::new(0).parse_all(module.bytes) {
        match payload? {
            Payload::TableSection(section) => {
                let mut tables = TableSection::new();
                for (index, table) in section.into_iter().enumerate() {
                    let mut ty = same.table_type(table?.ty)?;
                    if index == 0 {
                        ty.minimum = plan.table.into();
                        ty.maximum = ty.maximum.map(|_| plan.table.into());
                    }
                    tables.table(ty);
                }
                output.section(&tables);
            }
            Payload::GlobalSection(section) => {
                let mut globals = GlobalSection::new();
                same.parse_global_section(&mut globals, section)?;
                for _ in PARTS {
                    globals.global(loaded_type(), &ConstExpr::i32_const(0));
                }
                output.section(&globals);
            }
            Payload::ExportSection(section) => {
                let mut exports = ExportSection::new();
                same.parse_export_section(&mut exports, section)?;
                for index in 0..module.tables.len() as u32 {
                    exports.export(&table_name(index), ExportKind::Table, index);
                }
                for index in 0..(module.globals.len() + PARTS.len()) as u32 {
                    exports.export(&global_name(index), ExportKind::Global, index);
                }
                for function in plan.exported() {
                    exports.export(&function_name(function), ExportKind::Func, function);
                }
                output.section(&exports);
            }
            Payload::CodeSectionStart { .. } => {
                let mut code = CodeSection::new();
                for (at, body) in module.bodies.iter().enumerate() {
                    let function = (at + module.imported) as u32;
                    match plan.part_of(function) {
                        Some(part) => drop(code.function(&stub(module, plan, function, part))),
                        None => drop(code.raw(body.as_bytes())),
                    }
                }
                output.section(&code);
            }
            Payload::CodeSectionEntry(_) | Payload::Version { .. } | Payload::End(_) | Payload::CustomSection(_) => {}
            other => {
                if let Some((id, range)) = other.as_section() {
                    output.section(&RawSection { id, data: &module.bytes[range.start as usize..range.end as usize] });
                }
            }
        }
    }
    Ok(output.finish())
}

/// Whether a part is there.
fn loaded_type() -> GlobalType {
    GlobalType { val_type: ValType::I32, mutable: true, shared: false }
}

fn stub(module: &Module, plan: &Plan, function: u32, part: usize) -> Function {
    let mut stub = Function::new([]);
    let Some(slot) = plan.slot_of(function) else {
        // Nobody but its part calls it.
        stub.instruction(&Instruction::Unreachable).instruction(&Instruction::End);
        return stub;
    };
    stub.instruction(&Instruction::GlobalGet((module.globals.len() + part) as u32));
    stub.instruction(&Instruction::I32Eqz).instruction(&Instruction::If(wasm_encoder::BlockType::Empty));
    stub.instruction(&Instruction::I32Const(part as i32)).instruction(&Instruction::Call(plan.load)).instruction(&Instruction::End);
    for parameter in 0..module.parameters_of(function) {
        stub.instruction(&Instruction::LocalGet(parameter as u32));
    }
    stub.instruction(&Instruction::I32Const(slot as i32));
    stub.instruction(&Instruction::CallIndirect { type_index: module.functions[function as usize], table_index: 0 });
    stub.instruction(&Instruction::End);
    stub
}

/// One of [`PARTS`], to be instantiated with the core's exports as its imports from `core`.
pub fn part(module: &Module, plan: &Plan, part: usize) -> Result<Vec<u8>> {
    let same = &mut RoundtripReencoder;
    let held = plan.held(part);
    let wanted = plan.wanted(part);
    let mut imports = ImportSection::new();
    imports.import(
        CORE,
        module.memory_export.ok_or("it does not export its memory")?,
        EntityType::Memory(same.memory_type(module.memory)?),
    );
    for (index, &table) in module.tables.iter().enumerate() {
        let mut ty = same.table_type(table)?;
        if index == 0 {
            ty.minimum = plan.table.into();
            ty.maximum = ty.maximum.map(|_| plan.table.into());
        }
        imports.import(CORE, &table_name(index as u32), EntityType::Table(ty));
    }
    for (index, &global) in module.globals.iter().enumerate() {
        imports.import(CORE, &global_name(index as u32), EntityType::Global(same.global_type(global)?));
    }
    let loaded = module.globals.len() as u32;
    imports.import(CORE, &global_name(loaded + part as u32), EntityType::Global(loaded_type()));
    for &function in wanted {
        imports.import(CORE, &function_name(function), EntityType::Function(module.functions[function as usize]));
    }
    let index: BTreeMap<u32, u32> = wanted.iter().chain(held).copied().zip(0..).collect();

    let mut functions = FunctionSection::new();
    let mut code = CodeSection::new();
    let mut renumber = Renumber(&index);
    for &function in held {
        functions.function(module.functions[function as usize]);
        renumber.parse_function_body(&mut code, module.body(function).ok_or("an import can't be moved")?.clone())?;
    }
    // Its start tells that it is there.
    functions.function(module.parameters.len() as u32);
    let mut start = Function::new([]);
    start.instruction(&Instruction::I32Const(1)).instruction(&Instruction::GlobalSet(loaded)).instruction(&Instruction::End);
    code.function(&start);

    let mut elements = ElementSection::new();
    for (first, run) in runs(&plan.filled(module, part)) {
        let run: Vec<u32> = run.iter().map(|function| index[function]).collect();
        elements.active(None, &ConstExpr::i32_const(first as i32), Elements::Functions(Cow::Owned(run)));
    }

    let mut output = Output::new();
    output.section(&types(module)?).section(&imports).section(&functions);
    output.section(&StartSection { function_index: (wanted.len() + held.len()) as u32 }).section(&elements).section(&code);
    Ok(output.finish())
}

/// The module's types, and after them that of a function which takes and returns nothing.
fn types(module: &Module) -> Result<TypeSection> {
    let mut types = TypeSection::new();
    for payload in Parser::new(0).parse_all(module.bytes) {
        if let Payload::TypeSection(section) = payload? {
            RoundtripReencoder.parse_type_section(&mut types, section)?;
        }
    }
    types.ty().func_type(&FuncType::new([], []));
    Ok(types)
}

/// Slots in a row, by the first of them.
fn runs(slots: &BTreeMap<u32, u32>) -> Vec<(u32, Vec<u32>)> {
    let mut runs: Vec<(u32, Vec<u32>)> = Vec::new();
    for (&slot, &function) in slots {
        match runs.last_mut() {
            Some((first, run)) if *first + run.len() as u32 == slot => run.push(function),
            _ => runs.push((slot, vec![function])),
        }
    }
    runs
}

/// Functions under a part's own numbers.
struct Renumber<'a>(&'a BTreeMap<u32, u32>);

impl Reencode for Renumber<'_> {
    type Error = std::convert::Infallible;

    fn function_index(&mut self, function: u32) -> std::result::Result<u32, Error<Self::Error>> {
        Ok(self.0[&function])
    }
}

fn table_name(index: u32) -> String {
    format!("t{index}")
}

fn global_name(index: u32) -> String {
    format!("g{index}")
}

fn function_name(index: u32) -> String {
    format!("f{index}")
}

#[cfg(test)]
mod tests {
    use wasm_encoder::{MemorySection, MemoryType, NameMap, NameSection, RefType, TableType};
    use wasmparser::{Operator, Validator};

    use super::*;

    /// `run`, exported, calls `grow` of a part, `exp`, which parts copy, and `note` of the core; `grow` calls the last two as well. `cut`, of
    /// the part too, is only in the table, at slot 1.
    fn sample() -> Vec<u8> {
        const HASH: &str = "[84c7a1be22772660]";
        let mut types = TypeSection::new();
        types.ty().function([ValType::I32], [ValType::I32]);
        types.ty().function([ValType::I32], []);
        let names =
            ["loadPart", "kindling::run", "kindling_ml#::tree::grow", "libm#::exp", "kindling_python#::note", "kindling_ml#::tree::cut"];
        let calls: [&[u32]; 6] = [&[], &[2, 3, 4], &[3, 4], &[], &[], &[4]];
        let mut functions = FunctionSection::new();
        let mut code = CodeSection::new();
        let mut map = NameMap::new();
        for (index, (name, callees)) in (0..).zip(names.into_iter().zip(calls)) {
            let returns = name != "loadPart";
            functions.function(if returns { 0 } else { 1 });
            map.append(index, &name.replace('#', HASH));
            let mut function = Function::new([]);
            function.instruction(&Instruction::LocalGet(0));
            for &callee in callees {
                function.instruction(&Instruction::Call(callee));
            }
            // Larger than a stub, or it would stay.
            for _ in 0..20 {
                function.instruction(&Instruction::I32Const(1)).instruction(&Instruction::I32Add);
            }
            if !returns {
                function.instruction(&Instruction::Drop);
            }
            code.function(function.instruction(&Instruction::End));
        }
        let mut tables = TableSection::new();
        tables.table(TableType { element_type: RefType::FUNCREF, table64: false, minimum: 2, maximum: Some(2), shared: false });
        let mut memories = MemorySection::new();
        memories.memory(MemoryType { minimum: 1, maximum: None, memory64: false, shared: false, page_size_log2: None });
        let mut globals = GlobalSection::new();
        globals.global(loaded_type(), &ConstExpr::i32_const(7));
        let mut exports = ExportSection::new();
        exports.export("memory", ExportKind::Memory, 0).export("loadPart", ExportKind::Func, 0).export("run", ExportKind::Func, 1);
        let mut elements = ElementSection::new();
        elements.active(None, &ConstExpr::i32_const(1), Elements::Functions(Cow::Borrowed(&[5])));
        let mut name_section = NameSection::new();
        name_section.functions(&map);
        let mut output = Output::new();
        output.section(&types).section(&functions).section(&tables).section(&memories).section(&globals).section(&exports);
        output.section(&elements).section(&code).section(&name_section);
        output.finish()
    }

    #[test]
    fn the_core_keeps_stubs_and_the_part_takes_slots() -> Result<()> {
        let bytes = sample();
        let module = Module::read(&bytes)?;
        let plan = Plan::of(&module)?;
        assert_eq!(PARTS[0].0, "ml");
        assert_eq!(plan.held(0), [2, 5, 3], "its own functions and a copy of exp");
        assert_eq!(plan.held(1), [0_u32; 0]);
        assert_eq!(plan.exported().into_iter().collect::<Vec<_>>(), [4], "note");
        assert_eq!(plan.slot_of(2), Some(2), "grow is called by a new slot");
        assert_eq!(plan.slot_of(5), Some(1), "cut by the one it has");
        assert_eq!(plan.table, 3);
        Ok(())
    }

    #[test]
    fn what_comes_out_is_valid_and_calls_what_it_called() -> Result<()> {
        let bytes = sample();
        let module = Module::read(&bytes)?;
        let plan = Plan::of(&module)?;
        let core = core(&module, &plan)?;
        Validator::new().validate_all(&core)?;
        let core = Module::read(&core)?;
        assert_eq!(core.exports["f4"], 4);
        let mut stub = core.bodies[2].get_operators_reader()?;
        let mut seen = Vec::new();
        while !stub.eof() {
            match stub.read()? {
                Operator::Call { function_index } => seen.push(("load", function_index)),
                Operator::I32Const { value } => seen.push(("number", value as u32)),
                _ => {}
            }
        }
        assert_eq!(seen, [("number", 0), ("load", 0), ("number", 2)], "loads part 0 and calls by slot 2");

        let part = part(&module, &plan, 0)?;
        Validator::new().validate_all(&part)?;
        let part = Module::read(&part)?;
        assert_eq!(part.imported, 1);
        assert_eq!(part.bodies.len(), 4, "grow, cut, exp, and its start");
        assert_eq!(part.slots.into_iter().collect::<Vec<_>>(), [(1, 2), (2, 1)]);
        assert_eq!(part.start, Some(4));
        Ok(())
    }
}

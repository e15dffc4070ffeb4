//! The modules that come out.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use wasm_encoder::reencode::{Error, Reencode, RoundtripReencoder};
use wasm_encoder::{
    CodeSection, ConstExpr, ElementSection, Elements, EntityType, ExportKind, ExportSection, FuncType, Function, FunctionSection, GlobalSection,
    GlobalType, ImportSection, Instruction, Module as Output, RawSection, StartSection, TableSection, TypeSection, ValType,
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
                for function in (0..PARTS.len()).map(|part| outside(module, plan, part)).reduce(|a, b| &a | &b).unwrap_or_default() {
                    exports.export(&function_name(function), ExportKind::Func, function);
                }
                output.section(&exports);
            }
            Payload::CodeSectionStart { .. } => {
                let mut code = CodeSection::new();
                for (at, body) in module.bodies.iter().enumerate() {
                    let function = (at + module.imported) as u32;
                    match plan.part[function as usize] {
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
    let Some(&slot) = plan.slot.get(&function) else {
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

/// What a part calls that it doesn't hold.
fn outside(module: &Module, plan: &Plan, part: usize) -> BTreeSet<u32> {
    let held: BTreeSet<u32> = plan.held(part).collect();
    let mut found = BTreeSet::new();
    for &function in &held {
        if let Some(body) = module.body(function) {
            found.extend(crate::plan::called(body).unwrap_or_default().into_iter().filter(|callee| !held.contains(callee)));
        }
    }
    found
}

/// One of [`PARTS`], to be instantiated with the core's exports as its imports from `core`.
pub fn part(module: &Module, plan: &Plan, part: usize) -> Result<Vec<u8>> {
    let same = &mut RoundtripReencoder;
    let held: Vec<u32> = plan.held(part).collect();
    let outside = outside(module, plan, part);
    let mut imports = ImportSection::new();
    imports.import(CORE, module.memory_export.ok_or("it does not export its memory")?, EntityType::Memory(same.memory_type(module.memory)?));
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
    for &function in &outside {
        imports.import(CORE, &function_name(function), EntityType::Function(module.functions[function as usize]));
    }
    let index: BTreeMap<u32, u32> = outside.iter().chain(&held).copied().zip(0..).collect();

    let mut functions = FunctionSection::new();
    let mut code = CodeSection::new();
    let mut renumber = Renumber(&index);
    for &function in &held {
        functions.function(module.functions[function as usize]);
        renumber.parse_function_body(&mut code, module.body(function).ok_or("an import can't be moved")?.clone())?;
    }
    // Its start tells that it is there.
    functions.function(module.parameters.len() as u32);
    let mut start = Function::new([]);
    start.instruction(&Instruction::I32Const(1)).instruction(&Instruction::GlobalSet(loaded)).instruction(&Instruction::End);
    code.function(&start);

    let mut elements = ElementSection::new();
    let filled: BTreeMap<u32, u32> = module
        .slots
        .iter()
        .map(|(&slot, &function)| (slot, function))
        .chain(plan.slot.iter().map(|(&function, &slot)| (slot, function)))
        .filter(|(_, function)| plan.part[*function as usize] == Some(part))
        .collect();
    for (first, run) in runs(&filled) {
        let run: Vec<u32> = run.iter().map(|function| index[function]).collect();
        elements.active(None, &ConstExpr::i32_const(first as i32), Elements::Functions(Cow::Owned(run)));
    }

    let mut output = Output::new();
    output.section(&types(module)?).section(&imports).section(&functions);
    output.section(&StartSection { function_index: (outside.len() + held.len()) as u32 }).section(&elements).section(&code);
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

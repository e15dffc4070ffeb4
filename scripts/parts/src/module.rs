//! What the splitter has to know of a module.

use std::collections::BTreeMap;

use wasmparser::{
    BinaryReader, ElementItems, ElementKind, ExternalKind, FunctionBody, GlobalType, MemoryType, Name, NameSectionReader, Operator, Parser,
    Payload, TableType, TypeRef,
};

use crate::Result;
use crate::names::SymbolName;

pub struct Module<'a> {
    pub bytes: &'a [u8],
    /// The number of parameters of each type.
    pub parameters: Vec<usize>,
    /// The type of each function, the imported ones first.
    pub functions: Vec<u32>,
    pub imported: usize,
    pub bodies: Vec<FunctionBody<'a>>,
    pub memory: MemoryType,
    pub tables: Vec<TableType>,
    pub globals: Vec<GlobalType>,
    /// Functions that JavaScript calls, by name.
    pub exports: BTreeMap<&'a str, u32>,
    pub memory_export: Option<&'a str>,
    pub start: Option<u32>,
    /// Slots of the first table that a module fills when it starts.
    pub slots: BTreeMap<u32, u32>,
    /// Functions that are named elsewhere than in calls and in slots, which have to stay.
    pub referred: Vec<u32>,
    names: BTreeMap<u32, &'a str>,
}

impl<'a> Module<'a> {
    pub fn read(bytes: &'a [u8]) -> Result<Self> {
        let mut module = Self {
            bytes,
            parameters: Vec::new(),
            functions: Vec::new(),
            imported: 0,
            bodies: Vec::new(),
            memory: MemoryType { memory64: false, shared: false, initial: 0, maximum: None, page_size_log2: None },
            tables: Vec::new(),
            globals: Vec::new(),
            exports: BTreeMap::new(),
            memory_export: None,
            start: None,
            slots: BTreeMap::new(),
            referred: Vec::new(),
            names: BTreeMap::new(),
        };
        for payload in Parser::new(0).parse_all(bytes) {
            module.note(payload?)?;
        }
        Ok(module)
    }

    fn note(&mut self, payload: Payload<'a>) -> Result<()> {
        match payload {
            Payload::TypeSection(section) => {
                for ty in section.into_iter_err_on_gc_types() {
                    self.parameters.push(ty?.params().len());
                }
            }
            Payload::ImportSection(section) => {
                for import in section.into_imports() {
                    match import?.ty {
                        TypeRef::Func(ty) => self.functions.push(ty),
                        TypeRef::Memory(memory) => self.memory = memory,
                        TypeRef::Table(table) => self.tables.push(table),
                        TypeRef::Global(global) => self.globals.push(global),
                        other => return Err(format!("an import of {other:?} is not known").into()),
                    }
                }
                self.imported = self.functions.len();
            }
            Payload::FunctionSection(section) => {
                for ty in section {
                    self.functions.push(ty?);
                }
            }
            Payload::TableSection(section) => {
                for table in section {
                    self.tables.push(table?.ty);
                }
            }
            Payload::MemorySection(section) => {
                for memory in section {
                    self.memory = memory?;
                }
            }
            Payload::GlobalSection(section) => {
                for global in section {
                    self.globals.push(global?.ty);
                }
            }
            Payload::ExportSection(section) => {
                for export in section {
                    let export = export?;
                    match export.kind {
                        ExternalKind::Func => drop(self.exports.insert(export.name, export.index)),
                        ExternalKind::Memory => self.memory_export = Some(export.name),
                        _ => {}
                    }
                }
            }
            Payload::StartSection { func, .. } => self.start = Some(func),
            Payload::ElementSection(section) => {
                for element in section {
                    let element = element?;
                    let ElementItems::Functions(functions) = element.items else {
                        return Err("an element segment of expressions is not known".into());
                    };
                    match element.kind {
                        ElementKind::Active { table_index: None | Some(0), offset_expr } => {
                            let Operator::I32Const { value } = offset_expr.get_operators_reader().read()? else {
                                return Err("an element segment's place is not a number".into());
                            };
                            for (slot, function) in (value as u32..).zip(functions) {
                                self.slots.insert(slot, function?);
                            }
                        }
                        _ => {
                            for function in functions {
                                self.referred.push(function?);
                            }
                        }
                    }
                }
            }
            Payload::CodeSectionEntry(body) => self.bodies.push(body),
            Payload::CustomSection(section) if section.name() == "name" => {
                for name in NameSectionReader::new(BinaryReader::new(section.data(), section.data_offset())) {
                    if let Name::Function(names) = name? {
                        for naming in names {
                            let naming = naming?;
                            self.names.insert(naming.index, naming.name);
                        }
                    }
                }
            }
            _ => {}
        }
        Ok(())
    }

    /// The body of a function that is not imported.
    pub fn body(&self, function: u32) -> Option<&FunctionBody<'a>> {
        self.bodies.get((function as usize).checked_sub(self.imported)?)
    }

    pub fn name(&self, function: u32) -> SymbolName {
        SymbolName::of(self.names.get(&function).copied().unwrap_or_default())
    }

    pub fn parameters_of(&self, function: u32) -> usize {
        self.parameters[self.functions[function as usize] as usize]
    }
}

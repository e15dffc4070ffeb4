//! The virtual machine: what is global to an interpreter, and every operation on values.

mod attribute;
mod block;
mod call;
mod class_build;
mod compare;
mod exception;
mod frame;
mod import;
mod item;
mod iterate;
mod matching;
mod operator;
mod prepare;
mod protocol;
mod run;
mod site;
mod unbound;
mod unpack;

pub use frame::{Frame, PyGenerator};
pub(crate) use frame::{Outcome, Resume};
pub(crate) use operator::unary_builtin;
pub use operator::{CompareOperator, Operator, UnaryOperator};
pub(crate) use protocol::truth_builtin;

use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;

use indexmap::IndexMap;

use crate::class::{PyClass, PyInstance};
use crate::error::{PyError, PyResult};
use crate::host::{Host, Stream};
use crate::module::PyModule;
use crate::names::{Names, names};
use crate::text::{Name, NameHash};
use crate::types::Types;
use crate::value::Value;

/// Python calls may be this deep, as in CPython.
pub const RECURSION_LIMIT: usize = 1000;

/// Calls from Rust back into Python may be this deep: they need real stack, of which a browser gives a megabyte.
const NATIVE_LIMIT: usize = if cfg!(target_arch = "wasm32") { 100 } else { 180 };

/// Bytes of real stack that a cell may use; threads have two megabytes.
const STACK_LIMIT: usize = 1_200_000;

/// Calls and backward jumps between two polls of the host.
const POLL_INTERVAL: u32 = 20_000;

/// About where the stack ends now.
#[inline(never)]
pub(crate) fn stack_position() -> usize {
    let marker = 0u8;
    std::ptr::from_ref(std::hint::black_box(&marker)) as usize
}

/// The global variables of a module, in numbered slots.
#[derive(Default)]
pub struct Globals {
    names: RefCell<IndexMap<Name, u32, NameHash>>,
    pub(crate) slots: RefCell<Vec<GlobalSlot>>,
    pub module_name: RefCell<Rc<str>>,
}

pub(crate) struct GlobalSlot {
    pub value: Value,
    /// The builtin of this name, if there is one.
    pub builtin: Value,
}

pub struct Vm {
    pub(crate) host: Box<dyn Host>,
    pub types: Rc<Types>,
    pub(crate) n: &'static Names,
    pub(crate) builtins: Rc<PyModule>,
    pub(crate) main: Rc<Globals>,
    pub(crate) modules: IndexMap<String, Value>,
    pub(crate) native_classes: HashMap<String, Rc<PyClass>>,
    /// Boxed, since the running frame is pointed at while it moves between here, the loop and generators.
    #[allow(clippy::vec_box)]
    pub(crate) frames: Vec<Box<Frame>>,
    #[allow(clippy::vec_box)]
    free_frames: Vec<Box<Frame>>,
    /// Python frames that run now, in all nested runs.
    depth: usize,
    native_depth: usize,
    /// Where the stack stood when the cell began.
    stack_base: usize,
    fuel: u32,
    /// How often the host has interrupted the cell that runs.
    interrupts: u32,
    /// The frame that runs now; valid while it runs.
    current: *const Frame,
    /// The exception being handled.
    pub(crate) handled: Option<Rc<PyInstance>>,
    /// Containers whose repr is being made, to show cycles as `[...]`.
    pub(crate) in_repr: Vec<usize>,
}

impl Globals {
    pub fn new(module_name: &str) -> Rc<Globals> {
        Rc::new(Globals { module_name: RefCell::new(module_name.into()), ..Globals::default() })
    }

    /// The slot of a name, made when it is new.
    pub(crate) fn slot(&self, name: &Name, builtins: &PyModule) -> u32 {
        let mut names = self.names.borrow_mut();
        if let Some(&slot) = names.get(name) {
            return slot;
        }
        let slot = names.len() as u32;
        names.insert(name.clone(), slot);
        let builtin = builtins.attrs.borrow().get(name).cloned().unwrap_or_default();
        self.slots.borrow_mut().push(GlobalSlot { value: Value::Unbound, builtin });
        slot
    }

    pub fn get(&self, name: &str) -> Option<Value> {
        let slot = *self.names.borrow().get(&Name::new(name))?;
        let value = self.slots.borrow()[slot as usize].value.clone();
        (!value.is_unbound()).then_some(value)
    }

    pub(crate) fn set(&self, name: &Name, value: Value, builtins: &PyModule) {
        let slot = self.slot(name, builtins);
        let previous = std::mem::replace(&mut self.slots.borrow_mut()[slot as usize].value, value);
        drop(previous);
    }

    pub(crate) fn slot_name(&self, slot: u32) -> Name {
        self.names.borrow().get_index(slot as usize).map_or_else(|| Name::new("?"), |(name, _)| name.clone())
    }

    /// What is bound, in the order of first mention.
    pub fn items(&self) -> Vec<(Name, Value)> {
        let slots = self.slots.borrow();
        self.names
            .borrow()
            .iter()
            .map(|(name, &slot)| (name.clone(), slots[slot as usize].value.clone()))
            .filter(|(_, value)| !value.is_unbound())
            .collect()
    }
}

impl Vm {
    pub fn new(host: Box<dyn Host>) -> Vm {
        let builtins = Rc::new(PyModule::new("builtins"));
        let mut vm = Vm {
            host,
            types: Types::get(),
            n: names(),
            builtins,
            main: Globals::new("__main__"),
            modules: IndexMap::new(),
            native_classes: HashMap::new(),
            frames: Vec::new(),
            free_frames: Vec::new(),
            depth: 0,
            native_depth: 0,
            stack_base: stack_position(),
            fuel: POLL_INTERVAL,
            interrupts: 0,
            current: std::ptr::null(),
            handled: None,
            in_repr: Vec::new(),
        };
        crate::builtins::install(&mut vm);
        vm
    }

    pub fn host(&mut self) -> &mut dyn Host {
        &mut *self.host
    }

    pub fn print(&mut self, text: &str) {
        self.host.write(Stream::Stdout, text);
    }

    /// The variables of the notebook.
    pub fn globals(&self) -> Rc<Globals> {
        self.main.clone()
    }

    pub fn set_global(&mut self, name: &str, value: Value) {
        let main = self.main.clone();
        main.set(&Name::new(name), value, &self.builtins.clone());
    }

    /// Makes a value a builtin: known everywhere without import.
    pub fn set_builtin(&mut self, name: &str, value: Value) {
        let name = Name::new(name);
        self.builtins.attrs.borrow_mut().insert(name.clone(), value.clone());
        if let Some(&slot) = self.main.names.borrow().get(&name) {
            self.main.slots.borrow_mut()[slot as usize].builtin = value;
        }
    }

    /// Makes a module importable under its full name, and its parents with it.
    /// Knows the modules and classes that another interpreter of this thread knows, the same objects.
    pub fn adopt(&mut self, other: &Vm) {
        self.modules.extend(other.modules.iter().map(|(name, module)| (name.clone(), module.clone())));
        self.native_classes.extend(other.native_classes.iter().map(|(name, class)| (name.clone(), class.clone())));
    }

    pub fn add_module(&mut self, module: PyModule) {
        let name = module.name.to_string();
        let value = Value::from(module);
        self.modules.insert(name.clone(), value.clone());
        let mut child = (name, value);
        while let Some((parent, last)) = child.0.clone().rsplit_once('.') {
            let parent_value = self.modules.entry(parent.to_string()).or_insert_with(|| Value::from(PyModule::new(parent))).clone();
            if let Value::Module(module) = &parent_value {
                module.set(last, child.1.clone());
            }
            child = (parent.to_string(), parent_value);
        }
    }

    /// A module that was imported already.
    pub fn loaded(&self, name: &str) -> Option<&Value> {
        self.modules.get(name)
    }

    /// To be called in loops that may be long: notices interrupts every few milliseconds.
    #[inline]
    pub fn tick(&mut self) -> PyResult<()> {
        self.fuel -= 1;
        if self.fuel == 0 { self.poll() } else { Ok(()) }
    }

    /// Asks the host now. Errors: `KeyboardInterrupt`.
    #[cold]
    pub fn poll(&mut self) -> PyResult<()> {
        self.fuel = POLL_INTERVAL;
        if !self.host.poll() {
            return Ok(());
        }
        self.interrupts += 1;
        Err(PyError::of(&self.types.exception_named("KeyboardInterrupt"), vec![]))
    }

    /// Whether the cell went on after several interrupts: then no handler and no `finally` keeps it any longer.
    pub(crate) fn is_stopped(&self) -> bool {
        self.interrupts > 2
    }

    /// Runs `f` one level deeper in Rust. Errors: `RecursionError`.
    pub(crate) fn deeper<T>(&mut self, f: impl FnOnce(&mut Vm) -> PyResult<T>) -> PyResult<T> {
        if self.is_stack_low() {
            return Err(self.recursion_error());
        }
        self.native_depth += 1;
        let result = f(self);
        self.native_depth -= 1;
        result
    }

    /// Whether one more call from Rust into Python is one too many.
    pub(crate) fn is_stack_low(&self) -> bool {
        self.native_depth >= NATIVE_LIMIT || self.stack_base.abs_diff(stack_position()) > STACK_LIMIT
    }

    /// The exception for more memory than a program may take at once.
    pub fn check_size(&self, items: usize, each: usize) -> PyResult<()> {
        const LIMIT: usize = if cfg!(target_pointer_width = "32") { 1 << 29 } else { 1 << 30 };
        if items.checked_mul(each).is_none_or(|bytes| bytes > LIMIT) {
            Err(PyError::of(&self.types.exception_named("MemoryError"), vec![]))
        } else {
            Ok(())
        }
    }
}

//! Running cells.

use crate::analysis::{Occurrence, Problem};
use crate::complete::{Completions, Inspection, ModuleReference, SignatureHelp};
use crate::error::PyError;
use crate::host::Host;
use crate::module::PyModule;
use crate::source::Source;
use crate::text::Name;
use crate::traceback::Traceback;
use crate::value::Value;
use crate::vm::{Outcome, Vm};

/// A Python that runs cells one after the other; names stay from cell to cell.
pub struct Interpreter {
    vm: Vm,
}

impl Interpreter {
    pub fn new(host: impl Host + 'static) -> Interpreter {
        Interpreter { vm: Vm::new(Box::new(host)) }
    }

    pub fn vm(&mut self) -> &mut Vm {
        &mut self.vm
    }

    /// Binds a name that the notebook's cells see.
    pub fn set_global(&mut self, name: &str, value: impl Into<Value>) {
        self.vm.set_global(name, value.into());
    }

    /// Makes a module importable, with its parents.
    pub fn add_module(&mut self, module: PyModule) {
        self.vm.add_module(module);
    }

    /// The notebook's names and values.
    pub fn globals(&self) -> Vec<(Name, Value)> {
        self.vm.globals().items()
    }

    /// Runs a cell. `file_name` is what tracebacks call it.
    ///
    /// The value of a last line that is an expression comes back; `None` when there is none, when it is Python's `None`, or when the
    /// line ends in a semicolon. Errors: whatever exception was not caught, `SyntaxError` included.
    pub fn run_cell(&mut self, file_name: &str, source: &str) -> Result<Option<Value>, PyError> {
        self.vm.run_source(file_name, source)
    }

    /// What can stand at a byte offset of a cell. `above` is the source of the cells before it: where a name isn't bound yet, it is what
    /// they will make of it.
    pub fn complete(&mut self, above: &str, source: &str, offset: usize) -> Completions {
        crate::complete::complete(&mut self.vm, above, source, offset)
    }

    /// Signature and documentation of what is at a byte offset, or is being called there.
    pub fn inspect(&mut self, above: &str, source: &str, offset: usize) -> Option<Inspection> {
        crate::complete::inspect(&mut self.vm, above, source, offset)
    }

    /// The call whose arguments a byte offset is in.
    pub fn signature_help(&mut self, above: &str, source: &str, offset: usize) -> Option<SignatureHelp> {
        crate::complete::signature_help(&mut self.vm, above, source, offset)
    }

    /// What is wrong in a notebook's cells, without running them.
    pub fn problems(&mut self, cells: &[&str]) -> Vec<Problem> {
        crate::analysis::problems(&mut self.vm, cells)
    }

    /// All places of the variable at a byte offset of a cell.
    pub fn occurrences(&self, cells: &[&str], cell: usize, offset: usize) -> Vec<Occurrence> {
        crate::analysis::occurrences(cells, cell, offset)
    }

    /// Imports the library's modules under the given roots, as far as their texts can be had.
    pub fn load_library(&mut self, roots: &[&str]) {
        let wanted = crate::modules::names().filter(|name| name.split('.').next().is_some_and(|root| roots.contains(&root)));
        for name in wanted.collect::<Vec<_>>() {
            // Without a connection they stay away.
            let _ = self.vm.import(name);
        }
    }

    /// The modules under the given roots, each with its public classes (and their public members) and functions.
    pub fn reference(&mut self, roots: &[&str]) -> Vec<ModuleReference> {
        crate::complete::reference(&mut self.vm, roots)
    }

    /// An exception as CPython prints it, and as data.
    pub fn traceback(&mut self, error: &PyError) -> Traceback {
        crate::traceback::traceback(&mut self.vm, error)
    }
}

impl Vm {
    /// Compiles and runs a cell.
    fn run_source(&mut self, file_name: &str, text: &str) -> Result<Option<Value>, PyError> {
        let source = std::rc::Rc::new(Source::new(file_name, text, false));
        let parsed = crate::syntax_error::parse(&source)?;
        let want_value = !text.trim_end().ends_with(';');
        let globals = self.globals();
        let builtins = self.builtins.clone();
        let code = crate::compile::compile(&source, parsed.suite(), &globals, &builtins, want_value)
            .map_err(|error| crate::syntax_error::from_compiler(&error, &source))?;
        drop(parsed);
        self.reset();
        let frame = self.module_frame(&code);
        match self.run(frame, None)? {
            Outcome::Returned(Value::None) => Ok(None),
            Outcome::Returned(value) | Outcome::Yielded(value) => Ok(Some(value)),
        }
    }
}

//! The cell language: Python 3.11, compiled to a register machine. It knows nothing of Spark.
//!
//! An [`Interpreter`] runs cells: each is parsed (Ruff's parser), its names resolved to slots, compiled once to compact instructions,
//! and run by a machine whose frames live on the heap, so that generators are frames put aside and deep recursion is an exception.
//! Rust lends objects through [`NativeObject`], classes through [`ClassBuilder`], and modules through [`PyModule`].
//!
//! Whatever runs gives what CPython 3.11 gives; anything else is a clear error that names the construct and its line.

mod analysis;
mod args;
mod builtins;
mod class;
mod code;
mod compile;
mod complete;
mod dict;
mod error;
mod format;
mod function;
mod hash;
mod host;
mod interpreter;
mod iterator;
mod module;
mod modules;
mod names;
mod native;
mod number;
mod percent;
mod place;
mod repr;
mod set;
mod signature;
mod source;
mod suggest;
mod syntax_error;
mod syntax_words;
mod text;
mod traceback;
mod types;
mod value;
mod vm;

pub use analysis::{Occurrence, Problem};
pub use args::Args;
pub use class::{ClassBuilder, PyClass, PyInstance};
pub use complete::{Completions, Inspection, ModuleReference, SignatureHelp};
pub use dict::PyDict;
pub use error::{PyError, PyResult};
pub use function::{PyBuiltin, PyFunction, PyMethod};
pub use host::{FileError, Host, Stream};
pub use interpreter::Interpreter;
pub use iterator::NativeIterator;
pub use module::PyModule;
pub use modules::numpy::NdArray;
pub use modules::{embedded_library, set_library};
pub use native::{Member, MemberKind, NativeObject, PyNative};
pub use repr::{float_repr, str_repr};
pub use set::PySet;
pub use signature::{Parameter, ParameterKind, Signature};
pub use text::{Name, PyStr};
pub use traceback::{Traceback, TracebackFrame};
pub use types::Types;
pub use value::{PyList, PyRange, PySlice, PyTuple, Value};
pub use vm::{CompareOperator, Globals, Operator, UnaryOperator, Vm};

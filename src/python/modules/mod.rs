//! The modules of the standard library that there are: some in Rust, some in Python text.

pub(crate) mod elementary;
mod files;
mod io;
mod math;
pub(crate) mod numpy;
mod pickle;
mod random;
mod re;
mod sha512;
mod sys;
mod time;

use std::rc::Rc;

use crate::error::{PyError, PyResult};
use crate::function::{Native, PyBuiltin};
use crate::module::PyModule;
use crate::source::Source;
use crate::value::Value;
use crate::vm::{Globals, Vm};

pub(crate) use sys::is_standard_output;

/// A table of functions of a module.
type Table = &'static [(&'static str, Native)];

/// Modules written in Python, compiled when they are first imported.
const LIBRARY: &[(&str, &str)] = &[
    ("_decimal_elementary", include_str!("../lib/_decimal_elementary.py")),
    ("_open", include_str!("../lib/_open.py")),
    ("_pandas_accessors", include_str!("../lib/_pandas_accessors.py")),
    ("_pandas_compute", include_str!("../lib/_pandas_compute.py")),
    ("_pandas_frame", include_str!("../lib/_pandas_frame.py")),
    ("_pandas_group", include_str!("../lib/_pandas_group.py")),
    ("_pandas_index", include_str!("../lib/_pandas_index.py")),
    ("_pandas_output", include_str!("../lib/_pandas_output.py")),
    ("_pandas_plot", include_str!("../lib/_pandas_plot.py")),
    ("_pandas_print", include_str!("../lib/_pandas_print.py")),
    ("_pandas_query", include_str!("../lib/_pandas_query.py")),
    ("_pandas_series", include_str!("../lib/_pandas_series.py")),
    ("_pandas_values", include_str!("../lib/_pandas_values.py")),
    ("abc", include_str!("../lib/abc.py")),
    ("bisect", include_str!("../lib/bisect.py")),
    ("collections", include_str!("../lib/collections.py")),
    ("contextlib", include_str!("../lib/contextlib.py")),
    ("copy", include_str!("../lib/copy.py")),
    ("dataclasses", include_str!("../lib/dataclasses.py")),
    ("datetime", include_str!("../lib/datetime.py")),
    ("decimal", include_str!("../lib/decimal.py")),
    ("enum", include_str!("../lib/enum.py")),
    ("functools", include_str!("../lib/functools.py")),
    ("heapq", include_str!("../lib/heapq.py")),
    ("itertools", include_str!("../lib/itertools.py")),
    ("json", include_str!("../lib/json.py")),
    ("numpy", include_str!("../lib/numpy.py")),
    ("numpy.linalg", include_str!("../lib/numpy_linalg.py")),
    ("numpy.random", include_str!("../lib/numpy_random.py")),
    ("operator", include_str!("../lib/operator.py")),
    ("os.path", include_str!("../lib/os_path.py")),
    ("os", include_str!("../lib/os.py")),
    ("pandas", include_str!("../lib/pandas.py")),
    ("pickle", include_str!("../lib/pickle.py")),
    ("random", include_str!("../lib/random.py")),
    ("shutil", include_str!("../lib/shutil.py")),
    ("statistics", include_str!("../lib/statistics.py")),
    ("string", include_str!("../lib/string.py")),
    ("tempfile", include_str!("../lib/tempfile.py")),
    ("textwrap", include_str!("../lib/textwrap.py")),
    ("time", include_str!("../lib/time.py")),
    ("typing", include_str!("../lib/typing.py")),
];

/// Names of every module that can be imported before any is, for completion.
pub(crate) fn names() -> impl Iterator<Item = &'static str> {
    ["collections.abc", "io", "math", "re", "sys", "traceback", "warnings"]
        .into_iter()
        .chain(LIBRARY.iter().map(|(name, _)| *name).filter(|name| !name.starts_with('_')))
}

/// Loads a module of the library; `None` when there is no such module.
pub(crate) fn load(vm: &mut Vm, name: &str) -> PyResult<Option<Value>> {
    let module = match name {
        "math" => math::module(),
        "_numpy" => numpy::module(vm),
        "_random" => random::module(vm),
        "re" => re::module(vm),
        "_files" => files::module(),
        "_pickle" => pickle::module(),
        "_time" => time::module(),
        "sys" => sys::module(vm),
        "io" => io::module(vm),
        "traceback" => sys::traceback_module(),
        "warnings" => sys::warnings_module(),
        "numpy" => {
            let (_, text) = LIBRARY.iter().find(|(known, _)| *known == name).copied().unwrap_or_default();
            let numpy = run(vm, name, text)?;
            // They come with it, as in NumPy.
            vm.import("numpy.linalg")?;
            vm.import("numpy.random")?;
            return Ok(Some(numpy));
        }
        "os" => {
            let path = vm.import("os.path")?;
            let (_, text) = LIBRARY.iter().find(|(known, _)| *known == name).copied().unwrap_or_default();
            let os = run(vm, name, text)?;
            if let Value::Module(module) = &os {
                module.set("path", path);
            }
            return Ok(Some(os));
        }
        "collections.abc" => {
            let typing = vm.import("typing")?;
            let module = PyModule::new("collections.abc");
            for name in [
                "Callable",
                "Iterable",
                "Iterator",
                "Generator",
                "Mapping",
                "MutableMapping",
                "Sequence",
                "MutableSequence",
                "Set",
                "Hashable",
                "Sized",
                "Container",
                "Collection",
            ] {
                if let Some(value) = vm.try_attr(&typing, &crate::Name::new(name))? {
                    module.set(name, value);
                }
            }
            vm.import("collections")?;
            module
        }
        _ => match LIBRARY.iter().find(|(known, _)| *known == name) {
            Some((_, text)) => return run(vm, name, text).map(Some),
            None => return Ok(None),
        },
    };
    vm.add_module(module);
    Ok(vm.modules.get(name).cloned())
}

/// Runs a module written in Python. Its frames stay out of tracebacks.
fn run(vm: &mut Vm, name: &str, text: &str) -> PyResult<Value> {
    let source = Rc::new(Source::new(name, text, true));
    let parsed = crate::syntax_error::parse(&source)?;
    let globals = Globals::new(name);
    let builtins = vm.builtins.clone();
    globals.set(&vm.n.name, Value::str(name), &builtins);
    let code = crate::compile::compile(&source, parsed.suite(), &globals, &builtins, false)
        .map_err(|error| crate::syntax_error::from_compiler(&error, &source))?;
    let frame = vm.module_frame(&code);
    vm.run(frame, None)?;
    let module = PyModule::new(name);
    for (key, value) in globals.items() {
        module.attrs.borrow_mut().insert(key, value);
    }
    vm.add_module(module);
    match vm.modules.get(name) {
        Some(module) => Ok(module.clone()),
        None => Err(PyError::new("ImportError", name)),
    }
}

/// A module of functions.
fn from_table(name: &str, table: Table) -> PyModule {
    let module = PyModule::new(name);
    for (function, native) in table {
        let mut builtin = PyBuiltin::from_table(function, None, *native);
        builtin.module = Some(name.into());
        module.set(function, Value::Builtin(Rc::new(builtin)));
    }
    module
}

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
use std::sync::OnceLock;

use crate::error::{PyError, PyResult};
use crate::function::{Native, PyBuiltin};
use crate::module::PyModule;
use crate::source::Source;
use crate::value::Value;
use crate::vm::{Globals, Vm};

pub(crate) use sys::is_standard_output;

/// A table of functions of a module.
type Table = &'static [(&'static str, Native)];

macro_rules! library {
    ($($name:literal $file:literal)*) => {
        /// Modules written in Python, with the files of their texts, compiled when they are first imported.
        const LIBRARY: &[(&str, &str)] = &[$(($name, $file)),*];

        /// The text of a file of the library, as part of the program.
        pub fn embedded_library(file: &str) -> Option<String> {
            let text = match file {
                $($file => include_str!(concat!("../lib/", $file)),)*
                UNICODE_NAMES => include_str!("../lib/unicode_names.txt"),
                _ => return None,
            };
            Some(text.to_owned())
        }
    };
}

library! {
    "_decimal_elementary" "_decimal_elementary.py"
    "_imblearn_sampling" "_imblearn_sampling.py"
    "_open" "_open.py"
    "_pandas_accessors" "_pandas_accessors.py"
    "_pandas_compute" "_pandas_compute.py"
    "_pandas_frame" "_pandas_frame.py"
    "_pandas_group" "_pandas_group.py"
    "_pandas_index" "_pandas_index.py"
    "_pandas_output" "_pandas_output.py"
    "_pandas_plot" "_pandas_plot.py"
    "_pandas_print" "_pandas_print.py"
    "_pandas_query" "_pandas_query.py"
    "_pandas_series" "_pandas_series.py"
    "_pandas_values" "_pandas_values.py"
    "_pyspark_ml" "_pyspark_ml.py"
    "_pyspark_ml_base" "_pyspark_ml_base.py"
    "_pyspark_ml_functions" "_pyspark_ml_functions.py"
    "_pyspark_ml_util" "_pyspark_ml_util.py"
    "_sklearn_checks" "_sklearn_checks.py"
    "_sklearn_displays" "_sklearn_displays.py"
    "abc" "abc.py"
    "array" "array.py"
    "bisect" "bisect.py"
    "collections" "collections.py"
    "contextlib" "contextlib.py"
    "copy" "copy.py"
    "dataclasses" "dataclasses.py"
    "datetime" "datetime.py"
    "decimal" "decimal.py"
    "enum" "enum.py"
    "functools" "functools.py"
    "heapq" "heapq.py"
    "imblearn.over_sampling" "imblearn_over_sampling.py"
    "imblearn.under_sampling" "imblearn_under_sampling.py"
    "itertools" "itertools.py"
    "json" "json.py"
    "matplotlib" "matplotlib.py"
    "matplotlib.pyplot" "matplotlib_pyplot.py"
    "numpy" "numpy.py"
    "numpy.linalg" "numpy_linalg.py"
    "numpy.random" "numpy_random.py"
    "operator" "operator.py"
    "os" "os.py"
    "os.path" "os_path.py"
    "pandas" "pandas.py"
    "pickle" "pickle.py"
    "pyspark.ml.param.shared" "pyspark_ml_param_shared.py"
    "random" "random.py"
    "shap" "shap.py"
    "shap.plots" "shap_plots.py"
    "shutil" "shutil.py"
    "sklearn" "sklearn.py"
    "sklearn.base" "sklearn_base.py"
    "sklearn.calibration" "sklearn_calibration.py"
    "sklearn.utils.class_weight" "sklearn_class_weight.py"
    "sklearn.ensemble" "sklearn_ensemble.py"
    "sklearn.exceptions" "sklearn_exceptions.py"
    "sklearn.inspection" "sklearn_inspection.py"
    "sklearn.metrics" "sklearn_metrics.py"
    "sklearn.model_selection" "sklearn_model_selection.py"
    "sklearn.neighbors" "sklearn_neighbors.py"
    "sklearn.utils" "sklearn_utils.py"
    "statistics" "statistics.py"
    "statsmodels.api" "statsmodels_api.py"
    "statsmodels.stats.outliers_influence" "statsmodels_outliers_influence.py"
    "statsmodels.tools.tools" "statsmodels_tools.py"
    "string" "string.py"
    "tempfile" "tempfile.py"
    "textwrap" "textwrap.py"
    "time" "time.py"
    "typing" "typing.py"
}

/// The names of characters, for `"\N{BULLET}"`.
const UNICODE_NAMES: &str = "unicode_names.txt";

/// What gives the text of a file of the library.
type Texts = fn(&str) -> Option<String>;

/// Set by [`set_library`]. Until then the texts are part of the program, except in a browser, where nobody has to download what no cell imports.
static TEXTS: OnceLock<Texts> = OnceLock::new();

/// Says where the texts of the library come from. The first word counts.
pub fn set_library(texts: Texts) {
    TEXTS.get_or_init(|| texts);
}

/// The text of a module of the library; `None` when there is no such module.
///
/// # Errors
/// `ImportError` when the text can't be had.
fn library(name: &str) -> PyResult<Option<String>> {
    let Some((_, file)) = LIBRARY.iter().find(|(known, _)| *known == name) else { return Ok(None) };
    text(file).map(Some).ok_or_else(|| {
        let text = format!("{name} is in a part of the Python library that is fetched when it is first needed, and there is no connection");
        PyError::new("ImportError", text)
    })
}

fn text(file: &str) -> Option<String> {
    #[cfg(not(target_arch = "wasm32"))]
    set_library(embedded_library);
    TEXTS.get().and_then(|texts| texts(file))
}

/// Lets the parser ask the library for the characters of names.
pub(crate) fn name_characters() {
    unicode_names2::set_names(|| text(UNICODE_NAMES));
}

/// Names of every module that can be imported before any is, for completion.
pub(crate) fn names() -> impl Iterator<Item = &'static str> {
    ["collections.abc", "io", "math", "re", "sys", "traceback", "warnings"]
        .into_iter()
        .chain(LIBRARY.iter().map(|(name, _)| *name).filter(|name| !name.starts_with('_')))
}

/// Loads a module of the library; `None` when there is no such module.
pub(crate) fn load(vm: &mut Vm, name: &str) -> PyResult<Option<Value>> {
    // A package comes before its parts, as in CPython; `os` asks for its part itself.
    if let Some((package, _)) = name.split_once('.')
        && package != "os"
        && LIBRARY.iter().any(|(known, _)| *known == package)
    {
        vm.import(package)?;
        if let Some(module) = vm.modules.get(name) {
            return Ok(Some(module.clone()));
        }
    }
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
        "warnings" => sys::warnings_module(vm),
        "numpy" => {
            let numpy = run(vm, name, &library(name)?.unwrap_or_default())?;
            // They come with it, as in NumPy.
            vm.import("numpy.linalg")?;
            vm.import("numpy.random")?;
            return Ok(Some(numpy));
        }
        "os" => {
            let path = vm.import("os.path")?;
            let os = run(vm, name, &library(name)?.unwrap_or_default())?;
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
        _ => match library(name)? {
            Some(text) => return run(vm, name, &text).map(Some),
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

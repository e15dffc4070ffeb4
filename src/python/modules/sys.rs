//! `sys`, `traceback` and `warnings`, as far as cells use them.

use std::cell::Cell;
use std::rc::Rc;

use crate::class::ClassBuilder;
use crate::error::{PyError, PyResult};
use crate::function::Native;
use crate::host::Stream;
use crate::module::PyModule;
use crate::native::NativeObject;
use crate::value::Value;
use crate::vm::{RECURSION_LIMIT, Vm};

struct Output(Stream);

impl NativeObject for Output {
    fn class_name(&self) -> &str {
        "TextIOWrapper"
    }

    fn get_attr(&self, _: &mut Vm, _: &Value, name: &str) -> PyResult<Option<Value>> {
        let stream = self.0;
        Ok(match name {
            "write" => Some(Value::function("write(text, /)", "", move |vm, values| {
                let Some(text) = values[0].as_str().map(String::from) else {
                    return Err(PyError::type_error(format!("write() argument must be str, not {}", vm.type_name(&values[0]))));
                };
                vm.host().write(stream, &text);
                Ok(Value::from(text.chars().count()))
            })),
            "flush" => Some(Value::function("flush()", "", |_, _| Ok(Value::None))),
            "isatty" => Some(Value::function("isatty()", "", |_, _| Ok(Value::Bool(false)))),
            "encoding" => Some(Value::str("utf-8")),
            _ => None,
        })
    }
}

/// Whether it is the stream that `print` writes to by itself.
pub(crate) fn is_standard_output(value: &Value) -> bool {
    value.as_native::<Output>().is_some_and(|output| output.0 == Stream::Stdout)
}

pub(super) fn module(vm: &mut Vm) -> PyModule {
    let float_info = PyModule::new("float_info")
        .with("max", f64::MAX)
        .with("min", f64::MIN_POSITIVE)
        .with("epsilon", f64::EPSILON)
        .with("dig", 15)
        .with("mant_dig", 53)
        .with("max_exp", 1024)
        .with("min_exp", -1021);
    let _ = vm;
    super::from_table("sys", TABLE)
        .with("stdout", Value::native(Output(Stream::Stdout)))
        .with("stderr", Value::native(Output(Stream::Stderr)))
        .with("maxsize", i64::MAX)
        .with("byteorder", "little")
        .with("platform", "emscripten")
        .with("version", "3.11 (Kindling)")
        .with("version_info", Value::tuple([Value::Int(3), Value::Int(11), Value::Int(0), Value::str("final"), Value::Int(0)]))
        .with("argv", Value::list([Value::str("")]))
        .with("float_info", Value::from(float_info))
}

const TABLE: super::Table = &[
    ("getrecursionlimit", Native::Fast(|_, _| Ok(Value::from(RECURSION_LIMIT)), 0, 0)),
    (
        "setrecursionlimit",
        Native::Fast(|_, _| Err(PyError::not_supported("sys.setrecursionlimit() is not supported: the limit is 1000")), 1, 1),
    ),
    ("getsizeof", Native::Fast(|_, _| Err(PyError::not_supported("sys.getsizeof() is not supported")), 1, 2)),
    ("exc_info", Native::Fast(exc_info, 0, 0)),
    ("exit", Native::Fast(exit, 0, 1)),
    ("intern", Native::Fast(|_, args| Ok(args[0].clone()), 1, 1)),
];

fn exit(vm: &mut Vm, args: &[Value]) -> PyResult<Value> {
    Err(PyError::of(&vm.types.exception_named("SystemExit"), args.to_vec()))
}

fn exc_info(vm: &mut Vm, _: &[Value]) -> PyResult<Value> {
    Ok(match &vm.handled {
        Some(exception) => {
            let error = PyError(exception.clone());
            let traceback = Value::native(crate::traceback::TracebackObject::new(error.data().traceback.borrow().clone()));
            Value::tuple([Value::Class(exception.class()), error.value(), traceback])
        }
        None => Value::tuple([Value::None, Value::None, Value::None]),
    })
}

pub(super) fn traceback_module() -> PyModule {
    super::from_table(
        "traceback",
        &[
            ("format_exc", Native::Fast(|vm, _| Ok(Value::str(current(vm))), 0, 0)),
            (
                "print_exc",
                Native::Fast(
                    |vm, _| {
                        let text = current(vm);
                        vm.host().write(Stream::Stderr, &text);
                        Ok(Value::None)
                    },
                    0,
                    0,
                ),
            ),
        ],
    )
}

fn current(vm: &mut Vm) -> String {
    match vm.handled.clone() {
        Some(exception) => crate::traceback::traceback(vm, &PyError(exception)).text,
        None => "NoneType: None\n".into(),
    }
}

/// `warnings.catch_warnings()`: what is ignored inside is not ignored after it.
struct Caught {
    ignored: Rc<Cell<bool>>,
    before: bool,
}

impl NativeObject for Caught {
    fn class_name(&self) -> &str {
        "catch_warnings"
    }
}

/// `warnings`: they are written to the error stream, or with `filterwarnings("ignore")` all of them nowhere.
pub(super) fn warnings_module(vm: &mut Vm) -> PyModule {
    let ignored = Rc::new(Cell::new(false));
    let class = ClassBuilder::new("catch_warnings", "warnings")
        .method("__enter__(self)", "", |_, _| Ok(Value::None))
        .method("__exit__(self, *exception)", "", |_, values| {
            if let Some(caught) = values[0].as_native::<Caught>() {
                caught.ignored.set(caught.before);
            }
            Ok(Value::None)
        })
        .build();
    vm.register_class(&class);
    let mut module = PyModule::new("warnings");
    for name in ["simplefilter", "filterwarnings"] {
        let ignored = ignored.clone();
        let signature = format!("{name}(action, *args, **options)");
        module = module.with(
            name,
            Value::function(&signature, "", move |_, values| {
                // Filters of some messages or kinds leave the others alone, and so all.
                let of_all = values[1].as_sequence().is_none_or(|rest| rest.is_empty())
                    && values[2].as_dict().is_none_or(|options| options.items().is_empty());
                if of_all {
                    ignored.set(values[0].as_str() == Some("ignore"));
                }
                Ok(Value::None)
            }),
        );
    }
    let of_catch = ignored.clone();
    module
        .with(
            "catch_warnings",
            Value::function("catch_warnings(**options)", "What is ignored inside is not ignored after it.", move |_, _| {
                Ok(Value::native(Caught { ignored: of_catch.clone(), before: of_catch.get() }))
            }),
        )
        .with(
            "warn",
            Value::function("warn(message, category=None, stacklevel=1, source=None)", "", move |vm, values| {
                if ignored.get() {
                    return Ok(Value::None);
                }
                let category = match &values[1] {
                    Value::Class(class) => class.name.borrow().to_string(),
                    _ => "UserWarning".into(),
                };
                let text = format!("{category}: {}\n", vm.str(&values[0])?);
                vm.host().write(Stream::Stderr, &text);
                Ok(Value::None)
            }),
        )
}

//! Stages written in a cell, on their way into the engine and back.
//!
//! The engine runs them through the interpreter that called it: [`with_engine`] lends the interpreter for the time of such a call.

use std::any::Any;
use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::ptr;
use std::sync::Arc;

use kindling_frame::DataFrame;
use kindling_ml::{Foreign, MlValue, Opaque, ParamMap, Role, Stage, StageDecl, foreign_decl};
use kindling_partition::{Error, ErrorKind, Result};
use kindling_python::{Name, PyError, PyResult, Value, Vm};

use super::value::{param_map_value, to_engine};
use crate::sql::frame::{frame_of, frame_value};

thread_local! {
    /// The interpreter that waits for the engine.
    static LENT: Cell<*mut Vm> = const { Cell::new(ptr::null_mut()) };
    /// The objects that the engine holds, by number.
    static HELD: RefCell<BTreeMap<usize, Value>> = const { RefCell::new(BTreeMap::new()) };
    static NEXT: Cell<usize> = const { Cell::new(0) };
    /// The exception that a stage raised, and the engine's error for it.
    static RAISED: RefCell<Option<(String, PyError)>> = const { RefCell::new(None) };
}

/// Calls the engine, which may call stages of cells meanwhile.
pub(crate) fn with_engine<T>(vm: &mut Vm, call: impl FnOnce() -> T) -> T {
    struct Before(*mut Vm);
    impl Drop for Before {
        fn drop(&mut self) {
            LENT.set(self.0);
        }
    }
    let _before = Before(LENT.replace(ptr::from_mut(vm)));
    call()
}

/// The interpreter that [`with_engine`] lends.
fn interpreter<T>(work: impl FnOnce(&mut Vm) -> PyResult<T>) -> Result<T> {
    let lent = LENT.replace(ptr::null_mut());
    if lent.is_null() {
        return Err(Error::runtime("A stage that is written in Python can be used on the driver's thread only."));
    }
    // SAFETY: the pointer is `with_engine`'s own `&mut Vm` on this thread, whose holder waits for the engine's call that led here and
    // doesn't touch it until then; as long as the reference lives, no other can be made of it, since the cell is empty.
    let vm = unsafe { &mut *lent };
    let worked = work(vm);
    LENT.set(lent);
    worked.map_err(|error| {
        let text = format!("{}: {}", error.class_name(), error.message());
        RAISED.set(Some((text.clone(), error)));
        Error::new(ErrorKind::Python, text)
    })
}

/// The exception that stands behind an error of the engine, when a stage of a cell raised it.
pub(crate) fn raised_by_stage(error: &Error) -> Option<PyError> {
    RAISED.with_borrow_mut(|raised| raised.take_if(|(text, _)| *text == error.message()).map(|(_, raised)| raised))
}

/// A Python object that the engine holds: it goes when the last that holds it goes.
struct Held(usize);

impl Held {
    fn new(value: &Value) -> Self {
        let number = NEXT.get();
        NEXT.set(number + 1);
        HELD.with_borrow_mut(|held| held.insert(number, value.clone()));
        Self(number)
    }

    fn value(&self) -> Value {
        HELD.with_borrow(|held| held.get(&self.0).cloned()).unwrap_or(Value::None)
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        // The table is gone when the thread is, and another thread has another; the object itself goes after the borrow.
        let gone = HELD.try_with(|held| held.try_borrow_mut().ok().and_then(|mut held| held.remove(&self.0)));
        drop(gone);
    }
}

/// A value that the engine carries as it is.
pub(super) fn opaque(vm: &mut Vm, value: &Value) -> PyResult<MlValue> {
    let shown = vm.str(value)?;
    Ok(MlValue::Opaque(Opaque(Arc::new(Held::new(value)), shown.into())))
}

pub(super) fn opaque_value(value: &Opaque) -> Value {
    value.0.downcast_ref::<Held>().map_or(Value::None, Held::value)
}

/// An instance of a class that a cell wrote.
struct CellStage {
    held: Held,
    decl: &'static StageDecl,
}

/// The stage of the engine for an instance of a class that derives from `Params`; none for another value.
pub(super) fn stage_of_cell(vm: &mut Vm, value: &Value) -> Option<Stage> {
    let Value::Instance(instance) = value else { return None };
    let class = instance.class();
    let is = |vm: &mut Vm, base: &str| {
        let base = vm.native_class(base);
        class.is_subclass_of(&base)
    };
    let roles =
        [("Estimator", Role::Estimator), ("Model", Role::Model), ("Transformer", Role::Transformer), ("Evaluator", Role::Evaluator)];
    let (_, role) = roles.into_iter().find(|(base, _)| is(vm, base))?;
    let decl = foreign_decl(&class.name.borrow(), role);
    Some(Stage::from_foreign(Arc::new(CellStage { held: Held::new(value), decl })))
}

/// The instance behind a stage of the engine.
pub(super) fn cell_of_stage(stage: &Stage) -> Option<Value> {
    stage.foreign()?.as_any().downcast_ref::<CellStage>().map(|stage| stage.held.value())
}

impl CellStage {
    /// Calls a method with a frame, and with a param map unless it is empty.
    fn call<T>(&self, method: &str, data: &DataFrame, extra: &ParamMap, take: impl FnOnce(&mut Vm, Value) -> PyResult<T>) -> Result<T> {
        interpreter(|vm| {
            let method = vm.get_attr_str(&self.held.value(), method)?;
            let mut args = vec![frame_value(data.clone())];
            if !extra.is_empty() {
                args.push(param_map_value(vm, extra)?);
            }
            let value = vm.call_values(&method, &args)?;
            take(vm, value)
        })
    }
}

/// What a method gave, as a stage.
fn as_stage(vm: &mut Vm, value: &Value, what: &str) -> PyResult<Stage> {
    match to_engine(vm, value) {
        Ok(MlValue::Stage(stage)) => Ok(stage),
        _ => {
            let found = vm.type_name(value);
            Err(PyError::type_error(format!("{what} should give a stage, got {found}.")))
        }
    }
}

impl Foreign for CellStage {
    fn decl(&self) -> &'static StageDecl {
        self.decl
    }

    fn uid(&self) -> Arc<str> {
        let uid = match self.held.value() {
            Value::Instance(instance) => instance.get_attr(&Name::new("uid")),
            _ => None,
        };
        uid.as_ref().and_then(Value::as_str).unwrap_or(self.decl.name).into()
    }

    fn fit(&self, data: &DataFrame, extra: &ParamMap) -> Result<Stage> {
        let what = format!("{}.fit()", self.decl.name);
        self.call("fit", data, extra, |vm, value| as_stage(vm, &value, &what))
    }

    fn transform(&self, data: &DataFrame, extra: &ParamMap) -> Result<DataFrame> {
        self.call("transform", data, extra, |vm, value| frame_of(vm, &value, &format!("{}.transform()", self.decl.name)))
    }

    fn evaluate(&self, data: &DataFrame, extra: &ParamMap) -> Result<f64> {
        self.call("evaluate", data, extra, |vm, value| vm.to_float(&value))
    }

    fn is_larger_better(&self) -> Result<bool> {
        interpreter(|vm| {
            let method = vm.get_attr_str(&self.held.value(), "isLargerBetter")?;
            let value = vm.call_values(&method, &[])?;
            vm.truth(&value)
        })
    }

    fn has_param(&self, name: &str) -> Result<bool> {
        interpreter(|vm| {
            let method = vm.get_attr_str(&self.held.value(), "hasParam")?;
            let value = vm.call_values(&method, &[Value::str(name)])?;
            vm.truth(&value)
        })
    }

    fn copy(&self, extra: &ParamMap) -> Result<Stage> {
        interpreter(|vm| {
            let method = vm.get_attr_str(&self.held.value(), "copy")?;
            let extra = param_map_value(vm, extra)?;
            let value = vm.call_values(&method, &[extra])?;
            as_stage(vm, &value, &format!("{}.copy()", self.decl.name))
        })
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}

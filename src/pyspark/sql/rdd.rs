//! What there is of RDDs: a list in partitions on its way to a DataFrame, and how many partitions a frame has.

use kindling_frame::{DataFrame, Session};
use kindling_python::{ClassBuilder, NativeObject, PyError, PyResult, Value, Vm};

use super::create;
use super::frame::frame_value;
use crate::args;
use crate::errors::{OrRaise, missing};

/// `sc.parallelize(items, slices)`
struct Parallelized {
    session: Session,
    items: Vec<Value>,
    slices: usize,
}

impl NativeObject for Parallelized {
    fn class_name(&self) -> &str {
        "RDD"
    }

    fn get_attr(&self, _vm: &mut Vm, _this: &Value, name: &str) -> PyResult<Option<Value>> {
        known(name).map(|()| None)
    }
}

/// `df.rdd`
pub(super) struct RddObject(pub(super) DataFrame);

impl NativeObject for RddObject {
    fn class_name(&self) -> &str {
        "RDD"
    }

    fn get_attr(&self, _vm: &mut Vm, _this: &Value, name: &str) -> PyResult<Option<Value>> {
        known(name).map(|()| None)
    }
}

const METHODS: [&str; 7] = ["collect", "count", "first", "getNumPartitions", "isEmpty", "take", "toDF"];

/// Fails for a method that RDDs have in Spark alone.
fn known(name: &str) -> PyResult<()> {
    if name.starts_with("__") || METHODS.contains(&name) {
        return Ok(());
    }
    Err(missing("functions over RDDs", "A DataFrame has what is needed: toDF(), then select(), filter(), groupBy(), collect()."))
}

/// `numSlices` is how many partitions the list is cut into; none: the default parallelism.
pub(super) fn parallelize(vm: &mut Vm, session: &Session, items: &Value, slices: &Value) -> PyResult<Value> {
    let items = vm.collect(items)?;
    let slices = if slices.is_none() { session.default_parallelism() } else { args::count(vm, slices, "numSlices")? };
    if slices == 0 {
        return Err(PyError::new("ZeroDivisionError", "integer division or modulo by zero"));
    }
    Ok(Value::native(Parallelized { session: session.clone(), items, slices }))
}

/// What is in an RDD; none of anything else.
pub(super) fn items_of(vm: &mut Vm, value: &Value) -> Option<PyResult<Vec<Value>>> {
    let is_one = value.as_native::<Parallelized>().is_some() || value.as_native::<RddObject>().is_some();
    is_one.then(|| items(vm, value))
}

fn items(vm: &mut Vm, value: &Value) -> PyResult<Vec<Value>> {
    match (value.as_native::<Parallelized>(), value.as_native::<RddObject>()) {
        (Some(list), _) => Ok(list.items.clone()),
        (None, Some(rdd)) => {
            let rows = rdd.0.collect().or_raise()?;
            rows.iter().map(|row| crate::convert::row_to_python(vm, row)).collect()
        }
        (None, None) => Err(PyError::type_error("not an RDD")),
    }
}

fn partitions(value: &Value) -> PyResult<Value> {
    match (value.as_native::<Parallelized>(), value.as_native::<RddObject>()) {
        (Some(list), _) => Ok(Value::from(list.slices)),
        (None, Some(rdd)) => rdd.0.num_partitions().or_raise().map(Value::from),
        (None, None) => Err(PyError::type_error("not an RDD")),
    }
}

fn frame(vm: &mut Vm, value: &Value, schema: &Value) -> PyResult<Value> {
    if let Some(list) = value.as_native::<Parallelized>() {
        if list.items.is_empty() && schema.is_none() {
            return Err(PyError::value_error("RDD is empty"));
        }
        let data = Value::list(list.items.clone());
        return create::create_in(vm, &list.session, &data, schema, list.slices).map(frame_value);
    }
    let rdd = value.as_native::<RddObject>().ok_or_else(|| PyError::type_error("not an RDD"))?;
    if schema.is_none() {
        return Ok(frame_value(rdd.0.clone()));
    }
    let data = Value::list(items(vm, value)?);
    create::create(vm, rdd.0.session(), &data, schema).map(frame_value)
}

pub(super) fn install(vm: &mut Vm) {
    let class = ClassBuilder::new("RDD", "pyspark")
        .doc("A list in partitions; toDF() makes a DataFrame of it.")
        .method("toDF(self, schema=None, sampleRatio=None) -> DataFrame", "The items as the rows of a DataFrame.", |vm, values| {
            frame(vm, &values[0], &values[1])
        })
        .method("collect(self)", "All items, as a list.", |vm, values| items(vm, &values[0]).map(Value::list))
        .method("count(self)", "How many items there are.", |vm, values| items(vm, &values[0]).map(|all| Value::from(all.len())))
        .method("isEmpty(self)", "Whether there are no items.", |vm, values| items(vm, &values[0]).map(|all| Value::Bool(all.is_empty())))
        .method("first(self)", "The first item.", |vm, values| {
            items(vm, &values[0])?.into_iter().next().ok_or_else(|| PyError::value_error("RDD is empty"))
        })
        .method("take(self, num)", "The first items, as a list.", |vm, values| {
            let n = args::count(vm, &values[1], "num")?;
            Ok(Value::list(items(vm, &values[0])?.into_iter().take(n).collect::<Vec<_>>()))
        })
        .method("getNumPartitions(self)", "The number of partitions.", |_, values| partitions(&values[0]))
        .build();
    vm.register_class(&class);
}

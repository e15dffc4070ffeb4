//! `pyspark.sql.DataFrame` as an object; its methods are in `frame_methods`.

use std::cell::Cell;
use std::rc::Rc;

use kindling_frame::{Column, DataFrame};
use kindling_python::{ClassBuilder, Member, MemberKind, Name, NativeObject, PyClass, PyResult, Value, Vm};

use super::column::{ColumnObject, column_or_name, column_value};
use super::frame_methods;
use crate::errors::{OrRaise, not_expected, spark_error};

/// A lazy frame, and whether `cache()` was called on this very object: all that PySpark's `is_cached` tells.
pub(crate) struct FrameObject(pub(crate) DataFrame, pub(super) Cell<bool>);

pub(crate) fn frame_value(frame: DataFrame) -> Value {
    Value::native(FrameObject(frame, Cell::new(false)))
}

/// The frame of an argument.
pub(crate) fn frame_of(vm: &mut Vm, value: &Value, name: &str) -> PyResult<DataFrame> {
    match value.as_native::<FrameObject>() {
        Some(object) => Ok(object.0.clone()),
        None => Err(not_expected(vm, name, "DataFrame", value)),
    }
}

impl NativeObject for FrameObject {
    fn class_name(&self) -> &str {
        "DataFrame"
    }

    /// `df.age`: methods first, as in PySpark; a column that a method hides is there as `df["count"]`.
    fn get_attr(&self, vm: &mut Vm, _this: &Value, name: &str) -> PyResult<Option<Value>> {
        if name.starts_with("__") || vm.native_class("DataFrame").lookup(&Name::new(name)).is_some() {
            return Ok(None);
        }
        if self.0.schema().names().any(|column| column == name) {
            return self.0.col(name).or_raise().map(|column| Some(column_value(column)));
        }
        let class = vm.native_class("DataFrame");
        let methods: Vec<String> = class.attrs.borrow().keys().map(ToString::to_string).filter(|m| !m.starts_with('_')).collect();
        let known = self.0.schema().names().chain(methods.iter().map(String::as_str));
        let near = kindling_partition::did_you_mean(name, known);
        let columns = self.0.columns().join(", ");
        let text = format!("Attribute `{name}` is not supported: a DataFrame has no such method or column.{near} Columns: {columns}.");
        Err(spark_error("PySparkAttributeError", "ATTRIBUTE_NOT_SUPPORTED", text))
    }

    /// `df["age"]`, `df[df.age > 3]`, `df[["a", "b"]]`, `df[0]`
    fn get_item(&self, vm: &mut Vm, _this: &Value, key: &Value) -> PyResult<Option<Value>> {
        if let Some(name) = key.as_str() {
            return self.0.col(name).or_raise().map(|column| Some(column_value(column)));
        }
        if let Some(column) = key.as_native::<ColumnObject>() {
            return self.0.filter(&column.0).or_raise().map(|frame| Some(frame_value(frame)));
        }
        if let Some(items) = key.as_sequence() {
            let columns = items.iter().map(|item| column_or_name(vm, item, "item")).collect::<PyResult<Vec<_>>>()?;
            return self.0.select(&columns).or_raise().map(|frame| Some(frame_value(frame)));
        }
        let Some(i) = key.as_i64() else {
            return Err(not_expected(vm, "item", "Column, float, integer, list, slice or str", key));
        };
        let names = self.0.columns();
        let at = if i < 0 { i + names.len() as i64 } else { i };
        match usize::try_from(at).ok().and_then(|at| names.get(at)) {
            Some(name) => self.0.col(name).or_raise().map(|column| Some(column_value(column))),
            None => Err(spark_error(
                "PySparkIndexError",
                "INDEX_OUT_OF_RANGE",
                format!("There is no column {i}: the DataFrame has {}.", names.len()),
            )),
        }
    }

    fn repr(&self, _vm: &mut Vm) -> PyResult<String> {
        let columns: Vec<String> = self.0.schema().fields().iter().map(|field| format!("{}: {}", field.name, field.data_type)).collect();
        Ok(format!("DataFrame[{}]", columns.join(", ")))
    }

    fn members(&self) -> Vec<Member> {
        let fields = self.0.schema().fields().iter();
        fields
            .map(|f| Member { name: f.name.to_string(), kind: MemberKind::Column, signature: f.data_type.to_string(), doc: String::new() })
            .collect()
    }
}

/// Columns of `*cols`, each a column or a name.
pub(crate) fn columns(vm: &mut Vm, value: &Value) -> PyResult<Vec<Column>> {
    crate::args::spread(value).iter().map(|item| column_or_name(vm, item, "col")).collect()
}

/// Makes the class.
pub(crate) fn install(vm: &mut Vm) -> Rc<PyClass> {
    let builder = ClassBuilder::new("DataFrame", "pyspark.sql").doc("Rows in partitions: transformations make a plan, actions compute.");
    let class = frame_methods::all(builder).build();
    vm.register_class(&class);
    class
}

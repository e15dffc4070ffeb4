//! `pyspark.sql.Row`.

use std::rc::Rc;
use std::sync::Arc;

use kindling_python::{
    Args, ClassBuilder, Member, MemberKind, Name, NativeObject, Operator, PyClass, PyDict, PyError, PyResult, Value, Vm,
};

use crate::errors::spark_error;

/// A tuple whose values may have names; without names it is also a maker of rows, `Person = Row("name", "age")`.
pub(crate) struct RowObject {
    class: &'static str,
    names: Option<Arc<[Arc<str>]>>,
    values: Vec<Value>,
}

impl RowObject {
    pub(crate) fn named(names: Arc<[Arc<str>]>, values: Vec<Value>) -> Self {
        Self { class: "Row", names: Some(names), values }
    }

    /// A row that prints under another name, such as `FileInfo`.
    pub(crate) fn of_class(class: &'static str, names: &[&str], values: Vec<Value>) -> Self {
        Self { class, names: Some(names.iter().map(|name| Arc::from(*name)).collect()), values }
    }

    pub(crate) fn names(&self) -> Option<&[Arc<str>]> {
        self.names.as_deref()
    }

    /// The names, or `_1`, `_2`, … when there are none.
    pub(crate) fn names_or_positions(&self) -> Vec<Arc<str>> {
        match &self.names {
            Some(names) => names.to_vec(),
            None => (1..=self.values.len()).map(|i| format!("_{i}").into()).collect(),
        }
    }

    pub(crate) fn values(&self) -> &[Value] {
        &self.values
    }

    pub(crate) fn by_name(&self, name: &str) -> Option<Value> {
        let i = self.names.as_ref()?.iter().position(|n| &**n == name)?;
        self.values.get(i).cloned()
    }

    fn tuple(&self) -> Value {
        Value::tuple(self.values.clone())
    }
}

/// A row as the tuple that it is, anything else as it is.
fn as_tuple(value: &Value) -> Value {
    value.as_native::<RowObject>().map_or_else(|| value.clone(), RowObject::tuple)
}

impl NativeObject for RowObject {
    fn class_name(&self) -> &str {
        self.class
    }

    fn get_attr(&self, vm: &mut Vm, _this: &Value, name: &str) -> PyResult<Option<Value>> {
        // A column of a row may have a method's name; the fields of the other classes are their own, also those of a `Column` of the catalog.
        if self.class == "Row" && vm.native_class(self.class).lookup(&Name::new(name)).is_some() {
            return Ok(None);
        }
        if let Some(value) = self.by_name(name) {
            return Ok(Some(value));
        }
        if name == "__fields__" {
            return Ok(self.names.as_ref().map(|names| Value::list(names.iter().map(|n| Value::str(&**n)).collect::<Vec<_>>())));
        }
        if name.starts_with("__") {
            return Ok(None);
        }
        let near = match &self.names {
            Some(names) => kindling_partition::did_you_mean(name, names.iter().map(|n| &**n)),
            None => String::new(),
        };
        Err(spark_error("PySparkAttributeError", "ATTRIBUTE_NOT_SUPPORTED", format!("Attribute `{name}` is not supported.{near}")))
    }

    fn set_attr(&self, _vm: &mut Vm, _name: &str, _value: Value) -> PyResult<bool> {
        Err(spark_error("PySparkRuntimeError", "READ_ONLY", "Row is read-only."))
    }

    /// `Person("Bob", 5)`
    fn call(&self, _vm: &mut Vm, args: Args) -> PyResult<Value> {
        if args.positional.len() > self.values.len() {
            let (n, values) = (self.values.len(), args.positional.len());
            return Err(spark_error("PySparkValueError", "TOO_MANY_VALUES", format!("Expected {n} values for `fields`, got {values}.")));
        }
        let names = self.values.iter().map(|value| Arc::from(value.as_str().unwrap_or_default())).collect();
        Ok(Value::native(Self { class: self.class, names: Some(names), values: args.positional }))
    }

    fn binary(&self, vm: &mut Vm, _this: &Value, operator: Operator, other: &Value, reflected: bool) -> PyResult<Option<Value>> {
        if other.as_native::<Self>().is_none() && !matches!(other, Value::Tuple(_) | Value::Int(_)) {
            return Ok(None);
        }
        let (left, right) = if reflected { (as_tuple(other), self.tuple()) } else { (self.tuple(), as_tuple(other)) };
        match operator {
            Operator::Eq | Operator::Ne | Operator::Lt | Operator::Le | Operator::Gt | Operator::Ge => {
                vm.rich_compare(operator, &left, &right).map(Some)
            }
            _ => vm.try_binary(operator, &left, &right),
        }
    }

    fn len(&self, _vm: &mut Vm) -> PyResult<Option<usize>> {
        Ok(Some(self.values.len()))
    }

    fn iter(&self, vm: &mut Vm, _this: &Value) -> PyResult<Option<Value>> {
        vm.iter(&self.tuple()).map(Some)
    }

    fn get_item(&self, vm: &mut Vm, _this: &Value, key: &Value) -> PyResult<Option<Value>> {
        let Some(name) = key.as_str() else {
            return vm.get_item(&self.tuple(), key).map(Some);
        };
        match self.by_name(name) {
            Some(value) => Ok(Some(value)),
            None => {
                let known: Vec<&str> = self.names.iter().flat_map(|names| names.iter()).map(|n| &**n).collect();
                let near = kindling_partition::did_you_mean(name, known.iter().copied());
                let text = if near.is_empty() { name.to_owned() } else { format!("{name}: the row has no such field.{near}") };
                Err(spark_error("PySparkValueError", "", text))
            }
        }
    }

    /// By name when the row has names, else by value.
    fn contains(&self, vm: &mut Vm, item: &Value) -> PyResult<Option<bool>> {
        match (&self.names, item.as_str()) {
            (Some(names), Some(name)) => Ok(Some(names.iter().any(|n| &**n == name))),
            _ => vm.contains(&self.tuple(), item).map(Some),
        }
    }

    fn repr(&self, vm: &mut Vm) -> PyResult<String> {
        let mut parts = Vec::new();
        for (i, value) in self.values.iter().enumerate() {
            let text = vm.repr(value)?;
            parts.push(match &self.names {
                Some(names) => format!("{}={text}", names.get(i).map_or("", |n| &**n)),
                None => text,
            });
        }
        let list = parts.join(", ");
        Ok(if self.names.is_some() { format!("{}({list})", self.class) } else { format!("<Row({list})>") })
    }

    fn hash(&self, vm: &mut Vm) -> PyResult<Option<i64>> {
        vm.hash(&self.tuple()).map(Some)
    }

    fn members(&self) -> Vec<Member> {
        let names = self.names.iter().flat_map(|names| names.iter());
        names
            .map(|name| Member { name: name.to_string(), kind: MemberKind::Column, signature: String::new(), doc: String::new() })
            .collect()
    }
}

/// Makes the classes `Row` and `FileInfo`.
pub(crate) fn install(vm: &mut Vm) -> Rc<PyClass> {
    let class = ClassBuilder::new("Row", "pyspark.sql.types")
        .doc("A row of a DataFrame: a tuple whose values have names.")
        .constructor("(*args, **kwargs)", |_, _, values| make(&values))
        .method("asDict(self, recursive=False)", "The row as a dict.", |vm, args| as_dict(vm, &args[0], args[1].as_bool() == Some(true)))
        .method("count(self, value)", "How often the value is in the row.", |vm, args| {
            let tuple = as_tuple(&args[0]);
            vm.call_method(&tuple, "count", Args::new([args[1].clone()]))
        })
        .method("index(self, value)", "Where the value first is.", |vm, args| {
            let tuple = as_tuple(&args[0]);
            vm.call_method(&tuple, "index", Args::new([args[1].clone()]))
        })
        .build();
    vm.register_class(&class);
    let file = ClassBuilder::new("FileInfo", "dbutils").doc("A file or folder: path, name, size, modificationTime.").base(&class).build();
    vm.register_class(&file);
    class
}

fn make(values: &[Value]) -> PyResult<Value> {
    let positional = values[0].as_sequence().unwrap_or_default();
    let named = values[1].as_dict().map(|dict| dict.items()).unwrap_or_default();
    if !positional.is_empty() && !named.is_empty() {
        return Err(spark_error("PySparkValueError", "CANNOT_SET_TOGETHER", "args, kwargs should not be set together."));
    }
    if named.is_empty() {
        return Ok(Value::native(RowObject { class: "Row", names: None, values: positional }));
    }
    let names = named.iter().map(|(name, _)| Arc::from(name.as_str().unwrap_or_default())).collect();
    Ok(Value::native(RowObject::named(names, named.into_iter().map(|(_, value)| value).collect())))
}

fn as_dict(vm: &mut Vm, value: &Value, recursive: bool) -> PyResult<Value> {
    let Some(row) = value.as_native::<RowObject>() else { return Ok(value.clone()) };
    let Some(names) = row.names() else {
        return Err(PyError::type_error("Cannot convert a Row class into dict"));
    };
    let dict = PyDict::default();
    for (name, value) in names.iter().zip(row.values()) {
        let value = if recursive { plain(vm, value)? } else { value.clone() };
        dict.set_str(name, value);
    }
    Ok(Value::Dict(dict.into()))
}

/// Rows inside a value as dicts.
fn plain(vm: &mut Vm, value: &Value) -> PyResult<Value> {
    if value.as_native::<RowObject>().is_some() {
        return as_dict(vm, value, true);
    }
    match value {
        Value::List(_) => {
            let items = value.as_sequence().unwrap_or_default();
            Ok(Value::list(items.iter().map(|item| plain(vm, item)).collect::<PyResult<Vec<_>>>()?))
        }
        Value::Dict(dict) => {
            let copy = PyDict::default();
            for (key, item) in dict.items() {
                let item = plain(vm, &item)?;
                copy.set(vm, key, item)?;
            }
            Ok(Value::Dict(copy.into()))
        }
        _ => Ok(value.clone()),
    }
}

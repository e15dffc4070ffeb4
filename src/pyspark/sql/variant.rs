//! `pyspark.sql.types.VariantVal`: one variant as a Python value.

use kindling_frame::dates::Zone;
use kindling_frame::variant::{Node, Variant, View};
use kindling_frame::{Value as Cell, datetime};
use kindling_python::{Args, ClassBuilder, NativeObject, PyDict, PyError, PyResult, Value, Vm};

use crate::args;
use crate::convert::to_python;
use crate::errors::{OrRaise, spark_error};

const MODULE: &str = "pyspark.sql.types";

pub(crate) struct VariantObject {
    variant: Variant,
    /// Whether its bytes came from a frame, as `bytearray`s then.
    collected: bool,
}

impl VariantObject {
    pub(crate) fn variant(&self) -> &Variant {
        &self.variant
    }
}

pub(crate) fn variant_value(variant: Variant) -> Value {
    Value::native(VariantObject { variant, collected: true })
}

impl NativeObject for VariantObject {
    fn class_name(&self) -> &'static str {
        "VariantVal"
    }

    fn get_attr(&self, _: &mut Vm, _: &Value, name: &str) -> PyResult<Option<Value>> {
        Ok(match name {
            "value" => Some(Value::bytes(self.variant.value.to_vec())),
            "metadata" => Some(Value::bytes(self.variant.metadata.to_vec())),
            _ => None,
        })
    }

    fn repr(&self, vm: &mut Vm) -> PyResult<String> {
        let mut shown = |bytes: &[u8]| {
            let text = vm.repr(&Value::bytes(bytes.to_vec()))?;
            Ok(if self.collected { format!("bytearray({text})") } else { text })
        };
        Ok(format!("VariantVal({}, {})", shown(&self.variant.value)?, shown(&self.variant.metadata)?))
    }

    fn str(&self, vm: &mut Vm) -> PyResult<String> {
        json(vm, self.variant.view(), &Zone::Fixed(0))
    }
}

/// Makes the class.
pub(super) fn class() -> ClassBuilder {
    ClassBuilder::new("VariantVal", MODULE)
        .doc("One value of a column of variants.")
        .constructor("(value, metadata)", |vm, _, values| {
            let mut bytes = |i: usize, name: &str| match values[i].base() {
                Value::Bytes(bytes) => Ok(bytes.as_slice().into()),
                other => Err(crate::errors::not_expected(vm, name, "bytes", other)),
            };
            Ok(Value::native(VariantObject {
                variant: Variant { value: bytes(0, "value")?, metadata: bytes(1, "metadata")? },
                collected: false,
            }))
        })
        .method("toPython(self)", "The value as Python's own: a dict, a list, a number, a text.", |vm, values| {
            python(vm, this(&values[0])?.variant.view())
        })
        .method("toJson(self, zone_id=\"UTC\") -> str", "The value as JSON, moments as the clocks of a zone show them.", |vm, values| {
            let name = args::text(vm, &values[1], "zone_id")?;
            let zone = Zone::named(&name).ok_or_else(|| {
                let text = format!("'No time zone found with key {name}'");
                PyError::new("KeyError", text)
            })?;
            json(vm, this(&values[0])?.variant.view(), &zone).map(Value::str)
        })
        .static_method("parseJson(json_str)", "The variant that a text of JSON says.", |vm, values| {
            let text = args::text(vm, &values[0], "json_str")?;
            // What is no JSON raises as Python says it.
            let module = vm.import("json")?;
            vm.call_method(&module, "loads", Args::new([values[0].clone()]))?;
            let variant = Variant::parse(&text).ok_or_else(|| PyError::value_error("The text is no JSON."))?;
            Ok(Value::native(VariantObject { variant, collected: false }))
        })
}

fn this(value: &Value) -> PyResult<&VariantObject> {
    value.as_native().ok_or_else(|| PyError::type_error("not a VariantVal"))
}

fn open(view: View<'_>) -> PyResult<Node<'_>> {
    view.open().map_err(|error| spark_error("PySparkValueError", "MALFORMED_VARIANT", error.message()))
}

fn python(vm: &mut Vm, view: View<'_>) -> PyResult<Value> {
    Ok(match open(view)? {
        Node::Array(items) => Value::list(items.into_iter().map(|item| python(vm, item)).collect::<PyResult<Vec<_>>>()?),
        Node::Object(members) => {
            let dict = PyDict::default();
            for (name, item) in members {
                let item = python(vm, item)?;
                dict.set(vm, Value::str(name), item)?;
            }
            Value::Dict(dict.into())
        }
        Node::Scalar(cell) => scalar(vm, &cell)?,
    })
}

fn scalar(vm: &mut Vm, cell: &Cell) -> PyResult<Value> {
    match cell {
        // With the zeros that it is stored with, and rounded as Python's arithmetic does.
        Cell::Decimal { unscaled, scale, .. } => {
            let module = vm.import("decimal")?;
            let mut made = |text: String| vm.call_method(&module, "Decimal", Args::new([Value::str(text)]));
            let (digits, unit) = (made(unscaled.to_string())?, made(format!("1E-{scale}"))?);
            vm.call_method(&digits, "__mul__", Args::new([unit]))
        }
        Cell::Timestamp(_) => {
            let naive = to_python(vm, cell)?;
            let module = vm.import("datetime")?;
            let zone = vm.get_attr_str(&module, "timezone")?;
            let utc = vm.get_attr_str(&zone, "utc")?;
            let replace = vm.get_attr_str(&naive, "replace")?;
            vm.call(&replace, Args::none().keyword("tzinfo", utc))
        }
        cell => to_python(vm, cell),
    }
}

/// As PySpark writes it, which isn't how Spark does: texts in ASCII, numbers as Python has them.
fn json(vm: &mut Vm, view: View<'_>, zone: &Zone) -> PyResult<String> {
    let text = |vm: &mut Vm, text: &str| {
        let module = vm.import("json")?;
        let quoted = vm.call_method(&module, "dumps", Args::new([Value::str(text)]))?;
        vm.str(&quoted)
    };
    Ok(match open(view)? {
        Node::Array(items) => {
            let items = items.into_iter().map(|item| json(vm, item, zone)).collect::<PyResult<Vec<_>>>()?;
            format!("[{}]", items.join(","))
        }
        Node::Object(members) => {
            let members = members.into_iter().map(|(name, item)| Ok(format!("{}:{}", text(vm, name)?, json(vm, item, zone)?)));
            format!("{{{}}}", members.collect::<PyResult<Vec<_>>>()?.join(","))
        }
        Node::Scalar(Cell::Null) => "null".into(),
        Node::Scalar(Cell::Boolean(v)) => v.to_string(),
        Node::Scalar(Cell::String(v)) => text(vm, &v)?,
        Node::Scalar(cell @ Cell::Date(_)) => format!("\"{cell}\""),
        Node::Scalar(Cell::Binary(_)) => view.json().or_raise()?,
        Node::Scalar(Cell::TimestampNtz(micros)) => format!("\"{}\"", moment(micros)),
        Node::Scalar(Cell::Timestamp(micros)) => {
            let local = zone.local(micros);
            let minutes = (local - micros) / (60 * datetime::MICROS_PER_SECOND);
            let sign = if minutes < 0 { '-' } else { '+' };
            format!("\"{}{sign}{:02}:{:02}\"", moment(local), minutes.abs() / 60, minutes.abs() % 60)
        }
        Node::Scalar(cell) => {
            let value = scalar(vm, &cell)?;
            vm.str(&value)?
        }
    })
}

/// As `str(datetime)`: no digits of a second, or six.
fn moment(micros: i64) -> String {
    let rest = micros.rem_euclid(datetime::MICROS_PER_SECOND);
    let whole = Cell::TimestampNtz(micros - rest);
    if rest == 0 { whole.to_string() } else { format!("{whole}.{rest:06}") }
}

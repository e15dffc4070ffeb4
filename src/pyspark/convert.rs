//! Cells of frames as Python values, and back.

use std::sync::Arc;

use kindling_frame::{DataType, Field, Row, Value as Cell, datetime};
use kindling_python::{Args, PyDict, PyError, PyResult, Value, Vm};

use crate::errors::spark_error;
use crate::ml::linalg::{self, VectorObject};
use crate::ml::matrix::{MatrixObject, matrix_value};
use crate::sql::row::RowObject;
use crate::sql::variant::{VariantObject, variant_value};

/// A cell as `collect()` gives it.
pub(crate) fn to_python(vm: &mut Vm, cell: &Cell) -> PyResult<Value> {
    Ok(match cell {
        Cell::Null => Value::None,
        Cell::Boolean(v) => Value::Bool(*v),
        Cell::Byte(v) => Value::Int(i64::from(*v)),
        Cell::Short(v) => Value::Int(i64::from(*v)),
        Cell::Int(v) => Value::Int(i64::from(*v)),
        Cell::Long(v) => Value::Int(*v),
        Cell::Float(v) => Value::Float(f64::from(*v)),
        Cell::Double(v) => Value::Float(*v),
        Cell::Decimal { .. } => decimal(vm, &cell.to_string())?,
        Cell::String(v) => Value::str(&**v),
        Cell::Binary(v) => Value::bytes(v.to_vec()),
        Cell::Date(days) => date(vm, *days)?,
        Cell::Timestamp(micros) | Cell::TimestampNtz(micros) => timestamp(vm, *micros)?,
        Cell::Time(nanos, _) => {
            let clock = clock(*nanos / 1000);
            let module = vm.import("datetime")?;
            vm.call_method(&module, "time", Args::new(clock))?
        }
        Cell::DayTimeInterval(micros, ..) => timedelta(vm, *micros)?,
        Cell::YearMonthInterval(months, ..) => Value::Int(i64::from(*months)),
        Cell::CalendarInterval { .. } => {
            let text = "A value of the type INTERVAL can't be a Python value. Cast it to a string.";
            return Err(spark_error("PySparkNotImplementedError", "NOT_IMPLEMENTED", text));
        }
        Cell::Array(items) => Value::list(items.iter().map(|item| to_python(vm, item)).collect::<PyResult<Vec<_>>>()?),
        Cell::Map(entries) => {
            let dict = PyDict::default();
            for (key, value) in entries.iter() {
                let (key, value) = (to_python(vm, key)?, to_python(vm, value)?);
                dict.set(vm, key, value)?;
            }
            Value::Dict(dict.into())
        }
        Cell::Struct(row) => row_to_python(vm, row)?,
        Cell::Variant(variant) => variant_value(variant.clone()),
        Cell::Vector(vector) => linalg::vector_value(vector.clone()),
        Cell::Matrix(matrix) => matrix_value((**matrix).clone()),
    })
}

pub(crate) fn row_to_python(vm: &mut Vm, row: &Row) -> PyResult<Value> {
    let values = row.values.iter().map(|value| to_python(vm, value)).collect::<PyResult<Vec<_>>>()?;
    Ok(Value::native(RowObject::named(row.names.clone(), values)))
}

fn decimal(vm: &mut Vm, text: &str) -> PyResult<Value> {
    let module = vm.import("decimal")?;
    vm.call_method(&module, "Decimal", Args::new([Value::str(text)]))
}

fn date(vm: &mut Vm, days: i32) -> PyResult<Value> {
    let civil = datetime::civil(days);
    let module = vm.import("datetime")?;
    let args = [Value::from(civil.year), Value::from(civil.month as usize), Value::from(civil.day as usize)];
    vm.call_method(&module, "date", Args::new(args))
}

fn timestamp(vm: &mut Vm, micros: i64) -> PyResult<Value> {
    let days = micros.div_euclid(datetime::MICROS_PER_DAY);
    let civil = datetime::civil(i32::try_from(days).unwrap_or(0));
    let module = vm.import("datetime")?;
    let mut args = vec![Value::from(civil.year), Value::from(civil.month as usize), Value::from(civil.day as usize)];
    args.extend(clock(micros.rem_euclid(datetime::MICROS_PER_DAY)));
    vm.call_method(&module, "datetime", Args::new(args))
}

/// Hour, minute, second and microsecond.
fn clock(micros: i64) -> [Value; 4] {
    let seconds = micros / datetime::MICROS_PER_SECOND;
    [seconds / 3600, seconds / 60 % 60, seconds % 60, micros % datetime::MICROS_PER_SECOND].map(Value::Int)
}

fn timedelta(vm: &mut Vm, micros: i64) -> PyResult<Value> {
    let module = vm.import("datetime")?;
    vm.call_method(&module, "timedelta", Args::new([Value::Int(0), Value::Int(0), Value::Int(micros)]))
}

/// A Python value as `F.lit` takes it: a small int is an INT, a decimal has the precision and scale it is written with.
pub(crate) fn literal(vm: &mut Vm, value: &Value) -> PyResult<Cell> {
    if is_decimal(vm, value) {
        let text = plain_text(vm, value)?;
        let scale = text.split_once('.').map_or(0, |(_, fraction)| fraction.len());
        let digits = text.trim_start_matches('-').replace('.', "");
        let precision = digits.trim_start_matches('0').len().max(scale).max(1);
        let found = u8::try_from(precision)
            .ok()
            .filter(|&precision| precision <= 38)
            .and_then(|precision| parse_decimal(&text, precision, scale as i8));
        return found.ok_or_else(|| too_wide(&text, precision, scale));
    }
    Ok(match cell(vm, value)? {
        Cell::Long(v) => i32::try_from(v).map_or(Cell::Long(v), Cell::Int),
        other => other,
    })
}

/// A Python value as `createDataFrame` infers it: an int is a BIGINT.
pub(crate) fn cell(vm: &mut Vm, value: &Value) -> PyResult<Cell> {
    Ok(match value.base() {
        Value::None => Cell::Null,
        Value::Bool(v) => Cell::Boolean(*v),
        Value::Int(v) => Cell::Long(*v),
        Value::Float(v) => Cell::Double(*v),
        Value::Str(text) => Cell::from(text.as_str()),
        Value::Bytes(bytes) => Cell::Binary(bytes.as_slice().into()),
        Value::List(_) => {
            let items = value.as_sequence().unwrap_or_default();
            Cell::Array(items.iter().map(|item| cell(vm, item)).collect::<PyResult<Vec<_>>>()?.into())
        }
        Value::Tuple(items) => {
            let names: Vec<Arc<str>> = (1..=items.0.len()).map(|i| format!("_{i}").into()).collect();
            Cell::Struct(Row::new(names, items.0.iter().map(|item| cell(vm, item)).collect::<PyResult<_>>()?))
        }
        Value::Dict(dict) => {
            let entries = dict.items().iter().map(|(k, v)| Ok((cell(vm, k)?, cell(vm, v)?))).collect::<PyResult<Vec<_>>>()?;
            Cell::Map(entries.into())
        }
        other => {
            if let Some(vector) = other.as_native::<VectorObject>() {
                return Ok(Cell::Vector(vector.vector().clone()));
            }
            if let Some(matrix) = other.as_native::<MatrixObject>() {
                return Ok(Cell::Matrix(Arc::new(matrix.matrix().clone())));
            }
            if let Some(variant) = other.as_native::<VariantObject>() {
                return Ok(Cell::Variant(variant.variant().clone()));
            }
            if let Some(row) = other.as_native::<RowObject>() {
                let values = row.values().iter().map(|item| cell(vm, item)).collect::<PyResult<Vec<_>>>()?;
                return Ok(Cell::Struct(Row::new(row.names_or_positions().iter().cloned(), values)));
            }
            if is_decimal(vm, other) {
                return decimal_cell(vm, other);
            }
            let class = vm.type_name(other);
            return match class.rsplit('.').next().unwrap_or_default() {
                "date" => date_cell(vm, other),
                "datetime" => timestamp_cell(vm, other),
                "time" => Ok(Cell::Time(clock_micros(vm, other)? * 1000, 6)),
                "timedelta" => {
                    let (days, seconds) = (number(vm, other, "days")?, number(vm, other, "seconds")?);
                    let micros = (days * 86_400 + seconds) * datetime::MICROS_PER_SECOND + number(vm, other, "microseconds")?;
                    Ok(Cell::DayTimeInterval(micros, 0, 3))
                }
                _ => Err(spark_error(
                    "PySparkTypeError",
                    "UNSUPPORTED_DATA_TYPE",
                    format!("A value of type `{class}` can't be put into a DataFrame."),
                )),
            };
        }
    })
}

fn number(vm: &mut Vm, value: &Value, name: &str) -> PyResult<i64> {
    let found = vm.get_attr_str(value, name)?;
    Ok(found.as_i64().unwrap_or(0))
}

fn days(vm: &mut Vm, value: &Value) -> PyResult<i32> {
    let (year, month, day) = (number(vm, value, "year")?, number(vm, value, "month")?, number(vm, value, "day")?);
    Ok(datetime::days(year as i32, month as u32, day as u32).unwrap_or(0))
}

fn date_cell(vm: &mut Vm, value: &Value) -> PyResult<Cell> {
    days(vm, value).map(Cell::Date)
}

fn clock_micros(vm: &mut Vm, value: &Value) -> PyResult<i64> {
    let seconds = (number(vm, value, "hour")? * 60 + number(vm, value, "minute")?) * 60 + number(vm, value, "second")?;
    Ok(seconds * datetime::MICROS_PER_SECOND + number(vm, value, "microsecond")?)
}

/// A naive datetime is on the session's clock, which is UTC.
fn timestamp_cell(vm: &mut Vm, value: &Value) -> PyResult<Cell> {
    let offset = vm.call_method(value, "utcoffset", Args::none())?;
    let shift = if offset.is_none() { 0.0 } else { vm.call_method(&offset, "total_seconds", Args::none())?.as_f64().unwrap_or(0.0) };
    let micros = i64::from(days(vm, value)?) * datetime::MICROS_PER_DAY + clock_micros(vm, value)?;
    Ok(Cell::Timestamp(micros - (shift * 1e6) as i64))
}

/// Python's decimals become `decimal(38,18)`, as PySpark infers them.
fn decimal_cell(vm: &mut Vm, value: &Value) -> PyResult<Cell> {
    let text = plain_text(vm, value)?;
    parse_decimal(&text, 38, 18).ok_or_else(|| too_wide(&text, 38, 18))
}

fn is_decimal(vm: &mut Vm, value: &Value) -> bool {
    matches!(value, Value::Instance(_)) && vm.class_of(value).mro().any(|class| class.full_name() == "decimal.Decimal")
}

/// A decimal's digits without an exponent.
fn plain_text(vm: &mut Vm, value: &Value) -> PyResult<String> {
    let text = vm.call_method(value, "__format__", Args::new([Value::str("f")]))?;
    Ok(text.as_str().unwrap_or_default().to_owned())
}

fn too_wide(text: &str, precision: usize, scale: usize) -> PyError {
    spark_error(
        "ArithmeticException",
        "NUMERIC_VALUE_OUT_OF_RANGE",
        format!("The value {text} cannot be represented as Decimal({precision}, {scale})."),
    )
}

/// A plain decimal text in a decimal type; digits beyond the scale are rounded half up.
fn parse_decimal(text: &str, precision: u8, scale: i8) -> Option<Cell> {
    let (sign, digits) = text.strip_prefix('-').map_or((1, text), |rest| (-1, rest));
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let places = usize::try_from(scale).ok()?;
    let kept: String = fraction.chars().chain(std::iter::repeat('0')).take(places).collect();
    let up = fraction.as_bytes().get(places).is_some_and(|&digit| digit >= b'5');
    let unscaled: i128 = format!("{whole}{kept}").parse::<i128>().ok()? + i128::from(up);
    (unscaled.to_string().len() <= usize::from(precision)).then_some(Cell::Decimal { unscaled: sign * unscaled, precision, scale })
}

/// What is wrong with a field, if it has a name.
fn of_field(class: &'static str, condition: &str, name: &str, text: &str) -> PyError {
    if name.is_empty() {
        return spark_error(class, condition, text);
    }
    spark_error(class, &format!("{condition}_WITH_NAME"), format!("field {name}: {text}"))
}

/// A Python value for a column of a given type, as `createDataFrame` verifies it.
///
/// # Errors
/// `FIELD_DATA_TYPE_UNACCEPTABLE`, `FIELD_NOT_NULLABLE`, `FIELD_STRUCT_LENGTH_MISMATCH`, each `_WITH_NAME` where the field has one, and
/// `VALUE_OUT_OF_BOUNDS`
pub(crate) fn cell_of(vm: &mut Vm, value: &Value, field: &Field) -> PyResult<Cell> {
    if value.is_none() {
        return if field.nullable {
            Ok(Cell::Null)
        } else {
            let this = if field.name.is_empty() { "Field" } else { "This field" };
            Err(of_field("PySparkValueError", "FIELD_NOT_NULLABLE", &field.name, &format!("{this} is not nullable, but got None.")))
        };
    }
    let fits = |found: Option<Cell>, vm: &mut Vm| match found {
        Some(cell) => Ok(cell),
        None => {
            let expected = crate::sql::types::repr(&field.data_type);
            let (object, class) = (vm.repr(value)?, vm.class_of(value).full_name());
            let bits = match field.data_type {
                DataType::Byte => 7,
                DataType::Short => 15,
                DataType::Int => 31,
                DataType::Long => 63,
                _ => 0,
            };
            if bits > 0 && class == "int" {
                let (lowest, highest) = (-1_i128 << bits, (1_i128 << bits) - 1);
                let text = format!("Value for `obj` must be between {lowest} and {highest} (inclusive), got {object}");
                return Err(spark_error("PySparkValueError", "VALUE_OUT_OF_BOUNDS", text));
            }
            let text = format!("{expected} can not accept object {object} in type <class '{class}'>.");
            Err(of_field("PySparkTypeError", "FIELD_DATA_TYPE_UNACCEPTABLE", &field.name, &text))
        }
    };
    let int = if matches!(value, Value::Bool(_)) { None } else { value.as_i64() };
    let found = match &field.data_type {
        DataType::Null => None,
        DataType::Boolean => value.as_bool().map(Cell::Boolean),
        DataType::Byte => int.and_then(|v| i8::try_from(v).ok()).map(Cell::Byte),
        DataType::Short => int.and_then(|v| i16::try_from(v).ok()).map(Cell::Short),
        DataType::Int => int.and_then(|v| i32::try_from(v).ok()).map(Cell::Int),
        DataType::Long => int.map(Cell::Long),
        DataType::Float => {
            if let Value::Float(v) = value.base() {
                Some(Cell::Float(*v as f32))
            } else {
                None
            }
        }
        DataType::Double => {
            if let Value::Float(v) = value.base() {
                Some(Cell::Double(*v))
            } else {
                None
            }
        }
        // Any value goes into a column of strings, as its text.
        DataType::String | DataType::Char(_) | DataType::Varchar(_) => Some(match value.as_str() {
            Some(text) => Cell::from(text),
            None => Cell::from(vm.str(value)?),
        }),
        DataType::Binary => {
            if let Value::Bytes(bytes) = value.base() {
                Some(Cell::Binary(bytes.as_slice().into()))
            } else {
                None
            }
        }
        DataType::Decimal(precision, scale) if is_decimal(vm, value) => {
            let text = plain_text(vm, value)?;
            let found = parse_decimal(&text, *precision, *scale);
            return found.ok_or_else(|| too_wide(&text, usize::from(*precision), usize::from(scale.unsigned_abs())));
        }
        DataType::Decimal(..) => None,
        DataType::Date | DataType::Timestamp | DataType::TimestampNtz => match (cell(vm, value)?, &field.data_type) {
            (Cell::Date(days), DataType::Date) => Some(Cell::Date(days)),
            (Cell::Timestamp(micros), DataType::Date) => i32::try_from(micros.div_euclid(datetime::MICROS_PER_DAY)).ok().map(Cell::Date),
            (Cell::Timestamp(micros), DataType::Timestamp) => Some(Cell::Timestamp(micros)),
            (Cell::Timestamp(micros), _) => Some(Cell::TimestampNtz(micros)),
            _ => None,
        },
        DataType::Time(precision) => match cell(vm, value)? {
            Cell::Time(nanos, _) => Some(Cell::Time(nanos, *precision)),
            _ => None,
        },
        DataType::DayTimeInterval(from, to) => match cell(vm, value)? {
            Cell::DayTimeInterval(micros, ..) => Some(Cell::DayTimeInterval(micros, *from, *to)),
            _ => None,
        },
        DataType::YearMonthInterval(from, to) => {
            int.and_then(|v| i32::try_from(v).ok()).map(|months| Cell::YearMonthInterval(months, *from, *to))
        }
        DataType::CalendarInterval => None,
        DataType::Array(element, nulls) => match value.as_sequence() {
            Some(items) => {
                let element = Field::new(format!("element in array field {}", field.name), (**element).clone(), *nulls);
                Some(Cell::Array(items.iter().map(|item| cell_of(vm, item, &element)).collect::<PyResult<Vec<_>>>()?.into()))
            }
            None => None,
        },
        DataType::Map(key, item, nulls) => match value.as_dict() {
            Some(dict) => {
                let key = Field::new(format!("key of map field {}", field.name), (**key).clone(), false);
                let item = Field::new(format!("value of map field {}", field.name), (**item).clone(), *nulls);
                let entries =
                    dict.items().iter().map(|(k, v)| Ok((cell_of(vm, k, &key)?, cell_of(vm, v, &item)?))).collect::<PyResult<Vec<_>>>()?;
                Some(Cell::Map(entries.into()))
            }
            None => None,
        },
        DataType::Struct(fields) => {
            Some(Cell::Struct(Row::new(fields.iter().map(|f| f.name.clone()), row_of(vm, value, fields, &field.name)?)))
        }
        DataType::Variant => match value.as_native::<VariantObject>() {
            Some(object) => Some(Cell::Variant(object.variant().clone())),
            None => return Err(PyError::new("AssertionError", "")),
        },
        DataType::Vector => value.as_native::<VectorObject>().map(|object| Cell::Vector(object.vector().clone())),
        DataType::Matrix => value.as_native::<MatrixObject>().map(|object| Cell::Matrix(Arc::new(object.matrix().clone()))),
    };
    fits(found, vm)
}

/// The values of a Row, tuple or list in their order; none of anything else.
pub(crate) fn row_items(value: &Value) -> Option<Vec<Value>> {
    match value.as_native::<RowObject>() {
        Some(row) => Some(row.values().to_vec()),
        None => value.as_sequence(),
    }
}

/// The cells of one row given as a tuple, list, dict or Row.
pub(crate) fn row_of(vm: &mut Vm, value: &Value, fields: &[Field], name: &str) -> PyResult<Vec<Cell>> {
    if let Some(dict) = value.as_dict() {
        let dict = dict.clone();
        return fields.iter().map(|field| cell_of(vm, &dict.get_str(&field.name).unwrap_or(Value::None), field)).collect();
    }
    let items = match value.as_native::<RowObject>() {
        Some(row) => match row.names() {
            // A Row with names gives its values by name when all are there.
            Some(names) if fields.iter().all(|field| names.contains(&field.name)) => {
                fields.iter().filter_map(|field| row.by_name(&field.name)).collect()
            }
            _ => row.values().to_vec(),
        },
        None => match value.as_sequence() {
            Some(items) => items,
            None => {
                let (object, class) = (vm.repr(value)?, vm.class_of(value).full_name());
                let text = format!("StructType can not accept object {object} in type <class '{class}'>.");
                return Err(spark_error("PySparkTypeError", "CANNOT_ACCEPT_OBJECT_IN_TYPE", text));
            }
        },
    };
    if items.len() != fields.len() {
        let text = format!("Length of object ({}) does not match with length of fields ({}).", items.len(), fields.len());
        return Err(of_field("PySparkValueError", "FIELD_STRUCT_LENGTH_MISMATCH", name, &text));
    }
    items.iter().zip(fields).map(|(item, field)| cell_of(vm, item, field)).collect()
}

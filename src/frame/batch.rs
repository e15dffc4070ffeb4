use std::cmp::Ordering;
use std::sync::Arc;

use arrow_array::builder::{BinaryBuilder, BooleanBuilder, PrimitiveBuilder, StringBuilder};
use arrow_array::cast::AsArray;
use arrow_array::types::{
    Date32Type, Decimal128Type, Float32Type, Float64Type, Int8Type, Int16Type, Int32Type, Int64Type, Time64NanosecondType,
    TimestampMicrosecondType,
};
use arrow_array::{Array, ArrayRef, ArrowPrimitiveType, ListArray, MapArray, NullArray, StructArray, UInt32Array, new_empty_array};
use arrow_buffer::{NullBuffer, OffsetBuffer};
use arrow_row::{RowConverter, SortField};
use kindling_partition::{Error, Executor, Result};

use crate::matrix_value;
use crate::select;
use crate::types::{DataType, list_item, map_entries, matrix_fields, struct_fields};
use crate::value::{Row, Value};
use crate::variant::{Variant, variant_fields};
use crate::vector_column::{VectorBuilder, VectorColumn};

/// One partition's rows, column by column. The names and types are the plan's: a batch may have two columns of one name, or none at all
/// and still have rows.
#[derive(Clone, Debug)]
pub struct Batch {
    pub columns: Vec<ArrayRef>,
    pub rows: usize,
}

impl Batch {
    /// A batch of columns that all have `rows` rows.
    pub fn new(columns: Vec<ArrayRef>, rows: usize) -> Self {
        debug_assert!(columns.iter().all(|c| c.len() == rows), "every column has as many values as the batch has rows");
        Self { columns, rows }
    }

    /// No rows, of these types.
    pub fn empty<'a>(types: impl IntoIterator<Item = &'a DataType>) -> Self {
        Self::new(types.into_iter().map(|t| new_empty_array(&t.to_arrow())).collect(), 0)
    }

    /// Rows `start..start + rows`, without copying.
    #[must_use]
    pub fn slice(&self, start: usize, rows: usize) -> Self {
        Self::new(self.columns.iter().map(|c| c.slice(start, rows)).collect(), rows)
    }

    /// The rows at these positions, in this order.
    ///
    /// # Errors
    /// When a column outgrows what one array can hold.
    pub fn take(&self, indices: &arrow_array::UInt32Array) -> Result<Self> {
        if select::is_all(indices, self.rows) {
            return Ok(self.clone());
        }
        let columns = self.columns.iter().map(|c| select::take(c, indices)).collect::<Result<_>>()?;
        Ok(Self::new(columns, indices.len()))
    }

    /// The rows where `keep` is true.
    ///
    /// # Errors
    /// As [`take`](Self::take).
    pub fn filter(&self, keep: &arrow_array::BooleanArray) -> Result<Self> {
        if keep.true_count() == self.rows {
            return Ok(self.clone());
        }
        self.take(&select::kept(keep))
    }

    /// All rows of the batches one after the other; the batches have the same columns, `types` says which when there are none.
    ///
    /// # Errors
    /// When a column outgrows what one array can hold, and when Stop is pressed: wide rows take long.
    pub fn concat(executor: &Executor, batches: &[Batch], types: &[DataType]) -> Result<Self> {
        match batches {
            [] => return Ok(Self::empty(types)),
            [one] => return Ok(one.clone()),
            _ => {}
        }
        let rows = batches.iter().map(|b| b.rows).sum();
        let columns = (0..types.len())
            .map(|i| {
                executor.check()?;
                let parts: Vec<&dyn Array> = batches.iter().map(|b| &*b.columns[i]).collect();
                select::concat(&parts)
            })
            .collect::<Result<Vec<_>>>()?;
        Ok(Self::new(columns, rows))
    }

    /// These columns, in this order.
    pub fn project(&self, columns: &[usize]) -> Self {
        Self::new(columns.iter().map(|c| self.columns[*c].clone()).collect(), self.rows)
    }

    /// The value at a row and column whose type is `data_type`.
    pub fn value(&self, data_type: &DataType, column: usize, row: usize) -> Value {
        value_at(&self.columns[column], data_type, row)
    }

    /// Bytes that the rows take in memory.
    pub fn bytes(&self) -> usize {
        self.columns.iter().map(|c| c.to_data().get_slice_memory_size().unwrap_or_else(|_| c.get_array_memory_size())).sum()
    }
}

/// The rows as a column of structs of this type.
///
/// # Errors
/// When the type has other members than the rows.
pub fn struct_of(data_type: &DataType, rows: Batch) -> Result<ArrayRef> {
    let DataType::Struct(fields) = data_type else { return Err(Error::type_error("Only a struct has members.")) };
    Ok(Arc::new(StructArray::try_new_with_length(struct_fields(fields), rows.columns, None, rows.rows).map_err(arrow)?))
}

/// An error of an Arrow kernel: nothing a reader can mend, but it must not be lost.
#[allow(clippy::needless_pass_by_value)]
pub(crate) fn arrow(error: arrow_schema::ArrowError) -> Error {
    Error::runtime(format!("The engine couldn't compute a column: {error}"))
}

/// The value at `row` of a column of this type.
pub fn value_at(array: &ArrayRef, data_type: &DataType, row: usize) -> Value {
    if array.is_null(row) {
        return Value::Null;
    }
    match data_type {
        DataType::Null => Value::Null,
        DataType::Boolean => Value::Boolean(array.as_boolean().value(row)),
        DataType::Byte => Value::Byte(array.as_primitive::<Int8Type>().value(row)),
        DataType::Short => Value::Short(array.as_primitive::<Int16Type>().value(row)),
        DataType::Int => Value::Int(array.as_primitive::<Int32Type>().value(row)),
        DataType::Long => Value::Long(array.as_primitive::<Int64Type>().value(row)),
        DataType::Float => Value::Float(array.as_primitive::<Float32Type>().value(row)),
        DataType::Double => Value::Double(array.as_primitive::<Float64Type>().value(row)),
        DataType::Decimal(precision, scale) => {
            Value::Decimal { unscaled: array.as_primitive::<Decimal128Type>().value(row), precision: *precision, scale: *scale }
        }
        DataType::String | DataType::Char(_) | DataType::Varchar(_) => Value::String(array.as_string::<i32>().value(row).into()),
        DataType::Binary => Value::Binary(array.as_binary::<i32>().value(row).into()),
        DataType::Date => Value::Date(array.as_primitive::<Date32Type>().value(row)),
        DataType::Timestamp => Value::Timestamp(array.as_primitive::<TimestampMicrosecondType>().value(row)),
        DataType::TimestampNtz => Value::TimestampNtz(array.as_primitive::<TimestampMicrosecondType>().value(row)),
        DataType::Time(precision) => {
            // Functions of the notebook's language are told.
            let told = array.as_primitive_opt::<Time64NanosecondType>().map(|times| times.value(row));
            Value::Time(told.unwrap_or_else(|| array.as_primitive::<Int64Type>().value(row)), *precision)
        }
        DataType::DayTimeInterval(from, to) => Value::DayTimeInterval(array.as_primitive::<Int64Type>().value(row), *from, *to),
        DataType::YearMonthInterval(from, to) => Value::YearMonthInterval(array.as_primitive::<Int32Type>().value(row), *from, *to),
        DataType::CalendarInterval => {
            let part = |i: usize, t: &DataType| value_at(array.as_struct().column(i), t, row).as_i64().unwrap_or(0);
            let (months, days) = (part(2, &DataType::Int) as i32, part(1, &DataType::Int) as i32);
            Value::CalendarInterval { months, days, micros: part(0, &DataType::Long) }
        }
        DataType::Array(element, _) => {
            let items = array.as_list::<i32>().value(row);
            Value::Array((0..items.len()).map(|i| value_at(&items, element, i)).collect())
        }
        DataType::Map(key, value, _) => {
            let entries = array.as_map().value(row);
            let (keys, values) = (entries.column(0), entries.column(1));
            Value::Map((0..entries.len()).map(|i| (value_at(keys, key, i), value_at(values, value, i))).collect())
        }
        DataType::Struct(fields) => {
            let members = array.as_struct();
            let values = fields.iter().enumerate().map(|(i, f)| value_at(members.column(i), &f.data_type, row)).collect();
            Value::Struct(Row { names: fields.iter().map(|f| f.name.clone()).collect(), values })
        }
        DataType::Variant => {
            let part = |i: usize| array.as_struct().column(i).as_binary::<i32>().value(row).into();
            Value::Variant(Variant { value: part(1), metadata: part(0) })
        }
        DataType::Vector => VectorColumn::new(array).map_or(Value::Null, |v| Value::Vector(v.row(row).to_owned())),
        DataType::Matrix => matrix_value::read(&value_at(array, &DataType::Struct(matrix_fields()), row)),
    }
}

/// A column of this type with these values.
///
/// # Errors
/// When a value is not of the type; an integral or fractional number is widened where no digit can be lost.
pub fn array_of<'a>(data_type: &DataType, values: impl IntoIterator<Item = &'a Value>) -> Result<ArrayRef> {
    column_of(data_type, &mut values.into_iter())
}

fn column_of(data_type: &DataType, values: &mut dyn Iterator<Item = &Value>) -> Result<ArrayRef> {
    Ok(match data_type {
        DataType::Null => Arc::new(NullArray::new(values.count())),
        DataType::Boolean => {
            let mut builder = BooleanBuilder::new();
            for value in values {
                builder.append_option(cell(value, data_type, Value::as_bool)?);
            }
            Arc::new(builder.finish())
        }
        DataType::Byte => primitive::<Int8Type>(values, data_type, |v| v.as_i64().and_then(|v| v.try_into().ok()))?,
        DataType::Short => primitive::<Int16Type>(values, data_type, |v| v.as_i64().and_then(|v| v.try_into().ok()))?,
        DataType::Int => primitive::<Int32Type>(values, data_type, |v| v.as_i64().and_then(|v| v.try_into().ok()))?,
        DataType::Long | DataType::DayTimeInterval(..) | DataType::Time(_) => {
            primitive::<Int64Type>(values, data_type, if *data_type == DataType::Long { Value::as_i64 } else { Value::span })?
        }
        DataType::YearMonthInterval(..) => primitive::<Int32Type>(values, data_type, |v| match v {
            Value::YearMonthInterval(months, ..) => Some(*months),
            _ => None,
        })?,
        DataType::CalendarInterval => {
            let fields = crate::types::calendar_fields();
            let names: Arc<[_]> = fields.iter().map(|f| f.name.clone()).collect();
            let rows = values.map(|value| {
                Ok(cell(value, data_type, |v| match v {
                    Value::CalendarInterval { months, days, micros } => {
                        let values = vec![Value::Long(*micros), Value::Int(*days), Value::Int(*months)];
                        Some(Value::Struct(Row { names: names.clone(), values }))
                    }
                    _ => None,
                })?
                .unwrap_or(Value::Null))
            });
            let rows: Vec<Value> = rows.collect::<Result<_>>()?;
            array_of(&DataType::Struct(fields), &rows)?
        }
        DataType::Float => primitive::<Float32Type>(values, data_type, |v| v.as_f64().map(|v| v as f32))?,
        DataType::Double => primitive::<Float64Type>(values, data_type, Value::as_f64)?,
        DataType::Decimal(_, scale) => primitive::<Decimal128Type>(values, data_type, |v| decimal_at(v, *scale))?,
        DataType::Date => primitive::<Date32Type>(values, data_type, |v| match v {
            Value::Date(days) => Some(*days),
            _ => None,
        })?,
        DataType::Timestamp | DataType::TimestampNtz => primitive::<TimestampMicrosecondType>(values, data_type, |v| match v {
            Value::Timestamp(micros) | Value::TimestampNtz(micros) => Some(*micros),
            _ => None,
        })?,
        DataType::String | DataType::Char(_) | DataType::Varchar(_) => {
            let mut builder = StringBuilder::new();
            for value in values {
                builder.append_option(cell(value, data_type, Value::as_str)?);
            }
            Arc::new(builder.finish())
        }
        DataType::Binary => {
            let mut builder = BinaryBuilder::new();
            for value in values {
                builder.append_option(cell(value, data_type, |v| match v {
                    Value::Binary(bytes) => Some(&**bytes),
                    _ => None,
                })?);
            }
            Arc::new(builder.finish())
        }
        DataType::Array(element, _) => {
            let (mut items, mut lengths, mut valid) = (Vec::new(), Vec::new(), Vec::new());
            for value in values {
                let row = cell(value, data_type, |v| match v {
                    Value::Array(items) => Some(items),
                    _ => None,
                })?;
                items.extend(row.into_iter().flat_map(|r| r.iter()));
                lengths.push(row.map_or(0, |r| r.len()));
                valid.push(row.is_some());
            }
            let items = array_of(element, items)?;
            Arc::new(ListArray::new(list_item(element), OffsetBuffer::from_lengths(lengths), items, nulls(valid)))
        }
        DataType::Map(key, value_type, _) => {
            let (mut keys, mut items, mut lengths, mut valid) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
            for value in values {
                let row = cell(value, data_type, |v| match v {
                    Value::Map(entries) => Some(entries),
                    _ => None,
                })?;
                keys.extend(row.into_iter().flat_map(|r| r.iter().map(|e| &e.0)));
                items.extend(row.into_iter().flat_map(|r| r.iter().map(|e| &e.1)));
                lengths.push(row.map_or(0, |r| r.len()));
                valid.push(row.is_some());
            }
            let columns = vec![array_of(key, keys)?, array_of(value_type, items)?];
            let entries = map_entries(key, value_type);
            let arrow_schema::DataType::Struct(members) = entries.data_type().clone() else { return Err(not_of(data_type, None)) };
            let members = StructArray::try_new(members, columns, None).map_err(arrow)?;
            Arc::new(MapArray::try_new(entries, OffsetBuffer::from_lengths(lengths), members, nulls(valid), false).map_err(arrow)?)
        }
        DataType::Struct(fields) => {
            let (mut rows, mut valid) = (Vec::new(), Vec::new());
            for value in values {
                let row = cell(value, data_type, |v| match v {
                    Value::Struct(row) if row.values.len() == fields.len() => Some(row),
                    _ => None,
                })?;
                valid.push(row.is_some());
                rows.push(row);
            }
            let columns = fields
                .iter()
                .enumerate()
                .map(|(i, f)| {
                    // Collected: a lazy iterator would be another type at each level of nesting, without end.
                    let members: Vec<&Value> = rows.iter().map(|r| r.map_or(&Value::Null, |r| &r.values[i])).collect();
                    array_of(&f.data_type, members)
                })
                .collect::<Result<Vec<_>>>()?;
            let rows = valid.len();
            Arc::new(StructArray::try_new_with_length(struct_fields(fields), columns, nulls(valid), rows).map_err(arrow)?)
        }
        DataType::Variant => {
            let fields = variant_fields();
            let names: Arc<[_]> = fields.iter().map(|f| f.name.clone()).collect();
            let rows = values.map(|value| {
                let found = cell(value, data_type, |v| if let Value::Variant(v) = v { Some(v) } else { None })?;
                Ok(found.map_or(Value::Null, |v| {
                    let values = vec![Value::Binary(v.metadata.clone()), Value::Binary(v.value.clone())];
                    Value::Struct(Row { names: names.clone(), values })
                }))
            });
            let rows: Vec<Value> = rows.collect::<Result<_>>()?;
            array_of(&DataType::Struct(fields), &rows)?
        }
        DataType::Matrix => {
            let rows: Vec<Value> = values.map(matrix_value::stored).collect();
            array_of(&DataType::Struct(matrix_fields()), &rows)?
        }
        DataType::Vector => {
            let mut builder = VectorBuilder::default();
            for value in values {
                match cell(value, data_type, |v| match v {
                    Value::Vector(vector) => Some(vector),
                    _ => None,
                })? {
                    Some(vector) => builder.append(vector.as_ref()),
                    None => builder.append_null(),
                }
            }
            builder.finish()
        }
    })
}

fn primitive<'a, T: ArrowPrimitiveType>(
    values: impl Iterator<Item = &'a Value>,
    data_type: &DataType,
    read: impl Fn(&'a Value) -> Option<T::Native>,
) -> Result<ArrayRef> {
    let mut builder = PrimitiveBuilder::<T>::with_capacity(values.size_hint().0).with_data_type(data_type.to_arrow());
    for value in values {
        builder.append_option(cell(value, data_type, &read)?);
    }
    Ok(Arc::new(builder.finish()))
}

fn cell<'a, T>(value: &'a Value, data_type: &DataType, read: impl FnOnce(&'a Value) -> Option<T>) -> Result<Option<T>> {
    if value.is_null() { Ok(None) } else { read(value).map(Some).ok_or_else(|| not_of(data_type, Some(value))) }
}

fn not_of(data_type: &DataType, value: Option<&Value>) -> Error {
    let value = value.map_or_else(|| "A value".to_owned(), |v| format!("The value {v} of type {}", v.data_type()));
    Error::type_error(format!("{value} doesn't fit a column of type {data_type}.")).with_condition("FIELD_DATA_TYPE_UNACCEPTABLE")
}

/// The digits of a decimal or integral value at a scale; none when a digit would be lost.
fn decimal_at(value: &Value, scale: i8) -> Option<i128> {
    let (unscaled, from) = match value {
        Value::Decimal { unscaled, scale, .. } => (*unscaled, *scale),
        other => (i128::from(other.as_i64()?), 0),
    };
    let shift = u32::try_from(i16::from(scale) - i16::from(from)).ok()?;
    unscaled.checked_mul(10_i128.checked_pow(shift)?)
}

pub(crate) fn nulls(valid: Vec<bool>) -> Option<NullBuffer> {
    Some(NullBuffer::from(valid)).filter(|n| n.null_count() > 0)
}

/// Values from several arrays of one type, each named by its array and its place there.
pub(crate) fn gather(arrays: &[ArrayRef], order: impl Iterator<Item = (usize, usize)>) -> Result<ArrayRef> {
    let starts: Vec<usize> = arrays
        .iter()
        .scan(0, |total, array| {
            let start = *total;
            *total += array.len();
            Some(start)
        })
        .collect();
    let picks = UInt32Array::from_iter_values(order.map(|(array, place)| (starts[array] + place) as u32));
    let parts: Vec<&dyn Array> = arrays.iter().map(|array| &**array).collect();
    let all = select::concat(&parts)?;
    select::take(&all, &picks)
}

/// Compares a value of one array with one of another of the same type: nulls first, NaN last.
pub(crate) fn comparator(left: &ArrayRef, right: &ArrayRef) -> Result<impl Fn(usize, usize) -> Ordering + use<>> {
    let converter = RowConverter::new(vec![SortField::new(left.data_type().clone())]).map_err(arrow)?;
    let left = converter.convert_columns(std::slice::from_ref(left)).map_err(arrow)?;
    let right = converter.convert_columns(std::slice::from_ref(right)).map_err(arrow)?;
    Ok(move |i, j| left.row(i).cmp(&right.row(j)))
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicI32, Ordering::Relaxed};

    use super::*;
    use crate::types::Field;
    use kindling_linalg::{SparseVector, Vector};

    #[test]
    fn stop_is_asked_for_while_wide_rows_are_joined_end_to_end() {
        static STOP: AtomicI32 = AtomicI32::new(0);
        let (executor, types) = (Executor::new(1).stopped_by(&STOP), [DataType::Int, DataType::Int]);
        let column = |value: i32| array_of(&DataType::Int, &[Value::Int(value)]).expect("a column");
        let batches = [1, 2].map(|value| Batch::new(vec![column(value), column(-value)], 1));
        assert_eq!(Batch::concat(&executor, &batches, &types).expect("joined").rows, 2);
        STOP.store(1, Relaxed);
        let error = Batch::concat(&executor, &batches, &types).expect_err("stopped");
        assert_eq!(error.kind(), kindling_partition::ErrorKind::Cancelled);
    }

    #[test]
    fn values_survive_the_way_through_columns() {
        let sparse = SparseVector::new(3, vec![1], vec![2.5]).expect("valid");
        let members = vec![Field::new("x", DataType::Int, true), Field::new("y", DataType::String, true)];
        let row = Value::Struct(Row::new(["x", "y"], vec![Value::Int(1), Value::Null]));
        let cases = [
            (DataType::Boolean, Value::Boolean(true)),
            (DataType::Long, Value::Long(1 << 40)),
            (DataType::Decimal(10, 2), Value::Decimal { unscaled: 1234, precision: 10, scale: 2 }),
            (DataType::String, Value::from("é")),
            (DataType::Timestamp, Value::Timestamp(5)),
            (DataType::array(DataType::Double), Value::Array([Value::Double(1.0), Value::Null].into())),
            (
                DataType::Map(Box::new(DataType::String), Box::new(DataType::Int), true),
                Value::Map([(Value::from("k"), Value::Null)].into()),
            ),
            (DataType::Struct(members), row),
            (DataType::Vector, Value::Vector(Vector::Sparse(sparse))),
            (DataType::Vector, Value::Vector(Vector::Dense(vec![1.0, f64::INFINITY]))),
        ];
        for (data_type, value) in cases {
            let array = array_of(&data_type, [&Value::Null, &value, &value]).expect("a column");
            assert_eq!(array.data_type(), &data_type.to_arrow());
            assert_eq!([0, 1, 2].map(|i| value_at(&array, &data_type, i)), [Value::Null, value.clone(), value]);
        }
    }

    #[test]
    fn a_value_of_another_type_is_refused() {
        let error = array_of(&DataType::Int, [&Value::from("x")]).expect_err("a string is no int");
        assert_eq!(error.message(), "The value x of type string doesn't fit a column of type int.");
    }
}

//! Levels and values as arrays of whole rows: the way back of Dremel's records.

use std::sync::Arc;

use arrow_array::types::{
    Date32Type, Decimal128Type, Float32Type, Float64Type, Int8Type, Int16Type, Int32Type, Int64Type, TimestampMicrosecondType,
};
use arrow_array::{
    ArrayRef, ArrowPrimitiveType, BinaryArray, BooleanArray, ListArray, MapArray, PrimitiveArray, StringArray, StructArray, new_null_array,
};
use arrow_buffer::{NullBuffer, OffsetBuffer, ScalarBuffer};
use kindling_partition::{Error, Result};

use super::broken;
use super::encoding::Values;
use super::pages::Leaf;
use super::shape::Shape;
use crate::batch::{array_of, arrow, nulls, value_at};
use crate::cast::cast;
use crate::datetime::MICROS_PER_DAY;
use crate::schema::same_name;
use crate::types::{DataType, list_item, map_entries, matrix_fields, struct_fields, vector_fields};
use crate::value::Value;
use crate::variant::{rebuilt, variant_fields};

/// The day of 1970-01-01 in the count of days that `INT96` has.
const JULIAN_EPOCH: i64 = 2_440_588;

/// The leaves of a row group by their numbers.
pub(super) type Leaves = Vec<Option<Leaf>>;

/// The part's value for each place where all around it is there: entries of at least level `around`, that begin something at level `repeats`
/// or above. `own` is the part's type in the file, `wanted` the one asked for.
pub(super) fn assemble(shape: &Shape, own: &DataType, wanted: &DataType, leaves: &Leaves, around: u8, repeats: u8) -> Result<ArrayRef> {
    let leaf = first_leaf(shape, leaves).ok_or_else(|| broken("a column has no leaf"))?;
    let places = || (0..leaf.entries).filter(|i| leaf.definition(*i) >= around && leaf.repetition(*i) <= repeats);
    match (shape, wanted) {
        (Shape::Leaf { there, unit, .. }, _) => {
            let array = if leaf.most == (0, 0) {
                column(&leaf.values, own, *unit, None)?
            } else {
                column(&leaf.values, own, *unit, Some(&places().map(|i| leaf.definition(i) >= *there).collect::<Vec<_>>()))?
            };
            if own == wanted { Ok(array) } else { converted(&array, own, wanted) }
        }
        (Shape::Struct { members, .. }, DataType::Variant) if members.iter().all(|(f, _)| &*f.name != "typed_value") => {
            assemble(shape, own, &DataType::Struct(variant_fields()), leaves, around, repeats)
        }
        (Shape::Struct { members, .. }, DataType::Variant) => {
            let parts = DataType::Struct(members.iter().map(|(f, _)| f.clone()).collect());
            let rows = assemble(shape, own, &parts, leaves, around, repeats)?;
            let cells = (0..rows.len()).map(|i| match value_at(&rows, &parts, i) {
                Value::Struct(row) => rebuilt(&row),
                _ => Ok(Value::Null),
            });
            array_of(wanted, &cells.collect::<Result<Vec<_>>>()?)
        }
        (Shape::Struct { .. }, DataType::Vector) => assemble(shape, own, &DataType::Struct(vector_fields()), leaves, around, repeats),
        (Shape::Struct { .. }, DataType::Matrix) => assemble(shape, own, &DataType::Struct(matrix_fields()), leaves, around, repeats),
        (Shape::Struct { there, members }, DataType::Struct(fields)) => {
            let valid: Vec<bool> = places().map(|i| leaf.definition(i) >= *there).collect();
            let rows = valid.len();
            let columns = fields.iter().map(|field| match members.iter().find(|(f, _)| same_name(&f.name, &field.name)) {
                Some((own, shape)) => assemble(shape, &own.data_type, &field.data_type, leaves, around, repeats),
                None => Ok(new_null_array(&field.data_type.to_arrow(), rows)),
            });
            let columns = columns.collect::<Result<Vec<_>>>()?;
            Ok(Arc::new(StructArray::try_new_with_length(struct_fields(fields), columns, nulls(valid), rows).map_err(arrow)?))
        }
        (Shape::List { there, entry, repeats: level, items }, DataType::Array(..) | DataType::Map(..)) => {
            let (mut lengths, mut valid) = (Vec::new(), Vec::new());
            for i in 0..leaf.entries {
                let (definition, repetition) = (leaf.definition(i), leaf.repetition(i));
                if definition >= around && repetition <= repeats {
                    lengths.push(usize::from(definition >= *entry));
                    valid.push(definition >= *there);
                } else if repetition == *level
                    && definition >= *entry
                    && let Some(length) = lengths.last_mut()
                {
                    *length += 1;
                }
            }
            let offsets = OffsetBuffer::from_lengths(lengths);
            match (items.as_slice(), own, wanted) {
                ([item], DataType::Array(own, _), DataType::Array(wanted, _)) => {
                    let items = assemble(item, own, wanted, leaves, *entry, *level)?;
                    Ok(Arc::new(ListArray::try_new(list_item(wanted), offsets, items, nulls(valid)).map_err(arrow)?))
                }
                ([keys, values], DataType::Map(own_key, own_value, _), DataType::Map(key, value, _)) => {
                    let columns = vec![
                        assemble(keys, own_key, key, leaves, *entry, *level)?,
                        assemble(values, own_value, value, leaves, *entry, *level)?,
                    ];
                    let entries = map_entries(key, value);
                    let arrow_schema::DataType::Struct(fields) = entries.data_type().clone() else { return Err(mismatch(own, wanted)) };
                    let pairs = StructArray::try_new(fields, columns, None).map_err(arrow)?;
                    Ok(Arc::new(MapArray::try_new(entries, offsets, pairs, nulls(valid), false).map_err(arrow)?))
                }
                _ => Err(mismatch(own, wanted)),
            }
        }
        _ => Err(mismatch(own, wanted)),
    }
}

fn first_leaf<'a>(shape: &Shape, leaves: &'a Leaves) -> Option<&'a Leaf> {
    let mut found = Vec::new();
    shape.leaves(&mut found);
    leaves.get(found.first()?.0)?.as_ref()
}

fn mismatch(own: &DataType, wanted: &DataType) -> Error {
    let text = format!("The file has a column of type {}, which can't be read as {}.", own.sql(), wanted.sql());
    Error::runtime(text).with_condition("FAILED_READ_FILE.PARQUET_COLUMN_DATA_TYPE_MISMATCH")
}

/// Numbers as wider ones, a timestamp as one without a zone: what loses nothing.
fn converted(array: &ArrayRef, own: &DataType, wanted: &DataType) -> Result<ArrayRef> {
    let plain = |t: &DataType| t.is_numeric() || matches!(t, DataType::Date | DataType::Timestamp | DataType::TimestampNtz);
    match (own, wanted) {
        (DataType::Time(_), DataType::Time(_)) => Ok(array.clone()),
        (DataType::Binary, DataType::String) => cast(array, own, wanted, false),
        _ if plain(own) && plain(wanted) => cast(array, own, wanted, false).map_err(|_| mismatch(own, wanted)),
        _ => Err(mismatch(own, wanted)),
    }
}

/// Values at the places that are there, null at the others.
fn column(values: &Values, data_type: &DataType, unit: i64, valid: Option<&[bool]>) -> Result<ArrayRef> {
    let wrong = || broken("a column's values are not of its type");
    Ok(match (data_type, values) {
        (DataType::Boolean, Values::Bool(values)) => {
            let (values, nulls) = spread(values, valid, |v| *v);
            Arc::new(BooleanArray::new(values.into(), nulls))
        }
        (DataType::Byte, Values::I32(values)) => typed::<Int8Type, _>(values, valid, data_type, |v| *v as i8),
        (DataType::Short, Values::I32(values)) => typed::<Int16Type, _>(values, valid, data_type, |v| *v as i16),
        (DataType::Int, Values::I32(values)) => typed::<Int32Type, _>(values, valid, data_type, |v| *v),
        (DataType::Date, Values::I32(values)) => typed::<Date32Type, _>(values, valid, data_type, |v| *v),
        // Numbers without a sign.
        (DataType::Long, Values::I32(values)) => typed::<Int64Type, _>(values, valid, data_type, |v| i64::from(*v as u32)),
        (DataType::Long, Values::I64(values)) => typed::<Int64Type, _>(values, valid, data_type, |v| *v),
        (DataType::Time(_), Values::I64(values)) => {
            typed::<Int64Type, _>(values, valid, data_type, |v| if unit == 1_000_000 { v.wrapping_mul(1000) } else { *v })
        }
        (DataType::Float, Values::F32(values)) => typed::<Float32Type, _>(values, valid, data_type, |v| *v),
        (DataType::Double, Values::F64(values)) => typed::<Float64Type, _>(values, valid, data_type, |v| *v),
        (DataType::Timestamp | DataType::TimestampNtz, Values::I64(values)) => {
            typed::<TimestampMicrosecondType, _>(values, valid, data_type, |v| match unit {
                1_000 => v.saturating_mul(1000),
                1_000_000_000 => v.div_euclid(1000),
                _ => *v,
            })
        }
        (DataType::Timestamp, Values::Bytes { .. }) => {
            let micros: Vec<i64> = (0..values.len()).map(|i| int96(values.bytes(i))).collect();
            typed::<TimestampMicrosecondType, _>(&micros, valid, data_type, |v| *v)
        }
        (DataType::Decimal(..), Values::I32(values)) => typed::<Decimal128Type, _>(values, valid, data_type, |v| i128::from(*v)),
        (DataType::Decimal(20, 0), Values::I64(values)) if unit == 1 => {
            typed::<Decimal128Type, _>(values, valid, data_type, |v| i128::from(*v as u64))
        }
        (DataType::Decimal(..), Values::I64(values)) => typed::<Decimal128Type, _>(values, valid, data_type, |v| i128::from(*v)),
        (DataType::Decimal(..), Values::Bytes { .. }) => {
            let numbers: Vec<i128> = (0..values.len()).map(|i| big_endian(values.bytes(i))).collect();
            typed::<Decimal128Type, _>(&numbers, valid, data_type, |v| *v)
        }
        (DataType::String | DataType::Binary, Values::Bytes { ends, data }) => {
            let end = |v: &u32| *v as i32;
            i32::try_from(data.len()).map_err(|_| Error::runtime("A column of one row group holds more than 2 GiB of text."))?;
            let mut offsets = vec![0];
            let mut given = ends.iter();
            let valid = valid.map(<[bool]>::to_vec).unwrap_or_else(|| vec![true; ends.len()]);
            offsets.extend(valid.iter().scan(0, |at, there| {
                if *there {
                    *at = given.next().map_or(*at, end);
                }
                Some(*at)
            }));
            let offsets = OffsetBuffer::new(ScalarBuffer::from(offsets));
            if *data_type == DataType::Binary {
                Arc::new(BinaryArray::try_new(offsets, data.clone().into(), nulls(valid)).map_err(arrow)?)
            } else {
                Arc::new(StringArray::try_new(offsets, data.clone().into(), nulls(valid)).map_err(|_| broken("a text is not UTF-8"))?)
            }
        }
        _ => return Err(wrong()),
    })
}

fn spread<S, T: Copy + Default>(values: &[S], valid: Option<&[bool]>, read: impl Fn(&S) -> T) -> (Vec<T>, Option<NullBuffer>) {
    match valid {
        None => (values.iter().map(read).collect(), None),
        Some(valid) => {
            let mut values = values.iter();
            let spread = valid.iter().map(|there| if *there { values.next().map_or_else(T::default, &read) } else { T::default() });
            (spread.collect(), nulls(valid.to_vec()))
        }
    }
}

fn typed<T: ArrowPrimitiveType, S>(values: &[S], valid: Option<&[bool]>, data_type: &DataType, read: impl Fn(&S) -> T::Native) -> ArrayRef {
    let (values, nulls) = spread(values, valid, read);
    Arc::new(PrimitiveArray::<T>::new(values.into(), nulls).with_data_type(data_type.to_arrow()))
}

/// Nanoseconds of a day and the day: how Spark wrote timestamps for long.
fn int96(bytes: &[u8]) -> i64 {
    let (Some(nanos), Some(day)) = (bytes.first_chunk::<8>(), bytes.last_chunk::<4>()) else { return 0 };
    (i64::from(i32::from_le_bytes(*day)) - JULIAN_EPOCH).wrapping_mul(MICROS_PER_DAY).wrapping_add(i64::from_le_bytes(*nanos) / 1000)
}

fn big_endian(bytes: &[u8]) -> i128 {
    let sign = if bytes.first().is_some_and(|b| *b >= 0x80) { -1 } else { 0 };
    bytes.iter().fold(sign, |number, byte| number << 8 | i128::from(*byte))
}

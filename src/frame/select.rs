//! Rows of columns picked, kept, joined end to end or made null, for the Arrow types that columns have (see `DataType::to_arrow`) and no
//! others: arrow-select's kernels bring those for dictionaries, runs, unions and views along, a fifth of the engine's whole size.

use std::sync::Arc;

use arrow_array::cast::AsArray;
use arrow_array::{
    Array, ArrayRef, BinaryArray, BooleanArray, ListArray, MapArray, NullArray, StringArray, StructArray, UInt32Array, make_array,
};
use arrow_buffer::{BooleanBuffer, BooleanBufferBuilder, Buffer, MutableBuffer, NullBuffer, OffsetBuffer, ScalarBuffer};
use arrow_data::ArrayData;
use arrow_schema::DataType as ArrowType;
use kindling_partition::{Error, Result};

use crate::batch::arrow;

/// Texts up to so many bytes are copied in one piece.
const PIECE: usize = 16;

/// The values at these positions, in this order; a null position gives a null.
///
/// # Errors
/// When the texts or elements outgrow what one array can hold.
pub(crate) fn take(array: &dyn Array, at: &UInt32Array) -> Result<ArrayRef> {
    let nulls = taken_nulls(array.nulls(), at);
    let picks = at.values();
    Ok(match array.data_type() {
        ArrowType::Null => Arc::new(NullArray::new(at.len())),
        ArrowType::Boolean => {
            let values = array.as_boolean().values();
            let bits = BooleanBuffer::collect_bool(at.len(), |i| !values.is_empty() && values.value(within(picks[i], values.len())));
            Arc::new(BooleanArray::new(bits, nulls))
        }
        ArrowType::Utf8 => {
            let texts = array.as_string::<i32>();
            let (offsets, bytes) = taken_bytes(texts.offsets(), texts.values(), at, nulls.as_ref())?;
            // SAFETY: each of the values is a whole text of a valid array.
            Arc::new(unsafe { StringArray::new_unchecked(offsets, bytes, nulls) })
        }
        ArrowType::Binary => {
            let binary = array.as_binary::<i32>();
            let (offsets, bytes) = taken_bytes(binary.offsets(), binary.values(), at, nulls.as_ref())?;
            Arc::new(BinaryArray::try_new(offsets, bytes, nulls).map_err(arrow)?)
        }
        ArrowType::List(item) => {
            let list = array.as_list::<i32>();
            let (offsets, elements) = taken_elements(list.offsets(), at, nulls.as_ref())?;
            Arc::new(ListArray::try_new(item.clone(), offsets, take(list.values(), &elements)?, nulls).map_err(arrow)?)
        }
        ArrowType::Map(entry, _) => {
            let map = array.as_map();
            let (offsets, elements) = taken_elements(map.offsets(), at, nulls.as_ref())?;
            let entries = take(map.entries(), &elements)?.as_struct().clone();
            Arc::new(MapArray::try_new(entry.clone(), offsets, entries, nulls, false).map_err(arrow)?)
        }
        ArrowType::Struct(fields) => {
            let members = array.as_struct().columns().iter().map(|member| take(member, at)).collect::<Result<_>>()?;
            Arc::new(StructArray::try_new_with_length(fields.clone(), members, nulls, at.len()).map_err(arrow)?)
        }
        other => {
            let values = array.to_data();
            let buffer = match width(other)? {
                1 => taken_values::<u8>(&values, picks),
                2 => taken_values::<u16>(&values, picks),
                4 => taken_values::<u32>(&values, picks),
                8 => taken_values::<u64>(&values, picks),
                _ => taken_values::<u128>(&values, picks),
            };
            primitive(other, at.len(), buffer, nulls)?
        }
    })
}

/// Whether these positions are all of so many rows in their own order, so that nothing needs to be copied.
pub(crate) fn is_all(at: &UInt32Array, rows: usize) -> bool {
    at.len() == rows && at.null_count() == 0 && at.values().iter().enumerate().all(|(i, pick)| *pick as usize == i)
}

/// The rows where `keep` is true; null counts as false.
///
/// # Errors
/// As [`take`].
pub(crate) fn filter(array: &dyn Array, keep: &BooleanArray) -> Result<ArrayRef> {
    take(array, &kept(keep))
}

/// The positions where `keep` is true.
pub(crate) fn kept(keep: &BooleanArray) -> UInt32Array {
    let truths = match keep.nulls() {
        Some(nulls) => keep.values() & nulls.inner(),
        None => keep.values().clone(),
    };
    UInt32Array::from_iter_values(truths.set_indices_u32())
}

/// All values of the arrays, which have one type, one after the other.
///
/// # Errors
/// When there is no array, or the texts or elements outgrow what one array can hold.
pub(crate) fn concat(arrays: &[&dyn Array]) -> Result<ArrayRef> {
    let [first, rest @ ..] = arrays else { return Err(Error::runtime("No arrays to put together.")) };
    if rest.is_empty() {
        return Ok(first.slice(0, first.len()));
    }
    let rows = arrays.iter().map(|array| array.len()).sum();
    let nulls = joined_nulls(arrays, rows);
    Ok(match first.data_type() {
        ArrowType::Null => Arc::new(NullArray::new(rows)),
        ArrowType::Boolean => {
            let mut bits = BooleanBufferBuilder::new(rows);
            arrays.iter().for_each(|array| bits.append_buffer(array.as_boolean().values()));
            Arc::new(BooleanArray::new(bits.finish(), nulls))
        }
        ArrowType::Utf8 => {
            let parts: Vec<_> = arrays.iter().map(|array| array.as_string::<i32>()).map(|a| (a.offsets(), a.values())).collect();
            let (offsets, bytes) = joined_bytes(&parts, rows)?;
            // SAFETY: the bytes are those of whole valid arrays.
            Arc::new(unsafe { StringArray::new_unchecked(offsets, bytes, nulls) })
        }
        ArrowType::Binary => {
            let parts: Vec<_> = arrays.iter().map(|array| array.as_binary::<i32>()).map(|a| (a.offsets(), a.values())).collect();
            let (offsets, bytes) = joined_bytes(&parts, rows)?;
            Arc::new(BinaryArray::try_new(offsets, bytes, nulls).map_err(arrow)?)
        }
        ArrowType::List(item) => {
            let lists: Vec<&ListArray> = arrays.iter().map(|array| array.as_list::<i32>()).collect();
            let offsets = joined_offsets(lists.iter().map(|list| list.offsets()), rows)?;
            let elements: Vec<ArrayRef> = lists.iter().map(|list| within_offsets(list.values(), list.offsets())).collect();
            Arc::new(ListArray::try_new(item.clone(), offsets, all(&elements)?, nulls).map_err(arrow)?)
        }
        ArrowType::Map(entry, _) => {
            let maps: Vec<&MapArray> = arrays.iter().map(|array| array.as_map()).collect();
            let offsets = joined_offsets(maps.iter().map(|map| map.offsets()), rows)?;
            let entries: Vec<ArrayRef> = maps.iter().map(|map| within_offsets(map.entries(), map.offsets())).collect();
            let entries = all(&entries)?.as_struct().clone();
            Arc::new(MapArray::try_new(entry.clone(), offsets, entries, nulls, false).map_err(arrow)?)
        }
        ArrowType::Struct(fields) => {
            let structs: Vec<&StructArray> = arrays.iter().map(|array| array.as_struct()).collect();
            let member = |i: usize| concat(&structs.iter().map(|members| &**members.column(i)).collect::<Vec<_>>());
            let members = (0..fields.len()).map(member).collect::<Result<_>>()?;
            Arc::new(StructArray::try_new_with_length(fields.clone(), members, nulls, rows).map_err(arrow)?)
        }
        other => {
            let width = width(other)?;
            let mut values = MutableBuffer::with_capacity(rows * width);
            for array in arrays {
                let data = array.to_data();
                values.extend_from_slice(&data.buffers()[0].as_slice()[data.offset() * width..(data.offset() + data.len()) * width]);
            }
            primitive(other, rows, values.into(), nulls)?
        }
    })
}

/// The same values, null where `hide` is true.
///
/// # Errors
/// When the array can't be rebuilt, which would be a fault of the engine.
pub(crate) fn nullif(array: &dyn Array, hide: &BooleanArray) -> Result<ArrayRef> {
    let hidden = match hide.nulls() {
        Some(nulls) => hide.values() & nulls.inner(),
        None => hide.values().clone(),
    };
    let shown = !&hidden;
    let valid = match array.nulls() {
        Some(nulls) => nulls.inner() & &shown,
        None => shown,
    };
    if matches!(array.data_type(), ArrowType::Null) {
        return Ok(array.slice(0, array.len()));
    }
    let data = array.to_data().into_builder().nulls(Some(NullBuffer::new(valid))).build().map_err(arrow)?;
    Ok(make_array(data))
}

fn all(arrays: &[ArrayRef]) -> Result<ArrayRef> {
    concat(&arrays.iter().map(|array| &**array).collect::<Vec<_>>())
}

/// Bytes of one value of a type that has neither texts nor members.
fn width(data_type: &ArrowType) -> Result<usize> {
    match data_type {
        ArrowType::Decimal128(..) => Ok(16),
        other => other.primitive_width().ok_or_else(|| Error::runtime(format!("Columns don't have the type {other}."))),
    }
}

fn primitive(data_type: &ArrowType, rows: usize, values: Buffer, nulls: Option<NullBuffer>) -> Result<ArrayRef> {
    let data = ArrayData::builder(data_type.clone()).len(rows).add_buffer(values).nulls(nulls).build().map_err(arrow)?;
    Ok(make_array(data))
}

/// A position that a null may have been given for: any will do then.
#[inline]
fn within(position: u32, len: usize) -> usize {
    (position as usize).min(len - 1)
}

#[optimize(speed)]
fn taken_values<T: arrow_buffer::ArrowNativeType>(data: &ArrayData, picks: &ScalarBuffer<u32>) -> Buffer {
    let values = &data.buffers()[0].typed_data::<T>()[data.offset()..data.offset() + data.len()];
    if values.is_empty() {
        return vec![T::default(); picks.len()].into();
    }
    // Collected, not written over zeros: memory is what a gather waits for.
    picks.iter().map(|pick| values[within(*pick, values.len())]).collect::<Vec<T>>().into()
}

fn taken_nulls(nulls: Option<&NullBuffer>, at: &UInt32Array) -> Option<NullBuffer> {
    let nulls = match (nulls.filter(|nulls| nulls.null_count() > 0), at.nulls()) {
        (None, None) => return None,
        (None, Some(missing)) => missing.clone(),
        (Some(nulls), None) => BooleanBuffer::collect_bool(at.len(), |i| nulls.is_valid(at.value(i) as usize)).into(),
        (Some(nulls), Some(missing)) => {
            BooleanBuffer::collect_bool(at.len(), |i| missing.is_valid(i) && nulls.is_valid(at.value(i) as usize)).into()
        }
    };
    Some(nulls).filter(|nulls: &NullBuffer| nulls.null_count() > 0)
}

#[optimize(speed)]
fn taken_bytes(
    from: &OffsetBuffer<i32>,
    bytes: &[u8],
    at: &UInt32Array,
    nulls: Option<&NullBuffer>,
) -> Result<(OffsetBuffer<i32>, Buffer)> {
    let (mut offsets, mut starts) = (Vec::with_capacity(at.len() + 1), Vec::with_capacity(at.len()));
    let mut total = 0_u64;
    offsets.push(0_i32);
    for (row, pick) in at.values().iter().enumerate() {
        let is_valid = nulls.is_none_or(|nulls| nulls.is_valid(row));
        let (start, end) = if is_valid { (from[*pick as usize], from[*pick as usize + 1]) } else { (0, 0) };
        total += (end - start) as u64;
        starts.push(start as u32);
        offsets.push(total as i32);
    }
    let total = offset(usize::try_from(total).unwrap_or(usize::MAX))? as usize;
    let mut taken = vec![0; total + PIECE];
    for (start, ends) in starts.into_iter().zip(offsets.windows(2)) {
        let (from, to) = (&bytes[start as usize..], &mut taken[ends[0] as usize..]);
        let length = (ends[1] - ends[0]) as usize;
        match (from.first_chunk::<PIECE>(), to.first_chunk_mut::<PIECE>()) {
            // A whole piece, whose end the next text covers: most texts are short, and a copy of unknown length is a call.
            (Some(from), Some(to)) if length <= PIECE => *to = *from,
            _ => to[..length].copy_from_slice(&from[..length]),
        }
    }
    taken.truncate(total);
    Ok((OffsetBuffer::new(offsets.into()), taken.into()))
}

fn taken_elements(from: &OffsetBuffer<i32>, at: &UInt32Array, nulls: Option<&NullBuffer>) -> Result<(OffsetBuffer<i32>, UInt32Array)> {
    let mut offsets = Vec::with_capacity(at.len() + 1);
    offsets.push(0);
    let mut elements: Vec<u32> = Vec::new();
    for range in ranges(from, at, nulls) {
        elements.extend(range.map(|element| element as u32));
        offsets.push(offset(elements.len())?);
    }
    Ok((OffsetBuffer::new(offsets.into()), elements.into()))
}

/// Where the value of each row that is taken stands; nowhere for a null.
fn ranges<'a>(
    from: &'a OffsetBuffer<i32>,
    at: &'a UInt32Array,
    nulls: Option<&'a NullBuffer>,
) -> impl Iterator<Item = std::ops::Range<usize>> + 'a {
    at.values().iter().enumerate().map(move |(row, pick)| {
        if nulls.is_some_and(|nulls| nulls.is_null(row)) {
            return 0..0;
        }
        from[*pick as usize] as usize..from[*pick as usize + 1] as usize
    })
}

fn joined_nulls(arrays: &[&dyn Array], rows: usize) -> Option<NullBuffer> {
    if arrays.iter().all(|array| array.null_count() == 0) {
        return None;
    }
    let mut valid = BooleanBufferBuilder::new(rows);
    for array in arrays {
        match array.nulls() {
            Some(nulls) => valid.append_buffer(nulls.inner()),
            None => valid.append_n(array.len(), true),
        }
    }
    Some(NullBuffer::new(valid.finish()))
}

fn joined_bytes(parts: &[(&OffsetBuffer<i32>, &Buffer)], rows: usize) -> Result<(OffsetBuffer<i32>, Buffer)> {
    let offsets = joined_offsets(parts.iter().map(|(offsets, _)| *offsets), rows)?;
    let mut bytes = MutableBuffer::with_capacity(offsets.last() as usize);
    for (offsets, values) in parts {
        bytes.extend_from_slice(&values[offsets.first() as usize..offsets.last() as usize]);
    }
    Ok((offsets, bytes.into()))
}

fn joined_offsets<'a>(parts: impl Iterator<Item = &'a OffsetBuffer<i32>>, rows: usize) -> Result<OffsetBuffer<i32>> {
    let mut offsets = Vec::with_capacity(rows + 1);
    offsets.push(0);
    let mut total = 0_usize;
    for part in parts {
        let first = part.first();
        offset(total + (part.last() - first) as usize)?;
        offsets.extend(part[1..].iter().map(|end| total as i32 + (end - first)));
        total += (part.last() - first) as usize;
    }
    Ok(OffsetBuffer::new(offsets.into()))
}

/// The elements that the offsets speak of: a slice of a list keeps all of its elements.
fn within_offsets(elements: &dyn Array, offsets: &OffsetBuffer<i32>) -> ArrayRef {
    elements.slice(offsets.first() as usize, (offsets.last() - offsets.first()) as usize)
}

fn offset(total: usize) -> Result<i32> {
    i32::try_from(total).map_err(|_| {
        Error::runtime("A partition's column would have over 2 GB of texts or over 2 billion elements. Use more partitions: repartition().")
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::batch::{array_of, value_at};
    use crate::types::{DataType, Field};
    use crate::value::{Row, Value};

    /// A type with everything in it.
    fn nested() -> DataType {
        DataType::Struct(vec![
            Field::new("flag", DataType::Boolean, true),
            Field::new("byte", DataType::Byte, true),
            Field::new("short", DataType::Short, true),
            Field::new("float", DataType::Float, true),
            Field::new("price", DataType::Decimal(10, 2), true),
            Field::new("raw", DataType::Binary, true),
            Field::new("texts", DataType::array(DataType::String), true),
            Field::new("counts", DataType::Map(Box::new(DataType::String), Box::new(DataType::Long), true), true),
            Field::new("nothing", DataType::Null, true),
        ])
    }

    fn values() -> impl Strategy<Value = Vec<Value>> {
        let row = (any::<u32>(), "[a-zé]{0,5}").prop_map(|(n, text)| {
            let maybe = |bit: u32, value: Value| if n >> bit & 1 == 0 { Value::Null } else { value };
            let members = vec![
                maybe(0, Value::Boolean(n % 3 == 0)),
                maybe(1, Value::Byte(n as i8)),
                maybe(2, Value::Short(n as i16)),
                maybe(3, Value::Float(n as f32)),
                maybe(4, Value::Decimal { unscaled: i128::from(n % 1000), precision: 10, scale: 2 }),
                maybe(5, Value::Binary(text.as_bytes().into())),
                maybe(6, Value::Array((0..n % 4).map(|i| if i == 2 { Value::Null } else { Value::from(text.as_str()) }).collect())),
                maybe(7, Value::Map((0..n % 3).map(|i| (Value::from(format!("{text}{i}").as_str()), Value::Long(i64::from(i)))).collect())),
                Value::Null,
            ];
            let names = ["flag", "byte", "short", "float", "price", "raw", "texts", "counts", "nothing"];
            maybe(8, Value::Struct(Row::new(names, members)))
        });
        prop::collection::vec(row, 0..12)
    }

    fn column(values: &[Value]) -> ArrayRef {
        array_of(&nested(), values).expect("a column")
    }

    fn read(array: &ArrayRef) -> Vec<Value> {
        (0..array.len()).map(|row| value_at(array, &nested(), row)).collect()
    }

    proptest! {
        #[test]
        fn rows_are_those_of_a_list(values in values(), picks in prop::collection::vec(any::<prop::sample::Index>(), 0..20), cut in any::<prop::sample::Index>()) {
            // A slice has its rows elsewhere in the same buffers.
            let start = cut.index(values.len() + 1);
            let (array, values) = (column(&values).slice(start, values.len() - start), &values[start..]);
            prop_assert_eq!(read(&array), values);

            let at: UInt32Array =
                if values.is_empty() { picks.iter().map(|_| None).collect() } else {
                    picks.iter().map(|pick| Some(pick.index(values.len() + 1)).filter(|i| *i < values.len()).map(|i| i as u32)).collect()
                };
            let expected: Vec<Value> = at.iter().map(|i| i.map_or(Value::Null, |i| values[i as usize].clone())).collect();
            prop_assert_eq!(read(&take(&array, &at).expect("rows")), expected);

            let keep: BooleanArray = (0..values.len()).map(|i| [Some(true), Some(false), None][i % 3]).collect();
            let expected: Vec<Value> = values.iter().step_by(3).cloned().collect();
            prop_assert_eq!(read(&filter(&array, &keep).expect("rows")), expected);

            let expected: Vec<Value> = values.iter().enumerate().map(|(i, v)| if i % 3 == 0 { Value::Null } else { v.clone() }).collect();
            prop_assert_eq!(read(&nullif(&array, &keep).expect("rows")), expected);

            let middle = cut.index(values.len() + 1);
            let parts = [array.slice(0, middle), array.slice(middle, values.len() - middle), array.slice(0, middle)];
            let expected: Vec<Value> = values.iter().chain(&values[..middle]).cloned().collect();
            prop_assert_eq!(read(&all(&parts).expect("rows")), expected);
        }
    }
}

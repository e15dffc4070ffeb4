//! Rows in the bytes of Spark's `UnsafeRow`, whose hash decides in which order `repartition(n)` deals them out.

use arrow_array::cast::AsArray;
use arrow_array::types::{
    Date32Type, Decimal128Type, Float32Type, Float64Type, Int8Type, Int16Type, Int32Type, Int64Type, TimestampMicrosecondType,
};
use arrow_array::{Array, ArrayRef};
use arrow_schema::DataType as ArrowType;
use kindling_partition::{Executor, Result};

use crate::hash::{SEED, murmur3_bytes};

/// The rows sorted by the hash of their bytes, then by the bytes, as Spark sorts a partition before it deals it out.
pub(super) fn dealing_order(executor: &Executor, columns: &[ArrayRef], rows: usize) -> Result<Vec<u32>> {
    let mut bytes = Vec::new();
    let mut keys = Vec::with_capacity(rows);
    for row in 0..rows {
        if row % 16_384 == 0 {
            executor.check()?;
        }
        let start = bytes.len();
        write_row(&mut bytes, columns, row);
        keys.push((murmur3_bytes(&bytes[start..], SEED), start..bytes.len()));
    }
    let mut order: Vec<u32> = (0..rows as u32).collect();
    order.sort_by(|a, b| {
        let ((hash_a, a), (hash_b, b)) = (&keys[*a as usize], &keys[*b as usize]);
        hash_a.cmp(hash_b).then_with(|| compare(&bytes[a.clone()], &bytes[b.clone()]))
    });
    Ok(order)
}

/// `RecordBinaryComparator`: the shorter first, then by the first words that differ, as unsigned big-endian numbers.
fn compare(a: &[u8], b: &[u8]) -> std::cmp::Ordering {
    a.len().cmp(&b.len()).then_with(|| a.cmp(b))
}

/// A row, or a struct within one: null bits, one word a field, then what doesn't fit a word.
fn write_row(out: &mut Vec<u8>, columns: &[ArrayRef], row: usize) {
    let start = out.len();
    let bits = columns.len().div_ceil(64) * 8;
    out.resize(start + bits + columns.len() * 8, 0);
    for (i, column) in columns.iter().enumerate() {
        if column.is_null(row) || *column.data_type() == ArrowType::Null {
            out[start + i / 8] |= 1 << (i % 8);
            continue;
        }
        write_field(out, start, start + bits + i * 8, column, row);
    }
}

/// Writes a value into the place at `slot`, or behind the record that begins at `base` with offset and size in the slot.
fn write_field(out: &mut Vec<u8>, base: usize, slot: usize, column: &ArrayRef, row: usize) {
    if let Some((bytes, length)) = fixed(column, row) {
        out[slot..slot + length].copy_from_slice(&bytes[..length]);
        return;
    }
    let start = out.len();
    match column.data_type() {
        ArrowType::Utf8 => out.extend_from_slice(column.as_string::<i32>().value(row).as_bytes()),
        ArrowType::Binary => out.extend_from_slice(column.as_binary::<i32>().value(row)),
        ArrowType::Decimal128(..) => {
            let number = column.as_primitive::<Decimal128Type>().value(row).to_be_bytes();
            let sign = if number[0] & 0x80 == 0 { 0 } else { 0xFF };
            let mut kept = 0;
            while kept < 15 && number[kept] == sign && (number[kept + 1] ^ sign) & 0x80 == 0 {
                kept += 1;
            }
            out.extend_from_slice(&number[kept..]);
            let size = out.len() - start;
            out.resize(start + 16, 0);
            return point(out, slot, start - base, size);
        }
        ArrowType::List(_) => write_array(out, &column.as_list::<i32>().value(row)),
        ArrowType::Struct(_) => write_row(out, column.as_struct().columns(), row),
        ArrowType::Map(..) => {
            let entries = column.as_map().value(row);
            out.extend_from_slice(&[0; 8]);
            write_array(out, entries.column(0));
            let keys = (out.len() - start - 8) as u64;
            out[start..start + 8].copy_from_slice(&keys.to_le_bytes());
            write_array(out, entries.column(1));
        }
        _ => {}
    }
    let size = out.len() - start;
    out.resize(start + size.div_ceil(8) * 8, 0);
    point(out, slot, start - base, size);
}

fn point(out: &mut [u8], slot: usize, offset: usize, size: usize) {
    let word = (offset as u64) << 32 | size as u64;
    out[slot..slot + 8].copy_from_slice(&word.to_le_bytes());
}

/// An array: its length, null bits, the elements side by side, then what doesn't fit.
fn write_array(out: &mut Vec<u8>, items: &ArrayRef) {
    let start = out.len();
    let width =
        items.data_type().primitive_width().filter(|w| *w <= 8).unwrap_or(if *items.data_type() == ArrowType::Boolean { 1 } else { 8 });
    let head = 8 + items.len().div_ceil(64) * 8;
    out.extend_from_slice(&(items.len() as u64).to_le_bytes());
    out.resize(start + head + (items.len() * width).div_ceil(8) * 8, 0);
    for i in 0..items.len() {
        if items.is_null(i) {
            out[start + 8 + i / 8] |= 1 << (i % 8);
        } else {
            write_field(out, start, start + head + i * width, items, i);
        }
    }
}

/// The little-endian bytes of a value that fits a word, and how many they are.
fn fixed(column: &ArrayRef, row: usize) -> Option<([u8; 8], usize)> {
    fn word<const N: usize>(bytes: [u8; N]) -> ([u8; 8], usize) {
        let mut word = [0; 8];
        word[..N].copy_from_slice(&bytes);
        (word, N)
    }
    Some(match column.data_type() {
        ArrowType::Boolean => word([u8::from(column.as_boolean().value(row))]),
        ArrowType::Int8 => word(column.as_primitive::<Int8Type>().value(row).to_le_bytes()),
        ArrowType::Int16 => word(column.as_primitive::<Int16Type>().value(row).to_le_bytes()),
        ArrowType::Int32 => word(column.as_primitive::<Int32Type>().value(row).to_le_bytes()),
        ArrowType::Int64 => word(column.as_primitive::<Int64Type>().value(row).to_le_bytes()),
        ArrowType::Float32 => word(column.as_primitive::<Float32Type>().value(row).to_le_bytes()),
        ArrowType::Float64 => word(column.as_primitive::<Float64Type>().value(row).to_le_bytes()),
        ArrowType::Date32 => word(column.as_primitive::<Date32Type>().value(row).to_le_bytes()),
        ArrowType::Timestamp(..) => word(column.as_primitive::<TimestampMicrosecondType>().value(row).to_le_bytes()),
        ArrowType::Decimal128(precision, _) if *precision <= 18 => {
            word((column.as_primitive::<Decimal128Type>().value(row) as i64).to_le_bytes())
        }
        _ => return None,
    })
}

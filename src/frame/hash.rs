//! Spark's hashes: Murmur3 (x86, 32 bits) of columns, which places rows into partitions and is the SQL function `hash`.

use arrow_array::cast::AsArray;
use arrow_array::types::{
    ArrowPrimitiveType, Date32Type, Decimal128Type, Float32Type, Float64Type, Int8Type, Int16Type, Int32Type, Int64Type,
    TimestampMicrosecondType,
};
use arrow_array::{Array, ArrayRef};
use arrow_schema::{DataType, TimeUnit};
use kindling_partition::{Error, Result};

/// The seed of the SQL function `hash` and of hash partitioning.
pub const SEED: i32 = 42;

/// `hash(columns)` of Spark SQL, one number a row: each column's hash is the seed of the next one's, and nulls pass theirs on.
///
/// # Errors
/// When a column's type has no hash.
pub fn hash_rows(columns: &[ArrayRef], rows: usize) -> Result<Vec<i32>> {
    let mut hashes = vec![SEED; rows];
    for column in columns {
        fold_column(column, &mut hashes)?;
    }
    Ok(hashes)
}

/// The remainder that is never negative: which of `n` partitions a hash belongs to.
#[inline]
pub fn pmod(hash: i32, n: usize) -> usize {
    let n = i64::try_from(n).unwrap_or(i64::MAX);
    usize::try_from(i64::from(hash).rem_euclid(n)).unwrap_or(0)
}

/// Replaces each row's running hash with the hash of its value seeded by it; a null leaves it alone.
///
/// Arrays, maps and structs fold their elements in order, as Spark's `InterpretedHashFunction` does.
///
/// # Errors
/// When the type has no hash.
pub fn fold_column(column: &dyn Array, hashes: &mut [i32]) -> Result<()> {
    match column.data_type() {
        DataType::Null => {}
        DataType::Boolean => {
            let values = column.as_boolean();
            fold(column, hashes, |i, seed| hash_int(i32::from(values.value(i)), seed));
        }
        DataType::Int8 => primitive::<Int8Type>(column, hashes, |v, seed| hash_int(i32::from(v), seed)),
        DataType::Int16 => primitive::<Int16Type>(column, hashes, |v, seed| hash_int(i32::from(v), seed)),
        DataType::Int32 => primitive::<Int32Type>(column, hashes, hash_int),
        DataType::Date32 => primitive::<Date32Type>(column, hashes, hash_int),
        DataType::Int64 => primitive::<Int64Type>(column, hashes, hash_long),
        DataType::Timestamp(TimeUnit::Microsecond, _) => primitive::<TimestampMicrosecondType>(column, hashes, hash_long),
        DataType::Float32 => primitive::<Float32Type>(column, hashes, hash_float),
        DataType::Float64 => primitive::<Float64Type>(column, hashes, hash_double),
        DataType::Decimal128(precision, _) if *precision <= 18 => {
            primitive::<Decimal128Type>(column, hashes, |v, seed| hash_long(v as i64, seed));
        }
        DataType::Decimal128(..) => {
            primitive::<Decimal128Type>(column, hashes, |v, seed| hash_bytes(minimal_bytes(&v.to_be_bytes()), seed))
        }
        DataType::Utf8 => {
            let values = column.as_string::<i32>();
            fold(column, hashes, |i, seed| hash_bytes(values.value(i).as_bytes(), seed));
        }
        DataType::Binary => {
            let values = column.as_binary::<i32>();
            fold(column, hashes, |i, seed| hash_bytes(values.value(i), seed));
        }
        DataType::List(_) => {
            let lists = column.as_list::<i32>();
            fold_elements(column, hashes, &[lists.values().as_ref()], |i| {
                let offsets = lists.value_offsets();
                offsets[i] as usize..offsets[i + 1] as usize
            })?;
        }
        DataType::FixedSizeList(_, size) => {
            let lists = column.as_fixed_size_list();
            let size = usize::try_from(*size).unwrap_or(0);
            fold_elements(column, hashes, &[lists.values().as_ref()], |i| {
                let start = lists.value_offset_at(i);
                start..start + size
            })?;
        }
        DataType::Map(..) => {
            let maps = column.as_map();
            fold_elements(column, hashes, &[maps.keys().as_ref(), maps.values().as_ref()], |i| {
                let offsets = maps.value_offsets();
                offsets[i] as usize..offsets[i + 1] as usize
            })?;
        }
        DataType::Struct(_) => {
            let before: Vec<(usize, i32)> = (0..column.len()).filter(|i| column.is_null(*i)).map(|i| (i, hashes[i])).collect();
            for field in column.as_struct().columns() {
                fold_column(field, hashes)?;
            }
            for (i, hash) in before {
                hashes[i] = hash;
            }
        }
        other => return Err(Error::unsupported(format!("A column of type {other} can't be hashed."))),
    }
    Ok(())
}

fn primitive<T: ArrowPrimitiveType>(column: &dyn Array, hashes: &mut [i32], hash: impl Fn(T::Native, i32) -> i32) {
    let values = column.as_primitive::<T>().values();
    fold(column, hashes, |i, seed| hash(values[i], seed));
}

#[optimize(speed)]
fn fold(column: &dyn Array, hashes: &mut [i32], hash: impl Fn(usize, i32) -> i32) {
    let nulls = column.nulls().filter(|nulls| nulls.null_count() > 0);
    for (i, so_far) in hashes.iter_mut().enumerate() {
        if nulls.is_none_or(|nulls| nulls.is_valid(i)) {
            *so_far = hash(i, *so_far);
        }
    }
}

/// Folds the elements `range(row)` of `children` into each row's hash, the children taking turns (the keys and values of a map).
fn fold_elements(
    column: &dyn Array,
    hashes: &mut [i32],
    children: &[&dyn Array],
    range: impl Fn(usize) -> std::ops::Range<usize>,
) -> Result<()> {
    for (i, hash) in hashes.iter_mut().enumerate().filter(|(i, _)| column.is_valid(*i)) {
        for k in range(i) {
            for child in children {
                fold_column(child.slice(k, 1).as_ref(), std::slice::from_mut(hash))?;
            }
        }
    }
    Ok(())
}

/// Spark's hash of an `int`, also of smaller integers, booleans and dates.
#[inline]
pub fn hash_int(value: i32, seed: i32) -> i32 {
    finish(mix_hash(seed, mix_key(value)), 4)
}

/// Spark's hash of a `bigint`, also of timestamps and small decimals.
#[inline]
pub fn hash_long(value: i64, seed: i32) -> i32 {
    let low = mix_hash(seed, mix_key(value as i32));
    finish(mix_hash(low, mix_key((value >> 32) as i32)), 8)
}

fn hash_float(value: f32, seed: i32) -> i32 {
    let bits = if value == 0.0 {
        0
    } else if value.is_nan() {
        0x7FC0_0000
    } else {
        value.to_bits()
    };
    hash_int(bits as i32, seed)
}

/// Spark's hash of a `double`: both zeros and all NaNs are alike.
pub fn hash_double(value: f64, seed: i32) -> i32 {
    let bits = if value == 0.0 {
        0
    } else if value.is_nan() {
        0x7FF8_0000_0000_0000
    } else {
        value.to_bits()
    };
    hash_long(bits as i64, seed)
}

/// Spark's hash of a string's or binary's bytes: whole words as Murmur3 has it, then each byte of the rest as a word of its own.
#[inline]
pub fn hash_bytes(bytes: &[u8], seed: i32) -> i32 {
    let (words, rest) = bytes.as_chunks::<4>();
    let mut hash = seed;
    for word in words {
        hash = mix_hash(hash, mix_key(i32::from_le_bytes(*word)));
    }
    for byte in rest {
        hash = mix_hash(hash, mix_key(i32::from(*byte as i8)));
    }
    finish(hash, bytes.len())
}

/// Murmur3 as published (Appleby, MurmurHash3_x86_32) and as Scala's `MurmurHash3.bytesHash` has it.
pub fn murmur3_bytes(bytes: &[u8], seed: i32) -> i32 {
    let (words, rest) = bytes.as_chunks::<4>();
    let mut hash = seed;
    for word in words {
        hash = mix_hash(hash, mix_key(i32::from_le_bytes(*word)));
    }
    if !rest.is_empty() {
        let mut word = [0; 4];
        word[..rest.len()].copy_from_slice(rest);
        hash ^= mix_key(i32::from_le_bytes(word));
    }
    finish(hash, bytes.len())
}

/// The fewest big-endian bytes that hold the number in two's complement: Java's `BigInteger.toByteArray`.
fn minimal_bytes(bytes: &[u8]) -> &[u8] {
    let mut rest = bytes;
    while let [first, second, ..] = rest
        && matches!((first, second >> 7), (0, 0) | (0xFF, 1))
    {
        rest = &rest[1..];
    }
    rest
}

#[inline]
fn mix_key(key: i32) -> i32 {
    key.wrapping_mul(0xCC9E_2D51_u32 as i32).rotate_left(15).wrapping_mul(0x1B87_3593)
}

#[inline]
fn mix_hash(hash: i32, key: i32) -> i32 {
    (hash ^ key).rotate_left(13).wrapping_mul(5).wrapping_add(0xE654_6B64_u32 as i32)
}

#[inline]
fn finish(hash: i32, length: usize) -> i32 {
    let mut h = hash as u32 ^ length as u32;
    h = (h ^ (h >> 16)).wrapping_mul(0x85EB_CA6B);
    h = (h ^ (h >> 13)).wrapping_mul(0xC2B2_AE35);
    (h ^ (h >> 16)) as i32
}

/// Expected values: `hash` of Spark 4.3 SQL, by tests/reference/draws.py.
#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use arrow_array::builder::{ListBuilder, StringBuilder};
    use arrow_array::*;
    use arrow_schema::Field;
    use serde_json::Value;

    use super::*;

    fn reference() -> Value {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/reference/draws.json");
        serde_json::from_str(&std::fs::read_to_string(path).expect("the reference file")).expect("valid JSON")
    }

    fn one(kind: &str, text: &str) -> ArrayRef {
        fn number<T: std::str::FromStr>(text: &str) -> Option<T> {
            text.parse().ok()
        }
        let null = text == "null";
        match kind {
            "boolean" => Arc::new(BooleanArray::from(vec![(!null).then(|| text == "true")])),
            "tinyint" => Arc::new(Int8Array::from(vec![number(text)])),
            "smallint" => Arc::new(Int16Array::from(vec![number(text)])),
            "int" => Arc::new(Int32Array::from(vec![number(text)])),
            "bigint" => Arc::new(Int64Array::from(vec![number(text)])),
            "float" => Arc::new(Float32Array::from(vec![number(text)])),
            "double" => Arc::new(Float64Array::from(vec![number(text)])),
            "string" => Arc::new(StringArray::from(vec![(!null).then_some(text)])),
            "binary" => Arc::new(BinaryArray::from(vec![text.as_bytes()])),
            // 2024-02-29 and 12:34:56.789 on it, as days and microseconds since 1970.
            "date" => Arc::new(Date32Array::from(vec![19_782])),
            "timestamp" => Arc::new(TimestampMicrosecondArray::from(vec![19_782 * 86_400_000_000 + 45_296_789_000])),
            "decimal(10,2)" => Arc::new(Decimal128Array::from(vec![scaled(text, 2)]).with_precision_and_scale(10, 2).expect("fits")),
            "decimal(38,3)" => Arc::new(Decimal128Array::from(vec![scaled(text, 3)]).with_precision_and_scale(38, 3).expect("fits")),
            other => panic!("no array of {other}"),
        }
    }

    fn scaled(text: &str, scale: usize) -> i128 {
        let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
        format!("{whole}{fraction:0<scale$}").parse().expect("a decimal")
    }

    #[test]
    fn columns_hash_as_in_spark() {
        let reference = reference();
        for case in reference["hashes"].as_array().expect("a list") {
            let value = one(case["type"].as_str().expect("type"), case["text"].as_str().expect("text"));
            assert_eq!(Value::from(hash_rows(std::slice::from_ref(&value), 1).expect("hash")[0]), case["hash"], "{case}");
            let columns = [one("int", "1"), value, one("string", "x")];
            assert_eq!(Value::from(hash_rows(&columns, 1).expect("hash")[0]), case["folded"], "{case}");
        }
    }

    #[test]
    fn nested_values_fold_their_elements() {
        let nested = &reference()["nested"];
        let list = ListArray::from_iter_primitive::<Int32Type, _, _>([Some(vec![Some(1), None, Some(3)]), None]);
        let hashes = hash_rows(&[Arc::new(list)], 2).expect("hash");
        assert_eq!((Value::from(hashes[0]), Value::from(hashes[1])), (nested["a"].clone(), nested["z"].clone()));
        let fields = [("x", one("int", "1")), ("y", one("string", "b"))];
        let fields: Vec<_> = fields.map(|(name, array)| (Arc::new(Field::new(name, array.data_type().clone(), true)), array)).into();
        assert_eq!(Value::from(hash_rows(&[Arc::new(StructArray::from(fields))], 1).expect("hash")[0]), nested["s"]);
        let mut lists = ListBuilder::new(ListBuilder::new(StringBuilder::new()));
        lists.values().values().append_value("a");
        lists.values().append(true);
        lists.values().append(true);
        lists.append(true);
        assert_eq!(Value::from(hash_rows(&[Arc::new(lists.finish())], 1).expect("hash")[0]), nested["n"]);
    }

    #[test]
    fn a_partition_number_is_never_negative() {
        assert_eq!((pmod(-7, 5), pmod(7, 5), pmod(i32::MIN, 200)), (3, 2, 152));
    }
}

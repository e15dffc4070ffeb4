//! What a footer says of a column's values, and row groups that a filter needs not read for it: Spark's `ParquetFilters`.

use std::cmp::Ordering;

use super::shape::Shape;
use super::thrift::Thrift;
use crate::source::Is;
use crate::types::DataType;
use crate::value::Value;

/// A value by which statistics are kept, in the order of its type.
#[derive(Clone, Debug, PartialEq)]
enum Key {
    Whole(i64),
    Real(f64),
    Text(Vec<u8>),
}

impl Key {
    fn of(value: &Value) -> Option<Self> {
        Some(match value {
            Value::Byte(_) | Value::Short(_) | Value::Int(_) | Value::Long(_) => Self::Whole(value.as_i64()?),
            Value::Date(days) => Self::Whole(i64::from(*days)),
            Value::Timestamp(micros) | Value::TimestampNtz(micros) => Self::Whole(*micros),
            Value::Float(_) | Value::Double(_) => Self::Real(value.as_f64()?),
            Value::String(text) => Self::Text(text.as_bytes().to_vec()),
            _ => return None,
        })
    }

    /// None for values that have no order among each other, NaN among them.
    fn compare(&self, other: &Self) -> Option<Ordering> {
        match (self, other) {
            (Self::Whole(a), Self::Whole(b)) => Some(a.cmp(b)),
            (Self::Real(a), Self::Real(b)) => a.partial_cmp(b),
            (Self::Text(a), Self::Text(b)) => Some(a.cmp(b)),
            _ => None,
        }
    }
}

/// Whether a row of the group may pass the test, by the statistics of its column, which has `values` entries.
pub(super) fn may_pass(is: &Is, shape: &Shape, data_type: &DataType, statistics: &Thrift, values: usize) -> bool {
    let Shape::Leaf { physical, repeats: 0, unit, .. } = shape else { return true };
    let nulls = statistics.size(3);
    let bound = |newer: i16, older: i16| {
        let wholes = matches!(physical.number, 1 | 2);
        let bytes = statistics.get(newer).or_else(|| statistics.get(older).filter(|_| wholes))?;
        match bytes {
            Thrift::Bytes(bytes) => decode(bytes, physical.number, data_type, *unit),
            _ => None,
        }
    };
    let (least, most) = (bound(6, 2), bound(5, 1));
    let against = |bound: Option<Key>, value: &Value| bound?.compare(&Key::of(value)?);
    match is {
        Is::Null => nulls != Some(0),
        _ if nulls == Some(values) => false,
        Is::NotNull => true,
        Is::Equal(v) => against(least, v) != Some(Ordering::Greater) && against(most, v) != Some(Ordering::Less),
        // NaN is larger than every number, and in no statistics.
        Is::Greater(_) | Is::GreaterOrEqual(_) if matches!(data_type, DataType::Float | DataType::Double) => true,
        Is::Less(v) => !matches!(against(least, v), Some(Ordering::Greater | Ordering::Equal)),
        Is::LessOrEqual(v) => against(least, v) != Some(Ordering::Greater),
        Is::Greater(v) => !matches!(against(most, v), Some(Ordering::Less | Ordering::Equal)),
        Is::GreaterOrEqual(v) => against(most, v) != Some(Ordering::Less),
    }
}

fn decode(bytes: &[u8], physical: u8, data_type: &DataType, unit: i64) -> Option<Key> {
    Some(match (physical, data_type) {
        (1, DataType::Byte | DataType::Short | DataType::Int | DataType::Date) => {
            Key::Whole(i64::from(i32::from_le_bytes(bytes.try_into().ok()?)))
        }
        (2, DataType::Long) => Key::Whole(i64::from_le_bytes(bytes.try_into().ok()?)),
        (2, DataType::Timestamp | DataType::TimestampNtz) if unit == 1_000_000 => Key::Whole(i64::from_le_bytes(bytes.try_into().ok()?)),
        (4, DataType::Float) => Key::Real(f64::from(f32::from_le_bytes(bytes.try_into().ok()?))),
        (5, DataType::Double) => Key::Real(f64::from_le_bytes(bytes.try_into().ok()?)),
        (6, DataType::String) => Key::Text(bytes.to_vec()),
        _ => return None,
    })
}

/// Texts longer than this have no statistics.
const LONGEST: usize = 64;

/// The least and the largest of a column's values as they are written, for the footer; nothing where their order isn't known.
pub(super) fn bounds(data_type: &DataType, physical: u8, values: &[u8]) -> Option<(Vec<u8>, Vec<u8>)> {
    let whole = |width: usize, read: fn(&[u8]) -> i64| {
        let (mut least, mut most) = (i64::MAX, i64::MIN);
        for value in values.chunks_exact(width) {
            let value = read(value);
            least = least.min(value);
            most = most.max(value);
        }
        let cut = |v: i64| v.to_le_bytes()[..width].to_vec();
        (least <= most).then(|| (cut(least), cut(most)))
    };
    match (physical, data_type) {
        (1, _) => whole(4, |b| b.try_into().map_or(0, |b| i64::from(i32::from_le_bytes(b)))),
        (2, _) => whole(8, |b| b.try_into().map_or(0, i64::from_le_bytes)),
        (5, _) => {
            let (mut least, mut most) = (f64::INFINITY, f64::NEG_INFINITY);
            for value in values.as_chunks().0 {
                let value = f64::from_le_bytes(*value);
                if value.is_nan() {
                    return None;
                }
                least = least.min(value);
                most = most.max(value);
            }
            // Zeros of both signs are equal but not the same bytes.
            let (least, most) = (if least == 0.0 { -0.0 } else { least }, if most == 0.0 { 0.0 } else { most });
            (least <= most).then(|| (least.to_le_bytes().to_vec(), most.to_le_bytes().to_vec()))
        }
        (6, DataType::String) => {
            let (mut at, mut bounds) = (0, None::<(&[u8], &[u8])>);
            while let Some(length) = values.get(at..at + 4) {
                let length = u32::from_le_bytes(length.try_into().ok()?) as usize;
                let text = values.get(at + 4..at + 4 + length)?;
                bounds = Some(bounds.map_or((text, text), |(least, most)| (least.min(text), most.max(text))));
                at += 4 + length;
            }
            bounds.filter(|(least, most)| least.len() <= LONGEST && most.len() <= LONGEST).map(|(a, b)| (a.to_vec(), b.to_vec()))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::parquet::encoding::Physical;

    fn leaf(number: u8) -> Shape {
        Shape::Leaf { leaf: 0, physical: Physical { number, length: 0 }, there: 1, repeats: 0, unit: 0 }
    }

    #[test]
    fn groups_outside_of_the_bounds_are_passed_over() {
        let values: Vec<u8> = [3_i32, 9, 5].iter().flat_map(|v| v.to_le_bytes()).collect();
        let (least, most) = bounds(&DataType::Int, 1, &values).expect("bounds");
        let known = Thrift::Struct(vec![(3, Thrift::I64(0)), (5, Thrift::Bytes(most)), (6, Thrift::Bytes(least))]);
        let passes = |is: Is| may_pass(&is, &leaf(1), &DataType::Int, &known, 3);
        assert!(passes(Is::Equal(Value::Int(5))) && passes(Is::Equal(Value::Long(4))));
        assert!(!passes(Is::Equal(Value::Int(10))) && !passes(Is::Greater(Value::Int(9))) && !passes(Is::Less(Value::Int(3))));
        assert!(passes(Is::GreaterOrEqual(Value::Int(9))) && passes(Is::LessOrEqual(Value::Int(3))));
        assert!(!passes(Is::Null) && passes(Is::NotNull));
        // Of another type nothing is known.
        assert!(passes(Is::Equal(Value::from("x"))));
    }

    #[test]
    fn numbers_that_are_none_hide_from_statistics() {
        let values: Vec<u8> = [1.0_f64, f64::NAN].iter().flat_map(|v| v.to_le_bytes()).collect();
        assert_eq!(bounds(&DataType::Double, 5, &values), None);
        let least = (-0.0_f64).to_le_bytes().to_vec();
        assert_eq!(bounds(&DataType::Double, 5, &0.0_f64.to_le_bytes()), Some((least, 0.0_f64.to_le_bytes().to_vec())));
        let known = Thrift::Struct(vec![(3, Thrift::I64(0)), (5, Thrift::Bytes(1.0_f64.to_le_bytes().to_vec()))]);
        assert!(may_pass(&Is::Greater(Value::Double(2.0)), &leaf(5), &DataType::Double, &known, 2));
    }
}

//! The encoding taken apart, without copies.

use kindling_partition::Result;

use super::{Variant, malformed};
use crate::value::Value;

/// A value within a variant: its bytes, and maybe what comes after them.
#[derive(Clone, Copy)]
pub struct View<'a> {
    pub(super) value: &'a [u8],
    pub(super) metadata: &'a [u8],
}

/// A value with its parts.
pub enum Node<'a> {
    /// A null, or a value of one of the types that can be cast to a variant; integers are `BIGINT`.
    Scalar(Value),
    Array(Vec<View<'a>>),
    /// The members in the order of their names.
    Object(Vec<(&'a str, View<'a>)>),
}

/// Bytes for each of the scalars that begin with a type of so many: null, true, false, four integers, double, three decimals, date, two
/// timestamps, float, binary, text, time, two timestamps of nanoseconds, UUID.
const WIDTHS: [usize; 21] = [0, 0, 0, 1, 2, 4, 8, 8, 5, 9, 17, 4, 8, 8, 4, 4, 4, 8, 8, 8, 16];

fn unsigned(bytes: &[u8], at: usize, width: usize) -> Result<usize> {
    let found = at.checked_add(width).and_then(|end| bytes.get(at..end)).ok_or_else(malformed)?;
    Ok(found.iter().rev().fold(0, |number, byte| number << 8 | usize::from(*byte)))
}

fn signed(bytes: &[u8]) -> i128 {
    let sign = if bytes.last().is_some_and(|b| *b >= 0x80) { -1 } else { 0 };
    bytes.iter().rev().fold(sign, |number, byte| number << 8 | i128::from(*byte))
}

/// Where the parts of an array or object lie.
struct Table {
    size: usize,
    ids: usize,
    id_width: usize,
    offsets: usize,
    offset_width: usize,
}

impl Table {
    fn data(&self) -> usize {
        self.offsets + (self.size + 1) * self.offset_width
    }

    fn offset(&self, bytes: &[u8], i: usize) -> Result<usize> {
        unsigned(bytes, self.offsets + i * self.offset_width, self.offset_width)
    }
}

impl<'a> View<'a> {
    fn header(self) -> Result<(u8, usize)> {
        let first = *self.value.first().ok_or_else(malformed)?;
        Ok((first & 3, usize::from(first >> 2)))
    }

    fn table(self, is_object: bool, info: usize) -> Result<Table> {
        let large = info >> if is_object { 4 } else { 2 } & 1 == 1;
        let counted = if large { 4 } else { 1 };
        // Keeps a wrong count from asking for memory, too.
        let size = unsigned(self.value, 1, counted).ok().filter(|size| *size < self.value.len()).ok_or_else(malformed)?;
        let id_width = if is_object { (info >> 2 & 3) + 1 } else { 0 };
        let ids = 1 + counted;
        let table = Table { size, ids, id_width, offsets: ids + size * id_width, offset_width: (info & 3) + 1 };
        if table.data() > self.value.len() { Err(malformed()) } else { Ok(table) }
    }

    /// The bytes of the value alone.
    ///
    /// # Errors
    /// `MALFORMED_VARIANT`
    pub(super) fn bytes(self) -> Result<&'a [u8]> {
        let (basic, info) = self.header()?;
        let length = match basic {
            0 => {
                let width = *WIDTHS.get(info).ok_or_else(malformed)?;
                let more = if matches!(info, 15 | 16) { unsigned(self.value, 1, 4)? } else { 0 };
                more.saturating_add(1 + width)
            }
            1 => 1 + info,
            basic => {
                let table = self.table(basic == 2, info)?;
                table.data().saturating_add(table.offset(self.value, table.size)?)
            }
        };
        self.value.get(..length).ok_or_else(malformed)
    }

    /// The value as one of its own, with the names of the whole.
    ///
    /// # Errors
    /// `MALFORMED_VARIANT`
    pub(crate) fn owned(self) -> Result<Variant> {
        Ok(Variant { value: self.bytes()?.into(), metadata: self.metadata.into() })
    }

    /// # Errors
    /// `MALFORMED_VARIANT`
    pub fn open(self) -> Result<Node<'a>> {
        let (basic, info) = self.header()?;
        if basic < 2 {
            return self.scalar(basic, info).map(Node::Scalar);
        }
        let table = self.table(basic == 2, info)?;
        let part = |i: usize| {
            let at = table.data().saturating_add(table.offset(self.value, i)?);
            Ok(View { value: self.value.get(at..).ok_or_else(malformed)?, ..self })
        };
        if basic == 3 {
            return Ok(Node::Array((0..table.size).map(part).collect::<Result<_>>()?));
        }
        let member = |i: usize| {
            let id = unsigned(self.value, table.ids + i * table.id_width, table.id_width)?;
            Ok((name(self.metadata, id)?, part(i)?))
        };
        Ok(Node::Object((0..table.size).map(member).collect::<Result<_>>()?))
    }

    fn scalar(self, basic: u8, info: usize) -> Result<Value> {
        let bytes = self.bytes()?;
        let text = |bytes: &[u8]| std::str::from_utf8(bytes).map(Value::from).map_err(|_| malformed());
        if basic == 1 {
            return text(&bytes[1..]);
        }
        let rest = &bytes[1..];
        let whole = || signed(rest) as i64;
        Ok(match info {
            0 => Value::Null,
            1 | 2 => Value::Boolean(info == 1),
            3..=6 => Value::Long(whole()),
            7 => Value::Double(f64::from_bits(whole() as u64)),
            8..=10 => {
                let (unscaled, scale) = (signed(&rest[1..]), rest[0]);
                let most = [9, 18, 38][info - 8];
                if scale > most || unscaled.unsigned_abs() >= 10_u128.pow(u32::from(most)) {
                    return Err(malformed());
                }
                decimal(unscaled, scale as i8)
            }
            11 => Value::Date(whole() as i32),
            12 => Value::Timestamp(whole()),
            13 => Value::TimestampNtz(whole()),
            14 => Value::Float(f32::from_bits(whole() as u32)),
            15 => Value::Binary(rest[4..].into()),
            16 => return text(&rest[4..]),
            20 => {
                let hex: String = rest.iter().map(|b| format!("{b:02x}")).collect();
                Value::from([&hex[..8], &hex[8..12], &hex[12..16], &hex[16..20], &hex[20..]].join("-"))
            }
            _ => return Err(malformed()),
        })
    }
}

/// A value without zeros at the end of a decimal, as Spark reads it.
pub(crate) fn stripped(value: Value) -> Value {
    let Value::Decimal { mut unscaled, mut scale, .. } = value else { return value };
    while scale > 0 && unscaled % 10 == 0 {
        (unscaled, scale) = (unscaled / 10, scale - 1);
    }
    decimal(unscaled, scale)
}

/// A decimal of just the digits that it has.
fn decimal(unscaled: i128, scale: i8) -> Value {
    let digits = unscaled.unsigned_abs().checked_ilog10().map_or(1, |n| n as u8 + 1);
    Value::Decimal { unscaled, precision: digits.max(scale as u8), scale }
}

/// All names in the order of their numbers.
pub(super) fn names(metadata: &[u8]) -> Result<Vec<&str>> {
    let width = usize::from(metadata.first().ok_or_else(malformed)? >> 6) + 1;
    (0..unsigned(metadata, 1, width)?).map(|id| name(metadata, id)).collect()
}

/// A name by its number.
fn name(metadata: &[u8], id: usize) -> Result<&str> {
    let first = *metadata.first().ok_or_else(malformed)?;
    let width = usize::from(first >> 6) + 1;
    let size = unsigned(metadata, 1, width)?;
    if first & 15 != 1 || id >= size || size > metadata.len() {
        return Err(malformed());
    }
    let texts = 1 + (size + 2) * width;
    let at = |i: usize| Ok(texts.saturating_add(unsigned(metadata, 1 + (i + 1) * width, width)?));
    let found = metadata.get(at(id)?..at(id + 1)?).ok_or_else(malformed)?;
    std::str::from_utf8(found).map_err(|_| malformed())
}

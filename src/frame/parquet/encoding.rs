//! Bytes of a page as numbers and values.

use super::thrift::{read_varint, unzigzag};

/// Values of one physical type, those that aren't null, one after the other.
#[derive(Clone, Debug)]
pub(super) enum Values {
    Bool(Vec<bool>),
    I32(Vec<i32>),
    I64(Vec<i64>),
    F32(Vec<f32>),
    F64(Vec<f64>),
    /// `BYTE_ARRAY`, `FIXED_LEN_BYTE_ARRAY` and `INT96`.
    Bytes {
        ends: Vec<u32>,
        data: Vec<u8>,
    },
}

/// A leaf's physical type, by Parquet's number, and the length of a fixed one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Physical {
    pub number: u8,
    pub length: usize,
}

impl Physical {
    /// Bytes of a value; none where each has its own length or is a bit.
    fn width(self) -> Option<usize> {
        match self.number {
            1 | 4 => Some(4),
            2 | 5 => Some(8),
            3 => Some(12),
            7 => Some(self.length),
            _ => None,
        }
    }

    pub fn empty(self) -> Values {
        match self.number {
            0 => Values::Bool(Vec::new()),
            1 => Values::I32(Vec::new()),
            2 => Values::I64(Vec::new()),
            4 => Values::F32(Vec::new()),
            5 => Values::F64(Vec::new()),
            _ => Values::Bytes { ends: Vec::new(), data: Vec::new() },
        }
    }

    /// Appends `count` values of an encoding; none when the bytes are no such thing. `dictionary` holds what the indices mean.
    pub fn decode(self, encoding: i64, data: &[u8], count: usize, dictionary: Option<&Values>, out: &mut Values) -> Option<()> {
        match encoding {
            0 => self.plain(data, count, out),
            2 | 8 => {
                if count == 0 {
                    return Some(());
                }
                let (width, rest) = data.split_first()?;
                let indices = hybrid(rest, u32::from(*width), count)?;
                out.extend_picked(dictionary?, &indices)
            }
            3 => {
                let (_, bits) = data.split_at_checked(4)?;
                let Values::Bool(values) = out else { return None };
                values.extend(hybrid(bits, 1, count)?.into_iter().map(|bit| bit == 1));
                Some(())
            }
            5 => {
                let (found, _) = delta(data)?;
                match out {
                    Values::I32(values) => values.extend(found.iter().take(count).map(|v| *v as i32)),
                    Values::I64(values) => values.extend(found.iter().take(count)),
                    _ => return None,
                }
                Some(())
            }
            6 => {
                let (lengths, mut at) = delta(data)?;
                for length in lengths.iter().take(count) {
                    let end = at.checked_add(usize::try_from(*length).ok()?)?;
                    out.push_bytes(data.get(at..end)?)?;
                    at = end;
                }
                Some(())
            }
            7 => {
                let (prefixes, at) = delta(data)?;
                let (lengths, used) = delta(data.get(at..)?)?;
                let (mut at, mut value) = (at + used, Vec::new());
                for (prefix, length) in prefixes.iter().zip(&lengths).take(count) {
                    let end = at.checked_add(usize::try_from(*length).ok()?)?;
                    value.truncate(usize::try_from(*prefix).ok()?);
                    value.extend_from_slice(data.get(at..end)?);
                    out.push_bytes(&value)?;
                    at = end;
                }
                Some(())
            }
            9 => {
                let width = self.width()?;
                let mut plain = Vec::with_capacity(data.len());
                for i in 0..count {
                    for k in 0..width {
                        plain.push(*data.get(k * count + i)?);
                    }
                }
                self.plain(&plain, count, out)
            }
            _ => None,
        }
    }

    fn plain(self, data: &[u8], count: usize, out: &mut Values) -> Option<()> {
        if let Some(width) = self.width() {
            let data = data.get(..width.checked_mul(count)?)?;
            match out {
                Values::I32(values) => values.extend(data.as_chunks::<4>().0.iter().map(|b| i32::from_le_bytes(*b))),
                Values::I64(values) => values.extend(data.as_chunks::<8>().0.iter().map(|b| i64::from_le_bytes(*b))),
                Values::F32(values) => values.extend(data.as_chunks::<4>().0.iter().map(|b| f32::from_le_bytes(*b))),
                Values::F64(values) => values.extend(data.as_chunks::<8>().0.iter().map(|b| f64::from_le_bytes(*b))),
                Values::Bytes { .. } => return (0..count).try_for_each(|i| out.push_bytes(&data[i * width..(i + 1) * width])),
                Values::Bool(_) => return None,
            }
            return Some(());
        }
        if let Values::Bool(values) = out {
            values.extend((0..count).map(|i| data.get(i / 8).is_some_and(|b| b >> (i % 8) & 1 == 1)));
            return Some(());
        }
        let mut at = 0;
        for _ in 0..count {
            let length = u32::from_le_bytes(data.get(at..at + 4)?.try_into().ok()?) as usize;
            out.push_bytes(data.get(at + 4..at + 4 + length)?)?;
            at += 4 + length;
        }
        Some(())
    }
}

impl Values {
    pub fn len(&self) -> usize {
        match self {
            Self::Bool(values) => values.len(),
            Self::I32(values) => values.len(),
            Self::I64(values) => values.len(),
            Self::F32(values) => values.len(),
            Self::F64(values) => values.len(),
            Self::Bytes { ends, .. } => ends.len(),
        }
    }

    fn push_bytes(&mut self, bytes: &[u8]) -> Option<()> {
        let Self::Bytes { ends, data } = self else { return None };
        data.extend_from_slice(bytes);
        ends.push(u32::try_from(data.len()).ok()?);
        Some(())
    }

    /// The bytes of a value.
    pub fn bytes(&self, index: usize) -> &[u8] {
        match self {
            Self::Bytes { ends, data } => &data[if index == 0 { 0 } else { ends[index - 1] as usize }..ends[index] as usize],
            _ => &[],
        }
    }

    fn extend_picked(&mut self, from: &Values, indices: &[u32]) -> Option<()> {
        fn picked<T: Copy>(values: &mut Vec<T>, from: &[T], indices: &[u32]) -> Option<()> {
            values.reserve(indices.len());
            indices.iter().try_for_each(|i| from.get(*i as usize).map(|v| values.push(*v)))
        }
        match (self, from) {
            (Self::Bool(values), Self::Bool(from)) => picked(values, from, indices),
            (Self::I32(values), Self::I32(from)) => picked(values, from, indices),
            (Self::I64(values), Self::I64(from)) => picked(values, from, indices),
            (Self::F32(values), Self::F32(from)) => picked(values, from, indices),
            (Self::F64(values), Self::F64(from)) => picked(values, from, indices),
            (values @ Self::Bytes { .. }, Self::Bytes { ends, .. }) => {
                indices.iter().try_for_each(|i| if (*i as usize) < ends.len() { values.push_bytes(from.bytes(*i as usize)) } else { None })
            }
            _ => None,
        }
    }
}

/// `count` numbers of `width` bits, in runs of one number and of packed ones.
pub(super) fn hybrid(data: &[u8], width: u32, count: usize) -> Option<Vec<u32>> {
    let mut values = Vec::with_capacity(count.min(1 << 20));
    let mut at = 0;
    if width > 32 {
        return None;
    }
    while values.len() < count {
        let head = read_varint(data, &mut at)?;
        let left = count - values.len();
        if head & 1 == 1 {
            let packed = usize::try_from(head >> 1).ok()?.checked_mul(8)?;
            let bytes = packed / 8 * width as usize;
            // The last group may be cut off where its values end.
            let group = &data[at..data.len().min(at.checked_add(bytes)?)];
            (0..packed.min(left)).for_each(|i| values.push(bits(group, i as u64 * u64::from(width), width) as u32));
            at += bytes;
        } else {
            let run = usize::try_from(head >> 1).ok()?;
            let bytes = width.div_ceil(8) as usize;
            let mut value = 0_u32;
            for (i, byte) in data.get(at..at + bytes)?.iter().enumerate() {
                value |= u32::from(*byte) << (8 * i);
            }
            at += bytes;
            if run == 0 {
                return None;
            }
            values.resize(values.len() + run.min(left), value);
        }
        if at > data.len() && values.len() < count {
            return None;
        }
    }
    Some(values)
}

/// `width` bits from a place on, the lowest first; what lies behind the end is zero.
fn bits(data: &[u8], from: u64, width: u32) -> u64 {
    let (byte, shift) = ((from / 8) as usize, (from % 8) as u32);
    let mut found = 0_u128;
    for i in 0..((shift + width).div_ceil(8) as usize) {
        found |= u128::from(data.get(byte + i).copied().unwrap_or(0)) << (8 * i);
    }
    let mask = if width == 64 { u64::MAX } else { (1 << width) - 1 };
    (found >> shift) as u64 & mask
}

/// `DELTA_BINARY_PACKED`: differences in blocks, each less their least, packed. Also says how many bytes it took.
fn delta(data: &[u8]) -> Option<(Vec<i64>, usize)> {
    let mut at = 0;
    let block = usize::try_from(read_varint(data, &mut at)?).ok()?;
    let minis = usize::try_from(read_varint(data, &mut at)?).ok()?;
    let total = usize::try_from(read_varint(data, &mut at)?).ok()?;
    let first = unzigzag(read_varint(data, &mut at)?);
    if minis == 0 || block % minis != 0 {
        return None;
    }
    let mini = block / minis;
    let mut values = Vec::with_capacity(total.min(1 << 20));
    if total > 0 {
        values.push(first);
    }
    while values.len() < total {
        let least = unzigzag(read_varint(data, &mut at)?);
        let widths = data.get(at..at + minis)?;
        at += minis;
        for width in widths {
            if values.len() >= total {
                break;
            }
            let bytes = mini * usize::from(*width) / 8;
            let packed = data.get(at..at + bytes)?;
            for i in 0..mini.min(total - values.len()) {
                let difference = bits(packed, (i * usize::from(*width)) as u64, u32::from(*width)) as i64;
                let before = values.last().copied().unwrap_or(0);
                values.push(before.wrapping_add(least).wrapping_add(difference));
            }
            at += bytes;
        }
    }
    Some((values, at))
}

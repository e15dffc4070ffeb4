//! Thrift's compact protocol, in which Parquet's footers and page headers are written, without a schema.

/// A value of Thrift.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Thrift {
    Bool(bool),
    Byte(i8),
    I32(i32),
    I64(i64),
    Bytes(Vec<u8>),
    List(Vec<Thrift>),
    /// By the ids of the fields, in ascending order.
    Struct(Vec<(i16, Thrift)>),
}

impl Thrift {
    pub fn text(text: &str) -> Self {
        Self::Bytes(text.as_bytes().to_vec())
    }

    pub fn get(&self, id: i16) -> Option<&Thrift> {
        match self {
            Self::Struct(fields) => fields.iter().find(|f| f.0 == id).map(|f| &f.1),
            _ => None,
        }
    }

    pub fn int(&self, id: i16) -> Option<i64> {
        match self.get(id)? {
            Self::Byte(value) => Some(i64::from(*value)),
            Self::I32(value) => Some(i64::from(*value)),
            Self::I64(value) => Some(*value),
            _ => None,
        }
    }

    /// A length or a place, which can't be negative.
    pub fn size(&self, id: i16) -> Option<usize> {
        usize::try_from(self.int(id)?).ok()
    }

    pub fn flag(&self, id: i16) -> Option<bool> {
        match self.get(id)? {
            Self::Bool(value) => Some(*value),
            _ => None,
        }
    }

    pub fn string(&self, id: i16) -> Option<String> {
        match self.get(id)? {
            Self::Bytes(bytes) => Some(String::from_utf8_lossy(bytes).into_owned()),
            _ => None,
        }
    }

    pub fn list(&self, id: i16) -> &[Thrift] {
        match self.get(id) {
            Some(Self::List(items)) => items,
            _ => &[],
        }
    }

    /// Reads a struct; none when the bytes are none. Also says how many bytes it took.
    pub fn read(data: &[u8]) -> Option<(Self, usize)> {
        let mut reader = Reader { data, at: 0 };
        let value = reader.fields(0)?;
        Some((value, reader.at))
    }

    /// Appends a struct.
    pub fn write(&self, out: &mut Vec<u8>) {
        match self {
            Self::Bool(value) => out.push(if *value { 1 } else { 2 }),
            Self::Byte(value) => out.push(*value as u8),
            Self::I32(value) => write_varint(zigzag(i64::from(*value)), out),
            Self::I64(value) => write_varint(zigzag(*value), out),
            Self::Bytes(bytes) => {
                write_varint(bytes.len() as u64, out);
                out.extend_from_slice(bytes);
            }
            Self::List(items) => {
                let kind = items.first().map_or(12, Self::kind);
                if items.len() < 15 {
                    out.push((items.len() as u8) << 4 | kind);
                } else {
                    out.push(0xf0 | kind);
                    write_varint(items.len() as u64, out);
                }
                items.iter().for_each(|item| item.write(out));
            }
            Self::Struct(fields) => {
                let mut before = 0;
                for (id, value) in fields {
                    let kind = if *value == Self::Bool(false) { 2 } else { value.kind() };
                    match id - before {
                        step @ 1..=15 => out.push((step as u8) << 4 | kind),
                        // Too far for half a byte.
                        _ => {
                            out.push(kind);
                            write_varint(zigzag(i64::from(*id)), out);
                        }
                    }
                    before = *id;
                    if !matches!(value, Self::Bool(_)) {
                        value.write(out);
                    }
                }
                out.push(0);
            }
        }
    }

    fn kind(&self) -> u8 {
        match self {
            Self::Bool(_) => 1,
            Self::Byte(_) => 3,
            Self::I32(_) => 5,
            Self::I64(_) => 6,
            Self::Bytes(_) => 8,
            Self::List(_) => 9,
            Self::Struct(_) => 12,
        }
    }
}

fn zigzag(value: i64) -> u64 {
    (value << 1 ^ value >> 63) as u64
}

pub(super) fn unzigzag(value: u64) -> i64 {
    (value >> 1) as i64 ^ -((value & 1) as i64)
}

pub(super) fn write_varint(mut value: u64, out: &mut Vec<u8>) {
    while value >= 0x80 {
        out.push(value as u8 | 0x80);
        value >>= 7;
    }
    out.push(value as u8);
}

/// Reads a varint at a place and moves the place behind it.
pub(super) fn read_varint(data: &[u8], at: &mut usize) -> Option<u64> {
    let mut value = 0;
    for shift in (0..64).step_by(7) {
        let byte = *data.get(*at)?;
        *at += 1;
        value |= u64::from(byte & 0x7f) << shift;
        if byte < 0x80 {
            return Some(value);
        }
    }
    None
}

struct Reader<'a> {
    data: &'a [u8],
    at: usize,
}

impl Reader<'_> {
    fn byte(&mut self) -> Option<u8> {
        self.at += 1;
        self.data.get(self.at - 1).copied()
    }

    fn varint(&mut self) -> Option<u64> {
        read_varint(self.data, &mut self.at)
    }

    fn fields(&mut self, depth: usize) -> Option<Thrift> {
        let (mut fields, mut id) = (Vec::new(), 0_i16);
        loop {
            let head = self.byte()?;
            if head == 0 {
                return Some(Thrift::Struct(fields));
            }
            id = match head >> 4 {
                0 => unzigzag(self.varint()?) as i16,
                delta => id.checked_add(i16::from(delta))?,
            };
            let value = match head & 15 {
                1 => Thrift::Bool(true),
                2 => Thrift::Bool(false),
                kind => self.value(kind, depth + 1)?,
            };
            fields.push((id, value));
        }
    }

    fn value(&mut self, kind: u8, depth: usize) -> Option<Thrift> {
        if depth > 64 {
            return None;
        }
        Some(match kind {
            1 | 2 => Thrift::Bool(self.byte()? == 1),
            3 => Thrift::Byte(self.byte()? as i8),
            4 | 5 => Thrift::I32(unzigzag(self.varint()?) as i32),
            6 => Thrift::I64(unzigzag(self.varint()?)),
            7 => {
                self.at += 8;
                Thrift::I64(i64::from_le_bytes(self.data.get(self.at - 8..self.at)?.try_into().ok()?))
            }
            8 => {
                let length = usize::try_from(self.varint()?).ok()?;
                let end = self.at.checked_add(length)?;
                let bytes = self.data.get(self.at..end)?.to_vec();
                self.at = end;
                Thrift::Bytes(bytes)
            }
            9 | 10 => {
                let head = self.byte()?;
                let length = if head >> 4 == 15 { usize::try_from(self.varint()?).ok()? } else { usize::from(head >> 4) };
                // Every item takes a byte at least.
                if length > self.data.len() {
                    return None;
                }
                Thrift::List((0..length).map(|_| self.value(head & 15, depth + 1)).collect::<Option<_>>()?)
            }
            11 => {
                let length = self.varint()?;
                let kinds = if length > 0 { self.byte()? } else { 0 };
                for _ in 0..length {
                    self.value(kinds >> 4, depth + 1)?;
                    self.value(kinds & 15, depth + 1)?;
                }
                Thrift::List(Vec::new())
            }
            12 => self.fields(depth)?,
            _ => return None,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_reads_back() {
        let inner = Thrift::Struct(vec![(1, Thrift::text("a")), (14, Thrift::Bool(false))]);
        let value = Thrift::Struct(vec![
            (1, Thrift::I32(-5)),
            (2, Thrift::List(vec![inner; 20])),
            (3, Thrift::I64(1 << 40)),
            (9, Thrift::Bool(true)),
            (10, Thrift::List(vec![Thrift::I32(3), Thrift::I32(-1)])),
        ]);
        let mut bytes = Vec::new();
        value.write(&mut bytes);
        bytes.push(7);
        assert_eq!(Thrift::read(&bytes), Some((value, bytes.len() - 1)));
        assert_eq!(Thrift::read(&bytes[..20]), None);
    }
}

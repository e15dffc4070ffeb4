use super::{Kll, capacity, double, ordered};
use crate::functions::Numbers;

const FAMILY: u8 = 15;
const EMPTY: u8 = 1;
const SORTED: u8 = 2;
const SINGLE: u8 = 4;

impl Numbers {
    fn width(self) -> usize {
        if self == Self::Float { 4 } else { 8 }
    }

    fn write(self, item: i64, bytes: &mut Vec<u8>) {
        match self {
            Self::Long => bytes.extend(item.to_le_bytes()),
            Self::Double => bytes.extend(double(item).to_le_bytes()),
            Self::Float => bytes.extend((double(item) as f32).to_le_bytes()),
        }
    }

    fn read(self, bytes: &[u8]) -> Option<i64> {
        Some(match self {
            Self::Long => i64::from_le_bytes(bytes.try_into().ok()?),
            Self::Double => ordered(f64::from_le_bytes(bytes.try_into().ok()?)),
            Self::Float => ordered(f64::from(f32::from_le_bytes(bytes.try_into().ok()?))),
        })
    }
}

impl Kll {
    /// The sketch without free places.
    pub fn bytes(&self) -> Vec<u8> {
        let (ints, version, flags) = match self.count {
            0 => (2, 1, EMPTY),
            1 => (2, 2, SINGLE),
            _ => (5, 1, 0),
        };
        let [k, k_above] = self.k.to_le_bytes();
        let mut bytes = vec![ints, version, FAMILY, flags | if self.sorted { SORTED } else { 0 }, k, k_above, self.m, 0];
        if let (Some((least, most)), true) = (self.range, self.count > 1) {
            bytes.extend(self.count.to_le_bytes());
            bytes.extend(self.least_k.to_le_bytes());
            bytes.extend([self.levels.len() as u8, 0]);
            let mut start = self.room - self.held();
            for level in &self.levels {
                bytes.extend((start as u32).to_le_bytes());
                start += level.len();
            }
            self.numbers.write(least, &mut bytes);
            self.numbers.write(most, &mut bytes);
        }
        self.levels[0].iter().rev().chain(self.levels[1..].iter().flatten()).for_each(|item| self.numbers.write(*item, &mut bytes));
        bytes
    }

    /// How many bytes it has with its free places.
    pub(super) fn updatable_size(&self) -> usize {
        20 + 4 * (self.levels.len() + 1) + (2 + self.room) * self.numbers.width()
    }

    /// Reads a sketch; none of bytes that are no sketch.
    pub fn read(bytes: &[u8], numbers: Numbers) -> Option<Self> {
        let [ints, version, FAMILY, flags, k, k_above, m, _, rest @ ..] = bytes else { return None };
        let k = u16::from_le_bytes([*k, *k_above]);
        if !matches!(m, 2 | 4 | 6 | 8) || k < u16::from(*m) {
            return None;
        }
        let mut made = Self::new(k, numbers);
        (made.m, made.sorted) = (*m, flags & SORTED != 0);
        let (width, empty) = (numbers.width(), flags & EMPTY != 0);
        match (ints, version) {
            (2, 1) if empty => {}
            (2, 2) if !empty => {
                made.insert(numbers.read(rest.get(..width)?)?);
            }
            (5, 1 | 3) if !empty => {
                let (head, rest) = rest.split_at_checked(12)?;
                made.count = u64::from_le_bytes(head[..8].try_into().ok()?);
                made.least_k = u16::from_le_bytes([head[8], head[9]]);
                let levels = usize::from(head[10]);
                if !(1..=61).contains(&levels) {
                    return None;
                }
                let room: usize = (0..levels).map(|level| capacity(k, *m, levels, level)).sum();
                let (starts, rest) = rest.split_at_checked(4 * (levels + usize::from(*version == 3)))?;
                let (starts, _) = starts.as_chunks::<4>();
                let mut starts: Vec<usize> = starts.iter().map(|s| u32::from_le_bytes(*s) as usize).collect();
                if *version == 1 {
                    starts.push(room);
                }
                if starts[levels] != room || starts.windows(2).any(|w| w[0] > w[1]) {
                    return None;
                }
                let (range, rest) = rest.split_at_checked(2 * width)?;
                made.range = Some((numbers.read(&range[..width])?, numbers.read(&range[width..])?));
                let free = if *version == 3 { 0 } else { starts[0] };
                let items = |from: usize, to: usize| {
                    let items = rest.get((from - free) * width..(to - free) * width)?;
                    items.chunks_exact(width).map(|item| numbers.read(item)).collect::<Option<Vec<i64>>>()
                };
                made.levels = starts.windows(2).map(|w| items(w[0], w[1])).collect::<Option<_>>()?;
                made.levels[0].reverse();
                made.room = room;
            }
            _ => return None,
        }
        Some(made)
    }
}

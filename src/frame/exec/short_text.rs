//! Short texts as numbers: equal texts and only they have equal numbers, and the numbers are in the texts' order.
//!
//! Each place of the texts is a digit with as many values as there are bytes between the smallest and the largest one there, and one more
//! where some text has ended. So the hundred texts `id001` … `id100` are numbers below 2 · 10 · 10.

use std::simd::cmp::{SimdOrd, SimdPartialOrd};
use std::simd::{Select, u8x16};

use arrow_array::StringArray;

/// Texts up to so many bytes have numbers.
const LONGEST: usize = 16;

/// What the texts of a column have in common.
#[derive(Clone, Copy, Debug)]
pub(super) struct TextExtent {
    /// Of each place.
    smallest: u8x16,
    largest: u8x16,
    shortest: usize,
    longest: usize,
}

/// The bytes of a text, zeros behind them.
#[inline]
fn bytes_of(all: &[u8], start: usize, end: usize) -> u8x16 {
    match all[start..].first_chunk::<LONGEST>() {
        Some(piece) => has(end - start).select(u8x16::from_array(*piece), u8x16::splat(0)),
        None => last_bytes(&all[start..end]),
    }
}

#[cold]
fn last_bytes(text: &[u8]) -> u8x16 {
    let mut bytes = [0; LONGEST];
    let length = text.len().min(LONGEST);
    bytes[..length].copy_from_slice(&text[..length]);
    u8x16::from_array(bytes)
}

const PLACES: u8x16 = u8x16::from_array([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15]);

/// The places that a text of this length has.
#[inline]
fn has(length: usize) -> std::simd::Mask<i8, LONGEST> {
    PLACES.simd_lt(u8x16::splat(length.min(LONGEST) as u8))
}

impl TextExtent {
    /// None when a text is too long.
    #[optimize(speed)]
    pub fn of(texts: &StringArray) -> Option<Self> {
        let (offsets, all) = (texts.value_offsets(), texts.value_data());
        if let Some(extent) = Self::of_equally_long(offsets, all) {
            return Some(extent);
        }
        let (mut smallest, mut largest) = (u8x16::splat(u8::MAX), u8x16::splat(0));
        let (mut shortest, mut longest) = (usize::MAX, 0);
        for pair in offsets.windows(2) {
            let (start, end) = (pair[0] as usize, pair[1] as usize);
            let length = end - start;
            (shortest, longest) = (shortest.min(length), longest.max(length));
            if length > LONGEST {
                return None;
            }
            let bytes = bytes_of(all, start, end);
            largest = largest.simd_max(bytes);
            smallest = smallest.simd_min(has(length).select(bytes, u8x16::splat(u8::MAX)));
        }
        Some(Self { smallest, largest, shortest, longest })
    }

    /// The same of texts that all have one length, as names with a number often do: what is behind a text in its sixteen bytes is left out
    /// once at the end.
    #[optimize(speed)]
    fn of_equally_long(offsets: &[i32], all: &[u8]) -> Option<Self> {
        let (first, length) = (*offsets.first()? as usize, (offsets.get(1)? - offsets[0]) as usize);
        if length == 0 || length > LONGEST || offsets.windows(2).any(|pair| (pair[1] - pair[0]) as usize != length) {
            return None;
        }
        let (mut smallest, mut largest) = (u8x16::splat(u8::MAX), u8x16::splat(0));
        for start in (first..).step_by(length).take(offsets.len() - 1) {
            let bytes = match all[start..].first_chunk::<LONGEST>() {
                Some(piece) => u8x16::from_array(*piece),
                None => last_bytes(&all[start..start + length]),
            };
            largest = largest.simd_max(bytes);
            smallest = smallest.simd_min(bytes);
        }
        let here = has(length);
        let (smallest, largest) = (here.select(smallest, u8x16::splat(u8::MAX)), here.select(largest, u8x16::splat(0)));
        Some(Self { smallest, largest, shortest: length, longest: length })
    }

    pub fn and(self, other: Self) -> Self {
        Self {
            smallest: self.smallest.simd_min(other.smallest),
            largest: self.largest.simd_max(other.largest),
            shortest: self.shortest.min(other.shortest),
            longest: self.longest.max(other.longest),
        }
    }
}

/// The numbers of the texts of an extent.
#[derive(Clone, Debug)]
pub(super) struct TextNumbers {
    extent: TextExtent,
    /// One at each place that some text hasn't.
    ended: u8x16,
    /// The digits that tell texts apart, in order, as many to a run as make a number of 64 bits.
    runs: Vec<Run>,
}

#[derive(Clone, Debug)]
struct Run {
    /// The place of each digit and how many values it has.
    digits: Vec<(u8, u64)>,
    /// How many numbers the run makes.
    numbers: u64,
}

impl TextNumbers {
    /// The numbers and the highest there can be; none when that has more than 128 bits.
    pub fn new(extent: TextExtent) -> Option<(Self, u128)> {
        let ended = (!has(extent.shortest)).select(u8x16::splat(1), u8x16::splat(0));
        let mut runs = vec![Run { digits: Vec::new(), numbers: 1 }];
        let mut all: u128 = 1;
        for place in 0..extent.longest.min(LONGEST) {
            let bytes = u64::from(extent.largest[place]) + 1 - u64::from(extent.smallest[place]);
            let values = bytes + u64::from(ended[place]);
            if values == 1 {
                continue;
            }
            all = all.checked_mul(values.into())?;
            let last = runs.last_mut()?;
            match last.numbers.checked_mul(values) {
                Some(numbers) => {
                    last.numbers = numbers;
                    last.digits.push((place as u8, values));
                }
                None => runs.push(Run { digits: vec![(place as u8, values)], numbers: values }),
            }
        }
        Some((Self { extent, ended, runs }, all - 1))
    }

    /// Whether 64 bits hold each number.
    pub fn are_narrow(&self) -> bool {
        self.runs.len() == 1
    }

    /// The digits of a text by place; none when it isn't of the extent.
    #[inline]
    fn digits(&self, all: &[u8], start: usize, end: usize) -> Option<[u8; LONGEST]> {
        let length = end - start;
        if length < self.extent.shortest || length > self.extent.longest {
            return None;
        }
        let (bytes, here) = (bytes_of(all, start, end), has(length));
        let outside = bytes.simd_lt(self.extent.smallest) | bytes.simd_gt(self.extent.largest);
        if (outside & here).any() {
            return None;
        }
        // No byte of a text is above 244, so that one more fits.
        Some(here.select(bytes - self.extent.smallest + self.ended, u8x16::splat(0)).to_array())
    }

    /// The numbers of the texts from a row on, where all are narrow; the highest number of 64 bits, which no text has, for strangers.
    #[optimize(speed)]
    pub fn fill(&self, texts: &StringArray, start: usize, numbers: &mut [u64]) {
        let (offsets, all) = (&texts.value_offsets()[start..], texts.value_data());
        let run = self.runs.first();
        if self.extent.shortest == self.extent.longest {
            return self.fill_equally_long(offsets, all, numbers);
        }
        for (number, ends) in numbers.iter_mut().zip(offsets.windows(2)) {
            let digits = self.digits(all, ends[0] as usize, ends[1] as usize);
            *number = digits.map_or(u64::MAX, |digits| run.map_or(0, |run| run.of(&digits)));
        }
    }

    /// The same where all texts of the extent have one length: only places that they have make digits.
    #[optimize(speed)]
    fn fill_equally_long(&self, offsets: &[i32], all: &[u8], numbers: &mut [u64]) {
        let Self { extent, runs, .. } = self;
        let (here, length) = (has(extent.longest), extent.longest);
        for (number, ends) in numbers.iter_mut().zip(offsets.windows(2)) {
            let (start, end) = (ends[0] as usize, ends[1] as usize);
            let bytes = match all[start..].first_chunk::<LONGEST>() {
                Some(piece) => u8x16::from_array(*piece),
                None => last_bytes(&all[start..end]),
            };
            let outside = (bytes.simd_lt(extent.smallest) | bytes.simd_gt(extent.largest)) & here;
            *number = if end - start != length || outside.any() {
                u64::MAX
            } else {
                runs.first().map_or(0, |run| run.of(&(bytes - extent.smallest).to_array()))
            };
        }
    }

    /// The number of a text.
    #[inline]
    pub fn wide(&self, all: &[u8], start: usize, end: usize) -> Option<u128> {
        let digits = self.digits(all, start, end)?;
        Some(self.runs.iter().fold(0, |number, run| number * u128::from(run.numbers) + u128::from(run.of(&digits))))
    }
}

impl Run {
    #[inline]
    fn of(&self, digits: &[u8; LONGEST]) -> u64 {
        let mut number = 0;
        for (place, values) in &self.digits {
            number = number * values + u64::from(digits[usize::from(place & 15)]);
        }
        number
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn numbers(texts: &[String]) -> Option<(TextNumbers, u128)> {
        TextNumbers::new(TextExtent::of(&StringArray::from_iter_values(texts))?)
    }

    #[test]
    fn names_with_a_number_take_few_bits() {
        let names: Vec<String> = (1..=100).map(|i| format!("id{i:03}")).collect();
        assert_eq!(numbers(&names).map(|(_, highest)| highest), Some(199));
        let names: Vec<String> = (1..=50_000).map(|i| format!("id{i:010}")).collect();
        assert_eq!(numbers(&names).map(|(_, highest)| highest), Some(59_999));
        assert!(numbers(&["a text of 17 byte".to_owned()]).is_none());
    }

    fn text() -> impl Strategy<Value = String> {
        prop_oneof!["[a-d]{0,16}", "[ -~]{0,16}", "[\u{0}é語]{0,5}", "id[0-9]{10}"]
    }

    proptest! {
        #[test]
        fn numbers_are_in_the_order_of_the_texts(
            texts in prop_oneof![prop::collection::vec(text(), 1..30), prop::collection::vec("id[0-9]{4}", 1..30)],
            others in prop::collection::vec(text(), 1..30),
        ) {
            let Some((numbers, highest)) = numbers(&texts) else { return Ok(()) };
            let all: Vec<&String> = texts.iter().chain(&others).collect();
            let column = StringArray::from_iter_values(&all);
            let (offsets, bytes) = (column.value_offsets(), column.value_data());
            let number = |i: usize| numbers.wide(bytes, offsets[i] as usize, offsets[i + 1] as usize);
            for (i, text) in all.iter().enumerate() {
                let own = number(i);
                prop_assert!(i >= texts.len() || own.is_some());
                prop_assert!(own.is_none_or(|own| own <= highest));
                if numbers.are_narrow() {
                    let mut narrow = [0];
                    numbers.fill(&column, i, &mut narrow);
                    prop_assert_eq!(Some(narrow[0]).filter(|number| *number != u64::MAX).map(u128::from), own);
                }
                for (j, other) in all.iter().enumerate() {
                    if let (Some(a), Some(b)) = (own, number(j)) {
                        prop_assert_eq!(a.cmp(&b), text.as_bytes().cmp(other.as_bytes()));
                    }
                }
            }
        }
    }
}

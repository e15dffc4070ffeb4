//! Key columns packed into one integer a row: equal keys and only they give equal integers, and the integers are in the keys' order.
//!
//! Each column takes as many bits as its values differ by, the first column the highest ones: two columns of a hundred different numbers
//! pack into 14 bits, a text of letters and a double into 64 and five a letter. So most keys are grouped, joined and sorted as plain
//! integers.

use arrow_array::cast::AsArray;
use arrow_array::types::{
    Date32Type, Float32Type, Float64Type, Int8Type, Int16Type, Int32Type, Int64Type, TimestampMicrosecondType, UInt32Type,
};
use arrow_array::{Array, ArrayRef, ArrowPrimitiveType};
use arrow_schema::{DataType as ArrowType, TimeUnit};

use super::short_text::{TextExtent, TextNumbers};
use crate::expr::SortOrder;

/// How many numbers are taken at a time.
const CHUNK: usize = 1024;

/// How the columns of a key share the bits of an integer.
#[derive(Clone, Debug)]
pub(super) struct Layout {
    columns: Vec<Place>,
    /// Bits in all.
    pub bits: u32,
}

#[derive(Clone, Debug)]
struct Place {
    order: SortOrder,
    /// Numbers are counted from the smallest one.
    smallest: u64,
    /// The largest number, counted from there.
    largest: u128,
    texts: Option<TextNumbers>,
    nulls: bool,
    bits: u32,
}

/// What the values of a key column have in common.
#[derive(Clone, Copy, Debug)]
pub(super) struct Extent {
    smallest: u64,
    largest: u64,
    texts: Option<TextExtent>,
    nulls: bool,
}

impl Extent {
    /// None when such a column can't be packed.
    #[optimize(speed)]
    pub fn of(column: &dyn Array) -> Option<Self> {
        let nulls = column.null_count() > 0;
        if let Some(texts) = column.as_string_opt::<i32>() {
            return Some(Self { smallest: 0, largest: 0, texts: Some(TextExtent::of(texts)?), nulls });
        }
        let (mut smallest, mut largest) = (u64::MAX, 0);
        let valid = column.nulls().filter(|_| nulls);
        let mut numbers = [0; CHUNK];
        let mut start = 0;
        loop {
            let numbers = &mut numbers[..CHUNK.min(column.len() - start)];
            if !fill(column, start, numbers) {
                return None;
            }
            for (i, number) in numbers.iter().enumerate() {
                if valid.is_none_or(|valid| valid.is_valid(start + i)) {
                    smallest = smallest.min(*number);
                    largest = largest.max(*number);
                }
            }
            start += numbers.len();
            if start == column.len() {
                return Some(Self { smallest, largest, texts: None, nulls });
            }
        }
    }

    pub fn and(self, other: Self) -> Self {
        Self {
            smallest: self.smallest.min(other.smallest),
            largest: self.largest.max(other.largest),
            texts: self.texts.zip(other.texts).map(|(a, b)| a.and(b)),
            nulls: self.nulls || other.nulls,
        }
    }
}

impl Layout {
    /// None when the columns need more than 128 bits.
    pub fn new(extents: &[Extent], orders: &[SortOrder]) -> Option<Self> {
        let place = |(extent, order): (&Extent, &SortOrder)| {
            let (texts, largest) = match extent.texts {
                Some(texts) => TextNumbers::new(texts).map(|(numbers, largest)| (Some(numbers), largest))?,
                None => (None, u128::from(extent.largest.saturating_sub(extent.smallest))),
            };
            let codes = largest.checked_add(extent.nulls.into())?;
            let bits = 128 - codes.leading_zeros();
            Some(Place { order: *order, smallest: extent.smallest, largest, texts, nulls: extent.nulls, bits })
        };
        let columns: Vec<Place> = extents.iter().zip(orders).map(place).collect::<Option<_>>()?;
        let bits = columns.iter().map(|c| c.bits).sum();
        (bits <= 128).then_some(Self { columns, bits })
    }

    /// The layout of these columns alone, in ascending order.
    pub fn of(columns: &[ArrayRef]) -> Option<Self> {
        let extents: Option<Vec<Extent>> = columns.iter().map(|c| Extent::of(c)).collect();
        Self::new(&extents?, &vec![SortOrder::ASCENDING; columns.len()])
    }

    /// The keys of the rows; `misfit` hears of each row that has a value outside of the layout.
    pub fn pack<K: Packed>(&self, columns: &[ArrayRef], rows: usize, mut misfit: impl FnMut(usize)) -> Vec<K> {
        let mut keys = vec![K::default(); rows];
        for (place, column) in self.columns.iter().zip(columns) {
            place.pack(column, &mut keys, &mut misfit);
        }
        keys
    }
}

impl Place {
    #[optimize(speed)]
    fn pack<K: Packed>(&self, column: &dyn Array, keys: &mut [K], misfit: &mut dyn FnMut(usize)) {
        let nulls = column.nulls().filter(|n| n.null_count() > 0);
        let (null, first) = if self.order.nulls_first { (0, u64::from(self.nulls)) } else { (self.largest + 1, 0) };
        let null = K::from_code(null);
        let descending = self.order.descending;
        let mut push = |i: usize, key: &mut K, code: Option<K>| {
            let is_null = nulls.is_some_and(|n| n.is_null(i));
            *key = key.push(self.bits, if is_null { null } else { code.unwrap_or_default() });
            if if is_null { !self.nulls } else { code.is_none() } {
                misfit(i);
            }
        };
        let texts = column.as_string_opt::<i32>();
        if let (Some(numbers), Some(texts)) = (&self.texts, texts)
            && !numbers.are_narrow()
        {
            let (offsets, bytes) = (texts.value_offsets(), texts.value_data());
            for (i, key) in keys.iter_mut().enumerate() {
                let code = numbers.wide(bytes, offsets[i] as usize, offsets[i + 1] as usize);
                push(i, key, code.map(|code| K::from_code(u128::from(first) + if descending { self.largest - code } else { code })));
            }
            return;
        }
        let largest = self.largest as u64;
        let mut codes = [0; CHUNK];
        for (chunk, keys) in keys.chunks_mut(CHUNK).enumerate() {
            let (start, codes) = (chunk * CHUNK, &mut codes[..keys.len()]);
            let known = match (&self.texts, texts) {
                (Some(numbers), Some(texts)) => {
                    numbers.fill(texts, start, codes);
                    true
                }
                (None, None) => fill(column, start, codes),
                _ => false,
            };
            for (i, (key, code)) in keys.iter_mut().zip(codes).enumerate() {
                let code = code.wrapping_sub(self.smallest);
                let fits = known && code <= largest;
                push(start + i, key, fits.then(|| K::from_number(if descending { largest - code } else { code }, first)));
            }
        }
    }
}

/// The column's values from a row on as numbers whose order as unsigned integers is Spark's order of the values and that are equal where the
/// values are; false when there are no such numbers.
#[optimize(speed)]
fn fill(column: &dyn Array, start: usize, numbers: &mut [u64]) -> bool {
    const SIGN: u64 = 1 << 63;
    #[inline]
    fn of<T: ArrowPrimitiveType>(column: &dyn Array, start: usize, numbers: &mut [u64], f: impl Fn(T::Native) -> u64) {
        let values = &column.as_primitive::<T>().values()[start..start + numbers.len()];
        for (number, value) in numbers.iter_mut().zip(values) {
            *number = f(*value);
        }
    }
    let whole = |v: i64| v as u64 ^ SIGN;
    let double = |v: f64| {
        let bits = if v.is_nan() { f64::NAN } else { v + 0.0 }.to_bits();
        if bits & SIGN == 0 { bits | SIGN } else { !bits }
    };
    match column.data_type() {
        ArrowType::Int8 => of::<Int8Type>(column, start, numbers, |v| whole(v.into())),
        ArrowType::Int16 => of::<Int16Type>(column, start, numbers, |v| whole(v.into())),
        ArrowType::Int32 => of::<Int32Type>(column, start, numbers, |v| whole(v.into())),
        ArrowType::UInt32 => of::<UInt32Type>(column, start, numbers, u64::from),
        ArrowType::Int64 => of::<Int64Type>(column, start, numbers, whole),
        ArrowType::Date32 => of::<Date32Type>(column, start, numbers, |v| whole(v.into())),
        ArrowType::Timestamp(TimeUnit::Microsecond, _) => of::<TimestampMicrosecondType>(column, start, numbers, whole),
        ArrowType::Float32 => of::<Float32Type>(column, start, numbers, |v| double(v.into())),
        ArrowType::Float64 => of::<Float64Type>(column, start, numbers, double),
        ArrowType::Boolean => {
            let values = column.as_boolean().values().slice(start, numbers.len());
            numbers.iter_mut().zip(values.iter()).for_each(|(number, value)| *number = value.into());
        }
        _ => return false,
    }
    true
}

/// An integer that holds a key.
pub(super) trait Packed: Copy + Default + Ord + Send + Sync + 'static {
    /// The key with the next column's code behind it.
    fn push(self, bits: u32, code: Self) -> Self;
    fn from_code(code: u128) -> Self;
    /// The sum of both.
    fn from_number(number: u64, first: u64) -> Self;
    fn hash(self) -> u64;
    /// The integer itself where it is small.
    fn small(self) -> usize;
}

impl Packed for u64 {
    #[inline]
    fn push(self, bits: u32, code: Self) -> Self {
        self.checked_shl(bits).unwrap_or(0) | code
    }

    #[inline]
    fn from_code(code: u128) -> Self {
        code as u64
    }

    #[inline]
    fn from_number(number: u64, first: u64) -> Self {
        number.wrapping_add(first)
    }

    #[inline]
    fn hash(self) -> u64 {
        super::keys::mix(self)
    }

    #[inline]
    fn small(self) -> usize {
        self as usize
    }
}

/// 128 bits, aligned as 64 are: they lie close in tables.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Wide(u64, u64);

impl Wide {
    /// The first 64 of so many bits.
    pub fn first(self, bits: u32) -> u64 {
        (self.whole() >> bits.saturating_sub(64)) as u64
    }

    #[inline]
    fn whole(self) -> u128 {
        u128::from(self.0) << 64 | u128::from(self.1)
    }
}

impl Packed for Wide {
    #[inline]
    fn push(self, bits: u32, code: Self) -> Self {
        Self::from_code(self.whole().checked_shl(bits).unwrap_or(0) | code.whole())
    }

    #[inline]
    fn from_code(code: u128) -> Self {
        Self((code >> 64) as u64, code as u64)
    }

    #[inline]
    fn from_number(number: u64, first: u64) -> Self {
        Self::from_code(u128::from(number) + u128::from(first))
    }

    #[inline]
    fn hash(self) -> u64 {
        super::keys::mix(self.0.wrapping_mul(0x9E37_79B9_7F4A_7C15) ^ self.1)
    }

    #[inline]
    fn small(self) -> usize {
        self.1 as usize
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::functions::double_order;
    use arrow_array::{Float64Array, Int64Array, StringArray};
    use proptest::prelude::*;
    use std::cmp::Ordering;
    use std::sync::Arc;

    type Row = (Option<String>, Option<f64>, Option<i64>);

    fn order(a: &Row, b: &Row, orders: &[SortOrder]) -> Ordering {
        fn one<T>(a: Option<&T>, b: Option<&T>, order: SortOrder, compare: impl Fn(&T, &T) -> Ordering) -> Ordering {
            let nulls = |first: Ordering| if order.nulls_first { first } else { first.reverse() };
            match (a, b) {
                (None, None) => Ordering::Equal,
                (None, _) => nulls(Ordering::Less),
                (_, None) => nulls(Ordering::Greater),
                (Some(a), Some(b)) if order.descending => compare(b, a),
                (Some(a), Some(b)) => compare(a, b),
            }
        }
        one(a.0.as_ref(), b.0.as_ref(), orders[0], |a, b| a.cmp(b))
            .then(one(a.1.as_ref(), b.1.as_ref(), orders[1], |a, b| double_order(*a, *b)))
            .then(one(a.2.as_ref(), b.2.as_ref(), orders[2], i64::cmp))
    }

    fn rows() -> impl Strategy<Value = Vec<Row>> {
        let double = prop::sample::select(vec![0.0, -0.0, 1.5, -1.5, f64::NAN, -f64::NAN, f64::INFINITY, f64::NEG_INFINITY, 1e-300]);
        let row = (
            prop::option::of(prop_oneof!["[a\u{0}é]{0,3}", "id[0-9]{3}", "[a-c]{0,9}"]),
            prop::option::of(double),
            prop::option::of(-3_i64..3),
        );
        prop::collection::vec(row, 1..40)
    }

    fn columns(rows: &[Row]) -> [ArrayRef; 3] {
        [
            Arc::new(StringArray::from_iter(rows.iter().map(|r| r.0.as_deref()))),
            Arc::new(Float64Array::from_iter(rows.iter().map(|r| r.1))),
            Arc::new(Int64Array::from_iter(rows.iter().map(|r| r.2))),
        ]
    }

    proptest! {
        #[test]
        fn keys_are_in_the_order_of_their_columns(rows in rows(), directions in prop::array::uniform3(any::<(bool, bool)>())) {
            let orders = directions.map(|(descending, nulls_first)| SortOrder { descending, nulls_first });
            let columns = columns(&rows);
            let extents: Vec<Extent> = columns.iter().map(|c| Extent::of(c).expect("can be packed")).collect();
            let layout = Layout::new(&extents, &orders).expect("128 bits");
            let keys: Vec<Wide> = layout.pack(&columns, rows.len(), |row| panic!("row {row} is of the layout's own columns"));
            for (a, row) in rows.iter().enumerate() {
                for (b, other) in rows.iter().enumerate() {
                    prop_assert_eq!(keys[a].cmp(&keys[b]), order(row, other, &orders), "{:?} {:?}", row, other);
                }
            }
        }

        /// What a layout made for other rows can't hold is told, and nothing else.
        #[test]
        fn other_rows_fit_or_are_told(rows in rows(), others in rows()) {
            let (columns, strangers) = (columns(&rows), columns(&others));
            let layout = Layout::of(&columns).expect("128 bits");
            let known: Vec<Wide> = layout.pack(&columns, rows.len(), |_| ());
            let mut misfits = vec![false; others.len()];
            let keys: Vec<Wide> = layout.pack(&strangers, others.len(), |row| misfits[row] = true);
            for (i, stranger) in others.iter().enumerate() {
                for (j, row) in rows.iter().enumerate() {
                    let same = order(stranger, row, &[SortOrder::ASCENDING; 3]).is_eq();
                    prop_assert_eq!(!misfits[i] && keys[i] == known[j], same, "{:?} {:?}", stranger, row);
                }
            }
        }
    }
}

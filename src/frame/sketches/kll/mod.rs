//! KLL sketches of quantiles (Karnin, Lang and Liberty, "Optimal Quantile Approximation in Streams"), as Apache DataSketches has them for
//! Java. Items that were kept at level h stand for 2^h. A level that is full loses every second item to the one above it; which half that is
//! takes a random bit, in Java too, so that sketches of more than `k` items agree within their error only.

mod bytes;
mod view;

use kindling_partition::Result;

use super::{Sketching, invalid, same};
use crate::functions::Numbers;
use crate::random::JavaRandom;
use crate::value::Value;

pub(super) const DEFAULT_K: i64 = 200;
const M: u8 = 8;

/// The items are kept as whole numbers of the same order.
#[derive(Clone)]
pub(crate) struct Kll {
    numbers: Numbers,
    k: u16,
    m: u8,
    /// The smallest `k` of the sketches that are in this one.
    least_k: u16,
    count: u64,
    /// The items of each level. The lowest is in the order of their coming, the others are sorted.
    levels: Vec<Vec<i64>>,
    /// How many items there is room for.
    room: usize,
    /// Whether the lowest is sorted too, from the last to the first, which is so in sketches that others made.
    sorted: bool,
    range: Option<(i64, i64)>,
    random: JavaRandom,
}

/// How many items a level holds, so that levels hold two thirds of the one above them.
fn capacity(k: u16, m: u8, levels: usize, level: usize) -> usize {
    fn part(k: u64, depth: u32) -> u64 {
        ((k << 1 << depth) / 3_u64.pow(depth)).div_ceil(2)
    }
    let depth = (levels - level - 1) as u32;
    let items = if depth <= 30 { part(u64::from(k), depth) } else { part(part(u64::from(k), depth / 2), depth - depth / 2) };
    (items as usize).max(usize::from(m))
}

/// A number as a whole one of the same order; none of what is not a number.
fn key(value: &Value, numbers: Numbers) -> Option<i64> {
    match numbers {
        Numbers::Long => value.as_i64(),
        Numbers::Float | Numbers::Double => value.as_f64().filter(|v| !v.is_nan()).map(ordered),
    }
}

fn ordered(value: f64) -> i64 {
    let bits = value.to_bits() as i64;
    bits ^ ((bits >> 63) as u64 >> 1) as i64
}

fn double(key: i64) -> f64 {
    f64::from_bits((key ^ ((key >> 63) as u64 >> 1) as i64) as u64)
}

impl Kll {
    pub fn new(k: u16, numbers: Numbers) -> Self {
        let random = JavaRandom::new(i64::from(k));
        Self { numbers, k, m: M, least_k: k, count: 0, levels: vec![Vec::new()], room: usize::from(k), sorted: false, range: None, random }
    }

    /// So many levels at least.
    fn grow(&mut self, levels: usize) {
        self.levels.resize(self.levels.len().max(levels), Vec::new());
        self.room = (0..self.levels.len()).map(|level| capacity(self.k, self.m, self.levels.len(), level)).sum();
    }

    fn held(&self) -> usize {
        self.levels.iter().map(Vec::len).sum()
    }

    fn insert(&mut self, item: i64) {
        self.range = Some(self.range.map_or((item, item), |(least, most)| (least.min(item), most.max(item))));
        if self.held() >= self.room {
            let levels = self.levels.len();
            let full = |level: &usize| self.levels[*level].len() >= capacity(self.k, self.m, levels, *level);
            let level = (0..levels).find(full).unwrap_or(0);
            self.compact(level);
        }
        self.count += 1;
        self.sorted = false;
        self.levels[0].push(item);
    }

    /// Gives every second item of a level to the one above, which is made where there is none.
    fn compact(&mut self, level: usize) {
        if level + 1 == self.levels.len() {
            self.grow(level + 2);
        }
        let mut items = std::mem::take(&mut self.levels[level]);
        // One of an odd number stays: the last that came, or the least.
        if items.len() % 2 == 1 {
            let stays = if level == 0 { items.pop() } else { Some(items.remove(0)) };
            self.levels[level].extend(stays);
        }
        if level == 0 {
            items.sort_unstable();
        }
        let skipped = self.random.next_int_below(2) as usize;
        let above = &mut self.levels[level + 1];
        above.extend(items.into_iter().skip(skipped).step_by(2));
        above.sort_unstable();
    }

    /// Takes in the other's items.
    pub fn unite(&mut self, other: &Self) {
        let Some((least, most)) = other.range else { return };
        let count = self.count.saturating_add(other.count);
        other.levels[0].iter().rev().for_each(|item| self.insert(*item));
        if other.levels.len() > 1 {
            self.grow(other.levels.len());
            for (ours, theirs) in self.levels.iter_mut().zip(&other.levels).skip(1) {
                ours.extend(theirs);
                ours.sort_unstable();
            }
            let mut level = 0;
            while level < self.levels.len() {
                if self.held() >= self.room && self.levels[level].len() >= capacity(self.k, self.m, self.levels.len(), level) {
                    self.compact(level);
                }
                level += 1;
            }
            self.least_k = self.least_k.min(other.least_k);
        }
        self.count = count;
        self.range = self.range.map(|(a, b)| (a.min(least), b.max(most)));
    }

    pub fn count(&self) -> u64 {
        self.count
    }
}

/// What `kll_sketch_agg_…` keeps.
impl Sketching for Kll {
    fn update(&mut self, row: &[Value]) -> Result<()> {
        if let Some(item) = key(&row[0], self.numbers) {
            self.insert(item);
        }
        Ok(())
    }

    fn merge(&mut self, later: Box<dyn Sketching>) -> Result<()> {
        self.unite(&*same::<Self>(later)?);
        Ok(())
    }

    fn finish(self: Box<Self>) -> Result<Vec<u8>> {
        Ok(self.bytes())
    }

    fn copy(&self) -> Box<dyn Sketching> {
        Box::new(self.clone())
    }
}

/// What `kll_merge_agg_…` keeps: where no `k` was asked for, nothing until the first sketch, whose `k` it takes.
#[derive(Clone)]
pub(super) struct Merged {
    function: &'static str,
    numbers: Numbers,
    made: Option<Kll>,
}

impl Merged {
    pub fn new(k: Option<u16>, numbers: Numbers, function: &'static str) -> Self {
        Self { function, numbers, made: k.map(|k| Kll::new(k, numbers)) }
    }
}

impl Sketching for Merged {
    fn update(&mut self, row: &[Value]) -> Result<()> {
        let Value::Binary(bytes) = &row[0] else { return Ok(()) };
        let sketch = Kll::read(bytes, self.numbers).ok_or_else(|| invalid_kll(self.function))?;
        self.made.get_or_insert_with(|| Kll::new(sketch.k, sketch.numbers)).unite(&sketch);
        Ok(())
    }

    fn merge(&mut self, later: Box<dyn Sketching>) -> Result<()> {
        // As it is shuffled, nothing is an empty sketch.
        let later = same::<Self>(later)?;
        let later = later.made.unwrap_or_else(|| Kll::new(DEFAULT_K as u16, later.numbers));
        match &mut self.made {
            Some(made) => made.unite(&later),
            None => self.made = Some(later),
        }
        Ok(())
    }

    fn finish(self: Box<Self>) -> Result<Vec<u8>> {
        Ok(self.made.unwrap_or_else(|| Kll::new(DEFAULT_K as u16, self.numbers)).bytes())
    }

    fn copy(&self) -> Box<dyn Sketching> {
        Box::new(self.clone())
    }
}

pub(crate) fn invalid_kll(function: &str) -> kindling_partition::Error {
    invalid(function, "KLL", "`kll_sketch_agg`", "KLL_INVALID_INPUT_SKETCH_BUFFER")
}

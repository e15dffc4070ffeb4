//! `hll_sketch_agg` and its like: HyperLogLog (Flajolet and others, 2007) as Apache DataSketches keeps it for Java, with registers of a byte.
//!
//! Few values are a list of coupons (a register and its value in one number), more of them a hash table, and then the registers. The
//! estimates are the library's for Rust, which also reads registers of other widths; the bytes are Java's, which keeps its tables as they are.

use datasketches::hll::{HllSketch, HllType, HllUnion};
use kindling_partition::{Error, Result};

use super::{Sketching, hash, invalid, same};
use crate::value::Value;

pub(super) const DEFAULT_LG_K: u8 = 12;

const LIST: usize = 8;
const LG_FIRST_TABLE: u32 = 5;
/// A coupon's lower bits say which register it is for, its upper ones what value it has.
const SLOT_BITS: u32 = 26;

#[derive(Clone)]
pub(crate) struct Hll {
    pub lg_k: u8,
    kept: Kept,
}

#[derive(Clone)]
enum Kept {
    List(Vec<u32>),
    /// A hash table with a power of two of places, of which 0 is free.
    Table {
        coupons: Vec<u32>,
        count: usize,
    },
    Registers(Box<Registers>),
}

#[derive(Clone)]
struct Registers {
    values: Vec<u8>,
    /// Whether registers of several sketches were merged, so that the running estimate is worth nothing.
    out_of_order: bool,
    /// Whether a merge has left what follows as it was.
    stale: bool,
    least: u8,
    at_least: u32,
    /// The running estimate ("historic inverse probability").
    hip: f64,
    /// The sums of the registers' inverse powers of two, those of small values and of large ones.
    small: f64,
    large: f64,
}

impl Hll {
    pub fn new(lg_k: u8) -> Self {
        Self { lg_k, kept: Kept::List(Vec::new()) }
    }

    /// # Errors
    /// `HLL_INVALID_LG_K`
    pub fn asked(lg_k: i64) -> Result<Self> {
        match u8::try_from(lg_k).ok().filter(|k| (4..=21).contains(k)) {
            Some(lg_k) => Ok(Self::new(lg_k)),
            None => {
                let text = format!("Invalid call to `hll_sketch_agg`; the `lgConfigK` value must be between 4 and 21, inclusive: {lg_k}.");
                Err(Error::runtime(text).with_condition("HLL_INVALID_LG_K"))
            }
        }
    }

    fn is_empty(&self) -> bool {
        matches!(&self.kept, Kept::List(coupons) if coupons.is_empty())
    }

    fn insert(&mut self, coupon: u32) {
        let lg_k = self.lg_k;
        if coupon == 0 {
            return;
        }
        match &mut self.kept {
            Kept::List(coupons) => {
                if coupons.contains(&coupon) {
                    return;
                }
                coupons.push(coupon);
                if coupons.len() < LIST {
                    return;
                }
                if lg_k < 8 {
                    return self.promote();
                }
                let mut table = vec![0; 1 << LG_FIRST_TABLE];
                coupons.iter().for_each(|c| _ = place(&mut table, *c));
                self.kept = Kept::Table { count: coupons.len(), coupons: table };
            }
            Kept::Table { coupons, count } => {
                if !place(coupons, coupon) {
                    return;
                }
                *count += 1;
                if 4 * *count <= 3 * coupons.len() {
                    return;
                }
                if coupons.len() >= 1 << (lg_k - 3) {
                    return self.promote();
                }
                let mut larger = vec![0; 2 * coupons.len()];
                coupons.iter().filter(|c| **c != 0).for_each(|c| _ = place(&mut larger, *c));
                *coupons = larger;
            }
            Kept::Registers(registers) => registers.insert(coupon),
        }
    }

    fn coupons(&self) -> Vec<u32> {
        match &self.kept {
            Kept::List(coupons) | Kept::Table { coupons, .. } => coupons.iter().copied().filter(|c| *c != 0).collect(),
            Kept::Registers(registers) => registers.coupons().collect(),
        }
    }

    fn promote(&mut self) {
        let mut registers = Registers::new(self.lg_k);
        self.coupons().into_iter().for_each(|c| registers.insert(c));
        registers.hip = self.estimate();
        self.kept = Kept::Registers(registers.into());
    }

    /// About how many different values there are.
    pub fn estimate(&self) -> f64 {
        estimate(&self.bytes()).unwrap_or(0.0)
    }

    /// Takes in another sketch as Java's union does; `wrapped` is one that it reads where it lies. `most` is the largest size that is asked for.
    fn unite(&mut self, most: u8, other: &Self, wrapped: bool) {
        let Kept::Registers(theirs) = &other.kept else {
            let same = self.is_empty() && self.lg_k == other.lg_k && !wrapped;
            if same && matches!(other.kept, Kept::Table { .. }) {
                self.kept = other.kept.clone();
            } else {
                other.coupons().into_iter().for_each(|c| self.insert(c));
            }
            return;
        };
        if let Kept::Registers(ours) = &mut self.kept {
            if other.lg_k < self.lg_k {
                **ours = ours.folded(other.lg_k);
                self.lg_k = other.lg_k;
            }
            ours.absorb(theirs);
            return;
        }
        let mut registers = if other.lg_k > most { theirs.folded(most) } else { Registers::clone(theirs) };
        self.coupons().into_iter().for_each(|c| registers.insert(c));
        self.lg_k = other.lg_k.min(most);
        self.kept = Kept::Registers(registers.into());
    }

    /// Makes up for what merges have left as it was.
    fn settle(&mut self) {
        if let Kept::Registers(registers) = &mut self.kept {
            registers.settle();
        }
    }

    /// The bytes that can be updated on: tables with their free places.
    pub fn bytes(&self) -> Vec<u8> {
        let head = |pre_ints: u8, lg_places: u32, flags: u8, state: u8, mode: u8| {
            vec![pre_ints, 1, 7, self.lg_k, lg_places as u8, flags, state, 8 | mode]
        };
        match &self.kept {
            Kept::List(coupons) => {
                let mut bytes = head(2, 3, if coupons.is_empty() { 4 } else { 0 }, coupons.len() as u8, 0);
                coupons.iter().for_each(|c| bytes.extend(c.to_le_bytes()));
                bytes.resize(8 + 4 * LIST, 0);
                bytes
            }
            Kept::Table { coupons, count } => {
                let mut bytes = head(3, coupons.len().trailing_zeros(), 0, 0, 1);
                bytes.extend((*count as u32).to_le_bytes());
                coupons.iter().for_each(|c| bytes.extend(c.to_le_bytes()));
                bytes
            }
            Kept::Registers(r) => {
                let mut bytes = head(10, 0, if r.out_of_order { 16 } else { 0 }, r.least, 2);
                [r.hip, r.small, r.large].iter().for_each(|v| bytes.extend(v.to_le_bytes()));
                bytes.extend(r.at_least.to_le_bytes());
                bytes.extend([0; 4]);
                bytes.extend(&r.values);
                bytes
            }
        }
    }

    /// Reads a sketch of any kind; none of bytes that are no sketch.
    pub fn read(bytes: &[u8]) -> Option<Self> {
        let [pre_ints, version, family, lg_k, lg_places, flags, state, mode, rest @ ..] = bytes else { return None };
        let (mode, kind, compact) = (mode & 3, mode >> 2 & 3, flags & 8 != 0);
        if (*version, *family) != (1, 7) || !(4..=21).contains(lg_k) || kind > 2 || *lg_places > 26 {
            return None;
        }
        let ints = |bytes: &[u8], count: usize| {
            let (ints, _) = bytes.as_chunks::<4>();
            Some(ints.get(..count)?.iter().map(|b| u32::from_le_bytes(*b)).collect::<Vec<u32>>())
        };
        let kept = match (mode, pre_ints) {
            (0, 2) if usize::from(*state) <= LIST => Kept::List(ints(rest, usize::from(*state))?),
            (1, 3) if *lg_k > 7 => {
                let (count, rest) = (ints(rest, 1)?[0] as usize, rest.get(4..)?);
                if compact {
                    let mut made = Self { lg_k: *lg_k, kept: Kept::Table { coupons: vec![0; 1 << LG_FIRST_TABLE], count: 0 } };
                    ints(rest, count)?.into_iter().for_each(|c| made.insert(c));
                    return Some(made);
                }
                let coupons = ints(rest, 1 << lg_places)?;
                if coupons.iter().filter(|c| **c != 0).count() != count || count == coupons.len() {
                    return None;
                }
                Kept::Table { coupons, count }
            }
            (2, 10) if kind != 2 => {
                let mut union = HllUnion::new(*lg_k).ok()?;
                union.update(&HllSketch::deserialize(bytes).ok()?);
                return Self::read(&union.to_sketch(HllType::Hll8).serialize());
            }
            (2, 10) => {
                let (numbers, rest) = rest.split_at_checked(32)?;
                let (numbers, _) = numbers.as_chunks::<8>();
                let values = rest.get(..1 << lg_k)?.iter().map(|v| v & 63).collect();
                Kept::Registers(Box::new(Registers {
                    values,
                    out_of_order: flags & 16 != 0,
                    stale: flags & 32 != 0,
                    least: *state,
                    at_least: u64::from_le_bytes(numbers[3]) as u32,
                    hip: f64::from_le_bytes(numbers[0]),
                    small: f64::from_le_bytes(numbers[1]),
                    large: f64::from_le_bytes(numbers[2]),
                }))
            }
            _ => return None,
        };
        Some(Self { lg_k: *lg_k, kept })
    }
}

/// Puts a coupon into a hash table, if it isn't there.
fn place(table: &mut [u32], coupon: u32) -> bool {
    let mask = table.len() - 1;
    let stride = ((coupon & ((1 << SLOT_BITS) - 1)) >> table.len().trailing_zeros()) as usize | 1;
    let mut at = coupon as usize & mask;
    loop {
        match table[at] {
            0 => {
                table[at] = coupon;
                return true;
            }
            there if there == coupon => return false,
            _ => at = (at + stride) & mask,
        }
    }
}

fn inverse(value: u8) -> f64 {
    1.0 / (1_u64 << value) as f64
}

impl Registers {
    fn new(lg_k: u8) -> Self {
        let k = 1_u32 << lg_k;
        let values = vec![0; k as usize];
        Self { values, out_of_order: false, stale: false, least: 0, at_least: k, hip: 0.0, small: f64::from(k), large: 0.0 }
    }

    fn insert(&mut self, coupon: u32) {
        let slot = coupon as usize & (self.values.len() - 1);
        let (old, new) = (self.values[slot], (coupon >> SLOT_BITS) as u8);
        if new <= old {
            return;
        }
        self.values[slot] = new;
        self.hip += self.values.len() as f64 / (self.small + self.large);
        if old < 32 {
            self.small -= inverse(old)
        } else {
            self.large -= inverse(old)
        }
        if new < 32 {
            self.small += inverse(new)
        } else {
            self.large += inverse(new)
        }
        self.at_least = self.at_least.wrapping_sub(u32::from(old == 0));
    }

    fn coupons(&self) -> impl Iterator<Item = u32> {
        let filled = self.values.iter().enumerate().filter(|(_, v)| **v != 0);
        filled.map(|(slot, v)| u32::from(*v) << SLOT_BITS | slot as u32)
    }

    /// With fewer registers.
    fn folded(&self, lg_k: u8) -> Self {
        let mut folded = Self::new(lg_k);
        self.coupons().for_each(|c| folded.insert(c));
        folded.hip = if self.out_of_order { 0.0 } else { self.hip };
        folded.out_of_order = self.out_of_order;
        folded
    }

    fn absorb(&mut self, other: &Self) {
        let mask = self.values.len() - 1;
        for (i, value) in other.values.iter().enumerate() {
            let ours = &mut self.values[i & mask];
            *ours = (*ours).max(*value);
        }
        (self.stale, self.out_of_order, self.hip) = (true, true, 0.0);
    }

    fn settle(&mut self) {
        if !std::mem::take(&mut self.stale) {
            return;
        }
        (self.small, self.large) = (self.values.len() as f64, 0.0);
        for value in self.values.iter().filter(|v| **v > 0) {
            let sum = if *value < 32 { &mut self.small } else { &mut self.large };
            *sum += inverse(*value) - 1.0;
        }
        self.least = self.values.iter().copied().min().unwrap_or(0);
        self.at_least = self.values.iter().filter(|v| **v == self.least).count() as u32;
    }
}

/// The estimate of a sketch of any kind; none of bytes that are no sketch.
fn estimate(bytes: &[u8]) -> Option<f64> {
    let mut bytes = bytes.to_vec();
    // The library takes the count of the least registers for that of zeros.
    if bytes.len() > 36 && bytes[7] == 10 && bytes[6] != 0 {
        bytes[32..36].fill(0);
    }
    Hll::read(&bytes)?;
    HllSketch::deserialize(&bytes).ok().map(|sketch| sketch.estimate())
}

/// `hll_sketch_estimate` of the bytes; none of bytes that are no sketch.
pub(crate) fn rounded_estimate(bytes: &[u8]) -> Option<i64> {
    estimate(bytes).map(|found| (found + 0.5).floor() as i64)
}

/// `hll_union`: both in one, with the smaller one's size.
pub(crate) fn united(first: &Hll, second: &Hll) -> Vec<u8> {
    let least = first.lg_k.min(second.lg_k);
    let mut both = Hll::new(least);
    both.unite(least, first, false);
    both.unite(least, second, false);
    both.settle();
    both.bytes()
}

pub(crate) fn different_sizes(left: u8, right: u8, function: &str) -> Error {
    Error::runtime(format!(
        "Sketches have different `lgConfigK` values: {left} and {right}. Set the `allowDifferentLgConfigK` parameter to true to call `{function}` with different `lgConfigK` values."
    ))
    .with_condition("HLL_UNION_DIFFERENT_LG_K")
}

pub(crate) fn invalid_hll(function: &str) -> Error {
    invalid(function, "HLL", "`hll_sketch_agg`", "HLL_INVALID_INPUT_SKETCH_BUFFER")
}

impl Sketching for Hll {
    fn update(&mut self, row: &[Value]) -> Result<()> {
        if let Some([slot, run]) = hash::of(&row[0]) {
            let value = run.leading_zeros().min(62) + 1;
            self.insert(value << SLOT_BITS | slot as u32 & ((1 << SLOT_BITS) - 1));
        }
        Ok(())
    }

    fn merge(&mut self, later: Box<dyn Sketching>) -> Result<()> {
        let mut both = Self::new(self.lg_k);
        both.unite(self.lg_k, self, false);
        both.unite(self.lg_k, &*same::<Self>(later)?, false);
        both.settle();
        *self = both;
        Ok(())
    }

    fn finish(self: Box<Self>) -> Result<Vec<u8>> {
        Ok(self.bytes())
    }

    fn copy(&self) -> Box<dyn Sketching> {
        Box::new(self.clone())
    }
}

/// What `hll_union_agg` keeps: nothing until the first sketch, whose size it takes.
#[derive(Clone)]
pub(super) struct Union {
    any_size: bool,
    /// The union, and the largest size that it may have.
    made: Option<(Hll, u8)>,
}

impl Union {
    pub fn new(any_size: bool) -> Self {
        Self { any_size, made: None }
    }

    fn take(&mut self, sketch: &Hll, wrapped: bool) -> Result<()> {
        let (made, most) = self.made.get_or_insert_with(|| (Hll::new(sketch.lg_k), sketch.lg_k));
        if !self.any_size && made.lg_k != sketch.lg_k {
            return Err(different_sizes(made.lg_k, sketch.lg_k, "hll_union_agg"));
        }
        made.unite(*most, sketch, wrapped);
        Ok(())
    }
}

impl Sketching for Union {
    fn update(&mut self, row: &[Value]) -> Result<()> {
        let Value::Binary(bytes) = &row[0] else { return Ok(()) };
        self.take(&Hll::read(bytes).ok_or_else(|| invalid_hll("hll_union_agg"))?, true)
    }

    fn merge(&mut self, later: Box<dyn Sketching>) -> Result<()> {
        let Some((mut later, _)) = same::<Self>(later)?.made else { return Ok(()) };
        later.settle();
        if self.made.is_some() {
            return self.take(&later, false);
        }
        let most = later.lg_k;
        self.made = Some((later, most));
        Ok(())
    }

    fn finish(self: Box<Self>) -> Result<Vec<u8>> {
        let (mut made, _) = self.made.unwrap_or_else(|| (Hll::new(DEFAULT_LG_K), DEFAULT_LG_K));
        made.settle();
        Ok(made.bytes())
    }

    fn copy(&self) -> Box<dyn Sketching> {
        Box::new(self.clone())
    }
}

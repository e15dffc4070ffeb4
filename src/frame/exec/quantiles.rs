use std::any::Any;
use std::sync::Arc;

use arrow_array::cast::AsArray;
use arrow_array::types::Float64Type;
use arrow_array::{Array, ArrayRef};
use kindling_partition::{Error, Result};

use super::accumulate::{Accumulator, Shares, State};
use crate::types::DataType;
use crate::value::Value;

/// Above so many shares of the same numbers it pays to sort them.
const SELECTED: usize = 4;

/// All numbers of all groups, for exact percentiles: as they came, until they are sorted into their groups at the end.
pub(super) struct Exact {
    parts: Vec<Part>,
    groups: usize,
    shares: Arc<Shares>,
    result: DataType,
}

/// Numbers, and the group of each.
#[derive(Clone, Default)]
struct Part {
    groups: Vec<u32>,
    numbers: Vec<f64>,
}

impl Exact {
    pub fn new(shares: Arc<Shares>, result: DataType) -> Self {
        Self { parts: Vec::new(), groups: 0, shares, result }
    }

    /// The numbers group by group, and where each group ends.
    #[optimize(speed)]
    fn by_group(&self) -> (Vec<f64>, Vec<usize>) {
        let mut ends = vec![0_usize; self.groups];
        self.parts.iter().flat_map(|part| &part.groups).for_each(|g| ends[*g as usize] += 1);
        let mut all = 0;
        // Where each group begins, until its numbers have moved that place to its end.
        ends.iter_mut().for_each(|end| all += std::mem::replace(end, all));
        let mut numbers = vec![0.0; all];
        for part in &self.parts {
            for (group, number) in part.groups.iter().zip(&part.numbers) {
                let place = &mut ends[*group as usize];
                // Some processors' NaN has a sign, and would come first.
                numbers[*place] = if number.is_nan() { f64::NAN } else { *number };
                *place += 1;
            }
        }
        (numbers, ends)
    }
}

impl Accumulator for Exact {
    fn resize(&mut self, groups: usize) {
        self.groups = groups;
    }

    fn update(&mut self, groups: &[u32], args: &[ArrayRef]) -> Result<()> {
        let numbers = args[0].as_primitive::<Float64Type>();
        self.parts.push(match args[0].logical_nulls() {
            None => Part { groups: groups.to_vec(), numbers: numbers.values().to_vec() },
            Some(nulls) => nulls.valid_indices().map(|i| (groups[i], numbers.value(i))).collect(),
        });
        Ok(())
    }

    fn merge(&mut self, groups: &[u32], other: Box<dyn Accumulator>) -> Result<()> {
        let other = other.into_any().downcast::<Self>().map_err(|_| Error::runtime("Aggregates of two kinds can't be merged."))?;
        for mut part in other.parts {
            part.groups.iter_mut().for_each(|g| *g = groups[*g as usize]);
            self.parts.push(part);
        }
        Ok(())
    }

    fn picked(&self, groups: &[u32]) -> Box<dyn Accumulator> {
        let (numbers, ends) = self.by_group();
        let of = |group: u32| numbers[group.checked_sub(1).map_or(0, |before| ends[before as usize])..ends[group as usize]].iter();
        let part = (0..).zip(groups).flat_map(|(to, from)| of(*from).map(move |number| (to, *number))).collect();
        Box::new(Self { parts: vec![part], groups: groups.len(), shares: self.shares.clone(), result: self.result.clone() })
    }

    fn finish(self: Box<Self>) -> Result<ArrayRef> {
        let (mut numbers, ends) = self.by_group();
        let mut rest = &mut numbers[..];
        let mut start = 0;
        let groups = ends.into_iter().map(|end| {
            let (group, behind) = std::mem::take(&mut rest).split_at_mut(end - start);
            (rest, start) = (behind, end);
            if self.shares.0.len() > SELECTED {
                group.sort_unstable_by(f64::total_cmp);
            }
            group
        });
        self.shares.finish(&self.result, groups, |group, share| {
            exact(group, share, self.shares.0.len() > SELECTED, self.shares.1).map(Value::Double)
        })
    }

    fn into_any(self: Box<Self>) -> Box<dyn Any> {
        self
    }
}

impl FromIterator<(u32, f64)> for Part {
    fn from_iter<I: IntoIterator<Item = (u32, f64)>>(rows: I) -> Self {
        let (groups, numbers) = rows.into_iter().unzip();
        Self { groups, numbers }
    }
}

/// Which number `exact` takes.
#[derive(Clone, Copy, Default)]
pub(super) struct Way {
    /// One of the numbers, none between two.
    pub discrete: bool,
    /// From the largest down.
    pub reverse: bool,
}

/// The number at `share` of the way through the numbers in order, interpolated as Spark's `percentile` does; none of no numbers.
fn exact(numbers: &mut [f64], share: f64, sorted: bool, way: Way) -> Option<f64> {
    let last = numbers.len().checked_sub(1)?;
    let position = if way.discrete { (numbers.len() as f64 * share).ceil().max(1.0) - 1.0 } else { last as f64 * share };
    let (low, high) = (position.floor() as usize, position.ceil() as usize);
    let (first, second) = if way.reverse { (last - low, last - high) } else { (low, high) };
    let place = first.min(second);
    let (smaller, larger) = if sorted {
        (numbers[place], numbers[first.max(second)])
    } else {
        let (_, smaller, behind) = numbers.select_nth_unstable_by(place, f64::total_cmp);
        (*smaller, if first == second { *smaller } else { behind.iter().copied().min_by(f64::total_cmp)? })
    };
    let (from, to) = if way.reverse { (larger, smaller) } else { (smaller, larger) };
    Some(if from == to { from } else { from + (to - from) * (position - low as f64) })
}

/// A sketch of many numbers that knows every quantile to a relative error (Greenwald and Khanna, "Space-efficient Online Computation
/// of Quantile Summaries", 2001), with the buffer and compression sizes of Spark's `QuantileSummaries`, so that it gives Spark's numbers.
#[derive(Clone, Debug)]
pub struct Digest {
    error: f64,
    samples: Vec<Sample>,
    /// Numbers within `samples`.
    count: u64,
    /// Numbers not yet in `samples`.
    head: Vec<f64>,
}

#[derive(Clone, Copy, Debug)]
struct Sample {
    value: f64,
    /// How far its lowest possible rank is above that of the sample before.
    gap: u64,
    /// How far its highest possible rank is above its lowest.
    spread: u64,
}

const HEAD: usize = 50_000;
const COMPRESS_AT: usize = 10_000;

impl Digest {
    /// A digest whose ranks are off by at most `error` times the count.
    pub fn new(error: f64) -> Self {
        Self { error, samples: Vec::new(), count: 0, head: Vec::new() }
    }

    pub fn insert(&mut self, value: f64) {
        self.head.push(value);
        if self.head.len() >= HEAD {
            self.flush();
            if self.samples.len() >= COMPRESS_AT {
                self.shrink();
            }
        }
    }

    fn flush(&mut self) {
        if self.head.is_empty() {
            return;
        }
        let mut head = std::mem::take(&mut self.head);
        head.sort_by(f64::total_cmp);
        let mut merged = Vec::with_capacity(self.samples.len() + head.len());
        let mut old = self.samples.iter().copied().peekable();
        for (i, value) in head.iter().enumerate() {
            merged.extend(std::iter::from_fn(|| old.next_if(|s| s.value <= *value)));
            self.count += 1;
            let last = old.peek().is_none() && i == head.len() - 1;
            let spread = if merged.is_empty() || last { 0 } else { (2.0 * self.error * self.count as f64).floor() as u64 };
            merged.push(Sample { value: *value, gap: 1, spread });
        }
        merged.extend(old);
        self.samples = merged;
    }

    /// Joins neighbours as far as the error allows.
    fn shrink(&mut self) {
        self.flush();
        self.samples = compressed(&self.samples, 2.0 * self.error * self.count as f64);
    }

    /// Takes in the numbers of another digest.
    pub fn merge(&mut self, mut other: Self) {
        self.shrink();
        other.shrink();
        if other.count == 0 {
            return;
        }
        if self.count == 0 {
            *self = other;
            return;
        }
        let more_here = (2.0 * other.error * other.count as f64).floor() as u64;
        let more_there = (2.0 * self.error * self.count as f64).floor() as u64;
        let (mut i, mut j) = (0, 0);
        let mut merged = Vec::with_capacity(self.samples.len() + other.samples.len());
        while i < self.samples.len() && j < other.samples.len() {
            let (mut sample, more) = if self.samples[i].value < other.samples[j].value {
                i += 1;
                (self.samples[i - 1], if j > 0 { more_here } else { 0 })
            } else {
                j += 1;
                (other.samples[j - 1], if i > 0 { more_there } else { 0 })
            };
            sample.spread += more;
            merged.push(sample);
        }
        merged.extend_from_slice(&self.samples[i..]);
        merged.extend_from_slice(&other.samples[j..]);
        self.error = self.error.max(other.error);
        self.count += other.count;
        self.samples = compressed(&merged, 2.0 * self.error * self.count as f64);
    }

    /// A number whose rank is near `share` of the count; none when there are no numbers.
    pub fn quantile(&mut self, share: f64) -> Option<f64> {
        self.shrink();
        let (first, last) = (self.samples.first()?, self.samples.last()?);
        if share <= self.error {
            return Some(first.value);
        }
        if share >= 1.0 - self.error {
            return Some(last.value);
        }
        let rank = (share * self.count as f64).ceil() as i64;
        let slack = self.samples.iter().map(|s| s.spread + s.gap).max().unwrap_or(0) as i64 / 2;
        let mut lowest = 0;
        for sample in &self.samples[..self.samples.len() - 1] {
            lowest += sample.gap as i64;
            if lowest + sample.spread as i64 - slack <= rank && rank <= lowest + slack {
                return Some(sample.value);
            }
        }
        Some(last.value)
    }
}

fn compressed(samples: &[Sample], threshold: f64) -> Vec<Sample> {
    let (Some(first), Some(last)) = (samples.first(), samples.last()) else { return Vec::new() };
    let mut kept = Vec::new();
    let mut head = *last;
    for sample in samples[..samples.len() - 1].iter().skip(1).rev() {
        if ((sample.gap + head.gap + head.spread) as f64) < threshold {
            head.gap += sample.gap;
        } else {
            kept.push(head);
            head = *sample;
        }
    }
    kept.push(head);
    if first.value <= head.value && samples.len() > 1 {
        kept.push(*first);
    }
    kept.reverse();
    kept
}

impl State for Digest {
    fn absorb(&mut self, later: Self) -> Result<()> {
        self.merge(later);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use arrow_array::Float64Array;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_digest_keeps_its_promise(values in prop::collection::vec(-1e6_f64..1e6, 1..3000), share in 0.0_f64..1.0, cut in 0_usize..3000) {
            let error = 0.01;
            let (mut left, mut right) = (Digest::new(error), Digest::new(error));
            let cut = cut.min(values.len());
            values[..cut].iter().for_each(|v| left.insert(*v));
            values[cut..].iter().for_each(|v| right.insert(*v));
            left.merge(right);
            let found = left.quantile(share).expect("not empty");
            let below = values.iter().filter(|v| **v < found).count() as f64;
            let up_to = values.iter().filter(|v| **v <= found).count() as f64;
            let (rank, slack) = (share * values.len() as f64, 2.0 * error * values.len() as f64 + 1.0);
            prop_assert!(below - slack <= rank && rank <= up_to + slack, "{found} has ranks {below} to {up_to}, wanted {rank}");
        }
    }

    #[test]
    fn exact_percentiles_interpolate() {
        let shares = [0.0, 0.5, 0.25, 1.0];
        let found = |numbers: &mut [f64], sorted| shares.map(|s| exact(numbers, s, sorted, Way::default()));
        assert_eq!(found(&mut [4.0, 1.0, 3.0, 2.0], false), [Some(1.0), Some(2.5), Some(1.75), Some(4.0)]);
        assert_eq!(found(&mut [1.0, 2.0, 3.0, 4.0], true), [Some(1.0), Some(2.5), Some(1.75), Some(4.0)]);
        assert_eq!(found(&mut [], false), [None; 4]);
    }

    #[test]
    fn exact_percentiles_are_of_the_groups_numbers() {
        let column = |numbers: &[Option<f64>]| -> [ArrayRef; 1] { [Arc::new(Float64Array::from(numbers.to_vec()))] };
        let fresh = || Box::new(Exact::new(Arc::new(Shares(vec![0.5], Way::default())), DataType::Double));
        let (mut first, mut second) = (fresh(), fresh());
        first.resize(3);
        first.update(&[0, 2, 0, 2], &column(&[Some(1.0), Some(-f64::NAN), Some(4.0), Some(7.0)])).expect("doubles");
        second.resize(2);
        second.update(&[1, 0, 1], &column(&[Some(9.0), None, Some(-1.0)])).expect("doubles");
        first.merge(&[1, 0], second).expect("the same aggregate");
        let medians = |of: Box<dyn Accumulator>| {
            let column = of.finish().expect("doubles");
            column.as_primitive::<Float64Type>().iter().map(|m| m.map(f64::to_bits)).collect::<Vec<_>>()
        };
        let bits = |numbers: &[Option<f64>]| numbers.iter().map(|n| n.map(f64::to_bits)).collect::<Vec<_>>();
        assert_eq!(medians(first.picked(&[2, 0, 0])), bits(&[Some(f64::NAN), Some(2.5), Some(2.5)]));
        assert_eq!(medians(first), bits(&[Some(2.5), None, Some(f64::NAN)]));
    }
}

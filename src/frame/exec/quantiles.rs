use kindling_partition::Result;

use super::accumulate::State;
use crate::functions::double_order;

/// All numbers of a group, for exact percentiles.
#[derive(Clone, Debug, Default)]
pub(crate) struct Exact {
    values: Vec<f64>,
    sorted: bool,
}

impl Exact {
    pub fn insert(&mut self, value: f64) {
        self.values.push(value);
        self.sorted = false;
    }

    /// The value at `share` of the way through the sorted numbers, interpolated as Spark's `percentile` does.
    pub fn quantile(&mut self, share: f64) -> Option<f64> {
        if !self.sorted {
            self.values.sort_by(|a, b| double_order(*a, *b));
            self.sorted = true;
        }
        let position = (self.values.len().checked_sub(1)?) as f64 * share;
        let (low, high) = (position.floor(), position.ceil());
        let (below, above) = (self.values[low as usize], self.values[high as usize]);
        Some(if low == high || below == above { below } else { (high - position) * below + (position - low) * above })
    }
}

impl State for Exact {
    fn absorb(&mut self, later: Self) -> Result<()> {
        self.values.extend(later.values);
        self.sorted = false;
        Ok(())
    }
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
        let mut exact = Exact::default();
        [4.0, 1.0, 3.0, 2.0].into_iter().for_each(|v| exact.insert(v));
        assert_eq!([0.0, 0.5, 0.25, 1.0].map(|s| exact.quantile(s)), [Some(1.0), Some(2.5), Some(1.75), Some(4.0)]);
    }
}

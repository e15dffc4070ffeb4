//! Spark's samplers over the rows of a partition: how often each row, in order, is taken.

use super::{JavaRandom, Poisson, XorShiftRandom};
use kindling_partition::Result;

/// Below this draw a gap would be endless (`RandomSampler.rngEpsilon`).
const EPSILON: f64 = 5e-11;

/// Up to this fraction Spark draws the gaps between taken rows instead of one number a row.
const MAX_GAP_SAMPLING_FRACTION: f64 = 0.4;

/// Takes a row when its draw falls into `[lower, upper)`: `randomSplit`, `DataFrame.sample` without replacement, and cross-validation's folds.
#[derive(Clone, Debug)]
pub struct BernoulliCellSampler {
    lower: f64,
    upper: f64,
    complement: bool,
    rng: XorShiftRandom,
}

impl BernoulliCellSampler {
    /// `complement` takes the rows outside the range instead.
    pub fn new(lower: f64, upper: f64, complement: bool, seed: i64) -> Self {
        Self { lower, upper, complement, rng: XorShiftRandom::new(seed) }
    }

    /// Whether the next row is taken.
    pub fn takes(&mut self) -> bool {
        if self.upper - self.lower <= 0.0 {
            return self.complement;
        }
        let draw = self.rng.next_double();
        (draw >= self.lower && draw < self.upper) != self.complement
    }
}

/// Takes each row with probability `fraction`: `RDD.sample` and `takeSample` without replacement.
#[derive(Clone, Debug)]
pub struct BernoulliSampler {
    fraction: f64,
    rng: XorShiftRandom,
    gap: Option<i32>,
}

impl BernoulliSampler {
    pub fn new(fraction: f64, seed: i64) -> Self {
        Self { fraction, rng: XorShiftRandom::new(seed), gap: None }
    }

    /// Whether the next row is taken.
    pub fn takes(&mut self) -> bool {
        if self.fraction <= 0.0 {
            false
        } else if self.fraction >= 1.0 {
            true
        } else if self.fraction <= MAX_GAP_SAMPLING_FRACTION {
            let rate = libm::log1p(-self.fraction);
            after_gap(&mut self.gap, &mut self.rng, rate, |_| 1) == 1
        } else {
            self.rng.next_double() <= self.fraction
        }
    }
}

/// Takes each row a Poisson(`fraction`) number of times: samples with replacement.
#[derive(Clone, Debug)]
pub struct PoissonSampler {
    fraction: f64,
    gaps: bool,
    poisson: Poisson,
    rng: XorShiftRandom,
    gap: Option<i32>,
}

impl PoissonSampler {
    /// `gaps` as RDDs have it; `DataFrame.sample` goes without.
    ///
    /// # Errors
    /// When the fraction is not finite.
    pub fn new(fraction: f64, gaps: bool, seed: i64) -> Result<Self> {
        let poisson = Poisson::new(if fraction > 0.0 { fraction } else { 1.0 }, seed)?;
        Ok(Self { fraction, gaps, poisson, rng: XorShiftRandom::new(seed), gap: None })
    }

    /// How often the next row is taken.
    pub fn copies(&mut self) -> u32 {
        if self.fraction <= 0.0 {
            0
        } else if self.gaps && self.fraction <= MAX_GAP_SAMPLING_FRACTION {
            let fraction = self.fraction;
            after_gap(&mut self.gap, &mut self.rng, -fraction, |rng| poisson_at_least_one(rng, fraction))
        } else {
            self.poisson.sample()
        }
    }
}

/// Counts down to the next taken row, then asks `copies` how often it is taken and draws the next gap, geometric with log rate `rate`.
fn after_gap(gap: &mut Option<i32>, rng: &mut XorShiftRandom, rate: f64, copies: impl FnOnce(&mut XorShiftRandom) -> u32) -> u32 {
    let draw = |rng: &mut XorShiftRandom| (libm::log(rng.next_double().max(EPSILON)) / rate) as i32;
    let left = gap.unwrap_or_else(|| draw(rng));
    if left > 0 {
        *gap = Some(left - 1);
        return 0;
    }
    let copies = copies(rng);
    *gap = Some(draw(rng));
    copies
}

/// A Poisson number given that it is not zero.
fn poisson_at_least_one(rng: &mut XorShiftRandom, mean: f64) -> u32 {
    let q = libm::exp(-mean);
    let mut product = q + (1.0 - q) * rng.next_double();
    let mut copies = 1;
    product *= rng.next_double();
    while product > q {
        copies += 1;
        product *= rng.next_double();
    }
    copies
}

/// The seeds of an RDD's partitions when it is sampled (`PartitionwiseSampledRDD`).
pub fn partition_seeds(seed: i64, partitions: usize) -> Vec<i64> {
    let mut rng = JavaRandom::new(seed);
    (0..partitions).map(|_| rng.next_long()).collect()
}

/// `k` of `items`, or all when there are fewer, by reservoir sampling (`SamplingUtils.reservoirSampleAndCount`): how forests choose the
/// features of a node.
pub fn reservoir_sample<T>(items: impl IntoIterator<Item = T>, k: usize, seed: i64) -> Vec<T> {
    let mut items = items.into_iter();
    let mut reservoir: Vec<T> = items.by_ref().take(k).collect();
    if reservoir.len() < k {
        return reservoir;
    }
    let mut rng = XorShiftRandom::new(seed);
    for (seen, item) in (k + 1..).zip(items) {
        let slot = (rng.next_double() * seen as f64) as usize;
        if slot < k {
            reservoir[slot] = item;
        }
    }
    reservoir
}

/// A Fisher–Yates shuffle as Spark's `Utils.randomizeInPlace` does it.
pub fn shuffle_in_place<T>(items: &mut [T], rng: &mut JavaRandom) {
    for i in (1..items.len()).rev() {
        let j = rng.next_int_below(i32::try_from(i + 1).unwrap_or(i32::MAX));
        items.swap(i, usize::try_from(j).unwrap_or(0));
    }
}

/// The fraction that gives at least `lower_bound` of `total` rows nearly surely (`SamplingUtils.computeFractionForSampleSize`).
pub fn fraction_for_sample_size(lower_bound: usize, total: u64, with_replacement: bool) -> f64 {
    const MIN_RATE: f64 = 1e-10;
    let (wanted, total) = (lower_bound as f64, total as f64);
    if with_replacement {
        let deviations = match lower_bound {
            0..6 => 12.0,
            6..16 => 9.0,
            _ => 6.0,
        };
        (wanted + deviations * wanted.sqrt()).max(MIN_RATE) / total
    } else {
        let fraction = wanted / total;
        let gamma = -libm::log(1e-4) / total;
        (fraction + gamma + (gamma * gamma + 2.0 * gamma * fraction).sqrt()).clamp(MIN_RATE, 1.0)
    }
}

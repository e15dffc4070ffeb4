//! Candidate thresholds of continuous features: quantiles of a sample, as Spark's `RandomForest.findSplits` takes them.

use kindling_frame::random::{BernoulliSampler, JavaRandom, XorShiftRandom};
use kindling_partition::{Executor, Result};

use super::strategy::{Feature, Strategy};
use crate::task::Task;

/// The share of rows that thresholds are found from: enough for `bins²`, at least 10,000.
fn sampled_fraction(rows: usize, most_bins: usize) -> f64 {
    let required = (most_bins * most_bins).max(10_000);
    if required < rows { required as f64 / rows as f64 } else { 1.0 }
}

/// How each feature is split.
///
/// # Errors
/// When a categorical feature has too many categories for `maxBins`.
pub(crate) fn find_splits(
    executor: &Executor,
    partitions: &[Task<'_>],
    arities: &[Option<usize>],
    strategy: &Strategy,
) -> Result<Vec<Feature>> {
    let rows: usize = partitions.iter().map(Task::len).sum();
    let categorical = strategy.categorical(arities, rows)?;
    let bins = strategy.possible_bins(rows);
    let most_bins = categorical.iter().map(|f| f.as_ref().map_or(bins, |f| if f.bins() > 1 { f.counted_bins() } else { bins })).max();
    let fraction = sampled_fraction(rows, most_bins.unwrap_or(bins));
    let sample = if categorical.iter().any(Option::is_none) { sample(partitions, fraction, strategy.seed) } else { Vec::new() };
    let weight: f64 = partitions.iter().map(|p| (0..p.len()).map(|i| p.weight(i)).sum::<f64>()).sum();
    executor.range("find splits", categorical.len(), |j| {
        if let Some(feature) = &categorical[j] {
            return Ok(feature.clone());
        }
        let mut values: Vec<(f64, f64)> = Vec::with_capacity(rows);
        for (partition, taken) in partitions.iter().zip(&sample) {
            executor.check()?;
            let mut add = |i: usize| {
                let value = partition.rows.row(i).get(j);
                if value != 0.0 {
                    values.push((value, partition.weight(i)));
                }
            };
            match taken {
                Some(taken) => taken.iter().for_each(|i| add(*i)),
                None => (0..partition.len()).for_each(add),
            }
        }
        Ok(Feature::Continuous { thresholds: thresholds(values, fraction * weight, bins - 1) })
    })
}

/// The rows of each partition that are taken; `None` for all of them.
fn sample(partitions: &[Task<'_>], fraction: f64, seed: i64) -> Vec<Option<Vec<usize>>> {
    if fraction >= 1.0 {
        return partitions.iter().map(|_| None).collect();
    }
    let mut seeds = JavaRandom::new(i64::from(XorShiftRandom::new(seed).next_int()));
    partitions
        .iter()
        .map(|partition| {
            let mut sampler = BernoulliSampler::new(fraction, seeds.next_long());
            Some((0..partition.len()).filter(|_| sampler.takes()).collect())
        })
        .collect()
}

/// At most `most` thresholds, half-way between neighbouring values, at even strides of the sample's weight.
///
/// Zeros are not in `values`: as many are reckoned with as `expected`, the weight that the sample should have, leaves room for.
fn thresholds(mut values: Vec<(f64, f64)>, expected: f64, most: usize) -> Vec<f64> {
    if values.is_empty() {
        return Vec::new();
    }
    let count = values.len();
    values.sort_by(|a, b| a.0.total_cmp(&b.0));
    let mut distinct: Vec<(f64, f64)> = Vec::new();
    for (value, weight) in values {
        match distinct.last_mut() {
            Some(last) if last.0 == value => last.1 += weight,
            _ => distinct.push((value, weight)),
        }
    }
    let found: f64 = distinct.iter().map(|d| d.1).sum();
    if expected - found > f64::EPSILON * count as f64 * 100.0 {
        let at = distinct.partition_point(|d| d.0 < 0.0);
        distinct.insert(at, (0.0, expected - found));
    }
    let middle = |i: usize| (distinct[i - 1].0 + distinct[i].0) / 2.0;
    if distinct.len() - 1 <= most {
        return (1..distinct.len()).map(middle).collect();
    }
    let stride = expected / (most + 1) as f64;
    let mut found = Vec::with_capacity(most);
    let (mut current, mut target) = (distinct[0].1, stride);
    for (i, (_, weight)) in distinct.iter().enumerate().skip(1) {
        let previous = current;
        current += weight;
        if (previous - target).abs() < (current - target).abs() {
            found.push(middle(i));
            target += stride;
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn unit(values: &[f64]) -> Vec<(f64, f64)> {
        values.iter().filter(|v| **v != 0.0).map(|v| (*v, 1.0)).collect()
    }

    /// From the examples of Spark's own RandomForestSuite, "find splits for a continuous feature".
    #[test]
    fn thresholds_are_sparks() {
        let few = [1.0, 1.0, 2.0, 2.0, 3.0, 3.0, 5.0];
        assert_eq!(thresholds(unit(&few), 7.0, 5), [1.5, 2.5, 4.0]);
        let many = [2.0, 2.0, 2.0, 2.0, 2.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0, 9.0, 10.0, 11.0, 12.0, 13.0, 14.0, 15.0, 16.0, 17.0];
        assert_eq!(thresholds(unit(&many), 21.0, 4).len(), 4);
        let zeros = [0.0, 0.0, 0.0, -1.0, 1.0];
        assert_eq!(thresholds(unit(&zeros), 5.0, 5), [-0.5, 0.5]);
        assert!(thresholds(unit(&[3.0, 3.0]), 2.0, 5).is_empty());
    }
}

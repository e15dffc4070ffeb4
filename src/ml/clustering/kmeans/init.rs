//! Where the centres start: k-means|| (Bahmani et al., 2012) or random rows, with Spark's generators.

use kindling_frame::random::{JavaRandom, XorShiftRandom};
use kindling_linalg::kernels;
use kindling_partition::{Error, Executor, Result};

use super::centers::Centers;
use crate::clustering::sample;
use crate::task::Task;

/// Rows whose distances are computed between two looks at the Stop flag.
const CHUNK: usize = 1024;
/// Rounds of Lloyd's algorithm among the candidates, at most.
const LOCAL_ROUNDS: usize = 30;

/// How far a row is from a centre, for choosing among rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Measure {
    Euclidean,
    Cosine,
}

/// Distinct random rows, at most `k`.
pub(super) fn random(executor: &Executor, partitions: &[Task<'_>], k: usize, seed: i64) -> Result<Vec<f64>> {
    let rows = take_sample(executor, partitions, k, XorShiftRandom::new(seed).next_int())?;
    Ok(distinct(rows).concat())
}

/// At most `k` centres: a random row first; in each step every row with a chance that grows with its distance from the centres so far, some
/// `2k` of them; at last k-means++ among the candidates, weighted by how many rows are nearest to each.
pub(super) fn parallel(
    executor: &Executor,
    partitions: &[Task<'_>],
    k: usize,
    steps: usize,
    seed: i64,
    measure: Measure,
) -> Result<Vec<f64>> {
    let width = width(partitions);
    let seed = XorShiftRandom::new(seed).next_int();
    let mut new = take_sample(executor, partitions, 1, seed)?;
    if new.is_empty() {
        return Err(Error::illegal_argument("requirement failed: No samples available: the data set is empty."));
    }
    let mut candidates = new.clone();
    let mut costs: Vec<Vec<f64>> = partitions.iter().map(|p| vec![f64::INFINITY; p.len()]).collect();
    for step in 0..steps {
        let centers = measured(width, &new, measure);
        costs = executor.map("k-means|| costs", partitions, |index, partition| {
            if new.is_empty() {
                return Ok(costs[index].clone());
            }
            let mut nearer = costs[index].clone();
            for (i, cost) in nearer.iter_mut().enumerate() {
                if i % CHUNK == 0 {
                    executor.check()?;
                }
                *cost = cost.min(cost_of(partition, i, &centers, measure));
            }
            Ok(nearer)
        })?;
        let total: f64 = costs.iter().map(|costs| costs.iter().sum::<f64>()).sum();
        let chosen = executor.map("k-means|| sample", partitions, |index, partition| {
            let mut random = XorShiftRandom::new(i64::from(seed ^ ((step as i32) << 16) ^ index as i32));
            let chosen = (0..partition.len()).filter(|i| random.next_double() < 2.0 * costs[index][*i] * k as f64 / total);
            Ok(chosen.map(|i| partition.rows.row(i).to_dense()).collect::<Vec<_>>())
        })?;
        new = chosen.concat();
        candidates.extend(new.iter().cloned());
    }
    let candidates = distinct(candidates);
    if candidates.len() <= k {
        return Ok(candidates.concat());
    }
    let centers = measured(width, &candidates, measure);
    let counts = executor.map("k-means|| weights", partitions, |_, partition| {
        let mut counts = vec![0.0; centers.count];
        for i in 0..partition.len() {
            if i % CHUNK == 0 {
                executor.check()?;
            }
            counts[nearest_of(partition, i, &centers, measure)] += 1.0;
        }
        Ok(counts)
    })?;
    let mut weights = vec![0.0; centers.count];
    counts.iter().for_each(|counts| kernels::axpy(1.0, counts, &mut weights));
    Ok(plus_plus(&candidates, &weights, k))
}

fn width(partitions: &[Task<'_>]) -> usize {
    partitions.iter().map(|p| p.rows.width()).max().unwrap_or(0)
}

/// Centres to measure from: by angle when the measure is the cosine's.
fn measured(width: usize, rows: &[Vec<f64>], measure: Measure) -> Centers {
    let mut flat = rows.concat();
    if measure == Measure::Cosine {
        flat.chunks_exact_mut(width.max(1)).for_each(normalise);
    }
    Centers::new(width, flat)
}

/// Scales a vector to length 1, unless it has none.
pub(super) fn normalise(row: &mut [f64]) {
    let norm = kernels::norm(row);
    if norm > 0.0 {
        kernels::scale(1.0 / norm, row);
    }
}

fn cost_of(partition: &Task<'_>, i: usize, centers: &Centers, measure: Measure) -> f64 {
    match measure {
        Measure::Euclidean => centers.nearest(partition.rows.row(i)).distance,
        // The rows have length 1 already: |x - c|² = 2 (1 - cos).
        Measure::Cosine => centers.nearest(kindling_linalg::VectorRef::Dense(&unit(partition, i))).distance / 2.0,
    }
}

fn nearest_of(partition: &Task<'_>, i: usize, centers: &Centers, measure: Measure) -> usize {
    match measure {
        Measure::Euclidean => centers.nearest(partition.rows.row(i)).center,
        Measure::Cosine => centers.nearest(kindling_linalg::VectorRef::Dense(&unit(partition, i))).center,
    }
}

fn unit(partition: &Task<'_>, i: usize) -> Vec<f64> {
    let mut row = partition.rows.row(i).to_dense();
    normalise(&mut row);
    row
}

/// The rows without those that came before.
fn distinct(rows: Vec<Vec<f64>>) -> Vec<Vec<f64>> {
    let mut kept: Vec<Vec<f64>> = Vec::with_capacity(rows.len());
    for row in rows {
        if !kept.contains(&row) {
            kept.push(row);
        }
    }
    kept
}

/// That many random rows, in random order.
fn take_sample(executor: &Executor, partitions: &[Task<'_>], count: usize, seed: i32) -> Result<Vec<Vec<f64>>> {
    let lengths: Vec<usize> = partitions.iter().map(Task::len).collect();
    let taken = sample::take_sample(executor, &lengths, count, false, i64::from(seed))?;
    Ok(taken.into_iter().map(|(p, i)| partitions[p].rows.row(i).to_dense()).collect())
}

/// k-means++ on weighted points, then Lloyd's algorithm, from Spark's `LocalKMeans` with seed 0.
fn plus_plus(points: &[Vec<f64>], weights: &[f64], k: usize) -> Vec<f64> {
    let mut random = JavaRandom::new(0);
    let width = points[0].len();
    let weight: f64 = weights.iter().sum();
    let pick = |r: f64, part: &dyn Fn(usize) -> f64| {
        let (mut at, mut sum) = (0, 0.0);
        while at < points.len() && sum < r {
            sum += part(at);
            at += 1;
        }
        at.saturating_sub(1)
    };
    let first = pick(random.next_double() * weight, &|i| weights[i]);
    let mut centers = vec![points[first].clone()];
    let mut costs: Vec<f64> = points.iter().map(|p| kernels::squared_distance(p, &centers[0])).collect();
    for _ in 1..k {
        let total: f64 = costs.iter().zip(weights).map(|(c, w)| c * w).sum();
        let next = pick(random.next_double() * total, &|i| weights[i] * costs[i]);
        for (cost, point) in costs.iter_mut().zip(points) {
            *cost = cost.min(kernels::squared_distance(point, &points[next]));
        }
        centers.push(points[next].clone());
    }
    let mut closest = vec![usize::MAX; points.len()];
    for _ in 0..LOCAL_ROUNDS {
        let index = Centers::new(width, centers.concat());
        let (mut sums, mut counts, mut moved) = (vec![0.0; k * width], vec![0.0; k], false);
        for (i, point) in points.iter().enumerate() {
            let center = index.nearest(kindling_linalg::VectorRef::Dense(point)).center;
            kernels::axpy(weights[i], point, &mut sums[center * width..(center + 1) * width]);
            counts[center] += weights[i];
            moved |= closest[i] != center;
            closest[i] = center;
        }
        for (c, center) in centers.iter_mut().enumerate() {
            if counts[c] == 0.0 {
                *center = points[random.next_int_below(points.len() as i32) as usize].clone();
            } else {
                *center = sums[c * width..(c + 1) * width].to_vec();
                kernels::scale(1.0 / counts[c], center);
            }
        }
        if !moved {
            break;
        }
    }
    centers.concat()
}

//! Where the centres start: k-means|| (Bahmani et al., 2012) or random rows, with Spark's generators.

use kindling_frame::random::{JavaRandom, XorShiftRandom};
use kindling_linalg::{RowsRef, VectorRef, kernels};
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
    Ok(distinct(rows).0.concat())
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
    let mut candidates: Vec<Vec<f64>> = Vec::new();
    let nowhere = |p: &Task<'_>| (vec![f64::INFINITY; p.len()], vec![0; p.len()]);
    let mut nearest: Vec<(Vec<f64>, Vec<usize>)> = partitions.iter().map(nowhere).collect();
    for step in 0..=steps {
        let centers = measured(width, &new, measure);
        if !new.is_empty() {
            nearest = executor.map("k-means|| costs", partitions, |index, partition| {
                let (mut costs, mut owners) = nearest[index].clone();
                let all: Vec<u32> = (0..CHUNK as u32).collect();
                for start in (0..partition.len()).step_by(CHUNK) {
                    executor.check()?;
                    let rows = partition.rows.slice(start..(start + CHUNK).min(partition.len()));
                    let (units, share) = directions(rows, measure);
                    let rows = units.as_ref().map_or(rows, |values| RowsRef::Dense { values, width });
                    centers.nearest(rows, &all[..rows.len()], &mut |i, found| {
                        let cost = share * centers.squared_distance(rows.row(i), found.center);
                        if cost < costs[start + i] {
                            (costs[start + i], owners[start + i]) = (cost, candidates.len() + found.center);
                        }
                    });
                }
                Ok((costs, owners))
            })?;
        }
        candidates.append(&mut new);
        if step == steps {
            break;
        }
        let total: f64 = nearest.iter().map(|(costs, _)| costs.iter().sum::<f64>()).sum();
        let chosen = executor.map("k-means|| sample", partitions, |index, partition| {
            let mut random = XorShiftRandom::new(i64::from(seed ^ ((step as i32) << 16) ^ index as i32));
            let costs = &nearest[index].0;
            let chosen = (0..partition.len()).filter(|i| random.next_double() < 2.0 * costs[*i] * k as f64 / total);
            Ok(chosen.map(|i| partition.rows.row(i).to_dense()).collect::<Vec<_>>())
        })?;
        new = chosen.concat();
    }
    let (candidates, places) = distinct(candidates);
    if candidates.len() <= k {
        return Ok(candidates.concat());
    }
    let mut weights = vec![0.0; candidates.len()];
    nearest.iter().flat_map(|(_, owners)| owners).for_each(|owner| weights[places[*owner]] += 1.0);
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

/// What is compared with the centres: for angles the rows scaled to length 1, where `|x - c|² = 2 (1 - cos)`. And what share of the
/// squared distance a row costs.
fn directions(rows: RowsRef<'_>, measure: Measure) -> (Option<Vec<f64>>, f64) {
    if measure == Measure::Euclidean {
        return (None, 1.0);
    }
    let mut values = vec![0.0; rows.len() * rows.width()];
    for (i, out) in values.chunks_exact_mut(rows.width().max(1)).enumerate() {
        rows.row(i).write_dense(out);
        normalise(out);
    }
    (Some(values), 0.5)
}

/// The rows without those that came before, and where each of the given ones is among them.
fn distinct(rows: Vec<Vec<f64>>) -> (Vec<Vec<f64>>, Vec<usize>) {
    let mut kept: Vec<Vec<f64>> = Vec::with_capacity(rows.len());
    let mut places = Vec::with_capacity(rows.len());
    for row in rows {
        places.push(kept.iter().position(|other| *other == row).unwrap_or(kept.len()));
        if places.last() == Some(&kept.len()) {
            kept.push(row);
        }
    }
    (kept, places)
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
            let center = index.nearest_exact(VectorRef::Dense(point)).center;
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

//! Lloyd's algorithm with exact bounds.

use std::sync::{Mutex, PoisonError};

use kindling_linalg::{RowsRef, VectorRef, kernels};
use kindling_partition::{Executor, Result};

use super::centers::Centers;
use crate::task::Task;

/// Rows of one run at most: what is added up together, and added up anew only when one of its rows changed its cluster.
const RUN: usize = 2048;
/// Coordinates that one run compares at most, some milliseconds of work.
const RUN_COORDINATES: usize = 1 << 22;
/// Room for rounding in the bounds: far more than a distance can be off, far less than what they save.
const SLACK: f64 = 1e-9;

/// Centres that are looked at together as quickly as one alone.
const FEW: usize = 12;

/// What the iterations gave.
#[derive(Clone, Debug)]
pub(super) struct Clustered {
    pub centers: Vec<f64>,
    pub iterations: usize,
    /// The weighted sum of squared distances to the centres before the last move.
    pub cost: f64,
}

/// How the iterations go.
#[derive(Clone, Copy, Debug)]
pub(super) struct Settings {
    pub max_iter: usize,
    pub tol: f64,
    /// Rows and centres have length 1, and move on the sphere.
    pub spherical: bool,
}

/// What is remembered of a run of rows between iterations.
struct Memory {
    /// The cluster of each row.
    clusters: Vec<u32>,
    /// At least the distance to its centre, and at most the distance to any other (Hamerly, 2010).
    upper: Vec<f64>,
    lower: Vec<f64>,
    /// The sum of the rows of each cluster, and of their weights.
    sums: Vec<f64>,
    weights: Vec<f64>,
}

/// Moves the centres to the means of their rows until none moves more than `tol`, or `max_iter` times.
///
/// A row whose bounds show that its centre is still the nearest is not measured, and a run of rows that all stay is not added up again:
/// assignments, and the sums of each run, are those of the plain algorithm to the bit, and runs are combined in their order.
pub(super) fn lloyd(
    executor: &Executor,
    partitions: &[Task<'_>],
    mut start: Vec<f64>,
    width: usize,
    settings: Settings,
) -> Result<Clustered> {
    if settings.max_iter == 0 {
        return Ok(Clustered { centers: start, iterations: 0, cost: 0.0 });
    }
    if settings.spherical {
        start.chunks_exact_mut(width.max(1)).for_each(super::init::normalise);
    }
    let run = (RUN_COORDINATES / start.len().max(1)).clamp(16, RUN);
    let runs: Vec<Task<'_>> =
        partitions.iter().flat_map(|p| (0..p.len()).step_by(run).map(move |start| p.slice(start, (start + run).min(p.len())))).collect();
    let mut centers = Centers::new(width, start);
    let k = centers.count;
    let work: Vec<(Task<'_>, Mutex<Memory>)> = runs.into_iter().map(|run| (run, Mutex::new(Memory::new(run.len(), k, width)))).collect();
    let mut moves = vec![0.0; k];
    let mut before = centers.clone();
    let mut iterations = 0;
    let mut converged = false;
    while iterations < settings.max_iter && !converged {
        let apart = half_distances(&centers);
        executor.map_quietly(&work, |_, (run, memory)| {
            let mut memory = memory.lock().unwrap_or_else(PoisonError::into_inner);
            memory.assign(run, &centers, &moves, &apart, iterations == 0);
            Ok(())
        })?;
        let (mut sums, mut weights) = (vec![0.0; k * width], vec![0.0; k]);
        for (_, memory) in &work {
            let memory = memory.lock().unwrap_or_else(PoisonError::into_inner);
            kernels::axpy(1.0, &memory.sums, &mut sums);
            kernels::axpy(1.0, &memory.weights, &mut weights);
        }
        let mut rows = centers.rows.clone();
        for (c, (row, sum)) in rows.chunks_exact_mut(width).zip(sums.chunks_exact(width)).enumerate() {
            if weights[c] > 0.0 {
                row.copy_from_slice(sum);
                kernels::scale(1.0 / weights[c], row);
                if settings.spherical {
                    super::init::normalise(row);
                }
            }
        }
        before = std::mem::replace(&mut centers, Centers::new(width, rows));
        converged = true;
        for (c, distance) in moves.iter_mut().enumerate() {
            let squared = kernels::squared_distance(before.row(c), centers.row(c));
            *distance = libm::sqrt(squared);
            let stays = if settings.spherical { squared / 2.0 <= settings.tol } else { squared <= settings.tol * settings.tol };
            converged &= weights[c] <= 0.0 || stays;
        }
        iterations += 1;
        executor.step("KMeans", iterations as u64, settings.max_iter as u64)?;
    }
    let cost = cost(executor, &work, &before, settings.spherical)?;
    Ok(Clustered { centers: centers.rows, iterations, cost })
}

fn cost(executor: &Executor, work: &[(Task<'_>, Mutex<Memory>)], centers: &Centers, spherical: bool) -> Result<f64> {
    let parts = executor.map_quietly(work, |_, (run, memory)| {
        let memory = memory.lock().unwrap_or_else(PoisonError::into_inner);
        let distances = (0..run.len()).map(|i| run.weight(i) * centers.squared_distance(run.rows.row(i), memory.clusters[i] as usize));
        Ok(distances.sum::<f64>())
    })?;
    let total: f64 = parts.iter().sum();
    Ok(if spherical { total / 2.0 } else { total })
}

/// Half the distance of each centre to the nearest other one: a row nearer than that to its centre is nearest to it.
fn half_distances(centers: &Centers) -> Vec<f64> {
    (0..centers.count)
        .map(|a| {
            let others = (0..centers.count).filter(|b| *b != a);
            let least = others.map(|b| kernels::squared_distance(centers.row(a), centers.row(b))).fold(f64::INFINITY, f64::min);
            0.5 * libm::sqrt(least)
        })
        .collect()
}

impl Memory {
    fn new(rows: usize, k: usize, width: usize) -> Self {
        Self { clusters: vec![0; rows], upper: vec![0.0; rows], lower: vec![0.0; rows], sums: vec![0.0; k * width], weights: vec![0.0; k] }
    }

    /// Finds the nearest centre of each row, after the centres moved by `moves`.
    #[optimize(speed)]
    fn assign(&mut self, run: &Task<'_>, centers: &Centers, moves: &[f64], apart: &[f64], first: bool) {
        let farthest = moves.iter().copied().fold(0.0, f64::max);
        // The rows whose bounds don't show that they stay.
        let mut open: Vec<u32> = Vec::with_capacity(run.len());
        for i in 0..run.len() {
            let cluster = self.clusters[i] as usize;
            if !first {
                let upper = self.upper[i] + moves[cluster];
                let lower = self.lower[i] - farthest;
                self.upper[i] = upper;
                self.lower[i] = lower;
                let bound = lower.max(apart[cluster]);
                if upper * (1.0 + SLACK) + SLACK < bound {
                    continue;
                }
                // The upper bound may be loose: look at the centre itself before looking at all, when they are many.
                if centers.count > FEW {
                    let squared = match run.rows.row(i) {
                        VectorRef::Dense(x) => kernels::squared_distance(x, centers.row(cluster)),
                        sparse => centers.squared_distance(sparse, cluster),
                    };
                    let upper = squared.sqrt();
                    self.upper[i] = upper;
                    if upper * (1.0 + SLACK) + SLACK < bound {
                        continue;
                    }
                }
            }
            open.push(i as u32);
        }
        let mut changed = first;
        centers.nearest(run.rows, &open, &mut |i, nearest| {
            self.upper[i] = nearest.distance.sqrt();
            self.lower[i] = nearest.second.sqrt();
            changed |= nearest.center != self.clusters[i] as usize;
            self.clusters[i] = nearest.center as u32;
        });
        if changed {
            self.add_up(run, centers.width);
        }
    }

    fn add_up(&mut self, run: &Task<'_>, width: usize) {
        self.sums.fill(0.0);
        self.weights.fill(0.0);
        if let (RowsRef::Dense { values, .. }, None) = (run.rows, run.weights) {
            kernels::add_by_group(values, width, &self.clusters, &mut self.sums);
            self.clusters.iter().for_each(|cluster| self.weights[*cluster as usize] += 1.0);
            return;
        }
        for (i, cluster) in self.clusters.iter().enumerate() {
            let weight = run.weight(i);
            let sum = &mut self.sums[*cluster as usize * width..(*cluster as usize + 1) * width];
            match run.rows.row(i) {
                VectorRef::Dense(x) => kernels::axpy(weight, x, sum),
                sparse => sparse.active().for_each(|(j, v)| sum[j] += weight * v),
            }
            self.weights[*cluster as usize] += weight;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The plain algorithm: every row measured in every iteration, runs added up in their order.
    fn plain(values: &[f64], width: usize, start: &[f64], iterations: usize) -> Vec<f64> {
        let mut centers = Centers::new(width, start.to_vec());
        for _ in 0..iterations {
            let (mut sums, mut counts) = (vec![0.0; centers.rows.len()], vec![0.0; centers.count]);
            for run in values.chunks(RUN * width) {
                let (mut part, mut count) = (vec![0.0; centers.rows.len()], vec![0.0; centers.count]);
                for row in run.chunks(width) {
                    let c = centers.nearest_exact(VectorRef::Dense(row)).center;
                    kernels::axpy(1.0, row, &mut part[c * width..(c + 1) * width]);
                    count[c] += 1.0;
                }
                kernels::axpy(1.0, &part, &mut sums);
                kernels::axpy(1.0, &count, &mut counts);
            }
            let mut rows = centers.rows.clone();
            for c in 0..centers.count {
                if counts[c] > 0.0 {
                    rows[c * width..(c + 1) * width].copy_from_slice(&sums[c * width..(c + 1) * width]);
                    kernels::scale(1.0 / counts[c], &mut rows[c * width..(c + 1) * width]);
                }
            }
            centers = Centers::new(width, rows);
        }
        centers.rows
    }

    #[test]
    fn bounds_keep_the_bits_of_the_plain_algorithm_on_any_number_of_threads() {
        let (rows, width, k) = (9000, 3, 7);
        let mut state = 1_u64;
        let values: Vec<f64> = (0..rows * width)
            .map(|_| {
                state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                (state >> 40) as f64 / 1e6
            })
            .collect();
        let start = values[..k * width].to_vec();
        let whole = Task { rows: RowsRef::Dense { values: &values, width }, labels: &[], weights: None };
        for iterations in [1, 3, 25] {
            let expected = plain(&values, width, &start, iterations);
            for threads in [1, 2, 4, 8] {
                let settings = Settings { max_iter: iterations, tol: 0.0, spherical: false };
                let found = lloyd(&Executor::new(threads), &[whole], start.clone(), width, settings).expect("no Stop");
                assert!(found.centers.iter().zip(&expected).all(|(a, b)| a.to_bits() == b.to_bits()), "{iterations} iterations");
            }
        }
    }
}

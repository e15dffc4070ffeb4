//! Alternating least squares (`org.apache.spark.ml.recommendation.ALS.train`; Koren, Bell, Volinsky, 2009; implicit: Hu, Koren, Volinsky, 2008).

use kindling_frame::random::XorShiftRandom;
use kindling_partition::{Error, Executor, Result};

use super::blocks::{Rating, Side, sides};
use super::nnls::nnls;

/// Multiplications of one task at most, some two milliseconds of work.
const TASK: usize = 1 << 21;

/// The params of a fit, checked.
#[derive(Clone, Copy, Debug)]
pub(super) struct Settings {
    pub rank: usize,
    pub max_iter: usize,
    pub reg: f64,
    pub user_blocks: usize,
    pub item_blocks: usize,
    /// The alpha of implicit preferences; `None` for explicit ratings.
    pub implicit: Option<f64>,
    pub nonnegative: bool,
    pub seed: i64,
}

/// Ids in Spark's order, where each block begins, and a row of factors for each id.
#[derive(Clone, Debug)]
pub(super) struct Factors {
    pub ids: Vec<i32>,
    pub blocks: Vec<usize>,
    pub values: Vec<f32>,
}

/// The factors of users and of items.
///
/// # Errors
/// When the equations of an id have no single solution.
pub(super) fn factorize(executor: &Executor, ratings: &[Rating], settings: &Settings) -> Result<(Factors, Factors)> {
    let (users, items) = sides(executor, ratings, settings.user_blocks, settings.item_blocks)?;
    let mut seeds = XorShiftRandom::new(settings.seed);
    let mut of_users = start(&users, settings.rank, seeds.next_long());
    let mut of_items = start(&items, settings.rank, seeds.next_long());
    for round in 0..settings.max_iter {
        of_items = solve(executor, &items, &users, &of_users, settings)?;
        of_users = solve(executor, &users, &items, &of_items, settings)?;
        executor.step("ALS", round as u64 + 1, settings.max_iter as u64)?;
    }
    let factors = |side: Side, values: Vec<f32>| Factors { ids: side.ids, blocks: side.blocks, values };
    Ok((factors(users, of_users), factors(items, of_items)))
}

/// Random unit vectors, from a generator for each block.
fn start(side: &Side, rank: usize, seed: i64) -> Vec<f32> {
    let mut values = Vec::with_capacity(side.ids.len() * rank);
    for (block, ends) in side.blocks.windows(2).enumerate() {
        let mut random = XorShiftRandom::new(byteswap64(seed ^ block as i64));
        for _ in ends[0]..ends[1] {
            let at = values.len();
            values.extend((0..rank).map(|_| random.next_gaussian() as f32));
            let norm = norm(&values[at..]);
            values[at..].iter_mut().for_each(|v| *v *= 1.0 / norm);
        }
    }
    values
}

/// `scala.util.hashing.byteswap64`.
fn byteswap64(value: i64) -> i64 {
    const FACTOR: i64 = 0x9e37_75cd_9e37_75cd_u64.cast_signed();
    value.wrapping_mul(FACTOR).swap_bytes().wrapping_mul(FACTOR)
}

/// The length of a vector, scaled by its largest entry as BLAS does it.
fn norm(values: &[f32]) -> f32 {
    if let [value] = values {
        return value.abs();
    }
    let (mut scale, mut sum) = (0.0_f32, 1.0_f32);
    for value in values.iter().map(|v| v.abs()).filter(|v| *v != 0.0) {
        if scale < value {
            sum = 1.0 + sum * (scale / value) * (scale / value);
            scale = value;
        } else {
            sum += (value / scale) * (value / scale);
        }
    }
    scale * sum.sqrt()
}

/// The normal equations of one id: the upper triangle column by column, and the right side.
#[derive(Clone)]
struct Equation {
    ata: Vec<f64>,
    atb: Vec<f64>,
}

impl Equation {
    fn new(rank: usize) -> Self {
        Self { ata: vec![0.0; rank * (rank + 1) / 2], atb: vec![0.0; rank] }
    }

    /// Adds `weight · row · rowᵀ`, and `right · row` on the right.
    fn add(&mut self, row: &[f64], right: f64, weight: f64) {
        let mut at = 0;
        for (j, x) in row.iter().enumerate() {
            let scaled = weight * x;
            for (sum, y) in self.ata[at..].iter_mut().zip(&row[..=j]) {
                *sum += y * scaled;
            }
            at += j + 1;
        }
        if right != 0.0 {
            self.atb.iter_mut().zip(row).for_each(|(sum, x)| *sum += right * x);
        }
    }

    /// The solution with `lambda` on the diagonal.
    fn solve(&mut self, lambda: f64, nonnegative: bool) -> Result<()> {
        let rank = self.atb.len();
        let diagonal = |i: usize| i * (i + 3) / 2;
        for i in 0..rank {
            self.ata[diagonal(i)] += lambda;
        }
        if nonnegative {
            let full: Vec<f64> = (0..rank * rank)
                .map(|at| (at / rank, at % rank))
                .map(|(i, j)| self.ata[i.max(j) * (i.max(j) + 1) / 2 + i.min(j)])
                .collect();
            self.atb = nnls(&full, &self.atb);
            return Ok(());
        }
        // Cholesky, a column of the triangle at a time.
        for j in 0..rank {
            let (done, column) = self.ata.split_at_mut(j * (j + 1) / 2);
            for i in 0..j {
                let above = &done[i * (i + 1) / 2..];
                let dot: f64 = above[..i].iter().zip(&column[..i]).map(|(a, b)| a * b).sum();
                column[i] = (column[i] - dot) / above[i];
            }
            let rest = column[j] - column[..j].iter().map(|v| v * v).sum::<f64>();
            if rest <= 0.0 || rest.is_nan() {
                return Err(Error::runtime(
                    "The equations of ALS have no single solution because A is not positive definite. Is A derived from a singular matrix \
                     (e.g. collinear column values)? A regParam over 0 helps.",
                ));
            }
            column[j] = rest.sqrt();
        }
        for i in 0..rank {
            let column = &self.ata[i * (i + 1) / 2..];
            let dot: f64 = column[..i].iter().zip(&self.atb).map(|(a, b)| a * b).sum();
            self.atb[i] = (self.atb[i] - dot) / column[i];
        }
        for i in (0..rank).rev() {
            let column = &self.ata[i * (i + 1) / 2..];
            let value = self.atb[i] / column[i];
            self.atb[i] = value;
            self.atb[..i].iter_mut().zip(column).for_each(|(b, a)| *b -= value * a);
        }
        Ok(())
    }
}

/// The factors of one side given those of the other.
fn solve(executor: &Executor, side: &Side, other: &Side, factors: &[f32], settings: &Settings) -> Result<Vec<f32>> {
    let rank = settings.rank;
    let rows: Vec<f64> = factors.iter().map(|v| f64::from(*v)).collect();
    let row = |place: usize| &rows[place * rank..(place + 1) * rank];
    let mut common = Equation::new(rank);
    if settings.implicit.is_some() {
        for ends in other.blocks.windows(2) {
            let mut of_block = Equation::new(rank);
            for (i, place) in (ends[0]..ends[1]).enumerate() {
                if i % 1024 == 0 {
                    executor.check()?;
                }
                of_block.add(row(place), 0.0, 1.0);
            }
            common.ata.iter_mut().zip(&of_block.ata).for_each(|(sum, v)| *sum += v);
        }
    }
    let mut jobs: Vec<std::ops::Range<usize>> = Vec::new();
    let mut room = 0;
    for i in 0..side.ids.len() {
        let cost = (side.starts[i + 1] - side.starts[i] + rank) * rank * rank;
        match jobs.last_mut() {
            Some(job) if cost <= room => job.end = i + 1,
            _ => {
                jobs.push(i..i + 1);
                room = TASK;
            }
        }
        room = room.saturating_sub(cost);
    }
    let parts = executor.map_quietly(&jobs, |_, job| {
        let mut solved = Vec::with_capacity(job.len() * rank);
        for i in job.clone() {
            let mut equation = common.clone();
            let mut count = 0;
            for (n, at) in (side.starts[i]..side.starts[i + 1]).enumerate() {
                if n % 1024 == 0 {
                    executor.check()?;
                }
                let (row, rating) = (row(side.others[at] as usize), f64::from(side.ratings[at]));
                match settings.implicit {
                    None => {
                        equation.add(row, rating, 1.0);
                        count += 1;
                    }
                    // A rating is how sure the preference is: 1 when the rating is over zero, else 0.
                    Some(alpha) => {
                        let sure = alpha * rating.abs();
                        count += usize::from(rating > 0.0);
                        equation.add(row, if rating > 0.0 { 1.0 + sure } else { 0.0 }, sure);
                    }
                }
            }
            equation.solve(count as f64 * settings.reg, settings.nonnegative)?;
            solved.extend(equation.atb.iter().map(|v| *v as f32));
        }
        Ok(solved)
    })?;
    Ok(parts.concat())
}

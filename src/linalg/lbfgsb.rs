//! L-BFGS within bounds.

use std::collections::VecDeque;

use kindling_partition::Result;

use crate::kernels::{axpy, dot, norm};
use crate::lbfgs::{Cached, Convergence, Minimum, VALUES};
use crate::line_search::strong_wolfe_within;

/// Limited-memory BFGS with bounds on each coordinate (Byrd, Lu, Nocedal and Zhu, 1995), as Breeze 2 does it for Spark: the generalised
/// Cauchy point, the direct primal method in the free coordinates, and a line search that ends at the first bound.
#[derive(Clone, Debug)]
pub struct Lbfgsb {
    pub lower: Vec<f64>,
    pub upper: Vec<f64>,
    /// Iterations at most.
    pub max_iter: usize,
    /// As [`Lbfgs`](crate::Lbfgs)'s. A projected gradient under 1e-5 in every coordinate ends the search in any case.
    pub tolerance: f64,
    /// How many past steps make the approximation of the Hessian.
    pub memory: usize,
}

/// The Hessian as `θ I - W M Wᵀ`.
struct Hessian {
    theta: f64,
    /// Columns of the changes of the gradient, then of the steps by θ: as many columns as `m` has rows.
    w: Vec<Vec<f64>>,
    /// Row by row.
    m: Vec<f64>,
}

impl Hessian {
    const NONE: Self = Self { theta: 1.0, w: Vec::new(), m: Vec::new() };

    fn new(pairs: &VecDeque<(Vec<f64>, Vec<f64>)>) -> Self {
        let Some((step, change)) = pairs.back() else { return Self::NONE };
        let theta = dot(change, change) / dot(change, step);
        let k = pairs.len();
        let mut matrix = vec![0.0; 4 * k * k];
        for (i, (si, _)) in pairs.iter().enumerate() {
            for (j, (sj, yj)) in pairs.iter().enumerate() {
                let product = dot(si, yj);
                if i == j {
                    matrix[i * 2 * k + i] = -product;
                } else if i > j {
                    matrix[(k + i) * 2 * k + j] = product;
                    matrix[j * 2 * k + k + i] = product;
                }
                matrix[(k + i) * 2 * k + k + j] = theta * dot(si, sj);
            }
        }
        let scaled = pairs.iter().map(|(s, _)| s.iter().map(|s| s * theta).collect());
        let w = pairs.iter().map(|(_, y)| y.clone()).chain(scaled).collect();
        let mut m = vec![0.0; 4 * k * k];
        (0..2 * k).for_each(|i| m[i * 2 * k + i] = 1.0);
        solve(matrix, &mut m, 2 * k);
        Self { theta, w, m }
    }

    /// Row `i` of W.
    fn row(&self, i: usize) -> Vec<f64> {
        self.w.iter().map(|column| column[i]).collect()
    }

    fn times_m(&self, v: &[f64]) -> Vec<f64> {
        self.m.chunks_exact(v.len().max(1)).map(|row| dot(row, v)).collect()
    }
}

/// Solves `A X = B` in place of B, both row by row, `A` of `n` rows, by elimination with pivots.
fn solve(mut a: Vec<f64>, b: &mut [f64], n: usize) {
    let width = b.len() / n.max(1);
    for k in 0..n {
        let pivot = (k..n).max_by(|i, j| a[i * n + k].abs().total_cmp(&a[j * n + k].abs())).unwrap_or(k);
        if pivot != k {
            (0..n).for_each(|j| a.swap(k * n + j, pivot * n + j));
            (0..width).for_each(|j| b.swap(k * width + j, pivot * width + j));
        }
        for i in k + 1..n {
            let factor = a[i * n + k] / a[k * n + k];
            for j in k..n {
                a[i * n + j] -= factor * a[k * n + j];
            }
            for j in 0..width {
                b[i * width + j] -= factor * b[k * width + j];
            }
        }
    }
    for k in (0..n).rev() {
        for j in 0..width {
            let rest: f64 = (k + 1..n).map(|i| a[k * n + i] * b[i * width + j]).sum();
            b[k * width + j] = (b[k * width + j] - rest) / a[k * n + k];
        }
    }
}

impl Lbfgsb {
    /// Minimises `function` as [`Lbfgs::minimize`](crate::Lbfgs::minimize) does, from a start within the bounds.
    pub fn minimize(
        &self,
        function: impl FnMut(&[f64], &mut [f64]) -> Result<f64>,
        start: Vec<f64>,
        mut progress: impl FnMut(usize) -> Result<()>,
    ) -> Result<Minimum> {
        let mut function = Cached::new(function);
        let mut x = start;
        let (mut value, gradient) = function.at(&x)?;
        let mut gradient = gradient.to_vec();
        let initial = value;
        let (mut pairs, mut hessian) = (VecDeque::new(), Hessian::NONE);
        let mut history = vec![value];
        let mut recent = VecDeque::from([f64::INFINITY]);
        let mut failed_once = false;
        let mut iteration = 0;
        loop {
            let highest = recent.iter().copied().fold(f64::NEG_INFINITY, f64::max);
            let reason = if iteration >= self.max_iter {
                Some(Convergence::MaxIterations)
            } else if recent.len() >= 2 && (value - highest).abs() <= self.tolerance * initial.abs() {
                Some(Convergence::FunctionValues)
            } else if self.projected(&x, &gradient) < 1e-5 || norm(&gradient) <= (self.tolerance * value.abs()).max(1e-8) {
                Some(Convergence::Gradient)
            } else {
                None
            };
            if let Some(reason) = reason {
                return Ok(Minimum { x, history, reason });
            }
            let direction = self.direction(&hessian, &x, &gradient, iteration == 0);
            let bound = self.longest(&x, &direction);
            let mut along = |t: f64| {
                let (value, gradient) = function.at(&self.moved(&x, &direction, t))?;
                Ok((value, dot(gradient, &direction)))
            };
            let Some(step) = (if bound >= 1.0 { strong_wolfe_within(&mut along, 1.0, bound, 64)? } else { None }) else {
                history.push(value);
                if failed_once {
                    return Ok(Minimum { x, history, reason: Convergence::SearchFailed });
                }
                failed_once = true;
                pairs.clear();
                hessian = Hessian::NONE;
                continue;
            };
            let next = self.moved(&x, &direction, step);
            let (next_value, next_gradient) = function.at(&next)?;
            let difference = |a: &[f64], b: &[f64]| -> Vec<f64> { a.iter().zip(b).map(|(a, b)| a - b).collect() };
            let (taken, change) = (difference(&next, &x), difference(next_gradient, &gradient));
            gradient = next_gradient.to_vec();
            if 2.2e-16 * norm(&change) < dot(&taken, &change).abs() {
                if pairs.len() == self.memory {
                    pairs.pop_front();
                }
                pairs.push_back((taken, change));
                hessian = Hessian::new(&pairs);
            }
            (x, value) = (next, next_value);
            recent.push_back(value);
            if recent.len() > VALUES {
                recent.pop_front();
            }
            history.push(value);
            failed_once = false;
            iteration += 1;
            progress(iteration)?;
        }
    }

    fn clamp(&self, x: &mut [f64]) {
        for ((x, low), high) in x.iter_mut().zip(&self.lower).zip(&self.upper) {
            *x = if *x > *high { *high } else { *x };
            *x = if *x < *low { *low } else { *x };
        }
    }

    fn moved(&self, x: &[f64], direction: &[f64], step: f64) -> Vec<f64> {
        let mut moved: Vec<f64> = x.iter().zip(direction).map(|(x, d)| x + d * step).collect();
        self.clamp(&mut moved);
        moved
    }

    /// The longest step that no bound cuts short.
    fn longest(&self, x: &[f64], direction: &[f64]) -> f64 {
        let bound = |(i, d): (usize, &f64)| (if *d < 0.0 { self.lower[i] - x[i] } else { self.upper[i] - x[i] }) / d;
        direction.iter().enumerate().filter(|(_, d)| **d != 0.0).map(bound).fold(f64::INFINITY, f64::min)
    }

    /// The largest coordinate of the step against the gradient, cut at the bounds.
    fn projected(&self, x: &[f64], gradient: &[f64]) -> f64 {
        let step = |i: usize| (x[i] - gradient[i]).clamp(self.lower[i].min(self.upper[i]), self.upper[i]) - x[i];
        (0..x.len()).map(|i| step(i).abs()).fold(0.0, f64::max)
    }

    fn direction(&self, hessian: &Hessian, x: &[f64], gradient: &[f64], first: bool) -> Vec<f64> {
        let (mut point, c) = self.cauchy_point(hessian, x, gradient);
        self.clamp(&mut point);
        if !first {
            self.subspace_minimum(hessian, &mut point, x, &c, gradient);
            self.clamp(&mut point);
        }
        point.iter().zip(x).map(|(p, x)| p - x).collect()
    }

    /// The first minimum of the model along the projected gradient, and `Wᵀ (point - x)`.
    fn cauchy_point(&self, hessian: &Hessian, x: &[f64], g: &[f64]) -> (Vec<f64>, Vec<f64>) {
        let n = x.len();
        let breaks: Vec<f64> = (0..n)
            .map(|i| match g[i] {
                0.0 => f64::MAX,
                gi if gi < 0.0 => (x[i] - self.upper[i]) / gi,
                gi => (x[i] - self.lower[i]) / gi,
            })
            .collect();
        let mut d: Vec<f64> = (0..n).map(|i| if g[i] == 0.0 || breaks[i] == 0.0 { 0.0 } else { -g[i] }).collect();
        let mut point = x.to_vec();
        let mut p: Vec<f64> = hessian.w.iter().map(|column| dot(column, &d)).collect();
        let mut c = vec![0.0; p.len()];
        let mut slope = dot(g, &d);
        let mut curvature = -hessian.theta * slope - dot(&p, &hessian.times_m(&p));
        let mut least = -(slope / curvature);
        let mut order: Vec<usize> = (0..n).collect();
        order.sort_by(|a, b| breaks[*a].total_cmp(&breaks[*b]));
        let mut i = order.iter().position(|at| breaks[*at] != 0.0).unwrap_or(n);
        let mut before = 0.0;
        while i < n && breaks[order[i]] - before <= least {
            let b = order[i];
            let length = breaks[b] - before;
            point[b] = if d[b] > 0.0 { self.upper[b] } else { self.lower[b] };
            let moved = point[b] - x[b];
            axpy(length, &p, &mut c);
            let row = hessian.row(b);
            slope += length * curvature + g[b] * g[b] + hessian.theta * g[b] * moved - g[b] * dot(&row, &hessian.times_m(&c));
            curvature -= hessian.theta * g[b] * g[b]
                + 2.0 * g[b] * dot(&row, &hessian.times_m(&p))
                + g[b] * g[b] * dot(&row, &hessian.times_m(&row));
            axpy(g[b], &row, &mut p);
            d[b] = 0.0;
            least = -slope / curvature;
            before = breaks[b];
            i += 1;
        }
        let least = least.max(0.0);
        before += least;
        for at in &order[i.min(n)..] {
            point[*at] = x[*at] + before * d[*at];
        }
        axpy(least, &p, &mut c);
        (point, c)
    }

    /// Moves the point to the model's minimum over the coordinates that are at no bound, as far as the bounds let it.
    fn subspace_minimum(&self, hessian: &Hessian, point: &mut [f64], x: &[f64], c: &[f64], g: &[f64]) {
        let inverse = 1.0 / hessian.theta;
        let free: Vec<usize> = (0..x.len()).filter(|i| point[*i] != self.upper[*i] && point[*i] != self.lower[*i]).collect();
        let mc = hessian.times_m(c);
        let rows: Vec<Vec<f64>> = free.iter().map(|i| hessian.row(*i)).collect();
        let rest: Vec<f64> = free.iter().zip(&rows).map(|(i, row)| g[*i] + hessian.theta * (point[*i] - x[*i]) - dot(row, &mc)).collect();
        let k = c.len();
        let mut sums = vec![0.0; k];
        let mut square = vec![0.0; k * k];
        for (row, r) in rows.iter().zip(&rest) {
            axpy(*r, row, &mut sums);
            for (i, value) in row.iter().enumerate() {
                axpy(value * inverse, row, &mut square[i * k..(i + 1) * k]);
            }
        }
        let mut v = hessian.times_m(&sums);
        let mut system = vec![0.0; k * k];
        for i in 0..k {
            for j in 0..k {
                let product: f64 = (0..k).map(|l| hessian.m[i * k + l] * square[l * k + j]).sum();
                system[i * k + j] = f64::from(u8::from(i == j)) - product;
            }
        }
        solve(system, &mut v, k);
        let steps: Vec<f64> = rows.iter().zip(&rest).map(|(row, r)| -(r * inverse + dot(row, &v) * inverse * inverse)).collect();
        let mut part = 1.0_f64;
        for (i, step) in free.iter().zip(&steps) {
            if *step > 0.0 {
                part = part.min((self.upper[*i] - point[*i]) / step);
            } else if *step < 0.0 {
                part = part.min((self.lower[*i] - point[*i]) / step);
            }
        }
        for (i, step) in free.iter().zip(&steps) {
            point[*i] += part * step;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// min (x - 3)² + 2 (y + 1)² + xy within 0 ≤ x ≤ 2 and y ≥ -0.5: at x = 2 the slope of y is 4 (y + 1) + 2, positive, so y = -0.5.
    #[test]
    fn a_quadratic_ends_in_the_corner_that_is_best() {
        let quadratic = |x: &[f64], g: &mut [f64]| {
            (g[0], g[1]) = (2.0 * (x[0] - 3.0) + x[1], 4.0 * (x[1] + 1.0) + x[0]);
            Ok((x[0] - 3.0) * (x[0] - 3.0) + 2.0 * (x[1] + 1.0) * (x[1] + 1.0) + x[0] * x[1])
        };
        let bounds = |lower, upper| Lbfgsb { lower, upper, max_iter: 100, tolerance: 1e-12, memory: 10 };
        let corner = bounds(vec![0.0, -0.5], vec![2.0, f64::INFINITY]).minimize(quadratic, vec![0.5, 1.0], |_| Ok(())).expect("no errors");
        assert_eq!(corner.x, [2.0, -0.5]);
        // Without bounds in the way: 2x + y = 6 and x + 4y = -4.
        let open = bounds(vec![f64::NEG_INFINITY; 2], vec![f64::INFINITY; 2]);
        let open = open.minimize(quadratic, vec![0.0, 0.0], |_| Ok(())).expect("no errors");
        assert!((open.x[0] - 4.0).abs() < 1e-5 && (open.x[1] + 2.0).abs() < 1e-5, "{open:?}");
    }
}

//! Singular values and left singular vectors of a square matrix, with the signs that LAPACK gives them.
//!
//! Householder's reduction to two diagonals (`dgebd2`) and the implicit QR of Demmel and Kahan ("Accurate singular values of bidiagonal
//! matrices", SIAM J. Sci. Stat. Comput. 11(5), 1990) in the steps of `dbdsqr`, which LAPACK's `dgesdd` takes up to 25 columns. Above, it
//! divides and conquers: the values agree, and signs may differ.

use crate::kernels::dot;

/// What [`svd`] gives.
#[derive(Clone, Debug)]
pub struct Svd {
    /// Singular values, greatest first.
    pub values: Vec<f64>,
    /// The left singular vectors of these values, one after the other.
    pub vectors: Vec<f64>,
}

/// The decomposition of an `n × n` matrix, given column after column.
pub fn svd(n: usize, columns: &[f64]) -> Svd {
    let mut work = Bidiagonal::reduce(n, columns.to_vec());
    work.diagonalize();
    work.finish()
}

struct Bidiagonal {
    n: usize,
    diagonal: Vec<f64>,
    above: Vec<f64>,
    /// Columns of the rotations' product.
    rotated: Vec<f64>,
    /// The reflections of the columns: from which row, their vector and factor.
    reflections: Vec<(usize, Vec<f64>, f64)>,
}

/// The reflection that leaves only the first entry of `x`: its vector, which begins with 1, its factor, and the entry left (`dlarfg`).
fn reflection(x: &[f64]) -> (Vec<f64>, f64, f64) {
    let mut v = x.to_vec();
    let rest = libm::sqrt(dot(&x[1..], &x[1..]));
    if rest == 0.0 {
        v[0] = 1.0;
        return (v, 0.0, x[0]);
    }
    let left = -libm::hypot(x[0], rest).copysign(x[0]);
    v[1..].iter_mut().for_each(|value| *value /= x[0] - left);
    v[0] = 1.0;
    (v, (left - x[0]) / left, left)
}

impl Bidiagonal {
    fn reduce(n: usize, mut a: Vec<f64>) -> Self {
        let (mut diagonal, mut above, mut reflections) = (vec![0.0; n], vec![0.0; n.saturating_sub(1)], Vec::new());
        for i in 0..n {
            let (v, tau, left) = reflection(&a[i * n + i..(i + 1) * n]);
            diagonal[i] = left;
            for column in a.chunks_exact_mut(n).skip(i + 1) {
                let factor = tau * dot(&v, &column[i..]);
                column[i..].iter_mut().zip(&v).for_each(|(x, v)| *x -= factor * v);
            }
            reflections.push((i, v, tau));
            if i + 1 == n {
                break;
            }
            let row: Vec<f64> = (i + 1..n).map(|j| a[j * n + i]).collect();
            let (v, tau, left) = reflection(&row);
            above[i] = left;
            for r in i + 1..n {
                let factor = tau * v.iter().enumerate().map(|(k, v)| v * a[(i + 1 + k) * n + r]).sum::<f64>();
                v.iter().enumerate().for_each(|(k, v)| a[(i + 1 + k) * n + r] -= factor * v);
            }
        }
        let mut rotated = vec![0.0; n * n];
        (0..n).for_each(|i| rotated[i * n + i] = 1.0);
        Self { n, diagonal, above, rotated, reflections }
    }

    /// Turns columns `j` and `j + 1`.
    fn rotate(&mut self, j: usize, cos: f64, sin: f64) {
        let (left, right) = self.rotated[j * self.n..(j + 2) * self.n].split_at_mut(self.n);
        for (x, y) in left.iter_mut().zip(right) {
            (*x, *y) = (cos * *x + sin * *y, cos * *y - sin * *x);
        }
    }

    fn diagonalize(&mut self) {
        const EPSILON: f64 = f64::EPSILON / 2.0;
        let n = self.n;
        let tolerance = libm::pow(EPSILON, -0.125).clamp(10.0, 100.0) * EPSILON;
        let mut smallest = self.diagonal.first().map_or(0.0, |d| d.abs());
        let mut mu = smallest;
        for i in 1..n {
            mu = self.diagonal[i].abs() * (mu / (mu + self.above[i - 1].abs()));
            smallest = smallest.min(mu);
            if smallest == 0.0 || mu.is_nan() {
                break;
            }
        }
        let count = n as f64;
        let negligible = (tolerance * (smallest / libm::sqrt(count))).max(6.0 * count * count * f64::MIN_POSITIVE);
        let (mut end, mut last, mut downward) = (n, (usize::MAX, usize::MAX), true);
        // Each value takes two or three steps; the limit is LAPACK's.
        for _ in 0..6 * n * n {
            while end > 1 && self.above[end - 2].abs() <= negligible {
                self.above[end - 2] = 0.0;
                end -= 1;
            }
            if end <= 1 {
                break;
            }
            let bottom = end - 1;
            let mut top = bottom;
            let mut greatest = self.diagonal[bottom].abs();
            while top > 0 {
                if self.above[top - 1].abs() <= negligible {
                    self.above[top - 1] = 0.0;
                    break;
                }
                top -= 1;
                greatest = greatest.max(self.diagonal[top].abs()).max(self.above[top].abs());
            }
            if top + 1 == bottom {
                let pair = two_by_two(self.diagonal[top], self.above[top], self.diagonal[bottom]);
                (self.diagonal[top], self.above[top], self.diagonal[bottom]) = (pair.max, 0.0, pair.min);
                self.rotate(top, pair.cos, pair.sin);
                end = top;
                continue;
            }
            if last.0 == usize::MAX || top > last.1 || bottom < last.0 {
                downward = self.diagonal[top].abs() >= self.diagonal[bottom].abs();
            }
            let Some(least) = self.least(top, bottom, downward, tolerance) else { continue };
            last = (top, bottom);
            let shift = if count * tolerance * (least / greatest) <= EPSILON.max(0.01 * tolerance) {
                0.0
            } else {
                let (i, from) = if downward { (bottom - 1, top) } else { (top, bottom) };
                let shift = smaller_value(self.diagonal[i], self.above[i], self.diagonal[i + 1]);
                let start = self.diagonal[from].abs();
                if start > 0.0 && (shift / start) * (shift / start) < EPSILON { 0.0 } else { shift }
            };
            match (shift == 0.0, downward) {
                (true, true) => self.zero_shift_down(top, bottom),
                (true, false) => self.zero_shift_up(top, bottom),
                (false, true) => self.shifted_down(top, bottom, shift),
                (false, false) => self.shifted_up(top, bottom, shift),
            }
            let chased = if downward { bottom - 1 } else { top };
            if self.above[chased].abs() <= negligible {
                self.above[chased] = 0.0;
            }
        }
    }

    /// A bound below the values of a block; `None` when an entry above the diagonal could be dropped instead.
    fn least(&mut self, top: usize, bottom: usize, downward: bool, tolerance: f64) -> Option<f64> {
        let (d, e) = (&self.diagonal, &mut self.above);
        let (edge, corner) = if downward { (bottom - 1, bottom) } else { (top, top) };
        if e[edge].abs() <= tolerance * d[corner].abs() {
            e[edge] = 0.0;
            return None;
        }
        let mut mu = if downward { d[top].abs() } else { d[bottom].abs() };
        let mut least = mu;
        for step in 0..bottom - top {
            let i = if downward { top + step } else { bottom - 1 - step };
            if e[i].abs() <= tolerance * mu {
                e[i] = 0.0;
                return None;
            }
            mu = d[if downward { i + 1 } else { i }].abs() * (mu / (mu + e[i].abs()));
            least = least.min(mu);
        }
        Some(least)
    }

    fn zero_shift_down(&mut self, top: usize, bottom: usize) {
        let (mut cos, mut old_cos, mut old_sin) = (1.0, 1.0, 0.0);
        let mut turns = Vec::with_capacity(bottom - top);
        for i in top..bottom {
            let turn = givens(self.diagonal[i] * cos, self.above[i]);
            cos = turn.0;
            if i > top {
                self.above[i - 1] = old_sin * turn.2;
            }
            let (c, s, r) = givens(old_cos * turn.2, self.diagonal[i + 1] * turn.1);
            (old_cos, old_sin, self.diagonal[i]) = (c, s, r);
            turns.push((i, c, s));
        }
        let h = self.diagonal[bottom] * cos;
        self.diagonal[bottom] = h * old_cos;
        self.above[bottom - 1] = h * old_sin;
        turns.into_iter().for_each(|(i, c, s)| self.rotate(i, c, s));
    }

    fn zero_shift_up(&mut self, top: usize, bottom: usize) {
        let (mut cos, mut old_cos, mut old_sin) = (1.0, 1.0, 0.0);
        let mut turns = Vec::with_capacity(bottom - top);
        for i in (top + 1..=bottom).rev() {
            let turn = givens(self.diagonal[i] * cos, self.above[i - 1]);
            cos = turn.0;
            if i < bottom {
                self.above[i] = old_sin * turn.2;
            }
            let (c, s, r) = givens(old_cos * turn.2, self.diagonal[i - 1] * turn.1);
            (old_cos, old_sin, self.diagonal[i]) = (c, s, r);
            turns.push((i - 1, turn.0, -turn.1));
        }
        let h = self.diagonal[top] * cos;
        self.diagonal[top] = h * old_cos;
        self.above[top] = h * old_sin;
        turns.into_iter().for_each(|(i, c, s)| self.rotate(i, c, s));
    }

    fn shifted_down(&mut self, top: usize, bottom: usize, shift: f64) {
        let (d, e) = (&mut self.diagonal, &mut self.above);
        let mut f = (d[top].abs() - shift) * (1.0_f64.copysign(d[top]) + shift / d[top]);
        let mut g = e[top];
        let mut turns = Vec::with_capacity(bottom - top);
        for i in top..bottom {
            let (cos, sin, r) = givens(f, g);
            if i > top {
                e[i - 1] = r;
            }
            f = cos * d[i] + sin * e[i];
            e[i] = cos * e[i] - sin * d[i];
            g = sin * d[i + 1];
            d[i + 1] *= cos;
            let (cos, sin, r) = givens(f, g);
            d[i] = r;
            f = cos * e[i] + sin * d[i + 1];
            d[i + 1] = cos * d[i + 1] - sin * e[i];
            if i + 1 < bottom {
                g = sin * e[i + 1];
                e[i + 1] *= cos;
            }
            turns.push((i, cos, sin));
        }
        e[bottom - 1] = f;
        turns.into_iter().for_each(|(i, c, s)| self.rotate(i, c, s));
    }

    fn shifted_up(&mut self, top: usize, bottom: usize, shift: f64) {
        let (d, e) = (&mut self.diagonal, &mut self.above);
        let mut f = (d[bottom].abs() - shift) * (1.0_f64.copysign(d[bottom]) + shift / d[bottom]);
        let mut g = e[bottom - 1];
        let mut turns = Vec::with_capacity(bottom - top);
        for i in (top + 1..=bottom).rev() {
            let (cos, sin, r) = givens(f, g);
            if i < bottom {
                e[i] = r;
            }
            turns.push((i - 1, cos, -sin));
            f = cos * d[i] + sin * e[i - 1];
            e[i - 1] = cos * e[i - 1] - sin * d[i];
            g = sin * d[i - 1];
            d[i - 1] *= cos;
            let (cos, sin, r) = givens(f, g);
            d[i] = r;
            f = cos * e[i - 1] + sin * d[i - 1];
            d[i - 1] = cos * d[i - 1] - sin * e[i - 1];
            if i > top + 1 {
                g = sin * e[i - 2];
                e[i - 2] *= cos;
            }
        }
        e[top] = f;
        turns.into_iter().for_each(|(i, c, s)| self.rotate(i, c, s));
    }

    /// Values positive and in order, and the reflections put before the rotations.
    fn finish(mut self) -> Svd {
        let n = self.n;
        for (start, v, tau) in self.reflections.iter().rev() {
            for column in self.rotated.chunks_exact_mut(n) {
                let factor = tau * dot(v, &column[*start..]);
                column[*start..].iter_mut().zip(v).for_each(|(x, v)| *x -= factor * v);
            }
        }
        // A negative value turns its right vector, which nobody asked for.
        let mut order: Vec<usize> = (0..n).collect();
        order.sort_by(|a, b| self.diagonal[*b].abs().total_cmp(&self.diagonal[*a].abs()));
        Svd {
            values: order.iter().map(|i| self.diagonal[*i].abs()).collect(),
            vectors: order.iter().flat_map(|i| &self.rotated[i * n..(i + 1) * n]).copied().collect(),
        }
    }
}

/// Cosine and sine of the rotation that turns `(f, g)` into `(r, 0)`, and `r` (`dlartg`).
fn givens(f: f64, g: f64) -> (f64, f64, f64) {
    if g == 0.0 {
        return (1.0, 0.0, f);
    }
    if f == 0.0 {
        return (0.0, 1.0, g);
    }
    let r = libm::hypot(f, g);
    let (cos, sin) = (f / r, g / r);
    if f.abs() > g.abs() && cos < 0.0 { (-cos, -sin, -r) } else { (cos, sin, r) }
}

/// The smaller singular value of `[f g; 0 h]` (`dlas2`).
fn smaller_value(f: f64, g: f64, h: f64) -> f64 {
    let (low, high, g) = (f.abs().min(h.abs()), f.abs().max(h.abs()), g.abs());
    if low == 0.0 {
        return 0.0;
    }
    let (sum, difference) = (1.0 + low / high, (high - low) / high);
    if g < high {
        let ratio = (g / high) * (g / high);
        return low * (2.0 / (libm::sqrt(sum * sum + ratio) + libm::sqrt(difference * difference + ratio)));
    }
    let ratio = high / g;
    if ratio == 0.0 {
        return low * high / g;
    }
    let part = |x: f64| libm::sqrt(1.0 + (x * ratio) * (x * ratio));
    2.0 * (low * (1.0 / (part(sum) + part(difference))) * ratio)
}

struct Pair {
    max: f64,
    min: f64,
    /// Of the left rotation.
    cos: f64,
    sin: f64,
}

/// The decomposition of `[f g; 0 h]` (`dlasv2`); the values bear the signs of the rotations.
fn two_by_two(f: f64, g: f64, h: f64) -> Pair {
    let sign = |x: f64| 1.0_f64.copysign(x);
    let swap = h.abs() > f.abs();
    let (ft, ht) = if swap { (h, f) } else { (f, h) };
    let (fa, ha, ga) = (ft.abs(), ht.abs(), g.abs());
    let (max, min, cos_left, cos_right, sin_left, sin_right);
    if ga == 0.0 {
        (max, min, cos_left, cos_right, sin_left, sin_right) = (fa, ha, 1.0, 1.0, 0.0, 0.0);
    } else if ga > fa && fa / ga < f64::EPSILON / 2.0 {
        let small = if ha > 1.0 { fa / (ga / ha) } else { fa / ga * ha };
        (max, min, cos_left, sin_left, sin_right, cos_right) = (ga, small, 1.0, ht / g, 1.0, ft / g);
    } else {
        let d = fa - ha;
        let l = if d == fa { 1.0 } else { d / fa };
        let m = g / ft;
        let t = 2.0 - l;
        let (s, r) = (libm::sqrt(t * t + m * m), if l == 0.0 { m.abs() } else { libm::sqrt(l * l + m * m) });
        let a = 0.5 * (s + r);
        let t = if m * m == 0.0 {
            if l == 0.0 { 2.0_f64.copysign(ft) * sign(g) } else { g / d.copysign(ft) + m / t }
        } else {
            (m / (s + t) + m / (r + l)) * (1.0 + a)
        };
        let length = libm::sqrt(t * t + 4.0);
        (cos_right, sin_right) = (2.0 / length, t / length);
        (cos_left, sin_left) = ((cos_right + sin_right * m) / a, ht / ft * sin_right / a);
        (max, min) = (fa * a, ha / a);
    }
    let (cos, sin, cos_r, sin_r) =
        if swap { (sin_right, cos_right, sin_left, cos_left) } else { (cos_left, sin_left, cos_right, sin_right) };
    let turned = if ga > fa {
        sign(sin_r) * sign(cos) * sign(g)
    } else if swap {
        sign(sin_r) * sign(sin) * sign(h)
    } else {
        sign(cos_r) * sign(cos) * sign(f)
    };
    Pair { max: max.copysign(turned), min: min.copysign(turned * sign(f) * sign(h)), cos, sin }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `A = U S Vᵀ` of a symmetric matrix that is positive: `A u = s u`, and the vectors stand at right angles.
    #[test]
    fn vectors_are_those_of_the_values() {
        for n in [1, 2, 3, 5, 8, 30] {
            let root: Vec<f64> = (0..n * n).map(|i| libm::sin(1.0 + 7.3 * i as f64)).collect();
            let entry = |i: usize, j: usize| dot(&root[i * n..(i + 1) * n], &root[j * n..(j + 1) * n]);
            let matrix: Vec<f64> = (0..n * n).map(|at| entry(at % n, at / n)).collect();
            let Svd { values, vectors } = svd(n, &matrix);
            assert!(values.windows(2).all(|pair| pair[0] >= pair[1]));
            for (k, u) in vectors.chunks_exact(n).enumerate() {
                for i in 0..n {
                    let product = (0..n).map(|j| matrix[j * n + i] * u[j]).sum::<f64>();
                    assert!((product - values[k] * u[i]).abs() < 1e-12 * values[0], "{n}: vector {k}");
                }
                for other in vectors.chunks_exact(n).skip(k + 1) {
                    assert!(dot(u, other).abs() < 1e-12);
                }
            }
        }
    }
}

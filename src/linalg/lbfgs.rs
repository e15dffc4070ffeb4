//! L-BFGS, and its orthant-wise variant for an L1 penalty.

use std::collections::VecDeque;

use kindling_partition::Result;

use crate::kernels::{axpy, dot, norm, scale};
use crate::line_search::{backtracking, strong_wolfe};

/// Limited-memory BFGS (Liu and Nocedal, 1989), and OWL-QN (Andrew and Gao, 2007) when there is an L1 penalty, as Breeze 2 does them for
/// Spark: the same line searches, the same recovery from a failed one, the same convergence tests, so that the sequence of iterates is
/// Spark's up to rounding.
#[derive(Clone, Debug)]
pub struct Lbfgs {
    /// Iterations at most.
    pub max_iter: usize,
    /// Convergence tolerance, relative: on the gradient's norm against the objective (never under 1e-8), and on the objective against its
    /// largest value of the last 20 iterations.
    pub tolerance: f64,
    /// How many past steps make the approximation of the inverse Hessian.
    pub memory: usize,
}

/// Where the search ended.
#[derive(Clone, Debug)]
pub struct Minimum {
    pub x: Vec<f64>,
    /// The objective, with the L1 penalty, at the start and after each iteration; Spark's `objectiveHistory`.
    pub history: Vec<f64>,
    pub reason: Convergence,
}

/// Why the search ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Convergence {
    MaxIterations,
    FunctionValues,
    Gradient,
    SearchFailed,
}

/// How many past objective values the convergence test looks at.
pub(crate) const VALUES: usize = 20;

struct State {
    x: Vec<f64>,
    value: f64,
    gradient: Vec<f64>,
    adjusted_value: f64,
    adjusted_gradient: Vec<f64>,
}

/// Remembers the last point, which line searches come back to.
pub(crate) struct Cached<F> {
    function: F,
    last: Option<(Vec<f64>, f64, Vec<f64>)>,
}

impl<F: FnMut(&[f64], &mut [f64]) -> Result<f64>> Cached<F> {
    pub fn new(function: F) -> Self {
        Self { function, last: None }
    }

    pub fn at(&mut self, x: &[f64]) -> Result<(f64, &[f64])> {
        if self.last.as_ref().is_none_or(|(at, ..)| at != x) {
            let mut gradient = self.last.take().map_or_else(Vec::new, |(.., gradient)| gradient);
            gradient.clear();
            gradient.resize(x.len(), 0.0);
            let value = (self.function)(x, &mut gradient)?;
            self.last = Some((x.to_vec(), value, gradient));
        }
        Ok(self.last.as_ref().map_or((f64::NAN, &[]), |(_, value, gradient)| (*value, gradient)))
    }
}

/// The past steps and the changes of the gradient, newest first.
#[derive(Default)]
struct History(VecDeque<(Vec<f64>, Vec<f64>)>);

impl History {
    /// The descent direction `-H · gradient`; `None` when the history makes no sense (curvature below zero, or not a number).
    fn direction(&self, gradient: &[f64]) -> Option<Vec<f64>> {
        let mut diagonal = 1.0;
        if let Some((step, change)) = self.0.front() {
            let sy = dot(step, change);
            if sy < 0.0 || sy.is_nan() {
                return None;
            }
            diagonal = sy / dot(change, change);
        }
        let mut direction = gradient.to_vec();
        let mut alphas = Vec::with_capacity(self.0.len());
        for (step, change) in &self.0 {
            let rho = dot(step, change);
            let alpha = dot(step, &direction) / rho;
            if alpha.is_nan() {
                return None;
            }
            axpy(-alpha, change, &mut direction);
            alphas.push((alpha, rho));
        }
        scale(diagonal, &mut direction);
        for ((step, change), (alpha, rho)) in self.0.iter().zip(alphas).rev() {
            let beta = dot(change, &direction) / rho;
            axpy(alpha - beta, step, &mut direction);
        }
        scale(-1.0, &mut direction);
        Some(direction)
    }

    fn push(&mut self, step: Vec<f64>, change: Vec<f64>, memory: usize) {
        self.0.truncate(memory - 1);
        self.0.push_front((step, change));
    }
}

impl Lbfgs {
    /// Spark's settings: a memory of ten steps.
    pub fn new(max_iter: usize, tolerance: f64) -> Self {
        Self { max_iter, tolerance, memory: 10 }
    }

    /// Minimises `function`, which writes its gradient into the second argument (all zero at the call) and gives its value.
    ///
    /// `l1(i)` is the weight of `|x[i]|` in the objective. `progress` hears the number of iterations done and may end the search with an
    /// error (Stop).
    pub fn minimize(
        &self,
        function: impl FnMut(&[f64], &mut [f64]) -> Result<f64>,
        start: Vec<f64>,
        l1: Option<&[f64]>,
        mut progress: impl FnMut(usize) -> Result<()>,
    ) -> Result<Minimum> {
        let mut function = Cached::new(function);
        let mut state = evaluate(&mut function, start, l1)?;
        let initial = state.adjusted_value;
        let mut history = History::default();
        let mut objective = vec![initial];
        let mut recent = VecDeque::from([f64::INFINITY]);
        let mut failed_once = false;
        let mut iteration = 0;
        loop {
            if let Some(reason) = self.converged(&state, iteration, initial, &recent) {
                return Ok(Minimum { x: state.x, history: objective, reason });
            }
            match Self::advance(&mut function, &state, &history, iteration, l1)? {
                Some(x) => {
                    let next = evaluate(&mut function, x, l1)?;
                    history.push(difference(&next.x, &state.x), difference(&next.gradient, &state.gradient), self.memory);
                    recent.push_back(next.adjusted_value);
                    if recent.len() > VALUES {
                        recent.pop_front();
                    }
                    state = next;
                    iteration += 1;
                    failed_once = false;
                    objective.push(state.adjusted_value);
                    progress(iteration)?;
                }
                // The history may be what misled the search: once more without it.
                None if !failed_once => {
                    failed_once = true;
                    history = History::default();
                    objective.push(state.adjusted_value);
                }
                None => {
                    objective.push(state.adjusted_value);
                    let reason = self.converged(&state, iteration, initial, &recent).unwrap_or(Convergence::SearchFailed);
                    return Ok(Minimum { x: state.x, history: objective, reason });
                }
            }
        }
    }

    /// The next point; `None` when no step could be found.
    fn advance<F: FnMut(&[f64], &mut [f64]) -> Result<f64>>(
        function: &mut Cached<F>,
        state: &State,
        history: &History,
        iteration: usize,
        l1: Option<&[f64]>,
    ) -> Result<Option<Vec<f64>>> {
        let Some(mut direction) = history.direction(&state.adjusted_gradient) else { return Ok(None) };
        if l1.is_none() {
            let init = if iteration == 0 { 1.0 / norm(&direction) } else { 1.0 };
            let mut along = |step: f64| {
                let (value, gradient) = function.at(&moved(&state.x, &direction, step))?;
                Ok((value, dot(gradient, &direction)))
            };
            return Ok(strong_wolfe(&mut along, init)?
                .filter(|step| step * norm(&state.gradient) >= 1e-10)
                .map(|step| moved(&state.x, &direction, step)));
        }
        for (d, g) in direction.iter_mut().zip(&state.adjusted_gradient) {
            if *d * g >= 0.0 || (*d * g).is_nan() {
                *d = 0.0;
            }
        }
        let step = |step: f64| within_orthant(moved(&state.x, &direction, step), state);
        let init = if iteration < 1 { 0.5 / norm(&state.gradient) } else { 1.0 };
        let mut along = |alpha: f64| {
            let x = step(alpha);
            let (value, gradient) = function.at(&x)?;
            let (value, gradient) = adjust(&x, gradient, value, l1);
            Ok((value, dot(&gradient, &direction)))
        };
        let alpha = backtracking(&mut along, state.value, init, if iteration < 1 { 0.1 } else { 0.5 })?;
        Ok(alpha.map(step))
    }

    fn converged(&self, state: &State, iteration: usize, initial: f64, recent: &VecDeque<f64>) -> Option<Convergence> {
        let highest = recent.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        if iteration >= self.max_iter {
            Some(Convergence::MaxIterations)
        } else if recent.len() >= 2 && (state.adjusted_value - highest).abs() <= self.tolerance * initial.abs() {
            Some(Convergence::FunctionValues)
        } else if norm(&state.adjusted_gradient) <= (self.tolerance * state.adjusted_value.abs()).max(1e-8) {
            Some(Convergence::Gradient)
        } else {
            None
        }
    }
}

fn evaluate<F: FnMut(&[f64], &mut [f64]) -> Result<f64>>(function: &mut Cached<F>, x: Vec<f64>, l1: Option<&[f64]>) -> Result<State> {
    let (value, gradient) = function.at(&x)?;
    let gradient = gradient.to_vec();
    let (adjusted_value, adjusted_gradient) = adjust(&x, &gradient, value, l1);
    Ok(State { x, value, gradient, adjusted_value, adjusted_gradient })
}

/// The objective with the L1 penalty, and its pseudo-gradient.
fn adjust(x: &[f64], gradient: &[f64], value: f64, l1: Option<&[f64]>) -> (f64, Vec<f64>) {
    let mut gradient = gradient.to_vec();
    let Some(l1) = l1 else { return (value, gradient) };
    let mut adjusted = value;
    for ((g, x), l1) in gradient.iter_mut().zip(x).zip(l1) {
        if *l1 == 0.0 {
            continue;
        }
        adjusted += (l1 * x).abs();
        if *x != 0.0 {
            *g += sign(*x) * l1;
        } else if *g - l1 > 0.0 {
            *g -= l1;
        } else if *g + l1 < 0.0 {
            *g += l1;
        } else {
            *g = 0.0;
        }
    }
    (adjusted, gradient)
}

/// Sets to zero what left the orthant that the state points into.
fn within_orthant(mut x: Vec<f64>, state: &State) -> Vec<f64> {
    for ((x, old), g) in x.iter_mut().zip(&state.x).zip(&state.adjusted_gradient) {
        let orthant = if *old != 0.0 { sign(*old) } else { sign(-g) };
        if sign(*x) != orthant {
            *x = 0.0;
        }
    }
    x
}

/// -1, 0 or 1; `f64::signum` has no zero.
fn sign(x: f64) -> f64 {
    if x > 0.0 {
        1.0
    } else if x < 0.0 {
        -1.0
    } else {
        x
    }
}

fn moved(x: &[f64], direction: &[f64], step: f64) -> Vec<f64> {
    x.iter().zip(direction).map(|(x, d)| d * step + x).collect()
}

fn difference(a: &[f64], b: &[f64]) -> Vec<f64> {
    a.iter().zip(b).map(|(a, b)| a - b).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rosenbrock(x: &[f64], gradient: &mut [f64]) -> Result<f64> {
        let (a, b) = (1.0 - x[0], x[1] - x[0] * x[0]);
        gradient[0] = -2.0 * a - 400.0 * x[0] * b;
        gradient[1] = 200.0 * b;
        Ok(a * a + 100.0 * b * b)
    }

    #[test]
    fn rosenbrocks_valley_ends_at_one_one() {
        let end = Lbfgs::new(200, 1e-12).minimize(rosenbrock, vec![-1.2, 1.0], None, |_| Ok(())).expect("no errors");
        assert!(end.x.iter().all(|x| (x - 1.0).abs() < 1e-6), "{end:?}");
        assert!(end.history.windows(2).all(|pair| pair[1] <= pair[0]));
    }

    /// min ½(x-3)² + ½(y-½)² + |x| + |y| is soft thresholding: (2, 0).
    #[test]
    fn an_l1_penalty_thresholds() {
        let quadratic = |x: &[f64], g: &mut [f64]| {
            (g[0], g[1]) = (x[0] - 3.0, x[1] - 0.5);
            Ok(0.5 * (g[0] * g[0] + g[1] * g[1]))
        };
        let end = Lbfgs::new(100, 1e-10).minimize(quadratic, vec![0.0, 0.0], Some(&[1.0, 1.0]), |_| Ok(())).expect("no errors");
        assert!((end.x[0] - 2.0).abs() < 1e-7 && end.x[1] == 0.0, "{end:?}");
    }

    #[test]
    fn an_error_of_the_objective_ends_the_search() {
        let end = Lbfgs::new(9, 1e-9).minimize(|_, _| Err(kindling_partition::Error::cancelled()), vec![0.0], None, |_| Ok(()));
        assert_eq!(end.expect_err("cancelled").kind(), kindling_partition::ErrorKind::Cancelled);
    }
}

//! The two line searches of Breeze 2, on which Spark's optimisers run: kept step for step, so that iterates and their number agree.

use kindling_partition::Result;

/// A function of the step and its derivative.
pub(crate) trait Along {
    fn at(&mut self, step: f64) -> Result<(f64, f64)>;
}

impl<F: FnMut(f64) -> Result<(f64, f64)>> Along for F {
    fn at(&mut self, step: f64) -> Result<(f64, f64)> {
        self(step)
    }
}

#[derive(Clone, Copy)]
struct Bracket {
    t: f64,
    slope: f64,
    value: f64,
}

const SUFFICIENT_DECREASE: f64 = 1e-4;
const CURVATURE: f64 = 0.9;
const ITERATIONS: usize = 10;

/// A step from `init` on that meets the strong Wolfe conditions (Nocedal and Wright, algorithms 3.5 and 3.6), as Breeze's
/// `StrongWolfeLineSearch(10, 10)`. `None` when there is none: the direction goes up, or ten trials were not enough.
pub(crate) fn strong_wolfe(f: &mut impl Along, init: f64) -> Result<Option<f64>> {
    strong_wolfe_within(f, init, f64::INFINITY, ITERATIONS)
}

/// As [`strong_wolfe`] with so many trials, up to a longest step, which is taken when the function still falls there.
pub(crate) fn strong_wolfe_within(f: &mut impl Along, init: f64, bound: f64, iterations: usize) -> Result<Option<f64>> {
    let mut phi = |t: f64| f.at(t).map(|(value, slope)| Bracket { t, slope, value });
    let start = phi(0.0)?;
    if start.slope > 0.0 {
        return Ok(None);
    }
    let mut low = start;
    let mut t = init;
    for i in 0..iterations {
        let c = phi(t)?;
        if c.value.is_infinite() || c.value.is_nan() {
            t /= 2.0;
            continue;
        }
        if c.value > start.value + SUFFICIENT_DECREASE * t * start.slope || (c.value >= low.value && i > 0) {
            return zoom(&mut phi, start, low, c, iterations);
        }
        if c.slope.abs() <= CURVATURE * start.slope.abs() {
            return Ok(Some(c.t));
        }
        if c.slope >= 0.0 {
            return zoom(&mut phi, start, c, low, iterations);
        }
        low = c;
        if t == bound {
            return Ok(Some(bound));
        }
        t = (t * 1.5).min(bound);
    }
    Ok(None)
}

fn zoom(
    phi: &mut impl FnMut(f64) -> Result<Bracket>,
    start: Bracket,
    mut low: Bracket,
    mut high: Bracket,
    iterations: usize,
) -> Result<Option<f64>> {
    for _ in 0..iterations {
        let t = if low.t > high.t { interpolate(high, low) } else { interpolate(low, high) };
        let c = phi(t)?;
        if t.is_nan() {
            return Ok(None);
        }
        if c.value > start.value + SUFFICIENT_DECREASE * c.t * start.slope || c.value >= low.value {
            high = c;
        } else {
            if c.slope.abs() <= CURVATURE * start.slope.abs() {
                return Ok(Some(c.t));
            }
            if c.slope * (high.t - low.t) >= 0.0 {
                high = low;
            }
            low = c;
        }
    }
    Ok(None)
}

/// The minimum of the cubic through both ends, kept away from them.
fn interpolate(l: Bracket, r: Bracket) -> f64 {
    let d1 = l.slope + r.slope - 3.0 * (l.value - r.value) / (l.t - r.t);
    let d2 = libm::sqrt(d1 * d1 - l.slope * r.slope);
    let t = r.t - (r.t - l.t) * (r.slope + d2 - d1) / (r.slope - l.slope + 2.0 * d2);
    let (lower, upper) = (l.t + 0.1 * (r.t - l.t), l.t + 0.9 * (r.t - l.t));
    if t < lower {
        lower
    } else if t > upper {
        upper
    } else {
        t
    }
}

/// A step by shrinking and growing, as Breeze's `BacktrackingLineSearch(initial, shrinkStep = shrink)`; like it, the first trial is judged
/// by `initial`, the smooth objective at the start. `None` when the step leaves 1e-10 to 1e10.
pub(crate) fn backtracking(f: &mut impl Along, initial: f64, init: f64, shrink: f64) -> Result<Option<f64>> {
    const GROW: f64 = 2.1;
    const TRIALS: usize = 20;
    let (f0, slope0) = f.at(0.0)?;
    let (mut alpha, mut value, mut slope) = (init, initial, f.at(init)?.1);
    for trial in 0.. {
        let multiplier = if value > f0 + alpha * slope0 * SUFFICIENT_DECREASE {
            shrink
        } else if slope < CURVATURE * slope0 {
            GROW
        } else if slope > -CURVATURE * slope0 {
            shrink
        } else {
            break;
        };
        let next = alpha * multiplier;
        if !(1e-10..=1e10).contains(&next) {
            return Ok(None);
        }
        if trial + 1 >= TRIALS {
            break;
        }
        alpha = next;
        (value, slope) = f.at(alpha)?;
    }
    Ok(Some(alpha))
}

//! Least squares without negative numbers (`org.apache.spark.mllib.optimization.NNLS`, after Polyak, 1969).

use kindling_linalg::kernels::{axpy, dot};

/// The `x ≥ 0` that makes `½ xᵀ·A·x - xᵀ·b` least, by projected gradients; along conjugate ones while no bound is hit. `a` is symmetric.
pub(super) fn nnls(a: &[f64], b: &[f64]) -> Vec<f64> {
    let n = b.len();
    let times = |x: &[f64]| -> Vec<f64> {
        let mut out = vec![0.0; n];
        for (x, column) in x.iter().zip(a.chunks_exact(n)) {
            axpy(*x, column, &mut out);
        }
        out
    };
    // The best step along a direction; the denominator is raised a little so that it is never zero.
    let best_step = |direction: &[f64], residual: &[f64]| dot(direction, residual) / (dot(&times(direction), direction) + 1e-20);
    let stop = |step: f64, length: f64, x: f64| step.is_nan() || step < 1e-7 || step > 1e40 || length < 1e-12 * x || length < 1e-32;
    let (mut x, mut last, mut last_norm, mut last_wall) = (vec![0.0; n], vec![0.0; n], 0.0, 0);
    for round in 0..400.max(20 * n) {
        let mut residual = times(&x);
        axpy(-1.0, b, &mut residual);
        let gradient: Vec<f64> = residual.iter().zip(&x).map(|(g, x)| if *g > 0.0 && *x == 0.0 { 0.0 } else { *g }).collect();
        let norm = dot(&gradient, &gradient);
        let size = dot(&x, &x);
        let mut direction = gradient.clone();
        let mut step = best_step(&gradient, &residual);
        if round > last_wall + 1 {
            axpy(norm / last_norm, &last, &mut direction);
            let conjugate = best_step(&direction, &residual);
            if stop(conjugate, dot(&direction, &direction), size) {
                direction.copy_from_slice(&gradient);
            } else {
                step = conjugate;
            }
        }
        if stop(step, dot(&direction, &direction), size) {
            break;
        }
        for (x, d) in x.iter().zip(&direction) {
            if step * d > *x {
                step = x / d;
            }
        }
        for (x, d) in x.iter_mut().zip(&direction) {
            if step * d > *x * (1.0 - 1e-14) {
                *x = 0.0;
                last_wall = round;
            } else {
                *x -= step * d;
            }
        }
        last = direction;
        last_norm = norm;
    }
    x
}

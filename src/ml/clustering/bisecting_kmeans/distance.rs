//! How far a row is from a centre.

use kindling_linalg::{VectorRef, kernels};
use kindling_partition::Error;

/// The squared distance of a row to a centre or, by angle, one less the cosine.
pub(super) fn distance(center: &[f64], row: VectorRef<'_>, cosine: bool) -> f64 {
    if !cosine {
        return match row {
            VectorRef::Dense(x) => kernels::squared_distance(x, center),
            sparse => kernels::squared_distance(&sparse.to_dense(), center),
        };
    }
    let squares: f64 = row.active().map(|(_, v)| v * v).sum();
    1.0 - row.dot(center) / kernels::norm(center) / libm::sqrt(squares)
}

/// The nearest of some centres, the first of several: its place and distance.
pub(super) fn nearest<'a>(centers: impl Iterator<Item = &'a [f64]>, row: VectorRef<'_>, cosine: bool) -> Option<(usize, f64)> {
    let mut best: Option<(usize, f64)> = None;
    for (i, center) in centers.enumerate() {
        let found = distance(center, row, cosine);
        if best.is_none_or(|(_, least)| found < least) {
            best = Some((i, found));
        }
    }
    best
}

pub(super) fn zero_length() -> Error {
    Error::illegal_argument("Cosine distance is not defined for zero-length vectors.")
}

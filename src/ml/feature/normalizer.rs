use kindling_linalg::VectorRef;

use super::mapped::{Mapped, same_size, vectors};
use crate::param::{ParamDecl, ParamKind, Range, shared};
use crate::stage::StageDecl;

/// Brings each vector to length one. Spark's `org.apache.spark.ml.feature.Normalizer`.
pub static NORMALIZER: StageDecl = StageDecl::transformer(
    "Normalizer",
    "feature",
    "Normalizes each vector, a row, to have unit norm using the given p-norm. A vector of zeros stays as it is.",
    &[P, shared::INPUT_COL, shared::OUTPUT_COL],
    |params| {
        let p = params.checked()?.float(&P)?;
        let map = vectors(move |vector, out| {
            match (norm(vector, p), vector) {
                (0.0, vector) => out.append(vector),
                (norm, VectorRef::Dense(values)) => out.append_dense(&divided(values, norm)),
                (norm, VectorRef::Sparse { size, indices, values }) => out.append_sparse(size, indices, &divided(values, norm)),
            }
            Ok(())
        });
        Ok(Mapped::single(params, same_size, map)?.arc())
    },
);

const P: ParamDecl = ParamDecl::new("p", "the p norm value.", ParamKind::Float(Range::at_least(1.0))).default_float(2.0);

fn divided(values: &[f64], norm: f64) -> Vec<f64> {
    values.iter().map(|value| value / norm).collect()
}

/// The p-norm (`Vectors.norm`).
fn norm(vector: VectorRef<'_>, p: f64) -> f64 {
    let sizes = vector.active().map(|(_, value)| value.abs());
    if p == 1.0 {
        sizes.sum()
    } else if p == 2.0 {
        libm::sqrt(sizes.map(|v| v * v).sum())
    } else if p.is_infinite() {
        sizes.fold(0.0, f64::max)
    } else {
        libm::pow(sizes.map(|v| libm::pow(v, p)).sum(), 1.0 / p)
    }
}

use std::f64::consts::PI;

use kindling_linalg::VectorRef;

use super::mapped::{Mapped, same_size, vectors};
use crate::param::{ParamDecl, ParamKind, shared};
use crate::stage::StageDecl;

/// The discrete cosine transform of each vector. Spark's `org.apache.spark.ml.feature.DCT`.
pub static DCT: StageDecl = StageDecl::transformer(
    "DCT",
    "feature",
    "Takes the 1D discrete cosine transform of a real vector. No zero padding is performed on the input vector. It returns a real vector of the \
     same length representing the DCT. The return vector is scaled such that the transform matrix is unitary (aka scaled DCT-II).",
    &[INVERSE, shared::INPUT_COL, shared::OUTPUT_COL],
    |params| {
        let inverse = params.checked()?.bool(&INVERSE)?;
        let map = vectors(move |vector, out| {
            out.append_dense(&transformed(vector, inverse));
            Ok(())
        });
        Ok(Mapped::single(params, same_size, map)?.arc())
    },
);

const INVERSE: ParamDecl =
    ParamDecl::new("inverse", "Set transformer to perform inverse DCT, default False.", ParamKind::Boolean).default_bool(false);

/// The sum of each definition: time is the square of the size.
fn transformed(vector: VectorRef<'_>, inverse: bool) -> Vec<f64> {
    let size = vector.size();
    let cosines: Vec<f64> = (0..4 * size).map(|k| libm::cos(PI * k as f64 / (2 * size) as f64)).collect();
    let scale = |k: usize| libm::sqrt(if k == 0 { 1.0 } else { 2.0 } / size as f64);
    if vector.active().any(|(_, value)| !value.is_finite()) {
        // A fast transform, which Spark's is, takes differences: of infinities nothing is left.
        return vec![f64::NAN; size];
    }
    let mut out = vec![0.0; size];
    for (j, value) in vector.active() {
        for (i, sum) in out.iter_mut().enumerate() {
            let (place, frequency) = if inverse { (i, j) } else { (j, i) };
            // The product can be over 32 bits, which is what WebAssembly has for a place.
            let angle = (2 * place as u64 + 1) * frequency as u64 % (4 * size as u64);
            *sum += value * scale(frequency) * cosines[angle as usize];
        }
    }
    out
}

use kindling_partition::Error;

use super::mapped::{Mapped, scaled, sized, vectors};
use crate::param::{ParamDecl, ParamKind, shared};
use crate::stage::StageDecl;

/// Weighs each feature. Spark's `org.apache.spark.ml.feature.ElementwiseProduct`.
pub static ELEMENTWISE_PRODUCT: StageDecl = StageDecl::transformer(
    "ElementwiseProduct",
    "feature",
    "Outputs the Hadamard product (i.e., the element-wise product) of each input vector with a provided \"weight\" vector. In other words, it \
     scales each column of the dataset by a scalar multiplier.",
    &[SCALING_VEC, shared::INPUT_COL, shared::OUTPUT_COL],
    |params| {
        let Some(weights) = params.checked()?.opt_vector(&SCALING_VEC) else {
            return Err(Error::illegal_argument("ElementwiseProduct.scalingVec must be set: it has no default."));
        };
        let weights = weights.to_dense();
        let size = weights.len();
        let map = vectors(move |vector, out| {
            if vector.size() != size {
                return Err(Error::illegal_argument(format!(
                    "requirement failed: vector sizes do not match: Expected {size} but found {}",
                    vector.size()
                )));
            }
            scaled(out, vector, &weights);
            Ok(())
        });
        Ok(Mapped::single(params, sized(size), map)?.arc())
    },
);

const SCALING_VEC: ParamDecl = ParamDecl::new("scalingVec", "Vector for hadamard product.", ParamKind::Vector);

use std::sync::Arc;

use kindling_frame::DataFrame;
use kindling_frame::random::JavaRandom;
use kindling_linalg::VectorRef;
use kindling_partition::{Error, Result};

use super::learned::Learner;
use super::lsh::{Hashes, LshModel, MEMBERS, NUM_HASH_TABLES, hashed_schema, width};
use crate::param::{ParamDecl, Params, shared};
use crate::stage::{Model, StageDecl};
use crate::value::MlValue;

/// Hashes sets, told by which entries aren't zero, so that sets with much in common meet. Spark's `org.apache.spark.ml.feature.MinHashLSH`,
/// with its functions for the same seed.
pub static MIN_HASH_LSH: StageDecl = StageDecl::estimator(
    "MinHashLSH",
    "feature",
    "LSH class for Jaccard distance. The input can be dense or sparse vectors, but it is more efficient if it is sparse. For example, \
     Vectors.sparse(10, [(2, 1.0), (3, 1.0), (5, 1.0)]) means there are 10 elements in the space. This set contains elements 2, 3, and 5. Also, \
     any input vector must have at least 1 non-zero index, and all non-zero values are treated as binary \"1\" values.",
    &[shared::INPUT_COL, shared::OUTPUT_COL, shared::SEED, NUM_HASH_TABLES],
    |params| Learner::make(params, hashed_schema, fit),
    &MIN_HASH_LSH_MODEL,
);

/// What a [`MIN_HASH_LSH`] learned.
pub static MIN_HASH_LSH_MODEL: StageDecl = StageDecl::model(
    "MinHashLSHModel",
    "feature",
    "Model produced by MinHashLSH, where multiple hash functions are stored. Each hash function is picked from the family h_i(x) = ((1 + x) a_i \
     + b_i) mod prime, and the value of a set is the least of its elements.",
    MODEL_PARAMS,
)
.members(MEMBERS)
.saved("randCoefficients array<int>", |params, stored| {
    let coefficients = stored.row()?.numbers("randCoefficients")?;
    let functions = coefficients.as_chunks().0.iter().map(|[a, b]| (*a as i64, *b as i64)).collect();
    LshModel::make(params, Arc::new(MinHash(functions)))
});

const MODEL_PARAMS: &[ParamDecl] = &[shared::INPUT_COL, shared::OUTPUT_COL, NUM_HASH_TABLES];

/// The modulus of all functions: Spark's `HASH_PRIME`.
const PRIME: i32 = 2_038_074_743;

struct MinHash(Vec<(i64, i64)>);

fn fit(params: &Params, data: &DataFrame) -> Result<Arc<dyn Model>> {
    let checked = params.checked()?;
    let size = width(params, data)?;
    if size > PRIME as usize {
        return Err(Error::illegal_argument(format!(
            "requirement failed: The input vector dimension {size} exceeds the threshold {PRIME}."
        )));
    }
    let mut random = JavaRandom::new(checked.int(&shared::SEED)?);
    let mut draw = || i64::from(random.next_int_below(PRIME - 1));
    let functions = (0..checked.count(&NUM_HASH_TABLES)?).map(|_| (1 + draw(), draw())).collect();
    LshModel::make(params.for_model(&MIN_HASH_LSH_MODEL), Arc::new(MinHash(functions)))
}

fn elements(vector: VectorRef<'_>) -> impl Iterator<Item = usize> + '_ {
    vector.active().filter(|(_, value)| *value != 0.0).map(|(i, _)| i)
}

impl Hashes for MinHash {
    fn hash(&self, vector: VectorRef<'_>) -> Result<Vec<f64>> {
        let least = |(a, b): &(i64, i64)| elements(vector).map(|i| ((1 + i as i64) * a + b) % i64::from(PRIME)).min();
        let hashes: Option<Vec<f64>> = self.0.iter().map(|function| least(function).map(|hash| hash as f64)).collect();
        hashes.ok_or_else(|| Error::illegal_argument("requirement failed: Must have at least 1 non zero entry."))
    }

    /// Jaccard's.
    fn distance(&self, a: VectorRef<'_>, b: VectorRef<'_>) -> Result<f64> {
        let (a, b): (Vec<usize>, Vec<usize>) = (elements(a).collect(), elements(b).collect());
        let common = a.iter().filter(|i| b.binary_search(i).is_ok()).count();
        let all = a.len() + b.len() - common;
        if all == 0 {
            return Err(Error::illegal_argument("requirement failed: The union of two input sets must have at least 1 elements"));
        }
        Ok(1.0 - common as f64 / all as f64)
    }

    fn tables(&self) -> usize {
        self.0.len()
    }

    fn saved(&self) -> Result<MlValue> {
        Ok(MlValue::List(self.0.iter().flat_map(|(a, b)| [MlValue::Int(*a), MlValue::Int(*b)]).collect()))
    }
}

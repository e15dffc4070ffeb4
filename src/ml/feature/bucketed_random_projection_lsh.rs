use std::sync::Arc;

use kindling_frame::DataFrame;
use kindling_frame::random::JavaRandom;
use kindling_linalg::{DenseMatrix, Matrix, VectorRef};
use kindling_partition::Result;

use super::learned::Learner;
use super::lsh::{Hashes, LshModel, MEMBERS, NUM_HASH_TABLES, hashed_schema, width};
use super::mapped::expect_size;
use crate::param::{ParamDecl, ParamKind, Params, Range, shared};
use crate::stage::{Model, StageDecl};
use crate::value::MlValue;

/// Hashes vectors by where they fall on random lines, so that near ones meet. Spark's
/// `org.apache.spark.ml.feature.BucketedRandomProjectionLSH`, with its lines for the same seed.
pub static BUCKETED_RANDOM_PROJECTION_LSH: StageDecl = StageDecl::estimator(
    "BucketedRandomProjectionLSH",
    "feature",
    "LSH class for Euclidean distance metrics. The input is dense or sparse vectors, each of which represents a point in the Euclidean distance \
     space. The output will be vectors of configurable dimension. Hash values in the same dimension are calculated by the same hash function.",
    &[shared::INPUT_COL, shared::OUTPUT_COL, shared::SEED, NUM_HASH_TABLES, BUCKET_LENGTH],
    |params| {
        params.checked()?.float(&BUCKET_LENGTH)?;
        Learner::make(params, hashed_schema, fit)
    },
    &BUCKETED_RANDOM_PROJECTION_LSH_MODEL,
);

/// What a [`BUCKETED_RANDOM_PROJECTION_LSH`] learned.
pub static BUCKETED_RANDOM_PROJECTION_LSH_MODEL: StageDecl = StageDecl::model(
    "BucketedRandomProjectionLSHModel",
    "feature",
    "Model fitted by BucketedRandomProjectionLSH, where multiple random vectors are stored. The vectors are normalized to be unit vectors and \
     each vector is used in a hash function: h_i(x) = floor(r_i · x / bucketLength).",
    MODEL_PARAMS,
)
.members(MEMBERS)
.saved("randUnitVectors matrix", |params, stored| {
    let lines = stored.row()?.matrix("randUnitVectors")?;
    let length = params.checked()?.float(&BUCKET_LENGTH)?;
    LshModel::make(params, Arc::new(Projections { size: lines.num_cols(), lines: lines.to_rows(), length }))
});

const MODEL_PARAMS: &[ParamDecl] = &[shared::INPUT_COL, shared::OUTPUT_COL, NUM_HASH_TABLES, BUCKET_LENGTH];
const BUCKET_LENGTH: ParamDecl = ParamDecl::new(
    "bucketLength",
    "the length of each hash bucket, a larger bucket lowers the false negative rate.",
    ParamKind::Float(Range::above(0.0)),
);

struct Projections {
    size: usize,
    /// Unit vector after unit vector.
    lines: Vec<f64>,
    length: f64,
}

fn fit(params: &Params, data: &DataFrame) -> Result<Arc<dyn Model>> {
    let checked = params.checked()?;
    let size = width(params, data)?;
    let mut random = JavaRandom::new(checked.int(&shared::SEED)?);
    let mut lines: Vec<f64> = (0..checked.count(&NUM_HASH_TABLES)? * size).map(|_| random.next_gaussian()).collect();
    for line in lines.chunks_exact_mut(size.max(1)) {
        let norm = libm::sqrt(line.iter().map(|v| v * v).sum());
        if norm != 0.0 {
            line.iter_mut().for_each(|value| *value *= 1.0 / norm);
        }
    }
    let projections = Projections { size, lines, length: checked.float(&BUCKET_LENGTH)? };
    LshModel::make(params.for_model(&BUCKETED_RANDOM_PROJECTION_LSH_MODEL), Arc::new(projections))
}

impl Hashes for Projections {
    fn hash(&self, vector: VectorRef<'_>) -> Result<Vec<f64>> {
        expect_size(vector, self.size)?;
        Ok(self.lines.chunks_exact(self.size.max(1)).map(|line| (vector.dot(line) * (1.0 / self.length)).floor()).collect())
    }

    fn distance(&self, a: VectorRef<'_>, b: VectorRef<'_>) -> Result<f64> {
        expect_size(b, a.size())?;
        let squares = a.to_dense().iter().zip(b.to_dense()).map(|(x, y)| (x - y) * (x - y)).sum();
        Ok(libm::sqrt(squares))
    }

    fn tables(&self) -> usize {
        self.lines.len() / self.size.max(1)
    }

    fn saved(&self) -> Result<MlValue> {
        Ok(Matrix::Dense(DenseMatrix::new(self.tables(), self.size, self.lines.clone(), true)?).into())
    }
}

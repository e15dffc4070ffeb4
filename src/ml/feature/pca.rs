use std::sync::Arc;

use kindling_frame::DataFrame;
use kindling_linalg::{DenseMatrix, Matrix, Vector, svd};
use kindling_partition::{Error, Result};

use super::learned::{Fitted, Learned, Learner};
use super::mapped::{Mapped, expect_size, sized, vectors};
use super::standard_scaler::scaled_schema;
use super::statistics::{blocks, covariances};
use crate::dataset::Rows;
use crate::param::{ParamDecl, ParamKind, Params, Range, shared};
use crate::stage::{MemberDecl, Model, StageDecl, Transformer};
use crate::value::MlValue;

const PARAMS: &[ParamDecl] = &[K, shared::INPUT_COL, shared::OUTPUT_COL];
const K: ParamDecl = ParamDecl::new("k", "the number of principal components", ParamKind::Int(Range::above(0.0)));

/// The directions in which vectors spread most. Spark's `org.apache.spark.ml.feature.PCA`: the singular vectors of the covariances, with the
/// signs that LAPACK gives them.
pub static PCA: StageDecl = StageDecl::estimator(
    "PCA",
    "feature",
    "PCA trains a model to project vectors to a lower dimensional space of the top k principal components.",
    PARAMS,
    |params| Learner::make(params, |params, schema| scaled_schema(params, schema, None), fit),
    &PCA_MODEL,
);

/// What a [`PCA`] learned.
pub static PCA_MODEL: StageDecl =
    StageDecl::model("PCAModel", "feature", "Model fitted by PCA. Transforms vectors to a lower dimensional space.", PARAMS)
        .members(&[
            MemberDecl::attribute("pc", "Returns a principal components Matrix. Each column is one principal component."),
            MemberDecl::attribute(
                "explainedVariance",
                "Returns a vector of proportions of variance explained by each principal component.",
            ),
        ])
        .saved("pc matrix, explainedVariance vector", |params, stored| {
            let row = stored.row()?;
            let pc = row.matrix("pc")?;
            let size = pc.num_rows();
            let components = (0..pc.num_cols()).flat_map(|component| (0..size).map(move |i| (i, component))).map(|(i, j)| pc.get(i, j));
            Fitted::loaded(params, Components { size, components: components.collect(), explained: row.numbers("explainedVariance")? })
        });

struct Components {
    size: usize,
    /// Component after component.
    components: Vec<f64>,
    explained: Vec<f64>,
}

fn fit(params: &Params, data: &DataFrame) -> Result<Arc<dyn Model>> {
    let checked = params.checked()?;
    let (k, input) = (checked.count(&K)?, checked.text(&shared::INPUT_COL)?);
    let (executor, blocks) = (data.session().executor(), blocks(data, &input)?);
    let (size, rows) = (blocks.first().map_or(0, Rows::width), blocks.iter().map(Rows::len).sum::<usize>());
    if k > size {
        return Err(Error::illegal_argument(format!("requirement failed: source vector size {size} must be no less than k={k}")));
    }
    if rows < 2 {
        return Err(Error::illegal_argument(
            "requirement failed: RowMatrix.computeCovariance called on matrix with only 1 rows.  Cannot compute the covariance of a RowMatrix \
             with <= 1 row.",
        ));
    }
    let covariances = covariances(executor, &blocks)?;
    if covariances.iter().any(|value| !value.is_finite()) {
        return Err(Error::runtime(format!("Column {input} has vectors with NaN or infinite numbers: they have no principal components.")));
    }
    let found = svd(size, &covariances);
    let total: f64 = found.values.iter().sum();
    let learned = Components {
        size,
        components: found.vectors[..k * size].to_vec(),
        explained: found.values[..k].iter().map(|value| value / total).collect(),
    };
    Fitted::model(params, &PCA_MODEL, learned)
}

impl Learned for Components {
    fn transformer(self: Arc<Self>, params: &Params) -> Result<Arc<dyn Transformer>> {
        let k = self.explained.len();
        let map = vectors(move |vector, out| {
            expect_size(vector, self.size)?;
            let projected: Vec<f64> = self.components.chunks_exact(self.size).map(|component| vector.dot(component)).collect();
            out.append_dense(&projected);
            Ok(())
        });
        Ok(Mapped::single(params, sized(k), map)?.arc())
    }

    fn member(&self, name: &str, _params: &Params) -> Option<MlValue> {
        match name {
            "pc" => DenseMatrix::new(self.size, self.explained.len(), self.components.clone(), false).ok().map(|m| Matrix::Dense(m).into()),
            "explainedVariance" => Some(Vector::Dense(self.explained.clone()).into()),
            _ => None,
        }
    }

    fn describe(&self, _params: &Params) -> String {
        format!(", k={}", self.explained.len())
    }
}

use std::sync::Arc;

use kindling_frame::{DataFrame, VectorColumn};
use kindling_linalg::{DenseMatrix, Gram, Matrix, Vector, svd};
use kindling_partition::{Error, Result};

use super::columns::CHUNK;
use super::learned::{Fitted, Learned, Learner};
use super::mapped::{Mapped, expect_size, sized, vectors};
use super::standard_scaler::scaled_schema;
use super::statistics::Statistics;
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
    let statistics = Statistics::of(data, &input)?;
    let (size, mean) = (statistics.mean.len(), &statistics.mean);
    if k > size {
        return Err(Error::illegal_argument(format!("requirement failed: source vector size {size} must be no less than k={k}")));
    }
    let batches = data.select(&[data.col(&input)?])?.partitions()?;
    let executor = data.session().executor();
    let between_checks = (CHUNK * 16 / (size * size)).max(16);
    let parts = executor.map("covariances", &batches, |_, batch| {
        let column = VectorColumn::new(&batch.columns[0])?;
        let rows = Rows::read(&batch.columns[0], size)?;
        let mut gram = Gram::new(size);
        let mut row = vec![0.0; size];
        for i in 0..column.len() {
            if i % between_checks == 0 {
                executor.check()?;
            }
            rows.row(i).write_dense(&mut row);
            gram.add(row.iter().zip(mean).map(|(value, mean)| value - mean), 1.0);
        }
        Ok(gram.finish())
    })?;
    let packed: Vec<f64> = (0..size * (size + 1) / 2).map(|at| parts.iter().map(|part| part[at]).sum()).collect();
    let denominator = statistics.count() as f64 - 1.0;
    let at = |i: usize, j: usize| {
        let (low, high) = (i.min(j), i.max(j));
        low + high * (high + 1) / 2
    };
    let covariances: Vec<f64> = (0..size * size).map(|place| packed[at(place % size, place / size)] / denominator).collect();
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

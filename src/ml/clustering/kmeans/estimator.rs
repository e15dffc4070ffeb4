use std::sync::Arc;

use kindling_frame::{DataFrame, Schema};
use kindling_linalg::RowsRef;
use kindling_partition::{Error, Result};

use super::declare::{INIT_MODE, INIT_STEPS, K, KMEANS_MODEL};
use super::init::{self, Measure};
use super::lloyd::{Settings, lloyd};
use super::model::KMeansModel;
use crate::check;
use crate::clustering::summary::prediction_schema;
use crate::dataset::Instances;
use crate::param::{Params, shared};
use crate::stage::{Estimator, Model};
use crate::task::Task;

/// `pyspark.ml.clustering.KMeans` with checked params.
pub struct KMeans {
    params: Params,
    features: Arc<str>,
    prediction: Arc<str>,
    weight: Option<Arc<str>>,
    k: usize,
    random: bool,
    steps: usize,
    max_iter: usize,
    tol: f64,
    seed: i64,
    measure: Measure,
}

impl KMeans {
    /// # Errors
    /// When a param is out of its range.
    pub fn new(params: &Params) -> Result<Self> {
        let checked = params.checked()?;
        Ok(Self {
            features: checked.text(&shared::FEATURES_COL)?,
            prediction: checked.text(&shared::PREDICTION_COL)?,
            weight: checked.opt_column(&shared::WEIGHT_COL),
            k: checked.count(&K)?,
            random: &*checked.text(&INIT_MODE)? == "random",
            steps: checked.count(&INIT_STEPS)?,
            max_iter: checked.count(&shared::MAX_ITER)?,
            tol: checked.float(&shared::TOL)?,
            seed: checked.int(&shared::SEED)?,
            measure: if &*checked.text(&shared::DISTANCE_MEASURE)? == "cosine" { Measure::Cosine } else { Measure::Euclidean },
            params: params.clone(),
        })
    }
}

impl Estimator for KMeans {
    fn params(&self) -> &Params {
        &self.params
    }

    fn transform_schema(&self, schema: &Schema) -> Result<Schema> {
        if let Some(weight) = &self.weight {
            check::numeric_column(schema, weight)?;
        }
        prediction_schema(schema, &self.features, &self.prediction, None)
    }

    fn fit(&self, data: &DataFrame) -> Result<Arc<dyn Model>> {
        self.transform_schema(data.schema())?;
        let instances = Instances::unlabelled(data, self.params.checked()?)?;
        let partitions = instances.tasks();
        let executor = data.session().executor();
        let start = if self.random {
            init::random(executor, &partitions, self.k, self.seed)?
        } else {
            init::parallel(executor, &partitions, self.k, self.steps, self.seed, self.measure)?
        };
        let settings = Settings { max_iter: self.max_iter, tol: self.tol, spherical: self.measure == Measure::Cosine };
        let clustered = if settings.spherical {
            // By angle: on rows and centres of length 1 the nearest by distance is the nearest by angle.
            let unit = partitions.iter().map(unit_rows).collect::<Result<Vec<_>>>()?;
            let on_sphere: Vec<Task<'_>> =
                unit.iter().zip(&partitions).map(|(values, p)| Task { rows: with_values(p.rows, values), ..*p }).collect();
            lloyd(executor, &on_sphere, start, instances.width, settings)?
        } else {
            lloyd(executor, &partitions, start, instances.width, settings)?
        };
        let model = KMeansModel::new(self.params.for_model(&KMEANS_MODEL), clustered.centers, instances.width)?;
        Ok(Arc::new(model.with_training(data, self.k, clustered.iterations, clustered.cost)?))
    }
}

/// The stored numbers of the rows scaled to length 1.
fn unit_rows(partition: &Task<'_>) -> Result<Vec<f64>> {
    let mut values = Vec::with_capacity(partition.rows.stored());
    for i in 0..partition.len() {
        let start = values.len();
        values.extend(partition.rows.row(i).active().map(|(_, v)| v));
        let row = &mut values[start..];
        init::normalise(row);
        if row.iter().all(|v| *v == 0.0) {
            return Err(Error::illegal_argument("Cosine distance is not defined for zero-length vectors."));
        }
    }
    Ok(values)
}

fn with_values<'a>(rows: RowsRef<'a>, values: &'a [f64]) -> RowsRef<'a> {
    match rows {
        RowsRef::Dense { width, .. } => RowsRef::Dense { values, width },
        RowsRef::Sparse { width, offsets, indices, .. } => RowsRef::Sparse { width, offsets, indices, values },
    }
}

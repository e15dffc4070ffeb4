use std::sync::Arc;

use kindling_frame::{DataFrame, Schema};
use kindling_linalg::VectorRef;
use kindling_partition::{Error, Result};

use super::centers::Centers;
use super::declare::{KMEANS_MODEL, KMEANS_SUMMARY};
use super::init::normalise;
use crate::classification::vector_argument;
use crate::clustering::summary::{ClusteringSummary, prediction_column, prediction_field, prediction_schema, summary_member};
use crate::param::{Params, shared};
use crate::persist::Saved;
use crate::stage::{Model, Object, StageDecl, Transformer};
use crate::value::MlValue;

/// `pyspark.ml.clustering.KMeansModel`.
#[derive(Clone)]
pub struct KMeansModel {
    params: Params,
    clusters: Arc<Clusters>,
    features: Arc<str>,
    prediction: Arc<str>,
    summary: Option<Arc<ClusteringSummary>>,
}

/// The centres as fitted, and as searched: by angle when the measure is the cosine's.
struct Clusters {
    centers: Centers,
    search: Centers,
    spherical: bool,
}

impl Clusters {
    fn of(&self, row: VectorRef<'_>) -> Result<usize> {
        if !self.spherical {
            return Ok(self.search.nearest_exact(row).center);
        }
        let mut row = row.to_dense();
        normalise(&mut row);
        if row.iter().all(|v| *v == 0.0) {
            return Err(Error::illegal_argument("Cosine distance is not defined for zero-length vectors."));
        }
        Ok(self.search.nearest_exact(VectorRef::Dense(&row)).center)
    }
}

impl KMeansModel {
    /// A model of given centres, one after the other.
    ///
    /// # Errors
    /// When a param is out of its range.
    pub fn new(params: Params, centers: Vec<f64>, width: usize) -> Result<Self> {
        let checked = params.checked()?;
        let spherical = &*checked.text(&shared::DISTANCE_MEASURE)? == "cosine";
        let mut search = centers.clone();
        if spherical {
            search.chunks_exact_mut(width.max(1)).for_each(normalise);
        }
        let clusters = Clusters { centers: Centers::new(width, centers), search: Centers::new(width, search), spherical };
        Ok(Self {
            features: checked.text(&shared::FEATURES_COL)?,
            prediction: checked.text(&shared::PREDICTION_COL)?,
            clusters: Arc::new(clusters),
            summary: None,
            params,
        })
    }

    pub(super) fn with_training(mut self, data: &DataFrame, k: usize, iterations: usize, cost: f64) -> Result<Self> {
        let predictions = self.transform(data)?;
        let (features, prediction) = (self.features.clone(), self.prediction.clone());
        let own = vec![("trainingCost", MlValue::Float(cost))];
        self.summary = Some(Arc::new(ClusteringSummary { decl: &KMEANS_SUMMARY, predictions, features, prediction, k, iterations, own }));
        Ok(self)
    }
}

impl Transformer for KMeansModel {
    fn params(&self) -> &Params {
        &self.params
    }

    fn transform_schema(&self, schema: &Schema) -> Result<Schema> {
        prediction_schema(schema, &self.features, &self.prediction, Some(self.clusters.centers.count))
    }

    fn transform(&self, data: &DataFrame) -> Result<DataFrame> {
        self.transform_schema(data.schema())?;
        let clusters = self.clusters.clone();
        let field = prediction_field(&self.prediction, Some(clusters.centers.count));
        let width = clusters.centers.width;
        let column = prediction_column("KMeansModel", data.col(&self.features)?, field, width, move |row| clusters.of(row));
        data.with_column(&self.prediction, &column)
    }
}

impl Object for KMeansModel {
    fn decl(&self) -> &'static StageDecl {
        &KMEANS_MODEL
    }

    fn member(&self, name: &str, args: &[MlValue]) -> Result<MlValue> {
        let centers = &self.clusters.centers;
        Ok(match name {
            "clusterCenters" => MlValue::List((0..centers.count).map(|c| MlValue::Array(centers.row(c).to_vec())).collect()),
            "predict" => MlValue::Int(self.clusters.of(vector_argument(args, centers.width)?.as_ref())? as i64),
            "numFeatures" => MlValue::Int(centers.width as i64),
            _ => return summary_member(self.summary.as_ref(), self, name),
        })
    }

    fn describe(&self) -> String {
        let (centers, measure) = (&self.clusters.centers, if self.clusters.spherical { "cosine" } else { "euclidean" });
        format!("KMeansModel: uid={}, k={}, distanceMeasure={measure}, numFeatures={}", self.params.uid(), centers.count, centers.width)
    }
}

impl Model for KMeansModel {
    fn with_params(&self, params: Params) -> Result<Arc<dyn Model>> {
        let other = Self::new(params, self.clusters.centers.rows.clone(), self.clusters.centers.width)?;
        Ok(Arc::new(Self { summary: self.summary.clone(), ..other }))
    }

    fn saved(&self) -> Result<Saved> {
        let centers = &self.clusters.centers;
        let rows = (0..centers.count).map(|c| vec![MlValue::Int(c as i64), MlValue::Array(centers.row(c).to_vec())]);
        Saved::rows(self.decl(), rows.collect())
    }
}

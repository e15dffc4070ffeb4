use std::sync::Arc;

use arrow_array::cast::AsArray;
use arrow_array::types::Int32Type;
use arrow_array::{ArrayRef, Int32Array};
use kindling_frame::{Column, DataFrame, DataType, Field, Schema, VectorColumn};
use kindling_linalg::VectorRef;
use kindling_partition::{Error, Executor, Result};

use super::centers::Centers;
use super::declare::{KMEANS_MODEL, KMEANS_SUMMARY};
use super::init::normalise;
use crate::attribute::Attribute;
use crate::check;
use crate::classification::vector_argument;
use crate::dataset::Rows;
use crate::param::{Params, shared};
use crate::persist::Saved;
use crate::stage::{Model, Object, StageDecl, Transformer};
use crate::value::MlValue;

/// Rows whose clusters are found between two looks at the Stop flag.
const CHUNK: usize = 4096;

/// `pyspark.ml.clustering.KMeansModel`.
#[derive(Clone)]
pub struct KMeansModel {
    params: Params,
    clusters: Arc<Clusters>,
    features: Arc<str>,
    prediction: Arc<str>,
    summary: Option<Arc<KMeansSummary>>,
}

/// The centres as fitted, and as searched: by angle when the measure is the cosine's.
struct Clusters {
    centers: Centers,
    search: Centers,
    spherical: bool,
}

/// `pyspark.ml.clustering.KMeansSummary`.
pub struct KMeansSummary {
    predictions: DataFrame,
    features: Arc<str>,
    prediction: Arc<str>,
    k: usize,
    iterations: usize,
    cost: f64,
}

impl Clusters {
    fn of(&self, row: VectorRef<'_>) -> Result<usize> {
        if !self.spherical {
            return Ok(self.search.nearest(row).center);
        }
        let mut row = row.to_dense();
        normalise(&mut row);
        if row.iter().all(|v| *v == 0.0) {
            return Err(Error::illegal_argument("Cosine distance is not defined for zero-length vectors."));
        }
        Ok(self.search.nearest(VectorRef::Dense(&row)).center)
    }

    fn column(&self, executor: &Executor, features: &ArrayRef) -> Result<ArrayRef> {
        let rows = Rows::read(features, self.centers.width)?;
        let mut clusters = Vec::with_capacity(rows.len());
        for i in 0..VectorColumn::new(features)?.len() {
            if i % CHUNK == 0 {
                executor.check()?;
            }
            clusters.push(self.of(rows.row(i))? as i32);
        }
        Ok(Arc::new(Int32Array::from(clusters)))
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
        self.summary = Some(Arc::new(KMeansSummary { predictions, features, prediction, k, iterations, cost }));
        Ok(self)
    }
}

/// The schema with the column of clusters; their number, when known, goes into its metadata.
pub(super) fn prediction_schema(schema: &Schema, features: &str, prediction: &Arc<str>, clusters: Option<usize>) -> Result<Schema> {
    check::vector_column(schema, features)?;
    check::append(schema, prediction_field(prediction, clusters))
}

fn prediction_field(prediction: &Arc<str>, clusters: Option<usize>) -> Field {
    let nominal = clusters.map(Attribute::categories_without_names);
    Field::new(prediction.clone(), DataType::Int, false).with_metadata(nominal.map(|a| a.to_metadata(None)))
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
        let column =
            Column::native("KMeansModel", [data.col(&self.features)?], field, move |executor, args, _| clusters.column(executor, &args[0]));
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
            "hasSummary" => MlValue::Bool(self.summary.is_some()),
            "summary" => match &self.summary {
                Some(summary) => MlValue::Object(summary.clone()),
                None => return Err(Error::runtime(format!("No training summary available for this {}", self.decl().name))),
            },
            _ => return Err(self.no_member(name)),
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

impl KMeansSummary {
    fn sizes(&self) -> Result<Vec<i64>> {
        let batches = self.predictions.select(&[self.predictions.col(&self.prediction)?])?.partitions()?;
        let mut sizes = vec![0; self.k];
        for batch in &batches {
            for cluster in batch.columns[0].as_primitive::<Int32Type>().values() {
                sizes[*cluster as usize] += 1;
            }
        }
        Ok(sizes)
    }
}

impl Object for KMeansSummary {
    fn decl(&self) -> &'static StageDecl {
        &KMEANS_SUMMARY
    }

    fn member(&self, name: &str, _args: &[MlValue]) -> Result<MlValue> {
        Ok(match name {
            "predictions" => MlValue::DataFrame(self.predictions.clone()),
            "cluster" => MlValue::DataFrame(self.predictions.select(&[self.predictions.col(&self.prediction)?])?),
            "clusterSizes" => MlValue::List(self.sizes()?.into_iter().map(MlValue::Int).collect()),
            "k" => MlValue::Int(self.k as i64),
            "numIter" => MlValue::Int(self.iterations as i64),
            "trainingCost" => MlValue::Float(self.cost),
            "featuresCol" => MlValue::from(&*self.features),
            "predictionCol" => MlValue::from(&*self.prediction),
            _ => return Err(self.no_member(name)),
        })
    }

    fn describe(&self) -> String {
        self.decl().name.to_owned()
    }
}

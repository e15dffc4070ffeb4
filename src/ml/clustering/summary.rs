//! The training summaries of clusterings.

use std::sync::Arc;

use arrow_array::cast::AsArray;
use arrow_array::types::Int32Type;
use kindling_frame::{Column, DataFrame, DataType, Field, Schema};
use kindling_partition::{Error, Result};

use crate::attribute::Attribute;
use crate::check;
use crate::stage::{MemberDecl, Object, StageDecl};
use crate::value::MlValue;

/// What each summary of a clustering has; it has members of its own, too.
pub(super) const PREDICTIONS: MemberDecl = MemberDecl::attribute("predictions", "The training data with the cluster of each row.");
pub(super) const CLUSTER: MemberDecl = MemberDecl::attribute("cluster", "The cluster of each row alone.");
pub(super) const CLUSTER_SIZES: MemberDecl = MemberDecl::attribute("clusterSizes", "Number of rows in each cluster.");
pub(super) const K: MemberDecl = MemberDecl::attribute("k", "The number of clusters the model was trained with.");
pub(super) const NUM_ITER: MemberDecl = MemberDecl::attribute("numIter", "Number of iterations.");
pub(super) const FEATURES_COL: MemberDecl = MemberDecl::attribute("featuresCol", "Name of the column of features in predictions.");
pub(super) const PREDICTION_COL: MemberDecl = MemberDecl::attribute("predictionCol", "Name of the column of clusters in predictions.");

/// What the summary of a clustering around centres has.
pub(super) const OF_CENTERS: &[MemberDecl] = &[
    PREDICTIONS,
    CLUSTER,
    CLUSTER_SIZES,
    K,
    NUM_ITER,
    MemberDecl::attribute("trainingCost", "Sum of squared distances to the nearest centroid for all points in the training data set."),
    FEATURES_COL,
    PREDICTION_COL,
];

/// How a model clusters the data it was trained on (`pyspark.ml.clustering.ClusteringSummary`).
pub struct ClusteringSummary {
    pub(super) decl: &'static StageDecl,
    pub(super) predictions: DataFrame,
    pub(super) features: Arc<str>,
    pub(super) prediction: Arc<str>,
    pub(super) k: usize,
    pub(super) iterations: usize,
    /// The members that only this kind has.
    pub(super) own: Vec<(&'static str, MlValue)>,
}

impl ClusteringSummary {
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

impl Object for ClusteringSummary {
    fn decl(&self) -> &'static StageDecl {
        self.decl
    }

    fn member(&self, name: &str, _args: &[MlValue]) -> Result<MlValue> {
        if let Some((_, value)) = self.own.iter().find(|(own, _)| *own == name) {
            return Ok(value.clone());
        }
        Ok(match name {
            "predictions" => MlValue::DataFrame(self.predictions.clone()),
            "cluster" => MlValue::DataFrame(self.predictions.select(&[self.predictions.col(&self.prediction)?])?),
            "clusterSizes" => MlValue::List(self.sizes()?.into_iter().map(MlValue::Int).collect()),
            "k" => MlValue::Int(self.k as i64),
            "numIter" => MlValue::Int(self.iterations as i64),
            "featuresCol" => MlValue::from(&*self.features),
            "predictionCol" => MlValue::from(&*self.prediction),
            _ => return Err(self.no_member(name)),
        })
    }

    fn describe(&self) -> String {
        self.decl.name.to_owned()
    }
}

/// `hasSummary` and `summary` of a model.
pub(super) fn summary_member(summary: Option<&Arc<ClusteringSummary>>, model: &dyn Object, name: &str) -> Result<MlValue> {
    match (name, summary) {
        ("hasSummary", _) => Ok(MlValue::Bool(summary.is_some())),
        ("summary", Some(summary)) => Ok(MlValue::Object(summary.clone())),
        ("summary", None) => Err(Error::runtime(format!("No training summary available for this {}", model.decl().name))),
        _ => Err(model.no_member(name)),
    }
}

/// The schema with the column of clusters; their number, when known, goes into its metadata.
pub(super) fn prediction_schema(schema: &Schema, features: &str, prediction: &Arc<str>, clusters: Option<usize>) -> Result<Schema> {
    check::vector_column(schema, features)?;
    check::append(schema, prediction_field(prediction, clusters))
}

pub(super) fn prediction_field(prediction: &Arc<str>, clusters: Option<usize>) -> Field {
    let nominal = clusters.map(Attribute::categories_without_names);
    Field::new(prediction.clone(), DataType::Int, false).with_metadata(nominal.map(|a| a.to_metadata(None)))
}

/// The column with the cluster that `cluster` finds for each row of `column`.
pub(super) fn prediction_column(
    stage: &'static str,
    column: Column,
    field: Field,
    width: usize,
    cluster: impl Fn(kindling_linalg::VectorRef<'_>) -> Result<usize> + Send + Sync + 'static,
) -> Column {
    Column::native(stage, [column], field, move |executor, args, rows| {
        let vectors = crate::dataset::Rows::read(&args[0], width)?;
        let mut clusters = Vec::with_capacity(rows);
        for i in 0..rows {
            if i % 1024 == 0 {
                executor.check()?;
            }
            clusters.push(cluster(vectors.row(i))? as i32);
        }
        Ok(Arc::new(arrow_array::Int32Array::from(clusters)))
    })
}

//! The fitted model.

use std::sync::Arc;

use kindling_frame::{DataFrame, Schema};
use kindling_partition::{Error, Result};

use super::declare::{BISECTING_KMEANS_MODEL, BISECTING_KMEANS_SUMMARY, K};
use super::estimator::ROWS_BETWEEN_CHECKS;
use super::tree::Tree;
use crate::check;
use crate::classification::vector_argument;
use crate::clustering::summary::{ClusteringSummary, prediction_column, prediction_field, prediction_schema, summary_member};
use crate::feature::statistics::blocks;
use crate::param::{Params, shared};
use crate::persist::Saved;
use crate::stage::{Model, Object, StageDecl, Transformer};
use crate::value::MlValue;

/// `pyspark.ml.clustering.BisectingKMeansModel`.
#[derive(Clone)]
pub struct BisectingKMeansModel {
    params: Params,
    tree: Arc<Tree>,
    features: Arc<str>,
    prediction: Arc<str>,
    summary: Option<Arc<ClusteringSummary>>,
}

impl BisectingKMeansModel {
    pub(super) fn new(params: Params, tree: Tree) -> Result<Self> {
        let checked = params.checked()?;
        let (features, prediction) = (checked.text(&shared::FEATURES_COL)?, checked.text(&shared::PREDICTION_COL)?);
        Ok(Self { features, prediction, params, tree: Arc::new(tree), summary: None })
    }

    pub fn with_training(mut self, data: &DataFrame, iterations: usize) -> Result<Self> {
        let predictions = self.transform(data)?;
        let cost: f64 = self.tree.leaves().map(|leaf| leaf.cost).sum();
        let k = self.params.checked()?.count(&K)?;
        let (decl, own) = (&BISECTING_KMEANS_SUMMARY, vec![("trainingCost", cost.into())]);
        let (features, prediction) = (self.features.clone(), self.prediction.clone());
        self.summary = Some(Arc::new(ClusteringSummary { decl, predictions, features, prediction, k, iterations, own }));
        Ok(self)
    }

    fn cost(&self, data: &DataFrame) -> Result<f64> {
        check::vector_column(data.schema(), &self.features)?;
        let executor = data.session().executor();
        let costs = executor.map("cost", &blocks(data, &self.features)?, |_, rows| {
            let mut cost = 0.0;
            for (i, row) in rows.iter().enumerate() {
                if i % ROWS_BETWEEN_CHECKS == 0 {
                    executor.check()?;
                }
                cost += self.tree.find(row)?.1;
            }
            Ok(cost)
        })?;
        Ok(costs.iter().sum())
    }
}

impl Transformer for BisectingKMeansModel {
    fn params(&self) -> &Params {
        &self.params
    }

    fn transform_schema(&self, schema: &Schema) -> Result<Schema> {
        prediction_schema(schema, &self.features, &self.prediction, Some(self.tree.leaves))
    }

    fn transform(&self, data: &DataFrame) -> Result<DataFrame> {
        self.transform_schema(data.schema())?;
        let (tree, field) = (self.tree.clone(), prediction_field(&self.prediction, Some(self.tree.leaves)));
        let (column, width) = (data.col(&self.features)?, tree.width);
        let column = prediction_column("BisectingKMeansModel", column, field, width, move |row| tree.find(row).map(|found| found.0));
        data.with_column(&self.prediction, &column)
    }
}

impl Object for BisectingKMeansModel {
    fn decl(&self) -> &'static StageDecl {
        &BISECTING_KMEANS_MODEL
    }

    fn member(&self, name: &str, args: &[MlValue]) -> Result<MlValue> {
        Ok(match (name, args) {
            ("clusterCenters", _) => MlValue::List(self.tree.leaves().map(|leaf| MlValue::Array(leaf.center.clone())).collect()),
            ("computeCost", [MlValue::DataFrame(data)]) => MlValue::Float(self.cost(data)?),
            ("computeCost", _) => return Err(Error::type_error("computeCost() takes a DataFrame.")),
            ("predict", _) => MlValue::Int(self.tree.find(vector_argument(args, self.tree.width)?.as_ref())?.0 as i64),
            ("numFeatures", _) => MlValue::Int(self.tree.width as i64),
            _ => return summary_member(self.summary.as_ref(), self, name),
        })
    }

    fn describe(&self) -> String {
        let (tree, measure) = (&self.tree, if self.tree.cosine { "cosine" } else { "euclidean" });
        let (uid, k, width) = (self.params.uid(), tree.leaves, tree.width);
        format!("BisectingKMeansModel: uid={uid}, k={k}, distanceMeasure={measure}, numFeatures={width}")
    }
}

impl Model for BisectingKMeansModel {
    fn with_params(&self, params: Params) -> Result<Arc<dyn Model>> {
        let other = Self::new(params, (*self.tree).clone())?;
        Ok(Arc::new(Self { summary: self.summary.clone(), ..other }))
    }

    fn saved(&self) -> Result<Saved> {
        self.tree.saved(self.decl())
    }
}

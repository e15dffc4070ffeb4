//! Boosted trees as models use them, and what a boosting estimator reads: shared by `GBTClassifier` and `GBTRegressor`.

use std::sync::Arc;

use kindling_frame::DataFrame;
use kindling_linalg::{Vector, VectorRef};
use kindling_partition::Result;

use super::boost::{Boosting, Loss, boost};
use super::ensemble::Ensemble;
use super::impurity::Impurity;
use super::params::{self, tree_strategy};
use super::saved;
use crate::classification::vector_argument;
use crate::dataset::{Instances, LabelKind};
use crate::param::{Checked, ParamDecl, Params, shared};
use crate::persist::{Saved, Stored};
use crate::regression::{DECISION_TREE_REGRESSION_MODEL, DecisionTreeRegressionModel};
use crate::stage::{Model, Stage};
use crate::value::MlValue;

/// Trees and what each counts.
#[derive(Debug)]
pub(crate) struct Boosted {
    pub ensemble: Arc<Ensemble>,
    pub weights: Vec<f64>,
}

impl Boosted {
    /// What the trees say together.
    pub fn sum(&self, row: VectorRef<'_>) -> f64 {
        self.partial_sums(row).last().unwrap_or(0.0)
    }

    /// What the first trees say, one more at each step.
    fn partial_sums(&self, row: VectorRef<'_>) -> impl Iterator<Item = f64> {
        let say = move |(tree, weight): (&super::Tree, &f64)| tree.nodes[tree.leaf(row)].prediction * weight;
        self.ensemble.trees.iter().zip(&self.weights).map(say).scan(0.0, |sum, next| {
            *sum += next;
            Some(*sum)
        })
    }

    /// The mean loss over a data set of the first tree, of the first two, and so on.
    pub fn errors(&self, data: &DataFrame, params: Checked<'_>, kind: LabelKind, loss: Loss) -> Result<MlValue> {
        let instances = Instances::labelled(data, params, kind)?;
        let executor = data.session().executor();
        let parts = executor.map("evaluate each iteration", &instances.blocks, |_, block| {
            let mut sums = vec![0.0; self.weights.len() + 1];
            for i in 0..block.len() {
                if i % 256 == 0 {
                    executor.check()?;
                }
                let (label, weight) = (loss.label(block.labels[i]), block.weight(i));
                sums[0] += weight;
                for (sum, prediction) in sums[1..].iter_mut().zip(self.partial_sums(block.features.row(i))) {
                    *sum += loss.error(prediction, label) * weight;
                }
            }
            Ok(sums)
        })?;
        let total = |i: usize| parts.iter().map(|part| part[i]).sum::<f64>();
        let weight = total(0);
        Ok(MlValue::floats((1..=self.weights.len()).map(|i| total(i) / weight)))
    }

    /// The members that both kinds of models have; `None` for others.
    pub fn member(&self, name: &str, args: &[MlValue], describe: impl FnOnce() -> String) -> Option<Result<MlValue>> {
        let ensemble = &self.ensemble;
        Some(Ok(match name {
            "trees" => match self.trees() {
                Ok(trees) => MlValue::List(trees),
                Err(error) => return Some(Err(error)),
            },
            "treeWeights" => MlValue::floats(self.weights.iter().copied()),
            "getNumTrees" => MlValue::Int(ensemble.trees.len() as i64),
            "totalNumNodes" => MlValue::Int(ensemble.total_nodes() as i64),
            "toDebugString" => MlValue::from(ensemble.text(&describe(), |i| self.weights[i])),
            "featureImportances" => MlValue::Vector(ensemble.importances(false)),
            "numFeatures" => MlValue::Int(ensemble.width as i64),
            "predictLeaf" => match vector_argument(args, ensemble.width) {
                Ok(row) => MlValue::Vector(Vector::Dense(ensemble.leaves(row.as_ref()))),
                Err(error) => return Some(Err(error)),
            },
            _ => return None,
        }))
    }

    /// What is saved of a model of these trees.
    pub fn saved(&self, model: &impl Model) -> Result<Saved> {
        let trees = &self.ensemble.trees;
        let about = saved::about_trees(model.params(), &DECISION_TREE_REGRESSION_MODEL, &self.weights);
        Saved::rows(model.decl(), saved::tree_rows(trees))?.with_fields(model)?.field("numTrees", trees.len()).table(
            "treesMetadata",
            saved::TREES_METADATA,
            about,
        )
    }

    /// The trees of a saved model.
    pub fn stored(stored: &Stored<'_>) -> Result<Self> {
        let (trees, weights) = saved::read_trees(stored, Impurity::Variance)?;
        Ok(Self { ensemble: Arc::new(Ensemble { trees, width: stored.count("numFeatures")?, classes: 0 }), weights })
    }

    /// The trees as models of their own.
    fn trees(&self) -> Result<Vec<MlValue>> {
        let one = |tree: &super::Tree| {
            let ensemble = Ensemble { trees: vec![tree.clone()], width: self.ensemble.width, classes: 0 };
            let model = DecisionTreeRegressionModel::new(Params::new(&DECISION_TREE_REGRESSION_MODEL), Arc::new(ensemble))?;
            Ok(MlValue::Stage(Stage::from_model(Arc::new(model))))
        };
        self.ensemble.trees.iter().map(one).collect()
    }
}

/// What a fit with these params is to do.
pub(crate) fn boosting(params: Checked<'_>, loss: &ParamDecl) -> Result<Boosting> {
    let strategy = super::Strategy {
        subsampling_rate: params.float(&params::SUBSAMPLING_RATE)?,
        feature_subset: params.choice(&params::FEATURE_SUBSET_STRATEGY)?,
        ..tree_strategy(params)?
    };
    strategy.features_per_node(1)?;
    Ok(Boosting {
        strategy,
        loss: Loss::named(&params.choice(loss)?),
        rounds: params.count(&shared::MAX_ITER)?,
        step: params.float(&shared::STEP_SIZE)?,
        tolerance: params.float(&params::VALIDATION_TOL)?,
    })
}

/// Boosts on the rows of a data set, and watches those that `validationIndicatorCol` marks.
pub(crate) fn fit_boosted(name: &str, data: &DataFrame, params: Checked<'_>, kind: LabelKind, boosting: &Boosting) -> Result<Boosted> {
    let (train, watched) = match params.opt_column(&shared::VALIDATION_INDICATOR_COL) {
        None => (Instances::labelled(data, params, kind)?, None),
        Some(column) => {
            let marked = data.col(&column)?;
            let read = |rows: DataFrame| Instances::labelled(&rows, params, kind);
            (read(data.filter(&marked.not())?)?, Some(read(data.filter(&marked)?)?))
        }
    };
    let watched = watched.as_ref().map(Instances::tasks);
    let (trees, weights) = boost(data.session().executor(), name, &train.tasks(), watched.as_deref(), &train.categories(), boosting)?;
    Ok(Boosted { ensemble: Arc::new(Ensemble { trees, width: train.width, classes: 0 }), weights })
}

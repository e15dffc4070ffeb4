//! What all classifiers that give probabilities share: the three output columns, thresholds, and predictions for single vectors
//! (`org.apache.spark.ml.classification.ProbabilisticClassificationModel`).

use std::sync::Arc;

use arrow_array::{ArrayRef, Float64Array};
use kindling_frame::{Column, DataFrame, DataType, Field, Schema, VectorColumn, vector_column};
use kindling_linalg::{Vector, VectorRef};
use kindling_partition::{Error, Executor, Result};

use crate::attribute::{Attribute, AttributeGroup};
use crate::check;
use crate::dataset::Rows;
use crate::param::{Checked, shared};
use crate::value::MlValue;

/// Rows whose predictions are made between two looks at the Stop flag.
const CHUNK: usize = 1024;

/// How a fitted classifier scores rows.
pub(crate) trait Scores: Send + Sync + 'static {
    fn classes(&self) -> usize;

    fn features(&self) -> usize;

    /// Writes the raw prediction of a row.
    fn raw(&self, row: VectorRef<'_>, out: &mut [f64]);

    /// Turns a raw prediction into probabilities.
    fn to_probability(&self, raw: &mut [f64]);
}

/// How probabilities become a class.
#[derive(Clone, Debug)]
pub(crate) enum Decision {
    /// The most probable; of several the first.
    Most,
    /// The one with the largest quotient of probability and threshold.
    Scaled(Vec<f64>),
    /// Class 1 when its probability is over the first number, which means that its raw prediction is over the second.
    Over(f64, f64),
}

/// The names of the columns that `transform` adds; an empty name leaves the column out.
#[derive(Clone, Debug)]
pub(crate) struct Outputs {
    features: Arc<str>,
    raw: Arc<str>,
    probability: Arc<str>,
    prediction: Arc<str>,
    /// Whether there are probabilities, which a support vector machine has not.
    has_probability: bool,
    pub(crate) decision: Decision,
}

impl Decision {
    /// By `thresholds`, or the most probable class when there are none.
    ///
    /// # Errors
    /// When there is not one threshold for each class, or more than one of them is zero.
    pub(crate) fn by_thresholds(name: &str, thresholds: Option<Vec<f64>>, classes: usize) -> Result<Self> {
        let Some(thresholds) = thresholds else { return Ok(Self::Most) };
        if thresholds.len() != classes {
            return Err(Error::illegal_argument(format!(
                "requirement failed: {name}.train() called with non-matching numClasses and thresholds.length. numClasses={classes}, but \
                 thresholds has length {}",
                thresholds.len()
            )));
        }
        check_thresholds(&thresholds)?;
        Ok(Self::Scaled(thresholds))
    }

    fn of_probability(&self, probability: &[f64]) -> f64 {
        match self {
            Self::Most => argmax(probability),
            Self::Scaled(thresholds) => {
                // A class whose threshold is 0 is taken whenever it is possible at all; 0 / 0 never is.
                let (mut best, mut highest) = (0, f64::NEG_INFINITY);
                for (i, (p, t)) in probability.iter().zip(thresholds).enumerate() {
                    if p / t > highest {
                        (best, highest) = (i, p / t);
                    }
                }
                best as f64
            }
            Self::Over(threshold, _) => f64::from(u8::from(probability[1] > *threshold)),
        }
    }
}

/// Fails when more than one threshold is zero.
pub(crate) fn check_thresholds(thresholds: &[f64]) -> Result<()> {
    if thresholds.iter().filter(|t| **t == 0.0).count() > 1 || thresholds.iter().sum::<f64>() <= 0.0 {
        return Err(Error::illegal_argument(format!(
            "Param thresholds must have values > 0, excepting that at most one may be 0, but got {thresholds:?}."
        )));
    }
    Ok(())
}

/// The index of the greatest number, of several the first.
pub(crate) fn argmax(values: &[f64]) -> f64 {
    let mut best = 0;
    for (i, value) in values.iter().enumerate() {
        if *value > values[best] {
            best = i;
        }
    }
    best as f64
}

impl Outputs {
    pub(crate) fn new(params: Checked<'_>, decision: Decision) -> Result<Self> {
        let has_probability = params.params().decl().param(shared::PROBABILITY_COL.name).is_some();
        Ok(Self {
            features: params.text(&shared::FEATURES_COL)?,
            raw: params.text(&shared::RAW_PREDICTION_COL)?,
            probability: if has_probability { params.text(&shared::PROBABILITY_COL)? } else { "".into() },
            has_probability,
            prediction: params.text(&shared::PREDICTION_COL)?,
            decision,
        })
    }

    /// The column that curves of a summary go by.
    pub(crate) fn score(&self) -> &str {
        if self.has_probability { &self.probability } else { &self.raw }
    }

    pub(crate) fn prediction(&self) -> &str {
        &self.prediction
    }

    /// The same, with names for a probability and a prediction column that were left out, which summaries need.
    pub(crate) fn for_summary(&self, uid: &str) -> Self {
        let mut outputs = self.clone();
        let score = if self.has_probability { (&mut outputs.probability, "probability") } else { (&mut outputs.raw, "rawPrediction") };
        for (name, prefix) in [score, (&mut outputs.prediction, "prediction")] {
            if name.is_empty() {
                *name = format!("{prefix}_{uid}").into();
            }
        }
        outputs
    }

    /// The schema with the columns that `transform` adds.
    pub(crate) fn schema(&self, schema: &Schema, classes: Option<usize>) -> Result<Schema> {
        check::vector_column(schema, &self.features)?;
        let mut schema = schema.clone();
        for field in self.fields(classes) {
            schema = check::append(&schema, field)?;
        }
        Ok(schema)
    }

    fn fields(&self, classes: Option<usize>) -> Vec<Field> {
        let vector = |name: &Arc<str>| {
            let metadata = classes.map(|n| AttributeGroup::of_size(n).to_metadata(None));
            Field::new(name.clone(), DataType::Vector, true).with_metadata(metadata)
        };
        let nominal = Attribute::categories_without_names;
        let prediction =
            Field::new(self.prediction.clone(), DataType::Double, false).with_metadata(classes.map(|n| nominal(n).to_metadata(None)));
        [vector(&self.raw), vector(&self.probability), prediction].into_iter().filter(|field| !field.name.is_empty()).collect()
    }

    /// Adds the columns, each made from the one before it.
    pub(crate) fn transform(&self, data: &DataFrame, scores: &Arc<dyn Scores>) -> Result<DataFrame> {
        let classes = scores.classes();
        self.schema(data.schema(), Some(classes))?;
        let mut data = data.clone();
        for field in self.fields(Some(classes)) {
            let scores = scores.clone();
            let name = field.name.clone();
            let column = if name == self.raw {
                let features = data.col(&self.features)?;
                Column::native(name.clone(), [features], field, move |executor, args, _| from_features(executor, &args[0], &*scores, false))
            } else if name == self.probability && self.raw.is_empty() {
                let features = data.col(&self.features)?;
                Column::native(name.clone(), [features], field, move |executor, args, _| from_features(executor, &args[0], &*scores, true))
            } else if name == self.probability {
                let raw = data.col(&self.raw)?;
                Column::native(name.clone(), [raw], field, move |executor, args, _| to_probability(executor, &args[0], &*scores))
            } else {
                self.prediction_column(&data, field, scores)?
            };
            data = data.with_column(&name, &column)?;
        }
        Ok(data)
    }

    fn prediction_column(&self, data: &DataFrame, field: Field, scores: Arc<dyn Scores>) -> Result<Column> {
        let decision = self.decision.clone();
        let name = field.name.clone();
        if !self.raw.is_empty() && !matches!(decision, Decision::Scaled(_)) {
            return Ok(Column::native(name, [data.col(&self.raw)?], field, move |_, args, _| {
                classes_of(&args[0], scores.classes(), |raw| match decision {
                    Decision::Over(_, margin) => f64::from(u8::from(raw[1] > margin)),
                    _ => argmax(raw),
                })
            }));
        }
        if !self.probability.is_empty() {
            return Ok(Column::native(name, [data.col(&self.probability)?], field, move |_, args, _| {
                classes_of(&args[0], scores.classes(), |probability| decision.of_probability(probability))
            }));
        }
        let source = if self.raw.is_empty() { &self.features } else { &self.raw };
        let from_raw = !self.raw.is_empty();
        Ok(Column::native(name, [data.col(source)?], field, move |executor, args, _| {
            let probability =
                if from_raw { to_probability(executor, &args[0], &*scores)? } else { from_features(executor, &args[0], &*scores, true)? };
            classes_of(&probability, scores.classes(), |p| decision.of_probability(p))
        }))
    }
}

/// The raw predictions, or probabilities, of a column of features.
fn from_features(executor: &Executor, features: &ArrayRef, scores: &dyn Scores, probability: bool) -> Result<ArrayRef> {
    let (width, classes) = (scores.features(), scores.classes());
    let rows = Rows::read(features, width)?;
    let count = VectorColumn::new(features)?.len();
    let mut block = vec![0.0; count * classes];
    for (i, out) in block.chunks_exact_mut(classes).enumerate() {
        if i % CHUNK == 0 {
            executor.check()?;
        }
        scores.raw(rows.row(i), out);
        if probability {
            scores.to_probability(out);
        }
    }
    vector_column::from_dense_block(count, classes, block)
}

fn to_probability(executor: &Executor, raw: &ArrayRef, scores: &dyn Scores) -> Result<ArrayRef> {
    let classes = scores.classes();
    let column = VectorColumn::new(raw)?;
    let mut block = column.to_dense_block(classes)?.into_owned();
    for (i, row) in block.chunks_exact_mut(classes).enumerate() {
        if i % CHUNK == 0 {
            executor.check()?;
        }
        scores.to_probability(row);
    }
    vector_column::from_dense_block(column.len(), classes, block)
}

fn classes_of(vectors: &ArrayRef, classes: usize, class: impl Fn(&[f64]) -> f64) -> Result<ArrayRef> {
    let column = VectorColumn::new(vectors)?;
    let block = column.to_dense_block(classes)?;
    Ok(Arc::new(Float64Array::from_iter_values(block.chunks_exact(classes).map(class))))
}

/// `predict(value)`, `predictRaw(value)` and `predictProbability(value)` of a model; `None` for other members.
///
/// # Errors
/// When the argument is no vector, or not of the model's size.
pub(crate) fn predict_member(scores: &dyn Scores, decision: &Decision, name: &str, args: &[MlValue]) -> Option<Result<MlValue>> {
    let wanted = match name {
        "predict" | "predictRaw" | "predictProbability" => name,
        _ => return None,
    };
    Some(vector_argument(args, scores.features()).map(|vector| {
        let mut raw = vec![0.0; scores.classes()];
        scores.raw(vector.as_ref(), &mut raw);
        if wanted == "predictRaw" {
            return MlValue::Vector(Vector::Dense(raw));
        }
        let over_margin = if let Decision::Over(_, margin) = decision { Some(raw[1] > *margin) } else { None };
        scores.to_probability(&mut raw);
        match (wanted, over_margin) {
            ("predictProbability", _) => MlValue::Vector(Vector::Dense(raw)),
            (_, Some(over)) => MlValue::Float(f64::from(u8::from(over))),
            _ => MlValue::Float(decision.of_probability(&raw)),
        }
    }))
}

/// The vector that a model's `predict` was given.
pub(crate) fn vector_argument(args: &[MlValue], width: usize) -> Result<Vector> {
    let vector = match args {
        [MlValue::Vector(vector)] => vector.clone(),
        [other] => match other.numbers() {
            Some(numbers) => Vector::Dense(numbers),
            None => return Err(Error::type_error(format!("predict() takes a vector, not {}.", other.python_type()))),
        },
        _ => return Err(Error::type_error(format!("predict() takes one vector, not {} arguments.", args.len()))),
    };
    if vector.size() == width {
        Ok(vector)
    } else {
        Err(Error::illegal_argument(format!("The model was fitted on vectors of size {width}, but this one has size {}.", vector.size())))
    }
}

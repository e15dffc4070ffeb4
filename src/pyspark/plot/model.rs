//! `kindling.plot`: charts of a model's quality. On a real Spark cluster the same names can come from a few lines of matplotlib.

use std::sync::Arc;

use kindling_frame::vector_column::VectorColumn;
use kindling_frame::{Column, DataFrame, DataType};
use kindling_ml::attribute::{Attribute, AttributeGroup};
use kindling_ml::param::python_str;
use kindling_ml::{MlValue, ParamMap, Role, Stage};
use kindling_partition::{Error, Result};
use kindling_python::{PyError, PyModule, PyResult, Value, Vm};

use super::chart::chart_value;
use super::data;
use crate::args;
use crate::errors::OrRaise;
use crate::ml::stage::StageObject;
use crate::sql::frame::FrameObject;

/// The most points of a curve that the page gets.
const MOST_POINTS: usize = 1000;

/// Makes the module.
pub(crate) fn install(vm: &mut Vm) {
    let module = PyModule::new("kindling.plot")
        .doc("Charts of models: ROC and precision-recall curves, confusion matrix, feature importances, cross-validation scores.");
    module.set(
        "roc_curve",
        Value::function(
            "roc_curve(model, dataset=None, labelCol=None, scoreCol=None)",
            "The ROC curve of a binary classifier: of a model on a dataset (or on its training data), or of a DataFrame of predictions.",
            |vm, values| {
                let scored = scored(vm, &values)?;
                let (points, area) = scored.roc();
                Ok(chart_value(kindling_chart::roc(&points, area)))
            },
        ),
    );
    module.set(
        "precision_recall_curve",
        Value::function(
            "precision_recall_curve(model, dataset=None, labelCol=None, scoreCol=None)",
            "The precision-recall curve of a binary classifier; arguments as in roc_curve().",
            |vm, values| {
                let scored = scored(vm, &values)?;
                let (points, area) = scored.precision_recall();
                Ok(chart_value(kindling_chart::precision_recall(&points, Some(area), Some(scored.share()))))
            },
        ),
    );
    module.set(
        "confusion_matrix",
        Value::function(
            "confusion_matrix(predictions, labelCol='label', predictionCol='prediction', labels=None)",
            "How many rows of each label got each prediction.",
            |vm, values| {
                let frame = predictions(&values[0])?;
                let (label, prediction) = (args::text(vm, &values[1], "labelCol")?, args::text(vm, &values[2], "predictionCol")?);
                let names = args::optional_texts(vm, &values[3], "labels")?;
                confusion(&frame, &label, &prediction, names).or_raise().map(chart_value)
            },
        ),
    );
    module.set(
        "feature_importances",
        Value::function("feature_importances(model, features=None, top=30)", "The importance of each feature of a tree or forest, or the size of each coefficient of a linear model. `features` is a DataFrame whose features column knows the names, or a list of names.", |vm, values| {
            importances(vm, &values).map(chart_value)
        }),
    );
    module.set(
        "cv_scores",
        Value::function(
            "cv_scores(cvModel)",
            "The score of each grid point of a CrossValidatorModel or TrainValidationSplitModel.",
            |_, values| {
                let stage = stage_of(&values[0], "a CrossValidatorModel or TrainValidationSplitModel")?;
                scores(&stage).or_raise().map(chart_value)
            },
        ),
    );
    vm.add_module(module);
}

fn stage_of(value: &Value, expected: &str) -> PyResult<Stage> {
    value.as_native::<StageObject>().map(|object| object.0.clone()).ok_or_else(|| PyError::type_error(format!("This needs {expected}.")))
}

fn predictions(value: &Value) -> PyResult<DataFrame> {
    value
        .as_native::<FrameObject>()
        .map(|object| object.0.clone())
        .ok_or_else(|| PyError::type_error("This needs the DataFrame that model.transform() gives."))
}

/// Scores with their labels, the highest first.
struct Scored(Vec<(f64, f64)>);

impl Scored {
    fn positives(&self) -> f64 {
        self.0.iter().map(|(_, label)| label).sum()
    }

    /// The share of positive rows.
    fn share(&self) -> f64 {
        self.positives() / self.0.len().max(1) as f64
    }

    /// After each distinct score: how many true and false positives are above it.
    fn steps(&self) -> Vec<(f64, f64)> {
        let (mut hits, mut misses) = (0.0, 0.0);
        let mut steps = Vec::new();
        for (i, (score, label)) in self.0.iter().enumerate() {
            hits += label;
            misses += 1.0 - label;
            if self.0.get(i + 1).is_none_or(|next| next.0 != *score) {
                steps.push((hits, misses));
            }
        }
        steps
    }

    /// (false positive rate, true positive rate) from (0, 0) to (1, 1), and the area by trapezoids.
    fn roc(&self) -> (Vec<(f64, f64)>, f64) {
        let positives = self.positives();
        let negatives = self.0.len() as f64 - positives;
        let rates = self.steps().into_iter().map(|(hits, misses)| (misses / negatives, hits / positives));
        let points: Vec<(f64, f64)> = std::iter::once((0.0, 0.0)).chain(rates).collect();
        (thinned(&points), area(&points))
    }

    /// (recall, precision), starting at recall 0 with the first precision, as Spark does.
    fn precision_recall(&self) -> (Vec<(f64, f64)>, f64) {
        let positives = self.positives();
        let rates: Vec<(f64, f64)> = self.steps().into_iter().map(|(hits, misses)| (hits / positives, hits / (hits + misses))).collect();
        let first = rates.first().map_or(1.0, |point| point.1);
        let points: Vec<(f64, f64)> = std::iter::once((0.0, first)).chain(rates).collect();
        (thinned(&points), area(&points))
    }
}

fn area(points: &[(f64, f64)]) -> f64 {
    points.windows(2).map(|pair| (pair[1].0 - pair[0].0) * (pair[1].1 + pair[0].1) / 2.0).sum()
}

/// Every k-th point, with the last.
fn thinned(points: &[(f64, f64)]) -> Vec<(f64, f64)> {
    let step = points.len().div_ceil(MOST_POINTS).max(1);
    let mut kept: Vec<_> = points.iter().step_by(step).copied().collect();
    if kept.last() != points.last() {
        kept.extend(points.last());
    }
    kept
}

/// `(model, dataset)`, `(model)`, `(predictions)`
fn scored(vm: &mut Vm, values: &[Value]) -> PyResult<Scored> {
    let (label, score) = (args::optional_text(vm, &values[2], "labelCol")?, args::optional_text(vm, &values[3], "scoreCol")?);
    if let Some(frame) = values[0].as_native::<FrameObject>() {
        return read_scores(&frame.0, label.as_deref().unwrap_or("label"), score.as_deref()).or_raise();
    }
    // A summary has the predictions of the rows that it is of.
    if values[0].as_native::<StageObject>().is_none() {
        let frame = vm.get_attr_str(&values[0], "predictions")?;
        let label = match label {
            Some(label) => label,
            None => vm.get_attr_str(&values[0], "labelCol")?.as_str().unwrap_or("label").to_owned(),
        };
        return read_scores(&predictions(&frame)?, &label, score.as_deref()).or_raise();
    }
    let model = stage_of(&values[0], "a model, its summary or a DataFrame of predictions")?;
    if values[1].is_none() {
        let classifier = last_stage(&model).or_raise()?;
        let summary = crate::ml::stage::call_member(vm, &classifier, "summary", &[])?;
        return scored(vm, &[summary, Value::None, values[2].clone(), values[3].clone()]);
    }
    let frame = predictions(&values[1])?;
    let scored = model.transform(&frame, &ParamMap::new()).or_raise()?;
    let classifier = last_stage(&model).or_raise()?;
    let label = label.or_else(|| text_param(&classifier, "labelCol")).unwrap_or_else(|| "label".to_owned());
    let score = score.or_else(|| text_param(&classifier, "probabilityCol")).filter(|name| scored.schema().index_of(name).is_ok());
    read_scores(&scored, &label, score.as_deref()).or_raise()
}

fn text_param(stage: &Stage, name: &str) -> Option<String> {
    match stage.params().get(name) {
        Some(MlValue::Text(text)) => Some(text.to_string()),
        _ => None,
    }
}

/// The last stage of a pipeline's model, or the best model of a search, or the model itself.
fn last_stage(model: &Stage) -> Result<Stage> {
    if model.role() != Role::Model {
        return Err(Error::illegal_argument(format!("{} is not fitted: this needs the model that fit() gives.", model.decl().name)));
    }
    for member in ["stages", "bestModel"] {
        if model.decl().member(member).is_some() {
            return match model.member(member, &[])? {
                MlValue::Stage(best) => last_stage(&best),
                MlValue::List(stages) => match stages.last() {
                    Some(MlValue::Stage(last)) => Ok(last.clone()),
                    _ => Err(Error::illegal_argument("The pipeline has no stages.")),
                },
                _ => Ok(model.clone()),
            };
        }
    }
    Ok(model.clone())
}

/// Scores come from the probability or raw prediction of class 1, or from a column of numbers.
fn read_scores(frame: &DataFrame, label: &str, score: Option<&str>) -> Result<Scored> {
    let found = ["probability", "rawPrediction", "prediction"].into_iter().find(|name| frame.schema().index_of(name).is_ok());
    let score = score.or(found).unwrap_or("probability");
    let labels = data::numbers(frame, label)?;
    let scores = if frame.schema().field(score)?.data_type == DataType::Vector {
        positive_class(frame, score)?
    } else {
        data::numbers(frame, score)?
    };
    let mut pairs = Vec::with_capacity(labels.len());
    for (score, value) in scores.into_iter().zip(labels) {
        if value != 0.0 && value != 1.0 {
            let text = format!("Column '{label}' has the label {value}: this curve is of binary classifiers, whose labels are 0 and 1.");
            return Err(Error::illegal_argument(text));
        }
        pairs.push((score, value));
    }
    pairs.sort_by(|a, b| b.0.total_cmp(&a.0));
    Ok(Scored(pairs))
}

/// The last entry of two of each vector.
fn positive_class(frame: &DataFrame, name: &str) -> Result<Vec<f64>> {
    let column = frame.select(&[Column::name(name)])?;
    let mut scores = Vec::new();
    for batch in column.partitions()? {
        for array in &batch.columns {
            let vectors = VectorColumn::new(array)?;
            for i in 0..vectors.len() {
                scores.push(if vectors.is_null(i) || vectors.row(i).size() < 2 { f64::NAN } else { vectors.row(i).get(1) });
            }
        }
    }
    Ok(scores)
}

fn confusion(frame: &DataFrame, label: &str, prediction: &str, names: Option<Vec<String>>) -> Result<kindling_chart::Chart> {
    let mut columns = data::columns(frame, &[label, prediction])?;
    let (predicted, actual) = (columns.pop().unwrap_or_default(), columns.pop().unwrap_or_default());
    let mut classes: Vec<f64> = actual.iter().chain(&predicted).copied().filter(|v| v.is_finite()).collect();
    classes.sort_by(f64::total_cmp);
    classes.dedup();
    let place = |value: f64| classes.iter().position(|class| *class == value);
    let mut counts = vec![vec![0.0; classes.len()]; classes.len()];
    for (actual, predicted) in actual.iter().zip(&predicted) {
        if let (Some(row), Some(column)) = (place(*actual), place(*predicted)) {
            counts[row][column] += 1.0;
        }
    }
    // The indexer that made the labels wrote what they were called.
    let known = Attribute::of(frame.schema().field(label)?).and_then(|a| a.values().map(<[Arc<str>]>::to_vec)).unwrap_or_default();
    let name = |i: usize, class: f64| {
        let given = names.as_ref().and_then(|names| names.get(i).cloned());
        let indexed = known.get(class as usize).filter(|_| class.fract() == 0.0 && class >= 0.0).map(ToString::to_string);
        given.or(indexed).unwrap_or_else(|| kindling_chart::format_number(class))
    };
    let labels: Vec<String> = classes.iter().enumerate().map(|(i, class)| name(i, *class)).collect();
    Ok(kindling_chart::confusion_matrix(&labels, &counts))
}

fn importances(vm: &mut Vm, values: &[Value]) -> PyResult<kindling_chart::Chart> {
    let model = stage_of(&values[0], "a fitted model")?;
    let last = last_stage(&model).or_raise()?;
    let top = args::count(vm, &values[2], "top")?;
    let weights = weights(&last).or_raise()?;
    let names = match values[1].as_native::<FrameObject>() {
        Some(frame) => feature_names(&model, &last, &frame.0).or_raise()?,
        None => args::optional_texts(vm, &values[1], "features")?,
    };
    let name = |i: usize| {
        names.as_ref().and_then(|names| names.get(i).cloned()).filter(|name| !name.is_empty()).unwrap_or_else(|| format!("feature {i}"))
    };
    let mut ranked: Vec<(String, f64)> = weights.iter().enumerate().map(|(i, weight)| (name(i), *weight)).collect();
    ranked.sort_by(|a, b| b.1.total_cmp(&a.1));
    ranked.truncate(top.max(1));
    let (names, weights): (Vec<String>, Vec<f64>) = ranked.into_iter().unzip();
    Ok(kindling_chart::feature_importances(&names, &weights))
}

/// Importances of trees, or the sizes of the coefficients, the mean over classes when there are several.
fn weights(model: &Stage) -> Result<Vec<f64>> {
    if model.decl().member("featureImportances").is_some()
        && let Some(numbers) = model.member("featureImportances", &[])?.numbers()
    {
        return Ok(numbers);
    }
    if model.decl().member("coefficientMatrix").is_some()
        && let MlValue::Matrix(matrix) = model.member("coefficientMatrix", &[])?
    {
        let (rows, columns) = (matrix.num_rows(), matrix.num_cols());
        let mean = |j: usize| (0..rows).map(|i| matrix.get(i, j).abs()).sum::<f64>() / rows.max(1) as f64;
        return Ok((0..columns).map(mean).collect());
    }
    if model.decl().member("coefficients").is_some()
        && let Some(numbers) = model.member("coefficients", &[])?.numbers()
    {
        return Ok(numbers.into_iter().map(f64::abs).collect());
    }
    Err(Error::illegal_argument(format!("{} has neither feature importances nor coefficients.", model.decl().name)))
}

/// What the features are called in the metadata of the features column, before or after the pipeline's own stages.
fn feature_names(model: &Stage, last: &Stage, frame: &DataFrame) -> Result<Option<Vec<String>>> {
    let column = text_param(last, "featuresCol").unwrap_or_else(|| "features".to_owned());
    let schema = match frame.schema().index_of(&column) {
        Ok(_) => frame.schema().as_ref().clone(),
        Err(_) => model.transform(frame, &ParamMap::new())?.schema().as_ref().clone(),
    };
    let names = AttributeGroup::of(schema.field(&column)?).and_then(|group| group.names());
    Ok(names.map(|names| names.into_iter().map(|name| name.map_or_else(String::new, |name| name.to_string())).collect()))
}

/// The metrics of a search, each with the params that vary over the grid.
fn scores(model: &Stage) -> Result<kindling_chart::Chart> {
    let member = |name: &str| if model.decl().member(name).is_some() { model.member(name, &[]).ok() } else { None };
    let numbers = |name: &str| member(name).and_then(|value| value.numbers());
    let Some(mean) = numbers("avgMetrics").or_else(|| numbers("validationMetrics")) else {
        return Err(Error::illegal_argument(format!(
            "{} has no scores: this needs a CrossValidatorModel or TrainValidationSplitModel.",
            model.decl().name
        )));
    };
    let deviation = numbers("stdMetrics").filter(|values| values.len() == mean.len());
    let grid = match model.params().get("estimatorParamMaps") {
        Some(MlValue::List(points)) => described(&points),
        _ => (1..=mean.len()).map(|i| format!("point {i}")).collect(),
    };
    let (metric, larger) = match model.params().get("evaluator") {
        Some(MlValue::Stage(evaluator)) => (text_param(&evaluator, "metricName"), evaluator.is_larger_better()?),
        _ => (None, true),
    };
    Ok(kindling_chart::cv_scores(metric.as_deref().unwrap_or("metric"), &grid, &mean, deviation.as_deref(), larger))
}

/// Each grid point as `regParam=0.1, maxIter=5`, without the params that are the same everywhere.
fn described(points: &[MlValue]) -> Vec<String> {
    let maps: Vec<&ParamMap> =
        points.iter().filter_map(|point| if let MlValue::ParamMap(map) = point { Some(map) } else { None }).collect();
    let varies = |name: &str, parent: &str| {
        let of = |map: &ParamMap| map.iter().find(|(p, _)| p.name == name && &*p.parent == parent).map(|(_, value)| python_str(value));
        maps.windows(2).any(|pair| of(pair[0]) != of(pair[1]))
    };
    maps.iter()
        .map(|map| {
            let parts: Vec<String> = map
                .iter()
                .filter(|(p, _)| maps.len() == 1 || varies(p.name, &p.parent))
                .map(|(p, value)| format!("{}={}", p.name, python_str(value)))
                .collect();
            if parts.is_empty() { "all params as set".to_owned() } else { parts.join(", ") }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `sklearn.metrics.roc_auc_score([0, 0, 1, 1], [0.1, 0.4, 0.35, 0.8])` is 0.75.
    #[test]
    fn a_roc_curve_has_sklearns_area() {
        let scored = Scored(vec![(0.8, 1.0), (0.4, 0.0), (0.35, 1.0), (0.1, 0.0)]);
        let (points, area) = scored.roc();
        assert_eq!(points, [(0.0, 0.0), (0.0, 0.5), (0.5, 0.5), (0.5, 1.0), (1.0, 1.0)]);
        assert!((area - 0.75).abs() < 1e-12);
        assert_eq!(scored.precision_recall().0[..3], [(0.0, 1.0), (0.5, 1.0), (0.5, 0.5)]);
    }

    #[test]
    fn equal_scores_make_one_step() {
        let (points, area) = Scored(vec![(0.5, 1.0), (0.5, 0.0)]).roc();
        assert_eq!(points, [(0.0, 0.0), (1.0, 1.0)]);
        assert!((area - 0.5).abs() < 1e-12);
    }
}

//! Isotonic regression (`org.apache.spark.ml.regression.IsotonicRegression`): the monotone steps nearest to the labels, by pooling adjacent
//! violators (Best and Chakravarti, 1990).

use std::sync::Arc;

use arrow_array::{ArrayRef, Float64Array};
use kindling_frame::{Column, DataFrame, DataType, Field, Schema, VectorColumn};
use kindling_linalg::Vector;
use kindling_partition::{Error, Result};

use super::regressor::number_field;
use crate::check;
use crate::dataset::{LabelKind, doubles, labels, weights};
use crate::param::{Checked, ParamDecl, ParamKind, Params, Range, shared};
use crate::persist::Saved;
use crate::stage::{Estimator, MemberDecl, Model, Object, StageDecl, Transformer};
use crate::value::MlValue;

const ISOTONIC: ParamDecl = ParamDecl::new(
    "isotonic",
    "whether the output sequence should be isotonic/increasing (true) orantitonic/decreasing (false).",
    ParamKind::Boolean,
)
.default_bool(true);
const FEATURE_INDEX: ParamDecl = ParamDecl::new(
    "featureIndex",
    "The index of the feature if featuresCol is a vector column, no effect otherwise.",
    ParamKind::Int(Range::at_least(0.0)),
)
.default_int(0);

const PARAMS: &[ParamDecl] =
    &[shared::FEATURES_COL, shared::LABEL_COL, shared::PREDICTION_COL, shared::WEIGHT_COL, ISOTONIC, FEATURE_INDEX];

pub static ISOTONIC_REGRESSION: StageDecl = StageDecl::estimator(
    "IsotonicRegression",
    "regression",
    "Isotonic regression: the label as a function of one feature that only rises (or only falls), nearest to the data; straight lines between \
     its steps.",
    PARAMS,
    |params| Ok(Arc::new(IsotonicRegression::new(params)?) as Arc<dyn Estimator>),
    &ISOTONIC_REGRESSION_MODEL,
);

pub static ISOTONIC_REGRESSION_MODEL: StageDecl =
    StageDecl::model("IsotonicRegressionModel", "regression", "A fitted isotonic regression: adds the predicted label.", PARAMS)
        .members(&[
            MemberDecl::attribute("boundaries", "Boundaries in increasing order for which predictions are known."),
            MemberDecl::attribute("predictions", "Predictions associated with the boundaries at the same index, monotone."),
            MemberDecl::attribute("numFeatures", "Number of features the model was trained on: 1."),
            MemberDecl::method("predict", &["value"], "The predicted label of one number."),
        ])
        .saved("boundaries array<double>, predictions array<double>, isotonic boolean", |params, stored| {
            let row = stored.row()?;
            Ok(Arc::new(IsotonicRegressionModel::new(params, row.numbers("boundaries")?, row.numbers("predictions")?)?))
        });

/// `pyspark.ml.regression.IsotonicRegression` with checked params.
pub struct IsotonicRegression {
    params: Params,
}

/// Points of equal features made one, or a block of them.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Point {
    label: f64,
    feature: f64,
    weight: f64,
}

impl IsotonicRegression {
    /// # Errors
    /// When a param is out of its range.
    pub fn new(params: &Params) -> Result<Self> {
        params.checked()?;
        Ok(Self { params: params.clone() })
    }

    /// The rows that weigh something.
    fn points(&self, data: &DataFrame) -> Result<Vec<Point>> {
        let params = self.params.checked()?;
        let (name, label) = (params.text(&shared::FEATURES_COL)?, params.text(&shared::LABEL_COL)?);
        let weight = params.opt_column(&shared::WEIGHT_COL);
        let mut columns = vec![data.col(&name)?, data.col(&label)?.cast(DataType::Double)];
        if let Some(weight) = &weight {
            columns.push(data.col(weight)?.cast(DataType::Double));
        }
        let batches = data.select(&columns)?.partitions()?;
        let sign = if params.bool(&ISOTONIC)? { 1.0 } else { -1.0 };
        let index = params.count(&FEATURE_INDEX)?;
        let executor = data.session().executor();
        let parts = executor.map("isotonic regression", &batches, |_, batch| {
            executor.check()?;
            let features = feature(&name, &batch.columns[0], index)?;
            if let Some(bad) = features.iter().find(|x| !x.is_finite()) {
                return Err(Error::runtime(format!("Column {name}: Features MUST NOT be Null, NaN or Infinity, but got {bad}.")));
            }
            let labels = labels(&label, LabelKind::Regression, &batch.columns[1])?;
            let weights = weight.as_ref().map(|name| weights(name, &batch.columns[2])).transpose()?;
            let point = |i: usize| Point { label: sign * labels[i], feature: features[i], weight: weights.as_ref().map_or(1.0, |w| w[i]) };
            let mut points: Vec<Point> = (0..labels.len()).map(point).filter(|p| p.weight > 0.0).collect();
            points.sort_by(|a, b| a.feature.total_cmp(&b.feature));
            Ok(points)
        })?;
        let mut points = parts.concat();
        // A sort of runs that are sorted: of equal features the earlier row first.
        points.sort_by(|a, b| a.feature.total_cmp(&b.feature));
        Ok(points)
    }
}

/// The feature of each row: a number, or one element of a vector.
fn feature(name: &str, array: &ArrayRef, index: usize) -> Result<Vec<f64>> {
    let Ok(column) = VectorColumn::new(array) else { return Ok(doubles(array)) };
    (0..column.len())
        .map(|i| match column.is_null(i) {
            true => Err(Error::runtime(format!("Column {name}: Vectors MUST NOT be Null."))),
            false if index >= column.row(i).size() => Err(Error::illegal_argument(format!(
                "featureIndex is {index}, but the vectors of column {name} have {} numbers.",
                column.row(i).size()
            ))),
            false => Ok(column.row(i).get(index)),
        })
        .collect()
}

/// Points of one feature become one, with the mean of their labels.
fn unique(points: &[Point]) -> Vec<Point> {
    points
        .chunk_by(|a, b| a.feature == b.feature)
        .map(|equal| {
            let weight: f64 = equal.iter().map(|p| p.weight).sum();
            Point { label: equal.iter().map(|p| p.label * p.weight).sum::<f64>() / weight, feature: equal[0].feature, weight }
        })
        .collect()
}

/// Merges neighbours for as long as one isn't below the next; blocks are told by their first and last point.
fn pool(points: &[Point]) -> Vec<Point> {
    struct Block {
        weight: f64,
        sum: f64,
        first: f64,
        last: f64,
    }
    let mut blocks: Vec<Block> = Vec::new();
    for point in points {
        let mut block = Block { weight: point.weight, sum: point.weight * point.label, first: point.feature, last: point.feature };
        while let Some(before) = blocks.pop_if(|before| before.sum / before.weight >= block.sum / block.weight) {
            block = Block { weight: before.weight + block.weight, sum: before.sum + block.sum, first: before.first, last: block.last };
        }
        blocks.push(block);
    }
    let mut steps = Vec::new();
    for Block { weight, sum, first, last } in blocks {
        let halves = if last > first { 2.0 } else { 1.0 };
        steps.push(Point { label: sum / weight, feature: first, weight: weight / halves });
        if last > first {
            steps.push(Point { label: sum / weight, feature: last, weight: weight / halves });
        }
    }
    steps
}

fn schema_with(schema: &Schema, params: Checked<'_>) -> Result<Schema> {
    let name = params.text(&shared::FEATURES_COL)?;
    let field = schema.field(&name)?;
    let data_type = &field.data_type;
    if !matches!(data_type, DataType::Double | DataType::Vector) {
        return Err(Error::illegal_argument(format!(
            "requirement failed: Column {name} must be of type double or vector but was actually of type {data_type}."
        )));
    }
    match params.opt_column(&shared::PREDICTION_COL) {
        Some(prediction) => check::append(schema, prediction_field(&prediction, field)),
        None => Ok(schema.clone()),
    }
}

/// A number may be null, a vector not.
fn prediction_field(name: &Arc<str>, feature: &Field) -> Field {
    Field { nullable: feature.data_type == DataType::Double && feature.nullable, ..number_field(name) }
}

impl Estimator for IsotonicRegression {
    fn params(&self) -> &Params {
        &self.params
    }

    fn transform_schema(&self, schema: &Schema) -> Result<Schema> {
        let params = self.params.checked()?;
        check::numeric_column(schema, &params.text(&shared::LABEL_COL)?)?;
        if let Some(weight) = params.opt_column(&shared::WEIGHT_COL) {
            check::numeric_column(schema, &weight)?;
        }
        schema_with(schema, params)
    }

    fn fit(&self, data: &DataFrame) -> Result<Arc<dyn Model>> {
        self.transform_schema(data.schema())?;
        let sign = if self.params.checked()?.bool(&ISOTONIC)? { 1.0 } else { -1.0 };
        let steps = pool(&unique(&self.points(data)?));
        let (boundaries, predictions) = steps.into_iter().map(|p| (p.feature, sign * p.label)).unzip();
        Ok(Arc::new(IsotonicRegressionModel::new(self.params.for_model(&ISOTONIC_REGRESSION_MODEL), boundaries, predictions)?))
    }
}

/// `pyspark.ml.regression.IsotonicRegressionModel`.
#[derive(Clone)]
pub struct IsotonicRegressionModel {
    params: Params,
    steps: Arc<Steps>,
}

struct Steps {
    boundaries: Vec<f64>,
    predictions: Vec<f64>,
}

impl Steps {
    /// The prediction at a boundary, the line between two, or that of the end.
    fn predict(&self, x: f64) -> f64 {
        let (xs, ys) = (&self.boundaries, &self.predictions);
        match xs.binary_search_by(|probe| probe.total_cmp(&x)) {
            Ok(at) => ys[at],
            Err(_) if xs.is_empty() => f64::NAN,
            Err(0) => ys[0],
            Err(at) if at == xs.len() => ys[at - 1],
            Err(at) => ys[at - 1] + (ys[at] - ys[at - 1]) * (x - xs[at - 1]) / (xs[at] - xs[at - 1]),
        }
    }
}

impl IsotonicRegressionModel {
    /// A model of given boundaries and their predictions.
    ///
    /// # Errors
    /// When there are not as many of both, or a param is out of range.
    pub fn new(params: Params, boundaries: Vec<f64>, predictions: Vec<f64>) -> Result<Self> {
        params.checked()?;
        if boundaries.len() != predictions.len() {
            return Err(Error::illegal_argument(format!("{} boundaries, but {} predictions.", boundaries.len(), predictions.len())));
        }
        Ok(Self { params, steps: Arc::new(Steps { boundaries, predictions }) })
    }
}

impl Transformer for IsotonicRegressionModel {
    fn params(&self) -> &Params {
        &self.params
    }

    fn transform_schema(&self, schema: &Schema) -> Result<Schema> {
        schema_with(schema, self.params.checked()?)
    }

    fn transform(&self, data: &DataFrame) -> Result<DataFrame> {
        self.transform_schema(data.schema())?;
        let params = self.params.checked()?;
        let Some(prediction) = params.opt_column(&shared::PREDICTION_COL) else { return Ok(data.clone()) };
        let (name, index, steps) = (params.text(&shared::FEATURES_COL)?, params.count(&FEATURE_INDEX)?, self.steps.clone());
        let features = data.col(&name)?;
        let field = prediction_field(&prediction, data.schema().field(&name)?);
        let column = Column::native(prediction.clone(), [features], field, move |_, args, _| {
            let features = feature(&name, &args[0], index)?;
            Ok(Arc::new(Float64Array::from_iter_values(features.into_iter().map(|x| steps.predict(x)))) as ArrayRef)
        });
        data.with_column(&prediction, &column)
    }
}

impl Object for IsotonicRegressionModel {
    fn decl(&self) -> &'static StageDecl {
        &ISOTONIC_REGRESSION_MODEL
    }

    fn member(&self, name: &str, args: &[MlValue]) -> Result<MlValue> {
        Ok(match (name, args) {
            ("boundaries", _) => MlValue::Vector(Vector::Dense(self.steps.boundaries.clone())),
            ("predictions", _) => MlValue::Vector(Vector::Dense(self.steps.predictions.clone())),
            ("numFeatures", _) => MlValue::Int(1),
            ("predict", [value]) => match value.as_f64() {
                Some(x) => MlValue::Float(self.steps.predict(x)),
                None => return Err(Error::type_error(format!("predict() takes a number, not {}.", value.python_type()))),
            },
            _ => return Err(self.no_member(name)),
        })
    }

    fn describe(&self) -> String {
        format!("IsotonicRegressionModel: uid={}, numFeatures=1", self.params.uid())
    }
}

impl Model for IsotonicRegressionModel {
    fn with_params(&self, params: Params) -> Result<Arc<dyn Model>> {
        params.checked()?;
        Ok(Arc::new(Self { params, ..self.clone() }))
    }

    fn saved(&self) -> Result<Saved> {
        let isotonic = self.params.checked()?.bool(&ISOTONIC)?;
        let (boundaries, predictions) = (self.steps.boundaries.clone(), self.steps.predictions.clone());
        Saved::row(self.decl(), [MlValue::Array(boundaries), MlValue::Array(predictions), isotonic.into()])
    }
}

//! The models of `xgboost.spark`: `SparkXGBClassifierModel`, `SparkXGBRegressorModel`, `SparkXGBRankerModel`.

use std::sync::Arc;

use arrow_array::{ArrayRef, Float64Array};
use kindling_frame::{Column, DataFrame, DataType, Field, Schema, Session, VectorColumn, vector_column};
use kindling_partition::{Error, Result};

use super::booster::Booster;
use super::data::Features;
use super::estimator::{MODULE, has};
use super::handle::{BoosterHandle, importances};
use super::params::{self, CLASSIFIER, RANKER, REGRESSOR};
use super::train::History;
use crate::check;

use crate::dataset::doubles;
use crate::param::{Checked, ParamDecl, Params, shared};
use crate::persist::{Saved, Stored};
use crate::stage::{MemberDecl, Model, Object, StageDecl, Transformer};
use crate::value::MlValue;

const MEMBERS: &[MemberDecl] = &[
    MemberDecl::method("get_booster", &[], "The booster inside: its trees, scores and model file."),
    MemberDecl::method(
        "get_feature_importances",
        &["importance_type='weight'"],
        "How much each feature that splits at all is worth: 'weight' counts its splits, 'gain' and 'cover' are means over them, 'total_gain' and \
         'total_cover' sums.",
    ),
    MemberDecl::attribute("training_summary", "The metrics of each round of training; a loaded model has none."),
];

pub static SPARK_XGB_CLASSIFIER_MODEL: StageDecl = StageDecl::model(
    "SparkXGBClassifierModel",
    MODULE,
    "A trained XGBoost classifier: adds the margin and the probability of each class, and the more probable class.",
    CLASSIFIER,
)
.members(MEMBERS)
.saved("", load);

pub static SPARK_XGB_REGRESSOR_MODEL: StageDecl =
    StageDecl::model("SparkXGBRegressorModel", MODULE, "A trained XGBoost regressor: adds its prediction.", REGRESSOR)
        .members(MEMBERS)
        .saved("", load);

pub static SPARK_XGB_RANKER_MODEL: StageDecl = StageDecl::model(
    "SparkXGBRankerModel",
    MODULE,
    "A trained XGBoost ranker: adds a score, the higher the better within a query.",
    RANKER,
)
.members(MEMBERS)
.saved("", load);

pub static XGBOOST_TRAINING_SUMMARY: StageDecl =
    StageDecl::summary("XGBoostTrainingSummary", "xgboost.spark.summary", "The metrics of each round of training.").members(&[
        MemberDecl::attribute("train_objective_history", "By metric, its value on the training rows after each round."),
        MemberDecl::attribute(
            "validation_objective_history",
            "By metric, its value on the rows of validation_indicator_col after each round.",
        ),
    ]);

/// A booster with the params of its estimator.
#[derive(Clone)]
pub(super) struct XgbModel {
    params: Params,
    booster: Arc<Booster>,
    /// A loaded model has none.
    history: Option<Arc<History>>,
    session: Session,
}

fn load(params: Params, stored: &Stored<'_>) -> Result<Arc<dyn Model>> {
    let booster = Booster::from_json(&stored.text("model")?)?;
    Ok(Arc::new(XgbModel { params, booster: Arc::new(booster), history: None, session: stored.session.clone() }))
}

/// The column that a param names, unless it is empty.
fn output(params: Checked<'_>, param: &ParamDecl) -> Option<Arc<str>> {
    if has(params.params().decl(), param) { params.opt_column(param) } else { None }
}

/// The schema with the columns that a model adds, in the place of columns of the same names.
pub(super) fn schema_with(schema: &Schema, params: Checked<'_>) -> Result<Schema> {
    let columns = [
        (&shared::RAW_PREDICTION_COL, DataType::Vector),
        (&shared::PREDICTION_COL, DataType::Double),
        (&shared::PROBABILITY_COL, DataType::Vector),
    ];
    let mut schema = schema.clone();
    for (param, data_type) in columns {
        if let Some(name) = output(params, param) {
            schema = check::put(&schema, Field::new(name, data_type, true));
        }
    }
    Ok(schema)
}

/// What a column of predictions holds.
#[derive(Clone, Copy)]
enum Wanted {
    /// Margins of the classes, those of two as a pair.
    Raw,
    Probability,
    Class,
    /// The one margin as a prediction.
    Number,
}

impl XgbModel {
    pub fn new(params: Params, booster: Arc<Booster>, history: History, session: Session) -> Result<Self> {
        params.checked()?;
        Ok(Self { params, booster, history: Some(Arc::new(history)), session })
    }

    fn is_classifier(&self) -> bool {
        has(self.params.decl(), &shared::PROBABILITY_COL)
    }

    /// A column made of the features, or of the margins in `raw`.
    fn column(&self, data: &DataFrame, name: &Arc<str>, raw: Option<&Arc<str>>, wanted: Wanted) -> Result<Column> {
        let data_type = if matches!(wanted, Wanted::Raw | Wanted::Probability) { DataType::Vector } else { DataType::Double };
        let field = Field::new(name.clone(), data_type, true);
        let booster = self.booster.clone();
        if let Some(raw) = raw {
            return Ok(Column::native(name.clone(), [data.col(raw)?], field, move |_, args, _| {
                let column = VectorColumn::new(&args[0])?;
                let outputs = booster.outputs();
                let classes = outputs.max(2);
                let block = column.to_dense_block(classes)?;
                let margins: Vec<f32> = match outputs {
                    1 => block.as_chunks::<2>().0.iter().map(|pair| pair[1] as f32).collect(),
                    _ => block.iter().map(|margin| *margin as f32).collect(),
                };
                columns_of(&booster, margins, wanted)
            }));
        }
        let params = self.params.checked()?;
        let mut features = params::features(params)?;
        if let super::data::Source::Many(names) = &features.source
            && names.iter().any(|name| data.schema().field(name).is_err())
        {
            features.source = super::data::Source::One(params.text(&shared::FEATURES_COL)?);
        }
        features.check(data.schema())?;
        let mut columns = features.columns(data)?;
        let margin = params::margin_column(params);
        if let Some(name) = &margin {
            columns.push(data.col(name)?.cast(DataType::Double));
        }
        Ok(Column::native(name.clone(), columns, field, move |executor, args, _| {
            let (args, base) = match &margin {
                Some(_) => (&args[..args.len() - 1], args.last().map(doubles)),
                None => (args, None),
            };
            let table = Features::read(&features, executor, args, Some(booster.features))?;
            let margins = booster.margins(executor, &table, base.as_deref())?;
            columns_of(&booster, margins, wanted)
        }))
    }
}

/// Margins as a column.
fn columns_of(booster: &Booster, mut margins: Vec<f32>, wanted: Wanted) -> Result<ArrayRef> {
    let outputs = booster.outputs();
    let classes = outputs.max(2);
    let rows = margins.len() / outputs;
    if !matches!(wanted, Wanted::Raw) {
        margins.chunks_exact_mut(outputs).for_each(|row| booster.objective.transform(row));
    }
    let pairs = |first: fn(f32) -> f32| margins.iter().flat_map(|one| [f64::from(first(*one)), f64::from(*one)]).collect::<Vec<f64>>();
    let wide = || margins.iter().map(|value| f64::from(*value)).collect::<Vec<f64>>();
    match wanted {
        Wanted::Number => Ok(Arc::new(Float64Array::from(wide()))),
        Wanted::Raw => vector_column::from_dense_block(rows, classes, if outputs == 1 { pairs(|one| -one) } else { wide() }),
        Wanted::Probability => vector_column::from_dense_block(rows, classes, if outputs == 1 { pairs(|one| 1.0 - one) } else { wide() }),
        Wanted::Class => {
            let shares = if outputs == 1 { pairs(|one| 1.0 - one) } else { wide() };
            Ok(Arc::new(Float64Array::from_iter_values(shares.chunks_exact(classes).map(most))))
        }
    }
}

impl Transformer for XgbModel {
    fn params(&self) -> &Params {
        &self.params
    }

    fn transform_schema(&self, schema: &Schema) -> Result<Schema> {
        schema_with(schema, self.params.checked()?)
    }

    fn transform(&self, data: &DataFrame) -> Result<DataFrame> {
        let params = self.params.checked()?;
        let prediction = output(params, &shared::PREDICTION_COL);
        if !self.is_classifier() {
            return match prediction {
                Some(name) => data.with_column(&name, &self.column(data, &name, None, Wanted::Number)?),
                None => Ok(data.clone()),
            };
        }
        let raw = output(params, &shared::RAW_PREDICTION_COL);
        let mut result = data.clone();
        if let Some(name) = &raw {
            result = result.with_column(name, &self.column(&result, name, None, Wanted::Raw)?)?;
        }
        for (name, wanted) in [(prediction, Wanted::Class), (output(params, &shared::PROBABILITY_COL), Wanted::Probability)] {
            if let Some(name) = name {
                result = result.with_column(&name, &self.column(&result, &name, raw.as_ref(), wanted)?)?;
            }
        }
        Ok(result)
    }
}

impl Object for XgbModel {
    fn decl(&self) -> &'static StageDecl {
        self.params.decl()
    }

    fn member(&self, name: &str, args: &[MlValue]) -> Result<MlValue> {
        match (name, args) {
            ("get_booster", _) => {
                let handle = BoosterHandle { booster: self.booster.clone(), session: self.session.clone() };
                Ok(MlValue::Object(Arc::new(handle)))
            }
            ("get_feature_importances", args) => importances(&self.booster, args),
            ("training_summary", _) => Ok(match &self.history {
                Some(history) => MlValue::Object(Arc::new(TrainingSummary(history.clone()))),
                None => MlValue::None,
            }),
            _ => Err(self.no_member(name)),
        }
    }

    fn describe(&self) -> String {
        self.params.uid().to_string()
    }
}

impl Model for XgbModel {
    fn with_params(&self, params: Params) -> Result<Arc<dyn Model>> {
        params.checked()?;
        Ok(Arc::new(Self { params, ..self.clone() }))
    }

    fn saved(&self) -> Result<Saved> {
        Ok(Saved::default().line("model", self.booster.to_json()))
    }
}

struct TrainingSummary(Arc<History>);

impl Object for TrainingSummary {
    fn decl(&self) -> &'static StageDecl {
        &XGBOOST_TRAINING_SUMMARY
    }

    fn member(&self, name: &str, _args: &[MlValue]) -> Result<MlValue> {
        let scores = match name {
            "train_objective_history" => &self.0.training,
            "validation_objective_history" => &self.0.validation,
            _ => return Err(self.no_member(name)),
        };
        let entry = |(name, scores): &(String, Vec<f64>)| (MlValue::from(name.as_str()), MlValue::floats(scores.iter().copied()));
        Ok(MlValue::Map(scores.iter().map(entry).collect()))
    }

    fn describe(&self) -> String {
        let text = |name| self.member(name, &[]).map(|value| format!("{value:?}")).unwrap_or_default();
        format!(
            "XGBoostTrainingSummary(train_objective_history={}, validation_objective_history={})",
            text("train_objective_history"),
            text("validation_objective_history")
        )
    }
}

/// The place of the greatest number, of several the first.
fn most(shares: &[f64]) -> f64 {
    shares.iter().enumerate().fold(0, |most, (i, share)| if *share > shares[most] { i } else { most }) as f64
}

/// A text among the arguments of a method.
pub(super) fn text_argument<'a>(args: &'a [MlValue], at: usize, name: &str) -> Result<&'a str> {
    match args.get(at) {
        Some(MlValue::Text(text)) => Ok(text),
        _ => Err(Error::type_error(format!("{name} must be a string."))),
    }
}

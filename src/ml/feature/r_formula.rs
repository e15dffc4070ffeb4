use std::sync::Arc;

use kindling_frame::{DataFrame, DataType, Field, Schema, Value};
use kindling_partition::{Error, Result};

use super::learned::Learner;
use super::mapped::known_size;
use super::r_formula_parser::{Formula, Resolved};
use super::r_formula_stages::tidy;
use super::{INTERACTION, ONE_HOT_ENCODER, STRING_INDEXER, VECTOR_ASSEMBLER, VECTOR_SIZE_HINT};
use crate::check::{is_numeric, put};
use crate::param::{ParamDecl, ParamKind, ParamMap, Params, shared};
use crate::persist::Saved;
use crate::pipeline::pipeline_model;
use crate::stage::{Model, Object, Role, Stage, StageDecl, Transformer};
use crate::value::MlValue;

const PARAMS: &[ParamDecl] =
    &[FORMULA, shared::FEATURES_COL, shared::LABEL_COL, FORCE_INDEX_LABEL, STRING_INDEXER_ORDER_TYPE, HANDLE_INVALID];
const FORMULA: ParamDecl = ParamDecl::new("formula", "R model formula", ParamKind::Text);
const FORCE_INDEX_LABEL: ParamDecl =
    ParamDecl::new("forceIndexLabel", "Force to index label whether it is numeric or string", ParamKind::Boolean).default_bool(false);
const STRING_INDEXER_ORDER_TYPE: ParamDecl = ParamDecl::new(
    "stringIndexerOrderType",
    "How to order categories of a string feature column used by StringIndexer. The last category after ordering is dropped when \
     encoding strings. Supported options: frequencyDesc, frequencyAsc, alphabetDesc, alphabetAsc. The default value is \
     frequencyDesc. When the ordering is set to alphabetDesc, RFormula drops the same category as R when encoding strings.",
    ParamKind::choice(&["frequencyDesc", "frequencyAsc", "alphabetDesc", "alphabetAsc"]),
)
.default_text("frequencyDesc");
const HANDLE_INVALID: ParamDecl = ParamDecl::new(
    "handleInvalid",
    "how to handle invalid entries. Options are 'skip' (filter out rows with invalid values), 'error' (throw an error), or 'keep' \
     (put invalid data in a special additional bucket, at index numLabels).",
    ParamKind::choice(&["skip", "error", "keep"]),
)
.default_text("error");

/// Makes features and label of columns as a formula of R says. Spark's `org.apache.spark.ml.feature.RFormula`: strings are indexed and one-hot
/// encoded, products are interactions.
pub static R_FORMULA: StageDecl = StageDecl::estimator(
    "RFormula",
    "feature",
    "Implements the transforms required for fitting a dataset against an R model formula. Currently we support a limited subset of the R \
     operators, including '~', '.', ':', '+', '-', '*', and '^': 'y ~ a + b' is a linear model of a and b, ':' is an interaction, '*' both \
     terms and their interaction, '.' all columns but the label, '- 1' leaves the intercept out.",
    PARAMS,
    |params| {
        Formula::parse(&params.checked()?.text(&FORMULA)?)?;
        Learner::make(params, schema, fit)
    },
    &R_FORMULA_MODEL,
);

/// What an [`R_FORMULA`] learned.
pub static R_FORMULA_MODEL: StageDecl = StageDecl::model(
    "RFormulaModel",
    "feature",
    "Model fitted by RFormula. Fitting is required to determine the factor levels of formula terms.",
    PARAMS,
)
.saved("label string, terms array<array<string>>, hasIntercept boolean", |params, stored| {
    let row = stored.row()?;
    let words = |words: &MlValue| words.texts().unwrap_or_default().iter().map(ToString::to_string).collect();
    let terms = row.list("terms")?.iter().map(words).collect();
    let resolved = Resolved { label: row.text("label")?.to_string(), terms, intercept: row.bool("hasIntercept")? };
    let learned = Arc::new(Fitted { resolved, pipeline: stored.stage("pipelineModel")? });
    Ok(Arc::new(RFormulaModel { params, learned }))
});

fn schema(params: &Params, schema: &Schema) -> Result<Schema> {
    let checked = params.checked()?;
    let resolved = Formula::parse(&checked.text(&FORMULA)?)?.resolve(schema);
    resolved.terms.iter().flatten().try_for_each(|name| schema.field(name).map(|_| ()))?;
    with_columns(params, &resolved, schema)
}

/// The schema with features and label.
fn with_columns(params: &Params, resolved: &Resolved, schema: &Schema) -> Result<Schema> {
    let checked = params.checked()?;
    let (features, label) = (checked.text(&shared::FEATURES_COL)?, checked.text(&shared::LABEL_COL)?);
    if schema.names().any(|name| name == &*features) {
        return Err(Error::illegal_argument("requirement failed: Features column already exists."));
    }
    let known = schema.iter().find(|field| *field.name == *label);
    if let Some(field) = known
        && !(is_numeric(&field.data_type) || field.data_type == DataType::Boolean)
    {
        return Err(Error::illegal_argument(format!(
            "requirement failed: Label column already exists and is not of type numeric: {label}."
        )));
    }
    let out = put(schema, Field::new(features, DataType::Vector, true));
    let wanted = known.is_none() && schema.names().any(|name| name == resolved.label);
    Ok(if wanted { put(&out, Field::new(label, DataType::Double, true)) } else { out })
}

/// The stages under construction, and the columns that they add on the way.
struct Stages {
    uid: Arc<str>,
    stages: Vec<Stage>,
    /// Columns to be dropped again, and what takes their place in the names of features.
    temporary: Vec<(String, String)>,
}

impl Stages {
    fn column(&mut self, kind: &str, stands_for: &str) -> String {
        let name = format!("{kind}_{}_{}", self.uid, self.temporary.len());
        let prefix = if stands_for.is_empty() { String::new() } else { format!("{stands_for}_") };
        self.temporary.push((name.clone(), prefix));
        name
    }

    fn push(&mut self, decl: &'static StageDecl, params: Vec<(&str, MlValue)>) -> Result<()> {
        let stage = Stage::new(decl);
        params.into_iter().try_for_each(|(name, value)| stage.set(name, value))?;
        self.stages.push(stage);
        Ok(())
    }
}

fn fit(params: &Params, data: &DataFrame) -> Result<Arc<dyn Model>> {
    let checked = params.checked()?;
    let schema = data.schema();
    let resolved = Formula::parse(&checked.text(&FORMULA)?)?.resolve(schema);
    let invalid = || params.get(HANDLE_INVALID.name).unwrap_or(MlValue::None);
    let mut building = Stages { uid: params.uid().clone(), stages: Vec::new(), temporary: Vec::new() };
    let mut indexed: Vec<(&String, String)> = Vec::new();
    for name in resolved.terms.iter().flatten() {
        if indexed.iter().any(|(known, _)| *known == name) {
            continue;
        }
        let field = schema.field(name)?;
        let column = match field.data_type {
            DataType::String => {
                let column = building.column("stridx", name);
                let order = params.get(STRING_INDEXER_ORDER_TYPE.name).unwrap_or(MlValue::None);
                building.push(
                    &STRING_INDEXER,
                    vec![
                        ("inputCol", name.as_str().into()),
                        ("outputCol", column.as_str().into()),
                        ("stringOrderType", order),
                        ("handleInvalid", invalid()),
                    ],
                )?;
                column
            }
            DataType::Vector => {
                let size = match known_size(field) {
                    Some(size) => size,
                    None => match data.select(&[data.col(name)?])?.first()?.map(|row| row.values[0].clone()) {
                        Some(Value::Vector(vector)) => vector.size(),
                        _ => return Err(Error::runtime(format!("Column {name} has no vector that tells its size."))),
                    },
                };
                building.push(
                    &VECTOR_SIZE_HINT,
                    vec![("inputCol", name.as_str().into()), ("size", MlValue::Int(size as i64)), ("handleInvalid", "optimistic".into())],
                )?;
                name.clone()
            }
            _ => name.clone(),
        };
        indexed.push((name, column));
    }
    let index_of =
        |name: &String| indexed.iter().find(|(known, _)| *known == name).map_or_else(|| name.clone(), |(_, column)| column.clone());
    let mut encoded: Vec<String> = Vec::new();
    let (mut from, mut to): (Vec<String>, Vec<String>) = (Vec::new(), Vec::new());
    // Without an intercept, the first category column keeps all its categories.
    let mut kept = resolved.intercept;
    for term in &resolved.terms {
        encoded.push(match term.as_slice() {
            [name] if schema.field(name)?.data_type == DataType::String => {
                let column = building.column("onehot", name);
                if kept {
                    from.push(index_of(name));
                    to.push(column.clone());
                } else {
                    kept = true;
                    let columns = vec![
                        ("inputCols", vec![index_of(name)].into()),
                        ("outputCols", vec![column.clone()].into()),
                        ("dropLast", false.into()),
                    ];
                    building.push(&ONE_HOT_ENCODER, columns)?;
                }
                column
            }
            [name] => name.clone(),
            names => {
                let column = building.column("interaction", "");
                let inputs: Vec<String> = names.iter().map(index_of).collect();
                building.push(&INTERACTION, vec![("inputCols", inputs.into()), ("outputCol", column.as_str().into())])?;
                column
            }
        });
    }
    if !from.is_empty() {
        building.push(&ONE_HOT_ENCODER, vec![("inputCols", from.into()), ("outputCols", to.into())])?;
    }
    let features = checked.text(&shared::FEATURES_COL)?;
    building.push(
        &VECTOR_ASSEMBLER,
        vec![("inputCols", encoded.into()), ("outputCol", features.clone().into()), ("handleInvalid", invalid())],
    )?;
    let text = schema.iter().any(|field| *field.name == *resolved.label && field.data_type == DataType::String);
    if text || checked.bool(&FORCE_INDEX_LABEL)? {
        let label = checked.text(&shared::LABEL_COL)?;
        let columns = vec![("inputCol", resolved.label.as_str().into()), ("outputCol", label.into()), ("handleInvalid", invalid())];
        building.push(&STRING_INDEXER, columns)?;
    }
    let (mut frame, none) = (data.clone(), ParamMap::new());
    let mut fitted = Vec::with_capacity(building.stages.len());
    for stage in building.stages {
        let stage = if stage.role() == Role::Estimator { stage.fit(&frame, &none)? } else { stage };
        frame = stage.transform(&frame, &none)?;
        fitted.push(stage);
    }
    let prefixes = building.temporary.iter().map(|(name, prefix)| (format!("{name}_"), prefix.clone())).collect();
    let dropped = building.temporary.iter().map(|(name, _)| name.as_str().into()).collect();
    fitted.extend(tidy(features, prefixes, dropped));
    let learned = Arc::new(Fitted { resolved, pipeline: pipeline_model(fitted, None) });
    Ok(Arc::new(RFormulaModel { params: params.for_model(&R_FORMULA_MODEL), learned }))
}

struct Fitted {
    resolved: Resolved,
    pipeline: Stage,
}

struct RFormulaModel {
    params: Params,
    learned: Arc<Fitted>,
}

impl Transformer for RFormulaModel {
    fn params(&self) -> &Params {
        &self.params
    }

    fn transform_schema(&self, schema: &Schema) -> Result<Schema> {
        with_columns(&self.params, &self.learned.resolved, schema)
    }

    fn transform(&self, data: &DataFrame) -> Result<DataFrame> {
        self.transform_schema(data.schema())?;
        let checked = self.params.checked()?;
        let resolved = &self.learned.resolved;
        let label = checked.text(&shared::LABEL_COL)?;
        let frame = self.learned.pipeline.transform(data, &ParamMap::new())?;
        let has = |name: &str| frame.schema().names().any(|known| known == name);
        if resolved.label.is_empty() || has(&label) || !has(&resolved.label) {
            return Ok(frame);
        }
        let field = frame.schema().field(&resolved.label)?;
        if !(is_numeric(&field.data_type) || field.data_type == DataType::Boolean) {
            return Err(Error::illegal_argument(format!("Unsupported type for label: {}", field.data_type)));
        }
        frame.with_column(&label, &frame.col(&resolved.label)?.cast(DataType::Double))
    }
}

impl Object for RFormulaModel {
    fn decl(&self) -> &'static StageDecl {
        &R_FORMULA_MODEL
    }

    fn member(&self, name: &str, _args: &[MlValue]) -> Result<MlValue> {
        Err(self.no_member(name))
    }

    fn describe(&self) -> String {
        format!("RFormulaModel: uid={}, resolvedFormula={}", self.params.uid(), self.learned.resolved)
    }
}

impl Model for RFormulaModel {
    fn with_params(&self, params: Params) -> Result<Arc<dyn Model>> {
        params.checked()?;
        Ok(Arc::new(Self { params, learned: self.learned.clone() }))
    }

    fn saved(&self) -> Result<Saved> {
        let Fitted { resolved, pipeline } = &*self.learned;
        let terms = MlValue::List(resolved.terms.iter().map(|term| term.clone().into()).collect());
        let row = [resolved.label.as_str().into(), terms, resolved.intercept.into()];
        Ok(Saved::row(self.decl(), row)?.stage("pipelineModel", pipeline.clone()))
    }
}

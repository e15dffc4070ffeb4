//! Many classes by many classifiers of two (`pyspark.ml.classification.OneVsRest`).

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

use arrow_array::{ArrayRef, Float64Array};
use kindling_frame::{Column, DataFrame, DataType, Field, Schema, Value, vector_column};
use kindling_partition::{Error, Result};

use super::probabilistic::argmax;
use crate::check;
use crate::dataset::doubles;
use crate::param::{Checked, ParamDecl, ParamKind, ParamMap, ParamRef, Params, shared};
use crate::persist::Saved;
use crate::stage::{Estimator, MemberDecl, Model, Object, Role, Stage, StageDecl, Transformer};
use crate::value::MlValue;

const CLASSIFIER: ParamDecl = ParamDecl::new("classifier", "base binary classifier", ParamKind::Estimator);

pub static ONE_VS_REST: StageDecl = StageDecl::estimator(
    "OneVsRest",
    "classification",
    "Reduction of Multiclass Classification to Binary Classification: for each class a classifier that tells it from the rest, and the one \
     with the highest score wins.",
    &[
        shared::FEATURES_COL,
        shared::LABEL_COL,
        shared::PREDICTION_COL,
        shared::RAW_PREDICTION_COL,
        CLASSIFIER,
        shared::WEIGHT_COL,
        shared::PARALLELISM,
    ],
    |params| Ok(Arc::new(OneVsRest::new(params)?) as Arc<dyn Estimator>),
    &ONE_VS_REST_MODEL,
)
.saved_around(
    |params| Ok(Saved::default().stage("classifier", params.checked()?.stage(&CLASSIFIER)?)),
    |params, stored| params.with("classifier", stored.stage("classifier")?),
);

pub static ONE_VS_REST_MODEL: StageDecl = StageDecl::model(
    "OneVsRestModel",
    "classification",
    "The fitted classifiers of OneVsRest: adds the score of each class, and the class with the highest.",
    &[shared::FEATURES_COL, shared::LABEL_COL, shared::PREDICTION_COL, shared::RAW_PREDICTION_COL, CLASSIFIER, shared::WEIGHT_COL],
)
.members(&[MemberDecl::attribute("models", "The classifier of each class, by its label.")])
.saved("", |params, stored| {
    let models = (0..stored.count("numClasses")?).map(|class| stored.stage(&format!("model_{class}")));
    let params = params.with("classifier", stored.stage("classifier")?)?;
    Ok(Arc::new(OneVsRestModel { models: models.collect::<Result<_>>()?, params }))
});

/// Classifiers at most. Spark has no such limit: a label of a billion fits a billion of them there.
const MOST_CLASSES: usize = 10_000;

/// `pyspark.ml.classification.OneVsRest` with checked params.
pub struct OneVsRest {
    params: Params,
    classifier: Stage,
    parallelism: usize,
}

impl OneVsRest {
    /// # Errors
    /// When a param is out of its range, or the classifier gives no raw predictions.
    pub fn new(params: &Params) -> Result<Self> {
        let checked = params.checked()?;
        let classifier = checked.stage(&CLASSIFIER)?;
        let decl = classifier.decl();
        // A class of a cell is asked when it is fitted.
        let scores = classifier.is_foreign() || decl.param("rawPredictionCol").is_some();
        if decl.role() != Role::Estimator || !scores {
            return Err(Error::type_error(format!("OneVsRest.classifier must be a classifier with raw predictions, found {}.", decl.name)));
        }
        Ok(Self { classifier, parallelism: checked.count(&shared::PARALLELISM)?.max(1), params: params.clone() })
    }

    /// The classifier of one class, which is 1 in its labels.
    fn fit_class(&self, data: &DataFrame, class: usize, checked: Checked<'_>, weight: Option<&str>) -> Result<Stage> {
        let name = format!("mc2b${class}");
        let number = |value: f64| Column::lit(Value::Double(value));
        let is_class = data.col(&checked.text(&shared::LABEL_COL)?)?.eq(&number(class as f64));
        let data = data.with_column(&name, &Column::call("if", [is_class, number(1.0), number(0.0)]))?;
        let mut map = ParamMap::new();
        for (param, column) in [
            ("labelCol", Some(name.into())),
            ("featuresCol", Some(checked.text(&shared::FEATURES_COL)?)),
            ("predictionCol", Some(checked.text(&shared::PREDICTION_COL)?)),
            ("weightCol", weight.map(Into::into)),
        ] {
            if let Some(column) = column {
                map.put(self.param(param)?, column.into());
            }
        }
        self.classifier.fit(&data, &map)
    }

    /// A param that the classifier must have.
    fn param(&self, name: &'static str) -> Result<ParamRef> {
        let missing = || Error::type_error(format!("Classifier {} has no param {name}.", self.classifier.decl().name));
        self.classifier.reference(name)?.ok_or_else(missing)
    }
}

/// The fields that a model adds; an empty name leaves its column out.
fn fields(params: Checked<'_>) -> Result<Vec<Field>> {
    let raw = Field::new(params.text(&shared::RAW_PREDICTION_COL)?, DataType::Vector, true);
    let prediction = Field::new(params.text(&shared::PREDICTION_COL)?, DataType::Double, true);
    Ok([raw, prediction].into_iter().filter(|field| !field.name.is_empty()).collect())
}

fn schema(schema: &Schema, params: Checked<'_>) -> Result<Schema> {
    check::vector_column(schema, &params.text(&shared::FEATURES_COL)?)?;
    fields(params)?.into_iter().try_fold(schema.clone(), |schema, field| check::append(&schema, field))
}

impl Estimator for OneVsRest {
    fn params(&self) -> &Params {
        &self.params
    }

    fn transform_schema(&self, input: &Schema) -> Result<Schema> {
        let checked = self.params.checked()?;
        check::numeric_column(input, &checked.text(&shared::LABEL_COL)?)?;
        schema(input, checked)
    }

    fn fit(&self, data: &DataFrame) -> Result<Arc<dyn Model>> {
        let checked = self.params.checked()?;
        let (label, features) = (checked.text(&shared::LABEL_COL)?, checked.text(&shared::FEATURES_COL)?);
        check::numeric_column(data.schema(), &label)?;
        let greatest = data.agg(&[Column::call("max", [data.col(&label)?.cast(DataType::Double)])])?.first()?;
        let Some(greatest) = greatest.and_then(|row| row.values[0].as_f64()) else {
            return Err(Error::runtime(format!("The data set is empty: column {label} has no label.")));
        };
        let classes = (greatest as usize).saturating_add(1);
        if classes > MOST_CLASSES {
            return Err(Error::illegal_argument(format!(
                "Column {label} has a label of {greatest}: that would be a classifier for each of {classes} classes, more than {MOST_CLASSES}. \
                 StringIndexer numbers the labels that there are from 0."
            )));
        }
        // A weight that the classifier can't take is left out, as Spark leaves it out.
        let takes_weights = self.classifier.reference("weightCol")?.is_some();
        let weight = checked.opt_column(&shared::WEIGHT_COL).filter(|_| takes_weights);
        self.param("rawPredictionCol")?;
        let names = [Some(label), Some(features), weight.clone()];
        let columns = names.iter().flatten().map(|name| data.col(name)).collect::<Result<Vec<_>>>()?;
        let data = data.select(&columns)?.cache();
        let executor = data.session().executor();
        let done = AtomicU64::new(0);
        let lanes: Vec<Vec<usize>> = (0..classes).collect::<Vec<_>>().chunks(classes.div_ceil(self.parallelism)).map(Vec::from).collect();
        let lane = |lane: &Vec<usize>| {
            let fit = |class: &usize| {
                let model = self.fit_class(&data, *class, checked, weight.as_deref())?;
                executor.step("OneVsRest", done.fetch_add(1, Relaxed) + 1, classes as u64)?;
                Ok(model)
            };
            lane.iter().map(fit).collect::<Result<Vec<_>>>()
        };
        // Classes of cells stay on this thread.
        let models = match self.classifier.is_foreign() {
            true => lanes.iter().map(lane).collect(),
            false => executor.map_quietly(&lanes, |_, one| lane(one)),
        };
        data.unpersist();
        Ok(Arc::new(OneVsRestModel { params: self.params.for_fitted(&ONE_VS_REST_MODEL), models: models?.concat() }))
    }
}

/// The model of params of `OneVsRest` and of these models, by class: for who loads stages that are written outside the engine.
pub fn one_vs_rest_model(params: &Params, uid: &str, models: Vec<Stage>) -> Stage {
    Stage::from_model(Arc::new(OneVsRestModel { params: params.for_fitted(&ONE_VS_REST_MODEL).of_uid(uid), models }))
}

/// `pyspark.ml.classification.OneVsRestModel`.
#[derive(Clone)]
pub struct OneVsRestModel {
    params: Params,
    models: Vec<Stage>,
}

impl Transformer for OneVsRestModel {
    fn params(&self) -> &Params {
        &self.params
    }

    fn transform_schema(&self, input: &Schema) -> Result<Schema> {
        schema(input, self.params.checked()?)
    }

    /// Every classifier in turn adds its columns to the input, of which the score of its class is kept.
    fn transform(&self, data: &DataFrame) -> Result<DataFrame> {
        let checked = self.params.checked()?;
        let raw = checked.text(&shared::RAW_PREDICTION_COL)?;
        let (mut found, mut kept) = (data.clone(), data.columns());
        let mut scores = Vec::with_capacity(self.models.len());
        for (class, model) in self.models.iter().enumerate() {
            found = model.transform(&found, &ParamMap::new())?;
            let name = format!("mbc$acc{}${class}", self.params.uid());
            let score = Column::native(name.clone(), [found.col(&raw)?], Field::new(name.clone(), DataType::Double, false), {
                let raw = raw.clone();
                move |_, args, _| {
                    let column = kindling_frame::VectorColumn::new(&args[0])?;
                    let one = |row: usize| match column.row(row) {
                        vector if vector.size() > 1 => Ok(vector.get(1)),
                        vector => Err(Error::runtime(format!("Column {raw} needs a score for each of two classes, found {vector}."))),
                    };
                    Ok(Arc::new(Float64Array::from((0..column.len()).map(one).collect::<Result<Vec<_>>>()?)) as ArrayRef)
                }
            });
            found = found.with_column(&name, &score)?;
            kept.push(name.clone());
            scores.push(name);
            found = found.select(&kept.iter().map(|name| found.col(name)).collect::<Result<Vec<_>>>()?)?;
        }
        for field in fields(checked)? {
            let args = scores.iter().map(|name| found.col(name)).collect::<Result<Vec<_>>>()?;
            let (name, vector) = (field.name.clone(), field.data_type == DataType::Vector);
            let column = Column::native(name.clone(), args, field, move |_, args, rows| {
                let columns: Vec<Vec<f64>> = args.iter().map(doubles).collect();
                let row = |i: usize| columns.iter().map(move |column| column[i]);
                if vector {
                    return vector_column::from_dense_block(rows, columns.len(), (0..rows).flat_map(row).collect());
                }
                Ok(Arc::new(Float64Array::from_iter_values((0..rows).map(|i| argmax(&row(i).collect::<Vec<_>>())))) as ArrayRef)
            });
            found = found.with_column(&name, &column)?;
        }
        found.drop(&scores.iter().map(String::as_str).collect::<Vec<_>>())
    }
}

impl Object for OneVsRestModel {
    fn decl(&self) -> &'static StageDecl {
        &ONE_VS_REST_MODEL
    }

    fn member(&self, name: &str, _args: &[MlValue]) -> Result<MlValue> {
        match name {
            "models" => Ok(self.models.clone().into()),
            _ => Err(self.no_member(name)),
        }
    }

    fn describe(&self) -> String {
        self.params.uid().to_string()
    }
}

impl Model for OneVsRestModel {
    fn with_params(&self, params: Params) -> Result<Arc<dyn Model>> {
        Ok(Arc::new(Self { params, models: self.models.clone() }))
    }

    fn saved(&self) -> Result<Saved> {
        let saved = Saved::default().stage("classifier", self.params.checked()?.stage(&CLASSIFIER)?);
        let saved = saved.field("labelMetadata", "{}").field("numClasses", self.models.len());
        Ok(self.models.iter().enumerate().fold(saved, |saved, (class, model)| saved.stage(format!("model_{class}"), model.clone())))
    }

    fn copy(&self, extra: &ParamMap) -> Result<Arc<dyn Model>> {
        let models = self.models.iter().map(|model| model.copy(extra)).collect::<Result<_>>()?;
        Ok(Arc::new(Self { params: self.params.copy(extra)?, models }))
    }
}

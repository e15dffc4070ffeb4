use std::sync::Arc;

use arrow_array::cast::AsArray;
use arrow_array::types::Float64Type;
use arrow_array::{Array, ArrayRef, Float64Array};
use kindling_frame::{Batch, Column, DataFrame, DataType, Field, Schema};
use kindling_partition::{Error, Executor, Result};

use super::columns::{Pairs, pairs};
use crate::check::{new_column, numeric_column, put};
use crate::param::{ParamDecl, ParamKind, Params, Range, python_float, shared};
use crate::persist::{Saved, SavedTable};
use crate::stage::{Estimator, MemberDecl, Model, Object, StageDecl, Transformer};
use crate::value::MlValue;

const PARAMS: &[ParamDecl] =
    &[STRATEGY, MISSING_VALUE, shared::INPUT_COLS, shared::OUTPUT_COLS, shared::INPUT_COL, shared::OUTPUT_COL, shared::RELATIVE_ERROR];

const STRATEGY: ParamDecl = ParamDecl::new(
    "strategy",
    "strategy for imputation. If mean, then replace missing values using the mean value of the feature. If median, then replace missing values \
     using the median value of the feature. If mode, then replace missing using the most frequent value of the feature.",
    ParamKind::choice(&["mean", "median", "mode"]),
)
.default_text("mean");

const MISSING_VALUE: ParamDecl = ParamDecl::new(
    "missingValue",
    "The placeholder for the missing values. All occurrences of missingValue will be imputed.",
    ParamKind::Float(Range::ANY),
)
.default_float(f64::NAN);

/// Fills missing numbers with the mean, median or most frequent value of their column. Spark's `org.apache.spark.ml.feature.Imputer`.
///
/// The median is the exact lower median, which lies within any `relativeError`.
pub static IMPUTER: StageDecl = StageDecl::estimator(
    "Imputer",
    "feature",
    "Imputation estimator for completing missing values, using the mean, median or mode of the columns in which the missing values are located. \
     The input columns should be of numeric type. All Null values in the input columns are treated as missing, and so are also imputed.",
    PARAMS,
    |params| Ok(Arc::new(Imputer { settings: Settings::of(params)?, params: params.clone() })),
    &IMPUTER_MODEL,
);

/// What an [`IMPUTER`] learned: for each column the value that fills it.
pub static IMPUTER_MODEL: StageDecl = StageDecl::model("ImputerModel", "feature", "Model fitted by Imputer.", PARAMS).members(&[
    MemberDecl::attribute(
        "surrogateDF",
        "Returns a DataFrame containing inputCols and their corresponding surrogates, which are used to replace the missing values in the input \
         DataFrame.",
    ),
])
.saved("", |params, stored| {
    let row = stored.row()?;
    let names = row.names().to_vec();
    let surrogates = names.iter().map(|name| row.float(name)).collect::<Result<_>>()?;
    Ok(Arc::new(ImputerModel::new(params, Fitted { names, surrogates, session: stored.session.clone() })?))
});

struct Imputer {
    params: Params,
    settings: Settings,
}

#[derive(Clone)]
struct Settings {
    pairs: Pairs,
    strategy: Arc<str>,
    missing: f64,
}

impl Settings {
    fn of(params: &Params) -> Result<Self> {
        let checked = params.checked()?;
        Ok(Self { pairs: pairs(checked, None)?, strategy: checked.text(&STRATEGY)?, missing: checked.float(&MISSING_VALUE)? })
    }

    fn transform_schema(&self, schema: &Schema) -> Result<Schema> {
        let mut out = schema.clone();
        for (input, output) in &self.pairs {
            let field = numeric_column(schema, input)?;
            if input == output {
                continue;
            }
            new_column(schema, output)?;
            out = put(&out, Field::new(output.clone(), field.data_type.clone(), field.nullable));
        }
        Ok(out)
    }

    /// Whether a number counts as there.
    #[inline(always)]
    fn there(&self, value: f64) -> bool {
        !value.is_nan() && value != self.missing
    }

    /// Adds the numbers that are there to the sum, and how many they are.
    #[optimize(speed)]
    fn add_up(&self, numbers: &Float64Array, (sum, count): &mut (f64, usize)) {
        let nulls = numbers.nulls().filter(|nulls| nulls.null_count() > 0);
        for (row, value) in numbers.values().iter().enumerate() {
            let there = self.there(*value) && nulls.is_none_or(|nulls| nulls.is_valid(row));
            *sum += if there { *value } else { 0.0 };
            *count += usize::from(there);
        }
    }

    /// The numbers, with the surrogate where there is none or the missing value. A NaN is missing when that is the missing value.
    #[optimize(speed)]
    fn fill(&self, numbers: &Float64Array, surrogate: f64) -> Float64Array {
        let any_nan = self.missing.is_nan();
        let choose = |value: f64, there: bool| {
            let missing = value == self.missing || any_nan && value.is_nan();
            if there && !missing { value } else { surrogate }
        };
        let values = numbers.values().iter();
        match numbers.nulls().filter(|nulls| nulls.null_count() > 0) {
            None => values.map(|value| choose(*value, true)).collect::<Vec<_>>().into(),
            Some(nulls) => values.enumerate().map(|(row, value)| choose(*value, nulls.is_valid(row))).collect::<Vec<_>>().into(),
        }
    }

    fn surrogate(&self, mut values: Vec<f64>) -> Option<f64> {
        if values.is_empty() {
            return None;
        }
        match &*self.strategy {
            "median" => {
                let middle = (values.len() - 1) / 2;
                Some(*values.select_nth_unstable_by(middle, f64::total_cmp).1)
            }
            "mode" => {
                values.sort_unstable_by(f64::total_cmp);
                let mut best = (0, f64::NAN);
                for run in values.chunk_by(|a, b| a == b) {
                    if run.len() > best.0 {
                        best = (run.len(), run[0]);
                    }
                }
                Some(best.1)
            }
            _ => None,
        }
    }
}

impl Estimator for Imputer {
    fn params(&self) -> &Params {
        &self.params
    }

    fn transform_schema(&self, schema: &Schema) -> Result<Schema> {
        self.settings.transform_schema(schema)
    }

    fn fit(&self, data: &DataFrame) -> Result<Arc<dyn Model>> {
        self.transform_schema(data.schema())?;
        let Settings { pairs, strategy, missing } = &self.settings;
        let columns = pairs.iter().map(|(input, _)| Ok(data.col(input)?.cast(DataType::Double))).collect::<Result<Vec<_>>>()?;
        let batches = data.select(&columns)?.partitions()?;
        let executor = data.session().executor();
        let surrogates = if &**strategy == "mean" {
            self.means(executor, &batches)?
        } else {
            executor.range("surrogates", pairs.len(), |i| {
                let mut values = Vec::new();
                for batch in &batches {
                    executor.check()?;
                    values.extend(batch.columns[i].as_primitive::<Float64Type>().iter().flatten().filter(|v| self.settings.there(*v)));
                }
                Ok(self.settings.surrogate(values))
            })?
        };
        let empty: Vec<&str> = pairs.iter().zip(&surrogates).filter(|(_, s)| s.is_none()).map(|((input, _), _)| &**input).collect();
        if !empty.is_empty() {
            return Err(Error::runtime(format!(
                "surrogate cannot be computed. All the values in {} are Null, Nan or missingValue({})",
                empty.join(","),
                kindling_linalg::number::java_double(*missing)
            )));
        }
        let surrogates = surrogates.into_iter().flatten().collect();
        let names = pairs.iter().map(|(input, _)| input.clone()).collect();
        let session = data.session().clone();
        Ok(Arc::new(ImputerModel::new(self.params.for_model(&IMPUTER_MODEL), Fitted { names, surrogates, session })?))
    }
}

impl Imputer {
    fn means(&self, executor: &Executor, batches: &[Batch]) -> Result<Vec<Option<f64>>> {
        let sums = executor.aggregate(
            "means",
            batches,
            || vec![(0.0, 0_usize); self.settings.pairs.len()],
            |mut sums, _, batch| {
                for (sum, array) in sums.iter_mut().zip(&batch.columns) {
                    executor.check()?;
                    self.settings.add_up(array.as_primitive(), sum);
                }
                Ok(sums)
            },
            |a, b| a.into_iter().zip(b).map(|(a, b)| (a.0 + b.0, a.1 + b.1)).collect(),
        )?;
        Ok(sums.into_iter().map(|(sum, count)| (count > 0).then(|| sum / count as f64)).collect())
    }
}

struct ImputerModel {
    params: Params,
    settings: Settings,
    fitted: Fitted,
}

#[derive(Clone)]
struct Fitted {
    names: Vec<Arc<str>>,
    surrogates: Vec<f64>,
    session: kindling_frame::Session,
}

impl ImputerModel {
    fn new(params: Params, fitted: Fitted) -> Result<Self> {
        Ok(Self { settings: Settings::of(&params)?, params, fitted })
    }

    fn surrogate(&self, input: &str) -> Result<f64> {
        let at = self.fitted.names.iter().position(|name| &**name == input);
        at.map(|at| self.fitted.surrogates[at]).ok_or_else(|| {
            Error::illegal_argument(format!(
                "ImputerModel: column {input} was not among the columns of the fit: {}.",
                self.fitted.names.join(", ")
            ))
        })
    }
}

impl Transformer for ImputerModel {
    fn params(&self) -> &Params {
        &self.params
    }

    fn transform_schema(&self, schema: &Schema) -> Result<Schema> {
        self.settings.transform_schema(schema)
    }

    fn transform(&self, data: &DataFrame) -> Result<DataFrame> {
        self.transform_schema(data.schema())?;
        let mut added = Vec::with_capacity(self.settings.pairs.len());
        for (input, output) in &self.settings.pairs {
            let (surrogate, settings) = (self.surrogate(input)?, self.settings.clone());
            let field = data.schema().field(input)?;
            let filled = Field::new(output.clone(), DataType::Double, field.nullable);
            let value = data.col(input)?.cast(DataType::Double);
            let filled = Column::native("Imputer", [value], filled, move |executor, arrays, _| {
                executor.check()?;
                Ok(Arc::new(settings.fill(arrays[0].as_primitive(), surrogate)))
            });
            added.push((output.to_string(), filled.cast(field.data_type.clone())));
        }
        data.with_columns(&added)
    }
}

impl Object for ImputerModel {
    fn decl(&self) -> &'static StageDecl {
        &IMPUTER_MODEL
    }

    fn member(&self, name: &str, _args: &[MlValue]) -> Result<MlValue> {
        match name {
            "surrogateDF" => {
                let schema: Schema = self.fitted.names.iter().map(|name| Field::new(name.clone(), DataType::Double, true)).collect();
                let columns = self.fitted.surrogates.iter().map(|v| Arc::new(Float64Array::from(vec![*v])) as ArrayRef).collect();
                Ok(DataFrame::from_batches(&self.fitted.session, Arc::new(schema), vec![Batch::new(columns, 1)]).into())
            }
            _ => Err(self.no_member(name)),
        }
    }

    fn describe(&self) -> String {
        format!(
            "ImputerModel: uid={}, strategy={}, missingValue={}{}",
            self.params.uid(),
            self.settings.strategy,
            if self.settings.missing.is_nan() { "NaN".to_owned() } else { python_float(self.settings.missing) },
            super::columns::described(&self.params)
        )
    }
}

impl Model for ImputerModel {
    fn with_params(&self, params: Params) -> Result<Arc<dyn Model>> {
        Ok(Arc::new(Self::new(params, self.fitted.clone())?))
    }

    fn saved(&self) -> Result<Saved> {
        let schema = self.fitted.names.iter().map(|name| Field::new(name.clone(), DataType::Double, false)).collect();
        let rows = vec![self.fitted.surrogates.iter().map(|surrogate| MlValue::Float(*surrogate)).collect()];
        Ok(Saved { tables: vec![SavedTable { folder: "data", schema, rows }], ..Saved::default() })
    }
}

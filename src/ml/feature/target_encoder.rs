use std::collections::BTreeMap;
use std::sync::Arc;

use arrow_array::builder::Float64Builder;
use arrow_array::cast::AsArray;
use arrow_array::types::Float64Type;
use arrow_array::{Array, ArrayRef};
use kindling_frame::{Column, DataFrame, DataType, Field, Schema};
use kindling_linalg::number::java_double;
use kindling_partition::{Error, Executor, Result};

use super::columns::{Pairs, pairs};
use super::learned::{Fitted, Learned, Learner};
use super::mapped::{Map, Mapped, each_row, new_output};
use crate::attribute::{Attribute, AttributeKind};
use crate::check::{append, numeric_column};
use crate::param::{ParamDecl, ParamKind, Params, Range, python_float, shared};
use crate::stage::{Model, StageDecl, Transformer};
use crate::value::MlValue;

const PARAMS: &[ParamDecl] = &[
    shared::INPUT_COLS,
    shared::OUTPUT_COLS,
    shared::LABEL_COL,
    HANDLE_INVALID,
    TARGET_TYPE,
    SMOOTHING,
    shared::INPUT_COL,
    shared::OUTPUT_COL,
];
const HANDLE_INVALID: ParamDecl = ParamDecl::new(
    "handleInvalid",
    "How to handle invalid data during transform(). Options are 'keep' (invalid data presented as an extra categorical feature) or \
     error (throw an error).",
    ParamKind::choice(&["keep", "error"]),
)
.default_text("error");
const TARGET_TYPE: ParamDecl =
    ParamDecl::new("targetType", "whether the label is 'binary' or 'continuous'", ParamKind::choice(&["binary", "continuous"]))
        .default_text("binary");
const SMOOTHING: ParamDecl =
    ParamDecl::new("smoothing", "value to smooth in-category averages with overall averages.", ParamKind::Float(Range::at_least(0.0)))
        .default_float(0.0);

/// Puts in place of a category what the label is on average in it. Spark's `org.apache.spark.ml.feature.TargetEncoder`.
pub static TARGET_ENCODER: StageDecl = StageDecl::estimator(
    "TargetEncoder",
    "feature",
    "Target Encoding maps a column of categorical indices into a numerical feature derived from the target. When targetType is 'binary', \
     categories are encoded as the conditional probability of the target given that category (bin counting); when it is 'continuous', as the \
     average of the target given that category (mean encoding). smoothing controls how in-category statistics and overall statistics are \
     weighted. With handleInvalid='keep', categories not seen in the fit get the overall statistics.",
    PARAMS,
    |params| {
        pairs(params.checked()?, None)?;
        Learner::make(params, schema, fit)
    },
    &TARGET_ENCODER_MODEL,
);

/// What a [`TARGET_ENCODER`] learned.
pub static TARGET_ENCODER_MODEL: StageDecl = StageDecl::model("TargetEncoderModel", "feature", "Model fitted by TargetEncoder.", PARAMS)
    .saved("index int, categories array<double>, counts array<double>, stats array<double>", |params, stored| {
        let pairs = pairs(params.checked()?, None)?;
        let mut learned: Vec<(Arc<str>, Stats)> = pairs.into_iter().map(|(input, _)| (input, Stats::default())).collect();
        for row in stored.rows("data")? {
            let Some((_, stats)) = learned.get_mut(row.count("index")?) else { return Err(stored.broken("has too many columns")) };
            let numbers = row.numbers("counts")?.into_iter().zip(row.numbers("stats")?);
            for (category, stat) in row.numbers("categories")?.into_iter().zip(numbers) {
                if category == UNSEEN {
                    stats.all = stat;
                } else {
                    stats.categories.insert((category != NULL).then_some((category + 0.0).to_bits()), stat);
                }
            }
        }
        Fitted::loaded(params, Encodings(learned))
    });

/// What stands in a saved model's categories for nulls, and for those that the fit didn't see: Spark's `TargetEncoder.NULL_CATEGORY` and
/// `UNSEEN_CATEGORY`.
const NULL: f64 = -1.0;
const UNSEEN: f64 = i32::MAX as f64;

fn category_column<'a>(schema: &'a Schema, name: &str) -> Result<&'a Field> {
    let field = schema.field(name)?;
    numeric_column(schema, name).map_err(|_| {
        Error::runtime(format!(
            "Data type for column {name} is {}, but a subclass of NumericType is required. StringIndexer makes numbers of strings.",
            field.data_type
        ))
    })
}

fn schema(params: &Params, schema: &Schema) -> Result<Schema> {
    let checked = params.checked()?;
    numeric_column(schema, &checked.text(&shared::LABEL_COL)?)?;
    let mut out = schema.clone();
    for (input, output) in pairs(checked, None)? {
        category_column(schema, &input)?;
        new_output(&out, &output)?;
        out = append(&out, Field::new(output, DataType::Double, true))?;
    }
    Ok(out)
}

/// How many rows, and the sum of their labels or, when labels are numbers of any kind, their mean.
type Stat = (f64, f64);

/// Of one column: the rows of each category (`None` for nulls) by their bits, and all rows.
#[derive(Clone, Debug, Default)]
struct Stats {
    categories: BTreeMap<Option<u64>, Stat>,
    all: Stat,
}

fn add(stat: &mut Stat, label: f64, binary: bool) {
    stat.0 += 1.0;
    stat.1 += if binary { label } else { (label - stat.1) / stat.0 };
}

fn join(a: &mut Stat, b: Stat, binary: bool) {
    let count = a.0 + b.0;
    a.1 = if binary || count == 0.0 { a.1 + b.1 } else { (a.0 * a.1 + b.0 * b.1) / count };
    a.0 = count;
}

fn fit(params: &Params, data: &DataFrame) -> Result<Arc<dyn Model>> {
    let checked = params.checked()?;
    let (pairs, label) = (pairs(checked, None)?, checked.text(&shared::LABEL_COL)?);
    let binary = &*checked.text(&TARGET_TYPE)? == "binary";
    let names = pairs.iter().map(|(input, _)| input).chain([&label]);
    let columns = names.map(|name| Ok(data.col(name)?.cast(DataType::Double))).collect::<Result<Vec<_>>>()?;
    let batches = data.select(&columns)?.partitions()?;
    let executor = data.session().executor();
    let stats = executor.aggregate(
        "encode categories",
        &batches,
        || vec![Stats::default(); pairs.len()],
        |mut stats, _, batch| {
            let labels = batch.columns[pairs.len()].as_primitive::<Float64Type>();
            each_row(executor, batch.rows, &mut |row| {
                let categories = batch.columns.iter().zip(&pairs).map(|(array, (input, _))| category(array, row, input));
                let categories = categories.collect::<Result<Vec<_>>>()?;
                if labels.is_null(row) {
                    return Err(Error::runtime(format!("Values from column {label} must not be null.")));
                }
                let value = labels.value(row);
                if binary && value != 0.0 && value != 1.0 {
                    return Err(Error::runtime(format!(
                        "Labels for TARGET_BINARY must be {{0, 1}}, but got {} in column {label}.",
                        java_double(value)
                    )));
                }
                for (stats, category) in stats.iter_mut().zip(categories) {
                    add(stats.categories.entry(category).or_default(), value, binary);
                    add(&mut stats.all, value, binary);
                }
                Ok(())
            })?;
            Ok(stats)
        },
        |mut a, b| {
            for (a, b) in a.iter_mut().zip(b) {
                b.categories.into_iter().for_each(|(category, stat)| join(a.categories.entry(category).or_default(), stat, binary));
                join(&mut a.all, b.all, binary);
            }
            a
        },
    )?;
    let learned = pairs.iter().map(|(input, _)| input.clone()).zip(stats).collect();
    Fitted::model(params, &TARGET_ENCODER_MODEL, Encodings(learned))
}

/// The bits of a row's category, which is an index or null.
fn category(array: &ArrayRef, row: usize, input: &str) -> Result<Option<u64>> {
    if array.is_null(row) {
        return Ok(None);
    }
    let value = array.as_primitive::<Float64Type>().value(row);
    if value >= 0.0 && value.fract() == 0.0 && value <= f64::from(i32::MAX) {
        return Ok(Some((value + 0.0).to_bits()));
    }
    Err(Error::runtime(format!("Values MUST be non-negative integers, but got {} in column {input}.", java_double(value))))
}

/// What stands for each category of a column, and for those that the fit didn't see.
#[derive(Clone, Debug)]
struct Codes {
    codes: BTreeMap<Option<u64>, f64>,
    unseen: f64,
}

/// What was counted of each column.
struct Encodings(Vec<(Arc<str>, Stats)>);

impl Stats {
    /// The code of each category: its mean, drawn to that of all rows the more the fewer rows it has.
    fn codes(&self, binary: bool, smoothing: f64) -> Codes {
        let mean = |stat: Stat| if binary { stat.1 / stat.0 } else { stat.1 };
        let code = |stat: Stat| {
            let weight = stat.0 / (stat.0 + smoothing);
            weight * mean(stat) + (1.0 - weight) * mean(self.all)
        };
        Codes { codes: self.categories.iter().map(|(category, stat)| (*category, code(*stat))).collect(), unseen: code(self.all) }
    }
}

impl Learned for Encodings {
    fn transformer(self: Arc<Self>, params: &Params) -> Result<Arc<dyn Transformer>> {
        let checked = params.checked()?;
        let keep = &*checked.text(&HANDLE_INVALID)? == "keep";
        let (binary, smoothing) = (&*checked.text(&TARGET_TYPE)? == "binary", checked.float(&SMOOTHING)?);
        let learned: Vec<(Arc<str>, Codes)> = self.0.iter().map(|(name, stats)| (name.clone(), stats.codes(binary, smoothing))).collect();
        let mut maps: Vec<(Arc<str>, Arc<str>, Map)> = Vec::new();
        let pairs: Pairs = pairs(checked, None)?;
        for (input, output) in pairs {
            let Some((_, codes)) = learned.iter().find(|(name, _)| *name == input) else {
                return Err(Error::runtime(format!("No encodings found for {input}.")));
            };
            if codes.codes.is_empty() {
                return Err(Error::runtime(format!(
                    "No encodings found for {input}: TargetEncoder was fitted on a data set without rows."
                )));
            }
            let (codes, name) = (codes.clone(), input.clone());
            maps.push((
                input,
                output,
                Arc::new(move |executor: &Executor, arrays: &[ArrayRef], rows: usize| {
                    codes.encode(executor, &arrays[0], rows, &name, keep)
                }),
            ));
        }
        let field = move |schema: &Schema, input: &str, output: &Arc<str>| {
            category_column(schema, input)?;
            let codes = learned.iter().find(|(name, _)| &**name == input).map(|(_, codes)| codes);
            let mut values: Vec<Arc<str>> = Vec::new();
            // Nulls, then what stands for unseen categories, then the others in their order.
            let ordered = |codes: &Codes| {
                let (null, rest): (Vec<_>, Vec<_>) = codes.codes.iter().partition(|(category, _)| category.is_none());
                let codes = null.into_iter().map(|(_, code)| *code).chain([codes.unseen]).chain(rest.into_iter().map(|(_, code)| *code));
                codes.collect::<Vec<f64>>()
            };
            for value in codes.map(ordered).unwrap_or_default() {
                let text = java_double(value).into();
                if !values.contains(&text) {
                    values.push(text);
                }
            }
            let kind = AttributeKind::Nominal { values: Some(values), count: None, ordinal: None };
            let metadata = Attribute { name: Some(output.clone()), kind }.to_metadata(None);
            Ok(Field::new(output.clone(), DataType::Double, true).with_metadata(Some(metadata)))
        };
        let mapped = Mapped::new(params, maps, field).taking_nulls();
        Ok(mapped.prepared(|column: Column| column.cast(DataType::Double)).arc())
    }

    fn member(&self, _name: &str, _params: &Params) -> Option<MlValue> {
        None
    }

    fn rows(&self) -> Option<Vec<Vec<MlValue>>> {
        let row = |(i, (_, stats)): (usize, &(Arc<str>, Stats))| {
            let known = stats.categories.iter().map(|(category, stat)| (category.map_or(NULL, f64::from_bits), *stat));
            let all: Vec<(f64, Stat)> = known.chain([(UNSEEN, stats.all)]).collect();
            let column = |pick: fn(&(f64, Stat)) -> f64| MlValue::Array(all.iter().map(pick).collect());
            vec![MlValue::Int(i as i64), column(|entry| entry.0), column(|entry| entry.1.0), column(|entry| entry.1.1)]
        };
        Some(self.0.iter().enumerate().map(row).collect())
    }

    fn describe(&self, params: &Params) -> String {
        let text = |param: &ParamDecl| params.get(param.name).map(|value| crate::param::python_str(&value)).unwrap_or_default();
        let smoothing = params.get(SMOOTHING.name).and_then(|value| value.as_f64()).unwrap_or(0.0);
        format!(
            ", handleInvalid={}, targetType={}, numInputCols={count}, numOutputCols={count}, smoothing={}",
            text(&HANDLE_INVALID),
            text(&TARGET_TYPE),
            python_float(smoothing),
            count = self.0.len()
        )
    }
}

impl Codes {
    fn encode(&self, executor: &Executor, array: &ArrayRef, rows: usize, name: &str, keep: bool) -> Result<ArrayRef> {
        let numbers = array.as_primitive::<Float64Type>();
        let mut out = Float64Builder::with_capacity(rows);
        each_row(executor, rows, &mut |row| {
            let category = numbers.is_valid(row).then(|| (numbers.value(row) + 0.0).to_bits());
            match self.codes.get(&category) {
                Some(code) => out.append_value(*code),
                None if keep => out.append_value(self.unseen),
                None => {
                    let value = category.map_or("null value".to_owned(), |_| format!("value {}", numbers.value(row)));
                    return Err(Error::runtime(format!(
                        "Unseen {value} in feature {name}. To handle unseen values, set Param handleInvalid to keep."
                    )));
                }
            }
            Ok(())
        })?;
        Ok(Arc::new(out.finish()))
    }
}

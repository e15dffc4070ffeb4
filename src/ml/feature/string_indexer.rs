use std::cmp::{Ordering, Reverse};
use std::collections::HashMap;
use std::sync::Arc;

use arrow_array::cast::AsArray;
use arrow_array::{Array, ArrayRef, Float64Array};
use kindling_frame::{Column, DataFrame, DataType, Field, Schema};
use kindling_partition::{Error, Result};

use super::columns::{CHUNK, Pairs, TextHash, described, drop_missing, filter_native, pairs};
use crate::attribute::Attribute;
use crate::check::is_numeric;
use crate::param::{ParamDecl, ParamKind, Params, python_str, shared};
use crate::stage::{Estimator, MemberDecl, Model, Object, Stage, StageDecl, StaticDecl, Transformer};
use crate::value::MlValue;

const PARAMS: &[ParamDecl] =
    &[shared::INPUT_COL, shared::OUTPUT_COL, shared::INPUT_COLS, shared::OUTPUT_COLS, HANDLE_INVALID, STRING_ORDER_TYPE];

const HANDLE_INVALID: ParamDecl = ParamDecl::new(
    "handleInvalid",
    "how to handle invalid data (unseen or NULL values) in features and label column of string type. Options are 'skip' (filter out rows with \
     invalid data), error (throw an error), or 'keep' (put invalid data in a special additional bucket, at index numLabels).",
    ParamKind::choice(&["skip", "error", "keep"]),
)
.default_text("error");

const STRING_ORDER_TYPE: ParamDecl = ParamDecl::new(
    "stringOrderType",
    "How to order labels of string column. The first label after ordering is assigned an index of 0. Supported options: frequencyDesc, \
     frequencyAsc, alphabetDesc, alphabetAsc. Default is frequencyDesc. In case of equal frequency when under frequencyDesc/Asc, the strings \
     are further sorted alphabetically",
    ParamKind::choice(&["frequencyDesc", "frequencyAsc", "alphabetDesc", "alphabetAsc"]),
)
.default_text("frequencyDesc");

/// Gives each distinct string of a column a number, the most frequent 0. Spark's `org.apache.spark.ml.feature.StringIndexer`.
pub static STRING_INDEXER: StageDecl = StageDecl::estimator(
    "StringIndexer",
    "feature",
    "A label indexer that maps a string column of labels to an ML column of label indices. If the input column is numeric, we cast it to string \
     and index the string values. The indices are in [0, numLabels). By default, this is ordered by label frequencies so the most frequent label \
     gets index 0.",
    PARAMS,
    |params| Ok(Arc::new(StringIndexer { pairs: pairs(params.checked()?, None)?, order: Order::of(params)?, params: params.clone() })),
    &STRING_INDEXER_MODEL,
);

/// What a [`STRING_INDEXER`] learned.
pub static STRING_INDEXER_MODEL: StageDecl = StageDecl::model("StringIndexerModel", "feature", "Model fitted by StringIndexer.", PARAMS)
    .members(&[
        MemberDecl::attribute("labels", "Ordered list of labels, corresponding to indices to be assigned."),
        MemberDecl::attribute(
            "labelsArray",
            "Array of ordered list of labels, corresponding to indices to be assigned for each input column.",
        ),
    ])
    .statics(&[
        StaticDecl {
            name: "from_labels",
            doc: "Construct the model directly from an array of label strings.",
            args: &["labels", "inputCol", "outputCol=None", "handleInvalid=None"],
            call: |args| from_labels(args, false),
        },
        StaticDecl {
            name: "from_arrays_of_labels",
            doc: "Construct the model directly from an array of array of label strings.",
            args: &["arrayOfLabels", "inputCols", "outputCols=None", "handleInvalid=None"],
            call: |args| from_labels(args, true),
        },
    ])
    .saved("labelsArray array<array<string>>", |params, stored| {
        let labels = stored.row()?.list("labelsArray")?.iter().map(|labels| labels.texts().unwrap_or_default()).collect();
        Ok(Arc::new(StringIndexerModel::new(params, labels)?))
    });

struct StringIndexer {
    params: Params,
    pairs: Pairs,
    order: Order,
}

#[derive(Clone, Copy)]
enum Order {
    FrequencyDesc,
    FrequencyAsc,
    AlphabetDesc,
    AlphabetAsc,
}

impl Order {
    fn of(params: &Params) -> Result<Self> {
        Ok(match &*params.checked()?.text(&STRING_ORDER_TYPE)? {
            "frequencyAsc" => Self::FrequencyAsc,
            "alphabetDesc" => Self::AlphabetDesc,
            "alphabetAsc" => Self::AlphabetAsc,
            _ => Self::FrequencyDesc,
        })
    }

    /// The labels in order. Equal counts go by the alphabet.
    fn sort(self, counts: HashMap<String, u64>) -> Vec<Arc<str>> {
        let mut labels: Vec<(String, u64)> = counts.into_iter().collect();
        labels.sort_by(|(a, m), (b, n)| match self {
            Self::FrequencyDesc => Reverse(m).cmp(&Reverse(n)).then_with(|| alphabet(a, b)),
            Self::FrequencyAsc => m.cmp(n).then_with(|| alphabet(a, b)),
            Self::AlphabetDesc => alphabet(b, a),
            Self::AlphabetAsc => alphabet(a, b),
        });
        labels.into_iter().map(|(label, _)| label.into()).collect()
    }
}

/// The order of Java's strings: by UTF-16 code units.
fn alphabet(a: &str, b: &str) -> Ordering {
    a.encode_utf16().cmp(b.encode_utf16())
}

/// Adds the output columns to a schema; inputs that are missing are left out when `lenient`.
fn output_schema(pairs: &Pairs, schema: &Schema, lenient: bool) -> Result<Schema> {
    let mut fields = schema.fields().to_vec();
    for (i, (input, output)) in pairs.iter().enumerate() {
        if pairs[..i].iter().any(|(_, earlier)| earlier == output) {
            return Err(Error::illegal_argument(format!("requirement failed: Output columns should not be duplicate: {output}.")));
        }
        if lenient && schema.index_of(input).is_err() {
            continue;
        }
        let data_type = &schema.field(input)?.data_type;
        if !(is_numeric(data_type) || *data_type == DataType::String) {
            return Err(Error::illegal_argument(format!(
                "requirement failed: The input column {input} must be either string type or numeric type, but got {data_type}."
            )));
        }
        if schema.names().any(|name| name == &**output) {
            return Err(Error::illegal_argument(format!("requirement failed: Output column {output} already exists.")));
        }
        let attribute = Attribute::nominal(Some(output.clone()), Vec::new());
        fields.push(Field::new(output.clone(), DataType::Double, false).with_metadata(Some(attribute.to_metadata(None))));
    }
    Ok(Schema::new(fields))
}

impl Estimator for StringIndexer {
    fn params(&self) -> &Params {
        &self.params
    }

    fn transform_schema(&self, schema: &Schema) -> Result<Schema> {
        output_schema(&self.pairs, schema, false)
    }

    fn fit(&self, data: &DataFrame) -> Result<Arc<dyn Model>> {
        self.transform_schema(data.schema())?;
        let columns = self.pairs.iter().map(|(input, _)| {
            let column = data.col(input)?;
            Ok(match data.schema().field(input)?.data_type {
                DataType::String => column,
                // A NaN is no label.
                DataType::Double | DataType::Float => Column::when(&column.is_nan().not(), &column).cast(DataType::String),
                _ => column.cast(DataType::String),
            })
        });
        let batches = data.select(&columns.collect::<Result<Vec<_>>>()?)?.partitions()?;
        let executor = data.session().executor();
        let counts = executor.aggregate(
            "count labels",
            &batches,
            || vec![HashMap::new(); self.pairs.len()],
            |mut counts: Vec<HashMap<String, u64>>, _, batch| {
                for (counts, array) in counts.iter_mut().zip(&batch.columns) {
                    count_into(counts, array, || executor.check())?;
                }
                Ok(counts)
            },
            |mut a, b| {
                for (a, b) in a.iter_mut().zip(b) {
                    for (label, count) in b {
                        *a.entry(label).or_insert(0) += count;
                    }
                }
                a
            },
        )?;
        let labels = counts.into_iter().map(|counts| self.order.sort(counts)).collect();
        Ok(Arc::new(StringIndexerModel::new(self.params.for_model(&STRING_INDEXER_MODEL), labels)?))
    }
}

/// Counts the strings of a column; nulls don't count.
#[optimize(speed)]
fn count_into(counts: &mut HashMap<String, u64>, array: &ArrayRef, check: impl Fn() -> Result<()>) -> Result<()> {
    let strings = array.as_string::<i32>();
    let mut seen: HashMap<&str, u64, TextHash> = HashMap::default();
    for row in 0..strings.len() {
        if row % CHUNK == 0 {
            check()?;
        }
        if strings.is_valid(row) {
            *seen.entry(strings.value(row)).or_insert(0) += 1;
        }
    }
    for (label, count) in seen {
        *counts.entry(label.to_owned()).or_insert(0) += count;
    }
    Ok(())
}

/// The index of each label.
type Indices = HashMap<Arc<str>, u32, TextHash>;

struct StringIndexerModel {
    params: Params,
    pairs: Pairs,
    invalid: Arc<str>,
    labels: Vec<Vec<Arc<str>>>,
    indices: Vec<Arc<Indices>>,
}

impl StringIndexerModel {
    fn new(params: Params, labels: Vec<Vec<Arc<str>>>) -> Result<Self> {
        let checked = params.checked()?;
        let (pairs, invalid) = (pairs(checked, None)?, checked.text(&HANDLE_INVALID)?);
        if pairs.len() != labels.len() {
            return Err(Error::illegal_argument(format!(
                "{} input columns need {} lists of labels, found {}.",
                pairs.len(),
                pairs.len(),
                labels.len()
            )));
        }
        let indices = labels
            .iter()
            .map(|labels| Arc::new(labels.iter().enumerate().map(|(i, label)| (label.clone(), i as u32)).collect::<Indices>()))
            .collect();
        Ok(Self { params, pairs, invalid, labels, indices })
    }
}

impl Transformer for StringIndexerModel {
    fn params(&self) -> &Params {
        &self.params
    }

    fn transform_schema(&self, schema: &Schema) -> Result<Schema> {
        output_schema(&self.pairs, schema, true)
    }

    fn transform(&self, data: &DataFrame) -> Result<DataFrame> {
        self.transform_schema(data.schema())?;
        let known: Vec<usize> = (0..self.pairs.len()).filter(|i| data.schema().index_of(&self.pairs[*i].0).is_ok()).collect();
        let text = |data: &DataFrame, i: usize| data.col(&self.pairs[i].0).map(|column| column.cast(DataType::String));
        let mut data = data.clone();
        if &*self.invalid == "skip" {
            let inputs: Vec<Arc<str>> = known.iter().map(|i| self.pairs[*i].0.clone()).collect();
            data = drop_missing(&data, &inputs)?;
            let columns = known.iter().map(|i| text(&data, *i)).collect::<Result<Vec<_>>>()?;
            let indices: Vec<_> = known.iter().map(|i| self.indices[*i].clone()).collect();
            data = filter_native(&data, "known label", columns, move |arrays, row| {
                Ok(arrays.iter().zip(&indices).all(|(array, indices)| {
                    let strings = array.as_string::<i32>();
                    strings.is_valid(row) && indices.contains_key(strings.value(row))
                }))
            })?;
        }
        let keep = &*self.invalid == "keep";
        let mut added = Vec::with_capacity(known.len());
        for i in known {
            let (output, labels) = (&self.pairs[i].1, &self.labels[i]);
            let values = labels.iter().cloned().chain(keep.then(|| "__unknown".into())).collect();
            let metadata = Attribute::nominal(Some(output.clone()), values).to_metadata(None);
            let field = Field::new(output.clone(), DataType::Double, false).with_metadata(Some(metadata));
            let (indices, unknown) = (self.indices[i].clone(), keep.then_some(labels.len() as f64));
            let column = Column::native("StringIndexer", [text(&data, i)?], field, move |executor, arrays, rows| {
                index_strings(&arrays[0], rows, &indices, unknown, || executor.check())
            });
            added.push((output.to_string(), column));
        }
        data.with_columns(&added)
    }
}

#[optimize(speed)]
fn index_strings(
    array: &ArrayRef,
    rows: usize,
    indices: &Indices,
    unknown: Option<f64>,
    check: impl Fn() -> Result<()>,
) -> Result<ArrayRef> {
    let strings = array.as_string::<i32>();
    let mut out = Vec::with_capacity(rows);
    for row in 0..rows {
        if row % CHUNK == 0 {
            check()?;
        }
        let index = if strings.is_null(row) {
            unknown.ok_or_else(|| {
                Error::runtime("StringIndexer encountered NULL value. To handle or skip NULLS, try setting StringIndexer.handleInvalid.")
            })?
        } else {
            let label = strings.value(row);
            match (indices.get(label), unknown) {
                (Some(index), _) => f64::from(*index),
                (None, Some(unknown)) => unknown,
                (None, None) => {
                    return Err(Error::runtime(format!(
                        "Unseen label: {label}. To handle unseen labels, set Param handleInvalid to keep."
                    )));
                }
            }
        };
        out.push(index);
    }
    Ok(Arc::new(Float64Array::from(out)))
}

impl Object for StringIndexerModel {
    fn decl(&self) -> &'static StageDecl {
        &STRING_INDEXER_MODEL
    }

    fn member(&self, name: &str, _args: &[MlValue]) -> Result<MlValue> {
        match name {
            "labels" => match self.labels.as_slice() {
                [labels] => Ok(labels.clone().into()),
                _ => Err(Error::illegal_argument(
                    "requirement failed: This StringIndexerModel is fit on multiple columns. Call `labelsArray` instead.",
                )),
            },
            "labelsArray" => Ok(self.labels.clone().into()),
            _ => Err(self.no_member(name)),
        }
    }

    fn describe(&self) -> String {
        let order = self.params.get(STRING_ORDER_TYPE.name).filter(|_| self.params.is_set(STRING_ORDER_TYPE.name));
        let order = order.map(|order| format!(", stringOrderType={}", python_str(&order))).unwrap_or_default();
        format!("StringIndexerModel: uid={}, handleInvalid={}{order}{}", self.params.uid(), self.invalid, described(&self.params))
    }
}

impl Model for StringIndexerModel {
    fn with_params(&self, params: Params) -> Result<Arc<dyn Model>> {
        Ok(Arc::new(Self::new(params, self.labels.clone())?))
    }
}

/// A model without a fit: labels, input column, output column, what to do with invalid values.
fn from_labels(args: &[MlValue], multiple: bool) -> Result<MlValue> {
    let arg = |i: usize| args.get(i).filter(|value| !matches!(value, MlValue::None)).cloned();
    let wrong = || Error::type_error("Labels are a list of strings for each input column.");
    let lists = match (arg(0), multiple) {
        (Some(list), false) => vec![list.texts().ok_or_else(wrong)?],
        (Some(MlValue::List(lists)), true) => lists.iter().map(MlValue::texts).collect::<Option<Vec<_>>>().ok_or_else(wrong)?,
        _ => return Err(wrong()),
    };
    let mut params = Params::new(&STRING_INDEXER_MODEL);
    let names = if multiple { ["inputCols", "outputCols"] } else { ["inputCol", "outputCol"] };
    for (name, value) in names.into_iter().zip([arg(1), arg(2)]).chain([("handleInvalid", arg(3))]) {
        if let Some(value) = value {
            params.set(name, value)?;
        }
    }
    Ok(Stage::from_model(Arc::new(StringIndexerModel::new(params, lists)?)).into())
}

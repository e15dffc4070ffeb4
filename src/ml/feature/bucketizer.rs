use std::sync::Arc;

use arrow_array::ArrayRef;
use arrow_array::builder::Float64Builder;
use arrow_array::cast::AsArray;
use arrow_array::types::Float64Type;
use kindling_frame::{Column, DataFrame, DataType, Field, Schema};
use kindling_linalg::number::java_double;
use kindling_partition::{Error, Result};

use super::columns::{CHUNK, Pairs, drop_missing, pairs};
use crate::attribute::{Attribute, AttributeKind};
use crate::check::{append, numeric_column};
use crate::param::{ParamDecl, ParamKind, Params, Range, shared};
use crate::stage::{Model, Object, StageDecl, Transformer};
use crate::value::MlValue;

/// Cuts a column of numbers into numbered buckets. Spark's `org.apache.spark.ml.feature.Bucketizer`.
pub static BUCKETIZER: StageDecl = StageDecl::transformer(
    "Bucketizer",
    "feature",
    "Maps a column of continuous features to a column of feature buckets. Bucketizer can map multiple columns at once by setting the inputCols \
     parameter.",
    &[SPLITS, shared::INPUT_COL, shared::OUTPUT_COL, HANDLE_INVALID, SPLITS_ARRAY, shared::INPUT_COLS, shared::OUTPUT_COLS],
    |params| Ok(Arc::new(Bucketizer::new(params)?)),
);

const SPLITS: ParamDecl = ParamDecl::new(
    "splits",
    "Split points for mapping continuous features into buckets. With n+1 splits, there are n buckets. A bucket defined by splits x,y holds \
     values in the range [x,y) except the last bucket, which also includes y. The splits should be of length >= 3 and strictly increasing. \
     Values at -inf, inf must be explicitly provided to cover all Double values; otherwise, values outside the splits specified will be treated \
     as errors.",
    ParamKind::FloatList(Range::ANY),
);
const SPLITS_ARRAY: ParamDecl = ParamDecl::new(
    "splitsArray",
    "The array of split points for mapping continuous features into buckets for multiple columns. For each input column, with n+1 splits, there \
     are n buckets. A bucket defined by splits x,y holds values in the range [x,y) except the last bucket, which also includes y. The splits \
     should be of length >= 3 and strictly increasing. Values at -inf, inf must be explicitly provided to cover all Double values; otherwise, \
     values outside the splits specified will be treated as errors.",
    ParamKind::FloatListList,
);
const HANDLE_INVALID: ParamDecl = ParamDecl::new(
    "handleInvalid",
    "how to handle invalid entries containing NaN values. Values outside the splits will always be treated as errors. Options are 'skip' (filter \
     out rows with invalid values), 'error' (throw an error), or 'keep' (keep invalid values in a special additional bucket). Note that in the \
     multiple column case, the invalid handling is applied to all columns. That said for 'error' it will throw an error if any invalids are \
     found in any column, for 'skip' it will skip rows with any invalids in any columns, etc.",
    ParamKind::choice(&["skip", "error", "keep"]),
)
.default_text("error");

struct Bucketizer {
    params: Params,
    pairs: Pairs,
    splits: Vec<Vec<f64>>,
    invalid: Arc<str>,
}

impl Bucketizer {
    fn new(params: &Params) -> Result<Self> {
        let checked = params.checked()?;
        let pairs = pairs(checked, Some((&SPLITS, &SPLITS_ARRAY)))?;
        let single = checked.is_set(&shared::INPUT_COL);
        let splits = if single { vec![checked.floats(&SPLITS)?] } else { checked.opt_float_lists(&SPLITS_ARRAY).unwrap_or_default() };
        if splits.len() != pairs.len() {
            return Err(Error::illegal_argument(format!(
                "Bucketizer: {} input columns need as many lists in splitsArray, found {}.",
                pairs.len(),
                splits.len()
            )));
        }
        let increase = |splits: &Vec<f64>| splits.len() >= 3 && splits.windows(2).all(|pair| pair[0] < pair[1]);
        if let Some(bad) = splits.iter().find(|splits| !increase(splits)) {
            let name = if single { SPLITS.name } else { SPLITS_ARRAY.name };
            let found: Vec<String> = bad.iter().map(|v| java_double(*v)).collect();
            return Err(Error::illegal_argument(format!(
                "Bucketizer.{name} must be at least 3 strictly increasing numbers, found [{}].",
                found.join(", ")
            )));
        }
        Ok(Self { params: params.clone(), pairs, splits, invalid: checked.text(&HANDLE_INVALID)? })
    }
}

/// A bucketizer that a fit made.
pub(super) fn model(params: &Params) -> Result<Arc<dyn Model>> {
    Ok(Arc::new(Bucketizer::new(params)?))
}

impl Object for Bucketizer {
    fn decl(&self) -> &'static StageDecl {
        &BUCKETIZER
    }

    fn member(&self, name: &str, _args: &[MlValue]) -> Result<MlValue> {
        Err(self.no_member(name))
    }

    fn describe(&self) -> String {
        self.params.uid().to_string()
    }
}

impl Model for Bucketizer {
    fn with_params(&self, params: Params) -> Result<Arc<dyn Model>> {
        model(&params)
    }
}

impl Transformer for Bucketizer {
    fn params(&self) -> &Params {
        &self.params
    }

    fn transform_schema(&self, schema: &Schema) -> Result<Schema> {
        let mut out = schema.clone();
        for ((input, output), splits) in self.pairs.iter().zip(&self.splits) {
            numeric_column(schema, input)?;
            let names = splits.windows(2).map(|pair| format!("{}, {}", java_double(pair[0]), java_double(pair[1])).into()).collect();
            let kind = AttributeKind::Nominal { values: Some(names), count: None, ordinal: Some(true) };
            let metadata = Attribute { name: None, kind }.to_metadata(None);
            out = append(&out, Field::new(output.clone(), DataType::Double, true).with_metadata(Some(metadata)))?;
        }
        Ok(out)
    }

    fn transform(&self, data: &DataFrame) -> Result<DataFrame> {
        let schema = self.transform_schema(data.schema())?;
        let mut filtered = None;
        if &*self.invalid == "skip" {
            let inputs: Vec<Arc<str>> = self.pairs.iter().map(|(input, _)| input.clone()).collect();
            filtered = Some(drop_missing(data, &inputs)?);
        }
        let data = filtered.as_ref().unwrap_or(data);
        let keep = &*self.invalid == "keep";
        let mut added = Vec::with_capacity(self.pairs.len());
        for ((input, output), splits) in self.pairs.iter().zip(&self.splits) {
            let (field, splits) = (schema.field(output)?.clone(), splits.clone());
            let column = Column::native("Bucketizer", [data.col(input)?.cast(DataType::Double)], field, move |executor, arrays, rows| {
                let mut out = Float64Builder::with_capacity(rows);
                for (row, value) in arrays[0].as_primitive::<Float64Type>().iter().enumerate() {
                    if row % CHUNK == 0 {
                        executor.check()?;
                    }
                    out.append_option(value.map(|value| bucket(&splits, value, keep)).transpose()?);
                }
                Ok(Arc::new(out.finish()) as ArrayRef)
            });
            added.push((output.to_string(), column));
        }
        data.with_columns(&added)
    }
}

/// The bucket of a value; the last bucket holds its upper end too.
fn bucket(splits: &[f64], value: f64, keep: bool) -> Result<f64> {
    if value.is_nan() {
        return if keep {
            Ok((splits.len() - 1) as f64)
        } else {
            Err(Error::runtime("Bucketizer encountered NaN value. To handle or skip NaNs, try setting Bucketizer.handleInvalid."))
        };
    }
    let (first, last) = (splits[0], splits[splits.len() - 1]);
    if value == last {
        return Ok((splits.len() - 2) as f64);
    }
    if value < first || value > last {
        return Err(Error::runtime(format!(
            "Feature value {} out of Bucketizer bounds [{}, {}]. Check your features, or loosen the lower/upper bound constraints.",
            java_double(value),
            java_double(first),
            java_double(last)
        )));
    }
    Ok((splits.partition_point(|split| *split <= value) - 1) as f64)
}

use std::sync::Arc;

use kindling_frame::{DataFrame, DataType, Field, Schema};
use kindling_partition::{Error, Result};

use super::bucketizer::{self, BUCKETIZER};
use super::columns::{Pairs, pairs};
use super::learned::Learner;
use super::mapped::new_output;
use crate::check::{append, numeric_column};
use crate::param::{ParamDecl, ParamKind, Params, Range, shared};
use crate::stage::{Model, StageDecl};
use crate::value::MlValue;

/// Cuts a column of numbers into buckets of about as many rows each. Spark's `org.apache.spark.ml.feature.QuantileDiscretizer`: it learns the
/// splits of a `Bucketizer`.
pub static QUANTILE_DISCRETIZER: StageDecl = StageDecl::estimator(
    "QuantileDiscretizer",
    "feature",
    "QuantileDiscretizer takes a column with continuous features and outputs a column with binned categorical features. The number of bins can \
     be set using the numBuckets parameter. It is possible that the number of buckets used will be less than this value, for example, if there \
     are too few distinct values of the input to create enough distinct quantiles. Several columns at once with inputCols. The bin ranges are \
     chosen using an approximate algorithm; the lower and upper bin bounds will be -infinity and +infinity, covering all real values.",
    &[
        NUM_BUCKETS,
        shared::INPUT_COL,
        shared::OUTPUT_COL,
        shared::RELATIVE_ERROR,
        HANDLE_INVALID,
        NUM_BUCKETS_ARRAY,
        shared::INPUT_COLS,
        shared::OUTPUT_COLS,
    ],
    |params| {
        buckets(params)?;
        Learner::make(params, schema, fit)
    },
    &BUCKETIZER,
);

const NUM_BUCKETS: ParamDecl = ParamDecl::new(
    "numBuckets",
    "Maximum number of buckets (quantiles, or categories) into which data points are grouped. Must be >= 2.",
    ParamKind::Int(Range::at_least(2.0)),
)
.default_int(2);
const NUM_BUCKETS_ARRAY: ParamDecl = ParamDecl::new(
    "numBucketsArray",
    "Array of number of buckets (quantiles, or categories) into which data points are grouped. This is for multiple columns input. \
     If transforming multiple columns and numBucketsArray is not set, but numBuckets is set, then numBuckets will be applied across \
     all columns.",
    ParamKind::IntList(Range::at_least(2.0)),
);
const HANDLE_INVALID: ParamDecl = ParamDecl::new(
    "handleInvalid",
    "how to handle invalid entries. Options are skip (filter out rows with invalid values), error (throw an error), or keep (keep \
     invalid values in a special additional bucket). Note that in the multiple columns case, the invalid handling is applied to all \
     columns. That said for 'error' it will throw an error if any invalids are found in any columns, for 'skip' it will skip rows \
     with any invalids in any columns, etc.",
    ParamKind::choice(&["skip", "error", "keep"]),
)
.default_text("error");

/// The columns, and how many buckets each is to have.
fn buckets(params: &Params) -> Result<(Pairs, Vec<usize>)> {
    let checked = params.checked()?;
    let single = checked.is_set(&shared::INPUT_COL);
    let pairs = pairs(checked, if single { Some((&NUM_BUCKETS_ARRAY, &NUM_BUCKETS_ARRAY)) } else { None })?;
    let counts = match checked.opt_floats(&NUM_BUCKETS_ARRAY) {
        None => vec![checked.count(&NUM_BUCKETS)?; pairs.len()],
        Some(counts) => counts.into_iter().map(|count| count as usize).collect(),
    };
    if counts.len() != pairs.len() {
        return Err(Error::illegal_argument(format!(
            "requirement failed: QuantileDiscretizer {} has {} input columns and {} numbers in numBucketsArray: they must be as many.",
            params.uid(),
            pairs.len(),
            counts.len()
        )));
    }
    Ok((pairs, counts))
}

fn schema(params: &Params, schema: &Schema) -> Result<Schema> {
    let mut out = schema.clone();
    for (input, output) in buckets(params)?.0 {
        numeric_column(schema, &input)?;
        new_output(&out, &output)?;
        out = append(&out, Field::new(output, DataType::Double, true))?;
    }
    Ok(out)
}

fn fit(params: &Params, data: &DataFrame) -> Result<Arc<dyn Model>> {
    let checked = params.checked()?;
    let (pairs, counts) = buckets(params)?;
    let mut all = Vec::with_capacity(pairs.len());
    for ((input, _), count) in pairs.iter().zip(counts) {
        let shares: Vec<f64> = (0..=count).map(|i| i as f64 / count as f64).collect();
        let found = data.approx_quantile(&[input], &shares, checked.float(&shared::RELATIVE_ERROR)?)?;
        let inner = found.first().and_then(|splits| splits.get(1..splits.len().saturating_sub(1))).unwrap_or_default();
        // A zero is never negative here, so that the splits increase.
        let mut splits: Vec<f64> = std::iter::once(f64::NEG_INFINITY).chain(inner.iter().map(|split| split + 0.0)).collect();
        splits.push(f64::INFINITY);
        splits.dedup();
        if splits.len() < 3 {
            return Err(Error::illegal_argument(format!(
                "QuantileDiscretizer: column {input} has too few distinct numbers for two buckets."
            )));
        }
        all.push(MlValue::floats(splits));
    }
    let mut fitted = Params::new(&BUCKETIZER);
    let single = checked.is_set(&shared::INPUT_COL);
    let columns = if single { ["inputCol", "outputCol"] } else { ["inputCols", "outputCols"] };
    for name in columns.into_iter().chain(["handleInvalid"]) {
        if let Some(value) = params.get(name) {
            fitted.set(name, value)?;
        }
    }
    let splits = if single { all.swap_remove(0) } else { MlValue::List(all) };
    fitted.set(if single { "splits" } else { "splitsArray" }, splits)?;
    bucketizer::model(&fitted)
}

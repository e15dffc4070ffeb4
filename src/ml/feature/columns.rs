//! What feature stages share: which columns they read and add, and how they add them.

use std::hash::{BuildHasherDefault, Hasher};
use std::sync::Arc;

use arrow_array::ArrayRef;
use arrow_array::builder::BooleanBuilder;
use kindling_frame::{Column, DataFrame, DataType, Field};
use kindling_partition::{Error, Executor, Result};

use crate::param::{Checked, ParamDecl, shared};

/// Rows between two looks at the Stop flag.
pub(super) const CHUNK: usize = 1 << 14;

/// Hashes the texts of a column: quickly, and nobody sees the order.
pub(super) type TextHash = BuildHasherDefault<TextHasher>;

#[derive(Default)]
pub(super) struct TextHasher(u64);

impl Hasher for TextHasher {
    #[inline]
    fn write(&mut self, bytes: &[u8]) {
        let mut add = |word: u64| self.0 = (self.0.rotate_left(5) ^ word).wrapping_mul(0x517c_c1b7_2722_0a95);
        let (words, rest) = bytes.as_chunks::<8>();
        words.iter().for_each(|word| add(u64::from_le_bytes(*word)));
        add(rest.iter().fold(rest.len() as u64, |word, byte| word << 8 | u64::from(*byte)));
    }

    /// The end of a text: its length is in already.
    #[inline]
    fn write_u8(&mut self, _: u8) {}

    #[inline]
    fn finish(&self) -> u64 {
        self.0 ^ self.0 >> 32
    }
}

/// Pairs of an input and an output column, from `inputCol` and `outputCol` or from `inputCols` and `outputCols`.
pub(super) type Pairs = Vec<(Arc<str>, Arc<str>)>;

/// The pairs, in Spark's words when the single and the multiple params are mixed (`ParamValidators.checkSingleVsMultiColumnParams`).
///
/// `more` are params that belong to the single column only and to the multiple columns only.
pub(super) fn pairs(checked: Checked<'_>, more: Option<(&ParamDecl, &ParamDecl)>) -> Result<Pairs> {
    let (class, uid) = (checked.params().decl().name, checked.params().uid());
    let fail = |why: String| Err(Error::illegal_argument(format!("requirement failed: {why}")));
    let single = checked.is_set(&shared::INPUT_COL);
    let multiple = checked.is_set(&shared::INPUT_COLS);
    if single == multiple {
        let found = if single { "both" } else { "neither" };
        return fail(format!("{class} {uid} requires exactly one of inputCol, inputCols Params to be set, but {found} are set."));
    }
    let unfit: Vec<&str> = [(single, shared::OUTPUT_COLS.name), (multiple, shared::OUTPUT_COL.name)]
        .into_iter()
        .chain(more.into_iter().flat_map(|(one, many)| [(multiple, one.name), (single, many.name)]))
        .filter(|(unfit, param)| *unfit && checked.params().is_set(param))
        .map(|(_, param)| param)
        .collect();
    if !unfit.is_empty() {
        let (param, kind) = if single { ("inputCol", "single-column") } else { ("inputCols", "multi-column") };
        return fail(format!(
            "{class} {uid} has the {param} Param set for {kind} transform. The following Params are not applicable and should not be set: {}.",
            unfit.join(", ")
        ));
    }
    if single {
        return Ok(vec![(checked.text(&shared::INPUT_COL)?, checked.text(&shared::OUTPUT_COL)?)]);
    }
    let (inputs, outputs) = (checked.texts(&shared::INPUT_COLS)?, checked.texts(&shared::OUTPUT_COLS)?);
    if inputs.len() != outputs.len() {
        return fail(format!("The number of input columns does not match output columns: {} and {}.", inputs.len(), outputs.len()));
    }
    Ok(inputs.into_iter().zip(outputs).collect())
}

/// `, numInputCols=2, numOutputCols=2` in the text of a model whose multiple columns are set.
pub(super) fn described(params: &crate::param::Params) -> String {
    [("inputCols", "numInputCols"), ("outputCols", "numOutputCols")]
        .into_iter()
        .filter(|(param, _)| params.is_set(param))
        .filter_map(|(param, name)| Some(format!(", {name}={}", params.get(param)?.texts()?.len())))
        .collect()
}

/// `df.withColumn`, with the frame's own columns as arguments of a function over whole columns.
pub(super) fn with_native(
    data: &DataFrame,
    name: &'static str,
    inputs: Vec<Column>,
    field: Field,
    function: impl Fn(&Executor, &[ArrayRef], usize) -> Result<ArrayRef> + Send + Sync + 'static,
) -> Result<DataFrame> {
    let output = field.name.clone();
    data.with_column(&output, &Column::native(name, inputs, field, function))
}

/// The rows where all columns hold a value that is neither null nor NaN (`df.na.drop`).
pub(super) fn drop_missing(data: &DataFrame, names: &[Arc<str>]) -> Result<DataFrame> {
    let names: Vec<&str> = names.iter().map(|name| &**name).collect();
    data.dropna("any", None, Some(&names))
}

/// The rows that `keep` picks.
pub(super) fn filter_native(
    data: &DataFrame,
    name: &'static str,
    inputs: Vec<Column>,
    keep: impl Fn(&[ArrayRef], usize) -> Result<bool> + Send + Sync + 'static,
) -> Result<DataFrame> {
    let condition = Column::native(name, inputs, Field::new(name, DataType::Boolean, false), move |executor, arrays, rows| {
        let mut kept = BooleanBuilder::with_capacity(rows);
        for row in 0..rows {
            if row % CHUNK == 0 {
                executor.check()?;
            }
            kept.append_value(keep(arrays, row)?);
        }
        Ok(Arc::new(kept.finish()) as ArrayRef)
    });
    data.filter(&condition)
}

use std::sync::Arc;

use arrow_array::cast::AsArray;
use arrow_array::types::Float64Type;
use arrow_array::{ArrayRef, Float64Array};
use kindling_frame::{DataType, Field, Schema, VectorBuilder};
use kindling_linalg::{Vector, VectorRef};
use kindling_partition::{Error, Result};

use super::columns::pairs;
use super::mapped::{Map, Mapped, known_size, vector_field, vectors};
use crate::attribute::Attribute;
use crate::param::{ParamDecl, ParamKind, Params, Range, shared};
use crate::stage::{StageDecl, Transformer};

/// Makes of a number whether it is above a threshold. Spark's `org.apache.spark.ml.feature.Binarizer`.
pub static BINARIZER: StageDecl = StageDecl::transformer(
    "Binarizer",
    "feature",
    "Binarizes numbers, or the numbers of vectors: 1.0 above the threshold, else 0.0. Several columns at once with inputCols, each with its own \
     threshold if thresholds is set.",
    &[THRESHOLD, shared::INPUT_COL, shared::OUTPUT_COL, THRESHOLDS, shared::INPUT_COLS, shared::OUTPUT_COLS],
    binarizer,
);

const THRESHOLD: ParamDecl = ParamDecl::new(
    "threshold",
    "Param for threshold used to binarize continuous features. The features greater than the threshold will be binarized to 1.0. The \
     features equal to or less than the threshold will be binarized to 0.0",
    ParamKind::Float(Range::ANY),
)
.default_float(0.0);
const THRESHOLDS: ParamDecl = ParamDecl::new(
    "thresholds",
    "Param for array of threshold used to binarize continuous features. This is for multiple columns input. If transforming multiple \
     columns and thresholds is not set, but threshold is set, then threshold will be applied across all columns.",
    ParamKind::FloatList(Range::ANY),
);

fn binarizer(params: &Params) -> Result<Arc<dyn Transformer>> {
    let checked = params.checked()?;
    let fail = |why: String| Err(Error::illegal_argument(format!("requirement failed: {why}")));
    if checked.is_set(&shared::INPUT_COL) && checked.is_set(&THRESHOLDS) {
        return fail("thresholds can't be set for single-column Binarizer.".to_owned());
    }
    let lengths = [&shared::INPUT_COLS, &shared::OUTPUT_COLS].map(|param| checked.opt_texts(param).map_or(0, |names| names.len()));
    if lengths[0] != lengths[1] {
        return fail(format!(
            "Binarizer {} has mismatched Params for multi-column transform. Params (inputCols, outputCols) should have equal lengths, but they \
             have different lengths: ({}, {}).",
            params.uid(),
            lengths[0],
            lengths[1]
        ));
    }
    let pairs = pairs(checked, None)?;
    let thresholds = match checked.opt_floats(&THRESHOLDS) {
        None => vec![checked.float(&THRESHOLD)?; pairs.len()],
        Some(thresholds) if thresholds.len() != pairs.len() => {
            return fail(format!(
                "Binarizer {} has mismatched Params for multi-column transform. Params (inputCols, outputCols, thresholds) should have equal \
                 lengths, but they have different lengths: ({}, {}, {}).",
                params.uid(),
                lengths[0],
                lengths[1],
                thresholds.len()
            ));
        }
        Some(_) if checked.is_set(&THRESHOLD) => {
            return fail("exactly one of threshold, thresholds Params to be set, but both are set.".to_owned());
        }
        Some(thresholds) => thresholds,
    };
    let maps = pairs.into_iter().zip(thresholds).map(|((input, output), threshold)| (input, output, above(threshold)));
    Ok(Mapped::new(params, maps.collect(), field).taking_nulls().arc())
}

fn field(schema: &Schema, input: &str, output: &Arc<str>) -> Result<Field> {
    let field = schema.field(input)?;
    match field.data_type {
        DataType::Double => {
            Ok(Field::new(output.clone(), DataType::Double, false).with_metadata(Some(Attribute::binary(None).to_metadata(None))))
        }
        DataType::Vector => Ok(vector_field(output, known_size(field))),
        _ => Err(Error::illegal_argument(format!(
            "Data type {} is not supported. Column {input} must be double or vector.",
            field.data_type
        ))),
    }
}

fn above(threshold: f64) -> Map {
    let of_vectors = vectors(move |vector, out| {
        binarize(vector, threshold, out);
        Ok(())
    });
    Arc::new(move |executor, arrays, rows| match arrays[0].as_primitive_opt::<Float64Type>() {
        // A null is not above anything, and nor is NaN.
        Some(numbers) => {
            executor.check()?;
            let ones = numbers.iter().map(|v| f64::from(u8::from(v.is_some_and(|v| v > threshold))));
            Ok(Arc::new(Float64Array::from_iter_values(ones)) as ArrayRef)
        }
        None => of_vectors(executor, arrays, rows),
    })
}

fn binarize(vector: VectorRef<'_>, threshold: f64, out: &mut VectorBuilder) {
    // What isn't stored is zero, which a negative threshold lies below.
    let mut ones = vec![if threshold < 0.0 { 1.0 } else { 0.0 }; vector.size()];
    for (i, value) in vector.active().filter(|entry| entry.1 != 0.0) {
        // Above a negative threshold Spark counts NaN too.
        let above = value > threshold || (threshold < 0.0 && value.is_nan());
        ones[i] = f64::from(u8::from(above));
    }
    out.append(Vector::Dense(ones).as_ref().compressed().as_ref());
}

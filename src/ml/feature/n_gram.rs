use kindling_frame::{DataType, Field};

use super::mapped::{Mapped, words, words_column};
use crate::param::{ParamDecl, ParamKind, Range, shared};
use crate::stage::StageDecl;

/// Runs of words. Spark's `org.apache.spark.ml.feature.NGram`.
pub static N_GRAM: StageDecl = StageDecl::transformer(
    "NGram",
    "feature",
    "A feature transformer that converts the input array of strings into an array of n-grams. It returns an array of n-grams where each n-gram \
     is represented by a space-separated string of words. When the input is empty, an empty array is returned. When the input array length is \
     less than n (number of elements per n-gram), no n-grams are returned.",
    &[N, shared::INPUT_COL, shared::OUTPUT_COL],
    |params| {
        let n = params.checked()?.count(&N)?;
        let map = words(move |row, out| {
            let text = |run: &[Option<&str>]| run.iter().map(|word| word.unwrap_or("null")).collect::<Vec<_>>().join(" ");
            out.extend(row.windows(n).map(|run| Some(text(run))));
        });
        let field = |schema: &_, input: &str, output: &_| {
            words_column(schema, input)?;
            Ok(Field::new(std::sync::Arc::clone(output), DataType::Array(DataType::String.into(), false), true))
        };
        Ok(Mapped::single(params, field, map)?.arc())
    },
);

const N: ParamDecl = ParamDecl::new("n", "number of elements per n-gram (>=1)", ParamKind::Int(Range::at_least(1.0))).default_int(2);

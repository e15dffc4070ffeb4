use std::sync::Arc;

use kindling_frame::{Column, DataType, Field, Schema};
use kindling_partition::Result;

use super::mapped::{Map, Mapped, string_column, words};
use crate::param::{ParamDecl, ParamKind, Range, shared};
use crate::stage::StageDecl;

/// Cuts text into words at white space. Spark's `org.apache.spark.ml.feature.Tokenizer`.
pub static TOKENIZER: StageDecl = StageDecl::transformer(
    "Tokenizer",
    "feature",
    "A tokenizer that converts the input string to lowercase and then splits it by white spaces.",
    &[shared::INPUT_COL, shared::OUTPUT_COL],
    |params| {
        let mapped = Mapped::single(params, field, tokens(0))?;
        Ok(mapped.prepared(|text| Column::call("split", [Column::call("lower", [text]), Column::lit("\\s")])).arc())
    },
);

/// Cuts text into words by a regular expression. Spark's `org.apache.spark.ml.feature.RegexTokenizer`.
pub static REGEX_TOKENIZER: StageDecl = StageDecl::transformer(
    "RegexTokenizer",
    "feature",
    "A regex based tokenizer that extracts tokens either by using the provided regex pattern (in Java dialect) to split the text (default) or \
     repeatedly matching the regex (if gaps is false). Optional parameters also allow filtering tokens using a minimal length. It returns an \
     array of strings that can be empty.",
    &[MIN_TOKEN_LENGTH, GAPS, PATTERN, shared::INPUT_COL, shared::OUTPUT_COL, TO_LOWERCASE],
    |params| {
        let checked = params.checked()?;
        let (gaps, lower, pattern) = (checked.bool(&GAPS)?, checked.bool(&TO_LOWERCASE)?, checked.text(&PATTERN)?);
        let mapped = Mapped::single(params, field, tokens(checked.count(&MIN_TOKEN_LENGTH)?))?;
        let prepared = mapped.prepared(move |text| {
            let text = if lower { Column::call("lower", [text]) } else { text };
            let pattern = Column::lit(&*pattern);
            if gaps { Column::call("split", [text, pattern]) } else { Column::call("regexp_extract_all", [text, pattern, Column::lit(0)]) }
        });
        Ok(prepared.arc())
    },
);

const MIN_TOKEN_LENGTH: ParamDecl =
    ParamDecl::new("minTokenLength", "minimum token length (>= 0)", ParamKind::Int(Range::at_least(0.0))).default_int(1);
const GAPS: ParamDecl =
    ParamDecl::new("gaps", "whether regex splits on gaps (True) or matches tokens (False)", ParamKind::Boolean).default_bool(true);
const PATTERN: ParamDecl =
    ParamDecl::new("pattern", "regex pattern (Java dialect) used for tokenizing", ParamKind::Text).default_text("\\s+");
const TO_LOWERCASE: ParamDecl =
    ParamDecl::new("toLowercase", "whether to convert all characters to lowercase before tokenizing", ParamKind::Boolean)
        .default_bool(true);

fn field(schema: &Schema, input: &str, output: &Arc<str>) -> Result<Field> {
    string_column(schema, input)?;
    Ok(Field::new(output.clone(), DataType::array(DataType::String), true))
}

/// The pieces of a text that are long enough, without empty ones at the end: as Java's `split` leaves them. A text of nothing is one piece.
fn tokens(least: usize) -> Map {
    words(move |row, out| {
        let last = row.iter().rposition(|word| *word != Some("")).map_or(usize::from(row.len() == 1), |last| last + 1);
        let long = |word: &&str| least == 0 || word.encode_utf16().count() >= least;
        out.extend(row[..last].iter().flatten().copied().filter(long).map(|word| Some(word.to_owned())));
    })
}

use std::collections::HashSet;
use std::sync::Arc;

use kindling_frame::{DataType, Field};
use kindling_partition::{Error, Result, did_you_mean};

use super::columns::pairs;
use super::mapped::{Mapped, words, words_column};
use super::stop_words::{ENGLISH, LANGUAGES};
use crate::param::{ParamDecl, ParamDefault, ParamKind, Params, shared};
use crate::stage::{StageDecl, StaticDecl, Transformer};
use crate::value::MlValue;

/// Leaves out words that say little. Spark's `org.apache.spark.ml.feature.StopWordsRemover`.
pub static STOP_WORDS_REMOVER: StageDecl = StageDecl::transformer(
    "StopWordsRemover",
    "feature",
    "A feature transformer that filters out stop words from input. StopWordsRemover can filter out multiple columns at once by setting the \
     inputCols parameter. Null values from the input array are preserved unless adding null to stopWords explicitly.",
    &[shared::INPUT_COL, shared::OUTPUT_COL, STOP_WORDS, CASE_SENSITIVE, LOCALE, shared::INPUT_COLS, shared::OUTPUT_COLS],
    remover,
)
.statics(&[StaticDecl {
    name: "loadDefaultStopWords",
    doc: "Loads the default stop words for the given language. Supported languages: danish, dutch, english, finnish, french, german, hungarian, \
          italian, norwegian, portuguese, russian, spanish, swedish, turkish.",
    args: &["language"],
    call: |args| match args.first() {
        Some(MlValue::Text(language)) => Ok(MlValue::List(stop_words(language)?.into_iter().map(MlValue::from).collect())),
        _ => Err(Error::type_error("loadDefaultStopWords takes the name of a language, such as 'english'.")),
    },
}]);

const STOP_WORDS: ParamDecl =
    ParamDecl::new("stopWords", "The words to be filtered out", ParamKind::TextList).default(ParamDefault::TextList(ENGLISH));
const CASE_SENSITIVE: ParamDecl =
    ParamDecl::new("caseSensitive", "whether to do a case sensitive comparison over the stop words", ParamKind::Boolean)
        .default_bool(false);
const LOCALE: ParamDecl =
    ParamDecl::new("locale", "locale of the input. ignored when case sensitive is true", ParamKind::Text).default_text("en");

fn stop_words(language: &str) -> Result<Vec<&'static str>> {
    if language == "english" {
        return Ok(ENGLISH.to_vec());
    }
    let found = LANGUAGES.iter().find(|(name, _)| *name == language);
    found.map(|(_, words)| words.lines().collect()).ok_or_else(|| {
        let names = || LANGUAGES.iter().map(|(name, _)| *name).chain(["english"]);
        let mut known: Vec<&str> = names().collect();
        known.sort_unstable();
        Error::illegal_argument(format!(
            "requirement failed: {language} is not in the supported language list: {}.{}",
            known.join(", "),
            did_you_mean(language, names())
        ))
    })
}

fn remover(params: &Params) -> Result<Arc<dyn Transformer>> {
    let checked = params.checked()?;
    let (exact, locale) = (checked.bool(&CASE_SENSITIVE)?, checked.text(&LOCALE)?);
    // In Turkish and Azeri, I and İ are letters of their own.
    let dotless = ["tr", "az"].iter().any(|language| locale.split('_').next() == Some(language));
    let folded = move |word: &str| match (exact, dotless) {
        (true, _) => word.to_owned(),
        (false, true) => word.replace('I', "ı").replace('İ', "i").to_lowercase(),
        (false, false) => word.to_lowercase(),
    };
    let stops: HashSet<String> = checked.texts(&STOP_WORDS)?.iter().map(|word| folded(word)).collect();
    let map = words(move |row, out| {
        let kept = row.iter().filter(|word| word.is_none_or(|word| !stops.contains(&folded(word))));
        out.extend(kept.map(|word| word.map(str::to_owned)));
    });
    let maps = pairs(checked, None)?.into_iter().map(|(input, output)| (input, output, map.clone())).collect();
    let field = |schema: &_, input: &str, output: &Arc<str>| {
        words_column(schema, input)?;
        Ok(Field::new(output.clone(), DataType::array(DataType::String), true))
    };
    Ok(Mapped::new(params, maps, field).arc())
}

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use arrow_array::ArrayRef;
use kindling_frame::{DataFrame, Field, Schema, VectorBuilder};
use kindling_partition::{Error, Executor, Result};

use super::hashing_tf::append_sums;
use super::learned::{Fitted, Learned, Learner};
use super::mapped::{Mapped, each_words, new_output, refuse_nulls, vector_field, words_column};
use super::vocabulary::{Term, most_frequent};
use crate::attribute::{Attribute, AttributeGroup};
use crate::check::append;
use crate::param::{ParamDecl, ParamKind, Params, Range, shared};
use crate::stage::{MemberDecl, Model, Stage, StageDecl, StaticDecl, Transformer};
use crate::value::MlValue;

const PARAMS: &[ParamDecl] = &[MIN_TF, MIN_DF, MAX_DF, VOCAB_SIZE, BINARY, shared::INPUT_COL, shared::OUTPUT_COL];
const MIN_TF: ParamDecl = ParamDecl::new(
    "minTF",
    "Filter to ignore rare words in a document. For each document, terms with frequency/count less than the given threshold are \
     ignored. If this is an integer >= 1, then this specifies a count (of times the term must appear in the document); if this is a \
     double in [0,1), then this specifies a fraction (out of the document's token count). Note that the parameter is only used in \
     transform of CountVectorizerModel and does not affect fitting. Default 1.0",
    ParamKind::Float(Range::at_least(0.0)),
)
.default_float(1.0);
const MIN_DF: ParamDecl = ParamDecl::new(
    "minDF",
    "Specifies the minimum number of different documents a term must appear in to be included in the vocabulary. If this is an \
     integer >= 1, this specifies the number of documents the term must appear in; if this is a double in [0,1), then this specifies \
     the fraction of documents. Default 1.0",
    ParamKind::Float(Range::at_least(0.0)),
)
.default_float(1.0);
const MAX_DF: ParamDecl = ParamDecl::new(
    "maxDF",
    "Specifies the maximum number of different documents a term could appear in to be included in the vocabulary. A term that \
     appears more than the threshold will be ignored. If this is an integer >= 1, this specifies the maximum number of documents the \
     term could appear in; if this is a double in [0,1), then this specifies the maximum fraction of documents the term could appear \
     in. Default (2^63) - 1",
    ParamKind::Float(Range::at_least(0.0)),
)
.default_float(9.223372036854776e+18);
const VOCAB_SIZE: ParamDecl =
    ParamDecl::new("vocabSize", "max size of the vocabulary. Default 1 << 18.", ParamKind::Int(Range::above(0.0))).default_int(262144);
const BINARY: ParamDecl = ParamDecl::new(
    "binary",
    "Binary toggle to control the output vector values. If True, all nonzero counts (after minTF filter applied) are set to 1. This \
     is useful for discrete probabilistic models that model binary events rather than integer counts. Default False",
    ParamKind::Boolean,
)
.default_bool(false);

/// Counts the words of a vocabulary that it learns. Spark's `org.apache.spark.ml.feature.CountVectorizer`.
///
/// Which of equally frequent words comes first depends in Spark on hashes and on the order in which tasks end; here tasks end in order.
pub static COUNT_VECTORIZER: StageDecl = StageDecl::estimator(
    "CountVectorizer",
    "feature",
    "Extracts a vocabulary from document collections and generates a CountVectorizerModel.",
    PARAMS,
    |params| Learner::make(params, |params, schema| schema_with(params, schema, None), fit),
    &COUNT_VECTORIZER_MODEL,
);

/// What a [`COUNT_VECTORIZER`] learned.
pub static COUNT_VECTORIZER_MODEL: StageDecl =
    StageDecl::model("CountVectorizerModel", "feature", "Model fitted by CountVectorizer.", PARAMS)
        .members(&[MemberDecl::attribute("vocabulary", "An array of terms in the vocabulary.")])
        .saved("vocabulary array<string>", |params, stored| Fitted::loaded(params, Vocabulary::new(stored.row()?.texts("vocabulary")?)))
        .statics(&[StaticDecl {
            name: "from_vocabulary",
            doc: "Construct the model directly from a vocabulary list of strings, requires an active SparkContext.",
            args: &["vocabulary", "inputCol", "outputCol=None", "minTF=None", "binary=None"],
            call: from_vocabulary,
        }]);

fn schema_with(params: &Params, schema: &Schema, words: Option<&[Arc<str>]>) -> Result<Schema> {
    let checked = params.checked()?;
    words_column(schema, &checked.text(&shared::INPUT_COL)?)?;
    let output = checked.text(&shared::OUTPUT_COL)?;
    new_output(schema, &output)?;
    append(schema, counted(&output, words))
}

fn counted(output: &Arc<str>, words: Option<&[Arc<str>]>) -> Field {
    let group = words.map(|words| AttributeGroup::new(vec![Attribute::default(); words.len()]));
    vector_field(output, None).with_metadata(group.map(|group| group.to_metadata(None)))
}

fn fit(params: &Params, data: &DataFrame) -> Result<Arc<dyn Model>> {
    let checked = params.checked()?;
    let input = checked.text(&shared::INPUT_COL)?;
    let batches = data.select(&[data.col(&input)?])?.partitions()?;
    let executor = data.session().executor();
    let parts = executor.map("count words", &batches, |_, batch| {
        refuse_nulls(&input, &batch.columns[0])?;
        count(executor, &batch.columns[0], batch.rows)
    })?;
    let rows: usize = batches.iter().map(|batch| batch.rows).sum();
    let documents = |param: &ParamDecl| checked.float(param).map(|value| if value >= 1.0 { value } else { value * rows as f64 });
    let (least, most) = (documents(&MIN_DF)?, documents(&MAX_DF)?);
    if most < least {
        return Err(Error::illegal_argument("requirement failed: maxDF must be >= minDF."));
    }
    let mut terms: Vec<Term> = Vec::new();
    let mut known: HashMap<Arc<str>, usize> = HashMap::new();
    for term in parts.into_iter().flatten() {
        match known.get(&term.word) {
            Some(at) => {
                terms[*at].count += term.count;
                terms[*at].documents += term.documents;
            }
            None => {
                known.insert(term.word.clone(), terms.len());
                terms.push(term);
            }
        }
    }
    let kept = |term: &Term| term.documents as f64 >= least && term.documents as f64 <= most;
    let words = most_frequent(terms, checked.count(&VOCAB_SIZE)?, &kept);
    Fitted::model(params, &COUNT_VECTORIZER_MODEL, Vocabulary::new(words))
}

/// The terms of a partition, in the order in which they come.
fn count(executor: &Executor, array: &ArrayRef, rows: usize) -> Result<Vec<Term>> {
    let mut terms: Vec<Term> = Vec::new();
    let mut known: HashMap<String, usize> = HashMap::new();
    // The document in which a term was last seen.
    let mut last = Vec::new();
    let mut document = 0;
    each_words(executor, array, rows, &mut |row| {
        document += 1;
        for word in row {
            let word =
                word.ok_or_else(|| Error::runtime("CountVectorizer: an array has a null where every element needs to be a word."))?;
            let at = match known.get(word) {
                Some(at) => *at,
                None => {
                    known.insert(word.to_owned(), terms.len());
                    terms.push(Term { word: word.into(), count: 0, documents: 0 });
                    last.push(0);
                    terms.len() - 1
                }
            };
            terms[at].count += 1;
            if last[at] != document {
                last[at] = document;
                terms[at].documents += 1;
            }
        }
        Ok(())
    })?;
    Ok(terms)
}

struct Vocabulary {
    words: Arc<Vec<Arc<str>>>,
    places: Arc<BTreeMap<Arc<str>, usize>>,
}

impl Vocabulary {
    fn new(words: Vec<Arc<str>>) -> Self {
        let places = words.iter().enumerate().map(|(i, word)| (word.clone(), i)).collect();
        Self { words: Arc::new(words), places: Arc::new(places) }
    }
}

impl Learned for Vocabulary {
    fn transformer(self: Arc<Self>, params: &Params) -> Result<Arc<dyn Transformer>> {
        let checked = params.checked()?;
        let (least, binary) = (checked.float(&MIN_TF)?, checked.bool(&BINARY)?);
        let (places, size) = (self.places.clone(), self.words.len());
        let map = Arc::new(move |executor: &Executor, arrays: &[ArrayRef], rows: usize| {
            let mut out = VectorBuilder::with_capacity(rows, 0);
            let mut found = Vec::new();
            each_words(executor, &arrays[0], rows, &mut |row| {
                found.clear();
                found.extend(row.iter().flatten().filter_map(|word| Some((*places.get(*word)?, 1.0))));
                found.sort_by_key(|(place, _): &(usize, f64)| *place);
                let least = if least >= 1.0 { least } else { row.len() as f64 * least };
                let frequent = found.chunk_by(|a, b| a.0 == b.0).filter(|run| run.len() as f64 >= least);
                let mut kept: Vec<(usize, f64)> = frequent.flatten().copied().collect();
                append_sums(&mut out, size, &mut kept, binary);
                Ok(())
            })?;
            Ok(out.finish())
        });
        let field = move |schema: &Schema, input: &str, output: &Arc<str>| {
            words_column(schema, input)?;
            Ok(counted(output, Some(&self.words)))
        };
        Ok(Mapped::single(params, field, map)?.arc())
    }

    fn member(&self, name: &str, _params: &Params) -> Option<MlValue> {
        (name == "vocabulary").then(|| self.words.to_vec().into())
    }

    fn describe(&self, _params: &Params) -> String {
        format!(", vocabularySize={}", self.words.len())
    }
}

/// A model without a fit: words, input column, output column, least frequency, whether counts become ones.
fn from_vocabulary(args: &[MlValue]) -> Result<MlValue> {
    let arg = |i: usize| args.get(i).filter(|value| !matches!(value, MlValue::None)).cloned();
    let Some(words) = arg(0).and_then(|words| words.texts()) else {
        return Err(Error::type_error("A vocabulary is a list of strings."));
    };
    let mut params = Params::new(&COUNT_VECTORIZER_MODEL);
    for (i, name) in ["inputCol", "outputCol", "minTF", "binary"].into_iter().enumerate() {
        if let Some(value) = arg(i + 1) {
            params.set(name, value)?;
        }
    }
    Ok(Stage::from_model(Fitted::model(&params, &COUNT_VECTORIZER_MODEL, Vocabulary::new(words))?).into())
}

use std::collections::HashMap;
use std::sync::Arc;

use arrow_array::{ArrayRef, Float64Array, StringArray};
use kindling_frame::{Batch, DataFrame, DataType, Field, Schema, Session, VectorBuilder};

use kindling_partition::{Error, Executor, Result};

use super::learned::Learner;
use super::mapped::{Mapped, each_words, new_output, refuse_nulls, vector_field, words_column};
use super::skip_gram::{Settings, train};
use super::vocabulary::{Term, by_frequency};
use crate::check::append;
use crate::param::{ParamDecl, ParamKind, Params, Range, shared};
use crate::persist::Saved;
use crate::scala::{java_hash, sort_as_map};
use crate::stage::{MemberDecl, Model, Object, StageDecl, Transformer};
use crate::value::MlValue;

const MAX_ITER: ParamDecl = shared::MAX_ITER.default_int(1);
const STEP_SIZE: ParamDecl = shared::STEP_SIZE.default_float(0.025);
const PARAMS: &[ParamDecl] = &[
    VECTOR_SIZE,
    MIN_COUNT,
    NUM_PARTITIONS,
    STEP_SIZE,
    MAX_ITER,
    shared::SEED,
    shared::INPUT_COL,
    shared::OUTPUT_COL,
    WINDOW_SIZE,
    MAX_SENTENCE_LENGTH,
];
const VECTOR_SIZE: ParamDecl =
    ParamDecl::new("vectorSize", "the dimension of codes after transforming from words", ParamKind::Int(Range::above(0.0)))
        .default_int(100);
const MIN_COUNT: ParamDecl = ParamDecl::new(
    "minCount",
    "the minimum number of times a token must appear to be included in the word2vec model's vocabulary",
    ParamKind::Int(Range::at_least(0.0)),
)
.default_int(5);
const NUM_PARTITIONS: ParamDecl =
    ParamDecl::new("numPartitions", "number of partitions for sentences of words", ParamKind::Int(Range::above(0.0))).default_int(1);
const WINDOW_SIZE: ParamDecl = ParamDecl::new(
    "windowSize",
    "the window size (context words from [-window, window]). Default value is 5",
    ParamKind::Int(Range::above(0.0)),
)
.default_int(5);
const MAX_SENTENCE_LENGTH: ParamDecl = ParamDecl::new(
    "maxSentenceLength",
    "Maximum length (in words) of each sentence in the input data. Any sentence longer than this threshold will be divided into \
     chunks up to the size.",
    ParamKind::Int(Range::above(0.0)),
)
.default_int(1000);

/// Learns a vector for each word from the words around it. Spark's `org.apache.spark.ml.feature.Word2Vec`, with its first values and steps for
/// the same seed; with more than one partition, the order in which Spark's tasks see sentences decides too.
pub static WORD2VEC: StageDecl = StageDecl::estimator(
    "Word2Vec",
    "feature",
    "Word2Vec trains a model of Map(String, Vector), i.e. transforms a word into a code for further natural language processing or machine \
     learning process.",
    PARAMS,
    |params| Learner::make(params, schema, fit),
    &WORD2VEC_MODEL,
);

/// What a [`WORD2VEC`] learned.
pub static WORD2VEC_MODEL: StageDecl = StageDecl::model("Word2VecModel", "feature", "Model fitted by Word2Vec.", PARAMS).members(&[
    MemberDecl::method(
        "getVectors",
        &[],
        "Returns the vector representation of the words as a dataframe with two fields, \"word\" and \"vector\".",
    ),
    MemberDecl::method(
        "findSynonyms",
        &["word", "num"],
        "Find \"num\" number of words closest in similarity to \"word\". word can be a string or vector representation. Returns a dataframe with \
         two fields word and similarity (which gives the cosine similarity).",
    ),
    MemberDecl::method(
        "findSynonymsArray",
        &["word", "num"],
        "Find \"num\" number of words closest in similarity to \"word\". word can be a string or vector representation. Returns an array with two \
         fields word and similarity (which gives the cosine similarity).",
    ),
])
.saved("word string, vector array<float>", |params, stored| {
    let (mut words, mut vectors, mut size) = (Vec::new(), Vec::new(), 0);
    for row in stored.rows("data")? {
        let vector = row.numbers("vector")?;
        size = vector.len();
        words.push(row.text("word")?);
        vectors.extend(vector.into_iter().map(|value| value as f32));
    }
    Word2VecModel::make(params, Arc::new(WordVectors::new(words, vectors, size, stored.session.clone())))
});

fn schema(params: &Params, schema: &Schema) -> Result<Schema> {
    let checked = params.checked()?;
    words_column(schema, &checked.text(&shared::INPUT_COL)?)?;
    let output = checked.text(&shared::OUTPUT_COL)?;
    new_output(schema, &output)?;
    append(schema, vector_field(&output, None))
}

/// The sentences of a partition, one after the other.
#[derive(Default)]
struct Sentences {
    /// As places in `terms`.
    words: Vec<u32>,
    /// Where each sentence ends in `words`.
    ends: Vec<usize>,
    /// In the order in which they come.
    terms: Vec<Term>,
}

fn fit(params: &Params, data: &DataFrame) -> Result<Arc<dyn Model>> {
    let checked = params.checked()?;
    let input = checked.text(&shared::INPUT_COL)?;
    let batches = data.select(&[data.col(&input)?])?.partitions()?;
    let executor = data.session().executor();
    let read = executor.map("read sentences", &batches, |_, batch| {
        refuse_nulls(&input, &batch.columns[0])?;
        let (mut part, mut known) = (Sentences::default(), HashMap::<Arc<str>, u32>::new());
        each_words(executor, &batch.columns[0], batch.rows, &mut |row| {
            for word in row.iter().flatten() {
                let number = known.get(*word).copied().unwrap_or_else(|| {
                    let (word, number) = (Arc::<str>::from(*word), part.terms.len() as u32);
                    part.terms.push(Term { word: word.clone(), count: 0, documents: 1 });
                    known.insert(word, number);
                    number
                });
                part.terms[number as usize].count += 1;
                part.words.push(number);
            }
            part.ends.push(part.words.len());
            Ok(())
        })?;
        Ok(part)
    })?;
    let mut terms: Vec<Term> = Vec::new();
    let mut known: HashMap<&str, usize> = HashMap::new();
    for term in read.iter().flat_map(|part| &part.terms) {
        let number = *known.entry(&term.word).or_insert_with(|| {
            terms.push(Term { word: term.word.clone(), count: 0, documents: 1 });
            terms.len() - 1
        });
        terms[number].count += term.count;
    }
    let least = checked.int(&MIN_COUNT)? as u64;
    let vocabulary: Vec<&Term> = by_frequency(&terms, batches.len()).into_iter().filter(|term| term.count >= least).collect();
    if vocabulary.is_empty() {
        return Err(Error::illegal_argument(
            "requirement failed: The vocabulary size should be > 0. You may need to check the setting of minCount, which could be large enough to \
             remove all your words in sentences.",
        ));
    }
    let places: HashMap<&str, usize> = vocabulary.iter().enumerate().map(|(i, term)| (&*term.word, i)).collect();
    let longest = checked.count(&MAX_SENTENCE_LENGTH)?;
    let partitions = checked.count(&NUM_PARTITIONS)?;
    let mut parts: Vec<Vec<Vec<usize>>> = vec![Vec::new(); partitions];
    let mut sentences = 0;
    for part in &read {
        let own: Vec<Option<usize>> = part.terms.iter().map(|term| places.get(&*term.word).copied()).collect();
        let mut start = 0;
        for end in &part.ends {
            executor.check()?;
            let numbers: Vec<usize> = part.words[start..*end].iter().filter_map(|word| own[*word as usize]).collect();
            parts[sentences % partitions].extend(numbers.chunks(longest).map(<[usize]>::to_vec));
            (start, sentences) = (*end, sentences + 1);
        }
    }
    let settings = Settings {
        size: checked.count(&VECTOR_SIZE)?,
        window: checked.int(&WINDOW_SIZE)? as i32,
        rate: checked.float(&STEP_SIZE)?,
        iterations: checked.count(&MAX_ITER)?,
        partitions,
        seed: checked.int(&shared::SEED)?,
    };
    let counts: Vec<u64> = vocabulary.iter().map(|term| term.count).collect();
    let vectors = train(executor, &parts, &counts, settings)?;
    let words: Vec<Arc<str>> = vocabulary.iter().map(|term| term.word.clone()).collect();
    let learned = Arc::new(WordVectors::new(words, vectors, settings.size, data.session().clone()));
    Word2VecModel::make(params.for_model(&WORD2VEC_MODEL), learned)
}

struct WordVectors {
    words: Vec<Arc<str>>,
    places: HashMap<Arc<str>, usize>,
    vectors: Vec<f32>,
    size: usize,
    session: Session,
}

impl WordVectors {
    fn new(words: Vec<Arc<str>>, vectors: Vec<f32>, size: usize, session: Session) -> Self {
        let places = words.iter().enumerate().map(|(i, word)| (word.clone(), i)).collect();
        Self { words, places, vectors, size, session }
    }

    fn vector(&self, place: usize) -> &[f32] {
        &self.vectors[place * self.size..(place + 1) * self.size]
    }

    /// The words whose vectors point most nearly where this one does.
    fn nearest(&self, wanted: &[f32], but: Option<&str>, count: usize) -> Vec<(Arc<str>, f64)> {
        let length = |vector: &[f32]| libm::sqrt(vector.iter().map(|v| f64::from(*v) * f64::from(*v)).sum());
        let norm = length(wanted);
        let mut found: Vec<(Arc<str>, f64)> = Vec::with_capacity(self.words.len());
        for (i, word) in self.words.iter().enumerate().filter(|(_, word)| but != Some(&***word)) {
            let vector = self.vector(i);
            let product: f64 = vector.iter().zip(wanted).map(|(a, b)| f64::from(*a) * f64::from(*b)).sum();
            let lengths = length(vector) * norm;
            found.push((word.clone(), if lengths == 0.0 { 0.0 } else { product / lengths }));
        }
        found.sort_by(|a, b| b.1.total_cmp(&a.1));
        found.truncate(count);
        found
    }

    fn synonyms(&self, args: &[MlValue]) -> Result<Vec<(Arc<str>, f64)>> {
        let count = match args.get(1) {
            Some(MlValue::Int(count)) if *count > 0 => *count as usize,
            _ => return Err(Error::illegal_argument("requirement failed: Number of similar words should > 0")),
        };
        match args.first() {
            Some(MlValue::Text(word)) => match self.places.get(word) {
                Some(place) => Ok(self.nearest(self.vector(*place), Some(word), count)),
                None => Err(Error::illegal_argument(format!("{word} not in vocabulary"))),
            },
            other => {
                let wanted = other.and_then(MlValue::numbers).filter(|wanted| wanted.len() == self.size);
                let wanted: Vec<f32> = wanted
                    .ok_or_else(|| Error::type_error(format!("A word is given as a text or as a vector of {} numbers.", self.size)))?
                    .into_iter()
                    .map(|v| v as f32)
                    .collect();
                Ok(self.nearest(&wanted, None, count))
            }
        }
    }

    /// A frame of words and something of each.
    fn frame(&self, words: Vec<&str>, field: Field, values: ArrayRef) -> MlValue {
        let rows = words.len();
        let schema: Schema = [Field::new("word", DataType::String, true), field].into_iter().collect();
        let words: ArrayRef = Arc::new(StringArray::from(words));
        DataFrame::from_batches(&self.session, Arc::new(schema), vec![Batch::new(vec![words, values], rows)]).into()
    }
}

struct Word2VecModel {
    params: Params,
    learned: Arc<WordVectors>,
    mapped: Mapped,
}

impl Word2VecModel {
    fn make(params: Params, learned: Arc<WordVectors>) -> Result<Arc<dyn Model>> {
        let own = learned.clone();
        let map = Arc::new(move |executor: &Executor, arrays: &[ArrayRef], rows: usize| mean_vectors(executor, &arrays[0], rows, &own));
        let size = learned.size;
        let field = move |schema: &Schema, input: &str, output: &Arc<str>| {
            words_column(schema, input)?;
            Ok(vector_field(output, Some(size)))
        };
        let mapped = Mapped::single(&params, field, map)?;
        Ok(Arc::new(Self { params, learned, mapped }))
    }
}

/// Of each row the mean of its words' vectors; a word without one counts as zeros.
fn mean_vectors(executor: &Executor, array: &ArrayRef, rows: usize, learned: &WordVectors) -> Result<ArrayRef> {
    let mut out = VectorBuilder::with_capacity(rows, rows * learned.size);
    each_words(executor, array, rows, &mut |row| {
        match row {
            [] => out.append_sparse(learned.size, &[], &[]),
            words => {
                let mut sum = vec![0.0; learned.size];
                for place in words.iter().flatten().filter_map(|word| learned.places.get(*word)) {
                    sum.iter_mut().zip(learned.vector(*place)).for_each(|(sum, value)| *sum += f64::from(*value));
                }
                sum.iter_mut().for_each(|value| *value *= 1.0 / words.len() as f64);
                out.append_dense(&sum);
            }
        }
        Ok(())
    })?;
    Ok(out.finish())
}

impl Transformer for Word2VecModel {
    fn params(&self) -> &Params {
        &self.params
    }

    fn transform_schema(&self, schema: &Schema) -> Result<Schema> {
        self.mapped.transform_schema(schema)
    }

    fn transform(&self, data: &DataFrame) -> Result<DataFrame> {
        self.mapped.transform(data)
    }
}

impl Object for Word2VecModel {
    fn decl(&self) -> &'static StageDecl {
        &WORD2VEC_MODEL
    }

    fn member(&self, name: &str, args: &[MlValue]) -> Result<MlValue> {
        let learned = &self.learned;
        match name {
            "getVectors" => {
                // Spark's rows come out of a Scala map, which is a hash map when it has more than four words.
                let mut places: Vec<usize> = (0..learned.words.len()).collect();
                sort_as_map(&mut places, learned.words.len() > 4, |place| java_hash(&learned.words[*place]));
                let mut vectors = VectorBuilder::with_capacity(learned.words.len(), learned.vectors.len());
                for place in &places {
                    vectors.append_dense(&learned.vector(*place).iter().map(|v| f64::from(*v)).collect::<Vec<_>>());
                }
                let words = places.iter().map(|place| &*learned.words[*place]).collect();
                Ok(learned.frame(words, Field::new("vector", DataType::Vector, true), vectors.finish()))
            }
            "findSynonyms" => {
                let found = learned.synonyms(args)?;
                let similarities: ArrayRef = Arc::new(found.iter().map(|(_, similarity)| *similarity).collect::<Float64Array>());
                let words = found.iter().map(|(word, _)| &**word).collect();
                Ok(learned.frame(words, Field::new("similarity", DataType::Double, false), similarities))
            }
            "findSynonymsArray" => {
                let pairs =
                    learned.synonyms(args)?.into_iter().map(|(word, similarity)| MlValue::Tuple(vec![word.into(), similarity.into()]));
                Ok(MlValue::List(pairs.collect()))
            }
            _ => Err(self.no_member(name)),
        }
    }

    fn describe(&self) -> String {
        format!("Word2VecModel: uid={}, numWords={}, vectorSize={}", self.params.uid(), self.learned.words.len(), self.learned.size)
    }
}

impl Model for Word2VecModel {
    fn with_params(&self, params: Params) -> Result<Arc<dyn Model>> {
        Self::make(params, self.learned.clone())
    }

    fn saved(&self) -> Result<Saved> {
        let learned = &self.learned;
        let vector = |i: usize| MlValue::Array(learned.vector(i).iter().map(|value| f64::from(*value)).collect());
        Saved::rows(self.decl(), learned.words.iter().enumerate().map(|(i, word)| vec![word.clone().into(), vector(i)]).collect())
    }
}

use std::sync::Arc;

use kindling_frame::{Column, DataFrame, DataType, Field, Schema, Value, vector_column};
use kindling_linalg::{DenseMatrix, Matrix, Vector, VectorRef};
use kindling_partition::{Error, Executor, Result};

use super::declare::{DISTRIBUTED_LDA_MODEL, K, LOCAL_LDA_MODEL, TOPIC_DISTRIBUTION_COL};
use super::em::Graph;
use super::inference::{expected_logs, infer, word_logs};
use super::saved;
use crate::attribute::AttributeGroup;
use crate::check;
use crate::dataset::Rows;
use crate::feature::statistics::blocks;
use crate::param::{Params, shared};
use crate::persist::Saved;
use crate::stage::{Model, Object, StageDecl, Transformer};
use crate::value::MlValue;

/// Where inference starts, whatever the model's `seed`: Java's hash of `org.apache.spark.ml.clustering.LocalLDAModel`, with which Spark's class
/// seeds itself before its params are set.
const SEED: i64 = 1_421_925_485;

/// `pyspark.ml.clustering.LocalLDAModel`, or a `DistributedLDAModel`, which knows of its training.
#[derive(Clone)]
pub struct LdaModel {
    params: Params,
    topics: Arc<Topics>,
    training: Option<Training>,
    features: Arc<str>,
    output: Arc<str>,
}

/// The topics, topic after topic, and what inference needs beside them.
pub(super) struct Topics {
    pub lambda: Vec<f64>,
    pub alpha: Vec<f64>,
    pub eta: f64,
    pub words: usize,
    /// The expected logs of the topics' words, word after word, and their exponents.
    logs: Vec<f64>,
    exponents: Vec<f64>,
}

/// What only a distributed model knows.
#[derive(Clone)]
struct Training {
    graph: Arc<Graph>,
    /// Seconds; Kindling doesn't count them.
    times: Vec<f64>,
}

impl Topics {
    pub fn new(lambda: Vec<f64>, alpha: Vec<f64>, eta: f64) -> Self {
        let logs = word_logs(&lambda, alpha.len());
        let exponents = logs.iter().map(|log| libm::exp(*log)).collect();
        Self { words: lambda.len() / alpha.len(), lambda, alpha, eta, logs, exponents }
    }

    /// The distribution over topics of one document; zeros of one without words.
    fn distribution(&self, row: VectorRef<'_>) -> Vec<f64> {
        if row.nonzeros() == 0 {
            return vec![0.0; self.alpha.len()];
        }
        let mut gamma = infer(row, &self.exponents, &self.alpha, SEED, None);
        let sum: f64 = gamma.iter().sum();
        gamma.iter_mut().for_each(|g| *g /= sum);
        gamma
    }

    fn block(&self, executor: &Executor, rows: &Rows) -> Result<Vec<f64>> {
        let mut block = Vec::with_capacity(rows.len() * self.alpha.len());
        for row in rows.iter() {
            executor.check()?;
            block.extend(self.distribution(row));
        }
        Ok(block)
    }

    /// The bound of the paper's equation 16, and the number of words.
    fn likelihood(&self, executor: &Executor, documents: &[Rows]) -> Result<(f64, f64)> {
        let (topics, ln) = (self.alpha.len(), libm::lgamma);
        let parts = executor.map("log likelihood", documents, |p, rows| {
            let (mut bound, mut words) = (0.0, 0.0);
            for (i, row) in rows.iter().enumerate().filter(|(_, row)| row.nonzeros() > 0) {
                executor.check()?;
                let seed = SEED.wrapping_add(((p as i64) << 33) + i as i64);
                let gamma = infer(row, &self.exponents, &self.alpha, seed, None);
                let theta = expected_logs(&gamma);
                for (word, count) in row.active().filter(|(_, count)| *count != 0.0) {
                    let logs = self.logs[word * topics..(word + 1) * topics].iter().zip(&theta).map(|(a, b)| a + b);
                    let most = logs.clone().fold(f64::NEG_INFINITY, f64::max);
                    bound += count * (most + libm::log(logs.map(|log| libm::exp(log - most)).sum()));
                    words += count;
                }
                for ((alpha, gamma), theta) in self.alpha.iter().zip(&gamma).zip(&theta) {
                    bound += (alpha - gamma) * theta + ln(*gamma) - ln(*alpha);
                }
                bound += ln(self.alpha.iter().sum()) - ln(gamma.iter().sum());
            }
            Ok((bound, words))
        })?;
        let (mut bound, mut count) = (0.0, 0.0);
        for (part, words) in parts {
            bound += part;
            count += words;
        }
        for (topic, lambda) in self.lambda.chunks_exact(self.words).enumerate() {
            for (word, value) in lambda.iter().enumerate() {
                bound += (self.eta - value) * self.logs[word * topics + topic] + ln(*value) - ln(self.eta);
            }
            bound += ln(self.eta * self.words as f64) - ln(lambda.iter().sum());
        }
        Ok((bound, count))
    }

    /// The words of most weight of each topic.
    fn described(&self, most: usize) -> Result<DataFrame> {
        let rows: Vec<Vec<Value>> = self
            .lambda
            .chunks_exact(self.words)
            .enumerate()
            .map(|(topic, lambda)| {
                let sum: f64 = lambda.iter().sum();
                let mut order: Vec<usize> = (0..self.words).collect();
                order.sort_by(|a, b| lambda[*b].total_cmp(&lambda[*a]));
                order.truncate(most);
                let terms = order.iter().map(|word| Value::Int(*word as i32)).collect();
                let weights = order.iter().map(|word| Value::Double(lambda[*word] / sum)).collect();
                vec![Value::Int(topic as i32), Value::Array(terms), Value::Array(weights)]
            })
            .collect();
        let array = |element: DataType| DataType::Array(Box::new(element), false);
        let fields = [
            Field::new("topic", DataType::Int, false),
            Field::new("termIndices", array(DataType::Int), true),
            Field::new("termWeights", array(DataType::Double), true),
        ];
        kindling_frame::Session::in_memory(1).create_dataframe(&rows, fields.into_iter().collect::<Schema>())
    }
}

pub(super) fn distribution_field(name: &Arc<str>, topics: Option<usize>) -> Field {
    let metadata = topics.map(|topics| AttributeGroup::of_size(topics).to_metadata(None));
    Field::new(name.clone(), DataType::Vector, true).with_metadata(metadata)
}

impl LdaModel {
    pub(super) fn local(params: Params, topics: Topics) -> Result<Self> {
        Self::of(params, Arc::new(topics), None)
    }

    pub(super) fn distributed(params: Params, graph: Graph, times: Vec<f64>) -> Result<Self> {
        let (k, words) = (graph.topics, graph.words);
        let lambda = (0..k * words).map(|at| graph.terms[at % words * k + at / words]).collect();
        let topics = Topics::new(lambda, vec![graph.alpha; k], graph.eta);
        Self::of(params, Arc::new(topics), Some(Training { graph: Arc::new(graph), times }))
    }

    fn of(params: Params, topics: Arc<Topics>, training: Option<Training>) -> Result<Self> {
        let checked = params.checked()?;
        let (features, output) = (checked.text(&shared::FEATURES_COL)?, checked.text(&TOPIC_DISTRIBUTION_COL)?);
        Ok(Self { features, output, params, topics, training })
    }

    fn documents(&self, args: &[MlValue]) -> Result<(DataFrame, Vec<Rows>)> {
        let [MlValue::DataFrame(data)] = args else { return Err(Error::type_error("This method takes a DataFrame of documents.")) };
        check::vector_column(data.schema(), &self.features)?;
        let rows = blocks(data, &self.features)?;
        match rows.iter().map(Rows::width).find(|width| *width != self.topics.words) {
            None => Ok((data.clone(), rows)),
            Some(width) => Err(Error::illegal_argument(format!(
                "The model was fitted on vectors of size {}, but these have size {width}.",
                self.topics.words
            ))),
        }
    }
}

impl Transformer for LdaModel {
    fn params(&self) -> &Params {
        &self.params
    }

    fn transform_schema(&self, schema: &Schema) -> Result<Schema> {
        check::vector_column(schema, &self.features)?;
        if self.output.is_empty() {
            return Ok(schema.clone());
        }
        check::append(schema, distribution_field(&self.output, Some(self.topics.alpha.len())))
    }

    fn transform(&self, data: &DataFrame) -> Result<DataFrame> {
        self.transform_schema(data.schema())?;
        if self.output.is_empty() {
            return Ok(data.clone());
        }
        let (topics, k) = (self.topics.clone(), self.topics.alpha.len());
        let field = distribution_field(&self.output, Some(k));
        let column = Column::native(self.decl().name, [data.col(&self.features)?], field, move |executor, args, rows| {
            vector_column::from_dense_block(rows, k, topics.block(executor, &Rows::read(&args[0], topics.words)?)?)
        });
        data.with_column(&self.output, &column)
    }
}

impl Object for LdaModel {
    fn decl(&self) -> &'static StageDecl {
        if self.training.is_some() { &DISTRIBUTED_LDA_MODEL } else { &LOCAL_LDA_MODEL }
    }

    fn member(&self, name: &str, args: &[MlValue]) -> Result<MlValue> {
        let topics = &self.topics;
        Ok(match (name, &self.training) {
            ("isDistributed", training) => MlValue::Bool(training.is_some()),
            ("vocabSize", _) => MlValue::Int(topics.words as i64),
            ("topicsMatrix", _) => Matrix::Dense(DenseMatrix::new(topics.words, topics.alpha.len(), topics.lambda.clone(), false)?).into(),
            ("estimatedDocConcentration", _) => Vector::Dense(topics.alpha.clone()).into(),
            ("logLikelihood" | "logPerplexity", _) => {
                let (data, documents) = self.documents(args)?;
                let (bound, words) = topics.likelihood(data.session().executor(), &documents)?;
                MlValue::Float(if name == "logLikelihood" { bound } else { -bound / words })
            }
            ("describeTopics", _) => match args {
                [MlValue::Int(most)] => topics.described(usize::try_from(*most).unwrap_or(0))?.into(),
                _ => return Err(Error::type_error("describeTopics() takes a number of terms.")),
            },
            ("toLocal", Some(_)) => {
                let mut params = self.params.for_model(&LOCAL_LDA_MODEL);
                LOCAL_LDA_MODEL.params.iter().try_for_each(|param| params.clear(param.name))?;
                let local: Arc<dyn Model> = Arc::new(Self::of(params, topics.clone(), None)?);
                MlValue::Stage(crate::stage::Stage::from_model(local))
            }
            ("trainingLogLikelihood", Some(training)) => MlValue::Float(training.graph.likelihoods().0),
            ("logPrior", Some(training)) => MlValue::Float(training.graph.likelihoods().1),
            ("getCheckpointFiles", Some(_)) => MlValue::List(Vec::new()),
            _ => return Err(self.no_member(name)),
        })
    }

    fn describe(&self) -> String {
        let k = self.params.get(K.name).and_then(|k| k.as_f64()).unwrap_or_default();
        format!("{}: uid={}, k={k}, numFeatures={}", self.decl().name, self.params.uid(), self.topics.words)
    }
}

impl Model for LdaModel {
    fn with_params(&self, params: Params) -> Result<Arc<dyn Model>> {
        Ok(Arc::new(Self::of(params, self.topics.clone(), self.training.clone())?))
    }

    fn saved(&self) -> Result<Saved> {
        match &self.training {
            Some(training) => saved::graph(self.decl(), &training.graph, &training.times),
            None => saved::topics(self.decl(), &self.topics),
        }
    }
}

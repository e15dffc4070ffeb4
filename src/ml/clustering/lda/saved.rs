//! Models in Spark's layout: the topics in one table, or the graph that a distributed model is in three.

use std::sync::Arc;

use kindling_linalg::{DenseMatrix, Matrix, Vector};
use kindling_partition::Result;
use serde_json::{Value as Json, json};

use super::em::Graph;
use super::inference::SHAPE;
use super::model::{LdaModel, Topics};
use crate::param::Params;
use crate::persist::{Saved, Stored};
use crate::stage::{Model, StageDecl};
use crate::value::MlValue;

pub(super) const LOCAL: &str = "vocabSize int, topicsMatrix matrix, docConcentration vector, topicConcentration double, gammaShape double";

pub(super) fn topics(decl: &'static StageDecl, topics: &Topics) -> Result<Saved> {
    let matrix = Matrix::Dense(DenseMatrix::new(topics.words, topics.alpha.len(), topics.lambda.clone(), false)?);
    let alpha = Vector::Dense(topics.alpha.clone());
    Saved::row(decl, [MlValue::Int(topics.words as i64), matrix.into(), alpha.into(), topics.eta.into(), SHAPE.into()])
}

pub(super) fn load_local(params: Params, stored: &Stored<'_>) -> Result<Arc<dyn Model>> {
    let row = stored.row()?;
    let matrix = row.matrix("topicsMatrix")?;
    let lambda = (0..matrix.num_cols()).flat_map(|topic| (0..matrix.num_rows()).map(move |word| (word, topic)));
    let lambda = lambda.map(|(word, topic)| matrix.get(word, topic)).collect();
    let topics = Topics::new(lambda, row.numbers("docConcentration")?, row.float("topicConcentration")?);
    Ok(Arc::new(LdaModel::local(params, topics)?))
}

/// Terms are vertices too: -1, -2, -3….
pub(super) fn graph(decl: &'static StageDecl, graph: &Graph, times: &[f64]) -> Result<Saved> {
    let counts = |id: i64, counts: &[f64]| vec![MlValue::Int(id), MlValue::Array(counts.to_vec())];
    let terms = graph.terms.chunks_exact(graph.topics).enumerate().filter(|(_, term)| term.iter().any(|v| *v != 0.0));
    let terms = terms.map(|(term, of)| counts(-1 - term as i64, of));
    let vertices = graph.documents.iter().map(|(id, of)| counts(*id, of)).chain(terms).collect();
    let edge = |(document, term, count): &(i64, usize, f64)| vec![(*document).into(), (-1 - *term as i64).into(), (*count).into()];
    let line = json!({
        "class": "org.apache.spark.mllib.clustering.DistributedLDAModel",
        "version": "1.0",
        "k": graph.topics,
        "vocabSize": graph.words,
        "docConcentration": vec![graph.alpha; graph.topics],
        "topicConcentration": graph.eta,
        "iterationTimes": times,
        "gammaShape": SHAPE,
    });
    Saved::rows(decl, Vec::new())?
        .line("oldModel/metadata", line)
        .table("oldModel/data/globalTopicTotals", "globalTopicTotals mllib vector", vec![vec![MlValue::Array(graph.totals.clone())]])?
        .table("oldModel/data/topicCounts", "id bigint, topicWeights mllib vector", vertices)?
        .table("oldModel/data/tokenCounts", "srcId bigint, dstId bigint, tokenCounts double", graph.edges.iter().map(edge).collect())
}

pub(super) fn load_distributed(params: Params, stored: &Stored<'_>) -> Result<Arc<dyn Model>> {
    let line = stored.line("oldModel/metadata")?;
    let count = |name: &str| line[name].as_u64().and_then(|v| usize::try_from(v).ok()).ok_or_else(|| stored.broken("has no size"));
    let (topics, words) = (count("k")?, count("vocabSize")?);
    let numbers = |json: &Json| json.as_array().into_iter().flatten().filter_map(Json::as_f64).collect::<Vec<f64>>();
    let alpha = numbers(&line["docConcentration"]).first().copied().unwrap_or(0.0);
    let mut graph = Graph { topics, words, alpha, eta: line["topicConcentration"].as_f64().unwrap_or(0.0), ..Graph::default() };
    graph.terms = vec![0.0; topics * words];
    for row in stored.rows("oldModel/data/topicCounts")? {
        let (id, counts) = (row.int("id")?, row.numbers("topicWeights")?);
        if id >= 0 {
            graph.documents.push((id, counts));
            continue;
        }
        let term = (-1 - id) as usize * topics;
        let place = graph.terms.get_mut(term..term + topics).filter(|place| place.len() == counts.len());
        place.ok_or_else(|| stored.broken("has a term that is not in its vocabulary"))?.copy_from_slice(&counts);
    }
    graph.documents.sort_by_key(|(id, _)| *id);
    for row in stored.rows("oldModel/data/tokenCounts")? {
        let term = usize::try_from(-1 - row.int("dstId")?).ok().filter(|term| *term < words);
        let term = term.ok_or_else(|| stored.broken("has a term that is not in its vocabulary"))?;
        graph.edges.push((row.int("srcId")?, term, row.float("tokenCounts")?));
    }
    let totals = stored.rows("oldModel/data/globalTopicTotals")?;
    graph.totals = totals.first().map_or_else(|| Err(stored.broken("has no totals")), |row| row.numbers("globalTopicTotals"))?;
    Ok(Arc::new(LdaModel::distributed(params, graph, numbers(&line["iterationTimes"]))?))
}

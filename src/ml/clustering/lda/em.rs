//! Topics learned by expectation maximisation over all documents (Asuncion et al., "On smoothing and inference for topic models", UAI 2009;
//! `org.apache.spark.mllib.clustering.EMLDAOptimizer`).

use kindling_frame::random::JavaRandom;
use kindling_linalg::kernels;
use kindling_partition::{Executor, Result};

use crate::dataset::Block;

/// How many words of each document and of each term belong to each topic.
pub(super) struct Counts {
    topics: usize,
    words: usize,
    alpha: f64,
    eta: f64,
    /// Document after document, partition by partition.
    documents: Vec<Vec<f64>>,
    /// Term after term.
    terms: Vec<f64>,
    totals: Vec<f64>,
}

/// What one pass gives of a partition: its documents' counts, and its part of the terms'.
type Part = (Vec<f64>, Vec<f64>);

/// Calls `edge` with each document's place, each of its terms and the term's count.
fn edges(executor: &Executor, block: &Block, edge: &mut dyn FnMut(usize, usize, f64)) -> Result<()> {
    for i in 0..block.len() {
        executor.check()?;
        block.features.row(i).active().filter(|(_, count)| *count != 0.0).for_each(|(term, count)| edge(i, term, count));
    }
    Ok(())
}

impl Counts {
    pub fn fit(
        executor: &Executor,
        blocks: &[Block],
        (topics, words): (usize, usize),
        (alpha, eta): (f64, f64),
        max_iter: usize,
        seed: i64,
    ) -> Result<Self> {
        let parts = executor.map("LDA", blocks, |p, block| {
            let mut random = JavaRandom::new(seed.wrapping_add(p as i64));
            let (mut documents, mut terms) = (vec![0.0; block.len() * topics], vec![0.0; words * topics]);
            edges(executor, block, &mut |document, term, count| {
                let draws: Vec<f64> = (0..topics).map(|_| random.next_double()).collect();
                let sum: f64 = draws.iter().sum();
                add(draws.iter().map(|draw| draw / sum * count), document, term, topics, &mut documents, &mut terms);
            })?;
            Ok((documents, terms))
        })?;
        let mut counts = Self { topics, words, alpha, eta, documents: Vec::new(), terms: Vec::new(), totals: Vec::new() };
        counts.put(parts);
        for iteration in 0..max_iter {
            executor.step("LDA", iteration as u64 + 1, max_iter as u64)?;
            let parts = executor.map_quietly(blocks, |p, block| {
                let (mut documents, mut terms) = (vec![0.0; block.len() * topics], vec![0.0; words * topics]);
                edges(executor, block, &mut |document, term, count| {
                    let shares = counts.shares(p, document, term);
                    let sum: f64 = shares.iter().sum();
                    add(shares.iter().map(|share| share / sum * count), document, term, topics, &mut documents, &mut terms);
                })?;
                Ok((documents, terms))
            })?;
            counts.put(parts);
        }
        Ok(counts)
    }

    fn put(&mut self, parts: Vec<Part>) {
        self.terms = vec![0.0; self.words * self.topics];
        parts.iter().for_each(|(_, terms)| kernels::axpy(1.0, terms, &mut self.terms));
        self.totals = (0..self.topics).map(|topic| self.terms.iter().skip(topic).step_by(self.topics).sum()).collect();
        self.documents = parts.into_iter().map(|part| part.0).collect();
    }

    fn document(&self, p: usize, document: usize) -> &[f64] {
        &self.documents[p][document * self.topics..(document + 1) * self.topics]
    }

    fn term(&self, term: usize) -> &[f64] {
        &self.terms[term * self.topics..(term + 1) * self.topics]
    }

    /// How much each topic claims of a term in a document.
    fn shares(&self, p: usize, document: usize, term: usize) -> Vec<f64> {
        let (eta, alpha) = (self.eta - 1.0, self.alpha - 1.0);
        let counts = self.document(p, document).iter().zip(self.term(term)).zip(&self.totals);
        counts.map(|((document, term), total)| (term + eta) * (document + alpha) / (total + self.words as f64 * eta)).collect()
    }

    /// What was learned, with the documents it was learned from; they are numbered as `monotonically_increasing_id` numbers rows.
    pub fn graph(self, executor: &Executor, blocks: &[Block]) -> Result<Graph> {
        let Self { topics, words, alpha, eta, documents: counts, terms, totals } = self;
        let mut graph = Graph { topics, words, alpha, eta, terms, totals, ..Graph::default() };
        for (p, (block, counts)) in blocks.iter().zip(counts).enumerate() {
            let id = |document: usize| ((p as i64) << 33) + document as i64;
            edges(executor, block, &mut |document, term, count| graph.edges.push((id(document), term, count)))?;
            let counts = counts.chunks_exact(topics).enumerate().filter(|(_, counts)| counts.iter().any(|v| *v != 0.0));
            graph.documents.extend(counts.map(|(document, counts)| (id(document), counts.to_vec())));
        }
        Ok(graph)
    }
}

/// Documents and terms with their counts of words by topic, and how often each document has each term.
#[derive(Default)]
pub(super) struct Graph {
    pub topics: usize,
    pub words: usize,
    pub alpha: f64,
    pub eta: f64,
    /// Term after term.
    pub terms: Vec<f64>,
    pub totals: Vec<f64>,
    /// By their numbers.
    pub documents: Vec<(i64, Vec<f64>)>,
    pub edges: Vec<(i64, usize, f64)>,
}

impl Graph {
    /// The log likelihood of the words that were seen, and the log probability of what was learned. Documents and terms without words
    /// don't count.
    pub fn likelihoods(&self) -> (f64, f64) {
        let (eta, alpha) = (self.eta - 1.0, self.alpha - 1.0);
        let whole = |document: &[f64]| document.iter().sum::<f64>() + alpha * self.topics as f64;
        let topic_whole = |topic: usize| self.totals[topic] + self.words as f64 * eta;
        let mut likelihood = 0.0;
        for (id, term, count) in &self.edges {
            let Ok(at) = self.documents.binary_search_by_key(id, |(id, _)| *id) else { continue };
            let (document, term) = (&self.documents[at].1, &self.terms[term * self.topics..(term + 1) * self.topics]);
            let share = |topic: usize| (term[topic] + eta) / topic_whole(topic) * (document[topic] + alpha);
            likelihood += count * libm::log((0..self.topics).map(share).sum::<f64>() / whole(document));
        }
        let mut prior = 0.0;
        for (_, document) in &self.documents {
            let whole = whole(document);
            prior += alpha * document.iter().map(|count| libm::log((count + alpha) / whole)).sum::<f64>();
        }
        for term in self.terms.chunks_exact(self.topics).filter(|term| term.iter().any(|v| *v != 0.0)) {
            prior += eta * term.iter().enumerate().map(|(topic, count)| libm::log((count + eta) / topic_whole(topic))).sum::<f64>();
        }
        (likelihood, prior)
    }
}

fn add(shares: impl Iterator<Item = f64>, document: usize, term: usize, topics: usize, documents: &mut [f64], terms: &mut [f64]) {
    for (topic, share) in shares.enumerate() {
        documents[document * topics + topic] += share;
        terms[term * topics + topic] += share;
    }
}

//! Topics learned by expectation maximisation over all documents (Asuncion et al., "On smoothing and inference for topic models", UAI 2009;
//! `org.apache.spark.mllib.clustering.EMLDAOptimizer`).

use kindling_frame::random::JavaRandom;
use kindling_linalg::kernels;
use kindling_partition::{Executor, Result};

use crate::dataset::Block;

/// How many words of each document and of each term belong to each topic.
pub(super) struct Counts {
    pub topics: usize,
    pub words: usize,
    pub alpha: f64,
    pub eta: f64,
    /// Document after document, partition by partition.
    documents: Vec<Vec<f64>>,
    /// Term after term.
    pub terms: Vec<f64>,
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

    /// The log likelihood of the words that were seen, and the log probability of what was learned. Documents and terms without words
    /// don't count.
    pub fn likelihoods(&self, executor: &Executor, blocks: &[Block]) -> Result<(f64, f64)> {
        let (eta, alpha) = (self.eta - 1.0, self.alpha - 1.0);
        let logs = |values: &[f64], sum: &dyn Fn(usize) -> f64, add: f64| -> f64 {
            values.iter().enumerate().map(|(topic, value)| libm::log((value + add) / sum(topic))).sum()
        };
        let smoothed = |document: &[f64]| document.iter().sum::<f64>() + alpha * self.topics as f64;
        let parts = executor.map("LDA", blocks, |p, block| {
            let (mut likelihood, mut prior) = (0.0, 0.0);
            edges(executor, block, &mut |document, term, count| {
                let whole = smoothed(self.document(p, document));
                let shares = self.shares(p, document, term);
                likelihood += count * libm::log(shares.iter().sum::<f64>() / whole);
            })?;
            for document in self.documents[p].chunks_exact(self.topics).filter(|document| document.iter().any(|v| *v != 0.0)) {
                let whole = smoothed(document);
                prior += alpha * logs(document, &|_| whole, alpha);
            }
            Ok((likelihood, prior))
        })?;
        let (mut likelihood, mut prior) = (0.0, 0.0);
        for (part, part_prior) in parts {
            likelihood += part;
            prior += part_prior;
        }
        for term in self.terms.chunks_exact(self.topics).filter(|term| term.iter().any(|v| *v != 0.0)) {
            prior += eta * logs(term, &|topic| self.totals[topic] + self.words as f64 * eta, eta);
        }
        Ok((likelihood, prior))
    }
}

fn add(shares: impl Iterator<Item = f64>, document: usize, term: usize, topics: usize, documents: &mut [f64], terms: &mut [f64]) {
    for (topic, share) in shares.enumerate() {
        documents[document * topics + topic] += share;
        terms[term * topics + topic] += share;
    }
}

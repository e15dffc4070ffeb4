//! Topics learned from random parts of the documents (`org.apache.spark.mllib.clustering.OnlineLDAOptimizer`).

use kindling_frame::random::{JavaRandom, PoissonSampler, partition_seeds};
use kindling_linalg::kernels;
use kindling_partition::{Executor, Result};

use super::inference::{SHAPE, expected_logs, infer, trigamma, word_logs};
use super::random::Twister;
use crate::dataset::Block;

pub(super) struct Online {
    pub topics: usize,
    pub max_iter: usize,
    pub seed: i64,
    pub alpha: Vec<f64>,
    pub eta: f64,
    pub offset: f64,
    pub decay: f64,
    pub rate: f64,
    pub learn_alpha: bool,
}

/// What was learned: the topics' parameters, topic after topic, and the documents'.
pub(super) struct Learned {
    pub lambda: Vec<f64>,
    pub alpha: Vec<f64>,
}

impl Online {
    pub fn fit(self, executor: &Executor, blocks: &[Block], words: usize) -> Result<Learned> {
        let (topics, corpus) = (self.topics, blocks.iter().map(Block::len).sum::<usize>() as f64);
        let mut random = JavaRandom::new(self.seed);
        let mut twister = Twister::new(random.next_long());
        let mut lambda: Vec<f64> = (0..topics * words).map(|_| twister.gamma(SHAPE)).collect();
        let (mut alpha, mut updates) = (self.alpha.clone(), 0);
        for iteration in 0..self.max_iter {
            executor.step("LDA", iteration as u64 + 1, self.max_iter as u64)?;
            let copies = self.sample(blocks, random.next_long())?;
            if copies.iter().flatten().all(|copies| *copies == 0) {
                continue;
            }
            updates += 1;
            let exponents: Vec<f64> = word_logs(&lambda, topics).into_iter().map(libm::exp).collect();
            let seed = random.next_long();
            let parts = executor.map("LDA", blocks, |p, block| {
                let (mut statistics, mut logs, mut documents) = (vec![0.0; topics * words], vec![0.0; topics], 0.0);
                for (i, copies) in copies[p].iter().enumerate() {
                    let row = block.features.row(i);
                    for _ in 0..if row.nonzeros() > 0 { *copies } else { 0 } {
                        executor.check()?;
                        let gamma = infer(row, &exponents, &alpha, seed.wrapping_add(p as i64), Some(&mut statistics));
                        kernels::axpy(1.0, &expected_logs(&gamma), &mut logs);
                        documents += 1.0;
                    }
                }
                Ok((statistics, logs, documents))
            })?;
            let (mut statistics, mut logs, mut documents) = (vec![0.0; topics * words], vec![0.0; topics], 0.0);
            for (part, part_logs, count) in &parts {
                kernels::axpy(1.0, part, &mut statistics);
                kernels::axpy(1.0, part_logs, &mut logs);
                documents += count;
            }
            if documents == 0.0 {
                continue;
            }
            let weight = libm::pow(self.offset + f64::from(updates), -self.decay);
            let scale = corpus / libm::ceil(self.rate * corpus);
            for (at, lambda) in lambda.iter_mut().enumerate() {
                let statistic = statistics[at] * exponents[at % words * topics + at / words];
                *lambda = (1.0 - weight) * *lambda + weight * (statistic * scale + self.eta);
            }
            if self.learn_alpha {
                kernels::scale(1.0 / documents, &mut logs);
                update_alpha(&mut alpha, &logs, documents, weight);
            }
        }
        Ok(Learned { lambda, alpha })
    }

    /// How often each document is in this step's part.
    fn sample(&self, blocks: &[Block], seed: i64) -> Result<Vec<Vec<u32>>> {
        let seeds = partition_seeds(seed, blocks.len());
        let copies = |(block, seed): (&Block, i64)| {
            let mut sampler = PoissonSampler::new(self.rate, true, seed)?;
            Ok((0..block.len()).map(|_| sampler.copies()).collect())
        };
        blocks.iter().zip(seeds).map(copies).collect()
    }
}

/// A step of Newton's method (Huang, "Maximum likelihood estimation of Dirichlet distribution parameters", 2005), unless it leads below zero.
fn update_alpha(alpha: &mut [f64], logs: &[f64], documents: f64, weight: f64) {
    let expected = expected_logs(alpha);
    let gradient: Vec<f64> = logs.iter().zip(&expected).map(|(log, expected)| documents * (log - expected)).collect();
    let c = documents * trigamma(alpha.iter().sum());
    let q: Vec<f64> = alpha.iter().map(|a| -documents * trigamma(*a)).collect();
    let b = gradient.iter().zip(&q).map(|(g, q)| g / q).sum::<f64>() / (1.0 / c + q.iter().map(|q| 1.0 / q).sum::<f64>());
    let next: Vec<f64> = alpha.iter().zip(gradient.iter().zip(&q)).map(|(a, (g, q))| a - weight * (g - b) / q).collect();
    if next.iter().all(|a| *a > 0.0) {
        alpha.copy_from_slice(&next);
    }
}

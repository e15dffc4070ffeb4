//! The training of word vectors: skip-grams with hierarchical softmax in single precision, step by step as in Spark (Mikolov and others,
//! "Efficient Estimation of Word Representations in Vector Space", 2013; `org.apache.spark.mllib.feature.Word2Vec`).

use kindling_frame::random::XorShiftRandom;
use kindling_partition::{Executor, Result};

const TABLE: usize = 1000;
const MAX_EXPONENT: f32 = 6.0;

/// How to train.
#[derive(Clone, Copy, Debug)]
pub(super) struct Settings {
    pub size: usize,
    pub window: i32,
    pub rate: f64,
    pub iterations: usize,
    pub partitions: usize,
    pub seed: i64,
}

/// A word's way down the tree of Huffman: its turns, and the nodes where it takes them.
#[derive(Clone, Debug)]
struct Path {
    turns: Vec<u8>,
    nodes: Vec<usize>,
}

/// Vectors of words and of the tree's nodes.
#[derive(Clone, Debug)]
struct Weights {
    words: Vec<f32>,
    nodes: Vec<f32>,
}

/// The tree over words whose counts fall.
fn paths(counts: &[u64]) -> Vec<Path> {
    let n = counts.len();
    let mut count: Vec<u64> = counts.iter().copied().chain(std::iter::repeat_n(1_000_000_000, n + 1)).collect();
    let (mut parent, mut turn) = (vec![0; 2 * n + 1], vec![0_u8; 2 * n + 1]);
    let (mut low, mut high) = (n, n);
    for node in n..(2 * n).saturating_sub(1) {
        // The lighter of the next word and the next node; of equals the node.
        let mut lighter = || {
            if low > 0 && count[low - 1] < count[high] {
                low -= 1;
                low
            } else {
                high += 1;
                high - 1
            }
        };
        let (first, second) = (lighter(), lighter());
        count[node] = count[first] + count[second];
        (parent[first], parent[second], turn[second]) = (node, node, 1);
    }
    let root = (2 * n).saturating_sub(2);
    let path = |word: usize| {
        let (mut turns, mut nodes, mut at) = (Vec::new(), Vec::new(), word);
        while at != root {
            turns.push(turn[at]);
            at = parent[at];
            nodes.push(at - n);
        }
        turns.reverse();
        nodes.reverse();
        Path { turns, nodes }
    };
    (0..n).map(path).collect()
}

/// The logistic function at a thousand places.
fn table() -> Vec<f32> {
    let entry = |i: usize| {
        let power = libm::exp((2.0 * i as f64 / TABLE as f64 - 1.0) * f64::from(MAX_EXPONENT)) as f32;
        (f64::from(power) / (f64::from(power) + 1.0)) as f32
    };
    (0..TABLE).map(entry).collect()
}

/// The vectors of the words, one after the other. Sentences hold the numbers of words, whose counts fall.
pub(super) fn train(executor: &Executor, sentences: &[Vec<Vec<usize>>], counts: &[u64], settings: Settings) -> Result<Vec<f32>> {
    let size = settings.size;
    let mut random = XorShiftRandom::new(settings.seed);
    let words = (0..counts.len() * size).map(|_| (random.next_float() - 0.5) / size as f32).collect();
    let mut weights = Weights { words, nodes: vec![0.0; counts.len() * size] };
    let (paths, table) = (paths(counts), table());
    let total: u64 = counts.iter().sum();
    for k in 1..=settings.iterations {
        executor.step("Word2Vec", k as u64, settings.iterations as u64)?;
        let parts = executor.map_quietly(sentences, |index, sentences| {
            let seed = settings.seed ^ ((index as i64 + 1) << 16) ^ ((-(k as i64) - 1) << 8);
            let mut pass = Pass {
                weights: weights.clone(),
                paths: &paths,
                table: &table,
                settings,
                random: XorShiftRandom::new(seed),
                rate: settings.rate,
                touched: (vec![false; counts.len()], vec![false; counts.len()]),
            };
            pass.run(executor, sentences, (k as u64 - 1) * total, settings.iterations as u64 * total + 1)?;
            Ok((pass.weights, pass.touched))
        })?;
        weights = averaged(weights, &parts, size);
    }
    Ok(weights.words)
}

/// Which words and which nodes a pass changed.
type Touched = (Vec<bool>, Vec<bool>);

/// The words or the nodes of a pass, and which of them it changed.
type Part = fn(&(Weights, Touched)) -> (&[f32], &[bool]);

/// Of each vector the mean over the partitions that changed it.
fn averaged(mut weights: Weights, parts: &[(Weights, Touched)], size: usize) -> Weights {
    let mean = |target: &mut [f32], of: Part| {
        for (i, vector) in target.chunks_exact_mut(size).enumerate() {
            let changed: Vec<&[f32]> =
                parts.iter().map(of).filter(|(_, touched)| touched[i]).map(|(v, _)| &v[i * size..(i + 1) * size]).collect();
            if !changed.is_empty() {
                let share = 1.0 / changed.len() as f32;
                for (j, value) in vector.iter_mut().enumerate() {
                    let sum = changed.iter().skip(1).fold(changed[0][j], |sum, other| sum + other[j]);
                    *value = if changed.len() == 1 { sum } else { sum * share };
                }
            }
        }
    };
    mean(&mut weights.words, |(weights, touched)| (&weights.words, &touched.0));
    mean(&mut weights.nodes, |(weights, touched)| (&weights.nodes, &touched.1));
    weights
}

/// One pass over the sentences of one partition.
struct Pass<'a> {
    weights: Weights,
    paths: &'a [Path],
    table: &'a [f32],
    settings: Settings,
    random: XorShiftRandom,
    rate: f64,
    touched: Touched,
}

impl Pass<'_> {
    fn run(&mut self, executor: &Executor, sentences: &[Vec<usize>], before: u64, total: u64) -> Result<()> {
        let (mut last, mut seen) = (0_u64, 0_u64);
        for sentence in sentences {
            executor.check()?;
            if seen - last > 10_000 {
                last = seen;
                let done = self.settings.partitions as f64 * seen as f64 + before as f64;
                self.rate = (self.settings.rate * (1.0 - done / total as f64)).max(self.settings.rate * 0.0001);
            }
            seen += sentence.len() as u64;
            for (place, word) in sentence.iter().enumerate() {
                let (window, narrow) = (self.settings.window, self.random.next_int_below(self.settings.window));
                for offset in narrow..window * 2 + 1 - narrow {
                    let other = place as i64 - i64::from(window) + i64::from(offset);
                    if offset != window
                        && let Some(other) = usize::try_from(other).ok().and_then(|other| sentence.get(other))
                    {
                        self.learn(*word, *other);
                    }
                }
            }
        }
        Ok(())
    }

    /// Moves the vector of a neighbour and the nodes on the word's path.
    fn learn(&mut self, word: usize, neighbour: usize) {
        let size = self.settings.size;
        let path = &self.paths[word];
        let own = &mut self.weights.words[neighbour * size..(neighbour + 1) * size];
        let mut change = vec![0.0_f32; size];
        for (turn, node) in path.turns.iter().zip(&path.nodes) {
            let inner = &mut self.weights.nodes[node * size..(node + 1) * size];
            let product: f32 = own.iter().zip(inner.iter()).map(|(a, b)| a * b).sum();
            if product <= -MAX_EXPONENT || product >= MAX_EXPONENT {
                continue;
            }
            // Spark's factor is the quotient of integers, 1000 / 6, halved.
            let at = (f64::from(product + MAX_EXPONENT) * ((TABLE / MAX_EXPONENT as usize) as f64 / 2.0)) as usize;
            let step = ((f64::from((1.0 - f32::from(*turn)) - self.table[at])) * self.rate) as f32;
            for ((change, inner), own) in change.iter_mut().zip(inner).zip(own.iter()) {
                *change += step * *inner;
                *inner += step * own;
            }
            self.touched.1[*node] = true;
        }
        own.iter_mut().zip(&change).for_each(|(own, change)| *own += change);
        self.touched.0[neighbour] = true;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn frequent_words_have_short_ways_and_no_way_begins_another() {
        let paths = paths(&[9, 4, 3, 1, 1]);
        assert!(paths.windows(2).all(|pair| pair[0].turns.len() <= pair[1].turns.len()));
        for (i, path) in paths.iter().enumerate() {
            assert!(paths.iter().enumerate().all(|(j, other)| i == j || !other.turns.starts_with(&path.turns)));
            assert_eq!(path.nodes.first(), Some(&3));
        }
    }
}

//! The order in which Spark finds the most frequent words: `reduceByKey`, then `top`.

use std::sync::Arc;

use crate::scala::{java_hash, slots};

/// A word, how often it occurs, and in how many documents.
#[derive(Clone, Debug)]
pub(super) struct Term {
    pub word: Arc<str>,
    pub count: u64,
    pub documents: u64,
}

/// The `most` most frequent of the terms that are kept. Terms come in the order in which they were met; equal counts go by the partition
/// and the slot that their hashes give them in Spark's shuffle.
pub(super) fn most_frequent(terms: &[Term], partitions: usize, most: usize, kept: &dyn Fn(&Term) -> bool) -> Vec<Arc<str>> {
    let tops = parted(terms, partitions).into_iter().map(|part| {
        let mut part: Vec<&Term> = part.into_iter().filter(|term| kept(term)).collect();
        part.sort_by_key(|term| std::cmp::Reverse(term.count));
        part.truncate(most);
        part
    });
    let top = tops.reduce(|a, b| merge(&a, &b, most)).unwrap_or_default();
    top.into_iter().map(|term| term.word.clone()).collect()
}

/// All terms, the most frequent first, as `collect` and a stable sort give them.
pub(super) fn by_frequency(terms: &[Term], partitions: usize) -> Vec<&Term> {
    let mut found: Vec<&Term> = parted(terms, partitions).concat();
    found.sort_by_key(|term| std::cmp::Reverse(term.count));
    found
}

/// The terms by the partition of their hash, in the order of their slots there.
fn parted(terms: &[Term], partitions: usize) -> Vec<Vec<&Term>> {
    let partitions = partitions.max(1);
    let hashes: Vec<i32> = terms.iter().map(|term| java_hash(&term.word)).collect();
    let mut parts: Vec<Vec<usize>> = vec![Vec::new(); partitions];
    for (i, hash) in hashes.iter().enumerate() {
        parts[hash.rem_euclid(partitions as i32) as usize].push(i);
    }
    parts.iter().map(|part| slots(&hashes, part).into_iter().map(|i| &terms[i]).collect()).collect()
}

/// Two ordered lists in one, as Guava's `mergeSorted` does with its queue: of equal heads the other list's comes next.
fn merge<'a>(a: &[&'a Term], b: &[&'a Term], most: usize) -> Vec<&'a Term> {
    let lists = [a, b];
    let (mut at, mut merged) = ([0, 0], Vec::new());
    let head = |at: [usize; 2], list: usize| lists[list].get(at[list]).map(|term| term.count);
    let mut turn = usize::from(head(at, 1) > head(at, 0));
    while merged.len() < most {
        let Some(term) = lists[turn].get(at[turn]) else { break };
        merged.push(*term);
        at[turn] += 1;
        let (own, other) = (head(at, turn), head(at, 1 - turn));
        if other.is_some() && other >= own {
            turn = 1 - turn;
        }
    }
    merged
}

//! The order in which Spark finds the most frequent words.

use std::sync::Arc;

use crate::scala::{java_hash, slots};

/// A word, how often it occurs, and in how many documents.
#[derive(Clone, Debug)]
pub(super) struct Term {
    pub word: Arc<str>,
    pub count: u64,
    pub documents: u64,
}

/// The `most` most frequent of the terms that are kept; equal counts go by the word, as Java compares texts.
pub(super) fn most_frequent(terms: Vec<Term>, most: usize, kept: &dyn Fn(&Term) -> bool) -> Vec<Arc<str>> {
    let mut found: Vec<Term> = terms.into_iter().filter(|term| kept(term)).collect();
    found.sort_by(|a, b| b.count.cmp(&a.count).then_with(|| a.word.encode_utf16().cmp(b.word.encode_utf16())));
    found.into_iter().take(most).map(|term| term.word).collect()
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

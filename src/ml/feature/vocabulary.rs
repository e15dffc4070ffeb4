//! The order in which Spark finds the most frequent words: `reduceByKey`, then `top`.

use std::sync::Arc;

use kindling_frame::hash::hash_int;

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
        let mut part: Vec<&Term> = slots(&part).into_iter().filter(|term| kept(term)).collect();
        part.sort_by_key(|term| std::cmp::Reverse(term.count));
        part.truncate(most);
        part
    });
    let top = tops.reduce(|a, b| merge(&a, &b, most)).unwrap_or_default();
    top.into_iter().map(|term| term.word.clone()).collect()
}

/// All terms, the most frequent first, as `collect` and a stable sort give them.
pub(super) fn by_frequency(terms: &[Term], partitions: usize) -> Vec<&Term> {
    let mut found: Vec<&Term> = parted(terms, partitions).iter().flat_map(|part| slots(part)).collect();
    found.sort_by_key(|term| std::cmp::Reverse(term.count));
    found
}

/// The terms by the partition of their hash.
fn parted(terms: &[Term], partitions: usize) -> Vec<Vec<&Term>> {
    let partitions = partitions.max(1);
    let mut parts: Vec<Vec<&Term>> = vec![Vec::new(); partitions];
    for term in terms {
        parts[java_hash(&term.word).rem_euclid(partitions as i32) as usize].push(term);
    }
    parts
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

/// `String.hashCode` of Java.
fn java_hash(word: &str) -> i32 {
    word.encode_utf16().fold(0_i32, |hash, unit| hash.wrapping_mul(31).wrapping_add(i32::from(unit)))
}

/// The terms in the order of the slots of Spark's `AppendOnlyMap`.
fn slots<'a>(terms: &[&'a Term]) -> Vec<&'a Term> {
    let place = |table: &mut Vec<Option<&'a Term>>, term: &'a Term| {
        let mask = table.len() - 1;
        let mut slot = hash_int(java_hash(&term.word), 0) as u32 as usize & mask;
        let mut step = 1;
        while table[slot].is_some() {
            slot = (slot + step) & mask;
            step += 1;
        }
        table[slot] = Some(term);
    };
    let mut table: Vec<Option<&Term>> = vec![None; 64];
    for (i, term) in terms.iter().enumerate() {
        place(&mut table, term);
        if i + 1 > table.len() * 7 / 10 {
            let mut larger = vec![None; table.len() * 2];
            table.iter().flatten().for_each(|term| place(&mut larger, term));
            table = larger;
        }
    }
    table.into_iter().flatten().collect()
}

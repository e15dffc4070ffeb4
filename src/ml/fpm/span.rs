//! Frequent sequences (`org.apache.spark.mllib.fpm.PrefixSpan`; Pei et al., 2001).

use kindling_partition::{Executor, Result};

/// Sets of ranks, one after the other, and how many sequences hold them in this order.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Pattern {
    pub sets: Vec<Vec<u32>>,
    pub count: u64,
}

/// Sequences that are looked at between two looks at Stop.
const CHUNK: usize = 1 << 12;

/// A sequence: its sets of rising ranks.
type Sets = [Vec<u32>];

/// A sequence that holds a prefix: which, and at which of its sets the prefix can end.
struct Match {
    sequence: usize,
    ends: Vec<usize>,
}

/// All patterns of at most `most` items that at least `least` sequences hold: each followed by those that begin with it, first by ones
/// with an item more in their last set, the greatest rank first, then by ones with a set more. Sets are of rising ranks.
///
/// Spark gives the same patterns; the order of its rows depends on what ran before in its session.
pub(super) fn patterns(executor: &Executor, sequences: &[Vec<Vec<u32>>], ranks: usize, least: u64, most: usize) -> Result<Vec<Pattern>> {
    let miner = Miner { executor, sequences, least, most };
    let start: Vec<Match> = (0..sequences.len()).map(|sequence| Match { sequence, ends: Vec::new() }).collect();
    let found = executor.range("grow sequences", ranks, |rank| {
        let mut patterns = Vec::new();
        let matches = miner.with_set(&start, rank as u32)?;
        miner.grow(vec![vec![rank as u32]], &matches, &mut patterns)?;
        Ok(patterns)
    })?;
    Ok(found.concat())
}

struct Miner<'a> {
    executor: &'a Executor,
    sequences: &'a [Vec<Vec<u32>>],
    least: u64,
    most: usize,
}

impl Miner<'_> {
    /// The sequences that go on with a set that has the item, after the first place where the prefix ends.
    fn with_set(&self, matches: &[Match], item: u32) -> Result<Vec<Match>> {
        self.going_on(matches, |found, sets| {
            let from = found.ends.first().map_or(0, |end| end + 1);
            (from..sets.len()).filter(|at| sets[*at].binary_search(&item).is_ok()).collect()
        })
    }

    /// The sequences that have the item where the prefix ends.
    fn with_item(&self, matches: &[Match], item: u32) -> Result<Vec<Match>> {
        self.going_on(matches, |found, sets| found.ends.iter().copied().filter(|at| sets[*at].binary_search(&item).is_ok()).collect())
    }

    /// The sequences that have new ends.
    fn going_on(&self, matches: &[Match], ends: impl Fn(&Match, &Sets) -> Vec<usize>) -> Result<Vec<Match>> {
        let mut kept = Vec::new();
        for chunk in matches.chunks(CHUNK) {
            self.executor.check()?;
            let found = chunk.iter().map(|found| Match { sequence: found.sequence, ends: ends(found, &self.sequences[found.sequence]) });
            kept.extend(found.filter(|found| !found.ends.is_empty()));
        }
        Ok(kept)
    }

    /// The items, rising, of what is added for each match.
    fn items(&self, matches: &[Match], add: impl Fn(&Match, &Sets, &mut Vec<u32>)) -> Result<Vec<u32>> {
        let mut items = Vec::new();
        for chunk in matches.chunks(CHUNK) {
            self.executor.check()?;
            chunk.iter().for_each(|found| add(found, &self.sequences[found.sequence], &mut items));
            items.sort_unstable();
            items.dedup();
        }
        Ok(items)
    }

    fn grow(&self, sets: Vec<Vec<u32>>, matches: &[Match], patterns: &mut Vec<Pattern>) -> Result<()> {
        self.executor.check()?;
        let count = matches.len() as u64;
        if count < self.least || count == 0 {
            return Ok(());
        }
        patterns.push(Pattern { sets: sets.clone(), count });
        if sets.iter().map(Vec::len).sum::<usize>() >= self.most {
            return Ok(());
        }
        let Some(last) = sets.last().and_then(|set| set.last().copied()) else { return Ok(()) };
        let here = self.items(matches, |found, sets, items| {
            items.extend(found.ends.iter().flat_map(|at| sets[*at].iter().copied().filter(|item| *item > last)));
        })?;
        for item in here.into_iter().rev() {
            let mut sets = sets.clone();
            if let Some(set) = sets.last_mut() {
                set.push(item);
            }
            self.grow(sets, &self.with_item(matches, item)?, patterns)?;
        }
        let after = self.items(matches, |found, sets, items| {
            let from = found.ends.first().map_or(0, |end| end + 1);
            items.extend(sets[from..].iter().flatten());
        })?;
        for item in after {
            let sets = sets.iter().cloned().chain([vec![item]]).collect();
            self.grow(sets, &self.with_set(matches, item)?, patterns)?;
        }
        Ok(())
    }
}

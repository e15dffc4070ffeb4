//! Frequent sequences (`org.apache.spark.mllib.fpm.PrefixSpan`; Pei et al., 2001).

use kindling_partition::{Executor, Result};

/// Sets of ranks, one after the other, and how many sequences hold them in this order.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Pattern {
    pub sets: Vec<Vec<u32>>,
    pub count: u64,
}

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
    let found = executor.range("grow sequences", ranks, |rank| {
        let mut patterns = Vec::new();
        let start: Vec<Match> = (0..sequences.len()).map(|sequence| Match { sequence, ends: Vec::new() }).collect();
        let matches = miner.with_set(&start, rank as u32);
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
    fn with_set(&self, matches: &[Match], item: u32) -> Vec<Match> {
        let go_on = |found: &Match| {
            let sets = &self.sequences[found.sequence];
            let from = found.ends.first().map_or(0, |end| end + 1);
            let ends: Vec<usize> = (from..sets.len()).filter(|at| sets[*at].binary_search(&item).is_ok()).collect();
            (!ends.is_empty()).then_some(Match { sequence: found.sequence, ends })
        };
        matches.iter().filter_map(go_on).collect()
    }

    /// The sequences that have the item where the prefix ends.
    fn with_item(&self, matches: &[Match], item: u32) -> Vec<Match> {
        let go_on = |found: &Match| {
            let sets = &self.sequences[found.sequence];
            let ends: Vec<usize> = found.ends.iter().copied().filter(|at| sets[*at].binary_search(&item).is_ok()).collect();
            (!ends.is_empty()).then_some(Match { sequence: found.sequence, ends })
        };
        matches.iter().filter_map(go_on).collect()
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
        let items_of = |all: &mut dyn Iterator<Item = u32>| {
            let mut items: Vec<u32> = all.collect();
            items.sort_unstable();
            items.dedup();
            items
        };
        let here = items_of(&mut matches.iter().flat_map(|found| {
            found.ends.iter().flat_map(|at| self.sequences[found.sequence][*at].iter().copied().filter(|item| *item > last))
        }));
        for item in here.into_iter().rev() {
            let mut sets = sets.clone();
            if let Some(set) = sets.last_mut() {
                set.push(item);
            }
            self.grow(sets, &self.with_item(matches, item), patterns)?;
        }
        let after = items_of(&mut matches.iter().flat_map(|found| {
            let from = found.ends.first().map_or(0, |end| end + 1);
            self.sequences[found.sequence][from..].iter().flatten().copied()
        }));
        for item in after {
            let sets = sets.iter().cloned().chain([vec![item]]).collect();
            self.grow(sets, &self.with_set(matches, item), patterns)?;
        }
        Ok(())
    }
}

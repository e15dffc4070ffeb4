//! Frequent sets of items (`org.apache.spark.mllib.fpm.FPGrowth`; Han, Pei, Yin, "Mining frequent patterns without candidate generation",
//! 2000; Li et al., "PFP", 2008).

use kindling_partition::{Executor, Result};

use crate::scala::mutable_order;

/// Ranks of frequent items, rarest first, and how many baskets have them all.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct ItemSet {
    pub ranks: Vec<u32>,
    pub count: u64,
}

/// Baskets that are looked at between two looks at Stop.
const CHUNK: usize = 1 << 13;

/// Baskets cut off before an item: which, and how many of its ranks remain.
type Cut = (u32, u32);

/// The frequent sets, by the partition that Spark finds them in; `baskets` are of rising ranks.
///
/// A partition has the sets whose rarest item's rank falls to it, and gives them in the order of Spark's maps, which the ranks fix.
pub(super) fn frequent_sets(
    executor: &Executor,
    baskets: &[Vec<u32>],
    ranks: usize,
    least: u64,
    partitions: usize,
) -> Result<Vec<Vec<ItemSet>>> {
    let miner = Miner { executor, baskets, least };
    // The first items of each partition in Spark's order: of all that its baskets have, those that are its own.
    let mut firsts: Vec<(usize, u32)> = Vec::new();
    for part in 0..partitions.min(ranks.max(1)) {
        let owns = |rank: &u32| *rank as usize % partitions == part;
        let mut present = vec![false; ranks];
        for chunk in baskets.chunks(CHUNK) {
            executor.check()?;
            for basket in chunk {
                let end = basket.iter().rposition(owns).map_or(0, |last| last + 1);
                basket[..end].iter().for_each(|rank| present[*rank as usize] = true);
            }
        }
        let keys: Vec<i32> = (0..ranks as i32).filter(|rank| present[*rank as usize]).collect();
        firsts.extend(mutable_order(&keys).into_iter().map(|rank| rank as u32).filter(owns).map(|rank| (part, rank)));
    }
    let whole: Vec<Cut> = baskets.iter().enumerate().map(|(i, basket)| (i as u32, basket.len() as u32)).collect();
    let found = executor.map("grow patterns", &firsts, |_, (_, rank)| {
        let mut sets = Vec::new();
        miner.extend(&whole, *rank, &mut Vec::new(), &mut sets)?;
        Ok(sets)
    })?;
    let mut parts = vec![Vec::new(); partitions];
    for ((part, _), sets) in firsts.into_iter().zip(found) {
        parts[part].extend(sets);
    }
    Ok(parts)
}

struct Miner<'a> {
    executor: &'a Executor,
    baskets: &'a [Vec<u32>],
    least: u64,
}

impl Miner<'_> {
    /// Adds the sets that are `suffix`, this rank, and lower ranks, among these baskets.
    fn extend(&self, cuts: &[Cut], rank: u32, suffix: &mut Vec<u32>, sets: &mut Vec<ItemSet>) -> Result<()> {
        let with_rank = |(basket, end): &Cut| {
            let at = self.baskets[*basket as usize][..*end as usize].binary_search(&rank).ok()?;
            Some((*basket, at as u32))
        };
        let mut having: Vec<Cut> = Vec::new();
        for chunk in cuts.chunks(CHUNK) {
            self.executor.check()?;
            having.extend(chunk.iter().filter_map(with_rank));
        }
        let cuts = having;
        if (cuts.len() as u64) < self.least {
            return Ok(());
        }
        suffix.push(rank);
        sets.push(ItemSet { ranks: suffix.clone(), count: cuts.len() as u64 });
        let mut counts = vec![0_u64; rank as usize];
        for chunk in cuts.chunks(CHUNK) {
            self.executor.check()?;
            for (basket, end) in chunk {
                self.baskets[*basket as usize][..*end as usize].iter().for_each(|rank| counts[*rank as usize] += 1);
            }
        }
        let keys: Vec<i32> = (0..rank as i32).filter(|rank| counts[*rank as usize] > 0).collect();
        for next in mutable_order(&keys) {
            if counts[next as usize] >= self.least {
                self.extend(&cuts, next as u32, suffix, sets)?;
            }
        }
        suffix.pop();
        Ok(())
    }
}

//! How often each row counts in each tree (`BaggedPoint`).

use kindling_frame::random::{Poisson, XorShiftRandom};
use kindling_partition::{Executor, Result};

use super::strategy::Strategy;
use crate::task::Task;

/// Numbers drawn between two looks at the Stop flag.
const CHUNK: usize = 1 << 14;

/// For each tree the count of each row, in partition order; `None` when every row counts once.
///
/// With replacement a Poisson number for each row and tree, else a coin for each; from one generator per partition, seeded as Spark's.
pub(crate) fn bag(executor: &Executor, partitions: &[Task<'_>], strategy: &Strategy) -> Result<Option<Vec<Vec<u16>>>> {
    let trees = strategy.num_trees;
    if !strategy.bootstrap && trees == 1 && strategy.subsampling_rate == 1.0 {
        return Ok(None);
    }
    let parts = executor.map("bag rows", partitions, |index, partition| {
        let seed = strategy.seed.wrapping_add(index as i64).wrapping_add(1);
        let rows = partition.len();
        let mut counts = vec![0_u16; rows * trees];
        let chunk = (CHUNK / trees.max(1)).max(1);
        let mut fill = |draw: &mut dyn FnMut() -> u16| {
            for row in 0..rows {
                if row % chunk == 0 {
                    executor.check()?;
                }
                for tree in 0..trees {
                    counts[tree * rows + row] = draw();
                }
            }
            Ok(())
        };
        if strategy.bootstrap {
            let mut poisson = Poisson::new(strategy.subsampling_rate, seed)?;
            fill(&mut || poisson.sample() as u16)?;
        } else {
            let mut random = XorShiftRandom::new(seed);
            fill(&mut || u16::from(random.next_double() < strategy.subsampling_rate))?;
        }
        Ok(counts)
    })?;
    let rows = partitions.iter().map(Task::len).sum();
    let bags = (0..trees).map(|tree| {
        executor.check()?;
        let mut bag = Vec::with_capacity(rows);
        for (partition, counts) in partitions.iter().zip(&parts) {
            bag.extend_from_slice(&counts[tree * partition.len()..(tree + 1) * partition.len()]);
        }
        Ok(bag)
    });
    Ok(Some(bags.collect::<Result<_>>()?))
}

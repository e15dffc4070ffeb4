//! `RDD.takeSample`.

use kindling_frame::random::{BernoulliSampler, JavaRandom, PoissonSampler, fraction_for_sample_size, partition_seeds, shuffle_in_place};
use kindling_partition::{Executor, Result};

/// So many random rows in random order, each as its partition and its place there. Without replacement at most as many as there are.
pub(super) fn take_sample(
    executor: &Executor,
    lengths: &[usize],
    count: usize,
    replacement: bool,
    seed: i64,
) -> Result<Vec<(usize, usize)>> {
    let rows: usize = lengths.iter().sum();
    if rows == 0 || count == 0 {
        return Ok(Vec::new());
    }
    let mut random = JavaRandom::new(seed);
    let mut taken: Vec<(usize, usize)> = Vec::new();
    if !replacement && count >= rows {
        taken = lengths.iter().enumerate().flat_map(|(p, length)| (0..*length).map(move |i| (p, i))).collect();
    } else {
        let fraction = fraction_for_sample_size(count, rows as u64, replacement);
        while taken.len() < count {
            executor.check()?;
            taken.clear();
            let seeds = partition_seeds(i64::from(random.next_int()), lengths.len());
            for (p, (length, seed)) in lengths.iter().zip(seeds).enumerate() {
                if replacement {
                    let mut sampler = PoissonSampler::new(fraction, true, seed)?;
                    taken.extend((0..*length).flat_map(|i| std::iter::repeat_n((p, i), sampler.copies() as usize)));
                } else {
                    let mut sampler = BernoulliSampler::new(fraction, seed);
                    taken.extend((0..*length).filter(|_| sampler.takes()).map(|i| (p, i)));
                }
            }
        }
    }
    shuffle_in_place(&mut taken, &mut random);
    taken.truncate(count);
    Ok(taken)
}

//! Which rows and features a tree sees.
//!
//! The draws are Kindling's own, a hash of the seed, the round and the row or feature, so that they are the same for any number of threads.
//! XGBoost draws from a Mersenne Twister that each of its threads moves on by itself: with the same seed it takes other rows and features, the
//! same share of them.

/// One of the three levels at which features are drawn.
#[derive(Clone, Copy, Debug)]
pub(super) struct Shares {
    pub subsample: f32,
    pub by_tree: f32,
    pub by_level: f32,
    pub by_node: f32,
}

fn mix(mut x: u64) -> u64 {
    x = x.wrapping_add(0x9e37_79b9_7f4a_7c15);
    x = (x ^ (x >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    x = (x ^ (x >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    x ^ (x >> 31)
}

/// The seed of a part of a seed's work.
pub(super) fn part(seed: u64, part: u64) -> u64 {
    mix(seed ^ mix(part))
}

/// Whether a row is drawn, with this probability.
pub(super) fn takes(seed: u64, row: usize, share: f32) -> bool {
    (part(seed, row as u64) >> 40) as f32 * (1.0 / (1 << 24) as f32) < share
}

/// This share of the features, at least one, in rising order.
pub(super) fn features(from: &[u32], share: f32, seed: u64) -> Vec<u32> {
    if share >= 1.0 {
        return from.to_vec();
    }
    let wanted = ((share * from.len() as f32) as usize).max(1);
    let mut drawn = from.to_vec();
    drawn.sort_by_key(|feature| part(seed, u64::from(*feature)));
    drawn.truncate(wanted);
    drawn.sort_unstable();
    drawn
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_share_is_drawn_and_each_seed_draws_its_own() {
        let rows = |seed| (0..10_000).filter(|row| takes(seed, *row, 0.3)).collect::<Vec<_>>();
        assert!((2800..3200).contains(&rows(1).len()));
        assert_ne!(rows(1), rows(2));
        let all: Vec<u32> = (0..10).collect();
        let some = features(&all, 0.55, 7);
        assert_eq!(some.len(), 5);
        assert!(some.windows(2).all(|pair| pair[0] < pair[1]));
        assert_eq!(features(&all, 0.01, 7).len(), 1);
        assert_eq!(features(&all, 1.0, 7), all);
    }
}

//! Rows dealt into buckets by their keys, which sorting and grouping do first: each bucket fits a cache, and a thread of its own.

/// A row's key and its number.
pub(super) type Entry = (u64, u32);

/// How many rows one task deals; fixed, so that the result doesn't depend on the threads.
pub(super) const RUN: usize = 1 << 16;
/// Buckets there are at most.
pub(super) const BUCKETS: usize = 256;

/// Some rows bucket by bucket, in their order within each.
pub(super) struct Dealt {
    entries: Vec<Entry>,
    /// Where each bucket begins and ends.
    ends: Vec<usize>,
}

impl Dealt {
    /// Rows with these keys, the first of which is number `first`.
    #[optimize(speed)]
    pub fn new(keys: &[u64], first: usize, buckets: usize, bucket: impl Fn(u64, u32) -> usize) -> Self {
        let mut places = vec![0_u8; keys.len()];
        let mut ends = vec![0; buckets + 1];
        for (i, (key, place)) in keys.iter().zip(&mut places).enumerate() {
            *place = bucket(*key, (first + i) as u32) as u8;
            ends[usize::from(*place) + 1] += 1;
        }
        (0..buckets).for_each(|b| ends[b + 1] += ends[b]);
        let (mut next, mut entries) = (ends.clone(), vec![(0, 0); keys.len()]);
        for (i, (key, place)) in keys.iter().zip(places).enumerate() {
            let next = &mut next[usize::from(place)];
            entries[*next] = (*key, (first + i) as u32);
            *next += 1;
        }
        Self { entries, ends }
    }

    /// The rows of a bucket.
    pub fn bucket(&self, bucket: usize) -> &[Entry] {
        &self.entries[self.ends[bucket]..self.ends[bucket + 1]]
    }
}

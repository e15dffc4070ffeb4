//! Ratings as ALS sees them from one side: by block and id, each with what it rated.

use kindling_partition::{Error, Executor, Result};

/// Who rated what, and how.
#[derive(Clone, Copy, Debug)]
pub(super) struct Rating {
    pub user: i32,
    pub item: i32,
    pub rating: f32,
}

/// The ids of users or of items, block after block and rising within a block, with their ratings.
pub(super) struct Side {
    pub ids: Vec<i32>,
    /// Where each block begins in `ids`, and the end.
    pub blocks: Vec<usize>,
    /// Where the ratings of each id begin, and the end.
    pub starts: Vec<usize>,
    /// What was rated, as a place in the other side's ids.
    pub others: Vec<u32>,
    pub ratings: Vec<f32>,
}

/// How many ratings are taken between two looks at Stop.
const CHUNK: usize = 1 << 16;

/// Numbers that sort as ids do by block, then by id. The block of an id is that of Spark's `HashPartitioner`, where the hash of an integer is
/// itself.
fn key(id: i32, blocks: usize) -> u64 {
    (block(id, blocks) << 32) | u64::from(id.cast_unsigned() ^ (1 << 31))
}

fn block(id: i32, blocks: usize) -> u64 {
    i64::from(id).rem_euclid(blocks as i64) as u64
}

/// Users and items.
///
/// # Errors
/// When Stop was pressed.
pub(super) fn sides(executor: &Executor, ratings: &[Rating], user_blocks: usize, item_blocks: usize) -> Result<(Side, Side)> {
    let flipped: Vec<Rating> = ratings.iter().map(|r| Rating { user: r.item, item: r.user, rating: r.rating }).collect();
    let both = [(ratings, user_blocks), (&flipped, item_blocks)];
    let keys = executor.map("ALS: ids", &both, |_, (ratings, blocks)| distinct(executor, ratings, *blocks))?;
    let each = [(0, 1), (1, 0)];
    let sides = executor.map("ALS: ratings by id", &each, |_, (own, other)| {
        let (ratings, blocks) = both[*own];
        side(executor, ratings, (&keys[*own], blocks), (&keys[*other], both[*other].1))
    })?;
    let [users, items] = <[Side; 2]>::try_from(sides).map_err(|_| Error::runtime("ALS has users and items."))?;
    Ok((users, items))
}

/// The keys of the users of these ratings, rising.
fn distinct(executor: &Executor, ratings: &[Rating], blocks: usize) -> Result<Vec<u64>> {
    let mut keys = Vec::new();
    for chunk in ratings.chunks(CHUNK) {
        executor.check()?;
        let mut some: Vec<u64> = chunk.iter().map(|r| key(r.user, blocks)).collect();
        some.sort_unstable();
        some.dedup();
        keys.extend(some);
    }
    // Of sorted runs, which this sort merges.
    keys.sort();
    keys.dedup();
    Ok(keys)
}

/// The side that is `user` in these ratings, from the keys of both sides. The ratings of an id come in the order of the other side's blocks, within
/// a block as they came.
fn side(executor: &Executor, ratings: &[Rating], (keys, blocks): (&[u64], usize), (others, other_blocks): (&[u64], usize)) -> Result<Side> {
    let place = |keys: &[u64], key: u64| keys.partition_point(|other| *other < key);
    let mut owners = Vec::with_capacity(ratings.len());
    let mut starts = vec![0; keys.len() + 1];
    for chunk in ratings.chunks(CHUNK) {
        executor.check()?;
        for rating in chunk {
            let owner = place(keys, key(rating.user, blocks));
            starts[owner + 1] += 1;
            owners.push(owner as u32);
        }
    }
    for i in 0..keys.len() {
        starts[i + 1] += starts[i];
    }
    let mut ends = starts.clone();
    let mut sorted = vec![0_u64; ratings.len()];
    for (i, (rating, owner)) in ratings.iter().zip(&owners).enumerate() {
        let end = &mut ends[*owner as usize];
        sorted[*end] = (block(rating.item, other_blocks) << 32) | i as u64;
        *end += 1;
    }
    for (n, ends) in starts.windows(2).enumerate() {
        if n % 1024 == 0 {
            executor.check()?;
        }
        sorted[ends[0]..ends[1]].sort_unstable();
    }
    let mut side = Side {
        ids: keys.iter().map(|key| (*key as u32 ^ (1 << 31)).cast_signed()).collect(),
        blocks: (0..=blocks as u64).map(|block| keys.partition_point(|key| key >> 32 < block)).collect(),
        starts,
        others: Vec::with_capacity(ratings.len()),
        ratings: Vec::with_capacity(ratings.len()),
    };
    for chunk in sorted.chunks(CHUNK) {
        executor.check()?;
        for at in chunk {
            let rating = &ratings[*at as u32 as usize];
            side.others.push(place(others, key(rating.item, other_blocks)) as u32);
            side.ratings.push(rating.rating);
        }
    }
    Ok(side)
}

//! Ratings as ALS sees them from one side: by block and id, each with what it rated.

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

/// The block of an id: Spark's `HashPartitioner`, where the hash of an integer is itself.
fn block(id: i32, blocks: usize) -> usize {
    i64::from(id).rem_euclid(blocks as i64) as usize
}

/// Users and items.
pub(super) fn sides(ratings: &[Rating], user_blocks: usize, item_blocks: usize) -> (Side, Side) {
    let users = distinct(ratings.iter().map(|r| r.user), user_blocks);
    let items = distinct(ratings.iter().map(|r| r.item), item_blocks);
    let flipped: Vec<Rating> = ratings.iter().map(|r| Rating { user: r.item, item: r.user, rating: r.rating }).collect();
    (side(ratings, &users, user_blocks, &items, item_blocks), side(&flipped, &items, item_blocks, &users, user_blocks))
}

fn distinct(ids: impl Iterator<Item = i32>, blocks: usize) -> Vec<i32> {
    let mut ids: Vec<i32> = ids.collect();
    ids.sort_unstable_by_key(|id| (block(*id, blocks), *id));
    ids.dedup();
    ids
}

/// The side that is `user` in these ratings. The ratings of an id come in the order of the other side's blocks, within a block as they came.
fn side(ratings: &[Rating], ids: &[i32], blocks: usize, others: &[i32], other_blocks: usize) -> Side {
    let place =
        |ids: &[i32], blocks: usize, id: i32| ids.partition_point(|other| (block(*other, blocks), *other) < (block(id, blocks), id));
    let mut sorted: Vec<(usize, usize, usize)> =
        ratings.iter().enumerate().map(|(i, r)| (place(ids, blocks, r.user), block(r.item, other_blocks), i)).collect();
    sorted.sort_unstable();
    let mut starts = Vec::with_capacity(ids.len() + 1);
    for (at, (own, ..)) in sorted.iter().enumerate() {
        if *own == starts.len() {
            starts.push(at);
        }
    }
    starts.push(sorted.len());
    Side {
        blocks: (0..=blocks).map(|b| ids.partition_point(|id| block(*id, blocks) < b)).collect(),
        starts,
        others: sorted.iter().map(|(.., i)| place(others, other_blocks, ratings[*i].item) as u32).collect(),
        ratings: sorted.iter().map(|(.., i)| ratings[*i].rating).collect(),
        ids: ids.to_vec(),
    }
}

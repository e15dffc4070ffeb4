//! The order in which Scala 2.13's hash maps give out small integers. Spark's forests take nodes in the order of a hash map of trees, and
//! draw feature subsets as they go: to grow the same trees, the order has to be the same.

use std::cmp::Ordering;

/// The order of an immutable `Map` or `Set` built by putting `keys` in one after the other: as they came up to four, from five on by the
/// bits of their hash, lowest first (a compressed hash-array mapped prefix tree; at each node its own keys before its branches).
pub(crate) fn immutable_order(keys: &[i32]) -> Vec<i32> {
    let mut distinct: Vec<i32> = Vec::with_capacity(keys.len());
    for key in keys {
        if !distinct.contains(key) {
            distinct.push(*key);
        }
    }
    if distinct.len() <= 4 {
        return distinct;
    }
    let mut ordered = Vec::with_capacity(distinct.len());
    walk(&distinct, 0, &mut ordered);
    ordered
}

/// The order of a mutable `HashMap` that holds few keys (it has 16 buckets until it holds 12): by bucket, then by hash.
pub(crate) fn mutable_order(keys: &[i32]) -> Vec<i32> {
    let mut buckets = 16_u32;
    while keys.len() as f64 > 0.75 * f64::from(buckets) {
        buckets *= 2;
    }
    let hash = |key: i32| {
        let h = key as u32;
        h ^ (h >> 16)
    };
    let mut ordered = keys.to_vec();
    ordered.sort_by(|a, b| match (hash(*a) & (buckets - 1)).cmp(&(hash(*b) & (buckets - 1))) {
        Ordering::Equal => (hash(*a) as i32).cmp(&(hash(*b) as i32)),
        other => other,
    });
    ordered
}

fn walk(keys: &[i32], shift: u32, ordered: &mut Vec<i32>) {
    let mut slots: [Vec<i32>; 32] = std::array::from_fn(|_| Vec::new());
    for key in keys {
        slots[((improved(*key) >> shift) & 31) as usize].push(*key);
    }
    ordered.extend(slots.iter().filter(|slot| slot.len() == 1).map(|slot| slot[0]));
    for slot in slots.iter().filter(|slot| slot.len() > 1) {
        walk(slot, shift + 5, ordered);
    }
}

/// `scala.collection.Hashing.improve`; a bijection, so that distinct integers part sooner or later.
fn improved(hash: i32) -> u32 {
    let mut h = hash.wrapping_add(!(hash << 9)) as u32;
    h ^= h >> 14;
    h = h.wrapping_add(h << 4);
    h ^ (h >> 10)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// From Scala 2.13: `Seq(3, 1, 2, 3).toSet` and `(0 until 10).toSet`.
    #[test]
    fn sets_of_integers_come_in_scalas_order() {
        assert_eq!(immutable_order(&[3, 1, 2, 3]), [3, 1, 2]);
        assert_eq!(immutable_order(&(0..10).collect::<Vec<_>>()), [0, 5, 1, 6, 9, 2, 7, 3, 8, 4]);
    }
}

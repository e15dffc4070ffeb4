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

/// Puts items in the order in which a hash map gives them out, when they are in one: `key` is unique.
pub(crate) fn sort_as_map<T>(items: &mut [T], hashed: bool, key: impl Fn(&T) -> i32) {
    if !hashed {
        return;
    }
    let keys: Vec<i32> = items.iter().map(&key).collect();
    let mut ordered = Vec::with_capacity(keys.len());
    walk(&keys, 0, &mut ordered);
    items.sort_by_key(|item| ordered.iter().position(|other| *other == key(item)));
}

/// The places of different keys in the order in which `collect` gives them after `aggregateByKey`: by the partition that the key's hash chooses,
/// then by its slot in Spark's `AppendOnlyMap`. Where keys share a slot Spark's order depends on which came first; here it is the smaller.
pub(crate) fn collected_order(keys: &[i64], partitions: usize) -> Vec<usize> {
    let hash = |key: i64| (key ^ ((key as u64) >> 32) as i64) as i32;
    let partition = |key: i64| hash(key).rem_euclid(partitions.max(1) as i32);
    let mut order: Vec<usize> = (0..keys.len()).collect();
    order.sort_by_key(|at| (partition(keys[*at]), keys[*at]));
    order
        .chunk_by(|a, b| partition(keys[*a]) == partition(keys[*b]))
        .flat_map(|chunk| {
            let slots = open_slots(&chunk.iter().map(|at| i64::from(hash(keys[*at]))).collect::<Vec<_>>());
            slots.into_iter().map(|at| chunk[at]).collect::<Vec<_>>()
        })
        .collect()
}

/// The places of different keys in the order of their slots in Spark's open hash sets and maps (`OpenHashSet`, `AppendOnlyMap`), to which they
/// were added as they come: 64 slots at first, twice as many whenever 7 of 10 are taken, and steps of 1, 2, 3... from a slot that is taken.
pub(crate) fn open_slots(keys: &[i64]) -> Vec<usize> {
    let mut slots: Vec<Option<usize>> = vec![None; 64];
    let put = |slots: &mut Vec<Option<usize>>, at: usize| {
        let hash = keys[at] ^ ((keys[at] as u64) >> 32) as i64;
        let mask = slots.len() - 1;
        let (mut slot, mut step) = (murmur(hash as i32) as usize & mask, 1);
        while slots[slot].is_some() {
            slot = (slot + step) & mask;
            step += 1;
        }
        slots[slot] = Some(at);
    };
    for at in 0..keys.len() {
        put(&mut slots, at);
        if (at + 1) as f64 > 0.7 * slots.len() as f64 {
            let old = std::mem::take(&mut slots);
            slots = vec![None; 2 * old.len()];
            old.into_iter().flatten().for_each(|at| put(&mut slots, at));
        }
    }
    slots.into_iter().flatten().collect()
}

/// Murmur3 of one integer, as Guava's `murmur3_32().hashInt`.
fn murmur(value: i32) -> u32 {
    let k = (value as u32).wrapping_mul(0xcc9e_2d51).rotate_left(15).wrapping_mul(0x1b87_3593);
    let mut h = k.rotate_left(13).wrapping_mul(5).wrapping_add(0xe654_6b64) ^ 4;
    h = (h ^ (h >> 16)).wrapping_mul(0x85eb_ca6b);
    h = (h ^ (h >> 13)).wrapping_mul(0xc2b2_ae35);
    h ^ (h >> 16)
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

    /// The published Murmur3 of four zero bytes, and slots in the order of hashes.
    #[test]
    fn integers_hash_as_in_guava() {
        assert_eq!(murmur(0), 0x2362_f9de);
        let keys: Vec<i64> = (0..100).collect();
        let mut slots = open_slots(&keys);
        slots.sort_unstable();
        assert_eq!(slots, (0..100).collect::<Vec<_>>());
    }

    /// From Scala 2.13: `Seq(3, 1, 2, 3).toSet` and `(0 until 10).toSet`.
    #[test]
    fn sets_of_integers_come_in_scalas_order() {
        assert_eq!(immutable_order(&[3, 1, 2, 3]), [3, 1, 2]);
        assert_eq!(immutable_order(&(0..10).collect::<Vec<_>>()), [0, 5, 1, 6, 9, 2, 7, 3, 8, 4]);
    }
}

//! The order in which the hash maps of Scala 2.13 and of Spark's shuffles give out their keys, and the hashes behind it. Spark's forests take
//! nodes in the order of a hash map of trees, and draw feature subsets as they go; words and items of equal frequency go by their hashes: to
//! give what Spark gives, the order has to be the same.

use std::cmp::Ordering;
use std::collections::BTreeMap;

use kindling_frame::hash::hash_int;

/// `String.hashCode` of Java.
pub(crate) fn java_hash(text: &str) -> i32 {
    text.encode_utf16().fold(0_i32, |hash, unit| hash.wrapping_mul(31).wrapping_add(i32::from(unit)))
}

/// The places of different keys with these hashes as a shuffle to so many partitions gives them out (`reduceByKey`, then `collect`).
pub(crate) fn shuffled(hashes: &[i32], partitions: usize) -> Vec<usize> {
    let mut parts: Vec<Vec<usize>> = vec![Vec::new(); partitions.max(1)];
    for (i, hash) in hashes.iter().enumerate() {
        parts[hash.rem_euclid(partitions.max(1) as i32) as usize].push(i);
    }
    parts.iter().flat_map(|part| slots(hashes, part)).collect()
}

/// The keys at `places` in the order of the slots of Spark's `AppendOnlyMap`, which they are put into one after the other.
pub(crate) fn slots(hashes: &[i32], places: &[usize]) -> Vec<usize> {
    let put = |table: &mut Vec<Option<usize>>, place: usize| {
        let mask = table.len() - 1;
        let mut slot = hash_int(hashes[place], 0) as u32 as usize & mask;
        let mut step = 1;
        while table[slot].is_some() {
            slot = (slot + step) & mask;
            step += 1;
        }
        table[slot] = Some(place);
    };
    let mut table: Vec<Option<usize>> = vec![None; 64];
    for (i, place) in places.iter().enumerate() {
        put(&mut table, *place);
        if i + 1 > table.len() * 7 / 10 {
            let mut larger = vec![None; table.len() * 2];
            table.iter().flatten().for_each(|place| put(&mut larger, *place));
            table = larger;
        }
    }
    table.into_iter().flatten().collect()
}

/// The hash of an array of objects with these hashes, as a Scala sequence has it (`MurmurHash3.arrayHash` with the seed of `Seq`): numbers
/// with even steps are hashed as a range.
pub(crate) fn sequence_hash(hashes: &[i32]) -> i32 {
    const SEED: i32 = 83_007;
    let [first, second, ..] = *hashes else {
        return match hashes {
            [] => finished(SEED, 0),
            [only, ..] => finished(mixed(SEED, *only), 1),
        };
    };
    let start = mixed(SEED, first);
    let step = second.wrapping_sub(first);
    if hashes.windows(2).all(|pair| pair[1].wrapping_sub(pair[0]) == step) {
        return avalanched(mixed(mixed(start, step), hashes[hashes.len() - 1]));
    }
    finished(hashes[1..].iter().fold(start, |hash, next| mixed(hash, *next)), hashes.len() as i32)
}

fn mixed(hash: i32, data: i32) -> i32 {
    let data = data.wrapping_mul(0xcc9e_2d51_u32.cast_signed()).rotate_left(15).wrapping_mul(0x1b87_3593);
    (hash ^ data).rotate_left(13).wrapping_mul(5).wrapping_add(0xe654_6b64_u32.cast_signed())
}

fn finished(hash: i32, length: i32) -> i32 {
    avalanched(hash ^ length)
}

fn avalanched(hash: i32) -> i32 {
    let mut h = hash.cast_unsigned();
    h ^= h >> 16;
    h = h.wrapping_mul(0x85eb_ca6b);
    h ^= h >> 13;
    h = h.wrapping_mul(0xc2b2_ae35);
    (h ^ (h >> 16)).cast_signed()
}

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

/// Puts items in the order in which a hash map gives them out, when they are in one: `key` is their hash. Items of one hash stay as they come.
pub(crate) fn sort_as_map<T>(items: &mut [T], hashed: bool, key: impl Fn(&T) -> i32) {
    if !hashed {
        return;
    }
    let mut keys: Vec<i32> = items.iter().map(&key).collect();
    keys.sort_unstable();
    keys.dedup();
    let mut ordered = Vec::with_capacity(keys.len());
    walk(&keys, 0, &mut ordered);
    let ranks: BTreeMap<i32, usize> = ordered.into_iter().zip(0..).collect();
    items.sort_by_key(|item| ranks.get(&key(item)).copied());
}

/// The hash of a `Long`, which for small ones is that of an `Int`.
fn long_hash(key: i64) -> i32 {
    (key ^ ((key as u64) >> 32) as i64) as i32
}

/// The places of different keys in the order in which `collect` gives them after `aggregateByKey`: by the partition that the key's hash chooses,
/// then by its slot in Spark's `AppendOnlyMap`. Where keys share a slot Spark's order depends on which came first; here it is the smaller.
pub(crate) fn collected_order(keys: &[i64], partitions: usize) -> Vec<usize> {
    let mut order: Vec<usize> = (0..keys.len()).collect();
    order.sort_by_key(|at| keys[*at]);
    let hashes: Vec<i32> = order.iter().map(|at| long_hash(keys[*at])).collect();
    shuffled(&hashes, partitions).into_iter().map(|at| order[at]).collect()
}

/// The places of different keys in the order of their slots in Spark's open hash sets and maps (`OpenHashSet`, `AppendOnlyMap`), to which they
/// were added as they come.
pub(crate) fn open_slots(keys: &[i64]) -> Vec<usize> {
    let hashes: Vec<i32> = keys.iter().map(|key| long_hash(*key)).collect();
    slots(&hashes, &(0..keys.len()).collect::<Vec<_>>())
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

    /// Every key has one slot.
    #[test]
    fn slots_hold_each_key_once() {
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

    /// From Spark 4.3: the words of `Word2VecModel.getVectors()`.
    #[test]
    fn maps_of_words_come_in_scalas_order() {
        for (words, expected) in [
            ("spark hello world data alpha beta", "alpha world data spark beta hello"),
            ("the cat sat on mat a dog", "mat a dog on cat sat the"),
            ("x1 x10 x2 é Z z", "é x2 x1 x10 Z z"),
        ] {
            let mut found: Vec<&str> = words.split(' ').collect();
            sort_as_map(&mut found, true, |word| java_hash(word));
            assert_eq!(found.join(" "), expected);
        }
    }
}

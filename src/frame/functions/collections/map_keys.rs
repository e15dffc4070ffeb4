//! The keys of a map that is made: none is null, and each is there once, or its last value counts (`spark.sql.mapKeyDedupPolicy`).

use std::sync::atomic::{AtomicBool, Ordering::Relaxed};

use arrow_array::{ArrayRef, UInt32Array};
use kindling_partition::{Error, ErrorKind, Result};

use super::super::order;
use crate::batch::value_at;
use crate::types::DataType;
use crate::value::Value;

/// The setting's name.
pub(crate) const SETTING: &str = "spark.sql.mapKeyDedupPolicy";

/// Whether of two equal keys the one that comes last stays, with its value at the place of the first; else they are an error.
static LAST_WINS: AtomicBool = AtomicBool::new(false);

/// Makes this the policy for all maps made from now on.
///
/// # Errors
/// When there is no such policy.
pub(crate) fn set_policy(name: &str) -> Result<()> {
    let last = match name.to_uppercase().as_str() {
        "LAST_WIN" => true,
        "EXCEPTION" => false,
        _ => {
            let text = format!(
                "The value '{name}' in the config \"{SETTING}\" is invalid. The value of {SETTING} should be one of EXCEPTION, LAST_WIN."
            );
            return Err(Error::new(ErrorKind::IllegalArgument, text).with_condition("INVALID_CONF_VALUE.OUT_OF_RANGE_OF_OPTIONS"));
        }
    };
    LAST_WINS.store(last, Relaxed);
    Ok(())
}

/// The map of these entries.
///
/// # Errors
/// `NULL_MAP_KEY`, `DUPLICATED_MAP_KEY`
pub(in super::super) fn map_of(entries: Vec<(Value, Value)>) -> Result<Value> {
    let Some(kept) = kept(&entries.iter().map(|e| &e.0).collect::<Vec<_>>())? else { return Ok(Value::Map(entries.into())) };
    Ok(Value::Map(kept.into_iter().map(|(key, value)| (entries[key].0.clone(), entries[value].1.clone())).collect()))
}

/// The places of the keys and of the values that stay; none when all do.
fn kept(keys: &[&Value]) -> Result<Option<Vec<(usize, usize)>>> {
    if keys.iter().any(|k| k.is_null()) {
        return Err(Error::runtime("Cannot use null as map key.").with_condition("NULL_MAP_KEY"));
    }
    let mut sorted: Vec<usize> = (0..keys.len()).collect();
    sorted.sort_by(|a, b| order(keys[*a], keys[*b]).then(a.cmp(b)));
    let Some(pair) = sorted.windows(2).find(|pair| order(keys[pair[0]], keys[pair[1]]).is_eq()) else { return Ok(None) };
    if !LAST_WINS.load(Relaxed) {
        return Err(Error::runtime(format!(
            "Duplicate map key {} was found, please check the input data. If you want to remove the duplicated keys, you can set \
             \"{SETTING}\" to \"LAST_WIN\" so that the key inserted at last takes precedence.",
            keys[pair[0]]
        ))
        .with_condition("DUPLICATED_MAP_KEY"));
    }
    let same = sorted.chunk_by(|a, b| order(keys[*a], keys[*b]).is_eq());
    let mut kept: Vec<(usize, usize)> = same.filter_map(|places| Some((*places.first()?, *places.last()?))).collect();
    kept.sort_unstable();
    Ok(Some(kept))
}

/// The keys and values that stay of maps that lie one after the other, and how many each map has.
///
/// # Errors
/// As [`map_of`].
pub(in super::super) fn maps_of(
    keys: ArrayRef,
    values: ArrayRef,
    data_type: &DataType,
    lengths: &[usize],
) -> Result<(ArrayRef, ArrayRef, Vec<usize>)> {
    let (mut key_places, mut value_places) = (Vec::with_capacity(keys.len()), Vec::with_capacity(keys.len()));
    let (mut at, mut new_lengths) = (0, Vec::with_capacity(lengths.len()));
    for length in lengths {
        let row: Vec<Value> = (at..at + length).map(|i| value_at(&keys, data_type, i)).collect();
        let kept = kept(&row.iter().collect::<Vec<_>>())?.unwrap_or_else(|| (0..*length).map(|i| (i, i)).collect());
        new_lengths.push(kept.len());
        key_places.extend(kept.iter().map(|(key, _)| (at + key) as u32));
        value_places.extend(kept.iter().map(|(_, value)| (at + value) as u32));
        at += length;
    }
    if key_places.len() == keys.len() {
        return Ok((keys, values, new_lengths));
    }
    let (keys, values) =
        (crate::select::take(&keys, &UInt32Array::from(key_places))?, crate::select::take(&values, &UInt32Array::from(value_places))?);
    Ok((keys, values, new_lengths))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// As Spark's `ArrayBasedMapBuilder` has it: the first key's place, the last one's value.
    #[test]
    fn the_last_value_of_a_key_takes_the_place_of_the_first() {
        let keys = [1, 2, 1, 3, 2].map(Value::Int);
        let refused = kept(&keys.iter().collect::<Vec<_>>()).expect_err("twice");
        assert_eq!(refused.condition(), Some("DUPLICATED_MAP_KEY"));
        assert!(set_policy("FIRST_WIN").is_err());
        let null = kept(&[&Value::Null]).expect_err("no key");
        assert_eq!(null.condition(), Some("NULL_MAP_KEY"));
    }
}

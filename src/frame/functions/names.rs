//! The names that SQL text knows functions by.

use super::declare::{ALIASES, all};
use super::registered::TABLE_FUNCTIONS;

/// Forms of SQL that are no functions of the registry, and functions of windows.
const FORMS: &str = "!= <> << >> >>> || ~ between bigint binary boolean case cast counter_diff cume_dist date date_part datepart decimal \
    dense_rank double float grouping grouping_id if int lag lead luhn_check mod named_struct nth_value ntile percent_rank percentile_cont \
    percentile_disc rank row_number smallint space string time timestamp tinyint when";

/// Names that Python has and SQL hasn't, and the engine's own.
const NOT_IN_SQL: &str = "aggregate_metrics array_to_vector asc bitwise_not create_map desc drop_fields getfield getitem iff named negate \
    product timestamp_add timestamp_diff try_cast unwrap_udt vector_to_array with_field";

/// Sorted in no way.
pub(crate) fn sql_names() -> impl Iterator<Item = &'static str> {
    let plain = |name: &&str| (name.chars().all(is_word) || !name.contains(is_word)) && !NOT_IN_SQL.split(' ').any(|not| not == *name);
    let aliases = ALIASES.iter().map(|(alias, _)| *alias);
    all().map(|f| f.name).chain(aliases).chain(FORMS.split(' ')).chain(TABLE_FUNCTIONS).filter(plain)
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

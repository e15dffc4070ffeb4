//! Names that tell stages apart.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

static COUNTER: AtomicU64 = AtomicU64::new(0);

/// A new uid in Spark's form, `LogisticRegression_1a2b3c4d5e6f`.
///
/// The digits look random but come from a counter, so that a notebook run twice from the start gets the same names. No result depends on
/// them.
pub fn new_uid(prefix: &str) -> Arc<str> {
    let mixed = splitmix(COUNTER.fetch_add(1, Relaxed));
    format!("{prefix}_{:012x}", mixed >> 16).into()
}

/// The finaliser of SplitMix64, a bijection of 64-bit integers.
fn splitmix(n: u64) -> u64 {
    let mut z = n.wrapping_add(1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

//! Chance: what nobody gave a seed for.

use std::sync::{Mutex, PoisonError};

use crate::functions::{encrypt_block, sha256};

struct Pool {
    entropy: [u64; 4],
    /// The word that is added to next.
    next: usize,
    drawn: u64,
}

static POOL: Mutex<Pool> = Mutex::new(Pool { entropy: [0; 4], next: 0, drawn: 0 });

/// The engine has no chance of its own: whoever has some adds it, four times when it starts.
pub fn add_entropy(entropy: u64) {
    let mut pool = POOL.lock().unwrap_or_else(PoisonError::into_inner);
    let at = pool.next;
    pool.entropy[at] ^= entropy;
    pool.next = (at + 1) % pool.entropy.len();
}

/// Bytes that tell nothing of those before and after them: a running count, encrypted under the digest of what was added.
pub(crate) fn random_bytes() -> [u8; 16] {
    let (entropy, count) = {
        let mut pool = POOL.lock().unwrap_or_else(PoisonError::into_inner);
        pool.drawn += 1;
        (pool.entropy.map(u64::to_le_bytes), pool.drawn)
    };
    encrypt_block(&sha256(entropy.as_flattened()), u128::from(count).to_le_bytes())
}

/// A seed in the place of one that is not given.
pub(crate) fn random_seed() -> i64 {
    random_bytes().first_chunk().map_or(0, |bytes| i64::from_le_bytes(*bytes))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_drawn_is_never_drawn_again() {
        let drawn: std::collections::BTreeSet<_> = (0..1000).map(|_| random_bytes()).collect();
        assert_eq!(drawn.len(), 1000);
    }
}

//! SHA-512, by which CPython turns a text into a seed. Source: FIPS 180-4.

const ROUNDS: usize = 80;

/// The fractional parts of the cube roots of the first 80 primes, computed exactly.
fn constants() -> [u64; ROUNDS] {
    let mut constants = [0; ROUNDS];
    for (slot, prime) in constants.iter_mut().zip(primes()) {
        *slot = root_fraction(prime, 3);
    }
    constants
}

fn primes() -> impl Iterator<Item = u64> {
    (2u64..)
        .filter(|&candidate| (2..candidate).take_while(|divisor| divisor * divisor <= candidate).all(|divisor| candidate % divisor != 0))
}

/// The first 64 bits after the point of the `degree`th root of `n`.
fn root_fraction(n: u64, degree: u32) -> u64 {
    use num_bigint::BigUint;
    use num_traits::ToPrimitive;
    let scaled = BigUint::from(n) << (64 * degree);
    let root = scaled.nth_root(degree);
    (root & BigUint::from(u64::MAX)).to_u64().unwrap_or(0)
}

pub(super) fn digest(message: &[u8]) -> [u8; 64] {
    let constants = constants();
    let mut state: [u64; 8] = [0; 8];
    for (slot, prime) in state.iter_mut().zip(primes()) {
        *slot = root_fraction(prime, 2);
    }
    let mut padded = message.to_vec();
    padded.push(0x80);
    while padded.len() % 128 != 112 {
        padded.push(0);
    }
    padded.extend_from_slice(&(message.len() as u128 * 8).to_be_bytes());
    for block in padded.as_chunks::<128>().0 {
        let mut words = [0u64; ROUNDS];
        for (word, bytes) in words.iter_mut().zip(block.as_chunks::<8>().0) {
            *word = bytes.iter().fold(0, |word, &byte| (word << 8) | u64::from(byte));
        }
        for t in 16..ROUNDS {
            let small_0 = words[t - 15].rotate_right(1) ^ words[t - 15].rotate_right(8) ^ (words[t - 15] >> 7);
            let small_1 = words[t - 2].rotate_right(19) ^ words[t - 2].rotate_right(61) ^ (words[t - 2] >> 6);
            words[t] = words[t - 16].wrapping_add(small_0).wrapping_add(words[t - 7]).wrapping_add(small_1);
        }
        let [mut a, mut b, mut c, mut d, mut e, mut f, mut g, mut h] = state;
        for t in 0..ROUNDS {
            let big_1 = e.rotate_right(14) ^ e.rotate_right(18) ^ e.rotate_right(41);
            let choice = (e & f) ^ (!e & g);
            let first = h.wrapping_add(big_1).wrapping_add(choice).wrapping_add(constants[t]).wrapping_add(words[t]);
            let big_0 = a.rotate_right(28) ^ a.rotate_right(34) ^ a.rotate_right(39);
            let majority = (a & b) ^ (a & c) ^ (b & c);
            let second = big_0.wrapping_add(majority);
            (h, g, f, e, d, c, b, a) = (g, f, e, d.wrapping_add(first), c, b, a, first.wrapping_add(second));
        }
        for (slot, value) in state.iter_mut().zip([a, b, c, d, e, f, g, h]) {
            *slot = slot.wrapping_add(value);
        }
    }
    let mut result = [0; 64];
    for (bytes, word) in result.as_chunks_mut::<8>().0.iter_mut().zip(state) {
        bytes.copy_from_slice(&word.to_be_bytes());
    }
    result
}

#[cfg(test)]
mod tests {
    use super::digest;

    #[test]
    fn the_digest_of_abc_is_that_of_the_standard() {
        let hex: String = digest(b"abc").iter().map(|byte| format!("{byte:02x}")).collect();
        assert!(hex.starts_with("ddaf35a193617abacc417349ae20413112e6fa4e89a97ea2"), "{hex}");
    }
}

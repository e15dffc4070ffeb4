//! The Advanced Encryption Standard (FIPS 197) one block at a time, and what is built on it: ECB, CBC (SP 800-38A) and GCM (SP 800-38D).

use std::array::from_fn;
use std::sync::LazyLock;

type Block = [u8; 16];

/// What stands for each byte, and the byte that each stands for.
static BOXES: LazyLock<[[u8; 256]; 2]> = LazyLock::new(|| {
    let (mut forth, mut back) = ([0; 256], [0; 256]);
    // `p` runs over all bytes but 0, `q` is its inverse.
    let (mut p, mut q) = (1_u8, 1_u8);
    loop {
        p ^= double(p);
        q ^= q << 1;
        q ^= q << 2;
        q ^= q << 4;
        q ^= if q & 0x80 == 0 { 0 } else { 9 };
        let other = q ^ q.rotate_left(1) ^ q.rotate_left(2) ^ q.rotate_left(3) ^ q.rotate_left(4) ^ 0x63;
        (forth[usize::from(p)], back[usize::from(other)]) = (other, p);
        if p == 1 {
            break;
        }
    }
    (forth[0], back[0x63]) = (0x63, 0);
    [forth, back]
});

/// Twice a byte, as a polynomial.
fn double(byte: u8) -> u8 {
    byte << 1 ^ if byte & 0x80 == 0 { 0 } else { 0x1b }
}

fn product(mut a: u8, mut b: u8) -> u8 {
    let mut sum = 0;
    while b > 0 {
        sum ^= if b & 1 == 0 { 0 } else { a };
        a = double(a);
        b >>= 1;
    }
    sum
}

fn xor(a: &Block, b: &Block) -> Block {
    from_fn(|i| a[i] ^ b[i])
}

/// Each column times a fixed one.
fn mixed(block: &Block, factors: [u8; 4]) -> Block {
    from_fn(|i| (0..4).fold(0, |sum, j| sum ^ product(block[i / 4 * 4 + (i + j) % 4], factors[j])))
}

/// A key of 16, 24 or 32 bytes, for each round.
pub(super) struct Aes(Vec<Block>);

impl Aes {
    pub fn new(key: &[u8]) -> Self {
        let words = key.len() / 4;
        let mut all: Vec<[u8; 4]> = key.as_chunks().0.to_vec();
        let mut constant = 1;
        for i in words..4 * (words + 7) {
            let mut word = all[i - 1];
            let substituted = |word: [u8; 4]| word.map(|b| BOXES[0][usize::from(b)]);
            if i % words == 0 {
                word.rotate_left(1);
                word = substituted(word);
                word[0] ^= constant;
                constant = double(constant);
            } else if words > 6 && i % words == 4 {
                word = substituted(word);
            }
            let before = all[i - words];
            all.push(from_fn(|j| before[j] ^ word[j]));
        }
        Self(all.as_flattened().as_chunks().0.to_vec())
    }

    pub fn encrypt(&self, block: &Block) -> Block {
        let mut state = xor(block, &self.0[0]);
        for (round, key) in self.0.iter().enumerate().skip(1) {
            let moved: Block = from_fn(|i| BOXES[0][usize::from(state[(i + 4 * (i % 4)) % 16])]);
            state = xor(&if round + 1 < self.0.len() { mixed(&moved, [2, 3, 1, 1]) } else { moved }, key);
        }
        state
    }

    fn decrypt(&self, block: &Block) -> Block {
        let last = self.0.len() - 1;
        let mut state = xor(block, &self.0[last]);
        for (round, key) in self.0[..last].iter().enumerate().rev() {
            let moved: Block = from_fn(|i| BOXES[1][usize::from(state[(i + 16 - 4 * (i % 4)) % 16])]);
            state = xor(&moved, key);
            if round > 0 {
                state = mixed(&state, [14, 11, 13, 9]);
            }
        }
        state
    }

    /// Blocks by themselves, or with `iv` each over the one before; filled up as PKCS #7 says.
    pub fn encrypt_blocks(&self, input: &[u8], iv: Option<&Block>) -> Vec<u8> {
        let fill = 16 - input.len() % 16;
        let mut out = input.to_vec();
        out.resize(input.len() + fill, fill as u8);
        let mut before = iv.copied();
        for block in out.as_chunks_mut().0 {
            *block = self.encrypt(&before.map_or(*block, |before| xor(block, &before)));
            before = before.map(|_| *block);
        }
        out
    }

    /// The other way; none when the filling at the end is none. The input is of whole blocks.
    pub fn decrypt_blocks(&self, input: &[u8], iv: Option<&Block>) -> Option<Vec<u8>> {
        let mut before = iv;
        let mut out = Vec::with_capacity(input.len());
        for block in input.as_chunks().0 {
            let plain = self.decrypt(block);
            out.extend(before.map_or(plain, |before| xor(&plain, before)));
            before = before.map(|_| block);
        }
        let Some(fill) = out.last().copied() else { return Some(out) };
        let text = out.len().checked_sub(usize::from(fill)).filter(|_| (1..=16).contains(&fill))?;
        let filled = out[text..].iter().all(|b| *b == fill);
        out.truncate(text);
        filled.then_some(out)
    }

    /// The input under a running count, and the tag of it and of `aad` as the text under the key.
    pub fn counted(&self, input: &[u8], iv: &[u8; 12], aad: &[u8], encrypts: bool) -> (Vec<u8>, Block) {
        let counter = |count: u32| -> Block { from_fn(|i| if i < 12 { iv[i] } else { count.to_be_bytes()[i - 12] }) };
        let stream = (2_u32..).flat_map(|count| self.encrypt(&counter(count)));
        let out: Vec<u8> = input.iter().zip(stream).map(|(a, b)| a ^ b).collect();
        let key = u128::from_be_bytes(self.encrypt(&[0; 16]));
        let mut sum = 0;
        let mut add = |block: u128| sum = times(sum ^ block, key);
        for bytes in [aad, if encrypts { &out } else { input }] {
            for chunk in bytes.chunks(16) {
                let mut block = [0; 16];
                block[..chunk.len()].copy_from_slice(chunk);
                add(u128::from_be_bytes(block));
            }
        }
        add(((aad.len() as u128 * 8) << 64) | (input.len() as u128 * 8));
        let tag = xor(&sum.to_be_bytes(), &self.encrypt(&counter(1)));
        (out, tag)
    }
}

/// The product in the field that GCM sums in: bits from the highest on.
fn times(a: u128, mut b: u128) -> u128 {
    let mut sum = 0;
    for bit in (0..128).rev() {
        sum ^= if a >> bit & 1 == 0 { 0 } else { b };
        b = b >> 1 ^ if b & 1 == 0 { 0 } else { 0xe1 << 120 };
    }
    sum
}

/// One block under a key of 16, 24 or 32 bytes.
pub(crate) fn encrypt_block(key: &[u8], block: Block) -> Block {
    Aes::new(key).encrypt(&block)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// FIPS 197, appendix C.
    #[test]
    fn blocks_are_those_of_the_standard() {
        let plain: Block = from_fn(|i| (i * 0x11) as u8);
        for (length, first) in [(16, [0x69, 0xc4]), (24, [0xdd, 0xa9]), (32, [0x8e, 0xa2])] {
            let key: Vec<u8> = (0..length).collect();
            let aes = Aes::new(&key);
            let secret = aes.encrypt(&plain);
            assert_eq!((&secret[..2], aes.decrypt(&secret)), (&first[..], plain));
        }
    }
}

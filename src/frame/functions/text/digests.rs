//! Digests of bytes: MD5 (RFC 1321), SHA-1 and SHA-2 (FIPS 180-4).

use std::sync::OnceLock;

use kindling_partition::Result;

use super::super::declare::{Function, Outcome, params};
use super::codecs::{binary, to_hex};
use crate::coerce::{expect, wrong_type};
use crate::typed::Typed;
use crate::types::DataType;
use crate::value::Value;

pub(in super::super) const FUNCTIONS: &[Function] = &[
    Function::rows("md5", "The MD5 digest in hexadecimal digits.", params!("col"), |a| of_bytes("md5", a), |c| Ok(shown(&md5(c.bytes(0))))),
    Function::rows(
        "sha",
        "The SHA-1 digest in hexadecimal digits.",
        params!("col"),
        |a| of_bytes("sha", a),
        |c| Ok(shown(&sha1(c.bytes(0)))),
    ),
    Function::rows(
        "sha1",
        "The SHA-1 digest in hexadecimal digits.",
        params!("col"),
        |a| of_bytes("sha1", a),
        |c| Ok(shown(&sha1(c.bytes(0)))),
    ),
    Function::rows(
        "sha2",
        "The SHA-2 digest of 224, 256, 384 or 512 bits in hexadecimal digits; 0 is 256.",
        params!("col", "=numBits"),
        |args| {
            of_bytes("sha2", args)?;
            expect("sha2", args, 1, &DataType::Int)?;
            Ok(Outcome::new(DataType::String, true))
        },
        |c| Ok(sha2(c.bytes(0), c.long(1)).map_or(Value::Null, |d| shown(&d))),
    ),
    Function::rows(
        "hmac",
        "The keyed digest of a message (RFC 2104) as bytes: SHA256 when nothing else is said.",
        params!("key", "message", "~algorithm"),
        |args| {
            expect("hmac", args, 0, &DataType::Binary)?;
            expect("hmac", args, 1, &DataType::Binary)?;
            expect("hmac", args, 2, &DataType::String)?;
            Ok(Outcome::strict(DataType::Binary, args))
        },
        |c| {
            let name = c.maybe_text(2).unwrap_or("SHA256").to_uppercase().replace('-', "");
            let digest: fn(&[u8]) -> Vec<u8> = match name.as_str() {
                "MD5" => |b| md5(b).to_vec(),
                "SHA1" | "SHA" => |b| sha1(b).to_vec(),
                "SHA224" => |b| sha2(b, 224).unwrap_or_default(),
                "SHA256" => |b| sha2(b, 256).unwrap_or_default(),
                "SHA384" => |b| sha2(b, 384).unwrap_or_default(),
                "SHA512" => |b| sha2(b, 512).unwrap_or_default(),
                _ => {
                    let text = format!("The algorithm '{}' of hmac is none of MD5, SHA1, SHA224, SHA256, SHA384 and SHA512.", c.text(2));
                    return Err(kindling_partition::Error::illegal_argument(text).with_condition("INVALID_PARAMETER_VALUE.HMAC_ALGORITHM"));
                }
            };
            let block = if matches!(name.as_str(), "SHA384" | "SHA512") { 128 } else { 64 };
            let mut key = if c.bytes(0).len() > block { digest(c.bytes(0)) } else { c.bytes(0).to_vec() };
            key.resize(block, 0);
            let inner: Vec<u8> = key.iter().map(|b| b ^ 0x36).chain(c.bytes(1).iter().copied()).collect();
            let outer: Vec<u8> = key.iter().map(|b| b ^ 0x5C).chain(digest(&inner)).collect();
            Ok(binary(digest(&outer)))
        },
    ),
];

fn of_bytes(name: &str, args: &mut [Typed]) -> Result<Outcome> {
    if !matches!(args[0].data_type, DataType::Binary | DataType::String | DataType::Null) {
        return Err(wrong_type(name, args, 0, "BINARY"));
    }
    expect(name, args, 0, &DataType::Binary)?;
    Ok(Outcome::strict(DataType::String, args))
}

fn shown(digest: &[u8]) -> Value {
    to_hex(digest).to_lowercase().into()
}

/// The message with a one bit, zeros and its length in bits behind it.
fn padded(bytes: &[u8], block: usize, big: bool) -> Vec<u8> {
    let length = bytes.len() as u64 * 8;
    let mut out = bytes.to_vec();
    out.push(0x80);
    while out.len() % block != block - 8 {
        out.push(0);
    }
    out.extend(if big { length.to_be_bytes() } else { length.to_le_bytes() });
    out
}

fn md5(bytes: &[u8]) -> [u8; 16] {
    const SHIFTS: [[u32; 4]; 4] = [[7, 12, 17, 22], [5, 9, 14, 20], [4, 11, 16, 23], [6, 10, 15, 21]];
    let mut state: [u32; 4] = [0x6745_2301, 0xEFCD_AB89, 0x98BA_DCFE, 0x1032_5476];
    for block in padded(bytes, 64, false).as_chunks::<64>().0 {
        let words: Vec<u32> = block.as_chunks().0.iter().map(|w| u32::from_le_bytes(*w)).collect();
        let [mut a, mut b, mut c, mut d] = state;
        for i in 0..64 {
            let (f, g) = match i / 16 {
                0 => (b & c | !b & d, i),
                1 => (d & b | !d & c, (5 * i + 1) % 16),
                2 => (b ^ c ^ d, (3 * i + 5) % 16),
                _ => (c ^ (b | !d), 7 * i % 16),
            };
            // The sines of whole numbers, as RFC 1321 has them.
            let constant = (libm::fabs(libm::sin(i as f64 + 1.0)) * 4_294_967_296.0) as u32;
            let sum = a.wrapping_add(f).wrapping_add(constant).wrapping_add(words[g]);
            (a, d, c) = (d, c, b);
            b = b.wrapping_add(sum.rotate_left(SHIFTS[i / 16][i % 4]));
        }
        state = [state[0].wrapping_add(a), state[1].wrapping_add(b), state[2].wrapping_add(c), state[3].wrapping_add(d)];
    }
    let mut out = [0; 16];
    out.as_chunks_mut().0.iter_mut().zip(state).for_each(|(o, s)| *o = s.to_le_bytes());
    out
}

fn sha1(bytes: &[u8]) -> [u8; 20] {
    let mut state: [u32; 5] = [0x6745_2301, 0xEFCD_AB89, 0x98BA_DCFE, 0x1032_5476, 0xC3D2_E1F0];
    for block in padded(bytes, 64, true).as_chunks::<64>().0 {
        let mut words: Vec<u32> = block.as_chunks().0.iter().map(|w| u32::from_be_bytes(*w)).collect();
        for i in 16..80 {
            words.push((words[i - 3] ^ words[i - 8] ^ words[i - 14] ^ words[i - 16]).rotate_left(1));
        }
        let [mut a, mut b, mut c, mut d, mut e] = state;
        for (i, word) in words.iter().enumerate() {
            let (f, k) = match i / 20 {
                0 => (b & c | !b & d, 0x5A82_7999),
                1 => (b ^ c ^ d, 0x6ED9_EBA1),
                2 => (b & c | b & d | c & d, 0x8F1B_BCDC),
                _ => (b ^ c ^ d, 0xCA62_C1D6_u32),
            };
            let next = a.rotate_left(5).wrapping_add(f).wrapping_add(e).wrapping_add(k).wrapping_add(*word);
            (e, d, c, b, a) = (d, c, b.rotate_left(30), a, next);
        }
        state.iter_mut().zip([a, b, c, d, e]).for_each(|(s, v)| *s = s.wrapping_add(v));
    }
    let mut out = [0; 20];
    out.as_chunks_mut().0.iter_mut().zip(state).for_each(|(o, s)| *o = s.to_be_bytes());
    out
}

/// The fractions of the square and the cube roots of the first 80 primes, of which SHA-2 makes its constants.
fn roots() -> &'static [Vec<u64>; 2] {
    static ROOTS: OnceLock<[Vec<u64>; 2]> = OnceLock::new();
    ROOTS.get_or_init(|| {
        let primes = || (2..410_u64).filter(|n| (2..*n).take_while(|d| d * d <= *n).all(|d| n % d != 0)).take(80);
        [2, 3].map(|degree| primes().map(|p| root_fraction(p, degree)).collect())
    })
}

/// The first 64 bits of the fraction of the `degree`th root.
fn root_fraction(prime: u64, degree: u32) -> u64 {
    // The largest x with (x / 2^64)^degree <= prime, by bisection in 256 bits; its low 64 bits are the fraction.
    let (mut low, mut high) = (0_u128, 21_u128 << 64);
    while high - low > 1 {
        let middle = (low + high) / 2;
        if power_at_most(middle, degree, prime) { low = middle } else { high = middle }
    }
    low as u64
}

fn power_at_most(x: u128, degree: u32, prime: u64) -> bool {
    let digits = |mut v: u128| -> Vec<u64> {
        let mut out = Vec::new();
        while v > 0 {
            out.push(v as u32 as u64);
            v >>= 32;
        }
        out
    };
    let base = digits(x);
    let mut product = base.clone();
    for _ in 1..degree {
        let mut next = vec![0_u64; product.len() + base.len()];
        for (i, a) in product.iter().enumerate() {
            let mut carry = 0;
            for (j, b) in base.iter().enumerate() {
                let sum = next[i + j] + a * b + carry;
                next[i + j] = sum & 0xFFFF_FFFF;
                carry = sum >> 32;
            }
            next[i + base.len()] += carry;
        }
        product = next;
    }
    let places = 2 * degree as usize;
    let whole = product.iter().skip(places).rev().fold(0_u128, |w, d| w << 32 | u128::from(*d));
    let exact = product.iter().take(places).all(|d| *d == 0);
    whole < u128::from(prime) || whole == u128::from(prime) && exact
}

fn sha2(bytes: &[u8], bits: i64) -> Option<Vec<u8>> {
    let [squares, _] = roots();
    match bits {
        0 | 256 => Some(sha256(bytes)),
        224 => {
            let start = std::array::from_fn(|i| squares[8 + i] as u32);
            Some(sha256_from(start, bytes)[..28].to_vec())
        }
        384 => Some(sha512(bytes, std::array::from_fn(|i| squares[8 + i]))[..48].to_vec()),
        512 => Some(sha512(bytes, std::array::from_fn(|i| squares[i]))),
        _ => None,
    }
}

/// 32 bytes.
pub(crate) fn sha256(bytes: &[u8]) -> Vec<u8> {
    let [squares, _] = roots();
    sha256_from(std::array::from_fn(|i| (squares[i] >> 32) as u32), bytes)
}

fn sha256_from(mut state: [u32; 8], bytes: &[u8]) -> Vec<u8> {
    let constants: Vec<u32> = roots()[1].iter().take(64).map(|r| (r >> 32) as u32).collect();
    for block in padded(bytes, 64, true).as_chunks::<64>().0 {
        let mut w: Vec<u32> = block.as_chunks().0.iter().map(|w| u32::from_be_bytes(*w)).collect();
        for i in 16..64 {
            let (a, b) = (w[i - 15], w[i - 2]);
            let (a, b) = (a.rotate_right(7) ^ a.rotate_right(18) ^ a >> 3, b.rotate_right(17) ^ b.rotate_right(19) ^ b >> 10);
            w.push(w[i - 16].wrapping_add(a).wrapping_add(w[i - 7]).wrapping_add(b));
        }
        let mut s = state;
        for (word, constant) in w.iter().zip(constants.iter()) {
            let e = s[4].rotate_right(6) ^ s[4].rotate_right(11) ^ s[4].rotate_right(25);
            let choice = s[4] & s[5] ^ !s[4] & s[6];
            let one = s[7].wrapping_add(e).wrapping_add(choice).wrapping_add(*constant).wrapping_add(*word);
            let a = s[0].rotate_right(2) ^ s[0].rotate_right(13) ^ s[0].rotate_right(22);
            let two = a.wrapping_add(s[0] & s[1] ^ s[0] & s[2] ^ s[1] & s[2]);
            s = [one.wrapping_add(two), s[0], s[1], s[2], s[3].wrapping_add(one), s[4], s[5], s[6]];
        }
        state.iter_mut().zip(s).for_each(|(t, v)| *t = t.wrapping_add(v));
    }
    state.iter().flat_map(|s| s.to_be_bytes()).collect()
}

fn sha512(bytes: &[u8], mut state: [u64; 8]) -> Vec<u8> {
    let constants = &roots()[1];
    let mut message = padded(bytes, 128, true);
    // The length has 128 bits here; a message that leaves no room for the upper 64 gets a block more.
    let length = message.split_off(message.len() - 8);
    if bytes.len() % 128 > 111 && bytes.len() % 128 < 120 {
        message.extend([0; 128]);
    }
    message.extend(length);
    for block in message.as_chunks::<128>().0 {
        let mut w: Vec<u64> = block.as_chunks().0.iter().map(|w| u64::from_be_bytes(*w)).collect();
        for i in 16..80 {
            let (a, b) = (w[i - 15], w[i - 2]);
            let (a, b) = (a.rotate_right(1) ^ a.rotate_right(8) ^ a >> 7, b.rotate_right(19) ^ b.rotate_right(61) ^ b >> 6);
            w.push(w[i - 16].wrapping_add(a).wrapping_add(w[i - 7]).wrapping_add(b));
        }
        let mut s = state;
        for (word, constant) in w.iter().zip(constants.iter()) {
            let e = s[4].rotate_right(14) ^ s[4].rotate_right(18) ^ s[4].rotate_right(41);
            let choice = s[4] & s[5] ^ !s[4] & s[6];
            let one = s[7].wrapping_add(e).wrapping_add(choice).wrapping_add(*constant).wrapping_add(*word);
            let a = s[0].rotate_right(28) ^ s[0].rotate_right(34) ^ s[0].rotate_right(39);
            let two = a.wrapping_add(s[0] & s[1] ^ s[0] & s[2] ^ s[1] & s[2]);
            s = [one.wrapping_add(two), s[0], s[1], s[2], s[3].wrapping_add(one), s[4], s[5], s[6]];
        }
        state.iter_mut().zip(s).for_each(|(t, v)| *t = t.wrapping_add(v));
    }
    state.iter().flat_map(|s| s.to_be_bytes()).collect()
}

/// The examples of the standards.
#[cfg(test)]
mod tests {
    use super::*;

    fn hex(digest: &[u8]) -> String {
        to_hex(digest).to_lowercase()
    }

    #[test]
    fn digests_of_the_standards_examples() {
        assert_eq!(hex(&md5(b"abc")), "900150983cd24fb0d6963f7d28e17f72");
        assert_eq!(hex(&sha1(b"abc")), "a9993e364706816aba3e25717850c26c9cd0d89d");
        assert_eq!(hex(&sha2(b"abc", 256).expect("256")), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
        assert_eq!(hex(&sha2(b"abc", 224).expect("224")), "23097d223405d8228642a477bda255b32aadbce4bda0b3f7e36c9da7");
        assert!(hex(&sha2(b"abc", 512).expect("512")).starts_with("ddaf35a193617abacc417349ae204131"));
        assert!(hex(&sha2(b"abc", 384).expect("384")).starts_with("cb00753f45a35e8bb5a03d699ac65007"));
        // hashlib's, of messages whose padding takes a block more.
        assert!(hex(&sha2(&[b'a'; 115], 512).expect("512")).starts_with("eaa30f93760743ac"));
        assert!(hex(&sha2(&[b'a'; 125], 512).expect("512")).starts_with("577a80f7cb393ac1"));
    }
}

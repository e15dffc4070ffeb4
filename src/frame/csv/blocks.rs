//! 64 bytes at a time: which of them are separators, line ends or quotes.

use std::simd::cmp::SimdPartialEq;
use std::simd::u8x16;

pub(super) const BLOCK: usize = 64;

/// The bytes that shape a file.
#[derive(Clone, Copy, Debug)]
pub(super) struct Shape {
    pub separator: u8,
    /// `\n`, or the only line separator.
    pub newline: u8,
    /// `\r` where it ends lines, else the newline again.
    pub carriage: u8,
    /// The newline again where nothing quotes.
    pub quote: u8,
}

/// One bit a byte of a block, the first byte lowest.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Masks {
    pub separators: u64,
    pub lines: u64,
    pub quotes: u64,
}

/// The block at `at`; what lies behind the end of the data is zero.
#[inline(always)]
pub(super) fn block(data: &[u8], at: usize) -> [u8; BLOCK] {
    match data[at..].first_chunk::<BLOCK>() {
        Some(block) => *block,
        None => {
            let mut block = [0; BLOCK];
            block[..data.len() - at].copy_from_slice(&data[at..]);
            block
        }
    }
}

impl Shape {
    /// `QUOTES` false leaves out the quotes' mask.
    #[inline(always)]
    pub fn masks<const QUOTES: bool>(&self, block: &[u8; BLOCK]) -> Masks {
        let mut masks = Masks::default();
        let (parts, _) = block.as_chunks::<16>();
        for (i, part) in parts.iter().enumerate() {
            let part = u8x16::from_array(*part);
            let shift = 16 * i;
            masks.separators |= part.simd_eq(u8x16::splat(self.separator)).to_bitmask() << shift;
            let lines = part.simd_eq(u8x16::splat(self.newline)) | part.simd_eq(u8x16::splat(self.carriage));
            masks.lines |= lines.to_bitmask() << shift;
            if QUOTES {
                masks.quotes |= part.simd_eq(u8x16::splat(self.quote)).to_bitmask() << shift;
            }
        }
        masks
    }
}

/// The bits of `block` that equal `byte`.
#[inline(always)]
pub(super) fn bits_of(block: &[u8; BLOCK], byte: u8) -> u64 {
    let (parts, _) = block.as_chunks::<16>();
    parts.iter().enumerate().fold(0, |bits, (i, part)| bits | u8x16::from_array(*part).simd_eq(u8x16::splat(byte)).to_bitmask() << (16 * i))
}

/// Bit `i` is the parity of the bits `0..=i`: inside quotes from the opening quote up to the byte before the closing one.
#[inline]
pub(super) fn prefix_parity(mut bits: u64) -> u64 {
    for shift in [1, 2, 4, 8, 16, 32] {
        bits ^= bits << shift;
    }
    bits
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn masks_mark_the_bytes_that_shape_a_line() {
        let shape = Shape { separator: b',', newline: b'\n', carriage: b'\r', quote: b'"' };
        let masks = shape.masks::<true>(&block(b"a,\"b,c\"\r\n", 0));
        assert_eq!((masks.separators, masks.lines, masks.quotes), (0b1_0010, 0b1_1000_0000, 0b100_0100));
        assert_eq!(prefix_parity(masks.quotes), 0b11_1100);
    }
}

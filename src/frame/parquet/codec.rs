//! How pages are compressed.

use kindling_partition::{Error, Result};

use super::broken;
use crate::files::{gunzip, gzip};

/// The numbers that Parquet gives to codecs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Codec {
    None = 0,
    #[default]
    Snappy = 1,
    Gzip = 2,
    /// Blocks with their lengths, as Hadoop writes them.
    Lz4Hadoop = 5,
    Zstd = 6,
    Lz4 = 7,
}

impl Codec {
    /// # Errors
    /// A codec that Kindling doesn't have.
    pub fn from_number(number: i64) -> Result<Self> {
        Ok(match number {
            0 => Self::None,
            1 => Self::Snappy,
            2 => Self::Gzip,
            5 => Self::Lz4Hadoop,
            6 => Self::Zstd,
            7 => Self::Lz4,
            other => {
                let name = match other {
                    3 => "lzo",
                    4 => "brotli",
                    _ => "unknown",
                };
                let text =
                    format!("A Parquet file compressed with {name} can't be read here: write it with snappy, gzip, zstd or lz4_raw.");
                return Err(Error::unsupported(text));
            }
        })
    }

    pub fn compress(self, data: &[u8]) -> Result<Vec<u8>> {
        match self {
            Self::Snappy => snap::raw::Encoder::new()
                .compress_vec(data)
                .map_err(|_| Error::runtime("A page of a Parquet file is too large for snappy.")),
            Self::Gzip => gzip(data),
            _ => Ok(data.to_vec()),
        }
    }

    /// The `size` bytes that were compressed.
    ///
    /// # Errors
    /// Bytes that are no such thing.
    pub fn decompress(self, data: &[u8], size: usize) -> Result<Vec<u8>> {
        let found = match self {
            Self::None => Some(data.to_vec()),
            Self::Snappy => snap::raw::Decoder::new().decompress_vec(data).ok(),
            // A page that is larger than it was announced to be is a broken one.
            Self::Gzip => gunzip(data, size as u64 + 1),
            Self::Lz4 => lz4(data, size),
            Self::Zstd => zstd(data, size),
            Self::Lz4Hadoop => lz4_blocks(data, size).or_else(|| lz4(data, size)),
        };
        found.filter(|bytes| bytes.len() == size).ok_or_else(|| broken("a page can't be decompressed"))
    }
}

fn zstd(data: &[u8], size: usize) -> Option<Vec<u8>> {
    let mut found = vec![0; size];
    let length = ruzstd::decoding::FrameDecoder::new().decode_all(data, &mut found).ok()?;
    (length == size).then_some(found)
}

/// Blocks that are each preceded by their length before and after compression.
fn lz4_blocks(mut data: &[u8], size: usize) -> Option<Vec<u8>> {
    let mut out = Vec::new();
    while !data.is_empty() {
        let (head, rest) = data.split_at_checked(8)?;
        let length = |at: usize| head.get(at..at + 4).and_then(|b| b.try_into().ok()).map(|b| u32::from_be_bytes(b) as usize);
        let (whole, compressed) = (length(0)?, length(4)?);
        let (block, rest) = rest.split_at_checked(compressed)?;
        out.extend(lz4(block, whole.min(size))?);
        data = rest;
    }
    Some(out)
}

/// One block of LZ4: literals and copies of what came before, in turn.
fn lz4(data: &[u8], size: usize) -> Option<Vec<u8>> {
    let mut out: Vec<u8> = Vec::new();
    let mut at = 0;
    let length = |at: &mut usize, first: u8| {
        let (mut length, mut goes_on) = (usize::from(first), first == 15);
        while goes_on {
            let more = *data.get(*at)?;
            *at += 1;
            length += usize::from(more);
            goes_on = more == 255;
        }
        Some(length)
    };
    while at < data.len() {
        let token = data[at];
        at += 1;
        let literals = length(&mut at, token >> 4)?;
        out.extend_from_slice(data.get(at..at + literals)?);
        at += literals;
        if at >= data.len() || out.len() > size {
            break;
        }
        let offset = usize::from(u16::from_le_bytes(data.get(at..at + 2)?.try_into().ok()?));
        at += 2;
        let copied = length(&mut at, token & 15)? + 4;
        let start = out.len().checked_sub(offset).filter(|_| offset > 0)?;
        if out.len() + copied > size {
            return None;
        }
        (start..start + copied).for_each(|i| out.push(out[i]));
    }
    Some(out)
}

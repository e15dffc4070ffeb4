//! Files whose names end in `.gz`, and pages of Parquet.

use std::io::{Read, Write};

use flate2::Compression;
use flate2::read::MultiGzDecoder;
use flate2::write::GzEncoder;
use kindling_partition::{Error, Result};

/// # Errors
/// None: memory takes what it is given.
pub(crate) fn gzip(data: &[u8]) -> Result<Vec<u8>> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::new(6));
    encoder.write_all(data).and_then(|()| encoder.finish()).map_err(|error| Error::runtime(format!("gzip: {error}")))
}

/// Up to `most` bytes; none when the data is no gzip.
pub(crate) fn gunzip(data: &[u8], most: u64) -> Option<Vec<u8>> {
    let mut out = Vec::new();
    MultiGzDecoder::new(data).take(most).read_to_end(&mut out).ok().map(|_| out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_compressed_comes_back() {
        let data = b"a line\n".repeat(1000);
        let small = gzip(&data).expect("compressed");
        assert!(small.len() < 100);
        assert_eq!(gunzip(&small, u64::MAX), Some(data));
        assert_eq!(gunzip(b"no gzip at all", u64::MAX), None);
    }
}

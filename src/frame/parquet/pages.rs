//! A column's pages as levels and values.

use kindling_partition::Result;

use super::broken;
use super::codec::Codec;
use super::encoding::{Physical, Values, hybrid};
use super::meta::Chunk;
use super::thrift::Thrift;

/// A leaf's entries in one row group: how much of each entry's path is there, where lists go on, and the values that are.
pub(super) struct Leaf {
    /// Empty where every entry is there.
    pub definitions: Vec<u8>,
    /// Empty where nothing repeats.
    pub repetitions: Vec<u8>,
    pub values: Values,
    pub entries: usize,
    pub most: (u8, u8),
}

impl Leaf {
    pub fn definition(&self, entry: usize) -> u8 {
        self.definitions.get(entry).copied().unwrap_or(self.most.0)
    }

    pub fn repetition(&self, entry: usize) -> u8 {
        self.repetitions.get(entry).copied().unwrap_or(0)
    }
}

/// Reads a column's pages; `most` are the highest levels of definition and repetition.
///
/// # Errors
/// Pages that can't be read, a codec that Kindling doesn't have.
pub(super) fn read(data: &[u8], chunk: &Chunk, physical: Physical, most: (u8, u8)) -> Result<Leaf> {
    let codec = chunk.codec()?;
    let bytes = &data[chunk.start..chunk.start + chunk.length];
    let mut leaf = Leaf { definitions: Vec::new(), repetitions: Vec::new(), values: physical.empty(), entries: 0, most };
    let (mut dictionary, mut at) = (None, 0);
    while leaf.entries < chunk.values {
        let (header, used) = Thrift::read(&bytes[at..]).ok_or_else(|| broken("a page's header can't be read"))?;
        at += used;
        let size = header.size(2).unwrap_or(0);
        let length = header.size(3).unwrap_or(0);
        let page = at.checked_add(length).and_then(|end| bytes.get(at..end)).ok_or_else(|| broken("a page ends behind its column"))?;
        at += length;
        match header.int(1) {
            Some(2) => {
                let head = header.get(7).ok_or_else(|| broken("a dictionary without a header"))?;
                let mut values = physical.empty();
                let page = codec.decompress(page, size)?;
                physical
                    .decode(0, &page, head.size(1).unwrap_or(0), None, &mut values)
                    .ok_or_else(|| broken("a dictionary can't be read"))?;
                dictionary = Some(values);
            }
            Some(0) => {
                let head = header.get(5).ok_or_else(|| broken("a page without a header"))?;
                let page = codec.decompress(page, size)?;
                leaf.append(physical, head.size(1), head.int(2), &page, None, dictionary.as_ref())?;
            }
            Some(3) => {
                let head = header.get(8).ok_or_else(|| broken("a page without a header"))?;
                let levels = (head.size(6).unwrap_or(0), head.size(5).unwrap_or(0));
                let both = levels.0 + levels.1;
                let (front, rest) = page.split_at_checked(both).ok_or_else(|| broken("a page is too short"))?;
                let codec = if head.flag(7) == Some(false) { Codec::None } else { codec };
                let rest = if rest.is_empty() { Vec::new() } else { codec.decompress(rest, size.saturating_sub(both))? };
                let page = [front, &rest].concat();
                leaf.append(physical, head.size(1), head.int(4), &page, Some(levels), dictionary.as_ref())?;
            }
            _ => {}
        }
    }
    Ok(leaf)
}

impl Leaf {
    /// Takes in a page; `lengths` are those of its levels where the header has them, else they stand before the levels.
    fn append(
        &mut self,
        physical: Physical,
        entries: Option<usize>,
        encoding: Option<i64>,
        page: &[u8],
        lengths: Option<(usize, usize)>,
        dictionary: Option<&Values>,
    ) -> Result<()> {
        let wrong = || broken("a page can't be read");
        let (entries, encoding) = (entries.ok_or_else(wrong)?, encoding.ok_or_else(wrong)?);
        let mut at = 0;
        let mut levels = |most: u8, length: Option<usize>| -> Option<Vec<u8>> {
            let length = match length {
                Some(length) => length,
                None if most == 0 => 0,
                None => {
                    at += 4;
                    u32::from_le_bytes(page.get(at - 4..at)?.try_into().ok()?) as usize
                }
            };
            let bytes = page.get(at..at.checked_add(length)?)?;
            at += length;
            if most == 0 {
                return Some(Vec::new());
            }
            Some(hybrid(bytes, u32::from(8 - most.leading_zeros() as u8), entries)?.into_iter().map(|level| level as u8).collect())
        };
        let repetitions = levels(self.most.1, lengths.map(|l| l.0)).ok_or_else(wrong)?;
        let definitions = levels(self.most.0, lengths.map(|l| l.1)).ok_or_else(wrong)?;
        let there = if self.most.0 == 0 { entries } else { definitions.iter().filter(|d| **d == self.most.0).count() };
        let before = self.values.len();
        physical.decode(encoding, &page[at..], there, dictionary, &mut self.values).ok_or_else(wrong)?;
        if self.values.len() - before != there || entries == 0 {
            return Err(wrong());
        }
        self.repetitions.extend(repetitions);
        self.definitions.extend(definitions);
        self.entries += entries;
        Ok(())
    }
}

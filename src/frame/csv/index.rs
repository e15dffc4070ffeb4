//! Where a file's records begin and end, found once, in parallel, before any field is looked at.

use std::ops::Range;
use std::simd::cmp::SimdPartialOrd;
use std::simd::u8x16;

use kindling_partition::{Error, ErrorKind, Executor, Result};

use super::blocks::{BLOCK, Shape, bits_of, block, prefix_parity};
use super::fields::CarefulReader;
use super::options::CsvOptions;

/// What one task of the structural pass looks at. Fixed, so that no result depends on the threads.
const CHUNK: usize = 1 << 20;

/// The structure of a file.
#[derive(Clone, Debug)]
pub(super) struct Index {
    /// Whether the bytes that shape the file can be told apart block by block. Not so with separators of several characters, with quotes
    /// in the middle of a field, with escapes: then records are read one character after the other.
    pub regular: bool,
    pub quotes: bool,
    pub carriages: bool,
    /// The first record that is neither blank nor a comment; empty when there is none.
    pub first: Range<usize>,
    /// Lines up to the end of that record, blank ones and comments too.
    pub lines_to_first: usize,
    /// Where the data begins: behind the byte order mark and, with `header`, the first record.
    pub data_start: usize,
    /// For each chunk of a file with quotes: whether it begins within them.
    parity: Vec<bool>,
    /// The starts of records at or behind the places that were asked for, when the file isn't regular.
    cuts: Vec<(usize, usize)>,
}

impl Index {
    /// Looks at the whole file. `cuts` are the places where partitions may part.
    ///
    /// # Errors
    /// When the file isn't UTF-8 text, with the place; when Stop was pressed.
    pub fn build(executor: &Executor, path: &str, data: &[u8], options: &CsvOptions, cuts: &[usize]) -> Result<Self> {
        let chunks = data.len().div_ceil(CHUNK);
        let facts = executor.range("read csv structure", chunks, |i| {
            let chunk = &data[i * CHUNK..data.len().min((i + 1) * CHUNK)];
            let facts = ChunkFacts::of(chunk, options.quote);
            if !facts.ascii {
                check_text(path, data, i * CHUNK, chunk.len())?;
            }
            Ok(facts)
        })?;
        let quotes = facts.iter().any(|f| f.quotes);
        let parity: Vec<bool> = facts
            .iter()
            .scan(false, |inside, facts| {
                let before = *inside;
                *inside ^= facts.odd_quotes;
                Some(before)
            })
            .collect();
        let carriages = options.line_separator.is_none() && facts.iter().any(|f| f.carriages);
        let closed = !facts.iter().fold(false, |inside, f| inside ^ f.odd_quotes);
        let plain = options.separator.len() == 1 && options.separator.is_ascii() && closed && !(quotes && options.comment.is_some());
        let mut index = Self {
            regular: plain,
            quotes,
            carriages,
            first: 0..0,
            lines_to_first: 0,
            data_start: start_of_text(data),
            parity,
            cuts: Vec::new(),
        };
        if plain && quotes {
            let shape = index.shape(options);
            let regular = executor.range("read csv quotes", chunks, |i| {
                Ok(is_regular(data, i * CHUNK..data.len().min((i + 1) * CHUNK), index.parity[i], &shape, options))
            })?;
            index.regular = regular.into_iter().all(|r| r);
        }
        index.find_first(data, options);
        if !index.regular {
            index.cuts = careful_cuts(executor, data, options, index.data_start, cuts)?;
        }
        Ok(index)
    }

    pub fn shape(&self, options: &CsvOptions) -> Shape {
        let newline = options.line_separator.unwrap_or(b'\n');
        Shape {
            separator: options.separator.as_bytes()[0],
            newline,
            carriage: if self.carriages { b'\r' } else { newline },
            quote: options.quote.filter(|_| self.quotes).unwrap_or(newline),
        }
    }

    fn find_first(&mut self, data: &[u8], options: &CsvOptions) {
        let mut reader = CarefulReader::new(data, options, self.data_start);
        let start = reader.position();
        while let Some(record) = reader.skip_record() {
            self.lines_to_first += 1;
            if !record.skipped {
                self.first = record.range;
                if options.header {
                    self.data_start = reader.position();
                }
                return;
            }
        }
        self.first = start..start;
    }

    /// The records that begin in `(cut, next cut]`, as a range of bytes: a record that begins right at a cut belongs to the one before,
    /// as with Hadoop's line reader, which Spark reads with. The first range begins with the data.
    pub fn range(&self, data: &[u8], options: &CsvOptions, split: Range<usize>) -> Range<usize> {
        let start = if split.start == 0 { self.data_start } else { self.start_after(data, options, split.start) };
        let end = if split.end >= data.len() { data.len() } else { self.start_after(data, options, split.end) };
        start.max(self.data_start)..end.max(self.data_start)
    }

    /// The start of the first record that begins behind `cut`.
    fn start_after(&self, data: &[u8], options: &CsvOptions, cut: usize) -> usize {
        if !self.regular {
            return self.cuts.iter().find(|(c, _)| *c == cut).map_or(data.len(), |(_, start)| *start);
        }
        let shape = self.shape(options);
        let chunk = cut / CHUNK;
        let mut inside = self.quotes && self.parity[chunk];
        let mut at = chunk * CHUNK;
        while at < data.len() {
            let block = block(data, at);
            let masks = shape.masks::<true>(&block);
            let mut lines = masks.lines;
            if self.quotes {
                let quoted = prefix_parity(masks.quotes) ^ if inside { u64::MAX } else { 0 };
                inside = quoted >> 63 == 1;
                lines &= !quoted;
            }
            if at < cut {
                lines &= u64::MAX.checked_shl(u32::try_from(cut - at).unwrap_or(64)).unwrap_or(0);
            }
            if lines != 0 {
                let end = at + lines.trailing_zeros() as usize;
                let crlf = data[end] == b'\r' && data.get(end + 1) == Some(&b'\n') && options.line_separator.is_none();
                return (end + 1 + usize::from(crlf)).min(data.len());
            }
            at += BLOCK;
        }
        data.len()
    }
}

/// Behind the byte order mark.
fn start_of_text(data: &[u8]) -> usize {
    if data.starts_with(b"\xEF\xBB\xBF") { 3 } else { 0 }
}

struct ChunkFacts {
    ascii: bool,
    quotes: bool,
    odd_quotes: bool,
    carriages: bool,
}

impl ChunkFacts {
    #[optimize(speed)]
    fn of(chunk: &[u8], quote: Option<u8>) -> Self {
        let mut count = 0;
        let (mut carriages, mut beyond) = (false, u8x16::splat(0));
        for at in (0..chunk.len()).step_by(BLOCK) {
            let block = block(chunk, at);
            count += quote.map_or(0, |quote| bits_of(&block, quote).count_ones());
            carriages |= bits_of(&block, b'\r') != 0;
            block.as_chunks().0.iter().for_each(|part| beyond |= u8x16::from_array(*part));
        }
        Self { ascii: beyond.simd_lt(u8x16::splat(0x80)).all(), quotes: count > 0, odd_quotes: count % 2 == 1, carriages }
    }
}

/// Whether each quote of the chunk opens a field at its start, closes it at its end, or stands doubled in it where that is the escape.
#[optimize(speed)]
fn is_regular(data: &[u8], chunk: Range<usize>, inside: bool, shape: &Shape, options: &CsvOptions) -> bool {
    let doubled = options.escape == options.quote;
    let mut inside = inside;
    // Whether the byte before the block was one that a field may begin after, or a closing quote.
    let before = chunk.start.checked_sub(1).map(|i| data[i]);
    let mut after_edge = before.is_none_or(|b| b == shape.separator || b == shape.newline || b == shape.carriage);
    let mut after_close = !inside && before == Some(shape.quote);
    for at in chunk.clone().step_by(BLOCK) {
        let whole = block(data, at);
        let valid = if chunk.end - at >= BLOCK { u64::MAX } else { (1 << (chunk.end - at)) - 1 };
        let masks = shape.masks::<true>(&whole);
        let quotes = masks.quotes & valid;
        let quoted = prefix_parity(quotes) ^ if inside { u64::MAX } else { 0 };
        let opening = quotes & quoted;
        let closing = quotes & !quoted;
        let edges = masks.separators | masks.lines;
        let mut may_open = (edges << 1) | u64::from(after_edge);
        if at == 0 {
            may_open |= 1 << start_of_text(data);
        }
        let behind_close = (closing << 1) | u64::from(after_close);
        if doubled {
            may_open |= behind_close;
        }
        let fine_behind = edges | if doubled { opening } else { 0 };
        let wrong = (opening & !may_open) | (behind_close & valid & !fine_behind);
        let escapes = match options.escape {
            Some(escape) if !doubled => bits_of(&whole, escape) & quoted & valid,
            _ => 0,
        };
        if wrong != 0 || escapes != 0 {
            return false;
        }
        inside = quoted >> 63 == 1;
        after_edge = edges >> 63 == 1;
        after_close = closing >> 63 == 1;
    }
    true
}

/// # Errors
/// When the chunk of the file isn't UTF-8, with the line and byte.
fn check_text(path: &str, data: &[u8], start: usize, len: usize) -> Result<()> {
    // A character that straddles the edge belongs to the chunk that it begins in.
    let continues = |i: &usize| data.get(*i).is_some_and(|b| b & 0xC0 == 0x80);
    let from = (start..start + 4).find(|i| !continues(i)).unwrap_or(start);
    let end = (start + len..start + len + 4).find(|i| !continues(i)).unwrap_or(start + len).min(data.len());
    let from = if start == 0 { 0 } else { from.min(end) };
    match std::str::from_utf8(&data[from..end]) {
        Ok(_) => Ok(()),
        Err(error) => Err(not_text(path, data, from + error.valid_up_to())),
    }
}

fn not_text(path: &str, data: &[u8], at: usize) -> Error {
    let known = [
        (b"PK\x03\x04".as_slice(), "a zip archive"),
        (b"\x1F\x8B", "gzip-compressed"),
        (b"PAR1", "a Parquet file"),
        (b"%PDF", "a PDF"),
        (b"\x89PNG", "an image"),
        (b"\xFF\xFE", "UTF-16 text"),
        (b"\xFE\xFF", "UTF-16 text"),
    ];
    let what = known.iter().find(|(magic, _)| data.starts_with(magic)).map(|(_, what)| format!(" The file seems to be {what}."));
    let line = data[..at].iter().filter(|b| **b == b'\n').count() as u64 + 1;
    let column = (at - data[..at].iter().rposition(|b| *b == b'\n').map_or(0, |i| i + 1)) as u64 + 1;
    let text = format!(
        "expected UTF-8 text, found the byte 0x{:02X}.{}",
        data[at],
        what.unwrap_or_else(|| " Save the file with the encoding UTF-8.".into())
    );
    Error::new(ErrorKind::Runtime, text).at(path, line, column)
}

/// For each cut the start of the first record behind it, reading every record.
fn careful_cuts(executor: &Executor, data: &[u8], options: &CsvOptions, start: usize, cuts: &[usize]) -> Result<Vec<(usize, usize)>> {
    let mut found = Vec::with_capacity(cuts.len());
    let mut wanted = cuts.iter().copied().filter(|c| *c > 0 && *c < data.len()).peekable();
    let mut reader = CarefulReader::new(data, options, start);
    for record in 0_u64.. {
        if record % 4096 == 0 {
            executor.check()?;
        }
        while let Some(cut) = wanted.next_if(|cut| reader.position() > *cut) {
            found.push((cut, reader.position()));
        }
        if wanted.peek().is_none() || reader.skip_record().is_none() {
            break;
        }
    }
    found.extend(wanted.map(|cut| (cut, data.len())));
    Ok(found)
}

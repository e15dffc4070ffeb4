//! Records cut into fields, a few hundred at a time: columns are then read one after the other while the bytes are in cache.
//!
//! Most files are grids: no quotes, every record with as many fields as the first. Of those only the places of separators and line ends are
//! noted, and a field's text is found from them when its column is read. Where a batch turns out to be no grid, it is cut field by field.

use std::ops::Range;

use super::blocks::{BLOCK, Masks, Shape, block, prefix_parity};
use super::fields::{CarefulReader, Text};
use super::index::Index;
use super::options::CsvOptions;
use crate::random::BernoulliCellSampler;

/// Records in a batch of tokens.
const RECORDS: usize = 1024;
/// Bytes after which a batch ends early.
const BYTES: usize = 256 * 1024;
/// Records in a batch of a grid: with their text they stay in the first cache.
const GRID_RECORDS: u32 = 256;
/// Batches that may turn out to be no grid before nobody tries any more.
const GRID_MISSES: u32 = 4;

/// Where a field's text is: in the data from the batch's base on, or among the texts that lost their escapes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Span {
    start: u32,
    len: u32,
}

/// A place on its own, long enough to copy texts in one piece.
pub(super) const PIECE: usize = 16;

impl Span {
    const NULL: Self = Self { start: u32::MAX, len: 0 };
    const UNESCAPED: u32 = 1 << 31;
}

/// A record of a batch.
#[derive(Clone, Copy, Debug)]
pub(super) struct Record {
    start: usize,
    end: usize,
    /// How many fields it has.
    pub fields: usize,
}

/// A batch of records: for each the spans of the wanted fields, or, of a grid, where all its fields end.
#[derive(Default)]
pub(super) struct Tokens<'a> {
    data: &'a [u8],
    base: usize,
    /// The numbers of the wanted fields.
    wanted: &'a [usize],
    spans: Vec<Span>,
    records: Vec<Record>,
    unescaped: Vec<u8>,
    grid: Grid,
}

/// Records with the same number of fields as they stand in the file.
#[derive(Default)]
struct Grid {
    /// Fields a record; zero where the batch is no grid.
    width: usize,
    records: usize,
    /// Before the first field, then where each field ends, from the batch's base on. What is behind the last record has no meaning.
    edges: Vec<u32>,
}

impl<'a> Tokens<'a> {
    /// How many records there are.
    pub fn len(&self) -> usize {
        if self.grid.width > 0 { self.grid.records } else { self.records.len() }
    }

    /// How long the records are in all.
    pub fn bytes(&self) -> usize {
        let length = |i: usize| {
            let (text, start) = self.raw(i);
            start + text.len() + 1 - self.base
        };
        self.len().checked_sub(1).map_or(0, length)
    }

    /// How many fields a record has.
    pub fn fields(&self, record: usize) -> usize {
        if self.grid.width > 0 { self.grid.width } else { self.records[record].fields }
    }

    /// Whether a record has wanted field `slot`.
    pub fn has(&self, record: usize, slot: usize) -> bool {
        self.wanted[slot] < self.fields(record)
    }

    /// Where the texts of wanted field `slot` are, record by record.
    #[optimize(speed)]
    pub fn column(&self, slot: usize, spans: &mut Vec<Span>) {
        spans.clear();
        let Grid { width, records, edges } = &self.grid;
        if *width == 0 {
            spans.extend(self.spans.iter().skip(slot).step_by(self.wanted.len()));
            return;
        }
        let edges = edges.get(self.wanted[slot]..=*records * *width).unwrap_or_default();
        spans.extend(edges.windows(2).step_by(*width).map(|edge| {
            let start = edge[0].wrapping_add(1);
            Span { start, len: edge[1].wrapping_sub(start) }
        }));
    }

    /// Whether wanted field `slot` isn't null everywhere.
    pub fn has_text(&self, slot: usize) -> bool {
        let mut spans = Vec::new();
        self.column(slot, &mut spans);
        spans.iter().any(|span| self.text(*span).is_some())
    }

    /// The text of wanted field `slot` of a record; none when it is null or missing.
    pub fn get(&self, record: usize, slot: usize) -> Option<&[u8]> {
        let mut spans = Vec::new();
        self.column(slot, &mut spans);
        self.text(spans[record])
    }

    /// The bytes from a text's start on where it is in the file and these many follow.
    #[inline(always)]
    pub fn piece(&self, span: Span) -> Option<(&[u8; PIECE], usize)> {
        if span.len as usize > PIECE {
            return None;
        }
        let piece = self.data.get(self.base + span.start as usize..)?.first_chunk()?;
        Some((piece, span.len as usize))
    }

    /// A text; none when it is null or missing.
    #[inline(always)]
    pub fn text(&self, span: Span) -> Option<&[u8]> {
        if span.len == 0 && (span.start == u32::MAX || self.grid.width > 0) {
            return None;
        }
        if span.len & Span::UNESCAPED == 0 {
            let start = self.base + span.start as usize;
            Some(&self.data[start..start + span.len as usize])
        } else {
            let start = span.start as usize;
            Some(&self.unescaped[start..start + (span.len & !Span::UNESCAPED) as usize])
        }
    }

    /// A whole record as it stands in the file, and where it begins.
    pub fn raw(&self, record: usize) -> (&'a [u8], usize) {
        let (start, end) = match self.grid.width {
            0 => (self.records[record].start, self.records[record].end),
            width => {
                let edge = |i: usize| self.grid.edges[i] as usize;
                (self.base + (edge(record * width) as u32).wrapping_add(1) as usize, self.base + edge((record + 1) * width))
            }
        };
        (&self.data[start..end], start)
    }

    fn clear(&mut self, base: usize) {
        self.base = base;
        self.grid.width = 0;
        self.spans.clear();
        self.records.clear();
        self.unescaped.clear();
    }

    fn push_unescaped(&mut self, text: &[u8]) {
        let start = self.unescaped.len() as u32;
        self.unescaped.extend_from_slice(text);
        self.spans.push(Span { start, len: text.len() as u32 | Span::UNESCAPED });
    }

    #[inline]
    fn push_plain(&mut self, range: Range<usize>) {
        self.spans.push(Span { start: (range.start - self.base) as u32, len: (range.end - range.start) as u32 });
    }
}

/// Cuts a range of records into batches of tokens.
pub(super) struct Tokenizer<'a> {
    range: Range<usize>,
    way: Way<'a>,
    /// How many batches may still turn out to be no grid.
    tries: u32,
    sink: Sink<'a>,
}

/// Takes fields and records as they are found.
struct Sink<'a> {
    data: &'a [u8],
    options: &'a CsvOptions,
    /// The numbers of the wanted fields, increasing.
    wanted: &'a [usize],
    sampler: Option<BernoulliCellSampler>,
    /// Where quotes are on.
    quote: u8,
    /// Whether no option changes what a field without quotes says.
    as_it_stands: bool,
    tokens: Tokens<'a>,
}

enum Way<'a> {
    Blocks { shape: Shape, quotes: bool },
    Careful(CarefulReader<'a>),
}

impl<'a> Tokenizer<'a> {
    /// `range` begins and ends between records.
    pub fn new(data: &'a [u8], index: &Index, options: &'a CsvOptions, wanted: &'a [usize], range: Range<usize>) -> Self {
        let way = if index.regular {
            Way::Blocks { shape: index.shape(options), quotes: index.quotes }
        } else {
            Way::Careful(CarefulReader::new(data, options, range.start))
        };
        let tokens = Tokens { data, wanted, ..Tokens::default() };
        let as_it_stands = !options.ignore_leading_white_space && !options.ignore_trailing_white_space && options.null_value.is_empty();
        let quote = options.quote.unwrap_or(b'"');
        let grid = index.regular && !index.quotes && !index.carriages && as_it_stands;
        let tries = if grid { GRID_MISSES } else { 0 };
        Self { range, way, tries, sink: Sink { data, options, wanted, sampler: None, quote, as_it_stands, tokens } }
    }

    /// Takes only the lines that `sampler` takes.
    #[must_use]
    pub fn sampled(mut self, sampler: Option<BernoulliCellSampler>) -> Self {
        if sampler.is_some() {
            self.tries = 0;
        }
        self.sink.sampler = sampler;
        self
    }

    /// The sampler, to go on with in the next range.
    pub fn into_sampler(self) -> Option<BernoulliCellSampler> {
        self.sink.sampler
    }

    /// The next batch; none when the range is at its end.
    pub fn next(&mut self) -> Option<&Tokens<'a>> {
        while self.range.start < self.range.end {
            self.sink.tokens.clear(self.range.start);
            if self.tries > 0
                && let Way::Blocks { shape, .. } = &self.way
            {
                if let Some(end) = self.sink.grid(shape, self.range.clone()) {
                    self.range.start = end;
                    return Some(&self.sink.tokens);
                }
                self.tries -= 1;
            }
            self.range.start = match &mut self.way {
                Way::Blocks { shape, quotes: true } => self.sink.blocks::<true>(shape, self.range.clone()),
                Way::Blocks { shape, quotes: false } => self.sink.blocks::<false>(shape, self.range.clone()),
                Way::Careful(reader) => self.sink.careful(reader, self.range.clone()),
            };
            if self.sink.tokens.len() > 0 {
                return Some(&self.sink.tokens);
            }
        }
        None
    }
}

impl Sink<'_> {
    /// Reads a batch of a grid from the start of the range and gives the place behind it; none when it isn't one.
    #[optimize(speed)]
    fn grid(&mut self, shape: &Shape, range: Range<usize>) -> Option<usize> {
        let Range { start, end } = range;
        let edges = &mut self.tokens.grid.edges;
        edges.resize(edges.len().max(4 * BLOCK), 0);
        edges[0] = u32::MAX;
        let (mut found, mut lines, mut at) = (1, 0, start);
        while at < end && lines < GRID_RECORDS && at - start < BYTES {
            let Masks { separators, lines: mut ends, .. } = shape.masks::<false>(&block(self.data, at));
            let mut all = separators | ends;
            if end - at < BLOCK {
                let inside = (1 << (end - at)) - 1;
                (all, ends) = (all & inside, ends & inside);
            }
            lines += ends.count_ones();
            // Room for this block's edges and the end of the last line.
            if edges.len() < found + BLOCK + 1 {
                edges.resize(2 * edges.len(), 0);
            }
            let (count, base) = (all.count_ones() as usize, (at - start) as u32);
            if let Some(places) = edges[found..].first_chunk_mut::<BLOCK>() {
                for place in &mut places[..count] {
                    *place = base + all.trailing_zeros();
                    all &= all - 1;
                }
            }
            found += count;
            at += BLOCK;
        }
        if at >= end && self.data[end - 1] != shape.newline {
            edges[found] = (end - start) as u32;
            found += 1;
            lines += 1;
        }
        let edges = &edges[..found];
        let newline = |edge: u32| self.data.get(start + edge as usize).is_none_or(|b| *b == shape.newline);
        let width = edges[1..].iter().position(|edge| newline(*edge))? + 1;
        let records = (edges.len() - 1) / width;
        // As many line ends as records, and each record ends with one: so none has one within.
        let whole = lines as usize == records && edges[width..].iter().step_by(width).all(|edge| newline(*edge));
        if !whole || self.wanted.last().is_some_and(|last| *last >= width) {
            return None;
        }
        let edges = &edges[..=records * width];
        let skipped = edges.windows(width + 1).step_by(width).any(|record| {
            let line = &self.data[start + record[0].wrapping_add(1) as usize..start + record[width] as usize];
            let first = line.first().copied();
            first.is_none_or(|b| b <= b' ') && line.iter().all(|b| *b <= b' ') || (first.is_some() && first == self.options.comment)
        });
        if skipped {
            return None;
        }
        let behind = edges.last().map_or(end, |last| start + *last as usize + 1);
        (self.tokens.grid.width, self.tokens.grid.records) = (width, records);
        Some(behind.min(end))
    }

    /// Reads a batch from the start of the range and gives the place behind it.
    #[optimize(speed)]
    fn blocks<const QUOTES: bool>(&mut self, shape: &Shape, range: Range<usize>) -> usize {
        let Range { start, end } = range;
        let mut record = Open { start, field: start, number: 0, slot: 0 };
        let mut inside = 0_u64;
        let mut at = start;
        while at < end {
            let masks = shape.masks::<QUOTES>(&block(self.data, at));
            let mut edges = masks.separators | masks.lines;
            if QUOTES {
                let quoted = prefix_parity(masks.quotes) ^ inside;
                inside = if quoted >> 63 == 1 { u64::MAX } else { 0 };
                edges &= !quoted;
            }
            if end - at < BLOCK {
                edges &= (1 << (end - at)) - 1;
            }
            while edges != 0 {
                let bit = edges.trailing_zeros();
                edges &= edges - 1;
                let here = at + bit as usize;
                self.end_field::<QUOTES>(&mut record, here);
                if masks.lines >> bit & 1 == 1 {
                    self.end_record(&mut record, here);
                    if self.tokens.records.len() >= RECORDS || here - start >= BYTES {
                        return here + 1;
                    }
                }
            }
            at += BLOCK;
        }
        if record.start < end {
            self.end_field::<QUOTES>(&mut record, end);
            self.end_record(&mut record, end);
        }
        end
    }

    #[inline]
    fn end_field<const QUOTES: bool>(&mut self, record: &mut Open, end: usize) {
        if self.wanted.get(record.slot) == Some(&record.number) {
            record.slot += 1;
            let start = record.field;
            if start == end {
                self.tokens.spans.push(Span::NULL);
            } else if QUOTES && self.data[start] == self.quote {
                self.push_quoted(start + 1, end - 1);
            } else if self.as_it_stands {
                self.tokens.push_plain(start..end);
            } else {
                self.push_field(start, end);
            }
        }
        record.number += 1;
        record.field = end + 1;
    }

    /// A field without quotes.
    fn push_field(&mut self, mut start: usize, mut end: usize) {
        if self.options.ignore_leading_white_space {
            while start < end && self.data[start] <= b' ' {
                start += 1;
            }
        }
        if self.options.ignore_trailing_white_space {
            while start < end && self.data[end - 1] <= b' ' {
                end -= 1;
            }
        }
        if start == end || self.options.null_value.as_bytes() == &self.data[start..end] {
            self.tokens.spans.push(Span::NULL);
        } else {
            self.tokens.push_plain(start..end);
        }
    }

    fn push_quoted(&mut self, start: usize, end: usize) {
        let text = &self.data[start..end];
        let quote = self.quote;
        if text.is_empty() || text == self.options.null_value.as_bytes() {
            return self.push_text(start..end);
        }
        if !text.contains(&quote) && !text.contains(&b'\r') {
            return self.tokens.push_plain(start..end);
        }
        // Doubled quotes and line ends, the only escapes of a regular file.
        let mut unescaped = Vec::with_capacity(text.len());
        let mut at = 0;
        while at < text.len() {
            let next = text.get(at + 1).copied();
            if (text[at] == quote && next == Some(quote))
                || (text[at] == b'\r' && next == Some(b'\n') && self.options.line_separator.is_none())
            {
                at += 1;
            }
            unescaped.push(text[at]);
            at += 1;
        }
        self.push_value(&unescaped);
    }

    /// A quoted field without escapes.
    fn push_text(&mut self, range: Range<usize>) {
        if range.is_empty() {
            self.push_value(&[]);
        } else if &self.data[range.clone()] == self.options.null_value.as_bytes() {
            self.tokens.spans.push(Span::NULL);
        } else {
            self.tokens.push_plain(range);
        }
    }

    /// A quoted field's text.
    fn push_value(&mut self, text: &[u8]) {
        let text = if text.is_empty() { self.options.empty_value.as_bytes() } else { text };
        if text == self.options.null_value.as_bytes() {
            self.tokens.spans.push(Span::NULL);
        } else {
            self.tokens.push_unescaped(text);
        }
    }

    /// Closes the record: fills up missing fields, or forgets it when it is blank, a comment or not in the sample.
    #[inline]
    fn end_record(&mut self, record: &mut Open, end: usize) {
        let Open { start, number: fields, .. } = *record;
        *record = Open { start: end + 1, field: end + 1, number: 0, slot: 0 };
        let line = &self.data[start..end];
        let first = line.first().copied();
        if first.is_none_or(|b| b <= b' ') && line.iter().all(|b| *b <= b' ') || (first.is_some() && first == self.options.comment) {
            // The line feed of a carriage return is no line of its own.
            let behind_carriage = line.is_empty() && start > 0 && self.data[start - 1] == b'\r' && self.options.line_separator.is_none();
            return self.forget(!behind_carriage);
        }
        self.keep(start, end, fields);
    }

    fn keep(&mut self, start: usize, end: usize, fields: usize) {
        if self.sampler.as_mut().is_some_and(|s| !s.takes()) {
            return self.forget(false);
        }
        self.tokens.records.push(Record { start, end, fields });
        self.tokens.spans.resize(self.tokens.records.len() * self.wanted.len(), Span::NULL);
    }

    /// Drops the fields of the record that was open; a line that is left out still takes part in the sampling.
    fn forget(&mut self, is_line: bool) {
        if is_line && let Some(sampler) = &mut self.sampler {
            sampler.takes();
        }
        self.tokens.spans.truncate(self.tokens.records.len() * self.wanted.len());
    }

    /// As [`blocks`](Self::blocks), one character after the other.
    fn careful(&mut self, reader: &mut CarefulReader, range: Range<usize>) -> usize {
        while reader.position() < range.end && self.tokens.records.len() < RECORDS && reader.position() - range.start < BYTES {
            let mut slot = 0;
            let mut fields = 0;
            let record = reader.record(|number, text| {
                fields = number + 1;
                if self.wanted.get(slot) != Some(&number) {
                    return;
                }
                slot += 1;
                match text {
                    Text::Plain(range) => self.push_field(range.start, range.end),
                    Text::Quoted(range) => self.push_text(range),
                    Text::Unescaped(text) => self.push_value(text),
                }
            });
            match record {
                Some(record) if record.skipped => self.forget(true),
                Some(record) => self.keep(record.range.start, record.range.end, fields),
                None => return range.end,
            }
        }
        reader.position()
    }
}

/// The record that is being read.
struct Open {
    start: usize,
    field: usize,
    /// Of the field.
    number: usize,
    /// How many wanted fields it gave.
    slot: usize,
}

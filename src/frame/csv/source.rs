use std::sync::{Arc, Mutex, PoisonError};

use arrow_array::{ArrayRef, BooleanArray};
use kindling_partition::{Error, Executor, Result};

use super::columns::{ColumnBuilder, is_supported};
use super::guess::Guess;
use super::header::{check_header, first_record, safe_names};
use super::index::Index;
use super::infer::Inferred;
use super::options::{CsvOptions, ParseMode};
use super::tokens::{Tokenizer, Tokens};
use crate::batch::Batch;
use crate::defaults::filled;
use crate::files::{Format, Split, data_files, partitions};
use crate::random::BernoulliCellSampler;
use crate::schema::Schema;
use crate::session::FileStore;
use crate::source::{Pieces, Source, Test};
use crate::types::{DataType, Field};
use crate::value::Value;

/// Files up to this size in all are parsed while their types are inferred; larger ones are parsed only when they are read.
const KEPT_BYTES: usize = 512 << 20;

/// How many rows are read at a time where a filter drops some of them, and how many bytes of a file they may take when memory for them is
/// reserved.
const PIECE: usize = 1 << 16;
const PIECE_BYTES: usize = 4 << 20;

/// CSV files as the rows of a plan. The files' bytes are held as they were when it was made; they are parsed at each action, except that
/// the first one gets what inference has parsed already.
pub struct CsvSource {
    files: Vec<CsvFile>,
    pub(super) options: CsvOptions,
    schema: Arc<Schema>,
    /// The position of the column that gets the text of bad records.
    pub(super) corrupt: Option<usize>,
    /// What fields become that a record lacks, or that aren't of their type, by column; empty when all become null.
    older: Vec<Value>,
    partitions: Vec<Vec<Split>>,
    kept: Vec<Mutex<Part>>,
}

/// What inference has parsed of a partition.
struct Part {
    rows: usize,
    columns: Vec<Option<ArrayRef>>,
}

struct CsvFile {
    path: String,
    data: Arc<Vec<u8>>,
    index: Index,
}

impl CsvSource {
    /// Opens files or folders of files. Without a schema the names come from the first record and, with `inferSchema`, the types from all.
    ///
    /// # Errors
    /// A path that doesn't exist, a file that isn't UTF-8 text, a type that a CSV file can't have, a header that isn't the schema's with
    /// `enforceSchema` off.
    pub fn open(executor: &Executor, store: &dyn FileStore, paths: &[&str], options: CsvOptions, schema: Option<&Schema>) -> Result<Self> {
        Self::new(executor, data_files(store, paths)?, options, schema)
    }

    /// The same of files that are open already.
    pub(crate) fn new(
        executor: &Executor,
        files: Vec<(String, Arc<Vec<u8>>)>,
        options: CsvOptions,
        schema: Option<&Schema>,
    ) -> Result<Self> {
        let sizes: Vec<usize> = files.iter().map(|(_, data)| data.len()).collect();
        let partitions = partitions(&sizes, options.multi_line);
        let index = |(i, (path, data)): (usize, (String, Arc<Vec<u8>>))| {
            let splits = partitions.iter().flatten().filter(|s| s.file == i);
            let mut cuts: Vec<usize> = splits.flat_map(|s| [s.bytes.start, s.bytes.end]).collect();
            cuts.sort_unstable();
            cuts.dedup();
            let index = Index::build(executor, &path, &data, &options, &cuts)?;
            Ok(CsvFile { path, data, index })
        };
        let files = files.into_iter().enumerate().map(index).collect::<Result<Vec<_>>>()?;
        let mut source = Self { files, options, schema: Arc::default(), corrupt: None, older: Vec::new(), partitions, kept: Vec::new() };
        let single = source.options.single_variant_column.clone();
        source.schema = Arc::new(match (single, schema) {
            (Some(name), schema) => source.single_schema(&name, schema)?,
            (None, Some(schema)) => source.given_schema(schema)?,
            (None, None) => source.inferred_schema(executor)?,
        });
        Ok(source)
    }

    #[must_use]
    pub(crate) fn with_older(self, older: Vec<Value>) -> Self {
        Self { older, ..self }
    }

    fn given_schema(&mut self, schema: &Schema) -> Result<Schema> {
        let corrupt = schema.iter().position(|f| *f.name == *self.options.column_name_of_corrupt_record);
        if let Some(field) = corrupt.map(|i| &schema[i])
            && field.data_type != DataType::String
        {
            let text =
                format!("The field for corrupt records must be string type and nullable, but '{}' is {}.", field.name, field.data_type);
            return Err(Error::analysis(text).with_condition("INVALID_CORRUPT_RECORD_TYPE"));
        }
        if let Some(field) = schema.iter().find(|f| !is_supported(&f.data_type)) {
            let text = format!("The CSV datasource doesn't support the column `{}` of the type \"{}\".", field.name, field.data_type.sql());
            return Err(Error::analysis(text).with_condition("UNSUPPORTED_DATA_TYPE_FOR_DATASOURCE"));
        }
        self.corrupt = corrupt;
        if self.options.header && !self.options.enforce_schema {
            for file in self.files.iter().filter(|f| !f.index.first.is_empty()) {
                check_header(&file.path, &first_record(&file.data, &file.index, &self.options), schema)?;
            }
        }
        // A file can always have empty fields.
        Ok(schema.iter().map(|f| Field { nullable: true, ..f.clone() }).collect())
    }

    /// The names that the first record gives; none without a header.
    pub(super) fn header_names(&self) -> Option<Vec<String>> {
        self.first_names().filter(|_| self.options.header).map(|(_, names)| names)
    }

    /// The first file that has a record, and the names of that record's fields.
    fn first_names(&self) -> Option<(&CsvFile, Vec<String>)> {
        let file = self.files.iter().find(|f| !f.index.first.is_empty())?;
        Some((file, safe_names(&first_record(&file.data, &file.index, &self.options), self.options.header)))
    }

    /// An error in the record of a file that begins at `start`.
    pub(super) fn error_at(&self, file: usize, start: usize, text: &str) -> Error {
        self.files[file].error(start, 1, text)
    }

    fn inferred_schema(&mut self, executor: &Executor) -> Result<Schema> {
        let Some((file, names)) = self.first_names() else { return Ok(Schema::default()) };
        if names.len() > self.options.max_columns {
            let text = format!("expected at most {} columns (the option maxColumns), found {}.", self.options.max_columns, names.len());
            return Err(Error::runtime(text).at(&file.path, 1, 1));
        }
        let types = if self.options.infer_schema { self.infer(executor, names.len())? } else { vec![Inferred::String; names.len()] };
        Ok(names.into_iter().zip(types).map(|(name, inferred)| Field::new(name, inferred.data_type(), true)).collect())
    }

    /// The types of all columns; what was parsed on the way is kept for the first read.
    fn infer(&mut self, executor: &Executor, columns: usize) -> Result<Vec<Inferred>> {
        let wanted: Vec<usize> = (0..columns).collect();
        let bytes: usize = self.files.iter().map(|f| f.data.len()).sum();
        // What other modes do with a record depends on all its columns, so there nothing can be kept before the types are known.
        let keep = self.options.mode == ParseMode::Permissive && bytes <= KEPT_BYTES;
        let parts = executor.map("infer csv schema", &self.partitions, |partition, splits| {
            let mut guesses: Vec<Guess> = (0..columns).map(|_| Guess::new(keep && self.options.sampling_ratio > 0.99)).collect();
            let mut sampler = (self.options.sampling_ratio <= 0.99)
                .then(|| BernoulliCellSampler::new(0.0, self.options.sampling_ratio, false, 1 + partition as i64));
            let (bytes, mut read, mut rows) = (splits.iter().map(|s| s.bytes.len()).sum(), 0, 0);
            for split in splits {
                if let Some(sampler) = sampler.as_mut().filter(|_| split.bytes.start == 0 && self.options.header) {
                    (0..self.files[split.file].index.lines_to_first).for_each(|_| {
                        sampler.takes();
                    });
                }
                let mut tokenizer = self.tokenizer(split, &wanted).sampled(sampler.take());
                while let Some(tokens) = tokenizer.next() {
                    executor.check()?;
                    rows += tokens.len();
                    read += tokens.bytes();
                    let expected = expected_rows(rows, read, bytes);
                    guesses.iter_mut().enumerate().try_for_each(|(slot, g)| g.append(tokens, slot, &self.options, expected))?;
                }
                sampler = tokenizer.into_sampler();
            }
            Ok((guesses, rows))
        })?;
        let of = |(guesses, _): &(Vec<Guess>, usize)| guesses.iter().map(Guess::inferred).collect::<Vec<_>>();
        let merge = |a: Vec<Inferred>, b: Vec<Inferred>| a.into_iter().zip(b).map(|(a, b)| a.with(b, &self.options)).collect();
        let types = parts.iter().map(of).reduce(merge).unwrap_or_else(|| vec![Inferred::Null; columns]);
        if keep {
            let part = |(guesses, rows): (Vec<Guess>, usize)| {
                let columns = guesses.into_iter().zip(&types).map(|(g, t)| g.finish(*t)).collect::<Result<_>>()?;
                Ok(Mutex::new(Part { rows, columns }))
            };
            self.kept = parts.into_iter().map(part).collect::<Result<_>>()?;
        }
        Ok(types)
    }

    /// Whether one of the columns of these parts is still there since inference.
    fn has_kept(&self, splits: &[Split], columns: &[usize]) -> bool {
        let partition = self.partitions.iter().position(|p| p == splits);
        partition.and_then(|i| self.kept.get(i)).is_some_and(|part| {
            let part = part.lock().unwrap_or_else(PoisonError::into_inner);
            columns.iter().any(|c| part.columns[*c].is_some())
        })
    }

    /// What inference has parsed of these parts of files: how many rows, and the columns that are still kept, for whoever comes first.
    fn take_kept(&self, splits: &[Split], columns: &[usize]) -> Option<Part> {
        let partition = self.partitions.iter().position(|p| p == splits)?;
        let mut part = self.kept.get(partition)?.lock().unwrap_or_else(PoisonError::into_inner);
        Some(Part { rows: part.rows, columns: columns.iter().map(|c| part.columns[*c].take()).collect() })
    }

    pub(super) fn tokenizer<'a>(&'a self, split: &Split, wanted: &'a [usize]) -> Tokenizer<'a> {
        let file = &self.files[split.file];
        let range = file.index.range(&file.data, &self.options, split.bytes.clone());
        Tokenizer::new(&file.data, &file.index, &self.options, wanted, range)
    }

    /// The number of a column's field in a record; none for the column of bad records.
    fn field_of(&self, column: usize) -> Option<usize> {
        match self.corrupt {
            Some(corrupt) if corrupt == column => None,
            Some(corrupt) => Some(column - usize::from(column > corrupt)),
            None => Some(column),
        }
    }

    /// Fields that a whole record has.
    fn record_width(&self) -> usize {
        self.schema.len() - usize::from(self.corrupt.is_some())
    }
}

impl Source for CsvSource {
    fn name(&self) -> String {
        let paths: Vec<&str> = self.files.iter().map(|f| f.path.as_str()).collect();
        format!("FileScan csv {}", paths.join(", "))
    }

    fn schema(&self) -> Arc<Schema> {
        self.schema.clone()
    }

    fn partitions(&self) -> usize {
        self.partitions.len()
    }

    fn read(&self, executor: &Executor, partition: usize, columns: &[usize]) -> Result<Batch> {
        Format::read(self, executor, &self.partitions[partition], columns)
    }

    fn bytes(&self) -> Option<usize> {
        Some(self.files.iter().map(|f| f.data.len()).sum())
    }
}

impl Format for CsvSource {
    fn name(&self) -> &'static str {
        "csv"
    }

    fn schema(&self) -> Arc<Schema> {
        self.schema.clone()
    }

    fn keeps_files_whole(&self) -> bool {
        self.options.multi_line
    }

    fn read(&self, executor: &Executor, splits: &[Split], columns: &[usize]) -> Result<Batch> {
        let Some(kept) = self.take_kept(splits, columns) else { return self.parse(executor, splits, columns) };
        let missing: Vec<usize> = columns.iter().zip(&kept.columns).filter(|(_, kept)| kept.is_none()).map(|(c, _)| *c).collect();
        let mut parsed = if missing.is_empty() { Vec::new() } else { self.parse(executor, splits, &missing)?.columns }.into_iter();
        Ok(Batch::new(kept.columns.into_iter().filter_map(|c| c.or_else(|| parsed.next())).collect(), kept.rows))
    }

    fn read_pieces(&self, executor: &Executor, splits: &[Split], columns: &[usize], _: &[Test], each: &mut Pieces<'_>) -> Result<()> {
        if self.has_kept(splits, columns) {
            return each(Format::read(self, executor, splits, columns)?);
        }
        self.parse_pieces(executor, splits, columns, Some(PIECE), each)
    }
}

impl CsvSource {
    fn parse(&self, executor: &Executor, splits: &[Split], columns: &[usize]) -> Result<Batch> {
        let bytes: usize = splits.iter().map(|s| s.bytes.len()).sum();
        executor.ask(
            "Reading a CSV file",
            bytes as u64,
            "Select fewer columns or filter rows right after reading, or read a part of the files.",
        )?;
        let mut whole = None;
        self.parse_pieces(executor, splits, columns, None, &mut |batch| {
            whole = Some(batch);
            Ok(())
        })?;
        whole.ok_or_else(|| Error::runtime("A CSV file was read without an end."))
    }

    /// The rows in pieces of about `most` rows, or in one.
    fn parse_pieces(
        &self,
        executor: &Executor,
        splits: &[Split],
        columns: &[usize],
        most: Option<usize>,
        each: &mut Pieces<'_>,
    ) -> Result<()> {
        if self.options.single_variant_column.is_some() {
            return self.single_pieces(executor, splits, columns, each);
        }
        // What a text becomes as a variant depends on those above it.
        let most = most.filter(|_| columns.iter().all(|c| self.schema[*c].data_type != DataType::Variant));
        // The text of bad records needs every field, else only those asked for are looked at.
        let wants_corrupt = self.corrupt.is_some_and(|c| columns.contains(&c));
        let mut wanted: Vec<usize> =
            if wants_corrupt { (0..self.record_width()).collect() } else { columns.iter().filter_map(|c| self.field_of(*c)).collect() };
        wanted.sort_unstable();
        wanted.dedup();
        let columns_of: Vec<usize> = (0..self.schema.len()).filter(|c| self.field_of(*c).is_some()).collect();
        let types: Vec<DataType> = columns_of.iter().map(|c| self.schema[*c].data_type.clone()).collect();
        let default = |slot: usize| self.older.get(columns_of[wanted[slot]]).filter(|value| !value.is_null());
        let older: Vec<(usize, &Value, Vec<bool>)> =
            (0..wanted.len()).filter_map(|slot| default(slot).map(|value| (slot, value, Vec::new()))).collect();
        let fresh = || -> Result<Rows<'_>> {
            Ok(Rows {
                source: self,
                builders: wanted.iter().map(|field| ColumnBuilder::new(&types[*field])).collect::<Result<_>>()?,
                types: wanted.iter().map(|field| types[*field].clone()).collect(),
                corrupt: if wants_corrupt { Some(ColumnBuilder::new(&DataType::String)?) } else { None },
                wanted: &wanted,
                older: older.clone(),
                keep: Vec::new(),
                rows: 0,
            })
        };
        let mut rows = fresh()?;
        let bytes: usize = splits.iter().map(|s| s.bytes.len()).sum();
        let bytes = if most.is_some() { bytes.min(PIECE_BYTES) } else { bytes };
        for split in splits {
            let mut tokenizer = self.tokenizer(split, &wanted);
            while let Some(tokens) = tokenizer.next() {
                executor.check()?;
                rows.append(tokens, split, bytes)?;
                if most.is_some_and(|most| rows.rows >= most) {
                    each(std::mem::replace(&mut rows, fresh()?).finish(columns)?)?;
                }
            }
        }
        each(rows.finish(columns)?)
    }
}

/// The rows of a partition while they are read.
struct Rows<'a> {
    source: &'a CsvSource,
    wanted: &'a [usize],
    types: Vec<DataType>,
    builders: Vec<ColumnBuilder>,
    corrupt: Option<ColumnBuilder>,
    /// Of columns with such: the column, what fields become that aren't there, and in which rows.
    older: Vec<(usize, &'a Value, Vec<bool>)>,
    /// Whether each row stays; empty while all do.
    keep: Vec<bool>,
    rows: usize,
}

impl Rows<'_> {
    fn append(&mut self, tokens: &Tokens, split: &Split, bytes: usize) -> Result<()> {
        let Self { source, wanted, types, builders, corrupt, older, keep, rows } = self;
        let mode = source.options.mode;
        let file = &source.files[split.file];
        let mut bad = vec![false; tokens.len()];
        if wanted.len() == source.record_width() && !wanted.is_empty() {
            for (record, found) in (0..tokens.len()).map(|r| (r, tokens.fields(r))).filter(|(_, found)| *found != wanted.len()) {
                bad[record] = true;
                if mode == ParseMode::FailFast {
                    let text = format!("expected {} fields, found {found}", wanted.len());
                    return Err(file.error(tokens.raw(record).1, found.min(wanted.len()) + 1, &text));
                }
            }
        }
        let mut wrong = Vec::new();
        for (slot, builder) in builders.iter_mut().enumerate() {
            wrong.clear();
            builder.append(tokens, slot, &source.options, &mut wrong)?;
            wrong.iter().for_each(|record| bad[*record as usize] = true);
            if let Some((_, _, lacking)) = older.iter_mut().find(|(of, ..)| *of == slot) {
                let start = lacking.len();
                lacking.extend((0..tokens.len()).map(|record| !tokens.has(record, slot)));
                wrong.iter().for_each(|record| lacking[start + *record as usize] = true);
            }
            if let Some(record) = wrong.first().map(|r| *r as usize).filter(|_| mode == ParseMode::FailFast) {
                let text = String::from_utf8_lossy(tokens.get(record, slot).unwrap_or_default());
                let text = format!("expected {}, found '{text}'", expected(&types[slot]));
                return Err(file.error(tokens.raw(record).1, wanted[slot] + 1, &text));
            }
        }
        if let Some(corrupt) = corrupt {
            for (record, bad) in bad.iter().enumerate() {
                corrupt.append_text(bad.then(|| tokens.raw(record).0))?;
            }
        }
        if mode == ParseMode::DropMalformed && (!keep.is_empty() || bad.contains(&true)) {
            keep.resize(*rows, true);
            keep.extend(bad.iter().map(|b| !b));
        }
        if *rows == 0 {
            let expected = expected_rows(tokens.len(), tokens.bytes(), bytes);
            builders.iter_mut().for_each(|b| b.reserve(expected));
        }
        *rows += tokens.len();
        Ok(())
    }

    fn finish(self, columns: &[usize]) -> Result<Batch> {
        let mut keep = self.keep;
        let mut arrays = self.builders.into_iter().map(ColumnBuilder::finish).collect::<Result<Vec<_>>>()?;
        for (slot, value, lacking) in self.older.into_iter().filter(|(.., lacking)| lacking.contains(&true)) {
            arrays[slot] = filled(&arrays[slot], &self.types[slot], value, &BooleanArray::from(lacking))?;
        }
        let corrupt = self.corrupt.map(ColumnBuilder::finish).transpose()?;
        let column = |c: &usize| match self.source.field_of(*c) {
            Some(field) => self.wanted.binary_search(&field).ok().map(|slot| arrays[slot].clone()),
            None => corrupt.clone(),
        };
        let batch = Batch::new(columns.iter().filter_map(column).collect(), self.rows);
        if keep.is_empty() {
            return Ok(batch);
        }
        keep.resize(self.rows, true);
        batch.filter(&BooleanArray::from(keep))
    }
}

/// How many records a partition of so many bytes has, when the first of them took so many.
fn expected_rows(records: usize, read: usize, bytes: usize) -> usize {
    (records as f64 * bytes as f64 / read.max(1) as f64 * 1.02) as usize
}

impl CsvFile {
    /// An error in the record that begins at `start`.
    fn error(&self, start: usize, field: usize, text: &str) -> Error {
        let ends = |i: usize| self.data[i] == b'\n' || (self.data[i] == b'\r' && self.data.get(i + 1) != Some(&b'\n'));
        let line = (0..start).filter(|i| ends(*i)).count() as u64 + 1;
        Error::runtime(text).with_condition("MALFORMED_RECORD_IN_PARSING").at(&self.path, line, field as u64)
    }
}

fn expected(data_type: &DataType) -> &'static str {
    match data_type {
        DataType::Byte | DataType::Short | DataType::Int | DataType::Long => "an integer",
        DataType::Float | DataType::Double => "a number",
        DataType::Decimal(..) => "a decimal number",
        DataType::Boolean => "true or false",
        DataType::Date => "a date",
        DataType::Time(_) => "a time of the day",
        DataType::Timestamp | DataType::TimestampNtz => "a timestamp",
        _ => "text",
    }
}

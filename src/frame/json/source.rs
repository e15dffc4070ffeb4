use std::borrow::Cow;
use std::sync::Arc;

use arrow_array::ArrayRef;
use kindling_partition::{Error, Executor, Result};

use super::convert::{convert, object};
use super::infer::Inference;
use super::options::JsonOptions;
use super::parse::{Json, parse};
use crate::batch::{Batch, array_of};
use crate::csv::ParseMode;
use crate::files::{Format, Input, InputFile, Lines, Split, line_number, partitions};
use crate::random::BernoulliCellSampler;
use crate::schema::Schema;
use crate::source::{Pieces, Test};
use crate::types::{DataType, Field};
use crate::value::Value;

/// So many rows become arrays at a time.
const CHUNK: usize = 4096;

/// JSON files: a record a line, or with `multiLine` a file.
pub(crate) struct JsonFormat {
    files: Vec<InputFile>,
    options: JsonOptions,
    schema: Arc<Schema>,
    /// The position of the column that gets the text of bad records.
    corrupt: Option<usize>,
}

impl JsonFormat {
    /// Without a schema all records (or a sample) are looked at for one.
    ///
    /// # Errors
    /// Names that differ only in case; a bad record with `FAILFAST`; a column of bad records that isn't of strings.
    pub fn new(executor: &Executor, input: &Input, options: JsonOptions, schema: Option<Schema>) -> Result<Self> {
        let mut format = Self { files: input.files.clone(), options, schema: Arc::default(), corrupt: None };
        let schema = match schema {
            Some(schema) => schema,
            None => match &format.options.single_variant_column {
                Some(name) => Schema::new(vec![Field::new(name.as_str(), DataType::Variant, true)]),
                None => format.inferred(executor)?,
            },
        };
        format.corrupt = schema.iter().position(|f| *f.name == *format.options.column_name_of_corrupt_record);
        if let Some(field) = format.corrupt.map(|i| &schema[i])
            && field.data_type != DataType::String
        {
            let text =
                format!("The field for corrupt records must be string type and nullable, but '{}' is {}.", field.name, field.data_type);
            return Err(Error::analysis(text).with_condition("INVALID_CORRUPT_RECORD_TYPE"));
        }
        format.schema = Arc::new(schema.iter().map(|f| Field { nullable: true, ..f.clone() }).collect());
        Ok(format)
    }

    fn inferred(&self, executor: &Executor) -> Result<Schema> {
        let sizes: Vec<usize> = self.files.iter().map(|f| f.data.len()).collect();
        let partitions = partitions(&sizes, self.options.multi_line);
        let found = executor.map("infer json schema", &partitions, |partition, splits| {
            let mut inference = Inference::new(&self.options);
            let mut sampler = (self.options.sampling_ratio <= 0.99)
                .then(|| BernoulliCellSampler::new(0.0, self.options.sampling_ratio, false, 1 + partition as i64));
            self.each_record(executor, splits, |_, _, text| {
                if sampler.as_mut().is_some_and(|s| !s.takes()) {
                    return Ok(());
                }
                match parse(text, self.options.syntax) {
                    Ok(None) => inference.merge(DataType::Null),
                    Ok(Some(json)) => inference.add(Some(&json)),
                    Err(_) => inference.add(None),
                }
            })?;
            Ok(inference.into_found())
        })?;
        let mut inference = Inference::new(&self.options);
        found.into_iter().flatten().try_for_each(|found| inference.merge(found))?;
        inference.schema()
    }

    /// Every record's file, place and text.
    fn each_record(&self, executor: &Executor, splits: &[Split], mut take: impl FnMut(usize, usize, &str) -> Result<()>) -> Result<()> {
        for split in splits {
            let data = &self.files[split.file].data;
            if self.options.multi_line {
                executor.check()?;
                take(split.file, 0, &String::from_utf8_lossy(data))?;
                continue;
            }
            let separator = self.options.line_separator.as_deref().map(str::as_bytes);
            for (i, (at, line)) in Lines::new(data, &split.bytes, separator).enumerate() {
                if i % 256 == 0 {
                    executor.check()?;
                }
                take(split.file, at, &String::from_utf8_lossy(line))?;
            }
        }
        Ok(())
    }
}

impl Format for JsonFormat {
    fn name(&self) -> &'static str {
        "json"
    }

    fn schema(&self) -> Arc<Schema> {
        self.schema.clone()
    }

    fn keeps_files_whole(&self) -> bool {
        self.options.multi_line
    }

    fn read_pieces(&self, executor: &Executor, splits: &[Split], columns: &[usize], _: &[Test], each: &mut Pieces<'_>) -> Result<()> {
        let corrupt = columns.iter().position(|c| Some(*c) == self.corrupt);
        if corrupt.is_some() && columns.len() == 1 {
            let name = &self.options.column_name_of_corrupt_record;
            let text = format!(
                "Queries from raw JSON files are disallowed when they only reference the internal column of corrupt records (named {name} by \
                 default): no line of the file may be a record of its own (then read it with multiLine=True), or cache the parsed frame first: \
                 df.cache()."
            );
            return Err(Error::analysis(text).with_condition("UNSUPPORTED_FEATURE.QUERY_ONLY_CORRUPT_RECORD_COLUMN"));
        }
        let fields: Vec<Field> = columns.iter().filter(|c| Some(**c) != self.corrupt).map(|c| self.schema[*c].clone()).collect();
        let mut rows =
            Rows { fields: &fields, values: vec![Vec::new(); fields.len()], texts: Vec::new(), wants_text: corrupt.is_some(), held: 0 };
        self.each_record(executor, splits, |file, at, text| {
            if !rows.record(text, &self.options) {
                let data = &self.files[file];
                let text = format!("Malformed records are detected in record parsing: {}. Parse Mode: FAILFAST.", shortened(text));
                let line = if self.options.multi_line { 1 } else { line_number(&data.data, at) };
                return Err(Error::runtime(text).with_condition("MALFORMED_RECORD_IN_PARSING").at(&data.path, line, 1));
            }
            if rows.held >= CHUNK {
                each(rows.flush(corrupt)?)?;
            }
            Ok(())
        })?;
        each(rows.flush(corrupt)?)
    }
}

fn shortened(text: &str) -> Cow<'_, str> {
    match text.char_indices().nth(100) {
        Some((end, _)) => format!("{}…", &text[..end]).into(),
        None => text.into(),
    }
}

/// The rows of a part while they are read.
struct Rows<'a> {
    /// Those asked for, without the one for bad records.
    fields: &'a [Field],
    values: Vec<Vec<Value>>,
    texts: Vec<Value>,
    wants_text: bool,
    held: usize,
}

impl Rows<'_> {
    /// The rows of a record; false when it is bad and may not be.
    fn record(&mut self, text: &str, options: &JsonOptions) -> bool {
        let mut partial = false;
        let found = match parse(text, options.syntax) {
            Ok(None) => return true,
            // The column may not be asked for.
            Ok(Some(json)) if options.single_variant_column.is_some() => {
                let cells = self.fields.iter().map(|f| convert(&json, &f.data_type, options, &mut partial));
                cells.collect::<Result<Vec<_>, _>>().ok().map(|row| vec![row])
            }
            Ok(Some(Json::Object(members, _))) => Some(vec![object(&members, self.fields, options, &mut partial).values]),
            Ok(Some(Json::Array(items, _))) => items
                .iter()
                .map(|item| match item {
                    Json::Object(members, _) => Some(object(members, self.fields, options, &mut partial).values),
                    _ => None,
                })
                .collect(),
            Ok(Some(_)) | Err(_) => None,
        };
        let bad = partial || found.is_none();
        match options.mode {
            ParseMode::FailFast if bad => return false,
            ParseMode::DropMalformed if bad => return true,
            _ => {}
        }
        for row in found.unwrap_or_else(|| vec![vec![Value::Null; self.fields.len()]]) {
            self.values.iter_mut().zip(row).for_each(|(column, value)| column.push(value));
            if self.wants_text {
                self.texts.push(if bad { Value::from(text) } else { Value::Null });
            }
            self.held += 1;
        }
        true
    }

    /// The rows so far as arrays, the texts of bad records at their place.
    fn flush(&mut self, corrupt: Option<usize>) -> Result<Batch> {
        let mut arrays: Vec<ArrayRef> = Vec::with_capacity(self.fields.len() + 1);
        for (field, values) in self.fields.iter().zip(&mut self.values) {
            arrays.push(array_of(&field.data_type, values.iter())?);
            values.clear();
        }
        if let Some(place) = corrupt {
            arrays.insert(place, array_of(&DataType::String, self.texts.iter())?);
            self.texts.clear();
        }
        Ok(Batch::new(arrays, std::mem::take(&mut self.held)))
    }
}

use std::borrow::Cow;
use std::sync::Arc;

use kindling_partition::{Error, Executor, Result};

use super::convert::{convert, object};
use super::infer::Inference;
use super::options::JsonOptions;
use super::parse::{Json, parse};
use crate::csv::ParseMode;
use crate::files::{Format, Input, InputFile, Lines, Records, Split, corrupt_column, line_number, partitions};
use crate::random::BernoulliCellSampler;
use crate::schema::Schema;
use crate::source::{Pieces, Test};
use crate::types::{DataType, Field};
use crate::value::Value;

/// JSON files: a record a line, or with `multiLine` a file.
pub(crate) struct JsonFormat {
    files: Vec<InputFile>,
    options: JsonOptions,
    schema: Arc<Schema>,
    /// The position of the column that gets the text of bad records.
    corrupt: Option<usize>,
    /// What members become that a record lacks, by column; empty when all become null.
    older: Vec<Value>,
}

impl JsonFormat {
    /// Without a schema all records (or a sample) are looked at for one.
    ///
    /// # Errors
    /// Names that differ only in case; a bad record with `FAILFAST`; a column of bad records that isn't of strings.
    pub fn new(executor: &Executor, input: &Input, options: JsonOptions, schema: Option<Schema>) -> Result<Self> {
        let mut format = Self { files: input.files.clone(), options, schema: Arc::default(), corrupt: None, older: Vec::new() };
        let schema = match schema {
            Some(schema) => schema,
            None => match &format.options.single_variant_column {
                Some(name) => Schema::new(vec![Field::new(name.as_str(), DataType::Variant, true)]),
                None => format.inferred(executor)?,
            },
        };
        format.corrupt = corrupt_column(schema.fields(), &format.options.column_name_of_corrupt_record)?;
        format.schema = Arc::new(schema.iter().map(|f| Field { nullable: true, ..f.clone() }).collect());
        Ok(format)
    }

    #[must_use]
    pub fn with_older(self, older: Vec<Value>) -> Self {
        Self { older, ..self }
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
        let mut rows = Records::new("JSON", &self.schema, columns, self.corrupt)?;
        let asked = columns.iter().filter(|c| Some(**c) != self.corrupt);
        let older: Vec<&Value> = asked.filter_map(|c| self.older.get(*c)).collect();
        self.each_record(executor, splits, |file, at, text| {
            if !take(&mut rows, text, &older, &self.options) {
                let data = &self.files[file];
                let text = format!("Malformed records are detected in record parsing: {}. Parse Mode: FAILFAST.", shortened(text));
                let line = if self.options.multi_line { 1 } else { line_number(&data.data, at) };
                return Err(Error::runtime(text).with_condition("MALFORMED_RECORD_IN_PARSING").at(&data.path, line, 1));
            }
            if rows.is_full() {
                each(rows.flush()?)?;
            }
            Ok(())
        })?;
        each(rows.flush()?)
    }
}

fn shortened(text: &str) -> Cow<'_, str> {
    match text.char_indices().nth(100) {
        Some((end, _)) => format!("{}…", &text[..end]).into(),
        None => text.into(),
    }
}

/// The rows of a record; false when it is bad and may not be.
fn take(rows: &mut Records, text: &str, older: &[&Value], options: &JsonOptions) -> bool {
    let mut partial = false;
    let found = match parse(text, options.syntax) {
        Ok(None) => return true,
        // The column may not be asked for.
        Ok(Some(json)) if options.single_variant_column.is_some() => {
            let cells = rows.fields.iter().map(|f| convert(&json, &f.data_type, options, &mut partial));
            cells.collect::<Result<Vec<_>, _>>().ok().map(|row| vec![row])
        }
        Ok(Some(Json::Object(members, _))) => {
            let mut values = object(&members, &rows.fields, options, &mut partial).values;
            if !partial {
                // Of a record that is whole; a null that it has stays one.
                let lacks = |field: &Field| !members.iter().any(|(name, _)| **name == *field.name);
                let cells = values.iter_mut().zip(older).zip(&rows.fields);
                cells
                    .filter(|((_, older), field)| !older.is_null() && lacks(field))
                    .for_each(|((value, older), _)| *value = (*older).clone());
            }
            Some(vec![values])
        }
        Ok(Some(Json::Array(items, _))) => items
            .iter()
            .map(|item| match item {
                Json::Object(members, _) => Some(object(members, &rows.fields, options, &mut partial).values),
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
    let corrupt = if bad && rows.wants_text() { Value::from(text) } else { Value::Null };
    match found {
        Some(found) => found.into_iter().for_each(|row| rows.push(Some(row), corrupt.clone())),
        None => rows.push(None, corrupt),
    }
    true
}

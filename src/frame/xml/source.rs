use std::borrow::Cow;
use std::sync::Arc;

use kindling_partition::{Error, Executor, Result};

use super::events::Events;
use super::infer::Inference;
use super::options::XmlOptions;
use super::parse::{Failure, Parser};
use crate::csv::ParseMode;
use crate::files::{Format, Input, InputFile, Lines, Records, Split, corrupt_column, line_number, partitions};
use crate::schema::Schema;
use crate::source::{Pieces, Test};
use crate::types::{DataType, Field};
use crate::value::Value;

/// XML files: each element of one name is a row, or without `multiLine` each line.
pub(crate) struct XmlFormat {
    files: Vec<InputFile>,
    options: XmlOptions,
    schema: Arc<Schema>,
    /// The position of the column that gets the text of bad records.
    corrupt: Option<usize>,
    /// Between records without `multiLine`; none: `\n`, `\r\n` or `\r`.
    separator: Option<&'static str>,
}

impl XmlFormat {
    /// Without a schema all records are looked at for one.
    ///
    /// # Errors
    /// A bad record with `FAILFAST`; a column of bad records that isn't of strings.
    pub fn new(
        executor: &Executor,
        input: &Input,
        options: XmlOptions,
        schema: Option<Schema>,
        separator: Option<&'static str>,
    ) -> Result<Self> {
        let mut format = Self { files: input.files.clone(), options, schema: Arc::default(), corrupt: None, separator };
        let schema = match (schema, &format.options.single_variant_column) {
            (Some(schema), _) => schema,
            (None, Some(name)) => Schema::new(vec![Field::new(name.as_str(), DataType::Variant, true)]),
            (None, None) => format.inferred(executor)?,
        };
        format.corrupt = corrupt_column(schema.fields(), &format.options.column_name_of_corrupt_record)?;
        format.schema = Arc::new(schema.iter().map(|f| Field { nullable: true, ..f.clone() }).collect());
        Ok(format)
    }

    fn inferred(&self, executor: &Executor) -> Result<Schema> {
        let sizes: Vec<usize> = self.files.iter().map(|f| f.data.len()).collect();
        let found = executor.map("infer xml schema", &partitions(&sizes, self.options.multi_line), |_, splits| {
            let mut inference = Inference::new(&self.options);
            for split in splits {
                executor.check()?;
                if self.options.multi_line {
                    inference.add_file(&self.text(split))?;
                } else {
                    self.lines(split).try_for_each(|(_, line)| inference.add_text(&line))?;
                }
            }
            Ok(inference.into_found())
        })?;
        let mut inference = Inference::new(&self.options);
        found.into_iter().for_each(|found| inference.merge(found));
        Ok(inference.schema())
    }

    fn text(&self, split: &Split) -> Cow<'_, str> {
        String::from_utf8_lossy(&self.files[split.file].data)
    }

    fn lines(&self, split: &Split) -> impl Iterator<Item = (usize, Cow<'_, str>)> {
        let lines = Lines::new(&self.files[split.file].data, &split.bytes, self.separator.map(str::as_bytes));
        lines.map(|(at, line)| (at, String::from_utf8_lossy(line)))
    }

    fn at(&self, error: Error, split: &Split, position: usize) -> Error {
        let file = &self.files[split.file];
        error.at(&file.path, line_number(&file.data, position.min(file.data.len())), 1)
    }

    /// Takes in what was found of a record; says whether the next one can be read.
    fn take(
        &self,
        rows: &mut Records,
        found: Result<Vec<Value>, Failure>,
        text: &mut dyn FnMut() -> Value,
        at: (&Split, usize),
    ) -> Result<bool> {
        let (partial, why, goes_on) = match found {
            Ok(row) => {
                rows.push(Some(row), Value::Null);
                return Ok(true);
            }
            Err(Failure::Partial(row)) => (Some(row), "a value doesn't fit the type of its column".to_owned(), true),
            Err(Failure::Unfit) => (None, "a value doesn't fit the type of its column".to_owned(), true),
            Err(Failure::Broken(broken)) => (None, broken.to_string(), false),
        };
        match self.options.mode {
            ParseMode::FailFast => {
                let text = format!("Malformed records are detected in record parsing: {why}. Parse Mode: FAILFAST.");
                return Err(self.at(Error::runtime(text).with_condition("MALFORMED_RECORD_IN_PARSING"), at.0, at.1));
            }
            ParseMode::DropMalformed => {}
            ParseMode::Permissive => rows.push(partial, if rows.wants_text() { text() } else { Value::Null }),
        }
        Ok(goes_on)
    }
}

impl Format for XmlFormat {
    fn name(&self) -> &'static str {
        "xml"
    }

    fn schema(&self) -> Arc<Schema> {
        self.schema.clone()
    }

    fn keeps_files_whole(&self) -> bool {
        self.options.multi_line
    }

    fn read_pieces(&self, executor: &Executor, splits: &[Split], columns: &[usize], _: &[Test], each: &mut Pieces<'_>) -> Result<()> {
        let mut rows = Records::new("XML", &self.schema, columns, self.corrupt)?;
        let parser = Parser { options: &self.options };
        for split in splits {
            if !self.options.multi_line {
                for (i, (at, line)) in self.lines(split).enumerate() {
                    if i % 256 == 0 {
                        executor.check()?;
                    }
                    let found = parser.record(&line, &rows.fields);
                    self.take(&mut rows, found, &mut || Value::from(&*line), (split, at))?;
                    if rows.is_full() {
                        each(rows.flush()?)?;
                    }
                }
                continue;
            }
            let text = self.text(split);
            let mut events = Events::new(&text);
            // All bad records of a file have its whole text.
            let mut whole = None;
            for i in 0_usize.. {
                if i % 256 == 0 {
                    executor.check()?;
                }
                let found = match parser.next_record(&mut events, &rows.fields) {
                    Ok(None) => break,
                    Ok(Some(row)) => Ok(row),
                    Err(Failure::Unfit) => {
                        let text = "A value of a record's own attributes or text doesn't fit the type of its column: read it as a string, or \
                                    without a schema.";
                        return Err(self.at(Error::runtime(text).with_condition("FAILED_READ_FILE.NO_HINT"), split, events.position()));
                    }
                    Err(failure) => Err(failure),
                };
                let at = (split, events.position());
                if !self.take(&mut rows, found, &mut || whole.get_or_insert_with(|| Value::from(&*text)).clone(), at)? {
                    break;
                }
                if rows.is_full() {
                    each(rows.flush()?)?;
                }
            }
        }
        each(rows.flush()?)
    }
}

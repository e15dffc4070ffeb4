//! Rows that text formats read record by record, bad ones among them: Spark's `FailureSafeParser`.

use arrow_array::ArrayRef;
use kindling_partition::{Error, Result};

use crate::batch::{Batch, array_of};
use crate::schema::Schema;
use crate::types::{DataType, Field};
use crate::value::Value;

/// So many rows become arrays at a time.
const CHUNK: usize = 4096;

/// The rows of a part while they are read.
pub(crate) struct Records {
    /// The columns asked for, without the one for bad records.
    pub fields: Vec<Field>,
    values: Vec<Vec<Value>>,
    /// Where that one is among those asked for.
    corrupt: Option<usize>,
    texts: Vec<Value>,
    held: usize,
}

impl Records {
    /// `corrupt` is the column of the schema that gets the texts of bad records.
    ///
    /// # Errors
    /// `UNSUPPORTED_FEATURE.QUERY_ONLY_CORRUPT_RECORD_COLUMN`
    pub fn new(format: &str, schema: &Schema, columns: &[usize], corrupt: Option<usize>) -> Result<Self> {
        let place = columns.iter().position(|c| Some(*c) == corrupt);
        if let (Some(place), 1) = (place, columns.len()) {
            let name = &schema[columns[place]].name;
            let text = format!(
                "Queries from raw {format} files are disallowed when they only reference the internal column of corrupt records (named {name} \
                 by default): no line of the file may be a record of its own (then read it with multiLine=True), or cache the parsed frame \
                 first: df.cache()."
            );
            return Err(Error::analysis(text).with_condition("UNSUPPORTED_FEATURE.QUERY_ONLY_CORRUPT_RECORD_COLUMN"));
        }
        let fields: Vec<Field> = columns.iter().filter(|c| Some(**c) != corrupt).map(|c| schema[*c].clone()).collect();
        Ok(Self { values: vec![Vec::new(); fields.len()], fields, corrupt: place, texts: Vec::new(), held: 0 })
    }

    /// Whether the texts of bad records are asked for.
    pub fn wants_text(&self) -> bool {
        self.corrupt.is_some()
    }

    /// A row, without values when nothing of it is known; `bad` is the text of a bad record.
    pub fn push(&mut self, row: Option<Vec<Value>>, bad: Value) {
        match row {
            Some(row) => self.values.iter_mut().zip(row).for_each(|(column, value)| column.push(value)),
            None => self.values.iter_mut().for_each(|column| column.push(Value::Null)),
        }
        if self.wants_text() {
            self.texts.push(bad);
        }
        self.held += 1;
    }

    pub fn is_full(&self) -> bool {
        self.held >= CHUNK
    }

    /// The rows so far as arrays, the texts of bad records at their place.
    pub fn flush(&mut self) -> Result<Batch> {
        let mut arrays: Vec<ArrayRef> = Vec::with_capacity(self.fields.len() + 1);
        for (field, values) in self.fields.iter().zip(&mut self.values) {
            arrays.push(array_of(&field.data_type, values.iter())?);
            values.clear();
        }
        if let Some(place) = self.corrupt {
            arrays.insert(place, array_of(&DataType::String, self.texts.iter())?);
            self.texts.clear();
        }
        Ok(Batch::new(arrays, std::mem::take(&mut self.held)))
    }
}

/// The column of a schema that gets the texts of bad records.
///
/// # Errors
/// `INVALID_CORRUPT_RECORD_TYPE`
pub(crate) fn corrupt_column(fields: &[Field], name: &str) -> Result<Option<usize>> {
    let found = fields.iter().position(|f| *f.name == *name);
    match found.map(|i| &fields[i]) {
        Some(field) if field.data_type != DataType::String => {
            let text =
                format!("The field for corrupt records must be string type and nullable, but '{}' is {}.", field.name, field.data_type);
            Err(Error::analysis(text).with_condition("INVALID_CORRUPT_RECORD_TYPE"))
        }
        _ => Ok(found),
    }
}

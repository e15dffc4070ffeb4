//! The type of records: Spark's `XmlInferSchema`.

use kindling_partition::{Error, Result};

use super::events::{Broken, Event, Events, is_blank};
use super::options::XmlOptions;
use super::parse::next_row_tag;
use super::values::type_of;
use crate::csv::ParseMode;
use crate::json::{scalar_type, settled, utf16_order};
use crate::schema::{Schema, same_name};
use crate::types::{DataType, Field};

/// The type of many records, one after the other.
pub(crate) struct Inference<'a> {
    options: &'a XmlOptions,
    found: DataType,
}

impl<'a> Inference<'a> {
    pub fn new(options: &'a XmlOptions) -> Self {
        Self { options, found: DataType::Null }
    }

    /// Takes in a text that is one record.
    ///
    /// # Errors
    /// A malformed record with `FAILFAST`.
    pub fn add_text(&mut self, text: &str) -> Result<()> {
        let mut events = Events::new(text);
        let found = match events.next() {
            Ok(Event::Start(tag)) => self.object(&mut events, &tag.attributes),
            Ok(_) => Ok(DataType::Struct(Vec::new())),
            Err(broken) => Err(broken),
        };
        match found {
            Ok(found) => self.merge(found),
            Err(broken) => self.malformed(&broken)?,
        }
        Ok(())
    }

    /// Takes in the records of a file, up to where it is no XML.
    ///
    /// # Errors
    /// A malformed record with `FAILFAST`.
    pub fn add_file(&mut self, text: &str) -> Result<()> {
        let mut events = Events::new(text);
        loop {
            let tag = match next_row_tag(&mut events, self.options) {
                Ok(Some(tag)) => tag,
                Ok(None) => return Ok(()),
                Err(broken) => return self.malformed(&broken),
            };
            match self.object(&mut events, &tag.attributes) {
                Ok(found) => self.merge(found),
                Err(broken) => return self.malformed(&broken),
            }
        }
    }

    /// Takes in what was found of other records.
    pub fn merge(&mut self, found: DataType) {
        let before = std::mem::replace(&mut self.found, DataType::Null);
        self.found = self.compatible(before, found);
    }

    pub fn into_found(self) -> DataType {
        self.found
    }

    /// The type of all records: no empty structs, strings where only nulls were.
    pub fn fields(self) -> Vec<Field> {
        match settled(self.found, false) {
            Some(DataType::Struct(fields)) => fields,
            _ => Vec::new(),
        }
    }

    pub fn schema(self) -> Schema {
        Schema::new(self.fields())
    }

    fn malformed(&mut self, broken: &Broken) -> Result<()> {
        let name = self.options.column_name_of_corrupt_record.as_str();
        match self.options.mode {
            ParseMode::Permissive => self.merge(DataType::Struct(vec![Field::new(name, DataType::String, true)])),
            ParseMode::DropMalformed => {}
            ParseMode::FailFast => {
                let text = format!("Malformed records are detected in schema inference: {broken}. Parse Mode: FAILFAST.");
                return Err(Error::runtime(text).with_condition("MALFORMED_RECORD_IN_PARSING.WITHOUT_SUGGESTION"));
            }
        }
        Ok(())
    }

    /// An element whose start was the last event; its end is passed over.
    fn object(&self, events: &mut Events<'_>, attributes: &[(String, String)]) -> Result<DataType, Broken> {
        let mut fields: Vec<Field> = Vec::new();
        for (name, value) in self.options.attributes(attributes) {
            self.put(&mut fields, &name, type_of(value.as_deref(), self.options));
        }
        loop {
            match events.next()? {
                Event::Start(tag) => {
                    let found = self.field(events)?;
                    let attributes = self.options.attributes(&tag.attributes);
                    let found = if attributes.is_empty() { found } else { self.with_attributes(found, attributes) };
                    self.put(&mut fields, self.options.name(&tag.name), found);
                }
                Event::Text(text) if is_blank(&text) => {}
                Event::Text(text) => self.put(&mut fields, &self.options.value_tag, type_of(Some(&text), self.options)),
                Event::End(_) | Event::Done => break,
            }
        }
        fields.sort_by(|a, b| utf16_order(&a.name, &b.name));
        Ok(DataType::Struct(fields))
    }

    fn field(&self, events: &mut Events<'_>) -> Result<DataType, Broken> {
        let text = match events.peek()? {
            Event::End(_) => {
                events.next()?;
                return Ok(DataType::Null);
            }
            event => matches!(event, Event::Text(_)),
        };
        let found = self.object(events, &[])?;
        Ok(match found {
            DataType::Struct(fields) if text && fields.is_empty() => DataType::Null,
            DataType::Struct(mut fields)
                if text
                    && fields.len() == 1
                    && same_name(&fields[0].name, &self.options.value_tag)
                    && !matches!(fields[0].data_type, DataType::Struct(_) | DataType::Array(..)) =>
            {
                fields.remove(0).data_type
            }
            other => other,
        })
    }

    fn with_attributes(&self, found: DataType, attributes: Vec<(String, Option<String>)>) -> DataType {
        let mut fields = match found {
            DataType::Struct(fields) => fields,
            DataType::Null => Vec::new(),
            other => vec![Field::new(self.options.value_tag.as_str(), other, true)],
        };
        let field = |(name, value): (String, Option<String>)| Field::new(name, type_of(value.as_deref(), self.options), true);
        fields.extend(attributes.into_iter().map(field));
        fields.sort_by(|a, b| utf16_order(&a.name, &b.name));
        DataType::Struct(fields)
    }

    /// One more value of a name: what comes again is an array.
    fn put(&self, fields: &mut Vec<Field>, name: &str, found: DataType) {
        match fields.iter_mut().find(|f| same_name(&f.name, name)) {
            None => fields.push(Field::new(name, found, true)),
            Some(field) => {
                let before = std::mem::replace(&mut field.data_type, DataType::Null);
                let is_array = matches!(before, DataType::Array(..));
                let both = self.compatible(before, found);
                field.data_type = if is_array { both } else { DataType::array(both) };
            }
        }
    }

    /// The type that takes the values of both.
    fn compatible(&self, a: DataType, b: DataType) -> DataType {
        use DataType::{Array, Struct};
        if let Some(scalar) = scalar_type(&a, &b) {
            return scalar;
        }
        match (a, b) {
            (Struct(a), Struct(b)) => {
                let mut fields = a;
                for field in b {
                    match fields.iter_mut().find(|f| same_name(&f.name, &field.name)) {
                        Some(known) => {
                            let before = std::mem::replace(&mut known.data_type, DataType::Null);
                            known.data_type = self.compatible(before, field.data_type);
                        }
                        None => fields.push(field),
                    }
                }
                fields.sort_by(|a, b| utf16_order(&a.name, &b.name));
                Struct(fields)
            }
            (Array(a, some), Array(b, others)) => Array(Box::new(self.compatible(*a, *b)), some || others),
            (Array(a, _), b) => DataType::array(self.compatible(*a, b)),
            (a, Array(b, _)) => DataType::array(self.compatible(a, *b)),
            (Struct(mut fields), other) | (other, Struct(mut fields)) => {
                match fields.iter_mut().find(|f| *f.name == *self.options.value_tag) {
                    Some(text) => {
                        let before = std::mem::replace(&mut text.data_type, DataType::Null);
                        text.data_type = self.compatible(before, other);
                        Struct(fields)
                    }
                    None => DataType::String,
                }
            }
            _ => DataType::String,
        }
    }
}

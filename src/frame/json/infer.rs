//! The type of JSON values: Spark's `JsonInferSchema`.

use kindling_partition::{Error, Result};

use super::options::JsonOptions;
use super::parse::Json;
use crate::csv::ParseMode;
use crate::dates::parse_timestamp;
use crate::numbers::decimal_shape;
use crate::schema::{Schema, same_name};
use crate::types::{DataType, Field};

/// The type of a value as it stands: an empty string, null and the elements of an empty array are [`DataType::Null`] until others decide.
/// The members of an object are sorted by name.
pub fn infer(json: &Json<'_>, options: &JsonOptions) -> DataType {
    match json {
        Json::Null => DataType::Null,
        Json::String(text) if text.is_empty() => DataType::Null,
        Json::String(text) => string_type(text, options),
        Json::Bool(_) | Json::Number(_) if options.primitives_as_string => DataType::String,
        Json::Bool(_) => DataType::Boolean,
        Json::Number(text) => number_type(text, options),
        Json::Array(items, _) => {
            DataType::array(items.iter().fold(DataType::Null, |so_far, item| compatible(so_far, infer(item, options))))
        }
        Json::Object(members, _) => {
            let mut fields: Vec<Field> = members.iter().map(|(name, value)| Field::new(&**name, infer(value, options), true)).collect();
            fields.sort_by(|a, b| utf16_order(&a.name, &b.name));
            DataType::Struct(fields)
        }
    }
}

/// Java compares texts by their UTF-16 units.
pub(crate) fn utf16_order(a: &str, b: &str) -> std::cmp::Ordering {
    a.encode_utf16().cmp(b.encode_utf16())
}

fn string_type(text: &str, options: &JsonOptions) -> DataType {
    if options.prefers_decimal
        && let Some((precision @ ..=38, scale @ 0..=38)) = decimal_shape(text.as_bytes())
    {
        return DataType::Decimal(precision.max(scale as u32) as u8, scale as i8);
    }
    if options.infer_timestamp {
        let found = match &options.timestamp_format {
            None => parse_timestamp(text.as_bytes()),
            Some(pattern) => pattern.try_parse(text),
        };
        if found.is_some() {
            return DataType::Timestamp;
        }
    }
    DataType::String
}

fn number_type(text: &str, options: &JsonOptions) -> DataType {
    let whole = text.bytes().all(|b| b.is_ascii_digit() || b == b'-');
    if whole && text.parse::<i64>().is_ok() {
        return DataType::Long;
    }
    if whole || options.prefers_decimal {
        return match decimal_shape(text.as_bytes()) {
            Some((precision, scale @ 0..=38)) if precision <= 38 => DataType::Decimal(precision.max(scale as u32) as u8, scale as i8),
            _ => DataType::Double,
        };
    }
    DataType::Double
}

/// The type that takes the values of both.
fn compatible(a: DataType, b: DataType) -> DataType {
    use DataType::{Array, String, Struct};
    if let Some(scalar) = scalar_type(&a, &b) {
        return scalar;
    }
    match (a, b) {
        (Array(a, some), Array(b, others)) => Array(Box::new(compatible(*a, *b)), some || others),
        (Struct(a), Struct(b)) => Struct(merged(a, b)),
        _ => String,
    }
}

/// The type that takes the values of both, where they are the same, one is of nulls, or both are of numbers or of times.
pub(crate) fn scalar_type(a: &DataType, b: &DataType) -> Option<DataType> {
    use DataType::{Date, Decimal, Double, Long, Null, Timestamp};
    Some(match (a, b) {
        (a, b) if a == b => a.clone(),
        (Null, other) | (other, Null) => other.clone(),
        (Double, Long | Decimal(..)) | (Long | Decimal(..), Double) => Double,
        (Decimal(p, s), Long) | (Long, Decimal(p, s)) => wider((*p, *s), (20, 0)),
        (Decimal(p, s), Decimal(q, t)) => wider((*p, *s), (*q, *t)),
        (Date, Timestamp) | (Timestamp, Date) => Timestamp,
        _ => return None,
    })
}

fn wider((p, s): (u8, i8), (q, t): (u8, i8)) -> DataType {
    let scale = s.max(t);
    let range = (i16::from(p) - i16::from(s)).max(i16::from(q) - i16::from(t));
    if range + i16::from(scale) > 38 { DataType::Double } else { DataType::Decimal((range + i16::from(scale)) as u8, scale) }
}

/// The fields of both, which are sorted, as they will be.
fn merged(a: Vec<Field>, b: Vec<Field>) -> Vec<Field> {
    let mut fields = Vec::with_capacity(a.len().max(b.len()));
    let (mut a, mut b) = (a.into_iter().peekable(), b.into_iter().peekable());
    loop {
        let next = match (a.peek(), b.peek()) {
            (Some(x), Some(y)) => utf16_order(&x.name, &y.name),
            (Some(_), None) => std::cmp::Ordering::Less,
            (None, Some(_)) => std::cmp::Ordering::Greater,
            (None, None) => return fields,
        };
        match next {
            std::cmp::Ordering::Less => fields.extend(a.next()),
            std::cmp::Ordering::Greater => fields.extend(b.next()),
            std::cmp::Ordering::Equal => {
                if let (Some(x), Some(y)) = (a.next(), b.next()) {
                    fields.push(Field::new(x.name, compatible(x.data_type, y.data_type), true));
                }
            }
        }
    }
}

/// The schema of many records, one after the other.
pub struct Inference<'a> {
    options: &'a JsonOptions,
    /// None before the first record.
    root: Option<DataType>,
}

impl<'a> Inference<'a> {
    pub fn new(options: &'a JsonOptions) -> Self {
        Self { options, root: None }
    }

    /// Takes in a record, none when its text is no JSON.
    ///
    /// # Errors
    /// A malformed record with `FAILFAST`.
    pub fn add(&mut self, record: Option<&Json<'_>>) -> Result<()> {
        let found = match record {
            Some(json) => infer(json, self.options),
            None => match self.options.mode {
                ParseMode::Permissive => DataType::Struct(vec![self.corrupt_field()]),
                ParseMode::DropMalformed => return Ok(()),
                ParseMode::FailFast => return Err(malformed()),
            },
        };
        self.merge(found)
    }

    /// Takes in what was found of other records.
    ///
    /// # Errors
    /// As [`add`](Self::add).
    pub fn merge(&mut self, found: DataType) -> Result<()> {
        let root = match self.root.take() {
            None => found,
            Some(before) => self.roots(before, found)?,
        };
        self.root = Some(root);
        Ok(())
    }

    /// What was found so far; none before the first record.
    pub fn into_found(self) -> Option<DataType> {
        self.root
    }

    fn corrupt_field(&self) -> Field {
        Field::new(self.options.column_name_of_corrupt_record.as_str(), DataType::String, true)
    }

    /// Arrays of records are records; what is neither is a corrupt one.
    fn roots(&self, a: DataType, b: DataType) -> Result<DataType> {
        match (a, b) {
            (DataType::Array(a, _), b) => self.roots(*a, b),
            (a, DataType::Array(b, _)) => self.roots(a, *b),
            (DataType::Struct(fields), DataType::Null) | (DataType::Null, DataType::Struct(fields)) => Ok(DataType::Struct(fields)),
            (DataType::Struct(a), DataType::Struct(b)) => Ok(DataType::Struct(merged(a, b))),
            (DataType::Struct(mut fields), _) | (_, DataType::Struct(mut fields)) => match self.options.mode {
                ParseMode::FailFast => Err(malformed()),
                ParseMode::Permissive if !fields.iter().any(|f| *f.name == *self.options.column_name_of_corrupt_record) => {
                    fields.push(self.corrupt_field());
                    fields.sort_by(|a, b| utf16_order(&a.name, &b.name));
                    Ok(DataType::Struct(fields))
                }
                _ => Ok(DataType::Struct(fields)),
            },
            (a, b) => Ok(compatible(a, b)),
        }
    }

    /// The schema of all records: no empty structs, strings where only nulls were.
    ///
    /// # Errors
    /// `COLUMN_ALREADY_EXISTS` for names that differ only in case, a malformed record with `FAILFAST`.
    pub fn schema(mut self) -> Result<Schema> {
        self.merge(DataType::Struct(Vec::new()))?;
        let root = self.root.take().unwrap_or(DataType::Null);
        let fields = match settled(root, self.options.drop_field_if_all_null) {
            Some(DataType::Struct(fields)) => fields,
            _ => Vec::new(),
        };
        for (i, field) in fields.iter().enumerate() {
            if fields[..i].iter().any(|f| same_name(&f.name, &field.name)) {
                let text = format!(
                    "The column `{}` already exists. Choose another name or rename the existing column.",
                    field.name.to_lowercase()
                );
                return Err(Error::analysis(text).with_condition("COLUMN_ALREADY_EXISTS"));
            }
        }
        Ok(Schema::new(fields))
    }
}

/// A type without what nothing is known of; none when that leaves nothing.
pub(crate) fn settled(found: DataType, drop_nulls: bool) -> Option<DataType> {
    match found {
        DataType::Null if drop_nulls => None,
        DataType::Null => Some(DataType::String),
        DataType::Array(element, nulls) => settled(*element, drop_nulls).map(|e| DataType::Array(Box::new(e), nulls)),
        DataType::Struct(fields) => {
            let fields: Vec<Field> = fields
                .into_iter()
                .filter(|f| !f.name.is_empty())
                .filter_map(|f| Some(Field { data_type: settled(f.data_type.clone(), drop_nulls)?, ..f }))
                .collect();
            if fields.is_empty() { None } else { Some(DataType::Struct(fields)) }
        }
        other => Some(other),
    }
}

fn malformed() -> Error {
    Error::runtime("Malformed records are detected in schema inference. Parse Mode: FAILFAST.")
        .with_condition("MALFORMED_RECORD_IN_PARSING")
}

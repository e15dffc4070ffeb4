//! Fields into typed columns.

use std::sync::Arc;

use arrow_array::types::{
    Date32Type, Decimal128Type, Float32Type, Float64Type, Int8Type, Int16Type, Int32Type, Int64Type, TimestampMicrosecondType,
};
use arrow_array::{ArrayRef, ArrowPrimitiveType, BinaryArray, BooleanArray, PrimitiveArray, StringArray};
use arrow_buffer::{BooleanBufferBuilder, NullBufferBuilder, OffsetBuffer, ScalarBuffer};
use kindling_partition::{Error, ErrorKind, Result};

use super::options::CsvOptions;
use super::tokens::Tokens;
use super::values::Values;
use crate::batch::arrow;
use crate::types::DataType;

/// A column that grows batch by batch.
pub(super) struct ColumnBuilder {
    data_type: DataType,
    values: Grown,
    nulls: NullBufferBuilder,
}

enum Grown {
    Boolean(BooleanBufferBuilder),
    Byte(Vec<i8>),
    Short(Vec<i16>),
    Int(Vec<i32>),
    Long(Vec<i64>),
    Float(Vec<f32>),
    Double(Vec<f64>),
    Decimal(Vec<i128>),
    Date(Vec<i32>),
    Timestamp(Vec<i64>),
    /// Strings or bytes.
    Text {
        offsets: Vec<i32>,
        bytes: Vec<u8>,
    },
}

/// Whether a CSV file can have a column of this type.
pub(super) fn is_supported(data_type: &DataType) -> bool {
    grown(data_type).is_some()
}

fn grown(data_type: &DataType) -> Option<Grown> {
    Some(match data_type {
        DataType::Boolean => Grown::Boolean(BooleanBufferBuilder::new(0)),
        DataType::Byte => Grown::Byte(Vec::new()),
        DataType::Short => Grown::Short(Vec::new()),
        DataType::Int => Grown::Int(Vec::new()),
        DataType::Long => Grown::Long(Vec::new()),
        DataType::Float => Grown::Float(Vec::new()),
        DataType::Double => Grown::Double(Vec::new()),
        DataType::Decimal(..) => Grown::Decimal(Vec::new()),
        DataType::Date => Grown::Date(Vec::new()),
        DataType::Timestamp | DataType::TimestampNtz => Grown::Timestamp(Vec::new()),
        DataType::String | DataType::Binary => Grown::Text { offsets: vec![0], bytes: Vec::new() },
        _ => return None,
    })
}

impl ColumnBuilder {
    /// # Errors
    /// When no CSV file can have a column of this type.
    pub fn new(data_type: &DataType) -> Result<Self> {
        let values = grown(data_type).ok_or_else(|| {
            Error::analysis(format!("A CSV file can't have a column of type {}.", data_type.sql()))
                .with_condition("UNSUPPORTED_DATA_TYPE_FOR_DATASOURCE")
        })?;
        Ok(Self { data_type: data_type.clone(), values, nulls: NullBufferBuilder::new(0) })
    }

    /// Appends wanted field `slot` of each record; calls `bad` with the record's number for what isn't of the type, which becomes null.
    ///
    /// # Errors
    /// What `bad` gives, or a column of more than 2 GiB of text.
    pub fn append(&mut self, tokens: &Tokens, slot: usize, options: &CsvOptions, mut bad: impl FnMut(usize) -> Result<()>) -> Result<()> {
        let nulls = &mut self.nulls;
        let read = Values { options };
        match &mut self.values {
            Grown::Boolean(values) => {
                for record in 0..tokens.records.len() {
                    let value = match tokens.get(record, slot) {
                        None => None,
                        Some(text) => match Values::boolean(text) {
                            None => bad(record).map(|()| None)?,
                            value => value,
                        },
                    };
                    values.append(value.unwrap_or(false));
                    nulls.append(value.is_some());
                }
                Ok(())
            }
            Grown::Byte(values) => parse(values, nulls, tokens, slot, bad, Values::integer),
            Grown::Short(values) => parse(values, nulls, tokens, slot, bad, Values::integer),
            Grown::Int(values) => parse(values, nulls, tokens, slot, bad, Values::integer),
            Grown::Long(values) => parse(values, nulls, tokens, slot, bad, Values::integer),
            Grown::Float(values) => parse(values, nulls, tokens, slot, bad, |t| read.float(t)),
            Grown::Double(values) => parse(values, nulls, tokens, slot, bad, |t| read.double(t)),
            Grown::Decimal(values) => {
                let DataType::Decimal(precision, scale) = self.data_type else { return Ok(()) };
                parse(values, nulls, tokens, slot, bad, |t| Values::decimal(t, precision, scale))
            }
            Grown::Date(values) => parse(values, nulls, tokens, slot, bad, |t| read.date(t)),
            Grown::Timestamp(values) if self.data_type == DataType::TimestampNtz => {
                parse(values, nulls, tokens, slot, bad, |t| read.timestamp_ntz(t))
            }
            Grown::Timestamp(values) => parse(values, nulls, tokens, slot, bad, |t| read.timestamp(t)),
            Grown::Text { offsets, bytes } => {
                for record in 0..tokens.records.len() {
                    match tokens.get(record, slot) {
                        Some(text) => {
                            bytes.extend_from_slice(text);
                            nulls.append_non_null();
                        }
                        None => nulls.append_null(),
                    }
                    offsets.push(bytes.len() as i32);
                }
                if i32::try_from(bytes.len()).is_ok() { Ok(()) } else { Err(too_long()) }
            }
        }
    }

    /// Appends one string or null to a column of strings.
    ///
    /// # Errors
    /// A column of more than 2 GiB of text.
    pub fn append_text(&mut self, text: Option<&[u8]>) -> Result<()> {
        if let Grown::Text { offsets, bytes } = &mut self.values {
            bytes.extend_from_slice(text.unwrap_or_default());
            offsets.push(i32::try_from(bytes.len()).map_err(|_| too_long())?);
            self.nulls.append(text.is_some());
        }
        Ok(())
    }

    /// Makes room for about `rows` rows in all, seen from the first ones.
    pub fn reserve(&mut self, rows: usize) {
        match &mut self.values {
            Grown::Boolean(values) => values.reserve(rows.saturating_sub(values.len())),
            Grown::Byte(values) => reserve(values, rows),
            Grown::Short(values) => reserve(values, rows),
            Grown::Int(values) | Grown::Date(values) => reserve(values, rows),
            Grown::Long(values) | Grown::Timestamp(values) => reserve(values, rows),
            Grown::Float(values) => reserve(values, rows),
            Grown::Double(values) => reserve(values, rows),
            Grown::Decimal(values) => reserve(values, rows),
            Grown::Text { offsets, bytes } => {
                let seen = offsets.len().max(2) - 1;
                reserve(bytes, bytes.len().div_ceil(seen).saturating_mul(rows));
                reserve(offsets, rows + 1);
            }
        }
    }

    /// # Errors
    /// None for text that was checked to be UTF-8.
    pub fn finish(mut self) -> Result<ArrayRef> {
        let nulls = self.nulls.finish();
        Ok(match self.values {
            Grown::Boolean(mut values) => Arc::new(BooleanArray::new(values.finish(), nulls)),
            Grown::Byte(values) => typed::<Int8Type>(values, nulls, &self.data_type),
            Grown::Short(values) => typed::<Int16Type>(values, nulls, &self.data_type),
            Grown::Int(values) => typed::<Int32Type>(values, nulls, &self.data_type),
            Grown::Long(values) => typed::<Int64Type>(values, nulls, &self.data_type),
            Grown::Float(values) => typed::<Float32Type>(values, nulls, &self.data_type),
            Grown::Double(values) => typed::<Float64Type>(values, nulls, &self.data_type),
            Grown::Decimal(values) => typed::<Decimal128Type>(values, nulls, &self.data_type),
            Grown::Date(values) => typed::<Date32Type>(values, nulls, &self.data_type),
            Grown::Timestamp(values) => typed::<TimestampMicrosecondType>(values, nulls, &self.data_type),
            Grown::Text { offsets, bytes } => {
                let offsets = OffsetBuffer::new(ScalarBuffer::from(offsets));
                if self.data_type == DataType::Binary {
                    Arc::new(BinaryArray::try_new(offsets, bytes.into(), nulls).map_err(arrow)?)
                } else {
                    Arc::new(StringArray::try_new(offsets, bytes.into(), nulls).map_err(arrow)?)
                }
            }
        })
    }
}

fn parse<T: Copy + Default>(
    values: &mut Vec<T>,
    nulls: &mut NullBufferBuilder,
    tokens: &Tokens,
    slot: usize,
    mut bad: impl FnMut(usize) -> Result<()>,
    read: impl Fn(&[u8]) -> Option<T>,
) -> Result<()> {
    values.reserve(tokens.records.len());
    for record in 0..tokens.records.len() {
        let value = match tokens.get(record, slot) {
            None => None,
            Some(text) => match read(text) {
                None => bad(record).map(|()| None)?,
                value => value,
            },
        };
        values.push(value.unwrap_or_default());
        nulls.append(value.is_some());
    }
    Ok(())
}

fn typed<T: ArrowPrimitiveType>(values: Vec<T::Native>, nulls: Option<arrow_buffer::NullBuffer>, data_type: &DataType) -> ArrayRef {
    Arc::new(PrimitiveArray::<T>::new(values.into(), nulls).with_data_type(data_type.to_arrow()))
}

fn reserve<T>(values: &mut Vec<T>, rows: usize) {
    values.reserve_exact(rows.saturating_sub(values.len()));
}

fn too_long() -> Error {
    Error::new(
        ErrorKind::OutOfMemory,
        "A column of one partition holds more than 2 GiB of text. Read the file without multiLine, in more partitions.",
    )
}

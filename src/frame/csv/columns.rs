//! Fields into typed columns.

use std::sync::Arc;

use arrow_array::types::{
    Date32Type, Decimal128Type, Float32Type, Float64Type, Int8Type, Int16Type, Int32Type, Int64Type, TimestampMicrosecondType,
};
use arrow_array::{ArrayRef, ArrowPrimitiveType, BinaryArray, BooleanArray, PrimitiveArray, StringArray};
use arrow_buffer::{BooleanBufferBuilder, NullBufferBuilder, OffsetBuffer, ScalarBuffer};
use kindling_partition::{Error, ErrorKind, Result};

use super::infer::Inferred;
use super::options::CsvOptions;
use super::tokens::{Span, Tokens};
use super::values::Values;
use crate::batch::{array_of, arrow};
use crate::types::DataType;
use crate::value::Value;
use crate::variant::Tree;

/// A column that grows batch by batch.
pub(super) struct ColumnBuilder {
    data_type: DataType,
    values: Grown,
    nulls: NullBufferBuilder,
    /// Of the batch that is being read: where its texts are, and which of its records are null.
    spans: Vec<Span>,
    missing: Vec<u32>,
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
    /// With the type of the column so far.
    Variant(Vec<Value>, Inferred),
    /// Strings or bytes.
    Text {
        offsets: Vec<i32>,
        bytes: Vec<u8>,
    },
}

/// Whether a column of this type can be read from a CSV file.
pub(super) fn is_supported(data_type: &DataType) -> bool {
    grown(data_type).is_some()
}

fn grown(data_type: &DataType) -> Option<Grown> {
    Some(match data_type {
        DataType::Boolean => Grown::Boolean(BooleanBufferBuilder::new(0)),
        DataType::Byte => Grown::Byte(Vec::new()),
        DataType::Short => Grown::Short(Vec::new()),
        DataType::Int => Grown::Int(Vec::new()),
        DataType::Long | DataType::Time(_) => Grown::Long(Vec::new()),
        DataType::Float => Grown::Float(Vec::new()),
        DataType::Double => Grown::Double(Vec::new()),
        DataType::Decimal(..) => Grown::Decimal(Vec::new()),
        DataType::Date => Grown::Date(Vec::new()),
        DataType::Timestamp | DataType::TimestampNtz => Grown::Timestamp(Vec::new()),
        DataType::Variant => Grown::Variant(Vec::new(), Inferred::Null),
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
        Ok(Self { data_type: data_type.clone(), values, nulls: NullBufferBuilder::new(0), spans: Vec::new(), missing: Vec::new() })
    }

    /// Appends wanted field `slot` of each record. What isn't of the type becomes null, and its record's number comes into `bad`.
    ///
    /// # Errors
    /// A column of more than 2 GiB of text.
    pub fn append(&mut self, tokens: &Tokens, slot: usize, options: &CsvOptions, bad: &mut Vec<u32>) -> Result<()> {
        let read = Values { options };
        tokens.column(slot, &mut self.spans);
        self.missing.clear();
        let mut fields = Fields { tokens, spans: &self.spans, missing: &mut self.missing, bad };
        match &mut self.values {
            Grown::Boolean(values) => {
                let mut truths: Vec<bool> = Vec::new();
                fields.read(&mut truths, Values::boolean);
                values.append_slice(&truths);
            }
            Grown::Byte(values) => fields.read(values, Values::integer),
            Grown::Short(values) => fields.read(values, Values::integer),
            Grown::Int(values) => fields.read(values, Values::integer),
            Grown::Long(values) if self.data_type == DataType::Long => fields.read(values, Values::integer),
            Grown::Long(values) => fields.read(values, |t| read.time(t)),
            Grown::Float(values) => fields.read(values, |t| read.float(t)),
            Grown::Double(values) => fields.read(values, |t| read.double(t)),
            Grown::Decimal(values) => {
                let DataType::Decimal(precision, scale) = self.data_type else { return Ok(()) };
                fields.read(values, |t| Values::decimal(t, precision, scale));
            }
            Grown::Date(values) => fields.read(values, |t| read.date(t)),
            Grown::Timestamp(values) if self.data_type == DataType::TimestampNtz => fields.read(values, |t| read.timestamp_ntz(t)),
            Grown::Timestamp(values) => fields.read(values, |t| read.timestamp(t)),
            Grown::Variant(values, so_far) => {
                for (record, span) in self.spans.iter().enumerate() {
                    let text = tokens.text(*span);
                    let (value, after) = text.map_or((Value::Null, *so_far), |text| so_far.variant(text, read));
                    *so_far = after;
                    // A field that is null is a variant's null; one that isn't there is none.
                    let there = tokens.has(record, slot);
                    values.push(if there { Value::Variant(Tree::from_value(&value)?.encode("csv")?) } else { Value::Null });
                }
            }
            Grown::Text { offsets, bytes } => fields.copy(offsets, bytes)?,
        }
        let mut from = 0;
        for missing in &self.missing {
            self.nulls.append_n_non_nulls(*missing as usize - from);
            self.nulls.append_null();
            from = *missing as usize + 1;
        }
        self.nulls.append_n_non_nulls(self.spans.len() - from);
        Ok(())
    }

    /// Appends so many nulls.
    pub fn append_nulls(&mut self, rows: usize) {
        self.nulls.append_n_nulls(rows);
        match &mut self.values {
            Grown::Boolean(values) => values.append_n(rows, false),
            Grown::Byte(values) => values.resize(values.len() + rows, 0),
            Grown::Short(values) => values.resize(values.len() + rows, 0),
            Grown::Int(values) | Grown::Date(values) => values.resize(values.len() + rows, 0),
            Grown::Long(values) | Grown::Timestamp(values) => values.resize(values.len() + rows, 0),
            Grown::Float(values) => values.resize(values.len() + rows, 0.0),
            Grown::Double(values) => values.resize(values.len() + rows, 0.0),
            Grown::Decimal(values) => values.resize(values.len() + rows, 0),
            Grown::Variant(values, _) => values.resize(values.len() + rows, Value::Null),
            Grown::Text { offsets, bytes } => offsets.resize(offsets.len() + rows, bytes.len() as i32),
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
            Grown::Variant(values, _) => reserve(values, rows),
            Grown::Text { offsets, bytes } => {
                let seen = offsets.len().max(2) - 1;
                reserve(bytes, bytes.len().div_ceil(seen).saturating_mul(rows));
                reserve(offsets, rows + 1);
            }
        }
    }

    /// The column.
    ///
    /// # Errors
    /// When Arrow finds bytes that are no column, which would be a fault of the engine.
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
            Grown::Variant(values, _) => array_of(&self.data_type, values.iter())?,
            Grown::Text { offsets, bytes } => {
                let offsets = OffsetBuffer::new(ScalarBuffer::from(offsets));
                if self.data_type == DataType::Binary {
                    Arc::new(BinaryArray::try_new(offsets, bytes.into(), nulls).map_err(arrow)?)
                } else {
                    // SAFETY: the whole file was found to be UTF-8, and each field begins and ends at an ASCII character or a separator,
                    // which is whole characters itself. Looking at all texts again would take as long as cutting them out.
                    Arc::new(unsafe { StringArray::new_unchecked(offsets, bytes.into(), nulls) })
                }
            }
        })
    }
}

/// One column of a batch while it is read.
struct Fields<'a> {
    tokens: &'a Tokens<'a>,
    spans: &'a [Span],
    /// The records where the column is null.
    missing: &'a mut Vec<u32>,
    /// Those of them where it has a text.
    bad: &'a mut Vec<u32>,
}

impl Fields<'_> {
    #[optimize(speed)]
    fn read<T: Copy + Default>(&mut self, values: &mut Vec<T>, read: impl Fn(&[u8]) -> Option<T>) {
        let Self { tokens, spans, missing, bad } = self;
        let start = values.len();
        values.resize(start + spans.len(), T::default());
        for (record, (value, span)) in values[start..].iter_mut().zip(*spans).enumerate() {
            let text = tokens.text(*span);
            if let Some(found) = text.and_then(&read) {
                *value = found;
                continue;
            }
            missing.push(record as u32);
            if text.is_some() {
                bad.push(record as u32);
            }
        }
    }

    #[optimize(speed)]
    fn copy(&mut self, offsets: &mut Vec<i32>, bytes: &mut Vec<u8>) -> Result<()> {
        offsets.reserve(self.spans.len());
        for (record, span) in self.spans.iter().enumerate() {
            match (self.tokens.text(*span), self.tokens.piece(*span)) {
                (None, _) => self.missing.push(record as u32),
                // Sixteen bytes at once and back again: most texts are short, and a copy of unknown length is a call.
                (_, Some((piece, length))) => {
                    let end = bytes.len() + length;
                    bytes.extend_from_slice(piece);
                    bytes.truncate(end);
                }
                (Some(text), None) => bytes.extend_from_slice(text),
            }
            offsets.push(bytes.len() as i32);
        }
        if i32::try_from(bytes.len()).is_ok() { Ok(()) } else { Err(too_long()) }
    }
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

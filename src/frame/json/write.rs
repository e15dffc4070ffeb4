//! Values as JSON: Spark's `JacksonGenerator`.

use std::fmt::Write;

use kindling_linalg::number::{java_double, java_float};

use super::options::JsonWriteOptions;
use crate::base64;
use crate::batch::Batch;
use crate::datetime::MICROS_PER_DAY;
use crate::matrix_value;
use crate::schema::Schema;
use crate::types::{DataType, matrix_fields, vector_fields};
use crate::value::{Value, decimal_text};
use crate::variant::json_text;
use crate::vector_column::row_of_vector;

/// Appends a value of a type. Members that are null are left out unless the options say otherwise; other nulls are `null`.
pub fn write_value(value: &Value, data_type: &DataType, options: &JsonWriteOptions, out: &mut String) {
    write_at(value, data_type, options, 0, out);
}

/// `depth` objects are around the value.
fn write_at(value: &Value, data_type: &DataType, options: &JsonWriteOptions, depth: usize, out: &mut String) {
    match (value, data_type) {
        (Value::Null, _) => out.push_str("null"),
        (Value::Boolean(v), _) => out.push_str(if *v { "true" } else { "false" }),
        (Value::Byte(_) | Value::Short(_) | Value::Int(_) | Value::Long(_), _) => {
            // Writing into a string can't fail.
            let _ = write!(out, "{value}");
        }
        (Value::Float(v), _) => number(&java_float(*v), out),
        (Value::Double(v), _) => number(&java_double(*v), out),
        (Value::Decimal { unscaled, scale, .. }, _) => out.push_str(&java_decimal(*unscaled, *scale)),
        (Value::String(text), _) => quoted(text, out),
        (Value::Binary(bytes), _) => quoted(&base64::encode(bytes), out),
        (Value::Date(days), _) => formatted(i64::from(*days) * MICROS_PER_DAY, &options.date_format, out),
        (Value::Timestamp(micros), _) => {
            let mut text = String::new();
            options.clocks.format(*micros, &options.timestamp_format, &mut text);
            quoted(&text, out);
        }
        (Value::TimestampNtz(micros), _) => formatted(*micros, &options.timestamp_ntz_format, out),
        (Value::Time(nanos, _), _) => match &options.time_format {
            Some(pattern) => formatted(*nanos / 1000, pattern, out),
            None => quoted(&value.to_string(), out),
        },
        (Value::DayTimeInterval(..) | Value::YearMonthInterval(..) | Value::CalendarInterval { .. }, _) => quoted(&value.to_string(), out),
        (Value::Array(items), DataType::Array(element, _)) => {
            out.push_str(if options.pretty { "[ " } else { "[" });
            for (i, item) in items.iter().enumerate() {
                if i > 0 {
                    out.push_str(if options.pretty { ", " } else { "," });
                }
                write_at(item, element, options, depth, out);
            }
            out.push_str(match (options.pretty, items.is_empty()) {
                (true, false) => " ]",
                _ => "]",
            });
        }
        (Value::Map(entries), DataType::Map(_, value_type, _)) => {
            let mut object = Object::new(options, depth, out);
            for (key, item) in entries.iter() {
                object.member(&key.to_string(), value_type, item);
            }
            object.end();
        }
        (Value::Struct(row), DataType::Struct(fields)) => {
            members(fields.iter().map(|f| (&*f.name, &f.data_type)).zip(&row.values), options, depth, out);
        }
        (Value::Matrix(_), _) => {
            if let Value::Struct(row) = matrix_value::stored(value) {
                let fields = matrix_fields();
                members(fields.iter().map(|f| (&*f.name, &f.data_type)).zip(&row.values), options, depth, out);
            }
        }
        (Value::Variant(variant), _) => {
            out.push_str(&json_text(variant.view(), &|micros| options.clocks.local(micros)).unwrap_or_default())
        }
        (Value::Vector(vector), _) => {
            let row = row_of_vector(vector);
            let fields = vector_fields();
            members(fields.iter().map(|f| (&*f.name, &f.data_type)).zip(&row), options, depth, out);
        }
        // A value is of its column's type.
        _ => out.push_str("null"),
    }
}

/// One partition as a record a line: one part file of `df.write.json`.
pub(crate) fn write_json(schema: &Schema, batch: &Batch, options: &JsonWriteOptions) -> String {
    let mut out = String::new();
    for row in 0..batch.rows {
        let values: Vec<Value> = schema.iter().enumerate().map(|(i, f)| batch.value(&f.data_type, i, row)).collect();
        let mut object = Object::new(options, 0, &mut out);
        for (field, value) in schema.iter().zip(&values) {
            // A member that isn't there would be read as the column's DEFAULT.
            if !value.is_null() || !options.ignore_null_fields || field.older_default().is_some() {
                object.member(&field.name, &field.data_type, value);
            }
        }
        object.end();
        out.push_str(&options.line_separator);
    }
    out
}

/// One object of named values; members that are null are left out unless the options say otherwise.
fn members<'v>(
    members: impl Iterator<Item = ((&'v str, &'v DataType), &'v Value)>,
    options: &JsonWriteOptions,
    depth: usize,
    out: &mut String,
) {
    let mut object = Object::new(options, depth, out);
    for ((name, data_type), value) in members {
        if !value.is_null() || !options.ignore_null_fields {
            object.member(name, data_type, value);
        }
    }
    object.end();
}

/// An object that is being written.
struct Object<'a> {
    options: &'a JsonWriteOptions,
    depth: usize,
    out: &'a mut String,
    empty: bool,
}

impl<'a> Object<'a> {
    fn new(options: &'a JsonWriteOptions, depth: usize, out: &'a mut String) -> Self {
        out.push('{');
        Self { options, depth, out, empty: true }
    }

    fn member(&mut self, name: &str, data_type: &DataType, value: &Value) {
        if !self.empty {
            self.out.push(',');
        }
        self.empty = false;
        if self.options.pretty {
            self.line(self.depth + 1);
        }
        quoted(name, self.out);
        self.out.push_str(if self.options.pretty { " : " } else { ":" });
        write_at(value, data_type, self.options, self.depth + 1, self.out);
    }

    fn end(mut self) {
        match (self.options.pretty, self.empty) {
            (true, true) => self.out.push(' '),
            (true, false) => self.line(self.depth),
            _ => {}
        }
        self.out.push('}');
    }

    fn line(&mut self, depth: usize) {
        self.out.push('\n');
        self.out.push_str(&"  ".repeat(depth));
    }
}

/// What is no number is a text.
fn number(text: &str, out: &mut String) {
    if text.ends_with(|c: char| c.is_ascii_digit()) { out.push_str(text) } else { quoted(text, out) }
}

/// As `BigDecimal.toString`: with an exponent where many zeros would follow the point.
pub(crate) fn java_decimal(unscaled: i128, scale: i8) -> String {
    let digits = unscaled.unsigned_abs().to_string();
    let exponent = digits.len() as i32 - 1 - i32::from(scale);
    if scale >= 0 && exponent >= -6 {
        return decimal_text(unscaled, scale);
    }
    let sign = if unscaled < 0 { "-" } else { "" };
    let point = if digits.len() > 1 { "." } else { "" };
    let plus = if exponent > 0 { "+" } else { "" };
    let exponent = if exponent == 0 { String::new() } else { format!("E{plus}{exponent}") };
    format!("{sign}{}{point}{}{exponent}", &digits[..1], &digits[1..])
}

fn formatted(micros: i64, pattern: &crate::dates::Pattern, out: &mut String) {
    let mut text = String::new();
    pattern.format(micros, &mut text);
    quoted(&text, out);
}

/// A text in quotes.
pub(crate) fn quoted(text: &str, out: &mut String) {
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '\u{8}' => out.push_str("\\b"),
            '\u{c}' => out.push_str("\\f"),
            c if c < ' ' => {
                let _ = write!(out, "\\u{:04X}", c as u32);
            }
            c => out.push(c),
        }
    }
    out.push('"');
}

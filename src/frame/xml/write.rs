//! Values as XML: Spark's `StaxXmlGenerator`.

use std::cell::OnceCell;
use std::fmt::Write;

use kindling_linalg::number::{java_double, java_float};
use kindling_partition::{Error, Result};

use super::events::is_allowed;
use super::options::{XmlOptions, required};
use crate::base64;
use crate::batch::Batch;
use crate::dates::Pattern;
use crate::datetime::MICROS_PER_DAY;
use crate::json::java_decimal;
use crate::schema::Schema;
use crate::types::{DataType, Field};
use crate::value::Value;
use crate::variant::{Node, View, stripped};

/// One partition as a document: one part file of `df.write.xml`. Without rows there is no document.
///
/// # Errors
/// As [`write_record`].
pub(crate) fn write_xml(schema: &Schema, batch: &Batch, options: &XmlOptions) -> Result<String> {
    let mut writer = Writer::new(options)?;
    if batch.rows > 0 {
        writer.prolog()?;
        for row in 0..batch.rows {
            let values: Vec<Value> = schema.iter().enumerate().map(|(i, f)| batch.value(&f.data_type, i, row)).collect();
            writer.record(schema.fields(), &values)?;
        }
        writer.end();
    }
    Ok(writer.out)
}

/// A struct or a variant as an element.
///
/// # Errors
/// A name that XML doesn't have, a type without a text, a text with characters that XML doesn't have.
pub(crate) fn write_record(value: &Value, data_type: &DataType, options: &XmlOptions) -> Result<String> {
    let mut writer = Writer::new(options)?;
    match (value, data_type) {
        (Value::Struct(row), DataType::Struct(fields)) => writer.record(fields, &row.values)?,
        (Value::Variant(variant), _) => writer.variant(&options.row_tag, variant.view())?,
        _ => {}
    }
    Ok(writer.out)
}

struct Writer<'o> {
    options: &'o XmlOptions,
    out: String,
    /// The elements around what comes next.
    around: Vec<String>,
    /// Whether the last start lacks its `>`: attributes may follow, or nothing at all.
    open: bool,
    /// Whether the next end stands on a line of its own: after an end.
    own_line: bool,
    /// Made when a value first needs them.
    date: OnceCell<Option<Pattern>>,
    timestamp: OnceCell<Option<Pattern>>,
    timestamp_ntz: OnceCell<Option<Pattern>>,
}

impl<'o> Writer<'o> {
    fn new(options: &'o XmlOptions) -> Result<Self> {
        required(!options.attribute_prefix.is_empty(), "'attributePrefix' option should not be empty string.")?;
        Ok(Self {
            options,
            out: String::new(),
            around: Vec::new(),
            open: false,
            own_line: false,
            date: OnceCell::new(),
            timestamp: OnceCell::new(),
            timestamp_ntz: OnceCell::new(),
        })
    }

    fn prolog(&mut self) -> Result<()> {
        if !self.options.declaration.is_empty() {
            self.out.extend(["<?xml ", &self.options.declaration, "?>\n"]);
        }
        let mut parts = self.options.root_tag.split(' ');
        self.start(parts.next().unwrap_or_default())?;
        for part in parts {
            let Some((name, value)) = part.split_once('=') else {
                return Err(Error::illegal_argument(format!("rootTag has '{part}' in it, which is no attribute such as version=\"1\".")));
            };
            self.attribute(name, &value.replace(['\'', '"'], ""))?;
        }
        self.line_end();
        Ok(())
    }

    /// Where nothing is indented, a row and the start of all end their lines.
    fn line_end(&mut self) {
        if self.options.indent.is_empty() {
            self.close();
            self.out.push('\n');
        }
    }

    fn record(&mut self, fields: &[Field], values: &[Value]) -> Result<()> {
        let single = self.options.single_variant_column.as_deref();
        match values {
            [Value::Variant(variant)] if single == Some(&*fields[0].name) => self.variant(&self.options.row_tag, variant.view())?,
            _ => {
                self.start(&self.options.row_tag)?;
                self.members(fields, values)?;
                self.end();
            }
        }
        self.line_end();
        Ok(())
    }

    /// Attributes stand first, whatever their place among the fields.
    fn members(&mut self, fields: &[Field], values: &[Value]) -> Result<()> {
        for attributes in [true, false] {
            for (field, value) in fields.iter().zip(values) {
                if self.is_attribute(&field.name) == attributes {
                    self.member(&field.name, &field.data_type, value)?;
                }
            }
        }
        Ok(())
    }

    fn is_attribute(&self, name: &str) -> bool {
        name.starts_with(&self.options.attribute_prefix) && name != self.options.value_tag
    }

    fn member(&mut self, name: &str, data_type: &DataType, value: &Value) -> Result<()> {
        if self.is_attribute(name) {
            let text = match value {
                Value::Null => self.options.null_value.clone(),
                value => Some(plain_text(name, value)?),
            };
            return text.map_or(Ok(()), |text| self.attribute(&name[self.options.attribute_prefix.len()..], &text));
        }
        match (value, data_type) {
            (Value::Array(items), DataType::Array(element, _)) => items.iter().try_for_each(|item| self.child(name, element, item)),
            _ => self.child(name, data_type, value),
        }
    }

    fn child(&mut self, name: &str, data_type: &DataType, value: &Value) -> Result<()> {
        match value {
            Value::Null if self.options.null_value.is_none() => Ok(()),
            value if name == self.options.value_tag => self.content(data_type, value),
            Value::Variant(variant) => self.variant(name, variant.view()),
            value => {
                self.start(name)?;
                self.content(data_type, value)?;
                self.end();
                Ok(())
            }
        }
    }

    fn content(&mut self, data_type: &DataType, value: &Value) -> Result<()> {
        match (value, data_type) {
            (Value::Null, _) => match &self.options.null_value {
                Some(text) => self.text(text),
                None => Ok(()),
            },
            (Value::Array(items), DataType::Array(element, _)) => {
                items.iter().try_for_each(|item| self.member(&self.options.array_element_name, element, item))
            }
            (Value::Map(entries), DataType::Map(_, value_type, _)) => {
                for attributes in [true, false] {
                    for (key, item) in entries.iter() {
                        let name = key.to_string();
                        if self.is_attribute(&name) == attributes {
                            self.member(&name, value_type, item)?;
                        }
                    }
                }
                Ok(())
            }
            (Value::Struct(row), DataType::Struct(fields)) => self.members(fields, &row.values),
            (Value::Binary(bytes), _) => {
                let bytes: Vec<String> = bytes.iter().map(|b| format!("{b:02X}")).collect();
                self.text(&format!("[{}]", bytes.join(" ")))
            }
            _ => {
                let text = self.text_of(value).ok_or_else(|| {
                    let text = format!("Failed to convert value {value} in type {data_type} to XML.");
                    Error::illegal_argument(text).with_condition("_LEGACY_ERROR_TEMP_3238")
                })?;
                self.text(&text)
            }
        }
    }

    /// The text of an element; none of a value that has no text.
    fn text_of(&self, value: &Value) -> Option<String> {
        let mut out = String::new();
        match value {
            Value::Timestamp(micros) => {
                let pattern = kept(&self.timestamp, &self.options.timestamp_format, "yyyy-MM-dd'T'HH:mm:ss[.SSS][XXX]")?;
                self.options.clocks.format(*micros, pattern, &mut out);
            }
            Value::TimestampNtz(micros) => {
                kept(&self.timestamp_ntz, &self.options.timestamp_ntz_format, "yyyy-MM-dd'T'HH:mm:ss[.SSS]")?.format(*micros, &mut out);
            }
            Value::Date(days) => {
                kept(&self.date, &self.options.date_format, "yyyy-MM-dd")?.format(i64::from(*days) * MICROS_PER_DAY, &mut out);
            }
            Value::Time(nanos, _) => match &self.options.time_format {
                Some(pattern) => pattern.format(*nanos / 1000, &mut out),
                None => return Some(value.to_string()),
            },
            Value::Boolean(_) | Value::Byte(_) | Value::Short(_) | Value::Int(_) | Value::Long(_) | Value::String(_) => {
                return Some(value.to_string());
            }
            Value::Float(v) => return Some(java_float(*v)),
            Value::Double(v) => return Some(java_double(*v)),
            Value::Decimal { unscaled, scale, .. } => return Some(java_decimal(*unscaled, *scale)),
            Value::Binary(bytes) => return Some(base64::encode(bytes)),
            _ => return None,
        }
        Some(out)
    }

    fn variant(&mut self, name: &str, view: View<'_>) -> Result<()> {
        match view.open()? {
            Node::Object(members) => {
                self.start(name)?;
                for attributes in [true, false] {
                    for (name, view) in &members {
                        if self.is_attribute(name) == attributes {
                            self.variant(name, *view)?;
                        }
                    }
                }
                self.end();
                Ok(())
            }
            Node::Array(items) => items.into_iter().try_for_each(|item| {
                let nested = matches!(item.open()?, Node::Array(_));
                self.variant(if nested { &self.options.array_element_name } else { name }, item)
            }),
            Node::Scalar(value) => {
                let value = stripped(value);
                let text = if value.is_null() { self.options.null_value.clone() } else { Some(self.text_of(&value).unwrap_or_default()) };
                match text {
                    Some(text) if self.is_attribute(name) => self.attribute(&name[self.options.attribute_prefix.len()..], &text),
                    Some(text) if name == self.options.value_tag => self.text(&text),
                    text => {
                        self.start(name)?;
                        if let Some(text) = text {
                            self.text(&text)?;
                        }
                        self.end();
                        Ok(())
                    }
                }
            }
        }
    }

    fn start(&mut self, name: &str) -> Result<()> {
        self.named(name)?;
        self.close();
        if !self.options.indent.is_empty() {
            if !self.around.is_empty() {
                self.out.push('\n');
            }
            self.out.extend(std::iter::repeat_n(self.options.indent.as_str(), self.around.len()));
        }
        self.out.extend(["<", name]);
        self.around.push(name.to_owned());
        (self.open, self.own_line) = (true, false);
        Ok(())
    }

    fn end(&mut self) {
        let name = self.around.pop().unwrap_or_default();
        if std::mem::take(&mut self.open) {
            self.out.push_str("/>");
        } else {
            if self.own_line && !self.options.indent.is_empty() {
                self.out.push('\n');
                self.out.extend(std::iter::repeat_n(self.options.indent.as_str(), self.around.len()));
            }
            self.out.extend(["</", &name, ">"]);
        }
        self.own_line = true;
    }

    fn close(&mut self) {
        if std::mem::take(&mut self.open) {
            self.out.push('>');
        }
    }

    fn attribute(&mut self, name: &str, value: &str) -> Result<()> {
        if !self.open {
            return Err(Error::runtime("Trying to write an attribute when there is no open start element."));
        }
        self.named(name)?;
        self.out.extend([" ", name, "=\""]);
        for c in value.chars() {
            match c {
                '<' => self.out.push_str("&lt;"),
                '&' => self.out.push_str("&amp;"),
                '"' => self.out.push_str("&quot;"),
                '\t' | '\n' | '\r' | '\u{fffe}' | '\u{ffff}' => self.reference(c),
                c if is_allowed(c) => self.out.push(c),
                c => return Err(not_allowed(c)),
            }
        }
        self.out.push('"');
        Ok(())
    }

    /// Appends a text. Spark's writer (Woodstox) quotes a `>` after a `]` and where a piece of text begins, which longer texts have many
    /// of: 512 characters are one, or what stands between two that are quoted.
    fn text(&mut self, text: &str) -> Result<()> {
        self.close();
        let long = text.chars().map(char::len_utf16).sum::<usize>() >= 12;
        let (mut before, mut at) = (None, 0);
        for c in text.chars() {
            let begins = if long { before.is_none() || at % 512 == 0 } else { at == 0 };
            let length = self.out.len();
            match c {
                '<' => self.out.push_str("&lt;"),
                '&' => self.out.push_str("&amp;"),
                '>' if begins || before == Some(']') => self.out.push_str("&gt;"),
                '\r' | '\u{7f}'..='\u{9f}' | '\u{fffe}' | '\u{ffff}' => self.reference(c),
                c if is_allowed(c) => self.out.push(c),
                c => return Err(not_allowed(c)),
            }
            let quoted = self.out.len() - length > c.len_utf8();
            before = (!(quoted && long)).then_some(c);
            at += c.len_utf16();
        }
        Ok(())
    }

    fn reference(&mut self, c: char) {
        // Writing into a string can't fail.
        let _ = write!(self.out, "&#x{:x};", c as u32);
    }

    fn named(&self, name: &str) -> Result<()> {
        if !self.options.validate_name {
            return Ok(());
        }
        let is_name = |i: usize, c: char| {
            c.is_alphabetic() || c == '_' || i > 0 && (c.is_alphanumeric() || matches!(c, '-' | '.' | '\u{b7}' | '\u{300}'..='\u{36f}'))
        };
        match name.chars().enumerate().find(|(i, c)| !is_name(*i, *c)) {
            _ if name.is_empty() => Err(Error::runtime("Illegal to pass empty name")),
            None => Ok(()),
            Some((i, c)) => {
                let first = if i == 0 { "first " } else { "" };
                Err(Error::runtime(format!(
                    "Illegal {first}name character '{c}' (code {}): '{name}' can't be the name of an element or attribute of XML. Rename the \
                     column.",
                    c as u32
                )))
            }
        }
    }
}

/// The pattern that was given, else the default.
fn kept<'p>(cell: &'p OnceCell<Option<Pattern>>, given: &Option<Pattern>, default: &str) -> Option<&'p Pattern> {
    cell.get_or_init(|| given.clone().or_else(|| Pattern::new(default).ok())).as_ref()
}

fn not_allowed(c: char) -> Error {
    Error::runtime(format!("Invalid white space character (0x{:x}) in text to output: XML has no such character.", c as u32))
}

/// The text of an attribute: what the value is in memory, without a format.
fn plain_text(name: &str, value: &Value) -> Result<String> {
    Ok(match value {
        Value::Timestamp(v) | Value::TimestampNtz(v) | Value::Time(v, _) | Value::DayTimeInterval(v, ..) => v.to_string(),
        Value::Date(v) | Value::YearMonthInterval(v, ..) => v.to_string(),
        Value::Float(v) => java_float(*v),
        Value::Double(v) => java_double(*v),
        Value::Decimal { unscaled, scale, .. } => java_decimal(*unscaled, *scale),
        Value::Binary(_) | Value::Array(_) | Value::Map(_) | Value::Struct(_) | Value::Vector(_) | Value::Matrix(_) => {
            return Err(Error::unsupported(format!(
                "The column '{name}' would be an attribute, which has room for one plain value only. Rename it, or set attributePrefix."
            )));
        }
        other => other.to_string(),
    })
}

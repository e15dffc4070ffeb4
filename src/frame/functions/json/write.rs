//! Values as JSON: Spark's `JacksonGenerator`.

use serde_json::Value as Json;

use super::option;
use crate::base64;
use crate::dates::Pattern;
use crate::types::DataType;
use crate::value::Value;

pub(super) struct Writer {
    dates: Pattern,
    timestamps: Pattern,
    local: Pattern,
    nulls: bool,
    pretty: bool,
}

impl Writer {
    pub fn new(options: &[(String, String)]) -> kindling_partition::Result<Self> {
        let pattern = |name: &str, other: &str| Pattern::new(option(options, name).unwrap_or(other));
        Ok(Self {
            dates: pattern("dateFormat", "yyyy-MM-dd")?,
            timestamps: pattern("timestampFormat", "yyyy-MM-dd'T'HH:mm:ss[.SSS][XXX]")?,
            local: pattern("timestampNTZFormat", "yyyy-MM-dd'T'HH:mm:ss[.SSS]")?,
            nulls: option(options, "ignoreNullFields") == Some("false"),
            pretty: option(options, "pretty") == Some("true"),
        })
    }

    pub fn text(&self, value: &Value, data_type: &DataType) -> String {
        let mut out = String::new();
        self.write(value, data_type, 0, &mut out);
        out
    }

    fn write(&self, value: &Value, data_type: &DataType, depth: usize, out: &mut String) {
        match (value, data_type) {
            (Value::Null, _) => out.push_str("null"),
            (Value::String(text), _) => quoted(text, out),
            (Value::Double(v), _) if !v.is_finite() => quoted(&value.to_string(), out),
            (Value::Float(v), _) if !v.is_finite() => quoted(&value.to_string(), out),
            (Value::Binary(bytes), _) => quoted(&base64::encode(bytes), out),
            (Value::Date(days), _) => {
                let mut text = String::new();
                self.dates.format(i64::from(*days) * crate::datetime::MICROS_PER_DAY, &mut text);
                quoted(&text, out);
            }
            (Value::Timestamp(micros), _) => {
                let mut text = String::new();
                self.timestamps.format(*micros, &mut text);
                quoted(&text, out);
            }
            (Value::TimestampNtz(micros), _) => {
                let mut text = String::new();
                self.local.format(*micros, &mut text);
                quoted(&text, out);
            }
            (Value::DayTimeInterval(..) | Value::YearMonthInterval(..) | Value::CalendarInterval { .. }, _) => {
                quoted(&value.to_string(), out)
            }
            (Value::Array(items), DataType::Array(element, _)) => {
                out.push('[');
                for (i, item) in items.iter().enumerate() {
                    out.push_str(match (i, self.pretty) {
                        (0, false) => "",
                        (_, false) => ",",
                        (0, true) => " ",
                        (_, true) => ", ",
                    });
                    self.write(item, element, depth, out);
                }
                out.push_str(if self.pretty { " ]" } else { "]" });
            }
            (Value::Map(entries), DataType::Map(key, item, _)) => {
                let members: Vec<(String, &Value, &DataType)> = entries.iter().map(|(k, v)| (key_text(k, key), v, &**item)).collect();
                self.object(&members, depth, out);
            }
            (Value::Struct(row), DataType::Struct(fields)) => {
                let members: Vec<(String, &Value, &DataType)> = fields
                    .iter()
                    .zip(&row.values)
                    .filter(|(_, v)| self.nulls || !v.is_null())
                    .map(|(f, v)| (f.name.to_string(), v, &f.data_type))
                    .collect();
                self.object(&members, depth, out);
            }
            (other, _) => out.push_str(&other.to_string()),
        }
    }

    fn object(&self, members: &[(String, &Value, &DataType)], depth: usize, out: &mut String) {
        if members.is_empty() {
            out.push_str(if self.pretty { "{ }" } else { "{}" });
            return;
        }
        out.push('{');
        for (i, (name, value, data_type)) in members.iter().enumerate() {
            if i > 0 {
                out.push(',');
            }
            if self.pretty {
                out.push('\n');
                out.push_str(&"  ".repeat(depth + 1));
            }
            quoted(name, out);
            out.push_str(if self.pretty { " : " } else { ":" });
            self.write(value, data_type, depth + 1, out);
        }
        if self.pretty {
            out.push('\n');
            out.push_str(&"  ".repeat(depth));
        }
        out.push('}');
    }
}

fn key_text(key: &Value, _: &DataType) -> String {
    key.to_string()
}

fn quoted(text: &str, out: &mut String) {
    out.push_str(&Json::from(text).to_string());
}

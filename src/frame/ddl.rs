//! Types and schemas written as text: `double`, `array<int>`, `a INT NOT NULL, b STRING`.

use kindling_partition::{Error, ErrorKind, Result, did_you_mean};

use crate::interval::units_of;
use crate::schema::Schema;
use crate::types::{DataType, Field};

const NAMES: [&str; 27] = [
    "boolean",
    "byte",
    "tinyint",
    "short",
    "smallint",
    "int",
    "integer",
    "long",
    "bigint",
    "float",
    "real",
    "double",
    "decimal",
    "dec",
    "numeric",
    "string",
    "varchar",
    "char",
    "binary",
    "date",
    "time",
    "timestamp",
    "timestamp_ntz",
    "array",
    "map",
    "struct",
    "variant",
];

impl DataType {
    /// The type that Spark's SQL calls so, without regard to case.
    ///
    /// # Errors
    /// `PARSE_SYNTAX_ERROR` when the text is no type.
    pub fn parse(text: &str) -> Result<Self> {
        Self::parse_whole(text).map(|found| found.plain())
    }

    /// As [`parse`](Self::parse), with the widths of CHAR and VARCHAR.
    ///
    /// # Errors
    /// As [`parse`](Self::parse).
    pub fn parse_whole(text: &str) -> Result<Self> {
        let mut parser = Parser::new(text);
        let found = parser.data_type()?;
        parser.end()?;
        Ok(found)
    }
}

impl Schema {
    /// The schema of `name type [NOT NULL], …`, also with a colon after the name.
    ///
    /// # Errors
    /// `PARSE_SYNTAX_ERROR` when the text is no schema.
    pub fn parse(text: &str) -> Result<Self> {
        let whole = Self::parse_whole(text)?;
        Ok(Self::new(whole.iter().map(|f| Field { data_type: f.data_type.plain(), ..f.clone() }).collect()))
    }

    /// As [`parse`](Self::parse), with the widths of CHAR and VARCHAR.
    ///
    /// # Errors
    /// As [`parse`](Self::parse).
    pub fn parse_whole(text: &str) -> Result<Self> {
        let mut parser = Parser::new(text);
        if let Some(DataType::Struct(fields)) =
            Parser::new(text).data_type().ok().filter(|_| text.trim_start().to_lowercase().starts_with("struct<"))
        {
            return Ok(Self::new(fields));
        }
        let fields = parser.fields()?;
        parser.end()?;
        Ok(Self::new(fields))
    }
}

struct Parser<'a> {
    text: &'a str,
    tokens: Vec<&'a str>,
    at: usize,
}

impl<'a> Parser<'a> {
    fn new(text: &'a str) -> Self {
        let mut tokens = Vec::new();
        let mut rest = text.trim_start();
        while let Some(first) = rest.chars().next() {
            let length = match first {
                '`' => rest[1..].find('`').map_or(rest.len(), |i| i + 2),
                c if is_word(c) => rest.find(|c| !is_word(c)).unwrap_or(rest.len()),
                c => c.len_utf8(),
            };
            tokens.push(&rest[..length]);
            rest = rest[length..].trim_start();
        }
        Self { text, tokens, at: 0 }
    }

    fn peek(&self) -> Option<&'a str> {
        self.tokens.get(self.at).copied()
    }

    fn next(&mut self) -> Option<&'a str> {
        self.at += 1;
        self.tokens.get(self.at - 1).copied()
    }

    fn take(&mut self, token: &str) -> bool {
        let found = self.peek().is_some_and(|t| t.eq_ignore_ascii_case(token));
        self.at += usize::from(found);
        found
    }

    fn need(&mut self, token: &str) -> Result<()> {
        if self.take(token) { Ok(()) } else { Err(self.error(&format!("expected '{token}'"))) }
    }

    fn end(&self) -> Result<()> {
        if self.at >= self.tokens.len() { Ok(()) } else { Err(self.error("expected nothing more")) }
    }

    fn error(&self, what: &str) -> Error {
        let near = self.peek().map_or_else(|| "the end".to_owned(), |t| format!("'{t}'"));
        Error::new(ErrorKind::Parse, format!("Syntax error at or near {near} in the type '{}': {what}.", self.text))
            .with_condition("PARSE_SYNTAX_ERROR")
    }

    fn fields(&mut self) -> Result<Vec<Field>> {
        let mut fields = Vec::new();
        loop {
            let Some(name) = self.next().filter(|t| t.starts_with(is_word) || t.starts_with('`')) else {
                self.at -= 1;
                return Err(self.error("expected a column name"));
            };
            self.take(":");
            let data_type = self.data_type()?;
            let nullable = if self.take("not") {
                self.need("null")?;
                false
            } else {
                true
            };
            if self.take("comment") {
                self.next();
            }
            fields.push(Field::new(name.trim_matches('`'), data_type, nullable));
            if !self.take(",") {
                return Ok(fields);
            }
        }
    }

    fn data_type(&mut self) -> Result<DataType> {
        let name = self.next().unwrap_or_default().to_lowercase();
        Ok(match name.as_str() {
            "void" | "null" => DataType::Null,
            "boolean" => DataType::Boolean,
            "byte" | "tinyint" => DataType::Byte,
            "short" | "smallint" => DataType::Short,
            "int" | "integer" => DataType::Int,
            "long" | "bigint" => DataType::Long,
            "float" | "real" => DataType::Float,
            "double" => DataType::Double,
            "string" => DataType::String,
            "varchar" | "char" | "character" => {
                if !self.take("(") {
                    let name = name.to_uppercase();
                    let text =
                        format!("DataType \"{name}\" requires a length parameter, for example \"{name}\"(10). Please specify the length.");
                    return Err(Error::new(ErrorKind::Parse, text).with_condition("DATATYPE_MISSING_SIZE"));
                }
                let length = self.number()?;
                self.need(")")?;
                if name.starts_with("char") { DataType::Char(length) } else { DataType::Varchar(length) }
            }
            "binary" => DataType::Binary,
            "date" => DataType::Date,
            "timestamp" | "timestamp_ltz" => DataType::Timestamp,
            "timestamp_ntz" => DataType::TimestampNtz,
            "time" => {
                let mut precision = 6;
                if self.take("(") {
                    precision = self.number()?;
                    self.need(")")?;
                }
                if self.take("without") {
                    self.need("time")?;
                    self.need("zone")?;
                }
                if precision > 9 {
                    let text = format!("The seconds precision {precision} of the TIME data type is out of the supported range [0, 9].");
                    return Err(Error::new(ErrorKind::Parse, text).with_condition("UNSUPPORTED_TIME_PRECISION"));
                }
                DataType::Time(precision as u8)
            }
            "variant" => DataType::Variant,
            "vector" => DataType::Vector,
            "matrix" => DataType::Matrix,
            "interval" => self.interval()?,
            "decimal" | "dec" | "numeric" => {
                let (mut precision, mut scale) = (10, 0);
                if self.take("(") {
                    precision = self.number()?;
                    if self.take(",") {
                        scale = self.number()?;
                    }
                    self.need(")")?;
                }
                if precision > 38 || scale > precision {
                    return Err(Error::analysis(format!(
                        "decimal({precision},{scale}) can't be: the precision is at most 38, the scale at most the precision."
                    ))
                    .with_condition("DECIMAL_PRECISION_EXCEEDS_MAX_PRECISION"));
                }
                DataType::Decimal(precision as u8, scale as i8)
            }
            "array" => {
                self.need("<")?;
                let element = self.data_type()?;
                self.need(">")?;
                DataType::array(element)
            }
            "map" => {
                self.need("<")?;
                let key = self.data_type()?;
                self.need(",")?;
                let value = self.data_type()?;
                self.need(">")?;
                DataType::Map(Box::new(key), Box::new(value), true)
            }
            "struct" => {
                self.need("<")?;
                let fields = if self.peek() == Some(">") { Vec::new() } else { self.fields()? };
                self.need(">")?;
                DataType::Struct(fields)
            }
            other => {
                let near = did_you_mean(other, NAMES);
                return Err(
                    Error::new(ErrorKind::Parse, format!("Unsupported data type '{other}'.{near}")).with_condition("UNSUPPORTED_DATATYPE")
                );
            }
        })
    }

    /// `day to second` after `interval`; an interval of the calendar has no units.
    fn interval(&mut self) -> Result<DataType> {
        let Some(from) = self.peek().filter(|word| units_of(word, word).is_some()) else { return Ok(DataType::CalendarInterval) };
        self.at += 1;
        let to = if self.take("to") { self.next().unwrap_or_default() } else { from };
        let (from, to) = units_of(from, to).ok_or_else(|| self.error("expected units such as DAY TO SECOND"))?;
        Ok(match from {
            0 | 1 => DataType::YearMonthInterval(from as u8, to as u8),
            _ => DataType::DayTimeInterval(from as u8 - 3, to as u8 - 3),
        })
    }

    fn number(&mut self) -> Result<u32> {
        let found = self.peek().and_then(|t| t.parse().ok());
        let number = found.ok_or_else(|| self.error("expected a number"))?;
        self.at += 1;
        Ok(number)
    }
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn types() -> impl Strategy<Value = DataType> {
        let leaf = prop_oneof![
            Just(DataType::Int),
            Just(DataType::Long),
            Just(DataType::String),
            Just(DataType::Vector),
            Just(DataType::Variant),
            Just(DataType::TimestampNtz),
            Just(DataType::Time(3)),
            Just(DataType::DayTimeInterval(0, 3)),
            Just(DataType::YearMonthInterval(1, 1)),
            (1_u8..=38, 0_i8..=1).prop_map(|(p, s)| DataType::Decimal(p, s)),
        ];
        leaf.prop_recursive(3, 16, 3, |inner| {
            prop_oneof![
                inner.clone().prop_map(DataType::array),
                (inner.clone(), inner.clone()).prop_map(|(k, v)| DataType::Map(Box::new(k), Box::new(v), true)),
                prop::collection::vec(inner, 1..3).prop_map(|types| DataType::Struct(
                    types.into_iter().enumerate().map(|(i, t)| Field::new(format!("f{i}"), t, true)).collect()
                )),
            ]
        })
    }

    proptest! {
        #[test]
        fn a_types_own_text_reads_back(data_type in types()) {
            prop_assert_eq!(DataType::parse(&data_type.simple_string()), Ok(data_type.clone()));
            prop_assert_eq!(DataType::parse(&data_type.sql()), Ok(data_type));
        }
    }

    #[test]
    fn schemas_read_as_in_spark() {
        let schema = Schema::parse("a INT NOT NULL, `b c` array<double>, d: decimal(5, 2) COMMENT x").expect("a schema");
        assert_eq!(schema.simple_string(), "struct<a:int,b c:array<double>,d:decimal(5,2)>");
        assert!(!schema[0].nullable);
        assert_eq!(DataType::parse("flaot").expect_err("no type").message(), "Unsupported data type 'flaot'. Did you mean 'float'?");
        assert!(Schema::parse("a int b").is_err());
    }
}

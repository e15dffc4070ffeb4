use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;

use arrow_schema::{DataType as ArrowType, Field as ArrowField, Fields, TimeUnit};
use kindling_partition::{Error, Result};
use serde_json::{Map, Value as Json, json};

use crate::interval;

/// A Spark SQL type. Its [`Display`](fmt::Display) is Spark's simple string: `bigint`, `array<double>`, `vector`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DataType {
    /// Only nulls, Spark's `void`.
    Null,
    Boolean,
    Byte,
    Short,
    Int,
    Long,
    Float,
    Double,
    /// Precision (at most 38) and scale.
    Decimal(u8, i8),
    String,
    /// A declared width of a table's column of strings: so many characters, shorter texts filled up with spaces. No column in memory has it.
    Char(u32),
    /// As [`Char`](Self::Char): at most so many characters.
    Varchar(u32),
    Binary,
    /// Days since 1970-01-01.
    Date,
    /// Microseconds since the epoch; shown in the session's time zone, UTC.
    Timestamp,
    /// Microseconds on a wall clock without a zone.
    TimestampNtz,
    /// Nanoseconds of the day, of which so many digits after the second count, 0 to 9.
    Time(u8),
    /// Microseconds, shown from one unit to another: 0 day, 1 hour, 2 minute, 3 second.
    DayTimeInterval(u8, u8),
    /// Months, shown from one unit to another: 0 year, 1 month.
    YearMonthInterval(u8, u8),
    /// Months, days and microseconds, each for itself: what `make_interval` gives.
    CalendarInterval,
    /// Element type, and whether an element may be null.
    Array(Box<DataType>, bool),
    /// Key type, value type, and whether a value may be null.
    Map(Box<DataType>, Box<DataType>, bool),
    Struct(Vec<Field>),
    /// Values whose types each row has for itself: [`Variant`](crate::Variant).
    Variant,
    /// `pyspark.ml.linalg.VectorUDT`.
    Vector,
    /// `pyspark.ml.linalg.MatrixUDT`.
    Matrix,
}

/// Extra facts about a column as JSON; `ml_attr` is where Spark ML keeps names and categories of features.
pub type Metadata = Arc<Map<String, Json>>;

/// A key of the metadata of columns whose vectors and matrices are of Spark's older `mllib` classes, as some of its saved models have them.
pub const MLLIB: &str = "mllib";

/// The key of the metadata of a column with a comment.
pub(crate) const COMMENT: &str = "comment";
/// The key of the metadata of a column of strings that was declared as CHAR or VARCHAR, or that has such within.
pub const CHAR_VARCHAR: &str = "__CHAR_VARCHAR_TYPE_STRING";

/// A named, typed column of a schema or a member of a struct.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Field {
    pub name: Arc<str>,
    pub data_type: DataType,
    pub nullable: bool,
    pub metadata: Option<Metadata>,
}

impl Field {
    pub fn new(name: impl Into<Arc<str>>, data_type: DataType, nullable: bool) -> Self {
        Self { name: name.into(), data_type, nullable, metadata: None }
    }

    #[must_use]
    pub fn with_metadata(mut self, metadata: Option<Metadata>) -> Self {
        self.metadata = metadata;
        self
    }

    /// With a comment; none leaves it as it is.
    pub fn with_comment(mut self, comment: Option<String>) -> Self {
        if let Some(comment) = comment {
            let mut metadata = self.metadata.as_ref().map_or_else(Map::new, |m| (**m).clone());
            metadata.insert(COMMENT.to_owned(), comment.into());
            self.metadata = Some(Arc::new(metadata));
        }
        self
    }

    /// What the column was said to be.
    pub fn comment(&self) -> Option<&str> {
        self.metadata.as_ref()?.get(COMMENT)?.as_str()
    }

    /// The column as it is in memory: CHAR and VARCHAR are strings, and the metadata says what was declared.
    #[must_use]
    pub(crate) fn plain(mut self) -> Self {
        let plain = self.data_type.plain();
        if plain != self.data_type {
            let mut metadata = self.metadata.as_ref().map_or_else(Map::new, |m| (**m).clone());
            metadata.insert(CHAR_VARCHAR.to_owned(), self.data_type.to_string().into());
            self.metadata = Some(Arc::new(metadata));
            self.data_type = plain;
        }
        self
    }

    /// The type with the widths that were declared; none when none were.
    pub(crate) fn declared(&self) -> Option<DataType> {
        DataType::parse_whole(self.metadata.as_ref()?.get(CHAR_VARCHAR)?.as_str()?).ok()
    }

    fn to_json(&self) -> Json {
        let mut metadata = self.metadata.as_ref().map_or_else(Map::new, |m| (**m).clone());
        let mut data_type = self.data_type.to_json();
        if metadata.remove(MLLIB).is_some() {
            let text = data_type.to_string().replace(".ml.linalg.", ".mllib.linalg.");
            data_type = serde_json::from_str(&text).unwrap_or(data_type);
        }
        json!({"name": &*self.name, "type": data_type, "nullable": self.nullable, "metadata": metadata})
    }
}

/// A name as SQL text has it: in backticks where it isn't of plain letters, digits and underscores.
pub(crate) fn in_sql(name: &str) -> Cow<'_, str> {
    let plain =
        !name.is_empty() && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_') && !name.bytes().all(|b| b.is_ascii_digit());
    if plain { name.into() } else { format!("`{}`", name.replace('`', "``")).into() }
}

impl DataType {
    /// An array whose elements may be null.
    pub fn array(element: DataType) -> Self {
        Self::Array(Box::new(element), true)
    }

    pub fn simple_string(&self) -> String {
        self.to_string()
    }

    /// The name in `printSchema` and in JSON: `long`, `integer`, `decimal(10,2)`, `array`.
    pub fn type_name(&self) -> String {
        match self {
            Self::Byte => "byte".into(),
            Self::Short => "short".into(),
            Self::Int => "integer".into(),
            Self::Long => "long".into(),
            Self::Array(..) => "array".into(),
            Self::Map(..) => "map".into(),
            Self::Struct(_) => "struct".into(),
            other => other.to_string(),
        }
    }

    /// The name in SQL text and in error messages: `BIGINT`, `ARRAY<DOUBLE>`.
    pub fn sql(&self) -> String {
        match self {
            Self::Struct(fields) => {
                let fields: Vec<String> = fields.iter().map(|f| format!("{}: {}", in_sql(&f.name), f.data_type.sql())).collect();
                format!("STRUCT<{}>", fields.join(", "))
            }
            Self::Array(element, _) => format!("ARRAY<{}>", element.sql()),
            Self::Map(key, value, _) => format!("MAP<{}, {}>", key.sql(), value.sql()),
            other => other.to_string().to_uppercase(),
        }
    }

    /// The type as in `StructType.json()`.
    pub fn to_json(&self) -> Json {
        match self {
            Self::Array(element, nulls) => json!({"type": "array", "elementType": element.to_json(), "containsNull": nulls}),
            Self::Map(key, value, nulls) => {
                json!({"type": "map", "keyType": key.to_json(), "valueType": value.to_json(), "valueContainsNull": nulls})
            }
            Self::Struct(fields) => struct_json(fields),
            Self::Vector => user_defined("Vector", &vector_fields()),
            Self::Matrix => user_defined("Matrix", &matrix_fields()),
            other => Json::String(other.type_name()),
        }
    }

    /// The type of its JSON, as [`to_json`](Self::to_json) writes it.
    ///
    /// # Errors
    /// When it is no type, or one that Kindling doesn't have.
    pub fn from_json(json: &Json) -> Result<Self> {
        let wrong = || Error::runtime(format!("The JSON of a schema has a type that Kindling doesn't know: {json}."));
        let flag = |name: &str| json[name].as_bool().unwrap_or(true);
        if let Some(name) = json.as_str() {
            return Self::parse_whole(name);
        }
        Ok(match json["type"].as_str().ok_or_else(wrong)? {
            "array" => Self::Array(Box::new(Self::from_json(&json["elementType"])?), flag("containsNull")),
            "map" => Self::Map(
                Box::new(Self::from_json(&json["keyType"])?),
                Box::new(Self::from_json(&json["valueType"])?),
                flag("valueContainsNull"),
            ),
            "struct" => {
                let fields = json["fields"].as_array().ok_or_else(wrong)?.iter().map(|field| {
                    let mut metadata = field["metadata"].as_object().cloned().unwrap_or_default();
                    if field["type"].to_string().contains(".mllib.linalg.") {
                        metadata.insert(MLLIB.to_owned(), true.into());
                    }
                    let metadata = Some(metadata).filter(|m| !m.is_empty()).map(Arc::new);
                    let nullable = field["nullable"].as_bool().unwrap_or(true);
                    let name = field["name"].as_str().ok_or_else(wrong)?;
                    Ok(Field::new(name, Self::from_json(&field["type"])?, nullable).with_metadata(metadata))
                });
                Self::Struct(fields.collect::<Result<_>>()?)
            }
            "udt" => match json["class"].as_str().and_then(|class| class.rsplit_once(".linalg.")) {
                Some((_, "VectorUDT")) => Self::Vector,
                Some((_, "MatrixUDT")) => Self::Matrix,
                _ => Self::from_json(&json["sqlType"])?,
            },
            _ => return Err(wrong()),
        })
    }

    /// How a column of this type lies in memory.
    pub fn to_arrow(&self) -> ArrowType {
        match self {
            Self::Null => ArrowType::Null,
            Self::Boolean => ArrowType::Boolean,
            Self::Byte => ArrowType::Int8,
            Self::Short => ArrowType::Int16,
            Self::Int => ArrowType::Int32,
            Self::Long => ArrowType::Int64,
            Self::Float => ArrowType::Float32,
            Self::Double => ArrowType::Float64,
            Self::Decimal(precision, scale) => ArrowType::Decimal128(*precision, *scale),
            Self::String | Self::Char(_) | Self::Varchar(_) => ArrowType::Utf8,
            Self::Binary => ArrowType::Binary,
            Self::Date => ArrowType::Date32,
            Self::Timestamp => ArrowType::Timestamp(TimeUnit::Microsecond, Some("UTC".into())),
            Self::TimestampNtz => ArrowType::Timestamp(TimeUnit::Microsecond, None),
            // As numbers, so that they sort, hash and compare as such.
            Self::DayTimeInterval(..) | Self::Time(_) => ArrowType::Int64,
            Self::YearMonthInterval(..) => ArrowType::Int32,
            Self::CalendarInterval => ArrowType::Struct(struct_fields(&calendar_fields())),
            Self::Array(element, _) => ArrowType::List(list_item(element)),
            Self::Map(key, value, _) => ArrowType::Map(map_entries(key, value), false),
            Self::Struct(fields) => ArrowType::Struct(struct_fields(fields)),
            Self::Variant => ArrowType::Struct(struct_fields(&crate::variant::variant_fields())),
            Self::Vector => ArrowType::Struct(struct_fields(&vector_fields())),
            Self::Matrix => ArrowType::Struct(struct_fields(&matrix_fields())),
        }
    }

    /// The type of a column that lies so in memory.
    pub fn of_arrow(arrow: &ArrowType) -> Self {
        match arrow {
            ArrowType::Boolean => Self::Boolean,
            ArrowType::Int8 => Self::Byte,
            ArrowType::Int16 => Self::Short,
            ArrowType::Int32 => Self::Int,
            ArrowType::Int64 => Self::Long,
            ArrowType::Float32 => Self::Float,
            ArrowType::Float64 => Self::Double,
            ArrowType::Decimal128(precision, scale) => Self::Decimal(*precision, *scale),
            ArrowType::Utf8 => Self::String,
            ArrowType::Binary => Self::Binary,
            ArrowType::Date32 => Self::Date,
            ArrowType::Time64(_) => Self::Time(6),
            ArrowType::Timestamp(_, Some(_)) => Self::Timestamp,
            ArrowType::Timestamp(_, None) => Self::TimestampNtz,
            ArrowType::List(item) => Self::array(Self::of_arrow(item.data_type())),
            ArrowType::Map(entries, _) => match entries.data_type() {
                ArrowType::Struct(members) if members.len() == 2 => {
                    let member = |i: usize| Box::new(Self::of_arrow(members[i].data_type()));
                    Self::Map(member(0), member(1), true)
                }
                _ => Self::Null,
            },
            ArrowType::Struct(members) if *arrow == Self::Vector.to_arrow() && !members.is_empty() => Self::Vector,
            ArrowType::Struct(members) => {
                Self::Struct(members.iter().map(|m| Field::new(m.name().as_str(), Self::of_arrow(m.data_type()), true)).collect())
            }
            _ => Self::Null,
        }
    }

    /// Whether a variant is the type or lies within it.
    pub fn has_variant(&self) -> bool {
        match self {
            Self::Variant => true,
            Self::Array(element, _) => element.has_variant(),
            Self::Map(key, value, _) => key.has_variant() || value.has_variant(),
            Self::Struct(fields) => fields.iter().any(|f| f.data_type.has_variant()),
            _ => false,
        }
    }

    /// An interval of either of the two kinds that have an order.
    pub fn is_ansi_interval(&self) -> bool {
        matches!(self, Self::DayTimeInterval(..) | Self::YearMonthInterval(..))
    }

    /// The type with strings in the place of CHAR and VARCHAR.
    #[must_use]
    pub fn plain(&self) -> Self {
        match self {
            Self::Char(_) | Self::Varchar(_) => Self::String,
            Self::Array(element, nulls) => Self::Array(element.plain().into(), *nulls),
            Self::Map(key, value, nulls) => Self::Map(key.plain().into(), value.plain().into(), *nulls),
            Self::Struct(fields) => Self::Struct(fields.iter().map(|f| Field { data_type: f.data_type.plain(), ..f.clone() }).collect()),
            other => other.clone(),
        }
    }

    /// Whether the type, or one within it, is such a one.
    pub(crate) fn any(&self, is: fn(&DataType) -> bool) -> bool {
        is(self)
            || match self {
                Self::Array(element, _) => element.any(is),
                Self::Map(key, value, _) => key.any(is) || value.any(is),
                Self::Struct(fields) => fields.iter().any(|f| f.data_type.any(is)),
                _ => false,
            }
    }

    /// Byte, short, int or long.
    pub fn is_integral(&self) -> bool {
        matches!(self, Self::Byte | Self::Short | Self::Int | Self::Long)
    }

    /// An integral, fractional or decimal number.
    pub fn is_numeric(&self) -> bool {
        self.is_integral() || matches!(self, Self::Float | Self::Double | Self::Decimal(..))
    }
}

impl fmt::Display for DataType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Null => "void",
            Self::Boolean => "boolean",
            Self::Byte => "tinyint",
            Self::Short => "smallint",
            Self::Int => "int",
            Self::Long => "bigint",
            Self::Float => "float",
            Self::Double => "double",
            Self::String => "string",
            Self::Binary => "binary",
            Self::Date => "date",
            Self::Timestamp => "timestamp",
            Self::TimestampNtz => "timestamp_ntz",
            Self::Variant => "variant",
            Self::Vector => "vector",
            Self::Matrix => "matrix",
            Self::CalendarInterval => "interval",
            Self::DayTimeInterval(from, to) => return write!(f, "interval {}", interval::day_time_range(*from, *to)),
            Self::YearMonthInterval(from, to) => return write!(f, "interval {}", interval::year_month_range(*from, *to)),
            Self::Char(length) => return write!(f, "char({length})"),
            Self::Varchar(length) => return write!(f, "varchar({length})"),
            Self::Time(precision) => return write!(f, "time({precision})"),
            Self::Decimal(precision, scale) => return write!(f, "decimal({precision},{scale})"),
            Self::Array(element, _) => return write!(f, "array<{element}>"),
            Self::Map(key, value, _) => return write!(f, "map<{key},{value}>"),
            Self::Struct(fields) => {
                f.write_str("struct<")?;
                for (i, field) in fields.iter().enumerate() {
                    write!(f, "{}{}:{}", if i > 0 { "," } else { "" }, field.name, field.data_type)?;
                }
                return f.write_str(">");
            }
        })
    }
}

/// What a calendar interval has in memory, in the order that Spark hashes it.
pub(crate) fn calendar_fields() -> Vec<Field> {
    [("microseconds", DataType::Long), ("days", DataType::Int), ("months", DataType::Int)].map(|(n, t)| Field::new(n, t, true)).into()
}

/// The members of Spark's VectorUDT: `type` (0 sparse, 1 dense), and for a sparse one `size` and `indices`.
pub(crate) fn vector_fields() -> Vec<Field> {
    vec![
        Field::new("type", DataType::Byte, false),
        Field::new("size", DataType::Int, true),
        Field::new("indices", DataType::Array(Box::new(DataType::Int), false), true),
        Field::new("values", DataType::Array(Box::new(DataType::Double), false), true),
    ]
}

/// The members of Spark's MatrixUDT: `type` (0 sparse, 1 dense), and for a sparse one the pointers and the indices.
pub(crate) fn matrix_fields() -> Vec<Field> {
    let list = |element| DataType::Array(Box::new(element), false);
    vec![
        Field::new("type", DataType::Byte, false),
        Field::new("numRows", DataType::Int, false),
        Field::new("numCols", DataType::Int, false),
        Field::new("colPtrs", list(DataType::Int), true),
        Field::new("rowIndices", list(DataType::Int), true),
        Field::new("values", list(DataType::Double), true),
        Field::new("isTransposed", DataType::Boolean, false),
    ]
}

fn struct_json(fields: &[Field]) -> Json {
    json!({"type": "struct", "fields": fields.iter().map(Field::to_json).collect::<Vec<_>>()})
}

/// A type of `pyspark.ml.linalg`, over the struct that it lies in.
fn user_defined(name: &str, fields: &[Field]) -> Json {
    json!({
        "type": "udt",
        "class": format!("org.apache.spark.ml.linalg.{name}UDT"),
        "pyClass": format!("pyspark.ml.linalg.{name}UDT"),
        "sqlType": struct_json(fields),
    })
}

pub(crate) fn struct_fields(fields: &[Field]) -> Fields {
    fields.iter().map(|f| ArrowField::new(&*f.name, f.data_type.to_arrow(), true)).collect()
}

pub(crate) fn list_item(element: &DataType) -> Arc<ArrowField> {
    Arc::new(ArrowField::new("item", element.to_arrow(), true))
}

pub(crate) fn map_entries(key: &DataType, value: &DataType) -> Arc<ArrowField> {
    let entries = vec![ArrowField::new("keys", key.to_arrow(), false), ArrowField::new("values", value.to_arrow(), true)];
    Arc::new(ArrowField::new("entries", ArrowType::Struct(entries.into()), false))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `DataType.simpleString` and `.json()` in PySpark.
    #[test]
    fn types_are_named_as_in_spark() {
        let row = DataType::Struct(vec![
            Field::new("a", DataType::Long, true),
            Field::new("b", DataType::Map(Box::new(DataType::String), Box::new(DataType::array(DataType::Int)), true), true),
            Field::new("c", DataType::Decimal(10, 2), true),
        ]);
        assert_eq!(row.simple_string(), "struct<a:bigint,b:map<string,array<int>>,c:decimal(10,2)>");
        assert_eq!(row.sql(), "STRUCT<a: BIGINT, b: MAP<STRING, ARRAY<INT>>, c: DECIMAL(10,2)>");
        assert_eq!(DataType::Int.to_json(), Json::String("integer".into()));
        assert_eq!(DataType::Vector.simple_string(), "vector");
    }
}

//! Everything to strings, as a cast writes them and as `show()` prints them.

use std::fmt::Write;

use arrow_array::builder::StringBuilder;
use arrow_array::cast::AsArray;
use arrow_array::types::{
    ArrowPrimitiveType, Date32Type, Decimal128Type, Float32Type, Float64Type, Int8Type, Int16Type, Int32Type, Int64Type,
    TimestampMicrosecondType,
};
use arrow_array::{Array, ArrayRef, StringArray};
use kindling_linalg::number::{java_double, java_float};

use crate::batch::value_at;
use crate::datetime::{date_text, timestamp_text};
use crate::types::DataType;
use crate::value::decimal_text;
use crate::vector_column::VectorColumn;

/// How nulls and bytes inside a value look.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Nulls {
    /// `null`, bytes as text: a cast to string.
    Lower,
    /// `NULL`, bytes as `[61 62]`: `show()`.
    Upper,
}

/// Each value as a string; a null stays null.
pub(crate) fn text_column(column: &ArrayRef, data_type: &DataType, nulls: Nulls) -> StringArray {
    match data_type {
        DataType::Boolean => column.as_boolean().iter().map(|b| b.map(|b| if b { "true" } else { "false" })).collect(),
        DataType::Byte => displayed::<Int8Type>(column),
        DataType::Short => displayed::<Int16Type>(column),
        DataType::Int => displayed::<Int32Type>(column),
        DataType::Long => displayed::<Int64Type>(column),
        _ => {
            let cell = Cell::new(column, data_type, nulls);
            let mut out = StringBuilder::with_capacity(column.len(), column.len() * 8);
            let mut text = String::new();
            for row in 0..column.len() {
                if column.is_null(row) {
                    out.append_null();
                } else {
                    text.clear();
                    cell.write(row, &mut text);
                    out.append_value(&text);
                }
            }
            out.finish()
        }
    }
}

fn displayed<T: ArrowPrimitiveType<Native: std::fmt::Display>>(column: &ArrayRef) -> StringArray {
    let mut out = StringBuilder::with_capacity(column.len(), column.len() * 8);
    for value in column.as_primitive::<T>() {
        match value {
            // Writing into the builder can't fail.
            Some(value) => {
                let _ = write!(out, "{value}");
                out.append_value("");
            }
            None => out.append_null(),
        }
    }
    out.finish()
}

/// A column that writes its values one after the other.
enum Cell<'a> {
    Null,
    Flag(&'a arrow_array::BooleanArray),
    Byte(&'a [i8]),
    Short(&'a [i16]),
    Int(&'a [i32]),
    Long(&'a [i64]),
    Float(&'a [f32]),
    Double(&'a [f64]),
    Decimal(&'a [i128], i8),
    Text(&'a StringArray),
    Bytes(&'a arrow_array::BinaryArray, Nulls),
    Date(&'a [i32]),
    Timestamp(&'a [i64]),
    List(&'a arrow_array::ListArray, Box<Item<'a>>),
    Map(&'a arrow_array::MapArray, Box<Item<'a>>, Box<Item<'a>>),
    Struct(Vec<Item<'a>>),
    Vector(VectorColumn<'a>),
    /// What is written too seldom to have a way of its own.
    Other(&'a ArrayRef, DataType),
}

/// A column inside another, whose nulls are written out.
struct Item<'a> {
    column: &'a ArrayRef,
    cell: Cell<'a>,
    nulls: Nulls,
}

impl<'a> Item<'a> {
    fn new(column: &'a ArrayRef, data_type: &DataType, nulls: Nulls) -> Box<Self> {
        Box::new(Self { column, cell: Cell::new(column, data_type, nulls), nulls })
    }

    fn write(&self, row: usize, out: &mut String) {
        if matches!(self.cell, Cell::Null) || self.column.is_null(row) {
            out.push_str(if self.nulls == Nulls::Lower { "null" } else { "NULL" });
        } else {
            self.cell.write(row, out);
        }
    }
}

impl<'a> Cell<'a> {
    fn new(column: &'a ArrayRef, data_type: &DataType, nulls: Nulls) -> Self {
        match data_type {
            DataType::Null => Self::Null,
            DataType::Boolean => Self::Flag(column.as_boolean()),
            DataType::Byte => Self::Byte(column.as_primitive::<Int8Type>().values()),
            DataType::Short => Self::Short(column.as_primitive::<Int16Type>().values()),
            DataType::Int => Self::Int(column.as_primitive::<Int32Type>().values()),
            DataType::Long => Self::Long(column.as_primitive::<Int64Type>().values()),
            DataType::Float => Self::Float(column.as_primitive::<Float32Type>().values()),
            DataType::Double => Self::Double(column.as_primitive::<Float64Type>().values()),
            DataType::Decimal(_, scale) => Self::Decimal(column.as_primitive::<Decimal128Type>().values(), *scale),
            DataType::String | DataType::Char(_) | DataType::Varchar(_) => Self::Text(column.as_string()),
            DataType::Binary => Self::Bytes(column.as_binary(), nulls),
            DataType::Date => Self::Date(column.as_primitive::<Date32Type>().values()),
            DataType::Timestamp | DataType::TimestampNtz => Self::Timestamp(column.as_primitive::<TimestampMicrosecondType>().values()),
            DataType::Array(element, _) => {
                let lists = column.as_list::<i32>();
                Self::List(lists, Item::new(lists.values(), element, nulls))
            }
            DataType::Map(key, value, _) => {
                let maps = column.as_map();
                Self::Map(maps, Item::new(maps.keys(), key, nulls), Item::new(maps.values(), value, nulls))
            }
            DataType::Struct(fields) => {
                Self::Struct(column.as_struct().columns().iter().zip(fields).map(|(c, f)| *Item::new(c, &f.data_type, nulls)).collect())
            }
            DataType::Time(_)
            | DataType::DayTimeInterval(..)
            | DataType::YearMonthInterval(..)
            | DataType::CalendarInterval
            | DataType::Variant
            | DataType::Matrix => Self::Other(column, data_type.clone()),
            DataType::Vector => VectorColumn::new(column).map_or(Self::Null, Self::Vector),
        }
    }

    fn write(&self, row: usize, out: &mut String) {
        // Writing into a string can't fail.
        let _ = match self {
            Self::Null => Ok(()),
            Self::Flag(values) => write!(out, "{}", values.value(row)),
            Self::Byte(values) => write!(out, "{}", values[row]),
            Self::Short(values) => write!(out, "{}", values[row]),
            Self::Int(values) => write!(out, "{}", values[row]),
            Self::Long(values) => write!(out, "{}", values[row]),
            Self::Float(values) => out.write_str(&java_float(values[row])),
            Self::Double(values) => out.write_str(&java_double(values[row])),
            Self::Decimal(values, scale) => out.write_str(&decimal_text(values[row], *scale)),
            Self::Text(values) => out.write_str(values.value(row)),
            Self::Bytes(values, Nulls::Lower) => out.write_str(&String::from_utf8_lossy(values.value(row))),
            Self::Bytes(values, Nulls::Upper) => {
                let bytes: Vec<String> = values.value(row).iter().map(|b| format!("{b:02X}")).collect();
                write!(out, "[{}]", bytes.join(" "))
            }
            Self::Date(values) => out.write_str(&date_text(values[row])),
            Self::Timestamp(values) => out.write_str(&timestamp_text(values[row])),
            Self::List(lists, items) => {
                let offsets = lists.value_offsets();
                joined(out, ['[', ']'], offsets[row] as usize..offsets[row + 1] as usize, |i, out| items.write(i, out))
            }
            Self::Map(maps, keys, values) => {
                let offsets = maps.value_offsets();
                joined(out, ['{', '}'], offsets[row] as usize..offsets[row + 1] as usize, |i, out| {
                    keys.write(i, out);
                    out.push_str(" -> ");
                    values.write(i, out);
                })
            }
            Self::Struct(members) => joined(out, ['{', '}'], 0..members.len(), |i, out| members[i].write(row, out)),
            Self::Other(column, data_type) => write!(out, "{}", value_at(column, data_type, row)),
            Self::Vector(vectors) => write!(out, "{}", vectors.row(row)),
        };
    }
}

fn joined(out: &mut String, around: [char; 2], range: std::ops::Range<usize>, write: impl Fn(usize, &mut String)) -> std::fmt::Result {
    let start = range.start;
    out.push(around[0]);
    for i in range {
        if i > start {
            out.push_str(", ");
        }
        write(i, out);
    }
    out.push(around[1]);
    Ok(())
}

use std::cmp::Ordering;
use std::sync::Arc;

use arrow_array::cast::AsArray;
use arrow_array::types::{Int32Type, Int64Type};
use arrow_array::{Array, ArrayRef, ListArray, StructArray, UInt32Array};
use arrow_buffer::OffsetBuffer;
use kindling_partition::{Error, ErrorKind, Result};

use super::declare::{Args, Body, Function, Outcome, Param, params};
use super::loops::strict_nulls;
use crate::batch::{array_of, arrow, gather, nulls, value_at};
use crate::coerce::{cast_to, expect, literal, text, unify, wider, wrong_type};
use crate::schema::same_name;
use crate::typed::{Kind, Typed};
use crate::types::{DataType, Field, list_item, struct_fields};
use crate::value::Value;

pub(super) const FUNCTIONS: &[Function] = &[
    Function::scalar(
        "array",
        "An array of the columns' values.",
        params!("*cols"),
        |args| {
            let element = unify("array", args)?;
            Ok(Outcome::new(DataType::Array(Box::new(element), args.iter().any(|a| a.nullable)), false))
        },
        make_array,
    ),
    Function::scalar(
        "struct",
        "A struct of the columns.",
        params!("*cols"),
        |args| {
            let fields = args.iter().enumerate().map(|(i, a)| Field::new(member_name(a, i), a.data_type.clone(), a.nullable)).collect();
            Ok(Outcome::new(DataType::Struct(fields), false))
        },
        |args| {
            let columns = args.args.iter().map(|a| a.expand(args.rows)).collect::<Result<Vec<_>>>()?;
            let DataType::Struct(fields) = args.result else { return Err(Error::runtime("A struct that is none.")) };
            Ok(Arc::new(StructArray::try_new_with_length(struct_fields(fields), columns, None, args.rows).map_err(arrow)?))
        },
    ),
    Function::scalar("map", "A map of keys and values, given in turns.", params!("*cols"), resolve_map, make_map),
    Function::scalar(
        "size",
        "How many elements the array or map has.",
        params!("col"),
        |args| match args[0].data_type {
            DataType::Array(..) | DataType::Map(..) => Ok(Outcome::strict(DataType::Int, args)),
            _ => Err(wrong_type("size", args, 0, "ARRAY or MAP")),
        },
        |args| {
            let arg = &args.args[0];
            let offsets = match arg.data_type {
                DataType::Map(..) => arg.array.as_map().value_offsets(),
                _ => arg.array.as_list::<i32>().value_offsets(),
            };
            args.rows_to_nums::<Int32Type>(|i| Ok((!arg.is_null(i)).then(|| offsets[arg.at(i) + 1] - offsets[arg.at(i)])))
        },
    ),
    Function::scalar(
        "getitem",
        "The element at a position from 0 of an array, or of a key of a map.",
        params!("col", "key"),
        resolve_item,
        |args| element(args, false),
    ),
    Function::scalar(
        "element_at",
        "The element at a position from 1 of an array, from the end when negative, or of a key of a map.",
        params!("col", "extraction"),
        resolve_item,
        |args| element(args, true),
    ),
    Function::scalar("getfield", "The field of a struct, or of each struct of an array.", params!("col", "=name"), resolve_field, field_of),
    Function::scalar(
        "array_contains",
        "Whether the array has the value; null when it hasn't and one of its elements is null.",
        params!("col", "value"),
        |args| {
            let element = element_type("array_contains", args)?;
            let common = wider(&element, &args[1].data_type).ok_or_else(|| wrong_type("array_contains", args, 1, &element.sql()))?;
            cast_to(&mut args[0], &DataType::array(common.clone()));
            cast_to(&mut args[1], &common);
            Ok(Outcome::new(DataType::Boolean, true))
        },
        |args| {
            let (list, value) = (&args.args[0], &args.args[1]);
            args.rows_to_bools(|i| {
                if list.is_null(i) || value.is_null(i) {
                    return Ok(None);
                }
                let wanted = value_at(&value.array, &value.data_type, value.at(i));
                let items = items(list.array.as_list::<i32>(), &value.data_type, list.at(i));
                let found = items.iter().any(|item| order(item, &wanted).is_eq() && !item.is_null());
                Ok(if found {
                    Some(true)
                } else if items.iter().any(Value::is_null) {
                    None
                } else {
                    Some(false)
                })
            })
        },
    ),
    Function::scalar(
        "array_position",
        "Where the value first is in the array, from 1; 0 when it isn't.",
        params!("col", "value"),
        |args| {
            let element = element_type("array_position", args)?;
            cast_to(&mut args[1], &element);
            Ok(Outcome::strict(DataType::Long, args))
        },
        |args| {
            let (list, value) = (&args.args[0], &args.args[1]);
            args.rows_to_nums::<Int64Type>(|i| {
                if list.is_null(i) || value.is_null(i) {
                    return Ok(None);
                }
                let wanted = value_at(&value.array, &value.data_type, value.at(i));
                let items = items(list.array.as_list::<i32>(), &value.data_type, list.at(i));
                Ok(Some(items.iter().position(|item| order(item, &wanted).is_eq()).map_or(0, |at| at as i64 + 1)))
            })
        },
    ),
    Function::scalar(
        "sort_array",
        "The elements in order; nulls first when ascending, last when descending.",
        params!("col", "?asc"),
        |args| {
            element_type("sort_array", args)?;
            Ok(Outcome::strict(args[0].data_type.clone(), args))
        },
        |args| {
            let ascending = args.args.get(1).is_none_or(|a| a.bools().value(0));
            map_lists(args, |mut items| {
                items.sort_by(order);
                if !ascending {
                    items.reverse();
                }
                items
            })
        },
    ),
    Function::scalar(
        "array_distinct",
        "Each element once, where it first was.",
        params!("col"),
        |args| {
            element_type("array_distinct", args)?;
            Ok(Outcome::strict(args[0].data_type.clone(), args))
        },
        |args| {
            map_lists(args, |items| {
                let mut seen: Vec<Value> = Vec::new();
                for item in items {
                    if !seen.iter().any(|s| order(s, &item).is_eq()) {
                        seen.push(item);
                    }
                }
                seen
            })
        },
    ),
    Function::scalar(
        "array_max",
        "The largest element, nulls left out.",
        params!("col"),
        |args| Ok(Outcome::new(element_type("array_max", args)?, true)),
        |args| best(args, Ordering::Greater),
    ),
    Function::scalar(
        "array_min",
        "The smallest element, nulls left out.",
        params!("col"),
        |args| Ok(Outcome::new(element_type("array_min", args)?, true)),
        |args| best(args, Ordering::Less),
    ),
    Function::scalar(
        "array_join",
        "The elements as one text with a delimiter; nulls are left out or replaced.",
        params!("col", "=delimiter", "?null_replacement"),
        |args| {
            cast_to(&mut args[0], &DataType::array(DataType::String));
            expect("array_join", args, 1, &DataType::String)?;
            Ok(Outcome::strict(DataType::String, args))
        },
        |args| {
            let (list, delimiter) = (&args.args[0], args.args[1].strs());
            let replacement = args.args.get(2).and_then(|a| a.strs().get(0));
            args.rows_to_strings(|i, out| {
                let Some(delimiter) = delimiter.get(i).filter(|_| !list.is_null(i)) else { return Ok(false) };
                let items = items(list.array.as_list::<i32>(), &DataType::String, list.at(i));
                let texts: Vec<&str> = items.iter().filter_map(|v| v.as_str().or(replacement)).collect();
                out.push_str(&texts.join(delimiter));
                Ok(true)
            })
        },
    ),
    Function::scalar(
        "slice",
        "`length` elements from position `start`, counted from 1, from the end when negative.",
        params!("x", "start", "length"),
        |args| {
            element_type("slice", args)?;
            expect("slice", args, 1, &DataType::Int)?;
            expect("slice", args, 2, &DataType::Int)?;
            Ok(Outcome::strict(args[0].data_type.clone(), args))
        },
        |args| {
            let (starts, lengths) = (args.args[1].nums::<Int32Type>(), args.args[2].nums::<Int32Type>());
            let DataType::Array(element, _) = args.result else { return Err(Error::runtime("An array that is none.")) };
            let list = &args.args[0];
            let rows: Vec<Value> = (0..args.rows)
                .map(|i| {
                    let (Some(start), Some(length)) = (starts.get(i), lengths.get(i)) else { return Value::Null };
                    if list.is_null(i) {
                        return Value::Null;
                    }
                    let items = items(list.array.as_list::<i32>(), element, list.at(i));
                    let from = if start > 0 { i64::from(start) - 1 } else { items.len() as i64 + i64::from(start) };
                    let kept = usize::try_from(from).map_or(0, |f| items.len().saturating_sub(f)).min(usize::try_from(length).unwrap_or(0));
                    Value::Array(items.iter().skip(from.max(0) as usize).take(kept).cloned().collect())
                })
                .collect();
            array_of(args.result, &rows)
        },
    ),
    Function::scalar(
        "map_keys",
        "The keys of the map.",
        params!("col"),
        |args| match &args[0].data_type {
            DataType::Map(key, ..) => Ok(Outcome::strict(DataType::Array(key.clone(), false), args)),
            _ => Err(wrong_type("map_keys", args, 0, "MAP")),
        },
        |args| map_side(args, 0),
    ),
    Function::scalar(
        "map_values",
        "The values of the map.",
        params!("col"),
        |args| match &args[0].data_type {
            DataType::Map(_, value, nulls) => Ok(Outcome::strict(DataType::Array(value.clone(), *nulls), args)),
            _ => Err(wrong_type("map_values", args, 0, "MAP")),
        },
        |args| map_side(args, 1),
    ),
    generator("explode", "A row for each element; rows with an empty or null array are dropped.", false, false),
    generator("explode_outer", "A row for each element, and one with null for an empty or null array.", true, false),
    generator("posexplode", "As explode, with the position from 0.", false, true),
    inline("inline", "The members of each struct of an array as columns, a row for each.", false),
    inline("inline_outer", "As inline, with a row of nulls for an empty or null array.", true),
    of_rows("stack", "The values as rows, of which the first says how many.", params!("*cols")),
    of_rows("json_tuple", "Members of a text of JSON as columns c0, c1, ….", params!("col", "+fields")),
    generator("posexplode_outer", "As explode_outer, with the position from 0.", true, true),
];

/// The member columns of a generator whose elements are structs: `inline`.
pub(super) const fn inline(name: &'static str, doc: &'static str, outer: bool) -> Function {
    Function {
        name,
        doc,
        params: params!("col"),
        resolve: |args| match &args[0].data_type {
            DataType::Array(element, nulls) if matches!(**element, DataType::Struct(_)) => Ok(Outcome::new((**element).clone(), *nulls)),
            _ => Err(wrong_type("inline", args, 0, "ARRAY<STRUCT>")),
        },
        body: Body::Generator { outer, position: false, members: true },
    }
}

/// A generator of the members of structs that a function makes of its arguments.
const fn of_rows(name: &'static str, doc: &'static str, params: &'static [Param]) -> Function {
    Function {
        name,
        doc,
        params,
        resolve: inline("inline", "", false).resolve,
        body: Body::Generator { outer: false, position: false, members: true },
    }
}

const fn generator(name: &'static str, doc: &'static str, outer: bool, position: bool) -> Function {
    Function {
        name,
        doc,
        params: params!("col"),
        resolve: |args| match &args[0].data_type {
            DataType::Array(element, nulls) => Ok(Outcome::new((**element).clone(), *nulls)),
            DataType::Map(..) => Ok(Outcome::new(args[0].data_type.clone(), true)),
            _ => Err(wrong_type("explode", args, 0, "ARRAY or MAP")),
        },
        body: Body::Generator { outer, position, members: false },
    }
}

/// The name of a struct's member: the column's own, else `col1`, `col2`.
fn member_name(arg: &Typed, i: usize) -> String {
    match &arg.kind {
        Kind::Attribute(_, name) => name.to_string(),
        Kind::Call { function, args, .. } if function.name == "getfield" => args.get(1).map_or_else(String::new, text),
        Kind::Call { function, args, .. } if function.name == "named" => args.get(1).map_or_else(String::new, text),
        _ => format!("col{}", i + 1),
    }
}

fn element_type(name: &'static str, args: &[Typed]) -> Result<DataType> {
    match &args[0].data_type {
        DataType::Array(element, _) => Ok((**element).clone()),
        _ => Err(wrong_type(name, args, 0, "ARRAY")),
    }
}

/// Spark's order of values: null first, NaN largest, both zeros equal, arrays and structs element by element.
pub(crate) fn order(a: &Value, b: &Value) -> Ordering {
    match (a, b) {
        (Value::Null, Value::Null) => Ordering::Equal,
        (Value::Null, _) => Ordering::Less,
        (_, Value::Null) => Ordering::Greater,
        (Value::Boolean(a), Value::Boolean(b)) => a.cmp(b),
        (Value::String(a), Value::String(b)) => a.cmp(b),
        (Value::Binary(a), Value::Binary(b)) => a.cmp(b),
        (Value::Date(a), Value::Date(b)) => a.cmp(b),
        (Value::Timestamp(a), Value::Timestamp(b)) | (Value::TimestampNtz(a), Value::TimestampNtz(b)) => a.cmp(b),
        (Value::DayTimeInterval(a, ..), Value::DayTimeInterval(b, ..)) | (Value::Time(a, _), Value::Time(b, _)) => a.cmp(b),
        (Value::YearMonthInterval(a, ..), Value::YearMonthInterval(b, ..)) => a.cmp(b),
        (Value::Decimal { unscaled: a, .. }, Value::Decimal { unscaled: b, .. }) => a.cmp(b),
        (Value::Array(a), Value::Array(b)) => lexical(a.iter(), b.iter()),
        (Value::Struct(a), Value::Struct(b)) => lexical(a.values.iter(), b.values.iter()),
        _ => match (a.as_i64(), b.as_i64()) {
            (Some(a), Some(b)) => a.cmp(&b),
            _ => super::compare::double_order(a.as_f64().unwrap_or(f64::NAN), b.as_f64().unwrap_or(f64::NAN)),
        },
    }
}

fn lexical<'a>(mut a: impl Iterator<Item = &'a Value>, mut b: impl Iterator<Item = &'a Value>) -> Ordering {
    loop {
        match (a.next(), b.next()) {
            (None, None) => return Ordering::Equal,
            (None, _) => return Ordering::Less,
            (_, None) => return Ordering::Greater,
            (Some(x), Some(y)) => match order(x, y) {
                Ordering::Equal => {}
                unequal => return unequal,
            },
        }
    }
}

fn items(list: &ListArray, element: &DataType, row: usize) -> Vec<Value> {
    let items = list.value(row);
    (0..items.len()).map(|i| value_at(&items, element, i)).collect()
}

fn map_lists(args: &Args<'_>, f: impl Fn(Vec<Value>) -> Vec<Value>) -> Result<ArrayRef> {
    let DataType::Array(element, _) = args.result else { return Err(Error::runtime("An array that is none.")) };
    let list = &args.args[0];
    let rows: Vec<Value> = (0..args.rows)
        .map(
            |i| if list.is_null(i) { Value::Null } else { Value::Array(f(items(list.array.as_list::<i32>(), element, list.at(i))).into()) },
        )
        .collect();
    array_of(args.result, &rows)
}

fn best(args: &Args<'_>, wanted: Ordering) -> Result<ArrayRef> {
    let list = &args.args[0];
    let rows: Vec<Value> = (0..args.rows)
        .map(|i| {
            if list.is_null(i) {
                return Value::Null;
            }
            let items = items(list.array.as_list::<i32>(), args.result, list.at(i));
            items.into_iter().filter(|v| !v.is_null()).reduce(|a, b| if order(&b, &a) == wanted { b } else { a }).unwrap_or(Value::Null)
        })
        .collect();
    array_of(args.result, &rows)
}

fn make_array(args: &Args<'_>) -> Result<ArrayRef> {
    let DataType::Array(element, _) = args.result else { return Err(Error::runtime("An array that is none.")) };
    let columns = args.args.iter().map(|a| a.expand(args.rows)).collect::<Result<Vec<_>>>()?;
    let width = columns.len();
    let items = if width == 0 {
        arrow_array::new_empty_array(&element.to_arrow())
    } else {
        gather(&columns, (0..args.rows).flat_map(|row| (0..width).map(move |c| (c, row))))?
    };
    let offsets = OffsetBuffer::from_lengths(std::iter::repeat_n(width, args.rows));
    Ok(Arc::new(ListArray::try_new(list_item(element), offsets, items, None).map_err(arrow)?))
}

fn resolve_map(args: &mut [Typed]) -> Result<Outcome> {
    if !args.len().is_multiple_of(2) {
        return Err(
            Error::analysis("create_map needs keys and values in turns: an even number of columns.").with_condition("WRONG_NUM_ARGS")
        );
    }
    let common = |args: &[Typed], from: usize| {
        args.iter()
            .skip(from)
            .step_by(2)
            .try_fold(DataType::Null, |t, a| wider(&t, &a.data_type))
            .ok_or_else(|| wrong_type("create_map", args, from, "same type everywhere"))
    };
    let (key, value) = (common(args, 0)?, common(args, 1)?);
    let nulls = args.iter().skip(1).step_by(2).any(|a| a.nullable);
    args.iter_mut().enumerate().for_each(|(i, a)| cast_to(a, if i % 2 == 0 { &key } else { &value }));
    Ok(Outcome::new(DataType::Map(Box::new(key), Box::new(value), nulls), false))
}

fn make_map(args: &Args<'_>) -> Result<ArrayRef> {
    let DataType::Map(..) = args.result else { return Err(Error::runtime("A map that is none.")) };
    let rows = (0..args.rows)
        .map(|i| {
            let cells: Vec<Value> = args.args.iter().map(|a| value_at(&a.array, &a.data_type, a.at(i))).collect();
            super::collections::map_keys::map_of(cells.as_chunks().0.iter().map(|[key, value]| (key.clone(), value.clone())).collect())
        })
        .collect::<Result<Vec<_>>>()?;
    array_of(args.result, &rows)
}

fn resolve_item(args: &mut [Typed]) -> Result<Outcome> {
    match args[0].data_type.clone() {
        DataType::Array(element, _) => {
            expect("element_at", args, 1, &DataType::Int)?;
            Ok(Outcome::new(*element, true))
        }
        DataType::Map(key, value, _) => {
            cast_to(&mut args[1], &key);
            Ok(Outcome::new(*value, true))
        }
        DataType::Struct(_) => resolve_field(args),
        _ => Err(wrong_type("element_at", args, 0, "ARRAY or MAP")),
    }
}

fn resolve_field(args: &mut [Typed]) -> Result<Outcome> {
    let name = literal("getfield", args, 1)?.and_then(Value::as_str).unwrap_or_default().to_owned();
    let (fields, of_array) = match &args[0].data_type {
        DataType::Struct(fields) => (fields, None),
        DataType::Array(element, nullable) => match &**element {
            DataType::Struct(fields) => (fields, Some(*nullable)),
            _ => return Err(no_fields(&args[0])),
        },
        _ => return Err(no_fields(&args[0])),
    };
    let field = fields.iter().find(|f| same_name(&f.name, &name)).ok_or_else(|| {
        let near = kindling_partition::did_you_mean(&name, fields.iter().map(|f| &*f.name));
        let names: Vec<&str> = fields.iter().map(|f| &*f.name).collect();
        Error::analysis(format!("No field '{name}' in the struct {}.{near} Available: {}.", text(&args[0]), names.join(", ")))
            .with_condition("FIELD_NOT_FOUND")
    })?;
    Ok(match of_array {
        Some(nullable) => Outcome::new(DataType::Array(Box::new(field.data_type.clone()), field.nullable || nullable), args[0].nullable),
        None => Outcome::new(field.data_type.clone(), field.nullable || args[0].nullable),
    })
}

fn no_fields(container: &Typed) -> Error {
    let (shown, kind) = (text(container), container.data_type.sql());
    Error::analysis(format!("Can't extract a value from {shown}: need a complex type [STRUCT, ARRAY, MAP], but it is {kind}."))
        .with_condition("INVALID_EXTRACT_BASE_FIELD_TYPE")
}

fn field_of(args: &Args<'_>) -> Result<ArrayRef> {
    let Value::String(name) = value_at(&args.args[1].array, &DataType::String, 0) else {
        return Err(Error::runtime("A field needs a name."));
    };
    if let (DataType::Array(structs, _), DataType::Array(element, _)) = (&args.args[0].data_type, args.result) {
        let full = args.args[0].expand(args.rows)?;
        let list = full.as_list::<i32>();
        let items = member(list.values(), structs, &name)?;
        let list = ListArray::try_new(list_item(element), list.offsets().clone(), items, list.nulls().cloned());
        return Ok(Arc::new(list.map_err(arrow)?));
    }
    member(&args.args[0].array, &args.args[0].data_type, &name)
}

/// The field of structs, null where a struct is.
fn member(structs: &ArrayRef, data_type: &DataType, name: &str) -> Result<ArrayRef> {
    let DataType::Struct(fields) = data_type else { return Err(Error::runtime("A field needs a struct.")) };
    let i = fields.iter().position(|f| same_name(&f.name, name)).ok_or_else(|| Error::runtime("No such field."))?;
    let structs = structs.as_struct();
    let member = structs.column(i);
    let Some(outer) = structs.nulls() else { return Ok(member.clone()) };
    let hidden = arrow_array::BooleanArray::new(!outer.inner(), None);
    crate::select::nullif(member, &hidden)
}

fn element(args: &Args<'_>, from_one: bool) -> Result<ArrayRef> {
    let (container, key) = (&args.args[0], &args.args[1]);
    if let DataType::Map(key_type, value_type, _) = &container.data_type {
        let maps = container.array.as_map();
        let rows: Vec<Value> = (0..args.rows)
            .map(|i| {
                if container.is_null(i) || key.is_null(i) {
                    return Value::Null;
                }
                let wanted = value_at(&key.array, key_type, key.at(i));
                let entries = maps.value(container.at(i));
                let found = (0..entries.len()).find(|e| order(&value_at(entries.column(0), key_type, *e), &wanted).is_eq());
                found.map_or(Value::Null, |e| value_at(entries.column(1), value_type, e))
            })
            .collect();
        return array_of(args.result, &rows);
    }
    let (list, positions) = (container.array.as_list::<i32>(), key.nums::<Int32Type>());
    let nulls = strict_nulls(args.args, args.rows);
    let offsets = list.value_offsets();
    let mut picks: Vec<Option<u32>> = Vec::with_capacity(args.rows);
    for i in 0..args.rows {
        if nulls.as_ref().is_some_and(|n| n.is_null(i)) {
            picks.push(None);
            continue;
        }
        let (start, end) = (offsets[container.at(i)], offsets[container.at(i) + 1]);
        let (length, position) = (i64::from(end - start), i64::from(positions.raw(i)));
        let at = match (from_one, position) {
            (true, 0) => {
                return Err(Error::new(
                    ErrorKind::ArrayIndex,
                    "The index 0 is invalid. An index shall be either < 0 or > 0 (the first element has index 1).",
                )
                .with_condition("INVALID_INDEX_OF_ZERO"));
            }
            (true, p) if p < 0 => length + p,
            (true, p) => p - 1,
            (false, p) => p,
        };
        if !(0..length).contains(&at) {
            let (condition, hint) = if from_one {
                (
                    "INVALID_ARRAY_INDEX_IN_ELEMENT_AT",
                    "Use `try_element_at` to tolerate accessing element at invalid index and return NULL instead.",
                )
            } else {
                (
                    "INVALID_ARRAY_INDEX",
                    "Use the SQL function `get()` to tolerate accessing element at invalid index and return NULL instead.",
                )
            };
            return Err(Error::new(
                ErrorKind::ArrayIndex,
                format!("The index {position} is out of bounds. The array has {length} elements. {hint}"),
            )
            .with_condition(condition));
        }
        picks.push(Some((i64::from(start) + at) as u32));
    }
    crate::select::take(list.values(), &UInt32Array::from(picks))
}

fn map_side(args: &Args<'_>, side: usize) -> Result<ArrayRef> {
    let DataType::Array(element, _) = args.result else { return Err(Error::runtime("An array that is none.")) };
    let full = args.args[0].expand(args.rows)?;
    let maps = full.as_map();
    let items = maps.entries().column(side).clone();
    Ok(Arc::new(ListArray::try_new(list_item(element), maps.offsets().clone(), items, maps.nulls().cloned()).map_err(arrow)?))
}

pub(super) fn concat_arrays(args: &Args<'_>, element: &DataType) -> Result<ArrayRef> {
    let (mut rows, mut valid) = (Vec::new(), Vec::new());
    for i in 0..args.rows {
        let null = args.args.iter().any(|a| a.is_null(i));
        let joined: Vec<Value> =
            if null { Vec::new() } else { args.args.iter().flat_map(|a| items(a.array.as_list::<i32>(), element, a.at(i))).collect() };
        rows.push(joined);
        valid.push(!null);
    }
    let lengths: Vec<usize> = rows.iter().map(Vec::len).collect();
    let items = array_of(element, rows.iter().flatten())?;
    Ok(Arc::new(ListArray::try_new(list_item(element), OffsetBuffer::from_lengths(lengths), items, nulls(valid)).map_err(arrow)?))
}

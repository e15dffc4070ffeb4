use kindling_partition::{Error, ErrorKind, Result};

use super::super::collection::order;
use super::super::declare::{Args, Body, Cells, Function, Outcome, params};
use super::super::random::seed_of;
use super::{array_and_value, element_of, two_arrays};
use crate::coerce::{cast_to, expect, wrong_type};
use crate::random::TwisterRandom;
use crate::typed::Typed;
use crate::types::DataType;
use crate::value::Value;

/// The longest array that Spark makes (`ByteArrayUtils.MAX_ROUNDED_ARRAY_LENGTH`).
const LONGEST: i64 = 2_147_483_632;

pub(in super::super) const FUNCTIONS: &[Function] = &[
    Function::rows_with_nulls("array_append", "The array with a value behind it.", params!("col", "=value"), with_value_append, |c| {
        Ok(if c.is_null(0) { Value::Null } else { joined(c.items(0), &c.values[1..]) })
    }),
    Function::rows_with_nulls("array_prepend", "The array with a value before it.", params!("col", "=value"), with_value_prepend, |c| {
        Ok(if c.is_null(0) { Value::Null } else { joined(&c.values[1..], c.items(0)) })
    }),
    Function::rows(
        "array_compact",
        "The elements that aren't null.",
        params!("col"),
        |args| {
            let (element, _) = element_of("array_compact", args, 0)?;
            Ok(Outcome::strict(DataType::Array(element.into(), false), args))
        },
        |c| Ok(Value::Array(c.items(0).iter().filter(|v| !v.is_null()).cloned().collect())),
    ),
    Function::rows(
        "array_except",
        "The different elements of the first array that the second hasn't.",
        params!("col1", "col2"),
        except,
        |c| Ok(distinct(c.items(0).iter().filter(|v| !has(c.items(1), v)))),
    ),
    Function::rows("array_intersect", "The different elements that both arrays have.", params!("col1", "col2"), intersect, |c| {
        Ok(distinct(c.items(0).iter().filter(|v| has(c.items(1), v))))
    }),
    Function::rows("array_union", "The different elements of both arrays.", params!("col1", "col2"), union, |c| {
        Ok(distinct(c.items(0).iter().chain(c.items(1))))
    }),
    Function::rows(
        "arrays_overlap",
        "Whether the arrays have an element in common; null when they haven't, and one has a null.",
        params!("a1", "a2"),
        |args| two_arrays("arrays_overlap", args).map(|_| Outcome::new(DataType::Boolean, true)),
        |c| {
            let (a, b) = (c.items(0), c.items(1));
            if a.iter().any(|v| !v.is_null() && has(b, v)) {
                return Ok(true.into());
            }
            let unknown = !a.is_empty() && !b.is_empty() && a.iter().chain(b).any(Value::is_null);
            Ok(if unknown { Value::Null } else { false.into() })
        },
    ),
    Function::rows_with_nulls(
        "array_insert",
        "The array with a value put in at a position from 1, from the end when negative; nulls fill what lies between.",
        params!("arr", "pos", "=value"),
        |args| {
            let (element, _) = array_and_value("array_insert", args, 2)?;
            if !args[1].data_type.is_integral() {
                return Err(wrong_type("array_insert", args, 1, "INT"));
            }
            cast_to(&mut args[1], &DataType::Int);
            Ok(Outcome::new(DataType::Array(element.into(), true), args[0].nullable || args[1].nullable))
        },
        insert,
    ),
    Function::rows(
        "array_remove",
        "The array without the elements that equal a value.",
        params!("col", "=element"),
        |args| {
            let (element, nulls) = array_and_value("array_remove", args, 1)?;
            Ok(Outcome::strict(DataType::Array(element.into(), nulls), args))
        },
        |c| Ok(Value::Array(c.items(0).iter().filter(|v| v.is_null() || order(v, &c.values[1]).is_ne()).cloned().collect())),
    ),
    Function::rows_with_nulls(
        "array_repeat",
        "An array of one value, so many times.",
        params!("col", "count"),
        |args| {
            expect("array_repeat", args, 1, &DataType::Int)?;
            Ok(Outcome::new(DataType::Array(args[0].data_type.clone().into(), args[0].nullable), args[1].nullable))
        },
        |c| {
            if c.is_null(1) {
                return Ok(Value::Null);
            }
            let count = checked_length("array_repeat", c.long(1).max(0))?;
            Ok(Value::Array(std::iter::repeat_n(c.values[0].clone(), count).collect()))
        },
    ),
    Function::rows(
        "array_size",
        "How many elements the array has.",
        params!("col"),
        |args| {
            element_of("array_size", args, 0)?;
            Ok(Outcome::strict(DataType::Int, args))
        },
        |c| Ok(Value::Int(c.items(0).len() as i32)),
    ),
    Function::rows(
        "flatten",
        "One array of the elements of an array's arrays; null when one of them is.",
        params!("col"),
        |args| match &args[0].data_type {
            DataType::Array(inner, nulls) if matches!(**inner, DataType::Array(..)) => {
                Ok(Outcome::new((**inner).clone(), args[0].nullable || *nulls))
            }
            _ => Err(wrong_type("flatten", args, 0, "ARRAY of ARRAY")),
        },
        |c| {
            let mut all = Vec::new();
            for inner in c.items(0) {
                let Value::Array(items) = inner else { return Ok(Value::Null) };
                all.extend(items.iter().cloned());
            }
            Ok(Value::Array(all.into()))
        },
    ),
    Function::rows(
        "get",
        "The element at a position from 0; null when there is none.",
        params!("col", "index"),
        |args| {
            let (element, _) = element_of("get", args, 0)?;
            expect("get", args, 1, &DataType::Int)?;
            Ok(Outcome::new(element, true))
        },
        |c| Ok(usize::try_from(c.long(1)).ok().and_then(|i| c.items(0).get(i)).cloned().unwrap_or(Value::Null)),
    ),
    Function::rows(
        "try_element_at",
        "As element_at, but null when there is no such element.",
        params!("col", "extraction"),
        |args| match args[0].data_type.clone() {
            DataType::Map(key, value, _) => {
                cast_to(&mut args[1], &key);
                Ok(Outcome::new(*value, true))
            }
            _ => {
                let (element, _) = element_of("try_element_at", args, 0)?;
                expect("try_element_at", args, 1, &DataType::Int)?;
                Ok(Outcome::new(element, true))
            }
        },
        |c| {
            if let Value::Map(entries) = &c.values[0] {
                return Ok(entries.iter().find(|e| order(&e.0, &c.values[1]).is_eq()).map_or(Value::Null, |e| e.1.clone()));
            }
            let (items, position) = (c.items(0), c.long(1));
            if position == 0 {
                return Err(index_of_zero());
            }
            let at = if position > 0 { position - 1 } else { items.len() as i64 + position };
            Ok(usize::try_from(at).ok().and_then(|i| items.get(i)).cloned().unwrap_or(Value::Null))
        },
    ),
    Function {
        name: "shuffle",
        doc: "The elements in a random order.",
        params: params!("col", "?seed"),
        resolve: |args| {
            element_of("shuffle", args, 0)?;
            expect("shuffle", args, 1, &DataType::Long)?;
            Ok(Outcome::new(args[0].data_type.clone(), args[0].nullable))
        },
        body: Body::Nondeterministic(shuffle),
    },
];

pub(in super::super) fn index_of_zero() -> Error {
    let text = "The index 0 is invalid. An index shall be either < 0 or > 0 (the first element has index 1).";
    Error::new(ErrorKind::Runtime, text).with_condition("INVALID_INDEX_OF_ZERO")
}

pub(in super::super) fn checked_length(name: &str, length: i64) -> Result<usize> {
    if length > LONGEST {
        let text =
            format!("Can't create array with {length} elements which exceeding the array size limit {LONGEST}, the function `{name}`.");
        return Err(Error::runtime(text).with_condition("COLLECTION_SIZE_LIMIT_EXCEEDED.FUNCTION"));
    }
    Ok(length as usize)
}

fn joined(a: &[Value], b: &[Value]) -> Value {
    Value::Array(a.iter().chain(b).cloned().collect())
}

/// Whether an array has a value; a null equals a null.
fn has(items: &[Value], value: &Value) -> bool {
    items.iter().any(|v| order(v, value).is_eq())
}

fn distinct<'a>(values: impl Iterator<Item = &'a Value>) -> Value {
    let mut seen: Vec<Value> = Vec::new();
    for value in values {
        if !has(&seen, value) {
            seen.push(value.clone());
        }
    }
    Value::Array(seen.into())
}

fn with_value_append(args: &mut [Typed]) -> Result<Outcome> {
    with_value("array_append", args)
}

fn with_value_prepend(args: &mut [Typed]) -> Result<Outcome> {
    with_value("array_prepend", args)
}

fn with_value(name: &str, args: &mut [Typed]) -> Result<Outcome> {
    let (element, nulls) = array_and_value(name, args, 1)?;
    Ok(Outcome::new(DataType::Array(element.into(), nulls || args[1].nullable), args[0].nullable))
}

fn except(args: &mut [Typed]) -> Result<Outcome> {
    of_two("array_except", args)
}

fn intersect(args: &mut [Typed]) -> Result<Outcome> {
    of_two("array_intersect", args)
}

fn union(args: &mut [Typed]) -> Result<Outcome> {
    of_two("array_union", args)
}

fn of_two(name: &str, args: &mut [Typed]) -> Result<Outcome> {
    let (element, nulls) = two_arrays(name, args)?;
    Ok(Outcome::strict(DataType::Array(element.into(), nulls), args))
}

/// Spark's `ArrayInsert`: -1 is behind the last element.
fn insert(c: &Cells<'_>) -> Result<Value> {
    if c.is_null(0) || c.is_null(1) {
        return Ok(Value::Null);
    }
    let (items, position, value) = (c.items(0), c.long(1), &c.values[2]);
    let length = items.len() as i64;
    let blank = |count: i64| checked_length("array_insert", count + length + 1).map(|_| vec![Value::Null; count.max(0) as usize]);
    if position == 0 {
        return Err(index_of_zero());
    }
    let at = if position > 0 { position - 1 } else { length + position + 1 };
    let mut all: Vec<Value> = Vec::new();
    if at < 0 {
        all.push(value.clone());
        all.extend(blank(-at)?);
        all.extend(items.iter().cloned());
        // The value itself takes one of the places.
        let surplus = all.len() as i64 + position;
        all.drain(1..1 + surplus.clamp(0, all.len() as i64 - 1) as usize);
    } else {
        all.extend(items.iter().take(at as usize).cloned());
        all.extend(blank(at - length)?);
        all.push(value.clone());
        all.extend(items.iter().skip(at as usize).cloned());
    }
    Ok(Value::Array(all.into()))
}

/// Fisher and Yates's shuffle of each row. The order for a seed isn't Spark's, whose generator is another one.
fn shuffle(args: &Args<'_>) -> Result<arrow_array::ArrayRef> {
    let list = &args.args[0];
    let mut random = TwisterRandom::new(seed_of(args, 1));
    let mut shuffled = |items: &[Value]| {
        let mut places: Vec<usize> = Vec::with_capacity(items.len());
        for i in 0..items.len() {
            let j = random.next_int_below(i as i32 + 1) as usize;
            places.push(i);
            places.swap(i, j);
        }
        places.into_iter().map(|place| items[place].clone()).collect()
    };
    let rows: Vec<Value> = (0..args.rows)
        .map(|row| match crate::batch::value_at(&list.array, &list.data_type, list.at(row)) {
            Value::Array(items) => Value::Array(shuffled(&items)),
            other => other,
        })
        .collect();
    crate::batch::array_of(args.result, &rows)
}

//! Aggregates that are called seldom: they keep the rows of each group as values and compute at the end.

use std::cmp::Ordering;

use kindling_partition::{Error, ErrorKind, Result};

use super::accumulate::{Accumulator, Call, State, states};
use crate::batch::{array_of, value_at};
use crate::expr::SortOrder;
use crate::functions::{Cold, order};
use crate::types::DataType;
use crate::value::{Row, Value, decimal_text};
use crate::variant::{merged, printed, schema_of};

/// How many of the arguments are columns.
pub(super) fn columns(cold: Cold) -> usize {
    if matches!(cold, Cold::MaxBy | Cold::MinBy | Cold::VectorMetrics) { 2 } else { 1 }
}

/// The rows of one group that have no null.
#[derive(Clone, Default)]
struct Rows(Vec<Value>);

impl State for Rows {
    fn absorb(&mut self, later: Self) -> Result<()> {
        self.0.extend(later.0);
        Ok(())
    }
}

pub(super) fn accumulator(cold: Cold, call: &Call<'_>) -> Box<dyn Accumulator> {
    let width = columns(cold);
    let types = call.types[..width.min(call.types.len())].to_vec();
    // What is ranked may be null, what it is ranked by may not.
    let first = usize::from(matches!(cold, Cold::MaxBy | Cold::MinBy));
    let last = call.plain.last().cloned().flatten();
    let orders: Vec<SortOrder> = last.iter().filter_map(Value::as_str).flat_map(|text| text.split(',').map(order_of)).collect();
    let (result, option) = (call.result.clone(), call.plain.get(width).cloned().flatten().unwrap_or(Value::Null));
    states(
        Rows::default(),
        move |states, groups, args| {
            for (i, group) in groups.iter().enumerate() {
                if !args[first..].iter().any(|a| arrow_array::Array::is_null(a, i)) {
                    states[*group as usize].0.extend(args.iter().zip(&types).map(|(a, t)| value_at(a, t, i)));
                }
            }
            Ok(())
        },
        move |all| {
            if cold == Cold::OrderedListAgg {
                let values: Vec<Value> = all.into_iter().map(|rows| sorted_texts(rows.0, &option, &orders)).collect();
                return array_of(&result, &values);
            }
            let values = all.iter().map(|rows| value(cold, &rows.0, width, &option, &result)).collect::<Result<Vec<_>>>()?;
            array_of(&result, &values)
        },
    )
}

fn value(cold: Cold, rows: &[Value], width: usize, option: &Value, result: &DataType) -> Result<Value> {
    let longs = || rows.iter().filter_map(Value::as_i64);
    let whole = |found: Option<i64>| match (found, result) {
        (None, _) => Value::Null,
        (Some(v), DataType::Byte) => Value::Byte(v as i8),
        (Some(v), DataType::Short) => Value::Short(v as i16),
        (Some(v), DataType::Int) => Value::Int(v as i32),
        (Some(v), _) => Value::Long(v),
    };
    Ok(match cold {
        Cold::BitAnd => whole(longs().reduce(|a, b| a & b)),
        Cold::BitOr => whole(longs().reduce(|a, b| a | b)),
        Cold::BitXor => whole(longs().reduce(|a, b| a ^ b)),
        Cold::ListAgg if rows.is_empty() => Value::Null,
        Cold::ListAgg => joined(rows, option),
        Cold::IntervalSum | Cold::IntervalAvg => {
            let found = intervals(rows, result, cold == Cold::IntervalAvg);
            if found.is_null() && !rows.is_empty() {
                let error = Error::new(ErrorKind::Arithmetic, "The sum of the intervals is too large.");
                return Err(error.with_condition("INTERVAL_ARITHMETIC_OVERFLOW.WITHOUT_SUGGESTION"));
            }
            found
        }
        Cold::MaxBy | Cold::MinBy if rows.is_empty() => Value::Null,
        Cold::MaxBy | Cold::MinBy => {
            let mut pairs: Vec<&[Value]> = rows.chunks(width).collect();
            pairs.sort_by(|a, b| if cold == Cold::MaxBy { order(&b[1], &a[1]) } else { order(&a[1], &b[1]) });
            let k = usize::try_from(option.as_i64().unwrap_or(0)).unwrap_or(0);
            Value::Array(pairs.into_iter().take(k).map(|pair| pair[0].clone()).collect())
        }
        Cold::TrySum | Cold::TryAvg if result.is_ansi_interval() => intervals(rows, result, cold == Cold::TryAvg),
        Cold::TrySum => sum(rows, result),
        Cold::TryAvg => mean(rows, result),
        Cold::Histogram => histogram(rows, option.as_i64().unwrap_or(0), result),
        Cold::CollectUnion => {
            let mut seen: Vec<Value> = Vec::new();
            for items in rows {
                let Value::Array(items) = items else { continue };
                for item in items.iter().filter(|v| !v.is_null()) {
                    if !seen.iter().any(|s| order(s, item).is_eq()) {
                        seen.push(item.clone());
                    }
                }
            }
            Value::Array(seen.into())
        }
        Cold::BitmapConstruct | Cold::BitmapOr | Cold::BitmapAnd => bitmap(cold, rows)?,
        Cold::VectorSum | Cold::VectorAvg => vector(cold, rows)?,
        Cold::VariantSchema => {
            let mut known = DataType::Null;
            for row in rows {
                if let Value::Variant(variant) = row {
                    known = merged(&known, &schema_of(variant.view())?);
                }
            }
            printed(&known).into()
        }
        // These have accumulators of their own.
        Cold::OrderedListAgg | Cold::VectorMetrics => return Err(Error::runtime("An aggregate's rows are kept elsewhere.")),
    })
}

/// Sort orders as `listagg` has them in a text: `d` or `a` for the direction, `f` or `l` for where nulls are.
pub(crate) fn order_text(order: SortOrder) -> String {
    format!("{}{}", if order.descending { 'd' } else { 'a' }, if order.nulls_first { 'f' } else { 'l' })
}

pub(crate) fn order_of(text: &str) -> SortOrder {
    SortOrder { descending: text.starts_with('d'), nulls_first: text.ends_with('f') }
}

/// The first members of structs, sorted by the others.
fn sorted_texts(rows: Vec<Value>, delimiter: &Value, orders: &[SortOrder]) -> Value {
    let members = rows.into_iter().filter_map(|row| if let Value::Struct(row) = row { Some(row.values) } else { None });
    let mut rows: Vec<Vec<Value>> = members.filter(|members| members.first().is_some_and(|text| !text.is_null())).collect();
    rows.sort_by(|a, b| {
        let keys = orders.iter().zip(a[1..].iter().zip(&b[1..]));
        let by_key = keys.map(|(direction, (a, b))| match (a.is_null(), b.is_null()) {
            (true, true) => Ordering::Equal,
            (false, false) if direction.descending => order(b, a),
            (false, false) => order(a, b),
            (first, _) if first == direction.nulls_first => Ordering::Less,
            _ => Ordering::Greater,
        });
        by_key.fold(Ordering::Equal, Ordering::then)
    });
    let texts: Vec<Value> = rows.into_iter().map(|mut members| members.swap_remove(0)).collect();
    if texts.is_empty() { Value::Null } else { joined(&texts, delimiter) }
}

fn joined(rows: &[Value], delimiter: &Value) -> Value {
    if let Some(Value::Binary(_)) = rows.first() {
        let bytes = |v: &Value| if let Value::Binary(b) = v { b.to_vec() } else { Vec::new() };
        let parts: Vec<Vec<u8>> = rows.iter().map(bytes).collect();
        return Value::Binary(parts.join(&bytes(delimiter)[..]).into());
    }
    let parts: Vec<&str> = rows.iter().filter_map(Value::as_str).collect();
    parts.join(delimiter.as_str().unwrap_or_default()).into()
}

/// The sum or mean of intervals; null when there are none or it is too large.
fn intervals(rows: &[Value], result: &DataType, mean: bool) -> Value {
    let count = |v: &Value| match v {
        Value::DayTimeInterval(micros, ..) => i128::from(*micros),
        Value::YearMonthInterval(months, ..) => i128::from(*months),
        _ => 0,
    };
    if rows.is_empty() {
        return Value::Null;
    }
    let total: i128 = rows.iter().map(count).sum();
    let total = if mean { crate::numbers::divide_half_up(total, rows.len() as i128) } else { total };
    match result {
        DataType::DayTimeInterval(from, to) => i64::try_from(total).map_or(Value::Null, |v| Value::DayTimeInterval(v, *from, *to)),
        DataType::YearMonthInterval(from, to) => i32::try_from(total).map_or(Value::Null, |v| Value::YearMonthInterval(v, *from, *to)),
        _ => Value::Null,
    }
}

fn sum(rows: &[Value], result: &DataType) -> Value {
    match result {
        _ if rows.is_empty() => Value::Null,
        DataType::Long => i64::try_from(rows.iter().filter_map(Value::as_i64).map(i128::from).sum::<i128>()).ok().into(),
        DataType::Decimal(precision, scale) => {
            let total = rows.iter().try_fold(0_i128, |total, v| match v {
                Value::Decimal { unscaled, .. } => total.checked_add(*unscaled),
                _ => None,
            });
            let fits = |v: &i128| decimal_text(v.abs(), 0).len() <= usize::from(*precision);
            total.filter(fits).map_or(Value::Null, |unscaled| Value::Decimal { unscaled, precision: *precision, scale: *scale })
        }
        _ => Value::Double(rows.iter().filter_map(Value::as_f64).sum()),
    }
}

fn mean(rows: &[Value], result: &DataType) -> Value {
    match result {
        _ if rows.is_empty() => Value::Null,
        DataType::Decimal(precision, scale) => {
            let Some(Value::Decimal { scale: from, .. }) = rows.first() else { return Value::Null };
            let total = sum(rows, &DataType::Decimal(38, *from));
            let up = 10_i128.pow(u32::try_from(scale - from).unwrap_or(0));
            match total {
                Value::Decimal { unscaled, .. } => unscaled.checked_mul(up).map_or(Value::Null, |v| Value::Decimal {
                    unscaled: crate::numbers::divide_half_up(v, rows.len() as i128),
                    precision: *precision,
                    scale: *scale,
                }),
                _ => Value::Null,
            }
        }
        _ => Value::Double(rows.iter().filter_map(Value::as_f64).sum::<f64>() / rows.len() as f64),
    }
}

fn bitmap(cold: Cold, rows: &[Value]) -> Result<Value> {
    const BYTES: usize = 4096;
    let mut bits = vec![if cold == Cold::BitmapAnd { 0xFF } else { 0_u8 }; BYTES];
    for row in rows {
        match row {
            Value::Binary(other) => {
                for (i, byte) in bits.iter_mut().enumerate() {
                    let more = other.get(i).copied().unwrap_or(0);
                    *byte = if cold == Cold::BitmapAnd { *byte & more } else { *byte | more };
                }
            }
            other => {
                let place = other.as_i64().unwrap_or(-1);
                let byte = usize::try_from(place / 8).ok().filter(|_| place >= 0).and_then(|i| bits.get_mut(i)).ok_or_else(|| {
                    let text = format!("The 0-indexed bitmap position {place} is out of bounds. The bitmap has {} bits.", BYTES * 8);
                    Error::new(ErrorKind::ArrayIndex, text).with_condition("INVALID_BITMAP_POSITION")
                })?;
                *byte |= 1 << (place % 8);
            }
        }
    }
    Ok(Value::Binary(bits.into()))
}

fn vector(cold: Cold, rows: &[Value]) -> Result<Value> {
    let mut total: Option<Vec<f32>> = None;
    for (count, row) in rows.iter().enumerate() {
        let Value::Array(items) = row else { continue };
        let Some(items) = items.iter().map(|v| v.as_f64().map(|v| v as f32)).collect::<Option<Vec<f32>>>() else { return Ok(Value::Null) };
        match &mut total {
            None => total = Some(items),
            Some(total) if total.len() != items.len() => {
                let text = format!("Vectors of one group must have the same dimension, but got {} and {}.", total.len(), items.len());
                return Err(Error::runtime(text).with_condition("VECTOR_DIMENSION_MISMATCH"));
            }
            Some(total) => {
                let share = 1.0 / (count as f32 + 1.0);
                total.iter_mut().zip(items).for_each(|(t, v)| *t += if cold == Cold::VectorAvg { (v - *t) * share } else { v });
            }
        }
    }
    Ok(total.map_or(Value::Null, |t| Value::Array(t.into_iter().map(Value::Float).collect())))
}

/// Spark's `NumericHistogram` (Ben-Haim and Tom-Tov, "A Streaming Parallel Decision Tree Algorithm"): the two nearest bins are merged as
/// long as there are too many.
fn histogram(rows: &[Value], bins: i64, result: &DataType) -> Value {
    let DataType::Array(row, _) = result else { return Value::Null };
    let DataType::Struct(fields) = &**row else { return Value::Null };
    let mut found: Vec<(f64, f64)> = Vec::new();
    for value in rows.iter().filter_map(Value::as_f64) {
        let at = found.partition_point(|bin| bin.0 < value);
        match found.get_mut(at) {
            Some(bin) if bin.0 == value => {
                bin.1 += 1.0;
                continue;
            }
            _ => found.insert(at, (value, 1.0)),
        }
        while found.len() > bins.max(2) as usize {
            let gap = |i: usize| found[i + 1].0 - found[i].0;
            let nearest = (1..found.len() - 1).fold(0, |best, i| if gap(i) < gap(best) { i } else { best });
            let (a, b) = (found[nearest], found.remove(nearest + 1));
            let height = a.1 + b.1;
            found[nearest] = (a.0 * (a.1 / height) + b.0 / height * b.1, height);
        }
    }
    if found.is_empty() {
        return Value::Null;
    }
    let centre = |x: f64| match fields[0].data_type {
        DataType::Byte => Value::Byte(x as i8),
        DataType::Short => Value::Short(x as i16),
        DataType::Int => Value::Int(x as i32),
        DataType::Long => Value::Long(x as i64),
        DataType::Float => Value::Float(x as f32),
        _ => Value::Double(x),
    };
    let names: std::sync::Arc<[_]> = fields.iter().map(|f| f.name.clone()).collect();
    let bin = |(x, y): (f64, f64)| Value::Struct(Row { names: names.clone(), values: vec![centre(x), Value::Double(y)] });
    Value::Array(found.into_iter().map(bin).collect())
}

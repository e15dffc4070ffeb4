//! Functions of lambdas over the elements of arrays and maps. A lambda is computed once over all elements of a batch, not row by row.

use std::sync::Arc;

use arrow_array::cast::AsArray;
use arrow_array::{Array, ArrayRef, BooleanArray, Int32Array, ListArray, MapArray, StructArray, UInt32Array};
use arrow_buffer::{NullBuffer, OffsetBuffer};
use kindling_partition::{Error, Result};

use super::collections::map_keys::maps_of;
use super::declare::{Bind, Body, Function, Outcome, Param, params};
use super::loops::{Arg, strict_nulls};
use super::{collection::order, sorting};
use crate::batch::{array_of, arrow, gather, value_at};
use crate::coerce::{cast_to, described, expect, same_layout, wider, wrong_type};
use crate::eval::Evaluator;
use crate::typed::Typed;
use crate::types::{DataType, list_item, map_entries};

/// A call of a higher-order function over one batch: its plain arguments, and its lambdas.
pub(crate) struct HigherOrder<'a, 'e> {
    pub args: Vec<Arg>,
    pub lambdas: Vec<&'a Typed>,
    pub rows: usize,
    pub result: &'a DataType,
    pub evaluator: &'a Evaluator<'e>,
}

pub(super) const FUNCTIONS: &[Function] = &[
    declare(
        "transform",
        "The array with each element put through a function, of the element or of the element and its position from 0.",
        params!("col", ">f"),
        elements,
        |args| {
            let element = args[1].data_type.clone();
            Ok(Outcome::new(DataType::Array(Box::new(element), args[1].nullable), args[0].nullable))
        },
        |call| {
            let flat = call.list(0)?;
            let items = call.over_elements(&flat)?;
            flat.rebuilt(call.result, items)
        },
    ),
    declare(
        "filter",
        "The elements for which a function is true, of the element or of the element and its position from 0.",
        params!("col", ">f"),
        elements,
        |args| predicate("filter", args).map(|()| Outcome::new(args[0].data_type.clone(), args[0].nullable)),
        |call| {
            let flat = call.list(0)?;
            let keep = call.over_elements(&flat)?;
            flat.kept(call.result, keep.as_boolean())
        },
    ),
    declare(
        "exists",
        "Whether a function is true for one of the elements; null when it is for none and null for one.",
        params!("col", ">f"),
        element_only,
        |args| predicate("exists", args).map(|()| Outcome::new(DataType::Boolean, true)),
        |call| call.quantified(true),
    ),
    declare(
        "forall",
        "Whether a function is true for all elements; null when it is false for none and null for one.",
        params!("col", ">f"),
        element_only,
        |args| predicate("forall", args).map(|()| Outcome::new(DataType::Boolean, true)),
        |call| call.quantified(false),
    ),
    fold("aggregate"),
    fold("reduce"),
    declare(
        "zip_with",
        "An array of a function of the elements of two arrays at the same places; nulls where the shorter one has ended.",
        params!("left", "right", ">f"),
        |args, _| Ok(vec![(element_type("zip_with", args, 0)?, true), (element_type("zip_with", args, 1)?, true)]),
        |args| {
            let element = args[2].data_type.clone();
            Ok(Outcome::new(DataType::Array(Box::new(element), args[2].nullable), args[0].nullable || args[1].nullable))
        },
        zip_with,
    ),
    declare(
        "map_filter",
        "The entries for which a function of key and value is true.",
        params!("col", ">f"),
        |args, _| entry("map_filter", args),
        |args| predicate("map_filter", args).map(|()| Outcome::new(args[0].data_type.clone(), args[0].nullable)),
        |call| {
            let flat = call.map(0)?;
            let keep = call.evaluator.lambda(call.lambdas[0], flat.columns.clone(), &flat.parents)?;
            flat.kept(call.result, keep.as_boolean())
        },
    ),
    declare(
        "transform_keys",
        "The map with each key put through a function of key and value.",
        params!("col", ">f"),
        |args, _| entry("transform_keys", args),
        |args| match &args[0].data_type {
            DataType::Map(_, value, nulls) => {
                Ok(Outcome::new(DataType::Map(args[1].data_type.clone().into(), value.clone(), *nulls), args[0].nullable))
            }
            _ => Err(wrong_type("transform_keys", args, 0, "MAP")),
        },
        |call| {
            let flat = call.map(0)?;
            let keys = call.evaluator.lambda(call.lambdas[0], flat.columns.clone(), &flat.parents)?;
            let DataType::Map(key, ..) = call.result else { return Err(not_of(call.result)) };
            let (keys, values, lengths) = maps_of(keys, flat.columns[1].clone(), key, &flat.lengths)?;
            Flat { lengths, ..flat }.rebuilt_map(call.result, keys, values)
        },
    ),
    declare(
        "transform_values",
        "The map with each value put through a function of key and value.",
        params!("col", ">f"),
        |args, _| entry("transform_values", args),
        |args| match &args[0].data_type {
            DataType::Map(key, ..) => {
                Ok(Outcome::new(DataType::Map(key.clone(), args[1].data_type.clone().into(), args[1].nullable), args[0].nullable))
            }
            _ => Err(wrong_type("transform_values", args, 0, "MAP")),
        },
        |call| {
            let flat = call.map(0)?;
            let values = call.evaluator.lambda(call.lambdas[0], flat.columns.clone(), &flat.parents)?;
            flat.rebuilt_map(call.result, flat.columns[0].clone(), values)
        },
    ),
    declare(
        "map_zip_with",
        "A map of the keys of both maps, with a function of key and both values; null for a value that a map hasn't.",
        params!("col1", "col2", ">f"),
        |args, _| {
            let types = (args[0].data_type.clone(), args[1].data_type.clone());
            let (DataType::Map(key1, value1, _), DataType::Map(key2, value2, _)) = types else {
                let place = usize::from(matches!(args[0].data_type, DataType::Map(..)));
                return Err(wrong_type("map_zip_with", args, place, "MAP"));
            };
            let Some(key) = wider(&key1, &key2) else {
                let text = format!("Cannot resolve {}: its maps should have keys of one type.", described("map_zip_with", args));
                return Err(Error::analysis(text).with_condition("DATATYPE_MISMATCH.MAP_ZIP_WITH_DIFF_TYPES"));
            };
            cast_to(&mut args[0], &DataType::Map(key.clone().into(), value1.clone(), true));
            cast_to(&mut args[1], &DataType::Map(key.clone().into(), value2.clone(), true));
            Ok(vec![(key, false), (*value1, true), (*value2, true)])
        },
        |args| match &args[0].data_type {
            DataType::Map(key, ..) => {
                let value = args[2].data_type.clone();
                Ok(Outcome::new(DataType::Map(key.clone(), value.into(), args[2].nullable), args[0].nullable || args[1].nullable))
            }
            _ => Err(wrong_type("map_zip_with", args, 0, "MAP")),
        },
        map_zip_with,
    ),
    declare(
        "array_sort",
        "The elements in ascending order, nulls last; or as a function of two elements says by a negative number, 0 or a positive one.",
        params!("col", "<comparator"),
        |args, _| element_type("array_sort", args, 0).map(|e| vec![(e.clone(), true), (e, true)]),
        |args| {
            let element = element_type("array_sort", args, 0)?;
            if args.len() < 2 && matches!(element, DataType::Map(..)) {
                return Err(wrong_type("array_sort", args, 0, "ARRAY of what has an order"));
            }
            if args.get(1).is_some_and(|f| f.data_type != DataType::Int) {
                let text = format!(
                    "Cannot resolve {} due to data type mismatch: The lambda function should return INT, but returns {}.",
                    described("array_sort", args),
                    args[1].data_type.sql()
                );
                return Err(Error::analysis(text).with_condition("DATATYPE_MISMATCH.UNEXPECTED_RETURN_TYPE"));
            }
            Ok(Outcome::new(args[0].data_type.clone(), args[0].nullable))
        },
        sorting::array_sort,
    ),
];

const fn declare(
    name: &'static str,
    doc: &'static str,
    params: &'static [Param],
    bind: Bind,
    resolve: fn(&mut [Typed]) -> Result<Outcome>,
    kernel: fn(&HigherOrder<'_, '_>) -> Result<ArrayRef>,
) -> Function {
    Function { name, doc, params, resolve, body: Body::HigherOrder { bind, kernel } }
}

const fn fold(name: &'static str) -> Function {
    declare(
        name,
        "What a function of what is made so far and the next element makes of the array, from `initialValue` on; `finish` has the last word.",
        params!("col", "initialValue", ">merge", "<finish"),
        |args, _| match args.len() {
            2 => Ok(vec![(args[1].data_type.clone(), true), (element_type("aggregate", args, 0)?, true)]),
            _ => Ok(vec![(args[1].data_type.clone(), true)]),
        },
        |args| {
            if !same_layout(&args[1].data_type, &args[2].data_type) {
                let wanted = args[1].data_type.sql();
                return Err(wrong_type("aggregate", args, 2, &wanted));
            }
            Ok(Outcome::new(args[args.len() - 1].data_type.clone(), true))
        },
        aggregate,
    )
}

fn element_type(name: &'static str, args: &[Typed], i: usize) -> Result<DataType> {
    match &args[i].data_type {
        DataType::Array(element, _) => Ok((**element).clone()),
        _ => Err(wrong_type(name, args, i, "ARRAY")),
    }
}

/// A function of the element, or of the element and its position.
fn elements(args: &mut [Typed], _: usize) -> Result<Vec<(DataType, bool)>> {
    match &args[0].data_type {
        DataType::Array(element, nulls) => Ok(vec![((**element).clone(), *nulls), (DataType::Int, false)]),
        _ => Err(wrong_type("transform", args, 0, "ARRAY")),
    }
}

fn element_only(args: &mut [Typed], count: usize) -> Result<Vec<(DataType, bool)>> {
    let mut types = elements(args, count)?;
    types.truncate(1);
    Ok(types)
}

/// A function of a map's key and value.
fn entry(name: &'static str, args: &[Typed]) -> Result<Vec<(DataType, bool)>> {
    match &args[0].data_type {
        DataType::Map(key, value, nulls) => Ok(vec![((**key).clone(), false), ((**value).clone(), *nulls)]),
        _ => Err(wrong_type(name, args, 0, "MAP")),
    }
}

/// The lambda must be true or false.
fn predicate(name: &'static str, args: &mut [Typed]) -> Result<()> {
    if args[1].data_type == DataType::Null {
        return expect(name, args, 1, &DataType::Boolean);
    }
    if args[1].data_type == DataType::Boolean { Ok(()) } else { Err(wrong_type(name, args, 1, "BOOLEAN")) }
}

fn not_of(data_type: &DataType) -> Error {
    Error::runtime(format!("A higher-order function can't make a column of type {data_type}."))
}

/// All elements of a column of arrays or maps, one row's after the other's; a null row has none.
pub(super) struct Flat {
    /// The elements; of a map the keys and the values.
    pub columns: Vec<ArrayRef>,
    /// The row of each element.
    pub parents: Vec<u32>,
    /// How many elements each row has.
    pub lengths: Vec<usize>,
    pub nulls: Option<NullBuffer>,
}

impl Flat {
    fn new(columns: Vec<ArrayRef>, offsets: &[i32], nulls: Option<NullBuffer>) -> Result<Self> {
        let (mut picks, mut parents, mut lengths) = (Vec::new(), Vec::new(), Vec::new());
        for (row, ends) in offsets.windows(2).enumerate() {
            let range = if nulls.as_ref().is_some_and(|n| n.is_null(row)) { 0..0 } else { ends[0] as u32..ends[1] as u32 };
            lengths.push(range.len());
            parents.extend(std::iter::repeat_n(row as u32, range.len()));
            picks.extend(range);
        }
        let whole = picks.len() == columns[0].len() && picks.first().is_none_or(|p| *p == 0);
        let picks = UInt32Array::from(picks);
        let take = |column: ArrayRef| if whole { Ok(column) } else { crate::select::take(&column, &picks) };
        Ok(Self { columns: columns.into_iter().map(take).collect::<Result<_>>()?, parents, lengths, nulls })
    }

    /// Where each row's elements begin.
    pub fn starts(&self) -> Vec<usize> {
        let mut next = 0;
        self.lengths
            .iter()
            .map(|length| {
                next += length;
                next - length
            })
            .collect()
    }

    /// Arrays of the same lengths with other elements.
    pub fn rebuilt(&self, result: &DataType, items: ArrayRef) -> Result<ArrayRef> {
        let DataType::Array(element, _) = result else { return Err(not_of(result)) };
        let offsets = OffsetBuffer::from_lengths(self.lengths.iter().copied());
        Ok(Arc::new(ListArray::try_new(list_item(element), offsets, items, self.nulls.clone()).map_err(arrow)?))
    }

    fn rebuilt_map(&self, result: &DataType, keys: ArrayRef, values: ArrayRef) -> Result<ArrayRef> {
        let DataType::Map(key, value, _) = result else { return Err(not_of(result)) };
        let entries = map_entries(key, value);
        let arrow_schema::DataType::Struct(members) = entries.data_type().clone() else { return Err(not_of(result)) };
        let members = StructArray::try_new(members, vec![keys, values], None).map_err(arrow)?;
        let offsets = OffsetBuffer::from_lengths(self.lengths.iter().copied());
        Ok(Arc::new(MapArray::try_new(entries, offsets, members, self.nulls.clone(), false).map_err(arrow)?))
    }

    /// The elements where `keep` is true.
    fn kept(mut self, result: &DataType, keep: &BooleanArray) -> Result<ArrayRef> {
        let mut lengths = vec![0; self.lengths.len()];
        for (i, parent) in self.parents.iter().enumerate() {
            lengths[*parent as usize] += usize::from(keep.is_valid(i) && keep.value(i));
        }
        self.lengths = lengths;
        let mut columns = self.columns.iter().map(|c| crate::select::filter(c, keep)).collect::<Result<Vec<_>>>()?;
        match (columns.pop(), columns.pop()) {
            (Some(values), Some(keys)) => self.rebuilt_map(result, keys, values),
            (Some(items), None) => self.rebuilt(result, items),
            _ => Err(not_of(result)),
        }
    }
}

impl HigherOrder<'_, '_> {
    pub(super) fn list(&self, i: usize) -> Result<Flat> {
        let column = self.args[i].expand(self.rows)?;
        let lists = column.as_list::<i32>();
        Flat::new(vec![lists.values().clone()], lists.value_offsets(), lists.nulls().cloned())
    }

    fn map(&self, i: usize) -> Result<Flat> {
        let column = self.args[i].expand(self.rows)?;
        let maps = column.as_map();
        Flat::new(maps.entries().columns().to_vec(), maps.value_offsets(), maps.nulls().cloned())
    }

    /// The first lambda over all elements and their positions.
    fn over_elements(&self, flat: &Flat) -> Result<ArrayRef> {
        let positions = Int32Array::from_iter_values(flat.lengths.iter().flat_map(|length| 0..*length as i32));
        self.evaluator.lambda(self.lambdas[0], vec![flat.columns[0].clone(), Arc::new(positions)], &flat.parents)
    }

    /// Whether one element is as `decisive` says; null when none is and one is unknown.
    fn quantified(&self, decisive: bool) -> Result<ArrayRef> {
        let flat = self.list(0)?;
        let truths = self.over_elements(&flat)?;
        let truths = truths.as_boolean();
        let (mut found, mut unknown) = (vec![false; self.rows], vec![false; self.rows]);
        for (i, parent) in flat.parents.iter().enumerate() {
            let row = *parent as usize;
            found[row] |= truths.is_valid(i) && truths.value(i) == decisive;
            unknown[row] |= truths.is_null(i);
        }
        let null = |row: usize| flat.nulls.as_ref().is_some_and(|n| n.is_null(row));
        let answers = (0..self.rows).map(|row| match (found[row], unknown[row]) {
            _ if null(row) => None,
            (true, _) => Some(decisive),
            (false, true) => None,
            (false, false) => Some(!decisive),
        });
        Ok(Arc::new(answers.collect::<BooleanArray>()))
    }
}

/// All rows take their next element at the same time.
fn aggregate(call: &HigherOrder<'_, '_>) -> Result<ArrayRef> {
    let flat = call.list(0)?;
    let starts = flat.starts();
    let mut state = call.args[1].expand(call.rows)?;
    let longest = flat.lengths.iter().copied().max().unwrap_or(0);
    for step in 0..longest {
        let rows: Vec<u32> = (0..call.rows).filter(|row| flat.lengths[*row] > step).map(|row| row as u32).collect();
        let picks = UInt32Array::from_iter_values(rows.iter().map(|row| (starts[*row as usize] + step) as u32));
        let items = crate::select::take(&flat.columns[0], &picks)?;
        let before = crate::select::take(&state, &UInt32Array::from(rows.clone()))?;
        let after = call.evaluator.lambda(call.lambdas[0], vec![before, items], &rows)?;
        if rows.len() == call.rows {
            state = after;
            continue;
        }
        let mut next = 0;
        let order: Vec<(usize, usize)> = (0..call.rows)
            .map(|row| {
                if flat.lengths[row] <= step {
                    return (0, row);
                }
                next += 1;
                (1, next - 1)
            })
            .collect();
        state = gather(&[state, after], order.into_iter())?;
    }
    if let Some(finish) = call.lambdas.get(1) {
        let rows: Vec<u32> = (0..call.rows as u32).collect();
        state = call.evaluator.lambda(finish, vec![state], &rows)?;
    }
    match &flat.nulls {
        Some(nulls) => crate::select::nullif(&state, &BooleanArray::new(!nulls.inner(), None)),
        None => Ok(state),
    }
}

fn zip_with(call: &HigherOrder<'_, '_>) -> Result<ArrayRef> {
    let nulls = strict_nulls(&call.args, call.rows);
    let (left, right) = (call.list(0)?, call.list(1)?);
    let lengths: Vec<usize> = (0..call.rows)
        .map(|row| if nulls.as_ref().is_some_and(|n| n.is_null(row)) { 0 } else { left.lengths[row].max(right.lengths[row]) })
        .collect();
    let parents: Vec<u32> = lengths.iter().enumerate().flat_map(|(row, length)| std::iter::repeat_n(row as u32, *length)).collect();
    let padded = |side: &Flat| {
        let starts = side.starts();
        let picks = lengths.iter().enumerate().flat_map(|(row, length)| {
            let (start, own) = (starts[row], side.lengths[row]);
            (0..*length).map(move |i| (i < own).then_some((start + i) as u32))
        });
        crate::select::take(&side.columns[0], &picks.collect::<UInt32Array>())
    };
    let items = call.evaluator.lambda(call.lambdas[0], vec![padded(&left)?, padded(&right)?], &parents)?;
    Flat { columns: Vec::new(), parents, lengths, nulls }.rebuilt(call.result, items)
}

fn map_zip_with(call: &HigherOrder<'_, '_>) -> Result<ArrayRef> {
    let nulls = strict_nulls(&call.args, call.rows);
    let (left, right) = (call.map(0)?, call.map(1)?);
    let DataType::Map(key_type, ..) = call.result else { return Err(not_of(call.result)) };
    let (mut keys, mut parents, mut lengths) = (Vec::new(), Vec::new(), Vec::with_capacity(call.rows));
    let mut picks: [Vec<Option<u32>>; 2] = [Vec::new(), Vec::new()];
    let (mut starts, mut at) = ([0, 0], [0, 0]);
    for row in 0..call.rows {
        let before = keys.len();
        for (side, flat) in [&left, &right].into_iter().enumerate() {
            starts[side] = at[side];
            at[side] += flat.lengths[row];
            if nulls.as_ref().is_some_and(|n| n.is_null(row)) {
                continue;
            }
            for i in starts[side]..at[side] {
                let key = value_at(&flat.columns[0], key_type, i);
                let known = keys[before..].iter().position(|k| order(k, &key).is_eq());
                let place = known.map_or(keys.len(), |k| before + k);
                if known.is_none() {
                    keys.push(key);
                    parents.push(row as u32);
                    picks.iter_mut().for_each(|p| p.push(None));
                }
                picks[side][place] = Some(i as u32);
            }
        }
        lengths.push(keys.len() - before);
    }
    let keys = array_of(key_type, &keys)?;
    let mut bound = vec![keys.clone()];
    for (flat, picks) in [&left, &right].into_iter().zip(picks) {
        bound.push(crate::select::take(&flat.columns[1], &UInt32Array::from(picks))?);
    }
    let values = call.evaluator.lambda(call.lambdas[0], bound, &parents)?;
    Flat { columns: Vec::new(), parents, lengths, nulls }.rebuilt_map(call.result, keys, values)
}

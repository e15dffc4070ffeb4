//! `list`.

use std::rc::Rc;

use crate::args::Args;
use crate::class::Constructor;
use crate::error::{PyError, PyResult};
use crate::function::Native;
use crate::iterator::{NativeIterator, Values};
use crate::types::Methods;
use crate::value::{PyList, Value};
use crate::vm::Vm;

pub(crate) const METHODS: Methods = &[
    ("__init__", Native::Full(init)),
    ("append", Native::Fast(append, 1, 1)),
    ("extend", Native::Fast(extend, 1, 1)),
    ("insert", Native::Fast(insert, 2, 2)),
    ("pop", Native::Fast(pop, 0, 1)),
    ("remove", Native::Fast(remove, 1, 1)),
    ("clear", Native::Fast(clear, 0, 0)),
    ("copy", Native::Fast(|_, args| Ok(Value::list(get(&args[0]).0.borrow().clone())), 0, 0)),
    ("count", Native::Fast(crate::types::tuple::count, 1, 1)),
    ("index", Native::Fast(crate::types::tuple::index, 1, 3)),
    ("reverse", Native::Fast(reverse, 0, 0)),
    ("sort", Native::Full(sort)),
    ("__reversed__", Native::Fast(reversed, 0, 0)),
];

fn get(value: &Value) -> Rc<PyList> {
    match value.base() {
        Value::List(list) => list.clone(),
        _ => Rc::default(),
    }
}

pub(crate) fn constructor() -> Constructor {
    Rc::new(|vm, _, args| {
        if !args.keywords.is_empty() {
            return Err(PyError::type_error("list() takes no keyword arguments"));
        }
        match args.positional.as_slice() {
            [] => Ok(Value::list([])),
            [value] => Ok(Value::list(vm.collect_to_list(value)?)),
            many => Err(PyError::type_error(format!("list expected at most 1 argument, got {}", many.len()))),
        }
    })
}

fn init(vm: &mut Vm, args: Args) -> PyResult<Value> {
    let list = get(&args.positional[0]);
    let items = match args.positional.as_slice() {
        [_, value] => vm.collect(value)?,
        [_] => Vec::new(),
        many => return Err(PyError::type_error(format!("list expected at most 1 argument, got {}", many.len() - 1))),
    };
    *list.0.borrow_mut() = items;
    Ok(Value::None)
}

fn append(_: &mut Vm, args: &[Value]) -> PyResult<Value> {
    if let Value::List(list) = args[0].base() {
        list.0.borrow_mut().push(args[1].clone());
    }
    Ok(Value::None)
}

fn extend(vm: &mut Vm, args: &[Value]) -> PyResult<Value> {
    vm.list_extend(&get(&args[0]), &args[1])?;
    Ok(Value::None)
}

fn insert(vm: &mut Vm, args: &[Value]) -> PyResult<Value> {
    let at = vm.index(&args[1])?;
    let list = get(&args[0]);
    let mut items = list.0.borrow_mut();
    let length = items.len() as i64;
    let at = if at < 0 { (at + length).max(0) } else { at.min(length) };
    items.insert(at as usize, args[2].clone());
    Ok(Value::None)
}

fn pop(vm: &mut Vm, args: &[Value]) -> PyResult<Value> {
    let list = get(&args[0]);
    let at = match args.get(1) {
        Some(at) => vm.index(at)?,
        None => -1,
    };
    let mut items = list.0.borrow_mut();
    if items.is_empty() {
        return Err(PyError::index_error("pop from empty list"));
    }
    let length = items.len() as i64;
    let at = if at < 0 { at + length } else { at };
    if at < 0 || at >= length {
        return Err(PyError::index_error("pop index out of range"));
    }
    if at == length - 1 {
        return Ok(items.pop().unwrap_or_default());
    }
    Ok(items.remove(at as usize))
}

fn remove(vm: &mut Vm, args: &[Value]) -> PyResult<Value> {
    let list = get(&args[0]);
    let mut index = 0;
    loop {
        let Some(item) = list.0.borrow().get(index).cloned() else {
            return Err(PyError::value_error("list.remove(x): x not in list"));
        };
        if vm.eq(&item, &args[1])? {
            if index < list.0.borrow().len() {
                let removed = list.0.borrow_mut().remove(index);
                drop(removed);
            }
            return Ok(Value::None);
        }
        index += 1;
    }
}

fn clear(_: &mut Vm, args: &[Value]) -> PyResult<Value> {
    let removed = std::mem::take(&mut *get(&args[0]).0.borrow_mut());
    drop(removed);
    Ok(Value::None)
}

fn reverse(_: &mut Vm, args: &[Value]) -> PyResult<Value> {
    get(&args[0]).0.borrow_mut().reverse();
    Ok(Value::None)
}

struct Reversed {
    list: Rc<PyList>,
    left: usize,
}

impl NativeIterator for Reversed {
    fn next(&mut self, _: &mut Vm) -> PyResult<Option<Value>> {
        if self.left == 0 {
            return Ok(None);
        }
        self.left -= 1;
        Ok(self.list.0.borrow().get(self.left).cloned())
    }
    fn class_name(&self) -> &'static str {
        "list_reverseiterator"
    }
    fn remaining(&self) -> Option<usize> {
        Some(self.left)
    }
}

fn reversed(_: &mut Vm, args: &[Value]) -> PyResult<Value> {
    let list = get(&args[0]);
    let left = list.0.borrow().len();
    Ok(Value::iterator(Reversed { list, left }))
}

/// An iterator over values at hand, from the last one.
pub(crate) fn reversed_values(mut values: Vec<Value>) -> Value {
    values.reverse();
    Value::iterator(Values::new("reversed", values))
}

fn sort(vm: &mut Vm, mut args: Args) -> PyResult<Value> {
    let key = args.take_keyword("key").unwrap_or(Value::None);
    let reverse = match args.take_keyword("reverse") {
        Some(value) => vm.index(&value)? != 0,
        None => false,
    };
    if let Some((name, _)) = args.keywords.first() {
        return Err(PyError::type_error(format!("'{name}' is an invalid keyword argument for sort()")));
    }
    if args.positional.len() > 1 {
        return Err(PyError::type_error("sort() takes no positional arguments"));
    }
    let list = get(&args.positional[0]);
    let items = std::mem::take(&mut *list.0.borrow_mut());
    // A failed sort leaves the list with its items, in whatever order.
    let backup = items.clone();
    let result = sort_values(vm, items, &key, reverse);
    let modified = !list.0.borrow().is_empty();
    match result {
        Ok(items) => {
            *list.0.borrow_mut() = items;
            if modified {
                return Err(PyError::value_error("list modified during sort"));
            }
            Ok(Value::None)
        }
        Err(error) => {
            *list.0.borrow_mut() = backup;
            Err(error)
        }
    }
}

/// Sorts as `sorted` does: stable, by `<` alone.
pub(crate) fn sort_values(vm: &mut Vm, items: Vec<Value>, key: &Value, reverse: bool) -> PyResult<Vec<Value>> {
    let mut pairs: Vec<(Value, Value)> = Vec::with_capacity(items.len());
    for item in items {
        let by = if key.is_none() { item.clone() } else { vm.call_values(key, std::slice::from_ref(&item))? };
        pairs.push((by, item));
    }
    if reverse {
        pairs.reverse();
    }
    let sorted = sort_pairs(vm, pairs)?;
    let mut items: Vec<Value> = sorted.into_iter().map(|(_, item)| item).collect();
    if reverse {
        items.reverse();
    }
    Ok(items)
}

fn sort_pairs(vm: &mut Vm, mut pairs: Vec<(Value, Value)>) -> PyResult<Vec<(Value, Value)>> {
    if pairs.iter().all(|(by, _)| matches!(by, Value::Int(_))) {
        pairs.sort_by_key(|(by, _)| by.as_i64());
        return Ok(pairs);
    }
    if pairs.iter().all(|(by, _)| matches!(by, Value::Str(_))) {
        pairs.sort_by(|(a, _), (b, _)| a.as_str().cmp(&b.as_str()));
        return Ok(pairs);
    }
    if pairs.iter().all(|(by, _)| matches!(by, Value::Float(value) if !value.is_nan())) {
        pairs.sort_by(|(a, _), (b, _)| a.as_f64().partial_cmp(&b.as_f64()).unwrap_or(std::cmp::Ordering::Equal));
        return Ok(pairs);
    }
    merge_sort(vm, pairs)
}

/// A merge sort over runs of binary insertion, so that `<` is asked about as often as CPython asks.
fn merge_sort(vm: &mut Vm, pairs: Vec<(Value, Value)>) -> PyResult<Vec<(Value, Value)>> {
    const RUN: usize = 32;
    let mut runs: Vec<Vec<(Value, Value)>> = Vec::new();
    let mut rest = pairs.into_iter().peekable();
    while rest.peek().is_some() {
        let mut run: Vec<(Value, Value)> = Vec::with_capacity(RUN);
        for pair in rest.by_ref().take(RUN) {
            vm.tick()?;
            let (mut low, mut high) = (0, run.len());
            // Values often come in order: ask about the last one first.
            if high > 0 && !vm.less(&pair.0, &run[high - 1].0)? {
                low = high;
            } else {
                high = high.saturating_sub(1);
            }
            while low < high {
                let middle = (low + high) / 2;
                if vm.less(&pair.0, &run[middle].0)? {
                    high = middle;
                } else {
                    low = middle + 1;
                }
            }
            run.insert(low, pair);
        }
        runs.push(run);
    }
    while runs.len() > 1 {
        let mut merged = Vec::with_capacity(runs.len().div_ceil(2));
        let mut next = runs.into_iter();
        while let Some(left) = next.next() {
            match next.next() {
                Some(right) => merged.push(merge(vm, left, right)?),
                None => merged.push(left),
            }
        }
        runs = merged;
    }
    Ok(runs.pop().unwrap_or_default())
}

fn merge(vm: &mut Vm, left: Vec<(Value, Value)>, right: Vec<(Value, Value)>) -> PyResult<Vec<(Value, Value)>> {
    let mut result = Vec::with_capacity(left.len() + right.len());
    let (mut left, mut right) = (left.into_iter().peekable(), right.into_iter().peekable());
    loop {
        let take_right = match (left.peek(), right.peek()) {
            (Some(a), Some(b)) => {
                vm.tick()?;
                vm.less(&b.0, &a.0)?
            }
            (Some(_), None) => false,
            (None, Some(_)) => true,
            (None, None) => return Ok(result),
        };
        result.extend(if take_right { right.next() } else { left.next() });
    }
}

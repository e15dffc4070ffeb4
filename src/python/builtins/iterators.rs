//! Builtins over iterables.

use std::rc::Rc;

use crate::args::Args;
use crate::class::{Layout, PyClass};
use crate::error::{PyError, PyResult};
use crate::function::Native;
use crate::iterator::{IterState, NativeIterator, PyIterator};
use crate::value::{Value, ViewKind};
use crate::vm::Vm;

pub(super) const TABLE: super::Table = &[
    ("all", Native::Fast(all, 1, 1)),
    ("any", Native::Fast(any, 1, 1)),
    ("enumerate", Native::Full(enumerate)),
    ("filter", Native::Fast(filter, 2, 2)),
    ("iter", Native::Fast(iter, 1, 2)),
    ("len", Native::Fast(|vm, args| vm.len(&args[0]).map(Value::from), 1, 1)),
    ("map", Native::Fast(map, 1, 255)),
    ("max", Native::Full(|vm, args| extreme(vm, args, true))),
    ("min", Native::Full(|vm, args| extreme(vm, args, false))),
    ("next", Native::Fast(next, 1, 2)),
    ("reversed", Native::Fast(reversed, 0, 255)),
    ("sorted", Native::Full(sorted)),
    ("zip", Native::Full(zip)),
];

fn all(vm: &mut Vm, args: &[Value]) -> PyResult<Value> {
    let iterator = vm.iter(&args[0])?;
    while let Some(item) = vm.next(&iterator)? {
        if !vm.truth(&item)? {
            return Ok(Value::Bool(false));
        }
    }
    Ok(Value::Bool(true))
}

fn any(vm: &mut Vm, args: &[Value]) -> PyResult<Value> {
    let iterator = vm.iter(&args[0])?;
    while let Some(item) = vm.next(&iterator)? {
        if vm.truth(&item)? {
            return Ok(Value::Bool(true));
        }
    }
    Ok(Value::Bool(false))
}

struct Enumerate {
    iterator: Value,
    next: Value,
}

impl NativeIterator for Enumerate {
    fn next(&mut self, vm: &mut Vm) -> PyResult<Option<Value>> {
        let Some(item) = vm.next(&self.iterator)? else { return Ok(None) };
        let index = self.next.clone();
        self.next = match &index {
            Value::Int(value) if *value < i64::MAX => Value::Int(value + 1),
            other => vm.binary(crate::vm::Operator::Add, other, &Value::Int(1))?,
        };
        Ok(Some(Value::tuple([index, item])))
    }
    fn class_name(&self) -> &'static str {
        "enumerate"
    }
}

fn enumerate(vm: &mut Vm, mut args: Args) -> PyResult<Value> {
    let given = args.positional.len() + args.keywords.len();
    if given > 2 {
        return Err(PyError::type_error(format!("enumerate() takes at most 2 arguments ({given} given)")));
    }
    let iterable = match args.take_keyword("iterable") {
        Some(iterable) => iterable,
        None if !args.positional.is_empty() => args.positional.remove(0),
        None => return Err(PyError::type_error("enumerate() missing required argument 'iterable'")),
    };
    let start = match args.take_keyword("start") {
        Some(start) => start,
        None if !args.positional.is_empty() => args.positional.remove(0),
        None => Value::Int(0),
    };
    if let Some((name, _)) = args.keywords.first() {
        return Err(PyError::type_error(format!("'{name}' is an invalid keyword argument for enumerate()")));
    }
    let next = vm.to_int(&start)?;
    let iterator = vm.iter(&iterable)?;
    Ok(Value::iterator(Enumerate { iterator, next }))
}

struct Filter {
    function: Value,
    iterator: Value,
}

impl NativeIterator for Filter {
    fn next(&mut self, vm: &mut Vm) -> PyResult<Option<Value>> {
        while let Some(item) = vm.next(&self.iterator)? {
            let keep = if self.function.is_none() {
                vm.truth(&item)?
            } else {
                let result = vm.call_values(&self.function, std::slice::from_ref(&item))?;
                vm.truth(&result)?
            };
            if keep {
                return Ok(Some(item));
            }
        }
        Ok(None)
    }
    fn class_name(&self) -> &'static str {
        "filter"
    }
}

fn filter(vm: &mut Vm, args: &[Value]) -> PyResult<Value> {
    let iterator = vm.iter(&args[1])?;
    Ok(Value::iterator(Filter { function: args[0].clone(), iterator }))
}

struct Map {
    function: Value,
    iterators: Vec<Value>,
}

impl NativeIterator for Map {
    fn next(&mut self, vm: &mut Vm) -> PyResult<Option<Value>> {
        let mut items = Vec::with_capacity(self.iterators.len());
        for iterator in &self.iterators {
            match vm.next(iterator)? {
                Some(item) => items.push(item),
                None => return Ok(None),
            }
        }
        vm.call_values(&self.function, &items).map(Some)
    }
    fn class_name(&self) -> &'static str {
        "map"
    }
}

fn map(vm: &mut Vm, args: &[Value]) -> PyResult<Value> {
    if args.len() < 2 {
        return Err(PyError::type_error("map() must have at least two arguments."));
    }
    let iterators: PyResult<Vec<Value>> = args[1..].iter().map(|iterable| vm.iter(iterable)).collect();
    Ok(Value::iterator(Map { function: args[0].clone(), iterators: iterators? }))
}

struct Zip {
    iterators: Vec<Value>,
    strict: bool,
}

impl NativeIterator for Zip {
    fn next(&mut self, vm: &mut Vm) -> PyResult<Option<Value>> {
        if self.iterators.is_empty() {
            return Ok(None);
        }
        let mut items = Vec::with_capacity(self.iterators.len());
        for (index, iterator) in self.iterators.iter().enumerate() {
            match vm.next(iterator)? {
                Some(item) => items.push(item),
                None if self.strict => return self.check_ends(vm, index),
                None => return Ok(None),
            }
        }
        Ok(Some(Value::tuple(items)))
    }
    fn class_name(&self) -> &'static str {
        "zip"
    }
}

impl Zip {
    fn check_ends(&self, vm: &mut Vm, ended: usize) -> PyResult<Option<Value>> {
        let others = |count: usize| if count == 1 { String::from(" 1") } else { format!("s 1-{count}") };
        if ended > 0 {
            return Err(PyError::value_error(format!("zip() argument {} is shorter than argument{}", ended + 1, others(ended))));
        }
        for (index, iterator) in self.iterators.iter().enumerate().skip(1) {
            if vm.next(iterator)?.is_some() {
                return Err(PyError::value_error(format!("zip() argument {} is longer than argument{}", index + 1, others(index))));
            }
        }
        Ok(None)
    }
}

fn zip(vm: &mut Vm, mut args: Args) -> PyResult<Value> {
    let strict = match args.take_keyword("strict") {
        Some(strict) => vm.truth(&strict)?,
        None => false,
    };
    if let Some((name, _)) = args.keywords.first() {
        return Err(PyError::type_error(format!("zip() got an unexpected keyword argument '{name}'")));
    }
    let mut iterators = Vec::new();
    for (index, iterable) in args.positional.iter().enumerate() {
        iterators.push(match vm.iter(iterable) {
            Err(error) if error.is("TypeError") && error.message().ends_with("object is not iterable") => {
                let name = vm.type_name(iterable);
                let _ = index;
                return Err(PyError::type_error(format!("'{name}' object is not iterable")));
            }
            other => other?,
        });
    }
    Ok(Value::iterator(Zip { iterators, strict }))
}

fn iter(vm: &mut Vm, args: &[Value]) -> PyResult<Value> {
    match args.get(1) {
        None => vm.iter(&args[0]),
        Some(sentinel) => {
            if !vm.is_callable(&args[0]) {
                return Err(PyError::type_error("iter(v, w): v must be callable"));
            }
            let state = IterState::Callable { function: args[0].clone(), sentinel: sentinel.clone() };
            Ok(PyIterator::value("callable_iterator", state))
        }
    }
}

fn next(vm: &mut Vm, args: &[Value]) -> PyResult<Value> {
    let default = args.get(1);
    match &args[0] {
        Value::Generator(_) => match crate::types::generator_send(vm, &args[0], Value::None) {
            Err(error) if error.is("StopIteration") && default.is_some() => Ok(default.cloned().unwrap_or_default()),
            other => other,
        },
        Value::Iterator(_) => match (vm.next(&args[0])?, default) {
            (Some(value), _) => Ok(value),
            (None, Some(default)) => Ok(default.clone()),
            (None, None) => Err(PyError::stop_iteration(Value::None)),
        },
        other => match vm.special(other, &vm.n.next) {
            Some(function) => match vm.call_special(&function, other, &[]) {
                Err(error) if error.is("StopIteration") && default.is_some() => Ok(default.cloned().unwrap_or_default()),
                other => other,
            },
            None => Err(PyError::type_error(format!("'{}' object is not an iterator", vm.type_name(other)))),
        },
    }
}

fn extreme(vm: &mut Vm, mut args: Args, largest: bool) -> PyResult<Value> {
    let name = if largest { "max" } else { "min" };
    let key = args.take_keyword("key").unwrap_or(Value::None);
    let default = args.take_keyword("default");
    if let Some((keyword, _)) = args.keywords.first()
        && !args.positional.is_empty()
    {
        return Err(PyError::type_error(format!("'{keyword}' is an invalid keyword argument for {name}()")));
    }
    let iterator = match args.positional.as_slice() {
        [] => return Err(PyError::type_error(format!("{name} expected at least 1 argument, got 0"))),
        [iterable] => vm.iter(iterable)?,
        many => {
            if default.is_some() {
                return Err(PyError::type_error(format!("Cannot specify a default for {name}() with multiple positional arguments")));
            }
            vm.iter(&Value::tuple(many))?
        }
    };
    let mut best: Option<(Value, Value)> = None;
    while let Some(item) = vm.next(&iterator)? {
        let by = if key.is_none() { item.clone() } else { vm.call_values(&key, std::slice::from_ref(&item))? };
        let better = match &best {
            None => true,
            Some((known, _)) if largest => {
                let greater = vm.rich_compare(crate::vm::Operator::Gt, &by, known)?;
                vm.truth(&greater)?
            }
            Some((known, _)) => vm.less(&by, known)?,
        };
        if better {
            best = Some((by, item));
        }
    }
    match (best, default) {
        (Some((_, item)), _) => Ok(item),
        (None, Some(default)) => Ok(default),
        (None, None) => Err(PyError::value_error(format!("{name}() arg is an empty sequence"))),
    }
}

struct SequenceReversed {
    value: Value,
    next: i64,
}

impl NativeIterator for SequenceReversed {
    fn next(&mut self, vm: &mut Vm) -> PyResult<Option<Value>> {
        if self.next < 0 {
            return Ok(None);
        }
        self.next -= 1;
        vm.get_item(&self.value, &Value::Int(self.next + 1)).map(Some)
    }
    fn class_name(&self) -> &'static str {
        "reversed"
    }
}

fn is_exact(class: &Rc<PyClass>) -> bool {
    class.builtin && class.layout != Layout::Object
}

fn reversed(vm: &mut Vm, args: &[Value]) -> PyResult<Value> {
    if args.len() != 1 {
        return Err(PyError::type_error(format!("reversed expected 1 argument, got {}", args.len())));
    }
    let value = &args[0];
    if let Value::Instance(_) | Value::Native(_) | Value::Class(_) = value {
        if let Some(function) = vm.special(value, &vm.n.reversed) {
            return vm.call_special(&function, value, &[]);
        }
        if vm.special(value, &vm.n.getitem).is_some() && vm.special(value, &vm.n.len).is_some() {
            let next = vm.len(value)? as i64 - 1;
            return Ok(Value::iterator(SequenceReversed { value: value.clone(), next }));
        }
    }
    match value {
        Value::List(_) | Value::Range(_) | Value::DictView(_) => {
            let class = vm.class_of(value);
            debug_assert!(is_exact(&class));
            match class.lookup(&vm.n.reversed) {
                Some(function) => vm.call_special(&function, value, &[]),
                None => Err(PyError::type_error("not reversible")),
            }
        }
        Value::Dict(dict) => Ok(crate::types::dict_reversed(dict, ViewKind::Keys)),
        Value::Tuple(_) | Value::Str(_) | Value::Bytes(_) => Ok(crate::types::list::reversed_values(vm.collect(value)?)),
        _ => Err(PyError::type_error(format!("'{}' object is not reversible", vm.type_name(value)))),
    }
}

fn sorted(vm: &mut Vm, mut args: Args) -> PyResult<Value> {
    let key = args.take_keyword("key").unwrap_or(Value::None);
    let reverse = match args.take_keyword("reverse") {
        Some(value) => vm.index(&value)? != 0,
        None => false,
    };
    if let Some((name, _)) = args.keywords.first() {
        return Err(PyError::type_error(format!("'{name}' is an invalid keyword argument for sort()")));
    }
    match args.positional.as_slice() {
        [iterable] => {
            let items = vm.collect_to_list(iterable)?;
            Ok(Value::list(crate::types::list::sort_values(vm, items, &key, reverse)?))
        }
        many => Err(PyError::type_error(format!("sorted expected 1 argument, got {}", many.len()))),
    }
}

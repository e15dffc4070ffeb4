//! Iterators: the builtin ones, and those that Rust code adds.

use std::cell::RefCell;
use std::rc::Rc;

use crate::dict::PyDict;
use crate::error::{PyError, PyResult};
use crate::set::PySet;
use crate::value::{PyList, PyTuple, Value, ViewKind};
use crate::vm::Vm;

/// An iterator written in Rust.
pub trait NativeIterator {
    /// The next value; `None` at the end, and ever after.
    fn next(&mut self, vm: &mut Vm) -> PyResult<Option<Value>>;

    /// The name of its type.
    fn class_name(&self) -> &'static str;

    /// Many values at once, for iterators over what is at hand.
    fn remaining(&self) -> Option<usize> {
        None
    }
}

pub struct PyIterator {
    pub(crate) state: RefCell<IterState>,
    /// Kept apart, since the state may be lent out when the name is asked.
    pub class_name: &'static str,
}

pub(crate) enum IterState {
    Done,
    Range {
        next: i64,
        left: usize,
        step: i64,
    },
    List {
        list: Rc<PyList>,
        next: usize,
    },
    Tuple {
        tuple: Rc<PyTuple>,
        next: usize,
    },
    Str {
        text: Rc<crate::text::PyStr>,
        offset: usize,
    },
    Dict {
        dict: Rc<PyDict>,
        kind: ViewKind,
        position: usize,
        len: usize,
    },
    DictReversed {
        dict: Rc<PyDict>,
        kind: ViewKind,
        position: usize,
        len: usize,
    },
    Set {
        set: Rc<PySet>,
        position: usize,
        len: usize,
    },
    /// The old protocol: `__getitem__` with 0, 1, 2 …
    Sequence {
        value: Value,
        next: i64,
    },
    /// `iter(callable, sentinel)`
    Callable {
        function: Value,
        sentinel: Value,
    },
    Native(Box<dyn NativeIterator>),
}

impl PyIterator {
    pub(crate) fn value(class_name: &'static str, state: IterState) -> Value {
        Value::Iterator(Rc::new(PyIterator { state: RefCell::new(state), class_name }))
    }
}

impl Value {
    /// An iterator written in Rust.
    pub fn iterator(iterator: impl NativeIterator + 'static) -> Value {
        PyIterator::value(iterator.class_name(), IterState::Native(Box::new(iterator)))
    }
}

/// An iterator over values at hand.
pub struct Values {
    values: std::vec::IntoIter<Value>,
    name: &'static str,
}

impl Values {
    pub fn new(name: &'static str, values: Vec<Value>) -> Values {
        Values { values: values.into_iter(), name }
    }
}

impl NativeIterator for Values {
    fn next(&mut self, _: &mut Vm) -> PyResult<Option<Value>> {
        Ok(self.values.next())
    }
    fn class_name(&self) -> &'static str {
        self.name
    }
    fn remaining(&self) -> Option<usize> {
        Some(self.values.len())
    }
}

fn view_item(kind: ViewKind, key: Value, value: Value) -> Value {
    match kind {
        ViewKind::Keys => key,
        ViewKind::Values => value,
        ViewKind::Items => Value::tuple([key, value]),
    }
}

impl PyIterator {
    /// The next value of a builtin iterator.
    #[inline]
    pub(crate) fn next(&self, vm: &mut Vm) -> PyResult<Option<Value>> {
        let Ok(mut state) = self.state.try_borrow_mut() else {
            return Err(PyError::value_error(format!("{} already executing", self.class_name)));
        };
        let found = match &mut *state {
            IterState::Done => return Ok(None),
            IterState::Range { next, left, step } => {
                if *left == 0 {
                    None
                } else {
                    *left -= 1;
                    let value = *next;
                    *next = next.wrapping_add(*step);
                    return Ok(Some(Value::Int(value)));
                }
            }
            IterState::List { list, next } => match list.0.borrow().get(*next) {
                Some(value) => {
                    *next += 1;
                    return Ok(Some(value.clone()));
                }
                None => None,
            },
            IterState::Tuple { tuple, next } => match tuple.0.get(*next) {
                Some(value) => {
                    *next += 1;
                    return Ok(Some(value.clone()));
                }
                None => None,
            },
            IterState::Str { text, offset } => match text.as_str()[*offset..].chars().next() {
                Some(c) => {
                    *offset += c.len_utf8();
                    return Ok(Some(vm.char_value(c)));
                }
                None => None,
            },
            IterState::Dict { dict, kind, position, len } => {
                if dict.len() != *len {
                    *len = usize::MAX;
                    return Err(PyError::new("RuntimeError", "dictionary changed size during iteration"));
                }
                match dict.item_from(*position) {
                    Some((after, key, value)) => {
                        *position = after;
                        return Ok(Some(view_item(*kind, key, value)));
                    }
                    None => None,
                }
            }
            IterState::DictReversed { dict, kind, position, len } => {
                if dict.len() != *len {
                    *len = usize::MAX;
                    return Err(PyError::new("RuntimeError", "dictionary changed size during iteration"));
                }
                match dict.item_before(*position) {
                    Some((at, key, value)) => {
                        *position = at;
                        return Ok(Some(view_item(*kind, key, value)));
                    }
                    None => None,
                }
            }
            IterState::Set { set, position, len } => {
                if set.len() != *len {
                    *len = usize::MAX;
                    return Err(PyError::new("RuntimeError", "Set changed size during iteration"));
                }
                match set.item_from(*position) {
                    Some((after, value)) => {
                        *position = after;
                        return Ok(Some(value));
                    }
                    None => None,
                }
            }
            IterState::Sequence { value, next } => {
                let (value, index) = (value.clone(), *next);
                *next += 1;
                drop(state);
                return match vm.get_item(&value, &Value::Int(index)) {
                    Ok(item) => Ok(Some(item)),
                    Err(error) if error.is("IndexError") || error.is("StopIteration") => {
                        *self.state.borrow_mut() = IterState::Done;
                        Ok(None)
                    }
                    Err(error) => Err(error),
                };
            }
            IterState::Callable { function, sentinel } => {
                let (function, sentinel) = (function.clone(), sentinel.clone());
                drop(state);
                let value = vm.call_values(&function, &[])?;
                if vm.eq(&value, &sentinel)? {
                    *self.state.borrow_mut() = IterState::Done;
                    return Ok(None);
                }
                return Ok(Some(value));
            }
            IterState::Native(native) => return native.next(vm),
        };
        *state = IterState::Done;
        Ok(found)
    }

    /// How many values are left, where that is known.
    pub(crate) fn remaining(&self) -> Option<usize> {
        let state = self.state.try_borrow().ok()?;
        Some(match &*state {
            IterState::Done => 0,
            IterState::Range { left, .. } => *left,
            IterState::List { list, next } => list.0.borrow().len().saturating_sub(*next),
            IterState::Tuple { tuple, next } => tuple.0.len() - next,
            IterState::Native(native) => native.remaining()?,
            _ => return None,
        })
    }
}

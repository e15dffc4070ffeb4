//! Iteration.

use crate::error::{PyError, PyResult};
use crate::iterator::{IterState, PyIterator, Values};
use crate::value::{Value, ViewKind};
use crate::vm::Vm;
use crate::vm::frame::{Outcome, Resume};

impl Vm {
    /// `iter(value)`.
    pub fn iter(&mut self, value: &Value) -> PyResult<Value> {
        match value {
            Value::Iterator(_) | Value::Generator(_) => return Ok(value.clone()),
            Value::Instance(_) | Value::Class(_) => {
                if let Some(function) = self.special(value, &self.n.iter) {
                    if !function.is_none() {
                        let iterator = self.call_special(&function, value, &[])?;
                        let valid = match &iterator {
                            Value::Iterator(_) | Value::Generator(_) | Value::Native(_) => true,
                            other => self.special(other, &self.n.next).is_some(),
                        };
                        if !valid {
                            let name = self.type_name(&iterator);
                            return Err(PyError::type_error(format!("iter() returned non-iterator of type '{name}'")));
                        }
                        return Ok(iterator);
                    }
                } else if self.special(value, &self.n.getitem).is_some() {
                    return Ok(PyIterator::value("iterator", IterState::Sequence { value: value.clone(), next: 0 }));
                }
            }
            Value::Native(native) => {
                let native = native.clone();
                if let Some(iterator) = native.object().iter(self, value)? {
                    return Ok(iterator);
                }
                if let Some(function) = self.special(value, &self.n.iter) {
                    return self.call_special(&function, value, &[]);
                }
            }
            _ => {
                if let Some(iterator) = iter_builtin(value) {
                    return Ok(iterator);
                }
            }
        }
        Err(PyError::type_error(format!("'{}' object is not iterable", self.type_name(value))))
    }

    /// All items of an iterable that becomes a list or a tuple: an object's `__len__` is asked first how many there will be.
    pub(crate) fn collect_to_list(&mut self, value: &Value) -> PyResult<Vec<Value>> {
        if !matches!(value, Value::Instance(_)) {
            return self.collect(value);
        }
        let iterator = self.iter(value)?;
        if self.special(value, &self.n.len).is_some() {
            match self.len(value) {
                Err(error) if !error.is("TypeError") => return Err(error),
                _ => {}
            }
        }
        self.collect(&iterator)
    }

    /// `next(iterator)`; `None` at the end.
    #[inline]
    pub fn next(&mut self, iterator: &Value) -> PyResult<Option<Value>> {
        self.tick()?;
        match iterator {
            Value::Iterator(iterator) => iterator.next(self),
            Value::Generator(generator) => match self.resume(&generator.clone(), Resume::Send(Value::None))? {
                Some(Outcome::Yielded(value)) => Ok(Some(value)),
                Some(Outcome::Returned(_)) | None => Ok(None),
            },
            _ => self.next_open(iterator),
        }
    }

    fn next_open(&mut self, iterator: &Value) -> PyResult<Option<Value>> {
        match self.special(iterator, &self.n.next) {
            Some(function) => match self.call_special(&function, iterator, &[]) {
                Ok(value) => Ok(Some(value)),
                Err(error) if error.is("StopIteration") => Ok(None),
                Err(error) => Err(error),
            },
            None => Err(PyError::type_error(format!("'{}' object is not an iterator", self.type_name(iterator)))),
        }
    }

    /// Everything an iterable gives.
    pub fn collect(&mut self, value: &Value) -> PyResult<Vec<Value>> {
        match value {
            Value::List(list) => return Ok(list.0.borrow().clone()),
            Value::Tuple(tuple) => return Ok(tuple.0.to_vec()),
            Value::Range(range) => {
                self.check_size(range.len(), 16)?;
                return Ok((0..range.len()).map(|index| Value::Int(range.item(index))).collect());
            }
            Value::Dict(dict) => return Ok(dict.keys()),
            Value::Set(set) | Value::FrozenSet(set) => return Ok(set.items()),
            Value::Str(text) => {
                let text = text.clone();
                return Ok(text.as_str().chars().map(|c| self.char_value(c)).collect());
            }
            Value::DictView(view) => {
                return Ok(match view.kind {
                    ViewKind::Keys => view.dict.keys(),
                    ViewKind::Values => view.dict.values(),
                    ViewKind::Items => view.dict.items().into_iter().map(|(key, value)| Value::tuple([key, value])).collect(),
                });
            }
            _ => {}
        }
        let iterator = self.iter(value)?;
        let mut items = Vec::new();
        if let Value::Iterator(iterator) = &iterator
            && let Some(count) = iterator.remaining()
        {
            self.check_size(count, 16)?;
            items.reserve(count);
        }
        while let Some(item) = self.next(&iterator)? {
            items.push(item);
            if items.len() & 0xfffff == 0 {
                self.check_size(items.len(), 16)?;
            }
        }
        Ok(items)
    }

    /// Calls `f` with everything an iterable gives.
    pub fn for_each(&mut self, value: &Value, mut f: impl FnMut(&mut Vm, Value) -> PyResult<()>) -> PyResult<()> {
        let iterator = self.iter(value)?;
        while let Some(item) = self.next(&iterator)? {
            f(self, item)?;
        }
        Ok(())
    }

    /// A string of one character; those of ASCII are made once.
    #[inline]
    pub(crate) fn char_value(&self, c: char) -> Value {
        match self.types.ascii.get(c as usize) {
            Some(value) => value.clone(),
            None => Value::str(c),
        }
    }
}

/// The iterator over a builtin value; `None` when it has none.
pub(crate) fn iter_builtin(value: &Value) -> Option<Value> {
    Some(match value.base() {
        Value::Range(range) => {
            PyIterator::value("range_iterator", IterState::Range { next: range.start, left: range.len(), step: range.step })
        }
        Value::List(list) => PyIterator::value("list_iterator", IterState::List { list: list.clone(), next: 0 }),
        Value::Tuple(tuple) => PyIterator::value("tuple_iterator", IterState::Tuple { tuple: tuple.clone(), next: 0 }),
        Value::Str(text) => {
            let name = if text.is_ascii() { "str_ascii_iterator" } else { "str_iterator" };
            PyIterator::value(name, IterState::Str { text: text.clone(), offset: 0 })
        }
        Value::Bytes(bytes) => Value::iterator(Values::new("bytes_iterator", bytes.iter().map(|&byte| Value::Int(byte.into())).collect())),
        Value::Dict(dict) => {
            let len = dict.len();
            PyIterator::value("dict_keyiterator", IterState::Dict { dict: dict.clone(), kind: ViewKind::Keys, position: 0, len })
        }
        Value::DictView(view) => {
            let name = match view.kind {
                ViewKind::Keys => "dict_keyiterator",
                ViewKind::Values => "dict_valueiterator",
                ViewKind::Items => "dict_itemiterator",
            };
            PyIterator::value(name, IterState::Dict { dict: view.dict.clone(), kind: view.kind, position: 0, len: view.dict.len() })
        }
        Value::Set(set) | Value::FrozenSet(set) => {
            PyIterator::value("set_iterator", IterState::Set { set: set.clone(), position: 0, len: set.len() })
        }
        Value::Iterator(_) | Value::Generator(_) => value.clone(),
        _ => return None,
    })
}

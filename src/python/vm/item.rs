//! Subscripts: `a[i]`, `a[i:j:k]`, assignment and deletion.

use std::rc::Rc;

use crate::args::Args;
use crate::error::{PyError, PyResult};
use crate::value::{PySlice, Value};
use crate::vm::Vm;

/// A slice applied to a length: the first index, how many, and the step.
#[derive(Clone, Copy)]
pub(crate) struct SliceIndices {
    pub start: i64,
    pub stop: i64,
    pub step: i64,
    pub count: usize,
}

impl SliceIndices {
    pub(crate) fn indices(self) -> impl DoubleEndedIterator<Item = usize> {
        (0..self.count as i64).map(move |n| (self.start + n * self.step) as usize)
    }
}

impl Vm {
    fn slice_part(&mut self, value: &Value) -> PyResult<Option<i64>> {
        if value.is_none() {
            return Ok(None);
        }
        match value.base() {
            Value::Int(value) => Ok(Some(*value)),
            Value::BigInt(value) => Ok(Some(if value.sign() == num_bigint::Sign::Minus { i64::MIN } else { i64::MAX })),
            _ => match self.to_int(value) {
                Ok(value) => self.slice_part(&value),
                Err(error) if error.is("TypeError") => {
                    Err(PyError::type_error("slice indices must be integers or None or have an __index__ method"))
                }
                Err(error) => Err(error),
            },
        }
    }

    /// `slice.indices(len)`.
    pub(crate) fn slice_indices(&mut self, slice: &PySlice, len: usize) -> PyResult<SliceIndices> {
        let step = self.slice_part(&slice.step)?.unwrap_or(1);
        if step == 0 {
            return Err(PyError::value_error("slice step cannot be zero"));
        }
        let step = step.max(-i64::MAX);
        let len = len as i64;
        let (low, high) = if step > 0 { (0, len) } else { (-1, len - 1) };
        let clamp = |value: i64| if value < 0 { value.saturating_add(len).max(low) } else { value.min(high) };
        let start = self.slice_part(&slice.start)?.map_or(if step > 0 { low } else { high }, clamp);
        let stop = self.slice_part(&slice.stop)?.map_or(if step > 0 { high } else { low }, clamp);
        let count = if step > 0 {
            if start < stop { (stop - start - 1) / step + 1 } else { 0 }
        } else if stop < start {
            (start - stop - 1) / -step + 1
        } else {
            0
        };
        Ok(SliceIndices { start, stop, step, count: count as usize })
    }

    /// An index into `len` items. Errors: `IndexError` naming `what`.
    fn item_index(&mut self, key: &Value, len: usize, what: &str) -> PyResult<usize> {
        let index = match key {
            Value::Int(index) => *index,
            _ => match self.index(key) {
                Ok(index) => index,
                Err(error) if error.is("TypeError") && self.special(key, &self.n.index).is_none() => {
                    let (name, key_name) = (what.split(' ').next().unwrap_or(what).to_string(), self.type_name(key));
                    let kind = match name.as_str() {
                        "string" | "range" | "list" | "tuple" => name.as_str(),
                        other => other,
                    };
                    return Err(PyError::type_error(match kind {
                        "string" => format!("string indices must be integers, not '{key_name}'"),
                        "range" => format!("range indices must be integers or slices, not {key_name}"),
                        "byte" => format!("byte indices must be integers or slices, not {key_name}"),
                        _ => format!("{kind} indices must be integers or slices, not {key_name}"),
                    }));
                }
                Err(error) => return Err(error),
            },
        };
        let at = if index < 0 { index + len as i64 } else { index };
        if at < 0 || at >= len as i64 { Err(PyError::index_error(format!("{what} out of range"))) } else { Ok(at as usize) }
    }

    /// `object[key]`.
    pub fn get_item(&mut self, object: &Value, key: &Value) -> PyResult<Value> {
        match object {
            Value::Instance(_) => match self.special(object, &self.n.getitem) {
                Some(function) => return self.call_special(&function, object, std::slice::from_ref(key)),
                None => return Err(PyError::type_error(format!("'{}' object is not subscriptable", self.type_name(object)))),
            },
            Value::Class(class) => {
                if let Some(function) = self.special(object, &self.n.getitem) {
                    return self.call_special(&function, object, std::slice::from_ref(key));
                }
                let class = class.clone();
                if let Some(function) = class.lookup(&self.n.class_getitem) {
                    let bound = match &function {
                        Value::Function(_) => Value::Descriptor(Rc::new(crate::value::Descriptor::ClassMethod(function.clone()))),
                        _ => function.clone(),
                    };
                    let method = self.bind(&bound, object, &class)?;
                    return self.call_values(&method, std::slice::from_ref(key));
                }
                if crate::types::union_type::is_generic(&class) {
                    return Ok(Value::native(crate::types::union_type::GenericAlias::new(object, key)));
                }
                return Err(PyError::type_error(format!("type '{}' is not subscriptable", class.name.borrow())));
            }
            Value::Native(native) => {
                let native = native.clone();
                if let Some(value) = native.object().get_item(self, object, key)? {
                    return Ok(value);
                }
                if let Some(function) = self.special(object, &self.n.getitem) {
                    return self.call_special(&function, object, std::slice::from_ref(key));
                }
                return Err(PyError::type_error(format!("'{}' object is not subscriptable", self.type_name(object))));
            }
            _ => {}
        }
        self.get_item_builtin(object, key)
    }

    pub(crate) fn get_item_builtin(&mut self, object: &Value, key: &Value) -> PyResult<Value> {
        match object.base() {
            Value::List(list) => {
                if let Value::Slice(slice) = key {
                    let indices = self.slice_indices(slice, list.0.borrow().len())?;
                    let items = list.0.borrow();
                    return Ok(Value::list(pick(&items, indices)));
                }
                let len = list.0.borrow().len();
                let index = self.item_index(key, len, "list index")?;
                match list.0.borrow().get(index) {
                    Some(value) => Ok(value.clone()),
                    None => Err(PyError::index_error("list index out of range")),
                }
            }
            Value::Tuple(tuple) => {
                if let Value::Slice(slice) = key {
                    let indices = self.slice_indices(slice, tuple.0.len())?;
                    return Ok(Value::tuple(pick(&tuple.0, indices)));
                }
                let index = self.item_index(key, tuple.0.len(), "tuple index")?;
                Ok(tuple.0[index].clone())
            }
            Value::Str(text) => {
                let text = text.clone();
                if let Value::Slice(slice) = key {
                    let indices = self.slice_indices(slice, text.char_len())?;
                    if indices.step == 1 {
                        return Ok(Value::str(text.slice(indices.start as usize, indices.start as usize + indices.count)));
                    }
                    let chars: Vec<char> = text.as_str().chars().collect();
                    return Ok(Value::str(indices.indices().map(|index| chars[index]).collect::<String>()));
                }
                let index = self.item_index(key, text.char_len(), "string index")?;
                match text.char_at(index) {
                    Some(c) => Ok(self.char_value(c)),
                    None => Err(PyError::index_error("string index out of range")),
                }
            }
            Value::Bytes(bytes) => {
                if let Value::Slice(slice) = key {
                    let indices = self.slice_indices(slice, bytes.len())?;
                    return Ok(Value::bytes(indices.indices().map(|index| bytes[index]).collect::<Vec<u8>>()));
                }
                let index = match self.item_index(key, bytes.len(), "byte index") {
                    Err(error) if error.is("IndexError") => return Err(PyError::index_error("index out of range")),
                    other => other?,
                };
                Ok(Value::Int(bytes[index].into()))
            }
            Value::Range(range) => {
                if let Value::Slice(slice) = key {
                    let indices = self.slice_indices(slice, range.len())?;
                    let at = |index: i64| range.start.wrapping_add(index.wrapping_mul(range.step));
                    let step = range.step * indices.step;
                    return Ok(Value::Range(Rc::new(crate::value::PyRange { start: at(indices.start), stop: at(indices.stop), step })));
                }
                let index = self.item_index(key, range.len(), "range object index")?;
                Ok(Value::Int(range.item(index)))
            }
            Value::Dict(dict) => {
                let dict = dict.clone();
                match dict.get(self, key)? {
                    Some(value) => Ok(value),
                    None => {
                        if let Value::Instance(_) = object
                            && let Some(function) = self.special(object, &self.n.missing)
                        {
                            return self.call_special(&function, object, std::slice::from_ref(key));
                        }
                        Err(PyError::key_error(key.clone()))
                    }
                }
            }
            _ => Err(PyError::type_error(format!("'{}' object is not subscriptable", self.type_name(object)))),
        }
    }

    /// `object[key] = value`.
    pub fn set_item(&mut self, object: &Value, key: &Value, value: Value) -> PyResult<()> {
        match object {
            Value::Instance(_) | Value::Class(_) => match self.special(object, &self.n.setitem) {
                Some(function) => {
                    self.call_special(&function, object, &[key.clone(), value])?;
                    Ok(())
                }
                None => Err(PyError::type_error(format!("'{}' object does not support item assignment", self.type_name(object)))),
            },
            Value::Native(native) => {
                let native = native.clone();
                if native.object().set_item(self, key, value.clone())? {
                    return Ok(());
                }
                match self.special(object, &self.n.setitem) {
                    Some(function) => {
                        self.call_special(&function, object, &[key.clone(), value])?;
                        Ok(())
                    }
                    None => Err(PyError::type_error(format!("'{}' object does not support item assignment", self.type_name(object)))),
                }
            }
            _ => self.set_item_builtin(object, key, value),
        }
    }

    pub(crate) fn set_item_builtin(&mut self, object: &Value, key: &Value, value: Value) -> PyResult<()> {
        match object.base() {
            Value::List(list) => {
                if let Value::Slice(slice) = key {
                    return self.set_slice(&list.clone(), slice, &value);
                }
                let len = list.0.borrow().len();
                let index = match self.item_index(key, len, "list assignment index") {
                    Err(error) if error.is("TypeError") => {
                        return Err(PyError::type_error(format!("list indices must be integers or slices, not {}", self.type_name(key))));
                    }
                    other => other?,
                };
                let previous = std::mem::replace(&mut list.0.borrow_mut()[index], value);
                drop(previous);
                Ok(())
            }
            Value::Dict(dict) => dict.clone().set(self, key.clone(), value),
            _ => Err(PyError::type_error(format!("'{}' object does not support item assignment", self.type_name(object)))),
        }
    }

    fn set_slice(&mut self, list: &Rc<crate::value::PyList>, slice: &PySlice, value: &Value) -> PyResult<()> {
        let items = match self.collect(value) {
            Err(error) if error.is("TypeError") && error.message().ends_with("is not iterable") => {
                return Err(PyError::type_error(if slice.step.is_none() {
                    "can only assign an iterable"
                } else {
                    "must assign iterable to extended slice"
                }));
            }
            other => other?,
        };
        let indices = self.slice_indices(slice, list.0.borrow().len())?;
        let removed: Vec<Value> = if indices.step == 1 {
            let start = indices.start as usize;
            let mut target = list.0.borrow_mut();
            target.splice(start..start + indices.count, items).collect()
        } else {
            if items.len() != indices.count {
                return Err(PyError::value_error(format!(
                    "attempt to assign sequence of size {} to extended slice of size {}",
                    items.len(),
                    indices.count
                )));
            }
            let mut target = list.0.borrow_mut();
            indices.indices().zip(items).map(|(index, item)| std::mem::replace(&mut target[index], item)).collect()
        };
        drop(removed);
        Ok(())
    }

    /// `del object[key]`.
    pub fn delete_item(&mut self, object: &Value, key: &Value) -> PyResult<()> {
        match object {
            Value::Instance(_) | Value::Class(_) | Value::Native(_) => {
                if let Some(function) = self.special(object, &self.n.delitem) {
                    self.call_special(&function, object, std::slice::from_ref(key))?;
                    return Ok(());
                }
            }
            _ => return self.delete_item_builtin(object, key),
        }
        let not = if matches!(object, Value::Instance(_)) && key.as_bigint().is_some() { "doesn't" } else { "does not" };
        Err(PyError::type_error(format!("'{}' object {not} support item deletion", self.type_name(object))))
    }

    pub(crate) fn delete_item_builtin(&mut self, object: &Value, key: &Value) -> PyResult<()> {
        match object.base() {
            Value::List(list) => {
                if let Value::Slice(slice) = key {
                    let indices = self.slice_indices(slice, list.0.borrow().len())?;
                    let mut doomed: Vec<usize> = indices.indices().collect();
                    doomed.sort_unstable();
                    let mut target = list.0.borrow_mut();
                    let mut removed = Vec::with_capacity(doomed.len());
                    if indices.step.abs() == 1 && !doomed.is_empty() {
                        removed.extend(target.drain(doomed[0]..=doomed[doomed.len() - 1]));
                    } else {
                        let mut next = doomed.iter().peekable();
                        let mut kept = Vec::with_capacity(target.len() - doomed.len());
                        for (index, item) in target.drain(..).enumerate() {
                            if next.peek() == Some(&&index) {
                                next.next();
                                removed.push(item);
                            } else {
                                kept.push(item);
                            }
                        }
                        *target = kept;
                    }
                    drop(target);
                    drop(removed);
                    return Ok(());
                }
                let len = list.0.borrow().len();
                let index = match self.item_index(key, len, "list assignment index") {
                    Err(error) if error.is("TypeError") => {
                        return Err(PyError::type_error(format!("list indices must be integers or slices, not {}", self.type_name(key))));
                    }
                    other => other?,
                };
                let removed = list.0.borrow_mut().remove(index);
                drop(removed);
                Ok(())
            }
            Value::Dict(dict) => match dict.clone().remove(self, key)? {
                Some(_) => Ok(()),
                None => Err(PyError::key_error(key.clone())),
            },
            Value::Tuple(_) | Value::Str(_) | Value::Range(_) | Value::Bytes(_) if key.as_bigint().is_some() => {
                Err(PyError::type_error(format!("'{}' object doesn't support item deletion", self.type_name(object))))
            }
            _ => Err(PyError::type_error(format!("'{}' object does not support item deletion", self.type_name(object)))),
        }
    }

    /// `object.get(key)` for any mapping, used by patterns.
    pub(crate) fn mapping_get(&mut self, object: &Value, key: &Value) -> PyResult<Option<Value>> {
        if let Value::Dict(dict) = object.base() {
            return dict.clone().get(self, key);
        }
        let sentinel = Value::list([]);
        let found = self.call_method(object, "get", Args::new([key.clone(), sentinel.clone()]))?;
        Ok(if found.is(&sentinel) { None } else { Some(found) })
    }
}

fn pick(items: &[Value], indices: SliceIndices) -> Vec<Value> {
    if indices.step == 1 {
        let start = indices.start as usize;
        return items[start.min(items.len())..(start + indices.count).min(items.len())].to_vec();
    }
    indices.indices().map(|index| items[index].clone()).collect()
}

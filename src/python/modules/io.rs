//! `io.StringIO`.

use std::cell::RefCell;

use crate::class::ClassBuilder;
use crate::error::{PyError, PyResult};
use crate::iterator::NativeIterator;
use crate::module::PyModule;
use crate::native::NativeObject;
use crate::value::Value;
use crate::vm::Vm;

/// Text in memory that is read and written like a file.
struct StringIo {
    text: RefCell<Text>,
}

#[derive(Default)]
struct Text {
    chars: Vec<char>,
    position: usize,
}

impl Text {
    fn read(&mut self, most: usize) -> String {
        let end = self.position.saturating_add(most).min(self.chars.len());
        let start = self.position.min(end);
        self.position = end;
        self.chars[start..end].iter().collect()
    }

    fn line(&mut self) -> String {
        let start = self.position.min(self.chars.len());
        let length = self.chars[start..].iter().position(|&c| c == '\n').map_or(usize::MAX, |at| at + 1);
        self.read(length)
    }
}

struct Lines(Value);

impl NativeIterator for Lines {
    fn next(&mut self, _: &mut Vm) -> PyResult<Option<Value>> {
        let line = this(std::slice::from_ref(&self.0))?.text.borrow_mut().line();
        Ok((!line.is_empty()).then(|| Value::str(line)))
    }
    fn class_name(&self) -> &'static str {
        "StringIO"
    }
}

impl NativeObject for StringIo {
    fn class_name(&self) -> &str {
        "StringIO"
    }

    fn iter(&self, _: &mut Vm, this: &Value) -> PyResult<Option<Value>> {
        Ok(Some(Value::iterator(Lines(this.clone()))))
    }

    fn enter(&self, _: &mut Vm, this: &Value) -> PyResult<Option<Value>> {
        Ok(Some(this.clone()))
    }
}

fn this(values: &[Value]) -> PyResult<&StringIo> {
    values[0].as_native::<StringIo>().ok_or_else(|| PyError::type_error("not a StringIO"))
}

fn most(vm: &mut Vm, value: &Value) -> PyResult<usize> {
    Ok(if value.is_none() { usize::MAX } else { usize::try_from(vm.index(value)?).unwrap_or(usize::MAX) })
}

pub(super) fn module(vm: &mut Vm) -> PyModule {
    let class = ClassBuilder::new("StringIO", "_io")
        .constructor("(initial_value='', newline='\n')", |_, _, values| {
            let chars = values[0].as_str().unwrap_or("").chars().collect();
            Ok(Value::native(StringIo { text: RefCell::new(Text { chars, position: 0 }) }))
        })
        .method("write(self, s, /)", "Writes text at the position.", |vm, values| {
            let Some(new) = values[1].as_str() else {
                return Err(PyError::type_error(format!("string argument expected, got '{}'", vm.type_name(&values[1]))));
            };
            let mut text = this(&values)?.text.borrow_mut();
            let count = new.chars().count();
            let start = text.position;
            if start > text.chars.len() {
                text.chars.resize(start, '\0');
            }
            let end = (start + count).min(text.chars.len());
            text.chars.splice(start..end, new.chars());
            text.position = start + count;
            Ok(Value::from(count))
        })
        .method("getvalue(self)", "The whole text.", |_, values| {
            Ok(Value::str(this(&values)?.text.borrow().chars.iter().collect::<String>()))
        })
        .method("read(self, size=-1, /)", "Reads from the position.", |vm, values| {
            let most = most(vm, &values[1])?;
            Ok(Value::str(this(&values)?.text.borrow_mut().read(most)))
        })
        .method("readline(self, size=-1, /)", "Reads to the end of the line.", |_, values| {
            Ok(Value::str(this(&values)?.text.borrow_mut().line()))
        })
        .method("readlines(self)", "Reads all lines.", |vm, values| {
            let lines = vm.collect(&Value::iterator(Lines(values[0].clone())))?;
            Ok(Value::list(lines))
        })
        .method("seek(self, pos, whence=0, /)", "Moves the position.", |vm, values| {
            let position = vm.index(&values[1])?;
            let mut text = this(&values)?.text.borrow_mut();
            text.position = if values[2].as_i64() == Some(2) { text.chars.len() } else { position.max(0) as usize };
            Ok(Value::from(text.position))
        })
        .method("tell(self)", "The position.", |_, values| Ok(Value::from(this(&values)?.text.borrow().position)))
        .method("flush(self)", "", |_, _| Ok(Value::None))
        .method("close(self)", "", |_, _| Ok(Value::None))
        .build();
    vm.register_class(&class);
    let unsupported = ClassBuilder::exception("UnsupportedOperation", "io", &vm.types.exception_named("OSError")).build();
    PyModule::new("io").with("StringIO", class).with("UnsupportedOperation", unsupported)
}

//! The arguments of a call.

use crate::text::Name;
use crate::value::Value;

/// What a function is called with.
#[derive(Clone, Default)]
pub struct Args {
    pub positional: Vec<Value>,
    pub keywords: Vec<(Name, Value)>,
}

impl Args {
    pub fn new(positional: impl Into<Vec<Value>>) -> Args {
        Args { positional: positional.into(), keywords: Vec::new() }
    }

    pub fn none() -> Args {
        Args::default()
    }

    pub fn keyword(mut self, name: &str, value: Value) -> Args {
        self.keywords.push((Name::new(name), value));
        self
    }

    /// Takes a keyword argument out.
    pub fn take_keyword(&mut self, name: &str) -> Option<Value> {
        let index = self.keywords.iter().position(|(keyword, _)| &**keyword == name)?;
        Some(self.keywords.remove(index).1)
    }

    /// The same call with `this` before the other arguments.
    pub fn with_self(mut self, this: Value) -> Args {
        self.positional.insert(0, this);
        self
    }

    pub fn is_empty(&self) -> bool {
        self.positional.is_empty() && self.keywords.is_empty()
    }
}

impl From<Vec<Value>> for Args {
    fn from(positional: Vec<Value>) -> Args {
        Args::new(positional)
    }
}

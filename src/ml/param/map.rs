use std::sync::Arc;

use crate::value::MlValue;

/// A param of one stage: what `lr.regParam` is in Python, and a key of a param map.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ParamRef {
    /// The uid of the stage it belongs to.
    pub parent: Arc<str>,
    pub name: &'static str,
    pub doc: &'static str,
}

/// Values for params of any stages: one point of a grid. It keeps the order in which they were put in.
#[derive(Clone, Debug, Default)]
pub struct ParamMap(Vec<(ParamRef, MlValue)>);

impl ParamMap {
    pub fn new() -> Self {
        Self::default()
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Puts a value in, in the place of an earlier one of the same param.
    pub fn put(&mut self, param: ParamRef, value: MlValue) {
        match self.0.iter_mut().find(|(key, _)| *key == param) {
            Some(entry) => entry.1 = value,
            None => self.0.push((param, value)),
        }
    }

    pub fn get(&self, param: &ParamRef) -> Option<&MlValue> {
        self.0.iter().find(|(key, _)| key == param).map(|(_, value)| value)
    }

    pub fn iter(&self) -> impl Iterator<Item = (&ParamRef, &MlValue)> {
        self.0.iter().map(|(key, value)| (key, value))
    }

    /// The values meant for the stage with this uid.
    pub fn of<'a>(&'a self, uid: &'a str) -> impl Iterator<Item = (&'static str, &'a MlValue)> + 'a {
        self.0.iter().filter(move |(key, _)| &*key.parent == uid).map(|(key, value)| (key.name, value))
    }
}

impl FromIterator<(ParamRef, MlValue)> for ParamMap {
    fn from_iter<I: IntoIterator<Item = (ParamRef, MlValue)>>(entries: I) -> Self {
        let mut map = Self::new();
        for (param, value) in entries {
            map.put(param, value);
        }
        map
    }
}

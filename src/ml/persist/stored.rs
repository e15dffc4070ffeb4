use std::sync::Arc;

use kindling_frame::{Row, Session, read_files};
use kindling_linalg::{Matrix, Vector};
use kindling_partition::{Error, Result};
use serde_json::{Map, Value as Json};

use super::{layout, load};
use crate::stage::Stage;
use crate::value::MlValue;

/// A saved stage while it is read.
pub struct Stored<'a> {
    pub session: &'a Session,
    pub path: &'a str,
    pub metadata: &'a Map<String, Json>,
}

impl Stored<'_> {
    /// The one row of the table `data`.
    ///
    /// # Errors
    /// When there is no such table, or no row in it.
    pub fn row(&self) -> Result<Record> {
        self.rows("data")?.into_iter().next().ok_or_else(|| self.broken("has no row in its data"))
    }

    /// All rows of a table, in the order of its files.
    ///
    /// # Errors
    /// When there is no such table.
    pub fn rows(&self, folder: &str) -> Result<Vec<Record>> {
        let path = format!("{}/{folder}", self.path);
        read_files(self.session, "parquet", &[&path], &[], None)?.collect()?.into_iter().map(Record::of).collect()
    }

    /// The lines of text in a folder, as one.
    ///
    /// # Errors
    /// When there is no such folder.
    pub fn text(&self, folder: &str) -> Result<String> {
        let path = format!("{}/{folder}", self.path);
        let rows = read_files(self.session, "text", &[&path], &[], None)?.collect()?;
        Ok(rows.iter().filter_map(|row| row.values.first()?.as_str()).collect())
    }

    /// The line of JSON in a folder.
    ///
    /// # Errors
    /// When there is no such folder, or no JSON in it.
    pub fn line(&self, folder: &str) -> Result<Json> {
        let path = format!("{}/{folder}", self.path);
        let rows = read_files(self.session, "text", &[&path], &[], None)?.collect()?;
        let text = rows.first().and_then(|row| row.values.first()).and_then(|value| value.as_str());
        text.and_then(|text| serde_json::from_str(text).ok()).ok_or_else(|| self.broken(&format!("has no JSON in {folder}")))
    }

    /// A field of the metadata.
    pub fn field(&self, name: &str) -> Option<&Json> {
        self.metadata.get(name)
    }

    /// A number of the metadata.
    ///
    /// # Errors
    /// When there is none of this name.
    pub fn int(&self, name: &str) -> Result<i64> {
        self.field(name).and_then(Json::as_i64).ok_or_else(|| self.broken(&format!("has no number '{name}' in its metadata")))
    }

    /// A number of the metadata that is never negative.
    ///
    /// # Errors
    /// As [`int`](Self::int).
    pub fn count(&self, name: &str) -> Result<usize> {
        self.int(name).map(|value| usize::try_from(value).unwrap_or(0))
    }

    /// The stage in a folder below.
    ///
    /// # Errors
    /// When there is none.
    pub fn stage(&self, folder: &str) -> Result<Stage> {
        load(self.session, &format!("{}/{folder}", self.path), None)
    }

    /// Something is amiss with the folder.
    pub fn broken(&self, what: &str) -> Error {
        Error::runtime(format!("The stage saved at {} {what}.", self.path))
    }
}

/// A row of a saved table. Each getter fails when there is no such column, or its value is of another kind.
pub struct Record {
    names: Arc<[Arc<str>]>,
    values: Vec<MlValue>,
}

impl Record {
    fn of(row: Row) -> Result<Self> {
        Ok(Self { names: row.names, values: row.values.into_iter().map(layout::value).collect::<Result<_>>()? })
    }

    fn pick<T>(&self, name: &str, what: &str, pick: impl FnOnce(&MlValue) -> Option<T>) -> Result<T> {
        let value = self.names.iter().position(|known| &**known == name).map(|at| &self.values[at]);
        value.and_then(pick).ok_or_else(|| Error::runtime(format!("The saved model's table has no column '{name}' of {what}.")))
    }

    pub fn get(&self, name: &str) -> Result<&MlValue> {
        let at = self.names.iter().position(|known| &**known == name);
        at.map(|at| &self.values[at]).ok_or_else(|| Error::runtime(format!("The saved model's table has no column '{name}'.")))
    }

    /// The names of the columns.
    pub fn names(&self) -> &[Arc<str>] {
        &self.names
    }

    pub fn has(&self, name: &str) -> bool {
        self.names.iter().any(|known| &**known == name)
    }

    pub fn bool(&self, name: &str) -> Result<bool> {
        self.pick(name, "booleans", |value| if let MlValue::Bool(value) = value { Some(*value) } else { None })
    }

    pub fn int(&self, name: &str) -> Result<i64> {
        self.pick(name, "integers", |value| if let MlValue::Int(value) = value { Some(*value) } else { None })
    }

    /// An integer that is never negative.
    pub fn count(&self, name: &str) -> Result<usize> {
        self.int(name).map(|value| usize::try_from(value).unwrap_or(0))
    }

    pub fn float(&self, name: &str) -> Result<f64> {
        self.pick(name, "numbers", MlValue::as_f64)
    }

    pub fn text(&self, name: &str) -> Result<Arc<str>> {
        self.pick(name, "strings", |value| if let MlValue::Text(text) = value { Some(text.clone()) } else { None })
    }

    /// The numbers of a vector or an array.
    pub fn numbers(&self, name: &str) -> Result<Vec<f64>> {
        self.pick(name, "numbers", MlValue::numbers)
    }

    pub fn texts(&self, name: &str) -> Result<Vec<Arc<str>>> {
        self.pick(name, "strings", MlValue::texts)
    }

    pub fn list(&self, name: &str) -> Result<Vec<MlValue>> {
        self.pick(
            name,
            "lists",
            |value| if let MlValue::List(values) | MlValue::Tuple(values) = value { Some(values.clone()) } else { None },
        )
    }

    pub fn vector(&self, name: &str) -> Result<Vector> {
        self.pick(name, "vectors", |value| if let MlValue::Vector(vector) = value { Some(vector.clone()) } else { None })
    }

    pub fn matrix(&self, name: &str) -> Result<Matrix> {
        self.pick(name, "matrices", |value| if let MlValue::Matrix(matrix) = value { Some(matrix.clone()) } else { None })
    }
}

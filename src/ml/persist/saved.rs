use kindling_frame::Schema;
use kindling_partition::{Error, Result};
use serde_json::Value as Json;

use super::Saving;
use super::{json, layout};
use crate::stage::{Model, Stage, StageDecl};
use crate::value::MlValue;

/// What a stage keeps beside its params.
#[derive(Default)]
pub struct Saved {
    /// Entries of the `paramMap` that are no plain values.
    pub params: Vec<(&'static str, Json)>,
    /// Fields of the metadata behind Spark's own.
    pub fields: Vec<(&'static str, Json)>,
    pub tables: Vec<SavedTable>,
    /// Lines of JSON in folders of their own, as the models of `mllib` have beside their tables.
    pub lines: Vec<(&'static str, String)>,
    /// Stages in folders of their own, by the folder's path.
    pub stages: Vec<(String, Stage)>,
}

/// A table in a folder.
pub struct SavedTable {
    /// `data`
    pub folder: &'static str,
    pub schema: Schema,
    pub rows: Vec<Vec<MlValue>>,
}

impl Saved {
    /// What a model's declaration says, from its members.
    pub(crate) fn of_members(model: &(impl Model + ?Sized)) -> Result<Self> {
        let Saving::Model(saving) = model.decl().saving else { return Err(never(model.decl())) };
        let columns = layout::schema(saving.columns)?;
        let values = columns.iter().map(|column| model.member(&column.name, &[])).collect::<Result<Vec<_>>>()?;
        Self::rows(model.decl(), vec![values])?.with_fields(model)
    }

    /// One row in the columns that the declaration names.
    ///
    /// # Errors
    /// When the declaration names no columns.
    pub fn row(decl: &'static StageDecl, values: impl IntoIterator<Item = MlValue>) -> Result<Self> {
        Self::rows(decl, vec![values.into_iter().collect()])
    }

    /// Rows in the columns that the declaration names.
    ///
    /// # Errors
    /// As [`row`](Self::row).
    pub fn rows(decl: &'static StageDecl, rows: Vec<Vec<MlValue>>) -> Result<Self> {
        let Saving::Model(saving) = decl.saving else { return Err(never(decl)) };
        if saving.columns.is_empty() {
            return Ok(Self::default());
        }
        Self::default().table("data", saving.columns, rows)
    }

    /// One more table.
    ///
    /// # Errors
    /// When the text names a type that there isn't.
    pub fn table(mut self, folder: &'static str, columns: &str, rows: Vec<Vec<MlValue>>) -> Result<Self> {
        self.tables.push(SavedTable { folder, schema: layout::schema(columns)?, rows });
        Ok(self)
    }

    /// The fields that the declaration names, from the model's members.
    ///
    /// # Errors
    /// When a member fails.
    pub fn with_fields(mut self, model: &(impl Model + ?Sized)) -> Result<Self> {
        let Saving::Model(saving) = model.decl().saving else { return Err(never(model.decl())) };
        for name in saving.fields {
            self.fields.extend(json::encode(&model.member(name, &[])?).map(|value| (*name, value)));
        }
        Ok(self)
    }

    /// One more line of JSON in a folder of its own.
    #[must_use]
    pub fn line(mut self, folder: &'static str, value: impl std::fmt::Display) -> Self {
        self.lines.push((folder, value.to_string()));
        self
    }

    /// One more field of the metadata.
    #[must_use]
    pub fn field(mut self, name: &'static str, value: impl Into<Json>) -> Self {
        self.fields.push((name, value.into()));
        self
    }

    /// One more stage in a folder of its own.
    #[must_use]
    pub fn stage(mut self, folder: impl Into<String>, stage: Stage) -> Self {
        self.stages.push((folder.into(), stage));
        self
    }
}

pub(super) fn never(decl: &StageDecl) -> Error {
    Error::unsupported(format!("{} can't be saved.", decl.name))
}

use std::sync::Arc;

use arrow_array::new_null_array;
use kindling_partition::{Error, Executor, Result};

use super::assemble::assemble;
use super::meta::{Footer, RowGroup};
use super::pages;
use super::shape::{Shape, columns};
use super::statistics::may_pass;
use crate::batch::{Batch, array_of};
use crate::files::{Format, Input, InputFile, Split};
use crate::options::{boolean, unknown};
use crate::schema::{Schema, same_name};
use crate::source::{Is, Pieces, Test};
use crate::types::Field;
use crate::value::Value;

/// The options of `spark.read.parquet`, checked.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct ParquetOptions {
    /// Whether the columns are those of all files, not of the first alone; false.
    merge_schema: bool,
}

impl ParquetOptions {
    /// # Errors
    /// An unknown name, or a value that makes no sense.
    pub fn from_pairs<'a>(pairs: impl IntoIterator<Item = (&'a str, &'a str)>) -> Result<Self> {
        let mut options = Self::default();
        for (name, value) in pairs {
            match name.to_ascii_lowercase().as_str() {
                "mergeschema" => options.merge_schema = boolean(name, value)?,
                // Times are what the file says; before 1900 calendars differ in files of Spark 2.
                "datetimerebasemode" | "int96rebasemode" | "compression" => {}
                _ => return Err(unknown("Parquet", name, value, ["mergeSchema", "datetimeRebaseMode", "int96RebaseMode"])),
            }
        }
        Ok(options)
    }
}

/// Parquet files as columns.
pub(crate) struct ParquetFormat {
    files: Vec<File>,
    schema: Arc<Schema>,
    /// What columns are that a file lacks; empty when all are null.
    older: Vec<Value>,
}

struct File {
    input: InputFile,
    footer: Footer,
    columns: Vec<(Field, Shape)>,
}

impl File {
    fn open(input: &InputFile) -> Result<Self> {
        let at = |error: Error| match error.condition() {
            Some(condition) => Error::new(error.kind(), format!("{}: {}", input.path, error.message())).with_condition(condition),
            None => error,
        };
        let footer = Footer::read(&input.data).map_err(at)?;
        let columns = columns(&footer.root).map_err(at)?;
        Ok(Self { input: input.clone(), footer, columns })
    }

    /// As Spark wrote it, else as Parquet's own types have it.
    fn schema(&self) -> Schema {
        match &self.footer.spark {
            Some(schema) => schema.clone(),
            None => self.columns.iter().map(|c| c.0.clone()).collect(),
        }
    }
}

impl ParquetFormat {
    /// # Errors
    /// A file that isn't Parquet, types that Kindling doesn't have, files whose columns don't fit each other with `mergeSchema`.
    pub fn new(input: &Input, options: ParquetOptions, schema: Option<Schema>) -> Result<Self> {
        let files = input.files.iter().map(File::open).collect::<Result<Vec<_>>>()?;
        let schema = match (schema, options.merge_schema) {
            (Some(schema), _) => schema,
            (None, false) => files.first().map(File::schema).unwrap_or_default(),
            (None, true) => merged(&files)?,
        };
        Ok(Self { files, schema: Arc::new(schema.iter().map(|f| Field { nullable: true, ..f.clone() }).collect()), older: Vec::new() })
    }

    #[must_use]
    pub fn with_older(self, older: Vec<Value>) -> Self {
        Self { older, ..self }
    }
}

/// The columns of all files, those of the first ones first.
fn merged(files: &[File]) -> Result<Schema> {
    let mut fields: Vec<Field> = Vec::new();
    for file in files {
        for field in file.schema().iter() {
            match fields.iter().find(|f| same_name(&f.name, &field.name)) {
                None => fields.push(field.clone()),
                Some(known) if known.data_type.simple_string() == field.data_type.simple_string() => {}
                Some(known) => {
                    let text = format!(
                        "Failed merging schemas: the column {} is {} in one file and {} in {}.",
                        field.name,
                        known.data_type.sql(),
                        field.data_type.sql(),
                        file.input.path
                    );
                    return Err(Error::analysis(text).with_condition("CANNOT_MERGE_SCHEMAS"));
                }
            }
        }
    }
    Ok(Schema::new(fields))
}

impl Format for ParquetFormat {
    fn name(&self) -> &'static str {
        "parquet"
    }

    fn schema(&self) -> Arc<Schema> {
        self.schema.clone()
    }

    fn numbers_rows(&self) -> bool {
        true
    }

    fn first_row(&self, split: &Split) -> usize {
        let groups = &self.files[split.file].footer.groups;
        groups.iter().take_while(|g| g.middle() < split.bytes.start).map(|g| g.rows).sum()
    }

    fn read_pieces(&self, executor: &Executor, splits: &[Split], columns: &[usize], tests: &[Test], each: &mut Pieces<'_>) -> Result<()> {
        for split in splits {
            let file = &self.files[split.file];
            for group in file.footer.groups.iter().filter(|g| split.bytes.contains(&g.middle())) {
                if !tests.iter().all(|test| self.may_pass(file, group, test)) {
                    continue;
                }
                let mut arrays = Vec::with_capacity(columns.len());
                for column in columns {
                    executor.check()?;
                    let field = &self.schema[*column];
                    let Some((own, shape)) = file.columns.iter().find(|(f, _)| same_name(&f.name, &field.name)) else {
                        arrays.push(match self.older.get(*column).filter(|value| !value.is_null()) {
                            Some(value) => array_of(&field.data_type, std::iter::repeat_n(value, group.rows))?,
                            None => new_null_array(&field.data_type.to_arrow(), group.rows),
                        });
                        continue;
                    };
                    let mut wanted = Vec::new();
                    shape.leaves(&mut wanted);
                    let mut leaves: Vec<Option<pages::Leaf>> = Vec::new();
                    leaves.resize_with(group.chunks.len(), || None);
                    for (leaf, physical, most) in wanted {
                        leaves[leaf] = Some(pages::read(&file.input.data, &group.chunks[leaf], physical, most)?);
                    }
                    let array = assemble(shape, &own.data_type, &field.data_type, &leaves, 0, 0)?;
                    if array.len() != group.rows {
                        return Err(super::broken("a column has not as many values as its row group has rows"));
                    }
                    arrays.push(array);
                }
                each(Batch::new(arrays, group.rows))?;
            }
        }
        Ok(())
    }
}

impl ParquetFormat {
    /// Whether the group may have rows that pass the test.
    fn may_pass(&self, file: &File, group: &RowGroup, test: &Test) -> bool {
        let name = &self.schema[test.column].name;
        let Some((own, shape)) = file.columns.iter().find(|(f, _)| same_name(&f.name, name)) else {
            return test.is == Is::Null || self.older.get(test.column).is_some_and(|value| !value.is_null());
        };
        let Shape::Leaf { leaf, .. } = shape else { return true };
        let chunk = &group.chunks[*leaf];
        chunk.statistics.as_ref().is_none_or(|known| may_pass(&test.is, shape, &own.data_type, known, chunk.values))
    }
}

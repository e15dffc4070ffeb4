use std::sync::Arc;

use kindling_partition::{Executor, Result};

use super::{Input, InputFile, Split};
use crate::batch::{Batch, array_of};
use crate::schema::{Schema, same_name};
use crate::source::Source;
use crate::types::{DataType, Field};

/// How the files of one format are read.
pub(crate) trait Format: Send + Sync {
    /// `csv`
    fn name(&self) -> &'static str;

    /// The columns that the files themselves have.
    fn schema(&self) -> Arc<Schema>;

    /// These columns of these parts of files, one part after the other. No columns still means so many rows.
    ///
    /// # Errors
    /// When the data can't be read as the schema says.
    fn read(&self, executor: &Executor, splits: &[Split], columns: &[usize]) -> Result<Batch>;

    /// Bytes of a file that count when files fall into partitions are its own; says whether each stays in one part.
    fn keeps_files_whole(&self) -> bool {
        false
    }
}

/// Files as the rows of a plan: the format's columns, then those that the files' folders name.
pub(crate) struct FileScan {
    format: Box<dyn Format>,
    files: Arc<[InputFile]>,
    folder_columns: Vec<Field>,
    schema: Arc<Schema>,
    places: Vec<Place>,
    partitions: Vec<Vec<Split>>,
}

/// Where a column comes from.
#[derive(Clone, Copy)]
enum Place {
    File(usize),
    Folder(usize),
}

impl FileScan {
    /// A column that both the files and their folders have is the folders', at the files' place.
    pub fn new(format: Box<dyn Format>, input: &Input) -> Self {
        let files: Arc<[InputFile]> = input.files.clone().into();
        let own = format.schema();
        let named = |field: &Field| input.columns.iter().position(|c| same_name(&c.name, &field.name));
        let mut fields: Vec<Field> = own.iter().map(|f| named(f).map_or_else(|| f.clone(), |i| input.columns[i].clone())).collect();
        let mut places: Vec<Place> = own.iter().enumerate().map(|(i, f)| named(f).map_or(Place::File(i), Place::Folder)).collect();
        for (i, column) in input.columns.iter().enumerate() {
            if !own.iter().any(|f| same_name(&f.name, &column.name)) {
                fields.push(column.clone());
                places.push(Place::Folder(i));
            }
        }
        let sizes: Vec<usize> = files.iter().map(|f| f.data.len()).collect();
        let partitions = super::partitions(&sizes, format.keeps_files_whole());
        Self { format, files, folder_columns: input.columns.clone(), schema: Arc::new(Schema::new(fields)), places, partitions }
    }

    /// Rows of parts of files that have the same folders.
    fn group(&self, executor: &Executor, splits: &[Split], columns: &[usize]) -> Result<Batch> {
        let own: Vec<usize> = columns.iter().filter_map(|c| if let Place::File(i) = self.places[*c] { Some(i) } else { None }).collect();
        let read = self.format.read(executor, splits, &own)?;
        let mut own = read.columns.into_iter();
        let values = &self.files[splits[0].file].values;
        let mut arrays = Vec::with_capacity(columns.len());
        for column in columns {
            match self.places[*column] {
                Place::File(_) => arrays.extend(own.next()),
                Place::Folder(i) => arrays.push(array_of(&self.folder_columns[i].data_type, std::iter::repeat_n(&values[i], read.rows))?),
            }
        }
        Ok(Batch::new(arrays, read.rows))
    }
}

impl Source for FileScan {
    fn name(&self) -> String {
        let paths: Vec<&str> = self.files.iter().map(|f| f.path.as_str()).collect();
        format!("FileScan {} {}", self.format.name(), paths.join(", "))
    }

    fn schema(&self) -> Arc<Schema> {
        self.schema.clone()
    }

    fn partitions(&self) -> usize {
        self.partitions.len()
    }

    fn read(&self, executor: &Executor, partition: usize, columns: &[usize]) -> Result<Batch> {
        let splits = &self.partitions[partition];
        let groups = splits.chunk_by(|a, b| self.files[a.file].values == self.files[b.file].values);
        let batches = groups.map(|group| self.group(executor, group, columns)).collect::<Result<Vec<_>>>()?;
        if columns.is_empty() {
            return Ok(Batch::new(Vec::new(), batches.iter().map(|b| b.rows).sum()));
        }
        let types: Vec<DataType> = columns.iter().map(|c| self.schema[*c].data_type.clone()).collect();
        Batch::concat(&batches, &types)
    }

    fn bytes(&self) -> Option<usize> {
        Some(self.files.iter().map(|f| f.data.len()).sum())
    }

    fn files(&self) -> Vec<String> {
        self.files.iter().map(|f| f.path.clone()).collect()
    }
}

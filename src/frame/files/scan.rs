use std::sync::Arc;

use kindling_partition::{Executor, Result};

use super::{Input, InputFile, Split};
use crate::batch::{Batch, array_of};
use crate::schema::{Schema, same_name};
use crate::source::{Pieces, Source, Test, together};
use crate::types::{DataType, Field};
use crate::value::Value;

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
    fn read(&self, executor: &Executor, splits: &[Split], columns: &[usize]) -> Result<Batch> {
        together(&types(&self.schema(), columns), |each| self.read_pieces(executor, splits, columns, &[], each))
    }

    /// As [`read`](Self::read), one piece of the rows after the other. Rows that fail a test, of one of the schema's columns, may be left out.
    ///
    /// # Errors
    /// As [`read`](Self::read), and those of `each`.
    fn read_pieces(&self, executor: &Executor, splits: &[Split], columns: &[usize], tests: &[Test], each: &mut Pieces<'_>) -> Result<()>;

    /// Bytes of a file that count when files fall into partitions are its own; says whether each stays in one part.
    fn keeps_files_whole(&self) -> bool {
        false
    }
}

/// Files as the rows of a plan: the format's columns, then those that the files' folders name.
pub(crate) struct FileScan {
    format: Arc<dyn Format>,
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
    pub fn new(format: Arc<dyn Format>, input: &Input) -> Self {
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

    /// The parts of files of a partition, those together that have the same folders.
    fn groups(&self, partition: usize) -> impl Iterator<Item = &[Split]> {
        self.partitions[partition].chunk_by(|a, b| self.files[a.file].values == self.files[b.file].values)
    }

    /// Those of the columns that the files themselves have.
    fn own(&self, columns: &[usize]) -> Vec<usize> {
        let own = |column: &usize| if let Place::File(i) = self.places[*column] { Some(i) } else { None };
        columns.iter().filter_map(own).collect()
    }

    /// What was read of a group, with the columns that its folders name at their places.
    fn placed(&self, group: &[Split], columns: &[usize], read: Batch) -> Result<Batch> {
        let values = &self.files[group[0].file].values;
        let mut own = read.columns.into_iter();
        let mut arrays = Vec::with_capacity(columns.len());
        for column in columns {
            match self.places[*column] {
                Place::File(_) => arrays.extend(own.next()),
                Place::Folder(i) => {
                    arrays.push(array_of(&self.folder_columns[i].data_type, std::iter::repeat_n(&values[i], read.rows))?);
                }
            }
        }
        Ok(Batch::new(arrays, read.rows))
    }
}

fn types(schema: &Schema, columns: &[usize]) -> Vec<DataType> {
    columns.iter().map(|c| schema[*c].data_type.clone()).collect()
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
        let own = self.own(columns);
        together(&types(&self.schema, columns), |each| {
            self.groups(partition).try_for_each(|group| each(self.placed(group, columns, self.format.read(executor, group, &own)?)?))
        })
    }

    fn takes_filters(&self) -> bool {
        true
    }

    fn read_pieces(&self, executor: &Executor, partition: usize, columns: &[usize], tests: &[Test], each: &mut Pieces<'_>) -> Result<()> {
        let own = self.own(columns);
        let tests = tests.iter().filter_map(|t| match self.places[t.column] {
            Place::File(column) => Some(Test { column, is: t.is.clone() }),
            Place::Folder(_) => None,
        });
        let tests: Vec<Test> = tests.collect();
        self.groups(partition).try_for_each(|group| {
            self.format.read_pieces(executor, group, &own, &tests, &mut |read| each(self.placed(group, columns, read)?))
        })
    }

    fn folder_columns(&self) -> &[Field] {
        &self.folder_columns
    }

    fn of_files(&self, keep: &dyn Fn(&[Value]) -> bool) -> Option<Arc<dyn Source>> {
        let kept: Vec<usize> = (0..self.files.len()).filter(|i| keep(&self.files[*i].values)).collect();
        let sizes: Vec<usize> = kept.iter().map(|i| self.files[*i].data.len()).collect();
        let mut partitions = super::partitions(&sizes, self.format.keeps_files_whole());
        // The format knows the files by their places among all.
        partitions.iter_mut().flatten().for_each(|split| split.file = kept[split.file]);
        let files = self.files.clone();
        Some(Arc::new(Self {
            format: self.format.clone(),
            files,
            folder_columns: self.folder_columns.clone(),
            schema: self.schema.clone(),
            places: self.places.clone(),
            partitions,
        }))
    }

    fn bytes(&self) -> Option<usize> {
        Some(self.files.iter().map(|f| f.data.len()).sum())
    }

    fn files(&self) -> Vec<String> {
        self.files.iter().map(|f| f.path.clone()).collect()
    }
}

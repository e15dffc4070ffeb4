use std::sync::Arc;

use arrow_array::Int64Array;
use kindling_partition::{Executor, Result};

use super::{Input, InputFile, Split};
use crate::batch::{Batch, array_of};
use crate::file_columns;
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
        let types: Vec<DataType> = columns.iter().map(|c| self.schema()[*c].data_type.clone()).collect();
        together(executor, &types, |each| self.read_pieces(executor, splits, columns, &[], each))
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

    /// Whether rows have numbers within their files.
    fn numbers_rows(&self) -> bool {
        false
    }

    /// The number within its file of a part's first row, where rows have numbers.
    fn first_row(&self, _split: &Split) -> usize {
        0
    }
}

/// Files as the rows of a plan: the format's columns, then those that the files' folders name.
pub(crate) struct FileScan {
    format: Arc<dyn Format>,
    roots: Arc<[String]>,
    files: Arc<[InputFile]>,
    folder_columns: Vec<Field>,
    schema: Arc<Schema>,
    /// The columns that tell of the files; their places come after the schema's.
    about: Vec<Field>,
    places: Vec<Place>,
    partitions: Vec<Vec<Split>>,
}

/// Where a column comes from.
#[derive(Clone, Copy)]
enum Place {
    File(usize),
    Folder(usize),
    About(usize),
}

/// The last of the columns that tell of a file.
const ROW_INDEX: usize = 9;

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
        // Texts of a frame come as one without a name.
        let about = if files.iter().any(|f| f.path.is_empty()) { Vec::new() } else { file_columns::columns(format.numbers_rows()) };
        places.extend((0..about.len()).map(Place::About));
        let sizes: Vec<usize> = files.iter().map(|f| f.data.len()).collect();
        let partitions = super::partitions(&sizes, format.keeps_files_whole());
        let (roots, schema) = (input.roots.clone().into(), Arc::new(Schema::new(fields)));
        Self { format, roots, files, folder_columns: input.columns.clone(), schema, about, places, partitions }
    }

    /// The parts of files of a partition, those together that have the same folders; each by itself when the columns tell of it.
    fn groups(&self, partition: usize, columns: &[usize]) -> impl Iterator<Item = &[Split]> {
        let together = columns.iter().all(|c| *c < self.schema.fields().len());
        self.partitions[partition].chunk_by(move |a, b| together && self.files[a.file].values == self.files[b.file].values)
    }

    fn types(&self, columns: &[usize]) -> Vec<DataType> {
        let fields = self.schema.fields();
        columns.iter().map(|c| fields.get(*c).unwrap_or_else(|| &self.about[c - fields.len()]).data_type.clone()).collect()
    }

    /// What all rows of a part of a file know of it.
    fn about(&self, split: &Split, column: usize) -> Value {
        let file = &self.files[split.file];
        let (start, end) = if file.size == file.data.len() { (split.bytes.start, split.bytes.end) } else { (0, file.size) };
        let path = file_columns::uri(&file.path);
        let remote = super::is_remote(&path);
        match column {
            0 if !remote => Value::from(format!("file://{path}")),
            1 | 6 => Value::Long(start as i64),
            2 | 7 => Value::Long((end - start) as i64),
            3 if !remote => Value::from(format!("file:{path}")),
            4 => Value::from(path.rsplit('/').next().unwrap_or_default()),
            5 => Value::Long(file.size as i64),
            8 => Value::Timestamp(file.modified),
            _ => Value::from(path),
        }
    }

    /// Those of the columns that the files themselves have.
    fn own(&self, columns: &[usize]) -> Vec<usize> {
        let own = |column: &usize| if let Place::File(i) = self.places[*column] { Some(i) } else { None };
        columns.iter().filter_map(own).collect()
    }

    /// What was read of a group, with the columns that its folders name at their places, and those that tell of the file and of the number
    /// of the first row.
    fn placed(&self, group: &[Split], columns: &[usize], read: Batch, first: usize) -> Result<Batch> {
        let values = &self.files[group[0].file].values;
        let mut own = read.columns.into_iter();
        let mut arrays = Vec::with_capacity(columns.len());
        for column in columns {
            match self.places[*column] {
                Place::File(_) => arrays.extend(own.next()),
                Place::Folder(i) => {
                    arrays.push(array_of(&self.folder_columns[i].data_type, std::iter::repeat_n(&values[i], read.rows))?);
                }
                Place::About(ROW_INDEX) => {
                    arrays.push(Arc::new(Int64Array::from_iter_values((first as i64..).take(read.rows))));
                }
                Place::About(i) => {
                    arrays.push(array_of(&self.about[i].data_type, std::iter::repeat_n(&self.about(&group[0], i), read.rows))?);
                }
            }
        }
        Ok(Batch::new(arrays, read.rows))
    }
}

impl Source for FileScan {
    fn name(&self) -> String {
        if self.about.is_empty() {
            return "Scan ExistingRDD".into();
        }
        let paths: Vec<&str> = self.roots.iter().map(|r| r.trim_end_matches('/')).collect();
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
        together(executor, &self.types(columns), |each| {
            self.groups(partition, columns).try_for_each(|group| {
                let first = self.format.first_row(&group[0]);
                each(self.placed(group, columns, self.format.read(executor, group, &own)?, first)?)
            })
        })
    }

    fn takes_filters(&self) -> bool {
        true
    }

    fn read_pieces(&self, executor: &Executor, partition: usize, columns: &[usize], tests: &[Test], each: &mut Pieces<'_>) -> Result<()> {
        let own = self.own(columns);
        let tests = tests.iter().filter_map(|t| match self.places[t.column] {
            Place::File(column) => Some(Test { column, is: t.is.clone() }),
            Place::Folder(_) | Place::About(_) => None,
        });
        // Rows are numbered where all are read.
        let numbered = columns.iter().any(|c| matches!(self.places[*c], Place::About(ROW_INDEX)));
        let tests: Vec<Test> = tests.filter(|_| !numbered).collect();
        self.groups(partition, columns).try_for_each(|group| {
            let mut first = self.format.first_row(&group[0]);
            self.format.read_pieces(executor, group, &own, &tests, &mut |read| {
                let rows = read.rows;
                each(self.placed(group, columns, read, first)?)?;
                first += rows;
                Ok(())
            })
        })
    }

    fn folder_columns(&self) -> &[Field] {
        &self.folder_columns
    }

    fn file_columns(&self) -> &[Field] {
        &self.about
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
            roots: self.roots.clone(),
            files,
            folder_columns: self.folder_columns.clone(),
            schema: self.schema.clone(),
            about: self.about.clone(),
            places: self.places.clone(),
            partitions,
        }))
    }

    fn bytes(&self) -> Option<usize> {
        Some(self.files.iter().map(|f| f.data.len()).sum())
    }

    fn held(&self) -> Vec<(usize, usize)> {
        self.files.iter().map(|f| (Arc::as_ptr(&f.data).addr(), f.data.len())).collect()
    }

    fn files(&self) -> Vec<String> {
        self.files.iter().filter(|f| !f.path.is_empty()).map(|f| f.path.clone()).collect()
    }
}

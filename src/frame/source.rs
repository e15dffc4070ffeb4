use std::sync::Arc;

use kindling_partition::{Executor, Result};

use crate::batch::Batch;
use crate::schema::Schema;
use crate::types::DataType;
use crate::value::Value;

/// What a value of a column must be for its row to be of use.
#[derive(Clone, Debug, PartialEq)]
pub struct Test {
    /// The column's place in the source's schema.
    pub column: usize,
    pub is: Is,
}

#[derive(Clone, Debug, PartialEq)]
pub enum Is {
    Null,
    NotNull,
    Equal(Value),
    Less(Value),
    LessOrEqual(Value),
    Greater(Value),
    GreaterOrEqual(Value),
}

/// Takes the rows of a partition piece by piece.
pub type Pieces<'a> = dyn FnMut(Batch) -> Result<()> + 'a;

/// All pieces that `read` gives as one; `types` are those of their columns.
///
/// # Errors
/// Those of `read`, and when a column outgrows what one array can hold.
pub(crate) fn together(executor: &Executor, types: &[DataType], read: impl FnOnce(&mut Pieces<'_>) -> Result<()>) -> Result<Batch> {
    let mut pieces = Vec::new();
    read(&mut |batch| {
        pieces.push(batch);
        Ok(())
    })?;
    Batch::concat(executor, &pieces, types)
}

/// Where a plan's rows come from: a file, memory, a range of numbers.
pub trait Source: Send + Sync {
    /// How `explain()` names it: `FileScan csv /files/a.csv`, `LocalTableScan`, `Range (0, 10, step=1)`.
    fn name(&self) -> String;

    fn schema(&self) -> Arc<Schema>;

    /// Known before anything is read, and the same whatever the number of threads.
    fn partitions(&self) -> usize;

    /// These columns (positions in the schema, in this order) of one partition. No columns still means so many rows.
    ///
    /// # Errors
    /// When the data can't be read as the schema says.
    fn read(&self, executor: &Executor, partition: usize, columns: &[usize]) -> Result<Batch>;

    /// The rows of a partition, when that is known without reading it.
    fn rows(&self, _partition: usize) -> Option<usize> {
        None
    }

    /// A guess of the size of all rows in memory, for choosing how to join; none when nobody knows.
    fn bytes(&self) -> Option<usize> {
        None
    }

    /// Whether Spark knows that one task has all rows: not because there are few.
    fn is_single(&self) -> bool {
        false
    }

    /// What is in memory as long as the source is: where it lies, which others may share, and its bytes.
    fn held(&self) -> Vec<(usize, usize)> {
        Vec::new()
    }

    /// Whether a filter over all rows helps to read less of them.
    fn takes_filters(&self) -> bool {
        false
    }

    /// As [`read`](Self::read), one piece of the rows after the other. Rows that fail a test may be left out.
    ///
    /// # Errors
    /// As [`read`](Self::read), and those of `each`.
    fn read_pieces(&self, executor: &Executor, partition: usize, columns: &[usize], _tests: &[Test], each: &mut Pieces<'_>) -> Result<()> {
        each(self.read(executor, partition, columns)?)
    }

    /// The columns that have one value in all rows of a file, named by its folders.
    fn folder_columns(&self) -> &[crate::types::Field] {
        &[]
    }

    /// The same of those files alone for which `keep` says so of the values of their [`folder_columns`](Self::folder_columns).
    fn of_files(&self, _keep: &dyn Fn(&[Value]) -> bool) -> Option<Arc<dyn Source>> {
        None
    }

    /// What rows know of their files beside the columns: columns that are read by the positions after the schema's.
    fn file_columns(&self) -> &[crate::types::Field] {
        &[]
    }

    /// The paths of the files that the rows come from.
    fn files(&self) -> Vec<String> {
        Vec::new()
    }
}

/// Rows that are in memory already.
pub struct MemorySource {
    schema: Arc<Schema>,
    partitions: Vec<Batch>,
}

impl MemorySource {
    /// The batches have the schema's columns.
    pub fn new(schema: Arc<Schema>, partitions: Vec<Batch>) -> Self {
        Self { schema, partitions }
    }
}

impl Source for MemorySource {
    fn name(&self) -> String {
        "Scan ExistingRDD".into()
    }

    fn schema(&self) -> Arc<Schema> {
        self.schema.clone()
    }

    fn partitions(&self) -> usize {
        self.partitions.len()
    }

    fn read(&self, _executor: &Executor, partition: usize, columns: &[usize]) -> Result<Batch> {
        let batch = &self.partitions[partition];
        Ok(batch.project(columns))
    }

    fn rows(&self, partition: usize) -> Option<usize> {
        Some(self.partitions[partition].rows)
    }

    fn bytes(&self) -> Option<usize> {
        Some(self.partitions.iter().map(Batch::bytes).sum())
    }

    fn held(&self) -> Vec<(usize, usize)> {
        self.partitions.iter().map(|batch| (std::ptr::from_ref(batch).addr(), batch.bytes())).collect()
    }
}

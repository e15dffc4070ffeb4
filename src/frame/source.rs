use std::sync::Arc;

use kindling_partition::{Executor, Result};

use crate::batch::Batch;
use crate::schema::Schema;

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
        Ok(Batch::new(columns.iter().map(|c| batch.columns[*c].clone()).collect(), batch.rows))
    }

    fn rows(&self, partition: usize) -> Option<usize> {
        Some(self.partitions[partition].rows)
    }

    fn bytes(&self) -> Option<usize> {
        Some(self.partitions.iter().map(Batch::bytes).sum())
    }
}

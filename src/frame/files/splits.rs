//! How files fall into partitions: Spark's `FilePartition`, by their sizes alone.

use std::ops::Range;

use crate::session::DEFAULT_PARALLELISM;

/// `spark.sql.files.maxPartitionBytes`
const MAX_PARTITION_BYTES: usize = 128 << 20;
/// `spark.sql.files.openCostInBytes`
const OPEN_COST: usize = 4 << 20;

/// A part of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Split {
    pub file: usize,
    pub bytes: Range<usize>,
}

/// The parts of files of these sizes, partition by partition. `whole` keeps each file in one part.
pub(crate) fn partitions(sizes: &[usize], whole: bool) -> Vec<Vec<Split>> {
    let total: usize = sizes.iter().map(|size| size + OPEN_COST).sum();
    let most = MAX_PARTITION_BYTES.min(OPEN_COST.max(total / DEFAULT_PARALLELISM));
    let mut splits: Vec<Split> = Vec::new();
    for (file, &size) in sizes.iter().enumerate() {
        let step = if whole { size.max(1) } else { most };
        splits.extend((0..size).step_by(step).map(|start| Split { file, bytes: start..size.min(start.saturating_add(step)) }));
    }
    // Longest first; a stable sort keeps the parts of a file in order.
    splits.sort_by_key(|split| std::cmp::Reverse(split.bytes.len()));
    let mut partitions: Vec<Vec<Split>> = Vec::new();
    let mut filled = 0;
    for split in splits {
        let size = split.bytes.len();
        match partitions.last_mut() {
            Some(partition) if filled + size <= most => partition.push(split),
            _ => {
                partitions.push(vec![split]);
                filled = 0;
            }
        }
        filled += size + OPEN_COST;
    }
    partitions
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Sizes and numbers of partitions as read_csv.py saw them.
    #[test]
    fn the_number_of_partitions_is_sparks() {
        for (size, expected) in [(0, 0), (110, 1), (4_194_310, 2), (10_000_010, 3), (41_943_050, 8)] {
            assert_eq!(partitions(&[size], false).len(), expected, "{size} bytes");
        }
        assert_eq!(partitions(&[41_943_050], true).len(), 1);
    }

    #[test]
    fn small_files_share_a_partition_and_every_byte_is_read_once() {
        let sizes = [1_000_000; 12];
        let partitions = partitions(&sizes, false);
        assert!(partitions.len() < 12);
        assert_eq!(partitions.iter().flatten().map(|s| s.bytes.len()).sum::<usize>(), 12_000_000);
    }
}

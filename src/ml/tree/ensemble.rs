//! Fitted trees as models use them: votes, means, leaves, and what models tell of them.

use std::sync::Arc;

use arrow_array::{ArrayRef, Float64Array};
use kindling_frame::{Column, DataFrame, DataType, Field, Schema, VectorColumn, vector_column};
use kindling_linalg::number::java_double;
use kindling_linalg::{Vector, VectorRef};
use kindling_partition::{Executor, Result};

use super::model::{Tree, importances};
use crate::attribute::{Attribute, AttributeGroup};
use crate::check;
use crate::dataset::Rows;

/// Rows that pass through trees between two looks at the Stop flag.
const CHUNK: usize = 256;

/// One or more trees over the same features.
#[derive(Clone, Debug)]
pub struct Ensemble {
    pub trees: Vec<Tree>,
    /// The number of features.
    pub width: usize,
    /// The number of classes; zero for regression.
    pub classes: usize,
}

impl Ensemble {
    /// Adds up what each tree says of the classes: the shares of the rows of its leaf.
    pub(crate) fn votes(&self, row: VectorRef<'_>, out: &mut [f64]) {
        out.fill(0.0);
        for tree in &self.trees {
            let stats = tree.stats_of(tree.leaf(row));
            let total: f64 = stats.iter().sum();
            if total != 0.0 {
                out.iter_mut().zip(stats).for_each(|(out, count)| *out += count / total);
            }
        }
    }

    /// The mean of what the trees predict.
    pub(crate) fn mean(&self, row: VectorRef<'_>) -> f64 {
        self.trees.iter().map(|tree| tree.nodes[tree.leaf(row)].prediction).sum::<f64>() / self.trees.len() as f64
    }

    /// In each tree the number of the leaf, in preorder.
    pub(crate) fn leaves(&self, row: VectorRef<'_>) -> Vec<f64> {
        self.trees.iter().map(|tree| f64::from(tree.nodes[tree.leaf(row)].leaf)).collect()
    }

    /// The importance of each feature, as a sparse vector of those that are split at all.
    pub(crate) fn importances(&self, alike: bool) -> Vector {
        let values = importances(&self.trees, self.width, alike);
        let (indices, nonzero): (Vec<i32>, Vec<f64>) =
            values.iter().enumerate().filter(|(_, v)| **v != 0.0).map(|(i, v)| (i as i32, *v)).unzip();
        kindling_linalg::SparseVector::new(self.width, indices, nonzero).map_or(Vector::Dense(values), Vector::Sparse)
    }

    pub(crate) fn total_nodes(&self) -> usize {
        self.trees.iter().map(|tree| tree.nodes.len()).sum()
    }

    /// All trees as text behind a line that tells of the model.
    pub(crate) fn text(&self, head: &str, weight: impl Fn(usize) -> f64) -> String {
        self.trees
            .iter()
            .enumerate()
            .fold(format!("{head}\n"), |text, (i, tree)| format!("{text}  Tree {i} (weight {}):\n{}", java_double(weight(i)), tree.text(4)))
    }

    /// The field of a column of leaves: a number for one tree, a vector for a forest.
    fn leaf_field(&self, name: &Arc<str>, forest: bool) -> Field {
        let nominal = |tree: &Tree| {
            let leaves = tree.nodes.iter().filter(|node| node.branch.is_none()).count();
            Attribute::categories_without_names(leaves)
        };
        if forest {
            let group = AttributeGroup::new(self.trees.iter().map(nominal).collect());
            Field::new(name.clone(), DataType::Vector, true).with_metadata(Some(group.to_metadata(None)))
        } else {
            Field::new(name.clone(), DataType::Double, false).with_metadata(Some(nominal(&self.trees[0]).to_metadata(None)))
        }
    }

    /// Adds the column of leaves to a schema, when one is asked for.
    pub(crate) fn leaf_schema(&self, schema: Schema, name: Option<&Arc<str>>, forest: bool) -> Result<Schema> {
        name.map_or_else(|| Ok(schema.clone()), |name| check::append(&schema, self.leaf_field(name, forest)))
    }
}

/// Adds the column of leaves, when one is asked for.
pub(crate) fn with_leaves(
    ensemble: &Arc<Ensemble>,
    data: &DataFrame,
    features: &str,
    name: Option<&Arc<str>>,
    forest: bool,
) -> Result<DataFrame> {
    let Some(name) = name else { return Ok(data.clone()) };
    let field = ensemble.leaf_field(name, forest);
    let ensemble = ensemble.clone();
    let column = Column::native(name.clone(), [data.col(features)?], field, move |executor, args, _| {
        let trees = ensemble.trees.len();
        let leaves = each_row(executor, &args[0], ensemble.width, trees, |row, out| out.copy_from_slice(&ensemble.leaves(row)))?;
        if forest {
            vector_column::from_dense_block(leaves.len() / trees, trees, leaves)
        } else {
            Ok(Arc::new(Float64Array::from(leaves)) as ArrayRef)
        }
    });
    data.with_column(name, &column)
}

/// `size` numbers for each row of a column of features.
pub(crate) fn each_row(
    executor: &Executor,
    features: &ArrayRef,
    width: usize,
    size: usize,
    write: impl Fn(VectorRef<'_>, &mut [f64]),
) -> Result<Vec<f64>> {
    let rows = Rows::read(features, width)?;
    let mut numbers = vec![0.0; VectorColumn::new(features)?.len() * size];
    for (i, out) in numbers.chunks_exact_mut(size).enumerate() {
        if i % CHUNK == 0 {
            executor.check()?;
        }
        write(rows.row(i), out);
    }
    Ok(numbers)
}

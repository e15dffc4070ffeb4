//! Trees as the tables that Spark saves (`org.apache.spark.ml.tree.DecisionTreeModelReadWrite`): a row for each node, in preorder.

use kindling_partition::Result;

use super::best_split::Split;
use super::impurity::Impurity;
use super::model::{Branch, Node, Tree};
use crate::param::Params;
use crate::persist::{self, Record, Saved, Stored};
use crate::stage::StageDecl;
use crate::value::MlValue;

/// The columns of one tree.
pub const NODES: &str = "id int, prediction double, impurity double, impurityStats array<double>, rawCount bigint, gain double, \
                         leftChild int, rightChild int, \
                         split struct<featureIndex:int,leftCategoriesOrThreshold:array<double>,numCategories:int>";

/// The columns of several trees.
pub const TREES: &str = "treeID int, nodeData struct<id:int,prediction:double,impurity:double,impurityStats:array<double>,rawCount:bigint,\
                         gain:double,leftChild:int,rightChild:int,\
                         split:struct<featureIndex:int,leftCategoriesOrThreshold:array<double>,numCategories:int>>";

/// The columns of what is said of each tree: its number, its metadata, its weight.
pub const TREES_METADATA: &str = "_1 int, _2 string, _3 double";

/// The rows of one tree.
pub fn node_rows(tree: &Tree) -> Vec<Vec<MlValue>> {
    let row = |(i, node): (usize, &Node)| {
        let (gain, left, right, split) = match &node.branch {
            None => (-1.0, -1, -1, (-1, Vec::new(), -1)),
            Some(Branch { split, gain, right }) => {
                let split = match split {
                    Split::Continuous { feature, threshold } => (*feature as i64, vec![*threshold], -1),
                    Split::Categorical { feature, left, arity } => {
                        (*feature as i64, left.iter().map(|category| f64::from(*category)).collect(), *arity as i64)
                    }
                };
                (*gain, i as i64 + 1, i64::from(*right), split)
            }
        };
        vec![
            MlValue::Int(i as i64),
            node.prediction.into(),
            node.impurity.into(),
            MlValue::Array(tree.stats_of(i).to_vec()),
            MlValue::Int(node.rows as i64),
            gain.into(),
            left.into(),
            right.into(),
            MlValue::Tuple(vec![split.0.into(), MlValue::Array(split.1), split.2.into()]),
        ]
    };
    tree.nodes.iter().enumerate().map(row).collect()
}

/// The rows of several trees.
pub fn tree_rows(trees: &[Tree]) -> Vec<Vec<MlValue>> {
    let rows = trees
        .iter()
        .enumerate()
        .flat_map(|(i, tree)| node_rows(tree).into_iter().map(move |node| vec![MlValue::Int(i as i64), MlValue::Tuple(node)]));
    rows.collect()
}

/// What is said of each tree of an ensemble: the params that it shares with the model of a single tree, and its weight.
pub fn about_trees(params: &Params, tree: &'static StageDecl, weights: &[f64]) -> Vec<Vec<MlValue>> {
    let about = |(i, weight): (usize, &f64)| {
        let metadata = persist::metadata_line(&params.for_fitted(tree), &Saved::default(), 0);
        vec![MlValue::Int(i as i64), metadata.into(), (*weight).into()]
    };
    weights.iter().enumerate().map(about).collect()
}

/// The tree of a saved decision tree.
///
/// # Errors
/// When the table isn't whole.
pub fn read_tree(stored: &Stored<'_>, impurity: Impurity) -> Result<Tree> {
    let column = |record: &Record, name: &str| record.get(name).cloned();
    let names = ["id", "prediction", "impurity", "impurityStats", "rawCount", "gain", "leftChild", "rightChild", "split"];
    let rows = stored.rows("data")?;
    let nodes = rows.iter().map(|record| names.iter().map(|name| column(record, name)).collect::<Result<Vec<_>>>());
    tree(nodes.collect::<Result<_>>()?, impurity).ok_or_else(|| broken(stored))
}

/// The trees of a saved ensemble, and the weight of each.
///
/// # Errors
/// As [`read_tree`].
pub fn read_trees(stored: &Stored<'_>, impurity: Impurity) -> Result<(Vec<Tree>, Vec<f64>)> {
    let mut about = stored.rows("treesMetadata")?.iter().map(|row| Ok((row.count("_1")?, row.float("_3")?))).collect::<Result<Vec<_>>>()?;
    about.sort_by_key(|(tree, _)| *tree);
    let mut nodes: Vec<Vec<Vec<MlValue>>> = vec![Vec::new(); about.len()];
    for row in stored.rows("data")? {
        let place = nodes.get_mut(row.count("treeID")?).ok_or_else(|| broken(stored))?;
        place.push(row.list("nodeData")?);
    }
    let trees = nodes.into_iter().map(|nodes| tree(nodes, impurity).ok_or_else(|| broken(stored)));
    Ok((trees.collect::<Result<_>>()?, about.into_iter().map(|(_, weight)| weight).collect()))
}

fn broken(stored: &Stored<'_>) -> kindling_partition::Error {
    stored.broken("has a tree that isn't whole")
}

/// A tree of its rows in any order; `None` when a node is missing.
fn tree(mut rows: Vec<Vec<MlValue>>, impurity: Impurity) -> Option<Tree> {
    let int = |value: &MlValue| if let MlValue::Int(value) = value { Some(*value) } else { None };
    rows.sort_by_key(|row| row.first().and_then(int));
    let mut found = Tree { impurity, nodes: Vec::with_capacity(rows.len()), stats: Vec::new(), stride: 0 };
    let mut leaf = 0;
    for (i, row) in rows.iter().enumerate() {
        let [id, prediction, own, stats, count, gain, left, right, MlValue::Tuple(split)] = row.as_slice() else { return None };
        let (stats, right) = (stats.numbers()?, int(right)?);
        if int(id)? != i as i64 || (i > 0 && stats.len() != found.stride) {
            return None;
        }
        found.stride = stats.len();
        found.stats.extend(stats);
        let branch = if int(left)? < 0 {
            None
        } else {
            // In preorder the left child is the next node.
            let right = u32::try_from(right).ok().filter(|right| (i + 1..rows.len()).contains(&(*right as usize)))?;
            let [feature, values, categories] = split.as_slice() else { return None };
            let (feature, values) = (usize::try_from(int(feature)?).ok()?, values.numbers()?);
            let split = match usize::try_from(int(categories)?) {
                Ok(arity) => Split::Categorical { feature, left: values.into_iter().map(|value| value as u32).collect(), arity },
                Err(_) => Split::Continuous { feature, threshold: *values.first()? },
            };
            Some(Branch { split, gain: gain.as_f64()?, right })
        };
        found.nodes.push(Node {
            prediction: prediction.as_f64()?,
            impurity: own.as_f64()?,
            rows: u64::try_from(int(count)?).unwrap_or(0),
            leaf,
            branch: branch.clone(),
        });
        leaf += u32::from(branch.is_none());
    }
    (!found.nodes.is_empty()).then_some(found)
}

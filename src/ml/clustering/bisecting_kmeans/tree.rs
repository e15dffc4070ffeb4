//! The tree of clusters: how it is grown from them, asked, saved and loaded.

use std::collections::BTreeMap;

use kindling_linalg::{VectorRef, kernels};
use kindling_partition::Result;
use serde_json::json;

use super::distance::{distance, nearest, zero_length};
use super::estimator::Cluster;
use crate::persist::{Saved, Stored};
use crate::stage::StageDecl;
use crate::value::MlValue;

/// The tree of clusters, each before its children; the first is the root.
#[derive(Clone, Debug)]
pub(super) struct Tree {
    nodes: Vec<Node>,
    pub leaves: usize,
    pub cosine: bool,
    pub width: usize,
}

#[derive(Clone, Debug)]
pub(super) struct Node {
    pub center: Vec<f64>,
    rows: usize,
    pub cost: f64,
    children: Vec<usize>,
    /// The number of the cluster, of a leaf.
    leaf: usize,
}

impl Tree {
    pub fn new(clusters: &[Cluster], cosine: bool, width: usize) -> Self {
        let mut tree = Self { nodes: Vec::new(), leaves: 0, cosine, width };
        tree.grow(clusters, 1);
        tree
    }

    fn grow(&mut self, clusters: &[Cluster], index: u64) -> Option<usize> {
        let cluster = clusters.iter().find(|cluster| cluster.index == index)?;
        let at = self.nodes.len();
        let (center, rows, cost) = (cluster.center.clone(), cluster.rows, cluster.cost);
        self.nodes.push(Node { center, rows, cost, children: Vec::new(), leaf: self.leaves });
        let children: Vec<usize> = [2 * index, 2 * index + 1].into_iter().filter_map(|child| self.grow(clusters, child)).collect();
        if children.is_empty() {
            self.leaves += 1;
        }
        self.nodes[at].children = children;
        Some(at)
    }

    /// The tree that `org.apache.spark.mllib.clustering.BisectingKMeansModel` saved: leaves have their clusters' numbers, others less than zero.
    pub fn load(stored: &Stored<'_>) -> Result<Self> {
        let line = stored.line("data/metadata")?;
        let rows = stored.rows("data/data")?.into_iter().map(|row| Ok((row.int("index")?, row))).collect::<Result<BTreeMap<_, _>>>()?;
        let mut tree = Self { nodes: Vec::new(), leaves: 0, cosine: line["distanceMeasure"] == "cosine", width: 0 };
        let mut below = vec![(line["rootId"].as_i64().unwrap_or(0), None)];
        while let Some((index, parent)) = below.pop() {
            let row = rows.get(&index).ok_or_else(|| stored.broken("misses a cluster"))?;
            let at = tree.nodes.len();
            let node = Node {
                center: row.numbers("center")?,
                rows: row.count("size")?,
                cost: row.float("cost")?,
                children: Vec::new(),
                leaf: usize::try_from(index).unwrap_or(0),
            };
            tree.width = node.center.len();
            tree.nodes.push(node);
            if let Some(parent) = parent {
                let parent: &mut Node = &mut tree.nodes[parent];
                parent.children.push(at);
            }
            tree.leaves += usize::from(index >= 0);
            below.extend(row.list("children")?.iter().rev().filter_map(MlValue::as_f64).map(|child| (child as i64, Some(at))));
        }
        Ok(tree)
    }

    pub fn saved(&self, decl: &'static StageDecl) -> Result<Saved> {
        let mut inner = 0;
        let indices: Vec<i64> = self
            .nodes
            .iter()
            .map(|node| {
                inner -= i64::from(!node.children.is_empty());
                if node.children.is_empty() { node.leaf as i64 } else { inner }
            })
            .collect();
        let row = |(at, node): (usize, &Node)| {
            let away = |child: &usize| distance(&node.center, VectorRef::Dense(&self.nodes[*child].center), self.cosine);
            let farthest = node.children.iter().map(away).fold(0.0, f64::max);
            vec![
                MlValue::Int(indices[at]),
                MlValue::Int(node.rows as i64),
                MlValue::Array(node.center.clone()),
                kernels::norm(&node.center).into(),
                node.cost.into(),
                if self.cosine { farthest } else { libm::sqrt(farthest) }.into(),
                MlValue::List(node.children.iter().map(|child| MlValue::Int(indices[*child])).collect()),
            ]
        };
        let line = json!({
            "class": "org.apache.spark.mllib.clustering.BisectingKMeansModel",
            "version": "3.0",
            "rootId": indices.first(),
            "distanceMeasure": if self.cosine { "cosine" } else { "euclidean" },
            "trainingCost": self.leaves().map(|leaf| leaf.cost).sum::<f64>(),
        });
        let columns = "index int, size bigint, center mllib vector, norm double, cost double, height double, children array<int>";
        let saved = Saved::rows(decl, Vec::new())?.line("data/metadata", line);
        saved.table("data/data", columns, self.nodes.iter().enumerate().map(row).collect())
    }

    pub fn leaves(&self) -> impl Iterator<Item = &Node> {
        self.nodes.iter().filter(|node| node.children.is_empty())
    }

    /// The cluster of a row, and the row's distance to its centre.
    pub fn find(&self, row: VectorRef<'_>) -> Result<(usize, f64)> {
        if self.cosine && row.active().all(|(_, v)| v == 0.0) {
            return Err(zero_length());
        }
        let Some(mut node) = self.nodes.first() else { return Ok((0, 0.0)) };
        let mut cost = None;
        while !node.children.is_empty() {
            let Some((i, found)) = nearest(node.children.iter().map(|child| &*self.nodes[*child].center), row, self.cosine) else { break };
            (node, cost) = (&self.nodes[node.children[i]], Some(found));
        }
        Ok((node.leaf, cost.unwrap_or_else(|| distance(&node.center, row, self.cosine))))
    }
}

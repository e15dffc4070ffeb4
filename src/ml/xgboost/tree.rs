//! One fitted tree, in the arrays that XGBoost's model files have.

/// A tree; node 0 is its root, and the two children of a node have numbers above its own.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Tree {
    pub nodes: Vec<Node>,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Node {
    pub parent: u32,
    /// -1 in a leaf.
    pub left: i32,
    pub right: i32,
    pub feature: u32,
    /// Values below it go left; the value of a leaf.
    pub condition: f32,
    pub default_left: bool,
    /// What the node would say as a leaf, before the learning rate.
    pub weight: f32,
    /// The sum of the second derivatives of its rows.
    pub cover: f32,
    pub gain: f32,
}

/// The parent of a root.
pub(super) const NO_PARENT: u32 = i32::MAX as u32;

impl Node {
    pub fn leaf(parent: u32, value: f32, weight: f32, cover: f32) -> Self {
        Self { parent, left: -1, right: -1, feature: 0, condition: value, default_left: false, weight, cover, gain: 0.0 }
    }

    pub fn is_leaf(&self) -> bool {
        self.left < 0
    }
}

impl Tree {
    /// What the tree says of a row; a feature that the row doesn't have is missing.
    pub fn predict(&self, row: &[f32]) -> f32 {
        let mut node = &self.nodes[0];
        while !node.is_leaf() {
            let value = row.get(node.feature as usize).copied().unwrap_or(f32::NAN);
            let left = if value.is_nan() { node.default_left } else { value < node.condition };
            node = &self.nodes[if left { node.left } else { node.right } as usize];
        }
        node.condition
    }

    /// The nodes that split.
    pub fn splits(&self) -> impl Iterator<Item = &Node> {
        self.nodes.iter().filter(|node| !node.is_leaf())
    }
}

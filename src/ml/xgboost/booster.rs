//! A trained booster: its trees, and what they say of rows.

use std::collections::BTreeMap;

use kindling_partition::{Error, Executor, Result};

use super::data::Table;
use super::objective::Objective;
use super::tree::Tree;

/// Rows that go through one tree before the next tree is taken.
const BLOCK: usize = 64;

#[derive(Clone, Debug)]
pub struct Booster {
    pub(super) objective: Objective,
    /// One for each output: labels, not margins, but for several classes.
    pub(super) base_score: Vec<f32>,
    /// Whether the base score was estimated from labels.
    pub(super) estimated: bool,
    /// Round by round, one for each output.
    pub(super) trees: Vec<Tree>,
    pub(super) features: usize,
    /// As given by the user; empty for `f0`, `f1`, …
    pub(super) names: Vec<String>,
    pub(super) types: Vec<String>,
    /// `best_iteration` and `best_score` among them.
    pub(super) attributes: BTreeMap<String, String>,
}

impl Booster {
    pub(super) fn outputs(&self) -> usize {
        self.objective.outputs()
    }

    pub fn rounds(&self) -> usize {
        self.trees.len() / self.outputs()
    }

    /// The best round, when training stopped early.
    pub fn best_iteration(&self) -> Option<usize> {
        self.attributes.get("best_iteration")?.parse().ok()
    }

    /// The trees of the rounds up to the best.
    fn used(&self) -> &[Tree] {
        let rounds = self.best_iteration().map_or(self.rounds(), |best| (best + 1).min(self.rounds()));
        &self.trees[..rounds * self.outputs()]
    }

    /// The margins of rows before any tree.
    pub(super) fn base_margins(&self) -> Vec<f32> {
        self.base_score.iter().map(|score| self.objective.to_margin(*score)).collect()
    }

    /// The margins of all rows, one for each output; from these base margins in the place of the booster's own when there are some.
    ///
    /// # Errors
    /// When rows have another number of features, and when Stop was pressed.
    pub(super) fn margins(&self, executor: &Executor, table: &Table, base: Option<&[f64]>) -> Result<Vec<f32>> {
        if table.rows > 0 && table.width != self.features {
            return Err(Error::runtime(format!("Feature shape mismatch, expected: {}, got {}", self.features, table.width)));
        }
        let outputs = self.outputs();
        let own = self.base_margins();
        let mut margins = Vec::with_capacity(table.rows * outputs);
        for row in 0..table.rows {
            match base {
                Some(base) => margins.extend(std::iter::repeat_n(base[row] as f32, outputs)),
                None => margins.extend_from_slice(&own),
            }
        }
        let trees = self.used();
        for start in (0..table.rows).step_by(BLOCK) {
            executor.check()?;
            let end = (start + BLOCK).min(table.rows);
            for (i, tree) in trees.iter().enumerate() {
                for row in start..end {
                    margins[row * outputs + i % outputs] += tree.predict(table.row(row));
                }
            }
        }
        Ok(margins)
    }

    pub(super) fn name(&self, feature: u32) -> String {
        self.names.get(feature as usize).cloned().unwrap_or_else(|| format!("f{feature}"))
    }

    /// How much each feature that splits at all is worth, in the order of features.
    ///
    /// # Errors
    /// When there is no importance of this kind.
    pub fn importances(&self, kind: &str) -> Result<Vec<(String, f64)>> {
        if !["weight", "gain", "cover", "total_gain", "total_cover"].contains(&kind) {
            return Err(Error::value_error(format!(
                "Unknown feature importance type, expected one of: {{\"weight\", \"total_gain\", \"total_cover\", \"gain\", \"cover\"}}, got: \
                 {kind}"
            )));
        }
        let mut found: BTreeMap<u32, (f32, f32)> = BTreeMap::new();
        for node in self.trees.iter().flat_map(Tree::splits) {
            let (count, sum) = found.entry(node.feature).or_default();
            *count += 1.0;
            *sum += if kind.ends_with("gain") { node.gain } else { node.cover };
        }
        let value = |count: f32, sum: f32| match kind {
            "weight" => count,
            "gain" | "cover" => sum / count,
            _ => sum,
        };
        Ok(found.into_iter().map(|(feature, (count, sum))| (self.name(feature), f64::from(value(count, sum)))).collect())
    }
}

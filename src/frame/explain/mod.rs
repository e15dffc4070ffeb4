//! What `explain()` prints: plans as text, in the words and the layout of Spark.

mod formatted;
mod logical;
mod physical;
mod size;
mod text;
mod tree;

use kindling_partition::{Error, Result};

use crate::dataframe::DataFrame;

/// How much `explain` tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ExplainMode {
    /// The physical plan.
    Simple,
    /// The logical plans too.
    Extended,
    /// The physical plan's outline, then each step's details.
    Formatted,
    /// The optimized plan with guesses of its sizes, and the physical plan.
    Cost,
    /// Spark's generated code, which Kindling hasn't.
    Codegen,
}

impl ExplainMode {
    /// # Errors
    /// When there is no such mode.
    pub fn parse(name: &str) -> Result<Self> {
        Ok(match name.to_lowercase().as_str() {
            "simple" => Self::Simple,
            "extended" => Self::Extended,
            "formatted" => Self::Formatted,
            "cost" => Self::Cost,
            "codegen" => Self::Codegen,
            _ => {
                return Err(Error::illegal_argument(format!(
                    "Unknown explain mode: {name}. Accepted explain modes are 'simple', 'extended', 'codegen', 'cost', 'formatted'."
                )));
            }
        })
    }
}

impl DataFrame {
    /// The plan as Spark would run it, as a tree, the last step first. Node ids and plan ids are this session's own. Frames know no names that
    /// are still open, so the parsed plan is the analyzed one.
    pub fn explain(&self, mode: ExplainMode) -> String {
        let optimized = self.optimized();
        let physical = || physical::plan(&optimized, self.session());
        let simple = || format!("== Physical Plan ==\n{}", tree::drawn(&physical()));
        match mode {
            ExplainMode::Simple => simple() + "\n",
            ExplainMode::Extended => {
                let columns: Vec<String> = self.schema().iter().map(|f| format!("{}: {}", f.name, f.data_type.simple_string())).collect();
                let analyzed = tree::drawn(&logical::plan(self.plan(), None));
                let optimized = tree::drawn(&logical::plan(&optimized, None));
                format!(
                    "== Parsed Logical Plan ==\n{analyzed}\n== Analyzed Logical Plan ==\n{}\n{analyzed}\n== Optimized Logical Plan ==\n{optimized}\n{}",
                    columns.join(", "),
                    simple()
                )
            }
            ExplainMode::Cost => {
                let optimized = tree::drawn(&logical::plan(&optimized, Some(size::bytes)));
                format!("== Optimized Logical Plan ==\n{optimized}\n{}\n", simple())
            }
            ExplainMode::Formatted => format!("== Physical Plan ==\n{}", formatted::text(&physical())),
            ExplainMode::Codegen => format!(
                "No generated code: Spark compiles the steps marked *(n) to Java, Kindling runs them as they are, over whole columns.\n{}",
                simple()
            ),
        }
    }
}

#[cfg(test)]
mod tests;

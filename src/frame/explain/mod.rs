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

impl DataFrame {
    /// `sameSemantics`: whether both are sure to give the same rows: the same plan over the same sources, whatever its columns are called.
    pub fn same_semantics(&self, other: &DataFrame) -> bool {
        self.semantics() == other.semantics()
    }

    /// The analyzed plan with columns numbered in the order of their appearance instead of named, and the places of sources in memory.
    fn semantics(&self) -> String {
        let plan = crate::optimize::unoptimized(self.plan(), &crate::cache::Cache::default());
        let (text, mut out) = (tree::drawn(&logical::plan(&plan, None)), String::new());
        let mut known: Vec<&str> = Vec::new();
        for (i, part) in text.split('#').enumerate() {
            let digits = if i == 0 { 0 } else { part.find(|c: char| !c.is_ascii_digit()).unwrap_or(part.len()) };
            let (id, rest) = part.split_at(digits);
            if i > 0 {
                let place = known.iter().position(|k| *k == id).unwrap_or_else(|| {
                    known.push(id);
                    known.len() - 1
                });
                out.push_str(&format!("#{place}"));
            }
            // The name stands before the identity.
            let name = rest.trim_end_matches(|c: char| c.is_alphanumeric() || c == '_');
            out.push_str(if i + 1 < text.split('#').count() { name } else { rest });
        }
        sources(&plan, &mut out);
        out
    }
}

fn sources(plan: &std::sync::Arc<crate::plan::Plan>, out: &mut String) {
    if let crate::plan::Plan::Scan { source, .. } = &**plan {
        let name = source.name();
        // Two ranges of the same numbers are the same.
        out.push_str(&if name.starts_with("Range") { name } else { format!("{:p}", std::sync::Arc::as_ptr(source)) });
    }
    plan.children().into_iter().for_each(|child| sources(child, out));
}

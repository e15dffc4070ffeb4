use std::sync::Arc;

use crate::expr::Attribute;
use crate::schema::Schema;
use crate::source::Source;
use crate::typed::{Named, Typed};

/// An analyzed, lazy plan: what to compute, with every column resolved.
pub enum Plan {
    Scan { source: Arc<dyn Source>, output: Vec<Attribute> },
    Project { child: Arc<Plan>, columns: Vec<Named> },
    Filter { child: Arc<Plan>, condition: Typed },
}

impl Plan {
    /// A scan whose columns get new identities.
    pub fn scan(source: Arc<dyn Source>) -> Self {
        let output = source.schema().iter().cloned().map(Attribute::new).collect();
        Self::Scan { source, output }
    }

    /// The columns that the plan gives, in order.
    pub fn output(&self) -> Vec<Attribute> {
        match self {
            Self::Scan { output, .. } => output.clone(),
            Self::Project { columns, .. } => columns.iter().map(|c| c.attribute.clone()).collect(),
            Self::Filter { child, .. } => child.output(),
        }
    }

    pub fn schema(&self) -> Schema {
        self.output().into_iter().map(|a| a.field).collect()
    }
}

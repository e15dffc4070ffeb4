//! Stages in folders, in Spark's own layout: what is saved here opens in Spark 4.3, and what Spark saved opens here.
//!
//! A folder has `metadata/part-00000-….txt`, one line of JSON with the class, the uid and the params, and for a model Parquet tables (`data`) or the
//! folders of stages inside it.
//!
//! # A model that can be saved
//!
//! Its declaration says what Spark's class writes, and how a model comes of it again:
//!
//! ```ignore
//! StageDecl::model("StandardScalerModel", "feature", DOC, PARAMS)
//!     .members(&[MemberDecl::attribute("mean", MEAN), MemberDecl::attribute("std", STD)])
//!     .saved("std vector, mean vector", |params, stored| {
//!         let row = stored.row()?;
//!         Ok(Arc::new(StandardScalerModel::new(params, row.numbers("mean")?, row.numbers("std")?)?))
//!     })
//! ```
//!
//! The text names the columns of the one row of `data` in Spark's order (`org.apache.spark.ml.….Data`), with their types as in SQL, and
//! `vector` and `matrix`. Each value is the model's member of that name; a model whose columns are no members, with rows, more tables or
//! stages inside, has its own [`Model::saved`]:
//!
//! ```ignore
//! fn saved(&self) -> Result<Saved> {
//!     Saved::row(self.decl(), [self.width.into(), self.pi.clone().into()])     // by position
//! }
//! ```
//!
//! Fields of the metadata that Spark adds (`numFeatures`, `numClasses`) are named by `.saved_fields(&["numFeatures"])`: each a member. Read
//! them with [`Stored::int`].

mod json;
mod layout;
mod load;
mod metadata;
mod save;
mod saved;
mod stored;
#[cfg(test)]
mod tests;

pub(crate) use json::{decode, encode};
pub use load::{is_of_python, load, remove_folder};
pub(crate) use metadata::line as metadata_line;
pub use save::{SaveOptions, save};
pub use saved::{Saved, SavedTable};
pub use stored::{Record, Stored};

use std::sync::Arc;

use kindling_partition::Result;

use crate::param::Params;
use crate::stage::Model;

/// How a class is saved.
#[derive(Clone, Copy, Debug)]
pub enum Saving {
    /// Not at all: summaries, and stages that Spark doesn't save either.
    Never,
    /// Its params alone.
    Params,
    Model(ModelSaving),
    /// A stage with others inside.
    Around {
        /// What it has beside its params.
        save: fn(&Params) -> Result<Saved>,
        /// Sets the params that are stages.
        load: fn(Params, &Stored) -> Result<Params>,
    },
}

/// How a model is saved.
#[derive(Clone, Copy, Debug)]
pub struct ModelSaving {
    /// Fields of the metadata, each a member of the model.
    pub fields: &'static [&'static str],
    /// The columns of the table `data`: `"std vector, mean vector"`; empty for none.
    pub columns: &'static str,
    pub load: fn(Params, &Stored) -> Result<Arc<dyn Model>>,
}

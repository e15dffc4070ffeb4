//! What a stage is: its declaration, the traits that say what it does, and the handle that Python and pipelines share.

mod decl;
mod foreign;
mod handle;
pub(crate) mod members;
mod traits;

pub use decl::{Make, MemberDecl, MemberKind, Role, StageDecl, StaticDecl};
pub use foreign::{Foreign, Opaque, foreign_decl};
pub use handle::Stage;
pub use traits::{Estimator, Evaluator, Model, Object, Transformer};

//! Every class of `pyspark.ml` that Kindling has, one line each.

use crate::stage::StageDecl;

/// All declared classes, by module.
pub fn registry() -> &'static [&'static StageDecl] {
    REGISTRY
}

/// The class of this name.
pub fn find(name: &str) -> Option<&'static StageDecl> {
    REGISTRY.iter().copied().find(|decl| decl.name == name)
}

static REGISTRY: &[&StageDecl] = &[];

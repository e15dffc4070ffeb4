//! The declared classes in the form that guided forms, help and completion need.

use kindling_ml::{MlValue, ParamKind, Params, Role, StageDecl, registry};

/// A class that a user can construct.
#[derive(Clone, Debug)]
pub struct StageDescription {
    pub name: &'static str,
    /// `pyspark.ml.classification`
    pub module: String,
    pub role: Role,
    pub doc: &'static str,
    pub params: Vec<ParamDescription>,
}

#[derive(Clone, Debug)]
pub struct ParamDescription {
    /// As a keyword of the constructor.
    pub name: String,
    pub doc: &'static str,
    pub kind: ParamKind,
    /// The default as Python writes it; none when the param has none.
    pub default: Option<String>,
}

/// The estimators, transformers and evaluators.
pub fn stages() -> Vec<StageDescription> {
    let constructible =
        registry().iter().copied().filter(|decl| matches!(decl.role(), Role::Estimator | Role::Transformer | Role::Evaluator));
    constructible.map(described).collect()
}

pub(crate) fn described(decl: &'static StageDecl) -> StageDescription {
    let defaults = Params::new(decl);
    let known = decl.params.iter().filter_map(|param| Some((param, decl.keyword(param)?)));
    let params = known.map(|(param, name)| ParamDescription {
        name,
        doc: param.doc,
        kind: param.kind,
        default: defaults.get(param.name).filter(|_| !matches!(param.name, "seed" | "outputCol")).map(|value| written(&value)),
    });
    StageDescription { name: decl.name, module: decl.python_module(), role: decl.role(), doc: decl.doc, params: params.collect() }
}

/// A value as Python source.
fn written(value: &MlValue) -> String {
    match value {
        MlValue::Text(text) => kindling_python::str_repr(text),
        other => kindling_ml::param::python_str(other),
    }
}

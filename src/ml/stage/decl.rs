use std::sync::Arc;

use kindling_partition::Result;

use super::traits::{Estimator, Evaluator, Model, Transformer};
use crate::param::{ParamDecl, Params};
use crate::persist::{ModelSaving, Saved, Saving, Stored};
use crate::value::MlValue;

/// A class of `pyspark.ml`, declared once: Python's constructor, setters, getters, help, forms and the conformance tests come from it.
#[derive(Debug)]
pub struct StageDecl {
    /// The class name.
    pub name: &'static str,
    /// The module under `pyspark.ml`: `classification`; empty for `pyspark.ml` itself. Modules of other packages are whole: `xgboost.spark`.
    pub module: &'static str,
    /// What it does, for someone who has not met it.
    pub doc: &'static str,
    /// In the order of PySpark's keyword arguments.
    pub params: &'static [ParamDecl],
    /// Attributes and methods of its own: of models, summaries, evaluators.
    pub members: &'static [MemberDecl],
    /// Functions of the class itself: `StringIndexerModel.from_labels`.
    pub statics: &'static [StaticDecl],
    pub make: Make,
    /// What an estimator's fit gives.
    pub model: Option<&'static StageDecl>,
    pub saving: Saving,
    /// How a constructor's keywords set params, where they have other names than the params.
    pub keywords: Option<SetKeyword>,
}

/// Sets what a keyword of a constructor was given.
pub type SetKeyword = fn(&mut Params, &str, MlValue) -> Result<()>;

/// How a declared stage comes to be.
#[derive(Clone, Copy, Debug)]
pub enum Make {
    /// Constructed by the user; the function checks the params.
    Estimator(fn(&Params) -> Result<Arc<dyn Estimator>>),
    Transformer(fn(&Params) -> Result<Arc<dyn Transformer>>),
    Evaluator(fn(&Params) -> Result<Arc<dyn Evaluator>>),
    /// Made by a fit.
    Model,
    /// Given by a model: a summary.
    Summary,
}

/// What a class is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    Estimator,
    Transformer,
    Evaluator,
    Model,
    Summary,
}

/// An attribute or method.
#[derive(Clone, Copy, Debug)]
pub struct MemberDecl {
    pub name: &'static str,
    pub doc: &'static str,
    pub kind: MemberKind,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MemberKind {
    /// Read without a call: `model.coefficients`.
    Attribute,
    /// Called with these arguments: `model.predict(value)`. `"maxDepth=5"` has a default, a Python literal. An argument without one that the
    /// caller left out arrives as `MlValue::None`.
    Method(&'static [&'static str]),
}

/// A function of a class.
#[derive(Clone, Copy, Debug)]
pub struct StaticDecl {
    pub name: &'static str,
    pub doc: &'static str,
    /// As in [`MemberKind::Method`].
    pub args: &'static [&'static str],
    pub call: fn(&[MlValue]) -> Result<MlValue>,
}

impl MemberDecl {
    pub const fn attribute(name: &'static str, doc: &'static str) -> Self {
        Self { name, doc, kind: MemberKind::Attribute }
    }

    pub const fn method(name: &'static str, args: &'static [&'static str], doc: &'static str) -> Self {
        Self { name, doc, kind: MemberKind::Method(args) }
    }
}

impl StageDecl {
    const fn new(name: &'static str, module: &'static str, doc: &'static str, params: &'static [ParamDecl], make: Make) -> Self {
        let saving = if matches!(make, Make::Model | Make::Summary) { Saving::Never } else { Saving::Params };
        Self { name, module, doc, params, members: &[], statics: &[], make, model: None, saving, keywords: None }
    }

    /// A class that is written outside the engine.
    pub(super) const fn foreign(name: &'static str, make: Make) -> Self {
        Self::new(name, "", "", &[], make)
    }

    pub const fn estimator(
        name: &'static str,
        module: &'static str,
        doc: &'static str,
        params: &'static [ParamDecl],
        make: fn(&Params) -> Result<Arc<dyn Estimator>>,
        model: &'static StageDecl,
    ) -> Self {
        Self { model: Some(model), ..Self::new(name, module, doc, params, Make::Estimator(make)) }
    }

    pub const fn transformer(
        name: &'static str,
        module: &'static str,
        doc: &'static str,
        params: &'static [ParamDecl],
        make: fn(&Params) -> Result<Arc<dyn Transformer>>,
    ) -> Self {
        Self::new(name, module, doc, params, Make::Transformer(make))
    }

    pub const fn evaluator(
        name: &'static str,
        module: &'static str,
        doc: &'static str,
        params: &'static [ParamDecl],
        make: fn(&Params) -> Result<Arc<dyn Evaluator>>,
    ) -> Self {
        Self::new(name, module, doc, params, Make::Evaluator(make))
    }

    pub const fn model(name: &'static str, module: &'static str, doc: &'static str, params: &'static [ParamDecl]) -> Self {
        Self::new(name, module, doc, params, Make::Model)
    }

    pub const fn summary(name: &'static str, module: &'static str, doc: &'static str) -> Self {
        Self::new(name, module, doc, &[], Make::Summary)
    }

    pub const fn members(self, members: &'static [MemberDecl]) -> Self {
        Self { members, ..self }
    }

    pub const fn statics(self, statics: &'static [StaticDecl]) -> Self {
        Self { statics, ..self }
    }

    /// A model's table of one row, `"std vector, mean vector"`, each column a member, and the model of it; see [`persist`](crate::persist).
    pub const fn saved(self, columns: &'static str, load: fn(Params, &Stored<'_>) -> Result<Arc<dyn Model>>) -> Self {
        Self { saving: Saving::Model(ModelSaving { fields: &[], columns, load }), ..self }
    }

    /// Fields that a saved model's metadata has beside Spark's own, each a member; after [`saved`](Self::saved).
    pub const fn saved_fields(self, fields: &'static [&'static str]) -> Self {
        match self.saving {
            Saving::Model(saving) => Self { saving: Saving::Model(ModelSaving { fields, ..saving }), ..self },
            _ => self,
        }
    }

    /// A constructed stage with others inside: what it saves beside its params, and how its params get the stages again.
    pub const fn saved_around(self, save: fn(&Params) -> Result<Saved>, load: fn(Params, &Stored<'_>) -> Result<Params>) -> Self {
        Self { saving: Saving::Around { save, load }, ..self }
    }

    pub const fn keywords(self, keywords: SetKeyword) -> Self {
        Self { keywords: Some(keywords), ..self }
    }

    /// Whether it is of another package than PySpark, written in Python: such params have no setters and getters.
    pub fn is_of_other_package(&self) -> bool {
        self.module.starts_with("xgboost.")
    }

    /// The keyword of a constructor that sets a param: its name, but `features_col` for `featuresCol` in other packages. None for params that
    /// no keyword sets.
    pub fn keyword(&self, param: &ParamDecl) -> Option<String> {
        if !self.is_of_other_package() {
            return Some(param.name.to_owned());
        }
        let mut keyword = String::with_capacity(param.name.len() + 2);
        for c in param.name.chars() {
            if c.is_ascii_uppercase() {
                keyword.push('_');
            }
            keyword.push(c.to_ascii_lowercase());
        }
        (!matches!(param.name, "features_cols" | "arbitrary_params_dict")).then_some(keyword)
    }

    pub fn role(&self) -> Role {
        match self.make {
            Make::Estimator(_) => Role::Estimator,
            Make::Transformer(_) => Role::Transformer,
            Make::Evaluator(_) => Role::Evaluator,
            Make::Model => Role::Model,
            Make::Summary => Role::Summary,
        }
    }

    pub fn param(&self, name: &str) -> Option<&'static ParamDecl> {
        self.params.iter().find(|param| param.name == name)
    }

    pub fn member(&self, name: &str) -> Option<&'static MemberDecl> {
        self.members.iter().find(|member| member.name == name)
    }

    /// The params in the order of `explainParams()`.
    pub fn params_by_name(&self) -> Vec<&'static ParamDecl> {
        let mut params: Vec<_> = self.params.iter().collect();
        params.sort_by_key(|param| param.name);
        params
    }

    /// `pyspark.ml.classification`.
    pub fn python_module(&self) -> String {
        match self.module {
            "" => "pyspark.ml".to_owned(),
            module if self.is_of_other_package() => module.to_owned(),
            module => format!("pyspark.ml.{module}"),
        }
    }
}

use super::range::Range;

/// All there is to know of a param: from it come keyword arguments, setters, `explainParams()`, validation, completion, help and forms.
///
/// Names, docs and defaults are PySpark 4.3's. Shared ones are constants of [`super::shared`]; a stage with its own default or range says
/// `MAX_ITER.default_int(100)`.
#[derive(Clone, Copy, Debug)]
pub struct ParamDecl {
    pub name: &'static str,
    pub doc: &'static str,
    pub kind: ParamKind,
    pub default: ParamDefault,
}

/// What a param holds: how Python converts a value that is set, what is allowed on use, and which control a form shows.
#[derive(Clone, Copy, Debug)]
pub enum ParamKind {
    Boolean,
    /// A 32-bit integer.
    Int(Range),
    /// A 64-bit integer: seeds.
    Long,
    Float(Range),
    /// One of a few words.
    Choice {
        options: &'static [&'static str],
        fold_case: bool,
    },
    Text,
    /// The name of a column that is read.
    Column,
    Columns,
    /// The name of a column that is added.
    OutputColumn,
    OutputColumns,
    TextList,
    TextListList,
    IntList(Range),
    FloatList(Range),
    FloatListList,
    Vector,
    Matrix,
    /// An estimator.
    Estimator,
    /// The stages of a pipeline, in order.
    Stages,
    /// The grid of a tuning estimator.
    ParamMaps,
    Evaluator,
    /// A Python function or anything else that Python keeps to itself.
    Any,
}

/// The value of a param that was not set.
#[derive(Clone, Copy, Debug)]
pub enum ParamDefault {
    /// None: reading the param unset is an error.
    Undefined,
    /// Python's `None`.
    Null,
    Bool(bool),
    Int(i64),
    Float(f64),
    Text(&'static str),
    TextList(&'static [&'static str]),
    FloatList(&'static [f64]),
    /// Python's `{}`.
    EmptyMap,
    /// `hash(type(self).__name__)`, as PySpark seeds.
    Seed,
    /// The stage's uid and `__output`.
    OutputOfUid,
}

impl ParamDecl {
    pub const fn new(name: &'static str, doc: &'static str, kind: ParamKind) -> Self {
        Self { name, doc, kind, default: ParamDefault::Undefined }
    }

    pub const fn default(self, default: ParamDefault) -> Self {
        Self { default, ..self }
    }

    pub const fn default_bool(self, value: bool) -> Self {
        self.default(ParamDefault::Bool(value))
    }

    pub const fn default_int(self, value: i64) -> Self {
        self.default(ParamDefault::Int(value))
    }

    pub const fn default_float(self, value: f64) -> Self {
        self.default(ParamDefault::Float(value))
    }

    pub const fn default_text(self, value: &'static str) -> Self {
        self.default(ParamDefault::Text(value))
    }

    pub const fn undefined(self) -> Self {
        self.default(ParamDefault::Undefined)
    }

    pub const fn doc(self, doc: &'static str) -> Self {
        Self { doc, ..self }
    }

    pub const fn kind(self, kind: ParamKind) -> Self {
        Self { kind, ..self }
    }

    /// The name of its setter or getter: `setMaxIter` for `maxIter` and `set`.
    pub fn accessor(&self, verb: &str) -> String {
        let mut name = String::from(verb);
        let mut letters = self.name.chars();
        name.extend(letters.next().map(|c| c.to_ascii_uppercase()));
        name.push_str(letters.as_str());
        name
    }
}

impl ParamKind {
    /// Whether it holds stages, which a saved stage has in folders of their own.
    pub fn is_inner(self) -> bool {
        matches!(self, Self::Estimator | Self::Stages | Self::ParamMaps | Self::Evaluator)
    }

    /// One of `options`, upper and lower case told apart.
    pub const fn choice(options: &'static [&'static str]) -> Self {
        Self::Choice { options, fold_case: false }
    }

    /// One of `options`, in any case.
    pub const fn choice_any_case(options: &'static [&'static str]) -> Self {
        Self::Choice { options, fold_case: true }
    }
}

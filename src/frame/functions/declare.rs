use std::fmt;

use arrow_array::ArrayRef;
use kindling_partition::{Error, Executor, Result, did_you_mean};

use super::loops::Arg;
use crate::column::Column;
use crate::typed::Typed;
use crate::types::DataType;

/// A function or operator as it was declared.
pub struct Function {
    /// Spark SQL's name: `upper`, `date_add`, `+`.
    pub name: &'static str,
    pub doc: &'static str,
    pub params: &'static [Param],
    /// Checks the arguments' types, adds the casts that Spark adds, and tells the result's type.
    pub(crate) resolve: fn(&mut [Typed]) -> Result<Outcome>,
    pub(crate) body: Body,
}

/// What a call gives.
pub(crate) struct Outcome {
    pub data_type: DataType,
    pub nullable: bool,
}

/// How a function is computed.
pub(crate) enum Body {
    /// Row by row, over whole columns.
    Scalar(fn(&Args<'_>) -> Result<ArrayRef>),
    /// As [`Scalar`](Self::Scalar), but another row may give another value for the same arguments (`rand`).
    Nondeterministic(fn(&Args<'_>) -> Result<ArrayRef>),
    /// One value for each group.
    Aggregate(Aggregate),
    /// Several rows for each row (`explode`).
    Generator { outer: bool, position: bool },
}

/// The aggregates that the engine knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Aggregate {
    Count,
    Sum,
    Avg,
    Min,
    Max,
    First { ignore_nulls: bool },
    Last { ignore_nulls: bool },
    StddevSamp,
    StddevPop,
    VarSamp,
    VarPop,
    Skewness,
    Kurtosis,
    Corr,
    CovarSamp,
    CovarPop,
    CollectList,
    CollectSet,
    ApproxCountDistinct,
    Percentile,
    PercentileApprox,
    Median,
    Mode,
    BoolAnd,
    BoolOr,
    CountIf,
    MaxBy,
    MinBy,
    Product,
}

/// A parameter of a function.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Param {
    pub name: &'static str,
    pub kind: ParamKind,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ParamKind {
    /// A column or the name of one.
    Column,
    /// A plain value (a number, a text), which PySpark passes as a literal.
    Literal,
    /// A plain value that may be left out.
    Optional,
    /// Any number of columns.
    Columns,
}

/// Declares parameters: `name` a column, `=name` a literal, `?name` an optional literal, `*name` any number of columns.
macro_rules! params {
    ($($text:literal),* $(,)?) => { const { &[$($crate::functions::declare::param($text)),*] } };
}
pub(super) use params;

pub(super) const fn param(text: &'static str) -> Param {
    let (first, rest) = match text.as_bytes().split_at_checked(1) {
        Some((first, _)) => (first[0], text.split_at(1).1),
        None => (0, text),
    };
    match first {
        b'=' => Param { name: rest, kind: ParamKind::Literal },
        b'?' => Param { name: rest, kind: ParamKind::Optional },
        b'*' => Param { name: rest, kind: ParamKind::Columns },
        _ => Param { name: text, kind: ParamKind::Column },
    }
}

impl Function {
    pub(super) const fn scalar(
        name: &'static str,
        doc: &'static str,
        params: &'static [Param],
        resolve: fn(&mut [Typed]) -> Result<Outcome>,
        kernel: fn(&Args<'_>) -> Result<ArrayRef>,
    ) -> Self {
        Self { name, doc, params, resolve, body: Body::Scalar(kernel) }
    }

    /// The aggregate that the function is, if it is one.
    pub fn aggregate(&self) -> Option<Aggregate> {
        match self.body {
            Body::Aggregate(aggregate) => Some(aggregate),
            _ => None,
        }
    }

    /// `upper(col)`, as documentation writes it.
    pub fn signature(&self) -> String {
        let params: Vec<String> = self
            .params
            .iter()
            .map(|p| match p.kind {
                ParamKind::Columns => format!("*{}", p.name),
                ParamKind::Optional => format!("{}=…", p.name),
                _ => p.name.to_owned(),
            })
            .collect();
        format!("{}({})", self.name, params.join(", "))
    }

    pub(crate) fn check_count(&self, given: usize) -> Result<()> {
        let least = self.params.iter().filter(|p| matches!(p.kind, ParamKind::Column | ParamKind::Literal)).count();
        let open = self.params.iter().any(|p| p.kind == ParamKind::Columns);
        if given < least || !open && given > self.params.len() {
            let expected = match (open, least == self.params.len()) {
                (true, _) => format!("at least {least}"),
                (false, true) => least.to_string(),
                (false, false) => format!("{least} to {}", self.params.len()),
            };
            let message = format!("The function '{}' takes {expected} argument(s), but got {given}: {}.", self.name, self.signature());
            return Err(Error::analysis(message).with_condition("WRONG_NUM_ARGS.WITHOUT_SUGGESTION"));
        }
        Ok(())
    }
}

impl Outcome {
    pub fn new(data_type: DataType, nullable: bool) -> Self {
        Self { data_type, nullable }
    }

    /// Null exactly where an argument is.
    pub fn strict(data_type: DataType, args: &[Typed]) -> Self {
        Self { data_type, nullable: args.iter().any(|a| a.nullable) }
    }
}

/// Where a kernel runs: which partition, on whose behalf.
pub(crate) struct Context<'a> {
    pub executor: &'a Executor,
    pub partition: usize,
}

/// The columns that a kernel computes from. A scalar argument has one row that stands for all.
pub(crate) struct Args<'a> {
    pub args: &'a [Arg],
    pub rows: usize,
    /// The type that the result must have.
    pub result: &'a DataType,
    pub context: &'a Context<'a>,
}

impl fmt::Debug for Function {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name)
    }
}

const REGISTRY: &[&[Function]] = &[
    super::operators::FUNCTIONS,
    super::compare::FUNCTIONS,
    super::conditional::FUNCTIONS,
    super::math::FUNCTIONS,
    super::string::FUNCTIONS,
    super::regexp::FUNCTIONS,
    super::temporal::FUNCTIONS,
    super::formats::FUNCTIONS,
    super::collection::FUNCTIONS,
    super::misc::FUNCTIONS,
    super::aggregates::FUNCTIONS,
];

/// Other names that Spark knows a function by.
const ALIASES: &[(&str, &str)] = &[
    ("==", "="),
    ("pow", "power"),
    ("ceiling", "ceil"),
    ("mean", "avg"),
    ("std", "stddev"),
    ("variance", "var_samp"),
    ("ucase", "upper"),
    ("lcase", "lower"),
    ("char_length", "length"),
    ("character_length", "length"),
    ("len", "length"),
    ("substr", "substring"),
    ("sign", "signum"),
    ("nvl", "ifnull"),
    ("day", "dayofmonth"),
    ("date_diff", "datediff"),
    ("dateadd", "date_add"),
    ("any_value", "first"),
    ("first_value", "first"),
    ("last_value", "last"),
    ("every", "bool_and"),
    ("some", "bool_or"),
    ("any", "bool_or"),
    ("approx_percentile", "percentile_approx"),
    ("array_agg", "collect_list"),
    ("regexp", "rlike"),
    ("regexp_like", "rlike"),
    ("position", "locate"),
    ("cardinality", "size"),
    ("negate", "negative"),
    ("!", "not"),
    ("random", "rand"),
    ("create_map", "map"),
];

/// All functions in the order they are declared.
pub fn all() -> impl Iterator<Item = &'static Function> + Clone {
    REGISTRY.iter().copied().flatten()
}

/// The function with this Spark SQL name.
pub fn lookup(name: &str) -> Option<&'static Function> {
    let canonical = ALIASES.iter().find(|(alias, _)| alias.eq_ignore_ascii_case(name)).map_or(name, |(_, canonical)| canonical);
    all().find(|f| f.name.eq_ignore_ascii_case(canonical))
}

pub(crate) fn declare_unknown(name: &str) -> Error {
    let near = did_you_mean(name, all().map(|f| f.name));
    Error::analysis(format!("There is no function '{name}'.{near}")).with_condition("UNRESOLVED_ROUTINE")
}

/// A call, checked at once for the function's name and the number of arguments.
///
/// # Errors
/// `UNRESOLVED_ROUTINE`, `WRONG_NUM_ARGS`
pub fn call(name: &str, args: Vec<Column>) -> Result<Column> {
    lookup(name).ok_or_else(|| declare_unknown(name))?.check_count(args.len())?;
    Ok(Column::call(name, args))
}

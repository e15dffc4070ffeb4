use std::fmt;

use arrow_array::ArrayRef;
use kindling_partition::{Error, Executor, Result, did_you_mean};

use super::higher_order::HigherOrder;
use super::loops::Arg;
use crate::column::Column;
use crate::typed::Typed;
use crate::types::DataType;
use crate::value::Value;

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
    /// Row by row, over whole columns, for what is called too seldom to have loops of its own: `kernel` gives the value of one row of the
    /// arguments' values. A strict one is null where an argument is, and isn't asked there.
    Rows { strict: bool, kernel: fn(&Cells<'_>) -> Result<Value> },
    /// Over the elements of arrays and maps: `bind` types the parameters of the lambda that comes after the arguments given so far.
    HigherOrder { bind: Bind, kernel: fn(&HigherOrder<'_, '_>) -> Result<ArrayRef> },
    /// Several rows for each row (`explode`): one for each element of the array or map that is its one argument. `members` makes columns of
    /// the members of the elements, which are structs (`inline`).
    Generator { outer: bool, position: bool, members: bool },
}

/// The types of a lambda's parameters and whether they may be null, from the arguments before it and the number of its parameters.
pub(crate) type Bind = fn(&mut [Typed], usize) -> Result<Vec<(DataType, bool)>>;

/// One row's values for a kernel of [`Body::Rows`].
pub(crate) struct Cells<'a> {
    pub values: &'a [Value],
    pub types: &'a [DataType],
    /// The type that the result must have.
    pub result: &'a DataType,
    pub context: &'a Context<'a>,
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
    PercentileDisc,
    PercentileApprox,
    Median,
    Mode,
    BoolAnd,
    BoolOr,
    CountIf,
    MaxBy,
    MinBy,
    Product,
    Regression(Regression),
    Cold(Cold),
    Sketch(Sketch),
}

impl Aggregate {
    /// Whether what it keeps of a group is an object to Spark, not a row of numbers.
    pub(crate) fn keeps_objects(self) -> bool {
        use Aggregate::{CollectList, CollectSet, Median, Mode, Percentile, PercentileApprox, PercentileDisc, Sketch};
        matches!(self, CollectList | CollectSet | Percentile | PercentileDisc | PercentileApprox | Median | Mode | Sketch(_))
    }
}

/// What the straight line through pairs of numbers has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Regression {
    AvgX,
    AvgY,
    Count,
    Intercept,
    R2,
    Slope,
    Sxx,
    Sxy,
    Syy,
}

/// Aggregates that make sketches of the values.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Sketch {
    CountMin,
    Hll,
    HllUnion,
    Theta,
    ThetaUnion,
    ThetaIntersection,
    Tuple { double: bool },
    TupleUnion { double: bool },
    TupleIntersection { double: bool },
    Kll(Numbers),
    KllMerge(Numbers),
}

/// The numbers of a sketch of quantiles.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Numbers {
    Long,
    Float,
    Double,
}

/// Aggregates that are called too seldom to have states of their own: they see all rows of a group at the end.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Cold {
    BitAnd,
    BitOr,
    BitXor,
    ListAgg,
    /// Of structs: the text, and what it is sorted by.
    OrderedListAgg,
    TrySum,
    TryAvg,
    /// The sum of intervals; too large a one is an error.
    IntervalSum,
    IntervalAvg,
    /// The values where another is largest or smallest, so many of them.
    MaxBy,
    MinBy,
    Histogram,
    CollectUnion,
    BitmapConstruct,
    BitmapOr,
    BitmapAnd,
    VectorSum,
    VectorAvg,
    /// Metrics of a column of vectors: `Summarizer`.
    VectorMetrics,
    /// The type that all variants fit.
    VariantSchema,
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
    /// A column or the name of one, that may be left out.
    OptionalColumn,
    /// A function of columns.
    Lambda,
    /// A function of columns that may be left out.
    OptionalLambda,
    /// Any number of columns.
    Columns,
    /// Any number of plain values.
    Literals,
}

/// Declares parameters: `name` a column, `=name` a literal, `?name` an optional literal, `*name` any number of columns, `+name` of plain values,
/// `~name` an optional column, `>name` a lambda, `<name` an optional one.
macro_rules! params {
    ($($text:literal),* $(,)?) => { const { &[$($crate::functions::param($text)),*] } };
}
pub(crate) use params;

pub(crate) const fn param(text: &'static str) -> Param {
    let (first, rest) = match text.as_bytes().split_at_checked(1) {
        Some((first, _)) => (first[0], text.split_at(1).1),
        None => (0, text),
    };
    match first {
        b'=' => Param { name: rest, kind: ParamKind::Literal },
        b'?' => Param { name: rest, kind: ParamKind::Optional },
        b'*' => Param { name: rest, kind: ParamKind::Columns },
        b'+' => Param { name: rest, kind: ParamKind::Literals },
        b'~' => Param { name: rest, kind: ParamKind::OptionalColumn },
        b'>' => Param { name: rest, kind: ParamKind::Lambda },
        b'<' => Param { name: rest, kind: ParamKind::OptionalLambda },
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

    /// A function of one row's values that is null where an argument is.
    pub(crate) const fn rows(
        name: &'static str,
        doc: &'static str,
        params: &'static [Param],
        resolve: fn(&mut [Typed]) -> Result<Outcome>,
        kernel: fn(&Cells<'_>) -> Result<Value>,
    ) -> Self {
        Self { name, doc, params, resolve, body: Body::Rows { strict: true, kernel } }
    }

    /// A function of one row's values that makes something of nulls too.
    pub(super) const fn rows_with_nulls(
        name: &'static str,
        doc: &'static str,
        params: &'static [Param],
        resolve: fn(&mut [Typed]) -> Result<Outcome>,
        kernel: fn(&Cells<'_>) -> Result<Value>,
    ) -> Self {
        Self { name, doc, params, resolve, body: Body::Rows { strict: false, kernel } }
    }

    /// The aggregate that the function is, if it is one.
    pub fn aggregate(&self) -> Option<Aggregate> {
        match self.body {
            Body::Aggregate(aggregate) => Some(aggregate),
            _ => None,
        }
    }

    /// Whether it draws numbers from a seed that may be left out.
    pub(crate) fn takes_seed(&self) -> bool {
        matches!(self.body, Body::Nondeterministic(_))
            && self.params.last().is_some_and(|p| p.name == "seed" && p.kind == ParamKind::Optional)
    }

    /// `upper(col)`, as documentation writes it.
    pub fn signature(&self) -> String {
        let params: Vec<String> = self
            .params
            .iter()
            .map(|p| match p.kind {
                ParamKind::Columns | ParamKind::Literals => format!("*{}", p.name),
                ParamKind::Optional | ParamKind::OptionalColumn | ParamKind::OptionalLambda => format!("{}=…", p.name),
                _ => p.name.to_owned(),
            })
            .collect();
        format!("{}({})", self.name, params.join(", "))
    }

    pub(crate) fn check_count(&self, given: usize) -> Result<()> {
        let least = self.params.iter().filter(|p| matches!(p.kind, ParamKind::Column | ParamKind::Literal | ParamKind::Lambda)).count();
        let open = self.params.iter().any(|p| matches!(p.kind, ParamKind::Columns | ParamKind::Literals));
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
    super::bits::FUNCTIONS,
    super::attempts::FUNCTIONS,
    super::variants::FUNCTIONS,
    super::vectors::FUNCTIONS,
    super::string::FUNCTIONS,
    super::regexp::FUNCTIONS,
    super::temporal::FUNCTIONS,
    super::formats::FUNCTIONS,
    super::time::arithmetic::FUNCTIONS,
    super::time::arithmetic::MAKERS,
    super::time::clock::FUNCTIONS,
    super::time::epoch::FUNCTIONS,
    super::time::make::FUNCTIONS,
    super::time::of_day::FUNCTIONS,
    super::time::of_day::COUNTS,
    super::time::parts::FUNCTIONS,
    super::time::units::FUNCTIONS,
    crate::widths::FUNCTIONS,
    crate::zone::FUNCTIONS,
    crate::xpath::FUNCTIONS,
    super::time::window::FUNCTIONS,
    super::time::zones::FUNCTIONS,
    super::random::FUNCTIONS,
    super::xxhash::FUNCTIONS,
    super::collection::FUNCTIONS,
    super::higher_order::FUNCTIONS,
    super::collections::arrays::FUNCTIONS,
    super::collections::fields::FUNCTIONS,
    super::collections::maps::FUNCTIONS,
    super::collections::sequence::FUNCTIONS,
    super::collections::structs::FUNCTIONS,
    super::json::extract::FUNCTIONS,
    super::json::structs::FUNCTIONS,
    super::json::csv::FUNCTIONS,
    super::json::xml::FUNCTIONS,
    super::text::ciphers::FUNCTIONS,
    super::text::codecs::FUNCTIONS,
    super::text::digests::FUNCTIONS,
    super::text::distance::FUNCTIONS,
    super::text::numbers::FUNCTIONS,
    super::text::parts::FUNCTIONS,
    super::text::printf::FUNCTIONS,
    super::text::url::FUNCTIONS,
    super::misc::FUNCTIONS,
    super::aggregates::FUNCTIONS,
    super::cold_aggregates::FUNCTIONS,
    super::sketches::hll::FUNCTIONS,
    super::sketches::theta::FUNCTIONS,
    super::sketches::tuple::DOUBLES,
    super::sketches::tuple::INTEGERS,
    super::sketches::kll::LONGS,
    super::sketches::kll::FLOATS,
    super::sketches::kll::DOUBLES,
];

/// Other names that Spark knows a function by.
pub(super) const ALIASES: &[(&str, &str)] = &[
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
    ("localtime", "current_time"),
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
    let near = did_you_mean(name, all().map(|f| f.name).filter(|known| !known.contains(' ')));
    Error::analysis(format!("There is no function '{name}'.{near}")).with_condition("UNRESOLVED_ROUTINE")
}

/// A call, checked at once for the function's name and the number of arguments.
///
/// # Errors
/// `UNRESOLVED_ROUTINE`, `WRONG_NUM_ARGS`
pub fn call(name: &str, args: Vec<Column>) -> Result<Column> {
    if lookup(name).is_none() && super::is_user_function(name) {
        return Ok(Column::call(name, args));
    }
    lookup(name).ok_or_else(|| declare_unknown(name))?.check_count(args.len())?;
    Ok(Column::call(name, args))
}

mod window;

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

use arrow_array::ArrayRef;
use kindling_partition::{Executor, Result};

use crate::functions::{CONTINUOUS, DISCRETE, LARGEST_MODE, ORDERED_TEXTS};
use crate::sql::Asked;
use crate::types::{DataType, Field, Metadata};
use crate::value::Value;

pub use window::{FrameBound, FrameKind, Window, WindowFrame, WindowSpec};

/// An expression as the reader wrote it, before its names and types are known.
#[derive(Clone, Debug)]
pub enum Expr {
    /// `F.col("age")`; may reach into a struct (`"a.b"`), name a frame's alias (`"t.a"`), or be `"*"`.
    Name(Arc<str>),
    /// `F.col("c.id").outer()`: a column of the frame around the one that is asked.
    Outer(Arc<str>),
    /// `df["age"]`: this very column, and the frame that it was taken from.
    Attribute(Attribute, FrameId),
    Literal(Value),
    Alias {
        child: Arc<Expr>,
        name: Arc<str>,
        metadata: Option<Metadata>,
    },
    /// A function of the registry by its Spark name; operators too (`+`, `and`, `isnull`).
    Call {
        function: Arc<str>,
        args: Vec<Arc<Expr>>,
        distinct: bool,
    },
    /// `to_null` makes what can't be cast a null (`try_cast`) instead of an error.
    Cast {
        child: Arc<Expr>,
        to: DataType,
        to_null: bool,
    },
    /// `when(…)` branches in order; without `otherwise` the rest is null.
    Case {
        branches: Vec<(Arc<Expr>, Arc<Expr>)>,
        otherwise: Option<Arc<Expr>>,
    },
    Sort {
        child: Arc<Expr>,
        order: SortOrder,
    },
    Native(Native),
    /// A function over a window of rows around each row: `sum(x) OVER (PARTITION BY k ORDER BY t)`.
    Window(Window),
    /// An aggregate of the rows where a condition holds: `sum(x) FILTER (WHERE x > 0)`.
    Filtered {
        child: Arc<Expr>,
        condition: Arc<Expr>,
    },
    /// A query within an expression of SQL text.
    Subquery(Subquery),
    /// `x -> x + 1`: an argument of a higher-order function, which gives the parameters their types. In `body` each of them is a
    /// [`Variable`](Self::Variable); other names are columns.
    Lambda {
        params: Vec<Arc<str>>,
        body: Arc<Expr>,
    },
    /// A parameter of a lambda around it; of two with one name the inner one.
    Variable(Arc<str>),
}

/// Which way to sort, and where nulls go. Spark's default puts them first when ascending and last when descending.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SortOrder {
    pub descending: bool,
    pub nulls_first: bool,
}

impl SortOrder {
    pub const ASCENDING: Self = Self { descending: false, nulls_first: true };
    pub const DESCENDING: Self = Self { descending: true, nulls_first: false };
}

/// The identity of a column in a plan, whatever it is called.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct AttributeId(u64);

impl AttributeId {
    /// An identity that no column has yet.
    pub fn fresh() -> Self {
        static NEXT: AtomicU64 = AtomicU64::new(0);
        Self(NEXT.fetch_add(1, Relaxed))
    }
}

/// Tells frames apart that have the same columns, for joining a frame with one made of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FrameId(AttributeId);

impl FrameId {
    pub fn fresh() -> Self {
        Self(AttributeId::fresh())
    }
}

impl fmt::Display for AttributeId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "#{}", self.0)
    }
}

/// A column of a plan: its identity, its field, and the alias of the frame it comes from.
#[derive(Clone, Debug, PartialEq)]
pub struct Attribute {
    pub id: AttributeId,
    pub field: Field,
    pub qualifier: Option<Arc<str>>,
}

impl Attribute {
    pub fn new(field: Field) -> Self {
        Self { id: AttributeId::fresh(), field, qualifier: None }
    }

    pub fn name(&self) -> &str {
        &self.field.name
    }
}

/// What a native function computes: whole columns (each of so many rows) to a whole column.
pub type NativeFn = dyn Fn(&Executor, &[ArrayRef], usize) -> Result<ArrayRef> + Send + Sync;

/// A function given in Rust: how a fitted model makes its prediction column, lazily and partition by partition.
#[derive(Clone)]
pub struct Native {
    pub name: Arc<str>,
    pub args: Vec<Arc<Expr>>,
    /// Type, nullability and metadata of the result.
    pub field: Field,
    pub func: Arc<NativeFn>,
    /// Whether only the driver's thread can call it.
    pub on_driver: bool,
}

impl fmt::Debug for Native {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Native").field("name", &self.name).field("args", &self.args).finish_non_exhaustive()
    }
}

/// A query that an expression takes values from.
#[derive(Clone, Debug)]
pub struct Subquery {
    pub kind: SubqueryKind,
    pub(crate) query: Arc<Asked>,
    /// The columns of the query around that it reads, once they are known.
    pub(crate) outer: Vec<Arc<str>>,
}

impl Subquery {
    pub(crate) fn asked(kind: SubqueryKind, query: Asked) -> Expr {
        Expr::Subquery(Self { kind, query: Arc::new(query), outer: Vec::new() })
    }
}

#[derive(Clone, Debug)]
pub enum SubqueryKind {
    /// The one value of the query's one row.
    Scalar,
    /// Whether the query has a row.
    Exists,
    /// Whether one of the query's rows has these values.
    In(Vec<Arc<Expr>>),
}

impl Expr {
    /// Whether some part of the expression satisfies `test`.
    pub(crate) fn any(self: &Arc<Self>, test: &impl Fn(&Expr) -> bool) -> bool {
        let found = std::cell::Cell::new(false);
        self.rewrite(&|part| {
            found.set(found.get() || test(part));
            None
        });
        found.get()
    }

    /// The expression with `change` tried on every part from the top: where it gives another expression, that takes the part's place.
    pub(crate) fn rewrite(self: &Arc<Self>, change: &impl Fn(&Expr) -> Option<Expr>) -> Arc<Self> {
        if let Some(changed) = change(self) {
            return changed.into();
        }
        let all = |args: &[Arc<Self>]| args.iter().map(|a| a.rewrite(change)).collect();
        match &**self {
            Self::Name(_) | Self::Outer(_) | Self::Attribute(..) | Self::Literal(_) | Self::Variable(_) => self.clone(),
            Self::Lambda { params, body } => Self::Lambda { params: params.clone(), body: body.rewrite(change) }.into(),
            Self::Alias { child, name, metadata } => {
                Self::Alias { child: child.rewrite(change), name: name.clone(), metadata: metadata.clone() }.into()
            }
            Self::Call { function, args, distinct } => {
                Self::Call { function: function.clone(), args: all(args), distinct: *distinct }.into()
            }
            Self::Cast { child, to, to_null } => Self::Cast { child: child.rewrite(change), to: to.clone(), to_null: *to_null }.into(),
            Self::Case { branches, otherwise } => Self::Case {
                branches: branches.iter().map(|(c, v)| (c.rewrite(change), v.rewrite(change))).collect(),
                otherwise: otherwise.as_ref().map(|o| o.rewrite(change)),
            }
            .into(),
            Self::Sort { child, order } => Self::Sort { child: child.rewrite(change), order: *order }.into(),
            Self::Native(native) => Self::Native(Native { args: all(&native.args), ..native.clone() }).into(),
            Self::Window(window) => Self::Window(Window {
                function: match &*window.function {
                    // The function itself is no expression of its own.
                    Self::Call { function, args, distinct } => {
                        Self::Call { function: function.clone(), args: all(args), distinct: *distinct }.into()
                    }
                    Self::Filtered { child, condition } => {
                        let child = match &**child {
                            Self::Call { function, args, distinct } => {
                                Self::Call { function: function.clone(), args: all(args), distinct: *distinct }.into()
                            }
                            _ => child.clone(),
                        };
                        Self::Filtered { child, condition: condition.rewrite(change) }.into()
                    }
                    _ => window.function.rewrite(change),
                },
                ignore_nulls: window.ignore_nulls,
                spec: window.spec.rewrite(change).into(),
            })
            .into(),
            Self::Filtered { child, condition } => {
                Self::Filtered { child: child.rewrite(change), condition: condition.rewrite(change) }.into()
            }
            Self::Subquery(Subquery { kind: SubqueryKind::In(values), query, outer }) => {
                Self::Subquery(Subquery { kind: SubqueryKind::In(all(values)), query: query.clone(), outer: outer.clone() }).into()
            }
            Self::Subquery(_) => self.clone(),
        }
    }

    /// The name that Spark gives a column of this expression when it has no alias.
    pub fn column_name(&self) -> String {
        match self {
            Self::Alias { name, .. } => name.to_string(),
            Self::Name(name) | Self::Outer(name) => last_part(name),
            Self::Cast { child, .. } if matches!(**child, Self::Name(_) | Self::Attribute(..) | Self::Alias { .. }) => child.column_name(),
            other => other.to_string(),
        }
    }
}

/// The last part of a possibly qualified, possibly back-quoted name.
fn last_part(name: &str) -> String {
    name_parts(name).pop().unwrap_or_default()
}

/// The parts of `t.a.b`; a part in back-quotes may have dots in it.
pub(crate) fn name_parts(name: &str) -> Vec<String> {
    let mut parts = vec![String::new()];
    let mut quoted = false;
    let mut chars = name.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '`' if quoted && chars.peek() == Some(&'`') => {
                chars.next();
                parts.last_mut().expect("there is always a part").push('`');
            }
            '`' => quoted = !quoted,
            '.' if !quoted => parts.push(String::new()),
            c => parts.last_mut().expect("there is always a part").push(c),
        }
    }
    parts
}

/// The functions that Spark writes in capitals.
const SHOUTED: &[&str] = &[
    "acos",
    "acosh",
    "cot",
    "csc",
    "sec",
    "pi",
    "spark_partition_id",
    "regexp",
    "regexp_like",
    "asin",
    "asinh",
    "atan",
    "atan2",
    "atanh",
    "cbrt",
    "ceil",
    "cos",
    "cosh",
    "degrees",
    "e",
    "exp",
    "expm1",
    "floor",
    "hypot",
    "log",
    "log10",
    "log1p",
    "log2",
    "power",
    "radians",
    "signum",
    "sin",
    "sinh",
    "sqrt",
    "tan",
    "tanh",
];

/// Spark's pretty SQL, the text that names columns: `(age + 1)`, `CASE WHEN (a > 1) THEN b END`, `avg(fare)`.
impl fmt::Display for Expr {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Name(name) | Self::Outer(name) => f.write_str(name),
            Self::Attribute(attribute, _) => f.write_str(attribute.name()),
            Self::Literal(value) => match value {
                Value::Date(_) => write!(f, "DATE '{value}'"),
                Value::Timestamp(micros) => write!(f, "TIMESTAMP '{}'", Value::Timestamp(crate::zone::local(*micros))),
                Value::TimestampNtz(_) => write!(f, "TIMESTAMP_NTZ '{value}'"),
                Value::Time(nanos, digits @ 7..) => {
                    let fraction = nanos % 1_000_000_000 / 10_i64.pow(9 - u32::from((*digits).min(9)));
                    write!(f, "TIME '{}.{fraction:0width$}'", &value.to_string()[..8], width = usize::from(*digits))
                }
                Value::Time(..) => write!(f, "TIME '{value}'"),
                Value::Binary(bytes) => {
                    f.write_str("X'")?;
                    bytes.iter().try_for_each(|b| write!(f, "{b:02X}"))?;
                    f.write_str("'")
                }
                _ => write!(f, "{value}"),
            },
            Self::Alias { child, name, .. } => write!(f, "{child} AS {name}"),
            // A cast to what has parts isn't shown.
            Self::Cast { child, to: DataType::Array(..) | DataType::Map(..) | DataType::Struct(_), .. } => child.fmt(f),
            Self::Cast { child, to, to_null } => write!(f, "{}({child} AS {})", if *to_null { "TRY_CAST" } else { "CAST" }, to.sql()),
            Self::Case { branches, otherwise } => {
                f.write_str("CASE")?;
                for (condition, value) in branches {
                    write!(f, " WHEN {condition} THEN {value}")?;
                }
                if let Some(otherwise) = otherwise {
                    write!(f, " ELSE {otherwise}")?;
                }
                f.write_str(" END")
            }
            Self::Sort { child, order } => {
                let direction = if order.descending { "DESC" } else { "ASC" };
                write!(f, "{child} {direction} NULLS {}", if order.nulls_first { "FIRST" } else { "LAST" })
            }
            Self::Native(native) => write_call(f, &native.name, &native.args, false),
            Self::Window(window) => window.fmt(f),
            Self::Filtered { child, condition } => write!(f, "{child} FILTER (WHERE {condition})"),
            Self::Subquery(Subquery { kind, outer, .. }) => {
                let outer = outer.join(", ");
                match kind {
                    SubqueryKind::Scalar => write!(f, "scalarsubquery({outer})"),
                    SubqueryKind::Exists => write!(f, "exists({outer})"),
                    SubqueryKind::In(values) => match values.as_slice() {
                        [one] => write!(f, "({one} IN (listquery({outer})))"),
                        several => {
                            let named: Vec<_> = several.iter().map(|v| format!("'{}', {v}", v.column_name())).collect();
                            write!(f, "(named_struct({}) IN (listquery({outer})))", named.join(", "))
                        }
                    },
                }
            }
            Self::Variable(_) => f.write_str("namedlambdavariable()"),
            Self::Lambda { params, body } => {
                write!(f, "lambdafunction({body}")?;
                params.iter().try_for_each(|_| f.write_str(", namedlambdavariable()"))?;
                f.write_str(")")
            }
            Self::Call { function, args, distinct } => match (&**function, args.as_slice()) {
                ("time +" | "time -" | "hour -", [time, by]) => write!(f, "{time} {} {by}", &function[5..]),
                ("date +days", [date, by]) => write!(f, "date_add({date}, extractansiintervaldays({by}))"),
                ("date -days", [date, by]) => write!(f, "date_add({date}, (- extractansiintervaldays({by})))"),
                ("span +" | "span -" | "span *" | "span /", [left, right]) => write!(f, "({left} {} {right})", &function[5..]),
                ("days -" | "times -", [left, right]) => write!(f, "({left} - {right})"),
                ("calendar *", args) => write_call(f, "multiply_interval", args, false),
                ("calendar /", args) => write_call(f, "divide_interval", args, false),
                ("span negative", [child]) => write!(f, "(- {child})"),
                (
                    "+" | "-" | "*" | "/" | "%" | "=" | "<=>" | "<" | "<=" | ">" | ">=" | "&" | "|" | "^" | "<<" | ">>" | ">>>",
                    [left, right],
                ) => {
                    write!(f, "({left} {function} {right})")
                }
                ("and" | "or", [left, right]) => write!(f, "({left} {} {right})", function.to_uppercase()),
                ("extract" | "datepart", [field, source]) => write!(f, "{function}({field} FROM {source})"),
                ("timestamp_add", args) => write_call(f, "timestampadd", args, false),
                ("timestamp_diff", args) => write_call(f, "timestampdiff", args, false),
                ("try_to_time", args) => {
                    f.write_str("try_to_time(")?;
                    write_call(f, "to_time", args, false)?;
                    f.write_str(")")
                }
                // Their seeds are not told.
                ("uuid", _) => f.write_str("uuid()"),
                ("shuffle", [list, _]) => write!(f, "shuffle({list})"),
                ("positive", [child]) => write!(f, "(+ {child})"),
                ("bitwise_not", [child]) => write!(f, "~{child}"),
                ("trim" | "ltrim" | "rtrim", [child, set]) => {
                    let side = match &**function {
                        "trim" => "BOTH",
                        "ltrim" => "LEADING",
                        _ => "TRAILING",
                    };
                    write!(f, "TRIM({side} {set} FROM {child})")
                }
                ("not", [child]) => write!(f, "(NOT {child})"),
                ("isnull", [child]) => write!(f, "({child} IS NULL)"),
                ("isnotnull", [child]) => write!(f, "({child} IS NOT NULL)"),
                ("like", [child, pattern]) => write!(f, "{child} LIKE {pattern}"),
                ("like", [child, pattern, escape]) => write!(f, "{child} LIKE {pattern} ESCAPE '{escape}'"),
                ("-" | "+", [child]) => write!(f, "({function} {child})"),
                ("div", [left, right]) => write!(f, "({left} div {right})"),
                ("if", args) => {
                    f.write_str("(")?;
                    write_call(f, "IF", args, false)?;
                    f.write_str(")")
                }
                ("rlike", args) => write_call(f, "RLIKE", args, false),
                ("getitem", [child, key]) => write!(f, "{child}[{key}]"),
                ("getfield", [child, key]) => write!(f, "{child}.{key}"),
                ("in", [child, options @ ..]) => {
                    write!(f, "({child} IN (")?;
                    write_list(f, options)?;
                    f.write_str("))")
                }
                // What a schema and options are is no part of the name.
                (
                    "from_json" | "to_json" | "schema_of_json" | "from_csv" | "to_csv" | "schema_of_csv" | "from_xml" | "to_xml"
                    | "schema_of_xml",
                    [child, _, ..],
                )
                | ("first" | "last" | "any_value" | "first_value" | "last_value", [child, _]) => {
                    write_call(f, function, std::slice::from_ref(child), *distinct)
                }
                // A type's name that casts isn't shown.
                (name, [value]) if crate::forms::casts_to(name).is_some() => write!(f, "{value}"),
                ("variant_get" | "try_variant_get", [child, path, _]) => write!(f, "{function}({child}, {path})"),
                (":", args) => write_call(f, "variant_get", args, false),
                ("mode", [column, _]) => write!(f, "mode() WITHIN GROUP (ORDER BY {column} DESC)"),
                (LARGEST_MODE, [column, ..]) => write!(f, "mode() WITHIN GROUP (ORDER BY {column})"),
                (CONTINUOUS | DISCRETE, [column, share, reverse]) => {
                    let name = &function[..CONTINUOUS.len() - " within".len()];
                    let way = if matches!(**reverse, Self::Literal(Value::Boolean(true))) { " DESC" } else { "" };
                    write!(f, "{name}({share}) WITHIN GROUP (ORDER BY {column}{way})")
                }
                (ORDERED_TEXTS, [rows, delimiter, orders]) => write_ordered_texts(f, rows, delimiter, orders, *distinct),
                (name @ ("ceil" | "floor"), args @ [_, _]) => write_call(f, name, args, *distinct),
                (name, args) if SHOUTED.contains(&name) => write_call(f, &name.to_uppercase(), args, *distinct),
                (name, args) => write_call(f, name, args, *distinct),
            },
        }
    }
}

fn write_ordered_texts(f: &mut fmt::Formatter<'_>, rows: &Expr, delimiter: &Expr, orders: &Expr, distinct: bool) -> fmt::Result {
    let (Expr::Call { args, .. }, Expr::Literal(Value::String(orders))) = (rows, orders) else { return Ok(()) };
    write!(f, "listagg({}{}, {delimiter}) WITHIN GROUP (ORDER BY ", if distinct { "DISTINCT " } else { "" }, args[0])?;
    for (i, (key, order)) in args[1..].iter().zip(orders.split(',')).enumerate() {
        let order = crate::exec::order_of(order);
        write!(f, "{}{}", if i > 0 { ", " } else { "" }, Expr::Sort { child: key.clone(), order })?;
    }
    f.write_str(")")
}

fn write_call(f: &mut fmt::Formatter<'_>, name: &str, args: &[Arc<Expr>], distinct: bool) -> fmt::Result {
    write!(f, "{name}({}", if distinct { "DISTINCT " } else { "" })?;
    write_list(f, args)?;
    f.write_str(")")
}

fn write_list(f: &mut fmt::Formatter<'_>, args: &[Arc<Expr>]) -> fmt::Result {
    for (i, arg) in args.iter().enumerate() {
        write!(f, "{}{arg}", if i > 0 { ", " } else { "" })?;
    }
    Ok(())
}

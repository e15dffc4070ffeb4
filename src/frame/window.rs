//! Window functions with their windows, resolved.

use std::fmt;
use std::sync::Arc;

use kindling_partition::{Error, Result};

use crate::analyze::{Scope, has_aggregate, make_call};
use crate::coerce::{cast_to, text, unify, wrong_type};
use crate::expr::{Expr, FrameBound, FrameKind, SortOrder, Window, WindowFrame, WindowSpec};
use crate::functions::{CONTINUOUS, DISCRETE, Function, ORDERED_TEXTS, lookup};
use crate::typed::{Kind, Typed};
use crate::types::DataType;
use crate::value::Value;

/// A function, what it is computed from, and over which rows.
#[derive(Clone)]
pub(crate) struct Over {
    pub function: OverFunction,
    pub args: Vec<Typed>,
    pub partition: Vec<Typed>,
    pub orders: Vec<(Typed, SortOrder)>,
    pub frame: Frame,
}

#[derive(Clone, Copy)]
pub(crate) enum OverFunction {
    RowNumber,
    Rank,
    DenseRank,
    PercentRank,
    CumeDist,
    Ntile(i64),
    /// `lag` is a negative shift. The second argument is the default.
    Shift {
        by: i64,
        ignore_nulls: bool,
    },
    Nth {
        n: i64,
        ignore_nulls: bool,
    },
    /// Of a counter and of the times when it was set to zero.
    CounterDiff,
    Aggregate(&'static Function),
}

/// The rows around a row that a function sees, both ends included.
#[derive(Clone, Debug)]
pub(crate) struct Frame {
    pub rows: bool,
    pub start: Bound,
    pub end: Bound,
}

#[derive(Clone, Debug)]
pub(crate) enum Bound {
    Unbounded,
    /// The row, or with `RANGE` the first or last of its equals.
    Current,
    Rows(i64),
    /// The value of the order column that still belongs to the frame.
    Value(Typed),
}

const RANKS: [&str; 5] = ["row_number", "rank", "dense_rank", "percent_rank", "cume_dist"];

/// Whether a function makes sense over a window only.
pub(crate) fn is_window_function(name: &str) -> bool {
    RANKS.contains(&name) || matches!(name, "ntile" | "lag" | "lead" | "nth_value" | "counter_diff")
}

impl Over {
    /// What the function and its window are computed from.
    pub fn children(&self) -> impl Iterator<Item = &Typed> {
        let bounds = [&self.frame.start, &self.frame.end].into_iter().filter_map(|b| match b {
            Bound::Value(value) => Some(value),
            _ => None,
        });
        self.args.iter().chain(&self.partition).chain(self.orders.iter().map(|(e, _)| e)).chain(bounds)
    }

    #[must_use]
    pub fn map(&self, change: &mut impl FnMut(&Typed) -> Typed) -> Self {
        let bound = |b: &Bound, change: &mut dyn FnMut(&Typed) -> Typed| match b {
            Bound::Value(value) => Bound::Value(change(value)),
            other => other.clone(),
        };
        Self {
            function: self.function,
            args: self.args.iter().map(&mut *change).collect(),
            partition: self.partition.iter().map(&mut *change).collect(),
            orders: self.orders.iter().map(|(e, o)| (change(e), *o)).collect(),
            frame: Frame { rows: self.frame.rows, start: bound(&self.frame.start, change), end: bound(&self.frame.end, change) },
        }
    }

    /// Whether both are computed over rows in the same partitions and order.
    pub fn same_window(&self, other: &Self) -> bool {
        format!("{:?}{:?}", self.partition, self.orders) == format!("{:?}{:?}", other.partition, other.orders)
    }
}

impl fmt::Debug for Over {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.function {
            OverFunction::RowNumber => f.write_str("row_number"),
            OverFunction::Rank => f.write_str("rank"),
            OverFunction::DenseRank => f.write_str("dense_rank"),
            OverFunction::PercentRank => f.write_str("percent_rank"),
            OverFunction::CumeDist => f.write_str("cume_dist"),
            OverFunction::Ntile(n) => write!(f, "ntile {n}"),
            OverFunction::Shift { by, ignore_nulls } => write!(f, "shift {by} {ignore_nulls}"),
            OverFunction::Nth { n, ignore_nulls } => write!(f, "nth {n} {ignore_nulls}"),
            OverFunction::CounterDiff => f.write_str("counter_diff"),
            OverFunction::Aggregate(function) => f.write_str(function.name),
        }?;
        write!(f, "{:?} over {:?} {:?} {:?}", self.args, self.partition, self.orders, self.frame)
    }
}

/// The window function of an expression.
///
/// # Errors
/// `WINDOW_FUNCTION_FRAME_NOT_ORDERED`, `UNSUPPORTED_EXPR_FOR_WINDOW`, and what is wrong with the parts.
pub(crate) fn resolve(scope: &Scope<'_>, window: &Window) -> Result<Typed> {
    if let Some(base) = &window.spec.base {
        return Err(
            Error::analysis(format!("The window {base} is not in the WINDOW clause.")).with_condition("MISSING_WINDOW_SPECIFICATION")
        );
    }
    let partition = window.spec.partition.iter().map(|p| scope.resolve(p)).collect::<Result<Vec<_>>>()?;
    if let Some(key) = partition.iter().find(|p| p.data_type.has_variant()) {
        let text = format!(
            "Column expression \"{}\" cannot be sorted because its type \"{}\" is not orderable.",
            crate::coerce::text(key),
            key.data_type.sql()
        );
        return Err(Error::analysis(text).with_condition("EXPRESSION_TYPE_IS_NOT_ORDERABLE"));
    }
    let orders = window.spec.orders.iter().map(|o| scope.order(o)).collect::<Result<Vec<_>>>()?;
    let Resolved { function, args, data_type, nullable } = function(scope, window)?;
    if let OverFunction::Aggregate(function) = function
        && matches!(function.name, CONTINUOUS | DISCRETE | ORDERED_TEXTS | "median")
        && (!orders.is_empty() || window.spec.frame.is_some())
    {
        let text = format!("Cannot specify ORDER BY or a window frame for \"{}\".", window.function);
        return Err(Error::analysis(text).with_condition("INVALID_WINDOW_SPEC_FOR_AGGREGATION_FUNC"));
    }
    if orders.is_empty() && !matches!(function, OverFunction::Aggregate(_)) {
        let text = format!(
            "Window function {} requires the window to be ordered. You need to add an ORDER BY clause. For example: SELECT {} OVER (PARTITION BY window_partition ORDER BY window_ordering) FROM table.",
            if let Expr::Call { function, .. } = &*window.function { function } else { "" },
            window.function
        );
        return Err(Error::analysis(text).with_condition("WINDOW_FUNCTION_FRAME_NOT_ORDERED"));
    }
    let frame = frame(scope, window, &function, &orders)?;
    let over = Over { function, args, partition, orders, frame };
    if over.children().any(|c| c.any(&|part| matches!(part.kind, Kind::Window(_)))) {
        return Err(Error::analysis("It is not allowed to use a window function inside another window function.")
            .with_condition("NESTED_WINDOW_FUNCTION"));
    }
    Ok(Typed { kind: Kind::Window(Box::new(over)), data_type, nullable })
}

struct Resolved {
    function: OverFunction,
    args: Vec<Typed>,
    data_type: DataType,
    nullable: bool,
}

fn function(scope: &Scope<'_>, window: &Window) -> Result<Resolved> {
    let unfit = || {
        Error::analysis(format!("Expression {} not supported within a window function.", window.function))
            .with_condition("UNSUPPORTED_EXPR_FOR_WINDOW")
    };
    let (name, args, distinct) = match &*window.function {
        Expr::Call { function, args, distinct } => (function.to_lowercase(), args.as_slice(), *distinct),
        Expr::Filtered { .. } => (String::new(), &[][..], false),
        _ => return Err(unfit()),
    };
    let plain = |i: usize, default: i64| -> Result<i64> {
        let Some(arg) = args.get(i) else { return Ok(default) };
        let typed = scope.resolve(arg)?;
        constant(&typed).and_then(|v| v.as_i64()).ok_or_else(|| {
            Error::analysis(format!("{name} needs a plain number there, not {arg}.")).with_condition("DATATYPE_MISMATCH.NON_FOLDABLE_INPUT")
        })
    };
    let count = |least: usize, most: usize| {
        if (least..=most).contains(&args.len()) {
            return Ok(());
        }
        let text = format!("The function '{name}' takes {least} to {most} argument(s), but got {}.", args.len());
        Err(Error::analysis(text).with_condition("WRONG_NUM_ARGS.WITHOUT_SUGGESTION"))
    };
    let rank = |function, data_type| {
        count(0, 0)?;
        Ok(Resolved { function, args: Vec::new(), data_type, nullable: false })
    };
    match name.as_str() {
        "row_number" => rank(OverFunction::RowNumber, DataType::Int),
        "rank" => rank(OverFunction::Rank, DataType::Int),
        "dense_rank" => rank(OverFunction::DenseRank, DataType::Int),
        "percent_rank" => rank(OverFunction::PercentRank, DataType::Double),
        "cume_dist" => rank(OverFunction::CumeDist, DataType::Double),
        "ntile" => {
            count(0, 1)?;
            let n = plain(0, 1)?;
            if n < 1 {
                return Err(Error::analysis(format!("ntile needs a positive number of buckets, not {n}."))
                    .with_condition("DATATYPE_MISMATCH.VALUE_OUT_OF_RANGE"));
            }
            Ok(Resolved { function: OverFunction::Ntile(n), args: Vec::new(), data_type: DataType::Int, nullable: false })
        }
        "lag" | "lead" => {
            count(1, 3)?;
            let by = plain(1, 1)?;
            let mut both =
                vec![scope.resolve(&args[0])?, args.get(2).map_or_else(|| Ok(Typed::literal(Value::Null)), |d| scope.resolve(d))?];
            let data_type = unify(&name, &mut both)?;
            let nullable = both[0].nullable || both[1].nullable;
            let function = OverFunction::Shift { by: if name == "lag" { -by } else { by }, ignore_nulls: window.ignore_nulls };
            Ok(Resolved { function, args: both, data_type, nullable })
        }
        "nth_value" => {
            count(2, 3)?;
            let n = plain(1, 1)?;
            let flag = args.get(2).is_some_and(|a| matches!(&**a, Expr::Literal(Value::Boolean(true))));
            if n < 1 {
                return Err(
                    Error::analysis(format!("nth_value counts from 1, not {n}.")).with_condition("DATATYPE_MISMATCH.VALUE_OUT_OF_RANGE")
                );
            }
            let value = scope.resolve(&args[0])?;
            let function = OverFunction::Nth { n, ignore_nulls: window.ignore_nulls || flag };
            Ok(Resolved { function, data_type: value.data_type.clone(), args: vec![value], nullable: true })
        }
        "counter_diff" => {
            count(1, 2)?;
            let mut both = args.iter().map(|a| scope.resolve(a)).collect::<Result<Vec<_>>>()?;
            if both[0].data_type == DataType::Null {
                cast_to(&mut both[0], &DataType::Double);
            }
            if !both[0].data_type.is_numeric() {
                return Err(wrong_type(&name, &both, 0, "NUMERIC"));
            }
            match both.get(1).map(|start| &start.data_type) {
                None => both.push(Typed::literal(Value::Null)),
                Some(DataType::Timestamp | DataType::TimestampNtz | DataType::Null) => {}
                Some(_) => return Err(wrong_type(&name, &both, 1, "(\"TIMESTAMP\" or \"TIMESTAMP_NTZ\")")),
            }
            Ok(Resolved { function: OverFunction::CounterDiff, data_type: both[0].data_type.clone(), args: both, nullable: true })
        }
        _ => {
            if !name.is_empty() && lookup(&name).is_some_and(|f| f.aggregate().is_none()) {
                return Err(unfit());
            }
            let call = scope.resolve(&window.function)?;
            let Kind::Call { function, args, .. } = call.kind else { return Err(unfit()) };
            if function.aggregate().is_none() {
                return Err(unfit());
            }
            if distinct {
                return Err(Error::analysis(format!("Distinct window functions are not supported: {}.", window.function))
                    .with_condition("DISTINCT_WINDOW_FUNCTION_UNSUPPORTED"));
            }
            Ok(Resolved { function: OverFunction::Aggregate(function), args, data_type: call.data_type, nullable: call.nullable })
        }
    }
}

/// The value of an expression without columns.
fn constant(typed: &Typed) -> Option<Value> {
    match &typed.kind {
        Kind::Literal(value) => Some(value.clone()),
        Kind::Cast { child, .. } => constant(child),
        Kind::Call { function, args, .. } if function.name == "negative" => match constant(args.first()?)? {
            Value::Int(v) => Some(Value::Int(-v)),
            Value::Long(v) => Some(Value::Long(-v)),
            _ => None,
        },
        _ => None,
    }
}

fn frame(scope: &Scope<'_>, window: &Window, function: &OverFunction, orders: &[(Typed, SortOrder)]) -> Result<Frame> {
    let Some(given) = &window.spec.frame else {
        return Ok(match function {
            OverFunction::Aggregate(_) | OverFunction::Nth { .. } if orders.is_empty() => {
                Frame { rows: true, start: Bound::Unbounded, end: Bound::Unbounded }
            }
            OverFunction::Aggregate(_) | OverFunction::Nth { .. } => Frame { rows: false, start: Bound::Unbounded, end: Bound::Current },
            _ => Frame { rows: true, start: Bound::Unbounded, end: Bound::Current },
        });
    };
    if matches!(function, OverFunction::Shift { .. }) {
        return Err(Error::analysis(format!("Cannot specify window frame for {} function.", window.function))
            .with_condition("CANNOT_SPECIFY_WINDOW_FRAME"));
    }
    let rows = given.kind == FrameKind::Rows;
    let start = bound(scope, &given.start, rows, orders)?;
    let end = bound(scope, &given.end, rows, orders)?;
    if backwards(&given.start, &given.end, scope) {
        let text = format!(
            "The lower bound of the window frame must be less than or equal to the upper bound: {} and {}.",
            given.start, given.end
        );
        return Err(Error::analysis(text).with_condition("DATATYPE_MISMATCH.SPECIFIED_WINDOW_FRAME_WRONG_COMPARISON"));
    }
    Ok(Frame { rows, start, end })
}

/// Whether the frame's start is behind its end.
fn backwards(start: &FrameBound, end: &FrameBound, scope: &Scope<'_>) -> bool {
    let place = |bound: &FrameBound| -> Option<f64> {
        let offset = |e: &Arc<Expr>| scope.resolve(e).ok().and_then(|t| constant(&t)).and_then(|v| v.as_f64());
        match bound {
            FrameBound::UnboundedPreceding => Some(f64::NEG_INFINITY),
            FrameBound::UnboundedFollowing => Some(f64::INFINITY),
            FrameBound::CurrentRow => Some(0.0),
            FrameBound::Preceding(e) => offset(e).map(|v| -v),
            FrameBound::Following(e) => offset(e),
        }
    };
    matches!((place(start), place(end)), (Some(start), Some(end)) if start > end)
        || matches!((start, end), (FrameBound::UnboundedFollowing, _) | (_, FrameBound::UnboundedPreceding))
}

fn bound(scope: &Scope<'_>, bound: &FrameBound, rows: bool, orders: &[(Typed, SortOrder)]) -> Result<Bound> {
    let (offset, before) = match bound {
        FrameBound::UnboundedPreceding | FrameBound::UnboundedFollowing => return Ok(Bound::Unbounded),
        FrameBound::CurrentRow => return Ok(Bound::Current),
        FrameBound::Preceding(offset) => (offset, true),
        FrameBound::Following(offset) => (offset, false),
    };
    if rows {
        let typed = scope.resolve(offset)?;
        let n = constant(&typed).filter(|_| typed.data_type.is_integral()).and_then(|v| v.as_i64()).ok_or_else(|| {
            Error::analysis(format!("A frame of rows is bounded by a plain whole number, not by {offset}."))
                .with_condition("DATATYPE_MISMATCH.SPECIFIED_WINDOW_FRAME_UNACCEPTED_TYPE")
        })?;
        return Ok(Bound::Rows(if before { -n } else { n }));
    }
    let [(key, order)] = orders else {
        let condition =
            if orders.is_empty() { "DATATYPE_MISMATCH.RANGE_FRAME_WITHOUT_ORDER" } else { "DATATYPE_MISMATCH.RANGE_FRAME_MULTI_ORDER" };
        return Err(Error::analysis("A range window frame with an offset needs exactly one ORDER BY expression.").with_condition(condition));
    };
    // Down an order, what comes before is larger.
    let minus = before != order.descending;
    let by = scope.resolve(offset)?;
    let sum = match key.data_type {
        DataType::Date if !by.data_type.is_ansi_interval() => {
            make_call(if minus { "date_sub" } else { "date_add" }, vec![key.clone(), by], false)
        }
        _ => make_call(if minus { "-" } else { "+" }, vec![key.clone(), by], false),
    };
    let mut value = sum.map_err(|_| {
        Error::analysis(format!(
            "The data type \"{}\" used in the order specification does not support the frame's bound {offset}.",
            key.data_type.sql()
        ))
        .with_condition("DATATYPE_MISMATCH.RANGE_FRAME_INVALID_TYPE")
    })?;
    cast_to(&mut value, &key.data_type);
    Ok(Bound::Value(value))
}

/// The window as Spark shows it, with the frame that it has when none was written and the arguments that were left out.
pub(crate) fn normalized(window: &Window, typed: &Typed, inner: &dyn Fn(&Arc<Expr>, &Typed) -> Arc<Expr>) -> Expr {
    let Kind::Window(over) = &typed.kind else { return Expr::Window(window.clone()) };
    let named = |expr: &Arc<Expr>| {
        expr.rewrite(&|part| matches!(part, Expr::Name(n) if &**n != "*").then(|| Expr::Name(part.column_name().into())))
    };
    let function = match (&*window.function, over.function) {
        (Expr::Call { function, args, .. }, OverFunction::Shift { .. }) => {
            let mut args: Vec<Arc<Expr>> = args.iter().map(named).collect();
            if args.len() < 2 {
                args.push(Expr::Literal(Value::Int(1)).into());
            }
            if args.len() < 3 {
                args.push(Expr::Literal(Value::Null).into());
            }
            Expr::Call { function: function.clone(), args, distinct: false }.into()
        }
        (_, OverFunction::Aggregate(function)) => {
            let kind = Kind::Call { function, args: over.args.clone(), distinct: false };
            inner(&window.function, &Typed { kind, data_type: typed.data_type.clone(), nullable: typed.nullable })
        }
        _ => named(&window.function),
    };
    let frame = window.spec.frame.clone().unwrap_or_else(|| match over.function {
        OverFunction::Shift { by, .. } => WindowFrame { kind: FrameKind::Rows, start: FrameBound::at(by), end: FrameBound::at(by) },
        _ => WindowFrame {
            kind: if over.frame.rows && !matches!(over.function, OverFunction::CumeDist) { FrameKind::Rows } else { FrameKind::Range },
            start: FrameBound::UnboundedPreceding,
            end: if matches!(over.frame.end, Bound::Unbounded) { FrameBound::UnboundedFollowing } else { FrameBound::CurrentRow },
        },
    });
    let all = |exprs: &[Arc<Expr>]| exprs.iter().map(named).collect();
    let spec = WindowSpec { base: None, partition: all(&window.spec.partition), orders: all(&window.spec.orders), frame: Some(frame) };
    Expr::Window(Window { function, ignore_nulls: window.ignore_nulls, spec: spec.into() })
}

/// Whether a window function is in the expression.
pub(crate) fn has_window(expr: &Typed) -> bool {
    expr.any(&|part| matches!(part.kind, Kind::Window(_)))
}

/// That a clause has no window function or aggregate in it.
///
/// # Errors
/// `WINDOW_FUNCTION_NOT_ALLOWED_IN_CLAUSE`, `INVALID_WHERE_CONDITION`
pub(crate) fn plain_condition(condition: &Typed, clause: &str) -> Result<()> {
    if has_window(condition) {
        return Err(Error::analysis(format!("It is not allowed to use window functions inside {clause} clause: {}.", text(condition)))
            .with_condition("WINDOW_FUNCTION_NOT_ALLOWED_IN_CLAUSE"));
    }
    if has_aggregate(condition) {
        return Err(Error::analysis(format!(
            "The {clause} condition {} contains invalid expressions: aggregate functions. Filter groups by HAVING, or by filter() after agg().",
            text(condition)
        ))
        .with_condition("INVALID_WHERE_CONDITION"));
    }
    Ok(())
}

//! `window(…)` and `session_window(…)` within expressions become columns of the rows below (Spark's `TimeWindowing` and `SessionWindowing`).

use std::cell::RefCell;
use std::sync::Arc;

use kindling_partition::{Error, Result};

use crate::column::Column;
use crate::dataframe::{DataFrame, generate};
use crate::expr::{Attribute, Expr, FrameBound, FrameKind, SortOrder, Window, WindowFrame, WindowSpec};
use crate::functions::SESSION;
use crate::value::Value;

fn window_name(expr: &Expr) -> Option<&str> {
    match expr {
        Expr::Call { function, args, .. } if args.len() > 1 && matches!(&**function, "window" | "session_window") => Some(function),
        _ => None,
    }
}

/// Rows with the column of the window of time that the expressions or keys speak of; none when they speak of none.
///
/// # Errors
/// Whatever is wrong with the window; when there are two.
pub(crate) fn with_window(frame: &DataFrame, exprs: &[Arc<Expr>], keys: &[Arc<Expr>]) -> Result<Option<Windowed>> {
    let found: RefCell<Vec<Arc<Expr>>> = RefCell::default();
    for expr in exprs.iter().chain(keys) {
        expr.rewrite(&|part| {
            window_name(part)?;
            let mut found = found.borrow_mut();
            if !found.iter().any(|f| f.to_string() == part.to_string()) {
                found.push(Arc::new(part.clone()));
            }
            None
        });
    }
    let found = found.into_inner();
    let call = match found.as_slice() {
        [] => return Ok(None),
        [one] => one.clone(),
        _ => {
            return Err(Error::analysis(
                "Multiple time/session window expressions would result in a cartesian product of rows, therefore they are not supported.",
            ));
        }
    };
    let text = call.to_string();
    let is_it = |part: &Expr| window_name(part).is_some() && part.to_string() == text;
    let frame = if window_name(&call) == Some("window") {
        tumbled(frame, &call)?
    } else {
        let others: Vec<Arc<Expr>> = keys.iter().filter(|k| !k.any(&is_it)).map(unaliased).collect();
        sessions(frame, &call, &others)?
    };
    let Some(attribute) = frame.plan().output().pop() else { return Err(Error::runtime("A window without its column.")) };
    Ok(Some(Windowed { frame, attribute, text }))
}

/// Rows with the column of a window of time.
pub(crate) struct Windowed {
    pub frame: DataFrame,
    attribute: Attribute,
    /// The call that the column stands for.
    text: String,
}

impl Windowed {
    /// The expression with the column in the place of the call.
    pub fn placed(&self, expr: &Arc<Expr>) -> Arc<Expr> {
        expr.rewrite(&|part| {
            let is_it = window_name(part).is_some() && part.to_string() == self.text;
            is_it.then(|| Expr::Attribute(self.attribute.clone(), self.frame.id()))
        })
    }
}

fn unaliased(expr: &Arc<Expr>) -> Arc<Expr> {
    match &**expr {
        Expr::Alias { child, .. } => child.clone(),
        _ => expr.clone(),
    }
}

/// A row for each window that its time falls into; rows without a time are dropped.
fn tumbled(frame: &DataFrame, call: &Arc<Expr>) -> Result<DataFrame> {
    let output = frame.plan().output();
    let named = Expr::Alias { child: call.clone(), name: "window".into(), metadata: None };
    let generated = frame.scope(&output).named(&named)?.pop().ok_or_else(|| Error::runtime("A window without its column."))?;
    let (plan, _) = generate(frame.plan().clone(), &named, generated)?;
    Ok(frame.over(plan))
}

/// The windows of times that are at most a gap apart, among rows with the same keys.
fn sessions(frame: &DataFrame, call: &Arc<Expr>, keys: &[Arc<Expr>]) -> Result<DataFrame> {
    const OWN: &str = "\u{1}session";
    const NEW: &str = "\u{1}new";
    const NUMBER: &str = "\u{1}number";
    let own = || Column::name(OWN);
    let (start, end) = (own().get_field("start"), own().get_field("end"));
    let over = |function: Column, partition: Vec<Arc<Expr>>, ordered: bool, last: FrameBound| -> Column {
        let frame = ordered.then_some(WindowFrame { kind: FrameKind::Rows, start: FrameBound::UnboundedPreceding, end: last });
        let sorted = Expr::Sort { child: start.expr().clone(), order: SortOrder::ASCENDING };
        let orders = if ordered { vec![sorted.into()] } else { Vec::new() };
        let spec = WindowSpec { base: None, partition, orders, frame }.into();
        Expr::Window(Window { function: function.expr().clone(), ignore_nulls: false, spec }).into()
    };
    let call_of = |name: &str, column: &Column| Column::call(name, [column.clone()]);
    let Expr::Call { args, .. } = &**call else { return Err(Error::runtime("A window that is no call.")) };
    let of_row: Column = Expr::Call { function: SESSION.into(), args: args.clone(), distinct: false }.into();
    let rows = frame.with_column(OWN, &of_row)?.filter(&own().is_not_null())?;
    let previous = FrameBound::Preceding(Expr::Literal(Value::Int(1)).into());
    let latest = over(call_of("max", &end), keys.to_vec(), true, previous);
    let opens = Column::when(&latest.is_null().or(&start.gt(&latest)), &Column::lit(1)).otherwise(&Column::lit(0))?;
    let rows = rows.with_column(NEW, &opens)?;
    let number = over(call_of("sum", &Column::name(NEW)), keys.to_vec(), true, FrameBound::CurrentRow);
    let rows = rows.with_column(NUMBER, &number)?;
    let session: Vec<Arc<Expr>> = keys.iter().cloned().chain([Column::name(NUMBER).expr().clone()]).collect();
    let whole = |name: &str, edge: &Column| over(call_of(name, edge), session.clone(), false, FrameBound::CurrentRow);
    let window = Column::call("struct", [whole("min", &start).alias("start"), whole("max", &end).alias("end")]);
    // The column of the window comes last.
    rows.with_column("\u{1}window", &window)?.drop(&[OWN, NEW, NUMBER])?.with_column_renamed("\u{1}window", "session_window")
}

//! Frames within frames: one that is asked for a value, for a row, or row by row for more rows, and one that waits for the columns of the
//! frame around it, as in `orders.where(col("o.customer") == col("c.id").outer()).exists()`.

use std::sync::Arc;

use arrow_array::ArrayRef;
use kindling_partition::{Error, Executor, Result};

use super::{DataFrame, JoinKind};
use crate::column::Column;
use crate::expr::{Attribute, Expr, Subquery, SubqueryKind};
use crate::plan::Plan;
use crate::sql::{Asked, Place, Planner, first_subquery};
use crate::typed::{Kind, Typed};
use crate::types::DataType;

/// The frame that waited, among the columns of the frame around it.
pub(super) type Later = dyn Fn(&Arc<[Attribute]>) -> Result<DataFrame> + Send + Sync;

impl DataFrame {
    /// `df.scalar()`: the one value of the frame's one row, as a column of other frames.
    pub fn scalar(&self) -> Column {
        self.asked(SubqueryKind::Scalar)
    }

    /// `df.exists()`: whether the frame has a row, as a column of other frames.
    pub fn exists(&self) -> Column {
        self.asked(SubqueryKind::Exists)
    }

    /// `column.isin(df)`: whether one of the frame's rows has these values.
    pub fn has(&self, values: &[Column]) -> Column {
        self.asked(SubqueryKind::In(values.iter().map(|v| v.expr().clone()).collect()))
    }

    fn asked(&self, kind: SubqueryKind) -> Column {
        Subquery::asked(kind, Asked::Frame(self.clone())).into()
    }

    /// `df.lateralJoin(other, on, how)`: each row with the rows that the other frame has for it.
    ///
    /// # Errors
    /// `UNSUPPORTED_JOIN_TYPE` for anything but inner, cross and left; whatever is wrong with the other frame.
    pub fn lateral_join(&self, other: &DataFrame, on: Option<&Column>, kind: JoinKind) -> Result<DataFrame> {
        if !matches!(kind, JoinKind::Inner | JoinKind::Cross | JoinKind::Left) {
            let text = format!("Unsupported lateral join type {kind:?}: it is inner, cross or left.");
            return Err(Error::analysis(text).with_condition("UNSUPPORTED_FEATURE.LATERAL_JOIN_TYPE"));
        }
        let asked = Asked::Frame(other.clone());
        Planner::around(self).lateral_join(self, &asked, &Default::default(), kind, on.map(Column::expr))
    }

    /// Whether a step with these expressions has to wait for the columns of the frame around this one.
    pub(super) fn waits<'a>(&self, exprs: impl IntoIterator<Item = &'a Arc<Expr>>) -> bool {
        let asks = |expr: &Arc<Expr>| expr.any(&|part| matches!(part, Expr::Outer(_)));
        self.later.is_some() || self.outer.is_empty() && exprs.into_iter().any(asks)
    }

    /// The frame with a step that is taken once the columns around it are known.
    pub(super) fn then(&self, step: impl Fn(&DataFrame) -> Result<DataFrame> + Send + Sync + 'static) -> DataFrame {
        let before = self.clone();
        let later = move |outer: &Arc<[Attribute]>| step(&before.asked_within(outer)?);
        DataFrame { later: Some(Arc::new(later)), ..self.over(Plan::Filter { child: self.plan.clone(), condition: not_yet() }) }
    }

    /// The frame as a part of a query whose columns are `outer`.
    pub(crate) fn asked_within(&self, outer: &Arc<[Attribute]>) -> Result<DataFrame> {
        if let Some(later) = &self.later {
            return later(outer);
        }
        let shared = self.plan.output().iter().any(|own| outer.iter().any(|o| o.id == own.id));
        let own = if shared { self.over(self.plan.renewed()) } else { self.clone() };
        Ok(own.within(outer.clone()))
    }

    /// The frame with a column for each query within these expressions, and the expressions over them; none when there is no such query.
    pub(super) fn with_asked(&self, exprs: &[Arc<Expr>]) -> Result<Option<(DataFrame, Vec<Arc<Expr>>)>> {
        if !exprs.iter().any(|expr| first_subquery(expr).is_some()) {
            return Ok(None);
        }
        let planner = Planner::around(self);
        let own = self.plan.output();
        let (mut frame, mut asked) = (self.clone(), Vec::new());
        for expr in exprs {
            match &**expr {
                // The frame's own columns, not those that stand for queries.
                Expr::Name(name) if &**name == "*" => asked.extend(own.iter().map(|a| Arc::new(Expr::Attribute(a.clone(), self.id)))),
                _ => {
                    let (wider, over) = planner.with_subqueries(&frame, expr, Place::Rows)?;
                    frame = wider;
                    asked.push(over);
                }
            }
        }
        Ok(Some((frame, asked)))
    }
}

/// A condition that fails when it is asked: the rows are there only within another frame.
fn not_yet() -> Typed {
    let func = |_: &Executor, _: &[ArrayRef], _: usize| {
        let text = "The DataFrame has outer() columns, so that it has rows only within another one: call exists() or scalar() on it there, or give it to lateralJoin().";
        Err(Error::analysis(text).with_condition("UNRESOLVED_COLUMN.WITHOUT_SUGGESTION"))
    };
    let kind = Kind::Native { name: "outer".into(), args: Vec::new(), func: Arc::new(func), on_driver: false };
    Typed { kind, data_type: DataType::Boolean, nullable: false }
}

/// `spark.tvf`: a table function's rows as a frame; its arguments may be columns of a frame around it.
///
/// # Errors
/// `UNRESOLVABLE_TABLE_VALUED_FUNCTION`, and whatever is wrong with an argument.
pub fn table_function(session: &crate::Session, name: &str, args: &[Column]) -> Result<DataFrame> {
    one_row(session).select(&[Column::call(crate::functions::table_name(name), args.to_vec())])
}

/// A frame of one row without columns.
pub fn one_row(session: &crate::Session) -> DataFrame {
    Planner::new(session).nothing()
}

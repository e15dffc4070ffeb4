//! Queries within expressions, as joins: what a subquery asks of the rows around it becomes the condition of a join with it.

use std::fmt;
use std::sync::Arc;

use kindling_partition::{Error, Result};

use super::ast::{Query, TableAlias};
use super::expr::call;
use super::plan::Planner;
use super::relation::{aliased, passed};
use crate::analyze::{has_aggregate, make_call};
use crate::coerce::text;
use crate::column::Column;
use crate::dataframe::{DataFrame, JoinKind};
use crate::exec::Ids;
use crate::expr::{Attribute, Expr, SortOrder, Subquery, SubqueryKind};
use crate::functions::Aggregate;
use crate::plan::Plan;
use crate::typed::{Kind, Named, Typed};
use crate::types::{DataType, Field};
use crate::value::Value;
use crate::window::{Bound, Frame, Over, OverFunction};

/// What is asked for values: a query of SQL text, or a frame.
pub(crate) enum Asked {
    Text(Query),
    Frame(DataFrame),
}

impl fmt::Debug for Asked {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text(query) => query.fmt(f),
            Self::Frame(frame) => write!(f, "{:?}", frame.columns()),
        }
    }
}

/// A subquery's rows, and what must hold between them and the rows around it.
struct Inner {
    frame: DataFrame,
    /// The columns that the query itself has.
    columns: Vec<Attribute>,
    conditions: Vec<Typed>,
}

impl Planner<'_> {
    /// The rows for which a condition of `WHERE` is true.
    pub fn filtered(&self, frame: &DataFrame, condition: &Arc<Expr>) -> Result<DataFrame> {
        let mut parts = Vec::new();
        conjuncts(condition, &mut parts);
        let (asking, plain): (Vec<_>, Vec<_>) = parts.into_iter().partition(has_subquery);
        let mut frame = frame.clone();
        if let Some(condition) = plain.into_iter().reduce(|a, b| call("and", [a, b])) {
            frame = frame.filter(&condition.into())?;
        }
        for part in asking {
            let (negated, asked) = match &*part {
                Expr::Call { function, args, .. } if &**function == "not" => (true, &args[0]),
                _ => (false, &part),
            };
            frame = match &**asked {
                Expr::Subquery(Subquery { kind: SubqueryKind::Exists, query }) => {
                    let kind = if negated { JoinKind::LeftAnti } else { JoinKind::LeftSemi };
                    let inner = self.inner(&frame, query)?;
                    let condition = all_of(inner.conditions)?;
                    joined(&frame, &inner.frame, kind, condition)
                }
                Expr::Subquery(Subquery { kind: SubqueryKind::In(values), query }) if !negated && !values.iter().any(has_subquery) => {
                    let inner = self.inner(&frame, query)?;
                    let mut conditions = self.equalities(&frame, values, &inner)?;
                    conditions.extend(inner.conditions);
                    joined(&frame, &inner.frame, JoinKind::LeftSemi, all_of(conditions)?)
                }
                _ => {
                    let before = frame.plan().output();
                    let (asked, condition) = self.with_subqueries(&frame, &part, false)?;
                    passed(&asked.filter(&condition.into())?, &before)
                }
            };
        }
        Ok(frame)
    }

    /// The frame with a column for each subquery of an expression, and the expression over them.
    pub fn with_subqueries(&self, frame: &DataFrame, expr: &Arc<Expr>, grouped: bool) -> Result<(DataFrame, Arc<Expr>)> {
        let (mut frame, mut expr) = (frame.clone(), expr.clone());
        let name = expr.column_name();
        let mut asked = false;
        while let Some(subquery) = first_subquery(&expr) {
            asked = true;
            let (wider, answer) = match &subquery.kind {
                SubqueryKind::Scalar => self.scalar(&frame, &subquery.query)?,
                SubqueryKind::Exists => self.exists(&frame, &subquery.query)?,
                SubqueryKind::In(values) => self.is_in(&frame, values, &subquery.query)?,
            };
            frame = wider;
            let same = |part: &Expr| matches!(part, Expr::Subquery(found) if Arc::ptr_eq(&found.query, &subquery.query));
            let is_in = matches!(subquery.kind, SubqueryKind::In(_));
            expr = expr.rewrite(&|part| match part {
                // As Spark has it: IN as a value is true or false, and NOT IN is not true where IN is unknown.
                Expr::Call { function, args, .. } if &**function == "not" && is_in && same(&args[0]) => {
                    let sure = call("coalesce", [answer.clone(), Expr::Literal(Value::Boolean(true)).into()]);
                    Some(Expr::clone(&call("not", [sure])))
                }
                part if same(part) && is_in => {
                    Some(Expr::clone(&call("coalesce", [answer.clone(), Expr::Literal(Value::Boolean(false)).into()])))
                }
                // One value for all rows is one for each group.
                part if same(part) && grouped => Some(Expr::clone(&call("first", [answer.clone()]))),
                part if same(part) => Some(Expr::clone(&answer)),
                _ => None,
            });
        }
        if asked && !matches!(*expr, Expr::Alias { .. }) {
            expr = Expr::Alias { child: expr, name: name.into(), metadata: None }.into();
        }
        Ok((frame, expr))
    }

    /// `FROM t, LATERAL (SELECT … WHERE x = t.x)`
    pub fn lateral_join(
        &self,
        left: &DataFrame,
        asked: &Asked,
        alias: &TableAlias,
        kind: JoinKind,
        on: Option<&Arc<Expr>>,
    ) -> Result<DataFrame> {
        if on.is_none() && matches!(kind, JoinKind::Inner | JoinKind::Cross) {
            let around = left.plan().output().into_iter().chain(self.outer.iter().cloned()).collect();
            let mut own = Planner { outer: around, ..self.clone() }.made(asked)?;
            if alias.name.is_some() {
                own = aliased(&own, alias)?;
            }
            if let Some(plan) = threaded(own.plan(), left.plan()) {
                return Ok(left.over(Plan::clone(&plan)));
            }
        }
        let mut inner = self.inner(left, asked)?;
        if let Some(on) = on {
            let all: Vec<Attribute> = left.plan().output().into_iter().chain(inner.columns.iter().cloned()).collect();
            inner.conditions.push(left.scope(&all).condition(on)?);
        }
        let hidden: Vec<Attribute> =
            inner.frame.plan().output().into_iter().filter(|a| !inner.columns.iter().any(|c| c.id == a.id)).collect();
        let mut right = inner.frame;
        if hidden.is_empty() || alias.columns.is_empty() {
            right = aliased(
                &right,
                &TableAlias { name: alias.name.clone(), columns: if hidden.is_empty() { alias.columns.clone() } else { Vec::new() } },
            )?;
        }
        let kind = if kind == JoinKind::Cross { JoinKind::Inner } else { kind };
        let joined = joined(left, &right, kind, all_of(inner.conditions)?);
        let kept: Vec<Attribute> = joined.plan().output().into_iter().filter(|a| !hidden.iter().any(|h| h.id == a.id)).collect();
        Ok(passed(&joined, &kept).within(self.outer.clone()))
    }

    /// The subquery as seen from a frame.
    fn inner(&self, frame: &DataFrame, asked: &Asked) -> Result<Inner> {
        let around = frame.plan().output();
        let outer = around.iter().chain(self.outer.iter()).cloned().collect();
        let planner = Planner { outer, ..self.clone() };
        let own = planner.made(asked)?;
        let columns = own.plan().output();
        let ids: Ids = around.iter().map(|a| a.id).collect();
        let mut conditions = Vec::new();
        let plan = pulled(own.plan(), &ids, &mut conditions)?;
        Ok(Inner { frame: DataFrame::new(self.session.clone(), plan), columns, conditions })
    }

    /// What is asked, among the columns around it.
    fn made(&self, asked: &Asked) -> Result<DataFrame> {
        match asked {
            Asked::Text(query) => self.query(query),
            Asked::Frame(frame) => frame.asked_within(&self.outer),
        }
    }

    /// The values are those of the subquery's columns.
    fn equalities(&self, frame: &DataFrame, values: &[Arc<Expr>], inner: &Inner) -> Result<Vec<Typed>> {
        if values.len() != inner.columns.len() {
            let text = format!(
                "The number of columns in the left hand side of an IN subquery ({}) does not match the number of columns in the output of the subquery ({}).",
                values.len(),
                inner.columns.len()
            );
            return Err(Error::analysis(text).with_condition("DATATYPE_MISMATCH.IN_SUBQUERY_LENGTH_MISMATCH"));
        }
        let output = frame.plan().output();
        let scope = frame.scope(&output);
        values
            .iter()
            .zip(&inner.columns)
            .map(|(value, column)| make_call("=", vec![scope.resolve(value)?, Typed::attribute(column)], false))
            .collect()
    }

    /// `(SELECT max(x) FROM t)`: one value for each row.
    fn scalar(&self, frame: &DataFrame, query: &Asked) -> Result<(DataFrame, Arc<Expr>)> {
        let Inner { frame: inner, columns, conditions } = self.inner(frame, query)?;
        let [column] = columns.as_slice() else {
            let text = format!("Scalar subquery must return only one column, but found {}.", columns.len());
            return Err(
                Error::analysis(text).with_condition("INVALID_SUBQUERY_EXPRESSION.SCALAR_SUBQUERY_RETURN_MORE_THAN_ONE_OUTPUT_COLUMN")
            );
        };
        let own = |a: &Attribute| Column::attribute(a.clone(), inner.id());
        if conditions.is_empty() {
            let counted =
                inner.agg(&[Column::call("first", [own(column)]).alias("value"), Column::call("count", [Column::lit(1)]).alias("rows")])?;
            let field = Field::new("value", column.field.data_type.clone(), true);
            let one = Column::native("scalarsubquery", [Column::name("value"), Column::name("rows")], field, |_, args, _| {
                let rows = arrow_array::cast::AsArray::as_primitive::<arrow_array::types::Int64Type>(&args[1]);
                if rows.values().iter().any(|n| *n > 1) {
                    return Err(Error::runtime("More than one row returned by a subquery used as an expression.")
                        .with_condition("SCALAR_SUBQUERY_TOO_MANY_ROWS"));
                }
                Ok(args[0].clone())
            });
            let single = counted.select(&[one.alias("scalarsubquery()")])?;
            let answer = single.plan().output().remove(0);
            return Ok((attached(frame, &single, JoinKind::Cross, None), attribute(frame, &answer)));
        }
        let Some(empty) = on_no_rows(inner.plan(), column) else {
            return Err(Error::analysis(
                "A correlated scalar subquery must be aggregated, so that it gives one value for each row: SELECT max(x) ….",
            )
            .with_condition("UNSUPPORTED_SUBQUERY_EXPRESSION_CATEGORY.MUST_AGGREGATE_CORRELATED_SCALAR_SUBQUERY"));
        };
        let (marked, marker) = marked(&inner)?;
        let wider = attached(frame, &marked, JoinKind::Left, all_of(conditions)?);
        let found = attribute(frame, column);
        let answer = if empty.is_null() {
            found
        } else {
            let missing = call("isnull", [attribute(frame, &marker)]);
            Expr::Case { branches: vec![(missing, Expr::Literal(empty).into())], otherwise: Some(found) }.into()
        };
        Ok((wider, answer))
    }

    /// `EXISTS (…)` as a value.
    fn exists(&self, frame: &DataFrame, query: &Asked) -> Result<(DataFrame, Arc<Expr>)> {
        let inner = self.inner(frame, query)?;
        if inner.conditions.is_empty() {
            let counted = inner.frame.limit(1)?.agg(&[Column::call("count", [Column::lit(1)]).alias("rows")])?;
            let rows = counted.plan().output().remove(0);
            let answer = call(">", [attribute(frame, &rows), Expr::Literal(Value::Long(0)).into()]);
            return Ok((attached(frame, &counted, JoinKind::Cross, None), answer));
        }
        let keys = self.keys(&inner)?;
        let (marked, marker) = marked(&passed(&inner.frame, &keys).distinct()?)?;
        let wider = attached(frame, &marked, JoinKind::Left, all_of(inner.conditions)?);
        Ok((wider, call("isnotnull", [attribute(frame, &marker)])))
    }

    /// `x IN (SELECT …)` as a value: unknown when nothing is equal but a null is there.
    fn is_in(&self, frame: &DataFrame, values: &[Arc<Expr>], query: &Asked) -> Result<(DataFrame, Arc<Expr>)> {
        let inner = self.inner(frame, query)?;
        let mut conditions = self.equalities(frame, values, &inner)?;
        let keys = self.keys(&inner)?;
        let own = |a: &Attribute| Column::attribute(a.clone(), inner.frame.id());
        let null = inner.columns.iter().map(|c| own(c).is_null()).reduce(|a, b| a.or(&b)).unwrap_or_else(|| Column::lit(false));
        let counts = [Column::call("count", [Column::lit(1)]).alias("rows"), Column::call("count_if", [null]).alias("nulls")];
        let counted = inner.frame.group_by(&keys.iter().map(own).collect::<Vec<_>>())?.agg(&counts)?;
        let [rows, nulls] = &counted.plan().output()[keys.len()..] else { return Err(Error::runtime("Two counts are not two columns.")) };
        let (rows, nulls) = (rows.clone(), nulls.clone());
        let sides: Vec<Attribute> = inner.columns.iter().chain(&keys).cloned().collect();
        let (marked, marker) = marked(&passed(&inner.frame, &sides).distinct()?)?;
        // The counts come with keys of their own identity, so that both can be joined.
        let counted_plan = Arc::new(counted.plan().renewed());
        let moved: Vec<_> = counted.plan().output().iter().map(|a| a.id).zip(counted_plan.output()).collect();
        let new = |a: &Attribute| moved.iter().find(|(id, _)| *id == a.id).map_or_else(|| a.clone(), |(_, new)| new.clone());
        let about: Vec<Typed> = inner.conditions.iter().map(|c| at(c, &moved)).collect();
        let kind = if keys.is_empty() { JoinKind::Cross } else { JoinKind::Left };
        let with_counts = attached(frame, &DataFrame::new(self.session.clone(), counted_plan), kind, all_of(about)?);
        conditions.extend(inner.conditions);
        let wider = attached(&with_counts, &marked, JoinKind::Left, all_of(conditions)?);

        let of = |a: &Attribute| attribute(frame, a);
        let no = |value: Arc<Expr>| call("coalesce", [value, Expr::Literal(Value::Long(0)).into()]);
        let zero: Arc<Expr> = Expr::Literal(Value::Long(0)).into();
        let literal = |value: Value| -> Arc<Expr> { Expr::Literal(value).into() };
        let any_null = values.iter().map(|v| call("isnull", [v.clone()])).reduce(|a, b| call("or", [a, b]));
        let unknown =
            call("or", [any_null.unwrap_or_else(|| literal(Value::Boolean(false))), call(">", [no(of(&new(&nulls))), zero.clone()])]);
        let answer = Expr::Case {
            branches: vec![
                (call("isnotnull", [of(&marker)]), literal(Value::Boolean(true))),
                (call("=", [no(of(&new(&rows))), zero]), literal(Value::Boolean(false))),
                (unknown, literal(Value::Null)),
            ],
            otherwise: Some(literal(Value::Boolean(false))),
        };
        Ok((wider, answer.into()))
    }

    /// The subquery's columns that the conditions read; these must be plain equalities.
    fn keys(&self, inner: &Inner) -> Result<Vec<Attribute>> {
        let mut keys: Vec<Attribute> = Vec::new();
        for condition in &inner.conditions {
            if !matches!(&condition.kind, Kind::Call { function, .. } if matches!(function.name, "=" | "<=>")) {
                return Err(unsupported(&format!(
                    "the condition {}: here only equalities can relate a subquery to the query around it",
                    text(condition)
                )));
            }
            let mut ids = Ids::new();
            condition.references(&mut ids);
            for attribute in inner.frame.plan().output() {
                if ids.contains(&attribute.id) && !keys.iter().any(|k| k.id == attribute.id) {
                    keys.push(attribute);
                }
            }
        }
        Ok(keys)
    }
}

fn at(expr: &Typed, moved: &[(crate::expr::AttributeId, Attribute)]) -> Typed {
    expr.rewrite(&mut |part| match part.kind {
        Kind::Attribute(id, _) => {
            moved.iter().find(|(old, _)| *old == id).map(|(_, new)| Typed { nullable: part.nullable, ..Typed::attribute(new) })
        }
        _ => None,
    })
}

fn unsupported(what: &str) -> Error {
    Error::unsupported(format!("Kindling can't do {what}."))
        .with_condition("UNSUPPORTED_SUBQUERY_EXPRESSION_CATEGORY.ACCESSING_OUTER_QUERY_COLUMN_IS_NOT_ALLOWED")
}

fn attribute(frame: &DataFrame, attribute: &Attribute) -> Arc<Expr> {
    Expr::Attribute(attribute.clone(), frame.id()).into()
}

fn has_subquery(expr: &Arc<Expr>) -> bool {
    first_subquery(expr).is_some()
}

pub(crate) fn first_subquery(expr: &Arc<Expr>) -> Option<Subquery> {
    let found = std::cell::RefCell::new(None);
    expr.rewrite(&|part| {
        if let Expr::Subquery(subquery) = part {
            found.borrow_mut().get_or_insert_with(|| subquery.clone());
        }
        None
    });
    found.into_inner()
}

fn conjuncts(expr: &Arc<Expr>, into: &mut Vec<Arc<Expr>>) {
    match &**expr {
        Expr::Call { function, args, .. } if &**function == "and" => args.iter().for_each(|a| conjuncts(a, into)),
        _ => into.push(expr.clone()),
    }
}

fn all_of(conditions: Vec<Typed>) -> Result<Option<Typed>> {
    conditions.into_iter().map(Ok).reduce(|a, b| make_call("and", vec![a?, b?], false)).transpose()
}

/// As [`joined`], with a right side whose columns nobody can name.
fn attached(left: &DataFrame, right: &DataFrame, kind: JoinKind, condition: Option<Typed>) -> DataFrame {
    let unnamed = |a: Attribute| Attribute { field: Field { name: "\0subquery".into(), ..a.field }, qualifier: None, id: a.id };
    let columns = right.plan().output().into_iter().map(|a| Named { expr: Typed::attribute(&a), attribute: unnamed(a) }).collect();
    joined(left, &right.over(Plan::Project { child: right.plan().clone(), columns }), kind, condition)
}

fn joined(left: &DataFrame, right: &DataFrame, kind: JoinKind, condition: Option<Typed>) -> DataFrame {
    left.over(Plan::Join { left: left.plan().clone(), right: right.plan().clone(), kind, condition, broadcast: None })
}

/// With a column that is true, and null where an outer join finds no row.
fn marked(frame: &DataFrame) -> Result<(DataFrame, Attribute)> {
    let marker = Attribute::new(Field::new("exists", crate::types::DataType::Boolean, false));
    let same = frame.plan().output().into_iter().map(Named::from);
    let columns = same.chain([Named { expr: Typed::literal(Value::Boolean(true)), attribute: marker.clone() }]).collect();
    Ok((frame.over(Plan::Project { child: frame.plan().clone(), columns }), marker))
}

/// What a column of an aggregate without keys of its own is when there are no rows: 0 for counts, else null. None when the plan is no such
/// aggregate.
fn on_no_rows(plan: &Arc<Plan>, column: &Attribute) -> Option<Value> {
    match &**plan {
        Plan::Project { child, columns } => {
            let named = columns.iter().find(|c| c.attribute.id == column.id)?;
            match &named.expr.kind {
                Kind::Attribute(id, _) => {
                    let below = child.output().into_iter().find(|a| a.id == *id)?;
                    on_no_rows(child, &below)
                }
                _ => {
                    let mut ids = Ids::new();
                    named.expr.references(&mut ids);
                    let each = child
                        .output()
                        .into_iter()
                        .filter(|a| ids.contains(&a.id))
                        .map(|a| on_no_rows(child, &a))
                        .collect::<Option<Vec<_>>>()?;
                    // Made of counts and others: unknown counts for nothing.
                    each.iter().all(Value::is_null).then_some(Value::Null)
                }
            }
        }
        Plan::Filter { child, .. } | Plan::Alias { child, .. } => on_no_rows(child, column),
        Plan::Aggregate { aggregates, .. } => {
            let named = aggregates.iter().find(|a| a.attribute.id == column.id)?;
            let Kind::Call { function, .. } = &named.expr.kind else { return None };
            let counts = matches!(function.aggregate(), Some(Aggregate::Count | Aggregate::CountIf | Aggregate::ApproxCountDistinct));
            Some(if counts { Value::Long(0) } else { Value::Null })
        }
        _ => None,
    }
}

/// The plan without the conditions on columns from around it, which go into `conditions`; the columns that they read come out with the
/// others.
fn pulled(plan: &Arc<Plan>, outer: &Ids, conditions: &mut Vec<Typed>) -> Result<Arc<Plan>> {
    if !correlated(plan, outer) {
        return Ok(plan.clone());
    }
    let own = offered(plan);
    let asks = |expr: &Typed| reads(expr, outer, &own);
    let allowed = |fine: bool| {
        if fine { Ok(()) } else { Err(unsupported("a subquery that uses columns of the query around it outside of WHERE")) }
    };
    Ok(Arc::new(match &**plan {
        Plan::Filter { child, condition } => {
            let child = pulled(child, outer, conditions)?;
            let mut parts = Vec::new();
            split(condition, &mut parts);
            let (asking, own): (Vec<_>, Vec<_>) = parts.into_iter().partition(|p| asks(p));
            conditions.extend(asking);
            match all_of(own)? {
                Some(condition) => Plan::Filter { child, condition },
                None => return Ok(child),
            }
        }
        Plan::Project { child, columns } => {
            allowed(!columns.iter().any(|c| asks(&c.expr)))?;
            let child = pulled(child, outer, conditions)?;
            let more = missing(&child, conditions, columns.iter().map(|c| &c.attribute));
            Plan::Project { child, columns: columns.iter().cloned().chain(more.iter().map(Named::from)).collect() }
        }
        Plan::Aggregate { child, keys, aggregates } => {
            allowed(!keys.iter().chain(aggregates).any(|c| asks(&c.expr)))?;
            let first = conditions.len();
            let child = pulled(child, outer, conditions)?;
            for condition in &conditions[first..] {
                if !matches!(&condition.kind, Kind::Call { function, .. } if matches!(function.name, "=" | "<=>"))
                    || has_aggregate(condition)
                {
                    return Err(unsupported(&format!(
                        "the condition {}: only equalities can relate an aggregate to the query around it",
                        text(condition)
                    )));
                }
            }
            let more = missing(&child, conditions, keys.iter().map(|k| &k.attribute));
            let keys = keys.iter().cloned().chain(more.iter().map(Named::from)).collect();
            Plan::Aggregate { child, keys, aggregates: aggregates.clone() }
        }
        Plan::Alias { child, output, name } => {
            let child = pulled(child, outer, conditions)?;
            let more = missing(&child, conditions, output.iter());
            Plan::Alias { child, output: output.iter().cloned().chain(more).collect(), name: name.clone() }
        }
        // The first rows are the first ones of each value that the rows around ask for.
        Plan::Limit { child, rows } => {
            let (below, orders) = match &**child {
                Plan::Sort { child, orders, global: true } => (child, orders.clone()),
                _ => (child, Vec::new()),
            };
            allowed(!orders.iter().any(|(order, _)| asks(order)))?;
            let first = conditions.len();
            let below = pulled(below, outer, conditions)?;
            let mut keys = Vec::new();
            for condition in &conditions[first..] {
                let Kind::Call { function, args, .. } = &condition.kind else { return Err(below_limit(condition)) };
                let own = args.iter().find(|a| !asks(a)).filter(|_| matches!(function.name, "=" | "<=>"));
                keys.push(own.cloned().ok_or_else(|| below_limit(condition))?);
            }
            numbered(&below, keys, orders, *rows)?
        }
        // The order of rows that are only looked up tells nothing.
        Plan::Sort { child, .. } => return pulled(child, outer, conditions),
        Plan::Join { left, right, kind: kind @ (JoinKind::Inner | JoinKind::Cross), condition, broadcast } => {
            let (left, right) = (pulled(left, outer, conditions)?, pulled(right, outer, conditions)?);
            let mut parts = Vec::new();
            condition.iter().for_each(|c| split(c, &mut parts));
            let (asking, own): (Vec<_>, Vec<_>) = parts.into_iter().partition(|p| asks(p));
            conditions.extend(asking);
            Plan::Join { left, right, kind: *kind, condition: all_of(own)?, broadcast: *broadcast }
        }
        Plan::Join { left, right, kind, condition, broadcast } => {
            allowed(
                !condition.iter().any(asks)
                    && !correlated(right, outer)
                    && matches!(kind, JoinKind::Left | JoinKind::LeftSemi | JoinKind::LeftAnti),
            )?;
            let left = pulled(left, outer, conditions)?;
            Plan::Join { left, right: right.clone(), kind: *kind, condition: condition.clone(), broadcast: *broadcast }
        }
        _ => return Err(unsupported("a subquery that relates to the query around it below LIMIT, a set operation or a window")),
    }))
}

fn below_limit(condition: &Typed) -> Error {
    unsupported(&format!("the condition {}: only equalities can relate a query with LIMIT to the query around it", text(condition)))
}

/// The first rows of each group of equal keys.
fn numbered(child: &Arc<Plan>, partition: Vec<Typed>, orders: Vec<(Typed, SortOrder)>, rows: usize) -> Result<Plan> {
    let number = Attribute::new(Field::new("row_number", DataType::Int, false));
    let frame = Frame { rows: true, start: Bound::Unbounded, end: Bound::Current };
    let over = Over { function: OverFunction::RowNumber, args: Vec::new(), partition: partition.clone(), orders: orders.clone(), frame };
    let few = Typed::literal(Value::Int(i32::try_from(rows).unwrap_or(i32::MAX)));
    let condition = make_call("<=", vec![Typed::attribute(&number), few], false)?;
    let columns = child.output().iter().map(Named::from).collect();
    let window = Plan::Window { child: child.clone(), partition, orders, functions: vec![(number, over)] };
    Ok(Plan::Project { child: Arc::new(Plan::Filter { child: window.into(), condition }), columns })
}

/// A query of one row's columns alone, such as `SELECT explode(t.items)`, as steps over the rows of `left`; none when it reads tables.
fn threaded(plan: &Arc<Plan>, left: &Arc<Plan>) -> Option<Arc<Plan>> {
    let through = || left.output().iter().map(Named::from).collect::<Vec<_>>();
    Some(Arc::new(match &**plan {
        Plan::Scan { source, output, .. } if output.is_empty() && source.partitions() == 1 && source.rows(0) == Some(1) => {
            return Some(left.clone());
        }
        Plan::Project { child, columns } => {
            let child = threaded(child, left)?;
            Plan::Project { child, columns: through().into_iter().chain(columns.iter().cloned()).collect() }
        }
        Plan::Filter { child, condition } => Plan::Filter { child: threaded(child, left)?, condition: condition.clone() },
        Plan::Generate { child, generator, outer, position, columns } => Plan::Generate {
            child: threaded(child, left)?,
            generator: generator.clone(),
            outer: *outer,
            position: position.clone(),
            columns: columns.clone(),
        },
        Plan::Alias { child, output, name } => {
            let output = left.output().into_iter().chain(output.iter().cloned()).collect();
            Plan::Alias { child: threaded(child, left)?, output, name: name.clone() }
        }
        _ => return None,
    }))
}

fn correlated(plan: &Arc<Plan>, outer: &Ids) -> bool {
    let own = offered(plan);
    plan.expressions().into_iter().any(|e| reads(e, outer, &own)) || plan.children().into_iter().any(|c| correlated(c, outer))
}

/// The columns that a plan's own expressions see: they may be those of the query around, when both read one frame.
fn offered(plan: &Plan) -> Ids {
    plan.children().into_iter().flat_map(|child| child.output()).map(|a| a.id).collect()
}

fn reads(expr: &Typed, outer: &Ids, own: &Ids) -> bool {
    let mut ids = Ids::new();
    expr.references(&mut ids);
    ids.iter().any(|id| outer.contains(id) && !own.contains(id))
}

fn split(condition: &Typed, into: &mut Vec<Typed>) {
    match &condition.kind {
        Kind::Call { function, args, .. } if function.name == "and" => args.iter().for_each(|a| split(a, into)),
        _ => into.push(condition.clone()),
    }
}

/// The child's columns that the conditions read and that are not among those that come out.
fn missing<'a>(child: &Arc<Plan>, conditions: &[Typed], out: impl Iterator<Item = &'a Attribute> + Clone) -> Vec<Attribute> {
    let mut ids = Ids::new();
    conditions.iter().for_each(|c| c.references(&mut ids));
    child.output().into_iter().filter(|a| ids.contains(&a.id) && !out.clone().any(|o| o.id == a.id)).collect()
}

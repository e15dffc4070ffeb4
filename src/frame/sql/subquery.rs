//! Queries within expressions, as joins: what a subquery asks of the rows around it becomes the condition of a join with it.

use std::fmt;
use std::sync::Arc;

use kindling_partition::{Error, Result};

use super::ast::{Query, TableAlias};
use super::correlated::{Around, Related, Wanted, all_of, at, hidden, missing, unsupported};
use super::expr::call;
use super::plan::Planner;
use super::relation::{aliased, passed};
use super::select::is_aggregate_call;
use crate::analyze::make_call;
use crate::column::Column;
use crate::dataframe::{DataFrame, JoinKind};
use crate::exec::of_no_rows;
use crate::expr::{Attribute, AttributeId, Expr, Subquery, SubqueryKind};
use crate::plan::Plan;
use crate::typed::{Kind, Named, Typed};
use crate::types::Field;
use crate::value::Value;

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
    /// The names of the columns around that the query reads.
    read: Vec<Arc<str>>,
}

/// A frame with the answers to a subquery for its rows.
struct Answered {
    frame: DataFrame,
    value: Arc<Expr>,
    read: Vec<Arc<str>>,
}

/// Where the answers to a subquery stand.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Place {
    Rows,
    /// An entry of the select list of a query over groups.
    Groups,
    Having,
}

impl Inner {
    /// The columns that the conditions read.
    fn keys(&self) -> Vec<Attribute> {
        missing(self.frame.plan(), &self.conditions, std::iter::empty())
    }
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
                Expr::Subquery(Subquery { kind: SubqueryKind::Exists, query, .. }) => {
                    let kind = if negated { JoinKind::LeftAnti } else { JoinKind::LeftSemi };
                    let inner = self.inner(&frame, query, Wanted::Rows)?;
                    let condition = all_of(inner.conditions)?;
                    joined(&frame, &inner.frame, kind, condition)
                }
                Expr::Subquery(Subquery { kind: SubqueryKind::In(values), query, .. }) if !negated && !values.iter().any(has_subquery) => {
                    let inner = self.inner(&frame, query, Wanted::Rows)?;
                    let mut conditions = self.equalities(&frame, values, &inner)?;
                    conditions.extend(inner.conditions);
                    joined(&frame, &inner.frame, JoinKind::LeftSemi, all_of(conditions)?)
                }
                _ => {
                    let before = frame.plan().output();
                    let (asked, condition) = self.with_subqueries(&frame, &part, Place::Rows)?;
                    passed(&asked.filter(&condition.into())?, &before)
                }
            };
        }
        Ok(frame)
    }

    /// The frame with a column for each subquery of an expression, and the expression over them.
    ///
    /// # Errors
    /// `SCALAR_SUBQUERY_IS_IN_GROUP_BY_OR_AGGREGATE_FUNCTION` for one of rows that stands where groups are; whatever is wrong with a query.
    pub fn with_subqueries(&self, frame: &DataFrame, expr: &Arc<Expr>, place: Place) -> Result<(DataFrame, Arc<Expr>)> {
        let (mut frame, mut expr) = (frame.clone(), expr.clone());
        let mut titled = expr.clone();
        let grouped = place != Place::Rows;
        while let Some(subquery) = first_subquery(&expr) {
            let Answered { frame: wider, value: answer, read } = match &subquery.kind {
                SubqueryKind::Scalar => self.scalar(&frame, &subquery.query)?,
                SubqueryKind::Exists => self.exists(&frame, &subquery.query)?,
                SubqueryKind::In(values) => self.is_in(&frame, values, &subquery.query)?,
            };
            frame = wider;
            let same = |part: &Expr| matches!(part, Expr::Subquery(found) if Arc::ptr_eq(&found.query, &subquery.query));
            let is_in = matches!(subquery.kind, SubqueryKind::In(_));
            let known = Expr::Subquery(Subquery { outer: read, ..subquery.clone() });
            titled = titled.rewrite(&|part| same(part).then(|| known.clone()));
            let of_rows = matches!(&known, Expr::Subquery(Subquery { kind: SubqueryKind::Scalar, outer, .. }) if !outer.is_empty());
            if place == Place::Groups && of_rows && stands_for_group(&expr, &same) {
                let text = format!(
                    "The correlated scalar subquery '\"{known}\"' is neither present in GROUP BY, nor in an aggregate function.\nAdd it to GROUP BY using ordinal position or wrap it in `first()` (or `first_value`) if you don't care which value you get."
                );
                return Err(Error::analysis(text).with_condition("SCALAR_SUBQUERY_IS_IN_GROUP_BY_OR_AGGREGATE_FUNCTION"));
            }
            let replaced = |part: &Expr, grouped: bool| match part {
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
            };
            expr = expr.rewrite(&|part| {
                // What an aggregate reads are the rows.
                let within = || Expr::clone(&Arc::new(part.clone()).rewrite(&|part| replaced(part, false)));
                if grouped && reads_rows(part) { Some(within()) } else { replaced(part, grouped) }
            });
        }
        if has_subquery(&titled) && !matches!(*expr, Expr::Alias { .. }) {
            expr = Expr::Alias { child: expr, name: titled.column_name().into(), metadata: None }.into();
        }
        Ok((frame, expr))
    }

    /// The sides of a join with a column for each subquery of its condition, and the condition over them.
    ///
    /// # Errors
    /// `UNSUPPORTED_SUBQUERY_EXPRESSION_CATEGORY` for a query that reads both sides, or one that is asked for a value of each row.
    pub fn on_with_subqueries(&self, left: &DataFrame, right: &DataFrame, on: &Arc<Expr>) -> Result<(DataFrame, DataFrame, Arc<Expr>)> {
        let (mut left, mut right, mut on) = (left.clone(), right.clone(), on.clone());
        while let Some(subquery) = first_subquery(&on) {
            let same = |part: &Expr| matches!(part, Expr::Subquery(found) if Arc::ptr_eq(&found.query, &subquery.query));
            let negated = |part: &Expr| matches!(part, Expr::Call { function, args, .. } if &**function == "not" && same(&args[0]));
            let asked: Arc<Expr> = Expr::Subquery(subquery.clone()).into();
            let piece = if on.any(&negated) { call("not", [asked]) } else { asked };
            let value = match self.with_subqueries(&left, &piece, Place::Rows) {
                Ok((wider, value)) => {
                    left = wider;
                    value
                }
                Err(first) => match self.with_subqueries(&right, &piece, Place::Rows) {
                    Ok((wider, value)) => {
                        right = wider;
                        value
                    }
                    Err(_) => return Err(self.of_both(&left, &right, &piece).unwrap_or(first)),
                },
            };
            let Expr::Alias { child, name, .. } = &*value else { return Err(Error::runtime("A subquery's answer has no name.")) };
            if matches!(subquery.kind, SubqueryKind::Scalar) && !name.ends_with("()") {
                let what =
                    "Correlated scalar subqueries can only be used in filters, aggregations, projections, and UPDATE/MERGE/DELETE commands";
                return Err(unsupported(
                    "UNSUPPORTED_SUBQUERY_EXPRESSION_CATEGORY.UNSUPPORTED_CORRELATED_SCALAR_SUBQUERY",
                    &format!("{what}: {name}"),
                ));
            }
            on = on.rewrite(&|part| (negated(part) || same(part)).then(|| Expr::clone(child)));
        }
        Ok((left, right, on))
    }

    /// What is wrong with a subquery that neither side of a join can answer alone, when both can.
    fn of_both(&self, left: &DataFrame, right: &DataFrame, piece: &Arc<Expr>) -> Option<Error> {
        let both = left.cross_join(right).ok()?;
        let (_, value) = self.with_subqueries(&both, piece, Place::Rows).ok()?;
        let what = "Correlated subqueries in the join predicate cannot reference both join inputs";
        Some(unsupported(
            "UNSUPPORTED_SUBQUERY_EXPRESSION_CATEGORY.UNSUPPORTED_CORRELATED_EXPRESSION_IN_JOIN_CONDITION",
            &format!("{what}: {}", value.column_name()),
        ))
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
        let own = self.own(left, asked)?;
        let own = if alias.name.is_some() || !alias.columns.is_empty() { aliased(&own, alias)? } else { own };
        if on.is_none()
            && matches!(kind, JoinKind::Inner | JoinKind::Cross)
            && let Some(plan) = threaded(own.plan(), left.plan())
        {
            return Ok(left.over(Plan::clone(&plan)));
        }
        let mut inner = self.related(left, &own, Wanted::Rows)?;
        if let Some(on) = on {
            let all: Vec<Attribute> = left.plan().output().into_iter().chain(inner.columns.iter().cloned()).collect();
            inner.conditions.push(left.scope(&all).condition(on)?);
        }
        let kind = if kind == JoinKind::Cross { JoinKind::Inner } else { kind };
        let joined = joined(left, &inner.frame, kind, all_of(inner.conditions)?);
        let known = left.plan().output().into_iter().chain(inner.columns);
        let output = joined.plan().output();
        let kept: Vec<Attribute> = known.filter_map(|k| output.iter().find(|a| a.id == k.id).cloned()).collect();
        Ok(passed(&joined, &kept).within(self.outer.clone()))
    }

    /// The subquery as seen from a frame.
    fn inner(&self, frame: &DataFrame, asked: &Asked, wanted: Wanted) -> Result<Inner> {
        self.related(frame, &self.own(frame, asked)?, wanted)
    }

    fn own(&self, frame: &DataFrame, asked: &Asked) -> Result<DataFrame> {
        Planner { outer: frame.plan().output().into(), ..self.clone() }.made(asked)
    }

    fn related(&self, frame: &DataFrame, own: &DataFrame, wanted: Wanted) -> Result<Inner> {
        let around = Around::new(frame);
        let Related { plan, conditions } = around.related(own.plan(), wanted)?;
        let read = around.read_in(own.plan()).into_iter().map(|a| a.field.name).collect();
        Ok(Inner { frame: DataFrame::new(self.session.clone(), plan), columns: own.plan().output(), conditions, read })
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
    fn scalar(&self, frame: &DataFrame, query: &Asked) -> Result<Answered> {
        let own = self.own(frame, query)?;
        let columns = own.plan().output();
        let [column] = columns.as_slice() else {
            let text = format!("Scalar subquery must return only one column, but found {}.", columns.len());
            return Err(
                Error::analysis(text).with_condition("INVALID_SUBQUERY_EXPRESSION.SCALAR_SUBQUERY_RETURN_MORE_THAN_ONE_OUTPUT_COLUMN")
            );
        };
        let empty = self.on_no_rows(own.plan())?.and_then(|values| values.into_iter().find(|(id, _)| *id == column.id));
        let inner = self.related(frame, &own, if empty.is_some() { Wanted::Answer } else { Wanted::Keys })?;
        if let (Some((_, empty)), false) = (empty, inner.conditions.is_empty()) {
            let (marked, marker) = marked(&inner.frame)?;
            let wider = attached(frame, &marked, JoinKind::Left, all_of(inner.conditions)?);
            let found = attribute(frame, column);
            let value = if empty.is_null() {
                found
            } else {
                let missing = call("isnull", [attribute(frame, &marker)]);
                Expr::Case { branches: vec![(missing, Expr::Literal(empty).into())], otherwise: Some(found) }.into()
            };
            return Ok(Answered { frame: wider, value, read: inner.read });
        }
        // Whatever may have several rows says so where a row asks for them.
        let own = |a: &Attribute| Column::attribute(a.clone(), inner.frame.id());
        let keys = inner.keys();
        let counts = [Column::call("first", [own(column)]).alias("value"), Column::call("count", [Column::lit(1)]).alias("rows")];
        let counted = inner.frame.group_by(&keys.iter().map(own).collect::<Vec<_>>())?.agg(&counts)?;
        let single = |value: Column, rows: Column| {
            let field = Field::new("value", column.field.data_type.clone(), true);
            Column::native("scalarsubquery", [value, rows], field, |_, args, _| {
                let rows = arrow_array::cast::AsArray::as_primitive::<arrow_array::types::Int64Type>(&args[1]);
                if rows.iter().flatten().any(|n| n > 1) {
                    return Err(Error::runtime("More than one row returned by a subquery used as an expression.")
                        .with_condition("SCALAR_SUBQUERY_TOO_MANY_ROWS"));
                }
                Ok(args[0].clone())
            })
        };
        if inner.conditions.is_empty() {
            let single = counted.select(&[single(Column::name("value"), Column::name("rows")).alias("scalarsubquery()")])?;
            let answer = single.plan().output().remove(0);
            return Ok(Answered {
                frame: attached(frame, &single, JoinKind::Cross, None),
                value: attribute(frame, &answer),
                read: inner.read,
            });
        }
        let [value, rows] = &counted.plan().output()[keys.len()..] else {
            return Err(Error::runtime("A value and a count are not two columns."));
        };
        let of = |a: &Attribute| Column::attribute(a.clone(), frame.id());
        let answer = single(of(value), of(rows));
        let frame = attached(frame, &counted, JoinKind::Left, all_of(inner.conditions)?);
        Ok(Answered { frame, value: answer.expr().clone(), read: inner.read })
    }

    /// The columns of an aggregate without keys of its own when there are no rows; none when the plan is no such aggregate.
    fn on_no_rows(&self, plan: &Plan) -> Result<Option<Vec<(AttributeId, Value)>>> {
        Ok(match plan {
            Plan::Project { child, columns } => {
                let Some(below) = self.on_no_rows(child)? else { return Ok(None) };
                let value = |column: &Named| {
                    let expr = column.expr.rewrite(&mut |part| {
                        let Kind::Attribute(id, _) = part.kind else { return None };
                        let (_, value) = below.iter().find(|(known, _)| *known == id)?;
                        Some(Typed { kind: Kind::Literal(value.clone()), ..part.clone() })
                    });
                    if expr.any(&|part| matches!(part.kind, Kind::Attribute(..))) {
                        return Ok(None);
                    }
                    Ok(Some((column.attribute.id, self.evaluated(&expr)?)))
                };
                columns.iter().map(value).collect::<Result<_>>()?
            }
            Plan::Alias { child, .. } | Plan::Sort { child, .. } => self.on_no_rows(child)?,
            Plan::Aggregate { keys, aggregates, .. } if keys.is_empty() => {
                let value = |a: &Named| Ok((a.attribute.id, of_no_rows(self.session.runner(), &a.expr)?));
                Some(aggregates.iter().map(value).collect::<Result<_>>()?)
            }
            _ => None,
        })
    }

    /// `EXISTS (…)` as a value.
    fn exists(&self, frame: &DataFrame, query: &Asked) -> Result<Answered> {
        let inner = self.inner(frame, query, Wanted::Keys)?;
        if inner.conditions.is_empty() {
            let counted = inner.frame.limit(1)?.agg(&[Column::call("count", [Column::lit(1)]).alias("rows")])?;
            let rows = counted.plan().output().remove(0);
            let answer = call(">", [attribute(frame, &rows), Expr::Literal(Value::Long(0)).into()]);
            return Ok(Answered { frame: attached(frame, &counted, JoinKind::Cross, None), value: answer, read: inner.read });
        }
        let keys = inner.keys();
        let (marked, marker) = marked(&passed(&inner.frame, &keys).distinct()?)?;
        let wider = attached(frame, &marked, JoinKind::Left, all_of(inner.conditions)?);
        Ok(Answered { frame: wider, value: call("isnotnull", [attribute(frame, &marker)]), read: inner.read })
    }

    /// `x IN (SELECT …)` as a value: unknown when nothing is equal but a null is there.
    fn is_in(&self, frame: &DataFrame, values: &[Arc<Expr>], query: &Asked) -> Result<Answered> {
        let inner = self.inner(frame, query, Wanted::Keys)?;
        let mut conditions = self.equalities(frame, values, &inner)?;
        let keys = inner.keys();
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
        Ok(Answered { frame: wider, value: answer.into(), read: inner.read })
    }
}

fn attribute(frame: &DataFrame, attribute: &Attribute) -> Arc<Expr> {
    Expr::Attribute(attribute.clone(), frame.id()).into()
}

/// Whether such a part stands in an expression over groups other than in what is computed of the groups' rows.
fn stands_for_group(expr: &Arc<Expr>, part: &impl Fn(&Expr) -> bool) -> bool {
    let outside = std::cell::Cell::new(false);
    expr.rewrite(&|here| {
        outside.set(outside.get() || part(here));
        reads_rows(here).then(|| here.clone())
    });
    outside.get()
}

/// Whether a part of an expression over groups is computed of the groups' rows.
fn reads_rows(part: &Expr) -> bool {
    matches!(part, Expr::Filtered { .. }) || is_aggregate_call(part)
}

pub(super) fn has_subquery(expr: &Arc<Expr>) -> bool {
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

/// As [`joined`], with a right side whose columns nobody can name.
fn attached(left: &DataFrame, right: &DataFrame, kind: JoinKind, condition: Option<Typed>) -> DataFrame {
    let columns = right.plan().output().into_iter().map(|a| Named { expr: Typed::attribute(&a), attribute: hidden(a) }).collect();
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

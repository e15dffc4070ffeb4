//! Any subquery as a plan that reads nothing from around it: the values that it read from there, each once (its "domain"), are joined in
//! below everything that depends on them and carried along, so that its rows are there for each of them. As in Neumann and Kemper,
//! "Unnesting Arbitrary Queries" (BTW 2015), and in Spark's `DecorrelateInnerQuery`.

use std::sync::Arc;

use kindling_partition::Result;

use super::correlated::{Around, Related, all_of, at, hidden, offered};
use crate::analyze::make_call;
use crate::dataframe::JoinKind;
use crate::exec::{Ids, of_no_rows};
use crate::expr::{Attribute, SortOrder};
use crate::plan::Plan;
use crate::typed::{Kind, Named, Typed};
use crate::types::{DataType, Field};
use crate::value::Value;
use crate::window::{Bound, Frame, Over, OverFunction};

/// The subquery's rows for each of the values around it.
pub(super) fn unnested(plan: &Arc<Plan>, around: &Around<'_>) -> Result<Related> {
    let mut read: Vec<Attribute> = Vec::new();
    for attribute in around.read_in(plan) {
        if !read.iter().any(|known| known.id == attribute.id) {
            read.push(attribute);
        }
    }
    let domain = Domain { around, read };
    let rows = domain.rows(plan)?;
    Ok(Related { conditions: same(&domain.read, &rows.values)?, plan: rows.plan })
}

struct Domain<'a> {
    around: &'a Around<'a>,
    /// The columns around that the subquery reads.
    read: Vec<Attribute>,
}

/// A plan's rows for each of the values around, which stand in the columns `values`.
struct Rows {
    plan: Arc<Plan>,
    values: Vec<Attribute>,
}

impl Domain<'_> {
    /// The values around, each once.
    fn values(&self) -> Rows {
        let fresh = |a: &Attribute| hidden(Attribute::new(a.field.clone()));
        let keys: Vec<Named> = self.read.iter().map(|a| Named { expr: Typed::attribute(a), attribute: fresh(a) }).collect();
        let values = keys.iter().map(|k| k.attribute.clone()).collect();
        Rows {
            plan: Arc::new(Plan::Aggregate { child: source(self.around.frame.plan(), &self.read).clone(), keys, aggregates: Vec::new() }),
            values,
        }
    }

    fn rows(&self, plan: &Arc<Plan>) -> Result<Rows> {
        if !self.around.is_read_in(plan) {
            let Rows { plan: domain, values } = self.values();
            return Ok(Rows { plan: Arc::new(join(plan.clone(), domain, JoinKind::Cross, None)), values });
        }
        let own = offered(plan);
        Ok(match &**plan {
            Plan::Join { left, right, kind, condition, .. } => self.joined(left, right, *kind, condition.as_ref(), &own)?,
            Plan::Union { children, output } => self.union(children, output)?,
            Plan::Limit { .. } | Plan::Offset { .. } => match lowered(plan) {
                Some(plan) => self.rows(&plan)?,
                None => self.first(plan)?,
            },
            Plan::Aggregate { child, keys, aggregates } => {
                let Rows { plan: child, values } = self.rows(child)?;
                if keys.is_empty() {
                    return self.with_empty(child, &values, aggregates);
                }
                let keys = values.iter().map(Named::from).chain(keys.iter().cloned()).collect();
                Rows { plan: Arc::new(Plan::Aggregate { child, keys, aggregates: aggregates.clone() }), values }
            }
            _ => {
                // The order of rows that are only looked up tells nothing, and where they are neither.
                let child = plan.children()[0];
                let Rows { plan: child, values } = self.rows(child)?;
                if matches!(&**plan, Plan::Sort { .. } | Plan::Repartition { .. } | Plan::Coalesce { .. }) {
                    return Ok(Rows { plan: child, values });
                }
                let mut step = Plan::clone(&plan.over(&[child])).map_expressions(&mut |expr| self.bound(expr, &values, &own));
                match &mut step {
                    Plan::Project { columns, .. } => columns.extend(values.iter().map(Named::from)),
                    Plan::Alias { output, .. } => output.extend(values.iter().cloned()),
                    Plan::Window { partition, functions, .. } => {
                        let more = || values.iter().map(Typed::attribute);
                        partition.extend(more());
                        functions.iter_mut().for_each(|(_, over)| over.partition.extend(more()));
                    }
                    _ => {}
                }
                Rows { plan: Arc::new(step), values }
            }
        })
    }

    /// An expression over the domain's columns instead of those around.
    fn bound(&self, expr: &Typed, values: &[Attribute], own: &Ids) -> Typed {
        let moved: Vec<_> = self.read.iter().map(|a| a.id).zip(values.iter().cloned()).filter(|(id, _)| !own.contains(id)).collect();
        at(expr, &moved)
    }

    fn joined(&self, left: &Arc<Plan>, right: &Arc<Plan>, kind: JoinKind, condition: Option<&Typed>, own: &Ids) -> Result<Rows> {
        let (left_reads, right_reads) = (self.around.is_read_in(left), self.around.is_read_in(right));
        // One side has to be there for all values: the one whose rows all come out.
        let (with_left, with_right) = match kind {
            JoinKind::Right => (left_reads, true),
            JoinKind::Inner | JoinKind::Cross => (left_reads || !right_reads, right_reads),
            _ => (true, right_reads),
        };
        let side = |plan: &Arc<Plan>, reads: bool| {
            if reads { self.rows(plan) } else { Ok(Rows { plan: plan.clone(), values: Vec::new() }) }
        };
        let (left, right) = (side(left, with_left)?, side(right, with_right)?);
        let values = if with_left && kind != JoinKind::Right { left.values.clone() } else { right.values.clone() };
        let mut conditions: Vec<Typed> = condition.iter().map(|c| self.bound(c, &values, own)).collect();
        if with_left && with_right {
            conditions.extend(same(&left.values, &right.values)?);
        }
        let condition = all_of(conditions)?;
        let kind = if kind == JoinKind::Cross && condition.is_some() { JoinKind::Inner } else { kind };
        Ok(Rows { plan: Arc::new(join(left.plan, right.plan, kind, condition)), values })
    }

    fn union(&self, children: &[Arc<Plan>], output: &[Attribute]) -> Result<Rows> {
        let children = children.iter().map(|child| {
            let Rows { plan, values } = self.rows(child)?;
            let columns = child.output().iter().chain(&values).map(Named::from).collect();
            Ok(Arc::new(Plan::Project { child: plan, columns }))
        });
        let values: Vec<Attribute> = self.read.iter().map(|a| Attribute::new(a.field.clone())).collect();
        let output = output.iter().chain(&values).cloned().collect();
        Ok(Rows { plan: Arc::new(Plan::Union { children: children.collect::<Result<_>>()?, output }), values })
    }

    /// `LIMIT` and `OFFSET`: the rows of these places among those of each of the values.
    fn first(&self, plan: &Arc<Plan>) -> Result<Rows> {
        let (mut below, mut end, mut start) = (plan, None, 0);
        if let Plan::Limit { child, rows } = &**below {
            (below, end) = (child, Some(*rows));
        }
        if let Plan::Offset { child, rows } = &**below {
            (below, start) = (child, *rows);
        }
        let (below, orders) = match &**below {
            Plan::Sort { child, orders, global: true } => (child, orders.clone()),
            _ => (below, Vec::new()),
        };
        let Rows { plan: child, values } = self.rows(below)?;
        let plan = numbered(child, values.iter().map(Typed::attribute).collect(), orders, start, end)?;
        Ok(Rows { plan: Arc::new(plan), values })
    }

    /// An aggregate without keys of its own has a row for each of the values, those without rows too.
    fn with_empty(&self, child: Arc<Plan>, values: &[Attribute], aggregates: &[Named]) -> Result<Rows> {
        let runner = self.around.frame.session().runner();
        let found: Vec<Named> =
            aggregates.iter().map(|a| Named { expr: a.expr.clone(), attribute: Attribute::new(a.attribute.field.clone()) }).collect();
        let mut columns = Vec::new();
        for (aggregate, found) in aggregates.iter().zip(&found) {
            let value = Typed { nullable: true, ..Typed::attribute(&found.attribute) };
            let expr = match of_no_rows(runner, &aggregate.expr)? {
                Value::Null => value,
                // No aggregate that has a value without rows is null with some.
                empty => {
                    let empty = Typed { kind: Kind::Literal(empty), nullable: false, data_type: value.data_type.clone() };
                    make_call("coalesce", vec![value, empty], false)?
                }
            };
            columns.push(Named { expr, attribute: aggregate.attribute.clone() });
        }
        let grouped = Plan::Aggregate { child, keys: values.iter().map(Named::from).collect(), aggregates: found };
        let all = self.values();
        let condition = all_of(same(&all.values, values)?)?;
        let child = Arc::new(join(all.plan, Arc::new(grouped), JoinKind::Left, condition));
        columns.extend(all.values.iter().map(Named::from));
        Ok(Rows { plan: Arc::new(Plan::Project { child, columns }), values: all.values })
    }
}

/// Where the columns come from: what is joined to a frame for its other subqueries need not be computed for this one.
fn source<'a>(plan: &'a Arc<Plan>, read: &[Attribute]) -> &'a Arc<Plan> {
    match &**plan {
        Plan::Join { left, kind: JoinKind::Left | JoinKind::Cross | JoinKind::LeftSemi | JoinKind::LeftAnti, .. } => {
            let output = left.output();
            if read.iter().all(|r| output.iter().any(|a| a.id == r.id)) { source(left, read) } else { plan }
        }
        _ => plan,
    }
}

/// The equalities of two lists of columns, nulls being equal.
fn same(left: &[Attribute], right: &[Attribute]) -> Result<Vec<Typed>> {
    let equal = |(l, r)| make_call("<=>", vec![Typed::attribute(l), Typed::attribute(r)], false);
    left.iter().zip(right).map(equal).collect()
}

fn join(left: Arc<Plan>, right: Arc<Plan>, kind: JoinKind, condition: Option<Typed>) -> Plan {
    Plan::Join { left, right, kind, condition, broadcast: None }
}

/// `LIMIT` and `OFFSET` below the projection that they are over, where the rows' order is known.
fn lowered(plan: &Arc<Plan>) -> Option<Arc<Plan>> {
    let child = plan.children()[0];
    let over = match &**child {
        Plan::Project { .. } | Plan::Alias { .. } => child.clone(),
        Plan::Offset { .. } => lowered(child)?,
        _ => return None,
    };
    Some(over.over(&[plan.over(&[over.children()[0].clone()])]))
}

/// The rows after the first `start` ones and up to the `end`th of these, of each group of equal keys.
fn numbered(child: Arc<Plan>, partition: Vec<Typed>, orders: Vec<(Typed, SortOrder)>, start: usize, end: Option<usize>) -> Result<Plan> {
    let number = Attribute::new(Field::new("row_number", DataType::Int, false));
    let frame = Frame { rows: true, start: Bound::Unbounded, end: Bound::Current };
    let over = Over { function: OverFunction::RowNumber, args: Vec::new(), partition: partition.clone(), orders: orders.clone(), frame };
    let place = |n: usize| Typed::literal(Value::Int(i32::try_from(n).unwrap_or(i32::MAX)));
    let mut condition = make_call(">", vec![Typed::attribute(&number), place(start)], false)?;
    if let Some(rows) = end {
        let within = make_call("<=", vec![Typed::attribute(&number), place(start.saturating_add(rows))], false)?;
        condition = make_call("and", vec![condition, within], false)?;
    }
    let columns = child.output().iter().map(Named::from).collect();
    let window = Plan::Window { child, partition, orders, functions: vec![(number, over)] };
    Ok(Plan::Project { child: Arc::new(Plan::Filter { child: window.into(), condition }), columns })
}

//! One `SELECT`: its clauses in the order in which they work.

use std::sync::Arc;

use kindling_partition::{Error, Result};

use super::ast::{Grouping, Item, Orders, Select};
use super::plan::Planner;
use super::relation::{lateral_view, passed};
use super::subquery::{Place, has_subquery};
use crate::column::Column;
use crate::dataframe::{DataFrame, GroupedData, makes_rows, outside_select};
use crate::expr::{Attribute, Expr, Window, WindowSpec};
use crate::functions::lookup;
use crate::schema::{same_name, unresolved};
use crate::time_windows::with_window;
use crate::value::Value;

/// The prefix of columns that order or filter the result and are not shown.
const HIDDEN: &str = "\u{0}hidden";

/// The sort orders of a query over a frame.
pub(super) fn order_list(orders: &Orders, frame: &DataFrame) -> Vec<Arc<Expr>> {
    match orders {
        Orders::None => Vec::new(),
        Orders::By(orders) => orders.clone(),
        Orders::All(order) => {
            let places = 1..=frame.columns().len() as i32;
            places.map(|i| Expr::Sort { child: Expr::Literal(Value::Int(i)).into(), order: *order }.into()).collect()
        }
    }
}

/// Rows grouped, or not.
enum Rows {
    Plain(DataFrame),
    Grouped(GroupedData),
}

impl Rows {
    fn select(&self, columns: &[Column]) -> Result<DataFrame> {
        match self {
            Self::Plain(frame) => frame.select(columns),
            Self::Grouped(grouped) => grouped.select(columns),
        }
    }
}

impl Planner<'_> {
    /// A `SELECT`, in the partitions that its hints ask for.
    pub fn select(&self, select: &Select, orders: &Orders, sorts: &[Arc<Expr>]) -> Result<DataFrame> {
        super::hint::repartitioned(self.selected(select, orders, sorts)?, &select.hints)
    }

    fn selected(&self, select: &Select, orders: &Orders, sorts: &[Arc<Expr>]) -> Result<DataFrame> {
        let mut frame = match &select.from {
            Some(relation) => Planner { hints: select.hints.clone(), ..self.clone() }.relation(relation)?,
            None => self.nothing(),
        };
        for view in &select.views {
            frame = lateral_view(&frame, view)?;
        }
        if let Some(filter) = &select.filter {
            frame = self.filtered(&frame, filter)?;
        }
        let windows = |expr: &Arc<Expr>| named_windows(expr, &select.windows);
        let mut items = self.items(&frame, &select.items)?;
        if let Some((wide, asked)) = frame.with_file_metadata(&items) {
            (frame, items) = (wide, asked);
        }
        items.iter_mut().for_each(|item| *item = windows(item));
        let (having, qualify) = (select.having.as_ref().map(windows), select.qualify.as_ref().map(windows));
        let keys: &[Arc<Expr>] = match &select.grouping {
            Some(Grouping::Sets { keys, .. }) => keys,
            _ => &[],
        };
        let mut changed = None;
        if let Some(windowed) = with_window(&frame, &items, keys)? {
            let place = |exprs: &[Arc<Expr>]| exprs.iter().map(|e| windowed.placed(e)).collect::<Vec<_>>();
            items = place(&items);
            let mut select = select.clone();
            if let Some(Grouping::Sets { keys, sets }) = &mut select.grouping {
                *keys = place(keys);
                sets.iter_mut().flatten().for_each(|set| *set = place(set));
            }
            changed = Some(select);
            frame = windowed.frame;
        }
        let select = changed.as_ref().unwrap_or(select);
        // Queries within expressions become columns of the rows that they are asked of.
        let in_groups = select.grouping.is_some() || having.is_some() || items.iter().any(is_aggregate);
        let mut select = std::borrow::Cow::Borrowed(select);
        for i in 0..items.len() {
            if has_subquery(&items[i]) {
                let of_group = in_groups && !self.is_key(&frame, &items, i, &mut select);
                let place = if of_group { Place::Groups } else { Place::Rows };
                (frame, items[i]) = self.with_subqueries(&frame, &items[i], place)?;
            }
        }
        let select = &*select;
        let mut having = having.map(|h| substituted(&h, &items, true));
        if let Some(condition) = &mut having {
            outside_select(condition, "'UnresolvedHaving")?;
            (frame, *condition) = self.with_subqueries(&frame, condition, Place::Having)?;
        }
        let qualify = qualify.map(|q| substituted(&q, &items, false));
        let rows = self.grouped(frame, select, &items, having.as_ref(), orders)?;

        let shown: Vec<Column> = items.iter().map(|i| i.clone().into()).collect();
        let first = rows.select(&shown)?;
        let orders: Vec<Arc<Expr>> = order_list(orders, &first).iter().map(&windows).collect();
        let by_output = |expr: &Arc<Expr>| select.distinct || self.by_output(expr, &first, &items);
        let mut hidden: Vec<Column> = Vec::new();
        let mut hide = |expr: Arc<Expr>| {
            let name = format!("{HIDDEN}{}", hidden.len());
            hidden.push(Column::from(expr).alias(name.as_str()));
            Arc::new(Expr::Name(name.into()))
        };
        let having = having.map(&mut hide);
        let qualify = qualify.map(&mut hide);
        let mut place = |order: &Arc<Expr>| -> Arc<Expr> {
            let Expr::Sort { child, order: direction } = &**order else { return order.clone() };
            if by_output(child) || makes_rows(child) {
                return order.clone();
            }
            Expr::Sort { child: hide(substituted(child, &items, false)), order: *direction }.into()
        };
        let orders: Vec<Arc<Expr>> = orders.iter().map(&mut place).collect();
        let sorts: Vec<Arc<Expr>> = sorts.iter().map(&mut place).collect();
        let mut result = first.clone();
        if !hidden.is_empty() {
            result = rows.select(&shown.iter().cloned().chain(hidden).collect::<Vec<_>>())?;
        }
        let output: Vec<Attribute> = result.plan().output().into_iter().take(first.columns().len()).collect();
        for condition in having.into_iter().chain(qualify) {
            result = result.filter(&condition.into())?;
        }
        if select.distinct {
            result = passed(&result, &output).distinct()?;
        }
        if !orders.is_empty() {
            result = result.sort(&self.positions(&orders, &result)?)?;
        } else if !sorts.is_empty() {
            result = result.sort_within_partitions(&self.positions(&sorts, &result)?)?;
        }
        Ok(if result.columns().len() == output.len() { result } else { passed(&result, &output) })
    }

    /// Whether an order is by a column of the result, or by its place.
    fn by_output(&self, expr: &Arc<Expr>, result: &DataFrame, items: &[Arc<Expr>]) -> bool {
        if let Expr::Literal(Value::Int(_)) = **expr {
            return true;
        }
        let output = result.plan().output();
        let Ok(typed) = result.scope(&output).resolve(expr) else { return false };
        let plain = !crate::analyze::has_aggregate(&typed) && !crate::window::has_window(&typed);
        let from_outer = {
            let mut references = std::collections::BTreeSet::new();
            typed.references(&mut references);
            references.iter().any(|id| !output.iter().any(|a| a.id == *id))
        };
        // A grouped expression is not the same as its name: `sum(x)` is no column.
        plain && !from_outer && !items.is_empty()
    }

    /// The entries of a select list, with stars that leave columns out written out.
    pub(super) fn items(&self, frame: &DataFrame, items: &[Item]) -> Result<Vec<Arc<Expr>>> {
        let output = frame.plan().output();
        let scope = frame.scope(&output);
        let mut found: Vec<Arc<Expr>> = Vec::with_capacity(items.len());
        for item in items {
            if !item.except.is_empty() {
                let Expr::Name(star) = &*item.expr else { continue };
                let all = scope.star(star)?;
                if let Some(bad) = item.except.iter().find(|e| !all.iter().any(|n| same_name(n.attribute.name(), e))) {
                    return Err(unresolved(bad, all.iter().map(|n| n.attribute.name())));
                }
                let kept = all.into_iter().filter(|n| !item.except.iter().any(|e| same_name(n.attribute.name(), e)));
                found.extend(kept.map(|n| Arc::new(Expr::Attribute(n.attribute, frame.id()))));
                continue;
            }
            let expr = earlier_aliases(&item.expr, &found, |name| scope.resolve(&Expr::Name(name.into())).is_ok());
            match item.names.as_slice() {
                [] => found.push(expr),
                names => found.push(Expr::Alias { child: expr, name: names.join("\u{0}").into(), metadata: None }.into()),
            }
        }
        Ok(found)
    }

    /// The rows in their groups where the query has any.
    fn grouped(&self, frame: DataFrame, select: &Select, items: &[Arc<Expr>], having: Option<&Arc<Expr>>, orders: &Orders) -> Result<Rows> {
        let ordered = match orders {
            Orders::By(orders) => orders.iter().any(is_aggregate),
            _ => false,
        };
        let aggregates = items.iter().any(is_aggregate) || having.is_some_and(is_aggregate) || ordered;
        let Some(grouping) = &select.grouping else {
            if having.is_some() && !aggregates && items.iter().any(|i| matches!(&**i, Expr::Name(_))) {
                return Err(Error::analysis("HAVING filters groups, but the query has neither GROUP BY nor an aggregate. Use WHERE.")
                    .with_condition("MISSING_GROUP_BY"));
            }
            return Ok(if aggregates || having.is_some() { Rows::Grouped(frame.group_by(&[])?) } else { Rows::Plain(frame) });
        };
        match grouping {
            Grouping::All => {
                let keys: Vec<Column> = items.iter().filter(|i| !is_aggregate(i)).map(|i| unaliased(i).into()).collect();
                Ok(Rows::Grouped(frame.group_by(&keys)?))
            }
            Grouping::Sets { keys, sets } => {
                let meant = keys.iter().map(|key| self.group_key(&frame, key, items)).collect::<Result<Vec<_>>>()?;
                let grouped = frame.group_by(&meant.iter().map(|k| k.clone().into()).collect::<Vec<_>>())?;
                let Some(sets) = sets else { return Ok(Rows::Grouped(grouped)) };
                let place = |key: &Arc<Expr>| keys.iter().position(|k| k.to_string() == key.to_string());
                let missing = |key: &Arc<Expr>| {
                    Error::analysis(format!("The grouping set's column {key} is not among the grouping columns."))
                        .with_condition("MISSING_AGGREGATION")
                };
                let sets = sets
                    .iter()
                    .map(|set| set.iter().map(|key| place(key).ok_or_else(|| missing(key))).collect())
                    .collect::<Result<Vec<Vec<usize>>>>()?;
                Ok(Rows::Grouped(grouped.with_sets(&sets)?))
            }
        }
    }

    /// Whether an entry of the select list that asks queries is what the rows are grouped by: it is named there by its place or its alias,
    /// or stands there once more, in whose stead its place comes then.
    fn is_key(&self, frame: &DataFrame, items: &[Arc<Expr>], i: usize, select: &mut std::borrow::Cow<'_, Select>) -> bool {
        let item = &items[i];
        let place = i32::try_from(i + 1).unwrap_or(i32::MAX);
        let keys = match &select.grouping {
            Some(Grouping::Sets { keys, .. }) => keys,
            Some(Grouping::All) => return !is_aggregate(item),
            None => return false,
        };
        let output = frame.plan().output();
        let names = |key: &Arc<Expr>| match (&**key, &**item) {
            (Expr::Literal(Value::Int(n)), _) => *n == place,
            (Expr::Name(name), Expr::Alias { name: alias, .. }) => same_name(name, alias) && frame.scope(&output).resolve(key).is_err(),
            _ => false,
        };
        if keys.iter().any(names) {
            return true;
        }
        let text = format!("{:?}", unaliased(item));
        let Some(again) = keys.iter().position(|key| has_subquery(key) && format!("{key:?}") == text) else { return false };
        if let Some(Grouping::Sets { keys, .. }) = &mut select.to_mut().grouping {
            keys[again] = Arc::new(Expr::Literal(Value::Int(place)));
        }
        true
    }

    /// A key by its place in the select list, by an alias there, or as it is.
    fn group_key(&self, frame: &DataFrame, key: &Arc<Expr>, items: &[Arc<Expr>]) -> Result<Arc<Expr>> {
        if let Expr::Literal(Value::Int(place)) = **key {
            let item = usize::try_from(place).ok().and_then(|p| items.get(p.checked_sub(1)?)).ok_or_else(|| {
                Error::analysis(format!("GROUP BY position {place} is not in select list (valid range is [1, {}]).", items.len()))
                    .with_condition("GROUP_BY_POS_OUT_OF_RANGE")
            })?;
            if is_aggregate(item) {
                return Err(Error::analysis(format!("GROUP BY {place} refers to an expression that contains an aggregate function."))
                    .with_condition("GROUP_BY_POS_AGGREGATE"));
            }
            return Ok(unaliased(item));
        }
        let output = frame.plan().output();
        if let Expr::Name(name) = &**key
            && frame.scope(&output).resolve(key).is_err()
            && let Some(item) = items.iter().find(|i| matches!(&***i, Expr::Alias { name: alias, .. } if same_name(alias, name)))
            && !makes_rows(item)
        {
            return Ok(unaliased(item));
        }
        Ok(key.clone())
    }
}

/// Whether an aggregate is in the expression, other than over a window.
pub(super) fn is_aggregate(expr: &Arc<Expr>) -> bool {
    expr.any(&is_aggregate_call)
}

pub(super) fn is_aggregate_call(expr: &Expr) -> bool {
    let Expr::Call { function, .. } = expr else { return false };
    matches!(&**function, "grouping" | "grouping_id") || lookup(function).is_some_and(|f| f.aggregate().is_some())
}

pub(super) fn unaliased(expr: &Arc<Expr>) -> Arc<Expr> {
    match &**expr {
        Expr::Alias { child, .. } => child.clone(),
        _ => expr.clone(),
    }
}

/// The expression with names that only earlier entries of the select list have as what these are.
fn earlier_aliases(expr: &Arc<Expr>, earlier: &[Arc<Expr>], known: impl Fn(&str) -> bool) -> Arc<Expr> {
    expr.rewrite(&|part| {
        let Expr::Name(name) = part else { return None };
        let found = earlier.iter().rev().find(|e| matches!(&***e, Expr::Alias { name: alias, .. } if same_name(alias, name)))?;
        // A generator's columns are known to those beside it.
        if known(name) || makes_rows(found) { None } else { Some(Expr::clone(&unaliased(found))) }
    })
}

/// The expression with the result's names as what they stand for; within aggregates names are those of the rows, when `outside` says so.
fn substituted(expr: &Arc<Expr>, items: &[Arc<Expr>], outside: bool) -> Arc<Expr> {
    expr.rewrite(&|part| match part {
        Expr::Call { function, .. } if outside && lookup(function).is_some_and(|f| f.aggregate().is_some()) => Some(part.clone()),
        Expr::Name(name) => {
            let mut named = items
                .iter()
                .filter(|i| matches!(&***i, Expr::Alias { name: alias, child, .. } if same_name(alias, name) && !makes_rows(child)));
            match (named.next(), named.next()) {
                (Some(item), None) => Some(Expr::clone(&unaliased(item))),
                _ => None,
            }
        }
        _ => None,
    })
}

/// The expression with windows that go on from one of the query's `WINDOW` clause written out.
fn named_windows(expr: &Arc<Expr>, windows: &[(Arc<str>, WindowSpec)]) -> Arc<Expr> {
    if windows.is_empty() {
        return expr.clone();
    }
    expr.rewrite(&|part| {
        let Expr::Window(window) = part else { return None };
        let base = window.spec.base.as_ref()?;
        let (_, found) = windows.iter().find(|(name, _)| same_name(name, base))?;
        let own = &*window.spec;
        let spec = WindowSpec {
            base: None,
            partition: if own.partition.is_empty() { found.partition.clone() } else { own.partition.clone() },
            orders: if own.orders.is_empty() { found.orders.clone() } else { own.orders.clone() },
            frame: own.frame.clone().or_else(|| found.frame.clone()),
        };
        Some(Expr::Window(Window { function: window.function.clone(), ignore_nulls: window.ignore_nulls, spec: spec.into() }))
    })
}

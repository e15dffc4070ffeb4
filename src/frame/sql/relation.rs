//! `FROM`: tables, joins, queries, table functions and views of their rows.

use std::sync::Arc;

use kindling_partition::{Error, Result};

use super::ast::{LateralView, On, Pivot, Query, Relation, TableAlias};
use super::parser::is_plain;
use super::plan::{Planner, renamed};
use super::subquery::{Asked, has_subquery};
use crate::analyze::is_generator;
use crate::column::Column;
use crate::dataframe::{DataFrame, JoinKind, JoinOn, generate, quoted};
use crate::exec::Ids;
use crate::expr::{Attribute, Expr, name_parts};
use crate::functions::table_name;
use crate::plan::Plan;
use crate::schema::same_name;
use crate::typed::Named;
use crate::types::Field;
use crate::value::Value;

impl Planner<'_> {
    pub fn relation(&self, relation: &Relation) -> Result<DataFrame> {
        let frame = match relation {
            Relation::Table { name, .. } if self.unready.iter().any(|table| same_name(table, name)) => {
                return Err(super::recursive::invalid());
            }
            Relation::Table { name, options, alias } => {
                let shared = match self.ctes.iter().rev().find(|(cte, _)| same_name(cte, name)) {
                    Some((_, frame)) => frame.clone(),
                    None => {
                        let options: Vec<(&str, &str)> = options.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
                        self.session.relation(name, &options)?
                    }
                };
                // Each mention of a table has columns of its own, so that it can be joined with itself.
                let own = shared.over(shared.plan().renewed());
                // `sales.people` is known as `people`, but files by no name.
                let last = || {
                    let mut parts = name_parts(name);
                    let last = parts.pop()?;
                    (parts.is_empty() || is_plain(&last)).then(|| last.into())
                };
                let known = TableAlias { name: alias.name.clone().or_else(last), columns: alias.columns.clone() };
                aliased(&own, &known)?
            }
            Relation::Query { query, alias, .. } => aliased(&self.query(query)?, alias)?,
            Relation::Function { name, args, alias } => aliased(&self.table_function(name, args)?, alias)?,
            Relation::Unpivot { child, unpivot, alias } => {
                let rows = self.unpivot(&self.relation(child)?, unpivot)?;
                if alias.name.is_some() { aliased(&rows, alias)? } else { rows }
            }
            Relation::Piped(body) => self.body(body)?,
            Relation::Sampled { child, sample, alias } => {
                let rows = self.sample(&self.relation(child)?, sample)?;
                if alias.name.is_some() { aliased(&rows, alias)? } else { rows }
            }
            Relation::Aliased { child, alias } => {
                let child = self.relation(child)?;
                if alias.name.is_some() { aliased(&child, alias)? } else { child }
            }
            Relation::Viewed { child, views } => {
                let child = self.relation(child)?;
                views.iter().try_fold(child, |frame, view| lateral_view(&frame, view))?
            }
            Relation::Pivot { child, pivot, alias } => aliased(&self.pivot(&self.relation(child)?, pivot)?, alias)?,
            Relation::Join { left, right, kind, on } => {
                let left = self.relation(left)?;
                if let Relation::Query { query, lateral: true, alias } = &**right {
                    let on = match on {
                        On::Condition(condition) => Some(condition),
                        _ => None,
                    };
                    return self.lateral_join(&left, &Asked::Text(Query::clone(query)), alias, *kind, on);
                }
                self.join(&left, &self.relation(right)?, *kind, on)?
            }
        };
        let frame = if self.broadcasts(relation) { frame.broadcast() } else { frame };
        Ok(frame.within(self.outer.clone()))
    }

    /// Whether a hint says that the relation goes to every task.
    fn broadcasts(&self, relation: &Relation) -> bool {
        let name = match relation {
            Relation::Table { name, alias, .. } => alias.name.clone().or_else(|| name_parts(name).pop().map(Into::into)),
            Relation::Query { alias, .. } | Relation::Function { alias, .. } | Relation::Aliased { alias, .. } => alias.name.clone(),
            _ => None,
        };
        name.is_some_and(|name| super::hint::broadcasts(&self.hints, &name))
    }

    fn join(&self, left: &DataFrame, right: &DataFrame, kind: JoinKind, on: &On) -> Result<DataFrame> {
        let On::Condition(condition) = on else { return join(left, right, kind, on) };
        if !has_subquery(condition) {
            return join(left, right, kind, on);
        }
        let (wide_left, wide_right, condition) = self.on_with_subqueries(left, right, condition)?;
        let joined = join(&wide_left, &wide_right, kind, &On::Condition(condition))?;
        let own: Ids = left.plan().output().iter().chain(&right.plan().output()).map(|a| a.id).collect();
        let kept: Vec<Attribute> = joined.plan().output().into_iter().filter(|a| own.contains(&a.id)).collect();
        Ok(passed(&joined, &kept))
    }

    /// `range(…)`, or a generator such as `explode`, as a table.
    fn table_function(&self, name: &str, args: &[Arc<Expr>]) -> Result<DataFrame> {
        if same_name(name, "range") {
            let numbers = args
                .iter()
                .map(|arg| {
                    let number = self.constant(arg)?.0.as_i64();
                    number.ok_or_else(|| {
                        Error::analysis(format!("range needs whole numbers, not {arg}.")).with_condition("UNEXPECTED_INPUT_TYPE")
                    })
                })
                .collect::<Result<Vec<_>>>()?;
            return match numbers.as_slice() {
                [end] => self.session.range(0, *end, 1, None),
                [start, end] => self.session.range(*start, *end, 1, None),
                [start, end, step] => self.session.range(*start, *end, *step, None),
                [start, end, step, partitions] => self.session.range(*start, *end, *step, usize::try_from(*partitions).ok()),
                _ => Err(Error::analysis("range takes 1 to 4 numbers: (end), (start, end), (start, end, step).")
                    .with_condition("WRONG_NUM_ARGS.WITHOUT_SUGGESTION")),
            };
        }
        if let Some(rows) = self.routine_rows(name, args)? {
            return Ok(rows);
        }
        if same_name(name, "sql_keywords") {
            if !args.is_empty() {
                let text = format!("The `sql_keywords` requires 0 parameters but the actual number is {}.", args.len());
                return Err(Error::analysis(text).with_condition("WRONG_NUM_ARGS.WITHOUT_SUGGESTION"));
            }
            let rows: Vec<Vec<Value>> =
                super::keywords::KEYWORDS.split(' ').map(|word| vec![Value::from(word), Value::Boolean(false)]).collect();
            let fields = [("keyword", crate::types::DataType::String), ("reserved", crate::types::DataType::Boolean)];
            let fields = fields.map(|(name, data_type)| Field::new(name, data_type, false));
            return self.session.create_dataframe(&rows, crate::schema::Schema::new(fields.to_vec()));
        }
        let named = args.iter().map(|arg| match &**arg {
            Expr::Alias { child, name, .. } => (Some(name.to_string()), Column::from(child.clone())),
            _ => (None, Column::from(arg.clone())),
        });
        if let Some(rows) = crate::functions::registered_table(self.session, name, named.collect()) {
            return rows;
        }
        let nothing = self.nothing();
        let call: Arc<Expr> = Expr::Call { function: table_name(&name.to_lowercase()).into(), args: args.to_vec(), distinct: false }.into();
        let is_table = nothing.scope(&[]).resolve(&call).map(|typed| is_generator(&typed));
        match is_table {
            Ok(true) => nothing.select(&[call.into()]),
            Err(error) if crate::functions::lookup(table_name(&name.to_lowercase())).is_some() => Err(error),
            Ok(false) | Err(_) => {
                let near = kindling_partition::did_you_mean(name, ["range", "explode", "posexplode"]);
                Err(Error::analysis(format!("Cannot resolve `{name}` as a table-valued function.{near}"))
                    .with_condition("UNRESOLVABLE_TABLE_VALUED_FUNCTION"))
            }
        }
    }

    /// `PIVOT`: grouped by the columns that it does not mention.
    fn pivot(&self, child: &DataFrame, pivot: &Pivot) -> Result<DataFrame> {
        let mentioned: Vec<String> = pivot.aggregates.iter().chain([&pivot.column]).flat_map(names_in).collect();
        let rest = child.columns().into_iter().filter(|c| !mentioned.iter().any(|m| same_name(m, c)));
        let rest: Vec<Column> = rest.map(|c| Column::name(quoted(&c))).collect();
        let values = pivot.values.iter().map(|(value, _)| Ok(self.constant(value)?.0)).collect::<Result<Vec<Value>>>()?;
        let aggregates: Vec<Column> = pivot.aggregates.iter().map(|a| a.clone().into()).collect();
        let frame = child.group_by(&rest)?.pivot(&pivot.column.clone().into(), Some(values.clone()))?.agg(&aggregates)?;
        let mut names = frame.columns();
        let per_value = aggregates.len();
        for (i, (_, alias)) in pivot.values.iter().enumerate() {
            let Some(alias) = alias else { continue };
            for k in 0..per_value {
                let name = &mut names[rest.len() + i * per_value + k];
                *name = if per_value == 1 { alias.to_string() } else { format!("{alias}_{}", pivot.aggregates[k].column_name()) };
            }
        }
        let names: Vec<Arc<str>> = names.into_iter().map(Into::into).collect();
        renamed(&frame, &names)
    }
}

/// The last parts of the names in an expression.
fn names_in(expr: &Arc<Expr>) -> Vec<String> {
    let found = std::cell::RefCell::new(Vec::new());
    expr.rewrite(&|part| {
        if let Expr::Name(name) = part {
            found.borrow_mut().extend(name_parts(name).pop());
        }
        None
    });
    found.into_inner()
}

/// The frame under an alias; without one its columns are no table's any more.
pub(super) fn aliased(frame: &DataFrame, alias: &TableAlias) -> Result<DataFrame> {
    let frame = renamed(frame, &alias.columns)?;
    if let Some(name) = &alias.name {
        return Ok(frame.alias(name));
    }
    let output = frame.plan().output().into_iter().map(|a| Attribute { qualifier: None, ..a }).collect();
    Ok(frame.over(Plan::Alias { child: frame.plan().clone(), output, name: "__auto_generated_subquery_name".into() }))
}

fn join(left: &DataFrame, right: &DataFrame, kind: JoinKind, on: &On) -> Result<DataFrame> {
    let names = match on {
        On::Condition(condition) => return left.join(right, &JoinOn::Condition(condition.clone().into()), kind),
        On::Using(names) => names.iter().map(ToString::to_string).collect(),
        On::Natural => {
            let there = right.columns();
            left.columns().into_iter().filter(|name| there.iter().any(|t| same_name(t, name))).collect()
        }
        On::Nothing => Vec::new(),
    };
    if names.is_empty() {
        let always = Column::lit(true);
        return match kind {
            JoinKind::Inner | JoinKind::Cross => left.cross_join(right),
            kind => left.join(right, &JoinOn::Condition(always), kind),
        };
    }
    left.join(right, &JoinOn::Names(names), kind)
}

/// `LATERAL VIEW explode(xs) t AS x`
pub(super) fn lateral_view(frame: &DataFrame, view: &LateralView) -> Result<DataFrame> {
    let output = frame.plan().output();
    let mut named = frame.scope(&output).named(&view.generator)?;
    let generated = named.pop().filter(|n| is_generator(&n.expr)).ok_or_else(|| {
        Error::analysis(format!("LATERAL VIEW needs a generator, such as explode, not {}.", view.generator))
            .with_condition("UNSUPPORTED_GENERATOR.NOT_GENERATOR")
    })?;
    let (plan, made) = generate(frame.plan().clone(), &view.generator, generated)?;
    let Plan::Generate { child, generator, outer, position, columns } = plan else {
        return Err(Error::runtime("A generator that makes no rows."));
    };
    if !view.columns.is_empty() && view.columns.len() != made.len() {
        return Err(Error::analysis(format!("LATERAL VIEW makes {} columns, but {} names are given.", made.len(), view.columns.len()))
            .with_condition("UDTF_ALIAS_NUMBER_MISMATCH"));
    }
    let outer = outer || view.outer;
    let mut place = 0;
    let mut rename = |a: Attribute| {
        let name = view.columns.get(place).cloned().unwrap_or_else(|| a.field.name.clone());
        place += 1;
        let field = Field { name, nullable: a.field.nullable || outer, ..a.field.clone() };
        Attribute { field, qualifier: view.table.clone(), ..a }
    };
    let position = position.map(&mut rename);
    let columns = columns.into_iter().map(&mut rename).collect();
    Ok(frame.over(Plan::Generate { child, generator, outer, position, columns }))
}

/// Columns that are all the frame's own, in order.
pub(super) fn passed(frame: &DataFrame, attributes: &[Attribute]) -> DataFrame {
    let columns = attributes.iter().map(Named::from).collect();
    frame.over(Plan::Project { child: frame.plan().clone(), columns })
}

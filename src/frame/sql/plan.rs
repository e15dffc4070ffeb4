//! From queries as they are written to frames: each clause becomes a step of a DataFrame.

use std::sync::Arc;

use kindling_partition::{Error, Result};

use super::ast::{Body, Query, Relation, SetOp};
use super::hint::Hint;
use crate::batch::{Batch, array_of, value_at};
use crate::coerce::{cast_to, wider};
use crate::column::Column;
use crate::dataframe::{DataFrame, makes_rows, outside_select};
use crate::eval::Evaluator;
use crate::expr::{Attribute, Expr};
use crate::plan::Plan;
use crate::schema::{Schema, same_name};
use crate::session::Session;
use crate::typed::{Named, Typed};
use crate::types::{DataType, Field};
use crate::value::Value;

/// What is known while a query is planned: the tables that `WITH` made, and the columns of the queries around it.
#[derive(Clone)]
pub(crate) struct Planner<'a> {
    pub session: &'a Session,
    pub ctes: Vec<(Arc<str>, DataFrame)>,
    /// Tables of `WITH RECURSIVE` that can't be read where the query is, since they begin with its rows.
    pub unready: Vec<Arc<str>>,
    pub outer: Arc<[Attribute]>,
    /// Hints of the `SELECT` whose relations these are.
    pub hints: Vec<Hint>,
}

impl<'a> Planner<'a> {
    pub fn new(session: &'a Session) -> Self {
        Self { session, ctes: Vec::new(), unready: Vec::new(), outer: Arc::default(), hints: Vec::new() }
    }

    /// For what is asked within a frame's expressions.
    pub fn around(frame: &'a DataFrame) -> Self {
        Self { outer: frame.outer_columns().clone(), ..Self::new(frame.session()) }
    }

    /// # Errors
    /// Whatever is wrong with a name, a type or a clause.
    pub fn query(&self, query: &Query) -> Result<DataFrame> {
        let planner = self.with_tables(query)?;
        let mut frame = match &query.body {
            Body::Select(select) => planner.select(select, &query.orders, &query.sorts)?,
            body => planner.ordered(planner.body(body)?, query)?,
        };
        if let Some(offset) = &query.offset {
            frame = frame.offset(planner.count(offset, "OFFSET")?)?;
        }
        if let Some(limit) = &query.limit {
            frame = frame.limit(planner.count(limit, "LIMIT")?)?;
        }
        Ok(frame)
    }

    /// With the tables of the query's `WITH`.
    pub(super) fn with_tables(&self, query: &Query) -> Result<Self> {
        let mut planner = self.clone();
        for (i, cte) in query.ctes.iter().enumerate() {
            if query.ctes[..i].iter().any(|c| same_name(&c.name, &cte.name)) {
                return Err(Error::analysis(format!("CTE definition can't have duplicate names: {}.", cte.name))
                    .with_condition("DUPLICATED_CTE_NAMES"));
            }
            let frame = match query.recursive {
                true => planner.recursive(cte)?,
                false => renamed(&planner.query(&cte.query)?, &cte.columns)?,
            };
            planner.unready.retain(|name| !same_name(name, &cte.name));
            planner.ctes.push((cte.name.clone(), frame));
        }
        Ok(planner)
    }

    pub(super) fn body(&self, body: &Body) -> Result<DataFrame> {
        match body {
            Body::Select(select) => self.select(select, &super::ast::Orders::None, &[]),
            Body::Values(rows) => self.values(rows),
            Body::Table(name) => self.relation(&Relation::Table { name: name.clone(), options: Vec::new(), alias: Default::default() }),
            Body::Query(query) => self.query(query),
            Body::Piped { left, step } => self.piped(left, step),
            Body::Set { op, all, left, right } => {
                let (left, right) = (self.body(left)?, self.body(right)?);
                match (op, all) {
                    (SetOp::Union, true) => left.union(&right),
                    (SetOp::Union, false) => left.union(&right)?.distinct(),
                    (SetOp::Intersect, true) => left.intersect_all(&right),
                    (SetOp::Intersect, false) => left.intersect(&right),
                    (SetOp::Except, true) => left.except_all(&right),
                    (SetOp::Except, false) => left.subtract(&right),
                }
            }
        }
    }

    /// The order of what is no single `SELECT`: by its own columns.
    fn ordered(&self, frame: DataFrame, query: &Query) -> Result<DataFrame> {
        let orders = self.positions(&super::select::order_list(&query.orders, &frame), &frame)?;
        if !orders.is_empty() {
            return frame.sort(&orders);
        }
        if query.sorts.is_empty() { Ok(frame) } else { frame.sort_within_partitions(&self.positions(&query.sorts, &frame)?) }
    }

    /// Sort orders with numbers as the columns at these places.
    pub fn positions(&self, orders: &[Arc<Expr>], frame: &DataFrame) -> Result<Vec<Column>> {
        let output = frame.plan().output();
        let one = |expr: &Arc<Expr>| {
            let Expr::Sort { child, order } = &**expr else { return Ok(expr.clone().into()) };
            let Expr::Literal(Value::Int(place)) = **child else { return Ok(expr.clone().into()) };
            let attribute = usize::try_from(place).ok().and_then(|p| output.get(p.checked_sub(1)?)).ok_or_else(|| {
                Error::analysis(format!("ORDER BY position {place} is not in select list (valid range is [1, {}]).", output.len()))
                    .with_condition("ORDER_BY_POS_OUT_OF_RANGE")
            })?;
            Ok(Column::attribute(attribute.clone(), frame.id()).sort(*order))
        };
        orders.iter().map(one).collect()
    }

    /// A frame of one row without columns: what a query without `FROM` reads.
    pub fn nothing(&self) -> DataFrame {
        DataFrame::from_batches(self.session, Schema::default().into(), vec![Batch::new(Vec::new(), 1)]).within(self.outer.clone())
    }

    /// The value of an expression without columns.
    pub fn constant(&self, expr: &Arc<Expr>) -> Result<(Value, Typed)> {
        let typed = self.nothing().scope(&[]).resolve(expr)?;
        Ok((self.evaluated(&typed)?, typed))
    }

    pub fn evaluated(&self, typed: &Typed) -> Result<Value> {
        let one = Batch::new(Vec::new(), 1);
        let column = Evaluator::new(self.session.executor(), 0, &[], &one).column(typed)?;
        Ok(value_at(&column, &typed.data_type, 0))
    }

    pub(super) fn count(&self, expr: &Arc<Expr>, clause: &str) -> Result<usize> {
        let error =
            |condition, what: &str| Err(Error::analysis(format!("The {clause} expression {expr} {what}.")).with_condition(condition));
        if expr.any(&|part| matches!(part, Expr::Name(name) if crate::variables::variable(name).is_none())) {
            return error("INVALID_LIMIT_LIKE_EXPRESSION.IS_UNFOLDABLE", "must be a plain value");
        }
        outside_select(expr, if clause == "LIMIT" { "LocalLimit" } else { "Offset" })?;
        let (value, typed) = self.constant(expr)?;
        if !matches!(typed.data_type, DataType::Int | DataType::Short | DataType::Byte) {
            return error("INVALID_LIMIT_LIKE_EXPRESSION.DATA_TYPE", "must be an INT");
        }
        let Some(count) = value.as_i64() else { return error("INVALID_LIMIT_LIKE_EXPRESSION.IS_NULL", "must not be null") };
        match usize::try_from(count) {
            Ok(count) => Ok(count),
            Err(_) => error("INVALID_LIMIT_LIKE_EXPRESSION.IS_NEGATIVE", "must not be negative"),
        }
    }

    /// `VALUES`: a frame with the columns `col1`, `col2` …
    fn values(&self, rows: &[Vec<Arc<Expr>>]) -> Result<DataFrame> {
        let width = rows.first().map_or(0, Vec::len);
        if let Some(bad) = rows.iter().position(|r| r.len() != width) {
            let text = format!("Inline table expected {width} columns but found {} columns in row {bad}.", rows[bad].len());
            return Err(Error::analysis(text).with_condition("INVALID_INLINE_TABLE.NUM_COLUMNS_MISMATCH"));
        }
        if let Some(bad) = rows.iter().flatten().find(|cell| makes_rows(cell)) {
            let text = format!("Invalid inline table. Cannot evaluate the expression \"{bad}\" in inline table definition.");
            return Err(Error::analysis(text).with_condition("INVALID_INLINE_TABLE.CANNOT_EVALUATE_EXPRESSION_IN_INLINE_TABLE"));
        }
        let nothing = self.nothing();
        let (mut fields, mut columns) = (Vec::new(), Vec::new());
        for i in 0..width {
            let mut cells = rows.iter().map(|row| nothing.scope(&[]).resolve(&row[i])).collect::<Result<Vec<_>>>()?;
            let common = cells.iter().try_fold(DataType::Null, |common, cell| wider(&common, &cell.data_type)).ok_or_else(|| {
                Error::analysis(format!("Found incompatible types in the column `col{}` for inline table.", i + 1))
                    .with_condition("INVALID_INLINE_TABLE.INCOMPATIBLE_TYPES_IN_INLINE_TABLE")
            })?;
            cells.iter_mut().for_each(|cell| cast_to(cell, &common));
            let values = cells.iter().map(|cell| self.evaluated(cell)).collect::<Result<Vec<_>>>()?;
            fields.push(Field::new(format!("col{}", i + 1), common.clone(), cells.iter().any(|c| c.nullable)));
            columns.push(array_of(&common, &values)?);
        }
        // In as many partitions as Spark makes of a local table.
        let batch = Batch::new(columns, rows.len());
        let partitions = self.session.default_parallelism().clamp(1, rows.len().max(1));
        let edge = |i: usize| i * rows.len() / partitions;
        let batches = (0..partitions).map(|i| batch.slice(edge(i), edge(i + 1) - edge(i))).collect();
        Ok(DataFrame::from_batches(self.session, Schema::new(fields).into(), batches).within(self.outer.clone()))
    }
}

/// The frame with other names for its columns; its own when none are given.
pub(super) fn renamed(frame: &DataFrame, names: &[Arc<str>]) -> Result<DataFrame> {
    if names.is_empty() {
        return Ok(frame.clone());
    }
    let output = frame.plan().output();
    if output.len() != names.len() {
        return Err(Error::analysis(format!("{} column names are given for {} columns.", names.len(), output.len()))
            .with_condition("ASSIGNMENT_ARITY_MISMATCH"));
    }
    let columns = output.iter().zip(names).map(|(a, name)| Named {
        expr: Typed::attribute(a),
        attribute: Attribute { qualifier: a.qualifier.clone(), ..Attribute::new(Field { name: name.clone(), ..a.field.clone() }) },
    });
    Ok(frame.over(Plan::Project { child: frame.plan().clone(), columns: columns.collect() }))
}

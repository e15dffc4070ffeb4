//! `FROM t |> WHERE … |> SELECT …`: steps one after the other, each over the rows of the one before.

use std::sync::Arc;

use kindling_partition::{Error, ErrorKind, Result};

use super::ast::{Body, Grouping, Item, Query, Relation, Select, SetOp, TableAlias};
use super::parser::Parser;
use super::plan::Planner;
use super::select::{is_aggregate, unaliased};
use crate::column::Column;
use crate::dataframe::{DataFrame, quoted};
use crate::expr::Expr;
use crate::schema::{same_name, unresolved};
use crate::value::Value;

/// What only a pipe does.
#[derive(Clone, Debug)]
pub(crate) enum Step {
    /// `SET column = value`
    Set(Arc<str>, Arc<Expr>),
    /// `AGGREGATE items GROUP BY keys`, which are shown first.
    Aggregate { items: Vec<Item>, keys: Vec<Item> },
}

fn refused(text: String, condition: &'static str) -> Error {
    Error::new(ErrorKind::Parse, text).with_condition(condition)
}

fn item(expr: Arc<Expr>) -> Item {
    Item { expr, except: Vec::new(), names: Vec::new() }
}

pub(super) fn star() -> Item {
    item(Expr::Name("*".into()).into())
}

/// All columns of a relation.
fn all_of(from: Relation) -> Select {
    Select { items: vec![star()], from: Some(from), ..Select::default() }
}

impl Parser<'_> {
    /// The steps after a body.
    pub(super) fn piped(&mut self, mut body: Body) -> Result<Body> {
        while self.take("|>") {
            body = self.deeper(|parser| parser.pipe_step(body))?;
        }
        Ok(body)
    }

    fn pipe_step(&mut self, body: Body) -> Result<Body> {
        let organizes = ["order", "sort", "cluster", "distribute", "limit", "offset"].iter().any(|word| self.is_word(word));
        if organizes {
            // The steps before have no columns but those that they show.
            let before = Query { body, ..Query::default() };
            let mut query = Query { body: Body::Query(before.into()), ..Query::default() };
            self.organization(&mut query)?;
            return Ok(Body::Query(query.into()));
        }
        if let Some(word) = self.take_one_of(&["union", "except", "minus", "intersect"]) {
            let (op, all) = (SetOp::named(word), self.take_word("all"));
            if !all {
                self.take_word("distinct");
            }
            let right = self.query_term()?.into();
            return Ok(Body::Set { op, all, left: body.into(), right });
        }
        let from = Relation::Piped(body.clone().into());
        let select = if self.is_word("select") {
            self.skip(1);
            let mut select = Select { from: Some(from), ..Select::default() };
            self.items(&mut select)?;
            self.windows(&mut select)?;
            select
        } else if self.take_word("extend") {
            let mut select = all_of(from);
            for found in self.list(Self::item)? {
                self.not_aggregate(&found.expr, "EXTEND")?;
                select.items.push(found);
            }
            self.windows(&mut select)?;
            select
        } else if self.take_word("where") {
            let mut select = all_of(from);
            select.filter = Some(self.expr()?);
            select
        } else if self.take_word("as") {
            let alias = TableAlias { name: Some(self.identifier()?), columns: Vec::new() };
            all_of(Relation::Aliased { child: from.into(), alias })
        } else if self.take_word("drop") {
            let mut select = all_of(from);
            select.items[0].except = self.list(Self::identifier)?;
            let names = &select.items[0].except;
            if names.iter().enumerate().any(|(i, name)| names[..i].iter().any(|before| same_name(before, name))) {
                let text = format!("Columns in an EXCEPT list must be distinct and non-overlapping, but got ({}).", names.join(", "));
                return Err(Error::analysis(text).with_condition("EXCEPT_OVERLAPPING_COLUMNS"));
            }
            select
        } else if self.take_word("set") {
            return self.set_step(body);
        } else if self.take_word("aggregate") {
            return self.aggregate_step(body);
        } else if self.is_word("pivot") && self.ahead(1).is("(") {
            all_of(self.pivot(from)?)
        } else if self.is_unpivot() {
            all_of(self.unpivot(from)?)
        } else if self.is_word("tablesample") {
            all_of(self.sampled(|alias| Relation::Aliased { child: from.into(), alias })?)
        } else if self.is_join() {
            all_of(self.joined(from)?)
        } else if self.is_word("window") {
            let text = "The feature is not supported: The SQL pipe operator syntax using |> does not support the WINDOW clause.";
            return Err(refused(text.to_owned(), "UNSUPPORTED_FEATURE.CLAUSE_WITH_PIPE_OPERATORS"));
        } else if self.is("|>") || self.is(")") || self.is(";") || self.peek().kind == super::lex::TokenKind::End {
            return Ok(body);
        } else {
            return Err(self.unexpected());
        };
        Ok(Body::Select(select.into()))
    }

    fn is_join(&self) -> bool {
        ["join", "inner", "cross", "left", "right", "full", "semi", "anti", "natural"].iter().any(|word| self.is_word(word))
    }

    fn not_aggregate(&self, expr: &Arc<Expr>, clause: &str) -> Result<()> {
        if matches!(&**expr, Expr::Name(name) if &**name == "*") {
            let text = "Invalid usage of '*' in expression `pipeexpression`.".to_owned();
            return Err(Error::analysis(text).with_condition("INVALID_USAGE_OF_STAR_OR_REGEX"));
        }
        if !is_aggregate(expr) {
            return Ok(());
        }
        let text = format!(
            "Aggregate function {} is not allowed when using the pipe operator |> {clause} clause; please use the pipe operator |> AGGREGATE \
             clause instead.",
            unaliased(expr)
        );
        Err(Error::analysis(text).with_condition("PIPE_OPERATOR_CONTAINS_AGGREGATE_FUNCTION"))
    }

    /// `SET a = …, b = …`: each sees what those before it have set.
    fn set_step(&mut self, mut body: Body) -> Result<Body> {
        loop {
            let name = self.identifier()?;
            if self.is(".") {
                let text = "Operation not allowed: SQL pipe syntax |> SET operator with multi-part assignment key (only single-part keys are \
                     allowed).";
                return Err(refused(text.to_owned(), "_LEGACY_ERROR_TEMP_0035"));
            }
            self.need("=")?;
            let value = self.expr()?;
            self.not_aggregate(&value, "SET")?;
            body = Body::Piped { left: body.into(), step: Step::Set(name, value) };
            if !self.take(",") {
                return Ok(body);
            }
        }
    }

    fn aggregate_step(&mut self, body: Body) -> Result<Body> {
        let items = if self.is_words(&["group", "by"]) { Vec::new() } else { self.list(Self::item)? };
        let mut keys = Vec::new();
        if self.take_words(&["group", "by"]) {
            let analytic = ["ROLLUP", "CUBE", "GROUPING"].into_iter().find(|word| self.is_word(word));
            if let Some(word) = analytic.filter(|word| self.ahead(1).is("(") || *word == "GROUPING") {
                let what = if word == "GROUPING" { "GROUPING SETS" } else { word };
                let text = format!(
                    "The feature is not supported: The SQL pipe operator syntax with aggregation (using |> AGGREGATE) does not support GROUP BY \
                     {what}."
                );
                return Err(refused(text, "UNSUPPORTED_FEATURE.PIPE_OPERATOR_AGGREGATE_UNSUPPORTED_CASE"));
            }
            keys = self.list(Self::item)?;
        }
        if let Some(plain) = items.iter().find(|item| !is_aggregate(&item.expr)) {
            let text = format!(
                "Non-grouping expression {} is provided as an argument to the |> AGGREGATE pipe operator but does not contain any aggregate \
                 function; please update it to include an aggregate function and then retry the query again.",
                unaliased(&plain.expr)
            );
            return Err(Error::analysis(text).with_condition("PIPE_OPERATOR_AGGREGATE_EXPRESSION_CONTAINS_NO_AGGREGATE_FUNCTION"));
        }
        Ok(Body::Piped { left: body.into(), step: Step::Aggregate { items, keys } })
    }
}

impl Planner<'_> {
    pub(super) fn piped(&self, left: &Body, step: &Step) -> Result<DataFrame> {
        match step {
            Step::Set(name, value) => {
                let frame = self.body(left)?;
                let output = frame.plan().output();
                if !output.iter().any(|column| same_name(column.name(), name)) {
                    return Err(unresolved(name, output.iter().map(crate::expr::Attribute::name)));
                }
                let columns = output.iter().map(|column| match same_name(column.name(), name) {
                    true => Column::from(value.clone()).alias(&**name),
                    false => Column::attribute(column.clone(), frame.id()),
                });
                frame.select(&columns.collect::<Vec<_>>())
            }
            Step::Aggregate { items, keys } => {
                let mut shown = keys.clone();
                // A number is the place of one of the columns before.
                if keys.iter().any(|key| matches!(*key.expr, Expr::Literal(Value::Int(_)))) {
                    let columns = self.body(left)?.columns();
                    for key in &mut shown {
                        let Expr::Literal(Value::Int(place)) = *key.expr else { continue };
                        let column = usize::try_from(place).ok().and_then(|place| columns.get(place.checked_sub(1)?)).ok_or_else(|| {
                            let text = format!("GROUP BY position {place} is not in select list (valid range is [1, {}]).", columns.len());
                            Error::analysis(text).with_condition("GROUP_BY_POS_OUT_OF_RANGE")
                        })?;
                        key.expr = Expr::Name(quoted(column).into()).into();
                    }
                }
                let meant: Vec<Arc<Expr>> = shown.iter().map(|key| unaliased(&key.expr)).collect();
                let grouping = if meant.is_empty() { None } else { Some(Grouping::Sets { keys: meant, sets: None }) };
                shown.extend(items.iter().cloned());
                let from = Some(Relation::Piped(left.clone().into()));
                self.select(&Select { items: shown, from, grouping, ..Select::default() }, &super::ast::Orders::None, &[])
            }
        }
    }
}

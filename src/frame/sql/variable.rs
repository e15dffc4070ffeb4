//! `DECLARE`, `SET VARIABLE`, `DROP TEMPORARY VARIABLE` and `EXECUTE IMMEDIATE`.

use std::sync::Arc;

use kindling_partition::{Error, Result};

use super::ast::{Item, Query, Statement};
use super::lex::TokenKind;
use super::parser::{Parameters, Parser};
use super::plan::Planner;
use crate::column::Column;
use crate::dataframe::{DataFrame, quoted};
use crate::expr::{Expr, name_parts};
use crate::schema::unresolved;
use crate::session::Session;
use crate::types::DataType;
use crate::value::Value;
use crate::variables::{Variable, drop_variable, own_name, set_variable, variable};

/// `DECLARE OR REPLACE a, b INT DEFAULT 1`
#[derive(Clone, Debug)]
pub(crate) struct Declared {
    names: Vec<Arc<str>>,
    replace: bool,
    data_type: Option<DataType>,
    default: Option<Arc<Expr>>,
}

/// What variables are set to.
#[derive(Clone, Debug)]
pub(crate) enum Assigned {
    /// Each to its expression, or to its default.
    Each(Vec<(Arc<str>, Option<Arc<Expr>>)>),
    Row(Vec<Arc<str>>, Query),
}

/// `EXECUTE IMMEDIATE text INTO a, b USING 1, 2 AS name`
#[derive(Clone, Debug)]
pub(crate) struct Immediate {
    text: Arc<Expr>,
    into: Vec<Arc<str>>,
    using: Vec<Item>,
}

impl Parser<'_> {
    pub(super) fn declare(&mut self) -> Result<Statement> {
        self.skip(1);
        let replace = self.take_words(&["or", "replace"]);
        if matches!(self.ahead(1).kind, TokenKind::Word | TokenKind::Quoted(_)) {
            self.take_word("variable");
        }
        let names = self.list(Self::table_name)?;
        let starts_default = self.is_word("default") || self.is("=");
        let untyped = starts_default || matches!(self.peek().kind, TokenKind::End) || self.is(";");
        let data_type = if untyped { None } else { Some(self.data_type()?) };
        let default = if self.take_word("default") || self.take("=") { Some(self.expr()?) } else { None };
        if data_type.is_none() && default.is_none() {
            let text = "Invalid SQL syntax: The definition of a SQL variable requires either a datatype or a DEFAULT clause. For example, use \
                 `DECLARE name STRING` or `DECLARE name = 'SQL'` instead of `DECLARE name`.";
            return Err(Error::new(kindling_partition::ErrorKind::Parse, text)
                .with_condition("INVALID_SQL_SYNTAX.VARIABLE_TYPE_OR_DEFAULT_REQUIRED"));
        }
        Ok(Statement::Declare(Declared { names, replace, data_type, default }))
    }

    /// After `SET VARIABLE`.
    pub(super) fn set_variables(&mut self) -> Result<Statement> {
        if self.is("(") {
            let names = self.parenthesized(Self::table_name)?;
            self.need("=")?;
            self.need("(")?;
            let query = self.query()?;
            self.need(")")?;
            return Ok(Statement::SetVariables(Assigned::Row(names, query)));
        }
        let each = self.list(|parser| {
            let name = parser.table_name()?;
            parser.need("=")?;
            let default = parser.is_word("default") && (parser.ahead(1).kind == TokenKind::End || parser.ahead(1).is(","));
            if default {
                parser.skip(1);
            }
            Ok((name, if default { None } else { Some(parser.expr()?) }))
        })?;
        Ok(Statement::SetVariables(Assigned::Each(each)))
    }

    pub(super) fn execute_immediate(&mut self) -> Result<Statement> {
        self.skip(1);
        self.need_word("immediate")?;
        let text = self.expr()?;
        let into = if self.take_word("into") { self.list(Self::table_name)? } else { Vec::new() };
        let using = match self.take_word("using") {
            true if self.is("(") => self.parenthesized(Self::item)?,
            true => self.list(Self::item)?,
            false => Vec::new(),
        };
        Ok(Statement::Execute(Immediate { text, into, using }.into()))
    }
}

/// The name's parts in back-quotes.
fn shown(name: &str) -> String {
    name_parts(name).iter().map(|part| quoted(part)).collect::<Vec<_>>().join(".")
}

fn whole(own: &str) -> String {
    format!("`system`.`session`.{}", quoted(own))
}

fn no_variable(name: &str) -> Error {
    let text = format!("Cannot resolve variable {} on search path [`system`.`session`].", shown(name));
    Error::analysis(text).with_condition("UNRESOLVED_VARIABLE")
}

fn mismatch(targets: usize, values: usize) -> Error {
    let text = format!(
        "The number of columns or variables assigned or aliased: {targets} does not match the number of source expressions: {values}."
    );
    Error::analysis(text).with_condition("ASSIGNMENT_ARITY_MISMATCH")
}

impl Session {
    /// # Errors
    /// `VARIABLE_ALREADY_EXISTS`, and what is wrong with the default.
    pub(super) fn declare(&self, declared: Declared) -> Result<()> {
        let Declared { names, replace, data_type, default } = declared;
        for name in names {
            let own = own_name(&name).ok_or_else(|| no_variable(&name))?;
            if !replace && variable(&own).is_some() {
                let text = format!(
                    "Cannot create the variable {} because it already exists. Choose a different name, or drop or replace the existing \
                     variable.",
                    whole(&own)
                );
                return Err(Error::analysis(text).with_condition("VARIABLE_ALREADY_EXISTS"));
            }
            let given = default.clone().unwrap_or_else(|| Expr::Literal(Value::Null).into());
            let frame = self.one_row_of(&[(given, data_type.clone())])?;
            let data_type = frame.schema().iter().next().map_or(DataType::Null, |field| field.data_type.clone());
            let value = single_row(&frame)?.and_then(|mut row| row.pop()).unwrap_or(Value::Null);
            set_variable(&own, Variable { data_type, value, default: default.clone() });
        }
        Ok(())
    }

    /// One row of these expressions, cast where types are given.
    fn one_row_of(&self, exprs: &[(Arc<Expr>, Option<DataType>)]) -> Result<DataFrame> {
        let columns = exprs.iter().enumerate().map(|(i, (expr, data_type))| {
            let column = Column::from(expr.clone());
            data_type.clone().map_or(column.clone(), |to| column.cast(to)).alias(format!("_{i}"))
        });
        Planner::new(self).nothing().select(&columns.collect::<Vec<_>>())
    }

    /// # Errors
    /// `UNRESOLVED_VARIABLE`, `DUPLICATE_ASSIGNMENTS`, `ASSIGNMENT_ARITY_MISMATCH`, `ROW_SUBQUERY_TOO_MANY_ROWS`, and what is wrong with the
    /// values.
    pub(super) fn set_variables(&self, assigned: &Assigned) -> Result<()> {
        let names: Vec<&Arc<str>> = match assigned {
            Assigned::Each(each) => each.iter().map(|(name, _)| name).collect(),
            Assigned::Row(names, _) => names.iter().collect(),
        };
        let mut known: Vec<(String, Variable)> = Vec::new();
        for name in names {
            let found = own_name(name).and_then(|own| Some((own.clone(), variable(&own)?))).ok_or_else(|| no_variable(name))?;
            if known.iter().any(|(own, _)| *own == found.0) {
                let text = format!("The columns or variables {} appear more than once as assignment targets.", quoted(&found.0));
                return Err(Error::analysis(text).with_condition("DUPLICATE_ASSIGNMENTS"));
            }
            known.push(found);
        }
        let frame = match assigned {
            Assigned::Each(each) => {
                let values = each.iter().zip(&known).map(|((_, expr), (_, variable))| {
                    let expr = expr.clone().or_else(|| variable.default.clone());
                    (expr.unwrap_or_else(|| Expr::Literal(Value::Null).into()), Some(variable.data_type.clone()))
                });
                self.one_row_of(&values.collect::<Vec<_>>())?
            }
            Assigned::Row(_, query) => fitted(&Planner::new(self).query(query)?, &known)?,
        };
        store(&frame, known)
    }

    /// # Errors
    /// `VARIABLE_NOT_FOUND`
    pub(super) fn drop_variable(&self, name: &str, if_exists: bool) -> Result<()> {
        let own = own_name(name).ok_or_else(|| no_variable(name))?;
        if drop_variable(&own) || if_exists {
            return Ok(());
        }
        let text = format!("The variable {} cannot be found.", whole(&own));
        Err(Error::analysis(text).with_condition("VARIABLE_NOT_FOUND"))
    }

    /// # Errors
    /// `INVALID_EXPR_TYPE_FOR_QUERY_EXECUTE_IMMEDIATE`, `INVALID_STATEMENT_FOR_EXECUTE_INTO`, those of the statement.
    pub(super) fn execute_immediate(&self, immediate: &Immediate) -> Result<DataFrame> {
        let planner = Planner::new(self);
        let (text, typed) = planner.constant(&immediate.text)?;
        if typed.data_type != DataType::String {
            let text = format!("Expression type must be string type but got \"{}\".", typed.data_type.sql());
            return Err(Error::analysis(text).with_condition("INVALID_EXPR_TYPE_FOR_QUERY_EXECUTE_IMMEDIATE"));
        }
        let Some(text) = text.as_str() else {
            let text =
                format!("Execute immediate requires a non-null variable as the query string, but the provided {} is null.", immediate.text);
            return Err(Error::analysis(text).with_condition("NULL_QUERY_STRING_EXECUTE_IMMEDIATE"));
        };
        let mut parameters = Parameters::default();
        for item in &immediate.using {
            let (expr, name) = match &*item.expr {
                Expr::Alias { child, name, .. } => (child, Some(name)),
                _ => (&item.expr, None),
            };
            let (value, typed) = planner.constant(expr)?;
            let value: Arc<Expr> = match value {
                Value::Null => Expr::Cast { child: Expr::Literal(Value::Null).into(), to: typed.data_type, to_null: false }.into(),
                value => Expr::Literal(value).into(),
            };
            match name {
                Some(name) => parameters.named.insert(name.to_string(), value).map_or((), drop),
                None => parameters.positional.push(value),
            }
        }
        let unnamed = !parameters.positional.is_empty() && parameters.named.is_empty();
        let frame = self.run_immediate(text, &parameters, !immediate.into.is_empty()).map_err(|error| {
            if !unnamed || error.condition() != Some("UNBOUND_SQL_PARAMETER") || !text.contains(':') {
                return error;
            }
            let text = "Using name parameterized queries requires all parameters to be named.";
            Error::analysis(text).with_condition("ALL_PARAMETERS_MUST_BE_NAMED")
        })?;
        if immediate.into.is_empty() {
            return Ok(frame);
        }
        let known = immediate.into.iter().map(|name| {
            let found = own_name(name).and_then(|own| Some((own.clone(), variable(&own)?)));
            found.ok_or_else(|| unresolved(name, std::iter::empty()))
        });
        let known = known.collect::<Result<Vec<_>>>()?;
        store(&fitted(&frame, &known)?, known)?;
        self.answer(&[], Vec::new())
    }

    fn run_immediate(&self, text: &str, parameters: &Parameters, into: bool) -> Result<DataFrame> {
        let mut parser = Parser::new(text, parameters)?;
        let statement = parser.statement()?;
        parser.end()?;
        if into && !matches!(statement, Statement::Query(_)) {
            let text = format!(
                "The INTO clause of EXECUTE IMMEDIATE is only valid for queries but the given statement is not a query: {}.",
                text.to_uppercase()
            );
            return Err(Error::analysis(text).with_condition("INVALID_STATEMENT_FOR_EXECUTE_INTO"));
        }
        self.execute(statement)
    }
}

/// A query's columns as the variables' types.
fn fitted(frame: &DataFrame, known: &[(String, Variable)]) -> Result<DataFrame> {
    let output = frame.plan().output();
    if output.len() != known.len() {
        return Err(mismatch(known.len(), output.len()));
    }
    let columns = output.iter().zip(known).enumerate().map(|(i, (column, (_, variable)))| {
        Column::attribute(column.clone(), frame.id()).cast(variable.data_type.clone()).alias(format!("_{i}"))
    });
    frame.select(&columns.collect::<Vec<_>>())
}

/// The values of the one row; none of no row.
fn single_row(frame: &DataFrame) -> Result<Option<Vec<Value>>> {
    let mut rows = frame.limit(2)?.collect()?;
    if rows.len() > 1 {
        let text = "More than one row returned by a subquery used as a row.";
        return Err(Error::runtime(text).with_condition("ROW_SUBQUERY_TOO_MANY_ROWS"));
    }
    Ok(rows.pop().map(|row| row.values))
}

fn store(frame: &DataFrame, known: Vec<(String, Variable)>) -> Result<()> {
    let values = single_row(frame)?.unwrap_or_else(|| vec![Value::Null; known.len()]);
    for ((own, variable), value) in known.into_iter().zip(values) {
        set_variable(&own, Variable { value, ..variable });
    }
    Ok(())
}

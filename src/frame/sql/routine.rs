//! `CREATE TEMPORARY FUNCTION … RETURN …`: functions of SQL text, whose calls stand for their bodies.

use std::sync::Arc;

use kindling_partition::{Error, ErrorKind, Result};

use super::ast::{Query, Statement, TableAlias};
use super::command::temporary_name;
use super::parser::Parser;
use super::plan::Planner;
use super::subquery::{Asked, first_subquery};
use crate::analyze::{has_aggregate, is_generator};
use crate::column::Column;
use crate::dataframe::{DataFrame, JoinKind};
use crate::expr::{Attribute, Expr};
use crate::functions::{declare_unknown, is_registered, unregister};
use crate::schema::same_name;
use crate::session::Session;
use crate::types::{DataType, Field};
use crate::value::Value;
use crate::variables::{Body, Parameter, Routine, drop_routine, routine, set_routine};

/// A function as it is written.
#[derive(Clone, Debug)]
pub(crate) struct Written {
    name: Arc<str>,
    replace: bool,
    params: Vec<(Arc<str>, DataType, Option<Arc<Expr>>)>,
    returns: Option<DataType>,
    /// `RETURNS TABLE (a INT)`
    table: Option<Vec<Field>>,
    body: Returned,
}

#[derive(Clone, Debug)]
enum Returned {
    Value(Arc<Expr>),
    Rows(Arc<Query>),
}

impl Parser<'_> {
    /// After `CREATE OR REPLACE TEMPORARY FUNCTION`.
    pub(super) fn create_function(&mut self, replace: bool) -> Result<Statement> {
        if self.take_words(&["if", "not", "exists"]) {
            let text = "Invalid SQL syntax: CREATE TEMPORARY FUNCTION with IF NOT EXISTS is not allowed.";
            return Err(Error::new(ErrorKind::Parse, text).with_condition("INVALID_SQL_SYNTAX.CREATE_TEMP_FUNC_WITH_IF_NOT_EXISTS"));
        }
        let name = self.table_name()?;
        if self.take_word("as") {
            let class = self.string()?;
            let text = format!("Cannot load class {class} when registering the function `{name}`: there is no JVM here.");
            return Err(Error::analysis(text).with_condition("CANNOT_LOAD_FUNCTION_CLASS"));
        }
        let params = self.parenthesized(|parser| {
            let name = parser.identifier()?;
            let data_type = parser.data_type()?;
            if parser.take_word("comment") {
                parser.string()?;
            }
            let default = if parser.take_word("default") { Some(parser.expr()?) } else { None };
            if parser.take_word("comment") {
                parser.string()?;
            }
            Ok((name, data_type, default))
        })?;
        let (mut returns, mut table) = (None, None);
        loop {
            if self.take_word("returns") {
                if self.take_word("table") {
                    let column = |parser: &mut Self| Ok(Field::new(parser.identifier()?, parser.data_type()?, true));
                    table = Some(if self.is("(") { self.parenthesized(column)? } else { Vec::new() });
                    continue;
                }
                returns = Some(self.data_type()?);
            } else if self.take_word("comment") {
                self.string()?;
            } else if self.take_words(&["language", "sql"])
                || self.take_words(&["not", "deterministic"])
                || self.take_word("deterministic")
                || self.take_words(&["contains", "sql"])
                || self.take_words(&["reads", "sql", "data"])
            {
            } else {
                break;
            }
        }
        self.need_word("return")?;
        let body = if table.is_some() { Returned::Rows(self.query()?.into()) } else { Returned::Value(self.expr()?) };
        Ok(Statement::CreateFunction(Written { name, replace, params, returns, table, body }.into()))
    }
}

impl Session {
    /// # Errors
    /// `ROUTINE_ALREADY_EXISTS`, `DUPLICATE_ROUTINE_PARAMETER_NAMES`, `USER_DEFINED_FUNCTIONS.CANNOT_CONTAIN_COMPLEX_FUNCTIONS`, and what is
    /// wrong with the body.
    pub(super) fn create_function(&self, written: &Written) -> Result<()> {
        let Written { params, returns, table, body, .. } = written;
        let name = temporary_name(&written.name, "FUNCTION")?;
        if !written.replace && (routine(&name).is_some() || is_registered(&name)) {
            let text = format!(
                "Cannot create the routine `{name}` because a routine of that name already exists. Choose a different name, drop or replace the \
                 existing routine."
            );
            return Err(Error::analysis(text).with_condition("ROUTINE_ALREADY_EXISTS"));
        }
        if let Some((twice, ..)) = params.iter().enumerate().find_map(|(i, p)| params[..i].iter().find(|q| same_name(&p.0, &q.0))) {
            let text = format!("Found duplicate name(s) in the parameter list of the user-defined routine {name}: `{twice}`.");
            return Err(Error::analysis(text).with_condition("DUPLICATE_ROUTINE_PARAMETER_NAMES"));
        }
        let as_given =
            || params.iter().cloned().map(|(name, data_type, default)| Parameter { name, data_type, default }).collect::<Vec<_>>();
        let body = match body {
            Returned::Value(body) => body,
            Returned::Rows(query) => {
                let nulls = params.iter().map(|(_, data_type, _)| Expr::Cast {
                    child: Expr::Literal(Value::Null).into(),
                    to: data_type.clone(),
                    to_null: false,
                });
                let rows = Planner::new(self).rows_for(&as_given(), &nulls.map(Arc::new).collect::<Vec<_>>(), query)?;
                let mut columns = table.clone().unwrap_or_default();
                if columns.is_empty() {
                    columns = rows.iter().map(|column| column.field.clone()).collect();
                }
                if columns.len() != rows.len() {
                    let text = format!(
                        "User defined function is invalid: The number of columns produced by the RETURN clause (num: `{}`) does not match the \
                         number of column names specified by the RETURNS clause (num: `{}`) of {name}.",
                        rows.len(),
                        columns.len()
                    );
                    return Err(Error::analysis(text).with_condition("USER_DEFINED_FUNCTIONS.RETURN_COLUMN_COUNT_MISMATCH"));
                }
                set_routine(&name, Routine { params: as_given(), body: Body::Table(query.clone(), columns) });
                return Ok(());
            }
        };
        if first_subquery(body).is_some() {
            return Err(Error::unsupported("Kindling doesn't have queries within functions: give the function what the query finds."));
        }
        let attributes: Vec<Attribute> =
            params.iter().map(|(name, data_type, _)| Attribute::new(Field::new(name.clone(), data_type.clone(), true))).collect();
        let typed = Planner::new(self).nothing().scope(&attributes).resolve(body)?;
        if has_aggregate(&typed) || typed.any(&is_generator) || crate::window::has_window(&typed) {
            let text =
                format!("User defined function is invalid: SQL scalar function cannot contain aggregate/window/generate functions: {body}");
            return Err(Error::analysis(text).with_condition("USER_DEFINED_FUNCTIONS.CANNOT_CONTAIN_COMPLEX_FUNCTIONS"));
        }
        let body = Body::Value(body.clone(), returns.clone().unwrap_or(typed.data_type));
        set_routine(&name, Routine { params: as_given(), body });
        Ok(())
    }

    /// # Errors
    /// `ROUTINE_NOT_FOUND`, `EXPECT_PERSISTENT_FUNCTION_NOT_TEMP`
    pub(super) fn drop_function(&self, name: &str, temporary: bool, if_exists: bool) -> Result<()> {
        let known = routine(name).is_some() || is_registered(name);
        if !temporary && known {
            let text = format!(
                "`{name}` is a temporary function. 'DROP FUNCTION' expects a persistent function. Please use DROP TEMPORARY FUNCTION to drop a \
                 temporary function."
            );
            return Err(Error::analysis(text).with_condition("EXPECT_PERSISTENT_FUNCTION_NOT_TEMP"));
        }
        if drop_routine(name) || unregister(name) || if_exists {
            return Ok(());
        }
        Err(Error::analysis(format!("The routine `{name}` cannot be found.")).with_condition("ROUTINE_NOT_FOUND"))
    }
}

/// What a call of a function of SQL text stands for; none when there is no such function.
///
/// # Errors
/// `WRONG_NUM_ARGS.WITHOUT_SUGGESTION`
pub(crate) fn inlined(name: &str, args: &[Arc<Expr>]) -> Result<Option<Arc<Expr>>> {
    let Some(routine) = routine(name) else { return Ok(None) };
    let Body::Value(body, returns) = &routine.body else {
        let text = format!(
            "`{name}` appears as a scalar expression here, but the function was defined as a table function. Please update the query to move the \
             function call into the FROM clause, or redefine `{name}` as a scalar function instead."
        );
        return Err(Error::analysis(text).with_condition("NOT_A_SCALAR_FUNCTION"));
    };
    let given = arguments(name, &routine, args)?;
    let body = body.rewrite(&|part| {
        let Expr::Name(found) = part else { return None };
        let place = routine.params.iter().position(|param| same_name(&param.name, found))?;
        Some(Expr::clone(&given[place]))
    });
    Ok(Some(Expr::Cast { child: body, to: returns.clone(), to_null: false }.into()))
}

/// What each parameter of a call is, as its type.
fn arguments(name: &str, routine: &Routine, args: &[Arc<Expr>]) -> Result<Vec<Arc<Expr>>> {
    let named = |i: usize| {
        args.iter().find_map(|arg| match &**arg {
            Expr::Alias { child, name, .. } if same_name(name, &routine.params[i].name) => Some(child),
            _ => None,
        })
    };
    let unknown = args.iter().find_map(|arg| match &**arg {
        Expr::Alias { name, .. } if !routine.params.iter().any(|param| same_name(&param.name, name)) => Some(name),
        _ => None,
    });
    if let Some(unknown) = unknown {
        let text = format!(
            "Cannot invoke routine `{name}` because the routine call included a named argument reference for the argument named `{unknown}`, but \
             this routine does not include any signature containing an argument with this name."
        );
        return Err(Error::analysis(text).with_condition("UNRECOGNIZED_PARAMETER_NAME"));
    }
    let placed = |i: usize| args.get(i).filter(|arg| !matches!(***arg, Expr::Alias { .. }));
    let given = |i: usize| placed(i).or_else(|| named(i)).or(routine.params[i].default.as_ref());
    if args.len() > routine.params.len() || (0..routine.params.len()).any(|i| given(i).is_none()) {
        let wanted = routine.params.len();
        let text = format!("The `{name}` requires {wanted} parameters but the actual number is {}.", args.len());
        return Err(Error::analysis(text).with_condition("WRONG_NUM_ARGS.WITHOUT_SUGGESTION"));
    }
    let cast = |child: &Arc<Expr>, to: &DataType| Expr::Cast { child: child.clone(), to: to.clone(), to_null: false };
    Ok(routine.params.iter().enumerate().filter_map(|(i, param)| Some(cast(given(i)?, &param.data_type).into())).collect())
}

impl Planner<'_> {
    /// The rows of a function that `RETURNS TABLE`; none when there is no such function.
    ///
    /// # Errors
    /// `WRONG_NUM_ARGS.WITHOUT_SUGGESTION`, and what is wrong with the arguments.
    pub(super) fn routine_rows(&self, name: &str, args: &[Arc<Expr>]) -> Result<Option<DataFrame>> {
        let Some(routine) = routine(name) else { return Ok(None) };
        let Body::Table(query, columns) = &routine.body else { return Ok(None) };
        let given = arguments(name, &routine, args)?;
        let (frame, rows) = self.joined_rows(&routine.params, &given, query)?;
        let shown = rows
            .into_iter()
            .zip(columns)
            .map(|(column, field)| Column::attribute(column, frame.id()).cast(field.data_type.clone()).alias(field.name.clone()));
        frame.select(&shown.collect::<Vec<_>>()).map(Some)
    }

    /// The columns of the query where the parameters have these values.
    fn rows_for(&self, params: &[Parameter], given: &[Arc<Expr>], query: &Arc<Query>) -> Result<Vec<Attribute>> {
        Ok(self.joined_rows(params, given, query)?.1)
    }

    /// A row of the parameters with the query's rows for it, and the columns of these.
    fn joined_rows(&self, params: &[Parameter], given: &[Arc<Expr>], query: &Arc<Query>) -> Result<(DataFrame, Vec<Attribute>)> {
        let columns = params.iter().zip(given).map(|(param, value)| Column::from(value.clone()).alias(&*param.name));
        let row = match params.is_empty() {
            true => self.nothing(),
            false => self.nothing().select(&columns.collect::<Vec<_>>())?,
        };
        let asked = Asked::Text(Query::clone(query));
        let joined = self.lateral_join(&row, &asked, &TableAlias::default(), JoinKind::Inner, None)?;
        let columns = joined.plan().output().split_off(params.len());
        Ok((joined, columns))
    }
}

/// The lines of `DESCRIBE FUNCTION`.
///
/// # Errors
/// `UNRESOLVED_ROUTINE`
pub(super) fn described(name: &str) -> Result<Vec<String>> {
    let Some(routine) = routine(name) else { return Err(declare_unknown(name)) };
    let params: Vec<String> = routine.params.iter().map(|param| format!("{} {}", param.name, param.data_type.sql())).collect();
    let (kind, returns) = match &routine.body {
        Body::Value(_, data_type) => ("SCALAR", data_type.sql()),
        Body::Table(_, columns) => {
            let columns: Vec<String> = columns.iter().map(|field| format!("{} {}", field.name, field.data_type.sql())).collect();
            ("TABLE", columns.join("\n          "))
        }
    };
    let mut lines = vec![format!("Function: {name}"), format!("Type:     {kind}")];
    lines.push(format!("Input:    {}", if params.is_empty() { "()".to_owned() } else { params.join("\n          ") }));
    lines.push(format!("Returns:  {returns}"));
    Ok(lines)
}

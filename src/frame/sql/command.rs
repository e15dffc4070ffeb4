//! Statements about tables: what each does, and the frame that tells of it.

use std::sync::Arc;

use kindling_partition::{Error, Result};

use super::ast::{Query, Statement};
use super::parser::{Parameters, Parser};
use super::plan::Planner;
use crate::dataframe::DataFrame;
use crate::schema::{Schema, same_name};
use crate::session::Session;
use crate::tables::Saved;
use crate::types::{DataType, Field};
use crate::value::Value;

impl Session {
    /// `spark.sql(text)` with values for `:name` and `?`: a query's frame, or what a statement answers.
    ///
    /// # Errors
    /// `PARSE_SYNTAX_ERROR`; whatever is wrong with the query.
    pub fn sql(&self, text: &str, parameters: &Parameters) -> Result<DataFrame> {
        let mut parser = Parser::new(text, parameters)?;
        let statement = parser.statement()?;
        parser.end()?;
        self.execute(statement)
    }

    fn query(&self, query: &Query) -> Result<DataFrame> {
        Planner::new(self).query(query)
    }

    pub(super) fn execute(&self, statement: Statement) -> Result<DataFrame> {
        match statement {
            Statement::Query(query) => return self.query(&query),
            Statement::CreateView { name, columns, replace, query } => {
                let name = temporary_name(&name, "VIEW")?;
                let mut frame = self.query(&query)?;
                if !columns.is_empty() {
                    let names: Vec<&str> = columns.iter().map(|c| &**c).collect();
                    frame = frame.to_df(&names)?;
                }
                if replace {
                    frame.create_or_replace_temp_view(&name);
                } else {
                    frame.create_temp_view(&name)?;
                }
            }
            Statement::SaveView { name, columns, mode, query, properties, comment } => {
                self.save_view(&name, &query, &columns, mode, (properties, comment))?;
            }
            Statement::CreateDatabase { name, if_not_exists, comment } => {
                let is_new = !self.has_database(&name);
                self.create_database(&name, if_not_exists)?;
                if is_new && comment.is_some() {
                    self.comment_on_database(&name, comment)?;
                }
            }
            Statement::DropDatabase { name, if_exists, cascade } => self.drop_database(&name, if_exists, cascade)?,
            Statement::CreateTable { name, columns, query: None, save } if save.location.is_some() => {
                let columns = self.with_older_defaults("CREATE TABLE", &save.format, &columns)?;
                self.create_external_table(&name, &Schema::new(columns), &save)?;
            }
            Statement::CreateTable { name, columns, query, save } => {
                let frame = match query {
                    Some(query) => self.query(&query)?,
                    None => {
                        let columns = self.with_older_defaults("CREATE TABLE", &save.format, &columns)?;
                        self.create_dataframe(&[], Schema::new(columns))?
                    }
                };
                frame.save_as_table(&name, &save)?;
            }
            Statement::CreateLike { name, source, save } => self.create_like(&name, &source, save)?,
            Statement::Insert(insert) => self.insert(&insert)?,
            Statement::Truncate(name, partition) => self.truncate(&name, partition.as_ref())?,
            Statement::Comment { on, text } => self.comment(on, text)?,
            Statement::Analyze(analyze) => self.analyze(&analyze)?,
            Statement::Refresh(Some(name)) => {
                self.table(&name)?;
                self.refresh_table(&name)?;
            }
            Statement::Refresh(None) => self.refresh_tables()?,
            Statement::Change(change) => self.refuse(&change)?,
            Statement::DropView { name, table, if_exists } => {
                let temporary = self.drop_view(&name);
                let dropped = temporary || if table { self.drop_table(&name)? } else { self.drop_saved_view(&name)? };
                if !dropped {
                    let error = self.table(&name).map_or_else(|e| e, |_| Error::runtime("A view that is there couldn't be dropped."));
                    if !if_exists || error.condition() == Some("REQUIRES_SINGLE_PART_NAMESPACE") {
                        return Err(error);
                    }
                }
            }
            Statement::Describe(described) => return self.describe(&described),
            Statement::DescribeDatabase { name, extended } => return self.describe_database(&name, extended),
            Statement::DescribeFunction { name, extended } => return self.describe_function(&name, extended),
            Statement::DescribeQuery(query) => return self.described_query(&self.query(&query)?),
            Statement::Explain(query, mode) => {
                let text = self.query(&query)?.explain(mode);
                return self.answer(&[("plan", DataType::String)], vec![vec![Value::from(text)]]);
            }
            Statement::ShowTables(of, pattern) => return self.shown("tableName", of.as_deref(), pattern.as_deref()),
            Statement::ShowViews(of, pattern) => return self.shown("viewName", of.as_deref(), pattern.as_deref()),
            Statement::ShowCatalogs(pattern) => return self.show_catalogs(pattern.as_deref()),
            Statement::ShowFunctions { whose, within, pattern } => {
                return self.show_functions(whose, within.as_deref(), pattern.as_deref());
            }
            Statement::ShowCreate(name) => {
                let text = self.create_statement(&name)?;
                return self.answer(&[("createtab_stmt", DataType::String)], vec![vec![Value::from(text)]]);
            }
            Statement::ShowPartitions(name, spec) => {
                let rows = self.matching_partitions(&name, spec.as_ref())?.into_iter().map(|p| vec![Value::from(p)]).collect();
                return self.answer(&[("partition", DataType::String)], rows);
            }
            Statement::ShowProperties(name, asked) => {
                let mut pairs = self.table_properties(&name)?;
                if let Some(key) = asked {
                    let value = pairs.into_iter().find(|(known, _)| *known == key).map(|(_, value)| value);
                    let (database, own) = self.saved(&name).map_or_else(Default::default, |(database, own, _)| (database, own));
                    let none = || format!("Table spark_catalog.{database}.{own} does not have property: {key}");
                    pairs = vec![(key.clone(), value.unwrap_or_else(none))];
                }
                let rows = pairs.into_iter().map(|(key, value)| vec![Value::from(key), Value::from(value)]);
                return self.answer(&[("key", DataType::String), ("value", DataType::String)], rows.collect());
            }
            Statement::ShowColumns(name, within) => {
                let name = match (within, crate::expr::name_parts(&name).as_slice()) {
                    (Some(database), [own]) => format!("{database}.{own}").into(),
                    (Some(database), [.., given, _]) if !same_name(&database, given) => {
                        let text = format!("SHOW COLUMNS with conflicting namespaces: `{database}` != `{given}`.");
                        return Err(Error::analysis(text).with_condition("SHOW_COLUMNS_WITH_CONFLICT_NAMESPACE"));
                    }
                    _ => name,
                };
                let names = self.table(&name)?.columns().into_iter().map(|c| vec![Value::from(c)]).collect();
                return self.answer(&[("col_name", DataType::String)], names);
            }
            Statement::ShowDatabases(pattern) => {
                let names = self.databases().into_iter().filter(|name| pattern.as_deref().is_none_or(|p| fits(p, name)));
                return self.answer(&[("namespace", DataType::String)], names.map(|name| vec![Value::from(name)]).collect());
            }
            Statement::Use(name) => {
                // `USE spark_catalog` names the one catalog there is.
                if !name.eq_ignore_ascii_case("spark_catalog") {
                    self.use_database(&name)?;
                }
            }
            Statement::Cache { name, query } => {
                if let Some(query) = query {
                    self.query(&query)?.create_or_replace_temp_view(&name);
                }
                // Not lazy: the rows are computed now.
                self.cache_table(&name)?.count()?;
            }
            Statement::Uncache { name, if_exists } => match self.uncache_table(&name) {
                Err(error) if !if_exists => return Err(error),
                _ => {}
            },
            Statement::ClearCache => self.clear_cache(),
            Statement::Alter { name, view, change } => self.alter(&name, view, change)?,
            Statement::Declare(declared) => self.declare(declared)?,
            Statement::SetVariables(assigned) => self.set_variables(&assigned)?,
            Statement::DropVariable { name, if_exists } => self.drop_variable(&name, if_exists)?,
            Statement::Execute(immediate) => return self.execute_immediate(&immediate),
            Statement::CreateFunction(written) => self.create_function(&written)?,
            Statement::DropFunction { name, temporary, if_exists } => self.drop_function(&name, temporary, if_exists)?,
            Statement::Set(pair) => return self.set_or_get(pair),
        }
        self.answer(&[], Vec::new())
    }

    pub(super) fn answer(&self, columns: &[(&str, DataType)], rows: Vec<Vec<Value>>) -> Result<DataFrame> {
        let schema = Schema::new(columns.iter().map(|(name, t)| Field::new(*name, t.clone(), true)).collect());
        self.create_dataframe(&rows, schema)
    }

    fn shown(&self, name_column: &str, of: Option<&str>, pattern: Option<&str>) -> Result<DataFrame> {
        let database = of.map_or_else(|| self.current_database(), str::to_lowercase);
        let database = database.strip_prefix("spark_catalog.").unwrap_or(&database).to_owned();
        crate::databases::not_nested(&database)?;
        if !self.has_database(&database) {
            // The error that tells so.
            self.use_database(&database)?;
        }
        let columns = [("namespace", DataType::String), (name_column, DataType::String), ("isTemporary", DataType::Boolean)];
        let is_view = |name: &String| matches!(self.saved(&format!("{database}.{name}")), Some((_, _, Saved::View)));
        let saved = self.tables_in(&database).into_iter().filter(|name| name_column == "tableName" || is_view(name));
        let rows = saved.map(|name| (&*database, name, false)).chain(self.views().into_iter().map(|name| ("", name, true)));
        let rows = rows.filter(|(_, name, _)| pattern.is_none_or(|p| fits(p, name)));
        self.answer(&columns, rows.map(|(space, name, temporary)| vec![space.into(), name.into(), temporary.into()]).collect())
    }

    fn set_or_get(&self, pair: Option<(String, Option<String>)>) -> Result<DataFrame> {
        let columns = [("key", DataType::String), ("value", DataType::String)];
        let Some((key, value)) = pair else { return self.answer(&columns, Vec::new()) };
        if let Some(value) = &value {
            self.set_conf(&key, value)?;
        }
        let value = value.or_else(|| self.conf(&key)).unwrap_or_else(|| "<undefined>".to_owned());
        self.answer(&columns, vec![vec![Value::from(key), Value::from(value)]])
    }
}

/// The name of what is there until the session ends, without `session.` before it.
///
/// # Errors
/// `INVALID_TEMP_OBJ_QUALIFIER`
pub(super) fn temporary_name(name: &str, what: &str) -> Result<String> {
    let mut parts = crate::expr::name_parts(name);
    let own = parts.pop().unwrap_or_default();
    let is = |words: &[&str]| parts.len() == words.len() && parts.iter().zip(words).all(|(part, word)| part.eq_ignore_ascii_case(word));
    // A name of one part has no back-quotes.
    if parts.is_empty() || is(&["session"]) || is(&["system", "session"]) {
        return Ok(if parts.is_empty() { name.to_owned() } else { own });
    }
    let quoted: Vec<String> = parts.iter().map(|part| crate::dataframe::quoted(part)).collect();
    let text = format!(
        "Temporary {what} `{own}` cannot be qualified with {}. Temporary objects can only be qualified with SESSION or SYSTEM.SESSION.",
        quoted.join(".")
    );
    Err(Error::analysis(text).with_condition("INVALID_TEMP_OBJ_QUALIFIER"))
}

/// Whether a name fits a pattern of `SHOW`: `*` is any text, `|` separates choices.
pub fn fits(pattern: &str, name: &str) -> bool {
    fn one(pattern: &[u8], name: &[u8]) -> bool {
        match pattern.split_first() {
            None => name.is_empty(),
            Some((b'*', rest)) => (0..=name.len()).any(|i| one(rest, &name[i..])),
            Some((c, rest)) => name.split_first().is_some_and(|(first, more)| first.eq_ignore_ascii_case(c) && one(rest, more)),
        }
    }
    pattern.split('|').any(|choice| one(choice.trim().as_bytes(), name.as_bytes()))
}

impl DataFrame {
    /// `createTempView`
    ///
    /// # Errors
    /// `TEMP_TABLE_OR_VIEW_ALREADY_EXISTS`
    pub fn create_temp_view(&self, name: &str) -> Result<()> {
        if self.session().table(name).is_ok() {
            return Err(Error::analysis(format!("Cannot create the temporary view `{name}` because it already exists. Choose a different name, drop the existing view, or replace it."))
                .with_condition("TEMP_TABLE_OR_VIEW_ALREADY_EXISTS"));
        }
        self.create_or_replace_temp_view(name);
        Ok(())
    }
}

impl Parameters {
    /// Values for `:name`.
    pub fn named(values: impl IntoIterator<Item = (String, crate::Column)>) -> Self {
        Self { named: values.into_iter().map(|(name, value)| (name, Arc::clone(value.expr()))).collect(), positional: Vec::new() }
    }

    /// Values for each `?` in turn.
    pub fn positional(values: impl IntoIterator<Item = crate::Column>) -> Self {
        Self { named: indexmap::IndexMap::new(), positional: values.into_iter().map(|value| Arc::clone(value.expr())).collect() }
    }
}

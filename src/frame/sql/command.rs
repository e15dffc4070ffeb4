//! Statements about tables: what each does, and the frame that tells of it.

use std::sync::Arc;

use kindling_partition::{Error, Result};

use super::ast::{Query, Statement};
use super::parser::{Parameters, Parser};
use super::plan::Planner;
use crate::column::Column;
use crate::dataframe::DataFrame;
use crate::schema::{Schema, same_name, unresolved};
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

    fn execute(&self, statement: Statement) -> Result<DataFrame> {
        match statement {
            Statement::Query(query) => return self.query(&query),
            Statement::CreateView { name, columns, replace, query } => {
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
            Statement::SaveView { name, columns, mode, query, properties } => self.save_view(&name, &query, &columns, mode, properties)?,
            Statement::CreateDatabase { name, if_not_exists } => self.create_database(&name, if_not_exists)?,
            Statement::DropDatabase { name, if_exists, cascade } => self.drop_database(&name, if_exists, cascade)?,
            Statement::CreateTable { name, columns, query: None, save } if save.location.is_some() => {
                self.create_external_table(&name, &Schema::new(columns), &save)?;
            }
            Statement::CreateTable { name, columns, query, save } => {
                let frame = match query {
                    Some(query) => self.query(&query)?,
                    None => self.create_dataframe(&[], Schema::new(columns))?,
                };
                frame.save_as_table(&name, &save)?;
            }
            Statement::Insert { name, columns, partition, overwrite, query } => {
                let mut rows = self.query(&query)?;
                for (column, value) in partition {
                    rows = rows.with_column(&column, &value.into())?;
                }
                let rows = if columns.is_empty() { rows } else { self.placed(&rows, &self.table(&name)?, &columns)? };
                rows.insert_into(&name, overwrite)?;
            }
            Statement::Truncate(name) => {
                let schema = self.table(&name)?.schema().fields().to_vec();
                self.create_dataframe(&[], Schema::new(schema))?.insert_into(&name, true)?;
            }
            Statement::DropView { name, table, if_exists } => {
                let temporary = self.drop_view(&name);
                let dropped = temporary || if table { self.drop_table(&name)? } else { self.drop_saved_view(&name)? };
                if !dropped && !if_exists {
                    return Err(self.table(&name).map_or_else(|e| e, |_| Error::runtime("A view that is there couldn't be dropped.")));
                }
            }
            Statement::Describe(name) => return self.described(&self.table(&name)?, true),
            Statement::DescribeQuery(query) => return self.described(&self.query(&query)?, false),
            Statement::Explain(query, mode) => {
                let text = self.query(&query)?.explain(mode);
                return self.answer(&[("plan", DataType::String)], vec![vec![Value::from(text)]]);
            }
            Statement::ShowTables(of, pattern) => return self.shown("tableName", of.as_deref(), pattern.as_deref()),
            Statement::ShowViews(of, pattern) => return self.shown("viewName", of.as_deref(), pattern.as_deref()),
            Statement::ShowCreate(name) => {
                let text = self.create_statement(&name)?;
                return self.answer(&[("createtab_stmt", DataType::String)], vec![vec![Value::from(text)]]);
            }
            Statement::ShowPartitions(name) => {
                let rows = self.table_partitions(&name)?.into_iter().map(|p| vec![Value::from(p)]).collect();
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
            Statement::ShowColumns(name) => {
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
            Statement::Set(pair) => return self.set_or_get(pair),
        }
        self.answer(&[], Vec::new())
    }

    /// Rows whose columns are those of a table that are named, in the table's order, with nulls in the others.
    fn placed(&self, rows: &DataFrame, table: &DataFrame, columns: &[Arc<str>]) -> Result<DataFrame> {
        if rows.columns().len() != columns.len() {
            let condition = match rows.columns().len() > columns.len() {
                true => "INSERT_COLUMN_ARITY_MISMATCH.TOO_MANY_DATA_COLUMNS",
                false => "INSERT_COLUMN_ARITY_MISMATCH.NOT_ENOUGH_DATA_COLUMNS",
            };
            let text = format!("{} columns are named to insert into, but the rows have {}.", columns.len(), rows.columns().len());
            return Err(Error::analysis(text).with_condition(condition));
        }
        if let Some(bad) = columns.iter().find(|c| !table.columns().iter().any(|t| same_name(t, c))) {
            return Err(unresolved(bad, table.columns().iter().map(String::as_str)));
        }
        let places: Vec<String> = (0..columns.len()).map(|i| format!("_{i}")).collect();
        let rows = rows.to_df(&places.iter().map(String::as_str).collect::<Vec<_>>())?;
        let cells = table.schema().iter().map(|field| {
            let place = columns.iter().position(|c| same_name(c, &field.name));
            place.map_or_else(|| Column::lit(Value::Null), |i| Column::name(places[i].as_str())).alias(field.name.clone())
        });
        rows.select(&cells.collect::<Vec<_>>())
    }

    fn answer(&self, columns: &[(&str, DataType)], rows: Vec<Vec<Value>>) -> Result<DataFrame> {
        let schema = Schema::new(columns.iter().map(|(name, t)| Field::new(*name, t.clone(), true)).collect());
        self.create_dataframe(&rows, schema)
    }

    /// With the widths that columns of tables were declared with, or without.
    fn described(&self, frame: &DataFrame, widths: bool) -> Result<DataFrame> {
        let columns = ["col_name", "data_type", "comment"].map(|name| (name, DataType::String));
        let declared = |f: &Field| f.declared().filter(|_| widths).unwrap_or_else(|| f.data_type.clone()).simple_string();
        let row = |f: &Field| vec![Value::String(f.name.clone()), Value::from(declared(f)), f.comment().into()];
        self.answer(&columns, frame.schema().iter().map(row).collect())
    }

    fn shown(&self, name_column: &str, of: Option<&str>, pattern: Option<&str>) -> Result<DataFrame> {
        let database = of.map_or_else(|| self.current_database(), str::to_lowercase);
        let database = database.strip_prefix("spark_catalog.").unwrap_or(&database).to_owned();
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

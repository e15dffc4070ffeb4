//! `SHOW CATALOGS`, `SHOW FUNCTIONS`, and `CREATE TABLE … LIKE`.

use std::collections::BTreeSet;
use std::sync::Arc;

use kindling_partition::{Error, ErrorKind, Result};

use super::ast::Statement;
use super::command::fits;
use super::lex::TokenKind;
use super::parser::Parser;
use crate::dataframe::DataFrame;
use crate::functions::{registered_names, sql_names};
use crate::save::{Save, SaveMode};
use crate::schema::Schema;
use crate::session::Session;
use crate::types::DataType;
use crate::value::Value;

/// The functions that `SHOW FUNCTIONS` tells of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Whose {
    All,
    User,
    System,
}

impl Parser<'_> {
    /// `CATALOGS`, `USER FUNCTIONS LIKE 'a*'`; none, with nothing taken, for what else may follow `SHOW`.
    pub(super) fn show_names(&mut self) -> Result<Option<Statement>> {
        if self.take_word("catalogs") {
            let like = self.take_word("like");
            return Ok(Some(Statement::ShowCatalogs(self.pattern(like)?)));
        }
        let (whose, words) = match self.peek().text.to_lowercase().as_str() {
            "functions" => (Whose::All, 1),
            "all" if self.ahead(1).is_word("functions") => (Whose::All, 2),
            "user" if self.ahead(1).is_word("functions") => (Whose::User, 2),
            "system" if self.ahead(1).is_word("functions") => (Whose::System, 2),
            scope if self.ahead(1).is_word("functions") => {
                let text = format!("Invalid SQL syntax: SHOW `{scope}` FUNCTIONS not supported.");
                return Err(Error::new(ErrorKind::Parse, text).with_condition("INVALID_SQL_SYNTAX.SHOW_FUNCTIONS_INVALID_SCOPE"));
            }
            _ => return Ok(None),
        };
        self.skip(words);
        let within = if self.take_one_of(&["in", "from"]).is_some() { Some(self.table_name()?) } else { None };
        let like = self.take_word("like");
        let named = matches!(self.peek().kind, TokenKind::Word | TokenKind::Quoted(_));
        let pattern = if named { Some(self.table_name()?.to_string()) } else { self.pattern(like)? };
        Ok(Some(Statement::ShowFunctions { whose, within, pattern }))
    }

    fn pattern(&mut self, needed: bool) -> Result<Option<String>> {
        if needed || matches!(self.peek().kind, TokenKind::Text(_)) { self.string().map(Some) } else { Ok(None) }
    }

    /// `LIKE source USING csv …` after `CREATE TABLE name`.
    pub(super) fn create_like(&mut self, name: Arc<str>, if_not_exists: bool) -> Result<Statement> {
        self.skip(1);
        let source = self.table_name()?;
        let mode = if if_not_exists { SaveMode::Ignore } else { SaveMode::ErrorIfExists };
        let mut save = Save { format: String::new(), mode, ..Save::default() };
        loop {
            if self.take_word("using") {
                save.format = self.identifier()?.to_lowercase();
            } else if self.take_word("location") {
                save.location = Some(self.string()?);
            } else if self.take_word("tblproperties") {
                save.properties = self.properties()?;
            } else {
                return Ok(Statement::CreateLike { name, source, save });
            }
        }
    }
}

impl Session {
    pub(super) fn show_catalogs(&self, pattern: Option<&str>) -> Result<DataFrame> {
        let catalog = Some("spark_catalog").filter(|name| pattern.is_none_or(|p| fits(p, name)));
        self.answer(&[("catalog", DataType::String)], catalog.into_iter().map(|name| vec![Value::from(name)]).collect())
    }

    /// # Errors
    /// `SCHEMA_NOT_FOUND`
    pub(super) fn show_functions(&self, whose: Whose, within: Option<&str>, pattern: Option<&str>) -> Result<DataFrame> {
        within.map_or(Ok(()), |database| self.need_database(database))?;
        let mut names: BTreeSet<String> = BTreeSet::new();
        if whose != Whose::User {
            names.extend(sql_names().map(str::to_owned));
        }
        if whose != Whose::System {
            names.extend(registered_names());
            names.extend(crate::variables::routine_names());
        }
        let names = names.into_iter().filter(|name| pattern.is_none_or(|p| fits(p, name)));
        self.answer(&[("function", DataType::String)], names.map(|name| vec![Value::from(name)]).collect())
    }

    /// A table with the columns, the partitions and, unless another is named, the format of one that is there.
    ///
    /// # Errors
    /// `TABLE_OR_VIEW_NOT_FOUND`, `TABLE_OR_VIEW_ALREADY_EXISTS`
    pub(super) fn create_like(&self, name: &str, source: &str, save: Save) -> Result<()> {
        let frame = self.table(source)?;
        let temporary = self.views().iter().any(|view| view.eq_ignore_ascii_case(source));
        let table = if temporary { None } else { self.description(&self.place_of(source)?.folder)? };
        let mut save = save;
        let schema = match table {
            Some(table) => {
                save.partition_by = table.partition_by;
                save.comment = table.comment;
                if save.format.is_empty() {
                    (save.format, save.options) = (table.format, table.options);
                }
                table.schema
            }
            None => Schema::clone(frame.schema()),
        };
        if save.format.is_empty() {
            save.format = "parquet".to_owned();
        }
        if save.location.is_some() {
            return self.create_external_table(name, &schema, &save);
        }
        self.create_dataframe(&[], schema)?.save_as_table(name, &save)
    }
}

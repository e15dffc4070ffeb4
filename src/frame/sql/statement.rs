//! The grammar of statements, each known by its first words; what is none of them is a query.

use std::sync::Arc;

use kindling_partition::{Error, Result};

use super::ast::{Alter, Statement};
use super::lex::TokenKind;
use super::parser::Parser;
use crate::explain::ExplainMode;
use crate::save::{Save, SaveMode};

/// Statements that Spark has for tables and functions that Kindling does not keep.
const UNSUPPORTED: [&str; 5] = ["load", "grant", "revoke", "export", "import"];

impl Parser<'_> {
    pub fn statement(&mut self) -> Result<Statement> {
        if self.starts_query(0) {
            return self.query().map(Statement::Query);
        }
        let first = self.peek().clone();
        if first.kind != TokenKind::Word {
            return Err(self.unexpected());
        }
        let word = first.text.to_lowercase();
        match word.as_str() {
            "create" => self.create(),
            "alter" => self.alter(),
            "insert" => self.insert(),
            "truncate" => {
                self.skip(1);
                self.need_missing("table")?;
                let name = self.table_name()?;
                let partition = if self.is_word("partition") { Some(self.partition()?) } else { None };
                Ok(Statement::Truncate(name, partition))
            }
            "drop" => {
                self.skip(1);
                let temporary = (self.ahead(1).is_word("variable") || self.ahead(1).is_word("function"))
                    && self.take_one_of(&["temporary", "temp"]).is_some();
                if temporary && self.take_word("variable") {
                    let if_exists = self.take_words(&["if", "exists"]);
                    return Ok(Statement::DropVariable { name: self.table_name()?, if_exists });
                }
                if self.take_word("function") {
                    let if_exists = self.take_words(&["if", "exists"]);
                    return Ok(Statement::DropFunction { name: self.table_name()?, temporary, if_exists });
                }
                if self.is_word("variable") {
                    return Err(self.unexpected());
                }
                let words = ["view", "table", "database", "schema", "namespace"];
                let Some(what) = self.take_one_of(&words) else { return Err(self.unsupported("this DROP")) };
                let if_exists = self.take_words(&["if", "exists"]);
                if !matches!(what, "view" | "table") {
                    let name = self.table_name()?;
                    let cascade = self.take_one_of(&["cascade", "restrict"]) == Some("cascade");
                    return Ok(Statement::DropDatabase { name, if_exists, cascade });
                }
                Ok(Statement::DropView { name: self.table_name()?, table: what == "table", if_exists })
            }
            "describe" | "desc" => self.describe(),
            "explain" => {
                self.skip(1);
                let mode = match self.take_one_of(&["extended", "formatted", "codegen", "cost"]) {
                    Some(word) => ExplainMode::parse(word)?,
                    None => ExplainMode::Simple,
                };
                Ok(Statement::Explain(self.query()?, mode))
            }
            "show" => self.show(),
            "use" => {
                self.skip(1);
                self.take_one_of(&["database", "schema", "namespace"]);
                Ok(Statement::Use(self.table_name()?))
            }
            "cache" => {
                self.skip(1);
                self.take_word("lazy");
                self.need_word("table")?;
                let name = self.table_name()?;
                let query = if self.take_word("as") || self.starts_query(0) { Some(self.query()?) } else { None };
                Ok(Statement::Cache { name, query })
            }
            "uncache" => {
                self.skip(1);
                self.need_word("table")?;
                let if_exists = self.take_words(&["if", "exists"]);
                Ok(Statement::Uncache { name: self.table_name()?, if_exists })
            }
            "clear" => {
                self.skip(1);
                self.need_word("cache")?;
                Ok(Statement::ClearCache)
            }
            "msck" => {
                self.skip(1);
                self.need_word("repair")?;
                self.need_word("table")?;
                let name = self.table_name()?;
                self.take_one_of(&["add", "drop", "sync"]);
                self.take_word("partitions");
                Ok(Statement::Alter { name, view: false, change: Alter::RecoverPartitions })
            }
            "set" if (self.ahead(1).is_word("var") || self.ahead(1).is_word("variable")) && !self.ahead(2).is("=") => {
                self.skip(2);
                self.set_variables()
            }
            "set" => self.set(),
            "declare" => self.declare(),
            "execute" => self.execute_immediate(),
            "comment" => self.comment(),
            "analyze" => self.analyze(),
            "refresh" => self.refresh(),
            "update" => self.update(),
            "delete" => self.delete(),
            "merge" => self.merge(),
            word if UNSUPPORTED.contains(&word) => Err(self.unsupported(&word.to_uppercase())),
            _ => Err(self.unexpected()),
        }
    }

    /// A word that only it may stand here for, as Spark says it.
    pub(super) fn need_missing(&mut self, word: &str) -> Result<()> {
        if self.take_word(word) {
            return Ok(());
        }
        let token = self.peek();
        if token.kind == TokenKind::End {
            return Err(self.unexpected());
        }
        let message = format!("Syntax error at or near '{}': missing '{}'. SQLSTATE: 42601", token.text, word.to_uppercase());
        Err(self.error_at(token, "PARSE_SYNTAX_ERROR", &message))
    }

    pub(super) fn unsupported(&self, what: &str) -> Error {
        Error::unsupported(format!(
            "Kindling doesn't have {what}: SQL here reads saved tables and temporary views. Make them by CREATE TABLE or CREATE TEMP VIEW name AS SELECT …"
        ))
    }

    fn create(&mut self) -> Result<Statement> {
        self.skip(1);
        let replace = self.take_words(&["or", "replace"]);
        if self.take_word("table") {
            return self.create_table(replace);
        }
        if self.take_one_of(&["database", "schema", "namespace"]).is_some() {
            let if_not_exists = self.take_words(&["if", "not", "exists"]);
            let name = self.table_name()?;
            let comment = if self.take_word("comment") { Some(self.string()?) } else { None };
            return Ok(Statement::CreateDatabase { name, if_not_exists, comment });
        }
        self.take_word("global");
        let temporary = self.take_one_of(&["temp", "temporary"]).is_some();
        if temporary && self.take_word("function") {
            return self.create_function(replace);
        }
        if !self.is_word("view") {
            return Err(self.unsupported("CREATE of anything but tables, views and databases"));
        }
        self.skip(1);
        let if_not_exists = self.take_words(&["if", "not", "exists"]);
        let name = self.table_name()?;
        let columns = if self.is("(") {
            self.parenthesized(|parser| {
                let name = parser.identifier()?;
                if parser.take_word("comment") {
                    parser.string()?;
                }
                Ok(name)
            })?
        } else {
            Vec::new()
        };
        let (mut properties, mut comment) = (Vec::new(), None);
        loop {
            if self.take_word("comment") {
                comment = Some(self.string()?);
            } else if self.take_word("tblproperties") {
                properties = self.properties()?;
                properties.sort();
            } else {
                break;
            }
        }
        self.need_word("as")?;
        let start = self.peek().start;
        let query = self.query()?;
        if temporary {
            return Ok(Statement::CreateView { name, columns, replace, query });
        }
        let mode = match (replace, if_not_exists) {
            (true, _) => SaveMode::Overwrite,
            (_, true) => SaveMode::Ignore,
            _ => SaveMode::ErrorIfExists,
        };
        let query = self.text[start..].trim_end().trim_end_matches(';').to_owned();
        Ok(Statement::SaveView { name, columns, mode, query, properties, comment })
    }

    /// `name (a INT, b STRING) USING parquet PARTITIONED BY (a) AS SELECT …`
    fn create_table(&mut self, replace: bool) -> Result<Statement> {
        let if_not_exists = self.take_words(&["if", "not", "exists"]);
        let name = self.table_name()?;
        if self.is_word("like") && !replace {
            return self.create_like(name, if_not_exists);
        }
        let mut columns = Vec::new();
        if self.is("(") && !self.starts_query(1) {
            columns = self.parenthesized(|parser| parser.column_definition(false))?;
        }
        let mode = match (replace, if_not_exists) {
            (true, _) => SaveMode::Overwrite,
            (_, true) => SaveMode::Ignore,
            _ => SaveMode::ErrorIfExists,
        };
        let mut save = Save { format: "parquet".into(), mode, ..Save::default() };
        loop {
            if self.take_word("using") {
                save.format = self.identifier()?.to_lowercase();
            } else if self.take_words(&["partitioned", "by"]) {
                save.partition_by = self.parenthesized(Self::identifier)?.iter().map(ToString::to_string).collect();
            } else if self.take_word("comment") {
                save.comment = Some(self.string()?);
            } else if self.take_word("options") {
                save.options = self.properties()?;
                if let Some(i) = save.options.iter().position(|(name, _)| name.eq_ignore_ascii_case("path")) {
                    save.location = Some(save.options.remove(i).1);
                }
            } else if self.take_word("location") {
                save.location = Some(self.string()?);
            } else if self.take_word("tblproperties") {
                save.properties = self.properties()?;
            } else if self.is_word("clustered") || self.is_word("stored") || self.is_word("row") {
                let what = format!("CREATE TABLE … {}", self.peek().text.to_uppercase());
                return Err(self.unsupported(&what));
            } else {
                break;
            }
        }
        let query = if self.take_word("as") || self.starts_query(0) { Some(self.query()?) } else { None };
        if query.is_some() && !columns.is_empty() {
            let text = "Operation not allowed: Schema may not be specified in a Create Table As Select (CTAS) statement.";
            return Err(Error::analysis(text).with_condition("_LEGACY_ERROR_TEMP_0035"));
        }
        Ok(Statement::CreateTable { name, columns, query, save })
    }

    /// A text, a number or a name of options.
    pub(super) fn property(&mut self) -> Result<String> {
        match &self.peek().kind {
            TokenKind::Text(text) => {
                let text = text.clone();
                self.skip(1);
                Ok(text)
            }
            TokenKind::Number => Ok(self.next().text.to_owned()),
            _ => {
                let mut name = self.identifier()?.to_string();
                while self.take(".") {
                    name = format!("{name}.{}", self.identifier()?);
                }
                Ok(name)
            }
        }
    }

    fn show(&mut self) -> Result<Statement> {
        self.skip(1);
        if self.take_words(&["create", "table"]) {
            return Ok(Statement::ShowCreate(self.table_name()?));
        }
        if self.take_word("partitions") {
            let name = self.table_name()?;
            let partition = if self.is_word("partition") { Some(self.partition()?) } else { None };
            return Ok(Statement::ShowPartitions(name, partition));
        }
        if let Some(names) = self.show_names()? {
            return Ok(names);
        }
        if self.take_word("tblproperties") {
            let name = self.table_name()?;
            let asked = if self.is("(") { self.parenthesized(Self::property)?.pop() } else { None };
            return Ok(Statement::ShowProperties(name, asked));
        }
        let what = self.take_one_of(&["tables", "views", "columns", "databases", "schemas", "namespaces"]);
        let Some(what) = what else { return Err(self.unsupported("this SHOW")) };
        let (mut of, mut within): (Option<Arc<str>>, Option<Arc<str>>) = (None, None);
        while self.take_one_of(&["in", "from"]).is_some() {
            let name = self.table_name()?;
            (of, within) = (of.clone().or(Some(name.clone())), of.and(Some(name)));
        }
        let like = self.take_word("like");
        let pattern = if like || matches!(self.peek().kind, TokenKind::Text(_)) { Some(self.string()?) } else { None };
        Ok(match (what, of) {
            ("tables", of) => Statement::ShowTables(of, pattern),
            ("views", of) => Statement::ShowViews(of, pattern),
            ("columns", Some(name)) => Statement::ShowColumns(name, within),
            ("columns", None) => return Err(self.unexpected()),
            _ => Statement::ShowDatabases(pattern),
        })
    }

    /// `SET`, `SET key`, `SET key = value`: the value is the rest of the text.
    fn set(&mut self) -> Result<Statement> {
        let start = self.peek().end();
        let text = self.text[start..].trim().trim_end_matches(';').trim();
        while self.peek().kind != TokenKind::End {
            self.skip(1);
        }
        if text.is_empty() || text == "-v" {
            return Ok(Statement::Set(None));
        }
        if let Some(zone) = text.get(..9).filter(|start| start.eq_ignore_ascii_case("time zone")).map(|_| text[9..].trim()) {
            let zone = if zone.eq_ignore_ascii_case("local") { "UTC" } else { zone.trim_matches(['\'', '"']) };
            return Ok(Statement::Set(Some((crate::zone::SETTING.to_owned(), Some(zone.to_owned())))));
        }
        let pair = text.split_once('=').map_or((text, None), |(key, value)| (key.trim(), Some(value.trim().to_owned())));
        Ok(Statement::Set(Some((pair.0.trim_matches('`').to_owned(), pair.1))))
    }
}

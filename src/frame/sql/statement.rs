//! The grammar of statements, each known by its first words; what is none of them is a query.

use std::sync::Arc;

use kindling_partition::{Error, Result};

use super::ast::Statement;
use super::lex::TokenKind;
use super::parser::Parser;

/// Statements that Spark has for tables and functions that Kindling does not keep.
const UNSUPPORTED: [&str; 14] = [
    "insert", "update", "delete", "merge", "alter", "truncate", "load", "analyze", "grant", "revoke", "msck", "export", "import", "declare",
];

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
            "create" => self.create_view(),
            "drop" => {
                self.skip(1);
                let Some(what) = self.take_one_of(&["view", "table"]) else { return Err(self.unsupported("this DROP")) };
                let if_exists = self.take_words(&["if", "exists"]);
                Ok(Statement::DropView { name: self.table_name()?, table: what == "table", if_exists })
            }
            "describe" | "desc" => self.describe(),
            "explain" => {
                self.skip(1);
                self.take_one_of(&["extended", "formatted", "codegen", "cost", "logical"]);
                self.query().map(Statement::Explain)
            }
            "show" => self.show(),
            "use" => {
                self.skip(1);
                self.take_one_of(&["database", "schema", "namespace", "catalog"]);
                self.table_name()?;
                Ok(Statement::Use)
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
            "set" => self.set(),
            word if UNSUPPORTED.contains(&word) => Err(self.unsupported(&word.to_uppercase())),
            _ => Err(self.unexpected()),
        }
    }

    fn unsupported(&self, what: &str) -> Error {
        Error::unsupported(format!(
            "Kindling doesn't have {what}: SQL here reads temporary views. Make them by df.createOrReplaceTempView(name) or CREATE TEMP VIEW name AS SELECT …"
        ))
    }

    fn create_view(&mut self) -> Result<Statement> {
        self.skip(1);
        let replace = self.take_words(&["or", "replace"]);
        self.take_word("global");
        if self.take_one_of(&["temp", "temporary"]).is_none() || !self.is_word("view") {
            return Err(self.unsupported("CREATE of anything but temporary views"));
        }
        self.skip(1);
        self.take_words(&["if", "not", "exists"]);
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
        if self.take_word("comment") {
            self.string()?;
        }
        self.need_word("as")?;
        Ok(Statement::CreateView { name, columns, replace, query: self.query()? })
    }

    fn describe(&mut self) -> Result<Statement> {
        self.skip(1);
        if self.take_word("query") || self.starts_query(0) {
            return self.query().map(Statement::DescribeQuery);
        }
        self.take_word("table");
        if matches!(self.ahead(1).kind, TokenKind::Word | TokenKind::Quoted(_)) {
            self.take_one_of(&["extended", "formatted"]);
        }
        Ok(Statement::Describe(self.table_name()?))
    }

    fn show(&mut self) -> Result<Statement> {
        self.skip(1);
        let what = self.take_one_of(&["tables", "views", "columns", "databases", "schemas", "namespaces"]);
        let Some(what) = what else { return Err(self.unsupported("this SHOW")) };
        let mut of: Option<Arc<str>> = None;
        while self.take_one_of(&["in", "from"]).is_some() {
            let name = self.table_name()?;
            of = of.or(Some(name));
        }
        let like = self.take_word("like");
        let pattern = if like || matches!(self.peek().kind, TokenKind::Text(_)) { Some(self.string()?) } else { None };
        Ok(match (what, of) {
            ("tables", _) => Statement::ShowTables(pattern),
            ("views", _) => Statement::ShowViews(pattern),
            ("columns", Some(name)) => Statement::ShowColumns(name),
            ("columns", None) => return Err(self.unexpected()),
            _ => Statement::ShowDatabases,
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

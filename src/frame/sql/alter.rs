//! `ALTER TABLE` and `ALTER VIEW`: the grammar.

use std::sync::Arc;

use kindling_partition::{Error, Result};

use super::ast::{Alter, PartitionSpec, Statement};
use super::lex::TokenKind;
use super::parser::Parser;
use crate::types::Field;

impl Parser<'_> {
    pub(super) fn alter(&mut self) -> Result<Statement> {
        self.skip(1);
        let Some(what) = self.take_one_of(&["table", "view"]) else { return Err(self.no_such("ALTER of anything but tables and views")) };
        let (view, name) = (what == "view", self.table_name()?);
        let change = if self.take_words(&["rename", "to"]) {
            Alter::Rename(self.table_name()?)
        } else if view && (self.is_word("as") || self.starts_query(0)) {
            self.take_word("as");
            let start = self.peek().start;
            let query = self.query()?;
            Alter::Query(self.text[start..].trim_end().trim_end_matches(';').to_owned(), query)
        } else if self.take_words(&["set", "tblproperties"]) {
            Alter::SetProperties(self.properties()?)
        } else if self.take_words(&["unset", "tblproperties"]) {
            self.take_words(&["if", "exists"]);
            Alter::UnsetProperties(self.parenthesized(Self::property)?)
        } else if view {
            return Err(self.no_such("this ALTER VIEW"));
        } else if self.take_words(&["set", "location"]) {
            Alter::Location(self.string()?)
        } else if self.take_words(&["recover", "partitions"]) {
            Alter::RecoverPartitions
        } else if self.is_words(&["add", "if", "not", "exists"]) || self.is_words(&["add", "partition"]) {
            self.skip(1);
            let if_not_exists = self.take_words(&["if", "not", "exists"]);
            let mut specs = Vec::new();
            while self.is_word("partition") {
                specs.push(self.partition()?);
                if self.is_word("location") {
                    return Err(self.no_such("partitions that lie elsewhere"));
                }
            }
            Alter::AddPartitions { specs, if_not_exists }
        } else if self.is_words(&["drop", "if", "exists", "partition"]) || self.is_words(&["drop", "partition"]) {
            self.skip(1);
            let if_exists = self.take_words(&["if", "exists"]);
            let specs = self.list(Self::partition)?;
            self.take_word("purge");
            Alter::DropPartitions { specs, if_exists }
        } else {
            self.alter_columns()?
        };
        Ok(Statement::Alter { name, view, change })
    }

    /// `PARTITION (k = 1)`
    fn partition(&mut self) -> Result<PartitionSpec> {
        self.need_word("partition")?;
        self.parenthesized(|parser| {
            let name = parser.identifier()?;
            parser.need("=")?;
            Ok((name, parser.expr()?))
        })
    }

    fn alter_columns(&mut self) -> Result<Alter> {
        if self.take_words(&["add", "column"]) || self.take_words(&["add", "columns"]) {
            let columns = match self.is("(") {
                true => self.parenthesized(Self::added)?,
                false => self.list(Self::added)?,
            };
            return Ok(Alter::Add(columns));
        }
        if self.take_words(&["rename", "column"]) {
            let column = self.identifier()?;
            self.need_word("to")?;
            self.identifier()?;
            return Ok(Alter::Refused { columns: vec![column], what: "RENAME COLUMN" });
        }
        if self.take_words(&["drop", "column"]) || self.take_words(&["drop", "columns"]) {
            self.take_words(&["if", "exists"]);
            let columns = match self.is("(") {
                true => self.parenthesized(Self::identifier)?,
                false => self.list(Self::identifier)?,
            };
            return Ok(Alter::Refused { columns, what: "DROP COLUMN" });
        }
        if self.take_words(&["replace", "columns"]) {
            self.parenthesized(Self::added)?;
            return Ok(Alter::Refused { columns: Vec::new(), what: "REPLACE COLUMNS" });
        }
        let hive = self.is_word("change");
        if self.take_one_of(&["alter", "change"]).is_some() {
            self.take_word("column");
            let column = self.identifier()?;
            if self.take_word("comment") {
                return Ok(Alter::Comment { column, text: self.string()? });
            }
            if hive && !self.is_word("type") && matches!(self.peek().kind, TokenKind::Word | TokenKind::Quoted(_)) {
                self.identifier()?;
            } else if !self.take_word("type") {
                return Err(self.no_such("this ALTER COLUMN"));
            }
            return Ok(Alter::Type { column, to: self.whole_type()? });
        }
        Err(self.no_such("this ALTER TABLE"))
    }

    fn added(&mut self) -> Result<Field> {
        let (name, data_type) = (self.identifier()?, self.whole_type()?);
        if self.take_words(&["not", "null"]) {
            let text = "ADD COLUMN with v1 tables cannot specify NOT NULL.";
            return Err(Error::analysis(text).with_condition("_LEGACY_ERROR_TEMP_1052"));
        }
        if self.is_word("default") {
            return Err(self.no_such("columns with a DEFAULT"));
        }
        // Spark takes no notice of the place either.
        if self.take_word("after") {
            self.identifier()?;
        }
        self.take_word("first");
        let comment = if self.take_word("comment") { Some(self.string()?) } else { None };
        Ok(Field::new(name, data_type, true).plain().with_comment(comment))
    }

    /// `('a' = '1', b = 2)`
    pub(super) fn properties(&mut self) -> Result<Vec<(String, String)>> {
        self.parenthesized(|parser| {
            let name = parser.property()?;
            parser.take("=");
            Ok((name, parser.property()?))
        })
    }

    fn no_such(&self, what: &str) -> Error {
        Error::unsupported(format!("Kindling doesn't have {what}: ALTER TABLE adds columns, renames, and sets properties here."))
    }
}

/// The name without the catalog's and the database's.
pub(crate) fn last_name(name: &str) -> Arc<str> {
    crate::expr::name_parts(name).pop().map_or_else(|| name.into(), Into::into)
}

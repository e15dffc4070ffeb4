//! `ALTER TABLE` and `ALTER VIEW`: the grammar.

use std::sync::Arc;

use kindling_partition::{Error, ErrorKind, Result};

use super::ast::{Alter, OpenSpec, PartitionSpec, Statement};
use super::lex::TokenKind;
use super::parser::Parser;
use crate::defaults::CURRENT;
use crate::expr::Expr;
use crate::schema::same_name;
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
        } else if view && self.is_word("partition") {
            return Err(self.unexpected());
        } else if view {
            return Err(self.no_such("this ALTER VIEW"));
        } else if self.take_words(&["set", "location"]) {
            Alter::Location(self.string()?)
        } else if self.is_word("partition") {
            let from = self.partition()?;
            self.need_word("rename")?;
            self.need_word("to")?;
            Alter::RenamePartition { from, to: self.partition()? }
        } else if self.take_words(&["recover", "partitions"]) {
            Alter::RecoverPartitions
        } else if self.is_words(&["add", "if", "not", "exists"]) || self.is_words(&["add", "partition"]) {
            self.skip(1);
            let if_not_exists = self.take_words(&["if", "not", "exists"]);
            let mut specs = Vec::new();
            while self.is_word("partition") {
                specs.push(self.partition()?);
                if self.is_word("location") {
                    return Err(Error::unsupported(
                        "Kindling keeps the partitions of a table in folders below the table's own: ADD PARTITION can't have a LOCATION. Copy the \
                         rows into the table, or make a table of that folder: CREATE TABLE … LOCATION '…'.",
                    ));
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
    pub(super) fn partition(&mut self) -> Result<PartitionSpec> {
        let complete = |(key, value): (Arc<str>, Option<Arc<Expr>>)| match value {
            Some(value) => Ok((key, value)),
            None => Err(Error::new(ErrorKind::Parse, format!("Invalid SQL syntax: Partition key `{key}` must set value."))
                .with_condition("INVALID_SQL_SYNTAX.EMPTY_PARTITION_VALUE")),
        };
        self.open_partition()?.into_iter().map(complete).collect()
    }

    /// As [`partition`](Self::partition), also without values: `PARTITION (k = 1, n)`.
    pub(super) fn open_partition(&mut self) -> Result<OpenSpec> {
        self.need_word("partition")?;
        let mut keys: Vec<Arc<str>> = Vec::new();
        self.parenthesized(|parser| {
            let name = parser.identifier()?;
            if keys.iter().any(|known| same_name(known, &name)) {
                return Err(Error::new(ErrorKind::Parse, format!("Found duplicate keys `{name}`.")).with_condition("DUPLICATE_KEY"));
            }
            keys.push(name.clone());
            if !parser.take("=") {
                return Ok((name, None));
            }
            if parser.take_word("default") {
                let text = "References to DEFAULT column values are not allowed within the PARTITION clause.";
                return Err(Error::new(ErrorKind::Parse, text).with_condition("REF_DEFAULT_VALUE_IS_NOT_ALLOWED_IN_PARTITION"));
            }
            Ok((name, Some(parser.written_value()?)))
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
        if self.take_one_of(&["alter", "change"]).is_some() {
            self.take_word("column");
            return self.alter_column();
        }
        Err(self.no_such("this ALTER TABLE"))
    }

    fn alter_column(&mut self) -> Result<Alter> {
        let column = self.identifier()?;
        let refused = |what| Alter::Refused { columns: vec![column.clone()], what };
        let change = if self.take_word("comment") {
            Alter::Comment { column, text: Some(self.string()?) }
        } else if self.take_words(&["set", "default"]) {
            Alter::Default { column, text: Some(self.default_text()?) }
        } else if self.take_words(&["drop", "default"]) {
            Alter::Default { column, text: None }
        } else if self.take_words(&["set", "not", "null"]) || self.take_words(&["drop", "not", "null"]) {
            refused("ALTER COLUMN ... SET NOT NULL")
        } else if self.take_word("first") {
            refused("ALTER COLUMN ... FIRST | AFTER")
        } else if self.take_word("after") {
            let columns = vec![column, self.identifier()?];
            Alter::Refused { columns, what: "ALTER COLUMN ... FIRST | AFTER" }
        } else if self.peek().kind == TokenKind::End {
            let text = "Operation not allowed: ALTER TABLE table ALTER COLUMN requires a TYPE, a SET/DROP, a COMMENT, or a FIRST/AFTER.";
            return Err(Error::new(ErrorKind::Parse, text).with_condition("_LEGACY_ERROR_TEMP_0035"));
        } else {
            if !self.take_word("type") {
                // Hive's CHANGE COLUMN says the name once more.
                self.identifier()?;
            }
            Alter::Type { column, to: self.whole_type()? }
        };
        if self.take(",") {
            self.alter_column()?;
            return Ok(Alter::Refused { columns: Vec::new(), what: "ALTER COLUMN in bulk" });
        }
        Ok(change)
    }

    /// The text of the expression that comes next.
    fn default_text(&mut self) -> Result<String> {
        let start = self.peek().start;
        self.expr()?;
        Ok(self.since(start).to_owned())
    }

    fn added(&mut self) -> Result<Field> {
        self.column_definition(true)
    }

    /// A column of a new table, or a new one of a table: `a INT NOT NULL DEFAULT 1 COMMENT 'x'`.
    pub(super) fn column_definition(&mut self, added: bool) -> Result<Field> {
        let (name, data_type) = (self.identifier()?, self.whole_type()?);
        let mut field = Field::new(name.clone(), data_type, true).plain();
        let mut given: Vec<&str> = Vec::new();
        loop {
            let what = if self.take_words(&["not", "null"]) {
                field.nullable = false;
                "NOT NULL"
            } else if self.take_word("default") {
                field = field.with_text(CURRENT, Some(self.default_text()?));
                "DEFAULT"
            } else if self.take_word("comment") {
                field = field.with_comment(Some(self.string()?));
                "COMMENT"
            } else if self.take_words(&["generated", "always", "as"]) {
                let text = "The feature is not supported: Tables of files do not support generated columns.";
                return Err(Error::analysis(text).with_condition("UNSUPPORTED_FEATURE.TABLE_OPERATION"));
            } else if added && (self.take_word("first") || self.is_word("after")) {
                // Spark takes no notice of the place either.
                if self.take_word("after") {
                    self.identifier()?;
                }
                "FIRST|AFTER"
            } else {
                break;
            };
            if given.contains(&what) {
                let (statement, condition) = match added {
                    true => ("ALTER TABLE ADD", "ALTER_TABLE_COLUMN_DESCRIPTOR_DUPLICATE"),
                    false => ("CREATE TABLE", "CREATE_TABLE_COLUMN_DESCRIPTOR_DUPLICATE"),
                };
                let text = format!("{statement} column {name} specifies descriptor \"{what}\" more than once, which is invalid.");
                return Err(Error::new(ErrorKind::Parse, text).with_condition(condition));
            }
            given.push(what);
        }
        if added && !field.nullable {
            let text = "ADD COLUMN with v1 tables cannot specify NOT NULL.";
            return Err(Error::analysis(text).with_condition("_LEGACY_ERROR_TEMP_1052"));
        }
        Ok(field)
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

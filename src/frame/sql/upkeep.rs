//! Statements that keep tables in order: `COMMENT ON`, `ANALYZE`, `REFRESH`, `TRUNCATE`.

use std::sync::Arc;

use kindling_partition::{Error, ErrorKind, Result};

use super::ast::{Alter, Analyze, CommentOn, PartitionSpec, Statement};
use super::lex::TokenKind;
use super::parser::Parser;
use crate::save::below;
use crate::schema::same_name;
use crate::session::Session;
use crate::tables::{Saved, Statistics};

impl Parser<'_> {
    /// `COMMENT ON TABLE name IS 'text'`
    pub(super) fn comment(&mut self) -> Result<Statement> {
        self.skip(1);
        self.need_word("on")?;
        let Some(what) = self.take_one_of(&["table", "database", "schema", "namespace", "column"]) else { return Err(self.unexpected()) };
        let on = match what {
            "table" => CommentOn::Table(self.table_name()?),
            "column" => {
                let mut parts = self.name_parts()?;
                let column = parts.pop().unwrap_or_default();
                if parts.is_empty() {
                    let text = "Invalid SQL syntax: COMMENT ON COLUMN requires an identifier with at least two parts. Please qualify the \
                                column with the table name (e.g. `table.column`, `database.table.column`, or \
                                `catalog.database.table.column`).";
                    return Err(
                        Error::new(ErrorKind::Parse, text).with_condition("INVALID_SQL_SYNTAX.COMMENT_ON_COLUMN_INCORRECT_IDENTIFIER")
                    );
                }
                CommentOn::Column { table: parts.join(".").into(), column }
            }
            _ => CommentOn::Database(self.table_name()?),
        };
        self.need_word("is")?;
        let text = if self.take_word("null") { None } else { Some(self.string()?) };
        Ok(Statement::Comment { on, text })
    }

    /// `ANALYZE TABLE name COMPUTE STATISTICS …`
    pub(super) fn analyze(&mut self) -> Result<Statement> {
        self.skip(1);
        let mut analyze = Analyze { table: None, database: None, partition: None, no_scan: false, columns: Vec::new() };
        if self.take_word("tables") {
            if self.take_one_of(&["in", "from"]).is_some() {
                analyze.database = Some(self.table_name()?);
            }
        } else {
            self.need_word("table")?;
            analyze.table = Some(self.table_name()?);
            if self.is_word("partition") {
                analyze.partition = Some(self.open_partition()?);
            }
        }
        self.need_word("compute")?;
        self.need_word("statistics")?;
        if self.take_words(&["for", "columns"]) {
            analyze.columns = self.list(Self::identifier)?;
        } else if !self.take_words(&["for", "all", "columns"]) && matches!(self.peek().kind, TokenKind::Word) {
            let word = self.identifier()?;
            analyze.no_scan = word.eq_ignore_ascii_case("noscan");
            if !analyze.no_scan {
                let text = format!(
                    "Invalid SQL syntax: ANALYZE TABLE(S) ... COMPUTE STATISTICS ... {} must be either NOSCAN or empty.",
                    word.to_uppercase()
                );
                return Err(Error::new(ErrorKind::Parse, text).with_condition("INVALID_SQL_SYNTAX.ANALYZE_TABLE_UNEXPECTED_NOSCAN"));
            }
        }
        Ok(Statement::Analyze(analyze))
    }

    /// `REFRESH TABLE name`, `REFRESH path`
    pub(super) fn refresh(&mut self) -> Result<Statement> {
        let start = self.next().end();
        if self.is_word("function") && self.ahead(1).kind != TokenKind::End {
            self.skip(1);
            let name = self.table_name()?;
            let text = format!("The routine `{name}` cannot be found: functions are refreshed where Spark keeps them in a catalog.");
            return Err(Error::analysis(text).with_condition("ROUTINE_NOT_FOUND"));
        }
        if self.is_word("table") && self.ahead(1).kind != TokenKind::End {
            self.skip(1);
            return Ok(Statement::Refresh(Some(self.table_name()?)));
        }
        // A path is the rest of the text, with quotes or not.
        if self.text[start..].trim().is_empty() {
            let text = "Invalid SQL syntax: Resource paths cannot be empty in REFRESH statements. Use / to match everything.";
            return Err(Error::new(ErrorKind::Parse, text).with_condition("INVALID_SQL_SYNTAX.EMPTY_REFRESH_RESOURCE_PATH"));
        }
        while self.peek().kind != TokenKind::End {
            self.skip(1);
        }
        Ok(Statement::Refresh(None))
    }
}

impl Session {
    /// # Errors
    /// `TABLE_OR_VIEW_NOT_FOUND`, `SCHEMA_NOT_FOUND`, `EXPECT_TABLE_NOT_VIEW`, a column that isn't there.
    pub(super) fn comment(&self, on: CommentOn, text: Option<String>) -> Result<()> {
        match on {
            CommentOn::Database(name) => self.comment_on_database(&name, text),
            CommentOn::Column { table, column } => self.alter(&table, false, Alter::Comment { column, text }),
            CommentOn::Table(name) => {
                self.table_to_change(&name, "COMMENT ON TABLE")?;
                // No comment is one without a text.
                self.redescribe(&name, |table| table.comment = Some(text.unwrap_or_default()))
            }
        }
    }

    /// # Errors
    /// What is not there: the table, the database, the partition, a column; views.
    pub(super) fn analyze(&self, analyze: &Analyze) -> Result<()> {
        let Some(name) = &analyze.table else {
            let database = analyze.database.as_deref().map_or_else(|| self.current_database(), str::to_lowercase);
            self.need_database(&database)?;
            let names = self.tables_in(&database).into_iter().map(|table| format!("{database}.{table}"));
            return names
                .filter(|name| !matches!(self.saved(name), Some((_, _, Saved::View))))
                .try_for_each(|name| self.measure(&name, analyze.no_scan));
        };
        if self.views().iter().any(|view| same_name(view, name)) {
            let text = format!("'ANALYZE TABLE' expects a permanent view but `{name}` is a temp view.");
            return Err(Error::analysis(text).with_condition("EXPECT_PERMANENT_VIEW_NOT_TEMP"));
        }
        let frame = self.table(name)?;
        if matches!(self.saved(name), Some((_, _, Saved::View))) {
            let text = "The feature is not supported: The ANALYZE TABLE command does not support views.";
            return Err(Error::analysis(text).with_condition("UNSUPPORTED_FEATURE.ANALYZE_VIEW"));
        }
        if let Some(bad) = analyze.columns.iter().find(|c| frame.schema().index_of(c).is_err()) {
            return Err(no_column(bad));
        }
        if let Some(partition) = &analyze.partition {
            let given = partition.iter().filter_map(|(key, value)| Some((key.clone(), value.clone()?))).collect();
            let keys: Vec<Arc<str>> = partition.iter().map(|(key, _)| key.clone()).collect();
            return self.need_partitions(name, &keys, &given);
        }
        self.measure(name, analyze.no_scan)
    }

    fn measure(&self, name: &str, no_scan: bool) -> Result<()> {
        let rows = if no_scan { None } else { Some(self.table(name)?.count()? as u64) };
        let folder = self.rows_folder(name)?;
        let files = below(&**self.files(), &folder)?;
        let data = files.iter().filter(|path| path.rsplit('/').next().is_some_and(|file| !file.starts_with(['_', '.'])));
        let sizes = data.map(|path| self.files().read(path).map(|bytes| bytes.len() as u64)).collect::<Result<Vec<_>>>()?;
        self.redescribe(name, |table| table.statistics = Some(Statistics { bytes: sizes.iter().sum(), rows }))
    }

    /// `TRUNCATE TABLE name`: the rows go, the table and its partitions stay.
    ///
    /// # Errors
    /// `TABLE_OR_VIEW_NOT_FOUND`, `EXPECT_TABLE_NOT_VIEW`, a table with a location.
    pub fn truncate_table(&self, name: &str) -> Result<()> {
        self.truncate(name, None)
    }

    /// As [`truncate_table`](Self::truncate_table), of some partitions.
    ///
    /// # Errors
    /// `TABLE_OR_VIEW_NOT_FOUND`, `EXPECT_TABLE_NOT_VIEW`, a table with a location, partitions that aren't there.
    pub(super) fn truncate(&self, name: &str, partition: Option<&PartitionSpec>) -> Result<()> {
        let table = self.table_to_change(name, "TRUNCATE TABLE")?;
        if table.location.is_some() {
            let text = format!("Operation not allowed: TRUNCATE TABLE on external tables: {name}.");
            return Err(Error::analysis(text).with_condition("CANNOT_TRUNCATE_EXTERNAL_TABLE"));
        }
        if partition.is_some() && table.partition_by.is_empty() {
            let text = format!(
                "Operation not allowed: TRUNCATE TABLE ... PARTITION is not supported for tables that are not partitioned: {name}."
            );
            return Err(Error::analysis(text).with_condition("_LEGACY_ERROR_TEMP_1267"));
        }
        if table.partition_by.is_empty() {
            let rows = self.create_dataframe(&[], table.schema)?;
            return rows.insert_rows(name, crate::insert::Overwrite::All);
        }
        self.empty_partitions(name, partition)?;
        self.redescribe(name, |table| table.statistics = None)?;
        self.refresh_table(name)
    }
}

pub(super) fn no_column(name: &str) -> Error {
    let text = format!("The column `{name}` cannot be found. Verify the spelling and correctness of the column name.");
    Error::analysis(text).with_condition("COLUMN_NOT_FOUND")
}

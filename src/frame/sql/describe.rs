//! `DESCRIBE`: columns, tables, databases and functions in words.

use std::sync::Arc;

use kindling_partition::{Error, Result};

use super::ast::{Described, PartitionSpec, Statement};
use super::lex::TokenKind;
use super::parser::Parser;
use super::upkeep::no_column;
use crate::databases::DEFAULT;
use crate::dataframe::DataFrame;
use crate::dates::Pattern;
use crate::functions::{is_registered, lookup};
use crate::schema::same_name;
use crate::session::Session;
use crate::tables::{Description, Saved, View};
use crate::types::{DataType, Field};
use crate::value::Value;

/// The version whose tables these are.
const CREATED_BY: &str = "Spark 4.3.0";

/// Rows of `col_name`, `data_type` and `comment`.
type Rows = Vec<Vec<Value>>;

impl Parser<'_> {
    pub(super) fn describe(&mut self) -> Result<Statement> {
        self.skip(1);
        if self.take_word("query") || self.starts_query(0) && !self.is_word("table") {
            return self.query().map(Statement::DescribeQuery);
        }
        let more = self.ahead(1).kind != TokenKind::End && !self.ahead(1).is(".");
        if more && self.take_word("function") {
            let extended = self.take_word("extended");
            return Ok(Statement::DescribeFunction { name: self.function_name()?, extended });
        }
        if more && self.take_one_of(&["database", "schema", "namespace"]).is_some() {
            let extended = self.ahead(1).kind != TokenKind::End && self.take_word("extended");
            return Ok(Statement::DescribeDatabase { name: self.table_name()?, extended });
        }
        self.take_word("table");
        let another = matches!(self.ahead(1).kind, TokenKind::Word | TokenKind::Quoted(_));
        let extended = another && self.take_one_of(&["extended", "formatted"]).is_some();
        let name = self.table_name()?;
        let partition = if self.is_word("partition") { Some(self.partition()?) } else { None };
        if self.is_words(&["as", "json"]) {
            return Err(self.unsupported("DESCRIBE … AS JSON"));
        }
        let column = if matches!(self.peek().kind, TokenKind::Word | TokenKind::Quoted(_)) { Some(self.name_parts()?) } else { None };
        Ok(Statement::Describe(Described { name, extended, partition, column }))
    }

    /// A name, a text or an operator.
    fn function_name(&mut self) -> Result<Arc<str>> {
        match self.peek().kind {
            TokenKind::Text(_) => self.string().map(Into::into),
            TokenKind::Symbol => Ok(self.next().text.into()),
            _ => self.table_name(),
        }
    }
}

impl Session {
    /// # Errors
    /// `TABLE_OR_VIEW_NOT_FOUND`, `COLUMN_NOT_FOUND`, `PARTITIONS_NOT_FOUND`.
    pub(super) fn describe(&self, described: &Described) -> Result<DataFrame> {
        let Described { name, extended, partition, column } = described;
        let frame = self.table(name)?;
        let temporary = self.views().iter().any(|view| same_name(view, name));
        let place = if temporary { None } else { Some(self.place_of(name)?) };
        let table = place.as_ref().map(|place| self.description(&place.folder)).transpose()?.flatten();
        if let Some(column) = column {
            return self.describe_column(&frame, column, *extended);
        }
        let mut rows: Rows = frame.schema().iter().map(|f| of_field(f, true)).collect();
        let Some(place) = place else { return self.told(rows) };
        let Some(table) = table else {
            if let Some(view) = self.saved_view(&place.folder)?.filter(|_| *extended) {
                rows.extend(detailed(&place.database, &place.name, view.created));
                rows.extend(of_view(&view, &frame));
            }
            if partition.is_some() {
                let text = format!("The operation DESC PARTITION is not allowed on the VIEW: `{name}`.");
                return Err(Error::analysis(text).with_condition("FORBIDDEN_OPERATION"));
            }
            rows.extend(defaults(frame.schema()));
            return self.told(rows);
        };
        if !table.partition_by.is_empty() {
            rows.push(row("# Partition Information", "", ""));
            rows.push(row("# col_name", "data_type", "comment"));
            let keys = table.partition_by.iter().filter_map(|key| table.schema.field(key).ok());
            rows.extend(keys.map(|f| of_field(f, true)));
        }
        let folder = table.location.clone().unwrap_or_else(|| place.folder.clone());
        if let Some(spec) = partition {
            let at = self.described_partition(name, &table, spec)?;
            if *extended {
                rows.push(row("", "", ""));
                rows.push(row("# Detailed Partition Information", "", ""));
                rows.push(row("Database", &place.database, ""));
                rows.push(row("Table", &place.name, ""));
                rows.push(row("Partition Values", &format!("[{}]", at.replace('/', ", ")), ""));
                rows.push(row("Location", &format!("file:{folder}/{at}"), ""));
                rows.push(row("", "", ""));
                rows.push(row("# Storage Information", "", ""));
                rows.push(row("Location", &format!("file:{folder}"), ""));
            }
        } else if *extended {
            rows.extend(detailed(&place.database, &place.name, table.created));
            rows.extend(of_table(&table, &folder));
        }
        rows.extend(defaults(&table.schema));
        self.told(rows)
    }

    fn told(&self, rows: Rows) -> Result<DataFrame> {
        self.answer(&["col_name", "data_type", "comment"].map(|name| (name, DataType::String)), rows)
    }

    fn told_of_one(&self, pairs: &[(&str, String)]) -> Result<DataFrame> {
        let rows = pairs.iter().map(|(name, value)| vec![Value::from(*name), Value::from(value.as_str())]);
        self.answer(&["info_name", "info_value"].map(|name| (name, DataType::String)), rows.collect())
    }

    pub(super) fn described_query(&self, frame: &DataFrame) -> Result<DataFrame> {
        self.told(frame.schema().iter().map(|f| of_field(f, false)).collect())
    }

    fn described_partition(&self, name: &str, table: &Description, spec: &PartitionSpec) -> Result<String> {
        if table.partition_by.is_empty() {
            let text =
                format!("DESC PARTITION is not allowed on {name} since it has no partitions: it was created without PARTITIONED BY.");
            return Err(Error::analysis(text).with_condition("_LEGACY_ERROR_TEMP_1251"));
        }
        let parts = self.folders_of(name, table, spec)?;
        if parts.len() < table.partition_by.len() {
            return Err(crate::partitions::partial(table));
        }
        let at = parts.join("/");
        if self.table_partitions(name)?.contains(&at) {
            Ok(at)
        } else {
            Err(crate::partitions::not_found(name, &format!("PARTITION ({at})")))
        }
    }

    fn describe_column(&self, frame: &DataFrame, parts: &[Arc<str>], extended: bool) -> Result<DataFrame> {
        let found = |name: &str| frame.schema().iter().find(|f| same_name(&f.name, name)).cloned();
        let (Some(field), [_]) = (found(&parts[0]), parts) else {
            let name = parts.join(".");
            if parts.len() > 1 && found(&parts[0]).is_some() {
                let text = format!("DESC TABLE COLUMN does not support nested column: {name}.");
                return Err(Error::analysis(text).with_condition("_LEGACY_ERROR_TEMP_1060"));
            }
            return Err(no_column(&name));
        };
        let none = || "NULL".to_owned();
        let mut pairs = vec![
            ("col_name", field.name.to_string()),
            ("data_type", declared(&field)),
            ("comment", field.comment().map_or_else(none, str::to_owned)),
        ];
        if extended {
            let statistics = ["min", "max", "num_nulls", "distinct_count", "avg_col_len", "max_col_len", "histogram"];
            pairs.extend(statistics.map(|name| (name, none())));
            pairs.extend(field.default().map(|text| ("default", text.to_owned())));
        }
        self.told_of_one(&pairs)
    }

    /// # Errors
    /// `SCHEMA_NOT_FOUND`
    pub(super) fn describe_database(&self, name: &str, extended: bool) -> Result<DataFrame> {
        let (name, comment) = self.database_comment(name)?;
        let comment = comment.unwrap_or_else(|| if name == DEFAULT { "default database".to_owned() } else { String::new() });
        let location = format!("file:{}", self.database_folder(&name)?);
        let mut pairs = vec![
            ("Catalog Name", "spark_catalog".to_owned()),
            ("Namespace Name", name),
            ("Comment", comment),
            ("Location", location),
            ("Owner", "kindling".to_owned()),
        ];
        if extended {
            pairs.push(("Properties", String::new()));
        }
        self.told_of_one(&pairs)
    }

    /// # Errors
    /// `UNRESOLVED_ROUTINE`
    pub(super) fn describe_function(&self, name: &str, extended: bool) -> Result<DataFrame> {
        let plain = name.strip_prefix("system.builtin.").or_else(|| name.strip_prefix("builtin.")).unwrap_or(name);
        let usage = match lookup(plain) {
            Some(function) => format!("{} - {}", function.signature(), function.doc),
            None if is_registered(plain) => "N/A.".to_owned(),
            None => {
                let lines = super::routine::described(plain)?.into_iter().map(|line| vec![Value::from(line)]);
                return self.answer(&[("function_desc", DataType::String)], lines.collect());
            }
        };
        let mut lines = vec![format!("Function: {plain}"), format!("Usage: {usage}")];
        if extended {
            lines.push(format!("Extended Usage:\n    No example/argument for {plain}.\n"));
        }
        self.answer(&[("function_desc", DataType::String)], lines.into_iter().map(|line| vec![Value::from(line)]).collect())
    }
}

fn row(name: &str, data_type: &str, comment: &str) -> Vec<Value> {
    [name, data_type, comment].map(Value::from).to_vec()
}

/// With the widths that columns of tables were declared with.
fn declared(field: &Field) -> String {
    field.declared().unwrap_or_else(|| field.data_type.clone()).simple_string()
}

fn of_field(field: &Field, widths: bool) -> Vec<Value> {
    let data_type = if widths { declared(field) } else { field.data_type.simple_string() };
    vec![Value::String(field.name.clone()), Value::from(data_type), field.comment().into()]
}

/// The columns with a DEFAULT under their heading; nothing when there are none.
fn defaults(schema: &[Field]) -> Rows {
    let mut rows: Rows = schema.iter().filter_map(|f| Some(row(&f.name, &declared(f), f.default()?))).collect();
    if !rows.is_empty() {
        rows.splice(..0, [row("", "", ""), row("# Column Default Values", "", "")]);
    }
    rows
}

fn detailed(database: &str, name: &str, created: Option<i64>) -> Rows {
    let mut rows = vec![
        row("", "", ""),
        row("# Detailed Table Information", "", ""),
        row("Catalog", "spark_catalog", ""),
        row("Database", database, ""),
        row("Table", name, ""),
    ];
    if let Some((created, pattern)) = created.zip(Pattern::new("EEE MMM dd HH:mm:ss 'UTC' yyyy").ok()) {
        let mut text = String::new();
        pattern.format(created, &mut text);
        rows.push(row("Created Time", &text, ""));
    }
    rows.push(row("Last Access", "UNKNOWN", ""));
    rows.push(row("Created By", CREATED_BY, ""));
    rows
}

fn of_pairs(pairs: &[(String, String)]) -> String {
    let pairs: Vec<String> = pairs.iter().map(|(key, value)| format!("{key}={value}")).collect();
    format!("[{}]", pairs.join(", "))
}

fn of_table(table: &Description, folder: &str) -> Rows {
    let kind = Saved::Table { external: table.location.is_some() };
    let mut rows = vec![row("Type", kind.word(), ""), row("Provider", &table.format, "")];
    rows.extend(table.comment.as_deref().map(|text| row("Comment", text, "")));
    if !table.properties.is_empty() {
        rows.push(row("Table Properties", &of_pairs(&table.properties), ""));
    }
    if let Some(known) = &table.statistics {
        let rows_text = known.rows.map(|rows| format!(", {rows} rows")).unwrap_or_default();
        rows.push(row("Statistics", &format!("{} bytes{rows_text}", known.bytes), ""));
    }
    rows.push(row("Location", &format!("file:{folder}"), ""));
    if !table.options.is_empty() {
        rows.push(row("Storage Properties", &of_pairs(&table.options), ""));
    }
    if !table.partition_by.is_empty() {
        rows.push(row("Partition Provider", "Catalog", ""));
    }
    rows
}

fn of_view(view: &View, frame: &DataFrame) -> Rows {
    let columns: Vec<String> = frame.columns().iter().map(|name| format!("`{name}`")).collect();
    let mut rows = vec![row("Type", Saved::View.word(), "")];
    rows.extend(view.comment.as_deref().map(|text| row("Comment", text, "")));
    rows.push(row("View Text", &view.query, ""));
    rows.push(row("View Original Text", &view.query, ""));
    rows.push(row("View Schema Mode", "COMPENSATION", ""));
    rows.push(row("View Catalog and Namespace", &format!("spark_catalog.{}", view.database), ""));
    rows.push(row("View Query Output Columns", &format!("[{}]", columns.join(", ")), ""));
    if !view.properties.is_empty() {
        rows.push(row("Table Properties", &of_pairs(&view.properties), ""));
    }
    rows
}

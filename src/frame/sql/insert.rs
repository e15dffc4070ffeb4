//! `INSERT INTO` and `INSERT OVERWRITE`: which of the table's columns the rows are for, and what the others get.

use std::sync::Arc;

use kindling_partition::{Error, Result};

use super::ast::{Body, Insert, Item, Query, Relation, Select, Statement};
use super::parser::Parser;
use super::plan::Planner;
use crate::column::Column;
use crate::dataframe::DataFrame;
use crate::expr::Expr;
use crate::files::{DEFAULT_PARTITION, escape_path_name};
use crate::functions::lookup;
use crate::insert::{Arity, Overwrite};
use crate::schema::{same_name, unresolved};
use crate::session::Session;
use crate::types::Field;

impl Parser<'_> {
    /// `INTO name (a, b) SELECT …`, `OVERWRITE TABLE name PARTITION (k = 1) VALUES …`
    pub(super) fn insert(&mut self) -> Result<Statement> {
        self.skip(1);
        let overwrite = match self.take_one_of(&["into", "overwrite"]) {
            Some(word) => word == "overwrite",
            None => return Err(self.unexpected()),
        };
        self.take_word("table");
        let name = self.table_name()?;
        let partition = if self.is_word("partition") { self.open_partition()? } else { Vec::new() };
        let if_not_exists = self.take_words(&["if", "not", "exists"]);
        let by_name = self.take_words(&["by", "name"]);
        if self.take_words(&["replace", "where"]) {
            return Err(refused(&name, "INSERT INTO ... REPLACE WHERE"));
        }
        let columns = if !by_name && self.is("(") && !self.starts_query(1) { self.parenthesized(Self::identifier)? } else { Vec::new() };
        let query = self.query()?;
        Ok(Statement::Insert(Insert { name, columns, by_name, partition, if_not_exists, overwrite, query }.into()))
    }
}

/// What Spark's tables of files don't do.
pub(super) fn refused(name: &str, what: &str) -> Error {
    let text = format!(
        "The feature is not supported: Table `{name}` does not support {what}. Save the rows that should be there as another table: CREATE \
         TABLE … AS SELECT …"
    );
    Error::analysis(text).with_condition("UNSUPPORTED_FEATURE.TABLE_OPERATION")
}

impl Session {
    /// # Errors
    /// `TABLE_OR_VIEW_NOT_FOUND`, `INSERT_COLUMN_ARITY_MISMATCH`, columns that the table doesn't have, what is wrong with the query.
    pub(super) fn insert(&self, insert: &Insert) -> Result<()> {
        let Insert { name, columns, by_name, partition, overwrite, .. } = insert;
        let table = self.table_to_change(name, "INSERT")?;
        let fixed = self.fixed(name, &table.partition_by, partition)?;
        let is_fixed = |column: &str| fixed.iter().any(|(key, _)| same_name(key, column));
        let fields: Vec<&Field> = table.schema.iter().collect();
        let free = || fields.iter().copied().filter(|f| !is_fixed(&f.name)).collect::<Vec<_>>();
        let named = |column: &Arc<str>| {
            let found = fields.iter().copied().find(|f| same_name(&f.name, column));
            let found = found.ok_or_else(|| unresolved(column, table.schema.names()))?;
            if is_fixed(&found.name) { Err(extra(name, &[column])) } else { Ok(found) }
        };
        if let Some(twice) =
            (1..columns.len()).map(|i| &columns[i]).enumerate().find(|(i, c)| columns[..=*i].iter().any(|d| same_name(d, c)))
        {
            let text =
                format!("The column `{}` already exists. Choose another name or rename the existing column.", twice.1.to_lowercase());
            return Err(Error::analysis(text).with_condition("COLUMN_ALREADY_EXISTS"));
        }
        let mut targets = if columns.is_empty() { free() } else { columns.iter().map(named).collect::<Result<Vec<_>>>()? };
        let rows = self.rows_to_insert(&insert.query, &targets)?;
        if *by_name {
            targets = by_names(name, &rows, &targets)?;
        }
        if rows.columns().len() != targets.len() {
            let few = rows.columns().len() < targets.len();
            let condition = match (fixed.is_empty() || !columns.is_empty(), few) {
                (false, _) => "INSERT_PARTITION_COLUMN_ARITY_MISMATCH",
                (true, true) => Arity::FEW,
                (true, false) => Arity::MANY,
            };
            return Err(
                Arity { table: name, few, wanted: targets.iter().map(|f| &*f.name).collect(), given: rows.columns() }.error(condition)
            );
        }
        let places: Vec<String> = (0..targets.len()).map(|i| format!("_{i}")).collect();
        let rows = rows.to_df(&places.iter().map(String::as_str).collect::<Vec<_>>())?;
        let cell = |field: &Field| {
            let column: Column =
                match (fixed.iter().find(|(key, _)| same_name(key, &field.name)), targets.iter().position(|f| f.name == field.name)) {
                    (Some((_, value)), _) => Column::from(value.clone()).cast(field.data_type.clone()),
                    (None, Some(place)) => Column::name(places[place].as_str()),
                    (None, None) => field.inserted()?.into(),
                };
            Ok(column.alias(field.name.clone()))
        };
        let rows = rows.select(&table.schema.iter().map(cell).collect::<Result<Vec<_>>>()?)?;
        if !overwrite {
            return rows.insert_rows(name, Overwrite::Nothing);
        }
        let mut below = String::new();
        for (key, value) in &fixed {
            let text = self.partition_text(value, &table.schema.field(key)?.data_type)?;
            below.push_str(&format!(
                "/{}={}",
                escape_path_name(key),
                text.as_deref().map_or_else(|| DEFAULT_PARTITION.to_owned(), escape_path_name)
            ));
        }
        if insert.if_not_exists && self.table_partitions(name)?.iter().any(|known| format!("/{known}") == below) {
            return Ok(());
        }
        let whole = fixed.len() == table.partition_by.len();
        rows.insert_rows(name, if fixed.is_empty() { Overwrite::All } else { Overwrite::Below { folder: below, whole } })
    }

    /// The columns of a `PARTITION` clause that have values, by the table's own names and in their order.
    fn fixed(&self, table: &str, keys: &[String], partition: &[(Arc<str>, Option<Arc<Expr>>)]) -> Result<Vec<(String, Arc<Expr>)>> {
        if partition.is_empty() {
            return Ok(Vec::new());
        }
        if let Some((other, _)) = partition.iter().find(|(key, _)| !keys.iter().any(|known| same_name(known, key))) {
            return Err(crate::partitions::not_found(table, &format!("`{other}`")));
        }
        if partition.len() < keys.len() {
            let given: Vec<&str> = partition.iter().map(|(key, _)| &**key).collect();
            let text = format!(
                "Requested partitioning does not match the table {table}:\nRequested partitions: {}.\nTable partitions: {}.",
                given.join(","),
                keys.join(",")
            );
            return Err(Error::analysis(text).with_condition("_LEGACY_ERROR_TEMP_1169"));
        }
        let value = |key: &String| partition.iter().find(|(given, _)| same_name(given, key)).and_then(|(_, value)| value.clone());
        let fixed: Vec<(String, Arc<Expr>)> = keys.iter().map_while(|key| Some((key.clone(), value(key)?))).collect();
        if keys[fixed.len()..].iter().any(|key| value(key).is_some()) {
            let text = format!(
                "The ordering of partition columns is [{}]. All partition columns having constant values need to appear before other partition \
                 columns that do not have an assigned constant value.",
                keys.join(",")
            );
            return Err(Error::analysis(text).with_condition("_LEGACY_ERROR_TEMP_1147"));
        }
        Ok(fixed)
    }

    /// The rows of a query, in which `DEFAULT` may stand for the default of the column that it is for.
    fn rows_to_insert(&self, query: &Query, targets: &[&Field]) -> Result<DataFrame> {
        let planner = Planner::new(self);
        match planner.query(query) {
            // A column of this name comes first.
            Err(error) if error.condition().is_some_and(|c| c.starts_with("UNRESOLVED_COLUMN")) => match with_defaults(query, targets)? {
                Some(query) => planner.query(&query),
                None => Err(error),
            },
            other => other,
        }
    }
}

/// The columns of the table that the rows' columns have the names of.
fn by_names<'f>(table: &str, rows: &DataFrame, targets: &[&'f Field]) -> Result<Vec<&'f Field>> {
    let names = rows.columns();
    if let Some(twice) = (1..names.len()).find(|i| names[..*i].iter().any(|known| same_name(known, &names[*i]))) {
        let text =
            format!("Cannot write incompatible data for the table {table}: Ambiguous column name in the input data `{}`.", names[twice]);
        return Err(Error::analysis(text).with_condition("INCOMPATIBLE_DATA_FOR_TABLE.AMBIGUOUS_COLUMN_NAME"));
    }
    let of = |name: &String| targets.iter().copied().find(|f| same_name(&f.name, name));
    let others: Vec<&str> = names.iter().filter(|name| of(name).is_none()).map(String::as_str).collect();
    if others.is_empty() { Ok(names.iter().filter_map(of).collect()) } else { Err(extra(table, &others)) }
}

fn extra<S: AsRef<str>>(table: &str, columns: &[S]) -> Error {
    let columns: Vec<String> = columns.iter().map(|c| format!("`{}`", c.as_ref())).collect();
    let text = format!("Cannot write incompatible data for the table {table}: Cannot write extra columns {}.", columns.join(", "));
    Error::analysis(text).with_condition("INCOMPATIBLE_DATA_FOR_TABLE.EXTRA_COLUMNS")
}

fn is_default(expr: &Expr) -> bool {
    matches!(expr, Expr::Name(name) if name.eq_ignore_ascii_case("default"))
}

/// The query with the columns' defaults where it says `DEFAULT`, in the rows of `VALUES` or in the select list; none when it doesn't, or where
/// Spark doesn't look for it.
///
/// # Errors
/// `DEFAULT_PLACEMENT_INVALID`
fn with_defaults(query: &Query, targets: &[&Field]) -> Result<Option<Query>> {
    if !query.ctes.is_empty() {
        return Ok(None);
    }
    let body = match &query.body {
        Body::Values(rows) => {
            let mut rows = rows.clone();
            let mut any = false;
            for row in rows.iter_mut().filter(|row| row.len() <= targets.len()) {
                for (cell, field) in row.iter_mut().zip(targets) {
                    any |= replace(cell, field)?;
                }
            }
            any.then_some(Body::Values(rows))
        }
        Body::Query(inner) => with_defaults(inner, targets)?.map(|query| Body::Query(query.into())),
        Body::Select(select) => in_select(select, targets)?.map(|select| Body::Select(select.into())),
        Body::Set { .. } | Body::Table(_) | Body::Piped { .. } => None,
    };
    Ok(body.map(|body| Query { body, ..query.clone() }))
}

fn in_select(select: &Select, targets: &[&Field]) -> Result<Option<Select>> {
    let aggregates = |item: &Item| {
        let aggregate =
            |part: &Expr| matches!(part, Expr::Call { function, .. } if lookup(function).is_some_and(|f| f.aggregate().is_some()));
        !item.expr.any(&|part| matches!(part, Expr::Window(_))) && item.expr.any(&aggregate)
    };
    let grouped = select.grouping.is_some() || select.having.is_some() || select.items.iter().any(aggregates);
    if select.distinct || grouped {
        return Ok(None);
    }
    let mut select = select.clone();
    if select.items.iter().any(|item| item.expr.any(&is_default)) {
        // Behind a star nobody knows the place before its columns are known.
        let starred = select.items.iter().any(|item| matches!(&*item.expr, Expr::Name(name) if name.ends_with('*')));
        if starred || select.items.len() > targets.len() {
            return Ok(None);
        }
        for (item, field) in select.items.iter_mut().zip(targets) {
            if is_default(&item.expr) && !item.names.is_empty() {
                return Err(misplaced());
            }
            replace(&mut item.expr, field)?;
        }
        return Ok(Some(select));
    }
    let Some(Relation::Query { query, .. }) = &mut select.from else { return Ok(None) };
    let Body::Values(_) = query.body else { return Ok(None) };
    let Some(inner) = with_defaults(query, targets)? else { return Ok(None) };
    *query = inner.into();
    Ok(Some(select))
}

/// Puts a column's default in the place of `DEFAULT`; says whether it stood there.
fn replace(cell: &mut Arc<Expr>, field: &Field) -> Result<bool> {
    if is_default(cell) {
        *cell = field.inserted()?;
        return Ok(true);
    }
    if cell.any(&is_default) { Err(misplaced()) } else { Ok(false) }
}

fn misplaced() -> Error {
    let text = "A DEFAULT keyword in a MERGE, INSERT, UPDATE, or SET VARIABLE command could not be directly assigned to a target column because it \
                was part of an expression.\nFor example: `UPDATE SET c1 = DEFAULT` is allowed, but `UPDATE T SET c1 = DEFAULT + 1` is not allowed.";
    Error::analysis(text).with_condition("DEFAULT_PLACEMENT_INVALID")
}

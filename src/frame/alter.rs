//! Saved tables and views changed in place: what `ALTER TABLE` and `ALTER VIEW` do.

use kindling_partition::{Error, Result};

use crate::defaults::CURRENT;
use crate::save::below;
use crate::schema::{same_name, unresolved};
use crate::session::Session;
use crate::sql::{Alter, last_name};
use crate::tables::{Saved, already};
use crate::types::{COMMENT, Field};

impl Session {
    /// # Errors
    /// `TABLE_OR_VIEW_NOT_FOUND`, `EXPECT_TABLE_NOT_VIEW`, `EXPECT_VIEW_NOT_TABLE`, and what Spark's tables of files refuse.
    pub(crate) fn alter(&self, name: &str, view: bool, change: Alter) -> Result<()> {
        if self.views().iter().any(|known| same_name(known, name)) {
            return self.alter_temporary(name, view, change);
        }
        let Some((database, own, saved)) = self.saved(name) else { return self.table(name).map(|_| ()) };
        if view != (saved == Saved::View) {
            return Err(wrong_kind(name, view, false, &change));
        }
        match change {
            Alter::Rename(to) => self.rename_saved(name, &database, &to),
            Alter::Query(text, _) => self.change_view(name, &text),
            Alter::SetProperties(pairs) => self.change_properties(name, |properties| {
                for (key, value) in pairs {
                    match properties.iter_mut().find(|known| known.0 == key) {
                        Some(known) => known.1 = value,
                        None => properties.push((key, value)),
                    }
                }
                properties.sort();
            }),
            Alter::UnsetProperties(keys) => self.change_properties(name, |properties| properties.retain(|(key, _)| !keys.contains(key))),
            Alter::Add(columns) => self.add_columns(name, columns),
            Alter::AddPartitions { specs, if_not_exists } => self.add_partitions(name, &specs, if_not_exists),
            Alter::DropPartitions { specs, if_exists } => self.drop_partitions(name, &specs, if_exists),
            Alter::RenamePartition { from, to } => self.rename_partition(name, &from, &to),
            Alter::RecoverPartitions => self.recover_partitions(name),
            Alter::Location(path) if path.is_empty() => Err(Error::illegal_argument("Can not create a Path from an empty string")),
            Alter::Location(path) => {
                let path = crate::files::whole_path(&path)?;
                self.redescribe(name, |table| table.location = Some(path))?;
                self.refresh_table(name)
            }
            Alter::Comment { column, text } => self.note_of_column(name, &column, COMMENT, text, |_, _| Ok(())),
            Alter::Default { column, text } => {
                self.note_of_column(name, &column, CURRENT, text, |field, text| {
                    self.default_value("ALTER TABLE ALTER COLUMN", field, text).map(drop)
                })?;
                self.refresh_table(name)
            }
            Alter::Type { column, to } => {
                let table = self.table(name)?;
                let field = table.schema().iter().find(|f| same_name(&f.name, &column));
                let field = field.ok_or_else(|| unresolved(&column, table.schema().names()))?;
                let known = field.declared().unwrap_or_else(|| field.data_type.clone());
                if known == to {
                    return Ok(());
                }
                let text = format!(
                    "ALTER TABLE ALTER/CHANGE COLUMN is not supported for changing `spark_catalog`.`{database}`.`{own}`'s column `{column}` \
                     with type \"{}\" to `{column}` with type \"{}\".",
                    known.sql(),
                    to.sql()
                );
                Err(Error::analysis(text).with_condition("NOT_SUPPORTED_CHANGE_COLUMN"))
            }
            Alter::Refused { columns, what } => {
                let table = self.table(name)?;
                if let Some(bad) = columns.iter().find(|c| !table.schema().names().any(|known| same_name(known, c))) {
                    return Err(unresolved(bad, table.schema().names()));
                }
                let text = format!(
                    "The feature is not supported: Table `spark_catalog`.`{database}`.`{own}` does not support {what}. Save the rows as another \
                     table: CREATE TABLE … AS SELECT …"
                );
                Err(Error::analysis(text).with_condition("UNSUPPORTED_FEATURE.TABLE_OPERATION"))
            }
        }
    }

    fn alter_temporary(&self, name: &str, view: bool, change: Alter) -> Result<()> {
        match change {
            Alter::Rename(to) => {
                let frame = self.table(name)?;
                frame.create_temp_view(&to)?;
                self.drop_view(name);
                Ok(())
            }
            Alter::Query(_, query) if view => {
                crate::sql::Planner::new(self).query(&query)?.create_or_replace_temp_view(name);
                Ok(())
            }
            change => Err(wrong_kind(name, view, true, &change)),
        }
    }

    /// Changes a text of the metadata of a saved table's column, once `check` has passed the new one.
    fn note_of_column(
        &self,
        name: &str,
        column: &str,
        key: &str,
        text: Option<String>,
        check: impl FnOnce(&Field, &str) -> Result<()>,
    ) -> Result<()> {
        let table = self.table(name)?;
        let place = table.schema().iter().position(|f| same_name(&f.name, column));
        let place = place.ok_or_else(|| unresolved(column, table.schema().names()))?;
        text.as_ref().map_or(Ok(()), |text| check(&table.schema()[place], text))?;
        self.redescribe(name, |table| {
            let mut fields = table.schema.fields().to_vec();
            fields[place] = fields[place].clone().with_text(key, text);
            table.schema = crate::schema::Schema::new(fields);
        })
    }

    /// The new columns stand before those that the table's folders are named after; rows that are there have their defaults in them.
    fn add_columns(&self, name: &str, columns: Vec<Field>) -> Result<()> {
        let mut known: Vec<String> = self.table(name)?.columns();
        for column in &columns {
            if known.iter().any(|other| same_name(other, &column.name)) {
                let text = format!(
                    "The column `{}` already exists. Choose another name or rename the existing column.",
                    column.name.to_lowercase()
                );
                return Err(Error::analysis(text).with_condition("COLUMN_ALREADY_EXISTS"));
            }
            known.push(column.name.to_string());
        }
        let format = self.description(&self.place_of(name)?.folder)?.map(|table| table.format).unwrap_or_default();
        let columns = self.with_older_defaults("ALTER TABLE ADD COLUMNS", &format, &columns)?;
        self.redescribe(name, |table| {
            let keys = table.schema.len() - table.partition_by.len();
            let mut fields = table.schema.fields().to_vec();
            fields.splice(keys..keys, columns);
            table.schema = crate::schema::Schema::new(fields);
        })?;
        self.refresh_table(name)
    }

    fn rename_saved(&self, name: &str, database: &str, to: &str) -> Result<()> {
        let (from, place) =
            (self.place_of(name)?, self.place_of(&if to.contains('.') { to.to_owned() } else { format!("{database}.{to}") })?);
        if place.database != from.database {
            let text = format!("RENAME TABLE source and destination databases do not match: `{}` != `{}`.", from.database, place.database);
            return Err(Error::analysis(text).with_condition("RENAME_TABLE_SOURCE_DESTINATION_DATABASE_MISMATCH"));
        }
        if self.saved(&format!("{}.{}", place.database, last_name(to))).is_some() {
            return Err(already(&place));
        }
        if let Some(plan) = self.kept_tables().remove(&from.folder) {
            self.cache().remove(&plan);
        }
        let files = self.files();
        for path in below(&**files, &from.folder)? {
            let moved = format!("{}{}", place.folder, &path[from.folder.len()..]);
            files.write(&moved, files.read(&path)?.to_vec())?;
            files.remove(&path)?;
        }
        Ok(())
    }
}

fn wrong_kind(name: &str, view: bool, is_temporary: bool, change: &Alter) -> Error {
    let (condition, text) = match (view, change) {
        (true, Alter::SetProperties(_) | Alter::UnsetProperties(_)) if is_temporary => {
            ("EXPECT_PERMANENT_VIEW_NOT_TEMP", format!("'ALTER VIEW' of properties expects a permanent view but `{name}` is a temp view."))
        }
        (true, _) => (
            "EXPECT_VIEW_NOT_TABLE.USE_ALTER_TABLE",
            format!("The table `{name}` does not support ALTER VIEW. Please use ALTER TABLE instead."),
        ),
        (false, Alter::Rename(_) | Alter::SetProperties(_) | Alter::UnsetProperties(_)) => (
            "EXPECT_TABLE_NOT_VIEW.USE_ALTER_VIEW",
            format!("'ALTER TABLE' expects a table but `{name}` is a view. Please use ALTER VIEW instead."),
        ),
        _ => ("EXPECT_TABLE_NOT_VIEW.NO_ALTERNATIVE", format!("'ALTER TABLE' of columns expects a table but `{name}` is a view.")),
    };
    Error::analysis(text).with_condition(condition)
}

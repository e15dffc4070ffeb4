//! The folders of a saved table: `ALTER TABLE … ADD PARTITION` and `DROP PARTITION`.

use kindling_partition::{Error, Result};

use crate::cast::cast;
use crate::files::{DEFAULT_PARTITION, escape_path_name};
use crate::save::below;
use crate::schema::same_name;
use crate::session::Session;
use crate::sql::{PartitionSpec, Planner};
use crate::tables::Description;
use crate::types::DataType;
use crate::value::Value;

/// Keeps a folder that has no rows; readers pass over its name.
const MARK: &str = "_partition";

impl Session {
    /// # Errors
    /// `PARTITIONS_ALREADY_EXIST`, `PARTITIONS_NOT_FOUND` for other columns than those of the folders, a table without any.
    pub(crate) fn add_partitions(&self, name: &str, specs: &[PartitionSpec], if_not_exists: bool) -> Result<()> {
        let (folder, table) = self.partitioned(name, "ADD")?;
        for spec in specs {
            let parts = self.folders_of(name, &table, spec)?;
            if parts.len() < table.partition_by.len() {
                return Err(partial(&table));
            }
            let at = format!("{folder}/{}", parts.join("/"));
            let is_there = !below(&**self.files(), &at)?.is_empty();
            if is_there && !if_not_exists {
                return Err(already(name, &parts));
            }
            if !is_there {
                self.files().write(&format!("{at}/{MARK}"), Vec::new())?;
            }
        }
        Ok(())
    }

    /// # Errors
    /// `PARTITIONS_NOT_FOUND`, also when not all columns are named; a table without folders or with a location; a file that can't be removed.
    pub(crate) fn drop_partitions(&self, name: &str, specs: &[PartitionSpec], if_exists: bool) -> Result<()> {
        let (folder, table) = self.partitioned(name, "DROP")?;
        if table.location.is_some() {
            return Err(Error::unsupported(format!(
                "The partitions of {name} can't be dropped: it has a LOCATION, whose files outlive the table. Remove their folder to be without them."
            )));
        }
        for spec in specs {
            let parts = self.folders_of(name, &table, spec)?;
            let gone = match parts.len() == table.partition_by.len() {
                true => below(&**self.files(), &format!("{folder}/{}", parts.join("/")))?,
                false => Vec::new(),
            };
            if gone.is_empty() && !if_exists {
                return Err(not_found(name, &format!("PARTITION ({})", parts.join(", "))));
            }
            gone.iter().try_for_each(|path| self.files().remove(path))?;
        }
        self.refresh_table(name)
    }

    /// # Errors
    /// `NOT_A_PARTITIONED_TABLE`
    pub(crate) fn recover_partitions(&self, name: &str) -> Result<()> {
        if self.partitioned(name, "RECOVER").is_ok() {
            return self.refresh_table(name);
        }
        let text = format!("Operation ALTER TABLE RECOVER PARTITIONS is not allowed for {name} because it is not a partitioned table.");
        Err(Error::analysis(text).with_condition("NOT_A_PARTITIONED_TABLE"))
    }

    /// Gives the rows of a partition other values in the columns of its folders.
    ///
    /// # Errors
    /// `PARTITIONS_NOT_FOUND`, `PARTITIONS_ALREADY_EXIST`, values for other columns than those of the folders, a table with a location.
    pub(crate) fn rename_partition(&self, name: &str, from: &PartitionSpec, to: &PartitionSpec) -> Result<()> {
        let (folder, table) = self.partitioned(name, "RENAME")?;
        let (from, to) = (self.folders_of(name, &table, from)?, self.folders_of(name, &table, to)?);
        if from.len().min(to.len()) < table.partition_by.len() {
            return Err(partial(&table));
        }
        if table.location.is_some() {
            return Err(Error::unsupported(format!(
                "The partitions of {name} can't be renamed: it has a LOCATION, whose files are not the table's own."
            )));
        }
        let files = below(&**self.files(), &format!("{folder}/{}", from.join("/")))?;
        if files.is_empty() {
            return Err(not_found(name, &format!("PARTITION ({})", from.join(", "))));
        }
        let (old, new) = (format!("{folder}/{}", from.join("/")), format!("{folder}/{}", to.join("/")));
        if !below(&**self.files(), &new)?.is_empty() {
            return Err(already(name, &to));
        }
        for path in files {
            self.files().write(&format!("{new}{}", &path[old.len()..]), self.files().read(&path)?.to_vec())?;
            self.files().remove(&path)?;
        }
        self.refresh_table(name)
    }

    /// The partitions of a table that have these values, or all.
    ///
    /// # Errors
    /// `EXPECT_TABLE_NOT_VIEW`, `PARTITIONS_NOT_FOUND` for other columns than those of the folders, a table without any.
    pub(crate) fn matching_partitions(&self, name: &str, spec: Option<&PartitionSpec>) -> Result<Vec<String>> {
        let table = self.table_to_change(name, "SHOW PARTITIONS")?;
        let all = self.table_partitions(name)?;
        let Some(spec) = spec else { return Ok(all) };
        let parts = self.folders_of(name, &table, spec)?;
        Ok(all.into_iter().filter(|known| parts.iter().all(|part| known.split('/').any(|own| own == part))).collect())
    }

    /// That a partition is there, when all columns of the folders have values.
    ///
    /// # Errors
    /// `PARTITIONS_NOT_FOUND`
    pub(crate) fn need_partitions(&self, name: &str, keys: &[std::sync::Arc<str>], spec: &PartitionSpec) -> Result<()> {
        let table = self.table_to_change(name, "ANALYZE TABLE")?;
        if let Some(other) = keys.iter().find(|key| !table.partition_by.iter().any(|known| same_name(known, key))) {
            return Err(not_found(name, &format!("`{other}`")));
        }
        if spec.len() == table.partition_by.len() && self.matching_partitions(name, Some(spec))?.is_empty() {
            return Err(not_found(name, &format!("PARTITION ({})", self.folders_of(name, &table, spec)?.join(", "))));
        }
        Ok(())
    }

    /// Takes the rows out of some partitions, or of all; the partitions stay.
    ///
    /// # Errors
    /// `PARTITIONS_NOT_FOUND`; a file that can't be removed.
    pub(crate) fn empty_partitions(&self, name: &str, spec: Option<&PartitionSpec>) -> Result<()> {
        let (folder, _) = self.partitioned(name, "TRUNCATE")?;
        if let Some(spec) = spec {
            let keys: Vec<std::sync::Arc<str>> = spec.iter().map(|(key, _)| key.clone()).collect();
            self.need_partitions(name, &keys, spec)?;
        }
        for partition in self.matching_partitions(name, spec)? {
            let at = format!("{folder}/{partition}");
            below(&**self.files(), &at)?.iter().try_for_each(|path| self.files().remove(path))?;
            self.files().write(&format!("{at}/{MARK}"), Vec::new())?;
        }
        Ok(())
    }

    fn partitioned(&self, name: &str, what: &str) -> Result<(String, Description)> {
        let place = self.place_of(name)?;
        let table = self.description(&place.folder)?.filter(|table| !table.partition_by.is_empty()).ok_or_else(|| {
            let text = format!(
                "ALTER TABLE {what} PARTITION is not allowed on {name} since it has no partitions: it was created without PARTITIONED BY."
            );
            Error::analysis(text).with_condition("_LEGACY_ERROR_TEMP_1251")
        })?;
        Ok((table.location.clone().unwrap_or(place.folder), table))
    }

    /// The names of the folders that a spec names, in their order.
    pub(crate) fn folders_of(&self, name: &str, table: &Description, spec: &PartitionSpec) -> Result<Vec<String>> {
        if let Some((other, _)) = spec.iter().find(|(key, _)| !table.partition_by.iter().any(|known| same_name(known, key))) {
            return Err(not_found(name, &format!("`{other}`")));
        }
        let mut parts = Vec::new();
        for key in &table.partition_by {
            let Some((_, expr)) = spec.iter().find(|(given, _)| same_name(given, key)) else { continue };
            let text = self.partition_text(expr, &table.schema.field(key)?.data_type)?;
            let text = text.as_deref().map_or_else(|| DEFAULT_PARTITION.to_owned(), escape_path_name);
            parts.push(format!("{}={text}", escape_path_name(key)));
        }
        Ok(parts)
    }

    /// The text of a value in the name of a folder; none for a null and for no text.
    ///
    /// # Errors
    /// A value that can't be cast to the column's type.
    pub(crate) fn partition_text(&self, expr: &std::sync::Arc<crate::expr::Expr>, to: &DataType) -> Result<Option<String>> {
        let (value, typed) = Planner::new(self).constant(expr)?;
        let cells = crate::batch::array_of(&typed.data_type, [&value])?;
        let cells = cast(&cells, &typed.data_type, to, false)?;
        let cells = cast(&cells, to, &DataType::String, false)?;
        Ok(match crate::batch::value_at(&cells, &DataType::String, 0) {
            Value::String(text) if !text.is_empty() => Some(text.to_string()),
            _ => None,
        })
    }
}

/// Not all columns of the folders have values.
pub(crate) fn partial(table: &Description) -> Error {
    let text = format!("Partition spec is invalid. The spec must name the columns ({}).", table.partition_by.join(", "));
    Error::analysis(text).with_condition("_LEGACY_ERROR_TEMP_1232")
}

fn already(name: &str, parts: &[String]) -> Error {
    let text = format!(
        "Cannot ADD or RENAME TO partition(s) PARTITION ({}) in table {name} because they already exist. Choose a different name, drop the \
         existing partition, or add the IF NOT EXISTS clause to tolerate a pre-existing partition.",
        parts.join(", ")
    );
    Error::analysis(text).with_condition("PARTITIONS_ALREADY_EXIST")
}

pub(crate) fn not_found(name: &str, what: &str) -> Error {
    let text = format!(
        "The partition(s) {what} cannot be found in table {name}. Verify the partition specification and table name. To tolerate the error on \
         drop use ALTER TABLE … DROP IF EXISTS PARTITION."
    );
    Error::analysis(text).with_condition("PARTITIONS_NOT_FOUND")
}

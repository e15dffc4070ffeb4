//! Databases of saved tables: folders of the warehouse. `default` is the warehouse itself, `sales` its folder `sales.db`; what is said without
//! a database is in the current one, `USE sales`.

use kindling_partition::{Error, ErrorKind, Result};
use serde_json::{Value as Json, json};

use crate::files::whole_path;
use crate::save::below;
use crate::session::Session;

/// The database that is always there.
pub const DEFAULT: &str = "default";
/// The one catalog.
const CATALOG: &str = "spark_catalog";
/// A database's own file, without which its folder would not be there.
const DATABASE: &str = "_database.json";

/// Where a table or view is saved.
pub(crate) struct TablePlace {
    pub database: String,
    pub name: String,
    pub folder: String,
}

impl Session {
    /// The current database.
    pub fn current_database(&self) -> String {
        self.database().clone()
    }

    /// Makes another database the current one, also for `current_schema()`; gives the one before.
    pub(crate) fn replace_database(&self, name: String) -> String {
        crate::functions::set_database(&name);
        std::mem::replace(&mut *self.database(), name)
    }

    /// `USE name`
    ///
    /// # Errors
    /// `SCHEMA_NOT_FOUND`
    pub fn use_database(&self, name: &str) -> Result<()> {
        let name = plain_database(name);
        self.need_database(&name)?;
        self.replace_database(name);
        Ok(())
    }

    /// The databases, sorted.
    pub fn databases(&self) -> Vec<String> {
        let folders = self.warehouse().and_then(|folder| self.files().list(&folder)).unwrap_or_default();
        let names = folders.into_iter().filter_map(|f| f.name.strip_suffix(".db/").map(str::to_owned));
        let mut names: Vec<String> = names.filter(|name| self.has_database(name)).chain([DEFAULT.to_owned()]).collect();
        names.sort();
        names
    }

    /// Whether there is a database of this name, with or without the catalog's before it.
    pub fn has_database(&self, name: &str) -> bool {
        let name = plain_database(name);
        name == DEFAULT || self.database_folder(&name).is_ok_and(|folder| self.files().read(&format!("{folder}/{DATABASE}")).is_ok())
    }

    /// `CREATE DATABASE name`
    ///
    /// # Errors
    /// `SCHEMA_ALREADY_EXISTS`, a name that can't be a database's.
    pub fn create_database(&self, name: &str, if_not_exists: bool) -> Result<()> {
        let name = plain_database(name);
        if self.has_database(&name) {
            if if_not_exists {
                return Ok(());
            }
            let text = format!(
                "Cannot create schema `{name}` because it already exists. Choose a different name, drop the existing schema, or add the IF NOT EXISTS clause to tolerate pre-existing schema."
            );
            return Err(Error::analysis(text).with_condition("SCHEMA_ALREADY_EXISTS"));
        }
        if name.contains('.') {
            let text = format!("{CATALOG} requires a single-part namespace, but got identifier {}.", parts_quoted(&name));
            return Err(Error::analysis(text).with_condition("REQUIRES_SINGLE_PART_NAMESPACE"));
        }
        is_name(&name)?;
        self.files().write(&format!("{}/{DATABASE}", self.database_folder(&name)?), b"{}".to_vec())
    }

    /// `DROP DATABASE name`; with `cascade` its tables too.
    ///
    /// # Errors
    /// `SCHEMA_NOT_FOUND`, `SCHEMA_NOT_EMPTY`; the database `default` stays.
    pub fn drop_database(&self, name: &str, if_exists: bool, cascade: bool) -> Result<()> {
        let name = plain_database(name);
        if name == DEFAULT {
            return Err(Error::analysis("The database default can't be dropped.").with_condition("UNSUPPORTED_FEATURE.DROP_DATABASE"));
        }
        not_nested(&name)?;
        if !self.has_database(&name) && if_exists {
            return Ok(());
        }
        self.need_database(&name)?;
        if !cascade && !self.tables_in(&name).is_empty() {
            let text = format!(
                "Cannot drop a schema `{name}` because it contains objects. Use DROP SCHEMA ... CASCADE to drop the schema and all its objects."
            );
            return Err(Error::analysis(text).with_condition("SCHEMA_NOT_EMPTY"));
        }
        below(&**self.files(), &self.database_folder(&name)?)?.iter().try_for_each(|path| self.files().remove(path))?;
        if self.current_database() == name {
            self.replace_database(DEFAULT.to_owned());
        }
        Ok(())
    }

    /// # Errors
    /// `SCHEMA_NOT_FOUND`
    pub(crate) fn comment_on_database(&self, name: &str, comment: Option<String>) -> Result<()> {
        let name = plain_database(name);
        self.need_database(&name)?;
        let json = comment.map_or_else(|| json!({}), |text| json!({"comment": text}));
        self.files().write(&format!("{}/{DATABASE}", self.database_folder(&name)?), json.to_string().into_bytes())
    }

    /// A database's plain name, and what was said of it.
    ///
    /// # Errors
    /// `SCHEMA_NOT_FOUND`
    pub fn database_comment(&self, name: &str) -> Result<(String, Option<String>)> {
        let name = plain_database(name);
        self.need_database(&name)?;
        let file = self.files().read(&format!("{}/{DATABASE}", self.database_folder(&name)?));
        let json: Option<Json> = file.ok().and_then(|bytes| serde_json::from_slice(&bytes).ok());
        Ok((name, json.and_then(|json| json["comment"].as_str().map(str::to_owned))))
    }

    pub(crate) fn need_database(&self, name: &str) -> Result<()> {
        if self.has_database(name) {
            return Ok(());
        }
        let known = self.databases();
        let near = kindling_partition::did_you_mean(name, known.iter().map(String::as_str));
        let text = format!("The schema `{CATALOG}`.`{name}` cannot be found.{near} There are: {}.", known.join(", "));
        Err(Error::analysis(text).with_condition("SCHEMA_NOT_FOUND"))
    }

    pub(crate) fn warehouse(&self) -> Result<String> {
        whole_path(&self.conf("spark.sql.warehouse.dir").unwrap_or_default())
    }

    /// Where a database's tables are.
    ///
    /// # Errors
    /// When the setting of the warehouse is no path.
    pub fn database_folder(&self, name: &str) -> Result<String> {
        let warehouse = self.warehouse()?;
        Ok(if name == DEFAULT { warehouse } else { format!("{warehouse}/{name}.db") })
    }

    /// Where a table of this name is or would be: `people`, `sales.people`, `spark_catalog.sales.people`.
    pub(crate) fn place_of(&self, name: &str) -> Result<TablePlace> {
        let parts = crate::expr::name_parts(&name.to_lowercase());
        let parts: Vec<&str> = parts.iter().map(String::as_str).collect();
        let (database, table) = match parts.as_slice() {
            [table] => (self.current_database(), *table),
            [database, table] | [CATALOG, database, table] => ((*database).to_owned(), *table),
            _ => {
                let text = format!("`{name}` is no name of a table: there is one catalog here, {CATALOG}, and in it databases of tables.");
                return Err(Error::analysis(text).with_condition("REQUIRES_SINGLE_PART_NAMESPACE"));
            }
        };
        self.need_database(&database)?;
        is_name(table)?;
        let folder = format!("{}/{table}", self.database_folder(&database)?);
        Ok(TablePlace { database, name: table.to_owned(), folder })
    }
}

fn parts_quoted(name: &str) -> String {
    name.split('.').map(|part| format!("`{part}`")).collect::<Vec<_>>().join(".")
}

/// # Errors
/// `NESTED_DATABASE_UNSUPPORTED_BY_V1_SESSION_CATALOG`
pub(crate) fn not_nested(name: &str) -> Result<()> {
    if !name.contains('.') {
        return Ok(());
    }
    let text = format!("Nested databases are not supported by v1 session catalog: {}.", parts_quoted(name));
    Err(Error::analysis(text).with_condition("NESTED_DATABASE_UNSUPPORTED_BY_V1_SESSION_CATALOG"))
}

/// A database's name in small letters without the catalog's.
fn plain_database(name: &str) -> String {
    let plain = name.to_lowercase().replace('`', "");
    plain.strip_prefix("spark_catalog.").map_or(plain.clone(), str::to_owned)
}

fn is_name(name: &str) -> Result<()> {
    if !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_') {
        return Ok(());
    }
    let text = format!("`{name}` is not a valid name for tables, views or schemas: letters, digits and _ make one.");
    Err(Error::new(ErrorKind::Analysis, text).with_condition("INVALID_SCHEMA_OR_RELATION_NAME"))
}

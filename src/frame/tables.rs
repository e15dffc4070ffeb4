//! Saved tables: folders of part files under `spark-warehouse`, each with a `_table.json` that says how to read them. They live among the
//! notebook's files, so they are there again when the notebook is.

use kindling_partition::{Error, ErrorKind, Result};
use serde_json::{Value as Json, json};

use crate::databases::TablePlace;
use crate::dataframe::DataFrame;
use crate::files::whole_path;
use crate::read::read_files;
use crate::save::{Save, SaveMode, below};
use crate::schema::{Schema, same_name};
use crate::session::Session;
use crate::types::Field;

/// A table's own file; readers pass over its name.
pub(crate) const DESCRIPTION: &str = "_table.json";
/// A view's own file.
const VIEW: &str = "_view.json";

/// How a table was saved.
#[derive(Clone)]
pub(crate) struct Description {
    pub schema: Schema,
    pub format: String,
    pub options: Vec<(String, String)>,
    pub partition_by: Vec<String>,
    /// Where the rows are when that is not the table's own folder: then they stay when the table is dropped.
    pub location: Option<String>,
    pub properties: Vec<(String, String)>,
    pub comment: Option<String>,
    /// When it was made, in microseconds since the epoch; none for tables of earlier days.
    pub created: Option<i64>,
    /// What `ANALYZE TABLE` found, until rows are written.
    pub statistics: Option<Statistics>,
}

/// How much a table holds.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Statistics {
    pub bytes: u64,
    pub rows: Option<u64>,
}

/// A view that is saved: its query as it was written, and the database that was the current one.
pub(crate) struct View {
    pub query: String,
    columns: Vec<String>,
    pub database: String,
    pub properties: Vec<(String, String)>,
    pub comment: Option<String>,
    pub created: Option<i64>,
}

impl View {
    fn to_json(&self) -> Json {
        let mut json = json!({"query": self.query, "columns": self.columns, "database": self.database});
        if !self.properties.is_empty() {
            json["properties"] = of_pairs(&self.properties);
        }
        with_origin(json, self.comment.as_deref(), self.created)
    }
}

fn with_origin(mut json: Json, comment: Option<&str>, created: Option<i64>) -> Json {
    if let Some(comment) = comment {
        json["comment"] = comment.into();
    }
    if let Some(created) = created {
        json["created"] = created.into();
    }
    json
}

fn of_pairs(pairs: &[(String, String)]) -> Json {
    pairs.iter().map(|(k, v)| (k.clone(), Json::from(v.as_str()))).collect::<serde_json::Map<String, Json>>().into()
}

fn to_pairs(json: &Json) -> Vec<(String, String)> {
    let entries = json.as_object().into_iter().flatten();
    entries.filter_map(|(k, v)| Some((k.clone(), v.as_str()?.to_owned()))).collect()
}

/// What a saved name stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Saved {
    Table { external: bool },
    View,
}

impl Saved {
    /// Spark's word for it: `MANAGED`, `EXTERNAL` or `VIEW`.
    pub fn word(self) -> &'static str {
        match self {
            Self::Table { external: false } => "MANAGED",
            Self::Table { external: true } => "EXTERNAL",
            Self::View => "VIEW",
        }
    }
}

impl Description {
    pub fn to_json(&self) -> Json {
        let options = of_pairs(&self.options);
        let mut json =
            json!({"format": self.format, "schema": self.schema.to_json(), "options": options, "partitionBy": self.partition_by});
        if let Some(location) = &self.location {
            json["location"] = location.as_str().into();
        }
        if !self.properties.is_empty() {
            json["properties"] = of_pairs(&self.properties);
        }
        if let Some(known) = &self.statistics {
            json["statistics"] = json!({"bytes": known.bytes, "rows": known.rows});
        }
        with_origin(json, self.comment.as_deref(), self.created)
    }

    fn from_json(json: &Json) -> Result<Self> {
        let texts = |list: &Json| list.as_array().into_iter().flatten().filter_map(|t| t.as_str().map(str::to_owned)).collect();
        Ok(Self {
            schema: Schema::from_json(&json["schema"])?,
            format: json["format"].as_str().unwrap_or("parquet").to_owned(),
            options: to_pairs(&json["options"]),
            partition_by: texts(&json["partitionBy"]),
            location: json["location"].as_str().map(str::to_owned),
            properties: to_pairs(&json["properties"]),
            comment: json["comment"].as_str().map(str::to_owned),
            created: json["created"].as_i64(),
            statistics: json["statistics"]["bytes"].as_u64().map(|bytes| Statistics { bytes, rows: json["statistics"]["rows"].as_u64() }),
        })
    }
}

impl Session {
    /// The names of the tables and views that are saved in the current database, sorted.
    pub fn saved_tables(&self) -> Vec<String> {
        self.tables_in(&self.current_database())
    }

    /// The names of the tables and views that are saved in a database, sorted.
    pub fn tables_in(&self, database: &str) -> Vec<String> {
        let folders = self.database_folder(database).and_then(|folder| self.files().list(&folder)).unwrap_or_default();
        let is_saved = |path: &str| [DESCRIPTION, VIEW].iter().any(|file| self.files().read(&format!("{path}{file}")).is_ok());
        let tables = folders.into_iter().filter(|f| f.path.ends_with('/') && is_saved(&f.path));
        let mut names: Vec<String> = tables.map(|f| f.name.trim_end_matches('/').to_owned()).collect();
        names.sort();
        names
    }

    /// What is saved under a name, and in which database; none when nothing is.
    pub fn saved(&self, name: &str) -> Option<(String, String, Saved)> {
        let place = self.place_of(name).ok()?;
        let saved = match self.description(&place.folder).ok()? {
            Some(table) => Saved::Table { external: table.location.is_some() },
            None => self.saved_view(&place.folder).ok()?.map(|_| Saved::View)?,
        };
        Some((place.database, place.name, saved))
    }

    /// Forgets a saved table and its files; says whether there was one.
    ///
    /// # Errors
    /// A name that can't be a table's, a file that can't be removed.
    pub fn drop_table(&self, name: &str) -> Result<bool> {
        let Ok(place) = self.place_of(name) else { return Ok(false) };
        if self.description(&place.folder)?.is_none() {
            return Ok(false);
        }
        if let Some(plan) = self.kept_tables().remove(&place.folder) {
            self.cache().remove(&plan);
        }
        below(&**self.files(), &place.folder)?.iter().try_for_each(|path| self.files().remove(path))?;
        Ok(true)
    }

    /// Saves a view: its query is run whenever its name is asked for.
    ///
    /// # Errors
    /// `TABLE_OR_VIEW_ALREADY_EXISTS`, whatever is wrong with the query.
    pub(crate) fn save_view(
        &self,
        name: &str,
        query: &str,
        columns: &[std::sync::Arc<str>],
        mode: SaveMode,
        (properties, comment): (Vec<(String, String)>, Option<String>),
    ) -> Result<()> {
        let place = self.place_of(name)?;
        let is_table = self.description(&place.folder)?.is_some();
        if is_table || self.saved_view(&place.folder)?.is_some() {
            match mode {
                SaveMode::Ignore => return Ok(()),
                SaveMode::Overwrite if !is_table => {}
                _ => return Err(already(&place)),
            }
        }
        let columns = columns.iter().map(ToString::to_string).collect();
        let created = Some(crate::functions::query_time());
        let view = View { query: query.to_owned(), columns, database: self.current_database(), properties, comment, created };
        let outer = self.view_in_making().replace(place.folder.clone());
        let rows = self.rows_of_view(&view, &place.name);
        *self.view_in_making() = outer;
        rows?;
        self.files().write(&format!("{}/{VIEW}", place.folder), view.to_json().to_string().into_bytes())
    }

    /// Gives a saved view another query.
    ///
    /// # Errors
    /// Whatever is wrong with the query.
    pub(crate) fn change_view(&self, name: &str, query: &str) -> Result<()> {
        let view = self.saved_view(&self.place_of(name)?.folder)?;
        let known = view.map(|view| (view.properties, view.comment)).unwrap_or_default();
        self.save_view(name, query, &[], SaveMode::Overwrite, known)
    }

    /// Changes the properties of a saved table or view.
    ///
    /// # Errors
    /// A description that can't be read or written.
    pub(crate) fn change_properties(&self, name: &str, change: impl FnOnce(&mut Vec<(String, String)>)) -> Result<()> {
        let folder = self.place_of(name)?.folder;
        let Some(mut view) = self.saved_view(&folder)? else { return self.redescribe(name, |table| change(&mut table.properties)) };
        change(&mut view.properties);
        self.files().write(&format!("{folder}/{VIEW}"), view.to_json().to_string().into_bytes())
    }

    /// Forgets a saved view; says whether there was one.
    ///
    /// # Errors
    /// A file that can't be removed.
    pub fn drop_saved_view(&self, name: &str) -> Result<bool> {
        let Ok(place) = self.place_of(name) else { return Ok(false) };
        if self.saved_view(&place.folder)?.is_none() {
            return Ok(false);
        }
        self.files().remove(&format!("{}/{VIEW}", place.folder))?;
        Ok(true)
    }

    /// The frame of a saved table or view; none when there is no such name. The options are taken before those that the table has.
    pub(crate) fn saved_table(&self, name: &str, options: &[(&str, &str)]) -> Result<Option<DataFrame>> {
        let Ok(place) = self.place_of(name) else { return Ok(None) };
        if self.view_in_making().as_ref() == Some(&place.folder) {
            let text = format!(
                "Recursive view `{}`.`{}` detected: a view can't read itself, by itself or through others.",
                place.database, place.name
            );
            return Err(Error::analysis(text).with_condition("RECURSIVE_VIEW"));
        }
        let Some(table) = self.description(&place.folder)? else {
            return self.saved_view(&place.folder)?.map(|view| self.rows_of_view(&view, &place.name)).transpose();
        };
        if let Some(plan) = self.kept_tables().get(&place.folder).filter(|_| options.is_empty()) {
            return Ok(Some(DataFrame::new(self.clone(), plan.clone())));
        }
        let folder = table.location.as_deref().unwrap_or(&place.folder);
        if table.location.is_some() && below(&**self.files(), folder)?.is_empty() {
            return self.create_dataframe(&[], table.schema).map(Some);
        }
        let own = table.options.iter().map(|(k, v)| (k.as_str(), v.as_str()));
        let own = own.filter(|(name, _)| !options.iter().any(|(given, _)| given.eq_ignore_ascii_case(name)));
        let options: Vec<(&str, &str)> = own.chain(options.iter().copied()).collect();
        read_files(self, &table.format, &[folder], &options, Some(&table.schema)).map(Some)
    }

    /// A table of the files that are, or will be, at the save's location; without columns it has those of the files.
    ///
    /// # Errors
    /// `TABLE_OR_VIEW_ALREADY_EXISTS` by the mode; files that can't be read.
    pub fn create_external_table(&self, name: &str, schema: &Schema, save: &Save) -> Result<()> {
        let place = self.place_of(name)?;
        if self.saved(name).is_some() {
            match save.mode {
                SaveMode::Ignore => return Ok(()),
                SaveMode::Overwrite => {}
                _ => return Err(already(&place)),
            }
        }
        let location = whole_path(save.location.as_deref().unwrap_or_default())?;
        let options: Vec<(&str, &str)> = save.options.iter().map(|(k, v)| (k.as_str(), v.as_str())).collect();
        let found = match schema.is_empty() {
            true => Some(read_files(self, &save.format, &[&location], &options, None)?.schema().clone()),
            false => None,
        };
        self.describe_at(&place, found.as_deref().unwrap_or(schema), save, Some(location))
    }

    pub(crate) fn describe_at(&self, place: &TablePlace, schema: &Schema, save: &Save, location: Option<String>) -> Result<()> {
        let is_key = |name: &str| save.partition_by.iter().any(|key| same_name(key, name));
        let keys = save.partition_by.iter().filter_map(|key| schema.field(key).ok());
        // Whatever was said, any column of files may have nulls.
        let nullable = |field: &Field| Field { nullable: true, ..field.clone() };
        let schema = schema.iter().filter(|f| !is_key(&f.name)).chain(keys).map(nullable).collect();
        let (format, options, properties) = (save.format.clone(), save.options.clone(), save.properties.clone());
        let (comment, created, partition_by) = (save.comment.clone(), Some(crate::functions::query_time()), save.partition_by.clone());
        let table = Description { schema, format, options, partition_by, location, properties, comment, created, statistics: None };
        self.files().write(&format!("{}/{DESCRIPTION}", place.folder), table.to_json().to_string().into_bytes())
    }

    /// What is known of a saved table that rows are to be written into, or that is to be changed by the statement so named.
    ///
    /// # Errors
    /// `TABLE_OR_VIEW_NOT_FOUND`, `EXPECT_TABLE_NOT_VIEW.NO_ALTERNATIVE`
    pub(crate) fn table_to_change(&self, name: &str, what: &str) -> Result<Description> {
        let temporary = self.views().iter().any(|view| same_name(view, name));
        if !temporary && let Some(table) = self.place_of(name).ok().map(|place| self.description(&place.folder)).transpose()?.flatten() {
            return Ok(table);
        }
        self.table(name)?;
        let text = format!("'{what}' expects a table but `{name}` is a view.");
        Err(Error::analysis(text).with_condition("EXPECT_TABLE_NOT_VIEW.NO_ALTERNATIVE"))
    }

    /// Where a saved table's rows are.
    ///
    /// # Errors
    /// A name that can't be a table's.
    pub(crate) fn rows_folder(&self, name: &str) -> Result<String> {
        let place = self.place_of(name)?;
        Ok(self.description(&place.folder)?.and_then(|table| table.location).unwrap_or(place.folder))
    }

    /// Changes what is known of a saved table.
    ///
    /// # Errors
    /// A description that can't be read or written.
    pub(crate) fn redescribe(&self, name: &str, change: impl FnOnce(&mut Description)) -> Result<()> {
        let folder = self.place_of(name)?.folder;
        let Some(mut table) = self.description(&folder)? else { return Ok(()) };
        change(&mut table);
        self.files().write(&format!("{folder}/{DESCRIPTION}"), table.to_json().to_string().into_bytes())
    }

    /// `CACHE TABLE name`: the rows of a table or view stay in memory once an action has computed them.
    ///
    /// # Errors
    /// `TABLE_OR_VIEW_NOT_FOUND`
    pub fn cache_table(&self, name: &str) -> Result<DataFrame> {
        let frame = self.table(name)?.cache();
        if self.saved(name).is_some() && !self.views().contains(&name.to_lowercase()) {
            self.kept_tables().insert(self.place_of(name)?.folder, frame.plan().clone());
        }
        Ok(frame)
    }

    /// `UNCACHE TABLE name`
    ///
    /// # Errors
    /// `TABLE_OR_VIEW_NOT_FOUND`
    pub fn uncache_table(&self, name: &str) -> Result<()> {
        self.table(name)?.unpersist();
        if let Ok(place) = self.place_of(name) {
            self.kept_tables().remove(&place.folder);
        }
        Ok(())
    }

    /// `CLEAR CACHE`: no rows of any frame, view or table stay in memory.
    pub fn clear_cache(&self) {
        self.kept_tables().clear();
        self.cache().clear();
    }

    /// Kept rows of a table are computed anew, for its files have changed.
    ///
    /// # Errors
    /// When the table can't be read any more.
    pub fn refresh_table(&self, name: &str) -> Result<()> {
        let Ok(place) = self.place_of(name) else { return Ok(()) };
        let Some(plan) = self.kept_tables().remove(&place.folder) else { return Ok(()) };
        self.cache().remove(&plan);
        if self.saved(name).is_some() {
            self.cache_table(name)?;
        }
        Ok(())
    }

    /// As [`refresh_table`](Self::refresh_table), of all tables.
    ///
    /// # Errors
    /// When one of them can't be read any more.
    pub fn refresh_tables(&self) -> Result<()> {
        let folders: Vec<String> = self.kept_tables().keys().cloned().collect();
        let of = |database: String| self.tables_in(&database).into_iter().map(move |table| format!("{database}.{table}"));
        let names: Vec<String> = self.databases().into_iter().flat_map(of).collect();
        names
            .iter()
            .filter(|name| self.place_of(name).is_ok_and(|place| folders.contains(&place.folder)))
            .try_for_each(|name| self.refresh_table(name))
    }

    fn rows_of_view(&self, view: &View, name: &str) -> Result<DataFrame> {
        let current = self.replace_database(view.database.clone());
        let frame = self.sql(&view.query, &crate::sql::Parameters::default());
        self.replace_database(current);
        let names: Vec<&str> = view.columns.iter().map(String::as_str).collect();
        let frame = if names.is_empty() { frame? } else { frame?.to_df(&names)? };
        Ok(DataFrame::new(self.clone(), crate::file_columns::hidden(frame.plan(), name)))
    }

    /// What a saved table or view was said to be.
    pub fn table_comment(&self, name: &str) -> Option<String> {
        let folder = self.place_of(name).ok()?.folder;
        let of_view = || self.saved_view(&folder).ok().flatten().and_then(|view| view.comment);
        self.description(&folder).ok().flatten().map_or_else(of_view, |table| table.comment)
    }

    /// The columns that a saved table's folders are named after; none of a view.
    pub fn folder_columns(&self, name: &str) -> Vec<String> {
        if self.views().iter().any(|view| same_name(view, name)) {
            return Vec::new();
        }
        let table = self.place_of(name).ok().and_then(|place| self.description(&place.folder).ok().flatten());
        table.map(|table| table.partition_by).unwrap_or_default()
    }

    /// The properties of a saved table or view.
    ///
    /// # Errors
    /// `TABLE_OR_VIEW_NOT_FOUND`
    pub fn table_properties(&self, name: &str) -> Result<Vec<(String, String)>> {
        let folder = self.place_of(name)?.folder;
        if let Some(view) = self.saved_view(&folder)? {
            return Ok(view.properties);
        }
        self.description(&folder)?.map_or_else(|| self.table(name).map(|_| Vec::new()), |table| Ok(table.properties))
    }

    /// The columns that a table's folders are named after, and each of its folders: `year=2024/month=1`.
    ///
    /// # Errors
    /// `TABLE_OR_VIEW_NOT_FOUND`, `INVALID_PARTITION_OPERATION.PARTITION_SCHEMA_IS_EMPTY`
    pub fn table_partitions(&self, name: &str) -> Result<Vec<String>> {
        let place = self.place_of(name)?;
        let Some(table) = self.description(&place.folder)? else {
            self.table(name)?;
            return Err(no_partitions(name));
        };
        if table.partition_by.is_empty() {
            return Err(no_partitions(name));
        }
        let folder = table.location.unwrap_or(place.folder);
        let files = below(&**self.files(), &folder)?;
        let within =
            files.iter().filter_map(|path| path.strip_prefix(&format!("{folder}/"))?.rsplit_once('/').map(|(at, _)| at.to_owned()));
        let mut partitions: Vec<String> = within.collect();
        partitions.sort();
        partitions.dedup();
        Ok(partitions)
    }

    pub(crate) fn description(&self, folder: &str) -> Result<Option<Description>> {
        self.json_of(folder, DESCRIPTION)?.map(|json| Description::from_json(&json)).transpose()
    }

    pub(crate) fn saved_view(&self, folder: &str) -> Result<Option<View>> {
        let text = |json: &Json| json.as_str().unwrap_or_default().to_owned();
        Ok(self.json_of(folder, VIEW)?.map(|json| View {
            query: text(&json["query"]),
            columns: json["columns"].as_array().into_iter().flatten().map(text).collect(),
            database: text(&json["database"]),
            properties: to_pairs(&json["properties"]),
            comment: json["comment"].as_str().map(str::to_owned),
            created: json["created"].as_i64(),
        }))
    }

    fn json_of(&self, folder: &str, file: &str) -> Result<Option<Json>> {
        match self.files().read(&format!("{folder}/{file}")) {
            Ok(bytes) => {
                let json = serde_json::from_slice(&bytes);
                json.map(Some).map_err(|_| Error::runtime(format!("{folder}/{file} is broken: the table can't be read.")))
            }
            Err(error) if error.kind() == ErrorKind::FileNotFound => Ok(None),
            Err(error) => Err(error),
        }
    }
}

fn no_partitions(name: &str) -> Error {
    let text = format!("The partition command is invalid. Table {name} is not partitioned.");
    Error::analysis(text).with_condition("INVALID_PARTITION_OPERATION.PARTITION_SCHEMA_IS_EMPTY")
}

pub(crate) fn already(place: &TablePlace) -> Error {
    let text = format!(
        "Cannot create table or view `{}`.`{}` because it already exists. Choose a different name, drop or replace the existing object, or \
         add mode(\"append\") or mode(\"overwrite\").",
        place.database, place.name
    );
    Error::analysis(text).with_condition("TABLE_OR_VIEW_ALREADY_EXISTS")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::column::Column;
    use crate::types::DataType;
    use crate::value::Value;

    fn people(session: &Session, rows: &[(i64, &str)]) -> DataFrame {
        let schema = Schema::new(vec![Field::new("id", DataType::Long, true), Field::new("name", DataType::String, true)]);
        let rows: Vec<Vec<Value>> = rows.iter().map(|(id, name)| vec![Value::Long(*id), Value::from(*name)]).collect();
        session.create_dataframe(&rows, schema).expect("a frame")
    }

    fn parquet(mode: SaveMode) -> Save {
        Save { format: "parquet".into(), mode, ..Save::default() }
    }

    /// The conditions are those of Spark 4.3.
    #[test]
    fn tables_are_saved_read_and_dropped() {
        let session = Session::in_memory(2);
        let one = people(&session, &[(1, "a")]);
        let count = |name: &str| session.table(name).and_then(|t| t.count());
        one.save_as_table("People", &parquet(SaveMode::ErrorIfExists)).expect("saved");
        assert_eq!((session.saved_tables(), count("default.people")), (vec!["people".to_owned()], Ok(1)));
        let again = one.save_as_table("people", &parquet(SaveMode::ErrorIfExists)).expect_err("it is there");
        assert_eq!(again.condition(), Some("TABLE_OR_VIEW_ALREADY_EXISTS"));
        let turned = one.select(&[Column::name("name"), Column::name("id")]).expect("columns");
        turned.save_as_table("people", &parquet(SaveMode::Append)).expect("appended by name");
        assert_eq!(count("people"), Ok(2));
        let row = session.table("people").and_then(|t| t.collect()).expect("rows").remove(1);
        assert_eq!(row.values, [Value::Long(1), Value::from("a")]);
        one.insert_into("people", false).expect("inserted by place");
        one.insert_into("people", true).expect("in the place of all others");
        assert_eq!(count("people"), Ok(1));
        assert!(turned.insert_into("people", false).is_err());
        let narrow = one.select(&[Column::name("id")]).expect("a column");
        assert_eq!(
            narrow.insert_into("people", false).expect_err("one column").condition(),
            Some("INSERT_COLUMN_ARITY_MISMATCH.NOT_ENOUGH_DATA_COLUMNS")
        );
        assert_eq!(one.insert_into("nobody", false).expect_err("no table").condition(), Some("TABLE_OR_VIEW_NOT_FOUND"));
        // The view of a name hides the table.
        people(&session, &[]).create_or_replace_temp_view("people");
        assert_eq!(count("people"), Ok(0));
        session.drop_view("people");
        assert_eq!((session.drop_table("people"), session.drop_table("people")), (Ok(true), Ok(false)));
        assert!(session.files().list("/files/spark-warehouse").is_err());
    }

    #[test]
    fn a_table_keeps_its_format_and_folders() {
        let session = Session::in_memory(2);
        let options = vec![("header".to_owned(), "true".to_owned())];
        let save = Save { format: "csv".into(), mode: SaveMode::Overwrite, options, partition_by: vec!["id".into()], ..Save::default() };
        people(&session, &[(1, "a"), (2, "b")]).save_as_table("people", &save).expect("saved");
        let table = session.table("people").expect("a table");
        assert_eq!(table.schema().simple_string(), "struct<name:string,id:bigint>");
        table.insert_into("people", false).expect("inserted");
        assert_eq!(session.table("people").and_then(|t| t.count()), Ok(4));
        assert!(table.save_as_table("a.b.c", &save).is_err() && table.save_as_table("a b", &save).is_err());
    }

    /// The conditions are those of Spark 4.3.
    #[test]
    fn a_view_never_reads_itself() {
        let session = Session::in_memory(2);
        let sql = |text: &str| session.sql(text, &crate::sql::Parameters::default()).and_then(|frame| frame.collect());
        sql("CREATE VIEW a AS SELECT 1 AS x").expect("a view");
        sql("CREATE VIEW b AS SELECT x + 1 AS x FROM a").expect("a view of a view");
        let again = sql("CREATE OR REPLACE VIEW a AS SELECT * FROM b").expect_err("a circle");
        assert_eq!(again.condition(), Some("RECURSIVE_VIEW"));
        assert_eq!(sql("SELECT x FROM b").expect("as before")[0].values, [Value::Int(2)]);
    }

    #[test]
    fn a_table_may_lie_elsewhere() {
        let session = Session::in_memory(2);
        let sql = |text: &str| session.sql(text, &crate::sql::Parameters::default()).and_then(|frame| frame.collect());
        people(&session, &[(1, "a"), (2, "b")]).save("/files/there", &parquet(SaveMode::ErrorIfExists)).expect("written");
        sql("CREATE TABLE t USING parquet LOCATION '/files/there'").expect("a table of what is there");
        sql("INSERT INTO t VALUES (3, 'c')").expect("inserted");
        assert_eq!(sql("SELECT count(*) FROM t").expect("counted")[0].values, [Value::Long(3)]);
        assert_eq!(session.saved("t").map(|(_, _, saved)| saved), Some(Saved::Table { external: true }));
        sql("DROP TABLE t").expect("dropped");
        let left = crate::read::read_files(&session, "parquet", &["/files/there"], &[], None).and_then(|frame| frame.count());
        assert_eq!(left, Ok(3));
    }
}

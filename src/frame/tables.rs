//! Saved tables: folders of part files under `spark-warehouse`, each with a `_table.json` that says how to read them. They live among the
//! notebook's files, so they are there again when the notebook is.

use kindling_partition::{Error, ErrorKind, Result};
use serde_json::{Value as Json, json};

use crate::column::Column;
use crate::dataframe::DataFrame;
use crate::files::whole_path;
use crate::read::read_files;
use crate::save::{Save, SaveMode, below};
use crate::schema::{Schema, same_name};
use crate::session::Session;
use crate::types::DataType;

/// A table's own file; readers pass over its name.
const DESCRIPTION: &str = "_table.json";

/// How a table was saved.
struct Description {
    schema: Schema,
    format: String,
    options: Vec<(String, String)>,
    partition_by: Vec<String>,
}

impl Description {
    fn to_json(&self) -> Json {
        let options: serde_json::Map<String, Json> = self.options.iter().map(|(k, v)| (k.clone(), Json::from(v.as_str()))).collect();
        json!({"format": self.format, "schema": self.schema.to_json(), "options": options, "partitionBy": self.partition_by})
    }

    fn from_json(json: &Json) -> Result<Self> {
        let options = json["options"].as_object().into_iter().flatten();
        let texts = |list: &Json| list.as_array().into_iter().flatten().filter_map(|t| t.as_str().map(str::to_owned)).collect();
        Ok(Self {
            schema: Schema::from_json(&json["schema"])?,
            format: json["format"].as_str().unwrap_or("parquet").to_owned(),
            options: options.filter_map(|(k, v)| Some((k.clone(), v.as_str()?.to_owned()))).collect(),
            partition_by: texts(&json["partitionBy"]),
        })
    }
}

impl Session {
    /// The names of the saved tables, sorted.
    pub fn saved_tables(&self) -> Vec<String> {
        let folders = self.warehouse().and_then(|folder| self.files().list(&folder)).unwrap_or_default();
        let tables =
            folders.into_iter().filter(|f| f.path.ends_with('/') && self.files().read(&format!("{}{DESCRIPTION}", f.path)).is_ok());
        let mut names: Vec<String> = tables.map(|f| f.name.trim_end_matches('/').to_owned()).collect();
        names.sort();
        names
    }

    /// Forgets a saved table and its files; says whether there was one.
    ///
    /// # Errors
    /// A name that can't be a table's, a file that can't be removed.
    pub fn drop_table(&self, name: &str) -> Result<bool> {
        let folder = self.table_folder(name)?;
        if self.description(&folder)?.is_none() {
            return Ok(false);
        }
        below(&**self.files(), &folder)?.iter().try_for_each(|path| self.files().remove(path))?;
        Ok(true)
    }

    /// The frame of a saved table; none when there is no such table.
    pub(crate) fn saved_table(&self, name: &str) -> Result<Option<DataFrame>> {
        let Ok(folder) = self.table_folder(name) else { return Ok(None) };
        let Some(table) = self.description(&folder)? else { return Ok(None) };
        let options: Vec<(&str, &str)> = table.options.iter().map(|(k, v)| (k.as_str(), v.as_str())).collect();
        read_files(self, &table.format, &[&folder], &options, Some(&table.schema)).map(Some)
    }

    fn warehouse(&self) -> Result<String> {
        whole_path(&self.conf("spark.sql.warehouse.dir").unwrap_or_default())
    }

    /// Where a table's files are; its name may have the catalog's and the database's before it.
    fn table_folder(&self, name: &str) -> Result<String> {
        let plain = name.to_lowercase().replace('`', "");
        let plain = plain.strip_prefix("spark_catalog.").unwrap_or(&plain);
        let plain = plain.strip_prefix("default.").unwrap_or(plain);
        if plain.contains('.') {
            let text = format!("The schema of '{name}' cannot be found: there is one schema here, default.");
            return Err(Error::analysis(text).with_condition("SCHEMA_NOT_FOUND"));
        }
        if plain.is_empty() || !plain.chars().all(|c| c.is_ascii_alphanumeric() || c == '_') {
            let text = format!("`{name}` is not a valid name for tables or views: letters, digits and _ make one.");
            return Err(Error::analysis(text).with_condition("INVALID_SCHEMA_OR_RELATION_NAME"));
        }
        Ok(format!("{}/{plain}", self.warehouse()?))
    }

    fn description(&self, folder: &str) -> Result<Option<Description>> {
        match self.files().read(&format!("{folder}/{DESCRIPTION}")) {
            Ok(bytes) => {
                let json = serde_json::from_slice(&bytes);
                let json: Json = json.map_err(|_| Error::runtime(format!("{folder}/{DESCRIPTION} is broken: the table can't be read.")))?;
                Description::from_json(&json).map(Some)
            }
            Err(error) if error.kind() == ErrorKind::FileNotFound => Ok(None),
            Err(error) => Err(error),
        }
    }
}

impl DataFrame {
    /// `df.write.saveAsTable(name)`. With `append` the columns go by their names into the table that is there.
    ///
    /// # Errors
    /// `TABLE_OR_VIEW_ALREADY_EXISTS` by the mode, columns that don't fit the table, as [`save`](Self::save).
    pub fn save_as_table(&self, name: &str, save: &Save) -> Result<()> {
        let session = self.session();
        let folder = session.table_folder(name)?;
        match (session.description(&folder)?, save.mode) {
            (Some(_), SaveMode::Ignore) => Ok(()),
            (Some(_), SaveMode::ErrorIfExists) => {
                let text = format!(
                    "Cannot create table or view `default`.`{}` because it already exists. Choose a different name, drop or replace the existing \
                     object, or add mode(\"append\") or mode(\"overwrite\").",
                    folder.rsplit('/').next().unwrap_or(name)
                );
                Err(Error::analysis(text).with_condition("TABLE_OR_VIEW_ALREADY_EXISTS"))
            }
            (Some(table), SaveMode::Append) => {
                let missing = table.schema.iter().find(|f| self.schema().index_of(&f.name).is_err());
                if missing.is_some() || self.schema().len() != table.schema.len() {
                    let (own, theirs) = (self.schema().simple_string(), table.schema.simple_string());
                    let text = format!("The columns of the frame, {own}, are not those of the table {name}, {theirs}.");
                    return Err(Error::analysis(text).with_condition("_LEGACY_ERROR_TEMP_1159"));
                }
                let names: Vec<&str> = table.schema.names().collect();
                self.select(&names.iter().map(|n| Column::name(*n)).collect::<Vec<_>>())?.append_to(&folder, &table, SaveMode::Append)
            }
            (found, mode) => {
                let mode = if found.is_some() { SaveMode::Overwrite } else { mode };
                self.save(&folder, &Save { mode, ..save.clone() })?;
                let is_key = |name: &str| save.partition_by.iter().any(|key| same_name(key, name));
                let keys = save.partition_by.iter().filter_map(|key| self.schema().field(key).ok());
                let schema = self.schema().iter().filter(|f| !is_key(&f.name)).chain(keys).cloned().collect();
                let (format, options) = (save.format.clone(), save.options.clone());
                let table = Description { schema, format, options, partition_by: save.partition_by.clone() };
                session.files().write(&format!("{folder}/{DESCRIPTION}"), table.to_json().to_string().into_bytes())
            }
        }
    }

    /// `df.write.insertInto(name)`: the columns go by their places into the table that is there, cast to its types.
    ///
    /// # Errors
    /// `TABLE_OR_VIEW_NOT_FOUND`, `INSERT_COLUMN_ARITY_MISMATCH`, values that can't be cast, as [`save`](Self::save).
    pub fn insert_into(&self, name: &str, overwrite: bool) -> Result<()> {
        let session = self.session();
        let folder = session.table_folder(name)?;
        let Some(table) = session.description(&folder)? else {
            return session.table(name).and_then(|_| {
                Err(Error::analysis(format!("{name} is a view: rows can be inserted into saved tables only."))
                    .with_condition("UNSUPPORTED_INSERT.RDD_BASED"))
            });
        };
        let (given, wanted) = (self.schema().len(), table.schema.len());
        if given != wanted {
            let (condition, what) = if given < wanted {
                ("INSERT_COLUMN_ARITY_MISMATCH.NOT_ENOUGH_DATA_COLUMNS", "not enough data columns")
            } else {
                ("INSERT_COLUMN_ARITY_MISMATCH.TOO_MANY_DATA_COLUMNS", "too many data columns")
            };
            let names = |schema: &Schema| schema.names().map(|n| format!("`{n}`")).collect::<Vec<_>>().join(", ");
            let text = format!(
                "Cannot write to `spark_catalog`.`default`.`{name}`, the reason is {what}: Table columns: {}. Data columns: {}.",
                names(&table.schema),
                names(self.schema())
            );
            return Err(Error::analysis(text).with_condition(condition));
        }
        let mode = if overwrite { SaveMode::Overwrite } else { SaveMode::Append };
        self.append_to(&folder, &table, mode)
    }

    /// Writes rows into a table's folder: its columns by their places, cast to its types.
    fn append_to(&self, folder: &str, table: &Description, mode: SaveMode) -> Result<()> {
        // Positions as names, for the frame may have two columns of one name.
        let places: Vec<String> = (0..table.schema.len()).map(|i| format!("_{i}")).collect();
        let placed = self.to_df(&places.iter().map(String::as_str).collect::<Vec<_>>())?;
        if let Some((from, to)) =
            self.schema().iter().zip(table.schema.iter()).find(|(from, to)| !can_store(&from.data_type, &to.data_type))
        {
            let text = format!(
                "Cannot write incompatible data for the table: Cannot safely cast `{}` \"{}\" to \"{}\".",
                to.name,
                from.data_type.sql(),
                to.data_type.sql()
            );
            return Err(Error::analysis(text).with_condition("INCOMPATIBLE_DATA_FOR_TABLE.CANNOT_SAFELY_CAST"));
        }
        let casts = places.iter().zip(table.schema.iter()).map(|(place, f)| {
            let column = Column::name(place.as_str());
            let own = placed.schema().field(place).map(|f| f.data_type.clone());
            let column = if own.as_ref() == Ok(&f.data_type) { column } else { column.cast(f.data_type.clone()) };
            column.alias(f.name.clone())
        });
        let rows = placed.select(&casts.collect::<Vec<_>>())?;
        let (format, options) = (table.format.clone(), table.options.clone());
        rows.save(folder, &Save { format, mode, options, partition_by: table.partition_by.clone() })?;
        self.session().files().write(&format!("{folder}/{DESCRIPTION}"), table.to_json().to_string().into_bytes())
    }
}

/// Whether values of a type go into a column of another without being asked for (`Cast.canANSIStoreAssign`): texts are not read, and
/// numbers, truths and times are not taken for one another.
fn can_store(from: &DataType, to: &DataType) -> bool {
    use DataType as T;
    let time = |t: &T| matches!(t, T::Date | T::Timestamp | T::TimestampNtz);
    match (from, to) {
        (from, to) if from == to => true,
        (T::Null, _) => true,
        (from, T::String) => !matches!(from, T::Array(..) | T::Map(..) | T::Struct(_) | T::Vector | T::Binary),
        (T::Array(a, _), T::Array(b, _)) => can_store(a, b),
        (T::Map(a, b, _), T::Map(c, d, _)) => can_store(a, c) && can_store(b, d),
        (T::Struct(a), T::Struct(b)) => a.len() == b.len() && a.iter().zip(b).all(|(a, b)| can_store(&a.data_type, &b.data_type)),
        (from, to) => from.is_numeric() && to.is_numeric() || time(from) && time(to) || crate::coerce::same_layout(from, to),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::types::{DataType, Field};
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
        let save = Save { format: "csv".into(), mode: SaveMode::Overwrite, options, partition_by: vec!["id".into()] };
        people(&session, &[(1, "a"), (2, "b")]).save_as_table("people", &save).expect("saved");
        let table = session.table("people").expect("a table");
        assert_eq!(table.schema().simple_string(), "struct<name:string,id:bigint>");
        table.insert_into("people", false).expect("inserted");
        assert_eq!(session.table("people").and_then(|t| t.count()), Ok(4));
        assert!(table.save_as_table("a.b.c", &save).is_err() && table.save_as_table("a b", &save).is_err());
    }
}

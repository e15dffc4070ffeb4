//! Rows that go into saved tables: `df.write.saveAsTable`, `df.write.insertInto`.

use kindling_partition::{Error, Result};

use crate::column::Column;
use crate::dataframe::DataFrame;
use crate::files::whole_path;
use crate::save::{Save, SaveMode};
use crate::tables::{DESCRIPTION, Description, already};
use crate::types::DataType;

/// What rows that are inserted take the place of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Overwrite {
    Nothing,
    All,
    /// What is in a folder of the table, `/year=2024`; `whole` when it is named after all of the folders' columns.
    Below {
        folder: String,
        whole: bool,
    },
}

/// Rows of more or fewer columns than a table takes.
pub(crate) struct Arity<'a> {
    pub table: &'a str,
    pub few: bool,
    pub wanted: Vec<&'a str>,
    pub given: Vec<String>,
}

impl Arity<'_> {
    pub const FEW: &'static str = "INSERT_COLUMN_ARITY_MISMATCH.NOT_ENOUGH_DATA_COLUMNS";
    pub const MANY: &'static str = "INSERT_COLUMN_ARITY_MISMATCH.TOO_MANY_DATA_COLUMNS";

    pub fn error(&self, condition: &'static str) -> Error {
        let list = |names: &mut dyn Iterator<Item = &str>| names.map(|n| format!("`{n}`")).collect::<Vec<_>>().join(", ");
        let text = format!(
            "Cannot write to {}, the reason is {}: Table columns: {}. Data columns: {}.",
            self.table,
            if self.few { "not enough data columns" } else { "too many data columns" },
            list(&mut self.wanted.iter().copied()),
            list(&mut self.given.iter().map(String::as_str))
        );
        Error::analysis(text).with_condition(condition)
    }
}

impl DataFrame {
    /// `df.write.saveAsTable(name)`. With `append` the columns go by their names into the table that is there.
    ///
    /// # Errors
    /// `TABLE_OR_VIEW_ALREADY_EXISTS` by the mode, columns that don't fit the table, as [`save`](Self::save).
    pub fn save_as_table(&self, name: &str, save: &Save) -> Result<()> {
        let session = self.session();
        let place = session.place_of(name)?;
        if session.saved_view(&place.folder)?.is_some() {
            return Err(already(&place));
        }
        match (session.description(&place.folder)?, save.mode) {
            (Some(_), SaveMode::Ignore) => Ok(()),
            (Some(_), SaveMode::ErrorIfExists) => Err(already(&place)),
            (Some(table), SaveMode::Append) => {
                if !save.format.eq_ignore_ascii_case(&table.format) {
                    let text = format!(
                        "The format of the existing table {name} is `{}`. It doesn't match the specified format `{}`: write \
                         df.write.format(\"{0}\").mode(\"append\").saveAsTable(…), or df.write.insertInto(…).",
                        table.format, save.format
                    );
                    return Err(Error::analysis(text).with_condition("_LEGACY_ERROR_TEMP_1159"));
                }
                let (own, theirs) = (self.schema(), &table.schema);
                if own.len() != theirs.len() {
                    let text = format!(
                        "The column number of the existing table {name} ({}) doesn't match the data schema ({}).",
                        theirs.simple_string(),
                        own.simple_string()
                    );
                    return Err(Error::analysis(text).with_condition("_LEGACY_ERROR_TEMP_1161"));
                }
                if let Some(missing) = theirs.iter().find(|f| own.index_of(&f.name).is_err()) {
                    let given: Vec<&str> = own.names().collect();
                    let text = format!("Cannot resolve '{}' given input columns: [{}].", missing.name, given.join(", "));
                    return Err(Error::analysis(text).with_condition("_LEGACY_ERROR_TEMP_1162"));
                }
                let names: Vec<&str> = table.schema.names().collect();
                self.select(&names.iter().map(|n| Column::name(*n)).collect::<Vec<_>>())?.append_to(
                    &place.folder,
                    &table,
                    Overwrite::Nothing,
                )?;
                session.refresh_table(name)
            }
            (found, mode) => {
                let mode = if found.is_some() { SaveMode::Overwrite } else { mode };
                let location = save.location.as_deref().map(whole_path).transpose()?;
                self.save(location.as_deref().unwrap_or(&place.folder), &Save { mode, ..save.clone() })?;
                session.describe_at(&place, self.schema(), save, location)?;
                session.refresh_table(name)
            }
        }
    }

    /// `df.write.insertInto(name)`: the columns go by their places into the table that is there, cast to its types.
    ///
    /// # Errors
    /// `TABLE_OR_VIEW_NOT_FOUND`, `INSERT_COLUMN_ARITY_MISMATCH`, values that can't be cast, as [`save`](Self::save).
    pub fn insert_into(&self, name: &str, overwrite: bool) -> Result<()> {
        let table = self.session().table_to_change(name, "INSERT")?;
        let (given, wanted) = (self.schema().len(), table.schema.len());
        if given != wanted {
            let few = given < wanted;
            let arity = Arity { table: name, few, wanted: table.schema.names().collect(), given: self.columns() };
            return Err(arity.error(if few { Arity::FEW } else { Arity::MANY }));
        }
        self.insert_rows(name, if overwrite { Overwrite::All } else { Overwrite::Nothing })
    }

    /// As [`insert_into`](Self::insert_into), of rows with as many columns as the table.
    pub(crate) fn insert_rows(&self, name: &str, overwrite: Overwrite) -> Result<()> {
        let session = self.session();
        let table = session.table_to_change(name, "INSERT")?;
        self.append_to(&session.place_of(name)?.folder, &table, overwrite)?;
        session.refresh_table(name)
    }

    /// Writes rows into a table's folder: its columns by their places, cast to its types.
    fn append_to(&self, folder: &str, table: &Description, overwrite: Overwrite) -> Result<()> {
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
            let column = match f.declared().filter(|_| !crate::widths::are_strings()) {
                Some(declared) => Column::call(crate::widths::FIT, [column, Column::lit(declared.to_string())]),
                None => column,
            };
            // A writer must know which members of a record may not be left out.
            match f.older_default() {
                Some(_) => column.alias_with_metadata(f.name.clone(), f.metadata.clone().unwrap_or_default()),
                None => column.alias(f.name.clone()),
            }
        });
        let rows = placed.select(&casts.collect::<Vec<_>>())?;
        let (format, mut options) = (table.format.clone(), table.options.clone());
        let mode = if overwrite == Overwrite::Nothing { SaveMode::Append } else { SaveMode::Overwrite };
        let below = match overwrite {
            Overwrite::Below { folder, whole } => {
                if whole {
                    options.push(("partitionOverwriteMode".to_owned(), "static".to_owned()));
                }
                Some(folder)
            }
            _ => None,
        };
        let save = Save { format, mode, options, partition_by: table.partition_by.clone(), below, ..Save::default() };
        rows.save(table.location.as_deref().unwrap_or(folder), &save)?;
        let json = Description { statistics: None, ..table.clone() }.to_json();
        self.session().files().write(&format!("{folder}/{DESCRIPTION}"), json.to_string().into_bytes())
    }
}

/// Whether values of a type go into a column of another without being asked for (`Cast.canANSIStoreAssign`): texts are not read, and
/// numbers, truths and times are not taken for one another.
pub(crate) fn can_store(from: &DataType, to: &DataType) -> bool {
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

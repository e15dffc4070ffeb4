//! `SHOW CREATE TABLE`: a saved table or view as the statement that makes it once more.

use kindling_partition::{Error, Result};

use crate::session::Session;
use crate::types::{DataType, Field, in_sql};

impl Session {
    /// The statement that makes a saved table or view once more.
    ///
    /// # Errors
    /// `TABLE_OR_VIEW_NOT_FOUND`
    pub fn create_statement(&self, name: &str) -> Result<String> {
        let place = self.place_of(name)?;
        let whole = format!("spark_catalog.{}.{}", place.database, place.name);
        let quoted = |text: &str| format!("'{}'", text.replace('\\', "\\\\").replace('\'', "\\'"));
        let list = |pairs: &[(String, String)]| {
            let mut pairs: Vec<String> = pairs.iter().map(|(key, value)| format!("  {} = {}", quoted(key), quoted(value))).collect();
            pairs.sort();
            pairs.join(",\n")
        };
        if let Some(view) = self.saved_view(&place.folder)? {
            let columns: Vec<String> =
                self.table(name)?.schema().iter().map(|f| format!("  {}{}", in_sql(&f.name), commented(f))).collect();
            let mut text = format!("CREATE VIEW {}.{} (\n{})\n", place.database, place.name, columns.join(",\n"));
            if let Some(comment) = &view.comment {
                text.push_str(&format!("COMMENT {}\n", quoted(comment)));
            }
            if !view.properties.is_empty() {
                text.push_str(&format!("TBLPROPERTIES (\n{})\n", list(&view.properties)));
            }
            return Ok(format!("{text}WITH SCHEMA COMPENSATION\nAS {}\n", view.query));
        }
        let Some(table) = self.description(&place.folder)? else {
            self.table(name)?;
            return Err(Error::unsupported(format!("The temporary view {name} has no statement that makes it.")));
        };
        let columns = table.schema.iter().map(|f| {
            let declared = f.declared().unwrap_or_else(|| f.data_type.clone());
            let default = f.default().map(|text| format!(" DEFAULT {text}")).unwrap_or_default();
            format!("  {} {}{default}{}", in_sql(&f.name), collated(&declared), commented(f))
        });
        let mut text = format!("CREATE TABLE {whole} (\n{})\nUSING {}", columns.collect::<Vec<_>>().join(",\n"), table.format);
        if !table.options.is_empty() {
            text.push_str(&format!("\nOPTIONS (\n{})", list(&table.options)));
        }
        if !table.partition_by.is_empty() {
            text.push_str(&format!("\nPARTITIONED BY ({})", table.partition_by.join(", ")));
        }
        if let Some(location) = &table.location {
            text.push_str(&format!("\nLOCATION 'file:{location}'"));
        }
        if let Some(comment) = &table.comment {
            text.push_str(&format!("\nCOMMENT {}", quoted(comment)));
        }
        if !table.properties.is_empty() {
            text.push_str(&format!("\nTBLPROPERTIES (\n{})", list(&table.properties)));
        }
        Ok(text + "\n")
    }
}

fn commented(field: &Field) -> String {
    field.comment().map(|text| format!(" COMMENT '{}'", text.replace('\'', "\\'"))).unwrap_or_default()
}

/// The type in SQL text, with the collation of its strings.
fn collated(data_type: &DataType) -> String {
    match data_type {
        DataType::String | DataType::Char(_) | DataType::Varchar(_) => format!("{} COLLATE UTF8_BINARY", data_type.sql()),
        DataType::Array(element, _) => format!("ARRAY<{}>", collated(element)),
        DataType::Map(key, value, _) => format!("MAP<{}, {}>", collated(key), collated(value)),
        DataType::Struct(fields) => {
            let fields: Vec<String> = fields.iter().map(|f| format!("{}: {}", in_sql(&f.name), collated(&f.data_type))).collect();
            format!("STRUCT<{}>", fields.join(", "))
        }
        other => other.sql(),
    }
}

use kindling_frame::{DataType, Field, Save, SaveMode, Schema, Session, Value, below, whole_path};
use kindling_partition::{Error, ErrorKind, Result};

use super::metadata::line;
use super::saved::{Saved, SavedTable, never};
use super::{Saving, layout};
use crate::stage::Stage;

/// How a stage is saved.
#[derive(Clone, Debug, Default)]
pub struct SaveOptions {
    /// Whether what is at the path goes first.
    pub overwrite: bool,
    /// Milliseconds since the Unix epoch, for the metadata.
    pub timestamp: i64,
    /// Whether a tuned model's other models are saved too; when not said, those that it has.
    pub sub_models: Option<bool>,
}

/// A folder before it is written.
struct Folder {
    path: String,
    /// The folders of single lines, and the lines.
    lines: Vec<(&'static str, String)>,
    tables: Vec<SavedTable>,
}

/// Writes a stage and the stages inside it into a folder. Whatever can fail in the stages themselves fails before anything changes.
///
/// # Errors
/// When the path exists and `overwrite` is off, when a stage can't be saved, and when a file can't be written.
pub fn save(session: &Session, stage: &Stage, path: &str, options: &SaveOptions) -> Result<()> {
    let path = whole_path(path)?;
    let store = &**session.files();
    let there = below(store, &path)?;
    if !there.is_empty() && !options.overwrite {
        return Err(Error::new(
            ErrorKind::Runtime,
            format!(
                "Path {path} already exists. To overwrite it, please use write.overwrite().save(path) for Scala and use \
                 write().overwrite().save(path) for Java and Python."
            ),
        ));
    }
    let mut folders = Vec::new();
    gather(stage, &path, options, &mut folders)?;
    there.iter().try_for_each(|file| store.remove(file))?;
    for folder in folders {
        for (place, text) in folder.lines {
            let line: Schema = [Field::new("value", DataType::String, true)].into_iter().collect();
            write(session, &format!("{}/{place}", folder.path), "text", line, &[vec![Value::from(text)]])?;
        }
        for table in folder.tables {
            let rows = table.rows.iter().map(|row| {
                let cells = table.schema.iter().zip(row).map(|(field, value)| layout::cell(&field.data_type, value));
                cells.collect::<Result<Vec<_>>>()
            });
            write(
                session,
                &format!("{}/{}", folder.path, table.folder),
                "parquet",
                table.schema.clone(),
                &rows.collect::<Result<Vec<_>>>()?,
            )?;
        }
    }
    Ok(())
}

/// One file of rows in a folder.
fn write(session: &Session, folder: &str, format: &str, schema: Schema, rows: &[Vec<Value>]) -> Result<()> {
    let frame = session.create_dataframe(rows, schema)?.coalesce(1)?;
    frame.save(folder, &Save { format: format.to_owned(), mode: SaveMode::Overwrite, ..Save::default() })
}

/// The folders of a stage and of all stages inside it.
fn gather(stage: &Stage, path: &str, options: &SaveOptions, folders: &mut Vec<Folder>) -> Result<()> {
    let params = stage.params();
    let saved = match params.decl().saving {
        Saving::Never => return Err(never(params.decl())),
        Saving::Params => Saved::default(),
        Saving::Around { save, .. } => save(&params)?,
        Saving::Model(_) => stage.model()?.saved()?,
    };
    let saved = with_sub_models(saved, options)?;
    let mut lines = vec![("metadata", line(&params, &saved, options.timestamp))];
    lines.extend(saved.lines.iter().cloned());
    folders.push(Folder { path: path.to_owned(), lines, tables: saved.tables });
    saved.stages.iter().try_for_each(|(folder, inner)| gather(inner, &format!("{path}/{folder}"), options, folders))
}

/// A tuned model keeps the models of each fold and map when it has them, unless the writer says otherwise.
fn with_sub_models(mut saved: Saved, options: &SaveOptions) -> Result<Saved> {
    let (Some(wanted), Some(field)) = (options.sub_models, saved.fields.iter_mut().find(|(name, _)| *name == "persistSubModels")) else {
        return Ok(saved);
    };
    if wanted && field.1 == false {
        return Err(Error::illegal_argument(
            "requirement failed: persisting tuning models can only be set to true if sub-models were collected: fit with collectSubModels=True.",
        ));
    }
    field.1 = wanted.into();
    saved.stages.retain(|(folder, _)| wanted || !folder.starts_with("subModels/"));
    Ok(saved)
}

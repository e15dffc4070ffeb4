use kindling_frame::{Session, below, whole_path};
use kindling_partition::Result;

use super::saved::never;
use super::{Saving, Stored, metadata};
use crate::stage::{Stage, StageDecl};

/// The stage that was saved at a path, which must be of the expected class.
///
/// # Errors
/// `PATH_NOT_FOUND`, another class, a class that Kindling doesn't have, files that aren't whole.
pub fn load(session: &Session, path: &str, expected: Option<&'static StageDecl>) -> Result<Stage> {
    let path = whole_path(path)?;
    let fields = metadata::read(session, &path)?;
    let decl = metadata::class(&fields, expected)?;
    let params = metadata::params(&fields, decl)?;
    let stored = Stored { session, path: &path, metadata: &fields };
    Ok(match decl.saving {
        Saving::Never => return Err(never(decl)),
        Saving::Params => Stage::from_params(params),
        Saving::Around { load, .. } => Stage::from_params(load(params, &stored)?),
        Saving::Model(saving) => Stage::from_model((saving.load)(params, &stored)?),
    })
}

/// Whether Python wrote the stage at a path, which it does when one inside it is a class of a program.
///
/// # Errors
/// `PATH_NOT_FOUND`, and a file that is no metadata.
pub fn is_of_python(session: &Session, path: &str) -> Result<bool> {
    let fields = metadata::read(session, &whole_path(path)?)?;
    Ok(!fields.get("class").and_then(|class| class.as_str()).is_some_and(|class| class.starts_with("org.apache.spark.")))
}

/// Removes a folder and all that is in it.
///
/// # Errors
/// When the path is wrong, or a file can't be removed.
pub fn remove_folder(session: &Session, path: &str) -> Result<()> {
    let store = &**session.files();
    below(store, &whole_path(path)?)?.iter().try_for_each(|file| store.remove(file))
}

use kindling_frame::{Session, whole_path};
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

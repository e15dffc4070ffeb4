//! The line of JSON that says what a folder holds.

use std::sync::Arc;

use kindling_frame::Session;
use kindling_partition::{Error, ErrorKind, Result};
use serde_json::{Map, Value as Json};

use super::json::{decode, encode};
use super::saved::Saved;
use crate::feature::{COLUMN_PRUNER, VECTOR_ATTRIBUTE_REWRITER};
use crate::find;
use crate::param::Params;
use crate::stage::StageDecl;

/// The name of Spark's class.
pub(super) fn java_class(decl: &StageDecl) -> String {
    if decl.is_of_other_package() {
        return format!("{}.estimator.{}", decl.module, decl.name);
    }
    let module = if decl.module.is_empty() { String::new() } else { format!("{}.", decl.module) };
    format!("org.apache.spark.ml.{module}{}", decl.name)
}

/// The line for these params, with what the stage adds.
pub(crate) fn line(params: &Params, saved: &Saved, timestamp: i64) -> String {
    let mut set: Map<String, Json> = saved.params.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect();
    set.extend(params.set_values().filter_map(|(name, value)| Some((name.to_owned(), encode(value)?))));
    let defaults = params.decl().params.iter();
    let defaults: Map<String, Json> =
        defaults.filter_map(|decl| Some((decl.name.to_owned(), encode(&params.default_of(decl.name)?)?))).collect();
    let mut metadata = Map::new();
    let own: [(&str, Json); 6] = [
        ("class", java_class(params.decl()).into()),
        ("timestamp", timestamp.into()),
        ("sparkVersion", "4.3.0".into()),
        ("uid", (&**params.uid()).into()),
        ("paramMap", set.into()),
        ("defaultParamMap", defaults.into()),
    ];
    let fields = own.into_iter().chain(saved.fields.iter().cloned());
    metadata.extend(fields.map(|(name, value)| (name.to_owned(), value)));
    let line = Json::Object(metadata).to_string();
    // Python's own writer knows NaN.
    if params.decl().is_of_other_package() { line.replace(":\"NaN\"", ":NaN") } else { line }
}

/// What the line of a folder says.
///
/// # Errors
/// `PATH_NOT_FOUND`, and when the file has no such line.
pub(super) fn read(session: &Session, path: &str) -> Result<Map<String, Json>> {
    let (store, folder) = (session.files(), format!("{path}/metadata"));
    let missing = |_| Error::new(ErrorKind::FileNotFound, format!("Path does not exist: {folder}.")).with_condition("PATH_NOT_FOUND");
    let entries = store.list(&folder).map_err(missing)?;
    let part = entries.iter().find(|entry| !entry.name.starts_with(['_', '.']) && entry.size > 0);
    let bytes = part.map(|part| store.read(&part.path)).transpose()?.unwrap_or_default();
    let line = bytes.split(|byte| *byte == b'\n').next().unwrap_or_default();
    // Python writes NaN, which is no JSON.
    let text = String::from_utf8_lossy(line);
    let text = if text.contains("NaN") { text.replace(": NaN", ":NaN").replace(":NaN", ":\"NaN\"").into() } else { text };
    match serde_json::from_str(&text) {
        Ok(Json::Object(metadata)) => Ok(metadata),
        _ => Err(Error::runtime(format!("{folder} holds no saved stage: its file has no line of JSON."))),
    }
}

/// The declared class that a folder holds.
///
/// # Errors
/// When it is another than the expected one, or one that Kindling doesn't have.
pub(super) fn class(metadata: &Map<String, Json>, expected: Option<&'static StageDecl>) -> Result<&'static StageDecl> {
    let found = metadata.get("class").and_then(Json::as_str).unwrap_or_default();
    let decl = found.rsplit('.').next().and_then(|name| find(name).or_else(|| inner(name)));
    if let Some(expected) = expected
        && !decl.is_some_and(|decl| std::ptr::eq(decl, expected))
    {
        let wanted = java_class(expected);
        return Err(Error::illegal_argument(format!(
            "requirement failed: Error loading metadata: Expected class name {wanted} but found class name {found}"
        )));
    }
    decl.ok_or_else(|| Error::unsupported(format!("Kindling doesn't have the class {found} that is saved here.")))
}

/// Classes that only saved stages name.
fn inner(name: &str) -> Option<&'static StageDecl> {
    [&COLUMN_PRUNER, &VECTOR_ATTRIBUTE_REWRITER].into_iter().find(|decl| decl.name == name)
}

/// The params of a folder's stage. Those that this class doesn't have are passed over, and so are defaults: as in Python, the class has its own.
///
/// # Errors
/// When a value is of a wrong type.
pub(super) fn params(metadata: &Map<String, Json>, decl: &'static StageDecl) -> Result<Params> {
    let uid: Arc<str> = metadata.get("uid").and_then(Json::as_str).unwrap_or(decl.name).into();
    let mut params = Params::loaded(decl, uid);
    for (name, json) in metadata.get("paramMap").and_then(Json::as_object).into_iter().flatten() {
        if let Some(param) = decl.param(name).filter(|param| !param.kind.is_inner()) {
            params.set(param.name, decode(param.kind, json)?)?;
        }
    }
    Ok(params)
}

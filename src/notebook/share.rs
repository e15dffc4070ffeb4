//! A notebook in the fragment of a link: `k1.DATA.CHECK`, where DATA is base64url of deflate-raw of JSON and CHECK the CRC-32 of the JSON.
//!
//! Only what a reader would type travels: the title, and each cell's kind and source. Nothing that a link carries can configure anything.

use std::io::{Read, Write};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use flate2::Compression;
use flate2::read::DeflateDecoder;
use flate2::write::DeflateEncoder;
use kindling_partition::{Error, Result};
use serde::{Deserialize, Serialize};

use crate::{Cell, CellKind, Notebook};

/// The longest fragment, in characters: longer links get lost in mail and chat programs.
pub const MAX_ENCODED: usize = 64 * 1024;
/// The most that a fragment may inflate to, in bytes.
pub const MAX_INFLATED: usize = 1024 * 1024;

const VERSION: &str = "k1";

/// What travels. Cells are pairs to keep links short.
#[derive(Serialize, Deserialize)]
struct Payload {
    #[serde(rename = "t", default, skip_serializing_if = "String::is_empty")]
    title: String,
    #[serde(rename = "c")]
    cells: Vec<(Kind, String)>,
}

#[derive(Serialize, Deserialize)]
enum Kind {
    #[serde(rename = "c")]
    Code,
    #[serde(rename = "m")]
    Markdown,
    #[serde(rename = "r")]
    Raw,
}

/// The fragment, without `#`, that carries the notebook's source. It may be longer than [`MAX_ENCODED`]: then it is no link, and the page
/// offers a file.
pub fn encode_link(notebook: &Notebook) -> String {
    let cells = notebook.cells.iter().map(|cell| {
        let kind = match cell.kind {
            CellKind::Code => Kind::Code,
            CellKind::Markdown => Kind::Markdown,
            CellKind::Raw => Kind::Raw,
        };
        (kind, cell.source.clone())
    });
    let payload = Payload { title: notebook.title.clone(), cells: cells.collect() };
    let json = serde_json::to_vec(&payload).unwrap_or_default();
    let mut encoder = DeflateEncoder::new(Vec::new(), Compression::best());
    let deflated = encoder.write_all(&json).and_then(|()| encoder.finish()).unwrap_or_default();
    format!("{VERSION}.{}.{:08x}", URL_SAFE_NO_PAD.encode(deflated), crc32fast::hash(&json))
}

/// The notebook that a fragment (with or without `#`) carries.
///
/// # Errors
/// A sentence for the reader of the link: too long, another version, cut off, damaged, or too large when inflated. Never reads further
/// than the limits.
pub fn decode_link(fragment: &str) -> Result<Notebook> {
    let fragment = fragment.strip_prefix('#').unwrap_or(fragment);
    if fragment.len() > MAX_ENCODED {
        return Err(refuse(
            "This link is too long to be a notebook: links carry at most 65,536 characters. Ask for the notebook as a file.",
        ));
    }
    let mut parts = fragment.split('.');
    match parts.next() {
        Some(VERSION) => {}
        Some(version) if is_version(version) => {
            return Err(refuse(
                "This link was made by a newer Kindling than this one. Reload the page, or ask for the notebook as a file.",
            ));
        }
        _ => return Err(refuse("This link carries no notebook that Kindling can read.")),
    }
    let (Some(data), Some(check), None) = (parts.next(), parts.next(), parts.next()) else {
        return Err(refuse("This link was cut off on its way. Ask for it again, or for the notebook as a file."));
    };
    let check = Some(check).filter(|check| check.len() == 8).and_then(|check| u32::from_str_radix(check, 16).ok());
    let (Some(check), Ok(deflated)) = (check, URL_SAFE_NO_PAD.decode(data)) else {
        return Err(damaged());
    };
    let json = inflate(&deflated)?;
    if crc32fast::hash(&json) != check {
        return Err(damaged());
    }
    let payload: Payload = serde_json::from_slice(&json).map_err(|_| damaged())?;
    let cells = payload.cells.into_iter().map(|(kind, source)| {
        let kind = match kind {
            Kind::Code => CellKind::Code,
            Kind::Markdown => CellKind::Markdown,
            Kind::Raw => CellKind::Raw,
        };
        Cell::new(kind, source)
    });
    Ok(Notebook { title: payload.title, ..Notebook::new(cells.collect()) })
}

/// Inflates no further than the limit, however much more the data would give.
fn inflate(deflated: &[u8]) -> Result<Vec<u8>> {
    let mut json = Vec::new();
    let mut decoder = DeflateDecoder::new(deflated).take(MAX_INFLATED as u64 + 1);
    decoder.read_to_end(&mut json).map_err(|_| damaged())?;
    if json.len() > MAX_INFLATED {
        return Err(refuse("The notebook in this link is larger than 1 MiB, which is more than a link may carry. Ask for it as a file."));
    }
    if decoder.into_inner().total_in() != deflated.len() as u64 {
        return Err(damaged());
    }
    Ok(json)
}

fn is_version(text: &str) -> bool {
    text.strip_prefix('k').is_some_and(|number| (1..=6).contains(&number.len()) && number.bytes().all(|byte| byte.is_ascii_digit()))
}

fn damaged() -> Error {
    refuse("This link was damaged on its way: its checksum doesn't match. Ask for it again, or for the notebook as a file.")
}

fn refuse(message: &str) -> Error {
    Error::value_error(message)
}

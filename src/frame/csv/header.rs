//! The names of columns.

use kindling_partition::{Error, Result};

use super::fields::{CarefulReader, Text};
use super::index::Index;
use super::options::CsvOptions;
use crate::schema::Schema;

/// The fields of a file's first record; none where a field is null.
pub(super) fn first_record(data: &[u8], index: &Index, options: &CsvOptions) -> Vec<Option<String>> {
    let mut fields = Vec::new();
    if index.first.is_empty() {
        return fields;
    }
    let mut reader = CarefulReader::new(data, options, index.first.start);
    reader.record(|_, text| {
        let (bytes, quoted) = match text {
            Text::Plain(range) => (&data[range], false),
            Text::Quoted(range) => (&data[range], true),
            Text::Unescaped(bytes) => (bytes, true),
        };
        let text = String::from_utf8_lossy(bytes).into_owned();
        let text = if quoted && text.is_empty() { options.empty_value.clone() } else { text };
        let null = text == options.null_value || (!quoted && text.is_empty());
        fields.push((!null).then_some(text));
    });
    fields
}

/// The names that a header's fields give: `_c0` where there is none, a name that comes twice (in any case) with its position behind it.
pub(super) fn safe_names(fields: &[Option<String>], header: bool) -> Vec<String> {
    let lower: Vec<Option<String>> = fields.iter().map(|f| f.as_ref().map(|f| f.to_lowercase())).collect();
    let name = |(i, field): (usize, &Option<String>)| match field {
        Some(name) if header && !name.is_empty() => {
            let twice = lower.iter().filter(|other| **other == lower[i]).count() > 1;
            if twice { format!("{name}{i}") } else { name.clone() }
        }
        _ => format!("_c{i}"),
    };
    fields.iter().enumerate().map(name).collect()
}

/// With `enforceSchema` off: the header must name the columns of the schema, in any case.
///
/// # Errors
/// When it names others.
pub(super) fn check_header(path: &str, fields: &[Option<String>], schema: &Schema) -> Result<()> {
    let header: Vec<&str> = fields.iter().map(|f| f.as_deref().unwrap_or_default()).collect();
    let names: Vec<&str> = schema.names().collect();
    let fits = header.len() == names.len() && header.iter().zip(&names).all(|(a, b)| a.to_lowercase() == b.to_lowercase());
    if fits {
        return Ok(());
    }
    let text = format!("expected the schema's columns {} in the header, found {}.", names.join(", "), header.join(", "));
    Err(Error::illegal_argument(text).at(path, 1, 1))
}

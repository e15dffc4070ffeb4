//! Jupyter's `.ipynb`: nbformat 4 of any minor in, 4.5 out.

use kindling_partition::{Error, Result};
use serde_json::{Map, Value, json};

use crate::mime::{bundle, error_output, lines, text_of, unbundle};
use crate::{Cell, CellKind, Notebook, Shown, StreamName, Traceback, ids};

/// Reads a notebook file. Metadata of any program is kept; what is missing gets its default; cells without ids get some.
///
/// # Errors
/// The text is no JSON (with line and column), no notebook, or one of another major format.
pub fn from_ipynb(text: &str) -> Result<Notebook> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    if text.trim().is_empty() {
        return Err(Error::value_error("The file is empty: there is no notebook in it."));
    }
    let file: Value = serde_json::from_str(text).map_err(|error| {
        let (line, column) = (error.line(), error.column());
        Error::value_error(format!("The file is no notebook: its JSON breaks off or is wrong at line {line}, column {column}."))
    })?;
    let Value::Object(mut file) = file else { return Err(not_a_notebook("it holds no JSON object")) };
    match file.get("nbformat").and_then(Value::as_u64) {
        Some(4) => {}
        Some(old @ 1..=3) => {
            return Err(Error::value_error(format!(
                "This notebook has format {old}; Kindling reads format 4. `jupyter nbconvert --to notebook` converts it."
            )));
        }
        Some(new) => {
            return Err(Error::value_error(format!("This notebook has format {new}, which Kindling doesn't know; it reads format 4.")));
        }
        None => return Err(not_a_notebook("it has no number `nbformat`")),
    }
    let Some(Value::Array(cells)) = file.remove("cells") else { return Err(not_a_notebook("it has no list `cells`")) };
    let mut cells = cells.into_iter().enumerate().map(|(i, cell)| read_cell(i + 1, cell)).collect::<Result<Vec<Cell>>>()?;
    ids::complete(&mut cells);
    let mut metadata = object(file.remove("metadata"));
    let title = match metadata.shift_remove("title") {
        Some(Value::String(title)) => title,
        _ => String::new(),
    };
    Ok(Notebook { title, cells, metadata })
}

/// Writes the notebook as nbformat 4.5, indented by one space as Jupyter does.
pub fn to_ipynb(notebook: &Notebook) -> String {
    let mut cells = notebook.cells.clone();
    ids::complete(&mut cells);
    let mut metadata = notebook.metadata.clone();
    metadata.entry("kernelspec").or_insert_with(|| json!({ "display_name": "Python 3", "language": "python", "name": "python3" }));
    metadata.entry("language_info").or_insert_with(|| json!({ "name": "python", "file_extension": ".py", "mimetype": "text/x-python" }));
    if !notebook.title.is_empty() {
        metadata.insert("title".into(), notebook.title.clone().into());
    }
    let cells: Vec<Value> = cells.into_iter().map(write_cell).collect();
    indented(&json!({ "cells": cells, "metadata": metadata, "nbformat": 4, "nbformat_minor": 5 }))
}

fn not_a_notebook(why: &str) -> Error {
    Error::value_error(format!("The file is JSON, but no notebook: {why}."))
}

fn read_cell(number: usize, value: Value) -> Result<Cell> {
    let Value::Object(mut cell) = value else {
        return Err(Error::value_error(format!("Cell {number} of the file is no JSON object.")));
    };
    let kind = match cell.get("cell_type").and_then(Value::as_str) {
        Some("code") => CellKind::Code,
        Some("markdown") => CellKind::Markdown,
        Some("raw") => CellKind::Raw,
        Some(other) => {
            return Err(Error::value_error(format!(
                "Cell {number} of the file has the unknown type '{other}'; there are code, markdown and raw."
            )));
        }
        None => return Err(Error::value_error(format!("Cell {number} of the file has no `cell_type`."))),
    };
    let source = match cell.get("source") {
        None => String::new(),
        Some(source) => text_of(source)
            .ok_or_else(|| Error::value_error(format!("The `source` of cell {number} is neither a text nor a list of lines.")))?,
    };
    let outputs = match cell.remove("outputs") {
        Some(Value::Array(outputs)) if kind == CellKind::Code => outputs.into_iter().filter_map(read_output).collect(),
        _ => Vec::new(),
    };
    let id = match cell.remove("id") {
        Some(Value::String(id)) => id,
        _ => String::new(),
    };
    Ok(Cell {
        id,
        kind,
        source,
        outputs,
        execution_count: cell.get("execution_count").and_then(Value::as_u64).and_then(|count| u32::try_from(count).ok()),
        metadata: object(cell.remove("metadata")),
        attachments: object(cell.remove("attachments")),
    })
}

/// An output, or none when it can't be read: an output can always be made again.
fn read_output(value: Value) -> Option<Shown> {
    let Value::Object(mut output) = value else { return None };
    let string = |output: &Map<String, Value>, name| output.get(name).and_then(text_of).unwrap_or_default();
    match output.get("output_type")?.as_str()? {
        "stream" => {
            let stream = if string(&output, "name") == "stderr" { StreamName::Stderr } else { StreamName::Stdout };
            Some(Shown::Stream { stream, text: string(&output, "text") })
        }
        "execute_result" | "display_data" => {
            let data = object(output.remove("data"));
            (!data.is_empty()).then(|| unbundle(data, object(output.remove("metadata"))))
        }
        "error" => {
            let lines: Vec<String> = output.get("traceback")?.as_array()?.iter().filter_map(Value::as_str).map(without_colours).collect();
            Some(Shown::Error {
                traceback: Traceback {
                    exception: string(&output, "ename"),
                    message: string(&output, "evalue"),
                    text: lines.join("\n"),
                    frames: Vec::new(),
                },
            })
        }
        _ => None,
    }
}

fn write_cell(cell: Cell) -> Value {
    let kind = match cell.kind {
        CellKind::Code => "code",
        CellKind::Markdown => "markdown",
        CellKind::Raw => "raw",
    };
    let mut file = Map::new();
    file.insert("cell_type".into(), kind.into());
    if cell.kind == CellKind::Code {
        file.insert("execution_count".into(), cell.execution_count.into());
    }
    file.insert("id".into(), cell.id.into());
    file.insert("metadata".into(), cell.metadata.into());
    if cell.kind == CellKind::Code {
        file.insert("outputs".into(), cell.outputs.iter().map(|shown| write_output(shown, cell.execution_count)).collect());
    } else if !cell.attachments.is_empty() {
        file.insert("attachments".into(), cell.attachments.into());
    }
    file.insert("source".into(), lines(&cell.source));
    file.into()
}

fn write_output(shown: &Shown, execution_count: Option<u32>) -> Value {
    match shown {
        Shown::Stream { stream, text } => {
            let name = match stream {
                StreamName::Stdout => "stdout",
                StreamName::Stderr => "stderr",
            };
            json!({ "output_type": "stream", "name": name, "text": lines(text) })
        }
        Shown::Error { traceback } => error_output(&traceback.exception, &traceback.message, &traceback.text),
        Shown::Text { .. } => {
            json!({ "output_type": "execute_result", "execution_count": execution_count, "data": bundle(shown), "metadata": {} })
        }
        Shown::Foreign { data, metadata } => json!({ "output_type": "display_data", "data": data, "metadata": metadata }),
        Shown::Table { .. } | Shown::Chart { .. } => json!({ "output_type": "display_data", "data": bundle(shown), "metadata": {} }),
    }
}

fn object(value: Option<Value>) -> Map<String, Value> {
    match value {
        Some(Value::Object(map)) => map,
        _ => Map::new(),
    }
}

/// A traceback's line without the terminal colours that IPython writes into it.
fn without_colours(line: &str) -> String {
    let mut plain = String::with_capacity(line.len());
    let mut rest = line;
    while let Some(start) = rest.find("\u{1b}[") {
        plain += &rest[..start];
        let code = &rest[start + 2..];
        let end = code.find(|c: char| c.is_ascii_alphabetic()).map_or(code.len(), |end| end + 1);
        rest = &code[end..];
    }
    plain + rest
}

fn indented(value: &Value) -> String {
    let mut text = Vec::new();
    let formatter = serde_json::ser::PrettyFormatter::with_indent(b" ");
    let written = serde::Serialize::serialize(value, &mut serde_json::Serializer::with_formatter(&mut text, formatter));
    debug_assert!(written.is_ok(), "a JSON value with text keys can always be written");
    text.push(b'\n');
    String::from_utf8(text).unwrap_or_default()
}

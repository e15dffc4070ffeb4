use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// A notebook as the page and the native program hold it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Notebook {
    /// Empty when it has none.
    pub title: String,
    pub cells: Vec<Cell>,
    /// What else the file said of itself, kept for the programs that know it.
    #[serde(skip_serializing_if = "Map::is_empty")]
    pub metadata: Map<String, Value>,
}

/// One cell.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Cell {
    /// Unique in its notebook: 1 to 64 letters, digits, `-` and `_`.
    pub id: String,
    pub kind: CellKind,
    pub source: String,
    /// What running it showed; empty for cells that don't run.
    pub outputs: Vec<Shown>,
    pub execution_count: Option<u32>,
    /// Kept for the programs that know it.
    #[serde(skip_serializing_if = "Map::is_empty")]
    pub metadata: Map<String, Value>,
    /// Pictures inside a Markdown cell, by name, as nbformat keeps them.
    #[serde(skip_serializing_if = "Map::is_empty")]
    pub attachments: Map<String, Value>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum CellKind {
    #[default]
    Code,
    Markdown,
    /// Neither run nor rendered.
    Raw,
}

/// One thing under a cell: text it printed, or an output of the kernel, as the kernel's protocol writes it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "camelCase")]
pub enum Shown {
    Stream {
        stream: StreamName,
        text: String,
    },
    /// The `repr` of a cell's last expression.
    Text {
        text: String,
    },
    Table {
        table: Value,
    },
    Chart {
        chart: Value,
    },
    Error {
        traceback: Traceback,
    },
    /// Another program's output by media type: kept as it is, and readable by its `text/plain`.
    Foreign {
        data: Map<String, Value>,
        metadata: Map<String, Value>,
    },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum StreamName {
    Stdout,
    Stderr,
}

/// A Python exception. The places of its frames are the kernel's to tell; a file keeps the text.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Traceback {
    pub exception: String,
    pub message: String,
    /// The whole traceback as CPython prints it.
    pub text: String,
    pub frames: Vec<Value>,
}

impl Cell {
    pub fn new(kind: CellKind, source: impl Into<String>) -> Self {
        Self { kind, source: source.into(), ..Self::default() }
    }
}

impl Notebook {
    /// A notebook of these cells; those without an id get one.
    pub fn new(cells: Vec<Cell>) -> Self {
        let mut notebook = Self { cells, ..Self::default() };
        crate::ids::complete(&mut notebook.cells);
        notebook
    }
}

//! The messages between the page and its kernel. The TypeScript in `www/kernel/protocol.ts` is generated from here.

use kindling_chart::Chart;
use serde::{Deserialize, Serialize};

/// What the page asks of the kernel. Bytes of files travel beside the message, transferred.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "camelCase", rename_all_fields = "camelCase")]
#[cfg_attr(any(test, feature = "ts"), derive(ts_rs::TS), ts(export_to = "protocol.ts"))]
pub enum Request {
    /// Runs a cell. Events with this cell's id follow, `Finished` last.
    Execute { cell: String, source: String },
    /// Asks for completions of `source` at `cursor` (UTF-16 code units); answered by one `Completions` with the same id. `above` is the
    /// source of the cells before it: what they define counts before they ran.
    Complete { id: u32, above: String, source: String, cursor: u32 },
    /// Asks what is under the cursor; answered by one `Inspected`.
    Inspect { id: u32, above: String, source: String, cursor: u32 },
    /// Asks which call's arguments the cursor is in; answered by one `Signature`.
    SignatureHelp { id: u32, above: String, source: String, cursor: u32 },
    /// Asks what is wrong in the notebook's code cells; answered by one `Checked`.
    Check { id: u32, cells: Vec<CellSource> },
    /// Asks for all places of the variable at `cursor` in a cell; answered by one `Occurrences`.
    FindOccurrences { id: u32, cells: Vec<CellSource>, cell: String, cursor: u32 },
    /// Asks for everything that can be imported from Spark's modules and Kindling's own; answered by one `Reference`.
    Describe { id: u32 },
    /// Asks for rows of a table that a cell showed; answered by one `TableRead`.
    ReadTable { id: u32, table: String, query: TableQuery, from: u32, count: u32 },
    /// Asks what a column of such a table looks like; answered by one `ColumnProfiled`.
    ProfileColumn { id: u32, table: String, column: u32 },
    /// Runs a job again under other conditions, its rows thrown away. Events under the id `run` follow as for a cell: `Jobs` with what ran,
    /// or a `Display` that says why it failed, and `Finished` last.
    RunJob { run: String, job: String, conditions: JobConditions },
    /// Stores a file (its bytes come beside the message) under `/files/…` or `/datasets/…`.
    PutFile { path: String },
    /// Forgets a file.
    RemoveFile { path: String },
}

/// What the kernel tells the page.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "camelCase", rename_all_fields = "camelCase")]
#[cfg_attr(any(test, feature = "ts"), derive(ts_rs::TS), ts(export_to = "protocol.ts"))]
pub enum Event {
    /// The kernel is up: its threads, and what guided forms and completion need to know of the engine.
    Ready {
        threads: u32,
        stages: Vec<StageInfo>,
    },
    /// A cell begins to run, as number `execution_count` of this kernel's life.
    Started {
        cell: String,
        execution_count: u32,
    },
    /// Text printed by the cell; pieces of one stream follow each other.
    Stream {
        cell: String,
        stream: StreamName,
        text: String,
    },
    /// Something to show under the cell.
    Display {
        cell: String,
        output: Output,
    },
    /// How far the running job is: `done` of `total` tasks or iterations; `total` 0 when nobody knows.
    Progress {
        cell: String,
        name: String,
        done: u32,
        total: u32,
    },
    /// What the cell had Spark do, just before it is over: its first jobs, and how many more there were.
    Jobs {
        cell: String,
        jobs: Vec<JobReport>,
        left_out: u32,
    },
    /// The cell is over.
    Finished {
        cell: String,
        status: CellStatus,
        millis: f64,
    },
    Completions {
        id: u32,
        from: u32,
        options: Vec<Completion>,
    },
    Inspected {
        id: u32,
        documentation: Option<Documentation>,
    },
    Signature {
        id: u32,
        signature: Option<SignatureHelp>,
    },
    Checked {
        id: u32,
        problems: Vec<Problem>,
    },
    Occurrences {
        id: u32,
        occurrences: Vec<Occurrence>,
    },
    Reference {
        id: u32,
        modules: Vec<ReferenceModule>,
    },
    TableRead {
        id: u32,
        answer: TableAnswer,
    },
    /// No profile when the kernel has no such table any more, or when computing it failed; then the message says why.
    ColumnProfiled {
        id: u32,
        profile: Option<ColumnProfile>,
        message: Option<String>,
    },
    /// The cell reads a file of another host, which the page hasn't given to the kernel. An exception ends the cell.
    RemoteFile {
        url: String,
    },
    /// A cell wrote or removed a file; its bytes come beside the message when it was written.
    FileChanged {
        path: String,
        removed: bool,
    },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(any(test, feature = "ts"), derive(ts_rs::TS), ts(export_to = "protocol.ts"))]
pub enum StreamName {
    Stdout,
    Stderr,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(any(test, feature = "ts"), derive(ts_rs::TS), ts(export_to = "protocol.ts"))]
pub enum CellStatus {
    Ok,
    Error,
    /// The reader pressed Stop.
    Interrupted,
}

/// One action and the stages that it ran.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(any(test, feature = "ts"), derive(ts_rs::TS), ts(export_to = "protocol.ts"))]
pub struct JobReport {
    /// What to ask for to run it again; none for what runs before any action.
    pub id: Option<String>,
    /// The action: `count`, `collect`.
    pub name: String,
    /// What it computed, as `explain()` prints it.
    pub plan: String,
    pub stages: Vec<StageReport>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(any(test, feature = "ts"), derive(ts_rs::TS), ts(export_to = "protocol.ts"))]
pub struct StageReport {
    pub name: String,
    /// By partition.
    pub tasks: Vec<TaskReport>,
}

/// What a job is run again with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(any(test, feature = "ts"), derive(ts_rs::TS), ts(export_to = "protocol.ts"))]
pub struct JobConditions {
    /// Tasks that run at once.
    pub workers: u32,
    /// Into how many partitions what it reads is dealt first; none leaves it as it is.
    pub partitions: Option<u32>,
    /// Whether both sides of a join are dealt by their keys before they meet.
    pub shuffled_joins: bool,
    /// Whether what it reads, dealt so, is in memory before the job begins.
    pub cached: bool,
}

/// How one partition's task ran.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(any(test, feature = "ts"), derive(ts_rs::TS), ts(export_to = "protocol.ts"))]
pub struct TaskReport {
    /// The worker that ran it, counted from 0.
    pub worker: u32,
    /// Milliseconds since the cell's first task began.
    pub start: f64,
    pub millis: f64,
    /// What it gave.
    pub rows: f64,
    pub bytes: f64,
}

/// Typed data to show; the page renders it, the kernel never writes HTML.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "camelCase", rename_all_fields = "camelCase")]
#[cfg_attr(any(test, feature = "ts"), derive(ts_rs::TS), ts(export_to = "protocol.ts"))]
pub enum Output {
    /// The `repr` of a cell's last expression.
    Text {
        text: String,
    },
    Table {
        table: Table,
    },
    Chart {
        chart: Chart,
    },
    Error {
        traceback: Traceback,
    },
}

/// The head of a frame, formatted for reading.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(any(test, feature = "ts"), derive(ts_rs::TS), ts(export_to = "protocol.ts"))]
pub struct Table {
    pub columns: Vec<TableColumn>,
    /// Row by row, one text for each column, `null` for a null.
    pub rows: Vec<Vec<Option<String>>>,
    /// Whether the frame has more rows than are here.
    pub truncated: bool,
    /// Under which name the kernel that showed it can be asked for more; none in a saved notebook.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub live: Option<String>,
}

/// Which rows of a table are wanted, and in which order. Columns go by their numbers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(any(test, feature = "ts"), derive(ts_rs::TS), ts(export_to = "protocol.ts"))]
pub struct TableQuery {
    pub sort: Option<TableSort>,
    /// A text that a row must have in one of its columns, in upper or lower case; empty for all rows.
    pub search: String,
    pub filters: Vec<TableFilter>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(any(test, feature = "ts"), derive(ts_rs::TS), ts(export_to = "protocol.ts"))]
pub struct TableSort {
    pub column: u32,
    pub descending: bool,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(any(test, feature = "ts"), derive(ts_rs::TS), ts(export_to = "protocol.ts"))]
pub struct TableFilter {
    pub column: u32,
    pub test: FilterTest,
    pub value: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(any(test, feature = "ts"), derive(ts_rs::TS), ts(export_to = "protocol.ts"))]
pub enum FilterTest {
    Contains,
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    Null,
    NotNull,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "camelCase", rename_all_fields = "camelCase")]
#[cfg_attr(any(test, feature = "ts"), derive(ts_rs::TS), ts(export_to = "protocol.ts"))]
pub enum TableAnswer {
    /// The rows asked for, of `total` that the query found.
    Rows {
        total: u32,
        rows: Vec<Vec<Option<String>>>,
    },
    /// This kernel doesn't have the table (any more).
    Gone,
    Failed {
        message: String,
    },
}

/// A column at a glance.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(any(test, feature = "ts"), derive(ts_rs::TS), ts(export_to = "protocol.ts"))]
pub struct ColumnProfile {
    pub rows: u32,
    pub nulls: u32,
    /// Exact where the values are counted one by one, else within 5 %.
    pub distinct: Option<u32>,
    pub min: Option<String>,
    pub max: Option<String>,
    pub mean: Option<String>,
    pub stddev: Option<String>,
    pub spread: Spread,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "camelCase", rename_all_fields = "camelCase")]
#[cfg_attr(any(test, feature = "ts"), derive(ts_rs::TS), ts(export_to = "protocol.ts"))]
pub enum Spread {
    /// Rows in bins of one width from the smallest to the largest value.
    Histogram {
        counts: Vec<u32>,
    },
    /// The most frequent values, the most frequent first.
    Top {
        values: Vec<ValueCount>,
    },
    Unknown,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(any(test, feature = "ts"), derive(ts_rs::TS), ts(export_to = "protocol.ts"))]
pub struct ValueCount {
    pub value: String,
    pub rows: u32,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(any(test, feature = "ts"), derive(ts_rs::TS), ts(export_to = "protocol.ts"))]
pub struct TableColumn {
    pub name: String,
    /// Spark's simple string of the type, `double`, `vector`.
    pub data_type: String,
    /// Whether the column reads best right-aligned.
    pub numeric: bool,
}

/// A Python exception: CPython's text, and the frames so that the page can link to their lines.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(any(test, feature = "ts"), derive(ts_rs::TS), ts(export_to = "protocol.ts"))]
pub struct Traceback {
    pub exception: String,
    pub message: String,
    /// The whole traceback as CPython prints it.
    pub text: String,
    pub frames: Vec<TracebackFrame>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(any(test, feature = "ts"), derive(ts_rs::TS), ts(export_to = "protocol.ts"))]
pub struct TracebackFrame {
    /// The cell whose source this frame runs.
    pub cell: String,
    pub function: String,
    /// Counted from 1.
    pub line: u32,
    /// UTF-16 columns counted from 0, the end exclusive.
    pub column: u32,
    pub end_line: u32,
    pub end_column: u32,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(any(test, feature = "ts"), derive(ts_rs::TS), ts(export_to = "protocol.ts"))]
pub struct Completion {
    pub label: String,
    pub kind: CompletionKind,
    /// A signature, a type, a default.
    pub detail: String,
    pub documentation: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(any(test, feature = "ts"), derive(ts_rs::TS), ts(export_to = "protocol.ts"))]
pub enum CompletionKind {
    Class,
    Function,
    Method,
    Property,
    Variable,
    Module,
    Keyword,
    Parameter,
    Column,
    /// One of the values that a parameter may have.
    Value,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(any(test, feature = "ts"), derive(ts_rs::TS), ts(export_to = "protocol.ts"))]
pub struct Documentation {
    pub signature: String,
    pub text: String,
}

/// A module, made from the declarations that the engine itself runs by.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(any(test, feature = "ts"), derive(ts_rs::TS), ts(export_to = "protocol.ts"))]
pub struct ReferenceModule {
    pub name: String,
    pub entries: Vec<ReferenceEntry>,
}

/// A class with its members, a function, or a member.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(any(test, feature = "ts"), derive(ts_rs::TS), ts(export_to = "protocol.ts"))]
pub struct ReferenceEntry {
    pub name: String,
    pub kind: CompletionKind,
    pub signature: String,
    pub text: String,
    pub members: Vec<ReferenceEntry>,
}

/// A call that is being written.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(any(test, feature = "ts"), derive(ts_rs::TS), ts(export_to = "protocol.ts"))]
pub struct SignatureHelp {
    /// The function, dotted as written.
    pub name: String,
    /// As the signature shows them: `maxIter: int = 100`.
    pub parameters: Vec<String>,
    /// Which of them the argument at the cursor is for.
    pub active: Option<u32>,
    pub text: String,
}

/// A code cell for analysis.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(any(test, feature = "ts"), derive(ts_rs::TS), ts(export_to = "protocol.ts"))]
pub struct CellSource {
    pub cell: String,
    pub source: String,
}

/// Something wrong in a cell, from `from` to `to` (UTF-16 code units).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(any(test, feature = "ts"), derive(ts_rs::TS), ts(export_to = "protocol.ts"))]
pub struct Problem {
    pub cell: String,
    pub from: u32,
    pub to: u32,
    pub message: String,
    /// The cell can't run at all; otherwise it will fail at this place unless something else defines the name.
    pub fatal: bool,
}

/// A place of a variable, from `from` to `to` (UTF-16 code units).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(any(test, feature = "ts"), derive(ts_rs::TS), ts(export_to = "protocol.ts"))]
pub struct Occurrence {
    pub cell: String,
    pub from: u32,
    pub to: u32,
    /// Whether the variable gets its value here.
    pub binds: bool,
}

/// An estimator, transformer or evaluator as it was declared, for guided forms, completion and help.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(any(test, feature = "ts"), derive(ts_rs::TS), ts(export_to = "protocol.ts"))]
pub struct StageInfo {
    pub name: String,
    /// `pyspark.ml.classification`
    pub module: String,
    /// `estimator`, `transformer`, `evaluator`
    pub role: String,
    pub doc: String,
    pub params: Vec<ParamInfo>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(any(test, feature = "ts"), derive(ts_rs::TS), ts(export_to = "protocol.ts"))]
pub struct ParamInfo {
    pub name: String,
    pub doc: String,
    pub value: ParamType,
    /// The default as Python writes it; none when the param must be set.
    pub default: Option<String>,
}

/// What a param takes, enough for a form to offer a fitting control.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "camelCase", rename_all_fields = "camelCase")]
#[cfg_attr(any(test, feature = "ts"), derive(ts_rs::TS), ts(export_to = "protocol.ts"))]
pub enum ParamType {
    Boolean,
    Integer {
        min: Option<f64>,
        max: Option<f64>,
    },
    Number {
        min: Option<f64>,
        max: Option<f64>,
        min_exclusive: bool,
        max_exclusive: bool,
    },
    Choice {
        options: Vec<String>,
    },
    /// The name of an input column.
    Column,
    /// Names of input columns.
    Columns,
    /// The name of a column to write.
    OutputColumn,
    OutputColumns,
    Text,
    TextList,
    NumberList,
    /// Anything else; a form leaves it alone.
    Other,
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use kindling_chart::{ChartTable, ReadOut, Style};
    use ts_rs::{Config, TS};

    use super::*;

    const FILE: &str = "../../www/kernel/protocol.ts";

    /// Set `KINDLING_UPDATE=1` to write the file anew.
    #[test]
    fn the_pages_types_are_fresh() {
        let folder = tempdir();
        let config = Config::new().with_out_dir(&folder);
        Request::export_all(&config).expect("Request");
        Event::export_all(&config).expect("Event");
        ChartTable::export_all(&config).expect("ChartTable");
        ReadOut::export_all(&config).expect("ReadOut");
        Style::export_all(&config).expect("Style");
        let fresh = std::fs::read_to_string(folder.join("protocol.ts")).expect("the exported types");
        let file = Path::new(env!("CARGO_MANIFEST_DIR")).join(FILE);
        if std::env::var_os("KINDLING_UPDATE").is_some() {
            std::fs::write(&file, &fresh).expect("writing the types");
        }
        let kept = std::fs::read_to_string(&file).unwrap_or_default();
        assert!(kept == fresh, "www/kernel/protocol.ts is stale: run `KINDLING_UPDATE=1 cargo test -p kindling-kernel protocol`");
    }

    fn tempdir() -> std::path::PathBuf {
        let folder = std::env::temp_dir().join(format!("kindling-protocol-{}", std::process::id()));
        // Types are added to a file that is there: begin without one.
        let _ = std::fs::remove_dir_all(&folder);
        folder
    }
}

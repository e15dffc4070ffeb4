//! The kernel's typed outputs as Jupyter's bundles of media types, and back.

use std::fmt::Write as _;

use serde::Deserialize;
use serde_json::{Map, Value, json};

use crate::Shown;

const PLAIN: &str = "text/plain";
const TABLE: &str = "application/vnd.kindling.table+json";
const CHART: &str = "application/vnd.kindling.chart+json";

/// The bundle for an output that is data; other programs read its `text/plain`.
pub(crate) fn bundle(shown: &Shown) -> Option<Map<String, Value>> {
    let pairs = match shown {
        Shown::Text { text } => vec![(PLAIN, lines(text))],
        Shown::Table { table } => vec![(PLAIN, lines(&table_text(table))), (TABLE, table.clone())],
        Shown::Chart { chart } => {
            let summary = chart.get("summary").and_then(Value::as_str).unwrap_or("A chart.");
            vec![(PLAIN, lines(summary)), (CHART, chart.clone())]
        }
        Shown::Foreign { data, .. } => return Some(data.clone()),
        Shown::Stream { .. } | Shown::Error { .. } => return None,
    };
    Some(pairs.into_iter().map(|(name, value)| (name.to_owned(), value)).collect())
}

/// What a bundle shows: ours when it carries a well-made table or chart of ours, text when it is only that, else kept as it is.
pub(crate) fn unbundle(data: Map<String, Value>, metadata: Map<String, Value>) -> Shown {
    if let Some(table) = data.get(TABLE).filter(|table| is_table(table)) {
        return Shown::Table { table: table.clone() };
    }
    if let Some(chart) = data.get(CHART).filter(|chart| is_chart(chart)) {
        return Shown::Chart { chart: chart.clone() };
    }
    match data.get(PLAIN).and_then(text_of) {
        Some(text) if data.len() == 1 => Shown::Text { text },
        _ => Shown::Foreign { data, metadata },
    }
}

/// nbformat's multiline string: one text, or its lines with their ends.
pub(crate) fn text_of(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Array(lines) => lines.iter().map(Value::as_str).collect(),
        _ => None,
    }
}

/// A text as nbformat's list of lines with their ends, so that a file's differences read line by line.
pub(crate) fn lines(text: &str) -> Value {
    text.split_inclusive('\n').collect::<Vec<_>>().into()
}

/// The parts of a table that its text and the page's renderer rely on.
#[derive(Deserialize)]
struct Table {
    columns: Vec<Column>,
    rows: Vec<Vec<Option<String>>>,
    #[serde(default)]
    truncated: bool,
}

#[derive(Deserialize)]
struct Column {
    name: String,
    #[serde(rename = "dataType")]
    _data_type: String,
    #[serde(rename = "numeric")]
    _numeric: bool,
}

fn is_table(value: &Value) -> bool {
    Table::deserialize(value).is_ok_and(|table| table.rows.iter().all(|row| row.len() == table.columns.len()))
}

fn is_chart(value: &Value) -> bool {
    let is_object = |name| value.get(name).is_some_and(Value::is_object);
    is_object("x") && is_object("y") && value.get("layers").is_some_and(Value::is_array)
}

/// The table as `DataFrame.show()` frames it.
fn table_text(table: &Value) -> String {
    let Ok(Table { columns, rows, truncated }) = Table::deserialize(table) else { return String::new() };
    let head: Vec<&str> = columns.iter().map(|column| column.name.as_str()).collect();
    let body: Vec<Vec<&str>> = rows.iter().map(|row| row.iter().map(|cell| cell.as_deref().unwrap_or("NULL")).collect()).collect();
    let widths: Vec<usize> = (0..head.len())
        .map(|i| std::iter::once(&head).chain(&body).filter_map(|row| row.get(i)).map(|cell| cell.chars().count()).max().unwrap_or(0))
        .collect();
    let rule: String = widths.iter().map(|width| format!("+{}", "-".repeat(*width))).collect::<String>() + "+\n";
    let mut text = rule.clone();
    for (number, row) in std::iter::once(&head).chain(&body).enumerate() {
        for (cell, width) in row.iter().zip(&widths) {
            // Writing to a string can't fail.
            let _ = write!(text, "|{cell:>width$}");
        }
        text += "|\n";
        if number == 0 {
            text += &rule;
        }
    }
    text += &rule;
    if truncated {
        let _ = writeln!(text, "only showing top {} rows", body.len());
    }
    text
}

/// nbformat's output for an error.
pub(crate) fn error_output(exception: &str, message: &str, text: &str) -> Value {
    json!({ "output_type": "error", "ename": exception, "evalue": message, "traceback": text.lines().collect::<Vec<_>>() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_reads_as_spark_shows_it() {
        let table = json!({
            "columns": [{ "name": "id", "dataType": "bigint", "numeric": true }, { "name": "city", "dataType": "string", "numeric": false }],
            "rows": [["1", "Bern"], ["12", null]],
            "truncated": true,
        });
        let expected = "+--+----+\n|id|city|\n+--+----+\n| 1|Bern|\n|12|NULL|\n+--+----+\nonly showing top 2 rows\n";
        assert_eq!(table_text(&table), expected);
    }

    #[test]
    fn a_table_that_is_none_stays_foreign() {
        let ragged = json!({ "columns": [{ "name": "a", "dataType": "int", "numeric": true }], "rows": [["1", "2"]] });
        let data: Map<String, Value> = [(PLAIN.to_owned(), json!("x")), (TABLE.to_owned(), ragged)].into_iter().collect();
        assert_eq!(unbundle(data.clone(), Map::new()), Shown::Foreign { data, metadata: Map::new() });
    }
}

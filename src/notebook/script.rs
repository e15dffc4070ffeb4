//! Notebooks kept as Python source: Databricks' export, the percent format, and a plain program as one cell.

use serde_json::{Map, json};

use crate::{Cell, CellKind, Notebook};

const DATABRICKS: &str = "# Databricks notebook source";
const COMMAND: &str = "# COMMAND ----------";

/// Reads Python source. Any text is some notebook: what has no marks of a notebook is one code cell.
///
/// In Databricks source, `%md` commands become Markdown cells and `%python` commands code; commands in other languages stay code cells with
/// their magic line, whose run says what isn't supported.
pub fn from_script(text: &str) -> Notebook {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text).replace("\r\n", "\n");
    let cells = if text.lines().next().is_some_and(|line| line.trim_end() == DATABRICKS) {
        databricks(&text)
    } else if text.lines().any(is_percent_mark) {
        percent(&text)
    } else {
        vec![Cell::new(CellKind::Code, trimmed(text.lines()))]
    };
    Notebook::new(cells)
}

fn databricks(text: &str) -> Vec<Cell> {
    let lines: Vec<&str> = text.lines().skip(1).collect();
    lines.split(|line| line.trim_end() == COMMAND).filter_map(command).collect()
}

fn command(lines: &[&str]) -> Option<Cell> {
    let title = lines.iter().find_map(|line| line.strip_prefix("# DBTITLE 1,"));
    let body: Vec<&str> = lines.iter().copied().filter(|line| !line.starts_with("# DBTITLE ")).collect();
    let mut cell = match magic(&body) {
        Some(source) => magic_cell(&source),
        None => Cell::new(CellKind::Code, trimmed(body.iter().copied())),
    };
    if let Some(title) = title {
        cell.metadata = Map::from_iter([("application/vnd.databricks.v1+cell".to_owned(), json!({ "title": title, "showTitle": true }))]);
    }
    (!cell.source.is_empty() || title.is_some()).then_some(cell)
}

/// The text behind `# MAGIC`, when every line that says something is such a line.
fn magic(lines: &[&str]) -> Option<String> {
    let said: Vec<&str> = lines.iter().copied().filter(|line| !line.trim().is_empty()).collect();
    if said.is_empty() {
        return None;
    }
    let bare = said.iter().map(|line| {
        let rest = line.strip_prefix("# MAGIC")?;
        Some(rest.strip_prefix(' ').unwrap_or(rest))
    });
    bare.collect::<Option<Vec<&str>>>().map(|lines| lines.join("\n"))
}

fn magic_cell(source: &str) -> Cell {
    let rest_after = |name: &str| {
        let rest = source.trim_start().strip_prefix(name)?;
        (rest.is_empty() || rest.starts_with(char::is_whitespace)).then(|| trimmed(rest.trim_start_matches([' ', '\t']).lines()))
    };
    if let Some(text) = rest_after("%md").or_else(|| rest_after("%md-sandbox")) {
        Cell::new(CellKind::Markdown, text)
    } else if let Some(text) = rest_after("%python") {
        Cell::new(CellKind::Code, text)
    } else {
        Cell::new(CellKind::Code, trimmed(source.lines()))
    }
}

fn is_percent_mark(line: &str) -> bool {
    line.strip_prefix("# %%").is_some_and(|rest| rest.is_empty() || rest.starts_with([' ', '\t']))
}

fn percent(text: &str) -> Vec<Cell> {
    let mut cells = Vec::new();
    let mut mark: Option<&str> = None;
    let mut body: Vec<&str> = Vec::new();
    for line in without_header(text) {
        if is_percent_mark(line) {
            cells.extend(percent_cell(mark, &body));
            mark = Some(line);
            body.clear();
        } else {
            body.push(line);
        }
    }
    cells.extend(percent_cell(mark, &body));
    cells
}

/// The lines after the YAML header that jupytext writes between two `# ---`.
fn without_header(text: &str) -> impl Iterator<Item = &str> {
    let lines: Vec<&str> = text.lines().collect();
    let end = match lines.first() {
        Some(&"# ---") => lines.iter().skip(1).position(|line| *line == "# ---").map_or(0, |end| end + 2),
        _ => 0,
    };
    lines.into_iter().skip(end)
}

fn percent_cell(mark: Option<&str>, body: &[&str]) -> Option<Cell> {
    let kind = match mark {
        Some(mark) if mark.contains("[markdown]") || mark.contains("[md]") => CellKind::Markdown,
        Some(mark) if mark.contains("[raw]") => CellKind::Raw,
        _ => CellKind::Code,
    };
    let source = match kind {
        CellKind::Code => trimmed(body.iter().copied()),
        CellKind::Markdown | CellKind::Raw => uncommented(body),
    };
    // Lines before the first mark make a cell only when they say something.
    (mark.is_some() || !source.is_empty()).then(|| Cell::new(kind, source))
}

/// The text of a cell whose lines are comments, or one string in triple quotes.
fn uncommented(body: &[&str]) -> String {
    let text = trimmed(body.iter().copied());
    for quotes in ["\"\"\"", "'''"] {
        if let Some(inner) = text.strip_prefix(quotes).and_then(|rest| rest.strip_suffix(quotes)) {
            return trimmed(inner.lines());
        }
    }
    trimmed(text.lines().map(|line| line.strip_prefix("# ").or_else(|| line.strip_prefix('#')).unwrap_or(line)))
}

/// The lines without the empty ones at both ends.
fn trimmed<'a>(lines: impl Iterator<Item = &'a str>) -> String {
    let lines: Vec<&str> = lines.collect();
    let says = |line: &&str| !line.trim().is_empty();
    let Some(first) = lines.iter().position(says) else { return String::new() };
    let last = lines.iter().rposition(says).unwrap_or(first);
    lines[first..=last].join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shape(notebook: &Notebook) -> Vec<(CellKind, &str)> {
        notebook.cells.iter().map(|cell| (cell.kind, cell.source.as_str())).collect()
    }

    #[test]
    fn databricks_source_becomes_its_commands() {
        let notebook = from_script(concat!(
            "# Databricks notebook source\n# MAGIC %md\n# MAGIC # Iris\n# MAGIC\n# MAGIC A *flower*.\n\n# COMMAND ----------\n\n",
            "# DBTITLE 1,Load\ndf = spark.read.csv(\"/datasets/iris.csv\")\n\n# a comment\ndf.show()\n\n# COMMAND ----------\n\n",
            "# MAGIC %sql\n# MAGIC SELECT 1\n\n# COMMAND ----------\n\n# MAGIC %python\n# MAGIC 1 + 1\n\n# COMMAND ----------\n\n",
        ));
        assert_eq!(
            shape(&notebook),
            [
                (CellKind::Markdown, "# Iris\n\nA *flower*."),
                (CellKind::Code, "df = spark.read.csv(\"/datasets/iris.csv\")\n\n# a comment\ndf.show()"),
                (CellKind::Code, "%sql\nSELECT 1"),
                (CellKind::Code, "1 + 1"),
            ]
        );
        assert_eq!(notebook.cells[1].metadata["application/vnd.databricks.v1+cell"]["title"], "Load");
    }

    #[test]
    fn percent_format_becomes_its_cells() {
        let notebook = from_script(concat!(
            "# ---\n# jupyter:\n#   kernelspec: x\n# ---\n\n# %% [markdown]\n# # Title\n#\n# Text\n\n# %%\na = 1\n\n# %% second\n",
            "print(a)\n# %% [markdown]\n\"\"\"\nquoted\n\"\"\"\n# %% [raw]\n# as is\n",
        ));
        assert_eq!(
            shape(&notebook),
            [
                (CellKind::Markdown, "# Title\n\nText"),
                (CellKind::Code, "a = 1"),
                (CellKind::Code, "print(a)"),
                (CellKind::Markdown, "quoted"),
                (CellKind::Raw, "as is"),
            ]
        );
    }

    #[test]
    fn a_plain_program_is_one_cell() {
        assert_eq!(shape(&from_script("\u{feff}a = 1\r\nprint(a)\r\n")), [(CellKind::Code, "a = 1\nprint(a)")]);
        assert_eq!(shape(&from_script("#%%notamark\n")), [(CellKind::Code, "#%%notamark")]);
    }
}

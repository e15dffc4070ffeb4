use kindling_partition::Result;

use super::DataFrame;
use crate::batch::array_of;
use crate::format::{escaped, shown};

/// No column of a shown table is narrower.
const NARROWEST: usize = 3;

impl DataFrame {
    /// What `show(n, truncate, vertical)` prints, but for the end of the last line: the first `rows` rows, texts cut to `truncate` characters (0 cuts nothing).
    ///
    /// # Errors
    /// Whatever fails while rows are computed.
    pub fn show_string(&self, rows: usize, truncate: usize, vertical: bool) -> Result<String> {
        let mut found = self.take(rows.saturating_add(1))?;
        let more = found.len() > rows;
        found.truncate(rows);
        let names: Vec<String> = self.schema.names().map(escaped).collect();
        let mut cells: Vec<Vec<String>> = vec![Vec::with_capacity(names.len()); found.len()];
        for (i, field) in self.schema.iter().enumerate() {
            let column = array_of(&field.data_type, found.iter().map(|row| &row.values[i]))?;
            cells.iter_mut().zip(shown(&column, &field.data_type)).for_each(|(row, cell)| row.push(cut(&cell, truncate)));
        }
        let mut out = if vertical { records(&names, &cells) } else { table(&names, &cells, truncate > 0) };
        if more {
            out.push_str(&format!("only showing top {rows} {}", if rows == 1 { "row" } else { "rows" }));
        }
        Ok(out)
    }
}

fn cut(text: &str, truncate: usize) -> String {
    if truncate == 0 || text.chars().count() <= truncate {
        return text.to_owned();
    }
    if truncate < 4 {
        return text.chars().take(truncate).collect();
    }
    text.chars().take(truncate - 3).chain("...".chars()).collect()
}

/// Columns on a screen: East Asian wide characters take two, others as many as Java counts (`Utils.stringHalfWidth`).
fn width(text: &str) -> usize {
    text.chars().map(|c| if is_wide(c) { 2 } else { c.len_utf16() }).sum()
}

fn is_wide(c: char) -> bool {
    matches!(u32::from(c), 0x1100..=0x115F | 0x2E80..=0xA4CF | 0xAC00..=0xD7A3 | 0xF900..=0xFAFF | 0xFE30..=0xFE6F | 0xFF00..=0xFF60 | 0xFFE0..=0xFFE6)
}

fn padded(text: &str, to: usize, right: bool) -> String {
    let fill = " ".repeat(to.saturating_sub(width(text)));
    if right { format!("{fill}{text}") } else { format!("{text}{fill}") }
}

fn table(names: &[String], cells: &[Vec<String>], right: bool) -> String {
    let widths: Vec<usize> = (0..names.len())
        .map(|c| cells.iter().map(|row| width(&row[c])).chain([width(&names[c]), NARROWEST]).max().unwrap_or(NARROWEST))
        .collect();
    let rule: String = widths.iter().map(|w| format!("+{}", "-".repeat(*w))).collect::<String>() + "+\n";
    let line = |cells: &[String]| {
        let cells: Vec<String> = cells.iter().zip(&widths).map(|(cell, w)| padded(cell, *w, right)).collect();
        format!("|{}|\n", cells.join("|"))
    };
    let rule = if names.is_empty() { "++\n".to_owned() } else { rule };
    let mut out = rule.clone() + &if names.is_empty() { "||\n".to_owned() } else { line(names) } + &rule;
    cells.iter().for_each(|row| out.push_str(&if names.is_empty() { "||\n".to_owned() } else { line(row) }));
    out + &rule
}

fn records(names: &[String], cells: &[Vec<String>]) -> String {
    if cells.is_empty() {
        return "(0 rows)".to_owned();
    }
    let name_width = names.iter().map(|n| width(n)).max().unwrap_or(0).max(NARROWEST);
    let cell_width = cells.iter().flatten().map(|c| width(c)).max().unwrap_or(0).max(NARROWEST);
    let mut out = String::new();
    for (i, row) in cells.iter().enumerate() {
        let head = format!("-RECORD {i}");
        out.push_str(&format!("{head:-<total$}\n", total = name_width + cell_width + 5));
        for (name, cell) in names.iter().zip(row) {
            out.push_str(&format!(" {} | {} \n", padded(name, name_width, false), padded(cell, cell_width, false)));
        }
    }
    out
}

use std::collections::HashSet;

use crate::Cell;

/// Gives an id to each cell that has none, or one that isn't fit for a file, or an earlier cell's.
///
/// The same cells get the same ids, so a file that is read and written twice is the same file.
pub(crate) fn complete(cells: &mut [Cell]) {
    let mut taken: HashSet<String> = HashSet::new();
    let mut missing = Vec::new();
    for (index, cell) in cells.iter_mut().enumerate() {
        if !is_fit(&cell.id) || !taken.insert(cell.id.clone()) {
            missing.push(index);
        }
    }
    for index in missing {
        let mut number = index + 1;
        while !taken.insert(format!("cell-{number}")) {
            number += cells.len();
        }
        cells[index].id = format!("cell-{number}");
    }
}

/// Whether nbformat 4.5 allows the id.
fn is_fit(id: &str) -> bool {
    (1..=64).contains(&id.len()) && id.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_')
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::CellKind;

    #[test]
    fn good_ids_stay_and_others_become_unique() {
        let mut cells: Vec<Cell> =
            ["a", "a", "", "cell-2", "ä", "not fit"].map(|id| Cell { id: id.into(), ..Cell::new(CellKind::Code, "") }).into();
        complete(&mut cells);
        let ids: Vec<&str> = cells.iter().map(|cell| cell.id.as_str()).collect();
        assert_eq!(ids, ["a", "cell-8", "cell-3", "cell-2", "cell-5", "cell-6"]);
    }
}

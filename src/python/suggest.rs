//! "Did you mean": the nearest name, by CPython's measure.

const MOVE_COST: usize = 2;
const CASE_COST: usize = 1;
const MAX_CANDIDATES: usize = 750;
const MAX_LENGTH: usize = 40;

fn substitution_cost(a: u8, b: u8) -> usize {
    if a == b {
        0
    } else if a.eq_ignore_ascii_case(&b) {
        CASE_COST
    } else {
        MOVE_COST
    }
}

/// Levenshtein's distance with cheap changes of case; `max + 1` when it is larger than `max`.
fn distance(a: &str, b: &str, max: usize) -> usize {
    if a == b {
        return 0;
    }
    let (mut a, mut b) = (a.as_bytes(), b.as_bytes());
    while !a.is_empty() && !b.is_empty() && a[0] == b[0] {
        (a, b) = (&a[1..], &b[1..]);
    }
    while !a.is_empty() && !b.is_empty() && a[a.len() - 1] == b[b.len() - 1] {
        (a, b) = (&a[..a.len() - 1], &b[..b.len() - 1]);
    }
    if a.is_empty() || b.is_empty() {
        return (a.len() + b.len()) * MOVE_COST;
    }
    if a.len() > MAX_LENGTH || b.len() > MAX_LENGTH {
        return max + 1;
    }
    if b.len() < a.len() {
        (a, b) = (b, a);
    }
    if (b.len() - a.len()) * MOVE_COST > max {
        return max + 1;
    }
    let mut row: Vec<usize> = (1..=a.len()).map(|i| i * MOVE_COST).collect();
    let mut result = 0;
    for (b_index, &b_code) in b.iter().enumerate() {
        let mut diagonal = b_index * MOVE_COST;
        result = diagonal;
        let mut minimum = usize::MAX;
        for (index, &a_code) in a.iter().enumerate() {
            let substitute = diagonal + substitution_cost(b_code, a_code);
            diagonal = row[index];
            let insert_delete = result.min(diagonal) + MOVE_COST;
            result = insert_delete.min(substitute);
            row[index] = result;
            minimum = minimum.min(result);
        }
        if minimum > max {
            return max + 1;
        }
    }
    result
}

/// The candidate nearest to `name`, when one is near enough. Source: CPython 3.11, `Python/suggestions.c`.
pub fn nearest<'a>(name: &str, candidates: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let mut best: Option<(&str, usize)> = None;
    for (count, candidate) in candidates.enumerate() {
        if count >= MAX_CANDIDATES {
            return None;
        }
        if candidate == name {
            continue;
        }
        let mut max = (name.len() + candidate.len() + 3) * MOVE_COST / 6;
        if let Some((_, distance)) = best {
            max = max.min(distance - 1);
        }
        let found = distance(name, candidate, max);
        if found <= max && best.is_none_or(|(_, best)| found < best) {
            best = Some((candidate, found));
            if found == 0 {
                break;
            }
        }
    }
    best.map(|(candidate, _)| candidate)
}

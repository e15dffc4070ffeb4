//! Patterns of paths as Hadoop knows them: `*`, `?`, `[a-c]`, `[^a]`, `{a,b}`.

use kindling_partition::{Error, ErrorKind, Result};

use crate::session::FileStore;

/// Whether a path is a pattern.
pub(super) fn is_pattern(path: &str) -> bool {
    path.contains(['*', '?', '[', '{'])
}

/// The files and folders that a pattern of a whole path names, in order.
///
/// # Errors
/// `PATH_NOT_FOUND` when there is none.
pub(super) fn expand(store: &dyn FileStore, pattern: &str) -> Result<Vec<String>> {
    let mut found = vec![String::new()];
    for part in pattern.split('/').filter(|part| !part.is_empty()) {
        let mut next = Vec::new();
        for folder in found {
            if is_pattern(part) {
                let entries = store.list(if folder.is_empty() { "/" } else { &folder }).unwrap_or_default();
                let named =
                    entries.iter().map(|e| e.name.trim_end_matches('/')).filter(|name| !name.starts_with('.') && matches(part, name));
                next.extend(named.map(|name| format!("{folder}/{name}")));
            } else {
                next.push(format!("{folder}/{part}"));
            }
        }
        found = next;
    }
    found.retain(|path| store.list(path).is_ok() || store.read(path).is_ok());
    if found.is_empty() {
        return Err(Error::new(ErrorKind::FileNotFound, format!("Path does not exist: {pattern}.")).with_condition("PATH_NOT_FOUND"));
    }
    Ok(found)
}

/// Whether a name matches a pattern of names.
pub(crate) fn matches(pattern: &str, name: &str) -> bool {
    let pattern: Vec<char> = pattern.chars().collect();
    let name: Vec<char> = name.chars().collect();
    alternatives(&pattern).iter().any(|p| matches_plain(p, &name))
}

/// A pattern with `{a,b}` as the patterns without.
fn alternatives(pattern: &[char]) -> Vec<Vec<char>> {
    let Some(open) = pattern.iter().position(|c| *c == '{') else { return vec![pattern.to_vec()] };
    let mut depth = 0;
    let mut cuts = vec![open];
    for (i, c) in pattern.iter().enumerate().skip(open) {
        match c {
            '{' => depth += 1,
            '}' => depth -= 1,
            ',' if depth == 1 => cuts.push(i),
            _ => {}
        }
        if depth == 0 {
            cuts.push(i);
            break;
        }
    }
    if depth > 0 {
        return vec![pattern.to_vec()];
    }
    let close = cuts[cuts.len() - 1];
    let choices = cuts.windows(2).map(|cut| [&pattern[..open], &pattern[cut[0] + 1..cut[1]], &pattern[close + 1..]].concat());
    choices.flat_map(|choice| alternatives(&choice)).collect()
}

fn matches_plain(pattern: &[char], name: &[char]) -> bool {
    match pattern {
        [] => name.is_empty(),
        ['*', rest @ ..] => (0..=name.len()).any(|i| matches_plain(rest, &name[i..])),
        ['?', rest @ ..] => !name.is_empty() && matches_plain(rest, &name[1..]),
        ['[', rest @ ..] => {
            let Some(close) = rest.iter().position(|c| *c == ']') else { return false };
            let Some(c) = name.first() else { return false };
            let (negated, set) = match &rest[..close] {
                ['^' | '!', set @ ..] => (true, set),
                set => (false, set),
            };
            let mut found = false;
            let mut i = 0;
            while i < set.len() {
                if i + 2 < set.len() && set[i + 1] == '-' {
                    found |= (set[i]..=set[i + 2]).contains(c);
                    i += 3;
                } else {
                    found |= set[i] == *c;
                    i += 1;
                }
            }
            found != negated && matches_plain(&rest[close + 1..], &name[1..])
        }
        ['\\', c, rest @ ..] | [c, rest @ ..] => name.first() == Some(c) && matches_plain(rest, &name[1..]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_match_names() {
        for (pattern, name, expected) in [
            ("*.csv", "a.csv", true),
            ("*.csv", "a.csvx", false),
            ("part-?", "part-1", true),
            ("[a-c]1", "b1", true),
            ("[^a-c]1", "b1", false),
            ("{a,b{c,d}}x", "bdx", true),
            ("{a,b}x", "cx", false),
            ("a\\*", "a*", true),
        ] {
            assert_eq!(matches(pattern, name), expected, "{pattern} {name}");
        }
    }
}

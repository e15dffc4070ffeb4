//! The paths of `get_json_object`: `$.a['b'][0][*]`. Spark's `JsonPathParser` and `GetJsonObjectEvaluator`.

use serde_json::Value as Json;

#[derive(Clone, Debug, PartialEq)]
pub(super) enum Step {
    Key(String),
    Index(usize),
    /// `[*]`
    AllItems,
    /// `.*` or `['*']`
    AllMembers,
}

/// The steps of a path; none when it is no path.
pub(super) fn parse(text: &str) -> Option<Vec<Step>> {
    let mut rest = text.strip_prefix('$')?;
    let mut steps = Vec::new();
    while !rest.is_empty() {
        if let Some(after) = rest.strip_prefix('.') {
            let end = after.find(['.', '[']).unwrap_or(after.len());
            let name = &after[..end];
            if name.is_empty() {
                return None;
            }
            steps.push(if name == "*" { Step::AllMembers } else { Step::Key(name.to_owned()) });
            rest = &after[end..];
        } else if let Some(after) = rest.strip_prefix("['") {
            let end = after.find("']")?;
            let name = &after[..end];
            if name.is_empty() || name.contains('\'') {
                return None;
            }
            steps.push(if name == "*" { Step::AllMembers } else { Step::Key(name.to_owned()) });
            rest = &after[end + 2..];
        } else {
            let after = rest.strip_prefix('[')?;
            let end = after.find(']')?;
            steps.push(if &after[..end] == "*" { Step::AllItems } else { Step::Index(after[..end].parse().ok()?) });
            rest = &after[end + 1..];
        }
    }
    Some(steps)
}

/// What lies at the path, as text: a string as it is, anything else as JSON. None where nothing does.
pub(super) fn extract(json: &Json, steps: &[Step]) -> Option<String> {
    let mut found = Vec::new();
    collect(json, steps, &mut found);
    let many = steps.contains(&Step::AllItems);
    match found.as_slice() {
        [] | [Json::Null] if !many => None,
        [] => None,
        [Json::String(text)] if !many => Some(text.clone()),
        [one] => Some(one.to_string()),
        several => Some(Json::Array(several.iter().map(|v| (*v).clone()).collect()).to_string()),
    }
}

fn collect<'a>(json: &'a Json, steps: &[Step], found: &mut Vec<&'a Json>) {
    let Some((step, rest)) = steps.split_first() else {
        found.push(json);
        return;
    };
    match (step, json) {
        (Step::Key(name), Json::Object(members)) => {
            if let Some(member) = members.get(name) {
                collect(member, rest, found);
            }
        }
        // A key of an array is the key of each of its elements.
        (Step::Key(_), Json::Array(items)) => items.iter().for_each(|item| collect(item, steps, found)),
        (Step::Index(i), Json::Array(items)) => {
            if let Some(item) = items.get(*i) {
                collect(item, rest, found);
            }
        }
        (Step::AllItems, Json::Array(items)) => items.iter().for_each(|item| collect(item, rest, found)),
        (Step::AllMembers, Json::Object(members)) => members.values().for_each(|member| collect(member, rest, found)),
        _ => {}
    }
}

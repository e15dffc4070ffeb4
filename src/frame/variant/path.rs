//! The paths of `variant_get` and its kin: `$.name`, `$['name']`, `$["name"]`, `$[0]`. Spark's `VariantPathParser`.

use std::sync::Arc;

#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Step {
    Key(Arc<str>),
    Index(usize),
}

impl Step {
    /// The steps of a path; none when it is no path.
    pub fn parse(text: &str) -> Option<Vec<Self>> {
        let mut rest = text.strip_prefix('$')?;
        let mut steps = Vec::new();
        while !rest.is_empty() {
            let quote = rest.strip_prefix('[').and_then(|r| r.chars().next()).filter(|c| matches!(c, '\'' | '"'));
            let (step, length) = if let Some(after) = rest.strip_prefix('.') {
                let end = after.find(['.', '[']).unwrap_or(after.len());
                (Self::Key(after[..end].into()), (end > 0).then_some(end + 1)?)
            } else if let Some(quote) = quote {
                let end = rest[2..].find(quote)?;
                rest[end + 3..].starts_with(']').then_some(())?;
                (Self::Key(rest[2..end + 2].into()), end + 4)
            } else {
                let end = rest.strip_prefix('[')?.find(']')?;
                let digits = &rest[1..=end];
                let index = digits.parse::<i32>().ok().filter(|_| digits.bytes().all(|b| b.is_ascii_digit()))?;
                (Self::Index(index as usize), end + 2)
            };
            steps.push(step);
            rest = &rest[length..];
        }
        Some(steps)
    }

    /// The steps as a path again.
    pub fn text(steps: &[Self]) -> String {
        let mut out = String::from("$");
        for step in steps {
            out.push_str(&match step {
                Self::Index(i) => format!("[{i}]"),
                Self::Key(key) if !key.is_empty() && !key.contains(['.', '[']) => format!(".{key}"),
                Self::Key(key) if !key.contains('\'') => format!("['{key}']"),
                Self::Key(key) => format!("[\"{key}\"]"),
            });
        }
        out
    }
}

use std::collections::BTreeMap;
use std::sync::Arc;

use arrow_array::builder::{ListBuilder, StringBuilder};
use arrow_array::types::Int32Type;
use arrow_array::{ArrayRef, BooleanArray};
use arrow_buffer::BooleanBuffer;
use kindling_partition::{Error, Result};
use regex_lite::{Captures, Regex};

use super::declare::{Args, Function, Outcome, params};
use super::loops::{Arg, strict_nulls};
use crate::coerce::expect;
use crate::typed::Typed;
use crate::types::{DataType, list_item};

pub(super) const FUNCTIONS: &[Function] = &[
    Function::scalar(
        "like",
        "Whether the text fits a pattern in which % stands for any text and _ for one character.",
        params!("str", "pattern", "?escapeChar"),
        |args| tests("like", args),
        |args| like(args, false),
    ),
    Function::scalar(
        "ilike",
        "As like, without regard to case.",
        params!("str", "pattern", "?escapeChar"),
        |args| tests("ilike", args),
        |args| like(args, true),
    ),
    Function::scalar(
        "rlike",
        "Whether a regular expression is found in the text.",
        params!("str", "regexp"),
        |args| tests("rlike", args),
        rlike,
    ),
    Function::scalar(
        "regexp_replace",
        "Every match replaced; $1 in the replacement is the first group.",
        params!("string", "pattern", "replacement", "?position"),
        |args| {
            expect("regexp_replace", args, 3, &DataType::Int)?;
            for i in 0..3 {
                expect("regexp_replace", args, i, &DataType::String)?;
            }
            Ok(Outcome::strict(DataType::String, args))
        },
        replace,
    ),
    Function::scalar(
        "regexp_extract",
        "A group (0 the whole) of the first match; empty when there is none.",
        params!("str", "pattern", "?idx"),
        |args| extracted("regexp_extract", args).map(|nullable| Outcome::new(DataType::String, nullable)),
        extract,
    ),
    Function::scalar(
        "regexp_extract_all",
        "A group (1 when not given) of every match.",
        params!("str", "regexp", "?idx"),
        |args| extracted("regexp_extract_all", args).map(|nullable| Outcome::new(DataType::array(DataType::String), nullable)),
        extract_all,
    ),
    Function::scalar(
        "regexp_count",
        "How often a regular expression is found.",
        params!("str", "regexp"),
        |args| {
            texts("regexp_count", args)?;
            Ok(Outcome::strict(DataType::Int, args))
        },
        |args| {
            let (texts, patterns) = (args.args[0].strs(), Patterns::new(&args.args[1]));
            let mut patterns = patterns;
            args.rows_to_nums::<Int32Type>(|i| match (texts.get(i), patterns.get(i)?) {
                (Some(text), Some(pattern)) => Ok(Some(pattern.find_iter(text).count() as i32)),
                _ => Ok(None),
            })
        },
    ),
    Function::scalar(
        "split",
        "The pieces between matches of a regular expression, at most `limit` when that is positive.",
        params!("str", "pattern", "?limit"),
        |args| {
            expect("split", args, 0, &DataType::String)?;
            expect("split", args, 1, &DataType::String)?;
            expect("split", args, 2, &DataType::Int)?;
            Ok(Outcome::strict(DataType::Array(Box::new(DataType::String), false), args))
        },
        split,
    ),
];

fn texts(name: &'static str, args: &mut [Typed]) -> Result<Outcome> {
    for i in 0..args.len() {
        expect(name, args, i, &DataType::String)?;
    }
    Ok(Outcome::strict(DataType::String, args))
}

fn tests(name: &'static str, args: &mut [Typed]) -> Result<Outcome> {
    texts(name, args)?;
    Ok(Outcome::strict(DataType::Boolean, args))
}

fn extracted(name: &'static str, args: &mut [Typed]) -> Result<bool> {
    expect(name, args, 0, &DataType::String)?;
    expect(name, args, 1, &DataType::String)?;
    expect(name, args, 2, &DataType::Int)?;
    Ok(args.iter().any(|a| a.nullable))
}

/// The compiled patterns of an argument, each compiled once.
struct Patterns<'a> {
    arg: &'a Arg,
    compiled: BTreeMap<&'a str, Arc<Regex>>,
}

/// The regular expression of a text.
///
/// # Errors
/// `INVALID_PARAMETER_VALUE.PATTERN`
pub(super) fn compile(pattern: &str) -> Result<Regex> {
    Regex::new(pattern).map_err(|error| {
        Error::illegal_argument(format!(
            "The regular expression '{pattern}' can't be used: {error}. (Look-around and back-references aren't supported.)"
        ))
        .with_condition("INVALID_PARAMETER_VALUE.PATTERN")
    })
}

/// Whether a name is wholly what a pattern describes, without regard to case. Of Java's possessive quantifiers the one that leaves names out
/// is known: `(a|b)?+.+` means all names but a and b.
///
/// # Errors
/// As [`compile`].
pub(crate) fn names_like(pattern: &str) -> Result<impl Fn(&str) -> bool + use<>> {
    let possessive = pattern.split_once(")?+").and_then(|(group, rest)| Some((group.strip_prefix('(')?, rest)));
    let (group, rest) = possessive.filter(|(group, _)| !group.contains('(')).map_or((None, pattern), |(group, rest)| (Some(group), rest));
    let group = group.map(|group| compile(&format!("(?i)^(?:{group})"))).transpose()?;
    let rest = compile(&format!("(?i)^(?:{rest})$"))?;
    Ok(move |name: &str| {
        let kept = group.as_ref().and_then(|group| group.find(name)).map_or(0, |found| found.end());
        rest.is_match(&name[kept..])
    })
}

impl<'a> Patterns<'a> {
    fn new(arg: &'a Arg) -> Self {
        Self { arg, compiled: BTreeMap::new() }
    }

    fn get(&mut self, row: usize) -> Result<Option<Arc<Regex>>> {
        let Some(pattern) = self.arg.strs().get(row) else { return Ok(None) };
        if let Some(compiled) = self.compiled.get(pattern) {
            return Ok(Some(compiled.clone()));
        }
        let compiled = compile(pattern)?;
        let compiled = Arc::new(compiled);
        self.compiled.insert(pattern, compiled.clone());
        Ok(Some(compiled))
    }
}

fn rlike(args: &Args<'_>) -> Result<ArrayRef> {
    let (texts, mut patterns) = (args.args[0].strs(), Patterns::new(&args.args[1]));
    args.rows_to_bools(|i| match (texts.get(i), patterns.get(i)?) {
        (Some(text), Some(pattern)) => Ok(Some(pattern.is_match(text))),
        _ => Ok(None),
    })
}

fn replace(args: &Args<'_>) -> Result<ArrayRef> {
    let (texts, mut patterns, with) = (args.args[0].strs(), Patterns::new(&args.args[1]), args.args[2].strs());
    let positions = args.args.get(3).map(Arg::nums::<Int32Type>);
    args.rows_to_strings(|i, out| {
        let (Some(text), Some(pattern), Some(with)) = (texts.get(i), patterns.get(i)?, with.get(i)) else { return Ok(false) };
        let Some(position) = positions.map_or(Some(1), |p| p.get(i)) else { return Ok(false) };
        let first = usize::try_from(position - 1).unwrap_or(0);
        let first = text.char_indices().nth(first).map_or(text.len(), |(at, _)| at);
        let mut end = 0;
        for found in pattern.captures_iter(text) {
            let Some(whole) = found.get(0).filter(|w| w.start() >= first) else { continue };
            out.push_str(&text[end..whole.start()]);
            expand(&found, with, out)?;
            end = whole.end();
        }
        out.push_str(&text[end..]);
        Ok(true)
    })
}

/// Writes a replacement as Java's `Matcher.appendReplacement` does: `$1` and `${name}` are groups, `\` takes the next character as it is.
fn expand(found: &Captures<'_>, with: &str, out: &mut String) -> Result<()> {
    let mut rest = with.chars().peekable();
    while let Some(c) = rest.next() {
        match c {
            '\\' => out.extend(rest.next()),
            '$' => {
                let mut name = String::new();
                if rest.next_if_eq(&'{').is_some() {
                    name.extend(std::iter::from_fn(|| rest.next_if(|c| *c != '}')));
                    rest.next();
                    out.push_str(found.name(&name).map_or("", |m| m.as_str()));
                    continue;
                }
                while let Some(digit) = rest.next_if(char::is_ascii_digit) {
                    name.push(digit);
                    if name.parse::<usize>().map_or(true, |group| group * 10 >= found.len()) {
                        break;
                    }
                }
                let group = name.parse::<usize>().ok().filter(|g| *g < found.len());
                let group = group.ok_or_else(|| {
                    Error::illegal_argument(format!("The replacement '{with}' names a group that the pattern doesn't have."))
                })?;
                out.push_str(found.get(group).map_or("", |m| m.as_str()));
            }
            c => out.push(c),
        }
    }
    Ok(())
}

fn group_of<'t>(found: &Captures<'t>, index: i32) -> Result<&'t str> {
    let groups = found.len() - 1;
    let group = usize::try_from(index).ok().filter(|g| *g <= groups);
    let group = group.ok_or_else(|| {
        Error::illegal_argument(format!("Expects group index between 0 and {groups}, but got {index}."))
            .with_condition("INVALID_PARAMETER_VALUE.REGEX_GROUP_INDEX")
    })?;
    Ok(found.get(group).map_or("", |m| m.as_str()))
}

fn extract(args: &Args<'_>) -> Result<ArrayRef> {
    let (texts, mut patterns) = (args.args[0].strs(), Patterns::new(&args.args[1]));
    let groups = args.args.get(2).map(Arg::nums::<Int32Type>);
    args.rows_to_strings(|i, out| {
        let (Some(text), Some(pattern)) = (texts.get(i), patterns.get(i)?) else { return Ok(false) };
        let Some(group) = groups.map_or(Some(1), |g| g.get(i)) else { return Ok(false) };
        if let Some(found) = pattern.captures(text) {
            out.push_str(group_of(&found, group)?);
        }
        Ok(true)
    })
}

fn string_lists(rows: usize) -> ListBuilder<StringBuilder> {
    ListBuilder::with_capacity(StringBuilder::new(), rows).with_field(list_item(&DataType::String))
}

fn extract_all(args: &Args<'_>) -> Result<ArrayRef> {
    let (texts, mut patterns) = (args.args[0].strs(), Patterns::new(&args.args[1]));
    let groups = args.args.get(2).map(Arg::nums::<Int32Type>);
    let mut lists = string_lists(args.rows);
    for i in 0..args.rows {
        let (text, pattern, group) = (texts.get(i), patterns.get(i)?, groups.map_or(Some(1), |g| g.get(i)));
        if let (Some(text), Some(pattern), Some(group)) = (text, pattern, group) {
            for found in pattern.captures_iter(text) {
                lists.values().append_value(group_of(&found, group)?);
            }
            lists.append(true);
        } else {
            lists.append(false);
        }
    }
    Ok(Arc::new(lists.finish()))
}

fn split(args: &Args<'_>) -> Result<ArrayRef> {
    let (texts, mut patterns) = (args.args[0].strs(), Patterns::new(&args.args[1]));
    let limits = args.args.get(2).map(Arg::nums::<Int32Type>);
    let mut lists = string_lists(args.rows);
    for i in 0..args.rows {
        let (text, pattern, limit) = (texts.get(i), patterns.get(i)?, limits.map_or(Some(-1), |l| l.get(i)));
        let (Some(text), Some(pattern), Some(limit)) = (text, pattern, limit) else {
            lists.append(false);
            continue;
        };
        let most = if limit > 0 { limit as usize } else { usize::MAX };
        let (mut start, mut pieces) = (0, 1);
        for found in pattern.find_iter(text) {
            if pieces >= most {
                break;
            }
            // Java gives no empty piece for an empty match at the start, and none behind one at the end.
            if found.end() == 0 || found.is_empty() && found.start() == text.len() {
                continue;
            }
            lists.values().append_value(&text[start..found.start()]);
            start = found.end();
            pieces += 1;
        }
        lists.values().append_value(&text[start..]);
        lists.append(true);
    }
    Ok(Arc::new(lists.finish()))
}

fn like(args: &Args<'_>, fold: bool) -> Result<ArrayRef> {
    let (texts, patterns) = (args.args[0].strs(), args.args[1].strs());
    let nulls = strict_nulls(args.args, args.rows);
    let escape = args.args.get(2).and_then(|a| a.strs().get(0)).and_then(|t| t.chars().next()).unwrap_or('\\');
    let parse = |pattern: &str| tokens(&if fold { pattern.to_lowercase() } else { pattern.to_owned() }, escape);
    let fixed = if args.args[1].scalar { patterns.get(0).map(parse).transpose()? } else { None };
    let mut failed = Ok(());
    let truths = BooleanBuffer::collect_bool(args.rows, |i| {
        let (Some(text), Some(pattern)) = (texts.get(i), patterns.get(i)) else { return false };
        let lowered;
        let text = if fold {
            lowered = text.to_lowercase();
            &lowered
        } else {
            text
        };
        match &fixed {
            Some(tokens) => fits(text, tokens),
            None => match parse(pattern) {
                Ok(tokens) => fits(text, &tokens),
                Err(error) => {
                    failed = Err(error);
                    false
                }
            },
        }
    });
    failed?;
    Ok(Arc::new(BooleanArray::new(truths, nulls)))
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Token {
    Any,
    One,
    Char(char),
}

fn tokens(pattern: &str, escape: char) -> Result<Vec<Token>> {
    let mut tokens = Vec::with_capacity(pattern.len());
    let mut chars = pattern.chars();
    while let Some(c) = chars.next() {
        tokens.push(match c {
            c if c == escape => match chars.next() {
                Some(c) if matches!(c, '%' | '_') || c == escape => Token::Char(c),
                _ => {
                    return Err(Error::analysis(format!(
                        "The LIKE pattern '{pattern}' is not valid: {escape} must stand before %, _ or itself."
                    ))
                    .with_condition("INVALID_FORMAT.ESC_IN_THE_MIDDLE"));
                }
            },
            '%' => Token::Any,
            '_' => Token::One,
            c => Token::Char(c),
        });
    }
    Ok(tokens)
}

/// Greedy matching with one step back, to the last `%`.
fn fits(text: &str, tokens: &[Token]) -> bool {
    let (mut rest, mut t) = (text.chars(), 0);
    let mut retry: Option<(std::str::Chars<'_>, usize)> = None;
    loop {
        if tokens.get(t) == Some(&Token::Any) {
            t += 1;
            retry = Some((rest.clone(), t));
            continue;
        }
        let before = rest.clone();
        match (rest.next(), tokens.get(t)) {
            (None, None) => return true,
            (Some(_), Some(Token::One)) => t += 1,
            (Some(c), Some(Token::Char(d))) if c == *d => t += 1,
            (found, _) => {
                let Some((from, token)) = &mut retry else { return false };
                if found.is_none() && before.as_str().is_empty() && from.as_str().is_empty() {
                    return false;
                }
                if from.next().is_none() {
                    return false;
                }
                (rest, t) = (from.clone(), *token);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Java's `String.matches` with `(?i)`, as `DataFrame.colRegex` uses it.
    #[test]
    fn names_are_chosen_by_a_pattern() {
        let names = ["Col1", "col2", "id", "Col10"];
        let like = |pattern: &str| {
            let is_like = names_like(pattern).expect("a pattern");
            names.into_iter().filter(|name| is_like(name)).collect::<Vec<_>>()
        };
        assert_eq!(like("(Col1)?+.+"), ["col2", "id", "Col10"]);
        assert_eq!(like("(col1|col2)?+.+"), ["id", "Col10"]);
        assert_eq!(like("col.*"), ["Col1", "col2", "Col10"]);
        assert_eq!(like("col"), [""; 0]);
        assert!(names_like("(").is_err());
    }

    #[test]
    fn like_patterns_match_whole_texts() {
        for (text, pattern, expected) in [
            ("abc", "a%", true),
            ("abc", "%c", true),
            ("abc", "a_c", true),
            ("abc", "a", false),
            ("", "%", true),
            ("ababc", "%abc", true),
            ("a%c", "a\\%c", true),
            ("axc", "a\\%c", false),
            ("mississippi", "m%iss%ip_i", true),
            ("abc", "%d%", false),
            ("abc", "abc_", false),
        ] {
            assert_eq!(fits(text, &tokens(pattern, '\\').expect("valid")), expected, "{text} like {pattern}");
        }
    }
}

//! XPath's core functions, with Xalan's counts of characters: those of UTF-16.

use std::fmt;

use super::Bad;
use super::eval::{Context, Found};

pub(super) struct Core {
    name: &'static str,
    /// Xalan's class, which its errors name.
    class: &'static str,
    least: usize,
    most: usize,
    pub run: fn(&Context<'_>, Vec<Found>) -> Result<Found, Bad>,
}

impl fmt::Debug for Core {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name)
    }
}

impl Core {
    /// # Errors
    /// When the function takes another number of arguments.
    pub fn check_count(&self, given: usize) -> Result<(), Bad> {
        if (self.least..=self.most).contains(&given) {
            return Ok(());
        }
        let takes = match (self.least, self.most) {
            (least, most) if least == most => least.to_string(),
            (least, usize::MAX) => format!(">{}", least - 1),
            (least, most) => format!("{least} or {most}"),
        };
        Err(format!("com.sun.org.apache.xpath.internal.functions.{} only allows {takes} arguments", self.class))
    }
}

/// The function of this name.
pub(super) fn core(name: &str) -> Option<&'static Core> {
    CORE.iter().find(|function| function.name == name)
}

macro_rules! core {
    ($name:literal, $class:literal, $least:literal..=$most:expr, $run:expr) => {
        Core { name: $name, class: $class, least: $least, most: $most, run: $run }
    };
}

static CORE: [Core; 29] = [
    core!("last", "FuncLast", 0..=0, |c, _| Ok(Found::Number(c.size as f64))),
    core!("position", "FuncPosition", 0..=0, |c, _| Ok(Found::Number(if c.in_predicate { c.position as f64 } else { -1.0 }))),
    core!("current", "FuncCurrent", 0..=0, |c, _| Ok(Found::Nodes(vec![c.node]))),
    core!("count", "FuncCount", 1..=1, |_, args| Ok(Found::Number(only(args).nodes()?.len() as f64))),
    // No document here declares which attributes are names.
    core!("id", "FuncId", 1..=1, |_, _| Ok(Found::Nodes(Vec::new()))),
    core!("local-name", "FuncLocalPart", 0..=1, |c, args| named(c, args, |document, id| document.local_name(id).to_owned())),
    core!("namespace-uri", "FuncNamespace", 0..=1, |c, args| named(c, args, |_, _| String::new())),
    core!("name", "FuncQname", 0..=1, |c, args| named(c, args, |document, id| document.name(id).to_owned())),
    core!("generate-id", "FuncGenerateId", 0..=1, |c, args| named(c, args, |_, id| format!("N{:X}", 0x1_0000 + id))),
    core!("string", "FuncString", 0..=1, |c, args| Ok(Found::Text(text(c, args)))),
    core!("concat", "FuncConcat", 2..=usize::MAX, |c, args| Ok(Found::Text(args.iter().map(|arg| arg.text(c.document)).collect()))),
    core!("starts-with", "FuncStartsWith", 2..=2, |c, args| Ok(Found::Truth(two(c, &args, |text, part| text.starts_with(part))))),
    core!("contains", "FuncContains", 2..=2, |c, args| Ok(Found::Truth(two(c, &args, |text, part| text.contains(part))))),
    core!("substring-before", "FuncSubstringBefore", 2..=2, |c, args| {
        Ok(Found::Text(two(c, &args, |text, part| text.split_once(part).map(|(before, _)| before.to_owned()).unwrap_or_default())))
    }),
    core!("substring-after", "FuncSubstringAfter", 2..=2, |c, args| {
        Ok(Found::Text(two(c, &args, |text, part| text.split_once(part).map(|(_, after)| after.to_owned()).unwrap_or_default())))
    }),
    core!("substring", "FuncSubstring", 2..=3, substring),
    core!("string-length", "FuncStringLength", 0..=1, |c, args| Ok(Found::Number(text(c, args).encode_utf16().count() as f64))),
    core!("normalize-space", "FuncNormalizeSpace", 0..=1, |c, args| {
        let text = text(c, args);
        let words: Vec<&str> = text.split([' ', '\t', '\n', '\r']).filter(|word| !word.is_empty()).collect();
        Ok(Found::Text(words.join(" ")))
    }),
    core!("translate", "FuncTranslate", 3..=3, |c, args| {
        let [text, from, to] = [0, 1, 2].map(|i| args[i].text(c.document).encode_utf16().collect::<Vec<_>>());
        let other = |unit: &u16| match from.iter().position(|known| known == unit) {
            Some(at) => to.get(at).copied(),
            None => Some(*unit),
        };
        Ok(Found::Text(of_units(&text.iter().filter_map(other).collect::<Vec<_>>())))
    }),
    core!("boolean", "FuncBoolean", 1..=1, |_, args| Ok(Found::Truth(only(args).truth()))),
    core!("not", "FuncNot", 1..=1, |_, args| Ok(Found::Truth(!only(args).truth()))),
    core!("true", "FuncTrue", 0..=0, |_, _| Ok(Found::Truth(true))),
    core!("false", "FuncFalse", 0..=0, |_, _| Ok(Found::Truth(false))),
    // The JDK looks for xml:lang among namespaces, of which its parser makes none.
    core!("lang", "FuncLang", 1..=1, |_, _| Ok(Found::Truth(false))),
    core!("number", "FuncNumber", 0..=1, |c, args| Ok(Found::Number(match args.first() {
        Some(arg) => arg.number(c.document),
        None => Found::Nodes(vec![c.node]).number(c.document),
    }))),
    core!("sum", "FuncSum", 1..=1, |c, args| {
        let nodes = only(args).nodes()?;
        Ok(Found::Number(nodes.into_iter().fold(0.0, |sum, node| sum + Found::Text(c.document.text(node)).number(c.document))))
    }),
    core!("round", "FuncRound", 1..=1, |c, args| {
        let number = only(args).number(c.document);
        Ok(Found::Number(if (-0.5..0.0).contains(&number) {
            -0.0
        } else if number == 0.0 {
            number
        } else {
            round(number)
        }))
    }),
    core!("floor", "FuncFloor", 1..=1, |c, args| Ok(Found::Number(libm::floor(only(args).number(c.document))))),
    core!("ceiling", "FuncCeiling", 1..=1, |c, args| Ok(Found::Number(libm::ceil(only(args).number(c.document))))),
];

fn only(mut args: Vec<Found>) -> Found {
    args.pop().unwrap_or(Found::Nodes(Vec::new()))
}

/// The text of the argument, or of the context's node.
fn text(c: &Context<'_>, mut args: Vec<Found>) -> String {
    args.pop().unwrap_or(Found::Nodes(vec![c.node])).text(c.document)
}

fn two<T>(c: &Context<'_>, args: &[Found], run: fn(&str, &str) -> T) -> T {
    run(&args[0].text(c.document), &args[1].text(c.document))
}

/// What the first node of the argument, or the context's, is called; nothing when it has no name.
fn named(c: &Context<'_>, mut args: Vec<Found>, of: fn(&super::dom::Document, usize) -> String) -> Result<Found, Bad> {
    let nodes = args.pop().unwrap_or(Found::Nodes(vec![c.node])).nodes()?;
    Ok(Found::Text(nodes.first().map(|node| of(c.document, *node)).unwrap_or_default()))
}

/// Java's rounding: halves go up.
fn round(number: f64) -> f64 {
    libm::floor(number + 0.5)
}

/// Xalan's arithmetic, that of Java's int.
fn substring(c: &Context<'_>, args: Vec<Found>) -> Result<Found, Bad> {
    let units: Vec<u16> = args[0].text(c.document).encode_utf16().collect();
    if units.is_empty() {
        return Ok(Found::Text(String::new()));
    }
    let start = args[1].number(c.document);
    let start = if start.is_nan() { -1_000_000.0 } else { round(start) as i64 as f64 };
    let begin = if start > 0.0 { (start as i32 - 1) as usize } else { 0 }.min(units.len());
    let end = match args.get(2) {
        None => units.len(),
        Some(length) => {
            let end = (round(length.number(c.document)) as i64 as f64 + start) as i32;
            usize::try_from(end.wrapping_sub(1)).unwrap_or(0).min(units.len())
        }
    };
    match units.get(begin..end) {
        Some(part) => Ok(Found::Text(of_units(part))),
        None => Err(format!("javax.xml.transform.TransformerException: begin {begin}, end {end}, length {}", units.len())),
    }
}

/// Half a character is a question mark, as Java writes it.
fn of_units(units: &[u16]) -> String {
    char::decode_utf16(units.iter().copied()).map(|c| c.unwrap_or('?')).collect()
}

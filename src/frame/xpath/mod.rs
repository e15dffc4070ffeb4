//! `xpath` and its kin: XPath 1.0 over a text of XML (Spark's `UDFXPathUtil`, which asks the JDK's Xalan).
//!
//! The JDK reads the XML without namespaces: a test `b` finds `<x:b>`, a test with a prefix finds nothing.

mod dom;
mod eval;
mod functions;
mod lex;
mod parse;

use kindling_partition::{Error, Result};

use crate::coerce::{described, expect, text, wrong_type};
use crate::exec::Ids;
use crate::functions::{Cells, Function, Outcome, params};
use crate::typed::Typed;
use crate::types::DataType;
use crate::value::Value;

use dom::Document;
use eval::Found;

/// Why a path or a document is of no use.
type Bad = String;

macro_rules! xpath {
    ($name:literal, $doc:literal, $type:expr, $value:expr) => {
        Function::rows($name, $doc, params!("xml", "path"), |args| resolve($name, args, $type), |c| value(c, $value))
    };
}

pub(crate) const FUNCTIONS: &[Function] = &[
    xpath!(
        "xpath",
        "The values of the nodes of a text of XML that a path finds, such as `a/b/text()` or `a/@id`; null for elements, which have none.",
        DataType::Array(DataType::String.into(), false),
        |document, found| {
            let nodes = found.nodes()?;
            Ok(Value::Array(nodes.iter().map(|node| document.own_value(*node).into()).collect()))
        }
    ),
    xpath!("xpath_boolean", "Whether a path finds a node of a text of XML, or is true.", DataType::Boolean, |_, found| {
        Ok(Value::Boolean(found.truth()))
    }),
    xpath!(
        "xpath_double",
        "The number that a path finds in a text of XML; NaN when it finds none or no number.",
        DataType::Double,
        |document, found| Ok(Value::Double(found.number(document)))
    ),
    xpath!("xpath_number", "As xpath_double.", DataType::Double, |document, found| Ok(Value::Double(found.number(document)))),
    xpath!("xpath_float", "As xpath_double, as a float.", DataType::Float, |document, found| {
        Ok(Value::Float(found.number(document) as f32))
    }),
    xpath!(
        "xpath_int",
        "The number that a path finds in a text of XML, without its fraction; 0 when it finds none or no number.",
        DataType::Int,
        |document, found| Ok(Value::Int(found.number(document) as i32))
    ),
    xpath!("xpath_long", "As xpath_int, as a bigint.", DataType::Long, |document, found| Ok(Value::Long(found.number(document) as i64))),
    xpath!("xpath_short", "As xpath_int, as a smallint: what is too large is cut off.", DataType::Short, |document, found| Ok(
        Value::Short(found.number(document) as i32 as i16)
    )),
    xpath!(
        "xpath_string",
        "The text of the first node of a text of XML that a path finds; empty when it finds none.",
        DataType::String,
        |document, found| { Ok(found.text(document).into()) }
    ),
];

fn resolve(name: &str, args: &mut [Typed], data_type: DataType) -> Result<Outcome> {
    let mut columns = Ids::new();
    args[1].references(&mut columns);
    if !columns.is_empty() {
        let message = format!(
            "Cannot resolve {} due to data type mismatch: the input `path` should be a foldable \"STRING\" expression; however, got \"{}\".",
            described(name, args),
            text(&args[1])
        );
        return Err(Error::analysis(message).with_condition("DATATYPE_MISMATCH.NON_FOLDABLE_INPUT"));
    }
    for i in 0..2 {
        if !matches!(args[i].data_type, DataType::String | DataType::Null) {
            return Err(wrong_type(name, args, i, "STRING"));
        }
        expect(name, args, i, &DataType::String)?;
    }
    Ok(Outcome::new(data_type, true))
}

/// What a path finds in a row's text; null when either is empty. The errors are those of the JDK, as Spark passes them on.
fn value(c: &Cells<'_>, made: fn(&Document, Found) -> Result<Value, Bad>) -> Result<Value> {
    let (xml, path) = (c.text(0), c.text(1));
    if xml.is_empty() || path.is_empty() {
        return Ok(Value::Null);
    }
    let expr = parse::parse(path)
        .map_err(|why| Error::runtime(format!("Invalid XPath '{path}'javax.xml.transform.TransformerException: {why}")))?;
    let document = Document::read(xml).map_err(|why| Error::runtime(format!("Error loading expression '{path}': {why}")))?;
    eval::evaluate(&expr, &document)
        .and_then(|found| made(&document, found))
        .map_err(|why| Error::runtime(format!("Invalid XML document: {why}\n{xml}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A page's stack is small, whatever the path and the document.
    #[test]
    fn deep_and_long_texts_are_refused_or_read() {
        let deep = |open: &str, close: &str, n: usize| format!("{}a{}", open.repeat(n), close.repeat(n));
        assert!(parse::parse(&deep("(", ")", 50)).is_ok());
        assert!(parse::parse(&deep("(", ")", 5_000)).is_err());
        assert!(parse::parse(&deep("a[", "]", 5_000)).is_err());
        assert!(parse::parse(&format!("1{}", " + 1".repeat(5_000))).is_err());
        let document = Document::read(&deep("<b>", "</b>", 20_000)).expect("a document");
        let path = parse::parse("count(//b[not(b)]/ancestor-or-self::b)").expect("a path");
        assert_eq!(eval::evaluate(&path, &document).map(|found| found.number(&document)), Ok(20_000.0));
    }

    /// The limits of the JDK: an entity that stands for ever more of others.
    #[test]
    fn entities_stay_within_bounds() {
        let entities: String = (1..12).map(|i| format!("<!ENTITY e{i} \"{}\">", format!("&e{};", i - 1).repeat(10))).collect();
        let error = Document::read(&format!("<!DOCTYPE a [<!ENTITY e0 \"x\">{entities}]><a>&e11;</a>")).err();
        assert_eq!(error.as_deref(), Some("The document refers to too many entities."));
    }
}

//! Elements as variants: `StaxXmlParser.convertVariant`.

use super::events::{Event, Events, is_blank};
use super::options::XmlOptions;
use super::parse::Failure;
use crate::json::utf16_order;
use crate::numbers::{decimal_shape, parse_decimal};
use crate::schema::same_name;
use crate::value::Value;
use crate::variant::Tree;

/// The element whose start was the last event, as a variant; its end is passed over.
///
/// # Errors
/// When the text is no XML, or the value is larger than a variant may be.
pub(crate) fn variant_of(events: &mut Events<'_>, attributes: &[(String, String)], options: &XmlOptions) -> Result<Value, Failure> {
    let tree = tree(events, attributes, options, false)?;
    tree.encode("from_xml").map(Value::Variant).map_err(|_| Failure::Unfit)
}

/// A text as a variant.
pub(super) fn text_variant(text: &str, options: &XmlOptions) -> Result<Value, Failure> {
    scalar(Some(text), options)?.encode("from_xml").map(Value::Variant).map_err(|_| Failure::Unfit)
}

fn tree(events: &mut Events<'_>, attributes: &[(String, String)], options: &XmlOptions, nested: bool) -> Result<Tree, Failure> {
    let mut members: Vec<(String, Vec<Tree>)> = Vec::new();
    let mut put = |name: &str, item: Tree| match members.iter_mut().find(|m| same_name(&m.0, name)) {
        Some(known) => known.1.push(item),
        None => members.push((name.to_owned(), vec![item])),
    };
    for (name, value) in options.attributes(attributes) {
        put(&name, scalar(value.as_deref(), options)?);
    }
    loop {
        match events.next()? {
            Event::Start(tag) => put(options.name(&tag.name), tree(events, &tag.attributes, options, true)?),
            Event::Text(text) if is_blank(&text) => {}
            Event::Text(text) => put(&options.value_tag, scalar(Some(&text), options)?),
            Event::End(_) | Event::Done => break,
        }
    }
    if members.iter().all(|m| m.0 == options.value_tag) {
        let text = members.into_iter().flat_map(|m| m.1).next();
        return text.map_or_else(|| leaf(&Value::Null), Ok);
    }
    // Names are numbered in this order; a variant that is put into another one has its own in order already.
    let lower = |name: &str| name.to_lowercase();
    members.sort_by(|(a, _), (b, _)| if nested { utf16_order(a, b) } else { utf16_order(&lower(a), &lower(b)) });
    let item = |mut items: Vec<Tree>| if items.len() == 1 { items.remove(0) } else { Tree::Array(items) };
    Ok(Tree::Object(members.into_iter().map(|(name, items)| (name.into(), item(items))).collect()))
}

fn leaf(value: &Value) -> Result<Tree, Failure> {
    Tree::from_value(value).map_err(|_| Failure::Unfit)
}

/// A text as a boolean, a whole number or a decimal where it is one.
fn scalar(text: Option<&str>, options: &XmlOptions) -> Result<Tree, Failure> {
    let Some(text) = text.filter(|text| Some(*text) != options.null_value.as_deref()) else { return leaf(&Value::Null) };
    let text = options.spaced(text);
    if text.eq_ignore_ascii_case("true") || text.eq_ignore_ascii_case("false") {
        return leaf(&Value::Boolean(text.len() == 4));
    }
    if let Ok(number) = text.parse() {
        return leaf(&Value::Long(number));
    }
    let plain = text.replace(',', "");
    if let Some((precision, scale @ ..=38)) = decimal_shape(plain.as_bytes())
        && i64::from(precision) - scale.min(0) <= 38
        && let Ok(unscaled) = parse_decimal(plain.as_bytes(), 38, scale.max(0) as i8)
    {
        return leaf(&Value::Decimal { unscaled, precision: 38, scale: scale.max(0) as i8 });
    }
    leaf(&Value::from(text))
}

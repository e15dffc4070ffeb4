//! What Spark reads and writes is recorded in tests/reference/files.json and sql_xml.txt; here is what holds of all texts, and what has no
//! condition there.

use proptest::prelude::*;

use super::events::{Event, Events};
use super::*;
use crate::schema::Schema;
use crate::types::{DataType, Field};
use crate::value::{Row, Value};

fn written(fields: &[(&str, Value)], options: &[(&str, &str)]) -> Result<String, String> {
    let types = fields.iter().map(|(name, value)| Field::new(*name, value.data_type(), true)).collect();
    let row = Value::Struct(Row::new(fields.iter().map(|f| f.0), fields.iter().map(|f| f.1.clone()).collect()));
    let options = XmlOptions::from_pairs(options.iter().copied()).map_err(|e| e.message().to_owned())?;
    write_record(&row, &DataType::Struct(types), &options).map_err(|e| e.message().to_owned())
}

/// The first words are those of Spark 4.3 (Woodstox).
#[test]
fn what_xml_does_not_have_is_refused() {
    for (name, told) in [
        ("1a", "Illegal first name character '1' (code 49)"),
        ("a b", "Illegal name character ' ' (code 32)"),
        ("é-.:a", "Illegal name character ':' (code 58)"),
        ("_", "Illegal to pass empty name"),
    ] {
        let error = written(&[(name, Value::Int(1))], &[]).expect_err("no name");
        assert!(error.starts_with(told), "{name}: {error}");
        assert!(written(&[(name, Value::Int(1))], &[("validateName", "false")]).is_ok(), "{name}");
    }
    let error = written(&[("a", Value::from("\u{1}"))], &[]).expect_err("no such character");
    assert!(error.starts_with("Invalid white space character (0x1) in text to output"), "{error}");
    let requirement = "requirement failed: 'attributePrefix' option should not be empty string.";
    assert_eq!(written(&[("a", Value::Int(1))], &[("attributePrefix", "")]), Err(requirement.into()));
    assert!(written(&[("_a", Value::Array([Value::Int(1)].into()))], &[]).expect_err("no text").contains("'_a'"));
}

#[test]
fn options_are_checked() {
    let told = |pairs: &[(&str, &str)]| XmlOptions::from_pairs(pairs.iter().copied()).expect_err("refused").message().to_owned();
    for (pairs, part) in [
        ([("rowValidationXSDPath", "/x.xsd")], "XSD"),
        ([("rowTags", "r")], "rowTag"),
        ([("samplingRatio", "0")], "samplingRatio (0.0) should be greater than 0"),
        ([("rootTag", "<x>")], "'rootTag' should not include angle brackets"),
        ([("valueTag", "_")], "'valueTag' and 'attributePrefix' options should not be the same."),
        ([("excludeAttribute", "maybe")], "excludeAttribute flag can be true or false"),
        ([("encoding", "UTF-16")], "UTF-8"),
    ] {
        assert!(told(&pairs).contains(part), "{pairs:?}: {}", told(&pairs));
    }
    let missing = XmlOptions::of_files([("rootTag", "x")]).expect_err("no row tag");
    assert_eq!(missing.condition(), Some("XML_ROW_TAG_MISSING"));
}

#[test]
fn a_broken_text_stays_broken() {
    let mut events = Events::new("<a><b></c><d/></a>");
    assert!(matches!(events.next(), Ok(Event::Start(_))));
    assert!(matches!(events.next(), Ok(Event::Start(_))));
    let broken = events.next().expect_err("another end");
    assert!(!broken.at_end);
    assert_eq!(events.peek().expect_err("still").why, broken.why);
    assert!(Events::new("").next().expect_err("nothing").at_end);
}

fn text() -> impl Strategy<Value = String> {
    proptest::collection::vec(
        prop_oneof![
            Just("<"),
            Just(">"),
            Just("</a>"),
            Just("<a>"),
            Just("<b x='1'>"),
            Just("</b>"),
            Just("<c/>"),
            Just("&lt;"),
            Just("&"),
            Just("&#x;"),
            Just("<![CDATA["),
            Just("]]>"),
            Just("<!--"),
            Just("-->"),
            Just("<?p "),
            Just("?>"),
            Just("1"),
            Just("t é"),
            Just(" "),
            Just("\"'="),
            Just("<!DOCTYPE a ["),
            Just("\u{0}"),
        ],
        0..30,
    )
    .prop_map(|parts| parts.concat())
}

proptest! {
    /// Whatever the text, it is read to its end or to where it breaks, as any type, and what its own schema makes of it doesn't break.
    #[test]
    fn any_text_is_read(text in text()) {
        let options = XmlOptions { row_tag: "a".into(), ..XmlOptions::default() };
        let mut inference = Inference::new(&options);
        inference.add_file(&text).expect("permissive");
        let fields = inference.fields();
        let mut inference = Inference::new(&options);
        inference.add_text(&text).expect("permissive");
        let parser = Parser { options: &options };
        let whole = parser.record(&text, &inference.fields());
        let schema = Schema::parse("a INT, b STRUCT<_x: INT, _VALUE: STRING>, c ARRAY<STRING>, xs_any MAP<STRING, VARIANT>").expect("a schema");
        for fields in [&fields, schema.fields()] {
            let mut events = Events::new(&text);
            while let Ok(Some(row)) = parser.next_record(&mut events, fields) {
                prop_assert_eq!(row.len(), fields.len());
            }
        }
        if let Ok(Event::Start(tag)) = Events::new(&text).next() {
            let mut events = Events::new(&text);
            events.next().expect("the same");
            let variant = variant_of(&mut events, &tag.attributes, &options);
            prop_assert_eq!(variant.is_ok(), whole.is_ok());
        }
    }

    /// Texts, numbers, arrays of one item at least, attributes and nested structs come back.
    #[test]
    fn what_is_written_reads_back(
        attribute in "[ -~é\n\t]{0,12}", words in proptest::collection::vec("[ -~é<>&\\]\n]{0,20}", 1..4), number: i64, double: f64, indent in "[ \t]{0,3}"
    ) {
        let options = XmlOptions { indent, ignore_surrounding_spaces: false, ..XmlOptions::default() };
        let inner = vec![Field::new("_VALUE", DataType::String, true), Field::new("_k", DataType::Double, true)];
        let fields = [
            Field::new("_a", DataType::String, true),
            Field::new("words", DataType::array(DataType::String), true),
            Field::new("n", DataType::Long, true),
            Field::new("s", DataType::Struct(inner.clone()), true),
        ];
        prop_assume!(number != i64::MIN && !double.is_nan() && !words[0].bytes().all(|b| b <= b' '));
        let inner = Row::new(inner.iter().map(|f| f.name.clone()), vec![Value::from(words[0].as_str()), Value::Double(double)]);
        let values = vec![
            Value::from(attribute.as_str()),
            Value::Array(words.iter().map(|w| Value::from(w.as_str())).collect()),
            Value::Long(number),
            Value::Struct(inner),
        ];
        let row = Value::Struct(Row::new(fields.iter().map(|f| f.name.clone()), values.clone()));
        let text = write_record(&row, &DataType::Struct(fields.to_vec()), &options).expect("written");
        let read = Parser { options: &options }.record(&text, &fields).expect(&text);
        prop_assert_eq!(read, values);
    }
}

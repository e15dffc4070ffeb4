//! Frequent sets, rules and sequences as real Spark has them: every case of `tests/reference/patterns.json`.

use std::sync::Arc;

use kindling_frame::{Batch, DataFrame, DataType, Field, Schema, Session, Value, array_of};
use serde_json::{Value as Json, json};

use crate::param::ParamMap;
use crate::stage::Stage;
use crate::testing::{list, ml_value, reference};
use crate::value::MlValue;

fn value(json: &Json, kind: &DataType) -> Value {
    match (json, kind) {
        (Json::Null, _) => Value::Null,
        (Json::Array(items), DataType::Array(element, _)) => Value::Array(items.iter().map(|item| value(item, element)).collect()),
        (Json::String(text), _) => Value::from(text.as_str()),
        (number, DataType::Double) => Value::Double(number.as_f64().expect("a number")),
        (number, DataType::Long) => Value::Long(number.as_i64().expect("a number")),
        (number, _) => Value::Int(number.as_i64().expect("a number") as i32),
    }
}

fn json_of(value: &Value) -> Json {
    match value {
        Value::Null => Json::Null,
        Value::Array(items) => Json::Array(items.iter().map(json_of).collect()),
        Value::String(text) => json!(**text),
        Value::Int(number) => json!(number),
        Value::Long(number) => json!(number),
        other => json!(other.as_f64()),
    }
}

/// A data set in three partitions, cut as `parallelize` cuts.
fn frame(data: &Json, column: &str) -> DataFrame {
    let item = match data["kind"].as_str() {
        Some("string") => DataType::String,
        Some("bigint") => DataType::Long,
        Some("double") => DataType::Double,
        _ => DataType::Int,
    };
    let set = DataType::array(item);
    let kind = if column == "items" { set } else { DataType::array(set) };
    let rows: Vec<Value> = list(&data["rows"]).iter().map(|row| value(row, &kind)).collect();
    let cut = |part: usize| part * rows.len() / 3;
    let batch = |part: usize| {
        let rows = &rows[cut(part)..cut(part + 1)];
        Batch::new(vec![array_of(&kind, rows).expect("a column")], rows.len())
    };
    let batches = (0..3).map(batch).collect();
    DataFrame::from_batches(&Session::in_memory(2), Arc::new(Schema::new(vec![Field::new(column, kind, true)])), batches)
}

fn stage(name: &str, case: &Json) -> Stage {
    let stage = Stage::new(crate::find(name).expect("declared"));
    for (name, value) in case["params"].as_object().expect("params") {
        stage.set(name, ml_value(value)).expect("a value");
    }
    stage
}

fn rows(value: kindling_partition::Result<MlValue>) -> (String, Vec<Json>) {
    let Ok(MlValue::DataFrame(frame)) = value else { panic!("a frame, not {value:?}") };
    let rows = frame.collect().expect("rows").iter().map(|row| Json::Array(row.values.iter().map(json_of).collect())).collect();
    (frame.schema().simple_string(), rows)
}

/// Numbers may differ in their last digit.
fn same(found: &Json, expected: &Json) -> bool {
    match (found, expected) {
        (Json::Array(a), Json::Array(b)) => a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same(a, b)),
        (Json::Number(a), Json::Number(b)) => (a.as_f64().expect("a number") - b.as_f64().expect("a number")).abs() < 1e-12,
        _ => found == expected,
    }
}

fn assert_rows(found: &[Json], expected: &Json, what: &str) {
    let expected = list(expected);
    for (i, (found, expected)) in found.iter().zip(expected).enumerate() {
        assert!(same(found, expected), "{what}: row {i} is {found}, Spark has {expected}");
    }
    assert_eq!(found.len(), expected.len(), "{what}");
}

#[test]
fn frequent_sets_rules_and_predictions_are_sparks_in_sparks_order() {
    let reference = reference("patterns.json");
    for case in list(&reference["growth"]) {
        let what = format!("{} {}", case["data"], case["params"]);
        let name = case["data"].as_str().expect("data");
        let data = if name == "text" {
            let schema = Schema::new(vec![Field::new("items", DataType::String, true)]);
            Session::in_memory(1).create_dataframe(&[vec![Value::from("a")]], schema).expect("a frame")
        } else {
            frame(&reference["data"]["baskets"][name], "items")
        };
        let fitted = stage("FPGrowth", case).fit(&data, &ParamMap::new());
        if let Some(error) = case["error"].as_str() {
            let found = fitted.expect_err("refused").message().to_owned();
            assert!(found.starts_with(error), "{what}: {found}, Spark has {error}");
            continue;
        }
        let model = fitted.unwrap_or_else(|error| panic!("{what}: {error}"));
        let (sets_schema, sets) = rows(model.member("freqItemsets", &[]));
        assert_rows(&sets, &case["freqItemsets"], &what);
        let (rules_schema, rules) = rows(model.member("associationRules", &[]));
        assert_rows(&rules, &case["rules"], &what);
        assert_eq!(json!([sets_schema, rules_schema]), case["schema"], "{what}");
        let predictions = model.transform(&data, &ParamMap::new()).expect("a frame");
        let found: Vec<Json> = predictions.collect().expect("rows").iter().map(|row| json_of(&row.values[1])).collect();
        assert_rows(&found, &case["predictions"], &what);
        assert_eq!(Some(&*model.to_string().replace(&*model.uid(), "UID")), case["text"].as_str(), "{what}");
    }
}

#[test]
fn frequent_sequences_are_sparks() {
    let reference = reference("patterns.json");
    for case in list(&reference["span"]) {
        let what = format!("{} {}", case["data"], case["params"]);
        let data = frame(&reference["data"]["sequences"][case["data"].as_str().expect("data")], "sequence");
        let found = stage("PrefixSpan", case).member("findFrequentSequentialPatterns", &[data.into()]);
        let (schema, mut found) = rows(found);
        assert_eq!(Some(&*schema), case["schema"].as_str(), "{what}");
        // The order of Spark's rows depends on what ran before in its session.
        let mut expected = list(&case["patterns"]).to_vec();
        found.sort_by_key(Json::to_string);
        expected.sort_by_key(Json::to_string);
        assert_rows(&found, &Json::Array(expected), &what);
    }
}

#[test]
fn sequences_must_be_arrays_of_arrays() {
    let reference = reference("patterns.json");
    let data = frame(&reference["data"]["baskets"]["guide"], "items");
    let prefix_span = Stage::new(crate::find("PrefixSpan").expect("declared"));
    prefix_span.set("sequenceCol", "items".into()).expect("a name");
    let error = prefix_span.member("findFrequentSequentialPatterns", &[data.clone().into()]).expect_err("refused");
    assert!(error.message().contains("must also be ArrayType, but got array<string>"), "{error}");
    assert!(prefix_span.transform(&data, &ParamMap::new()).is_err());
}

//! ALS as real Spark has it: every case of `tests/reference/recommendation.json`.

use std::sync::Arc;

use arrow_array::{ArrayRef, Float64Array, Int32Array};
use kindling_frame::{Batch, Column, DataFrame, DataType, Field, Schema, Session, Value};
use serde_json::Value as Json;

use crate::param::ParamMap;
use crate::reference::assert_close;
use crate::stage::Stage;
use crate::testing::{list, ml_value, number, reference};
use crate::value::MlValue;

/// The ratings that the reference was made with, in its three partitions.
fn ratings(threads: usize) -> DataFrame {
    let all: Vec<(i32, i32, f64)> = (0..30)
        .flat_map(|u| (0..24).map(move |i| (u, i)))
        .filter(|(u, i)| (u * 7 + i * 13 + u * i) % 5 < 2)
        .map(|(u, i)| (u, i, f64::from((u * 3 + i * 5 + u * i % 7) % 11) / 2.0 - 0.5))
        .collect();
    let cut = |part: usize| part * all.len() / 3;
    let batches = (0..3).map(|part| {
        let rows = &all[cut(part)..cut(part + 1)];
        let ids = |of: fn(&(i32, i32, f64)) -> i32| Arc::new(Int32Array::from_iter_values(rows.iter().map(of))) as ArrayRef;
        let rated = Arc::new(Float64Array::from_iter_values(rows.iter().map(|r| r.2))) as ArrayRef;
        Batch::new(vec![ids(|r| r.0), ids(|r| r.1), rated], rows.len())
    });
    let schema =
        [("user", DataType::Int), ("item", DataType::Int), ("rating", DataType::Double)].map(|(name, kind)| Field::new(name, kind, true));
    DataFrame::from_batches(&Session::in_memory(threads), Arc::new(schema.into_iter().collect()), batches.collect())
}

fn fitted(params: &Json, data: &DataFrame) -> Stage {
    let stage = Stage::new(crate::find("ALS").expect("declared"));
    for (name, value) in params.as_object().expect("params") {
        stage.set(name, ml_value(value)).expect("a value");
    }
    stage.fit(data, &ParamMap::new()).unwrap_or_else(|error| panic!("{params}: {error}"))
}

fn frame(model: &Stage, name: &str, args: &[MlValue]) -> DataFrame {
    match model.member(name, args) {
        Ok(MlValue::DataFrame(frame)) => frame,
        other => panic!("{name} is a frame: {other:?}"),
    }
}

fn numbers(value: &Value) -> Vec<f64> {
    match value {
        Value::Array(items) => items.iter().flat_map(numbers).collect(),
        Value::Struct(row) => row.values.iter().flat_map(numbers).collect(),
        other => vec![other.as_f64().expect("a number")],
    }
}

/// The numbers of each row, nested ones too.
fn rows(frame: &DataFrame) -> Vec<Vec<f64>> {
    frame.collect().expect("rows").iter().map(|row| row.values.iter().flat_map(numbers).collect()).collect()
}

fn expected_rows(json: &Json) -> Vec<Vec<f64>> {
    list(json).iter().map(crate::reference::floats).collect()
}

fn assert_rows(found: &[Vec<f64>], expected: &[Vec<f64>], tolerance: f64, what: &str) {
    assert_eq!(found.len(), expected.len(), "{what}");
    for (found, expected) in found.iter().zip(expected) {
        assert_close(found, expected, tolerance, what);
    }
}

fn pairs(session: &Session, names: &str, rows: &[&[i32]]) -> DataFrame {
    let schema: Schema = names.split(' ').map(|name| Field::new(name, DataType::Int, true)).collect();
    let rows: Vec<Vec<Value>> = rows.iter().map(|row| row.iter().map(|id| Value::Int(*id)).collect()).collect();
    session.create_dataframe(&rows, schema).expect("a frame")
}

#[test]
fn factors_predictions_and_recommendations_are_sparks() {
    let data = ratings(2);
    for case in list(&reference("recommendation.json")["cases"]) {
        let what = case["params"].to_string();
        let model = fitted(&case["params"], &data);
        for (name, expected) in [("userFactors", "users"), ("itemFactors", "items")] {
            let found = frame(&model, name, &[]);
            assert_rows(&rows(&found), &expected_rows(&case[expected]), 2e-6, &format!("{what}: {name}"));
            assert_eq!(Some(&*found.schema().simple_string()), case["schema"].as_str(), "{what}");
        }
        assert_eq!(Some(&*model.to_string().replace(&*model.uid(), "UID")), case["text"].as_str());
        let asked = pairs(data.session(), "user item", &[&[0, 0], &[3, 5], &[29, 23], &[7, 100], &[200, 1]]);
        let predicted = model.transform(&asked, &ParamMap::new()).expect("a frame");
        assert_eq!(**predicted.schema(), model.transform_schema(asked.schema()).expect("a schema"));
        let mut found = rows(&predicted);
        found.sort_by(|a, b| a[0].total_cmp(&b[0]).then(a[1].total_cmp(&b[1])));
        for (found, expected) in found.iter().zip(list(&case["predictions"])) {
            match number(expected) {
                Some(expected) => assert_close(&found[2..], &[expected], 1e-5, &what),
                None => assert!(found[2].is_nan(), "{what}"),
            }
        }
        model.set("coldStartStrategy", "drop".into()).expect("a value");
        assert_eq!(model.transform(&asked, &ParamMap::new()).expect("a frame").count().expect("rows"), list(&case["kept"]).len());
        if case["forUsers"].is_array() {
            let (users, items) =
                (pairs(data.session(), "user", &[&[5], &[2], &[5], &[99]]), pairs(data.session(), "item", &[&[5], &[2], &[11]]));
            let count = |n: i64| MlValue::Int(n);
            for (name, args, expected) in [
                ("recommendForAllUsers", vec![count(3)], "forUsers"),
                ("recommendForAllItems", vec![count(40)], "forItems"),
                ("recommendForUserSubset", vec![users.into(), count(2)], "forUserSubset"),
                ("recommendForItemSubset", vec![items.into(), count(2)], "forItemSubset"),
            ] {
                let found = frame(&model, name, &args);
                let (mut rows, mut expected) = (rows(&found), expected_rows(&case[expected]));
                if name.ends_with("Subset") {
                    // Spark's come in the order of a join.
                    rows.sort_by(|a, b| a[0].total_cmp(&b[0]));
                    expected.sort_by(|a, b| a[0].total_cmp(&b[0]));
                }
                assert_rows(&rows, &expected, 1e-5, &format!("{what}: {name}"));
                if name == "recommendForAllUsers" {
                    assert_eq!(Some(&*found.schema().simple_string()), case["recommendSchema"].as_str());
                }
            }
        }
    }
}

#[test]
fn ids_and_ratings_of_any_numeric_type_give_the_same_factors() {
    let data = ratings(2);
    for kind in [DataType::Long, DataType::Float, DataType::Decimal(10, 2)] {
        let columns =
            ["user", "item", "rating"].map(|name| data.col(name).expect("a column").cast(DataType::Int).cast(kind.clone()).alias(name));
        let params = serde_json::json!({"rank": 2, "maxIter": 2, "seed": 7, "numUserBlocks": 1, "numItemBlocks": 1});
        let model = fitted(&params, &data.select(&columns).expect("a frame"));
        let found = rows(&frame(&model, "userFactors", &[]));
        let cases = reference("recommendation.json");
        let expected = list(&cases["types"]).iter().find(|case| case[0] == "long").expect("the case");
        assert_rows(&found[..2], &expected_rows(&expected[1]), 2e-6, &format!("{kind}"));
    }
}

#[test]
fn factors_have_the_same_bits_on_any_number_of_threads() {
    let params = serde_json::json!({"rank": 4, "maxIter": 3, "seed": 1, "implicitPrefs": true});
    let bits = |threads: usize| format!("{:?}", rows(&frame(&fitted(&params, &ratings(threads)), "itemFactors", &[])));
    assert!([2, 8].into_iter().all(|threads| bits(threads) == bits(1)));
}

/// What a learner is told when ratings can't be used.
#[test]
fn unfit_ratings_are_refused_with_the_reason() {
    let data = ratings(1);
    let told = |columns: [Column; 3], params: &[(&str, MlValue)]| {
        let stage = Stage::new(crate::find("ALS").expect("declared"));
        for (name, value) in params {
            stage.set(name, value.clone()).expect("a value");
        }
        let named: Vec<Column> = columns.iter().zip(["user", "item", "rating"]).map(|(column, name)| column.alias(name)).collect();
        let data = data.select(&named).expect("a frame");
        stage.fit(&data, &ParamMap::new()).err().map(|e| e.message().to_owned()).unwrap_or_default()
    };
    let column = |name: &str| data.col(name).expect("a column");
    let plain = || ["user", "item", "rating"].map(|name| data.col(name).expect("a column"));
    let half = column("user").cast(DataType::Double).add(&Column::lit(Value::Double(0.5)));
    assert!(told([half, column("item"), column("rating")], &[]).contains("without fractional part for column user, but got 0.5"));
    let large = column("user").cast(DataType::Long).add(&Column::lit(Value::Long(3_000_000_000)));
    assert!(told([large, column("item"), column("rating")], &[]).contains("in Integer range"));
    let none = Column::lit(Value::Null).cast(DataType::Int);
    assert!(told([none, column("item"), column("rating")], &[]).contains("user Ids MUST NOT be Null"));
    assert!(told([column("user"), column("item"), Column::lit(Value::Double(f64::NAN))], &[]).contains("Ratings MUST NOT be"));
    assert!(told([column("user"), column("item"), column("rating").cast(DataType::String)], &[]).contains("must be of type numeric"));
    assert!(told(plain(), &[("intermediateStorageLevel", "NONE".into())]).contains("any storage level but NONE"));
    assert!(told(plain(), &[("regParam", 0.0.into()), ("rank", 30.into())]).contains("not positive definite"));
    let model = fitted(&serde_json::json!({"rank": 2, "maxIter": 1}), &data);
    assert!(model.member("recommendForAllUsers", &[0.into()]).is_err());
}

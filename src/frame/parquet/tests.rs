//! Expected values: what Spark 4.3 reads in files that it and Arrow wrote, by tests/reference/parquet.py.

use std::sync::Arc;

use proptest::prelude::*;
use serde_json::Value as Json;

use super::*;
use crate::batch::Batch;
use crate::dataframe::DataFrame;
use crate::read::read_files;
use crate::save::{Save, SaveMode};
use crate::schema::Schema;
use crate::session::Session;
use crate::types::{DataType, Field};
use crate::value::{Row, Value};
use crate::{MemorySource, array_of};

fn reference(name: &str) -> String {
    format!(concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/reference/{}"), name)
}

fn answers() -> serde_json::Map<String, Json> {
    serde_json::from_str(&std::fs::read_to_string(reference("parquet.json")).expect("the reference file")).expect("valid JSON")
}

/// A session with a reference file in it.
fn with_file(name: &str) -> Session {
    let session = Session::in_memory(2);
    let bytes = std::fs::read(reference(&format!("parquet/{name}.parquet"))).expect("the reference file");
    session.files().write("/files/a.parquet", bytes).expect("written");
    session
}

fn save(frame: &DataFrame, path: &str, compression: &str) -> kindling_partition::Result<()> {
    let options = vec![("compression".to_owned(), compression.to_owned())];
    frame.save(path, &Save { format: "parquet".into(), mode: SaveMode::Overwrite, options, partition_by: Vec::new(), ..Save::default() })
}

#[test]
fn files_of_spark_and_arrow_read_as_in_spark() {
    let mut wrong = Vec::new();
    for (name, answer) in answers() {
        let frame = read_files(&with_file(&name), "parquet", &["/files/a.parquet"], &[], None);
        let found = frame.and_then(|f| Ok((f.schema().simple_string(), f.show_string(1000, 0, false)?)));
        let wanted = ["schema", "table"].map(|key| answer[key].as_str().expect("text").to_owned());
        if found != Ok(wanted.clone().into()) {
            wrong.push(format!("{name}\nSpark: {}\n{}\nhere: {found:?}", wanted[0], wanted[1]));
        }
    }
    assert!(wrong.is_empty(), "{} files differ\n{}", wrong.len(), wrong.join("\n"));
}

/// What Spark wrote, read and written here, reads as before, whatever the codec. With KINDLING_PARQUET_OUT the files are also left in that
/// folder, for tests/reference/parquet.py to read them with Spark and Arrow.
#[test]
fn what_is_written_reads_back_as_it_was() {
    let folder = std::env::var("KINDLING_PARQUET_OUT").ok();
    for (name, answer) in answers() {
        for compression in ["snappy", "gzip", "none"] {
            let session = with_file(&name);
            let frame = read_files(&session, "parquet", &["/files/a.parquet"], &[], None).expect("opened");
            save(&frame, "/files/out", compression).expect("written");
            let again = read_files(&session, "parquet", &["/files/out"], &[], None).expect("opened again");
            assert_eq!(again.schema().simple_string(), answer["schema"].as_str().expect("text"), "{name}");
            assert_eq!(again.show_string(1000, 0, false).expect("rows"), answer["table"].as_str().expect("text"), "{name} {compression}");
            if let Some(folder) = &folder {
                let path = &again.input_files()[0];
                std::fs::write(format!("{folder}/{name}-{compression}.parquet"), &**session.files().read(path).expect("a file"))
                    .expect("kept");
            }
        }
    }
}

#[test]
fn some_columns_of_other_types_and_none_at_all() {
    let session = with_file("types");
    let schema = Schema::parse("I BIGINT, nope STRING, f DOUBLE").expect("a schema");
    let frame = read_files(&session, "parquet", &["/files/a.parquet"], &[], Some(&schema)).expect("opened");
    let rows: Vec<Vec<Value>> = frame.collect().expect("rows").into_iter().map(|r| r.values).collect();
    assert_eq!(rows[0], [Value::Long(3), Value::Null, Value::Double(0.5)]);
    assert_eq!(rows[1], [Value::Null, Value::Null, Value::Null]);
    assert_eq!(frame.count(), Ok(3));
    let schema = Schema::parse("i ARRAY<INT>").expect("a schema");
    let error = read_files(&session, "parquet", &["/files/a.parquet"], &[], Some(&schema)).and_then(|f| f.collect()).expect_err("no array");
    assert_eq!(error.condition(), Some("FAILED_READ_FILE.PARQUET_COLUMN_DATA_TYPE_MISMATCH"));
}

#[test]
fn what_is_no_parquet_file_is_told() {
    let session = with_file("types");
    let whole = session.files().read("/files/a.parquet").expect("a file");
    for end in [0, 3, 11, whole.len() / 2, whole.len() - 1] {
        session.files().write("/files/b.parquet", whole[..end].to_vec()).expect("written");
        let found = read_files(&session, "parquet", &["/files/b.parquet"], &[], None).and_then(|f| f.collect());
        assert!(found.is_err(), "{end} bytes");
    }
    // Whatever bytes change, nothing falls over.
    for at in (0..whole.len()).step_by(5) {
        let mut bytes = whole.to_vec();
        bytes[at] ^= 0x55;
        session.files().write("/files/b.parquet", bytes).expect("written");
        let _ = read_files(&session, "parquet", &["/files/b.parquet"], &[], None).and_then(|f| f.collect());
    }
}

#[test]
fn types_that_parquet_lacks_are_refused() {
    let session = Session::in_memory(1);
    let schema = Schema::new(vec![Field::new("a", DataType::Null, true)]);
    let batch = Batch::new(vec![array_of(&DataType::Null, &[Value::Null]).expect("a column")], 1);
    let frame = DataFrame::from_source(&session, Arc::new(MemorySource::new(Arc::new(schema), vec![batch])));
    assert_eq!(save(&frame, "/files/out", "snappy").expect_err("void").condition(), Some("UNSUPPORTED_DATA_TYPE_FOR_DATASOURCE"));
    assert!(broken("x").message().contains("Parquet"));
}

fn nested() -> impl Strategy<Value = Value> {
    let number = prop_oneof![Just(Value::Null), any::<i32>().prop_map(Value::Int)];
    let text = prop_oneof![Just(Value::Null), "[a-c]{0,3}".prop_map(Value::from)];
    let member = prop_oneof![Just(Value::Null), (number.clone(), text).prop_map(|(p, q)| Value::Struct(Row::new(["p", "q"], vec![p, q]))),];
    let list = prop_oneof![Just(Value::Null), prop::collection::vec(member, 0..4).prop_map(|v| Value::Array(v.into()))];
    let map = prop_oneof![
        Just(Value::Null),
        prop::collection::vec(("[a-z]", list), 0..3).prop_map(|v| Value::Map(v.into_iter().map(|(k, v)| (Value::from(k), v)).collect())),
    ];
    let lists = prop_oneof![
        Just(Value::Null),
        prop::collection::vec(
            prop_oneof![Just(Value::Null), prop::collection::vec(number, 0..3).prop_map(|v| Value::Array(v.into()))],
            0..3
        )
        .prop_map(|v| Value::Array(v.into()))
    ];
    (map, lists).prop_map(|(m, l)| Value::Struct(Row::new(["m", "l"], vec![m, l])))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    #[test]
    fn nested_rows_come_back(rows in prop::collection::vec(nested(), 0..20)) {
        let data_type = DataType::parse("struct<m:map<string,array<struct<p:int,q:string>>>,l:array<array<int>>>").expect("a type");
        let session = Session::in_memory(1);
        let schema = Arc::new(Schema::new(vec![Field::new("v", data_type.clone(), true)]));
        let batch = Batch::new(vec![array_of(&data_type, &rows).expect("a column")], rows.len());
        let frame = DataFrame::from_source(&session, Arc::new(MemorySource::new(schema, vec![batch])));
        save(&frame, "/files/out", "none").expect("written");
        let again = read_files(&session, "parquet", &["/files/out"], &[], None).expect("opened").collect().expect("rows");
        let again: Vec<Value> = again.into_iter().map(|mut r| r.values.swap_remove(0)).collect();
        prop_assert_eq!(again, rows);
    }
}

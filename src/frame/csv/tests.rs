//! Expected values: `spark.read.csv` of Spark 4.3, by tests/reference/read_csv.py.

use std::sync::Arc;

use arrow_array::Array;
use kindling_partition::{Executor, Result};
use proptest::prelude::*;
use serde_json::Value;

use super::*;
use crate::batch::Batch;
use crate::cast::cast;
use crate::format::shown;
use crate::schema::Schema;
use crate::session::{FileStore, MemoryFiles};
use crate::source::Source;
use crate::types::{DataType, Field};

fn reference() -> Value {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/reference/read_csv.json");
    serde_json::from_str(&std::fs::read_to_string(path).expect("the reference file")).expect("valid JSON")
}

fn open(bytes: &[u8], options: CsvOptions, schema: Option<&Schema>) -> Result<CsvSource> {
    open_on(1, bytes, options, schema)
}

fn open_on(threads: usize, bytes: &[u8], options: CsvOptions, schema: Option<&Schema>) -> Result<CsvSource> {
    let files = MemoryFiles::default();
    files.write("/files/a.csv", bytes.to_vec()).expect("written");
    CsvSource::open(&Executor::new(threads), &files, &["/files/a.csv"], options, schema)
}

fn read(source: &CsvSource, columns: &[usize]) -> Result<Vec<Batch>> {
    (0..source.partitions()).map(|p| source.read(&Executor::new(1), p, columns)).collect()
}

fn all(source: &CsvSource) -> Result<Vec<Batch>> {
    read(source, &(0..source.schema().len()).collect::<Vec<_>>())
}

/// The rows as strings, null as none.
fn rows(source: &CsvSource) -> Result<Vec<Vec<Option<String>>>> {
    let schema = source.schema();
    let mut rows = Vec::new();
    for batch in all(source)? {
        let texts: Vec<_> =
            (0..schema.len()).map(|c| cast(&batch.columns[c], &schema[c].data_type, &DataType::String, false).expect("text")).collect();
        rows.extend((0..batch.rows).map(|row| {
            let cell = |column: &Arc<dyn Array>| column.is_valid(row).then(|| shown(&column.slice(row, 1), &DataType::String).remove(0));
            texts.iter().map(cell).collect::<Vec<_>>()
        }));
    }
    Ok(rows)
}

fn schema_of(text: &str) -> Schema {
    let text = text.replace("decimal(5,2)", "decimal(5;2)").replace("decimal(7,2)", "decimal(7;2)");
    let field = |part: &str| {
        let words: Vec<&str> = part.split_whitespace().collect();
        let data_type = match words[1] {
            "tinyint" => DataType::Byte,
            "smallint" => DataType::Short,
            "int" => DataType::Int,
            "bigint" => DataType::Long,
            "float" => DataType::Float,
            "double" => DataType::Double,
            "decimal(5;2)" => DataType::Decimal(5, 2),
            "decimal(7;2)" => DataType::Decimal(7, 2),
            "boolean" => DataType::Boolean,
            "date" => DataType::Date,
            "timestamp" => DataType::Timestamp,
            "timestamp_ntz" => DataType::TimestampNtz,
            "binary" => DataType::Binary,
            _ => DataType::String,
        };
        Field::new(words[0], data_type, words.len() == 2)
    };
    text.split(',').map(field).collect()
}

#[test]
fn small_nasty_files_read_as_in_spark() {
    // What needs today's date or the rules of a region: see the module's doc.
    let needs_the_world = ["time only", "zoned timestamps", "timestamp forms"];
    for case in reference()["cases"].as_array().expect("a list") {
        let name = case["name"].as_str().expect("name");
        if needs_the_world.contains(&name) {
            continue;
        }
        let pairs = case["options"].as_object().expect("options");
        let options = CsvOptions::from_pairs(pairs.iter().map(|(k, v)| (k.as_str(), v.as_str().expect("text")))).expect("options");
        let schema = case["schema"].as_str().map(schema_of);
        let result =
            open(case["text"].as_str().expect("text").as_bytes(), options, schema.as_ref()).and_then(|source| Ok((rows(&source)?, source)));
        match result {
            Ok((rows, source)) => {
                assert!(case.get("error").is_none(), "{name} fails in Spark, here it gives {rows:?}");
                assert_eq!(Value::from(source.schema().simple_string()), case["inferred"], "types of {name}");
                let expected: Vec<Vec<Option<String>>> = serde_json::from_value(case["rows"].clone()).expect("rows");
                // `shown` escapes what would break a table.
                let expected: Vec<Vec<_>> =
                    expected.into_iter().map(|r| r.into_iter().map(|c| c.map(|c| c.replace('\n', "\\n"))).collect()).collect();
                assert_eq!(rows, expected, "rows of {name}");
            }
            Err(error) => assert!(case.get("error").is_some(), "{name}: {error}"),
        }
    }
}

#[test]
fn partitions_hold_the_rows_that_they_hold_in_spark() {
    for case in reference()["partitions"].as_array().expect("a list") {
        let size = usize::try_from(case["size"].as_u64().expect("size")).expect("small");
        // The largest takes seconds in a debug build; splits.rs checks how it falls into partitions.
        if size > 11_000_000 {
            continue;
        }
        let mut text = String::from("id,xxxxxx\n");
        (0..size / 10 - 1).for_each(|i| text.push_str(&format!("{i:07},1\n")));
        assert_eq!(text.len(), size);
        let options = CsvOptions { header: true, ..CsvOptions::default() };
        let rows: Vec<usize> =
            read(&open(text.as_bytes(), options, None).expect("opened"), &[]).expect("read").iter().map(|b| b.rows).collect();
        assert_eq!(Value::from(rows), case["rows"], "{size} bytes");
    }
}

#[test]
fn newlines_within_quotes_belong_to_the_field_without_multi_line() {
    let options = || CsvOptions { header: true, infer_schema: true, ..CsvOptions::default() };
    let source = open(b"a,b\n\"x\ny\",1\n\"z\r\nw\",2\n", options(), None).expect("opened");
    let field = |s: &str| Some(s.to_owned());
    assert_eq!(rows(&source).expect("read"), [[field("x\\ny"), field("1")], [field("z\\nw"), field("2")]]);
    // A stray quote doesn't swallow the lines behind it.
    let source = open(b"a,b\n\"stray,1\n2,\"fine\"\n", options(), None).expect("opened");
    assert_eq!(rows(&source).expect("read"), [[field("stray,1"), None], [field("2"), field("fine")]]);
}

#[test]
fn bad_input_is_told_with_its_place() {
    let ints = Schema::new(vec![Field::new("a", DataType::Int, true), Field::new("b", DataType::Int, true)]);
    let strict = || CsvOptions { header: true, mode: ParseMode::FailFast, ..CsvOptions::default() };
    let fail = |text: &[u8]| open(text, strict(), Some(&ints)).and_then(|s| all(&s)).expect_err("malformed").to_string();
    let place = "[MALFORMED_RECORD_IN_PARSING] /files/a.csv, line 3, column 2: ";
    assert_eq!(fail(b"a,b\n1,2\n3,abc\n"), format!("{place}expected an integer, found 'abc'"));
    assert_eq!(fail(b"a,b\r\n1,2\r\n3\r\n"), format!("{place}expected 2 fields, found 1"));
    let binary = open(b"a,b\n1,2\n3,\xFF\xFE\n", strict(), None).err().expect("not text").to_string();
    assert_eq!(binary, "/files/a.csv, line 3, column 3: expected UTF-8 text, found the byte 0xFF. Save the file with the encoding UTF-8.");
    let zip = open(b"PK\x03\x04\xFF\n", strict(), None).err().expect("not text").to_string();
    assert!(zip.ends_with("The file seems to be a zip archive."), "{zip}");
}

#[test]
fn only_wanted_columns_are_looked_at() {
    let schema = Schema::new(vec![
        Field::new("a", DataType::Int, true),
        Field::new("b", DataType::Int, true),
        Field::new("c", DataType::String, true),
    ]);
    let options = CsvOptions { mode: ParseMode::FailFast, ..CsvOptions::default() };
    let source = open(b"x,1,u\ny,2,v,w\n", options, Some(&schema)).expect("opened");
    let batch = read(&source, &[2, 1]).expect("column a isn't looked at").remove(0);
    assert_eq!(
        (shown(&batch.columns[0], &DataType::String), shown(&batch.columns[1], &DataType::Int)),
        (vec!["u".into(), "v".into()], vec!["1".into(), "2".into()])
    );
    assert_eq!(read(&source, &[]).expect("a count").remove(0).rows, 2);
    assert!(all(&source).is_err());
}

#[test]
fn an_unknown_option_is_told_with_the_nearest() {
    let error = CsvOptions::from_pairs([("heder", "true")]).expect_err("no such option");
    assert_eq!(error.message(), "There is no CSV option 'heder'. Did you mean 'header'?");
    assert!(CsvOptions::from_pairs([("header", "maybe")]).is_err());
}

/// A file of many records that are hard to cut, over several chunks and partitions.
fn large() -> Vec<u8> {
    let mut text = String::from("id,text,x,day\r\n");
    for i in 0..150_000 {
        match i % 7 {
            0 => text.push_str(&format!("{i},\"a,b\nc {i}\",{}.5,2024-02-{:02}\r\n", i, i % 28 + 1)),
            1 => text.push_str(&format!("{i},,,\n")),
            2 => text.push_str(&format!("{i},\"{}\",1e3,2024-01-01\n", "\r\n".repeat(i % 40))),
            3 => text.push_str(&format!("\n{i},\"\"\"q\"\",\"\"\",-0,2024-01-01\n")),
            _ => text.push_str(&format!("{i},grüße {i},0.1,2024-01-01\n")),
        }
    }
    text.into_bytes()
}

#[test]
fn any_number_of_threads_reads_the_same_rows() {
    let text = large();
    let options = || CsvOptions { header: true, infer_schema: true, escape: Some(b'"'), ..CsvOptions::default() };
    let read_on = |threads| {
        let source = open_on(threads, &text, options(), None).expect("opened");
        let columns: Vec<usize> = (0..source.schema().len()).collect();
        let executor = Executor::new(threads);
        let batches = executor.range("read", source.partitions(), |p| source.read(&executor, p, &columns)).expect("read");
        (source.schema().simple_string(), batches)
    };
    let (schema, batches) = read_on(1);
    assert_eq!(schema, "struct<id:int,text:string,x:double,day:date>");
    assert_eq!(batches.iter().map(|b| b.rows).sum::<usize>(), 150_000);
    for threads in [2, 4, 8] {
        let (other_schema, other) = read_on(threads);
        assert_eq!(schema, other_schema);
        assert!(batches.iter().zip(&other).all(|(a, b)| a.columns == b.columns && a.rows == b.rows));
    }
}

#[test]
fn both_ways_of_reading_cut_a_regular_file_alike() {
    let text = large();
    let quotes = CsvOptions { header: true, infer_schema: true, escape: Some(b'"'), ..CsvOptions::default() };
    // A comment sign makes the quotes suspect: the file is read one character after the other.
    let careful = CsvOptions { comment: Some(b'#'), ..quotes.clone() };
    let (fast, slow) = (open(&text, quotes, None).expect("opened"), open(&text, careful, None).expect("opened"));
    assert_eq!(fast.schema(), slow.schema());
    let (fast, slow) = (all(&fast).expect("read"), all(&slow).expect("read"));
    assert!(fast.iter().zip(&slow).all(|(a, b)| a.columns == b.columns && a.rows == b.rows));
    assert_eq!(fast.len(), slow.len());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    /// Any text of the characters that matter: where a file is cut into partitions must not matter.
    #[test]
    fn any_cutting_gives_the_same_records(text in "[a,\"\n\r\\\\ é1]{0,200}", cuts in proptest::collection::vec(0_usize..200, 0..4), doubled: bool) {
        let escape = if doubled { b'"' } else { b'\\' };
        let options = CsvOptions { escape: Some(escape), ..CsvOptions::default() };
        let data = text.as_bytes();
        let mut cuts: Vec<usize> = cuts.into_iter().filter(|c| *c < data.len()).chain([0, data.len()]).collect();
        cuts.sort_unstable();
        cuts.dedup();
        let index = index::Index::build(&Executor::new(1), "a", data, &options, &cuts).expect("text");
        let wanted = [0, 1, 2];
        let records = |places: &[usize]| {
            let mut out = Vec::new();
            for range in places.windows(2).map(|w| w[0]..w[1]) {
                let mut tokenizer = tokens::Tokenizer::new(data, &index, &options, &wanted, index.range(data, &options, range));
                while let Some(tokens) = tokenizer.next() {
                    for record in 0..tokens.len() {
                        let fields: Vec<Option<Vec<u8>>> = (0..3).map(|slot| tokens.get(record, slot).map(<[u8]>::to_vec)).collect();
                        out.push((tokens.raw(record).1, tokens.fields(record), fields));
                    }
                }
            }
            out
        };
        let whole = records(&[0, data.len()]);
        let parts = records(&cuts);
        prop_assert_eq!(whole, parts);
    }

    /// Grids, files that are grids in part, and blank lines: edges alone give the records that cutting field by field gives.
    #[test]
    fn a_grid_is_cut_as_any_file(lines in prop::collection::vec(("[a1é ]{0,3}", "[a1]{0,3}", 0..400), 0..700), ended: bool) {
        let line = |(a, b, kind): &(String, String, i32)| match kind {
            0 => format!("{a}\n"),
            1 => format!("{a},{b},{a}\n"),
            _ => format!("{a},{b}\n"),
        };
        let mut text: String = lines.iter().map(line).collect();
        if !ended {
            text.pop();
        }
        let data = text.as_bytes();
        let plain = CsvOptions::default();
        // A text for null, which no field is: every field has to be looked at.
        let looked_at = CsvOptions { null_value: "zz".into(), ..CsvOptions::default() };
        let records = |options: &CsvOptions| {
            let index = index::Index::build(&Executor::new(1), "a", data, options, &[]).expect("text");
            let mut out = Vec::new();
            let mut tokenizer = tokens::Tokenizer::new(data, &index, options, &[0, 1], 0..data.len());
            while let Some(tokens) = tokenizer.next() {
                for record in 0..tokens.len() {
                    let fields = [0, 1].map(|slot| tokens.get(record, slot).map(<[u8]>::to_vec));
                    out.push((tokens.raw(record).1, tokens.raw(record).0.to_vec(), tokens.fields(record), fields));
                }
            }
            out
        };
        prop_assert_eq!(records(&plain), records(&looked_at));
    }
}

//! SQL against what real Spark answers, recorded by tests/reference/sql.py.

use serde_json::Value as Json;

use super::Parameters;
use crate::{Column, DataFrame, DataType, Session, Value};

fn text(frame: &DataFrame) -> kindling_partition::Result<Vec<Vec<Option<String>>>> {
    let names: Vec<String> = (0..frame.columns().len()).map(|i| format!("c{i}")).collect();
    let plain = frame.to_df(&names.iter().map(String::as_str).collect::<Vec<_>>())?;
    let columns: Vec<Column> = names.iter().map(|name| Column::name(name.as_str()).cast(DataType::String)).collect();
    let cell = |value: Value| match value {
        Value::Null => None,
        value => Some(value.to_string()),
    };
    Ok(plain.select(&columns)?.collect()?.into_iter().map(|row| row.values.into_iter().map(cell).collect()).collect())
}

/// How the answer differs from Spark's; none when it doesn't.
fn difference(session: &Session, case: &Json) -> Option<String> {
    let sql = case["sql"].as_str().expect("a query");
    let answer = session.sql(sql, &Parameters::default()).and_then(|frame| {
        let columns = frame.dtypes();
        Ok((columns.clone(), if columns.is_empty() { Vec::new() } else { text(&frame)? }))
    });
    match (answer, case.get("error")) {
        (Err(error), Some(wanted)) => {
            // Some errors of Spark have no name yet.
            let unnamed = wanted.as_str().is_some_and(|w| w.starts_with("_LEGACY"));
            let wrong = !unnamed && error.condition() != wanted.as_str();
            let message = case.get("message").and_then(Json::as_str);
            // Without a condition Spark tells the cause apart, and we behind it.
            let message_wrong = message.is_some_and(|m| match wanted {
                Json::Null => !error.message().starts_with(m),
                _ => m.trim() != error.to_string().trim(),
            });
            (wrong || message_wrong).then(|| format!("Spark: {wanted} {}\nhere:  {error}", message.unwrap_or_default()))
        }
        (Err(error), None) => Some(format!("Spark: {} rows\nhere:  {error}", case["rows"].as_array().map_or(0, Vec::len))),
        (Ok((columns, rows)), Some(wanted)) => Some(format!("Spark: {wanted}\nhere:  {columns:?} {rows:?}")),
        (Ok((columns, mut rows)), None) => {
            let wanted: Vec<(String, String)> = serde_json::from_value(case["columns"].clone()).expect("columns");
            let mut wanted_rows: Vec<Vec<Option<String>>> = serde_json::from_value(case["rows"].clone()).expect("rows");
            if case["ordered"] == false {
                rows.sort();
                wanted_rows.sort();
            }
            (columns != wanted || rows != wanted_rows)
                .then(|| format!("Spark: {wanted:?}\n       {wanted_rows:?}\nhere:  {columns:?}\n       {rows:?}"))
        }
    }
}

fn check(name: &str) {
    let path = format!("{}/../../tests/reference/{name}.json", env!("CARGO_MANIFEST_DIR"));
    let cases: Vec<Json> = serde_json::from_str(&std::fs::read_to_string(path).expect("the recorded answers")).expect("JSON");
    let session = Session::in_memory(2);
    let wrong: Vec<String> = cases
        .iter()
        .filter_map(|case| difference(&session, case).map(|d| format!("{}\n{d}", case["sql"].as_str().unwrap_or_default())))
        .collect();
    assert!(wrong.is_empty(), "{} of {} differ\n{}", wrong.len(), cases.len(), wrong.join("\n\n"));
}

#[test]
fn queries_answer_as_in_spark() {
    check("sql");
}

#[test]
fn intervals_are_as_in_spark() {
    check("sql_intervals");
}

#[test]
fn windows_of_time_are_as_in_spark() {
    check("sql_time_windows");
}

#[test]
fn time_zones_are_as_in_spark() {
    check("sql_zones");
}

#[test]
fn scales_and_ranks_are_as_in_spark() {
    check("sql_more");
}

#[test]
fn saved_tables_are_as_in_spark() {
    check("sql_tables");
}

#[test]
fn times_of_the_day_are_as_in_spark() {
    crate::functions::set_query_time(1_769_774_400_000_000);
    check("sql_time");
}

#[test]
fn variants_are_as_in_spark() {
    check("sql_variant");
}

#[test]
fn xml_is_as_in_spark() {
    check("sql_xml");
}

#[test]
fn sketches_have_the_bytes_of_spark() {
    check("sql_sketches");
}

#[test]
fn declared_widths_are_as_in_spark() {
    check("sql_char");
}

#[test]
fn tables_are_altered_as_in_spark() {
    check("sql_alter");
}

#[test]
fn ciphers_are_as_in_spark() {
    check("sql_aes");
}

#[test]
fn files_are_queried_as_in_spark() {
    check("sql_files");
}

#[test]
fn paths_of_xml_are_as_in_spark() {
    check("sql_xpath");
}

#[test]
fn columns_have_defaults_as_in_spark() {
    check("sql_defaults");
}

#[test]
fn the_rest_of_the_language_is_as_in_spark() {
    check("sql_surface");
}

#[test]
fn subqueries_relate_to_the_query_around_them_as_in_spark() {
    check("sql_subqueries");
}

#[test]
fn random_subqueries_answer_as_in_spark() {
    check("sql_random_subqueries");
}

#[test]
fn hints_are_as_in_spark() {
    check("sql_hints");
}

#[test]
fn aggregates_and_formats_are_those_of_spark_to_the_last_digit() {
    check("sql_digits");
}

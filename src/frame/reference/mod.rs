//! Frames of every kind against what real Spark answers, recorded by tests/reference/frame.py.

mod analysis;
mod functions;
mod groups;
mod joins;
mod rows;

use std::sync::OnceLock;

use serde_json::Value as Json;

use crate::{Column, DataFrame, DataType, Field, Schema, Session, Value};

/// What real Spark answered under this name.
fn expected(name: &str) -> &'static Json {
    static ANSWERS: OnceLock<Json> = OnceLock::new();
    let answers = ANSWERS.get_or_init(|| {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/reference/frame.json");
        serde_json::from_str(&std::fs::read_to_string(path).expect("the recorded answers")).expect("JSON")
    });
    answers.get(name).unwrap_or_else(|| panic!("no answer is recorded under '{name}'"))
}

/// Compares tables, all of them before it fails.
#[derive(Default)]
struct Tables {
    wrong: Vec<String>,
}

impl Tables {
    fn check(&mut self, name: &str, frame: kindling_partition::Result<DataFrame>) {
        let found = frame.and_then(|f| f.show_string(2000, 0, false)).unwrap_or_else(|e| e.to_string());
        let wanted = expected(name).as_str().expect("a table");
        if found != wanted {
            self.wrong.push(format!("{name}\nSpark:\n{wanted}\nhere:\n{found}"));
        }
    }

    /// As [`check`](Self::check), but for the last digits of numbers: Spark merges partitions in the order their blocks arrive.
    fn check_near(&mut self, name: &str, frame: kindling_partition::Result<DataFrame>) {
        let found = frame.and_then(|f| f.show_string(2000, 0, false)).unwrap_or_else(|e| e.to_string());
        let wanted = expected(name).as_str().expect("a table");
        if !near(&found, wanted, 1e-13) {
            self.wrong.push(format!("{name}\nSpark:\n{wanted}\nhere:\n{found}"));
        }
    }

    fn finish(self) {
        assert!(self.wrong.is_empty(), "{} tables differ\n{}", self.wrong.len(), self.wrong.join("\n"));
    }
}

/// Whether two tables have the same cells, numbers up to a difference relative to the larger of them and 1.
fn near(found: &str, wanted: &str, tolerance: f64) -> bool {
    let cells = |table: &str| table.split(['|', '\n']).map(|c| c.trim().to_owned()).filter(|c| !c.starts_with('+')).collect::<Vec<_>>();
    let (found, wanted) = (cells(found), cells(wanted));
    let alike = |(a, b): (&String, &String)| {
        a == b
            || match (a.parse::<f64>(), b.parse::<f64>()) {
                (Ok(x), Ok(y)) => (x - y).abs() <= tolerance * y.abs().max(1.0),
                _ => false,
            }
    };
    found.len() == wanted.len() && found.iter().zip(&wanted).all(alike)
}

fn session() -> Session {
    Session::in_memory(2)
}

fn col(name: &str) -> Column {
    Column::name(name)
}

fn lit(value: impl Into<Value>) -> Column {
    Column::lit(value)
}

fn call<const N: usize>(name: &str, args: [Column; N]) -> Column {
    Column::call(name, args)
}

fn schema(fields: &[(&str, DataType)]) -> Schema {
    fields.iter().map(|(name, data_type)| Field::new(*name, data_type.clone(), true)).collect()
}

fn people(session: &Session) -> DataFrame {
    type Person = (Option<&'static str>, Option<&'static str>, Option<i64>, Option<f64>);
    let rows: [Person; 12] = [
        (Some("Ann"), Some("it"), Some(34), Some(1200.5)),
        (Some("Bob"), Some("hr"), Some(45), Some(800.0)),
        (Some("Cid"), Some("it"), None, Some(2100.25)),
        (Some("Dee"), None, Some(29), Some(f64::NAN)),
        (Some("Eve"), Some("hr"), Some(29), None),
        (Some("Fay"), Some("ops"), Some(61), Some(55.0)),
        (Some("Gus"), Some("it"), Some(34), Some(-3.5)),
        (Some("Hal"), Some("ops"), None, Some(0.0)),
        (None, Some("it"), Some(18), Some(1e7)),
        (Some("Ida"), Some("law"), Some(51), Some(1e-4)),
        (Some("Jan"), Some("law"), Some(51), Some(310.0)),
        (Some("Kim"), Some("hr"), Some(22), Some(99.99)),
    ];
    let rows: Vec<Vec<Value>> = rows.iter().map(|(n, d, a, s)| vec![(*n).into(), (*d).into(), (*a).into(), (*s).into()]).collect();
    let fields = [("name", DataType::String), ("dept", DataType::String), ("age", DataType::Long), ("salary", DataType::Double)];
    session.create_dataframe(&rows, schema(&fields)).expect("people")
}

fn numbers(session: &Session) -> DataFrame {
    let rows: Vec<Vec<Value>> = (0..1000_i64)
        .map(|i| vec![i.into(), (i * 37 % 101).into(), ((i * 7919 % 1000) as f64 / 8.0).into(), format!("k{}", i * 31 % 17).into()])
        .collect();
    let fields = [("id", DataType::Long), ("a", DataType::Long), ("x", DataType::Double), ("k", DataType::String)];
    session.create_dataframe(&rows, schema(&fields)).expect("numbers")
}

//! Data and expected values from real Spark for the tests (`tests/reference/ml_models.py` writes them).

use std::sync::OnceLock;

use kindling_linalg::RowsRef;
use serde_json::Value as Json;

use crate::task::Task;

pub(crate) fn models() -> &'static Json {
    static MODELS: OnceLock<Json> = OnceLock::new();
    MODELS.get_or_init(|| {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/reference/ml_models.json");
        serde_json::from_str(&std::fs::read_to_string(path).expect("the reference file")).expect("JSON")
    })
}

/// One partition of a data set.
pub(crate) struct Partition {
    pub width: usize,
    pub values: Vec<f64>,
    pub labels: Vec<f64>,
    pub weights: Vec<f64>,
}

impl Partition {
    fn new(rows: impl Iterator<Item = (f64, f64, Vec<f64>)>) -> Self {
        let mut partition = Self { width: 0, values: Vec::new(), labels: Vec::new(), weights: Vec::new() };
        for (label, weight, features) in rows {
            partition.width = features.len();
            partition.labels.push(label);
            partition.weights.push(weight);
            partition.values.extend(features);
        }
        partition
    }

    pub fn task(&self, weighted: bool) -> Task<'_> {
        let rows = RowsRef::Dense { values: &self.values, width: self.width };
        Task { rows, labels: &self.labels, weights: weighted.then_some(&self.weights) }
    }
}

/// A data set of the reference by its name.
pub(crate) fn data(name: &str) -> Vec<Partition> {
    if name == "formula" {
        let row = |i: u64| {
            let x = vec![((i * 7919) % 10007) as f64 / 100.0, ((i * 104_729) % 9973) as f64 / 50.0 - 60.0, ((i * 31) % 17) as f64];
            let label = f64::from(u8::from((x[0] > 40.0) != (x[1] > 20.0) || x[2] == 3.0));
            (label, 1.0, x)
        };
        // PySpark hands rows to the JVM in batches of 1024, and cuts between batches.
        return [0..3072, 3072..6144, 6144..9216, 9216..12000].map(|rows| Partition::new(rows.map(row))).into();
    }
    let partitions = models()["data"][name].as_array().expect("a data set");
    let row = |row: &Json| (row[0].as_f64().expect("label"), row[1].as_f64().expect("weight"), floats(&row[2]));
    partitions.iter().map(|p| Partition::new(p.as_array().expect("rows").iter().map(row))).collect()
}

/// The numbers in nested lists; Python's `inf` and `nan` are text.
pub(crate) fn floats(json: &Json) -> Vec<f64> {
    match json {
        Json::Array(values) => values.iter().flat_map(floats).collect(),
        Json::String(text) => vec![text.parse().expect("a number")],
        other => vec![other.as_f64().expect("a number")],
    }
}

/// Asserts that numbers agree within `tolerance`, relative to the expected one when that is over 1.
pub(crate) fn assert_close(found: &[f64], expected: &[f64], tolerance: f64, what: &str) {
    assert_eq!(found.len(), expected.len(), "{what}: {found:?} {expected:?}");
    for (i, (a, b)) in found.iter().zip(expected).enumerate() {
        assert!(a == b || (a - b).abs() <= tolerance * b.abs().max(1.0), "{what}[{i}]: found {a}, Spark has {b}");
    }
}

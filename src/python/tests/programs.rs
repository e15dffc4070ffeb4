//! Every program of `tests/reference/python`, compared with what CPython 3.11 did with it.

#[path = "../../../tests/common/programs.rs"]
mod compared;

use std::collections::BTreeMap;

use compared::difference;
use serde_json::Value;

#[test]
fn programs_do_what_they_do_in_cpython() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/reference/python_programs.json");
    let recorded = std::fs::read_to_string(path).expect("the recorded programs");
    let programs: Vec<Value> = serde_json::from_str(&recorded).expect("valid JSON");
    assert!(programs.len() >= 1500, "the suite has {} programs", programs.len());
    let only = std::env::var("ONLY").unwrap_or_default();
    let mut failures: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let mut failed = 0;
    for program in &programs {
        let (topic, name) = (program["topic"].as_str().unwrap_or_default(), program["name"].as_str().unwrap_or_default());
        if !format!("{topic}/{name}").contains(&only) {
            continue;
        }
        if let Some(difference) = difference(program) {
            failed += 1;
            failures.entry(topic.into()).or_default().push(format!("{name}: {difference}"));
        }
    }
    let report: Vec<String> = failures.iter().map(|(topic, list)| format!("{topic} ({}):\n  {}", list.len(), list.join("\n  "))).collect();
    assert!(failed == 0, "{failed} of {} programs differ\n{}", programs.len(), report.join("\n"));
}

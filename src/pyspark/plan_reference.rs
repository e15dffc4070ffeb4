//! Plans: random programs and what real PySpark prints for them (`tests/reference/plans.py`), and how it explains small frames
//! (`tests/reference/explain.py`).

use std::collections::BTreeMap;
use std::fmt::Write as _;

use kindling_frame::Session;
use serde_json::Value as Json;

use crate::reference::{condition, run_in};

fn recorded(name: &str) -> Json {
    let path = format!("{}/../../tests/reference/{name}", env!("CARGO_MANIFEST_DIR"));
    serde_json::from_str(&std::fs::read_to_string(path).expect("the reference is there")).expect("JSON")
}

fn text<'j>(json: &'j Json, key: &str) -> &'j str {
    json[key].as_str().unwrap_or_default()
}

/// Runs all programs; gives those that differ from Spark.
fn differing(optimizer: bool) -> (usize, String) {
    let reference = recorded("plans.json");
    let programs = reference["programs"].as_array().expect("programs");
    assert!(programs.len() >= 300);
    let (mut failed, mut report) = (0, String::new());
    for (number, program) in programs.iter().enumerate() {
        let session = Session::in_memory(2);
        session.set_conf("spark.kindling.optimizer.enabled", if optimizer { "true" } else { "false" }).expect("set");
        let source = text(program, "source");
        let whole = format!("{}{source}{}", text(&reference, "frames"), text(&reference, "show"));
        let (printed, error) = run_in(&session, &whole);
        let wanted = &program["error"];
        // Spark's own optimizer drops conditions that could fail: without rules they do.
        let dropped = |class: &str| !optimizer && wanted.is_null() && class == "ArithmeticException";
        let same = match &error {
            None => wanted.is_null() && printed == text(program, "stdout"),
            Some((class, _)) if dropped(class) => true,
            // Which of several errors comes first is a matter of luck on a cluster.
            Some((class, message)) => class == text(wanted, "class") && condition(message) == wanted["condition"].as_str(),
        };
        if !same {
            failed += 1;
            let _ = writeln!(
                report,
                "## {number}\n{source}\n--- expected\n{}{wanted}\n--- found\n{printed}{error:?}\n",
                text(program, "stdout")
            );
        }
    }
    (failed, report)
}

#[test]
fn random_plans_give_what_they_give_on_real_spark() {
    let (failed, report) = differing(true);
    assert!(failed == 0, "{failed} programs differ:\n{report}");
}

#[test]
fn plans_give_the_same_without_the_optimizer() {
    let (failed, report) = differing(false);
    assert!(failed == 0, "{failed} programs differ:\n{report}");
}

/// Identities in the order of their first appearance, as the script numbers them.
fn numbered(text: &str) -> String {
    let (mut out, mut rest) = (String::new(), text);
    let (mut ids, mut plans): (BTreeMap<&str, usize>, BTreeMap<&str, usize>) = (BTreeMap::new(), BTreeMap::new());
    loop {
        let found = [("#", true), ("plan_id=", false)].into_iter().filter_map(|(mark, id)| Some((rest.find(mark)?, mark, id))).min();
        let Some((at, mark, is_id)) = found else { return out + rest };
        let start = at + mark.len();
        let digits = rest[start..].find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len() - start);
        let known = if is_id { &mut ids } else { &mut plans };
        let next = known.len();
        out.push_str(&rest[..start]);
        if digits > 0 {
            out.push_str(&known.entry(&rest[start..start + digits]).or_insert(next).to_string());
        }
        rest = &rest[start + digits..];
    }
}

fn explained(kind: &str) {
    let reference = &recorded("explain.json")[kind];
    let (mut failed, mut report) = (0, String::new());
    for program in reference["programs"].as_array().expect("programs") {
        let source = text(program, "source");
        let (printed, error) = run_in(&Session::in_memory(2), &format!("{}{source}", text(reference, "frames")));
        let printed = numbered(&printed);
        if printed != text(program, "stdout") {
            failed += 1;
            let _ = writeln!(report, "## {source}\n--- expected\n{}--- found\n{printed}{error:?}\n", text(program, "stdout"));
        }
    }
    assert!(failed == 0, "{failed} explanations differ:\n{report}");
}

#[test]
fn frames_are_explained_as_spark_does() {
    explained("values");
}

#[test]
fn frames_of_files_are_explained_as_spark_does() {
    explained("files");
}

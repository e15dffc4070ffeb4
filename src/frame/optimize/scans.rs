//! Filters that a reader can use to read less.

use kindling_partition::Executor;

use super::constants::computed;
use super::filters::filtered;
use super::predicates::{Places, conjuncts, is_pure, reads_only, references, replaced};
use crate::expr::Attribute;
use crate::plan::Plan;
use crate::schema::same_name;
use crate::typed::{Kind, Typed};
use crate::value::Value;

/// Tells a scan the conditions right over it. Those on columns that folders are named after choose the files and go away; the others stay
/// as a filter too, since what a reader knows of its rows is rough.
pub(super) fn push_down(plan: &Plan, executor: &Executor) -> Option<Plan> {
    let Plan::Filter { child, condition } = plan else { return None };
    let Plan::Scan { source, output, filters } = &**child else { return None };
    if !filters.is_empty() || !source.takes_filters() {
        return None;
    }
    let usable = |c: &Typed| is_pure(c) && !references(c).is_empty();
    let (told, rest): (Vec<Typed>, Vec<Typed>) = conjuncts(condition).into_iter().partition(usable);
    let folders = source.folder_columns();
    let column = |name: &str| output.iter().find(|a| same_name(a.name(), name)).cloned();
    let named: Vec<Attribute> = folders.iter().filter_map(|f| column(&f.name)).collect();
    let (mut by_file, mut staying): (Vec<Typed>, Vec<Typed>) = told.iter().cloned().partition(|c| reads_only(c, &named));
    let mut fewer = None;
    if !by_file.is_empty() && named.len() == folders.len() {
        // A test that fails on a file's values fails when its rows are read.
        fewer = source.of_files(&|values| by_file.iter().all(|test| may_hold(test, &named, values, executor)));
    }
    if fewer.is_none() {
        staying.append(&mut by_file);
    }
    if told.is_empty() {
        return None;
    }
    staying.extend(rest);
    let source = fewer.unwrap_or_else(|| source.clone());
    Some(filtered(Plan::Scan { source, output: output.clone(), filters: told }, staying))
}

fn may_hold(test: &Typed, columns: &[Attribute], values: &[Value], executor: &Executor) -> bool {
    let places: Places = columns
        .iter()
        .zip(values)
        .map(|(a, v)| {
            let kind = Kind::Literal(v.clone());
            (a.id, Typed { kind, data_type: a.field.data_type.clone(), nullable: v.is_null() })
        })
        .collect();
    !matches!(computed(&replaced(test, &places), executor), Some(Value::Null | Value::Boolean(false)))
}

//! Reading rows, and filters that readers know of.

use std::sync::Arc;

use super::stage::{Ids, Runner, Stage, kept};
use crate::eval::Evaluator;
use crate::expr::{Attribute, AttributeId};
use crate::source::{Is, Source, Test, together};
use crate::typed::{Kind, Typed};
use crate::types::DataType;
use crate::value::Value;

pub(super) fn stage<'a>(
    runner: Runner<'a>,
    source: &'a Arc<dyn Source>,
    output: &[Attribute],
    filters: &[Typed],
    required: &Ids,
) -> Stage<'a> {
    let columns = kept(output, required);
    let positions = places(&columns, output);
    let exact = filters.is_empty();
    let mut stage = Stage::new(&columns, source.partitions(), "scan", move |i| source.read(runner.executor, i, &positions));
    // Rows that a filter above drops may be missing in what was read.
    stage.rows = Some(Box::new(move |i| source.rows(i).filter(|_| exact)));
    stage
}

/// A scan and the filter over it in one: the source gives its rows piece by piece, and of each piece only the rows that pass are held.
pub(super) fn filtered<'a>(
    runner: Runner<'a>,
    source: &'a Arc<dyn Source>,
    output: &[Attribute],
    filters: &[Typed],
    condition: &'a Typed,
    columns: &[Attribute],
    needed: &Ids,
) -> Stage<'a> {
    let inputs = kept(output, needed);
    let positions = places(&inputs, output);
    let tests: Vec<Test> = filters.iter().filter_map(|f| test(f, output)).collect();
    let kept = places(columns, &inputs);
    let types: Vec<DataType> = columns.iter().map(|c| c.field.data_type.clone()).collect();
    let ids: Vec<AttributeId> = inputs.iter().map(|a| a.id).collect();
    Stage::new(columns, source.partitions(), "scan", move |i| {
        together(runner.executor, &types, |each| {
            source.read_pieces(runner.executor, i, &positions, &tests, &mut |batch| {
                let keep = Evaluator::new(runner.executor, i, &ids, &batch).selection(condition)?;
                each(batch.project(&kept).filter(&keep)?)
            })
        })
    })
}

fn places(columns: &[Attribute], output: &[Attribute]) -> Vec<usize> {
    columns.iter().filter_map(|c| output.iter().position(|o| o.id == c.id)).collect()
}

/// A condition as a reader understands it: one column against one plain value.
fn test(filter: &Typed, output: &[Attribute]) -> Option<Test> {
    let Kind::Call { function, args, .. } = &filter.kind else { return None };
    let place = |expr: &Typed| {
        let inner = match &expr.kind {
            // A wider number says the same of the narrower one.
            Kind::Cast { child, .. } if child.data_type.is_integral() && expr.data_type.is_integral() => &child.kind,
            kind => kind,
        };
        match inner {
            Kind::Attribute(id, _) => output.iter().position(|o| o.id == *id),
            _ => None,
        }
    };
    let (column, value, turned) = match args.as_slice() {
        [one] => (place(one)?, None, false),
        [a, b] => match (&a.kind, &b.kind) {
            (_, Kind::Literal(value)) => (place(a)?, Some(value.clone()), false),
            (Kind::Literal(value), _) => (place(b)?, Some(value.clone()), true),
            _ => return None,
        },
        _ => return None,
    };
    let value = match value {
        Some(Value::Null) => return None,
        value => value,
    };
    let is = match (function.name, value, turned) {
        ("isnull", None, _) => Is::Null,
        ("isnotnull", None, _) => Is::NotNull,
        ("=", Some(v), _) => Is::Equal(v),
        ("<", Some(v), false) | (">", Some(v), true) => Is::Less(v),
        ("<=", Some(v), false) | (">=", Some(v), true) => Is::LessOrEqual(v),
        (">", Some(v), false) | ("<", Some(v), true) => Is::Greater(v),
        (">=", Some(v), false) | ("<=", Some(v), true) => Is::GreaterOrEqual(v),
        _ => return None,
    };
    Some(Test { column, is })
}

//! What rows know of the file that they were read from: the hidden column `_metadata`, and `input_file_name()` with its kin.

use std::sync::Arc;

use kindling_partition::{Error, Result};
use serde_json::{Map, Value as Json};

use crate::analyze::make_call;
use crate::expr::{Attribute, Expr, name_parts};
use crate::plan::{Plan, Side};
use crate::schema::same_name;
use crate::typed::{Kind, Named, Typed};
use crate::types::{DataType, Field};
use crate::value::Value;

/// The hidden column of files.
const METADATA: &str = "_metadata";

/// The functions that tell of a row's file, and what they give.
const FUNCTIONS: [(&str, DataType); 3] =
    [("input_file_name", DataType::String), ("input_file_block_start", DataType::Long), ("input_file_block_length", DataType::Long)];

/// What a source of files can tell of each row, beside its columns: the values of [`FUNCTIONS`], then the members of `_metadata`.
pub(crate) fn columns(row_index: bool) -> Vec<Field> {
    use DataType::{Long, String, Timestamp};
    let members = [
        ("file_path", String),
        ("file_name", String),
        ("file_size", Long),
        ("file_block_start", Long),
        ("file_block_length", Long),
        ("file_modification_time", Timestamp),
    ];
    let row = row_index.then_some(("row_index", Long));
    FUNCTIONS.into_iter().chain(members).chain(row).map(|(name, data_type)| Field::new(name, data_type, false)).collect()
}

/// The address of a file as Java writes it, whatever can't stand there as `%20`.
pub fn uri(path: &str) -> String {
    let mut out = String::with_capacity(path.len());
    for c in path.chars() {
        if c.is_ascii_alphanumeric() || "-_.!~'()*:@&=+$,;/".contains(c) || !c.is_ascii() {
            out.push(c);
        } else {
            out.push_str(&format!("%{:02X}", c as u32));
        }
    }
    out
}

/// Whether an expression names the hidden column.
pub(crate) fn asks(expr: &Arc<Expr>) -> bool {
    expr.any(&|part| matches!(part, Expr::Name(name) if name_parts(name).iter().take(2).any(|part| same_name(part, METADATA))))
}

/// How the name of a view over files begins, whose rows don't tell of them.
const VIEW: &str = "view ";

/// The plan of a view: it hides what its files have beside its columns.
pub(crate) fn hidden(plan: &Arc<Plan>, name: &str) -> Arc<Plan> {
    if with_metadata(plan).is_none() {
        return plan.clone();
    }
    let name: Arc<str> = name.into();
    let output = plan.output().into_iter().map(|a| Attribute { qualifier: Some(name.clone()), ..a }).collect();
    Arc::new(Plan::Alias { child: plan.clone(), output, name: format!("{VIEW}{name}").into() })
}

/// The plan that a view was made of.
pub(crate) fn seen(plan: &Arc<Plan>) -> &Arc<Plan> {
    match &**plan {
        Plan::Alias { child, name, .. } if name.starts_with(VIEW) => child,
        _ => plan,
    }
}

/// The plan with the column `_metadata` after its own; none when its rows come from no file, or it has a column of that name.
pub(crate) fn with_metadata(plan: &Arc<Plan>) -> Option<Arc<Plan>> {
    if plan.output().iter().any(|a| same_name(a.name(), METADATA)) {
        return None;
    }
    match &**plan {
        Plan::Scan { .. } => {
            let (wide, about) = widened(plan)?;
            let members = about[FUNCTIONS.len()..].iter().map(Typed::attribute).collect();
            let expr = make_call("struct", members, false).ok()?;
            let mark = [("__metadata_col", METADATA.into()), ("__file_source_metadata_col", true.into())];
            let mark: Map<String, Json> = mark.map(|(key, value)| (key.to_owned(), value)).into_iter().collect();
            let field = Field::new(METADATA, expr.data_type.clone(), false).with_metadata(Some(Arc::new(mark)));
            let made = Named { expr, attribute: Attribute::new(field) };
            Some(Arc::new(Plan::Project { child: wide, columns: plan.output().iter().map(Named::from).chain([made]).collect() }))
        }
        // A name for files or for a saved table, not for what a query makes of them.
        Plan::Alias { name, .. } if name.starts_with(VIEW) => None,
        Plan::Alias { child, output, name } if matches!(**child, Plan::Scan { .. } | Plan::Alias { .. } | Plan::Project { .. }) => {
            let child = with_metadata(child)?;
            let hidden = child.output().pop().map(|a| Attribute { qualifier: Some(name.clone()), ..a });
            let output = output.iter().cloned().chain(hidden).collect();
            Some(Arc::new(Plan::Alias { child, output, name: name.clone() }))
        }
        Plan::Project { child, columns } => {
            let child = with_metadata(child)?;
            let columns = columns.iter().cloned().chain(child.output().last().map(Named::from)).collect();
            Some(Arc::new(Plan::Project { child, columns }))
        }
        Plan::Filter { child, .. }
        | Plan::Sort { child, .. }
        | Plan::Limit { child, .. }
        | Plan::Offset { child, .. }
        | Plan::Sample { child, .. }
        | Plan::Repartition { child, .. }
        | Plan::Coalesce { child, .. } => Some(plan.over(&[with_metadata(child)?])),
        _ => None,
    }
}

/// The step with columns of its files in the place of `input_file_name()` and its kin, where its rows come straight from files. After a
/// shuffle, and of rows that come from no file, the functions say nothing: an empty text and -1.
pub(crate) fn resolved(plan: &Arc<Plan>) -> Arc<Plan> {
    if called(plan).is_none() {
        return plan.clone();
    }
    let [child] = plan.children()[..] else { return plan.clone() };
    let Some((child, about)) = followed(child) else { return plan.clone() };
    let mut change = |expr: &Typed| expr.rewrite(&mut |part| place(part).map(|i| Typed::attribute(&about[i])));
    let next = Arc::new(plan.over(&[child]).map_expressions(&mut change));
    match &*next {
        Plan::Project { .. } | Plan::Aggregate { .. } => next,
        _ => Arc::new(Plan::Project { columns: plan.output().iter().map(Named::from).collect(), child: next }),
    }
}

/// Fails where such a function stands over the rows of two sources of files side by side.
///
/// # Errors
/// `MULTI_SOURCES_UNSUPPORTED_FOR_EXPRESSION`
pub(crate) fn check(plan: &Plan) -> Result<()> {
    match called(plan) {
        Some(i) if sources(plan) > 1 => {
            let text = format!("The expression \"{}()\" does not support more than one source.", FUNCTIONS[i].0);
            Err(Error::analysis(text).with_condition("MULTI_SOURCES_UNSUPPORTED_FOR_EXPRESSION"))
        }
        _ => Ok(()),
    }
}

/// The first of the functions that the step calls.
fn called(plan: &Plan) -> Option<usize> {
    let exprs = plan.expressions();
    (0..FUNCTIONS.len()).find(|i| exprs.iter().any(|e| e.any(&|part| place(part) == Some(*i))))
}

fn place(expr: &Typed) -> Option<usize> {
    let Kind::Call { function, .. } = &expr.kind else { return None };
    FUNCTIONS.iter().position(|(name, _)| *name == function.name)
}

fn sources(plan: &Plan) -> usize {
    let below = plan.children().into_iter().map(|child| sources(child)).sum();
    match plan {
        Plan::Scan { source, .. } => usize::from(!source.file_columns().is_empty()),
        // One after the other.
        Plan::Union { .. } => 1.min(below),
        _ => below,
    }
}

/// The plan with the functions' columns after its own; none when its rows don't come straight from files.
fn followed(plan: &Arc<Plan>) -> Option<(Arc<Plan>, Vec<Attribute>)> {
    match &**plan {
        Plan::Scan { .. } => {
            let (wide, mut about) = widened(plan)?;
            about.truncate(FUNCTIONS.len());
            Some((wide, about))
        }
        Plan::Project { child, columns } => {
            let (child, about) = followed(child)?;
            let columns = columns.iter().cloned().chain(about.iter().map(Named::from)).collect();
            Some((Arc::new(Plan::Project { child, columns }), about))
        }
        Plan::Filter { child, .. } | Plan::Sample { child, .. } | Plan::Coalesce { child, .. } | Plan::Generate { child, .. } => {
            let (child, about) = followed(child)?;
            Some((plan.over(&[child]), about))
        }
        // The rows of the side that is not sent around.
        Plan::Join { left, right, broadcast, .. } => {
            let (side, at) = if (*broadcast)? == Side::Left { (right, 1) } else { (left, 0) };
            let (side, about) = followed(side)?;
            let mut sides = [left.clone(), right.clone()];
            sides[at] = side;
            Some((plan.over(&sides), about))
        }
        Plan::Union { children, output } => {
            let found: Vec<_> = children.iter().map(followed).collect();
            if found.iter().all(Option::is_none) {
                return None;
            }
            let about: Vec<Attribute> = FUNCTIONS.map(|(name, kind)| Attribute::new(Field::new(name, kind, false))).into();
            let wide = children.iter().zip(found).map(|(child, found)| {
                let nothing = || about.iter().map(|a| Named { expr: nowhere(&a.field.data_type), attribute: a.clone() }).collect();
                let (below, own) = found
                    .map_or_else(|| (child.clone(), nothing()), |(below, own)| (below, own.iter().map(Named::from).collect::<Vec<_>>()));
                Arc::new(Plan::Project { child: below, columns: child.output().iter().map(Named::from).chain(own).collect() })
            });
            let output = output.iter().chain(&about).cloned().collect();
            Some((Arc::new(Plan::Union { children: wide.collect(), output }), about))
        }
        _ => None,
    }
}

/// A scan of files with all that they can tell after its columns, and that.
fn widened(plan: &Arc<Plan>) -> Option<(Arc<Plan>, Vec<Attribute>)> {
    let Plan::Scan { source, output, filters } = &**plan else { return None };
    let (own, more) = (source.schema().fields().len(), source.file_columns());
    if more.is_empty() {
        return None;
    }
    let mut output = output.clone();
    if output.len() == own {
        output.extend(more.iter().cloned().map(Attribute::new));
    }
    let about = output[own..].to_vec();
    Some((Arc::new(Plan::Scan { source: source.clone(), output, filters: filters.clone() }), about))
}

fn nowhere(data_type: &DataType) -> Typed {
    Typed::literal(if *data_type == DataType::String { Value::from("") } else { Value::Long(-1) })
}

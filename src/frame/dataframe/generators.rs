//! Generators, which make several rows of one: where they may stand, and their step of a plan.

use std::sync::Arc;

use kindling_partition::{Error, Result};

use crate::expr::{Attribute, Expr};
use crate::functions::{Body, lookup};
use crate::plan::Plan;
use crate::typed::{Kind, Named};
use crate::types::{DataType, Field};

/// Whether the expression, under a name or not, is `explode` or the like.
pub(crate) fn makes_rows(expr: &Expr) -> bool {
    match expr {
        Expr::Alias { child, .. } => makes_rows(child),
        Expr::Call { function, .. } => lookup(function).is_some_and(|f| matches!(f.body, Body::Generator { .. })),
        _ => false,
    }
}

fn has_generator(expr: &Arc<Expr>) -> bool {
    expr.any(&|part| matches!(part, Expr::Call { .. }) && makes_rows(part))
}

fn unsupported(condition: &'static str, text: &str) -> Error {
    Error::analysis(format!("The generator is not supported: {text}.")).with_condition(condition)
}

/// That no generator is within another expression of a select.
///
/// # Errors
/// `UNSUPPORTED_GENERATOR.NESTED_IN_EXPRESSIONS`
pub(crate) fn not_nested(exprs: &[Arc<Expr>]) -> Result<()> {
    for expr in exprs {
        let whole = match &**expr {
            Expr::Alias { child, .. } => child,
            _ => expr,
        };
        let nested = match &**whole {
            Expr::Call { args, .. } if makes_rows(whole) => args.iter().any(has_generator),
            _ => has_generator(whole) || matches!(&**whole, Expr::Window(window) if makes_rows(&window.function)),
        };
        if nested {
            return Err(unsupported("UNSUPPORTED_GENERATOR.NESTED_IN_EXPRESSIONS", &format!("nested in expressions \"{whole}\"")));
        }
    }
    Ok(())
}

/// That there is one at most.
///
/// # Errors
/// `UNSUPPORTED_GENERATOR.MULTI_GENERATOR`
pub(super) fn only_one(found: &[Arc<Expr>]) -> Result<()> {
    if found.len() < 2 {
        return Ok(());
    }
    let shown: Vec<String> = found
        .iter()
        .map(|expr| match &**expr {
            Expr::Alias { child, .. } => format!("\"{child}\""),
            expr => format!("\"{expr}\""),
        })
        .collect();
    let text = format!("only one generator allowed per SELECT clause but found {}: {}", found.len(), shown.join(", "));
    Err(unsupported("UNSUPPORTED_GENERATOR.MULTI_GENERATOR", &text))
}

/// That what is no select has no generator.
///
/// # Errors
/// `UNSUPPORTED_GENERATOR.OUTSIDE_SELECT`
pub(crate) fn outside_select(expr: &Arc<Expr>, operator: &str) -> Result<()> {
    if !has_generator(expr) {
        return Ok(());
    }
    Err(unsupported("UNSUPPORTED_GENERATOR.OUTSIDE_SELECT", &format!("outside the SELECT clause, found: {operator} {expr}")))
}

/// The plan of an `explode`, and the columns that it makes.
///
/// # Errors
/// `UDTF_ALIAS_NUMBER_MISMATCH`
pub(crate) fn generate(child: Arc<Plan>, expr: &Expr, generated: Named) -> Result<(Plan, Vec<Attribute>)> {
    let Kind::Call { function, args, .. } = &generated.expr.kind else { return Err(Error::runtime("A generator that is no call.")) };
    let Body::Generator { outer, position, members } = function.body else { return Err(Error::runtime("A generator that is none.")) };
    // Several names stand with a mark between them.
    let names: Vec<Arc<str>> = match expr {
        Expr::Alias { name, .. } => name.split('\0').map(Into::into).collect(),
        _ => Vec::new(),
    };
    let field = |name: &str, data_type: &DataType, nullable: bool| Field::new(name, data_type.clone(), nullable);
    let mut fields: Vec<Field> = if position { vec![field("pos", &DataType::Int, outer)] } else { Vec::new() };
    match &args[0].data_type {
        DataType::Array(element, nulls) if members => match &**element {
            DataType::Struct(inner) => fields.extend(inner.iter().map(|f| Field { nullable: outer || *nulls || f.nullable, ..f.clone() })),
            _ => return Err(Error::runtime("A generator of members that has none.")),
        },
        DataType::Map(key, value, nulls) => fields.extend([field("key", key, outer), field("value", value, outer || *nulls)]),
        _ => fields.push(field("col", &generated.expr.data_type, outer || generated.expr.nullable)),
    }
    if names.len() > 1 && names.len() != fields.len() {
        let text = format!("{} makes {} columns, but {} names are given.", function.name, fields.len(), names.len());
        return Err(Error::analysis(text).with_condition("UDTF_ALIAS_NUMBER_MISMATCH"));
    }
    let whole = names.len() == fields.len();
    if let (false, [name], Some(last)) = (whole, names.as_slice(), fields.last_mut())
        && !matches!(args[0].data_type, DataType::Map(..))
        && !members
    {
        last.name = name.clone();
    }
    if whole {
        fields.iter_mut().zip(names).for_each(|(field, name)| field.name = name);
    }
    let mut made = fields.into_iter().map(Attribute::new);
    let position = if position { made.next() } else { None };
    let columns: Vec<Attribute> = made.collect();
    let made = position.iter().cloned().chain(columns.iter().cloned()).collect();
    Ok((Plan::Generate { child, generator: generated.expr, outer, position, columns }, made))
}

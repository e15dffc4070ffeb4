//! `WITHIN GROUP (ORDER BY …)`: percentiles, modes and joined texts of a group in an order.

use std::sync::Arc;

use kindling_partition::{Error, Result};

use super::expr::{call, literal};
use super::parser::Parser;
use crate::exec::order_text;
use crate::expr::{Expr, SortOrder};
use crate::functions::{CONTINUOUS, DISCRETE, LARGEST_MODE, ORDERED_TEXTS, lookup};

fn invalid(function: &str, condition: &'static str, what: &str) -> Error {
    Error::analysis(format!("Invalid function `{function}` with WITHIN GROUP. {what}")).with_condition(condition)
}

fn orderings(function: &str, wanted: usize, given: usize) -> Error {
    let what = format!("The function requires {wanted} orderings in WITHIN GROUP but got {given}.");
    invalid(function, "INVALID_WITHIN_GROUP_EXPRESSION.WRONG_NUM_ORDERINGS", &what)
}

impl Parser<'_> {
    /// A call and the order of its group, if one comes next.
    pub(super) fn aggregate_call(&mut self, function: &str, mut args: Vec<Arc<Expr>>, distinct: bool) -> Result<Arc<Expr>> {
        let percentile = match function {
            "percentile_cont" => Some(CONTINUOUS),
            "percentile_disc" => Some(DISCRETE),
            _ => None,
        };
        let orders = if self.is_words(&["within", "group"]) && self.ahead(2).is("(") { self.group_order()? } else { Vec::new() };
        if percentile.is_some() && args.len() != 1 {
            let text = format!("The `{function}` requires 1 parameters but the actual number is {}.", args.len());
            return Err(Error::analysis(text).with_condition("WRONG_NUM_ARGS.WITHOUT_SUGGESTION"));
        }
        let mode = function == "mode" && args.is_empty();
        if orders.is_empty() {
            if percentile.is_none() && !mode {
                return Ok(Expr::Call { function: function.into(), args, distinct }.into());
            }
            let what = "WITHIN GROUP is required for the function.";
            return Err(invalid(function, "INVALID_WITHIN_GROUP_EXPRESSION.WITHIN_GROUP_MISSING", what));
        }
        if percentile.is_some() || mode {
            let [(column, order)] = orders.as_slice() else { return Err(orderings(function, 1, orders.len())) };
            if distinct {
                let what = "The function does not support DISTINCT with WITHIN GROUP.";
                return Err(invalid(function, "INVALID_WITHIN_GROUP_EXPRESSION.DISTINCT_UNSUPPORTED", what));
            }
            return Ok(match percentile {
                Some(percentile) => call(percentile, [column.clone(), args.remove(0), literal(order.descending)]),
                None if order.descending => call(LARGEST_MODE, [column.clone(), literal(true), literal(true)]),
                None => call("mode", [column.clone(), literal(true)]),
            });
        }
        match function {
            "mode" => Err(orderings(function, 0, orders.len())),
            "listagg" | "string_agg" if (1..=2).contains(&args.len()) => {
                let delimiter = if args.len() == 2 { args.remove(1) } else { literal(crate::value::Value::Null) };
                let text = args.remove(0);
                if distinct && let Some((other, _)) = orders.iter().find(|(key, _)| key.to_string() != text.to_string()) {
                    let what = format!(
                        "The function is invoked with DISTINCT and WITHIN GROUP but expressions \"{text}\" and \"{other}\" do not match. The \
                         WITHIN GROUP ordering expression must be picked from the function inputs."
                    );
                    return Err(invalid("listagg", "INVALID_WITHIN_GROUP_EXPRESSION.MISMATCH_WITH_DISTINCT_INPUT", &what));
                }
                let directions: Vec<String> = orders.iter().map(|(_, order)| order_text(*order)).collect();
                let rows = call("struct", std::iter::once(text).chain(orders.into_iter().map(|(key, _)| key)));
                Ok(Expr::Call { function: ORDERED_TEXTS.into(), args: vec![rows, delimiter, literal(directions.join(","))], distinct }
                    .into())
            }
            _ if lookup(function).is_none() => Ok(Expr::Call { function: function.into(), args, distinct }.into()),
            _ => {
                let text = format!("Invalid SQL syntax: The function `{function}` does not support WITHIN GROUP (ORDER BY ...).");
                Err(Error::analysis(text).with_condition("INVALID_SQL_SYNTAX.FUNCTION_WITH_UNSUPPORTED_SYNTAX"))
            }
        }
    }

    fn group_order(&mut self) -> Result<Vec<(Arc<Expr>, SortOrder)>> {
        self.skip(3);
        self.need_word("order")?;
        self.need_word("by")?;
        let orders = self.list(|parser| Ok((parser.expr()?, parser.direction()?)))?;
        self.need(")")?;
        Ok(orders)
    }
}

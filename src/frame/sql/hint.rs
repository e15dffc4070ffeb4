//! Hints, `SELECT /*+ BROADCAST(t), COALESCE(2) */ …`: which side of a join goes to every task, and the partitions of the rows. Those about
//! kinds of joins that the engine doesn't tell apart, and unknown ones, ask for nothing, as in Spark.

use std::sync::Arc;

use kindling_partition::{Error, Result};

use super::parser::Parser;
use crate::column::Column;
use crate::dataframe::DataFrame;
use crate::expr::{Expr, name_parts};
use crate::schema::same_name;
use crate::value::Value;

#[derive(Clone, Debug)]
pub(crate) struct Hint {
    pub name: Arc<str>,
    pub args: Vec<Arc<Expr>>,
}

impl Parser<'_> {
    /// The hints behind `SELECT`.
    pub(super) fn hints(&mut self) -> Result<Vec<Hint>> {
        let mut hints = Vec::new();
        while self.take("/*+") {
            loop {
                let name = self.identifier()?;
                let mut args = Vec::new();
                if self.take("(") {
                    args = self.list(Self::expr)?;
                    self.need(")")?;
                }
                hints.push(Hint { name, args });
                if !self.take(",") && self.peek().is("*/") {
                    break;
                }
            }
            self.need("*/")?;
        }
        Ok(hints)
    }
}

/// Whether the hints ask that the relation of this name goes to every task.
pub(super) fn broadcasts(hints: &[Hint], name: &str) -> bool {
    let asks = |hint: &Hint| ["broadcast", "broadcastjoin", "mapjoin"].iter().any(|known| same_name(known, &hint.name));
    let means = |arg: &Arc<Expr>| matches!(&**arg, Expr::Name(own) if name_parts(own).last().is_some_and(|last| same_name(last, name)));
    hints.iter().any(|hint| asks(hint) && hint.args.iter().any(means))
}

/// The rows in the partitions that the hints ask for, the first hint last.
///
/// # Errors
/// For arguments that are no number of partitions and no columns.
pub(super) fn repartitioned(frame: DataFrame, hints: &[Hint]) -> Result<DataFrame> {
    hints.iter().rev().try_fold(frame, |frame, hint| {
        let name = hint.name.to_uppercase();
        if !matches!(&*name, "COALESCE" | "REPARTITION" | "REPARTITION_BY_RANGE" | "REBALANCE") {
            return Ok(frame);
        }
        let (count, columns) = match hint.args.split_first() {
            Some((first, rest)) => match **first {
                Expr::Literal(Value::Int(count)) => (Some(usize::try_from(count).unwrap_or(0)), rest),
                _ => (None, &hint.args[..]),
            },
            None => (None, &hint.args[..]),
        };
        if columns.iter().any(|column| !matches!(**column, Expr::Name(_))) {
            return Err(Error::analysis(format!("{name} Hint parameter should include columns, but {} found.", texts(columns))));
        }
        let columns: Vec<Column> = columns.iter().map(|column| column.clone().into()).collect();
        match (&*name, count) {
            ("COALESCE", Some(count)) if columns.is_empty() => frame.coalesce(count),
            ("COALESCE", _) => Err(Error::analysis("COALESCE Hint expects a partition number as a parameter.")),
            // So few rows as a page has stay together after a shuffle that names no number.
            ("REPARTITION" | "REPARTITION_BY_RANGE", None) if columns.is_empty() => Ok(frame),
            ("REPARTITION_BY_RANGE", _) if !columns.is_empty() => frame.repartition_by_range(count, &columns),
            ("REPARTITION" | "REPARTITION_BY_RANGE", _) => frame.repartition(count, &columns),
            // Balanced as they are; the columns have to be there.
            _ => frame.select(&columns).map(|_| frame.clone()),
        }
    })
}

fn texts(columns: &[Arc<Expr>]) -> String {
    columns.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
}

//! `TABLESAMPLE`: some rows of a relation.

use std::sync::Arc;

use kindling_partition::{Error, ErrorKind, Result};

use super::ast::{Relation, TableAlias};
use super::lex::TokenKind;
use super::parser::Parser;
use super::plan::Planner;
use crate::dataframe::DataFrame;
use crate::expr::Expr;

/// Which rows are taken.
#[derive(Clone, Debug)]
pub(crate) enum Sample {
    /// About this share of them, as `df.sample` takes it.
    Share {
        fraction: f64,
        seed: i64,
    },
    Rows(Arc<Expr>),
}

fn refused(text: &str, condition: &'static str) -> Error {
    Error::new(ErrorKind::Parse, text).with_condition(condition)
}

impl Parser<'_> {
    /// The relation, which has no alias yet, or what is sampled of it, under its alias.
    pub(super) fn sampled(&mut self, alias: impl FnOnce(TableAlias) -> Relation) -> Result<Relation> {
        if !self.is_word("tablesample") || !(self.ahead(1).is("(") || self.ahead(1).is_word("system")) {
            return Ok(alias(self.table_alias()?));
        }
        self.skip(1);
        if self.take_word("system") {
            let text = "The feature is not supported: TABLESAMPLE SYSTEM requires a direct reference to a data source table that supports \
                 block-level sampling. It cannot be applied to subqueries, views, or tables with intervening operations.";
            return Err(Error::analysis(text).with_condition("UNSUPPORTED_FEATURE.TABLESAMPLE_SYSTEM_NO_SCAN"));
        }
        let mut sample = self.sample()?;
        let seeded = self.is_word("repeatable") && self.ahead(1).is("(") && self.ahead(2).kind == TokenKind::Number;
        let given = if seeded { self.ahead(2).text.parse().ok() } else { None };
        if let Some(given) = given {
            self.skip(3);
            self.need(")")?;
            if let Sample::Share { seed, .. } = &mut sample {
                *seed = given;
            }
        }
        Ok(Relation::Sampled { child: alias(TableAlias::default()).into(), sample, alias: self.table_alias()? })
    }

    /// `(10 PERCENT)`, `(5 ROWS)`, `(BUCKET 1 OUT OF 4)`
    fn sample(&mut self) -> Result<Sample> {
        self.need("(")?;
        if self.is(")") {
            return Err(refused("TABLESAMPLE does not accept empty inputs.", "_LEGACY_ERROR_TEMP_0014"));
        }
        let seed = crate::chance::random_seed();
        let signed = usize::from(self.is("-"));
        if self.ahead(signed).kind == TokenKind::Number && self.ahead(signed + 1).is_word("percent") {
            let Ok(percent) = self.ahead(signed).text.parse::<f64>() else { return Err(self.unexpected()) };
            self.skip(signed + 2);
            self.need(")")?;
            let percent = if signed == 1 { -percent } else { percent };
            return Ok(Sample::Share { fraction: checked(percent / 100.0)?, seed });
        }
        if self.is_word("bucket") && self.ahead(1).kind == TokenKind::Number {
            self.skip(1);
            let bucket = self.whole()?;
            self.need_word("out")?;
            self.need_word("of")?;
            let buckets = self.whole()?;
            if self.take_word("on") {
                let what = if self.ahead(1).is("(") { "function" } else { "colname" };
                let text = format!("TABLESAMPLE(BUCKET x OUT OF y ON {what}) is not supported.");
                return Err(refused(&text, "_LEGACY_ERROR_TEMP_0015"));
            }
            self.need(")")?;
            return Ok(Sample::Share { fraction: checked(bucket / buckets)?, seed });
        }
        let start = self.peek().start;
        let rows = self.expr();
        if self.is(")") {
            let text = self.since(start);
            let bytes = text.strip_suffix(['b', 'k', 'm', 'g', 'B', 'K', 'M', 'G']).is_some_and(|n| n.bytes().all(|b| b.is_ascii_digit()));
            return Err(match bytes {
                true => refused("TABLESAMPLE(byteLengthLiteral) is not supported.", "_LEGACY_ERROR_TEMP_0016"),
                false => {
                    let text = format!("{text} is not a valid byte length literal, expected syntax: DIGIT+ ('B' | 'K' | 'M' | 'G').");
                    refused(&text, "_LEGACY_ERROR_TEMP_0018")
                }
            });
        }
        let rows = rows?;
        self.need_word("rows")?;
        self.need(")")?;
        Ok(Sample::Rows(rows))
    }

    fn whole(&mut self) -> Result<f64> {
        let number = self.peek().text.parse::<u32>().map_err(|_| self.unexpected())?;
        self.skip(1);
        Ok(f64::from(number))
    }
}

/// # Errors
/// `INVALID_TABLESAMPLE_FRACTION`
fn checked(fraction: f64) -> Result<f64> {
    if (-1e-6..=1.0 + 1e-6).contains(&fraction) {
        return Ok(fraction);
    }
    let text = format!("Sampling fraction ({fraction}) must be on interval [0, 1].");
    Err(refused(&text, "INVALID_TABLESAMPLE_FRACTION"))
}

impl Planner<'_> {
    pub(super) fn sample(&self, frame: &DataFrame, sample: &Sample) -> Result<DataFrame> {
        match sample {
            Sample::Share { fraction, seed } => frame.sample(false, fraction.clamp(0.0, 1.0), *seed),
            Sample::Rows(rows) => frame.limit(self.count(rows, "LIMIT")?),
        }
    }
}

//! `UPDATE`, `DELETE FROM` and `MERGE INTO`: grammar, and what is wrong with them before Spark comes to say that tables of files don't do it.

use std::sync::Arc;

use kindling_partition::{Error, ErrorKind, Result};

use super::ast::{Change, Relation, Statement};
use super::insert::refused;
use super::parser::Parser;
use super::plan::Planner;
use crate::column::Column;
use crate::expr::Expr;
use crate::session::Session;
use crate::value::Value;

type Assigned = Vec<(Arc<Expr>, Arc<Expr>)>;

impl Parser<'_> {
    /// `UPDATE name SET a = 1 WHERE …`
    pub(super) fn update(&mut self) -> Result<Statement> {
        self.skip(1);
        let (name, target) = self.target()?;
        self.need_word("set")?;
        let assigned = self.assignments()?;
        let conditions = if self.take_word("where") { vec![self.expr()?] } else { Vec::new() };
        Ok(Statement::Change(Change { what: "UPDATE TABLE", target, name, source: None, assigned, conditions }.into()))
    }

    /// `DELETE FROM name WHERE …`
    pub(super) fn delete(&mut self) -> Result<Statement> {
        self.skip(1);
        self.need_missing("from")?;
        let (name, target) = self.target()?;
        let conditions = if self.take_word("where") { vec![self.expr()?] } else { Vec::new() };
        Ok(Statement::Change(Change { what: "DELETE", target, name, source: None, assigned: Vec::new(), conditions }.into()))
    }

    /// `MERGE INTO name USING source ON … WHEN MATCHED THEN …`
    pub(super) fn merge(&mut self) -> Result<Statement> {
        self.skip(1);
        self.take_words(&["with", "schema", "evolution"]);
        self.need_word("into")?;
        let (name, target) = self.target()?;
        self.need_word("using")?;
        let source = self.primary_relation()?;
        self.need_word("on")?;
        let mut conditions = vec![self.expr()?];
        let (mut assigned, mut any) = (Vec::new(), false);
        while self.take_word("when") {
            any = true;
            let there = !self.take_word("not");
            self.need_word("matched")?;
            let by_source = self.take_words(&["by", "source"]);
            if !by_source {
                self.take_words(&["by", "target"]);
            }
            if self.take_word("and") {
                conditions.push(self.expr()?);
            }
            self.need_word("then")?;
            if !there && !by_source {
                self.need_word("insert")?;
                self.inserted(&mut assigned)?;
            } else if self.take_word("update") {
                self.need_word("set")?;
                if !self.take("*") {
                    assigned.extend(self.assignments()?);
                }
            } else {
                self.need_word("delete")?;
            }
        }
        if !any {
            let text = "There must be at least one WHEN clause in a MERGE statement.";
            return Err(Error::new(ErrorKind::Parse, text).with_condition("MERGE_WITHOUT_WHEN"));
        }
        Ok(Statement::Change(Change { what: "MERGE INTO TABLE", target, name, source: Some(source), assigned, conditions }.into()))
    }

    /// `*`, or `(a, b) VALUES (1, 2)`
    fn inserted(&mut self, assigned: &mut Assigned) -> Result<()> {
        if self.take("*") {
            return Ok(());
        }
        let columns = if self.is("(") { self.parenthesized(Self::expr)? } else { Vec::new() };
        self.need_word("values")?;
        let values = self.parenthesized(Self::expr)?;
        assigned.extend(columns.into_iter().zip(values));
        Ok(())
    }

    fn assignments(&mut self) -> Result<Assigned> {
        self.list(|parser| {
            let column = super::expr::name(&parser.name_parts()?);
            parser.need("=")?;
            Ok((column, parser.expr()?))
        })
    }

    /// The table that is changed, perhaps with an alias.
    fn target(&mut self) -> Result<(Arc<str>, Relation)> {
        let name = self.table_name()?;
        let alias = self.table_alias()?;
        Ok((name.clone(), Relation::Table { name, options: Vec::new(), alias }))
    }
}

impl Session {
    /// # Errors
    /// Always: `TABLE_OR_VIEW_NOT_FOUND`, columns that aren't there, else `UNSUPPORTED_FEATURE.TABLE_OPERATION`.
    pub(super) fn refuse(&self, change: &Change) -> Result<()> {
        let planner = Planner::new(self);
        let target = planner.relation(&change.target)?;
        let mut rows = target.clone();
        if let Some(source) = &change.source {
            rows = rows.cross_join(&planner.relation(source)?)?;
        }
        let plain = |expr: &Arc<Expr>| {
            let is_default = matches!(&**expr, Expr::Name(name) if name.eq_ignore_ascii_case("default"));
            Column::from(if is_default { Expr::Literal(Value::Null).into() } else { expr.clone() })
        };
        for (column, value) in &change.assigned {
            target.select(&[column.clone().into()])?;
            if !value.any(&|part| matches!(part, Expr::Subquery(_))) {
                rows.select(&[plain(value)])?;
            }
        }
        for condition in &change.conditions {
            planner.filtered(&rows, condition)?;
        }
        Err(refused(&change.name, change.what))
    }
}

//! SQL text: expressions as columns, queries as plans over the session's temporary views.
//!
//! The parser is our own, by Spark's grammar (`SqlBaseParser.g4`): it makes Spark's errors where Spark makes them, and costs the page a tenth
//! of what a parser of all dialects does.

mod alter;
pub(crate) mod ast;
mod change;
mod command;
mod correlated;
mod describe;
mod error;
mod expr;
mod hint;
mod identifier;
mod insert;
mod keywords;
mod lex;
mod literal;
mod parser;
mod pipe;
mod plan;
mod query;
mod recursive;
#[cfg(test)]
mod reference;
mod relation;
mod routine;
mod sample;
mod select;
mod show;
mod statement;
mod subquery;
mod unnest;
mod unpivot;
mod upkeep;
mod variable;
mod within;

use kindling_partition::Result;

use crate::column::Column;
use crate::dataframe::DataFrame;

pub(crate) use alter::last_name;
pub(crate) use ast::{Alter, PartitionSpec};
pub use command::fits;
pub use parser::Parameters;
use parser::Parser;
pub(crate) use plan::Planner;
pub(crate) use routine::inlined;
pub(crate) use subquery::{Asked, Place, first_subquery};

/// `F.expr(text)`: an expression, perhaps under a name.
///
/// # Errors
/// `PARSE_SYNTAX_ERROR`, with the place.
pub fn column(text: &str) -> Result<Column> {
    let parameters = Parameters::default();
    let mut parser = Parser::new(text, &parameters)?;
    let item = parser.item()?;
    parser.end()?;
    match item.names.as_slice() {
        [] => Ok(item.expr.into()),
        names => Ok(Column::from(item.expr).alias(names.join("\0"))),
    }
}

/// The parts of a table's name, `people` or `` csv.`/files/a.csv` ``.
///
/// # Errors
/// `PARSE_SYNTAX_ERROR`, with the place.
pub(crate) fn name(text: &str) -> Result<Vec<std::sync::Arc<str>>> {
    let parameters = Parameters::default();
    let mut parser = Parser::new(text, &parameters)?;
    let parts = parser.name_parts()?;
    parser.end()?;
    Ok(parts)
}

/// The statements of a text, which semicolons part.
///
/// # Errors
/// `PARSE_SYNTAX_ERROR` for what no token starts with.
pub fn statements(text: &str) -> Result<Vec<&str>> {
    let (mut found, mut start, mut any) = (Vec::new(), 0, false);
    for token in lex::tokens(text)? {
        let end = token.kind == lex::TokenKind::End;
        if !end && !token.is(";") {
            any = true;
            continue;
        }
        if any {
            found.push(text[start..token.start].trim());
        }
        (start, any) = (token.end(), false);
    }
    Ok(found)
}

impl DataFrame {
    /// `selectExpr`: columns of SQL text.
    ///
    /// # Errors
    /// `PARSE_SYNTAX_ERROR`, and whatever is wrong with one of the columns.
    pub fn select_expr(&self, texts: &[&str]) -> Result<DataFrame> {
        let parameters = Parameters::default();
        let item = |text: &&str| {
            let mut parser = Parser::new(text, &parameters)?;
            let item = parser.item()?;
            parser.end()?;
            Ok(item)
        };
        let items = texts.iter().map(item).collect::<Result<Vec<_>>>()?;
        let columns: Vec<Column> = plan::Planner::new(self.session()).items(self, &items)?.into_iter().map(Column::from).collect();
        self.select(&columns)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{DataType, Field, Schema, Session, Value};

    fn people() -> DataFrame {
        let fields = [("name", DataType::String), ("age", DataType::Int)].map(|(name, t)| Field::new(name, t, true));
        let row = |name: &str, age: Option<i32>| vec![Value::from(name), Value::from(age)];
        let rows = [row("Ada", Some(36)), row("Bob", Some(25)), row("Cid", None)];
        Session::in_memory(1).create_dataframe(&rows, Schema::new(fields.to_vec())).expect("a frame")
    }

    #[test]
    fn text_selects_and_filters() {
        let frame = people().select_expr(&["name AS who", "age + 1 old", "age BETWEEN 20 AND 30"]).expect("columns");
        assert_eq!(frame.columns(), ["who", "old", "between(age, 20, 30)"]);
        let kept = people().filter(&column("age > 30 and name like 'A%'").expect("a condition")).expect("rows");
        assert_eq!(kept.collect().expect("rows").len(), 1);
    }

    /// The text of PySpark's ParseException.
    #[test]
    fn what_does_not_parse_is_shown() {
        let error = column("age >").expect_err("half a condition");
        assert_eq!(
            error.to_string(),
            "[PARSE_SYNTAX_ERROR] Syntax error at or near end of input. SQLSTATE: 42601 (line 1, pos 5)\n\n== SQL ==\nage >\n-----^^^\n"
        );
    }
}

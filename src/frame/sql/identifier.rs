//! `IDENTIFIER(text)`: a name of a table, a column or a function, made of a text.

use std::sync::Arc;

use kindling_partition::{Error, Result};

use super::parser::Parser;
use crate::expr::Expr;
use crate::value::Value;

impl Parser<'_> {
    pub(super) fn is_identifier_clause(&self) -> bool {
        self.is_word("identifier") && self.ahead(1).is("(")
    }

    /// The parts of the name.
    ///
    /// # Errors
    /// `NOT_A_CONSTANT_STRING`, `PARSE_SYNTAX_ERROR` for a text that is no name.
    pub(super) fn identifier_clause(&mut self) -> Result<Vec<Arc<str>>> {
        self.skip(2);
        let expr = self.expr()?;
        self.need(")")?;
        let error = |condition, what: &str| {
            let text = format!(
                "The expression {expr} used for the routine or clause IDENTIFIER must be a constant STRING which is NOT NULL. {what}"
            );
            Error::analysis(text).with_condition(condition)
        };
        match text_of(&expr) {
            Some(Value::String(text)) => super::name(&text),
            Some(Value::Null) if !matches!(*expr, Expr::Literal(_)) => {
                Err(error("NOT_A_CONSTANT_STRING.NULL", "The expression evaluates to NULL."))
            }
            Some(value) => {
                let what = format!("The data type of the expression is {}.", value.data_type().simple_string());
                Err(error("NOT_A_CONSTANT_STRING.WRONG_TYPE", &what))
            }
            None => Err(error("NOT_A_CONSTANT_STRING.NOT_CONSTANT", "It is put together of texts and variables only.")),
        }
    }
}

/// The value of a literal, of a variable, and of such put together.
fn text_of(expr: &Expr) -> Option<Value> {
    match expr {
        Expr::Literal(value) => Some(value.clone()),
        Expr::Name(name) => crate::variables::variable(name).map(|variable| variable.value),
        Expr::Call { function, args, .. } if &**function == "concat" => {
            let parts = args.iter().map(|arg| text_of(arg)).collect::<Option<Vec<_>>>()?;
            if parts.iter().any(Value::is_null) {
                return Some(Value::Null);
            }
            Some(parts.iter().map(ToString::to_string).collect::<String>().into())
        }
        _ => None,
    }
}

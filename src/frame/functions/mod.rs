//! The functions of `pyspark.sql.functions`, each declared once: name, doc, parameters, type rule, kernel.

use std::fmt;

use kindling_partition::{Error, Result, did_you_mean};

use crate::column::Column;

/// A function or operator as it was declared.
pub struct Function {
    /// Spark SQL's name: `upper`, `date_add`, `+`.
    pub name: &'static str,
    pub doc: &'static str,
    pub params: &'static [Param],
}

/// A parameter of a function.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Param {
    pub name: &'static str,
    pub kind: ParamKind,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ParamKind {
    /// A column or the name of one.
    Column,
    /// A plain value (a number, a text), which PySpark passes as a literal.
    Literal,
    /// A plain value that may be left out.
    Optional,
    /// Any number of columns.
    Columns,
}

impl fmt::Debug for Function {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name)
    }
}

/// All functions, by name.
pub fn all() -> impl Iterator<Item = &'static Function> {
    [].iter()
}

/// The function with this Spark SQL name.
pub fn lookup(name: &str) -> Option<&'static Function> {
    all().find(|f| f.name == name)
}

/// A call, checked at once for the function's name and the number of arguments.
///
/// # Errors
/// `UNRESOLVED_ROUTINE`, `WRONG_NUM_ARGS`
pub fn call(name: &str, args: Vec<Column>) -> Result<Column> {
    if lookup(name).is_none() {
        let near = did_you_mean(name, all().map(|f| f.name));
        return Err(Error::analysis(format!("There is no function '{name}'.{near}")).with_condition("UNRESOLVED_ROUTINE"));
    }
    Ok(Column::call(name, args))
}

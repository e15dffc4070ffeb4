//! The session's variables (`DECLARE`), and what SQL text made functions of. Like functions that the notebook's language registers, they are
//! known on the driver's thread, which analyzes all text.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;
use std::sync::Arc;

use crate::expr::{Expr, name_parts};
use crate::schema::same_name;
use crate::sql::ast::Query;
use crate::typed::{Kind, Typed};
use crate::types::{DataType, Field};
use crate::value::Value;

#[derive(Clone)]
pub(crate) struct Variable {
    pub data_type: DataType,
    pub value: Value,
    /// What `SET x = DEFAULT` means.
    pub default: Option<Arc<Expr>>,
}

/// `CREATE TEMPORARY FUNCTION name(params) RETURNS … RETURN body`
pub(crate) struct Routine {
    pub params: Vec<Parameter>,
    pub body: Body,
}

/// What a call stands for.
pub(crate) enum Body {
    Value(Arc<Expr>, DataType),
    /// The query, and its columns as they are called outside.
    Table(Arc<Query>, Vec<Field>),
}

/// A parameter, and the argument where none is given.
pub(crate) struct Parameter {
    pub name: Arc<str>,
    pub data_type: DataType,
    pub default: Option<Arc<Expr>>,
}

thread_local! {
    static VARIABLES: RefCell<BTreeMap<String, Variable>> = const { RefCell::new(BTreeMap::new()) };
    static ROUTINES: RefCell<BTreeMap<String, Rc<Routine>>> = const { RefCell::new(BTreeMap::new()) };
}

/// For a session that begins.
pub(crate) fn forget_all() {
    VARIABLES.with_borrow_mut(BTreeMap::clear);
    ROUTINES.with_borrow_mut(BTreeMap::clear);
}

/// A variable's own name, in small letters: `x`, `session.x` and `system.session.x` name the same; none for others.
pub(crate) fn own_name(name: &str) -> Option<String> {
    let mut parts = name_parts(name);
    let own = parts.pop()?.to_lowercase();
    let within = |words: &[&str]| parts.len() == words.len() && parts.iter().zip(words).all(|(part, word)| same_name(part, word));
    (parts.is_empty() || within(&["session"]) || within(&["system", "session"])).then_some(own)
}

pub(crate) fn variable(name: &str) -> Option<Variable> {
    let own = own_name(name)?;
    VARIABLES.with_borrow(|all| all.get(&own).cloned())
}

/// The variable's value as an expression.
pub(crate) fn resolved(name: &str) -> Option<Typed> {
    let found = variable(name)?;
    Some(Typed { kind: Kind::Literal(found.value), data_type: found.data_type, nullable: true })
}

/// How Spark shows a variable within an expression; none for a column.
pub(crate) fn shown(name: &str, typed: &Typed) -> Option<Expr> {
    let Kind::Literal(value) = &typed.kind else { return None };
    let own = own_name(name).filter(|own| VARIABLES.with_borrow(|all| all.contains_key(own)))?;
    let text = crate::defaults::sql_text(value, &typed.data_type);
    Some(Expr::Literal(format!("variablereference(system.session.{own}={text})").into()))
}

/// Makes a variable, or gives it another value; `own` is its own name.
pub(crate) fn set_variable(own: &str, variable: Variable) {
    VARIABLES.with_borrow_mut(|all| all.insert(own.to_owned(), variable));
}

/// Whether there was one.
pub(crate) fn drop_variable(own: &str) -> bool {
    VARIABLES.with_borrow_mut(|all| all.remove(own).is_some())
}

pub(crate) fn routine(name: &str) -> Option<Rc<Routine>> {
    ROUTINES.with_borrow(|all| all.get(&name.to_lowercase()).cloned())
}

pub(crate) fn set_routine(name: &str, routine: Routine) {
    ROUTINES.with_borrow_mut(|all| all.insert(name.to_lowercase(), routine.into()));
}

/// Whether there was one.
pub(crate) fn drop_routine(name: &str) -> bool {
    ROUTINES.with_borrow_mut(|all| all.remove(&name.to_lowercase()).is_some())
}

pub(crate) fn routine_names() -> Vec<String> {
    ROUTINES.with_borrow(|all| all.keys().cloned().collect())
}

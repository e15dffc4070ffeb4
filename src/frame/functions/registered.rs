//! Functions that the notebook's language gives a name, for SQL text. They are known on the driver's thread, which analyzes all text.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

use kindling_partition::Result;

use crate::column::Column;
use crate::dataframe::DataFrame;
use crate::session::Session;

type Make = dyn Fn(Vec<Column>) -> Column;

/// A table function: the arguments, some of them by name, to rows.
type MakeTable = dyn Fn(&Session, Vec<(Option<String>, Column)>) -> Result<DataFrame>;

/// Functions that make tables, besides generators.
pub(crate) const TABLE_FUNCTIONS: [&str; 4] = ["range", "sql_keywords", "variant_explode", "variant_explode_outer"];

thread_local! {
    static FUNCTIONS: RefCell<BTreeMap<String, Rc<Make>>> = const { RefCell::new(BTreeMap::new()) };
    static TABLES: RefCell<BTreeMap<String, Rc<MakeTable>>> = const { RefCell::new(BTreeMap::new()) };
}

/// Makes a function of columns known to SQL text by a name, in any case. It takes the place of one that was registered by that name;
/// Spark's own functions come first.
pub fn register(name: &str, make: impl Fn(Vec<Column>) -> Column + 'static) {
    FUNCTIONS.with_borrow_mut(|all| all.insert(name.to_lowercase(), Rc::new(make)));
}

/// Whether a function was registered by this name.
pub fn is_registered(name: &str) -> bool {
    FUNCTIONS.with_borrow(|all| all.contains_key(&name.to_lowercase()))
}

/// Forgets a function; says whether there was one.
pub(crate) fn unregister(name: &str) -> bool {
    let name = name.to_lowercase();
    FUNCTIONS.with_borrow_mut(|all| all.remove(&name).is_some()) || TABLES.with_borrow_mut(|all| all.remove(&name).is_some())
}

/// The names of functions and of table functions that were registered.
pub(crate) fn registered_names() -> Vec<String> {
    let mut names: Vec<String> = FUNCTIONS.with_borrow(|all| all.keys().cloned().collect());
    TABLES.with_borrow(|all| names.extend(all.keys().cloned()));
    names
}

/// Whether the notebook made a function by this name, in its language or in SQL text.
pub fn is_user_function(name: &str) -> bool {
    is_registered(name) || crate::variables::routine(name).is_some()
}

/// As [`register`], of a function that makes a table: for `FROM name(…)`.
pub fn register_table(name: &str, make: impl Fn(&Session, Vec<(Option<String>, Column)>) -> Result<DataFrame> + 'static) {
    TABLES.with_borrow_mut(|all| all.insert(name.to_lowercase(), Rc::new(make)));
}

/// The rows of a table function that was registered by this name.
pub(crate) fn registered_table(session: &Session, name: &str, args: Vec<(Option<String>, Column)>) -> Option<Result<DataFrame>> {
    let make = TABLES.with_borrow(|all| all.get(&name.to_lowercase()).cloned())?;
    Some(make(session, args))
}

/// The call of a function that was registered by this name.
pub(crate) fn registered(name: &str, args: Vec<Column>) -> Option<Column> {
    let make = FUNCTIONS.with_borrow(|all| all.get(&name.to_lowercase()).cloned())?;
    Some(make(args))
}

//! Where the names of a cell stand, and which of them are the same variable.

use ruff_python_ast::Stmt;
use ruff_text_size::TextRange;

use super::{Compiled, scope};

/// A name in the text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Mention {
    pub name: String,
    pub range: TextRange,
    /// Whether the name gets its value here.
    pub binds: bool,
    /// The function, class or comprehension whose variable it is, as a number within the cell; `None` for a global of the notebook.
    pub owner: Option<usize>,
}

/// The names of a cell, in the order of the text.
pub(crate) fn mentions(body: &[Stmt]) -> Compiled<Vec<Mention>> {
    let mut scopes = scope::analyse_with_mentions(body)?;
    let found = scopes.mentions.take().unwrap_or_default();
    let mut mentions: Vec<Mention> = found
        .into_iter()
        .map(|mention| Mention {
            owner: scopes.owner(mention.scope, &mention.name),
            name: mention.name,
            range: mention.range,
            binds: mention.binds,
        })
        .collect();
    mentions.sort_by_key(|mention| mention.range.start());
    Ok(mentions)
}

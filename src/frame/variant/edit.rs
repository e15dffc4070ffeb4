//! Variants with a part put in, changed or taken out: Spark's `VariantBuilder.insertAtPath` and its kin.

use kindling_partition::{Error, ErrorKind, Result};

use super::build::Tree;
use super::path::Step;
use super::too_large;

/// So many elements an array may be grown to.
const MOST_ITEMS: usize = 1 << 22;

/// What is done where a path leads.
pub(crate) enum Edit {
    /// A new member, or an element before the one that is there.
    Insert(Tree),
    /// The value in the place of what is there; where nothing is, only if so told.
    Set(Tree, bool),
    /// An element at the end of an array, if it is there.
    Append(Tree),
    Delete,
}

impl Edit {
    /// Changes the tree. `path` and `function` are what errors name.
    ///
    /// # Errors
    /// `VARIANT_PATH_TYPE_MISMATCH`, `VARIANT_DUPLICATE_KEY`, `VARIANT_SIZE_LIMIT`
    pub fn apply(self, tree: &mut Tree, steps: &[Step], path: &str, function: &str) -> Result<()> {
        self.at(tree, steps, 0, &|depth, too_long| {
            if too_long {
                return too_large(function);
            }
            let text =
                format!("The path '{path}' is incompatible with the variant value at '{}' in `{function}`.", Step::text(&steps[..depth]));
            Error::new(ErrorKind::Runtime, text).with_condition("VARIANT_PATH_TYPE_MISMATCH")
        })
    }

    fn at(self, tree: &mut Tree, steps: &[Step], depth: usize, wrong: &dyn Fn(usize, bool) -> Error) -> Result<()> {
        let last = depth + 1 == steps.len();
        match (steps.get(depth), tree, self) {
            (None, Tree::Array(items), Self::Append(value)) => items.push(value),
            (Some(Step::Key(key)), Tree::Object(members), edit) => {
                let found = members.iter().position(|m| m.0 == *key);
                match (found, edit) {
                    (Some(i), Self::Delete) if last => {
                        members.remove(i);
                    }
                    (Some(i), Self::Set(value, _)) if last => members[i].1 = value,
                    (Some(_), Self::Insert(_)) if last => {
                        let text = format!("Failed to build variant because of a duplicate object key `{key}`.");
                        return Err(Error::new(ErrorKind::Runtime, text).with_condition("VARIANT_DUPLICATE_KEY"));
                    }
                    (Some(i), edit) => return edit.at(&mut members[i].1, steps, depth + 1, wrong),
                    (None, Self::Insert(value) | Self::Set(value, true)) => {
                        members.push((key.clone(), created(value, &steps[depth + 1..]).ok_or_else(|| wrong(depth, true))?));
                    }
                    (None, _) => {}
                }
            }
            (Some(Step::Index(index)), Tree::Array(items), edit) => {
                let there = *index < items.len();
                match edit {
                    Self::Delete if last && there => {
                        items.remove(*index);
                    }
                    Self::Set(value, _) if last && there => items[*index] = value,
                    Self::Insert(value) if last && there => items.insert(*index, value),
                    edit if there => return edit.at(&mut items[*index], steps, depth + 1, wrong),
                    Self::Insert(value) | Self::Set(value, true) => {
                        let value = created(value, &steps[depth + 1..]).filter(|_| *index < MOST_ITEMS);
                        let value = value.ok_or_else(|| wrong(depth, true))?;
                        items.resize(*index, Tree::NULL);
                        items.push(value);
                    }
                    _ => {}
                }
            }
            // What isn't there needs no deleting.
            (_, _, Self::Delete) => {}
            _ => return Err(wrong(depth, false)),
        }
        Ok(())
    }
}

/// The value within new objects and arrays; none when an index is too large to make.
fn created(value: Tree, steps: &[Step]) -> Option<Tree> {
    steps.iter().rev().try_fold(value, |value, step| match step {
        Step::Key(key) => Some(Tree::Object(vec![(key.clone(), value)])),
        Step::Index(index) if *index < MOST_ITEMS => {
            let mut items = vec![Tree::NULL; *index];
            items.push(value);
            Some(Tree::Array(items))
        }
        Step::Index(_) => None,
    })
}

impl Tree {
    fn is_null(&self) -> bool {
        matches!(self, Self::Scalar(bytes) if matches!(bytes.as_slice(), [] | [0]))
    }

    /// Without members that are null, and, if so told, without such elements of arrays.
    pub(crate) fn strip_nulls(&mut self, arrays: bool) {
        match self {
            Self::Scalar(_) => {}
            Self::Array(items) => {
                items.retain(|item| !arrays || !item.is_null());
                items.iter_mut().for_each(|item| item.strip_nulls(arrays));
            }
            Self::Object(members) => {
                members.retain(|member| !member.1.is_null());
                members.iter_mut().for_each(|member| member.1.strip_nulls(arrays));
            }
        }
    }
}

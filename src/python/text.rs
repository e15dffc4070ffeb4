//! Python's `str`, and the interned names that attributes and variables are looked up by.

use std::borrow::Borrow;
use std::cell::{Cell, OnceCell, RefCell};
use std::collections::HashMap;
use std::hash::{Hash, Hasher};
use std::ops::Deref;
use std::rc::Rc;

/// A Python string: UTF-8 text with its length in characters and its hash remembered.
///
/// Lone surrogates can't be held; what would make one raises instead.
pub struct PyStr {
    text: String,
    chars: Cell<usize>,
    hash: Cell<i64>,
    /// Where every [`STRIDE`]th character begins, once one behind the first few is asked for; not of ASCII text.
    #[expect(clippy::box_collection, reason = "few strings have them, all strings have room for them")]
    marks: OnceCell<Box<Vec<usize>>>,
}

const UNKNOWN: usize = usize::MAX;
const STRIDE: usize = 64;

impl PyStr {
    pub fn new(text: impl Into<String>) -> PyStr {
        PyStr { text: text.into(), chars: Cell::new(UNKNOWN), hash: Cell::new(-1), marks: OnceCell::new() }
    }

    #[inline]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The number of characters (code points).
    pub fn char_len(&self) -> usize {
        let known = self.chars.get();
        if known != UNKNOWN {
            return known;
        }
        let count = if self.text.is_ascii() { self.text.len() } else { self.text.chars().count() };
        self.chars.set(count);
        count
    }

    /// Whether every character is one byte, so that positions are byte offsets.
    pub fn is_ascii(&self) -> bool {
        self.char_len() == self.text.len()
    }

    /// The character at `index`, counted in characters.
    pub fn char_at(&self, index: usize) -> Option<char> {
        if self.is_ascii() {
            return self.text.as_bytes().get(index).map(|&byte| byte as char);
        }
        self.text[self.byte_offset(index)..].chars().next()
    }

    /// The byte offset of the character at `index`; the length in bytes past the end.
    pub fn byte_offset(&self, index: usize) -> usize {
        if self.is_ascii() {
            return index.min(self.text.len());
        }
        let (from, rest) = match index {
            0..STRIDE => (0, index),
            _ => {
                let marks =
                    self.marks.get_or_init(|| Box::new(self.text.char_indices().step_by(STRIDE).map(|(offset, _)| offset).collect()));
                let Some(mark) = marks.get(index / STRIDE) else { return self.text.len() };
                (*mark, index % STRIDE)
            }
        };
        self.text[from..].char_indices().nth(rest).map_or(self.text.len(), |(offset, _)| from + offset)
    }

    /// The text from character `start` to `end`, both clamped.
    pub fn slice(&self, start: usize, end: usize) -> &str {
        if start >= end {
            return "";
        }
        let from = self.byte_offset(start);
        &self.text[from..self.byte_offset(end)]
    }

    /// CPython's hash under `PYTHONHASHSEED=0`, so that sets of strings iterate as they do there.
    pub fn hash(&self) -> i64 {
        let known = self.hash.get();
        if known != -1 {
            return known;
        }
        let hash = hash_text(&self.text, self.is_ascii());
        self.hash.set(hash);
        hash
    }

    /// Appends in place; for a string that nobody else holds.
    pub fn push_str(&mut self, more: &str) {
        self.text.push_str(more);
        if self.chars.get() != UNKNOWN {
            self.chars.set(self.chars.get() + if more.is_ascii() { more.len() } else { more.chars().count() });
        }
        self.hash.set(-1);
        self.marks.take();
    }
}

/// SipHash-1-3 with a zero key over CPython's buffer: one, two or four bytes a character, by the widest.
fn hash_text(text: &str, ascii: bool) -> i64 {
    if text.is_empty() {
        return 0;
    }
    let bytes: Vec<u8> = if ascii {
        return hash_bytes(text.as_bytes());
    } else {
        let widest = text.chars().map(|c| c as u32).max().unwrap_or(0);
        let width = if widest < 256 {
            1
        } else if widest < 0x10000 {
            2
        } else {
            4
        };
        text.chars().flat_map(|c| (c as u32).to_le_bytes().into_iter().take(width)).collect()
    };
    hash_bytes(&bytes)
}

/// The hash of a bytes object, and of a string's buffer.
pub(crate) fn hash_bytes(bytes: &[u8]) -> i64 {
    if bytes.is_empty() {
        return 0;
    }
    // The standard library's default hasher is SipHash-1-3 with a zero key.
    #[allow(clippy::default_constructed_unit_structs)]
    let mut hasher = std::collections::hash_map::DefaultHasher::new();
    hasher.write(bytes);
    match hasher.finish() as i64 {
        -1 => -2,
        hash => hash,
    }
}

/// An interned string: equal names are the same object, so they compare and hash by address.
#[derive(Clone)]
pub struct Name(Rc<PyStr>);

thread_local! {
    static NAMES: RefCell<HashMap<Box<str>, Name>> = RefCell::new(HashMap::new());
}

impl Name {
    pub fn new(text: &str) -> Name {
        NAMES.with_borrow_mut(|names| {
            if let Some(name) = names.get(text) {
                return name.clone();
            }
            let name = Name(Rc::new(PyStr::new(text)));
            names.insert(text.into(), name.clone());
            name
        })
    }

    /// The name for a string that may be interned already.
    pub fn from_str_object(text: &Rc<PyStr>) -> Name {
        Name::new(text.as_str())
    }

    pub fn object(&self) -> &Rc<PyStr> {
        &self.0
    }

    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }
}

impl Deref for Name {
    type Target = str;
    fn deref(&self) -> &str {
        self.0.as_str()
    }
}

impl PartialEq for Name {
    #[inline]
    fn eq(&self, other: &Name) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }
}

impl Eq for Name {}

impl Hash for Name {
    #[inline]
    fn hash<H: Hasher>(&self, state: &mut H) {
        state.write_usize(Rc::as_ptr(&self.0) as usize);
    }
}

impl Borrow<str> for PyStr {
    fn borrow(&self) -> &str {
        &self.text
    }
}

impl std::fmt::Debug for Name {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:?}", self.as_str())
    }
}

impl std::fmt::Display for Name {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.as_str())
    }
}

impl From<&str> for Name {
    fn from(text: &str) -> Name {
        Name::new(text)
    }
}

/// Hashes an address: enough for interned names.
#[derive(Default, Clone, Copy)]
pub struct AddressHasher(u64);

impl Hasher for AddressHasher {
    fn finish(&self) -> u64 {
        self.0
    }
    fn write(&mut self, bytes: &[u8]) {
        for &byte in bytes {
            self.0 = self.0.rotate_left(5) ^ u64::from(byte);
        }
    }
    fn write_usize(&mut self, address: usize) {
        self.0 = (address as u64 >> 4).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    }
}

pub type NameHash = std::hash::BuildHasherDefault<AddressHasher>;

/// Names and what they are bound to, in the order of binding.
pub type Attrs = indexmap::IndexMap<Name, crate::Value, NameHash>;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn characters_are_found_by_their_places() {
        let mut text = PyStr::new("aé日😀".repeat(60));
        for more in ["", "é", "plain"] {
            text.push_str(more);
            let chars: Vec<char> = text.as_str().chars().collect();
            for i in 0..chars.len() + 70 {
                assert_eq!(text.char_at(i), chars.get(i).copied(), "character {i}");
                let end = (i + 3).min(chars.len());
                let wanted: String = chars.get(i..end).unwrap_or_default().iter().collect();
                assert_eq!(text.slice(i, i + 3), wanted, "slice at {i}");
            }
            assert_eq!(text.slice(63, usize::MAX).chars().count(), chars.len() - 63);
        }
    }
}

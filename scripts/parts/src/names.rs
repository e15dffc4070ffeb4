//! Names of functions, and what they tell.

use crate::{KEPT, PARTS};

/// A function's name, such as `<alloc[5e8…]::vec::Vec<kindling_frame[84…]::batch::Batch>>::push`, without its crates' hashes.
pub struct SymbolName(String);

impl SymbolName {
    pub fn of(symbol: &str) -> Self {
        let mut name = String::with_capacity(symbol.len());
        let mut rest = symbol;
        while let Some(open) = rest.find('[') {
            let (before, after) = rest.split_at(open);
            name.push_str(before);
            // Of a number, so that one in sixteen has fewer than sixteen digits.
            let digits = after[1..].bytes().take_while(u8::is_ascii_hexdigit).count();
            let follows_name = before.ends_with(|c: char| c.is_alphanumeric() || c == '_');
            rest = if follows_name && (1..=16).contains(&digits) && after.as_bytes().get(digits + 1) == Some(&b']') {
                &after[digits + 2..]
            } else {
                name.push('[');
                &after[1..]
            };
        }
        name.push_str(rest);
        Self(name)
    }

    /// The crate that the function itself is of; nothing for what is made for a tuple or a slice.
    pub fn owner(&self) -> &str {
        let path = self.0.trim_start_matches(['<', '&']).trim_start_matches("mut ");
        path.find("::").map_or("", |end| &path[..end])
    }

    pub fn owner_part(&self) -> Option<usize> {
        PARTS.iter().position(|(_, crates)| crates.contains(&self.owner()))
    }

    /// The first part that the name speaks of, other than by what stays in the core.
    pub fn part_named(&self) -> Option<usize> {
        PARTS.iter().position(|(_, crates)| crates.iter().any(|name| self.paths_of(name).any(|path| !is_kept(path))))
    }

    pub fn is_kept(&self) -> bool {
        is_kept(self.0.trim_start_matches(['<', '&']).trim_start_matches("mut "))
    }

    /// What follows each mention of a crate, the crate included.
    fn paths_of(&self, name: &str) -> impl Iterator<Item = &str> {
        self.0.match_indices(name).filter_map(move |(at, _)| {
            let is_start = !self.0[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_' || c == ':');
            (is_start && self.0[at + name.len()..].starts_with("::")).then_some(&self.0[at..])
        })
    }
}

fn is_kept(path: &str) -> bool {
    KEPT.iter().any(|kept| path.strip_prefix(kept).is_some_and(|rest| !rest.starts_with(|c: char| c.is_alphanumeric() || c == '_')))
}

#[cfg(test)]
mod tests {
    use super::SymbolName;

    const HASH: &str = "[84c7a1be22772660]";

    fn name(text: &str) -> SymbolName {
        SymbolName::of(&text.replace('#', HASH))
    }

    #[test]
    fn the_owner_is_the_crate_of_the_function_itself() {
        assert_eq!(name("kindling_ml#::tree::grow").owner(), "kindling_ml");
        assert_eq!(name("<kindling_ml#::tree::Tree as core#::fmt::Debug>::fmt").owner(), "kindling_ml");
        assert_eq!(name("<&mut kindling_ml#::tree::Tree>::cut").owner(), "kindling_ml");
        assert_eq!(name("<alloc#::vec::Vec<kindling_ml#::tree::Tree>>::push").owner(), "alloc");
    }

    #[test]
    fn hashes_have_up_to_sixteen_digits() {
        for hash in ["84c7a1be22772660", "4c7a1be22772660", "7a1be2277266"] {
            assert_eq!(
                SymbolName::of(&format!("<kindling_ml[{hash}]::tree::Tree as core[{hash}]::fmt::Debug>::fmt")).owner(),
                "kindling_ml"
            );
        }
        assert_eq!(name("<[u8] as kindling_ml#::Bytes>::read").0, "<[u8] as kindling_ml::Bytes>::read");
    }

    #[test]
    fn made_for_a_part_is_named_by_it() {
        let of = |text| name(text).part_named().map(|part| crate::PARTS[part].0);
        assert_eq!(of("<alloc#::vec::Vec<kindling_frame#::batch::Batch>>::push"), Some("frame"));
        assert_eq!(of("<rayon_core#::job::StackJob<kindling_frame#::exec::run, kindling_ml#::tree::grow>>::execute"), Some("ml"));
        assert_eq!(of("<alloc#::vec::Vec<not_kindling_frame#::batch::Batch>>::push"), None);
        assert_eq!(of("<alloc#::vec::Vec<kindling_frame#::types::DataType>>::push"), None, "a type that stays in the core");
        assert_eq!(of("<[u8; 16] as core#::fmt::Debug>::fmt"), None);
    }

    #[test]
    fn a_kept_module_is_kept_with_all_below_it_and_nothing_beside() {
        assert!(name("<kindling_frame#::types::DataType as core#::clone::Clone>::clone").is_kept());
        assert!(name("kindling_frame#::types::simple::parse").is_kept());
        assert!(!name("kindling_frame#::typeset::parse").is_kept());
        assert!(!name("<alloc#::vec::Vec<kindling_frame#::types::DataType>>::push").is_kept());
    }
}

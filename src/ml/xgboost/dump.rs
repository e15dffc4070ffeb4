//! Trees as text: `booster.get_dump()` (`src/tree/tree_model.cc` of XGBoost).

use std::fmt::Write;

use kindling_partition::{Error, Result};

use super::booster::Booster;
use super::tree::Tree;

impl Booster {
    /// Each tree as text (`text`) or as JSON (`json`).
    ///
    /// # Errors
    /// When there is no such format.
    pub fn dump(&self, format: &str, with_stats: bool) -> Result<Vec<String>> {
        let json = match format {
            "text" => false,
            "json" => true,
            other => return Err(Error::value_error(format!("dump_format must be 'text' or 'json', found '{other}'."))),
        };
        let one = |tree: &Tree| {
            let mut text = String::new();
            let mut writer = Writer { booster: self, tree, json, with_stats, text: &mut text };
            writer.node(0, 0);
            text
        };
        Ok(self.trees.iter().map(one).collect())
    }
}

struct Writer<'a> {
    booster: &'a Booster,
    tree: &'a Tree,
    json: bool,
    with_stats: bool,
    text: &'a mut String,
}

impl Writer<'_> {
    fn node(&mut self, id: usize, depth: usize) {
        let node = self.tree.nodes[id];
        let (condition, cover, gain) = (general(node.condition), general(node.cover), general(node.gain));
        let name = self.booster.name(node.feature);
        let missing = if node.default_left { node.left } else { node.right };
        let (left, right) = (node.left, node.right);
        if self.json {
            let indent = "  ".repeat(depth + 1);
            if node.is_leaf() {
                let stats = if self.with_stats { format!(", \"cover\": {cover} ") } else { String::new() };
                let _ = write!(self.text, "{indent}{{ \"nodeid\": {id}, \"leaf\": {condition} {stats}}}");
                return;
            }
            let stats = if self.with_stats { format!(", \"gain\": {gain}, \"cover\": {cover}") } else { String::new() };
            let _ = writeln!(
                self.text,
                "{indent}{{ \"nodeid\": {id}, \"depth\": {depth}, \"split\": \"{name}\", \"split_condition\": {condition}, \"yes\": {left}, \"no\": \
                 {right}, \"missing\": {missing} {stats}, \"children\": ["
            );
            self.node(left as usize, depth + 1);
            self.text.push_str(", \n");
            self.node(right as usize, depth + 1);
            let _ = write!(self.text, "\n{indent}]}}");
            return;
        }
        self.text.push_str(&"\t".repeat(depth));
        if node.is_leaf() {
            let stats = if self.with_stats { format!(",cover={cover}") } else { String::new() };
            let _ = writeln!(self.text, "{id}:leaf={condition}{stats}");
            return;
        }
        let stats = if self.with_stats { format!(",gain={gain},cover={cover}") } else { String::new() };
        let _ = writeln!(self.text, "{id}:[{name}<{condition}] yes={left},no={right},missing={missing}{stats}");
        self.node(left as usize, depth + 1);
        self.node(right as usize, depth + 1);
    }
}

/// Nine digits, as C's `%.9g` prints them.
fn general(value: f32) -> String {
    if value == 0.0 {
        return if value.is_sign_negative() { "-0" } else { "0" }.to_owned();
    }
    let text = format!("{value:.8e}");
    let (mantissa, exponent) = text.split_once('e').unwrap_or((&text, "0"));
    let exponent: i32 = exponent.parse().unwrap_or(0);
    let trimmed =
        |text: &str| if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.').to_owned() } else { text.to_owned() };
    if (-4..9).contains(&exponent) {
        return trimmed(&format!("{value:.*}", (8 - exponent) as usize));
    }
    let sign = if exponent < 0 { '-' } else { '+' };
    format!("{}e{sign}{:02}", trimmed(mantissa), exponent.unsigned_abs())
}

#[cfg(test)]
mod tests {
    use super::general;

    /// As C's printf prints them.
    #[test]
    fn numbers_have_nine_digits() {
        for (value, text) in
            [(0.104_900_114, "0.104900114"), (-7.663_455e-9, "-7.66345476e-09"), (27.0, "27"), (1e9, "1e+09"), (0.5, "0.5")]
        {
            assert_eq!(general(value), text);
        }
    }
}

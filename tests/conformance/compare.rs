//! Whether a statement printed what its docstring says, by the rules of Python's doctest with ELLIPSIS and NORMALIZE_WHITESPACE, with which
//! Spark checks its own.

/// Compares what was printed.
pub fn matches(want: &str, printed: &str) -> bool {
    let want = want.replace("<BLANKLINE>", "");
    let (short, shown) = (normal(&want), normal(printed));
    // Not all of Spark's modules are checked with white space made equal.
    short == shown || ellipsis(&short, &shown) || ellipsis(&want, printed) || arrays(&short, &shown)
}

/// Arrays as NumPy 1.13 printed them, which is what Spark's check of its linear algebra asks NumPy for: with a space where a sign would be,
/// and with the type of booleans.
fn arrays(want: &str, printed: &str) -> bool {
    let bare = |text: &str| text.replace(", dtype=bool", "").split_whitespace().collect::<String>();
    let (want, printed) = (bare(want), bare(printed));
    ["array([", "Matrix([", "Vector(["].iter().any(|start| want.contains(start)) && (want == printed || ellipsis(&want, &printed))
}

/// Compares `Class: message` of an exception, of which only the class counts when `detail` doesn't.
pub fn raises(want: &str, raised: &str, detail: bool) -> bool {
    // Spark's own name the class with its module.
    let (class, message) = want.split_once(':').unwrap_or((want, ""));
    let class = class.trim().rsplit('.').next().unwrap_or_default();
    if !detail {
        return raised.split(':').next().unwrap_or_default() == class;
    }
    matches(&format!("{class}:{message}"), raised) || (message.trim().is_empty() && raised.trim() == format!("{class}:"))
}

fn normal(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// `...` stands for any text.
fn ellipsis(want: &str, got: &str) -> bool {
    let pieces: Vec<&str> = want.split("...").collect();
    let [first, middle @ .., last] = pieces.as_slice() else { return false };
    let Some(rest) = got.strip_prefix(first) else { return false };
    let Some(mut rest) = rest.strip_suffix(last) else { return false };
    for piece in middle {
        let Some(at) = rest.find(piece) else { return false };
        rest = &rest[at + piece.len()..];
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn white_space_and_ellipses_are_as_in_doctest() {
        assert!(matches("+---+\n| a |\n<BLANKLINE>\n", "+---+\n| a |\n\n"));
        assert!(matches("a...z\n", "a b z"));
        assert!(matches("Model...", "Model: uid=1"));
        assert!(matches("+---+\n...\n", "+---+\n\n"));
        assert!(matches("array([ 22.,  2.])", "array([22.,  2.])"));
        assert!(matches("array([ True, False], dtype=bool)", "array([ True, False])"));
        assert!(!matches("array([ 22.])", "array([23.])"));
        assert!(!matches("a...b", "a c"));
        assert!(!matches("ab...bc", "abc"));
        assert!(raises("pyspark.errors.PySparkValueError: [A] b", "PySparkValueError: [A] b\n", true));
        assert!(raises("ValueError: other", "ValueError: this\n", false));
        assert!(!raises("ValueError: other", "ValueError: this\n", true));
    }
}

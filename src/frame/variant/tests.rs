//! What Spark's bytes are is recorded in tests/reference/pyspark_api.txt and sql_variant.txt; here is what holds of all.

use proptest::prelude::*;

use super::{Edit, Step, Tree, Variant, printed, schema_of};
use crate::types::DataType;

fn variant(text: &str) -> Variant {
    Tree::parse(text).expect("JSON").encode("test").expect("a variant")
}

/// Any JSON without members of one name.
fn texts() -> impl Strategy<Value = String> {
    let leaf = prop_oneof![
        Just("null".to_owned()),
        any::<bool>().prop_map(|v| v.to_string()),
        any::<i64>().prop_map(|v| v.to_string()),
        (any::<i64>(), 0_u32..9).prop_map(|(v, digits)| format!("{v}.{digits}1")),
        "\"[a-zé]{0,70}\"",
    ];
    leaf.prop_recursive(4, 40, 5, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..5).prop_map(|items| format!("[{}]", items.join(","))),
            prop::collection::btree_map("[a-z]{0,3}", inner, 0..5).prop_map(|members| {
                let members: Vec<String> = members.iter().map(|(name, value)| format!("\"{name}\":{value}")).collect();
                format!("{{{}}}", members.join(","))
            }),
        ]
    })
}

proptest! {
    #[test]
    fn json_comes_back(text in texts()) {
        let made = variant(&text);
        prop_assert_eq!(made.to_string(), text);
        // In parts and together again.
        prop_assert_eq!(Tree::of(made.view()).and_then(|tree| tree.encode("test")).expect("a variant").to_string(), made.to_string());
    }

    #[test]
    fn wrong_bytes_are_no_variant_or_another(text in texts(), at in any::<prop::sample::Index>(), byte in any::<u8>(), names in any::<bool>()) {
        let made = variant(&text);
        let mut parts = [made.value.to_vec(), made.metadata.to_vec()];
        let part = &mut parts[usize::from(names)];
        let at = at.index(part.len());
        part[at] = byte;
        let wrong = Variant { value: parts[0].as_slice().into(), metadata: parts[1].as_slice().into() };
        let _ = schema_of(wrong.view()).map(|found| printed(&found));
        let _ = wrong.to_string();
        let short = Variant { value: wrong.value[..at.min(wrong.value.len())].into(), metadata: made.metadata };
        prop_assert!(Tree::of(short.view()).is_err() || at > 0);
    }
}

#[test]
fn paths_are_read_as_they_are_written() {
    for path in ["$", "$.a", "$[0].b['c.d'][\"e'f\"]", "$.a b['']", "$['[']"] {
        let steps = Step::parse(path).expect(path);
        assert_eq!(Step::parse(&Step::text(&steps)), Some(steps), "{path}");
    }
    for path in ["", "a", "$.", "$..a", "$a", "$[", "$[a]", "$[-1]", "$['a]", "$[99999999999]", "$['a'"] {
        assert_eq!(Step::parse(path), None, "{path}");
    }
}

#[test]
fn an_index_beyond_all_memory_is_refused() {
    let steps = Step::parse("$[2000000000]").expect("a path");
    let error =
        Edit::Set(Tree::NULL, true).apply(&mut Tree::Array(Vec::new()), &steps, "$[2000000000]", "variant_set").expect_err("too large");
    assert_eq!(error.condition(), Some("VARIANT_SIZE_LIMIT"));
    assert_eq!(DataType::parse("array<variant>"), Ok(DataType::array(DataType::Variant)));
}

use kindling_partition::Executor;
use serde_json::Value as Json;

use super::{Impurity, Strategy, Tree, grow, importances};
use crate::reference::{assert_close, data, floats, models};

fn strategy(case: &Json) -> Strategy {
    let params = &case["params"];
    let estimator = case["estimator"].as_str().expect("estimator");
    let forest = estimator.starts_with("RandomForest");
    let count = |name: &str, default: u64| params[name].as_u64().unwrap_or(default) as usize;
    let number = |name: &str, default: f64| params[name].as_f64().unwrap_or(default);
    let classes = match case["data"].as_str() {
        Some("tree0") => 0,
        Some("tree3") => 3,
        _ => 2,
    };
    Strategy {
        classes,
        impurity: match params["impurity"].as_str() {
            Some("entropy") => Impurity::Entropy,
            _ if classes == 0 => Impurity::Variance,
            _ => Impurity::Gini,
        },
        max_depth: count("maxDepth", 5),
        max_bins: count("maxBins", 32),
        min_instances_per_node: count("minInstancesPerNode", 1),
        min_weight_fraction_per_node: number("minWeightFractionPerNode", 0.0),
        min_info_gain: number("minInfoGain", 0.0),
        num_trees: if forest { count("numTrees", 20) } else { 1 },
        bootstrap: forest && params["bootstrap"].as_bool().unwrap_or(true),
        subsampling_rate: number("subsamplingRate", 1.0),
        feature_subset: params["featureSubsetStrategy"].as_str().unwrap_or(if forest { "auto" } else { "all" }).to_owned(),
        max_memory_in_mb: count("maxMemoryInMB", 256),
        seed: params["seed"].as_i64().unwrap_or(0),
        prune: true,
    }
}

fn grown(case: &Json, threads: usize) -> Vec<Tree> {
    let name = case["data"].as_str().expect("data");
    let partitions = data(name);
    let tasks: Vec<_> = partitions.iter().map(|p| p.task(case["params"]["weightCol"].is_string())).collect();
    let arities = if name == "formula" { vec![None; 3] } else { vec![Some(3), None, Some(7), None, None] };
    grow(&Executor::new(threads), "test", &tasks, &arities, &strategy(case)).expect("trees")
}

fn text(trees: &[Tree], case: &Json) -> String {
    let head = format!("{}\n", case["text"].as_str().expect("text"));
    if case["treeWeights"].is_null() {
        return head + &trees[0].text(2);
    }
    trees.iter().enumerate().fold(head, |text, (i, tree)| format!("{text}  Tree {i} (weight 1.0):\n{}", tree.text(4)))
}

/// The same lines; numbers that regression predicts may differ in their last digits, as sums of labels do with the order of adding.
pub(crate) fn assert_same_text(found: &str, expected: &str, what: &str) {
    assert_eq!(found.lines().count(), expected.lines().count(), "{what}:\n{found}\nSpark has\n{expected}");
    for (a, b) in found.lines().zip(expected.lines()) {
        match (a.split_once("Predict: "), b.split_once("Predict: ")) {
            (Some((indent, x)), Some((expected, y))) => {
                assert_eq!(indent, expected, "{what}");
                assert_close(&[x.parse().expect("a number")], &[y.parse().expect("a number")], 1e-12, what);
            }
            _ => assert_eq!(a, b, "{what}:\n{found}\nSpark has\n{expected}"),
        }
    }
}

#[test]
fn trees_and_forests_are_sparks() {
    for case in models()["trees"].as_array().expect("trees").iter().chain(models()["forests"].as_array().expect("forests")) {
        let what = format!("{} {} {}", case["estimator"], case["data"], case["params"]);
        let trees = grown(case, 1);
        assert_same_text(&text(&trees, case), case["debug"].as_str().expect("text"), &what);
        let expected = floats(&case["importances"]);
        assert_close(&importances(&trees, expected.len(), true), &expected, 1e-9, &what);
        let nodes: usize = trees.iter().map(|t| t.nodes.len()).sum();
        assert_eq!(case["nodes"], nodes, "{what}");
    }
}

#[test]
fn forests_have_the_same_bits_on_any_number_of_threads() {
    for case in models()["forests"].as_array().expect("forests") {
        let one = format!("{:?}", grown(case, 1));
        assert!([2, 4, 8].into_iter().all(|threads| format!("{:?}", grown(case, threads)) == one));
    }
}

/// Rows of weight 1 are added up one by one, rows without weights by tables and siblings' differences: the splits are the same.
#[test]
fn many_rows_give_the_same_tree_by_tables_as_one_by_one() {
    let rows = super::sums::MANY + 1000;
    let number = |i: usize, j: usize| ((i * (7919 + 104 * j) + i / 7 * j) % (1009 + 6 * j)) as f64 / 10.0;
    let values: Vec<f64> = (0..rows).flat_map(|i| (0..5).map(move |j| if j == 4 { (i * 31 % 7) as f64 } else { number(i, j) })).collect();
    let wave = |i: usize| libm::sin(number(i, 0) / 9.0) + if number(i, 1) > 40.0 { number(i, 2) / 50.0 } else { (i * 31 % 7 % 3) as f64 };
    let labels: Vec<f64> = (0..rows).map(wave).collect();
    let ones = vec![1.0; rows];
    let strategy = Strategy {
        classes: 0,
        impurity: Impurity::Variance,
        max_depth: 6,
        max_bins: 255,
        min_instances_per_node: 3,
        min_weight_fraction_per_node: 0.0,
        min_info_gain: 0.0,
        num_trees: 1,
        bootstrap: false,
        subsampling_rate: 1.0,
        feature_subset: "all".into(),
        max_memory_in_mb: 256,
        seed: 1,
        prune: true,
    };
    let text = |weights: Option<&[f64]>, threads: usize| {
        let rows = kindling_linalg::RowsRef::Dense { values: &values, width: 5 };
        let whole = crate::task::Task { rows, labels: &labels, weights };
        let parts = [whole.slice(0, 20_000), whole.slice(20_000, labels.len())];
        let arities = [None, None, None, None, Some(7)];
        grow(&Executor::new(threads), "test", &parts, &arities, &strategy).expect("a tree")[0].text(0)
    };
    assert_same_text(&text(None, 1), &text(Some(&ones), 1), "tables");
    assert_eq!(text(None, 1), text(None, 4));
}

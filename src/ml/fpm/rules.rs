//! Association rules from frequent sets (`org.apache.spark.mllib.fpm.AssociationRules`).

use std::collections::BTreeMap;

use kindling_frame::Value;

use super::items::scala;
use crate::scala::{sequence_hash, slots};

/// Who has the antecedent tends to have the consequent.
#[derive(Clone, Debug)]
pub(super) struct Rule {
    pub antecedent: Vec<Value>,
    pub consequent: Value,
    pub confidence: f64,
    pub lift: Option<f64>,
    pub support: f64,
}

/// The rules of at least this confidence, by partition, as Spark's join by the antecedent gives them out.
///
/// `sets` has for each partition the sets with their counts; `rows` is the number of baskets.
pub(super) fn rules(sets: &[Vec<(Vec<Value>, u64)>], confidence: f64, rows: u64) -> Vec<Vec<Rule>> {
    // Sets by a text that names their items in order.
    let name = |items: &[&Value]| format!("{items:?}");
    let all = || sets.iter().flatten();
    let counts: BTreeMap<String, u64> = all().map(|(items, count)| (name(&items.iter().collect::<Vec<_>>()), *count)).collect();
    let support = |item: &Value| counts.get(&name(&[item])).map(|count| *count as f64 / rows as f64);
    let mut groups: Vec<Vec<Rule>> = Vec::new();
    let (mut hashes, mut known): (Vec<i32>, BTreeMap<String, usize>) = (Vec::new(), BTreeMap::new());
    for (items, count) in all() {
        for at in (0..items.len()).filter(|_| items.len() > 1) {
            let antecedent: Vec<&Value> = items[..at].iter().chain(&items[at + 1..]).collect();
            let name = name(&antecedent);
            let Some(whole) = counts.get(&name) else { continue };
            let group = *known.entry(name).or_insert_with(|| {
                hashes.push(sequence_hash(&antecedent.iter().map(|item| scala(item)).collect::<Vec<_>>()));
                groups.push(Vec::new());
                groups.len() - 1
            });
            let found = *count as f64 / *whole as f64;
            if found >= confidence {
                groups[group].push(Rule {
                    antecedent: antecedent.into_iter().cloned().collect(),
                    lift: support(&items[at]).map(|support| found / support),
                    consequent: items[at].clone(),
                    confidence: found,
                    support: *count as f64 / rows as f64,
                });
            }
        }
    }
    let partitions = sets.len().max(1);
    let mut parts: Vec<Vec<usize>> = vec![Vec::new(); partitions];
    for (group, hash) in hashes.iter().enumerate() {
        parts[hash.rem_euclid(partitions as i32) as usize].push(group);
    }
    parts.iter().map(|part| slots(&hashes, part).into_iter().flat_map(|group| groups[group].clone()).collect()).collect()
}

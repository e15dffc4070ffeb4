use super::DataFrame;
use crate::coerce::{syntax, text};
use crate::plan::Plan;
use crate::typed::{Kind, Named};

impl DataFrame {
    /// What `explain()` prints: the plan as a tree, the last step first.
    pub fn explain(&self) -> String {
        let mut out = String::from("== Physical Plan ==\n");
        write(&mut out, self, &self.plan, "", "");
        out
    }
}

fn write(out: &mut String, frame: &DataFrame, plan: &std::sync::Arc<Plan>, first: &str, rest: &str) {
    let cached = if frame.session.cache().has(plan) { "InMemoryTableScan of " } else { "" };
    out.push_str(&format!("{first}{cached}{}\n", label(plan)));
    let children = plan.children();
    for (i, child) in children.iter().enumerate() {
        let last = i + 1 == children.len();
        let (branch, below) = if last { ("+- ", "   ") } else { (":- ", ":  ") };
        write(out, frame, child, &format!("{rest}{branch}"), &format!("{rest}{below}"));
    }
}

fn label(plan: &Plan) -> String {
    let list = |columns: &[Named]| columns.iter().map(named).collect::<Vec<_>>().join(", ");
    match plan {
        Plan::Scan { source, output } => {
            let names: Vec<String> = output.iter().map(|a| format!("{}{}", a.name(), a.id)).collect();
            format!("{} [{}]", source.name(), names.join(","))
        }
        Plan::Project { columns, .. } => format!("Project [{}]", list(columns)),
        Plan::Filter { condition, .. } => format!("Filter {}", text(condition)),
        Plan::Generate { generator, .. } => format!("Generate {}", text(generator)),
        Plan::Aggregate { keys, aggregates, .. } => format!("HashAggregate(keys=[{}], functions=[{}])", list(keys), list(aggregates)),
        Plan::Expand { projections, .. } => format!("Expand {}", projections.len()),
        Plan::Window { partition, orders, functions, .. } => {
            let names: Vec<String> = functions.iter().map(|(a, over)| format!("{over:?} AS {}{}", a.name(), a.id)).collect();
            let keys: Vec<String> = partition.iter().map(text).collect();
            let orders: Vec<String> = orders.iter().map(|(e, _)| text(e)).collect();
            format!("Window [{}], [{}], [{}]", names.join(", "), keys.join(", "), orders.join(", "))
        }
        Plan::Join { kind, condition, .. } => {
            format!("Join {kind:?}{}", condition.as_ref().map_or_else(String::new, |c| format!(", {}", text(c))))
        }
        Plan::Union { .. } => "Union".into(),
        Plan::Sort { orders, global, .. } => {
            let orders: Vec<String> = orders
                .iter()
                .map(|(e, o)| {
                    format!(
                        "{} {} NULLS {}",
                        text(e),
                        if o.descending { "DESC" } else { "ASC" },
                        if o.nulls_first { "FIRST" } else { "LAST" }
                    )
                })
                .collect();
            format!("Sort [{}], {global}", orders.join(", "))
        }
        Plan::Limit { rows, .. } => format!("Limit {rows}"),
        Plan::Offset { rows, .. } => format!("Offset {rows}"),
        Plan::Sample { lower, upper, replacement, seed, .. } => format!("Sample {lower}, {upper}, {replacement}, {seed}"),
        Plan::Repartition { partitions, keys, .. } => {
            let by = if keys.is_empty() {
                "RoundRobinPartitioning".to_owned()
            } else {
                format!("hashpartitioning({})", keys.iter().map(text).collect::<Vec<_>>().join(", "))
            };
            format!("Exchange {by}, {}", partitions.unwrap_or(200))
        }
        Plan::Coalesce { partitions, .. } => format!("Coalesce {partitions}"),
        Plan::Alias { name, .. } => format!("SubqueryAlias {}", name.trim_start_matches('\0')),
    }
}

fn named(column: &Named) -> String {
    match &column.expr.kind {
        Kind::Attribute(id, _) if *id == column.attribute.id => format!("{}{id}", column.attribute.name()),
        _ => format!("{} AS {}{}", syntax(&column.expr), column.attribute.name(), column.attribute.id),
    }
}

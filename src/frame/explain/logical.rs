//! Logical plans as trees.

use std::sync::Arc;

use super::size;
use super::text::{attributes, expr, exprs, list, named, order, ordered, window};
use super::tree::Node;
use crate::dataframe::JoinKind;
use crate::plan::Plan;
use crate::typed::{Kind, Named, Typed};

/// The plan, with what `cost` says of each step's size.
pub(super) fn plan(plan: &Arc<Plan>, cost: Option<fn(&Plan) -> f64>) -> Node {
    let children = || plan.children().into_iter().map(|c| self::plan(c, cost)).collect::<Vec<_>>();
    let size = cost.map_or_else(String::new, |cost| format!(", Statistics(sizeInBytes={})", size::shown(cost(plan))));
    let node = |line: String, children: Vec<Node>| {
        let name = line.split(' ').next().unwrap_or_default().to_owned();
        Node::new(name, format!("{line}{size}"), Vec::new(), children)
    };
    match &**plan {
        Plan::Scan { source, output, .. } => {
            let (name, columns) = (source.name(), list(&attributes(output)));
            let line = match name.strip_prefix("FileScan ").and_then(|rest| rest.split(' ').next()) {
                Some(format) => format!("Relation [{}] {format}", attributes(output).join(",")),
                None if name.starts_with("Range") => name.replace("splits=", "splits=Some(").replace(')', "))"),
                None if source.partitions() == 0 => format!("LocalRelation <empty>, {columns}"),
                None => format!("LogicalRDD {columns}, false"),
            };
            node(line, Vec::new())
        }
        Plan::Stored { plan: kept, run } => {
            let line = format!("InMemoryRelation {}, {LEVEL}", list(&attributes(&kept.output())));
            node(line, vec![super::physical::stored(run)])
        }
        // Keys and aggregates are one step in Spark, with what is made of them.
        Plan::Project { child, columns } if let Plan::Aggregate { child: below, keys, aggregates } = &**child => {
            node(aggregate(keys, aggregates, columns), vec![self::plan(below, cost)])
        }
        Plan::Project { columns, .. } => {
            node(format!("Project {}", list(&columns.iter().map(named).collect::<Vec<_>>())).replace("Project []", "Project"), children())
        }
        Plan::Filter { condition, .. } => node(format!("Filter {}", expr(condition)), children()),
        Plan::Aggregate { keys, aggregates, .. } => {
            let all: Vec<Named> = keys.iter().chain(aggregates).cloned().collect();
            node(aggregate(keys, &[], &all), children())
        }
        Plan::Generate { generator, outer, position, columns, .. } => {
            let made: Vec<String> = attributes(&position.iter().chain(columns).cloned().collect::<Vec<_>>());
            node(format!("Generate {}, {outer}, {}", expr(generator), list(&made)), children())
        }
        Plan::Expand { projections, output, .. } => node(expand(projections, output.len(), &attributes(output)), children()),
        Plan::Window { partition, orders, functions, .. } => {
            let functions: Vec<String> =
                functions.iter().map(|(a, over)| format!("{} AS {}", window(over), super::text::attribute(a))).collect();
            let orders: Vec<String> = orders.iter().map(order).collect();
            node(format!("Window {}, {}, {}", list(&functions), list(&exprs(partition)), list(&orders)), children())
        }
        Plan::Join { kind, condition, .. } => {
            let on = condition.as_ref().map_or_else(String::new, |c| format!(", {}", expr(c)));
            node(format!("Join {}{on}", kind_name(*kind)), children())
        }
        Plan::Union { .. } => node("Union false, false".into(), children()),
        Plan::Sort { orders, global, .. } => {
            node(format!("Sort {}, {global}", list(&orders.iter().map(order).collect::<Vec<_>>())), children())
        }
        Plan::Limit { rows, .. } => {
            let local = node(format!("LocalLimit {rows}"), children());
            node(format!("GlobalLimit {rows}"), vec![local])
        }
        Plan::Offset { rows, .. } => node(format!("Offset {rows}"), children()),
        Plan::Sample { lower, upper, replacement, seed, .. } => {
            node(format!("Sample {lower:?}, {upper:?}, {replacement}, {seed}"), children())
        }
        Plan::Repartition { partitions, keys, .. } if keys.is_empty() => {
            node(format!("Repartition {}, true", partitions.unwrap_or(1)), children())
        }
        Plan::Repartition { partitions, keys, orders, .. } => {
            let number = partitions.map_or_else(String::new, |n| format!(", {n}"));
            node(format!("RepartitionByExpression {}{number}", list(&ordered(keys, orders))), children())
        }
        Plan::Coalesce { partitions, .. } => node(format!("Repartition {partitions}, false"), children()),
        Plan::Alias { name, .. } if name.starts_with('\0') => node("ResolvedHint (strategy=broadcast)".into(), children()),
        Plan::Alias { name, .. } => node(format!("SubqueryAlias {name}"), children()),
    }
}

/// `StorageLevel` of `df.cache()`.
pub(super) const LEVEL: &str = "StorageLevel(disk, memory, deserialized, 1 replicas)";

fn aggregate(keys: &[Named], aggregates: &[Named], columns: &[Named]) -> String {
    let place = |expr: &Typed| {
        expr.rewrite(&mut |part| match &part.kind {
            Kind::Attribute(id, _) => aggregates.iter().find(|a| a.attribute.id == *id).map(|a| a.expr.clone()),
            _ => None,
        })
    };
    let columns: Vec<String> = columns.iter().map(|c| named(&Named { expr: place(&c.expr), attribute: c.attribute.clone() })).collect();
    let keys = exprs(keys.iter().map(|k| &k.expr));
    if keys.is_empty() { format!("Aggregate {}", list(&columns)) } else { format!("Aggregate {}, {}", list(&keys), list(&columns)) }
}

/// The columns that the projections differ in.
pub(super) fn expand(projections: &[Vec<Typed>], width: usize, output: &[String]) -> String {
    let all: Vec<String> = projections.iter().map(|p| list(&exprs(&p[..width.min(p.len())]))).collect();
    format!("Expand {}, {}", list(&all), list(output))
}

pub(super) fn kind_name(kind: JoinKind) -> &'static str {
    match kind {
        JoinKind::Inner => "Inner",
        JoinKind::Left => "LeftOuter",
        JoinKind::Right => "RightOuter",
        JoinKind::Full => "FullOuter",
        JoinKind::LeftSemi => "LeftSemi",
        JoinKind::LeftAnti => "LeftAnti",
        JoinKind::Cross => "Cross",
    }
}

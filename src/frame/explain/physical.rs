//! The physical plan that Spark makes of an optimized plan: its steps, where rows are exchanged, and what is compiled together.

use std::cell::Cell;
use std::collections::BTreeSet;
use std::sync::Arc;

use super::logical::{LEVEL, expand, kind_name};
use super::size;
use super::text::{attribute, attributes, expr, exprs, list, named, order, ordered, window};
use super::tree::Node;
use crate::dataframe::JoinKind;
use crate::exec::{Condition, sorts_groups};
use crate::expr::{Attribute, SortOrder};
use crate::functions::Aggregate;
use crate::plan::{Plan, Side};
use crate::session::Session;
use crate::source::Source;
use crate::typed::{Kind, Named, Typed};
use crate::types::{DataType, Field};

/// `spark.sql.shuffle.partitions`
const SHUFFLED: usize = 200;

pub(super) fn plan(plan: &Arc<Plan>, session: &Session) -> Node {
    let threshold = session.conf("spark.sql.autoBroadcastJoinThreshold").and_then(|t| memory(&t)).unwrap_or(10_485_760.0);
    let planner = Planner { threshold, ids: Cell::new(0) };
    let root = planner.root(plan);
    if root.any(&|n| n.name == "Exchange" || n.name == "BroadcastExchange") {
        let output = root.output.clone();
        let arguments = ["Arguments: isFinalPlan=false".to_owned()];
        return Node::new("AdaptiveSparkPlan", "AdaptiveSparkPlan isFinalPlan=false", output.clone(), vec![root])
            .with([outputs(&output)])
            .with(arguments);
    }
    let mut root = columnar(root);
    compile(&mut root, None, &mut 0);
    root
}

/// Rows made of columns behind the readers that give columns; plans that adapt show it once they ran.
fn columnar(mut node: Node) -> Node {
    if !node.gives_columns {
        node.children = node.children.into_iter().map(columnar).collect();
        return node;
    }
    let output = node.output.clone();
    Node::new("ColumnarToRow", "ColumnarToRow", output.clone(), vec![node]).with([inputs(&output)]).fusing()
}

/// What was kept, as it was computed.
pub(super) fn stored(plan: &Arc<Plan>) -> Node {
    let planner = Planner { threshold: 10_485_760.0, ids: Cell::new(0) };
    let mut root = columnar(planner.step(plan));
    compile(&mut root, None, &mut 0);
    root
}

/// A number of bytes as settings write it: `10485760b`, `10MB`, `-1`.
fn memory(text: &str) -> Option<f64> {
    let text = text.trim().to_ascii_lowercase();
    let digits = text.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    let unit = match text[digits.len()..].trim_end_matches('b') {
        "k" => 1024.0,
        "m" => 1_048_576.0,
        "g" => 1_073_741_824.0,
        _ => 1.0,
    };
    digits.trim().parse::<f64>().ok().map(|n| n * unit)
}

/// Numbers the pieces that are compiled together, those below first.
fn compile(node: &mut Node, above: Option<usize>, count: &mut usize) {
    if !node.fuses {
        node.children.iter_mut().for_each(|c| compile(c, None, count));
        return;
    }
    if let Some(stage) = above {
        node.stage = Some(stage);
        node.children.iter_mut().for_each(|c| compile(c, above, count));
        return;
    }
    // Pieces within come first, so their number is known only then.
    mark(node, count);
    *count += 1;
    let stage = *count;
    settle(node, stage);
}

fn mark(node: &mut Node, count: &mut usize) {
    for child in &mut node.children {
        if child.fuses { mark(child, count) } else { compile(child, None, count) }
    }
}

fn settle(node: &mut Node, stage: usize) {
    node.stage = Some(stage);
    node.children.iter_mut().filter(|c| c.fuses).for_each(|c| settle(c, stage));
}

pub(super) fn outputs(columns: &[String]) -> String {
    format!("Output [{}]: {}", columns.len(), list(columns))
}

fn inputs(columns: &[String]) -> String {
    format!("Input [{}]: {}", columns.len(), list(columns))
}

struct Planner {
    threshold: f64,
    ids: Cell<usize>,
}

impl Planner {
    fn id(&self) -> usize {
        self.ids.set(self.ids.get() + 1);
        self.ids.get()
    }

    /// The last step: limits there only collect.
    fn root(&self, plan: &Arc<Plan>) -> Node {
        match &**plan {
            Plan::Project { child, .. } if let Plan::Limit { child: below, rows } = &**child => match &**below {
                Plan::Sort { .. } => self.step(plan),
                _ => self.root(&Arc::new(Plan::Limit { child: plan.over(std::slice::from_ref(below)), rows: *rows })),
            },
            Plan::Limit { child, rows } if !matches!(**child, Plan::Sort { global: true, .. }) => {
                let child = self.step(child);
                let details = [inputs(&child.output), format!("Arguments: {rows}")];
                Node::new("CollectLimit", format!("CollectLimit {rows}"), child.output.clone(), vec![child]).with(details)
            }
            Plan::Offset { child, rows } => {
                let child = self.step(child);
                let details = [inputs(&child.output), format!("Arguments: -1, {rows}")];
                Node::new("CollectLimit", format!("CollectLimit -1, {rows}"), child.output.clone(), vec![child]).with(details)
            }
            _ => self.step(plan),
        }
    }

    fn step(&self, plan: &Arc<Plan>) -> Node {
        let output = attributes(&plan.output());
        match &**plan {
            Plan::Scan { source, output: columns, filters } => scan(&**source, columns, filters),
            Plan::Stored { plan: kept, run } => {
                let all = attributes(&kept.output());
                let relation = format!("InMemoryRelation {}, {LEVEL}", list(&all));
                let relation = Node::new("InMemoryRelation", relation, all, vec![stored(run)]);
                Node::new("InMemoryTableScan", format!("InMemoryTableScan {}", list(&output)), output, vec![relation])
            }
            Plan::Project { child, columns } => self.project(child, columns, output),
            Plan::Filter { child, condition } => filter(condition, self.step(child)),
            Plan::Aggregate { child, keys, aggregates } => {
                let columns: Vec<Named> = plan.output().into_iter().map(Named::from).collect();
                self.aggregate(child, keys, aggregates, &columns)
            }
            Plan::Join { left, right, kind, condition, broadcast } => self.join(left, right, *kind, condition.as_ref(), *broadcast, output),
            Plan::Sort { child, orders, global } => {
                let orders: Vec<String> = orders.iter().map(order).collect();
                let mut child = self.step(child);
                if *global {
                    let by = format!("rangepartitioning({}, {SHUFFLED})", orders.join(", "));
                    child = self.exchange(&by, "ENSURE_REQUIREMENTS", child);
                }
                sort(&orders, *global, child)
            }
            Plan::Limit { child, rows } => match &**child {
                Plan::Sort { child, orders, global: true } => self.ordered(child, orders, *rows, output),
                _ => {
                    let child = self.step(child);
                    let local = Node::new("LocalLimit", format!("LocalLimit {rows}"), output.clone(), vec![child]).fusing();
                    let one = self.exchange("SinglePartition", "ENSURE_REQUIREMENTS", local);
                    Node::new("GlobalLimit", format!("GlobalLimit {rows}, 0"), output, vec![one]).fusing()
                }
            },
            Plan::Offset { child, rows } => {
                let one = self.exchange("SinglePartition", "ENSURE_REQUIREMENTS", self.step(child));
                Node::new("GlobalLimit", format!("GlobalLimit -1, {rows}"), output, vec![one]).fusing()
            }
            Plan::Window { child, partition, orders, functions } => {
                let keys = exprs(partition);
                let orders: Vec<String> = orders.iter().map(order).collect();
                let sorted: Vec<String> = keys.iter().map(|k| format!("{k} ASC NULLS FIRST")).chain(orders.iter().cloned()).collect();
                let mut child = self.clustered(&keys, self.step(child));
                if !sorted.is_empty() {
                    child = sort(&sorted, false, child);
                }
                let functions: Vec<String> = functions.iter().map(|(a, over)| format!("{} AS {}", window(over), attribute(a))).collect();
                let arguments = format!("{}, {}, {}", list(&functions), list(&keys), list(&orders));
                let details = [inputs(&child.output), format!("Arguments: {arguments}")];
                let arguments = arguments.trim_end_matches(", []").to_owned();
                Node::new("Window", format!("Window {arguments}"), output, vec![child]).with(details)
            }
            Plan::Union { children, .. } => {
                let children: Vec<Node> = children.iter().map(|c| self.step(c)).collect();
                let gives_columns = children.iter().all(|c| c.gives_columns);
                Node { gives_columns, fuses: !gives_columns, ..Node::new("Union", "Union", output, children) }
            }
            Plan::Generate { child, .. } => self.generate(plan, attributes(&child.output())),
            Plan::Expand { child, projections, output: columns } => {
                let child = self.step(child);
                let line = expand(projections, columns.len(), &output);
                let details = [inputs(&child.output), line.replacen("Expand ", "Arguments: ", 1)];
                Node::new("Expand", line, output, vec![child]).with(details).fusing()
            }
            Plan::Sample { child, lower, upper, replacement, seed } => {
                let child = self.step(child);
                let arguments = format!("{lower:?}, {upper:?}, {replacement}, {seed}");
                let details = [inputs(&child.output), format!("Arguments: {arguments}")];
                Node::new("Sample", format!("Sample {arguments}"), output, vec![child]).with(details).fusing()
            }
            Plan::Repartition { child, partitions, keys, orders } => {
                let number = partitions.unwrap_or(SHUFFLED);
                let by = match (keys.is_empty(), number) {
                    (true, 1) => "SinglePartition".to_owned(),
                    (true, _) => format!("RoundRobinPartitioning({number})"),
                    _ if orders.is_empty() => format!("hashpartitioning({}, {number})", exprs(keys).join(", ")),
                    _ => format!("rangepartitioning({}, {number})", ordered(keys, orders).join(", ")),
                };
                self.exchange(&by, if partitions.is_some() { "REPARTITION_BY_NUM" } else { "REPARTITION_BY_COL" }, self.step(child))
            }
            Plan::Coalesce { child, partitions } => {
                let child = self.step(child);
                let details = [inputs(&child.output), format!("Arguments: {partitions}")];
                Node::new("Coalesce", format!("Coalesce {partitions}"), output, vec![child]).with(details)
            }
            Plan::Alias { child, .. } => self.step(child),
        }
    }

    fn project(&self, child: &Arc<Plan>, columns: &[Named], output: Vec<String>) -> Node {
        let texts: Vec<String> = columns.iter().map(named).collect();
        match &**child {
            // Spark's aggregates give what is made of them at once.
            Plan::Aggregate { child, keys, aggregates } => self.aggregate(child, keys, aggregates, columns),
            Plan::Limit { child: below, rows } if let Plan::Sort { child, orders, global: true } = &**below => {
                self.ordered(child, orders, *rows, texts)
            }
            // What is kept is read column by column.
            Plan::Stored { .. } if columns.iter().all(|c| matches!(c.expr.kind, Kind::Attribute(id, _) if id == c.attribute.id)) => {
                let mut scan = self.step(child);
                scan.line = format!("InMemoryTableScan {}", list(&texts));
                scan.output = output;
                scan
            }
            // Spark's generators pass on only what is read.
            Plan::Generate { child: below, position, columns: made, .. } => {
                let read = |a: &&Attribute| columns.iter().any(|c| crate::optimize::references(&c.expr).contains(&a.id));
                let passed: Vec<Attribute> = below.output().iter().filter(read).cloned().collect();
                let node = self.generate(child, attributes(&passed));
                let all: Vec<String> = attributes(&passed.iter().chain(position).chain(made).cloned().collect::<Vec<_>>());
                if all == texts {
                    return node;
                }
                let details = [outputs(&texts), inputs(&node.output)];
                Node::new("Project", format!("Project {}", list(&texts)), output, vec![node]).with(details).fusing()
            }
            _ => {
                let scanned = scan_for(child, columns);
                if let Some(scanned) = scanned.as_ref().filter(|s| s.output == texts) {
                    return scanned.clone();
                }
                let child = scanned.unwrap_or_else(|| self.step(child));
                let details = [outputs(&texts), inputs(&child.output)];
                let line = if texts.is_empty() { "Project".to_owned() } else { format!("Project {}", list(&texts)) };
                Node::new("Project", line, output, vec![child]).with(details).fusing()
            }
        }
    }

    /// A generator that passes on these columns of its child.
    fn generate(&self, plan: &Arc<Plan>, passed: Vec<String>) -> Node {
        let Plan::Generate { child, generator, outer, position, columns } = &**plan else { return self.step(plan) };
        let child = self.step(child);
        let made = attributes(&position.iter().chain(columns).cloned().collect::<Vec<_>>());
        let through = if passed.is_empty() { String::new() } else { format!("{}, ", list(&passed)) };
        let arguments = format!("{}, {through}{outer}, {}", expr(generator), list(&made));
        let details = [inputs(&child.output), format!("Arguments: {arguments}")];
        let output = passed.into_iter().chain(made).collect();
        Node::new("Generate", format!("Generate {arguments}"), output, vec![child]).with(details).fusing()
    }

    /// The smallest rows alone.
    fn ordered(&self, child: &Arc<Plan>, orders: &[(Typed, SortOrder)], rows: usize, output: Vec<String>) -> Node {
        let child = self.step(child);
        let orders: Vec<String> = orders.iter().map(order).collect();
        let line = format!("TakeOrderedAndProject(limit={rows}, orderBy=[{}], output=[{}])", orders.join(","), output.join(","));
        let details = [inputs(&child.output), format!("Arguments: {rows}, {}, {}", list(&orders), list(&output))];
        Node::new("TakeOrderedAndProject", line, output, vec![child]).with(details)
    }

    fn exchange(&self, by: &str, why: &str, child: Node) -> Node {
        let arguments = format!("{by}, {why}, [plan_id={}]", self.id());
        let details = [inputs(&child.output), format!("Arguments: {arguments}")];
        Node::new("Exchange", format!("Exchange {arguments}"), child.output.clone(), vec![child]).with(details)
    }

    /// Rows with equal keys together, unless they are already.
    fn clustered(&self, keys: &[String], child: Node) -> Node {
        if keys.is_empty() {
            return if is_single(&child) { child } else { self.exchange("SinglePartition", "ENSURE_REQUIREMENTS", child) };
        }
        if is_single(&child) || partitioned(&child).is_some_and(|by| by.iter().all(|k| keys.contains(k))) {
            return child;
        }
        self.exchange(&format!("hashpartitioning({}, {SHUFFLED})", keys.join(", ")), "ENSURE_REQUIREMENTS", child)
    }

    fn aggregate(&self, child: &Arc<Plan>, keys: &[Named], aggregates: &[Named], columns: &[Named]) -> Node {
        let objects = aggregates.iter().any(|a| match &a.expr.kind {
            Kind::Call { function, .. } => function.aggregate().is_some_and(Aggregate::keeps_objects),
            _ => false,
        });
        let sorted = !objects && aggregates.iter().any(|a| sorts_groups(&a.expr));
        let name = match () {
            () if objects => "ObjectHashAggregate",
            () if sorted => "SortAggregate",
            () => "HashAggregate",
        };
        let computed: Vec<String> = keys.iter().map(named).collect();
        let grouped: Vec<String> = keys.iter().map(|k| attribute(&k.attribute)).collect();
        let functions: Vec<String> = aggregates.iter().map(|a| expr(&a.expr)).collect();
        let partial: Vec<String> = functions.iter().map(|f| format!("partial_{f}")).collect();
        let counted = |title: &str, all: &[String]| match all {
            [] => format!("{title}: []"),
            _ => format!("{title} [{}]: {}", all.len(), list(all)),
        };
        let step = |child: Node, keys: &[String], functions: &[String], made: &[String], output: Vec<String>, results: &[String]| {
            let order: Vec<String> = grouped.iter().map(|k| format!("{k} ASC NULLS FIRST")).collect();
            let child = if sorted && !order.is_empty() { sort(&order, false, child) } else { child };
            let word = if sorted { "key" } else { "keys" };
            let line = format!("{name}({word}={}, functions={})", list(keys), list(functions));
            let details = [
                inputs(&child.output),
                counted("Keys", keys),
                counted("Functions", functions),
                counted("Aggregate Attributes", made),
                format!("Results [{}]: {}", results.len(), list(results)),
            ];
            let node = Node::new(name, line, output, vec![child]).with(details);
            if name == "HashAggregate" { node.fusing() } else { node }
        };
        let below = self.step(child);
        let stays = self.needs_no_exchange(&grouped, &below);
        let buffers: Vec<Attribute> = aggregates.iter().flat_map(|a| buffers(&a.expr)).collect();
        let sent: Vec<Attribute> = buffers.iter().map(|b| Attribute::new(b.field.clone())).collect();
        let sent: Vec<String> = grouped.iter().cloned().chain(attributes(&sent)).collect();
        let finished = |a: &Named, text: &String| {
            // Spark names these without their second argument.
            let name = text.strip_suffix(", false)").map_or_else(|| text.clone(), |text| format!("{text})()"));
            Attribute::new(Field::new(name.as_str(), a.expr.data_type.clone(), a.expr.nullable))
        };
        let made: Vec<Attribute> = aggregates.iter().zip(&functions).map(|(a, text)| finished(a, text)).collect();
        let of_made = |part: &Typed| match part.kind {
            Kind::Attribute(id, _) => aggregates.iter().zip(&made).find(|(a, _)| a.attribute.id == id).map(|(_, m)| Typed::attribute(m)),
            _ => None,
        };
        let result = |c: &Named| named(&Named { expr: c.expr.rewrite(&mut |part| of_made(part)), attribute: c.attribute.clone() });
        let results: Vec<String> = columns.iter().map(result).collect();
        let first = step(below, &computed, &partial, &attributes(&buffers), sent.clone(), &sent);
        let together = if stays { first } else { self.clustered(&grouped, first) };
        let output: Vec<String> = columns.iter().map(|c| attribute(&c.attribute)).collect();
        step(together, &grouped, &functions, &attributes(&made), output, &results)
    }

    fn needs_no_exchange(&self, keys: &[String], child: &Node) -> bool {
        is_single(child) || !keys.is_empty() && partitioned(child).is_some_and(|by| by.iter().all(|k| keys.contains(k)))
    }

    fn join(
        &self,
        left: &Arc<Plan>,
        right: &Arc<Plan>,
        kind: JoinKind,
        condition: Option<&Typed>,
        hint: Option<Side>,
        output: Vec<String>,
    ) -> Node {
        let parts = Condition::new(condition, &left.output(), &right.output());
        let rest = crate::optimize::all_of(parts.rest.clone()).map(|c| expr(&c));
        let (sizes, name) = ((size::bytes(left), size::bytes(right)), kind_name(kind));
        let may = |side: Side| match side {
            Side::Left => matches!(kind, JoinKind::Inner | JoinKind::Cross | JoinKind::Right),
            Side::Right => !matches!(kind, JoinKind::Right | JoinKind::Full),
        };
        let small = |size: f64| size <= self.threshold;
        let side =
            hint.filter(|side| may(*side)).or_else(|| match (may(Side::Left) && small(sizes.0), may(Side::Right) && small(sizes.1)) {
                (true, true) => Some(if sizes.1 <= sizes.0 { Side::Right } else { Side::Left }),
                (true, false) => Some(Side::Left),
                (false, true) => Some(Side::Right),
                (false, false) => None,
            });
        let build = |side: Side| if side == Side::Left { "BuildLeft" } else { "BuildRight" };
        let (left_node, right_node) = (self.step(left), self.step(right));
        let also = rest.as_ref().map_or_else(String::new, |c| format!(", {c}"));
        if parts.left.is_empty() {
            let whole = condition.map_or_else(String::new, |c| format!(", {}", expr(c)));
            let inner = matches!(kind, JoinKind::Inner | JoinKind::Cross);
            return match side {
                None if inner => {
                    let line = format!("CartesianProduct{}", condition.map_or_else(String::new, |c| format!(" {}", expr(c))));
                    Node::new("CartesianProduct", line, output, vec![left_node, right_node])
                }
                side => {
                    let side = side.unwrap_or(if may(Side::Right) { Side::Right } else { Side::Left });
                    let line = format!("BroadcastNestedLoopJoin {}, {name}{whole}", build(side));
                    let children = self.sent(side, "IdentityBroadcastMode", left_node, right_node);
                    Node::new("BroadcastNestedLoopJoin", line, output, children)
                }
            };
        }
        let (lefts, rights) = (exprs(&parts.left), exprs(&parts.right));
        let details = [
            format!("Left keys [{}]: {}", lefts.len(), list(&lefts)),
            format!("Right keys [{}]: {}", rights.len(), list(&rights)),
            format!("Join type: {name}"),
            format!("Join condition: {}", rest.as_deref().unwrap_or("None")),
        ];
        let keys = format!("{}, {}", list(&lefts), list(&rights));
        if let Some(side) = side {
            let (keyed, plan) = if side == Side::Left { (&parts.left, left) } else { (&parts.right, right) };
            let mode = hashed(keyed, &plan.output());
            let line = format!("BroadcastHashJoin {keys}, {name}, {}{also}, false, false", build(side));
            let children = self.sent(side, &mode, left_node, right_node);
            return Node::new("BroadcastHashJoin", line, output, children).with(details).fusing();
        }
        let sorted = |keys: &[String], node: Node| {
            let order: Vec<String> = keys.iter().map(|k| format!("{k} ASC NULLS FIRST")).collect();
            sort(&order, false, self.clustered(keys, node))
        };
        let children = vec![sorted(&lefts, left_node), sorted(&rights, right_node)];
        Node::new("SortMergeJoin", format!("SortMergeJoin {keys}, {name}{also}"), output, children).with(details).fusing()
    }

    /// Both sides, one of them sent to every task.
    fn sent(&self, side: Side, mode: &str, left: Node, right: Node) -> Vec<Node> {
        let send = |node: Node| {
            let arguments = format!("{mode}, [plan_id={}]", self.id());
            let details = [inputs(&node.output), format!("Arguments: {arguments}")];
            Node::new("BroadcastExchange", format!("BroadcastExchange {arguments}"), node.output.clone(), vec![node]).with(details)
        };
        if side == Side::Left { vec![send(left), right] } else { vec![left, send(right)] }
    }
}

/// What Spark keeps of an aggregate while rows come, under its names.
fn buffers(aggregate: &Typed) -> Vec<Attribute> {
    let Kind::Call { function, args, .. } = &aggregate.kind else { return Vec::new() };
    let own = &aggregate.data_type;
    let kept: &[(&str, DataType)] = match function.name {
        "count" => &[("count", DataType::Long)],
        "sum" if matches!(own, DataType::Decimal(..)) => &[("sum", own.clone()), ("isEmpty", DataType::Boolean)],
        "sum" | "min" | "max" => &[(function.name, own.clone())],
        "avg" if matches!(own, DataType::Decimal(..)) => &[("sum", args[0].data_type.clone()), ("count", DataType::Long)],
        "avg" => &[("sum", DataType::Double), ("count", DataType::Long)],
        "first" | "last" => &[(function.name, own.clone()), ("valueSet", DataType::Boolean)],
        "stddev" | "stddev_samp" | "stddev_pop" | "variance" | "var_samp" | "var_pop" => {
            &[("n", DataType::Double), ("avg", DataType::Double), ("m2", DataType::Double)]
        }
        _ => &[("buf", DataType::Binary)],
    };
    kept.iter().map(|(name, data_type)| Attribute::new(Field::new(*name, data_type.clone(), true))).collect()
}

/// How the side that is sent is keyed: by the places of its columns, whole numbers that fit together as one long.
fn hashed(keys: &[Typed], output: &[Attribute]) -> String {
    let place = |key: &Typed| match &key.kind {
        Kind::Attribute(id, _) => {
            let at = output.iter().position(|a| a.id == *id).unwrap_or(0);
            format!("input[{at}, {}, {}]", key.data_type.simple_string(), key.nullable && !matches!(key.kind, Kind::Attribute(..)))
        }
        _ => expr(key),
    };
    let widths: Option<Vec<usize>> = keys.iter().map(|key| whole_bytes(&key.data_type)).collect();
    let Some(widths) = widths.filter(|widths| widths.iter().sum::<usize>() <= 8) else {
        let keys: Vec<String> = keys.iter().map(place).collect();
        return format!("HashedRelationBroadcastMode(List({}),false)", keys.join(", "));
    };
    let long = |key: &Typed| if key.data_type == DataType::Long { place(key) } else { format!("cast({} as bigint)", place(key)) };
    let mut all = keys.first().map(long).unwrap_or_default();
    for (key, width) in keys.iter().zip(widths).skip(1) {
        let bits = 8 * width;
        all = format!("(shiftleft({all}, {bits}) | ({} & {}))", long(key), (1_u64 << bits) - 1);
    }
    format!("HashedRelationBroadcastMode(List({all}),false)")
}

fn whole_bytes(data_type: &DataType) -> Option<usize> {
    Some(match data_type {
        DataType::Byte => 1,
        DataType::Short => 2,
        DataType::Int => 4,
        DataType::Long => 8,
        _ => return None,
    })
}

fn sort(orders: &[String], global: bool, child: Node) -> Node {
    let arguments = format!("{}, {global}, 0", list(orders));
    let details = [inputs(&child.output), format!("Arguments: {arguments}")];
    Node::new("Sort", format!("Sort {arguments}"), child.output.clone(), vec![child]).with(details).fusing()
}

/// By which columns the rows of a step are hashed over its partitions.
fn partitioned(node: &Node) -> Option<Vec<String>> {
    match node.name.as_str() {
        "Exchange" => {
            let inside = node.line.split_once("hashpartitioning(")?.1.split_once(&format!(", {SHUFFLED})"))?.0;
            Some(inside.split(", ").map(str::to_owned).collect())
        }
        "HashAggregate" | "SortAggregate" | "ObjectHashAggregate" | "Sort" | "Filter" | "Window" | "Project" => {
            let found = partitioned(node.children.first()?)?;
            found.iter().all(|k| node.output.contains(k)).then_some(found)
        }
        _ => None,
    }
}

fn is_single(node: &Node) -> bool {
    match node.name.as_str() {
        "Exchange" => node.line.starts_with("Exchange SinglePartition"),
        "Coalesce" => node.line == "Coalesce 1",
        "TakeOrderedAndProject" | "CollectLimit" | "GlobalLimit" => true,
        "HashAggregate" | "ObjectHashAggregate" | "SortAggregate" | "Sort" | "Filter" | "Window" | "Project" => {
            node.children.first().is_some_and(is_single)
        }
        "Range" => node.line.ends_with("splits=1)"),
        _ => false,
    }
}

fn filter(condition: &Typed, child: Node) -> Node {
    let text = expr(condition);
    let details = [inputs(&child.output), format!("Condition : {text}")];
    Node::new("Filter", format!("Filter {text}"), child.output.clone(), vec![child]).with(details).fusing()
}

/// A reader of files, with the filter over it, that gives what these columns are made of and no more. Columns that folders are named
/// after cost nothing and are always there.
fn scan_for(plan: &Plan, columns: &[Named]) -> Option<Node> {
    let (below, condition) = match plan {
        Plan::Filter { child, condition } => (&**child, Some(condition)),
        _ => (plan, None),
    };
    let Plan::Scan { source, output, filters } = below else { return None };
    if !source.name().starts_with("FileScan ") {
        return None;
    }
    let mut needed = BTreeSet::new();
    columns.iter().map(|c| &c.expr).chain(condition).for_each(|e| e.references(&mut needed));
    let folders = source.folder_columns();
    let read = |a: &&Attribute| needed.contains(&a.id) || folders.iter().any(|f| f.name == a.field.name);
    let scan = scan(&**source, &output.iter().filter(read).cloned().collect::<Vec<_>>(), filters);
    Some(match condition {
        Some(condition) => filter(condition, scan),
        None => scan,
    })
}

/// A value of a reader's line, cut as Spark cuts it.
fn cut(text: &str) -> String {
    const LONGEST: usize = 100;
    if text.chars().count() <= LONGEST { text.to_owned() } else { text.chars().take(LONGEST - 3).chain("...".chars()).collect() }
}

fn scan(source: &dyn Source, columns: &[Attribute], filters: &[Typed]) -> Node {
    let (name, output) = (source.name(), attributes(columns));
    let Some((format, paths)) = name.strip_prefix("FileScan ").and_then(|rest| rest.split_once(' ')) else {
        if name.starts_with("Range") {
            let arguments = format!("Arguments: {}", name.replace("splits=", "splits=Some(").replace(')', "))"));
            return Node::new("Range", name, output.clone(), Vec::new()).with([outputs(&output), arguments]).fusing();
        }
        if source.partitions() == 0 {
            let line = format!("LocalTableScan <empty>, {}", list(&output));
            return Node::new("LocalTableScan", line, output.clone(), Vec::new()).with([outputs(&output), "Arguments: <empty>".into()]);
        }
        let line = format!("{name}[{}]", output.join(","));
        return Node::new(name, line, output.clone(), Vec::new())
            .with([outputs(&output), format!("Arguments: {}", list(&output))])
            .fusing();
    };
    let folders = source.folder_columns();
    let of_folder = |a: &Attribute| folders.iter().any(|f| f.name == a.field.name);
    let named: Vec<Attribute> = columns.iter().filter(|a| of_folder(a)).cloned().collect();
    let (by_folder, by_row): (Vec<&Typed>, Vec<&Typed>) = filters.iter().partition(|f| crate::optimize::reads_only(f, &named));
    let (by_folder, by_row, pushed) = (exprs(by_folder), exprs(by_row.iter().copied()), by_row.iter().filter_map(|f| source_filter(f)));
    let own: Vec<String> =
        columns.iter().filter(|a| !of_folder(a)).map(|a| format!("{}:{}", a.name(), a.field.data_type.simple_string())).collect();
    let shown: Vec<String> = paths.split(", ").map(|p| format!("file:{p}")).collect();
    let title = match format {
        "parquet" => "Parquet".to_owned(),
        "text" => "Text".to_owned(),
        other => other.to_uppercase(),
    };
    let pushed: Vec<String> = pushed.collect();
    let schema = format!("struct<{}>", own.join(","));
    let location = format!("InMemoryFileIndex({} paths)[{}]", shown.len(), shown.join(", "));
    let line = format!(
        "FileScan {format} [{}] Batched: {}, DataFilters: {}, Format: {title}, Location: {}, PartitionFilters: {}, PushedFilters: {}, ReadSchema: {}",
        output.join(","),
        format == "parquet",
        cut(&list(&by_row)),
        cut(&location),
        cut(&list(&by_folder)),
        cut(&list(&pushed)),
        cut(&schema),
    );
    let mut details = vec![outputs(&output), format!("Batched: {}", format == "parquet")];
    details.push(format!("Location: InMemoryFileIndex [{}]", shown.join(", ")));
    if !by_folder.is_empty() {
        details.push(format!("PartitionFilters: {}", list(&by_folder)));
    }
    if !pushed.is_empty() {
        details.push(format!("PushedFilters: {}", list(&pushed)));
    }
    details.push(format!("ReadSchema: {schema}"));
    let mut scan = Node::new(format!("Scan {format} "), line, output, Vec::new()).with(details);
    scan.gives_columns = format == "parquet";
    scan
}

/// A filter in the words of Spark's data sources: `GreaterThan(id,3)`.
fn source_filter(filter: &Typed) -> Option<String> {
    let Kind::Call { function, args, .. } = &filter.kind else { return None };
    let name = |e: &Typed| match &e.kind {
        Kind::Attribute(_, name) => Some(name.to_string()),
        _ => None,
    };
    let literal = |e: &Typed| match &e.kind {
        Kind::Literal(value) => Some(value.to_string()),
        _ => None,
    };
    match (function.name, args.as_slice()) {
        ("isnotnull", [a]) => Some(format!("IsNotNull({})", name(a)?)),
        ("isnull", [a]) => Some(format!("IsNull({})", name(a)?)),
        ("not", [a]) => Some(format!("Not({})", source_filter(a)?)),
        ("and", [a, b]) => Some(format!("And({},{})", source_filter(a)?, source_filter(b)?)),
        ("or", [a, b]) => Some(format!("Or({},{})", source_filter(a)?, source_filter(b)?)),
        ("in", [a, values @ ..]) => {
            let values = values.iter().map(literal).collect::<Option<Vec<_>>>()?;
            Some(format!("In({}, [{}])", name(a)?, values.join(",")))
        }
        (sign, [a, b]) => {
            let word = match sign {
                "=" => "EqualTo",
                ">" => "GreaterThan",
                ">=" => "GreaterThanOrEqual",
                "<" => "LessThan",
                "<=" => "LessThanOrEqual",
                "<=>" => "EqualNullSafe",
                "startswith" => "StringStartsWith",
                "endswith" => "StringEndsWith",
                "contains" => "StringContains",
                _ => return None,
            };
            Some(format!("{word}({},{})", name(a)?, literal(b)?))
        }
        _ => None,
    }
}

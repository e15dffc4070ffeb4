use std::sync::Arc;

use crate::dataframe::JoinKind;
use crate::expr::{Attribute, SortOrder};
use crate::schema::Schema;
use crate::source::Source;
use crate::typed::{Kind, Named, Typed};
use crate::types::Field;
use crate::window::Over;

/// An analyzed, lazy plan: what to compute, with every column resolved.
#[derive(Clone)]
pub(crate) enum Plan {
    Scan {
        source: Arc<dyn Source>,
        output: Vec<Attribute>,
        /// What rows must satisfy that somebody above asks for: a reader may leave the others out, and need not.
        filters: Vec<Typed>,
    },
    /// The rows that the session keeps of a plan, and how those that it hasn't are computed.
    Stored {
        plan: Arc<Plan>,
        run: Arc<Plan>,
    },
    Project {
        child: Arc<Plan>,
        columns: Vec<Named>,
    },
    Filter {
        child: Arc<Plan>,
        condition: Typed,
    },
    /// A row for each element of an array or entry of a map.
    Generate {
        child: Arc<Plan>,
        generator: Typed,
        outer: bool,
        position: Option<Attribute>,
        columns: Vec<Attribute>,
    },
    /// The keys first, then the aggregates, each a call of an aggregate function.
    Aggregate {
        child: Arc<Plan>,
        keys: Vec<Named>,
        aggregates: Vec<Named>,
    },
    /// Each row once for every projection, one after the other; what grouping sets are made of.
    Expand {
        child: Arc<Plan>,
        projections: Vec<Vec<Typed>>,
        output: Vec<Attribute>,
    },
    /// The child's columns and one more for each function; all have the same partitions and order.
    Window {
        child: Arc<Plan>,
        partition: Vec<Typed>,
        orders: Vec<(Typed, SortOrder)>,
        functions: Vec<(Attribute, Over)>,
    },
    Join {
        left: Arc<Plan>,
        right: Arc<Plan>,
        kind: JoinKind,
        condition: Option<Typed>,
        broadcast: Option<Side>,
    },
    /// The children's columns fit each other by position; the output is named after the first.
    Union {
        children: Vec<Arc<Plan>>,
        output: Vec<Attribute>,
    },
    /// Over all partitions when `global`, else within each.
    Sort {
        child: Arc<Plan>,
        orders: Vec<(Typed, SortOrder)>,
        global: bool,
    },
    Limit {
        child: Arc<Plan>,
        rows: usize,
    },
    Offset {
        child: Arc<Plan>,
        rows: usize,
    },
    Sample {
        child: Arc<Plan>,
        lower: f64,
        upper: f64,
        replacement: bool,
        seed: i64,
    },
    Repartition {
        child: Arc<Plan>,
        partitions: Option<usize>,
        keys: Vec<Typed>,
        /// One for each key when ranges of them make the partitions; none when their hash does.
        orders: Vec<SortOrder>,
    },
    Coalesce {
        child: Arc<Plan>,
        partitions: usize,
    },
    /// The same columns under a frame's alias, or as nullable as a join makes them.
    Alias {
        child: Arc<Plan>,
        output: Vec<Attribute>,
        name: Arc<str>,
    },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Side {
    Left,
    Right,
}

/// The key of a [`Plan::Repartition`] whose values are the partitions' numbers themselves.
pub(crate) const DIRECT: &str = "directshufflepartitionid";

impl Plan {
    /// A scan whose columns get new identities.
    pub fn scan(source: Arc<dyn Source>) -> Self {
        let output = source.schema().iter().cloned().map(Attribute::new).collect();
        Self::Scan { source, output, filters: Vec::new() }
    }

    /// The columns that the plan gives, in order.
    pub fn output(&self) -> Vec<Attribute> {
        match self {
            Self::Scan { output, .. } | Self::Union { output, .. } | Self::Alias { output, .. } | Self::Expand { output, .. } => {
                output.clone()
            }
            Self::Window { child, functions, .. } => child.output().into_iter().chain(functions.iter().map(|(a, _)| a.clone())).collect(),
            Self::Project { columns, .. } => columns.iter().map(|c| c.attribute.clone()).collect(),
            Self::Aggregate { keys, aggregates, .. } => keys.iter().chain(aggregates).map(|c| c.attribute.clone()).collect(),
            Self::Generate { child, position, columns, .. } => {
                child.output().into_iter().chain(position.iter().cloned()).chain(columns.iter().cloned()).collect()
            }
            Self::Join { left, right, kind, .. } => joined(left.output(), right.output(), *kind),
            Self::Stored { plan, .. } => plan.output(),
            Self::Filter { child, .. }
            | Self::Sort { child, .. }
            | Self::Limit { child, .. }
            | Self::Offset { child, .. }
            | Self::Sample { child, .. }
            | Self::Repartition { child, .. }
            | Self::Coalesce { child, .. } => child.output(),
        }
    }

    pub fn schema(&self) -> Schema {
        self.output().into_iter().map(|a| a.field).collect()
    }

    pub fn children(&self) -> Vec<&Arc<Plan>> {
        match self {
            Self::Scan { .. } | Self::Stored { .. } => Vec::new(),
            Self::Join { left, right, .. } => vec![left, right],
            Self::Union { children, .. } => children.iter().collect(),
            Self::Project { child, .. }
            | Self::Filter { child, .. }
            | Self::Generate { child, .. }
            | Self::Expand { child, .. }
            | Self::Window { child, .. }
            | Self::Aggregate { child, .. }
            | Self::Sort { child, .. }
            | Self::Limit { child, .. }
            | Self::Offset { child, .. }
            | Self::Sample { child, .. }
            | Self::Repartition { child, .. }
            | Self::Coalesce { child, .. }
            | Self::Alias { child, .. } => vec![child],
        }
    }

    /// Whether some expression can be computed on the driver's thread only.
    pub fn needs_driver(&self) -> bool {
        self.expressions().iter().any(|e| e.needs_driver()) || self.children().into_iter().any(|c| c.needs_driver())
    }

    /// The columns over this plan, with a step below them for each window that their functions need.
    pub fn projected(self: &Arc<Self>, mut columns: Vec<Named>) -> Self {
        let mut child = self.clone();
        if columns.iter().any(|c| c.expr.any(&|part| matches!(part.kind, Kind::Window(_)))) {
            child = child.before_windows(&mut columns);
        }
        loop {
            let mut step: Vec<(Attribute, Over)> = Vec::new();
            for column in &mut columns {
                let whole = matches!(column.expr.kind, Kind::Window(_)).then(|| column.attribute.clone());
                column.expr = column.expr.rewrite(&mut |part| {
                    let Kind::Window(over) = &part.kind else { return None };
                    if step.first().is_some_and(|(_, first)| !first.same_window(over)) {
                        return None;
                    }
                    let text = format!("{over:?}");
                    let known = step.iter().find(|(_, o)| format!("{o:?}") == text).map(|(a, _)| a.clone());
                    let attribute = known.unwrap_or_else(|| {
                        let made =
                            whole.clone().unwrap_or_else(|| Attribute::new(Field::new("_we", part.data_type.clone(), part.nullable)));
                        step.push((made.clone(), (**over).clone()));
                        made
                    });
                    Some(Typed::attribute(&attribute))
                });
            }
            let Some((_, first)) = step.first() else { return Self::Project { child, columns } };
            let (partition, orders) = (first.partition.clone(), first.orders.clone());
            child = Arc::new(Self::Window { child, partition, orders, functions: step });
        }
    }

    /// What draws or tells where a row lies does so before windows move rows: such columns are computed in a step of their own.
    fn before_windows(self: &Arc<Self>, columns: &mut [Named]) -> Arc<Self> {
        let is_window = |part: &Typed| matches!(part.kind, Kind::Window(_));
        let early = |c: &Named| !crate::optimize::deterministic(&c.expr) && !c.expr.any(&is_window);
        let mut windows = Vec::new();
        for column in columns.iter() {
            let _ = column.expr.rewrite(&mut |part| is_window(part).then(|| windows.push(part.clone())).map(|()| part.clone()));
        }
        let child = self.drawn_before(windows.iter_mut());
        let mut windows = windows.into_iter();
        for column in columns.iter_mut() {
            column.expr = column.expr.rewrite(&mut |part| if is_window(part) { windows.next() } else { None });
        }
        if !columns.iter().any(early) {
            return child;
        }
        let mut below: Vec<Named> = child.output().into_iter().map(Named::from).collect();
        for column in columns.iter_mut().filter(|c| early(c)) {
            below.push(column.clone());
            *column = Named::from(&column.attribute);
        }
        Arc::new(Self::Project { child, columns: below })
    }

    /// The plan with columns for what these expressions draw, or tell of where a row lies, and which the expressions now read instead: they
    /// belong to a step that moves rows first (Spark's `PullOutNondeterministic`).
    pub fn drawn_before<'a>(self: &Arc<Self>, exprs: impl Iterator<Item = &'a mut Typed>) -> Arc<Self> {
        let mut drawn: Vec<Named> = Vec::new();
        for expr in exprs {
            *expr = expr.rewrite(&mut |part| {
                if !crate::optimize::draws(part) {
                    return None;
                }
                let text = format!("{:?}", part.kind);
                let known = drawn.iter().find(|n| format!("{:?}", n.expr.kind) == text).map(|n| n.attribute.clone());
                let attribute = known.unwrap_or_else(|| {
                    let attribute = Attribute::new(Field::new("_nondeterministic", part.data_type.clone(), part.nullable));
                    drawn.push(Named { expr: part.clone(), attribute: attribute.clone() });
                    attribute
                });
                Some(Typed::attribute(&attribute))
            });
        }
        if drawn.is_empty() {
            return self.clone();
        }
        let columns = self.output().into_iter().map(Named::from).chain(drawn).collect();
        Arc::new(Self::Project { child: self.clone(), columns })
    }

    /// Every expression of this step.
    pub fn expressions(&self) -> Vec<&Typed> {
        match self {
            Self::Project { columns, .. } => columns.iter().map(|c| &c.expr).collect(),
            Self::Filter { condition, .. } => vec![condition],
            Self::Generate { generator, .. } => vec![generator],
            Self::Aggregate { keys, aggregates, .. } => keys.iter().chain(aggregates).map(|c| &c.expr).collect(),
            Self::Join { condition, .. } => condition.iter().collect(),
            Self::Sort { orders, .. } => orders.iter().map(|(e, _)| e).collect(),
            Self::Repartition { keys, .. } => keys.iter().collect(),
            Self::Expand { projections, .. } => projections.iter().flatten().collect(),
            Self::Window { functions, .. } => functions.iter().flat_map(|(_, over)| over.children()).collect(),
            Self::Scan { .. }
            | Self::Stored { .. }
            | Self::Union { .. }
            | Self::Limit { .. }
            | Self::Offset { .. }
            | Self::Sample { .. }
            | Self::Coalesce { .. }
            | Self::Alias { .. } => Vec::new(),
        }
    }

    /// The same step over other plans, as many as it has [children](Self::children).
    pub fn over(self: &Arc<Self>, children: &[Arc<Plan>]) -> Arc<Self> {
        if children.iter().zip(self.children()).all(|(new, old)| Arc::ptr_eq(new, old)) {
            return self.clone();
        }
        let child = children[0].clone();
        Arc::new(match &**self {
            Self::Scan { .. } | Self::Stored { .. } => return self.clone(),
            Self::Union { output, .. } => Self::Union { children: children.to_vec(), output: output.clone() },
            Self::Join { kind, condition, broadcast, .. } => {
                Self::Join { left: child, right: children[1].clone(), kind: *kind, condition: condition.clone(), broadcast: *broadcast }
            }
            Self::Project { columns, .. } => Self::Project { child, columns: columns.clone() },
            Self::Filter { condition, .. } => Self::Filter { child, condition: condition.clone() },
            Self::Generate { generator, outer, position, columns, .. } => {
                Self::Generate { child, generator: generator.clone(), outer: *outer, position: position.clone(), columns: columns.clone() }
            }
            Self::Aggregate { keys, aggregates, .. } => Self::Aggregate { child, keys: keys.clone(), aggregates: aggregates.clone() },
            Self::Expand { projections, output, .. } => Self::Expand { child, projections: projections.clone(), output: output.clone() },
            Self::Window { partition, orders, functions, .. } => {
                Self::Window { child, partition: partition.clone(), orders: orders.clone(), functions: functions.clone() }
            }
            Self::Sort { orders, global, .. } => Self::Sort { child, orders: orders.clone(), global: *global },
            Self::Limit { rows, .. } => Self::Limit { child, rows: *rows },
            Self::Offset { rows, .. } => Self::Offset { child, rows: *rows },
            Self::Sample { lower, upper, replacement, seed, .. } => {
                Self::Sample { child, lower: *lower, upper: *upper, replacement: *replacement, seed: *seed }
            }
            Self::Repartition { partitions, keys, orders, .. } => {
                Self::Repartition { child, partitions: *partitions, keys: keys.clone(), orders: orders.clone() }
            }
            Self::Coalesce { partitions, .. } => Self::Coalesce { child, partitions: *partitions },
            Self::Alias { output, name, .. } => Self::Alias { child, output: output.clone(), name: name.clone() },
        })
    }

    /// The same step with its expressions changed.
    #[must_use]
    pub fn map_expressions(&self, change: &mut dyn FnMut(&Typed) -> Typed) -> Self {
        let mut next = self.clone();
        let mut all = |exprs: &mut dyn Iterator<Item = &mut Typed>| exprs.for_each(|e| *e = change(e));
        match &mut next {
            Self::Project { columns, .. } => all(&mut columns.iter_mut().map(|c| &mut c.expr)),
            Self::Filter { condition, .. } => all(&mut std::iter::once(condition)),
            Self::Generate { generator, .. } => all(&mut std::iter::once(generator)),
            Self::Aggregate { keys, aggregates, .. } => all(&mut keys.iter_mut().chain(aggregates).map(|c| &mut c.expr)),
            Self::Join { condition, .. } => all(&mut condition.iter_mut()),
            Self::Sort { orders, .. } => all(&mut orders.iter_mut().map(|(e, _)| e)),
            Self::Repartition { keys, .. } => all(&mut keys.iter_mut()),
            Self::Expand { projections, .. } => all(&mut projections.iter_mut().flatten()),
            Self::Window { partition, orders, functions, .. } => {
                all(&mut partition.iter_mut().chain(orders.iter_mut().map(|(e, _)| e)));
                functions.iter_mut().for_each(|(_, over)| *over = over.map(&mut |e| change(e)));
            }
            Self::Scan { .. }
            | Self::Stored { .. }
            | Self::Union { .. }
            | Self::Limit { .. }
            | Self::Offset { .. }
            | Self::Sample { .. }
            | Self::Coalesce { .. }
            | Self::Alias { .. } => {}
        }
        next
    }

    /// The paths of the files that the rows come from, each once.
    pub fn input_files(&self) -> Vec<String> {
        let mut files = match self {
            Self::Scan { source, .. } => source.files(),
            Self::Stored { plan, .. } => plan.input_files(),
            _ => self.children().into_iter().flat_map(|child| child.input_files()).collect(),
        };
        let mut seen = std::collections::BTreeSet::new();
        files.retain(|path| seen.insert(path.clone()));
        files
    }

    /// The same rows with new identities for all columns, so that a frame can be joined with itself.
    pub fn renewed(self: &Arc<Self>) -> Self {
        let columns = self
            .output()
            .into_iter()
            .map(|old| Named {
                expr: Typed::attribute(&old),
                attribute: Attribute { qualifier: old.qualifier, ..Attribute::new(old.field) },
            })
            .collect();
        Self::Project { child: self.clone(), columns }
    }
}

/// The columns of a join: those of a side that may have no match can be null.
fn joined(left: Vec<Attribute>, right: Vec<Attribute>, kind: JoinKind) -> Vec<Attribute> {
    let nullable = |side: Vec<Attribute>, yes: bool| {
        side.into_iter().map(move |mut a| {
            a.field.nullable |= yes;
            a
        })
    };
    match kind {
        JoinKind::LeftSemi | JoinKind::LeftAnti => left,
        _ => nullable(left, matches!(kind, JoinKind::Right | JoinKind::Full))
            .chain(nullable(right, matches!(kind, JoinKind::Left | JoinKind::Full)))
            .collect(),
    }
}

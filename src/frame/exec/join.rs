use std::sync::Arc;

use arrow_array::{Array, ArrayRef, BooleanArray, UInt32Array};
use arrow_buffer::{BooleanBuffer, NullBuffer};
use kindling_partition::Result;

use super::keys::{KeyTable, NONE};
use super::stage::{Ids, Runner, Stage, kept};
use crate::batch::Batch;
use crate::dataframe::JoinKind;
use crate::eval::Evaluator;
use crate::expr::{Attribute, AttributeId};
use crate::plan::{Plan, Side};
use crate::typed::{Kind, Typed};

/// How many pairs of rows are looked at before they become a piece of the result.
const PAIRS: usize = 1 << 20;

const JOINING_INSTEAD: &str = "Select only the columns that you need on both sides, filter before the join, and check that its condition doesn't match every row with every row.";

/// Bytes of a row.
fn width(batch: &Batch) -> usize {
    batch.bytes() / batch.rows.max(1)
}

/// A join taken apart: keys that must be equal, and what else must hold.
#[derive(Default)]
pub(crate) struct Condition {
    pub left: Vec<Typed>,
    pub right: Vec<Typed>,
    /// Whether nulls are equal too, for each key.
    pub null_safe: Vec<bool>,
    pub rest: Vec<Typed>,
}

impl Condition {
    pub fn new(condition: Option<&Typed>, left: &[Attribute], right: &[Attribute]) -> Self {
        let mut parts = Self::default();
        if let Some(condition) = condition {
            parts.take_apart(condition, left, right);
        }
        parts
    }

    fn take_apart(&mut self, condition: &Typed, left: &[Attribute], right: &[Attribute]) {
        if let Kind::Call { function, args, .. } = &condition.kind {
            if function.name == "and" {
                return args.iter().for_each(|a| self.take_apart(a, left, right));
            }
            if let ("=" | "<=>", [a, b]) = (function.name, args.as_slice()) {
                let pair = if reads_only(a, left) && reads_only(b, right) {
                    Some((a, b))
                } else if reads_only(a, right) && reads_only(b, left) {
                    Some((b, a))
                } else {
                    None
                };
                if let Some((a, b)) = pair {
                    self.left.push(a.clone());
                    self.right.push(b.clone());
                    self.null_safe.push(function.name == "<=>");
                    return;
                }
            }
        }
        self.rest.push(condition.clone());
    }

    fn references(&self, into: &mut Ids) {
        self.left.iter().chain(&self.right).chain(&self.rest).for_each(|e| e.references(into));
    }
}

fn reads_only(expr: &Typed, side: &[Attribute]) -> bool {
    let mut ids = Ids::new();
    expr.references(&mut ids);
    !ids.is_empty() && ids.iter().all(|id| side.iter().any(|a| a.id == *id))
}

/// The side that is held in a hash table: all its rows, and where each key's rows are.
struct Built {
    batch: Batch,
    attributes: Vec<AttributeId>,
    table: KeyTable,
    /// Rows of group `g`: `rows[ends[g]..ends[g + 1]]`.
    ends: Vec<u32>,
    rows: Vec<u32>,
}

#[allow(clippy::too_many_arguments)]
pub(super) fn stage<'a>(
    runner: Runner<'a>,
    left: &'a Arc<Plan>,
    right: &'a Arc<Plan>,
    kind: JoinKind,
    condition: Option<&'a Typed>,
    broadcast: Option<Side>,
    required: &Ids,
) -> Result<Stage<'a>> {
    let (left_output, right_output) = (left.output(), right.output());
    let condition = Condition::new(condition, &left_output, &right_output);
    let mut needed = required.clone();
    condition.references(&mut needed);
    let build = build_side(left, right, kind, broadcast);
    let (stream_plan, build_plan) = if build == Side::Right { (left, right) } else { (right, left) };
    let (stream_keys, build_keys) =
        if build == Side::Right { (condition.left, condition.right) } else { (condition.right, condition.left) };
    let (null_safe, rest) = (condition.null_safe, condition.rest);

    let built = Built::new(runner, build_plan, &build_keys, &null_safe, &needed)?;
    if built.batch.rows == 0 && matches!(kind, JoinKind::Inner | JoinKind::Cross | JoinKind::LeftSemi) {
        // Nothing can match: the other side needs not be computed (Spark's `AQEPropagateEmptyRelation`).
        let output = kept(left_output.iter().chain(&right_output), required);
        let empty = Batch::empty(output.iter().map(|a| &a.field.data_type));
        return Ok(Stage::ready(&output, vec![empty], "joined"));
    }
    let stream = runner.stage(stream_plan, &needed)?;
    let output: Vec<Attribute> = kept(left_output.iter().chain(&right_output), required);
    let semi = matches!(kind, JoinKind::LeftSemi | JoinKind::LeftAnti);
    let keep_unmatched =
        matches!((kind, build), (JoinKind::Left, _) | (JoinKind::Right, _) | (JoinKind::Full, _) | (JoinKind::LeftAnti, _));
    let probe = Probe { runner, stream_keys, null_safe, rest, kind, semi, keep_unmatched, built, output: output.clone() };
    if kind != JoinKind::Full {
        let name = stream.name;
        return Ok(Stage::new(&output, stream.partitions, name, move |i| Ok(probe.run(i, &stream.attributes, &(stream.task)(i)?)?.0)));
    }
    // What no row of the streamed side matched comes last, in a partition of its own.
    let found = runner.executor.range("join", stream.partitions, |i| probe.run(i, &stream.attributes, &(stream.task)(i)?))?;
    let mut matched = vec![false; probe.built.batch.rows];
    let mut batches = Vec::with_capacity(found.len() + 1);
    for (batch, rows) in found {
        rows.iter().for_each(|r| matched[*r as usize] = true);
        batches.push(batch);
    }
    let lonely: Vec<u32> = (0..matched.len() as u32).filter(|i| !matched[*i as usize]).collect();
    let empty = Batch::empty(&stream.types);
    batches.push(probe.assemble(&stream.attributes, &empty, vec![NONE; lonely.len()], lonely)?);
    Ok(Stage::ready(&output, batches, "joined"))
}

/// Which side goes into the hash table: the one that an outer join doesn't keep, else the smaller one.
fn build_side(left: &Plan, right: &Plan, kind: JoinKind, broadcast: Option<Side>) -> Side {
    match kind {
        JoinKind::Right => Side::Left,
        JoinKind::Inner | JoinKind::Cross => broadcast.unwrap_or_else(|| match (bytes(left), bytes(right)) {
            (Some(l), Some(r)) if l < r => Side::Left,
            (Some(_), None) => Side::Left,
            _ => Side::Right,
        }),
        _ => Side::Right,
    }
}

/// A guess of a plan's size, none when nobody knows.
fn bytes(plan: &Plan) -> Option<usize> {
    match plan {
        Plan::Scan { source, .. } => source.bytes(),
        Plan::Stored { plan, .. } => bytes(plan),
        Plan::Join { left, right, .. } => bytes(left)?.checked_mul(bytes(right)?),
        Plan::Limit { child, rows } => Some(bytes(child).unwrap_or(usize::MAX).min(rows.saturating_mul(64))),
        _ => plan.children().into_iter().map(|c| bytes(c)).sum(),
    }
}

impl Built {
    fn new(runner: Runner<'_>, plan: &Arc<Plan>, keys: &[Typed], null_safe: &[bool], needed: &Ids) -> Result<Self> {
        let stage = runner.stage(plan, needed)?;
        let batches = runner.run(&stage)?;
        let (bytes, rows): (usize, usize) = batches.iter().fold((0, 0), |(b, r), batch| (b + batch.bytes(), r + batch.rows));
        runner.ask("Joining", bytes as u64 + 48 * rows as u64, JOINING_INSTEAD)?;
        let batch = Batch::concat(runner.executor, &batches, &stage.types)?;
        let evaluator = Evaluator::new(runner.executor, 0, &stage.attributes, &batch);
        let (columns, _) = key_columns(&evaluator, keys, null_safe)?;
        let (table, groups) = KeyTable::build(runner.executor, &columns, batch.rows)?;
        let mut ends = vec![0_u32; table.firsts().len() + 1];
        groups.iter().for_each(|g| ends[*g as usize + 1] += 1);
        (1..ends.len()).for_each(|g| ends[g] += ends[g - 1]);
        let mut next = ends.clone();
        let mut rows = vec![0; batch.rows];
        for (row, group) in groups.iter().enumerate() {
            rows[next[*group as usize] as usize] = row as u32;
            next[*group as usize] += 1;
        }
        Ok(Self { batch, attributes: stage.attributes.clone(), table, ends, rows })
    }

    /// Whether each row has a key of its own: its group's number is then its own.
    fn is_unique(&self) -> bool {
        self.table.firsts().len() == self.batch.rows
    }

    /// The rows of a group.
    fn rows(&self, group: u32) -> &[u32] {
        let group = group as usize;
        if group >= self.table.firsts().len() { &[] } else { &self.rows[self.ends[group] as usize..self.ends[group + 1] as usize] }
    }
}

/// The key columns, and where one of them is null that must not be: such a row matches nothing.
fn key_columns(evaluator: &Evaluator<'_>, keys: &[Typed], null_safe: &[bool]) -> Result<(Vec<ArrayRef>, Option<NullBuffer>)> {
    let columns = keys.iter().map(|k| evaluator.column(k)).collect::<Result<Vec<_>>>()?;
    let strict = columns.iter().zip(null_safe).filter(|(_, null_safe)| !**null_safe);
    let live = strict.fold(None, |live, (c, _)| NullBuffer::union(live.as_ref(), c.logical_nulls().as_ref()));
    Ok((columns, live))
}

/// Looks up the rows of the streamed side.
struct Probe<'a> {
    runner: Runner<'a>,
    stream_keys: Vec<Typed>,
    null_safe: Vec<bool>,
    rest: Vec<Typed>,
    kind: JoinKind,
    semi: bool,
    keep_unmatched: bool,
    built: Built,
    output: Vec<Attribute>,
}

impl Probe<'_> {
    /// The joined rows of one partition, and the built side's rows that matched.
    fn run(&self, partition: usize, attributes: &[AttributeId], batch: &Batch) -> Result<(Batch, Vec<u32>)> {
        let executor = self.runner.executor;
        let (columns, live) = key_columns(&Evaluator::new(executor, partition, attributes, batch), &self.stream_keys, &self.null_safe)?;
        let groups = self.built.table.lookup(executor, &columns, batch.rows, live.as_ref())?;
        if self.built.is_unique() && self.rest.is_empty() && !self.semi && self.kind != JoinKind::Full {
            executor.check()?;
            self.runner.ask("Joining", batch.rows as u64 * (width(batch) + width(&self.built.batch)) as u64, JOINING_INSTEAD)?;
            let (stream, build) = if self.keep_unmatched { ((0..batch.rows as u32).collect(), groups) } else { matches(groups) };
            return Ok((self.assemble(attributes, batch, stream, build)?, Vec::new()));
        }
        let (mut pieces, mut matched) = (Vec::new(), Vec::new());
        let (mut stream, mut build): (Vec<u32>, Vec<u32>) = (Vec::new(), Vec::new());
        let mut start = 0;
        // Bytes of the pieces so far, which will lie in memory once more as one, and of a joined row.
        let (mut made, width) = (0, width(batch) + width(&self.built.batch));
        for (row, group) in groups.into_iter().enumerate() {
            if row % 65_536 == 0 {
                executor.check()?;
            }
            match self.built.rows(group) {
                [one] => {
                    stream.push(row as u32);
                    build.push(*one);
                }
                found => {
                    stream.extend(std::iter::repeat_n(row as u32, found.len()));
                    build.extend_from_slice(found);
                }
            }
            if stream.len() >= PAIRS || row + 1 == batch.rows {
                executor.check()?;
                self.runner.ask("Joining", made as u64 + stream.len() as u64 * width as u64, JOINING_INSTEAD)?;
                let holds = self.holds(partition, attributes, batch, &stream, &build)?;
                if self.kind == JoinKind::Full {
                    matched.extend(build.iter().enumerate().filter(|(i, _)| holds.as_ref().is_none_or(|h| h.value(*i))).map(|(_, b)| *b));
                }
                let (stream, build) = (std::mem::take(&mut stream), std::mem::take(&mut build));
                pieces.push(self.piece(attributes, batch, start..row + 1, stream, build, holds.as_ref())?);
                made += pieces.last().map_or(0, Batch::bytes);
                start = row + 1;
            }
        }
        let types: Vec<_> = self.output.iter().map(|a| a.field.data_type.clone()).collect();
        Ok((Batch::concat(executor, &pieces, &types)?, matched))
    }

    /// For each pair, whether the rest of the condition holds; none when there is no rest.
    fn holds(
        &self,
        partition: usize,
        attributes: &[AttributeId],
        batch: &Batch,
        stream: &[u32],
        build: &[u32],
    ) -> Result<Option<BooleanArray>> {
        if self.rest.is_empty() {
            return Ok(None);
        }
        let mut needed = Ids::new();
        self.rest.iter().for_each(|e| e.references(&mut needed));
        let (mut ids, mut columns) = (Vec::new(), Vec::new());
        let sides = [(attributes, batch, stream), (&self.built.attributes[..], &self.built.batch, build)];
        for (attributes, batch, rows) in sides {
            let rows = UInt32Array::from(rows.to_vec());
            for (id, column) in attributes.iter().zip(&batch.columns).filter(|(id, _)| needed.contains(id)) {
                ids.push(*id);
                columns.push(crate::select::take(column, &rows)?);
            }
        }
        let pairs = Batch::new(columns, stream.len());
        let evaluator = Evaluator::new(self.runner.executor, partition, &ids, &pairs);
        let mut all: Option<BooleanArray> = None;
        for condition in &self.rest {
            let holds = evaluator.selection(condition)?;
            all = Some(match all {
                Some(before) => BooleanArray::new(before.values() & holds.values(), None),
                None => holds,
            });
        }
        Ok(all)
    }

    /// The result of some streamed rows and their pairs.
    fn piece(
        &self,
        attributes: &[AttributeId],
        batch: &Batch,
        rows: std::ops::Range<usize>,
        stream: Vec<u32>,
        build: Vec<u32>,
        holds: Option<&BooleanArray>,
    ) -> Result<Batch> {
        if !self.semi && !self.keep_unmatched && holds.is_none() {
            return self.assemble(attributes, batch, stream, build);
        }
        let (mut left, mut right): (Vec<u32>, Vec<u32>) = (Vec::with_capacity(stream.len()), Vec::with_capacity(stream.len()));
        let mut pair = 0;
        for row in rows {
            let mut any = false;
            while pair < stream.len() && stream[pair] as usize == row {
                if holds.is_none_or(|h| h.value(pair)) {
                    if !self.semi {
                        left.push(row as u32);
                        right.push(build[pair]);
                    }
                    any = true;
                }
                pair += 1;
            }
            let alone = if self.kind == JoinKind::LeftSemi { any } else { !any && self.keep_unmatched };
            if alone {
                left.push(row as u32);
                right.push(NONE);
            }
        }
        self.assemble(attributes, batch, left, right)
    }

    /// Rows of both sides beside each other; [`NONE`] for nulls.
    fn assemble(&self, attributes: &[AttributeId], batch: &Batch, stream: Vec<u32>, build: Vec<u32>) -> Result<Batch> {
        let (stream, build) = (picks(stream), picks(build));
        let whole = crate::select::is_all(&stream, batch.rows);
        let columns = self
            .output
            .iter()
            .map(|a| {
                let streamed = attributes.iter().position(|id| *id == a.id);
                let (column, rows) = match streamed {
                    Some(i) if whole => return Ok(batch.columns[i].clone()),
                    Some(i) => (&batch.columns[i], &stream),
                    None => {
                        let i = self.built.attributes.iter().position(|id| *id == a.id);
                        let i = i.ok_or_else(|| kindling_partition::Error::runtime(format!("The join lost the column {}.", a.name())))?;
                        (&self.built.batch.columns[i], &build)
                    }
                };
                if column.is_empty() {
                    return Ok(arrow_array::new_null_array(column.data_type(), rows.len()));
                }
                crate::select::take(column, rows)
            })
            .collect::<Result<Vec<_>>>()?;
        Ok(Batch::new(columns, stream.len()))
    }
}

/// The streamed rows that have a partner, and the partners.
#[optimize(speed)]
fn matches(mut partners: Vec<u32>) -> (Vec<u32>, Vec<u32>) {
    let (mut rows, mut found) = (vec![0; partners.len()], 0);
    for row in 0..partners.len() {
        // Written in any case, and kept if it counts: no branch to foresee.
        let partner = partners[row];
        (rows[found], partners[found]) = (row as u32, partner);
        found += usize::from(partner != NONE);
    }
    rows.truncate(found);
    partners.truncate(found);
    (rows, partners)
}

/// Positions to take, null where there is [`NONE`].
fn picks(rows: Vec<u32>) -> UInt32Array {
    let nulls = rows.contains(&NONE).then(|| NullBuffer::new(BooleanBuffer::collect_bool(rows.len(), |i| rows[i] != NONE)));
    UInt32Array::new(rows.into(), nulls)
}

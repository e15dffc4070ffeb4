//! Growing trees level by level, a group of nodes at a time (`org.apache.spark.ml.tree.impl.RandomForest`).

use std::sync::Arc;

use kindling_frame::random::{JavaRandom, reservoir_sample};
use kindling_partition::{Executor, Result};

use super::bagging::bag;
use super::best_split::{Candidate, LeftBins, Limits, Search, Split};
use super::binned::{Binned, Bins};
use super::histogram::{Histograms, Sample, Target};
use super::model::{Grown, Tree};
use super::pairs::{self, Pairs};
use super::splits::find_splits;
use super::strategy::{Feature, Strategy};
use super::sums::{self, Tables};
use crate::scala::{immutable_order, mutable_order};
use crate::task::{Task, tasks};

/// Additions to histograms that one task makes at most before it is cut by features.
const TASK_ADDITIONS: usize = 1 << 20;

/// Samples that are parted at a time.
const CHUNK: usize = 1 << 15;

/// Nodes wait on a stack: the newest first, so that memory goes to finishing trees.
struct Waiting {
    tree: usize,
    node: usize,
    samples: Vec<Sample>,
    /// The tables of the parent, where the node is added up by [`sums`].
    parent: Option<Tables>,
}

/// A node of the group at work.
struct Member {
    tree: usize,
    node: usize,
    samples: Vec<Sample>,
    features: Vec<u32>,
    parent_impurity: f64,
    parent: Option<Tables>,
    tables: Option<Tables>,
    /// Its labels are nearly alike.
    alike: bool,
}

impl Member {
    /// Whether it is worth tables, whose sums may be off by a last digit.
    fn is_large(&self) -> bool {
        self.samples.len() >= sums::LARGE && !self.alike
    }
}

/// Grows a tree or a forest.
///
/// Thresholds, bags and feature subsets come from Spark's own generators, and nodes are taken in Spark's order, so that the same seed on
/// the same partitions gives Spark's trees. Each node is added up by one task in row order, so the trees are the same for any number of
/// threads.
///
/// `arities` has the number of categories of each categorical feature.
///
/// # Errors
/// When a category is out of range, or a param makes no sense for the data.
pub fn grow(executor: &Executor, name: &str, partitions: &[Task<'_>], arities: &[Option<usize>], strategy: &Strategy) -> Result<Vec<Tree>> {
    let data = Quantised::new(executor, partitions, arities, strategy)?;
    let bags = bag(executor, partitions, strategy)?;
    let labels: Vec<f64> = partitions.iter().flat_map(|p| p.labels.iter().copied()).collect();
    grow_on(executor, Some(name), &data, &labels, bags.as_deref(), strategy)
}

/// A data set as trees see it, which boosting uses round after round.
pub(super) struct Quantised {
    pub features: Vec<Feature>,
    pub binned: Binned,
    /// Where the rows of each partition end.
    ends: Vec<u32>,
    pub weights: Option<Vec<f64>>,
    /// The bins feature by feature too, of data that many trees are grown on; else empty.
    pub columns: Vec<Vec<u8>>,
}

impl Quantised {
    /// # Errors
    /// When a category is out of range, or there are more categories than `maxBins`.
    pub fn new(executor: &Executor, partitions: &[Task<'_>], arities: &[Option<usize>], strategy: &Strategy) -> Result<Self> {
        let features = find_splits(executor, partitions, arities, strategy)?;
        let binned = Binned::new(executor, &tasks(partitions, 0), &features)?;
        let weighted = partitions.iter().any(|p| p.weights.is_some());
        let weights = weighted.then(|| partitions.iter().flat_map(|p| (0..p.len()).map(|i| p.weight(i))).collect());
        let rows_before = |rows: &mut u32, partition: &Task<'_>| {
            *rows += partition.len() as u32;
            Some(*rows)
        };
        let ends = partitions.iter().scan(0, rows_before).collect();
        Ok(Self { features, binned, ends, weights, columns: Vec::new() })
    }

    /// Prepares for many trees: their rows are parted by one feature each.
    ///
    /// # Errors
    /// When Stop was pressed.
    pub fn with_columns(mut self, executor: &Executor) -> Result<Self> {
        if let Bins::Bytes(bins) = &self.binned.bins
            && self.binned.rows >= sums::MANY
        {
            let width = self.binned.width;
            self.columns = executor.range("columns of bins", width, |feature| {
                executor.check()?;
                Ok(bins.chunks_exact(width).map(|row| row[feature]).collect())
            })?;
        }
        Ok(self)
    }
}

/// Grows trees on rows that are binned already; `bags` has the count of each row in each tree. Progress is told under `name`, if any.
pub(super) fn grow_on(
    executor: &Executor,
    name: Option<&str>,
    data: &Quantised,
    labels: &[f64],
    bags: Option<&[Vec<u16>]>,
    strategy: &Strategy,
) -> Result<Vec<Tree>> {
    let Quantised { features, binned, ends, weights, columns } = data;
    let forest = Forest {
        executor,
        name,
        per_node: strategy.features_per_node(features.len())?,
        target: match weights {
            _ if !strategy.is_classification() => Target::Labels(labels, weights.as_deref()),
            None => Target::Classes(strategy.classes),
            Some(weights) => Target::WeightedClasses(strategy.classes, weights),
        },
        limits: Limits {
            rows: strategy.min_instances_per_node as f64,
            weight: strategy.min_weight_fraction_per_node * weights.as_ref().map_or(binned.rows as f64, |w| w.iter().sum()),
            gain: strategy.min_info_gain,
        },
        binned,
        columns,
        ends,
        features,
        strategy,
    };
    let roots = executor.range("sample rows", strategy.num_trees, |tree| {
        let count = |row: usize| bags.map_or(1, |bags| bags[tree][row]);
        let sample = |row: usize| Sample {
            row: row as u32,
            class: if strategy.is_classification() { labels[row] as u16 } else { 0 },
            count: count(row),
        };
        Ok(match bags {
            None => (0..binned.rows).map(sample).collect(),
            Some(_) => (0..binned.rows).filter(|row| count(*row) > 0).map(sample).collect(),
        })
    })?;
    forest.grow(roots)
}

struct Forest<'a> {
    executor: &'a Executor,
    name: Option<&'a str>,
    strategy: &'a Strategy,
    features: &'a [Feature],
    binned: &'a Binned,
    columns: &'a [Vec<u8>],
    ends: &'a [u32],
    per_node: usize,
    target: Target<'a>,
    limits: Limits,
}

impl Forest<'_> {
    fn grow(&self, roots: Vec<Vec<Sample>>) -> Result<Vec<Tree>> {
        let mut random = JavaRandom::new(self.strategy.seed);
        let tree = |samples: &Vec<Sample>| Ok(Grown::new(self.strategy.impurity, self.target, &self.cell(samples)?));
        let mut trees: Vec<Grown> = roots.iter().map(tree).collect::<Result<_>>()?;
        let mut stack: Vec<Waiting> =
            roots.into_iter().enumerate().map(|(tree, samples)| Waiting { tree, node: 0, samples, parent: None }).collect();
        let mut level = 0;
        while !stack.is_empty() {
            let mut group = self.select(&mut stack, &mut random, &trees);
            level = group.iter().map(|m| trees[m.tree].level(m.node) + 1).max().unwrap_or(level);
            self.add_up_large(&mut group)?;
            let best = self.best_splits(&group)?;
            let split = self.split(&mut trees, &group, best)?;
            stack.extend(split);
            if let Some(name) = self.name {
                self.executor.step(name, level as u64, self.strategy.max_depth as u64 + 1)?;
            }
        }
        Ok(trees.into_iter().map(|tree| tree.finish(self.strategy.prune)).collect())
    }

    /// The cell of all these samples.
    fn cell(&self, samples: &[Sample]) -> Result<Vec<f64>> {
        let mut cell = vec![0.0; self.target.stride()];
        match self.for_sums() {
            Some((bins, labels)) => {
                let pieces: Vec<&[Sample]> = samples.chunks(sums::PIECE).collect();
                let sides = |_, piece: &&[Sample]| Ok(sums::sides(piece, bins, self.binned.width, &[true; 256], labels));
                for [all, _] in self.executor.map_quietly(&pieces, sides)? {
                    cell.iter_mut().zip(all).for_each(|(sum, more)| *sum += more);
                }
            }
            None => samples.iter().for_each(|sample| self.target.add(*sample, &mut cell)),
        }
        Ok(cell)
    }

    /// Takes nodes off the stack while their histograms fit the memory that Spark would give them, and draws the features of each.
    fn select(&self, stack: &mut Vec<Waiting>, random: &mut JavaRandom, trees: &[Grown]) -> Vec<Member> {
        let most = (self.strategy.max_memory_in_mb as u64) << 20;
        let all: Vec<u32> = (0..self.features.len() as u32).collect();
        let mut group: Vec<Member> = Vec::new();
        let mut used = 0_u64;
        while let Some(top) = stack.last() {
            let features = if self.per_node == all.len() {
                all.clone()
            } else {
                reservoir_sample(all.iter().copied(), self.per_node, random.next_long())
            };
            let bins: usize = features.iter().map(|f| self.features[*f as usize].counted_bins()).sum();
            let needed = 8 * (bins * if self.strategy.is_classification() { self.strategy.classes } else { 3 }) as u64;
            if used + needed > most && used != 0 {
                break;
            }
            used += needed;
            let parent_impurity = trees[top.tree].impurity(top.node);
            let alike = trees[top.tree].is_alike(top.node, 1e-9);
            if let Some(Waiting { tree, node, samples, parent }) = stack.pop() {
                group.push(Member { tree, node, samples, features, parent_impurity, parent, tables: None, alike });
            }
        }
        in_map_order(group)
    }

    /// The bins and labels that [`sums`] works on, when it can.
    fn for_sums(&self) -> Option<(&[u8], &[f64])> {
        match (&self.binned.bins, self.target) {
            (Bins::Bytes(bins), Target::Labels(labels, None))
                if self.per_node == self.features.len() && self.per_node <= sums::WIDEST && self.binned.rows >= sums::MANY =>
            {
                Some((bins, labels))
            }
            _ => None,
        }
    }

    /// Gives large nodes, and the siblings that they follow from, their tables.
    fn add_up_large(&self, group: &mut [Member]) -> Result<()> {
        let Some((bins, labels)) = self.for_sums() else { return Ok(()) };
        let same = |a: &Member, b: &Member| a.parent.as_ref().zip(b.parent.as_ref()).is_some_and(|(a, b)| Arc::ptr_eq(a, b));
        let sibling = |i: usize| (0..group.len()).find(|j| *j != i && same(&group[i], &group[*j]));
        let siblings: Vec<Option<usize>> = (0..group.len()).map(sibling).collect();
        let large = |i: usize| group[i].is_large();
        let chosen: Vec<usize> = (0..group.len()).filter(|i| large(*i) || siblings[*i].is_some_and(large)).collect();
        let nodes: Vec<sums::Node<'_>> = chosen
            .iter()
            .map(|i| sums::Node {
                samples: &group[*i].samples,
                parent: group[*i].parent.as_ref(),
                sibling: siblings[*i].and_then(|sibling| chosen.binary_search(&sibling).ok()),
            })
            .collect();
        let found = sums::tables(self.executor, self.binned, bins, labels, &nodes)?;
        for (i, tables) in chosen.into_iter().zip(found) {
            group[i].tables = Some(tables);
        }
        Ok(())
    }

    /// The best splits of nodes by their tables; the sums of both sides are taken from the rows.
    fn best_by_tables(&self, group: &[Member], best: &mut [Option<Candidate>]) -> Result<()> {
        let Some((bins, labels)) = self.for_sums() else { return Ok(()) };
        let least = self.limits.rows.max(self.limits.weight);
        let large: Vec<(usize, &Tables)> =
            group.iter().enumerate().filter_map(|(i, member)| Some((i, member.tables.as_ref().filter(|_| member.is_large())?))).collect();
        let cuts = self.executor.map_quietly(&large, |_, (_, tables)| {
            let Some(cut) = sums::best_cut(tables, self.features, least) else { return Ok(None) };
            let candidate = Candidate { gain: 0.0, feature: cut.feature as u32, bins: cut.bins, left: vec![0.0; 4], right: vec![0.0; 4] };
            let mut goes_left = [false; 256];
            goes_left.iter_mut().zip(self.left_bins(&candidate)).for_each(|(goes, left)| *goes = left);
            Ok(Some((candidate, cut.score, goes_left)))
        })?;
        let found = large.iter().zip(cuts).filter_map(|((i, _), cut)| Some((*i, cut?)));
        let mut found: Vec<(usize, _)> = found.collect();
        let pieces: Vec<(usize, &[Sample])> =
            found.iter().enumerate().flat_map(|(at, (i, _))| group[*i].samples.chunks(sums::PIECE).map(move |piece| (at, piece))).collect();
        let sides = self.executor.map_quietly(&pieces, |_, (at, piece)| {
            let (candidate, _, goes_left) = &found[*at].1;
            let (bins, width) = self.column(bins, candidate.feature as usize);
            Ok(sums::sides(piece, bins, width, goes_left, labels))
        })?;
        for ((at, _), [left, right]) in pieces.iter().zip(sides) {
            let candidate = &mut found[*at].1.0;
            candidate.left.iter_mut().zip(left).for_each(|(sum, more)| *sum += more);
            candidate.right.iter_mut().zip(right).for_each(|(sum, more)| *sum += more);
        }
        for (i, (mut candidate, score, _)) in found {
            let (rows, sum) = (candidate.left[0] + candidate.right[0], candidate.left[1] + candidate.right[1]);
            candidate.gain = (score - sum * sum / rows) / rows;
            best[i] = (candidate.gain >= self.limits.gain).then_some(candidate);
        }
        Ok(())
    }

    /// The best split of each node, if it has one.
    fn best_splits(&self, group: &[Member]) -> Result<Vec<Option<Candidate>>> {
        let mut jobs: Vec<Vec<(usize, usize, usize)>> = vec![Vec::new()];
        let mut room = TASK_ADDITIONS;
        let by_tables = |member: &Member| member.is_large() && member.tables.is_some();
        for (i, member) in group.iter().enumerate().filter(|(_, member)| !by_tables(member)) {
            let per_task = (TASK_ADDITIONS / member.samples.len().max(1)).max(1);
            for start in (0..member.features.len()).step_by(per_task) {
                let end = (start + per_task).min(member.features.len());
                // A node costs something even with few rows.
                let cost = ((end - start) * member.samples.len().max(64)).max(1);
                if cost > room && jobs.last().is_some_and(|job| !job.is_empty()) {
                    jobs.push(Vec::new());
                    room = TASK_ADDITIONS;
                }
                room = room.saturating_sub(cost);
                if let Some(job) = jobs.last_mut() {
                    job.push((i, start, end));
                }
            }
        }
        let found = self.executor.map_quietly(&jobs, |_, job| {
            let (mut histograms, mut pairs) = (Histograms::default(), Pairs::default());
            let mut found = Vec::with_capacity(job.len());
            for (i, start, end) in job {
                let member = &group[*i];
                let chosen = &member.features[*start..*end];
                if let (Target::Classes(2), Bins::Bytes(bins)) = (self.target, &self.binned.bins) {
                    pairs.fill(self.binned, bins, self.features, chosen, &member.samples);
                    let search = pairs::Search {
                        impurity: self.strategy.impurity,
                        limits: self.limits,
                        parent: member.parent_impurity,
                        features: self.features,
                        chosen,
                    };
                    found.push((*i, pairs.best(&search)));
                    continue;
                }
                histograms.fill((self.binned, self.ends), self.features, chosen, &member.samples, self.target);
                let search = Search {
                    impurity: self.strategy.impurity,
                    limits: self.limits,
                    target: self.target,
                    multiclass: self.strategy.classes > 2,
                    parent: member.parent_impurity,
                };
                found.push((*i, search.best(&histograms, self.features, chosen)));
            }
            Ok(found)
        })?;
        let mut best: Vec<Option<Candidate>> = group.iter().map(|_| None).collect();
        self.best_by_tables(group, &mut best)?;
        for (i, candidate) in found.into_iter().flatten() {
            let better = match (&candidate, &best[i]) {
                (Some(new), Some(old)) => new.gain > old.gain,
                (Some(_), None) => true,
                (None, _) => false,
            };
            if better {
                best[i] = candidate;
            }
        }
        Ok(best)
    }

    /// Splits the nodes that gain by it, and gives the children that may be split in turn, in the order in which they go on the stack.
    fn split(&self, trees: &mut [Grown], group: &[Member], best: Vec<Option<Candidate>>) -> Result<Vec<Waiting>> {
        let mut open = Vec::new();
        for (member, candidate) in group.iter().zip(best) {
            let tree = &mut trees[member.tree];
            let Some(candidate) = candidate else {
                tree.refuse(member.node);
                continue;
            };
            if candidate.gain <= 0.0 || tree.level(member.node) == self.strategy.max_depth {
                continue;
            }
            let last = tree.level(member.node) + 1 == self.strategy.max_depth;
            let children =
                tree.split(member.node, candidate.gain, self.describe(&candidate), [&candidate.left, &candidate.right], self.target);
            // What rounding leaves of a pure node's impurity is no reason to go on; without tables it is what it is in Spark.
            let pure = |child: usize| member.tables.is_some() && tree.is_alike(child, 1e-12);
            let goes_on = children.map(|child| !last && tree.impurity(child).abs() >= f64::EPSILON && !pure(child));
            if goes_on.contains(&true) {
                open.push((member, candidate, children, goes_on));
            }
        }
        let pieces: Vec<(usize, &[Sample])> =
            open.iter().enumerate().flat_map(|(i, (member, ..))| member.samples.chunks(CHUNK).map(move |piece| (i, piece))).collect();
        let mut jobs: Vec<std::ops::Range<usize>> = Vec::new();
        let mut room = TASK_ADDITIONS;
        for (i, (_, piece)) in pieces.iter().enumerate() {
            let cost = 4 * piece.len().max(64);
            match jobs.last_mut() {
                Some(job) if cost <= room => job.end = i + 1,
                _ => {
                    jobs.push(i..i + 1);
                    room = TASK_ADDITIONS;
                }
            }
            room = room.saturating_sub(cost);
        }
        let parts = self.executor.map_quietly(&jobs, |_, job| {
            let part = |(i, piece): &(usize, &[Sample])| self.part(piece, &open[*i].1, open[*i].3);
            Ok(pieces[job.clone()].iter().map(part).collect::<Vec<_>>())
        })?;
        let mut sides: Vec<[Vec<Sample>; 2]> = vec![Default::default(); open.len()];
        for ((i, _), parts) in pieces.iter().zip(parts.into_iter().flatten()) {
            for (side, part) in sides[*i].iter_mut().zip(parts) {
                if side.is_empty() {
                    *side = part;
                } else {
                    side.extend(part);
                }
            }
        }
        let mut waiting = Vec::with_capacity(2 * open.len());
        for ((member, _, children, goes_on), samples) in open.iter().zip(sides) {
            for ((node, goes_on), samples) in children.iter().zip(goes_on).zip(samples) {
                if *goes_on {
                    waiting.push(Waiting { tree: member.tree, node: *node, samples, parent: member.tables.clone() });
                }
            }
        }
        Ok(waiting)
    }

    /// Of each bin of the candidate's feature whether it goes left.
    fn left_bins(&self, candidate: &Candidate) -> Vec<bool> {
        let mut goes_left = vec![false; self.features[candidate.feature as usize].bins()];
        match &candidate.bins {
            LeftBins::UpTo(bin) => goes_left[..=*bin].fill(true),
            LeftBins::Categories(categories) => categories.iter().for_each(|c| goes_left[*c as usize] = true),
        }
        goes_left
    }

    /// The bins of a feature from its first on, and how far each is from the next.
    fn column<'a>(&'a self, bins: &'a [u8], feature: usize) -> (&'a [u8], usize) {
        match self.columns.get(feature) {
            Some(column) => (column, 1),
            None => (&bins[feature..], self.binned.width),
        }
    }

    /// The samples that go left and right; those of a child that is a leaf are not needed.
    fn part(&self, samples: &[Sample], candidate: &Candidate, goes_on: [bool; 2]) -> [Vec<Sample>; 2] {
        let goes_left = self.left_bins(candidate);
        let column = candidate.feature as usize;
        match &self.binned.bins {
            Bins::Bytes(bins) => {
                let (bins, width) = self.column(bins, column);
                part_by(samples, goes_on, |row| goes_left[usize::from(bins[row * width])])
            }
            Bins::Words(bins) => part_by(samples, goes_on, |row| goes_left[usize::from(bins[row * self.binned.width + column])]),
        }
    }

    fn describe(&self, candidate: &Candidate) -> Split {
        let feature = candidate.feature as usize;
        match (&self.features[feature], &candidate.bins) {
            (Feature::Continuous { thresholds }, LeftBins::UpTo(bin)) => Split::Continuous { feature, threshold: thresholds[*bin] },
            (kind, LeftBins::Categories(categories)) => Split::Categorical { feature, left: categories.clone(), arity: kind.bins() },
            (kind, LeftBins::UpTo(bin)) => Split::Categorical { feature, left: (0..=*bin as u32).collect(), arity: kind.bins() },
        }
    }
}

/// Writes every sample to both sides and goes on by one on its own: which side it is can't be foretold, and a wrong guess of the processor
/// would cost more than the writing.
#[optimize(speed)]
fn part_by(samples: &[Sample], goes_on: [bool; 2], goes_left: impl Fn(usize) -> bool) -> [Vec<Sample>; 2] {
    let none = Sample { row: 0, class: 0, count: 0 };
    let (mut left, mut right) = (vec![none; samples.len()], vec![none; samples.len()]);
    let (mut l, mut r) = (0, 0);
    for sample in samples {
        let goes_left = goes_left(sample.row as usize);
        left[l] = *sample;
        right[r] = *sample;
        l += usize::from(goes_left);
        r += usize::from(!goes_left);
    }
    let kept = |mut samples: Vec<Sample>, length: usize, goes_on: bool| {
        samples.truncate(if goes_on { length } else { 0 });
        samples.shrink_to_fit();
        samples
    };
    [kept(left, l, goes_on[0]), kept(right, r, goes_on[1])]
}

/// The group in the order in which Spark's map of trees gives it out; the nodes of one tree keep theirs.
fn in_map_order(group: Vec<Member>) -> Vec<Member> {
    let mut trees: Vec<i32> = Vec::new();
    for member in &group {
        if trees.last() != Some(&(member.tree as i32)) && !trees.contains(&(member.tree as i32)) {
            trees.push(member.tree as i32);
        }
    }
    if trees.len() < 2 {
        return group;
    }
    let order = immutable_order(&mutable_order(&trees));
    let most = order.iter().copied().max().unwrap_or(0) as usize;
    let mut rank = vec![0; most + 1];
    for (position, tree) in order.into_iter().enumerate() {
        rank[tree as usize] = position;
    }
    let mut group = group;
    group.sort_by_key(|member| rank[member.tree]);
    group
}

//! Rounds of boosting (`src/learner.cc` and `src/gbm/gbtree.cc` of XGBoost, `training.py` and `callback.py` around them).

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use kindling_partition::{Executor, Result};

use super::booster::Booster;
use super::data::Data;
use super::grow::{Grown, Growth, grow};
use super::histogram::{Grid, most};
use super::matrix::{BLOCK, Matrix};
use super::metric::Metric;
use super::objective::{Objective, Pair};
use super::rank::Ranking;
use super::sample;

/// Rows of one task.
const ROWS: usize = 8192;

/// What to train.
#[derive(Debug)]
pub(super) struct Settings {
    pub objective: Objective,
    pub growth: Growth,
    pub rounds: usize,
    pub max_bin: usize,
    pub seed: u64,
    /// The prediction to start from; estimated when there is none.
    pub base_score: Option<f32>,
    pub metrics: Vec<Metric>,
    /// Rounds without a better score of the watched rows after which training stops.
    pub stop_after: Option<usize>,
    pub names: Vec<String>,
    pub types: Vec<String>,
}

/// The metrics after each round.
#[derive(Clone, Debug, Default)]
pub(super) struct History {
    pub training: Vec<(String, Vec<f64>)>,
    pub validation: Vec<(String, Vec<f64>)>,
}

/// Trains a booster; `watched` rows only judge it.
///
/// # Errors
/// A label that the objective can't have, too little memory, Stop.
pub(super) fn train(executor: &Executor, settings: &Settings, data: &Data, watched: Option<&Data>) -> Result<(Booster, History)> {
    let objective = settings.objective;
    objective.check(&data.labels)?;
    watched.map_or(Ok(()), |watched| objective.check(&watched.labels))?;
    let ranks = matches!(objective, Objective::Ndcg | Objective::Pairwise);
    let ranking = ranks.then(|| Ranking::of_objective(data));
    let row_weights = data.row_weights();
    let matrix = Matrix::new(executor, &data.features, row_weights.as_deref(), settings.max_bin)?;
    let outputs = objective.outputs();
    let base_score = match settings.base_score {
        Some(score) => vec![score; outputs],
        None => objective.base_score(data, ranking.as_ref()),
    };
    let (names, types) = (settings.names.clone(), settings.types.clone());
    let features = data.features.width;
    let mut booster = Booster {
        objective,
        base_score,
        estimated: settings.base_score.is_none(),
        trees: Vec::new(),
        features,
        names,
        types,
        attributes: BTreeMap::new(),
    };
    let base = booster.base_margins();
    let start = |data: &Data| match &data.margins {
        Some(margins) => margins.iter().flat_map(|margin| std::iter::repeat_n(*margin, outputs)).collect::<Vec<f32>>(),
        None => (0..data.labels.len()).flat_map(|_| base.iter().copied()).collect(),
    };
    let mut margins = start(data);
    let mut watched_margins = watched.map(start);
    let names = || settings.metrics.iter().map(|metric| (metric.name.clone(), Vec::new())).collect();
    let mut history = History { training: names(), validation: if watched.is_some() { names() } else { Vec::new() } };
    let mut best: Option<(usize, f64)> = None;
    let mut pairs = vec![[0.0; 2]; data.labels.len() * outputs];
    for round in 0..settings.rounds {
        executor.step("XGBoost", round as u64, settings.rounds as u64)?;
        let seed = sample::part(settings.seed, round as u64);
        gradients(executor, settings, data, ranking.as_ref(), &margins, seed, &mut pairs)?;
        for output in 0..outputs {
            let own: Vec<Pair>;
            let pairs = if outputs == 1 {
                &pairs
            } else {
                own = pairs.iter().skip(output).step_by(outputs).copied().collect();
                &own
            };
            let grown = grow(executor, &matrix, &settings.growth, pairs, sample::part(seed, 1 + output as u64))?;
            add(executor, &grown, &mut margins, output, outputs)?;
            if let (Some(watched), Some(margins)) = (watched, &mut watched_margins) {
                for (row, margins) in margins.chunks_exact_mut(outputs).enumerate() {
                    if row % 4096 == 0 {
                        executor.check()?;
                    }
                    margins[output] += grown.tree.predict(watched.features.row(row));
                }
            }
            booster.trees.push(grown.tree);
        }
        for (metric, (_, scores)) in settings.metrics.iter().zip(&mut history.training) {
            scores.push(metric.of(executor, objective, data, &margins)?);
        }
        if let (Some(watched), Some(margins)) = (watched, &watched_margins) {
            for (metric, (_, scores)) in settings.metrics.iter().zip(&mut history.validation) {
                scores.push(metric.of(executor, objective, watched, margins)?);
            }
        }
        if let (Some(patience), Some(metric), Some((_, scores))) = (settings.stop_after, settings.metrics.last(), history.validation.last())
        {
            let score = scores[round];
            let better = best.is_none_or(|(_, best)| if metric.more_is_better() { score > best } else { score < best });
            if better {
                best = Some((round, score));
            }
            if best.is_some_and(|(best, _)| round - best >= patience) {
                break;
            }
        }
    }
    if let Some((round, score)) = best {
        booster.attributes.insert("best_iteration".to_owned(), round.to_string());
        booster.attributes.insert("best_score".to_owned(), crate::param::python_float(score));
    }
    Ok((booster, history))
}

/// Adds what a tree says to the margins of its training rows, block by block.
fn add(executor: &Executor, grown: &Grown, margins: &mut [f32], output: usize, outputs: usize) -> Result<()> {
    let blocks: Vec<Mutex<&mut [f32]>> = margins.chunks_mut(BLOCK * outputs).map(Mutex::new).collect();
    executor.map_quietly(&blocks, |block, margins| {
        let margins = &mut **margins.lock().unwrap_or_else(PoisonError::into_inner);
        for (runs, value) in &grown.leaves {
            for row in &grown.order[runs[block].clone()] {
                margins[usize::from(*row) * outputs + output] += value;
            }
        }
        Ok(())
    })?;
    Ok(())
}

/// Writes the gradients of all rows and outputs, on the grid of exact sums; those of rows that aren't drawn are zero.
fn gradients(
    executor: &Executor,
    settings: &Settings,
    data: &Data,
    ranking: Option<&Ranking>,
    margins: &[f32],
    seed: u64,
    pairs: &mut [Pair],
) -> Result<()> {
    let (objective, outputs) = (settings.objective, settings.objective.outputs());
    let share = settings.growth.shares.subsample;
    if let Some(ranking) = ranking {
        let groups: Vec<usize> = (0..ranking.groups()).collect();
        let mut rest = &mut *pairs;
        let mut tasks = Vec::new();
        for groups in groups.chunks(64) {
            let groups = groups[0]..groups[groups.len() - 1] + 1;
            let (here, behind) = std::mem::take(&mut rest).split_at_mut(ranking.rows(&groups).len());
            tasks.push((groups, Mutex::new(here)));
            rest = behind;
        }
        executor.map_quietly(&tasks, |_, (groups, pairs)| {
            let pairs = &mut **pairs.lock().unwrap_or_else(PoisonError::into_inner);
            let rows = ranking.rows(groups);
            debug_assert_eq!(rows.len(), pairs.len());
            ranking.gradients(objective == Objective::Ndcg, data, margins, groups.clone(), pairs);
            Ok(())
        })?;
    }
    let tasks: Vec<(usize, Mutex<&mut [Pair]>)> =
        pairs.chunks_mut(ROWS * outputs).enumerate().map(|(i, chunk)| (i * ROWS, Mutex::new(chunk))).collect();
    let greatest = executor.map_quietly(&tasks, |_, (first, pairs)| {
        let pairs = &mut **pairs.lock().unwrap_or_else(PoisonError::into_inner);
        if ranking.is_none() {
            objective.write(data, *first, &margins[first * outputs..][..pairs.len()], pairs);
        }
        if share < 1.0 {
            for (i, row) in pairs.chunks_exact_mut(outputs).enumerate() {
                if !sample::takes(seed, first + i, share) {
                    row.fill([0.0; 2]);
                }
            }
        }
        Ok(most(pairs))
    })?;
    let grid = Grid::new(data.labels.len(), most(&greatest));
    executor.map_quietly(&tasks, |_, (_, pairs)| {
        grid.round(&mut pairs.lock().unwrap_or_else(PoisonError::into_inner));
        Ok(())
    })?;
    Ok(())
}

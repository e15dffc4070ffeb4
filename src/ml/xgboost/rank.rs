//! LambdaRank and NDCG (`src/objective/lambdarank_obj.cc`, `src/common/ranking_utils.cc` of XGBoost): Burges, *From RankNet to LambdaRank to
//! LambdaMART: An Overview*, 2010. Pairs are those that XGBoost takes by default: each of the first 32 rows of a query, as the model ranks
//! them, with all that it ranks lower.

use std::ops::Range;

use super::data::Data;
use super::objective::Pair;

/// How many of the highest ranked rows of a query make pairs.
const TOP: usize = 32;

/// What stays the same of the queries in every round.
#[derive(Debug)]
pub(super) struct Ranking {
    /// Where each query's rows begin; one more at the end.
    bounds: Vec<usize>,
    /// 1 over the best DCG of the first rows of each query; 0 when no row matters.
    inverse_ideal: Vec<f64>,
    discounts: Vec<f64>,
    /// Brings the mean weight of a query to 1.
    norm: f64,
}

fn gain(label: f32) -> f64 {
    f64::from((1_u32 << (label as u32).min(31)).wrapping_sub(1))
}

/// Places in the order of falling numbers; of equal ones the first first.
fn ranked(numbers: &[f32]) -> Vec<usize> {
    let mut order: Vec<usize> = (0..numbers.len()).collect();
    order.sort_by(|a, b| numbers[*b].partial_cmp(&numbers[*a]).unwrap_or(std::cmp::Ordering::Equal));
    order
}

impl Ranking {
    pub fn new(data: &Data, top: usize) -> Self {
        let bounds = data.groups.clone();
        let longest = bounds.windows(2).map(|group| group[1] - group[0]).max().unwrap_or(0);
        let discounts: Vec<f64> = (0..longest).map(|i| 1.0 / libm::log2(i as f64 + 2.0)).collect();
        let inverse = |group: &[usize]| {
            let labels = &data.labels[group[0]..group[1]];
            let best = ranked(labels);
            let ideal: f64 = best.iter().zip(&discounts).take(top).map(|(i, discount)| discount * gain(labels[*i])).sum();
            if ideal == 0.0 { 0.0 } else { 1.0 / ideal }
        };
        let inverse_ideal = bounds.windows(2).map(inverse).collect();
        let groups = bounds.len().saturating_sub(1);
        let norm = match &data.weights {
            None => 1.0,
            Some(weights) => groups as f64 / weights.iter().map(|weight| f64::from(*weight)).sum::<f64>(),
        };
        Self { bounds, inverse_ideal, discounts, norm }
    }

    /// As the objective has it.
    pub fn of_objective(data: &Data) -> Self {
        Self::new(data, TOP)
    }

    pub fn groups(&self) -> usize {
        self.bounds.len().saturating_sub(1)
    }

    pub fn rows(&self, groups: &Range<usize>) -> Range<usize> {
        self.bounds[groups.start]..self.bounds[groups.end]
    }

    /// Writes the gradients at the rows of these queries.
    pub fn gradients(&self, by_ndcg: bool, data: &Data, margins: &[f32], groups: Range<usize>, pairs: &mut [Pair]) {
        let first = self.bounds[groups.start];
        for group in groups {
            let rows = self.bounds[group]..self.bounds[group + 1];
            let pairs = &mut pairs[rows.start - first..rows.end - first];
            self.of_group(by_ndcg, group, &data.labels[rows.clone()], &margins[rows], pairs);
            let weight = data.weights.as_ref().map_or(1.0, |weights| weights[group]);
            for pair in pairs {
                *pair = pair.map(|part| (part * weight) * self.norm as f32);
            }
        }
    }

    fn of_group(&self, by_ndcg: bool, group: usize, labels: &[f32], margins: &[f32], pairs: &mut [Pair]) {
        pairs.fill([0.0; 2]);
        let order = ranked(margins);
        let n = order.len();
        let (Some(best), Some(worst)) = (order.first(), order.last()) else { return };
        let spread = margins[*best] != margins[*worst];
        let mut sum = 0.0_f64;
        for i in 0..n.min(TOP) {
            for j in i + 1..n {
                let (a, b) = (order[i], order[j]);
                if labels[a] == labels[b] {
                    continue;
                }
                let (high, low, rank_high, rank_low) = if labels[a] > labels[b] { (a, b, i, j) } else { (b, a, j, i) };
                let difference = margins[high] - margins[low];
                let sigmoid = f64::from(super::objective::sigmoid(difference));
                let mut delta = 1.0;
                if by_ndcg {
                    let (gain_high, gain_low) = (gain(labels[high]), gain(labels[low]));
                    let (d_high, d_low) = (self.discounts[rank_high], self.discounts[rank_low]);
                    let original = gain_high * d_high + gain_low * d_low;
                    let changed = gain_low * d_high + gain_high * d_low;
                    delta = ((original - changed) * self.inverse_ideal[group]).abs();
                }
                if spread {
                    delta /= f64::from(difference.abs()) + 0.01;
                }
                let gradient = ((sigmoid - 1.0) * delta) as f32;
                let hessian = ((sigmoid * (1.0 - sigmoid)).max(1e-16) * delta * 2.0) as f32;
                pairs[high][0] += gradient;
                pairs[high][1] += hessian;
                pairs[low][0] -= gradient;
                pairs[low][1] += hessian;
                sum -= 2.0 * f64::from(gradient);
            }
        }
        if sum > 0.0 {
            let norm = (libm::log2(1.0 + sum) / sum) as f32;
            for pair in pairs {
                *pair = pair.map(|part| part * norm);
            }
        }
    }

    /// The mean NDCG of the first `top` rows of each query; of a query in which no row matters it is 1.
    pub fn ndcg(&self, data: &Data, margins: &[f32], top: usize) -> f64 {
        let (mut score, mut weights) = (0.0, 0.0);
        for group in 0..self.groups() {
            let rows = self.bounds[group]..self.bounds[group + 1];
            let weight = f64::from(data.weights.as_ref().map_or(1.0, |weights| weights[group]));
            weights += weight;
            if self.inverse_ideal[group] <= 0.0 {
                score += 1.0;
                continue;
            }
            let labels = &data.labels[rows.clone()];
            let order = ranked(&margins[rows]);
            let found = order.iter().zip(&self.discounts).take(top);
            score += weight * found.map(|(i, discount)| discount * gain(labels[*i]) * self.inverse_ideal[group]).sum::<f64>();
        }
        if weights > 0.0 { (score / weights).min(1.0) } else { score }
    }
}

//! The case that most trees are grown in, two classes and no weights: both counts of a bin are halves of one integer, so that a row costs
//! one addition for each feature, and a bin one comparison when it is empty.

use super::best_split::{Candidate, LeftBins, Limits};
use super::binned::Binned;
use super::histogram::Sample;
use super::impurity::Impurity;
use super::strategy::Feature;

/// Bins that a byte can name: a table of this size needs no check of its bounds.
const BINS: usize = 256;

/// Counts by bin, class 0 in the low half.
type Table = [u64; BINS];

/// Histograms of some features, in tables that are used again and again.
#[derive(Default)]
pub(super) struct Pairs {
    tables: Vec<Table>,
}

/// What the search for a split needs to know.
pub(super) struct Search<'a> {
    pub impurity: Impurity,
    pub limits: Limits,
    /// The impurity of the node.
    pub parent: f64,
    pub features: &'a [Feature],
    pub chosen: &'a [u32],
}

impl Pairs {
    /// Adds up the samples for the chosen features.
    pub fn fill(&mut self, binned: &Binned, bins: &[u8], features: &[Feature], chosen: &[u32], samples: &[Sample]) {
        if self.tables.len() < chosen.len() {
            self.tables.resize(chosen.len(), [0; BINS]);
        }
        for (table, feature) in self.tables.iter_mut().zip(chosen) {
            table[..features[*feature as usize].bins()].fill(0);
        }
        let width = binned.width;
        for (tables, chosen) in self.tables.chunks_mut(4).zip(chosen.chunks(4)) {
            match (tables, chosen) {
                ([a, b, c, d, ..], [i, j, k, l]) => {
                    let (i, j, k, l) = (*i as usize, *j as usize, *k as usize, *l as usize);
                    for sample in samples {
                        let row = &bins[sample.row as usize * width..][..width];
                        let count = u64::from(sample.count) << (32 * u32::from(sample.class & 1));
                        a[usize::from(row[i])] += count;
                        b[usize::from(row[j])] += count;
                        c[usize::from(row[k])] += count;
                        d[usize::from(row[l])] += count;
                    }
                }
                (tables, chosen) => {
                    for (table, column) in tables.iter_mut().zip(chosen) {
                        let column = *column as usize;
                        for sample in samples {
                            let bin = bins[sample.row as usize * width + column];
                            table[usize::from(bin)] += u64::from(sample.count) << (32 * u32::from(sample.class & 1));
                        }
                    }
                }
            }
        }
    }

    /// The best of the chosen features, of equals the first; `None` when no split is allowed.
    pub fn best(&self, search: &Search<'_>) -> Option<Candidate> {
        let (mut gain, mut found) = (f64::MIN, None);
        for (slot, feature) in search.chosen.iter().enumerate() {
            let kind = &search.features[*feature as usize];
            if kind.splits() == 0 {
                continue;
            }
            let table = &self.tables[slot][..kind.bins()];
            let order = matches!(kind, Feature::Ordered { .. }).then(|| by_second_class(table));
            let total: u64 = table.iter().sum();
            let mut left = 0;
            for i in 0..table.len() - 1 {
                let counts = table[order.as_ref().map_or(i, |order| order[i] as usize)];
                // Without rows in the bin the split is the one before it.
                if counts == 0 {
                    continue;
                }
                left += counts;
                if let Some(new) = search.gain(left, total - left)
                    && new > gain
                {
                    gain = new;
                    found = Some((slot, i, left, total - left));
                }
            }
        }
        let (slot, cut, left, right) = found?;
        let feature = search.chosen[slot];
        let bins = match &search.features[feature as usize] {
            Feature::Continuous { .. } => LeftBins::UpTo(cut),
            kind => LeftBins::Categories(by_second_class(&self.tables[slot][..kind.bins()])[..=cut].to_vec()),
        };
        Some(Candidate { gain, feature, bins, left: counts(left).to_vec(), right: counts(right).to_vec() })
    }
}

/// Both classes' counts.
#[inline(always)]
fn counts(pair: u64) -> [f64; 2] {
    [f64::from(pair as u32), f64::from((pair >> 32) as u32)]
}

/// Categories by how often they hold class 1, those without rows last.
fn by_second_class(table: &[u64]) -> Vec<u32> {
    let mut order: Vec<u32> = (0..table.len() as u32).collect();
    order.sort_by_key(|category| match table[*category as usize] {
        0 => u64::MAX,
        pair => pair >> 32,
    });
    order
}

impl Search<'_> {
    /// What a split gains; `None` when a side is too small or the gain too little.
    #[inline(always)]
    fn gain(&self, left: u64, right: u64) -> Option<f64> {
        let (left, right) = (counts(left), counts(right));
        let (left_count, right_count) = (left[0] + left[1], right[0] + right[1]);
        let least = self.limits.rows.max(self.limits.weight);
        if left_count < least || right_count < least {
            return None;
        }
        let total = left_count + right_count;
        let of = |side: [f64; 2], count: f64| match self.impurity {
            Impurity::Gini if count != 0.0 => {
                let (zero, one) = (side[0] / count, side[1] / count);
                1.0 - zero * zero - one * one
            }
            other => other.of(&side),
        };
        let gain = self.parent - left_count / total * of(left, left_count) - right_count / total * of(right, right_count);
        (gain >= self.limits.gain).then_some(gain)
    }
}

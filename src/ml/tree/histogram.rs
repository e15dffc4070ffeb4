//! Histograms of a node: for each feature and bin the statistics of the rows that fall into it.

use std::simd::f64x2;

use super::binned::{Bin, Binned, Bins};
use super::strategy::Feature;

/// A row in a tree: which, of which class (classification), and how often.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Sample {
    pub row: u32,
    pub class: u16,
    pub count: u16,
}

/// What is added up for a row.
#[derive(Clone, Copy)]
pub(crate) enum Target<'a> {
    /// The count of its class. Counts are whole numbers, so every order of adding gives the same sum.
    Classes(usize),
    /// The weight of its class, and its count.
    WeightedClasses(usize, &'a [f64]),
    /// Weight, weighted label, weighted square, and its count.
    Labels(&'a [f64], Option<&'a [f64]>),
}

impl Target<'_> {
    /// Numbers of one bin.
    pub fn stride(self) -> usize {
        match self {
            Self::Classes(classes) => classes,
            Self::WeightedClasses(classes, _) => classes + 1,
            Self::Labels(..) => 4,
        }
    }

    /// How many of them are the statistics of the impurity; the count, if it is there, follows.
    pub fn stats(self) -> usize {
        match self {
            Self::Classes(classes) | Self::WeightedClasses(classes, _) => classes,
            Self::Labels(..) => 3,
        }
    }

    /// How many rows a cell holds.
    #[inline(always)]
    pub fn rows(self, cell: &[f64]) -> f64 {
        match self {
            Self::Classes(_) => cell.iter().sum(),
            Self::WeightedClasses(classes, _) => cell[classes],
            Self::Labels(..) => cell[3],
        }
    }

    /// Adds a sample to a cell.
    #[inline(always)]
    pub fn add(self, sample: Sample, cell: &mut [f64]) {
        let count = f64::from(sample.count);
        match self {
            Self::Classes(_) => cell[usize::from(sample.class)] += count,
            Self::WeightedClasses(classes, weights) => {
                cell[usize::from(sample.class)] += count * weights[sample.row as usize];
                cell[classes] += count;
            }
            Self::Labels(labels, weights) => {
                let (label, weight) = (labels[sample.row as usize], count * weights.map_or(1.0, |w| w[sample.row as usize]));
                cell[0] += weight;
                cell[1] += weight * label;
                cell[2] += weight * label * label;
                cell[3] += count;
            }
        }
    }
}

/// Histograms of some features, one after the other, in a buffer that is used again and again.
#[derive(Default)]
pub(crate) struct Histograms {
    pub cells: Vec<f64>,
    /// Where each feature's histogram begins in `cells`.
    pub starts: Vec<usize>,
    columns: Vec<usize>,
    spare: Vec<f64>,
}

impl Histograms {
    /// Adds up the samples for these features: each partition's rows in their order, and then the partitions, as Spark does it, so that
    /// splits which part the same rows are told apart by the same last digits. `ends` has where each partition's rows end.
    pub fn fill(
        &mut self,
        (binned, ends): (&Binned, &[u32]),
        features: &[Feature],
        chosen: &[u32],
        samples: &[Sample],
        target: Target<'_>,
    ) {
        let stride = target.stride();
        self.starts.clear();
        self.columns.clear();
        let mut end = 0;
        for feature in chosen {
            self.starts.push(end);
            self.columns.push(*feature as usize);
            end += features[*feature as usize].bins() * stride;
        }
        self.cells.clear();
        let mut rest = samples;
        let whole = [u32::MAX];
        for last in if let Target::Classes(_) = target { &whole } else { ends } {
            let (part, others) = rest.split_at(rest.partition_point(|sample| sample.row < *last));
            rest = others;
            if part.is_empty() {
                continue;
            }
            let before = std::mem::take(&mut self.cells);
            self.cells = std::mem::take(&mut self.spare);
            self.cells.clear();
            self.cells.resize(end, 0.0);
            match &binned.bins {
                Bins::Bytes(bins) => self.add(bins, binned.width, part, target),
                Bins::Words(bins) => self.add(bins, binned.width, part, target),
            }
            self.cells.iter_mut().zip(&before).for_each(|(cell, before)| *cell += before);
            self.spare = before;
        }
        self.cells.resize(end, 0.0);
    }

    #[inline(never)]
    #[optimize(speed)]
    fn add<B: Bin>(&mut self, bins: &[B], width: usize, samples: &[Sample], target: Target<'_>) {
        let stride = target.stride();
        for sample in samples {
            let row = &bins[sample.row as usize * width..][..width];
            if let Target::Classes(_) = target {
                let count = f64::from(sample.count);
                let class = usize::from(sample.class);
                for (start, column) in self.starts.iter().zip(&self.columns) {
                    self.cells[start + row[*column].get() * stride + class] += count;
                }
            } else if let Target::Labels(..) = target {
                let mut cell = [0.0; 4];
                target.add(*sample, &mut cell);
                let [low, high] = [[cell[0], cell[1]], [cell[2], cell[3]]].map(f64x2::from_array);
                for (start, column) in self.starts.iter().zip(&self.columns) {
                    let at = start + row[*column].get() * 4;
                    let cell = &mut self.cells[at..at + 4];
                    (f64x2::from_slice(&cell[..2]) + low).copy_to_slice(&mut cell[..2]);
                    (f64x2::from_slice(&cell[2..]) + high).copy_to_slice(&mut cell[2..]);
                }
            } else {
                for (start, column) in self.starts.iter().zip(&self.columns) {
                    let at = start + row[*column].get() * stride;
                    target.add(*sample, &mut self.cells[at..at + stride]);
                }
            }
        }
    }
}

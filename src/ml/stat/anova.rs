use std::collections::BTreeMap;

use kindling_frame::DataFrame;
use kindling_partition::{Error, Result};

use super::distribution::f_tail;
use super::test_result::{TestResult, read};

/// Of one class: its rows, and of each feature the sum and the sum of squares.
#[derive(Clone, Debug)]
struct Sums {
    count: f64,
    sums: Vec<f64>,
    squares: Vec<f64>,
}

impl Sums {
    fn new(width: usize) -> Self {
        Self { count: 0.0, sums: vec![0.0; width], squares: vec![0.0; width] }
    }

    fn absorb(&mut self, other: &Self) {
        self.count += other.count;
        self.sums.iter_mut().zip(&other.sums).for_each(|(a, b)| *a += b);
        self.squares.iter_mut().zip(&other.squares).for_each(|(a, b)| *a += b);
    }
}

/// Whether the means of each feature differ between the classes of the label: Fisher's analysis of variance
/// (`org.apache.spark.ml.stat.ANOVATest`).
///
/// # Errors
/// When a column is missing or of the wrong type, a number isn't finite, or there are too few classes or rows.
pub fn anova(data: &DataFrame, features: &str, label: &str) -> Result<Vec<TestResult>> {
    let instances = read(data, features, label)?;
    let executor = data.session().executor();
    let width = instances.width;
    let parts = executor.map("sums of classes", &instances.blocks, |_, block| {
        let mut classes: BTreeMap<u64, Sums> = BTreeMap::new();
        for (i, label) in block.labels.iter().enumerate() {
            if i % 1024 == 0 {
                executor.check()?;
            }
            let class = classes.entry((label + 0.0).to_bits()).or_insert_with(|| Sums::new(width));
            class.count += 1.0;
            for (j, value) in block.features.row(i).active() {
                class.sums[j] += value;
                class.squares[j] += value * value;
            }
        }
        Ok(classes)
    })?;
    let mut classes: BTreeMap<u64, Sums> = BTreeMap::new();
    for (class, sums) in parts.into_iter().flatten() {
        classes.entry(class).or_insert_with(|| Sums::new(width)).absorb(&sums);
    }
    let mut all = Sums::new(width);
    classes.values().for_each(|sums| all.absorb(sums));
    let (between, within) = (classes.len() as i64 - 1, all.count as i64 - classes.len() as i64);
    if between < 1 || within < 1 {
        return Err(Error::illegal_argument(format!(
            "An analysis of variance needs at least two classes and more rows than classes, found {} classes in {} rows of column {label}: \
             degrees of freedom (0).",
            classes.len(),
            all.count
        )));
    }
    let test = |j: usize| {
        let middle = all.sums[j] * all.sums[j] / all.count;
        let explained = classes.values().map(|class| class.sums[j] * class.sums[j] / class.count).sum::<f64>() - middle;
        let left = all.squares[j] - middle - explained;
        let statistic = (explained / between as f64) / (left / within as f64);
        TestResult { p_value: f_tail(statistic, between as f64, within as f64), degrees: between + within, statistic }
    };
    Ok((0..width).map(test).collect())
}

use kindling_partition::{Executor, Result};

/// One partition's scores and true labels; `weights` is `None` when all are 1.
#[derive(Clone, Debug, Default)]
pub struct Scored {
    pub scores: Vec<f64>,
    pub labels: Vec<f64>,
    pub weights: Option<Vec<f64>>,
}

/// How a binary classifier does at every threshold: the counts behind its ROC and precision-recall curves.
///
/// The semantics of Spark's `BinaryClassificationMetrics`: rows of one score make one point, thresholds fall, a label above 0.5 is
/// positive. With more than twice `num_bins` scores, neighbours are put together in groups of equal number (Spark cuts the groups at
/// borders of its sorted partitions, so that its binned areas can differ in the fifth digit); 0 bins keep every point.
#[derive(Clone, Debug)]
pub struct BinaryCurve {
    /// By falling threshold.
    pub points: Vec<CurveCounts>,
    pub positives: f64,
    pub negatives: f64,
}

/// The weight of the rows that are predicted positive at a threshold.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct CurveCounts {
    pub threshold: f64,
    pub true_positives: f64,
    pub false_positives: f64,
}

impl BinaryCurve {
    pub fn new(executor: &Executor, data: &[Scored], num_bins: usize) -> Result<Self> {
        let sorted = executor.map("sort scores", data, |_, part| Ok(combine(part)))?;
        let merged = merge(executor, sorted)?;
        let grouping = merged.len().checked_div(num_bins).unwrap_or(0);
        let mut points: Vec<CurveCounts> = Vec::with_capacity(if grouping < 2 { merged.len() } else { num_bins + num_bins / 8 + 1 });
        let (mut true_positives, mut false_positives) = (0.0, 0.0);
        for (i, counts) in merged.iter().enumerate() {
            true_positives += counts.true_positives;
            false_positives += counts.false_positives;
            if grouping < 2 || (i + 1) % grouping == 0 || i + 1 == merged.len() {
                points.push(CurveCounts { threshold: counts.threshold, true_positives, false_positives });
            }
        }
        Ok(Self { points, positives: true_positives, negatives: false_positives })
    }

    fn recall(&self, point: &CurveCounts) -> f64 {
        if self.positives == 0.0 { 0.0 } else { point.true_positives / self.positives }
    }

    fn false_positive_rate(&self, point: &CurveCounts) -> f64 {
        if self.negatives == 0.0 { 0.0 } else { point.false_positives / self.negatives }
    }

    fn precision(point: &CurveCounts) -> f64 {
        let predicted = point.true_positives + point.false_positives;
        if predicted == 0.0 { 1.0 } else { point.true_positives / predicted }
    }

    fn f_measure(&self, point: &CurveCounts, beta: f64) -> f64 {
        let (precision, recall, square) = (Self::precision(point), self.recall(point), beta * beta);
        if precision + recall == 0.0 { 0.0 } else { (1.0 + square) * (precision * recall) / (square * precision + recall) }
    }

    /// (false positive rate, recall) from (0, 0) to (1, 1).
    pub fn roc(&self) -> Vec<(f64, f64)> {
        let points = self.points.iter().map(|point| (self.false_positive_rate(point), self.recall(point)));
        std::iter::once((0.0, 0.0)).chain(points).chain([(1.0, 1.0)]).collect()
    }

    /// (recall, precision), with a first point of recall 0 and the precision of the next.
    pub fn pr(&self) -> Vec<(f64, f64)> {
        let first = self.points.first().map(|point| (0.0, Self::precision(point)));
        first.into_iter().chain(self.points.iter().map(|point| (self.recall(point), Self::precision(point)))).collect()
    }

    pub fn area_under_roc(&self) -> f64 {
        area(&self.roc())
    }

    pub fn area_under_pr(&self) -> f64 {
        area(&self.pr())
    }

    /// (threshold, precision)
    pub fn precision_by_threshold(&self) -> Vec<(f64, f64)> {
        self.points.iter().map(|point| (point.threshold, Self::precision(point))).collect()
    }

    /// (threshold, recall)
    pub fn recall_by_threshold(&self) -> Vec<(f64, f64)> {
        self.points.iter().map(|point| (point.threshold, self.recall(point))).collect()
    }

    /// (threshold, F-measure)
    pub fn f_measure_by_threshold(&self, beta: f64) -> Vec<(f64, f64)> {
        self.points.iter().map(|point| (point.threshold, self.f_measure(point, beta))).collect()
    }
}

/// The area under a line through points, by trapezoids.
fn area(points: &[(f64, f64)]) -> f64 {
    points.windows(2).map(|pair| (pair[1].0 - pair[0].0) * (pair[1].1 + pair[0].1) / 2.0).sum()
}

/// A partition's distinct scores, falling, each with the weight of its positives and negatives.
fn combine(part: &Scored) -> Vec<CurveCounts> {
    let mut order: Vec<u32> = (0..part.scores.len() as u32).collect();
    // Stable, so that weights of one score are added in row order.
    order.sort_by(|a, b| (part.scores[*b as usize] + 0.0).total_cmp(&(part.scores[*a as usize] + 0.0)));
    let mut counts: Vec<CurveCounts> = Vec::new();
    for row in order.into_iter().map(|row| row as usize) {
        // Zero is one score, whatever its sign.
        let (score, weight) = (part.scores[row] + 0.0, part.weights.as_ref().map_or(1.0, |weights| weights[row]));
        let (positive, negative) = if part.labels[row] > 0.5 { (weight, 0.0) } else { (0.0, weight) };
        match counts.last_mut().filter(|last| last.threshold.total_cmp(&score).is_eq()) {
            Some(last) => {
                last.true_positives += positive;
                last.false_positives += negative;
            }
            None => counts.push(CurveCounts { threshold: score, true_positives: positive, false_positives: negative }),
        }
    }
    counts
}

/// Merges partitions' falling lists pair by pair; equal scores become one, the earlier partition's weight first.
fn merge(executor: &Executor, mut lists: Vec<Vec<CurveCounts>>) -> Result<Vec<CurveCounts>> {
    while lists.len() > 1 {
        let pairs: Vec<&[Vec<CurveCounts>]> = lists.chunks(2).collect();
        lists = executor.map_quietly(&pairs, |_, pair| Ok(if let [a, b] = pair { merge_two(a, b) } else { pair[0].clone() }))?;
    }
    Ok(lists.pop().unwrap_or_default())
}

fn merge_two(a: &[CurveCounts], b: &[CurveCounts]) -> Vec<CurveCounts> {
    let mut merged = Vec::with_capacity(a.len() + b.len());
    let (mut a, mut b) = (a.iter().copied().peekable(), b.iter().copied().peekable());
    while let (Some(x), Some(y)) = (a.peek(), b.peek()) {
        let order = y.threshold.total_cmp(&x.threshold);
        if order.is_lt() {
            merged.extend(a.next());
        } else if order.is_gt() {
            merged.extend(b.next());
        } else if let (Some(x), Some(y)) = (a.next(), b.next()) {
            merged.push(CurveCounts {
                threshold: x.threshold,
                true_positives: x.true_positives + y.true_positives,
                false_positives: x.false_positives + y.false_positives,
            });
        }
    }
    merged.extend(a);
    merged.extend(b);
    merged
}

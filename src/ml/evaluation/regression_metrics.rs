use kindling_partition::{Executor, Result};

/// One partition's predictions and true values; `weights` is `None` when all are 1.
#[derive(Clone, Debug, Default)]
pub struct Observed {
    pub predictions: Vec<f64>,
    pub labels: Vec<f64>,
    pub weights: Option<Vec<f64>>,
}

/// What the errors of a regression come to, as in Spark's `RegressionMetrics`.
#[derive(Clone, Copy, Debug, Default)]
pub struct RegressionMetrics {
    count: f64,
    weight_sum: f64,
    weight_square_sum: f64,
    label_mean: f64,
    /// The weighted squared deviations of the labels from their mean.
    label_squares: f64,
    label_norm: f64,
    prediction_mean: f64,
    prediction_norm: f64,
    error_norm: f64,
    absolute_error: f64,
}

impl RegressionMetrics {
    pub fn new(executor: &Executor, data: &[Observed]) -> Result<Self> {
        executor.aggregate("regression metrics", data, Self::default, |_, _, part| Self::of(executor, part), Self::join)
    }

    fn of(executor: &Executor, part: &Observed) -> Result<Self> {
        let mut m = Self::default();
        for (row, (prediction, label)) in part.predictions.iter().zip(&part.labels).enumerate() {
            if row % (1 << 14) == 0 {
                executor.check()?;
            }
            let weight = part.weights.as_ref().map_or(1.0, |weights| weights[row]);
            if weight == 0.0 {
                continue;
            }
            let error = label - prediction;
            m.count += 1.0;
            m.weight_sum += weight;
            m.weight_square_sum += weight * weight;
            let deviation = label - m.label_mean;
            m.label_mean += deviation * weight / m.weight_sum;
            m.label_squares += weight * deviation * (label - m.label_mean);
            m.prediction_mean += (prediction - m.prediction_mean) * weight / m.weight_sum;
            m.label_norm += weight * label * label;
            m.prediction_norm += weight * prediction * prediction;
            m.error_norm += weight * error * error;
            m.absolute_error += weight * error.abs();
        }
        Ok(m)
    }

    fn join(a: Self, b: Self) -> Self {
        if a.weight_sum == 0.0 || b.weight_sum == 0.0 {
            return if a.weight_sum == 0.0 { b } else { a };
        }
        let weight_sum = a.weight_sum + b.weight_sum;
        let delta = b.label_mean - a.label_mean;
        Self {
            count: a.count + b.count,
            weight_sum,
            weight_square_sum: a.weight_square_sum + b.weight_square_sum,
            label_mean: a.label_mean + delta * (b.weight_sum / weight_sum),
            label_squares: a.label_squares + b.label_squares + delta * delta * (a.weight_sum * b.weight_sum / weight_sum),
            label_norm: a.label_norm + b.label_norm,
            prediction_mean: a.prediction_mean + (b.prediction_mean - a.prediction_mean) * (b.weight_sum / weight_sum),
            prediction_norm: a.prediction_norm + b.prediction_norm,
            error_norm: a.error_norm + b.error_norm,
            absolute_error: a.absolute_error + b.absolute_error,
        }
    }

    pub fn mean_squared_error(&self) -> f64 {
        self.error_norm / self.weight_sum
    }

    pub fn root_mean_squared_error(&self) -> f64 {
        self.mean_squared_error().sqrt()
    }

    pub fn mean_absolute_error(&self) -> f64 {
        self.absolute_error / self.weight_sum
    }

    /// 1 less the part of the labels' variation that the errors are; about zero instead of their mean when `through_origin`.
    pub fn r2(&self, through_origin: bool) -> f64 {
        if through_origin {
            return 1.0 - self.error_norm / self.label_norm;
        }
        let variance = self.label_squares / (self.weight_sum - self.weight_square_sum / self.weight_sum);
        1.0 - self.error_norm / (variance * (self.weight_sum - 1.0))
    }

    /// The mean squared distance of the predictions from the labels' mean.
    pub fn explained_variance(&self) -> f64 {
        let (mean, total) = (self.label_mean, self.weight_sum);
        (self.prediction_norm + mean * mean * total - 2.0 * mean * self.prediction_mean * total) / total
    }

    /// The number of rows with a weight.
    pub fn count(&self) -> f64 {
        self.count
    }

    pub fn weight_sum(&self) -> f64 {
        self.weight_sum
    }
}

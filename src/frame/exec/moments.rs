use kindling_partition::Result;

use super::accumulate::State;

/// Central moments up to the fourth, updated and merged as Spark's `CentralMomentAgg` does (Meng, "Simpler Online Updates for
/// Arbitrary-Order Central Moments", 2015), so that the last digits agree too.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Moments {
    order: u8,
    n: f64,
    mean: f64,
    m2: f64,
    m3: f64,
    m4: f64,
}

impl Moments {
    pub fn new(order: u8) -> Self {
        Self { order, n: 0.0, mean: 0.0, m2: 0.0, m3: 0.0, m4: 0.0 }
    }

    pub fn insert(&mut self, x: f64) {
        let n = self.n + 1.0;
        let delta = x - self.mean;
        let delta_n = delta / n;
        let mean = self.mean + delta_n;
        let m2 = self.m2 + delta * (delta - delta_n);
        if self.order > 2 {
            let (delta2, delta_n2) = (delta * delta, delta_n * delta_n);
            let m3 = self.m3 - 3.0 * delta_n * m2 + delta * (delta2 - delta_n2);
            if self.order > 3 {
                self.m4 = self.m4 - 4.0 * delta_n * m3 - 6.0 * delta_n2 * m2 + delta * (delta * delta2 - delta_n * delta_n2);
            }
            self.m3 = m3;
        }
        (self.n, self.mean, self.m2) = (n, mean, m2);
    }

    pub fn m2(&self) -> f64 {
        self.m2
    }

    /// `m2 / (n - less)`; NULL for one value of a sample, as Spark has it.
    pub fn variance(&self, less: f64) -> Option<f64> {
        if self.n == 0.0 || self.n == less { None } else { Some(self.m2 / (self.n - less)) }
    }

    pub fn skewness(&self) -> Option<f64> {
        if self.n == 0.0 || self.m2 == 0.0 { None } else { Some(libm::sqrt(self.n) * self.m3 / libm::sqrt(self.m2 * self.m2 * self.m2)) }
    }

    pub fn kurtosis(&self) -> Option<f64> {
        if self.n == 0.0 || self.m2 == 0.0 { None } else { Some(self.n * self.m4 / (self.m2 * self.m2) - 3.0) }
    }
}

impl State for Moments {
    fn absorb(&mut self, b: Self) -> Result<()> {
        let a = *self;
        let n = a.n + b.n;
        let delta = b.mean - a.mean;
        let delta_n = if n == 0.0 { 0.0 } else { delta / n };
        self.n = n;
        self.mean = a.mean + delta_n * b.n;
        self.m2 = a.m2 + b.m2 + delta * delta_n * a.n * b.n;
        if self.order > 2 {
            self.m3 = a.m3 + b.m3 + delta_n * delta_n * delta * a.n * b.n * (a.n - b.n) + 3.0 * delta_n * (a.n * b.m2 - b.n * a.m2);
        }
        if self.order > 3 {
            self.m4 = a.m4
                + b.m4
                + delta_n * delta_n * delta_n * delta * a.n * b.n * (a.n * a.n - a.n * b.n + b.n * b.n)
                + 6.0 * delta_n * delta_n * (a.n * a.n * b.m2 + b.n * b.n * a.m2)
                + 4.0 * delta_n * (a.n * b.m3 - b.n * a.m3);
        }
        Ok(())
    }
}

/// Co-moments of pairs, updated and merged as Spark's `PearsonCorrelation` and `Covariance` do.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Pairs {
    n: f64,
    pub x_mean: f64,
    pub y_mean: f64,
    pub xy: f64,
    pub xx: f64,
    pub yy: f64,
}

impl Pairs {
    pub fn insert(&mut self, x: f64, y: f64) {
        let n = self.n + 1.0;
        let (dx, dy) = (x - self.x_mean, y - self.y_mean);
        let (dx_n, dy_n) = (dx / n, dy / n);
        let (x_mean, y_mean) = (self.x_mean + dx_n, self.y_mean + dy_n);
        self.xy += dx * (y - y_mean);
        self.xx += dx * (x - x_mean);
        self.yy += dy * (y - y_mean);
        (self.n, self.x_mean, self.y_mean) = (n, x_mean, y_mean);
    }

    /// NULL where a side has one value only.
    pub fn correlation(&self) -> Option<f64> {
        if self.n < 2.0 || self.xx == 0.0 || self.yy == 0.0 { None } else { Some(self.xy / libm::sqrt(self.xx * self.yy)) }
    }

    pub fn covariance(&self, less: f64) -> Option<f64> {
        if self.n == 0.0 || self.n == less { None } else { Some(self.xy / (self.n - less)) }
    }
}

impl State for Pairs {
    fn absorb(&mut self, b: Self) -> Result<()> {
        let a = *self;
        let n = a.n + b.n;
        let (dx, dy) = (b.x_mean - a.x_mean, b.y_mean - a.y_mean);
        let (dx_n, dy_n) = if n == 0.0 { (0.0, 0.0) } else { (dx / n, dy / n) };
        self.n = n;
        self.x_mean = a.x_mean + dx_n * b.n;
        self.y_mean = a.y_mean + dy_n * b.n;
        self.xy = a.xy + b.xy + dx * dy_n * a.n * b.n;
        self.xx = a.xx + b.xx + dx * dx_n * a.n * b.n;
        self.yy = a.yy + b.yy + dy * dy_n * a.n * b.n;
        Ok(())
    }
}

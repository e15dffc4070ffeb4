//! Poisson numbers as Apache Commons Math 3 draws them, which is where Spark's forests and samples with replacement get theirs.

use kindling_partition::{Error, Result};

/// `PoissonDistribution` of Commons Math 3 over its `Well19937c` generator.
#[derive(Clone, Debug)]
pub struct Poisson {
    mean: f64,
    /// `exp(-mean)`
    limit: f64,
    rng: Well19937c,
}

impl Poisson {
    /// From this mean on Commons Math goes over to a rejection method.
    const PIVOT: f64 = 40.0;

    /// # Errors
    /// When `mean` is not positive and finite.
    pub fn new(mean: f64, seed: i64) -> Result<Self> {
        if mean > 0.0 && mean.is_finite() {
            Ok(Self { mean, limit: libm::exp(-mean), rng: Well19937c::new(seed) })
        } else {
            Err(Error::illegal_argument(format!("The mean of a Poisson distribution must be positive and finite, but it is {mean}.")))
        }
    }

    /// The next number.
    pub fn sample(&mut self) -> u32 {
        if self.mean < Self::PIVOT { self.by_products(self.mean, self.limit) } else { self.by_rejection() }
    }

    /// Counts the events of a Poisson process: uniform numbers are multiplied until they fall below `exp(-mean)`.
    fn by_products(&mut self, mean: f64, limit: f64) -> u32 {
        let mut product = 1.0;
        let mut events = 0;
        while f64::from(events) < 1000.0 * mean {
            product *= self.rng.next_double();
            if product < limit {
                break;
            }
            events += 1;
        }
        events
    }

    /// Devroye, *The Computer Generation of Poisson Random Variables*, Computing 26 (1981), with the constant that Commons Math uses
    /// (its `1 / 8 * lambda` is an integer division: zero).
    fn by_rejection(&mut self) -> u32 {
        let lambda = self.mean.floor();
        let fraction = self.mean - lambda;
        let log_lambda = libm::log(lambda);
        let log_lambda_factorial = log_factorial(lambda);
        let rest = if fraction < f64::MIN_POSITIVE { 0 } else { self.by_products(fraction, libm::exp(-fraction)) };
        let delta = (lambda * libm::log(32.0 * lambda / std::f64::consts::PI + 1.0)).sqrt();
        let twice = 2.0 * lambda + delta;
        let a1 = (std::f64::consts::PI * twice).sqrt();
        let a2 = (twice / delta) * libm::exp(-delta * (1.0 + delta) / twice);
        let total = a1 + a2 + 1.0;
        let (p1, p2, c1) = (a1 / total, a2 / total, 1.0 / (8.0 * lambda));
        let y = loop {
            let u = self.rng.next_double();
            let (x, y, v) = if u <= p1 {
                let n = self.rng.next_gaussian();
                let x = n * (lambda + delta / 2.0).sqrt() - 0.5;
                if x > delta || x < -lambda {
                    continue;
                }
                let y = if x < 0.0 { x.floor() } else { x.ceil() };
                (x, y, -self.rng.next_exponential() - n * n / 2.0 + c1)
            } else if u > p1 + p2 {
                break lambda;
            } else {
                let x = delta + (twice / delta) * self.rng.next_exponential();
                (x, x.ceil(), -self.rng.next_exponential() - delta * (x + 1.0) / twice)
            };
            let below = if x < 0.0 { 1.0 } else { 0.0 };
            let t = y * (y + 1.0) / (2.0 * lambda);
            let qr = t * ((2.0 * y + 1.0) / (6.0 * lambda) - 1.0);
            let qa = qr - (t * t) / (3.0 * (lambda + below * (y + 1.0)));
            if (v < -t && below == 0.0) || v < qa || (v <= qr && v < y * log_lambda - log_factorial(y + lambda) + log_lambda_factorial) {
                break lambda + y;
            }
        };
        rest + y as u32
    }
}

/// ln n! as Commons Math sums it.
fn log_factorial(n: f64) -> f64 {
    let n = n as u32;
    if n <= 20 { libm::log((2..=u64::from(n)).product::<u64>() as f64) } else { (2..=n).map(|i| libm::log(f64::from(i))).sum() }
}

/// The generator of Panneton, L'Ecuyer and Matsumoto, *Improved long-period generators based on linear recurrences modulo 2*, ACM TOMS 32
/// (2006), with Matsumoto–Kurita tempering.
#[derive(Clone, Debug)]
struct Well19937c {
    state: Box<[u32; Self::LEN]>,
    index: usize,
    spare_gaussian: Option<f64>,
}

impl Well19937c {
    const LEN: usize = 624;

    fn new(seed: i64) -> Self {
        let mut state = Box::new([0_u32; Self::LEN]);
        state[0] = (seed >> 32) as u32;
        state[1] = seed as u32;
        for i in 2..Self::LEN {
            let before = i64::from(state[i - 2] as i32);
            state[i] = (1_812_433_253_i64.wrapping_mul(before ^ (before >> 30)).wrapping_add(i as i64)) as u32;
        }
        Self { state, index: 0, spare_gaussian: None }
    }

    fn next(&mut self, bits: u32) -> u32 {
        let index = self.index;
        let at = |offset: usize| if index + offset >= Self::LEN { index + offset - Self::LEN } else { index + offset };
        let (before, before2) = (at(Self::LEN - 1), at(Self::LEN - 2));
        let v = &mut self.state;
        let (v0, m1, m2, m3) = (v[index], v[at(70)], v[at(179)], v[at(449)]);
        let z0 = (0x8000_0000 & v[before]) ^ (0x7FFF_FFFF & v[before2]);
        let z1 = (v0 ^ (v0 << 25)) ^ (m1 ^ (m1 >> 27));
        let z2 = (m2 >> 9) ^ (m3 ^ (m3 >> 1));
        let z3 = z1 ^ z2;
        let mut z4 = z0 ^ (z1 ^ (z1 << 9)) ^ (z2 ^ (z2 << 21)) ^ (z3 ^ (z3 >> 21));
        v[self.index] = z3;
        v[before] = z4;
        v[before2] &= 0x8000_0000;
        self.index = before;
        z4 ^= (z4 << 7) & 0xE46E_1700;
        z4 ^= (z4 << 15) & 0x9B86_8000;
        z4 >> (32 - bits)
    }

    /// Uniform in `[0, 1)`, a multiple of 2⁻⁵².
    fn next_double(&mut self) -> f64 {
        let high = u64::from(self.next(26)) << 26;
        (high | u64::from(self.next(26))) as f64 * (1.0 / 4_503_599_627_370_496.0)
    }

    /// Standard normal, by Box and Muller.
    fn next_gaussian(&mut self) -> f64 {
        if let Some(spare) = self.spare_gaussian.take() {
            return spare;
        }
        let alpha = 2.0 * std::f64::consts::PI * self.next_double();
        let r = (-2.0 * libm::log(self.next_double())).sqrt();
        self.spare_gaussian = Some(r * libm::sin(alpha));
        r * libm::cos(alpha)
    }

    /// Exponential with mean 1: Ahrens and Dieter, algorithm SA, Communications of the ACM 15 (1972).
    fn next_exponential(&mut self) -> f64 {
        let mut a = 0.0;
        let mut u = self.next_double();
        while u < 0.5 {
            a += std::f64::consts::LN_2;
            u *= 2.0;
        }
        u += u - 1.0;
        // The partial sums of the series of e^(ln 2) - 1: q[i] = Σ_{k≤i} ln(2)^(k+1) / (k+1)!.
        let (mut term, mut q) = (std::f64::consts::LN_2, std::f64::consts::LN_2);
        if u <= q {
            return a + u;
        }
        let mut least = self.next_double();
        let mut i = 1.0;
        loop {
            least = least.min(self.next_double());
            i += 1.0;
            term *= std::f64::consts::LN_2 / i;
            q += term;
            if u <= q || q >= 1.0 {
                return a + least * std::f64::consts::LN_2;
            }
        }
    }
}

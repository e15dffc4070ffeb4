//! Spark's own random numbers: the same seed draws the same numbers as on a cluster.

mod poisson;
mod sampler;

pub use poisson::Poisson;
pub use sampler::{
    BernoulliCellSampler, BernoulliSampler, PoissonSampler, fraction_for_sample_size, partition_seeds, reservoir_sample, shuffle_in_place,
};

use crate::hash::murmur3_bytes;

/// Where random bits come from: `next(bits)` of `java.util.Random`.
pub trait Bits {
    /// An integer whose lowest `count` bits (1 to 32) are random.
    fn next(&mut self, count: u32) -> i32;
}

/// The numbers that `java.util.Random` makes of random bits.
#[derive(Clone, Debug)]
pub struct Random<B> {
    bits: B,
    /// Gaussians come in pairs; this is the second one.
    spare_gaussian: Option<f64>,
}

/// `java.util.Random`.
pub type JavaRandom = Random<Lcg>;

/// `org.apache.spark.util.random.XORShiftRandom`: behind `rand`, `randn`, samples, splits and most of Spark ML's seeds.
pub type XorShiftRandom = Random<XorShift>;

/// `MersenneTwister` of Apache Commons Math: behind `uuid` and `shuffle`.
pub type TwisterRandom = Random<Twister>;

/// MT19937 as it is seeded with an array of 32-bit words.
#[derive(Clone, Debug)]
pub struct Twister(rand_mt::Mt);

/// The linear congruential generator of `java.util.Random`.
#[derive(Clone, Debug)]
pub struct Lcg(i64);

/// Marsaglia's xorshift with shifts 21, 35 and 4 (Journal of Statistical Software 8(14), 2003).
#[derive(Clone, Debug)]
pub struct XorShift(i64);

impl Bits for Lcg {
    fn next(&mut self, count: u32) -> i32 {
        self.0 = (self.0.wrapping_mul(0x5_DEEC_E66D).wrapping_add(0xB)) & ((1 << 48) - 1);
        (self.0 >> (48 - count)) as i32
    }
}

impl Bits for XorShift {
    fn next(&mut self, count: u32) -> i32 {
        let mut next = self.0 ^ (self.0 << 21);
        next ^= ((next as u64) >> 35) as i64;
        next ^= next << 4;
        self.0 = next;
        (next & ((1_i64 << count) - 1)) as i32
    }
}

impl Bits for Twister {
    fn next(&mut self, count: u32) -> i32 {
        (self.0.next_u32() >> (32 - count)) as i32
    }
}

impl Random<Twister> {
    pub fn new(seed: i64) -> Self {
        let words = [(seed >> 32) as u32, seed as u32];
        Self { bits: Twister(rand_mt::Mt::new_with_key(words)), spare_gaussian: None }
    }
}

impl Random<Lcg> {
    pub fn new(seed: i64) -> Self {
        Self { bits: Lcg((seed ^ 0x5_DEEC_E66D) & ((1 << 48) - 1)), spare_gaussian: None }
    }
}

impl Random<XorShift> {
    pub fn new(seed: i64) -> Self {
        Self { bits: XorShift(hash_seed(seed)), spare_gaussian: None }
    }
}

impl<B: Bits> Random<B> {
    pub fn next_int(&mut self) -> i32 {
        self.bits.next(32)
    }

    /// Uniform in `0..bound`; `bound` is positive.
    pub fn next_int_below(&mut self, bound: i32) -> i32 {
        let max = bound.wrapping_sub(1);
        let mut draw = self.bits.next(31);
        if bound & max == 0 {
            return ((i64::from(bound) * i64::from(draw)) >> 31) as i32;
        }
        loop {
            let rest = draw % bound;
            if draw.wrapping_sub(rest).wrapping_add(max) >= 0 {
                return rest;
            }
            draw = self.bits.next(31);
        }
    }

    pub fn next_long(&mut self) -> i64 {
        let high = i64::from(self.bits.next(32)) << 32;
        high.wrapping_add(i64::from(self.bits.next(32)))
    }

    pub fn next_boolean(&mut self) -> bool {
        self.bits.next(1) != 0
    }

    /// Uniform in `[0, 1)`, a multiple of 2⁻²⁴.
    pub fn next_float(&mut self) -> f32 {
        self.bits.next(24) as f32 / 16_777_216.0
    }

    /// Uniform in `[0, 1)`, a multiple of 2⁻⁵³.
    pub fn next_double(&mut self) -> f64 {
        let high = i64::from(self.bits.next(26)) << 27;
        (high + i64::from(self.bits.next(27))) as f64 * (1.0 / 9_007_199_254_740_992.0)
    }

    /// Standard normal, by Marsaglia's polar method.
    pub fn next_gaussian(&mut self) -> f64 {
        if let Some(spare) = self.spare_gaussian.take() {
            return spare;
        }
        loop {
            let u = 2.0 * self.next_double() - 1.0;
            let v = 2.0 * self.next_double() - 1.0;
            let s = u * u + v * v;
            if s < 1.0 && s != 0.0 {
                let scale = (-2.0 * strict_log(s) / s).sqrt();
                self.spare_gaussian = Some(v * scale);
                return u * scale;
            }
        }
    }
}

/// `StrictMath.log` of Java for a positive normal number: Sun's fdlibm, whose last bit is not always that of newer logarithms.
fn strict_log(x: f64) -> f64 {
    const LN2_HIGH: f64 = 6.931_471_803_691_238e-1;
    const LN2_LOW: f64 = 1.908_214_929_270_587_7e-10;
    let mut high = (x.to_bits() >> 32) as i32;
    let mut exponent = (high >> 20) - 1023;
    high &= 0x000F_FFFF;
    let above_sqrt2 = (high + 0x9_5F64) & 0x10_0000;
    let mantissa = high | (above_sqrt2 ^ 0x3FF0_0000);
    exponent += above_sqrt2 >> 20;
    let k = f64::from(exponent);
    let f = f64::from_bits((u64::from(mantissa as u32) << 32) | (x.to_bits() & 0xFFFF_FFFF)) - 1.0;
    if (0x000F_FFFF & (2 + high)) < 3 {
        if f == 0.0 {
            return k * LN2_HIGH + k * LN2_LOW;
        }
        let r = f * f * (0.5 - 0.333_333_333_333_333_3 * f);
        return if exponent == 0 { f - r } else { k * LN2_HIGH - ((r - k * LN2_LOW) - f) };
    }
    let s = f / (2.0 + f);
    let z = s * s;
    let w = z * z;
    let even = w * (0.399_999_999_994_094_2 + w * (0.222_221_984_321_497_84 + w * 0.153_138_376_992_093_73));
    let odd = z * (0.666_666_666_666_673_5 + w * (0.285_714_287_436_623_9 + w * (0.181_835_721_616_180_5 + w * 0.147_981_986_051_165_86)));
    let r = even + odd;
    if ((high - 0x6_147A) | (0x6_B851 - high)) > 0 {
        let half = 0.5 * f * f;
        if exponent == 0 { f - (half - s * (half + r)) } else { k * LN2_HIGH - ((half - (s * (half + r) + k * LN2_LOW)) - f) }
    } else if exponent == 0 {
        f - s * (f - r)
    } else {
        k * LN2_HIGH - ((s * (f - r) - k * LN2_LOW) - f)
    }
}

/// Spreads a seed's bits: seeds that differ little must not start alike.
fn hash_seed(seed: i64) -> i64 {
    /// `scala.util.hashing.MurmurHash3.arraySeed`.
    const ARRAY_SEED: i32 = 0x3C07_4A61;
    let bytes = seed.to_be_bytes();
    let low = murmur3_bytes(&bytes, ARRAY_SEED);
    let high = murmur3_bytes(&bytes, low);
    (i64::from(high) << 32) | i64::from(low as u32)
}

/// Expected values: Spark 4.3's own classes and Commons Math 3.6.1, by tests/reference/draws.py.
#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::*;

    fn reference() -> Value {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/reference/draws.json");
        serde_json::from_str(&std::fs::read_to_string(path).expect("the reference file")).expect("valid JSON")
    }

    fn list<'a>(value: &'a Value, key: &str) -> &'a Vec<Value> {
        value[key].as_array().expect(key)
    }

    /// As Python writes it.
    fn number(value: f64) -> String {
        let text = format!("{value:?}");
        text.split_once("e-").filter(|e| e.1.len() == 1).map_or(text.clone(), |e| format!("{}e-0{}", e.0, e.1))
    }

    fn check_draws<B: Bits>(cases: &[Value], make: impl Fn(i64) -> Random<B>) {
        for case in cases {
            let mut rng = make(case["seed"].as_i64().expect("seed"));
            for expected in list(case, "values") {
                let kind = case["kind"].as_str().expect("kind");
                let drawn = match kind {
                    "int" => Value::from(rng.next_int()),
                    "below 10" => Value::from(rng.next_int_below(10)),
                    "below 64" => Value::from(rng.next_int_below(64)),
                    "below 1431655766" => Value::from(rng.next_int_below(1_431_655_766)),
                    "long" => Value::from(rng.next_long().to_string()),
                    "double" => Value::from(number(rng.next_double())),
                    "gaussian" => Value::from(number(rng.next_gaussian())),
                    "boolean" => Value::from(rng.next_boolean()),
                    other => panic!("no draw called {other}"),
                };
                assert_eq!(&drawn, expected, "{kind} from seed {}", case["seed"]);
            }
        }
    }

    #[test]
    fn generators_draw_what_the_jvm_draws() {
        let reference = reference();
        check_draws(list(&reference, "xorshift"), XorShiftRandom::new);
        check_draws(list(&reference, "java"), JavaRandom::new);
    }

    #[test]
    fn rand_and_randn_seed_each_partition_by_its_number() {
        let rand = &reference()["rand"];
        for partition in 0..3_i64 {
            let (mut uniform, mut normal) = (XorShiftRandom::new(42 + partition), XorShiftRandom::new(42 + partition));
            for row in 0..4 {
                let at = usize::try_from(partition * 4 + row).expect("small");
                assert_eq!(rand["rand"][at], Value::from(number(uniform.next_double())));
                assert_eq!(rand["randn"][at], Value::from(number(normal.next_gaussian())));
            }
        }
    }

    #[test]
    fn poisson_numbers_are_those_of_commons_math() {
        for case in list(&reference(), "poisson") {
            let (mean, seed) = (case["mean"].as_f64().expect("mean"), case["seed"].as_i64().expect("seed"));
            let mut poisson = Poisson::new(mean, seed).expect("a positive mean");
            let drawn: Vec<Value> = list(case, "values").iter().map(|_| Value::from(poisson.sample())).collect();
            assert_eq!(&drawn, list(case, "values"), "mean {mean}, seed {seed}");
        }
        assert!(Poisson::new(0.0, 1).is_err());
    }

    #[test]
    fn samplers_take_the_rows_that_spark_takes() {
        for case in list(&reference(), "samplers") {
            let (fraction, seed) = (case["fraction"].as_f64().expect("fraction"), case["seed"].as_i64().expect("seed"));
            let kind = case["kind"].as_str().expect("kind");
            let mut draw: Box<dyn FnMut() -> u32> = match kind {
                "bernoulli" => {
                    let mut sampler = BernoulliSampler::new(fraction, seed);
                    Box::new(move || u32::from(sampler.takes()))
                }
                "cell" | "complement" => {
                    let mut sampler = BernoulliCellSampler::new(fraction / 3.0, fraction, kind == "complement", seed);
                    Box::new(move || u32::from(sampler.takes()))
                }
                _ => {
                    let mut sampler = PoissonSampler::new(fraction, kind == "poisson", seed).expect("finite");
                    Box::new(move || sampler.copies())
                }
            };
            let drawn: Vec<Value> = list(case, "values").iter().map(|_| Value::from(draw())).collect();
            assert_eq!(&drawn, list(case, "values"), "{kind} {fraction} from seed {seed}");
        }
    }

    #[test]
    fn sample_sizes_ask_for_the_fraction_that_spark_asks_for() {
        for case in list(&reference(), "fractions") {
            let k = usize::try_from(case["k"].as_u64().expect("k")).expect("small");
            let fraction = fraction_for_sample_size(k, case["n"].as_u64().expect("n"), case["replace"].as_bool().expect("replace"));
            let expected = case["fraction"].as_f64().expect("fraction");
            assert!((fraction / expected - 1.0).abs() < 1e-12, "{case}: {fraction}");
        }
    }

    #[test]
    fn a_reservoir_keeps_what_fits_and_never_more() {
        assert_eq!(reservoir_sample(0..3, 5, 7), [0, 1, 2]);
        let mut sample = reservoir_sample(0..1000, 10, 7);
        sample.sort_unstable();
        sample.dedup();
        assert_eq!(sample.len(), 10);
    }
}

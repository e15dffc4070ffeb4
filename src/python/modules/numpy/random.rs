//! NumPy's streams of random numbers: the Mersenne Twister of `np.random.seed`, and PCG64 of `np.random.default_rng`.

use std::cell::RefCell;
use std::rc::Rc;

use num_bigint::BigInt;
use num_traits::Signed;

use crate::class::{ClassBuilder, PyClass};
use crate::error::{PyError, PyResult};
use crate::modules::elementary;
use crate::modules::random::MersenneTwister;
use crate::native::NativeObject;
use crate::value::Value;
use crate::vm::Vm;

use super::array::{Buffer, NdArray};
use super::ziggurat::{EDGE, HEIGHT, INSIDE, WIDTH};

/// PCG64 (XSL-RR, 128 bits of state). Source: O'Neill, 2014.
struct Pcg64 {
    state: u128,
    increment: u128,
    /// The upper half of the last draw, when only the lower was used.
    half: Option<u32>,
}

const MULTIPLIER: u128 = (2_549_297_995_355_413_924 << 64) | 4_865_540_595_714_422_341;

impl Pcg64 {
    /// Seeded as `SeedSequence(entropy)` seeds it. Source: O'Neill's `seed_seq_fe`, in NumPy's form.
    fn new(entropy: &[u32]) -> Pcg64 {
        let words = seed_words(entropy);
        let pair = |high: usize| (u128::from(words[high]) << 64) | u128::from(words[high + 1]);
        let mut made = Pcg64 { state: 0, increment: (pair(2) << 1) | 1, half: None };
        made.step();
        made.state = made.state.wrapping_add(pair(0));
        made.step();
        made
    }

    fn step(&mut self) {
        self.state = self.state.wrapping_mul(MULTIPLIER).wrapping_add(self.increment);
    }

    fn next(&mut self) -> u64 {
        self.step();
        let folded = (self.state >> 64) as u64 ^ self.state as u64;
        folded.rotate_right((self.state >> 122) as u32)
    }
}

fn hash_mix(value: u32, constant: &mut u32) -> u32 {
    let mut value = value ^ *constant;
    *constant = constant.wrapping_mul(0x931e_8875);
    value = value.wrapping_mul(*constant);
    value ^ (value >> 16)
}

fn mix(x: u32, y: u32) -> u32 {
    let result = 0xca01_f9ddu32.wrapping_mul(x).wrapping_sub(0x4973_f715u32.wrapping_mul(y));
    result ^ (result >> 16)
}

/// Four words of 64 bits out of the entropy.
fn seed_words(entropy: &[u32]) -> [u64; 4] {
    let mut pool = [0u32; 4];
    let mut constant = 0x43b0_d7e5u32;
    for (slot, at) in pool.iter_mut().zip(0..) {
        *slot = hash_mix(entropy.get(at).copied().unwrap_or(0), &mut constant);
    }
    for source in 0..4 {
        for target in 0..4 {
            if source != target {
                let mixed = hash_mix(pool[source], &mut constant);
                pool[target] = mix(pool[target], mixed);
            }
        }
    }
    for word in entropy.iter().skip(4) {
        for slot in &mut pool {
            let mixed = hash_mix(*word, &mut constant);
            *slot = mix(*slot, mixed);
        }
    }
    let mut constant = 0x8b51_f9ddu32;
    let mut halves = [0u32; 8];
    for (half, at) in halves.iter_mut().zip(0..) {
        let mut value: u32 = pool[at % 4] ^ constant;
        constant = constant.wrapping_mul(0x58f3_8ded);
        value = value.wrapping_mul(constant);
        *half = value ^ (value >> 16);
    }
    [0, 2, 4, 6].map(|at| u64::from(halves[at]) | (u64::from(halves[at + 1]) << 32))
}

enum Source {
    /// The second of two normal numbers waits beside it.
    Twister(Box<MersenneTwister>, Option<f64>),
    Pcg(Pcg64),
}

impl Source {
    fn next32(&mut self) -> u32 {
        match self {
            Source::Twister(twister, _) => twister.next(),
            Source::Pcg(pcg) => match pcg.half.take() {
                Some(half) => half,
                None => {
                    let both = pcg.next();
                    pcg.half = Some((both >> 32) as u32);
                    both as u32
                }
            },
        }
    }

    fn next64(&mut self) -> u64 {
        match self {
            Source::Twister(twister, _) => (u64::from(twister.next()) << 32) | u64::from(twister.next()),
            Source::Pcg(pcg) => pcg.next(),
        }
    }

    fn double(&mut self) -> f64 {
        match self {
            Source::Twister(twister, _) => twister.float(),
            Source::Pcg(pcg) => (pcg.next() >> 11) as f64 * (1.0 / 9_007_199_254_740_992.0),
        }
    }

    /// Up to `range`, included: by masking and trying again as `np.random` did from the beginning, or by Lemire's method as generators do.
    fn bounded(&mut self, range: u64) -> u64 {
        if range == 0 {
            return 0;
        }
        if matches!(self, Source::Twister(..)) {
            return self.masked(range);
        }
        if range < u64::from(u32::MAX) {
            let width = range + 1;
            let mut product = u64::from(self.next32()) * width;
            if (product & 0xffff_ffff) < width {
                let threshold = (u64::from(u32::MAX) - range) % width;
                while (product & 0xffff_ffff) < threshold {
                    product = u64::from(self.next32()) * width;
                }
            }
            return product >> 32;
        }
        if range == u64::from(u32::MAX) {
            return self.next32().into();
        }
        if range == u64::MAX {
            return self.next64();
        }
        let width = u128::from(range) + 1;
        let mut product = u128::from(self.next64()) * width;
        if (product as u64) < width as u64 {
            let threshold = (u64::MAX - range) % (width as u64);
            while (product as u64) < threshold {
                product = u128::from(self.next64()) * width;
            }
        }
        (product >> 64) as u64
    }

    fn masked(&mut self, range: u64) -> u64 {
        let mask = u64::MAX >> range.leading_zeros();
        loop {
            let value = if range <= u64::from(u32::MAX) { u64::from(self.next32()) & mask } else { self.next64() & mask };
            if value <= range {
                return value;
            }
        }
    }

    /// A standard normal number: polar for the twister, by the ziggurat for PCG64.
    fn normal(&mut self) -> f64 {
        if let Source::Twister(_, spare) = self
            && let Some(value) = spare.take()
        {
            return value;
        }
        if let Source::Pcg(_) = self {
            return self.ziggurat();
        }
        loop {
            let (x1, x2) = (2.0 * self.double() - 1.0, 2.0 * self.double() - 1.0);
            let r2 = x1 * x1 + x2 * x2;
            if r2 < 1.0 && r2 != 0.0 {
                let f = (-2.0 * elementary::log(r2) / r2).sqrt();
                if let Source::Twister(_, spare) = self {
                    *spare = Some(f * x1);
                }
                return f * x2;
            }
        }
    }

    fn ziggurat(&mut self) -> f64 {
        loop {
            let bits = self.next64();
            let strip = (bits & 0xff) as usize;
            let bits = bits >> 8;
            let inside = (bits >> 1) & 0x000f_ffff_ffff_ffff;
            let mut x = inside as f64 * f64::from_bits(WIDTH[strip]);
            if bits & 1 == 1 {
                x = -x;
            }
            if inside < INSIDE[strip] {
                return x;
            }
            if strip == 0 {
                loop {
                    let far = -(1.0 / EDGE) * libm::log1p(-self.double());
                    let height = -libm::log1p(-self.double());
                    if height + height > far * far {
                        return if (inside >> 8) & 1 == 1 { -(EDGE + far) } else { EDGE + far };
                    }
                }
            }
            let (upper, lower) = (f64::from_bits(HEIGHT[strip - 1]), f64::from_bits(HEIGHT[strip]));
            if (upper - lower) * self.double() + lower < elementary::exp(-0.5 * x * x) {
                return x;
            }
        }
    }
}

/// A stream that `np.random` draws from.
struct Bits {
    source: RefCell<Source>,
}

impl NativeObject for Bits {
    fn class_name(&self) -> &str {
        "Bits"
    }
}

fn bits(values: &[Value]) -> PyResult<&Bits> {
    values[0].as_native::<Bits>().ok_or_else(|| PyError::type_error("not a stream of random numbers"))
}

/// The words of a seed: a number, or several.
fn entropy(vm: &mut Vm, seed: &Value) -> PyResult<Vec<u32>> {
    let numbers = match seed.base() {
        Value::None => vec![BigInt::from(vm.host().entropy())],
        Value::List(_) | Value::Tuple(_) => {
            let parts = seed.as_sequence().unwrap_or_default();
            parts.iter().map(|part| vm.to_bigint(part)).collect::<PyResult<_>>()?
        }
        _ => vec![vm.to_bigint(seed)?],
    };
    let mut words = Vec::new();
    for number in numbers {
        if number.is_negative() {
            return Err(PyError::value_error("expected non-negative integer"));
        }
        let (_, digits) = number.to_u32_digits();
        words.extend(if digits.is_empty() { vec![0] } else { digits });
    }
    Ok(words)
}

fn count(vm: &mut Vm, value: &Value) -> PyResult<usize> {
    let count = usize::try_from(vm.index(value)?).map_err(|_| PyError::value_error("negative dimensions are not allowed"))?;
    vm.check_size(count, 16)?;
    Ok(count)
}

/// The class of streams, which the Python side of `numpy.random` builds on.
pub(super) fn class(vm: &mut Vm) -> Rc<PyClass> {
    let class = ClassBuilder::new("Bits", "numpy.random")
        .static_method("twister(seed)", "", |vm, values| {
            let twister = match values[0].base() {
                Value::List(_) | Value::Tuple(_) => MersenneTwister::from_key(&entropy(vm, &values[0])?),
                _ => {
                    let words = entropy(vm, &values[0])?;
                    MersenneTwister::new(words[0])
                }
            };
            Ok(Value::native(Bits { source: RefCell::new(Source::Twister(Box::new(twister), None)) }))
        })
        .static_method("pcg(seed)", "", |vm, values| {
            let words = entropy(vm, &values[0])?;
            Ok(Value::native(Bits { source: RefCell::new(Source::Pcg(Pcg64::new(&words))) }))
        })
        .method("doubles(self, count)", "", |vm, values| {
            let count = count(vm, &values[1])?;
            let mut source = bits(&values)?.source.borrow_mut();
            Ok(Value::native(NdArray::row((0..count).map(|_| source.double()).collect())))
        })
        .method("normals(self, count)", "", |vm, values| {
            let count = count(vm, &values[1])?;
            let mut source = bits(&values)?.source.borrow_mut();
            Ok(Value::native(NdArray::row((0..count).map(|_| source.normal()).collect())))
        })
        .method("integers(self, low, range, count)", "", |vm, values| {
            let (low, range, count) = (vm.index(&values[1])?, vm.to_bigint(&values[2])?, count(vm, &values[3])?);
            let range = u64::try_from(range).map_err(|_| PyError::value_error("high is out of bounds for int64"))?;
            let mut source = bits(&values)?.source.borrow_mut();
            let drawn = (0..count).map(|_| low.wrapping_add(source.bounded(range) as i64)).collect();
            Ok(Value::native(NdArray::new(Buffer::Int(drawn), vec![count])))
        })
        .method("within(self, range)", "One whole number up to `range`, included, by masking.", |vm, values| {
            let range = u64::try_from(vm.index(&values[1])?).unwrap_or(0);
            let mut source = bits(&values)?.source.borrow_mut();
            Ok(Value::Int(if range == 0 { 0 } else { source.masked(range) as i64 }))
        })
        .method("below(self, range)", "One whole number up to `range`, included.", |vm, values| {
            let range = u64::try_from(vm.index(&values[1])?).unwrap_or(0);
            Ok(Value::Int(bits(&values)?.source.borrow_mut().bounded(range) as i64))
        })
        .build();
    vm.register_class(&class);
    class
}

//! The generator under `random`: the Mersenne Twister, seeded as CPython seeds it.

use std::cell::RefCell;

use num_bigint::BigInt;
use num_traits::Signed;

use crate::class::ClassBuilder;
use crate::error::{PyError, PyResult};
use crate::module::PyModule;
use crate::native::NativeObject;
use crate::value::Value;
use crate::vm::Vm;

const N: usize = 624;
const M: usize = 397;

/// MT19937. Source: Matsumoto and Nishimura, 1998, and their reference code of 2002.
pub(super) struct MersenneTwister {
    state: [u32; N],
    index: usize,
}

impl MersenneTwister {
    pub(super) fn new(seed: u32) -> MersenneTwister {
        let mut state = [0u32; N];
        state[0] = seed;
        for index in 1..N {
            state[index] = 1_812_433_253u32.wrapping_mul(state[index - 1] ^ (state[index - 1] >> 30)).wrapping_add(index as u32);
        }
        MersenneTwister { state, index: N }
    }

    pub(super) fn from_key(key: &[u32]) -> MersenneTwister {
        let mut twister = MersenneTwister::new(19_650_218);
        let state = &mut twister.state;
        let (mut i, mut j) = (1, 0);
        for _ in 0..N.max(key.len()) {
            state[i] =
                (state[i] ^ (state[i - 1] ^ (state[i - 1] >> 30)).wrapping_mul(1_664_525)).wrapping_add(key[j]).wrapping_add(j as u32);
            i += 1;
            j += 1;
            if i >= N {
                state[0] = state[N - 1];
                i = 1;
            }
            if j >= key.len() {
                j = 0;
            }
        }
        for _ in 0..N - 1 {
            state[i] = (state[i] ^ (state[i - 1] ^ (state[i - 1] >> 30)).wrapping_mul(1_566_083_941)).wrapping_sub(i as u32);
            i += 1;
            if i >= N {
                state[0] = state[N - 1];
                i = 1;
            }
        }
        state[0] = 0x8000_0000;
        twister
    }

    pub(super) fn next(&mut self) -> u32 {
        if self.index >= N {
            for index in 0..N {
                let y = (self.state[index] & 0x8000_0000) | (self.state[(index + 1) % N] & 0x7fff_ffff);
                let twist = if y & 1 == 1 { 0x9908_b0df } else { 0 };
                self.state[index] = self.state[(index + M) % N] ^ (y >> 1) ^ twist;
            }
            self.index = 0;
        }
        let mut y = self.state[self.index];
        self.index += 1;
        y ^= y >> 11;
        y ^= (y << 7) & 0x9d2c_5680;
        y ^= (y << 15) & 0xefc6_0000;
        y ^ (y >> 18)
    }

    /// A float in [0, 1) with 53 random bits.
    pub(super) fn float(&mut self) -> f64 {
        let (a, b) = (self.next() >> 5, self.next() >> 6);
        (f64::from(a) * 67_108_864.0 + f64::from(b)) * (1.0 / 9_007_199_254_740_992.0)
    }

    fn bits(&mut self, count: u32) -> BigInt {
        let mut left = count;
        let mut words = Vec::new();
        while left > 0 {
            let mut word = self.next();
            if left < 32 {
                word >>= 32 - left;
            }
            words.push(word);
            left = left.saturating_sub(32);
        }
        BigInt::from_slice(num_bigint::Sign::Plus, &words)
    }
}

struct Core {
    twister: RefCell<MersenneTwister>,
}

impl NativeObject for Core {
    fn class_name(&self) -> &str {
        "Core"
    }
}

fn core(values: &[Value]) -> PyResult<&Core> {
    values[0].as_native::<Core>().ok_or_else(|| PyError::type_error("not a random generator"))
}

/// CPython's seed of a text: its bytes, then their SHA-512 digest, as one number.
fn text_seed(bytes: &[u8]) -> BigInt {
    let mut all = bytes.to_vec();
    all.extend_from_slice(&super::sha512::digest(bytes));
    BigInt::from_bytes_be(num_bigint::Sign::Plus, &all)
}

fn seeded(vm: &mut Vm, seed: &Value) -> PyResult<MersenneTwister> {
    let number = match seed.base() {
        Value::None => BigInt::from(vm.host().entropy()),
        Value::Int(_) | Value::BigInt(_) | Value::Bool(_) => vm.to_bigint(seed)?.abs(),
        Value::Float(_) => BigInt::from(vm.hash(seed)? as u64),
        Value::Str(text) => text_seed(text.as_str().as_bytes()),
        Value::Bytes(bytes) => text_seed(bytes),
        _ => {
            return Err(PyError::type_error("The only supported seed types are: None,\nint, float, str, bytes, and bytearray."));
        }
    };
    let (_, digits) = number.to_u32_digits();
    Ok(MersenneTwister::from_key(if digits.is_empty() { &[0] } else { &digits }))
}

pub(super) fn module(vm: &mut Vm) -> PyModule {
    let class = ClassBuilder::new("Core", "_random")
        .constructor("(seed=None)", |vm, _, values| {
            let twister = RefCell::new(seeded(vm, &values[0])?);
            Ok(Value::native(Core { twister }))
        })
        .method("seed(self, seed=None)", "", |vm, values| {
            let twister = seeded(vm, &values[1])?;
            *core(&values)?.twister.borrow_mut() = twister;
            Ok(Value::None)
        })
        .method("random(self)", "", |_, values| Ok(Value::Float(core(&values)?.twister.borrow_mut().float())))
        .method("getrandbits(self, k, /)", "", |vm, values| {
            let count = vm.index(&values[1])?;
            let count = u32::try_from(count).map_err(|_| PyError::value_error("number of bits must be non-negative"))?;
            vm.check_size(count as usize / 8, 1)?;
            Ok(Value::int(core(&values)?.twister.borrow_mut().bits(count)))
        })
        .method("getstate(self)", "", |_, values| {
            let twister = core(&values)?.twister.borrow();
            let mut state: Vec<Value> = twister.state.iter().map(|&word| Value::Int(word.into())).collect();
            state.push(Value::from(twister.index));
            Ok(Value::tuple(state))
        })
        .method("setstate(self, state)", "", |vm, values| {
            let words: PyResult<Vec<i64>> = vm.collect(&values[1])?.iter().map(|word| vm.index(word)).collect();
            let words = words?;
            if words.len() != N + 1 {
                return Err(PyError::value_error("state vector is the wrong size"));
            }
            let mut twister = core(&values)?.twister.borrow_mut();
            for (slot, word) in twister.state.iter_mut().zip(&words) {
                *slot = *word as u32;
            }
            twister.index = words[N].clamp(0, N as i64) as usize;
            Ok(Value::None)
        })
        .build();
    vm.register_class(&class);
    PyModule::new("_random").with("Core", class)
}

//! The random numbers that Spark's LDA starts from: gamma variates as Breeze draws them, of the Mersenne Twister as Apache Commons Math has it.

const N: usize = 624;
const M: usize = 397;

/// MT19937 (Matsumoto and Nishimura, 1998), seeded by an array of two words.
pub(super) struct Twister {
    state: Vec<u32>,
    at: usize,
    spare: Option<f64>,
}

impl Twister {
    pub fn new(seed: i64) -> Self {
        let key = [((seed as u64) >> 32) as u32, seed as u32];
        let mut state = vec![19_650_218_u32; N];
        for i in 1..N {
            state[i] = (state[i - 1] ^ (state[i - 1] >> 30)).wrapping_mul(1_812_433_253).wrapping_add(i as u32);
        }
        let (mut i, mut j) = (1, 0);
        for step in 0..2 * N - 1 {
            let before = state[i - 1] ^ (state[i - 1] >> 30);
            state[i] = if step < N {
                (state[i] ^ before.wrapping_mul(1_664_525)).wrapping_add(key[j]).wrapping_add(j as u32)
            } else {
                (state[i] ^ before.wrapping_mul(1_566_083_941)).wrapping_sub(i as u32)
            };
            (i, j) = (i + 1, (j + 1) % key.len());
            if i == N {
                state[0] = state[N - 1];
                i = 1;
            }
        }
        state[0] = 1 << 31;
        Self { state, at: N, spare: None }
    }

    fn next(&mut self) -> u32 {
        if self.at == N {
            for i in 0..N {
                let y = (self.state[i] & (1 << 31)) | (self.state[(i + 1) % N] & 0x7fff_ffff);
                self.state[i] = self.state[(i + M) % N] ^ (y >> 1) ^ if y & 1 == 1 { 0x9908_b0df } else { 0 };
            }
            self.at = 0;
        }
        let mut y = self.state[self.at];
        self.at += 1;
        y ^= y >> 11;
        y ^= (y << 7) & 0x9d2c_5680;
        y ^= (y << 15) & 0xefc6_0000;
        y ^ (y >> 18)
    }

    fn uniform(&mut self) -> f64 {
        let high = u64::from(self.next() >> 6) << 26;
        (high | u64::from(self.next() >> 6)) as f64 * (1.0 / (1_u64 << 52) as f64)
    }

    /// Box and Muller's: two at a time.
    fn gaussian(&mut self) -> f64 {
        if let Some(spare) = self.spare.take() {
            return spare;
        }
        let angle = std::f64::consts::TAU * self.uniform();
        let radius = libm::sqrt(-2.0 * libm::log(self.uniform()));
        self.spare = Some(radius * libm::sin(angle));
        radius * libm::cos(angle)
    }

    /// A gamma variate of mean 1 and shape over 1 (Marsaglia and Tsang, 2000).
    pub fn gamma(&mut self, shape: f64) -> f64 {
        let d = shape - 1.0 / 3.0;
        let c = 1.0 / libm::sqrt(9.0 * d);
        loop {
            let (mut x, mut v) = (0.0, 0.0);
            while v <= 0.0 {
                x = self.gaussian();
                v = 1.0 + c * x;
            }
            v = v * v * v;
            let (square, u) = (x * x, self.uniform());
            if u < 1.0 - 0.0331 * (square * square) || libm::log(u) < 0.5 * square + d * (1.0 - v + libm::log(v)) {
                return 1.0 / shape * d * v;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The first outputs of the authors' `init_by_array` with the two words 0x123 and 0x234, from NumPy's `RandomState([0x123, 0x234])`.
    #[test]
    fn words_are_those_of_the_reference_implementation() {
        let mut twister = Twister::new((0x123_i64 << 32) | 0x234);
        assert_eq!([(); 4].map(|()| twister.next()), [1_269_791_734, 1_135_888_473, 333_719_756, 3_737_167_678]);
    }
}

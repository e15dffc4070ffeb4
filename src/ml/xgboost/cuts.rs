//! Where the bins of each feature begin: XGBoost's weighted quantile sketch (`src/common/quantile.h` of XGBoost 3.2, class `WQuantileSketch`),
//! step by step, so that the cuts are XGBoost's own. Up to 2,000 different values the sketch is exact.

/// How much finer than the bins a sketch is.
const FACTOR: usize = 8;

/// The upper ends of the bins of all features: bin `b` of feature `f` holds values below `values[ptrs[f] + b]`.
#[derive(Debug, Default)]
pub(super) struct Cuts {
    /// Where each feature's values begin; one more at the end.
    pub ptrs: Vec<usize>,
    pub values: Vec<f32>,
    /// Less than every value of the feature.
    pub mins: Vec<f32>,
}

impl Cuts {
    pub fn of(features: Vec<FeatureCuts>) -> Self {
        let mut cuts = Self { ptrs: vec![0], ..Self::default() };
        for feature in features {
            cuts.values.extend(feature.values);
            cuts.ptrs.push(cuts.values.len());
            cuts.mins.push(feature.min);
        }
        cuts
    }

    pub fn features(&self) -> usize {
        self.mins.len()
    }

    pub fn of_feature(&self, feature: usize) -> &[f32] {
        &self.values[self.ptrs[feature]..self.ptrs[feature + 1]]
    }
}

/// One feature's cuts, and less than its least value.
#[derive(Debug)]
pub(super) struct FeatureCuts {
    pub values: Vec<f32>,
    pub min: f32,
}

/// The cuts of a feature's values, those that are NaN left out; without weights each counts once.
pub(super) fn cuts(max_bin: usize, values: &[f32], weights: Option<&[f32]>) -> FeatureCuts {
    let present = values.iter().filter(|value| !value.is_nan()).count();
    let wanted = present.min(max_bin * FACTOR);
    if wanted == 0 {
        return closed(Vec::new(), 1e-5, 1e-5);
    }
    let mut sketch = Sketch::new(present, max_bin.min(present).max(1));
    sketch.extend(values, weights);
    let reduced = prune(sketch.summary(), wanted);
    let bins = wanted.min(max_bin);
    let found = prune(reduced, bins + 1);
    let (Some(first), Some(last)) = (found.first(), found.last()) else { return closed(Vec::new(), 1e-5, 1e-5) };
    let (min, last) = (first.value - first.value.abs() - 1e-5, last.value);
    let mut cuts: Vec<f32> = Vec::with_capacity(bins);
    for entry in &found[1..found.len().min(bins).max(1)] {
        if cuts.last().is_none_or(|last| entry.value > *last) {
            cuts.push(entry.value);
        }
    }
    closed(cuts, last, min)
}

/// The last bin ends above every value.
fn closed(mut values: Vec<f32>, last: f32, min: f32) -> FeatureCuts {
    values.push(last + (last.abs() + 1e-5));
    FeatureCuts { values, min }
}

/// A value with the ranks that it may have.
#[derive(Clone, Copy, Debug)]
struct Entry {
    rmin: f32,
    rmax: f32,
    weight: f32,
    value: f32,
}

impl Entry {
    fn rmin_next(self) -> f32 {
        self.rmin + self.weight
    }

    fn rmax_prev(self) -> f32 {
        self.rmax - self.weight
    }
}

/// Values in a queue, and summaries of the values before them, each level of twice as many.
struct Sketch {
    limit: usize,
    /// In the high half bits whose order is that of the values, in the low half the bits of the weight.
    queue: Vec<u64>,
    /// Level 0 is never filled.
    levels: Vec<Vec<Entry>>,
}

impl Sketch {
    fn new(most: usize, bins: usize) -> Self {
        let eps = 1.0 / f64::from(bins as f32 * FACTOR as f32);
        let mut level = 1_u32;
        let limit = loop {
            let limit = (libm::ceil(f64::from(level) / eps) as usize + 1).min(most);
            if limit << level >= most {
                break limit;
            }
            level += 1;
        };
        Self { limit, queue: Vec::with_capacity(2 * limit), levels: Vec::new() }
    }

    #[inline(never)]
    #[optimize(speed)]
    fn extend(&mut self, values: &[f32], weights: Option<&[f32]>) {
        for (i, value) in values.iter().enumerate() {
            let weight = weights.map_or(1.0, |weights| weights[i]);
            if value.is_nan() || weight == 0.0 {
                continue;
            }
            let bits = (value + 0.0).to_bits();
            let ordered = if bits >> 31 == 0 { bits ^ 0x8000_0000 } else { !bits };
            let key = |weight: f32| u64::from(ordered) << 32 | u64::from(weight.to_bits());
            match self.queue.last_mut() {
                Some(last) if *last >> 32 == u64::from(ordered) => *last = key(f32::from_bits(*last as u32) + weight),
                _ => {
                    if self.queue.len() == 2 * self.limit {
                        self.flush();
                    }
                    self.queue.push(key(weight));
                }
            }
        }
    }

    /// The queue as a summary; the queue is empty then.
    fn queued(&mut self) -> Vec<Entry> {
        sort(&mut self.queue);
        let keys = std::mem::take(&mut self.queue);
        let mut entries: Vec<Entry> = Vec::with_capacity(keys.len());
        let mut sum = 0.0_f32;
        let mut i = 0;
        while i < keys.len() {
            let ordered = keys[i] >> 32;
            let mut weight = f32::from_bits(keys[i] as u32);
            i += 1;
            while i < keys.len() && keys[i] >> 32 == ordered {
                weight += f32::from_bits(keys[i] as u32);
                i += 1;
            }
            let ordered = ordered as u32;
            let bits = if ordered >> 31 == 1 { ordered ^ 0x8000_0000 } else { !ordered };
            entries.push(Entry { rmin: sum, rmax: sum + weight, weight, value: f32::from_bits(bits) });
            sum += weight;
        }
        self.queue = keys;
        self.queue.clear();
        entries
    }

    fn flush(&mut self) {
        let mut carried = self.queued();
        let mut level = 1;
        loop {
            while self.levels.len() <= level {
                self.levels.push(Vec::new());
            }
            if self.levels[level].is_empty() {
                self.levels[level] = prune(carried, self.limit);
                return;
            }
            carried = combine(&prune(carried, self.limit), &self.levels[level]);
            if carried.len() <= self.limit {
                self.levels[level] = carried;
                return;
            }
            self.levels[level].clear();
            level += 1;
        }
    }

    fn summary(mut self) -> Vec<Entry> {
        let mut all = prune(self.queued(), self.limit);
        for level in self.levels.iter().filter(|level| !level.is_empty()) {
            all = if all.is_empty() { level.clone() } else { prune(combine(&all, level), self.limit) };
        }
        all
    }
}

/// Sorts by the high halves, eleven bits at a time from the lowest on; what is equal stays in its order.
#[inline(never)]
#[optimize(speed)]
fn sort(keys: &mut Vec<u64>) {
    const DIGITS: usize = 1 << 11;
    let mut sorted = vec![0; keys.len()];
    for shift in [32, 43, 54] {
        let digit = |key: &u64| (*key >> shift) as usize % DIGITS;
        let mut places = [0_u32; DIGITS];
        keys.iter().for_each(|key| places[digit(key)] += 1);
        let mut first = 0;
        for place in &mut places {
            first += std::mem::replace(place, first);
        }
        for key in keys.iter() {
            let place = &mut places[digit(key)];
            sorted[*place as usize] = *key;
            *place += 1;
        }
        std::mem::swap(keys, &mut sorted);
    }
}

/// At most `most` entries, which stand for all ranks alike.
fn prune(entries: Vec<Entry>, most: usize) -> Vec<Entry> {
    if entries.len() <= most || most < 2 {
        return entries;
    }
    let last = entries.len() - 1;
    let begin = entries[0].rmax;
    let range = entries[last].rmin - begin;
    let n = most - 1;
    let mut kept = Vec::with_capacity(most);
    kept.push(entries[0]);
    let (mut i, mut taken) = (1, 0);
    for k in 1..n {
        let twice = 2.0 * ((k as f32 * range) / n as f32 + begin);
        while i < last && twice >= entries[i + 1].rmax + entries[i + 1].rmin {
            i += 1;
        }
        if i == last {
            break;
        }
        let at = if twice < entries[i].rmin_next() + entries[i + 1].rmax_prev() { i } else { i + 1 };
        if at != taken {
            kept.push(entries[at]);
            taken = at;
        }
    }
    if taken != last {
        kept.push(entries[last]);
    }
    kept
}

/// Two summaries as one.
fn combine(a: &[Entry], b: &[Entry]) -> Vec<Entry> {
    let mut all = Vec::with_capacity(a.len() + b.len());
    let (mut i, mut j) = (0, 0);
    let (mut a_rmin, mut b_rmin) = (0.0_f32, 0.0_f32);
    while i < a.len() && j < b.len() {
        let (x, y) = (a[i], b[j]);
        if x.value == y.value {
            all.push(Entry { rmin: x.rmin + y.rmin, rmax: x.rmax + y.rmax, weight: x.weight + y.weight, value: x.value });
            (a_rmin, b_rmin) = (x.rmin_next(), y.rmin_next());
            i += 1;
            j += 1;
        } else if x.value < y.value {
            all.push(Entry { rmin: x.rmin + b_rmin, rmax: x.rmax + y.rmax_prev(), ..x });
            a_rmin = x.rmin_next();
            i += 1;
        } else {
            all.push(Entry { rmin: y.rmin + a_rmin, rmax: y.rmax + x.rmax_prev(), ..y });
            b_rmin = y.rmin_next();
            j += 1;
        }
    }
    let (a_end, b_end) = (a.last().map_or(0.0, |e| e.rmax), b.last().map_or(0.0, |e| e.rmax));
    all.extend(a[i..].iter().map(|x| Entry { rmin: x.rmin + b_rmin, rmax: x.rmax + b_end, ..*x }));
    all.extend(b[j..].iter().map(|y| Entry { rmin: y.rmin + a_rmin, rmax: y.rmax + a_end, ..*y }));
    // What rounding put out of order.
    let (mut rmin, mut rmax) = (0.0_f32, 0.0_f32);
    for entry in &mut all {
        if entry.rmin < rmin {
            entry.rmin = rmin;
        } else {
            rmin = entry.rmin;
        }
        entry.rmax = entry.rmax.max(rmax).max(entry.rmin_next());
        rmax = entry.rmax;
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn few_values_are_all_cuts_and_many_are_even_quantiles() {
        let few = cuts(256, &[3.0, 1.0, f32::NAN, 2.0, 1.0, 3.0], None);
        assert_eq!(few.values, [2.0, 3.0, 3.0 + (3.0 + 1e-5)]);
        assert_eq!(few.min, 1.0 - 1.0 - 1e-5);
        let none = cuts(256, &[f32::NAN], None);
        assert_eq!(none.values.len(), 1);
        // 7919 is prime to 200,000: every number once.
        let values: Vec<f32> = (0..200_000_u32).map(|i| (i * 7919 % 200_000) as f32).collect();
        let many = cuts(256, &values, None);
        assert!((250..=256).contains(&many.values.len()), "{}", many.values.len());
        for (i, cut) in many.values[..many.values.len() - 1].iter().enumerate() {
            let even = (i + 1) as f32 * 200_000.0 / 256.0;
            assert!((cut - even).abs() < 800.0, "{i}: {cut}, not about {even}");
        }
    }
}

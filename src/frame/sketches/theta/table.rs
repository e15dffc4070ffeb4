use super::{Compact, EVERYTHING, Entry, Mode, Summary};

const LG_LEAST: u32 = 5;
/// How much a table that is full grows, as a power of two.
const LG_GROWTH: u32 = 3;

/// An open hash table of twice the size that was asked for at most. When that is full, its limit falls to the hash of the place of its size,
/// and what is above goes. Its places are those of Java's, since the bytes of tuple sketches have their order.
#[derive(Clone, Debug)]
pub(super) struct Table {
    lg_size: u8,
    /// Where the hash is 0 the place is free.
    places: Vec<Entry>,
    pub count: usize,
    pub theta: u64,
    pub empty: bool,
}

const FREE: Entry = Entry { hash: 0, summary: Summary { value: 0.0, mode: Mode::Sum } };

/// The place of a hash in a table, or the free one where it would be.
pub(super) fn place(places: &[Entry], hash: u64) -> usize {
    let mask = places.len() - 1;
    let stride = 2 * ((hash >> places.len().trailing_zeros()) & 127) as usize + 1;
    let mut at = hash as usize & mask;
    while places[at].hash != 0 && places[at].hash != hash {
        at = (at + stride) & mask;
    }
    at
}

/// A table with room for so many, and no more than three quarters full.
pub(super) fn sized(count: usize) -> Vec<Entry> {
    vec![FREE; (4 * count).div_ceil(3).next_power_of_two().max(16)]
}

impl Table {
    pub fn new(lg_size: u8) -> Self {
        let most = u32::from(lg_size) + 1;
        let start = if most <= LG_LEAST { LG_LEAST } else { (most - LG_LEAST) % LG_GROWTH + LG_LEAST };
        Self { lg_size, places: vec![FREE; 1 << start], count: 0, theta: EVERYTHING, empty: true }
    }

    pub fn size(&self) -> usize {
        1 << self.lg_size
    }

    /// Changes or makes what is kept with a hash, if that is below the limit.
    pub fn insert(&mut self, hash: u64, summary: impl FnOnce(Option<Summary>) -> Summary) {
        self.empty = false;
        if hash == 0 || hash >= self.theta {
            return;
        }
        let at = place(&self.places, hash);
        let there = self.places[at];
        if there.hash == hash {
            self.places[at].summary = summary(Some(there.summary));
            return;
        }
        self.places[at] = Entry { hash, summary: summary(None) };
        self.count += 1;
        let full = if self.places.len() > self.size() { self.places.len() / 16 * 15 } else { self.places.len() / 2 };
        if self.count <= full {
            return;
        }
        if self.places.len() > self.size() {
            self.trim();
        } else {
            self.rebuild(self.places.len() << LG_GROWTH);
        }
    }

    /// Keeps no more than the size that was asked for.
    pub fn trim(&mut self) {
        if self.count > self.size() {
            self.theta = self.nth(self.size());
            self.rebuild(self.places.len());
        }
    }

    /// The hash that so many are below of.
    pub fn nth(&self, n: usize) -> u64 {
        let mut hashes: Vec<u64> = self.entries().map(|e| e.hash).collect();
        *hashes.select_nth_unstable(n).1
    }

    fn rebuild(&mut self, places: usize) {
        let old = std::mem::replace(&mut self.places, vec![FREE; places]);
        self.count = 0;
        for entry in old.into_iter().filter(|e| e.hash != 0 && e.hash < self.theta) {
            let at = place(&self.places, entry.hash);
            self.places[at] = entry;
            self.count += 1;
        }
    }

    /// In the order of their places.
    pub fn entries(&self) -> impl Iterator<Item = &Entry> {
        self.places.iter().filter(|e| e.hash != 0)
    }

    pub fn compact(&self) -> Compact {
        let theta = if self.empty { EVERYTHING } else { self.theta };
        Compact { entries: self.entries().copied().collect(), theta, empty: self.empty }
    }
}

//! Theta sketches (Dasgupta, Lang, Rhodes and Thaler, "A Framework for Estimating Stream Expression Cardinalities"), and tuple sketches,
//! which keep a number for each of their hashes. Both keep the hashes below a limit, theta, which falls as more values come.

mod aggregate;
mod bytes;
mod combine;
mod table;

use kindling_partition::{Error, Result};

pub(super) use aggregate::{Aggregated, How};
pub(crate) use combine::{Intersection, Union, difference};

/// The limit of a sketch that has kept all its hashes.
const EVERYTHING: u64 = i64::MAX as u64;

pub(super) const DEFAULT_LG_SIZE: u8 = 12;

/// What is kept with each hash.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Flavour {
    /// Nothing.
    Theta,
    /// A number, which may be a double.
    Tuple { double: bool },
}

/// How numbers of the same hash become one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Mode {
    Sum,
    Min,
    Max,
    AlwaysOne,
}

/// A number of a tuple sketch, and how it came to be. Whole numbers are doubles too, which hold them all.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Summary {
    pub value: f64,
    mode: Mode,
}

#[derive(Clone, Copy, Debug)]
struct Entry {
    hash: u64,
    summary: Summary,
}

/// A sketch as it is written: what it has kept, and below which limit.
#[derive(Clone, Debug)]
pub(crate) struct Compact {
    entries: Vec<Entry>,
    theta: u64,
    /// Whether no value came at all.
    empty: bool,
}

impl Mode {
    pub const ALL: [Self; 4] = [Self::Sum, Self::Min, Self::Max, Self::AlwaysOne];

    /// The mode of this name, in any case.
    pub fn named(name: &str) -> Option<Self> {
        let names = ["sum", "min", "max", "alwaysone"];
        names.iter().position(|n| n.eq_ignore_ascii_case(name)).map(|i| Self::ALL[i])
    }

    /// # Errors
    /// `TUPLE_INVALID_SKETCH_MODE`
    pub fn asked(name: &str, function: &str) -> Result<Self> {
        Self::named(name).ok_or_else(|| {
            let text = format!("Invalid call to `{function}`: mode '{name}' is not supported. Valid modes are: sum, min, max, alwaysone.");
            Error::runtime(text).with_condition("TUPLE_INVALID_SKETCH_MODE")
        })
    }
}

impl Summary {
    /// That of no number yet.
    pub fn new(mode: Mode, flavour: Flavour) -> Self {
        let double = flavour == Flavour::Tuple { double: true };
        let value = match mode {
            Mode::Sum => 0.0,
            Mode::Min if double => f64::INFINITY,
            Mode::Min => f64::from(i32::MAX),
            Mode::Max if double => f64::NEG_INFINITY,
            Mode::Max => f64::from(i32::MIN),
            Mode::AlwaysOne => 1.0,
        };
        Self { value, mode }
    }

    fn take(&mut self, value: f64, flavour: Flavour) {
        match self.mode {
            Mode::Sum if flavour == Flavour::Tuple { double: true } => self.value += value,
            Mode::Sum => self.value = f64::from((self.value as i32).wrapping_add(value as i32)),
            Mode::Min if value < self.value => self.value = value,
            Mode::Max if value > self.value => self.value = value,
            Mode::Min | Mode::Max => {}
            Mode::AlwaysOne => self.value = 1.0,
        }
    }

    fn of_both(mode: Mode, flavour: Flavour, first: Self, second: Self) -> Self {
        let mut both = Self::new(mode, flavour);
        both.take(first.value, flavour);
        both.take(second.value, flavour);
        both
    }
}

impl Compact {
    fn nothing() -> Self {
        Self { entries: Vec::new(), theta: EVERYTHING, empty: true }
    }

    /// The share of all hashes that is below the limit.
    pub fn theta(&self) -> f64 {
        self.theta as f64 / EVERYTHING as f64
    }

    /// About how many different values there are.
    pub fn estimate(&self, flavour: Flavour) -> f64 {
        let count = self.entries.len() as f64;
        match flavour {
            Flavour::Theta => count * (EVERYTHING as f64 / self.theta as f64),
            Flavour::Tuple { .. } if self.is_whole() => count,
            Flavour::Tuple { .. } => count / self.theta(),
        }
    }

    /// Whether all hashes were kept.
    fn is_whole(&self) -> bool {
        self.empty || self.theta == EVERYTHING
    }

    pub fn summaries(&self) -> impl Iterator<Item = f64> {
        self.entries.iter().map(|e| e.summary.value)
    }
}

/// # Errors
/// `SKETCH_INVALID_LG_NOM_ENTRIES`
pub(crate) fn check_size(lg_size: i64, function: &str) -> Result<u8> {
    u8::try_from(lg_size).ok().filter(|s| (4..=26).contains(s)).ok_or_else(|| {
        let text = format!("Invalid call to `{function}`; the `lgNomEntries` value must be between 4 and 26, inclusive: {lg_size}.");
        Error::runtime(text).with_condition("SKETCH_INVALID_LG_NOM_ENTRIES")
    })
}

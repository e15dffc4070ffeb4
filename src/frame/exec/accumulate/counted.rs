//! Values and how often each came, in the order of Spark's `OpenHashMap`: of several most frequent values `mode` takes the first there.

use std::cmp::Ordering;

use kindling_partition::Result;

use super::State;
use crate::functions::order;
use crate::hash::{hash_bytes, hash_int};
use crate::value::Value;

const FREE: u32 = u32::MAX;

/// A hash table with open addressing: each key stands in the slot of its hash, or one, three, six … slots behind it, whichever is free; with
/// more keys than 7 of 10 slots it doubles.
#[derive(Clone, Default)]
pub(super) struct Counted {
    /// Places among the entries.
    slots: Vec<u32>,
    entries: Vec<(Value, i64)>,
}

impl Counted {
    pub fn add(&mut self, value: Value, times: i64) {
        let value = match value {
            Value::Double(v) => Value::Double(v + 0.0),
            Value::Float(v) => Value::Float(v + 0.0),
            other => other,
        };
        if self.slots.is_empty() {
            self.slots = vec![FREE; 64];
        }
        let slot = self.slot(&value);
        if let Some((_, count)) = self.entries.get_mut(self.slots[slot] as usize) {
            *count += times;
            return;
        }
        self.slots[slot] = self.entries.len() as u32;
        self.entries.push((value, times));
        if self.entries.len() > self.slots.len() * 7 / 10 {
            let more = vec![FREE; self.slots.len() * 2];
            let places = std::mem::replace(&mut self.slots, more);
            for place in places.into_iter().filter(|place| *place != FREE) {
                let slot = self.slot(&self.entries[place as usize].0);
                self.slots[slot] = place;
            }
        }
    }

    /// Where the value stands, or will.
    fn slot(&self, value: &Value) -> usize {
        let mask = self.slots.len() - 1;
        let mut slot = hash_int(java_hash(value), 0) as usize & mask;
        let mut step = 1;
        while let Some((known, _)) = self.entries.get(self.slots[slot] as usize)
            && order(known, value).is_ne()
        {
            slot = (slot + step) & mask;
            step += 1;
        }
        slot
    }

    fn into_slots(self) -> impl Iterator<Item = (Value, i64)> {
        let Self { slots, mut entries } = self;
        slots.into_iter().filter(|place| *place != FREE).map(move |place| std::mem::replace(&mut entries[place as usize], (Value::Null, 0)))
    }

    /// The most frequent; of several the smallest or the largest, or the first one of the table.
    pub fn most(self, tie: Option<Ordering>) -> Value {
        let better = |a: &(Value, i64), b: &(Value, i64)| b.1 > a.1 || b.1 == a.1 && tie.is_some_and(|tie| order(&b.0, &a.0) == tie);
        self.into_slots().reduce(|a, b| if better(&a, &b) { b } else { a }).map_or(Value::Null, |(value, _)| value)
    }
}

impl FromIterator<(Value, i64)> for Counted {
    fn from_iter<I: IntoIterator<Item = (Value, i64)>>(entries: I) -> Self {
        let mut counted = Self::default();
        entries.into_iter().for_each(|(value, times)| counted.add(value, times));
        counted
    }
}

impl State for Counted {
    fn absorb(&mut self, later: Self) -> Result<()> {
        // It comes in its order, is put into a table again where it arrives, and merged in that one's.
        let arrived: Self = later.into_slots().collect();
        arrived.into_slots().for_each(|(value, times)| self.add(value, times));
        Ok(())
    }
}

/// Both halves of a long in one, as Java's `Long.hashCode` has them.
fn folded(v: i64) -> i32 {
    (v ^ (v >> 32)) as i32
}

/// Java's `hashCode` of a value as Spark keeps it.
fn java_hash(value: &Value) -> i32 {
    match value {
        Value::Boolean(v) => {
            if *v {
                1231
            } else {
                1237
            }
        }
        Value::Byte(v) => i32::from(*v),
        Value::Short(v) => i32::from(*v),
        Value::Int(v) | Value::Date(v) | Value::YearMonthInterval(v, ..) => *v,
        Value::Long(v) | Value::Timestamp(v) | Value::TimestampNtz(v) | Value::Time(v, _) | Value::DayTimeInterval(v, ..) => folded(*v),
        Value::Float(v) => v.to_bits() as i32,
        Value::Double(v) => folded(v.to_bits() as i64),
        Value::Decimal { unscaled, scale, .. } => scala_hash(*unscaled, *scale),
        Value::String(v) => hash_bytes(v.as_bytes(), 42),
        other => hash_bytes(other.to_string().as_bytes(), 42),
    }
}

/// Scala's `BigDecimal.hashCode` of numbers that a `Double` holds.
fn scala_hash(unscaled: i128, scale: i8) -> i32 {
    let unit = 10_i128.pow(u32::try_from(scale).unwrap_or(0));
    if unscaled % unit == 0
        && let Ok(whole) = i64::try_from(unscaled / unit)
    {
        return i32::try_from(whole).unwrap_or_else(|_| folded(whole));
    }
    let double: f64 = crate::value::decimal_text(unscaled, scale).parse().unwrap_or(0.0);
    if f64::from(double as f32) == double { (double as f32).to_bits() as i32 } else { folded(double.to_bits() as i64) }
}

//! `count_min_sketch`: Cormode and Muthukrishnan, "An Improved Data Stream Summary", as Spark's `CountMinSketchImpl` has it.

use kindling_partition::{Error, ErrorKind, Result};

use super::{Sketching, same};
use crate::hash::hash_bytes;
use crate::random::JavaRandom;
use crate::value::Value;

/// A gibibyte of them.
const MOST_COUNTS: f64 = (1 << 27) as f64;

#[derive(Clone)]
pub(super) struct CountMin {
    width: usize,
    /// What each row multiplies a number by.
    factors: Vec<i64>,
    counts: Vec<i64>,
    total: i64,
}

impl CountMin {
    /// With estimates at most the share `eps` of all rows too large, with this confidence.
    ///
    /// # Errors
    /// When it is larger than memory.
    pub fn new(eps: f64, confidence: f64, seed: i64) -> Result<Self> {
        let (width, depth) = ((2.0 / eps).ceil(), (-libm::log(1.0 - confidence) / libm::log(2.0)).ceil());
        if width * depth > MOST_COUNTS {
            let text = format!("A count-min sketch with eps = {eps} and confidence = {confidence} has {width} × {depth} counts.");
            return Err(Error::new(ErrorKind::OutOfMemory, text));
        }
        let (width, depth) = (width as usize, depth as usize);
        let mut random = JavaRandom::new(i64::from(seed as i32));
        let factors = (0..depth).map(|_| i64::from(random.next_int_below(i32::MAX))).collect();
        Ok(Self { width, factors, counts: vec![0; width * depth], total: 0 })
    }
}

impl Sketching for CountMin {
    fn update(&mut self, row: &[Value]) -> Result<()> {
        let bytes = match &row[0] {
            Value::String(text) => Some(text.as_bytes()),
            Value::Binary(bytes) => Some(&**bytes),
            _ => None,
        };
        let first = bytes.map_or(0, |b| hash_bytes(b, 0));
        let second = bytes.map_or(0, |b| hash_bytes(b, first));
        let number = row[0].as_i64().unwrap_or(0);
        let width = self.width as i32;
        for (i, factor) in self.factors.iter().enumerate() {
            let bucket = if bytes.is_some() {
                (first.wrapping_add((i as i32).wrapping_mul(second)) % width).unsigned_abs() as usize
            } else {
                let product = factor.wrapping_mul(number);
                let hash = product.wrapping_add(product >> 32) & i64::from(i32::MAX);
                hash as usize % self.width
            };
            self.counts[i * self.width + bucket] += 1;
        }
        self.total += 1;
        Ok(())
    }

    fn merge(&mut self, later: Box<dyn Sketching>) -> Result<()> {
        let later = same::<Self>(later)?;
        self.counts.iter_mut().zip(&later.counts).for_each(|(a, b)| *a += b);
        self.total += later.total;
        Ok(())
    }

    fn finish(self: Box<Self>) -> Result<Vec<u8>> {
        let mut bytes = Vec::with_capacity(20 + 8 * (self.factors.len() + self.counts.len()));
        bytes.extend(1_i32.to_be_bytes());
        bytes.extend(self.total.to_be_bytes());
        bytes.extend((self.factors.len() as i32).to_be_bytes());
        bytes.extend((self.width as i32).to_be_bytes());
        self.factors.iter().chain(&self.counts).for_each(|v| bytes.extend(v.to_be_bytes()));
        Ok(bytes)
    }

    fn copy(&self) -> Box<dyn Sketching> {
        Box::new(self.clone())
    }
}

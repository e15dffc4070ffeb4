use super::{Kll, double, key};
use crate::functions::Numbers;
use crate::value::Value;

impl Kll {
    /// The items in order, each with the weight of all up to it. Least and largest are there, though they may not have been kept.
    fn cumulative(&self) -> Option<Vec<(i64, u64)>> {
        let (least, most) = self.range?;
        let mut items: Vec<(i64, u64)> =
            self.levels.iter().enumerate().flat_map(|(level, items)| items.iter().map(move |i| (*i, 1 << level))).collect();
        items.sort_unstable();
        let mut total = 0;
        for (_, weight) in &mut items {
            total += *weight;
            *weight = total;
        }
        if items.first()?.0 != least {
            items.insert(0, (least, 1));
        }
        if items.last()?.0 != most {
            items.last_mut()?.1 = total - 1;
            items.push((most, total));
        }
        Some(items)
    }

    /// The smallest item that at least this share of all (0 to 1) isn't above; none of an empty sketch.
    pub fn quantile(&self, rank: f64) -> Option<Value> {
        const EXACT: f64 = 1e7;
        let items = self.cumulative()?;
        let mut wanted = rank * self.count as f64;
        if self.count as f64 <= EXACT {
            wanted = (wanted * EXACT + 0.5).floor() / EXACT;
        }
        let wanted = wanted.ceil() as u64;
        let at = items.partition_point(|(_, weight)| *weight < wanted);
        Some(self.value(items[at.min(items.len() - 1)].0))
    }

    /// The share of all items that isn't above the value; none of an empty sketch.
    pub fn rank(&self, value: &Value) -> Option<f64> {
        let items = self.cumulative()?;
        // Both zeros are one number.
        let zero = self.numbers != Numbers::Long && value.as_f64() == Some(0.0);
        let key = if zero { 0 } else { key(value, self.numbers)? };
        let at = items.partition_point(|(item, _)| *item <= key);
        Some(at.checked_sub(1).map_or(0.0, |last| items[last].1 as f64 / self.count as f64))
    }

    fn value(&self, item: i64) -> Value {
        match self.numbers {
            Numbers::Long => Value::Long(item),
            Numbers::Float => Value::Float(double(item) as f32),
            Numbers::Double => Value::Double(double(item)),
        }
    }

    /// What Java prints of it.
    pub fn summary(&self) -> String {
        let name = match self.numbers {
            Numbers::Long => "Longs",
            Numbers::Float => "Floats",
            Numbers::Double => "Doubles",
        };
        let error = |factor: f64, power: f64| format!("{:.3}%", 100.0 * factor / libm::pow(f64::from(self.least_k), power));
        let ends = self.range.map_or(("NaN".into(), "NaN".into()), |(a, b)| (self.value(a).to_string(), self.value(b).to_string()));
        let facts = [
            ("K                      ", self.k.to_string()),
            ("Dynamic min K          ", self.least_k.to_string()),
            ("M                      ", self.m.to_string()),
            ("N                      ", self.count.to_string()),
            ("Epsilon                ", error(2.296, 0.9723)),
            ("Epsilon PMF            ", error(2.446, 0.9433)),
            ("Empty                  ", (self.count == 0).to_string()),
            ("Estimation Mode        ", (self.levels.len() > 1).to_string()),
            ("Levels                 ", self.levels.len().to_string()),
            ("Level 0 Sorted         ", self.sorted.to_string()),
            ("Capacity Items         ", self.room.to_string()),
            ("Retained Items         ", self.held().to_string()),
            ("Free Space             ", (self.room - self.held()).to_string()),
            ("ReadOnly               ", "false".into()),
            ("Updatable Storage Bytes", self.updatable_size().to_string()),
            ("Compact Storage Bytes  ", self.bytes().len().to_string()),
            ("Min Item               ", ends.0),
            ("Max Item               ", ends.1),
        ];
        let lines: String = facts.iter().map(|(name, value)| format!("   {name}: {value}\n")).collect();
        format!("\n### KllKll{name}Sketch Summary:\n{lines}### End sketch summary\n")
    }
}

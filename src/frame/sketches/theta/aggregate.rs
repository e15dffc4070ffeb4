use kindling_partition::Result;

use super::super::{Sketching, hash, same};
use super::table::Table;
use super::{Compact, Flavour, Intersection, Mode, Summary, Union};
use crate::value::Value;

/// What an aggregate does with its rows.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(in super::super) enum How {
    Build,
    Unite,
    Intersect,
}

/// What an aggregate of theta or tuple sketches keeps of a group.
#[derive(Clone)]
pub(in super::super) struct Aggregated {
    function: &'static str,
    flavour: Flavour,
    mode: Mode,
    lg_size: u8,
    made: Made,
}

#[derive(Clone)]
enum Made {
    Table(Table),
    Union(Union),
    Intersection(Intersection),
}

impl Aggregated {
    pub fn new(how: How, function: &'static str, flavour: Flavour, lg_size: u8, mode: Mode) -> Self {
        let made = match how {
            How::Build => Made::Table(Table::new(lg_size)),
            How::Unite => Made::Union(Union::new(lg_size, mode, flavour)),
            How::Intersect => Made::Intersection(Intersection::new(mode, flavour)),
        };
        Self { function, flavour, mode, lg_size, made }
    }

    /// What is written; none of an intersection of no sketches.
    fn compact(self) -> Option<Compact> {
        match self.made {
            Made::Table(mut table) => {
                if self.flavour == Flavour::Theta {
                    table.trim();
                }
                Some(table.compact())
            }
            Made::Union(union) => Some(union.result()),
            Made::Intersection(intersection) => intersection.result(),
        }
    }

    fn read(&self, value: &Value) -> Result<Compact> {
        let bytes = if let Value::Binary(bytes) = value { &**bytes } else { &[] };
        Compact::read(bytes, self.flavour, self.function)
    }
}

impl Sketching for Aggregated {
    fn update(&mut self, row: &[Value]) -> Result<()> {
        let (mode, flavour) = (self.mode, self.flavour);
        if let Made::Table(table) = &mut self.made {
            if let Some([hash, _]) = hash::of(&row[0]) {
                let value = row.get(1).and_then(Value::as_f64).unwrap_or(0.0);
                table.insert(hash >> 1, |there| {
                    let mut summary = there.unwrap_or_else(|| Summary::new(mode, flavour));
                    summary.take(value, flavour);
                    summary
                });
            }
            return Ok(());
        }
        let sketch = self.read(&row[0])?;
        match &mut self.made {
            Made::Union(union) => union.take(&sketch, None),
            Made::Intersection(intersection) => intersection.take(&sketch, None),
            Made::Table(_) => {}
        }
        Ok(())
    }

    fn merge(&mut self, later: Box<dyn Sketching>) -> Result<()> {
        let Some(later) = same::<Self>(later)?.compact() else { return Ok(()) };
        if let Made::Table(table) = &self.made {
            let mut union = Union::new(self.lg_size, self.mode, self.flavour);
            union.take(&table.compact(), None);
            self.made = Made::Union(union);
        }
        match &mut self.made {
            Made::Union(union) => union.take(&later, None),
            Made::Intersection(intersection) => intersection.take(&later, None),
            Made::Table(_) => {}
        }
        Ok(())
    }

    fn finish(self: Box<Self>) -> Result<Vec<u8>> {
        let flavour = self.flavour;
        Ok(self.compact().unwrap_or_else(Compact::nothing).bytes(flavour))
    }

    fn copy(&self) -> Box<dyn Sketching> {
        Box::new(self.clone())
    }
}

use super::table::{Table, place, sized};
use super::{Compact, EVERYTHING, Flavour, Mode, Summary};

/// The union of sketches, as Java's classes of that name make it.
#[derive(Clone)]
pub(crate) struct Union {
    flavour: Flavour,
    mode: Mode,
    table: Table,
    theta: u64,
    empty: bool,
}

impl Union {
    pub fn new(lg_size: u8, mode: Mode, flavour: Flavour) -> Self {
        Self { flavour, mode, table: Table::new(lg_size), theta: EVERYTHING, empty: true }
    }

    /// Takes in another; `summary` is what a sketch without numbers has.
    pub fn take(&mut self, other: &Compact, summary: Option<Summary>) {
        if other.empty {
            return;
        }
        let theta_of_java = self.flavour == Flavour::Theta;
        let single = theta_of_java && other.entries.len() == 1 && other.theta == EVERYTHING;
        if !single {
            self.empty = false;
            self.theta = self.theta.min(other.theta);
            if theta_of_java {
                self.theta = self.theta.min(self.table.theta);
            }
        }
        let (mode, flavour) = (self.mode, self.flavour);
        for entry in &other.entries {
            if theta_of_java && !single && entry.hash >= self.theta {
                continue;
            }
            let theirs = summary.unwrap_or(entry.summary);
            self.table.insert(entry.hash, |ours| ours.map_or(theirs, |ours| Summary::of_both(mode, flavour, ours, theirs)));
        }
        if !single {
            self.theta = self.theta.min(self.table.theta);
        }
    }

    pub fn result(&self) -> Compact {
        let mut theta = self.theta.min(self.table.theta);
        if self.table.count > self.table.size() {
            theta = theta.min(self.table.nth(self.table.size()));
        }
        let entries: Vec<_> = self.table.entries().filter(|e| e.hash < theta).copied().collect();
        let empty = self.empty && self.table.empty || is_nothing(&entries, theta, self.flavour);
        Compact { entries, theta, empty }
    }
}

/// The intersection of sketches: nothing until the first.
#[derive(Clone)]
pub(crate) struct Intersection {
    flavour: Flavour,
    mode: Mode,
    made: Option<Compact>,
}

impl Intersection {
    pub fn new(mode: Mode, flavour: Flavour) -> Self {
        Self { flavour, mode, made: None }
    }

    /// Takes in another; `summary` is what a sketch without numbers has.
    pub fn take(&mut self, other: &Compact, summary: Option<Summary>) {
        let before = self.made.take();
        if other.empty || before.as_ref().is_some_and(|b| b.empty) {
            self.made = Some(Compact::nothing());
            return;
        }
        let theta = before.as_ref().map_or(EVERYTHING, |b| b.theta).min(other.theta);
        let theirs = other.entries.iter().map(|e| super::Entry { summary: summary.unwrap_or(e.summary), ..*e });
        let mut found: Vec<_> = match &before {
            None => theirs.collect(),
            Some(before) => {
                let ours = table(before);
                theirs
                    .filter(|e| e.hash < theta)
                    .filter_map(|e| {
                        let there = ours[place(&ours, e.hash)];
                        let summary = Summary::of_both(self.mode, self.flavour, there.summary, e.summary);
                        (there.hash == e.hash).then_some(super::Entry { hash: e.hash, summary })
                    })
                    .collect()
            }
        };
        // In the order of the places of a hash table.
        let mut places = sized(found.len());
        for entry in found.drain(..) {
            let at = place(&places, entry.hash);
            places[at] = entry;
        }
        let entries: Vec<_> = places.into_iter().filter(|e| e.hash != 0).collect();
        let empty = is_nothing(&entries, theta, self.flavour);
        self.made = Some(Compact { entries, theta, empty });
    }

    /// The intersection; none when there was no sketch.
    pub fn result(&self) -> Option<Compact> {
        self.made.clone()
    }
}

/// Whether a theta sketch of these is an empty one; a tuple sketch isn't.
fn is_nothing(entries: &[super::Entry], theta: u64, flavour: Flavour) -> bool {
    flavour == Flavour::Theta && entries.is_empty() && theta == EVERYTHING
}

/// What is in the first and not in the second.
pub(crate) fn difference(first: &Compact, second: &Compact) -> Compact {
    if first.empty || second.empty {
        return first.clone();
    }
    let theta = first.theta.min(second.theta);
    let theirs = table(second);
    let entries: Vec<_> =
        first.entries.iter().filter(|e| e.hash < theta && theirs[place(&theirs, e.hash)].hash != e.hash).copied().collect();
    let empty = entries.is_empty() && theta == EVERYTHING;
    Compact { entries, theta, empty }
}

fn table(sketch: &Compact) -> Vec<super::Entry> {
    let mut places = sized(sketch.entries.len());
    for entry in &sketch.entries {
        let at = place(&places, entry.hash);
        places[at] = *entry;
    }
    places
}

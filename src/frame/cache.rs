use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::batch::Batch;
use crate::file_columns::seen;
use crate::plan::Plan;

/// The plans whose rows a session keeps in memory once an action has computed them, partition by partition.
///
/// When they take more than their share, the partitions used longest ago are dropped, and computed again when they are asked for, as Spark
/// does for `MEMORY_ONLY`. Those of a plan never make room for others of the same plan: a pass over all would keep none.
#[derive(Default)]
pub(crate) struct Cache(Mutex<Inner>);

#[derive(Default)]
struct Inner {
    entries: Vec<Entry>,
    /// Counts what is taken and put, to tell what was used when.
    now: u64,
}

struct Entry {
    plan: Arc<Plan>,
    partitions: Vec<Option<Kept>>,
}

struct Kept {
    batch: Batch,
    bytes: usize,
    used: u64,
}

impl Cache {
    fn locked(&self) -> MutexGuard<'_, Inner> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub fn add(&self, plan: &Arc<Plan>) {
        let plan = seen(plan);
        let mut inner = self.locked();
        if inner.find(plan).is_none() {
            inner.entries.push(Entry { plan: plan.clone(), partitions: Vec::new() });
        }
    }

    pub fn remove(&self, plan: &Arc<Plan>) {
        let plan = seen(plan);
        self.locked().entries.retain(|e| !Arc::ptr_eq(&e.plan, plan));
    }

    pub fn clear(&self) {
        self.locked().entries.clear();
    }

    pub fn has(&self, plan: &Arc<Plan>) -> bool {
        self.locked().find(seen(plan)).is_some()
    }

    /// All partitions of a plan, when all are kept.
    pub fn all(&self, plan: &Arc<Plan>) -> Option<Vec<Batch>> {
        let mut inner = self.locked();
        let now = inner.tick();
        let entry = inner.find(plan)?;
        if entry.partitions.is_empty() || entry.partitions.iter().any(Option::is_none) {
            return None;
        }
        let kept = entry.partitions.iter_mut().flatten();
        Some(kept.map(|kept| kept.take(now)).collect())
    }

    /// One partition of a plan, when it is kept.
    pub fn get(&self, plan: &Arc<Plan>, partition: usize) -> Option<Batch> {
        let mut inner = self.locked();
        let now = inner.tick();
        let kept = inner.find(plan)?.partitions.get_mut(partition)?.as_mut()?;
        Some(kept.take(now))
    }

    /// Keeps a partition of a plan that has `partitions` of them, if the session keeps the plan and there is room.
    pub fn put(&self, plan: &Arc<Plan>, partitions: usize, partition: usize, batch: &Batch, budget: u64) {
        let mut inner = self.locked();
        let bytes = batch.bytes();
        if inner.find(plan).is_none() || !inner.make_room(bytes as u64, budget, Some(plan)) {
            return;
        }
        let used = inner.tick();
        let Some(entry) = inner.find(plan) else { return };
        entry.partitions.resize_with(partitions, || None);
        if let Some(place) = entry.partitions.get_mut(partition) {
            *place = Some(Kept { batch: batch.clone(), bytes, used });
        }
    }

    /// Drops what was used longest ago until at least so many bytes are free, or nothing is kept; says how many were freed.
    pub fn release(&self, bytes: u64) -> u64 {
        let mut inner = self.locked();
        let before = inner.bytes();
        inner.make_room(0, before.saturating_sub(bytes), None);
        before - inner.bytes()
    }
}

impl Kept {
    fn take(&mut self, now: u64) -> Batch {
        self.used = now;
        self.batch.clone()
    }
}

impl Inner {
    fn tick(&mut self) -> u64 {
        self.now += 1;
        self.now
    }

    fn find(&mut self, plan: &Arc<Plan>) -> Option<&mut Entry> {
        self.entries.iter_mut().find(|e| Arc::ptr_eq(&e.plan, plan))
    }

    fn bytes(&self) -> u64 {
        self.entries.iter().flat_map(|e| e.partitions.iter().flatten()).map(|kept| kept.bytes as u64).sum()
    }

    /// Drops partitions, not those of `spared`, until so many bytes more fit into the budget; says whether they do.
    fn make_room(&mut self, bytes: u64, budget: u64, spared: Option<&Arc<Plan>>) -> bool {
        while self.bytes() + bytes > budget {
            let others = self.entries.iter_mut().filter(|e| spared.is_none_or(|plan| !Arc::ptr_eq(&e.plan, plan)));
            let kept = others.flat_map(|e| e.partitions.iter_mut()).filter(|p| p.is_some());
            let Some(oldest) = kept.min_by_key(|p| p.as_ref().map(|kept| kept.used)) else { return false };
            *oldest = None;
        }
        true
    }
}

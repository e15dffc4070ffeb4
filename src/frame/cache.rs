use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use kindling_partition::Result;

use crate::batch::Batch;
use crate::exec::{Ids, Runner};
use crate::plan::Plan;

/// The plans whose rows a session keeps in memory once an action has computed them.
#[derive(Default)]
pub(crate) struct Cache(Mutex<Vec<Entry>>);

struct Entry {
    plan: Arc<Plan>,
    batches: Arc<OnceLock<Arc<Vec<Batch>>>>,
}

impl Cache {
    pub fn add(&self, plan: &Arc<Plan>) {
        let mut entries = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if !entries.iter().any(|e| Arc::ptr_eq(&e.plan, plan)) {
            entries.push(Entry { plan: plan.clone(), batches: Arc::default() });
        }
    }

    pub fn remove(&self, plan: &Arc<Plan>) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).retain(|e| !Arc::ptr_eq(&e.plan, plan));
    }

    pub fn has(&self, plan: &Arc<Plan>) -> bool {
        self.find(plan).is_some()
    }

    fn find(&self, plan: &Arc<Plan>) -> Option<Arc<OnceLock<Arc<Vec<Batch>>>>> {
        let entries = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        entries.iter().find(|e| Arc::ptr_eq(&e.plan, plan)).map(|e| e.batches.clone())
    }

    /// All columns of a plan that is to be kept, computed now if it wasn't before; none for other plans.
    pub fn batches(&self, runner: Runner<'_>, plan: &Arc<Plan>) -> Result<Option<Arc<Vec<Batch>>>> {
        let Some(kept) = self.find(plan) else { return Ok(None) };
        if let Some(batches) = kept.get() {
            return Ok(Some(batches.clone()));
        }
        let output = plan.output();
        let without = Cache(Mutex::new(Vec::new()));
        let others: Vec<Entry> = {
            let entries = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            let others = entries.iter().filter(|e| !Arc::ptr_eq(&e.plan, plan));
            others.map(|e| Entry { plan: e.plan.clone(), batches: e.batches.clone() }).collect()
        };
        *without.0.lock().unwrap_or_else(PoisonError::into_inner) = others;
        let runner = Runner { executor: runner.executor, cache: &without };
        let required: Ids = output.iter().map(|a| a.id).collect();
        let plan = crate::optimize::optimize(plan, &without, runner.executor);
        let stage = runner.stage(&plan, &required)?;
        let order: Vec<usize> = output.iter().filter_map(|a| stage.position(a.id)).collect();
        let batches = runner.run(&stage)?.into_iter().map(|b| Batch::new(order.iter().map(|i| b.columns[*i].clone()).collect(), b.rows));
        let batches: Arc<Vec<Batch>> = Arc::new(batches.collect());
        Ok(Some(kept.get_or_init(|| batches).clone()))
    }
}

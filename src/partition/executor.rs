use std::sync::Arc;
use std::sync::atomic::{AtomicI32, AtomicU64, Ordering::Relaxed};

use crate::observer::{Observer, StageEvent, task_counters};
use crate::pool::Pool;
use crate::{Error, Result};

/// Runs tasks over partitions. Cheap to clone; clones share the threads, the Stop flag and the observer.
///
/// `map` and `map_owned` give results in partition order, `aggregate` combines them in partition order, `shuffle` sends rows to new
/// partitions and keeps the order of the old ones within each. A task that fails ends the stage with the error of the *first* failing
/// partition, whichever thread met its own first.
#[derive(Clone)]
pub struct Executor {
    pool: Pool,
    threads: usize,
    observer: Option<Arc<dyn Observer>>,
    cancel: &'static AtomicI32,
    stages: Arc<AtomicU64>,
}

impl Executor {
    /// An executor on `threads` threads (at least one). Its Stop flag is the program's ([`task_counters`]).
    pub fn new(threads: usize) -> Self {
        let threads = threads.max(1);
        Self { pool: Pool::new(threads), threads, observer: None, cancel: &task_counters().cancel, stages: Arc::default() }
    }

    /// The same executor, telling `observer` of its stages.
    #[must_use]
    pub fn observed_by(mut self, observer: Arc<dyn Observer>) -> Self {
        self.observer = Some(observer);
        self
    }

    /// How many tasks run at once. Only for reports: no result may depend on it.
    pub fn threads(&self) -> usize {
        self.threads
    }

    /// Fails when Stop was pressed. A load of one integer: call it every few thousand rows.
    pub fn check(&self) -> Result<()> {
        if self.cancel.load(Relaxed) == 0 { Ok(()) } else { Err(Error::cancelled()) }
    }

    /// Tells the observer that an iterative fit did `done` of at most `total` steps, and fails when Stop was pressed.
    pub fn step(&self, name: &str, done: u64, total: u64) -> Result<()> {
        if let Some(observer) = &self.observer {
            observer.event(StageEvent::Step { name: name.to_owned(), done, total });
        }
        self.check()
    }

    /// `task(index, partition)` for each partition.
    pub fn map<T: Sync, U: Send>(
        &self,
        name: &str,
        partitions: &[T],
        task: impl Fn(usize, &T) -> Result<U> + Sync + Send,
    ) -> Result<Vec<U>> {
        self.stage(name, partitions.len(), |i| task(i, &partitions[i]))
    }

    /// As [`map`](Self::map) over the numbers `0..tasks`.
    pub fn range<U: Send>(&self, name: &str, tasks: usize, task: impl Fn(usize) -> Result<U> + Sync + Send) -> Result<Vec<U>> {
        self.stage(name, tasks, task)
    }

    /// As [`map`](Self::map), without a word to the observer: for the thousands of short passes of an iterative fit, which reports by
    /// [`step`](Self::step).
    pub fn map_quietly<T: Sync, U: Send>(&self, partitions: &[T], task: impl Fn(usize, &T) -> Result<U> + Sync + Send) -> Result<Vec<U>> {
        self.check()?;
        self.pool.run(partitions.len(), |i| self.check().and_then(|()| task(i, &partitions[i]))).into_iter().collect()
    }

    /// Folds each partition from `zero()` with `seq`, then combines the partitions' results in partition order with `comb`.
    pub fn aggregate<T: Sync, A: Send>(
        &self,
        name: &str,
        partitions: &[T],
        zero: impl Fn() -> A + Sync + Send,
        seq: impl Fn(A, usize, &T) -> Result<A> + Sync + Send,
        comb: impl FnMut(A, A) -> A,
    ) -> Result<A> {
        let parts = self.map(name, partitions, |i, partition| seq(zero(), i, partition))?;
        Ok(parts.into_iter().reduce(comb).unwrap_or_else(zero))
    }

    /// `split` cuts each old partition into `n` pieces, one for each new partition; new partition `j` is the list of the old ones' pieces
    /// `j`, in the order of the old ones.
    pub fn shuffle<T: Sync, P: Send>(
        &self,
        name: &str,
        partitions: &[T],
        n: usize,
        split: impl Fn(usize, &T) -> Result<Vec<P>> + Sync + Send,
    ) -> Result<Vec<Vec<P>>> {
        let pieces = self.map(name, partitions, split)?;
        let mut shuffled: Vec<Vec<P>> = (0..n).map(|_| Vec::with_capacity(pieces.len())).collect();
        for piece in pieces {
            debug_assert_eq!(piece.len(), n, "a split gives one piece for each new partition");
            for (target, part) in shuffled.iter_mut().zip(piece) {
                target.push(part);
            }
        }
        Ok(shuffled)
    }

    fn stage<U: Send>(&self, name: &str, tasks: usize, task: impl Fn(usize) -> Result<U> + Sync + Send) -> Result<Vec<U>> {
        self.check()?;
        let counters = task_counters();
        counters.stage(tasks);
        let stage = self.stages.fetch_add(1, Relaxed);
        let started = self.observer.as_ref().map(|observer| {
            observer.event(StageEvent::Started { stage, name: name.to_owned(), tasks });
            clock::now()
        });
        let results = self.pool.run(tasks, |i| {
            let result = self.check().and_then(|()| task(i));
            counters.done.fetch_add(1, Relaxed);
            result
        });
        if let (Some(observer), Some(started)) = (&self.observer, started) {
            observer.event(StageEvent::Finished { stage, tasks, micros: clock::micros_since(started) });
        }
        results.into_iter().collect()
    }
}

/// Time for reports. WebAssembly has none of its own: there the page measures between events.
mod clock {
    #[cfg(not(target_arch = "wasm32"))]
    pub(super) fn now() -> std::time::Instant {
        std::time::Instant::now()
    }

    #[cfg(not(target_arch = "wasm32"))]
    pub(super) fn micros_since(start: std::time::Instant) -> u64 {
        u64::try_from(start.elapsed().as_micros()).unwrap_or(u64::MAX)
    }

    #[cfg(target_arch = "wasm32")]
    pub(super) fn now() {}

    #[cfg(target_arch = "wasm32")]
    pub(super) fn micros_since((): ()) -> u64 {
        0
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ErrorKind;

    #[test]
    fn results_and_sums_keep_partition_order_on_any_number_of_threads() {
        let partitions: Vec<Vec<f64>> = (0..37).map(|i| (0..i).map(|j| 0.1 * f64::from(j * i)).collect()).collect();
        let bits: Vec<u64> = [1, 2, 4, 8]
            .into_iter()
            .map(|threads| {
                let executor = Executor::new(threads);
                let order = executor.map("order", &partitions, |i, _| Ok(i)).expect("order");
                assert_eq!(order, (0..37).collect::<Vec<_>>());
                let sum = executor.aggregate("sum", &partitions, || 0.0, |a, _, p| Ok(a + p.iter().sum::<f64>()), |a, b| a + b);
                sum.expect("sum").to_bits()
            })
            .collect();
        assert!(bits.windows(2).all(|pair| pair[0] == pair[1]));
    }

    #[test]
    fn a_shuffle_keeps_the_order_of_the_old_partitions() {
        let old = [vec![1, 2, 3], vec![4, 5, 6], vec![7]];
        let new = Executor::new(4)
            .shuffle("by parity", &old, 2, |_, p| {
                Ok((0..2).map(|r| p.iter().copied().filter(|x| x % 2 == r).collect::<Vec<_>>()).collect())
            })
            .expect("shuffle");
        assert_eq!(new, [vec![vec![2], vec![4, 6], vec![]], vec![vec![1, 3], vec![5], vec![7]]]);
    }

    #[test]
    fn the_first_failing_partition_is_the_one_reported() {
        let result = Executor::new(8).range("fail", 8, |i| if i < 3 { Ok(i) } else { Err(Error::runtime(format!("task {i}"))) });
        assert_eq!(result.expect_err("tasks 3 to 7 fail").message(), "task 3");
        assert_eq!(Error::cancelled().kind(), ErrorKind::Cancelled);
    }

    #[test]
    fn an_empty_aggregate_is_its_zero() {
        let none: [i32; 0] = [];
        assert_eq!(Executor::new(2).aggregate("none", &none, || 7, |a, _, x| Ok(a + x), |a, b| a + b), Ok(7));
    }
}

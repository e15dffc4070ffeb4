use std::cell::Cell;
use std::sync::Arc;
use std::sync::atomic::{AtomicI32, AtomicU64, Ordering::Relaxed};

use crate::memory::{self, Budget};
use crate::observer::{Clock, Observer, StageEvent, TaskRun, task_counters};
use crate::pool::{Pool, worker};
use crate::{Error, Result};

thread_local! {
    /// Rows and bytes that the task running on this thread has noted.
    static NOTED: Cell<(u64, u64)> = const { Cell::new((0, 0)) };
}

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
    clock: Option<Clock>,
    cancel: &'static AtomicI32,
    stages: Arc<AtomicU64>,
    budget: Budget,
}

impl Executor {
    /// An executor on `threads` threads (at least one). Its Stop flag is the program's ([`task_counters`]).
    pub fn new(threads: usize) -> Self {
        let threads = threads.max(1);
        Self {
            pool: Pool::new(threads),
            threads,
            observer: None,
            clock: None,
            cancel: &task_counters().cancel,
            stages: Arc::default(),
            budget: Budget::Program,
        }
    }

    /// The same executor with another Stop flag than the program's.
    #[must_use]
    pub fn stopped_by(mut self, flag: &'static AtomicI32) -> Self {
        self.cancel = flag;
        self
    }

    /// The same executor, telling `observer` of its stages.
    #[must_use]
    pub fn observed_by(mut self, observer: Arc<dyn Observer>) -> Self {
        self.observer = Some(observer);
        self
    }

    /// The same executor, telling its observer when each task ran. WebAssembly has no time of its own: whoever starts the kernel gives it.
    #[must_use]
    pub fn timed_by(mut self, clock: Clock) -> Self {
        self.clock = Some(clock);
        self
    }

    /// The same executor, but its tasks run one after the other on the thread that asks for them: for what only that thread may do.
    #[must_use]
    pub fn on_caller(&self) -> Self {
        Self { pool: Pool::new(1), threads: 1, ..self.clone() }
    }

    /// The same executor, but at most so many of its tasks run at once.
    #[must_use]
    pub fn limited_to(&self, threads: usize) -> Self {
        Self { threads: threads.clamp(1, self.threads), ..self.clone() }
    }

    /// The same executor, whose jobs may take so many bytes at a time, whatever the program has.
    #[must_use]
    pub fn with_memory(mut self, bytes: u64) -> Self {
        self.budget = Budget::Bytes(bytes);
        self
    }

    /// Bytes that the program may take in all.
    pub fn memory_limit(&self) -> u64 {
        self.budget.limit()
    }

    /// Asks before a job takes a lot: fails when there is less than it needs. `what` is what takes it, `instead` what the reader can do.
    ///
    /// # Errors
    /// [`ErrorKind::OutOfMemory`](crate::ErrorKind::OutOfMemory): "Sorting: this needs about 1.9 GB, 1.2 GB are free. …"
    pub fn ask(&self, what: &str, bytes: u64, instead: &str) -> Result<()> {
        memory::ask(self.budget, what, bytes, instead)
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

    /// Tells the observer that an action begins, which its caller knows by a number.
    pub fn job(&self, name: &str, number: u64, plan: impl FnOnce() -> String) {
        if let Some(observer) = &self.observer {
            observer.event(StageEvent::Job { name: name.to_owned(), number, plan: plan() });
        }
    }

    /// Notes what the running task gave, for the observer. A task may note several times; it all adds up.
    pub fn note(&self, rows: usize, bytes: usize) {
        NOTED.with(|noted| {
            let (known_rows, known_bytes) = noted.get();
            noted.set((known_rows + rows as u64, known_bytes + bytes as u64));
        });
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
        self.pool.run(self.threads, partitions.len(), |i| self.check().and_then(|()| task(i, &partitions[i]))).into_iter().collect()
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
        let stage = self.begin(name, tasks);
        let clock = self.observer.as_ref().and(self.clock);
        let ran = self.pool.run(self.threads, tasks, |i| {
            let begun = clock.map(Begun::now);
            let result = self.check().and_then(|()| task(i));
            task_counters().done.fetch_add(1, Relaxed);
            (result, begun.map(Begun::run))
        });
        let (results, runs): (Vec<_>, Vec<_>) = ran.into_iter().unzip();
        self.end(stage, name, runs);
        results.into_iter().collect()
    }

    fn begin(&self, name: &str, tasks: usize) -> u64 {
        task_counters().stage(tasks);
        let stage = self.stages.fetch_add(1, Relaxed);
        if let Some(observer) = &self.observer {
            observer.event(StageEvent::Started { stage, name: name.to_owned(), tasks });
        }
        stage
    }

    fn end(&self, stage: u64, name: &str, runs: Vec<Option<TaskRun>>) {
        if let Some(observer) = &self.observer {
            observer.event(StageEvent::Finished { stage, name: name.to_owned(), tasks: runs.into_iter().flatten().collect() });
        }
    }
}

/// A task that is being timed.
struct Begun {
    clock: Clock,
    start: f64,
    /// What the task around this one has noted: a task may run stages of its own.
    outer: (u64, u64),
}

impl Begun {
    fn now(clock: Clock) -> Self {
        Self { clock, start: clock(), outer: NOTED.take() }
    }

    fn run(self) -> TaskRun {
        let (rows, bytes) = NOTED.replace(self.outer);
        TaskRun { worker: worker(), start: self.start, seconds: (self.clock)() - self.start, rows, bytes }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;
    use std::sync::atomic::AtomicUsize;

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
    fn the_observer_hears_of_each_task() {
        #[derive(Default)]
        struct Heard(Mutex<Vec<StageEvent>>);
        impl Observer for Heard {
            fn event(&self, event: StageEvent) {
                self.0.lock().expect("the events").push(event);
            }
        }
        let heard = Arc::new(Heard::default());
        let executor = Executor::new(2).observed_by(heard.clone()).timed_by(|| 2.0);
        executor.job("count", 7, || "the plan".to_owned());
        let inner = |rows: usize| {
            executor.range("inner", 1, |_| {
                executor.note(100 * rows, 0);
                Ok(())
            })
        };
        let outer = executor.range("outer", 3, |i| {
            executor.note(i, 8);
            inner(i)?;
            executor.note(1, 8);
            Ok(())
        });
        outer.expect("no task fails");
        let events = heard.0.lock().expect("the events");
        assert_eq!(events[0], StageEvent::Job { name: "count".to_owned(), number: 7, plan: "the plan".to_owned() });
        let Some(StageEvent::Finished { name, tasks, .. }) = events.last() else { panic!("the outer stage ends last") };
        let rows: Vec<(u64, u64)> = tasks.iter().map(|task| (task.rows, task.bytes)).collect();
        assert_eq!((&**name, rows), ("outer", vec![(1, 16), (2, 16), (3, 16)]));
        assert!(tasks.iter().all(|task| task.worker < 2 && task.start == 2.0 && task.seconds == 0.0));
    }

    #[test]
    fn fewer_threads_do_the_same_work() {
        let executor = Executor::new(4);
        for threads in [1, 2, 3, 9] {
            let limited = executor.limited_to(threads);
            assert_eq!(limited.threads(), threads.min(4));
            let busy = AtomicUsize::new(0);
            let most = AtomicUsize::new(0);
            let order = limited.range("count", 40, |i| {
                most.fetch_max(busy.fetch_add(1, Relaxed) + 1, Relaxed);
                std::thread::sleep(std::time::Duration::from_millis(1));
                busy.fetch_sub(1, Relaxed);
                Ok(i)
            });
            assert_eq!(order.expect("no task fails"), (0..40).collect::<Vec<_>>());
            assert!(most.into_inner() <= limited.threads());
        }
    }

    #[test]
    fn an_empty_aggregate_is_its_zero() {
        let none: [i32; 0] = [];
        assert_eq!(Executor::new(2).aggregate("none", &none, || 7, |a, _, x| Ok(a + x), |a, b| a + b), Ok(7));
    }
}

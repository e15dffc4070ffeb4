//! What the executor tells of its work: events on the driver's thread, counters that another thread may poll.

use std::sync::atomic::{AtomicI32, Ordering::Relaxed};

/// One step of a job as the driver sees it.
#[derive(Clone, Debug, PartialEq)]
pub enum StageEvent {
    /// A stage with this many tasks begins.
    Started { stage: u64, name: String, tasks: usize },
    /// The stage is over, well or not. Its tasks by partition; none when the executor has no clock.
    Finished { stage: u64, name: String, tasks: Vec<TaskRun> },
    /// An action begins: the stages that follow are its own, until the next. `plan` is what it computes, as `explain()` prints it.
    Job { name: String, number: u64, plan: String },
    /// An iterative fit did `done` of at most `total` steps.
    Step { name: String, done: u64, total: u64 },
}

/// How one task of a stage ran.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct TaskRun {
    /// The thread that ran it, counted from 0.
    pub worker: usize,
    /// In seconds on the executor's clock.
    pub start: f64,
    pub seconds: f64,
    /// What the task gave, as far as it was noted: see [`Executor::note`](crate::Executor::note).
    pub rows: u64,
    pub bytes: u64,
}

/// Seconds since any fixed moment, the same on all threads.
pub type Clock = fn() -> f64;

/// Hears of stages on the thread that drives the job. A driver may be a pool's thread when fits run in parallel.
pub trait Observer: Send + Sync {
    fn event(&self, event: StageEvent);
}

/// The flag and counters that the page polls in shared memory while the kernel's thread is busy, laid out as four 32-bit integers.
///
/// There is one for the whole program, because a browser's page finds it by its address.
#[repr(C)]
#[derive(Debug)]
pub struct TaskCounters {
    /// Set to 1 by Stop; every loop over rows looks at it.
    pub cancel: AtomicI32,
    /// Stages started so far.
    pub stages: AtomicI32,
    /// Tasks of the newest stage that are done.
    pub done: AtomicI32,
    /// Tasks of the newest stage.
    pub total: AtomicI32,
}

static COUNTERS: TaskCounters =
    TaskCounters { cancel: AtomicI32::new(0), stages: AtomicI32::new(0), done: AtomicI32::new(0), total: AtomicI32::new(0) };

/// The program's counters.
pub fn task_counters() -> &'static TaskCounters {
    &COUNTERS
}

impl TaskCounters {
    pub(crate) fn stage(&self, tasks: usize) {
        self.total.store(i32::try_from(tasks).unwrap_or(i32::MAX), Relaxed);
        self.done.store(0, Relaxed);
        self.stages.fetch_add(1, Relaxed);
    }
}

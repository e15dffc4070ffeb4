use std::cell::RefCell;
use std::rc::Rc;
use std::sync::Arc;

use kindling_partition::{Observer, StageEvent};

use crate::host::CurrentCell;
use crate::jobs::Jobs;
use crate::outside::Outside;
use crate::protocol::Event;

/// Seconds between two progress messages, so that a fit of thousands of steps doesn't flood the page.
const PERIOD: f64 = 0.05;

thread_local! {
    /// Set on the kernel's own thread only: the pool's threads have nobody to speak to.
    static REPORTER: RefCell<Option<Reporter>> = const { RefCell::new(None) };
}

struct Reporter {
    outside: Rc<dyn Outside>,
    cell: CurrentCell,
    last: f64,
    jobs: Jobs,
}

/// Tells the page how far a job is, from the thread that drives it.
struct Progress;

/// The observer for the executor. Stages that other threads drive (parallel fits) are seen through the shared counters only.
pub(crate) fn observer(outside: Rc<dyn Outside>, cell: CurrentCell) -> Arc<dyn Observer> {
    REPORTER.with_borrow_mut(|reporter| *reporter = Some(Reporter { outside, cell, last: f64::NEG_INFINITY, jobs: Jobs::default() }));
    Arc::new(Progress)
}

/// What the cell had Spark do, to be told when it is over.
pub(crate) fn jobs(cell: &str) -> Option<Event> {
    REPORTER.with_borrow_mut(|reporter| reporter.as_mut()?.jobs.take(cell))
}

impl Observer for Progress {
    fn event(&self, event: StageEvent) {
        REPORTER.with_borrow_mut(|reporter| {
            if let Some(reporter) = reporter {
                reporter.jobs.hear(&event);
            }
        });
        let (name, done, total) = match event {
            StageEvent::Started { name, tasks, .. } => (name, 0, tasks as u64),
            StageEvent::Step { name, done, total } => (name, done, total),
            StageEvent::Finished { .. } | StageEvent::Job { .. } => return,
        };
        REPORTER.with_borrow_mut(|reporter| {
            let Some(reporter) = reporter else { return };
            let now = reporter.outside.monotonic_seconds();
            if now - reporter.last < PERIOD {
                return;
            }
            reporter.last = now;
            let cell = reporter.cell.borrow().clone();
            let cap = |n: u64| u32::try_from(n).unwrap_or(u32::MAX);
            reporter.outside.emit(Event::Progress { cell, name, done: cap(done), total: cap(total) });
        });
    }
}

//! Where tasks run: a pool of threads, or one after the other.

#[cfg(all(feature = "threads", not(target_arch = "wasm32")))]
use std::sync::Arc;
#[cfg(feature = "threads")]
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use std::sync::{Mutex, PoisonError};

/// The threads behind an executor.
#[derive(Clone)]
pub(crate) enum Pool {
    Sequential,
    /// The pool that the browser's kernel worker started (rayon's global one).
    #[cfg(all(feature = "threads", target_arch = "wasm32"))]
    Global,
    #[cfg(all(feature = "threads", not(target_arch = "wasm32")))]
    Own(Arc<rayon::ThreadPool>),
}

impl Pool {
    /// A pool of `threads`; one thread, or a build without them, runs tasks in order on the caller's.
    pub(crate) fn new(threads: usize) -> Self {
        #[cfg(feature = "threads")]
        if threads > 1 {
            return Self::with_threads(threads);
        }
        let _ = threads;
        Self::Sequential
    }

    #[cfg(all(feature = "threads", target_arch = "wasm32"))]
    fn with_threads(_threads: usize) -> Self {
        Self::Global
    }

    #[cfg(all(feature = "threads", not(target_arch = "wasm32")))]
    fn with_threads(threads: usize) -> Self {
        match rayon::ThreadPoolBuilder::new().num_threads(threads).build() {
            Ok(pool) => Self::Own(Arc::new(pool)),
            // The system refuses threads: the work can still be done on this one.
            Err(_) => Self::Sequential,
        }
    }

    /// `task(0), …, task(n - 1)`, in any order, at most `width` at once, their results in order.
    pub(crate) fn run<U: Send>(&self, width: usize, n: usize, task: impl Fn(usize) -> U + Sync) -> Vec<U> {
        let results: Vec<Mutex<Option<U>>> = (0..n).map(|_| Mutex::default()).collect();
        self.each(width, n, &|i| {
            let result = task(i);
            *results[i].lock().unwrap_or_else(PoisonError::into_inner) = Some(result);
        });
        results.into_iter().filter_map(|result| result.into_inner().unwrap_or_else(PoisonError::into_inner)).collect()
    }

    /// One piece of code for all kinds of tasks: what divides work among threads is large, and a job has few tasks.
    fn each(&self, width: usize, n: usize, task: &(dyn Fn(usize) + Sync)) {
        match self {
            _ if width == 1 => (0..n).for_each(task),
            Self::Sequential => (0..n).for_each(task),
            #[cfg(all(feature = "threads", target_arch = "wasm32"))]
            Self::Global => parallel(width, n, task),
            #[cfg(all(feature = "threads", not(target_arch = "wasm32")))]
            Self::Own(pool) => pool.install(|| parallel(width, n, task)),
        }
    }
}

/// The number of the pool's thread that this runs on.
pub(crate) fn worker() -> usize {
    #[cfg(feature = "threads")]
    return rayon::current_thread_index().unwrap_or(0);
    #[cfg(not(feature = "threads"))]
    0
}

#[cfg(feature = "threads")]
fn parallel(width: usize, n: usize, task: &(dyn Fn(usize) + Sync)) {
    use rayon::prelude::*;
    if width >= rayon::current_num_threads() {
        return (0..n).into_par_iter().with_max_len(1).for_each(task);
    }
    // Fewer than there are: each takes the next task when it is done with one.
    let next = AtomicUsize::new(0);
    (0..width).into_par_iter().with_max_len(1).for_each(|_| {
        while let Some(i) = Some(next.fetch_add(1, Relaxed)).filter(|i| *i < n) {
            task(i);
        }
    });
}

//! The executor: every loop over rows in Kindling runs here, as tasks over partitions, and everything below the notebook shares its [`Error`].
//!
//! A frame is a list of partitions whose number comes from the data and the user, never from the threads, and whatever is combined is
//! combined in partition order: so one thread and sixteen give the same bits.

mod error;
mod executor;
mod memory;
mod observer;
mod pool;
mod suggest;

pub use error::{Error, ErrorKind, Position, Result};
pub use executor::Executor;
pub use memory::{Counting, ask_memory, free_memory, limit_memory};
pub use observer::{Clock, Observer, StageEvent, TaskCounters, TaskRun, task_counters};
pub use suggest::{did_you_mean, nearest};

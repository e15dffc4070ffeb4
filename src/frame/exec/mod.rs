//! Runs plans: narrow operators fuse into one task for each partition; wide ones (aggregate, join, sort, shuffle) end a stage.

mod accumulate;
mod aggregate;
mod cold;
mod dealt;
mod hyperloglog;
mod join;
mod keys;
mod moments;
mod narrow;
mod packed;
mod quantiles;
mod ranges;
mod regression;
mod scan;
mod short_text;
mod shuffle;
mod sort;
mod stage;
mod stored;
mod unsafe_row;
mod vector_metrics;
mod window;

pub(crate) use accumulate::{Accumulator, Call, State, states};
pub(crate) use aggregate::{of_no_rows, sorts_groups};
pub(crate) use cold::{order_of, order_text};
pub(crate) use join::Condition;
pub use quantiles::Digest;
pub(crate) use stage::{Ids, Runner, Stage};

//! A session that runs cells, and the typed messages it exchanges with the page.

mod host;
mod introspect;
mod jobs;
mod outside;
mod progress;
pub mod protocol;
mod session;
mod tables;
mod traceback;

pub use outside::Outside;
pub use session::{Session, Settings};

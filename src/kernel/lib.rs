//! A session that runs cells, and the typed messages it exchanges with the page.

pub mod protocol;

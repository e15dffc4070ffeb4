use crate::protocol::Event;

/// The world around a session: a page's worker, a terminal, a test.
pub trait Outside {
    fn emit(&self, event: Event);

    /// Seconds since the Unix epoch.
    fn epoch_seconds(&self) -> f64;

    /// Seconds of a clock that never goes back.
    fn monotonic_seconds(&self) -> f64;

    /// What nobody can foresee, for whatever is random and has no seed; no other result of the engine depends on it.
    fn entropy(&self) -> u64;

    /// Does nothing for a few milliseconds.
    fn pause(&self, seconds: f64);
}

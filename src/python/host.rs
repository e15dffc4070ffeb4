//! What the interpreter asks of the world around it.

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stream {
    Stdout,
    Stderr,
}

/// The notebook, a terminal or a test around an interpreter.
pub trait Host {
    fn write(&mut self, stream: Stream, text: &str);

    /// Asked every few milliseconds while a program runs; true interrupts it with `KeyboardInterrupt`.
    fn poll(&mut self) -> bool {
        false
    }

    /// Seconds since the Unix epoch, for `time.time()` and `datetime.now()`.
    fn now(&self) -> f64;

    /// Seconds of a clock that never goes back, for `time.perf_counter()`.
    fn monotonic(&self) -> f64 {
        self.now()
    }

    /// Waits, polling; false when interrupted.
    fn sleep(&mut self, seconds: f64) -> bool;

    /// Seed material for `random` without a seed.
    fn entropy(&mut self) -> u64;
}

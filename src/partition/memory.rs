//! How much memory there is, and how much of it is in use.

use std::alloc::{GlobalAlloc, Layout, System};
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

use crate::{Error, ErrorKind, Result};

/// Bytes that the program may take; all that there are unless somebody said otherwise.
static LIMIT: AtomicU64 = AtomicU64::new(u64::MAX);
/// Bytes that are taken, where the program's allocator is [`Counting`].
static TAKEN: AtomicU64 = AtomicU64::new(0);

/// The system's allocator, which also counts what is taken: WebAssembly's memory only grows, so its size doesn't tell.
#[derive(Debug)]
pub struct Counting;

// SAFETY: every call is the system allocator's own, with the arguments it was given.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        // SAFETY: the caller's promises are those that `System` asks for.
        let place = unsafe { System.alloc(layout) };
        if !place.is_null() {
            TAKEN.fetch_add(layout.size() as u64, Relaxed);
        }
        place
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        // SAFETY: the caller's promises are those that `System` asks for.
        let place = unsafe { System.alloc_zeroed(layout) };
        if !place.is_null() {
            TAKEN.fetch_add(layout.size() as u64, Relaxed);
        }
        place
    }

    unsafe fn dealloc(&self, place: *mut u8, layout: Layout) {
        TAKEN.fetch_sub(layout.size() as u64, Relaxed);
        // SAFETY: the caller's promises are those that `System` asks for.
        unsafe { System.dealloc(place, layout) }
    }

    unsafe fn realloc(&self, place: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        // SAFETY: the caller's promises are those that `System` asks for.
        let place = unsafe { System.realloc(place, layout, size) };
        if !place.is_null() {
            // Wraps around when it shrinks.
            TAKEN.fetch_add((size as u64).wrapping_sub(layout.size() as u64), Relaxed);
        }
        place
    }
}

/// Says how many bytes the program may take in all.
pub fn limit_memory(bytes: u64) {
    LIMIT.store(bytes, Relaxed);
}

/// Bytes that are left of those.
pub fn free_memory() -> u64 {
    Budget::Program.free()
}

/// Asks before something other than a job takes a lot of memory, as [`Executor::ask`](crate::Executor::ask) does for jobs.
///
/// # Errors
/// [`ErrorKind::OutOfMemory`]
pub fn ask_memory(what: &str, bytes: u64, instead: &str) -> Result<()> {
    ask(Budget::Program, what, bytes, instead)
}

/// A share of the program's memory that an executor's jobs may take.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Budget {
    /// All that the program has.
    Program,
    /// So many bytes, whatever else is taken.
    Bytes(u64),
}

impl Budget {
    pub fn limit(self) -> u64 {
        match self {
            Self::Program => LIMIT.load(Relaxed),
            Self::Bytes(bytes) => bytes,
        }
    }

    pub fn free(self) -> u64 {
        match self {
            Self::Program => LIMIT.load(Relaxed).saturating_sub(TAKEN.load(Relaxed)),
            Self::Bytes(bytes) => bytes,
        }
    }
}

/// The error of a job that can't have what it needs: `instead` says what to do.
pub(crate) fn too_little(what: &str, needed: u64, free: u64, instead: &str) -> Error {
    let text = format!("{what}: this needs about {}, {} are free. {instead}", gigabytes(needed), gigabytes(free));
    Error::new(ErrorKind::OutOfMemory, text)
}

/// `1.9 GB`; smaller amounts in MB or kB.
fn gigabytes(bytes: u64) -> String {
    let bytes = bytes as f64;
    let (unit, name) = match bytes {
        b if b >= 1e9 => (1e9, "GB"),
        b if b >= 1e6 => (1e6, "MB"),
        _ => (1e3, "kB"),
    };
    format!("{:.1} {name}", bytes / unit)
}

/// Whether so many bytes can be had.
///
/// # Errors
/// [`ErrorKind::OutOfMemory`]
pub(crate) fn ask(budget: Budget, what: &str, bytes: u64, instead: &str) -> Result<()> {
    let free = budget.free();
    if bytes <= free { Ok(()) } else { Err(too_little(what, bytes, free, instead)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_missing_is_told_in_gigabytes() {
        let error = ask(Budget::Bytes(1_200_000_000), "Sorting", 1_900_000_000, "Keep fewer columns.").expect_err("too much");
        assert_eq!(error.kind(), ErrorKind::OutOfMemory);
        assert_eq!(error.message(), "Sorting: this needs about 1.9 GB, 1.2 GB are free. Keep fewer columns.");
        assert!(ask(Budget::Bytes(1_200_000_000), "Sorting", 1_200_000_000, "").is_ok());
    }

    #[test]
    fn the_allocator_counts_what_it_gives_and_takes_back() {
        let before = TAKEN.load(Relaxed);
        let (small, large) = (Layout::new::<[u8; 100]>(), Layout::new::<[u8; 5000]>());
        // SAFETY: each place is given back with the layout that it has, and not used after.
        unsafe {
            let place = Counting.alloc(small);
            assert_eq!(TAKEN.load(Relaxed) - before, 100);
            let place = Counting.realloc(place, small, large.size());
            assert_eq!(TAKEN.load(Relaxed) - before, 5000);
            Counting.dealloc(place, large);
        }
        assert_eq!(TAKEN.load(Relaxed), before);
    }
}

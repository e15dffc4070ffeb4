//! What memory a CSV file takes while it is loaded with inference and kept: at most three times its size, its own bytes included.

use std::alloc::{GlobalAlloc, Layout, System};
use std::fmt::Write;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};

use kindling_frame::{Session, read_files};

/// The system's allocator, counting bytes.
struct Counting;

static NOW: AtomicUsize = AtomicUsize::new(0);
static MOST: AtomicUsize = AtomicUsize::new(0);

// SAFETY: every call goes on to the system's allocator as it came.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        MOST.fetch_max(NOW.fetch_add(layout.size(), Relaxed) + layout.size(), Relaxed);
        // SAFETY: the caller's promises are those of this function.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        NOW.fetch_sub(layout.size(), Relaxed);
        // SAFETY: the caller's promises are those of this function.
        unsafe { System.dealloc(pointer, layout) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

#[test]
fn a_load_takes_at_most_three_times_the_file() {
    let mut text = String::from("id,age,income,score,city,segment,clicks,ratio,balance,label\n");
    for i in 0..100_000_u64 {
        let noise = |k: u64| (i + k).wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 11;
        let share = |k: u64| noise(k) as f64 / (1_u64 << 53) as f64;
        let age = if i % 33 == 0 { String::new() } else { (noise(1) % 73 + 18).to_string() };
        let city = ["Amsterdam", "Berlin", "Copenhagen", "Dublin"][(noise(5) % 4) as usize];
        let (income, score, ratio, balance) = (share(2) * 90_000.0, share(3) * 4.0 - 2.0, share(4), share(6) * 10_000.0 - 5_000.0);
        let (segment, clicks, label) = (noise(7) % 40, noise(8) % 500, noise(9) % 2);
        writeln!(text, "{i},{age},{income:.2},{score},{city},segment_{segment},{clicks},{ratio},{balance:.3},{label}").expect("text");
    }
    let (size, rows) = (text.len(), text.lines().count() - 1);
    let session = Session::in_memory(2);
    session.files().write("/files/mixed.csv", text.into_bytes()).expect("written");

    let around = NOW.load(Relaxed) - size;
    MOST.store(NOW.load(Relaxed), Relaxed);
    let frame = read_files(&session, "csv", &["/files/mixed.csv"], &[("header", "true"), ("inferSchema", "true")], None).expect("read");
    assert_eq!(frame.cache().count().expect("counted"), rows);
    let times = (MOST.load(Relaxed) - around) as f64 / size as f64;
    println!("{times:.2} times the file");
    assert!(times <= 3.0, "{times:.2} times the file");
}

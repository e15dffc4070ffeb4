//! What holds of any bytes; what Spark's are is recorded in tests/reference/sql_sketches.txt.

use proptest::prelude::*;

use super::*;

/// Sketches of so many numbers, as every kind writes them, each in the state that bytes come back from.
fn sketches(count: i64) -> Vec<Vec<u8>> {
    let made = |mut sketch: Box<dyn Sketching>| {
        (0..count).for_each(|i| sketch.update(&[Value::Long(i), Value::Int(1)]).expect("numbers are taken"));
        sketch.finish().expect("bytes")
    };
    let set = |flavour| -> Box<dyn Sketching> { Box::new(theta::Aggregated::new(How::Build, "f", flavour, 4, Mode::Sum)) };
    vec![
        made(Box::new(Hll::new(8))),
        made(Box::new(Hll::new(4))),
        made(set(Flavour::Theta)),
        made(set(Flavour::Tuple { double: true })),
        made(set(Flavour::Tuple { double: false })),
        made(Box::new(Kll::new(8, Numbers::Long))),
        made(Box::new(Kll::new(8, Numbers::Double))),
        made(Box::new(Kll::new(8, Numbers::Float))),
    ]
}

/// Reads bytes as each kind, puts what is read together with itself, and looks at it.
fn use_all(bytes: &[u8]) {
    let _ = hll_estimate(bytes);
    if let Some(sketch) = Hll::read(bytes) {
        assert!(Hll::read(&hll_united(&sketch, &sketch)).is_some());
    }
    for flavour in [Flavour::Theta, Flavour::Tuple { double: true }, Flavour::Tuple { double: false }] {
        if let Ok(sketch) = Compact::read(bytes, flavour, "f") {
            let mut union = Union::new(4, Mode::Sum, flavour);
            union.take(&sketch, None);
            let mut both = Intersection::new(Mode::Max, flavour);
            both.take(&sketch, None);
            both.take(&union.result(), None);
            let rest = difference(&sketch, &union.result());
            assert!(Compact::read(&rest.bytes(flavour), flavour, "f").is_ok());
        }
    }
    for numbers in [Numbers::Long, Numbers::Float, Numbers::Double] {
        if let Some(sketch) = Kll::read(bytes, numbers) {
            let mut both = sketch.clone();
            both.unite(&sketch);
            let _ = (both.quantile(0.5), both.rank(&Value::Long(3)), both.summary());
        }
    }
}

proptest! {
    /// Bytes that were cut or changed are refused, or are another sketch; nothing hangs or panics.
    #[test]
    fn broken_sketches_are_refused(count in 0_i64..200, at in 0.0..1.0_f64, byte: u8, cut in 0.0..1.2_f64) {
        for mut bytes in sketches(count) {
            let place = (at * at * bytes.len() as f64) as usize;
            bytes[place] = byte;
            bytes.truncate((cut * bytes.len() as f64) as usize);
            use_all(&bytes);
        }
    }

    #[test]
    fn bytes_come_back_as_they_went(count in 0_i64..300) {
        let all = sketches(count);
        for (i, lg_k) in [(0, 8), (1, 4)] {
            let read = Hll::read(&all[i]).expect("a sketch");
            prop_assert_eq!((read.lg_k, read.bytes()), (lg_k, all[i].clone()));
        }
        for (i, flavour) in [(2, Flavour::Theta), (3, Flavour::Tuple { double: true }), (4, Flavour::Tuple { double: false })] {
            prop_assert_eq!(&Compact::read(&all[i], flavour, "f").expect("a sketch").bytes(flavour), &all[i]);
        }
        for (i, numbers) in [(5, Numbers::Long), (6, Numbers::Double), (7, Numbers::Float)] {
            let read = Kll::read(&all[i], numbers).expect("a sketch");
            prop_assert_eq!((read.count(), read.bytes()), (count as u64, all[i].clone()));
        }
    }
}

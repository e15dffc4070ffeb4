use crate::number::{grouped, magnitude, scientific, trimmed};

/// Round numbers along a linear axis.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Ticks {
    pub(super) step: f64,
    pub(super) values: Vec<f64>,
}

impl Ticks {
    /// At most about `most` round numbers in `low..=high`, whole ones only when `whole`.
    pub(super) fn new(low: f64, high: f64, most: usize, whole: bool) -> Self {
        let step = step(high - low, most, whole);
        // A hair of tolerance: an end that is a round number must get its tick.
        let first = libm::ceil(low / step - 1e-9);
        let last = libm::floor(high / step + 1e-9);
        let n = (last - first).clamp(-1.0, 100.0) as i64;
        Self { step, values: (0..=n).map(|i| (first + i as f64) * step).map(|v| if v == 0.0 { 0.0 } else { v }).collect() }
    }

    /// The texts of the values, all with the same number of decimals.
    pub(super) fn labels(&self) -> Vec<String> {
        let largest = self.values.iter().fold(0.0_f64, |most, v| most.max(v.abs()));
        self.values.iter().map(|v| label(*v, self.step, largest)).collect()
    }
}

/// `low..high` widened to multiples of the step between its ticks.
pub(super) fn widened(low: f64, high: f64, most: usize, whole: bool) -> (f64, f64) {
    let step = step(high - low, most, whole);
    (libm::floor(low / step + 1e-9) * step, libm::ceil(high / step - 1e-9) * step)
}

/// The least of 1, 2 and 5 times a power of ten that cuts `span` into at most `most` pieces.
fn step(span: f64, most: usize, whole: bool) -> f64 {
    let rough = span / most.max(1) as f64;
    if !(rough > 0.0 && rough.is_finite()) {
        return 1.0;
    }
    let power = libm::pow(10.0, f64::from(magnitude(rough)));
    let step = [1.0, 2.0, 5.0, 10.0].into_iter().map(|m| m * power).find(|step| *step >= rough * (1.0 - 1e-9)).unwrap_or(10.0 * power);
    if whole { step.max(1.0) } else { step }
}

fn label(value: f64, step: f64, largest: f64) -> String {
    if value == 0.0 {
        return "0".to_owned();
    }
    for (unit, suffix) in [(1e12, "T"), (1e9, "B"), (1e6, "M")] {
        if largest >= unit && largest < 1e15 && step >= unit / 1000.0 {
            let decimals = decimals(step / unit);
            return format!("{}{suffix}", trimmed(&format!("{:.decimals$}", value / unit)));
        }
    }
    if largest >= 1e9 || step < 1e-4 {
        let places = usize::try_from(magnitude(value.abs()) - magnitude(step)).unwrap_or(0);
        return scientific(value, places.min(6));
    }
    let decimals = decimals(step);
    grouped(&format!("{value:.decimals$}"))
}

fn decimals(step: f64) -> usize {
    usize::try_from(-magnitude(step * (1.0 + 1e-9))).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(low: f64, high: f64, most: usize) -> Vec<String> {
        Ticks::new(low, high, most, false).labels()
    }

    #[test]
    fn ticks_are_round_and_read_well() {
        assert_eq!(texts(0.0, 1.0, 5), ["0", "0.2", "0.4", "0.6", "0.8", "1.0"]);
        assert_eq!(texts(-3.0, 12.0, 4), ["0", "5", "10"]);
        assert_eq!(texts(0.0, 60_000.0, 3), ["0", "20,000", "40,000", "60,000"]);
        assert_eq!(texts(0.0, 3e6, 3), ["0", "1M", "2M", "3M"]);
        assert_eq!(texts(0.0, 2e-6, 2), ["0", "1e-6", "2e-6"]);
        assert_eq!(texts(1.11, 1.17, 3), ["1.12", "1.14", "1.16"]);
        assert_eq!(Ticks::new(0.0, 2.0, 8, true).labels(), ["0", "1", "2"]);
    }

    #[test]
    fn an_axis_widens_to_its_ticks() {
        assert_eq!(widened(0.0, 97.0, 5, false), (0.0, 100.0));
        assert_eq!(widened(-1.0, 10.0, 3, false), (-5.0, 10.0));
    }
}

//! Fewer shapes, same picture.

use std::collections::BTreeSet;

/// A line's points in pixels without those that change no pixel: of the points in one pixel column that follow each other only the
/// first, the lowest, the highest and the last stay.
pub(super) fn line(points: &[(f64, f64)]) -> Vec<(f64, f64)> {
    let mut kept: Vec<(f64, f64)> = Vec::new();
    let mut rest = points;
    while let Some(first) = rest.first() {
        let column = libm::floor(first.0);
        let run = rest.iter().take_while(|p| libm::floor(p.0) == column).count();
        let (here, after) = rest.split_at(run);
        rest = after;
        if run <= 4 {
            kept.extend(here);
            continue;
        }
        let low = (0..run).reduce(|a, b| if here[b].1 < here[a].1 { b } else { a }).unwrap_or(0);
        let high = (0..run).reduce(|a, b| if here[b].1 > here[a].1 { b } else { a }).unwrap_or(0);
        let mut chosen = [0, low, high, run - 1];
        chosen.sort_unstable();
        chosen.iter().for_each(|i| kept.push(here[*i]));
        kept.dedup();
    }
    kept
}

/// Points in pixels, one for each little square of `cell` pixels.
pub(super) fn scatter(points: impl Iterator<Item = (f64, f64)>, cell: f64) -> Vec<(f64, f64)> {
    let mut seen = BTreeSet::new();
    points.filter(|(x, y)| seen.insert((libm::floor(x / cell) as i64, libm::floor(y / cell) as i64))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_line_keeps_its_extremes() {
        let points: Vec<(f64, f64)> = (0..100_000).map(|i| (f64::from(i) / 200.0, f64::from(i % 7))).collect();
        let thin = line(&points);
        assert!(thin.len() <= 4 * 501, "{}", thin.len());
        assert_eq!((thin.first(), thin.last()), (points.first(), points.last()));
        assert!(thin.iter().any(|p| p.1 == 6.0) && thin.iter().any(|p| p.1 == 0.0));
        let short = [(0.0, 1.0), (5.0, 2.0), (9.0, 0.0)];
        assert_eq!(line(&short), short);
    }

    #[test]
    fn points_on_one_spot_are_drawn_once() {
        let many = (0..100_000).map(|i| (f64::from(i % 100), f64::from(i % 50)));
        assert_eq!(scatter(many, 2.0).len(), 50);
    }
}

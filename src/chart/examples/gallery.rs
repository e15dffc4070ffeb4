//! Writes one SVG of each kind of chart into a folder, light and dark, wide and narrow: for looking at.

use std::path::Path;

use kindling_chart as chart;
use kindling_chart::{BoxStats, Chart, Orientation, Positions, Series, Style, XySeries};

fn main() -> std::io::Result<()> {
    let folder = std::env::args().nth(1).unwrap_or_else(|| "target/gallery".to_owned());
    std::fs::create_dir_all(&folder)?;
    for (name, chart) in charts() {
        for (theme, dark) in [("light", false), ("dark", true)] {
            for width in [320, 640] {
                let style = Style { width, height: chart::preferred_height(&chart, width), dark, ..Style::default() };
                std::fs::write(Path::new(&folder).join(format!("{name}-{theme}-{width}.svg")), chart::to_svg(&chart, &style))?;
            }
        }
    }
    Ok(())
}

/// A repeatable stand-in for data: even in 0..1.
fn noise(i: usize, salt: usize) -> f64 {
    let mut x = (i as u64 + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ ((salt as u64) << 32);
    x = (x ^ (x >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    x = (x ^ (x >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    ((x ^ (x >> 31)) >> 11) as f64 / (1u64 << 53) as f64
}

fn bell(i: usize, salt: usize) -> f64 {
    (0..6).map(|k| noise(i, salt * 7 + k)).sum::<f64>() - 3.0
}

fn series(name: &str, values: Vec<f64>) -> Series {
    Series { name: name.to_owned(), values }
}

fn texts(names: &[&str]) -> Vec<String> {
    names.iter().map(|name| (*name).to_owned()).collect()
}

fn charts() -> Vec<(&'static str, Chart)> {
    let steps: Vec<f64> = (0..200).map(f64::from).collect();
    let walk = |salt: usize| {
        let mut at = 100.0;
        (0..200)
            .map(|i| {
                at += bell(i, salt) * 2.0;
                at
            })
            .collect::<Vec<_>>()
    };
    let blob = |name: &str, salt: usize, cx: f64, cy: f64, n: usize| XySeries {
        name: name.to_owned(),
        x: (0..n).map(|i| cx + bell(i, salt)).collect(),
        y: (0..n).map(|i| cy + bell(i, salt + 50) * 0.6).collect(),
    };
    let species = texts(&["Adelie", "Chinstrap", "Gentoo with a rather long name"]);
    let stats = |m: f64| {
        Some(BoxStats { low: m - 8.0, q1: m - 3.0, median: m, q3: m + 3.5, high: m + 9.0, outliers: vec![m + 13.0, m + 14.0, m - 12.0] })
    };
    let roc: Vec<(f64, f64)> = (0..=100)
        .map(|i| {
            let f = f64::from(i) / 100.0;
            (f, f.powf(0.22))
        })
        .collect();
    let pr: Vec<(f64, f64)> = (0..=60)
        .map(|i| {
            let r = f64::from(i) / 60.0;
            (r, 1.0 - 0.55 * r.powi(4))
        })
        .collect();
    let features =
        texts(&["flipper_length_mm", "bill_length_mm", "body_mass_g", "species_encoded_Gentoo", "island", "sex", "bill_depth_mm", "year"]);
    let grid = texts(&[
        "regParam=0.01, elasticNetParam=0",
        "regParam=0.01, elasticNetParam=0.5",
        "regParam=0.1, elasticNetParam=0",
        "regParam=0.1, elasticNetParam=0.5",
    ]);
    let bins: Vec<f64> = (0..=10).map(|i| f64::from(i) * 8.0).collect();
    vec![
        ("line", chart::line("day", Positions::Numbers(steps.clone()), vec![series("price", walk(1))]).titled("Price by day")),
        (
            "lines",
            chart::line(
                "day",
                Positions::Numbers(steps),
                vec![series("first", walk(1)), series("second", walk(2)), series("a third with a long name", walk(3))],
            ),
        ),
        ("bar", chart::bar("species", species.clone(), vec![series("count", vec![152.0, 68.0, 124.0])], Orientation::Vertical)),
        (
            "bars",
            chart::bar(
                "species",
                species.clone(),
                vec![series("male", vec![73.0, 34.0, 61.0]), series("female", vec![73.0, -14.0, 58.0])],
                Orientation::Vertical,
            ),
        ),
        (
            "many-bars",
            chart::bar(
                "number",
                (0..60).map(|i| format!("value {i}")).collect(),
                vec![series("count", (0..60).map(|i| noise(i, 3) * 5e6).collect())],
                Orientation::Vertical,
            ),
        ),
        ("barh", chart::bar("species", species.clone(), vec![series("count", vec![152.0, 68.0, 124.0])], Orientation::Horizontal)),
        (
            "scatter",
            chart::scatter(
                "bill_length_mm",
                "bill_depth_mm",
                vec![blob("Adelie", 1, 0.0, 0.0, 60), blob("Chinstrap", 2, 2.0, 1.0, 60), blob("Gentoo", 3, 1.0, -1.5, 60)],
            )
            .titled("Bills of three species of penguins at Palmer Station, Antarctica"),
        ),
        ("cloud", chart::scatter("x", "y", vec![blob("", 4, 0.0, 0.0, 100_000)])),
        ("hist", chart::histogram("age", &bins, vec![series("age", vec![62.0, 102.0, 220.0, 167.0, 89.0, 48.0, 19.0, 6.0, 1.0, 0.0])])),
        (
            "hists",
            chart::histogram(
                "value",
                &bins,
                vec![
                    series("train", vec![2.0, 12.0, 22.0, 16.0, 9.0, 8.0, 9.0, 6.0, 1.0, 0.0]),
                    series("test", vec![0.0, 2.0, 12.0, 19.0, 19.0, 18.0, 3.0, 6.0, 4.0, 2.0]),
                ],
            ),
        ),
        (
            "box",
            chart::box_plot(
                "",
                texts(&["bill_length_mm", "bill_depth_mm", "flipper_length_mm", "nothing"]),
                vec![stats(44.0), stats(17.0), stats(60.0), None],
            ),
        ),
        ("roc", chart::roc(&roc, 0.821)),
        ("pr", chart::precision_recall(&pr, Some(0.91), Some(0.38))),
        ("confusion", chart::confusion_matrix(&species, &[vec![140.0, 9.0, 3.0], vec![12.0, 51.0, 5.0], vec![0.0, 2.0, 122.0]])),
        ("importances", chart::feature_importances(&features, &[0.31, 0.22, 0.17, 0.1, 0.08, 0.06, 0.05, 0.01])),
        ("cv", chart::cv_scores("areaUnderROC", &grid, &[0.91, 0.905, 0.873, 0.85], Some(&[0.02, 0.015, 0.03, 0.025]), true)),
        ("empty", chart::scatter("x", "y", vec![]).titled("Nothing yet")),
    ]
}

//! Charts of a model's quality.

use crate::plots::finite_pairs;
use crate::summary::{counted, joined};
use crate::{Axis, Chart, Layer, Orientation, Series, format_number};

/// The receiver operating characteristic: true-positive rate against false-positive rate, over the diagonal of a guess.
pub fn roc(points: &[(f64, f64)], auc: f64) -> Chart {
    let (fpr, tpr) = finite_pairs(&column(points, |p| p.0), &column(points, |p| p.1));
    let summary = format!(
        "ROC curve: line chart of true positive rate against false positive rate, {}; area under the curve {}.",
        counted(fpr.len(), "point"),
        format_number(auc)
    );
    Chart {
        title: Some(format!("ROC curve (area {})", format_number(auc))),
        x: Axis::fixed("false positive rate", 0.0, 1.0),
        y: Axis::fixed("true positive rate", 0.0, 1.0),
        layers: vec![
            Layer::Reference { name: "chance".to_owned(), from: [0.0, 0.0], to: [1.0, 1.0] },
            Layer::Line { name: "model".to_owned(), x: fpr, y: tpr },
        ],
        summary,
    }
}

/// Precision against recall. `area` is the area under it, when known; `positives` the share of positive rows, the precision of a guess.
pub fn precision_recall(points: &[(f64, f64)], area: Option<f64>, positives: Option<f64>) -> Chart {
    let (recall, precision) = finite_pairs(&column(points, |p| p.0), &column(points, |p| p.1));
    let mut summary = format!("Precision-recall curve: line chart of precision against recall, {}", counted(recall.len(), "point"));
    if let Some(area) = area {
        summary.push_str(&format!("; area under the curve {}", format_number(area)));
    }
    summary.push('.');
    let mut layers = Vec::new();
    if let Some(share) = positives {
        layers.push(Layer::Reference { name: "chance".to_owned(), from: [0.0, share], to: [1.0, share] });
    }
    layers.push(Layer::Line { name: if positives.is_some() { "model".to_owned() } else { String::new() }, x: recall, y: precision });
    Chart {
        title: Some(match area {
            Some(area) => format!("Precision-recall curve (area {})", format_number(area)),
            None => "Precision-recall curve".to_owned(),
        }),
        x: Axis::fixed("recall", 0.0, 1.0),
        y: Axis::fixed("precision", 0.0, 1.0),
        layers,
        summary,
    }
}

/// `counts[actual][predicted]` rows of each pair of labels.
pub fn confusion_matrix(labels: &[String], counts: &[Vec<f64>]) -> Chart {
    let total: f64 = counts.iter().flatten().sum();
    let right: f64 = counts.iter().enumerate().filter_map(|(i, row)| row.get(i)).sum();
    let mut summary =
        format!("Confusion matrix of {} over {} ({})", counted(total as usize, "row"), counted(labels.len(), "label"), joined(labels));
    if total > 0.0 {
        summary.push_str(&format!("; {} on the diagonal, accuracy {}", format_number(right), format_number(right / total)));
    }
    summary.push('.');
    Chart {
        title: Some("Confusion matrix".to_owned()),
        x: Axis::category("predicted", labels.to_vec()),
        y: Axis::category("actual", labels.to_vec()),
        layers: vec![Layer::HeatMap { values: counts.to_vec() }],
        summary,
    }
}

/// Lying bars of each feature's importance, the greatest on top.
pub fn feature_importances(names: &[String], values: &[f64]) -> Chart {
    let mut order: Vec<(&String, f64)> = names.iter().zip(values.iter().copied()).collect();
    order.sort_by(|a, b| b.1.total_cmp(&a.1));
    let top: Vec<String> = order.iter().take(3).map(|(name, value)| format!("{name} {}", format_number(*value))).collect();
    let series = Series { name: "importance".to_owned(), values: order.iter().map(|(_, value)| *value).collect() };
    let mut chart = crate::bar("", order.iter().map(|(name, _)| (*name).clone()).collect(), vec![series], Orientation::Horizontal);
    chart.summary = format!("Importances of {}; greatest: {}.", counted(names.len(), "feature"), joined(&top));
    chart.titled("Feature importances")
}

/// The mean score over the folds at each grid point, with one standard deviation to both sides where it is known.
pub fn cv_scores(metric: &str, grid: &[String], mean: &[f64], deviation: Option<&[f64]>, larger_is_better: bool) -> Chart {
    let best = mean.iter().enumerate().filter(|(_, m)| m.is_finite()).reduce(|best, next| {
        let better = if larger_is_better { next.1 > best.1 } else { next.1 < best.1 };
        if better { next } else { best }
    });
    let mut summary = format!("Cross-validation: mean {metric} at {}", counted(grid.len(), "grid point"));
    if let Some((i, score)) = best {
        summary.push_str(&format!("; best {} at {}", format_number(*score), grid.get(i).map_or("", String::as_str)));
    }
    summary.push('.');
    let places: Vec<f64> = (0..mean.len()).map(|i| i as f64).collect();
    let zeros = vec![0.0; mean.len()];
    let (x, kept) = finite_pairs(&places, mean);
    let (_, deviation) = finite_pairs(&places, deviation.unwrap_or(&zeros));
    let deviation = if deviation.len() == kept.len() { deviation } else { vec![0.0; kept.len()] };
    Chart {
        title: Some("Cross-validation scores".to_owned()),
        x: Axis::linear(format!("mean {metric}")),
        y: Axis::category("", grid.to_vec()),
        layers: vec![Layer::ErrorBars { name: String::new(), x, mean: kept, deviation }],
        summary,
    }
}

fn column(points: &[(f64, f64)], of: impl Fn(&(f64, f64)) -> f64) -> Vec<f64> {
    points.iter().map(of).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_roc_curve_tells_its_area_and_has_its_diagonal() {
        let chart = roc(&[(0.0, 0.0), (0.1, 0.8), (1.0, 1.0)], 0.934_56);
        assert_eq!(
            chart.summary,
            "ROC curve: line chart of true positive rate against false positive rate, 3 points; area under the curve 0.9346."
        );
        assert_eq!(chart.layers[0], Layer::Reference { name: "chance".into(), from: [0.0, 0.0], to: [1.0, 1.0] });
    }

    #[test]
    fn the_most_important_feature_comes_first() {
        let chart = feature_importances(&["a".into(), "b".into(), "c".into()], &[0.1, 0.7, 0.2]);
        assert_eq!(chart.y.names(), Some(["b".to_owned(), "c".to_owned(), "a".to_owned()].as_slice()));
        assert_eq!(chart.summary, "Importances of 3 features; greatest: b 0.7, c 0.2 and a 0.1.");
    }

    #[test]
    fn the_best_grid_point_depends_on_the_metric() {
        let grid = ["regParam=0.1".to_owned(), "regParam=1".to_owned()];
        let scores = [0.5, 0.25];
        assert!(cv_scores("rmse", &grid, &scores, None, false).summary.ends_with("best 0.25 at regParam=1."));
        assert!(cv_scores("areaUnderROC", &grid, &scores, Some(&[0.1, 0.1]), true).summary.ends_with("best 0.5 at regParam=0.1."));
    }

    #[test]
    fn a_confusion_matrix_tells_the_accuracy() {
        let chart = confusion_matrix(&["0".into(), "1".into()], &[vec![40.0, 10.0], vec![5.0, 45.0]]);
        assert_eq!(chart.summary, "Confusion matrix of 100 rows over 2 labels (0 and 1); 85 on the diagonal, accuracy 0.85.");
    }
}

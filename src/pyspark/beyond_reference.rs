//! Small programs, and what scikit-learn, imbalanced-learn, statsmodels and shap print for them (`tests/reference/beyond.py`).

use std::fmt::Write as _;

use kindling_frame::Session;
use serde_json::Value as Json;

use crate::reference::run_in;

/// The message up to a set of options, whose order changes from run to run.
fn settled(message: &str) -> &str {
    message.split_once("a str among {").map_or(message, |(head, _)| head)
}

#[test]
fn programs_print_what_the_packages_print() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/reference/beyond.json");
    let programs: Vec<Json> = serde_json::from_str(&std::fs::read_to_string(path).expect("the reference is there")).expect("JSON");
    assert!(programs.len() >= 69);
    let mut report = String::new();
    let mut failed = 0;
    for program in &programs {
        let text = |value: &Json, key: &str| value[key].as_str().unwrap_or_default().to_owned();
        let expected = program["error"].is_object().then(|| (text(&program["error"], "class"), text(&program["error"], "message")));
        let (printed, error) = run_in(&Session::in_memory(2), &text(program, "source"));
        let same_error = match (&error, &expected) {
            (None, None) => true,
            (Some(found), Some(wanted)) => found.0 == wanted.0 && settled(&found.1) == settled(&wanted.1),
            _ => false,
        };
        if printed != text(program, "stdout") || !same_error {
            failed += 1;
            let name = format!("{}/{}", text(program, "topic"), text(program, "name"));
            let _ = writeln!(report, "## {name}\n--- expected\n{}{expected:?}\n--- found\n{printed}{error:?}\n", text(program, "stdout"));
        }
    }
    assert!(failed == 0, "{failed} of {} programs differ:\n{report}", programs.len());
}

/// The summary of the chart that a program shows last.
fn shown(source: &str) -> String {
    let (printed, error) = run_in(&Session::in_memory(2), source);
    assert_eq!(error, None, "{source}");
    printed.lines().last().unwrap_or_default().to_owned()
}

#[test]
fn displays_draw_what_they_hold() {
    let start = "
import numpy as np
import matplotlib.pyplot as plt
from sklearn.neighbors import KNeighborsClassifier
rng = np.random.RandomState(0)
X = rng.normal(size=(60, 3))
y = (X[:, 0] > 0).astype(int)
model = KNeighborsClassifier().fit(X, y)
";
    let drawn = |source: &str| shown(&format!("{start}{source}\nplt.show()"));
    assert_eq!(
        drawn(
            "from sklearn.model_selection import LearningCurveDisplay\nLearningCurveDisplay.from_estimator(model, X, y, cv=3, train_sizes=[0.3, 0.6, 1.0])"
        ),
        "Score against Number of samples in the training set. Line Train, 3 points with error bars; line Test, 3 points with error bars."
    );
    assert_eq!(
        drawn(
            "from sklearn.model_selection import ValidationCurveDisplay\nValidationCurveDisplay.from_estimator(model, X, y, \
             param_name='n_neighbors', param_range=[1, 3], cv=3, scoring='accuracy', std_display_style=None)"
        ),
        "Accuracy against n_neighbors. Line Train, 2 points; line Test, 2 points."
    );
    assert_eq!(
        drawn("from sklearn.inspection import PartialDependenceDisplay\nPartialDependenceDisplay.from_estimator(model, X, [1])"),
        "Partial dependence against x1. Line, 60 points."
    );
    assert_eq!(
        drawn("from sklearn.metrics import PredictionErrorDisplay\nPredictionErrorDisplay.from_predictions(y, model.predict(X))"),
        "Residuals (actual - predicted) against Predicted values. Points (60)."
    );
    assert!(
        drawn("from sklearn.calibration import CalibrationDisplay\nCalibrationDisplay.from_estimator(model, X, y)")
            .starts_with("Fraction of positives (Positive class: 1) against Mean predicted probability (Positive class: 1).")
    );
    assert_eq!(
        drawn("plt.plot([2, 3, 4], [9, 5, 4], 'o-')\nplt.xlabel('k')\nplt.ylabel('cost')\nplt.title('Elbow')"),
        "Elbow. Cost against k. Line, 3 points."
    );
}

#[test]
fn a_figure_is_shown_when_its_cell_ends() {
    let paper = crate::reference::Paper::default();
    let mut interpreter = kindling_python::Interpreter::new(paper.clone());
    crate::install(interpreter.vm(), &Session::in_memory(1), None);
    interpreter.run_cell("cell", "import matplotlib.pyplot as plt\n_ = plt.bar(['a', 'b'], [1, 2])").expect("drawn");
    assert_eq!(paper.text(), "");
    crate::end_cell(interpreter.vm()).expect("shown");
    crate::end_cell(interpreter.vm()).expect("shown once");
    assert_eq!(paper.text(), "2 bars.\n");
}

/// What the SHAP values of a row and the expected value add up to is the prediction.
#[test]
fn shap_values_add_up_and_are_drawn() {
    let start = "
import numpy as np
import shap
from pyspark.ml.linalg import Vectors
from pyspark.ml.regression import RandomForestRegressor
rng = np.random.RandomState(0)
X = rng.normal(size=(80, 3))
rows = [(Vectors.dense(row.tolist()), float(row[0] + row[1] * row[2])) for row in X]
model = RandomForestRegressor(numTrees=4, maxDepth=6, seed=1).fit(spark.createDataFrame(rows, ['features', 'label']))
told = shap.TreeExplainer(model)(X)
predicted = np.array([model.predict(row[0]) for row in rows])
";
    let (printed, error) = run_in(
        &Session::in_memory(2),
        &format!("{start}print(np.allclose(told.values.sum(axis=1) + told.base_values, predicted, rtol=0, atol=1e-12))"),
    );
    assert_eq!((printed.as_str(), error), ("True\n", None));
    assert_eq!(shown(&format!("{start}shap.plots.bar(told)")), "Values against mean(|SHAP value|). 3 bars.");
    assert!(shown(&format!("{start}shap.plots.waterfall(told[0])")).starts_with("E[f(X)] = "));
    assert_eq!(
        shown(&format!("{start}shap.summary_plot(told.values, X, feature_names=['a', 'b', 'c'])")),
        "Values against SHAP value (impact on model output). Points low feature value (81); points middle (78); points high feature value (81)."
    );
}

#[test]
fn completion_knows_the_packages_before_they_are_imported() {
    let mut interpreter = kindling_python::Interpreter::new(crate::reference::Paper::default());
    crate::install(interpreter.vm(), &Session::in_memory(1), None);
    let mut options = |source: &str| -> Vec<String> {
        interpreter.complete("", source, source.len()).options.into_iter().map(|option| option.name).collect()
    };
    assert_eq!(options("from sklearn.neigh"), ["neighbors"]);
    assert_eq!(options("from imblearn.over_sampling import SM"), ["SMOTE"]);
    assert_eq!(options("from sklearn.model_selection import Learn"), ["LearningCurveDisplay"]);
    assert_eq!(options("from sklearn.neighbors import NearestNeighbors\nNearestNeighbors().knei"), ["kneighbors", "kneighbors_graph"]);
    let source = "from sklearn.metrics import roc_auc_score\nroc_auc_score";
    let found = interpreter.inspect("", source, source.len()).expect("known");
    assert!(found.signature.contains("y_true, y_score") && found.doc.starts_with("The area under the ROC curve"), "{found:?}");
}

//! Small programs, and what real PySpark prints for them (`tests/reference/pyspark_api.py`).

use std::cell::RefCell;
use std::fmt::Write as _;
use std::rc::Rc;

use kindling_frame::Session;
use kindling_python::{Host, Interpreter, Stream};
use serde_json::Value as Json;

/// Where a program's text goes.
#[derive(Clone, Default)]
pub(crate) struct Paper(Rc<RefCell<String>>);

impl Paper {
    pub(crate) fn text(&self) -> String {
        self.0.borrow().clone()
    }
}

impl Host for Paper {
    fn write(&mut self, _: Stream, text: &str) {
        self.0.borrow_mut().push_str(text);
    }

    fn now(&self) -> f64 {
        0.0
    }

    fn sleep(&mut self, _: f64) -> bool {
        true
    }

    fn entropy(&mut self) -> u64 {
        7
    }
}

/// Runs a program; gives what it printed, and the class and message of the exception that ended it.
fn run(source: &str) -> (String, Option<(String, String)>) {
    run_in(&Session::in_memory(2), source)
}

/// The same in a session that may know something already.
pub(crate) fn run_in(session: &Session, source: &str) -> (String, Option<(String, String)>) {
    let paper = Paper::default();
    let mut interpreter = Interpreter::new(paper.clone());
    crate::install(interpreter.vm(), session, None);
    let error = interpreter.run_cell("program", source).err().map(|error| {
        let text = error.value();
        let message = interpreter.vm().str(&text).unwrap_or_default();
        (error.class_name(), message)
    });
    let printed = paper.0.borrow().clone();
    (printed, error)
}

/// `[UNRESOLVED_COLUMN.WITH_SUGGESTION]`, when a message starts with a condition.
pub(crate) fn condition(message: &str) -> Option<&str> {
    message.strip_prefix('[')?.split_once(']').map(|(name, _)| name)
}

/// Runs a program of `tests/reference` and compares what it prints with what real Spark printed.
fn same_as_recorded(name: &str) {
    let file = |ending| std::fs::read_to_string(format!("{}/../../tests/reference/{name}.{ending}", env!("CARGO_MANIFEST_DIR")));
    let (printed, error) = run(&file("py").expect("the program is there"));
    let expected = file("txt").expect("the reference is there");
    let lines = |text: &str| text.lines().map(|line| line.trim_end().to_owned()).filter(|line| !line.is_empty()).collect::<Vec<_>>();
    let (found, expected) = (lines(&printed), lines(&expected));
    let at = found.iter().zip(&expected).position(|(a, b)| a != b).unwrap_or(found.len().min(expected.len()));
    let near = |lines: &[String]| lines[at.saturating_sub(8).min(lines.len())..(at + 3).min(lines.len())].join("\n");
    assert!(found == expected && error.is_none(), "found\n{}\nexpected\n{}\n{error:?}", near(&found), near(&expected));
}

#[test]
fn frames_within_frames_databases_and_table_functions_are_as_in_real_spark() {
    same_as_recorded("tables_job");
}

#[test]
fn times_of_the_day_are_as_in_real_spark() {
    same_as_recorded("time_job");
}

#[test]
fn declared_widths_are_as_in_real_spark() {
    same_as_recorded("char_job");
}

#[test]
fn schemas_of_rows_and_files_are_as_in_real_spark() {
    same_as_recorded("schemas_job");
}

#[test]
fn ciphers_are_as_in_real_spark() {
    same_as_recorded("ciphers_job");
}

#[test]
fn programs_print_what_they_print_on_real_spark() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/reference/pyspark_api.json");
    let programs: Vec<Json> = serde_json::from_str(&std::fs::read_to_string(path).expect("the reference is there")).expect("JSON");
    assert!(programs.len() >= 80);
    let mut report = String::new();
    let mut failed = 0;
    for program in &programs {
        let text = |key: &str| program[key].as_str().unwrap_or_default();
        let expected = program["error"].as_object().map(|error| {
            let text = |key: &str| error[key].as_str().unwrap_or_default().to_owned();
            (text("class"), text("message"))
        });
        let (printed, error) = run(text("source"));
        let same_error = match (&error, &expected) {
            (None, None) => true,
            // Messages speak to learners in Kindling's own words; class and condition are Spark's.
            (Some(found), Some(wanted)) => found.0 == wanted.0 && condition(&found.1) == condition(&wanted.1),
            _ => false,
        };
        if printed != text("stdout") || !same_error {
            failed += 1;
            let _ = writeln!(report, "## {}\n--- expected\n{}{expected:?}\n--- found\n{printed}{error:?}\n", text("name"), text("stdout"));
        }
    }
    assert!(failed == 0, "{failed} of {} programs differ:\n{report}", programs.len());
}

/// The value of the last line, as the notebook shows it.
fn shown_by(source: &str) -> crate::Shown {
    let mut interpreter = Interpreter::new(Paper::default());
    let session = Session::in_memory(2);
    session.files().write("/files/a.csv", b"k,v\nx,1\ny,3\nx,5\n".to_vec()).expect("written");
    crate::install(interpreter.vm(), &session, None);
    match interpreter.run_cell("program", source) {
        Ok(Some(value)) => crate::shown(interpreter.vm(), &value).unwrap_or_else(|error| panic!("{source}: {error:?}")),
        Ok(None) => panic!("{source}: no value"),
        Err(error) => panic!("{source}: {error:?}"),
    }
}

fn summary_of(source: &str) -> String {
    match shown_by(source) {
        crate::Shown::Chart(chart) => chart.summary,
        _ => panic!("{source}: not a chart"),
    }
}

const READ: &str = "df = spark.read.csv('/files/a.csv', header=True, inferSchema=True)\n";

#[test]
fn frames_are_shown_as_tables_and_other_values_as_text() {
    let crate::Shown::Table(table, _) = shown_by(&format!("{READ}df.groupBy('k').sum('v').orderBy('k')")) else { panic!("not a table") };
    assert_eq!(table.columns.iter().map(|c| c.name.as_str()).collect::<Vec<_>>(), ["k", "sum(v)"]);
    assert_eq!(table.rows, [[Some("x".to_owned()), Some("6".to_owned())], [Some("y".to_owned()), Some("3".to_owned())]]);
    let text = |source| match shown_by(source) {
        crate::Shown::Text(text) => text,
        _ => panic!("not a text"),
    };
    assert_eq!(text("'a' + 'b'"), "'ab'");
    assert_eq!(text("dbutils.fs.ls(\'/files\')"), "[FileInfo(path='dbfs:/files/a.csv', name='a.csv', size=16, modificationTime=0)]");
}

#[test]
fn plots_of_frames_are_charts() {
    assert_eq!(summary_of(&format!("{READ}df.plot.bar(x='k', y='v')")), "Bar chart of v by k, 3 bars; highest x (5), lowest x (1).");
    assert_eq!(summary_of(&format!("{READ}df.plot.hist('v', bins=2)")), "Histogram of v, 2 bins from 1 to 5, 3 values.");
    assert_eq!(summary_of(&format!("{READ}df.plot(kind='scatter', x='v', y='v')")), "Scatter chart of v against v, 3 points.");
    assert_eq!(summary_of(&format!("{READ}df.plot.box()")), "Box plot of v; medians: v 3.");
    assert_eq!(summary_of(&format!("{READ}df.plot.line(x='v', y=['v'])")), "Line chart of v against v, 3 points.");
}

#[test]
fn frames_of_pandas_are_tables_and_their_plots_charts() {
    let start = "import pandas as pd\npdf = pd.DataFrame({'k': ['x', 'y', 'x'], 'v': [1, 3, 5]})\n";
    let crate::Shown::Table(table, _) = shown_by(&format!("{start}pdf.groupby('k').sum()")) else { panic!("not a table") };
    assert_eq!(table.columns.iter().map(|c| c.name.as_str()).collect::<Vec<_>>(), ["k", "v"]);
    assert_eq!(table.rows, [[Some("x".to_owned()), Some("6".to_owned())], [Some("y".to_owned()), Some("3".to_owned())]]);
    assert!(matches!(shown_by(&format!("{start}pdf['v']")), crate::Shown::Text(text) if text.ends_with("Name: v, dtype: int64")));
    assert_eq!(summary_of(&format!("{start}pdf.plot.bar(x='k', y='v')")), "Bar chart of v by k, 3 bars; highest x (5), lowest x (1).");
    assert_eq!(summary_of(&format!("{start}pdf['v'].hist(bins=2)")), "Histogram of v, 2 bins from 1 to 5, 3 values.");
    assert_eq!(summary_of(&format!("{start}pdf.plot(kind='scatter', x='v', y='v')")), "Scatter chart of v against v, 3 points.");
    assert_eq!(summary_of(&format!("{start}pdf.plot.box()")), "Box plot of v; medians: v 3.");
    assert_eq!(summary_of(&format!("{start}pdf['v'].plot()")), "Line chart of v against index, 3 points.");
    assert!(
        summary_of(&format!("{start}pdf['k'].value_counts().plot(kind='barh', title='n')")).starts_with("Bar chart of count by k, 2 bars")
    );
}

/// The area is what `sklearn.metrics.roc_auc_score([0, 0, 1, 1], [0.1, 0.4, 0.35, 0.8])` gives.
#[test]
fn charts_of_models_take_predictions_and_models() {
    let start = "from kindling.plot import *\ndf = spark.createDataFrame([(0.0, 0.1, 0.0), (0.0, 0.4, 0.0), (1.0, 0.35, 1.0), (1.0, 0.8, 1.0)], ['label', 'score', 'prediction'])\n";
    assert!(summary_of(&format!("{start}roc_curve(df, scoreCol='score')")).ends_with("area under the curve 0.75."));
    assert!(summary_of(&format!("{start}precision_recall_curve(df, scoreCol='score')")).starts_with("Precision-recall curve"));
    assert!(summary_of(&format!("{start}confusion_matrix(df)")).ends_with("4 on the diagonal, accuracy 1."));
    let fit = "
from pyspark.ml import Pipeline
from pyspark.ml.feature import VectorAssembler
from pyspark.ml.classification import LogisticRegression, DecisionTreeClassifier
from pyspark.ml.evaluation import BinaryClassificationEvaluator
from pyspark.ml.tuning import CrossValidator, ParamGridBuilder
df = df.union(df).union(df).union(df)
";
    let pipeline = "model = Pipeline(stages=[VectorAssembler(inputCols=['score', 'other'], outputCol='features'), DecisionTreeClassifier()]).fit(data)\n";
    let data = "data = df.select('label', 'score', df.prediction.alias('other'))\n";
    assert_eq!(
        summary_of(&format!("{start}{fit}{data}{pipeline}feature_importances(model, data)")),
        "Importances of 2 features; greatest: other 1 and score 0."
    );
    assert!(summary_of(&format!("{start}{fit}{data}{pipeline}roc_curve(model, data)")).ends_with("area under the curve 1."));
    let search = "lr = LogisticRegression(featuresCol='v')
grid = ParamGridBuilder().addGrid(lr.regParam, [0.01, 1.0]).build()
data = VectorAssembler(inputCols=['score'], outputCol='v').transform(df.select('label', 'score'))
cv_scores(CrossValidator(estimator=lr, estimatorParamMaps=grid, evaluator=BinaryClassificationEvaluator(), numFolds=2, seed=1).fit(data))";
    let told = summary_of(&format!("{start}{fit}{search}"));
    assert!(told.starts_with("Cross-validation: mean areaUnderROC at 2 grid points; best ") && told.contains("regParam="), "{told}");
}

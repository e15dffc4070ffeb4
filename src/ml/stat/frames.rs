//! The results of tests as the frames that `pyspark.ml.stat` gives.

use kindling_frame::{DataFrame, DataType, Field, Schema, Value};
use kindling_linalg::Vector;
use kindling_partition::Result;

use super::test_result::TestResult;
use super::{anova, chi_square, f_value};

/// One of the tests of features against a label.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FeatureTest {
    ChiSquare,
    Anova,
    FValue,
}

impl FeatureTest {
    /// `ChiSquareTest.test(dataset, featuresCol, labelCol, flatten)` and its like: a row for each feature when `flatten`, else one row of
    /// vectors.
    ///
    /// # Errors
    /// As the tests.
    pub fn frame(self, data: &DataFrame, features: &str, label: &str, flatten: bool) -> Result<DataFrame> {
        let (tests, statistic, degrees) = match self {
            Self::ChiSquare => (chi_square(data, features, label)?, "statistic", DataType::Int),
            Self::Anova => (anova(data, features, label)?, "fValue", DataType::Long),
            Self::FValue => (f_value(data, features, label)?, "fValue", DataType::Long),
        };
        let count = |test: &TestResult| match degrees {
            DataType::Int => Value::Int(test.degrees as i32),
            _ => Value::Long(test.degrees),
        };
        let vector = |of: fn(&TestResult) -> f64| Value::Vector(Vector::Dense(tests.iter().map(of).collect()));
        let (rows, fields) = if flatten {
            let row = |(i, test): (usize, &TestResult)| {
                vec![Value::Int(i as i32), Value::Double(test.p_value), count(test), Value::Double(test.statistic)]
            };
            let fields = [("featureIndex", DataType::Int), ("pValue", DataType::Double)];
            let last = [("degreesOfFreedom", degrees.clone()), (statistic, DataType::Double)];
            (tests.iter().enumerate().map(row).collect::<Vec<_>>(), fields.into_iter().chain(last).collect::<Vec<_>>())
        } else {
            let row = vec![vector(|test| test.p_value), Value::Array(tests.iter().map(count).collect()), vector(|test| test.statistic)];
            let plural = if statistic == "fValue" { "fValues" } else { "statistics" };
            let degrees = DataType::Array(degrees.clone().into(), false);
            (vec![row], vec![("pValues", DataType::Vector), ("degreesOfFreedom", degrees), (plural, DataType::Vector)])
        };
        let nullable = |data_type: &DataType| matches!(data_type, DataType::Vector | DataType::Array(..));
        let schema: Schema = fields.into_iter().map(|(name, kind)| Field::new(name, kind.clone(), nullable(&kind))).collect();
        data.session().create_dataframe(&rows, schema)
    }
}

#[cfg(test)]
mod tests {
    use kindling_frame::Session;
    use serde_json::json;

    use super::*;
    use crate::stat::kolmogorov_smirnov;
    use crate::testing::{close, frame};

    fn numbers(data: &DataFrame, column: usize) -> Vec<f64> {
        data.collect().expect("rows").iter().map(|row| row.values[column].as_f64().expect("a number")).collect()
    }

    /// scikit-learn's `f_classif` and `f_regression`, SciPy's `chi2_contingency(correction=False)` and `kstest(method='exact')`.
    #[test]
    fn tests_agree_with_scikit_learn_and_scipy() {
        let rows = json!([
            [[0.0, 1.5], 0.0, 1.5],
            [[1.0, 2.25], 1.0, 2.5],
            [[0.0, -1.0], 0.0, 0.5],
            [[2.0, 0.5], 2.0, 3.25],
            [[1.0, 6.0], 1.0, 4.0],
            [[1.0, 5.5], 1.0, -0.75],
            [[2.0, 9.0], 2.0, 5.0],
            [[0.0, 4.25], 0.0, 2.0],
            [[2.0, 1.75], 1.0, 6.5]
        ]);
        for threads in [1, 4] {
            let data = frame(&Session::in_memory(threads), "v vector, label double, y double", &rows);
            let expected = [
                (FeatureTest::ChiSquare, "label", 0, 0.009_074_317_061_131_595, 4.0, 13.500_000_000_000_002),
                (FeatureTest::Anova, "label", 0, 0.001_953_125, 8.0, 21.0),
                (FeatureTest::Anova, "label", 1, 0.545_726_784_347_443_6, 8.0, 0.671_099_578_332_792_8),
                (FeatureTest::FValue, "y", 0, 0.039_601_772_640_597_034, 7.0, 6.368_541_905_855_342),
                (FeatureTest::FValue, "y", 1, 0.557_985_804_414_865_2, 7.0, 0.378_271_622_853_928_35),
            ];
            for (test, label, feature, p_value, degrees, statistic) in expected {
                let found = test.frame(&data, "v", label, true).expect("tested");
                let row: Vec<f64> = (1..4).map(|column| numbers(&found, column)[feature]).collect();
                let same = [p_value, degrees, statistic].iter().zip(&row).all(|(a, b)| close(*a, *b, 1e-12));
                assert!(same, "{test:?} of feature {feature}: {row:?}");
            }
            let together = FeatureTest::ChiSquare.frame(&data, "v", "label", false).expect("tested");
            assert_eq!(together.columns(), ["pValues", "degreesOfFreedom", "statistics"]);
        }
        let sample = frame(&Session::in_memory(2), "x double", &json!([[0.1], [-0.4], [1.2], [0.7], [-1.5], [0.3]]));
        let found = kolmogorov_smirnov(&sample, "x", 0.0, 1.0).expect("tested");
        let (p_value, statistic) = (numbers(&found, 0)[0], numbers(&found, 1)[0]);
        assert!(close(p_value, 0.916_605_286_951_077_8, 1e-12), "{p_value}");
        assert!(close(statistic, 0.206_494_503_943_695_67, 1e-12), "{statistic}");
    }
}

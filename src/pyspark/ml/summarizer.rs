//! `pyspark.ml.stat.Summarizer`: metrics of a column of vectors, as a column that aggregates.

use kindling_frame::Column;
use kindling_python::{ClassBuilder, NativeObject, PyError, PyModule, PyResult, Value, Vm};

use crate::args::spread;
use crate::errors::spark_error;
use crate::sql::column::{ColumnObject, column_value};

const METRICS: &[(&str, &str)] = &[
    ("mean", "The mean of each feature."),
    ("sum", "The sum of each feature."),
    ("variance", "The unbiased variance of each feature."),
    ("std", "The unbiased standard deviation of each feature."),
    ("count", "How many vectors there are."),
    ("numNonZeros", "How many numbers of each feature are not zero."),
    ("max", "The greatest number of each feature."),
    ("min", "The least number of each feature."),
    ("normL1", "The sum of the absolute values of each feature."),
    ("normL2", "The Euclidean norm of each feature."),
];

/// Metrics that were asked for, with commas between them.
struct Builder(String);

impl NativeObject for Builder {
    fn class_name(&self) -> &str {
        "SummaryBuilder"
    }
}

impl Builder {
    /// The struct of the metrics, and the texts of the columns of vectors and weights.
    fn summary(&self, features: &Value, weight: &Value) -> PyResult<(Column, [String; 2])> {
        let column = |value: &Value| match value.as_native::<ColumnObject>() {
            Some(column) => Ok(column.0.clone()),
            None => Err(PyError::type_error("featureCol and weightCol should be a Column")),
        };
        let features = column(features)?;
        let weight = if weight.is_none() { Column::lit(1.0) } else { column(weight)? };
        let texts = [features.to_string(), weight.to_string()];
        Ok((Column::call("aggregate_metrics", [features, weight, Column::lit(&*self.0)]), texts))
    }
}

fn checked(metrics: &[Value]) -> PyResult<Builder> {
    let mut names = Vec::new();
    for metric in metrics {
        let name = metric.as_str().unwrap_or_default();
        if METRICS.iter().all(|(known, _)| *known != name) {
            let mut valid: Vec<&str> = METRICS.iter().map(|(name, _)| *name).collect();
            valid.sort_unstable();
            let text = format!("Metric {name} cannot be found. Valid metrics are List({})", valid.join(", "));
            return Err(spark_error("IllegalArgumentException", "", text));
        }
        names.push(name);
    }
    if names.is_empty() {
        return Err(PyError::type_error("Summarizer.metrics takes the names of metrics, such as 'mean' and 'count'."));
    }
    Ok(Builder(names.join(",")))
}

/// Adds both classes to the module.
pub(super) fn summarizer(vm: &mut Vm, module: PyModule) -> PyModule {
    let mut class = ClassBuilder::new("Summarizer", "pyspark.ml.stat").doc("Statistics of the features of a column of vectors.").static_method(
        "metrics(*metrics)",
        "Something whose summary(features, weight) is a column of these metrics: mean, sum, variance, std, count, numNonZeros, max, min, normL1, \
         normL2.",
        |_, values| Ok(Value::native(checked(&spread(&values[0]))?)),
    );
    for (name, doc) in METRICS {
        class = class.static_method(&format!("{name}(col, weightCol=None)"), doc, move |_, values| {
            let (column, [features, _]) = Builder((*name).to_owned()).summary(&values[0], &values[1])?;
            Ok(column_value(column.get_field(name).alias(format!("{name}({features})"))))
        });
    }
    let class = class.build();
    let builder = ClassBuilder::new("SummaryBuilder", "pyspark.ml.stat")
        .doc("Metrics that Summarizer.metrics named.")
        .method("summary(self, featuresCol, weightCol=None)", "A column of these metrics of a column of vectors.", |_, values| match values
            [0]
        .as_native::<Builder>()
        {
            Some(builder) => {
                let (column, [features, weight]) = builder.summary(&values[1], &values[2])?;
                Ok(column_value(column.alias(format!("aggregate_metrics({features}, {weight})"))))
            }
            None => Err(PyError::type_error("not a SummaryBuilder")),
        })
        .build();
    vm.register_class(&class);
    vm.register_class(&builder);
    module.with("Summarizer", class).with("SummaryBuilder", builder)
}

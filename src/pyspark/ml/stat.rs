//! `pyspark.ml.stat` and `pyspark.ml.functions`.

use std::sync::Arc;

use kindling_frame::{Column, DataType};
use kindling_ml::stat::{FeatureTest, MULTIVARIATE_GAUSSIAN, MultivariateGaussian, correlation, kolmogorov_smirnov};
use kindling_python::{ClassBuilder, PyError, PyModule, Value, Vm};

use super::linalg::vector_of;
use super::matrix::MatrixObject;
use super::object::SummaryObject;
use super::summarizer::summarizer;

use crate::args::{float, spread, text};
use crate::errors::OrRaise;
use crate::sql::column::{column_or_name, column_value};
use crate::sql::frame::{frame_of, frame_value};

const TESTS: &[(&str, FeatureTest, &str)] = &[
    ("ChiSquareTest", FeatureTest::ChiSquare, "Pearson's test of independence of each feature and a label, both of categories."),
    ("ANOVATest", FeatureTest::Anova, "The F test of analysis of variance: continuous features and a label of categories."),
    ("FValueTest", FeatureTest::FValue, "The F test of a line: continuous features and a continuous label."),
];

/// Makes both modules.
pub(crate) fn install(vm: &mut Vm) {
    let mut module = PyModule::new("pyspark.ml.stat");
    for (name, test, doc) in TESTS {
        let class = ClassBuilder::new(name, "pyspark.ml.stat")
            .doc(doc)
            .static_method(
                "test(dataset, featuresCol, labelCol, flatten=False)",
                "The p-value, the degrees of freedom and the statistic of each feature: in one row of vectors, or in a row each when flatten is \
                 true.",
                move |vm, values| {
                    let frame = frame_of(vm, &values[0], "dataset")?;
                    let (features, label) = (text(vm, &values[1], "featuresCol")?, text(vm, &values[2], "labelCol")?);
                    test.frame(&frame, &features, &label, vm.truth(&values[3])?).or_raise_in_fit().map(frame_value)
                },
            )
            .build();
        vm.register_class(&class);
        module = module.with(name, class);
    }
    let class = ClassBuilder::new("KolmogorovSmirnovTest", "pyspark.ml.stat")
        .doc("Whether a sample comes from a distribution.")
        .static_method(
            "test(dataset, sampleCol, distName, *params)",
            "The p-value and the statistic of a two-sided test against a distribution: 'norm' with a mean and a standard deviation, 0 and 1 unless \
             given.",
            |vm, values| {
                let frame = frame_of(vm, &values[0], "dataset")?;
                let (sample, name) = (text(vm, &values[1], "sampleCol")?, text(vm, &values[2], "distName")?);
                if name != "norm" {
                    return Err(PyError::value_error(format!("{name} is not a distribution of this test: it has 'norm'.")));
                }
                let given = spread(&values[3]);
                let params = given.iter().map(|value| float(vm, value, "params")).collect::<Result<Vec<_>, _>>()?;
                let (mean, deviation) = (params.first().copied().unwrap_or(0.0), params.get(1).copied().unwrap_or(1.0));
                kolmogorov_smirnov(&frame, &sample, mean, deviation).or_raise_in_fit().map(frame_value)
            },
        )
        .build();
    vm.register_class(&class);
    module = module.with("KolmogorovSmirnovTest", class);
    let class = ClassBuilder::new("Correlation", "pyspark.ml.stat")
        .doc("How much features go with one another.")
        .static_method(
            "corr(dataset, column, method='pearson')",
            "One row with the matrix of the correlations of all pairs of features of a column of vectors: 'pearson' or 'spearman'.",
            |vm, values| {
                let frame = frame_of(vm, &values[0], "dataset")?;
                let (column, method) = (text(vm, &values[1], "column")?, text(vm, &values[2], "method")?);
                correlation(&frame, &column, &method).or_raise_in_fit().map(frame_value)
            },
        )
        .build();
    vm.register_class(&class);
    module = module.with("Correlation", class);
    let class = ClassBuilder::new(MULTIVARIATE_GAUSSIAN.name, "pyspark.ml.stat")
        .doc(MULTIVARIATE_GAUSSIAN.doc)
        .constructor("(mean, cov)", |vm, _, values| match (vector_of(&values[0]), values[1].as_native::<MatrixObject>()) {
            (Some(mean), Some(cov)) => {
                let cov = cov.matrix().clone();
                Ok(Value::native(SummaryObject(Arc::new(MultivariateGaussian { mean, cov }))))
            }
            _ => Err(PyError::type_error(format!("MultivariateGaussian takes a vector and a matrix, not {}.", vm.type_name(&values[1])))),
        })
        .build();
    vm.register_class(&class);
    let module = summarizer(vm, module.with(MULTIVARIATE_GAUSSIAN.name, class));
    vm.add_module(module);
    vm.add_module(
        PyModule::new("pyspark.ml.functions")
            .with(
                "vector_to_array",
                Value::function(
                    "vector_to_array(col, dtype='float64')",
                    "The numbers of a column of vectors as a column of arrays, of float64 or float32.",
                    |vm, values| {
                        let array = Column::call("vector_to_array", [column_or_name(vm, &values[0], "col")?]);
                        match text(vm, &values[1], "dtype")?.as_str() {
                            "float64" => Ok(column_value(array)),
                            "float32" => Ok(column_value(array.cast(DataType::Array(DataType::Float.into(), false)))),
                            other => Err(PyError::value_error(format!("dtype must be 'float64' or 'float32', found '{other}'."))),
                        }
                    },
                ),
            )
            .with(
                "array_to_vector",
                Value::function("array_to_vector(col)", "A column of arrays of numbers as a column of dense vectors.", |vm, values| {
                    Ok(column_value(Column::call("array_to_vector", [column_or_name(vm, &values[0], "col")?])))
                }),
            ),
    );
}

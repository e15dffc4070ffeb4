//! `pyspark.ml.classification`.

mod logistic_regression;

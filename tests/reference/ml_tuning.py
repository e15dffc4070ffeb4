"""Writes ml_tuning.json: the folds, metrics and best models of pyspark.ml.tuning on small frames."""

import json
import os
import random

from pyspark.ml import Pipeline
from pyspark.ml.evaluation import RegressionEvaluator
from pyspark.ml.feature import StandardScaler, VectorAssembler
from pyspark.ml.regression import LinearRegression
from pyspark.ml.tuning import CrossValidator, ParamGridBuilder, TrainValidationSplit
from pyspark.sql import SparkSession

spark = (
    SparkSession.builder.master("local[8]")
    .config("spark.ui.enabled", "false")
    .config("spark.driver.memory", "2g")
    .config("spark.sql.session.timeZone", "UTC")
    .getOrCreate()
)
spark.sparkContext.setLogLevel("OFF")
random.seed(21)

rows = []
for i in range(120):
    x = [round(random.gauss(0, 1), 3), round(random.gauss(2, 3), 3), round(random.uniform(-1, 1), 3)]
    rows.append([i, *x, round(2 * x[0] - 0.5 * x[1] + 1 + random.gauss(0, 1), 3), i * 7 % 3])
df = spark.createDataFrame([tuple(r) for r in rows], "id int, a double, b double, c double, label double, fold int")

assembler = VectorAssembler(inputCols=["a", "b", "c"], outputCol="raw")
scaler = StandardScaler(inputCol="raw", outputCol="features")
regression = LinearRegression(solver="normal", standardization=False)
pipeline = Pipeline(stages=[assembler, scaler, regression])


def folds(**params):
    cv = CrossValidator(estimator=regression, estimatorParamMaps=[{}], evaluator=RegressionEvaluator(), **params)
    return [[[r.id for r in part.select("id").collect()] for part in pair] for pair in cv._kFold(df)]


def regressions(models):
    return [[m.stages[-1].intercept, *m.stages[-1].coefficients.tolist()] for m in models]


result = {"rows": rows, "folds": [], "cross_validator": [], "train_validation_split": []}
for params in ({"seed": 42}, {"seed": 7, "numFolds": 5}, {"foldCol": "fold"}):
    result["folds"].append({"params": params, "folds": folds(**params)})
grid = ParamGridBuilder().addGrid(regression.regParam, [0.05, 0.5, 2.0]).addGrid(scaler.withStd, [True, False]).build()
for params in ({"seed": 42}, {"seed": 7, "numFolds": 4, "collectSubModels": True}, {"foldCol": "fold"}):
    for metric in ("rmse", "r2"):
        evaluator = RegressionEvaluator(metricName=metric)
        model = CrossValidator(estimator=pipeline, estimatorParamMaps=grid, evaluator=evaluator, parallelism=2, **params).fit(df)
        result["cross_validator"].append(
            {
                "params": params,
                "metric": metric,
                "avgMetrics": [float(m) for m in model.avgMetrics],
                "stdMetrics": [float(m) for m in model.stdMetrics],
                "best": regressions([model.bestModel])[0],
                "subModels": [regressions(fold) for fold in model.subModels] if model.subModels else None,
            }
        )
for params in ({"seed": 42}, {"seed": 7, "trainRatio": 0.5, "collectSubModels": True}):
    evaluator = RegressionEvaluator(metricName="mae")
    model = TrainValidationSplit(estimator=pipeline, estimatorParamMaps=grid, evaluator=evaluator, **params).fit(df)
    result["train_validation_split"].append(
        {
            "params": params,
            "metric": "mae",
            "validationMetrics": [float(m) for m in model.validationMetrics],
            "best": regressions([model.bestModel])[0],
            "subModels": regressions(model.subModels) if model.subModels else None,
        }
    )

with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "ml_tuning.json"), "w") as file:
    json.dump(result, file)
    file.write("\n")

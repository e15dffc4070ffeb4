"""Writes ml_evaluation.json: what pyspark.ml.evaluation's evaluators say of small frames of predictions, and the curves behind them."""

import json
import math
import os
import random

from pyspark.ml import evaluation
from pyspark.ml.linalg import Vectors, VectorUDT
from pyspark.mllib.evaluation import BinaryClassificationMetrics
from pyspark.sql import SparkSession
from pyspark.sql.types import DoubleType, StructField, StructType

spark = (
    SparkSession.builder.master("local[8]")
    .config("spark.ui.enabled", "false")
    .config("spark.driver.memory", "2g")
    .config("spark.sql.session.timeZone", "UTC")
    .getOrCreate()
)
spark.sparkContext.setLogLevel("OFF")
random.seed(20)


def binary(rows, decimals):
    result = []
    for _ in range(rows):
        label = float(random.random() < 0.4)
        # No negative zero: Spark's points for scores 0.0 and -0.0 depend on how rows lie in partitions.
        score = round(random.gauss(label, 1.0), decimals) + 0.0
        result.append([[-score, score], label, random.choice([0.5, 1.0, 2.0]), score])
    return result


def multiclass(rows):
    result = []
    for _ in range(rows):
        label = random.choice([0.0, 0.0, 1.0, 2.0])
        odds = [math.exp(random.gauss(1.5 if k == label else 0.0, 1.0)) for k in range(3)]
        probability = [o / sum(odds) for o in odds]
        result.append([float(probability.index(max(probability))), label, random.choice([0.5, 1.0, 2.0]), probability])
    result.append([3.0, 1.0, 1.0, [0.0, 1.0, 0.0]])
    result.append([0.0, 2.0, 1.0, [1.0, 0.0, 0.0]])
    return result


def regression(rows):
    result = []
    for _ in range(rows):
        label = round(random.uniform(-3, 10), 3)
        result.append([label + round(random.gauss(0.1, 1.5), 3), label, random.choice([0.5, 1.0, 2.0])])
    return result


def clusters(rows):
    centers = [(0.0, 0.0, 1.0), (4.0, 1.0, 1.0), (1.0, 5.0, 3.0)]
    result = []
    for _ in range(rows):
        k = random.randrange(3)
        result.append([[round(random.gauss(c, 1.0), 3) for c in centers[k]], float(k), random.choice([0.5, 1.0, 2.0])])
    result.append([[9.0, 9.0, 9.0], 7.0, 1.0])
    return result


FRAMES = {
    "scores": (["rawPrediction", "label", "weight", "score"], binary(150, 3)),
    "tied": (["rawPrediction", "label", "weight", "score"], binary(150, 0)),
    "classes": (["prediction", "label", "weight", "probability"], multiclass(120)),
    "numbers": (["prediction", "label", "weight"], regression(100)),
    "clusters": (["features", "prediction", "weight"], clusters(90)),
    "positives": (["rawPrediction", "label", "weight", "score"], [[[0.0, 1.0], 1.0, 1.0, 1.0], [[0.0, 2.0], 1.0, 1.0, 2.0]]),
    "one_cluster": (["features", "prediction", "weight"], [[[1.0, 2.0], 0.0, 1.0], [[2.0, 2.0], 0.0, 1.0]]),
}
VECTORS = {"rawPrediction", "probability", "features"}


def frame(name):
    columns, rows = FRAMES[name]
    fields = [StructField(c, VectorUDT() if c in VECTORS else DoubleType(), True) for c in columns]
    data = [tuple(Vectors.dense(v) if isinstance(v, list) else v for v in row) for row in rows]
    return spark.createDataFrame(data, StructType(fields))


def message(error):
    java = getattr(error, "_origin", None)
    while java is not None and java.getCause() is not None:
        java = java.getCause()
    text = (java.getMessage() if java is not None else None) or str(error)
    return text.split("\n")[0]


CASES = []


def case(cls, name, **params):
    result = {"class": cls, "frame": name, "params": params}
    try:
        evaluator = getattr(evaluation, cls)(**params)
        result["larger"] = evaluator.isLargerBetter()
        result["value"] = evaluator.evaluate(frame(name))
    except Exception as error:
        result["error"] = message(error)
    CASES.append(result)


for name in ("scores", "tied", "positives"):
    for metric in ("areaUnderROC", "areaUnderPR"):
        case("BinaryClassificationEvaluator", name, metricName=metric)
        case("BinaryClassificationEvaluator", name, metricName=metric, weightCol="weight")
        case("BinaryClassificationEvaluator", name, metricName=metric, rawPredictionCol="score", numBins=0)
METRICS = (
    "f1 accuracy weightedPrecision weightedRecall weightedTruePositiveRate weightedFalsePositiveRate weightedFMeasure "
    "truePositiveRateByLabel falsePositiveRateByLabel precisionByLabel recallByLabel fMeasureByLabel logLoss hammingLoss"
)
for metric in METRICS.split():
    case("MulticlassClassificationEvaluator", "classes", metricName=metric)
    case("MulticlassClassificationEvaluator", "classes", metricName=metric, weightCol="weight", metricLabel=1.0, beta=2.0, eps=0.01)
case("MulticlassClassificationEvaluator", "classes", metricName="precisionByLabel", metricLabel=5.0)
for metric in ("rmse", "mse", "r2", "mae", "var"):
    for origin in (False, True):
        case("RegressionEvaluator", "numbers", metricName=metric, throughOrigin=origin)
        case("RegressionEvaluator", "numbers", metricName=metric, throughOrigin=origin, weightCol="weight")
for distance in ("squaredEuclidean", "cosine"):
    case("ClusteringEvaluator", "clusters", distanceMeasure=distance)
    case("ClusteringEvaluator", "clusters", distanceMeasure=distance, weightCol="weight")
case("ClusteringEvaluator", "one_cluster")

curves = {}
for name in ("scores", "tied"):
    rows = FRAMES[name][1]
    metrics = BinaryClassificationMetrics(spark.sparkContext.parallelize([(r[3], r[1], r[2]) for r in rows], 4))
    java = metrics._java_model
    curves[name] = {
        method: [[pair._1(), pair._2()] for pair in getattr(java, method)().collect()]
        for method in ("roc", "pr", "precisionByThreshold", "recallByThreshold", "fMeasureByThreshold")
    }

with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "ml_evaluation.json"), "w") as file:
    file.write('{"frames": {\n')
    file.write(",\n".join(json.dumps(n) + ": " + json.dumps({"columns": c, "rows": r}) for n, (c, r) in FRAMES.items()))
    file.write('},\n"cases": [\n' + ",\n".join(json.dumps(c) for c in CASES))
    file.write('],\n"curves": ' + json.dumps(curves) + "}\n")

"""Expected values for RankingEvaluator and MultilabelClassificationEvaluator, from real PySpark 4.3.

    python tests/reference/array_evaluation.py > tests/reference/array_evaluation.json
"""

import json
import os
import random
import sys

from pyspark.ml.evaluation import MultilabelClassificationEvaluator, RankingEvaluator
from pyspark.sql import SparkSession

os.environ["PYSPARK_PYTHON"] = sys.executable
spark = (
    SparkSession.builder.master("local[8]")
    .config("spark.ui.enabled", "false")
    .config("spark.sql.session.timeZone", "UTC")
    .config("spark.driver.memory", "2g")
    .getOrCreate()
)
spark.sparkContext.setLogLevel("OFF")
random.seed(31)


def labels(most, least=0):
    return [float(x) for x in random.sample(range(12), random.randint(least, most))]


FRAMES = {
    "ranks": [[labels(10), labels(6)] for _ in range(40)],
    "labels": [[labels(5), labels(5, 1)] for _ in range(40)] + [[[1.0, 2.0], [1.0, 2.0]], [[2.0, 1.0], [1.0, 2.0]]],
    "twice": [[[1.0, 1.0, 3.0], [1.0, 3.0, 3.0]], [[2.0, 1.0], [1.0, 2.0, 1.0]]],
}


def message(error):
    java = getattr(error, "_origin", None) or getattr(error, "java_exception", None)
    while java is not None and java.getCause() is not None:
        java = java.getCause()
    text = (java.getMessage() if java is not None else None) or str(error)
    return text.split("\n")[0]


CASES = []


def case(cls, name, **params):
    result = {"class": cls.__name__, "frame": name, "params": params}
    try:
        evaluator = cls(**params)
        result["larger"] = evaluator.isLargerBetter()
        data = spark.createDataFrame([tuple(row) for row in FRAMES[name]], "prediction array<double>, label array<double>")
        result["value"] = evaluator.evaluate(data)
    except Exception as error:
        result["error"] = message(error)
    CASES.append(result)


for name in ("ranks", "twice"):
    for metric in ("meanAveragePrecision", "meanAveragePrecisionAtK", "precisionAtK", "ndcgAtK", "recallAtK"):
        case(RankingEvaluator, name, metricName=metric)
        case(RankingEvaluator, name, metricName=metric, k=3)
METRICS = (
    "subsetAccuracy accuracy hammingLoss precision recall f1Measure precisionByLabel recallByLabel f1MeasureByLabel microPrecision "
    "microRecall microF1Measure"
)
for name in ("labels", "twice"):
    for metric in METRICS.split():
        case(MultilabelClassificationEvaluator, name, metricName=metric)
        if metric.endswith("ByLabel"):
            case(MultilabelClassificationEvaluator, name, metricName=metric, metricLabel=3.0)
            case(MultilabelClassificationEvaluator, name, metricName=metric, metricLabel=77.0)

print('{"frames": {\n' + ",\n".join(json.dumps(n) + ": " + json.dumps(rows) for n, rows in FRAMES.items()))
print('},\n"cases": [\n' + ",\n".join(json.dumps(c) for c in CASES) + "]}")

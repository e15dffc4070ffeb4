"""Expected values for pyspark.ml.classification.NaiveBayes, from real PySpark 4.3.

    python tests/reference/naive_bayes.py > tests/reference/naive_bayes.json

The data are made by formulas that the test repeats: `counts` are small whole numbers, `bits` zeros and ones, `numbers` of any size.
"""

import json
import os
import sys

from pyspark.ml.classification import NaiveBayes
from pyspark.ml.linalg import Vectors
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

FORMULAS = {
    "counts": lambda i, j: float((i * 3 + j * 2 + i // 7 * (j + 1) + i % 3 * j) % (4 + i % 3)),
    "bits": lambda i, j: float((i * 3 + j * 5 + i * j) % 7 < 3 + i % 3 - j % 2),
    "numbers": lambda i, j: ((i * 37 + j * 11) % 23) / 4.0 - 2.0 + (i % 3) * (j + 1) * 0.75,
}


def frame(name):
    rows = [(float(i % 3), 0.5 + (i % 5) * 0.25, Vectors.dense([FORMULAS[name](i, j) for j in range(4)])) for i in range(60)]
    return spark.createDataFrame(spark.sparkContext.parallelize(rows, 3), ["label", "weight", "features"])


cases = []
for data, params in [
    ("counts", {}),
    ("counts", {"smoothing": 0.0}),
    ("counts", {"smoothing": 2.5, "weightCol": "weight", "thresholds": [0.2, 0.5, 0.3]}),
    ("counts", {"modelType": "complement"}),
    ("counts", {"modelType": "complement", "weightCol": "weight"}),
    ("bits", {"modelType": "bernoulli"}),
    ("bits", {"modelType": "bernoulli", "smoothing": 0.5, "weightCol": "weight"}),
    ("numbers", {"modelType": "gaussian"}),
    ("numbers", {"modelType": "gaussian", "weightCol": "weight"}),
]:
    model = NaiveBayes(**params).fit(frame(data))
    predictions = model.transform(frame(data))
    columns = ["rawPrediction", "probability", "prediction"]
    rows = [[r[0].toArray().tolist(), r[1].toArray().tolist(), r[2]] for r in predictions.select(*columns).collect()]
    field = lambda c: {"type": predictions.schema[c].dataType.simpleString(), "nullable": predictions.schema[c].nullable, "metadata": predictions.schema[c].metadata}
    cases.append({
        "data": data,
        "params": params,
        "pi": model.pi.toArray().tolist(),
        "theta": model.theta.toArray().tolist(),
        "sigma": model.sigma.toArray().tolist(),
        "predictions": rows,
        "columns": predictions.columns,
        "metadata": {c: field(c) for c in columns},
        "text": str(model).replace(model.uid, "UID"),
    })
print("[\n" + ",\n".join(json.dumps(case) for case in cases) + "\n]")

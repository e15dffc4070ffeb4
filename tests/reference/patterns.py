"""Expected values for pyspark.ml.fpm, from real PySpark 4.3.

    python tests/reference/patterns.py > tests/reference/patterns.json
"""

import json
import os
import random
import sys

from pyspark.ml.fpm import FPGrowth, PrefixSpan
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
random.seed(8)


def message(error):
    java = getattr(error, "_origin", None) or getattr(error, "java_exception", None)
    while java is not None and java.getCause() is not None:
        java = java.getCause()
    text = (java.getMessage() if java is not None else None) or str(error)
    return text.split("\n")[0]


WORDS = "bread milk eggs tea rice salt oil jam nuts figs".split()
BASKETS = {
    "guide": ("string", [["1", "2", "5"], ["1", "2", "3", "5"], ["1", "2"]]),
    "letters": ("string", [list(t) for t in ("rzhkp", "zyxwvuts", "sxonr", "xzymtsqe", "z", "xzyrqtp")]),
    "words": ("string", [random.sample(WORDS, random.randint(1, 6)) for _ in range(40)] + [None, []]),
    "numbers": ("int", [random.sample(range(12), random.randint(1, 7)) for _ in range(40)]),
    "longs": ("bigint", [random.sample([5000000000, 2, 3, -4, 17, 8], random.randint(1, 5)) for _ in range(30)]),
    "halves": ("double", [random.sample([0.5, 1.5, -2.0, 3.25, 10.0], random.randint(1, 4)) for _ in range(30)]),
    "twice": ("string", [["a", "b"], ["a", "a"]]),
    "none": ("string", []),
}


def baskets(name):
    kind, rows = BASKETS[name]
    return spark.createDataFrame(spark.sparkContext.parallelize([(row,) for row in rows], 3), f"items array<{kind}>").cache()


growth = []
for name, params in [
    ("guide", {"minSupport": 0.5, "minConfidence": 0.6}),
    ("letters", {"minSupport": 0.2, "minConfidence": 0.7}),
    ("letters", {"minSupport": 0.5}),
    ("letters", {"minSupport": 0.2, "minConfidence": 0.0, "numPartitions": 5}),
    ("words", {"minSupport": 0.15, "minConfidence": 0.4, "predictionCol": "also"}),
    ("words", {"minSupport": 0.05, "minConfidence": 0.9, "numPartitions": 1}),
    ("numbers", {"minSupport": 0.1, "minConfidence": 0.5}),
    ("longs", {"minSupport": 0.2, "minConfidence": 0.5}),
    ("halves", {"minSupport": 0.2, "minConfidence": 0.5}),
    ("guide", {"minSupport": 1.0}),
    ("twice", {}),
    ("none", {}),
]:
    case = {"data": name, "params": params}
    try:
        model = FPGrowth(**params).fit(baskets(name))
        case["freqItemsets"] = [[r.items, r.freq] for r in model.freqItemsets.collect()]
        case["schema"] = [model.freqItemsets.schema.simpleString(), model.associationRules.schema.simpleString()]
        case["rules"] = [list(r) for r in model.associationRules.collect()]
        predictions = model.transform(baskets(name))
        case["columns"] = predictions.dtypes
        case["predictions"] = [r[1] for r in predictions.collect()]
        case["text"] = str(model).replace(model.uid, "UID")
        case["nullable"] = [f.nullable for f in model.associationRules.schema]
    except Exception as error:
        case["error"] = message(error)
    growth.append(case)

try:
    FPGrowth().fit(spark.createDataFrame([("a",)], "items string"))
except Exception as error:
    growth.append({"data": "text", "params": {}, "error": message(error)})


def sequence():
    return [random.sample(range(1, 6), random.randint(1, 3)) for _ in range(random.randint(1, 4))]


SEQUENCES = {
    "guide": ("int", [[[1, 2], [3]], [[1], [3, 2], [1, 2]], [[1, 2], [5]], [[6]]]),
    "random": ("int", [sequence() for _ in range(40)]),
    "words": ("string", [[[WORDS[i] for i in s] for s in sequence()] for _ in range(20)] + [None]),
    "none": ("int", []),
}


def sequences(name):
    kind, rows = SEQUENCES[name]
    return spark.createDataFrame(spark.sparkContext.parallelize([(row,) for row in rows], 3), f"sequence array<array<{kind}>>").cache()


span = []
for name, params in [
    ("guide", {"minSupport": 0.5, "maxPatternLength": 5}),
    ("guide", {}),
    ("random", {"minSupport": 0.2, "maxPatternLength": 4}),
    ("random", {"minSupport": 0.1, "maxPatternLength": 2}),
    ("random", {"minSupport": 0.2, "maxPatternLength": 4, "maxLocalProjDBSize": 50}),
    ("words", {"minSupport": 0.3}),
    ("guide", {"minSupport": 1.0}),
    ("none", {}),
]:
    case = {"data": name, "params": params}
    try:
        found = PrefixSpan(**params).findFrequentSequentialPatterns(sequences(name))
        case["schema"] = found.schema.simpleString()
        case["patterns"] = [[r.sequence, r.freq] for r in found.collect()]
    except Exception as error:
        case["error"] = message(error)
    span.append(case)

data = {"baskets": {n: {"kind": k, "rows": r} for n, (k, r) in BASKETS.items()}, "sequences": {n: {"kind": k, "rows": r} for n, (k, r) in SEQUENCES.items()}}
print('{"data": ' + json.dumps(data))
print(',\n"growth": [\n' + ",\n".join(json.dumps(c) for c in growth))
print('],\n"span": [\n' + ",\n".join(json.dumps(c) for c in span) + "]}")

"""Expected values for pyspark.ml.stat's Correlation and Summarizer, from real PySpark 4.3.

    python tests/reference/ml_stat.py > tests/reference/ml_stat.json
"""

import json
import math
import os
import sys

from pyspark.ml.linalg import Vectors, VectorUDT
from pyspark.ml.stat import Correlation, MultivariateGaussian, Summarizer
from pyspark.sql import SparkSession
from pyspark.sql.types import DoubleType, IntegerType, StructField, StructType

os.environ["PYSPARK_PYTHON"] = sys.executable
spark = (
    SparkSession.builder.master("local[8]")
    .config("spark.ui.enabled", "false")
    .config("spark.sql.session.timeZone", "UTC")
    .config("spark.driver.memory", "2g")
    .getOrCreate()
)
spark.sparkContext.setLogLevel("OFF")


def number(v):
    if isinstance(v, float) and (math.isnan(v) or math.isinf(v)):
        return "NaN" if math.isnan(v) else "Infinity" if v > 0 else "-Infinity"
    return v


def vector(v):
    if v is None:
        return None
    if hasattr(v, "indices"):
        return {"size": v.size, "indices": [int(i) for i in v.indices], "values": [number(float(x)) for x in v.values]}
    return [number(float(x)) for x in v.toArray()]


def message(action):
    try:
        action()
    except Exception as error:
        return str(error).split("\n")[0]
    raise AssertionError("no error")


NAN, INF = float("nan"), float("inf")
DATA = {
    "plain": [Vectors.dense([((i * 37 + j * 11) % 23) / 4.0 + i * j for j in range(3)]) for i in range(25)],
    "ties": [Vectors.dense([float(i % 3), float((i * 7) % 5), float(i // 4), 2.0]) for i in range(17)],
    "sparse": [Vectors.sparse(5, [i % 5, 5 - 1][: 1 + (i % 5 < 4)], [1.0 + i, -2.0 * i][: 1 + (i % 5 < 4)]) for i in range(13)],
    "one": [Vectors.dense([1.0, -2.0])],
    "two": [Vectors.dense([1.0, -2.0]), Vectors.dense([3.0, 5.0])],
    "nan": [Vectors.dense([1.0, NAN, 3.0]), Vectors.dense([2.0, 1.0, 2.0]), Vectors.dense([4.0, 2.0, INF])],
    "large": [Vectors.dense([1e8 + i, (i * i) % 7]) for i in range(12)],
}
schema = StructType([StructField("key", IntegerType()), StructField("weight", DoubleType()), StructField("features", VectorUDT())])


def frame(name, rows=None):
    rows = [(i % 2, (i % 4) * 0.5, v) for i, v in enumerate(rows or DATA[name])]
    return spark.createDataFrame(rows, schema)


METRICS = ["mean", "sum", "variance", "std", "count", "numNonZeros", "max", "min", "normL1", "normL2"]


def cell(v):
    if hasattr(v, "__fields__"):
        return [cell(x) for x in v]
    return vector(v) if hasattr(v, "toArray") or v is None else number(v)


def rows(df):
    return [[cell(v) for v in r] for r in df.collect()]


cases = {"rows": {name: [[i % 2, (i % 4) * 0.5, vector(v)] for i, v in enumerate(values)] for name, values in DATA.items()}}
correlations = []
for name in ["plain", "ties", "sparse", "two", "one", "nan", "large"]:
    for method in ["pearson", "spearman"]:
        try:
            found = Correlation.corr(frame(name), "features", method)
            matrix = found.collect()[0][0].toArray()
            correlations.append({"data": name, "method": method, "columns": found.columns, "schema": found.schema.simpleString(), "matrix": [[number(float(x)) for x in row] for row in matrix]})
        except Exception as error:
            correlations.append({"data": name, "method": method, "error": str(error).split("\n")[0]})
cases["correlations"] = correlations
summaries = []
for name in ["plain", "ties", "sparse", "one", "nan", "large"]:
    df = frame(name)
    builder = Summarizer.metrics(*METRICS)
    whole, weighted = df.select(builder.summary(df.features)), df.select(builder.summary(df.features, df.weight))
    grouped = df.groupBy("key").agg(builder.summary(df.features, df.weight).alias("s")).orderBy("key")
    single = df.select(*[getattr(Summarizer, m)(df.features) for m in METRICS])
    case = {"data": name, "columns": whole.columns + weighted.columns, "schema": whole.schema.simpleString(), "singles": single.columns, "single": rows(single), "whole": rows(whole)}
    if name != "one":
        case.update(weighted=rows(weighted), grouped=rows(grouped))
    summaries.append(case)
cases["summaries"] = summaries
none = frame("plain", [None, Vectors.dense([1.0, 2.0]), None])
empty = frame("plain").limit(0)
builder = Summarizer.metrics("mean", "count")
cases["nulls"] = message(lambda: none.select(builder.summary(none.features)).collect())
cases["empty"] = message(lambda: empty.select(builder.summary(empty.features)).collect())
cases["unknown"] = message(lambda: Summarizer.metrics("median"))
uneven = frame("plain", [Vectors.dense([1.0]), Vectors.dense([1.0, 2.0])])
cases["uneven"] = message(lambda: uneven.repartition(1).select(builder.summary(uneven.features)).collect())
cases["negative"] = message(lambda: uneven.select(builder.summary(uneven.features, uneven.weight - 9)).collect())
cases["text"] = message(lambda: uneven.select(builder.summary(uneven.weight)).collect())
cases["not_column"] = message(lambda: builder.summary("features"))
cases["method"] = message(lambda: Correlation.corr(frame("plain"), "features", "kendall"))
cases["corr_text"] = message(lambda: Correlation.corr(frame("plain"), "weight"))
cases["corr_empty"] = message(lambda: Correlation.corr(empty, "features"))
cases["spearman_empty"] = message(lambda: Correlation.corr(empty, "features", "spearman"))
gaussian = MultivariateGaussian(Vectors.dense([0.0, 1.0]), Vectors.dense([1.0]))
cases["gaussian"] = repr(gaussian)
print("{\n" + ",\n".join(json.dumps(k) + ": " + json.dumps(v) for k, v in cases.items()) + "\n}")

"""Expected values for pyspark.ml.clustering, from real PySpark 4.3: GaussianMixture, BisectingKMeans, PowerIterationClustering, LDA.

    python tests/reference/ml_clustering.py > tests/reference/ml_clustering.json

The data are made by formulas that the tests repeat (`src/ml/clustering/reference.rs`), in three partitions.
"""

import json
import os
import sys

from pyspark.ml.clustering import LDA, BisectingKMeans, GaussianMixture, PowerIterationClustering
from pyspark.ml.linalg import Vectors
from pyspark.sql import SparkSession
from pyspark.sql.types import DoubleType, StructField, StructType
from pyspark.ml.linalg import VectorUDT

os.environ["PYSPARK_PYTHON"] = sys.executable
spark = (
    SparkSession.builder.master("local[8]")
    .config("spark.ui.enabled", "false")
    .config("spark.sql.session.timeZone", "UTC")
    .config("spark.driver.memory", "2g")
    .getOrCreate()
)
spark.sparkContext.setLogLevel("OFF")


def blob(i, j):
    return ((i * 37 + j * 11) % 23) / 4.0 - 2.0 + (i % 4) * (j + 1) * 2.5


def count(i, j):
    return float((i * 3 + j * 2 + i // 7 * (j + 1) + i % 3 * j) % (4 + i % 3))


def topical(i, j):
    return float((i * 5 + j * 3) % 4 + (6 if j % 3 == i % 3 else 0)) if (i + j) % 4 else 0.0


def sparse(i):
    at = [j for j in range(6) if (i + j) % 3 == 0]
    return Vectors.sparse(6, at, [blob(i, j) for j in at])


DATA = {
    "blobs": (60, lambda i: Vectors.dense([blob(i, j) for j in range(3)])),
    "many": (200, lambda i: Vectors.dense([blob(i, j) + (i % 13) * 7.0 * (j - 1) for j in range(2)])),
    "sparse": (60, sparse),
    "constant": (30, lambda i: Vectors.dense([blob(i, 0), 3.0])),
    "same": (9, lambda i: Vectors.dense([1.0, 2.0])),
    "few": (2, lambda i: Vectors.dense([blob(i, j) for j in range(3)])),
    "one": (1, lambda i: Vectors.dense([1.5, -2.0])),
    "counts": (30, lambda i: Vectors.dense([count(i, j) for j in range(8)])),
    "topical": (48, lambda i: Vectors.dense([topical(i, j) for j in range(9)])),
    "empty_document": (12, lambda i: Vectors.sparse(5, [], []) if i % 5 == 0 else Vectors.sparse(5, [i % 3, 4], [1.0 + i % 4, 2.0])),
}
FRAMES = {}


def frame(name):
    if name not in FRAMES:
        n, row = DATA[name]
        rows = [(0.5 + (i % 5) * 0.25, row(i)) for i in range(n)]
        schema = StructType([StructField("weight", DoubleType(), True), StructField("features", VectorUDT(), True)])
        FRAMES[name] = spark.createDataFrame(spark.sparkContext.parallelize(rows, 3), schema).cache()
    return FRAMES[name]


def value(v):
    return v.toArray().tolist() if hasattr(v, "toArray") else v


def described(model, data, params, columns):
    predictions = model.transform(frame(data))
    field = lambda c: {"type": predictions.schema[c].dataType.simpleString(), "nullable": predictions.schema[c].nullable, "metadata": predictions.schema[c].metadata}
    return {
        "data": data,
        "params": params,
        "predictions": [[value(v) for v in r] for r in predictions.select(*columns).collect()],
        "columns": predictions.columns,
        "metadata": {c: field(c) for c in columns},
        "text": str(model).replace(model.uid, "UID"),
    }


def message(action):
    try:
        action()
    except Exception as error:
        return str(error).split("\n")[0]
    raise AssertionError("no error")


def summary(model, names):
    out = {}
    for name in names:
        found = getattr(model.summary, name)
        out[name] = [[value(v) for v in r] for r in found.collect()] if hasattr(found, "collect") else found
    return out


cases = {"mixture": [], "bisecting": [], "power": [], "lda": []}
for data, params in [
    ("blobs", {"k": 3, "seed": 10, "tol": 1e-4, "maxIter": 30}),
    ("blobs", {"k": 3, "seed": 5, "maxIter": 5, "weightCol": "weight"}),
    ("blobs", {"k": 4, "seed": 7, "maxIter": 0}),
    ("sparse", {"k": 2, "seed": 3, "maxIter": 10}),
    ("many", {"k": 3, "seed": 42, "maxIter": 15}),
]:
    model = GaussianMixture(**params).fit(frame(data))
    cases["mixture"].append({
        **described(model, data, params, ["probability", "prediction"]),
        "weights": list(model.weights),
        "means": [g.mean.toArray().tolist() for g in model.gaussians],
        "covs": [g.cov.toArray().tolist() for g in model.gaussians],
        "gaussiansDF": model.gaussiansDF.schema.simpleString(),
        "summary": summary(model, ["k", "numIter", "logLikelihood", "clusterSizes", "probability", "cluster"]),
    })
for data, params in [
    ("blobs", {"k": 4, "seed": 1}),
    ("blobs", {"k": 3, "weightCol": "weight"}),
    ("blobs", {"k": 5, "seed": 2, "distanceMeasure": "cosine"}),
    ("blobs", {"k": 4, "seed": 2, "distanceMeasure": "cosine", "weightCol": "weight", "maxIter": 5}),
    ("many", {"k": 20, "seed": 9}),
    ("many", {"k": 11, "seed": 3, "minDivisibleClusterSize": 25.0}),
    ("many", {"k": 9, "seed": 3, "minDivisibleClusterSize": 0.2, "maxIter": 3}),
    ("sparse", {"k": 3, "seed": 5}),
    ("constant", {"k": 2, "seed": 1}),
    ("same", {"k": 3, "seed": 1}),
    ("few", {"k": 4, "seed": 1}),
    ("one", {"k": 2, "seed": 1}),
]:
    model = BisectingKMeans(**params).fit(frame(data))
    cases["bisecting"].append({
        **described(model, data, params, ["prediction"]),
        "centers": [c.tolist() for c in model.clusterCenters()],
        "cost": model.computeCost(frame(data)),
        "summary": summary(model, ["k", "numIter", "clusterSizes", "trainingCost"]),
    })


def edges(name):
    if name == "chain":
        rows = [(i, j, 0.5 + 0.2 * j + 0.1 * ((i * j) % 3)) for i in range(1, 12) for j in range(i) if (i + j) % 3]
    elif name == "rings":
        # Two rings of points; nearer points are more alike.
        import math
        points = [(r * math.cos(2 * math.pi * t / n), r * math.sin(2 * math.pi * t / n)) for r, n in [(1.0, 10), (4.0, 30)] for t in range(n)]
        alike = lambda p, q: math.exp(-((p[0] - q[0]) ** 2 + (p[1] - q[1]) ** 2) / 2.0)
        rows = [(i, j, alike(points[i], points[j])) for i in range(len(points)) for j in range(i)]
    else:
        # Far-apart ids, negative ones too, in three groups of thirty.
        rows = [((i - 45) * 1000003, (j - 45) * 1000003, 1.0 if i % 3 == j % 3 else 0.05) for i in range(90) for j in range(i) if (i * j) % 4 == 1 or i % 3 == j % 3]
    return spark.createDataFrame(spark.sparkContext.parallelize(rows, 3), "src long, dst long, weight double")


for data, params in [
    ("chain", {"k": 2, "maxIter": 40, "weightCol": "weight"}),
    ("chain", {"k": 3, "initMode": "degree", "weightCol": "weight"}),
    ("chain", {"k": 2}),
    ("rings", {"k": 2, "maxIter": 40, "weightCol": "weight"}),
    ("rings", {"k": 2, "maxIter": 10, "initMode": "degree", "weightCol": "weight"}),
    ("groups", {"k": 3, "maxIter": 30, "weightCol": "weight"}),
]:
    found = PowerIterationClustering(**params).assignClusters(edges(data))
    cases["power"].append({
        "data": data,
        "params": params,
        "schema": found.schema.simpleString(),
        "nullable": [f.nullable for f in found.schema.fields],
        "rows": [list(r) for r in found.collect()],
    })
negative = spark.createDataFrame([(0, 1, -1.0), (1, 2, 1.0)], "src long, dst long, weight double")
text = spark.createDataFrame([("a", 1, 1.0)], "src string, dst long, weight double")
for data, params in [
    ("counts", {"k": 3, "seed": 1, "maxIter": 5, "optimizer": "em"}),
    ("topical", {"k": 3, "seed": 7, "maxIter": 20, "optimizer": "em"}),
    ("topical", {"k": 2, "seed": 7, "maxIter": 8, "optimizer": "em", "docConcentration": [5.0], "topicConcentration": 1.5}),
    ("empty_document", {"k": 2, "seed": 2, "maxIter": 4, "optimizer": "em"}),
    ("counts", {"k": 3, "seed": 1, "maxIter": 4, "subsamplingRate": 1.0}),
    ("topical", {"k": 3, "seed": 11, "maxIter": 30, "subsamplingRate": 0.5, "learningOffset": 10.0}),
    ("topical", {"k": 4, "seed": 3, "maxIter": 10, "subsamplingRate": 0.3, "optimizeDocConcentration": False, "docConcentration": [0.1, 0.2, 0.3, 0.4], "topicConcentration": 0.7, "learningDecay": 0.7}),
    ("topical", {"k": 2, "seed": 5, "maxIter": 6}),
    ("empty_document", {"k": 2, "seed": 2, "maxIter": 4, "subsamplingRate": 0.6}),
]:
    model = LDA(**params).fit(frame(data))
    local = params.get("optimizer") != "em"
    case = {
        **described(model, data, params, ["topicDistribution"]),
        "topics": model.topicsMatrix().toArray().tolist(),
        "alpha": model.estimatedDocConcentration().toArray().tolist(),
        "vocabSize": model.vocabSize(),
        "isDistributed": model.isDistributed(),
        "described": [list(r) for r in model.describeTopics(4).collect()],
        "describedSchema": model.describeTopics(4).schema.simpleString(),
        "logLikelihood": model.logLikelihood(frame(data)),
        "logPerplexity": model.logPerplexity(frame(data)),
    }
    if not local:
        case.update(
            trainingLogLikelihood=model.trainingLogLikelihood(),
            logPrior=model.logPrior(),
            localText=str(model.toLocal()).replace(model.uid, "UID"),
        )
    cases["lda"].append(case)

strings = spark.createDataFrame([("a",)], ["features"])
nan = spark.createDataFrame([(Vectors.dense([float("nan"), 1.0]),), (Vectors.dense([1.0, 1.0]),)], ["features"])
zero = spark.createDataFrame([(Vectors.dense([0.0, 0.0]),), (Vectors.dense([1.0, 1.0]),)], ["features"])
null = spark.createDataFrame([(Vectors.dense([0.0, 0.0]),), (None,)], frame("one").select("features").schema)
cases["errors"] = {
    "mixture text": message(lambda: GaussianMixture().fit(strings)),
    "mixture nan": message(lambda: GaussianMixture().fit(nan)),
    "bisecting nan": message(lambda: BisectingKMeans().fit(nan)),
    "bisecting null": message(lambda: BisectingKMeans().fit(null)),
    "bisecting zero": message(lambda: BisectingKMeans(distanceMeasure="cosine").fit(zero)),
    "mixture k": message(lambda: GaussianMixture(k=1).fit(frame("few"))),
    "power negative": message(lambda: PowerIterationClustering(weightCol="weight").assignClusters(negative)),
    "power text": message(lambda: PowerIterationClustering(weightCol="weight").assignClusters(text)),
    "lda alpha em": message(lambda: LDA(optimizer="em", docConcentration=[0.5]).fit(frame("counts"))),
    "lda eta em": message(lambda: LDA(optimizer="em", topicConcentration=0.5).fit(frame("counts"))),
    "lda alpha em list": message(lambda: LDA(optimizer="em", k=2, docConcentration=[2.0, 3.0]).fit(frame("counts"))),
    "lda alpha": message(lambda: LDA(k=3, docConcentration=[0.5, 0.5]).fit(frame("counts"))),
    "lda optimizer": message(lambda: LDA(optimizer="sgd").fit(frame("counts"))),
    "lda rate": message(lambda: LDA(subsamplingRate=2.0).fit(frame("counts"))),
}


def plain(item):
    if isinstance(item, dict):
        return {k: plain(v) for k, v in item.items()}
    if isinstance(item, (list, tuple)):
        return [plain(v) for v in item]
    return "NaN" if item != item else item


def dumped(item, indent):
    if isinstance(item, (list, dict)) and indent < 2:
        ends = "[]" if isinstance(item, list) else "{}"
        parts = [dumped(v, indent + 1) for v in item] if isinstance(item, list) else [json.dumps(k) + ": " + dumped(v, indent + 1) for k, v in item.items()]
        return ends[0] + "\n" + ",\n".join(parts) + "\n" + ends[1]
    return json.dumps(plain(item))


print(dumped(cases, 0))

"""Expected values for the models of pyspark.ml, from real PySpark 4.3.

    python tests/reference/ml_models.py > tests/reference/ml_models.json

Data are small and written into the JSON, partition by partition; the two larger sets follow a formula that the test repeats.
"""

import json
import os
import sys

from pyspark.ml.classification import DecisionTreeClassifier, LogisticRegression, RandomForestClassifier
from pyspark.ml.clustering import KMeans
from pyspark.ml.linalg import Vectors, VectorUDT
from pyspark.ml.regression import DecisionTreeRegressor, LinearRegression, RandomForestRegressor
from pyspark.sql import SparkSession
from pyspark.sql.types import DoubleType, StructField, StructType

os.environ["PYSPARK_PYTHON"] = sys.executable
spark = (
    SparkSession.builder.master("local[8]")
    .config("spark.ui.enabled", "false")
    .config("spark.sql.session.timeZone", "UTC")
    .config("spark.driver.memory", "2g")
    .getOrCreate()
)
spark.sparkContext.setLogLevel("ERROR")


class Lcg:
    """Numbers in [0, 1), the same in any language."""

    def __init__(self, seed):
        self.state = seed

    def next(self):
        self.state = (self.state * 6364136223846793005 + 1442695040888963407) % 2**64
        return (self.state >> 33) / 2**31

    def normal(self):
        return sum(self.next() for _ in range(12)) - 6.0


def rounded(x):
    return round(x, 3)


def linear_data(seed, rows, classes):
    """Four features of different scales; classes from noisy linear scores, or a noisy linear response when classes is 0."""
    random = Lcg(seed)
    data = []
    for _ in range(rows):
        x = [rounded(random.normal()), rounded(100 + 10 * random.normal()), rounded(0.01 * random.normal()), rounded(random.next() * 5)]
        z = 1.3 * x[0] - 0.12 * (x[1] - 100) + 40 * x[2] + 0.4 * (x[3] - 2.5) + random.normal()
        if classes == 2:
            label = 1.0 if z > 0.3 else 0.0
        elif classes == 3:
            label = 0.0 if z < -1.0 else (1.0 if z < 1.0 else 2.0)
        else:
            label = rounded(3.0 + z)
        data.append((label, rounded(0.5 + random.next() * 2), x))
    return data


def tree_data(seed, rows, classes):
    """Two categorical features (of 3 and 7 categories) and three continuous ones, of which one has many zeros."""
    random = Lcg(seed)
    data = []
    for _ in range(rows):
        a, b = int(random.next() * 3), int(random.next() * 7)
        x = [float(a), rounded(random.normal()), float(b), rounded(max(0.0, random.normal())), rounded(random.next() * 10)]
        z = (1.5 if a == 1 else -0.5) + x[1] * (1 if b in (0, 2, 5) else -1) + 0.8 * x[3] - 0.1 * x[4] + 0.5 * random.normal()
        if classes == 2:
            label = 1.0 if z > 0 else 0.0
        elif classes == 3:
            label = 0.0 if z < -0.8 else (1.0 if z < 0.8 else 2.0)
        else:
            label = rounded(z)
        data.append((label, rounded(0.5 + random.next() * 2), x))
    return data


def cluster_data(seed, rows):
    random = Lcg(seed)
    centres = [(0, 0, 5), (4, 1, 2), (1, 6, 1), (5, 5, 6)]
    data = []
    for i in range(rows):
        c = centres[int(random.next() * 4)]
        data.append((float(i), rounded(0.5 + random.next() * 2), [rounded(c[j] + 0.9 * random.normal()) for j in range(3)]))
    return data


def formula_data(rows):
    """Too many rows to be written down: the test makes them by the same formula."""
    data = []
    for i in range(rows):
        x = [((i * 7919) % 10007) / 100.0, ((i * 104729) % 9973) / 50.0 - 60.0, float((i * 31) % 17)]
        label = 1.0 if (x[0] > 40) != (x[1] > 20) or x[2] == 3 else 0.0
        data.append((label, 1.0, x))
    return data


CATEGORICAL = {
    "ml_attr": {
        "attrs": {
            "numeric": [{"idx": 1, "name": "n1"}, {"idx": 3, "name": "n3"}, {"idx": 4, "name": "n4"}],
            "nominal": [
                {"vals": ["a", "b", "c"], "idx": 0, "name": "c0"},
                {"vals": [str(i) for i in range(7)], "idx": 2, "name": "c2"},
            ],
        },
        "num_attrs": 5,
    }
}


def frame(data, partitions, metadata=None):
    schema = StructType(
        [
            StructField("label", DoubleType(), False),
            StructField("weight", DoubleType(), False),
            StructField("features", VectorUDT(), True, metadata or {}),
        ]
    )
    rdd = spark.sparkContext.parallelize([(label, weight, Vectors.dense(x)) for label, weight, x in data], partitions)
    return spark.createDataFrame(rdd, schema).cache()


def written(df):
    parts = df.rdd.glom().collect()
    return [[[r.label, r.weight, list(map(float, r.features))] for r in part] for part in parts]


def plain(value):
    """Vectors, matrices and frames as lists; what JSON has no number for as text."""
    if hasattr(value, "toArray"):
        return plain(value.toArray().tolist())
    if isinstance(value, (list, tuple)):
        return [plain(v) for v in value]
    if isinstance(value, float) and (value != value or value in (float("inf"), float("-inf"))):
        return str(value)
    return value


def rows_of(df, columns, count=None):
    rows = df.select(*columns).collect()
    return [plain([r[c] for c in columns]) for r in (rows if count is None else rows[:count])]


def attributes(model, names):
    return {name: plain(getattr(model, name)) for name in names}


def metadata(df, columns):
    return {c: {"type": df.schema[c].dataType.simpleString(), "nullable": df.schema[c].nullable, "metadata": df.schema[c].metadata} for c in columns}


out = {"data": {}, "logistic": [], "linear": [], "kmeans": [], "trees": [], "forests": []}

frames = {
    "binary": frame(linear_data(1, 120, 2), 3),
    "three": frame(linear_data(2, 120, 3), 3),
    "regression": frame(linear_data(3, 100, 0), 3),
    "tree2": frame(tree_data(4, 240, 2), 3, CATEGORICAL),
    "tree3": frame(tree_data(5, 240, 3), 4, CATEGORICAL),
    "tree0": frame(tree_data(6, 200, 0), 3, CATEGORICAL),
    "clusters": frame(cluster_data(7, 160), 3),
}
for name, df in frames.items():
    out["data"][name] = written(df)
frames["formula"] = frame(formula_data(12000), 4)

PROBABILISTIC = ["rawPrediction", "probability", "prediction"]
MULTICLASS = [
    "accuracy", "labels", "truePositiveRateByLabel", "falsePositiveRateByLabel", "precisionByLabel", "recallByLabel",
    "weightedTruePositiveRate", "weightedFalsePositiveRate", "weightedRecall", "weightedPrecision",
]


def class_summary(summary, binary):
    found = attributes(summary, MULTICLASS)
    found["fMeasureByLabel"] = summary.fMeasureByLabel()
    found["fMeasureByLabel2"] = summary.fMeasureByLabel(2.0)
    found["weightedFMeasure"] = summary.weightedFMeasure()
    found["weightedFMeasure2"] = summary.weightedFMeasure(2.0)
    if binary:
        found["areaUnderROC"] = summary.areaUnderROC
        for name in ["roc", "pr", "fMeasureByThreshold", "precisionByThreshold", "recallByThreshold"]:
            df = getattr(summary, name)
            found[name] = {"columns": df.columns, "rows": [plain(list(r)) for r in df.collect()]}
    return found


TIGHT = {"tol": 1e-14, "maxIter": 1000}
SUMMARISED = [{}, {"weightCol": "weight", "threshold": 0.4, **TIGHT}, {"weightCol": "weight", "regParam": 0.05, "thresholds": [0.5, 0.2, 0.3], **TIGHT}]
for data, params in [
    ("binary", {}),
    ("binary", TIGHT),
    ("binary", {"regParam": 0.1}),
    ("binary", {"regParam": 0.1, **TIGHT}),
    ("binary", {"regParam": 0.1, "standardization": False, **TIGHT}),
    ("binary", {"regParam": 0.05, "elasticNetParam": 0.5}),
    ("binary", {"regParam": 0.05, "elasticNetParam": 0.5, **TIGHT}),
    ("binary", {"regParam": 0.02, "elasticNetParam": 1.0, "standardization": False, **TIGHT}),
    ("binary", {"fitIntercept": False, "regParam": 0.01, **TIGHT}),
    ("binary", {"weightCol": "weight", "threshold": 0.4, **TIGHT}),
    ("binary", {"family": "multinomial", "regParam": 0.1, **TIGHT}),
    ("binary", {"maxIter": 3}),
    ("three", {}),
    ("three", {"regParam": 0.1}),
    ("three", {"regParam": 0.1, **TIGHT}),
    ("three", {"regParam": 0.03, "elasticNetParam": 0.6, **TIGHT}),
    ("three", {"weightCol": "weight", "regParam": 0.05, "thresholds": [0.5, 0.2, 0.3], **TIGHT}),
    ("three", {"fitIntercept": False, "regParam": 0.1, **TIGHT}),
]:
    model = LogisticRegression(**params).fit(frames[data])
    case = {"data": data, "params": params}
    case["coefficients"] = plain(model.coefficientMatrix)
    case["intercepts"] = plain(model.interceptVector)
    case["sparse"] = [type(model.coefficientMatrix).__name__, type(model.interceptVector).__name__]
    predictions = model.transform(frames[data])
    case["predictions"] = rows_of(predictions, PROBABILISTIC, 20)
    case["metadata"] = metadata(predictions, PROBABILISTIC)
    case["columns"] = predictions.columns
    case["history"] = model.summary.objectiveHistory
    case["iterations"] = model.summary.totalIterations
    if params in SUMMARISED:
        case["summary"] = class_summary(model.summary, data == "binary")
    case["text"] = str(model).replace(model.uid, "UID")
    out["logistic"].append(case)

LINEAR = [
    "rootMeanSquaredError", "meanSquaredError", "meanAbsoluteError", "r2", "r2adj", "explainedVariance", "degreesOfFreedom", "numInstances",
    "totalIterations", "objectiveHistory", "devianceResiduals",
]
for data, params in [
    ("regression", {}),
    ("regression", {"solver": "normal"}),
    ("regression", {"solver": "l-bfgs"}),
    ("regression", {"solver": "l-bfgs", **TIGHT}),
    ("regression", {"regParam": 0.2}),
    ("regression", {"regParam": 0.2, "standardization": False}),
    ("regression", {"regParam": 0.2, "solver": "l-bfgs", **TIGHT}),
    ("regression", {"regParam": 0.2, "solver": "l-bfgs", "standardization": False, **TIGHT}),
    ("regression", {"regParam": 0.1, "elasticNetParam": 0.5, **TIGHT}),
    ("regression", {"regParam": 0.1, "elasticNetParam": 0.5, "solver": "l-bfgs", **TIGHT}),
    ("regression", {"regParam": 0.1, "elasticNetParam": 1.0, "standardization": False, **TIGHT}),
    ("regression", {"fitIntercept": False}),
    ("regression", {"fitIntercept": False, "solver": "l-bfgs", **TIGHT}),
    ("regression", {"weightCol": "weight"}),
    ("regression", {"weightCol": "weight", "solver": "l-bfgs", **TIGHT}),
    ("regression", {"loss": "huber", **TIGHT}),
    ("regression", {"loss": "huber", "epsilon": 2.0, "regParam": 0.1, **TIGHT}),
    ("regression", {"loss": "huber", "fitIntercept": False, "weightCol": "weight", **TIGHT}),
    ("regression", {"maxIter": 5, "solver": "l-bfgs"}),
]:
    model = LinearRegression(**params).fit(frames[data])
    case = {"data": data, "params": params}
    case["coefficients"] = plain(model.coefficients)
    case["intercept"] = model.intercept
    case["scale"] = model.scale
    predictions = model.transform(frames[data])
    case["predictions"] = rows_of(predictions, ["prediction"])
    case["metadata"] = metadata(predictions, ["prediction"])
    found = attributes(model.summary, LINEAR)
    for name in ["coefficientStandardErrors", "tValues", "pValues"]:
        try:
            found[name] = plain(getattr(model.summary, name))
        except Exception as error:
            found[name] = {"error": str(error).split("\n")[0]}
    found["residuals"] = [r.residuals for r in model.summary.residuals.collect()]
    case["summary"] = found
    case["text"] = str(model).replace(model.uid, "UID")
    out["linear"].append(case)

for data, params in [
    ("clusters", {"k": 4, "seed": 1}),
    ("clusters", {"k": 3, "seed": 2}),
    ("clusters", {"k": 5, "seed": 3, "initSteps": 4}),
    ("clusters", {"k": 4, "seed": 4, "initMode": "random"}),
    ("clusters", {"k": 4, "seed": 5, "initMode": "random", "maxIter": 2}),
    ("clusters", {"k": 3, "seed": 6, "distanceMeasure": "cosine"}),
    ("clusters", {"k": 4, "seed": 7, "weightCol": "weight"}),
    ("clusters", {"k": 2, "seed": -8, "tol": 1e-12, "maxIter": 100}),
    ("formula", {"k": 6, "seed": 9, "maxIter": 5}),
    ("formula", {"k": 40, "seed": 10, "maxIter": 2}),
]:
    model = KMeans(**params).fit(frames[data])
    case = {"data": data, "params": params}
    case["centers"] = [c.tolist() for c in model.clusterCenters()]
    predictions = model.transform(frames[data])
    if data == "clusters":
        case["predictions"] = [r[0] for r in rows_of(predictions, ["prediction"])]
    case["metadata"] = metadata(predictions, ["prediction"])
    case["summary"] = attributes(model.summary, ["clusterSizes", "trainingCost", "numIter", "k"])
    case["text"] = str(model).replace(model.uid, "UID")
    out["kmeans"].append(case)


def tree_case(estimator, data, params, leaf=True):
    params = dict(params)
    model = estimator(**params).fit(frames[data])
    case = {"estimator": estimator.__name__, "data": data, "params": params}
    case["debug"] = model.toDebugString.replace(model.uid, "UID")
    case["text"] = str(model).replace(model.uid, "UID")
    case["importances"] = plain(model.featureImportances)
    if hasattr(model, "depth"):
        case["depth"], case["nodes"] = model.depth, model.numNodes
    else:
        case["nodes"], case["treeWeights"] = model.totalNumNodes, model.treeWeights
    model.setLeafCol("leaf")
    predictions = model.transform(frames[data])
    columns = (PROBABILISTIC if "Classifier" in estimator.__name__ else ["prediction"]) + ["leaf"]
    case["predictions"] = rows_of(predictions, columns, 12)
    case["metadata"] = metadata(predictions, columns)
    case["columns"] = predictions.columns
    if params in ({"numTrees": 3, "seed": 1}, {"numTrees": 3, "seed": 7, "maxDepth": 8}) and estimator is RandomForestClassifier:
        case["summary"] = class_summary(model.summary, data != "tree3")
        case["trees"] = [str(t).replace(t.uid, "UID") for t in model.trees]
    return case


for estimator, data, params in [
    (DecisionTreeClassifier, "tree2", {}),
    (DecisionTreeClassifier, "tree2", {"impurity": "entropy", "maxDepth": 7, "maxBins": 16}),
    (DecisionTreeClassifier, "tree2", {"minInstancesPerNode": 10, "minInfoGain": 0.01}),
    (DecisionTreeClassifier, "tree2", {"weightCol": "weight", "minWeightFractionPerNode": 0.05}),
    (DecisionTreeClassifier, "tree3", {}),
    (DecisionTreeClassifier, "tree3", {"maxBins": 10, "maxDepth": 4}),
    (DecisionTreeClassifier, "tree3", {"impurity": "entropy", "maxDepth": 30}),
    (DecisionTreeClassifier, "tree2", {"maxDepth": 0}),
    (DecisionTreeClassifier, "formula", {"seed": 3, "maxDepth": 6}),
    (DecisionTreeClassifier, "formula", {"seed": 4, "maxBins": 128, "maxDepth": 4}),
    (DecisionTreeRegressor, "tree0", {}),
    (DecisionTreeRegressor, "tree0", {"maxDepth": 8, "minInstancesPerNode": 3}),
]:
    out["trees"].append(tree_case(estimator, data, params))

for estimator, data, params in [
    (RandomForestClassifier, "tree2", {"numTrees": 3, "seed": 1}),
    (RandomForestClassifier, "tree2", {"numTrees": 1, "seed": 2}),
    (RandomForestClassifier, "tree2", {"seed": 3, "maxDepth": 4}),
    (RandomForestClassifier, "tree2", {"numTrees": 6, "seed": 4, "subsamplingRate": 0.6, "featureSubsetStrategy": "all"}),
    (RandomForestClassifier, "tree2", {"numTrees": 7, "seed": 5, "bootstrap": False, "subsamplingRate": 0.5, "featureSubsetStrategy": "onethird"}),
    (RandomForestClassifier, "tree2", {"numTrees": 5, "seed": 6, "featureSubsetStrategy": "2", "weightCol": "weight"}),
    (RandomForestClassifier, "tree3", {"numTrees": 3, "seed": 7, "maxDepth": 8}),
    (RandomForestClassifier, "tree3", {"numTrees": 40, "seed": 8, "maxDepth": 3, "featureSubsetStrategy": "log2", "impurity": "entropy"}),
    (RandomForestClassifier, "formula", {"numTrees": 4, "seed": 9, "maxDepth": 4}),
    (RandomForestClassifier, "tree3", {"numTrees": 12, "seed": 10, "maxMemoryInMB": 0, "maxDepth": 3}),
    (RandomForestRegressor, "tree0", {"numTrees": 3, "seed": 1}),
    (RandomForestRegressor, "tree0", {"numTrees": 8, "seed": 2, "featureSubsetStrategy": "0.5", "maxDepth": 4}),
]:
    out["forests"].append(tree_case(estimator, data, params))

json.dump(out, sys.stdout, separators=(",", ":"))

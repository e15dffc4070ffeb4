"""Expected values for GBTClassifier, GBTRegressor and OneVsRest, from real PySpark 4.3.

    python tests/reference/boosting.py > tests/reference/boosting.json

The data sets are those of ml_models.json, with a column `valid` that is true where the weight is over 2.
"""

import json
import os
import sys

from pyspark.ml.classification import DecisionTreeClassifier, GBTClassifier, LogisticRegression, NaiveBayes, OneVsRest, RandomForestClassifier
from pyspark.ml.linalg import Vectors, VectorUDT
from pyspark.ml.regression import GBTRegressor
from pyspark.sql import SparkSession
from pyspark.sql.functions import col
from pyspark.sql.types import DoubleType, StructField, StructType

os.environ["PYSPARK_PYTHON"] = sys.executable
spark = (
    SparkSession.builder.master("local[8]")
    .config("spark.ui.enabled", "false")
    .config("spark.sql.session.timeZone", "UTC")
    .config("spark.driver.memory", "2g")
    .getOrCreate()
)
spark.sparkContext.setLogLevel("OFF")

with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "ml_models.json")) as file:
    DATA = json.load(file)["data"]

CATEGORICAL = {
    "ml_attr": {
        "attrs": {
            "numeric": [{"idx": 1, "name": "n1"}, {"idx": 3, "name": "n3"}, {"idx": 4, "name": "n4"}],
            "nominal": [
                {"vals": ["0", "1", "2"], "idx": 0, "name": "c0"},
                {"vals": [str(i) for i in range(7)], "idx": 2, "name": "c2"},
            ],
        },
        "num_attrs": 5,
    }
}


def formula():
    data = []
    for i in range(12000):
        x = [((i * 7919) % 10007) / 100.0, ((i * 104729) % 9973) / 50.0 - 60.0, float((i * 31) % 17)]
        data.append([1.0 if (x[0] > 40) != (x[1] > 20) or x[2] == 3 else 0.0, 1.0, x])
    # PySpark hands rows to the JVM in batches of 1024, and cuts between batches.
    return [data[0:3072], data[3072:6144], data[6144:9216], data[9216:12000]]


def frame(name):
    parts = formula() if name == "formula" else DATA[name]
    schema = StructType(
        [
            StructField("label", DoubleType(), False),
            StructField("weight", DoubleType(), False),
            StructField("features", VectorUDT(), True, CATEGORICAL if name.startswith("tree") else {}),
        ]
    )
    rows = [(label, weight, Vectors.dense(x)) for part in parts for label, weight, x in part]
    df = spark.createDataFrame(spark.sparkContext.parallelize(rows, len(parts)), schema)
    found = [len(p) for p in df.rdd.glom().collect()]
    assert found == [len(p) for p in parts], found
    return df.withColumn("valid", col("weight") > 2).cache()


frames = {name: frame(name) for name in ["tree2", "tree0", "tree3", "three", "binary", "formula"]}


def plain(value):
    if hasattr(value, "toArray"):
        return plain(value.toArray().tolist())
    if isinstance(value, (list, tuple)):
        return [plain(v) for v in value]
    return value


def metadata(df, columns):
    return {c: {"type": df.schema[c].dataType.simpleString(), "nullable": df.schema[c].nullable, "metadata": df.schema[c].metadata} for c in columns}


def message(error):
    java = getattr(error, "_origin", None) or getattr(error, "java_exception", None)
    while java is not None and java.getCause() is not None:
        java = java.getCause()
    text = (java.getMessage() if java is not None else None) or str(error)
    return text.split("\n")[0]


PROBABILISTIC = ["rawPrediction", "probability", "prediction"]


def boosted(estimator, data, params):
    case = {"estimator": estimator.__name__, "data": data, "params": params}
    try:
        model = estimator(**params).fit(frames[data])
    except Exception as error:
        case["error"] = message(error)
        return case
    case["debug"] = model.toDebugString.replace(model.uid, "UID")
    case["text"] = str(model).replace(model.uid, "UID")
    case["importances"] = plain(model.featureImportances)
    case["nodes"], case["treeWeights"], case["numTrees"] = model.totalNumNodes, model.treeWeights, model.getNumTrees
    case["tree"] = str(model.trees[0]).replace(model.trees[0].uid, "UID")
    classifier = estimator is GBTClassifier
    if data != "formula":
        case["each"] = model.evaluateEachIteration(frames[data]) if classifier else model.evaluateEachIteration(frames[data], "squared")
    if not classifier:
        case["absolute"] = model.evaluateEachIteration(frames[data], "absolute")
    model.setLeafCol("leaf")
    predictions = model.transform(frames[data])
    columns = (PROBABILISTIC if classifier else ["prediction"]) + ["leaf"]
    case["predictions"] = [plain([r[c] for c in columns]) for r in predictions.select(*columns).limit(12).collect()]
    case["metadata"] = metadata(predictions, columns)
    case["columns"] = predictions.columns
    row = frames[data].first().features
    case["predict"] = [plain(model.predict(row)), plain(model.predictLeaf(row))]
    if classifier:
        case["predict"] += [plain(model.predictRaw(row)), plain(model.predictProbability(row))]
    return case


cases = []
for estimator, data, params in [
    (GBTClassifier, "tree2", {}),
    (GBTClassifier, "tree2", {"seed": 3, "maxIter": 6, "subsamplingRate": 0.7}),
    (GBTClassifier, "tree2", {"seed": 4, "maxIter": 8, "featureSubsetStrategy": "sqrt", "maxDepth": 3}),
    (GBTClassifier, "tree2", {"seed": 5, "maxIter": 4, "weightCol": "weight", "minWeightFractionPerNode": 0.05}),
    (GBTClassifier, "tree2", {"seed": 6, "maxIter": 30, "validationIndicatorCol": "valid", "validationTol": 0.02}),
    (GBTClassifier, "tree2", {"seed": 6, "maxIter": 30, "validationIndicatorCol": "valid", "validationTol": 0.0, "weightCol": "weight"}),
    (GBTClassifier, "tree2", {"seed": 7, "maxIter": 1, "stepSize": 0.5}),
    (GBTClassifier, "tree2", {"seed": 8, "maxIter": 3, "maxDepth": 0}),
    (GBTClassifier, "tree2", {"seed": 9, "maxIter": 3, "stepSize": 1.0, "maxBins": 8, "minInstancesPerNode": 5, "minInfoGain": 0.01}),
    (GBTClassifier, "formula", {"seed": 9, "maxIter": 4, "maxDepth": 4}),
    (GBTClassifier, "formula", {"seed": 11, "maxIter": 3, "maxDepth": 5, "maxBins": 128, "subsamplingRate": 0.5}),
    (GBTClassifier, "tree3", {}),
    (GBTClassifier, "tree2", {"maxIter": 0}),
    (GBTRegressor, "tree0", {}),
    (GBTRegressor, "tree0", {"seed": 1, "maxIter": 5, "lossType": "absolute", "maxDepth": 4}),
    (GBTRegressor, "tree0", {"seed": 2, "maxIter": 6, "subsamplingRate": 0.6, "featureSubsetStrategy": "0.5", "weightCol": "weight"}),
    (GBTRegressor, "tree0", {"seed": 3, "maxIter": 20, "validationIndicatorCol": "valid"}),
    (GBTRegressor, "tree0", {"seed": 3, "maxIter": 20, "validationIndicatorCol": "valid", "lossType": "absolute", "weightCol": "weight"}),
    (GBTRegressor, "tree0", {"seed": 4, "maxIter": 4, "featureSubsetStrategy": "auto", "stepSize": 0.3, "minInstancesPerNode": 4}),
]:
    cases.append(boosted(estimator, data, params))

rest = []
CLASSIFIERS = {
    "LogisticRegression": lambda p: LogisticRegression(**p),
    "NaiveBayes": lambda p: NaiveBayes(**p),
    "DecisionTreeClassifier": lambda p: DecisionTreeClassifier(**p),
    "RandomForestClassifier": lambda p: RandomForestClassifier(**p),
    "GBTClassifier": lambda p: GBTClassifier(**p),
}
for data, name, inner, params in [
    ("three", "LogisticRegression", {"regParam": 0.1, "tol": 1e-12, "maxIter": 500}, {}),
    ("three", "LogisticRegression", {"regParam": 0.1, "tol": 1e-12, "maxIter": 500}, {"weightCol": "weight", "parallelism": 2, "predictionCol": "p"}),
    ("three", "NaiveBayes", {"modelType": "gaussian"}, {"rawPredictionCol": ""}),
    ("tree3", "DecisionTreeClassifier", {"maxDepth": 3}, {}),
    ("tree3", "RandomForestClassifier", {"numTrees": 3, "seed": 5, "maxDepth": 3}, {"predictionCol": ""}),
    ("tree3", "GBTClassifier", {"maxIter": 2, "seed": 5, "maxDepth": 3}, {}),
]:
    case = {"data": data, "classifier": name, "inner": inner, "params": params}
    try:
        model = OneVsRest(classifier=CLASSIFIERS[name](inner), **params).fit(frames[data])
        predictions = model.transform(frames[data])
        columns = [c for c in predictions.columns if c not in frames[data].columns]
        case["columns"] = predictions.columns
        case["metadata"] = metadata(predictions, columns)
        case["predictions"] = [plain([r[c] for c in columns]) for r in predictions.select(*columns).limit(40).collect()]
        case["text"] = str(model).replace(model.uid, "UID")
        case["models"] = [type(m).__name__ for m in model.models]
        case["paramsOfModel"] = [m.getLabelCol() + " " + m.getFeaturesCol() + " " + m.getPredictionCol() for m in model.models]
    except Exception as error:
        case["error"] = message(error)
    rest.append(case)

json.dump({"boosted": cases, "oneVsRest": rest}, sys.stdout, separators=(",", ":"))

"""Expected values for generalized linear, survival, isotonic, support vector, perceptron and factorization models, and for bounded logistic
regression, from real PySpark 4.3.

    python tests/reference/linear_models.py [ESTIMATOR...]

Writes tests/reference/linear_models.json. With names of estimators only their cases are run, and the others kept as they are.
"""

import json
import math
import os
import pathlib
import sys

from pyspark.ml import classification, regression
from pyspark.ml.linalg import DenseMatrix, Matrix, Vector, Vectors, VectorUDT
from pyspark.sql import DataFrame, SparkSession
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


class Lcg:
    """Numbers in [0, 1), the same in any language."""

    def __init__(self, seed):
        self.state = seed

    def next(self):
        self.state = (self.state * 6364136223846793005 + 1442695040888963407) % 2**64
        return (self.state >> 33) / 2**31

    def normal(self):
        return sum(self.next() for _ in range(12)) - 6.0


def data_set(seed, label, rows=48, constant=False, zeros=False):
    """Three partitions of rows: label, weight, offset, censor, features."""
    random = Lcg(seed)
    result = []
    for i in range(rows):
        x = [round(random.normal(), 3), round(2 + random.normal() / 2, 3), round(random.next(), 3), 1.5 if constant else round(random.next() * 4, 3)]
        if zeros:
            x = [v if (i + j) % 3 == 0 else 0.0 for j, v in enumerate(x)]
        z = 0.4 * x[0] - 0.3 * x[1] + 0.8 * x[2] + 0.1 * x[3]
        weight, offset = float(1 + i % 4) if i % 7 else 2.5, round(0.2 * random.normal(), 3)
        result.append([label(z, random, i), weight, offset, float(i % 3 != 0), x])
    size = rows // 3
    return [result[:size], result[size : 2 * size], result[2 * size :]]


def shares(z, random, i):
    return round(1 / (1 + math.exp(-z + 0.3 * random.normal())), 2)


DATA = {
    "line": data_set(1, lambda z, r, i: round(2 + z + 0.3 * r.normal(), 3)),
    "positive": data_set(2, lambda z, r, i: round(math.exp(0.5 + z / 2 + 0.2 * r.normal()), 3)),
    "counts": data_set(3, lambda z, r, i: float(int(math.exp(1 + z) * r.next() * 2))),
    "coin": data_set(4, lambda z, r, i: float(z + 0.6 * r.normal() > 0.2)),
    "shares": data_set(5, shares),
    "constant": data_set(6, lambda z, r, i: round(2 + z + 0.3 * r.normal(), 3), constant=True),
    "same": data_set(7, lambda z, r, i: 3.0),
    "three": data_set(8, lambda z, r, i: float(0 if z + 0.2 * r.normal() < -0.2 else 1 if z + 0.2 * r.normal() < 0.4 else 2), rows=60),
    "steps": data_set(9, lambda z, r, i: round(z + i / 12 + 0.5 * r.normal(), 1)),
    "sparse": data_set(10, lambda z, r, i: float(z + 0.4 * r.normal() > 0.1), zeros=True),
}
# Features that repeat, in any order.
for partition in DATA["steps"]:
    for i, row in enumerate(partition):
        row[4][0] = float((i * 5) % 11) / 2
        row[4][1] = round(row[0] + (i % 5) / 4, 1)

SCHEMA = StructType(
    [StructField(n, DoubleType(), True) for n in ("label", "weight", "offset", "censor", "x")] + [StructField("features", VectorUDT(), True)]
)


def vector(values, sparse):
    return Vectors.sparse(len(values), [(j, v) for j, v in enumerate(values) if v]) if sparse else Vectors.dense(values)


def frame(name):
    rows = [(*row[:4], row[4][0], vector(row[4], name == "sparse")) for partition in DATA[name] for row in partition]
    return spark.createDataFrame(spark.sparkContext.parallelize(rows, 3), SCHEMA)


FRAMES = {name: frame(name).cache() for name in DATA}


def plain(value):
    if isinstance(value, Vector):
        return value.toArray().tolist()
    if isinstance(value, Matrix):
        return value.toArray().tolist()
    if isinstance(value, DataFrame):
        return {"columns": value.columns, "rows": [plain(list(row)) for row in value.collect()]}
    if isinstance(value, (list, tuple)):
        return [plain(v) for v in value]
    if isinstance(value, float) and not math.isfinite(value):
        return "NaN" if math.isnan(value) else "Infinity" if value > 0 else "-Infinity"
    return value


def message(error):
    """What the exception that is at the bottom of it all says."""
    cause = getattr(error, "java_exception", None)
    while cause is not None and cause.getCause() is not None:
        cause = cause.getCause()
    text = cause.getMessage() if cause is not None else error.getMessage() if hasattr(error, "getMessage") else str(error)
    return (text or str(error)).split("\n")[0].split("JVM stacktrace")[0]


def attempt(function):
    try:
        return plain(function())
    except Exception as error:
        return {"error": message(error)}


GLM_SUMMARY = [
    "numInstances", "rank", "degreesOfFreedom", "residualDegreeOfFreedom", "residualDegreeOfFreedomNull", "residuals", "nullDeviance",
    "deviance", "dispersion", "aic", "predictionCol",
]
GLM_TRAINING = ["numIterations", "solver", "coefficientStandardErrors", "tValues", "pValues"]
CLASSES = ["accuracy", "labels", "precisionByLabel", "weightedFMeasure", "objectiveHistory", "totalIterations", "weightCol", "predictionCol", "labelCol"]
BINARY = [*CLASSES, "areaUnderROC", "roc", "pr", "fMeasureByThreshold", "scoreCol"]


def members(model, names):
    result = {}
    for name in names:
        value = attempt(lambda: getattr(model, name)() if callable(getattr(model, name)) else getattr(model, name))
        result[name] = value
    return result


def case(estimator, data, params, attributes, summary=(), written=None):
    kept = next(KEPT[estimator], None) if ONLY and estimator not in ONLY else None
    if kept is not None:
        return kept
    module = classification if hasattr(classification, estimator) else regression
    print(estimator, data, written or params, file=sys.stderr)
    result = {"estimator": estimator, "data": data, "params": written if written is not None else params}
    frame = FRAMES[data]
    try:
        model = getattr(module, estimator)(**params).fit(frame)
    except Exception as error:
        result["error"] = message(error)
        return result
    predictions = model.transform(frame)
    added = predictions.columns[len(frame.columns) :]
    field = lambda c: {"type": predictions.schema[c].dataType.simpleString(), "nullable": predictions.schema[c].nullable, "metadata": predictions.schema[c].metadata}
    result["columns"] = predictions.columns
    # Keys come in the order of the alphabet in the test.
    result["metadata"] = {c: field(c) for c in sorted(added)}
    result["predictions"] = [[plain(v) for v in row] for row in predictions.select(*sorted(added)).collect()]
    text = attempt(lambda: str(model))
    result["text"] = text.replace(model.uid, "UID") if isinstance(text, str) else text
    result["members"] = members(model, attributes)
    if summary:
        result["summary"] = members(model.summary() if callable(model.summary) else model.summary, summary)
    if estimator == "GeneralizedLinearRegression":
        result["residuals"] = {kind: attempt(lambda: model.summary.residuals(kind)) for kind in ("pearson", "working", "response", "odd")}
        result["printed"] = attempt(lambda: str(model.summary))
        result["evaluated"] = attempt(lambda: model.evaluate(frame).deviance)
    return result


OUTPUT = pathlib.Path(__file__).with_suffix(".json")
ONLY = sys.argv[1:]
KEPT = {}
if ONLY:
    kept = json.loads(OUTPUT.read_text())["cases"]
    KEPT = {case["estimator"]: iter([other for other in kept if other["estimator"] == case["estimator"]]) for case in kept}
cases = []


def glm(data, **params):
    cases.append(case("GeneralizedLinearRegression", data, params, ["coefficients", "intercept", "numFeatures"], [*GLM_SUMMARY, *GLM_TRAINING]))


glm("line")
glm("line", weightCol="weight", offsetCol="offset", linkPredictionCol="link")
glm("line", regParam=0.3, fitIntercept=False)
glm("line", family="Gaussian", link="log", maxIter=30)
glm("positive", link="inverse", regParam=0.1)
glm("coin", family="binomial")
glm("coin", family="binomial", link="probit", offsetCol="offset", weightCol="weight", linkPredictionCol="eta", predictionCol="p")
glm("shares", family="binomial", link="cloglog", weightCol="weight")
glm("shares", family="binomial", regParam=0.2, fitIntercept=False)
glm("counts", family="poisson")
glm("counts", family="poisson", link="identity", maxIter=5, regParam=0.5)
glm("counts", family="poisson", link="sqrt", weightCol="weight")
glm("counts", family="poisson", offsetCol="offset")
glm("positive", family="gamma")
glm("positive", family="gamma", link="identity", weightCol="weight")
glm("positive", family="gamma", link="log", offsetCol="offset", weightCol="weight")
glm("positive", family="tweedie", variancePower=1.5)
glm("positive", family="tweedie", variancePower=1.6, linkPower=0.0, weightCol="weight", offsetCol="offset")
glm("counts", family="tweedie", variancePower=1.0, linkPower=0.5)
glm("positive", family="tweedie", variancePower=2.0, linkPower=-1.0)
glm("positive", family="tweedie", variancePower=2.5, linkPower=0.3)
glm("positive", family="tweedie", linkPower=1.0)
glm("constant", regParam=0.1)
glm("constant", family="gamma", link="log")
glm("same")
glm("line", maxIter=0, family="gaussian", link="log")
glm("line", family="gaussian", link="sqrt")
glm("line", family="tweedie", variancePower=0.5)
glm("line", family="gamma")
glm("counts", family="binomial")
glm("line", family="poisson")
glm("line", family="gamma", labelCol="offset")
glm("line", family="poisson", labelCol="offset")
glm("line", family="tweedie", variancePower=1.5, labelCol="offset")

for data, params in [
    ("coin", {"maxIter": 12}),
    ("coin", {"maxIter": 12, "regParam": 0.05, "weightCol": "weight", "threshold": 0.3}),
    ("coin", {"regParam": 0.1, "standardization": False, "tol": 1e-8, "maxIter": 12}),
    ("coin", {"fitIntercept": False, "maxIter": 7}),
    ("sparse", {"regParam": 0.02, "maxIter": 10}),
    ("constant", {"regParam": 0.02}),
    ("three", {}),
    ("line", {}),
    ("same", {}),
]:
    cases.append(case("LinearSVC", data, params, ["coefficients", "intercept", "numFeatures", "numClasses"], BINARY))

for params in [
    {},
    {"isotonic": False},
    {"weightCol": "weight"},
    {"featureIndex": 1},
    {"featureIndex": 1, "isotonic": False, "weightCol": "weight"},
    {"featuresCol": "x"},
    {"featuresCol": "x", "weightCol": "offset"},
    {"featureIndex": 9},
]:
    cases.append(case("IsotonicRegression", "steps", params, ["boundaries", "predictions", "numFeatures"]))
cases.append(case("IsotonicRegression", "same", {}, ["boundaries", "predictions", "numFeatures"]))

for data, params in [
    ("positive", {}),
    ("positive", {"quantilesCol": "quantiles", "quantileProbabilities": [0.1, 0.5, 0.9]}),
    ("positive", {"fitIntercept": False, "maxIter": 12}),
    ("constant", {"quantilesCol": "q", "tol": 1e-9}),
    ("same", {"maxIter": 6}),
    ("positive", {"censorCol": "weight"}),
    ("positive", {"quantileProbabilities": [0.0, 1.0]}),
]:
    cases.append(case("AFTSurvivalRegression", data, params, ["coefficients", "intercept", "scale", "numFeatures"]))

weights = [round(math.sin(i) / 2, 3) for i in range(4 * 3 + 3 + 3 * 3 + 3)]
for data, params in [
    ("three", {"layers": [4, 5, 3], "seed": 123, "maxIter": 12}),
    ("three", {"layers": [4, 3], "seed": 4, "maxIter": 15, "blockSize": 7}),
    ("three", {"layers": [4, 5, 4, 3], "seed": -9, "maxIter": 8, "blockSize": 1, "tol": 0.01}),
    ("three", {"layers": [4, 5, 3], "seed": 7, "solver": "gd", "maxIter": 20, "stepSize": 0.2, "blockSize": 8}),
    ("three", {"layers": [4, 3, 3], "maxIter": 5, "initialWeights": weights}),
    ("sparse", {"layers": [4, 3, 2], "seed": 11, "maxIter": 10}),
    ("three", {"layers": [5, 3], "maxIter": 5}),
    ("three", {"layers": [4, 2], "maxIter": 5}),
    ("three", {"layers": [4, 3, 3], "maxIter": 5, "initialWeights": [0.5, 0.5]}),
]:
    real = {**params, "initialWeights": Vectors.dense(params["initialWeights"])} if "initialWeights" in params else params
    cases.append(case("MultilayerPerceptronClassifier", data, real, ["weights", "numFeatures", "numClasses"], CLASSES, written=params))

fm = ["intercept", "linear", "factors", "numFeatures"]
for data, params in [
    ("line", {"seed": 5, "maxIter": 30, "stepSize": 0.05}),
    ("line", {"factorSize": 3, "maxIter": 20, "stepSize": 0.1, "solver": "gd", "seed": 2, "regParam": 0.01}),
    ("line", {"factorSize": 2, "maxIter": 25, "stepSize": 0.1, "miniBatchFraction": 0.6, "regParam": 0.001, "initStd": 0.1, "seed": 6}),
    ("line", {"factorSize": 2, "maxIter": 25, "stepSize": 0.1, "miniBatchFraction": 0.3, "fitLinear": False, "seed": 3}),
    ("sparse", {"factorSize": 2, "maxIter": 15, "stepSize": 0.2, "fitIntercept": False, "seed": 8}),
    ("line", {"maxIter": 50, "stepSize": 0.001, "tol": 0.01, "seed": 1}),
]:
    cases.append(case("FMRegressor", data, params, fm))
for data, params in [
    ("coin", {"seed": 5, "maxIter": 30, "stepSize": 0.05}),
    ("coin", {"factorSize": 3, "maxIter": 20, "stepSize": 0.5, "solver": "gd", "seed": 2, "regParam": 0.01, "thresholds": [0.3, 0.7]}),
    ("sparse", {"factorSize": 2, "maxIter": 25, "stepSize": 0.1, "miniBatchFraction": 0.5, "seed": 9}),
    ("three", {}),
]:
    cases.append(case("FMClassifier", data, params, [*fm, "numClasses"], BINARY))

inf = float("inf")


def bounded(data, params, lower=None, upper=None, low=None, high=None):
    classes = 3 if data == "three" else 1
    real = dict(params)
    written = dict(params)
    for name, value in [("lowerBoundsOnCoefficients", lower), ("upperBoundsOnCoefficients", upper)]:
        if value is not None:
            real[name] = DenseMatrix(len(value), len(value[0]), [v for row in value for v in row], True)
            written[name] = {"rows": len(value), "values": plain([v for row in value for v in row])}
    for name, value in [("lowerBoundsOnIntercepts", low), ("upperBoundsOnIntercepts", high)]:
        if value is not None:
            real[name] = Vectors.dense(value)
            written[name] = plain(value)
    cases.append(case("LogisticRegression", data, real, ["coefficientMatrix", "interceptVector"], ["objectiveHistory", "accuracy"], written=written))


bounded("coin", {}, lower=[[0.0, 0.0, 0.0, 0.0]])
bounded("coin", {"regParam": 0.02}, lower=[[-0.2, -0.1, -inf, 0.3]], upper=[[0.5, inf, 0.9, 0.3]], low=[-0.4], high=[0.1])
bounded("coin", {"standardization": False, "regParam": 0.1, "tol": 1e-9}, upper=[[0.1, 0.1, 0.1, 0.1]], high=[0.0])
bounded("coin", {"fitIntercept": False, "weightCol": "weight"}, upper=[[0.2, 0.2, 0.2, 0.2]])
bounded("three", {"regParam": 0.05}, lower=[[0.0] * 4] * 3)
bounded("three", {}, lower=[[-1.0] * 4] * 3, upper=[[1.0] * 4] * 3, low=[0.0] * 3, high=[1.0] * 3)
bounded("coin", {}, lower=[[0.0, 0.0]])
bounded("coin", {}, lower=[[1.0] * 4], upper=[[0.0] * 4])
bounded("coin", {"elasticNetParam": 0.5, "regParam": 0.1}, lower=[[0.0] * 4])
bounded("coin", {}, low=[0.0, 0.0])

rows = json.dumps(DATA)
OUTPUT.write_text('{"data": ' + rows + ', "cases": [\n' + ",\n".join(json.dumps(case) for case in cases) + "\n]}\n")

"""Writes ml_features.json: what pyspark.ml.feature's stages give on small frames, as real PySpark has it.

Each case names a class, its params, the frame it is fitted on and the one it transforms, and either the result (schema with metadata, rows,
members of the model, its text) or the error's message.
"""

import json
import math
import os

import ml_feature_cases
from pyspark.ml import feature
from pyspark.ml.linalg import DenseMatrix, DenseVector, SparseVector, Vectors
from pyspark.sql import SparkSession

spark = (
    SparkSession.builder.master("local[8]")
    .config("spark.ui.enabled", "false")
    .config("spark.driver.memory", "2g")
    .config("spark.sql.session.timeZone", "UTC")
    .getOrCreate()
)
spark.sparkContext.setLogLevel("OFF")
NAN = float("nan")

FRAMES = {
    "words": (
        "id int, word string, size string, n int, x double",
        [
            (0, "b", "L", 3, 1.5), (1, "a", "S", 1, 2.5), (2, "c", "M", 3, 1.5), (3, "b", "L", 2, -1.0),
            (4, "a", "S", 2, 2.5), (5, "b", "M", 2, 0.0), (6, "é", "L", 1, 7.25), (7, "c", "L", 9, 7.25),
        ],
    ),
    "words_new": (
        "id int, word string, size string, n int, x double",
        [(0, "a", "S", 1, 1.5), (1, "z", "L", 2, 2.5), (2, None, "M", None, None), (3, "c", "XL", 3, NAN)],
    ),
    "words_null": ("word string, x double", [("a", 1.0), (None, NAN), ("a", None), ("b", 1.0), (None, 2.0)]),
    "codes": ("i double, j int, w double", [(0.0, 1, 2.0), (2.0, 0, 0.0), (1.0, 1, 1.0), (2.0, 0, 2.0), (0.0, 1, 0.0)]),
    "codes_new": ("i double, j int, w double", [(3.0, 1, 2.0), (1.0, 5, 0.0), (None, 1, 1.0)]),
    "codes_negative": ("i double, j int, w double", [(-1.0, 1, 2.0)]),
    "codes_fraction": ("i double, j int, w double", [(0.5, 1, 2.0)]),
    "mixed": (
        "a double, b int, c boolean, v vector, s string",
        [
            (1.0, 2, True, [0.5, 0.0, 3.0], "x"), (0.0, 0, False, {"size": 3, "indices": [1], "values": [2.0]}, "y"),
            (-0.0, 0, False, {"size": 3, "indices": [], "values": []}, "z"), (1e300, -7, True, [0.0, 0.0, 0.0], "x"),
        ],
    ),
    "holes": (
        "a double, b int, v vector",
        [(1.0, 2, [1.0, 2.0]), (NAN, 3, [0.0, 1.0]), (3.0, None, [1.0, 1.0]), (2.0, 1, None), (None, None, [4.0, 5.0]), (6.0, 6, [6.0, 6.0])],
    ),
    "vectors": (
        "v vector, w vector",
        [
            ([1.0, 10.0, 5.0], {"size": 3, "indices": [0], "values": [2.0]}), ([2.0, 14.0, 5.0], {"size": 3, "indices": [2], "values": [4.0]}),
            ([4.0, -3.0, 5.0], {"size": 3, "indices": [], "values": []}), ([8.5, 0.0, 5.0], {"size": 3, "indices": [0, 2], "values": [1.0, 1.0]}),
        ],
    ),
    "gaps": (
        "a double, b double, n int",
        [(1.0, NAN, 1), (2.0, NAN, 2), (NAN, 3.0, 2), (4.0, 4.0, None), (5.0, 5.0, 5), (None, -1.0, 5), (4.0, None, 9)],
    ),
    "numbers": ("x double, y double", [(-999.9, 0.0), (-0.5, 1.0), (-0.3, 0.5), (0.0, 1.5), (0.2, 2.0), (0.5, 1.0), (999.9, 0.1)]),
    "numbers_bad": ("x double, y double", [(0.1, 1.0), (NAN, 1.0), (None, 0.2), (0.2, NAN)]),
    "numbers_far": ("x double, y double", [(5.0, 0.1)]),
    **ml_feature_cases.FRAMES,
}


def cell(value, kind):
    if kind != "vector" or value is None:
        return value
    if isinstance(value, dict):
        return Vectors.sparse(value["size"], value["indices"], value["values"])
    return Vectors.dense(value)


def frame(name):
    ddl, rows = FRAMES[name]
    kinds = [part.split()[1] for part in ddl.split(", ")]
    data = [tuple(cell(v, k) for v, k in zip(row, kinds)) for row in rows]
    from pyspark.ml.linalg import VectorUDT
    from pyspark.sql.types import ArrayType, BooleanType, DoubleType, IntegerType, StringType, StructField, StructType

    types = {"array<string>": ArrayType(StringType()), "int": IntegerType(), "double": DoubleType(), "string": StringType(), "boolean": BooleanType(), "vector": VectorUDT()}
    fields = [StructField(part.split()[0], types[part.split()[1]], True) for part in ddl.split(", ")]
    return spark.createDataFrame(data, StructType(fields))


def plain(value):
    if isinstance(value, float):
        return "NaN" if math.isnan(value) else ("Infinity" if value > 0 else "-Infinity") if math.isinf(value) else value
    if isinstance(value, DenseVector):
        return {"dense": [plain(float(v)) for v in value.values]}
    if isinstance(value, SparseVector):
        return {"size": int(value.size), "indices": [int(i) for i in value.indices], "values": [plain(float(v)) for v in value.values]}
    if isinstance(value, DenseMatrix):
        return [plain(v) for v in value.toArray().tolist()]
    if isinstance(value, (list, tuple)):
        return [plain(v) for v in value]
    if hasattr(value, "collect"):
        return [[plain(v) for v in row] for row in value.collect()]
    return value


def message(error):
    text = getattr(error, "desc", None) or str(error)
    java = getattr(error, "java_exception", None)
    origin = getattr(error, "_origin", None) or java
    while origin is not None and origin.getCause() is not None:
        origin = origin.getCause()
    if origin is not None:
        text = origin.getMessage() or text
    return text.split("\n")[0]


def outcome(cls, params, fit_on, transform, members=(), prepare=(), after_fit=None, later=None):
    result = {"class": cls, "params": plain_params(params), "fit": fit_on, "transform": transform, "prepare": list(prepare)}
    if later:
        # Params that the constructor doesn't take.
        result["params"] |= later
    if after_fit:
        result["after_fit"] = after_fit
    try:
        stage = getattr(feature, cls)(**params)
        for name, value in (later or {}).items():
            stage.set(stage.getParam(name), value)
        train = frame(fit_on) if fit_on else None
        test = frame(transform)
        for p_cls, p_params in prepare:
            p = getattr(feature, p_cls)(**p_params)
            if hasattr(p, "fit"):
                p = p.fit(train if train is not None else test)
            train = p.transform(train) if train is not None else None
            test = p.transform(test)
        model = stage.fit(train) if fit_on else stage
        for name, value in (after_fit or {}).items():
            model.set(model.getParam(name), value)
        out = model.transform(test)
        result["schema"] = [
            {"name": f.name, "type": f.dataType.simpleString(), "nullable": f.nullable, "metadata": f.metadata} for f in out.schema.fields
        ]
        result["rows"] = [[plain(v) for v in row] for row in out.collect()]
        result["members"] = {m: plain(getattr(model, m)) for m in members}
        result["describe"] = repr(model).replace(model.uid, "UID")
    except Exception as error:
        for key in ("schema", "rows", "members", "describe"):
            result.pop(key, None)
        result["error"] = message(error)
    return result


def plain_params(params):
    return {k: plain(v) for k, v in params.items()}


CASES = []


def case(*args, **kwargs):
    CASES.append(outcome(*args, **kwargs))


for order in ("frequencyDesc", "frequencyAsc", "alphabetDesc", "alphabetAsc"):
    case("StringIndexer", dict(inputCol="word", outputCol="i", stringOrderType=order), "words", "words", ["labels", "labelsArray"])
case("StringIndexer", dict(inputCol="x", outputCol="i"), "words", "words", ["labels"])
case("StringIndexer", dict(inputCol="n", outputCol="i"), "words", "words", ["labels"])
case("StringIndexer", dict(inputCol="x", outputCol="i"), "words_null", "words", ["labels"])
case("StringIndexer", dict(inputCol="word", outputCol="i"), "words_null", "words_null", ["labels"])
for invalid in ("error", "skip", "keep"):
    case("StringIndexer", dict(inputCol="word", outputCol="i", handleInvalid=invalid), "words", "words_new", ["labels"])
    many = dict(inputCols=["word", "size"], outputCols=["i", "j"], handleInvalid=invalid)
    case("StringIndexer", many, "words", "words_new", ["labelsArray"])
case("StringIndexer", dict(inputCol="word", outputCol="i"), "words", "numbers", ["labels"])
case("StringIndexer", dict(inputCol="word", outputCol="size"), "words", "words")
case("StringIndexer", dict(inputCol="nothing", outputCol="i"), "words", "words")
case("StringIndexer", dict(inputCol="v", outputCol="i"), "vectors", "vectors")
case("StringIndexer", dict(inputCol="word", outputCol="i", handleInvalid="bad"), "words", "words")
case("StringIndexer", dict(inputCol="word", outputCol="i", inputCols=["size"]), "words", "words")
case("StringIndexer", dict(inputCols=["word", "size"], outputCols=["i"]), "words", "words")
indexed = [("StringIndexer", dict(inputCol="word", outputCol="i"))]
both = [("StringIndexer", dict(inputCols=["word", "size"], outputCols=["i", "j"]))]
case("IndexToString", dict(inputCol="i", outputCol="back"), "", "words", prepare=indexed)
case("IndexToString", dict(inputCol="i", outputCol="back", labels=["p", "q", "r", "s"]), "", "words", prepare=indexed)
case("IndexToString", dict(inputCol="i", outputCol="back", labels=["p", "q"]), "", "words", prepare=indexed)
case("IndexToString", dict(inputCol="word", outputCol="back", labels=["p", "q"]), "", "words")
for drop in (True, False):
    for invalid in ("error", "keep"):
        params = dict(inputCols=["i", "j"], outputCols=["a", "b"], dropLast=drop, handleInvalid=invalid)
        case("OneHotEncoder", params, "codes", "codes", ["categorySizes"])
        case("OneHotEncoder", params, "codes", "codes_new", ["categorySizes"])
        case("OneHotEncoder", params, "words", "words", ["categorySizes"], prepare=both)
case("OneHotEncoder", dict(inputCol="w", outputCol="a"), "codes", "codes", ["categorySizes"])
case("OneHotEncoder", dict(inputCol="i", outputCol="a"), "codes_negative", "codes", ["categorySizes"])
case("OneHotEncoder", dict(inputCol="i", outputCol="a"), "codes_fraction", "codes", ["categorySizes"])
case("OneHotEncoder", dict(inputCol="i", outputCol="a"), "codes", "codes_negative", ["categorySizes"])
case("OneHotEncoder", dict(inputCol="i", outputCol="a"), "codes", "codes_fraction", ["categorySizes"])
case("OneHotEncoder", dict(inputCol="word", outputCol="a"), "words", "words")
case("VectorAssembler", dict(inputCols=["a", "b", "c", "v"], outputCol="f"), "", "mixed")
case("VectorAssembler", dict(inputCols=["a", "b"], outputCol="f"), "", "mixed")
case("VectorAssembler", dict(inputCols=["v"], outputCol="f"), "", "mixed")
case("VectorAssembler", dict(inputCols=["a", "s"], outputCol="f"), "", "mixed")
case("VectorAssembler", dict(inputCols=["a", "b"], outputCol="c"), "", "mixed")
for invalid in ("error", "skip", "keep"):
    case("VectorAssembler", dict(inputCols=["a", "b"], outputCol="f", handleInvalid=invalid), "", "holes")
    case("VectorAssembler", dict(inputCols=["a", "v"], outputCol="f", handleInvalid=invalid), "", "holes")
hot = both + [("OneHotEncoder", dict(inputCols=["i", "j"], outputCols=["ih", "jh"]))]
case("VectorAssembler", dict(inputCols=["i", "ih", "n", "jh", "x"], outputCol="f"), "", "words", prepare=hot)
for mean in (True, False):
    for std in (True, False):
        case("StandardScaler", dict(inputCol="v", outputCol="s", withMean=mean, withStd=std), "vectors", "vectors", ["mean", "std"])
        case("StandardScaler", dict(inputCol="w", outputCol="s", withMean=mean, withStd=std), "vectors", "vectors", ["mean", "std"])
case("StandardScaler", dict(inputCol="a", outputCol="s"), "mixed", "mixed")
case("MinMaxScaler", dict(inputCol="v", outputCol="s"), "vectors", "vectors", ["originalMin", "originalMax"])
case("MinMaxScaler", dict(inputCol="w", outputCol="s", min=-1.0, max=3.0), "vectors", "vectors", ["originalMin", "originalMax"])
case("MinMaxScaler", dict(inputCol="v", outputCol="s", min=2.0, max=1.0), "vectors", "vectors")
for strategy in ("mean", "median", "mode"):
    case("Imputer", dict(inputCols=["a", "b"], outputCols=["p", "q"], strategy=strategy), "gaps", "gaps", ["surrogateDF"])
    case("Imputer", dict(inputCol="n", outputCol="p", strategy=strategy), "gaps", "gaps", ["surrogateDF"])
case("Imputer", dict(inputCols=["a", "b"], outputCols=["p", "q"], missingValue=4.0), "gaps", "gaps", ["surrogateDF"])
case("Imputer", dict(inputCols=["a", "b"], outputCols=["a", "b"]), "gaps", "gaps", ["surrogateDF"])
case("Imputer", dict(inputCol="s", outputCol="p"), "mixed", "mixed")
case("Imputer", dict(inputCol="x", outputCol="p", missingValue=5.0), "numbers_far", "numbers_far")
SPLITS = [-math.inf, -0.5, 0.0, 0.5, math.inf]
case("Bucketizer", dict(inputCol="x", outputCol="i", splits=SPLITS), "", "numbers")
case("Bucketizer", dict(inputCol="x", outputCol="i", splits=[-999.9, -0.5, 0.0, 999.9]), "", "numbers")
case("Bucketizer", dict(inputCols=["x", "y"], outputCols=["i", "j"], splitsArray=[SPLITS, [0.0, 1.0, 2.0]]), "", "numbers")
for invalid in ("error", "skip", "keep"):
    case("Bucketizer", dict(inputCol="x", outputCol="i", splits=SPLITS, handleInvalid=invalid), "", "numbers_bad")
case("Bucketizer", dict(inputCol="x", outputCol="i", splits=[0.0, 1.0, 2.0]), "", "numbers_far")
case("Bucketizer", dict(inputCol="x", outputCol="i", splits=[0.0, 1.0]), "", "numbers_far")
case("Bucketizer", dict(inputCol="x", outputCol="i", splits=[0.0, 1.0, 1.0]), "", "numbers_far")
ml_feature_cases.stateless(case)
ml_feature_cases.learned(case)
ml_feature_cases.composed(case)

frames = {name: {"ddl": ddl, "rows": plain(rows)} for name, (ddl, rows) in FRAMES.items()}
with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "ml_features.json"), "w") as file:
    file.write('{"frames": {\n')
    file.write(",\n".join(json.dumps(n) + ": " + json.dumps(f, ensure_ascii=False) for n, f in frames.items()))
    file.write('},\n"cases": [\n')
    file.write(",\n".join(json.dumps(c, ensure_ascii=False) for c in CASES))
    file.write("]}\n")

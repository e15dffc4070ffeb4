"""Expected values for pyspark.ml.recommendation.ALS, from real PySpark 4.3.

    python tests/reference/recommendation.py > tests/reference/recommendation.json

Ratings follow a formula that the test repeats: user u rates item i when (u * 7 + i * 13 + u * i) % 5 < 2.
"""

import json
import os
import sys

from pyspark.ml.recommendation import ALS
from pyspark.sql import SparkSession
from pyspark.sql.functions import col, lit

os.environ["PYSPARK_PYTHON"] = sys.executable
spark = (
    SparkSession.builder.master("local[8]")
    .config("spark.ui.enabled", "false")
    .config("spark.sql.session.timeZone", "UTC")
    .config("spark.driver.memory", "2g")
    .getOrCreate()
)
spark.sparkContext.setLogLevel("OFF")

rows = [(u, i, float((u * 3 + i * 5 + u * i % 7) % 11) / 2.0 - 0.5) for u in range(30) for i in range(24) if (u * 7 + i * 13 + u * i) % 5 < 2]
ratings = spark.createDataFrame(spark.sparkContext.parallelize(rows, 3), "user int, item int, rating double").cache()


def message(error):
    java = getattr(error, "_origin", None) or getattr(error, "java_exception", None)
    while java is not None and java.getCause() is not None:
        java = java.getCause()
    text = (java.getMessage() if java is not None else None) or str(error)
    return text.split("\n")[0]


def factors(df):
    return [[r.id, [float(x) for x in r.features]] for r in df.collect()]


def recommended(df):
    return [[r[0], [[x[0], x[1]] for x in r[1]]] for r in df.collect()]


cases = []
for params in [
    {"seed": 1, "rank": 4, "maxIter": 0},
    {"seed": 6, "rank": 10, "maxIter": 2},
    {"seed": 1, "rank": 4, "maxIter": 5, "numUserBlocks": 4, "numItemBlocks": 3},
    {"seed": 2, "rank": 3, "maxIter": 4, "numUserBlocks": 2, "numItemBlocks": 3, "regParam": 0.01},
    {"seed": 3, "rank": 3, "maxIter": 4, "implicitPrefs": True, "alpha": 2.0, "numUserBlocks": 2, "numItemBlocks": 2},
    {"seed": 3, "rank": 5, "maxIter": 2, "implicitPrefs": True, "numUserBlocks": 1, "numItemBlocks": 1},
    {"seed": 4, "rank": 3, "maxIter": 3, "nonnegative": True, "regParam": 0.05, "numUserBlocks": 2, "numItemBlocks": 2},
    {"seed": 4, "rank": 3, "maxIter": 3, "nonnegative": True, "implicitPrefs": True, "numUserBlocks": 2, "numItemBlocks": 2},
]:
    case = {"params": params}
    model = ALS(**params).fit(ratings)
    case["rank"] = model.rank
    case["users"], case["items"] = factors(model.userFactors), factors(model.itemFactors)
    case["schema"] = model.userFactors.schema.simpleString()
    case["text"] = str(model).replace(model.uid, "UID")
    asked = spark.createDataFrame([(0, 0), (3, 5), (29, 23), (7, 100), (200, 1)], "user int, item int")
    predictions = model.transform(asked)
    case["columns"] = predictions.dtypes
    case["predictions"] = [None if r.prediction != r.prediction else r.prediction for r in predictions.orderBy("user", "item").collect()]
    model.setColdStartStrategy("drop")
    case["kept"] = [[r.user, r.item] for r in model.transform(asked).orderBy("user", "item").collect()]
    cases.append(case)
    if params["seed" if "seed" in params else "rank"] in (1, 3) and params["maxIter"] > 2:
        found = model.recommendForAllUsers(3)
        case["recommendSchema"] = found.schema.simpleString()
        case["forUsers"] = recommended(found)
        case["forItems"] = recommended(model.recommendForAllItems(40))
        case["subsetSchema"] = model.recommendForItemSubset(asked, 2).schema.simpleString()
        case["forUserSubset"] = recommended(model.recommendForUserSubset(spark.createDataFrame([(5,), (2,), (5,), (99,)], "user int"), 2))
        case["forItemSubset"] = recommended(model.recommendForItemSubset(spark.createDataFrame([(5,), (2,), (11,)], "item long"), 2))

errors = []
for name, data, params in [
    ("long ids", ratings.select((col("user").cast("long") + 3000000000).alias("user"), "item", "rating"), {}),
    ("fraction ids", ratings.select((col("user").cast("double") + 0.5).alias("user"), "item", "rating"), {}),
    ("null ids", ratings.select(lit(None).cast("int").alias("user"), "item", "rating"), {}),
    ("text ids", ratings.select(col("user").cast("string").alias("user"), "item", "rating"), {}),
    ("text ratings", ratings.select("user", "item", col("rating").cast("string").alias("rating")), {}),
    ("null ratings", ratings.select("user", "item", lit(None).cast("double").alias("rating")), {}),
    ("nan ratings", ratings.select("user", "item", lit(float("nan")).alias("rating")), {}),
    ("no rating column", ratings, {"ratingCol": ""}),
    ("no rows", ratings.limit(0), {}),
    ("no level", ratings, {"intermediateStorageLevel": "NONE"}),
]:
    try:
        ALS(rank=2, maxIter=1, seed=1, numUserBlocks=1, numItemBlocks=1, **params).fit(data).userFactors.count()
        errors.append({"name": name})
    except Exception as error:
        errors.append({"name": name, "error": message(error), "python": str(error).split("\n")[0]})

same = []
for kind in ["int", "long", "short", "float", "double", "decimal(10,2)"]:
    data = ratings.select(col("user").cast(kind).alias("user"), col("item").cast(kind).alias("item"), col("rating").cast("int").cast(kind).alias("rating"))
    model = ALS(rank=2, maxIter=2, seed=7, numUserBlocks=1, numItemBlocks=1).fit(data)
    same.append([kind, factors(model.userFactors)[:2], [r.prediction for r in model.transform(data).orderBy("user", "item").limit(3).collect()]])

print('{"cases": [\n' + ",\n".join(json.dumps(c) for c in cases))
print('],\n"errors": ' + json.dumps(errors) + ',\n"types": ' + json.dumps(same) + "}")

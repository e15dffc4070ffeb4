# XGBoost: 100 rounds of depth 6 in 255 bins on 500,000 rows of 28 features.
import time
from pyspark.ml.evaluation import BinaryClassificationEvaluator
from pyspark.ml.feature import VectorAssembler
from pyspark.sql import functions as F
from xgboost.spark import SparkXGBClassifier

ROWS, FEATURES = 500_000, 28


def noise(j):
    """Uniform on [0, 1), the same numbers in every engine that has a sine."""
    x = F.sin(F.col("id") * 12.9898 + j * 78.233) * 43758.5453
    return x - F.floor(x)


names = [f"x{j}" for j in range(FEATURES)]
df = spark.range(0, ROWS, 1, 8).select("id", *[noise(j).alias(names[j]) for j in range(FEATURES)])
signal = F.sin(F.col("x0") * 6.0) + F.col("x1") * F.col("x2") * 2.0 - (F.col("x3") - 0.5) * (F.col("x3") - 0.5) * 4.0 + F.col("x4")
df = df.withColumn("label", (signal + noise(FEATURES) - 0.5 > 1.2).cast("double"))
df = VectorAssembler(inputCols=names, outputCol="features").transform(df).select("features", "label").cache()
df.count()

start = time.perf_counter()
model = SparkXGBClassifier(n_estimators=100, max_depth=6, max_bin=255, learning_rate=0.1).fit(df)
print("seconds", time.perf_counter() - start)
print("check", round(BinaryClassificationEvaluator().evaluate(model.transform(df)), 3))

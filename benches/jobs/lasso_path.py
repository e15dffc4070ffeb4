# A path of 100 penalties of the lasso, 200,000 rows of 50 features: one fit with a list of param maps, which multiplies the columns once.
import time
from pyspark.ml.feature import VectorAssembler
from pyspark.ml.regression import LinearRegression
from pyspark.sql import functions as F

ROWS, FEATURES, PENALTIES = 200_000, 50, 100


def noise(j):
    """Uniform on [0, 1), the same numbers in every engine that has a sine."""
    x = F.sin(F.col("id") * 12.9898 + j * 78.233) * 43758.5453
    return x - F.floor(x)


names = [f"x{j}" for j in range(FEATURES)]
df = spark.range(0, ROWS, 1, 8).select("id", *[(noise(j) - 0.5).alias(names[j]) for j in range(FEATURES)])
score = sum((F.col(names[j]) * ((j % 7) - 3.0) for j in range(FEATURES)), F.lit(1.0))
df = df.withColumn("label", score + (noise(FEATURES) - 0.5) * 4.0)
df = VectorAssembler(inputCols=names, outputCol="features").transform(df).select("features", "label").cache()
df.count()

lasso = LinearRegression(elasticNetParam=1.0, standardization=False, maxIter=1000)
start = time.perf_counter()
path = lasso.fit(df, [{lasso.regParam: 0.25 * 0.001 ** (i / (PENALTIES - 1))} for i in range(PENALTIES)])
print("seconds", time.perf_counter() - start)
middle, last = path[PENALTIES // 2].coefficients, path[-1].coefficients
print("check", round(float(middle[0]), 4), sum(float(w) != 0.0 for w in middle), round(float(last[0]), 4))

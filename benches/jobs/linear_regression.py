# Linear regression by the normal equations, 1,000,000 rows of 20 features.
import time
from pyspark.ml.feature import VectorAssembler
from pyspark.ml.regression import LinearRegression
from pyspark.sql import functions as F

ROWS, FEATURES = 1_000_000, 20


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

start = time.perf_counter()
model = LinearRegression(solver="normal").fit(df)
print("seconds", time.perf_counter() - start)
print("check", round(float(model.coefficients[0]), 6), round(float(model.intercept), 6))

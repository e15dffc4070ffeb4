# The first 10 principal components of 200,000 rows of 50 features.
import time
from pyspark.ml.feature import PCA, VectorAssembler
from pyspark.sql import functions as F

ROWS, FEATURES = 200_000, 50


def noise(j):
    """Uniform on [0, 1), the same numbers in every engine that has a sine."""
    x = F.sin(F.col("id") * 12.9898 + j * 78.233) * 43758.5453
    return x - F.floor(x)


names = [f"x{j}" for j in range(FEATURES)]
df = spark.range(0, ROWS, 1, 8).select(*[(noise(j) * (j + 1)).alias(names[j]) for j in range(FEATURES)])
df = VectorAssembler(inputCols=names, outputCol="features").transform(df).select("features").cache()
df.count()

start = time.perf_counter()
model = PCA(k=10, inputCol="features", outputCol="components").fit(df)
print("seconds", time.perf_counter() - start)
print("check", round(float(model.explainedVariance[0]), 6), round(float(model.explainedVariance[9]), 6))

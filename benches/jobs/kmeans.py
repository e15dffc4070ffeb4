# k-means, 500,000 rows of 10 features around 10 centres, 20 iterations from k-means||.
import time
from pyspark.ml.clustering import KMeans
from pyspark.ml.feature import VectorAssembler
from pyspark.sql import functions as F

ROWS, FEATURES, K = 500_000, 10, 10


def noise(j):
    """Uniform on [0, 1), the same numbers in every engine that has a sine."""
    x = F.sin(F.col("id") * 12.9898 + j * 78.233) * 43758.5453
    return x - F.floor(x)


names = [f"x{j}" for j in range(FEATURES)]
columns = [(((F.col("id") % K) * (j + 3)) % 7 + noise(j) * 3.0).alias(names[j]) for j in range(FEATURES)]
df = spark.range(0, ROWS, 1, 8).select(*columns)
df = VectorAssembler(inputCols=names, outputCol="features").transform(df).select("features").cache()
df.count()

start = time.perf_counter()
model = KMeans(k=K, maxIter=20, tol=0.0, seed=1).fit(df)
print("seconds", time.perf_counter() - start)
print("check", round(model.summary.trainingCost / ROWS, 4))

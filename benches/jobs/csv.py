# A CSV of 1,000,000 rows and 10 mixed columns (about 90 MB), read with type inference and materialised.
import time

start = time.perf_counter()
df = spark.read.csv("/files/mixed.csv", header=True, inferSchema=True).cache()
rows = df.count()
print("seconds", time.perf_counter() - start)
print("check", rows, [t for _, t in df.dtypes])

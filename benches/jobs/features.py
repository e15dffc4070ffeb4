# Imputing, scaling and one-hot encoding the CSV of 1,000,000 rows and 10 mixed columns: fit and transform, every vector made.
import time
from pyspark.ml import Pipeline
from pyspark.ml.feature import Imputer, OneHotEncoder, StandardScaler, StringIndexer, VectorAssembler

df = spark.read.csv("/files/mixed.csv", header=True, inferSchema=True).cache()
df.count()
numbers = ["age", "income", "score", "clicks", "ratio", "balance"]
texts = ["city", "segment"]
pipeline = Pipeline(
    stages=[
        Imputer(inputCols=numbers, outputCols=numbers),
        VectorAssembler(inputCols=numbers, outputCol="raw"),
        StandardScaler(inputCol="raw", outputCol="scaled", withMean=True),
        StringIndexer(inputCols=texts, outputCols=[f"{t}_index" for t in texts]),
        OneHotEncoder(inputCols=[f"{t}_index" for t in texts], outputCols=[f"{t}_vector" for t in texts], dropLast=False),
        VectorAssembler(inputCols=["scaled", *[f"{t}_vector" for t in texts]], outputCol="features"),
    ]
)
start = time.perf_counter()
made = pipeline.fit(df).transform(df).select("features").cache()
rows = made.count()
print("seconds", time.perf_counter() - start)
print("check", rows, made.first().features.size)

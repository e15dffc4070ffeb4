# Five-fold cross-validation of scaler and logistic regression over three penalties, 100,000 rows of 20 features.
import time
from pyspark.ml import Pipeline
from pyspark.ml.classification import LogisticRegression
from pyspark.ml.evaluation import BinaryClassificationEvaluator
from pyspark.ml.feature import StandardScaler, VectorAssembler
from pyspark.ml.tuning import CrossValidator, ParamGridBuilder
from pyspark.sql import functions as F

ROWS, FEATURES = 100_000, 20


def noise(j):
    """Uniform on [0, 1), the same numbers in every engine that has a sine."""
    x = F.sin(F.col("id") * 12.9898 + j * 78.233) * 43758.5453
    return x - F.floor(x)


names = [f"x{j}" for j in range(FEATURES)]
df = spark.range(0, ROWS, 1, 8).select("id", *[(noise(j) * (j + 1)).alias(names[j]) for j in range(FEATURES)])
score = sum((F.col(names[j]) * (((j % 7) - 3.0) / (j + 1)) for j in range(FEATURES)), F.lit(0.0))
df = df.withColumn("label", (score + noise(FEATURES) * 2.0 > 0).cast("double"))
df = VectorAssembler(inputCols=names, outputCol="raw").transform(df).select("raw", "label").cache()
df.count()

lr = LogisticRegression(maxIter=50)
pipeline = Pipeline(stages=[StandardScaler(inputCol="raw", outputCol="features", withMean=True), lr])
grid = ParamGridBuilder().addGrid(lr.regParam, [0.001, 0.01, 0.1]).build()
cv = CrossValidator(estimator=pipeline, estimatorParamMaps=grid, evaluator=BinaryClassificationEvaluator(), numFolds=5, parallelism=2, seed=1)
start = time.perf_counter()
model = cv.fit(df)
print("seconds", time.perf_counter() - start)
print("check", [round(m, 3) for m in model.avgMetrics])

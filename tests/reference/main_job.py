# %% [markdown]
# # The main job
# Load a CSV, look at it, prepare features, fit a pipeline, cross-validate it. Plain PySpark: real Spark runs it too.
# %%
from pyspark.ml import Pipeline
from pyspark.ml.classification import DecisionTreeClassifier, LogisticRegression, RandomForestClassifier
from pyspark.ml.clustering import KMeans
from pyspark.ml.evaluation import BinaryClassificationEvaluator, ClusteringEvaluator, MulticlassClassificationEvaluator, RegressionEvaluator
from pyspark.ml.feature import Imputer, OneHotEncoder, StandardScaler, StringIndexer, VectorAssembler
from pyspark.ml.regression import LinearRegression
from pyspark.ml.tuning import CrossValidator, ParamGridBuilder, TrainValidationSplit
from pyspark.sql import functions as F

penguins = spark.read.csv("/datasets/penguins.csv", header=True, inferSchema=True, nullValue="NA")
penguins.printSchema()
penguins.show(5)
print(penguins.count(), penguins.columns)
# %%
penguins.describe("bill_length_mm", "body_mass_g").show()
penguins.groupBy("species", "island").agg(F.count("*").alias("n"), F.avg("body_mass_g").alias("mass")).orderBy("species", "island").show()
missing = penguins.select([F.count(F.when(F.col(c).isNull(), c)).alias(c) for c in penguins.columns])
missing.show()
# %%
known = penguins.dropna(subset=["sex"])
train, test = known.randomSplit([0.8, 0.2], seed=42)
print(train.count(), test.count())
train.groupBy("species").count().orderBy("species").show()
# %%
numeric = ["bill_length_mm", "bill_depth_mm", "flipper_length_mm", "body_mass_g"]
known = known.select([F.col(c).cast("double").alias(c) if c in numeric else F.col(c) for c in known.columns])
train, test = known.randomSplit([0.8, 0.2], seed=42)
stages = [
    StringIndexer(inputCols=["species", "island", "sex"], outputCols=["label", "island_index", "sex_index"]),
    OneHotEncoder(inputCols=["island_index", "sex_index"], outputCols=["island_vec", "sex_vec"]),
    Imputer(inputCols=numeric, outputCols=[c + "_filled" for c in numeric]),
    VectorAssembler(inputCols=[c + "_filled" for c in numeric] + ["island_vec", "sex_vec"], outputCol="raw"),
    StandardScaler(inputCol="raw", outputCol="features", withMean=True),
]
lr = LogisticRegression(maxIter=200, regParam=0.01, tol=1e-10)
pipeline = Pipeline(stages=stages + [lr])
model = pipeline.fit(train)
predictions = model.transform(test)
predictions.select("species", "label", "prediction").show(5)
accuracy = MulticlassClassificationEvaluator(metricName="accuracy")
print(f"accuracy {accuracy.evaluate(predictions):.4f}")
print([round(x, 6) for x in model.stages[-1].interceptVector.toArray().tolist()])
print(model.stages[-1].numClasses, model.stages[-1].numFeatures, model.stages[0].labelsArray)
# %%
grid = ParamGridBuilder().addGrid(lr.regParam, [0.001, 0.1]).addGrid(lr.elasticNetParam, [0.0, 0.5]).build()
cv = CrossValidator(estimator=pipeline, estimatorParamMaps=grid, evaluator=accuracy, numFolds=3, seed=7, parallelism=2)
cv_model = cv.fit(train)
print([round(float(m), 6) for m in cv_model.avgMetrics])
print(f"{accuracy.evaluate(cv_model.transform(test)):.4f}", cv_model.bestModel.stages[-1].getRegParam())
# %%
tree = DecisionTreeClassifier(maxDepth=3)
tree_model = Pipeline(stages=stages[:4] + [tree.setFeaturesCol("raw")]).fit(train)
print(tree_model.stages[-1].toDebugString.split("\n", 1)[1])
print(f"{accuracy.evaluate(tree_model.transform(test)):.4f}")
forest = RandomForestClassifier(featuresCol="raw", numTrees=5, maxDepth=3, seed=3)
forest_model = Pipeline(stages=stages[:4] + [forest]).fit(train)
print(forest_model.stages[-1].totalNumNodes, [round(x, 4) for x in forest_model.stages[-1].featureImportances.toArray().tolist()])
print(f"{accuracy.evaluate(forest_model.transform(test)):.4f}")
# %%
chinstrap = train.withColumn("label", (F.col("species") == "Chinstrap").cast("double"))
binary = Pipeline(stages=[VectorAssembler(inputCols=numeric, outputCol="features"), LogisticRegression(regParam=0.05)]).fit(chinstrap)
summary = binary.stages[-1].summary
print(round(summary.areaUnderROC, 6), round(summary.accuracy, 6))
summary.roc.show(3)
area = BinaryClassificationEvaluator()
print(round(area.evaluate(binary.transform(test.withColumn("label", F.when(F.col("species") == "Chinstrap", 1.0).otherwise(0.0)))), 6))
# %%
assembler = VectorAssembler(inputCols=["bill_length_mm", "bill_depth_mm", "flipper_length_mm"], outputCol="features")
mass = assembler.transform(known).withColumnRenamed("body_mass_g", "label").select("features", "label")
line = LinearRegression(regParam=0.1).fit(mass)
print([round(float(c), 6) for c in line.coefficients], round(line.intercept, 6))
print(round(line.summary.r2, 6), round(line.summary.rootMeanSquaredError, 6))
split = TrainValidationSplit(
    estimator=LinearRegression(),
    estimatorParamMaps=ParamGridBuilder().addGrid(LinearRegression.regParam, [0.0, 10.0]).build(),
    evaluator=RegressionEvaluator(),
    trainRatio=0.75,
    seed=5,
).fit(mass)
print([round(float(m), 4) for m in split.validationMetrics])
# %%
groups = KMeans(k=3, seed=1).fit(mass)
clustered = groups.transform(mass)
print(round(ClusteringEvaluator().evaluate(clustered), 6), sorted(groups.summary.clusterSizes))
for centre in sorted(groups.clusterCenters(), key=lambda c: c[0]):
    print([round(float(x), 4) for x in centre])
try:
    penguins.select("bill_lenght_mm")
except Exception as error:
    print(type(error).__name__)

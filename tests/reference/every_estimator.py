# Fits every estimator and prints what it found to the last bit: the same text on any number of threads and in every build.
from pyspark.ml import Pipeline
from pyspark.ml.classification import DecisionTreeClassifier, LogisticRegression, RandomForestClassifier
from pyspark.ml.clustering import KMeans
from pyspark.ml.evaluation import BinaryClassificationEvaluator, ClusteringEvaluator, MulticlassClassificationEvaluator, RegressionEvaluator
from pyspark.ml.feature import Imputer, MinMaxScaler, OneHotEncoder, StandardScaler, StringIndexer, VectorAssembler
from pyspark.ml.regression import LinearRegression
from pyspark.ml.tuning import CrossValidator, ParamGridBuilder, TrainValidationSplit
from pyspark.sql import functions as F


def show(name, *values):
    for value in values:
        print(name, value.tolist() if hasattr(value, "tolist") else value)


diamonds = spark.read.csv("/datasets/diamonds.csv", header=True, inferSchema=True).limit(8000).repartition(8)
gaps = diamonds.withColumn("table", F.when(F.col("price") % 7 == 0, None).otherwise(F.col("table").cast("double")))
indexer = StringIndexer(inputCols=["cut", "color"], outputCols=["cut_index", "color_index"]).fit(gaps)
show("StringIndexer", indexer.labelsArray)
indexed = indexer.transform(gaps)
encoded = OneHotEncoder(inputCols=["cut_index"], outputCols=["cut_vec"]).fit(indexed).transform(indexed)
imputer = Imputer(inputCols=["table"], outputCols=["table_filled"], strategy="mean").fit(encoded)
show("Imputer", imputer.surrogateDF.collect())
assembler = VectorAssembler(inputCols=["carat", "depth", "table_filled", "x", "y", "z", "cut_vec"], outputCol="raw")
raw = assembler.transform(imputer.transform(encoded))
scaler = StandardScaler(inputCol="raw", outputCol="features", withMean=True).fit(raw)
show("StandardScaler", scaler.mean.toArray(), scaler.std.toArray())
low_high = MinMaxScaler(inputCol="raw", outputCol="scaled").fit(raw)
show("MinMaxScaler", low_high.originalMin.toArray(), low_high.originalMax.toArray())
data = scaler.transform(raw).withColumn("label", (F.col("price") > 2500).cast("double")).cache()

binomial = LogisticRegression(regParam=0.01, elasticNetParam=0.3).fit(data)
show("LogisticRegression", binomial.coefficients.toArray(), binomial.intercept, binomial.summary.objectiveHistory)
multinomial = LogisticRegression(labelCol="color_index", maxIter=15).fit(data)
show("multinomial", multinomial.coefficientMatrix.toArray(), multinomial.interceptVector.toArray())
line = LinearRegression(labelCol="price", regParam=0.5).fit(data)
show("LinearRegression", line.coefficients.toArray(), line.intercept, line.summary.rootMeanSquaredError)
lasso = LinearRegression(labelCol="price", regParam=5.0, elasticNetParam=1.0, solver="l-bfgs").fit(data)
show("lasso", lasso.coefficients.toArray(), lasso.intercept)
tree = DecisionTreeClassifier(featuresCol="raw", maxDepth=6).fit(data)
show("DecisionTreeClassifier", tree.toDebugString.split("\n", 1)[1], tree.featureImportances.toArray())
forest = RandomForestClassifier(featuresCol="raw", numTrees=10, maxDepth=6, seed=11).fit(data)
show("RandomForestClassifier", forest.totalNumNodes, forest.featureImportances.toArray())
groups = KMeans(k=5, seed=3).fit(data)
show("KMeans", [c.tolist() for c in groups.clusterCenters()], groups.summary.trainingCost)

show("BinaryClassificationEvaluator", BinaryClassificationEvaluator().evaluate(forest.transform(data)))
show("MulticlassClassificationEvaluator", MulticlassClassificationEvaluator().evaluate(tree.transform(data)))
show("RegressionEvaluator", RegressionEvaluator(labelCol="price").evaluate(line.transform(data)))
show("ClusteringEvaluator", ClusteringEvaluator().evaluate(groups.transform(data)))

lr = LogisticRegression(maxIter=20)
grid = ParamGridBuilder().addGrid(lr.regParam, [0.01, 0.1]).build()
pipeline = Pipeline(stages=[StandardScaler(inputCol="raw", outputCol="again"), lr.setFeaturesCol("again")])
search = CrossValidator(estimator=pipeline, estimatorParamMaps=grid, evaluator=BinaryClassificationEvaluator(), numFolds=3, seed=1, parallelism=4)
show("CrossValidator", search.fit(data).avgMetrics)
split = TrainValidationSplit(estimator=pipeline, estimatorParamMaps=grid, evaluator=BinaryClassificationEvaluator(), seed=1)
show("TrainValidationSplit", split.fit(data).validationMetrics)

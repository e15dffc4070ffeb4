# Fits what every_estimator.py doesn't, on fewer rows, and saves and loads a pipeline.
from pyspark.ml import Pipeline, PipelineModel
from pyspark.ml.classification import FMClassifier, GBTClassifier, LinearSVC, LogisticRegression, MultilayerPerceptronClassifier, NaiveBayes, OneVsRest
from pyspark.ml.clustering import BisectingKMeans, GaussianMixture, PowerIterationClustering
from pyspark.ml.evaluation import RankingEvaluator
from pyspark.ml.feature import PCA, MinMaxScaler, StringIndexer, Tokenizer, VectorAssembler, Word2Vec
from pyspark.ml.fpm import FPGrowth, PrefixSpan
from pyspark.ml.recommendation import ALS
from pyspark.ml.regression import (
    AFTSurvivalRegression,
    DecisionTreeRegressor,
    FMRegressor,
    GBTRegressor,
    GeneralizedLinearRegression,
    IsotonicRegression,
    RandomForestRegressor,
)
from pyspark.ml.stat import Correlation, Summarizer
from pyspark.sql import functions as F


def show(name, *values):
    for value in values:
        print(name, value.tolist() if hasattr(value, "tolist") else value)


diamonds = spark.read.csv("/datasets/diamonds.csv", header=True, inferSchema=True).limit(1000).repartition(4)
numbers = VectorAssembler(inputCols=["carat", "depth", "table", "x", "y", "z"], outputCol="raw")
data = numbers.transform(StringIndexer(inputCol="color", outputCol="color_index").fit(diamonds).transform(diamonds))
data = MinMaxScaler(inputCol="raw", outputCol="features").fit(data).transform(data)
data = data.withColumn("label", (F.col("price") > 2750).cast("double")).withColumn("thousands", F.col("price") / 1000.0).cache()

show("Correlation", Correlation.corr(data, "features", "spearman").first()[0].toArray())
show("Summarizer", *data.select(Summarizer.metrics("mean", "variance").summary(F.col("features")).alias("s")).select("s.mean", "s.variance").first())
show("PCA", PCA(k=2, inputCol="features", outputCol="parts").fit(data).pc.toArray())
boosted = GBTClassifier(maxIter=5, maxDepth=3, seed=4).fit(data)
show("GBTClassifier", boosted.toDebugString.split("\n", 1)[1], boosted.featureImportances.toArray())
show("GBTRegressor", GBTRegressor(labelCol="thousands", maxIter=5, maxDepth=3, seed=4).fit(data).featureImportances.toArray())
plane = LinearSVC(regParam=0.1, maxIter=20).fit(data)
show("LinearSVC", plane.coefficients.toArray(), plane.intercept)
bayes = NaiveBayes(modelType="gaussian").fit(data)
show("NaiveBayes", bayes.pi.toArray(), bayes.theta.toArray())
network = MultilayerPerceptronClassifier(layers=[6, 4, 2], maxIter=8, seed=5).fit(data)
show("MultilayerPerceptronClassifier", network.weights.toArray())
machine = FMClassifier(factorSize=2, maxIter=6, stepSize=0.1, seed=6).fit(data)
show("FMClassifier", machine.intercept, machine.linear.toArray(), machine.factors.toArray())
rest = OneVsRest(classifier=LogisticRegression(maxIter=5), labelCol="color_index").fit(data)
show("OneVsRest", *[model.coefficients.toArray() for model in rest.models])
counts = GeneralizedLinearRegression(family="gamma", link="log", labelCol="thousands").fit(data)
show("GeneralizedLinearRegression", counts.coefficients.toArray(), counts.summary.deviance, counts.summary.aic, counts.summary.pValues)
survival = AFTSurvivalRegression(labelCol="thousands", maxIter=10).fit(data.withColumn("censor", F.lit(1.0)))
show("AFTSurvivalRegression", survival.coefficients.toArray(), survival.intercept, survival.scale)
steps = IsotonicRegression(labelCol="thousands", featureIndex=0).fit(data)
show("IsotonicRegression", steps.boundaries.toArray(), steps.predictions.toArray())
show("FMRegressor", FMRegressor(labelCol="thousands", factorSize=2, maxIter=6, stepSize=0.05, seed=6).fit(data).linear.toArray())
show("DecisionTreeRegressor", DecisionTreeRegressor(labelCol="thousands", maxDepth=4).fit(data).featureImportances.toArray())
show("RandomForestRegressor", RandomForestRegressor(labelCol="thousands", numTrees=5, seed=7).fit(data).featureImportances.toArray())
show("BisectingKMeans", [c.tolist() for c in BisectingKMeans(k=4, seed=8).fit(data).clusterCenters()])
mixture = GaussianMixture(k=2, seed=9, maxIter=5, featuresCol="parts").fit(PCA(k=2, inputCol="features", outputCol="parts").fit(data).transform(data))
show("GaussianMixture", mixture.weights, mixture.gaussians[0].mean.toArray(), mixture.gaussians[0].cov.toArray())

pairs = [(i, j, 1.0 / (1 + abs(i - j))) for i in range(12) for j in range(i) if (i < 6) == (j < 6) or i - j == 1]
edges = spark.createDataFrame(pairs, ["src", "dst", "weight"])
groups = PowerIterationClustering(k=2, maxIter=10, weightCol="weight").assignClusters(edges)
show("PowerIterationClustering", sorted(tuple(row) for row in groups.collect()))
texts = [("the cat sat on the mat",), ("a dog and a cat",), ("spark runs jobs on workers",), ("jobs have stages and tasks",)] * 5
words = Tokenizer(inputCol="text", outputCol="words").transform(spark.createDataFrame(texts, ["text"]))
show("Word2Vec", [row.vector.toArray().tolist() for row in Word2Vec(vectorSize=2, minCount=5, seed=11, inputCol="words", numPartitions=1).fit(words).getVectors().orderBy("word").collect()])
ratings = [(user, item, float((user * item) % 5 + 1)) for user in range(12) for item in range(10) if (user + 2 * item) % 3]
tastes = ALS(rank=3, maxIter=4, seed=12, userCol="user", itemCol="item", ratingCol="rating").fit(spark.createDataFrame(ratings, ["user", "item", "rating"]))
show("ALS", [list(row.features) for row in tastes.itemFactors.orderBy("id").collect()])
baskets = spark.createDataFrame([([1, 2, 5],), ([1, 2, 3, 5],), ([1, 2],)], ["items"])
rules = FPGrowth(minSupport=0.5, minConfidence=0.6).fit(baskets)
show("FPGrowth", sorted((sorted(row.items), row.freq) for row in rules.freqItemsets.collect()), rules.associationRules.count())
sequences = spark.createDataFrame([([[1, 2], [3]],), ([[1], [3, 2], [1, 2]],), ([[1, 2], [5]],), ([[6]],)], ["sequence"])
show("PrefixSpan", sorted((row.sequence, row.freq) for row in PrefixSpan(minSupport=0.5).findFrequentSequentialPatterns(sequences).collect()))
ranked = spark.createDataFrame([([1.0, 6.0, 2.0], [1.0, 2.0, 3.0]), ([4.0, 1.0], [1.0, 2.0])], ["prediction", "label"])
show("RankingEvaluator", RankingEvaluator().evaluate(ranked), RankingEvaluator(metricName="ndcgAtK", k=2).evaluate(ranked))

pipeline = Pipeline(stages=[numbers.copy({numbers.outputCol: "again"}), GBTClassifier(featuresCol="again", maxIter=3, seed=13)]).fit(data)
pipeline.write().overwrite().save("/tmp/more_estimators_model")
loaded = PipelineModel.load("/tmp/more_estimators_model")
show("loaded", loaded.uid == pipeline.uid, loaded.transform(data).agg(F.sum("prediction")).first()[0])

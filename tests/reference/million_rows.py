# Every estimator on a million rows, with few iterations: what it finds is real Spark's.
from pyspark.ml.classification import (
    DecisionTreeClassifier, FMClassifier, GBTClassifier, LinearSVC, LogisticRegression, MultilayerPerceptronClassifier, NaiveBayes, RandomForestClassifier,
)
from pyspark.ml.clustering import LDA, BisectingKMeans, GaussianMixture, KMeans
from pyspark.ml.evaluation import BinaryClassificationEvaluator, ClusteringEvaluator, MulticlassClassificationEvaluator, RegressionEvaluator
from pyspark.ml.feature import (
    PCA, BucketedRandomProjectionLSH, ChiSqSelector, CountVectorizer, IDF, Imputer, MaxAbsScaler, MinMaxScaler, OneHotEncoder, QuantileDiscretizer,
    RobustScaler, StandardScaler, StringIndexer, TargetEncoder, Tokenizer, UnivariateFeatureSelector, VarianceThresholdSelector, VectorAssembler,
    VectorIndexer, Word2Vec,
)
from pyspark.ml.fpm import FPGrowth
from pyspark.ml.recommendation import ALS
from pyspark.ml.regression import (
    AFTSurvivalRegression, DecisionTreeRegressor, GeneralizedLinearRegression, IsotonicRegression, LinearRegression, RandomForestRegressor,
)
from pyspark.ml.stat import ChiSquareTest, Correlation, Summarizer
from pyspark.sql import functions as F

ROWS = 1_000_000


def show(name, *values):
    print(name, *[value.toArray().ravel().tolist() if hasattr(value, "toArray") else value for value in values])


def part(factor, values):
    """Whole numbers below `values` that look random, the same in every engine."""
    return (F.col("id") * factor % 1_000_003 * 7_919) % 1_000_003 % values


a, b, c, d = (part(factor, 1000) / 1000.0 for factor in (31, 37, 41, 43))
df = spark.range(0, ROWS, 1, 8).select(
    "id", a.alias("a"), b.alias("b"), c.alias("c"), (d * 4).alias("d"), part(47, 5).cast("double").alias("kind"),
    F.concat(F.lit("word"), part(53, 20).cast("string")).alias("word"),
    (2 * a - 3 * b + c * d + part(59, 100) / 100.0 + 4).alias("y"),
    ((a + b * c + part(61, 100) / 200.0) > 0.9).cast("double").alias("label"),
    F.when(part(67, 10) > 0, a * 10).alias("gaps"),
    (part(71, 4) > 0).cast("double").alias("censor"),
)
df = VectorAssembler(inputCols=["a", "b", "c", "d"], outputCol="features").transform(df).cache()
show("rows", df.count(), df.agg(F.sum("y"), F.sum("label")).first())

FEATURES = {"inputCol": "features", "outputCol": "out"}
scaler = StandardScaler(withMean=True, **FEATURES).fit(df)
show("StandardScaler", scaler.mean, scaler.std)
low_high = MinMaxScaler(**FEATURES).fit(df)
show("MinMaxScaler", low_high.originalMin, low_high.originalMax)
show("MaxAbsScaler", MaxAbsScaler(**FEATURES).fit(df).maxAbs)
robust = RobustScaler(withCentering=True, **FEATURES).fit(df)
show("RobustScaler", robust.median, robust.range)
show("Imputer", Imputer(inputCols=["gaps"], outputCols=["full"]).fit(df).surrogateDF.first()[0])
show("StringIndexer", StringIndexer(inputCol="word", outputCol="i").fit(df).labels)
show("OneHotEncoder", OneHotEncoder(inputCols=["kind"], outputCols=["o"]).fit(df).categorySizes)
show("QuantileDiscretizer", QuantileDiscretizer(numBuckets=5, inputCol="y", outputCol="o").fit(df).getSplits())
show("TargetEncoder", TargetEncoder(inputCols=["kind"], outputCols=["o"], labelCol="y", targetType="continuous").fit(df).transform(df).agg(F.sum("o")).first()[0])
pca = PCA(k=2, **FEATURES).fit(df)
show("PCA", pca.explainedVariance)
show("VectorIndexer", VectorIndexer(maxCategories=3, **FEATURES).fit(df).numFeatures)
show("VarianceThresholdSelector", VarianceThresholdSelector(varianceThreshold=0.1, outputCol="o").fit(df).selectedFeatures)
show("UnivariateFeatureSelector", UnivariateFeatureSelector(outputCol="o", labelCol="y", selectionMode="numTopFeatures").setFeatureType("continuous").setLabelType("continuous").setSelectionThreshold(2).fit(df).selectedFeatures)
show("Correlation", Correlation.corr(df, "features").first()[0])
show("Summarizer", *df.select(Summarizer.metrics("mean", "variance", "normL2").summary(F.col("features"))).first()[0])
small = VectorAssembler(inputCols=["kind"], outputCol="kinds").transform(df)
show("ChiSquareTest", *ChiSquareTest.test(small, "kinds", "label").first()[1:])
show("ChiSqSelector", ChiSqSelector(numTopFeatures=1, featuresCol="kinds", outputCol="o").fit(small).selectedFeatures)
words = Tokenizer(inputCol="text", outputCol="words").transform(df.select("id", F.concat_ws(" ", "word", F.concat(F.lit("kind"), F.col("kind").cast("int").cast("string"))).alias("text")))
counter = CountVectorizer(inputCol="words", outputCol="counts").fit(words)
counts = counter.transform(words)
show("CountVectorizer", len(counter.vocabulary))
show("IDF", IDF(inputCol="counts", outputCol="o").fit(counts).docFreq)
show("Word2Vec", Word2Vec(vectorSize=2, maxIter=1, numPartitions=1, seed=1, inputCol="words", outputCol="o").fit(words).getVectors().count())
lsh = BucketedRandomProjectionLSH(bucketLength=1.0, seed=2, **FEATURES).fit(df)
show("BucketedRandomProjectionLSH", lsh.approxNearestNeighbors(df, df.first().features, 3).select(F.sum("distCol")).first()[0])

binomial = LogisticRegression(maxIter=5).fit(df)
show("LogisticRegression", binomial.coefficients, binomial.intercept)
show("LinearSVC", LinearSVC(maxIter=5).fit(df).coefficients)
tree = DecisionTreeClassifier(maxDepth=4, seed=5).fit(df)
show("DecisionTreeClassifier", tree.numNodes, tree.featureImportances)
show("RandomForestClassifier", RandomForestClassifier(numTrees=3, maxDepth=4, seed=5).fit(df).featureImportances)
show("GBTClassifier", GBTClassifier(maxIter=2, maxDepth=3, seed=5).fit(df).featureImportances)
bayes = NaiveBayes(modelType="gaussian").fit(df)
show("NaiveBayes", bayes.theta, bayes.sigma)
show("MultilayerPerceptronClassifier", MultilayerPerceptronClassifier(layers=[4, 3, 2], maxIter=2, seed=3).fit(df).weights)
show("FMClassifier", FMClassifier(factorSize=2, maxIter=2, seed=3, stepSize=0.01).fit(df).linear)

show("LinearRegression", LinearRegression(labelCol="y").fit(df).coefficients)
show("GeneralizedLinearRegression", GeneralizedLinearRegression(labelCol="y", family="gamma", link="log", maxIter=3).fit(df).coefficients)
show("DecisionTreeRegressor", DecisionTreeRegressor(labelCol="y", maxDepth=4, seed=5).fit(df).featureImportances)
show("RandomForestRegressor", RandomForestRegressor(labelCol="y", numTrees=2, maxDepth=4, seed=5).fit(df).featureImportances)
show("IsotonicRegression", len(IsotonicRegression(labelCol="y").fit(df).boundaries))
show("AFTSurvivalRegression", AFTSurvivalRegression(labelCol="y", maxIter=3).fit(df).coefficients)

show("KMeans", sorted(round(float(x), 6) for center in KMeans(k=3, maxIter=3, seed=4).fit(df).clusterCenters() for x in center))
show("BisectingKMeans", [x.tolist() for x in BisectingKMeans(k=2, maxIter=3, seed=4).fit(df).clusterCenters()])
show("GaussianMixture", GaussianMixture(k=2, maxIter=2, seed=4).fit(df).weights)
show("LDA", LDA(k=2, maxIter=1, seed=4, subsamplingRate=0.01, featuresCol="counts").fit(counts).topicsMatrix().toArray().sum())
ratings = df.select((F.col("id") % 2000).cast("int").alias("user"), part(73, 50).cast("int").alias("item"), F.col("y").cast("float").alias("rating"))
show("ALS", RegressionEvaluator(labelCol="rating").evaluate(ALS(rank=2, maxIter=1, seed=6).fit(ratings).transform(ratings)))
show("FPGrowth", FPGrowth(itemsCol="words", minSupport=0.1).fit(words).freqItemsets.count())

predicted = binomial.transform(df)
show("BinaryClassificationEvaluator", round(BinaryClassificationEvaluator().evaluate(predicted), 4))
show("MulticlassClassificationEvaluator", MulticlassClassificationEvaluator().evaluate(predicted))

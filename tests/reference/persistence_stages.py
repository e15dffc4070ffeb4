"""The stages that persistence.py saves with real PySpark and persistence_check.py with Kindling, and the frames that they are fitted to.
Runs in both."""

from pyspark.ml import Pipeline, classification as cl, clustering as cs, evaluation as ev, feature as f
from pyspark.ml import regression as rg, tuning as tn
from pyspark.ml.linalg import DenseVector, Matrices, SparseVector, Vectors, VectorUDT
from pyspark.sql.types import ArrayType, BooleanType, DoubleType, IntegerType, StringType, StructField, StructType



def recommendation():
    from pyspark.ml import recommendation

    return recommendation


def fpm():
    from pyspark.ml import fpm

    return fpm


sparse = Vectors.sparse
POINTS = [
    ([0.0, 1.5, 2.0], 0.0, 1.0, "a b c a", "x", 1.0), ([1.0, 0.5, 0.0], 1.0, 3.5, "b c", "y", 2.0),
    ([2.0, 2.5, 1.0], 1.0, 4.0, "a c d", "x", 1.0), ([0.0, 0.0, 4.0], 0.0, 0.5, "d d b", "z", 1.0),
    ([1.0, 3.5, 3.0], 0.0, 2.0, "c", "y", 0.5), ([2.0, 0.5, 1.5], 1.0, 5.5, "a b", "x", 1.0),
    (sparse(3, [1], [4.0]), 0.0, 2.5, "b a d", "z", 1.0), ([1.0, 2.0, 0.0], 1.0, 3.0, "a a", "y", 2.0),
    (sparse(3, [0, 2], [2.0, 5.0]), 1.0, 6.0, "c d", "x", 1.0), ([0.0, 3.0, 1.0], 0.0, 1.5, "b c d", "y", 1.0),
    ([2.0, 1.0, 2.5], 1.0, 4.5, "a d", "z", 1.0), ([1.0, 1.0, 1.0], 0.0, 2.25, "c b", "x", 1.0),
]
FRAMES = {
    "points": (
        "features vector, label double, y double, text string, word string, weight double, words array<string>, a double, b double, n int, "
        "flag boolean, three double",
        [
            (v, label, y, text, word, weight, text.split(), y / 2 - 1, float(i % 3), i % 4, i % 2 == 0, float(i % 3))
            for i, (v, label, y, text, word, weight) in enumerate(POINTS)
        ],
    ),
    "ratings": (
        "user int, item int, rating double",
        [(u, i, float((u * 3 + i * 2) % 5 + 1)) for u in range(4) for i in range(5) if (u + i) % 3],
    ),
    "baskets": ("items array<string>", [(["a", "b", "c"],), (["a", "b"],), (["a", "d"],), (["b", "c"],), (["a", "b", "d"],)]),
    "survival": (
        "features vector, label double, censor double",
        [([1.56, -0.605], 1.218, 1.0), ([0.346, 2.158], 2.949, 0.0), ([1.38, 0.231], 3.627, 0.0), ([0.52, 1.151], 0.273, 1.0),
         ([0.795, -0.226], 4.199, 0.0), ([0.3, 0.7], 1.9, 1.0)],
    ),
}
KINDS = {
    "int": IntegerType(), "double": DoubleType(), "string": StringType(), "boolean": BooleanType(), "vector": VectorUDT(),
    "array<string>": ArrayType(StringType()),
}


def frame(spark, name):
    ddl, rows = FRAMES[name]
    columns = [part.split(" ") for part in ddl.split(", ")]
    rows = [tuple(Vectors.dense(v) if kind == "vector" and isinstance(v, list) else v for v, (_, kind) in zip(row, columns)) for row in rows]
    return spark.createDataFrame(rows, StructType([StructField(name, KINDS[kind], True) for name, kind in columns])).coalesce(2)


def plain(value):
    if isinstance(value, float):
        return value if abs(value) < float("inf") else "NaN" if value != value else "Infinity" if value > 0 else "-Infinity"
    if isinstance(value, DenseVector):
        return {"dense": [plain(float(v)) for v in value.values]}
    if isinstance(value, SparseVector):
        return {"size": int(value.size), "indices": [int(i) for i in value.indices], "values": [plain(float(v)) for v in value.values]}
    if isinstance(value, (list, tuple)):
        return [plain(v) for v in value]
    return value


IN = {"inputCol": "features", "outputCol": "out"}
WORDS = {"inputCol": "words", "outputCol": "out"}
LR = cl.LogisticRegression(maxIter=5, regParam=0.1)
GRID = tn.ParamGridBuilder().addGrid(LR.regParam, [0.1, 0.5]).addGrid(LR.fitIntercept, [False]).build()
ASSEMBLER = f.VectorAssembler(inputCols=["a", "b"], outputCol="ab", handleInvalid="keep")
PIPELINE = Pipeline(stages=[ASSEMBLER, f.StandardScaler(inputCol="ab", outputCol="scaled", withMean=True), cl.LogisticRegression(featuresCol="scaled", maxIter=3)])
TREE = {"maxDepth": 2, "seed": 7}

# Name of the folder, what makes the stage, the frame that it is fitted to and transforms.
STAGES = [
    ("Binarizer", lambda: f.Binarizer(threshold=1.0, inputCol="a", outputCol="out"), "points"),
    ("BucketedRandomProjectionLSH", lambda: f.BucketedRandomProjectionLSH(bucketLength=2.0, numHashTables=2, seed=3, **IN), "points"),
    ("Bucketizer", lambda: f.Bucketizer(splitsArray=[[-float("inf"), 0.0, float("inf")], [0.0, 1.0, 2.0]], inputCols=["a", "b"], outputCols=["p", "q"]), "points"),
    ("ChiSqSelector", lambda: f.ChiSqSelector(numTopFeatures=1, outputCol="out"), "points"),
    ("CountVectorizer", lambda: f.CountVectorizer(vocabSize=3, minDF=2.0, **WORDS), "points"),
    ("DCT", lambda: f.DCT(inverse=False, **IN), "points"),
    ("ElementwiseProduct", lambda: f.ElementwiseProduct(scalingVec=Vectors.sparse(3, [0, 2], [1.5, -2.0]), **IN), "points"),
    ("FeatureHasher", lambda: f.FeatureHasher(inputCols=["a", "word", "flag"], outputCol="out", numFeatures=16, categoricalCols=["a"]), "points"),
    ("HashingTF", lambda: f.HashingTF(numFeatures=8, binary=True, **WORDS), "points"),
    ("IDF", lambda: f.IDF(minDocFreq=1, **IN), "points"),
    ("Imputer", lambda: f.Imputer(strategy="median", inputCols=["a", "b"], outputCols=["p", "q"], missingValue=1.0), "points"),
    ("IndexToString", lambda: f.IndexToString(inputCol="three", outputCol="out", labels=["x", "é", "z"]), "points"),
    ("Interaction", lambda: f.Interaction(inputCols=["a", "b"], outputCol="out"), "points"),
    ("MaxAbsScaler", lambda: f.MaxAbsScaler(**IN), "points"),
    ("MinHashLSH", lambda: f.MinHashLSH(numHashTables=2, seed=5, **IN), "points"),
    ("MinMaxScaler", lambda: f.MinMaxScaler(min=-1.0, max=2.0, **IN), "points"),
    ("NGram", lambda: f.NGram(n=2, **WORDS), "points"),
    ("Normalizer", lambda: f.Normalizer(p=float("inf"), **IN), "points"),
    ("OneHotEncoder", lambda: f.OneHotEncoder(inputCols=["b", "three"], outputCols=["p", "q"], handleInvalid="keep"), "points"),
    ("PCA", lambda: f.PCA(k=2, **IN), "points"),
    ("PolynomialExpansion", lambda: f.PolynomialExpansion(degree=2, **IN), "points"),
    ("QuantileDiscretizer", lambda: f.QuantileDiscretizer(numBuckets=3, inputCol="y", outputCol="out"), "points"),
    ("RFormula", lambda: f.RFormula(formula="y ~ word + a:b", featuresCol="fo", labelCol="lo"), "points"),
    ("RegexTokenizer", lambda: f.RegexTokenizer(inputCol="text", outputCol="out", pattern="[ \"b]+", minTokenLength=1), "points"),
    ("RobustScaler", lambda: f.RobustScaler(withCentering=True, **IN), "points"),
    ("SQLTransformer", lambda: f.SQLTransformer(statement="SELECT *, a + b AS c FROM __THIS__"), "points"),
    ("StandardScaler", lambda: f.StandardScaler(withMean=True, **IN), "points"),
    ("StopWordsRemover", lambda: f.StopWordsRemover(stopWords=["a", "ü"], **WORDS), "points"),
    ("StringIndexer", lambda: f.StringIndexer(inputCols=["word", "text"], outputCols=["p", "q"], handleInvalid="keep"), "points"),
    ("TargetEncoder", lambda: f.TargetEncoder(inputCols=["three", "n"], outputCols=["p", "q"], labelCol="y", targetType="continuous", smoothing=1.0), "points"),
    ("Tokenizer", lambda: f.Tokenizer(inputCol="text", outputCol="out"), "points"),
    ("UnivariateFeatureSelector", lambda: f.UnivariateFeatureSelector(outputCol="out").setFeatureType("continuous").setLabelType("categorical").setSelectionThreshold(1.0), "points"),
    ("VarianceThresholdSelector", lambda: f.VarianceThresholdSelector(varianceThreshold=1.0, outputCol="out"), "points"),
    ("VectorAssembler", lambda: ASSEMBLER, "points"),
    ("VectorIndexer", lambda: f.VectorIndexer(maxCategories=3, handleInvalid="keep", **IN), "points"),
    ("VectorSizeHint", lambda: f.VectorSizeHint(inputCol="features", size=3, handleInvalid="skip"), "points"),
    ("VectorSlicer", lambda: f.VectorSlicer(indices=[2, 0], **IN), "points"),
    ("Word2Vec", lambda: f.Word2Vec(vectorSize=2, minCount=1, maxIter=1, seed=9, **WORDS), "points"),
    ("DecisionTreeClassifier", lambda: cl.DecisionTreeClassifier(**TREE).setThresholds([0.6, 0.4]), "points"),
    ("GBTClassifier", lambda: cl.GBTClassifier(maxIter=2, **TREE), "points"),
    ("RandomForestClassifier", lambda: cl.RandomForestClassifier(numTrees=2, weightCol="weight", **TREE), "points"),
    ("LogisticRegression", lambda: LR, "points"),
    ("LogisticRegressionMultinomial", lambda: cl.LogisticRegression(labelCol="three", maxIter=5, family="multinomial", lowerBoundsOnCoefficients=Matrices.dense(3, 3, [-1.0] * 9)), "points"),
    ("LinearSVC", lambda: cl.LinearSVC(maxIter=4, regParam=0.1), "points"),
    ("NaiveBayes", lambda: cl.NaiveBayes(smoothing=0.5), "points"),
    ("NaiveBayesGaussian", lambda: cl.NaiveBayes(modelType="gaussian", labelCol="three"), "points"),
    ("MultilayerPerceptronClassifier", lambda: cl.MultilayerPerceptronClassifier(layers=[3, 2, 2], maxIter=5, seed=4), "points"),
    ("FMClassifier", lambda: cl.FMClassifier(factorSize=2, maxIter=3, seed=4), "points"),
    ("OneVsRest", lambda: cl.OneVsRest(classifier=cl.LogisticRegression(maxIter=3), labelCol="three"), "points"),
    ("DecisionTreeRegressor", lambda: rg.DecisionTreeRegressor(labelCol="y", varianceCol="var", **TREE), "points"),
    ("GBTRegressor", lambda: rg.GBTRegressor(labelCol="y", maxIter=2, **TREE), "points"),
    ("RandomForestRegressor", lambda: rg.RandomForestRegressor(labelCol="y", numTrees=2, leafCol="leaf", **TREE), "points"),
    ("LinearRegression", lambda: rg.LinearRegression(labelCol="y", elasticNetParam=0.5, regParam=0.1, weightCol="weight"), "points"),
    ("LinearRegressionHuber", lambda: rg.LinearRegression(labelCol="y", loss="huber", maxIter=5), "points"),
    ("GeneralizedLinearRegression", lambda: rg.GeneralizedLinearRegression(labelCol="y", family="gamma", link="log", linkPredictionCol="lp"), "points"),
    ("AFTSurvivalRegression", lambda: rg.AFTSurvivalRegression(quantileProbabilities=[0.3, 0.6], quantilesCol="q"), "survival"),
    ("IsotonicRegression", lambda: rg.IsotonicRegression(labelCol="y", featureIndex=1), "points"),
    ("FMRegressor", lambda: rg.FMRegressor(labelCol="y", factorSize=2, maxIter=3, seed=4), "points"),
    ("KMeans", lambda: cs.KMeans(k=3, seed=1, maxIter=3), "points"),
    ("BisectingKMeans", lambda: cs.BisectingKMeans(k=3, seed=1, maxIter=3), "points"),
    ("GaussianMixture", lambda: cs.GaussianMixture(k=2, seed=1, maxIter=3), "points"),
    ("LDA", lambda: cs.LDA(k=2, seed=1, maxIter=2), "points"),
    ("LDAEM", lambda: cs.LDA(k=2, seed=1, maxIter=2, optimizer="em"), "points"),
    ("PowerIterationClustering", lambda: cs.PowerIterationClustering(k=2, maxIter=3), None),
    ("ALS", lambda: recommendation().ALS(rank=2, maxIter=2, seed=1), "ratings"),
    ("FPGrowth", lambda: fpm().FPGrowth(minSupport=0.4, minConfidence=0.5), "baskets"),
    ("PrefixSpan", lambda: fpm().PrefixSpan(minSupport=0.4), None),
    ("BinaryClassificationEvaluator", lambda: ev.BinaryClassificationEvaluator(metricName="areaUnderPR"), None),
    ("ClusteringEvaluator", lambda: ev.ClusteringEvaluator(distanceMeasure="cosine"), None),
    ("MulticlassClassificationEvaluator", lambda: ev.MulticlassClassificationEvaluator(metricName="logLoss", eps=1e-10), None),
    ("MultilabelClassificationEvaluator", lambda: ev.MultilabelClassificationEvaluator(metricName="accuracy"), None),
    ("RankingEvaluator", lambda: ev.RankingEvaluator(k=3), None),
    ("RegressionEvaluator", lambda: ev.RegressionEvaluator(labelCol="y", throughOrigin=True), None),
    ("Pipeline", lambda: PIPELINE, "points"),
    ("CrossValidator", lambda: tn.CrossValidator(estimator=LR, estimatorParamMaps=GRID, evaluator=ev.BinaryClassificationEvaluator(), numFolds=2, seed=3, collectSubModels=True), "points"),
    ("TrainValidationSplit", lambda: tn.TrainValidationSplit(estimator=PIPELINE, estimatorParamMaps=tn.ParamGridBuilder().addGrid(PIPELINE.getStages()[2].regParam, [0.0, 0.1]).build(), evaluator=ev.RegressionEvaluator(metricName="mae"), trainRatio=0.6, seed=3), "points"),
]

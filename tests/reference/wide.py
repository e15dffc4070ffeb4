# Every stage that takes vectors, on 40 sparse vectors of 100,000 numbers: what it finds is real Spark's, or it is refused as there.
import numpy as np
from pyspark.ml import classification as cl, clustering as cs, evaluation as ev, feature as f, regression as rg, stat as st
from pyspark.ml.functions import array_to_vector, vector_to_array
from pyspark.ml.linalg import DenseMatrix, SparseMatrix, Vectors
from pyspark.sql import functions as F

WIDE, ROWS = 100_000, 40


def wide(i):
    """Two columns that tell the label, the last one, and twenty anywhere; counts."""
    values = {(i * 7919 + j * 104_729) % WIDE: float((i + j) % 4 + 1) for j in range(20)}
    values.update({i % 2: float(i % 5 + 1), 10 + i % 3: 2.0, WIDE - 1: float(i % 4)})
    places = sorted(values)
    return Vectors.sparse(WIDE, places, [values[place] for place in places])


rows = [(wide(i), float(i % 2), float(i % 3), i / 4 + i % 2, 1.0 + i % 3, float(i % 7 > 1), i * 2503 % WIDE) for i in range(ROWS)]
data = spark.createDataFrame(rows, ["features", "label", "three", "y", "weight", "censor", "place"]).coalesce(2).cache()
print(data.count(), "rows")


def told(value):
    """A few numbers of what may have a hundred thousand."""
    if isinstance(value, (DenseMatrix, SparseMatrix)):
        return [value.numRows, value.numCols, *told(value.toArray().ravel())[1:]]
    values = np.array(value.toArray() if hasattr(value, "toArray") else value, dtype=float).ravel()
    if len(values) < 10:
        return values.tolist()
    return [len(values), int((np.abs(values) > 1e-12).sum()), float(values.sum()), float((values * values).sum()), float((values * (np.arange(len(values)) % 7)).sum())]


def show(name, find):
    try:
        found = find()
    except Exception as error:
        assert len(str(error)) > 10, type(error)
        print(name, "refused")
        return
    print(name, *[number for value in found for number in (told(value) if not isinstance(value, (int, float, str)) else [value])])


def gives(stage, *members, name=None):
    """What a stage's new columns hold, after some members of its model."""

    def find():
        model = stage.fit(data) if hasattr(stage, "fit") else stage
        result = model.transform(data)
        cells = [cell for row in result.select(result.columns[len(data.columns):]).collect() for cell in row]
        return [getattr(model, member) for member in members] + cells

    show(name or type(stage).__name__, find)


IN = {"inputCol": "features", "outputCol": "out"}
SEEDED = {"maxIter": 2, "seed": 3}
weights = Vectors.sparse(WIDE, [0, 1, WIDE - 1], [2.0, -1.0, 0.5])

# Features
gives(f.StandardScaler(**IN), "std")
gives(f.StandardScaler(withMean=True, **IN), "mean")
gives(f.MinMaxScaler(**IN), "originalMax")
gives(f.MaxAbsScaler(**IN), "maxAbs")
gives(f.RobustScaler(**IN), "range")
gives(f.Normalizer(**IN))
gives(f.IDF(**IN), "idf", "docFreq", "numDocs")
gives(f.ElementwiseProduct(scalingVec=weights, **IN))
gives(f.DCT(**IN))
gives(f.PCA(k=2, **IN))
gives(f.PolynomialExpansion(**IN))
gives(f.Interaction(inputCols=["features", "three"], outputCol="out"))
gives(f.VectorSlicer(indices=[WIDE - 1, 0, 11], **IN))
gives(f.VectorSizeHint(inputCol="features", size=WIDE))
gives(f.VectorAssembler(inputCols=["features", "y", "features"], outputCol="out"))
gives(f.VectorIndexer(maxCategories=3, **IN), "numFeatures")
gives(f.VarianceThresholdSelector(varianceThreshold=0.3, outputCol="out"), "selectedFeatures")
gives(f.ChiSqSelector(numTopFeatures=3, outputCol="out"), "selectedFeatures")
for kind, label in (("continuous", "categorical"), ("continuous", "continuous"), ("categorical", "categorical")):
    selector = f.UnivariateFeatureSelector(outputCol="out", labelCol="y" if label == "continuous" else "label")
    gives(selector.setFeatureType(kind).setLabelType(label).setSelectionThreshold(2), "selectedFeatures")
gives(f.BucketedRandomProjectionLSH(bucketLength=2.0, seed=1, **IN))
gives(f.MinHashLSH(seed=1, **IN))
gives(f.OneHotEncoder(inputCols=["place"], outputCols=["out"]), "categorySizes")
gives(f.FeatureHasher(inputCols=["place", "y"], outputCol="out", numFeatures=WIDE, categoricalCols=["place"]))
gives(f.RFormula(formula="y ~ features + three"))

# Statistics
show("Summarizer", lambda: data.select(st.Summarizer.metrics("mean", "variance", "numNonZeros", "max").summary(F.col("features"))).first()[0])
show("Correlation", lambda: st.Correlation.corr(data, "features").first())
show("ChiSquareTest", lambda: st.ChiSquareTest.test(data, "features", "label").first())
show("vector_to_array", lambda: [data.select(array_to_vector(vector_to_array("features"))).first()[0]])

# Models. Factorization machines of so many features end in an error in Spark: a sparse vector whose indices don't rise.
gives(cl.LogisticRegression(maxIter=5), "coefficients")
gives(cl.LogisticRegression(maxIter=5, labelCol="three", regParam=0.1, elasticNetParam=0.5), "coefficientMatrix")
gives(cl.LinearSVC(maxIter=5, regParam=0.1), "coefficients")
gives(cl.NaiveBayes(), "theta")
gives(cl.NaiveBayes(modelType="complement"), "theta")
gives(cl.NaiveBayes(modelType="gaussian"), "sigma")
gives(cl.MultilayerPerceptronClassifier(layers=[WIDE, 2, 2], **SEEDED), "weights")
gives(cl.OneVsRest(classifier=cl.LogisticRegression(maxIter=3), labelCol="three"))
gives(cl.DecisionTreeClassifier(maxDepth=2), "numNodes", "featureImportances")
gives(cl.RandomForestClassifier(numTrees=2, maxDepth=2, seed=5), "featureImportances")
gives(cl.GBTClassifier(maxDepth=2, **SEEDED), "featureImportances")
gives(rg.LinearRegression(labelCol="y", maxIter=5, regParam=0.1), "coefficients")
gives(rg.LinearRegression(labelCol="y", solver="normal"))
gives(rg.GeneralizedLinearRegression(labelCol="y"))
gives(rg.AFTSurvivalRegression(labelCol="weight", maxIter=2), "coefficients")
gives(rg.IsotonicRegression(labelCol="y", featureIndex=WIDE - 1), "boundaries")
gives(rg.DecisionTreeRegressor(labelCol="y", maxDepth=2), "featureImportances")
gives(rg.RandomForestRegressor(labelCol="y", numTrees=2, maxDepth=2, seed=5), "featureImportances")
gives(rg.GBTRegressor(labelCol="y", maxDepth=2, **SEEDED), "featureImportances")
gives(cs.KMeans(k=3, **SEEDED))
gives(cs.BisectingKMeans(k=3, **SEEDED))
gives(cs.GaussianMixture(k=2, **SEEDED))
gives(cs.LDA(k=2, **SEEDED))
gives(cs.LDA(k=2, optimizer="em", **SEEDED), name="LDAEM")
clusters = cs.KMeans(k=2, seed=1).fit(data).transform(data)
show("ClusteringEvaluator", lambda: [ev.ClusteringEvaluator().evaluate(clusters), ev.ClusteringEvaluator(distanceMeasure="cosine").evaluate(clusters)])

"""The frames and cases of ml_features.py for the stages that need no fit, then for those that learn, then for RFormula and the rest."""

import math

NAN = float("nan")
INF = float("inf")


def sparse(size, indices, values):
    return {"size": size, "indices": indices, "values": values}


FRAMES = {
    "tokens": (
        "id int, words array<string>",
        [
            (0, ["a", "b", "c"]), (1, ["a", "b", "b", "c", "a"]), (2, []), (3, ["The", "quick", "é", "ZZ", "b", "the"]),
            (4, ["x"]), (5, ["I", "saw", "a", "x", "balloon", "b"]),
        ],
    ),
    "tokens_null": ("words array<string>", [(["a", None, "b"],), (["x"],)]),
    "text": (
        "s string",
        [("Hi I heard about Spark",), ("  two  spaces\tand tab ",), ("",), ("Logistic,regression,models are,NEAT",), ("ÉTÉ été",), ("a1b22c",)],
    ),
    "text_null": ("s string", [(None,), ("x y",)]),
    "hash": (
        "real double, b boolean, n int, s string",
        [(2.2, True, 1, "foo"), (3.3, False, 2, "bar"), (-4.0, False, 3, "baz"), (None, None, None, None), (0.0, True, 1, "foo")],
    ),
    "wide": (
        "v vector, label double, target double",
        [
            ([1.0, 0.0, 3.5, 2.0, -1.5], 0.0, 1.5), ([1.0, 1.0, 2.25, 0.0, 4.0], 1.0, 2.5), ([1.0, 0.0, -1.0, 1.0, 0.5], 0.0, 0.5),
            ([1.0, 2.0, 0.0, 2.0, 7.5], 2.0, 3.25), (sparse(5, [0, 2], [1.0, 6.0]), 1.0, 4.0), ([1.0, 1.0, 5.5, 0.0, -2.0], 1.0, -0.75),
            (sparse(5, [0, 1, 4], [1.0, 2.0, 9.0]), 2.0, 5.0), ([1.0, 0.0, 4.25, 1.0, 3.0], 0.0, 2.0), ([1.0, 2.0, 1.75, 0.0, 6.0], 2.0, 6.5),
        ],
    ),
    "wide_new": ("v vector", [([1.0, 3.0, 3.5, 2.0, -1.5],), (sparse(5, [1], [7.0]),), ([2.0, 0.0, 1.0, 1.0, 1.0],)]),
    "pair": ("a vector, b vector, x double, n int", [
        ([2.0, 3.0], [1.0, -1.0, 0.5], 2.0, 3), ([0.0, 4.0], [0.0, 0.0, 1.0], -1.0, 0), (sparse(2, [1], [5.0]), sparse(3, [], []), 0.0, 1),
    ]),
    "pair_null": ("a vector, x double", [(None, 2.0), ([1.0, 2.0], None)]),
    "sizes": ("v vector, id int", [([1.0, 2.0, 3.0], 0), ([1.0, 2.0], 1), (None, 2), (sparse(3, [0], [1.0]), 3)]),
    "thresholds": ("x double, y double, n int", [(0.1, 0.5, 1), (0.8, -0.5, 0), (NAN, 3.0, 2), (None, NAN, None), (0.5, 0.25, -1)]),
    "groups": (
        "c int, d int, e double, label double, y double",
        [
            (0, 3, 5.0, 0.0, 1.3), (1, 4, 5.0, 1.0, 2.5), (2, 3, 5.0, 0.0, 1.6), (0, 4, 6.0, 1.0, 1.8), (1, 3, 6.0, 0.0, 2.4),
            (2, 4, 6.0, 1.0, 3.2), (0, 3, 7.0, 0.0, -1.0), (None, 4, NAN, 1.0, 5.0), (1, None, 7.0, 1.0, 0.5),
        ],
    ),
    "groups_new": ("c int, d int, e double", [(0, 3, 5.0), (9, 4, 6.0), (None, 8, 7.0), (2, None, None)]),
    "groups_bad": ("c int, label double", [(0, 2.0), (1, 0.0)]),
}


def stateless(case):
    for params in (dict(), dict(threshold=0.5), dict(threshold=-0.6)):
        case("Binarizer", dict(inputCol="x", outputCol="o", **params), "", "thresholds")
        case("Binarizer", dict(inputCol="b", outputCol="o", **params), "", "pair")
    case("Binarizer", dict(inputCols=["x", "y"], outputCols=["o", "p"], threshold=0.3), "", "thresholds")
    case("Binarizer", dict(inputCols=["x", "y"], outputCols=["o", "p"], thresholds=[0.3, -1.0]), "", "thresholds")
    case("Binarizer", dict(inputCols=["x", "y"], outputCols=["o", "p"], thresholds=[0.3]), "", "thresholds")
    case("Binarizer", dict(inputCols=["x", "y"], outputCols=["o"]), "", "thresholds")
    case("Binarizer", dict(inputCol="x", outputCol="y"), "", "thresholds")
    case("Binarizer", dict(inputCol="s", outputCol="o"), "", "text")
    for p in (1.0, 2.0, 3.5, INF):
        case("Normalizer", dict(inputCol="b", outputCol="o", p=p), "", "pair")
    case("Normalizer", dict(inputCol="x", outputCol="o"), "", "pair")
    case("Normalizer", dict(inputCol="a", outputCol="b"), "", "pair")
    case("Normalizer", dict(inputCol="f", outputCol="o"), "", "pair", prepare=[("VectorAssembler", dict(inputCols=["x", "n"], outputCol="f"))])
    case("ElementwiseProduct", dict(inputCol="b", outputCol="o", scalingVec=[2.0, 0.0, -1.5]), "", "pair")
    case("ElementwiseProduct", dict(inputCol="b", outputCol="o", scalingVec=[2.0, 0.0]), "", "pair")
    for degree in (1, 2, 3):
        case("PolynomialExpansion", dict(inputCol="b", outputCol="o", degree=degree), "", "pair")
    case("PolynomialExpansion", dict(inputCol="a", outputCol="o", degree=4), "", "pair")
    for inverse in (False, True):
        case("DCT", dict(inputCol="v", outputCol="o", inverse=inverse), "", "wide")
        case("DCT", dict(inputCol="a", outputCol="o", inverse=inverse), "", "pair")
    for n in (1, 2, 3):
        case("NGram", dict(inputCol="words", outputCol="o", n=n), "", "tokens")
    case("NGram", dict(inputCol="words", outputCol="o"), "", "tokens_null")
    case("NGram", dict(inputCol="s", outputCol="o"), "", "text")
    case("Tokenizer", dict(inputCol="s", outputCol="o"), "", "text")
    case("Tokenizer", dict(inputCol="words", outputCol="o"), "", "tokens")
    case("RegexTokenizer", dict(inputCol="s", outputCol="o"), "", "text")
    case("RegexTokenizer", dict(inputCol="s", outputCol="o", pattern="\\W", toLowercase=False), "", "text")
    case("RegexTokenizer", dict(inputCol="s", outputCol="o", pattern="\\w+", gaps=False, minTokenLength=3), "", "text")
    case("RegexTokenizer", dict(inputCol="s", outputCol="o", pattern=",", minTokenLength=0), "", "text")
    case("RegexTokenizer", dict(inputCol="s", outputCol="o", pattern="[a-z]", minTokenLength=0), "", "text")
    case("StopWordsRemover", dict(inputCol="words", outputCol="o"), "", "tokens")
    case("StopWordsRemover", dict(inputCol="words", outputCol="o", caseSensitive=True), "", "tokens")
    case("StopWordsRemover", dict(inputCol="words", outputCol="o", stopWords=["B", "é"]), "", "tokens")
    case("StopWordsRemover", dict(inputCols=["words"], outputCols=["o"], stopWords=["b"], caseSensitive=True), "", "tokens_null")
    case("StopWordsRemover", dict(inputCol="s", outputCol="o"), "", "text")
    for binary in (False, True):
        case("HashingTF", dict(inputCol="words", outputCol="o", numFeatures=10, binary=binary), "", "tokens")
    case("HashingTF", dict(inputCol="words", outputCol="o"), "", "tokens")
    case("HashingTF", dict(inputCol="s", outputCol="o"), "", "text")
    case("FeatureHasher", dict(inputCols=["real", "b", "n", "s"], outputCol="o"), "", "hash")
    case("FeatureHasher", dict(inputCols=["real", "b", "n", "s"], outputCol="o", categoricalCols=["real", "n"], numFeatures=16), "", "hash")
    case("FeatureHasher", dict(inputCols=["words"], outputCol="o"), "", "tokens")
    case("FeatureHasher", dict(inputCols=["s"], outputCol="b"), "", "hash")
    assembled = [
        ("VectorAssembler", dict(inputCols=["x", "n"], outputCol="f")), ("VectorAssembler", dict(inputCols=["n", "x", "n"], outputCol="g")),
    ]
    case("Interaction", dict(inputCols=["f", "g"], outputCol="o"), "", "pair", prepare=assembled)
    case("Interaction", dict(inputCols=["x", "g", "n"], outputCol="o"), "", "pair", prepare=assembled)
    indexed = [
        ("StringIndexer", dict(inputCols=["word", "size"], outputCols=["i", "j"])),
        ("VectorAssembler", dict(inputCols=["n", "x", "j"], outputCol="f")),
    ]
    case("Interaction", dict(inputCols=["i", "f", "n"], outputCol="o"), "", "words", prepare=indexed)
    case("Interaction", dict(inputCols=["a", "x"], outputCol="o"), "", "pair")
    case("Interaction", dict(inputCols=["x", "x"], outputCol="o"), "", "pair")
    case("VectorSlicer", dict(inputCol="v", outputCol="o", indices=[4, 0, 2]), "", "wide")
    case("VectorSlicer", dict(inputCol="f", outputCol="o", names=["n", "j"]), "", "words", prepare=indexed)
    case("VectorSlicer", dict(inputCol="f", outputCol="o", names=["n"], indices=[2]), "", "words", prepare=indexed)
    case("VectorSlicer", dict(inputCol="f", outputCol="o", names=["n"], indices=[0]), "", "words", prepare=indexed)
    case("VectorSlicer", dict(inputCol="v", outputCol="o"), "", "wide")
    case("VectorSlicer", dict(inputCol="x", outputCol="o", indices=[0]), "", "pair")
    for invalid in ("error", "skip", "optimistic"):
        case("VectorSizeHint", dict(inputCol="v", size=3, handleInvalid=invalid), "", "sizes")
    case("VectorSizeHint", dict(inputCol="a", size=2), "", "pair")
    case("VectorSizeHint", dict(inputCol="f", size=2), "", "words", prepare=indexed)
    case("VectorSizeHint", dict(inputCol="x", size=2), "", "pair")
    case("SQLTransformer", dict(statement="SELECT *, (x + y) AS z, n * 2 AS m FROM __THIS__ WHERE n > -1"), "", "thresholds")
    case("SQLTransformer", dict(statement="SELECT size, SUM(n) AS total FROM __THIS__ GROUP BY size ORDER BY size"), "", "words")


def learned(case):
    case("MaxAbsScaler", dict(inputCol="v", outputCol="o"), "wide", "wide", ["maxAbs"])
    case("MaxAbsScaler", dict(inputCol="w", outputCol="o"), "vectors", "vectors", ["maxAbs"])
    case("MaxAbsScaler", dict(inputCol="x", outputCol="o"), "pair", "pair")
    for center in (False, True):
        for scale in (False, True):
            params = dict(inputCol="v", outputCol="o", withCentering=center, withScaling=scale)
            case("RobustScaler", params, "wide", "wide", ["median", "range"])
    case("RobustScaler", dict(inputCol="v", outputCol="o", lower=0.1, upper=0.8, relativeError=0.2), "wide", "wide", ["median", "range"])
    case("RobustScaler", dict(inputCol="v", outputCol="o", lower=0.8, upper=0.1), "wide", "wide")
    for docs in (0, 4):
        case("IDF", dict(inputCol="v", outputCol="o", minDocFreq=docs), "wide", "wide", ["idf", "docFreq", "numDocs"])
    hashed = [("HashingTF", dict(inputCol="words", outputCol="tf", numFeatures=12))]
    case("IDF", dict(inputCol="tf", outputCol="o"), "tokens", "tokens", ["idf", "docFreq", "numDocs"], prepare=hashed)
    # Which of equally frequent words comes first depends on the order in which Spark's tasks end: these settings leave no doubt.
    for params in (dict(minDF=2.0), dict(minDF=0.5), dict(minTF=2.0), dict(minTF=0.3)):
        case("CountVectorizer", dict(inputCol="words", outputCol="o", **params), "tokens", "tokens")
    case("CountVectorizer", dict(inputCol="words", outputCol="o", vocabSize=3), "tokens", "tokens", ["vocabulary"])
    case("CountVectorizer", dict(inputCol="words", outputCol="o", minDF=50.0), "tokens", "tokens")
    case("CountVectorizer", dict(inputCol="words", outputCol="o", minDF=5.0, maxDF=3.0), "tokens", "tokens")
    case("CountVectorizer", dict(inputCol="s", outputCol="o"), "text", "text")
    for buckets in (2, 3, 5):
        case("QuantileDiscretizer", dict(inputCol="x", outputCol="o", numBuckets=buckets), "words", "words")
    case("QuantileDiscretizer", dict(inputCols=["x", "n"], outputCols=["o", "p"], numBuckets=3), "words", "words")
    case("QuantileDiscretizer", dict(inputCols=["x", "n"], outputCols=["o", "p"], numBucketsArray=[2, 4], relativeError=0.1), "words", "words")
    for invalid in ("error", "skip", "keep"):
        case("QuantileDiscretizer", dict(inputCol="x", outputCol="o", handleInvalid=invalid), "words", "words_new")
    case("QuantileDiscretizer", dict(inputCol="word", outputCol="o"), "words", "words")
    for k in (1, 3, 5):
        case("PCA", dict(inputCol="v", outputCol="o", k=k), "wide", "wide", ["pc", "explainedVariance"])
    case("PCA", dict(inputCol="v", outputCol="o", k=2), "vectors", "vectors", ["pc", "explainedVariance"])
    case("PCA", dict(inputCol="v", outputCol="o", k=9), "wide", "wide")
    case("PCA", dict(inputCol="v", outputCol="o", k=2), "wide", "vectors")
    for most in (2, 3, 20):
        for invalid in ("error", "keep", "skip"):
            params = dict(inputCol="v", outputCol="o", maxCategories=most, handleInvalid=invalid)
            case("VectorIndexer", params, "wide", "wide_new" if most == 3 else "wide", ["numFeatures"])
    case("VectorIndexer", dict(inputCol="f", outputCol="o"), "words", "words", ["numFeatures"], prepare=[("VectorAssembler", dict(inputCols=["n", "x"], outputCol="f"))])
    for threshold in (0.0, 1.0, 100.0):
        case("VarianceThresholdSelector", dict(featuresCol="v", outputCol="o", varianceThreshold=threshold), "wide", "wide", ["selectedFeatures"])
    for mode, values in (("numTopFeatures", [1, 2]), ("percentile", [0.5]), ("fpr", [0.3]), ("fdr", [0.6]), ("fwe", [0.9])):
        for value in values:
            case("ChiSqSelector", dict(featuresCol="v", outputCol="o", selectorType=mode, **{mode: value}), "wide", "wide", ["selectedFeatures"])
    case("ChiSqSelector", dict(featuresCol="f", outputCol="o", labelCol="i", numTopFeatures=1), "words", "words", ["selectedFeatures"],
         prepare=[("StringIndexer", dict(inputCols=["word", "size"], outputCols=["i", "j"])), ("VectorAssembler", dict(inputCols=["n", "x", "j"], outputCol="f"))])
    case("TargetEncoder", dict(inputCols=["c", "d"], outputCols=["o", "p"], labelCol="label"), "groups", "groups")
    case("TargetEncoder", dict(inputCols=["c", "d"], outputCols=["o", "p"], labelCol="label", smoothing=2.0), "groups", "groups")
    case("TargetEncoder", dict(inputCols=["c", "d", "e"], outputCols=["o", "p", "q"], labelCol="y", targetType="continuous", smoothing=1.5), "groups", "groups")
    for invalid in ("error", "keep"):
        case("TargetEncoder", dict(inputCols=["c", "d"], outputCols=["o", "p"], labelCol="label", handleInvalid=invalid), "groups", "groups_new")
    case("TargetEncoder", dict(inputCol="c", outputCol="o", labelCol="label"), "groups", "groups")
    case("TargetEncoder", dict(inputCol="c", outputCol="o", labelCol="label"), "groups_bad", "groups_bad")
    case("TargetEncoder", dict(inputCol="x", outputCol="o", labelCol="n"), "words", "words")
    for features, labels, target in (("continuous", "categorical", "label"), ("categorical", "categorical", "label"), ("continuous", "continuous", "target")):
        for mode, value in (("numTopFeatures", 2), ("percentile", 0.5), ("fpr", 0.3), ("fdr", 0.6), ("fwe", 0.9)):
            params = dict(featuresCol="v", outputCol="o", labelCol=target, selectionMode=mode)
            after = dict(featureType=features, labelType=labels, selectionThreshold=value)
            case("UnivariateFeatureSelector", params, "wide", "wide", ["selectedFeatures"], later=after)
    case("UnivariateFeatureSelector", dict(featuresCol="v", outputCol="o"), "wide", "wide", later=dict(featureType="categorical", labelType="continuous"))


def composed(case):
    case("CountVectorizer", dict(inputCol="words", outputCol="o", minDF=2.0, binary=True), "tokens", "tokens")
    for most in (3.0, 0.5):
        case("CountVectorizer", dict(inputCol="words", outputCol="o", minDF=3.0, maxDF=most), "tokens", "tokens", ["vocabulary"])
    formulas = (
        "x ~ word + n", "x ~ .", "x ~ . - id", "x ~ word:n + size", "x ~ word*size - 1", "word ~ x + n", "x ~ (n + size)^2", "x ~ n - 1",
        "~ n + x", "x ~ size - 1", "x ~ word:size", "id ~ n + x + n", "x ~ n:x + n:id", "x ~ word:size - 1", "x ~ 1 + n", "x ~ (word + n) * size - n:size",
    )
    for formula in formulas:
        case("RFormula", dict(formula=formula), "words", "words")
    case("RFormula", dict(formula="x ~ f + n"), "words", "words", prepare=[("VectorAssembler", dict(inputCols=["n", "x"], outputCol="f"))])
    case("RFormula", dict(formula="n ~ x", forceIndexLabel=True, labelCol="y", featuresCol="f"), "words", "words")
    for order in ("frequencyAsc", "alphabetDesc", "alphabetAsc"):
        case("RFormula", dict(formula="x ~ word", stringIndexerOrderType=order), "words", "words")
    for invalid in ("error", "skip", "keep"):
        case("RFormula", dict(formula="id ~ word + x", handleInvalid=invalid), "words", "words_new")
    case("RFormula", dict(formula="x ~ nothing"), "words", "words")
    case("RFormula", dict(formula="x ~~ n"), "words", "words")
    for tables in (1, 3):
        case("MinHashLSH", dict(inputCol="b", outputCol="o", numHashTables=tables, seed=12345), "hashed", "hashed")
        case("BucketedRandomProjectionLSH", dict(inputCol="b", outputCol="o", numHashTables=tables, seed=12345, bucketLength=2.0), "hashed", "hashed")
    case("MinHashLSH", dict(inputCol="b", outputCol="o", seed=1), "pair", "pair")
    for params in (dict(minCount=1), dict(minCount=2), dict(minCount=1, windowSize=2, maxIter=3, stepSize=0.1)):
        case("Word2Vec", dict(inputCol="words", outputCol="o", vectorSize=3, seed=42, **params), "tokens", "tokens")
    case("Word2Vec", dict(inputCol="words", outputCol="o", minCount=50), "tokens", "tokens")


FRAMES["hashed"] = (
    "id int, b vector",
    [
        (0, sparse(6, [0, 1, 2], [1.0, 1.0, 1.0])), (1, sparse(6, [2, 3, 4], [1.0, 2.0, 1.0])), (2, sparse(6, [0, 2, 4], [1.0, 1.0, -1.0])),
        (3, [1.0, -1.0, 0.0, 2.5, 0.0, 3.0]), (4, [0.0, 0.0, 0.0, 0.0, 7.0, 1.0]),
    ],
)

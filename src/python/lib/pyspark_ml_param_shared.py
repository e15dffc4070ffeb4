"""Classes that each bring one param, for stages of cells: `HasInputCol` brings `inputCol` and `getInputCol()`."""

import _pyspark_ml
from pyspark.ml.param import Param, Params, TypeConverters

_NONE = object()
_OUTPUT = object()
_SEED = object()


def _mixin(name, convert, doc, default=_NONE):
    def __init__(self):
        super(mixin, self).__init__()
        if default is not _NONE:
            self._setDefault(**{name: self.uid + "__output" if default is _OUTPUT else hash(type(self).__name__) if default is _SEED else default})

    def get(self):
        return self.getOrDefault(getattr(self, name))

    own = name[0].upper() + name[1:]
    get.__name__ = "get" + own
    get.__doc__ = f"The value of {name}, or its default."
    param = Param(Params._dummy(), name, doc, typeConverter=getattr(TypeConverters, "to" + convert))
    members = {"__init__": __init__, get.__name__: get, name: param, "__module__": __name__, "__doc__": f"Brings the param {name}: {doc}"}
    mixin = type("Has" + own, (Params,), members)
    return mixin


HasMaxIter = _mixin("maxIter", "Int", "max number of iterations (>= 0).")
HasRegParam = _mixin("regParam", "Float", "regularization parameter (>= 0).")
HasFeaturesCol = _mixin("featuresCol", "String", "features column name.", "features")
HasLabelCol = _mixin("labelCol", "String", "label column name.", "label")
HasPredictionCol = _mixin("predictionCol", "String", "prediction column name.", "prediction")
HasProbabilityCol = _mixin("probabilityCol", "String", "Column name for predicted class conditional probabilities. Note: Not all models output well-calibrated probability estimates! These probabilities should be treated as confidences, not precise probabilities.", "probability")  # fmt: skip
HasRawPredictionCol = _mixin("rawPredictionCol", "String", "raw prediction (a.k.a. confidence) column name.", "rawPrediction")
HasInputCol = _mixin("inputCol", "String", "input column name.")
HasInputCols = _mixin("inputCols", "ListString", "input column names.")
HasOutputCol = _mixin("outputCol", "String", "output column name.", _OUTPUT)
HasOutputCols = _mixin("outputCols", "ListString", "output column names.")
HasNumFeatures = _mixin("numFeatures", "Int", "Number of features. Should be greater than 0.", 262144)
HasCheckpointInterval = _mixin("checkpointInterval", "Int", "set checkpoint interval (>= 1) or disable checkpoint (-1). E.g. 10 means that the cache will get checkpointed every 10 iterations. Note: this setting will be ignored if the checkpoint directory is not set in the SparkContext.")  # fmt: skip
HasSeed = _mixin("seed", "Int", "random seed.", _SEED)
HasTol = _mixin("tol", "Float", "the convergence tolerance for iterative algorithms (>= 0).")
HasRelativeError = _mixin("relativeError", "Float", "the relative target precision for the approximate quantile algorithm. Must be in the range [0, 1]", 0.001)  # fmt: skip
HasStepSize = _mixin("stepSize", "Float", "Step size to be used for each iteration of optimization (>= 0).")
HasHandleInvalid = _mixin("handleInvalid", "String", "how to handle invalid entries. Options are skip (which will filter out rows with bad values), or error (which will throw an error). More options may be added later.")  # fmt: skip
HasElasticNetParam = _mixin("elasticNetParam", "Float", "the ElasticNet mixing parameter, in range [0, 1]. For alpha = 0, the penalty is an L2 penalty. For alpha = 1, it is an L1 penalty.", 0.0)  # fmt: skip
HasFitIntercept = _mixin("fitIntercept", "Boolean", "whether to fit an intercept term.", True)
HasStandardization = _mixin("standardization", "Boolean", "whether to standardize the training features before fitting the model.", True)
HasThresholds = _mixin("thresholds", "ListFloat", "Thresholds in multi-class classification to adjust the probability of predicting each class. Array must have length equal to the number of classes, with values > 0, excepting that at most one value may be 0. The class with largest value p/t is predicted, where p is the original probability of that class and t is the class's threshold.")  # fmt: skip
HasThreshold = _mixin("threshold", "Float", "threshold in binary classification prediction, in range [0, 1]", 0.5)
HasWeightCol = _mixin("weightCol", "String", "weight column name. If this is not set or empty, we treat all instance weights as 1.0.")
HasSolver = _mixin("solver", "String", "the solver algorithm for optimization. If this is not set or empty, default value is 'auto'.", "auto")  # fmt: skip
HasVarianceCol = _mixin("varianceCol", "String", "column name for the biased sample variance of prediction.")
HasAggregationDepth = _mixin("aggregationDepth", "Int", "suggested depth for treeAggregate (>= 2).", 2)
HasParallelism = _mixin("parallelism", "Int", "the number of threads to use when running parallel algorithms (>= 1).", 1)
HasCollectSubModels = _mixin("collectSubModels", "Boolean", "Param for whether to collect a list of sub-models trained during tuning. If set to false, then only the single best sub-model will be available after fitting. If set to true, then all sub-models will be available. Warning: For large models, collecting all sub-models can cause OOMs on the Spark driver.", False)  # fmt: skip
HasLoss = _mixin("loss", "String", "the loss function to be optimized.")
HasDistanceMeasure = _mixin("distanceMeasure", "String", "the distance measure. Supported options: 'euclidean' and 'cosine'.", "euclidean")
HasValidationIndicatorCol = _mixin("validationIndicatorCol", "String", "name of the column that indicates whether each row is for training or for validation. False indicates training; true indicates validation.")  # fmt: skip
HasBlockSize = _mixin("blockSize", "Int", "block size for stacking input data in matrices. Data is stacked within partitions. If block size is more than remaining data in a partition then it is adjusted to the size of this data.")  # fmt: skip
HasMaxBlockSizeInMB = _mixin("maxBlockSizeInMB", "Float", "maximum memory in MB for stacking input data into blocks. Data is stacked within partitions. If more than remaining data size in a partition then it is adjusted to the data size. Default 0.0 represents choosing optimal value, depends on specific algorithm. Must be >= 0.", 0.0)  # fmt: skip
HasIntermediateStorageLevel = _mixin("intermediateStorageLevel", "String", "StorageLevel for intermediate datasets. Cannot be 'NONE'.", "MEMORY_AND_DISK")  # fmt: skip
HasNumTrainWorkers = _mixin("numTrainWorkers", "Int", "number of training workers", 1)
HasBatchSize = _mixin("batchSize", "Int", "number of training batch size")
HasLearningRate = _mixin("learningRate", "Float", "learning rate for training")
HasMomentum = _mixin("momentum", "Float", "momentum for training optimizer")
HasFeatureSizes = _mixin("featureSizes", "ListInt", "input feature size list for input columns of vector assembler")

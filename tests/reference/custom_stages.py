# Stages written in a notebook's cells: transformers, an estimator with its model, an evaluator; in pipelines, tuning, and saved.
import json
import math
import re
import tempfile

from pyspark import keyword_only
from pyspark.ml import Estimator, Model, Pipeline, PipelineModel, Transformer, UnaryTransformer
from pyspark.ml.classification import ClassificationModel, Classifier, LogisticRegression, OneVsRest, OneVsRestModel
from pyspark.ml.evaluation import BinaryClassificationEvaluator, Evaluator, MulticlassClassificationEvaluator
from pyspark.ml.feature import StandardScaler, VectorAssembler
from pyspark.ml.linalg import Vectors, VectorUDT
from pyspark.ml.param import Param, Params, TypeConverters
from pyspark.ml.param.shared import HasInputCol, HasInputCols, HasLabelCol, HasOutputCol, HasPredictionCol, HasSeed, HasThreshold, HasWeightCol
from pyspark.ml.regression import LinearRegression
from pyspark.ml.tuning import CrossValidator, CrossValidatorModel, ParamGridBuilder, TrainValidationSplit
from pyspark.ml.util import DefaultParamsReadable, DefaultParamsWritable, Identifiable, MLReadable, MLWritable
from pyspark.sql import DataFrame
from pyspark.sql import functions as F
from pyspark.sql.types import DoubleType, StringType


def line(text):
    """Without the digits of uids."""
    return re.sub(r"_[0-9a-f]{12}", "_UID", str(text))


def told(action):
    try:
        print(action())
    except Exception as error:
        condition = getattr(error, "getCondition", lambda: None)()
        print(type(error).__name__, condition or line(error).split("\n")[0])


rows = [(float(i % 7), float((i * i) % 11) + (40.0 if i % 19 == 0 else 0.0), "abc"[i % 3], float((i % 7) * 2 + (i * i) % 11 > 12)) for i in range(60)]
df = spark.createDataFrame(rows, ["x", "y", "word", "label"]).coalesce(1)


class ColumnDropper(Transformer, HasInputCols, DefaultParamsReadable, DefaultParamsWritable):
    """Leaves columns out."""

    @keyword_only
    def __init__(self, inputCols=None):
        super().__init__()
        self._setDefault(inputCols=[])
        self.setParams(**self._input_kwargs)

    @keyword_only
    def setParams(self, inputCols=None):
        return self._set(**self._input_kwargs)

    def _transform(self, dataset):
        return dataset.drop(*self.getInputCols())


class LogTransformer(UnaryTransformer, DefaultParamsReadable, DefaultParamsWritable):
    base = Param(Params._dummy(), "base", "the logarithm's base", typeConverter=TypeConverters.toFloat)

    def __init__(self, inputCol=None, outputCol=None, base=2):
        super().__init__()
        self._setDefault(base=math.e)
        self._set(inputCol=inputCol, outputCol=outputCol, base=base)

    def createTransformFunc(self):
        base = self.getOrDefault(self.base)
        return lambda value: math.log(value + 1.0) / math.log(base)

    def outputDataType(self):
        return DoubleType()

    def validateInputType(self, inputType):
        if inputType != DoubleType():
            raise TypeError(f"expected a double, got {inputType}")


class _ClipParams(HasInputCol, HasOutputCol):
    factor = Param(Params._dummy(), "factor", "how many ranges between quartiles are kept", typeConverter=TypeConverters.toFloat)

    def __init__(self, *args):
        super().__init__(*args)
        self._setDefault(factor=1.5)

    def getFactor(self):
        return self.getOrDefault(self.factor)


class OutlierClipper(Estimator, _ClipParams, DefaultParamsReadable, DefaultParamsWritable):
    @keyword_only
    def __init__(self, *, inputCol=None, outputCol=None, factor=1.5):
        super().__init__()
        self._set(**self._input_kwargs)

    def setFactor(self, value):
        return self._set(factor=value)

    def _fit(self, dataset):
        low, high = dataset.approxQuantile(self.getInputCol(), [0.25, 0.75], 0.0)
        spread = self.getFactor() * (high - low)
        return self._copyValues(OutlierClipperModel(low - spread, high + spread))


class OutlierClipperModel(Model, _ClipParams, DefaultParamsReadable, DefaultParamsWritable):
    lower = Param(Params._dummy(), "lower", "the least value", TypeConverters.toFloat)
    upper = Param(Params._dummy(), "upper", "the greatest value", TypeConverters.toFloat)

    def __init__(self, lower=None, upper=None):
        super().__init__()
        if lower is not None:
            self._set(lower=lower, upper=upper)

    def _transform(self, dataset):
        column = F.col(self.getInputCol())
        low, high = self.getOrDefault("lower"), self.getOrDefault("upper")
        return dataset.withColumn(self.getOutputCol(), F.when(column < low, low).when(column > high, high).otherwise(column))


class MeanAbsoluteError(Evaluator, HasLabelCol, HasPredictionCol, DefaultParamsReadable, DefaultParamsWritable):
    def __init__(self, labelCol="label", predictionCol="prediction"):
        super().__init__()
        self._set(labelCol=labelCol, predictionCol=predictionCol)

    def _evaluate(self, dataset):
        difference = F.abs(F.col(self.getLabelCol()) - F.col(self.getPredictionCol()))
        return dataset.select(F.mean(difference)).first()[0]

    def isLargerBetter(self):
        return False


# Params
dropper = ColumnDropper(inputCols=["word"])
print(line(dropper), type(dropper).__name__, dropper.uid.startswith("ColumnDropper_"), len(dropper.uid))
print([param.name for param in dropper.params], line(dropper.params))
print(dropper.transform(df).columns)
print(dropper.explainParams())
print(line(dropper.extractParamMap()))
print(dropper.hasParam("inputCols"), dropper.hasParam("k"), dropper.isSet("inputCols"), dropper.isDefined(dropper.inputCols), dropper.hasDefault("inputCols"))
copied = dropper.copy({dropper.inputCols: ["x", "y"]})
print(copied.uid == dropper.uid, copied.getInputCols(), dropper.getInputCols(), copied.transform(df).columns)
print(dropper.transform(df, {dropper.inputCols: ["label"]}).columns)
logarithm = LogTransformer("y", "log_y")
print(logarithm.getOrDefault(logarithm.base), logarithm.getOrDefault("base"), logarithm.explainParam("base"))
logarithm.set(logarithm.base, 10)
print(logarithm.getOrDefault("base"), [round(row[0], 6) for row in logarithm.transform(df).select("log_y").head(4)])
logarithm.clear(logarithm.base)
print(logarithm.isSet("base"), round(logarithm.getOrDefault("base"), 6), logarithm.transform(df).schema["log_y"])
told(lambda: LogTransformer("word", "out").transform(df))
told(lambda: LogTransformer("x", "y").transform(df))
print(line(LogTransformer("x").getOutputCol()))
told(lambda: ColumnDropper(["word"]))
told(lambda: ColumnDropper(inputCols="word"))
told(lambda: ColumnDropper(inputCols=[1]))
told(lambda: LogTransformer("x", "z", base="two"))
told(lambda: OutlierClipper(inputCol=3))
told(lambda: OutlierClipper(k=3))
told(lambda: ColumnDropper().getParam("k"))
told(lambda: line(ColumnDropper().getOrDefault(logarithm.base)))
told(lambda: ColumnDropper().getOrDefault(3))
told(lambda: OutlierClipper().getInputCol())
told(lambda: line(logarithm.set(dropper.inputCols, ["a"])))
told(lambda: logarithm._set(nothing=1))
told(lambda: dropper.transform(df, 3))
told(lambda: OutlierClipper().fit(df, 3))
told(lambda: OutlierClipper().copy(3))
told(lambda: OutlierClipper().copy({"a": 3}))
told(lambda: Param("parent", "name", "doc"))
told(lambda: Transformer())
told(lambda: Estimator())
told(lambda: Evaluator())
told(lambda: Model())
told(lambda: UnaryTransformer())


class Unfinished(Transformer, HasSeed, HasThreshold, HasWeightCol):
    pass


told(lambda: Unfinished())
seeded = type("Seeded", (HasSeed, HasThreshold, HasWeightCol), {})()
print([param.name for param in seeded.params], seeded.getThreshold(), type(seeded.getSeed()), seeded.isDefined("weightCol"))

# Type converters
for convert, values in [
    (TypeConverters.toInt, [1, 2.0, 2.5, "3", True, None]),
    (TypeConverters.toFloat, [1, 2.5, "3", True]),
    (TypeConverters.toString, ["a", 1]),
    (TypeConverters.toBoolean, [True, 1, "true"]),
    (TypeConverters.toList, [[1], (1, 2), range(2), 3]),
    (TypeConverters.toListInt, [[1, 2.0], (1, 2), [1.5], 4]),
    (TypeConverters.toListFloat, [[1, 2.5], range(3), ["a"], "abc"]),
    (TypeConverters.toListString, [["a"], ("b", "c"), [1], "abc"]),
    (TypeConverters.toListListFloat, [[[1, 2], [3.5]], [1]]),
    (TypeConverters.toVector, [[1, 2], (3.0,), "abc"]),
    (TypeConverters.identity, [None, {"a": 1}]),
]:
    for value in values:
        told(lambda: repr(convert(value)))

# What is what
lr = LogisticRegression(maxIter=5)
print(isinstance(lr, Estimator), isinstance(lr, Params), isinstance(lr, Transformer), isinstance(lr, Model), isinstance(lr, Identifiable))
print(isinstance(dropper, Transformer), isinstance(dropper, Estimator), isinstance(OutlierClipper(), Estimator), isinstance(MeanAbsoluteError(), Evaluator))
print(isinstance(BinaryClassificationEvaluator(), Evaluator), isinstance(VectorAssembler(), Transformer), isinstance(VectorAssembler(), Model), isinstance(Pipeline(), Estimator))
print(issubclass(LogisticRegression, Estimator), issubclass(OutlierClipperModel, Model), issubclass(PipelineModel, Model), issubclass(StandardScaler, Transformer))

# An estimator and its model
clipper = OutlierClipper(inputCol="y", outputCol="clipped")
model = clipper.fit(df)
print(type(model).__name__, model.getOrDefault("lower"), model.getOrDefault("upper"), model.getInputCol(), model.getOutputCol())
print(model.transform(df).select(F.max("y"), F.max("clipped"), F.min("clipped")).first())
models = clipper.fit(df, [{clipper.factor: 0.0}, {clipper.factor: 1.0}, {}])
print([(one.getOrDefault("lower"), one.getOrDefault("upper"), one.getFactor()) for one in models])
print([(index, one.getFactor()) for index, one in clipper.fitMultiple(df, [{clipper.factor: 2.0}, {clipper.factor: 3}])])
print(clipper.fit(df, {clipper.factor: 0.5}).getFactor(), clipper.getFactor())

# In a pipeline
assembler = VectorAssembler(inputCols=["x", "log_y"], outputCol="features")
pipeline = Pipeline(stages=[clipper, LogTransformer("clipped", "log_y"), assembler, dropper, LogisticRegression(maxIter=8, regParam=0.01)])
fitted = pipeline.fit(df)
print([type(stage).__name__ for stage in fitted.stages], [type(stage).__name__ for stage in pipeline.getStages()])
print(pipeline.getStages()[0] is clipper, fitted.stages[3] is dropper, fitted.stages[0] is clipper)
print(fitted.transform(df).columns, fitted.transform(df).groupBy("prediction").count().orderBy("prediction").collect())
print([round(float(value), 5) for value in fitted.stages[-1].coefficients])
other = pipeline.fit(df, {clipper.factor: 0.0, dropper.inputCols: ["word", "y"]})
print(other.stages[0].getOrDefault("upper"), other.transform(df).columns)
print([line(stage) for stage in pipeline.copy({clipper.factor: 9.0}).getStages()], clipper.getFactor())
told(lambda: Pipeline(stages=[dropper, MeanAbsoluteError()]).fit(df))
by_hand = PipelineModel(stages=[model, dropper])
print(by_hand.transform(df).columns)


class Failing(Transformer):
    def _transform(self, dataset):
        raise ValueError("nothing can be done")


told(lambda: Pipeline(stages=[Failing()]).fit(df).transform(df))

# In tuning
data = VectorAssembler(inputCols=["x"], outputCol="features").transform(df.withColumnRenamed("label", "class").withColumn("label", F.col("y")))
regression = LinearRegression(maxIter=5)
grid = ParamGridBuilder().addGrid(regression.regParam, [0.0, 5.0, 50.0]).build()
error = MeanAbsoluteError()
print(round(error.evaluate(regression.fit(data).transform(data)), 6), error.isLargerBetter())
print(round(error.evaluate(regression.fit(data).transform(data), {error.labelCol: "x"}), 6))
cv = CrossValidator(estimator=regression, estimatorParamMaps=grid, evaluator=error, numFolds=3, seed=7, parallelism=2)
cv_model = cv.fit(data)
print([round(float(metric), 6) for metric in cv_model.avgMetrics], [round(float(metric), 6) for metric in cv_model.stdMetrics])
print(cv_model.getEvaluator() is error, cv_model.bestModel.getRegParam(), cv.getEvaluator() is error)
clip = OutlierClipper(inputCol="y", outputCol="label2")
regressor = LinearRegression(labelCol="label2", maxIter=5)
both = Pipeline(stages=[clip, regressor])
grid = ParamGridBuilder().addGrid(clip.factor, [0.0, 1, 100.0]).addGrid(regressor.regParam, [0.0, 1.0]).build()
print(len(grid), [[(param.name, value) for param, value in point.items()] for point in grid][2])
split = TrainValidationSplit(estimator=both, estimatorParamMaps=grid, evaluator=error, trainRatio=0.7, seed=3, collectSubModels=True)
split_model = split.fit(data)
print([round(float(metric), 6) for metric in split_model.validationMetrics], len(split_model.subModels))
print(split_model.bestModel.stages[0].getFactor(), split_model.bestModel.stages[1].getRegParam())
told(lambda: ParamGridBuilder().addGrid(clip.factor, ["a"]).build())
told(lambda: ParamGridBuilder().addGrid("factor", [1.0]))
stages = ParamGridBuilder().baseOn({both.stages: [clip, regressor]}).addGrid(regressor.regParam, [0.0, 1.0]).build()
print(len(stages), [type(stage).__name__ for stage in stages[1][both.stages]])
lists = ParamGridBuilder().addGrid(both.stages, [[clip, regressor], [LogTransformer("y", "label2"), regressor]]).build()
chosen = TrainValidationSplit(estimator=both, estimatorParamMaps=lists, evaluator=error, seed=3).fit(data)
print([round(float(metric), 6) for metric in chosen.validationMetrics], [type(stage).__name__ for stage in chosen.bestModel.stages])

# Saved and loaded
place = tempfile.mkdtemp()
dropper.save(place + "/dropper")
loaded = ColumnDropper.load(place + "/dropper")
print(type(loaded).__name__, loaded.uid == dropper.uid, loaded.getInputCols(), loaded.params == dropper.params)
told(lambda: dropper.save(place + "/dropper"))
dropper.write().overwrite().save(place + "/dropper")
model.save(place + "/model")
again = OutlierClipperModel.load(place + "/model")
print(again.getOrDefault("upper"), again.getFactor(), again.transform(df).collect() == model.transform(df).collect())
metadata = spark.read.text(place + "/model/metadata").first()[0]
metadata = json.loads(metadata)
print(list(metadata), metadata["class"], metadata["paramMap"], metadata["defaultParamMap"].keys())
fitted.write().overwrite().save(place + "/fitted")
again = PipelineModel.load(place + "/fitted")
print([type(stage).__name__ for stage in again.stages], again.uid == fitted.uid, [stage.uid for stage in again.stages] == [stage.uid for stage in fitted.stages])
print(again.transform(df).collect() == fitted.transform(df).collect())
metadata = json.loads(spark.read.text(place + "/fitted/metadata").first()[0])
print(metadata["class"], [line(uid) for uid in metadata["paramMap"]["stageUids"]], metadata["paramMap"]["language"])
pipeline.save(place + "/pipeline")
again = Pipeline.load(place + "/pipeline")
print([type(stage).__name__ for stage in again.getStages()], again.uid == pipeline.uid, again.getStages()[0].getInputCol())
told(lambda: again.save(place + "/pipeline"))
cv_model.save(place + "/cv")
again = CrossValidatorModel.load(place + "/cv")
print(again.avgMetrics == cv_model.avgMetrics, again.bestModel.coefficients == cv_model.bestModel.coefficients, type(again.getEvaluator()).__name__)
print(again.getNumFolds(), again.getSeed(), [[(param.name, value) for param, value in point.items()] for point in again.getEstimatorParamMaps()])
told(lambda: line(Pipeline(stages=[Failing()]).save(place + "/failing")))


class Broken(Transformer, DefaultParamsReadable, MLWritable):
    def _transform(self, dataset):
        return dataset


told(lambda: Broken().save(place + "/broken"))
told(lambda: Broken.load(place + "/none"))


# One classifier for each class
class _ScaleParams(HasWeightCol):
    scale = Param(Params._dummy(), "scale", "what scores are multiplied by", typeConverter=TypeConverters.toFloat)

    def getScale(self):
        return self.getOrDefault(self.scale)


class NearMean(Classifier, _ScaleParams, DefaultParamsReadable, DefaultParamsWritable):
    """Scores rows by how near their first feature is to the mean of a class."""

    def __init__(self, scale=1.0):
        super().__init__()
        self._setDefault(scale=1.0)
        self._set(scale=scale)

    def _fit(self, dataset):
        rows = dataset.select(self.getLabelCol(), self.getFeaturesCol()).collect()
        own = [row[1][0] for row in rows if row[0] == 1.0]
        model = NearMeanModel()
        model._resetUid(self.uid)
        self._copyValues(model)
        return model._set(mean=sum(own) / max(len(own), 1))


class NearMeanModel(ClassificationModel, _ScaleParams, DefaultParamsReadable, DefaultParamsWritable):
    mean = Param(Params._dummy(), "mean", "the mean of the class", typeConverter=TypeConverters.toFloat)

    def __init__(self):
        super().__init__()
        self._setDefault(scale=1.0)

    @property
    def numClasses(self):
        return 2

    @property
    def numFeatures(self):
        return 1

    def predictRaw(self, value):
        distance = abs(value[0] - self.getOrDefault(self.mean)) * self.getScale()
        return Vectors.dense([distance, -distance])

    def predict(self, value):
        return 1.0

    def _transform(self, dataset):
        raw = F.udf(self.predictRaw, VectorUDT())
        return dataset.withColumn(self.getRawPredictionCol(), raw(self.getFeaturesCol()))


points = [(float(k), Vectors.dense([10.0 * k + i, 1.0]), 1.0) for k in range(3) for i in (-1.0, 0.0, 2.0, 7.0)]
points = spark.createDataFrame(points, ["label", "features", "w"]).coalesce(1)
near = NearMean(scale=2.0)
one = OneVsRest(classifier=near, weightCol="w", parallelism=2)
one_model = one.fit(points)
print([(type(each).__name__, round(each.getOrDefault("mean"), 6), each.getLabelCol(), each.getWeightCol()) for each in one_model.models])
one_model.transform(points).show(20, False)
print(one.getClassifier() is near, one_model.getClassifier().getScale(), one_model.models[0].uid == near.uid)
print(one.copy({near.scale: 3.0}).getClassifier().getScale(), one.fit(points, {near.scale: 3.0}).models[1].getScale())
accuracy = MulticlassClassificationEvaluator(metricName="accuracy")
grid = ParamGridBuilder().addGrid(near.scale, [1.0, -1.0]).build()
one_cv = CrossValidator(estimator=one, estimatorParamMaps=grid, evaluator=accuracy, numFolds=2, seed=1)
one_best = one_cv.fit(points)
print([round(float(metric), 6) for metric in one_best.avgMetrics], one_best.bestModel.models[2].getScale())
in_pipeline = Pipeline(stages=[VectorAssembler(inputCols=["features", "label"], outputCol="both"), OneVsRest(classifier=near, featuresCol="both")])
in_pipeline = in_pipeline.fit(points)
print([type(stage).__name__ for stage in in_pipeline.stages], accuracy.evaluate(in_pipeline.transform(points)))
one.save(place + "/one")
again = OneVsRest.load(place + "/one")
print(again.uid == one.uid, again.getClassifier().uid == near.uid, again.getClassifier().getScale(), again.getWeightCol(), again.getParallelism())
metadata = json.loads(spark.read.text(place + "/one/metadata").first()[0])
print(metadata["class"], sorted(metadata["paramMap"].items()), sorted(metadata["defaultParamMap"]))
one_model.save(place + "/one_model")
again = OneVsRestModel.load(place + "/one_model")
print(again.uid == one_model.uid, len(again.models), again.transform(points).collect() == one_model.transform(points).collect())
print(again.getClassifier().getScale(), [each.getOrDefault("mean") == own.getOrDefault("mean") for each, own in zip(again.models, one_model.models)])
metadata = json.loads(spark.read.text(place + "/one_model/metadata").first()[0])
print(metadata["class"], metadata["numClasses"], sorted(metadata["paramMap"].items()), sorted(metadata["defaultParamMap"]))
one_best.write().overwrite().save(place + "/one_cv")
again = CrossValidatorModel.load(place + "/one_cv")
print(again.avgMetrics == one_best.avgMetrics, type(again.bestModel).__name__, again.bestModel.models[2].getScale())
in_pipeline.save(place + "/one_pipeline")
again = PipelineModel.load(place + "/one_pipeline")
print([type(stage).__name__ for stage in again.stages], accuracy.evaluate(again.transform(points)))

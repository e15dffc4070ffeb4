"""Classes of `pyspark.ml` that derive from its base classes, for cells to derive from."""

import copy

import _pyspark_ml
from abc import abstractmethod
from pyspark.ml.base import Estimator, Model, Transformer
from pyspark.ml.param.shared import (
    HasFeaturesCol,
    HasInputCol,
    HasLabelCol,
    HasOutputCol,
    HasPredictionCol,
    HasProbabilityCol,
    HasRawPredictionCol,
    HasThresholds,
)


class UnaryTransformer(HasInputCol, HasOutputCol, Transformer):
    """A transformer of one column into another by a function of its values."""

    __module__ = "pyspark.ml.base"

    def setInputCol(self, value):
        """Sets the column to read."""
        return self._set(inputCol=value)

    def setOutputCol(self, value):
        """Sets the name of the column to add."""
        return self._set(outputCol=value)

    @abstractmethod
    def createTransformFunc(self):
        """Gives the function of one value."""
        raise NotImplementedError()

    @abstractmethod
    def outputDataType(self):
        """Gives the type of the new column."""
        raise NotImplementedError()

    @abstractmethod
    def validateInputType(self, inputType):
        """Raises an exception when the type of the input column is wrong."""
        raise NotImplementedError()

    def transformSchema(self, schema):
        """The schema with the new column."""
        from pyspark.sql.types import StructField, StructType

        self.validateInputType(schema[self.getInputCol()].dataType)
        if self.getOutputCol() in schema.names:
            raise ValueError("Output column %s already exists." % self.getOutputCol())
        return StructType([*schema.fields, StructField(self.getOutputCol(), self.outputDataType(), nullable=False)])

    def _transform(self, dataset):
        from pyspark.sql.functions import udf

        self.transformSchema(dataset.schema)
        function = udf(self.createTransformFunc(), self.outputDataType())
        return dataset.withColumn(self.getOutputCol(), function(dataset[self.getInputCol()]))


class _PredictorParams(HasLabelCol, HasFeaturesCol, HasPredictionCol):
    __module__ = "pyspark.ml.base"


class Predictor(Estimator, _PredictorParams):
    """An estimator of predictions from a vector of features."""

    __module__ = "pyspark.ml.base"

    def setLabelCol(self, value):
        """Sets the column of labels."""
        return self._set(labelCol=value)

    def setFeaturesCol(self, value):
        """Sets the column of features."""
        return self._set(featuresCol=value)

    def setPredictionCol(self, value):
        """Sets the name of the column of predictions."""
        return self._set(predictionCol=value)


class PredictionModel(Model, _PredictorParams):
    """A model that predicts from a vector of features."""

    __module__ = "pyspark.ml.base"

    def setFeaturesCol(self, value):
        """Sets the column of features."""
        return self._set(featuresCol=value)

    def setPredictionCol(self, value):
        """Sets the name of the column of predictions."""
        return self._set(predictionCol=value)

    @property
    @abstractmethod
    def numFeatures(self):
        """How many features the model was trained on."""
        raise NotImplementedError()

    @abstractmethod
    def predict(self, value):
        """The prediction for one vector of features."""
        raise NotImplementedError()


class _ClassifierParams(HasRawPredictionCol, _PredictorParams):
    __module__ = "pyspark.ml.classification"


class Classifier(Predictor, _ClassifierParams):
    """An estimator of classes."""

    __module__ = "pyspark.ml.classification"

    def setRawPredictionCol(self, value):
        """Sets the name of the column of raw predictions."""
        return self._set(rawPredictionCol=value)


class ClassificationModel(PredictionModel, _ClassifierParams):
    """A model that predicts classes."""

    __module__ = "pyspark.ml.classification"

    def setRawPredictionCol(self, value):
        """Sets the name of the column of raw predictions."""
        return self._set(rawPredictionCol=value)

    @property
    @abstractmethod
    def numClasses(self):
        """How many classes there are."""
        raise NotImplementedError()

    @abstractmethod
    def predictRaw(self, value):
        """The raw prediction of each class for one vector of features."""
        raise NotImplementedError()


class _ProbabilisticClassifierParams(HasProbabilityCol, HasThresholds, _ClassifierParams):
    __module__ = "pyspark.ml.classification"


class ProbabilisticClassifier(Classifier, _ProbabilisticClassifierParams):
    """An estimator of classes and their probabilities."""

    __module__ = "pyspark.ml.classification"

    def setProbabilityCol(self, value):
        """Sets the name of the column of probabilities."""
        return self._set(probabilityCol=value)

    def setThresholds(self, value):
        """Sets what each class's probability is divided by."""
        return self._set(thresholds=value)


class ProbabilisticClassificationModel(ClassificationModel, _ProbabilisticClassifierParams):
    """A model that predicts classes and their probabilities."""

    __module__ = "pyspark.ml.classification"

    def setProbabilityCol(self, value):
        """Sets the name of the column of probabilities."""
        return self._set(probabilityCol=value)

    def setThresholds(self, value):
        """Sets what each class's probability is divided by."""
        return self._set(thresholds=value)

    @abstractmethod
    def predictProbability(self, value):
        """The probability of each class for one vector of features."""
        raise NotImplementedError()


class Regressor(Predictor, _PredictorParams):
    """An estimator of numbers."""

    __module__ = "pyspark.ml.regression"


class RegressionModel(PredictionModel, _PredictorParams):
    """A model that predicts numbers."""

    __module__ = "pyspark.ml.regression"

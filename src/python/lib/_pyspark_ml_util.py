"""Saving and loading of stages that a cell writes, and of pipelines and tuners around them, in Spark's layout (`pyspark.ml.util`)."""

import json
import time

import _pyspark_ml
from _pickle import find
from _pyspark_ml_bare import Identifiable, Params, one_vs_rest_model, pipeline_model, remove_folder, stage_with_uid, tuned_model


class BaseReadWrite:
    """A writer or reader, and its session."""

    __module__ = "pyspark.ml.util"

    def __init__(self):
        self._sparkSession = None

    def session(self, sparkSession):
        """The session, which is the only one."""
        self._sparkSession = sparkSession
        return self

    @property
    def sparkSession(self):
        """The session."""
        return self._sparkSession or _active()

    @property
    def sc(self):
        """The session's SparkContext."""
        return self.sparkSession.sparkContext


def _active():
    from pyspark.sql import SparkSession

    return SparkSession.getActiveSession()


class MLWriter(BaseReadWrite):
    """Saves a stage: a class of your own defines saveImpl(path)."""

    __module__ = "pyspark.ml.util"

    def __init__(self):
        super().__init__()
        self.shouldOverwrite = False
        self.optionMap = {}

    def save(self, path):
        """Saves into this folder."""
        if self.shouldOverwrite:
            remove_folder(path)
        self.saveImpl(path)

    def saveImpl(self, path):
        """What saving does."""
        raise NotImplementedError("MLWriter is not yet implemented for type: %s" % type(self))

    def overwrite(self):
        """What is in the folder goes first."""
        self.shouldOverwrite = True
        return self

    def option(self, key, value):
        """Notes an option for saveImpl, in self.optionMap."""
        self.optionMap[key.lower()] = str(value)
        return self


class GeneralMLWriter(MLWriter):
    """A writer of several formats."""

    __module__ = "pyspark.ml.util"

    def format(self, source):
        """Notes the format for saveImpl, in self.source."""
        self.source = source
        return self


class MLWritable:
    """What can be saved: a class of your own defines write()."""

    __module__ = "pyspark.ml.util"

    def write(self):
        """Gives an MLWriter."""
        raise NotImplementedError("MLWritable is not yet implemented for type: %r" % type(self))

    def save(self, path):
        """Saves into a folder, which must not be there yet: write().overwrite().save(path)."""
        self.write().save(path)


class MLReader(BaseReadWrite):
    """Loads a stage: a class of your own defines load(path)."""

    __module__ = "pyspark.ml.util"

    def __class_getitem__(cls, item):
        return cls

    def load(self, path):
        """What was saved into this folder."""
        raise NotImplementedError("MLReader is not yet implemented for type: %s" % type(self))


class MLReadable:
    """What can be loaded: a class of your own defines read()."""

    __module__ = "pyspark.ml.util"

    def __class_getitem__(cls, item):
        return cls

    @classmethod
    def read(cls):
        """Gives an MLReader."""
        raise NotImplementedError("MLReadable.read() not implemented for type: %r" % cls)

    @classmethod
    def load(cls, path):
        """What was saved into a folder."""
        return cls.read().load(path)


class DefaultParamsWritable(MLWritable):
    """Saves a stage that is nothing but its params."""

    __module__ = "pyspark.ml.util"

    def write(self):
        """Gives a writer of the params."""
        if isinstance(self, Params):
            return DefaultParamsWriter(self)
        raise TypeError(
            "Cannot use DefaultParamsWritable with type %s because it does not  extend Params." % type(self),
            type(self),
        )


def _class_name(stage):
    module = type(stage).__module__
    name = type(stage).__name__
    return f"pyspark.ml.pipeline.{name}" if module == "pyspark.ml" else f"{module}.{name}"


def _defaults(stage):
    if hasattr(stage, "_defaultParamMap"):
        return {param.name: value for param, value in stage._defaultParamMap.items()}
    bare = stage.copy()
    found = {}
    for param in bare.params:
        bare.clear(param)
        if bare.hasDefault(param):
            found[param.name] = bare.getOrDefault(param)
    return found


class DefaultParamsWriter(MLWriter):
    """Saves params as a line of JSON."""

    __module__ = "pyspark.ml.util"

    def __init__(self, instance):
        super().__init__()
        self.instance = instance

    def saveImpl(self, path):
        DefaultParamsWriter.saveMetadata(self.instance, path, self.sparkSession)

    @staticmethod
    def extractJsonParams(instance, skipParams):
        """The values of all params but some, by name."""
        return {param.name: value for param, value in instance.extractParamMap().items() if param.name not in skipParams}

    @staticmethod
    def saveMetadata(instance, path, sc, extraMetadata=None, paramMap=None):
        """Writes the line into the folder `metadata` of a path."""
        spark = sc if hasattr(sc, "createDataFrame") else _active()
        line = DefaultParamsWriter._get_metadata_to_save(instance, spark, extraMetadata, paramMap)
        spark.createDataFrame([(line,)], schema=["value"]).coalesce(1).write.text(path + "/metadata")

    @staticmethod
    def _get_metadata_to_save(instance, sc, extraMetadata=None, paramMap=None):
        if paramMap is None:
            paramMap = {param.name: value for param, value in instance._paramMap.items()}
        metadata = {
            "class": _class_name(instance),
            "timestamp": int(round(time.time() * 1000)),
            "sparkVersion": sc.version,
            "uid": instance.uid,
            "paramMap": paramMap,
            "defaultParamMap": _defaults(instance),
        }
        return json.dumps({**metadata, **(extraMetadata or {})}, separators=(",", ":"))


class DefaultParamsReadable(MLReadable):
    """Loads a stage that is nothing but its params."""

    __module__ = "pyspark.ml.util"

    @classmethod
    def read(cls):
        """Gives a reader of the params."""
        return DefaultParamsReader(cls)


class DefaultParamsReader(MLReader):
    """Loads params from a line of JSON."""

    __module__ = "pyspark.ml.util"

    def __init__(self, cls):
        super().__init__()
        self.cls = cls

    def load(self, path):
        metadata = DefaultParamsReader.loadMetadata(path, self.sparkSession)
        instance = _class_named(metadata["class"])()
        instance._resetUid(metadata["uid"])
        DefaultParamsReader.getAndSetParams(instance, metadata)
        return instance

    @staticmethod
    def loadMetadata(path, sc, expectedClassName=""):
        """What the line in the folder `metadata` of a path says."""
        spark = sc if hasattr(sc, "createDataFrame") else _active()
        return DefaultParamsReader._parseMetaData(spark.read.text(path + "/metadata").first()[0], expectedClassName)

    @staticmethod
    def _parseMetaData(metadataStr, expectedClassName=""):
        metadata = json.loads(metadataStr)
        found = metadata["class"]
        assert not expectedClassName or found == expectedClassName, (
            f"Error loading metadata: Expected class name {expectedClassName} but found class name {found}"
        )
        return metadata

    @staticmethod
    def getAndSetParams(instance, metadata, skipParams=None):
        """Sets the params and defaults that the line names."""
        for name, value in metadata["paramMap"].items():
            param = instance.getParam(name)
            if skipParams is None or name not in skipParams:
                instance.set(param, value)
        if not hasattr(instance, "_setDefault"):
            return
        assert "defaultParamMap" in metadata, "Error loading metadata: Expected `defaultParamMap` section not found"
        for name, value in metadata["defaultParamMap"].items():
            instance._setDefault(**{name: value})

    @staticmethod
    def isPythonParamsInstance(metadata):
        """Whether Python wrote the line for a class of Spark's own."""
        return metadata["class"].startswith("pyspark.ml.")

    @staticmethod
    def loadParamsInstance(path, sc):
        """The stage in a folder, of whatever class."""
        metadata = DefaultParamsReader.loadMetadata(path, sc)
        return _class_named(metadata["class"].replace("org.apache.spark", "pyspark")).load(path)


def _class_named(name):
    module, _, name = name.rpartition(".")
    found = find(module, name)
    if found is None:
        raise AttributeError(f"module '{module}' has no attribute '{name}'")
    return found


# What is around stages of cells: the engine's pipelines and tuners, which it saves itself when all stages are its own.


def _check_writable(stages, kind):
    for stage in stages:
        if not hasattr(stage, "write"):
            if kind == "Pipeline":
                words = "Pipeline write will fail on this pipeline because stage %s of type %s is not MLWritable"
                raise ValueError(words, stage.uid, type(stage))
            raise ValueError(f"{kind} write will fail because it contains {stage.uid} which is not writable.")


def _stage_path(path, uid, index, count):
    return f"{path}/stages/{str(index).zfill(len(str(count)))}_{uid}"


def save_around(instance, path, overwrite, sub_models):
    """Saves a pipeline, a tuner, or OneVsRest."""
    spark = _active()
    kind = type(instance).__name__
    pipeline = kind.startswith("Pipeline")
    if kind.startswith("OneVsRest"):
        models = instance.models if kind == "OneVsRestModel" else []
        _check_writable([instance.getClassifier(), *models], "OneVsRest")
    elif pipeline:
        stages = instance.getStages() if kind == "Pipeline" else instance.stages
        _check_writable(stages, "Pipeline")
    else:
        _check_writable([instance.getEvaluator(), *_nested(instance.getEstimator())], "Validator")
    if overwrite:
        remove_folder(path)
    if kind.startswith("OneVsRest"):
        extra = {"numClasses": len(models)} if kind == "OneVsRestModel" else {}
        params = DefaultParamsWriter.extractJsonParams(instance, ["classifier"])
        DefaultParamsWriter.saveMetadata(instance, path, spark, extra, params)
        instance.getClassifier().save(path + "/classifier")
        for index, model in enumerate(models):
            model.save(f"{path}/model_{index}")
        return
    if pipeline:
        uids = [stage.uid for stage in stages]
        DefaultParamsWriter.saveMetadata(instance, path, spark, paramMap={"stageUids": uids, "language": "Python"})
        for index, stage in enumerate(stages):
            stage.write().session(spark).save(_stage_path(path, stage.uid, index, len(stages)))
        return
    extra = {}
    models = None
    if kind.endswith("Model"):
        models = instance.subModels if sub_models is not False else None
        if sub_models and models is None:
            raise ValueError(
                "When persisting tuning models, you can only set persistSubModels to true if the tuning was done with "
                "collectSubModels set to true. To save the sub-models, try rerunning fitting with collectSubModels set to true."
            )
        if kind == "CrossValidatorModel":
            extra = {"avgMetrics": list(instance.avgMetrics), "persistSubModels": models is not None}
            if instance.stdMetrics:
                extra["stdMetrics"] = list(instance.stdMetrics)
        else:
            extra = {"validationMetrics": list(instance.validationMetrics), "persistSubModels": models is not None}
    grid, folders = [], 0
    for values in instance.getEstimatorParamMaps():
        point = []
        for param, value in values.items():
            entry = {"parent": param.parent, "name": param.name}
            if isinstance(value, Params):
                entry.update(value=f"epm_{param.name}{folders}", isJson=False)
                value.save(f"{path}/{entry['value']}")
                folders += 1
            else:
                entry.update(value=json.dumps(value), isJson=True)
            point.append(entry)
        grid.append(point)
    params = DefaultParamsWriter.extractJsonParams(instance, ["estimator", "evaluator", "estimatorParamMaps"])
    DefaultParamsWriter.saveMetadata(instance, path, spark, extra, {**params, "estimatorParamMaps": grid})
    instance.getEvaluator().save(path + "/evaluator")
    instance.getEstimator().save(path + "/estimator")
    if kind.endswith("Model"):
        instance.bestModel.write().session(spark).save(path + "/bestModel")
    for place, model in _places(models):
        model.write().session(spark).save(f"{path}/subModels/{place}")


def _places(models):
    """The folders of the models of folds and param maps."""
    for index, model in enumerate(models or []):
        if isinstance(model, list):
            yield from ((f"fold{index}/{i}", inner) for i, inner in enumerate(model))
        else:
            yield str(index), model


def _nested(stage):
    kind = type(stage).__name__
    inner = stage.getStages() if kind == "Pipeline" else stage.stages if kind == "PipelineModel" else []
    if kind == "OneVsRest":
        inner = [stage.getClassifier()]
    return [stage, *(deeper for each in inner for deeper in _nested(each))]


def load_around(path):
    """Loads what `save_around` saved, here or in PySpark."""
    spark = _active()
    metadata = DefaultParamsReader.loadMetadata(path, spark)
    kind = metadata["class"].rpartition(".")[2]
    uid = metadata["uid"]
    if kind.startswith("Pipeline"):
        uids = metadata["paramMap"]["stageUids"]
        stages = [DefaultParamsReader.loadParamsInstance(_stage_path(path, each, i, len(uids)), spark) for i, each in enumerate(uids)]
        if kind == "PipelineModel":
            return pipeline_model(stages, uid)
        return stage_with_uid(kind, uid).setStages(stages)
    if kind.startswith("OneVsRest"):
        one = stage_with_uid("OneVsRest", uid).setClassifier(DefaultParamsReader.loadParamsInstance(path + "/classifier", spark))
        for name, value in metadata["paramMap"].items():
            one.set(one.getParam(name), value)
        if kind == "OneVsRest":
            return one
        folders = [f"{path}/model_{index}" for index in range(metadata["numClasses"])]
        return one_vs_rest_model(one, uid, [DefaultParamsReader.loadParamsInstance(folder, spark) for folder in folders])
    evaluator = DefaultParamsReader.loadParamsInstance(path + "/evaluator", spark)
    estimator = DefaultParamsReader.loadParamsInstance(path + "/estimator", spark)
    owners = {stage.uid: stage for stage in [*_nested(estimator), evaluator]}
    maps = []
    for point in metadata["paramMap"]["estimatorParamMaps"]:
        values = {}
        for entry in point:
            is_json = entry.get("isJson", True) in (True, "true")
            value = json.loads(entry["value"]) if is_json else DefaultParamsReader.loadParamsInstance(f"{path}/{entry['value']}", spark)
            values[getattr(owners[entry["parent"]], entry["name"])] = value
        maps.append(values)
    tuner = stage_with_uid(kind.removesuffix("Model"), uid)
    tuner.setEstimator(estimator).setEvaluator(evaluator).setEstimatorParamMaps(maps)
    for name, value in metadata["paramMap"].items():
        if name != "estimatorParamMaps" and tuner.hasParam(name):
            tuner.set(tuner.getParam(name), value)
    if not kind.endswith("Model"):
        return tuner
    models = None
    if metadata.get("persistSubModels"):
        one = lambda place: DefaultParamsReader.loadParamsInstance(f"{path}/subModels/{place}", spark)
        count = range(len(maps))
        if kind == "CrossValidatorModel":
            models = [[one(f"fold{fold}/{i}") for i in count] for fold in range(tuner.getNumFolds())]
        else:
            models = [one(str(i)) for i in count]
    metrics = metadata["avgMetrics"] if kind == "CrossValidatorModel" else metadata["validationMetrics"]
    best = DefaultParamsReader.loadParamsInstance(path + "/bestModel", spark)
    return tuned_model(tuner, uid, best, metrics, metadata.get("stdMetrics") or [], models)

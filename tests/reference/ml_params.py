"""Writes ml_params.json: for each public class of pyspark.ml its params with docs, defaults and `explainParams()` text, as PySpark has them.

Run with PYTHONHASHSEED=0, which is what Databricks sets: default seeds are `hash(class name)`.
"""

import inspect
import json
import math
import os
import re
import sys

import pyspark.ml.base as base
from pyspark.ml import Pipeline, PipelineModel, classification, clustering, evaluation, feature, fpm, recommendation, regression, tuning
from pyspark.ml.param import Param, Params
from pyspark.sql import SparkSession

if os.environ.get("PYTHONHASHSEED") != "0":
    sys.exit("Run with PYTHONHASHSEED=0.")

spark = (
    SparkSession.builder.master("local[8]")
    .config("spark.ui.enabled", "false")
    .config("spark.driver.memory", "2g")
    .config("spark.sql.session.timeZone", "UTC")
    .getOrCreate()
)
spark.sparkContext.setLogLevel("ERROR")


UID = re.compile(r"\w+_[0-9a-f]{12}(?=__output|\b)")


def plain(value):
    if isinstance(value, float) and math.isnan(value):
        return "NaN"
    if value is None or isinstance(value, (bool, int, float, str)):
        return value
    if isinstance(value, (list, tuple)):
        return [plain(v) for v in value]
    return str(value)


def class_params(cls):
    """The Param objects that a class declares, in the order of `params`."""
    found = {}
    for name in dir(cls):
        if name == "params" or isinstance(inspect.getattr_static(cls, name, None), property):
            continue
        value = getattr(cls, name, None)
        if isinstance(value, Param):
            found[value.name] = value
    return found


result = {}
for module in (feature, classification, regression, clustering, evaluation, tuning, recommendation, fpm, base):
    classes = [(n, getattr(module, n)) for n in getattr(module, "__all__", [])]
    if module is base:
        classes = [("Pipeline", Pipeline), ("PipelineModel", PipelineModel)]
    for name, cls in classes:
        if not inspect.isclass(cls) or not issubclass(cls, Params) or inspect.isabstract(cls):
            continue
        entry = {"module": cls.__module__, "params": {}}
        is_model = issubclass(cls, base.Model)
        instance = None
        if not is_model:
            try:
                instance = cls()
            except Exception as error:
                entry["error"] = str(error)
        for param in class_params(cls).values():
            item = {"doc": param.doc, "converter": getattr(param.typeConverter, "__name__", "")}
            if instance is not None and instance.hasDefault(param.name):
                default = plain(instance.getOrDefault(param.name))
                item["default"] = UID.sub("UID", default) if isinstance(default, str) else default
            entry["params"][param.name] = item
        if instance is not None:
            entry["explain"] = UID.sub("UID", instance.explainParams())
            entry["keywords"] = [p for p in inspect.signature(cls.__init__).parameters if p not in ("self", "args", "kwargs")]
        public = [m for m in dir(cls) if not m.startswith("_")]
        entry["setters"] = [m for m in public if m.startswith("set") and m != "set"]
        entry["members"] = [
            m for m in public if m not in entry["params"] and not m.startswith(("set", "get")) and not hasattr(Params, m)
        ]
        result[name] = entry

with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "ml_params.json"), "w") as file:
    json.dump(result, file, indent=1, sort_keys=True)
    file.write("\n")

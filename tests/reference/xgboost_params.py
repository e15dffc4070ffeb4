"""Writes xgboost_params.json: for each class of xgboost.spark its params with docs, defaults and `explainParams()` text, and its keywords.

Needs `pip install xgboost==3.2.0 pyspark`; no Spark is started.
"""

import inspect
import json
import os
import re

from pyspark.ml.param import Param
from xgboost.spark import (
    SparkXGBClassifier,
    SparkXGBClassifierModel,
    SparkXGBRanker,
    SparkXGBRankerModel,
    SparkXGBRegressor,
    SparkXGBRegressorModel,
)

UID = re.compile(r"\w+_[0-9a-f]{12}(?=__output|\b)")


def plain(value):
    if isinstance(value, float) and value != value:
        return "NaN"
    return value


result = {}
for cls in (
    SparkXGBClassifier,
    SparkXGBClassifierModel,
    SparkXGBRanker,
    SparkXGBRankerModel,
    SparkXGBRegressor,
    SparkXGBRegressorModel,
):
    entry = {"module": "xgboost.spark", "params": {}}
    instance = None if cls.__name__.endswith("Model") else cls()
    for name in dir(cls):
        param = inspect.getattr_static(cls, name, None)
        if isinstance(param, Param):
            item = {"doc": param.doc}
            if instance is not None and instance.hasDefault(param.name):
                item["default"] = plain(instance.getOrDefault(param.name))
            entry["params"][param.name] = item
    if instance is not None:
        # What arrived is no default: the dictionary of other params is set by the constructor.
        instance.clear(instance.arbitrary_params_dict)
        entry["explain"] = UID.sub("UID", instance.explainParams())
        entry["keywords"] = [p for p in inspect.signature(cls.__init__).parameters if p not in ("self", "args", "kwargs")]
    entry["setters"] = sorted(m for m in dir(cls) if m.startswith("set") and m != "set")
    result[cls.__name__] = entry

with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "xgboost_params.json"), "w") as file:
    json.dump(result, file, indent=1, sort_keys=True)
    file.write("\n")

"""Saves a small stage of every class of pyspark.ml with real PySpark 4.3 into saved/, and writes persistence.json: what Spark says of each
stage once it is loaded again, and what it gives for the rows of a frame.

    PYTHONHASHSEED=0 python tests/reference/persistence.py [NAME …]

With names only those stages are saved anew.
"""

import json
import os
import pathlib
import shutil
import sys

from pyspark.sql import SparkSession

assert os.environ.get("PYTHONHASHSEED") == "0", "Default seeds are hashes of class names."
here = pathlib.Path(__file__).parent
saved = here / "saved"
spark = (
    SparkSession.builder.master("local[8]")
    .config("spark.ui.enabled", "false")
    .config("spark.driver.memory", "2g")
    .config("spark.sql.session.timeZone", "UTC")
    .getOrCreate()
)
spark.sparkContext.setLogLevel("OFF")

# Stages can be made only when there is a session.
from persistence_stages import FRAMES, STAGES, frame, plain  # noqa: E402


def described(stage):
    """What Python says of a stage."""
    told = {"class": type(stage).__name__, "uid": stage.uid, "repr": repr(stage)}
    inner = ("stages", "estimator", "estimatorParamMaps", "evaluator", "classifier")
    params = [p for p in stage.params if p.name not in inner]
    return told | {"params": {p.name: stage.explainParam(p).removeprefix(f"{p.name}: {p.doc} ") for p in params}}


def save(stage, name):
    path = str(saved / name)
    try:
        stage.write().overwrite().save(path)
    except Exception as error:
        print(name, "can't be saved:", str(error).split("\n")[0], file=sys.stderr)
        return False
    return True


def keep(result, stage, name, on, data):
    if not hasattr(stage, "write") or not save(stage, name):
        return
    loaded = type(stage).load(str(saved / name))
    told = described(loaded) | {"frame": on}
    if data is not None and hasattr(loaded, "transform"):
        rows = loaded.transform(data)
        added = [c for c in rows.columns if c not in data.columns]
        told["columns"] = added
        told["rows"] = [[plain(v) for v in row] for row in rows.select(added).collect()]
    result[name] = told


def main():
    wanted, path = sys.argv[1:], here / "persistence.json"
    result = json.loads(path.read_text())["stages"] if wanted else {}
    for name, make, on in STAGES:
        if wanted and name not in wanted:
            continue
        stage = make()
        for folder in (name, name + "Fitted"):
            shutil.rmtree(saved / folder, ignore_errors=True)
        data = frame(spark, on) if on else None
        try:
            keep(result, stage, name, on, data if not hasattr(stage, "fit") else None)
            if hasattr(stage, "fit") and data is not None:
                keep(result, stage.fit(data), name + "Fitted", on, data)
        except Exception as error:
            print(name, str(error)[:2000], file=sys.stderr)
    for checksum in saved.rglob(".*.crc"):
        checksum.unlink()
    frames = {name: {"ddl": ddl, "rows": [[plain(v) for v in row] for row in rows]} for name, (ddl, rows) in FRAMES.items()}
    stages = ",\n".join(f" {json.dumps(name)}: {json.dumps(told, ensure_ascii=False)}" for name, told in sorted(result.items()))
    frames = json.dumps(frames, ensure_ascii=False)
    path.write_text(f'{{"frames": {frames},\n"stages": {{\n{stages}\n}}}}\n')


main()

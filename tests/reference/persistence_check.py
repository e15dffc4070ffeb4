"""Saves a stage of every class with Kindling and opens each with real PySpark 4.3: the same uid, params, text and rows.

    cargo build --bin kindling
    PYTHONHASHSEED=0 python tests/reference/persistence_check.py target/debug/kindling [NAME …]

With names only those stages.
Says how many stages agree and what differs, and exits with 1 when one does. Classes that Kindling lacks are named and left out.
"""

import json
import pathlib
import subprocess
import sys
import tempfile

from pyspark.sql import SparkSession

PROGRAM = '''

import json


def keep(stage, folder, data):
    stage.write().overwrite().save("/files/" + folder)
    told = {"folder": folder, "class": type(stage).__name__, "uid": stage.uid, "repr": repr(stage)}
    told["set"] = {p.name: str(stage.getOrDefault(p)) for p in stage.params if stage.isSet(p) and p.name not in INNER}
    if data is not None and hasattr(stage, "transform"):
        rows = stage.transform(data)
        told["columns"] = [c for c in rows.columns if c not in data.columns]
        told["rows"] = [[plain(v) for v in row] for row in rows.select(told["columns"]).collect()]
    print("KEPT " + json.dumps(told))


INNER = ("stages", "estimator", "estimatorParamMaps", "evaluator", "classifier", "lowerBoundsOnCoefficients")
for name, make, on in STAGES:
    if WANTED and name not in WANTED:
        continue
    try:
        stage = make()
        data = frame(spark, on) if on else None
        if hasattr(stage, "write"):
            keep(stage, name, data if not hasattr(stage, "fit") else None)
        if hasattr(stage, "fit") and data is not None:
            keep(stage.fit(data), name + "Fitted", data)
    except Exception as error:
        print("LEFT", name, type(error).__name__, str(error).split("\\n")[0])
'''


def close(a, b, tolerance):
    if isinstance(a, float) and isinstance(b, float):
        return abs(a - b) <= tolerance * (1 + max(abs(a), abs(b)))
    if isinstance(a, dict) and isinstance(b, dict):
        return a.keys() == b.keys() and all(close(a[k], b[k], tolerance) for k in a)
    if isinstance(a, list) and isinstance(b, list):
        return len(a) == len(b) and all(close(x, y, tolerance) for x, y in zip(a, b))
    return a == b


def main(folder):
    here = pathlib.Path(__file__).parent
    kindling = pathlib.Path(sys.argv[1]).resolve()
    program = folder / "program.py"
    program.write_text((here / "persistence_stages.py").read_text() + f"\n\nWANTED = {sys.argv[2:]}\n" + PROGRAM)
    ran = subprocess.run([kindling, "run", program, "--files", folder, "--threads", "2"], capture_output=True, text=True)
    print(ran.stderr, end="", file=sys.stderr)
    kept = [json.loads(line[5:]) for line in ran.stdout.splitlines() if line.startswith("KEPT ")]
    for line in ran.stdout.splitlines():
        if line.startswith("LEFT "):
            print("left out:", line[5:])

    spark = (
        SparkSession.builder.master("local[8]")
        .config("spark.ui.enabled", "false")
        .config("spark.driver.memory", "2g")
        .config("spark.sql.session.timeZone", "UTC")
        .getOrCreate()
    )
    spark.sparkContext.setLogLevel("OFF")
    sys.path.insert(0, str(here))
    import persistence_stages as stages
    from pyspark import ml

    modules = [ml, stages.cl, stages.cs, stages.ev, stages.f, stages.rg, stages.tn, stages.fpm(), stages.recommendation()]
    frames = {name: on for name, _, on in stages.STAGES}
    wrong = 0
    for told in kept:
        name, differs = told["folder"], []
        try:
            cls = next(getattr(module, told["class"]) for module in modules if hasattr(module, told["class"]))
            stage = cls.load(str(folder / name))
            mine = {p.name: str(stage.getOrDefault(p)) for p in stage.params if stage.isSet(p) and p.name in told["set"]}
            for what, a, b in [("uid", told["uid"], stage.uid), ("repr", told["repr"], repr(stage)), ("params", told["set"], mine)]:
                if a != b:
                    differs.append(f"{what}: Kindling {a}, Spark {b}")
            if "rows" in told:
                data = stages.frame(spark, frames.get(name) or frames[name.removesuffix("Fitted")])
                rows = stage.transform(data).select(told["columns"]).collect()
                rows = [[stages.plain(v) for v in row] for row in rows]
                # Spark starts the inference of a distributed model from a seed of the moment.
                tolerance = 1e-5 if told["class"] == "DistributedLDAModel" else 1e-9
                if not close(json.loads(json.dumps(rows)), told["rows"], tolerance):
                    differs.append(f"rows: Kindling {told['rows']}\n  Spark {rows}")
        except Exception as error:
            differs.append(str(error)[:600])
        wrong += bool(differs)
        for what in differs:
            print(f"{name}: {what}")
    print(f"{len(kept) - wrong} of {len(kept)} stages that Kindling saved open in Spark and give the same")
    return ran.returncode or (1 if wrong or not kept else 0)


with tempfile.TemporaryDirectory() as folder:
    sys.exit(main(pathlib.Path(folder)))

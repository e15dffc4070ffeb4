"""Trains with Kindling's xgboost.spark, saves XGBoost's own model files, and opens each with real XGBoost: the same trees and predictions.

    cargo build --bin kindling
    python tests/reference/xgboost_check.py target/debug/kindling

Needs `pip install xgboost==3.2.0`. Exits with 1 when one differs.
"""

import json
import math
import pathlib
import subprocess
import sys
import tempfile

import numpy as np
import xgboost

PROGRAM = """
import json
from pyspark.ml.linalg import Vectors
from xgboost.spark import SparkXGBClassifier, SparkXGBRanker, SparkXGBRegressor

for case in CASES:
    rows = [
        (Vectors.dense([float("nan") if v == "NaN" else v for v in features]), label, query)
        for features, label, query in zip(case["features"], case["labels"], case["qid"] or [0] * len(case["labels"]))
    ]
    df = spark.createDataFrame(rows, ["features", "label", "qid"])
    if case["objective"].startswith("rank"):
        estimator = SparkXGBRanker(qid_col="qid", objective=case["objective"], n_estimators=3, max_depth=3)
    elif case["objective"].startswith("reg"):
        estimator = SparkXGBRegressor(n_estimators=3, max_depth=3, feature_names=NAMES[: len(case["features"][0])])
    else:
        estimator = SparkXGBClassifier(n_estimators=3, max_depth=3)
    model = estimator.fit(df)
    column = "prediction" if case["objective"][:3] in ("reg", "ran") else "rawPrediction"
    margins = [row[0] if isinstance(row[0], float) else list(row[0].toArray()) for row in model.transform(df).select(column).collect()]
    print("KEPT " + json.dumps({"model": model.get_booster().save_raw("json").decode(), "margins": margins}))
"""


def main():
    cases = json.loads((pathlib.Path(__file__).parent / "xgboost_models.json").read_text())
    wanted = [c for c in cases if c["name"] in ("regression", "binary", "classes", "ranking", "pairs")]
    slim = [{k: c[k] for k in ("objective", "features", "labels", "qid")} for c in wanted]
    with tempfile.TemporaryDirectory() as folder:
        program = pathlib.Path(folder) / "program.py"
        names = [f"n{i}" for i in range(20)]
        program.write_text(f"CASES = {slim!r}\nNAMES = {names!r}\n" + PROGRAM)
        done = subprocess.run([sys.argv[1], "run", str(program)], capture_output=True, text=True)
    kept = [json.loads(line[5:]) for line in done.stdout.splitlines() if line.startswith("KEPT ")]
    if len(kept) != len(wanted):
        sys.exit(f"{len(kept)} of {len(wanted)} models: {done.stdout[-2000:]}{done.stderr[-2000:]}")
    wrong = 0
    for case, found in zip(wanted, kept):
        booster = xgboost.Booster()
        booster.load_model(bytearray(found["model"], "utf-8"))
        values = np.array([[math.nan if v == "NaN" else v for v in row] for row in case["features"]], dtype=np.float32)
        data = xgboost.DMatrix(values, feature_names=booster.feature_names)
        margins = booster.predict(data, output_margin=True)
        ours = np.array(found["margins"])
        if ours.ndim == 2 and margins.ndim == 1:
            ours = ours[:, 1]
        same_text = booster.save_raw("json").decode() == found["model"]
        same = np.allclose(margins, ours, rtol=1e-6, atol=1e-6)
        print(case["name"], "agrees" if same else "differs", "and is written the same" if same_text else "(written otherwise)")
        wrong += not same
    sys.exit(1 if wrong else 0)


main()

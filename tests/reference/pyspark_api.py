"""Runs small programs against real PySpark and writes what they print to pyspark_api.json beside itself.

Each program is a section of pyspark_api.txt, headed by `## name`. A program that ends in an exception is recorded with the exception's
class and message. With names of programs as arguments it records those alone. Run with PYTHONHASHSEED=0, which is what Databricks sets:
default seeds are `hash(class name)`.
"""

import contextlib
import io
import json
import os
import pathlib
import sys

from pyspark.sql import SparkSession

if os.environ.get("PYTHONHASHSEED") != "0":
    sys.exit("Run with PYTHONHASHSEED=0.")

HERE = pathlib.Path(__file__).parent
spark = (
    SparkSession.builder.master("local[8]")
    .config("spark.ui.enabled", "false")
    .config("spark.driver.memory", "2g")
    .config("spark.sql.session.timeZone", "UTC")
    .config("spark.sql.shuffle.partitions", "8")
    .getOrCreate()
)
spark.sparkContext.setLogLevel("OFF")


def programs():
    name, lines = None, []
    for line in (HERE / "pyspark_api.txt").read_text().splitlines():
        if line.startswith("## "):
            if name:
                yield name, "\n".join(lines).strip() + "\n"
            name, lines = line[3:], []
        else:
            lines.append(line)
    yield name, "\n".join(lines).strip() + "\n"


known = {}
if sys.argv[1:]:
    known = {program["name"]: program for program in json.loads((HERE / "pyspark_api.json").read_text())}
recorded = []
for name, source in programs():
    if sys.argv[1:] and name not in sys.argv[1:]:
        recorded.append(known[name])
        continue
    out, error = io.StringIO(), None
    with contextlib.redirect_stdout(out):
        try:
            exec(compile(source, name, "exec"), {"spark": spark, "sc": spark.sparkContext, "__name__": "__main__"})
        except BaseException as raised:
            error = {"class": type(raised).__name__, "message": str(raised).split("\n")[0]}
    recorded.append({"name": name, "source": source, "stdout": out.getvalue(), "error": error})

(HERE / "pyspark_api.json").write_text(json.dumps(recorded, indent=1) + "\n")

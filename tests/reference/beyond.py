"""Records what scikit-learn, imbalanced-learn, statsmodels and shap print for the programs in beyond/. Usage: python beyond.py

Needs a Python with scikit-learn 1.9, imbalanced-learn 0.14, statsmodels 0.15, shap 0.51, pandas 3 and PySpark 4.3.
A line `# --- name` begins a program; its output, and the class and message of the exception that ended it, go into beyond.json.
"""

import contextlib
import io
import json
import pathlib
import sys
import warnings

here = pathlib.Path(__file__).resolve().parent
# The programs of shap.py have no folder of that name beside them.
sys.path = [path for path in sys.path if pathlib.Path(path or ".").resolve() not in (here, here / "beyond")]
warnings.simplefilter("ignore")


def programs(path):
    name, lines = None, []
    for line in [*path.read_text().splitlines(), "# --- "]:
        if line.startswith("# --- "):
            if name:
                yield name, "\n".join(lines).strip("\n") + "\n"
            name, lines = line[6:].strip(), []
        else:
            lines.append(line)


def run(source):
    out, error = io.StringIO(), None
    try:
        with contextlib.redirect_stdout(out):
            exec(compile(source, "cell", "exec"), {"__name__": "__main__"})
    except Exception as exception:
        error = {"class": type(exception).__name__, "message": str(exception)}
    return {"source": source, "stdout": out.getvalue(), "error": error}


def main():
    output = here / "beyond.json"
    known = {(p["topic"], p["name"]): p for p in json.loads(output.read_text())} if output.exists() else {}
    wanted = sys.argv[1:]
    if not wanted or "shap" in wanted:
        from pyspark.sql import SparkSession

        options = {"spark.ui.enabled": "false", "spark.sql.session.timeZone": "UTC", "spark.driver.memory": "2g"}
        builder = SparkSession.builder.master("local[8]")
        for name, value in options.items():
            builder = builder.config(name, value)
        builder.getOrCreate().sparkContext.setLogLevel("ERROR")
    recorded = []
    for path in sorted((here / "beyond").glob("*.py")):
        for name, source in programs(path):
            old = known.get((path.stem, name))
            fresh = run(source) if not wanted or path.stem in wanted or old is None else old
            recorded.append({"topic": path.stem, "name": name, **{key: fresh[key] for key in ("source", "stdout", "error")}})
    output.write_text(json.dumps(recorded, indent=1, ensure_ascii=False) + "\n")
    print(len(recorded), "programs,", sum(p["error"] is not None for p in recorded), "of them end with an exception")


main()

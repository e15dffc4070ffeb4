"""Runs a cell program on real Spark and writes what it prints beside it. Usage: record.py [BEFORE.py …] PROGRAM.py, with pyspark 4.3 installed; the
programs before it are run as one with it."""

import contextlib
import io
import pathlib
import sys

from pyspark.sql import SparkSession

programs = [pathlib.Path(name) for name in sys.argv[1:]]
program = programs[-1]
datasets = pathlib.Path(__file__).parents[2] / "www" / "public" / "datasets"
spark = (
    SparkSession.builder.master("local[8]").config("spark.ui.enabled", "false").config("spark.sql.session.timeZone", "UTC").getOrCreate()
)
spark.sparkContext.setLogLevel("OFF")
source = "\n".join(program.read_text() for program in programs).replace('"/datasets/', f'"{datasets}/')
with contextlib.redirect_stdout(io.StringIO()) as printed:
    # In this module itself: a stage that was saved finds its class in __main__.
    exec(compile(source, str(program), "exec"), globals())
program.with_suffix(".txt").write_text(printed.getvalue())

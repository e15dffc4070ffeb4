"""Asks real PySpark to explain small frames, and writes what it prints to explain.json beside itself.

Identities of columns and plans are numbered anew in the order in which they appear, since each session has its own. Its files are in
/files, which it makes: Spark cuts long lines, so paths have to be as long as in Kindling.
"""

import contextlib
import io
import json
import pathlib
import re

from pyspark.sql import SparkSession

HERE = pathlib.Path(__file__).parent

FRAMES = '''
from pyspark.sql import functions as F, Window
df = spark.createDataFrame([(1, "a", 2.0), (2, "b", None), (None, "c", 3.0)], "id int, k string, v double")
d2 = spark.createDataFrame([("a", 10), ("b", 20)], "k string, w bigint")
df.createOrReplaceTempView("t")
'''

FILES = '''
(spark.range(6).selectExpr("cast(id as int) a", "cast(id as string) b", "id * 0.5D c", "date'2024-01-01' d", "id % 2 p")
    .createOrReplaceTempView("rows"))
spark.table("rows").write.mode("overwrite").parquet("/files/plain.parquet")
spark.table("rows").write.mode("overwrite").partitionBy("p").parquet("/files/parts.parquet")
spark.table("rows").write.mode("overwrite").option("header", True).csv("/files/plain.csv")
spark.table("rows").write.mode("overwrite").json("/files/plain.json")
par, folders = spark.read.parquet("/files/plain.parquet"), spark.read.parquet("/files/parts.parquet")
csv = spark.read.csv("/files/plain.csv", header=True, schema="a int, b string, c double, d date, p bigint")
json = spark.read.schema("a int, b string, c double").json("/files/plain.json")
'''

FILE_PROGRAMS = [
    'par.explain()',
    'par.select("a").explain()',
    'par.select("c", "a").explain()',
    'par.filter("a > 1").select("b").explain()',
    'par.filter("a > 1").select("b").explain("formatted")',
    'par.filter("a > 1 and b = \'x\' or c is null").explain()',
    'par.join(csv, ["a", "b"]).explain()',
    'par.filter("upper(b) = \'X\'").select("b").explain()',
    'par.select((F.col("a") + 1).alias("z"), "b").explain()',
    'par.groupBy("b").agg(F.sum("a")).explain()',
    'par.groupBy("b").agg(F.sum("a")).explain("formatted")',
    'par.groupBy("b").agg(F.avg("a"), F.count("*").alias("n"), F.max("c"), (F.min("a") + F.sum("c")).alias("z")).explain("formatted")',
    'par.agg(F.first("b"), F.stddev("c")).explain("formatted")',
    'par.select("a").distinct().explain("formatted")',
    'par.agg(F.count("*")).explain()',
    'par.orderBy("a").select("b").explain()',
    'par.limit(3).select("a").explain()',
    'par.join(csv, "a").select("a", csv.c).explain()',
    'par.filter("a in (1, 2) and d > date\'2024-01-01\'").select("d").explain()',
    'par.filter("b like \'x%\' and not a = 3").select("a").explain()',
    'par.filter("b like \'%x\' or b like \'%y%\'").select("a").explain()',
    'par.withColumn("r", F.row_number().over(Window.partitionBy("b").orderBy("a"))).select("b", "r").explain()',
    'folders.explain()',
    'folders.filter("p = 1").select("a").explain()',
    'folders.filter("p = 1 and a > 2").select("a", "p").explain("formatted")',
    'folders.groupBy("p").count().explain()',
    'csv.select("b").explain()',
    'csv.filter("c > 1.5").select("a").explain()',
    'csv.filter("c > 1.5").select("a").explain("formatted")',
    'csv.groupBy("b").count().explain()',
    'csv.agg(F.count("*")).explain()',
    'json.filter("a > 1").select("b").explain()',
    'json.select("c").explain()',
    'par.select("a").distinct().explain()',
    'par.dropDuplicates(["a"]).select("a", "b").explain()',
    'par.union(folders.select("a", "b", "c", "d", "a")).select("a").explain()',
    'par.select("a", "b").union(json.select("a", "b")).select("a").explain()',
    'par.select("a", F.explode(F.array("c")).alias("e")).explain()',
]

PROGRAMS = [
    'df.filter(F.col("id") > 1).select("k", (F.col("v") + 1).alias("z")).explain()',
    'df.filter(F.col("id") > 1).select("k", (F.col("v") + 1).alias("z")).explain(mode="formatted")',
    'df.filter(F.col("id") > 1).select("k", (F.col("v") + 1).alias("z")).explain(mode="cost")',
    'df.groupBy("k").agg(F.sum("v"), F.count("*")).explain()',
    'df.agg(F.count("*")).explain()',
    'df.join(d2, "k").explain()',
    'df.join(d2, "k", "left").filter("w > 5").explain()',
    'df.join(F.broadcast(d2), df.k == d2.k).explain()',
    'df.join(d2.hint("broadcast"), df.k == d2.k, "left").explain()',
    'df.join(d2, "k", "full").explain()',
    'df.crossJoin(d2).explain()',
    'df.orderBy(F.desc("v")).explain()',
    'df.limit(2).explain()',
    'df.orderBy("v").limit(2).explain()',
    'df.withColumn("r", F.row_number().over(Window.partitionBy("k").orderBy("v"))).explain()',
    'spark.range(100).filter("id % 2 = 0").select((F.col("id") * 2).alias("x")).explain()',
    'spark.range(100).filter("id % 2 = 0").select((F.col("id") * 2).alias("x")).explain("formatted")',
    'spark.range(100).repartition(4).explain()',
    'spark.range(100).repartition("id").explain()',
    'spark.range(100).repartition(3, "id").explain()',
    'spark.range(100).coalesce(1).explain()',
    'spark.range(100).sample(fraction=0.5, seed=3).explain()',
    'spark.range(100).join(spark.range(50), "id").explain()',
    'df.select(F.explode(F.array("id", "v"))).explain()',
    'df.withColumn("r", F.rand(3)).filter("r > 0.5").explain()',
    'df.filter(F.lit(1) == 1).filter("id > 1 + 1").explain()',
    'df.filter(F.lit(False)).explain()',
    'df.groupBy("k").agg(F.sum("v").alias("s")).filter("k = \'a\' and s > 1").explain()',
    'df.sortWithinPartitions("v").explain()',
    'df.select(F.when(F.col("id") > 1, "x").otherwise("y").alias("c"), F.col("v").cast("string"), F.upper("k"), F.lit(1)).explain()',
    'c = df.filter("id > 0").cache()\nc.groupBy("k").count().explain()',
    'df.select("id", "k").filter("id > 1").distinct().explain()',
    'df.groupBy("k").count().withColumn("r", F.rank().over(Window.partitionBy("k").orderBy("count"))).explain()',
]


def numbered(text):
    """The text with identities in the order of their first appearance."""
    ids, plans = {}, {}
    text = re.sub(r"#(\d+)", lambda m: f"#{ids.setdefault(m[1], len(ids))}", text)
    text = re.sub(r"plan_id=(\d+)", lambda m: f"plan_id={plans.setdefault(m[1], len(plans))}", text)
    return re.sub(r", MapPartitionsRDD.*", "", text)


spark = (
    SparkSession.builder.master("local[8]")
    .config("spark.ui.enabled", "false")
    .config("spark.driver.memory", "2g")
    .config("spark.sql.session.timeZone", "UTC")
    .getOrCreate()
)
spark.sparkContext.setLogLevel("OFF")


def explained(frames, programs):
    names, recorded = {"spark": spark}, []
    for source in programs:
        exec(frames, names)
        out = io.StringIO()
        with contextlib.redirect_stdout(out):
            exec(source, names)
        spark.catalog.clearCache()
        recorded.append({"source": source, "stdout": numbered(out.getvalue())})
    return {"frames": frames, "programs": recorded}


pathlib.Path("/files").mkdir(exist_ok=True)
record = {"values": explained(FRAMES, PROGRAMS), "files": explained(FRAMES + FILES, FILE_PROGRAMS)}
(HERE / "explain.json").write_text(json.dumps(record, indent=1) + "\n")

"""Asks real PySpark to explain small frames, and writes what it prints to explain.json beside itself.

Identities of columns and plans are numbered anew in the order in which they appear, since each session has its own.
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
names = {"spark": spark}
recorded = []
for source in PROGRAMS:
    exec(FRAMES, names)
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        exec(source, names)
    spark.catalog.clearCache()
    recorded.append({"source": source, "stdout": numbered(out.getvalue())})
(HERE / "explain.json").write_text(json.dumps({"frames": FRAMES, "programs": recorded}, indent=1) + "\n")

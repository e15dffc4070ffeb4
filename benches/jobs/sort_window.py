# Sorts and window functions over the 5,000,000 rows of the h2o db-benchmark's group-by table.
import time
from pyspark.sql import Window
from pyspark.sql import functions as F

ROWS = 5_000_000


def noise(factor, values):
    return F.shiftright((F.col("id") * factor) % 4294967296, 8) % values


t = (
    spark.range(0, ROWS, 1, 8)
    .select(
        F.concat(F.lit("id"), F.lpad((noise(2654435761, 100) + 1).cast("string"), 3, "0")).alias("id1"),
        (noise(2869860233, ROWS // 100) + 1).cast("int").alias("id6"),
        (noise(461845907, 13_107_199) / 131072.0).alias("v3"),
    )
    .cache()
)
t.count()

by_many, by_few = Window.partitionBy("id6").orderBy("v3"), Window.partitionBy("id1").orderBy("v3")
questions = {
    "sort by a double": lambda: t.orderBy("v3"),
    "sort by an int": lambda: t.orderBy("id6"),
    "sort by a text, a double": lambda: t.orderBy("id1", F.desc("v3")),
    "rank over 50,000": lambda: t.select("id6", "v3", F.rank().over(by_many).alias("r")),
    "lag over 50,000": lambda: t.select("id6", "v3", F.lag("v3").over(by_many).alias("l")),
    "running sum over 50,000": lambda: t.select("id6", "v3", F.sum("v3").over(by_many).alias("s")),
    "rank over 100": lambda: t.select("id1", "v3", F.rank().over(by_few).alias("r")),
}

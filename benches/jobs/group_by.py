# The ten group-by questions of the h2o db-benchmark over 5,000,000 rows, with the numbers of benches/peer.py.
import time
from pyspark.sql import Window
from pyspark.sql import functions as F

ROWS = 5_000_000


def noise(factor, values):
    return F.shiftright((F.col("id") * factor) % 4294967296, 8) % values


def name(column, width):
    return F.concat(F.lit("id"), F.lpad(column.cast("string"), width, "0"))


t = (
    spark.range(0, ROWS, 1, 8)
    .select(
        name(noise(2654435761, 100) + 1, 3).alias("id1"),
        name(noise(2246822519, 100) + 1, 3).alias("id2"),
        name(noise(3266489917, ROWS // 100) + 1, 10).alias("id3"),
        (noise(668265263, 100) + 1).cast("int").alias("id4"),
        (noise(374761393, 100) + 1).cast("int").alias("id5"),
        (noise(2869860233, ROWS // 100) + 1).cast("int").alias("id6"),
        (noise(1103515245, 5) + 1).cast("int").alias("v1"),
        (noise(3432918353, 15) + 1).cast("int").alias("v2"),
        (noise(461845907, 13_107_199) / 131072.0).alias("v3"),
    )
    .cache()
)
t.count()

two_largest = Window.partitionBy("id6").orderBy(F.desc("v3"))
questions = {
    "sum v1 by id1": lambda: t.groupBy("id1").agg(F.sum("v1")),
    "sum v1 by id1, id2": lambda: t.groupBy("id1", "id2").agg(F.sum("v1")),
    "sum v1, mean v3 by id3": lambda: t.groupBy("id3").agg(F.sum("v1"), F.avg("v3")),
    "mean v1, v2, v3 by id4": lambda: t.groupBy("id4").agg(F.avg("v1"), F.avg("v2"), F.avg("v3")),
    "sum v1, v2, v3 by id6": lambda: t.groupBy("id6").agg(F.sum("v1"), F.sum("v2"), F.sum("v3")),
    "median, sd v3 by id4, id5": lambda: t.groupBy("id4", "id5").agg(F.median("v3"), F.stddev("v3")),
    "max v1 - min v2 by id3": lambda: t.groupBy("id3").agg((F.max("v1") - F.min("v2")).alias("range")),
    "two largest v3 by id6": lambda: t.select("id6", "v3", F.row_number().over(two_largest).alias("n")).where("n <= 2"),
    "corr v1, v2 by id2, id4": lambda: t.groupBy("id2", "id4").agg(F.pow(F.corr("v1", "v2"), 2)),
    "sum v3, count by id1 … id6": lambda: t.groupBy("id1", "id2", "id3", "id4", "id5", "id6").agg(F.sum("v3"), F.count("*")),
}

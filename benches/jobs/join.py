# The five joins of the h2o db-benchmark: 5,000,000 rows with tables of 5, of 5,000 and of as many rows. Of its columns those that are joined on
# and one value a table, so that the browser's memory holds them.
import time
from pyspark.sql import functions as F

ROWS = 5_000_000


def noise(factor, values):
    return F.shiftright((F.col("id") * factor) % 4294967296, 8) % values


def table(rows):
    # Of each key's values a tenth is in one table only.
    return (
        spark.range(0, rows, 1, 8 if rows > 10_000 else 1)
        .select(
            (noise(2654435761, 5) + 1).cast("int").alias("id1"),
            (noise(2246822519, ROWS // 1000) + 1).cast("int").alias("id2"),
            (noise(3266489917, ROWS) + 1).cast("int").alias("id3"),
            F.concat(F.lit("id"), (noise(2246822519, ROWS // 1000) + 1).cast("string")).alias("id5"),
            (noise(461845907, 1000) / 8.0).alias("v1"),
        )
        .cache()
    )


def keys(rows, name, step):
    shifted = (F.col("id") * step + rows // 10).cast("int")
    return spark.range(0, rows, 1, 8 if rows > 10_000 else 1).select(
        shifted.alias(name), F.concat(F.lit("id"), shifted.cast("string")).alias("id5"), (F.col("id") % 1000 / 4.0).alias("v2")
    )


x = table(ROWS)
small = keys(5, "id1", 1).drop("id5").cache()
medium = keys(ROWS // 1000, "id2", 1).cache()
big = keys(ROWS, "id3", 1).drop("id5").cache()
for frame in (x, small, medium, big):
    frame.count()

questions = {
    "small, inner on an int": lambda: x.join(small, "id1"),
    "medium, inner on an int": lambda: x.join(medium.drop("id5"), "id2"),
    "medium, left on an int": lambda: x.join(medium.drop("id5"), "id2", "left"),
    "medium, inner on a text": lambda: x.join(medium.drop("id2"), "id5"),
    "big, inner on an int": lambda: x.join(big, "id3"),
}

# %% [markdown]
# # What rows know of their files
# The hidden column `_metadata`, and `input_file_name()` with its kin. Plain PySpark: real Spark runs it too.
# %%
import os
import tempfile

from pyspark.errors import AnalysisException
from pyspark.sql import Window
from pyspark.sql import functions as F

base = tempfile.mkdtemp()


def write(path, text):
    os.makedirs(os.path.dirname(base + "/" + path), exist_ok=True)
    with open(base + "/" + path, "w") as f:
        f.write(text)


def show(name, make):
    try:
        df = make()
        print(name, df.schema.simpleString())
        for row in df.collect():
            print("  ", *[str(value).replace(base, "BASE") for value in row])
    except AnalysisException as e:
        print(name, e.getCondition())


write("a/one x.csv", "n,t\n1,a\n2,b\n")
write("a/two.csv", "n,t\n3,c\n4,d\n5,e\n")
write("by/k=1/x.json", '{"n": 1}\n{"n": 2}\n')
write("by/k=2/y.json", '{"n": 3}\n')
csv = spark.read.csv(base + "/a", header=True, inferSchema=True)
again = spark.read.csv(base + "/a", header=True, inferSchema=True)
by = spark.read.json(base + "/by")
rows = spark.createDataFrame([(1, "q"), (3, "r")], ["n", "w"])
block = [F.input_file_name(), F.input_file_block_start(), F.input_file_block_length()]
print([path.replace(base, "BASE") for path in sorted(csv.inputFiles())])
# %%
show("functions", lambda: csv.select("n", *block))
show("folders", lambda: by.select("*", F.input_file_name().alias("f"), "_metadata.file_name", "_metadata.file_block_length"))
show("text", lambda: spark.read.text(base + "/a/two.csv").select("value", *block))
show("no file", lambda: rows.select("n", *block))
show("range", lambda: spark.range(1).select(*block))
show("sql", lambda: spark.sql("SELECT input_file_name(), input_file_block_start() s, input_file_block_length() l"))
show("repartition", lambda: csv.repartition(1).select("n", *block))
show("sort", lambda: csv.orderBy("n").select("n", F.input_file_name()))
show("sort within", lambda: csv.sortWithinPartitions("n").select("n", F.input_file_name()))
show("limit", lambda: csv.limit(2).select("n", F.input_file_name()))
show("coalesce", lambda: csv.coalesce(1).select("n", F.input_file_name()))
show("sample", lambda: csv.sample(1.0, seed=1).select("n", F.input_file_name()))
show("filter", lambda: csv.filter(F.input_file_name().endswith("two.csv")))
show("filtered", lambda: csv.filter("n > 2").select("n", F.input_file_name()))
show("column", lambda: csv.withColumn("f", F.input_file_name()).repartition(1).filter("n = 4"))
show("group", lambda: csv.groupBy(F.input_file_name().alias("f")).count().orderBy("f"))
show("after a group", lambda: csv.groupBy("n").count().select("n", F.input_file_name()).orderBy("n"))
show("union", lambda: csv.union(rows).select("n", *block))
show("explode", lambda: csv.select("n", F.explode(F.array(F.lit(1), F.lit(2)))).filter("n > 4").select("n", F.input_file_name()))
show("window", lambda: csv.select("n", F.row_number().over(Window.orderBy("n")).alias("r"), F.input_file_name()))
show("join", lambda: csv.join(rows, "n").select("n", F.input_file_name()).orderBy("n"))
show("broadcast", lambda: csv.join(F.broadcast(rows), "n").select("n", F.input_file_name()))
show("broadcast the files", lambda: rows.join(F.broadcast(csv), "n").select("n", F.input_file_name()))
show("join of files", lambda: csv.join(again, "n").select("n", F.input_file_name()))
show("join filtered", lambda: csv.join(again, "n").filter(F.input_file_name() == ""))
csv.cache()
show("cached", lambda: csv.select("n", F.input_file_name()))
show("cached column", lambda: csv.select("n", "_metadata.file_name"))
csv.unpersist()
# %%
print(csv.columns, csv.select("_metadata").schema.json())
show("metadata", lambda: csv.select("n", "_metadata.file_path", "_metadata.file_name", "_metadata.file_size", "_metadata.file_block_start", "_metadata.file_block_length"))
show("member of the struct", lambda: csv.select("n", csv["_metadata"]["file_name"], F.col("_metadata").getField("file_size")))
show("time", lambda: csv.select((F.col("_metadata.file_modification_time") <= F.current_timestamp()).alias("c")).distinct())
show("all and more", lambda: csv.select("*", "_metadata.file_size"))
show("with a column", lambda: csv.withColumn("f", F.col("_metadata.file_name")))
show("filter on it", lambda: csv.filter("_metadata.file_name = 'two.csv' and n > 3"))
show("filter after a select", lambda: csv.select("n").filter(F.col("_metadata.file_size") > 12))
show("select after a select", lambda: csv.withColumn("z", F.lit(1)).select("z", "_metadata.file_name"))
show("order by it", lambda: csv.orderBy(F.desc("_metadata.file_name"), "n"))
show("shuffled", lambda: csv.repartition(1).select("n", "_metadata.file_name"))
show("limited", lambda: csv.limit(2).select("n", "_metadata.file_name"))
show("grouped by it", lambda: csv.groupBy("_metadata.file_name").agg(F.sum("n"), F.max("_metadata.file_size")).orderBy("file_name"))
show("aggregated", lambda: csv.agg(F.max("_metadata.file_name"), F.count("*")))
show("within a window", lambda: csv.select("n", F.row_number().over(Window.partitionBy("_metadata.file_name").orderBy("n")).alias("r")))
show("an alias", lambda: csv.alias("q").select("q.n", "q._metadata.file_name"))
show("after a group", lambda: csv.groupBy("n").count().select("n", "_metadata"))
show("after a union", lambda: csv.union(csv).select("n", "_metadata"))
show("after a join", lambda: csv.join(rows, "n").select("n", "_metadata.file_name"))
show("of no file", lambda: rows.select("_metadata"))
show("no such member", lambda: csv.select("_metadata.nope"))
show("dropped", lambda: csv.drop("_metadata"))
# %%
csv.orderBy("n").coalesce(1).write.parquet(base + "/parquet")
parquet = spark.read.parquet(base + "/parquet")
print(parquet.select("_metadata.*").columns)
show("rows have numbers", lambda: parquet.select("n", "_metadata.row_index"))
show("also where others are left out", lambda: parquet.filter("n > 3").select("t", "_metadata.row_index"))
show("and filters may ask for them", lambda: parquet.filter("_metadata.row_index < 2").select("n"))
csv.write.saveAsTable("file_columns_table")
show("a table", lambda: spark.sql("SELECT n, _metadata.file_size > 0 AS s FROM file_columns_table ORDER BY n"))
spark.sql("DROP TABLE file_columns_table")

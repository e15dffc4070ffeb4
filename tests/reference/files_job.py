# %% [markdown]
# # Files
# Write a frame in every format, read it back, save tables. Plain PySpark: real Spark runs it too.
# %%
import os
import tempfile

from pyspark.errors import AnalysisException
from pyspark.ml.feature import VectorAssembler
from pyspark.sql import functions as F
from pyspark.sql.types import IntegerType, StringType, StructField, StructType

base = tempfile.mkdtemp()
penguins = spark.read.option("header", True).option("inferSchema", "true").option("nullValue", "NA").csv("/datasets/penguins.csv")
small = penguins.select("species", "island", "body_mass_g").orderBy("body_mass_g", "species").limit(6)
# %%
small.coalesce(1).write.json(base + "/json")
small.coalesce(1).write.csv(path=base + "/csv", header=True, mode="overwrite")
small.coalesce(1).write.parquet(base + "/parquet", compression="gzip")
small.coalesce(1).select("species").write.text(base + "/text", lineSep="|")
for name in ["json", "csv", "parquet", "text"]:
    parts = [f for f in os.listdir(base + "/" + name) if f.startswith("part-")]
    print(name, len(parts), parts[0].split("-c000")[1], "_SUCCESS" in os.listdir(base + "/" + name))
spark.read.json(base + "/json").show()
spark.read.csv(base + "/csv", header=True, schema="species STRING, island STRING, body_mass_g DOUBLE").printSchema()
spark.read.parquet(base + "/parquet").orderBy("body_mass_g", "island").show()
print([row.value for row in spark.read.text(base + "/text", lineSep="|").collect()])
print(spark.read.text([base + "/text"], wholetext=True).count(), len(spark.read.load(base + "/parquet").inputFiles()))
# %%
for mode in ["error", "ignore", "append", "overwrite"]:
    try:
        small.limit(2).write.mode(mode).format("json").save(base + "/json")
    except AnalysisException as e:
        print(e.getCondition())
    print(mode, spark.read.format("json").load(base + "/json").count())
# %%
penguins.write.partitionBy("species", "island").option("header", True).csv(base + "/by")
print(sorted(f for f in os.listdir(base + "/by") if "=" in f))
by = spark.read.csv(base + "/by", header=True, inferSchema=True)
print(by.columns[-2:], by.count())
by.groupBy("species", "island").count().orderBy("species", "island").show()
print(spark.read.csv(base + "/by/species=Adelie", header=True).columns[-1])
print(spark.read.option("basePath", base + "/by").csv(base + "/by/species=A*", header=True).columns[-2:])
# %%
schema = StructType([StructField("a", IntegerType()), StructField("_corrupt_record", StringType())])
with open(base + "/bad.json", "w") as f:
    f.write('{"a": 1}\n{"a": "x"}\nnothing\n')
spark.read.schema(schema).json(base + "/bad.json").show(truncate=False)
print(spark.read.schema("a INT").json(base + "/bad.json", mode="DROPMALFORMED").collect())
# %%
vectors = VectorAssembler(inputCols=["body_mass_g"], outputCol="v").transform(small.dropna())
vectors.write.save(base + "/vectors")
again = spark.read.load(base + "/vectors")
print(again.schema["v"].dataType, again.orderBy("body_mass_g").first().v)
# %%
small.write.saveAsTable("small_penguins")
small.limit(1).write.insertInto("small_penguins")
small.limit(1).write.mode("append").saveAsTable("small_penguins")
print(spark.table("small_penguins").count(), spark.read.table("default.small_penguins").columns, spark.catalog.tableExists("small_penguins"))
print([(t.name, t.tableType, t.isTemporary) for t in spark.catalog.listTables()])
try:
    small.write.saveAsTable("small_penguins")
except AnalysisException as e:
    print(e.getCondition())
small.write.mode("overwrite").partitionBy("island").format("json").saveAsTable("small_penguins")
print(spark.table("small_penguins").columns, spark.table("small_penguins").count())
spark.catalog.dropTable("small_penguins")
print(spark.catalog.tableExists("small_penguins"))

# %% [markdown]
# # Times of the day
# Plain PySpark: real Spark runs it too.
# %%
import datetime

from pyspark.errors import PySparkTypeError
from pyspark.sql import Row
from pyspark.sql import functions as F
from pyspark.sql.types import StructType, TimeType

T = datetime.time
rows = [(T(12, 30, 0, 500), 1), (None, 2), (T(23, 59, 59, 999999), 3), (T(0, 0), 4)]
df = spark.createDataFrame(rows, ["t", "k"])
print(spark.conf.get("spark.sql.timeType.enabled"), df.dtypes, df)
df.show()
df.printSchema()
print(df.collect())
print(df.schema.json())
# %%
print(TimeType(), repr(TimeType(3)), TimeType().simpleString(), TimeType(0).json(), TimeType().typeName(), TimeType(9).precision)
print(TimeType() == TimeType(6), TimeType(3) == TimeType(6), StructType.fromDDL("a time, b time(3), c array<time(0)>"))
print(StructType.fromJson({"type": "struct", "fields": [{"name": "a", "type": "time(3)", "nullable": True, "metadata": {}}]}))
print(spark.createDataFrame(rows, "t time(3), k int").dtypes)
print(spark.createDataFrame([Row(t=T(1, 2, 3), xs=[T(4)], m={"k": T(5, 6)})]).collect())
print(spark.createDataFrame([(T(1, 2, tzinfo=datetime.timezone.utc),)], ["t"]).collect())
for bad, schema in [("1:00", "t time"), (5, "t time(3)"), (datetime.datetime(2020, 1, 1), "t time")]:
    try:
        spark.createDataFrame([(bad,)], schema)
    except PySparkTypeError as error:
        print(error)
# %%
# What waits for the setting.
for make in [
    lambda: df.select(F.hour("t")),
    lambda: df.select(F.lit("1:00").cast("time")),
    lambda: df.select(F.make_time(F.lit(1), F.lit(2), F.lit(3))),
    lambda: df.select(F.col("t") - F.col("t")),
    lambda: df.write.mode("overwrite").parquet("/tmp/times/off"),
    lambda: df.write.mode("overwrite").csv("/tmp/times/off"),
]:
    try:
        make()
        print("made")
    except Exception as error:
        print(type(error).__name__, error.getCondition())
# %%
spark.conf.set("spark.sql.timeType.enabled", True)
print(spark.range(1).select(F.lit(T(1, 2, 3, 4)), F.lit(T(1)).alias("x")).schema)
print(df.filter(F.col("t") > T(12)).collect())
print([r.k for r in df.orderBy("t").collect()], [r.k for r in df.orderBy(F.desc("t")).collect()])
df.groupBy("t").count().orderBy("t").show()
df.join(df.select("t", F.lit("x").alias("y")), "t").orderBy("k").show()
df.agg(F.min("t"), F.max("t"), F.count("t"), F.countDistinct("t"), F.median("t"), F.percentile("t", 0.25)).show(truncate=False)
df.select("k", F.hash("t"), F.xxhash64("t")).orderBy("k").show()
df.describe().show()
print(df.distinct().count(), df.dropDuplicates(["t"]).count(), df.union(df).count(), df.na.drop().count())
print(df.toPandas())
print(df.toPandas().dtypes.to_dict())
print(spark.createDataFrame(df.toPandas()).dtypes)
print(spark.sql("SELECT :a AS a", args={"a": T(7, 8)}).collect())
df.select(F.col("t").cast("string"), F.col("t").cast("int").alias("i"), F.col("t").cast("decimal(14,6)").alias("d")).show()
df.select(F.make_timestamp_ntz(date=F.lit(datetime.date(2020, 1, 2)), time=F.col("t")).alias("at")).show(truncate=False)
df.select(F.make_timestamp(date=F.lit(datetime.date(2020, 1, 2)), time="t", timezone=F.lit("CET")).alias("at")).show(truncate=False)
df.select(F.try_make_timestamp(date=F.lit(datetime.date(2020, 1, 2)), time="t").alias("at")).show(truncate=False)
df.select(F.to_json(F.struct("t"), {"timeFormat": "HH-mm"}).alias("j"), F.date_format("t", "HH:mm").alias("f")).show()
print(spark.range(1).select(F.current_time(), F.current_time(3)).dtypes)
# %%
print(df.filter(F.col("t").isin(T(0), T(1))).collect(), df.filter(F.col("t").between(T(0), T(13))).count())
one = df.filter("k = 1").withColumn("u", F.lit(T(14, 31, 1, 5000)))
for column in [
    F.make_time(F.lit(1), F.lit(2), F.lit(3.5)),
    F.time_diff(F.lit("hour"), "t", "u"),
    F.time_trunc(F.lit("minute"), "u"),
    F.to_time(F.lit("1:00")),
    F.to_time(F.lit("1.30"), F.lit("H.mm")),
    F.try_to_time(F.lit("x"), F.lit("H:mm")),
    F.time_from_seconds(F.lit(1.5)),
    F.time_from_millis(F.lit(1)),
    F.time_from_micros(F.lit(1)),
    F.time_to_seconds("u"),
    F.time_to_millis("u"),
    F.time_to_micros("u"),
    F.hour("t"),
    F.minute("u"),
    F.second("u"),
    F.extract(F.lit("second"), "u"),
    F.date_part(F.lit("hour"), "u"),
    F.col("t") + F.expr("interval 1 hour"),
    F.col("u") - F.col("t"),
    F.col("t").cast("time(3)"),
    F.col("t").cast(TimeType(0)),
    F.lit("12:34:56").cast("time"),
    F.lit("x").try_cast("time"),
    F.col("t") == "12:30:00.0005",
]:
    made = one.select(column)
    print(made.schema.fields[0].simpleString(), made.schema.fields[0].nullable, made.collect())
# %%
whole = spark.sql(
    "SELECT cast('12:30:00.123456' as time(3)) t, cast('1:2:3' as time(0)) u, array(time'1:00:00') a, map('k', time'2:00:00.5') m, "
    "named_struct('x', time'3:00:00.123456') s, cast('1:02:03.123456789' as time(9)) n"
)
whole.printSchema()
whole.show(truncate=False)
print(whole.collect())
whole.write.mode("overwrite").parquet("/tmp/times/parquet")
again = spark.read.parquet("/tmp/times/parquet")
print(again.dtypes, again.collect() == whole.collect())
again.show(truncate=False)
print(spark.read.parquet("/tmp/times/parquet").filter(F.col("t") > T(13)).count())
df.coalesce(1).write.mode("overwrite").csv("/tmp/times/csv", header=True)
spark.read.text("/tmp/times/csv").show(truncate=False)
print(spark.read.csv("/tmp/times/csv", header=True, inferSchema=True).dtypes)
print(spark.read.schema("t time, k int").csv("/tmp/times/csv", header=True).collect())
df.coalesce(1).write.mode("overwrite").json("/tmp/times/json")
spark.read.text("/tmp/times/json").show(truncate=False)
print(spark.read.json("/tmp/times/json").dtypes)
print(spark.read.schema("t time(3), k int").json("/tmp/times/json").collect())
try:
    df.select("t").write.mode("overwrite").text("/tmp/times/text")
except Exception as error:
    print(error.getCondition())
df.write.mode("overwrite").partitionBy("t").json("/tmp/times/parts")
print(sorted(spark.read.schema("k int, t time").json("/tmp/times/parts").collect(), key=lambda r: r.k))
spark.conf.set("spark.sql.timeType.enabled", False)

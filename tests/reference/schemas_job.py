# %% [markdown]
# # Which types rows and files may have
# CHAR and VARCHAR in schemas, TIME switched off and in Python functions, variants in CSV, `_metadata` behind views. Plain PySpark: real
# Spark runs it too.
# %%
import datetime

from pyspark.sql import functions as F
from pyspark.sql.types import CharType, StringType, StructField, StructType, TimeType, VarcharType


def ask(name, what):
    try:
        print(name, what())
    except Exception as error:
        condition = error.getCondition() if hasattr(error, "getCondition") else None
        print(name, "refused:", condition or ("INTERNAL_ERROR" if "INTERNAL_ERROR" in str(error) else type(error).__name__))


def lines(path, *texts):
    spark.createDataFrame([(text,) for text in texts], "t string").coalesce(1).write.mode("overwrite").text(path)
    return path


# %%
widths = StructType([StructField("a", CharType(3)), StructField("b", VarcharType(2))])
csv = lines("/tmp/schemas_csv", "abcd,bcde", "q,r")
texts = spark.createDataFrame([('{"a": "wxyz", "b": "xyz"}',)], ["j"])
for setting in ["false", "true"]:
    spark.conf.set("spark.sql.legacy.charVarcharAsString", setting)
    ask("rows", lambda: spark.createDataFrame([("a", "b")], widths).schema)
    ask("rows by text", lambda: spark.createDataFrame([("a", "b")], "a char(3), b string").schema)
    ask("rows of one", lambda: spark.createDataFrame(["a"], "varchar(3)").schema)
    ask("nested rows", lambda: spark.createDataFrame([(["a"],)], "a array<char(3)>").schema)
    ask("reader", lambda: spark.read.schema(widths).csv(csv).orderBy("a").collect())
    ask("reader by text", lambda: spark.read.schema("a char(3), b varchar(2)").csv(csv).schema)
    ask("from_json", lambda: texts.select(F.from_json("j", widths)).collect())
    ask("from_json by text", lambda: texts.select(F.from_json("j", "a char(3), b varchar(2)")).collect())
    ask("from_csv", lambda: texts.select(F.from_csv(F.lit("abcd,bcde"), "a char(3), b varchar(2)").alias("c")).collect())
    ask("to", lambda: texts.to(StructType([StructField("j", VarcharType(3))])).schema)
    ask("cast", lambda: texts.select(F.col("j").cast("char(3)")).collect())
spark.conf.unset("spark.sql.legacy.charVarcharAsString")
# %%
spark.conf.set("spark.sql.timeType.enabled", "true")
times = spark.sql("SELECT * FROM VALUES (TIME'10:00:00', 1), (TIME'23:59:59.123456', 2), (NULL, 3) AS v(t, a)")
shown = F.udf(lambda *values: repr(values), useArrow=False)
ask("function", lambda: times.select(shown("t").alias("x")).collect())
ask("of an array", lambda: times.select(shown(F.array("t", "t")).alias("x")).collect())
ask("of a struct", lambda: times.select(shown(F.struct("t", "a")).alias("x")).collect())
ask("of a map", lambda: times.select(shown(F.create_map("a", "t")).alias("x")).collect())
later = F.udf(lambda t: t and t.replace(hour=3), "time", useArrow=False)
ask("giving one", lambda: times.select(later("t").alias("x")).collect())
ask("giving several", lambda: times.select(F.udf(lambda t: [t, None], "array<time>", useArrow=False)("t").alias("x")).collect())
ask("giving a map", lambda: times.select(F.udf(lambda t: {"a": t}, "map<string,time>", useArrow=False)("t").alias("x")).collect())
ask("kept", lambda: times.filter(F.udf(lambda t: t is not None, "boolean", useArrow=False)("t")).select("a").collect())
spark.conf.set("spark.sql.timeType.enabled", "false")
first = times.filter("a = 1")
ask("lit", lambda: spark.range(1).select(F.lit(datetime.time(1, 2, 3)).alias("t")).collect())
ask("isin", lambda: first.select(F.col("t").isin(datetime.time(1, 2)).alias("x")).collect())
ask("groupBy", lambda: first.groupBy("a"))
ask("groupBy.count", lambda: first.groupBy("a").count().collect())
ask("without times", lambda: first.select("a").groupBy("a").count().collect())
ask("rollup", lambda: first.rollup("a").count().collect())
ask("cube", lambda: first.cube("a").agg(F.max("a")).collect())
ask("count", lambda: first.count())
ask("within", lambda: first.select(F.array("t").alias("x")).count())
ask("agg", lambda: first.agg(F.max("t")).collect())
ask("distinct", lambda: first.distinct().collect())
ask("describe", lambda: first.describe("a").collect()[0])
ask("crosstab", lambda: first.crosstab("a", "a").collect())
first.createOrReplaceTempView("some_times")
ask("SQL", lambda: spark.sql("SELECT t, count(*) AS n FROM some_times GROUP BY t").collect())
spark.catalog.dropTempView("some_times")
spark.conf.unset("spark.sql.timeType.enabled")
# %%
made = lines("/tmp/schemas_variant", "a,b,c", "1,xy,2024-01-02", "2.5,,true", '"q, r",null,1e3', "-1,2024-01-02 03:04:05,99999999999999999999", "7", "8,9,10,11")


def plain(rows):
    return [tuple(v if v is None or isinstance(v, str) else v.toJson() for v in row) for row in rows]


reader = lambda: spark.read.option("header", True)
single = lambda: reader().option("singleVariantColumn", "v")
ask("single", lambda: plain(single().csv(made).collect()))
ask("single types", lambda: single().csv(made).selectExpr("schema_of_variant(v) AS t").collect())
ask("no header", lambda: plain(spark.read.option("singleVariantColumn", "v").csv(made).collect()))
ask("schema", lambda: single().csv(made).schema)
ask("bad ones", lambda: plain(single().schema("v variant, _corrupt_record string").csv(made).collect()))
ask("dropped", lambda: plain(single().option("mode", "DROPMALFORMED").csv(made).collect()))
ask("count", lambda: single().csv(made).count())
ask("another schema", lambda: single().schema("a int").csv(made).schema)
ask("another name", lambda: single().schema("w variant").csv(made).schema)
ask("columns", lambda: plain(reader().schema("a variant, b variant, c variant").csv(made).collect()))
ask("options", lambda: plain(reader().schema("a variant, b variant, c variant").option("nullValue", "null").option("preferDate", False).csv(made).collect()))
ask("array", lambda: reader().schema("a array<variant>").csv(made).schema)
ask("writing", lambda: spark.sql("SELECT parse_json('[1]') AS v").write.mode("overwrite").csv("/tmp/schemas_out"))
spark.conf.set("spark.sql.session.timeZone", "America/New_York")
moments = spark.sql("SELECT to_variant_object(struct(timestamp'2024-07-01 12:00:00' AS t, timestamp_ntz'2024-07-01 12:00:00.5' AS n)) AS v, timestamp'2024-07-01 12:00:00.123' AS t")
for options in [{}, {"timeZone": "Asia/Tokyo"}, {"timestampFormat": "yyyy"}]:
    moments.coalesce(1).write.mode("overwrite").options(**options).json("/tmp/schemas_json")
    print([row.value for row in spark.read.text("/tmp/schemas_json").collect()])
print(moments.select(F.to_json(F.struct("v")), F.to_json(F.struct("v"), {"timeZone": "Asia/Tokyo"})).collect())
spark.conf.unset("spark.sql.session.timeZone")
# %%
files = spark.read.schema("a string, b string").csv(csv)
files.createOrReplaceTempView("some_files")
ask("frame", lambda: files.select("_metadata.file_size").distinct().count())
ask("view", lambda: spark.sql("SELECT _metadata.file_name FROM some_files").collect())
ask("table", lambda: spark.table("some_files").select("_metadata.file_name").collect())
ask("filter", lambda: spark.table("some_files").filter("_metadata.file_size > 0").count())
ask("alias", lambda: files.alias("q").select("q._metadata.file_size").count())
ask("columns", lambda: spark.table("some_files").select("some_files.a", "b").orderBy("a").collect())
ask("name", lambda: spark.sql("SELECT input_file_name() <> '' AS n FROM some_files").collect())
files.select("*", "_metadata").createOrReplaceTempView("with_metadata")
ask("kept", lambda: spark.sql("SELECT _metadata.file_size > 0 AS n FROM with_metadata").collect())
spark.sql("DROP TABLE IF EXISTS schemas_table")
spark.sql("CREATE TABLE schemas_table USING parquet AS SELECT 1 AS a")
spark.sql("CREATE OR REPLACE VIEW schemas_view AS SELECT * FROM schemas_table")
ask("saved table", lambda: spark.sql("SELECT _metadata.file_size > 0 AS n FROM schemas_table").collect())
ask("saved view", lambda: spark.sql("SELECT _metadata.file_size > 0 AS n FROM schemas_view").collect())
spark.sql("DROP VIEW schemas_view")
spark.sql("DROP TABLE schemas_table")
ask("cached", lambda: (spark.catalog.cacheTable("some_files"), spark.catalog.isCached("some_files"), spark.catalog.uncacheTable("some_files"))[1])
spark.catalog.dropTempView("some_files")
spark.catalog.dropTempView("with_metadata")

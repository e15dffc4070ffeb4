# %% [markdown]
# # Rows of texts, zones of files, counters
# `spark.read` over frames of texts, the option `timeZone`, `counter_diff`. Plain PySpark: real Spark runs it too.
# %%
import os
import tempfile

from pyspark.errors import PySparkException
from pyspark.sql import Window
from pyspark.sql import functions as F

base = tempfile.mkdtemp()


def show(name, make):
    try:
        df = make()
        print(name, df.schema.simpleString() if hasattr(df, "schema") else "")
        for row in df.collect() if hasattr(df, "schema") else df:
            print("  ", *row)
    except PySparkException as e:
        print(name, type(e).__name__, e.getCondition())


def texts(*rows):
    return spark.createDataFrame([(row,) for row in rows], "s string")


# %%
records = ['{"a": 1}', "", None, "  ", '{\n"a":\n2}', '[{"a": 3}, {"a": 4}]']
show("json", lambda: spark.read.json(texts(*records, "nothing")))
show("json by a schema", lambda: spark.read.schema("a INT").json(texts(*records)))
show("json without bad ones", lambda: spark.read.json(texts('{"a": 1}', "x"), mode="DROPMALFORMED"))
show("json of an rdd", lambda: spark.read.json(spark.sparkContext.parallelize(['{"a": 1}', '{"a": "x"}'])))
show("json of no rows", lambda: spark.read.json(texts()))
show("csv", lambda: spark.read.csv(texts("a,b", "", None, "  ", "1,2", '"x\ny",3', "a,b", "4"), header=True))
show("csv by a schema", lambda: spark.read.csv(texts("a,b", "1,2", "1,x"), schema="p INT, q INT"))
show("csv inferred", lambda: spark.read.csv(texts("a,b", "1,2.5"), header=True, inferSchema=True))
show("csv of an rdd", lambda: spark.read.csv(spark.sparkContext.parallelize(["1,2", "3,4"]), multiLine=True))
show("two columns", lambda: spark.read.json(spark.createDataFrame([("a", "b")], ["s", "t"])))
show("no texts", lambda: spark.read.csv(spark.range(2)))
show("neither", lambda: spark.read.json(5))
# %%
with open(base + "/a.csv", "w") as f:
    f.write("2024-07-01 12:00:00\n2024-07-01T12:00:00Z\n2024-07-01T12:00:00+01:00\n01/02/2024 10:00\n2024-03-31 02:30:00\n")
with open(base + "/a.json", "w") as f:
    f.write('{"t":"2024-07-01 12:00:00"}\n{"t":"2024-07-01T12:00:00Z"}\n{"t":"01/02/2024 10:00"}\n{"t":5}\n')
OPTIONS = [
    {},
    {"timeZone": "Europe/Berlin"},
    {"timeZone": "+05:30"},
    {"timeZone": "PST"},
    {"timeZone": "GMT+2"},
    {"timeZone": "Nope"},
    {"timeZone": ""},
    {"timeZone": "Europe/Berlin", "timestampFormat": "dd/MM/yyyy HH:mm"},
    {"timeZone": "America/New_York", "timestampFormat": "yyyy-MM-dd HH:mm:ss"},
    {"timeZone": "Europe/Berlin", "timestampFormat": "yyyy-MM-dd'T'HH:mm:ss[XXX]"},
]
times = spark.sql(
    "SELECT timestamp'2024-07-01 12:00:00.5' t, timestamp_ntz'2024-07-01 12:00:00' n, date'2024-07-01' d "
    "UNION ALL SELECT timestamp'1900-01-01 00:00:00', null, null"
)


def written(format, options):
    times.coalesce(1).write.mode("overwrite").options(**options).format(format).save(base + "/out")
    parts = sorted(name for name in os.listdir(base + "/out") if name.startswith("part-"))
    return [[open(base + "/out/" + name).read()] for name in parts]


for zone in ["UTC", "Asia/Tokyo"]:
    spark.conf.set("spark.sql.session.timeZone", zone)
    for options in OPTIONS:
        reader = spark.read.options(**options).schema("t TIMESTAMP")
        show(f"csv {zone} {options}", lambda: reader.csv(base + "/a.csv").selectExpr("CAST(t AS STRING)"))
        show(f"json {zone} {options}", lambda: reader.json(base + "/a.json").selectExpr("CAST(t AS STRING)"))
        show(f"as csv {zone} {options}", lambda: written("csv", options))
        show(f"as json {zone} {options}", lambda: written("json", options))
    show("within", lambda: spark.sql(
        """SELECT to_json(struct(timestamp'2024-07-01 12:00:00' t)) a,
        to_json(struct(timestamp'2024-07-01 12:00:00' t), map('timeZone', 'Europe/Berlin')) b,
        to_csv(struct(timestamp'2024-07-01 12:00:00' t)) c,
        cast(from_json('{"t":"2024-07-01 12:00:00"}', 't timestamp').t as string) d,
        cast(from_json('{"t":"2024-07-01 12:00:00"}', 't timestamp', map('timeZone', 'Europe/Berlin')).t as string) e,
        cast(from_csv('2024-07-01 12:00:00', 't timestamp').t as string) f"""))
spark.conf.set("spark.sql.session.timeZone", "UTC")
# %%
counts = spark.createDataFrame([(1, 1, 10), (1, 2, 15), (1, 3, None), (1, 4, 40), (1, 5, 5), (1, 6, 6), (2, 1, 7), (2, 2, None), (2, 3, 9)], "k int, o int, c int")
counts.createOrReplaceTempView("counts")
by = Window.partitionBy("k").orderBy("o")
show("counter_diff", lambda: counts.select("k", "o", "c", F.counter_diff("c").over(by)))
show("with a null start", lambda: counts.select(F.counter_diff("c", F.lit(None).cast("timestamp")).over(by)))
for kind in ["tinyint", "smallint", "bigint", "float", "double", "decimal(10,2)", "decimal(38,0)", "string", "boolean"]:
    show(kind, lambda: spark.sql(f"SELECT counter_diff(CAST(c AS {kind})) OVER (PARTITION BY k ORDER BY o) d FROM counts WHERE c IS NULL OR c < 20"))
starts = [("2024-01-01", 1), ("2024-01-01", 5), ("2024-01-02", 9), (None, 11), ("2024-01-02", 12), ("2025-01-02", None), ("2024-01-02", 20)]
rows = ", ".join(f"({i}, CAST({c or 'NULL'} AS INT), CAST({s and repr(s) or 'NULL'} AS TIMESTAMP))" for i, (s, c) in enumerate(starts))
show("starts", lambda: spark.sql(f"SELECT o, c, counter_diff(c, s) OVER (ORDER BY o) FROM VALUES {rows} t(o, c, s)"))
for values, call in [
    ("(1, -1)", "counter_diff(c)"),
    ("(1, 1), (2, -1.5)", "counter_diff(c)"),
    ("(1, double('nan')), (2, 1d), (3, double('inf')), (4, double('inf')), (5, -0d)", "counter_diff(c)"),
    ("(1, 2147483647), (2, 1), (3, 2147483647)", "counter_diff(c)"),
    ("(1, 1), (2, 5)", "counter_diff(c, timestamp_ntz'2024-01-03' - make_interval(0, 0, 0, o))"),
    ("(1, 1), (2, 5)", "counter_diff(c, timestamp_ntz'2024-01-03' + make_interval(0, 0, 0, o))"),
    ("(1, 1), (2, 5)", "counter_diff(c, date'2024-01-03')"),
    ("(1, 1), (2, 5)", "counter_diff(c, o, o)"),
    ("(1, 1), (2, 5)", "counter_diff(null)"),
]:
    show(f"{call} of {values}", lambda: spark.sql(f"SELECT {call} OVER (ORDER BY o) d FROM VALUES {values} t(o, c)"))
show("no window", lambda: spark.sql("SELECT counter_diff(c) FROM counts"))
show("no order", lambda: spark.sql("SELECT counter_diff(c) OVER (PARTITION BY k) FROM counts"))
show("current_path", lambda: spark.sql("SELECT current_path()").union(spark.range(1).select(F.current_path())))

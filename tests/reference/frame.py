"""What real Spark 4 answers to frames of every kind: writes frame.json beside itself, for the tests in src/frame."""
import json
import pathlib

from pyspark.sql import SparkSession
from pyspark.sql import functions as F
from pyspark.sql import types as T
from pyspark.ml.linalg import Vectors

spark = (SparkSession.builder.master("local[8]").config("spark.sql.session.timeZone", "UTC")
         .config("spark.ui.enabled", "false").config("spark.driver.memory", "2g").config("spark.ui.showConsoleProgress", "false").getOrCreate())
spark.sparkContext.setLogLevel("OFF")
out = {}


def table(name, df):
    out[name] = df._jdf.showString(2000, 0, False)


def lengths(name, df):
    out[name] = df.rdd.glom().map(len).collect()


nan = float("nan")
people = spark.createDataFrame(
    [("Ann", "it", 34, 1200.5), ("Bob", "hr", 45, 800.0), ("Cid", "it", None, 2100.25), ("Dee", None, 29, nan), ("Eve", "hr", 29, None),
     ("Fay", "ops", 61, 55.0), ("Gus", "it", 34, -3.5), ("Hal", "ops", None, 0.0), (None, "it", 18, 1e7), ("Ida", "law", 51, 1e-4),
     ("Jan", "law", 51, 310.0), ("Kim", "hr", 22, 99.99)], "name string, dept string, age long, salary double")
numbers = spark.createDataFrame([(i, i * 37 % 101, i * 7919 % 1000 / 8.0, "k%d" % (i * 31 % 17)) for i in range(1000)], "id long, a long, x double, k string")

for n in [0, 1, 5, 8, 9, 10, 17, 100, 1001, 10000]:
    lengths("slices of %d" % n, spark.createDataFrame([(i,) for i in range(n)], "i long"))
lengths("range of 10 in 3", spark.range(0, 10, 3, 3))

# Names of columns
c = F.col
exprs = [c("age") + 1, -c("age"), ~(c("age") > 1), c("age").cast("double"), (c("age") + 1).cast("int"), c("name").isNull(), c("age").between(1, 2), c("age").isin(1, 2),
         c("name").like("a%"), c("name").rlike("a"), c("name").startswith("a"), c("name").contains("b"), c("name").substr(1, 2), F.when(c("age") > 1, "x").otherwise("y"), F.when(c("age") > 1, 1),
         c("age") % 2, c("age") ** 2, F.lit(1), F.lit("t"), F.lit(None), F.lit(2.5), F.lit(True), F.upper("name"), F.coalesce("name", F.lit("z")), F.round("salary", 1), F.concat_ws("-", "name", "dept"),
         c("age") != 1, c("age").eqNullSafe(1), (c("age") > 1) & (c("age") < 2) | c("age").isNotNull(), F.log("age"), F.log(2.0, "age"), F.sqrt("age"), F.pow("age", F.lit(2)), F.isnan("salary"), F.length("name"),
         F.to_date("name"), F.substring("name", 1, 2), F.split("name", ","), F.array("age", "age")[0], F.expr("age"), F.struct("age", "name"), F.greatest("age", F.lit(3)), F.hash("age"), F.lit(1) / 2, 1 - c("age"), F.abs("age"),
         F.regexp_replace("name", "a", "b"), F.lpad("name", 5, "x"), F.date_add(F.lit("2024-01-01").cast("date"), 3), F.ceil("salary"), F.floor("salary"), F.signum("age"), F.exp("age"), F.trim("name"), F.nanvl("salary", F.lit(0.0)), F.isnull("age"), F.size(F.array("age")), F.expm1("age"), F.log1p("age"), F.bround("salary", 1)]
out["names"] = []
for e in exprs:
    try:
        out["names"].append(people.select(e).columns[0])
    except Exception as error:
        out["names"].append(str(error).splitlines()[0])
aggs = [F.count("*"), F.count("age"), F.countDistinct("age"), F.count_distinct("age", "dept"), F.sum("age"), F.avg("age"), F.mean("age"), F.min("age"), F.max("name"), F.stddev("age"), F.stddev_samp("age"), F.stddev_pop("age"), F.variance("age"), F.var_pop("age"),
        F.first("name"), F.last("name"), F.first("name", True), F.collect_list("age"), F.collect_set("age"), F.corr("age", "salary"), F.skewness("age"), F.kurtosis("age"), F.approx_count_distinct("age"), F.median("age"),
        F.percentile_approx("age", 0.5), F.percentile_approx("age", [0.25, 0.5], 100), F.percentile("age", 0.3), F.covar_samp("age", "salary"), F.sum("age") + 1, F.sum_distinct("age"), F.mode("age"), F.max_by("name", "age"), F.count(F.when(c("age") > 1, 1)), F.bool_and(c("age") > 1), F.product("age")]
out["aggregate names"] = [people.agg(a).columns[0] for a in aggs]
out["python names"] = [str(e) for e in exprs]

# Tables
table("people", people)
out["people 20 cut"] = people._jdf.showString(3, 4, False)
out["people 2"] = people._jdf.showString(2, 20, False)
out["people vertical"] = people._jdf.showString(2, 20, True)
out["empty"] = people.limit(0)._jdf.showString(20, 20, False)
out["empty vertical"] = people.limit(0)._jdf.showString(20, 20, True)
out["one"] = people._jdf.showString(1, 2, False)
nested = spark.createDataFrame([(1, [1.5, None], {"a": 1, "b": None}, (1, "x"), Vectors.dense(1, 2.5), bytearray(b"ab\n"), "tab\there", "日本語"),
                                (2, None, None, None, Vectors.sparse(3, [1], [2.0]), None, None, None)],
                               T.StructType([T.StructField("i", T.LongType()), T.StructField("l", T.ArrayType(T.DoubleType())), T.StructField("m", T.MapType(T.StringType(), T.LongType())),
                                             T.StructField("s", T.StructType([T.StructField("p", T.LongType()), T.StructField("q", T.StringType())])), T.StructField("v", Vectors.dense(1).__UDT__),
                                             T.StructField("b", T.BinaryType()), T.StructField("t", T.StringType()), T.StructField("w", T.StringType())]))
table("nested", nested)
out["nested tree"] = nested._jdf.schema().treeString()
out["nested json"] = nested.schema.json()
table("explode", nested.select("i", F.explode("l").alias("e")))
table("explode outer", nested.select("i", F.explode_outer("l")))
table("posexplode", nested.select("i", F.posexplode("l")))
table("explode map", nested.select(F.explode("m"), "i"))
table("fields", nested.select("s.p", c("s")["q"], c("l")[0], c("m")["a"], F.element_at("l", -2), "s.*"))

# Groups
for name, keys in {"string": ["k"], "long": ["a"], "two": ["k", "a"]}.items():
    table("count by " + name, numbers.groupBy(*keys).count())
table("aggregates by k", numbers.groupBy("k").agg(F.sum("a"), F.avg("x"), F.min("x"), F.max("id"), F.stddev("x"), F.variance("a"), F.skewness("x"), F.kurtosis("x"), F.corr("a", "x"), F.covar_pop("a", "x")))
table("first by k", numbers.groupBy("k").agg(F.first("id"), F.last("x")))
table("first text by a", numbers.groupBy("a").agg(F.first("k")))
table("min text by a", numbers.groupBy("a").agg(F.min("k"), F.max("k")))
table("lists by k", numbers.where("id < 60").groupBy("k").agg(F.collect_list("a").alias("l"), F.sort_array(F.collect_set("a")).alias("s")))
table("distinct by k", numbers.groupBy("k").agg(F.countDistinct("a"), F.sum_distinct("a")))
table("distinct only by k", numbers.groupBy("k").agg(F.countDistinct("a")))
table("quantiles by k", numbers.groupBy("k").agg(F.percentile_approx("x", [0.1, 0.5, 0.9]), F.median("x"), F.percentile("x", 0.33), F.approx_count_distinct("a")))
table("people by dept", people.groupBy("dept").agg(F.count("*"), F.count("age"), F.sum("age"), F.avg("salary"), F.max("name"), F.min("salary"), F.stddev("age")))
table("people all", people.agg(*aggs[:3], *aggs[4:10], F.max("salary"), F.sum("salary"), F.median("age"), F.mode("dept")))
table("no rows", people.where("age > 1000").agg(F.count("*"), F.sum("age"), F.avg("age"), F.max("name"), F.stddev("age"), F.collect_list("age")))
table("one row", people.limit(1).agg(F.stddev("age"), F.var_pop("age"), F.skewness("age"), F.corr("age", "salary"), F.covar_samp("age", "salary")))
table("distinct", numbers.select("k").distinct())
table("drop duplicates", numbers.dropDuplicates(["a"]))
table("drop duplicates text", people.dropDuplicates(["dept"]))
table("pivot", people.groupBy("dept").pivot("age").agg(F.count("name")))
table("crosstab", people.crosstab("dept", "age").orderBy("dept_age"))
table("sum of expression", people.groupBy((c("age") % 2).alias("odd")).agg((F.sum("salary") / F.count("*")).alias("m")).orderBy("odd"))

# Joins
left = spark.createDataFrame([(1, "a"), (2, "b"), (2, "c"), (None, "d"), (5, "e")], "id long, l string")
right = spark.createDataFrame([(2, "x"), (2, "y"), (1, "z"), (None, "w"), (7, "v")], "id long, r string")
table("mixed list", spark.createDataFrame([(1, 2.5), ("a", None), (True, 1.0)], ["x", "y"]))
for how in ["inner", "left", "right", "full", "left_semi", "left_anti"]:
    table("join " + how, left.join(right, "id", how).orderBy(*left.join(right, "id", how).columns))
    table("join on " + how, left.join(right, (left.id == right.id) & (right.r != "y"), how).orderBy(*[F.col(x) for x in (["l"] if "semi" in how or "anti" in how else ["l", "r"])]))
    table("raw join " + how, left.join(right, "id", how))
table("cross", left.crossJoin(right).orderBy("l", "r"))
table("self", left.alias("p").join(left.alias("q"), c("p.id") == c("q.id")).select("p.l", "q.l").orderBy("p.l", "q.l"))
table("self same", left.join(left, left.id == left.id).toDF("a", "b", "c", "d").orderBy("b", "d"))
table("null safe", left.join(right, left.id.eqNullSafe(right.id)).select("l", "r").orderBy("l", "r"))
table("unequal", left.join(right, left.id < right.id).select("l", "r").orderBy("l", "r"))

# Order
table("sorted", people.orderBy("dept", c("age").desc(), "name"))
table("sorted last", people.orderBy(c("salary").asc_nulls_last()))
table("sorted desc", people.orderBy(c("salary").desc()))
table("sort by dropped", people.select("name").orderBy("age", "name"))
table("union", people.select("name", "age").union(people.select("dept", "salary")).limit(30))
table("union by name", people.select("name", "age").unionByName(people.select("dept", "name"), True))
out["tail"] = [r[0] for r in numbers.tail(3)]
table("offset", numbers.offset(995))

# Missing
for how in ["any", "all"]:
    table("dropna " + how, people.dropna(how))
table("dropna thresh", people.dropna(thresh=3))
table("dropna subset", people.dropna(subset=["age", "dept"]))
table("fillna number", people.fillna(0))
table("fillna text", people.fillna("?"))
table("fillna fraction", people.fillna(1.9))
table("fillna each", people.fillna({"age": 1.7, "dept": "none"}))
table("replace", people.replace({"it": "IT", "hr": None}))
table("replace number", people.replace([34, 51], [1, 2], ["age"]))

# Draws
for seed in [42, 7]:
    for i, part in enumerate(numbers.randomSplit([0.7, 0.3], seed)):
        out["split %d %d" % (seed, i)] = [r.id for r in part.collect()]
out["split three"] = [[r.id for r in p.collect()] for p in numbers.randomSplit([1.0, 2.0, 3.0], 11)]
out["split people"] = [[r.name for r in p.collect()] for p in people.randomSplit([0.5, 0.5], 3)]
out["sample"] = [r.id for r in numbers.sample(False, 0.1, 5).collect()]
out["sample again"] = [r.id for r in numbers.sample(True, 0.2, 5).collect()]
table("rand", numbers.where("id < 20").select("id", F.rand(42), F.randn(7)))
table("rand filtered", numbers.where("id % 50 = 0").select("id", F.rand(1).alias("r"), F.monotonically_increasing_id().alias("m"), F.spark_partition_id().alias("p")))
out["repartition"] = numbers.limit(100).repartition(4).rdd.glom().map(lambda rows: [r.id for r in rows]).collect()
out["repartition many"] = numbers.where("id < 200").repartition(3).rdd.glom().map(lambda rows: [r.id for r in rows]).collect()
out["repartition key"] = numbers.repartition(4, "k").rdd.glom().map(lambda rows: [r.id for r in rows]).collect()
lengths("coalesce", numbers.coalesce(3))

# Statistics
table("describe", people.describe())
table("describe some", people.describe("age", "name"))
table("summary", people.summary())
table("summary numbers", numbers.summary())
out["quantiles"] = numbers.approxQuantile(["x", "a"], [0.0, 0.1, 0.5, 0.77, 1.0], 0.0)
out["quantiles rough"] = numbers.approxQuantile(["x", "a"], [0.0, 0.1, 0.5, 0.77, 1.0], 0.1)
out["corr"] = numbers.corr("a", "x")
out["cov"] = numbers.cov("a", "x")

# Functions
values = spark.createDataFrame([(1.5, -2, "Hello World", "2024-02-29"), (-0.5, 7, "", "1999-12-31"), (2.675, 0, " äöü ", "2021-01-03"), (None, None, None, None), (nan, 3, "a,b,,c", "1970-01-01"), (1e10, 100, "x", "2000-03-01")],
                               "d double, i int, s string, t string").withColumn("t", c("t").cast("date"))
functions = {
    "math": [F.abs("d"), F.ceil("d"), F.floor("d"), F.round("d", 2), F.bround("d", 0), F.exp(c("d") / 10), F.sqrt("d"), F.log("d"), F.log10("d"), F.log2("d"), F.log1p("d"), F.expm1(c("i") / 100), F.pow("d", F.lit(2)), F.signum("d"), F.sin("d"), F.cos("i"), F.tan("i"), F.atan("d"), F.cbrt("d"), F.rint("d"), F.degrees("i"), F.radians("i"), F.hypot("d", "i"), F.atan2("d", "i"), F.log(3.0, "d"), F.tanh("d"), F.asin("d")],
    "numbers": [c("i") + 1, c("i") * 2 - c("d"), c("i") / 4, c("i") % 3, F.pmod("i", F.lit(3)), -c("i"), c("d") > c("i"), c("d") == c("d"), c("d").eqNullSafe(c("d")), c("i").isin(7, 0), c("i").isin(7, None), F.greatest("d", "i"), F.least("d", "i"), F.coalesce("i", F.lit(9)), F.nanvl("d", F.lit(5.0)), F.isnan("d"), c("d").isNull(), F.when(c("i") > 0, "p").when(c("i") < 0, "n").otherwise("z"), c("i").between(0, 5), c("i").bitwiseAND(3), F.hash("i", "s"), F.nullif("i", F.lit(7)), F.round(c("i"), -1), c("d").cast("string"), c("i").cast("boolean"), (c("i") > 1) & (c("d") > 0), (c("i") > 1) | (c("d") > 0), c("i").cast("decimal(10,2)") / 3, c("i").cast("decimal(10,2)") * c("i"), F.factorial(F.abs("i"))],
    "text": [F.upper("s"), F.lower("s"), F.initcap(F.lower("s")), F.length("s"), F.trim("s"), F.ltrim("s"), F.rtrim("s"), F.reverse("s"), F.substring("s", 2, 3), F.substring("s", -3, 2), F.concat("s", F.lit("!")), F.concat_ws("-", "s", "i"), F.lpad("s", 4, "ab"), F.rpad("s", 8, "*"), F.instr("s", "o"), F.locate("o", "s", 6), c("s").contains("o"), c("s").startswith("H"), c("s").like("%o_%"), c("s").rlike("[a-z]$"), F.regexp_replace("s", "([lo])", "<$1>"), F.regexp_extract("s", "(l+)o", 1), F.split("s", ","), F.split("s", "o", 2), F.translate("s", "lo", "01"), F.repeat("s", 2), F.ascii("s"), F.levenshtein("s", F.lit("Hallo")), F.format_number("d", 2), F.left("s", F.lit(2)), F.right("s", F.lit(2))],
    "dates": [F.year("t"), F.quarter("t"), F.month("t"), F.dayofmonth("t"), F.dayofweek("t"), F.weekday("t"), F.dayofyear("t"), F.weekofyear("t"), F.last_day("t"), F.date_add("t", 30), F.date_sub("t", 1), F.datediff("t", F.lit("2000-01-01")), F.add_months("t", 1), F.months_between("t", F.lit("2000-01-31")), F.trunc("t", "quarter"), F.date_trunc("week", "t"), F.next_day("t", "Mon"), c("t").cast("timestamp"), F.hour(c("t").cast("timestamp")), F.date_format("t", "dd/MM/yyyy EEE"), c("t") > "2000-01-01", F.to_date(F.lit("31.12.2020"), "dd.MM.yyyy"), F.unix_timestamp("t"), F.to_timestamp(F.lit("2020-05-06 07:08:09"))],
    "arrays": [F.array("i", F.lit(1)), F.size(F.array("i", "i")), F.array_contains(F.array("i", F.lit(7)), 7), F.sort_array(F.array("i", F.lit(1), F.lit(-5)), False), F.array_join(F.split("s", " "), "+"), F.array_max(F.array("i", F.lit(1))), F.array_min(F.array("i", F.lit(1))), F.array_distinct(F.array("i", "i", F.lit(0))), F.slice(F.array(F.lit(1), F.lit(2), F.lit(3)), 2, 2), F.concat(F.array("i"), F.array(F.lit(1))), F.create_map(F.lit("k"), "i"), F.struct("i", c("d").alias("z")), F.element_at(F.array("i", F.lit(8)), 2), F.array_position(F.array(F.lit(1), "i"), 7), F.map_keys(F.create_map(F.lit("k"), "i"))],
}
for group, cols in functions.items():
    for j, col in enumerate(cols):
        name = "%s %02d" % (group, j)
        try:
            df = values.select(col)
            out[name] = {"column": df.columns[0], "type": df.schema[0].dataType.simpleString(), "nullable": df.schema[0].nullable, "table": df._jdf.showString(100, 0, False)}
        except Exception as error:
            out[name] = {"error": str(error).splitlines()[0]}

# Errors
bad = {
    "unknown": lambda: people.select("ago"), "unknown in": lambda: people.filter(c("zzz") > 1), "ambiguous": lambda: left.join(right, left.id == right.id).select("id"), "not boolean": lambda: people.filter(c("age") + 1),
    "types": lambda: people.select(c("age") + (c("age") > 1)), "and": lambda: people.filter(c("age") & (c("age") > 1)), "overflow": lambda: spark.range(1).select(F.lit(2**31 - 1) + 1).collect(), "long overflow": lambda: spark.range(1).select((c("id") + (2**63 - 1)) + 1).collect(),
    "divide": lambda: spark.range(3).select(F.lit(1) / c("id")).collect(), "mod": lambda: spark.range(3).select(F.lit(1) % c("id")).collect(), "cast": lambda: people.select(c("name").cast("int")).collect(), "index": lambda: spark.range(1).select(F.array(F.lit(1))[3]).collect(), "element": lambda: spark.range(1).select(F.element_at(F.array(F.lit(1)), 4)).collect(),
    "missing aggregation": lambda: people.groupBy("dept").agg(c("age")), "union": lambda: people.union(left), "nested": lambda: people.agg(F.sum(F.avg("age"))), "cast types": lambda: people.select(c("age").cast("array<int>")), "view": lambda: spark.table("nowhere"), "sum text": lambda: people.agg(F.sum("name")).collect(),
    "explode": lambda: people.select(F.explode("age")), "field": lambda: nested.select("s.zz"), "fill": lambda: people.fillna([1]), "sample": lambda: people.sample(False, 2.0, 1).count(), "merge": lambda: spark.createDataFrame([(1,), ([1],)], ["x"]), "determine": lambda: spark.createDataFrame([(None,)], ["x"]), "not null": lambda: spark.createDataFrame([(None,)], T.StructType([T.StructField("x", T.LongType(), False)])),
    "group aggregate": lambda: people.groupBy(F.sum("age")).count(), "join type": lambda: left.join(right, "id", "sideways"), "using": lambda: left.join(right, "l"), "get": lambda: people["ago"],
}
out["errors"] = {}
for name, job in bad.items():
    try:
        job()
        out["errors"][name] = None
    except Exception as error:
        text = str(error).splitlines()[0]
        condition = getattr(error, "getCondition", lambda: None)()
        out["errors"][name] = {"class": type(error).__name__, "condition": condition, "text": text}

pathlib.Path(__file__).with_suffix(".json").write_text(json.dumps(out, indent=1, ensure_ascii=False) + "\n")

# %% [markdown]
# # Frames within frames, databases, table functions
# Plain PySpark: real Spark runs it too.
# %%
from pyspark.errors import AnalysisException
from pyspark.sql import Row
from pyspark.sql import functions as F
from pyspark.sql.functions import udtf

customers = spark.createDataFrame([(1, "Ada", "DE"), (2, "Bob", "US"), (3, "Cy", "US"), (4, "Di", None)], ["id", "name", "country"])
orders = spark.createDataFrame(
    [(11, 1, 10.0, ["a", "b"]), (12, 1, 40.0, ["c"]), (13, 2, 5.0, []), (14, 2, 7.5, ["a"]), (15, 1, 25.0, None), (16, 9, 1.0, ["z"])],
    ["order", "customer", "price", "items"],
)
own = orders.alias("o").where(F.col("o.customer") == F.col("c.id").outer())
# %%
customers.alias("c").where(own.exists()).orderBy("id").show()
customers.alias("c").where(~own.exists()).orderBy("id").show()
customers.alias("c").where(own.where(F.col("price") > 20).exists() & (F.col("country") == "DE")).show()
customers.where(F.col("id").isin(orders.select("customer"))).orderBy("id").show()
orders.where(F.col("price") > orders.select(F.avg("price")).scalar()).orderBy("order").show()
customers.alias("c").select("id", own.select(F.sum("price")).scalar().alias("spent"), own.select(F.count("*")).scalar().alias("n")).orderBy("id").show()
# %%
two = own.select("order", "price").orderBy(F.desc("price")).limit(2)
customers.alias("c").lateralJoin(two).select("id", "order", "price").orderBy("id", "order").show()
customers.alias("c").lateralJoin(two, how="left").select("id", "order", "price").orderBy("id", "order").show()
orders.lateralJoin(spark.tvf.explode(F.col("items").outer()).toDF("item")).select("order", "item").orderBy("order", "item").show()
spark.tvf.explode(F.array(F.lit(1), F.lit(2))).show()
spark.tvf.posexplode(F.array(F.lit("x"), F.lit("y"))).show()
spark.tvf.range(2, 5).show()
try:
    own.show()
except AnalysisException as error:
    print("AnalysisException")
# %%
base = spark.createDataFrame([(1, 2, 3), (4, 5, 6)], ["a", "b", "c"])
base.select("a").zip(base.select((F.col("b") * 2).alias("bb"), "c")).show()
base.withColumn("d", F.col("a") + F.col("b")).select("d").zip(base.select("c")).show()
try:
    base.zip(base.where("a > 1"))
except AnalysisException as error:
    print(error.getCondition())
ids = spark.range(8).withColumn("p", F.when(F.col("id") < 6, (F.col("id") - 3).cast("int")))
ids.repartitionById(3, "p").select("id", F.spark_partition_id().alias("at")).orderBy("id").show()
print(ids.repartitionById(3, "p").rdd.getNumPartitions())
both = base.join(base.select(F.col("a").alias("k"), F.col("b")), F.col("a") == F.col("k"))
for column in [F.col("a"), F.col("zz"), F.col("b")]:
    try:
        print(both.drop(column).columns)
    except AnalysisException as error:
        print(error.getCondition())
# %%
maps = spark.createDataFrame([({1: "a", 2: "b"}, {2: "c", 3: "d"})], ["m", "n"])
try:
    maps.select(F.map_concat("m", "n")).collect()
except Exception as error:
    print(error.getCondition())
spark.conf.set("spark.sql.mapKeyDedupPolicy", "LAST_WIN")
maps.select(F.map_concat("m", "n"), F.transform_keys("m", lambda k, v: F.lit(7))).show(truncate=False)
spark.sql("SELECT map(1, 'a', 1, 'b', 0, 'c') m, str_to_map('x:1,y:2,x:3') s, map_from_arrays(array(3, 3), array(1, 2)) a").show(truncate=False)
spark.conf.unset("spark.sql.mapKeyDedupPolicy")
# %%
spark.sql("DROP DATABASE IF EXISTS sales CASCADE")
spark.sql("CREATE DATABASE sales")
print(spark.catalog.databaseExists("sales"), [d.name for d in spark.catalog.listDatabases("s*")], spark.catalog.currentDatabase())
customers.write.saveAsTable("sales.people")
spark.sql("USE sales")
print(spark.catalog.currentDatabase(), [(t.name, t.namespace, t.tableType, t.isTemporary) for t in spark.catalog.listTables()])
spark.sql("CREATE VIEW americans AS SELECT name, id FROM people WHERE country = 'US'")
spark.sql("CREATE VIEW numbered (n, who) AS SELECT id, name FROM sales.people")
spark.sql("USE default")
spark.sql("SELECT * FROM sales.americans ORDER BY id").show()
spark.sql("SELECT people.name, n.n FROM sales.people JOIN sales.numbered n ON n.who = people.name ORDER BY n").show()
spark.sql("SHOW TABLES IN sales").show()
spark.sql("SHOW VIEWS IN sales").show()
spark.sql("SHOW DATABASES LIKE 'sa*'").show()
print([(v.name, v.namespace, v.tableType) for v in spark.catalog.listViews("sales")])
print(spark.catalog.tableExists("sales.americans"), spark.catalog.tableExists("americans"), spark.catalog.tableExists("people", "sales"))
for statement in [
    "CREATE DATABASE sales",
    "CREATE VIEW sales.people AS SELECT 1",
    "CREATE VIEW sales.americans AS SELECT 1",
    "SELECT * FROM nowhere.people",
    "USE nowhere",
    "DROP DATABASE sales",
    "DROP VIEW sales.nobody",
    "DROP DATABASE nowhere",
]:
    try:
        spark.sql(statement).collect()
        print("fine", statement)
    except AnalysisException as error:
        print(error.getCondition(), statement)
spark.sql("CREATE OR REPLACE VIEW sales.americans AS SELECT 1 AS one")
spark.table("sales.americans").show()
spark.sql("DROP VIEW sales.americans")
spark.sql("CREATE TABLE sales.parts (v INT, p INT) USING parquet PARTITIONED BY (p) TBLPROPERTIES ('maker' = 'Ada')")
spark.sql("INSERT INTO sales.parts PARTITION (p = 1) SELECT 5")
spark.sql("INSERT INTO sales.parts VALUES (6, 2), (7, 1)")
spark.table("sales.parts").orderBy("v").show()
spark.sql("SHOW PARTITIONS sales.parts").show()
print([p.partition for p in spark.catalog.listPartitions("sales.parts")], spark.catalog.getTableProperties("sales.parts")["maker"])
spark.catalog.cacheTable("sales.parts")
print(spark.catalog.isCached("sales.parts"), spark.table("sales.parts").count())
spark.sql("INSERT INTO sales.parts VALUES (8, 2)")
print(spark.catalog.isCached("sales.parts"), spark.table("sales.parts").count())
spark.catalog.uncacheTable("sales.parts")
print(spark.catalog.isCached("sales.parts"))
spark.catalog.setCurrentDatabase("sales")
spark.catalog.dropDatabase("sales", cascade=True)
print(spark.catalog.databaseExists("sales"))
spark.catalog.setCurrentDatabase("default")
# %%
# Without pyarrow too.
spark.conf.set("spark.sql.execution.pythonUDTF.arrow.enabled", False)


@udtf(returnType="word: string, length: int")
class Words:
    def eval(self, text: str, least: int = 1):
        for word in text.split():
            if len(word) >= least:
                yield word, len(word)


Words(F.lit("one two three")).show()
Words(F.lit("one two three"), least=F.lit(4)).show()


@udtf(returnType="key: string, total: double, rows: int")
class Totals:
    def __init__(self):
        self.key, self.total, self.rows = None, 0.0, 0

    def eval(self, row: Row):
        self.key, self.rows = row["country"], self.rows + 1
        self.total += row["id"]

    def terminate(self):
        yield self.key, self.total, self.rows


Totals(customers.asTable().partitionBy("country").orderBy("id")).orderBy("key").show()
Totals(customers.asTable().withSinglePartition().orderBy("id")).show()
spark.udtf.register("words", Words)
spark.sql("SELECT word, length FROM words('to be or not', least => 3)").show()


@udtf(returnType="a: int")
class Wrong:
    def eval(self):
        yield 1, 2


try:
    Wrong().collect()
except Exception as error:
    print("UDTF_RETURN_SCHEMA_MISMATCH" in str(error))

# The current database is that of the first action, not of the frame's making; files in the place of a table.
spark.sql("CREATE DATABASE IF NOT EXISTS elsewhere")
made = spark.sql("SELECT current_schema() AS s")
also = spark.range(1).select(F.current_database().alias("s"))
spark.sql("USE elsewhere")
print(made.collect(), also.collect(), made.where("s = 'elsewhere'").count())
spark.sql("USE default")
spark.sql("DROP DATABASE elsewhere CASCADE")

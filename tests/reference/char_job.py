# %% [markdown]
# # CHAR and VARCHAR
# Plain PySpark: real Spark runs it too.
# %%
from pyspark.sql import functions as F
from pyspark.sql.types import ArrayType, CharType, MapType, StringType, StructField, StructType, VarcharType

print(CharType(3), VarcharType(4), repr(CharType(3)), CharType(3).simpleString(), CharType(3).json(), VarcharType(3).typeName(), CharType(5).length)
print(CharType(3) == CharType(3), CharType(3) == CharType(4), CharType(3) == StringType(), ArrayType(CharType(2)), MapType(VarcharType(1), CharType(2)))
print(StructType.fromDDL("a char(3), b varchar(2), c array<char(1)>"))
print(StructType([StructField("a", CharType(3)), StructField("b", VarcharType(2), False)]).simpleString())
print(StructType().add("a", "char(7)").add("b", VarcharType(2)))
# %%
df = spark.createDataFrame([("a", "b"), (None, "cc")], ["a", "b"])
cast = df.select(F.col("a").cast("char(3)"), F.col("b").cast(VarcharType(2)).alias("v"))
print(cast.schema.json(), cast.collect())
spark.sql("DROP TABLE IF EXISTS wide_job")
spark.sql("CREATE TABLE wide_job (a CHAR(3), b VARCHAR(4), c STRING) USING parquet")
table = spark.table("wide_job")
print(table.schema.json())
table.printSchema()
df.withColumn("c", F.lit("x")).write.insertInto("wide_job")
df.withColumn("c", F.lit("y")).write.mode("append").saveAsTable("wide_job")
for rows in [[("abcd", "b", "c")], [("a", "bcdef", "c")]]:
    for write in [lambda d: d.write.insertInto("wide_job"), lambda d: d.write.mode("append").saveAsTable("wide_job")]:
        try:
            write(spark.createDataFrame(rows, ["a", "b", "c"]))
        except Exception as error:
            print(error.getCondition())
table = spark.table("wide_job")
table.select("*", F.length("a")).orderBy("a", "b", "c").show()
print(table.filter(F.col("a") == "a").count(), table.filter(table.a.isin("a", "z")).count(), table.filter("a != 'a'").count())
print(table.select(F.col("a").alias("z"), F.upper("b")).schema.json())
table.write.mode("overwrite").saveAsTable("wide_copy")
print([tuple(r) for r in spark.sql("DESCRIBE wide_copy").collect()])
spark.sql("DROP TABLE wide_copy")
spark.sql("DROP TABLE wide_job")

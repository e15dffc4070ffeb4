# %% [markdown]
# # AES
# Plain PySpark: real Spark runs it too.
# %%
from pyspark.sql import functions as F

df = spark.createDataFrame([("Spark", "0000111122223333", "ECB", "PKCS"), (None, "0000111122223333", "ECB", "PKCS")], ["i", "k", "m", "p"])
df.select(F.hex(F.aes_encrypt("i", "k", "m", "p"))).show(truncate=False)
iv = F.unhex(F.lit("000102030405060708090a0b"))
for made in [F.aes_encrypt("i", "k"), F.aes_encrypt("i", "k", "m"), F.aes_encrypt("i", F.col("k"), iv=iv, aad=F.lit("more")),
             F.aes_encrypt("i", "k", padding=F.lit("NONE"), iv=iv)]:
    print(df.select(made).columns, df.select(F.length(made).alias("n")).collect())
print(df.select(F.hex(F.aes_encrypt("i", "k", iv=iv, aad=F.lit("more"))).alias("h")).collect())
secret = F.aes_encrypt("i", "k", F.lit("CBC"))
print(df.select(F.aes_decrypt(secret, "k", F.lit("CBC")).cast("string").alias("s"), F.try_aes_decrypt(secret, "m", F.lit("CBC")).alias("t")).collect())
print(df.select(F.aes_decrypt(F.aes_encrypt("i", "k", aad="m"), "k", aad="m").cast("string").alias("s")).collect())
print(df.select(F.try_aes_decrypt("i", "k")).columns, df.select(F.try_aes_decrypt("i", "k")).schema.simpleString())
both = spark.range(3).select(F.aes_encrypt(F.col("id").cast("string"), F.lit("0000111122223333")).alias("s"))
print(both.distinct().count(), both.select(F.aes_decrypt("s", F.lit("0000111122223333")).cast("string").alias("id")).orderBy("id").collect())
try:
    df.select(F.aes_decrypt(F.repeat("k", 3), "k")).collect()
except Exception as error:
    print("AES_CRYPTO_ERROR" in str(error))

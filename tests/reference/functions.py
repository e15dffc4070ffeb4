"""What real Spark answers to calls of pyspark.sql.functions: run it with PySpark 4.3 to write functions.json beside it.

Each case is Python source that runs on Spark here and in Kindling's cells in the tests: `frame.select(case)`.
"""

import contextlib
import io
import json
import os
import pathlib
import sys

from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F

SETUP = '''
import datetime
d = datetime.date
t = datetime.datetime
A = spark.createDataFrame(
    [
        ([1, 2, 3, None], [3, 4], ["b", "a", None], {"j": 2, "k": 1}, 2, "x", [[1, 2], [3]], [(1, "p"), (2, "q")]),
        ([], [None], [], {}, 0, "", [], []),
        (None, None, None, None, None, None, None, None),
        ([5, 5, 1], [5, None], ["z", "z"], {"k": None}, -1, "z", [[7], None], [(3, None)]),
    ],
    "xs array<int>, ys array<int>, ss array<string>, m map<string,int>, n int, s string, xss array<array<int>>, st array<struct<a:int,b:string>>",
)
S = spark.createDataFrame(
    [
        ("Spark SQL", "a", 3, "www.apache.org"),
        ("", "", 0, "a,b,,c"),
        (None, None, None, None),
        ("Grüße 日本", "ü", -2, "1a 2b 14m"),
        ("Robert Rupert", "r", 100, "x+y=z&q=1 2"),
    ],
    "s string, p string, n int, w string",
)
N = spark.createDataFrame(
    [
        (1.5, 2, 10, 7), (-0.5, -3, 0, 0), (0.0, 0, -1, 64), (None, None, None, None),
        (float("nan"), 2147483647, 9223372036854775807, 1), (1e10, -2147483648, -9223372036854775808, 3),
    ],
    "d double, i int, l long, b int",
)
J = spark.createDataFrame(
    [
        ('{"a": 1, "b": "x", "c": [1, 2.5, null], "d": {"e": true}}',), ('{"a": "1"}',), ("[1, 2, {}]",), ("",), (None,),
        ("{bad",), ('{"c": [{"b": 1}, {"b": "two"}], "b": null, "f": "2024-02-29"}',), ("17",),
    ],
    "j string",
)
T = spark.createDataFrame(
    [
        (t(2024, 2, 29, 13, 45, 6, 789000), d(2024, 2, 29), 5), (t(1999, 12, 31, 23, 59, 59), d(1999, 12, 31), -1),
        (t(1970, 1, 1), d(1970, 1, 1), 0), (None, None, None), (t(1969, 7, 20, 20, 17, 40, 1), d(1582, 10, 15), 1000),
    ],
    "t timestamp, d date, n int",
)
G = spark.createDataFrame(
    [("a", 1, 2.0, "x"), ("a", 3, 5.0, "y"), ("a", None, 1.0, None), ("b", 7, None, "x"), ("b", 2, 8.0, "x"), ("c", None, None, None)],
    "k string, i int, d double, s string",
)
@F.udf("int")
def plus(x):
    return None if x is None else x + 1
double = F.udf(lambda x: x, "double")
text = F.udf(lambda x: x)
pair = F.udf(lambda x, y: (x, y), "a int, b string")
twice = F.udf(lambda x: [x, x], "array<int>")
fails = F.udf(lambda x: 1 / 0, "int")
year = F.udf(lambda x: x and x.year, "int")
registered = spark.udf.register("shout", lambda s: s and s.upper() + "!")
'''

CASES = {
    "A": [
        # Lambdas
        'F.transform("xs", lambda x: x * 2)',
        'F.transform("xs", lambda x, i: x + i)',
        'F.transform("xs", lambda x: x + F.col("n"))',
        'F.transform("xss", lambda y: F.transform(y, lambda x: x + F.size(y)))',
        'F.transform("s", lambda x: x)',
        'F.transform("xs", lambda: F.lit(1))',
        'F.transform("xs", lambda x: 1)',
        'F.filter("xs", lambda x: x > 1)',
        'F.filter("xs", lambda x, i: i % 2 == 0)',
        'F.filter("xs", lambda x: x)',
        'F.exists("xs", lambda x: x > 2)',
        'F.exists("xs", lambda x: x > 10)',
        'F.forall("xs", lambda x: x > 0)',
        'F.forall("xs", lambda x: x > 1)',
        'F.aggregate("xs", F.lit(0), lambda a, x: a + F.coalesce(x, F.lit(0)))',
        'F.aggregate("ys", F.lit(1), lambda a, x: a * x, lambda a: a.cast("string"))',
        'F.aggregate("xs", F.lit(0.5), lambda a, x: a + x)',
        'F.aggregate("xs", F.lit(0), lambda a, x: a + x + 0.5)',
        'F.reduce("xs", F.lit(0), lambda a, x: F.greatest(a, x))',
        'F.zip_with("xs", "ys", lambda x, y: x + y)',
        'F.zip_with("xs", "ys", lambda x, y: F.coalesce(x, y))',
        'F.map_filter("m", lambda k, v: v > 1)',
        'F.map_filter("m", lambda k, v: k == "k")',
        'F.transform_keys("m", lambda k, v: F.upper(k))',
        'F.transform_keys("m", lambda k, v: F.lit(1))',
        'F.transform_values("m", lambda k, v: F.concat(k, v.cast("string")))',
        'F.map_zip_with("m", F.create_map(F.lit("k"), F.lit(10)), lambda k, a, b: a + b)',
        'F.array_sort("xs")',
        'F.array_sort("ss", lambda a, b: F.when(a.isNull(), 1).when(b.isNull(), -1).when(a > b, -1).when(a < b, 1).otherwise(0))',
        'F.array_sort("xs", lambda a, b: a > b)',
        # Collections
        'F.array_append("xs", 9)',
        'F.array_append("xs", F.lit(None))',
        'F.array_append("xs", "q")',
        'F.array_append("ss", F.col("s"))',
        'F.array_prepend("xs", 9)',
        'F.array_compact("xs")',
        'F.array_except("xs", "ys")',
        'F.array_intersect("xs", "ys")',
        'F.array_union("xs", "ys")',
        'F.array_union("xs", "ss")',
        'F.arrays_overlap("xs", "ys")',
        'F.array_insert("xs", 2, 9)',
        'F.array_insert("xs", 7, 9)',
        'F.array_insert("xs", -1, 9)',
        'F.array_insert("xs", -6, 9)',
        'F.array_insert("xs", 0, 9)',
        'F.array_remove("xs", 5)',
        'F.array_repeat("n", 2)',
        'F.array_repeat("s", "n")',
        'F.array_size("xs")',
        'F.arrays_zip("xs", "ys")',
        'F.arrays_zip("xs", F.array(F.lit(1)))',
        'F.flatten("xss")',
        'F.flatten("xs")',
        'F.get("xs", 1)',
        'F.get("xs", F.col("n"))',
        'F.sequence(F.lit(1), F.lit(5))',
        'F.sequence(F.lit(5), F.lit(1), F.lit(-2))',
        'F.sequence(F.lit(1), F.col("n"))',
        'F.sequence(F.lit(1), F.lit(5), F.lit(-1))',
        'F.named_struct(F.lit("a"), F.col("n"), F.lit("b"), F.col("s"))',
        'F.map_concat("m", F.create_map(F.lit("z"), F.lit(9)))',
        'F.map_concat("m", "m")',
        'F.map_contains_key("m", "k")',
        'F.map_contains_key("m", 1)',
        'F.map_entries("m")',
        'F.map_from_arrays(F.array(F.lit("a"), F.lit("b")), F.array(F.lit(1), F.lit(2)))',
        'F.map_from_arrays("ss", "xs")',
        'F.map_from_entries("st")',
        'F.str_to_map(F.lit("a:1,b:2,c"))',
        'F.str_to_map(F.lit("a=1;b=2"), F.lit(";"), F.lit("="))',
        'F.try_element_at("xs", F.lit(9))',
        'F.try_element_at("xs", F.lit(0))',
        'F.try_element_at("m", F.lit("j"))',
        'F.inline("st")',
        'F.inline_outer("st")',
        'F.stack(F.lit(2), F.col("n"), F.col("s"), F.lit(5), F.lit("five"))',
        'F.reverse("xs")',
        'F.cardinality("xs")',
        'F.to_json("st")',
        'F.to_json("m")',
        'F.to_json(F.struct("n", "s", "xs"))',
        'F.to_json("n")',
        'F.to_csv(F.struct("n", "s"))',
        'F.xxhash64("n", "s", "xs")',
        'F.typeof("st")',
    ],
    "J": [
        'F.get_json_object("j", "$.a")',
        'F.get_json_object("j", "$.c")',
        'F.get_json_object("j", "$.c[1]")',
        'F.get_json_object("j", "$.c[*].b")',
        'F.get_json_object("j", "$.d.e")',
        'F.get_json_object("j", "$")',
        'F.get_json_object("j", "a")',
        'F.json_array_length("j")',
        'F.json_object_keys("j")',
        'F.json_tuple("j", "a", "b", "d")',
        'F.from_json("j", "a INT, b STRING")',
        'F.from_json("j", "a STRING, c ARRAY<DOUBLE>")',
        'F.from_json("j", "f DATE, d STRUCT<e: BOOLEAN>")',
        'F.from_json("j", "map<string,string>")',
        'F.from_json("j", "array<int>")',
        'F.from_json("j", "a INT, _corrupt_record STRING", {"columnNameOfCorruptRecord": "_corrupt_record"})',
        'F.from_json("j", "a INT", {"mode": "FAILFAST"})',
        'F.from_json("j", "int")',
        'F.schema_of_json(F.lit(\'{"a": 1, "c": [1.5, null], "b": {"z": "t", "y": true}}\'))',
        'F.schema_of_json("j")',
        'F.from_csv(F.lit("1,x,2.5"), "a INT, b STRING, c DOUBLE")',
        'F.from_csv(F.lit("q,,"), "a INT, b STRING, c DOUBLE")',
        'F.schema_of_csv(F.lit("1|a|2.5"), {"sep": "|"})',
    ],
    "S": [
        'F.base64("s")', 'F.unbase64(F.base64("s")).cast("string")', 'F.bin("n")', 'F.hex("s")', 'F.hex("n")', 'F.unhex(F.hex("s")).cast("string")',
        'F.unhex(F.lit("zz"))', 'F.bit_length("s")', 'F.octet_length("s")', 'F.btrim("s")', 'F.btrim("s", F.lit("SL"))', 'F.char("n")', 'F.chr(F.lit(65))',
        'F.hex(F.encode("s", "utf-16"))', 'F.decode(F.encode("s", "utf-8"), "utf-8")', 'F.encode("s", "us-ascii")', 'F.encode("s", "nope")',
        'F.elt(F.lit(2), "s", "p")', 'F.elt("n", "s", "p")', 'F.find_in_set(F.lit("b"), "w")', 'F.format_string("%d|%s|%5.2f|%x", "n", "s", F.lit(3.14159), F.lit(255))',
        'F.format_string("%-5s|%05d|%,d", "p", "n", F.lit(1234567))', 'F.printf(F.lit("%s-%s"), "s", "n")', 'F.quote("s")', 'F.quote(F.lit("it\'s"))',
        'F.mask("s")', 'F.mask("s", F.lit("Q"), F.lit("q"), F.lit("d"), F.lit("o"))', 'F.overlay("s", "p", 3)', 'F.overlay("s", "w", 2, 4)',
        'F.overlay("s", "p", F.col("n"))',
        'F.regexp_instr("w", F.lit("[0-9]+[a-z]"))', 'F.regexp_substr("w", F.lit("[0-9]+m"))', 'F.regexp_count("w", F.lit("[a-z]"))', 'F.soundex("s")',
        'F.soundex(F.lit("Ashcraft"))', 'F.split_part("w", F.lit("."), F.lit(2))', 'F.split_part("w", F.lit("."), F.lit(-1))', 'F.split_part("w", F.lit("."), F.lit(0))',
        'F.substring_index("w", ".", 2)', 'F.substring_index("w", ".", -2)', 'F.substring_index("w", ",", 0)',
        'F.to_binary(F.hex("s"), F.lit("hex")).cast("string")', 'F.to_binary("s")', 'F.try_to_binary("s")',
        'F.to_char(F.lit(78.12), F.lit("$99.99"))', 'F.to_char(F.lit(-12454), F.lit("99G999S"))', 'F.to_char("n", F.lit("999"))', 'F.to_char("n", F.lit("000"))',
        'F.to_number(F.lit("$78.12"), F.lit("$99.99"))', 'F.to_number(F.lit("12,454"), F.lit("99,999"))', 'F.to_number("s", F.lit("999"))', 'F.try_to_number("s", F.lit("999"))',
        'F.jaro_winkler_similarity("s", F.lit("Spark"))', 'F.is_valid_utf8("s")', 'F.make_valid_utf8("s")', 'F.sentences("s")',
        'F.collation("s")', 'F.conv("n", 10, 16)', 'F.conv(F.lit("ff"), 16, 10)', 'F.conv(F.lit("-15"), 10, -16)', 'F.conv(F.lit("100"), 2, 37)',
        'F.md5("s")', 'F.sha1("s")', 'F.sha("s")', 'F.sha2("s", 256)', 'F.sha2("s", 512)', 'F.sha2("s", 224)', 'F.sha2("s", 384)', 'F.crc32("s")', 'F.hash("s", "n")',
        'F.url_encode("w")', 'F.url_decode(F.url_encode("w"))', 'F.try_url_decode(F.lit("a%zz"))', 'F.url_decode(F.lit("a%zz"))',
        'F.parse_url(F.lit("https://u:p@spark.apache.org:80/path?query=1&b=2#ref"), F.lit("HOST"))',
        'F.parse_url(F.lit("https://u:p@spark.apache.org:80/path?query=1&b=2#ref"), F.lit("QUERY"), F.lit("b"))',
        'F.parse_url(F.lit("https://u:p@spark.apache.org:80/path?query=1&b=2#ref"), F.lit("FILE"))',
        'F.parse_url(F.lit("https://u:p@spark.apache.org:80/path?query=1&b=2#ref"), F.lit("USERINFO"))',
        'F.parse_url(F.lit("inva lid://x"), F.lit("HOST"))', 'F.try_parse_url(F.lit("inva lid://x"), F.lit("HOST"))',
        'F.randstr(5, 3)', 'F.uniform(1, 10, 5)', 'F.uniform(0.0, 1.0, 5)', 'F.collate("s", "UTF8_BINARY")', 'F.levenshtein("s", "p")',
        'plus("n")', 'double("n")', 'text("n")', 'pair("n", "s")', 'twice("n")', 'fails("n")', 'registered("s")', 'F.call_udf("shout", "s")',
        'plus(F.col("n") * 2) + 1', 'F.call_function("upper", "s")',
        'F.reverse("s")', 'F.position(F.lit("a"), "s")', 'F.regexp_like("s", F.lit("ar"))', 'F.substr("s", F.lit(3))', 'F.trim("s")',
        'F.substr("s", "n")', 'F.substring("s", 1, "n")', 'F.split("w", "p", "n")', 'F.position("p", "s", "n")', 'F.instr("s", "r", 2)', 'F.instr("s", "r", 1, 2)', 'F.raise_error("no")', 'F.expr("shout(s)")', 'F.expr("SHOUT(p) || s")',
        'F.expr("int(\'12\')")', 'F.expr("double(n)")', 'F.expr("date(\'2024-02-29\')")', 'F.expr("string(n)")', 'F.expr("timestamp(\'2024-02-29 01:00:00\')")', 'F.expr("boolean(n)")',
        'plus(x="n")', 'pair(y="p", x="n")', 'pair("n", y=F.col("p"))', 'pair("n", x="n")', 'F.call_udf("shout", F.col("p"))',
    ],
    "S.where(plus('n') > 1)": ['plus("n")', 'F.upper("s")'],
    "N": [
        'F.acosh("d")', 'F.asinh("d")', 'F.atanh("d")', 'F.cot("d")', 'F.csc("d")', 'F.sec("d")', 'F.positive("i")', 'F.width_bucket("d", F.lit(0.0), F.lit(10.0), 5)',
        'F.width_bucket("d", F.lit(10.0), F.lit(0.0), F.lit(5))', 'F.try_add("i", F.lit(1))', 'F.try_add("l", F.lit(1))', 'F.try_subtract("i", F.lit(1))', 'F.try_multiply("i", "b")',
        'F.try_divide("i", "b")', 'F.try_mod("i", "b")', 'F.bit_count("i")', 'F.bit_count("l")', 'F.bit_get("i", F.lit(1))', 'F.getbit("i", F.lit(31))', 'F.bit_get("i", F.lit(32))',
        'F.bitwise_not("i")', 'F.bitwise_not("l")', 'F.shiftrightunsigned("i", 2)', 'F.shiftrightunsigned("l", 2)', 'F.nullifzero("i")', 'F.zeroifnull("i")', 'F.zeroifnull("d")',
        'F.equal_null("i", "b")', 'F.assert_true(F.col("b") < 100)', 'F.assert_true(F.col("b") < 10)', 'F.assert_true(F.col("b") < 10, "no")', 'F.bitmap_bit_position("l")',
        'F.bitmap_bucket_number("i")', 'F.xxhash64("d", "i", "l", "b")', 'F.hex("l")', 'F.bin("l")', 'F.to_json(F.struct("d", "i", "l"))', 'F.format_string("%f %e %g", "d", "d", "d")',
        'F.timestamp_seconds("b")', 'F.timestamp_seconds("d")', 'F.timestamp_millis("b")', 'F.timestamp_micros("l")', 'F.timestamp_millis("l")', 'F.date_from_unix_date("b")',
        'F.bit_count("d")', 'F.try_add("i", "x")', 'F.array_sort("d")', 'F.pi()',
    ],
    "T": [
        'F.unix_micros("t")', 'F.unix_millis("t")', 'F.unix_seconds("t")', 'F.unix_date("d")', 'F.extract(F.lit("YEAR"), "t")', 'F.extract(F.lit("SECOND"), "t")',
        'F.date_part(F.lit("doy"), "d")', 'F.date_part(F.lit("WEEK"), "t")', 'F.date_part(F.lit("yearofweek"), "t")', 'F.datepart(F.lit("dow_iso"), "t")', 'F.extract(F.lit("eon"), "t")',
        'F.dayname("d")', 'F.monthname("d")', 'F.from_utc_timestamp("t", "+02:30")', 'F.to_utc_timestamp("t", "-08:00")', 'F.from_utc_timestamp("t", "Nowhere")',
        'F.convert_timezone(F.lit("+01:00"), F.lit("UTC"), "t")', 'F.make_timestamp(F.lit(2024), F.lit(2), F.lit(29), F.lit(23), F.lit(59), F.lit(60))',
        'F.make_timestamp(F.lit(2024), F.lit(2), F.lit(30), F.lit(0), F.lit(0), F.lit(0))', 'F.try_make_timestamp(F.lit(2024), F.lit(2), F.lit(30), F.lit(0), F.lit(0), F.lit(0))',
        'F.make_timestamp(F.lit(2024), F.lit(1), F.lit(1), F.lit(0), F.lit(0), F.lit(1.5), F.lit("+02:00"))', 'F.make_timestamp_ntz(F.lit(2024), F.lit(1), F.lit(1), F.lit(0), F.lit(0), F.lit(1.5))',
        'F.make_timestamp_ltz(F.lit(2024), F.lit(1), F.lit(1), F.lit(0), F.lit(0), F.lit(1.5))',
        'F.timestamp_add("HOUR", "n", "t")', 'F.timestamp_add("MONTH", "n", "t")', 'F.timestamp_add("FORTNIGHT", "n", "t")', 'F.timestamp_diff("DAY", "d", "t")',
        'F.timestamp_diff("MONTH", F.lit("2000-01-31 00:00:00").cast("timestamp"), "t")', 'F.timestamp_diff("YEAR", "t", F.lit("2000-01-01 00:00:00").cast("timestamp"))',
        'F.to_timestamp_ltz(F.lit("2024-02-29 10:00"), F.lit("yyyy-MM-dd HH:mm"))', 'F.to_timestamp_ntz("t")', 'F.to_timestamp_ntz(F.lit("29.02.2024"), F.lit("dd.MM.yyyy"))',
        'F.to_unix_timestamp("t")', 'F.to_unix_timestamp(F.lit("2024-02-29"), F.lit("yyyy-MM-dd"))', 'F.try_to_timestamp(F.lit("x"))', 'F.try_to_timestamp(F.lit("2024-02-29"), F.lit("yyyy-MM-dd"))',
        'F.try_to_date(F.lit("x"))', 'F.try_to_date(F.lit("29.02.2024"), "dd.MM.yyyy")', 'F.current_timezone()', 'F.current_database()', 'F.current_catalog()', 'F.to_char("t", F.lit("yyyy/MM/dd"))',
        'F.to_json(F.struct("t", "d"))', 'F.xxhash64("t", "d")', 'year("d")', 'F.curdate() == F.current_date()', 'F.to_csv(F.struct("t", "d", "n"))',
        # Intervals and windows of time
        'F.make_dt_interval("n", F.lit(2), F.lit(3), F.lit(4.5))', 'F.make_dt_interval()', 'F.make_ym_interval("n", "n")', 'F.make_interval("n", F.lit(1), F.lit(1), "n", F.lit(5), F.lit(6), F.lit(7.25))',
        'F.make_interval()', 'F.try_make_interval(F.lit(2147483647))', 'F.make_dt_interval("x")', 'F.col("t") - F.col("d")', 'F.col("d") - F.col("d")', 'F.col("t") - F.make_dt_interval("n")',
        'F.col("d") + F.make_ym_interval("n")', 'F.col("t") + F.lit(datetime.timedelta(days=1, hours=2))', 'F.lit(datetime.timedelta(days=1, seconds=-1, microseconds=5))', 'F.col("d") + 1', 'F.col("d") - F.col("n")',
        '-F.make_dt_interval("n")', 'F.make_dt_interval("n") * 2', 'F.make_ym_interval("n") / 2', 'F.make_interval("n") * 1.5', 'F.make_dt_interval("n") > F.lit(datetime.timedelta(0))', 'F.make_dt_interval("n").cast("string")',
        'F.make_dt_interval("n").cast("int")', 'F.extract(F.lit("DAY"), F.make_dt_interval("n"))', 'F.try_add("d", F.lit(1))', 'F.try_add("d", F.make_interval("n"))', 'F.try_subtract("d", F.lit(1))',
        'F.try_multiply(F.make_interval("n"), F.lit(2))', 'F.try_divide(F.make_interval("n"), "n")', 'F.try_add("t", "t")', 'F.sequence("d", F.date_add("d", 2))', 'F.sequence("d", F.add_months("d", 2), F.make_ym_interval(F.lit(0), F.lit(1)))',
        'F.window("t", "10 minutes")', 'F.window("t", "10 minutes", "5 minutes")', 'F.window("t", "1 hour", startTime="15 minutes")', 'F.window("d", "1 day").alias("w")', 'F.window("t", "x")', 'F.window("n", "1 day")',
        'F.window_time("t")', 'F.time_bucket(F.make_dt_interval(F.lit(1)), "t")', 'F.time_bucket(F.make_ym_interval(F.lit(0), F.lit(5)), "t")', 'F.time_bucket(F.expr("INTERVAL 15 MINUTES"), "t", F.lit("2024-01-01 00:10:00").cast("timestamp"))',
        # Regions
        'F.from_utc_timestamp("t", "America/New_York")', 'F.to_utc_timestamp("t", "Europe/Berlin")', 'F.from_utc_timestamp("t", "PST")', 'F.convert_timezone(F.lit("Asia/Tokyo"), F.lit("Australia/Sydney"), "t")',
        'F.make_timestamp(F.lit(2024), F.lit(7), F.lit(1), F.lit(0), F.lit(0), F.lit(1.5), F.lit("America/Los_Angeles"))',
    ],
    'T.groupBy("n", F.session_window("t", "1 hour"))': ["F.count('*')"],
    'T.groupBy(F.window("t", "30 days").alias("w")).agg(F.sum("n").alias("s"))': ['F.window_time("w")', 'F.col("w.end")'],
}

AGGREGATES = [
    'F.bit_and("i")', 'F.bit_or("i")', 'F.bit_xor("i")', 'F.regr_count("d", "i")', 'F.regr_avgx("d", "i")', 'F.regr_avgy("d", "i")', 'F.regr_slope("d", "i")', 'F.regr_intercept("d", "i")',
    'F.regr_r2("d", "i")', 'F.regr_sxx("d", "i")', 'F.regr_sxy("d", "i")', 'F.regr_syy("d", "i")', 'F.listagg("s")', 'F.listagg("s", ",")', 'F.string_agg("s", "-")', 'F.listagg_distinct("s", ",")',
    'F.try_sum("i")', 'F.try_avg("i")', 'F.try_sum("d")', 'F.bit_and("d")', 'F.bitmap_count(F.bitmap_construct_agg(F.bitmap_bit_position("i")))', 'F.histogram_numeric("i", F.lit(5))',
    'F.any_value("s")', 'F.first_value("s", True)', 'F.mode("s")', 'F.mode("s", True)', 'F.max_by("s", "i", 2)', 'F.min_by("i", "d", F.lit(3))', 'F.max_by("s", "i")', 'F.sum(F.make_dt_interval("i"))', 'F.avg(F.make_ym_interval("i"))',
    'F.try_sum(F.make_dt_interval("i"))', 'F.max(F.make_dt_interval("i"))', 'F.collect_list(F.make_dt_interval("i"))', 'F.approx_count_distinct(F.struct("i", "s"))', 'F.approx_count_distinct(F.make_dt_interval("i"))',
]


def answer(frame, source, scope):
    text = io.StringIO()
    try:
        with contextlib.redirect_stdout(text):
            made = eval(frame, dict(scope)) if source is None else eval(f"{frame}", {**scope, "case": eval(source, dict(scope))})
            print(made.columns)
            print([field.dataType.simpleString() for field in made.schema])
            made.show(100, False)
        return {"printed": text.getvalue()}
    except Exception as error:
        condition = getattr(error, "getCondition", lambda: None)()
        return {"error": type(error).__name__, "condition": condition, "text": str(error).splitlines()[0][:300]}


if __name__ == "__main__":
    os.environ["PYSPARK_PYTHON"] = sys.executable
    builder = SparkSession.builder.master("local[8]").config("spark.sql.session.timeZone", "UTC").config("spark.ui.enabled", "false")
    spark = builder.config("spark.driver.memory", "2g").config("spark.sql.shuffle.partitions", "1").config("spark.sql.codegen.wholeStage", "false").getOrCreate()
    spark.sparkContext.setLogLevel("OFF")
    scope = {"spark": spark, "F": F}
    # Functions of this module can be sent to Python workers.
    scope["__name__"] = "__main__"
    exec(SETUP, scope)
    for name in "AJSNTG":
        # Rows that the driver has: Spark then answers without a job.
        rows = scope[name]._jdf
        scope[name] = DataFrame(spark._jsparkSession.createDataFrame(rows.collectAsList(), rows.schema()), spark)
    cases = []
    for frame, sources in CASES.items():
        for source in sources:
            # The partitions matter to random numbers only.
            random = any(name in source for name in ("randstr", "uniform"))
            made = f"{frame}{'.coalesce(1)' if random else ''}.select(case)"
            if ".groupBy(" in frame and ".agg(" not in frame:
                made = f"{frame}.agg(case).orderBy('n')"
            cases.append({"frame": made, "source": source, **answer(made, source, scope)})
    for source in AGGREGATES:
        frame = 'G.groupBy("k").agg(case).orderBy("k")'
        cases.append({"frame": frame, "source": source, **answer(frame, source, scope)})
    lines = ",\n".join(json.dumps(case, ensure_ascii=False) for case in cases)
    head = json.dumps(SETUP, ensure_ascii=False)
    pathlib.Path(__file__).with_suffix(".json").write_text(f'{{"setup": {head},\n"cases": [\n{lines}\n]}}\n')
    print(len(cases), "cases")

"""What real Spark 4 casts each value to, and how it refuses: writes casts.json beside itself, for src/frame/cast and src/frame/dates.rs."""
import json
import pathlib

from pyspark.sql import SparkSession

spark = (SparkSession.builder.master("local[8]").config("spark.sql.session.timeZone", "UTC")
         .config("spark.ui.enabled", "false").config("spark.driver.memory", "2g").getOrCreate())
spark.sparkContext.setLogLevel("OFF")
INTS = ["tinyint", "smallint", "int", "bigint"]
NUMBERS = INTS + ["float", "double", "decimal(10,2)", "decimal(38,18)", "decimal(5,0)"]
TEXTS = {
    "boolean": ["true", "T", "yes", "Y", "1", "FALSE", "f", "no", "n", "0", " true ", "on", "2", ""],
    "int": ["1", "-1", "+7", " 12 ", "\\t3\\n", "007", "1.0", "1.9", "1e2", "", " ", "abc", "2147483648", "-2147483648", "1_0", "-", "+", ".", "1.", ".5", "0x1", "١"],
    "tinyint": ["127", "128", "-129"], "smallint": ["32768"], "bigint": ["9223372036854775807", "9223372036854775808", "1L"],
    "double": ["1.5", " 1.5 ", "1e5", "1E400", "-0", "NaN", "nan", "Infinity", "-inf", "inf", "+Infinity", "1d", "1.5f", "0x1p3", "", "abc", "1,5", ".5", "5.", "infinity", "-"],
    "float": ["1.1", "1e39", "NaN", "-Infinity", "x"],
    "decimal(10,2)": ["1.005", "1.015", "-1.005", "12345678.9", "123456789", "1e3", " 1 ", "abc", "", "0.001", "+.5", "1e-3", "1E2147483648"],
    "decimal(38,18)": ["1e19", "1e20", "0.0000000000000000005", "3.14159265358979323846"],
    "date": ["2024-02-29", " 2024-2-9 ", "2024-02", "2024", "2023-02-29", "2024-02-29 10:00:00", "2024-02-29T", "2024-13-01", "abc", "", "+2024-01-01", "-0001-01-01", "12024-01-01",
             "2024-02-29x", "20240229", "2024-1-1 anything", "0001-01-01", "epoch", "now", "24-1-1"],
    "timestamp": ["2024-02-29 10:00:00", "2024-02-29T10:00:00.5", "2024-02-29 10:00:00.123456789", "2024-02-29", "2024-02", "2024", "2024-02-29 1:2:3", "2024-02-29 10:00", "2024-02-29 10",
                  "2024-02-29T10:00:00Z", "2024-02-29 10:00:00+01:30", "2024-02-29 10:00:00 UTC", "2024-02-29 10:00:00GMT-8", "2024-02-29 10:00:00 +1", "10:00:00", "T10:00", "2024-02-29 24:00:00",
                  "2024-02-29 10:60:00", "2024-02-30 10:00:00", "", "abc", "2024-02-29 10:00:00.", "2024-02-29 10:00:00 -08:00", "2024-02-29 10:00:00UTC+2", "1969-12-31 23:59:59.999999", "0001-01-01 00:00:00",
                  "2024-02-29 10:00:00 America/New_York", "-0044-03-15 12:00:00"],
    "timestamp_ntz": ["2024-02-29 10:00:00", "2024-02-29 10:00:00+01:00", "2024-02-29", "x"],
    "binary": ["abc", "é"], "string": ["abc"],
}
VALUES = {
    "boolean": ["true", "false"], "tinyint": ["0", "-7", "127"], "int": ["0", "1", "-1", "300", "40000", "2147483647", "-2147483648"], "bigint": ["0", "5", "3000000000", "-9223372036854775808", "9223372036854775807"],
    "float": ["0", "1.5", "-1.5", "3.0E9", "1E20", "NaN", "Infinity", "0.1", "16777216"], "double": ["0", "-0.0", "1.5", "-1.5", "2.5", "127.9", "-128.9", "1e10", "1e-5", "1e19", "1e300", "NaN", "-Infinity", "0.1", "123456789.123", "1E7", "12345.678", "1.005"],
    "decimal(10,2)": ["0", "1.50", "-1.55", "12345678.99", "300"], "decimal(38,18)": ["0", "1e-18", "123.456", "-0.000001", "12345678901234567890", "0.0000001"], "decimal(38,0)": ["99999999999999999999999999999999999999", "5"],
    "date": ["1970-01-01", "2024-02-29", "0001-01-01"], "timestamp": ["1970-01-01 00:00:00", "2024-02-29 10:11:12.345678", "1969-12-31 23:59:59.5", "3000-01-01 00:00:00"],
    "timestamp_ntz": ["2024-02-29 10:11:12.345"],
}
TARGETS = ["boolean", *NUMBERS, "string", "binary", "date", "timestamp", "timestamp_ntz"]
FORMATS = ["yyyy-MM-dd", "dd/MM/yyyy", "d.M.yy", "MMM d, yyyy", "EEEE, d MMMM yyyy", "E", "yyyyMMdd", "HH:mm:ss.SSS", "HH:mm:ss.SSSSSS", "h:mm a", "hh:mm:ss a", "K k", "D", "DDD", "Q", "QQQ", "QQQQ", "q", "yyyy-MM-dd'T'HH:mm:ssXXX",
           "yyyy-MM-dd HH:mm:ss z", "VV", "O", "OOOO", "X", "XX", "x", "xxx", "Z", "ZZZZZ", "G", "y", "yyy", "yyyyy", "LLL", "L", "''yyyy''", "'o''clock' H", "[yyyy]", "s.S", "F", "n", "W", "u", "YYYY", "w", "B", "A", "N", "e", "c", "MMMMM", "EEEEE", "yyyyyyy", "HHH", "a", "zzzz"]
MOMENTS = ["2024-02-29 13:05:09.123456", "1999-12-31 00:00:00", "0987-06-05 12:34:56"]
PARSES = [("2024-02-29", "yyyy-MM-dd"), ("29/2/2024", "d/M/yyyy"), ("29/2/2024", "dd/MM/yyyy"), ("20240229", "yyyyMMdd"), ("Feb 29, 2024", "MMM d, yyyy"), ("february 29 2024", "MMMM d yyyy"), ("February 29 2024", "MMMM d yyyy"),
          ("24-02-29", "yy-MM-dd"), ("99-02-28", "yy-MM-dd"), ("2024-02", "yyyy-MM"), ("2024", "yyyy"), ("2024-02-29 10:11:12", "yyyy-MM-dd HH:mm:ss"), ("2024-02-29 10:11", "yyyy-MM-dd HH:mm:ss"), ("2024-02-29 10:11:12.5", "yyyy-MM-dd HH:mm:ss.SSS"),
          ("2024-02-29 10:11:12.500", "yyyy-MM-dd HH:mm:ss.SSS"), ("2024-02-29 10:11:12.5", "yyyy-MM-dd HH:mm:ss.S"), ("2024-02-29 10:11:12", "yyyy-MM-dd HH:mm:ss[.SSS]"), ("2024-02-29T10:11:12Z", "yyyy-MM-dd'T'HH:mm:ssX"),
          ("2024-02-29T10:11:12+02:00", "yyyy-MM-dd'T'HH:mm:ssXXX"), ("2024-02-29T10:11:12Z", "yyyy-MM-dd'T'HH:mm:ss'Z'"), ("2024-02-29 10:11:12 CET", "yyyy-MM-dd HH:mm:ss z"), ("2024-02-29 1:05 PM", "yyyy-MM-dd h:mm a"), ("2024-02-29 13:05 PM", "yyyy-MM-dd hh:mm a"),
          ("2024-02-29 01:05 pm", "yyyy-MM-dd hh:mm a"), ("2024-060", "yyyy-DDD"), ("2024-366", "yyyy-D"), ("Thu 29 Feb 2024", "E dd MMM yyyy"), ("Fri 29 Feb 2024", "E dd MMM yyyy"), ("2024-02-30", "yyyy-MM-dd"), ("2024-02-29 ", "yyyy-MM-dd"), ("2024-02-29x", "yyyy-MM-dd"),
          ("", "yyyy-MM-dd"), ("10:11", "HH:mm"), ("12024-01-01", "yyyy-MM-dd"), ("2024-1-1", "yyyy-MM-dd"), ("5", "d"), ("2024-02-29 24:00", "yyyy-MM-dd HH:mm"), ("2024-02-29", "YYYY-MM-dd"), ("2024 1", "yyyy Q"), ("2024-02-29 10:11:12.123456", "yyyy-MM-dd HH:mm:ss.SSSSSS"),
          ("1/1/24", "M/d/yy"), ("1/1/2024", "M/d/yy"), ("1/1/2024", "M/d/y"), ("2024-02-29 10", "yyyy-MM-dd kk"), ("2024-02-29 America/New_York", "yyyy-MM-dd VV")]


def ask(sql):
    try:
        row = spark.sql(f"select {sql} as v").first()
        return {"value": row.v}
    except Exception as e:
        text = str(e)
        at = text.find("[")
        return {"error": text[at:].split(" SQLSTATE")[0].split("\n")[0] if at >= 0 else text[:200]}


def quote(text):
    return "'" + text.replace("'", "\\'") + "'"


out = {"texts": [], "values": [], "formats": [], "parses": []}
for to, texts in TEXTS.items():
    for text in texts:
        out["texts"].append({"text": text.replace("\\t", "\t").replace("\\n", "\n"), "to": to, **ask(f"cast(cast({quote(text)} as {to}) as string)"),
                             "try": ask(f"cast(try_cast({quote(text)} as {to}) as string)").get("value")})
for source, texts in VALUES.items():
    for text in texts:
        for to in TARGETS:
            if to != source:
                out["values"].append({"text": text, "from": source, "to": to, **ask(f"cast(cast(cast({quote(text)} as {source}) as {to}) as string)"),
                                      "try": ask(f"cast(try_cast(cast({quote(text)} as {source}) as {to}) as string)").get("value")})
for pattern in FORMATS:
    for moment in MOMENTS:
        out["formats"].append({"pattern": pattern, "moment": moment, **ask(f"date_format(timestamp {quote(moment)}, {quote(pattern)})")})
for text, pattern in PARSES:
    out["parses"].append({"text": text, "pattern": pattern, "date": ask(f"cast(to_date({quote(text)}, {quote(pattern)}) as string)"), "timestamp": ask(f"cast(to_timestamp({quote(text)}, {quote(pattern)}) as string)"),
                          "try": ask(f"cast(try_to_timestamp({quote(text)}, {quote(pattern)}) as string)")})
out["nested"] = [{"sql": sql, **ask(sql)} for sql in [
    "cast(array(1, null, 3) as string)", "cast(map('a', 1, 'b', null) as string)", "cast(named_struct('x', 1, 'y', 'b', 'z', null) as string)", "cast(array(array(1.5D), array()) as string)",
    "cast(array('1', '2') as array<int>)", "cast(array(true) as string)", "cast(named_struct('d', date'2024-02-29', 't', timestamp'2024-02-29 10:00:00') as string)", "cast(X'6162' as string)"]]
for case in out["nested"]:
    case["value"] = str(case.get("value"))
frames = {
    "binary": "select X'6162' a, X'' b, cast(null as binary) c, array(X'61') d", "nulls": "select cast(null as int) a, cast(null as string) b, array(null, 1) c", "doubles": "select 1D a, 1e10D b, 0.1f c, double('NaN') d, -double('Infinity') e, 1e-7D f",
    "nested": "select array(1, 2) a, map('a', 1) b, named_struct('x', 1, 'y', 'b') c, array(named_struct('x', array(null))) d, map('k', array('v')) e", "times": "select timestamp'2024-02-29 10:00:00.120' a, date'2024-02-29' b, timestamp_ntz'2024-02-29 10:00:00' c",
    "decimals": "select 1.50 a, cast(0 as decimal(10,2)) b, cast(1e-7 as decimal(38,18)) c, cast(12 as decimal(5,0)) d", "text": "select 'a\\nb' a, 'tab\\there' b, 'wide 日本' c, '' d",
}
out["show"] = [{"name": name, "sql": sql, "text": spark.sql(sql)._jdf.showString(20, 20, False)} for name, sql in frames.items()]
path = pathlib.Path(__file__).with_suffix(".json")
path.write_text(json.dumps(out, ensure_ascii=False, indent=0) + "\n")
print(path, path.stat().st_size)

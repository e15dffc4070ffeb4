"""What real Spark makes of small nasty CSV files: writes read_csv.json beside itself, for src/frame/csv."""
import json
import pathlib
import tempfile

from pyspark.sql import SparkSession
from pyspark.sql import functions as F

spark = (SparkSession.builder.master("local[8]").config("spark.sql.session.timeZone", "UTC")
         .config("spark.ui.enabled", "false").config("spark.driver.memory", "2g").getOrCreate())
spark.sparkContext.setLogLevel("OFF")
H = {"header": "true"}
HI = {"header": "true", "inferSchema": "true"}
I = {"inferSchema": "true"}

CASES = [
    ("plain", "a,b\n1,x\n2,y\n", {}), ("header", "a,b\n1,x\n2,y\n", H), ("inferred", "a,b\n1,x\n2,y\n", HI), ("no final newline", "a,b\n1,x\n2,y", HI),
    ("crlf", "a,b\r\n1,x\r\n2,y\r\n", HI), ("lone cr", "a,b\r1,x\r2,y\r", HI), ("mixed line ends", "a,b\n1,x\r\n2,y\r3,z\n", HI),
    ("bom", "\ufeffa,b\n1,x\n", HI), ("bom without header", "\ufeff1,2\n3,4\n", I), ("empty file", "", {}), ("empty file inferred", "", HI),
    ("header only", "a,b\n", HI), ("only newlines", "\n\n\n", H), ("empty lines", "a,b\n\n1,x\n   \n\n2,y\n\n", HI), ("tab line", "a\tb\n\t\n1\t2\n", {**HI, "sep": "\t"}),
    ("commas alone", "a,b\n,\n1,2\n", HI), ("one column", "a\n1\n\n2\n", HI), ("leading empty line", "\n\na,b\n1,2\n", HI),
    ("duplicate names", "a,b,a,A,\n1,2,3,4,5\n", HI), ("empty names", ",a,\"\",\n1,2,3,4\n", HI), ("null names", "NA,a\n1,2\n", {**HI, "nullValue": "NA"}),
    ("names with spaces", " a , b.c\n1,2\n", HI), ("quoted names", "\"a,b\",\"c\"\n1,2\n", HI),
    ("few fields", "a,b,c\n1\n1,2\n1,2,3\n", HI), ("many fields", "a,b\n1,2,3\n4,5,6,7\n8,9\n", HI), ("ragged dropped", "a,b\n1,2,3\n4\n8,9\n", {**HI, "mode": "DROPMALFORMED"}),
    ("ragged failing", "a,b\n1,2\n4\n", {**HI, "mode": "FAILFAST"}), ("too many failing", "a,b\n1,2\n4,5,6\n", {**HI, "mode": "FAILFAST"}),
    ("quoted separators", "a,b\n\"1,5\",\"x,y\"\n", H), ("quoted empty", "a,b\n\"\",1\n,2\n", H), ("quoted empty alone", "a\n\"\"\nx\n", H),
    ("quoted empty with emptyValue", "a,b\n\"\",1\n,2\n", {**H, "emptyValue": "EMPTY"}), ("quoted numbers", "a\n\"1\"\n\"2\"\n", HI),
    ("quote inside", "a,b\nx\"y,1\n5\" pipe,2\n", H), ("doubled quotes, backslash escape", "a,b\n\"x\"\"y\",1\n\"\"\"q\"\"\",2\n\"\"\"\",3\n", H),
    ("doubled quotes, quote escape", "a,b\n\"x\"\"y\",1\n\"\"\"q\"\"\",2\n\"\"\"\",3\n", {**H, "escape": "\""}),
    ("backslash quotes", "a,b\n\"x\\\"y\",1\n\"\\\"\",2\n\"a\\\\\",3\n\"a\\\\b\",4\n\"a\\n\",5\n", H), ("backslash unquoted", "a,b\nx\\\"y,1\nx\\,2\n\\\"x,3\n", H),
    ("backslash then end", "a,b\n\"x\\\\\",1\n\"x\\\\\\\"y\",2\n", H),
    ("text after quote", "a,b\n\"x\"y,1\n\"x\" ,2\n\"x\" y,3\n", H), ("text after quote, quote escape", "a,b\n\"x\"y,1\n\"x\" ,2\n\"x\" y,3\n", {**H, "escape": "\""}),
    ("space before quote", "a,b\n \"x\",1\n  \"x,y\",2\n", H), ("space before quote ignored", "a,b\n \"x\" ,1\n  \"x,y\",2\n", {**H, "ignoreLeadingWhiteSpace": "true"}),
    ("text after quote then comma quote", "a,b\n\"x\"y\",1\n\"x\"y,z\",2\n", H), ("unclosed quote at end", "a,b\n1,2\n\"x,3\n", H), ("unclosed quote last field", "a,b\n1,\"x\n", H),
    ("newline in quotes", "a,b\n\"x\ny\",1\n\"z\",2\n", {**H, "multiLine": "true"}), ("crlf in quotes", "a,b\r\n\"x\r\ny\",1\r\n\"z\",2\r\n", {**H, "multiLine": "true"}),
    ("newline and doubled quotes", "a,b\n\"x\n\"\"y\"\"\",1\n\"z\",2\n", {**H, "multiLine": "true", "escape": "\""}),
    ("whitespace kept", "a,b\n x , y \n", H), ("whitespace ignored", "a,b\n x , y \n\" q \", z\n", {**H, "ignoreLeadingWhiteSpace": "true", "ignoreTrailingWhiteSpace": "true"}),
    ("leading ignored", "a,b\n x , 1 \n", {**HI, "ignoreLeadingWhiteSpace": "true"}), ("numbers with spaces", "a,b\n 1,1 \n2,2\n", HI), ("spaces are null", "a,b\n  ,1\nx,2\n", {**H, "ignoreLeadingWhiteSpace": "true"}),
    ("semicolon", "a;b\n1;2,5\n", {**HI, "sep": ";"}), ("tab", "a\tb\n1\tx y\n", {**HI, "delimiter": "\\t"}), ("pipe", "a|b\n1|2\n", {**HI, "sep": "|"}),
    ("two characters", "a||b\n1||2|3\n", {**HI, "sep": "||"}), ("single quote", "a,b\n'x,y',\"z\n", {**H, "quote": "'"}), ("no quote", "a,b\n\"x,1\n\"y\",2\n", {**H, "quote": ""}),
    ("other escape", "a,b\n\"x^\"y\",1\n", {**H, "escape": "^"}), ("comment", "#c\na,b\n#1,2\n3,4\n5,#6\n", {**HI, "comment": "#"}), ("no comment", "#a,b\n#1,2\n", H),
    ("nullValue", "a,b\nNA,1\n2,NA\n,3\n", {**HI, "nullValue": "NA"}), ("nullValue quoted", "a,b\n\"NA\",x\ny,NA\n", {**H, "nullValue": "NA"}),
    ("nullValue empty strings", "a,b\n,x\n\"\",NA\n", {**H, "nullValue": "NA"}), ("nanValue", "a,b\nnan,1\n2.5,nan\n", {**HI, "nanValue": "nan"}),
    ("nan and infinity", "a,b,c,d\nNaN,Inf,-Inf,Infinity\n1,2,3,4\n", HI), ("infinities", "a,b,c\n+Infinity,+Inf,-Infinity\n1,2,3\n", HI),
    ("exponents", "a,b,c\n1e5,1E-3,1e400\n2,3,4\n", HI), ("leading zeros", "a,b\n007,00.5\n008,01\n", HI), ("signs", "a,b,c,d\n+1,-0,-0.0,+1.5\n2,3,4,5\n", HI),
    ("odd numbers", "a,b,c,d,e\n1_000,1.,.5,1d,2f\n1,2,3,4,5\n", HI), ("more odd numbers", "a,b,c,d,e\n0x10,1L,1e,.,-\n1,2,3,4,5\n", HI), ("hex float", "a,b\n0x1p3,1D\n1,2\n", HI),
    ("thousands", "a\n\"1,000\"\n\"2\"\n", HI), ("int to bigint", "a\n1\n2147483648\n", HI), ("int limits", "a,b\n2147483647,-2147483648\n1,1\n", HI),
    ("bigint to decimal", "a\n1\n9223372036854775808\n", HI), ("decimal alone", "a\n123456789012345678901234567890\n", HI), ("decimal too long", "a\n123456789012345678901234567890123456789\n", HI),
    ("decimal then double", "a\n9223372036854775808\n1.5\n", HI), ("decimal exponent", "a,b\n1e20,12e3\n2e20,5\n", HI), ("decimal negative scale", "a\n1e3\n1e3\n", HI),
    ("int then double", "a\n1\n2.5\n", HI), ("double then int", "a\n2.5\n1\n", HI), ("int then string", "a\n1\nx\n", HI), ("bigint then double", "a\n9223372036854775807\n1.5\n", HI),
    ("booleans", "a,b,c\ntrue,TRUE,yes\nfalse,False,no\n", HI), ("boolean then int", "a\ntrue\n1\n", HI), ("int then boolean", "a\n1\ntrue\n", HI), ("t and f", "a\nt\nf\n", HI),
    ("dates", "a\n2024-02-29\n2024-03-01\n", HI), ("date then int", "a\n2024-02-29\n2024\n", HI), ("int then date", "a\n2024\n2024-02-29\n", HI), ("bad date", "a\n2023-02-29\n2024-01-01\n", HI),
    ("short date", "a\n2024-1-5\n2024-12-31\n", HI), ("date then timestamp", "a\n2024-02-29\n2024-02-29 10:00:00\n", HI), ("timestamp then date", "a\n2024-02-29 10:00:00\n2024-02-29\n", HI),
    ("timestamps", "a,b,c\n2024-02-29 10:00:00,2024-02-29T10:00:00,2024-02-29 10:00\n2024-02-29 10:00:00.123456,2024-02-29T10:00:00.5,2024-02-29 10:00:01\n", HI),
    ("zoned timestamps", "a,b,c\n2024-02-29T10:00:00Z,2024-02-29T10:00:00+02:00,2024-02-29 10:00:00 Europe/Berlin\n", HI), ("other dates", "a,b,c\n02/29/2024,29.02.2024,2024/02/29\n", HI),
    ("year month", "a\n2024-02\n2024-03\n", HI), ("time only", "a,b\n10:00,10:00:30\n11:00,11:00:30\n", HI), ("date with format", "a\n29/02/2024\n01/03/2024\n", {**HI, "dateFormat": "dd/MM/yyyy"}),
    ("timestamp with format", "a,b\n29.02.2024 10:11:12,x\n01.03.2024 00:00:00,y\n", {**HI, "timestampFormat": "dd.MM.yyyy HH:mm:ss"}),
    ("timestamp format and dates", "a\n2024-02-29\n29.02.2024 10:11:12\n", {**HI, "timestampFormat": "dd.MM.yyyy HH:mm:ss"}), ("date with time text", "a\n2024-02-29abc\n2024-02-29\n", HI),
    ("timestamp with T only", "a\n2024-02-29T\n2024-02-29T10\n", HI), ("date with spaces", "a\n 2024-02-29\n2024-03-01 \n", HI),
    ("all null", "a,b\n,1\n,2\n", HI), ("null then int", "a,b\n,1\n5,2\n", HI), ("int null", "a,b\n5,1\n,2\n", HI), ("unicode", "näme,b\ngrüße,€\n日本,😀\n", HI), ("nul character", "a,b\nx\0y,1\n", H),
    ("no inference header", "a,b\n1,2\n", H), ("sampling keeps all", "a\n1\n2\n3\n", {**HI, "samplingRatio": "1.0"}), ("line separator", "a,b;1,2;3,4;", {**HI, "lineSep": ";"}),
    ("decimal spread", "a\n1e2\n12345678901234567890\n", HI), ("string then int", "a\nx\n1\n", HI), ("double then date", "a\n1.5\n2024-01-01\n", HI),
    ("preferDate off", "a\n2024-02-29\n2024-03-01\n", {**HI, "preferDate": "false"}), ("trailing comma", "a,b,\n1,2,\n3,4,\n", HI), ("space fields", "a,b\n ,1\n ,2\n", HI),
    ("corrupt quoted row", "a,b\n\"x,1\n\"y\",2\n", {**H, "escape": "\""}),
]
SCHEMAS = [
    ("schema ints", "a,b\n1,2\nx,3\n4,5\n", H, "a int, b int"), ("schema failfast", "a,b\n1,2\nx,3\n4,5\n", {**H, "mode": "FAILFAST"}, "a int, b int"),
    ("schema drop", "a,b\n1,2\nx,3\n4,5\n", {**H, "mode": "DROPMALFORMED"}, "a int, b int"),
    ("corrupt column", "a,b\n1,2\nx,3\n4\n5,6,7\n", H, "a int, b int, _corrupt_record string"),
    ("corrupt column named", "a,b\n1,2\nx,3\n", {**H, "columnNameOfCorruptRecord": "bad"}, "a int, b int, bad string"),
    ("corrupt column first", "a,b\n1,2\nx,3\n", {**H, "columnNameOfCorruptRecord": "bad"}, "bad string, a int, b int"),
    ("schema names", "a,b\n1,2\n", H, "x int, y int"), ("schema names not enforced", "a,b\n1,2\n", {**H, "enforceSchema": "false"}, "x int, y int"),
    ("schema not enforced case", "a,b\n1,2\n", {**H, "enforceSchema": "false"}, "A int, B int"),
    ("schema longer", "a,b\n1,2\n", H, "a int, b int, c int"), ("schema shorter", "a,b,c\n1,2,3\n", H, "a int, b int"), ("schema without header", "1,2\n3,4\n", {}, "a int, b string"),
    ("all types", "1,2,3,4,1.5,2.5,1.25,true,2024-02-29,2024-02-29 10:00:00,x\n,,,,,,,,,,\n300,70000,3000000000,x,x,x,x,x,x,x,x\n", {},
     "a tinyint, b smallint, c int, d bigint, e float, f double, g decimal(5,2), h boolean, i date, j timestamp, k string"),
    ("decimal forms", "1.005\n12345.6\n1e2\n-.5\n\"1,234.5\"\n 1\n", {}, "a decimal(7,2)"), ("float forms", "NaN\nInf\n-Inf\nInfinity\n1e39\n1f\n 1.5 \n", {}, "a float"),
    ("double forms", "NaN\nInf\n-Inf\nInfinity\n-Infinity\n1e400\n1d\n 1.5 \nnan\n0x1p3\n", {}, "a double"), ("boolean forms", "true\nTRUE\nfalse\nt\n1\nyes\n true\n", {}, "a boolean"),
    ("int forms", "1\n+1\n-0\n007\n 1\n1 \n1.0\n1e2\n1_0\n2147483648\n-2147483649\n", {}, "a int"),
    ("date forms", "2024-02-29\n2024-2-9\n2024-02\n2024\n2024-02-30\n2024-02-29 10:00:00\n2024-02-29T10:00\n20240229\n +2024-02-29\n12024-01-01\n", {}, "a date"),
    ("timestamp forms", "2024-02-29 10:00:00\n2024-02-29\n2024\n2024-02-29 1:2:3\n2024-02-29T10:00:00.123456789Z\n2024-02-29 10:00:00+01:30\n2024-02-29 10:00:00 UTC\n10:00\n2024-02-30 10:00:00\n"
     "2024-02-29 24:00:00\n2024-02-29 10:00:00 -8\n2024-02-29 10:00:00GMT+1\n", {}, "a timestamp"),
    ("timestamp ntz forms", "2024-02-29 10:00:00\n2024-02-29T10:00:00Z\n2024-02-29\n", {}, "a timestamp_ntz"), ("binary", "abc\n", {}, "a binary"),
    ("date format forms", "29/02/2024\n1/3/2024\n2024-02-29\n", {"dateFormat": "dd/MM/yyyy"}, "a date"), ("date format short", "29/2/2024\n1/3/2024\n01/03/2024\n", {"dateFormat": "d/M/yyyy"}, "a date"),
    ("date format month names", "29 Feb 2024\n1 March 2024\n", {"dateFormat": "d MMM yyyy"}, "a date"), ("date two digits", "29.02.24\n01.01.99\n", {"dateFormat": "dd.MM.yy"}, "a date"),
    ("timestamp format forms", "2024-02-29 10h11\n2024-02-29 1h1\n", {"timestampFormat": "yyyy-MM-dd HH'h'mm"}, "a timestamp"),
    ("timestamp format fraction", "29.02.2024 10:11:12.123\n29.02.2024 10:11:12\n", {"timestampFormat": "dd.MM.yyyy HH:mm:ss[.SSS]"}, "a timestamp"),
    ("timestamp format am pm", "02/29/2024 01:05 PM\n02/29/2024 12:05 AM\n", {"timestampFormat": "MM/dd/yyyy hh:mm a"}, "a timestamp"),
    ("timestamp format zone", "2024-02-29T10:00:00+02:00\n2024-02-29T10:00:00Z\n", {"timestampFormat": "yyyy-MM-dd'T'HH:mm:ssXXX"}, "a timestamp"),
    ("not null", "1,2\n,3\n", {}, "a int not null, b int"),
]


def read(name, text, options, schema=None):
    folder = tempfile.mkdtemp()
    path = pathlib.Path(folder) / "a.csv"
    path.write_bytes(text.encode())
    case = {"name": name, "text": text, "options": options}
    if schema:
        case["schema"] = schema
    try:
        reader = spark.read.options(**options)
        df = (reader.schema(schema) if schema else reader).csv(str(path))
        case["inferred"] = df.schema.simpleString()
        case["names"] = df.columns
        df = df.cache()
        strings = [F.expr(f"cast(`{f.name.replace('`', '``')}` as string)") for f in df.schema.fields]
        case["rows"] = [list(r) for r in df.select(*strings).collect()] if df.columns else [[] for _ in range(df.count())]
    except Exception as e:
        text = str(e)
        at = text.find("[")
        case["error"] = text[at:at + 400].split("\n")[0] if at >= 0 else text[:300]
    return case


def partitions(size):
    """How Spark splits a file of lines of 10 bytes, the number in each first column: rows of each partition."""
    folder = tempfile.mkdtemp()
    path = pathlib.Path(folder) / "a.csv"
    path.write_text("id,xxxxxx\n" + "".join(f"{i:07d},1\n" for i in range(size // 10)))
    df = spark.read.options(header="true").csv(str(path))
    return {"size": path.stat().st_size, "rows": df.rdd.mapPartitions(lambda rows: [sum(1 for _ in rows)]).collect()}


result = {"cases": [read(*case) for case in CASES + SCHEMAS], "partitions": [partitions(n) for n in (100, 4 << 20, 10_000_000, 41_943_040)]}
path = pathlib.Path(__file__).with_suffix(".json")
path.write_text(json.dumps(result, ensure_ascii=False, indent=1) + "\n")
print(path, path.stat().st_size)

"""What real Spark reads from files and folders, and what it writes: writes files.json beside itself, for src/frame/read.rs and src/frame/save.rs."""
import json
import pathlib
import tempfile
import urllib.parse

from pyspark.sql import SparkSession

spark = (SparkSession.builder.master("local[8]").config("spark.sql.session.timeZone", "UTC")
         .config("spark.ui.enabled", "false").config("spark.driver.memory", "2g").getOrCreate())
spark.sparkContext.setLogLevel("OFF")


def failure(e):
    text = str(e)
    return text[text.find("[") + 1:text.find("]")] if "[" in text else text.split("\n")[0][:200]


def read(name, format, files, paths=("",), schema=None, select=None, **options):
    """Reads texts that lie in a folder; the folder's name is nowhere in the answer."""
    folder = pathlib.Path(tempfile.mkdtemp())
    for path, text in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(text.encode())
    case = {"name": name, "format": format, "files": files, "paths": list(paths), "options": options, "schema": schema, "select": select}
    try:
        reader = spark.read.format(format).options(**{k: v.replace("$", str(folder)) for k, v in options.items()})
        if schema:
            reader = reader.schema(schema)
        df = reader.load([f"{folder}/{path}" for path in paths])
        if select:
            df = df.selectExpr(*select)
        case["type"] = df.schema.simpleString()
        case["table"] = df._show_string(100, False, False)
        case["inputs"] = sorted(urllib.parse.unquote(path.split(folder.name + "/")[1]) for path in df.inputFiles())
    except Exception as e:
        case["error"] = failure(e)
    return case


LINES = '{"b": 1, "a": "x", "c": {"z": 1.5, "y": [1, 2]}}\n{"b": 2.5, "a": null, "d": true, "c": {"y": [], "x": "q"}}\n\n{"a": 3}\n'
MIXED = '{"a": 1}\n{"a": "x"}\n{"a": [1]}\n{"a": {"b": 1}}\n{"a": true}\n'
BAD = '{"a": 1, "b": "x"}\n{"a": "no", "b": "y"}\nnot json\n{"a": 3, "b": {"k": [1,  2]}}\n{"a": 4\n[{"a": 5}, {"a": 6}]\n[1]\n7\nnull\n{"a": 99999999999, "b": null} trailing\n'
TYPES = '{"i": 1, "l": 9999999999, "h": 12345678901234567890, "d": 1e3, "e": 0.1, "n": NaN, "s": "", "t": "2024-02-29T10:00:00.5Z", "z": null, "m": [null], "o": {}, "k": [{"p": 1}, {"q": "w"}], "u": [[1], [2.5]]}\n'
TYPED = ('{"b": 127, "s": 300, "i": 7, "l": 8, "f": 1.25, "d": "NaN", "x": "1,234.5", "w": 2.345, "t": "2024-02-29 10:00:00", "n": "2024-02-29T10:00:00", "e": "2024-02-29", "y": "YWI=", "g": true, "m": {"k": 1, "j": null}, "a": [1, null], "o": {"p": 1, "q": "r"}}\n'
         '{"b": 200, "s": 99999, "i": "7", "l": 1.5, "f": "INF", "d": "-Infinity", "x": 123456, "w": "nope", "t": 5, "n": "2024-02-29T10:00:00Z", "e": "12", "y": "*", "g": "true", "m": {"k": "z", "j": 2}, "a": [1, "q"], "o": {"p": "bad", "q": 5}}\n'
         '{"b": 300, "d": "", "a": {}, "o": [], "m": {"k": 1}, "s": 1, "s": 2}\n')
SCHEMA = "b TINYINT, s SMALLINT, i INT, l BIGINT, f FLOAT, d DOUBLE, x DECIMAL(8,2), w DECIMAL(4,2), t TIMESTAMP, n TIMESTAMP_NTZ, e DATE, y BINARY, g BOOLEAN, m MAP<STRING,INT>, a ARRAY<INT>, o STRUCT<p:INT,q:STRING>, _corrupt_record STRING"
STATES = {"t/year=2024/kind=a%2Fb/p.json": '{"v": 1}\n', "t/year=2025/kind=__HIVE_DEFAULT_PARTITION__/p.json": '{"v": 2}\n{"v": 3}\n', "t/_SUCCESS": ""}
READS = [
    read("lines", "json", {"a.json": LINES}),
    read("conflicts", "json", {"a.json": MIXED}),
    read("bad", "json", {"a.json": BAD}),
    read("bad dropped", "json", {"a.json": BAD}, mode="DROPMALFORMED"),
    read("bad fails", "json", {"a.json": BAD}, mode="FAILFAST"),
    read("bad with a schema", "json", {"a.json": BAD}, schema="a INT, b STRING, _corrupt_record STRING"),
    read("bad with a schema dropped", "json", {"a.json": BAD}, schema="a INT, b STRING", mode="DROPMALFORMED"),
    read("bad with a schema fails", "json", {"a.json": BAD}, schema="a INT, b STRING", mode="FAILFAST"),
    read("bad under another name", "json", {"a.json": BAD}, columnNameOfCorruptRecord="bad"),
    read("pruned", "json", {"a.json": BAD}, schema="a INT, b STRING, _corrupt_record STRING", select=["b", "_corrupt_record"]),
    read("only bad", "json", {"a.json": "{\n\"a\": 1\n}\n"}),
    read("multi line", "json", {"a.json": "[{\"a\": 1,\n \"b\": 2},\n {\"a\": 3}]", "b.json": "{\"a\":\n 4}"}, multiLine="true"),
    read("multi line bad", "json", {"a.json": "{\"a\": 1,\n", "b.json": "{\"a\":\n 4}"}, multiLine="true"),
    read("types", "json", {"a.json": TYPES}),
    read("types as strings", "json", {"a.json": TYPES}, primitivesAsString="true"),
    read("types as decimals", "json", {"a.json": '{"h": 12345678901234567890, "e": 0.1, "s": "1.25", "u": [[1], [2.5]]}\n'}, prefersDecimal="true"),
    read("types without nulls", "json", {"a.json": TYPES}, dropFieldIfAllNull="true"),
    read("types with times", "json", {"a.json": TYPES}, inferTimestamp="true"),
    read("typed", "json", {"a.json": TYPED}, schema=SCHEMA),
    read("formats", "json", {"a.json": '{"d": "29/02/2024", "t": "29/02/2024 10:30"}\n{"d": "2024-02-29", "t": "x"}\n'}, schema="d DATE, t TIMESTAMP, _corrupt_record STRING", dateFormat="dd/MM/yyyy", timestampFormat="dd/MM/yyyy HH:mm"),
    read("syntax", "json", {"a.json": "{'a': 'x', b: 07, /* c */ \"c\": \"\\q\t\"}\n"}, allowComments="true", allowUnquotedFieldNames="true", allowNumericLeadingZeros="true", allowBackslashEscapingAnyCharacter="true", allowUnquotedControlChars="true"),
    read("syntax refused", "json", {"a.json": "{'a': 'x', b: 07}\n{'a': 'x'}\n{\"a\": \"\t\"}\n{\"a\": \"\\q\"}\n{\"a\": 01}\n{\"a\": \"\\u00e9\\ud83d\\ude00\"}\n"}),
    read("separated", "json", {"a.json": '{"a":1}|{"a":2}|'}, lineSep="|"),
    read("same names", "json", {"a.json": '{"a": 1, "A": 2}\n'}),
    read("sorted", "json", {"a.json": '{"b": 1, "B2": 2, "_c": 3, "é": 4, "a": 5}\n'}),
    read("nothing", "json", {"a.json": ""}),
    read("sampled", "json", {"a.json": "".join(f'{{"a": {i if i != 57 else 1.5}, "k{i}": 1}}\n' for i in range(60))}, samplingRatio="0.1"),
    read("text", "text", {"a.txt": "one\r\ntwo\n\nthree"}),
    read("text whole", "text", {"a.txt": "one\ntwo\n"}, wholetext="true"),
    read("text separated", "text", {"a.txt": "one;two\n;three"}, lineSep=";"),
    read("text of two columns", "text", {"a.txt": "one"}, schema="a STRING, b STRING"),
    read("folder", "csv", {"t/part-00000-x.csv": "a,b\n1,2\n", "t/part-00001-x.csv": "a,b\n3,4\n", "t/_SUCCESS": "", "t/.part.crc": "x", "t/deep/x.csv": "a,b\n5,6\n"}, ["t"], header="true", inferSchema="true"),
    read("deep folder", "csv", {"t/a.csv": "1\n", "t/deep/x.csv": "222\n", "t/k=1/x.csv": "33\n"}, ["t"], recursiveFileLookup="true"),
    read("pattern", "csv", {"a1.csv": "1\n", "a2.csv": "2\n", "b.csv": "3\n"}, ["a*.csv"]),
    read("list", "csv", {"a1.csv": "1\n", "a2.csv": "2\n", "b.csv": "3\n"}, ["b.csv", "a[2-9].csv"]),
    read("filter", "csv", {"t/a.csv": "1\n", "t/b.txt": "2\n"}, ["t"], pathGlobFilter="*.csv"),
    read("nowhere", "csv", {"a.csv": "1\n"}, ["x.csv"]),
    read("partitioned", "json", STATES, ["t"]),
    read("partitioned csv", "csv", {"t/d=2024-01-01/x=1/a.csv": "p,q\n1,2\n", "t/d=2024-01-02/x=2.5/a.csv": "p,q\n3,45\n"}, ["t"], header="true", inferSchema="true"),
    read("partitioned below", "json", STATES, ["t/year=2025"]),
    read("partitioned below a base", "json", STATES, ["t/year=2025"], basePath="$/t"),
    read("partitioned with a schema", "json", STATES, ["t"], schema="year STRING, v INT"),
    read("partitioned columns in files", "json", {"t/a=1/x.json": '{"a": 9, "b": 2}\n'}, ["t"]),
    read("partitions of many types", "text", {f"t/i={i}/l={l}/f={f}/s={s}/d={d}/m={m}/x": "v" for i, l, f, s, d, m in [("1", "1", "1.5", "a", "2024-01-01", "2024-01-01 10%3A00%3A00"), ("2", "9999999999", "2", "1", "2024-01-01 00%3A00%3A01", "x%20y")]}, ["t"]),
    read("mixed folders", "text", {"t/a=1/x": "v", "t/y": "w"}, ["t"]),
    read("folders of other names", "text", {"t/a=1/x": "v", "t/b=1/x": "w"}, ["t"]),
]
for case in READS:
    # Spark names a file there that it doesn't read.
    if case["name"] == "mixed folders":
        case["inputs"] = None

FRAMES = {
    "plain": "select * from values (1, 'a', 1.5D), (2, null, double('NaN')), (3, 'q\"\\\\\\n\u00e9', null) as t(i, s, d)",
    "nested": "select array(1, null) a, map('k', 1.0D, 'j', null) m, named_struct('x', 1, 'y', cast(null as string)) s, named_struct('z', array(named_struct('w', true))) n, cast(null as array<int>) e",
    "types": "select tinyint(1) b, smallint(2) h, 3L l, float(0.1) f, 1e20D d, 0.0000001BD c, 12.50BD c2, date'2024-02-29' e, timestamp'2024-02-29 10:00:00.123456' t, timestamp_ntz'2024-02-29 10:00:00' n, X'6162' y, true g, null v",
}


def layout(name, sql, format, partition_by=(), n=1, **options):
    folder = pathlib.Path(tempfile.mkdtemp()) / "out"
    df = spark.sql(sql).coalesce(n)
    rows = [json.loads(row) for row in df.toJSON().collect()]
    case = {"name": name, "schema": json.loads(df.schema.json()), "rows": rows, "format": format, "partition_by": list(partition_by), "options": options}
    try:
        df.write.format(format).options(**options).partitionBy(*partition_by).save(str(folder))
        found = {}
        for path in sorted(p for p in folder.rglob("*") if p.is_file() and not p.name.startswith(".")):
            place = str(path.relative_to(folder).parent)
            kind = path.name if path.name.startswith("_") else path.name[:11] + path.name[47:]
            found[f"{place}/{kind}"] = path.read_text()
        case["files"] = found
    except Exception as e:
        case["error"] = failure(e)
    return case


DAYS = "select * from values (1, 'a/b', date'2024-01-01', 'p'), (2, null, date'2024-01-02', 'q'), (3, '', date'2024-01-01', 'r'), (4, 'a/b', date'2024-01-01', 's') as t(i, k, d, v)"
WRITES = (
    [layout(name, sql, "json", **options) for name, sql in FRAMES.items() for options in [{}, {"ignoreNullFields": "false"}, {"dateFormat": "dd.MM.yy", "timestampFormat": "yyyy"}]]
    + [layout("days", DAYS, "json", ["d"]), layout("days", DAYS, "csv", ["k", "d"], header="true"), layout("days", DAYS, "json", ["i", "k", "d", "v"]), layout("days", DAYS, "json", ["nope"]),
       layout("text", "select v from (" + DAYS + ")", "text"), layout("text", DAYS, "text"), layout("text", "select v, i from (" + DAYS + ")", "text", ["i"]), layout("nested", FRAMES["nested"], "csv"),
       layout("nothing", "select 1 a where false", "csv", header="true"), layout("nothing", "select 1 a where false", "json")]
)
path = pathlib.Path(__file__).with_suffix(".json")
path.write_text(json.dumps({"reads": READS, "writes": WRITES}, ensure_ascii=False, indent=0) + "\n")
print(path, path.stat().st_size)

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
ROWS = '<?xml version="1.0"?>\n<!-- some -->\n<x>\n  <r id="1"><a>1</a><b>q</b></r>\n  <r id="2"><a>2.5</a><c><d k="1">1</d><d>x</d></c></r>\n  <other/>\n  <r/>\n</x>\n'
XML_TYPES = "<x><r><l>1</l><n>-5</n><p>+5</p><d>1.5</d><e>1e3</e><b>true</b><t>2020-01-02T03:04:05Z</t><u>2020-01-02 03:04:05</u><da>2020-01-02</da><s>x</s><em/><big>99999999999999999999</big><z>007</z><nan>NaN</nan><f>1.5f</f><dot>.5</dot><w> 5 </w><y>2020</y><ym>2020-01</ym><one>1</one></r></x>"
XML_MERGED = "<x><r><a>1</a><b>2020-01-02</b><c>1</c><d>true</d><e><f>1</f></e><g>1</g><h k='1'>5</h><i><j/></i></r><r><a>1.5</a><b>2020-01-02T00:00:00</b><c>x</c><d>1</d><e>5</e><g>1</g><g>2</g><h>6.5</h><i><j>1</j><k/></i></r></x>"
XML_ATTRIBUTES = "<x><r id='1' name='q'><a x='1'/><b x='2'>t</b><c x='3'><d>1</d></c></r></x>"
XML_VALUES = ["300", "+1", "TRUE", "yes", "2020-01-02", "2020-1-2", "2020-01-02T00:00:00Z", "123.45", "1,234.5x", "NaN", "", " 5 ", "--5", "1e400", "0x1p3", "1d", "-9223372036854775808", "1.0", "<k a='1'>1</k>", "1<k>1</k>", "t<k>1</k>u", "<![CDATA[ <a> ]]>", "&lt;&#65;&quot;", "1<!-- c -->", "x<!-- c -->y", "<?p i?>1"]
XML_TYPES_READ = ["tinyint", "smallint", "int", "bigint", "float", "double", "boolean", "decimal(5,2)", "date", "timestamp", "timestamp_ntz", "string", "binary", "map<string,string>", "array<int>", "struct<k:int,_VALUE:string>", "struct<k:struct<_a:int>>", "variant"]
XML_WRONG = ["<x><r><a>1</a><b>q</b></r><r><a>z</a><b>t</b></r><r><a>3</a><b>p</b></r></x>", "<x><r><a>1</a><b>q</b></r><r><a>2</c><b>t</b></r><r><a>3</a></r></x>", "<x><r><a>1</a></r><r><a>2</a>", "<x><r><a>1</a></r><r><a>2</a></r>", "<r><a>1</a></r>\n<r><a>2</a></r>\n", "<x><r><b>&foo;</b></r></x>", "<!DOCTYPE x [<!ENTITY foo 'bar'>]><x><r><a>1</a></r><r><b>&foo;</b></r></x>", "", "not xml at all", "<x><r><b>1 < 2</b></r></x>", "<x><r><b>1 & 2</b></r></x>", "<x><r a='1' a='2'/></x>", " <?xml version='1.0'?><x><r><a>1</a></r></x>", "<x><r><b>x]]>y</b></r></x>", "<x><r><b>x</b><!-- a -- b --></r></x>", "<x><r a='<'/></x>", "<x><r><1>1</1></r></x>", "<x><r><a>1</a></r></x>zzz", "<r><a>1</a></r", "<x><r><a>1</a></r>abc", "<x><r><a>1</a></r><!-- x", "<x><r><a>1</a></r></x", "<x><r><a>1</a></r><r a='1", "<x><r><a>1</a></r><r><a><![CDATA[1", "<x><r><a>1</a><r><a>2</a></r></r></x>", "<x><s/></x>", "<x><r><b>1\r\n2\r3</b></r></x>", "\ufeff<x><r><a>1</a></r></x>", "<x><r><b>\u0001</b></r></x>", "<x><r><s><a>z</a></s><a>1</a></r><r><b>2</b></r></x>"]
XML_READS = (
    [
        read("rows", "xml", {"a.xml": ROWS}, rowTag="r"),
        read("rows without a tag", "xml", {"a.xml": ROWS}),
        read("rows of another tag", "xml", {"a.xml": ROWS}, rowTag="d"),
        read("rows with a schema", "xml", {"a.xml": ROWS}, rowTag="r", schema="_id INT, a DOUBLE, c STRUCT<d: ARRAY<STRUCT<_k: INT, _VALUE: STRING>>>, z STRING"),
        read("rows pruned", "xml", {"a.xml": XML_WRONG[0]}, rowTag="r", schema="a INT, b STRING, _corrupt_record STRING", select=["b", "_corrupt_record"]),
        read("rows pruned to good ones", "xml", {"a.xml": XML_WRONG[0]}, rowTag="r", schema="a INT, b STRING", select=["b"], mode="DROPMALFORMED"),
        read("only bad", "xml", {"a.xml": "not xml at all"}, rowTag="r"),
        read("several files", "xml", {"d/a.xml": ROWS, "d/b.xml": "<x><r><a>7</a></r></x>"}, ["d"], rowTag="r"),
        read("folders", "xml", {"t/k=1/a.xml": "<x><r><a>7</a></r></x>", "t/k=2/a.xml": "<x><r><a>8</a></r></x>"}, ["t"], rowTag="r"),
        read("types", "xml", {"a.xml": XML_TYPES}, rowTag="r"),
        read("types as strings", "xml", {"a.xml": XML_TYPES}, rowTag="r", inferSchema="false"),
        read("types as decimals", "xml", {"a.xml": "<x><r><a>1.5</a><b>12345678901234567890.5</b><c>1</c><c>2.25</c><d>1e3</d><e>1,234.5</e></r></x>"}, rowTag="r", prefersDecimal="true"),
        read("types without dates", "xml", {"a.xml": XML_TYPES}, rowTag="r", preferDate="false"),
        read("types by formats", "xml", {"a.xml": "<x><r><da>02/01/2020</da><t>02/01/2020 10:20</t></r></x>"}, rowTag="r", dateFormat="dd/MM/yyyy", timestampFormat="dd/MM/yyyy HH:mm"),
        read("types merged", "xml", {"a.xml": XML_MERGED}, rowTag="r"),
        read("mixed", "xml", {"a.xml": "<x><r>pre<a>1</a>mid<b>2</b>post</r><r><c>t<d>1</d>u<d>2</d></c></r></x>"}, rowTag="r"),
        read("arrays of arrays", "xml", {"a.xml": "<x><r><a><b>1</b><b>2</b></a><a><b>3</b></a></r></x>"}, rowTag="r"),
        read("case", "xml", {"a.xml": "<x><r><a>1</a><A>2</A><b>1</b></r><r><B>x</B></r></x>"}, rowTag="r"),
        read("attributes", "xml", {"a.xml": XML_ATTRIBUTES}, rowTag="r"),
        read("attributes left out", "xml", {"a.xml": XML_ATTRIBUTES}, rowTag="r", excludeAttribute="true"),
        read("attributes renamed", "xml", {"a.xml": XML_ATTRIBUTES}, rowTag="r", attributePrefix="@", valueTag="#VALUE"),
        read("attributes without a prefix", "xml", {"a.xml": XML_ATTRIBUTES}, rowTag="r", attributePrefix=""),
        read("attributes that don't fit", "xml", {"a.xml": "<x><r a='z'/><r a='1'/></x>"}, rowTag="r", schema="_a INT, _corrupt_record STRING"),
        read("nulls", "xml", {"a.xml": "<x><r k='NA'><a>NA</a><b>1</b></r><r><a>2</a><b>NA</b></r></x>"}, rowTag="r", nullValue="NA"),
        read("blanks", "xml", {"a.xml": "<x><r><a> x </a><b> </b><c>  <d> 1 </d>  </c></r></x>"}, rowTag="r"),
        read("blanks kept", "xml", {"a.xml": "<x><r><a> x </a><b> </b><c>  <d> 1 </d>  </c></r></x>"}, rowTag="r", ignoreSurroundingSpaces="false"),
        read("sampled", "xml", {"a.xml": "<x>" + "".join(f"<r><a>{i}</a></r>" for i in range(20)) + "<r><a>x</a></r></x>"}, rowTag="r", samplingRatio="0.1"),
        read("sampled none", "xml", {"a.xml": ROWS}, rowTag="r", samplingRatio="0"),
        read("variants", "xml", {"a.xml": ROWS}, rowTag="r", singleVariantColumn="v"),
        read("namespaces", "xml", {"a.xml": "<x xmlns:n='u'><n:r n:q='1'><n:a>1</n:a></n:r></x>"}, rowTag="n:r"),
        read("namespaces ignored", "xml", {"a.xml": "<x xmlns:n='u'><n:r n:q='1'><n:a>1</n:a></n:r></x>"}, rowTag="r", ignoreNamespace="true"),
        read("any", "xml", {"a.xml": "<x><r><a>1</a><k><z>3</z></k><l q='1'>5</l></r></x>"}, rowTag="r", schema="a INT, xs_any ARRAY<STRING>"),
        read("any of another name", "xml", {"a.xml": "<x><r><a>1</a><k>1</k><l>2</l></r></x>"}, rowTag="r", schema="a INT, rest STRING", wildcardColName="rest"),
        read("a line a row", "xml", {"a.xml": "<r><a>1</a></r>\n<r><a>2</a></r>\n\n<r>"}, rowTag="r", multiLine="false"),
        read("a line a row with a schema", "xml", {"a.xml": "<r><a>1</a></r>\n<r><a>z</a></r>\n\n<r>"}, rowTag="r", multiLine="false", schema="a INT, _corrupt_record STRING"),
        read("bad under another name", "xml", {"a.xml": XML_WRONG[0]}, rowTag="r", schema="a INT, bad STRING", columnNameOfCorruptRecord="bad"),
        read("bad without a column", "xml", {"a.xml": XML_WRONG[0]}, rowTag="r", schema="a INT, b STRING"),
        read("bad column", "xml", {"a.xml": ROWS}, rowTag="r", schema="a INT, _corrupt_record INT"),
        read("empty tag", "xml", {"a.xml": ROWS}, rowTag="", schema="a INT"),
        read("tag with brackets", "xml", {"a.xml": ROWS}, rowTag="<r>", schema="a INT"),
        read("tag with blanks", "xml", {"a.xml": ROWS}, rowTag=" r ", schema="a DOUBLE"),
        read("value tag as the prefix", "xml", {"a.xml": ROWS}, rowTag="r", schema="a INT", valueTag="_"),
        read("bad fails", "xml", {"a.xml": XML_WRONG[0]}, rowTag="r", schema="a INT", mode="FAILFAST"),
        read("inference fails", "xml", {"a.xml": XML_WRONG[1]}, rowTag="r", mode="FAILFAST"),
    ]
    + [read(f"wrong {i} {mode}", "xml", {"a.xml": text}, rowTag="r", schema="a INT, b STRING, s STRUCT<a: INT>, _a STRING, _corrupt_record STRING", mode=mode) for i, text in enumerate(XML_WRONG) for mode in ["PERMISSIVE", "DROPMALFORMED"]]
    + [read(f"wrong {i} inferred", "xml", {"a.xml": text}, rowTag="r") for i, text in enumerate(XML_WRONG)]
    + [read(f"values as {type}", "xml", {"a.xml": "<x>" + "".join(f"<r><a>{value}</a></r>" for value in XML_VALUES) + "</x>"}, rowTag="r", schema=f"a {type.upper()}") for type in XML_TYPES_READ]
    + [read(f"values as {type} dropped", "xml", {"a.xml": "<x>" + "".join(f"<r><a>{value}</a></r>" for value in XML_VALUES) + "</x>"}, rowTag="r", schema=f"a {type.upper()}", mode="DROPMALFORMED") for type in XML_TYPES_READ]
)
READS = XML_READS + [
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

XML_FRAMES = {
    "attributes": "select 1 _a, 'x' b, named_struct('_p', 1, '_VALUE', 'q') c, array(named_struct('_k', 'u', 'v', null)) d, timestamp'2024-02-29 10:00:00.123' _t, date'2024-02-29' _e, 1.50BD _f, '<\"&>' _g",
    "texts": "select 'a\\r\\nb\\tc ]]> <&>\"' a, '' b, '>' c, '1234567890<&>' d, 'é😀' e, array(array(1, 2), array(3)) f",
    "variants": "select parse_json('{\"_k\": 1, \"_VALUE\": \"t\", \"z\": {}, \"y\": [[1, 2], []], \"x\": 1.5, \"n\": null}') a",
    "a name": "select 1 `a b`",
    "a character": "select '\\u0001' a",
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
    + [layout(name, sql, "xml", **{"rowTag": "r", **options}) for name, sql in {**FRAMES, **XML_FRAMES}.items()
       for options in [{}, {"indent": ""}, {"nullValue": "N", "dateFormat": "dd.MM.yy", "timestampFormat": "yyyy"}]]
    + [layout("no tag", "select 1 a", "xml"), layout("days", DAYS, "xml", ["d"], rowTag="r"), layout("nothing", "select 1 a where false", "xml", rowTag="r"),
       layout("renamed", XML_FRAMES["attributes"], "xml", rowTag="r", rootTag="books foo=\"bar\" z='1'", declaration="version='1.0'", arrayElementName="el", attributePrefix="@", valueTag="#"),
       layout("no declaration", "select 1 a", "xml", rowTag="r", declaration=""), layout("names unchecked", "select 1 `a b`", "xml", rowTag="r", validateName="false"),
       layout("variant", "select parse_json('{\"a\":1,\"b\":[1,2]}') v", "xml", rowTag="r", singleVariantColumn="v")]
)
path = pathlib.Path(__file__).with_suffix(".json")
path.write_text(json.dumps({"reads": READS, "writes": WRITES}, ensure_ascii=False, indent=0) + "\n")
print(path, path.stat().st_size)

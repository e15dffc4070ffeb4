"""What real Spark writes as CSV and reads as libsvm: writes write_csv.json beside itself, for src/frame/csv/writer.rs and src/frame/libsvm.rs."""
import json
import pathlib
import tempfile

from pyspark.sql import SparkSession

spark = (SparkSession.builder.master("local[8]").config("spark.sql.session.timeZone", "UTC")
         .config("spark.ui.enabled", "false").config("spark.driver.memory", "2g").getOrCreate())
spark.sparkContext.setLogLevel("OFF")
FRAMES = {
    "strings": "select * from values ('plain', 'a,b'), ('with \"quote\"', 'line\\nbreak'), ('', null), (' padded ', 'tab\\there'), ('#comment', 'back\\\\slash'), ('a\\rb', '\"'), ('end\\\\', 'both \\\\ and \"') as t(a, b)",
    "numbers": "select * from values (1, 1.5D, true, 2.50, 9999999999L, 1e10D), (null, double('NaN'), null, null, -1L, -0.0D) as t(a, b, c, d, e, f)",
    "times": "select date'2024-02-29' d, timestamp'2024-02-29 10:00:00.123456' t, timestamp_ntz'2024-02-29 10:00:00' n, timestamp'1969-12-31 23:59:59' u",
    "names": "select 1 as `a,b`, 2 as `c\"d`, 3 as ` e `",
    "one column": "select * from values (''), (null), ('x'), (' ') as t(a)",
    "bytes": "select X'6162' a",
}
OPTIONS = [{}, {"header": "true"}, {"sep": ";", "quoteAll": "true"}, {"nullValue": "NA", "emptyValue": "EMPTY"}, {"escape": "\""}, {"quote": "'"}, {"ignoreLeadingWhiteSpace": "false", "ignoreTrailingWhiteSpace": "false"},
           {"escapeQuotes": "false"}, {"dateFormat": "dd/MM/yyyy", "timestampFormat": "yyyy-MM-dd HH:mm"}, {"lineSep": "|"}, {"quote": ""}, {"comment": "#"}]


def written(name, sql, options):
    folder = pathlib.Path(tempfile.mkdtemp()) / "out"
    case = {"name": name, "options": options}
    try:
        spark.sql(sql).coalesce(1).write.options(**options).csv(str(folder))
        case["text"] = "".join(p.read_bytes().decode() for p in sorted(folder.glob("part-*")))
    except Exception as e:
        text = str(e)
        case["error"] = text[text.find("["):].split(" SQLSTATE")[0].split("\n")[0]
    return case


def libsvm(text, **options):
    path = pathlib.Path(tempfile.mkdtemp()) / "a.txt"
    path.write_text(text)
    try:
        df = spark.read.format("libsvm").options(**options).load(str(path))
        return {"text": text, "options": options, "schema": df.schema.simpleString(), "rows": [[str(r.label), str(r.features)] for r in df.collect()]}
    except Exception as e:
        return {"text": text, "options": options, "error": str(e).split("\n")[0][:300]}


result = {
    "written": [written(name, sql, options) for name, sql in FRAMES.items() for options in OPTIONS],
    "libsvm": [libsvm("1 1:0.5 3:2\n0 2:1e3\n"), libsvm("1 1:0.5 3:2\n0 2:1\n", numFeatures="5"), libsvm("-1.5 1:1 # note\n\n# only a note\n2\n"), libsvm("1 3:1 2:1\n"), libsvm("1 0:1\n"), libsvm("x 1:1\n"), libsvm("1 1:x\n"),
               libsvm("1 1:1\n", vectorType="dense", numFeatures="3"), libsvm("1 5:1\n", numFeatures="2"), libsvm(""), libsvm("1 1:1  2:2 \n")],
}
path = pathlib.Path(__file__).with_suffix(".json")
path.write_text(json.dumps(result, ensure_ascii=False, indent=0) + "\n")
print(path, path.stat().st_size)

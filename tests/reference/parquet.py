"""Parquet files that real Spark and Arrow write, and what Spark reads in them: writes parquet/*.parquet and parquet.json beside itself, for
src/frame/parquet. With a folder as its argument it reads the Parquet files there, which Kindling wrote when its tests ran with
KINDLING_PARQUET_OUT, by Spark and Arrow, and says whether they hold what they should."""
import json
import pathlib
import sys
import tempfile

import pyarrow as pa
import pyarrow.parquet as pq
from pyspark.ml.linalg import Vectors
from pyspark.sql import SparkSession

spark = (SparkSession.builder.master("local[8]").config("spark.sql.session.timeZone", "UTC")
         .config("spark.ui.enabled", "false").config("spark.driver.memory", "2g").getOrCreate())
spark.sparkContext.setLogLevel("OFF")
here = pathlib.Path(__file__).parent

if len(sys.argv) > 1:
    answers = json.loads((here / "parquet.json").read_text())
    wrong = []
    for path in sorted(pathlib.Path(sys.argv[1]).iterdir()):
        df, answer = spark.read.parquet(str(path)), answers[path.name.rsplit("-", 1)[0]]
        found = {"schema": df.schema.simpleString(), "table": df._show_string(1000, False, False)}
        if found != answer or pq.read_table(path).num_rows != df.count():
            wrong.append(path.name)
    sys.exit(f"They differ: {wrong}" if wrong else 0)

TYPES = """select * from values
  (tinyint(1), smallint(2), 3, 4L, float(0.5), 6.25D, true, 'a', X'6162', date'2024-02-29', timestamp'2024-02-29 10:00:00.123456', timestamp_ntz'1969-12-31 23:59:59', 1.25BD, 12345678901.5BD, 123456789012345678901234567890.12BD),
  (null, null, null, null, null, null, null, null, null, null, null, null, null, null, null),
  (tinyint(-1), smallint(-2), -3, -4L, float('NaN'), double('-Infinity'), false, '', X'', date'1900-01-01', timestamp'1900-01-01 00:00:00', timestamp_ntz'9999-12-31 00:00:00', -0.01BD, -0.1BD, -0.01BD)
  as t(b, h, i, l, f, d, g, s, y, e, t, n, c, c2, c3)"""
NESTED = """select * from values
  (array(1, null, 3), map('k', 1.5D, 'j', null), named_struct('x', 1, 'y', 'q'), array(array('a'), array(), null), array(named_struct('p', 1, 'q', array(true))), map(1, array(named_struct('z', 2L)))),
  (array(), map(), null, array(), null, null),
  (null, null, named_struct('x', null, 'y', null), null, array(null, named_struct('p', null, 'q', null)), map(2, null, 3, array(), 4, array(null)))
  as t(a, m, s, aa, st, deep)"""
MANY = "select id, cast(id % 7 as string) s, if(id % 3 = 0, null, id / 4) d, id % 2 = 0 g, array_repeat(id, int(id % 4)) a from range(0, 700, 1, 1)"


def written(name, df, **options):
    folder = pathlib.Path(tempfile.mkdtemp()) / "out"
    df.coalesce(1).write.options(**options).parquet(str(folder))
    (part,) = folder.glob("part-*")
    (here / "parquet" / f"{name}.parquet").write_bytes(part.read_bytes())


(here / "parquet").mkdir(exist_ok=True)
written("types", spark.sql(TYPES))
spark.conf.set("spark.sql.parquet.outputTimestampType", "INT96")
written("int96", spark.sql("select t from (" + TYPES + ")"))
spark.conf.set("spark.sql.parquet.outputTimestampType", "TIMESTAMP_MILLIS")
written("millis", spark.sql("select t from (" + TYPES + ")"))
spark.conf.unset("spark.sql.parquet.outputTimestampType")
written("nested", spark.sql(NESTED))
written("many", spark.sql(MANY), compression="gzip")
written("many_zstd", spark.sql(MANY), compression="zstd")
written("many_v2", spark.sql(MANY), **{"parquet.writer.version": "v2"})
written("many_groups", spark.sql(MANY), **{"parquet.block.size": "2048", "parquet.page.size": "512", "compression": "lz4_raw"})
written("nothing", spark.sql("select 1 a, 'x' b where false"))
written("vectors", spark.createDataFrame([(Vectors.dense([1.0, 2.5]), 1), (Vectors.sparse(4, [1, 3], [0.5, -1.0]), 2), (None, 3)], ["v", "i"]))
table = pa.table({"i": pa.array([1, None, 300], pa.int32()), "u": pa.array([1, 2, 3], pa.uint32()), "s": ["aa", "ab", None], "l": [[1], None, []],
                  "t": pa.array([1, 2, None], pa.timestamp("us")), "d": pa.array([0.5, None, 2.0]), "k": pa.array(["x", "y", "x"]).dictionary_encode()})
pq.write_table(table, here / "parquet" / "arrow.parquet", compression="none", data_page_version="2.0", use_dictionary=False, store_schema=False,
               column_encoding={"i": "DELTA_BINARY_PACKED", "s": "DELTA_BYTE_ARRAY", "d": "BYTE_STREAM_SPLIT", "k": "DELTA_LENGTH_BYTE_ARRAY"})
# Rows unlike each other stay whole, those alike have columns of their own.
written("variants", spark.sql("""select id, parse_json(j) v, array(parse_json(j)) vs from values
  (1, '{"a":1,"b":{"c":"x"}}'), (2, '[1,"q",null]'), (3, null), (4, 'null'), (5, '"text"'), (6, '{}') t(id, j)"""))
written("variants_shredded", spark.sql("""select id, if(id = 7, null, parse_json(case id when 5 then '{"z":true,"extra":{"k":[1]}}' when 6 then '{"n":"other","z":1}'
  else '{"z":' || id || ',"n":' || (id / 4) || ',"s":"s' || id || '","b":' || (id % 2 = 0) || ',"o":{"p":[' || id || ',null,3]},"u":' ||
  if(id % 3 = 0, '"t"', 'null') || ',"d":1.50}' end)) v, struct(parse_json('{"q":' || id || '}') w) s from range(0, 30, 1, 1)"""))
answers = {}
for path in sorted((here / "parquet").iterdir()):
    df = spark.read.parquet(str(path))
    answers[path.stem] = {"schema": df.schema.simpleString(), "table": df._show_string(1000, False, False)}
(here / "parquet.json").write_text(json.dumps(answers, ensure_ascii=False, indent=0) + "\n")
print({p.name: p.stat().st_size for p in (here / "parquet").iterdir()})

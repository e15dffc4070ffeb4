"""What real Spark 4 answers to SQL, names, types, rows and errors: writes sql.json and its like beside itself, for
src/frame/sql/reference.rs; those alone that are named as arguments, if any are.

Each query is one line of sql.txt and its like; `-- ` starts a comment. Rows are texts, as a cast to string gives them."""
import json
import pathlib
import re
import sys
import tempfile

from pyspark.sql import SparkSession

here = pathlib.Path(__file__)
spark = (SparkSession.builder.master("local[8]").config("spark.sql.session.timeZone", "UTC").config("spark.sql.shuffle.partitions", "2")
         .config("spark.ui.enabled", "false").config("spark.driver.memory", "2g")
         .config("spark.sql.warehouse.dir", tempfile.mkdtemp()).getOrCreate())
spark.sparkContext.setLogLevel("OFF")


def answer(sql):
    try:
        frame = spark.sql(sql)
        columns = [[f.name, f.dataType.simpleString()] for f in frame.schema.fields]
        plain = frame.toDF(*[f"c{i}" for i in range(len(columns))])
        rows = [list(r) for r in plain.selectExpr(*[f"cast(c{i} as string)" for i in range(len(columns))]).collect()] if columns else []
        ordered = bool(re.search(r"\border by [^()]*(\([^()]*\)[^()]*)*$", sql, re.I)) or len(rows) < 2
        return {"sql": sql, "columns": columns, "ordered": ordered, "rows": rows}
    except Exception as error:
        condition = error.getCondition() if hasattr(error, "getCondition") else None
        text = str(error).split("JVM stacktrace")[0].strip()
        named = re.search(r"\[([A-Z][A-Z_.]+)\]", text)
        made = {"sql": sql, "error": condition or (named.group(1) if named else type(error).__name__)}
        if condition == "PARSE_SYNTAX_ERROR":
            made["message"] = text
        java = re.search(r"^: java\.lang\.RuntimeException: (.*?)\n\tat ", text, re.S | re.M)
        if java:
            # No condition: the text that the error begins with.
            made.update(error=None, message=java.group(1))
        return made


for name in sys.argv[1:] or ["sql", "sql_intervals", "sql_time_windows", "sql_zones", "sql_more", "sql_tables", "sql_time", "sql_variant", "sql_char", "sql_sketches", "sql_alter", "sql_aes", "sql_files", "sql_xpath", "sql_xml", "sql_defaults", "sql_surface", "sql_subqueries", "sql_random_subqueries", "sql_digits", "sql_hints"]:
    lines = here.with_name(f"{name}.txt").read_text().splitlines()
    answers = [answer(line) for line in lines if line.strip() and not line.startswith("--")]
    here.with_name(f"{name}.json").write_text("[\n" + ",\n".join(json.dumps(a, ensure_ascii=False) for a in answers) + "\n]\n")
    print(name, len(answers), "queries,", sum("error" in a for a in answers), "errors")

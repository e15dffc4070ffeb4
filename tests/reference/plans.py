"""Makes random programs of DataFrame methods, runs them on real PySpark, and writes them with what they print to plans.json beside itself.

Each program makes a frame `df` of the small frames below by some steps, and prints its schema and its rows, sorted as text. A program that
ends in an exception is recorded with the exception's class and condition. The generator is seeded: the same seed gives the same programs.
"""

import contextlib
import io
import json
import pathlib
import random
import re

from pyspark.sql import SparkSession

HERE = pathlib.Path(__file__).parent
PROGRAMS = 300

FRAMES = '''
import datetime
from pyspark.sql import functions as F
from pyspark.sql import Window
day = datetime.date
a = spark.createDataFrame([
    (1, "x", 1.5, True, day(2024, 1, 31), 10), (2, "y", None, False, day(2024, 2, 29), 20), (None, "x", -0.0, None, None, 30),
    (1, "x", 1.5, True, day(2024, 1, 31), 10), (3, None, 2.25, True, day(1999, 12, 31), None), (2147483647, "", 1e6, False, day(2024, 1, 31), -1),
    (-5, "z", -3.75, None, day(2030, 6, 15), 9223372036854775807), (4, "Y", float("nan"), True, None, 0), (2, "y", 0.0, False, day(2024, 2, 29), 20),
    (None, None, None, None, None, None), (7, "long text", 12.5, False, day(2000, 1, 1), 7), (0, "x", 0.25, True, day(2024, 3, 1), 1)],
    "i int, s string, d double, b boolean, t date, l bigint")
b = spark.createDataFrame([
    ("x", 100, 1), ("y", 200, 2), ("x", 300, None), (None, 400, 3), ("w", None, 1), ("", 500, 2147483647), ("y", 200, 2)],
    "s string, m bigint, j int").coalesce(2)
c = a.filter("i > 100000000 and l > 5")
r = spark.range(0, 24, 1, 3).select(F.col("id").alias("l"), (F.col("id") % 4).cast("int").alias("i"), F.concat(F.lit("k"), F.col("id") % 3).alias("s"))
'''

SHOW = '''
print(df.schema.simpleString())
rows = sorted([str(tuple(row)) for row in df.collect()])
print(len(rows))
for row in rows[:60]:
    print(row)
'''

A = [("i", "int"), ("s", "string"), ("d", "double"), ("b", "boolean"), ("t", "date"), ("l", "bigint")]
B = [("s", "string"), ("m", "bigint"), ("j", "int")]
R = [("l", "bigint"), ("i", "int"), ("s", "string")]


class Plan:
    """A program as it grows: its lines, and the columns that its frame has."""

    def __init__(self, rng):
        self.rng = rng
        name, columns = rng.choice([("a", A), ("a", A), ("a", A), ("b", B), ("c", A), ("r", R)])
        self.columns = list(columns)
        self.lines = [f"df = {name}"]
        self.fresh = 0
        # Whether the partitions are those that Spark has too, so that random samples are the same.
        self.narrow = True

    def name(self):
        self.fresh += 1
        return f"n{self.fresh}"

    def of(self, *types):
        return [c for c in self.columns if c[1] in types]

    def step(self, text):
        self.lines.append(f"df = df{text}")

    def value(self, kind):
        pick = self.rng.choice
        return {
            "int": lambda: str(pick([0, 1, 2, 3, -5, 7, 2147483647])),
            "bigint": lambda: str(pick([0, 1, 10, 20, 200, -1, 9223372036854775807])),
            "double": lambda: pick(["0.0", "1.5", "-3.75", "2.25", "100.0"]),
            "string": lambda: repr(pick(["x", "y", "", "z", "k1", "Y"])),
            "boolean": lambda: pick(["True", "False"]),
            "date": lambda: pick(["day(2024, 1, 31)", "day(2000, 1, 1)"]),
        }[kind]()

    def expr(self, kind, depth=2):
        """A column of a type."""
        rng, own = self.rng, self.of(kind)
        if depth == 0 or rng.random() < 0.3:
            return f'F.col("{rng.choice(own)[0]}")' if own and rng.random() < 0.8 else f"F.lit({self.value(kind)}).cast(\"{kind}\")"
        inner = lambda k=kind: self.expr(k, depth - 1)
        general = [
            lambda: f"F.when({self.condition(depth - 1)}, {inner()}).otherwise({inner()})",
            lambda: f"F.when({self.condition(depth - 1)}, {inner()})",
            lambda: f"F.coalesce({inner()}, {inner()})",
            lambda: f"F.greatest({inner()}, {inner()})" if kind != "boolean" else inner(),
        ]
        special = {
            "int": [
                lambda: f"({inner()} {rng.choice('+-')} {rng.randint(-3, 3)})", lambda: f"({inner()} % {rng.choice([2, 3, 0])})",
                lambda: f"F.length({inner('string')})", lambda: f"F.year({inner('date')})", lambda: f"F.abs({inner()})",
            ],
            "bigint": [
                lambda: f"({inner()} {rng.choice('+-*')} {rng.randint(-3, 3)})", lambda: f"{inner('int')}.cast(\"bigint\")",
                lambda: f"F.crc32({inner('string')})", lambda: f"F.xxhash64({inner('string')}, {inner('int')})",
            ],
            "double": [
                lambda: f"({inner()} {rng.choice('+-*')} {inner()})", lambda: f"({inner('int')} / {rng.choice(['2', '4', inner('int')])})",
                lambda: f"F.round({inner()}, 1)", lambda: f"{inner('bigint')}.cast(\"double\")", lambda: f"F.sqrt(F.abs({inner()}))",
            ],
            "string": [
                lambda: f"F.upper({inner()})", lambda: f"F.concat({inner()}, {inner()})", lambda: f"F.substring({inner()}, 1, 2)",
                lambda: f"{inner(rng.choice(['int', 'bigint', 'date', 'boolean']))}.cast(\"string\")", lambda: f"F.trim({inner()})",
                lambda: f"F.concat_ws('-', {inner()}, {inner()})",
            ],
            "boolean": [lambda: self.condition(depth - 1)],
            "date": [lambda: f"F.date_add({inner()}, {rng.randint(-40, 40)})", lambda: f"F.last_day({inner()})", lambda: f"F.trunc({inner()}, 'month')"],
        }
        return rng.choice(general + special[kind] * 2)()

    def condition(self, depth=2):
        rng = self.rng
        if depth > 0 and rng.random() < 0.5:
            inner = lambda: self.condition(depth - 1)
            return rng.choice([lambda: f"({inner()} & {inner()})", lambda: f"({inner()} | {inner()})", lambda: f"(~{inner()})"])()
        name, kind = rng.choice(self.columns)
        column = f'F.col("{name}")'
        if kind not in ("int", "bigint", "double", "string", "boolean", "date"):
            return f"{column}.isNotNull()"
        sign = rng.choice(["==", "!=", "<", "<=", ">", ">="])
        return rng.choice([
            lambda: f"({column} {sign} {self.value(kind)})",
            lambda: f"({column} {sign} {self.value(kind)})",
            lambda: f"({self.expr(kind, 1)} {sign} {self.expr(kind, 1)})",
            lambda: f"{column}.isNull()", lambda: f"{column}.isNotNull()",
            lambda: f"{column}.isin({self.value(kind)}, {self.value(kind)})",
            lambda: f"{column}.eqNullSafe({self.expr(kind, 1)})",
            lambda: f"F.lit({rng.choice(['True', 'False', '1 == 1'])})",
        ])()

    def kind(self):
        return self.rng.choice(["int", "int", "bigint", "double", "string", "boolean", "date"])

    # Steps

    def select(self):
        kept = self.rng.sample(self.columns, self.rng.randint(1, len(self.columns)))
        made = [(self.name(), self.kind()) for _ in range(self.rng.randint(0, 2))]
        parts = [f'"{n}"' for n, _ in kept] + [f'{self.expr(k)}.alias("{n}")' for n, k in made]
        self.step(f".select({', '.join(parts)})")
        self.columns = kept + made

    def with_column(self):
        kind = self.kind()
        if self.rng.random() < 0.4:
            at = self.rng.randrange(len(self.columns))
            name = self.columns[at][0]
            self.step(f'.withColumn("{name}", {self.expr(kind)})')
            self.columns[at] = (name, kind)
        else:
            name = self.name()
            self.step(f'.withColumn("{name}", {self.expr(kind)})')
            self.columns.append((name, kind))

    def filter(self):
        self.step(f".filter({self.condition()})")

    def other(self, prefix):
        """Another frame with names of its own but for those in common."""
        name, columns = self.rng.choice([("a", A), ("b", B), ("c", A), ("r", R)])
        keep = self.rng.sample(columns, self.rng.randint(1, min(3, len(columns))))
        renamed = [(f"{prefix}{n}", k) for n, k in keep]
        parts = [f'F.col("{n}").alias("{m}")' for (n, _), (m, _) in zip(keep, renamed)]
        text = f"{name}.select({', '.join(parts)})"
        if self.rng.random() < 0.4:
            text += f'.filter(F.col("{renamed[0][0]}").isNotNull())'
        return text, renamed

    def join(self):
        text, columns = self.other(f"o{self.fresh}_")
        self.fresh += 1
        how = self.rng.choice(["inner", "left", "right", "full", "left_semi", "left_anti", "inner", "left", "cross"])
        pairs = [(l, r) for l in self.columns for r in columns if l[1] == r[1]]
        self.narrow = False
        if how == "cross" or not pairs:
            self.step(f".filter(F.col(\"{self.columns[0][0]}\").isNotNull()).crossJoin({text}).orderBy({self.every(self.columns + columns)}).limit(50)")
            self.columns += columns
            return
        (l, _), (r, _) = self.rng.choice(pairs)
        if self.rng.random() < 0.4:
            self.step(f'.join({text}.withColumnRenamed("{r}", "{l}"), "{l}", "{how}")')
            if how in ("left_semi", "left_anti"):
                return
            key = [c for c in self.columns if c[0] == l]
            self.columns = key + [c for c in self.columns if c[0] != l] + [c for c in columns if c[0] != r]
            return
        sign = self.rng.choice(["==", "==", "==", "<"])
        condition = f'F.col("{l}") {sign} F.col("{r}")'
        if self.rng.random() < 0.4:
            saved = self.columns
            self.columns = saved + columns
            condition = f"({condition}) & {self.condition(0)}"
            self.columns = saved
        self.step(f'.join({text}, {condition}, "{how}")')
        if how not in ("left_semi", "left_anti"):
            self.columns += columns

    def aggregate(self):
        pick, out = self.rng.choice, []
        for _ in range(self.rng.randint(1, 3)):
            name = self.name()
            numbers = self.of("int", "bigint", "double")
            n, k = pick(self.columns)
            choices = [("count", "bigint", f'F.count("{n}")'), ("count", "bigint", 'F.count("*")'), ("cd", "bigint", f'F.countDistinct("{n}")')]
            if k != "boolean":
                choices += [("max", k, f'F.max("{n}")'), ("min", k, f'F.min("{n}")')]
            if numbers:
                m, t = pick(numbers)
                total = "double" if t == "double" else "bigint"
                choices += [("sum", total, f'F.sum("{m}")'), ("avg", "double", f'F.avg("{m}")'), ("size", "int", f'F.size(F.collect_set("{m}"))')]
            _, kind, text = pick(choices)
            out.append((name, kind, f'{text}.alias("{name}")'))
        return [(n, k) for n, k, _ in out], ", ".join(t for _, _, t in out)

    def group(self):
        keys = self.rng.sample(self.columns, self.rng.randint(0, min(2, len(self.columns))))
        made, text = self.aggregate()
        how = self.rng.choice(["groupBy", "groupBy", "groupBy", "cube", "rollup"]) if keys else "groupBy"
        names = ", ".join(f'"{n}"' for n, _ in keys)
        self.step(f".{how}({names}).agg({text})")
        self.columns = keys + made
        self.narrow = False

    def pivot(self):
        keys, by = self.of("string", "boolean", "date"), self.of("int")
        if not keys or not by:
            return self.group()
        key = self.rng.choice(keys)
        self.step(f'.groupBy("{key[0]}").pivot("{by[0][0]}", [1, 2, 3]).agg(F.count("{key[0]}"))')
        names = [(self.name(), "bigint") for _ in range(3)]
        self.step(f".toDF({', '.join(repr(n) for n, _ in [key, *names])})")
        self.columns = [key, *names]
        self.narrow = False

    def every(self, columns=None):
        return ", ".join(f'"{n}"' for n, _ in columns or self.columns)

    def window(self):
        keys = self.rng.sample(self.columns, self.rng.randint(0, min(2, len(self.columns))))
        by = f".partitionBy({self.every(keys)})" if keys else ""
        order = f"Window{by}.orderBy({self.every()})"
        numbers = self.of("int", "bigint")
        name, choices = self.name(), [("int", f"F.row_number().over({order})"), ("int", f"F.dense_rank().over({order})"), ("bigint", f'F.count("*").over({order})')]
        n, k = self.rng.choice(self.columns)
        choices += [(k, f'F.lag("{n}").over({order})'), (k, f'F.first("{n}").over({order})')]
        if numbers:
            m = self.rng.choice(numbers)[0]
            whole = f"Window.partitionBy({self.every(keys)})"
            choices += [("bigint", f'F.sum("{m}").over({whole})'), ("double", f'F.avg("{m}").over({order}.rowsBetween(-1, 1))')]
        kind, text = self.rng.choice(choices)
        self.step(f'.withColumn("{name}", {text})')
        self.columns.append((name, kind))
        self.narrow = False
        if keys and self.rng.random() < 0.5:
            n, k = keys[0]
            self.step(f'.filter((F.col("{n}") == {self.value(k)}) | F.col("{n}").isNull())')

    def set_step(self):
        how = self.rng.choice(["union", "union", "unionByName", "intersect", "subtract", "exceptAll", "intersectAll"])
        self.step(f".{how}(df.filter({self.condition()}))")
        self.narrow = self.narrow and how in ("union", "unionByName")
        if how != "union" and self.rng.random() < 0.3:
            self.filter()

    def simple(self):
        n, k = self.rng.choice(self.columns)
        choices = [".distinct()", ".dropDuplicates()", f".orderBy({self.every()}).limit({self.rng.randint(1, 9)})"]
        text = self.rng.choice(choices)
        self.step(text)
        self.narrow = False

    def missing(self):
        n, k = self.rng.choice(self.columns)
        self.step(self.rng.choice([
            ".na.fill(0)", '.na.fill("none")', f'.na.drop(subset=["{n}"])', '.na.drop("all")', ".na.fill(True)", f".na.drop(thresh={self.rng.randint(1, 3)})",
            '.na.replace("x", "q")',
        ]))

    def rename(self):
        at = self.rng.randrange(len(self.columns))
        name = self.name()
        self.step(f'.withColumnRenamed("{self.columns[at][0]}", "{name}")')
        self.columns[at] = (name, self.columns[at][1])

    def partition(self):
        n = self.rng.choice(self.columns)[0]
        self.step(self.rng.choice([".repartition(3)", f'.repartition(4, "{n}")', ".coalesce(2)", f'.sortWithinPartitions("{n}")', f'.repartition("{n}")']))
        self.narrow = False

    def explode(self):
        kind = self.rng.choice(["int", "string", "date"])
        name = self.name()
        function = self.rng.choice(["explode", "explode_outer"])
        self.step(f'.withColumn("{name}", F.{function}(F.array({self.expr(kind, 1)}, {self.expr(kind, 1)})))')
        self.columns.append((name, kind))
        if self.rng.random() < 0.5:
            self.filter()

    def sample(self):
        if not self.narrow:
            return self.filter()
        seed = self.rng.randint(0, 99)
        if self.rng.random() < 0.5:
            self.step(f".sample(fraction={self.rng.choice([0.3, 0.5, 0.8])}, seed={seed})")
        else:
            self.lines.append(f"df = df.randomSplit([0.6, 0.4], seed={seed})[{self.rng.randint(0, 1)}]")

    def draw(self):
        if not self.narrow:
            return self.filter()
        name = self.name()
        function = self.rng.choice([f"F.rand({self.rng.randint(0, 9)})", "F.monotonically_increasing_id()", "F.spark_partition_id()"])
        kind = "double" if "rand" in function else "bigint" if "mono" in function else "int"
        self.step(f'.withColumn("{name}", {function})')
        self.columns.append((name, kind))
        if self.rng.random() < 0.7:
            n, k = self.rng.choice(self.columns)
            self.step(f'.filter(F.col("{n}") {self.rng.choice(["<", ">="])} {self.value(k)})')

    def limit_rows(self):
        self.step(f".orderBy({self.every()})")
        if self.rng.random() < 0.6:
            self.filter()

    def source(self):
        steps = [
            self.select, self.select, self.with_column, self.with_column, self.filter, self.filter, self.filter, self.join, self.join, self.group,
            self.group, self.pivot, self.window, self.window, self.set_step, self.set_step, self.simple, self.missing, self.rename,
            self.partition, self.explode, self.sample, self.draw, self.limit_rows,
        ]
        for _ in range(self.rng.randint(2, 6)):
            self.rng.choice(steps)()
            if len(self.columns) > 12:
                self.columns = self.rng.sample(self.columns, 6)
                self.step(f".select({self.every()})")
        return "\n".join(self.lines)


def main():
    spark = (
        SparkSession.builder.master("local[8]")
        .config("spark.ui.enabled", "false")
        .config("spark.driver.memory", "2g")
        .config("spark.sql.session.timeZone", "UTC")
        .config("spark.sql.shuffle.partitions", "4")
        .getOrCreate()
    )
    spark.sparkContext.setLogLevel("OFF")
    # Made once and kept: the same rows in the same partitions, without a Python worker for each program.
    names = {"spark": spark, "__name__": "__main__"}
    exec(compile(FRAMES, "frames", "exec"), names)
    for name in "abcr":
        names[name] = names[name].cache()
        names[name].count()
    recorded = []
    for number in range(PROGRAMS):
        source = Plan(random.Random(number)).source()
        out, error = io.StringIO(), None
        with contextlib.redirect_stdout(out):
            try:
                exec(compile(source + SHOW, "program", "exec"), dict(names))
            except BaseException as raised:
                text = str(raised)
                condition = re.match(r"\[([A-Z_.0-9]+)\]", text)
                error = {"class": type(raised).__name__, "condition": condition and condition[1]}
        recorded.append({"source": source, "stdout": "" if error else out.getvalue(), "error": error})
    result = {"frames": FRAMES, "show": SHOW, "programs": recorded}
    (HERE / "plans.json").write_text(json.dumps(result, indent=1) + "\n")


main()

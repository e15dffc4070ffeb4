# Every stage of persistence_stages.py, which is run before this, on data as people have them: empty, too few, all alike, null, not a number, infinite,
# negative. Prints what it gives, or that it refuses.
NUMBERS = ("double", "int", "vector")


def changed(rows, columns, change):
    """The last row with its numbers changed."""
    last = tuple(change(v, kind) if kind in NUMBERS else v for v, (_, kind) in zip(rows[-1], columns))
    return [*rows[:-1], last]


def with_number(number):
    def change(value, kind):
        if kind == "vector":
            return Vectors.dense([number, *list(value)[1:]])
        return number if kind == "double" else value

    return change


def negated(value, kind):
    return Vectors.dense([-v for v in value]) if kind == "vector" else -value


ODD = {
    "no rows": lambda rows, columns: [],
    "one row": lambda rows, columns: rows[:1],
    "one row six times": lambda rows, columns: [rows[0]] * 6,
    "one label": lambda rows, columns: [
        tuple(rows[0][i] if name in ("label", "y", "three", "rating", "censor") else v for i, (v, (name, _)) in enumerate(zip(row, columns)))
        for row in rows
    ],
    "a null row": lambda rows, columns: [*rows[:-1], tuple(None for _ in columns)],
    "not a number": lambda rows, columns: changed(rows, columns, with_number(float("nan"))),
    "infinite": lambda rows, columns: changed(rows, columns, with_number(float("inf"))),
    "negative": lambda rows, columns: changed(rows, columns, negated),
}


def odd_frame(name, change):
    ddl, rows = FRAMES[name]
    columns = [part.split(" ") for part in ddl.split(", ")]
    rows = [tuple(Vectors.dense(v) if kind == "vector" and isinstance(v, list) else v for v, (_, kind) in zip(row, columns)) for row in rows]
    schema = StructType([StructField(name, KINDS[kind], True) for name, kind in columns])
    return spark.createDataFrame(change(rows, columns), schema).coalesce(2)


def flat(value):
    """The numbers and words of a cell, in a line."""
    if isinstance(value, dict):
        return flat(list(value.values()))
    if isinstance(value, (list, tuple)):
        return [x for v in value for x in flat(v)]
    return [value]


def told(stage, data):
    try:
        model = stage.fit(data) if hasattr(stage, "fit") else stage
        rows = model.transform(data)
        if "item" in data.columns:
            rows = rows.orderBy("user", "item")
        new = [c for c in rows.columns if c not in data.columns]
        found = [flat(plain(list(row))) for row in rows.select(new).collect()]
    except Exception as error:
        assert len(str(error)) > 10, type(error)
        return ["refused"]
    return [len(found), "rows", *[x for row in found for x in row]]


for name, make, on in STAGES:
    for what, change in ODD.items() if on else ():
        print(f"{name}, {what}:", *told(make(), odd_frame(on, change)))

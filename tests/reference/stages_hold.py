# Every stage of persistence_stages.py, which is run before this: what it gives after a fit it gives again after another fit, as a copy, and after it was
# saved and loaded; and what its summary tells of the frame it was fitted to is what the model makes of that frame.
import tempfile

place = tempfile.mkdtemp()


def cells(rows, columns=None):
    if "item" in rows.columns:
        rows = rows.orderBy("user", "item")
    return [plain(list(row)) for row in rows.select(*(columns or rows.columns)).collect()]


def params(stage):
    return {param.name: str(value) for param, value in stage.extractParamMap().items() if param.name not in INNER}


# Stages and grids within stages, which load as equals, not as the same.
INNER = ("stages", "estimator", "estimatorParamMaps", "evaluator", "classifier")

for name, make, on in STAGES:
    if not on:
        continue
    data = frame(spark, on).cache()
    stage = make()
    model = stage.fit(data) if hasattr(stage, "fit") else stage
    given = cells(model.transform(data))
    print(f"{name}:", len(given), "rows,", model.transform(data).columns[len(data.columns):])
    if model is not stage:
        print("  fitted again:", cells(make().fit(data).transform(data)) == given)
    print("  copied:", cells(model.copy().transform(data)) == given, params(model.copy()) == params(model))
    model.write().overwrite().save(f"{place}/{name}")
    loaded = type(model).load(f"{place}/{name}")
    print("  loaded:", cells(loaded.transform(data)) == given, loaded.uid == model.uid, params(loaded) == params(model))
    loaded.write().overwrite().save(f"{place}/{name}2")
    print("  and again:", cells(type(model).load(f"{place}/{name}2").transform(data)) == given)
    if getattr(model, "hasSummary", False):
        # A property of some models and a method of others, in PySpark.
        told = (model.summary() if callable(model.summary) else model.summary).predictions
        shared = [column for column in model.transform(data).columns if column in told.columns]
        print("  summary:", shared[len(data.columns):], cells(told, shared) == cells(model.transform(data), shared))

"""The same jobs in scikit-learn and, on two threads, Polars and LightGBM, on the same numbers. Usage: peer.py JOB CSV REPEATS SECONDS;
prints `seconds S`, `check …` and, of jobs with several questions, `part S QUESTION`, then the times of so many more runs, or of those within so many
seconds."""

import os
import sys
import time

os.environ["POLARS_MAX_THREADS"] = "2"

import numpy as np


def noise(ids, j):
    x = np.sin(ids * 12.9898 + j * 78.233) * 43758.5453
    return x - np.floor(x)


def logistic_regression():
    from sklearn.linear_model import LogisticRegression

    ids = np.arange(200_000)
    x = np.column_stack([noise(ids, j) - 0.5 for j in range(50)])
    score = x @ np.array([(j % 7) - 3.0 for j in range(50)])
    y = (score + (noise(ids, 50) - 0.5) * 4.0 > 0).astype(float)
    scale = x.std(axis=0, ddof=1)
    start = time.perf_counter()
    model = LogisticRegression(C=1 / (1e-4 * len(ids)), tol=1e-6, max_iter=500).fit(x / scale, y)
    return time.perf_counter() - start, [round(float(model.coef_[0, 0] / scale[0]), 6), round(float(model.intercept_[0]), 6)]


def kmeans():
    from sklearn.cluster import KMeans

    ids = np.arange(500_000)
    x = np.column_stack([((ids % 10) * (j + 3)) % 7 + noise(ids, j) * 3.0 for j in range(10)])
    start = time.perf_counter()
    model = KMeans(10, max_iter=20, tol=0.0, n_init=1, random_state=1).fit(x)
    return time.perf_counter() - start, round(model.inertia_ / len(ids), 4)


def random_forest():
    from sklearn.ensemble import RandomForestClassifier
    from sklearn.metrics import roc_auc_score

    x, y = signalled()
    start = time.perf_counter()
    model = RandomForestClassifier(100, max_depth=12, n_jobs=2, random_state=1).fit(x, y)
    return time.perf_counter() - start, round(roc_auc_score(y, model.predict_proba(x)[:, 1]), 3)


def cross_validation():
    from sklearn.linear_model import LogisticRegression
    from sklearn.model_selection import GridSearchCV
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    ids = np.arange(100_000)
    x = np.column_stack([noise(ids, j) * (j + 1) for j in range(20)])
    score = x @ np.array([((j % 7) - 3.0) / (j + 1) for j in range(20)])
    y = (score + noise(ids, 20) * 2.0 > 0).astype(float)
    n = len(ids) * 4 / 5
    grid = {"logisticregression__C": [1 / (r * n) for r in (0.001, 0.01, 0.1)]}
    pipeline = make_pipeline(StandardScaler(), LogisticRegression(max_iter=50))
    start = time.perf_counter()
    model = GridSearchCV(pipeline, grid, cv=5, scoring="roc_auc", n_jobs=2).fit(x, y)
    return time.perf_counter() - start, [round(float(m), 3) for m in model.cv_results_["mean_test_score"]]


def linear_regression():
    ids = np.arange(1_000_000)
    x = np.column_stack([noise(ids, j) - 0.5 for j in range(20)])
    y = x @ np.array([(j % 7) - 3.0 for j in range(20)]) + 1.0 + (noise(ids, 20) - 0.5) * 4.0
    # The normal equations in NumPy: several times faster than scikit-learn's LinearRegression.
    start = time.perf_counter()
    means, mean = x.mean(axis=0), y.mean()
    centred = x - means
    weights = np.linalg.solve(centred.T @ centred, centred.T @ (y - mean))
    intercept = mean - means @ weights
    return time.perf_counter() - start, [round(float(weights[0]), 6), round(float(intercept), 6)]


def lasso_path():
    from sklearn.linear_model import lasso_path

    ids = np.arange(200_000)
    x = np.column_stack([noise(ids, j) - 0.5 for j in range(50)])
    y = x @ np.array([(j % 7) - 3.0 for j in range(50)]) + 1.0 + (noise(ids, 50) - 0.5) * 4.0
    start = time.perf_counter()
    x, y = x - x.mean(axis=0), y - y.mean()
    _, path, _ = lasso_path(x, y, alphas=0.25 * 0.001 ** (np.arange(100) / 99), precompute=True)
    seconds = time.perf_counter() - start
    middle = path[:, 50]
    return seconds, [round(float(middle[0]), 4), int((middle != 0.0).sum()), round(float(path[0, -1]), 4)]


def signalled(rows=100_000, width=20):
    ids = np.arange(rows)
    x = np.column_stack([noise(ids, j) for j in range(width)])
    signal = np.sin(x[:, 0] * 6.0) + x[:, 1] * x[:, 2] * 2.0 - (x[:, 3] - 0.5) ** 2 * 4.0 + x[:, 4]
    return x, (signal + noise(ids, width) - 0.5 > 1.2).astype(float)


def decision_tree():
    from sklearn.tree import DecisionTreeClassifier

    x, y = signalled()
    start = time.perf_counter()
    model = DecisionTreeClassifier(max_depth=10, random_state=1).fit(x, y)
    return time.perf_counter() - start, round(float(model.score(x, y)), 3)


def boosted_trees():
    from sklearn.ensemble import HistGradientBoostingClassifier
    from sklearn.metrics import roc_auc_score

    x, y = signalled()
    model = HistGradientBoostingClassifier(
        max_iter=20, max_depth=5, max_leaf_nodes=None, max_bins=64, early_stopping=False, random_state=1
    )
    start = time.perf_counter()
    model.fit(x, y)
    return time.perf_counter() - start, round(roc_auc_score(y, model.predict_proba(x)[:, 1]), 3)


def xgboost_spark():
    import lightgbm
    from sklearn.metrics import roc_auc_score

    x, y = signalled(500_000, 28)
    params = {"objective": "binary", "num_leaves": 64, "max_depth": 6, "max_bin": 255, "learning_rate": 0.1, "num_threads": 2, "verbose": -1}
    # The data are binned within the time, as in Kindling.
    start = time.perf_counter()
    model = lightgbm.train(params, lightgbm.Dataset(x, y), 100)
    return time.perf_counter() - start, round(roc_auc_score(y, model.predict(x)), 3)


def pca():
    from sklearn.decomposition import PCA

    ids = np.arange(200_000)
    x = np.column_stack([noise(ids, j) * (j + 1) for j in range(50)])
    start = time.perf_counter()
    model = PCA(10, svd_solver="covariance_eigh").fit(x)
    found = model.explained_variance_ratio_
    return time.perf_counter() - start, [round(float(found[0]), 6), round(float(found[9]), 6)]


def nearest_neighbors():
    from sklearn.neighbors import NearestNeighbors

    ids = np.arange(22_000)
    x = np.column_stack([noise(ids, j) for j in range(20)])
    model = NearestNeighbors(n_neighbors=5, algorithm="brute").fit(x[:20_000])
    start = time.perf_counter()
    distances, rows = model.kneighbors(x[20_000:])
    return time.perf_counter() - start, [round(float(distances.sum()), 4), int(rows.sum())]


def features():
    import pandas as pd
    from sklearn.compose import make_column_transformer
    from sklearn.impute import SimpleImputer
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import OneHotEncoder, StandardScaler

    df = pd.read_csv(sys.argv[2])
    numbers, texts = ["age", "income", "score", "clicks", "ratio", "balance"], ["city", "segment"]
    steps = make_column_transformer((make_pipeline(SimpleImputer(), StandardScaler()), numbers), (OneHotEncoder(), texts))
    start = time.perf_counter()
    made = steps.fit_transform(df)
    return time.perf_counter() - start, list(made.shape)


def csv():
    import pandas as pd
    import polars as pl

    start = time.perf_counter()
    frame = pl.read_csv(sys.argv[2])
    seconds = time.perf_counter() - start
    start = time.perf_counter()
    pd.read_csv(sys.argv[2])
    return seconds, [len(frame), [str(t) for t in frame.dtypes], f"pandas {time.perf_counter() - start:.2f} s"]


ROWS = 5_000_000


def shifted(factor, values):
    import polars as pl

    return ((pl.col("id") * factor) % 4294967296 // 256) % values


def numbered(rows):
    import polars as pl

    return pl.select(id=pl.int_range(rows, dtype=pl.Int64))


def asked(questions):
    total, rows = 0.0, []
    for question, ask in questions.items():
        start = time.perf_counter()
        answer = ask()
        seconds = time.perf_counter() - start
        rows.append(len(answer))
        print("part", round(seconds, 4), question)
        total += seconds
    return total, rows


def group_by():
    import polars as pl

    def name(column, width):
        return pl.lit("id") + column.cast(pl.String).str.zfill(width)

    t = numbered(ROWS).select(
        id1=name(shifted(2654435761, 100) + 1, 3),
        id2=name(shifted(2246822519, 100) + 1, 3),
        id3=name(shifted(3266489917, ROWS // 100) + 1, 10),
        id4=(shifted(668265263, 100) + 1).cast(pl.Int32),
        id5=(shifted(374761393, 100) + 1).cast(pl.Int32),
        id6=(shifted(2869860233, ROWS // 100) + 1).cast(pl.Int32),
        v1=(shifted(1103515245, 5) + 1).cast(pl.Int32),
        v2=(shifted(3432918353, 15) + 1).cast(pl.Int32),
        v3=shifted(461845907, 13_107_199) / 131072.0,
    )
    v1, v2, v3 = pl.col("v1"), pl.col("v2"), pl.col("v3")
    return asked(
        {
            "sum v1 by id1": lambda: t.group_by("id1").agg(v1.sum()),
            "sum v1 by id1, id2": lambda: t.group_by("id1", "id2").agg(v1.sum()),
            "sum v1, mean v3 by id3": lambda: t.group_by("id3").agg(v1.sum(), v3.mean()),
            "mean v1, v2, v3 by id4": lambda: t.group_by("id4").agg(v1.mean(), v2.mean(), v3.mean()),
            "sum v1, v2, v3 by id6": lambda: t.group_by("id6").agg(v1.sum(), v2.sum(), v3.sum()),
            "median, sd v3 by id4, id5": lambda: t.group_by("id4", "id5").agg(v3.median(), v3.std().alias("sd")),
            "max v1 - min v2 by id3": lambda: t.group_by("id3").agg((v1.max() - v2.min()).alias("range")),
            "two largest v3 by id6": lambda: t.group_by("id6").agg(v3.top_k(2)).explode("v3"),
            "corr v1, v2 by id2, id4": lambda: t.group_by("id2", "id4").agg(pl.corr("v1", "v2") ** 2),
            "sum v3, count by id1 … id6": lambda: t.group_by("id1", "id2", "id3", "id4", "id5", "id6").agg(v3.sum(), pl.len()),
        }
    )


def join():
    import polars as pl

    x = numbered(ROWS).select(
        id1=(shifted(2654435761, 5) + 1).cast(pl.Int32),
        id2=(shifted(2246822519, ROWS // 1000) + 1).cast(pl.Int32),
        id3=(shifted(3266489917, ROWS) + 1).cast(pl.Int32),
        id5=pl.lit("id") + (shifted(2246822519, ROWS // 1000) + 1).cast(pl.String),
        v1=shifted(461845907, 1000) / 8.0,
    )

    def keys(rows, name):
        key = (pl.col("id") + rows // 10).cast(pl.Int32)
        return numbered(rows).select(key.alias(name), id5=pl.lit("id") + key.cast(pl.String), v2=pl.col("id") % 1000 / 4.0)

    small, medium, big = keys(5, "id1").drop("id5"), keys(ROWS // 1000, "id2"), keys(ROWS, "id3").drop("id5")
    return asked(
        {
            "small, inner on an int": lambda: x.join(small, on="id1"),
            "medium, inner on an int": lambda: x.join(medium.drop("id5"), on="id2"),
            "medium, left on an int": lambda: x.join(medium.drop("id5"), on="id2", how="left"),
            "medium, inner on a text": lambda: x.join(medium.drop("id2"), on="id5"),
            "big, inner on an int": lambda: x.join(big, on="id3"),
        }
    )


def sort_window():
    import polars as pl

    t = numbered(ROWS).select(
        id1=pl.lit("id") + (shifted(2654435761, 100) + 1).cast(pl.String).str.zfill(3),
        id6=(shifted(2869860233, ROWS // 100) + 1).cast(pl.Int32),
        v3=shifted(461845907, 13_107_199) / 131072.0,
    )
    v3 = pl.col("v3")
    return asked(
        {
            "sort by a double": lambda: t.sort("v3"),
            "sort by an int": lambda: t.sort("id6"),
            "sort by a text, a double": lambda: t.sort("id1", "v3", descending=[False, True]),
            "rank over 50,000": lambda: t.select("id6", "v3", r=v3.rank("min").over("id6")),
            "lag over 50,000": lambda: t.select("id6", "v3", l=v3.shift(1).over("id6", order_by="v3")),
            "running sum over 50,000": lambda: t.select("id6", "v3", s=v3.cum_sum().over("id6", order_by="v3")),
            "rank over 100": lambda: t.select("id1", "v3", r=v3.rank("min").over("id1")),
        }
    )


def run():
    seconds, check = globals()[sys.argv[1]]()
    print("seconds", seconds)
    return check


print("check", run())
limit = time.perf_counter() + float(sys.argv[4])
for repeat in range(int(sys.argv[3])):
    if repeat == 0 or time.perf_counter() < limit:
        run()

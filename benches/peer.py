"""The same jobs in scikit-learn and pandas, on the same numbers. Usage: peer.py JOB [CSV]; prints `seconds S` and `check …`."""

import sys
import time

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

    ids = np.arange(100_000)
    x = np.column_stack([noise(ids, j) for j in range(20)])
    signal = np.sin(x[:, 0] * 6.0) + x[:, 1] * x[:, 2] * 2.0 - (x[:, 3] - 0.5) ** 2 * 4.0 + x[:, 4]
    y = (signal + noise(ids, 20) - 0.5 > 1.2).astype(float)
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


def csv():
    import pandas as pd

    start = time.perf_counter()
    frame = pd.read_csv(sys.argv[2])
    return time.perf_counter() - start, [len(frame), [str(t) for t in frame.dtypes]]


seconds, check = globals()[sys.argv[1]]()
print("seconds", seconds)
print("check", check)

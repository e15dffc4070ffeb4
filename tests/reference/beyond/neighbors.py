# --- nearest neighbours of a few rows
from sklearn.neighbors import NearestNeighbors
X = [[0.0, 0.0, 0.0], [0.0, 0.5, 0.0], [1.0, 1.0, 0.5]]
model = NearestNeighbors(n_neighbors=1).fit(X)
print(model)
print(model.kneighbors([[1.0, 1.0, 1.0]]))
print(model.kneighbors())
print(model.kneighbors([[0.1, 0.1, 0]], 2, return_distance=False))
print(model.n_features_in_, model.n_samples_fit_)

# --- neighbours by each metric
import numpy as np
from sklearn.neighbors import NearestNeighbors
rng = np.random.RandomState(0)
X = rng.normal(size=(300, 4))
Q = rng.normal(size=(5, 4))
for options in ({}, {"metric": "manhattan"}, {"metric": "cosine"}, {"metric": "chebyshev"}, {"p": 3}, {"p": 1}):
    distances, rows = NearestNeighbors(n_neighbors=4, **options).fit(X).kneighbors(Q)
    print(options, rows.tolist())
    print(distances.round(9).tolist())

# --- classes of neighbours
import numpy as np
from sklearn.neighbors import KNeighborsClassifier
rng = np.random.RandomState(1)
X = rng.normal(size=(150, 3))
y = (X[:, 0] + X[:, 1] > 0).astype(int) + (X[:, 2] > 1)
Q = rng.normal(size=(6, 3))
for weights in ("uniform", "distance", lambda d: 1 / (1 + d)):
    model = KNeighborsClassifier(n_neighbors=5, weights=weights).fit(X, y)
    print(model.predict(Q), model.predict_proba(Q).round(9).tolist(), model.score(X, y))
print(model.classes_, KNeighborsClassifier(weights="distance", p=1))

# --- texts as classes and rows of the training set
from sklearn.neighbors import KNeighborsClassifier
model = KNeighborsClassifier(n_neighbors=2, weights="distance").fit([[0], [1], [2], [3]], ["low", "low", "high", "high"])
print(model.classes_, model.predict([[0], [1.4], [2.9]]), model.predict_proba([[1], [1.5]]).tolist())

# --- one class
from sklearn.neighbors import KNeighborsClassifier
model = KNeighborsClassifier(n_neighbors=2).fit([[0.0], [1.0], [2.0]], [3, 3, 3])
print(model.predict([[5]]), model.predict_proba([[5]]), model.classes_)

# --- means of neighbours
import numpy as np
from sklearn.neighbors import KNeighborsRegressor
rng = np.random.RandomState(2)
X = rng.uniform(size=(120, 2))
y = X[:, 0] * 3 + X[:, 1] ** 2
for weights in ("uniform", "distance"):
    model = KNeighborsRegressor(n_neighbors=3, weights=weights, metric="manhattan").fit(X, y)
    print(model.predict(X[:3] + 0.01).round(9), round(model.score(X, y), 9))
print(KNeighborsRegressor(2).fit([[0], [1], [2]], [[0, 1], [2, 3], [4, 5]]).predict([[0.2], [1.9]]))

# --- frames of pandas
import pandas as pd
from sklearn.neighbors import KNeighborsClassifier
frame = pd.DataFrame({"age": [20, 30, 40, 50], "pay": [1.0, 2.0, 3.0, 4.0], "left": ["no", "no", "yes", "yes"]})
model = KNeighborsClassifier(n_neighbors=1).fit(frame[["age", "pay"]], frame["left"])
print(list(model.feature_names_in_), model.n_features_in_, list(model.predict(frame[["age", "pay"]])))
print(model.score(frame[["age", "pay"]], frame["left"]))

# --- too many neighbours
from sklearn.neighbors import NearestNeighbors
NearestNeighbors(n_neighbors=9).fit([[0], [1]]).kneighbors([[0]])

# --- no neighbours
from sklearn.neighbors import KNeighborsClassifier
KNeighborsClassifier(n_neighbors=0).fit([[0], [1]], [0, 1])

# --- unknown weights
from sklearn.neighbors import KNeighborsRegressor
KNeighborsRegressor(weights="nearest").fit([[0], [1]], [0, 1])

# --- not fitted
from sklearn.neighbors import KNeighborsClassifier
KNeighborsClassifier().predict([[1]])

# --- missing values
from sklearn.neighbors import NearestNeighbors
NearestNeighbors().fit([[0.0], [float("nan")]])

# --- one dimension
from sklearn.neighbors import KNeighborsRegressor
KNeighborsRegressor().fit([1.0, 2.0], [0, 1])

# --- other lengths
from sklearn.neighbors import KNeighborsRegressor
KNeighborsRegressor().fit([[1.0], [2.0]], [0, 1, 2])

# --- other width
from sklearn.neighbors import KNeighborsRegressor
KNeighborsRegressor(1).fit([[1.0], [2.0]], [0, 1]).predict([[1.0, 2.0]])

# --- a continuous target for a classifier
from sklearn.neighbors import KNeighborsClassifier
KNeighborsClassifier(1).fit([[1.0], [2.0]], [0.5, 1.5])

"""The nearest rows of a training set, and what they tell: exact, compared with every row, on all threads.

Neighbours at the same distance come in the order of their rows; scikit-learn's own order there depends on its algorithm.
"""

import numpy as _np

import _beyond
import _sklearn_checks as _checks

from sklearn.base import BaseEstimator, ClassifierMixin, RegressorMixin

_METRICS = {
    "euclidean": "euclidean",
    "l2": "euclidean",
    "manhattan": "manhattan",
    "cityblock": "manhattan",
    "l1": "manhattan",
    "chebyshev": "chebyshev",
    "cosine": "cosine",
    "minkowski": "minkowski",
}


def _metric(estimator):
    """What the engine calls the metric, and its power."""
    name, p = estimator.metric, estimator.p
    if not isinstance(name, str) or name not in _METRICS:
        raise NotImplementedError(f"metric={name!r} is not supported here: there are {', '.join(sorted(_METRICS))}")
    if isinstance(estimator.metric_params, dict):
        p = estimator.metric_params.get("p", p)
    name = _METRICS[name]
    if name == "minkowski":
        if not isinstance(p, (int, float)) or p <= 0:
            raise _checks.InvalidParameterError(
                f"The 'p' parameter of {type(estimator).__name__} must be a float in the range (0.0, inf]. Got {p!r} instead."
            )
        name = {1: "manhattan", 2: "euclidean", float("inf"): "chebyshev"}.get(p, "minkowski")
    return name, float(p)


class _Neighbors(BaseEstimator):
    """What all estimators over neighbours have in common."""

    _needs_y = False

    def _check(self):
        who = type(self).__name__
        _checks.positive(who, "n_neighbors", self.n_neighbors, none=True)
        _checks.one_of(who, "algorithm", self.algorithm, ("auto", "ball_tree", "brute", "kd_tree"))
        _checks.positive(who, "leaf_size", self.leaf_size)
        weights = getattr(self, "weights", None)
        if not callable(weights):
            if weights not in ("uniform", "distance", None):
                raise _checks.InvalidParameterError(
                    f"The 'weights' parameter of {who} must be a str among {{'uniform', 'distance'}}, a callable or None. Got {weights!r} instead."
                )

    def fit(self, X, y=None):
        """Keeps the rows."""
        self._check()
        array = _checks.matrix(X, type(self).__name__)
        if self._needs_y:
            if y is None:
                raise ValueError(f"This {type(self).__name__} estimator requires y to be passed, but the target y is None.")
            _checks.same_length(array, y)
            self._take(y)
        names = _checks.names_of(X)
        if names is not None:
            self.feature_names_in_ = names
        self.n_features_in_ = array.shape[1]
        self.n_samples_fit_ = array.shape[0]
        self.effective_metric_ = _metric(self)[0]
        self._fit_X = _np.asarray(array, float)
        return self

    def kneighbors(self, X=None, n_neighbors=None, return_distance=True):
        """Distances and numbers of the nearest rows of the training set, the nearest first; without `X`, of the training rows' others."""
        _checks.fitted(self, "_fit_X")
        k = self.n_neighbors if n_neighbors is None else n_neighbors
        if k <= 0:
            raise ValueError(f"Expected n_neighbors > 0. Got {k}")
        if not isinstance(k, (int, _np.int64)):
            raise TypeError(f"n_neighbors does not take {type(k)} value, enter integer value")
        k = int(k)
        own = X is None
        queries = self._fit_X if own else _np.asarray(_checks.matrix(X, type(self).__name__), float)
        if not own:
            _checks.same_width(self, queries)
        rows = self.n_samples_fit_
        if k + own > rows:
            sign = "<" if own else "<="
            raise ValueError(
                f"Expected n_neighbors {sign} n_samples_fit, but n_neighbors = {k}, n_samples_fit = {rows}, n_samples = {queries.shape[0]}"
            )
        metric, p = _metric(self)
        distances, found = _beyond.neighbors(self._fit_X, queries, k + own, metric, p)
        distances, found = distances.reshape(-1, k + own), found.reshape(-1, k + own)
        if own:
            # The row itself goes; among more than k copies of it, the nearest of them.
            itself = found == _np.arange(rows).reshape(-1, 1)
            missing = ~_np.any(itself, axis=1)
            itself[:, 0] = itself[:, 0] | missing
            distances, found = distances[~itself].reshape(rows, k), found[~itself].reshape(rows, k)
        return (distances, found) if return_distance else found

    def kneighbors_graph(self, X=None, n_neighbors=None, mode="connectivity"):
        raise NotImplementedError("kneighbors_graph() gives a sparse matrix of SciPy, which is not here: use kneighbors()")

    def _weighted(self, X):
        """The numbers of the neighbours, and the weight of each."""
        if self.weights in ("uniform", None):
            found = self.kneighbors(X, return_distance=False)
            return found, None
        distances, found = self.kneighbors(X)
        if self.weights != "distance":
            return found, _np.asarray(self.weights(distances))
        # A row that is in the training set counts its copies alone.
        at = distances == 0
        weights = 1.0 / _np.where(at, 1.0, distances)
        exact = _np.any(at, axis=1, keepdims=True)
        return found, _np.where(exact, at * 1.0, weights)


class NearestNeighbors(_Neighbors):
    """The nearest rows, without a target."""

    def __init__(
        self, *, n_neighbors=5, radius=1.0, algorithm="auto", leaf_size=30, metric="minkowski", p=2, metric_params=None, n_jobs=None
    ):
        self.n_neighbors = n_neighbors
        self.radius = radius
        self.algorithm = algorithm
        self.leaf_size = leaf_size
        self.metric = metric
        self.p = p
        self.metric_params = metric_params
        self.n_jobs = n_jobs


class KNeighborsClassifier(ClassifierMixin, _Neighbors):
    """The class that most of the nearest rows have."""

    _needs_y = True

    def __init__(
        self, n_neighbors=5, *, weights="uniform", algorithm="auto", leaf_size=30, p=2, metric="minkowski", metric_params=None, n_jobs=None
    ):
        self.n_neighbors = n_neighbors
        self.weights = weights
        self.algorithm = algorithm
        self.leaf_size = leaf_size
        self.p = p
        self.metric = metric
        self.metric_params = metric_params
        self.n_jobs = n_jobs

    def _take(self, y):
        _checks.class_target(y)
        y = _checks.column(y)
        self.classes_, self._y = _np.unique(y, return_inverse=True)

    def predict_proba(self, X):
        """The share of each class among the neighbours, in the order of `classes_`."""
        found, weights = self._weighted(X)
        if weights is not None and _np.any(_np.all(weights == 0, axis=1)):
            raise ValueError(
                "All neighbors of some sample is getting zero weights. Please modify 'weights' to avoid this case if you are using a "
                "user-defined function."
            )
        labels = self._y[found]
        shares = []
        for place in range(len(self.classes_)):
            of = (labels == place) * 1.0
            shares.append(_np.sum(of if weights is None else of * weights, axis=1))
        shares = _np.column_stack(shares)
        return shares / _np.sum(shares, axis=1, keepdims=True)

    def predict(self, X):
        """The class with the greatest share, of several the first."""
        _checks.fitted(self, "_fit_X")
        return self.classes_[_np.argmax(self.predict_proba(X), axis=1)]


class KNeighborsRegressor(RegressorMixin, _Neighbors):
    """The mean target of the nearest rows."""

    _needs_y = True

    def __init__(
        self, n_neighbors=5, *, weights="uniform", algorithm="auto", leaf_size=30, p=2, metric="minkowski", metric_params=None, n_jobs=None
    ):
        self.n_neighbors = n_neighbors
        self.weights = weights
        self.algorithm = algorithm
        self.leaf_size = leaf_size
        self.p = p
        self.metric = metric
        self.metric_params = metric_params
        self.n_jobs = n_jobs

    def _take(self, y):
        y = _checks.plain(y)
        _checks.finite(y, "y")
        self._y = y

    def predict(self, X):
        """The mean over the neighbours, by their weights."""
        found, weights = self._weighted(X)
        columns = self._y.reshape(len(self._y), -1)
        means = []
        for at in range(columns.shape[1]):
            targets = columns[:, at][found]
            if weights is None:
                means.append(_np.mean(targets, axis=1))
            else:
                means.append(_np.sum(targets * weights, axis=1) / _np.sum(weights, axis=1))
        return means[0] if self._y.ndim == 1 else _np.column_stack(means)

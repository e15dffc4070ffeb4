"""Bagging: many copies of one estimator, each fitted on rows drawn again."""

import warnings as _warnings

import numpy as _np

import _sklearn_checks as _checks

from sklearn.base import BaseEstimator as _Base
from sklearn.base import ClassifierMixin as _Classifier
from sklearn.base import RegressorMixin as _Regressor
from sklearn.base import clone as _clone
from sklearn.utils import check_random_state as _random_state

_MOST = 2147483647


def _drawn(rng, again, population, count):
    """Numbers of rows or features; without replacement in the way of scikit-learn, which draws nothing when all are taken."""
    if again:
        return rng.randint(0, population, count)
    share = count / population
    if 0.01 < share < 0.99:
        return rng.permutation(population)[:count]
    if share >= 0.99:
        kept = list(range(count))
        for i in range(count, population):
            j = int(rng.randint(0, i + 1))
            if j < count:
                kept[j] = i
        return _np.array(kept, int)
    kept, seen = [], set()
    while len(kept) < count:
        one = int(rng.randint(population))
        if one not in seen:
            seen.add(one)
            kept.append(one)
    return _np.array(kept, int)


def _takes_weights(estimator):
    code = getattr(type(estimator).fit, "__code__", None)
    return code is not None and "sample_weight" in code.co_varnames[: code.co_argcount + code.co_kwonlyargcount]


class _Bagging(_Base):
    def _fit(self, X, y):
        who = type(self).__name__
        if self.estimator is None:
            raise NotImplementedError(
                f"{who} needs an estimator here, as KNeighborsClassifier() or one of your own: scikit-learn's decision trees are not here "
                "(pyspark.ml has RandomForestClassifier, which bags trees)"
            )
        if not (hasattr(self.estimator, "fit") and hasattr(self.estimator, "predict")):
            raise _checks.InvalidParameterError(
                f"The 'estimator' parameter of {who} must be an object implementing 'fit' and 'predict' or None. Got {self.estimator!r} instead."
            )
        _checks.positive(who, "n_estimators", self.n_estimators)
        rows, width = X.shape
        rng = _random_state(self.random_state)
        count = self.max_samples
        count = rows if count is None else max(1, int(count * rows)) if isinstance(count, float) else count
        if not self.bootstrap and count > rows:
            raise ValueError(f"Effective max_samples={count} must be <= n_samples={rows} to be able to sample without replacement.")
        features = int(self.max_features * width) if isinstance(self.max_features, float) else self.max_features
        if features > width:
            raise ValueError("max_features must be <= n_features")
        features = max(1, features)
        if not self.bootstrap and self.oob_score:
            raise ValueError("Out of bag estimation only available if bootstrap=True")
        self.n_features_in_ = width
        self.estimator_ = _clone(self.estimator)
        self.estimators_, self.estimators_features_, self.estimators_samples_ = [], [], []
        for seed in rng.randint(_MOST, size=self.n_estimators).tolist():
            made = _clone(self.estimator_)
            own = _np.random.RandomState(seed)
            random = [name for name in sorted(made.get_params()) if name == "random_state" or name.endswith("__random_state")]
            if random:
                made.set_params(**{name: int(own.randint(_MOST)) for name in random})
            stream = _np.random.RandomState(seed)
            columns = _drawn(stream, self.bootstrap_features, width, features)
            drawn = _drawn(stream, self.bootstrap, rows, count)
            whole = not self.bootstrap_features and features == width
            if _takes_weights(made):
                made.fit(X if whole else X[:, columns], y, sample_weight=_np.bincount(drawn, minlength=rows))
            else:
                part = X[drawn]
                made.fit(part if whole else part[:, columns], y[drawn])
            self.estimators_.append(made)
            self.estimators_features_.append(columns)
            self.estimators_samples_.append(drawn)

    def _left_out(self, rows):
        """Each estimator with the rows that it hasn't seen."""
        for made, drawn, columns in zip(self.estimators_, self.estimators_samples_, self.estimators_features_):
            mask = _np.ones(rows, bool)
            mask[drawn] = False
            yield made, mask, columns

    def _rows(self, X):
        _checks.fitted(self, "estimators_")
        X = _checks.matrix(X)
        _checks.same_width(self, X)
        return X


def _warn_of_few():
    _warnings.warn(
        "Some inputs do not have OOB scores. This probably means too few estimators were used to compute any reliable oob estimates."
    )


class BaggingClassifier(_Classifier, _Bagging):
    """Classes by the mean of the estimators' probabilities, or by their votes."""

    def __init__(
        self, estimator=None, n_estimators=10, *, max_samples=None, max_features=1.0, bootstrap=True, bootstrap_features=False,
        oob_score=False, warm_start=False, n_jobs=None, random_state=None, verbose=0,
    ):  # fmt: skip
        self.estimator = estimator
        self.n_estimators = n_estimators
        self.max_samples = max_samples
        self.max_features = max_features
        self.bootstrap = bootstrap
        self.bootstrap_features = bootstrap_features
        self.oob_score = oob_score
        self.warm_start = warm_start
        self.n_jobs = n_jobs
        self.random_state = random_state
        self.verbose = verbose

    def fit(self, X, y):
        X = _checks.matrix(X)
        _checks.same_length(X, y)
        _checks.class_target(y)
        self.classes_, y = _np.unique(_checks.column(y), return_inverse=True)
        self.n_classes_ = len(self.classes_)
        self._fit(X, y)
        if self.oob_score:
            shares = _np.zeros((X.shape[0], self.n_classes_))
            for made, mask, columns in self._left_out(X.shape[0]):
                if _np.any(mask):
                    shares[mask] = shares[mask] + self._say(made, X[mask][:, columns])
            total = _np.sum(shares, axis=1, keepdims=True)
            if _np.any(total == 0):
                _warn_of_few()
            self.oob_decision_function_ = _np.where(total == 0, _np.nan, shares / _np.where(total == 0, 1.0, total))
            self.oob_score_ = float(_np.mean(y == _np.argmax(shares, axis=1)))
        return self

    def _say(self, made, X):
        shares = _np.zeros((X.shape[0], self.n_classes_))
        if hasattr(made, "predict_proba"):
            # An estimator that saw some classes alone: its own numbers of classes are places here.
            shares[:, [int(label) for label in made.classes_]] = _np.asarray(made.predict_proba(X))
        else:
            shares[_np.arange(X.shape[0]), [int(label) for label in _np.asarray(made.predict(X)).tolist()]] = 1.0
        return shares

    def predict_proba(self, X):
        X = self._rows(X)
        total = _np.zeros((X.shape[0], self.n_classes_))
        for made, columns in zip(self.estimators_, self.estimators_features_):
            total = total + self._say(made, X[:, columns])
        return total / len(self.estimators_)

    def predict(self, X):
        shares = self.predict_proba(X)
        return self.classes_[_np.argmax(shares, axis=1)]


class BaggingRegressor(_Regressor, _Bagging):
    """The mean of what the estimators predict."""

    def __init__(
        self, estimator=None, n_estimators=10, *, max_samples=None, max_features=1.0, bootstrap=True, bootstrap_features=False,
        oob_score=False, warm_start=False, n_jobs=None, random_state=None, verbose=0,
    ):  # fmt: skip
        self.estimator = estimator
        self.n_estimators = n_estimators
        self.max_samples = max_samples
        self.max_features = max_features
        self.bootstrap = bootstrap
        self.bootstrap_features = bootstrap_features
        self.oob_score = oob_score
        self.warm_start = warm_start
        self.n_jobs = n_jobs
        self.random_state = random_state
        self.verbose = verbose

    def fit(self, X, y):
        X = _checks.matrix(X)
        _checks.same_length(X, y)
        y = _checks.column(y)
        self._fit(X, y)
        if self.oob_score:
            from sklearn.metrics import r2_score

            sums, counts = _np.zeros(X.shape[0]), _np.zeros(X.shape[0])
            for made, mask, columns in self._left_out(X.shape[0]):
                if _np.any(mask):
                    sums[mask] = sums[mask] + _np.asarray(made.predict(X[mask][:, columns]))
                    counts[mask] = counts[mask] + 1
            if _np.any(counts == 0):
                _warn_of_few()
            self.oob_prediction_ = sums / _np.where(counts == 0, 1.0, counts)
            self.oob_score_ = r2_score(y, self.oob_prediction_)
        return self

    def predict(self, X):
        X = self._rows(X)
        told = [_np.asarray(made.predict(X[:, columns])) for made, columns in zip(self.estimators_, self.estimators_features_)]
        return sum(told) / len(told)

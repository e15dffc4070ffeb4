"""Estimators: what has parameters, and is cloned by them."""

import copy as _copy

import numpy as _np


def clone(estimator, *, safe=True):
    """An estimator with the same parameters that was never fitted."""
    if isinstance(estimator, (list, tuple, set, frozenset)):
        return type(estimator)([clone(one, safe=safe) for one in estimator])
    if hasattr(estimator, "__sklearn_clone__"):
        return estimator.__sklearn_clone__()
    if not hasattr(estimator, "get_params") or isinstance(estimator, type):
        if not safe:
            return _copy.deepcopy(estimator)
        if isinstance(estimator, type):
            raise TypeError("Cannot clone object. You should provide an instance of scikit-learn estimator instead of a class.")
        raise TypeError(
            f"Cannot clone object '{estimator!r}' (type {type(estimator)}): it does not seem to be a scikit-learn estimator as it does not "
            "implement a 'get_params' method."
        )
    params = {name: clone(value, safe=False) for name, value in estimator.get_params(deep=False).items()}
    made = type(estimator)(**params)
    for name, value in made.get_params(deep=False).items():
        if params[name] is not value:
            raise RuntimeError(
                f"Cannot clone object '{estimator!r}' (type {type(estimator)}), as the constructor either does not set or modifies parameter {name}"
            )
    return made


def _same(a, b):
    try:
        return bool(a == b) or (a != a and b != b)
    except (TypeError, ValueError):
        return False


class BaseEstimator:
    """Has the parameters that its `__init__` names: `get_params`, `set_params`, a `repr` that shows what was set."""

    @classmethod
    def _signature(cls):
        init = cls.__init__
        code = getattr(init, "__code__", None)
        if code is None:
            return {}
        names = code.co_varnames[1 : code.co_argcount + code.co_kwonlyargcount]
        positional = code.co_varnames[1 : code.co_argcount]
        defaults = dict(getattr(init, "__kwdefaults__", None) or {})
        plain = init.__defaults__ or ()
        defaults.update(zip(positional[len(positional) - len(plain) :], plain))
        return {name: defaults.get(name, _np) for name in names}

    @classmethod
    def _get_param_names(cls):
        return sorted(cls._signature())

    def get_params(self, deep=True):
        found = {}
        for name in self._get_param_names():
            value = getattr(self, name)
            if deep and hasattr(value, "get_params") and not isinstance(value, type):
                found.update((f"{name}__{key}", inner) for key, inner in value.get_params().items())
            found[name] = value
        return found

    def set_params(self, **params):
        known = self.get_params()
        nested = {}
        for key, value in params.items():
            name, parted, rest = key.partition("__")
            if name not in known:
                raise ValueError(f"Invalid parameter {name!r} for estimator {self}. Valid parameters are: {self._get_param_names()!r}.")
            if parted:
                nested.setdefault(name, {})[rest] = value
            else:
                setattr(self, name, value)
                known[name] = value
        for name, inner in nested.items():
            known[name].set_params(**inner)
        return self

    def __sklearn_clone__(self):
        params = {name: clone(value, safe=False) for name, value in self.get_params(deep=False).items()}
        made = type(self)(**params)
        for name, value in made.get_params(deep=False).items():
            if params[name] is not value:
                raise RuntimeError(
                    f"Cannot clone object '{self!r}' (type {type(self)}), as the constructor either does not set or modifies parameter {name}"
                )
        return made

    def __repr__(self):
        defaults = type(self)._signature()
        set_to = [(name, getattr(self, name)) for name in sorted(defaults)]
        shown = [f"{name}={value!r}" for name, value in set_to if not (value is defaults[name] or _same(value, defaults[name]))]
        head, text = f"{type(self).__name__}(", ""
        lines = [head]
        for i, part in enumerate(shown):
            part += ")" if i == len(shown) - 1 else ","
            room = 80 - len(lines[-1]) - (1 if lines[-1] != head and not lines[-1].isspace() else 0)
            if len(part) > room and lines[-1].strip() and lines[-1] != head:
                lines.append(" " * len(head) + part)
            else:
                lines[-1] += part if lines[-1] == head else " " + part
        text = "\n".join(lines)
        return text if shown else head + ")"


class ClassifierMixin:
    """Scores by accuracy."""

    _estimator_type = "classifier"

    def score(self, X, y, sample_weight=None):
        from sklearn.metrics import accuracy_score

        return accuracy_score(y, self.predict(X), sample_weight=sample_weight)


class RegressorMixin:
    """Scores by the coefficient of determination."""

    _estimator_type = "regressor"

    def score(self, X, y, sample_weight=None):
        from sklearn.metrics import r2_score

        return r2_score(y, self.predict(X), sample_weight=sample_weight)


class TransformerMixin:
    """Fits and transforms in one go."""

    def fit_transform(self, X, y=None, **fit_params):
        return (self.fit(X, **fit_params) if y is None else self.fit(X, y, **fit_params)).transform(X)


class ClusterMixin:
    """Fits and gives the labels."""

    _estimator_type = "clusterer"

    def fit_predict(self, X, y=None, **kwargs):
        self.fit(X, **kwargs)
        return self.labels_


class MetaEstimatorMixin:
    """Takes an estimator."""


def is_classifier(estimator):
    return getattr(estimator, "_estimator_type", None) == "classifier"


def is_regressor(estimator):
    return getattr(estimator, "_estimator_type", None) == "regressor"

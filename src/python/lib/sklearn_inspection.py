"""What a model looks at: permutation importance and partial dependence."""

import numpy as _np

import _sklearn_checks as _checks

from _sklearn_displays import PartialDependenceDisplay
from sklearn.metrics import check_scoring as _check_scoring
from sklearn.utils import Bunch as _Bunch
from sklearn.utils import check_random_state as _random_state


def permutation_importance(
    estimator, X, y, *, scoring=None, n_repeats=5, n_jobs=None, random_state=None, sample_weight=None, max_samples=1.0
):
    """How much the score falls when the values of one feature are shuffled: `importances_mean`, `importances_std`, `importances`."""
    if max_samples != 1.0:
        raise NotImplementedError("max_samples is not supported here: all rows are used")
    if not hasattr(X, "iloc"):
        X = _checks.matrix(X)
    rng = _random_state(random_state)
    seed = int(rng.randint(2147483648))
    scorer = _check_scoring(estimator, scoring)
    options = {} if sample_weight is None else {"sample_weight": sample_weight}
    baseline = scorer(estimator, X, y, **options)
    table = []
    for column in range(X.shape[1]):
        stream = _np.random.RandomState(seed)
        shuffled, order = X.copy(), _np.arange(X.shape[0])
        scores = []
        for _ in range(n_repeats):
            stream.shuffle(order)
            if hasattr(shuffled, "iloc"):
                name = shuffled.columns[column]
                shuffled[name] = _checks.plain(shuffled[name])[order]
            else:
                shuffled[:, column] = shuffled[order, column]
            scores.append(scorer(estimator, shuffled, y, **options))
        table.append(scores)
    importances = baseline - _np.array(table)
    return _Bunch(
        importances_mean=_np.mean(importances, axis=1), importances_std=_np.std(importances, axis=1), importances=importances
    )


def _column_number(X, feature):
    names = _checks.names_of(X)
    if isinstance(feature, str):
        if names is None:
            raise ValueError(f"Feature '{feature}' not in feature_names")
        if feature not in names.tolist():
            raise ValueError("A given column is not a column of the dataframe")
        return names.tolist().index(feature)
    if not -X.shape[1] <= feature < X.shape[1]:
        raise ValueError(f"all features must be in [0, {X.shape[1] - 1}]")
    return int(feature) % X.shape[1]


def _quantile(values, p):
    """The quantile of `scipy.stats.mstats.mquantiles`."""
    n = len(values)
    aleph = n * p + 0.4 + p * 0.2
    k = int(_np.floor(min(max(aleph, 1), n - 1)))
    gamma = min(max(aleph - k, 0.0), 1.0)
    return ((1.0 - gamma) * values[k - 1] + gamma * values[k]).item()


def partial_dependence(
    estimator, X, features, *, sample_weight=None, categorical_features=None, feature_names=None, response_method="auto",
    percentiles=(0.05, 0.95), grid_resolution=100, custom_values=None, method="auto", kind="average",
):  # fmt: skip
    """The mean prediction (`average`), or each row's (`individual`), with a feature, or two, set to the values of a grid."""
    if len(percentiles) != 2 or not all(0 <= p <= 1 for p in percentiles):
        raise ValueError("'percentiles' values must be in [0, 1]." if len(percentiles) == 2 else "'percentiles' must be a sequence of 2 elements.")
    if percentiles[0] >= percentiles[1]:
        raise ValueError("percentiles[0] must be strictly less than percentiles[1].")
    if grid_resolution <= 1:
        raise ValueError("'grid_resolution' must be strictly greater than 1.")
    _checks.one_of("partial_dependence", "kind", kind, ("average", "individual", "both"))
    if not hasattr(X, "iloc"):
        X = _checks.matrix(X)
    wanted = list(features) if isinstance(features, (list, tuple, _np.ndarray)) else [features]
    places = [_column_number(X, feature) for feature in wanted]
    axes = []
    for feature, place in zip(wanted, places):
        given = None if custom_values is None else custom_values.get(feature)
        values = _np.asarray(_checks.plain(X.iloc[:, place]) if hasattr(X, "iloc") else X[:, place])
        known = _np.unique(values)
        if given is not None:
            axes.append(_np.asarray(given))
        elif len(known) < grid_resolution or values.dtype == object or categorical_features is not None and feature in categorical_features:
            axes.append(known)
        else:
            ordered = _np.sort(_np.asarray(values, float))
            low, high = (_quantile(ordered, p) for p in percentiles)
            if _np.allclose(low, high):
                raise ValueError(
                    "percentiles are too close to each other, unable to build the grid. Please choose percentiles that are further apart."
                )
            axes.append(_np.linspace(low, high, grid_resolution))
    classifier = hasattr(estimator, "predict_proba") and getattr(estimator, "_estimator_type", "classifier") != "regressor"
    if response_method == "auto":
        response_method = "predict_proba" if classifier else "decision_function" if hasattr(estimator, "decision_function") else "predict"
    answer = getattr(estimator, response_method)
    points = [[]]
    for axis in axes:
        points = [[*point, value] for point in points for value in axis]
    changed, told = X.copy(), []
    for point in points:
        for place, value in zip(places, point):
            if hasattr(changed, "iloc"):
                changed[changed.columns[place]] = value
            else:
                if changed.dtype == int and value != int(value):
                    changed = changed.astype(float)
                changed[:, place] = value
        said = _np.asarray(answer(changed))
        if said.ndim == 2:
            said = said[:, 1:] if said.shape[1] == 2 else said
        else:
            said = said.reshape(-1, 1)
        told.append(said)
    # By output, row and grid point.
    said = _np.stack(told, axis=-1)
    shape = tuple(len(axis) for axis in axes)
    each = said.transpose((1, 0, 2))
    found = {}
    if kind in ("average", "both"):
        if sample_weight is None:
            mean = _np.mean(each, axis=1)
        else:
            weights = _np.asarray(sample_weight, float)
            mean = _np.sum(each * weights.reshape(1, -1, 1), axis=1) / _np.sum(weights)
        found["average"] = mean.reshape(-1, *shape)
    if kind in ("individual", "both"):
        found["individual"] = each.reshape(each.shape[0], each.shape[1], *shape)
    return _Bunch(grid_values=axes, **found)

"""Variance inflation."""

import numpy as _np


def _orthogonal(columns):
    """An orthonormal basis of the columns, those first that have most left; what is left of the last ones is rounding alone."""
    rest = columns.copy()
    largest = _np.max(_np.sqrt(_np.sum(rest * rest, axis=0)))
    basis = []
    for _ in range(min(rest.shape)):
        lengths = _np.sqrt(_np.sum(rest * rest, axis=0))
        at = int(_np.argmax(lengths))
        if lengths[at] <= 1e-15 * max(columns.shape) * largest:
            break
        one = rest[:, at] / lengths[at]
        # Once more against rounding.
        for known in basis:
            one = one - known * _np.dot(known, one)
        one = one / _np.sqrt(_np.dot(one, one))
        basis.append(one)
        rest = rest - one.reshape(-1, 1) * (one @ rest)
    return basis


def _without(basis, y):
    for _ in range(2):
        for one in basis:
            y = y - one * _np.dot(one, y)
    return y


def variance_inflation_factor(exog, exog_idx, *, standardize=True):
    """How much the variance of one coefficient grows because the other columns explain its column: `1 / (1 - R²)`.

    Columns are brought to mean 0 and deviation 1 first, as statsmodels 0.15 does; with `standardize=False` they stay, and a constant has to
    be one of them (`add_constant`), as before 0.15.
    """
    exog = _np.array(exog.to_numpy() if hasattr(exog, "to_numpy") else exog, float)
    columns = exog.shape[1]
    if standardize:
        for j in range(columns):
            spread = _np.std(exog[:, j])
            if spread > 1e-10:
                exog[:, j] = (exog[:, j] - _np.mean(exog[:, j])) / spread
    if not _np.all(_np.isfinite(exog)):
        raise ValueError("exog contains inf or nans")
    others = exog[:, [j for j in range(columns) if j != exog_idx % columns]]
    y = exog[:, exog_idx]
    basis = _orthogonal(others) if others.shape[1] else []
    # R² is of the deviations from the mean when the other columns hold a constant.
    left = _without(basis, _np.ones(len(y)))
    centred = y - _np.mean(y) if _np.dot(left, left) <= 1e-18 * len(y) else y
    rest = _without(basis, y)
    share = _np.clip(1 - _np.dot(rest, rest) / _np.dot(centred, centred), 0.0, 1.0 - 1e-15)
    return 1.0 / (1.0 - share)

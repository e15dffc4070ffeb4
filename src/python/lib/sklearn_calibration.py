"""Whether probabilities are what they say."""

import numpy as _np

import _sklearn_checks as _checks

from _sklearn_displays import CalibrationDisplay


def calibration_curve(y_true, y_prob, *, pos_label=None, n_bins=5, strategy="uniform"):
    """The share of positive rows and the mean probability in each bin of probabilities that isn't empty."""
    y_true, y_prob = _checks.column(y_true, "y_true"), _np.asarray(_checks.column(y_prob, "y_prob"), float)
    _checks.same_length(y_true, y_prob)
    known = _np.unique(y_true)
    if len(y_prob) and (_np.min(y_prob) < 0 or _np.max(y_prob) > 1):
        raise ValueError("y_prob has values outside [0, 1].")
    if pos_label is None:
        if any(isinstance(label, str) for label in known.tolist()) or not (set(known.tolist()) <= {0, 1} or set(known.tolist()) <= {-1, 1}):
            shown = ", ".join(repr(label) for label in known.tolist())
            raise ValueError(
                f"y_true takes value in {{{shown}}} and pos_label is not specified: either make y_true take value in {{0, 1}} or {{-1, 1}} or "
                "pass pos_label explicitly."
            )
        pos_label = 1
    if len(known) > 2:
        raise ValueError(f"Only binary classification is supported. Provided labels {known}.")
    positive = (y_true == pos_label) * 1.0
    if strategy == "uniform":
        edges = _np.linspace(0.0, 1.0, n_bins + 1)
    elif strategy == "quantile":
        edges = _np.percentile(y_prob, _np.linspace(0, 1, n_bins + 1) * 100)
    else:
        raise ValueError("Invalid entry to 'strategy' input. Strategy must be either 'quantile' or 'uniform'.")
    place = _np.searchsorted(edges[1:-1], y_prob)
    sums = _np.bincount(place, weights=y_prob, minlength=len(edges))
    hits = _np.bincount(place, weights=positive, minlength=len(edges))
    counts = _np.bincount(place, minlength=len(edges))
    some = counts != 0
    return hits[some] / counts[some], sums[some] / counts[some]

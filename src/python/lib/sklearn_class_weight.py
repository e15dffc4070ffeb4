"""Weights that make rare classes count as much as frequent ones."""

import numpy as _np

import _sklearn_checks as _checks


def compute_class_weight(class_weight, *, classes, y, sample_weight=None):
    """The weight of each class: `n / (classes × count)` for `"balanced"`, what a dict says, or 1."""
    if not (class_weight is None or isinstance(class_weight, dict) or isinstance(class_weight, str) and class_weight == "balanced"):
        raise _checks.InvalidParameterError(
            "The 'class_weight' parameter of compute_class_weight must be an instance of 'dict', a str among {'balanced'} or None. "
            f"Got {class_weight!r} instead."
        )
    if not isinstance(classes, _np.ndarray):
        raise _checks.InvalidParameterError(
            f"The 'classes' parameter of compute_class_weight must be an instance of 'numpy.ndarray'. Got {classes!r} instead."
        )
    y = _checks.plain(y)
    if set(y.tolist()) - set(classes.tolist()):
        raise ValueError("classes should include all valid labels that can be in y")
    if class_weight is None or len(class_weight) == 0:
        return _np.ones(len(classes))
    if class_weight == "balanced":
        known, inverse = _np.unique(y, return_inverse=True)
        if not set(classes.tolist()) <= set(known.tolist()):
            raise ValueError("classes should have valid labels that are in y")
        weights = _np.ones(len(y)) if sample_weight is None else _np.asarray(sample_weight, float)
        counts = _np.bincount(inverse, weights=weights)
        each = _np.sum(counts) / (len(known) * counts)
        return each[_np.searchsorted(known, classes)] if known.dtype != object else _np.array([each[known.tolist().index(c)] for c in classes.tolist()])
    weight, without = _np.ones(len(classes)), []
    for i, one in enumerate(classes.tolist()):
        try:
            one = int(one)
        except ValueError:
            one = str(one)
        if one in class_weight:
            weight[i] = class_weight[one]
        else:
            without.append(one)
    if without and len(classes) - len(without) != len(class_weight):
        raise ValueError(f"The classes, {without}, are not in class_weight")
    return weight


def compute_sample_weight(class_weight, y, *, indices=None):
    """The weight of each row: that of its class."""
    y = _checks.plain(y)
    if y.ndim == 1:
        y = y.reshape(-1, 1)
    outputs = y.shape[1]
    if indices is not None and class_weight != "balanced":
        raise ValueError(f"The only valid class_weight for subsampling is 'balanced'. Given {class_weight}.")
    if outputs > 1 and (class_weight is None or isinstance(class_weight, dict)):
        raise ValueError("For multi-output, class_weight should be a list of dicts, or the string 'balanced'.")
    if outputs > 1 and isinstance(class_weight, list) and len(class_weight) != outputs:
        raise ValueError(
            "For multi-output, number of elements in class_weight should match number of outputs. "
            f"Got {len(class_weight)} element(s) while having {outputs} outputs."
        )
    product = _np.ones(len(y))
    for k in range(outputs):
        labels = y[:, k]
        one = class_weight if class_weight == "balanced" or outputs == 1 else class_weight[k]
        part = labels if indices is None else labels[indices]
        known = _np.unique(part)
        weights = compute_class_weight(one, classes=known, y=part).tolist()
        # Classes that are not in the part weigh nothing.
        of = dict(zip(known.tolist(), weights))
        product = product * _np.array([of.get(label, 0.0) for label in labels.tolist()])
    return product

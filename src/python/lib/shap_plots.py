"""Charts of SHAP values."""

import numpy as _np

_DOTS = 2000


def _parts(values, features, names):
    """Values, rows and names of the features, of an `Explanation` or of arrays."""
    if hasattr(values, "base_values"):
        features = values.data if features is None else features
        names = values.feature_names if names is None else names
        values = values.values
    if names is None and hasattr(features, "columns"):
        names = list(features.columns)
    rows = None if features is None else _np.asarray(features.to_numpy() if hasattr(features, "to_numpy") else features)
    return values, rows, names


def _names(names, width):
    return [f"Feature {j}" for j in range(width)] if names is None else [str(name) for name in names]


def _axes(show, ax=None):
    import matplotlib.pyplot as plt

    return plt.gca() if ax is None else ax


def _done(axes, show):
    import matplotlib.pyplot as plt

    if show:
        plt.show()
        return None
    return axes


def _ranked(sizes, most):
    """The greatest first; what is beyond the last shown counts together."""
    order = _np.argsort(-_np.asarray(sizes)).tolist()
    return (order, []) if len(order) <= most else (order[: most - 1], order[most - 1 :])


def _bars(series, names, most, show, label, ax=None):
    total = sum(values for _, values in series)
    first, rest = _ranked(total, most)
    shown = [names[j] for j in first] + ([f"Sum of {len(rest)} other features"] if rest else [])
    axes = _axes(show, ax)
    for title, values in series:
        axes.barh(shown, [values[j].item() for j in first] + ([sum(values[j].item() for j in rest)] if rest else []), label=title)
    axes.set_xlabel(label)
    return _done(axes, show)


def _swarm(values, rows, names, most, show, ax=None):
    if values.ndim != 2:
        raise ValueError("The beeswarm plot does not support plotting explanations with instances that have more than one dimension!")
    first, rest = _ranked(_np.sum(_np.abs(values), axis=0), most)
    axes = _axes(show, ax)
    shown = [names[j] for j in first] + ([f"Sum of {len(rest)} other features"] if rest else [])
    axes._y_names = shown
    step = -(-values.shape[0] // _DOTS)
    groups = {"low feature value": ([], []), "middle": ([], []), "high feature value": ([], [])}
    plain = ([], [])
    for place, j in enumerate([*first, None] if rest else first):
        column = (_np.sum(values[:, rest], axis=1) if j is None else values[:, j])[::step]
        of = None if rows is None or j is None else _np.asarray(rows[:, j], float)[::step]
        ups = _spread(column)
        if of is None:
            plain[0].extend(column.tolist())
            plain[1].extend((place + ups).tolist())
            continue
        low, high = _np.percentile(of, 33.3), _np.percentile(of, 66.7)
        which = _np.where(of <= low, 0, _np.where(of < high, 1, 2)) if low < high else _np.where(of < high, 0, _np.where(of > low, 2, 1))
        for at, (xs, ys) in enumerate(groups.values()):
            some = which == at
            xs.extend(column[some].tolist())
            ys.extend((place + ups[some]).tolist())
    for label, (xs, ys) in groups.items():
        if xs:
            axes.scatter(xs, ys, label=label)
    if plain[0]:
        axes.scatter(*plain)
    axes.set_xlabel("SHAP value (impact on model output)")
    return _done(axes, show)


def _spread(column):
    """How far above or below its line each dot is, so that equal ones stand apart."""
    low, high = _np.min(column), _np.max(column)
    bins = _np.floor((column - low) / (high - low) * 60).astype(int) if high > low else _np.zeros(len(column), int)
    counts, ups = {}, []
    for place in bins.tolist():
        count = counts[place] = counts.get(place, -1) + 1
        ups.append((count + 1) // 2 * (1 if count % 2 else -1))
    ups = _np.array(ups, float)
    return ups / max(1.0, _np.max(_np.abs(ups)).item()) * 0.4


def _summary(values, features, names, most, plot_type, show, class_names):
    values, rows, names = _parts(values, features, names)
    if isinstance(values, list):
        values = _np.stack(values, axis=-1)
    names = _names(names, values.shape[1])
    if values.ndim == 3:
        if plot_type not in (None, "bar"):
            raise NotImplementedError("Values of several classes are drawn as bars: choose a class for dots, values[:, :, 1]")
        count = values.shape[2]
        labels = [f"Class {c}" for c in range(count)] if class_names is None else [str(name) for name in class_names]
        series = [(labels[c], _np.mean(_np.abs(values[:, :, c]), axis=0)) for c in range(count)]
        return _bars(series, names, most, show, "mean(|SHAP value|) (average impact on model output magnitude)")
    if plot_type == "bar":
        series = [(None, _np.mean(_np.abs(values), axis=0))]
        return _bars(series, names, most, show, "mean(|SHAP value|) (average impact on model output magnitude)")
    if plot_type not in (None, "dot"):
        raise NotImplementedError(f"plot_type={plot_type!r} is not supported here: there are 'dot' and 'bar'")
    return _swarm(values, rows, names, most, show)


def bar(shap_values, max_display=10, *, show=True, ax=None, **options):
    """The mean size of each feature's values, or the values of one row."""
    values, _, names = _parts(shap_values, None, None)
    names = _names(names, values.shape[-1] if values.ndim == 1 else values.shape[1])
    if values.ndim == 1:
        first, rest = _ranked(_np.abs(values), max_display)
        shown = [names[j] for j in first] + ([f"Sum of {len(rest)} other features"] if rest else [])
        axes = _axes(show, ax)
        axes.barh(shown, [values[j].item() for j in first] + ([_np.sum(values[rest]).item()] if rest else []))
        axes.set_xlabel("SHAP value")
        return _done(axes, show)
    if values.ndim == 3:
        raise ValueError("The bar plot takes the values of one class: choose one, values[:, :, 1]")
    return _bars([(None, _np.mean(_np.abs(values), axis=0))], names, max_display, show, "mean(|SHAP value|)", ax)


def beeswarm(shap_values, max_display=10, *, show=True, ax=None, **options):
    """A dot for each row and feature."""
    values, rows, names = _parts(shap_values, None, None)
    return _swarm(values, rows, _names(names, values.shape[1] if values.ndim > 1 else 1), max_display, show, ax)


def waterfall(shap_values, max_display=10, show=True):
    """What each feature adds to the prediction of one row, from the expected value on."""
    values = shap_values.values
    if values.ndim != 1:
        raise ValueError(
            "The waterfall plot can currently only plot a single explanation, but a matrix of explanations "
            f"(shape {values.shape}) was passed! Perhaps try `shap.plots.waterfall(shap_values[0])` or for multi-output models, try "
            "`shap.plots.waterfall(shap_values[0, 0])`."
        )
    base = _np.asarray(shap_values.base_values).item()
    names = _names(shap_values.feature_names, len(values))
    if shap_values.data is not None:
        names = [f"{name} = {value:g}" for name, value in zip(names, _np.asarray(shap_values.data, float).tolist())]
    first, rest = _ranked(_np.abs(values), max_display)
    axes = _axes(show)
    shown = [names[j] for j in first] + ([f"{len(rest)} other features"] if rest else [])
    axes.barh(shown, [values[j].item() for j in first] + ([_np.sum(values[rest]).item()] if rest else []))
    axes.set_xlabel("SHAP value")
    axes.set_title(f"E[f(X)] = {base:.3f}, f(x) = {base + _np.sum(values).item():.3f}")
    return _done(axes, show)


def scatter(shap_values, *, show=True, ax=None, **options):
    """The SHAP values of one feature against the feature."""
    values, rows, names = _parts(shap_values, None, None)
    if values.ndim != 1:
        raise ValueError("The passed Explanation object has multiple columns, please choose one: shap_values[:, 'name']")
    axes = _axes(show, ax)
    axes.scatter(rows, values)
    axes.set_xlabel(str(names))
    axes.set_ylabel(f"SHAP value for {names}")
    return _done(axes, show)


def _dependence(ind, values, features, names, show):
    values, rows, names = _parts(values, features, names)
    names = _names(names, values.shape[1])
    at = names.index(ind) if isinstance(ind, str) else ind
    axes = _axes(show)
    axes.scatter(rows[:, at], values[:, at])
    axes.set_xlabel(names[at])
    axes.set_ylabel(f"SHAP value for {names[at]}")
    return _done(axes, show)


def __getattr__(name):
    if name.startswith("_"):
        raise AttributeError(f"module 'shap.plots' has no attribute '{name}'")
    raise NotImplementedError(f"shap.plots.{name} is not here: there are bar, beeswarm, waterfall and scatter")

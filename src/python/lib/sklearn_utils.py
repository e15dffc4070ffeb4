"""Resampling and random states."""

import numpy as _np

import _sklearn_checks as _checks


def check_random_state(seed):
    """A stream of random numbers: the global one for `None`, one of its own for a number."""
    if seed is None or seed is _np.random:
        return _np.random._global
    if isinstance(seed, (int, _np.int64)) and not isinstance(seed, bool):
        return _np.random.RandomState(int(seed))
    if isinstance(seed, _np.random.RandomState):
        return seed
    raise ValueError(f"{seed!r} cannot be used to seed a numpy.random.RandomState instance")


def check_array(array, *, ensure_2d=True, **options):
    return _checks.matrix(array) if ensure_2d else _checks.plain(array)


def check_consistent_length(*arrays):
    _checks.same_length(*arrays)


def check_X_y(X, y, **options):
    X, y = _checks.matrix(X), _checks.column(y)
    _checks.same_length(X, y)
    return X, y


def column_or_1d(y, *, warn=False):
    return _checks.column(y)


def approximate_mode(class_counts, n_draws, rng):
    """How many of each class to draw so that the shares stay; what is left over goes to the greatest rests, ties by chance."""
    class_counts = _np.asarray(class_counts)
    continuous = class_counts / _np.sum(class_counts) * n_draws
    floored = _np.floor(continuous)
    need = int(n_draws - _np.sum(floored))
    if need > 0:
        rest = continuous - floored
        for value in _np.sort(_np.unique(rest))[::-1]:
            (places,) = _np.where(rest == value)
            count = min(len(places), need)
            for place in rng.choice(places, size=count, replace=False).tolist():
                floored[place] += 1
            need -= count
            if need == 0:
                break
    return floored.astype(int)


def resample(*arrays, replace=True, n_samples=None, random_state=None, stratify=None, sample_weight=None):
    """Rows drawn again, the same of each array: a bootstrap sample, or without replacement a part."""
    rng = check_random_state(random_state)
    if not arrays:
        return None
    rows = _checks.length(arrays[0])
    wanted = rows if n_samples is None else n_samples
    if wanted > rows and not replace:
        raise ValueError(f"Cannot sample {wanted} out of arrays with dim {rows} when replace is False")
    _checks.same_length(*arrays)
    if sample_weight is not None and not replace:
        raise NotImplementedError("Resampling with sample_weight is only implemented for replace=True.")
    if sample_weight is not None and stratify is not None:
        raise NotImplementedError("Resampling with sample_weight is only implemented for stratify=None.")
    if stratify is not None:
        classes, inverse = _np.unique(_checks.plain(stratify), return_inverse=True)
        counts = _np.bincount(inverse)
        drawn = approximate_mode(counts, wanted, rng)
        index = []
        for i in range(len(classes)):
            index.extend(rng.choice(_np.flatnonzero(inverse == i), int(drawn[i]), replace=replace).tolist())
        index = rng.permutation(index)
    elif replace:
        p = None
        if sample_weight is not None:
            p = _np.asarray(sample_weight, float)
            p = p / _np.sum(p)
        index = rng.choice(rows, size=wanted, p=p, replace=True)
    else:
        index = _np.arange(rows)
        rng.shuffle(index)
        index = index[:wanted]
    found = [_checks.take(array, index) for array in arrays]
    return found[0] if len(found) == 1 else found


def shuffle(*arrays, random_state=None, n_samples=None):
    """The rows in another order, the same for each array."""
    return resample(*arrays, replace=False, n_samples=n_samples, random_state=random_state)


class Bunch(dict):
    """A dict whose keys are attributes too."""

    def __getattr__(self, name):
        if name in self:
            return self[name]
        raise AttributeError(name)

    def __setattr__(self, name, value):
        self[name] = value

    def __dir__(self):
        return list(self)


def __getattr__(name):
    if name == "class_weight":
        import sklearn.utils.class_weight

        return sklearn.utils.class_weight
    raise AttributeError(f"module 'sklearn.utils' has no attribute '{name}'")

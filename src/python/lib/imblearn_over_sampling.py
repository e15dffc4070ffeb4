"""More rows of the rare classes."""

import numpy as _np

import _imblearn_sampling as _sampling
import _sklearn_checks as _checks

from sklearn.utils import check_random_state as _random_state


class RandomOverSampler(_sampling.Sampler):
    """Draws rows of the rare classes again."""

    _over = True

    def __init__(self, *, sampling_strategy="auto", random_state=None, shrinkage=None):
        self.sampling_strategy = sampling_strategy
        self.random_state = random_state
        self.shrinkage = shrinkage

    def _resample(self, X, array, y):
        if self.shrinkage is not None:
            raise NotImplementedError("shrinkage is not supported here")
        rng = _random_state(self.random_state)
        rows = [_np.arange(len(y))]
        for label, count in self.sampling_strategy_.items():
            rows.append(rng.choice(_np.flatnonzero(y == label), size=count, replace=True))
        rows = _np.concatenate(rows)
        self.sample_indices_ = rows
        return _checks.take(X if _checks.is_frame(X) else array, rows), y[rows]


class SMOTE(_sampling.Sampler):
    """Makes rows of the rare classes between each row and its nearest of the same class (Chawla and others, 2002)."""

    _over = True
    _numbers = True

    def __init__(self, *, sampling_strategy="auto", random_state=None, k_neighbors=5):
        self.sampling_strategy = sampling_strategy
        self.random_state = random_state
        self.k_neighbors = k_neighbors

    def _resample(self, X, array, y):
        from sklearn.base import clone
        from sklearn.neighbors import NearestNeighbors

        if isinstance(self.k_neighbors, (int, _np.int64)):
            _checks.positive("SMOTE", "k_neighbors", self.k_neighbors)
            self.nn_k_ = NearestNeighbors(n_neighbors=self.k_neighbors + 1)
        else:
            self.nn_k_ = clone(self.k_neighbors)
        parts, labels = [array], [y]
        for label, count in self.sampling_strategy_.items():
            if count == 0:
                continue
            own = array[_np.flatnonzero(y == label)]
            near = self.nn_k_.fit(own).kneighbors(own, return_distance=False)[:, 1:]
            rng = _random_state(self.random_state)
            drawn = rng.randint(0, near.size, count)
            steps = rng.uniform(size=count).reshape(-1, 1)
            rows, columns = drawn // near.shape[1], drawn % near.shape[1]
            made = own[rows] + steps * (own[near[rows, columns]] - own[rows])
            parts.append(made.astype(int) if array.dtype == int else made)
            labels.append(_np.array([label] * count, y.dtype))
        return _np.concatenate(parts), _np.concatenate(labels)

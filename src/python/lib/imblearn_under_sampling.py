"""Fewer rows of the frequent classes."""

import numpy as _np

import _imblearn_sampling as _sampling
import _sklearn_checks as _checks

from sklearn.utils import check_random_state as _random_state


class RandomUnderSampler(_sampling.Sampler):
    """Keeps rows of the frequent classes by chance."""

    _over = False
    _renumber = False

    def __init__(self, *, sampling_strategy="auto", random_state=None, replacement=False):
        self.sampling_strategy = sampling_strategy
        self.random_state = random_state
        self.replacement = replacement

    def _resample(self, X, array, y):
        rng = _random_state(self.random_state)
        rows = []
        for label in _np.unique(y).tolist():
            own = _np.flatnonzero(y == label)
            if label in self.sampling_strategy_:
                own = own[rng.choice(len(own), size=self.sampling_strategy_[label], replace=self.replacement)]
            rows.append(own)
        rows = _np.concatenate(rows)
        self.sample_indices_ = rows
        return _checks.take(X if _checks.is_frame(X) else array, rows), y[rows]

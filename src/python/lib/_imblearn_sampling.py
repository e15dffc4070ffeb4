"""What the samplers of imbalanced-learn have in common: which classes to sample, and how often."""

import numpy as np

import _sklearn_checks as checks

from sklearn.base import BaseEstimator


def _of_majority(counts):
    return max(counts, key=counts.get)


def _of_minority(counts):
    return min(counts, key=counts.get)


def _by_name(name, counts, over):
    if name == "auto":
        name = "not majority" if over else "not minority"
    chosen = {
        "minority": lambda label: label == _of_minority(counts),
        "majority": lambda label: label == _of_majority(counts),
        "not minority": lambda label: label != _of_minority(counts),
        "not majority": lambda label: label != _of_majority(counts),
        "all": lambda label: True,
    }[name]
    most, least = max(counts.values()), min(counts.values())
    return {label: most - count if over else least for label, count in counts.items() if chosen(label)}


def _by_dict(wanted, counts, over):
    unknown = set(wanted) - set(counts)
    if unknown:
        raise ValueError(f"The {unknown} target class is/are not present in the data.")
    if any(count < 0 for count in wanted.values()):
        raise ValueError(
            f"The number of samples in a class cannot be negative.'sampling_strategy' contains some negative value: {wanted}"
        )
    found = {}
    for label, count in wanted.items():
        if over and count < counts[label]:
            raise ValueError(
                "With over-sampling methods, the number of samples in a class should be greater or equal to the original number of samples. "
                f"Originally, there is {counts[label]} samples and {count} samples are asked."
            )
        if not over and count > counts[label]:
            raise ValueError(
                "With under-sampling methods, the number of samples in a class should be less or equal to the original number of samples. "
                f"Originally, there is {counts[label]} samples and {count} samples are asked."
            )
        found[label] = count - counts[label] if over else count
    return found


def _by_ratio(ratio, counts, over, kind):
    if ratio <= 0 or ratio > 1:
        raise ValueError(f"When 'sampling_strategy' is a float, it should be in the range (0, 1]. Got {ratio} instead.")
    if kind != "binary":
        raise ValueError('"sampling_strategy" can be a float only when the type of target is binary. For multi-class, use a dict.')
    if over:
        most, kept = max(counts.values()), _of_majority(counts)
        found = {label: int(most * ratio - count) for label, count in counts.items() if label != kept}
        if any(count <= 0 for count in found.values()):
            raise ValueError(
                "The specified ratio required to remove samples from the minority class while trying to generate new samples. Please increase "
                "the ratio."
            )
        return found
    least, kept = min(counts.values()), _of_minority(counts)
    found = {label: int(least / ratio) for label in counts if label != kept}
    if any(count > counts[label] for label, count in found.items()):
        raise ValueError(
            "The specified ratio required to generate new sample in the majority class while trying to remove samples. Please increase the "
            "ratio."
        )
    return found


def _choices(over):
    names = ("all", "auto", "minority", "not majority", "not minority") if over else ("all", "auto", "majority", "not majority", "not minority")
    return "{" + ", ".join(repr(name) for name in names) + "}"


def check(who, wanted, over):
    """Whether a strategy is one."""
    known = _choices(over)
    if isinstance(wanted, str) and repr(wanted) not in known or not (isinstance(wanted, (str, int, float, dict)) or callable(wanted)):
        raise checks.InvalidParameterError(
            f"The 'sampling_strategy' parameter of {who} must be a float in the range (0.0, 1.0], a str among {known}, an instance of "
            f"'collections.abc.Mapping' or a callable. Got {wanted!r} instead."
        )


def strategy(wanted, y, over):
    """How many rows to make (or, under-sampling, to keep) of which class, by class."""
    labels, counted = np.unique(y, return_counts=True)
    if len(labels) <= 1:
        raise ValueError(f"The target 'y' needs to have more than 1 class. Got {len(labels)} class instead")
    counts = dict(zip(labels.tolist(), counted.tolist()))
    if isinstance(wanted, str):
        found = _by_name(wanted, counts, over)
    elif isinstance(wanted, dict):
        found = _by_dict(wanted, counts, over)
    elif isinstance(wanted, (int, float)):
        found = _by_ratio(wanted, counts, over, checks.kind_of_target(y))
    else:
        found = _by_dict(wanted(y), counts, over)
    return dict(sorted(found.items()))


class Sampler(BaseEstimator):
    """Gives the rows of a training set with other shares of the classes."""

    _numbers = False

    def fit(self, X, y, **params):
        self.sampling_strategy_ = strategy(self.sampling_strategy, checks.column(y), self._over)
        return self

    def fit_resample(self, X, y, **params):
        """The rows and their classes, in the form in which they were given: frames stay frames with their column names."""
        check(type(self).__name__, self.sampling_strategy, self._over)
        checks.class_target(y)
        labels = checks.column(y)
        array = checks.matrix(X, type(self).__name__) if self._numbers else checks.plain(X)
        if array.ndim == 1:
            array = checks.matrix(X)
        checks.same_length(array, labels)
        names = checks.names_of(X)
        if names is not None:
            self.feature_names_in_ = names
        self.n_features_in_ = array.shape[1]
        self.sampling_strategy_ = strategy(self.sampling_strategy, labels, self._over)
        X_new, y_new = self._resample(X, array, labels)
        if checks.is_frame(X) and not checks.is_frame(X_new):
            import pandas

            kinds = {name: X[name].dtype for name in X.columns}
            X_new = pandas.DataFrame(X_new, columns=list(X.columns)).astype(kinds)
        elif checks.is_frame(X_new):
            X_new = X_new.reset_index(drop=True) if self._renumber else X_new
        if checks.is_column(y):
            import pandas

            y_new = pandas.Series(y_new, name=y.name)
            if checks.is_frame(X_new):
                y_new.index = X_new.index
        elif checks.is_frame(y):
            import pandas

            y_new = pandas.DataFrame({y.columns[0]: y_new})
        elif isinstance(y, list):
            y_new = y_new.tolist()
        return (X_new.tolist() if isinstance(X, list) else X_new), y_new

    _renumber = True

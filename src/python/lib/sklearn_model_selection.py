"""Splits into training and test rows, and scores over them."""

import warnings as _warnings

import numpy as _np

import _sklearn_checks as _checks

from _sklearn_displays import LearningCurveDisplay, ValidationCurveDisplay
from sklearn.base import BaseEstimator as _Base
from sklearn.base import clone as _clone
from sklearn.base import is_classifier as _is_classifier
from sklearn.metrics import check_scoring as _check_scoring
from sklearn.utils import approximate_mode as _approximate_mode
from sklearn.utils import check_random_state as _random_state


def _shown(name, options):
    """`KFold(n_splits=3, …)`, in lines of up to 75 characters."""
    text, filled = "", len(name)
    for i, option in enumerate(options):
        if i and filled + len(option) >= 75:
            text += ",\n" + " " * (1 + len(name) // 2)
            filled = 3 + len(name) // 2
        elif i:
            text += ", "
            filled += 2
        text += option
        filled += len(option)
    return f"{name}({text})"


def _real(value):
    return isinstance(value, (float, _np.float64)) and not isinstance(value, bool)


def _sizes(rows, test_size, train_size, default=None):
    """How many rows are for training and how many for the test."""
    if test_size is None and train_size is None:
        test_size = default
    for name, size in (("test_size", test_size), ("train_size", train_size)):
        if size is None:
            continue
        if _real(size) and not 0 < size < 1 or not _real(size) and not 0 < size < rows:
            raise ValueError(
                f"{name}={size} should be either positive and smaller than the number of samples {rows} or a float in the (0, 1) range"
            )
    if _real(test_size) and _real(train_size) and test_size + train_size > 1:
        raise ValueError(
            f"The sum of test_size and train_size = {test_size + train_size}, should be in the (0, 1) range. Reduce test_size and/or train_size."
        )
    test = int(_np.ceil(test_size * rows)) if _real(test_size) else test_size
    train = int(_np.floor(train_size * rows)) if _real(train_size) else train_size
    train = rows - test if train is None else train
    test = rows - train if test is None else test
    if train + test > rows:
        raise ValueError(
            f"The sum of train_size and test_size = {train + test}, should be smaller than the number of samples {rows}. Reduce test_size "
            "and/or train_size."
        )
    if train == 0:
        raise ValueError(
            f"With n_samples={rows}, test_size={test_size} and train_size={train_size}, the resulting train set will be empty. Adjust any of "
            "the aforementioned parameters."
        )
    return train, test


def _stratified(y, train, test, rng):
    classes, inverse = _np.unique(y, return_inverse=True)
    counts = _np.bincount(inverse)
    if _np.min(counts) < 2:
        alone = [label for label, count in zip(classes.tolist(), counts.tolist()) if count < 2]
        raise ValueError(
            f"The least populated classes in y have only 1 member, which is too few. The minimum number of groups for any class cannot be "
            f"less than 2. Classes with too few members are: {alone}"
        )
    if train < len(classes):
        raise ValueError(f"The train_size = {train} should be greater or equal to the number of classes = {len(classes)}")
    if test < len(classes):
        raise ValueError(f"The test_size = {test} should be greater or equal to the number of classes = {len(classes)}")
    into_train = _approximate_mode(counts, train, rng)
    into_test = _approximate_mode(counts - into_train, test, rng)
    trained, tested = [], []
    for i in range(len(classes)):
        rows = _np.flatnonzero(inverse == i)[rng.permutation(int(counts[i]))].tolist()
        trained.extend(rows[: into_train[i]])
        tested.extend(rows[into_train[i] : into_train[i] + into_test[i]])
    return rng.permutation(trained), rng.permutation(tested)


def train_test_split(*arrays, test_size=None, train_size=None, random_state=None, shuffle=True, stratify=None):
    """Rows for training and rows for the test, of each array; a quarter of them for the test unless said otherwise."""
    if not arrays:
        raise ValueError("At least one array required as input")
    for name, size in (("test_size", test_size), ("train_size", train_size)):
        if size is not None and not (0 < size < 1 if _real(size) else isinstance(size, (int, _np.int64)) and size >= 1):
            raise _checks.InvalidParameterError(
                f"The {name!r} parameter of train_test_split must be a float in the range (0.0, 1.0), an int in the range [1, inf) or None. "
                f"Got {size!r} instead."
            )
    _checks.same_length(*arrays)
    rows = _checks.length(arrays[0])
    train, test = _sizes(rows, test_size, train_size, 0.25)
    if not shuffle:
        if stratify is not None:
            raise ValueError("Stratified train/test split is not implemented for shuffle=False")
        trained, tested = _np.arange(train), _np.arange(train, train + test)
    else:
        rng = _random_state(random_state)
        if stratify is not None:
            _checks.same_length(arrays[0], stratify)
            trained, tested = _stratified(_checks.plain(stratify), train, test, rng)
        else:
            order = rng.permutation(rows)
            tested, trained = order[:test], order[test : test + train]
    return [_checks.take(array, part) for array in arrays for part in (trained, tested)]


class _Splitter:
    """Gives the numbers of training and test rows, fold by fold."""

    def __repr__(self):
        names = [name for name in self._shown if hasattr(self, name)]
        return _shown(type(self).__name__, [f"{name}={getattr(self, name)!r}" for name in names])

    def get_n_splits(self, X=None, y=None, groups=None):
        return self.n_splits

    def _rows(self, X):
        rows = _checks.length(X)
        if self.n_splits > rows:
            raise ValueError(f"Cannot have number of splits n_splits={self.n_splits} greater than the number of samples: n_samples={rows}.")
        return rows


class _Folds(_Splitter):
    _shown = ("n_splits", "random_state", "shuffle")

    def __init__(self, n_splits=5, *, shuffle=False, random_state=None):
        if not isinstance(n_splits, (int, _np.int64)) or isinstance(n_splits, bool):
            raise ValueError(f"The number of folds must be of Integral type. {n_splits} of type {type(n_splits)} was passed.")
        if n_splits <= 1:
            raise ValueError(
                f"k-fold cross-validation requires at least one train/test split by setting n_splits=2 or more, got n_splits={n_splits}."
            )
        if not isinstance(shuffle, bool):
            raise TypeError(f"shuffle must be True or False; got {shuffle}")
        if not shuffle and random_state is not None:
            raise ValueError(
                "Setting a random_state has no effect since shuffle is False. You should leave random_state to its default (None), or set "
                "shuffle=True."
            )
        self.n_splits, self.shuffle, self.random_state = n_splits, shuffle, random_state

    def split(self, X, y=None, groups=None):
        rows = self._rows(X)
        for test in self._tests(rows, y, groups):
            mask = _np.zeros(rows, bool)
            mask[test] = True
            yield _np.flatnonzero(~mask), _np.flatnonzero(mask)


class KFold(_Folds):
    """Folds of the same size, in order or shuffled."""

    def _tests(self, rows, y, groups):
        index = _np.arange(rows)
        if self.shuffle:
            _random_state(self.random_state).shuffle(index)
        at = 0
        for fold in range(self.n_splits):
            size = rows // self.n_splits + (fold < rows % self.n_splits)
            yield index[at : at + size]
            at += size


class StratifiedKFold(_Folds):
    """Folds with the same shares of the classes."""

    def _tests(self, rows, y, groups):
        if y is None:
            raise TypeError("StratifiedKFold.split() missing 1 required positional argument: 'y'")
        kind = _checks.kind_of_target(y)
        if kind not in ("binary", "multiclass"):
            raise ValueError(f"Supported target types are: ('binary', 'multiclass'). Got {kind!r} instead.")
        rng = _random_state(self.random_state)
        # The classes in the order in which they first come.
        _, first, inverse = _np.unique(_checks.column(y), return_index=True, return_inverse=True)
        _, order = _np.unique(first, return_inverse=True)
        classes = order[inverse]
        counts = _np.bincount(classes)
        if _np.all(self.n_splits > counts):
            raise ValueError(f"n_splits={self.n_splits} cannot be greater than the number of members in each class.")
        if self.n_splits > _np.min(counts):
            _warnings.warn(
                f"The least populated class in y has only {_np.min(counts)} members, which is less than n_splits={self.n_splits}.", UserWarning
            )
        ordered = _np.sort(classes)
        shares = [_np.bincount(ordered[fold :: self.n_splits], minlength=len(counts)).tolist() for fold in range(self.n_splits)]
        folds = _np.zeros(rows, int)
        for label in range(len(counts)):
            places = _np.repeat(_np.arange(self.n_splits), [share[label] for share in shares])
            if self.shuffle:
                rng.shuffle(places)
            folds[classes == label] = places
        for fold in range(self.n_splits):
            yield _np.flatnonzero(folds == fold)


class GroupKFold(_Folds):
    """Folds that keep each group together, of sizes as even as can be."""

    def _tests(self, rows, y, groups):
        if groups is None:
            raise ValueError("The 'groups' parameter should not be None.")
        if self.shuffle:
            raise NotImplementedError("GroupKFold with shuffle=True is not supported here")
        known, inverse = _np.unique(_checks.column(groups, "groups"), return_inverse=True)
        if self.n_splits > len(known):
            raise ValueError(f"Cannot have number of splits n_splits={self.n_splits} greater than the number of groups: {len(known)}.")
        counts = _np.bincount(inverse)
        sizes, fold_of = [0] * self.n_splits, _np.zeros(len(known), int)
        # The greatest groups first, each into the lightest fold.
        for group in _np.argsort(counts)[::-1].tolist():
            lightest = sizes.index(min(sizes))
            sizes[lightest] += counts[group].item()
            fold_of[group] = lightest
        folds = fold_of[inverse]
        for fold in range(self.n_splits):
            yield _np.flatnonzero(folds == fold)


class ShuffleSplit(_Splitter):
    """Random rows for the test, again and again."""

    _shown = ("n_splits", "random_state", "test_size", "train_size")

    def __init__(self, n_splits=10, *, test_size=None, train_size=None, random_state=None):
        self.n_splits, self.test_size, self.train_size, self.random_state = n_splits, test_size, train_size, random_state

    def split(self, X, y=None, groups=None):
        rows = _checks.length(X)
        train, test = _sizes(rows, self.test_size, self.train_size, 0.1)
        rng = _random_state(self.random_state)
        for _ in range(self.n_splits):
            yield self._once(rows, train, test, y, rng)

    def _once(self, rows, train, test, y, rng):
        order = rng.permutation(rows)
        return order[test : test + train], order[:test]


class StratifiedShuffleSplit(ShuffleSplit):
    """Random rows for the test, with the same shares of the classes."""

    def _once(self, rows, train, test, y, rng):
        return _stratified(_checks.column(y), train, test, rng)


class TimeSeriesSplit(_Splitter):
    """Each test after its training rows."""

    _shown = ("gap", "max_train_size", "n_splits", "test_size")

    def __init__(self, n_splits=5, *, max_train_size=None, test_size=None, gap=0):
        self.n_splits, self.max_train_size, self.test_size, self.gap = n_splits, max_train_size, test_size, gap

    def split(self, X, y=None, groups=None):
        rows, folds = _checks.length(X), self.n_splits + 1
        size = rows // folds if self.test_size is None else self.test_size
        if folds > rows:
            raise ValueError(f"Cannot have number of folds={folds} greater than the number of samples={rows}.")
        if rows - self.gap - size * self.n_splits <= 0:
            raise ValueError(f"Too many splits={self.n_splits} for number of samples={rows} with test_size={size} and gap={self.gap}.")
        for start in range(rows - self.n_splits * size, rows, size):
            end = start - self.gap
            begin = 0 if self.max_train_size is None else max(0, end - self.max_train_size)
            yield _np.arange(begin, end), _np.arange(start, start + size)


class LeaveOneOut(_Splitter):
    """Each row alone as the test."""

    _shown = ()

    def get_n_splits(self, X, y=None, groups=None):
        return _checks.length(X)

    def split(self, X, y=None, groups=None):
        rows = _checks.length(X)
        if rows <= 1:
            raise ValueError(f"Cannot perform LeaveOneOut with n_samples={rows}.")
        for row in range(rows):
            yield _np.delete(_np.arange(rows), row), _np.array([row])


class _Given(_Splitter):
    _shown = ()

    def __init__(self, splits):
        self._splits = [(train, test) for train, test in splits]
        self.n_splits = len(self._splits)

    def split(self, X=None, y=None, groups=None):
        return iter(self._splits)


def check_cv(cv=5, y=None, *, classifier=False):
    """The splitter that `cv` means: so many folds (stratified for a classifier), a splitter, or the splits themselves."""
    cv = 5 if cv is None else cv
    if isinstance(cv, (int, _np.int64)):
        stratified = classifier and y is not None and _checks.kind_of_target(y) in ("binary", "multiclass")
        return StratifiedKFold(cv) if stratified else KFold(cv)
    if not hasattr(cv, "split") or isinstance(cv, str):
        if not hasattr(cv, "__iter__") or isinstance(cv, str):
            raise ValueError(f"Expected `cv` as an integer, a cross-validation object (from sklearn.model_selection), or an iterable. Got {cv}.")
        return _Given(cv)
    return cv


def _known(who, scoring):
    from sklearn.metrics import get_scorer_names

    if isinstance(scoring, str) and scoring not in get_scorer_names():
        names = ", ".join(repr(name) for name in get_scorer_names())
        raise _checks.InvalidParameterError(
            f"The 'scoring' parameter of {who} must be a str among {{{names}}}, a callable or None. Got {scoring!r} instead."
        )


class _Trials:
    """Fits and scores; what fails counts `error_score`, as long as something fits."""

    def __init__(self, estimator, X, y, error_score):
        if error_score != "raise" and not isinstance(error_score, (int, float, _np.float64)):
            raise ValueError(
                "error_score must be the string 'raise' or a numeric value. (Hint: if using 'raise', please make sure that it has been spelled "
                "correctly.)"
            )
        self.estimator, self.X, self.y, self.error_score = estimator, X, y, error_score
        self.fits, self.failures = 0, []

    def fitted(self, rows, params=None):
        self.fits += 1
        made = _clone(self.estimator)
        if params:
            made.set_params(**params)
        try:
            X = _checks.take(self.X, rows)
            return made.fit(X) if self.y is None else made.fit(X, _checks.take(self.y, rows))
        except Exception as error:
            if self.error_score == "raise":
                raise
            self.failures.append(error)
            return None

    def score(self, made, scorer, rows):
        if made is None:
            return float(self.error_score)
        try:
            return _score(made, scorer, self.X, self.y, rows)
        except Exception as error:
            if self.error_score == "raise":
                raise
            _warnings.warn(
                f"Scoring failed. The score on this train-test partition for these parameters will be set to {self.error_score}. Details: \n"
                f"{type(error).__name__}: {error}",
                UserWarning,
            )
            return float(self.error_score)

    def done(self):
        if self.failures and len(self.failures) == self.fits:
            first = self.failures[0]
            raise ValueError(
                f"\nAll the {self.fits} fits failed.\nIt is very likely that your model is misconfigured.\nYou can try to debug the error by "
                f"setting error_score='raise'.\n\nThe first of them: {type(first).__name__}: {first}"
            )
        if self.failures:
            _warnings.warn(
                f"\n{len(self.failures)} fits failed out of a total of {self.fits}.\nThe score on these train-test partitions for these "
                f"parameters will be set to {self.error_score}.",
                UserWarning,
            )


def _score(estimator, scorer, X, y, rows):
    X = _checks.take(X, rows)
    score = scorer(estimator, X) if y is None else scorer(estimator, X, _checks.take(y, rows))
    if not isinstance(score, (int, float, _np.float64, _np.int64)):
        raise ValueError(f"scoring must return a number, got {score} ({type(score)}) instead. (scorer={scorer})")
    return float(score)


def _indexable(X, y, groups=None):
    X = X if hasattr(X, "shape") else _np.asarray(X)
    _checks.same_length(X, y, groups)
    return X, (y if y is None or hasattr(y, "shape") else _np.asarray(y))


def cross_validate(
    estimator, X, y=None, *, groups=None, scoring=None, cv=None, n_jobs=None, verbose=0, params=None, pre_dispatch="2*n_jobs",
    return_train_score=False, return_estimator=False, return_indices=False, error_score=float("nan"),
):  # fmt: skip
    """Fits on the training rows of each fold, and scores on its test rows; one metric, or several by name."""
    from time import perf_counter

    X, y = _indexable(X, y, groups)
    splits = list(check_cv(cv, y, classifier=_is_classifier(estimator)).split(X, y, groups))
    if scoring is None or isinstance(scoring, str) or callable(scoring):
        scorers = {"score": _check_scoring(estimator, scoring)}
    elif isinstance(scoring, dict):
        scorers = {name: _check_scoring(estimator, one) for name, one in scoring.items()}
    else:
        scorers = {name: _check_scoring(estimator, name) for name in scoring}
    found = {"fit_time": [], "score_time": []}
    estimators, trials = [], _Trials(estimator, X, y, error_score)
    for train, test in splits:
        start = perf_counter()
        made = trials.fitted(train)
        middle = perf_counter()
        for name, scorer in scorers.items():
            found.setdefault("test_" + name, []).append(trials.score(made, scorer, test))
        found["fit_time"].append(middle - start)
        found["score_time"].append(perf_counter() - middle)
        if return_train_score:
            for name, scorer in scorers.items():
                found.setdefault("train_" + name, []).append(trials.score(made, scorer, train))
        estimators.append(made)
    trials.done()
    found = {name: _np.array(values) for name, values in found.items()}
    if return_estimator:
        found["estimator"] = estimators
    if return_indices:
        found["indices"] = {"train": tuple(train for train, _ in splits), "test": tuple(test for _, test in splits)}
    return found


def cross_val_score(
    estimator, X, y=None, *, groups=None, scoring=None, cv=None, n_jobs=None, verbose=0, params=None, pre_dispatch="2*n_jobs",
    error_score=float("nan"),
):  # fmt: skip
    """The score of each fold."""
    _known("cross_val_score", scoring)
    return cross_validate(estimator, X, y, groups=groups, scoring={"score": _check_scoring(estimator, scoring)}, cv=cv, error_score=error_score)["test_score"]


def cross_val_predict(
    estimator, X, y=None, *, groups=None, cv=None, n_jobs=None, verbose=0, params=None, pre_dispatch="2*n_jobs", method="predict"
):
    """What is predicted of each row when it is in the test."""
    X, y = _indexable(X, y, groups)
    rows, parts = [], []
    for train, test in check_cv(cv, y, classifier=_is_classifier(estimator)).split(X, y, groups):
        made = _Trials(estimator, X, y, "raise").fitted(train)
        rows.append(test)
        parts.append(getattr(made, method)(_checks.take(X, test)))
    rows = _np.concatenate(rows)
    if not _np.array_equal(_np.sort(rows), _np.arange(_checks.length(X))):
        raise ValueError("cross_val_predict only works for partitions")
    return _np.concatenate(parts)[_np.argsort(rows)]


def learning_curve(
    estimator, X, y, *, groups=None, train_sizes=None, cv=None, scoring=None, exploit_incremental_learning=False, n_jobs=None,
    pre_dispatch="all", verbose=0, shuffle=False, random_state=None, error_score=float("nan"), return_times=False, params=None,
):  # fmt: skip
    """How scores on training and test rows change with the number of training rows: sizes, and scores by size and fold."""
    _known("learning_curve", scoring)
    if exploit_incremental_learning:
        raise NotImplementedError("exploit_incremental_learning is not supported here")
    from time import perf_counter

    X, y = _indexable(X, y, groups)
    splits = list(check_cv(cv, y, classifier=_is_classifier(estimator)).split(X, y, groups))
    scorer = _check_scoring(estimator, scoring)
    most = len(splits[0][0])
    wanted = _np.linspace(0.1, 1.0, 5) if train_sizes is None else _np.asarray(train_sizes)
    low, high = _np.min(wanted), _np.max(wanted)
    if wanted.dtype == float:
        if low <= 0.0 or high > 1.0:
            raise ValueError(
                f"train_sizes has been interpreted as fractions of the maximum number of training samples and must be within (0, 1], but is "
                f"within [{low:f}, {high:f}]."
            )
        sizes = _np.clip((wanted * most).astype(int), 1, most)
    else:
        sizes = wanted
        if low <= 0 or high > most:
            raise ValueError(
                "train_sizes has been interpreted as absolute numbers of training samples and must be within "
                f"(0, {most}], but is within [{low}, {high}]."
            )
    sizes = _np.unique(sizes)
    if len(sizes) < len(wanted):
        _warnings.warn(
            f"Removed duplicate entries from 'train_sizes'. Number of ticks will be less than the size of 'train_sizes': {len(sizes)} instead "
            f"of {len(wanted)}.",
            RuntimeWarning,
        )
    if shuffle:
        rng = _random_state(random_state)
        splits = [(rng.permutation(train), test) for train, test in splits]
    tables = [[[] for _ in range(4)] for _ in sizes.tolist()]
    trials = _Trials(estimator, X, y, error_score)
    for train, test in splits:
        for size, table in zip(sizes.tolist(), tables):
            start = perf_counter()
            made = trials.fitted(train[:size])
            middle = perf_counter()
            table[0].append(trials.score(made, scorer, train[:size]))
            table[1].append(trials.score(made, scorer, test))
            table[2].append(middle - start)
            table[3].append(perf_counter() - middle)
    trials.done()
    columns = [_np.array([table[i] for table in tables]) for i in range(4)]
    return (sizes, *columns) if return_times else (sizes, columns[0], columns[1])


def validation_curve(
    estimator, X, y, *, param_name, param_range, groups=None, cv=None, scoring=None, n_jobs=None, pre_dispatch="all", verbose=0,
    error_score=float("nan"), params=None,
):  # fmt: skip
    """Scores on training and test rows for each value of a parameter, by value and fold."""
    _known("validation_curve", scoring)
    X, y = _indexable(X, y, groups)
    scorer = _check_scoring(estimator, scoring)
    splits = list(check_cv(cv, y, classifier=_is_classifier(estimator)).split(X, y, groups))
    trained, tested, trials = [], [], _Trials(estimator, X, y, error_score)
    for value in param_range:
        made = [(trials.fitted(train, {param_name: value}), train, test) for train, test in splits]
        trained.append([trials.score(one, scorer, train) for one, train, _ in made])
        tested.append([trials.score(one, scorer, test) for one, _, test in made])
    trials.done()
    return _np.array(trained), _np.array(tested)


class ParameterGrid:
    """All combinations of the values of parameters."""

    def __init__(self, param_grid):
        self.param_grid = [param_grid] if isinstance(param_grid, dict) else list(param_grid)

    def __iter__(self):
        from itertools import product

        for grid in self.param_grid:
            names = sorted(grid)
            for values in product(*(grid[name] for name in names)):
                yield dict(zip(names, values))

    def __len__(self):
        return len(list(iter(self)))

    def __getitem__(self, at):
        return list(self)[at]


class GridSearchCV(_Base):
    """Tries all combinations of parameters by cross-validation, and fits the best on all rows."""

    def __init__(
        self, estimator, param_grid, *, scoring=None, n_jobs=None, refit=True, cv=None, verbose=0, pre_dispatch="2*n_jobs",
        error_score=float("nan"), return_train_score=False,
    ):  # fmt: skip
        self.estimator = estimator
        self.param_grid = param_grid
        self.scoring = scoring
        self.n_jobs = n_jobs
        self.refit = refit
        self.cv = cv
        self.verbose = verbose
        self.pre_dispatch = pre_dispatch
        self.error_score = error_score
        self.return_train_score = return_train_score

    @property
    def _estimator_type(self):
        return getattr(self.estimator, "_estimator_type", None)

    def fit(self, X, y=None, **fit_params):
        X, y = _indexable(X, y)
        self.scorer_ = _check_scoring(self.estimator, self.scoring)
        splits = list(check_cv(self.cv, y, classifier=_is_classifier(self.estimator)).split(X, y))
        self.n_splits_ = len(splits)
        points = list(ParameterGrid(self.param_grid))
        tested, trained, trials = [], [], _Trials(self.estimator, X, y, self.error_score)
        for params in points:
            made = [(trials.fitted(train, params), train, test) for train, test in splits]
            tested.append([trials.score(one, self.scorer_, test) for one, _, test in made])
            trained.append([trials.score(one, self.scorer_, train) for one, train, _ in made] if self.return_train_score else [])
        trials.done()
        told = {"params": points}
        for name in sorted({name for params in points for name in params}):
            told["param_" + name] = _np.array([params.get(name) for params in points], object)
        for label, table in (("test", tested), ("train", trained)):
            if label == "train" and not self.return_train_score:
                continue
            table = _np.array(table)
            for fold in range(len(splits)):
                told[f"split{fold}_{label}_score"] = table[:, fold]
            told[f"mean_{label}_score"], told[f"std_{label}_score"] = _np.mean(table, 1), _np.std(table, 1)
        means = told["mean_test_score"]
        told["rank_test_score"] = _np.array([int(_np.sum(means > mean)) + 1 for mean in means])
        self.cv_results_ = told
        self.best_index_ = int(_np.argmax(means))
        self.best_score_ = means[self.best_index_]
        self.best_params_ = points[self.best_index_]
        if self.refit:
            self.best_estimator_ = _clone(self.estimator).set_params(**self.best_params_)
            self.best_estimator_.fit(X) if y is None else self.best_estimator_.fit(X, y)
        return self

    def predict(self, X):
        _checks.fitted(self, "best_estimator_")
        return self.best_estimator_.predict(X)

    def predict_proba(self, X):
        _checks.fitted(self, "best_estimator_")
        return self.best_estimator_.predict_proba(X)

    @property
    def classes_(self):
        return self.best_estimator_.classes_

    def score(self, X, y=None):
        _checks.fitted(self, "best_estimator_")
        return self.scorer_(self.best_estimator_, X, y)

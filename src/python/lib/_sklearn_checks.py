"""What all parts of scikit-learn check, with scikit-learn's own words."""

import numpy as np

_NAN_ADVICE = (
    " does not accept missing values encoded as NaN natively. For supervised learning, you might want to consider "
    "sklearn.ensemble.HistGradientBoostingClassifier and Regressor which accept missing values encoded as NaNs natively. Alternatively, it "
    "is possible to preprocess the data, for instance by using an imputer transformer in a pipeline or drop samples with missing values. See "
    "https://scikit-learn.org/stable/modules/impute.html You can find a list of all estimators that handle NaN values at the following page: "
    "https://scikit-learn.org/stable/modules/impute.html#estimators-that-handle-nan-values"
)


class InvalidParameterError(ValueError, TypeError):
    """A parameter has a value that it can't have."""

    __module__ = "sklearn.utils._param_validation"


def module(name):
    if name == "sklearn.base":
        import sklearn.base as found
    elif name == "sklearn.calibration":
        import sklearn.calibration as found
    elif name == "sklearn.ensemble":
        import sklearn.ensemble as found
    elif name == "sklearn.exceptions":
        import sklearn.exceptions as found
    elif name == "sklearn.inspection":
        import sklearn.inspection as found
    elif name == "sklearn.metrics":
        import sklearn.metrics as found
    elif name == "sklearn.model_selection":
        import sklearn.model_selection as found
    elif name == "sklearn.neighbors":
        import sklearn.neighbors as found
    else:
        import sklearn.utils as found
    return found


def is_frame(X):
    return hasattr(X, "iloc") and getattr(X, "ndim", 0) == 2


def is_column(y):
    return hasattr(y, "iloc") and getattr(y, "ndim", 0) == 1


def names_of(X):
    """The names of the columns of a frame when all are texts, else `None`."""
    if is_frame(X):
        names = [name for name in X.columns]
        if names and all(isinstance(name, str) for name in names):
            return np.array(names, object)
    return None


def length(x):
    if hasattr(x, "shape"):
        if len(x.shape) == 0:
            raise TypeError(f"Input should have at least 1 dimension i.e. satisfy `len(x.shape) > 0`, got scalar `{x!r}` instead.")
        return x.shape[0]
    if not hasattr(x, "__len__"):
        raise TypeError(f"Expected sequence or array-like, got {type(x)}")
    return len(x)


def same_length(*arrays):
    lengths = [length(x) for x in arrays if x is not None]
    if len(set(lengths)) > 1:
        raise ValueError(f"Found input variables with inconsistent numbers of samples: {lengths}")


def finite(array, name, who=""):
    if array.dtype == float and not np.all(np.isfinite(array)):
        nan = bool(np.any(np.isnan(array)))
        what = "NaN" if nan else "infinity or a value too large for dtype('float64')"
        raise ValueError(f"Input {name}{' ' if name else ''}contains {what}." + (f"\n{who}{_NAN_ADVICE}" if nan and who and name == "X" else ""))


def plain(X):
    """An array of what a frame, a column, a list of rows or an array holds."""
    return X.to_numpy() if hasattr(X, "to_numpy") else np.asarray(X)


def matrix(X, who="", least=1, name="X"):
    """Rows of finite numbers."""
    array = plain(X)
    if array.ndim == 0:
        shown = f"Expected 2D array, got scalar array instead:\narray={array}.\n"
    elif array.ndim == 1:
        shown = f"Expected 2D array, got 1D array instead:\narray={np.asarray(array, float) if array.dtype != object else array}.\n"
    else:
        shown = None
    if shown:
        raise ValueError(
            shown + "Reshape your data either using array.reshape(-1, 1) if your data has a single feature or array.reshape(1, -1) "
            "if it contains a single sample."
        )
    if array.dtype == object:
        array = np.array(array.tolist(), float).reshape(array.shape)
    needed = f" required by {who}." if who else " required."
    if array.shape[0] < least:
        raise ValueError(f"Found array with {array.shape[0]} sample(s) (shape={array.shape}) while a minimum of {least} is{needed}")
    if array.shape[1] < 1:
        raise ValueError(f"Found array with {array.shape[1]} feature(s) (shape={array.shape}) while a minimum of 1 is{needed}")
    finite(array, name, who)
    return array


def same_width(estimator, X):
    if X.shape[1] != estimator.n_features_in_:
        raise ValueError(
            f"X has {X.shape[1]} features, but {type(estimator).__name__} is expecting {estimator.n_features_in_} features as input."
        )


def column(y, name="y"):
    """One number, truth or text for each row."""
    array = plain(y)
    if array.ndim == 2 and array.shape[1] == 1:
        return array.ravel()
    if array.ndim != 1:
        raise ValueError(f"{name} should be a 1d array, got an array of shape {array.shape} instead.")
    return array


def fitted(estimator, attribute):
    if not hasattr(estimator, attribute):
        from sklearn.exceptions import NotFittedError

        raise NotFittedError(
            f"This {type(estimator).__name__} instance is not fitted yet. Call 'fit' with appropriate arguments before using this estimator."
        )


def one_of(who, name, value, options):
    if value not in options:
        shown = "{" + ", ".join(repr(option) for option in sorted(option for option in options if isinstance(option, str))) + "}"
        rest = " or None" if None in options else ""
        raise InvalidParameterError(f"The {name!r} parameter of {who} must be a str among {shown}{rest}. Got {value!r} instead.")


def positive(who, name, value, none=False):
    whole = isinstance(value, (int, np.int64)) and not isinstance(value, bool)
    if not (whole and value >= 1 or none and value is None):
        rest = " or None" if none else ""
        raise InvalidParameterError(f"The {name!r} parameter of {who} must be an int in the range [1, inf){rest}. Got {value!r} instead.")


def take(X, index):
    """Rows by their numbers: of frames, columns, arrays and lists."""
    if hasattr(X, "iloc"):
        return X.iloc[index]
    if isinstance(X, np.ndarray):
        return X[index]
    return [X[i] for i in (range(len(X))[index] if isinstance(index, slice) else np.asarray(index).tolist())]


def kind_of_target(y):
    """`binary`, `multiclass` or `continuous`."""
    y = plain(y)
    if y.ndim == 2 and y.shape[1] > 1:
        return "multilabel-indicator" if set(np.unique(y).tolist()) <= {0, 1} else "multiclass-multioutput"
    if y.dtype == float and np.any(y != np.floor(y)):
        finite(y, "")
        return "continuous"
    return "multiclass" if len(np.unique(y)) > 2 else "binary"


def class_target(y):
    kind = kind_of_target(y)
    if kind not in ("binary", "multiclass", "multilabel-indicator"):
        raise ValueError(
            f"Unknown label type: {kind}. Maybe you are trying to fit a classifier, which expects discrete classes on a regression target "
            "with continuous values."
        )
    return kind

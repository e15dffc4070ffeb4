"""Linear algebra of small matrices."""

import numpy as _np

import _numpy


class LinAlgError(ValueError):
    """Raised when a matrix is singular, or no matrix."""


def norm(x, ord=None, axis=None, keepdims=False):
    x = _np.asarray(x, float)
    if axis is None and (ord is None or ord == "fro" or (ord == 2 and x.ndim == 1)):
        flat = x.ravel()
        return _np.sqrt(_np.dot(flat, flat))
    if x.ndim == 2 and axis is None:
        if ord == 1:
            return _np.max(_np.sum(_np.abs(x), 0))
        if ord == _np.inf:
            return _np.max(_np.sum(_np.abs(x), 1))
        raise NotImplementedError(f"norm() of a matrix with ord={ord!r} is not supported")
    if ord is None or ord == 2:
        return _np.sqrt(_np.sum(x * x, axis, keepdims=keepdims))
    if ord == 1:
        return _np.sum(_np.abs(x), axis, keepdims=keepdims)
    if ord == _np.inf:
        return _np.max(_np.abs(x), axis, keepdims=keepdims)
    if ord == -_np.inf:
        return _np.min(_np.abs(x), axis, keepdims=keepdims)
    if ord == 0:
        return _np.sum((x != 0) * 1.0, axis, keepdims=keepdims)
    return _np.sum(_np.abs(x) ** ord, axis, keepdims=keepdims) ** (1.0 / ord)


def _square(a):
    a = _np.asarray(a, float)
    if a.ndim != 2:
        raise LinAlgError(f"{a.ndim}-dimensional array given. Array must be at least two-dimensional")
    if a.shape[0] != a.shape[1]:
        raise LinAlgError("Last 2 dimensions of the array must be square")
    return a


def solve(a, b):
    found = _numpy.solve(_square(a), _np.asarray(b, float))
    if found is None:
        raise LinAlgError("Singular matrix")
    return found[0]


def inv(a):
    a = _square(a)
    return solve(a, _np.eye(a.shape[0]))


def det(a):
    a = _square(a)
    found = _numpy.solve(a, _np.zeros(a.shape[0]))
    # As NumPy: the logarithms of the pivots are added.
    return _np.float64(0.0 if found is None else found[1] * _np.exp(found[2]))


def matrix_power(a, n):
    a = _np.asarray(a)
    if n < 0:
        a, n = inv(a), -n
    made = _np.eye(a.shape[0], dtype=a.dtype)
    for _ in range(n):
        made = made @ a
    return made


def lstsq(a, b, rcond=None):
    a, b = _np.asarray(a, float), _np.asarray(b, float)
    x = solve(a.T @ a, a.T @ b)
    rest = b - a @ x
    return x, _np.atleast_1d(_np.sum(rest * rest, 0)), a.shape[1], None

"""NumPy: arrays of numbers, and what is done with them."""

import _numpy
from _numpy import (
    absolute, arccos, arcsin, arctan, bool_, cbrt, ceil, cos, cosh, deg2rad, degrees, exp, exp2, expm1, fabs, float64, floor, int64, isfinite,
    isinf, isnan, log, log1p, log2, log10, logical_not, ndarray, rad2deg, radians, rint, sign, sin, sinh, sqrt, tan, tanh, trunc,
)  # fmt: skip

__version__ = "2.4.0"
pi = 3.141592653589793
e = 2.718281828459045
inf = float("inf")
nan = float("nan")
newaxis = None
abs = absolute
fix = trunc
double = float_ = float64
int_ = intp = int64
bool = bool_
object_ = object
str_ = str
True_ = bool_(True)
False_ = bool_(False)
_builtin = {"all": all, "any": any, "float": float, "int": int, "sum": sum, "min": min, "max": max, "round": round}
_none = object()


class _Kind:
    """The kinds of dtypes, for `np.issubdtype` and `isinstance`."""


def array(object, dtype=None, *, copy=True, ndmin=0):
    made = _numpy.array(object, dtype)
    while made.ndim < ndmin:
        made = made.reshape(1, *made.shape)
    return made


def asarray(a, dtype=None):
    return _numpy.asarray(a, dtype)


asanyarray = ascontiguousarray = asarray


def zeros(shape, dtype=float):
    return _numpy.full(shape, 0, dtype)


def ones(shape, dtype=float):
    return _numpy.full(shape, 1, dtype)


def empty(shape, dtype=float):
    return _numpy.full(shape, 0, dtype)


def full(shape, fill_value, dtype=None):
    return _numpy.full(shape, fill_value, dtype)


def zeros_like(a, dtype=None):
    a = asarray(a)
    return _numpy.full(a.shape, 0, _numpy.kind(a) if dtype is None else dtype)


def ones_like(a, dtype=None):
    a = asarray(a)
    return _numpy.full(a.shape, 1, _numpy.kind(a) if dtype is None else dtype)


empty_like = zeros_like


def full_like(a, fill_value, dtype=None):
    a = asarray(a)
    return _numpy.full(a.shape, fill_value, _numpy.kind(a) if dtype is None else dtype)


def arange(start, stop=None, step=1, dtype=None):
    return _numpy.arange(0 if stop is None else start, start if stop is None else stop, step, dtype)


def linspace(start, stop, num=50, endpoint=True, retstep=False):
    made = _numpy.linspace(start, stop, num, endpoint)
    if retstep:
        return made, float64((stop - start) / (num - 1 if endpoint else num))
    return made


def logspace(start, stop, num=50, endpoint=True, base=10.0):
    return power(base, linspace(start, stop, num, endpoint))


def geomspace(start, stop, num=50):
    made = logspace(log10(start), log10(stop), num)
    made[0], made[-1] = start, stop
    return made


def eye(N, M=None, k=0, dtype=float):
    made = zeros((N, N if M is None else M), dtype)
    for i in range(N):
        if 0 <= i + k < made.shape[1]:
            made[i, i + k] = 1
    return made


def identity(n, dtype=float):
    return eye(n, dtype=dtype)


def diag(v, k=0):
    v = asarray(v)
    if v.ndim == 1:
        n = len(v) + _builtin["max"](k, -k)
        made = zeros((n, n), _numpy.kind(v))
        for i in range(len(v)):
            made[i + _builtin["max"](-k, 0), i + _builtin["max"](k, 0)] = v[i]
        return made
    rows, columns = _builtin["max"](-k, 0), _builtin["max"](k, 0)
    return array([v[i + rows, i + columns] for i in range(_builtin["min"](v.shape[0] - rows, v.shape[1] - columns))])


diagonal = diag


def trace(a):
    return sum(diag(a))


def tri(N, M=None, k=0):
    M = N if M is None else M
    return array([[1.0 if j <= i + k else 0.0 for j in range(M)] for i in range(N)])


def tril(m, k=0):
    m = asarray(m)
    return where(tri(*m.shape, k), m, 0 if _numpy.kind(m) == "int64" else 0.0)


def triu(m, k=0):
    m = asarray(m)
    return where(tri(*m.shape, k - 1), 0 if _numpy.kind(m) == "int64" else 0.0, m)


def sum(a, axis=None, dtype=None, out=None, keepdims=False):
    return asarray(a).sum(axis, keepdims=keepdims)


def prod(a, axis=None, dtype=None, out=None, keepdims=False):
    return asarray(a).prod(axis, keepdims=keepdims)


def mean(a, axis=None, dtype=None, out=None, keepdims=False):
    return asarray(a).mean(axis, keepdims=keepdims)


def std(a, axis=None, dtype=None, out=None, ddof=0, keepdims=False):
    return asarray(a).std(axis, ddof=ddof, keepdims=keepdims)


def var(a, axis=None, dtype=None, out=None, ddof=0, keepdims=False):
    return asarray(a).var(axis, ddof=ddof, keepdims=keepdims)


def max(a, axis=None, out=None, keepdims=False):
    return asarray(a).max(axis, keepdims=keepdims)


def min(a, axis=None, out=None, keepdims=False):
    return asarray(a).min(axis, keepdims=keepdims)


amax, amin = max, min


def ptp(a, axis=None):
    return max(a, axis) - min(a, axis)


def any(a, axis=None, out=None, keepdims=False):
    return asarray(a).any(axis, keepdims=keepdims)


def all(a, axis=None, out=None, keepdims=False):
    return asarray(a).all(axis, keepdims=keepdims)


def argmax(a, axis=None):
    return asarray(a).argmax(axis)


def argmin(a, axis=None):
    return asarray(a).argmin(axis)


def cumsum(a, axis=None):
    return asarray(a).cumsum(axis)


def cumprod(a, axis=None):
    return asarray(a).cumprod(axis)


def _known(a):
    a = asarray(a, float)
    return a[~isnan(a)]


def nansum(a, axis=None):
    a = asarray(a, float)
    return sum(where(isnan(a), 0.0, a), axis)


def nanmean(a):
    return mean(_known(a))


def nanstd(a, ddof=0):
    return std(_known(a), ddof=ddof)


def nanvar(a, ddof=0):
    return var(_known(a), ddof=ddof)


def nanmax(a):
    return max(_known(a))


def nanmin(a):
    return min(_known(a))


def nanmedian(a):
    return median(_known(a))


def average(a, axis=None, weights=None):
    a = asarray(a)
    if weights is None:
        return mean(a, axis)
    weights = asarray(weights)
    total = sum(weights) if axis is None else sum(weights, axis if weights.ndim > 1 else 0)
    if total == 0:
        raise ZeroDivisionError("Weights sum to zero, can't be normalized")
    return sum(multiply(a, weights), axis) / total


def median(a, axis=None):
    return percentile(a, 50, axis)


def percentile(a, q, axis=None):
    return quantile(a, asarray(q) / 100.0, axis)


def quantile(a, q, axis=None):
    a = asarray(a, float)
    q = asarray(q, float)
    if any((q < 0) | (q > 1)):
        raise ValueError("Quantiles must be in the range [0, 1]")
    if axis is not None and a.ndim > 1:
        lanes = a.T if axis == 0 else a
        return array([quantile(lane, q) for lane in lanes])
    if a.size == 0:
        return float64(nan)
    ordered = _numpy.sort(a.ravel(), 0)
    if isnan(ordered[-1]):
        return float64(nan)
    found = []
    for one in q.ravel().tolist():
        place = one * (len(ordered) - 1)
        low = _builtin["int"](place)
        high = _builtin["min"](low + 1, len(ordered) - 1)
        part, below, above = place - low, ordered[low].item(), ordered[high].item()
        step = above - below
        found.append(above - step * (1 - part) if part >= 0.5 else below + step * part)
    return float64(found[0]) if q.ndim == 0 else array(found).reshape(q.shape)


def cov(m, y=None, rowvar=True, ddof=1):
    m = atleast_2d(asarray(m, float))
    if y is not None:
        m = vstack([m, atleast_2d(asarray(y, float))])
    if not rowvar:
        m = m.T
    m = m - mean(m, 1, keepdims=True)
    made = dot(m, m.T) / (m.shape[1] - ddof)
    return made if made.size > 1 else made.reshape(()).copy()


def corrcoef(x, y=None):
    c = cov(x, y)
    d = sqrt(diag(c))
    return c / d[:, None] / d[None, :]


def histogram(a, bins=10, range=None):
    a = asarray(a).ravel()
    if isinstance(bins, int):
        low, high = (min(a).item(), max(a).item()) if range is None else range
        if low == high:
            low, high = low - 0.5, high + 0.5
        edges = linspace(low, high, bins + 1)
    else:
        edges = asarray(bins)
    counts = zeros(len(edges) - 1, int)
    for x in a.tolist():
        if edges[0] <= x <= edges[-1]:
            at = searchsorted(edges, x, "right") - 1
            counts[_builtin["min"](at.item(), len(counts) - 1)] += 1
    return counts, edges


def bincount(x, weights=None, minlength=0):
    x = asarray(x)
    n = _builtin["max"](minlength, max(x).item() + 1 if x.size else 0)
    counts = zeros(n, int if weights is None else float)
    for i, place in enumerate(x.tolist()):
        counts[place] += 1 if weights is None else weights[i]
    return counts


def digitize(x, bins, right=False):
    return searchsorted(bins, x, "left" if right else "right")


def searchsorted(a, v, side="left"):
    return _numpy.searchsorted(a, v, side)


def add(x1, x2):
    return asarray(x1) + x2


def subtract(x1, x2):
    return asarray(x1) - x2


def multiply(x1, x2):
    return asarray(x1) * x2


def divide(x1, x2):
    return asarray(x1) / x2


true_divide = divide


def floor_divide(x1, x2):
    return asarray(x1) // x2


def mod(x1, x2):
    return asarray(x1) % x2


remainder = mod


def power(x1, x2):
    return asarray(x1) ** x2


def negative(x):
    return -asarray(x)


def square(x):
    return asarray(x) * x if isinstance(x, ndarray) else asarray(x) * asarray(x)


def reciprocal(x):
    return 1 / asarray(x)


def maximum(x1, x2):
    return _numpy.maximum(x1, x2)


def minimum(x1, x2):
    return _numpy.minimum(x1, x2)


def clip(a, a_min=None, a_max=None):
    return asarray(a).clip(a_min, a_max)


def round(a, decimals=0):
    return asarray(a).round(decimals)


around = round_ = round


def equal(x1, x2):
    return asarray(x1) == x2


def not_equal(x1, x2):
    return asarray(x1) != x2


def less(x1, x2):
    return asarray(x1) < x2


def less_equal(x1, x2):
    return asarray(x1) <= x2


def greater(x1, x2):
    return asarray(x1) > x2


def greater_equal(x1, x2):
    return asarray(x1) >= x2


def logical_and(x1, x2):
    return asarray(_numpy.as_bool(x1)) & asarray(_numpy.as_bool(x2))


def logical_or(x1, x2):
    return asarray(_numpy.as_bool(x1)) | asarray(_numpy.as_bool(x2))


def logical_xor(x1, x2):
    return asarray(_numpy.as_bool(x1)) ^ asarray(_numpy.as_bool(x2))


def hypot(x1, x2):
    return sqrt(square(x1) + square(x2))


def isclose(a, b, rtol=1e-05, atol=1e-08, equal_nan=False):
    a, b = asarray(a, float), asarray(b, float)
    close = (abs(a - b) <= atol + rtol * abs(b)) & isfinite(b) | (a == b)
    return close | isnan(a) & isnan(b) if equal_nan else close


def allclose(a, b, rtol=1e-05, atol=1e-08, equal_nan=False):
    return _builtin_bool(all(isclose(a, b, rtol, atol, equal_nan)))


def _builtin_bool(value):
    return True if value else False


def array_equal(a1, a2):
    a1, a2 = asarray(a1), asarray(a2)
    return a1.shape == a2.shape and _builtin_bool(all(a1 == a2))


def where(condition, x=_none, y=_none):
    if x is _none:
        return nonzero(condition)
    return _numpy.where(condition, x, y)


def nonzero(a):
    return asarray(a).nonzero()


def flatnonzero(a):
    return ravel(a).nonzero()[0]


def argwhere(a):
    return array([list(places) for places in zip(*nonzero(a))], int).reshape(-1, asarray(a).ndim)


def count_nonzero(a, axis=None):
    counted = asarray(_numpy.as_bool(a)).sum(axis)
    return counted


def unique(ar, return_index=False, return_inverse=False, return_counts=False):
    values, index, inverse, counts = _numpy.unique(asarray(ar))
    found = [values] + [index] * return_index + [inverse] * return_inverse + [counts] * return_counts
    return values if len(found) == 1 else tuple(found)


def isin(element, test_elements):
    tests = asarray(test_elements).ravel().tolist()
    element = asarray(element)
    return array([x in tests for x in element.ravel().tolist()], bool_).reshape(element.shape)


in1d = isin


def intersect1d(ar1, ar2):
    known = asarray(ar2).ravel().tolist()
    values = unique(ar1)
    return values[array([x in known for x in values.tolist()], bool_)] if values.size else values


def union1d(ar1, ar2):
    return unique(concatenate([ravel(ar1), ravel(ar2)]))


def setdiff1d(ar1, ar2):
    known = asarray(ar2).ravel().tolist()
    values = unique(ar1)
    return values[array([x not in known for x in values.tolist()], bool_)] if values.size else values


def sort(a, axis=-1):
    return _numpy.sort(a, axis)


def argsort(a, axis=-1, kind=None):
    return asarray(a).argsort(axis)


def reshape(a, shape):
    return asarray(a).reshape(shape)


def ravel(a):
    return asarray(a).ravel()


def transpose(a, axes=None):
    return asarray(a).transpose() if axes is None else asarray(a).transpose(axes)


def swapaxes(a, axis1, axis2):
    a = asarray(a)
    axes = list(range(a.ndim))
    axes[axis1], axes[axis2] = axes[axis2], axes[axis1]
    return a.transpose(axes)


def squeeze(a, axis=None):
    return asarray(a).squeeze(axis)


def expand_dims(a, axis):
    a = asarray(a)
    shape = list(a.shape)
    shape.insert(axis if axis >= 0 else len(shape) + axis + 1, 1)
    return a.reshape(shape)


def atleast_1d(a):
    a = asarray(a)
    return a.reshape(1) if a.ndim == 0 else a


def atleast_2d(a):
    a = atleast_1d(a)
    return a.reshape(1, -1) if a.ndim == 1 else a


def broadcast_to(array, shape):
    return _numpy.broadcast_to(array, shape)


def concatenate(arrays, axis=0):
    if axis is None:
        return _numpy.concatenate([ravel(a) for a in arrays], 0)
    return _numpy.concatenate(arrays, axis)


def append(arr, values, axis=None):
    if axis is None:
        return concatenate([ravel(arr), ravel(values)])
    return concatenate([arr, values], axis)


def insert(arr, obj, values):
    items = asarray(arr).ravel().tolist()
    items[obj:obj] = asarray(values).ravel().tolist()
    return array(items)


def delete(arr, obj, axis=None):
    arr = asarray(arr)
    if axis is None:
        arr, axis = arr.ravel(), 0
    gone = {i % arr.shape[axis] for i in asarray(obj).ravel().tolist()}
    kept = [i for i in range(arr.shape[axis]) if i not in gone]
    return take(arr, kept, axis)


def take(a, indices, axis=None):
    a = asarray(a)
    if axis is None:
        return a.ravel()[indices]
    return a[(slice(None),) * (axis % a.ndim) + (indices,)]


def stack(arrays, axis=0):
    arrays = [asarray(a) for a in arrays]
    if not arrays:
        raise ValueError("need at least one array to stack")
    if len({a.shape for a in arrays}) != 1:
        raise ValueError("all input arrays must have the same shape")
    return concatenate([expand_dims(a, axis) for a in arrays], axis)


def vstack(tup):
    return concatenate([atleast_2d(a) for a in tup], 0)


row_stack = vstack


def hstack(tup):
    arrays = [atleast_1d(a) for a in tup]
    return concatenate(arrays, 0 if arrays and arrays[0].ndim == 1 else 1)


def column_stack(tup):
    return concatenate([a.reshape(-1, 1) if a.ndim == 1 else a for a in map(asarray, tup)], 1)


class _Columns:
    def __getitem__(self, key):
        return column_stack(key if isinstance(key, tuple) else (key,))


class _Rows:
    def __getitem__(self, key):
        return hstack(key if isinstance(key, tuple) else (key,))


c_, r_ = _Columns(), _Rows()


def split(ary, indices_or_sections, axis=0):
    ary = asarray(ary)
    n = ary.shape[axis]
    if isinstance(indices_or_sections, int) and n % indices_or_sections:
        raise ValueError("array split does not result in an equal division")
    return array_split(ary, indices_or_sections, axis)


def array_split(ary, indices_or_sections, axis=0):
    ary = asarray(ary)
    n = ary.shape[axis]
    if isinstance(indices_or_sections, int):
        each, extra = divmod(n, indices_or_sections)
        cuts = [0]
        for i in range(indices_or_sections):
            cuts.append(cuts[-1] + each + (i < extra))
    else:
        cuts = [0, *indices_or_sections, n]
    front = (slice(None),) * axis
    return [ary[front + (slice(a, b),)] for a, b in zip(cuts, cuts[1:])]


def tile(A, reps):
    A = asarray(A)
    reps = (reps,) if isinstance(reps, int) else tuple(reps)
    reps = (1,) * (A.ndim - len(reps)) + reps
    A = A.reshape((1,) * (len(reps) - A.ndim) + A.shape)
    for axis, count in enumerate(reps):
        A = concatenate([A] * count, axis) if count else take(A, [], axis)
    return A


def repeat(a, repeats, axis=None):
    a = asarray(a)
    if axis is None:
        a, axis = a.ravel(), 0
    counts = [repeats] * a.shape[axis] if isinstance(repeats, int) else list(repeats)
    return take(a, [i for i, count in enumerate(counts) for _ in range(count)], axis)


def flip(m, axis=None):
    m = asarray(m)
    axes = range(m.ndim) if axis is None else (axis % m.ndim,)
    return m[tuple(slice(None, None, -1) if i in axes else slice(None) for i in range(m.ndim))]


def fliplr(m):
    return flip(m, 1)


def flipud(m):
    return flip(m, 0)


def roll(a, shift, axis=None):
    a = asarray(a)
    if axis is None:
        flat = a.ravel()
        n = len(flat)
        return flat[[(i - shift) % n for i in range(n)]].reshape(a.shape)
    n = a.shape[axis]
    return take(a, [(i - shift) % n for i in range(n)], axis)


def diff(a, n=1):
    a = asarray(a)
    for _ in range(n):
        a = a[..., 1:] - a[..., :-1]
    return a


def gradient(f):
    f = asarray(f, float)
    made = empty(f.shape)
    made[1:-1] = (f[2:] - f[:-2]) / 2.0
    made[0], made[-1] = f[1] - f[0], f[-1] - f[-2]
    return made


def trapezoid(y, x=None, dx=1.0):
    y = asarray(y)
    d = dx if x is None else diff(x)
    return sum(d * (y[1:] + y[:-1]) / 2.0)


def interp(x, xp, fp):
    xp, fp = asarray(xp, float).tolist(), asarray(fp, float).tolist()
    found = []
    for one in ravel(x).tolist():
        if one <= xp[0]:
            found.append(fp[0])
        elif one >= xp[-1]:
            found.append(fp[-1])
        else:
            at = searchsorted(xp, one, "right").item() - 1
            slope = (fp[at + 1] - fp[at]) / (xp[at + 1] - xp[at])
            found.append(slope * (one - xp[at]) + fp[at])
    return float64(found[0]) if asarray(x).ndim == 0 else array(found).reshape(asarray(x).shape)


def meshgrid(*xi):
    xi = [asarray(x) for x in xi]
    if len(xi) != 2:
        raise NotImplementedError("meshgrid() here takes two arrays")
    shape = (len(xi[1]), len(xi[0]))
    return broadcast_to(xi[0], shape), broadcast_to(xi[1].reshape(-1, 1), shape)


def polyfit(x, y, deg):
    x = asarray(x, float)
    columns = column_stack([x**power for power in range(deg, -1, -1)])
    from numpy import linalg

    return linalg.solve(columns.T @ columns, columns.T @ asarray(y, float))


def polyval(p, x):
    total = 0
    for coefficient in asarray(p):
        total = total * x + coefficient
    return total


def convolve(a, v):
    a, v = asarray(a), asarray(v)
    made = zeros(len(a) + len(v) - 1, _numpy.kind(a + v[:1]))
    for i in range(len(v)):
        made[i : i + len(a)] += a * v[i]
    return made


def dot(a, b):
    return _numpy.dot(a, b)


def vdot(a, b):
    return _numpy.dot(ravel(a), ravel(b))


inner = vdot


def matmul(x1, x2):
    return asarray(x1) @ asarray(x2)


def outer(a, b):
    return ravel(a).reshape(-1, 1) * ravel(b)


def cross(a, b):
    a, b = asarray(a), asarray(b)
    return array([a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]])


def copy(a):
    return array(a)


def shape(a):
    return asarray(a).shape


def ndim(a):
    return asarray(a).ndim


def size(a):
    return asarray(a).size


def isscalar(element):
    return isinstance(element, (int, float, str, bytes, float64, int64, bool_))


def vectorize(pyfunc):
    def mapped(*args):
        arrays = [asarray(a) for a in args]
        whole = arrays[0]
        for a in arrays[1:]:
            whole = whole + a if whole.shape != a.shape else whole
        wide = [broadcast_to(a, whole.shape).ravel() for a in arrays]
        return array([pyfunc(*items) for items in zip(*wide)]).reshape(whole.shape)

    return mapped


def apply_along_axis(func1d, axis, arr):
    arr = asarray(arr)
    return array([func1d(lane) for lane in (arr.T if axis == 0 else arr)])


def fromiter(iter, dtype=float, count=-1):
    return array(list(iter), dtype)


def nan_to_num(x, nan=0.0):
    x = asarray(x)
    x = where(isnan(x), nan, x)
    x = where(x == inf, 1.7976931348623157e308, x)
    return where(x == -inf, -1.7976931348623157e308, x)


def dtype(dtype):
    return _numpy.full(0, 0, dtype).dtype


def set_printoptions(**options):
    raise NotImplementedError("np.set_printoptions() is not supported: arrays are printed with NumPy's default options")


def array_str(a):
    return str(a)


def array_repr(arr):
    return repr(arr)


def isreal(x):
    return asarray(x) == x


class finfo:
    def __init__(self, dtype=float):
        self.eps, self.max, self.min = float64(2.220446049250313e-16), float64(1.7976931348623157e308), float64(-1.7976931348623157e308)
        self.tiny = float64(2.2250738585072014e-308)


class iinfo:
    def __init__(self, type=int):
        self.max, self.min, self.bits = 9223372036854775807, -9223372036854775808, 64


class errstate:
    def __init__(self, **options):
        pass

    def __enter__(self):
        return self

    def __exit__(self, *exception):
        pass


def seterr(**options):
    return {}


floating = (float64,)
integer = (int64,)
number = (float64, int64)
generic = (float64, int64, bool_)


def __getattr__(name):
    if name in ("float32", "float16", "int32", "int16", "int8", "uint8", "uint16", "uint32", "uint64", "complex128", "complex64", "datetime64"):
        raise NotImplementedError(f"numpy here has the dtypes float64, int64 and bool, not {name}")
    raise AttributeError(f"module 'numpy' has no attribute '{name}'")

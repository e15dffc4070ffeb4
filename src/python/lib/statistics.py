"""Statistics of small data, computed exactly and rounded once."""

import math


class StatisticsError(ValueError):
    pass


def _ratio(x):
    """x as an exact fraction; a float that is none (nan, inf) stays itself."""
    if isinstance(x, int):
        return int(x), 1
    if isinstance(x, float):
        if math.isnan(x) or math.isinf(x):
            return x, None
        return x.as_integer_ratio()
    raise TypeError(f"can't convert type '{type(x).__name__}' to numerator/denominator")


def _sum(data):
    """The exact sum as a fraction, the type of the result, the count."""
    n, d, kind, count = 0, 1, int, 0
    special = None
    for x in data:
        count += 1
        if isinstance(x, float):
            kind = float
        a, b = _ratio(x)
        if b is None:
            special = a if special is None else special + a
        else:
            n, d = n * b + a * d, d * b
            if d > 1 << 256:
                n, d = _lowest(n, d)
    if special is not None:
        return special, None, float, count
    return *_lowest(n, d), kind, count


def _lowest(n, d):
    g = math.gcd(n, d)
    return n // g, d // g


def _convert(n, d, kind):
    if d is None:
        return n
    n, d = _lowest(n, d)
    return n if kind is int and d == 1 else n / d


def mean(data):
    n, d, kind, count = _sum(data)
    if count < 1:
        raise StatisticsError("mean requires at least one data point")
    return n / count if d is None else _convert(n, d * count, kind)


def fmean(data, weights=None):
    data = list(data)
    if weights is None:
        if not data:
            raise StatisticsError("fmean requires at least one data point")
        return math.fsum(data) / len(data)
    weights = list(weights)
    if len(weights) != len(data):
        raise StatisticsError("data and weights must be the same length")
    total = math.fsum(weights)
    if not total:
        raise StatisticsError("sum of weights must be non-zero")
    return math.fsum(x * w for x, w in zip(data, weights)) / total


def geometric_mean(data):
    data = list(data)
    if not data:
        raise StatisticsError("geometric mean requires a non-empty dataset containing positive numbers")
    return math.exp(fmean([math.log(x) for x in data]))


def harmonic_mean(data, weights=None):
    data = list(data)
    if not data:
        raise StatisticsError("harmonic_mean requires at least one data point")
    if any(x < 0 for x in data):
        raise StatisticsError("harmonic mean does not support negative values")
    weights = [1] * len(data) if weights is None else list(weights)
    if any(x == 0 for x in data):
        return 0
    return sum(weights) / math.fsum(w / x for x, w in zip(data, weights))


def median(data):
    data = sorted(data)
    n = len(data)
    if not n:
        raise StatisticsError("no median for empty data")
    return data[n // 2] if n % 2 else (data[n // 2 - 1] + data[n // 2]) / 2


def median_low(data):
    data = sorted(data)
    if not data:
        raise StatisticsError("no median for empty data")
    return data[(len(data) - 1) // 2]


def median_high(data):
    data = sorted(data)
    if not data:
        raise StatisticsError("no median for empty data")
    return data[len(data) // 2]


def _counts(data):
    counts = {}
    for x in data:
        counts[x] = counts.get(x, 0) + 1
    return counts


def mode(data):
    counts = _counts(data)
    if not counts:
        raise StatisticsError("no mode for empty data")
    return max(counts, key=counts.get)


def multimode(data):
    counts = _counts(data)
    most = max(counts.values(), default=0)
    return [x for x, count in counts.items() if count == most]


def _squares(data, centre=None):
    """The exact sum of squared deviations, the type, the count."""
    data = list(data)
    n, d, kind, count = _sum(data)
    if count == 0:
        return 0, 1, kind, 0
    if centre is not None:
        n, d = _ratio(centre)
        d *= 1
    else:
        d = d * count if d is not None else None
    if d is None:
        return math.nan, None, float, count
    sn, sd = 0, 1
    for x in data:
        a, b = _ratio(x)
        dn, dd = a * d - n * b, b * d
        sn, sd = _lowest(sn * dd * dd + dn * dn * sd, sd * dd * dd)
    return sn, sd, kind, count


def variance(data, xbar=None):
    n, d, kind, count = _squares(data, xbar)
    if count < 2:
        raise StatisticsError("variance requires at least two data points")
    return n if d is None else _convert(n, d * (count - 1), kind)


def pvariance(data, mu=None):
    n, d, kind, count = _squares(data, mu)
    if count < 1:
        raise StatisticsError("pvariance requires at least one data point")
    return n if d is None else _convert(n, d * count, kind)


def _root(n, d):
    """The square root of n/d, rounded once."""
    if n == 0:
        return 0.0
    shift = max(0, 2 * 64 - (n.bit_length() - d.bit_length()))
    shift += shift % 2
    scaled = (n << shift) // d
    root = math.isqrt(scaled)
    if root * root != scaled or (n << shift) % d:
        root |= 1
    return root / (1 << (shift // 2))


def stdev(data, xbar=None):
    n, d, kind, count = _squares(data, xbar)
    if count < 2:
        raise StatisticsError("stdev requires at least two data points")
    return n if d is None else _root(n, d * (count - 1))


def pstdev(data, mu=None):
    n, d, kind, count = _squares(data, mu)
    if count < 1:
        raise StatisticsError("pstdev requires at least one data point")
    return n if d is None else _root(n, d * count)


def quantiles(data, *, n=4, method="exclusive"):
    if n < 1:
        raise StatisticsError("n must be at least 1")
    data = sorted(data)
    size = len(data)
    if size < 2:
        raise StatisticsError("must have at least two data points")
    cuts = []
    if method == "inclusive":
        for i in range(1, n):
            j, delta = divmod(i * (size - 1), n)
            cuts.append((data[j] * (n - delta) + data[j + 1] * delta) / n)
    elif method == "exclusive":
        for i in range(1, n):
            j = min(max(i * (size + 1) // n, 1), size - 1)
            delta = i * (size + 1) - j * n
            cuts.append((data[j - 1] * (n - delta) + data[j] * delta) / n)
    else:
        raise ValueError(f"Unknown method: {method!r}")
    return cuts


def _paired(x, y, name):
    x, y = list(x), list(y)
    if len(x) != len(y):
        raise StatisticsError(f"{name} requires that both inputs have same number of data points")
    if len(x) < 2:
        raise StatisticsError(f"{name} requires at least two data points")
    mx, my = math.fsum(x) / len(x), math.fsum(y) / len(y)
    return [a - mx for a in x], [b - my for b in y]


def covariance(x, y, /):
    dx, dy = _paired(x, y, "covariance")
    return math.fsum(a * b for a, b in zip(dx, dy)) / (len(dx) - 1)


def correlation(x, y, /):
    dx, dy = _paired(x, y, "correlation")
    sxx, syy = math.fsum(a * a for a in dx), math.fsum(b * b for b in dy)
    if not sxx or not syy:
        raise StatisticsError("at least one of the inputs is constant")
    return math.fsum(a * b for a, b in zip(dx, dy)) / math.sqrt(sxx * syy)


class LinearRegression:
    def __init__(self, slope, intercept):
        self.slope, self.intercept = slope, intercept

    def __iter__(self):
        return iter((self.slope, self.intercept))

    def __repr__(self):
        return f"LinearRegression(slope={self.slope!r}, intercept={self.intercept!r})"


def linear_regression(x, y, /, *, proportional=False):
    x, y = list(x), list(y)
    dx, dy = (x, y) if proportional else _paired(x, y, "linear regression")
    sxx = math.fsum(a * a for a in dx)
    if not sxx:
        raise StatisticsError("x is constant")
    slope = math.fsum(a * b for a, b in zip(dx, dy)) / sxx
    return LinearRegression(slope, 0.0 if proportional else fmean(y) - slope * fmean(x))

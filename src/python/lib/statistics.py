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
    if hasattr(x, "as_integer_ratio"):
        return (x, None) if x.is_nan() or x.is_infinite() else x.as_integer_ratio()
    raise TypeError(f"can't convert type '{type(x).__name__}' to numerator/denominator")


def _sum(data):
    """The exact sum as a fraction, the type of the result, the count."""
    n, d, kind, count = 0, 1, int, 0
    special = None
    for x in data:
        count += 1
        if not isinstance(x, int):
            found = float if isinstance(x, float) else type(x)
            if kind not in (int, found):
                raise TypeError(f"don't know how to coerce {kind.__name__} and {found.__name__}")
            kind = found
        a, b = _ratio(x)
        if b is None:
            special = a if special is None else special + a
        else:
            n, d = n * b + a * d, d * b
            if d > 1 << 256:
                n, d = _lowest(n, d)
    if special is not None:
        return special, None, kind, count
    return *_lowest(n, d), kind, count


def _lowest(n, d):
    g = math.gcd(n, d)
    return n // g, d // g


def _convert(n, d, kind):
    if d is None:
        return n
    n, d = _lowest(n, d)
    if kind not in (int, float):
        return kind(n) / kind(d)
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
    for x in data:
        if isinstance(x, (str, bytes)) or x is None:
            raise TypeError(f"must be real number, not {type(x).__name__}")
    if any(x <= 0 for x in data):
        raise StatisticsError("geometric mean requires a non-empty dataset containing positive numbers")
    return math.exp(fmean([math.log(x) for x in data]))


def harmonic_mean(data, weights=None):
    data = list(data)
    if not data:
        raise StatisticsError("harmonic_mean requires at least one data point")
    if any(x < 0 for x in data):
        raise StatisticsError("harmonic mean does not support negative values")
    if len(data) == 1 and weights is None:
        if not isinstance(data[0], (int, float)):
            raise TypeError("unsupported type")
        return data[0]
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


def median_grouped(data, interval=1.0):
    data = sorted(data)
    n = len(data)
    if not n:
        raise StatisticsError("no median for empty data")
    x = data[n // 2]
    i = data.index(x)
    j = i + data.count(x)
    try:
        interval, x = float(interval), float(x)
    except ValueError:
        raise TypeError("Value cannot be converted to a float") from None
    return x - interval / 2.0 + interval * (n / 2 - i) / (j - i)


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


def _root(n, d, kind):
    """The square root of n/d, rounded once."""
    if kind not in (int, float):
        return (kind(n) / kind(d)).sqrt()
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
    return n if d is None else _root(n, d * (count - 1), kind)


def pstdev(data, mu=None):
    n, d, kind, count = _squares(data, mu)
    if count < 1:
        raise StatisticsError("pstdev requires at least one data point")
    return n if d is None else _root(n, d * count, kind)


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


def _polynomial(r, *coefficients):
    total = 0.0
    for coefficient in coefficients:
        total = total * r + coefficient
    return total


class NormalDist:
    """A normal distribution."""

    def __init__(self, mu=0.0, sigma=1.0):
        if sigma < 0.0:
            raise StatisticsError("sigma must be non-negative")
        self._mu, self._sigma = float(mu), float(sigma)

    @classmethod
    def from_samples(cls, data):
        data = list(data)
        return cls(mean(data), stdev(data))

    mean = property(lambda self: self._mu)
    median = property(lambda self: self._mu)
    mode = property(lambda self: self._mu)
    stdev = property(lambda self: self._sigma)
    variance = property(lambda self: self._sigma * self._sigma)

    def samples(self, n, *, seed=None):
        import random

        gauss = random.gauss if seed is None else random.Random(seed).gauss
        return [gauss(self._mu, self._sigma) for _ in range(n)]

    def pdf(self, x):
        variance = self._sigma * self._sigma
        if not variance:
            raise StatisticsError("pdf() not defined when sigma is zero")
        diff = x - self._mu
        return math.exp(diff * diff / (-2.0 * variance)) / math.sqrt(math.tau * variance)

    def cdf(self, x):
        if not self._sigma:
            raise StatisticsError("cdf() not defined when sigma is zero")
        return 0.5 * (1.0 + math.erf((x - self._mu) / (self._sigma * math.sqrt(2.0))))

    def inv_cdf(self, p):
        """Wichura's algorithm AS241 of 1988."""
        if p <= 0.0 or p >= 1.0:
            raise StatisticsError("p must be in the range 0.0 < p < 1.0")
        if self._sigma <= 0.0:
            raise StatisticsError("cdf() not defined when sigma at or below zero")
        q = p - 0.5
        if math.fabs(q) <= 0.425:
            r = 0.180625 - q * q
            num = _polynomial(
                r, 2.5090809287301226727e3, 3.3430575583588128105e4, 6.7265770927008700853e4, 4.5921953931549871457e4,
                1.3731693765509461125e4, 1.9715909503065514427e3, 1.3314166789178437745e2, 3.3871328727963666080e0,
            ) * q  # fmt: skip
            den = _polynomial(
                r, 5.2264952788528545610e3, 2.8729085735721942674e4, 3.9307895800092710610e4, 2.1213794301586595867e4,
                5.3941960214247511077e3, 6.8718700749205790830e2, 4.2313330701600911252e1, 1.0,
            )  # fmt: skip
            return self._mu + num / den * self._sigma
        r = math.sqrt(-math.log(p if q <= 0.0 else 1.0 - p))
        if r <= 5.0:
            r = r - 1.6
            num = _polynomial(
                r, 7.74545014278341407640e-4, 2.27238449892691845833e-2, 2.41780725177450611770e-1, 1.27045825245236838258e0,
                3.64784832476320460504e0, 5.76949722146069140550e0, 4.63033784615654529590e0, 1.42343711074968357734e0,
            )  # fmt: skip
            den = _polynomial(
                r, 1.05075007164441684324e-9, 5.47593808499534494600e-4, 1.51986665636164571966e-2, 1.48103976427480074590e-1,
                6.89767334985100004550e-1, 1.67638483018380384940e0, 2.05319162663775882187e0, 1.0,
            )  # fmt: skip
        else:
            r = r - 5.0
            num = _polynomial(
                r, 2.01033439929228813265e-7, 2.71155556874348757815e-5, 1.24266094738807843860e-3, 2.65321895265761230930e-2,
                2.96560571828504891230e-1, 1.78482653991729133580e0, 5.46378491116411436990e0, 6.65790464350110377720e0,
            )  # fmt: skip
            den = _polynomial(
                r, 2.04426310338993978564e-15, 1.42151175831644588870e-7, 1.84631831751005468180e-5, 7.86869131145613259100e-4,
                1.48753612908506148525e-2, 1.36929880922735805310e-1, 5.99832206555887937690e-1, 1.0,
            )  # fmt: skip
        x = num / den
        return self._mu + (-x if q < 0.0 else x) * self._sigma

    def quantiles(self, n=4):
        return [self.inv_cdf(i / n) for i in range(1, n)]

    def zscore(self, x):
        if not self._sigma:
            raise StatisticsError("zscore() not defined when sigma is zero")
        return (x - self._mu) / self._sigma

    def __add__(self, other):
        if isinstance(other, NormalDist):
            return NormalDist(self._mu + other._mu, math.hypot(self._sigma, other._sigma))
        return NormalDist(self._mu + other, self._sigma)

    __radd__ = __add__

    def __sub__(self, other):
        if isinstance(other, NormalDist):
            return NormalDist(self._mu - other._mu, math.hypot(self._sigma, other._sigma))
        return NormalDist(self._mu - other, self._sigma)

    def __mul__(self, other):
        return NormalDist(self._mu * other, self._sigma * math.fabs(other))

    __rmul__ = __mul__

    def __truediv__(self, other):
        return NormalDist(self._mu / other, self._sigma / math.fabs(other))

    def __eq__(self, other):
        return isinstance(other, NormalDist) and (self._mu, self._sigma) == (other._mu, other._sigma)

    def __hash__(self):
        return hash((self._mu, self._sigma))

    def __repr__(self):
        return f"NormalDist(mu={self._mu!r}, sigma={self._sigma!r})"

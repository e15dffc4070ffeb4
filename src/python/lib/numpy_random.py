"""NumPy's random numbers: `seed`, `rand` and their kin, and `default_rng`."""

import numpy as _np

from _numpy import Bits as _Bits


def _count(size):
    if size is None:
        return 1
    return int(_np.prod(size)) if isinstance(size, (tuple, list)) else size


def _shaped(values, size):
    if size is None:
        return values[0].item()
    return values if not isinstance(size, (tuple, list)) else values.reshape(size)


def _scaled(values, size, scale, shift):
    if size is None and not isinstance(scale, _np.ndarray) and not isinstance(shift, _np.ndarray):
        return values[0].item() * scale + shift
    return _shaped(values, size) * scale + shift


class _Stream:
    def _doubles(self, size):
        return _shaped(self._bits.doubles(_count(size)), size)

    def standard_normal(self, size=None):
        return _shaped(self._bits.normals(_count(size)), size)

    def normal(self, loc=0.0, scale=1.0, size=None):
        if isinstance(scale, (int, float)) and scale < 0:
            raise ValueError("scale < 0")
        if size is None and (isinstance(loc, (list, _np.ndarray)) or isinstance(scale, (list, _np.ndarray))):
            loc, scale = _np.asarray(loc), _np.asarray(scale)
            size = (loc + scale).shape
        values = self._bits.normals(_count(size))
        if size is None:
            return loc + scale * values[0].item()
        return loc + scale * _shaped(values, size)

    def lognormal(self, mean=0.0, sigma=1.0, size=None):
        return _np.exp(self.normal(mean, sigma, size))

    def uniform(self, low=0.0, high=1.0, size=None):
        if size is None and (isinstance(low, (list, _np.ndarray)) or isinstance(high, (list, _np.ndarray))):
            low, high = _np.asarray(low), _np.asarray(high)
            size = (low + high).shape
        drawn = self._doubles(size)
        return low + (high - low) * drawn

    def _whole(self, low, high, size):
        if high is None:
            low, high = 0, low
        low, high = int(low), int(high)
        if low >= high:
            raise ValueError("low >= high")
        values = self._bits.integers(low, high - 1 - low, _count(size))
        return _shaped(values, size)

    def shuffle(self, x):
        if isinstance(x, _np.ndarray) and x.ndim > 1:
            for i in range(len(x) - 1, 0, -1):
                j = self._bits.within(i)
                x[i], x[j] = x[j].copy(), x[i].copy()
            return
        for i in range(len(x) - 1, 0, -1):
            j = self._bits.within(i)
            x[i], x[j] = x[j], x[i]

    def permutation(self, x):
        made = _np.arange(x) if isinstance(x, int) else _np.array(x)
        self.shuffle(made)
        return made

    def _weighted(self, p, size, n):
        p = _np.asarray(p, float)
        if len(p) != n:
            raise ValueError("'a' and 'p' must have same size" if self._legacy else "a and p must have same size")
        if _np.any(p < 0):
            raise ValueError("probabilities are not non-negative" if self._legacy else "Probabilities are not non-negative")
        if abs(_np.sum(p) - 1.0) > 1e-8:
            raise ValueError("probabilities do not sum to 1" if self._legacy else "Probabilities do not sum to 1.")
        steps = _np.cumsum(p)
        steps = steps / steps[-1]
        drawn = self._doubles(size)
        return _np.searchsorted(steps, drawn, "right")


def _population(a):
    if isinstance(a, (int, _np.int64)):
        if a <= 0:
            raise ValueError("a must be a positive integer unless no samples are taken")
        return int(a), None
    a = _np.asarray(a)
    if a.ndim != 1:
        raise ValueError("a must be 1-dimensional")
    return len(a), a


class RandomState(_Stream):
    """The streams of `np.random.seed`."""

    _legacy = True

    def __init__(self, seed=None):
        self.seed(seed)

    def seed(self, seed=None):
        if isinstance(seed, int) and not 0 <= seed <= 4294967295:
            raise ValueError("Seed must be between 0 and 2**32 - 1")
        self._bits = _Bits.twister(seed)

    def random_sample(self, size=None):
        return self._doubles(size)

    random = ranf = sample = random_sample

    def rand(self, *args):
        return self._doubles(args or None)

    def randn(self, *args):
        return self.standard_normal(args or None)

    def exponential(self, scale=1.0, size=None):
        drawn = -_np.log(1.0 - _np.asarray(self._doubles(size))) * scale
        return drawn.item() if size is None else drawn

    def randint(self, low, high=None, size=None, dtype=int):
        if high is None and low <= 0:
            raise ValueError("high <= 0")
        return self._whole(low, high, size)

    def choice(self, a, size=None, replace=True, p=None):
        n, a = _population(a)
        if p is not None:
            if not replace:
                raise NotImplementedError("choice() without replacement and with p is not supported")
            index = self._weighted(p, size, n)
        elif replace:
            index = self._whole(0, n, size)
        else:
            count = _count(size)
            if count > n:
                raise ValueError("Cannot take a larger sample than population when 'replace=False'")
            index = _shaped(self.permutation(n)[:count], size)
        if a is None:
            return index.item() if size is None and hasattr(index, "item") else index
        return a[index]


class Generator(_Stream):
    """The streams of `np.random.default_rng`."""

    _legacy = False

    def __init__(self, bits):
        self._bits = bits

    def __repr__(self):
        return "Generator(PCG64)"

    def random(self, size=None):
        return self._doubles(size)

    def integers(self, low, high=None, size=None, dtype=int, endpoint=False):
        if high is None:
            low, high = 0, low
        if endpoint:
            high = high + 1
        if low >= high:
            raise ValueError("high <= 0" if low == 0 and not endpoint else "low >= high" if not endpoint else "low > high")
        drawn = self._whole(low, high, size)
        return _np.int64(drawn) if size is None else drawn

    def choice(self, a, size=None, replace=True, p=None, axis=0, shuffle=True):
        n, a = _population(a)
        if p is not None:
            if not replace:
                raise NotImplementedError("choice() without replacement and with p is not supported")
            index = self._weighted(p, size, n)
        elif replace:
            index = self.integers(0, n, size)
        else:
            count = _count(size)
            if count > n:
                raise ValueError("Cannot take a larger sample than population when replace is False")
            index = _shaped(_np.array(self._different(n, count, shuffle), int), size)
        if a is None:
            return int(index) if size is None else index
        return a[index]

    def _different(self, n, count, shuffle):
        below = self._bits.below
        if n > 10000 and count > n // (50 if shuffle else 20):
            index = list(range(n))
            for i in range(n - 1, max(n - count, 1) - 1, -1):
                j = below(i)
                index[j], index[i] = index[i], index[j]
            return index[n - count :]
        # Floyd's algorithm.
        index, seen = [], set()
        for j in range(n - count, n):
            value = below(j)
            if value in seen:
                value = j
            seen.add(value)
            index.append(value)
        if shuffle:
            for i in range(count - 1, 0, -1):
                j = below(i)
                index[j], index[i] = index[i], index[j]
        return index


def default_rng(seed=None):
    if isinstance(seed, Generator):
        return seed
    if seed is not None and not isinstance(seed, (int, list, tuple, _np.int64)):
        raise TypeError("SeedSequence expects int or sequence of ints for entropy not " + repr(seed))
    return Generator(_Bits.pcg(seed))


_global = RandomState()
seed = _global.seed
random_sample = _global.random_sample
random = ranf = sample = random_sample
rand = _global.rand
randn = _global.randn
randint = _global.randint
standard_normal = _global.standard_normal
normal = _global.normal
lognormal = _global.lognormal
uniform = _global.uniform
exponential = _global.exponential
shuffle = _global.shuffle
permutation = _global.permutation
choice = _global.choice

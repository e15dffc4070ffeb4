"""Iterators made of iterators."""

_NOTHING = object()


class count:
    def __init__(self, start=0, step=1):
        self._next, self._step = start, step

    def __iter__(self):
        return self

    def __next__(self):
        value = self._next
        self._next += self._step
        return value

    def __repr__(self):
        return f"count({self._next!r})" if self._step == 1 else f"count({self._next!r}, {self._step!r})"


class repeat:
    def __init__(self, object, times=None):
        self._object, self._times = object, times if times is None else max(times, 0)

    def __iter__(self):
        return self

    def __next__(self):
        if self._times is not None:
            if self._times == 0:
                raise StopIteration
            self._times -= 1
        return self._object

    def __repr__(self):
        return f"repeat({self._object!r})" if self._times is None else f"repeat({self._object!r}, {self._times})"


def cycle(iterable):
    kept = []
    for item in iterable:
        kept.append(item)
        yield item
    while kept:
        yield from kept


class chain:
    def __init__(self, *iterables):
        self._items = _flattened(iterables)

    @classmethod
    def from_iterable(cls, iterable):
        made = cls()
        made._items = _flattened(iterable)
        return made

    def __iter__(self):
        return self

    def __next__(self):
        return next(self._items)


def _flattened(iterables):
    for iterable in iterables:
        yield from iterable


def _whole(value, message):
    if value is not None and (not isinstance(value, int) or value < 0):
        raise ValueError(message)
    return value


def islice(iterable, *limits):
    bounds = slice(*limits)
    message = "Indices for islice() must be None or an integer: 0 <= x <= sys.maxsize."
    if len(limits) == 1:
        _whole(bounds.stop, "Stop argument for islice() must be None or an integer: 0 <= x <= sys.maxsize.")
    start = _whole(bounds.start, message) or 0
    stop = _whole(bounds.stop, message)
    step = bounds.step
    if step is not None and (not isinstance(step, int) or step < 1):
        raise ValueError("Step for islice() must be a positive integer or None.")
    return _sliced(iter(iterable), start, stop, step or 1)


def _sliced(it, start, stop, step):
    at, wanted = 0, start
    while stop is None or wanted < stop:
        while at < wanted:
            if next(it, _NOTHING) is _NOTHING:
                return
            at += 1
        item = next(it, _NOTHING)
        if item is _NOTHING:
            return
        at += 1
        yield item
        wanted += step
    while stop is not None and at < stop:
        if next(it, _NOTHING) is _NOTHING:
            return
        at += 1


def accumulate(iterable, func=None, *, initial=None):
    it = iter(iterable)
    if initial is None:
        total = next(it, _NOTHING)
        if total is _NOTHING:
            return
    else:
        total = initial
    yield total
    for item in it:
        total = total + item if func is None else func(total, item)
        yield total


def takewhile(predicate, iterable):
    for item in iterable:
        if not predicate(item):
            return
        yield item


def dropwhile(predicate, iterable):
    it = iter(iterable)
    for item in it:
        if not predicate(item):
            yield item
            break
    yield from it


def filterfalse(predicate, iterable):
    for item in iterable:
        if not (item if predicate is None else predicate(item)):
            yield item


def starmap(function, iterable):
    for args in iterable:
        yield function(*iter(args))


def compress(data, selectors):
    return (item for item, chosen in zip(data, selectors) if chosen)


def pairwise(iterable):
    it = iter(iterable)
    before = next(it, _NOTHING)
    for item in it:
        yield before, item
        before = item


def zip_longest(*iterables, fillvalue=None):
    its = [iter(iterable) for iterable in iterables]
    while its:
        row = [next(it, _NOTHING) for it in its]
        if all(item is _NOTHING for item in row):
            return
        yield tuple(fillvalue if item is _NOTHING else item for item in row)


def product(*iterables, repeat=1):
    pools = [tuple(iterable) for iterable in iterables] * repeat
    return _product(pools)


def _product(pools):
    if not all(pools):
        return
    places = [0] * len(pools)
    while True:
        yield tuple(pool[i] for pool, i in zip(pools, places))
        for k in range(len(pools) - 1, -1, -1):
            places[k] += 1
            if places[k] < len(pools[k]):
                break
            places[k] = 0
        else:
            return


def permutations(iterable, r=None):
    pool = tuple(iterable)
    n = len(pool)
    r = n if r is None else r
    return _permuted(pool, list(range(n)), r, [])


def _permuted(pool, left, r, chosen):
    if len(chosen) == r:
        yield tuple(pool[i] for i in chosen)
        return
    if r > len(pool):
        return
    for k, i in enumerate(left):
        yield from _permuted(pool, left[:k] + left[k + 1 :], r, chosen + [i])


def combinations(iterable, r):
    if r < 0:
        raise ValueError("r must be non-negative")
    return _combined(tuple(iterable), r, 0, (), 1)


def combinations_with_replacement(iterable, r):
    if r < 0:
        raise ValueError("r must be non-negative")
    return _combined(tuple(iterable), r, 0, (), 0)


def _combined(pool, r, start, chosen, gap):
    if len(chosen) == r:
        yield chosen
        return
    for i in range(start, len(pool)):
        yield from _combined(pool, r, i + gap, chosen + (pool[i],), gap)


class groupby:
    def __init__(self, iterable, key=None):
        self._it = iter(iterable)
        self._key = (lambda item: item) if key is None else key
        self._group = None
        self._advance()

    def _advance(self):
        self._item = next(self._it, _NOTHING)
        if self._item is not _NOTHING:
            self._item_key = self._key(self._item)

    def __iter__(self):
        return self

    def __next__(self):
        if self._group is not None:
            while self._item is not _NOTHING and self._item_key == self._current:
                self._advance()
        if self._item is _NOTHING:
            raise StopIteration
        self._current = self._item_key
        self._group = object()
        return self._current, self._members(self._group, self._current)

    def _members(self, group, key):
        while self._group is group and self._item is not _NOTHING and self._item_key == key:
            yield self._item
            self._advance()


def tee(iterable, n=2):
    it = iter(iterable)
    queues = [[] for _ in range(n)]

    def part(queue):
        at = 0
        while True:
            if at == len(queue):
                item = next(it, _NOTHING)
                if item is _NOTHING:
                    return
                for other in queues:
                    other.append(item)
            yield queue[at]
            at += 1

    return tuple(part(queue) for queue in queues)

"""Labels of rows and columns."""

import numpy as np
from _pandas_print import index_text
from _pandas_values import INT, OBJECT, TIME, Values, factorize, infer, is_na, joined


class Index:
    nlevels = 1

    def __new__(cls, data=None, dtype=None, name=None, **options):
        return object.__new__(RangeIndex if cls is Index and isinstance(data, range) else cls)

    def __init__(self, data=None, dtype=None, name=None):
        if isinstance(data, Index):
            name, data = data.name if name is None else name, data.values_
        elif hasattr(data, "values_"):
            name, data = data.name if name is None else name, data.values_
        self.values_ = infer([] if data is None else data, dtype)
        self.name = name
        self._places = None

    @property
    def names(self):
        return [self.name]

    @names.setter
    def names(self, names):
        self.name = names[0]

    @property
    def dtype(self):
        return self.values_.dtype

    shape = property(lambda self: (len(self),))
    size = property(lambda self: len(self))
    ndim = 1
    values = property(lambda self: self.values_.numpy())
    empty = property(lambda self: len(self) == 0)
    T = property(lambda self: self)

    def to_numpy(self):
        return self.values

    def __array__(self, dtype=None):
        return self.values

    def __len__(self):
        return len(self.values_)

    def __iter__(self):
        return iter(self.tolist())

    def tolist(self):
        return self.values_.tolist()

    to_list = tolist

    def __repr__(self):
        return index_text(self)

    def levels_(self):
        return [self.values_]

    def __getitem__(self, key):
        if isinstance(key, (int, np.int64)):
            if not -len(self) <= key < len(self):
                raise IndexError(f"index {key} is out of bounds for axis 0 with size {len(self)}")
            return self.values_[key]
        if isinstance(key, slice):
            return self.take(range(*key.indices(len(self))))
        key = np.asarray(key)
        return self.take(np.nonzero(key)[0] if key.dtype.kind == "b" else key)

    def take(self, places):
        return self.made(self.values_.take(list(places) if isinstance(places, range) else places))

    def pick(self, places):
        return self.made(self.values_.pick(places))

    def made(self, values):
        made = Index(values, name=self.name)
        return _timed(made)

    def keys_(self):
        return self.values_.keys()

    def key_(self, label):
        """A label as the places know it."""
        if is_na(label):
            return None
        if self.dtype.kind in "Mm":
            from _pandas_values import micros_of

            try:
                return micros_of(label)
            except (ValueError, TypeError):
                return label
        return label

    def places_(self):
        """Where each label is."""
        if self._places is None:
            found = {}
            for at, key in enumerate(self.keys_()):
                if key in found:
                    known = found[key]
                    if type(known) is list:
                        known.append(at)
                    else:
                        found[key] = [known, at]
                else:
                    found[key] = at
            self._places = found
        return self._places

    def find_(self, label):
        """The place of a label, or the list of its places. Errors: `KeyError`."""
        try:
            found = self.places_().get(self.key_(label))
        except TypeError:
            found = None
        if found is None:
            raise KeyError(label)
        return found

    def get_loc(self, key):
        return self.find_(key)

    def __contains__(self, label):
        try:
            self.find_(label)
        except KeyError:
            return False
        return True

    @property
    def is_unique(self):
        return len(self.places_()) == len(self)

    has_duplicates = property(lambda self: not self.is_unique)

    @property
    def is_monotonic_increasing(self):
        items = self.tolist()
        return all(a <= b for a, b in zip(items, items[1:]))

    def equals(self, other):
        return isinstance(other, Index) and (self is other or len(self) == len(other) and self.keys_() == other.keys_())

    def _series(self):
        from _pandas_series import Series

        return Series(self.values_, name=self.name)

    def _compared(self, other, name):
        other = other._series() if isinstance(other, Index) else other
        return getattr(self._series().reset_index(drop=True), name)(other).values

    def __eq__(self, other):
        return self._compared(other, "__eq__")

    def __ne__(self, other):
        return self._compared(other, "__ne__")

    def __lt__(self, other):
        return self._compared(other, "__lt__")

    def __le__(self, other):
        return self._compared(other, "__le__")

    def __gt__(self, other):
        return self._compared(other, "__gt__")

    def __ge__(self, other):
        return self._compared(other, "__ge__")

    def __hash__(self):
        raise TypeError(f"unhashable type: '{type(self).__name__}'")

    def _arith(self, other, name):
        return Index(getattr(self._series(), name)(other._series() if isinstance(other, Index) else other).values_, name=self.name)

    def __add__(self, other):
        return self._arith(other, "__add__")

    def __sub__(self, other):
        return self._arith(other, "__sub__")

    def __mul__(self, other):
        return self._arith(other, "__mul__")

    def __truediv__(self, other):
        return self._arith(other, "__truediv__")

    def __getattr__(self, name):
        if name in ("str", "dt"):
            return _Through(getattr(self._series(), name), self.name)
        if name in ("min", "max", "nunique", "isin", "isna", "notna", "value_counts", "duplicated", "argmax", "argmin", "any", "all"):
            found = getattr(self._series(), name)

            def call(*args, **options):
                made = found(*args, **options)
                return made.values if name in ("isin", "isna", "notna", "duplicated") else made

            return call
        if name in ("year", "month", "day", "hour", "minute", "second", "dayofweek", "quarter", "weekday") and self.dtype == TIME:
            return Index(getattr(self._series().dt, name).values_, name=self.name)
        raise AttributeError(f"'{type(self).__name__}' object has no attribute '{name}'")

    def rename(self, name):
        made = self.take(range(len(self)))
        made.name = name
        return made

    set_names = rename

    def copy(self, name=None):
        return self.rename(self.name if name is None else name)

    def map(self, mapper):
        return Index(self._series().map(mapper).values_, name=self.name)

    def astype(self, dtype):
        return Index(self.values_.astype(dtype), name=self.name)

    def unique(self):
        return self.take(factorize(self.values_)[1])

    def drop_duplicates(self):
        return self.unique()

    def sort_values(self, ascending=True):
        return self.take(self.values_.order(ascending))

    def append(self, other):
        others = other if isinstance(other, list) else [other]
        return joined_index([self, *others])

    def insert(self, loc, item):
        items = self.tolist()
        items.insert(loc, item)
        return Index(items, name=self.name)

    def drop(self, labels):
        gone = labels_of(labels)
        for label in gone:
            if label not in self:
                raise KeyError(f"{[label]} not found in axis")
        return self.take([i for i, x in enumerate(self.tolist()) if x not in gone])

    def union(self, other):
        items = [*self, *dict.fromkeys(x for x in other if x not in self)]
        try:
            items.sort()
        except TypeError:
            pass
        return Index(items)

    def intersection(self, other):
        known = set(other)
        return self.take([i for i, x in enumerate(self.tolist()) if x in known])

    def difference(self, other):
        known = set(other)
        return Index(sorted(x for x in self.tolist() if x not in known), name=self.name)

    def get_level_values(self, level):
        return self

    def to_series(self):
        from _pandas_series import Series

        return Series(self.values_, index=self, name=self.name)

    def to_frame(self, index=True):
        return self.to_series().to_frame(0 if self.name is None else self.name)

    def strftime(self, form):
        return Index(self._series().dt.strftime(form).values_, name=self.name)


class _Through:
    """`.str` and `.dt` of an index, which give an index again."""

    def __init__(self, accessor, name):
        self._accessor, self._name = accessor, name

    def __getattr__(self, name):
        found = getattr(self._accessor, name)
        if callable(found):
            return lambda *args, **options: self._made(found(*args, **options))
        return self._made(found)

    def _made(self, made):
        return made.values if made.dtype.name == "bool" else Index(made.values_, name=self._name)


class RangeIndex(Index):
    def __new__(cls, *args, **options):
        return object.__new__(cls)

    def __init__(self, start=None, stop=None, step=1, name=None):
        self.range_ = start if isinstance(start, range) else range(start, stop, step) if stop is not None else range(start or 0)
        self.name, self._values, self._places = name, None, None

    start = property(lambda self: self.range_.start)
    stop = property(lambda self: self.range_.stop)
    step = property(lambda self: self.range_.step)

    @property
    def values_(self):
        if self._values is None:
            self._values = Values(np.arange(self.start, self.stop, self.step), INT)
        return self._values

    def __len__(self):
        return len(self.range_)

    def __repr__(self):
        name = f", name={self.name!r}" if self.name is not None else ""
        return f"RangeIndex(start={self.start}, stop={self.stop}, step={self.step}{name})"

    def tolist(self):
        return list(self.range_)

    to_list = keys_ = tolist

    def take(self, places):
        if isinstance(places, range):
            return RangeIndex(self.range_[places.start : places.stop if places.stop >= 0 else None : places.step], name=self.name) if len(places) else RangeIndex(0, name=self.name)
        return super().take(places)

    def find_(self, label):
        if isinstance(label, (int, float, np.int64, np.float64)) and label in self.range_:
            return self.range_.index(int(label))
        raise KeyError(label)

    def __getitem__(self, key):
        if isinstance(key, slice):
            return RangeIndex(self.range_[key], name=self.name)
        return super().__getitem__(key)

    def equals(self, other):
        return self.range_ == other.range_ if isinstance(other, RangeIndex) else super().equals(other)

    is_unique = True


class DatetimeIndex(Index):
    def __init__(self, data=None, dtype=None, name=None, freq=None):
        super().__init__(data, TIME, name)
        self.freq = freq

    freqstr = property(lambda self: self.freq)


def _timed(index):
    if index.dtype == TIME and type(index) is Index:
        made = DatetimeIndex(index.values_, name=index.name)
        return made
    return index


class MultiIndex(Index):
    def __new__(cls, *args, **options):
        return object.__new__(cls)

    def __init__(self, levels, names=None):
        self.parts_ = [infer(level) for level in levels]
        self.names = list(names) if names is not None else [None] * len(self.parts_)
        self._places = None

    @classmethod
    def from_tuples(cls, tuples, names=None):
        tuples = list(tuples)
        return cls([list(level) for level in zip(*tuples)] if tuples else [[] for _ in names or []], names)

    @classmethod
    def from_arrays(cls, arrays, names=None):
        return cls(arrays, names)

    @classmethod
    def from_product(cls, iterables, names=None):
        rows = [()]
        for items in iterables:
            rows = [(*row, item) for row in rows for item in items]
        return cls.from_tuples(rows, names)

    names = None
    name = None
    nlevels = property(lambda self: len(self.parts_))
    dtype = OBJECT

    @property
    def values_(self):
        return Values(self.tolist(), OBJECT)

    @property
    def levels(self):
        return [Index(part.take(factorize(part, True)[1]), name=name) for part, name in zip(self.parts_, self.names)]

    def levels_(self):
        return self.parts_

    def __len__(self):
        return len(self.parts_[0]) if self.parts_ else 0

    def tolist(self):
        return list(zip(*[part.tolist() for part in self.parts_]))

    to_list = tolist

    def keys_(self):
        return list(zip(*[part.keys() for part in self.parts_]))

    def key_(self, label):
        return label

    def take(self, places):
        places = list(places) if isinstance(places, range) else places
        return MultiIndex([part.take(places) for part in self.parts_], self.names)

    def pick(self, places):
        return MultiIndex([part.pick(places) for part in self.parts_], self.names)

    def find_(self, label):
        """A label of the first levels finds every row below it."""
        key = label if isinstance(label, tuple) else (label,)
        if len(key) == self.nlevels:
            return super().find_(key)
        rows = zip(*[part.keys() for part in self.parts_[: len(key)]])
        found = [at for at, row in enumerate(rows) if row == key]
        if not found:
            raise KeyError(label)
        return found

    def get_level_values(self, level):
        at = self.level_(level)
        return Index(self.parts_[at], name=self.names[at])

    def level_(self, level):
        if level in self.names:
            return self.names.index(level)
        if isinstance(level, int) and -self.nlevels <= level < self.nlevels:
            return level % self.nlevels
        raise KeyError(f"Level {level} not found")

    def rename(self, names):
        return MultiIndex(self.parts_, names)

    set_names = rename

    def droplevel(self, level=0):
        gone = [self.level_(one) for one in labels_of(level)]
        kept = [i for i in range(self.nlevels) if i not in gone]
        return index_of([self.parts_[i] for i in kept], [self.names[i] for i in kept])

    def map(self, mapper):
        return ensure_index([mapper(row) for row in self.tolist()])

    to_flat_index = Index.__iter__

    def unique(self):
        return self.take([at[0] if type(at) is list else at for at in self.places_().values()])


def index_of(levels, names):
    """An index of one level or several."""
    if len(levels) == 1:
        made = Index(levels[0], name=names[0])
        return _timed(made)
    return MultiIndex(levels, names)


def labels_of(labels):
    """One label, or several, as a list."""
    if isinstance(labels, (list, Index, np.ndarray, set)) or hasattr(labels, "values_"):
        return list(labels)
    return [labels]


def ensure_index(data, name=None):
    if isinstance(data, Index):
        return data if name is None else data.rename(name)
    if isinstance(data, range):
        return RangeIndex(data, name=name)
    if hasattr(data, "values_"):
        return _timed(Index(data, name=name))
    data = list(data)
    if data and all(type(x) is tuple for x in data) and len(set(map(len, data))) == 1 and len(data[0]) > 1:
        return MultiIndex.from_tuples(data)
    return _timed(Index(data, name=name))


def joined_index(parts):
    if all(type(part) is RangeIndex for part in parts):
        if len(parts) == 1:
            return parts[0]
        step = parts[0]
        if all(b.start == a.stop and b.step == a.step == 1 for a, b in zip(parts, parts[1:])):
            return RangeIndex(step.start, parts[-1].stop)
    name = parts[0].name if len({part.name for part in parts}) == 1 else None
    if parts[0].nlevels > 1 and all(part.nlevels == parts[0].nlevels for part in parts):
        levels = [joined([part.parts_[at] for part in parts]) for at in range(parts[0].nlevels)]
        return MultiIndex(levels, parts[0].names)
    if any(part.nlevels > 1 for part in parts):
        return ensure_index([x for part in parts for x in part.tolist()])
    return _timed(Index(joined([part.values_ for part in parts]), name=name))

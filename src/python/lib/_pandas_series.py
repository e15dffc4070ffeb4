"""Series: one column with labels."""

import numpy as np
from _pandas_accessors import CatAccessor, DateAccessor, StringAccessor
from _pandas_compute import OPERATORS, binary, filled, put, quantile, rank, reduce, running, same, shifted
from _pandas_index import Index, MultiIndex, RangeIndex, ensure_index, labels_of
from _pandas_print import series_text
from _pandas_values import BOOL, FLOAT, INT, OBJECT, Values, dtype_of, factorize, infer, is_list, is_na, joined, missing, nan  # fmt: skip

_WORDS = {
    "to_parquet": "spark.createDataFrame(df).write.parquet(…)", "to_excel": "df.to_csv(…)", "to_sql": "spark.createDataFrame(df).createOrReplaceTempView(…)",
    "resample": "groupby(df['time'].dt.month)", "ewm": "rolling(n)", "style": "display(df)",
    "xs": "loc[…]", "swaplevel": "reset_index() and set_index()", "interpolate": "ffill()", "tz_localize": "times without a zone",
}  # fmt: skip
REDUCTIONS = ("sum", "mean", "min", "max", "count", "median", "std", "var", "sem", "prod", "any", "all", "nunique", "skew", "kurt", "size", "first", "last")  # fmt: skip


class Common:
    """What a Series and a DataFrame have alike; `_map(f)` makes another one of changed values."""

    loc = property(lambda self: Loc(self))
    iloc = property(lambda self: ILoc(self))
    at = property(lambda self: Loc(self))
    iat = property(lambda self: ILoc(self))
    empty = property(lambda self: 0 in self.shape)

    def __len__(self):
        return len(self.index)

    def __bool__(self):
        raise ValueError(f"The truth value of a {type(self).__name__} is ambiguous. Use a.empty, a.item(), a.any() or a.all().")

    def __hash__(self):
        raise TypeError(f"unhashable type: '{type(self).__name__}'")

    def __getattr__(self, name):
        if "values_" in self.__dict__ and self.ndim == 1 and name[:1] != "_":
            if name in ("str", "dt", "cat"):
                {"str": StringAccessor, "dt": DateAccessor, "cat": CatAccessor}[name](self)
            if name in self.index:
                return self.loc[name]
        text = f"'{type(self).__name__}' object has no attribute '{name}'"
        if name in _WORDS:
            text += f" in this small pandas; {_WORDS[name]} is there"
        raise AttributeError(text)

    def head(self, n=5):
        return self.iloc[:n]

    def tail(self, n=5):
        return self.iloc[-n:] if n else self.iloc[:0]

    def copy(self, deep=True):
        return self._map(lambda values: values)

    def isna(self):
        return self._map(lambda values: Values(values.isna(), BOOL))

    def notna(self):
        return self._map(lambda values: Values(~values.isna(), BOOL))

    isnull, notnull = isna, notna

    def __neg__(self):
        return self._map(lambda values: Values(-values.data, values.dtype))

    def __pos__(self):
        return self

    def __abs__(self):
        return self._map(lambda values: Values(abs(values.data), values.dtype))

    def abs(self):
        return abs(self)

    def __invert__(self):
        def inverted(values):
            if values.dtype.kind == "O":
                values = Values(np.array([bool(x) for x in values.data], bool), BOOL)
            return Values(~values.data if values.dtype.kind == "b" else -values.data - 1, values.dtype)

        return self._map(inverted)

    def round(self, decimals=0):
        return self._map(lambda values: Values(values.data.round(decimals), values.dtype) if values.dtype.kind == "f" else values)

    def __round__(self, decimals=0):
        return self.round(decimals)

    def clip(self, lower=None, upper=None):
        def cut(values):
            data = values.data
            if lower is not None:
                data = np.where(data < lower, lower, data)
            if upper is not None:
                data = np.where(data > upper, upper, data)
            return infer(data)

        return self._map(cut)

    def cumsum(self, axis=0):
        return self._map(lambda values: running(values, "cumsum"))

    def cumprod(self, axis=0):
        return self._map(lambda values: running(values, "cumprod"))

    def cummax(self, axis=0):
        return self._map(lambda values: running(values, "cummax"))

    def cummin(self, axis=0):
        return self._map(lambda values: running(values, "cummin"))

    def shift(self, periods=1, fill_value=None):
        return self._map(lambda values: shifted(values, periods, fill_value))

    def diff(self, periods=1):
        return self._map(lambda values: binary("sub", values.astype(FLOAT) if values.is_number or values.dtype.kind == "b" else values, shifted(values, periods)))

    def pct_change(self, periods=1):
        return self._map(lambda values: binary("sub", binary("truediv", values, shifted(values, periods)), 1.0))

    def rank(self, axis=0, method="average", numeric_only=False, na_option="keep", ascending=True, pct=False):
        return self._map(lambda values: rank(values, method, ascending, pct))

    def _filled_from(self, order):
        def fill(values):
            last, places = -1, []
            for at, gone in order(list(enumerate(values.isna().tolist()))):
                last = last if gone else at
                places.append(last)
            return values.pick(order(places))

        return self._map(fill)

    def ffill(self):
        return self._filled_from(lambda items: items)

    def bfill(self):
        return self._filled_from(lambda items: items[::-1])

    def isin(self, values):
        if isinstance(values, str):
            raise TypeError(f"only list-like objects are allowed to be passed to isin(), you passed a `str`")
        known = {None if is_na(x) else x for x in values}

        def found(own):
            keys = own.keys() if own.dtype.kind not in "Mm" else [None if is_na(x) else x for x in own.tolist()]
            wanted = {type(own[0])(x) if own.dtype.kind in "M" and isinstance(x, str) else x for x in known} if len(own) else known
            return Values(np.array([x in wanted for x in keys], bool), BOOL)

        return self._map(found)

    def replace(self, to_replace=None, value=None, regex=False):
        if isinstance(to_replace, dict):
            pairs = to_replace
        elif isinstance(to_replace, list):
            pairs = dict(zip(to_replace, value if isinstance(value, list) else [value] * len(to_replace)))
        else:
            pairs = {to_replace: value}
        if regex:
            import re

            return self._map(lambda values: values if values.is_array else infer([_rewritten(re, pairs, x) for x in values.data]))
        lost = next((new for old, new in pairs.items() if is_na(old)), None)

        def changed(values):
            keys = values.keys() if values.dtype.kind not in "Mm" else values.tolist()
            if not any(key in pairs for key in keys) and (lost is None or not values.isna().any()):
                return values
            return infer([pairs.get(key, x) if key is not None else x if lost is None else lost for key, x in zip(keys, values.tolist())])

        return self._map(changed)

    def pipe(self, func, *args, **options):
        return func(self, *args, **options)

    def sample(self, n=None, frac=None, replace=False, weights=None, random_state=None, axis=0, ignore_index=False):
        count = len(self)
        n = 1 if n is None and frac is None else round(frac * count) if n is None else n
        if n > count and not replace:
            raise ValueError("Cannot take a larger sample than population when 'replace=False'")
        source = np.random.RandomState(random_state) if random_state is None or isinstance(random_state, (int, np.int64)) else random_state
        p = None
        if weights is not None:
            p = np.asarray(self[weights] if isinstance(weights, str) else weights, float)
            p = p / p.sum()
        made = self.iloc[source.choice(count, size=n, replace=replace, p=p)]
        return made.reset_index(drop=True) if ignore_index else made

    def take(self, indices):
        return self.iloc[list(indices)]

    def where(self, cond, other=nan):
        return self._chosen(cond, other, False)

    def mask(self, cond, other=nan):
        return self._chosen(cond, other, True)

    def squeeze(self, axis=None):
        if self.ndim == 2 and self.shape[1] == 1:
            return self.iloc[:, 0].squeeze(axis)
        return self.iloc[0] if len(self) == 1 and axis is None else self

    def __repr__(self):
        return self.to_string_()

    def equals(self, other):
        return type(self) is type(other) and self.index.equals(other.index) and self._same(other)

    def sort_index(self, axis=0, ascending=True, inplace=False, ignore_index=False):
        if axis in (1, "columns"):
            return self.iloc[:, self.columns.values_.order(ascending)]
        made = self.iloc[self.index.values_.order(ascending)]
        return self._become(made.reset_index(drop=True) if ignore_index else made, inplace)

    def _become(self, made, inplace):
        if not inplace:
            return made
        self.__dict__.update(made.__dict__)

    def first_valid_index(self):
        return self.dropna().index[0]

    def rename_axis(self, mapper=None, axis=0, columns=None):
        made = self.copy()
        if columns is not None or axis in (1, "columns"):
            made._columns = made.columns.rename(columns if columns is not None else mapper)
        else:
            made.index = made.index.rename(mapper)
        return made

    def rolling(self, window, min_periods=None, center=False):
        return Rolling(self, window, min_periods, center)

    def expanding(self, min_periods=1):
        return Rolling(self, len(self) + 1, min_periods, False)


class Rolling:
    """Figures of the last `window` values of each row."""

    def __init__(self, over, window, least, center):
        self._over, self._window, self._least, self._center = over, window, window if least is None else least, center

    def _each(self, figure):
        def made(values):
            data, found = values.floats(), []
            ahead = (self._window - 1) // 2 if self._center else 0
            for at in range(1 + ahead, len(data) + 1 + ahead):
                part = Values(data[max(at - self._window, 0) : at], FLOAT)
                found.append(figure(part) if len(part.known()) >= max(self._least, 1) else nan)
            return Values(np.array(found, float), FLOAT)

        return self._over._map(made)

    def apply(self, func, raw=False):
        return self._each(lambda values: func(values.data if raw else Series(values)))

    def __getattr__(self, name):
        if name in ("sum", "mean", "min", "max", "std", "var", "median", "count"):
            return lambda: self._each(lambda values: reduce(values, name))
        raise AttributeError(f"'Rolling' object has no attribute '{name}'")


def _rewritten(re, pairs, x):
    for pattern, new in pairs.items():
        x = re.sub(pattern, new, x) if isinstance(x, str) else x
    return x


def places_of(index, key):
    """The places that a key of `.loc` means, and whether it is one label. Errors: `KeyError`."""
    if isinstance(key, slice):
        if key.step is None and key.start is None and key.stop is None:
            return range(len(index)), False
        return range(_edge(index, key.start, 0, False), _edge(index, key.stop, len(index), True), key.step or 1), False
    if isinstance(key, Series) and key.dtype == BOOL:
        if not key.index.equals(index):
            if len(key) != len(index):
                raise IndexError("Unalignable boolean Series provided as indexer (index of the boolean Series and of the indexed object do not match).")
            key = key.reindex(index)
        return np.nonzero(key.values_.data)[0], False
    if callable(key):
        raise TypeError("a function as a key is applied to the frame first")
    if isinstance(key, (list, np.ndarray, Series, Index)):
        items = list(key)
        if items and all(isinstance(x, (bool, np.bool_)) for x in items):
            if len(items) != len(index):
                raise IndexError(f"Boolean index has wrong length: {len(items)} instead of {len(index)}")
            return [i for i, x in enumerate(items) if x], False
        found, gone = [], []
        for label in items:
            try:
                at = index.find_(label)
            except KeyError:
                gone.append(label)
                continue
            found.extend(at if type(at) is list else [at])
        if gone:
            name = Index(gone)
            if len(gone) == len(items):
                raise KeyError(f"None of [{name!r}] are in the [index]")
            raise KeyError(f"{gone} not in index")
        return found, False
    at = index.find_(key)
    return (at, False) if type(at) is list else ([at], True)


def _edge(index, label, default, after):
    if label is None:
        return default
    try:
        at = index.find_(label)
    except KeyError:
        items, key = index.keys_(), index.key_(label)
        if not index.is_monotonic_increasing:
            raise
        return sum(1 for x in items if (x <= key if after else x < key))
    first, last = (at[0], at[-1]) if type(at) is list else (at, at)
    return last + 1 if after else first


def positions(key, count):
    """The places that a key of `.iloc` means, and whether it is one place. Errors: `IndexError`."""
    if isinstance(key, slice):
        return range(*key.indices(count)), False
    if isinstance(key, (int, np.int64)):
        if not -count <= key < count:
            raise IndexError("single positional indexer is out-of-bounds")
        return [int(key) % count], True
    if isinstance(key, Series):
        key = key.values
    if isinstance(key, (str, float)):
        raise TypeError(f"Cannot index by location index with a non-integer key")
    items = key.tolist() if isinstance(key, np.ndarray) else list(key)
    if items and isinstance(items[0], (bool, np.bool_)):
        return [i for i, x in enumerate(items) if x], False
    if items and not (-count <= min(items) and max(items) < count):
        raise IndexError("positional indexers are out-of-bounds")
    return [i % count for i in items] if items and min(items) < 0 else items, False


class Loc:
    def __init__(self, over):
        self.over = over

    def _rows(self, key):
        return places_of(self.over.index, key)

    def _columns(self, key):
        return places_of(self.over.columns, key)

    def _two(self, key):
        frame = self.over.ndim == 2
        if frame and isinstance(key, tuple) and not (self.over.index.nlevels > 1 and len(key) > 1 and not isinstance(key[1], (slice, list)) and key in self.over.index):
            if len(key) > 2:
                raise IndexError("Too many indexers")
            return key[0], key[1]
        return key, slice(None)

    def __getitem__(self, key):
        over = self.over
        rows, columns = self._two(key(over) if callable(key) else key)
        rows = rows(over) if callable(rows) else rows
        places, one = self._rows(rows)
        if over.ndim == 1:
            if one:
                return over.values_[places[0]]
            made = over._taken(places)
            return _dropped(made, over.index, rows) if type(self) is Loc else made
        wanted, single = self._columns(columns)
        if single:
            values = over.values_[wanted[0]]
            if one:
                return values[places[0]]
            made = Series(values.take(list(places)), index=over.index.take(places), name=over.columns[wanted[0]])
            return _dropped(made, over.index, rows) if type(self) is Loc else made
        made = over if type(columns) is slice and columns == slice(None) else over._columns_at(list(wanted))
        if one:
            return made._row(places[0])
        made = made._taken(places)
        return _dropped(made, over.index, rows) if type(self) is Loc else made

    def __setitem__(self, key, value):
        over = self.over
        rows, columns = self._two(key)
        rows = rows(over) if callable(rows) else rows
        new_row = False
        try:
            places, _ = self._rows(rows)
        except KeyError:
            if type(self) is ILoc or isinstance(rows, (slice, list, Series, np.ndarray)):
                raise
            new_row = True
        if over.ndim == 1:
            if new_row:
                made = over._appended(rows, value)
                return over._become(made, True)
            over.values_ = put(over.values_, list(places), _aligned(over.index, places, value))
            return None
        if new_row:
            row = dict(zip(over.columns, value)) if isinstance(value, (list, tuple)) else dict(value) if isinstance(value, (dict, Series)) else None
            if row is None:
                row = {over.columns[i]: value for i in self._columns(columns)[0]}
            return over._become(over._appended(rows, row), True)
        if not isinstance(columns, (slice, list)) and type(self) is Loc and columns not in over.columns:
            over[columns] = Series(missing(len(over)), index=over.index) if not isinstance(value, (int, float)) else Series(missing(len(over), FLOAT), index=over.index)
        wanted, single = self._columns(columns)
        wanted = list(wanted)
        for i, at in enumerate(wanted):
            part = value
            if hasattr(value, "columns"):
                part = value[over.columns[at]]
            elif not single and isinstance(value, (list, tuple)) and len(value) == len(wanted):
                part = value[i]
            elif not single and isinstance(value, np.ndarray) and value.ndim == 2:
                part = value[:, i]
            elif not single and isinstance(value, Series) and not len(places) == len(value):
                part = value.get(over.columns[at])
            over.values_[at] = put(over.values_[at], list(places), _aligned(over.index, places, part))
        return None


def _dropped(made, index, key):
    """A label of the first level leaves the other levels."""
    if index.nlevels > 1 and not isinstance(key, (slice, list, Series, np.ndarray)) and made.index.nlevels > 1:
        made.index = made.index.droplevel(list(range(len(key) if isinstance(key, tuple) else 1)))
    return made


def _aligned(index, places, value):
    if isinstance(value, Series):
        return value.reindex(index.take(list(places))).values_
    return value


class ILoc(Loc):
    def _rows(self, key):
        return positions(key, len(self.over))

    def _columns(self, key):
        return positions(key, len(self.over.columns))

    def _two(self, key):
        if isinstance(key, tuple):
            if self.over.ndim == 1 or len(key) > 2:
                raise IndexError("Too many indexers")
            return key
        return key, slice(None)


class Series(Common):
    ndim = 1

    def __init__(self, data=None, index=None, dtype=None, name=None, copy=None):
        if isinstance(data, Series):
            name = data.name if name is None else name
            if index is not None:
                data = data.reindex(ensure_index(index))
            index, data = data.index, data.values_
        elif isinstance(data, Index):
            name = data.name if name is None else name
            data = data.values_
        elif isinstance(data, dict):
            if index is None:
                index, data = ensure_index(data.keys()), list(data.values())
            else:
                data = [data.get(label, nan) for label in index]
        if data is None:
            data = missing(len(index), dtype_of(dtype or float)) if index is not None else Values([], OBJECT)
        if not is_list(data):
            if hasattr(data, "__next__"):
                data = list(data)
            else:
                data = [data] * (1 if index is None else len(index))
        values = infer(data, dtype)
        self.index = RangeIndex(len(values)) if index is None else ensure_index(index)
        if len(self.index) != len(values):
            raise ValueError(f"Length of values ({len(values)}) does not match length of index ({len(self.index)})")
        self.values_, self.name = values, name

    @property
    def index(self):
        return self._index

    @index.setter
    def index(self, index):
        index = ensure_index(index)
        if hasattr(self, "values_") and len(index) != len(self.values_):
            raise ValueError(f"Length mismatch: Expected axis has {len(self.values_)} elements, new values have {len(index)} elements")
        self._index = index

    def _map(self, f):
        return Series(f(self.values_), index=self.index, name=self.name)

    def _taken(self, places):
        return Series(self.values_.part(slice(places.start, places.stop if places.stop >= 0 else None, places.step)) if isinstance(places, range) else self.values_.take(places), index=self.index.take(places), name=self.name)

    def _same(self, other):
        return same(self.values_, other.values_)

    dtype = dtypes = property(lambda self: self.values_.dtype)
    shape = property(lambda self: (len(self),))
    size = property(lambda self: len(self))
    values = array = property(lambda self: self.values_.numpy())
    str = property(lambda self: StringAccessor(self))
    dt = property(lambda self: DateAccessor(self))
    cat = property(lambda self: CatAccessor(self))
    is_unique = property(lambda self: reduce(self.values_, "nunique") == len(self))
    hasnans = property(lambda self: bool(self.values_.isna().any()))
    T = property(lambda self: self)
    axes = property(lambda self: [self.index])

    @property
    def plot(self):
        from _pandas_plot import Plot

        return Plot(self)

    def hist(self, bins=10, **options):
        return self.plot.hist(bins=bins)

    @property
    def is_monotonic_increasing(self):
        items = self.tolist()
        return all(a <= b for a, b in zip(items, items[1:]))

    @property
    def is_monotonic_decreasing(self):
        items = self.tolist()
        return all(a >= b for a, b in zip(items, items[1:]))

    def to_numpy(self, dtype=None):
        return self.values if dtype is None else np.asarray(self.values, dtype)

    def __array__(self, dtype=None):
        return self.values

    def __array_wrap__(self, array):
        return Series(array, index=self.index, name=self.name) if getattr(array, "shape", ()) == self.shape else array

    def tolist(self):
        return self.values_.tolist()

    to_list = tolist

    def __iter__(self):
        return iter(self.tolist())

    def items(self):
        return zip(self.index.tolist(), self.tolist())

    def keys(self):
        return self.index

    def __contains__(self, label):
        return label in self.index

    def to_dict(self):
        return dict(self.items())

    def to_frame(self, name=None):
        from _pandas_frame import DataFrame

        return DataFrame.of_([self.values_], [(0 if self.name is None else self.name) if name is None else name], self.index)

    def to_string(self):
        return series_text(self, None, False)

    def to_string_(self):
        return series_text(self)

    def item(self):
        if len(self) != 1:
            raise ValueError("can only convert an array of size 1 to a Python scalar")
        return self.tolist()[0]

    def __float__(self):
        return float(self.item())

    def __int__(self):
        return int(self.item())

    def __getitem__(self, key):
        if isinstance(key, slice) and (key.start is None or isinstance(key.start, int)) and (key.stop is None or isinstance(key.stop, int)):
            return self.iloc[key]
        if callable(key):
            key = key(self)
        return self.loc[key]

    def __setitem__(self, key, value):
        if isinstance(key, slice) and not isinstance(key.start, str):
            self.iloc[key] = value
        else:
            self.loc[key] = value

    def get(self, key, default=None):
        try:
            return self[key]
        except KeyError:
            return default

    def _appended(self, label, value):
        return Series(joined([self.values_, infer([value])]), index=ensure_index([*self.index, label]), name=self.name)

    def _with(self, other, name, reverse=False):
        if hasattr(other, "columns"):
            return NotImplemented
        if isinstance(other, Series):
            a, b = align(self, other)
            label = self.name if self.name == other.name else None
            if name in ("eq", "ne", "lt", "le", "gt", "ge") and not self.index.equals(other.index):
                raise ValueError("Can only compare identically-labeled Series objects")
            left, right = (b.values_, a.values_) if reverse else (a.values_, b.values_)
            return Series(binary(name, left, right), index=a.index, name=label)
        if isinstance(other, Index):
            other = other.values_
        elif isinstance(other, (list, tuple, np.ndarray)) and getattr(other, "ndim", 1) == 1:
            if len(other) != len(self):
                if name in ("eq", "ne", "lt", "le", "gt", "ge"):
                    raise ValueError(f"('Lengths must match to compare', ({len(self)},), ({len(other)},))")
                raise ValueError(f"operands could not be broadcast together with shapes ({len(self)},) ({len(other)},) ")
            other = infer(other)
        left, right = (other, self.values_) if reverse else (self.values_, other)
        return Series(binary(name, left, right), index=self.index, name=self.name)

    def _flex(self, other, name, fill_value=None, reverse=False):
        if fill_value is not None:
            a, b = align(self, other) if isinstance(other, Series) else (self, other)
            both = a.isna() & b.isna() if isinstance(b, Series) else None
            a, b = a.fillna(fill_value), b.fillna(fill_value) if isinstance(b, Series) else b
            made = a._with(b, name, reverse)
            return made if both is None else made.mask(both)
        return self._with(other, name, reverse)

    def combine_first(self, other):
        a, b = align(self, other)
        return a.fillna(b)

    def dot(self, other):
        return self.values @ (other.values if hasattr(other, "values") else np.asarray(other))

    __matmul__ = dot

    def reindex(self, index, fill_value=None):
        index = ensure_index(index)
        if index.equals(self.index):
            return self
        known = self.index.places_()
        if len(known) != len(self):
            raise ValueError("cannot reindex on an axis with duplicate labels")
        places = [known.get(key, -1) for key in index.keys_()]
        if fill_value is None or min(places, default=0) >= 0 or not len(self):
            return Series(self.values_.pick(places), index=index, name=self.name)
        values = self.values_.take([max(at, 0) for at in places])
        return Series(put(values, [i for i, at in enumerate(places) if at < 0], fill_value), index=index, name=self.name)

    def rename(self, index=None, inplace=False):
        if callable(index) or isinstance(index, dict):
            change = index if callable(index) else lambda x: index.get(x, x)
            return Series(self.values_, index=[change(x) for x in self.index], name=self.name)
        made = self.copy()
        made.name = index
        return self._become(made, inplace)

    def set_axis(self, labels):
        return Series(self.values_, index=labels, name=self.name)

    def reset_index(self, level=None, drop=False, name=None, inplace=False):
        if drop:
            return self._become(Series(self.values_, name=self.name), inplace)
        return self.to_frame(self.name if name is None else name).reset_index(level)

    def astype(self, dtype):
        return self._map(lambda values: values.astype(dtype))

    def fillna(self, value=None, inplace=False):
        if isinstance(value, (Series, dict)):
            value = (Series(value) if isinstance(value, dict) else value).reindex(self.index).values_
        return self._become(self._map(lambda values: filled(values, value)), inplace)

    def dropna(self, inplace=False, ignore_index=False):
        made = self._taken(np.nonzero(~self.values_.isna())[0])
        return self._become(made.reset_index(drop=True) if ignore_index else made, inplace)

    def _chosen(self, cond, other, where):
        cond = cond(self) if callable(cond) else cond
        flags = np.asarray(cond.reindex(self.index).values if isinstance(cond, Series) else cond, bool)
        other = other.reindex(self.index).values_ if isinstance(other, Series) else infer(other) if isinstance(other, (list, np.ndarray)) else other
        places = np.nonzero(flags if where else ~flags)[0]
        if not len(places):
            return self.copy()
        if isinstance(other, Values):
            parts = joined([self.values_, other])
            size = len(self)
            chosen = flags.tolist() if where else (~flags).tolist()
            return self._map(lambda values: parts.take([i + size if flag else i for i, flag in enumerate(chosen)]))
        try:
            return self._map(lambda values: put(values, places, other))
        except TypeError:
            items = self.tolist()
            for at in places.tolist():
                items[at] = other
            return self._map(lambda values: infer(items))

    def map(self, func=None, na_action=None):
        if isinstance(func, Series):
            func = func.to_dict()
        if isinstance(func, dict):
            return self._map(lambda values: infer([func.get(x, nan) for x in values.tolist()]))
        return self._map(lambda values: infer([x if na_action == "ignore" and is_na(x) else func(x) for x in values.tolist()]))

    def apply(self, func, args=(), **options):
        if isinstance(func, (str_, list, dict)):
            return self.agg(func)
        if func in (np.sqrt, np.log, np.exp, np.abs, np.log1p, np.sin, np.cos):
            return func(self)
        made = [func(x, *args, **options) for x in self.tolist()]
        if made and all(isinstance(x, Series) for x in made):
            from _pandas_frame import DataFrame

            frame = DataFrame([x.to_dict() for x in made])
            frame.index = self.index
            return frame
        return self._map(lambda values: infer(made))

    def agg(self, func=None):
        if isinstance(func, list):
            return Series([self.agg(one) for one in func], index=[one if isinstance(one, str_) else one.__name__ for one in func], name=self.name)
        if isinstance(func, dict):
            return Series([self.agg(one) for one in func.values()], index=list(func), name=self.name)
        return getattr(self, func)() if isinstance(func, str_) else func(self)

    aggregate = agg

    def transform(self, func):
        return getattr(self, func)() if isinstance(func, str_) else func(self)

    def quantile(self, q=0.5, interpolation="linear"):
        if isinstance(q, (list, tuple, np.ndarray)):
            return Series([quantile(self.values_, one, interpolation) for one in q], index=list(q), name=self.name)
        return quantile(self.values_, q, interpolation)

    def mode(self, dropna=True):
        counts = self.value_counts()
        if not len(counts):
            return self.iloc[:0]
        best = counts.values.max()
        found = counts.index.values_.take(np.nonzero(counts.values == best)[0])
        return Series(found.take(found.order()), name=self.name)

    def describe(self, percentiles=None, include=None):
        values, kind = self.values_, self.values_.dtype.kind
        count = len(values.known())
        if kind in "iufmM":
            marks = sorted(percentiles or [0.25, 0.5, 0.75])
            figures = [np.float64(count) if kind in "iuf" else count, reduce(values, "mean")]
            names = ["count", "mean"]
            if kind != "M":
                names, figures = [*names, "std"], [*figures, reduce(values, "std")]
            names += ["min", *[f"{mark * 100:g}%" for mark in marks], "max"]
            figures += [reduce(values, "min"), *[quantile(values, mark) for mark in marks], reduce(values, "max")]
            if kind == "M":
                names.remove("min"), figures.pop(2)
                names.insert(2, "min"), figures.insert(2, reduce(values, "min"))
            return Series(Values(np.array(figures, float), FLOAT) if kind in "iuf" else Values(figures, OBJECT), index=names, name=self.name)
        counts = self.value_counts()
        top = [counts.index[0], int(counts.values[0])] if len(counts) else [nan, nan]
        return Series(Values([count, len(counts), *top], OBJECT), index=["count", "unique", "top", "freq"], name=self.name)

    def unique(self):
        codes, firsts = factorize(self.values_)
        if -1 in codes:
            firsts = sorted([*firsts, codes.index(-1)])
        found = self.values_.take(firsts)
        return found.data if found.is_array and found.dtype.kind in "iufb" else UniqueArray(found)

    def factorize(self, sort=False):
        codes, firsts = factorize(self.values_, sort)
        return np.array(codes, int), Index(self.values_.take(firsts))

    def value_counts(self, normalize=False, sort=True, ascending=False, bins=None, dropna=True):
        if bins is not None:
            from pandas import cut

            return cut(self, bins, include_lowest=True).value_counts(normalize, sort, ascending)
        codes, firsts = factorize(self.values_)
        counts = [0] * (len(firsts) + 1)
        for code in codes:
            counts[code] += 1
        lost = counts.pop()
        if not dropna and lost:
            at = codes.index(-1)
            place = sum(1 for first in firsts if first < at)
            firsts.insert(place, at)
            counts.insert(place, lost)
        labels = self.values_.take(firsts)
        if self.dtype.name == "category":
            known = dict(zip(labels.data, counts))
            labels, counts = Values(list(self.dtype.categories), self.dtype), [known.get(x, 0) for x in self.dtype.categories]
        order = list(range(len(counts)))
        if sort:
            order.sort(key=lambda i: counts[i], reverse=not ascending)
        found = np.array([counts[i] for i in order], int)
        values = Values(found / found.sum(), FLOAT) if normalize else Values(found, INT)
        return Series(values, index=Index(labels.take(order), name=self.name), name="proportion" if normalize else "count")

    def duplicated(self, keep="first"):
        keys = self.values_.keys()
        return Series(repeated(keys, keep), index=self.index)

    def drop_duplicates(self, keep="first", ignore_index=False):
        made = self._taken(np.nonzero(~np.array(repeated(self.values_.keys(), keep), bool))[0])
        return made.reset_index(drop=True) if ignore_index else made

    def between(self, left, right, inclusive="both"):
        low = self >= left if inclusive in ("both", "left") else self > left
        return low & (self <= right if inclusive in ("both", "right") else self < right)

    def sort_values(self, ascending=True, inplace=False, na_position="last", ignore_index=False, key=None, kind=None):
        values = self.values_ if key is None else key(self).values_
        made = self._taken(values.order(ascending, na_position))
        return self._become(made.reset_index(drop=True) if ignore_index else made, inplace)

    def nlargest(self, n=5, keep="first"):
        return self.dropna().sort_values(ascending=False).head(n)

    def nsmallest(self, n=5, keep="first"):
        return self.dropna().sort_values().head(n)

    def _extreme(self, name):
        if not len(self):
            raise ValueError(f"attempt to get arg{name} of an empty sequence")
        best = reduce(self.values_, name)
        return self.tolist().index(best)

    def idxmax(self):
        return self.index[self._extreme("max")]

    def idxmin(self):
        return self.index[self._extreme("min")]

    def argmax(self):
        return np.int64(self._extreme("max"))

    def argmin(self):
        return np.int64(self._extreme("min"))

    def argsort(self):
        return self._map(lambda values: Values(np.array(values.order(), int), INT))

    def searchsorted(self, value, side="left"):
        return np.searchsorted(self.values, value, side)

    def corr(self, other, method="pearson"):
        from _pandas_frame import correlation

        a, b = align(self, other)
        return np.float64(correlation(a.values_, b.values_, method))

    def cov(self, other):
        from _pandas_frame import correlation

        a, b = align(self, other)
        return np.float64(correlation(a.values_, b.values_, "cov"))

    def autocorr(self, lag=1):
        return self.corr(self.shift(lag))

    def drop(self, labels=None, index=None):
        gone = []
        for label in labels_of(labels if index is None else index):
            if label not in self.index:
                raise KeyError(f"{[label]} not found in axis")
            gone += places_of(self.index, label)[0]
        gone = set(gone)
        return self._taken([i for i in range(len(self)) if i not in gone])

    def pop(self, item):
        value = self[item]
        self._become(self.drop(item), True)
        return value

    def groupby(self, by=None, level=None, sort=True, dropna=True, as_index=True, group_keys=True, observed=True):
        from _pandas_group import grouped

        return grouped(self, by, level, sort, dropna)

    def explode(self):
        places, items = [], []
        for at, x in enumerate(self.tolist()):
            parts = (list(x) or [nan]) if isinstance(x, (list, tuple, np.ndarray)) else [x]
            items += parts
            places += [at] * len(parts)
        return Series(Values(items, OBJECT), index=self.index.take(places), name=self.name)

    def unstack(self, level=-1, fill_value=None):
        from _pandas_group import unstacked

        return unstacked(self, level, fill_value)

    def to_csv(self, path=None, index=True, header=True):
        return self.to_frame().to_csv(path, index=index, header=header)

    def info(self):
        return self.to_frame().info()

    def to_period(self, freq=None):
        raise AttributeError("periods are not in this small pandas; .dt.strftime('%Y-%m') gives texts")


str_ = type("")


class UniqueArray(list):
    """The different values of a column that is no column of numbers."""

    def __init__(self, values):
        super().__init__(values.tolist())
        self.dtype = values.dtype
        self.shape = (len(values),)
        self.size = len(values)

    def tolist(self):
        return list(self)

    def __repr__(self):
        if self.dtype.name == "str":
            return "<ArrowStringArray>\n" + _array_body(self) + f"\nLength: {len(self)}, dtype: str"
        if self.dtype.kind in "Mm":
            from _pandas_print import times

            texts = [f"'{text}'" if text != "NaT" else text for text in times(infer(list(self), self.dtype))]
            name = "DatetimeArray" if self.dtype.kind == "M" else "TimedeltaArray"
            return f"<{name}>\n[" + ", ".join(texts) + f"]\nLength: {len(self)}, dtype: {self.dtype}"
        if self.dtype.name == "category":
            from _pandas_print import categories_text

            return "[" + ", ".join(map(repr, self)) + "]\n" + categories_text(self.dtype)
        return repr(np.array(list(self), object))

    __str__ = __repr__


def _array_body(items):
    words = [repr(x) if isinstance(x, str) else "nan" for x in items]
    return "[" + ", ".join(words) + "]"


def repeated(keys, keep):
    """Whether each key was there before (or is there again, or both)."""
    if keep == "last":
        return repeated(keys[::-1], "first")[::-1]
    if keep is False:
        counts = {}
        for key in keys:
            counts[key] = counts.get(key, 0) + 1
        return [counts[key] > 1 for key in keys]
    seen, found = set(), []
    for key in keys:
        found.append(key in seen)
        seen.add(key)
    return found


def align(a, b):
    """Two series with the labels of both."""
    if a.index.equals(b.index):
        return a, b
    if a.index.is_unique and b.index.is_unique:
        labels = a.index.union(b.index) if a.index.nlevels == 1 else MultiIndex.from_tuples(sorted({*a.index, *b.index}), a.index.names)
        labels.name = a.index.name if labels.nlevels == 1 and a.index.name == b.index.name else labels.name
        return a.reindex(labels), b.reindex(labels)
    raise ValueError("cannot reindex on an axis with duplicate labels")


def _method(name, reverse=False):
    return lambda self, other: self._with(other, name, reverse)


def _flex_method(name, reverse=False):
    return lambda self, other, level=None, fill_value=None, axis=1: self._flex(other, name, fill_value, reverse)


def _reduction(name):
    if name == "size":
        return None
    if name in ("var", "std", "sem"):
        return lambda self, axis=0, skipna=True, ddof=1, numeric_only=False: reduce(self.values_, name, skipna, ddof)
    if name == "count":
        return lambda self: reduce(self.values_, name)
    if name == "nunique":
        return lambda self, dropna=True: reduce(self.values_, name) + (0 if dropna else int(self.values_.isna().any()))
    return lambda self, axis=0, skipna=True, numeric_only=False: reduce(self.values_, name, skipna)


def add_operators(cls):
    for name in OPERATORS:
        setattr(cls, f"__{name}__", _method(name))
        if name not in ("eq", "ne", "lt", "le", "gt", "ge"):
            setattr(cls, f"__r{name}__", _method(name, True))
        if name not in ("and", "or", "xor"):
            setattr(cls, name, _flex_method(name))
            setattr(cls, "r" + name, _flex_method(name, True))
    cls.div = cls.divide = cls.truediv
    cls.rdiv = cls.rtruediv
    cls.multiply, cls.subtract = cls.mul, cls.sub


add_operators(Series)
for _name in REDUCTIONS:
    if _name not in ("size", "first", "last"):
        setattr(Series, _name, _reduction(_name))
Series.kurtosis, Series.product = Series.kurt, Series.prod

"""Groups, joins and pivots."""

import numpy as np
from _pandas_compute import quantile, rank, reduce, running, shifted
from _pandas_frame import DataFrame, concat
from _pandas_index import Index, MultiIndex, RangeIndex, index_of, labels_of
from _pandas_series import Series, str_
from _pandas_values import FLOAT, INT, OBJECT, Values, factorize, fsum, infer, joined, missing, nan, narrowed

_FIGURES = ("sum", "mean", "min", "max", "count", "size", "std", "var", "sem", "median", "first", "last", "nunique", "prod", "any", "all", "skew", "quantile")  # fmt: skip


def codes_of(levels, sort, dropna=True):
    """A number for the group of each row, the places where each group was first, and the rows of each group."""
    parts = []
    for level in levels:
        codes, firsts = factorize(level, sort)
        if level.dtype.name == "category":
            place = {x: i for i, x in enumerate(level.dtype.categories)}
            codes = [place.get(x, -1) for x in level.keys()]
        if not dropna:
            most = max(codes, default=-1) + 1
            codes = [most if code < 0 else code for code in codes]
        parts.append(codes)
    keys = parts[0] if len(parts) == 1 else list(zip(*parts))
    rows = {}
    for at, key in enumerate(keys):
        known = rows.get(key)
        if known is None:
            rows[key] = [at]
        else:
            known.append(at)
    order = [key for key in rows if (key >= 0 if len(parts) == 1 else min(key) >= 0)]
    if sort:
        order.sort()
    return [rows[key] for key in order]


def grouped(over, by, level, sort, dropna, as_index=True):
    if by is None and level is None:
        raise TypeError("You have to supply one of 'by' and 'level'")
    index = over.index
    keys = labels_of(level if by is None else by) if not isinstance(by, (Series, np.ndarray)) else [by]
    if isinstance(by, list) and len(by) == len(over) and not (over.ndim == 2 and all(not isinstance(x, list) and x in over.columns for x in by)):
        keys = [by]
    levels, names, own = [], [], []
    for key in keys:
        if by is None:
            at = 0 if index.nlevels == 1 else index.level_(key)
            levels.append(index.levels_()[at])
            names.append(index.names[at])
        elif isinstance(key, Series):
            levels.append(key.reindex(index).values_)
            names.append(key.name)
        elif isinstance(key, (np.ndarray, list, Index)):
            levels.append(infer(list(key)))
            names.append(getattr(key, "name", None))
        elif callable(key) or isinstance(key, dict):
            levels.append(infer([key(x) if callable(key) else key.get(x, nan) for x in index]))
            names.append(None)
        elif over.ndim == 2 and key in over.columns:
            levels.append(over[key].values_)
            names.append(key)
            own.append(key)
        elif key in index.names:
            at = index.names.index(key)
            levels.append(index.levels_()[at])
            names.append(key)
        else:
            raise KeyError(key)
    return Grouped(over, levels, names, own, sort, as_index, dropna, not isinstance(by, (list, tuple)) and level is None)


class Grouped:
    """`df.groupby(…)`: a figure, a function or a change for each group."""

    def __init__(self, over, levels, names, own, sort, as_index, dropna, single, rows=None, chosen=None):
        self._over, self._levels, self._names, self._own, self._as_index, self._single = over, levels, names, own, as_index, single
        self._sort, self._dropna, self._chosen = sort, dropna, chosen
        self._rows = codes_of(levels, sort, dropna) if rows is None else rows

    def _index(self):
        firsts = [rows[0] for rows in self._rows]
        return index_of([level.take(firsts) for level in self._levels], self._names)

    def _with(self, over, chosen=None):
        return Grouped(over, self._levels, self._names, self._own, self._sort, self._as_index, self._dropna, self._single, self._rows, chosen)

    def _frame(self):
        """The columns that are no keys."""
        if self._over.ndim == 1 or self._chosen:
            return self._over
        return self._over._columns_at([at for at, name in enumerate(self._over.columns) if name not in self._own])

    def __getitem__(self, key):
        if isinstance(key, (list, Index)):
            return self._with(self._over[list(key)], True)
        if key not in self._over.columns:
            raise KeyError(f"Column not found: {key}")
        return self._with(self._over[key], True)

    def __getattr__(self, name):
        if not name.startswith("_") and self._over.ndim == 2 and name in self._over.columns:
            return self[name]
        kind = "DataFrameGroupBy" if self._over.ndim == 2 else "SeriesGroupBy"
        raise AttributeError(f"'{kind}' object has no attribute '{name}'")

    def __repr__(self):
        return f"<pandas.api.typing.{'DataFrameGroupBy' if self._over.ndim == 2 else 'SeriesGroupBy'} object>"

    ngroups = property(lambda self: len(self._rows))

    def __len__(self):
        return len(self._rows)

    @property
    def groups(self):
        return {key: self._over.index.take(rows).tolist() for key, rows in zip(self._index(), self._rows)}

    indices = property(lambda self: {key: np.array(rows, int) for key, rows in zip(self._index(), self._rows)})

    def __iter__(self):
        for key, rows in zip(self._index(), self._rows):
            yield (key if self._single or isinstance(key, tuple) else (key,)), self._over._taken(rows)

    def get_group(self, name):
        name = name[0] if isinstance(name, tuple) and len(self._levels) == 1 else name
        at = self._index().get_loc(name)
        return self._over._taken(self._rows[at])

    def _column(self, values, name, **options):
        """A figure of each group's values."""
        kind = values.dtype.kind
        if name == "size":
            return Values(np.array([len(rows) for rows in self._rows], int), INT)
        if kind in "if" and name in ("sum", "mean", "count", "min", "max"):
            data = values.data.tolist()
            groups = [[data[i] for i in rows] for rows in self._rows]
            if kind == "f":
                groups = [[x for x in group if x == x] for group in groups]
            if name == "count":
                return Values(np.array([len(group) for group in groups], int), INT)
            if name in ("min", "max"):
                best = min if name == "min" else max
                return Values(np.array([best(group) if group else nan for group in groups], float if kind == "f" else int), values.dtype)
            total = fsum if kind == "f" or name == "mean" else sum
            if name == "sum":
                return Values(narrowed(np.array([total(group) for group in groups], float if kind == "f" else int), values.dtype if kind == "f" else INT), values.dtype if kind == "f" else INT)
            found = np.array([total(group) / len(group) if group else nan for group in groups], float)
            return Values(narrowed(found, values.dtype), values.dtype) if kind == "f" else Values(found, FLOAT)
        parts = [values.take(rows) for rows in self._rows]
        if name in ("std", "var") and values.is_number:
            found = [_variance(part.known().data.tolist(), name, **options) for part in parts]
        elif name == "quantile":
            found = [quantile(part, **options) for part in parts]
        else:
            if kind == "O" and values.dtype.name == "str" and name in ("mean", "median", "std", "var", "prod", "sem", "skew"):
                raise TypeError(f"dtype 'str' does not support operation '{name}'")
            found = [reduce(part, name, **options) for part in parts]
        made = infer(found)
        if name in ("min", "max", "first", "last") and len(made):
            made = made.astype(values.dtype) if values.dtype.kind in "iubf" and made.dtype.kind in "iubf" and (made.dtype.kind != "f" or values.dtype.kind == "f") else made
        return made.astype(INT) if name in ("count", "nunique") else made

    def _figure(self, name, numeric_only=False, **options):
        over = self._frame()
        if over.ndim == 1:
            made = Series(self._column(over.values_, name, **options), index=self._index(), name=over.name)
            return made if self._as_index else made.reset_index()
        if name == "size":
            return self.size()
        over = over._numeric() if numeric_only else over
        made = DataFrame.of_([self._column(one, name, **options) for one in over.values_], over.columns, self._index())
        return self._shown(made)

    def _shown(self, made):
        return made if self._as_index else made.reset_index()

    def size(self):
        over = self._over
        made = Series(np.array([len(rows) for rows in self._rows], int), index=self._index(), name=over.name if over.ndim == 1 else None)
        return made if self._as_index else made.reset_index(name="size")

    def agg(self, func=None, *args, **named):
        over = self._frame()
        if func is None:
            if over.ndim == 1:
                parts, names = [self._one(over, one) for one in named.values()], list(named)
            else:
                parts, names = [], []
                for name, (column, one) in named.items():
                    if column not in self._over.columns:
                        raise KeyError(f"Label(s) ['{column}'] do not exist")
                    parts.append(self._one(self._over[column], one))
                    names.append(name)
            return self._shown(DataFrame.of_(parts, names, self._index()))
        if isinstance(func, dict):
            gone = [name for name in func if name not in over.columns]
            if gone:
                raise KeyError(f"Label(s) {gone} do not exist")
            lists = any(isinstance(one, list) for one in func.values())
            pairs = [(name, one) for name, ones in func.items() for one in labels_of(ones)]
            parts = [self._one(over[name], one) for name, one in pairs]
            names = [(name, _called(one)) for name, one in pairs] if lists else [name for name, _ in pairs]
            return self._shown(DataFrame.of_(parts, names, self._index()))
        if isinstance(func, list):
            if over.ndim == 1:
                pairs = [one if isinstance(one, tuple) else (name, one) for name, one in zip(_names(func), func)]
                return self._shown(DataFrame.of_([self._one(over, one) for _, one in pairs], [name for name, _ in pairs], self._index()))
            pairs = [(name, one) for name in over.columns for one in func]
            parts = [self._one(over[name], one) for name, one in pairs]
            return self._shown(DataFrame.of_(parts, MultiIndex.from_tuples([(name, one) for name in over.columns for one in _names(func)]), self._index()))
        if over.ndim == 1:
            made = Series(self._one(over, func), index=self._index(), name=over.name)
            return made if self._as_index else made.reset_index()
        return self._shown(DataFrame.of_([self._one(over[name], func) for name in over.columns], over.columns, self._index()))

    aggregate = agg

    def _one(self, column, func):
        if isinstance(func, str_):
            if func not in _FIGURES:
                raise AttributeError(f"'SeriesGroupBy' object has no attribute '{func}'")
            return self._column(column.values_, func)
        known = {sum: "sum", min: "min", max: "max", len: "size", np.sum: "sum", np.mean: "mean", np.min: "min", np.max: "max", np.median: "median"}
        try:
            if func in known:
                return self._column(column.values_, known[func])
        except TypeError:
            pass
        return infer([func(column._taken(rows)) for rows in self._rows])

    def apply(self, func, *args, include_groups=False, **options):
        over = self._frame()
        found = []
        for key, rows in zip(self._index(), self._rows):
            part = over._taken(rows)
            object.__setattr__(part, "name", key) if over.ndim == 2 else None
            found.append(func(part, *args, **options))
        index = self._index()
        if found and all(isinstance(one, DataFrame) for one in found):
            return self._stacked(found, index)
        if found and all(isinstance(one, Series) for one in found):
            if over.ndim == 2 and all(one.index.equals(found[0].index) for one in found):
                made = DataFrame.of_([infer([one.tolist()[at] for one in found]) for at in range(len(found[0]))], found[0].index, index)
                return self._shown(made)
            return self._stacked(found, index)
        made = Series(found, index=index, name=over.name if over.ndim == 1 else None)
        return made if self._as_index else made.reset_index(name=None)

    def _stacked(self, found, index):
        made = concat(found)
        sizes = [len(one) for one in found]
        places = [at for at, size in enumerate(sizes) for _ in range(size)]
        made.index = MultiIndex([*[level.take(places) for level in index.levels_()], *made.index.levels_()], [*index.names, *made.index.names])
        return made

    def transform(self, func, *args):
        def changed(column):
            if isinstance(func, str_) and func in _FIGURES:
                figures = self._column(column.values_, func)
                places = [-1] * len(column)
                for at, rows in enumerate(self._rows):
                    for row in rows:
                        places[row] = at
                return figures.pick(places)
            parts = []
            for rows in self._rows:
                part = column._taken(rows)
                made = getattr(part, func)() if isinstance(func, str_) else func(part, *args)
                parts.append(made.values_ if isinstance(made, Series) else infer([made]).take([0] * len(rows)))
            return self._spread(parts, len(column))

        return self._each(changed)

    def _spread(self, parts, count):
        places = [-1] * count
        at = 0
        for rows in self._rows:
            for row in rows:
                places[row] = at
                at += 1
        return joined(parts).pick(places) if parts else missing(count)

    def _each(self, changed):
        over = self._frame()
        if over.ndim == 1:
            return Series(changed(over), index=over.index, name=over.name)
        return DataFrame.of_([changed(column) for _, column in over.items()], over.columns, over.index)

    def _running(self, f):
        return self._each(lambda column: self._spread([f(column.values_.take(rows)) for rows in self._rows], len(column)))

    def cumsum(self):
        return self._running(lambda values: running(values, "cumsum"))

    def cumprod(self):
        return self._running(lambda values: running(values, "cumprod"))

    def cummax(self):
        return self._running(lambda values: running(values, "cummax"))

    def cummin(self):
        return self._running(lambda values: running(values, "cummin"))

    def shift(self, periods=1, fill_value=None):
        return self._running(lambda values: shifted(values, periods, fill_value))

    def diff(self, periods=1):
        return self._each(lambda column: self._spread([column._taken(rows).diff(periods).values_ for rows in self._rows], len(column)))

    def pct_change(self, periods=1):
        return self._each(lambda column: self._spread([column._taken(rows).pct_change(periods).values_ for rows in self._rows], len(column)))

    def ffill(self):
        return self._each(lambda column: self._spread([column._taken(rows).ffill().values_ for rows in self._rows], len(column)))

    def rank(self, method="average", ascending=True, pct=False):
        return self._running(lambda values: rank(values, method, ascending, pct))

    def cumcount(self, ascending=True):
        places = [0] * len(self._over)
        for rows in self._rows:
            for at, row in enumerate(rows):
                places[row] = at if ascending else len(rows) - 1 - at
        return Series(np.array(places, int), index=self._over.index)

    def ngroup(self):
        places = [-1] * len(self._over)
        for at, rows in enumerate(self._rows):
            for row in rows:
                places[row] = at
        return Series(np.array(places, int), index=self._over.index)

    def head(self, n=5):
        return self._over._taken(sorted(i for rows in self._rows for i in rows[:n]))

    def tail(self, n=5):
        return self._over._taken(sorted(i for rows in self._rows for i in rows[-n:]))

    def nth(self, n):
        return self._over._taken(sorted(rows[n] for rows in self._rows if -len(rows) <= n < len(rows)))

    def filter(self, func):
        return self._over._taken(sorted(i for rows in self._rows if func(self._over._taken(rows)) for i in rows))

    def _extreme(self, name):
        over = self._frame()
        if over.ndim == 1:
            return Series([getattr(over._taken(rows), name)() for rows in self._rows], index=self._index(), name=over.name)
        return DataFrame.of_([infer([getattr(column._taken(rows), name)() for rows in self._rows]) for _, column in over.items()], over.columns, self._index())

    def idxmax(self):
        return self._extreme("idxmax")

    def idxmin(self):
        return self._extreme("idxmin")

    def nlargest(self, n=5):
        return self._stacked([self._over._taken(rows).nlargest(n) for rows in self._rows], self._index())

    def unique(self):
        return Series(Values([self._over._taken(rows).unique() for rows in self._rows], OBJECT), index=self._index(), name=self._over.name)

    def value_counts(self, normalize=False):
        parts = [self._over._taken(rows).value_counts(normalize) for rows in self._rows]
        return self._stacked(parts, self._index())

    def describe(self):
        over = self._frame()
        if over.ndim == 1:
            parts = [over._taken(rows).describe() for rows in self._rows]
            return DataFrame.of_([infer([part.tolist()[at] for part in parts]) for at in range(len(parts[0]))], parts[0].index, self._index())
        parts = [self._with(over[name], True).describe() for name in over._numeric().columns]
        names = [(name, column) for name, part in zip(over._numeric().columns, parts) for column in part.columns]
        return DataFrame.of_([one for part in parts for one in part.values_], names, self._index())


def _variance(items, name, ddof=1):
    """Welford's, as groups are read in one pass."""
    mean = total = 0.0
    for count, x in enumerate(items):
        old = mean
        mean += (x - old) / (count + 1)
        total += (x - mean) * (x - old)
    if len(items) <= ddof:
        return nan
    return total / (len(items) - ddof) if name == "var" else (total / (len(items) - ddof)) ** 0.5


def _names(funcs):
    """The names of several figures; functions without one are numbered."""
    names, count = [], 0
    for func in funcs:
        name = _called(func)
        if name == "<lambda>":
            name, count = f"<lambda_{count}>", count + 1
        names.append(name)
    return names


def _called(func):
    if isinstance(func, str_):
        return func
    return getattr(func, "__name__", "<lambda>")


def _figure_method(name):
    if name in ("std", "var", "sem"):
        return lambda self, ddof=1, numeric_only=False: self._figure(name, numeric_only, ddof=ddof)
    if name == "quantile":
        return lambda self, q=0.5, numeric_only=False: self._figure(name, numeric_only, q=q)
    return lambda self, numeric_only=False: self._figure(name, numeric_only)


for _name in _FIGURES:
    if _name != "size":
        setattr(Grouped, _name, _figure_method(_name))


def merge(left, right, how="inner", on=None, left_on=None, right_on=None, left_index=False, right_index=False, sort=False, suffixes=("_x", "_y"), indicator=False, validate=None):  # fmt: skip
    left, right = (one.to_frame() if isinstance(one, Series) else one for one in (left, right))
    if how not in ("inner", "left", "right", "outer", "cross"):
        raise ValueError(f"'{how}' is not a valid Merge type: left, right, inner, outer, left_anti, right_anti, cross, asof")
    if how == "cross":
        a, b = len(left), len(right)
        return _glued(left, right, [i for i in range(a) for _ in range(b)], list(range(b)) * a, [], [], suffixes)
    if on is None and left_on is None and right_on is None and not left_index and not right_index:
        on = [name for name in left.columns if name in right.columns]
        if not on:
            raise MergeError("No common columns to perform merge on. Merge options: left_on=None, right_on=None, left_index=False, right_index=False")
    left_on = labels_of(on if on is not None else left_on) if not left_index else None
    right_on = labels_of(on if on is not None else right_on) if not right_index else None

    def keys_of(frame, names):
        if names is None:
            return frame.index.levels_()
        for name in names:
            if name not in frame.columns and name not in frame.index.names:
                raise KeyError(name)
        return [frame[name].values_ if name in frame.columns else frame.index.get_level_values(name).values_ for name in names]

    a, b = keys_of(left, left_on), keys_of(right, right_on)
    if len(a) != len(b):
        raise ValueError("len(right_on) must equal len(left_on)")
    for x, y, name in zip(a, b, left_on or right_on or [None]):
        if {x.dtype.kind, y.dtype.kind} in ({"i", "O"}, {"f", "O"}) and "str" in (x.dtype.name, y.dtype.name):
            raise ValueError(f"You are trying to merge on {x.dtype} and {y.dtype} columns for key '{name}'. If you wish to proceed you should use pd.concat")
    left_keys, right_keys = (list(zip(*[level.keys() for level in levels])) for levels in (a, b))
    swap = how == "right"
    ones, others = (right_keys, left_keys) if swap else (left_keys, right_keys)
    known = {}
    for at, key in enumerate(others):
        known.setdefault(key, []).append(at)
    first, second = [], []
    for at, key in enumerate(ones):
        found = known.get(key)
        if found:
            first += [at] * len(found)
            second += found
        elif how != "inner":
            first.append(at)
            second.append(-1)
    if how == "outer":
        used = set(second)
        for at in range(len(others)):
            if at not in used:
                first.append(-1)
                second.append(at)
        rows = [left_keys[i] if i >= 0 else right_keys[j] for i, j in zip(first, second)]
        places = list(range(len(rows)))
        try:
            places.sort(key=lambda at: tuple((x is None, x) for x in rows[at]))
        except TypeError:
            pass
        first, second = [first[i] for i in places], [second[i] for i in places]
    elif sort:
        places = sorted(range(len(first)), key=lambda at: ones[first[at]])
        first, second = [first[i] for i in places], [second[i] for i in places]
    if swap:
        first, second = second, first
    shared = [name for name, other in zip(left_on or [], right_on or []) if name == other]
    made = _glued(left, right, first, second, shared, (a, b, left_on), suffixes)
    if indicator:
        made["_merge"] = Series(["left_only" if j < 0 else "right_only" if i < 0 else "both" for i, j in zip(first, second)], index=made.index).astype("category")
        made.values_[-1].dtype.categories = ["left_only", "right_only", "both"]
    if left_index or right_index:
        source = left.index if left_index and how != "right" or not right_index else right.index
        places = first if source is left.index else second
        if not left_index:
            source, places = left.index, first
        if min(places, default=0) < 0 and left_index and right_index:
            levels = [joined([x, y]).take([i if i >= 0 else len(x) + j for i, j in zip(first, second)]) for x, y in zip(a, b)]
            made.index = index_of(levels, left.index.names)
        else:
            made.index = source.pick(places)
    return made


class MergeError(ValueError):
    pass


def _glued(left, right, first, second, shared, keys, suffixes):
    both = [name for name in left.columns if name in right.columns and name not in shared]
    parts, names = [], []
    for name, values in zip(left.columns, left.values_):
        if name in shared and min(first, default=0) < 0:
            values = joined([values, right[name].values_]).take([i if i >= 0 else len(left) + j for i, j in zip(first, second)])
        else:
            values = values.pick(first)
        parts.append(values)
        names.append(f"{name}{suffixes[0] or ''}" if name in both else name)
    for name, values in zip(right.columns, right.values_):
        if name not in shared:
            parts.append(values.pick(second))
            names.append(f"{name}{suffixes[1] or ''}" if name in both else name)
    return DataFrame.of_(parts, names, RangeIndex(len(first)))


def unstacked(series, level=-1, fill_value=None):
    """The labels of one level as columns."""
    index = series.index
    at = index.level_(level)
    rest = [i for i in range(index.nlevels) if i != at]
    levels = index.levels_()
    columns = index_of([levels[at].take(factorize(levels[at], True)[1])], [index.names[at]])
    groups = codes_of([levels[i] for i in rest], True)
    firsts = [rows[0] for rows in groups]
    rows_index = index_of([levels[i].take(firsts) for i in rest], [index.names[i] for i in rest])
    place = columns.places_()
    keys = levels[at].keys()
    cells = [[-1] * len(groups) for _ in range(len(columns))]
    for row, members in enumerate(groups):
        for member in members:
            if cells[place[keys[member]]][row] >= 0:
                raise ValueError("Index contains duplicate entries, cannot reshape")
            cells[place[keys[member]]][row] = member
    parts = []
    for column in cells:
        values = series.values_.pick(column)
        if fill_value is not None and min(column, default=0) < 0:
            values = series.values_.take([max(i, 0) for i in column])
            values = Series(values).mask(np.array(column, int) < 0, fill_value).values_
        parts.append(values)
    if fill_value is None and any(p.dtype.kind == "f" for p in parts):
        parts = [p.astype(FLOAT) if p.dtype.kind in "iu" else p for p in parts]
    return DataFrame.of_(parts, columns, rows_index)


def unstacked_frame(frame, level=-1, fill_value=None):
    parts = [unstacked(column, level, fill_value) for _, column in frame.items()]
    names = [(name, label) for name, part in zip(frame.columns, parts) for label in part.columns]
    columns = MultiIndex.from_tuples(names, [frame.columns.name, parts[0].columns.name])
    return DataFrame.of_([one for part in parts for one in part.values_], columns, parts[0].index)


def pivot(frame, index, columns, values):
    keys = [frame.index.values_] if index is None else [frame[name].values_ for name in labels_of(index)]
    names = [frame.index.name] if index is None else labels_of(index)
    labels = MultiIndex([*keys, frame[columns].values_], [*names, columns])
    if isinstance(values, (str_, int)):
        return unstacked(Series(frame[values].values_, index=labels))
    rest = labels_of(values) if values is not None else [name for name in frame.columns if name not in (*names, columns)]
    made = DataFrame.of_([frame[name].values_ for name in rest], rest, labels)
    return unstacked_frame(made)


def pivot_table(data, values=None, index=None, columns=None, aggfunc="mean", fill_value=None, margins=False, dropna=True):
    rows, heads = [] if index is None else labels_of(index), [] if columns is None else labels_of(columns)
    many = isinstance(aggfunc, list)
    if isinstance(aggfunc, dict) and values is None:
        values = list(aggfunc)
    wanted = labels_of(values) if values is not None else [name for name in data.columns if name not in (*rows, *heads)]
    for name in wanted:
        if name not in data.columns:
            raise KeyError(name)
    if many:
        parts = [pivot_table(data, values, index, columns, one, fill_value, margins) for one in aggfunc]
        names = [(_called(one), *(name if isinstance(name, tuple) else (name,))) for one, part in zip(aggfunc, parts) for name in part.columns]
        return DataFrame.of_([one for part in parts for one in part.values_], MultiIndex.from_tuples(names, [None, *parts[0].columns.names]), parts[0].index)
    if values is None:
        wanted = [name for name in wanted if data[name].dtype.kind in "iufb" or aggfunc in ("count", "first", "last", "min", "max", "nunique")]
    made = data.groupby(rows + heads)[sorted(wanted) if values is None else wanted].agg(aggfunc)
    if heads:
        if not rows:
            made = made.T
        else:
            single = isinstance(values, (str_, int))
            for _ in heads[1:]:
                made = unstacked_frame(made, -1, fill_value)
            if single and len(heads) == 1:
                made = unstacked(made[values], -1, None)
            else:
                made = unstacked_frame(made, -1, None) if len(heads) == 1 else made
                if single:
                    made.columns = made.columns.droplevel(0)
    elif made.columns.nlevels > 1:
        made = made.iloc[:, sorted(range(made.shape[1]), key=lambda at: made.columns[at])]
    else:
        made = made[sorted(made.columns)] if values is None or isinstance(values, list) else made
    if margins:
        made = _with_margins(made, data, rows, heads, wanted, aggfunc)
    if fill_value is not None:
        made = made.fillna(fill_value)
        whole = all(data[name].dtype.kind in "iu" for name in wanted) and aggfunc in ("sum", "count", "min", "max")
        made = made.astype("int64") if whole else made
    return made


def _with_margins(made, data, rows, heads, wanted, aggfunc):
    name = wanted[0]
    if heads:
        across = data.groupby(rows)[name].agg(aggfunc)
        made = made.copy()
        made["All"] = across.reindex(made.index)
        down = data.groupby(heads)[name].agg(aggfunc)
        row = {label: down.get(label, nan) for label in made.columns if label != "All"}
        row["All"] = Series(data[name]).agg(aggfunc)
    else:
        row = {label: data[label].agg(aggfunc) for label in made.columns}
    named = made.index.names
    label = "All" if made.index.nlevels == 1 else ("All", *[""] * (made.index.nlevels - 1))
    made = made._appended(label, row)
    made.index.names = named
    return made


def crosstab(index, columns, values=None, aggfunc=None, normalize=False, margins=False):
    a, b = (one if isinstance(one, Series) else Series(one) for one in (index, columns))
    names = [a.name if a.name is not None else "row_0", b.name if b.name is not None else "col_0"]
    frame = DataFrame.of_([a.values_, b.values_, infer([1] * len(a) if values is None else values)], [*names, "__value"], a.index)
    made = unstacked(frame.groupby(names)["__value"].agg("sum" if values is None else aggfunc), -1, 0 if values is None else None)
    if margins:
        made = _with_margins(made, frame, names[:1], names[1:], ["__value"], "sum")
        made.columns.name = names[1]
    if normalize:
        if normalize == "index":
            return made.div(made.sum(axis=1), axis=0)
        return made / (made.sum() if normalize == "columns" else made.sum().sum())
    return made


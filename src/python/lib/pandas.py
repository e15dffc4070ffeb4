"""pandas, of the size that showing, drawing and summing up a notebook's results needs."""

import numpy as np
from _pandas_compute import quantile
from _pandas_frame import DataFrame, concat
from _pandas_group import MergeError, crosstab, merge, pivot, pivot_table
from _pandas_index import DatetimeIndex, Index, MultiIndex, RangeIndex, labels_of
from _pandas_print import get_option, option_context, options, reset_option, set_option
from _pandas_series import Series
from _pandas_values import _DAY, _LEAST, NA, SPAN, TIME, Dtype, NaT, Timedelta, Timestamp, Values, infer, is_list, is_na, micros_of, missing, nan, time_item  # fmt: skip

__version__ = "3.1.1"
CategoricalDtype = lambda categories=None, ordered=False: Dtype("category", None if categories is None else list(categories), ordered)  # noqa: E731


def isna(obj):
    if isinstance(obj, (Series, DataFrame)):
        return obj.isna()
    if isinstance(obj, (list, np.ndarray, Index)):
        return np.array([is_na(x) for x in obj], bool)
    return is_na(obj)


def notna(obj):
    found = isna(obj)
    return not found if isinstance(found, bool) else ~found


isnull, notnull = isna, notna


def unique(values):
    return Series(values).unique()


def factorize(values, sort=False):
    return Series(values).factorize(sort)


def value_counts(values):
    return Series(values).value_counts()


def melt(frame, id_vars=None, value_vars=None, var_name=None, value_name="value"):
    return frame.melt(id_vars, value_vars, var_name, value_name)


def Categorical(values, categories=None, ordered=False):
    return Series(values).astype(CategoricalDtype(categories, ordered))


def array(data, dtype=None):
    return Series(data, dtype=dtype)


def to_numeric(arg, errors="raise"):
    series = arg if isinstance(arg, Series) else Series(list(arg) if is_list(arg) else [arg])
    if series.values_.dtype.kind in "iufb":
        return arg

    def number(x, at):
        if is_na(x):
            return nan
        try:
            return int(x)
        except (ValueError, TypeError):
            try:
                return float(x)
            except (ValueError, TypeError):
                if errors == "coerce":
                    return nan
                raise ValueError(f"Unable to parse string '{x}' at position {at}") from None

    made = series._map(lambda values: infer([number(x, at) for at, x in enumerate(values.data)]))
    return made if isinstance(arg, Series) else made.values if is_list(arg) else made.iloc[0]


def to_datetime(arg, errors="raise", dayfirst=False, format=None, unit=None, utc=None):
    if isinstance(arg, DataFrame):
        parts = {str(name).lower(): column.tolist() for name, column in arg.items()}
        rows = zip(*[parts.get(name, [0] * len(arg)) for name in ("year", "month", "day", "hour", "minute", "second")])
        return Series([Timestamp(*map(int, row)) for row in rows], index=arg.index)
    if is_na(arg):
        return NaT
    one = not is_list(arg)
    items = [arg] if one else list(arg)

    def micros(x):
        if is_na(x):
            return _LEAST
        try:
            if unit is not None:
                return round(x * {"s": 10**6, "ms": 1000, "us": 1, "ns": 0.001, "D": _DAY, "h": 3600 * 10**6, "m": 60 * 10**6}[unit])
            if format is not None and format not in ("ISO8601", "mixed"):
                from datetime import datetime

                try:
                    return micros_of(datetime.strptime(str(x), format))
                except ValueError as error:
                    raise ValueError(f'time data "{x}" doesn\'t match format "{format}"' if "does not match" in str(error) else str(error)) from None
            if dayfirst and isinstance(x, str) and not x[:4].isdigit():
                day, month, rest = x.replace("-", "/").replace(".", "/").split("/", 2)
                x = f"{month}/{day}/{rest}"
            return micros_of(x)
        except (ValueError, TypeError):
            if errors == "coerce":
                return _LEAST
            raise

    known = {}
    data = []
    for x in items:
        try:
            if x not in known:
                known[x] = micros(x)
            data.append(known[x])
        except TypeError:
            data.append(micros(x))
    if one:
        return time_item(data[0], TIME)
    values = Values(np.array(data, int), TIME)
    return Series(values, index=arg.index, name=arg.name) if isinstance(arg, Series) else DatetimeIndex(values)


def to_timedelta(arg, unit="ns"):
    one = not is_list(arg)
    items = [arg] if one else list(arg)
    data = [_LEAST if is_na(x) else micros_of(Timedelta(x, unit)) for x in items]
    if one:
        return time_item(data[0], SPAN)
    values = Values(np.array(data, int), SPAN)
    return Series(values, index=arg.index, name=arg.name) if isinstance(arg, Series) else Index(values)


def date_range(start=None, end=None, periods=None, freq=None, name=None):
    if freq is None and start is not None and end is not None and periods is not None:
        first, last = micros_of(start), micros_of(end)
        return DatetimeIndex(Values(np.array([first + (last - first) * i // (periods - 1) for i in range(periods)], int), TIME), name=name)
    if (start is None) + (end is None) + (periods is None) != 1:
        raise ValueError("Of the four parameters: start, end, periods, and freq, exactly three must be specified")
    freq = freq or "D"
    digits = "".join(c for c in freq if c.isdigit())
    step, unit = int(digits or 1), freq[len(digits) :]
    fixed = {"D": _DAY, "h": 3600 * 10**6, "min": 60 * 10**6, "s": 10**6, "W": 7 * _DAY, "W-SUN": 7 * _DAY, "ms": 1000}
    if unit in fixed:
        size = step * fixed[unit]
        first = micros_of(start) if start is not None else micros_of(end) - size * (periods - 1)
        if unit[0] == "W":
            unit = "W-SUN"
            first += (6 - (first // _DAY + 3) % 7) * _DAY
        count = periods if periods is not None else (micros_of(end) - first) // size + 1
        data = [first + size * i for i in range(max(count, 0))]
    else:
        data = _calendar(start, end, periods, unit, step)
    made = DatetimeIndex(Values(np.array(data, int), TIME), name=name, freq=(digits if step > 1 else "") + {"YS": "YS-JAN", "YE": "YE-DEC", "QS": "QS-JAN", "QE": "QE-DEC"}.get(unit, unit))
    return made


def _calendar(start, end, periods, unit, step):
    """Month, quarter and year starts and ends, and business days."""
    data = []
    if unit == "B":
        at = micros_of(start)
        while len(data) < periods if periods is not None else at <= micros_of(end):
            if (at // _DAY + 3) % 7 < 5:
                data.append(at)
            at += _DAY
        return data
    months = {"MS": 1, "ME": 1, "QS": 3, "QE": 3, "YS": 12, "YE": 12}.get(unit)
    if months is None:
        raise ValueError(f"Invalid frequency: {unit}")
    if start is None:
        raise ValueError("date_range() of months takes a start here")
    first = Timestamp(start)
    at, ends = first.year * 12 + first.month - 1, unit[1] == "E"
    while months > 1 and (at + 1 if ends else at) % months:
        at += 1
    while True:
        whole = Timestamp((at + ends) // 12, (at + ends) % 12 + 1, 1)
        micros = micros_of(whole) - ends * _DAY
        if (len(data) >= periods) if periods is not None else micros > micros_of(end):
            return data
        if micros >= micros_of(first):
            data.append(micros)
            at += months * step
        else:
            at += months


def get_dummies(data, prefix=None, prefix_sep="_", dummy_na=False, columns=None, drop_first=False, dtype=bool):
    def dummies(series, prefix):
        found = series.dtype.categories if series.dtype.name == "category" else sorted({x for x in series.tolist() if not is_na(x)})
        found = found[1:] if drop_first else found
        items = series.tolist()
        parts = [infer(np.array([x == one for x in items], bool)).astype(dtype) for one in found]
        return parts, [one if prefix is None else f"{prefix}{prefix_sep}{one}" for one in found]

    if not isinstance(data, DataFrame):
        data = data if isinstance(data, Series) else Series(data)
        parts, names = dummies(data, prefix)
        return DataFrame.of_(parts, names, data.index)
    chosen = [name for name, one in zip(data.columns, data.values_) if one.dtype.kind == "O"] if columns is None else labels_of(columns)
    rest = [name for name in data.columns if name not in chosen]
    parts, names = [data[name].values_ for name in rest], list(rest)
    for at, name in enumerate(chosen):
        mark = prefix[name] if isinstance(prefix, dict) else prefix[at] if isinstance(prefix, list) else prefix or name
        more, labels = dummies(data[name], mark)
        parts, names = parts + more, names + labels
    return DataFrame.of_(parts, names, data.index)


class Interval:
    def __init__(self, left, right, closed="right"):
        self.left, self.right, self.closed = left, right, closed

    mid = property(lambda self: (self.left + self.right) / 2)
    length = property(lambda self: self.right - self.left)

    def __contains__(self, x):
        return (self.left < x <= self.right) if self.closed == "right" else (self.left <= x < self.right)

    def __str__(self):
        return f"({self.left}, {self.right}]" if self.closed == "right" else f"[{self.left}, {self.right})"

    def __repr__(self):
        return f"Interval({self.left}, {self.right}, closed='{self.closed}')"

    def _key(self):
        return (self.left, self.right)

    def __eq__(self, other):
        return isinstance(other, Interval) and self._key() == other._key()

    def __lt__(self, other):
        return self._key() < other._key()

    def __gt__(self, other):
        return self._key() > other._key()

    def __hash__(self):
        return hash(self._key())


def cut(x, bins, right=True, labels=None, retbins=False, precision=3, include_lowest=False, ordered=True):
    series = x if isinstance(x, Series) else Series(x)
    data = series.values_.floats()
    if isinstance(bins, int):
        known = data[~np.isnan(data)]
        low, high = float(known.min()), float(known.max())
        if low == high:
            low, high = low - 0.001 * abs(low or 1), high + 0.001 * abs(high or 1)
        edges = np.linspace(low, high, bins + 1)
        if right:
            edges[0] -= (high - low) * 0.001
        else:
            edges[-1] += (high - low) * 0.001
    else:
        edges = np.asarray(list(bins), None)
        if (np.diff(edges) < 0).any():
            raise ValueError("bins must increase monotonically.")
    return _binned(series, data, edges, right, labels, retbins, precision, include_lowest, ordered, x)


def qcut(x, q, labels=None, retbins=False, precision=3, duplicates="raise"):
    series = x if isinstance(x, Series) else Series(x)
    marks = np.linspace(0, 1, q + 1).tolist() if isinstance(q, int) else list(q)
    edges = [float(quantile(series.values_, mark)) for mark in marks]
    if len(set(edges)) != len(edges):
        if duplicates == "raise":
            raise ValueError(f"Bin edges must be unique: {Index(edges)!r}.\nYou can drop duplicate edges by setting the 'duplicates' kwarg")
        edges = sorted(set(edges))
    return _binned(series, series.values_.floats(), np.array(edges, float), True, labels, retbins, precision, True, True, x)


def _binned(series, data, edges, right, labels, retbins, precision, include_lowest, ordered, x):
    places = np.searchsorted(edges, data, "left" if right else "right")
    if include_lowest:
        places = np.where(data == edges[0], 1, places)
    if labels is not None and labels is not False and len(labels) != len(edges) - 1:
        raise ValueError("Bin labels must be one fewer than the number of bin edges")
    inside = [(0 < i < len(edges)) and v == v for i, v in zip(places.tolist(), data.tolist())]
    if labels is False:
        items = [i - 1 if ok else nan for i, ok in zip(places.tolist(), inside)]
        made = series._map(lambda values: infer(items))
    else:
        names = _intervals(edges.tolist(), right, precision, include_lowest) if labels is None else list(labels)
        items = [names[i - 1] if ok else nan for i, ok in zip(places.tolist(), inside)]
        made = series._map(lambda values: Values(items, Dtype("category", names, ordered)))
    return (made, edges) if retbins else made


def _intervals(edges, right, precision, include_lowest):
    def rounded(x, digits):
        if not isinstance(x, float) or x != x or x in (float("inf"), -float("inf")) or x == 0:
            return x
        whole = int(abs(x))
        places = digits if whole else digits - 1 - int(np.floor(np.log10(abs(x))).item())
        return float(np.round(np.array([x]), places)[0])

    while precision < 20:
        words = [rounded(x, precision) for x in edges]
        if len(set(words)) == len(set(edges)):
            break
        precision += 1
    if include_lowest and right:
        words[0] = rounded(words[0] - 10**-precision, precision + 1) if isinstance(words[0], float) else round(words[0] - 10**-precision, precision)
        words = [float(x) for x in words]
    return [Interval(a, b, "right" if right else "left") for a, b in zip(words, words[1:])]


def read_csv(filepath_or_buffer, sep=",", header="infer", names=None, index_col=None, usecols=None, dtype=None, nrows=None, skiprows=0, parse_dates=None, na_values=None):  # fmt: skip
    source = filepath_or_buffer
    if hasattr(source, "read"):
        text = source.read()
    else:
        if str(source).startswith(("http:", "https:")):
            raise ValueError("pd.read_csv reads files of the notebook; spark.read.csv asks for a page's file")
        with open(source) as file:
            text = file.read()
    rows = _rows(text, sep)[skiprows:]
    if not rows:
        raise ValueError("No columns to parse from file")
    if header == "infer":
        header = 0 if names is None else None
    titles = rows[header] if header is not None else [str(x) for x in range(len(rows[0]))]
    rows = rows[header + 1 :] if header is not None else rows
    rows = rows if nrows is None else rows[:nrows]
    labels = list(names) if names is not None else titles if header is not None else list(range(len(titles)))
    blank = {"", "NA", "NaN", "nan", "null", "NULL", "None", "N/A", "n/a", "<NA>", "#N/A", "-nan", "-NaN", *(labels_of(na_values) if na_values is not None else [])}
    parts = []
    for at in range(len(labels)):
        cells = [None if at >= len(row) or row[at] in blank else row[at] for row in rows]
        wanted = dtype.get(labels[at]) if isinstance(dtype, dict) else dtype
        parts.append(infer(cells, wanted) if wanted is not None else _typed(cells))
    made = DataFrame.of_(parts, [f"Unnamed: {at}" if label == "" else label for at, label in enumerate(labels)], RangeIndex(len(rows)))
    if parse_dates:
        for name in labels_of(parse_dates):
            made[name] = to_datetime(made[name])
    if usecols is not None:
        made = made[[name for name in made.columns if name in usecols]]
    if index_col is not None:
        made = made.set_index(made.columns[index_col] if isinstance(index_col, int) else index_col)
        if made.index.name is not None and str(made.index.name).startswith("Unnamed"):
            made.index.name = None
    return made


def _rows(text, sep):
    if '"' not in text:
        return [line.split(sep) for line in text.splitlines() if line]
    rows, row, cell, quoted, at = [], [], [], False, 0
    while at < len(text):
        c = text[at]
        if quoted:
            if c == '"' and text[at + 1 : at + 2] == '"':
                cell.append(c)
                at += 1
            elif c == '"':
                quoted = False
            else:
                cell.append(c)
        elif c == '"':
            quoted = True
        elif c == sep or c == "\n":
            row.append("".join(cell))
            cell = []
            if c == "\n":
                rows.append(row)
                row = []
        elif c != "\r":
            cell.append(c)
        at += 1
    if cell or row:
        rows.append([*row, "".join(cell)])
    return [row for row in rows if row != [""]]


def _typed(cells):
    known = [x for x in cells if x is not None]
    if not known:
        return missing(len(cells), infer([nan]).dtype)
    try:
        if all(x.strip().lstrip("+-").isdigit() for x in known):
            return infer([None if x is None else int(x) for x in cells])
        return infer([nan if x is None else float(x) if "_" not in x else int("x") for x in cells])
    except ValueError:
        pass
    if all(x in ("True", "False", "TRUE", "FALSE", "true", "false") for x in known):
        return infer([None if x is None else x.lower() == "true" for x in cells])
    return infer(cells)


def _elsewhere(name, instead):
    def missing(*args, **options):
        raise NotImplementedError(f"pd.{name}() is not in this small pandas: {instead}")

    return missing


read_parquet = _elsewhere("read_parquet", "spark.read.parquet(path).toPandas() is")
read_json = _elsewhere("read_json", "spark.read.json(path).toPandas() is")
read_sql = _elsewhere("read_sql", "spark.sql(query).toPandas() is")
read_excel = _elsewhere("read_excel", "pd.read_csv(path) is")


class errors:
    MergeError = MergeError


for _class in (DataFrame, Series, Index, MultiIndex, RangeIndex, DatetimeIndex, Timestamp, Timedelta):
    _class.__module__ = "pandas"

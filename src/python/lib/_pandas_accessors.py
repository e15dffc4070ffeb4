"""`.str`, `.dt` and `.cat` of a series."""

import re

import numpy as np
from _pandas_values import _DAY, _LEAST, BOOL, FLOAT, INT, OBJECT, STR, Dtype, Values, civil, infer, is_na, nan  # fmt: skip


class StringAccessor:
    """Texts of a series, one method of `str` for all of them; what is missing stays missing."""

    def __init__(self, series):
        if series.dtype.name not in ("str", "object", "category") or (series.dtype.name == "object" and len(series) and not any(isinstance(x, (str, list, tuple)) for x in series.values_.data)):
            kinds = {"i": "integer", "f": "floating", "b": "boolean", "M": "datetime64", "m": "timedelta64"}
            raise AttributeError(f"Can only use .str accessor with string values, not {kinds.get(series.dtype.kind, 'mixed')}")
        self._series = series

    def _each(self, f, kind="str"):
        def made(values):
            data = values.data
            if kind == "bool":
                return Values(np.array([f(x) if isinstance(x, str) else False for x in data], bool), BOOL)
            found = [f(x) if isinstance(x, (str, list, tuple)) else nan for x in data]
            if kind == "str":
                return Values(found, STR if values.dtype.name == "str" else OBJECT)
            if kind == "int":
                return infer(found) if found else Values(np.array([], int), INT)
            return Values(found, OBJECT)

        return self._series._map(made)

    def contains(self, pat, case=True, flags=0, na=None, regex=True):
        if regex:
            found = re.compile(pat, flags if case else flags | re.IGNORECASE)
            return self._each(lambda x: found.search(x) is not None, "bool")
        return self._each(lambda x: pat in x if case else pat.lower() in x.lower(), "bool")

    def match(self, pat, case=True, flags=0, na=None):
        found = re.compile(pat, flags if case else flags | re.IGNORECASE)
        return self._each(lambda x: found.match(x) is not None, "bool")

    def fullmatch(self, pat, case=True, flags=0, na=None):
        found = re.compile(pat, flags if case else flags | re.IGNORECASE)
        return self._each(lambda x: found.fullmatch(x) is not None, "bool")

    def startswith(self, pat, na=None):
        return self._each(lambda x: x.startswith(pat), "bool")

    def endswith(self, pat, na=None):
        return self._each(lambda x: x.endswith(pat), "bool")

    def replace(self, pat, repl=None, n=-1, case=None, flags=0, regex=False):
        if not regex:
            return self._each(lambda x: x.replace(pat, repl, n))
        found = re.compile(pat, flags)
        return self._each(lambda x: found.sub(repl, x, max(n, 0)))

    def split(self, pat=None, n=-1, expand=False, regex=None):
        return self._expanded(lambda x: x.split(pat, n if n else -1), expand)

    def rsplit(self, pat=None, n=-1, expand=False):
        return self._expanded(lambda x: x.rsplit(pat, n if n else -1), expand)

    def _expanded(self, f, expand):
        made = self._each(f, "object")
        if not expand:
            return made
        from _pandas_frame import DataFrame
        from _pandas_index import RangeIndex

        width = max((len(x) for x in made.values_.data if isinstance(x, list)), default=0)
        columns = [Values([(x[i] if i < len(x) else None) if isinstance(x, list) else nan for x in made.values_.data], OBJECT) for i in range(width)]
        return DataFrame.of_([Values([nan if is_na(x) else x for x in c.data], STR) for c in columns], RangeIndex(width), self._series.index)

    def extract(self, pat, flags=0, expand=True):
        from _pandas_frame import DataFrame

        found = re.compile(pat, flags)
        rows = [(found.search(x) if isinstance(x, str) else None) for x in self._series.values_.data]
        names = {at: name for name, at in found.groupindex.items()}
        columns = [Values([nan if row is None or row.group(i + 1) is None else row.group(i + 1) for row in rows], STR) for i in range(found.groups)]
        frame = DataFrame.of_(columns, [names.get(i + 1, i) for i in range(found.groups)], self._series.index)
        return frame if expand or found.groups > 1 else frame.iloc[:, 0].rename(self._series.name)

    def findall(self, pat, flags=0):
        return self._each(lambda x: re.findall(pat, x, flags), "object")

    def count(self, pat, flags=0):
        return self._each(lambda x: len(re.findall(pat, x, flags)), "int")

    def len(self):
        return self._each(len, "int")

    def find(self, sub, start=0, end=None):
        return self._each(lambda x: x.find(sub, start, end), "int")

    def get(self, i):
        return self._each(lambda x: x[i] if -len(x) <= i < len(x) else nan)

    def __getitem__(self, key):
        if isinstance(key, slice):
            return self._each(lambda x: x[key])
        return self.get(key)

    def slice(self, start=None, stop=None, step=None):
        return self._each(lambda x: x[start:stop:step])

    def pad(self, width, side="left", fillchar=" "):
        return self._each(lambda x: x.rjust(width, fillchar) if side == "left" else x.ljust(width, fillchar) if side == "right" else x.center(width, fillchar))

    def repeat(self, repeats):
        return self._each(lambda x: x * repeats)

    def join(self, sep):
        return self._each(lambda x: sep.join(x))

    def cat(self, others=None, sep="", na_rep=None):
        if others is None:
            return sep.join(na_rep if is_na(x) else x for x in self._series.values_.data if na_rep is not None or not is_na(x))
        pairs = zip(self._series.values_.data, list(others))
        return self._series._map(lambda values: Values([nan if is_na(x) or is_na(y) else x + sep + y for x, y in pairs], STR))

    def get_dummies(self, sep="|"):
        from _pandas_frame import DataFrame

        rows = [set(x.split(sep)) if isinstance(x, str) else set() for x in self._series.values_.data]
        names = sorted(set().union(*rows) - {""})
        return DataFrame.of_([Values(np.array([int(name in row) for row in rows], int), INT) for name in names], names, self._series.index)

    def __getattr__(self, name):
        if name in ("lower", "upper", "strip", "lstrip", "rstrip", "title", "capitalize", "swapcase", "casefold", "zfill", "ljust", "rjust", "center", "removeprefix", "removesuffix", "translate"):  # fmt: skip
            return lambda *args: self._each(lambda x: getattr(x, name)(*args))
        if name in ("isdigit", "isalpha", "isalnum", "isnumeric", "isspace", "isupper", "islower", "istitle", "isdecimal"):
            return lambda: self._each(lambda x: getattr(x, name)(), "bool")
        raise AttributeError(f"'StringMethods' object has no attribute '{name}'")


class DateAccessor:
    """Parts of times and of spans, computed for all at once."""

    def __init__(self, series):
        if series.dtype.kind not in "Mm":
            raise AttributeError("Can only use .dt accessor with datetimelike values")
        self._series = series

    def _made(self, data, dtype=Dtype("int32")):
        values = self._series.values_
        gone = values.isna()
        if gone.any() and dtype.kind in "iu":
            data, dtype = np.where(gone, nan, data), FLOAT
        return self._series._map(lambda _: Values(data, dtype))

    def _texts(self, f):
        return self._series._map(lambda values: infer([nan if is_na(x) else f(x) for x in values.tolist()]))

    def __getattr__(self, name):
        micros = self._series.values_.data
        if self._series.dtype.kind == "m":
            if name == "days":
                return self._made(micros // _DAY, INT)
            if name == "seconds":
                return self._made(micros % _DAY // 10**6)
        elif name in ("year", "month", "day", "quarter"):
            year, month, day = civil(micros)
            return self._made({"year": year, "month": month, "day": day, "quarter": (month + 2) // 3}[name])
        elif name in ("hour", "minute", "second", "microsecond"):
            size, count = {"hour": (3600 * 10**6, 24), "minute": (60 * 10**6, 60), "second": (10**6, 60), "microsecond": (1, 10**6)}[name]
            return self._made(micros // size % count)
        elif name in ("dayofweek", "day_of_week", "weekday"):
            return self._made((micros // _DAY + 3) % 7)
        elif name in ("dayofyear", "day_of_year"):
            return self._texts(lambda x: x.dayofyear).astype("int32")
        elif name in ("date", "time"):
            return self._series._map(lambda values: Values([x if is_na(x) else getattr(x, name)() for x in values.tolist()], OBJECT))
        elif name in ("is_month_start", "is_month_end", "is_year_start", "is_year_end", "is_quarter_start"):
            year, month, day = civil(micros + (_DAY if name.endswith("end") else 0))
            first = {"month": day == 1, "year": (day == 1) & (month == 1), "quarter": (day == 1) & (month % 3 == 1)}[name.split("_")[1]]
            return self._made(first, BOOL)
        raise AttributeError(f"'DatetimeProperties' object has no attribute '{name}'")

    def total_seconds(self):
        return self._made(np.where(self._series.values_.isna(), nan, self._series.values_.data / 10**6), FLOAT)

    def isocalendar(self):
        from _pandas_frame import DataFrame

        rows = [x.isocalendar() for x in self._series.tolist()]
        return DataFrame([list(row) for row in rows], columns=["year", "week", "day"], index=self._series.index)

    def day_name(self):
        return self._texts(lambda x: x.strftime("%A"))

    def month_name(self):
        return self._texts(lambda x: x.strftime("%B"))

    def strftime(self, date_format):
        return self._texts(lambda x: x.strftime(date_format))

    def normalize(self):
        return self.floor("D")

    def _to(self, freq, half):
        from _pandas_values import _UNITS

        size = _UNITS[freq]
        data = self._series.values_.data
        return self._made(np.where(self._series.values_.isna(), _LEAST, (data + int(size * half)) // size * size), self._series.dtype)

    def floor(self, freq):
        return self._to(freq, 0)

    def ceil(self, freq):
        from _pandas_values import _UNITS

        return self._to(freq, 1 - 1 / _UNITS[freq])

    def round(self, freq):
        return self._to(freq, 0.5)

    def to_pydatetime(self):
        return np.array([x.to_pydatetime() for x in self._series.tolist()], object)


class CatAccessor:
    def __init__(self, series):
        if series.dtype.name != "category":
            raise AttributeError("Can only use .cat accessor with a 'category' dtype")
        self._series = series

    @property
    def categories(self):
        from _pandas_index import Index

        return Index(self._series.dtype.categories)

    ordered = property(lambda self: self._series.dtype.ordered)

    @property
    def codes(self):
        place = {x: i for i, x in enumerate(self._series.dtype.categories)}
        codes = np.array([place.get(x, -1) for x in self._series.values_.keys()], int)
        made = self._series._map(lambda values: Values(codes, Dtype("int8")))
        made.name = None
        return made

    def rename_categories(self, new):
        old = self._series.dtype.categories
        names = new if isinstance(new, dict) else dict(zip(old, new))
        dtype = Dtype("category", [names.get(x, x) for x in old], self._series.dtype.ordered)
        return self._series._map(lambda values: Values([names.get(x, x) if not is_na(x) else nan for x in values.data], dtype))

    def set_categories(self, new, ordered=None):
        dtype = Dtype("category", list(new), self._series.dtype.ordered if ordered is None else ordered)
        return self._series._map(lambda values: Values([x if x in dtype.categories else nan for x in values.data], dtype))

    reorder_categories = set_categories

    def as_ordered(self):
        return self.set_categories(self._series.dtype.categories, True)


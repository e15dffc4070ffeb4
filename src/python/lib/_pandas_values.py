"""The values of a column: an array for numbers, truths and times, a list for everything else, and the dtype they have for pandas."""

import math
from datetime import date, datetime, timedelta

import numpy as np

nan = float("nan")
_LEAST = -9223372036854775808
_DAY = 86400_000000
_EPOCH = 719163 * _DAY


class _Missing:
    """The one value of a missing time (NaT)."""

    def __repr__(self):
        return "NaT"

    def __bool__(self):
        return True

    def _never(self, other):
        return False

    __eq__ = __lt__ = __le__ = __gt__ = __ge__ = _never

    def __ne__(self, other):
        return True

    def __hash__(self):
        return _LEAST

    def _same(self, other=None):
        return self

    __add__ = __radd__ = __sub__ = __rsub__ = __neg__ = _same
    year = month = day = hour = minute = second = nan


class _Unknown(_Missing):
    """pandas.NA: what is done with it is unknown, too."""

    __eq__ = __ne__ = __lt__ = __le__ = __gt__ = __ge__ = __mul__ = __truediv__ = _Missing._same
    __add__ = __radd__ = __sub__ = __rsub__ = __rmul__ = __rtruediv__ = _Missing._same

    def __repr__(self):
        return "<NA>"

    def __bool__(self):
        raise TypeError("boolean value of NA is ambiguous")

    def __hash__(self):
        return 1


NaT, NA = _Missing(), _Unknown()
_FORMATS = ("%Y-%m-%d", "%Y-%m-%d %H:%M:%S", "%Y/%m/%d", "%m/%d/%Y", "%d.%m.%Y", "%B %d, %Y", "%d %B %Y", "%b %d, %Y", "%d %b %Y", "%Y%m%d", "%m/%d/%Y %H:%M:%S", "%Y-%m", "%Y")  # fmt: skip


class Timestamp(datetime):
    def __init__(self, ts_input, month=None, day=None, hour=0, minute=0, second=0, microsecond=0, tzinfo=None):
        if month is None:
            made = _parsed(ts_input)
            ts_input, month, day = made.year, made.month, made.day
            if isinstance(made, datetime):
                hour, minute, second, microsecond, tzinfo = made.hour, made.minute, made.second, made.microsecond, made.tzinfo
        super().__init__(ts_input, month, day, hour, minute, second, microsecond, tzinfo)

    def __repr__(self):
        return f"Timestamp('{self}')"

    def __sub__(self, other):
        made = super().__sub__(other)
        return Timedelta(made) if type(made) is timedelta else made

    dayofweek = day_of_week = property(lambda self: self.weekday())
    dayofyear = day_of_year = property(lambda self: self.timetuple()[7])
    quarter = property(lambda self: (self.month + 2) // 3)
    value = property(lambda self: (self._micros() - _EPOCH) * 1000)

    def day_name(self):
        return self.strftime("%A")

    def month_name(self):
        return self.strftime("%B")

    def normalize(self):
        return Timestamp(self.year, self.month, self.day)

    def to_pydatetime(self):
        return datetime(self.year, self.month, self.day, self.hour, self.minute, self.second, self.microsecond)


class Timedelta(timedelta):
    def __init__(self, value=0, unit="ns", **parts):
        if isinstance(value, timedelta):
            self._set(value._micros())
        elif isinstance(value, str):
            self._set(_duration(value))
        else:
            self._set(round(value * _UNITS[unit.rstrip("s") if len(unit) > 2 else unit]))
            for name, part in parts.items():
                self._set(self._micros() + timedelta(**{name: part})._micros())

    def __repr__(self):
        return f"Timedelta('{self}')"

    def __str__(self):
        return span_text(self._micros())


_UNITS = {"ns": 0.001, "us": 1, "microsecond": 1, "ms": 1000, "s": 10**6, "second": 10**6, "m": 60 * 10**6, "min": 60 * 10**6, "minute": 60 * 10**6, "h": 3600 * 10**6, "hour": 3600 * 10**6, "D": _DAY, "d": _DAY, "day": _DAY, "W": 7 * _DAY}  # fmt: skip


def _duration(text):
    total, words = 0, text.replace("days", "day").split()
    while words:
        word = words.pop(0)
        if ":" in word:
            hours, minutes, seconds = word.split(":")
            total += int(hours) * 3600_000000 + int(minutes) * 60_000000 + round(float(seconds) * 10**6)
        else:
            at = next((i for i, c in enumerate(word) if c.isalpha()), len(word))
            total += round(float(word[:at]) * _UNITS[(word[at:] or words.pop(0)).removesuffix("s") or "s"])
    return total


def span_text(micros, short=False):
    if micros == _LEAST:
        return "NaT"
    days, rest = divmod(micros, _DAY)
    if short:
        return f"{days} days"
    seconds, part = divmod(rest, 10**6)
    sign = "+" if days < 0 else ""
    text = f"{days} days {sign}{seconds // 3600:02d}:{seconds // 60 % 60:02d}:{seconds % 60:02d}"
    return f"{text}.{part:06d}" if part else text


def _parsed(text):
    """The time that a text, a date or a count of nanoseconds means."""
    if isinstance(text, date):
        return text
    if isinstance(text, (int, float, np.int64)):
        return datetime(1970, 1, 1) + timedelta(microseconds=int(text) // 1000)
    text = str(text)
    try:
        return datetime.fromisoformat(text.strip().replace("Z", "+00:00"))
    except ValueError:
        pass
    for form in _FORMATS:
        try:
            return datetime.strptime(text.strip(), form)
        except ValueError:
            pass
    raise ValueError(f"Unknown datetime string format, unable to parse: {text}")


def micros_of(value):
    if is_na(value):
        return _LEAST
    if isinstance(value, timedelta):
        return value._micros()
    if not isinstance(value, datetime):
        value = Timestamp(value)
    if value.tzinfo is not None:
        raise NotImplementedError("times with a zone are not supported in this pandas: use .replace(tzinfo=None)")
    return value._micros() - _EPOCH


def is_na(value):
    return value is None or value is NaT or value is NA or (isinstance(value, (float, np.float64)) and value != value)


def is_list(value):
    return isinstance(value, (list, tuple, np.ndarray, dict, set, range)) or hasattr(value, "values_") or (hasattr(value, "__len__") and not isinstance(value, (str, bytes)))


class Dtype:
    """A dtype by its name; equal to that name, to Python's type for it and to NumPy's dtype."""

    def __init__(self, name, categories=None, ordered=False):
        self.name, self.categories, self.ordered = name, categories, ordered

    @property
    def kind(self):
        return {"b": "b", "i": "i", "f": "f", "u": "u", "d": "M", "t": "m"}.get(self.name[0], "O")

    @property
    def itemsize(self):
        return 1 if self.name == "bool" else int("".join(c for c in self.name if c.isdigit()) or 64) // 8

    @property
    def type(self):
        return {"i": np.int64, "u": np.int64, "f": np.float64, "b": np.bool_}.get(self.kind, str if self.name == "str" else object)

    def __eq__(self, other):
        try:
            return self.name == dtype_of(other).name
        except TypeError:
            return False

    def __hash__(self):
        return hash(self.name)

    def __str__(self):
        return self.name

    def __repr__(self):
        if self.name == "str":
            return "<StringDtype(na_value=nan)>"
        if self.name == "category":
            return f"CategoricalDtype(categories={self.categories!r}, ordered={self.ordered})"
        return f"dtype('{ {'object': 'O', 'datetime64[us]': '<M8[us]', 'timedelta64[us]': '<m8[us]'}.get(self.name, self.name)}')"


_NUMBERS = ("int64", "int32", "int16", "int8", "uint8", "uint16", "uint32", "float64", "float32", "bool")
_NAMES = {"int": "int64", "float": "float64", "bool": "bool", "str": "str", "object": "object", "string": "str", "O": "object", "Int64": "float64", "boolean": "object", "bool_": "bool", "i8": "int64", "f8": "float64", "datetime": "datetime64[us]", "datetime64": "datetime64[us]", "datetime64[ns]": "datetime64[us]", "datetime64[s]": "datetime64[us]", "<M8[us]": "datetime64[us]", "timedelta": "timedelta64[us]", "timedelta64": "timedelta64[us]", "timedelta64[ns]": "timedelta64[us]", "Timestamp": "datetime64[us]", "category": "category"}  # fmt: skip
_KNOWN = {name: Dtype(name) for name in (*_NUMBERS, *_NAMES.values())}


def dtype_of(wanted):
    if isinstance(wanted, Dtype):
        return wanted
    name = wanted.__name__ if isinstance(wanted, type) else str(wanted)
    found = _KNOWN.get(name) or _KNOWN.get(_NAMES.get(name))
    if found is None:
        raise TypeError(f"data type '{name}' not understood")
    return found


INT, FLOAT, BOOL, STR, OBJECT = (_KNOWN[name] for name in ("int64", "float64", "bool", "str", "object"))
TIME, SPAN = _KNOWN["datetime64[us]"], _KNOWN["timedelta64[us]"]


def float32(data):
    """Rounded to 24 bits (Veltkamp's splitting)."""
    big = data * 536870913.0
    return np.where(np.isfinite(big), big - (big - data), data)


def narrowed(data, dtype):
    """An array within the range of a smaller dtype, as its arithmetic wraps and rounds."""
    if dtype.name == "float32":
        return float32(data)
    bits = dtype.itemsize * 8
    if dtype.kind in "iu" and bits < 64:
        low = 0 if dtype.kind == "u" else -(2 ** (bits - 1))
        return (data - low) % 2**bits + low
    return data


class Values:
    def __init__(self, data, dtype):
        self.data, self.dtype = data, dtype

    def __len__(self):
        return len(self.data)

    @property
    def is_array(self):
        return self.dtype.kind != "O"

    @property
    def is_number(self):
        return self.dtype.kind in "iuf"

    def __getitem__(self, at):
        value = self.data[at]
        if self.dtype.kind in "Mm":
            return time_item(int(value), self.dtype)
        return value

    def tolist(self):
        if self.dtype.kind in "Mm":
            return [time_item(value, self.dtype) for value in self.data.tolist()]
        return self.data.tolist() if self.is_array else list(self.data)

    def keys(self):
        """Hashable stand-ins for the values, missing ones None."""
        if self.dtype.kind == "f":
            return [None if x != x else x for x in self.data.tolist()]
        if self.dtype.kind in "Mm":
            return [None if x == _LEAST else x for x in self.data.tolist()]
        if self.is_array:
            return self.data.tolist()
        return [None if is_na(x) else x for x in self.data]

    def take(self, places):
        if self.is_array:
            return Values(self.data[np.asarray(places, int)], self.dtype)
        data = self.data
        return Values([data[i] for i in (places.tolist() if isinstance(places, np.ndarray) else places)], self.dtype)

    def pick(self, places):
        """As `take`, with -1 for what is missing."""
        if isinstance(places, np.ndarray):
            places = places.tolist()
        if not places or min(places) >= 0:
            return self.take(places)
        if not len(self):
            return missing(len(places), self.dtype)
        wide = self
        if self.dtype.kind in "iu":
            wide = self.astype(FLOAT)
        elif self.dtype.kind == "b":
            wide = Values(self.tolist(), OBJECT)
        made = wide.take(places)
        made.data = made.data if wide.is_array else list(made.data)
        blank = nan if not wide.is_array or wide.dtype.kind == "f" else _LEAST
        if wide.is_array:
            made.data[np.asarray(places) < 0] = blank
        else:
            made.data = [blank if i < 0 else x for i, x in zip(places, made.data)]
        return made

    def part(self, cut):
        return Values(self.data[cut], self.dtype)

    def isna(self):
        kind = self.dtype.kind
        if kind == "f":
            return np.isnan(self.data)
        if kind in "Mm":
            return self.data == _LEAST
        if self.is_array:
            return np.zeros(len(self), bool)
        return np.array([x is None or x is NaT or x is NA or x != x if type(x) is not np.ndarray else False for x in self.data], bool)

    def known(self):
        gone = self.isna()
        return self.take(np.nonzero(~gone)[0]) if gone.any() else self

    def astype(self, wanted):
        dtype = dtype_of(wanted)
        if dtype.name == self.dtype.name and (dtype.name != "category" or dtype.categories is None):
            return self
        name, kind = dtype.name, dtype.kind
        if name == "category":
            return categorical(self, dtype)
        if name == "object":
            return Values(self.tolist(), OBJECT)
        if name == "str":
            if self.dtype.kind == "f":
                return Values([nan if x != x else repr(x) for x in self.data.tolist()], STR)
            return Values([nan if is_na(x) else str(x) for x in self.tolist()], STR)
        if kind in "Mm":
            return Values(np.array([micros_of(x) for x in self.tolist()], int), dtype)
        if not self.is_array:
            items = [nan if x is None and kind == "f" else x for x in self.data]
            if kind == "b":
                return Values(np.array([bool(x) for x in items], bool), BOOL)
            try:
                data = np.array([float(x) if kind == "f" else int(x) for x in items], float if kind == "f" else int)
            except ValueError as error:
                if any(isinstance(x, float) and x != x for x in items):
                    raise ValueError("cannot convert float NaN to integer") from None
                raise
            return Values(narrowed(data, dtype), dtype)
        if kind in "iu" and self.dtype.kind == "f" and not np.isfinite(self.data).all():
            raise ValueError("Cannot convert non-finite values (NA or inf) to integer. Replace or remove non-finite values or cast to an integer type that supports these values (e.g. 'Int64')")
        return Values(narrowed(self.data.astype({"f": float, "b": bool}.get(kind, int)), dtype), dtype)

    def floats(self):
        return self.astype(FLOAT).data

    def order(self, ascending=True, na_position="last"):
        """The places of the values in order, equal ones as they stand, missing ones at an end."""
        gone = self.isna()
        if self.dtype.kind == "O" and self.dtype.name != "category" or gone.any():
            rows = [i for i, x in enumerate(gone.tolist()) if not x]
            data = self.data.tolist() if self.is_array else self.data
            rows.sort(key=lambda i: data[i], reverse=not ascending)
            lost = np.nonzero(gone)[0].tolist()
            return rows + lost if na_position == "last" else lost + rows
        data = self.data if self.is_array else np.array([self.dtype.categories.index(x) for x in self.data], int)
        if ascending:
            return np.argsort(data, kind="stable").tolist()
        return (len(data) - 1 - np.argsort(data[::-1], kind="stable"))[::-1].tolist()

    def copy(self):
        return Values(self.data.copy(), self.dtype)

    def numpy(self):
        return self.data if self.dtype.kind in "iufb" else np.array(self.tolist(), object)


def time_item(micros, dtype):
    if micros == _LEAST:
        return NaT
    return Timestamp._at(micros + _EPOCH) if dtype.kind == "M" else Timedelta(micros, "us")


def missing(count, dtype=OBJECT):
    kind = dtype.kind
    if kind in "Mm":
        return Values(np.full(count, _LEAST, int), dtype)
    return Values([nan] * count, dtype) if kind in "Ob" else Values(np.full(count, nan, float), FLOAT)


def categorical(values, dtype):
    known = dtype.categories
    if known is None:
        found = {x: None for x in values.keys() if x is not None}
        made = infer(values.known().tolist()) if values.dtype.kind in "Mm" else infer(list(found))
        try:
            known = made.take(made.order()).tolist()
        except TypeError:
            known = made.tolist()
    places = set(known)
    return Values([x if not is_na(x) and x in places else nan for x in values.tolist()], Dtype("category", list(known), dtype.ordered))


_KIND = {bool: "b", int: "i", float: "f", str: "s", type(None): "n", _Missing: "t", Timestamp: "t", datetime: "t", timedelta: "d", Timedelta: "d", np.int64: "i", np.float64: "f", np.bool_: "b"}  # fmt: skip


def infer(items, dtype=None):
    """Values of Python's own, with the dtype that pandas gives them."""
    if isinstance(items, Values):
        return items if dtype is None else items.astype(dtype)
    if isinstance(items, np.ndarray):
        if items.ndim != 1:
            raise ValueError("Data must be 1-dimensional")
        kind = items.dtype.kind
        if kind in "ifb":
            made = Values(items.copy(), {"i": INT, "f": FLOAT, "b": BOOL}[kind])
            return made if dtype is None else made.astype(dtype)
        items = items.tolist()
    items = list(items)
    if dtype is not None and dtype_of(dtype).name in ("object", "category"):
        return Values(items, OBJECT).astype(dtype)
    kinds = {_KIND.get(kind, "o") for kind in set(map(type, items))}
    if "f" in kinds and not kinds <= {"f", "i", "n"}:
        # A missing text or truth is a NaN as well.
        if all(x != x for x in items if type(x) in (float, np.float64)):
            kinds = (kinds - {"f"}) | {"n"}
    if kinds == {"b"}:
        made = Values(np.array(items, bool), BOOL)
    elif kinds == {"i"}:
        made = Values(np.array(items, int), INT) if max(items) < 2**63 and min(items) >= _LEAST else Values(items, OBJECT)
    elif kinds and kinds <= {"i", "f", "n"} and kinds != {"n"}:
        made = Values(np.array([nan if x is None else x for x in items] if "n" in kinds else items, float), FLOAT)
    elif "s" in kinds and kinds <= {"s", "n"}:
        made = Values([nan if x is None else x for x in items] if "n" in kinds else items, STR)
    elif "t" in kinds and kinds <= {"t", "n"} and not all(getattr(x, "tzinfo", None) for x in items if x is not None):
        made = Values(np.array([micros_of(x) for x in items], int), TIME)
    elif "d" in kinds and kinds <= {"d", "n", "t"} and all(x is NaT for x in items if _KIND.get(type(x)) == "t"):
        made = Values(np.array([micros_of(x) for x in items], int), SPAN)
    else:
        made = Values(items, OBJECT)
    return made if dtype is None else made.astype(dtype)


def joined(parts):
    """Values one after the other, with a dtype that holds them all."""
    kept = [part for part in parts if len(part)] or parts[:1]
    names = {part.dtype.name for part in kept}
    if len(names) == 1:
        dtype = kept[0].dtype
    elif names <= set(_NUMBERS) - {"bool"}:
        dtype = dtype_of("float64" if any(n[0] == "f" for n in names) else max(names, key=lambda n: dtype_of(n).itemsize))
    else:
        dtype = OBJECT
    kept = [part.astype(dtype) if dtype.name != "category" else part for part in kept]
    if dtype.name == "category" and any(p.dtype.categories != dtype.categories for p in kept):
        dtype = OBJECT
    if dtype.kind != "O":
        return Values(np.concatenate([part.data for part in kept]), dtype)
    return Values([x for part in kept for x in part.data], dtype)


def factorize(values, sort=False):
    """A code for each value in the order of their first places (or sorted), -1 for missing ones, and where each code was first."""
    keys, known = values.keys(), {None: -1}
    codes = [known.setdefault(key, len(known) - 1) for key in keys]
    firsts, seen = [], 0
    for at, code in enumerate(codes):
        if code == seen:
            firsts.append(at)
            seen += 1
    if sort and firsts:
        try:
            order = values.take(firsts).order()
        except TypeError:
            return codes, firsts
        places = [0] * len(order)
        for new, old in enumerate(order):
            places[old] = new
        places.append(-1)
        codes, firsts = [places[code] for code in codes], [firsts[i] for i in order]
    return codes, firsts


def civil(micros):
    """Year, month, day of times, each an array (Hinnant's algorithm)."""
    z = micros // _DAY + 719468
    era = z // 146097
    doe = z - era * 146097
    yoe = (doe - doe // 1460 + doe // 36524 - doe // 146096) // 365
    doy = doe - (365 * yoe + yoe // 4 - yoe // 100)
    mp = (5 * doy + 2) // 153
    month = np.where(mp < 10, mp + 3, mp - 9)
    return yoe + era * 400 + (month <= 2), month, doy - (153 * mp + 2) // 5 + 1


def fsum(items):
    return math.fsum(items)

"""What is computed from values: operators, reductions, running figures, ranks, and setting of items."""

import operator

import numpy as np
from _pandas_values import _LEAST, BOOL, FLOAT, INT, OBJECT, SPAN, STR, TIME, NaT, Timedelta, Values, dtype_of, float32, infer, is_na, micros_of, nan, narrowed, time_item  # fmt: skip

OPERATORS = {
    "add": operator.add, "sub": operator.sub, "mul": operator.mul, "truediv": operator.truediv, "floordiv": operator.floordiv,
    "mod": operator.mod, "pow": operator.pow, "eq": operator.eq, "ne": operator.ne, "lt": operator.lt, "le": operator.le,
    "gt": operator.gt, "ge": operator.ge, "and": operator.and_, "or": operator.or_, "xor": operator.xor,
}  # fmt: skip
_COMPARE = ("eq", "ne", "lt", "le", "gt", "ge")


def _kind(x):
    if isinstance(x, Values):
        return x.dtype.kind if x.dtype.name not in ("str", "category") else x.dtype.name[0]
    return {bool: "b", np.bool_: "b", int: "i", np.int64: "i", float: "f", np.float64: "f", str: "s"}.get(type(x), "x")


def _narrow(name, a, b):
    """The dtype of a result of numbers: NumPy's promotion; a plain number takes the other's."""
    if name == "truediv":
        return "float32" if any(isinstance(x, Values) and x.dtype.name == "float32" for x in (a, b)) and "float64" not in [x.dtype.name for x in (a, b) if isinstance(x, Values)] else "float64"
    names = [x.dtype.name for x in (a, b) if isinstance(x, Values) and x.dtype.name != "bool"]
    if any(n[0] == "f" for n in names):
        return "float32" if all(n in ("float32", "int8", "int16", "uint8") for n in names) else "float64"
    if _kind(a) == "f" or _kind(b) == "f":
        return "float64"
    return max(names, key=lambda n: int(n.lstrip("uint"))) if names else "int64"


def binary(name, a, b):
    """An operator on values and values, or values and one value."""
    op, kinds = OPERATORS[name], _kind(a) + _kind(b)
    size = len(a) if isinstance(a, Values) else len(b)
    if isinstance(a, Values) and isinstance(b, Values) and len(a) != len(b):
        raise ValueError(f"operands could not be broadcast together with shapes ({len(a)},) ({len(b)},) ")
    if "M" in kinds or "m" in kinds:
        return _timed(name, op, a, b)
    left, right = (x.data if isinstance(x, Values) else x for x in (a, b))
    if kinds[0] in "bif" and kinds[1] in "bif":
        if name in _COMPARE:
            return Values(op(left, right), BOOL)
        if name in ("and", "or", "xor"):
            if "f" in kinds:
                raise TypeError(f"unsupported operand type(s) for {'&' if name == 'and' else '|' if name == 'or' else '^'}: '{'float' if kinds[0] == 'f' else 'int'}' and '{'float' if kinds[1] == 'f' else 'bool'}'")
            return Values(op(left, right), BOOL if kinds == "bb" else INT)
        if kinds == "bb" and name in ("add", "mul"):
            return Values(left | right if name == "add" else left & right, BOOL)
        if name in ("floordiv", "mod") and "f" not in kinds and np.any(np.asarray(right) == 0):
            left = left.astype(float) if isinstance(a, Values) else float(left)
            data = left / right if name == "floordiv" else left % np.where(np.asarray(right) == 0, nan, right)
            return Values(np.where(np.isfinite(data), np.floor(data), data), FLOAT)
        if kinds == "bb":
            left, right = (np.asarray(x).astype(int) if isinstance(x, np.ndarray) else int(x) for x in (left, right))
        if name == "pow" and "f" not in kinds and kinds[1] == "i" and np.any(np.asarray(right) < 0):
            raise ValueError("Integers to negative integer powers are not allowed.")
        dtype = dtype_of(_narrow(name, a, b))
        data = op(left, right)
        return Values(narrowed(data if data.dtype.kind == dtype.kind[0].replace("u", "i") else data.astype(float), dtype), dtype)
    lefts = left if isinstance(a, Values) and not isinstance(left, np.ndarray) else left.tolist() if isinstance(a, Values) else [left] * size
    rights = right if isinstance(b, Values) and not isinstance(right, np.ndarray) else right.tolist() if isinstance(b, Values) else [right] * size
    if name in _COMPARE:
        return Values(np.array(_compared(name, op, lefts, rights, a, b), bool), BOOL)
    if name in ("and", "or", "xor"):
        lefts, rights = ([False if is_na(x) else bool(x) for x in xs] for xs in (lefts, rights))
        return Values(np.array([op(x, y) for x, y in zip(lefts, rights)], bool), BOOL)
    if "s" in kinds and ("i" in kinds or "f" in kinds) and name in ("add", "sub", "truediv"):
        other = a if kinds[1] == "s" else b
        if isinstance(other, Values):
            raise TypeError(f"operation '{name if _kind(a) == 's' else 'r' + name}' not supported for dtype 'str' with dtype '{other.dtype}'")
        raise TypeError(f"can only concatenate str (not \"{type(other).__name__}\") to str" if name == "add" else f"unsupported operand type(s) for -: 'str' and '{type(other).__name__}'")
    found = [nan if is_na(x) or is_na(y) else op(x, y) for x, y in zip(lefts, rights)]
    return Values(found, STR if "s" in kinds and name in ("add", "mul") else OBJECT)


def _compared(name, op, lefts, rights, a, b):
    if name in ("eq", "ne"):
        blank = name == "ne"
        return [blank if is_na(x) or is_na(y) else op(x, y) for x, y in zip(lefts, rights)]
    categories = a.dtype.categories if isinstance(a, Values) and a.dtype.name == "category" and a.dtype.ordered else None
    if categories:
        place = {x: i for i, x in enumerate(categories)}
        return [not is_na(x) and op(place[x], place[y]) for x, y in zip(lefts, rights)]
    return [False if is_na(x) or is_na(y) else op(x, y) for x, y in zip(lefts, rights)]


def _timed(name, op, a, b):
    kinds = []
    datas = []
    for x in (a, b):
        if isinstance(x, Values):
            kinds.append(x.dtype.kind)
            if x.dtype.kind not in "Mmif":
                made = infer(x.data) if not x.is_array else x
                if made.dtype.kind not in "Mm":
                    made = x.astype(TIME)
                kinds[-1], x = made.dtype.kind, made
            datas.append(x.data)
        elif isinstance(x, (int, float, np.int64, np.float64)) and not is_na(x):
            kinds.append("f")
            datas.append(x)
        else:
            other = a if isinstance(a, Values) else b
            span = hasattr(x, "total_seconds") or (is_na(x) and other.dtype.kind == "m") or (isinstance(x, str) and other.dtype.kind == "m")
            kinds.append("m" if span else "M")
            datas.append(micros_of(Timedelta(x) if span and isinstance(x, str) else x))
    kinds = "".join(kinds)
    gone = _gone(datas[0], kinds[0]) | _gone(datas[1], kinds[1])
    if name in _COMPARE:
        found = op(datas[0], datas[1])
        return Values(np.where(gone, name == "ne", found).astype(bool), BOOL)
    if kinds == "mm" and name == "truediv":
        return Values(np.where(gone, nan, datas[0] / datas[1]), FLOAT)
    result = {"MMsub": SPAN, "Mmadd": TIME, "mMadd": TIME, "Mmsub": TIME, "mmadd": SPAN, "mmsub": SPAN}.get(kinds + name)
    if kinds in ("mf", "fm", "mi", "im") and name in ("mul", "truediv", "floordiv"):
        result = SPAN
    if result is None:
        names = [x.dtype if isinstance(x, Values) else type(x).__name__ for x in (a, b)]
        raise TypeError(f"unsupported operand type(s) for {name}: '{names[0]}' and '{names[1]}'")
    data = op(datas[0], datas[1])
    data = np.trunc(data).astype(int) if data.dtype.kind == "f" else data
    return Values(np.where(gone, _LEAST, data), result)


def _gone(data, kind):
    if kind not in "Mm":
        return np.isnan(np.asarray(data, float)) if kind == "f" else np.asarray(data) != data
    return np.asarray(data) == _LEAST


def _nothing(name, values):
    raise TypeError(f"Cannot perform reduction '{name}' with {'string dtype' if values.dtype == STR else f'dtype {values.dtype}'}")


def reduce(values, name, skipna=True, ddof=1):
    """One figure of values: sum, mean, min, max, count, …"""
    found = _reduced(values, name, skipna, ddof)
    return float32(np.array([found]))[0] if values.dtype.name == "float32" and isinstance(found, np.float64) else found


def _reduced(values, name, skipna, ddof):
    kind = values.dtype.kind
    if name == "count":
        return np.int64(len(values) - int(values.isna().sum()))
    if name == "size":
        return np.int64(len(values))
    if name in ("any", "all"):
        items = [x for x in values.tolist() if not is_na(x)]
        return np.bool_(any(items) if name == "any" else all(items))
    if kind == "f" and not skipna and np.isnan(values.data).any():
        return np.float64(nan)
    known = values.known()
    if name == "nunique":
        return len(set(known.keys()))
    if name == "first":
        return known[0] if len(known) else nan
    if name == "last":
        return known[-1] if len(known) else nan
    data = known.data
    if kind in "Mm":
        if not len(known):
            return NaT
        if name in ("min", "max"):
            return time_item(int(data.min() if name == "min" else data.max()), values.dtype)
        if name in ("mean", "median") or (name == "sum" and kind == "m"):
            found = int(data.sum()) if name == "sum" else int(sum(data.tolist()) / len(data)) if name == "mean" else int(np.median(data))
            return time_item(found, values.dtype)
        if name == "std":
            return time_item(int(np.std(data, ddof=1)), SPAN)
        raise TypeError(f"datetime64 type does not support operation '{name}'")
    if name in ("min", "max"):
        if not len(known):
            return nan
        if values.is_array:
            found = data.min() if name == "min" else data.max()
            return found
        if values.dtype.name == "category":
            place = values.dtype.categories.index
            return (min if name == "min" else max)(data, key=place)
        return (min if name == "min" else max)(data)
    if kind == "O":
        if name == "sum":
            if values.dtype == STR:
                return "".join(data)
            if not data:
                return 0
            total = data[0]
            for x in data[1:]:
                total = total + x
            return total
        if values.dtype != OBJECT:
            _nothing(name, values)
        if any(isinstance(x, str) for x in data) and len(data):
            if name in ("mean", "median"):
                raise TypeError(f"Could not convert string '{''.join(map(str, data))}' to numeric" if name == "mean" else f"Cannot convert {data} to numeric")
            raise ValueError(f"could not convert string to float: {next(x for x in data if isinstance(x, str))!r}")
        data, kind = np.array([float(x) for x in data], float), "f"
    if name == "sum":
        return np.where(np.isnan(values.data), 0.0, values.data).sum() if kind == "f" and len(values) and values.is_array else data.sum() if len(data) else (np.float64(0.0) if kind == "f" else np.int64(0))
    if name == "prod":
        return data.prod()
    count = len(data)
    if not count:
        return np.float64(nan)
    floats = data.astype(float)
    if name == "mean":
        return np.float64(floats.sum() / count)
    if name == "median":
        return np.float64(np.median(floats))
    if name in ("var", "std", "sem"):
        if count <= ddof:
            return np.float64(nan)
        # Missing values count as zeros of the sum, so that pairs are added as they stand.
        full = values.floats() if values.is_array else floats
        gone = np.isnan(full)
        mean = np.where(gone, 0.0, full).sum() / count
        found = np.where(gone, 0.0, (mean - full) ** 2).sum() / (count - ddof)
        return np.float64(found if name == "var" else np.sqrt(found) if name == "std" else np.sqrt(found) / np.sqrt(count))
    if name in ("skew", "kurt"):
        apart = floats - floats.mean()
        m2 = (apart**2).sum()
        if count < (3 if name == "skew" else 4):
            return np.float64(nan)
        if m2 == 0:
            return np.float64(0.0)
        if name == "skew":
            return np.float64((count * (count - 1) ** 0.5 / (count - 2)) * ((apart * apart * apart).sum() / m2**1.5))
        adjust = 3 * (count - 1) ** 2 / ((count - 2) * (count - 3))
        return np.float64(count * (count + 1) * (count - 1) * ((apart * apart) ** 2).sum() / ((count - 2) * (count - 3) * m2**2) - adjust)
    raise AttributeError(f"no reduction '{name}'")


def quantile(values, q, interpolation="linear"):
    data = values.known().data
    if not values.is_array:
        _nothing("quantile", values)
    if not len(data):
        return nan
    if values.dtype.kind in "Mm":
        return time_item(int(np.quantile(data, q)), values.dtype)
    if interpolation != "linear":
        place = q * (len(data) - 1)
        ordered = np.sort(data)
        low, high = int(np.floor(place)), int(np.ceil(place))
        at = {"lower": low, "higher": high, "nearest": int(np.round(place))}.get(interpolation)
        return ordered[at] if at is not None else np.float64((ordered[low] + ordered[high]) / 2)
    return np.float64(np.quantile(data.astype(float), q))


def running(values, name):
    """cumsum, cumprod, cummin, cummax; missing values stay and are passed over."""
    data = values.data
    if values.dtype.kind == "O":
        if name == "cumsum" and values.dtype == STR:
            found, total = [], ""
            for x in data:
                total += x
                found.append(total)
            return Values(found, STR)
        raise TypeError(f"the dtype '{values.dtype}' has no {name}")
    if values.dtype.kind == "b":
        data = data.astype(int)
    gone = values.isna()
    if name == "cumsum":
        made = np.cumsum(np.where(gone, 0, data) if gone.any() else data)
    elif name == "cumprod":
        made = np.cumprod(np.where(gone, 1, data) if gone.any() else data)
    else:
        best, choose, made = None, min if name == "cummin" else max, []
        for x, lost in zip(data.tolist(), gone.tolist()):
            best = best if lost else x if best is None else choose(best, x)
            made.append(x if lost else best)
        made = np.array(made, float if values.dtype.kind == "f" else int)
    if gone.any():
        made = np.where(gone, nan if values.dtype.kind == "f" else _LEAST, made)
    return Values(made, values.dtype if values.dtype.kind != "b" else INT)


def rank(values, method="average", ascending=True, pct=False, na_option="keep"):
    order = values.known().order(True)
    known = values.known().keys()
    made, at, dense = [0.0] * len(known), 0, 0
    if not ascending:
        order = values.known().order(False)
    while at < len(order):
        end = at
        while end + 1 < len(order) and known[order[end + 1]] == known[order[at]]:
            end += 1
        dense += 1
        for place in range(at, end + 1):
            made[order[place]] = {"average": (at + end) / 2 + 1, "min": at + 1, "max": end + 1, "first": place + 1, "dense": dense}[method]
        at = end + 1
    if pct:
        most = dense if method == "dense" else len(known)
        made = [x / most for x in made]
    found, gone = iter(made), values.isna().tolist()
    return Values(np.array([nan if lost else next(found) for lost in gone], float), FLOAT)


def fits(values, new):
    """Whether a value can stand among these."""
    name, kind = values.dtype.name, values.dtype.kind
    if is_na(new):
        return kind not in "iub"
    if kind in "iu":
        return isinstance(new, (int, np.int64)) and not isinstance(new, bool) or isinstance(new, (float, np.float64)) and new == int(new)
    if kind == "f":
        return isinstance(new, (int, float, np.int64, np.float64)) and not isinstance(new, bool)
    if kind == "b":
        return isinstance(new, (bool, np.bool_))
    if kind == "M":
        return hasattr(new, "year") or isinstance(new, str)
    if kind == "m":
        return hasattr(new, "total_seconds")
    if name == "category":
        return new in values.dtype.categories
    return isinstance(new, str) if name == "str" else True


def put(values, places, new):
    """The values with others at these places. Errors: `TypeError` for what the dtype can't hold."""
    places = places.tolist() if isinstance(places, np.ndarray) else places
    news = new.tolist() if isinstance(new, Values) else list(new) if isinstance(new, (list, tuple, np.ndarray)) else [new] * len(places)
    if len(news) != len(places):
        if len(news) != 1:
            raise ValueError(f"cannot set using a list-like indexer with a different length than the value")
        news = news * len(places)
    wrong = [x for x in news if not fits(values, x)]
    if wrong and not all(is_na(x) for x in wrong):
        bad = next(x for x in wrong if not is_na(x))
        if values.dtype.name == "category":
            raise TypeError("Cannot setitem on a Categorical with a new category (" + str(bad) + "), set the categories first")
        if len(news) == len(values):
            return infer(news)
        raise TypeError(f"Invalid value '{bad}' for dtype '{values.dtype}'")
    if wrong:
        values = values.astype(FLOAT) if values.is_number else Values(values.tolist(), OBJECT)
    data = values.data.copy()
    if values.is_array:
        if values.dtype.kind in "Mm":
            news = [micros_of(x) for x in news]
        elif values.dtype.kind == "f":
            news = [nan if is_na(x) else x for x in news]
        data[np.asarray(places, int)] = np.array(news)
    else:
        for at, x in zip(places, news):
            data[at] = nan if values.dtype.name != "object" and is_na(x) else x
    return Values(data, values.dtype)


def filled(values, new):
    """The values with another one where they are missing."""
    gone = np.nonzero(values.isna())[0]
    if not len(gone):
        return values
    if values.dtype.name == "object":
        data = list(values.data)
        news = new.tolist() if isinstance(new, Values) else None
        for at in gone.tolist():
            data[at] = news[at] if news else new
        return Values(data, OBJECT)
    if isinstance(new, Values):
        return put(values, gone, new.take(gone))
    if not fits(values, new) and values.dtype.kind in "fO":
        return Values([new if is_na(x) else x for x in values.tolist()], OBJECT)
    return put(values, gone, new)


def shifted(values, periods, fill=None):
    count = len(values)
    places = [i - periods if 0 <= i - periods < count else -1 for i in range(count)]
    if fill is not None:
        return put(values.take([max(i, 0) for i in places]), [at for at, i in enumerate(places) if i < 0], fill)
    return values.pick(places)


def same(a, b):
    """Whether values are equal, missing ones to each other."""
    return a.dtype.name == b.dtype.name and a.keys() == b.keys()


"""How pandas prints: columns of texts of one width, cut in the middle when there are too many."""

import numpy as np
from _pandas_values import _DAY, _LEAST, NA, NaT, infer, is_na, span_text, time_item


class _Display:
    """`pd.options.display`, as a notebook has it."""

    def __init__(self):
        self.max_rows, self.min_rows, self.max_columns, self.width, self.max_colwidth = 60, 10, 20, 80, 50
        self.precision, self.float_format, self.show_dimensions = 6, None, "truncate"


class _Options:
    display = _Display()


options = _Options()
display = options.display


def _option(name):
    short = name.removeprefix("display.")
    if not hasattr(display, short):
        raise KeyError(f"No such keys(s): {name!r}")
    return short


def set_option(*args):
    for name, value in zip(args[::2], args[1::2]):
        setattr(display, _option(name), value)


def get_option(pat):
    return getattr(display, _option(pat))


def reset_option(pat):
    fresh = _Display()
    for name in vars(fresh) if pat in ("all", "display") else [_option(pat)]:
        setattr(display, name, getattr(fresh, name))


class option_context:
    def __init__(self, *args):
        self.args = args

    def __enter__(self):
        self.old = [x for name in self.args[::2] for x in (name, get_option(name))]
        set_option(*self.args)

    def __exit__(self, *exception):
        set_option(*self.old)


def word(x, quoted=False, depth=0):
    """One value as it stands in a cell."""
    if isinstance(x, str):
        text = x.replace("\t", "\\t").replace("\r", "\\r").replace("\n", "\\n")
        return f"'{text}'" if quoted else text
    if depth < 3:
        if isinstance(x, dict):
            return "{" + ", ".join(f"{word(k, True, depth + 1)}: {word(v, True, depth + 1)}" for k, v in x.items()) + "}"
        if isinstance(x, (list, np.ndarray)):
            return "[" + ", ".join(word(y, quoted, depth + 1) for y in list(x)[:100]) + "]"
        if isinstance(x, tuple):
            return "(" + ", ".join(word(y, quoted, depth + 1) for y in x) + ("," if len(x) == 1 else "") + ")"
        if isinstance(x, (set, frozenset)):
            return "{" + ", ".join(word(y, True, depth + 1) for y in x) + "}"
    return str(x)


def _is_decimal(text):
    digits = text.strip().lstrip("+-")
    whole, point, part = digits.partition(".")
    return bool(point) and whole.isdigit() and (part.isdigit() or not part)


def _trimmed(texts):
    decimal = [_is_decimal(text) for text in texts]
    numbers = [text for text, known in zip(texts, decimal) if known]
    cut = 0
    while numbers and all(text[: len(text) - cut].endswith("0") for text in numbers):
        cut += 1
    texts = [text[: len(text) - cut] if known else text for text, known in zip(texts, decimal)]
    return [text + "0" if known and text.endswith(".") else text for text, known in zip(texts, decimal)]


def _floats(data, na="NaN"):
    items, digits = data.tolist(), display.precision
    if display.float_format:
        return [na if x != x else display.float_format(x) for x in items]

    def texts(form):
        return _trimmed([na if x != x else format(x, form) for x in items])

    made = texts(f" .{digits}f")
    sizes = [abs(x) for x in items if x == x]
    large = any(x > 1e6 for x in sizes)
    small = any(0 < x < 10**-digits for x in sizes)
    if small or (large and max(map(len, made), default=0) > digits + 6):
        return texts(f" .{digits}e")
    return made


def times(values):
    """Times as texts: days alone when they all are, else with the parts of seconds that they need."""
    known = [x for x in values.data.tolist() if x != _LEAST]
    whole = all(x % _DAY == 0 for x in known)
    if values.dtype.kind == "m":
        return [span_text(x, whole) for x in values.data.tolist()]
    places = 0 if all(x % 10**6 == 0 for x in known) else 3 if all(x % 1000 == 0 for x in known) else 6
    made = []
    for x in values.data.tolist():
        stamp = time_item(x, values.dtype)
        text = str(stamp) if stamp is NaT or not whole else str(stamp.date())
        if places and stamp is not NaT:
            text = text[:19] + f".{x % 10**6:06d}"[: places + 1]
        made.append(text)
    return made


def _object(x):
    if is_na(x):
        return " " + ("None" if x is None else str(x) if x is NaT or x is NA else "NaN")
    if isinstance(x, (float, np.float64)):
        return _trimmed([f"{x: .{display.precision}f}"])[0] if not display.float_format else display.float_format(x)
    return " " + word(x)


def texts(values):
    kind = values.dtype.kind
    if kind == "f":
        return _floats(values.data)
    if kind in "Mm":
        return times(values)
    if kind in "iu":
        return [format(x, " d") for x in values.data.tolist()]
    if values.dtype.name == "category":
        plain = infer(values.data)
        return texts(plain) if plain.dtype.kind != "O" else [_object(x) for x in values.data]
    return [_object(x) for x in values.tolist()]


def fixed(items, justify="right", least=0):
    """Texts of one width; those wider than a column may be are cut."""
    if not items:
        return items
    width = max(least, max(map(len, items)))
    most = display.max_colwidth
    if most is not None and width > most:
        width = most
        items = [text[: width - 3] + "..." if len(text) > width else text for text in items]
    return [text.ljust(width) if justify == "left" else text.rjust(width) for text in items]


def glued(space, *columns):
    """Columns of texts beside each other, with some space between them."""
    columns = [[text.ljust(max(map(len, column)) + space * (at < len(columns) - 1)) for text in column] for at, column in enumerate(columns)]
    return ["".join(column[row] for column in columns if row < len(column)) for row in range(max(map(len, columns)))]


def labels(values):
    """Texts of an index's values."""
    kind = values.dtype.kind
    if kind == "O":
        return ["NaN" if isinstance(x, (float, np.float64)) and x != x else word(x) for x in values.data]
    made = times(values) if kind in "Mm" else [str(x) for x in values.data.tolist()] if kind in "iub" else _floats(values.data)
    while made and kind == "f" and all(text.startswith(" ") for text in made):
        made = [text[1:] for text in made]
    return fixed(made, "left") if kind != "b" else made


def name_text(name):
    return "" if name is None else word(name)


def index_columns(index, names, sparse=True):
    """The columns of texts of an index, its names on top when wanted."""
    if index.nlevels == 1 and not hasattr(index, "parts_"):
        return [([name_text(index.name)] if names else []) + labels(index.values_)]
    levels = [labels(level) for level in index.levels_()]
    if sparse:
        rows = list(zip(*levels))
        levels = [list(level) for level in levels]
        for at in range(len(rows) - 1, 0, -1):
            for level in range(len(levels) - 1):
                if rows[at][: level + 1] == rows[at - 1][: level + 1]:
                    levels[level][at] = ""
    return [([name_text(name)] if names else []) + list(level) for name, level in zip(index.names, levels)]


def _cut(count, most, least):
    if not most or count <= most:
        return None
    shown = min(least, most) if least else most
    return max(shown // 2, 1)


def series_text(series, most="option", footer=True):
    count = len(series)
    most = display.max_rows if most == "option" else most
    dtype = series.dtype
    half = _cut(count, most, display.min_rows)
    words = [] if series.name is None else [f"Name: {name_text(series.name)}"]
    words += [f"Length: {count}"] if half else []
    foot = ", ".join([*words, f"dtype: {dtype}"])
    freq = getattr(series.index, "freq", None)
    if freq:
        foot = f"Freq: {freq}, {foot}"
    if dtype.name == "category":
        foot += "\n" + categories_text(dtype)
    if not count:
        return f"Series([], {foot})"
    shown = series.iloc[list(range(half)) + list(range(count - half, count))] if half else series
    index = index_columns(shown.index, True)
    index = index[0] if len(index) == 1 else glued(2, *index)
    values = fixed(texts(shown.values_))
    if half:
        width = len(values[half - 1])
        values.insert(half, ("..." if width > 3 else "..").center(width))
        index.insert(half + 1, "")
    lines = glued(3, index[1:], values)
    if any(name is not None for name in series.index.names):
        lines.insert(0, index[0])
    return "\n".join(lines + ([foot] if footer and foot else []))


def categories_text(dtype):
    found = infer(dtype.categories)
    items = [f"'{x}'" if isinstance(x, str) else str(x) for x in dtype.categories]
    if len(items) > 10:
        items = items[:5] + ["..."] + items[-5:]
    first = dtype.categories[0] if dtype.categories else None
    name = f"interval[{infer([first.left, first.right]).dtype}, {first.closed}]" if hasattr(first, "closed") else found.dtype.name
    head, between = f"Categories ({len(dtype.categories)}, {name}): ", " < " if dtype.ordered else ", "
    text, width = "", len(head)
    for item in items:
        if width + len(between) + len(item) > display.width:
            text += between.rstrip() + "\n" + " " * (len(head) + 1)
            width = len(head) + 1
        elif text:
            text += between
            width += len(between)
        text += item
        width += len(item)
    return f"{head}[{text.replace(' < ... < ', ' ... ')}]"


def frame_columns(frame, half_rows, half_columns, index=True):
    """The frame as columns of texts with their headers."""
    count, wide = frame.shape
    shown = frame
    if half_columns:
        shown = shown.iloc[:, list(range(half_columns)) + list(range(wide - half_columns, wide))]
    if half_rows:
        shown = shown.iloc[list(range(half_rows)) + list(range(count - half_rows, count))]
    columns = shown.columns
    heads = index_columns(columns, False)
    named = index and any(name is not None for name in frame.index.names)
    made = []
    for at, values in enumerate(shown.values_):
        head = [level[at] for level in heads]
        if columns.nlevels == 1 and values.dtype.kind in "iufb":
            head = [" " + head[0]]
        head += [""] if named else []
        cells = texts(values) if index else [text.removeprefix(" ") for text in texts(values)]
        cells = fixed(cells, "right", max(map(len, head)))
        width = max(map(len, cells + head))
        made.append([text.rjust(width) for text in head] + cells)
    if index:
        rows = glued(1, *[fixed(column, "left") for column in index_columns(shown.index, named)])
        top = [name_text(name) for name in columns.names]
        made.insert(0, top + rows)
    heads_count = columns.nlevels + bool(named)
    if half_columns:
        made.insert(half_columns + index, [" ..."] * len(made[0]))
    if half_rows:
        for at, column in enumerate(made):
            dotted = half_columns and at == half_columns + index
            width = 4 if dotted else len(column[half_rows])
            dots = "..." if width > 3 or dotted else ".."
            column.insert(half_rows + heads_count, dots.ljust(width) if at == 0 and index else dots.rjust(width))
    return made


def frame_text(frame, most="option", most_columns="option", width="option", dimensions="option", index=True):
    count, wide = frame.shape
    if not wide or not count:
        return f"Empty DataFrame\nColumns: {brief(frame.columns)}\nIndex: {brief(frame.index)}"
    half_rows = _cut(count, display.max_rows if most == "option" else most, display.min_rows if most == "option" else None)
    limit = display.max_columns if most_columns == "option" else most_columns
    half_columns = _cut(wide, limit, None)
    made = frame_columns(frame, half_rows, half_columns, index)
    text = _wrapped(made, display.width if width == "option" else width, index)
    if (half_rows or half_columns) and dimensions == "option" or dimensions is True:
        text += f"\n\n[{count} rows x {wide} columns]"
    return text


def brief(index):
    items = [word(x) for x in index.tolist()]
    return "[" + ", ".join(items if len(items) <= 100 else [*items[:100], "..."]) + "]"


def _wrapped(columns, width, index):
    """Columns beside each other, in several blocks when they are wider than the line."""
    if not width:
        return "\n".join(glued(1, *columns))
    front = columns[:1] if index else []
    room = width - (max(map(len, front[0])) + 1 if front else 0)
    rest = columns[1:] if index else columns
    ends, used = [], 0
    for at, column in enumerate(rest):
        size = max(map(len, column)) + 1
        used += size
        over = used + 1 > room if at == len(rest) - 1 else used + 2 > room
        if over and at > 0:
            ends.append(at)
            used = size
    blocks, start = [], 0
    for end in [*ends, len(rest)]:
        block = front + rest[start:end]
        if ends:
            block = block + ([[" \\"] + ["  "] * (len(block[-1]) - 1)] if end < len(rest) else [[" "] * len(block[-1])])
        blocks.append("\n".join(glued(1, *block)))
        start = end
    return "\n\n".join(blocks)


def index_text(index):
    """The repr of an index."""
    values, kind = index.values_, index.values_.dtype.kind
    name = f", name={index.name!r}" if index.name is not None else ""
    title = type(index).__name__
    if index.nlevels > 1:
        return _multi_text(index)
    if kind in "Mm":
        items = [f"'{text}'" if text != "NaT" else text for text in times(values)]
    elif kind == "f":
        items = [text.strip() for text in _floats(values.data, "nan")]
    else:
        items = ["nan" if isinstance(x, float) and x != x else word(x, True) if isinstance(x, (str, tuple)) else str(x) for x in values.tolist()]
    tail = f"dtype='{values.dtype}'{name}" + (f", length={len(items)}" if len(items) > 100 else "")
    if values.dtype.name == "category":
        title = "CategoricalIndex"
        tail = f"categories={brief_quoted(values.dtype.categories)}, ordered={values.dtype.ordered}, {tail}"
    if kind in "Mm":
        freq = getattr(index, "freq", None)
        tail += f", freq={freq!r}" if freq or kind == "M" else ", freq=None"
    return _listed(title, items, tail, kind in "ifuMm" or not all(isinstance(x, str) for x in values.data))


def brief_quoted(items):
    return "[" + ", ".join(word(x, True) for x in items) + "]"


def _listed(title, items, tail, justify):
    start = f"{title}(["
    indent = " " * len(start)
    count = len(items)
    cut = count > 100
    shown = items[:10] + items[-10:] if cut else items
    whole = f"{start}{', '.join(shown)}], {tail})"
    if not cut and (len(shown) <= 1 or len(f"{start}{', '.join(shown)}],") <= 80 and len(f"], {tail})") <= 80):
        if len(whole) <= 80 or len(f"{start}{', '.join(shown)}], ") < 80 and len(shown) < 3:
            return whole
        line = f"{start}{', '.join(shown)}],"
        if len(line) < 80:
            return f"{line}\n{' ' * (len(title) + 1)}{tail})"
    if justify:
        width = max(map(len, shown))
        shown = [text.rjust(width) for text in shown]
    lines, line = [], start
    for at, text in enumerate(shown):
        piece = text + ("," if at < len(shown) - 1 else "")
        if len(line.rstrip()) + 1 + len(piece) > 80 - 1 and line.strip() and line != start:
            lines.append(line.rstrip())
            line = indent
        line += piece + " "
        if cut and at == 9:
            lines += [line.rstrip(), indent + "..."]
            line = indent
    lines.append(line.rstrip() + "],")
    return "\n".join(lines) + f"\n{' ' * (len(title) + 1)}{tail})"


def _multi_text(index):
    rows = [[x if isinstance(x, str) else str(x) for x in level] for level in [labels(level) for level in index.levels_()]]
    quoted = [[f"'{x}'" if isinstance(y, str) else x for x, y in zip(row, level.tolist())] for row, level in zip(rows, index.levels_())]
    quoted = [[x.rjust(max(map(len, column))) for x in column] for column in quoted] if len(index) else quoted
    items = ["(" + ", ".join(parts) + ")" for parts in zip(*quoted)]
    names = f"names={brief_quoted(index.names)}" if any(n is not None for n in index.names) else ""
    length = f"length={len(items)}" if len(items) > 100 else ""
    tail = ", ".join(part for part in (names, length) if part)
    if len(items) > 100:
        items = [*items[:10], "...", *items[-10:]]
    body = "\n            ".join(item + ("," if at < len(items) - 1 and item != "..." else "") for at, item in enumerate(items))
    return f"MultiIndex([{body}],\n           {tail})"


"""A frame as something else: `info()`, CSV, JSON, HTML."""

import json

from _pandas_index import RangeIndex
from _pandas_print import frame_columns, times, word
from _pandas_values import Values, is_na


def info(frame, memory):
    count, lines = len(frame), ["<class 'pandas.DataFrame'>"]
    index = frame.index
    ends = f", {index[0]} to {index[-1]}" if count else ""
    lines.append(f"{type(index).__name__}: {count} entries{ends}")
    kinds = {}
    for one in frame.values_:
        kinds[one.dtype.name] = kinds.get(one.dtype.name, 0) + 1
    if not frame.values_:
        lines.append("Empty DataFrame")
        return print("\n".join(lines))
    lines.append(f"Data columns (total {len(frame.values_)} columns):")
    names = [word(name) for name in frame.columns]
    counts = [f"{int((~one.isna()).sum())} non-null" for one in frame.values_]
    heads = [" # ", "Column", "Non-Null Count", "Dtype"]
    columns = [[f" {at}" for at in range(len(names))], names, counts, [one.dtype.name for one in frame.values_]]
    widths = [max(len(head), *map(len, column)) for head, column in zip(heads, columns)]
    lines.append("  ".join(head.ljust(width) for head, width in zip(heads, widths)))
    lines.append("  ".join(("-" * (len(head) if at else 3)).ljust(width) for at, (head, width) in enumerate(zip(heads, widths))))
    lines += ["  ".join(text.ljust(width) for text, width in zip(row, widths)) for row in zip(*columns)]
    lines.append("dtypes: " + ", ".join(f"{name}({kinds[name]})" for name in sorted(kinds)))
    if not memory:
        return print("\n".join(lines), end="")
    # Texts lie one after the other, as in Arrow.
    size = sum(count * 8 + sum(len(x.encode()) for x in one.known().data) if one.dtype.name == "str" else count * one.dtype.itemsize for one in frame.values_) + (132 if isinstance(index, RangeIndex) else count * 8)
    plus = "+" if "object" in kinds else ""
    for unit in ("bytes", "KB", "MB"):
        if size < 1024:
            break
        size /= 1024
    lines.append(f"memory usage: {size:.1f}{plus} {unit}")
    return print("\n".join(lines))


def _cells(values, na_rep):
    if values.dtype.kind in "Mm":
        return [na_rep if text == "NaT" else text for text in times(values)]
    return [na_rep if is_na(x) else str(x) for x in values.tolist()]


def _quoted(text, sep):
    return '"' + text.replace('"', '""') + '"' if sep in text or '"' in text or "\n" in text or "\r" in text else text


def csv(frame, path, sep, index, header, na_rep):
    columns = [_cells(one, na_rep) for one in frame.values_]
    names = [word(name) for name in frame.columns]
    if index:
        columns = [_cells(level, na_rep) for level in frame.index.levels_()] + columns
        names = ["" if name is None else word(name) for name in frame.index.names] + names
    rows = ([names] if header else []) + [list(row) for row in zip(*columns)]
    text = "".join(sep.join(_quoted(cell, sep) for cell in row) + "\n" for row in rows)
    if path is None:
        return text
    if hasattr(path, "write"):
        return path.write(text) and None
    with open(path, "w") as file:
        file.write(text)
    return None


def to_json(frame, path, orient, lines):
    def plain(values):
        if values.dtype.kind in "Mm":
            return [None if is_na(x) else x.isoformat(timespec="milliseconds") for x in values.tolist()]
        return [None if is_na(x) else x for x in values.tolist()]

    columns = [plain(Values(one.data, one.dtype)) for one in frame.values_]
    names, rows = frame.columns.tolist(), list(zip(*columns))
    if lines or orient == "records":
        made = [json.dumps(dict(zip(names, row)), separators=(",", ":"), ensure_ascii=True) for row in rows]
        text = "".join(one + "\n" for one in made) if lines else "[" + ",".join(made) + "]"
    else:
        made = {str(name): dict(zip(map(str, frame.index), column)) for name, column in zip(names, columns)}
        if orient == "index":
            made = {str(label): dict(zip(names, row)) for label, row in zip(frame.index, rows)}
        elif orient == "split":
            made = {"columns": names, "index": frame.index.tolist(), "data": [list(row) for row in rows]}
        elif orient == "values":
            made = [list(row) for row in rows]
        text = json.dumps(made, separators=(",", ":"))
    if path is None:
        return text
    with open(path, "w") as file:
        file.write(text)
    return None


def html(frame):
    """The table of the first rows, as text of HTML."""

    def cell(kind, text):
        text = text.strip().replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
        return f"      <{kind}>{text}</{kind}>"

    columns = frame_columns(frame, None, None)
    rows = list(zip(*columns))
    heads = frame.columns.nlevels
    lines = ['<table border="1" class="dataframe">', "  <thead>"]
    for at, row in enumerate(rows):
        if at == heads:
            lines += ["  </thead>", "  <tbody>"]
        start = '    <tr style="text-align: right;">' if at < heads else "    <tr>"
        lines += [start, *[cell("th" if at < heads or i == 0 else "td", text) for i, text in enumerate(row)], "    </tr>"]
    return "\n".join([*lines, "  </tbody>", "</table>"])



def made(names, columns):
    """A frame of columns that come from elsewhere, each the name of its dtype and its data."""
    from _pandas_frame import DataFrame
    from _pandas_index import Index
    from _pandas_values import dtype_of

    values = [Values(data, dtype_of(kind)) for kind, data in columns]
    return DataFrame.of_(values, Index(names), RangeIndex(len(values[0]) if values else 0))


def lists(over):
    """The names of the columns, of their dtypes, and their values, missing ones None."""
    columns = over.values_ if over.ndim == 2 else [over.values_]
    datas = []
    for one in columns:
        items = one.keys()
        if one.dtype.kind == "M":
            items = [None if is_na(x) else x.to_pydatetime() for x in one.tolist()]
        elif one.dtype.kind == "m":
            items = [None if is_na(x) else x for x in one.tolist()]
        datas.append(items)
    names = [".".join(map(str, x)) if isinstance(x, tuple) else str(x) for x in over.columns] if over.ndim == 2 else [str(over.name)]
    return names, [one.dtype.name for one in columns], datas


def labelled(frame):
    """The frame with its labels as columns, unless they only count the rows."""
    if isinstance(frame.index, RangeIndex) and frame.index.name is None and frame.index.start == 0 and frame.index.step == 1:
        return frame
    from _pandas_frame import DataFrame

    names = ["" if name is None else str(name) for name in frame.index.names]
    labels = [".".join(map(str, name)) if isinstance(name, tuple) else str(name) for name in frame.columns]
    return DataFrame.of_([*frame.index.levels_(), *frame.values_], [*names, *labels], RangeIndex(len(frame)))

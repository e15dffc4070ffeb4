"""Charts in Matplotlib's words: lines, points, bars, histograms, boxes, error bars and images, one chart for each axes.

Sizes, colours and styles are the page's own: they are taken and left aside. What there isn't says so.
"""

import numpy as _np

import _beyond

from matplotlib import rcParams

_MARKERS = "o.,v^<>1234sp*hH+xXDd|_"


def _numbers(values):
    values = values.to_numpy() if hasattr(values, "to_numpy") else values
    values = _np.asarray(values.toArray() if hasattr(values, "toArray") else values)
    return values.ravel() if values.ndim > 1 else values.reshape(1) if values.ndim == 0 else values


def _texts(values):
    return [str(item) for item in values.tolist()]


def _named(values):
    return values.dtype == object and any(isinstance(item, str) for item in values.tolist())


def _counted(count, noun):
    return f"{count} {noun}" + ("" if count == 1 else "s")


class Artist:
    """Something that was drawn."""

    def __init__(self, kind):
        self._kind = kind

    def __repr__(self):
        return f"<matplotlib.{self._kind}>"

    def __getattr__(self, name):
        if name.startswith("set_"):
            return lambda *args, **options: None
        raise AttributeError(f"'{self._kind}' object has no attribute '{name}'")


class Axes:
    """One chart."""

    def __init__(self, figure):
        self.figure = figure
        self._layers, self._x, self._y, self._title = [], "", "", ""
        self._x_names = self._y_names = None
        self._x_range = self._y_range = None
        self._across, self._down = [], []

    def __repr__(self):
        return "<Axes: " + (f"title={{'center': {self._title!r}}}, " if self._title else "") + f"xlabel={self._x!r}, ylabel={self._y!r}>"

    def _places(self, values, which):
        """Numbers along an axis; texts stand side by side in their order."""
        values = _numbers(values)
        if not _named(values):
            return _np.asarray(values, float)
        names = getattr(self, which)
        names = [] if names is None else names
        for text in _texts(values):
            if text not in names:
                names.append(text)
        setattr(self, which, names)
        return _np.array([float(names.index(text)) for text in _texts(values)])

    def _add(self, kind, label, x, y, *more):
        label = "" if label is None or str(label).startswith("_") else str(label)
        self._layers.append((kind, label, x, y, *more))
        if kind != "bar":
            self._across.extend(_np.asarray(x, float).tolist())
            self._down.extend(_np.asarray(y, float).tolist())
        return label

    def plot(self, *args, label=None, marker=None, linestyle=None, ls=None, **options):
        """Lines; points when the format has a marker and no line."""
        args, drawn = list(args), []
        style = linestyle if linestyle is not None else ls
        while args:
            first = args.pop(0)
            second = args.pop(0) if args and not isinstance(args[0], str) else None
            form = args.pop(0) if args and isinstance(args[0], str) else ""
            x, y = (None, first) if second is None else (first, second)
            y = y.to_numpy() if hasattr(y, "to_numpy") else _np.asarray(y)
            columns = [y] if y.ndim < 2 else [y[:, j] for j in range(y.shape[1])]
            dots = any(c in _MARKERS for c in form) and "-" not in form and ":" not in form or style in ("", "none", "None", " ")
            for one in columns:
                one = self._places(one, "_y_names")
                across = _np.arange(len(one)) * 1.0 if x is None else self._places(x, "_x_names")
                if len(across) != len(one):
                    raise ValueError(f"x and y must have same first dimension, but have shapes {across.shape} and {one.shape}")
                self._add("scatter" if dots else "line", label, across, one)
                drawn.append(Artist("lines.Line2D"))
        return drawn

    def scatter(self, x, y, s=None, c=None, label=None, **options):
        """Points; `c` with few different values parts them into groups."""
        x, y = self._places(x, "_x_names"), self._places(y, "_y_names")
        if len(x) != len(y):
            raise ValueError("x and y must be the same size")
        groups = None if c is None or isinstance(c, str) else _numbers(c)
        if groups is not None and len(groups) == len(x) and len(_np.unique(groups)) <= 12:
            for group in _np.unique(groups).tolist():
                some = groups == group
                self._add("scatter", str(group), x[some], y[some])
        else:
            self._add("scatter", label, x, y)
        return Artist("collections.PathCollection")

    def _bars(self, names, values, label, which):
        names, values = _numbers(names), _np.asarray(_numbers(values), float)
        if len(values) == 1 and len(names) > 1:
            values = _np.full(len(names), values[0])
        whole = not _named(names) and bool(_np.all(_np.asarray(names, float) == _np.floor(_np.asarray(names, float))))
        texts = [str(int(name)) for name in names.tolist()] if whole else _texts(names)
        known = getattr(self, which)
        known = [] if known is None else known
        for text in texts:
            if text not in known:
                known.append(text)
        setattr(self, which, known)
        self._add("bar", label, texts, values)
        return Artist("container.BarContainer")

    def bar(self, x, height, width=0.8, bottom=None, *, align="center", label=None, **options):
        """A bar for each name."""
        return self._bars(x, height, label, "_x_names")

    def barh(self, y, width, height=0.8, left=None, *, align="center", label=None, **options):
        """Lying bars."""
        return self._bars(y, width, label, "_y_names")

    def hist(self, x, bins=10, range=None, density=False, label=None, **options):
        """How often values fall into each bin."""
        values = _np.asarray(_numbers(x), float)
        values = values[_np.isfinite(values)]
        counts, edges = _np.histogram(values, bins, range)
        if density:
            counts = counts / (_np.sum(counts) * _np.diff(edges))
        self._layers.append(("histogram", "" if label is None else str(label), edges, counts))
        self._across.extend(edges.tolist())
        self._down.extend([0.0, *counts.tolist()])
        if not self._y:
            self._y = "density" if density else "count"
        return counts, edges, Artist("container.BarContainer")

    def errorbar(self, x, y, yerr=None, xerr=None, fmt="", label=None, **options):
        """Means with a whisker to both sides."""
        x, y = self._places(x, "_x_names"), self._places(y, "_y_names")
        if fmt != "none" and ("-" in fmt or not fmt):
            self._add("line", label, x, y)
        if yerr is not None:
            spread = _np.asarray(yerr, float)
            spread = _np.full(len(y), spread.item()) if spread.ndim == 0 else _np.mean(spread, 0) if spread.ndim == 2 else spread
            self._add("errorbars", "", x, y, spread)
        return Artist("container.ErrorbarContainer")

    def fill_between(self, x, y1, y2=0, label=None, **options):
        """A band, drawn as its middle with whiskers."""
        x, low = self._places(x, "_x_names"), _np.asarray(_numbers(y1), float)
        high = _np.asarray(_numbers(y2), float) + _np.zeros(len(low))
        self._add("errorbars", label, x, (low + high) / 2, _np.abs(high - low) / 2)
        return Artist("collections.FillBetweenPolyCollection")

    def imshow(self, X, **options):
        """A coloured cell for each number."""
        cells = _np.asarray(X.to_numpy() if hasattr(X, "to_numpy") else X, float)
        if cells.ndim != 2:
            raise TypeError(f"Invalid shape {cells.shape} for image data")
        self._layers.append(("heatmap", "", [float(cells.shape[1])], cells.ravel()))
        self._x_names = [str(j) for j in range(cells.shape[1])]
        self._y_names = [str(i) for i in range(cells.shape[0])]
        return Artist("image.AxesImage")

    matshow = imshow

    def axhline(self, y=0, xmin=0, xmax=1, label=None, **options):
        """A straight line across."""
        self._layers.append(("across", "" if label is None else str(label), float(y), None))
        self._down.append(float(y))
        return Artist("lines.Line2D")

    def axvline(self, x=0, ymin=0, ymax=1, label=None, **options):
        """A straight line from bottom to top."""
        self._layers.append(("upright", "" if label is None else str(label), float(x), None))
        self._across.append(float(x))
        return Artist("lines.Line2D")

    def set_xlabel(self, xlabel, **options):
        self._x = str(xlabel)

    def set_ylabel(self, ylabel, **options):
        self._y = str(ylabel)

    def set_title(self, label, **options):
        self._title = str(label)

    def set(self, **options):
        for name, value in options.items():
            getattr(self, "set_" + name)(value)

    def set_xlim(self, left=None, right=None, **options):
        self._x_range = tuple(left) if right is None and left is not None and not isinstance(left, (int, float)) else (left, right)

    def set_ylim(self, bottom=None, top=None, **options):
        self._y_range = tuple(bottom) if top is None and bottom is not None and not isinstance(bottom, (int, float)) else (bottom, top)

    def _ticks(self, which, ticks, labels):
        if labels is not None and list(_numbers(ticks).tolist()) == list(range(len(labels))):
            setattr(self, which, [str(label) for label in labels])

    def set_xticks(self, ticks, labels=None, **options):
        self._ticks("_x_names", ticks, labels)

    def set_yticks(self, ticks, labels=None, **options):
        self._ticks("_y_names", ticks, labels)

    def set_xticklabels(self, labels, **options):
        self._ticks("_x_names", list(range(len(labels))), labels)

    def set_yticklabels(self, labels, **options):
        self._ticks("_y_names", list(range(len(labels))), labels)

    def legend(self, *args, **options):
        return Artist("legend.Legend")

    def grid(self, *args, **options):
        pass

    tick_params = invert_yaxis = invert_xaxis = set_xscale = set_yscale = set_aspect = margins = grid

    def get_figure(self):
        return self.figure

    def __getattr__(self, name):
        if name.startswith("_"):
            raise AttributeError(f"'Axes' object has no attribute '{name}'")
        raise NotImplementedError(f"ax.{name}() is not supported here: there are plot, scatter, bar, barh, hist, errorbar, fill_between, imshow")

    def _reach(self, values, asked):
        finite = [value for value in values if value == value and abs(value) != _np.inf]
        low, high = (min(finite), max(finite)) if finite else (0.0, 1.0)
        if asked is not None:
            low, high = (low if asked[0] is None else asked[0]), (high if asked[1] is None else asked[1])
        return low, high

    def _chart(self, title=""):
        across, down = self._reach(self._across, self._x_range), self._reach(self._down, self._y_range)
        layers, told = [], []
        for kind, label, a, b, *more in self._layers:
            if kind == "across":
                layers.append(("reference", label, [across[0], a], [across[1], a]))
            elif kind == "upright":
                layers.append(("reference", label, [a, down[0]], [a, down[1]]))
            elif kind == "reference":
                layers.append((kind, label, a, b))
            elif kind == "bar":
                names = self._x_names if self._x_names is not None else self._y_names
                values = dict(zip(a, b.tolist()))
                layers.append(("bar", label, [values.get(name, float("nan")) for name in names]))
                told.append(_counted(len(a), "bar") + (f" of {label}" if label else ""))
            else:
                before = layers[-1] if layers and layers[-1][0] == "line" else None
                of_line = before is not None and (label in ("", before[1]) if kind == "errorbars" else label and kind == "scatter" and label == before[1])
                layers.append((kind, label, a, b, *more))
                if of_line and told:
                    told[-1] += " with error bars" if kind == "errorbars" else " with points"
                    continue
                noun = {"line": "line", "scatter": "points", "histogram": "histogram", "errorbars": "error bars", "heatmap": "heat map"}[kind]
                count = _counted(len(a), "point") if kind in ("line", "scatter") else ""
                told.append(noun + (f" {label}" if label else "") + (f", {count}" if kind == "line" else f" ({len(a)})" if count else ""))
        head = self._title or title
        words = "; ".join(told[:6]) + ("; …" if len(told) > 6 else "")
        against = f"{self._y or 'values'} against {self._x}" if self._x else self._y
        parts = [part for part in (head, against, words) if part]
        summary = ". ".join(part[:1].upper() + part[1:] for part in parts) + "." if parts else "An empty chart."
        limits = lambda names, asked, reach: names if names is not None else (reach if asked is not None else None)
        return _beyond.chart(
            layers, head or None, self._x, self._y, limits(self._x_names, self._x_range, across),
            limits(self._y_names, self._y_range, down), summary,
        )  # fmt: skip


class Figure:
    """One or several axes."""

    def __init__(self):
        self.axes, self._title = [], ""

    def __repr__(self):
        return f"<Figure with {len(self.axes)} Axes>"

    def add_subplot(self, *args, **options):
        self.axes.append(Axes(self))
        return self.axes[-1]

    def gca(self):
        return self.axes[-1] if self.axes else self.add_subplot()

    def suptitle(self, t, **options):
        self._title = str(t)

    def subplots(self, nrows=1, ncols=1, **options):
        return _grid(self, nrows, ncols, options.get("squeeze", True))

    def tight_layout(self, *args, **options):
        pass

    autofmt_xdate = subplots_adjust = set_size_inches = colorbar = tight_layout

    def savefig(self, *args, **options):
        raise NotImplementedError("savefig() is not supported here: a chart's menu saves it as a file")

    def show(self):
        _show(self)


_figures = []


class _Cells(list):
    """Axes in a row, or in rows."""

    @property
    def flat(self):
        return iter(self.ravel())

    def ravel(self):
        return _Cells([axes for part in self for axes in (part if isinstance(part, list) else [part])])

    flatten = ravel

    @property
    def shape(self):
        return (len(self), len(self[0])) if self and isinstance(self[0], list) else (len(self),)

    def __getitem__(self, at):
        if isinstance(at, tuple):
            rows, columns = at
            return [row[columns] for row in list.__getitem__(self, rows)] if isinstance(rows, slice) else list.__getitem__(self, rows)[columns]
        return list.__getitem__(self, at)


def _grid(made, nrows, ncols, squeeze):
    cells = _Cells([_Cells([made.add_subplot() for _ in range(ncols)]) for _ in range(nrows)])
    if squeeze and nrows == ncols == 1:
        return cells[0][0]
    return cells.ravel() if squeeze and 1 in (nrows, ncols) else cells


def figure(num=None, **options):
    """A new figure, to which the next marks go."""
    made = Figure()
    _figures.append(made)
    return made


def subplots(nrows=1, ncols=1, *, squeeze=True, **options):
    made = figure()
    return made, _grid(made, nrows, ncols, squeeze)


def subplot(*args, **options):
    return gcf().add_subplot()


def gcf():
    return _figures[-1] if _figures else figure()


def gca():
    return gcf().gca()


def sca(ax):
    ax.figure.axes.remove(ax)
    ax.figure.axes.append(ax)


def _show(made):
    for ax in made.axes:
        if ax._layers:
            display(ax._chart(made._title))


def show(*args, **options):
    """Shows what was drawn; a cell's end does, too."""
    open_now = list(_figures)
    _figures.clear()
    for made in open_now:
        _show(made)


def close(fig=None):
    if fig is None:
        del _figures[-1:]
    elif fig == "all":
        _figures.clear()
    elif fig in _figures:
        _figures.remove(fig)


def cla():
    gca()._layers.clear()


def clf():
    gcf().axes.clear()


def plot(*args, **options):
    return gca().plot(*args, **options)


def scatter(x, y, s=None, c=None, **options):
    return gca().scatter(x, y, s, c, **options)


def bar(x, height, width=0.8, bottom=None, **options):
    return gca().bar(x, height, width, bottom, **options)


def barh(y, width, height=0.8, left=None, **options):
    return gca().barh(y, width, height, left, **options)


def hist(x, bins=10, range=None, density=False, **options):
    return gca().hist(x, bins, range, density, **options)


def errorbar(x, y, yerr=None, xerr=None, fmt="", **options):
    return gca().errorbar(x, y, yerr, xerr, fmt, **options)


def fill_between(x, y1, y2=0, **options):
    return gca().fill_between(x, y1, y2, **options)


def imshow(X, **options):
    return gca().imshow(X, **options)


def axhline(y=0, **options):
    return gca().axhline(y, **options)


def axvline(x=0, **options):
    return gca().axvline(x, **options)


def xlabel(xlabel, **options):
    gca().set_xlabel(xlabel)


def ylabel(ylabel, **options):
    gca().set_ylabel(ylabel)


def title(label, **options):
    gca().set_title(label)


def suptitle(t, **options):
    gcf().suptitle(t)


def xlim(*args, **options):
    gca().set_xlim(*args, **options)


def ylim(*args, **options):
    gca().set_ylim(*args, **options)


def xticks(ticks=None, labels=None, **options):
    if ticks is not None:
        gca().set_xticks(ticks, labels)


def yticks(ticks=None, labels=None, **options):
    if ticks is not None:
        gca().set_yticks(ticks, labels)


def legend(*args, **options):
    return gca().legend(*args, **options)


def grid(*args, **options):
    pass


tight_layout = subplots_adjust = colorbar = xscale = yscale = margins = grid


def savefig(*args, **options):
    gcf().savefig()


class _Style:
    available = ["default"]

    def use(self, style):
        """The page chooses the style."""


style = _Style()


def __getattr__(name):
    if name.startswith("_"):
        raise AttributeError(f"module 'matplotlib.pyplot' has no attribute '{name}'")
    raise NotImplementedError(
        f"plt.{name}() is not supported here: there are plot, scatter, bar, barh, hist, errorbar, fill_between, imshow, axhline and axvline"
    )

"""`df.plot`: the columns go to a frame of the session, whose `plot` draws the notebook's charts."""

_LOOKS = ("figsize", "legend", "grid", "rot", "alpha", "style", "marker", "s", "lw", "linewidth", "edgecolor", "colormap", "cmap", "fontsize", "ax")  # fmt: skip


class Plot:
    """`df.plot.bar(x="k", y="v")`, or `df.plot(kind="bar", …)`; the page chooses size and colours."""

    def __init__(self, over):
        self._over = over

    def __call__(self, kind="line", **options):
        return getattr(self, kind)(**options)

    def _drawn(self, kind, x=None, y=None, column=None, **options):
        from pyspark.sql import SparkSession

        over = self._over if self._over.ndim == 2 else self._over.to_frame("value" if self._over.name is None else self._over.name)
        options = {name: value for name, value in options.items() if name not in _LOOKS and (name != "color" or kind == "scatter")}
        wanted = y if y is not None else column
        names = [wanted] if isinstance(wanted, (str, int)) else list(wanted) if wanted is not None else None
        if kind in ("hist", "box"):
            names = over._numeric().columns.tolist() if names is None else names
            given = {"column": [str(name) for name in names]}
        else:
            if x is None:
                x = "index" if over.index.name is None else over.index.name
                over = over.rename_axis(x).reset_index()
            if kind == "scatter" and names is None:
                raise ValueError("scatter requires an x and y column")
            names = [name for name in over._numeric().columns if name != x] if names is None else names
            given = {"x": str(x), "y": str(names[0]) if kind == "scatter" else [str(name) for name in names]}
            more = [options["color"]] if kind == "scatter" and options.get("color") in over.columns else options.pop("color", None) and []
            names = [x, *names, *(more or [])]
        if not names:
            raise TypeError("no numeric data to plot")
        frame = SparkSession.getActiveSession().createDataFrame(over[list(dict.fromkeys(names))])
        return getattr(frame.plot, kind)(**given, **options)

    def __getattr__(self, name):
        if name in ("line", "bar", "barh", "hist", "scatter", "box", "area", "pie", "kde", "density"):
            return lambda x=None, y=None, **options: self._drawn(name, x, y, **options)
        raise ValueError(f"{name} is not a valid plot kind")

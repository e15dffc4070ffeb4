"""DataFrame: columns with one index."""

import numpy as np
from _pandas_compute import OPERATORS, binary, filled, quantile, rank, reduce, same
from _pandas_index import Index, MultiIndex, RangeIndex, ensure_index, index_of, joined_index, labels_of
from _pandas_print import frame_text
from _pandas_series import REDUCTIONS, Common, Series, add_operators, places_of, repeated
from _pandas_values import FLOAT, INT, OBJECT, Values, infer, is_list, is_na, joined, missing, nan  # fmt: skip


class DataFrame(Common):
    ndim = 2

    def __init__(self, data=None, index=None, columns=None, dtype=None, copy=None):
        values, names, index = _columns_of(data, index, columns)
        if dtype is not None:
            values = [one.astype(dtype) for one in values]
        self._set(values, names, index)

    def _set(self, values, columns, index):
        self.__dict__["values_"], self.__dict__["_columns"], self.__dict__["_index"] = list(values), ensure_index(columns), index
        return self

    @classmethod
    def of_(cls, values, columns, index):
        return cls.__new__(cls)._set(values, columns, index)

    @classmethod
    def from_dict(cls, data, orient="columns", columns=None):
        return cls(data) if orient == "columns" else cls(list(data.values()), index=list(data), columns=columns)

    @classmethod
    def from_records(cls, data, columns=None, index=None):
        return cls(data, columns=columns, index=index)

    index = property(lambda self: self._index)
    columns = property(lambda self: self._columns)

    @index.setter
    def index(self, index):
        index = ensure_index(index)
        if len(index) != len(self._index) and self.values_:
            raise ValueError(f"Length mismatch: Expected axis has {len(self._index)} elements, new values have {len(index)} elements")
        self.__dict__["_index"] = index

    @columns.setter
    def columns(self, columns):
        columns = ensure_index(columns)
        if len(columns) != len(self.values_):
            raise ValueError(f"Length mismatch: Expected axis has {len(self.values_)} elements, new values have {len(columns)} elements")
        self.__dict__["_columns"] = columns

    shape = property(lambda self: (len(self._index), len(self.values_)))
    size = property(lambda self: len(self._index) * len(self.values_))
    axes = property(lambda self: [self.index, self.columns])
    T = property(lambda self: self.transpose())

    @property
    def dtypes(self):
        return Series(Values([one.dtype for one in self.values_], OBJECT), index=self.columns)

    @property
    def values(self):
        names = {one.dtype.name for one in self.values_}
        if names and all(one.dtype.kind in "iuf" for one in self.values_) or names == {"bool"}:
            return np.column_stack([one.data for one in self.values_])
        rows = [list(row) for row in zip(*[one.tolist() for one in self.values_])]
        return np.array(rows, object) if rows else np.zeros(self.shape)

    def to_numpy(self, dtype=None):
        return self.values if dtype is None else self.values.astype(dtype)

    def __array__(self, dtype=None):
        return self.values

    def __array_wrap__(self, array):
        return DataFrame(array, index=self.index, columns=self.columns) if getattr(array, "shape", ()) == self.shape else array

    @property
    def plot(self):
        from _pandas_plot import Plot

        return Plot(self)

    def hist(self, column=None, bins=10, **options):
        return (self if column is None else self[labels_of(column)]).plot.hist(bins=bins)

    def boxplot(self, column=None, **options):
        return (self if column is None else self[labels_of(column)]).plot.box()

    def __iter__(self):
        return iter(self.columns)

    def keys(self):
        return self.columns

    def __contains__(self, name):
        return name in self.columns

    def items(self):
        return ((name, self._column(at)) for at, name in enumerate(self.columns))

    def _column(self, at):
        return Series(self.values_[at], index=self.index, name=self.columns.tolist()[at])

    def _map(self, f):
        return DataFrame.of_([f(one) for one in self.values_], self.columns, self.index)

    def _taken(self, places):
        if isinstance(places, range):
            cut = slice(places.start, places.stop if places.stop >= 0 else None, places.step)
            return DataFrame.of_([one.part(cut) for one in self.values_], self.columns, self.index.take(places))
        return DataFrame.of_([one.take(places) for one in self.values_], self.columns, self.index.take(places))

    def _columns_at(self, places):
        return DataFrame.of_([self.values_[at] for at in places], self.columns.take(places), self.index)

    def _row(self, at):
        names = {one.dtype.name for one in self.values_}
        if len(names) == 1:
            values = infer([one[at] for one in self.values_], self.values_[0].dtype)
        elif all(one.is_number for one in self.values_):
            values = Values(np.array([one[at] for one in self.values_], float if any(one.dtype.kind == "f" for one in self.values_) else int), FLOAT if any(one.dtype.kind == "f" for one in self.values_) else INT)  # fmt: skip
        else:
            values = Values([one.part(slice(at, at + 1)).tolist()[0] for one in self.values_], OBJECT)
        return Series(values, index=self.columns, name=self.index[at])

    def _same(self, other):
        return self.columns.equals(other.columns) and all(same(a, b) for a, b in zip(self.values_, other.values_))

    def __getattr__(self, name):
        if not name.startswith("__") and "_columns" in self.__dict__ and name in self._columns:
            return self[name]
        return super().__getattr__(name)

    def __setattr__(self, name, value):
        if name in ("index", "columns", "_columns") or name not in self._columns:
            object.__setattr__(self, name, value)
        else:
            self[name] = value

    def __getitem__(self, key):
        if callable(key):
            key = key(self)
        if isinstance(key, DataFrame):
            return self.where(key)
        if isinstance(key, slice):
            return self.iloc[key] if not isinstance(key.start, str) and not isinstance(key.stop, str) else self.loc[key]
        if isinstance(key, (list, Index)) or (isinstance(key, (Series, np.ndarray)) and key.dtype != "bool"):
            items = list(key)
            if items and all(isinstance(x, (bool, np.bool_)) for x in items):
                return self.loc[items]
            return self._columns_at(self._found(items))
        if isinstance(key, (Series, np.ndarray)):
            return self.loc[key]
        at = self.columns.find_(key)
        if type(at) is list:
            made = self._columns_at(at)
            if self.columns.nlevels > 1:
                made.columns = made.columns.droplevel(list(range(len(key) if isinstance(key, tuple) else 1)))
            return made
        return self._column(at)

    def _found(self, names):
        places, gone = [], []
        for name in names:
            try:
                at = self.columns.find_(name)
                places += at if type(at) is list else [at]
            except KeyError:
                gone.append(name)
        if gone:
            if len(gone) == len(names):
                raise KeyError(f"None of [{Index(gone)!r}] are in the [columns]")
            raise KeyError(f"{gone} not in index")
        return places

    def get(self, key, default=None):
        return self[key] if key in self.columns else default

    def _values_for(self, value):
        if isinstance(value, Series):
            return value.values_ if value.index.equals(self.index) or not len(self.columns) else value.reindex(self.index).values_
        if isinstance(value, DataFrame):
            return value.values_[0]
        if isinstance(value, Index):
            value = value.values_
        if isinstance(value, (Values, list, tuple, np.ndarray, range, dict)) or hasattr(value, "__next__"):
            made = infer(value.reshape(-1) if isinstance(value, np.ndarray) else value)
            if len(made) != len(self.index) and self.values_:
                raise ValueError(f"Length of values ({len(made)}) does not match length of index ({len(self.index)})")
            return made
        one = infer([value])
        return one.take([0] * len(self.index))

    def __setitem__(self, key, value):
        if isinstance(key, (Series, np.ndarray, DataFrame)) and (isinstance(key, DataFrame) or key.dtype == "bool"):
            if isinstance(key, DataFrame):
                return self._become(self.mask(key, value), True)
            self.loc[key] = value
            return None
        if isinstance(key, list):
            for at, name in enumerate(key):
                self[name] = value.iloc[:, at] if isinstance(value, DataFrame) else value[:, at] if isinstance(value, np.ndarray) and value.ndim == 2 else value[at] if isinstance(value, (list, tuple)) and len(value) == len(key) else value
            return None
        if not self.values_ and not len(self.index) and (isinstance(value, Series) or is_list(value)):
            self.__dict__["_index"] = value.index if isinstance(value, Series) else RangeIndex(len(value))
        values = self._values_for(value)
        if key in self.columns:
            at = self.columns.find_(key)
            for one in at if type(at) is list else [at]:
                self.values_[one] = values
        else:
            self._set([*self.values_, values], _with_label(self.columns, key), self.index)

    def __delitem__(self, key):
        self.pop(key)

    def insert(self, loc, column, value, allow_duplicates=False):
        if column in self.columns and not allow_duplicates:
            raise ValueError(f"cannot insert {column}, already exists")
        values = self._values_for(value)
        self.values_.insert(loc, values)
        self._set(self.values_, self.columns.insert(loc, column), self.index)

    def pop(self, item):
        found = self[item]
        at = self.columns.find_(item)
        kept = [i for i in range(len(self.values_)) if i != at]
        self._set([self.values_[i] for i in kept], self.columns.take(kept), self.index)
        return found

    def assign(self, **columns):
        made = self.copy()
        for name, value in columns.items():
            made[name] = value(made) if callable(value) else value
        return made

    def _appended(self, label, row):
        values = [joined([one, infer([row.get(name, nan)])]) if len(one) else infer([row.get(name, nan)]) for name, one in zip(self.columns, self.values_)]
        index = RangeIndex(len(self) + 1) if type(self.index) is RangeIndex and label == len(self) and self.index.start == 0 else ensure_index([*self.index, label], self.index.name)
        return DataFrame.of_(values, self.columns, index)

    def to_string(self, index=True, **options):
        return frame_text(self, None, None, None, False, index)

    def to_string_(self):
        return frame_text(self)

    def to_markdown(self, index=True):
        raise AttributeError("'to_markdown' needs tabulate, which isn't here; to_string() is")

    def info(self, verbose=None, memory_usage=True, show_counts=None):
        from _pandas_output import info

        info(self, memory_usage)

    def to_dict(self, orient="dict", index=True):
        names = self.columns.tolist()
        if orient == "list":
            return {name: one.tolist() for name, one in zip(names, self.values_)}
        if orient == "series":
            return dict(self.items())
        rows = zip(*[one.tolist() for one in self.values_])
        if orient == "records":
            return [dict(zip(names, row)) for row in rows]
        if orient == "index":
            return {label: dict(zip(names, row)) for label, row in zip(self.index, rows)}
        if orient == "split":
            return {"index": self.index.tolist(), "columns": names, "data": [list(row) for row in rows]}
        return {name: dict(zip(self.index, one.tolist())) for name, one in zip(names, self.values_)}

    def to_records(self, index=True):
        return list(self.itertuples(index, None))

    def to_csv(self, path_or_buf=None, sep=",", index=True, header=True, na_rep="", columns=None, float_format=None):
        from _pandas_output import csv

        return csv(self if columns is None else self[columns], path_or_buf, sep, index, header, na_rep)

    def to_json(self, path_or_buf=None, orient="columns", lines=False):
        from _pandas_output import to_json

        return to_json(self, path_or_buf, orient, lines)

    def to_html(self, **options):
        from _pandas_output import html

        return html(self)

    def iterrows(self):
        return ((self.index[at], self._row(at)) for at in range(len(self)))

    def itertuples(self, index=True, name="Pandas"):
        lists = ([self.index.tolist()] if index else []) + [one.tolist() for one in self.values_]
        if name is None:
            return zip(*lists)
        from collections import namedtuple

        row = namedtuple(name, (["Index"] if index else []) + [str(x) for x in self.columns], rename=True)
        return (row(*items) for items in zip(*lists))

    def transpose(self):
        rows = [self._row(at).values_ for at in range(len(self))]
        return DataFrame.of_(rows, self.index, self.columns)

    def _numeric(self, numeric_only=True):
        if not numeric_only:
            return self
        return self._columns_at([at for at, one in enumerate(self.values_) if one.dtype.kind in "iufb"])

    def select_dtypes(self, include=None, exclude=None):
        def found(one, wanted):
            for kind in labels_of(wanted):
                name = kind if isinstance(kind, str) else getattr(kind, "__name__", "number" if isinstance(kind, tuple) else str(kind))
                if name == "number" and one.is_number or one.dtype.kind == {"datetime": "M", "datetime64": "M"}.get(name) or name not in ("number", "datetime64") and one.dtype == name:
                    return True
            return False

        kept = [at for at, one in enumerate(self.values_) if (include is None or found(one, include)) and not (exclude is not None and found(one, exclude))]
        return self._columns_at(kept)

    def _reduced(self, name, axis=0, numeric_only=False, **options):
        frame = self._numeric() if numeric_only else self
        if axis in (1, "columns"):
            return frame._across(name, **options)
        found = [reduce(one, name, **options) for one in frame.values_]
        if not found:
            return Series([], index=frame.columns, dtype=float)
        return Series(infer(found), index=frame.columns)

    def _across(self, name, **options):
        if all(one.dtype.kind in "iufb" for one in self.values_) and name in ("sum", "mean", "min", "max", "count") and options.get("skipna", True):
            datas = [one.data if one.dtype.kind != "b" else one.data.astype(int) for one in self.values_]
            gone = [one.isna() for one in self.values_]
            counts = sum((~lost).astype(int) for lost in gone) if gone else np.zeros(len(self), int)
            if name == "count":
                return Series(counts, index=self.index)
            if name in ("sum", "mean"):
                total = sum(np.where(lost, 0, data) if lost.any() else data for lost, data in zip(gone, datas))
                return Series(total if name == "sum" else np.where(counts == 0, nan, total / np.where(counts == 0, 1, counts)), index=self.index)
            if not any(lost.any() for lost in gone):
                best = datas[0]
                for data in datas[1:]:
                    best = np.maximum(best, data) if name == "max" else np.minimum(best, data)
                return Series(best, index=self.index)
        rows = zip(*[one.tolist() for one in self.values_])
        return Series([reduce(infer(list(row)), name, **options) for row in rows], index=self.index)

    def nunique(self, axis=0, dropna=True):
        return Series(np.array([reduce(one, "nunique") for one in self.values_], int), index=self.columns)

    def quantile(self, q=0.5, axis=0, numeric_only=False, interpolation="linear"):
        frame = self._numeric(numeric_only)
        if isinstance(q, (list, tuple, np.ndarray)):
            return DataFrame.of_([infer([quantile(one, x) for x in q]) for one in frame.values_], frame.columns, Index(list(q)))
        return Series([quantile(one, q) for one in frame.values_], index=frame.columns, name=q)

    def mode(self):
        return concat([column.mode() for _, column in self.items()], axis=1)

    def describe(self, percentiles=None, include=None, exclude=None):
        if include is None and exclude is None:
            frame = self._columns_at([at for at, one in enumerate(self.values_) if one.is_number or one.dtype.kind in "mM"])
            frame = frame if len(frame.values_) else self
        else:
            frame = self if include == "all" else self.select_dtypes(include, exclude)
        parts = [column.describe(percentiles) for _, column in frame.items()]
        if not parts:
            raise ValueError("Cannot describe a DataFrame without columns")
        names = max((list(part.index) for part in parts), key=len)
        kinds = [part.index.tolist() for part in parts]
        if any("top" in kind for kind in kinds) and any("mean" in kind for kind in kinds):
            names = ["count", "unique", "top", "freq", *[x for x in max((k for k in kinds if "mean" in k), key=len) if x != "count"]]
        if any("std" not in kind and "mean" in kind for kind in kinds) and any("std" in kind for kind in kinds):
            names = [x for x in names if x != "std"] + ["std"]
        return DataFrame.of_([part.reindex(names).values_ for part in parts], frame.columns, Index(names))

    def corr(self, method="pearson", min_periods=1, numeric_only=False):
        return self._pairs(method, numeric_only)

    def cov(self, min_periods=None, ddof=1, numeric_only=False):
        return self._pairs("cov", numeric_only)

    def corrwith(self, other, numeric_only=False):
        frame = self._numeric(numeric_only)
        return Series([column.corr(other) for _, column in frame.items()], index=frame.columns)

    def _pairs(self, method, numeric_only):
        frame = self._numeric(numeric_only)
        for one in frame.values_:
            one.floats()
        made = [[0.0] * len(frame.values_) for _ in frame.values_]
        for i, a in enumerate(frame.values_):
            for j, b in enumerate(frame.values_[: i + 1]):
                made[i][j] = made[j][i] = 1.0 if i == j and method != "cov" and reduce(a, "std") > 0 else correlation(a, b, method)
        return DataFrame.of_([infer(row) for row in made], frame.columns, frame.columns)

    def idxmax(self, axis=0, numeric_only=False):
        if axis in (1, "columns"):
            return Series([self._row(at).idxmax() for at in range(len(self))], index=self.index)
        return Series([column.idxmax() for _, column in self._numeric(numeric_only).items()], index=self._numeric(numeric_only).columns)

    def idxmin(self, axis=0, numeric_only=False):
        if axis in (1, "columns"):
            return Series([self._row(at).idxmin() for at in range(len(self))], index=self.index)
        return Series([column.idxmin() for _, column in self._numeric(numeric_only).items()], index=self._numeric(numeric_only).columns)

    def drop(self, labels=None, axis=0, index=None, columns=None, inplace=False, errors="raise"):
        if labels is not None:
            index, columns = (None, labels) if axis in (1, "columns") else (labels, None)
        made = self
        for labels, by in ((columns, True), (index, False)):
            if labels is None:
                continue
            axis_labels = self.columns if by else self.index
            gone, unknown = set(), []
            for label in labels_of(labels) if not isinstance(labels, tuple) else [labels]:
                try:
                    gone.update(places_of(axis_labels, label)[0])
                except KeyError:
                    unknown.append(label)
            if unknown and errors == "raise":
                raise KeyError(f"{unknown} not found in axis")
            kept = [i for i in range(len(axis_labels)) if i not in gone]
            made = made._columns_at(kept) if by else made._taken(kept)
        return self._become(made.copy(), inplace)

    def rename(self, mapper=None, index=None, columns=None, axis=0, inplace=False, errors="ignore"):
        if mapper is not None:
            index, columns = (None, mapper) if axis in (1, "columns") else (mapper, None)
        made = self.copy()

        def changed(labels, change):
            return ensure_index([change(x) if callable(change) else change.get(x, x) for x in labels], labels.name)

        if columns is not None:
            made.columns = changed(self.columns, columns)
        if index is not None:
            made.index = changed(self.index, index)
        return self._become(made, inplace)

    def set_axis(self, labels, axis=0):
        made = self.copy()
        setattr(made, "columns" if axis in (1, "columns") else "index", labels)
        return made

    def add_prefix(self, prefix):
        return self.rename(columns=lambda name: f"{prefix}{name}")

    def add_suffix(self, suffix):
        return self.rename(columns=lambda name: f"{name}{suffix}")

    def set_index(self, keys, drop=True, append=False, inplace=False, verify_integrity=False):
        names = labels_of(keys)
        gone = [name for name in names if not isinstance(name, (Series, Index, np.ndarray)) and name not in self.columns]
        if gone:
            raise KeyError(f"None of {gone} are in the columns")
        levels = [name.values_ if hasattr(name, "values_") else self[name].values_ for name in names]
        labels = [getattr(name, "name", name) for name in names]
        if append:
            levels, labels = [*self.index.levels_(), *levels], [*self.index.names, *labels]
        made = self.drop(columns=[name for name in names if not hasattr(name, "values_")]) if drop else self.copy()
        made.index = index_of(levels, labels)
        return self._become(made, inplace)

    def reset_index(self, level=None, drop=False, inplace=False, names=None):
        if drop:
            return self._become(DataFrame.of_(self.values_, self.columns, RangeIndex(len(self))), inplace)
        index = self.index
        names = labels_of(names) if names is not None else [name if name is not None else ("index" if "index" not in self.columns else "level_0") if index.nlevels == 1 else f"level_{at}" for at, name in enumerate(index.names)]
        chosen = range(index.nlevels) if level is None else [index.level_(one) for one in labels_of(level)]
        kept = [at for at in range(index.nlevels) if at not in chosen]
        for at in chosen:
            if names[at] in self.columns:
                raise ValueError(f"cannot insert {names[at]}, already exists")
        levels = index.levels_()
        rest = index_of([levels[at] for at in kept], [index.names[at] for at in kept]) if kept else RangeIndex(len(self))
        labels = [names[at] for at in chosen]
        if self.columns.nlevels > 1:
            labels = [(name, *[""] * (self.columns.nlevels - 1)) for name in labels]
            columns = MultiIndex.from_tuples([*labels, *self.columns], self.columns.names)
        else:
            columns = Index([*labels, *self.columns], name=self.columns.name)
        made = DataFrame.of_([*[levels[at] for at in chosen], *self.values_], columns, rest)
        return self._become(made, inplace)

    def reindex(self, labels=None, index=None, columns=None, axis=0, fill_value=None):
        if labels is not None:
            index, columns = (None, labels) if axis in (1, "columns") else (labels, None)
        made = self
        if index is not None:
            index = ensure_index(index)
            known = self.index.places_()
            places = [known.get(key, -1) for key in index.keys_()]
            made = DataFrame.of_([one.pick(places) for one in made.values_], made.columns, index)
        if columns is not None:
            columns = ensure_index(columns)
            made = DataFrame.of_([made[name].values_ if name in made.columns else missing(len(made), FLOAT) for name in columns], columns, made.index)
        return made if fill_value is None else made.fillna(fill_value)

    def astype(self, dtype, errors="raise"):
        if isinstance(dtype, dict):
            for name in dtype:
                if name not in self.columns:
                    raise KeyError(f"Only a column name can be used for the key in a dtype mappings argument. '{name}' not found in columns.")
            return DataFrame.of_([one.astype(dtype[name]) if name in dtype else one for name, one in zip(self.columns, self.values_)], self.columns, self.index)
        return self._map(lambda values: values.astype(dtype))

    def convert_dtypes(self):
        return self.infer_objects()

    def infer_objects(self):
        return self._map(lambda values: infer(values.data) if values.dtype == OBJECT else values)

    def fillna(self, value=None, inplace=False):
        if isinstance(value, (dict, Series)):
            value = dict(value.items())
            made = DataFrame.of_([filled(one, value[name].reindex(self.index).values_ if isinstance(value[name], Series) else value[name]) if name in value else one for name, one in zip(self.columns, self.values_)], self.columns, self.index)
        elif isinstance(value, DataFrame):
            made = DataFrame.of_([filled(one, value[name].reindex(self.index).values_) if name in value else one for name, one in zip(self.columns, self.values_)], self.columns, self.index)
        else:
            made = self._map(lambda values: filled(values, value) if values.dtype.kind != "M" or not isinstance(value, (int, float)) else values)
        return self._become(made, inplace)

    def dropna(self, axis=0, how="any", thresh=None, subset=None, inplace=False, ignore_index=False):
        if axis in (1, "columns"):
            kept = [at for at, one in enumerate(self.values_) if not (one.isna().any() if how == "any" else one.isna().all())]
            return self._become(self._columns_at(kept), inplace)
        chosen = self.values_ if subset is None else [self.values_[at] for at in self._subset(subset)]
        gone = sum(one.isna().astype(int) for one in chosen) if chosen else np.zeros(len(self), int)
        keep = gone <= len(chosen) - thresh if thresh is not None else gone == 0 if how == "any" else gone < max(len(chosen), 1)
        made = self._taken(np.nonzero(keep)[0])
        return self._become(made.reset_index(drop=True) if ignore_index else made, inplace)

    def _subset(self, names):
        names = labels_of(names)
        gone = [name for name in names if name not in self.columns]
        if gone:
            raise KeyError(gone if len(gone) > 1 or isinstance(names, list) else gone[0])
        return [self.columns.find_(name) for name in names]

    def _row_keys(self, subset):
        chosen = self.values_ if subset is None else [self.values_[at] for at in self._subset(subset)]
        return list(zip(*[one.keys() for one in chosen]))

    def duplicated(self, subset=None, keep="first"):
        return Series(np.array(repeated(self._row_keys(subset), keep), bool), index=self.index)

    def drop_duplicates(self, subset=None, keep="first", inplace=False, ignore_index=False):
        made = self._taken([at for at, again in enumerate(repeated(self._row_keys(subset), keep)) if not again])
        return self._become(made.reset_index(drop=True) if ignore_index else made, inplace)

    def value_counts(self, subset=None, normalize=False, sort=True, ascending=False, dropna=True):
        frame = self if subset is None else self[labels_of(subset)]
        made = frame.groupby(frame.columns.tolist()).size()
        index = made.index if made.index.nlevels > 1 else MultiIndex([made.index.values_], [made.index.name])
        made = Series(made.values_, index=index, name="count")
        made = made.sort_values(ascending=ascending) if sort else made
        return Series(made.values_.data / made.values_.data.sum(), index=made.index, name="proportion") if normalize else made

    def sort_values(self, by, axis=0, ascending=True, inplace=False, kind=None, na_position="last", ignore_index=False, key=None):
        names = labels_of(by) if not isinstance(by, tuple) else [by]
        ways = list(ascending) if isinstance(ascending, (list, tuple)) else [ascending] * len(names)
        if len(ways) != len(names):
            raise ValueError(f"Length of ascending ({len(ways)}) != length of by ({len(names)})")
        made = self
        for name, way in reversed(list(zip(names, ways))):
            if name not in made.columns and name not in made.index.names:
                raise KeyError(name)
            column = made[name] if name in made.columns else made.index.get_level_values(name).to_series()
            made = made._taken(((column if key is None else key(column)).values_).order(way, na_position))
        return self._become(made.reset_index(drop=True) if ignore_index else made.copy(), inplace)

    def nlargest(self, n, columns, keep="first"):
        return self.dropna(subset=labels_of(columns)).sort_values(labels_of(columns), ascending=False).head(n)

    def nsmallest(self, n, columns, keep="first"):
        return self.dropna(subset=labels_of(columns)).sort_values(labels_of(columns)).head(n)

    def filter(self, items=None, like=None, regex=None, axis=None):
        if axis in (0, "index"):
            return self.loc[[x for x in self.index if (x in items if items is not None else like in str(x))]]
        if regex is not None:
            import re

            return self[[x for x in self.columns if re.search(regex, str(x))]]
        return self[[x for x in items if x in self.columns] if items is not None else [x for x in self.columns if like in str(x)]]

    def query(self, expr, inplace=False):
        from _pandas_query import evaluate

        caller = {}
        return self._become(self[evaluate(self, expr, caller)], inplace)

    def eval(self, expr):
        from _pandas_query import evaluate

        name, equals, rest = expr.partition(" = ")
        return self.assign(**{name.strip(): evaluate(self, rest, {})}) if equals else evaluate(self, expr, {})

    def _chosen(self, cond, other, where):
        cond = cond(self) if callable(cond) else cond
        made = []
        for at, (name, column) in enumerate(self.items()):
            flags = cond[name] if isinstance(cond, DataFrame) else cond if isinstance(cond, Series) else cond[:, at]
            made.append(column._chosen(flags, other[name] if isinstance(other, DataFrame) else other, where).values_)
        return DataFrame.of_(made, self.columns, self.index)

    def apply(self, func, axis=0, args=(), result_type=None, **options):
        if isinstance(func, (str, list, dict)):
            return self.agg(func)
        if axis in (1, "columns"):
            labels, found = self.index, [func(self._row(at), *args, **options) for at in range(len(self))]
        else:
            labels, found = self.columns, [func(column, *args, **options) for _, column in self.items()]
        if found and all(isinstance(one, Series) for one in found):
            if axis in (1, "columns"):
                made = concat([Series(one.values_, index=one.index, name=at) for at, one in enumerate(found)], axis=1)
                rows = DataFrame.of_([infer([one.get(name, nan) for one in found]) for name in made.index], made.index, labels)
                return rows
            return DataFrame.of_([one.reindex(found[0].index).values_ for one in found], labels, found[0].index)
        if result_type == "expand" and found:
            return DataFrame([list(one) for one in found], index=labels)
        return Series(found, index=labels)

    def map(self, func, na_action=None):
        return self._map(lambda values: infer([func(x) for x in values.tolist()]))

    applymap = map

    def agg(self, func=None, axis=0, **named):
        if func is None:
            rows = {name: {column: self[column].agg(one)} for name, (column, one) in named.items()}
            return DataFrame([rows[name] for name in rows], index=list(rows))
        if isinstance(func, list):
            names = [one if isinstance(one, str) else one.__name__ for one in func]
            return DataFrame.of_([infer([column.agg(one) for one in func]) for _, column in self.items()], self.columns, Index(names))
        if isinstance(func, dict):
            if any(isinstance(one, list) for one in func.values()):
                parts = [self[name].agg(labels_of(one)) for name, one in func.items()]
                order = list(dict.fromkeys(x for part in parts for x in part.index))
                return DataFrame.of_([part.reindex(order).values_ for part in parts], list(func), Index(order))
            return Series([self[name].agg(one) for name, one in func.items()], index=list(func))
        return getattr(self, func)() if isinstance(func, str) else self.apply(func)

    aggregate = agg

    def transform(self, func):
        return self.apply(func)

    def groupby(self, by=None, level=None, as_index=True, sort=True, dropna=True, group_keys=True, observed=True):
        from _pandas_group import grouped

        return grouped(self, by, level, sort, dropna, as_index)

    def pivot_table(self, values=None, index=None, columns=None, aggfunc="mean", fill_value=None, margins=False, dropna=True):
        from _pandas_group import pivot_table

        return pivot_table(self, values, index, columns, aggfunc, fill_value, margins)

    def pivot(self, *, columns, index=None, values=None):
        from _pandas_group import pivot

        return pivot(self, index, columns, values)

    def melt(self, id_vars=None, value_vars=None, var_name=None, value_name="value"):
        ids = [] if id_vars is None else labels_of(id_vars)
        names = [name for name in self.columns if name not in ids] if value_vars is None else labels_of(value_vars)
        count = len(self)
        made = DataFrame.of_([joined([self[name].values_] * len(names)) for name in ids], Index(ids) if ids else [], RangeIndex(count * len(names)))
        made._set(made.values_, ids, RangeIndex(count * len(names)))
        made[(self.columns.name or "variable") if var_name is None else var_name] = [name for name in names for _ in range(count)]
        made[value_name] = joined([self[name].values_ for name in names])
        return made

    def explode(self, column, ignore_index=False):
        parts = self[column].reset_index(drop=True).explode()
        made = self._taken(parts.index.tolist())
        made.values_[made.columns.find_(column)] = parts.values_
        return made.reset_index(drop=True) if ignore_index else made

    def stack(self):
        rows = [(*(label if isinstance(label, tuple) else (label,)), name) for label in self.index for name in self.columns]
        items = [x for row in zip(*[one.tolist() for one in self.values_]) for x in row]
        return Series(items, index=MultiIndex.from_tuples(rows, [*self.index.names, self.columns.name]))

    def unstack(self, level=-1, fill_value=None):
        from _pandas_group import unstacked_frame

        return unstacked_frame(self, level, fill_value)

    def merge(self, right, how="inner", on=None, left_on=None, right_on=None, left_index=False, right_index=False, sort=False, suffixes=("_x", "_y"), indicator=False, validate=None):  # fmt: skip
        from _pandas_group import merge

        return merge(self, right, how, on, left_on, right_on, left_index, right_index, sort, suffixes, indicator)

    def join(self, other, on=None, how="left", lsuffix="", rsuffix="", sort=False):
        from _pandas_group import merge

        if isinstance(other, list):
            return concat([self, *other], axis=1)
        other = other.to_frame() if isinstance(other, Series) else other
        same_names = [name for name in self.columns if name in other.columns]
        if same_names and not lsuffix and not rsuffix:
            raise ValueError(f"columns overlap but no suffix specified: {Index(same_names)!r}")
        return merge(self, other, how, None, on, None, on is None, True, sort, (lsuffix, rsuffix), False)

    def isin(self, values):
        if isinstance(values, dict):
            return DataFrame.of_([column.isin(values.get(name, [])).values_ for name, column in self.items()], self.columns, self.index)
        return super().isin(values)

    def round(self, decimals=0):
        if isinstance(decimals, dict):
            return DataFrame.of_([column.round(decimals[name]).values_ if name in decimals else column.values_ for name, column in self.items()], self.columns, self.index)
        return super().round(decimals)

    def replace(self, to_replace=None, value=None, regex=False):
        if isinstance(to_replace, dict) and to_replace and all(isinstance(x, dict) for x in to_replace.values()):
            return DataFrame.of_([column.replace(to_replace[name]).values_ if name in to_replace else column.values_ for name, column in self.items()], self.columns, self.index)
        return super().replace(to_replace, value, regex)

    def dot(self, other):
        made = self.values @ (other.values if hasattr(other, "values") else np.asarray(other))
        return Series(made, index=self.index) if made.ndim == 1 else DataFrame(made, index=self.index, columns=getattr(other, "columns", None))

    __matmul__ = dot

    def memory_usage(self, index=True, deep=False):
        return Series([132 if index else 0][: int(index)] + [len(self) * one.dtype.itemsize for one in self.values_], index=(["Index"] if index else []) + self.columns.tolist())

    def _with(self, other, name, reverse=False):
        def made(values, columns=None):
            return DataFrame.of_(values, self.columns if columns is None else columns, self.index)

        def two(a, b):
            return binary(name, b, a) if reverse else binary(name, a, b)

        if isinstance(other, DataFrame):
            if self.index.equals(other.index) and self.columns.equals(other.columns):
                return made([two(a, b) for a, b in zip(self.values_, other.values_)])
            if name in ("eq", "ne", "lt", "le", "gt", "ge"):
                raise ValueError("Can only compare identically-labeled (both index and columns) DataFrame objects")
            index = self.index if self.index.equals(other.index) else self.index.union(other.index)
            columns = self.columns if self.columns.equals(other.columns) else self.columns.union(other.columns)
            a, b = self.reindex(index=index, columns=columns), other.reindex(index=index, columns=columns)
            return DataFrame.of_([two(x, y) for x, y in zip(a.values_, b.values_)], columns, index)
        if isinstance(other, Series):
            columns = self.columns if self.columns.equals(other.index) else self.columns.union(other.index)
            items = other.reindex(columns).tolist()
            frame = self.reindex(columns=columns)
            return made([two(a, x) for a, x in zip(frame.values_, items)], columns)
        if isinstance(other, np.ndarray) and other.ndim == 2:
            return made([two(a, infer(other[:, at])) for at, a in enumerate(self.values_)])
        if isinstance(other, (list, tuple, np.ndarray)) and getattr(other, "ndim", 1) == 1:
            if len(other) != len(self.values_):
                raise ValueError(f"Unable to coerce to Series, length must be {len(self.values_)}: given {len(other)}")
            return made([two(a, x) for a, x in zip(self.values_, list(other))])
        return made([two(a, other) for a in self.values_])

    def _flex(self, other, name, fill_value=None, reverse=False):
        if isinstance(other, DataFrame) and fill_value is not None:
            index, columns = self.index.union(other.index), self.columns.union(other.columns)
            a, b = self.reindex(index=index, columns=columns), other.reindex(index=index, columns=columns)
            return a.fillna(fill_value)._with(b.fillna(fill_value), name, reverse)
        return self._with(other, name, reverse)


add_operators(DataFrame)


def _by_rows(name):
    def flex(self, other, axis="columns", level=None, fill_value=None):
        if axis in (0, "index") and isinstance(other, Series):
            return DataFrame.of_([column._with(other, name).values_ for _, column in self.items()], self.columns, self.index)
        return self._flex(other, name, fill_value)

    return flex


for _name in OPERATORS:
    if _name not in ("and", "or", "xor"):
        setattr(DataFrame, _name, _by_rows(_name))
DataFrame.div = DataFrame.divide = DataFrame.truediv
DataFrame.multiply, DataFrame.subtract = DataFrame.mul, DataFrame.sub


def _reduction(name):
    if name in ("var", "std", "sem"):
        return lambda self, axis=0, skipna=True, ddof=1, numeric_only=False: self._reduced(name, axis, numeric_only, skipna=skipna, ddof=ddof)
    if name == "count":
        return lambda self, axis=0, numeric_only=False: self._reduced(name, axis, numeric_only)
    return lambda self, axis=0, skipna=True, numeric_only=False: self._reduced(name, axis, numeric_only, skipna=skipna)


for _name in REDUCTIONS:
    if _name not in ("size", "first", "last", "nunique"):
        setattr(DataFrame, _name, _reduction(_name))
DataFrame.kurtosis, DataFrame.product = DataFrame.kurt, DataFrame.prod


def _with_label(columns, key):
    if columns.nlevels > 1:
        key = key if isinstance(key, tuple) else (key, *[""] * (columns.nlevels - 1))
        return MultiIndex.from_tuples([*columns, key], columns.names)
    if len(columns) == 0:
        return Index([key])
    if type(columns) is RangeIndex and isinstance(key, int):
        return RangeIndex(len(columns) + 1) if key == len(columns) else Index([*columns, key])
    return Index([*columns, key], name=columns.name)


def _columns_of(data, index, columns):
    """The columns, names and index that the arguments of a DataFrame mean."""
    if isinstance(data, DataFrame):
        data = data if columns is None else data[list(columns)]
        data = data if index is None else data.reindex(index)
        return data.values_, data.columns, data.index
    if isinstance(data, Series):
        data = data.to_frame(columns[0] if columns else None)
        return data.values_, data.columns, data.index
    if data is None:
        data = {}
    if isinstance(data, dict):
        return _of_dict(data, index, columns)
    if isinstance(data, np.ndarray):
        if data.ndim == 1:
            parts = [infer(data)]
        elif data.ndim == 2:
            parts = [infer(data[:, at]) for at in range(data.shape[1])]
        else:
            raise ValueError(f"Must pass 2-d input. shape={data.shape}")
        _check_width(len(parts), columns, data.shape)
        return parts, RangeIndex(len(parts)) if columns is None else columns, RangeIndex(len(data)) if index is None else _checked(index, len(data), data.shape)
    if isinstance(data, (str, int, float)):
        raise ValueError("DataFrame constructor not properly called!")
    rows = list(data)
    if rows and isinstance(rows[0], dict):
        names = list(columns) if columns is not None else list(dict.fromkeys(key for row in rows for key in row))
        parts = [infer([row.get(name, nan) for row in rows]) for name in names]
    elif rows and isinstance(rows[0], Series):
        names = list(columns) if columns is not None else list(dict.fromkeys(key for row in rows for key in row.index))
        parts = [infer([row.get(name, nan) for row in rows]) for name in names]
        if index is None and any(row.name is not None for row in rows):
            index = [row.name for row in rows]
    elif rows and isinstance(rows[0], (list, tuple, np.ndarray)):
        width = max(map(len, rows))
        if columns is not None and len(list(columns)) != width:
            raise ValueError(f"{len(list(columns))} columns passed, passed data had {width} columns")
        names = columns if columns is not None else list(rows[0]._fields) if hasattr(rows[0], "_fields") else RangeIndex(width)
        parts = [infer([row[at] if at < len(row) else None for row in rows]) for at in range(width)]
    else:
        names = RangeIndex(1 if rows else 0) if columns is None else columns
        parts = [infer(rows)] if rows else [Values([], OBJECT) for _ in names]
    return parts, names, RangeIndex(len(rows)) if index is None else _checked(index, len(rows), (len(rows), len(parts)))


def _checked(index, count, shape):
    index = ensure_index(index)
    if len(index) != count:
        raise ValueError(f"Shape of passed values is {shape}, indices imply {(len(index), shape[1] if len(shape) > 1 else 1)}")
    return index


def _check_width(width, columns, shape):
    if columns is not None and len(list(columns)) != width:
        raise ValueError(f"Shape of passed values is {shape}, indices imply ({shape[0]}, {len(list(columns))})")


def _of_dict(data, index, columns):
    if columns is not None:
        columns = list(columns)
        data = {name: data.get(name, nan) for name in columns} if data else {name: [] if index is None else nan for name in columns}
    series = [x for x in data.values() if isinstance(x, (Series, dict))]
    labels = ensure_index(index) if index is not None else None
    if labels is None and series:
        series = [Series(x) if isinstance(x, dict) else x for x in series]
        labels = series[0].index
        for one in series[1:]:
            if not one.index.equals(labels):
                labels = ensure_index(list(dict.fromkeys([*labels, *one.index])) if any(isinstance(x, dict) for x in data.values()) else labels.union(one.index))
    lists = {name: list(x) if hasattr(x, "__next__") or isinstance(x, (range, set)) else x for name, x in data.items()}
    lengths = [len(x) for x in lists.values() if is_list(x) and not isinstance(x, (Series, dict))]
    if len(set(lengths)) > 1:
        raise ValueError("All arrays must be of the same length")
    if labels is None:
        if not lengths and data:
            raise ValueError("If using all scalar values, you must pass an index")
        labels = RangeIndex(lengths[0] if lengths else 0)
    if lengths and lengths[0] != len(labels):
        raise ValueError(f"array length {lengths[0]} does not match index length {len(labels)}" if series else f"Length of values ({lengths[0]}) does not match length of index ({len(labels)})")
    parts = []
    for x in lists.values():
        if isinstance(x, dict):
            x = Series(x)
        if isinstance(x, Series):
            parts.append(x.reindex(labels).values_)
        elif isinstance(x, Index):
            parts.append(x.values_)
        elif is_list(x):
            parts.append(infer(x))
        else:
            parts.append(missing(len(labels), FLOAT if not is_na(x) or x is not None else OBJECT) if is_na(x) and isinstance(x, float) else infer([x]).take([0] * len(labels)))
    if columns is not None and not lengths and not series and not len(labels):
        parts = [Values([], OBJECT) for _ in parts]
    return parts, list(data) if data else RangeIndex(0) if columns is None else columns, labels


def correlation(a, b, method):
    known = ~(a.isna() | b.isna())
    x, y = a.floats()[known], b.floats()[known]
    if len(x) < 2:
        return nan
    if method == "spearman":
        x, y = (rank(infer(z)).data for z in (x, y))
    x, y = x - x.mean(), y - y.mean()
    if method == "cov":
        return float(np.dot(x, y)) * (1 / (len(x) - 1))
    if method not in ("pearson", "spearman"):
        raise ValueError(f"method must be either 'pearson' or 'spearman' here, '{method}' was supplied")
    below = float(np.sqrt((x * x).sum() * (y * y).sum()))
    return max(-1.0, min(1.0, float((x * y).sum()) / below)) if below else nan


def concat(objs, axis=0, join="outer", ignore_index=False, keys=None, names=None, sort=False):
    if isinstance(objs, dict):
        keys, objs = list(objs), list(objs.values())
    if isinstance(objs, (Series, DataFrame, str)):
        raise TypeError(f'first argument must be an iterable of pandas objects, you passed an object of type "{type(objs).__name__}"')
    objs = [one for one in objs if one is not None]
    if not objs:
        raise ValueError("No objects to concatenate")
    if axis in (1, "columns"):
        index = objs[0].index
        for one in objs[1:]:
            if not one.index.equals(index):
                index = index.intersection(one.index) if join == "inner" else index.union(one.index)
        parts, labels, number = [], [], 0
        for at, one in enumerate(objs):
            one = one if one.index.equals(index) else one.reindex(index)
            if isinstance(one, Series):
                label = keys[at] if keys else one.name
                if label is None:
                    label, number = number, number + 1
                parts.append(one.values_)
                labels.append(label)
            else:
                parts += one.values_
                labels += [(keys[at], name) for name in one.columns] if keys else one.columns.tolist()
        return DataFrame.of_(parts, RangeIndex(len(parts)) if ignore_index or labels == list(range(len(labels))) else labels, index)
    index = RangeIndex(sum(map(len, objs))) if ignore_index else joined_index([one.index for one in objs])
    if keys is not None and not ignore_index:
        levels = [[key for key, one in zip(keys, objs) for _ in range(len(one))], *index.levels_()]
        index = MultiIndex(levels, [*(names or [None]), *index.names][: len(levels)])
    if all(isinstance(one, Series) for one in objs):
        name = objs[0].name if len({one.name for one in objs}) == 1 else None
        return Series(joined([one.values_ for one in objs]), index=index, name=name)
    objs = [one.to_frame() if isinstance(one, Series) else one for one in objs]
    columns = list(dict.fromkeys(name for one in objs for name in one.columns))
    if join == "inner":
        columns = [name for name in columns if all(name in one.columns for one in objs)]
    filled_parts = []
    for name in columns:
        parts = [one[name].values_ if name in one.columns else None for one in objs]
        known = next(part for part in parts if part is not None)
        blank = FLOAT if known.dtype.kind in "iuf" else known.dtype if known.dtype.kind != "b" else OBJECT
        filled_parts.append(joined([missing(len(one), blank) if part is None else part for one, part in zip(objs, parts)]))
    return DataFrame.of_(filled_parts, objs[0].columns if objs[0].columns.tolist() == columns else columns, index)


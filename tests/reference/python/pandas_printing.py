# --- a frame
import pandas as pd
print(pd.DataFrame({"a": [1, 2, 3], "b": [1.5, None, 3.25], "c": ["x", "yy", None]}))
# --- a series of each kind
import pandas as pd
for items in ([1, -2, 3], [1.0, 2.5], [True, False], ["a", "b"], [1, None], [None, "x"], [1, "x"], [], [[1, 2], [3]], [True, None]):
    print(pd.Series(items))
# --- floats of many sizes
import pandas as pd
print(pd.Series([1.0, 1000000.0, 0.001]))
print(pd.Series([1e-7, 1.0]))
print(pd.Series([123456789.123, 0.1]))
print(pd.Series([1e20, 1.5]))
print(pd.Series([0.1 + 0.2, 1 / 3]))
print(pd.Series([float("inf"), -float("inf"), float("nan")]))
print(pd.DataFrame({"x": [1e-10, 1e10], "y": [100.0, 200.0]}))
# --- negative numbers
import pandas as pd
print(pd.DataFrame({"a": [-1, 10], "b": [-1.5, 2.25]}))
# --- long frames are cut
import pandas as pd
print(pd.DataFrame({"n": range(100), "m": [i * 0.5 for i in range(100)]}))
# --- a frame of 60 rows is whole
import pandas as pd
print(pd.DataFrame({"n": range(60)}))
# --- long series are cut
import pandas as pd
print(pd.Series(range(100), name="n"))
print(pd.Series(["a", "b"] * 50))
# --- wide frames wrap
import pandas as pd
print(pd.DataFrame({f"column_{i}": [i, i * 1000] for i in range(12)}))
# --- many columns are cut
import pandas as pd
print(pd.DataFrame({f"c{i}": [i] for i in range(30)}))
# --- wide texts are cut
import pandas as pd
print(pd.DataFrame({"t": ["x" * 60, "short"]}))
print(pd.Series(["y" * 100, "z"]))
# --- an empty frame
import pandas as pd
print(pd.DataFrame())
print(pd.DataFrame(columns=["a", "b"]))
print(pd.DataFrame({"a": []}))
print(pd.DataFrame({"a": [1]}).iloc[:0])
# --- objects in cells
import pandas as pd
print(pd.DataFrame({"l": [[1, 2], ["a"]], "d": [{"k": 1}, None], "t": [(1, "x"), ()]}))
# --- indexes
import pandas as pd
print(pd.Index([1, 2, 3]))
print(pd.Index(["a", "b"], name="k"))
print(pd.Index([1.5, 2.0]))
print(pd.RangeIndex(5))
print(pd.Index(range(2, 10, 2)))
print(pd.Index([]))
print(pd.Index([True, False]))
# --- a long index
import pandas as pd
print(pd.Index(list(range(200, 0, -1))))
print(pd.Index([f"name {i}" for i in range(30)]))
# --- columns
import pandas as pd
print(pd.DataFrame({"first": [1], "second": [2]}).columns)
print(pd.DataFrame([[1, 2]]).columns)
# --- an index with a name
import pandas as pd
df = pd.DataFrame({"k": ["a", "b"], "v": [1, 2]}).set_index("k")
print(df)
print(df["v"])
print(df.index)
# --- two levels
import pandas as pd
df = pd.DataFrame({"a": ["x", "x", "y"], "b": [1, 2, 1], "v": [1.0, 2.0, 3.0]}).set_index(["a", "b"])
print(df)
print(df["v"])
print(df.index)
# --- dates and times
import pandas as pd
print(pd.Series(pd.to_datetime(["2024-01-01", "2024-02-29"])))
print(pd.Series(pd.to_datetime(["2024-01-01 12:30:00", None])))
print(pd.DataFrame({"t": pd.to_datetime(["2024-01-01 00:00:00.5", "2024-01-02"], format="ISO8601")}))
print(pd.to_datetime(["2024-01-01", "2024-01-02"]))
# --- dates of the standard library
import datetime
import pandas as pd
print(pd.DataFrame({"d": [datetime.date(2024, 1, 1), None], "t": [datetime.datetime(2024, 1, 1, 5), datetime.datetime(2024, 1, 2)]}))
print(pd.DataFrame({"d": [datetime.date(2024, 1, 1)]}).dtypes)
# --- spans of time
import datetime
import pandas as pd
print(pd.Series([datetime.timedelta(days=1), datetime.timedelta(hours=5)]))
print(pd.Series([datetime.timedelta(days=1), datetime.timedelta(days=2)]))
# --- options
import pandas as pd
df = pd.DataFrame({"n": range(20), "x": [i / 3 for i in range(20)]})
pd.set_option("display.max_rows", 6)
print(df)
pd.reset_option("display.max_rows")
with pd.option_context("display.precision", 2):
    print(df.head(3))
pd.options.display.float_format = "{:.1f}".format
print(df.head(2))
pd.options.display.float_format = None
# --- to_string
import pandas as pd
df = pd.DataFrame({"n": range(70)})
print(len(df.to_string().splitlines()))
print(pd.DataFrame({"a": [1, 2], "b": ["x", "y"]}).to_string(index=False))
print(pd.Series([1, 2], name="s").to_string())
# --- info
import pandas as pd
pd.DataFrame({"a": [1, 2, 3], "b": [1.5, None, 3.25], "c": ["x", "yy", None]}).info(memory_usage=False)
# --- dtypes
import pandas as pd
df = pd.DataFrame({"a": [1], "b": [1.5], "c": ["x"], "d": [True], "e": [None], "t": pd.to_datetime(["2024-01-01"])})
print(df.dtypes)
print(repr(df["a"].dtype), repr(df["c"].dtype), repr(df["e"].dtype), repr(df["t"].dtype))
print(df["a"].dtype == "int64", df["a"].dtype == int, df["c"].dtype == object, df["c"].dtype == "str")
# --- names of columns that are numbers
import pandas as pd
print(pd.DataFrame([[1, "a"], [2, "b"]]))
print(pd.DataFrame([[1.5, 2], [3, 4]], columns=["p", "q"], index=["r", "s"]))
# --- bools and headers
import pandas as pd
print(pd.DataFrame({"flag": [True, False], "longer_name": [1, 2]}))
# --- columns of two levels
import pandas as pd
df = pd.DataFrame({"k": ["a", "b", "a"], "v": [1, 2, 3], "w": [1.0, 2.0, 4.0]})
print(df.groupby("k").agg(["sum", "mean"]))
print(df.groupby("k").agg({"v": ["min", "max"], "w": "mean"}))
# --- html
import pandas as pd
print(pd.DataFrame({"a": [1, 2], "b": ["x", "<y>"]}).to_html())
# --- a cut frame with texts
import pandas as pd
print(pd.DataFrame({"n": range(100), "s": ["abc", "d"] * 50}, index=[f"r{i}" for i in range(100)]))
# --- scalars
import pandas as pd
s = pd.Series([1, 2, 3])
print(repr(s[0]), repr(s.sum()), repr(s.mean()), repr(s.iloc[-1]))
print(repr(pd.Series(["a"])[0]), repr(pd.Series([True])[0]), s.tolist())
# --- categories
import pandas as pd
s = pd.Series(["b", "a", "b"]).astype("category")
print(s)
print(s.cat.codes.tolist(), s.cat.categories)
print(s.value_counts())
# --- long names
import pandas as pd
print(pd.DataFrame({"a very long name of a column": [1], "b": [2.5]}))
print(pd.Series([1, 2], name="a name"))
# --- escapes
import pandas as pd
print(pd.Series(["a\nb", "tab\there"]))
# --- float columns with whole numbers
import pandas as pd
print(pd.DataFrame({"a": [1.0, 2.0], "b": [1.25, 100.0], "c": [1e6, 2.5]}))
# --- small integers
import pandas as pd
s = pd.Series([1, 2, 300], dtype="int32")
print(s, s.astype("int8").tolist(), s.astype("float32"))
print((s + s).dtype, (s / s).dtype, (s * 1.5).dtype, s.sum().dtype if hasattr(s.sum(), "dtype") else type(s.sum()))
# --- index of floats
import pandas as pd
print(pd.Series([1, 2], index=[0.25, 0.5]))
print(pd.Series([1, 2]).quantile([0.25, 0.5]))

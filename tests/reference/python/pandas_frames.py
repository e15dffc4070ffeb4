# --- from lists of rows
import pandas as pd
print(pd.DataFrame([[1, "a"], [2, "b"]], columns=["n", "s"]))
print(pd.DataFrame([{"a": 1, "b": 2}, {"a": 3, "c": 4}]))
print(pd.DataFrame([(1, 2), (3, 4)]))
# --- from an array
import numpy as np
import pandas as pd
print(pd.DataFrame(np.arange(6).reshape(2, 3), columns=list("abc")))
print(pd.DataFrame(np.ones((2, 2))))
# --- from series
import pandas as pd
print(pd.DataFrame({"a": pd.Series([1, 2], index=["x", "y"]), "b": pd.Series([3, 4], index=["y", "z"])}))
print(pd.Series([1, 2], name="n").to_frame())
# --- shape and size
import pandas as pd
df = pd.DataFrame({"a": [1, 2], "b": [3, 4]})
print(df.shape, df.size, df.ndim, len(df), df.empty, list(df), df.columns.tolist(), df.index)
print(df.values)
print(df.to_numpy().tolist())
# --- columns
import pandas as pd
df = pd.DataFrame({"a": [1, 2], "b": [3, 4], "c": [5, 6]})
print(df["a"])
print(df[["c", "a"]])
print(df.a.tolist())
# --- a missing column
import pandas as pd
df = pd.DataFrame({"a": [1]})
for key in ("x", ["x"], ["a", "x"]):
    try:
        df[key]
    except KeyError as error:
        print(type(error).__name__, error)
# --- masks
import pandas as pd
df = pd.DataFrame({"a": [1, 2, 3, 4], "b": list("wxyz")})
print(df[df["a"] > 2])
print(df[(df.a > 1) & (df.b != "y")])
print(df[~(df.a == 2) | (df.b == "x")])
print(df[df.b.isin(["w", "z"])])
# --- loc
import pandas as pd
df = pd.DataFrame({"a": [1, 2, 3], "b": [4.5, 5.5, 6.5]}, index=["x", "y", "z"])
print(df.loc["y"])
print(df.loc["y", "a"], df.at["z", "b"])
print(df.loc["x":"y"])
print(df.loc[["z", "x"], "b"])
print(df.loc[df.a > 1, ["a"]])
print(df.loc[:, "a":"b"])
# --- iloc
import pandas as pd
df = pd.DataFrame({"a": [1, 2, 3], "b": list("xyz")})
print(df.iloc[0])
print(df.iloc[-1, 0], df.iat[0, 1])
print(df.iloc[1:])
print(df.iloc[[0, 2], 0])
print(df.iloc[:, 1])
print(df[1:2])
# --- errors of places
import pandas as pd
df = pd.DataFrame({"a": [1, 2]})
for f in (lambda: df.iloc[5], lambda: df.loc[7], lambda: df["b"], lambda: df.drop(columns="q"), lambda: df.drop(5), lambda: df.set_index("q"), lambda: df.sort_values("q")):
    try:
        f()
    except (KeyError, IndexError) as error:
        print(type(error).__name__, error)
# --- setting columns
import pandas as pd
df = pd.DataFrame({"a": [1, 2, 3]})
df["b"] = df["a"] * 2
df["c"] = "k"
df["d"] = [1.5, 2.5, 3.5]
df.insert(0, "z", [7, 8, 9])
print(df)
print(df.pop("c").tolist())
del df["z"]
print(df)
# --- setting cells
import pandas as pd
df = pd.DataFrame({"a": [1, 2, 3], "b": ["x", "y", "z"]})
df.loc[0, "a"] = 10
df.loc[df.a > 5, "b"] = "big"
df.iloc[2, 0] = 30
df.at[1, "b"] = "q"
print(df)
df.loc[3] = [4, "new"]
print(df)
# --- a value that doesn't fit
import pandas as pd
df = pd.DataFrame({"a": [1, 2]})
try:
    df.loc[0, "a"] = "x"
except TypeError as error:
    print(error)
try:
    df["b"] = [1, 2, 3]
except ValueError as error:
    print(error)
# --- copies don't share
import pandas as pd
df = pd.DataFrame({"a": [1, 2]})
s = df["a"]
s[0] = 100
print(df, s.tolist())
# --- assign
import pandas as pd
df = pd.DataFrame({"a": [1, 2]})
print(df.assign(b=lambda d: d.a + 1, c=5))
print(df)
# --- drop and rename
import pandas as pd
df = pd.DataFrame({"a": [1, 2, 3], "b": [4, 5, 6], "c": [7, 8, 9]})
print(df.drop(columns=["b"]))
print(df.drop([0, 2]))
print(df.rename(columns={"a": "A"}, index={0: "first"}))
print(df.rename(columns=str.upper).columns.tolist())
df.columns = ["p", "q", "r"]
print(df)
# --- set_index and reset_index
import pandas as pd
df = pd.DataFrame({"k": ["b", "a"], "v": [1, 2]})
one = df.set_index("k")
print(one.loc["a"])
print(one.reset_index())
print(one.sort_index())
print(df.set_index("k", drop=False))
print(one.reset_index(drop=True))
# --- sort
import pandas as pd
df = pd.DataFrame({"a": [3, 1, 2, 1], "b": [1.0, None, 3.0, 0.5]})
print(df.sort_values("a"))
print(df.sort_values(["a", "b"], ascending=[True, False]))
print(df.sort_values("b", na_position="first"))
print(df.sort_values("a", ascending=False, ignore_index=True))
# --- missing values
import pandas as pd
df = pd.DataFrame({"a": [1, None, 3], "b": ["x", None, "z"], "c": [None, None, 1.0]})
print(df.isna())
print(df.isna().sum())
print(df.dropna())
print(df.dropna(subset=["a"]))
print(df.dropna(how="all"))
print(df.dropna(axis=1, how="any"))
print(df.fillna(0)["a"].tolist())
print(df.fillna({"a": -1, "b": "?"}))
print(df["c"].ffill().tolist(), df["a"].bfill().tolist())
print(df.notna().all())
# --- duplicates
import pandas as pd
df = pd.DataFrame({"a": [1, 1, 2, 1], "b": ["x", "x", "y", "z"]})
print(df.duplicated())
print(df.drop_duplicates())
print(df.drop_duplicates(subset="a", keep="last"))
print(df.drop_duplicates("a", keep=False))
# --- figures
import pandas as pd
df = pd.DataFrame({"a": [1, 2, 3, 4], "b": [1.5, 2.5, None, 4.0]})
print(df.sum())
print(df.mean())
print(df.min(), df.max())
print(df.std())
print(df.var())
print(df.median())
print(df.count())
print(df.nunique())
print(df.sum(axis=1))
print(df.mean(axis=1))
print(df.max(axis=1))
# --- figures of texts
import pandas as pd
df = pd.DataFrame({"a": [1, 2], "s": ["x", "y"]})
print(df.mean(numeric_only=True))
print(df.max())
print(df.sum())
try:
    df.mean()
except TypeError as error:
    print("TypeError")
# --- describe
import pandas as pd
df = pd.DataFrame({"a": [1, 2, 3, 4], "b": [1.5, 2.5, None, 4.0], "s": ["x", "y", "x", None]})
print(df.describe())
print(df["s"].describe())
print(df["a"].describe())
print(df.describe(include="all"))
print(df[["s"]].describe())
# --- quantiles
import pandas as pd
df = pd.DataFrame({"a": [1, 2, 3, 4], "b": [1.0, 10.0, 100.0, 1000.0]})
print(df.quantile(0.5))
print(df.quantile([0.1, 0.9]))
print(df["a"].quantile(0.3))
# --- corr and cov
import pandas as pd
df = pd.DataFrame({"a": [1, 2, 3, 4, 5], "b": [2, 4, 6, 8, 11], "c": [5, 3, 4, 1, 2]})
print(df.corr())
print(df.cov())
print(round(df["a"].corr(df["b"]), 12), df["a"].cov(df["c"]))
print(df.corr(method="spearman"))
# --- running figures
import pandas as pd
df = pd.DataFrame({"a": [1, 2, 3], "b": [1.5, None, 2.0]})
print(df.cumsum())
print(df.cummax())
print(df["a"].cumprod().tolist(), df["b"].cummin().tolist())
print(df.diff())
print(df.shift(1))
print(df["a"].shift(-1).tolist(), df["a"].pct_change().tolist())
# --- arithmetic
import pandas as pd
df = pd.DataFrame({"a": [1, 2], "b": [3, 4]})
print(df + 1)
print(df * df)
print(df / 2)
print(1 - df)
print(df > 2)
print(df + pd.Series({"a": 10, "b": 20}))
print(df.sub(df.mean()))
print(df.div(df.sum(axis=1), axis=0))
print(-df, df ** 2, df % 2, df // 2)
# --- alignment
import pandas as pd
a = pd.DataFrame({"x": [1, 2]}, index=[0, 1])
b = pd.DataFrame({"x": [10, 20]}, index=[1, 2])
print(a + b)
print(a.add(b, fill_value=0))
# --- apply
import pandas as pd
df = pd.DataFrame({"a": [1, 2], "b": [3, 4]})
print(df.apply(sum))
print(df.apply(lambda row: row["a"] * row["b"], axis=1))
print(df.apply(lambda c: c.max() - c.min()))
print(df.map(lambda x: x * 10))
print(df["a"].apply(lambda x: x + 0.5))
print(df.apply(lambda r: pd.Series({"s": r.a + r.b, "p": r.a * r.b}), axis=1))
# --- agg
import pandas as pd
df = pd.DataFrame({"a": [1, 2, 3], "b": [4.0, 5.0, 7.0]})
print(df.agg("sum"))
print(df.agg(["min", "max"]))
print(df.agg({"a": "sum", "b": "mean"}))
print(df["a"].agg(["sum", "mean"]))
# --- to other things
import pandas as pd
df = pd.DataFrame({"a": [1, 2], "b": ["x", None]})
print(df.to_dict())
print(df.to_dict("records"))
print(df.to_dict(orient="list"))
print(df.to_dict("index"))
print(df.to_csv())
print(df.to_csv(index=False))
print(df.to_json(orient="records"))
# --- rows in a loop
import pandas as pd
df = pd.DataFrame({"a": [1, 2], "b": ["x", "y"]})
for label, row in df.iterrows():
    print(label, row["a"], row["b"])
for row in df.itertuples():
    print(row, row.a)
for row in df.itertuples(index=False):
    print(row)
for name, column in df.items():
    print(name, column.tolist())
# --- query
import pandas as pd
df = pd.DataFrame({"age": [20, 35, 50], "city": ["Rome", "Bonn", "Rome"], "x y": [1, 2, 3]})
low = 30
print(df.query("age > 30"))
print(df.query("age > @low and city == 'Rome'"))
print(df.query("city in ['Bonn'] or age < 25"))
print(df.query("not (age > 30)"))
print(df.query("20 < age <= 50 & `x y` == 2"))
print(df.query("age * 2 > 60 and city.str.startswith('B')"))
# --- sample
import pandas as pd
df = pd.DataFrame({"a": range(10)})
print(df.sample(3, random_state=1))
print(df.sample(frac=0.4, random_state=42)["a"].tolist())
print(df["a"].sample(2, random_state=0).tolist())
# --- largest and smallest
import pandas as pd
df = pd.DataFrame({"n": list("abcd"), "v": [3, 1, 4, 2]})
print(df.nlargest(2, "v"))
print(df.nsmallest(2, "v"))
print(df["v"].nlargest(2))
print(df["v"].idxmax(), df["v"].idxmin(), df.set_index("n")["v"].idxmax())
print(df[["v"]].idxmax())
# --- head and tail
import pandas as pd
df = pd.DataFrame({"a": range(10)})
print(df.head(2))
print(df.tail(2))
print(df.head(-8))
# --- transposed
import pandas as pd
df = pd.DataFrame({"a": [1, 2], "b": [3, 4]}, index=["x", "y"])
print(df.T)
print(pd.DataFrame({"a": [1, 2], "s": ["x", "y"]}).T)
# --- equals and copy
import pandas as pd
df = pd.DataFrame({"a": [1.0, None]})
print(df.equals(df.copy()), df.equals(df + 1), df["a"].equals(df["a"]))
# --- astype
import pandas as pd
df = pd.DataFrame({"a": ["1", "2"], "b": [1.9, 2.1]})
print(df.astype({"a": int, "b": int}).dtypes)
print(df["a"].astype(float).tolist(), df["b"].astype(int).tolist(), df["b"].astype(str).tolist(), df["b"].astype(bool).tolist())
try:
    pd.Series(["x"]).astype(int)
except ValueError as error:
    print(error)
try:
    pd.Series([1.5, None]).astype(int)
except ValueError as error:
    print(error)
# --- selecting dtypes
import pandas as pd
df = pd.DataFrame({"a": [1], "b": [1.5], "c": ["x"], "d": [True]})
print(df.select_dtypes("number").columns.tolist(), df.select_dtypes(include=["int64"]).columns.tolist(), df.select_dtypes(exclude="number").columns.tolist())
print(df.filter(like="a").columns.tolist(), df.filter(items=["b", "c"]).columns.tolist(), df.filter(regex="[cd]").columns.tolist())
# --- value_counts of rows
import pandas as pd
df = pd.DataFrame({"a": [1, 1, 2], "b": ["x", "x", "y"]})
print(df.value_counts())
print(df["a"].value_counts(normalize=True))
# --- melt and pivot
import pandas as pd
df = pd.DataFrame({"k": ["x", "y"], "a": [1, 2], "b": [3, 4]})
long = df.melt(id_vars="k")
print(long)
print(df.melt(id_vars="k", value_vars=["b"], var_name="name", value_name="n"))
print(long.pivot(index="k", columns="variable", values="value"))
# --- a truth value
import pandas as pd
try:
    if pd.DataFrame({"a": [1]}):
        pass
except ValueError as error:
    print(error)
try:
    bool(pd.Series([True, False]) and True)
except ValueError as error:
    print(error)
# --- lists of other lengths
import pandas as pd
for data in ({"a": [1, 2], "b": [1]}, {"a": 1}):
    try:
        pd.DataFrame(data)
    except ValueError as error:
        print(error)
try:
    pd.DataFrame([[1, 2]], columns=["a"])
except ValueError as error:
    print(error)
# --- attributes that aren't
import pandas as pd
df = pd.DataFrame({"a": [1]})
try:
    df.nothing
except AttributeError as error:
    print(error)
try:
    pd.Series([1]).nothing
except AttributeError as error:
    print(error)
# --- numpy functions
import numpy as np
import pandas as pd
s = pd.Series([1.0, 4.0, 9.0], name="q")
print(np.sqrt(s))
print(np.mean(s), np.sum(s), np.max(s))
print(np.where(s > 3, "big", "small").tolist())
df = pd.DataFrame({"a": [1, 2, 3]})
df["log"] = np.log(df["a"])
print(df)
print(np.array(s), np.asarray(df).tolist())
# --- where and mask
import pandas as pd
df = pd.DataFrame({"a": [1, -2], "b": [-3, 4]})
print(df.where(df > 0))
print(df.where(df > 0, 0))
print(df["a"].mask(df["a"] < 0, 100).tolist(), df["a"].where(df["a"] > 0).tolist())
print(df.clip(lower=0), df.abs())
# --- in place
import pandas as pd
df = pd.DataFrame({"a": [2, 1], "b": [None, 1.0]})
df.sort_values("a", inplace=True)
df.reset_index(drop=True, inplace=True)
df.rename(columns={"a": "A"}, inplace=True)
df.dropna(inplace=True)
print(df)
# --- read_csv
import pandas as pd
with open("data.csv", "w") as file:
    file.write('id,name,score,when\n1,"Ann, B",1.5,2024-01-01\n2,,3,2024-02-01\n3,"say ""hi""",,2024-03-01\n')
df = pd.read_csv("data.csv", parse_dates=["when"])
print(df)
print(df.dtypes)
print(pd.read_csv("data.csv", usecols=["id", "score"], index_col="id", nrows=2))
# --- reindex
import pandas as pd
df = pd.DataFrame({"a": [1, 2]}, index=["x", "y"])
print(df.reindex(["y", "z"]))
print(df.reindex(columns=["a", "b"]))
print(pd.Series([1, 2], index=["x", "y"]).reindex(["y", "z"], fill_value=0))
# --- explode
import pandas as pd
df = pd.DataFrame({"k": ["a", "b"], "v": [[1, 2], [3]]})
print(df.explode("v"))
# --- round and rank
import pandas as pd
df = pd.DataFrame({"a": [1.234, 5.678], "b": [2, 1]})
print(df.round(1))
print(df.rank())
print(df.round({"a": 2}))
# --- pipes
import pandas as pd
print(pd.DataFrame({"a": [1, 2]}).pipe(lambda d, n: d + n, 5))
# --- replace
import pandas as pd
df = pd.DataFrame({"a": [1, 2, 1], "s": ["x", "y", "x"]})
print(df.replace(1, 100))
print(df.replace({"x": "X"}))
print(df["s"].replace({"x": "p", "y": "q"}).tolist(), df["a"].replace([1, 2], [10, 20]).tolist())
# --- isin and between
import pandas as pd
df = pd.DataFrame({"a": [1, 2, 3]})
print(df.isin([1, 3]))
print(df["a"].between(2, 3).tolist(), df["a"].isin([2]).tolist())

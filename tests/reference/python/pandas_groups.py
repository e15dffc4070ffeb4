# --- one key
import pandas as pd
df = pd.DataFrame({"k": ["b", "a", "b", "a"], "v": [1, 2, 3, 4], "w": [1.5, 2.5, None, 4.5]})
g = df.groupby("k")
print(g.sum())
print(g.mean())
print(g["v"].sum())
print(g["w"].mean())
print(g.size())
print(g.count())
print(g[["v"]].max())
# --- all figures
import pandas as pd
df = pd.DataFrame({"k": ["a", "a", "b", "b", "b"], "v": [1, 2, 3, 4, 9]})
for name in ("sum", "mean", "min", "max", "count", "std", "var", "median", "first", "last", "nunique", "prod", "size"):
    print(name, getattr(df.groupby("k")["v"], name)().to_dict())
# --- two keys
import pandas as pd
df = pd.DataFrame({"a": ["x", "x", "y", "y"], "b": [1, 2, 1, 1], "v": [1, 2, 3, 4]})
print(df.groupby(["a", "b"]).sum())
print(df.groupby(["a", "b"])["v"].mean())
print(df.groupby(["a", "b"]).size())
print(df.groupby(["a", "b"], as_index=False)["v"].sum())
print(df.groupby(["a", "b"])["v"].sum().reset_index())
print(df.groupby(["a", "b"]).agg(total=("v", "sum")).loc["x"])
# --- as_index
import pandas as pd
df = pd.DataFrame({"k": ["b", "a", "b"], "v": [1, 2, 3]})
print(df.groupby("k", as_index=False).sum())
print(df.groupby("k", as_index=False)["v"].mean())
print(df.groupby("k", as_index=False).agg({"v": "max"}))
print(df.groupby("k", as_index=False).size())
print(df.groupby("k", sort=False).sum())
# --- agg
import pandas as pd
df = pd.DataFrame({"k": ["b", "a", "b"], "v": [1, 2, 3], "w": [1.0, 2.0, 4.0]})
print(df.groupby("k").agg({"v": "sum", "w": "mean"}))
print(df.groupby("k")["v"].agg(["sum", "mean", "count"]))
print(df.groupby("k").agg(total=("v", "sum"), average=("w", "mean")))
print(df.groupby("k")["v"].agg(lambda s: s.max() - s.min()))
print(df.groupby("k")["v"].agg(low="min", high="max"))
print(df.groupby("k").agg({"v": ["sum", "max"]}))
# --- apply
import pandas as pd
df = pd.DataFrame({"k": ["b", "a", "b"], "v": [1, 2, 3]})
print(df.groupby("k")["v"].apply(lambda s: s.sum() * 10))
print(df.groupby("k")[["v"]].apply(lambda d: d["v"].max()))
print(df.groupby("k")["v"].apply(list))
print(df.groupby("k")[["v"]].apply(lambda d: pd.Series({"n": len(d), "s": d["v"].sum()})))
print(df.groupby("k")[["v"]].apply(lambda d: d.head(1)))
# --- transform
import pandas as pd
df = pd.DataFrame({"k": ["b", "a", "b"], "v": [1, 2, 3]})
df["mean"] = df.groupby("k")["v"].transform("mean")
df["share"] = df["v"] / df.groupby("k")["v"].transform("sum")
df["norm"] = df.groupby("k")["v"].transform(lambda s: s - s.mean())
print(df)
# --- running figures
import pandas as pd
df = pd.DataFrame({"k": ["a", "b", "a", "a", "b"], "v": [1, 2, 3, 4, 5]})
g = df.groupby("k")["v"]
print(g.cumsum().tolist(), g.shift().tolist(), g.diff().tolist(), g.rank().tolist(), df.groupby("k").cumcount().tolist(), g.cummax().tolist())
print(df.groupby("k").head(1))
print(df.groupby("k").tail(1))
print(df.groupby("k").ngroup().tolist())
# --- groups in a loop
import pandas as pd
df = pd.DataFrame({"k": ["b", "a", "b"], "j": [1, 1, 1], "v": [1, 2, 3]})
for key, part in df.groupby("k"):
    print(key, part["v"].tolist())
for key, part in df.groupby(["k"]):
    print(key, len(part))
for key, part in df.groupby(["k", "j"]):
    print(key, len(part))
print(df.groupby("k").get_group("b"))
print(df.groupby("k").ngroups, len(df.groupby("k")))
# --- missing keys
import pandas as pd
df = pd.DataFrame({"k": ["a", None, "a"], "v": [1, 2, 3]})
print(df.groupby("k").sum())
print(df.groupby("k", dropna=False).sum())
# --- other keys
import pandas as pd
df = pd.DataFrame({"v": [1, 2, 3, 4]})
print(df.groupby(df["v"] % 2)["v"].sum())
print(df.groupby([0, 0, 1, 1])["v"].sum())
print(df["v"].groupby(df["v"] > 2).mean())
print(df.groupby(lambda i: i // 3)["v"].sum())
# --- no key
import pandas as pd
df = pd.DataFrame({"v": [1]})
for f in (lambda: df.groupby("q"), lambda: df.groupby("v")["z"], lambda: df.groupby("v").agg({"z": "sum"})):
    try:
        f()
    except KeyError as error:
        print(error)
# --- texts in figures
import pandas as pd
df = pd.DataFrame({"k": ["a", "b", "a"], "s": ["x", "y", "z"], "v": [1, 2, 3]})
print(df.groupby("k").sum())
print(df.groupby("k").max())
print(df.groupby("k").mean(numeric_only=True))
try:
    df.groupby("k").mean()
except TypeError as error:
    print("TypeError")
# --- filter
import pandas as pd
df = pd.DataFrame({"k": ["a", "b", "a"], "v": [1, 2, 3]})
print(df.groupby("k").filter(lambda d: len(d) > 1))
# --- describe
import pandas as pd
df = pd.DataFrame({"k": ["a", "b", "a", "b"], "v": [1, 2, 3, 7]})
print(df.groupby("k")["v"].describe())
print(df.groupby("k")["v"].quantile(0.5))
print(df.groupby("k")["v"].value_counts())
print(df.groupby("k")["v"].nunique(), df.groupby("k")["v"].idxmax())
# --- unstack
import pandas as pd
df = pd.DataFrame({"a": ["x", "x", "y"], "b": ["p", "q", "p"], "v": [1, 2, 3]})
print(df.groupby(["a", "b"])["v"].sum().unstack())
print(df.groupby(["a", "b"])["v"].sum().unstack(fill_value=0))
# --- pivot tables
import pandas as pd
df = pd.DataFrame({"a": ["x", "x", "y", "y"], "b": ["p", "q", "p", "p"], "v": [1, 2, 3, 5], "w": [1.0, 2.0, 3.0, 4.0]})
print(df.pivot_table(values="v", index="a", columns="b"))
print(df.pivot_table(values="v", index="a", columns="b", aggfunc="sum", fill_value=0))
print(df.pivot_table(values="v", index="a", aggfunc="sum"))
print(pd.pivot_table(df, values=["v", "w"], index="a", aggfunc="mean"))
print(df.pivot_table(values="v", index="a", columns="b", aggfunc="count"))
print(df.pivot_table(values="v", index="a", columns="b", aggfunc="sum", margins=True))
# --- crosstab
import pandas as pd
df = pd.DataFrame({"a": ["x", "x", "y"], "b": ["p", "q", "p"]})
print(pd.crosstab(df["a"], df["b"]))
print(pd.crosstab(df["a"], df["b"], normalize="index"))
# --- merge
import pandas as pd
a = pd.DataFrame({"k": [1, 2, 3], "x": ["a", "b", "c"]})
b = pd.DataFrame({"k": [2, 3, 3, 4], "y": [20.0, 30.0, 31.0, 40.0]})
for how in ("inner", "left", "right", "outer"):
    print(a.merge(b, on="k", how=how))
print(pd.merge(a, b))
# --- merge on other names
import pandas as pd
a = pd.DataFrame({"id": [1, 2], "v": [1, 2]})
b = pd.DataFrame({"key": [2, 1], "v": [20, 10]})
print(a.merge(b, left_on="id", right_on="key"))
print(a.merge(b, left_on="id", right_on="key", suffixes=("_a", "_b")))
print(a.merge(b.set_index("key"), left_on="id", right_index=True))
print(a.merge(b, how="cross"))
print(a.merge(b, on="v", how="outer", indicator=True))
# --- merge on two keys
import pandas as pd
a = pd.DataFrame({"p": [1, 1, 2], "q": ["x", "y", "x"], "v": [1, 2, 3]})
b = pd.DataFrame({"p": [1, 2], "q": ["y", "x"], "w": [10, 20]})
print(a.merge(b, on=["p", "q"]))
print(a.merge(b, on=["p", "q"], how="left"))
# --- merges that can't be
import pandas as pd
a, b = pd.DataFrame({"a": [1]}), pd.DataFrame({"b": [1]})
for f in (lambda: a.merge(b), lambda: a.merge(b, on="a"), lambda: a.merge(b, how="odd", on="a")):
    try:
        f()
    except (KeyError, ValueError) as error:
        print(type(error).__name__, error)
# --- join
import pandas as pd
a = pd.DataFrame({"x": [1, 2]}, index=["p", "q"])
b = pd.DataFrame({"y": [3, 4]}, index=["q", "r"])
print(a.join(b))
print(a.join(b, how="inner"))
print(a.join(b, how="outer"))
# --- concat
import pandas as pd
a = pd.DataFrame({"x": [1, 2], "y": ["a", "b"]})
b = pd.DataFrame({"x": [3], "z": [1.5]})
print(pd.concat([a, b]))
print(pd.concat([a, b], ignore_index=True))
print(pd.concat([a, b], join="inner"))
print(pd.concat([a, a], axis=1))
print(pd.concat([pd.Series([1, 2]), pd.Series([3])]))
print(pd.concat([pd.Series([1], name="p"), pd.Series([2], name="q")], axis=1))
print(pd.concat([a, a], keys=["first", "second"]))
# --- nothing to concatenate
import pandas as pd
for f in (lambda: pd.concat([]), lambda: pd.concat(pd.DataFrame())):
    try:
        f()
    except (ValueError, TypeError) as error:
        print(error)
# --- two levels
import pandas as pd
df = pd.DataFrame({"a": ["x", "x", "y"], "b": [1, 2, 1], "v": [1, 2, 3]}).set_index(["a", "b"])
print(df.loc["x"])
print(df.loc[("x", 2)])
print(df.loc[("x", 2), "v"])
print(df.reset_index())
print(df.reset_index(level="b"))
print(df.index.get_level_values("a").tolist(), df.index.names, df.index.nlevels)
print(df.groupby(level="a").sum())
print(df.sort_index(ascending=False))
# --- columns of two levels made flat
import pandas as pd
df = pd.DataFrame({"k": ["a", "b", "a"], "v": [1, 2, 3]})
made = df.groupby("k").agg({"v": ["sum", "mean"]})
print(made["v"])
print(made[("v", "sum")].tolist())
made.columns = ["_".join(c) for c in made.columns]
print(made.reset_index())

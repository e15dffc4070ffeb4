# --- arithmetic
import pandas as pd
s = pd.Series([1, 2, 3])
print(s + 1, s * 2.5, s - s, 10 / s, s // 2, s % 2, s ** 2, -s)
# --- alignment by label
import pandas as pd
a = pd.Series([1, 2, 3], index=["x", "y", "z"])
b = pd.Series([10, 20], index=["y", "w"])
print(a + b)
print(a.add(b, fill_value=0))
print(a.mul(2), a.rsub(10))
# --- comparison
import pandas as pd
s = pd.Series([1, None, 3])
print(s > 1, s == 1, s != 1, s.eq(3).tolist())
print(pd.Series(["a", None]) == "a")
# --- other lengths
import pandas as pd
for f in (lambda: pd.Series([1, 2]) + [1, 2, 3], lambda: pd.Series([1, 2]) == pd.Series([1, 2], index=[5, 6]), lambda: pd.Series([1, 2], index=["a"])):
    try:
        f()
    except ValueError as error:
        print(error)
# --- logic
import pandas as pd
a, b = pd.Series([True, False, True]), pd.Series([True, True, False])
print((a & b).tolist(), (a | b).tolist(), (a ^ b).tolist(), (~a).tolist(), a.any(), a.all(), a.sum(), a.mean())
# --- a dict
import pandas as pd
s = pd.Series({"a": 1, "b": 2}, name="n")
print(s)
print(s["a"], s.get("z"), s.get("z", 5), "b" in s, s.to_dict(), list(s.items()), s.index.tolist())
# --- slices and lists
import pandas as pd
s = pd.Series([10, 20, 30, 40], index=list("abcd"))
print(s["b":"c"])
print(s[["a", "d"]])
print(s[s > 15])
print(s.iloc[1:3].tolist(), s.iloc[-1], s.loc["a"], s.head(2).tolist())
# --- setting
import pandas as pd
s = pd.Series([1, 2, 3])
s[1] = 20
s.loc[5] = 50
s[s > 40] = 0
print(s)
# --- figures
import pandas as pd
s = pd.Series([3, 1, 4, 1, 5, 9, 2, 6])
print(s.sum(), s.mean(), s.std(), s.var(), s.median(), s.min(), s.max(), s.count(), s.prod(), s.nunique(), round(s.skew(), 9), round(s.kurt(), 9), s.sem())
print(s.std(ddof=0), s.quantile(0.25), s.mode().tolist())
# --- figures with missing values
import pandas as pd
s = pd.Series([1.5, None, 2.5])
print(s.sum(), s.mean(), s.count(), len(s), s.max(), s.sum(skipna=False), s.isna().tolist(), s.hasnans)
print(pd.Series([], dtype=float).sum(), pd.Series([], dtype=float).mean())
# --- value_counts
import pandas as pd
s = pd.Series(["b", "a", "b", None, "c", "b", "a"], name="letter")
print(s.value_counts())
print(s.value_counts(dropna=False))
print(s.value_counts(normalize=True))
print(s.value_counts(ascending=True).index.tolist())
print(pd.Series([1.5, 1.5, 2.0]).value_counts())
# --- unique
import pandas as pd
print(pd.Series([3, 1, 3, 2]).unique(), pd.Series(["x", "y", "x"]).unique(), pd.Series([1.5, None, 1.5]).unique())
print(pd.Series(["x", "y", "x"]).nunique(), pd.unique(pd.Series([2, 1, 2])), pd.Series([1, 1]).is_unique)
# --- sorting
import pandas as pd
s = pd.Series([3, 1, None, 2], index=list("dbca"))
print(s.sort_values())
print(s.sort_values(ascending=False).index.tolist())
print(s.sort_index())
print(s.argsort().tolist() if False else s.rank().tolist())
# --- rank
import pandas as pd
s = pd.Series([10, 20, 10, 30])
for method in ("average", "min", "max", "first", "dense"):
    print(method, s.rank(method=method).tolist(), s.rank(method=method, ascending=False).tolist())
print(s.rank(pct=True).tolist())
# --- map
import pandas as pd
s = pd.Series(["cat", "dog", None])
print(s.map({"cat": "kitten", "dog": "puppy"}).tolist())
print(s.map(lambda x: f"I am {x}", na_action="ignore").tolist())
print(pd.Series([1, 2, 3]).map({1: "one", 2: "two"}).tolist())
print(pd.Series([1, 2]).map(lambda x: x / 2))
# --- str
import pandas as pd
s = pd.Series([" Apple", "banana ", None, "Cherry"])
print(s.str.lower().tolist(), s.str.upper().tolist(), s.str.strip().tolist(), s.str.len().tolist())
print(s.str.contains("an").tolist(), s.str.startswith("C").tolist(), s.str.replace("a", "_").tolist())
print(s.str.strip().str.title(), s.str[0].tolist(), s.str[-2:].tolist())
# --- str with patterns
import pandas as pd
s = pd.Series(["a1-b2", "c3", "d"])
print(s.str.contains(r"\d").tolist(), s.str.replace(r"\d", "#", regex=True).tolist(), s.str.findall(r"\d").tolist(), s.str.count(r"[a-d]").tolist())
print(s.str.extract(r"([a-z])(\d)"))
print(s.str.split("-").tolist())
print(s.str.split("-", expand=True))
print(s.str.cat(sep="+"), s.str.zfill(6).tolist(), s.str.match("a").tolist(), s.str.isdigit().tolist())
# --- str of numbers
import pandas as pd
try:
    pd.Series([1, 2]).str.lower()
except AttributeError as error:
    print(str(error)[:50])
try:
    pd.Series(["a"]).dt.year
except AttributeError as error:
    print(error)
# --- texts added
import pandas as pd
s = pd.Series(["a", "b", None])
print((s + "!").tolist(), ("<" + s).tolist(), (s + s).tolist(), (s * 2).tolist())
print(s + "_" + pd.Series([1, 2, 3]).astype(str))
# --- fillna
import pandas as pd
s = pd.Series([1.0, None, 3.0])
print(s.fillna(0).tolist(), s.fillna(s.mean()).tolist(), s.ffill().tolist(), s.dropna())
print(pd.Series(["a", None]).fillna("?").tolist())
# --- between clip round
import pandas as pd
s = pd.Series([1.234, 5.678, 9.1])
print(s.between(2, 9).tolist(), s.clip(2, 6).tolist(), s.round(1).tolist(), round(s, 2).tolist(), s.abs().tolist())
# --- shift diff
import pandas as pd
s = pd.Series([1, 4, 9, 16])
print(s.diff().tolist(), s.diff(2).tolist(), s.shift().tolist(), s.shift(1, fill_value=0).tolist(), s.pct_change().tolist())
print(s.cumsum().tolist(), s.cummax().tolist(), s.cumprod().tolist())
# --- rolling
import pandas as pd
s = pd.Series([1.0, 2.0, 3.0, 4.0])
print(s.rolling(2).mean().tolist(), s.rolling(3, min_periods=1).sum().tolist(), s.expanding().max().tolist())
# --- names
import pandas as pd
s = pd.Series([1, 2], name="x")
print(s.rename("y"), (s + 1).name, (s + pd.Series([1, 2], name="z")).name, s.to_frame("w"))
print(s.reset_index())
print(s.reset_index(drop=True))
# --- duplicates
import pandas as pd
s = pd.Series([1, 2, 1, 3, 2])
print(s.duplicated().tolist(), s.drop_duplicates().tolist(), s.drop_duplicates(keep="last"))
# --- apply
import pandas as pd
s = pd.Series([1, 2, 3])
print(s.apply(lambda x: x ** 2).tolist(), s.apply(str).tolist(), s.apply(float))
print(s.agg("mean"), s.agg(["min", "max"]))
# --- to_numeric
import pandas as pd
print(pd.to_numeric(pd.Series(["1", "2.5", "3"])))
print(pd.to_numeric(pd.Series(["1", "x"]), errors="coerce").tolist())
try:
    pd.to_numeric(pd.Series(["1", "x"]))
except ValueError as error:
    print(error)
# --- cut
import pandas as pd
s = pd.Series([1, 7, 5, 4, 6, 3])
print(pd.cut(s, 3))
print(pd.cut(s, bins=[0, 3, 6, 9]))
print(pd.cut(s, bins=[0, 3, 6, 9], labels=["low", "mid", "high"]))
print(pd.cut(s, bins=[0, 3, 6, 9], labels=["low", "mid", "high"]).value_counts())
print(pd.cut(s, [0, 4, 8], right=False).tolist())
# --- qcut
import pandas as pd
s = pd.Series([1, 7, 5, 4, 6, 3, 2, 8])
print(pd.qcut(s, 4))
print(pd.qcut(s, 2, labels=["low", "high"]).tolist())
# --- get_dummies
import pandas as pd
df = pd.DataFrame({"c": ["a", "b", "a"], "n": [1, 2, 3]})
print(pd.get_dummies(df))
print(pd.get_dummies(df["c"], prefix="k", dtype=int))
print(pd.get_dummies(df, columns=["c"], drop_first=True))
# --- isna of anything
import pandas as pd
print(pd.isna(None), pd.isna(float("nan")), pd.isna(1), pd.isna("x"), pd.notna(3), pd.isna(pd.NaT), pd.isna(pd.NA))
print(pd.isna(pd.Series([1, None])).tolist(), pd.NA, pd.NaT)
# --- empty
import pandas as pd
s = pd.Series([], dtype=float)
print(s, len(s), s.empty, s.max())
# --- from a scalar
import pandas as pd
print(pd.Series(5, index=["a", "b"]))
print(pd.Series("x", index=range(2)))
# --- extremes
import pandas as pd
s = pd.Series([3, 9, 2], index=["a", "b", "c"])
print(s.idxmax(), s.idxmin(), s.argmax(), s.nlargest(2).to_dict(), s.nsmallest(1).to_dict())
# --- drop
import pandas as pd
s = pd.Series([1, 2, 3], index=["a", "b", "c"])
print(s.drop("b").to_dict(), s.drop(["a", "c"]).to_dict())
try:
    s.drop("z")
except KeyError as error:
    print(error)
try:
    s["z"]
except KeyError as error:
    print(error)
# --- combining
import pandas as pd
a, b = pd.Series([1, None, 3]), pd.Series([10, 20, 30])
print(a.combine_first(b).tolist(), a.where(a > 2, b).tolist(), a.fillna(b).tolist(), a.dot(b) if not a.hasnans else None)
# --- iteration
import pandas as pd
print([x for x in pd.Series([1, 2])], list(pd.Series(["a"])), [type(x).__name__ for x in pd.Series([1.5])], sum(pd.Series([1, 2, 3])), max(pd.Series([4, 2])), sorted(pd.Series([2, 1])))
# --- index methods
import pandas as pd
i = pd.Index(["b", "a", "b"])
print(i.unique(), i.tolist(), i.is_unique, i.isin(["a"]), i.get_loc("a"), i.union(["z"]).tolist(), "a" in i, len(i), i[0], i[1:], i == "b", i.str.upper())
# --- numbers of other widths
import pandas as pd
s = pd.Series([100, 120], dtype="int8")
print((s + s).tolist(), (s * 2).dtype, s.mean(), s.astype("uint8").tolist())
f = pd.Series([0.1, 1 / 3], dtype="float32")
print(f, (f * 2).dtype, f.astype(float).tolist(), f.sum().item() if hasattr(f.sum(), "item") else f.sum())
# --- unsupported sums
import pandas as pd
for f in (lambda: pd.Series(["a", "b"]).mean(), lambda: pd.Series(["a"]) - 1, lambda: pd.Series([1, 2]).sample(5)):
    try:
        f()
    except (TypeError, ValueError) as error:
        print(type(error).__name__)

# --- to_datetime
import pandas as pd
s = pd.to_datetime(pd.Series(["2024-01-15", "2024-02-29", None]))
print(s)
print(s.dt.year.tolist(), s.dt.month.tolist(), s.dt.day.tolist(), s.isna().tolist())
print(pd.to_datetime("2024-03-01"), repr(pd.to_datetime("2024-03-01 10:20:30")))
# --- parts
import pandas as pd
s = pd.Series(pd.to_datetime(["2024-01-15 10:20:30", "2023-12-31 23:59:59"]))
print(s.dt.hour.tolist(), s.dt.minute.tolist(), s.dt.second.tolist(), s.dt.dayofweek.tolist(), s.dt.quarter.tolist(), s.dt.dayofyear.tolist())
print(s.dt.date.tolist(), s.dt.day_name().tolist(), s.dt.month_name().tolist(), s.dt.strftime("%d.%m.%Y").tolist())
print(s.dt.year, s.dt.normalize(), s.dt.is_month_end.tolist(), s.dt.floor("h"))
# --- formats
import pandas as pd
print(pd.to_datetime(pd.Series(["15/01/2024", "16/02/2024"]), format="%d/%m/%Y"))
print(pd.to_datetime(pd.Series(["2024-01-01", "bad"]), errors="coerce"))
print(pd.to_datetime([0, 86400], unit="s"))
print(pd.to_datetime("01/02/2024"))
# --- differences
import pandas as pd
a = pd.Series(pd.to_datetime(["2024-01-10", "2024-03-01"]))
b = pd.Series(pd.to_datetime(["2024-01-01", "2024-02-01"]))
d = a - b
print(d)
print(d.dt.days.tolist(), d.dt.total_seconds().tolist(), d.sum(), d.mean())
print((a - pd.Timestamp("2024-01-01")).dt.days.tolist(), (a + pd.Timedelta(days=1)).tolist())
# --- comparisons
import pandas as pd
df = pd.DataFrame({"t": pd.to_datetime(["2024-01-10", "2024-03-01", None]), "v": [1, 2, 3]})
print(df[df["t"] > "2024-02-01"])
print(df[df.t >= pd.Timestamp(2024, 1, 10)])
print((df.t == "2024-01-10").tolist(), df.t.min(), df.t.max())
print(df.sort_values("t", ascending=False))
# --- timestamps
import pandas as pd
t = pd.Timestamp("2024-02-29 13:14:15")
print(t, repr(t), t.year, t.month, t.day, t.hour, t.dayofweek, t.day_name(), t.quarter, t.date(), t.strftime("%H:%M"), t.isoformat())
print(t + pd.Timedelta(days=2), t - pd.Timestamp("2024-01-01"), t > pd.Timestamp("2024-01-01"), t.normalize())
print(repr(pd.Timedelta(days=1, hours=2)), pd.Timedelta("1 days 02:00:00").total_seconds(), pd.Timedelta(5, unit="h"))
# --- ranges
import pandas as pd
print(pd.date_range("2024-01-01", periods=3))
print(pd.date_range("2024-01-30", "2024-02-02"))
print(pd.date_range("2024-01-01", periods=3, freq="h"))
print(pd.date_range("2024-01-31", periods=3, freq="ME").tolist())
print(pd.date_range("2024-01-15", periods=3, freq="MS").strftime("%Y-%m-%d").tolist())
# --- an index of days
import pandas as pd
s = pd.Series([1, 2, 3], index=pd.date_range("2024-01-01", periods=3))
print(s)
print(s.loc["2024-01-02"])
df = pd.DataFrame({"v": [1.5, 2.5]}, index=pd.to_datetime(["2024-05-01", "2024-06-01"]))
print(df)
print(df.index.year.tolist(), df.index.min())
# --- groups by month
import pandas as pd
df = pd.DataFrame({"t": pd.to_datetime(["2024-01-10", "2024-01-20", "2024-02-01"]), "v": [1, 2, 3]})
print(df.groupby(df["t"].dt.month)["v"].sum())
print(df.groupby("t")["v"].sum())
df["day"] = df["t"].dt.date
print(df.dtypes)
print(df.describe())
# --- missing times
import pandas as pd
s = pd.Series([pd.Timestamp("2024-01-01"), None, pd.NaT])
print(s, s.dtype, s.isna().sum(), s.dt.year.tolist(), s.dropna().tolist())
print(s.fillna(pd.Timestamp("2020-01-01")))

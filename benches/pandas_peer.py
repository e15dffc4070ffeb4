"""The frame jobs in pandas, as the h2o db-benchmark asks them of pandas: natively, and in Pyodide, whose Python may be an old one.

Usage: pandas_peer.py JOB CSV. Prints what `peer.py` prints.
"""

import sys
import time

import numpy as np
import pandas as pd

ROWS = 5000000


def shifted(factor, values, rows=ROWS):
    return (np.arange(rows, dtype=np.uint64) * np.uint64(factor) % np.uint64(1 << 32) >> np.uint64(8)) % np.uint64(values)


def texts(codes, width):
    """The texts `id…` of keys from 1 on, as categories: what pandas groups and joins by fastest."""
    return pd.Categorical.from_codes(codes.astype(np.int32), ["id" + str(i + 1).zfill(width) for i in range(int(codes.max()) + 1)])


def asked(questions):
    total, rows = 0.0, []
    for question, ask in questions.items():
        start = time.perf_counter()
        rows.append(len(ask()))
        seconds = time.perf_counter() - start
        print("part", round(seconds, 4), question)
        total += seconds
    return total, rows


def csv(file):
    start = time.perf_counter()
    frame = pd.read_csv(file)
    return time.perf_counter() - start, [len(frame), [str(t) for t in frame.dtypes]]


def group_by(_):
    t = pd.DataFrame(
        {
            "id1": texts(shifted(2654435761, 100), 3),
            "id2": texts(shifted(2246822519, 100), 3),
            "id3": texts(shifted(3266489917, ROWS // 100), 10),
            "id4": (shifted(668265263, 100) + np.uint64(1)).astype(np.int32),
            "id5": (shifted(374761393, 100) + np.uint64(1)).astype(np.int32),
            "id6": (shifted(2869860233, ROWS // 100) + np.uint64(1)).astype(np.int32),
            "v1": (shifted(1103515245, 5) + np.uint64(1)).astype(np.int32),
            "v2": (shifted(3432918353, 15) + np.uint64(1)).astype(np.int32),
            "v3": shifted(461845907, 13107199) / 131072.0,
        }
    )

    def by(*names):
        return t.groupby(list(names), observed=True, sort=False)

    def squared_correlation():
        # Grouped sums: GroupBy.corr() takes minutes over so many groups.
        whole = t[["id2", "id4"]].assign(
            x=t["v1"].astype(float), y=t["v2"].astype(float), xx=t["v1"] ** 2.0, yy=t["v2"] ** 2.0, xy=t["v1"] * t["v2"] * 1.0, n=1.0
        )
        s = whole.groupby(["id2", "id4"], observed=True, sort=False).sum()
        return (s["n"] * s["xy"] - s["x"] * s["y"]) ** 2 / (s["n"] * s["xx"] - s["x"] ** 2) / (s["n"] * s["yy"] - s["y"] ** 2)

    return asked(
        {
            "sum v1 by id1": lambda: by("id1")["v1"].sum(),
            "sum v1 by id1, id2": lambda: by("id1", "id2")["v1"].sum(),
            "sum v1, mean v3 by id3": lambda: by("id3").agg({"v1": "sum", "v3": "mean"}),
            "mean v1, v2, v3 by id4": lambda: by("id4")[["v1", "v2", "v3"]].mean(),
            "sum v1, v2, v3 by id6": lambda: by("id6")[["v1", "v2", "v3"]].sum(),
            "median, sd v3 by id4, id5": lambda: by("id4", "id5")["v3"].agg(["median", "std"]),
            "max v1 - min v2 by id3": lambda: by("id3").agg({"v1": "max", "v2": "min"}).eval("v1 - v2"),
            "two largest v3 by id6": lambda: t[["id6", "v3"]].sort_values("v3", ascending=False).groupby("id6", sort=False).head(2),
            "corr v1, v2 by id2, id4": squared_correlation,
            "sum v3, count by id1 … id6": lambda: by("id1", "id2", "id3", "id4", "id5", "id6")["v3"].agg(["sum", "size"]),
        }
    )


def join(_):
    x = pd.DataFrame(
        {
            "id1": (shifted(2654435761, 5) + np.uint64(1)).astype(np.int32),
            "id2": (shifted(2246822519, ROWS // 1000) + np.uint64(1)).astype(np.int32),
            "id3": (shifted(3266489917, ROWS) + np.uint64(1)).astype(np.int32),
            "id5": texts(shifted(2246822519, ROWS // 1000), 0),
            "v1": shifted(461845907, 1000) / 8.0,
        }
    )

    def keys(rows, name):
        key = np.arange(rows, dtype=np.int32) + rows // 10
        return pd.DataFrame({name: key.astype(np.int32), "v2": np.arange(rows) % 1000 / 4.0})

    small, medium, big = keys(5, "id1"), keys(ROWS // 1000, "id2"), keys(ROWS, "id3")
    named = pd.DataFrame({"id5": ["id" + str(key) for key in medium["id2"]], "v2": medium["v2"]})
    return asked(
        {
            "small, inner on an int": lambda: x.merge(small, on="id1"),
            "medium, inner on an int": lambda: x.merge(medium, on="id2"),
            "medium, left on an int": lambda: x.merge(medium, on="id2", how="left"),
            "medium, inner on a text": lambda: x.merge(named.assign(id5=named["id5"].astype("category")), on="id5"),
            "big, inner on an int": lambda: x.merge(big, on="id3"),
        }
    )


def sort_window(_):
    t = pd.DataFrame(
        {
            "id1": texts(shifted(2654435761, 100), 3),
            "id6": (shifted(2869860233, ROWS // 100) + np.uint64(1)).astype(np.int32),
            "v3": shifted(461845907, 13107199) / 131072.0,
        }
    )
    return asked(
        {
            "sort by a double": lambda: t.sort_values("v3"),
            "sort by an int": lambda: t.sort_values("id6"),
            "sort by a text, a double": lambda: t.sort_values(["id1", "v3"], ascending=[True, False]),
            "rank over 50,000": lambda: t[["id6", "v3"]].assign(r=t.groupby("id6")["v3"].rank("min")),
            "lag over 50,000": lambda: t.sort_values("v3").assign(l=lambda s: s.groupby("id6", sort=False)["v3"].shift(1)),
            "running sum over 50,000": lambda: t.sort_values("v3").assign(s=lambda s: s.groupby("id6", sort=False)["v3"].cumsum()),
            "rank over 100": lambda: t[["id1", "v3"]].assign(r=t.groupby("id1", observed=True)["v3"].rank("min")),
        }
    )


def main(job, file):
    seconds, check = globals()[job](file)
    print("seconds", seconds)
    print("check", check, pd.__version__)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])

# --- list basics
a = [3, 1, 2]
a.append(4); a.extend([5, 6]); a.insert(0, 0); a.remove(3)
print(a, a.pop(), a.pop(0), a, a.index(2), a.count(1), len(a))
a.sort(); print(a); a.reverse(); print(a); b = a.copy(); b.clear(); print(a, b)
# --- list slices
a = list(range(10))
print(a[2:5], a[::-1], a[::3], a[-3:], a[8:2:-2])
a[2:5] = ["x"]; print(a)
a[::2] = [0] * len(a[::2]); print(a)
del a[1:3]; print(a)
a[1:1] = [7, 8]; print(a)
# --- list operators
print([1] + [2, 3], [0] * 3, [1, 2] == [1, 2], [1, 2] < [1, 3], [1] < [1, 0], 2 in [1, 2], [] == (), [[0] * 2] * 2)
# --- list aliasing
a = [[0]] * 3
a[0].append(1)
print(a, a[0] is a[1])
b = a
b += [5]
print(a, a is b)
# --- sort stability and key
data = [("b", 2), ("a", 2), ("c", 1)]
print(sorted(data, key=lambda t: t[1]), sorted(data, reverse=True), sorted([3, 1, 2], reverse=True), sorted("hello"))
data.sort(key=lambda t: t[1], reverse=True)
print(data)
# --- tuples
t = (1, "a", 2.5)
print(t, t[0], t[1:], len(t), t + (4,), t * 2, (1,), (), t.index("a"), t.count(1), 1 in t, tuple([1, 2]), (1, 2) < (1, 3))
# --- unpacking
a, b = 1, 2
a, b = b, a
first, *rest = [1, 2, 3]
*init, last = "xyz"
head, *mid, tail = range(5)
(p, q), r = (1, 2), 3
[u, v] = {5: 1, 6: 2}
print(a, b, first, rest, init, last, head, mid, tail, p, q, r, u, v)
# --- dict basics
d = {"a": 1, "b": 2}
d["c"] = 3
d["a"] = 10
print(d, d["b"], d.get("z"), d.get("z", 0), "a" in d, len(d), list(d), list(d.values()), list(d.items()))
del d["b"]; print(d, d.pop("c"), d.pop("q", None), d.setdefault("n", []), d)
d["n"].append(1); print(d); d.update({"x": 1}, y=2); print(d, d.popitem(), d)
# --- dict order and equality
print({"a": 1, "b": 2} == {"b": 2, "a": 1}, list({"z": 1, "a": 2}), dict([("k", 1)]), dict(a=1, b=2), dict(zip("xy", [1, 2])), {**{"a": 1}, "b": 2}, {"a": 1} | {"a": 2, "c": 3})
# --- dict key normalisation
d = {1: "int"}
d[1.0] = "float"
d[True] = "bool"
print(d, {(1, 2): "t"}[(1, 2)], {None: 1}[None])
# --- dict views
d = {"a": 1, "b": 2}
k = d.keys()
d["c"] = 3
print(k, d.values(), d.items(), "c" in k, k & {"a", "z"}, sorted(k | {"q"}), ("a", 1) in d.items(), list(reversed(d)))
# --- dict fromkeys and comprehension
print(dict.fromkeys("ab"), dict.fromkeys([1, 2], 0), {c: ord(c) for c in "abc"}, {v: k for k, v in {"a": 1}.items()})
# --- sets
s = {3, 1, 2}
s.add(4); s.discard(9); s.remove(1)
print(sorted(s), len(s), 2 in s, s | {9} == {2, 3, 4, 9}, sorted(s & {2, 3}), sorted(s - {2}), sorted(s ^ {2, 7}), {1} < {1, 2}, {1, 2} >= {2}, s.isdisjoint({8}))
print(set(), frozenset([1]), {1} == frozenset([1]), sorted({x % 3 for x in range(10)}), sorted(set("hello")), {1, 2}.issubset([1, 2, 3]), sorted({1}.union([2], (3,))))
# --- set updates
s = {1, 2, 3}
s |= {4}; s -= {1}; s &= {2, 3, 4, 5}; s ^= {5}
print(sorted(s)); s.update([8], [9]); s.difference_update([2]); print(sorted(s)); t = s.copy(); t.clear(); print(len(t), t)
# --- range
r = range(2, 20, 3)
print(r, list(r), len(r), r[1], r[-1], r[1:3], 5 in r, 6 in r, range(5) == range(0, 5), list(range(5, 0, -2)), r.index(8), r.start, r.stop, r.step, bool(range(0)), list(range(3))[::-1])
# --- nested structures
m = {"users": [{"name": "a", "tags": ("x", "y")}, {"name": "b", "tags": ()}]}
print(m["users"][0]["tags"][1], [u["name"] for u in m["users"]], m)
# --- recursive repr
a = [1]
a.append(a)
d = {}
d["self"] = d
print(a, d)
# --- enumerate zip map filter
print(list(enumerate("ab", 1)), list(zip([1, 2, 3], "ab")), list(map(str, [1, 2])), list(map(lambda a, b: a + b, [1, 2], [10, 20])), list(filter(None, [0, 1, "", "a"])), list(filter(lambda v: v > 1, [1, 2, 3])), list(zip()), list(reversed([1, 2, 3])))
# --- zip strict
list(zip([1, 2], [1], strict=True))
# --- any all sum
print(any([0, 1]), all([1, 0]), any([]), all([]), any(x > 3 for x in range(5)), sum(x * x for x in range(4)))
# --- comprehension scopes
x = "outer"
print([x for x in range(3)], x, [[i * j for j in range(3)] for i in range(3)], [a + b for a in "xy" for b in "12" if a + b != "x2"], {x for x in [1, 1]} == {1})
# --- list index error
[1, 2][2]
# --- list bad index
[1, 2]["a"]
# --- tuple assignment
t = (1, 2)
t[0] = 5
# --- key error
{"a": 1}["b"]
# --- key error of an int
{}[3]
# --- unhashable list
{[1]: 2}
# --- unhashable in set
{1, [2]}
# --- pop from empty list
[].pop()
# --- remove missing
[1].remove(2)
# --- index missing
[1, 2].index(5)
# --- too many values
a, b = 1, 2, 3
# --- not enough values
a, b, c = 1, 2
# --- not enough for starred
a, b, *c = [1]
# --- unpack a number
a, b = 5
# --- dict changed while iterating
d = {"a": 1}
for k in d:
    d[k + "x"] = 1
# --- comparing different types
[1] < "a"
# --- sorting mixed types
sorted([1, "a"])
# --- list plus tuple
[1] + (2,)
# --- iterate a number
for x in 5:
    pass
# --- len of a number
len(5)
# --- subscripting none
None[0]
# --- set remove missing
{1}.remove(2)
# --- popitem of empty
{}.popitem()
# --- deleting missing key
d = {}
del d["x"]
# --- slice with zero step
[1, 2][::0]
# --- extended slice of wrong size
a = [1, 2, 3, 4]
a[::2] = [1]
# --- matrix transpose
m = [[1, 2, 3], [4, 5, 6]]
print([list(r) for r in zip(*m)], [sum(r) for r in m], list(map(max, m)))
# --- flatten and group
pairs = [("a", 1), ("b", 2), ("a", 3)]
groups = {}
for k, v in pairs:
    groups.setdefault(k, []).append(v)
print(groups, [v for vs in groups.values() for v in vs])
# --- in-place operators on items
a = [1, 2]
a[0] += 5
d = {"x": [1]}
d["x"] += [2]
d["y"] = d.get("y", 0) + 1
print(a, d)
# --- bool short circuits
print([] or "default", 0 and 1, None or 0 or "x", "a" and "b", not [], 1 if [] else 2)
# --- del names and items
a = [1, 2, 3]
del a[0]
b = a
del a
print(b)
print(a)

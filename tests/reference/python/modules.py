# --- math
import math
print(math.pi, math.e, math.sqrt(2), math.floor(-1.5), math.ceil(1.2), math.trunc(-1.7), math.factorial(10), math.gcd(12, 18), math.lcm(4, 6), math.hypot(3, 4))
print(math.isnan(math.nan), math.isinf(-math.inf), math.isclose(0.1 + 0.2, 0.3), math.copysign(1, -0.0), math.fmod(-7, 3), math.comb(5, 2), math.perm(5, 2), math.prod([1, 2, 3]), math.degrees(math.pi), math.isqrt(17), math.fsum([0.1] * 10), math.modf(2.5), math.frexp(8.0), math.dist((0, 0), (3, 4)))
print(round(math.sin(1), 12), round(math.log(10), 12), math.log2(8), math.log10(1000), round(math.exp(1), 12), round(math.log(8, 3), 12), round(math.atan2(1, -1), 12), round(math.tanh(0.5), 12), math.log1p(0.0), math.expm1(0.0))
# --- math domain error
import math
math.sqrt(-1)
# --- math log of zero
import math
math.log(0)
# --- math factorial of negative
import math
math.factorial(-1)
# --- math exp overflow
import math
math.exp(1000)
# --- random with a seed
import random
random.seed(42)
print(random.random(), random.randint(1, 100), random.uniform(0, 10), random.choice("abcdef"), random.randrange(0, 100, 5))
a = list(range(10)); random.shuffle(a); print(a, random.sample(range(100), 5), random.choices([1, 2, 3], k=4), random.choices("ab", weights=[9, 1], k=5))
# --- random gauss and others
import random
random.seed(7)
print([round(random.gauss(0, 1), 10) for _ in range(3)], round(random.normalvariate(5, 2), 10), round(random.expovariate(1.5), 10), round(random.betavariate(2, 3), 10), round(random.triangular(0, 1, 0.5), 10), random.getrandbits(40))
# --- random instances and text seeds
import random
r, s = random.Random(1), random.Random("text")
print(r.random(), s.random(), r.random(), random.Random(1).random(), random.Random(2.5).random(), random.Random(10 ** 25).randint(0, 10 ** 30))
# --- random choice of empty
import random
random.choice([])
# --- collections Counter
from collections import Counter
c = Counter("mississippi")
print(c, c["s"], c["z"], c.most_common(2), sorted(c.elements())[:3], c + Counter("ms"), c - Counter("iiii"), sum(c.values()), Counter(a=1) == Counter({"a": 1}))
c.update("zz"); c.subtract("m"); print(c, dict(c), c.total(), c & Counter("is"), c | Counter("qqq"))
# --- collections defaultdict
from collections import defaultdict
d = defaultdict(list)
d["a"].append(1); d["b"]
print(d, dict(d), d.get("z"), "z" in d, defaultdict(int, a=2)["q"], defaultdict(lambda: "x")["k"])
# --- collections deque
from collections import deque
q = deque([1, 2, 3], maxlen=4)
q.append(4); q.append(5); q.appendleft(0)
print(q, q.pop(), q.popleft(), list(q), q[0], len(q), 3 in q)
q.rotate(1); q.extend([8]); q.extendleft([9]); print(q, deque("ab"), list(reversed(q)))
# --- collections namedtuple
from collections import namedtuple
P = namedtuple("P", ["x", "y"])
Q = namedtuple("Q", "a b c", defaults=[3])
p = P(1, y=2)
print(p, p.x, p[1], p._fields, p._asdict(), p._replace(x=5), Q(1, 2), P._make([8, 9]), tuple(p), p == (1, 2))
x, y = p
print(x + y, sorted([P(2, 1), P(1, 9)]))
P(1)
# --- collections OrderedDict and ChainMap
from collections import OrderedDict, ChainMap
o = OrderedDict(a=1, b=2, c=3)
o.move_to_end("a"); print(o, o.popitem(last=False), list(o))
m = ChainMap({"a": 1}, {"a": 2, "b": 3}); print(m["a"], m["b"], dict(m) == {"a": 1, "b": 3})
# --- itertools
import itertools as it
print(list(it.chain([1], "ab")), list(it.chain.from_iterable([[1], [2, 3]])), list(it.islice(it.count(5), 3)), list(it.islice("abcdef", 1, 5, 2)), list(it.repeat("x", 2)), [next(c) for c in [it.cycle("ab")] for _ in range(3)])
print(list(it.product("ab", [1, 2])), list(it.product([0, 1], repeat=2)), list(it.permutations([1, 2, 3], 2)), list(it.combinations("abc", 2)), list(it.combinations_with_replacement("ab", 2)))
print(list(it.accumulate([1, 2, 3])), list(it.accumulate([1, 2, 3], lambda a, b: a * b, initial=10)), list(it.takewhile(lambda x: x < 3, [1, 2, 5, 1])), list(it.dropwhile(lambda x: x < 3, [1, 5, 1])), list(it.filterfalse(lambda x: x % 2, range(5))), list(it.zip_longest("ab", [1], fillvalue="-")), list(it.starmap(pow, [(2, 3), (3, 2)])), list(it.compress("abc", [1, 0, 1])), list(it.pairwise([1, 2, 3])))
print([(k, list(g)) for k, g in it.groupby("aabbba")], [(k, len(list(g))) for k, g in it.groupby([1, 3, 2, 4], key=lambda v: v % 2)], [list(t) for t in it.tee([1, 2])])
# --- functools
from functools import reduce, partial, lru_cache, wraps, cmp_to_key, cache, total_ordering
print(reduce(lambda a, b: a + b, [1, 2, 3]), reduce(lambda a, b: a * b, [], 7), partial(pow, 2)(5), partial(int, base=2)("101"), sorted([3, 1, 2], key=cmp_to_key(lambda a, b: b - a)))
calls = []
@lru_cache(maxsize=None)
def sq(x):
    calls.append(x)
    return x * x
print(sq(3), sq(3), sq(4), calls, sq.cache_info().hits)
@cache
def fib(n): return n if n < 2 else fib(n - 1) + fib(n - 2)
print(fib(60))
def deco(f):
    @wraps(f)
    def inner(*a): return f(*a)
    return inner
@deco
def named():
    "doc"
print(named.__name__, named.__doc__)
@total_ordering
class V:
    def __init__(self, v): self.v = v
    def __eq__(self, o): return self.v == o.v
    def __lt__(self, o): return self.v < o.v
print(V(1) <= V(1), V(2) > V(1), V(1) >= V(2))
# --- reduce of empty
from functools import reduce
reduce(lambda a, b: a, [])
# --- operator
import operator as op
print(op.add(1, 2), op.itemgetter(1)([5, 6]), op.itemgetter("a", "b")({"a": 1, "b": 2}), op.attrgetter("real")(3), op.mul(2, 3), op.methodcaller("upper")("a"), sorted([(2, "a"), (1, "b")], key=op.itemgetter(0)), op.neg(1), op.contains([1], 1), op.truediv(1, 2))
# --- json
import json
print(json.dumps({"a": [1, 2.5, None, True, "x\"y"], "b": {}}), json.dumps([1, 2], indent=2), json.dumps({"b": 1, "a": 2}, sort_keys=True), json.dumps("é"), json.dumps("é", ensure_ascii=False), json.dumps((1,)), json.dumps({1: 2, None: 3, True: 4}), json.dumps([], indent=1), json.dumps(float("inf")), json.dumps({"a": 1}, separators=(",", ":")))
print(json.loads('{"a": [1, 2.0, null, true, "\\u00e9\\n"], "b": -1e3}'), json.loads(" [1] "), json.loads('"x"'), type(json.loads("1")).__name__)
print(json.dumps({"a": {"b": [1, {"c": None}]}}, indent=4))
# --- json error
import json
json.loads('{"a": }')
# --- json error with position
import json
json.loads('[1,\n 2,\n x]')
# --- json not serializable
import json
json.dumps({1, 2})
# --- datetime
from datetime import date, datetime, timedelta
d = date(2024, 2, 28)
print(d, d + timedelta(days=2), d.year, d.weekday(), d.isoformat(), (date(2024, 12, 25) - d).days, d.strftime("%d/%m/%Y %A %b %j"), date.fromisoformat("2020-01-31"), d < date(2025, 1, 1), repr(d))
t = datetime(2024, 1, 2, 3, 4, 5)
print(t, t + timedelta(hours=25, minutes=1), t.isoformat(), t.strftime("%Y-%m-%d %H:%M:%S"), datetime.strptime("2021-05-06 07:08", "%Y-%m-%d %H:%M"), t.date(), repr(t), t.replace(year=2000), datetime.fromisoformat("2024-01-02T03:04:05.678"))
print(timedelta(days=1, seconds=3661), timedelta(minutes=90).total_seconds(), repr(timedelta(hours=2)), timedelta(days=-1), timedelta(days=1) / 2, timedelta(seconds=5) * 3)
# --- datetime errors
from datetime import date
date(2023, 2, 30)
# --- string
import string
print(string.ascii_lowercase, string.digits, string.punctuation, string.ascii_letters[:30], string.capwords("hello big world"), string.Template("$a and ${b}").substitute(a=1, b="x"))
# --- statistics
import statistics as st
print(st.mean([1, 2, 3, 4]), st.median([3, 1, 2]), st.median([1, 2, 3, 4]), st.mode("aab"), st.stdev([1, 2, 3, 4]), st.pstdev([1, 2, 3]), st.variance([1.5, 2.5, 4]), st.fmean([1, 2]), st.quantiles([1, 2, 3, 4, 5], n=4), round(st.correlation([1, 2, 3], [1, 5, 7]), 12))
# --- statistics of nothing
import statistics
statistics.mean([])
# --- copy
import copy
a = [[1], {"k": [2]}]
b, c = copy.copy(a), copy.deepcopy(a)
a[0].append(9); a[1]["k"].append(8)
print(b, c, b[0] is a[0], c[0] is a[0])
# --- time and friends exist
import time
t = time.perf_counter()
print(time.time() > 1e9, time.perf_counter() >= t, isinstance(time.monotonic(), float))
# --- import forms
import math as m, json
from math import pi, sqrt as root
from collections import (Counter, deque,)
print(m.pi == pi, root(9), Counter is not None, json.__name__, m.__name__)
# --- import inside a function
def f():
    import math
    from random import Random
    return math.floor(2.5), Random(3).randint(1, 10)
print(f())
# --- typing is only for readers
from typing import Any, Callable, Dict, List, Optional, Tuple, Union
def f(a: List[int], b: Optional[Dict[str, Any]] = None) -> Tuple[int, ...]:
    return tuple(a)
x: Union[int, None] = None
print(f([1, 2]), list[int] is not None)
# --- re
import re
print(re.findall(r"\d+", "a1b22c333"), re.sub(r"(\w+) (\w+)", r"\2 \1", "hello world"), re.split(r"[,;]\s*", "a, b;c"), re.match(r"(\d+)-(\d+)", "12-34").groups(), re.search(r"b+", "aabbb").span(), bool(re.fullmatch(r"[a-z]+", "abc1")))
m = re.search(r"(?P<year>\d{4})-(?P<m>\d\d)", "on 2024-05")
print(m["year"], m.group("m"), m.groupdict(), m.group(0), m.start(), re.sub(r"\d", lambda k: str(int(k.group()) * 2), "a1b2"), re.compile("x", re.I).findall("xX"), re.escape("a.b"))
# --- textwrap
import textwrap
print(textwrap.dedent("""
    a
      b
    """), textwrap.fill("the quick brown fox jumps over", 12), textwrap.shorten("hello big world", 10), textwrap.indent("a\nb", "> "))
# --- bisect and heapq
import bisect, heapq
a = [1, 3, 5]
bisect.insort(a, 4)
h = [5, 1, 4]
heapq.heapify(h); heapq.heappush(h, 0)
print(a, bisect.bisect_left(a, 3), bisect.bisect_right(a, 3), heapq.heappop(h), heapq.nlargest(2, [1, 9, 5]), heapq.nsmallest(2, [3, 1, 2], key=lambda v: -v))
# --- os path
import os.path
from os import path
print(os.path.join("a", "b.csv"), path.basename("/x/y.txt"), os.path.splitext("f.tar.gz"), path.dirname("/a/b"), os.path.join("/a", "/b"))
# --- fractions and decimal are said clearly or work
import math
print(sum(1 / math.factorial(k) for k in range(18)) == math.e or round(sum(1 / math.factorial(k) for k in range(18)), 12))
# --- sys basics
import sys
print(sys.version_info[:2], sys.maxsize, sys.version_info >= (3, 8))
# --- contextlib suppress
from contextlib import suppress, nullcontext
with suppress(KeyError, ValueError):
    {}["x"]
with nullcontext(5) as v:
    print("after", v)
# --- pprint and reprlib free printing
data = {"name": "x", "values": list(range(5)), "nested": {"a": (1, 2)}}
print(data)

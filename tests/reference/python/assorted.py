# --- number 0
x = {}
x["a"]["b"]

# --- number 1
def f(a, /, b, *, c): pass
f(1, 2, 3)

# --- number 2
def f(): 
    yield 1
    return 5
def g():
    x = yield from f()
    print(x)
print(list(g()))

# --- number 3
class A:
    def f(self): return self.g()
    def g(self): return undefined_name
A().f()

# --- number 5
[1,2,3].foo

# --- number 6
"abc" + 1

# --- number 7
1 + "abc"

# --- number 8
None + 1

# --- number 9
len(5)

# --- number 10
int("abc")

# --- number 11
open_ = 5
opne_

# --- number 12
for i in range(3):
    print(i)
else:
    print("done")
while True:
    break
else:
    print("no")

# --- number 13
try:
    raise KeyError("a")
except (ValueError, KeyError) as e:
    print(e, e.args)
    raise RuntimeError("x")

# --- number 14
try:
    1/0
except ZeroDivisionError:
    raise

# --- number 15
def f():
    try:
        return 1
    finally:
        print("f")
print(f())
def g():
    for i in range(3):
        try:
            continue
        finally:
            print(i)
g()
def h():
    while True:
        try:
            try:
                break
            finally:
                print("a")
        finally:
            print("b")
    return "end"
print(h())

# --- number 16
def f():
    try:
        1/0
    finally:
        return 5
print(f())

# --- number 18
class E(Exception):
    def __init__(self, a, b):
        super().__init__(a, b)
        self.a = a
    def __str__(self): return f"E:{self.a}"
raise E(1, 2)

# --- number 19
raise Exception

# --- number 20
e = ValueError("x")
e.add_note("note 1")
raise e

# --- number 21
assert 1 == 2, "msg"

# --- number 22
x = 5
def f():
    print(x)
    x = 6
f()

# --- number 23
a, b = 1

# --- number 24
a, b = [1,2,3]

# --- number 25
a, *b, c = [1]

# --- number 26
{}[1]

# --- number 27
[][0]

# --- number 28
(1,2)[5]

# --- number 29
"abc"[10]

# --- number 30
{[]: 1}

# --- number 31
{1: 2}[[1]]

# --- number 32
lambda: (yield)
print("ok")

# --- number 33
print(*5)

# --- number 34
print(**5)

# --- number 35
def f(**k): pass
f(**{1: 2})

# --- number 36
def f(a, b=2): pass
f()

# --- number 37
f = lambda x: x / 0
f(1)

# --- number 38
[i / 0 for i in range(3)]

# --- number 39
print(sum(x / 0 for x in [1]))

# --- number 40
sorted([1, "a"])

# --- number 41
max([])

# --- number 42
import nothing_here

# --- number 44
import math
math.sqr

# --- number 45
"%d" % "a"

# --- number 46
"{}".format()

# --- number 47
f"{1:zz}"

# --- number 48
int(3.7), float("x")

# --- number 49
class A: pass
A() + 1

# --- number 50
class A: pass
A() < A()

# --- number 51
class A: pass
A().x = 5
A().y

# --- number 52
class A:
    x: int = 5
    y: str
print(A.__annotations__, A().x)

# --- number 53
x: int = 5
print(__annotations__)

# --- number 54
def f(x: int, *a: str, k: float = 1.5, **kw) -> bool:
    "doc"
print(f.__annotations__, f.__doc__, f.__name__, f.__defaults__, f.__kwdefaults__)

# --- number 55
print(1 if [] else 2, not 5, 1 < 2 < 3, 1 < 3 < 2, None is None, 5 and 0 or 7)

# --- number 56
i = 0
while i < 5:
    i += 1
    if i == 2: continue
    if i == 4: break
    print(i)

# --- number 57
x = [1, 2, 3, 4]
x[::2] = [9, 9]
print(x, x[-2:], x[5:], x[::-1])
del x[::2]
print(x)

# --- number 58
s = "héllo"
print(len(s), s[1], s[-1], s.upper(), s.encode(), s[::-1], s.index("l"))

# --- number 59
def fact(n): return 1 if n == 0 else n * fact(n - 1)
print(fact(50), fact(100) // fact(98), -7 ** 2, 2 ** 100, 10 ** 30 % 7, (-3) ** 3)

# --- number 60
print(1_000, 0xff, 0b11, 0o17, 1e3, .5, 5., 1e-7, 100000000000000000000000)

# --- number 61
print("a" "b", 'x\ty', r"\n", b"\x00a", """multi
line""")

# --- number 62
global x
x = 1
print(x)

# --- number 63
def f(n):
    if n == 0: raise ValueError("deep")
    f(n - 1)
f(10)

# --- number 65
match (1, 2):
    case (a, b) if a > b: print("gt")
    case (1, x): print("one", x)
match {"k": 1, "z": 2}:
    case {"k": v, **rest}: print(v, rest)
match "hi":
    case "a" | "hi" as w: print(w)
class P:
    __match_args__ = ("x", "y")
    def __init__(s, x, y): s.x, s.y = x, y
match P(1, 2):
    case P(1, y=q): print(q)
match [1, 2, 3]:
    case [first, *rest]: print(first, rest)
match 5:
    case int(n): print("int", n)
match 3.0:
    case 1 | 2: pass
    case _: print("default")

# --- number 66
class A:
    def __init__(self): self.__p = 1
    def get(self): return self.__p
print(A().get(), A()._A__p)

# --- number 67
class A:
    @classmethod
    def c(cls): return cls.__name__
    @staticmethod
    def s(x): return x
    @property
    def p(self): return 1
    @p.setter
    def p(self, v): print("set", v)
a = A(); a.p = 3
print(A.c(), a.c(), A.s(2), a.s(3), a.p)
a.c = 5
del a.p

# --- number 68
def deco(n):
    def d(f):
        def w(*a, **k):
            print("before", n)
            return f(*a, **k)
        return w
    return d
@deco(1)
@deco(2)
def f(x): return x
print(f(5))

# --- number 70
print(id(None) == id(None), "a" is "a", [] is [], () is ())
x = [1]; y = x; print(x is y, x == [1])

# --- number 72
d = dict(zip("abc", range(3)))
for k, v in d.items(): print(k, v)
print({v: k for k, v in d.items()}, d | {"z": 9}, list(reversed(d)), d.keys() & {"a"})
d["a"] += 5
print(d)
for k in d: d[k + "x"] = 1

# --- number 73
it = iter([1, 2])
print(next(it), next(it), next(it, "end"))
next(it)

# --- number 74
x = 1
del x
x

# --- number 75
class C:
    def __iter__(self):
        yield from range(3)
    def __len__(self): return 3
print(list(C()), [*C()], len(C()), 2 in C(), sum(C()), dict(zip(C(), "abc")), tuple(reversed(list(C()))))
a, b, c = C()
print(a, b, c)

# --- number 76
def gen():
    x = 0
    while True:
        y = yield x
        if y is not None: x = y
        else: x += 1
g = gen()
print(next(g), next(g), g.send(10), next(g))
g.close()
next(g)

# --- number 77
print(round(0.5), round(1.5), round(2.675, 2), round(1234, -2), round(-0.5), abs(-3.2), pow(2, 10, 1000), pow(2, -1))

# --- number 78
print("a,b".partition(","), "abc".center(7, "*"), "x".zfill(3), "-5".zfill(4), "a\tb".expandtabs(4), "aXb".casefold(), "abc".isalpha(), "12".isdigit(), "a b".title())
print("hello".replace("l", "L", 1), "a.b.c".rsplit(".", 1), "abc".startswith(("a", "b")), "line1\nline2".splitlines(), "abc".translate(str.maketrans("ab", "xy")))

# --- number 79
print("{:,.2f} {:>8} {:<8}| {:^8} {:+} {:e} {:08.3f} {:%}".format(1234567.891, "r", "l", "c", 5, 12345.678, 3.14159, 0.25))
print(f"{'x':*^9} {10:b} {255:X} {1.5:10.2f} {True} {None!r:>6} {[1,2]}")

# --- number 80
class Stack(list):
    def push(self, x): self.append(x)
s = Stack([1]); s.push(2); print(s, len(s), isinstance(s, list), s + [3], type(s + [3]).__name__, s[0])
class D(dict):
    def __missing__(self, k): return k * 2
d = D(a=1); print(d["a"], d["zz"], d)
class I(int):
    def __add__(self, o): return I(int(self) + o + 100)
print(I(5) + 1, I(5) * 2, I(3))
class St(str): pass
print(St("abc").upper(), St("x") + "y", len(St("abc")))

# --- number 81
class A:
    def __init__(self, v): self.v = v
    def __add__(self, o): return NotImplemented
    def __radd__(self, o): return "radd"
    def __iadd__(self, o): self.v += o; return self
a = A(1); a += 5; print(a.v, 3 + a)
a + 3

# --- number 82
import itertools
print(list(itertools.zip_longest([1,2],[3])), list(itertools.takewhile(lambda x: x<3, range(9))), list(itertools.starmap(pow, [(2,3)])), list(itertools.permutations([1,2,3],2))[:3], list(itertools.pairwise([1,2,3])))

# --- protocols at once
import sys
# assorted
class Meta(type):
    def __new__(m, n, b, ns, **k):
        c = super().__new__(m, n, b, ns)
        c.tag = n.lower()
        return c
    def __len__(cls): return 42
    def __iter__(cls): return iter([1,2])
    def __getitem__(cls, k): return k
class A(metaclass=Meta): pass
print(A.tag, len(A), list(A), A["x"], type(A).__name__)
class Base:
    subs = []
    def __init_subclass__(cls, **kw):
        super().__init_subclass__()
        Base.subs.append((cls.__name__, kw))
class D(Base, flag=1): pass
print(Base.subs)
class Desc:
    def __set_name__(self, o, n): self.n = n
    def __get__(self, i, o): return (self.n, i is None)
    def __set__(self, i, v): print("set", v)
class U:
    d = Desc()
print(U.d, U().d); U().d = 4
class S:
    __slots__ = ("a",)
s = S(); s.a = 1
try: s.b = 2
except AttributeError as e: print(e)
print([x for x in range(10) if x % 2][::-1], *(1,2), sep="-")
def g():
    try:
        yield 1
        yield 2
    except ValueError as e:
        print("caught", e); yield 99
    finally:
        print("fin")
it = g(); print(next(it), it.throw(ValueError("v"))); it.close()
def outer():
    x = 1
    def inner():
        nonlocal x
        x += 1
        return x
    return inner
f = outer(); f(); print(f())
print(f"{3.14159!r:>10} {1000000:,} {255:#x} {'a':^5}| {0.1:.3%} {1e10:g} {-5:+d} {5:05d} {2**70:_}")
print("%5.2f|%-5s|%05d|%x|%e|%r" % (3.14159, "ab", 42, 255, 12345.678, "q"))
print(divmod(-7, 3), -7 // 3, -7 % 3, 7.5 // 2, -7.5 % 2, 2 ** -1, 10 ** 20, round(2.5), round(-3.567, 2))
print(1e16, 1e15, 1.0, 1e-5, 0.0001, 123456789.123, float("inf"), -0.0, 1/3)
print(int("0x1f", 16), int("101", 2), float("1e3"), bool([]), str(b"abc"), bytes([1,2]), hex(255), bin(5), oct(8))
print(sorted({3,1,2}), {1,2,3} & {2,3,4}, {1:2} | {3:4}, frozenset([1]), set())
print({"b", "a"} == {"a", "b"}, (1, 2) < (1, 3), [1] * 3, "ab" in "cabd")
a, (b, *c), d = 1, (2, 3, 4), 5; print(a, b, c, d)
x = y = [1]; x.append(2); print(y)
print([*range(3), *"ab"], {**{"a": 1}, "b": 2})
print((lambda *a, k=1, **kw: (a, k, kw))(1, 2, k=3, z=4))
try:
    try: 1/0
    except ZeroDivisionError as e: raise ValueError("bad") from e
except ValueError as e: print(repr(e), repr(e.__cause__), e.__context__)
print([i for i in (1,2,3) if (j := i) > 1], j)
print(type(1), type("a"), type(None), type(print), type(len), type(lambda: 0), type(A))
print(isinstance(True, int), issubclass(bool, int), isinstance(1, (str, int)), isinstance(1, int | str))
print(list(map(lambda a, b: a+b, [1,2], [3,4])), list(zip("ab", [1,2])), list(enumerate("ab", 1)), list(filter(None, [0,1])))
print(max([1,3,2]), min("hello"), max(1, 5, key=lambda v: -v), sum([1.5, 2]), any([0, 1]), all([]))
print("a,b,,c".split(","), " a  b ".split(), "abc".replace("b", "x"), "Hello World".swapcase(), "x".join(["1", "2"]), "abc".find("c"), "title case".title())
print("%s" % None, "{:>{w}}".format("a", w=5), "{0}{1}{0}".format("a", "b"), "{a.real}".format(a=5))
print(list("abc"), tuple([1]), dict(a=1, b=2), dict([(1, 2)]), list({"a": 1}.items()))
d = {"a": 1}; d.setdefault("b", []).append(1); d.update(c=3); print(d, d.pop("a"), list(d), d.get("zz", 0))
del d["b"]; print(d, len(d), "c" in d)
l = [3,1,2]; l.sort(reverse=True); print(l, l.index(1), l.count(3), l[::-1], l[1:], l[-1:])
l[1:2] = [9, 9]; print(l); del l[0]; print(l); l.insert(0, 7); l.extend([1]); l.remove(9); print(l, l.pop())
class V:
    def __init__(s, x): s.x = x
    def __eq__(s, o): return s.x == o.x
    def __hash__(s): return hash(s.x)
    def __lt__(s, o): return s.x < o.x
    def __repr__(s): return f"V({s.x})"
    def __bool__(s): return s.x > 0
    def __call__(s, y): return s.x + y
    def __getitem__(s, k): return k
    def __contains__(s, k): return k == s.x
    def __len__(s): return s.x
    def __enter__(s): print("enter"); return s
    def __exit__(s, *a): print("exit", a[0]); return True
    def __getattr__(s, n): return "attr " + n
    def __neg__(s): return V(-s.x)
    def __radd__(s, o): return V(s.x + o)
print(sorted([V(3), V(1)]), V(1) == V(1), {V(1), V(1)}, bool(V(0)), V(5)(2), V(1)[2:3], 3 in V(3), len(V(4)), V(1).foo, -V(2))
with V(1) as v: raise KeyError("x")
print(sys.getrecursionlimit())
def r(n): return r(n + 1)
try: r(0)
except RecursionError as e: print(e)
print(int.__add__(1, 2), str.upper("a"), list.__len__([1]), [].__class__, (1).__class__.__name__, "a".__add__("b"))
print(repr("it's"), repr('a"b'), repr("a\nb\t\x00é"), ascii("é"))
print(__name__)
import math
print(math.sqrt(2), math.pi, math.floor(-1.5), math.gcd(12, 18), math.inf, math.isclose(0.1 + 0.2, 0.3), math.factorial(20), math.comb(5, 2))
print(hash("abc"), hash(1.5), hash((1, 2)), hash(2**61), hash(-1), hash(frozenset([1,2])))
print(0.1 + 0.2, 1e300 * 1e10, 5 // 0.3, 2 ** 0.5, 7 & 3, 7 | 8, 7 ^ 2, ~5, 1 << 70, -5 >> 1)

# --- modules at once
from collections import namedtuple, defaultdict, Counter, OrderedDict, deque
from dataclasses import dataclass, field
from enum import Enum, auto, IntEnum
import functools, itertools, json, re, datetime, random, statistics, string, operator, copy, textwrap, typing, contextlib, io
P = namedtuple("P", "x y"); p = P(1, 2); print(p, p.x, p._replace(y=5), p._asdict(), p == (1, 2), P._fields)
dd = defaultdict(list); dd["a"].append(1); print(dd, dict(dd))
c = Counter("mississippi"); print(c, c.most_common(2), c["z"], c + Counter("ms"), sum(c.values()))
od = OrderedDict(a=1, b=2); od.move_to_end("a"); print(od, list(od))
q = deque([1,2,3], maxlen=3); q.append(4); q.appendleft(0); q.rotate(1); print(q, len(q), q[0])
@dataclass(order=True)
class Pt:
    x: int
    y: int = 0
    tags: list = field(default_factory=list)
print(Pt(1), Pt(1) == Pt(1), Pt(1) < Pt(2), Pt(1, tags=[2]))
class Color(Enum):
    RED = 1
    GREEN = auto()
print(Color.RED, Color(2), Color["RED"], list(Color), Color.RED.name, Color.RED.value, Color.RED is Color(1))
@functools.lru_cache(None)
def fib(n): return n if n < 2 else fib(n-1) + fib(n-2)
print(fib(80), fib.cache_info())
print(functools.reduce(operator.add, [1,2,3]), functools.partial(int, base=2)("101"))
print(list(itertools.chain([1], [2])), list(itertools.islice(itertools.count(), 3)), list(itertools.combinations("abc", 2)), list(itertools.product([1,2], "a")), list(itertools.accumulate([1,2,3])), [(k, list(g)) for k, g in itertools.groupby("aabb")])
print(json.dumps({"a": [1, 2.5, None, True], "b": "é"}), json.loads('{"x": [1, {"y": null}]}'), json.dumps([1,2], indent=2))
print(re.findall(r"(\w+)@(\w+)", "a@b c@d"), re.sub(r"\d+", lambda m: str(int(m[0])*2), "a1b22"), re.match(r"(?P<k>\w+)=(.*)", "x=1").groupdict(), re.split(r"[,;]\s*", "a, b;c"))
print(datetime.date(2024, 2, 29) + datetime.timedelta(days=366), datetime.datetime(2024,1,1,12,30).isoformat(), datetime.date(2024,1,1).strftime("%Y-%m-%d %A"))
random.seed(42); print(random.random(), random.randint(1, 100), random.choice("abc"), random.sample(range(100), 5), random.gauss(0, 1), random.uniform(1, 2))
l = list(range(5)); random.shuffle(l); print(l, random.choices([1,2,3], k=4), random.normalvariate(0,1), random.expovariate(1))
print(statistics.mean([1,2,3,4]), statistics.median([1,3,2]), statistics.stdev([1,2,3,4]), statistics.mode([1,1,2]), statistics.pvariance([1,2,3]))
print(string.ascii_lowercase, string.Template("$a b").substitute(a=1))
print(copy.deepcopy([1,[2]]), textwrap.dedent("  a\n  b"), textwrap.fill("aaa bbb ccc", 7))
class N(typing.NamedTuple):
    a: int
    b: str = "x"
print(N(1), N(1).b)
@contextlib.contextmanager
def cm():
    print("in"); yield 5; print("out")
with cm() as v: print(v)
buf = io.StringIO(); print("hi", file=buf); print(repr(buf.getvalue()))
print(sorted([("b", 1), ("a", 2)], key=operator.itemgetter(0)))
class IE(IntEnum):
    A = 1
print(IE.A + 1, IE.A == 1)
from typing import List, Optional, Dict, Union, Any
def f(a: List[int], b: Optional[str] = None) -> Dict[str, Any]: return {}
print(f.__annotations__)
print(list[int], Optional[int])

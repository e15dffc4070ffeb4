# --- plain values come back
import pickle
values = [None, True, False, 0, 1, 255, 256, 65535, 65536, -1, -128, -129, 2**31, -2**31, 2**63, -2**63, 10**40, -10**40, 2**2100,
    0.0, -0.0, 1.5, -2.25, 1e300, 5e-324, float("inf"), float("-inf"), "", "a", "héllo", "💡" * 100, b"", b"abc" * 200, (), (1,), (1, 2), (1, 2, 3), (1, 2, 3, 4),
    [], [1], [1, [2, [3]]], {}, {"a": 1}, {"a": [1], 2: {"b": None}}, set(), {1, 2}, frozenset(), frozenset({3})]
for value in values:
    back = pickle.loads(pickle.dumps(value))
    assert back == value and type(back) is type(value), value
print(len(values), repr(pickle.loads(pickle.dumps(float("nan")))), repr(pickle.loads(pickle.dumps(-0.0))))
# --- the bytes are CPython's
import pickle
for value in [None, True, 7, 300, 70000, -5, 2**31, -2**31 - 1, 2**63, -2**63, 10**30, -128 * 2**56, 1.5, -0.0, "a", "é" * 200, b"x", b"y" * 300, (), (1,), (1, 2), (1, 2, 3), (1, 2, 3, 4),
        [], [1], [1, 2], {}, {1: 2}, {1: 2, 3: 4}, {5}, frozenset({5}), [[], []], list(range(1005))[::-1]]:
    data = pickle.dumps(value)
    print(data if len(data) < 60 else (len(data), data[:20], data[-10:]))
# --- protocol 5 and the highest
import pickle
print(pickle.dumps([1, 2], 5), pickle.dumps([1, 2], protocol=4), pickle.HIGHEST_PROTOCOL, pickle.DEFAULT_PROTOCOL)
pickle.dumps(1, 6)
# --- shared and circular
import pickle
inner = [1]
a, b = pickle.loads(pickle.dumps([inner, inner]))
print(a is b)
loop = []
loop.append(loop)
back = pickle.loads(pickle.dumps(loop))
print(back[0] is back, len(back))
knot = {}
knot["t"] = (knot, 1)
back = pickle.loads(pickle.dumps(knot))
print(back["t"][0] is back)
ring = ([],)
ring[0].append(ring)
back = pickle.loads(pickle.dumps(ring))
print(back[0][0] is back)
# --- instances
import pickle
class Point:
    def __init__(self, x, y):
        self.x, self.y = x, y
    def __eq__(self, other):
        return (self.x, self.y) == (other.x, other.y)
p = Point(1, [2, 3])
q = pickle.loads(pickle.dumps(p))
print(q == p, q is p, type(q) is Point, q.__dict__)
# --- getstate and setstate
import pickle
class Counter:
    def __init__(self):
        self.count, self.cache = 3, "big"
    def __getstate__(self):
        return {"count": self.count}
    def __setstate__(self, state):
        self.__dict__.update(state, cache="rebuilt")
c = pickle.loads(pickle.dumps(Counter()))
print(c.count, c.cache)
# --- slots and reduce
import pickle
class S:
    __slots__ = ("a", "b")
s = S()
s.a = 1
t = pickle.loads(pickle.dumps(s))
print(t.a, hasattr(t, "b"))
class R:
    def __init__(self, n):
        self.n = n
    def __reduce__(self):
        return (R, (self.n * 2,))
print(pickle.loads(pickle.dumps(R(4))).n)
# --- subclasses of built-in types
import pickle
class L(list):
    pass
class D(dict):
    pass
class T(tuple):
    pass
class I(int):
    pass
class X(Exception):
    pass
l = L([1, 2]); l.name = "l"
back = pickle.loads(pickle.dumps(l))
print(type(back).__name__, back, back.name)
print(pickle.loads(pickle.dumps(D(a=1))), type(pickle.loads(pickle.dumps(D()))).__name__)
print(pickle.loads(pickle.dumps(T((1, 2)))), pickle.loads(pickle.dumps(I(5))) + 1)
# --- classes and functions by name
import pickle, math, collections
def f(x):
    return x + 1
class C:
    class Inner:
        pass
    def m(self):
        pass
print(pickle.loads(pickle.dumps(f)) is f, pickle.loads(pickle.dumps(C)) is C, pickle.loads(pickle.dumps(C.Inner)) is C.Inner)
print(pickle.loads(pickle.dumps(len)) is len, pickle.loads(pickle.dumps(int)) is int, pickle.loads(pickle.dumps(type(None))) is type(None))
print(pickle.loads(pickle.dumps(C.m)) is C.m)
# --- library objects
import pickle, datetime, decimal, collections, enum, dataclasses
from collections import OrderedDict, defaultdict, Counter, deque, namedtuple
class Colour(enum.Enum):
    RED = 1
@dataclasses.dataclass
class Row:
    a: int
    b: str = "x"
P = namedtuple("P", "x y")
for value in [datetime.date(2024, 2, 29), datetime.timedelta(days=1, seconds=2), decimal.Decimal("1.50"), OrderedDict(a=1), Counter("aab"), Row(1), P(1, 2), Colour.RED, defaultdict(int, a=1)]:
    back = pickle.loads(pickle.dumps(value))
    print(back, back == value, type(back) is type(value))
# --- files
import pickle
with open("model.pkl", "wb") as file:
    pickle.dump({"weights": [0.5, 1.5]}, file)
with open("model.pkl", "rb") as file:
    print(pickle.load(file))
# --- a lambda
import pickle
try:
    pickle.dumps(lambda x: x)
except pickle.PicklingError as error:
    print(str(error).split(" at ")[0])
# --- a local class
import pickle
def make():
    class Here:
        pass
    return Here()
pickle.dumps(make())
# --- a generator
import pickle
pickle.dumps(x for x in [1])
# --- a renamed class
import pickle
class A:
    pass
a = A()
class A:
    pass
try:
    pickle.dumps(a)
except pickle.PicklingError as error:
    print(str(error).replace(str(id(a)), ""))
# --- nothing
import pickle
pickle.loads(b"")
# --- cut off
import pickle
pickle.loads(pickle.dumps([1, 2, 3])[:-3])
# --- not a pickle
import pickle
pickle.loads(b"?ello")
# --- a text
import pickle
pickle.loads("text")
# --- unknown module
import pickle
pickle.loads(b"\x80\x04\x8c\x05nomod\x8c\x01x\x93.")
# --- met again inside of itself, after many others
import pickle
def knot(kind, size):
    middle = [str(i) for i in range(300)]
    ring = kind([middle, *range(size - 1)]) if kind is tuple else None
    middle.append(ring)
    return ring
for size in (1, 2, 3, 5):
    ring = knot(tuple, size)
    data = pickle.dumps(ring)
    print(len(data), data[-12:])
    back = pickle.loads(data)
    print(back[0][-1] is back, len(back[0]))
class Held:
    def __init__(self, held):
        self.held = held
    def __reduce__(self):
        return (Held, (self.held,))
    def __hash__(self):
        return 1
held = [str(i) for i in range(300)]
many = {"set": set(range(2500)), "list": list(range(2500)), "pairs": dict.fromkeys(range(2500))}
print({name: (len(pickle.dumps(value)), pickle.loads(pickle.dumps(value)) == value) for name, value in many.items()})
print(pickle.loads(pickle.dumps(Held(held))).held == held)
# --- older protocols are read
import pickle
print(pickle.loads(b"\x80\x02}q\x00(X\x01\x00\x00\x00aq\x01K\x01X\x01\x00\x00\x00bq\x02]q\x03(K\x01K\x02eu."))
print(pickle.loads(b"\x80\x03ccollections\nOrderedDict\nq\x00)Rq\x01."))

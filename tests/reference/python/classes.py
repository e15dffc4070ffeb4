# --- simple class
class Dog:
    kind = "canine"
    def __init__(self, name):
        self.name = name
    def speak(self, times=1):
        return f"{self.name} " + "woof" * times
d = Dog("Rex")
print(d.speak(), d.speak(times=2), d.kind, Dog.kind, Dog.speak(d), d.__class__.__name__, type(d).__name__)
# --- class and instance attributes
class C:
    shared = []
    n = 0
a, b = C(), C()
a.shared.append(1); a.n += 1
print(b.shared, b.n, a.n, C.n, "n" in vars(a), "n" in vars(b))
# --- inheritance and super
class Base:
    def __init__(self, x):
        self.x = x
    def hello(self):
        return f"base {self.x}"
class Child(Base):
    def __init__(self, x, y):
        super().__init__(x)
        self.y = y
    def hello(self):
        return super().hello() + f" child {self.y}"
c = Child(1, 2)
print(c.hello(), isinstance(c, Base), issubclass(Child, Base), Child.__bases__ == (Base,), [k.__name__ for k in Child.__mro__])
# --- diamond
class A:
    def f(self): return ["A"]
class B(A):
    def f(self): return ["B"] + super().f()
class C(A):
    def f(self): return ["C"] + super().f()
class D(B, C):
    def f(self): return ["D"] + super().f()
print(D().f(), [k.__name__ for k in D.mro()])
# --- impossible mro
class A: pass
class B(A): pass
class C(A, B): pass
# --- properties
class Temp:
    def __init__(self, c): self._c = c
    @property
    def f(self):
        "fahrenheit"
        return self._c * 9 / 5 + 32
    @f.setter
    def f(self, v): self._c = (v - 32) * 5 / 9
t = Temp(100)
print(t.f); t.f = 32; print(t._c, Temp.f.__doc__)
# --- read only property
class R:
    @property
    def x(self): return 1
R().x = 5
# --- static and class methods
class K:
    count = 0
    @classmethod
    def make(cls, n):
        cls.count += n
        return cls()
    @staticmethod
    def add(a, b): return a + b
class L(K): pass
print(type(L.make(2)).__name__, L.count, K.count, K.add(1, 2), K().add(3, 4))
# --- operator overloading
class V:
    def __init__(self, x, y): self.x, self.y = x, y
    def __add__(self, o): return V(self.x + o.x, self.y + o.y)
    def __sub__(self, o): return V(self.x - o.x, self.y - o.y)
    def __mul__(self, k): return V(self.x * k, self.y * k)
    def __rmul__(self, k): return self * k
    def __neg__(self): return V(-self.x, -self.y)
    def __eq__(self, o): return isinstance(o, V) and (self.x, self.y) == (o.x, o.y)
    def __hash__(self): return hash((self.x, self.y))
    def __repr__(self): return f"V({self.x}, {self.y})"
    def __abs__(self): return (self.x ** 2 + self.y ** 2) ** 0.5
    def __bool__(self): return bool(self.x or self.y)
    def __matmul__(self, o): return self.x * o.x + self.y * o.y
    def __getitem__(self, i): return (self.x, self.y)[i]
    def __iter__(self): return iter((self.x, self.y))
a, b = V(1, 2), V(3, 4)
print(a + b, a - b, a * 2, 2 * a, -a, a == V(1, 2), a != b, abs(b), bool(V(0, 0)), a @ b, a[1], list(a), {a: 1}[V(1, 2)], a in [V(1, 2)])
# --- inplace operator
class Acc:
    def __init__(self): self.v = []
    def __iadd__(self, x): self.v.append(x); return self
a = Acc(); b = a
a += 1; a += 2
print(b.v, a is b)
# --- reflected operators and NotImplemented
class N:
    def __radd__(self, o): return f"radd {o}"
    def __add__(self, o): return NotImplemented
    def __rsub__(self, o): return "rsub"
print(1 + N(), 5 - N())
N() + 1
# --- comparison protocol
class P:
    def __init__(self, v): self.v = v
    def __lt__(self, o): return self.v < o.v
    def __le__(self, o): return self.v <= o.v
print(P(1) < P(2), P(2) > P(1), P(1) <= P(1), P(1) >= P(2), P(1) == P(1))
P(1) < 3
# --- container protocol
class Box:
    def __init__(self): self.d = {}
    def __len__(self): return len(self.d)
    def __getitem__(self, k): return self.d[k]
    def __setitem__(self, k, v): self.d[k] = v
    def __delitem__(self, k): del self.d[k]
    def __contains__(self, k): return k in self.d
b = Box()
b["a"] = 1; b["b"] = 2
del b["a"]
print(len(b), "a" in b, "b" in b, b["b"], bool(b), bool(Box()))
# --- slices reach getitem
class S:
    def __getitem__(self, k): return k
print(S()[1:2], S()[::3], S()[1, 2], S()[..., 0], S()[1:2, 3])
# --- iterator protocol
class Count:
    def __init__(self, n): self.i, self.n = 0, n
    def __iter__(self): return self
    def __next__(self):
        if self.i >= self.n:
            raise StopIteration
        self.i += 1
        return self.i
print(list(Count(3)), sum(Count(4)), [a for a in Count(2)], max(Count(5)), 2 in Count(3))
# --- old style iteration by getitem
class G:
    def __getitem__(self, i):
        if i > 2: raise IndexError
        return i * 10
print(list(G()), 20 in G())
# --- callable objects
class Adder:
    def __init__(self, n): self.n = n
    def __call__(self, x, *, k=0): return x + self.n + k
print(Adder(3)(4), Adder(1)(1, k=5), list(map(Adder(10), [1, 2])))
# --- context managers
class Ctx:
    def __enter__(self):
        print("enter"); return "value"
    def __exit__(self, t, v, tb):
        print("exit", t.__name__ if t else None, v)
        return t is ValueError
with Ctx() as c:
    print(c)
with Ctx():
    raise ValueError("swallowed")
with Ctx(), Ctx() as d:
    print("both", d)
print("after")
with Ctx():
    raise KeyError("out")
# --- getattr fallback
class Dyn:
    x = 1
    def __getattr__(self, name):
        if name.startswith("dyn_"):
            return name[4:]
        raise AttributeError(f"no {name}")
d = Dyn()
print(d.x, d.dyn_hello, hasattr(d, "zzz"), getattr(d, "q", 7))
# --- setattr hook
class Log:
    def __setattr__(self, k, v):
        print("set", k, v)
        super().__setattr__(k, v)
l = Log(); l.a = 5
print(l.a)
# --- str and repr
class A:
    def __repr__(self): return "A!"
class B:
    def __str__(self): return "B str"
    def __repr__(self): return "B repr"
print(A(), [A()], str(A()), B(), [B()], f"{B()!r}", "%s %r" % (B(), B()))
# --- hash and eq in dicts
class E:
    def __init__(self, v): self.v = v
    def __eq__(self, o): return self.v == o.v
    def __hash__(self): return 1
print({E(1): "a", E(2): "b", E(1): "c"}[E(1)], len({E(1), E(1), E(2)}))
# --- eq without hash is unhashable
class E:
    def __eq__(self, o): return True
{E(): 1}
# --- class body runs code
class T:
    values = [i * i for i in range(4)]
    total = sum(values)
    if total > 5:
        big = True
    def f(self): return self.total
print(T.values, T.total, T.big, T().f())
# --- class scope is not enclosing
class C:
    n = 5
    def f(self):
        return n
C().f()
# --- slots of methods as values
class M:
    def f(self): return "f"
m = M()
g = m.f
print(g(), M.f(m), [h() for h in [m.f, g]], m.f == m.f)
# --- abstract pattern
class Shape:
    def area(self): raise NotImplementedError
    def describe(self): return f"{type(self).__name__} {self.area():.2f}"
class Sq(Shape):
    def __init__(self, s): self.s = s
    def area(self): return self.s ** 2
print(Sq(2).describe())
Shape().describe()
# --- private names are mangled
class P:
    def __init__(self): self.__x = 1
    def get(self): return self.__x
p = P()
print(p.get(), p._P__x)
p.__x
# --- new and singleton
class One:
    it = None
    def __new__(cls):
        if cls.it is None:
            cls.it = super().__new__(cls)
        return cls.it
print(One() is One())
# --- subclassing builtins
class Stack(list):
    def push(self, x): self.append(x)
    def peek(self): return self[-1]
s = Stack([1])
s.push(2)
print(s, len(s), s.peek(), isinstance(s, list), s + [3])
class D(dict):
    def __missing__(self, k): return k * 2
d = D(a=1)
print(d["a"], d["zz"], d)
# --- init subclass and class attributes by type
class Plugin:
    registry = []
    def __init_subclass__(cls, **kw):
        super().__init_subclass__(**kw)
        Plugin.registry.append(cls.__name__)
class A(Plugin): pass
class B(Plugin): pass
print(Plugin.registry)
# --- type with three arguments
T = type("T", (), {"x": 5, "f": lambda self: self.x + 1})
print(T.x, T().f(), T.__name__)
# --- missing attribute
class C: pass
C().foo
# --- missing attribute with a near name
class C:
    def __init__(self): self.length = 1
C().lenght
# --- missing class attribute
class C: pass
C.foo
# --- object takes no arguments
class C: pass
C(5)
# --- init with missing argument
class C:
    def __init__(self, a): pass
C()
# --- not subscriptable
class C: pass
C()[0]
# --- not iterable
class C: pass
for x in C(): pass
# --- unsupported operand
class C: pass
C() + 1
# --- bad operand for unary
class C: pass
-C()
# --- not a context manager
class C: pass
with C(): pass
# --- len must be non negative
class C:
    def __len__(self): return -1
len(C())
# --- str must return str
class C:
    def __str__(self): return 5
str(C())
# --- bool must return bool
class C:
    def __bool__(self): return 3
bool(C())
# --- dataclass
from dataclasses import dataclass, field
@dataclass
class P:
    x: int
    y: int = 0
    tags: list = field(default_factory=list)
    def norm(self): return (self.x ** 2 + self.y ** 2) ** 0.5
p = P(3, 4)
q = P(x=3, y=4)
print(p, p == q, p.norm(), P(1), p.tags is not q.tags)
p.tags.append("a"); print(p, q)
# --- frozen ordered dataclass
from dataclasses import dataclass, replace, asdict, astuple
@dataclass(frozen=True, order=True)
class V:
    major: int
    minor: int = 0
print(sorted([V(2), V(1, 5), V(1)]), V(1) < V(2), hash(V(1)) == hash(V(1)), replace(V(1), minor=9), asdict(V(3, 4)), astuple(V(3, 4)))
V(1).major = 5
# --- namedtuple class
from typing import NamedTuple
class Pt(NamedTuple):
    x: int
    y: int = 2
    def s(self): return self.x + self.y
p = Pt(1)
print(p, p.x, p[1], p.s(), p == (1, 2), p._replace(x=9), p._asdict(), Pt._fields)
# --- enum
from enum import Enum
class Color(Enum):
    RED = 1
    GREEN = 2
print(Color.RED, Color.RED.name, Color.RED.value, Color(2), Color["RED"], list(Color), Color.RED is Color.RED, Color.RED == 1, repr(Color.GREEN), isinstance(Color.RED, Color), {Color.RED: "r"}[Color.RED])
Color(9)
# --- abstract base class
from abc import ABC, abstractmethod
class A(ABC):
    @abstractmethod
    def f(self): ...
class B(A):
    def f(self): return "ok"
print(B().f())
A()

# --- parameter kinds
def f(a, b=2, *args, c, d=4, **kw):
    return a, b, args, c, d, kw
print(f(1, c=3), f(1, 5, 6, 7, c=3, e=9), f(a=1, c=2), f(*[1, 2, 3], **{"c": 4, "z": 5}))
# --- positional only and keyword only
def f(a, /, b, *, c):
    return a, b, c
print(f(1, 2, c=3), f(1, b=2, c=3))
# --- defaults are evaluated once
def f(x, acc=[]):
    acc.append(x)
    return acc
print(f(1), f(2), f(3, []))
# --- closures
def counter():
    n = 0
    def step(k=1):
        nonlocal n
        n += k
        return n
    return step
a, b = counter(), counter()
print(a(), a(5), b(), a())
# --- late binding closures
fs = [lambda: i for i in range(3)]
gs = [lambda i=i: i for i in range(3)]
print([f() for f in fs], [g() for g in gs])
# --- global statement
total = 0
def add(n):
    global total
    total += n
add(3); add(4)
print(total)
# --- lambda forms
print((lambda: 1)(), (lambda x, *a, k=2, **kw: (x, a, k, kw))(1, 2, 3, k=4, z=5), sorted([3, 1], key=lambda v: -v))
# --- functions as values
def apply(f, *args):
    return f(*args)
print(apply(max, 1, 5), apply(lambda a, b: a * b, 3, 4), list(map(len, ["a", "bc"])), {"sq": lambda x: x * x}["sq"](5))
# --- decorators
def loud(f):
    def inner(*a, **k):
        print("before", f.__name__)
        r = f(*a, **k)
        print("after")
        return r
    return inner
@loud
def greet(name):
    print("hi", name)
    return name.upper()
print(greet("bob"))
# --- decorators with arguments stack bottom up
def tag(t):
    def deco(f):
        return lambda *a: f"<{t}>{f(*a)}</{t}>"
    return deco
@tag("b")
@tag("i")
def text(s):
    return s
print(text("x"))
# --- recursion with memo
memo = {}
def fib(n):
    if n < 2:
        return n
    if n not in memo:
        memo[n] = fib(n - 1) + fib(n - 2)
    return memo[n]
print(fib(80))
# --- docstrings and names
def f():
    "the doc"
    return 1
print(f.__doc__, f.__name__, f.__qualname__, (lambda: 0).__name__, callable(f), callable(3))
# --- nested qualname in errors
class A:
    def m(self, x):
        return x
A().m()
# --- return without value
def f():
    return
def g():
    pass
print(f(), g())
# --- multiple return and swap
def stats(xs):
    return min(xs), max(xs), sum(xs) / len(xs)
lo, hi, mean = stats([1, 2, 6])
print(lo, hi, mean)
# --- missing argument
def f(a, b):
    return a
f(1)
# --- several missing arguments
def f(a, b, c):
    return a
f()
# --- too many arguments
def f(a):
    return a
f(1, 2)
# --- too many with defaults
def f(a, b=1):
    return a
f(1, 2, 3)
# --- unexpected keyword
def f(a):
    return a
f(1, z=2)
# --- duplicate value for an argument
def f(a):
    return a
f(1, a=2)
# --- missing keyword only
def f(*, key):
    return key
f()
# --- no arguments wanted
def f():
    return 1
f(5)
# --- positional only by keyword
def f(a, /):
    return a
f(a=1)
# --- calling a number
x = 5
x()
# --- calling a string method with a bad argument
"a b".split(5)
# --- none is not callable
def f():
    pass
f()()
# --- star args of a number
def f(*a):
    return a
f(*5)
# --- builtin argument errors
len()
# --- builtin keyword error
sorted([1], foo=1)
# --- isinstance forms
print(isinstance(1, int), isinstance("a", (int, str)), isinstance(1, int | str), issubclass(bool, int), type(1) is int, type([]) == list, isinstance(None, type(None)))
# --- getattr setattr hasattr
class O: pass
o = O()
setattr(o, "x", 5)
print(getattr(o, "x"), getattr(o, "y", "none"), hasattr(o, "x"), hasattr(o, "q"), vars(o))
delattr(o, "x")
print(hasattr(o, "x"))
# --- compose
def compose(*fs):
    def run(x):
        for f in reversed(fs):
            x = f(x)
        return x
    return run
print(compose(str, lambda x: x + 1, abs)(-5))
# --- keyword order kept
def f(**kw):
    return list(kw)
print(f(z=1, a=2, m=3), f(**{"b": 1}, a=2))
# --- nested comprehension closure
def make():
    n = 10
    return [x * n for x in range(3)], {k: n for k in "ab"}, list(n + y for y in range(2))
print(make())
# --- quicksort
def qs(a):
    if len(a) <= 1:
        return a
    p, *rest = a
    return qs([x for x in rest if x < p]) + [p] + qs([x for x in rest if x >= p])
print(qs([5, 2, 8, 1, 9, 3, 3]))
# --- iter and next
it = iter([1, 2])
print(next(it), next(it), next(it, "end"))
# --- iter with sentinel
values = [3, 2, 1, 0, 9]
print(list(iter(lambda: values.pop(0), 0)), values)
# --- stop iteration escapes
next(iter([]))
# --- id and is
a = [1]
b = a
print(a is b, a is not [1], None is None, id(a) == id(b))
# --- sorted uses lt only
class K:
    def __init__(self, v): self.v = v
    def __lt__(self, o): return self.v < o.v
    def __repr__(self): return f"K{self.v}"
print(sorted([K(3), K(1), K(2)]), max([K(1)], key=lambda k: k.v))
# --- print returns none and str of functions
print(print("x"), type(print).__name__, type(lambda: 0).__name__, type(len).__name__)
# --- keyword arguments to builtins
print(sorted([3, 1], reverse=True), int("11", base=2), round(2.567, ndigits=1), list(enumerate("a", start=5)), max(1, 2, key=lambda v: -v), sum([1], start=10))

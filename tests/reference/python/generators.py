# --- simple generator
def count(n):
    i = 0
    while i < n:
        yield i
        i += 1
g = count(3)
print(next(g), list(g), list(g), sum(count(5)), type(g).__name__)
# --- generator return value
def g():
    yield 1
    return "end"
it = g()
next(it)
try:
    next(it)
except StopIteration as e:
    print(e.value, repr(e))
# --- send
def avg():
    total = n = 0
    mean = None
    while True:
        x = yield mean
        total += x; n += 1
        mean = total / n
a = avg(); next(a)
print(a.send(10), a.send(20), a.send(3))
# --- yield from
def inner():
    x = yield 1
    print("got", x)
    yield 2
    return "r"
def outer():
    r = yield from inner()
    yield r
    yield from [7, 8]
    yield from "ab"
g = outer()
print(next(g), g.send("hello"), list(g))
# --- throw and close
def g():
    try:
        yield 1
        yield 2
    except ValueError as e:
        yield f"caught {e}"
    finally:
        print("cleanup")
a = g(); print(next(a), a.throw(ValueError("v"))); a.close()
b = g(); next(b); b.close()
c = g(); next(c); print(next(c)); print(list(c))
# --- generator expression is lazy
def show(x):
    print("show", x)
    return x
g = (show(i) for i in range(3))
print("made")
print(next(g))
print(list(g))
# --- infinite generator
def nat():
    n = 0
    while True:
        yield n
        n += 1
for v in nat():
    if v > 3:
        break
    print(v, end=" ")
print([x for x, _ in zip(nat(), "abc")])
# --- generator in a class
class Tree:
    def __init__(self, v, left=None, right=None):
        self.v, self.left, self.right = v, left, right
    def __iter__(self):
        if self.left: yield from self.left
        yield self.v
        if self.right: yield from self.right
print(list(Tree(2, Tree(1), Tree(4, Tree(3)))))
# --- generator with try finally in a loop
def lines():
    for i in range(3):
        try:
            yield i
        finally:
            print("f", i)
for x in lines():
    print("x", x)
# --- pipeline
def evens(xs):
    for x in xs:
        if x % 2 == 0:
            yield x
def squares(xs):
    for x in xs:
        yield x * x
print(list(squares(evens(range(10)))))
# --- exception inside a generator
def g():
    yield 1
    raise ValueError("inside")
for x in g():
    print(x)
# --- stop iteration inside a generator becomes runtime error
def g():
    yield 1
    raise StopIteration
list(g())
# --- send to a new generator
def g():
    yield
g().send(1)
# --- generator already executing
def g():
    yield next(me)
me = g()
next(me)
# --- contextmanager
from contextlib import contextmanager
@contextmanager
def ctx(name):
    print("enter", name)
    try:
        yield name.upper()
    finally:
        print("exit", name)
with ctx("a") as v:
    print(v)
# --- nested generator expressions
print(list((a, b) for a in range(2) for b in range(a + 1)), sum(x for x in (y * 2 for y in range(4)) if x > 2))
# --- yield as an expression
def g():
    x = (yield 1) or "none"
    print(x)
    yield [(yield 2), 3]
print(list(g()))
# --- permutations by hand
def perms(xs):
    if not xs:
        yield []
    for i in range(len(xs)):
        for p in perms(xs[:i] + xs[i + 1:]):
            yield [xs[i]] + p
print(list(perms([1, 2, 3])))
# --- unpacking from a generator
def g():
    yield 1
    yield 2
    yield 3
a, *b = g()
print(a, b, *g(), max(g()), sorted(g(), reverse=True), dict(enumerate(g())), 2 in g())

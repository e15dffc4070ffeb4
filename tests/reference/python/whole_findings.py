# --- a generator's place is the call's brackets
b = all(True for x in [1] for u in False)
# --- a number runs into a name
t = 0.partition("a")
# --- a number before what begins like a keyword
i = [0] * 3.index(1)
# --- a with without a body
with open as c:
# --- a try without a body, then a comment
try:
    # nothing
# --- a try without an except
try:
    s = 1
# --- a statement among cases
match (1, 2):
    x.remove(1)
# --- no items to delete
class C:
    pass
for key in (0, "k"):
    try:
        del C()[key]
    except TypeError as error:
        print(error)
# --- an item of a constant
"x,y,z"[0] = "x"
# --- no item of a constant
"xy"[5]
# --- the method is looked up first
def loud():
    print("argument")
    return 1
class Late:
    def __getattr__(self, name):
        print("looked up", name)
        return lambda *args: args
print(Late().any(loud()))
for value in ("text", [1], {}, 5, Late, print):
    try:
        value.discard(loud())
    except AttributeError as error:
        print(error)
"text".add(undefined)
# --- a set within a set
s = {frozenset({1}), 2}
print({1} in s, {3} in s)
s.discard({7})
s.remove({1})
print(s)
s.remove({1})
# --- under a frozen dataclass
from dataclasses import dataclass
@dataclass(frozen=True)
class Point:
    x: int = 0
class Named(Point):
    def __init__(self, name):
        self.name = name
n = Named("here")
print(n.name, n)
n.x = 3
# --- the methods of bytes
b = b"hello World 9x"
print(b.title(), b.capitalize(), b.swapcase(), b.islower(), b.isupper(), b.istitle(), b.title().istitle(), b"AB".isupper())
print(b"ab".ljust(5), b"ab".rjust(5, b"."), b"ab".center(5, b"*"), b"abc".center(6), b"-42".zfill(6), b"7".zfill(3))
b"ab".ljust(5, "x")
# --- columns in bytes
return "ß€"
# --- a number of one's own in %d
class N:
    def __int__(self):
        return 7
print("%d %5d" % (N(), N()))
# --- pow of one's own
class N:
    def __pow__(self, other, modulo=None):
        return ("pow", other, modulo)
print(pow(N(), 2, 5), N() ** 2)
# --- an item of a constant of constants
((1, 2), -3)[0] = 5
# --- a free variable that has a neighbour
def outer(s1):
    def inner():
        return s0
    inner()
    s0 = 1
outer(3)
# --- an unknown name to delete
length = 3
del lenght
# --- a class that deletes items and takes none
class Deletes:
    def __delitem__(self, key):
        print("del", key)
class Sets:
    def __setitem__(self, key, value):
        print("set", key, value)
del Deletes()[0]
Sets()[0] = 1
try:
    Deletes()[0] = 1
except AttributeError as error:
    print(repr(error))
del Sets()[0]
# --- a set made of a dict
print(set(dict.fromkeys("two words")), set(dict.fromkeys(range(0, 60, 7))), frozenset({"k": 1, "ab": 2, "z": 3}))
s = {1, 2, 3}
s.update({"two": 1, "words": 2, "k": 3})
print(s)
# --- texts replaced by nothing
for make in (lambda: "a b".replace(None, "c"), lambda: "a b".replace("a", 1), lambda: "a".removeprefix(None), lambda: format(-(2**65), "c"), lambda: format(-1, "c")):
    try:
        print(make())
    except Exception as error:
        print(type(error).__name__, error)
# --- a condition that runs into a name
if "%5d" % 255.isdigit():
    pass
# --- used prior to its declaration
def f():
    print(y)
    global y
# --- used prior to its declaration, of the cell's own
print(1)
x = [y]
global y
# --- assigned before its declaration, of the cell's own
y = 1
global y
# --- annotated and global
def f():
    y: int = 1
    global y
# --- used prior to being nonlocal
def f():
    y = 1
    def g():
        print(y)
        nonlocal y
# --- thrown into a generator that never ran
def g():
    try:
        yield 1
    except ValueError:
        yield "caught"
it = g()
try:
    print(it.throw(ValueError("early")))
except ValueError as error:
    print("not caught inside", error)
print(list(it))
g().throw(KeyError("k"))
# --- joined by a generator that fails
print("".join(x for x in [1, 2] for y in 5))
# --- joined by nothing
"".join(5)
# --- printed up to the failure
class Shy:
    def __str__(self):
        raise ValueError("not shown")
print("before", 1, Shy(), "after")
# --- a list asks for the length first
class Counted:
    def __init__(self, n):
        self.n = n
    def __len__(self):
        print("len")
        return self.n
    def __iter__(self):
        print("iter")
        return iter([2, 1])
for n in (2, -1, "x"):
    for use in (list, tuple, sorted, set, sum, lambda c: [*c], lambda c: (0, *c), lambda c: [].extend(c), lambda c: [x for x in c], lambda c: print(*c), lambda c: max(c)):
        try:
            print(use(Counted(n)))
        except Exception as error:
            print(type(error).__name__, error)
a, *b = Counted(3)

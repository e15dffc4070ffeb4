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

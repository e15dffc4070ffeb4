# --- if elif else
def grade(n):
    if n >= 90:
        return "A"
    elif n >= 80:
        return "B"
    else:
        return "C"
print([grade(n) for n in (95, 85, 10)])
# --- while with break and else
n = 0
while n < 5:
    n += 1
    if n == 3:
        continue
    print(n, end=" ")
else:
    print("done")
while True:
    n -= 1
    if n < 2:
        break
else:
    print("never")
print(n)
# --- for else
for i in range(3):
    if i == 5:
        break
else:
    print("no break")
for i in range(3):
    if i == 1:
        break
else:
    print("never")
print(i)
# --- nested loops
for i in range(3):
    for j in range(3):
        if j == i:
            break
        print(i, j)
# --- loop variable survives
for k in "abc":
    pass
print(k)
# --- walrus
data = [1, 5, 2, 8]
if (n := len(data)) > 3:
    print("long", n)
print([y for x in data if (y := x * 2) > 5], y)
while (item := data.pop()) != 1:
    print(item)
# --- conditional expression chain
for v in (-1, 0, 1):
    print("neg" if v < 0 else "zero" if v == 0 else "pos")
# --- match values and captures
def f(v):
    match v:
        case 0:
            return "zero"
        case 1 | 2:
            return "small"
        case int(n) if n > 100:
            return f"big {n}"
        case [a, b]:
            return f"pair {a} {b}"
        case [first, *rest]:
            return f"list {first} {rest}"
        case {"kind": "point", "x": x, **others}:
            return f"point {x} {others}"
        case str() as s:
            return f"text {s}"
        case None:
            return "none"
        case _:
            return "other"
for v in (0, 2, 500, [1, 2], [1, 2, 3], {"kind": "point", "x": 5, "y": 6}, "hi", None, 50, {}, (7, 8)):
    print(f(v))
# --- match classes
class Point:
    __match_args__ = ("x", "y")
    def __init__(self, x, y):
        self.x, self.y = x, y
def where(p):
    match p:
        case Point(0, 0):
            return "origin"
        case Point(x, 0):
            return f"x axis {x}"
        case Point(x=0, y=y):
            return f"y axis {y}"
        case Point():
            return "elsewhere"
print(where(Point(0, 0)), where(Point(3, 0)), where(Point(0, 4)), where(Point(1, 1)))
# --- pass and ellipsis
def nothing(): ...
class Empty: pass
print(nothing(), Empty.__name__, ...)
# --- assert passes and fails
assert 1 + 1 == 2
assert False, "the message"
# --- assert without message
x = 3
assert x > 5
# --- collatz
def steps(n):
    count = 0
    while n != 1:
        n = n // 2 if n % 2 == 0 else 3 * n + 1
        count += 1
    return count
print([steps(n) for n in range(1, 12)])
# --- primes
sieve = [True] * 50
for p in range(2, 8):
    if sieve[p]:
        for q in range(p * p, 50, p):
            sieve[q] = False
print([i for i in range(2, 50) if sieve[i]])
# --- fizzbuzz
for i in range(1, 16):
    print("Fizz" * (i % 3 == 0) + "Buzz" * (i % 5 == 0) or i, end=" ")
print()
# --- bisection
lo, hi = 0.0, 2.0
while hi - lo > 1e-9:
    mid = (lo + hi) / 2
    if mid * mid < 2:
        lo = mid
    else:
        hi = mid
print(round(lo, 6))
# --- semicolons and line joining
a = 1; b = 2; print(a + b)
total = (1 +
         2 + \
         3)
print(total)
# --- if with complex conditions
a, b, c = 1, 0, 3
if a and not b or c > 5 and a in (2, 3):
    print("yes")
if not (a and b): print("inline")
# --- chained assignment
a = b = c = []
a.append(1)
print(b, c, a is c)
x = y = 5
x += 1
print(x, y)
# --- augmented operators
x = 17
x //= 3; x **= 2; x %= 7; x <<= 3; x |= 1; x ^= 3; x &= 30; x -= 1; x *= 2; x /= 4
print(x)
# --- annotations
x: int = 5
y: str
def f(a: int, b: "str" = "z") -> float:
    z: float = 1.5
    return z
print(x, f(1), f.__annotations__)
# --- global scope of class bodies and loops
for i in range(2):
    squared = i * i
print(squared, i)
# --- name error
print(undefined_thing)
# --- name error with a near name
length = 3
print(lenght)
# --- name error near a builtin
pritn("x")
# --- unbound local
def f():
    print(v)
    v = 1
f()
# --- deep recursion
def f(n):
    return f(n + 1)
try:
    f(0)
except RecursionError as e:
    print(type(e).__name__, str(e)[:33])
# --- moderately deep recursion works
def depth(n):
    return 0 if n == 0 else 1 + depth(n - 1)
print(depth(900))

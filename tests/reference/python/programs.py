# --- bank account
class InsufficientFunds(Exception):
    pass
class Account:
    def __init__(self, owner, balance=0):
        self.owner, self._balance, self.log = owner, balance, []
    @property
    def balance(self):
        return self._balance
    def withdraw(self, amount):
        if amount > self._balance:
            raise InsufficientFunds(f"{self.owner} has {self._balance}, wants {amount}")
        self._balance -= amount
        self.log.append(("w", amount))
        return self
a = Account("Ann", 100)
print(a.withdraw(30).withdraw(20).balance, a.log)
try:
    a.withdraw(500)
except InsufficientFunds as e:
    print("refused:", e)
# --- matrix multiplication
def matmul(a, b):
    return [[sum(x * y for x, y in zip(row, col)) for col in zip(*b)] for row in a]
print(matmul([[1, 2], [3, 4]], [[5, 6], [7, 8]]))
# --- game of life
cells = {(1, 0), (1, 1), (1, 2)}
def step(cells):
    near = {}
    for x, y in cells:
        for dx in (-1, 0, 1):
            for dy in (-1, 0, 1):
                if dx or dy:
                    near[(x + dx, y + dy)] = near.get((x + dx, y + dy), 0) + 1
    return {c for c, n in near.items() if n == 3 or (n == 2 and c in cells)}
for _ in range(3):
    print(sorted(cells))
    cells = step(cells)
# --- linear regression by hand
xs = [1, 2, 3, 4, 5]
ys = [2.1, 3.9, 6.2, 8.1, 9.8]
n = len(xs)
mx, my = sum(xs) / n, sum(ys) / n
slope = sum((x - mx) * (y - my) for x, y in zip(xs, ys)) / sum((x - mx) ** 2 for x in xs)
print(f"y = {slope:.4f}x + {my - slope * mx:.4f}")
# --- gradient descent
w = 0.0
history = []
for epoch in range(20):
    grad = sum(2 * (w * x - 3 * x) * x for x in range(5)) / 5
    w -= 0.02 * grad
    history.append(round(w, 4))
print(history[:3], history[-1])
# --- parser of expressions
def tokens(s):
    out, i = [], 0
    while i < len(s):
        if s[i].isdigit():
            j = i
            while j < len(s) and (s[j].isdigit() or s[j] == "."):
                j += 1
            out.append(float(s[i:j])); i = j
        elif s[i] == " ":
            i += 1
        else:
            out.append(s[i]); i += 1
    return out
def parse(ts):
    def expr():
        v = term()
        while ts and ts[0] in ("+", "-"):
            v = v + term() if ts.pop(0) == "+" else v - term()
        return v
    def term():
        v = atom()
        while ts and ts[0] in ("*", "/"):
            v = v * atom() if ts.pop(0) == "*" else v / atom()
        return v
    def atom():
        t = ts.pop(0)
        if t == "(":
            v = expr(); ts.pop(0); return v
        return -atom() if t == "-" else t
    return expr()
for s in ("1 + 2 * 3", "(1 + 2) * 3", "-4 / (2 - 4)", "2*3*4-5"):
    print(s, "=", parse(tokens(s)))
# --- text statistics
text = """The quick brown fox jumps over the lazy dog.
The dog sleeps; the fox runs."""
words = [w.strip(".;").lower() for w in text.split()]
top = sorted({w: words.count(w) for w in words}.items(), key=lambda t: (-t[1], t[0]))[:3]
print(top, len(set(words)), max(words, key=len), [len(l) for l in text.splitlines()])
# --- binary search tree
class Node:
    __slots__ = ("key", "left", "right")
    def __init__(self, key):
        self.key, self.left, self.right = key, None, None
def insert(n, k):
    if n is None:
        return Node(k)
    if k < n.key:
        n.left = insert(n.left, k)
    elif k > n.key:
        n.right = insert(n.right, k)
    return n
def walk(n):
    if n:
        yield from walk(n.left)
        yield n.key
        yield from walk(n.right)
root = None
for k in [5, 2, 8, 1, 9, 3]:
    root = insert(root, k)
print(list(walk(root)))
# --- event registry with decorators
handlers = {}
def on(event):
    def register(f):
        handlers.setdefault(event, []).append(f)
        return f
    return register
@on("start")
def a(x): return x + 1
@on("start")
def b(x): return x * 10
print([f(3) for f in handlers["start"]], [f.__name__ for f in handlers["start"]])
# --- dijkstra
import heapq
graph = {"a": {"b": 1, "c": 4}, "b": {"c": 2, "d": 5}, "c": {"d": 1}, "d": {}}
dist, queue = {"a": 0}, [(0, "a")]
while queue:
    d, u = heapq.heappop(queue)
    if d > dist[u]:
        continue
    for v, w in graph[u].items():
        if d + w < dist.get(v, float("inf")):
            dist[v] = d + w
            heapq.heappush(queue, (d + w, v))
print(dist)
# --- simulated data with seeds
import random
rng = random.Random(0)
rows = [(i, round(rng.gauss(50, 10), 2), rng.choice(["a", "b"])) for i in range(4)]
for r in rows:
    print(*r, sep=" | ")
# --- polynomial class
class Poly:
    def __init__(self, *c): self.c = list(c)
    def __call__(self, x): return sum(k * x ** i for i, k in enumerate(self.c))
    def __mul__(self, o):
        out = [0] * (len(self.c) + len(o.c) - 1)
        for i, a in enumerate(self.c):
            for j, b in enumerate(o.c):
                out[i + j] += a * b
        return Poly(*out)
    def __repr__(self):
        return " + ".join(f"{k}x^{i}" if i else str(k) for i, k in enumerate(self.c) if k)
p = Poly(1, 2) * Poly(3, 0, 1)
print(p, p(2))
# --- run length coding
from itertools import groupby
enc = [(c, len(list(g))) for c, g in groupby("aaabccd")]
print(enc, "".join(c * n for c, n in enc))
# --- roman numerals
def roman(n):
    out = ""
    for v, s in [(1000, "M"), (900, "CM"), (500, "D"), (400, "CD"), (100, "C"), (90, "XC"), (50, "L"), (40, "XL"), (10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I")]:
        while n >= v:
            out += s; n -= v
    return out
print([roman(n) for n in (4, 9, 14, 1994, 2024)])
# --- kmeans by hand
points = [(1, 1), (1.5, 2), (8, 8), (9, 9), (1, 0.5)]
centres = [(1, 1), (9, 9)]
for _ in range(3):
    groups = [[] for _ in centres]
    for p in points:
        d = [sum((a - b) ** 2 for a, b in zip(p, c)) for c in centres]
        groups[d.index(min(d))].append(p)
    centres = [tuple(sum(v) / len(g) for v in zip(*g)) for g in groups]
print(centres)
# --- confusion matrix by hand
y = [0, 1, 1, 0, 1]
p = [0, 1, 0, 0, 1]
m = [[sum(1 for a, b in zip(y, p) if (a, b) == (i, j)) for j in (0, 1)] for i in (0, 1)]
acc = sum(a == b for a, b in zip(y, p)) / len(y)
print(m, f"{acc:.1%}")
# --- memory of defaults and dict of lists
inventory = {"apple": {"price": 1.2, "n": 10}, "pear": {"price": 0.8, "n": 0}}
for name, item in sorted(inventory.items(), key=lambda kv: kv[1]["price"]):
    status = "in stock" if item["n"] else "sold out"
    print(f"{name:<8}{item['price']:>6.2f} {status}")
print(sum(i["price"] * i["n"] for i in inventory.values()))
# --- towers of hanoi
moves = []
def hanoi(n, a="A", b="B", c="C"):
    if n:
        hanoi(n - 1, a, c, b)
        moves.append(a + c)
        hanoi(n - 1, b, a, c)
hanoi(3)
print(len(moves), " ".join(moves))
# --- temperature table
print(f"{'C':>5} {'F':>6}")
for c in range(-10, 31, 20):
    print(f"{c:>5} {c * 9 / 5 + 32:>6.1f}")
# --- state machine
def machine():
    state = "idle"
    while True:
        event = yield state
        state = {("idle", "go"): "running", ("running", "stop"): "idle"}.get((state, event), state)
m = machine()
next(m)
print([m.send(e) for e in ("go", "go", "stop", "x")])

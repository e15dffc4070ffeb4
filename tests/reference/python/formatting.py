# --- f-string basics
name, n, x = "Ada", 42, 3.14159
print(f"{name} is {n}", f"{x:.2f}", f"{n:5d}|{n:<5}|{n:^5}|{n:>5}|", f"{name!r} {name!s:>5}", f"{{braces}}", f"{n + 1}")
# --- f-string self documenting
x, y = 10, 2.5
print(f"{x=} {y=:.1f} {x+y=} { x = }", f"{'a'=}", f"{x!r:>4}")
# --- f-string nested specs
width, precision, value = 10, 3, 2.718281828
print(f"{value:{width}.{precision}f}|", f"{value:>{width}}|", f"{'x':*^{width}}|")
# --- f-string with quotes and calls
d = {"a": 1}
print(f"{d['a']} {len('abc')} {[i for i in range(3)]} {(lambda v: v * 2)(4)} {'yes' if d else 'no'}")
# --- float formats
for v in [0.0, 1.5, -2.25, 1234567.891, 1e-7, 1e20, float("inf"), float("nan")]:
    print(f"{v:f} {v:.0f} {v:e} {v:.2E} {v:g} {v:.3g} {v:%} {v:+.1f} {v:,.2f} {v}")
# --- general format corners
print(f"{100000.0:g} {1000000.0:g} {0.0001:g} {0.00001:g} {1.0:g} {1.0:#g} {123456789.0:.10g} {1.5:n} {12.0:.3}")
# --- integer formats
for v in [0, 42, -42, 1234567]:
    print(f"{v:d} {v:b} {v:o} {v:x} {v:X} {v:#x} {v:#b} {v:c}" if 0 <= v < 1000 and v else f"{v:d} {v:,} {v:_} {v:+} {v: } {v:08} {v:e}")
# --- alignment and fill
for spec in ["<10", ">10", "^10", "*^10", "010", "+010.2f", "=+10", "_>6"]:
    try:
        print(spec, f"[{42:{spec}}]")
    except ValueError as e:
        print(spec, e)
# --- string formats
print(f"[{'abc':5}] [{'abc':>5}] [{'abcdef':.3}] [{'abc':-^9.2}] [{'abc':<1}]")
# --- bool and none formats
print(f"{True} {True:d} {None} {True:5}|{None!s:>6}|")
# --- percent formatting
print("%s %d %5.2f %x %o %e %g %%" % ("a", 42, 3.14159, 255, 8, 12345.678, 0.0001))
# --- percent widths and flags
print("[%5d] [%-5d] [%05d] [%+d] [% d] [%5s] [%-5s] [%.2s] [%c] [%r]" % (42, 42, 42, 42, 42, "ab", "ab", "abcdef", "x", "q"))
# --- percent with a mapping
print("%(name)s is %(age)d" % {"name": "Bob", "age": 5}, "%(x).1f" % {"x": 2.25})
# --- percent with one value
print("%s" % "a", "%s" % [1, 2], "%s" % (1,), "%d%%" % 50, "%i" % 3.9, "%*d" % (5, 42))
# --- str.format specs
print("{:>8.3f}|{:<6}|{:^7}|{:,}|{!r}|{:.1%}".format(3.14159, "ab", "mid", 1234567, "q", 0.256), "{0:{1}}".format(5, 4))
# --- format builtin
print(format(3.14159, ".2f"), format(255, "x"), format("a", ">3"), format(12345.678, ",.1f"), format(5))
# --- custom __format__ and __str__
class Money:
    def __init__(self, v):
        self.v = v
    def __format__(self, spec):
        return f"${self.v:{spec or '.2f'}}"
    def __str__(self):
        return "money"
    def __repr__(self):
        return f"Money({self.v})"
m = Money(3)
print(f"{m} {m:.1f} {m!r} {m!s}", str(m), [m], "{}".format(m), "%s %r" % (m, m))
# --- unknown format code
f"{3:z}"
# --- format code for a string
f"{'a':d}"
# --- precision in an integer format
f"{3:.2d}"
# --- not enough arguments
"%s %s" % (1,)
# --- too many arguments
"%s" % (1, 2)
# --- number wanted
"%d" % "x"
# --- missing key in format
"{a}".format(b=1)
# --- missing index in format
"{} {}".format(1)
# --- list in format spec
f"{[1]:5}"
# --- float repr in containers
print([0.1 + 0.2, 1e100, 1.0], (1e-10,), {"x": 2.50})
# --- print sep end
print(1, 2, 3, sep="-", end="!\n")
print("a", end="")
print("b", sep="x")
print()
print("x", None, True, [1], sep=", ")
print(*[1, 2, 3])
print(*"abc", sep="\n")
# --- date like padding
h, m, s = 7, 5, 9
print(f"{h:02d}:{m:02d}:{s:02d}", "%02d:%02d" % (h, m))
# --- table
rows = [("alpha", 1.5, 10), ("be", 22.333, 2)]
for name, v, k in rows:
    print(f"{name:<10}{v:>10.2f}{k:>5}")
# --- big integer formats
print(f"{2**70:,} {2**70:x} {2**70:e} {-2**70:>30}")
# --- triple quoted f-string
a = 1
print(f"""one {a}
two {a + 1}""")

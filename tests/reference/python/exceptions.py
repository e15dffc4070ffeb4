# --- try except else finally
def f(x):
    try:
        r = 10 / x
    except ZeroDivisionError as e:
        print("caught", e)
        return -1
    else:
        print("fine")
        return r
    finally:
        print("finally")
print(f(2), f(0))
# --- except tuple and order
for bad in (lambda: 1 / 0, lambda: [][0], lambda: {}["k"], lambda: int("x")):
    try:
        bad()
    except (ZeroDivisionError, IndexError) as e:
        print("first", type(e).__name__, e)
    except LookupError as e:
        print("lookup", repr(e))
    except Exception as e:
        print("other", e)
# --- finally overrides return
def f():
    try:
        return 1
    finally:
        return 2
print(f())
# --- finally runs on break and continue
for i in range(3):
    try:
        if i == 1:
            continue
        if i == 2:
            break
        print("body", i)
    finally:
        print("finally", i)
# --- nested handlers
try:
    try:
        raise ValueError("inner")
    except TypeError:
        print("no")
    finally:
        print("inner finally")
except ValueError as e:
    print("outer", e)
# --- re-raise
def f():
    try:
        raise KeyError("k")
    except KeyError:
        print("log")
        raise
try:
    f()
except KeyError as e:
    print("again", e, e.args)
# --- custom exceptions
class AppError(Exception):
    def __init__(self, code, message="bad"):
        super().__init__(f"{code}: {message}")
        self.code = code
class SubError(AppError): pass
try:
    raise SubError(5, "worse")
except AppError as e:
    print(type(e).__name__, e, e.code, e.args, isinstance(e, SubError), repr(e))
# --- exception class without call
try:
    raise ValueError
except ValueError as e:
    print(repr(e), str(e) == "", e.args)
# --- exception name is deleted
try:
    1 / 0
except ZeroDivisionError as e:
    pass
print(e)
# --- explicit cause
try:
    try:
        int("x")
    except ValueError as e:
        raise RuntimeError("wrapped") from e
except RuntimeError as e:
    print(e, "|", repr(e.__cause__), e.__suppress_context__)
# --- uncaught with cause
def parse(s):
    try:
        return int(s)
    except ValueError as e:
        raise RuntimeError(f"cannot parse {s}") from e
parse("zz")
# --- uncaught with context
try:
    {}["a"]
except KeyError:
    1 / 0
# --- raise from none
try:
    {}["a"]
except KeyError:
    raise ValueError("clean") from None
# --- uncaught through frames
def a(x):
    return b(x)
def b(x):
    y = x * 2
    return c(y)
def c(x):
    raise ValueError("deep %d" % x)
a(4)
# --- uncaught in a method
class T:
    def go(self, n):
        return self.fail(n)
    def fail(self, n):
        return n / 0
T().go(1)
# --- uncaught in a lambda and comprehension
f = lambda v: 1 / v
[f(x) for x in [1, 0]]
# --- uncaught in a nested expression
d = {"a": {"b": None}}
print(d["a"]["b"]["c"])
# --- uncaught over several lines
def add(a, b):
    return a + b
add(
    1,
    "x",
)
# --- binary operator caret
a, b = 1, "x"
z = (a + 2) * 3 + b
# --- attribute caret
x = [1, 2, 3]
y = x.append(4).foo
# --- call caret
def f(n):
    raise ValueError(n)
x = 1 + f(2) * 3
# --- subscript caret
rows = [[1], [2]]
v = rows[0][5] + 1
# --- unicode before the caret
é = "日本"
print("ü", é[9])
# --- assert in a function
def check(v):
    assert isinstance(v, int), f"want int, got {type(v).__name__}"
    return v
check("a")
# --- exception in finally replaces
def f():
    try:
        1 / 0
    finally:
        [][1]
f()
# --- exception with no message
raise RuntimeError
# --- exception with several arguments
raise ValueError("a", 1)
# --- exception message over lines
raise ValueError("line one\nline two")
# --- key error shows repr
raise KeyError("it's")
# --- system exit like
try:
    raise SystemExit(3)
except SystemExit as e:
    print("exit", e.code)
# --- raising a string
raise "oops"
# --- raising a non exception class
raise int
# --- except with a non class
try:
    1 / 0
except "x":
    pass
# --- bare except
try:
    undefined
except:
    print("caught all")
# --- hierarchy
print(issubclass(KeyError, LookupError), issubclass(ZeroDivisionError, ArithmeticError), issubclass(FileNotFoundError, OSError), issubclass(ModuleNotFoundError, ImportError), issubclass(RecursionError, RuntimeError), issubclass(KeyboardInterrupt, Exception), issubclass(UnicodeDecodeError, ValueError), issubclass(NotImplementedError, RuntimeError), issubclass(StopIteration, Exception))
# --- exceptions compare and print
e = ValueError("x")
print(str(e), repr(e), [e], f"{e}", e.args[0], type(e), ValueError("x") == ValueError("x"))
# --- exception notes
try:
    raise ValueError("x")
except ValueError as e:
    e.add_note("a note")
    print(e.__notes__)
# --- traceback of recursion
def f(n):
    if n == 0:
        raise ValueError("bottom")
    f(n - 1)
f(6)
# --- else errors are not caught by its own handlers
try:
    pass
except ValueError:
    print("no")
else:
    raise ValueError("from else")
# --- loops with try
def first_int(items):
    for i in items:
        try:
            return int(i)
        except ValueError:
            continue
    return None
print(first_int(["a", "7", "b"]), first_int([]))
# --- import error
import not_a_module
# --- import missing name
from math import not_there
# --- attribute of a module
import math
math.sqroot(4)
# --- attribute of none
result = None
result.append(1)

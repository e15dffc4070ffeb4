# --- made exactly
from decimal import Decimal
for value in ["1.10", " 1_000.50 ", "-0", "1E+3", "1e-7", "0.000001", "Infinity", "-inf", "NaN", "sNaN12", 5, -7, True, 1.1, 0.5, -0.0, (0, (1, 2, 3), -2), (1, (0,), "F"), [0, (1,), 2]]:
    print(repr(value), Decimal(value), repr(Decimal(value)))
# --- the tenths that floats can't hold
from decimal import Decimal
print(0.1 + 0.2 == 0.3, Decimal("0.1") + Decimal("0.2") == Decimal("0.3"))
print(sum([0.1] * 10), sum([Decimal("0.1")] * 10), Decimal(0.1))
# --- the context's precision
from decimal import Decimal, getcontext
print(Decimal(1) / 7, Decimal(2) / 3, Decimal(10) ** -3, Decimal(2).sqrt())
getcontext().prec = 6
print(Decimal(1) / 7, Decimal("1.23456789"), +Decimal("1.23456789"), Decimal("123456789") + 1)
getcontext().prec = 50
print(Decimal(1) / 7, Decimal(2).sqrt(), Decimal(1).exp(), Decimal(10).ln(), Decimal(2).log10())
print(getcontext())
# --- rounding money
from decimal import Decimal, ROUND_HALF_UP, ROUND_HALF_EVEN, ROUND_DOWN
cent = Decimal("0.01")
for price in map(Decimal, ["2.675", "2.665", "19.995", "-2.675", "100", "7.125"]):
    print(price, price.quantize(cent), price.quantize(cent, rounding=ROUND_HALF_UP), price.quantize(cent, ROUND_DOWN), round(price, 2), round(price), int(price))
# --- every rounding
import decimal
for rounding in ("ROUND_UP", "ROUND_DOWN", "ROUND_CEILING", "ROUND_FLOOR", "ROUND_HALF_UP", "ROUND_HALF_DOWN", "ROUND_HALF_EVEN", "ROUND_05UP"):
    with decimal.localcontext() as context:
        context.rounding = getattr(decimal, rounding)
        context.prec = 3
        print(rounding, [str(decimal.Decimal(t).to_integral_value(rounding)) for t in ("2.5", "-2.5", "3.5", "0.4", "-0.6")], decimal.Decimal("1.2345") + 0, decimal.Decimal(-2) / 3, f"{decimal.Decimal('1.25'):.1f}")
# --- arithmetic
from decimal import Decimal as D
a, b = D("7.50"), D("-2")
print(a + b, a - b, a * b, a / b, a // b, a % b, divmod(a, b), a**3, -a, +a, abs(b), 2 + a, 3 - a, 2 * a, 15 / a, 7 // b, 7 % b, pow(D(2), 10, 7))
print(D(2) ** D("0.5"), D("1.1") ** 20, D("1.50").normalize(), D("100").normalize(), D("3.14").as_tuple(), D("-1.25").as_integer_ratio(), D("12.5").adjusted())
print(D("1.5").fma(2, D("0.1")), D("10").remainder_near(3), D("5").max(D("7")), D("5").min(7), D("1.50").compare(D("1.5")), D("1.50").same_quantum(D("2.25")), D(1).next_plus(), D(1).next_minus())
# --- comparison and hash
from decimal import Decimal as D
print(D("1.0") == 1, D("0.5") == 0.5, D("0.1") == 0.1, D("1.5") > 1, 2 > D("1.5"), D("1.5") < 1.75, D("1.5") == "1.5", D("NaN") == D("NaN"))
print({D("1.0"): "a", 1: "b", 1.0: "c"}, hash(D("0.5")) == hash(0.5), hash(D(10) ** 20) == hash(10**20), hash(D("1.10")) == hash(D("1.1")))
print(sorted([D(3), 2, D("1.5"), 0.25]), max(D(1), 2.5), D(0) or "zero", bool(D("0.00")))
# --- special values
from decimal import Decimal as D
for x in (D("Infinity"), D("-Infinity"), D("NaN"), D("-0"), D("0E+2"), D("1E-1000010")):
    print(x, x.is_nan(), x.is_infinite(), x.is_finite(), x.is_zero(), x.is_signed(), x.is_normal(), x.is_subnormal(), x.number_class())
print(D("Infinity") + 1, D("Infinity") * -1, 1 / D("Infinity"), D("NaN") + 1, -D("0"), D("-0") + 0)
# --- formats
from decimal import Decimal as D
for spec in ("", ".2f", ".0f", ",.2f", "10.3f", "<10", "^12.1f", "+", "010,.2f", "e", ".3e", "E", "g", ".3g", "%", ".1%", "*^15.2f", "z.1f"):
    print(spec, [format(D(t), spec) for t in ("1234567.891", "-0.001", "1E+5", "0E-3", "999.995", "NaN", "-0")])
print(f"{D('3.14159'):.2f}|{D('1.5'):>8}|{D('2')!r}|{D('1.5')}", "%s %.2f %d" % (D("1.5"), D("2.345"), D("7.9")), "{:,}".format(D("1234567.5")))
# --- refused texts
from decimal import Decimal, InvalidOperation
for text in ("abc", "", "1.2.3", "1e", "--1", "1 2", "NaNx"):
    try:
        Decimal(text)
    except InvalidOperation as error:
        print(repr(text), error, error.args)
# --- refused types
from decimal import Decimal
for make in (lambda: Decimal(None), lambda: Decimal([1]), lambda: Decimal((2, (1,), 0)), lambda: Decimal((0, (10,), 0)), lambda: Decimal((0, (1,), "x")), lambda: Decimal(1) + 1.5, lambda: Decimal(1) + "a", lambda: Decimal(1) < "a", lambda: Decimal(1).foo, lambda: [1, 2][Decimal(1)], lambda: range(Decimal(2)), lambda: int(Decimal("NaN")), lambda: int(Decimal("inf")), lambda: Decimal(1).quantize(1.5), lambda: format(Decimal(1), "d"), lambda: hash(Decimal("sNaN"))):
    try:
        print(make())
    except Exception as error:
        print(type(error).__name__, error)
# --- divided by zero
from decimal import Decimal
def share(total, people):
    return total / people
share(Decimal("10.00"), Decimal(0))
# --- zero by zero
from decimal import Decimal
Decimal(0) / Decimal(0)
# --- not a number as an order
from decimal import Decimal
Decimal("NaN") < 1
# --- a quantum too fine
from decimal import Decimal
Decimal("123456789012345678901234567").quantize(Decimal("0.01"))
# --- no number at all
from decimal import Decimal
price = Decimal("12,50")
# --- signals and flags
from decimal import *
context = getcontext()
context.clear_flags()
Decimal(1) / 3
print([s.__name__ for s, raised in context.flags.items() if raised], context.flags[DivisionByZero])
context.traps[Inexact] = True
try:
    Decimal(1) / 3
except Inexact as error:
    print("inexact", error)
context.traps[Inexact] = False
context.traps[DivisionByZero] = context.traps[InvalidOperation] = False
print(Decimal(1) / 0, Decimal(-1) / 0, Decimal(0) / 0, Decimal("x"), Decimal(-1).sqrt(), context.flags[InvalidOperation])
print(issubclass(DivisionByZero, ZeroDivisionError), issubclass(InvalidOperation, ArithmeticError), [c.__name__ for c in Overflow.__mro__])
# --- floats made a mistake
from decimal import *
getcontext().traps[FloatOperation] = True
print(Decimal.from_float(0.5), Decimal("0.5") == 0.5)
Decimal(0.5)
# --- contexts of one's own
from decimal import *
thirds = Context(prec=5, rounding=ROUND_DOWN)
print(thirds.divide(Decimal(2), 3), thirds.create_decimal("1.23456789"), thirds.sqrt(Decimal(2)), thirds.power(2, Decimal("0.5")), thirds)
with localcontext(thirds) as inside:
    print(Decimal(2) / 3, inside.prec, getcontext() is inside)
with localcontext(prec=4):
    print(Decimal(2) / 3)
print(Decimal(2) / 3, BasicContext, ExtendedContext, sep="\n")
setcontext(ExtendedContext)
print(Decimal(1) / 3, Decimal(1) / 0)
# --- a context refuses
from decimal import getcontext
for name, value in (("prec", 0), ("prec", "a"), ("rounding", "up"), ("Emin", 1), ("Emax", -1), ("capitals", 2), ("clamp", 3), ("flags", 3), ("place", 1)):
    try:
        setattr(getcontext(), name, value)
    except Exception as error:
        print(name, type(error).__name__, error)
# --- a class of money
from decimal import Decimal
class Money(Decimal):
    def __repr__(self):
        return f"Money({self})"
    def __add__(self, other):
        return Money(super().__add__(other))
m = Money("1.50")
print(m, [m], m + 1, m * 2, type(m + m).__name__, isinstance(m, Decimal), Money.from_float(0.5), sum([m, m], Money(0)))
match m:
    case Decimal():
        print("a decimal")
# --- with other modules
import copy, json, math, statistics
from decimal import Decimal as D
data = [D("1.5"), D("2.5"), D("3.1")]
print(statistics.mean(data), statistics.median(data), statistics.stdev(data), statistics.pvariance(data), statistics.fmean(data), math.floor(D("-1.5")), math.ceil(D("1.2")), math.trunc(D("9.9")), math.sqrt(D("2.25")), math.fsum(data), math.isnan(D("NaN")))
print(copy.copy(data[0]) is data[0], copy.deepcopy(data), float(D("1.1")), int(D("-7.9")), complex if False else D(2).real)
json.dumps({"price": D("1.5")})
# --- interest
from decimal import Decimal, ROUND_HALF_UP
balance, rate = Decimal("1000.00"), Decimal("0.0425")
for year in range(1, 6):
    interest = (balance * rate).quantize(Decimal("0.01"), rounding=ROUND_HALF_UP)
    balance += interest
    print(f"{year}: {interest:>8,.2f} {balance:>10,.2f}")
print(balance, type(balance).__name__, balance.as_tuple())

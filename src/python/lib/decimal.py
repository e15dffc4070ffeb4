"""Decimal numbers: exact as written, rounded by a context. The arithmetic of the General Decimal Arithmetic Specification."""

import math as _math
from _decimal_elementary import exp_digits as _exp_digits, ln_digits as _ln_digits, ln10 as _ln10
from collections import namedtuple as _namedtuple

ROUND_UP = "ROUND_UP"
ROUND_DOWN = "ROUND_DOWN"
ROUND_CEILING = "ROUND_CEILING"
ROUND_FLOOR = "ROUND_FLOOR"
ROUND_HALF_UP = "ROUND_HALF_UP"
ROUND_HALF_DOWN = "ROUND_HALF_DOWN"
ROUND_HALF_EVEN = "ROUND_HALF_EVEN"
ROUND_05UP = "ROUND_05UP"
_ROUNDINGS = (ROUND_CEILING, ROUND_FLOOR, ROUND_UP, ROUND_DOWN, ROUND_HALF_UP, ROUND_HALF_DOWN, ROUND_HALF_EVEN, ROUND_05UP)

MAX_PREC = 999999999999999999
MAX_EMAX = 999999999999999999
MIN_EMIN = -999999999999999999
MIN_ETINY = -1999999999999999997
HAVE_THREADS = True
HAVE_CONTEXTVAR = True

DecimalTuple = _namedtuple("DecimalTuple", "sign digits exponent")


class DecimalException(ArithmeticError):
    pass


class InvalidOperation(DecimalException):
    pass


class FloatOperation(DecimalException, TypeError):
    pass


class DivisionByZero(DecimalException, ZeroDivisionError):
    pass


class Subnormal(DecimalException):
    pass


class Inexact(DecimalException):
    pass


class Rounded(DecimalException):
    pass


class Clamped(DecimalException):
    pass


class Overflow(Inexact, Rounded):
    pass


class Underflow(Inexact, Rounded, Subnormal):
    pass


class ConversionSyntax(InvalidOperation):
    pass


class DivisionImpossible(InvalidOperation):
    pass


class DivisionUndefined(InvalidOperation, ZeroDivisionError):
    pass


class InvalidContext(InvalidOperation):
    pass


# The order in which they are told, and the reasons why an operation is invalid.
_SIGNALS = (InvalidOperation, FloatOperation, DivisionByZero, Overflow, Underflow, Subnormal, Inexact, Rounded, Clamped)
_IN_REPR = (Clamped, InvalidOperation, DivisionByZero, Inexact, FloatOperation, Overflow, Rounded, Subnormal, Underflow)
_REASONS = (InvalidOperation, ConversionSyntax, DivisionImpossible, DivisionUndefined, InvalidContext)


def _digits(n):
    """How many decimal digits a coefficient has."""
    if n < 10**40:
        return len(str(n))
    d = n.bit_length() * 30103 // 100000
    while n < 10**d:
        d -= 1
    while n >= 10 ** (d + 1):
        d += 1
    return d + 1


def _cut(n, drop, rounding, sign):
    """n / 10**drop as an integer, and whether anything but zeros was dropped."""
    if drop <= 0:
        return n * 10**-drop, False
    unit = 10 ** min(drop, _digits(n) + 1)
    q, r = divmod(n, unit)
    if not r:
        return q, False
    if rounding == ROUND_HALF_EVEN:
        up = 2 * r > unit or (2 * r == unit and q & 1)
    elif rounding == ROUND_HALF_UP:
        up = 2 * r >= unit
    elif rounding == ROUND_HALF_DOWN:
        up = 2 * r > unit
    elif rounding == ROUND_UP:
        up = True
    elif rounding == ROUND_DOWN:
        up = False
    elif rounding == ROUND_CEILING:
        up = not sign
    elif rounding == ROUND_FLOOR:
        up = sign
    else:
        up = q % 5 == 0
    return (q + 1 if up else q), True


class Context:
    """How numbers are rounded, and which conditions raise."""

    def __init__(self, prec=None, rounding=None, Emin=None, Emax=None, capitals=None, clamp=None, flags=None, traps=None):
        given = (("prec", prec, 28), ("rounding", rounding, ROUND_HALF_EVEN), ("Emin", Emin, -999999), ("Emax", Emax, 999999), ("capitals", capitals, 1), ("clamp", clamp, 0))
        for name, value, default in given:
            setattr(self, name, default if value is None else value)
        self.traps = [InvalidOperation, DivisionByZero, Overflow] if traps is None else traps
        self.flags = [] if flags is None else flags

    def __setattr__(self, name, value):
        if name == "rounding":
            if value not in _ROUNDINGS:
                raise TypeError(
                    "valid values for rounding are:\n  [ROUND_CEILING, ROUND_FLOOR, ROUND_UP, ROUND_DOWN,\n   ROUND_HALF_UP, ROUND_HALF_DOWN, ROUND_HALF_EVEN,\n   ROUND_05UP]"
                )
        elif name in _RANGES:
            low, high, text = _RANGES[name]
            if not isinstance(value, int):
                raise TypeError("an integer is required")
            if not low <= value <= high:
                raise ValueError(f"valid {text}")
        elif name in ("flags", "traps"):
            if not isinstance(value, (dict, list)):
                raise TypeError("argument must be a signal dict")
            if isinstance(value, list):
                value = {signal: signal in value for signal in _SIGNALS}
        else:
            raise AttributeError(f"'decimal.Context' object has no attribute '{name}'")
        object.__setattr__(self, name, value)

    def __repr__(self):
        lists = [", ".join(signal.__name__ for signal in _IN_REPR if which[signal]) for which in (self.flags, self.traps)]
        return (
            f"Context(prec={self.prec}, rounding={self.rounding}, Emin={self.Emin}, Emax={self.Emax}, "
            f"capitals={self.capitals}, clamp={self.clamp}, flags=[{lists[0]}], traps=[{lists[1]}])"
        )

    def copy(self):
        return Context(self.prec, self.rounding, self.Emin, self.Emax, self.capitals, self.clamp, dict(self.flags), dict(self.traps))

    __copy__ = copy

    def clear_flags(self):
        self.flags = []

    def clear_traps(self):
        self.traps = []

    def Etiny(self):
        return self.Emin - self.prec + 1

    def Etop(self):
        return self.Emax - self.prec + 1

    def radix(self):
        return Decimal(10)

    def create_decimal(self, num="0"):
        return _plus(_exactly(num, self), self, exact_nan=True)

    def create_decimal_from_float(self, f):
        return _fix(Decimal.from_float(f), self)

    def is_finite(self, x):
        return _exactly(x, self).is_finite()

    def to_sci_string(self, x):
        return _text(_exactly(x, self), self.capitals)

    def to_eng_string(self, x):
        return _exactly(x, self).to_eng_string(self)

    def _signal(self, *conditions):
        """Raises the flags of these conditions, and the exception of the first that is trapped."""
        trapped = []
        for condition in conditions:
            signal = InvalidOperation if condition in _REASONS else condition
            self.flags[signal] = True
            if self.traps[signal]:
                trapped.append(condition)
        if trapped:
            first = InvalidOperation if any(c in _REASONS for c in trapped) else next(s for s in _SIGNALS if s in trapped)
            raise first([c for c in _REASONS + _SIGNALS[1:] if c in trapped])

    def _quiet(self, prec):
        """A working context of a precision that traps nothing."""
        return Context(prec, ROUND_HALF_EVEN, self.Emin, self.Emax, self.capitals, 0, [], [])

    def _raise_again(self, work):
        raised = [signal for signal in _SIGNALS if work.flags[signal]]
        if raised:
            self._signal(*raised)


_RANGES = {
    "prec": (1, MAX_PREC, "range for prec is [1, MAX_PREC]"),
    "Emin": (MIN_EMIN, 0, "range for Emin is [MIN_EMIN, 0]"),
    "Emax": (0, MAX_EMAX, "range for Emax is [0, MAX_EMAX]"),
    "capitals": (0, 1, "values for capitals are 0 or 1"),
    "clamp": (0, 1, "values for clamp are 0 or 1"),
}


class Decimal:
    __slots__ = ("_sign", "_n", "_e", "_kind")

    def __new__(cls, value="0", context=None):
        if context is not None and not isinstance(context, Context):
            raise TypeError("optional argument must be a context")
        made = _exactly(value, _current if context is None else context)
        return made if cls is Decimal else _new(made._sign, made._n, made._e, made._kind, cls)

    @classmethod
    def from_float(cls, f):
        if not isinstance(f, (int, float)):
            raise TypeError("argument must be int or float")
        return cls(_of_float(f) if isinstance(f, float) else f)

    def __repr__(self):
        return f"Decimal('{self}')"

    def __str__(self):
        return _text(self, _current.capitals)

    def to_eng_string(self, context=None):
        return _text(self, (context or _current).capitals, True)

    def __format__(self, spec):
        if not isinstance(spec, str):
            raise TypeError("format arg must be str")
        return _formatted(self, spec)

    def as_tuple(self):
        if self._kind == "F":
            return DecimalTuple(self._sign, (0,), "F")
        digits = () if self._kind and not self._n else tuple(map(int, str(self._n)))
        return DecimalTuple(self._sign, digits, self._kind or self._e)

    def as_integer_ratio(self):
        if self._kind:
            if self._kind == "F":
                raise OverflowError("cannot convert Infinity to integer ratio")
            raise ValueError("cannot convert NaN to integer ratio")
        n, d = (self._n * 10**self._e, 1) if self._e > 0 else (self._n, 10**-self._e)
        g = _math.gcd(n, d)
        return (-n if self._sign else n) // g, d // g

    # What kind of number it is.

    def is_nan(self):
        return self._kind in ("n", "N")

    def is_qnan(self):
        return self._kind == "n"

    def is_snan(self):
        return self._kind == "N"

    def is_infinite(self):
        return self._kind == "F"

    def is_finite(self):
        return not self._kind

    def is_zero(self):
        return not self._kind and not self._n

    def is_signed(self):
        return self._sign == 1

    def is_canonical(self):
        return True

    def is_normal(self, context=None):
        return not self._kind and self._n != 0 and self.adjusted() >= (context or _current).Emin

    def is_subnormal(self, context=None):
        return not self._kind and self._n != 0 and self.adjusted() < (context or _current).Emin

    def number_class(self, context=None):
        if self._kind:
            return {"n": "NaN", "N": "sNaN"}.get(self._kind) or ("-Infinity" if self._sign else "+Infinity")
        name = "Zero" if not self._n else "Normal" if self.is_normal(context) else "Subnormal"
        return "-+"[not self._sign] + name

    def adjusted(self):
        return 0 if self._kind else self._e + _digits(self._n) - 1

    def canonical(self):
        return self

    def conjugate(self):
        return self

    def radix(self):
        return Decimal(10)

    @property
    def real(self):
        return self

    @property
    def imag(self):
        return Decimal(0)

    def __copy__(self):
        return self

    def __deepcopy__(self, memo):
        return self

    def __bool__(self):
        return bool(self._kind or self._n)

    def __int__(self):
        if self._kind:
            _no_integer(self)
        n = self._n * 10**self._e if self._e >= 0 else self._n // 10 ** min(-self._e, _digits(self._n))
        return -n if self._sign else n

    __trunc__ = __int__

    def __float__(self):
        if self._kind == "N":
            raise ValueError("cannot convert signaling NaN to float")
        if self._kind == "n":
            return _math.copysign(_math.nan, -self._sign or 1)
        return float(_text(self, 1))

    def __round__(self, n=None):
        if n is None:
            return _to_integer(self, ROUND_HALF_EVEN)
        if not isinstance(n, int):
            raise TypeError("optional arg must be an integer")
        return self.quantize(_new(0, 1, -n))

    def __floor__(self):
        return _to_integer(self, ROUND_FLOOR)

    def __ceil__(self):
        return _to_integer(self, ROUND_CEILING)

    # Comparison is exact, with numbers of any type.

    def __hash__(self):
        if self._kind:
            if self._kind == "N":
                raise TypeError("Cannot hash a signaling NaN value")
            return object.__hash__(self) if self._kind == "n" else -314159 if self._sign else 314159
        modulus = (1 << 61) - 1
        value = self._n * pow(10 if self._e >= 0 else pow(10, modulus - 2, modulus), abs(self._e), modulus) % modulus
        value = -value if self._sign else value
        return -2 if value == -1 else value

    def __eq__(self, other):
        other = _comparable(other, False)
        if other is NotImplemented:
            return other
        if _nans(self, other):
            if "N" in (self._kind, other._kind):
                _current._signal(InvalidOperation)
            return False
        return _order(self, other) == 0

    def __lt__(self, other):
        return _ordered(self, other, lambda order: order < 0)

    def __le__(self, other):
        return _ordered(self, other, lambda order: order <= 0)

    def __gt__(self, other):
        return _ordered(self, other, lambda order: order > 0)

    def __ge__(self, other):
        return _ordered(self, other, lambda order: order >= 0)

    def compare_total(self, other, context=None):
        return Decimal(_total_order(self, _operand(other)))

    def compare_total_mag(self, other, context=None):
        return Decimal(_total_order(self.copy_abs(), _operand(other).copy_abs()))

    def same_quantum(self, other, context=None):
        other = _operand(other)
        if self._kind or other._kind:
            return self._kind.lower() == other._kind.lower()
        return self._e == other._e

    # What changes no digit.

    def copy_abs(self):
        return _new(0, self._n, self._e, self._kind)

    def copy_negate(self):
        return _new(1 - self._sign, self._n, self._e, self._kind)

    def copy_sign(self, other, context=None):
        return _new(_operand(other)._sign, self._n, self._e, self._kind)

    def to_integral_value(self, rounding=None, context=None):
        return _integral(self, rounding, context or _current, False)

    to_integral = to_integral_value

    def to_integral_exact(self, rounding=None, context=None):
        return _integral(self, rounding, context or _current, True)

    def quantize(self, exp, rounding=None, context=None):
        return _quantize(self, _operand(exp), rounding, context or _current)


def _new(sign, n, e, kind="", cls=None):
    made = object.__new__(cls or Decimal)
    made._sign, made._n, made._e, made._kind = int(sign), n, e, kind
    return made


def _no_integer(x):
    if x._kind == "F":
        raise OverflowError("cannot convert Infinity to integer")
    raise ValueError("cannot convert NaN to integer")


def _to_integer(x, rounding):
    if x._kind:
        _no_integer(x)
    n, _ = _cut(x._n, -x._e, rounding, x._sign)
    return -n if x._sign else n


# From other values.


def _exactly(value, context):
    if isinstance(value, Decimal):
        return value if type(value) is Decimal else _new(value._sign, value._n, value._e, value._kind)
    if isinstance(value, int):
        return _new(value < 0, abs(int(value)), 0)
    if isinstance(value, str):
        return _parsed(value, context)
    if isinstance(value, float):
        context._signal(FloatOperation)
        return _of_float(value)
    if isinstance(value, (tuple, list)):
        return _of_tuple(tuple(value), context)
    raise TypeError(f"conversion from {type(value).__name__} to Decimal is not supported")


def _of_float(x):
    sign = _math.copysign(1.0, x) < 0
    if x != x:
        return _new(sign, 0, 0, "n")
    if x in (_math.inf, -_math.inf):
        return _new(sign, 0, 0, "F")
    n, d = abs(x).as_integer_ratio()
    places = d.bit_length() - 1
    return _new(sign, n * 5**places, -places)


def _of_tuple(parts, context):
    if len(parts) != 3:
        raise ValueError("argument must be a sequence of length 3")
    sign, digits, e = parts
    if sign not in (0, 1) or not isinstance(sign, int):
        raise ValueError("sign must be an integer with the value 0 or 1")
    if isinstance(e, str):
        if e not in ("F", "n", "N"):
            raise ValueError("string argument in the third position must be 'F', 'n' or 'N'")
    elif not isinstance(e, int):
        raise ValueError("exponent must be an integer")
    n = 0
    for digit in () if e == "F" else digits:
        if not isinstance(digit, int) or not 0 <= digit <= 9:
            raise ValueError("coefficient must be a tuple of digits")
        n = n * 10 + digit
    return _new(sign, n, 0, e) if isinstance(e, str) else _new(sign, n, e)


def _parsed(text, context):
    rest = text.strip().replace("_", "").lower()
    sign = rest[:1] == "-"
    if rest[:1] in ("+", "-"):
        rest = rest[1:]
    if rest in ("inf", "infinity"):
        return _new(sign, 0, 0, "F")
    kind = "n" if rest.startswith("nan") else "N" if rest.startswith("snan") else ""
    if kind:
        payload = rest[3 if kind == "n" else 4 :]
        if not payload or payload.isdecimal():
            return _new(sign, int(payload or "0"), 0, kind)
    mantissa, mark, exponent = rest.partition("e")
    whole, _, fraction = mantissa.partition(".")
    unsigned = exponent[1:] if exponent[:1] in ("+", "-") else exponent
    if not (whole + fraction).isdecimal() or (mark and not unsigned.isdecimal()):
        context._signal(ConversionSyntax)
        return _new(0, 0, 0, "n")
    n, e = int(whole + fraction), int(exponent or "0") - len(fraction)
    if n and not MIN_ETINY <= e + _digits(n) - 1 <= MAX_EMAX:
        return _invalid(context)
    return _new(sign, n, e)


def _operand(value, strict=True):
    if isinstance(value, Decimal):
        return value
    if isinstance(value, int):
        return _new(value < 0, abs(int(value)), 0)
    if strict:
        raise TypeError(f"conversion from {type(value).__name__} to Decimal is not supported")
    return NotImplemented


def _comparable(value, ordering):
    if isinstance(value, float):
        if ordering:
            _current._signal(FloatOperation)
        else:
            _current.flags[FloatOperation] = True
        return _of_float(value)
    return _operand(value, False)


# As text.


def _text(x, capitals, engineering=False):
    sign = "-" if x._sign else ""
    if x._kind:
        name = {"F": "Infinity", "n": "NaN", "N": "sNaN"}[x._kind]
        return sign + name + (str(x._n) if x._n else "")
    digits = str(x._n)
    left = x._e + len(digits)
    if x._e <= 0 and left > -6:
        point = left
    elif not engineering:
        point = 1
    elif not x._n:
        point = (left + 1) % 3 - 1
    else:
        point = (left - 1) % 3 + 1
    return sign + _pointed(digits, point) + ("" if left == point else f"{'E' if capitals else 'e'}{left - point:+d}")


def _pointed(digits, point):
    if point <= 0:
        return "0." + "0" * -point + digits
    if point >= len(digits):
        return digits + "0" * (point - len(digits))
    return digits[:point] + "." + digits[point:]


def _specified(text):
    """The parts of a format specification: fill, align, sign, z, width, comma, precision, kind."""
    at, fill, align = 0, " ", ">"
    if text[1:2] and text[1] in "<>=^":
        fill, align, at = text[0], text[1], 2
    elif text[:1] and text[0] in "<>=^":
        align, at = text[0], 1
    aligned = at > 0

    def take(choices):
        nonlocal at
        if text[at : at + 1] and text[at] in choices:
            at += 1
            return text[at - 1]
        return ""

    def number():
        nonlocal at
        start = at
        while text[at : at + 1] and text[at] in "0123456789":
            at += 1
        return text[start:at]

    sign, positive_zero, zeros = take("+- "), take("z"), take("0")
    if zeros:
        if aligned:
            raise ValueError("invalid format string")
        fill, align = "0", "="
    width, comma = number(), take(",")
    dot = take(".")
    precision = number() if dot else ""
    kind = take("eEfFgGn%")
    if at < len(text) or (dot and not precision) or (comma and kind == "n"):
        raise ValueError("invalid format string")
    return fill, align, sign, positive_zero, int(width or "0"), comma, int(precision) if dot else None, kind, bool(zeros)


def _formatted(x, text):
    fill, align, sign, positive_zero, width, comma, precision, kind, zeros = _specified(text)
    rounding, capitals = _current.rounding, kind in ("E", "G") or (not kind and _current.capitals)
    if x._kind:
        body = _text(x.copy_abs(), 1) + ("%" if kind == "%" else "")
        if zeros:
            fill, align = " ", ">"
        return _aligned(x._sign, body, "", sign, fill, align, width, "")
    n, e = x._n, x._e + (2 if kind == "%" else 0)
    low, fixed = kind.lower(), kind in ("f", "F", "%")
    if precision is not None:
        if fixed:
            n, e = _cut(n, -precision - e, rounding, x._sign)[0], -precision
        else:
            wanted = precision + 1 if low == "e" else precision or 1
            drop = _digits(n) - wanted
            if drop > 0 or low == "e":
                n, e = _cut(n, drop, rounding, x._sign)[0], e + drop
                if _digits(n) > wanted:
                    n, e = n // 10, e + 1
    if fixed and e > 0:
        n, e = n * 10**e, 0
    digits = str(n)
    left = e + len(digits)
    if low == "e" and not n and precision is not None:
        digits, left = "0" * (precision + 1), left + 2 * precision
    point = left if fixed or (low != "e" and e <= 0 and left > -6) else 1
    number = _pointed(digits, point)
    whole, dot, fraction = number.partition(".")
    tail = dot + fraction
    if low == "e" or (left != point and not fixed):
        tail += f"{'E' if capitals else 'e'}{left - point:+d}"
    if kind == "%":
        tail += "%"
    negative = x._sign and not (positive_zero and not n)
    return _aligned(negative, whole, tail, sign, fill, align, width, comma)


def _aligned(negative, whole, tail, sign, fill, align, width, comma):
    mark = "-" if negative else sign if sign in ("+", " ") else ""
    if comma:
        room = width - len(mark) - len(tail)
        if fill == "0" and align == "=":
            # Zeros are grouped too.
            while len(_grouped(whole)) < room:
                whole = "0" + whole
        whole = _grouped(whole)
    missing = width - len(mark) - len(whole) - len(tail)
    if missing <= 0:
        return mark + whole + tail
    if align == "<":
        return mark + whole + tail + fill * missing
    if align == ">":
        return fill * missing + mark + whole + tail
    if align == "=":
        return mark + fill * missing + whole + tail
    return fill * (missing // 2) + mark + whole + tail + fill * (missing - missing // 2)


def _grouped(whole):
    head = len(whole) % 3
    return ",".join(([whole[:head]] if head else []) + [whole[i : i + 3] for i in range(head, len(whole), 3)])


# Order.


def _nans(a, b):
    return a._kind in ("n", "N") or b._kind in ("n", "N")


def _order(a, b):
    """-1, 0 or 1; neither is a NaN."""
    signs = [-1 if x._sign else 1 for x in (a, b)]
    if a._kind or b._kind:
        x, y = (signs[i] if z._kind else 0 for i, z in enumerate((a, b)))
        return (x > y) - (x < y)
    if not a._n or not b._n or a._sign != b._sign:
        x, y = (s if z._n else 0 for s, z in zip(signs, (a, b)))
        return (x > y) - (x < y)
    x, y = a.adjusted(), b.adjusted()
    if x == y:
        low = min(a._e, b._e)
        x, y = a._n * 10 ** (a._e - low), b._n * 10 ** (b._e - low)
    return ((x > y) - (x < y)) * signs[0]


def _ordered(a, b, test):
    b = _comparable(b, True)
    if b is NotImplemented:
        return b
    if _nans(a, b):
        _current._signal(InvalidOperation)
        return False
    return test(_order(a, b))


def _total_order(a, b):
    if a._sign != b._sign:
        return -1 if a._sign else 1
    rank = ("", "F", "N", "n")
    keys = [(2 if rank.index(x._kind) > 1 else 0, rank.index(x._kind), x._n if rank.index(x._kind) > 1 else 0) for x in (a, b)]
    if keys[0][0] or keys[1][0]:
        order = (keys[0] > keys[1]) - (keys[0] < keys[1])
    else:
        order = _order(a.copy_abs(), b.copy_abs()) or ((a._e > b._e) - (a._e < b._e))
    return -order if a._sign else order


# Rounding to a context.


def _fix(x, context, exact=True):
    """The number as the context holds it; `exact` is false when digits were dropped before."""
    sign, n, e = x._sign, x._n, x._e
    if x._kind:
        limit = context.prec - context.clamp
        return _new(sign, n % 10**limit, 0, x._kind) if n and _digits(n) > limit else x
    etiny, etop = context.Etiny(), context.Etop()
    if not n:
        held = min(max(e, etiny), etop if context.clamp else context.Emax)
        if held != e:
            context._signal(Clamped)
        return _new(sign, 0, held)
    low = _digits(n) + e - context.prec
    if low > etop:
        return _overflowed(sign, context)
    subnormal = low < etiny
    low = max(low, etiny)
    if e < low:
        n, inexact = _cut(n, low - e, context.rounding, sign)
        e = low
        if _digits(n) > context.prec:
            n, e = n // 10, e + 1
            if e > etop:
                return _overflowed(sign, context)
        conditions = [Rounded]
        if inexact:
            conditions += [Underflow, Subnormal, Inexact] if subnormal else [Inexact]
        elif subnormal:
            conditions.append(Subnormal)
        if not n:
            conditions.append(Clamped)
        context._signal(*conditions)
    else:
        if subnormal:
            context._signal(Subnormal)
        if context.clamp and e > etop:
            n, e = n * 10 ** (e - etop), etop
            context._signal(Clamped)
    return _new(sign, n, e)


def _overflowed(sign, context):
    context._signal(Overflow, Inexact, Rounded)
    rounding = context.rounding
    if rounding in (ROUND_DOWN, ROUND_05UP) or rounding == (ROUND_CEILING if sign else ROUND_FLOOR):
        return _new(sign, 10**context.prec - 1, context.Etop())
    return _new(sign, 0, 0, "F")


def _invalid(context, reason=InvalidOperation):
    context._signal(reason)
    return _new(0, 0, 0, "n")


def _nan_of(context, *operands):
    """The NaN that an operation with NaNs gives; None when there is none."""
    found = next((x for x in operands if x._kind == "N"), None)
    if found is not None:
        context._signal(InvalidOperation)
    else:
        found = next((x for x in operands if x._kind == "n"), None)
        if found is None:
            return None
    return _fix(_new(found._sign, found._n, 0, "n"), context)


# Arithmetic: each takes its operands and the context.


def _plus(a, context, exact_nan=False):
    if a._kind:
        if exact_nan:
            return a if _digits(a._n) <= context.prec or not a._n else _invalid(context, ConversionSyntax)
        return _nan_of(context, a) or a
    if not a._n and not exact_nan:
        a = _new(context.rounding == ROUND_FLOOR and a._sign, 0, a._e)
    return _fix(a, context)


def _minus(a, context):
    return _nan_of(context, a) or _plus(a.copy_negate(), context)


def _abs(a, context):
    return _nan_of(context, a) or _plus(a.copy_abs(), context)


def _add(a, b, context):
    if a._kind or b._kind:
        nan = _nan_of(context, a, b)
        if nan is not None:
            return nan
        if a._kind and b._kind and a._sign != b._sign:
            return _invalid(context)
        return _new(a._sign if a._kind else b._sign, 0, 0, "F")
    low = min(a._e, b._e)
    if not a._n or not b._n:
        if not a._n and not b._n:
            sign = a._sign if a._sign == b._sign else context.rounding == ROUND_FLOOR
            return _fix(_new(sign, 0, low), context)
        full = a if a._n else b
        low = max(low, full._e - context.prec - 1)
        if full._e > low:
            full = _new(full._sign, full._n * 10 ** (full._e - low), low)
        return _fix(full, context)
    # A number too small to show is as good as one that just rounds.
    high, small = (a, b) if a._e >= b._e else (b, a)
    floor = high._e + min(-1, _digits(high._n) - context.prec - 2)
    if small.adjusted() < floor:
        small = _new(small._sign, 1, floor)
    low = small._e
    total = (-high._n if high._sign else high._n) * 10 ** (high._e - low) + (-small._n if small._sign else small._n)
    if not total:
        return _fix(_new(context.rounding == ROUND_FLOOR, 0, low), context)
    return _fix(_new(total < 0, abs(total), low), context)


def _subtract(a, b, context):
    return _nan_of(context, a, b) or _add(a, b.copy_negate(), context)


def _multiply(a, b, context):
    sign = a._sign ^ b._sign
    if a._kind or b._kind:
        nan = _nan_of(context, a, b)
        if nan is not None:
            return nan
        if not a or not b:
            return _invalid(context)
        return _new(sign, 0, 0, "F")
    return _fix(_new(sign, a._n * b._n, a._e + b._e), context)


def _divide(a, b, context):
    sign = a._sign ^ b._sign
    if a._kind or b._kind:
        nan = _nan_of(context, a, b)
        if nan is not None:
            return nan
        if a._kind and b._kind:
            return _invalid(context)
        if a._kind:
            return _new(sign, 0, 0, "F")
        context._signal(Clamped)
        return _new(sign, 0, context.Etiny())
    if not b._n:
        if not a._n:
            return _invalid(context, DivisionUndefined)
        context._signal(DivisionByZero)
        return _new(sign, 0, 0, "F")
    ideal = a._e - b._e
    if not a._n:
        return _fix(_new(sign, 0, ideal), context)
    shift = max(0, _digits(b._n) - _digits(a._n) + context.prec + 1)
    e = ideal - shift
    q, r = divmod(a._n * 10**shift, b._n)
    if r:
        # A digit more tells the rounding that something follows.
        q, e = q * 10 + 1, e - 1
    else:
        while e < ideal and q % 10 == 0:
            q, e = q // 10, e + 1
    return _fix(_new(sign, q, e), context)


def _whole_division(a, b, context):
    """The quotient without its fraction, and the remainder; None when the quotient has too many digits."""
    low = min(a._e, b._e)
    if a._n and a.adjusted() - b.adjusted() > context.prec:
        return None
    if b.adjusted() > a.adjusted() + 1 or not a._n:
        return 0, _new(a._sign, a._n, a._e) if a._e <= low or not a._n else _new(a._sign, a._n * 10 ** (a._e - low), low)
    q, r = divmod(a._n * 10 ** (a._e - low), b._n * 10 ** (b._e - low))
    return None if q >= 10**context.prec else (q, _new(a._sign, r, low))


def _divide_int(a, b, context):
    sign = a._sign ^ b._sign
    if a._kind or b._kind:
        nan = _nan_of(context, a, b)
        if nan is not None:
            return nan
        if a._kind:
            return _invalid(context) if b._kind else _new(sign, 0, 0, "F")
        return _new(sign, 0, 0)
    if not b._n:
        if not a._n:
            return _invalid(context, DivisionUndefined)
        context._signal(DivisionByZero)
        return _new(sign, 0, 0, "F")
    found = _whole_division(a, b, context)
    return _invalid(context, DivisionImpossible) if found is None else _new(sign, found[0], 0)


def _remainder(a, b, context):
    if a._kind or b._kind:
        nan = _nan_of(context, a, b)
        if nan is not None:
            return nan
        return _invalid(context) if a._kind else _fix(a, context)
    if not b._n:
        return _invalid(context, InvalidOperation if a._n else DivisionUndefined)
    if not a._n:
        return _fix(_new(a._sign, 0, min(a._e, b._e)), context)
    found = _whole_division(a, b, context)
    return _invalid(context, DivisionImpossible) if found is None else _fix(found[1], context)


def _divmod(a, b, context):
    if not (a._kind or b._kind) and not b._n and a._n:
        context._signal(InvalidOperation, DivisionByZero)
        return _new(a._sign ^ b._sign, 0, 0, "F"), _new(0, 0, 0, "n")
    if a._kind == "F" and not _nans(a, b):
        remainder = _invalid(context)
        return (remainder if b._kind else _new(a._sign ^ b._sign, 0, 0, "F")), remainder
    return _divide_int(a, b, context), _remainder(a, b, context)


def _remainder_near(a, b, context):
    if a._kind or b._kind or not b._n:
        return _remainder(a, b, context)
    low = min(a._e, b._e)
    if a._n and a.adjusted() - b.adjusted() > context.prec:
        return _invalid(context, DivisionImpossible)
    if b.adjusted() > a.adjusted() + 2:
        return _fix(_new(a._sign, a._n * 10 ** (a._e - low), low), context)
    n, d = a._n * 10 ** (a._e - low), b._n * 10 ** (b._e - low)
    q, r = divmod(n, d)
    sign = a._sign
    if 2 * r > d or (2 * r == d and q & 1):
        q, r, sign = q + 1, d - r, 1 - sign
    return _invalid(context, DivisionImpossible) if q >= 10**context.prec else _fix(_new(sign, r, low), context)


def _fma(a, b, c, context):
    if a._kind or b._kind:
        nan = _nan_of(context, a, b, c)
        if nan is not None:
            return nan
        return _add(_multiply(a, b, context), c, context)
    return _add(_new(a._sign ^ b._sign, a._n * b._n, a._e + b._e), c, context)


def _rounded_to(x, e, rounding, context):
    """The number with this exponent, and whether it lost digits."""
    n, inexact = _cut(x._n, e - x._e, rounding, x._sign)
    return _new(x._sign, n, e), inexact


def _quantize(a, b, rounding, context):
    if rounding is not None and rounding not in _ROUNDINGS:
        context.copy().rounding = rounding
    if a._kind or b._kind:
        nan = _nan_of(context, a, b)
        if nan is not None:
            return nan
        return _new(a._sign, 0, 0, "F") if a._kind and b._kind else _invalid(context)
    if not context.Etiny() <= b._e <= context.Emax:
        return _invalid(context)
    if not a._n:
        return _fix(_new(a._sign, 0, b._e), context)
    if a.adjusted() > context.Emax or a.adjusted() - b._e + 1 > context.prec:
        return _invalid(context)
    made, inexact = _rounded_to(a, b._e, rounding or context.rounding, context)
    if made._n and (made.adjusted() > context.Emax or _digits(made._n) > context.prec):
        return _invalid(context)
    conditions = [Subnormal] if made._n and made.adjusted() < context.Emin else []
    if b._e > a._e:
        conditions += [Inexact, Rounded] if inexact else [Rounded]
    if conditions:
        context._signal(*conditions)
    return made


def _integral(a, rounding, context, exact):
    if rounding is not None and rounding not in _ROUNDINGS:
        context.copy().rounding = rounding
    if a._kind:
        return _nan_of(context, a) or a
    if a._e >= 0:
        return a
    made, inexact = _rounded_to(a, 0, rounding or context.rounding, context)
    if exact:
        context._signal(*([Inexact, Rounded] if inexact else [Rounded]))
    return made


def _normalize(a, context):
    a = _plus(a, context, exact_nan=False) if a._kind or a._n else _fix(a, context)
    if a._kind:
        return a
    n, e = a._n, a._e
    if not n:
        return _new(a._sign, 0, 0)
    top = context.Etop() if context.clamp else context.Emax
    while n % 10 == 0 and e < top:
        n, e = n // 10, e + 1
    return _new(a._sign, n, e)


def _compare(a, b, context):
    return _nan_of(context, a, b) or Decimal(_order(a, b))


def _compare_signal(a, b, context):
    return _invalid(context) if _nans(a, b) else Decimal(_order(a, b))


def _extreme(wanted, magnitude):
    def choose(a, b, context):
        if _nans(a, b):
            if a._kind == "n" and b._kind not in ("n", "N"):
                return _fix(b, context)
            if b._kind == "n" and a._kind not in ("n", "N"):
                return _fix(a, context)
            return _nan_of(context, a, b)
        order = (_order(a.copy_abs(), b.copy_abs()) if magnitude else 0) or _order(a, b) or _total_order(a, b)
        return _fix(a if order * wanted >= 0 else b, context)

    return choose


def _next(direction):
    def step(a, context):
        if a._kind:
            nan = _nan_of(context, a)
            if nan is not None:
                return nan
            return a if a._sign == (direction < 0) else _new(a._sign, 10**context.prec - 1, context.Etop())
        work = context._quiet(context.prec)
        work.rounding = ROUND_CEILING if direction > 0 else ROUND_FLOOR
        made = _fix(a, work)
        if _order(made, a):
            return made
        return _add(a, _new(direction < 0, 1, context.Etiny() - 1), work)

    return step


def _logb(a, context):
    if a._kind:
        return _nan_of(context, a) or _new(0, 0, 0, "F")
    if not a._n:
        context._signal(DivisionByZero)
        return _new(1, 0, 0, "F")
    return _fix(Decimal(a.adjusted()), context)


def _scaleb(a, b, context):
    nan = _nan_of(context, a, b)
    if nan is not None:
        return nan
    if b._kind or b._e != 0 or b._n > 2 * (context.Emax + context.prec):
        return _invalid(context)
    return a if a._kind else _fix(_new(a._sign, a._n, a._e + int(b)), context)


def _inexact(sign, n, e, context):
    """A result that only its first digits are known of: it is rounded, always half to even."""
    work = context._quiet(context.prec)
    made = _fix(_new(sign, n, e), work)
    context._raise_again(work)
    return made


def _sqrt(a, context):
    if a._kind:
        nan = _nan_of(context, a)
        if nan is not None:
            return nan
        return _invalid(context) if a._sign else a
    if not a._n:
        return _fix(_new(a._sign, 0, a._e // 2), context)
    if a._sign:
        return _invalid(context)
    ideal = a._e // 2
    n, e = (a._n * 10, a._e - 1) if a._e & 1 else (a._n, a._e)
    shift = max(0, context.prec + 2 - (_digits(n) + 1) // 2)
    root = _math.isqrt(n * 100**shift)
    e = e // 2 - shift
    if root * root == n * 100**shift:
        while e < ideal and root % 10 == 0:
            root, e = root // 10, e + 1
    else:
        root, e = root * 10 + 1, e - 1
    return _inexact(0, root, e, context)


def _settled(make, context):
    """The digits that `make(places)` finds, a coefficient and its exponent, with as many places as rounding needs."""
    places = context.prec + 6
    while True:
        n, e = make(places)
        spare = _digits(n) - context.prec
        if spare > 2 and _cut(abs(n) - 9, spare, ROUND_HALF_EVEN, 0)[0] == _cut(abs(n) + 9, spare, ROUND_HALF_EVEN, 0)[0]:
            return n, e
        places += places // 2


def _exp(a, context):
    if a._kind:
        nan = _nan_of(context, a)
        if nan is not None:
            return nan
        return _new(0, 0, 0) if a._sign else a
    if not a._n:
        return _new(0, 1, 0)
    if a.adjusted() > 8:
        return _inexact(0, 1, -3 * MAX_EMAX if a._sign else 3 * MAX_EMAX, context)
    if a.adjusted() < -context.prec - 2:
        return _inexact(0, 10 ** (context.prec + 2) + (-1 if a._sign else 1), -context.prec - 2, context)
    n = -a._n if a._sign else a._n
    made, e = _settled(lambda places: _exp_digits(n, a._e, places), context)
    return _inexact(0, made, e, context)


def _no_logarithm(a, context):
    if a._kind in ("n", "N"):
        return _nan_of(context, a)
    if not a._n and not a._kind:
        return _new(1, 0, 0, "F")
    return _invalid(context) if a._sign else a if a._kind else None


def _ln(a, context):
    special = _no_logarithm(a, context)
    if special is not None:
        return special
    if _order(a, _new(0, 1, 0)) == 0:
        return _new(0, 0, 0)

    def make(places):
        # Near 1 the first places are zeros.
        n = _ln_digits(a._n, a._e, places)
        missing = context.prec + 6 - _digits(abs(n))
        if missing > 0:
            places += missing
            n = _ln_digits(a._n, a._e, places)
        return abs(n), -places

    return _inexact(a.adjusted() < 0, *_settled(make, context), context)


def _log10(a, context):
    special = _no_logarithm(a, context)
    if special is not None:
        return special
    if str(a._n).strip("0") == "1":
        return _fix(Decimal(a.adjusted()), context)

    def make(places):
        extra = places + 2
        n = _ln_digits(a._n, a._e, extra)
        missing = context.prec + 8 - _digits(abs(n))
        if missing > 0:
            extra += missing
            n = _ln_digits(a._n, a._e, extra)
        return abs(n) * 10**extra // _ln10(extra), -extra

    return _inexact(a.adjusted() < 0, *_settled(make, context), context)


def _power(a, b, context, modulo=None):
    if modulo is not None:
        return _power_modulo(a, b, modulo, context)
    nan = _nan_of(context, a, b)
    if nan is not None:
        return nan
    whole = not b._kind and (b._e >= 0 or not b._n or b._n % 10 ** min(-b._e, _digits(b._n) + 1) == 0)
    odd = whole and b._n != 0 and b._e <= 0 and (b._n // 10**-b._e) & 1
    sign = int(a._sign and odd)
    if not b:
        return _new(0, 1, 0) if a else _invalid(context)
    if a._sign and not whole and a:
        return _invalid(context)
    if not a:
        return _new(sign, 0, 0, "F") if b._sign else _new(sign, 0, 0)
    if a._kind:
        return _fix(_new(sign, 0, 0), context) if b._sign else _new(sign, 0, 0, "F")
    side = _order(a.copy_abs(), _new(0, 1, 0))
    if b._kind:
        if not side:
            return _inexact(0, 10**context.prec, -context.prec, context)
        return _new(0, 0, 0) if (side > 0) == bool(b._sign) else _new(0, 0, 0, "F")
    if whole and b.adjusted() < 19:
        return _power_whole(a, int(b), sign, context)
    if not side:
        return _inexact(sign, 10**context.prec * 10, -context.prec - 1, context) if not whole else _new(sign, 10 ** (context.prec - 1), 1 - context.prec)
    return _power_real(a, b, sign, side, context)


def _power_whole(a, exponent, sign, context):
    work = context._quiet(context.prec + len(str(abs(exponent))) + 2)
    if exponent < 0:
        work.prec += 1
        a = _divide(_new(0, 1, 0), a, work)
    result, bits = a, bin(abs(exponent))[3:]
    for bit in bits:
        result = _multiply(result, result, work)
        if bit == "1":
            result = _multiply(result, a, work)
        if result._kind or not result._n:
            break
    return _fix_after(_new(sign, result._n, result._e, result._kind), context, work)


def _fix_after(made, context, work):
    last = context._quiet(context.prec)
    last.rounding = context.rounding
    made = _fix(made, last)
    for signal in _SIGNALS:
        last.flags[signal] = last.flags[signal] or work.flags[signal]
    context._raise_again(last)
    return made


def _power_real(a, b, sign, side, context):
    exponent = -b._n if b._sign else b._n
    # Where the result lies, before any digits of it.
    size = abs(a.adjusted()) + 1 if side else 1
    if b.adjusted() + len(str(size)) > 22:
        huge = (side > 0) != bool(b._sign)
        return _inexact(sign, 1, 3 * MAX_EMAX if huge else -3 * MAX_EMAX, context)

    def make(places):
        more = places + max(0, b.adjusted()) + len(str(size)) + 4
        logarithm = _ln_digits(a._n, a._e, more)
        missing = more - 4 - _digits(abs(logarithm))
        if missing > 0:
            more += missing
            logarithm = _ln_digits(a._n, a._e, more)
        return _exp_digits(logarithm * exponent, b._e - more, places)

    work = context._quiet(context.prec + 4)
    n, e = make(context.prec + 8)
    made = _fix(_new(sign, n, e), work)
    drop = context.prec - _digits(made._n)
    if drop > 0 and not made._kind and made._n:
        made = _new(sign, made._n * 10**drop, made._e - drop)
    work.flags[Inexact] = work.flags[Rounded] = True
    return _fix_after(made, context, work)


def _power_modulo(a, b, modulo, context):
    nan = _nan_of(context, a, b, modulo)
    if nan is not None:
        return nan
    parts = (a, b, modulo)
    if any(x._kind or (x._e < 0 and x._n % 10**-x._e) for x in parts) or b._sign or not modulo or (not a and not b):
        return _invalid(context)
    if modulo.adjusted() >= context.prec:
        return _invalid(context)
    n = pow(abs(int(a)), int(b), abs(int(modulo)))
    return _new(a._sign and int(b) & 1, n, 0)


# The operations as methods of numbers and of contexts.


def _operator(function):
    def forward(self, other):
        other = _operand(other, False)
        return other if other is NotImplemented else function(self, other, _current)

    def backward(self, other):
        other = _operand(other, False)
        return other if other is NotImplemented else function(other, self, _current)

    return forward, backward


def _define():
    two = {"add": _add, "sub": _subtract, "mul": _multiply, "truediv": _divide, "floordiv": _divide_int, "mod": _remainder, "divmod": _divmod}
    for name, function in two.items():
        forward, backward = _operator(function)
        setattr(Decimal, f"__{name}__", forward)
        setattr(Decimal, f"__r{name}__", backward)

    def power(self, other, modulo=None):
        other = _operand(other, False)
        if modulo is not None:
            modulo = _operand(modulo, False)
        return NotImplemented if other is NotImplemented or modulo is NotImplemented else _power(self, other, _current, modulo)

    Decimal.__pow__ = power
    Decimal.__rpow__ = _operator(_power)[1]
    Decimal.__neg__ = lambda self: _minus(self, _current)
    Decimal.__pos__ = lambda self: _plus(self, _current)
    Decimal.__abs__ = lambda self: _abs(self, _current)

    one = {"normalize": _normalize, "sqrt": _sqrt, "exp": _exp, "ln": _ln, "log10": _log10, "logb": _logb, "next_plus": _next(1), "next_minus": _next(-1)}
    for name, function in one.items():
        setattr(Decimal, name, _method_of_one(function))
        setattr(Context, name, _context_method(function))
    two = {
        "compare": _compare, "compare_signal": _compare_signal, "max": _extreme(1, False), "min": _extreme(-1, False), "max_mag": _extreme(1, True),
        "min_mag": _extreme(-1, True), "remainder_near": _remainder_near, "scaleb": _scaleb,
    }  # fmt: skip
    for name, function in two.items():
        setattr(Decimal, name, _method_of_two(function))
        setattr(Context, name, _context_method(function))

    def fma(self, other, third, context=None):
        return _fma(self, _operand(other), _operand(third), context or _current)

    Decimal.fma = fma
    only_contexts = {
        "add": _add, "subtract": _subtract, "multiply": _multiply, "divide": _divide, "divide_int": _divide_int, "remainder": _remainder, "divmod": _divmod,
        "abs": _abs, "plus": _plus, "minus": _minus, "fma": _fma, "quantize": lambda a, b, context: _quantize(a, b, None, context),
        "to_integral_value": lambda a, context: _integral(a, None, context, False), "to_integral_exact": lambda a, context: _integral(a, None, context, True),
    }  # fmt: skip
    for name, function in only_contexts.items():
        setattr(Context, name, _context_method(function))
    Context.power = lambda self, a, b, modulo=None: _power(_operand(a), _operand(b), self, None if modulo is None else _operand(modulo))
    Context.to_integral = Context.to_integral_value
    for name in ("is_nan", "is_infinite", "is_zero", "is_signed", "is_qnan", "is_snan", "copy_abs", "copy_negate", "copy_sign", "compare_total", "compare_total_mag", "same_quantum", "canonical"):
        setattr(Context, name, _forwarded(name, False))
    for name in ("is_normal", "is_subnormal", "number_class"):
        setattr(Context, name, _forwarded(name, True))


def _method_of_one(function):
    return lambda self, context=None: function(self, context or _current)


def _method_of_two(function):
    return lambda self, other, context=None: function(self, _operand(other), context or _current)


def _context_method(function):
    return lambda self, *operands: function(*[_operand(x) for x in operands], self)


def _forwarded(name, with_context):
    if with_context:
        return lambda self, x: getattr(_operand(x), name)(self)
    return lambda self, x, *rest: getattr(_operand(x), name)(*rest)


_define()

# The contexts of the specification, and the one in force.
DefaultContext = Context()
BasicContext = Context(9, ROUND_HALF_UP, traps=[InvalidOperation, DivisionByZero, Overflow, Underflow, Clamped])
ExtendedContext = Context(9, ROUND_HALF_EVEN, traps=[])
_current = DefaultContext.copy()


def getcontext():
    return _current


def setcontext(context, /):
    global _current
    if not isinstance(context, Context):
        raise TypeError("argument must be a context")
    _current = context.copy() if context in (DefaultContext, BasicContext, ExtendedContext) else context


class _Local:
    def __init__(self, context):
        self.context = context

    def __enter__(self):
        self.saved = _current
        setcontext(self.context)
        return self.context

    def __exit__(self, *details):
        setcontext(self.saved)


def localcontext(ctx=None, **kwargs):
    if ctx is not None and not isinstance(ctx, Context):
        raise TypeError("optional argument must be a context")
    local = (_current if ctx is None else ctx).copy()
    for name, value in kwargs.items():
        if name not in _RANGES and name not in ("rounding", "flags", "traps"):
            raise TypeError(f"'{name}' is an invalid keyword argument for this function")
        setattr(local, name, value)
    return _Local(local)

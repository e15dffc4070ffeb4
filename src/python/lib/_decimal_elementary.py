"""Exponentials and logarithms of decimal numbers, in integers that stand for so many places after the point."""

import math


def _atanh_of_inverse(m, unit):
    """atanh(1 / m) by its series."""
    term = total = unit // m
    square, k = m * m, 1
    while term:
        term //= square
        k += 2
        total += term // k
    return total


def ln10(places):
    """ln 10 · 10**places, by three quickly converging series."""
    unit = 10 ** (places + 4)
    return (46 * _atanh_of_inverse(31, unit) + 34 * _atanh_of_inverse(49, unit) + 20 * _atanh_of_inverse(161, unit)) // 10**4


def _exp_of_small(x, unit):
    """exp(x / unit) · unit for 0 <= x < 3 units: halved, summed, squared again."""
    halvings = 8
    unit <<= 2 * halvings
    x = (x << 2 * halvings) >> halvings
    term = total = unit
    k = 0
    while term:
        k += 1
        term = term * x // (unit * k)
        total += term
    for _ in range(halvings):
        total = total * total // unit
    return total >> 2 * halvings


def exp_digits(n, e, places):
    """exp(n · 10**e) as a coefficient of about so many digits, and its exponent."""
    size = max(0, len(str(abs(n))) + e)
    inner = places + size + 4
    x = n * 10 ** (e + inner) if e + inner >= 0 else n // 10 ** -(e + inner)
    tens, rest = divmod(x, ln10(inner))
    return _exp_of_small(rest, 10**inner) // 10 ** (inner - places), tens - places


def ln_digits(n, e, places):
    """ln(n · 10**e) · 10**places, by Halley's steps from the nearest float."""
    digits = len(str(n))
    # m lies in [0.32, 3.2), so that numbers near 1 keep theirs.
    top = digits if 10 * n >= 32 * 10 ** (digits - 1) else digits - 1
    inner = places + 8
    unit = 10**inner
    m = n * unit // 10**top
    start = math.log(n * 10**17 // 10**top / 1e17)
    y, right = int(start * 10**15) * unit // 10**15, 14
    while right < inner + 3:
        power = _exp_of_small(y, unit) if y >= 0 else unit * unit // _exp_of_small(-y, unit)
        y += 2 * unit * (m - power) // (m + power)
        right *= 3
    return (y + (top + e) * ln10(inner)) // 10**8

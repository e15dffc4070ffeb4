# --- integer division and modulo follow the divisor's sign
for a, b in [(7, 2), (-7, 2), (7, -2), (-7, -2), (0, 5)]:
    print(a // b, a % b, divmod(a, b))
# --- float division and modulo
print(7 / 2, -7 // 2.0, -7 % 2.5, divmod(7.5, -2), 1e300 * 1e10)
# --- big integers
print(2 ** 200, -(2 ** 65), 2 ** 64 - 1, (2 ** 70) // 3, (2 ** 70) % 1000, -(2 ** 70) // 7, -(2 ** 70) % 7)
# --- big integer comparisons and hashing
big = 10 ** 30
print(big == 10 ** 30, big > 1e29, {big: "x"}[10 ** 30], hash(2 ** 61 - 1), hash(2 ** 61), hash(-1))
# --- factorial
def factorial(n):
    return 1 if n < 2 else n * factorial(n - 1)
print(factorial(30), factorial(50))
# --- float repr
print(0.1, 1e16, 1e15, 123456789012345680.0, 1e-5, 0.0001, 1.0, -0.0, 1e22, 5e-324, 1.7976931348623157e308)
# --- float special values
inf = float("inf")
nan = float("nan")
print(inf, -inf, nan, nan == nan, inf > 1e308, inf - inf, 0.0 == -0.0)
# --- round half to even
print(round(0.5), round(1.5), round(2.5), round(-0.5), round(2.675, 2), round(1234.5678, -2), round(15, -1), round(25, -1), round(1e20))
# --- int from text and bases
print(int("12"), int(" -7 "), int("ff", 16), int("0b101", 0), int("1_000"), int(3.99), int(-3.99), int(True))
# --- float from text
print(float("1e3"), float(" 2.5 "), float("-inf"), float("1_0.5"))
# --- bases
print(hex(255), oct(8), bin(10), hex(-255), 0x1F, 0o17, 0b11, 1_000_000)
# --- bit operations
print(5 & 3, 5 | 3, 5 ^ 3, ~5, 1 << 10, 1024 >> 3, -1 >> 1, 1 << 70, (1 << 70) >> 68)
# --- power
print(2 ** 10, 2 ** -1, (-2) ** 3, 0 ** 0, 2.0 ** 0.5, pow(3, 4, 5), pow(2, -1, 7), 10 ** 20)
# --- integer methods
print((255).bit_length(), (0).bit_length(), (5).bit_count(), (3).real, (3).numerator, (-7).__abs__(), (10).to_bytes(2, "big"), int.from_bytes(b"\x01\x00", "big"))
# --- float methods
print((2.0).is_integer(), (2.5).is_integer(), (0.5).as_integer_ratio(), (3.7).__int__(), float.fromhex("0x1.8p1"), (0.1).hex())
# --- mixed arithmetic
print(1 + 2.0, True + True, 3 * False, 1 - True, 2 ** 0.5 == 2 ** .5, 7 // 2.0)
# --- sum min max abs
print(sum([1, 2, 3]), sum([0.1] * 10), sum([[1], [2]], []), min(3, 1, 2), max([1, 5, 2]), abs(-3), abs(-2.5), max("abc"), min([], default=9))
# --- min and max with key
words = ["pear", "fig", "banana"]
print(min(words, key=len), max(words, key=len), sorted(words, key=lambda w: (-len(w), w)))
# --- division by zero
1 / 0
# --- integer division by zero
1 // 0
# --- integer modulo by zero
5 % 0
# --- float division by zero
1.0 / 0.0
# --- float floor division by zero
1.0 // 0.0
# --- zero to a negative power
0 ** -1
# --- overflow of a float power
10.0 ** 400
# --- int of bad text
int("12a")
# --- int of bad base
int("z", 16)
# --- float of bad text
float("1.2.3")
# --- int of nan
int(float("nan"))
# --- int of infinity
int(float("inf"))
# --- shift by a negative count
1 << -1
# --- int of none
int(None)
# --- complex is not here or prints like cpython
print(type(3).__name__, type(3.0).__name__, type(True).__name__, isinstance(True, int))
# --- comparisons chain
x = 5
print(1 < x < 10, 1 < x > 3, x == 5 == 5.0, 1 < 2 > 3, not 1 < x < 3)
# --- comparisons evaluate the middle once
def f():
    print("f")
    return 3
print(1 < f() < 5, 1 > f() < 5)
# --- bool of numbers
print(bool(0), bool(0.0), bool(-1), bool(""), bool(" "), bool([]), bool([0]), bool(None), bool({}), bool(range(0)))
# --- int to float precision
print(float(2 ** 53 + 1), 2 ** 53 == float(2 ** 53), 2 ** 53 + 1 == float(2 ** 53), 10 ** 25 / 10 ** 24)
# --- large float to int
print(int(1e20), int(1.5e300) % 1000007)

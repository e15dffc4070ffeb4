"""Every method of the builtin types, with arguments that fit and arguments that don't."""

from . import chunks, dice, shown

POOL = ["0", "1", "-1", "3", "100", "True", "None", "2.5", "'a'", "'b'", "''", "'l'", "'ab'", "b'a'", "[]", "[1]", "(1, 2)", "'a', 'b'", "1, 2", "'l', 1", "'l', 1, 3"]
TYPES = {
    "str": (
        ["'hello world'", "''", "'aXbXc'", "'  pad  '", "'ǅ ß'", "'12'", "'a\\tb\\nc'"],
        {
            "capitalize": [""], "casefold": [""], "center": ["10", "10, '*'", "3"], "count": ["'l'", "''", "'l', 3", "'l', -3, -1"], "encode": ["", "'utf-8'", "'ascii'", "'latin-1'", "'ascii', 'ignore'", "'ascii', 'replace'"],
            "endswith": ["'d'", "('x', 'd')", "'o', 0, 5", "1"], "expandtabs": ["", "4", "0"], "find": ["'o'", "'o', 5", "'zz'", "''"], "index": ["'o'", "'zz'"], "isalnum": [""], "isalpha": [""],
            "isascii": [""], "isdecimal": [""], "isdigit": [""], "isidentifier": [""], "islower": [""], "isnumeric": [""], "isprintable": [""], "isspace": [""], "istitle": [""], "isupper": [""],
            "join": ["['x', 'y']", "'pqr'", "[]", "['x', 1]", "{'k': 1}", "5"], "ljust": ["8", "8, '-'", "8, '--'"], "lower": [""], "lstrip": ["", "' h'"], "partition": ["' '", "'zz'", "''"],
            "removeprefix": ["'he'", "'zz'"], "removesuffix": ["'ld'", "''"], "replace": ["'l', 'L'", "'l', 'L', 1", "'', '-'", "'l', ''"], "rfind": ["'o'", "'o', 0, 5"], "rindex": ["'o'", "'q'"], "rjust": ["8", "8, '.'"],
            "rpartition": ["' '", "'X'"], "rsplit": ["", "' '", "'X', 1", "None, 1"], "rstrip": ["", "'dl'"], "split": ["", "' '", "'X'", "'X', 1", "None, 1", "''", "sep='X', maxsplit=1"], "splitlines": ["", "True"],
            "startswith": ["'h'", "('a', 'h')", "'w', 6"], "strip": ["", "'hd'", "None"], "swapcase": [""], "title": [""], "translate": ["{108: 'L'}", "str.maketrans('lo', '01')", "str.maketrans('', '', 'l')"], "upper": [""], "zfill": ["8", "2"],
        },
    ),
    "bytes": (
        ["b'hello world'", "b''", "b'a,b,c'", "b'\\x00\\xff'"],
        {
            "decode": ["", "'ascii'", "'utf-8', 'replace'", "'latin-1'"], "hex": [""], "find": ["b'l'", "108"], "count": ["b'l'"], "split": ["", "b','"], "join": ["[b'x', b'y']"], "startswith": ["b'h'"], "endswith": ["b'd'"],
            "replace": ["b'l', b'L'"], "strip": ["", "b'hd'"], "upper": [""], "lower": [""], "index": ["b'o'"],
        },
    ),
    "list": (
        ["[3, 1, 2]", "[]", "['b', 'a', 'c']", "[1, 'x', None]", "[[2], [1]]"],
        {
            "append": ["1"], "clear": [""], "copy": [""], "count": ["1", "'a'"], "extend": ["[4, 5]", "'xy'", "range(2)", "1"], "index": ["1", "99", "1, 0", "1, 2, 3"], "insert": ["0, 'n'", "-1, 'n'", "99, 'n'"],
            "pop": ["", "0", "-1", "5"], "remove": ["1", "99"], "reverse": [""], "sort": ["", "reverse=True", "key=str", "key=len", "key=lambda v: -v", "key=None"],
        },
    ),
    "tuple": (["(3, 1, 2, 1)", "()"], {"count": ["1"], "index": ["1", "1, 2", "9"]}),
    "dict": (
        ["{'a': 1, 'b': 2}", "{}", "{1: [2], (3,): None}"],
        {
            "clear": [""], "copy": [""], "get": ["'a'", "'z'", "'z', 0", "[]"], "items": [""], "keys": [""], "values": [""], "pop": ["'a'", "'z'", "'z', 5", ""], "popitem": [""], "setdefault": ["'a'", "'z'", "'z', []"],
            "update": ["{'a': 9, 'c': 3}", "[('k', 'v')]", "x=1", "{'a': 0}, b=5", "[1]", "['ab', 'cd']", "5"], "fromkeys": ["'ab'", "[1, 2], 0"],
        },
    ),
    "set": (
        ["{3, 1, 2}", "set()", "{'a', 'b'}", "frozenset({1, 2})"],
        {
            "add": ["5", "[]"], "clear": [""], "copy": [""], "difference": ["{1}", "[1, 'a']", "{1}, {2}", ""], "difference_update": ["{1}"], "discard": ["1", "99"], "intersection": ["{1, 2, 9}", "[1]"],
            "intersection_update": ["{1, 9}"], "isdisjoint": ["{9}", "[1]"], "issubset": ["{1, 2, 3, 4}", "'ab'"], "issuperset": ["{1}", "[]"], "pop": [""], "remove": ["1", "99"], "symmetric_difference": ["{1, 9}"],
            "symmetric_difference_update": ["{1, 9}"], "union": ["{9}", "[7], (8,)", "5"], "update": ["{9}", "[7], [8]"],
        },
    ),
    "int": (
        ["5", "0", "-12", "10**20", "True"],
        {"bit_length": [""], "bit_count": [""], "to_bytes": ["2, 'big'", "12, 'little', signed=True", "1, 'big'"], "as_integer_ratio": [""], "conjugate": [""], "is_integer": [""], "__add__": ["1", "'x'"], "__index__": [""]},
    ),
    "float": (["2.5", "-0.0", "1e300", "float('nan')", "7.0"], {"as_integer_ratio": [""], "is_integer": [""], "hex": [""], "conjugate": [""], "__round__": ["", "1"], "__int__": [""]}),
}
MUTABLE = ("list", "dict", "set")


def programs():
    roll = dice("methods")
    for kind, (values, methods) in TYPES.items():
        for method, arguments in methods.items():
            calls = []
            for value in values:
                tried = arguments + roll.sample(POOL, 2)
                for given in tried:
                    if kind in MUTABLE:
                        calls.append(f"(v := {value}, v.{method}({given}), v)[1:]")
                    else:
                        calls.append(f"({value}).{method}({given})")
            if len(calls) > 26:
                calls = roll.sample(calls, 26)
            yield f"{kind}.{method}", shown(calls)
    yield "methods of the classes", shown([
        "int.from_bytes(b'\\x01\\x02', 'big')", "int.from_bytes(b'\\xff', 'big', signed=True)", "float.fromhex('0x1.8p1')", "bytes.fromhex('0aff')", "bytes.fromhex('zz')", "dict.fromkeys('ab', 1)",
        "str.maketrans('ab', 'xy')", "str.maketrans({'a': 1})", "str.upper('x')", "list.append([1])", "str.upper(1)", "str.upper()", "int.real", "int.bit_length(5)", "dict.get({}, 1, 2)", "set.union({1}, [2])",
    ])
    everything = [(kind, values[0]) for kind, (values, _) in TYPES.items()]
    for part in chunks([f"({value}).{name}" for kind, value in everything for name in ("nope", "appendd", "uper", "key", "__nothing__")], 20):
        yield f"missing {part[0]}", shown(part)

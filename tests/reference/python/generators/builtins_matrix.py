"""Every builtin function and every operator over values of many types."""

from . import chunks, dice, shown

VALUES = [
    "0", "1", "-7", "3", "2**65", "True", "False", "None", "0.5", "-2.0", "1e308", "float('inf')", "float('nan')", "''", "'a'", "'12'", "' 3.5 '", "'ab'", "b'xy'", "[]", "[1, 2, 3]", "['b', 'a']", "(1, 2)",
    "()", "{}", "{'k': 1}", "{1, 2}", "set()", "range(4)", "int", "len", "(lambda: 1)()", "iter([1])", "...", "slice(1, 2)", "frozenset({1})", "Exception('e')", "[[1], [2]]", "zip([1], [2])", "0.1 + 0.2",
]
PLAIN = [value for value in VALUES if value not in ("iter([1])", "zip([1], [2])", "len")]
ONE = ["abs", "all", "any", "ascii", "bin", "bool", "bytes", "callable", "chr", "dict", "float", "frozenset", "hash", "hex", "int", "len", "list", "max", "min", "oct", "ord", "repr", "reversed", "round", "set", "sorted", "str", "sum", "tuple", "type", "enumerate", "iter", "next", "range", "slice", "bytearray", "complex"]
TWO = ["divmod", "getattr", "hasattr", "isinstance", "issubclass", "map", "filter", "max", "min", "pow", "round", "sum", "zip", "int", "format", "enumerate", "range", "sorted", "iter", "next", "str", "type", "delattr", "setattr"]
BINARY = ["+", "-", "*", "/", "//", "%", "**", "<<", ">>", "&", "|", "^", "@", "<", "<=", ">", ">=", "==", "!=", "in", "not in", "and", "or"]
UNARY = ["-", "+", "~", "not "]
CONSUMED = ("reversed", "enumerate", "iter", "map", "filter", "zip")
SKIPPED = ("2**65", "1e308")


def programs():
    roll = dice("builtins")
    for name in ONE:
        calls = []
        for value in roll.sample(PLAIN, 30):
            if name in ("bytes", "bytearray", "range") and value in SKIPPED:
                continue
            if (name, value) in (("hash", "None"), ("hash", "..."), ("repr", "len"), ("hash", "int"), ("hash", "slice(1, 2)"), ("hash", "Exception('e')"), ("hash", "float('nan')")):
                continue
            calls.append(f"list({name}({value}))" if name in CONSUMED else f"{name}({value})")
        if name not in ("bytearray", "complex"):
            yield f"{name} of one", shown([*calls, f"{name}()", f"{name}(1, 2, 3, 4)" if name not in ("zip", "max", "min") else f"{name}(nope=1)"])
    for name in TWO:
        calls = []
        for _ in range(26):
            first, second = roll.choice(PLAIN), roll.choice(PLAIN)
            if name == "isinstance":
                second = roll.choice(["int", "str", "(int, str)", "(int, (float, str))", "int | str", "1", "list", "None", "object", "type"])
            elif name == "issubclass":
                first, second = roll.choice(["bool", "int", "str", "ValueError", "1", "type"]), roll.choice(["int", "object", "(int, str)", "Exception", "2", "int | float"])
            elif name in ("getattr", "hasattr", "delattr"):
                second = roll.choice(["'real'", "'nope'", "'nothing'", "1", "'__doc__', 1", "'x', 5"])
                if "__doc__" in second:
                    continue
            elif name == "setattr":
                second = roll.choice(["'x', 1", "'real', 2", "1, 2"])
            elif name == "range" and ("2**65" in (first, second)):
                continue
            elif name in ("map", "filter"):
                first = roll.choice(["str", "None", "bool", "len", "abs", "lambda v: v", "1", "lambda a, b: a"])
            elif name in ("sum", "pow") and ("1e308" in (first, second) or "2**65" == second):
                continue
            elif name in ("round", "divmod") and "2**65" == second:
                continue
            calls.append(f"list({name}({first}, {second}))" if name in CONSUMED or name == "sorted" else f"{name}({first}, {second})")
        if name != "type":
            yield f"{name} of two", shown(calls)
    for operator in BINARY:
        calls = []
        while len(calls) < 40:
            left, right = roll.choice(PLAIN), roll.choice(PLAIN)
            if operator in ("*", "**", "<<") and ("2**65" in (left, right) or "1e308" in (left, right)):
                continue
            if operator in ("and", "or") and {left, right} & {"..."}:
                continue
            calls.append(f"{left} {operator} {right}" if operator != "**" else f"({left}) ** ({right})")
        for number, part in enumerate(chunks(calls, 20)):
            yield f"operator {operator} {number}", shown(part)
    for operator in UNARY:
        yield f"operator {operator.strip()} of one", shown([f"{operator}({value})" for value in PLAIN])
    for operator in ("+=", "-=", "*=", "/=", "//=", "%=", "**=", "&=", "|=", "^=", ">>=", "@="):
        pairs = [(roll.choice(PLAIN), roll.choice(PLAIN)) for _ in range(16)]
        lines = []
        for left, right in pairs:
            if operator in ("*=", "**=") and {"2**65", "1e308"} & {left, right}:
                continue
            lines.append(f"try:\n    x = {left}\n    y = x\n    x {operator} {right}\n    print(repr(x), isinstance(x, (list, dict, set)) and x is y)\nexcept Exception as error:\n    print(type(error).__name__ + ':', error)\n")
        yield f"inplace {operator}", "".join(lines)
    subscripts = ["0", "-1", "5", "'k'", "1:", ":-1", "::2", "::-1", "None", "1.0", "True", "1:2:0", "(0, 1)", "'a':", "[]", "..."]
    for value in ("[10, 20, 30]", "(1, 2, 3)", "'text'", "b'xyz'", "{'k': 1, 1.0: 2, None: 3}", "range(5)", "5", "None", "{1}", "int", "list", "len"):
        yield f"subscripts of {value}", shown([f"({value})[{subscript}]" for subscript in subscripts if not (value in ("list", "len", "int") and "..." in subscript)])
    for value in ("[1, 2, 3, 4]", "{'k': 1}", "'text'", "(1, 2)", "range(3)", "5"):
        lines = []
        for subscript in ("0", "-1", "9", "1:3", "::2", "'k'", "2:1", "None", ":0"):
            for new in ("'n'", "[7, 8]", "5"):
                lines.append(f"try:\n    x = {value}\n    x[{subscript}] = {new}\n    print(x)\nexcept Exception as error:\n    print(type(error).__name__ + ':', error)\n")
            lines.append(f"try:\n    x = {value}\n    del x[{subscript}]\n    print(x)\nexcept Exception as error:\n    print(type(error).__name__ + ':', error)\n")
        yield f"items of {value} set", "".join(lines)

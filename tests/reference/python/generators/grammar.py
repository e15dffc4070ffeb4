"""Programs grown from the grammar by dice: expressions, comprehensions, unpacking, control flow, calls, classes, generators, match."""

from . import SHOW, dice, shown


class Grower:
    """Grows expressions over the variables a, b (ints), f (float), s, t (texts), l (list of ints), d (dict of text to int), p (tuple)."""

    def __init__(self, roll):
        self.roll = roll

    def pick(self, *makers):
        return self.roll.choice(makers)()

    def int(self, depth):
        roll = self.roll
        if depth <= 0:
            return roll.choice(["a", "b", "0", "1", "2", "7", "-3", "len(s)", "l[0]", "len(l)"])
        i = lambda: self.int(depth - 1)
        return self.pick(
            lambda: f"({i()} + {i()})", lambda: f"({i()} - {i()})", lambda: f"({i()} * {i()})", lambda: f"({i()} // {i()})", lambda: f"({i()} % {i()})", lambda: f"-{i()}", lambda: f"abs({i()})", lambda: f"({i()} if {self.bool(depth - 1)} else {i()})",
            lambda: f"sum({self.list(depth - 1)})", lambda: f"max({i()}, {i()})", lambda: f"min({i()}, {i()}, {i()})", lambda: f"len({self.text(depth - 1)})", lambda: f"{self.list(depth - 1)}[{i()}]", lambda: f"({i()} & {i()})", lambda: f"({i()} ^ {i()})", lambda: f"~{i()}",
            lambda: f"({i()} << 2)", lambda: f"({i()} >> 1)", lambda: f"d.get({self.text(depth - 1)}, {i()})", lambda: f"(c := {i()})", lambda: f"(lambda x, y={i()}: x - y)({i()})", lambda: f"int({self.float(depth - 1)})", lambda: f"round({self.float(depth - 1)})", lambda: f"({i()} ** 2)",
            lambda: f"divmod({i()}, {i()})[{roll.choice('01')}]", lambda: f"{self.list(depth - 1)}.count({i()})", lambda: f"({self.bool(depth - 1)} + {i()})", lambda: f"next(iter({self.list(depth - 1)}))", lambda: f"hash({i()})",
        )

    def float(self, depth):
        if depth <= 0:
            return self.roll.choice(["f", "0.5", "2.0", "-1.25", "1e3", "float(a)"])
        i, v = lambda: self.int(depth - 1), lambda: self.float(depth - 1)
        return self.pick(lambda: f"({v()} + {i()})", lambda: f"({v()} * {v()})", lambda: f"({i()} / {i()})", lambda: f"({v()} - {v()})", lambda: f"abs({v()})", lambda: f"round({v()}, 2)", lambda: f"({v()} // {v()})", lambda: f"({v()} % {v()})", lambda: f"float({i()})", lambda: f"max({v()}, {i()})", lambda: f"({v()} ** 2)")

    def bool(self, depth):
        if depth <= 0:
            return self.roll.choice(["True", "False", "a", "not b", "s", "l", "a > b", "f < 2"])
        i, t = lambda: self.int(depth - 1), lambda: self.text(depth - 1)
        operator = self.roll.choice(["<", "<=", "==", "!=", ">", ">="])
        return self.pick(
            lambda: f"({i()} {operator} {i()})", lambda: f"({i()} {operator} {i()} {operator} {i()})", lambda: f"({t()} {operator} {t()})", lambda: f"({self.bool(depth - 1)} and {self.bool(depth - 1)})", lambda: f"({self.bool(depth - 1)} or {i()})", lambda: f"not {self.bool(depth - 1)}",
            lambda: f"({i()} in {self.list(depth - 1)})", lambda: f"({t()} not in {t()})", lambda: f"any(x > {i()} for x in {self.list(depth - 1)})", lambda: f"all(x != {i()} for x in {self.list(depth - 1)})", lambda: f"isinstance({self.any(depth - 1)}, (int, str))", lambda: f"bool({self.any(depth - 1)})",
            lambda: f"({self.list(depth - 1)} {operator} {self.list(depth - 1)})", lambda: f"{t()}.startswith({t()})", lambda: f"({self.any(depth - 1)} is None)",
        )

    def text(self, depth):
        if depth <= 0:
            return self.roll.choice(["s", "t", "'xyz'", "''", "'k'", "'Hello'", "str(a)"])
        i, t = lambda: self.int(depth - 1), lambda: self.text(depth - 1)
        return self.pick(
            lambda: f"({t()} + {t()})", lambda: f"{t()}.upper()", lambda: f"{t()}[{self.roll.choice(['::-1', '1:', ':2', '-3:', '::2'])}]", lambda: f"{t()}.replace({t()}, 'z')", lambda: f"str({self.any(depth - 1)})", lambda: f"repr({self.any(depth - 1)})", lambda: f"({t()} if {self.bool(depth - 1)} else {t()})",
            lambda: f"f'{{{self.roll.choice(['a', 'f', 's', 'l', 'd'])}!r:>12}}'", lambda: f"', '.join(str(x) for x in {self.list(depth - 1)})", lambda: f"{t()}.title()", lambda: f"({t()} * ({i()} % 4))", lambda: f"{t()}.split('l')[0]", lambda: f"chr(97 + {i()} % 26)", lambda: f"'%s|%r' % ({self.any(depth - 1)}, {t()})",
            lambda: f"'{{}}{{:>4}}'.format({t()}, {i()})", lambda: f"max({t()}, {t()}, key=len)", lambda: f"{t()}.strip('x')", lambda: f"{t()}[{i()}]", lambda: f"hex({i()})", lambda: f"{t()}.center(9, '.')",
        )

    def list(self, depth):
        if depth <= 0:
            return self.roll.choice(["l", "[1, 2]", "[]", "list(range(4))", "[a, b]", "[*l, 9]"])
        i, v = lambda: self.int(depth - 1), lambda: self.list(depth - 1)
        return self.pick(
            lambda: f"[{i()}, {i()}]", lambda: f"({v()} + {v()})", lambda: f"[x + {i()} for x in {v()}]", lambda: f"[x for x in {v()} if x % 2 == {i()}]", lambda: f"sorted({v()}, reverse={self.bool(depth - 1)})", lambda: f"{v()}[{self.roll.choice(['::-1', '1:', ':2', '-2:', '::2', ':-1'])}]", lambda: f"list(map(lambda x: x * 2, {v()}))",
            lambda: f"list({self.roll.choice(['set', 'tuple', 'reversed'])}({v()}))", lambda: f"[x * y for x in {v()} for y in {v()} if x < y]", lambda: f"[*{v()}, {i()}, *{v()}]", lambda: f"list(filter(None, {v()}))", lambda: f"[a for a, *_ in [{v()}, {v()}]]", lambda: f"sorted({{x: x for x in {v()}}}.values())",
            lambda: f"list(range({i()} % 6))", lambda: f"[ord(c) for c in {self.text(depth - 1)}][:3]", lambda: f"({v()} * 2)", lambda: f"sorted({v()}, key=lambda x: -x)", lambda: f"[i * x for i, x in enumerate({v()})]", lambda: f"[x - y for x, y in zip({v()}, {v()})]",
        )

    def any(self, depth):
        makers = [self.int, self.float, self.bool, self.text, self.list, self.other]
        return self.roll.choice(makers)(depth)

    def other(self, depth):
        if depth <= 0:
            return self.roll.choice(["None", "d", "p", "()", "{}", "{1, 2}", "..."])
        a = lambda: self.any(depth - 1)
        return self.pick(
            lambda: f"({a()}, {a()})", lambda: f"{{'k': {a()}, 'm': {a()}}}", lambda: f"{{{self.int(depth - 1)}: {a()}, **{{}}}}", lambda: f"{{**d, {self.text(depth - 1)}: {a()}}}", lambda: f"{{x: str(x) for x in {self.list(depth - 1)}}}", lambda: f"{{x % 3 for x in {self.list(depth - 1)}}}",
            lambda: f"tuple({self.list(depth - 1)})", lambda: f"(None or {a()})", lambda: f"dict(zip({self.text(depth - 1)}, {self.list(depth - 1)}))", lambda: f"(d | {{'z': {a()}}})", lambda: f"[{a()}, {a()}]", lambda: f"({a()} and {a()})", lambda: f"frozenset({self.list(depth - 1)})", lambda: f"p + ({a()},)", lambda: f"list(d.items())",
        )


VARIABLES = "a, b, f, s, t, l, d, p = {a}, {b}, {f}, {s!r}, {t!r}, {l}, {d}, {p}\n"


def variables(roll):
    return VARIABLES.format(
        a=roll.randint(-5, 20), b=roll.randint(0, 4), f=roll.choice([0.5, -1.5, 3.25, 0.1]), s=roll.choice(["hello", "abc", "world wide", ""]), t=roll.choice(["x", "l", "Kindling", "ab" * 3]),
        l=[roll.randint(-3, 9) for _ in range(roll.randint(1, 5))], d={k: roll.randint(0, 9) for k in roll.sample(["k", "x", "abc", "m"], 3)}, p=(roll.randint(0, 5), roll.choice(["u", None, 2.5])),
    )


def expressions(roll):
    grower = Grower(roll)
    return variables(roll) + shown([grower.any(roll.randint(2, 4)) for _ in range(10)])


def raising(roll):
    """Uncaught: the innermost expression fails, somewhere in nested calls, and the carets must tell where."""
    grower = Grower(roll)
    failing = roll.choice([
        "l[99]", "d['missing']", "a / 0", "a // 0", "f % 0", "int('x' + s)", "s + a", "a + s", "nope", "l.nope", "s.append(1)", "len(a)", "a()", "None[0]", "next(iter([]))", "float('abc')", "l.index(1000)", "{}[s]", "[1, 2].remove(5)", "-s", "~f", "a < s", "l > a", "a in b", "max([])",
        "s[a:b:0]", "l[s]", "p.x", "a.b.c", "str(1, 2, 3, 4)", "int([])", "sorted([1, 'a'])", "sum(['a'])", "''.join([1])", "dict([1])", "range(s)", "list(5)", "(lambda x: x)()", "(lambda: 1)(2)", "open_door(1)", "s.format(1).foo", "'{x}'.format()", "'%d' % s", "chr(-1)", "ord('ab')", "[][0]", "().y", "{[]: 1}", "{1: 2}.pop(3)",
        "round(s)", "abs(s)", "divmod(1, 0)", "pow(0, -1)", "1 << -1", "l @ l", "not_here + 1", "isinstance(1, 2)", "iter(5)", "*l,", "[*a]", "{**l}", "print(*a)", "dict(**s)", "sorted(l, key=1)", "map(1)", "zip(1)", "[x for x in a]", "{x: y for x in l for y in x}", "sum(x / (x - x) for x in l)",
    ])
    wrapped = failing
    for _ in range(roll.randint(0, 2)):
        wrapped = roll.choice(["[{}]", "({}, 1)", "str({})", "{} + 1", "1 - {}", "f'{{{}}}'" if "'" not in wrapped and "{" not in wrapped else "[{}]", "a if {} else b", "l[{}]", "print({})", "g({}, a)", "{{'k': {}}}", "not {}", "{}.attr", "[y for y in [{}]]", "g(\n        a,\n        {},\n    )", "a + {} * 2", "{} == a < b", "l + [{}]"]).format(wrapped if not wrapped.startswith("*") and "," not in wrapped[-1:] else f"({wrapped})")
    before = roll.choice(["", "    y = 1\n", "    # a comment\n    z = {grow}\n".format(grow=grower.int(0)), "    for i in range(2):\n        i += 1\n"])
    statement = roll.choice(["return {}", "x = {}", "{}", "x, y = 1, {}", "print('before'); x = {}", "assert {}, 'message'", "if {}:\n        pass", "while {}:\n        break", "for x in {}:\n        pass", "with {}:\n        pass", "del d[{}]", "l[0] = {}", "x = y = {}", "a += {}", "raise {}", "yield_ = [{}]"]).format(wrapped)
    layers = roll.randint(0, 2)
    text = variables(roll) + "def g(x, y=2):\n    return x\n"
    if "a += " in statement or "l[0]" in statement or "a, " in statement:
        text += f"def layer0(a, l):\n{before}    {statement}\n"
        call = "layer0(a, l)"
    else:
        text += f"def layer0():\n{before}    {statement}\n"
        call = "layer0()"
    for layer in range(layers):
        kind = roll.choice(["def layer{n}():\n    return {c}\n", "def layer{n}(*args, **kw):\n    x = 1\n    return [\n        {c}\n        for _ in range(1)\n    ]\n", "class Layer{n}:\n    def run(self):\n        return {c}\ndef layer{n}():\n    return Layer{n}().run()\n", "layer{n} = lambda: {c}\n", "def layer{n}():\n    try:\n        {c}\n    finally:\n        print('finally')\n"])
        text += kind.format(n=layer + 1, c=call)
        call = f"layer{layer + 1}()"
    ending = roll.choice(["{c}\n", "{c}\n", "print({c})\n", "try:\n    {c}\nexcept KeyboardInterrupt:\n    pass\n", "try:\n    {c}\nexcept Exception as error:\n    raise RuntimeError('wrapped') from error\n", "try:\n    {c}\nexcept Exception:\n    [][1]\n", "try:\n    {c}\nexcept Exception as error:\n    raise ValueError(str(error)) from None\n", "try:\n    {c}\nfinally:\n    print('done')\n"])
    return text + ending.format(c=call)


def control(roll):
    """Loops with break, continue, else, try and finally, that log their way."""
    counter = [0]

    def log():
        counter[0] += 1
        return f"log.append({counter[0]})"

    def block(depth, in_loop, in_function):
        lines = []
        for _ in range(roll.randint(1, 3)):
            lines += statement(depth, in_loop, in_function)
        return lines

    def indent(lines):
        return ["    " + line for line in lines]

    def condition():
        return roll.choice(["n % 2", "n % 3 == 0", "n > 2", "len(log) % 2", "n == 1", "len(log) > 6", "not n", "n in (1, 3)"])

    def leave(in_loop, in_function):
        choices = ["raise ValueError(n)", "raise KeyError('k')", "1 / 0"]
        if in_loop:
            choices += ["break", "continue"] * 2
        if in_function:
            choices += ["return n", "return 'early'"]
        return roll.choice(choices)

    def statement(depth, in_loop, in_function):
        if depth <= 0 or roll.random() < 0.25:
            return [log()]
        kind = roll.randrange(7)
        if kind == 0:
            lines = [f"if {condition()}:", *indent(block(depth - 1, in_loop, in_function))]
            if roll.random() < 0.5:
                lines += [f"elif {condition()}:", *indent(block(depth - 1, in_loop, in_function))]
            if roll.random() < 0.5:
                lines += ["else:", *indent(block(depth - 1, in_loop, in_function))]
            return lines
        if kind == 1:
            lines = [f"for n in {roll.choice(['range(3)', '[1, 2, 3, 4]', 'range(5, 0, -2)', '()'])}:", *indent(block(depth - 1, True, in_function))]
            if roll.random() < 0.5:
                lines += ["else:", *indent([log()])]
            return lines
        if kind == 2:
            counter[0] += 1
            name = f"w{counter[0]}"
            lines = [f"{name} = 0", f"while {name} < {roll.randint(1, 3)}:", f"    {name} += 1", *indent(block(depth - 1, True, in_function))]
            if roll.random() < 0.5:
                lines += ["else:", *indent([log()])]
            return lines
        if kind in (3, 4):
            lines = ["try:", *indent(block(depth - 1, in_loop, in_function))]
            shape = roll.randrange(3)
            if shape != 1:
                for caught in roll.sample(["ValueError", "(KeyError, ZeroDivisionError)", "ZeroDivisionError"], roll.randint(1, 2)):
                    lines += [f"except {caught} as error:", *indent([f"log.append(repr(error))", *block(depth - 2, in_loop, in_function)])]
                if roll.random() < 0.4:
                    lines += ["else:", *indent(block(depth - 2, in_loop, in_function))]
            if shape != 0:
                lines += ["finally:", *indent([log()] if roll.random() < 0.8 else block(depth - 2, in_loop, in_function))]
            return lines
        if kind == 5:
            return [f"with Manager({counter[0]}, {roll.choice(['False', 'False', 'True'])}):", *indent(block(depth - 1, in_loop, in_function))]
        return [f"if {condition()}:", *indent([log(), leave(in_loop, in_function)])]

    header = "log = []\nclass Manager:\n    def __init__(self, n, swallow):\n        self.n, self.swallow = n, swallow\n    def __enter__(self):\n        log.append(('enter', self.n))\n        return self\n    def __exit__(self, kind, value, trace):\n        log.append(('exit', self.n, kind and kind.__name__))\n        return self.swallow\n"
    body = block(4, False, True)
    while len(body) < 8:
        body += block(4, False, True)
    text = header + "def run(n):\n" + "\n".join(indent(body)) + "\n    return 'end'\n"
    return text + "for n in range(4):\n    try:\n        print(run(n), log)\n    except Exception as error:\n        print(repr(error), repr(error.__context__), log)\n    log.clear()\n" + ("run(0)\n" if roll.random() < 0.3 else "")


def calls(roll):
    """A signature, and calls that fit it or don't."""
    names = ["a", "b", "c", "d"]
    parts, used = [], 0
    positional_only = roll.randint(0, 2)
    normal = roll.randint(0, 2)
    defaults = False
    for index in range(positional_only + normal):
        if index == positional_only and positional_only:
            parts.append("/")
        defaults = defaults or roll.random() < 0.35
        parts.append(names[index] + (f"={roll.choice(['1', 'None', '[]', 'x'])}" if defaults else ""))
        used += 1
    if positional_only and not normal:
        parts.append("/")
    keyword = roll.randint(0, 2)
    if roll.random() < 0.4:
        parts.append("*args")
    elif keyword:
        parts.append("*")
    for name in ["k", "m"][:keyword]:
        parts.append(name + ("=5" if roll.random() < 0.5 else ""))
    if roll.random() < 0.4:
        parts.append("**kw")
    shown_names = [part.split("=")[0].lstrip("*") for part in parts if part not in ("/", "*")]
    text = f"x = 'outer'\ndef f({', '.join(parts)}):\n    return ({''.join(name + ', ' for name in shown_names)})\n"
    tried = []
    for _ in range(14):
        arguments = []
        for _ in range(roll.randint(0, 4)):
            arguments.append(roll.choice(["1", "'p'", "*[7]", "*(8, 9)", "*''"]))
        names_given = roll.sample(["a=2", "b=3", "c=4", "k=5", "m=6", "z=7"], roll.choice([0, 0, 1, 1, 2, 3]))
        arguments += names_given
        if roll.random() < 0.25:
            arguments.append(roll.choice(["**{'k': 1}", "**{'a': 1}", "**{}", "**{'q': 2}", "**{1: 2}", "**None", "*5" if not names_given else "**5"]))
        tried.append(f"f({', '.join(arguments)})")
    if roll.random() < 0.3:
        return text + shown(tried) + tried[-1] + "\n"
    return text + shown(tried)


def classes(roll):
    """A hierarchy with methods that call super, class attributes, properties and special methods."""
    names = [f"C{index}" for index in range(roll.randint(3, 6))]
    text, known = "", []
    methods = ["who", "go", "value"]
    for name in names:
        bases = roll.sample(known, min(len(known), roll.choice([0, 1, 1, 2])))
        text += f"class {name}({', '.join(bases)}):\n" if bases else f"class {name}:\n"
        text += f"    tag = {name.lower()!r}\n" if roll.random() < 0.6 else f"    n_{name} = {roll.randint(0, 9)}\n"
        for method in roll.sample(methods, roll.randint(1, 3)):
            kind = roll.randrange(6)
            if kind == 0:
                text += f"    def {method}(self):\n        return '{name}.{method}'\n"
            elif kind == 1:
                text += f"    def {method}(self):\n        return ['{name}'] + [super().{method}()]\n"
            elif kind == 2:
                text += f"    @classmethod\n    def {method}(cls):\n        return (cls.__name__, '{name}')\n"
            elif kind == 3:
                text += f"    @staticmethod\n    def {method}():\n        return '{name} static'\n"
            elif kind == 4:
                text += f"    def {method}(self):\n        return getattr(super(), '{method}', lambda: 'none')()\n"
            else:
                text += f"    def {method}(self, *args, **kw):\n        return self.tag, len(args)\n"
        if roll.random() < 0.3:
            text += f"    def __repr__(self):\n        return '<{name} of ' + type(self).__name__ + '>'\n"
        if roll.random() < 0.25:
            text += "    def __eq__(self, other):\n        return isinstance(other, type(self))\n"
        if roll.random() < 0.25:
            text += "    def __len__(self):\n        return 0\n"
        if roll.random() < 0.25:
            text += f"    def __getattr__(self, name):\n        if name.startswith('x'):\n            return '{name} gives ' + name\n        raise AttributeError(name)\n"
        if roll.random() < 0.3:
            text += "    def __init__(self, *args):\n        super().__init__()\n        self.args = args\n"
        if roll.random() < 0.2:
            text += "    def __lt__(self, other):\n        return type(self).__name__ < type(other).__name__\n"
        if roll.random() < 0.2:
            text += "    def __add__(self, other):\n        return 'sum', type(other).__name__\n    __radd__ = __add__\n"
        known.append(name)
    tried = []
    for name in names:
        tried.append(f"[c.__name__ for c in {name}.__mro__]")
        tried += [f"{name}().{method}()" for method in methods]
        tried += roll.sample([f"{name}.tag", f"{name}().xyz", f"{name}().nothing", f"{name}() == {name}()", f"bool({name}())", f"{name}(1)", f"{name}() + 1", f"1 + {name}()", f"{name}() < {names[0]}()", f"hash({name}()) and 1", f"{name}.who()", f"len({name}())", f"issubclass({name}, {names[0]})", f"{name}().args"], 4)
    tried = [f"{call}" for call in tried]
    safe = text + SHOW.replace("print(repr(make()))", "r = make(); print(r if isinstance(r, (str, list, tuple, bool, int)) else type(r).__name__)")
    return safe + "".join(f"show(lambda: {call})\n" for call in tried)


def generators(roll):
    """A generator with yields in loops and try blocks, driven by next, send, throw and close."""

    def block(depth):
        lines = []
        for _ in range(roll.randint(1, 3)):
            kind = roll.randrange(8) if depth > 0 else roll.randrange(3)
            number = roll.randint(0, 99)
            if kind == 0:
                lines.append(f"yield {number}")
            elif kind == 1:
                lines += [f"x = yield {number}", "print('got', x)"]
            elif kind == 2:
                lines.append(f"print('at {number}')")
            elif kind == 3:
                lines += [f"for i in range({roll.randint(1, 3)}):"] + ["    " + line for line in block(depth - 1)]
            elif kind == 4:
                lines += ["try:"] + ["    " + line for line in block(depth - 1)] + [f"except {roll.choice(['ValueError', 'KeyError', 'GeneratorExit', 'Exception'])} as error:", "    print('caught', repr(error))"]
                if "GeneratorExit" in lines[-2]:
                    lines.append("    raise")
                elif roll.random() < 0.3:
                    lines.append(f"    yield 'after error'")
            elif kind == 5:
                lines += ["try:"] + ["    " + line for line in block(depth - 1)] + ["finally:", f"    print('finally {number}')"]
            elif kind == 6:
                lines.append(roll.choice(["r = yield from inner(2)", "yield from [1, 2]", "yield from 'ab'", "r = yield from inner(0)"]))
            else:
                lines += [f"if {roll.choice(['x', 'True', 'not x'])}:", "    " + roll.choice(["return 'done'", f"yield {number}", "raise ValueError('own')", "return"])]
        return lines

    body = block(3)
    while sum("yield" in line for line in body) < 2:
        body += block(3)
    text = "def inner(n):\n    try:\n        for k in range(n):\n            v = yield ('inner', k)\n            if v:\n                print('inner got', v)\n    finally:\n        print('inner ends')\n    return n\n"
    text += "def gen():\n    x = None\n" + "\n".join("    " + line for line in body) + "\n"
    text += "def step(do):\n    try:\n        print('->', do())\n    except StopIteration as stop:\n        print('stop', stop.value)\n    except Exception as error:\n        print('raised', repr(error))\n"
    for _ in range(2):
        text += "g = gen()\nstep(lambda: next(g))\n"
        for _ in range(roll.randint(3, 7)):
            text += f"step(lambda: {roll.choice(['next(g)', 'next(g)', 'g.send(5)', 'g.throw(ValueError(1))', 'g.throw(KeyError, 2)' if roll.random() < 0.2 else 'next(g)', 'g.close()'])})\n"
    return text + "print(list(gen()))\n"


def matching(roll):
    """A match statement with patterns of every kind, over many subjects."""
    subjects = ["0", "1", "-1", "2.5", "'a'", "'quit'", "None", "True", "[]", "[1]", "[1, 2]", "[1, 2, 3]", "(1, (2, 3))", "{}", "{'k': 1}", "{'k': 1, 'm': 2}", "Point(1, 2)", "Point(0, 0)", "Point(x='a', y=[1])", "['go', 'north']", "'go north'", "b'a'", "range(2)", "{1, 2}", "[[1], [2, 3]]", "{'k': [1, 2]}", "10**20"]

    def pattern(depth, names):
        kind = roll.randrange(11) if depth > 0 else roll.randrange(5)

        def name():
            fresh = f"v{len(names)}"
            names.append(fresh)
            return fresh

        if kind == 0:
            return roll.choice(["0", "1", "-1", "2.5", "'a'", "'quit'", "None", "True", "False", "b'a'"])
        if kind in (1, 2):
            return name()
        if kind == 3:
            return "_"
        if kind == 4:
            return roll.choice(["int()", "str()", "float()", "list()", "dict()", "bool()", "Point()", "Colour.RED"])
        if kind == 5:
            return "[" + ", ".join(pattern(depth - 1, names) for _ in range(roll.randint(0, 3))) + "]"
        if kind == 6:
            inner = [pattern(depth - 1, names) for _ in range(roll.randint(0, 2))]
            inner.insert(roll.randint(0, len(inner)), "*" + (name() if roll.random() < 0.6 else "_"))
            return "[" + ", ".join(inner) + "]"
        if kind == 7:
            inner = [f"{key}: {pattern(depth - 1, names)}" for key in roll.sample(["'k'", "'m'"], roll.randint(0, 2))]
            if roll.random() < 0.4:
                inner.append("**" + name())
            return "{" + ", ".join(inner) + "}"
        if kind == 8:
            return roll.choice([
                lambda: f"Point({pattern(depth - 1, names)}, {pattern(depth - 1, names)})", lambda: f"Point(x={pattern(depth - 1, names)})",
                lambda: f"Point({pattern(depth - 1, names)}, y={pattern(depth - 1, names)})", lambda: f"int({name()})", lambda: f"str({name()})",
            ])()
        if kind == 9:
            return "(" + " | ".join(pattern_closed() for _ in range(roll.randint(2, 3))) + ")"
        inner = pattern(0, names)
        return f"({inner} as {name()})" if inner != "_" and not inner.startswith("v") else inner

    def pattern_closed():
        return roll.choice(["0", "'a'", "None", "[]", "[1]", "int()", "str()", "[_, _]", "{'k': 1}", "Point(0, _)", "True"])

    text = "class Point:\n    __match_args__ = ('x', 'y')\n    def __init__(self, x, y):\n        self.x, self.y = x, y\n    def __repr__(self):\n        return f'Point({self.x!r}, {self.y!r})'\nclass Colour:\n    RED = 'a'\ndef f(subject):\n    match subject:\n"
    for index in range(roll.randint(4, 7)):
        names = []
        made = pattern(2, names)
        while made == "_" or made in names:
            names = []
            made = pattern(2, names)
        guard = f" if {roll.choice([n for n in names])} != 1" if names and roll.random() < 0.3 else ""
        text += f"        case {made}{guard}:\n            return {index}, {{{', '.join(f'{n!r}: {n}' for n in names)}}}\n"
    if roll.random() < 0.6:
        text += f"        case {roll.choice(['_', 'rest'])}:\n            return 'default'\n"
    return text + f"for subject in [{', '.join(subjects)}]:\n    print(repr(subject), '->', f(subject))\n"


def unpacking(roll):
    lines = []
    for _ in range(14):
        targets = roll.choice(["a, b", "a, *b", "*a, b", "a, *b, c", "[a, b]", "(a, (b, c))", "a, [b, *c]", "a,", "*a,", "a, b, *c", "(a, b), *c", "a, b, c", "l[0], d['k']", "a, l[1:2]"])
        source = roll.choice(["[1, 2]", "'ab'", "(1, (2, 3))", "range(3)", "{'x': 1, 'y': 2}", "[1, [2, 3, 4]]", "[[1, 2], 3]", "iter([1, 2, 3])", "5", "[]", "[1]", "(i * i for i in range(3))", "{1: 2}.items()", "['ab', 'cd', 'ef']", "map(str, [1, 2])", "None", "1, 2, 3, 4", "*[1, 2], 3"])
        lines.append(f"try:\n    l, d, c = [0, 0, 0], {{}}, None\n    {targets} = {source}\n    print({targets.replace('(', '[').replace(')', ']') if '*' not in targets else 'a, b' if 'b' in targets else 'a'}, l, d)\nexcept Exception as error:\n    print(type(error).__name__ + ':', error)\n")
    last = roll.choice(["a, b = 1\n", "a, b = [1, 2, 3]\n", "(a, b), c = [1, 2], 3\nx, *y, z = [1]\n", "for a, b in [(1, 2), (3,)]:\n    print(a, b)\n", "[(lambda: k)() for k, v in {1: 2}]\n", ""])
    return "a = b = None\n" + "".join(lines) + last


def programs():
    for name, maker, count in (
        ("expressions", expressions, 110), ("raising", raising, 220), ("control", control, 70), ("calls", calls, 60), ("classes", classes, 50), ("generators", generators, 50), ("match", matching, 50), ("unpacking", unpacking, 25),
    ):
        roll = dice(name)
        made = 0
        while made < count:
            source = maker(roll)
            try:
                compile(source, "cell", "exec")
            except SyntaxError:
                continue
            yield f"{name} {made}", source
            made += 1

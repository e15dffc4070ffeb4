"""Expressions of a wanted kind, grown by dice over the names in scope. Now and then one is of another kind, so that programs raise."""

KINDS = ("int", "float", "str", "list", "dict", "tuple", "bool", "set")
WORDS = ("ab", "xyz", "Hello", "", "k", "a b", "ß€", "two words", "x,y,z", "9", "tail\\n", "{}", "%s")
KEYS = ("k", "ab", "n", "z")
SLICES = ("::-1", "1:", ":2", "-2:", "::2", ":-1", "1:3", ":", "-1:0:-1", "5:", "::-2")
FAULT = 0.018


class Expressions:
    """What it grows mentions the names of `self.scope`, a dict of kinds to lists of names; `self.functions` can be called."""

    def __init__(self, roll):
        self.roll = roll
        self.scope = {kind: [] for kind in KINDS}
        self.functions = []
        self.count = 0

    def fresh(self, prefix):
        self.count += 1
        return f"{prefix}{self.count}"

    def chance(self, share):
        return self.roll.random() < share

    def pick(self, *choices):
        chosen = self.roll.choice(choices)
        return chosen() if callable(chosen) else chosen

    def any(self, depth):
        return self.grow(self.roll.choice(KINDS), depth)

    def grow(self, kind, depth):
        """An expression that is of this kind, mostly."""
        if self.chance(FAULT):
            fault = self.roll.choice(["None", "undefined", "lne(s0)", "print", "object", "...", "(1 / 0)", "(1).real.foo", "[].pop()", "int", "NotImplemented", "b'by'", "prnt", "self", "int('x')", "{}['no']"])
            return self.roll.choice([fault, self.grow(self.roll.choice(KINDS), depth - 1)])
        names = self.scope[kind]
        if names and self.chance(0.3 if depth > 0 else 0.75):
            return self.roll.choice(names)
        if depth > 0:
            callable_here = [f for f in self.functions if f[1] == kind]
            if callable_here and self.chance(0.25):
                return self.call(self.roll.choice(callable_here), depth - 1)
            return getattr(self, kind)(depth - 1)
        return self.leaf(kind)

    def leaf(self, kind):
        roll = self.roll
        match kind:
            case "int":
                return roll.choice(["0", "1", "2", "3", "7", "-1", "-4", "10", "255", "10**20", "0x1f", "0b101", "1_000", "-(2**65)"])
            case "float":
                return roll.choice(["0.5", "1.5", "-2.25", "1e3", "0.1", "3.0", "1e-7", "2.5e17", "-0.0", "float('inf')"])
            case "str":
                return roll.choice(["'{}'", '"{}"']).format(roll.choice(WORDS[:-2]))
            case "list":
                return roll.choice(["[]", "[1, 2, 3]", "[3, 1, 2]", "([0] * 3)", "list(range(4))", "[5]", "[-1, 10**18, 2]"])
            case "dict":
                return roll.choice(["{}", "{'k': 1}", "{'ab': 2, 'k': 3}", "dict(n=4, z=0)", "dict(zip('abc', range(3)))"])
            case "tuple":
                return roll.choice(["()", "(1,)", "(1, 'a')", "(2, 3, 4)", "('x', None, 1.5)", "((1, 2), 3)"])
            case "bool":
                return roll.choice(["True", "False"])
            case _:
                return roll.choice(["set()", "{1, 2}", "{3, 'a'}", "frozenset({1, 5})", "set('hello')", "{7}"])

    def call(self, function, depth):
        """A call of a program's own function, with its arguments by position, by name, starred, and sometimes wrongly."""
        name, _, parameters = function
        given = [self.grow(kind, depth) for _, kind in parameters]
        if parameters and self.chance(0.03):
            given.pop()
        if self.chance(0.02):
            given.append(self.any(0))
        style = self.roll.random()
        if style < 0.7 or len(given) != len(parameters) or not given:
            return f"{name}({', '.join(given)})"
        if style < 0.85:
            at = self.roll.randrange(len(given))
            named = [f"{parameter}={value}" for (parameter, _), value in zip(parameters[at:], given[at:])]
            if self.chance(0.05):
                named.append(f"nmae={self.any(0)}")
            return f"{name}({', '.join(given[:at] + named)})"
        if style < 0.93:
            return f"{name}(*[{', '.join(given)}])"
        return f"{name}(**{{{', '.join(f'{p!r}: {v}' for (p, _), v in zip(parameters, given))}}})"

    def bound(self, name, kind, make):
        """What `make` grows while a name is in scope."""
        self.scope[kind].append(name)
        try:
            return make()
        finally:
            if name in self.scope[kind]:
                self.scope[kind].remove(name)

    def iterable(self, depth):
        """An iterable expression and the kind of what it gives."""
        i = lambda: self.grow("int", depth - 1)
        return self.roll.choice([
            lambda: (self.grow("list", depth), "int"), lambda: (f"range({self.roll.randrange(6)})", "int"), lambda: (self.grow("str", depth), "str"), lambda: (self.grow("dict", depth), "str"), lambda: (f"range({self.roll.randrange(-2, 3)}, {self.roll.randrange(7)}, {self.roll.choice([1, 2, -1, 3])})", "int"),
            lambda: (f"sorted({self.grow('list', depth)})", "int"), lambda: (f"reversed({self.grow('list', depth)})", "int"), lambda: (f"{self.grow('dict', depth)}.values()", "int"), lambda: (f"{self.grow('dict', depth)}.items()", "tuple"), lambda: (f"enumerate({self.grow('list', depth)})", "tuple"),
            lambda: (f"zip({self.grow('list', depth)}, {self.grow('str', depth)})", "tuple"), lambda: (f"map(str, {self.grow('list', depth)})", "str"), lambda: (f"[{i()}, {i()}]", "int"), lambda: (f"filter(None, {self.grow('list', depth)})", "int"), lambda: (f"{self.grow('str', depth)}.split()", "str"),
            lambda: (self.grow("tuple", depth), "int"), lambda: (f"sorted({self.grow('set', depth)}, key=str)", "int"),
        ])()  # fmt: skip

    def clauses(self, depth, make):
        """`HEAD for x in … if …`, where `make` grows the head."""
        name = self.roll.choice("xyzw")
        source, kind = self.iterable(depth)
        condition = self.bound(name, kind, lambda: f" if {self.grow('bool', depth)}") if self.chance(0.4) else ""
        if self.chance(0.15):
            inner = self.roll.choice("uv")
            second, second_kind = self.bound(name, kind, lambda: self.iterable(depth))
            head = self.bound(name, kind, lambda: self.bound(inner, second_kind, make))
            return f"{head} for {name} in {source}{condition} for {inner} in {second}"
        return f"{self.bound(name, kind, make)} for {name} in {source}{condition}"

    def small(self):
        return str(self.roll.choice([0, 1, 2, 3, 5, -1]))

    def int(self, depth):
        g = self.grow
        i, f, t, l, d = (lambda kind=kind: g(kind, depth) for kind in ("int", "float", "str", "list", "dict"))
        operator = self.roll.choice(["+", "-", "*", "//", "%", "&", "|", "^", "+", "-"])
        return self.pick(
            lambda: f"({i()} {operator} {i()})", lambda: f"{i()} {operator} {i()}", lambda: f"-{i()}", lambda: f"~{i()}", lambda: f"abs({i()})", lambda: f"({i()} if {g('bool', depth)} else {i()})", lambda: f"sum({l()})", lambda: f"max({i()}, {i()})", lambda: f"len({self.any(depth)})",
            lambda: f"{l()}[{self.small()}]", lambda: f"{d()}[{self.roll.choice(KEYS)!r}]", lambda: f"{d()}.get({t()}, {i()})", lambda: f"{t()}.find({t()})", lambda: f"{l()}.index({i()})", lambda: f"({i()} << {self.roll.randrange(5)})", lambda: f"({i()} >> {self.roll.randrange(70)})",
            lambda: f"({i()} % 1000) ** {self.roll.randrange(5)}", lambda: f"int({f()})", lambda: f"round({f()})", lambda: f"divmod({i()}, {i()})[{self.roll.randrange(2)}]", lambda: f"({self.walrus('int', depth)})", lambda: f"(lambda p, q={i()}: p {operator} q)({i()})", lambda: f"sum({self.clauses(depth, i)})",
            lambda: f"next(iter({l()}), {i()})", lambda: f"ord({t()}[:1] or 'a')", lambda: f"int({t()})", lambda: f"hash({i()} % 10**25)", lambda: f"pow({i()} % 97, {self.roll.randrange(6)}, {self.small()})", lambda: f"min({l()}, default={i()})", lambda: f"{l()}.count({i()})", lambda: f"({i()}).bit_length()",
            lambda: f"({g('bool', depth)} and {i()} or {i()})", lambda: f"{g('tuple', depth)}[{self.small()}]", lambda: f"int(str({i()})[-3:])", lambda: f"{l()}[{i()} % 3]", lambda: f"len({{{self.clauses(depth, i)}}})",
        )  # fmt: skip

    def walrus(self, kind, depth):
        # Where a walrus may not stand (a comprehension's own name) CPython says so, and so do the cells.
        return f"{self.roll.choice(['m', 'n'])} := {self.grow(kind, depth)}"

    def float(self, depth):
        i, f = (lambda kind=kind: self.grow(kind, depth) for kind in ("int", "float"))
        operator = self.roll.choice(["+", "-", "*", "/", "//", "%"])
        return self.pick(
            lambda: f"({f()} {operator} {i()})", lambda: f"({f()} {operator} {f()})", lambda: f"({i()} / {i()})", lambda: f"round({f()}, {self.small()})", lambda: f"float({i()})", lambda: f"abs({f()})", lambda: f"({f()} ** {self.small()})", lambda: f"float({self.grow('str', depth)})", lambda: f"max({f()}, {i()})",
            lambda: f"sum([{f()}, {f()}])", lambda: f"({f()} if {self.grow('bool', depth)} else {i()})", lambda: f"-{f()}",
        )  # fmt: skip

    def bool(self, depth):
        g = self.grow
        i, t, l, b = (lambda kind=kind: g(kind, depth) for kind in ("int", "str", "list", "bool"))
        operator = self.roll.choice(["<", "<=", "==", "!=", ">", ">="])
        return self.pick(
            lambda: f"({i()} {operator} {i()})", lambda: f"{i()} {operator} {g('float', depth)}", lambda: f"({i()} {operator} {i()} < {i()})", lambda: f"({t()} {operator} {t()})", lambda: f"({l()} {operator} {l()})", lambda: f"({b()} and {b()})", lambda: f"({b()} or {b()})", lambda: f"(not {b()})", lambda: f"({i()} in {l()})",
            lambda: f"({t()} not in {t()})", lambda: f"({self.any(depth)} is None)", lambda: f"({g('set', depth)} {operator} {g('set', depth)})", lambda: f"any({self.clauses(depth, b)})", lambda: f"all({self.clauses(depth, b)})", lambda: f"isinstance({self.any(depth)}, {self.roll.choice(['int', 'str', '(list, tuple)', 'dict | set'])})",
            lambda: f"bool({self.any(depth)})", lambda: f"{t()}.startswith({t()})", lambda: f"({self.any(depth)} == {self.any(depth)})", lambda: f"{t()}.isdigit()", lambda: f"({self.roll.choice(KEYS)!r} in {g('dict', depth)})", lambda: f"callable({self.any(depth)})", lambda: f"({g('tuple', depth)} {operator} {g('tuple', depth)})",
        )  # fmt: skip

    def spec(self, kind):
        numbers = ["", ">8", "<6", "^9", "+", "05", "x<7", "_", ",", "", "", "12", " "]
        choices = {"int": numbers + ["x", "#b", "o", "e", ".2f", "d", "c", "#X", "%", "n"], "float": numbers + [".2f", ".3e", "g", ".0f", "%", ",.2f", "+.1f", "010.3f", "G", "#.3g"], "str": ["", ">8", "<6", "^9", ".2", "*^10", "s", "d", "10.3"]}
        return self.roll.choice(choices.get(kind, ["", "", "", ">20", "s"]))

    def field(self, depth):
        kind = self.roll.choice(KINDS)
        inner = self.grow(kind, depth)
        if "{" in inner or "'" in inner or '"' in inner or "\\" in inner or ":=" in inner or "lambda" in inner or "!=" in inner:
            kind = self.roll.choice(["int", "float", "str"])
            names = self.scope[kind]
            inner = self.roll.choice(names) if names else "1 + 1"
        spec = self.spec(kind)
        if spec and self.chance(0.15):
            spec = ">{3 + 4}"
        tail = self.roll.choice(["", "", "!r", "!s", "!a", "=", "=!r"])
        if "!" in tail:
            spec = self.roll.choice(["", ">9", ".3"])
        return f"{{{inner}{tail}{':' + spec if spec else ''}}}"

    def str(self, depth):
        g = self.grow
        i, t, l = (lambda kind=kind: g(kind, depth) for kind in ("int", "str", "list"))
        return self.pick(
            lambda: f"({t()} + {t()})", lambda: f"{t()}.{self.roll.choice(['upper', 'lower', 'title', 'strip', 'swapcase', 'capitalize'])}()", lambda: f"{t()}[{self.roll.choice(SLICES)}]", lambda: f"{t()}.replace({t()}, {t()})", lambda: f"str({self.any(depth)})", lambda: f"repr({self.any(depth)})",
            lambda: f"({t()} if {g('bool', depth)} else {t()})", lambda: f"{self.roll.choice(['-', ', ', ''])!r}.join({self.clauses(depth, t)})", lambda: f"({t()}[:5] * {self.roll.randrange(4)})", lambda: f"f\"{self.field(depth)}\"", lambda: f"f\"<{self.field(depth)} and {self.field(depth)}>\"", lambda: f"'%s|%r' % ({self.any(depth)}, {t()})",
            lambda: f"'%{self.roll.choice(['d', '5d', '-4d|', 'x', '.2f', 'e', 's', '05d', 'g', '+d'])}' % {self.pick(i, lambda: g('float', depth))}", lambda: f"'{{}} {{:>4}}'.format({t()}, {i()})", lambda: f"'{{0[0]}} {{k}}'.format({l()}, k={t()})", lambda: f"format({i()}, {self.spec('int')!r})", lambda: f"format({g('float', depth)}, {self.spec('float')!r})",
            lambda: f"{t()}.center({self.roll.randrange(12)}, '.')", lambda: f"{t()}[{self.small()}]", lambda: f"chr(97 + {i()} % 26)", lambda: f"hex({i()})", lambda: f"{t()}.partition({t()})[0]", lambda: f"max({t()}, {t()}, key=len)", lambda: f"''.join(sorted({t()}))", lambda: f"{t()}.zfill({self.roll.randrange(9)})", lambda: f"type({self.any(depth)}).__name__", lambda: f"ascii({t()})",
        )  # fmt: skip

    def list(self, depth):
        i, l = (lambda kind=kind: self.grow(kind, depth) for kind in ("int", "list"))
        return self.pick(
            lambda: f"[{i()}, {i()}]", lambda: f"({l()} + {l()})", lambda: f"[{self.clauses(depth, i)}]", lambda: f"[{self.clauses(depth, i)}]", lambda: f"{l()}[{self.roll.choice(SLICES)}]", lambda: f"sorted({l()}, reverse={self.grow('bool', depth)})", lambda: f"sorted({l()}, key=lambda e: {self.roll.choice(['-e', 'e % 3', 'str(e)', '(e > 1, e)'])})",
            lambda: f"[*{l()}, {i()}, *{self.iterable(depth)[0]}]", lambda: f"list({self.iterable(depth)[0]})", lambda: f"list(map(lambda e: e {self.roll.choice(['* 2', '+ 1', '// 2', '- 10', '/ 2'])}, {l()}))", lambda: f"({l()}[:4] * {self.roll.randrange(3)})", lambda: f"list({self.grow('dict', depth)}.values())", lambda: f"({l()} or [{i()}])", lambda: f"[e for e in {l()} if {self.bound('e', 'int', lambda: self.grow('bool', depth))}]",
            lambda: f"[p * q for p in {l()} for q in {l()}[:2]]", lambda: f"[q for p in [{l()}, {l()}] for q in p]", lambda: f"[h for h, *_ in [{l()}, {l()}]]",
        )  # fmt: skip

    def dict(self, depth):
        i, d = (lambda kind=kind: self.grow(kind, depth) for kind in ("int", "dict"))
        return self.pick(
            lambda: f"{{{self.roll.choice(KEYS)!r}: {i()}, {self.roll.choice(KEYS)!r}: {i()}}}", lambda: f"{{**{d()}, {self.roll.choice(KEYS)!r}: {i()}}}", lambda: f"{{{self.clauses(depth, lambda: f'str({self.any(depth)})[:6]: {i()}')}}}", lambda: f"({d()} | {d()})", lambda: f"dict({d()}, k={i()})", lambda: f"dict.fromkeys({self.grow('str', depth)}, {i()})",
            lambda: f"{{key: value for key, value in {d()}.items() if {self.bound('value', 'int', lambda: self.bound('key', 'str', lambda: self.grow('bool', depth)))}}}", lambda: f"dict(sorted({d()}.items(), key=lambda pair: {self.roll.choice(['pair[1]', '-pair[1]', 'pair'])}))", lambda: f"{{t: len(t) for t in {self.grow('str', depth)}.split()}}",
        )  # fmt: skip

    def tuple(self, depth):
        return self.pick(
            lambda: f"({self.any(depth)}, {self.any(depth)})", lambda: f"({self.any(depth)},)", lambda: f"tuple({self.iterable(depth)[0]})", lambda: f"({self.grow('tuple', depth)} + ({self.any(depth)},))", lambda: f"{self.grow('tuple', depth)}[{self.roll.choice(SLICES)}]", lambda: f"divmod({self.grow('int', depth)}, {self.grow('int', depth)})",
            lambda: f"{self.grow('str', depth)}.partition({self.grow('str', depth)})", lambda: f"(*{self.grow('list', depth)}, {self.any(depth)})",
        )  # fmt: skip

    def set(self, depth):
        i, s = (lambda kind=kind: self.grow(kind, depth) for kind in ("int", "set"))
        operator = self.roll.choice(["|", "&", "-", "^"])
        return self.pick(lambda: f"{{{i()}, {i()}}}", lambda: f"({s()} {operator} {s()})", lambda: f"set({self.iterable(depth)[0]})", lambda: f"{{{self.clauses(depth, i)}}}", lambda: f"{s()}.union({self.grow('list', depth)})", lambda: f"frozenset({self.grow('list', depth)})", lambda: f"{{{self.any(depth)}}}")

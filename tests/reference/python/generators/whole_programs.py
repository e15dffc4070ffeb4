"""Whole programs grown from the grammar: every construct mixed with every other, ending always, raising often."""

from . import dice
from ._expressions import KEYS, KINDS, Expressions

ERRORS = ("ValueError", "TypeError", "KeyError", "IndexError", "ZeroDivisionError", "LookupError", "ArithmeticError", "Exception", "AttributeError", "NameError", "RuntimeError", "StopIteration", "OverflowError")
RECORDED = 400
ENDLESS = (241,)


class Programs(Expressions):
    """One program: `self.lines`. `self.room` is how many more statements it may have."""

    def __init__(self, roll):
        super().__init__(roll)
        self.header = []
        self.lines = []
        self.indent = 0
        self.room = roll.randrange(5, 20)
        self.loops = 0
        self.calls = 0
        self.inside_function = None
        self.in_loop = False
        self.classes = []
        self.errors = []
        self.generators = []
        self.managers = []
        self.objects = []
        self.globals = []

    def emit(self, text):
        self.lines.append("    " * self.indent + text)

    def program(self):
        for kind in self.roll.sample(KINDS, 4) + ["str", "int", "list"]:
            self.assign_new(kind, 1)
        guarded, last = self.chance(0.6), None
        while self.room > 0:
            start = len(self.lines)
            self.statement(0)
            if guarded and self.chance(0.9):
                last = self.guard(start)
        if last:
            # Its traceback tells where it came from.
            self.emit(f"if {last}:")
            self.emit(f"    raise {last}{self.pick('', ' from None', f' from {last}.__context__')}")
        self.show(2)
        return "\n".join(self.header + self.lines) + "\n"

    def guard(self, start):
        """What was written from a line on goes on with the next statement when it raises."""
        if not any(line.startswith("last = ") for line in self.lines):
            self.lines.insert(0, "last = None")
            start += 1
        inner = ["    " + line for line in self.lines[start:]]
        self.lines[start:] = ["try:", *inner, "except Exception as error:", "    last = error", "    print(type(error).__name__, error)"]
        return "last"

    def block(self, nesting, most=3):
        """An indented block; names bound in it are forgotten after it, but for the few that tempt fate."""
        self.indent += 1
        before = {kind: list(names) for kind, names in self.scope.items()}
        kept = (list(self.functions), list(self.classes), list(self.generators), list(self.managers), list(self.objects))
        for _ in range(self.roll.randrange(1, most + 1)):
            self.statement(nesting + 1)
        self.indent -= 1
        if not self.chance(0.08):
            self.scope = before
            self.functions, self.classes, self.generators, self.managers, self.objects = kept

    def statement(self, nesting):
        self.room -= 1
        simple = [self.show] * 5 + [self.assign] * 5 + [self.augment] * 2 + [self.mutate] * 3 + [self.remove, self.unpack, self.check, self.use_object, self.use_generator, self.expression]
        compound = [self.branch, self.loop, self.loop, self.repeat, self.attempt, self.attempt, self.function, self.function, self.klass, self.generator, self.manage, self.match, self.decorated, self.dataclass]
        if self.room <= 0 or nesting >= 4:
            compound = []
        choice = self.roll.choice(simple + compound)
        if self.in_loop and self.chance(0.08):
            return self.leave_loop()
        if self.inside_function and self.chance(0.1):
            return self.emit(f"return {self.grow(self.inside_function, 2)}")
        if self.chance(0.02):
            return self.fail()
        if choice in compound:
            choice(nesting)
        else:
            choice(2)

    # Simple statements.

    def show(self, depth):
        names = [name for names in self.scope.values() for name in names]
        values = self.roll.choice([lambda: self.any(depth), lambda: f"{self.any(depth)}, {self.any(depth - 1)}", lambda: f'f"{self.field(depth)} {self.field(1)}"', lambda: ", ".join(self.roll.sample(names, min(3, len(names)))) or "None"])()
        ending = self.roll.choice(["", "", "", ", sep='|'", ", end=';\\n'"])
        self.emit(f"print({values}{ending})")

    def expression(self, depth):
        self.emit(self.any(depth))

    def guarded(self, kind, depth):
        """A value that stays small however often a loop grows it."""
        value = self.grow(kind, depth)
        if self.loops or self.inside_function:
            value = {"int": f"({value}) % 1000003", "str": f"({value})[:30]", "list": f"({value})[:8]", "tuple": f"({value})[:6]"}.get(kind, value)
        return value

    def assign_new(self, kind, depth):
        value = self.guarded(kind, depth)
        name = f"{kind[0]}{len(self.scope[kind])}"
        annotation = f": {kind}" if self.chance(0.1) else ""
        self.emit(f"{name}{annotation} = {value}")
        if name not in self.scope[kind]:
            self.scope[kind].append(name)

    def assign(self, depth):
        kind = self.roll.choice(KINDS)
        names = self.scope[kind]
        if self.chance(0.5) or not names:
            self.assign_new(kind, depth)
        elif self.chance(0.2) and not self.loops:
            self.emit(f"{self.roll.choice(names)} = {self.fresh('v')} = {self.grow(kind, depth)}")
        else:
            self.emit(f"{self.roll.choice(names)} = {self.guarded(kind, depth)}")

    def augment(self, depth):
        kind = self.roll.choice(["int", "int", "float", "str", "list", "set", "tuple"])
        names = self.scope[kind]
        if not names:
            return self.assign_new(kind, depth)
        operator = {"int": ["+=", "-=", "*=", "//=", "%=", "|=", "&=", "^="], "float": ["+=", "-=", "/=", "*="], "set": ["|=", "&=", "-=", "^="]}.get(kind, ["+="])
        value = self.grow(kind, depth)
        if kind in ("str", "list", "tuple"):
            value = f"({value})[:4]"
        elif kind == "int":
            value = f"({value}) % 1009"
        self.emit(f"{self.roll.choice(names)} {self.roll.choice(operator)} {value}")

    def mutate(self, depth):
        g = self.grow
        name = lambda kind: self.roll.choice(self.scope[kind]) if self.scope[kind] else self.grow(kind, 0)
        value = self.pick(
            lambda: f"{name('list')}.append({g('int', depth)} % 10007)", lambda: f"{name('list')}[{self.small()}] = {g('int', depth)}", lambda: f"{name('list')}[{self.roll.choice(('1:', ':1', '::2', '1:1', ':'))}] = {g('list', depth)}[:6]", lambda: f"{name('list')}[{self.small()}] += {g('int', depth)} % 1009", lambda: f"{name('list')}.sort({self.pick('', 'reverse=True', 'key=lambda e: -e')})",
            lambda: f"{name('list')}.insert({self.small()}, {g('int', depth)})", lambda: f"print({name('list')}.pop({self.pick('', self.small())}))", lambda: f"{name('list')}.remove({g('int', depth)})", lambda: f"{name('list')}.reverse()", lambda: f"{name('dict')}[{self.roll.choice(KEYS)!r}] = {g('int', depth)}", lambda: f"{name('dict')}[{self.roll.choice(KEYS)!r}] += {g('int', depth)} % 1009",
            lambda: f"{name('dict')}.update({g('dict', depth)})", lambda: f"{name('dict')}.setdefault({g('str', depth)}, {g('int', depth)})", lambda: f"print({name('dict')}.pop({self.roll.choice(KEYS)!r}{self.pick('', ', None')}))", lambda: f"{name('set')}.add({self.any(depth)})", lambda: f"{name('set')}.discard({g('int', depth)})", lambda: f"{name('tuple')}[0] = {g('int', depth)}", lambda: f"{name('str')}[0] = 'x'",
            lambda: f"{name('dict')}[{self.any(depth)}] = {g('int', depth)}", lambda: f"print({name('dict')}.popitem())",
        )  # fmt: skip
        self.emit(value)

    def remove(self, depth):
        kind = self.roll.choice(KINDS)
        if self.chance(0.5):
            self.emit(f"del {self.grow('list', 0)}[{self.roll.choice(['0', '-1', '1:', '::2', '5'])}]")
        elif self.chance(0.5):
            self.emit(f"del {self.grow('dict', 0)}[{self.roll.choice(KEYS)!r}]")
        elif self.scope[kind]:
            # Sometimes the name is used after that.
            name = self.roll.choice(self.scope[kind])
            self.emit(f"del {name}")
            if self.chance(0.9):
                self.scope[kind].remove(name)
        else:
            self.emit("pass")

    def unpack(self, depth):
        a, b, c = self.fresh("u"), self.fresh("u"), self.fresh("u")
        target, count = self.roll.choice([(f"{a}, {b}", 2), (f"{a}, *{b}", 2), (f"*{a}, {b}", 2), (f"[{a}, {b}]", 2), (f"{a}, ({b}, {c})", 3), (f"({a}, *{b}), {c}", 3), (f"{a}, {b}, {c}", 3)])
        value = self.pick(lambda: self.grow("list", depth), lambda: self.grow("tuple", depth), lambda: self.grow("str", depth), lambda: f"{self.any(depth)}, {self.any(depth)}", lambda: f"{self.any(depth)}, {self.grow('tuple', depth)}", lambda: self.any(depth))
        self.emit(f"{target} = {value}")
        self.emit(f"print({', '.join([a, b, c][:count])})")

    def check(self, depth):
        self.emit(f"assert {self.grow('bool', depth)}{self.pick('', lambda: ', ' + self.grow('str', 1), lambda: ', ' + self.any(1))}")

    def fail(self):
        error = self.roll.choice([*ERRORS, *self.errors])
        given = self.pick("", lambda: f"({self.any(1)})", lambda: f"({self.grow('str', 1)}, {self.any(1)})")
        cause = self.pick("", "", "", " from None", " from KeyError(3)")
        self.emit(f"raise {error}{given}{cause}")

    def leave_loop(self):
        self.emit(f"if {self.grow('bool', 2)}:")
        self.indent += 1
        self.emit(self.roll.choice(["break", "continue"]))
        self.indent -= 1

    # Compound statements.

    def branch(self, nesting):
        condition = f"({self.walrus('int', 1)}) > 2" if self.chance(0.2) else self.grow("bool", 2)
        self.emit(f"if {condition}:")
        self.block(nesting)
        for _ in range(self.roll.randrange(2)):
            self.emit(f"elif {self.grow('bool', 2)}:")
            self.block(nesting)
        if self.chance(0.5):
            self.emit("else:")
            self.block(nesting)

    def body_of_loop(self, nesting):
        before, self.in_loop = self.in_loop, True
        self.loops += 1
        self.block(nesting)
        self.loops -= 1
        self.in_loop = before
        if self.chance(0.25):
            self.emit("else:")
            self.block(nesting, 2)

    def loop(self, nesting):
        if self.loops >= 2:
            return self.branch(nesting)
        source, kind = self.iterable(1)
        name = self.fresh("i")
        self.emit(f"for {name} in {self.pick(f'list({source})[:5]', source if not self.loops else f'list({source})[:4]')}:")
        self.bound(name, kind, lambda: self.body_of_loop(nesting)) if kind != "tuple" else self.pairs(name, nesting)

    def pairs(self, name, nesting):
        first, second = f"{name}a", f"{name}b"
        self.lines[-1] = self.lines[-1].replace(f"for {name} in", f"for {first}, {second} in", 1)
        self.bound(first, "str", lambda: self.bound(second, "int", lambda: self.body_of_loop(nesting)))

    def repeat(self, nesting):
        if self.loops >= 2:
            return self.branch(nesting)
        name = self.fresh("n")
        self.emit(f"{name} = {self.roll.randrange(1, 5)}")
        self.emit(self.pick(f"while ({name} := {name} - 1) >= 0:", f"while {name} > 0 and {self.grow('bool', 1)}:", f"while {name}:"))
        if ":=" not in self.lines[-1]:
            self.indent += 1
            self.emit(f"{name} -= 1")
            self.indent -= 1
        self.body_of_loop(nesting)

    def attempt(self, nesting):
        self.emit("try:")
        self.block(nesting)
        handled = not self.chance(0.15)
        if handled:
            for error in self.roll.sample([*ERRORS, *self.errors], self.roll.randrange(1, 3)):
                name = self.fresh("e")
                clause = self.pick(f"{error} as {name}", f"({error}, {self.roll.choice(ERRORS)}) as {name}", error, f"Exception as {name}", f"Exception as {name}")
                self.emit(f"except {clause}:")
                self.indent += 1
                if clause.endswith(name):
                    self.emit(self.pick(f"print(type({name}).__name__, {name})", f"print(repr({name}))", f"print({name}.args)", f"print({name}.__context__, {name}.__cause__)"))
                else:
                    self.emit("print('caught')")
                if self.chance(0.25):
                    self.emit(self.pick("raise", f"raise ValueError({self.any(1)})", f"raise RuntimeError('again') from {name if clause.endswith(name) else 'None'}", f"raise {self.roll.choice([*ERRORS, *self.errors])}"))
                self.indent -= 1
                if self.chance(0.3):
                    self.block(nesting, 2)
            if self.chance(0.25):
                self.emit("else:")
                self.block(nesting, 2)
        if not handled or self.chance(0.3):
            self.emit("finally:")
            before, self.in_loop = self.in_loop, False
            self.block(nesting, 2)
            self.in_loop = before

    def parameters(self):
        """Parameters as they are written, and their names and kinds."""
        chosen = [(self.fresh("p"), self.roll.choice(KINDS)) for _ in range(self.roll.randrange(4))]
        written, defaults = [], False
        for name, kind in chosen:
            defaults = defaults or self.chance(0.3)
            note = f": {kind}" if self.chance(0.2) else ""
            written.append(f"{name}{note}" + (f"{' = ' if note else '='}{self.leaf(kind)}" if defaults else ""))
        if self.chance(0.15):
            written.append("*rest")
        if self.chance(0.1):
            written.append("**more")
        if len(chosen) > 1 and self.chance(0.1):
            written.insert(1, "/")
        return ", ".join(written), chosen

    def inner(self, returns, parameters, nesting, opening=()):
        """The body of a function: its own scope over the names outside, which it reads, and sometimes rebinds."""
        state = (self.scope, self.functions, self.inside_function, self.in_loop, self.loops, self.classes, self.generators, self.managers, self.objects)
        outer = {kind: list(names) for kind, names in self.scope.items()}
        # Names of the places outside are read; new ones must not make them local by accident, though sometimes they do.
        self.scope = {kind: (list(names) if self.chance(0.05) else []) for kind, names in outer.items()}
        self.functions, self.classes, self.generators, self.managers, self.objects = map(list, (self.functions, self.classes, self.generators, self.managers, self.objects))
        self.inside_function, self.in_loop = returns, False
        self.indent += 1
        for line in opening:
            self.emit(line)
        kind = self.roll.choice(KINDS)
        if outer[kind] and self.chance(0.3):
            word = "global" if nesting == 0 else "nonlocal"
            name = self.roll.choice(outer[kind])
            if word == "global" or name in self.locals_outside:
                self.emit(f"{word} {name}")
                self.scope[kind].append(name)
        for name, kind in parameters:
            self.scope[kind].append(name)
        before, self.locals_outside = self.locals_outside, {name for names in self.scope.values() for name in names}
        self.loops += 1
        # Reads of outer names go through distinct names, so that most of them are found.
        for kind, names in outer.items():
            self.scope[kind] += [name for name in names if self.chance(0.3) and not any(line.strip().startswith(f"{name} ") for line in self.lines[-1:])]
        for _ in range(self.roll.randrange(1, 4)):
            self.statement(nesting + 1)
        self.loops -= 1
        self.locals_outside = before
        if returns:
            self.emit(f"return {self.grow(returns, 2)}")
        self.indent -= 1
        self.scope, self.functions, self.inside_function, self.in_loop, self.loops, self.classes, self.generators, self.managers, self.objects = state

    locals_outside = frozenset()

    def function(self, nesting):
        if self.inside_function and nesting > 2:
            return self.show(2)
        name, returns = self.fresh("f"), self.roll.choice(KINDS)
        written, parameters = self.parameters()
        self.emit(f"def {name}({written}){f' -> {returns}' if self.chance(0.1) else ''}:")
        self.inner(returns, parameters, nesting)
        # Called from loops and from each other: only so often that a program stays short.
        if len(self.functions) < 4:
            self.functions.append((name, returns, parameters))
        self.emit(f"print({self.call((name, returns, parameters), 1)})")

    def decorated(self, nesting):
        name = self.fresh("deco")
        self.emit(f"def {name}(call):")
        self.indent += 1
        self.emit("def wrapper(*args, **kwargs):")
        self.indent += 1
        self.emit(f"print({self.fresh('call')!r}, len(args), sorted(kwargs))")
        self.emit(self.pick("return call(*args, **kwargs)", "result = call(*args, **kwargs)\n" + "    " * self.indent + "return result"))
        self.indent -= 1
        self.emit("return wrapper")
        self.indent -= 1
        self.emit(f"@{name}")
        self.function(nesting)

    def generator(self, nesting):
        name = self.fresh("g")
        self.emit(f"def {name}(p=3):")
        self.indent += 1
        before = {kind: list(names) for kind, names in self.scope.items()}
        yields = lambda: self.bound("p", "int", lambda: self.any(1))
        body = self.roll.randrange(5)
        if body == 0:
            self.emit("for j in range(p):")
            self.emit(f"    yield {self.bound('j', 'int', yields)}")
        elif body == 1:
            self.emit(f"got = yield {yields()}")
            self.emit("print('got', got)")
            self.emit(f"yield from {self.iterable(1)[0]}")
        elif body == 2:
            self.emit("try:")
            self.emit(f"    yield {yields()}")
            self.emit(f"    yield {yields()}")
            self.emit(self.pick("finally:", "except ValueError as error:"))
            self.emit(f"    print('closing', {yields()})")
        elif body == 3 and self.generators:
            self.emit(f"result = yield from {self.roll.choice(self.generators)}(p)")
            self.emit("print('result', result)")
        else:
            self.emit(f"yield {yields()}")
        self.emit(self.pick(f"return {self.any(1)}", "print('end')", "yield p"))
        self.indent -= 1
        self.scope = before
        self.generators.append(name)
        self.use_generator(1)

    def use_generator(self, depth):
        if not self.generators:
            return self.show(depth)
        name, made = self.roll.choice(self.generators), self.fresh("it")
        argument = self.pick("", str(self.roll.randrange(4)))
        use = self.roll.randrange(6)
        if use == 0:
            return self.emit(f"print(list({name}({argument})))")
        if use == 1:
            return self.emit(f"print([x for x in {name}({argument})], sum(1 for _ in {name}()))")
        self.emit(f"{made} = {name}({argument})")
        self.emit(f"print(next({made}))")
        if use == 2:
            self.emit(f"print({made}.send({self.any(1)}))")
        elif use == 3:
            self.emit(f"print({made}.throw(ValueError('thrown')))")
        elif use == 4:
            self.emit(f"{made}.close()")
        self.emit(f"print(next({made}, 'done'), list({made}))")

    def manage(self, nesting):
        if not self.managers or self.chance(0.4):
            name = self.fresh("M")
            self.managers.append(name)
            self.emit(f"class {name}:")
            self.emit("    def __enter__(self):")
            self.emit(f"        print('enter')\n{'    ' * self.indent}        return {self.any(1)}")
            self.emit("    def __exit__(self, kind, value, trace):")
            self.emit(f"        print('exit', kind and kind.__name__, value)\n{'    ' * self.indent}        return {self.pick('False', 'None', 'True', lambda: self.grow('bool', 1))}")
        named = lambda: self.pick("", " as " + self.fresh("c"))
        made = ", ".join(f"{self.roll.choice(self.managers)}(){named()}" for _ in range(self.roll.choice([1, 1, 2])))
        self.emit(f"with {made}:")
        self.block(nesting)

    def klass(self, nesting):
        if self.chance(0.2):
            name = self.fresh("Error")
            self.emit(f"class {name}({self.roll.choice([*ERRORS, *self.errors])}):")
            self.emit(self.pick("    pass", "    def __str__(self):\n" + "    " * self.indent + f"        return {self.grow('str', 1)}", "    code = 7"))
            self.errors.append(name)
            return self.fail() if self.chance(0.1) else None
        name = self.fresh("C")
        base = self.roll.choice(self.classes) if self.classes and self.chance(0.6) else None
        self.emit(f"class {name}{f'({base})' if base else ''}:")
        self.indent += 1
        self.emit(f"shared = {self.any(1)}")
        if base and self.chance(0.6):
            self.emit("def __init__(self, a, b=2):")
            self.emit("    super().__init__(a, b)")
            self.emit(f"    self.extra = {self.bound('a', 'int', lambda: self.any(1))}")
        elif not base:
            self.emit("def __init__(self, a, b=1):")
            self.emit("    self.a, self.b = a, b")
            self.emit("def __repr__(self):")
            self.emit(f"    return f'{{type(self).__name__}}({{self.a!r}}, b={{self.b}})'")
        for text in self.roll.sample(self.methods(name), self.roll.randrange(2, 6)):
            for line in text.split("\n"):
                self.emit(line)
        if self.chance(0.4):
            self.emit("def act(self, p: int = 2):")
            self.inner("int", [("p", "int"), ("self.a", "int"), ("self.b", "int")], 3)
        self.indent -= 1
        self.classes.append(name)
        self.objects.append(self.make_object(name))
        self.use_object(1)

    def methods(self, name):
        i, t = (lambda kind=kind: self.bound("self.a", "int", lambda: self.bound("self.b", "int", lambda: self.grow(kind, 1))) for kind in ("int", "str"))
        operator = self.roll.choice(["add", "sub", "mul", "mod", "or", "matmul", "truediv", "lshift"])
        comparison = self.roll.choice(["lt", "le", "gt", "ge"])
        return [
            f"def __{operator}__(self, other):\n    return {name}({i()}, other)", f"def __r{operator}__(self, other):\n    return (other, {i()})", f"def __i{operator}__(self, other):\n    self.a = {i()}\n    return self", f"def __{comparison}__(self, other):\n    return self.a < other", "def __eq__(self, other):\n    return isinstance(other, type(self)) and self.a == other.a", "def __eq__(self, other):\n    return NotImplemented",
            f"def __hash__(self):\n    return {i()}", f"def __len__(self):\n    return {i()}", f"def __bool__(self):\n    return {self.grow('bool', 1)}", f"def __getitem__(self, key):\n    print('item', key)\n    return {self.grow('list', 1)}[key]", "def __setitem__(self, key, value):\n    print('set', key, value)", "def __delitem__(self, key):\n    print('del', key)",
            f"def __contains__(self, item):\n    return {self.grow('bool', 1)}", f"def __iter__(self):\n    yield self.a\n    yield {i()}", f"def __iter__(self):\n    return iter({self.grow('list', 1)})", f"def __call__(self, *args, **kwargs):\n    return ({i()}, args, kwargs)", f"def __getattr__(self, name):\n    if name.startswith('_'):\n        raise AttributeError(name)\n    return f'no {{name}}'",
            f"@property\ndef size(self):\n    return {i()}", "@property\ndef area(self):\n    return self.a * self.b\n@area.setter\ndef area(self, value):\n    self.a = value", f"@staticmethod\ndef made(p=3):\n    return {self.bound('p', 'int', lambda: self.any(1))}", f"@classmethod\ndef of(cls, p):\n    return cls(p, {self.grow('int', 1)})", f"def __str__(self):\n    return {t()}", f"def __format__(self, spec):\n    return f'<{{spec}}>'",
            f"def describe(self):\n    return super().describe() + 1 if hasattr(super(), 'describe') else {i()}", f"def __neg__(self):\n    return {i()}", f"def __index__(self):\n    return {i()}", "__slots__ = ()", "__match_args__ = ('a', 'b')", f"def __enter__(self):\n    return self.a\ndef __exit__(self, *details):\n    print(details[0])\n    return {self.grow('bool', 1)}", f"def __missing__(self, key):\n    return {i()}", "def __next__(self):\n    if not -9 < self.a < 3:\n        raise StopIteration\n    self.a += 1\n    return self.a\ndef __iter__(self):\n    return self",
        ]  # fmt: skip

    def make_object(self, name):
        made = self.fresh("o")
        self.emit(f"{made} = {name}({self.grow('int', 1)}{self.pick('', '', lambda: f', b={self.any(1)}', lambda: f', {self.any(1)}')})")
        return made

    def use_object(self, depth):
        if not self.objects:
            return self.show(depth)
        o = self.roll.choice(self.objects)
        operator = self.roll.choice(["+", "-", "*", "%", "|", "@", "/", "<<", "<", "<=", ">", ">=", "==", "!=", "in", "and"])
        other = self.pick(lambda: self.any(1), lambda: self.roll.choice(self.objects))
        self.emit(self.pick(
            f"print({o} {operator} {other})", f"print({other} {operator} {o})", f"print({o}, repr({o}), f'{{{o}:>9}}')", f"print({o}.a, {o}.b, {o}.shared)", f"{o}.a = {other}", f"{o}.a += {other}", f"print({o}.describe())", f"print({o}.size, {o}.area)", f"{o}.area = {other}", f"print({o}[{other}])", f"{o}[{other}] = 1", f"del {o}[0]", f"del {o}.a", f"print(len({o}), bool({o}))",
            f"print(list({o}))", f"print({o}({other}, k=1))", f"print(type({o}).made({other}), type({o}).of({other}))", f"print(sorted([{o}, {other}]))", f"print({{{o}: 1}})", f"print(isinstance({o}, {self.roll.choice(self.classes or ['int'])}), [c.__name__ for c in type({o}).__mro__])", f"print({o}.missing)", f"print(getattr({o}, 'extra', None), hasattr({o}, 'zzz'))", f"print(-{o}, abs({o}))", f"print({o}.act({other}))", f"print({o}.act())",
            f"{o} += {other}", f"print(sorted(vars({o})))", f"print([{other}][{o}])", f"a0, *b0 = {o}\n{'    ' * self.indent}print(a0, b0)", f"print(max({o}, {other}))", f"print({other} in {o}, {o} == {o})", f"print('%s %r %d' % ({o}, {o}, {o}))", f"print({o}.shred)",
        ))  # fmt: skip

    def dataclass(self, nesting):
        name = self.fresh("D")
        self.header = ["from dataclasses import dataclass, field"]
        self.emit(f"@dataclass{self.pick('', '(order=True)', '(frozen=True)', '(eq=False)')}")
        self.emit(f"class {name}:")
        self.emit("    a: int")
        self.emit(f"    b: object = {self.pick('None', '2', repr('x'))}")
        self.emit(f"    c: list = field(default_factory=list{self.pick('', ', repr=False', ', compare=False')})")
        made = self.make_object(name)
        self.classes.append(name)
        if self.chance(0.4):
            self.objects.append(made)
        other = self.make_object(name)
        self.emit(self.pick(f"print({made}, {other}, {made} == {other})", f"print({made} < {other})", f"{made}.a = 5\n{'    ' * self.indent}print({made})", f"{made}.c.append(1)\n{'    ' * self.indent}print({made}, {other})", f"print(hash({made}) == hash({other}))", f"print({name}())"))

    def match(self, nesting):
        subject = self.pick(lambda: self.any(2), lambda: self.any(1), lambda: self.roll.choice(self.objects or ["(1, 2)"]))
        self.emit(f"match {subject}:")
        self.indent += 1
        name = self.roll.choice(self.classes) if self.classes else "int"
        patterns = ["0 | 1", "int(v)", "str() as v", "[]", "[v]", "[v, *rest]", "(v, w)", "{'k': v}", "{'k': v, **rest}", "{}", "None", "True", f"{name}()", f"{name}(a=v)", f"{name}(v)", "float() | bool()", "[int(v), *_]", "-1", "'ab' | 'k'", "[[v, *_], *_]", "tuple() as v", "{'k': 1 | 2 as v}"]
        for pattern in self.roll.sample(patterns, self.roll.randrange(2, 5)):
            guard = f" if {self.grow('bool', 1)}" if self.chance(0.25) else ""
            self.emit(f"case {pattern}{guard}:")
            self.emit(f"    print({pattern!r}{', v' if ' v' in f' {pattern}'.replace('(', ' ').replace('[', ' ').replace('*', ' ').replace('=', ' ') else ''})")
            if self.chance(0.2):
                self.block(nesting, 1)
        if self.chance(0.6):
            self.emit("case _:")
            self.emit("    print('other')")
        self.indent -= 1


def program(seed):
    """The program of a seed, the same one each time."""
    return Programs(dice(f"whole program {seed}")).program()


def programs():
    """The first programs of 10 to 60 lines; the hunt goes on from seeds far beyond."""
    seed, found = 0, 0
    while found < RECORDED:
        source = program(seed)
        # Some few never end.
        if seed not in ENDLESS and 10 <= source.count("\n") <= 60:
            found += 1
            yield f"{seed}", source
        seed += 1

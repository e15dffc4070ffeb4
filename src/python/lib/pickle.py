"""Objects to bytes and back, in CPython's own format (protocol 4; protocols 2 to 5 are read).

What is there by name, a class or function, is written as its module and name. Source of the format: CPython's pickletools."""

from _pickle import double, double_bytes, find

__all__ = ["PickleError", "PicklingError", "UnpicklingError", "dump", "dumps", "load", "loads"]

HIGHEST_PROTOCOL = 5
DEFAULT_PROTOCOL = 4
_FRAME_LEAST = 4
_FRAME_MOST = 64 * 1024
_BATCH = 1000


class PickleError(Exception):
    __module__ = "_pickle"


class PicklingError(PickleError):
    __module__ = "_pickle"


class UnpicklingError(PickleError):
    __module__ = "_pickle"


def dumps(obj, protocol=None, *, fix_imports=True, buffer_callback=None):
    """The bytes of an object; protocols under 4 are written as 4."""
    if protocol is not None and protocol > HIGHEST_PROTOCOL:
        raise ValueError(f"pickle protocol must be <= {HIGHEST_PROTOCOL}")
    return _Pickler(DEFAULT_PROTOCOL if protocol is None or protocol < 4 else protocol).dumped(obj)


def dump(obj, file, protocol=None, *, fix_imports=True, buffer_callback=None):
    """Writes the bytes of an object to a file opened with `"wb"`."""
    file.write(dumps(obj, protocol))


def loads(data, /, *, fix_imports=True, encoding="ASCII", errors="strict", buffers=()):
    """The object that bytes say."""
    if not isinstance(data, bytes):
        raise TypeError(f"a bytes-like object is required, not '{type(data).__name__}'")
    return _Unpickler(data).loaded()


def load(file, *, fix_imports=True, encoding="ASCII", errors="strict", buffers=()):
    """The object that a file opened with `"rb"` says."""
    return loads(file.read())


def _little(number, width):
    return number.to_bytes(width, "little")


class _Pickler:
    def __init__(self, protocol):
        self.protocol = protocol
        self.parts = []
        self.frame = []
        self.size = 0
        # By identity: the place in the reader's memory, and the object, kept so that its identity stays its own.
        self.memo = {}

    def dumped(self, obj):
        self.parts.append(b"\x80" + bytes([self.protocol]))
        self.save(obj)
        self.write(b".")
        self.end_frame()
        return b"".join(self.parts)

    def write(self, data):
        self.frame.append(data)
        self.size += len(data)

    def end_frame(self):
        if self.size >= _FRAME_LEAST:
            self.parts.append(b"\x95" + _little(self.size, 8))
        self.parts.extend(self.frame)
        self.frame = []
        self.size = 0

    def write_long(self, head, body):
        """Bytes too many for a frame stand outside of one."""
        if len(body) < _FRAME_MOST:
            self.write(head + body)
        else:
            self.end_frame()
            self.parts.append(head)
            self.parts.append(body)

    def memoize(self, obj):
        self.memo[id(obj)] = (len(self.memo), obj)
        self.write(b"\x94")

    def fetch(self, obj):
        """What the reader's memory has already."""
        place = self.memo[id(obj)][0]
        self.write(b"h" + bytes([place]) if place < 256 else b"j" + _little(place, 4))

    def save(self, obj):
        if self.size >= _FRAME_MOST:
            self.end_frame()
        if obj is None:
            return self.write(b"N")
        if obj is True:
            return self.write(b"\x88")
        if obj is False:
            return self.write(b"\x89")
        cls = type(obj)
        if cls is int:
            return self.save_int(obj)
        if cls is float:
            return self.write(b"G" + double_bytes(obj))
        if id(obj) in self.memo:
            return self.fetch(obj)
        if cls is bytes:
            self.write_sized(obj, b"C", b"B", b"\x8e")
            return self.memoize(obj)
        if cls is str:
            self.write_sized(obj.encode("utf-8"), b"\x8c", b"X", b"\x8d")
            return self.memoize(obj)
        if cls is list:
            self.write(b"]")
            self.memoize(obj)
            return self.save_items(obj)
        if cls is tuple:
            return self.save_tuple(obj)
        if cls is dict:
            self.write(b"}")
            self.memoize(obj)
            return self.save_pairs(obj)
        if cls is set:
            self.write(b"\x8f")
            self.memoize(obj)
            return self.save_batches(list(obj), b"\x90")
        if cls is frozenset:
            self.write(b"(")
            for item in obj:
                self.save(item)
            if id(obj) in self.memo:
                self.write(b"1")
                return self.fetch(obj)
            self.write(b"\x91")
            return self.memoize(obj)
        if isinstance(obj, type) or cls in (type(dumps), type(len)):
            return self.save_global(obj)
        self.save_object(obj)

    def write_sized(self, data, short, middle, long):
        size = len(data)
        if size < 256:
            self.write(short + bytes([size]) + data)
        elif size < 1 << 32:
            self.write_long(middle + _little(size, 4), data)
        else:
            self.write_long(long + _little(size, 8), data)

    def save_int(self, obj):
        if 0 <= obj < 256:
            self.write(b"K" + bytes([obj]))
        elif 0 <= obj < 65536:
            self.write(b"M" + _little(obj, 2))
        elif -(1 << 31) <= obj < 1 << 31:
            self.write(b"J" + obj.to_bytes(4, "little", signed=True))
        else:
            size = obj.bit_length() // 8 + 1
            if obj < 0 and obj.bit_length() % 8 == 0 and -obj == 1 << obj.bit_length() - 1:
                size -= 1
            data = obj.to_bytes(size, "little", signed=True)
            self.write((b"\x8a" + bytes([size]) if size < 256 else b"\x8b" + _little(size, 4)) + data)

    def save_items(self, items):
        items = list(items)
        if len(items) == 1:
            self.save(items[0])
            self.write(b"a")
        else:
            self.save_batches(items, b"e")

    def save_batches(self, items, code):
        for start in range(0, len(items), _BATCH):
            self.write(b"(")
            for item in items[start : start + _BATCH]:
                self.save(item)
            self.write(code)

    def save_pairs(self, pairs):
        pairs = list(dict.items(pairs))
        for start in range(0, len(pairs), _BATCH):
            batch = pairs[start : start + _BATCH]
            if len(pairs) > 1:
                self.write(b"(")
            for key, value in batch:
                self.save(key)
                self.save(value)
            self.write(b"u" if len(pairs) > 1 else b"s")

    def save_tuple(self, obj):
        if not obj:
            return self.write(b")")
        if len(obj) > 3:
            self.write(b"(")
        for item in obj:
            self.save(item)
        if id(obj) in self.memo:
            # It was met again inside of itself: what was written is dropped, and the known one fetched.
            self.write(b"1" if len(obj) > 3 else b"0" * len(obj))
            return self.fetch(obj)
        self.write((b"t", b"\x85", b"\x86", b"\x87")[len(obj) if len(obj) <= 3 else 0])
        self.memoize(obj)

    def save_global(self, obj, name=None):
        if obj is type(None) or obj is type(...) or obj is type(NotImplemented):
            return self.save_reduced(obj, (type, (None if obj is type(None) else ... if obj is type(...) else NotImplemented,)))
        name = name or getattr(obj, "__qualname__", None) or obj.__name__
        module = getattr(obj, "__module__", None) or "builtins"
        if "<locals>" in name:
            raise AttributeError(f"Can't pickle local object '{name}'")
        try:
            found = find(module, name)
        except ImportError:
            raise PicklingError(f"Can't pickle {obj!r}: import of module {module!r} failed") from None
        if found is None:
            raise PicklingError(f"Can't pickle {obj!r}: attribute lookup {name} on {module} failed")
        if found is not obj and found != obj:
            raise PicklingError(f"Can't pickle {obj!r}: it's not the same object as {module}.{name}")
        self.save(module)
        self.save(name)
        self.write(b"\x93")
        self.memoize(obj)

    def save_object(self, obj):
        reduce = getattr(obj, "__reduce__", None)
        if reduce is not None:
            reduced = reduce()
            if isinstance(reduced, str):
                return self.save_global(obj, reduced)
            if not isinstance(reduced, tuple):
                raise PicklingError(f"{type(obj).__name__}.__reduce__() must return a string or tuple")
            return self.save_reduced(obj, reduced)
        cls = type(obj)
        plain = not hasattr(obj, "__dict__") and not hasattr(cls, "__slots__")
        if plain and not isinstance(obj, (list, dict, set, tuple, frozenset, str, bytes, int, float)):
            raise TypeError(f"cannot pickle '{cls.__name__}' object")
        content = ()
        for base in (tuple, str, bytes, int, float):
            if isinstance(obj, base):
                content = (base(obj),)
        if hasattr(obj, "__getnewargs__"):
            content = obj.__getnewargs__()
        if isinstance(obj, (set, frozenset)):
            return self.save_reduced(obj, (cls, (list(obj),), self.state(obj)))
        items = list.__iter__(obj) if isinstance(obj, list) else None
        pairs = obj if isinstance(obj, dict) else None
        self.save_reduced(obj, (cls.__new__, (cls, *content), self.state(obj), items, pairs), True)

    def state(self, obj):
        """What sets an instance up again: its attributes."""
        if hasattr(obj, "__getstate__"):
            return obj.__getstate__()
        attributes = getattr(obj, "__dict__", None)
        slots = {}
        for base in type(obj).__mro__:
            names = base.__dict__.get("__slots__", ())
            for name in [names] if isinstance(names, str) else names:
                if hasattr(obj, name):
                    slots[name] = getattr(obj, name)
        if slots:
            return (attributes or None, slots)
        return dict(attributes) if attributes else None

    def save_reduced(self, obj, reduced, new=False):
        function, args, state, items, pairs = (*reduced, None, None, None)[:5]
        if new:
            self.save(args[0])
            self.save(args[1:])
            self.write(b"\x81")
        else:
            self.save(function)
            self.save(args)
            self.write(b"R")
        if id(obj) in self.memo:
            self.write(b"0")
            return self.fetch(obj)
        self.memoize(obj)
        if items is not None:
            self.save_items(items)
        if pairs is not None:
            self.save_pairs(pairs if isinstance(pairs, dict) else dict(pairs))
        if state is not None:
            self.save(state)
            self.write(b"b")


class _Unpickler:
    def __init__(self, data):
        self.data = data
        self.at = 0
        self.stack = []
        self.marks = []
        self.memo = {}

    def take(self, size):
        taken = self.data[self.at : self.at + size]
        if len(taken) < size:
            raise (EOFError("Ran out of input") if not self.data else UnpicklingError("pickle data was truncated"))
        self.at += size
        return taken

    def number(self, size):
        return int.from_bytes(self.take(size), "little")

    def line(self):
        end = self.data.find(b"\n", self.at)
        if end < 0:
            raise UnpicklingError("pickle data was truncated")
        taken = self.data[self.at : end]
        self.at = end + 1
        return taken.decode("utf-8")

    def marked(self):
        if not self.marks:
            raise UnpicklingError("could not find MARK")
        start = self.marks.pop()
        items = self.stack[start:]
        del self.stack[start:]
        return items

    def pop(self):
        if not self.stack:
            raise UnpicklingError("unpickling stack underflow")
        return self.stack.pop()

    def loaded(self):
        while True:
            code = self.take(1)
            if code == b".":
                return self.pop()
            step = _STEPS.get(code)
            if step is None:
                raise UnpicklingError(f"invalid load key, {repr(code)[1:]}.")
            step(self)

    def popped(self, count):
        return tuple(reversed([self.pop() for _ in range(count)]))

    def find(self, module, name):
        try:
            found = find(module, name)
        except ImportError:
            raise ModuleNotFoundError(f"No module named {module!r}", name=module) from None
        if found is None:
            raise AttributeError(f"Can't get attribute {name!r} on {module!r}")
        return found

    def extend(self):
        items = self.marked()
        self.stack[-1].extend(items)

    def update(self, items):
        target = self.stack[-1]
        for at in range(0, len(items), 2):
            target[items[at]] = items[at + 1]

    def build(self):
        state = self.pop()
        made = self.stack[-1]
        if hasattr(made, "__setstate__"):
            made.__setstate__(state)
            return
        slots = None
        if isinstance(state, tuple) and len(state) == 2:
            state, slots = state
        for name, value in (state or {}).items():
            made.__dict__[name] = value
        for name, value in (slots or {}).items():
            setattr(made, name, value)

    def remember(self, place):
        self.memo[place] = self.stack[-1]

    def recall(self, place):
        if place not in self.memo:
            raise UnpicklingError(f"Memo value not found at index {place}")
        self.stack.append(self.memo[place])

    def call(self):
        args = self.pop()
        self.stack.append(self.pop()(*args))

    def new(self, with_names=False):
        names = self.pop() if with_names else {}
        args = self.pop()
        cls = self.pop()
        self.stack.append(cls.__new__(cls, *args, **names))

    def named(self):
        name = self.pop()
        self.stack.append(self.find(self.pop(), name))

    def named_lines(self):
        module = self.line()
        self.stack.append(self.find("builtins" if module == "__builtin__" else module, self.line()))

    def append(self):
        item = self.pop()
        self.stack[-1].append(item)

    def add(self):
        items = self.marked()
        self.stack[-1].update(items)


def _pushes(value):
    return lambda machine: machine.stack.append(value(machine))


_STEPS = {
    b"\x80": lambda machine: machine.take(1),
    b"\x95": lambda machine: machine.take(8),
    b"(": lambda machine: machine.marks.append(len(machine.stack)),
    b"0": lambda machine: machine.pop(),
    b"1": lambda machine: machine.marked(),
    b"2": lambda machine: machine.stack.append(machine.stack[-1]),
    b"N": _pushes(lambda machine: None),
    b"\x88": _pushes(lambda machine: True),
    b"\x89": _pushes(lambda machine: False),
    b"K": _pushes(lambda machine: machine.number(1)),
    b"M": _pushes(lambda machine: machine.number(2)),
    b"J": _pushes(lambda machine: int.from_bytes(machine.take(4), "little", signed=True)),
    b"\x8a": _pushes(lambda machine: int.from_bytes(machine.take(machine.number(1)), "little", signed=True)),
    b"\x8b": _pushes(lambda machine: int.from_bytes(machine.take(machine.number(4)), "little", signed=True)),
    b"G": _pushes(lambda machine: double(machine.take(8))),
    b"C": _pushes(lambda machine: machine.take(machine.number(1))),
    b"B": _pushes(lambda machine: machine.take(machine.number(4))),
    b"\x8e": _pushes(lambda machine: machine.take(machine.number(8))),
    b"\x8c": _pushes(lambda machine: machine.take(machine.number(1)).decode("utf-8")),
    b"X": _pushes(lambda machine: machine.take(machine.number(4)).decode("utf-8")),
    b"\x8d": _pushes(lambda machine: machine.take(machine.number(8)).decode("utf-8")),
    b"]": _pushes(lambda machine: []),
    b"}": _pushes(lambda machine: {}),
    b")": _pushes(lambda machine: ()),
    b"\x8f": _pushes(lambda machine: set()),
    b"t": _pushes(lambda machine: tuple(machine.marked())),
    b"l": _pushes(lambda machine: machine.marked()),
    b"\x91": _pushes(lambda machine: frozenset(machine.marked())),
    b"\x85": _pushes(lambda machine: machine.popped(1)),
    b"\x86": _pushes(lambda machine: machine.popped(2)),
    b"\x87": _pushes(lambda machine: machine.popped(3)),
    b"a": _Unpickler.append,
    b"e": _Unpickler.extend,
    b"s": lambda machine: machine.update(machine.popped(2)),
    b"u": lambda machine: machine.update(machine.marked()),
    b"\x90": _Unpickler.add,
    b"\x94": lambda machine: machine.remember(len(machine.memo)),
    b"q": lambda machine: machine.remember(machine.number(1)),
    b"r": lambda machine: machine.remember(machine.number(4)),
    b"h": lambda machine: machine.recall(machine.number(1)),
    b"j": lambda machine: machine.recall(machine.number(4)),
    b"c": _Unpickler.named_lines,
    b"\x93": _Unpickler.named,
    b"R": _Unpickler.call,
    b"\x81": _Unpickler.new,
    b"\x92": lambda machine: machine.new(True),
    b"b": _Unpickler.build,
}

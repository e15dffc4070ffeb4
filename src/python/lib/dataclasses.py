"""Classes made from their fields."""


class _Missing:
    def __repr__(self):
        return "MISSING"


MISSING = _Missing()
_HAS_DEFAULT_FACTORY = MISSING


class FrozenInstanceError(AttributeError):
    pass


class Field:
    def __init__(self, default, default_factory, init, repr, hash, compare, metadata, kw_only):
        self.name = self.type = None
        self.default, self.default_factory = default, default_factory
        self.init, self.repr, self.hash, self.compare = init, repr, hash, compare
        self.metadata, self.kw_only = metadata or {}, kw_only

    def __repr__(self):
        return f"Field(name={self.name!r},type={self.type!r},default={self.default!r})"


class KW_ONLY:
    pass


def field(*, default=MISSING, default_factory=MISSING, init=True, repr=True, hash=None, compare=True, metadata=None, kw_only=MISSING):
    if default is not MISSING and default_factory is not MISSING:
        raise ValueError("cannot specify both default and default_factory")
    return Field(default, default_factory, init, repr, hash, compare, metadata, kw_only)


def dataclass(cls=None, /, *, init=True, repr=True, eq=True, order=False, unsafe_hash=False, frozen=False, match_args=True, kw_only=False, slots=False):
    def make(cls):
        return _process(cls, init, repr, eq, order, unsafe_hash, frozen, match_args, kw_only)

    return make if cls is None else make(cls)


def _process(cls, init, repr, eq, order, unsafe_hash, frozen, match_args, kw_only):
    table = {}
    for base in reversed(cls.__mro__[1:]):
        for name, inherited in base.__dict__.get("__dataclass_fields__", {}).items():
            table[name] = inherited
    for name, kind in cls.__dict__.get("__annotations__", {}).items():
        if kind is KW_ONLY or kind == "KW_ONLY":
            kw_only = True
            continue
        if str(kind).startswith(("typing.ClassVar", "ClassVar")):
            continue
        value = cls.__dict__.get(name, MISSING)
        if isinstance(value, Field):
            made = value
            if made.default is MISSING:
                delattr(cls, name)
            else:
                setattr(cls, name, made.default)
        else:
            made = field(default=value)
        if made.default.__class__.__hash__ is None:
            raise ValueError(f"mutable default {type(made.default)} for field {name} is not allowed: use default_factory")
        made.name, made.type = name, kind
        if made.kw_only is MISSING:
            made.kw_only = kw_only
        table[name] = made
    cls.__dataclass_fields__ = table
    cls.__dataclass_params__ = {"frozen": frozen, "order": order}
    every = list(table.values())
    if init:
        _set(cls, "__init__", _make_init(cls, every, frozen))
    if repr:
        _set(cls, "__repr__", _make_repr([f.name for f in every if f.repr]), keep=True)
    compared = [f.name for f in every if f.compare]

    def values(self):
        return tuple(getattr(self, name) for name in compared)

    if eq:

        def __eq__(self, other):
            return values(self) == values(other) if other.__class__ is self.__class__ else NotImplemented

        own = "__eq__" in cls.__dict__
        _set(cls, "__eq__", __eq__, keep=True)
        if frozen or unsafe_hash:
            hashed = [f.name for f in every if (f.compare if f.hash is None else f.hash)]
            _set(cls, "__hash__", lambda self: hash(tuple(getattr(self, name) for name in hashed)))
        elif "__hash__" not in cls.__dict__ or not own:
            cls.__hash__ = None
    if order:

        def __lt__(self, other):
            return values(self) < values(other) if other.__class__ is self.__class__ else NotImplemented

        def __le__(self, other):
            return values(self) <= values(other) if other.__class__ is self.__class__ else NotImplemented

        def __gt__(self, other):
            return values(self) > values(other) if other.__class__ is self.__class__ else NotImplemented

        def __ge__(self, other):
            return values(self) >= values(other) if other.__class__ is self.__class__ else NotImplemented

        for method in (__lt__, __le__, __gt__, __ge__):
            _set(cls, method.__name__, method)
    if frozen:

        # What a class under it adds may be set, unless it is frozen too.
        names = [f.name for f in every]

        def __setattr__(self, name, value):
            if type(self) is cls or name in names:
                raise FrozenInstanceError(f"cannot assign to field {name!r}")
            super(cls, self).__setattr__(name, value)

        def __delattr__(self, name):
            if type(self) is cls or name in names:
                raise FrozenInstanceError(f"cannot delete field {name!r}")
            super(cls, self).__delattr__(name)

        _set(cls, "__setattr__", __setattr__)
        _set(cls, "__delattr__", __delattr__)
    if match_args:
        cls.__match_args__ = tuple(f.name for f in every if f.init and not f.kw_only)
    return cls


def _set(cls, name, value, keep=False):
    if keep and name in cls.__dict__:
        return
    setattr(cls, name, value)


def _make_init(cls, every, frozen):
    positional = [f for f in every if f.init and not f.kw_only]
    named = {f.name: f for f in every if f.init}
    optional = False
    for f in positional:
        has = f.default is not MISSING or f.default_factory is not MISSING
        if optional and not has:
            raise TypeError(f"non-default argument {f.name!r} follows default argument")
        optional = optional or has
    required = sum(1 for f in positional if f.default is MISSING and f.default_factory is MISSING)
    title = f"{cls.__qualname__}.__init__()"
    post = hasattr(cls, "__post_init__")

    def __init__(self, *args, **kwargs):
        if len(args) > len(positional):
            takes = f"{required + 1}" if required == len(positional) else f"from {required + 1} to {len(positional) + 1}"
            plural = "" if takes == "1" else "s"
            raise TypeError(f"{title} takes {takes} positional argument{plural} but {len(args) + 1} were given")
        given = {f.name: value for f, value in zip(positional, args)}
        for name, value in kwargs.items():
            if name not in named:
                raise TypeError(f"{title} got an unexpected keyword argument {name!r}")
            if name in given:
                raise TypeError(f"{title} got multiple values for argument {name!r}")
            given[name] = value
        missing = [f for f in every if f.init and f.name not in given and f.default is MISSING and f.default_factory is MISSING]
        if missing:
            _complain(title, [f for f in missing if not f.kw_only] or missing)
        for f in every:
            if f.name in given:
                value = given[f.name]
            elif f.default_factory is not MISSING:
                value = f.default_factory()
            elif f.default is not MISSING:
                value = f.default
            else:
                continue
            object.__setattr__(self, f.name, value)
        if post:
            self.__post_init__()

    __init__.__qualname__ = f"{cls.__qualname__}.__init__"
    return __init__


def _complain(title, missing):
    names = [repr(f.name) for f in missing]
    if len(names) > 2:
        text = ", ".join(names[:-1]) + ", and " + names[-1]
    else:
        text = " and ".join(names)
    kind = "keyword-only" if missing[0].kw_only else "positional"
    raise TypeError(f"{title} missing {len(names)} required {kind} argument{'s' if len(names) > 1 else ''}: {text}")


def _make_repr(names):
    def __repr__(self):
        return f"{type(self).__qualname__}({', '.join(f'{name}={getattr(self, name)!r}' for name in names)})"

    return __repr__


def is_dataclass(obj):
    return hasattr(obj if isinstance(obj, type) else type(obj), "__dataclass_fields__")


def fields(class_or_instance):
    if not is_dataclass(class_or_instance):
        raise TypeError("must be called with a dataclass type or instance")
    return tuple(class_or_instance.__dataclass_fields__.values())


def asdict(obj, *, dict_factory=dict):
    if not is_dataclass(obj) or isinstance(obj, type):
        raise TypeError("asdict() should be called on dataclass instances")
    return _plain(obj, lambda instance: dict_factory([(f.name, asdict_value(getattr(instance, f.name), dict_factory)) for f in fields(instance)]))


def asdict_value(value, dict_factory):
    return _plain(value, lambda instance: asdict(instance, dict_factory=dict_factory))


def astuple(obj, *, tuple_factory=tuple):
    if not is_dataclass(obj) or isinstance(obj, type):
        raise TypeError("astuple() should be called on dataclass instances")
    inner = lambda instance: tuple_factory([_plain(getattr(instance, f.name), inner) for f in fields(instance)])
    return inner(obj)


def _plain(value, convert):
    if is_dataclass(value) and not isinstance(value, type):
        return convert(value)
    if isinstance(value, tuple) and hasattr(value, "_fields"):
        return type(value)(*[_plain(item, convert) for item in value])
    if isinstance(value, (list, tuple)):
        return type(value)([_plain(item, convert) for item in value])
    if isinstance(value, dict):
        return type(value)((_plain(k, convert), _plain(v, convert)) for k, v in value.items())
    return value


def replace(obj, /, **changes):
    if not is_dataclass(obj) or isinstance(obj, type):
        raise TypeError("replace() should be called on dataclass instances")
    for f in fields(obj):
        if not f.init:
            if f.name in changes:
                raise ValueError(f"field {f.name} is declared with init=False, it cannot be specified with replace()")
        elif f.name not in changes:
            changes[f.name] = getattr(obj, f.name)
    return type(obj)(**changes)


def make_dataclass(cls_name, fields, *, bases=(), namespace=None, **options):
    body, annotations = dict(namespace or {}), {}
    for item in fields:
        if isinstance(item, str):
            annotations[item] = "typing.Any"
        else:
            annotations[item[0]] = item[1]
            if len(item) > 2:
                body[item[0]] = item[2]
    body["__annotations__"] = annotations
    return dataclass(type(cls_name, bases, body), **options)

"""Names for annotations. They are for readers: nothing is checked."""

from collections import namedtuple as _namedtuple


class _Form:
    def __init__(self, name, parameters=None):
        self._name, self._parameters = name, parameters

    def __getitem__(self, parameters):
        if self._name == "Optional":
            return Union[parameters, None]
        if self._name == "Union":
            return _union(parameters if isinstance(parameters, tuple) else (parameters,))
        return _Form(self._name, parameters if isinstance(parameters, tuple) else (parameters,))

    def __call__(self, *args, **kwargs):
        raise TypeError(f"Cannot instantiate typing.{self._name}")

    def __or__(self, other):
        return _union((self, other))

    def __ror__(self, other):
        return _union((other, self))

    def __instancecheck__(self, instance):
        if self._parameters is not None:
            raise TypeError("Subscripted generics cannot be used with class and instance checks")
        checked = _CHECKED.get(self._name)
        if checked is None:
            raise TypeError(f"typing.{self._name} cannot be used with isinstance()")
        return checked(instance)

    def __eq__(self, other):
        return isinstance(other, _Form) and (self._name, self._parameters) == (other._name, other._parameters)

    def __hash__(self):
        return hash((self._name, self._parameters))

    def __repr__(self):
        if self._parameters is None:
            return f"typing.{self._name}"
        if self._name == "Union" and len(self._parameters) == 2 and type(None) in self._parameters:
            return f"typing.Optional[{', '.join(_shown(kind) for kind in self._parameters if kind is not type(None))}]"
        return f"typing.{self._name}[{', '.join(map(_shown, self._parameters))}]"


def _union(kinds):
    flat = []
    for kind in kinds:
        if isinstance(kind, _Form) and kind._name == "Union" and kind._parameters is not None:
            parts = kind._parameters
        else:
            parts = (type(None) if kind is None else kind,)
        flat += [part for part in parts if part not in flat]
    return flat[0] if len(flat) == 1 else _Form("Union", tuple(flat))


def _shown(kind):
    if isinstance(kind, type):
        return kind.__qualname__ if kind.__module__ == "builtins" else f"{kind.__module__}.{kind.__qualname__}"
    if isinstance(kind, list):
        return f"[{', '.join(map(_shown, kind))}]"
    return "..." if kind is ... else repr(kind)


Any = _Form("Any")
AnyStr = _Form("AnyStr")
Annotated = _Form("Annotated")
Callable = _Form("Callable")
ClassVar = _Form("ClassVar")
Collection = _Form("Collection")
DefaultDict = _Form("DefaultDict")
Deque = _Form("Deque")
Dict = _Form("Dict")
Final = _Form("Final")
FrozenSet = _Form("FrozenSet")
Generator = _Form("Generator")
Hashable = _Form("Hashable")
Iterable = _Form("Iterable")
Iterator = _Form("Iterator")
List = _Form("List")
Literal = _Form("Literal")
LiteralString = _Form("LiteralString")
Mapping = _Form("Mapping")
MutableMapping = _Form("MutableMapping")
Never = _Form("Never")
NoReturn = _Form("NoReturn")
Optional = _Form("Optional")
Self = _Form("Self")
Sequence = _Form("Sequence")
Set = _Form("Set")
Sized = _Form("Sized")
Text = str
Tuple = _Form("Tuple")
Type = _Form("Type")
TypeAlias = _Form("TypeAlias")
Union = _Form("Union")
TYPE_CHECKING = False


def _has(*names):
    return lambda instance: all(hasattr(type(instance), name) for name in names)


_CHECKED = {
    "List": lambda x: isinstance(x, list),
    "Dict": lambda x: isinstance(x, dict),
    "Set": lambda x: isinstance(x, set),
    "FrozenSet": lambda x: isinstance(x, frozenset),
    "Tuple": lambda x: isinstance(x, tuple),
    "Type": lambda x: isinstance(x, type),
    "Callable": callable,
    "Iterable": _has("__iter__"),
    "Iterator": _has("__iter__", "__next__"),
    "Generator": _has("send", "throw"),
    "Sized": _has("__len__"),
    "Container": _has("__contains__"),
    "Collection": _has("__len__", "__iter__", "__contains__"),
    "Hashable": lambda x: not isinstance(x, (list, dict, set)) and getattr(type(x), "__hash__", None) is not None,
    "Mapping": lambda x: isinstance(x, dict) or _has("keys", "__getitem__", "items")(x),
    "MutableMapping": lambda x: isinstance(x, dict) or _has("keys", "__getitem__", "__setitem__")(x),
    "Sequence": lambda x: isinstance(x, (list, tuple, str, bytes, range)) or _has("index", "count", "__getitem__")(x),
    "MutableSequence": lambda x: isinstance(x, list) or _has("append", "insert", "__setitem__")(x),
}


class TypeVar:
    def __init__(self, name, *constraints, bound=None, covariant=False, contravariant=False):
        self.__name__, self.__constraints__, self.__bound__ = name, constraints, bound

    def __repr__(self):
        return f"~{self.__name__}"


class Generic:
    def __class_getitem__(cls, parameters):
        return cls


class Protocol:
    def __class_getitem__(cls, parameters):
        return cls


class TypedDict(dict):
    def __init_subclass__(cls, total=True, **kwargs):
        super().__init_subclass__(**kwargs)


class NamedTuple(tuple):
    """`class P(NamedTuple): x: int` makes a class of named tuples, as `collections.namedtuple` does."""

    def __new__(cls, typename, fields=(), /):
        made = _namedtuple(typename, [name for name, _ in fields])
        made.__annotations__ = dict(fields)
        return made

    def __init_subclass__(cls, **kwargs):
        super().__init_subclass__(**kwargs)
        if "_fields" in cls.__dict__ or NamedTuple not in cls.__bases__:
            return
        names = list(cls.__dict__.get("__annotations__", {}))
        defaults = []
        for name in names:
            if name in cls.__dict__:
                defaults.append(cls.__dict__[name])
            elif defaults:
                raise TypeError(f"non-default namedtuple field {name} cannot follow default field{'s' if len(defaults) > 1 else ''}")
        made = _namedtuple(cls.__name__, names, defaults=defaults or None)
        for name, value in made.__dict__.items():
            if name in names or name.startswith("_") and name not in _OWN and (name not in cls.__dict__ or name == "__match_args__"):
                setattr(cls, name, staticmethod(made.__new__) if name == "__new__" else value)
        cls.__new__ = staticmethod(made.__new__)


_OWN = {"__dict__", "__weakref__", "__module__", "__slots__", "__doc__", "__qualname__", "__init_subclass__", "__getnewargs__"}


def NewType(name, tp):
    return lambda x: x


def cast(typ, val):
    return val


def overload(func):
    return func


def final(f):
    return f


def no_type_check(arg):
    return arg


def runtime_checkable(cls):
    return cls


def get_type_hints(obj, *args, **kwargs):
    return dict(getattr(obj, "__annotations__", {}))


def get_origin(tp):
    return tp if isinstance(tp, _Form) and tp._parameters is not None else None


def get_args(tp):
    return tp._parameters or () if isinstance(tp, _Form) else ()


def assert_never(arg, /):
    raise AssertionError(f"Expected code to be unreachable, but got: {arg!r}")

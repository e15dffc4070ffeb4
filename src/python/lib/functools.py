"""Functions of functions."""

from collections import namedtuple as _namedtuple

WRAPPER_ASSIGNMENTS = ("__module__", "__name__", "__qualname__", "__doc__", "__annotations__")
_NOTHING = object()


def reduce(function, iterable, initial=_NOTHING, /):
    it = iter(iterable)
    if initial is _NOTHING:
        value = next(it, _NOTHING)
        if value is _NOTHING:
            raise TypeError("reduce() of empty iterable with no initial value")
    else:
        value = initial
    for item in it:
        value = function(value, item)
    return value


class partial:
    def __init__(self, /, *args, **keywords):
        if not args:
            raise TypeError("type 'partial' takes at least one argument")
        func, *args = args
        args = tuple(args)
        if not callable(func):
            raise TypeError("the first argument must be callable")
        if isinstance(func, partial):
            args = func.args + args
            keywords = {**func.keywords, **keywords}
            func = func.func
        self.func, self.args, self.keywords = func, args, keywords

    def __call__(self, /, *args, **keywords):
        return self.func(*self.args, *args, **{**self.keywords, **keywords})

    def __repr__(self):
        parts = [repr(self.func), *map(repr, self.args), *(f"{k}={v!r}" for k, v in self.keywords.items())]
        return f"functools.partial({', '.join(parts)})"


def update_wrapper(wrapper, wrapped, assigned=WRAPPER_ASSIGNMENTS, updated=("__dict__",)):
    for name in assigned:
        if hasattr(wrapped, name):
            setattr(wrapper, name, getattr(wrapped, name))
    for name in updated:
        getattr(wrapper, name).update(getattr(wrapped, name, {}))
    wrapper.__wrapped__ = wrapped
    return wrapper


def wraps(wrapped, assigned=WRAPPER_ASSIGNMENTS, updated=("__dict__",)):
    def decorate(wrapper):
        return update_wrapper(wrapper, wrapped, assigned, updated)

    return decorate


CacheInfo = _namedtuple("CacheInfo", ["hits", "misses", "maxsize", "currsize"])


def lru_cache(maxsize=128, typed=False):
    if callable(maxsize):
        return _cached(maxsize, 128, typed)
    return lambda function: _cached(function, maxsize, typed)


def cache(function, /):
    return _cached(function, None, False)


def _cached(function, maxsize, typed):
    stored = {}
    counts = [0, 0]

    def call(*args, **kwargs):
        key = args if not kwargs else (args, _NOTHING, tuple(kwargs.items()))
        if typed:
            key = (key, tuple(type(a) for a in args), tuple(type(v) for v in kwargs.values()))
        found = stored.get(key, _NOTHING)
        if found is not _NOTHING:
            counts[0] += 1
            if maxsize is not None:
                del stored[key]
                stored[key] = found
            return found
        counts[1] += 1
        result = function(*args, **kwargs)
        if maxsize != 0:
            stored[key] = result
            if maxsize is not None and len(stored) > maxsize:
                del stored[next(iter(stored))]
        return result

    def cache_clear():
        stored.clear()
        counts[:] = [0, 0]

    update_wrapper(call, function)
    call.cache_info = lambda: CacheInfo(counts[0], counts[1], maxsize, len(stored))
    call.cache_clear = cache_clear
    return call


class cached_property:
    def __init__(self, func):
        self.func = func
        self.__doc__ = func.__doc__
        self.name = func.__name__

    def __set_name__(self, owner, name):
        self.name = name

    def __get__(self, instance, owner=None):
        if instance is None:
            return self
        value = instance.__dict__.get(self.name, _NOTHING)
        if value is _NOTHING:
            value = instance.__dict__[self.name] = self.func(instance)
        return value


class _ComparisonKey:
    __slots__ = ("obj", "compare")

    def __init__(self, obj, compare):
        self.obj, self.compare = obj, compare

    def __lt__(self, other):
        return self.compare(self.obj, other.obj) < 0

    def __gt__(self, other):
        return self.compare(self.obj, other.obj) > 0

    def __eq__(self, other):
        return self.compare(self.obj, other.obj) == 0

    def __le__(self, other):
        return self.compare(self.obj, other.obj) <= 0

    def __ge__(self, other):
        return self.compare(self.obj, other.obj) >= 0

    __hash__ = None


def cmp_to_key(compare):
    return lambda obj: _ComparisonKey(obj, compare)


_ORDERINGS = {
    "__lt__": {
        "__gt__": lambda f: lambda a, b: _not(f(a, b), lambda: a != b),
        "__le__": lambda f: lambda a, b: _or(f(a, b), lambda: a == b),
        "__ge__": lambda f: lambda a, b: _not(f(a, b)),
    },
    "__le__": {
        "__ge__": lambda f: lambda a, b: _not(f(a, b)) or a == b,
        "__lt__": lambda f: lambda a, b: _and(f(a, b), lambda: a != b),
        "__gt__": lambda f: lambda a, b: _not(f(a, b)),
    },
    "__gt__": {
        "__lt__": lambda f: lambda a, b: _not(f(a, b), lambda: a != b),
        "__ge__": lambda f: lambda a, b: _or(f(a, b), lambda: a == b),
        "__le__": lambda f: lambda a, b: _not(f(a, b)),
    },
    "__ge__": {
        "__le__": lambda f: lambda a, b: _not(f(a, b)) or a == b,
        "__gt__": lambda f: lambda a, b: _and(f(a, b), lambda: a != b),
        "__lt__": lambda f: lambda a, b: _not(f(a, b)),
    },
}


def _not(result, also=lambda: True):
    return result if result is NotImplemented else not result and also()


def _or(result, other):
    return result if result is NotImplemented else result or other()


def _and(result, other):
    return result if result is NotImplemented else result and other()


def total_ordering(cls):
    for root in ("__lt__", "__le__", "__gt__", "__ge__"):
        if root in cls.__dict__:
            for name, derive in _ORDERINGS[root].items():
                if name not in cls.__dict__:
                    setattr(cls, name, derive(getattr(cls, root)))
            return cls
    raise ValueError("must define at least one ordering operation: < > <= >=")


def singledispatch(function):
    registry = {object: function}

    def dispatch(cls):
        for base in cls.__mro__:
            if base in registry:
                return registry[base]
        return function

    def register(cls, implementation=None):
        if implementation is None:
            if isinstance(cls, type):
                return lambda f: register(cls, f)
            kind = next(iter(cls.__annotations__.values()))
            return register(kind, cls)
        registry[cls] = implementation
        return implementation

    def call(*args, **kwargs):
        if not args:
            raise TypeError(f"{function.__name__} requires at least 1 positional argument")
        return dispatch(type(args[0]))(*args, **kwargs)

    call.register = register
    call.dispatch = dispatch
    call.registry = registry
    return update_wrapper(call, function)

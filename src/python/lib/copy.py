"""Shallow and deep copies."""


class Error(Exception):
    pass


error = Error
_ATOMIC = (type(None), bool, int, float, str, bytes, type, range, type(Ellipsis), type(len), type(lambda: 0), slice, property)


def copy(x):
    if isinstance(x, _ATOMIC):
        return x
    if hasattr(x, "__copy__"):
        return x.__copy__()
    if type(x) in (tuple, frozenset):
        return x
    if type(x) in (list, dict, set):
        return x.copy()
    return _rebuilt(x, lambda value: value)


def deepcopy(x, memo=None):
    if memo is None:
        memo = {}
    if isinstance(x, _ATOMIC):
        return x
    if id(x) in memo:
        return memo[id(x)][0]
    if hasattr(x, "__deepcopy__"):
        result = x.__deepcopy__(memo)
        memo[id(x)] = (result, x)
        return result
    kind = type(x)
    if kind is list:
        result = []
        memo[id(x)] = (result, x)
        for item in x:
            result.append(deepcopy(item, memo))
    elif kind is dict:
        result = {}
        memo[id(x)] = (result, x)
        for key, value in x.items():
            result[deepcopy(key, memo)] = deepcopy(value, memo)
    elif kind is tuple:
        items = [deepcopy(item, memo) for item in x]
        if id(x) in memo:
            return memo[id(x)][0]
        result = x if all(a is b for a, b in zip(items, x)) else tuple(items)
        memo[id(x)] = (result, x)
    elif kind in (set, frozenset):
        result = kind(deepcopy(item, memo) for item in x)
        memo[id(x)] = (result, x)
    else:
        result = _rebuilt(x, lambda value: deepcopy(value, memo), lambda made: memo.__setitem__(id(x), (made, x)))
    return result


def _rebuilt(x, each, remember=lambda made: None):
    """A copy of an instance of a class, its content copied by `each`."""
    cls = type(x)
    if isinstance(x, tuple):
        made = tuple.__new__(cls, [each(item) for item in x])
    elif isinstance(x, frozenset):
        made = frozenset.__new__(cls, [each(item) for item in x])
    else:
        if not hasattr(x, "__dict__") and not hasattr(cls, "__slots__"):
            raise Error(f"cannot copy a '{cls.__name__}' object")
        made = cls.__new__(cls)
    remember(made)
    if isinstance(x, list):
        list.extend(made, [each(item) for item in list.__iter__(x)])
    elif isinstance(x, dict):
        for key, value in dict.items(x):
            dict.__setitem__(made, each(key), each(value))
    elif isinstance(x, set):
        set.update(made, [each(item) for item in set.__iter__(x)])
    for name, value in getattr(x, "__dict__", {}).items():
        made.__dict__[name] = each(value)
    for base in cls.__mro__:
        slots = base.__dict__.get("__slots__", ())
        for name in [slots] if isinstance(slots, str) else slots:
            if hasattr(x, name):
                setattr(made, name, each(getattr(x, name)))
    return made

"""Enumerations."""


class auto:
    """The next number, given when the class is made."""


def _is_member(name, value):
    if name.startswith("_") or isinstance(value, (property, classmethod, staticmethod)):
        return False
    return not hasattr(value, "__get__")


class EnumType(type):
    def __new__(meta, name, bases, namespace, **kwargs):
        found = [(key, value) for key, value in namespace.items() if _is_member(key, value)]
        plain = {key: value for key, value in namespace.items() if not _is_member(key, value)}
        for base in bases:
            if getattr(base, "_member_map_", None):
                raise TypeError(f"<enum {name!r}> cannot extend {base!r}")
        cls = super().__new__(meta, name, bases, plain, **kwargs)
        cls._member_map_ = {}
        cls._value2member_map_ = {}
        values = []
        for key, value in found:
            if isinstance(value, auto):
                value = cls._generate_next_value_(key, 1, len(values), values)
            values.append(value)
            kind = cls._value_type_()
            member = object.__new__(cls) if kind is object else kind.__new__(cls, value)
            member._name_, member._value_ = key, value
            if "__init__" in cls.__dict__:
                member.__init__(*(value if isinstance(value, tuple) else (value,)))
            for same in cls._member_map_.values():
                if same._value_ == member._value_:
                    member = same
                    break
            cls._member_map_[key] = member
            type.__setattr__(cls, key, member)
            try:
                cls._value2member_map_.setdefault(member._value_, member)
            except TypeError:
                pass
        return cls

    def __call__(cls, value, names=None, **options):
        if names is None:
            return cls._lookup(value)
        if isinstance(names, str):
            names = names.replace(",", " ").split()
        items = names.items() if isinstance(names, dict) else enumerate_names(names)
        return EnumType(value, (cls,), dict(items))

    def __iter__(cls):
        return (member for name, member in cls._member_map_.items() if name == member._name_)

    def __reversed__(cls):
        return reversed(list(cls))

    def __len__(cls):
        return sum(1 for _ in cls)

    def __bool__(cls):
        return True

    def __contains__(cls, member):
        if not isinstance(member, Enum):
            raise TypeError(
                f"unsupported operand type(s) for 'in': '{type(member).__qualname__}' and '{cls.__class__.__qualname__}'"
            )
        return isinstance(member, cls) and member._name_ in cls._member_map_

    def __getitem__(cls, name):
        return cls._member_map_[name]

    @property
    def __members__(cls):
        return dict(cls._member_map_)

    def __setattr__(cls, name, value):
        if name in cls.__dict__.get("_member_map_", {}):
            raise AttributeError(f"cannot reassign member {name!r}")
        super().__setattr__(name, value)

    def __repr__(cls):
        return f"<enum {cls.__name__!r}>"


EnumMeta = EnumType


def enumerate_names(names):
    """Names numbered from 1, or pairs as they are."""
    for i, name in enumerate(names, 1):
        yield (name, i) if isinstance(name, str) else tuple(name)


class Enum(metaclass=EnumType):
    @classmethod
    def _value_type_(cls):
        for base in cls.__mro__:
            if base in (int, str, float, tuple, bytes):
                return base
        return object

    @classmethod
    def _lookup(cls, value):
        if isinstance(value, cls):
            return value
        for member in cls._member_map_.values():
            if member._value_ == value:
                return member
        found = cls._missing_(value)
        if found is None:
            raise ValueError(f"{value!r} is not a valid {cls.__qualname__}")
        return found

    @classmethod
    def _missing_(cls, value):
        return None

    def _generate_next_value_(name, start, count, last_values):
        numbers = [value for value in last_values if isinstance(value, int)]
        return max(numbers) + 1 if numbers else start

    @property
    def name(self):
        return self._name_

    @property
    def value(self):
        return self._value_

    def __hash__(self):
        return hash(self._name_)

    def __repr__(self):
        return f"<{type(self).__name__}.{self._name_}: {self._value_!r}>"

    def __str__(self):
        return f"{type(self).__name__}.{self._name_}"

    def __format__(self, spec):
        return format(str(self), spec)

    def __copy__(self):
        return self

    def __reduce__(self):
        return (type(self), (self._value_,))

    def __deepcopy__(self, memo):
        return self


class IntEnum(int, Enum):
    def __str__(self):
        return int.__repr__(self._value_)

    def __format__(self, spec):
        return int.__format__(self._value_, spec)

    def __hash__(self):
        return hash(self._value_)


class StrEnum(str, Enum):
    def _generate_next_value_(name, start, count, last_values):
        return name.lower()

    def __str__(self):
        return self._value_

    def __format__(self, spec):
        return str.__format__(self._value_, spec)

    def __hash__(self):
        return hash(self._value_)


class Flag(Enum):
    def _generate_next_value_(name, start, count, last_values):
        numbers = [value for value in last_values if isinstance(value, int)]
        return 1 << max(numbers).bit_length() if numbers else start

    @classmethod
    def _missing_(cls, value):
        every = 0
        for member in cls:
            every |= member._value_
        if not isinstance(value, int) or value & ~every:
            return None
        made = object.__new__(cls)
        names = [member._name_ for member in cls if member._value_ and value & member._value_ == member._value_]
        made._name_ = "|".join(names) if names else None
        made._value_ = value
        return made

    def _bits(self, other):
        return other._value_ if isinstance(other, type(self)) else None

    def __or__(self, other):
        bits = self._bits(other)
        return NotImplemented if bits is None else type(self)(self._value_ | bits)

    def __and__(self, other):
        bits = self._bits(other)
        return NotImplemented if bits is None else type(self)(self._value_ & bits)

    def __xor__(self, other):
        bits = self._bits(other)
        return NotImplemented if bits is None else type(self)(self._value_ ^ bits)

    def __invert__(self):
        every = 0
        for member in type(self):
            every |= member._value_
        return type(self)(every & ~self._value_)

    def __contains__(self, other):
        return other._value_ & self._value_ == other._value_

    def __bool__(self):
        return bool(self._value_)

    def __eq__(self, other):
        return type(self) is type(other) and self._value_ == other._value_

    def __hash__(self):
        return hash(self._value_)

    def __repr__(self):
        if self._name_ is None:
            return f"<{type(self).__name__}: {self._value_!r}>"
        return f"<{type(self).__name__}.{self._name_}: {self._value_!r}>"


def unique(enumeration):
    aliases = [(name, member._name_) for name, member in enumeration._member_map_.items() if name != member._name_]
    if aliases:
        text = ", ".join(f"{alias} -> {name}" for alias, name in aliases)
        raise ValueError(f"duplicate values found in {enumeration!r}: {text}")
    return enumeration

"""Lists of numbers of one kind."""

_WHOLE = "bBhHiIlLqQ"


class array(list):
    """A list of whole numbers, or of floats when the kind is 'f' or 'd'."""

    def __init__(self, typecode, initializer=()):
        if typecode not in _WHOLE and typecode not in ("f", "d"):
            raise ValueError("bad typecode (must be b, B, u, w, h, H, i, I, l, L, q, Q, f or d)")
        self.typecode = typecode
        super().__init__(self._checked(item) for item in initializer)

    def _checked(self, item):
        if self.typecode in _WHOLE:
            if not isinstance(item, int):
                raise TypeError(f"'{type(item).__name__}' object cannot be interpreted as an integer")
            return item
        if not isinstance(item, (int, float)):
            raise TypeError("must be real number, not " + type(item).__name__)
        return float(item)

    def append(self, item):
        super().append(self._checked(item))

    def extend(self, items):
        super().extend(self._checked(item) for item in items)

    def tolist(self):
        return list(self)

    def __repr__(self):
        if not self:
            return f"array({self.typecode!r})"
        return f"array({self.typecode!r}, {list(self)!r})"

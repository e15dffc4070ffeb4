"""Abstract base classes: a class with abstract methods can't be made."""


def abstractmethod(function):
    function.__isabstractmethod__ = True
    return function


class ABCMeta(type):
    """Classes of this kind remember which of their methods are abstract (see `class_build.rs`)."""


class ABC(metaclass=ABCMeta):
    __slots__ = ()

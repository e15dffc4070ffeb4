"""What classes of `pyspark.ml` that a cell writes derive from: params, transformers, estimators, models and evaluators.

The bare classes come from `_pyspark_ml_bare`, since the engine's own stages derive from them too; their members are here.
"""

import copy

from _pyspark_ml_bare import Estimator, Evaluator, Identifiable, Model, Params, Transformer, new_uid
from abc import abstractmethod
from pyspark.ml.linalg import DenseVector, Matrix, Vector
from pyspark.ml.param import Param


def _members_of(bare):
    """Gives a bare class what the class below has."""

    def take(body):
        opened = set()
        for base in bare.__bases__:
            opened |= set(getattr(base, "__abstractmethods__", ()))
        for name, value in list(vars(body).items()):
            if name in ("__module__", "__qualname__", "__dict__", "__weakref__"):
                continue
            setattr(bare, name, value)
            (opened.add if getattr(value, "__isabstractmethod__", False) else opened.discard)(name)
        bare.__abstractmethods__ = frozenset(opened)
        return bare

    return take


def keyword_only(func):
    """Lets a method take keyword arguments alone, and keeps those that were given in `self._input_kwargs`."""

    def wrapper(self, *args, **kwargs):
        if len(args) > 0:
            raise TypeError("Method %s forces keyword arguments." % func.__name__)
        self._input_kwargs = kwargs
        return func(self, **kwargs)

    for name in ("__module__", "__name__", "__qualname__", "__doc__"):
        setattr(wrapper, name, getattr(func, name))
    wrapper.__wrapped__ = func
    return wrapper


def inherit_doc(cls):
    """Gives public methods without a doc that of the base class."""
    for name, func in vars(cls).items():
        if name.startswith("_") or not callable(func) or getattr(func, "__doc__", None):
            continue
        for parent in cls.__bases__:
            doc = getattr(getattr(parent, name, None), "__doc__", None)
            if doc:
                func.__doc__ = doc
                break
    return cls


def since(version):
    """Names the version of Spark that brought a function."""

    def deco(f):
        f.__doc__ = "%s\n\n.. versionadded:: %s" % ((f.__doc__ or "").rstrip(), version)
        return f

    return deco


class TypeConverters:
    """What turns the value that a param is given into one of the param's type."""

    @staticmethod
    def _is_numeric(value):
        kind = type(value)
        return kind in (int, float) or (kind.__name__ in ("float64", "int64") and kind.__module__ == "numpy")

    @staticmethod
    def _is_integer(value):
        return TypeConverters._is_numeric(value) and float(value).is_integer()

    @staticmethod
    def _can_convert_to_list(value):
        return type(value) in (list, tuple, range) or type(value).__name__ in ("ndarray", "array") or isinstance(value, Vector)

    @staticmethod
    def _can_convert_to_string(value):
        return isinstance(value, str)

    @staticmethod
    def identity(value):
        """The value as it is."""
        return value

    @staticmethod
    def toList(value):
        """A list of any values."""
        if isinstance(value, list):
            return value
        if isinstance(value, Vector):
            return list(value.toArray())
        if TypeConverters._can_convert_to_list(value):
            return list(value)
        raise TypeError("Could not convert %s to list" % value)

    @staticmethod
    def _list_of(value, fits, convert, what):
        if TypeConverters._can_convert_to_list(value):
            value = TypeConverters.toList(value)
            if all(fits(item) for item in value):
                return [convert(item) for item in value]
        raise TypeError("Could not convert %s to list of %s" % (value, what))

    @staticmethod
    def toListFloat(value):
        """A list of floats."""
        return TypeConverters._list_of(value, TypeConverters._is_numeric, float, "floats")

    @staticmethod
    def toListListFloat(value):
        """A list of lists of floats."""
        return TypeConverters._list_of(value, lambda item: True, TypeConverters.toListFloat, "list of floats")

    @staticmethod
    def toListInt(value):
        """A list of ints."""
        return TypeConverters._list_of(value, TypeConverters._is_integer, int, "ints")

    @staticmethod
    def toListString(value):
        """A list of strings."""
        return TypeConverters._list_of(value, TypeConverters._can_convert_to_string, TypeConverters.toString, "strings")

    @staticmethod
    def toListListString(value):
        """A list of lists of strings."""
        return TypeConverters._list_of(value, lambda item: True, TypeConverters.toListString, "list of strings")

    @staticmethod
    def toVector(value):
        """A vector, also of a list of numbers."""
        if isinstance(value, Vector):
            return value
        if TypeConverters._can_convert_to_list(value):
            value = TypeConverters.toList(value)
            if all(TypeConverters._is_numeric(item) for item in value):
                return DenseVector(value)
        raise TypeError("Could not convert %s to vector" % value)

    @staticmethod
    def toMatrix(value):
        """A matrix."""
        if isinstance(value, Matrix):
            return value
        raise TypeError("Could not convert %s to matrix" % value)

    @staticmethod
    def toFloat(value):
        """A float, also of an int."""
        if TypeConverters._is_numeric(value):
            return float(value)
        raise TypeError("Could not convert %s to float" % value)

    @staticmethod
    def toInt(value):
        """An int, also of a float without a fraction."""
        if TypeConverters._is_integer(value):
            return int(value)
        raise TypeError("Could not convert %s to int" % value)

    @staticmethod
    def toString(value):
        """A string."""
        if isinstance(value, str):
            return str(value)
        raise TypeError("Could not convert %s to string type" % type(value))

    @staticmethod
    def toBoolean(value):
        """A boolean."""
        if isinstance(value, bool):
            return value
        raise TypeError("Boolean Param requires value of type bool. Found %s." % type(value))


@_members_of(Identifiable)
class Identifiable:
    """Something with a uid of its own."""

    def __init__(self):
        self.uid = self._randomUID()

    def __repr__(self):
        return self.uid

    @classmethod
    def _randomUID(cls):
        return new_uid(cls.__name__)


@_members_of(Params)
class Params:
    """What has params: a class's attributes of type Param become the params of each of its objects."""

    def __init__(self):
        Identifiable.__init__(self)
        self._paramMap = {}
        self._defaultParamMap = {}
        self._params = None
        self._copy_params()

    def _copy_params(self):
        kind = type(self)
        for name in dir(kind):
            param = getattr(kind, name, None)
            if isinstance(param, Param):
                setattr(self, name, param._copy_new_parent(self))

    @property
    def params(self):
        """All params, by name."""
        if self._params is None:
            kind = type(self)
            names = [name for name in dir(self) if name != "params" and not isinstance(getattr(kind, name, None), property)]
            found = [getattr(self, name) for name in names]
            self._params = [value for value in found if isinstance(value, Param)]
        return self._params

    def explainParam(self, param):
        """What a param means, its default and its value."""
        param = self._resolveParam(param)
        values = ["default: %s" % (self._defaultParamMap[param],)] if param in self._defaultParamMap else []
        if param in self._paramMap:
            values.append("current: %s" % (self._paramMap[param],))
        return "%s: %s (%s)" % (param.name, param.doc, ", ".join(values) or "undefined")

    def explainParams(self):
        """What all params mean, line by line."""
        return "\n".join([self.explainParam(param) for param in self.params])

    def getParam(self, paramName):
        """The param of this name."""
        param = getattr(self, paramName)
        if isinstance(param, Param):
            return param
        raise ValueError("Cannot find param with name %s." % paramName)

    def isSet(self, param):
        """Whether the param was set."""
        return self._resolveParam(param) in self._paramMap

    def hasDefault(self, param):
        """Whether the param has a default."""
        return self._resolveParam(param) in self._defaultParamMap

    def isDefined(self, param):
        """Whether the param was set or has a default."""
        return self.isSet(param) or self.hasDefault(param)

    def hasParam(self, paramName):
        """Whether there is a param of this name."""
        if not isinstance(paramName, str):
            raise TypeError("hasParam(): paramName must be a string")
        return isinstance(getattr(self, paramName, None), Param)

    def getOrDefault(self, param):
        """The value of the param, or its default."""
        param = self._resolveParam(param)
        if param in self._paramMap:
            return self._paramMap[param]
        return self._defaultParamMap[param]

    def extractParamMap(self, extra=None):
        """All params that have a value, with those of `extra`."""
        return {**self._defaultParamMap, **self._paramMap, **(extra or {})}

    def copy(self, extra=None):
        """A copy with the same uid, and these params set."""
        that = copy.copy(self)
        that._paramMap = {}
        that._defaultParamMap = {}
        return self._copyValues(that, {} if extra is None else extra)

    def set(self, param, value):
        """Sets a param."""
        self._shouldOwn(param)
        try:
            value = param.typeConverter(value)
        except ValueError as e:
            raise ValueError('Invalid param value given for param "%s". %s' % (param.name, e))
        self._paramMap[param] = value

    def clear(self, param):
        """Forgets what a param was set to."""
        if self.isSet(param):
            del self._paramMap[param]

    def _shouldOwn(self, param):
        if not (self.uid == param.parent and self.hasParam(param.name)):
            raise ValueError("Param %r does not belong to %r." % (param, self))

    def _resolveParam(self, param):
        if isinstance(param, Param):
            self._shouldOwn(param)
            return param
        if isinstance(param, str):
            return self.getParam(param)
        raise TypeError("Cannot resolve %r as a param." % param)

    def _testOwnParam(self, param_parent, param_name):
        return self.uid == param_parent and self.hasParam(param_name)

    @staticmethod
    def _dummy():
        dummy = Params()
        dummy.uid = "undefined"
        return dummy

    def _put(self, values, given, kind):
        for name, value in given.items():
            param = getattr(self, name)
            if value is not None:
                try:
                    value = param.typeConverter(value)
                except TypeError as e:
                    raise TypeError('Invalid %sparam value given for param "%s". %s' % (kind, param.name, e))
            values[param] = value
        return self

    def _set(self, **kwargs):
        return self._put(self._paramMap, kwargs, "")

    def _setDefault(self, **kwargs):
        return self._put(self._defaultParamMap, kwargs, "default ")

    def _copyValues(self, to, extra=None):
        values = self._paramMap.copy()
        if isinstance(extra, dict):
            for param, value in extra.items():
                if not isinstance(param, Param):
                    raise TypeError("Expecting a valid instance of Param, but received: {}".format(param))
                values[param] = value
        elif extra is not None:
            raise TypeError("Expecting a dict, but received an object of type {}.".format(type(extra)))
        for param in self.params:
            if param in self._defaultParamMap and to.hasParam(param.name):
                to._defaultParamMap[to.getParam(param.name)] = self._defaultParamMap[param]
            if param in values and to.hasParam(param.name):
                to._set(**{param.name: values[param]})
        return to

    def _resetUid(self, newUid):
        own = self.params
        self.uid = str(newUid)
        maps = [(self._defaultParamMap, {}), (self._paramMap, {})]
        for param in own:
            moved = param._of_parent(self.uid)
            for old, new in maps:
                if param in old:
                    new[moved] = old[param]
            setattr(self, param.name, moved)
        self._defaultParamMap, self._paramMap = maps[0][1], maps[1][1]
        self._params = None
        return self


def _checked_map(params):
    if params is not None and not isinstance(params, dict):
        raise TypeError("Params must be a param map but got %s." % type(params))
    return params


@_members_of(Estimator)
class Estimator:
    """Learns from a DataFrame: a class of your own defines _fit(dataset), which gives a model."""

    @abstractmethod
    def _fit(self, dataset):
        """Gives the model that was learned from the rows."""
        raise NotImplementedError()

    def fitMultiple(self, dataset, paramMaps):
        """An iterator over the numbers of param maps and their models."""
        estimator = self.copy()
        return ((index, estimator.fit(dataset, params)) for index, params in enumerate(paramMaps))

    def fit(self, dataset, params=None):
        """Learns from the rows and gives a model; with a list of param maps, a list of models."""
        if params is None:
            params = {}
        if isinstance(params, (list, tuple)):
            models = [None] * len(params)
            for index, model in self.fitMultiple(dataset, params):
                models[index] = model
            return models
        if isinstance(params, dict):
            return self.copy(params)._fit(dataset) if params else self._fit(dataset)
        raise TypeError("Params must be either a param map or a list/tuple of param maps, but got %s." % type(params))


@_members_of(Transformer)
class Transformer:
    """Adds columns to a DataFrame: a class of your own defines _transform(dataset)."""

    @abstractmethod
    def _transform(self, dataset):
        """Gives the rows with the columns that it adds."""
        raise NotImplementedError()

    def transform(self, dataset, params=None):
        """The rows with the columns that it adds."""
        return self.copy(params)._transform(dataset) if _checked_map(params) else self._transform(dataset)


@_members_of(Model)
class Model:
    """A transformer that an estimator made."""


@_members_of(Evaluator)
class Evaluator:
    """Gives predictions one number: a class of your own defines _evaluate(dataset)."""

    @abstractmethod
    def _evaluate(self, dataset):
        """Gives the metric of these predictions."""
        raise NotImplementedError()

    def evaluate(self, dataset, params=None):
        """The metric of these predictions."""
        return self.copy(params)._evaluate(dataset) if _checked_map(params) else self._evaluate(dataset)

    def isLargerBetter(self):
        """Whether a greater metric is better."""
        return True

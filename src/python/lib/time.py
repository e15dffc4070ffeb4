"""Clocks, and the time of day in UTC."""

from _time import *
from _time import time as _now

timezone = 0
altzone = 0
daylight = 0
tzname = ("UTC", "UTC")
_FIELDS = ("tm_year", "tm_mon", "tm_mday", "tm_hour", "tm_min", "tm_sec", "tm_wday", "tm_yday", "tm_isdst")


class struct_time(tuple):
    def __new__(cls, sequence):
        items = tuple(sequence)
        if len(items) != 9:
            raise TypeError(f"time.struct_time() takes an at least 9-sequence ({len(items)}-sequence given)")
        return tuple.__new__(cls, items)

    def __getattr__(self, name):
        if name in _FIELDS:
            return self[_FIELDS.index(name)]
        if name == "tm_zone":
            return "UTC"
        if name == "tm_gmtoff":
            return 0
        raise AttributeError(f"'time.struct_time' object has no attribute '{name}'")

    def __repr__(self):
        return f"time.struct_time({', '.join(f'{name}={value!r}' for name, value in zip(_FIELDS, self))})"


def _datetime():
    import datetime

    return datetime


def gmtime(seconds=None):
    made = _datetime()
    seconds = _now() if seconds is None else seconds
    if not isinstance(seconds, (int, float)):
        raise TypeError(f"'{type(seconds).__name__}' object cannot be interpreted as an integer")
    when = made.datetime(1970, 1, 1) + made.timedelta(seconds=seconds // 1)
    return struct_time(when.timetuple()[:8] + (0,))


localtime = gmtime


def mktime(t):
    made = _datetime()
    return (made.datetime(*t[:6]) - made.datetime(1970, 1, 1)).total_seconds()


def strftime(format, t=None):
    t = gmtime() if t is None else t
    return _datetime().datetime(*t[:6]).strftime(format)


def strptime(string, format="%a %b %d %H:%M:%S %Y"):
    when = _datetime().datetime.strptime(string, format)
    return struct_time(when.timetuple()[:8] + (-1,))


def asctime(t=None):
    t = gmtime() if t is None else t
    return _datetime().datetime(*t[:6]).ctime()


def ctime(seconds=None):
    return asctime(gmtime(seconds))

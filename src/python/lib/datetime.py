"""Dates and times of the proleptic Gregorian calendar."""

import _time
from collections import namedtuple as _namedtuple

MINYEAR = 1
MAXYEAR = 9999
_DAYS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
_MONTHS = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December")
_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def _leap(year):
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)


def _month_days(year, month):
    return 29 if month == 2 and _leap(year) else _DAYS[month - 1]


def _before_year(year):
    y = year - 1
    return y * 365 + y // 4 - y // 100 + y // 400


def _ordinal(year, month, day):
    return _before_year(year) + sum(_month_days(year, m) for m in range(1, month)) + day


def _from_ordinal(n):
    year = max(1, n * 400 // 146097)
    while _before_year(year + 1) < n:
        year += 1
    while _before_year(year) >= n:
        year -= 1
    n -= _before_year(year)
    month = 1
    while n > _month_days(year, month):
        n -= _month_days(year, month)
        month += 1
    return year, month, n


def _whole(value):
    if isinstance(value, float):
        raise TypeError("'float' object cannot be interpreted as an integer")
    if not isinstance(value, int):
        raise TypeError(f"'{type(value).__name__}' object cannot be interpreted as an integer")
    return int(value)


def _check_date(year, month, day):
    _whole(year)
    for value, name, position in ((month, "month", 2), (day, "day", 3)):
        if value is None:
            raise TypeError(f"function missing required argument '{name}' (pos {position})")
    year, month, day = _whole(year), _whole(month), _whole(day)
    if not MINYEAR <= year <= MAXYEAR:
        raise ValueError(f"year {year} is out of range")
    if not 1 <= month <= 12:
        raise ValueError("month must be in 1..12")
    if not 1 <= day <= _month_days(year, month):
        raise ValueError("day is out of range for month")
    return year, month, day


def _check_time(hour, minute, second, microsecond):
    if not 0 <= _whole(hour) <= 23:
        raise ValueError("hour must be in 0..23")
    if not 0 <= _whole(minute) <= 59:
        raise ValueError("minute must be in 0..59")
    if not 0 <= _whole(second) <= 59:
        raise ValueError("second must be in 0..59")
    if not 0 <= _whole(microsecond) <= 999999:
        raise ValueError("microsecond must be in 0..999999")
    return hour, minute, second, microsecond


def _divide_and_round(a, b):
    """a / b to the nearest integer, halves to even."""
    q, r = divmod(a, b)
    r *= 2
    if (r > b if b > 0 else r < b) or (r == b and q % 2 == 1):
        q += 1
    return q


class timedelta:
    def __init__(self, days=0, seconds=0, microseconds=0, milliseconds=0, minutes=0, hours=0, weeks=0):
        parts = (
            (days, 86400_000000), (seconds, 1_000000), (microseconds, 1), (milliseconds, 1000),
            (minutes, 60_000000), (hours, 3600_000000), (weeks, 604800_000000),
        )  # fmt: skip
        whole, part = 0, 0.0
        for value, unit in parts:
            if isinstance(value, float):
                n, d = value.as_integer_ratio()
                whole += n * unit // d
                part += (n * unit % d) / d
            else:
                whole += value * unit
        self._set(whole + round(part))

    def _set(self, micros):
        seconds, self.microseconds = divmod(micros, 1_000000)
        self.days, self.seconds = divmod(seconds, 86400)
        if abs(self.days) > 2147483647:
            raise OverflowError("Python int too large to convert to C int")
        if abs(self.days) > 999999999:
            raise OverflowError(f"days={self.days}; must have magnitude <= 999999999")

    @classmethod
    def _of(cls, micros):
        made = object.__new__(timedelta)
        made._set(micros)
        return made

    def _micros(self):
        return (self.days * 86400 + self.seconds) * 1_000000 + self.microseconds

    def total_seconds(self):
        return self._micros() / 10**6

    def __add__(self, other):
        return timedelta._of(self._micros() + other._micros()) if isinstance(other, timedelta) else NotImplemented

    __radd__ = __add__

    def __sub__(self, other):
        return timedelta._of(self._micros() - other._micros()) if isinstance(other, timedelta) else NotImplemented

    def __neg__(self):
        return timedelta._of(-self._micros())

    def __pos__(self):
        return self

    def __abs__(self):
        return timedelta._of(abs(self._micros()))

    def __mul__(self, other):
        if isinstance(other, int):
            return timedelta._of(self._micros() * other)
        if isinstance(other, float):
            n, d = other.as_integer_ratio()
            return timedelta._of(_divide_and_round(self._micros() * n, d))
        return NotImplemented

    __rmul__ = __mul__

    def __truediv__(self, other):
        if isinstance(other, timedelta):
            return self._micros() / other._micros()
        if isinstance(other, int):
            return timedelta._of(_divide_and_round(self._micros(), other))
        if isinstance(other, float):
            n, d = other.as_integer_ratio()
            return timedelta._of(_divide_and_round(d * self._micros(), n))
        return NotImplemented

    def __floordiv__(self, other):
        if isinstance(other, timedelta):
            return self._micros() // other._micros()
        return timedelta._of(self._micros() // other) if isinstance(other, int) else NotImplemented

    def __mod__(self, other):
        return timedelta._of(self._micros() % other._micros()) if isinstance(other, timedelta) else NotImplemented

    def __eq__(self, other):
        return self._micros() == other._micros() if isinstance(other, timedelta) else NotImplemented

    def __lt__(self, other):
        return self._micros() < other._micros() if isinstance(other, timedelta) else NotImplemented

    def __le__(self, other):
        return self._micros() <= other._micros() if isinstance(other, timedelta) else NotImplemented

    def __gt__(self, other):
        return self._micros() > other._micros() if isinstance(other, timedelta) else NotImplemented

    def __ge__(self, other):
        return self._micros() >= other._micros() if isinstance(other, timedelta) else NotImplemented

    def __hash__(self):
        return hash(self._micros())

    def __bool__(self):
        return self._micros() != 0

    def __repr__(self):
        parts = [f"{name}={getattr(self, name)}" for name in ("days", "seconds", "microseconds") if getattr(self, name)]
        return f"datetime.timedelta({', '.join(parts) or '0'})"

    def __str__(self):
        minutes, seconds = divmod(self.seconds, 60)
        hours, minutes = divmod(minutes, 60)
        text = f"{hours}:{minutes:02d}:{seconds:02d}"
        if self.days:
            text = f"{self.days} day{'' if abs(self.days) == 1 else 's'}, {text}"
        return text + (f".{self.microseconds:06d}" if self.microseconds else "")


timedelta.min = timedelta(-999999999)
timedelta.max = timedelta(days=999999999, hours=23, minutes=59, seconds=59, microseconds=999999)
timedelta.resolution = timedelta(microseconds=1)


class tzinfo:
    def utcoffset(self, dt):
        raise NotImplementedError("a tzinfo subclass must implement utcoffset()")

    def tzname(self, dt):
        raise NotImplementedError("a tzinfo subclass must implement tzname()")

    def dst(self, dt):
        raise NotImplementedError("a tzinfo subclass must implement dst()")


class timezone(tzinfo):
    def __init__(self, offset, name=None):
        if not isinstance(offset, timedelta):
            raise TypeError(f"timezone() argument 1 must be datetime.timedelta, not {type(offset).__name__}")
        if not timedelta(days=-1) < offset < timedelta(days=1):
            raise ValueError(
                f"offset must be a timedelta strictly between -timedelta(hours=24) and timedelta(hours=24), not {offset!r}."
            )
        self._offset, self._name = offset, name

    def utcoffset(self, dt):
        return self._offset

    def dst(self, dt):
        return None

    def tzname(self, dt):
        if self._name is not None:
            return self._name
        return "UTC" + _offset_text(self._offset) if self._offset else "UTC"

    def __eq__(self, other):
        return self._offset == other._offset if isinstance(other, timezone) else NotImplemented

    def __hash__(self):
        return hash(self._offset)

    def __str__(self):
        return self.tzname(None)

    def __repr__(self):
        if self is timezone.utc:
            return "datetime.timezone.utc"
        name = "" if self._name is None else f", {self._name!r}"
        return f"datetime.timezone({self._offset!r}{name})"


def _offset_text(offset, colon=":"):
    sign, rest = ("-", -offset) if offset < timedelta(0) else ("+", offset)
    hours, seconds = divmod(rest.seconds, 3600)
    text = f"{sign}{hours:02d}{colon}{seconds // 60:02d}"
    return text + (f"{colon}{seconds % 60:02d}" if seconds % 60 else "")


timezone.utc = timezone(timedelta(0))
UTC = timezone.utc


class IsoCalendarDate(_namedtuple("IsoCalendarDate", "year week weekday")):
    def __repr__(self):
        return f"datetime.{super().__repr__()}"


class date:
    def __init__(self, year, month=None, day=None):
        self._year, self._month, self._day = _check_date(year, month, day)

    year = property(lambda self: self._year)
    month = property(lambda self: self._month)
    day = property(lambda self: self._day)

    @classmethod
    def today(cls):
        return cls.fromtimestamp(_time.time())

    @classmethod
    def fromtimestamp(cls, timestamp):
        return cls(*_from_ordinal(719163 + int(timestamp // 86400)))

    @classmethod
    def fromordinal(cls, n):
        return cls(*_from_ordinal(n))

    @classmethod
    def fromisoformat(cls, date_string):
        if not isinstance(date_string, str):
            raise TypeError("fromisoformat: argument must be str")
        try:
            return cls(*_iso_date(date_string))
        except (ValueError, IndexError):
            raise ValueError(f"Invalid isoformat string: {date_string!r}") from None

    def toordinal(self):
        return _ordinal(self._year, self._month, self._day)

    def weekday(self):
        return (self.toordinal() + 6) % 7

    def isoweekday(self):
        return self.weekday() + 1

    def isocalendar(self):
        year = self._year
        thursday = date.fromordinal(self.toordinal() - self.weekday() + 3)
        year = thursday.year
        week = (thursday.toordinal() - _ordinal(year, 1, 1)) // 7 + 1
        return IsoCalendarDate(year, week, self.isoweekday())

    def isoformat(self):
        return f"{self._year:04d}-{self._month:02d}-{self._day:02d}"

    def ctime(self):
        return self.strftime("%a %b ") + f"{self._day:2d}" + self.strftime(" %H:%M:%S %Y")

    def strftime(self, format):
        return _strftime(self, format)

    def __format__(self, spec):
        return self.strftime(spec) if spec else str(self)

    def replace(self, year=None, month=None, day=None):
        return type(self)(
            self._year if year is None else year, self._month if month is None else month, self._day if day is None else day
        )

    def timetuple(self):
        yday = self.toordinal() - _ordinal(self._year, 1, 1) + 1
        return (self._year, self._month, self._day, 0, 0, 0, self.weekday(), yday, -1)

    def _key(self):
        return (self._year, self._month, self._day)

    def _other(self, other):
        return isinstance(other, date) and not isinstance(other, datetime)

    def __add__(self, other):
        return type(self).fromordinal(_in_range(self.toordinal() + other.days)) if isinstance(other, timedelta) else NotImplemented

    __radd__ = __add__

    def __sub__(self, other):
        if isinstance(other, timedelta):
            return self + timedelta(-other.days)
        return timedelta(self.toordinal() - other.toordinal()) if isinstance(other, date) else NotImplemented

    def __eq__(self, other):
        return self._key() == other._key() if self._other(other) else NotImplemented

    def __lt__(self, other):
        return self._key() < other._key() if self._other(other) else NotImplemented

    def __le__(self, other):
        return self._key() <= other._key() if self._other(other) else NotImplemented

    def __gt__(self, other):
        return self._key() > other._key() if self._other(other) else NotImplemented

    def __ge__(self, other):
        return self._key() >= other._key() if self._other(other) else NotImplemented

    def __hash__(self):
        return hash(self._key())

    def __repr__(self):
        return f"datetime.date({self._year}, {self._month}, {self._day})"

    def __str__(self):
        return self.isoformat()


def _in_range(n):
    if not 1 <= n <= 3652059:
        raise OverflowError("date value out of range")
    return n


date.min, date.max, date.resolution = date(1, 1, 1), date(9999, 12, 31), timedelta(days=1)


def _digits(text):
    if not (text.isascii() and text.isdigit()):
        raise ValueError(text)
    return int(text)


def _iso_date(text):
    if len(text) == 10 and text[4] == text[7] == "-":
        return _digits(text[:4]), _digits(text[5:7]), _digits(text[8:])
    if len(text) == 8 and text.isdigit():
        return _digits(text[:4]), _digits(text[4:6]), _digits(text[6:])
    raise ValueError(text)


def _iso_time(text):
    """(hour, minute, second, microsecond, offset or None)"""
    offset = None
    if text.endswith("Z"):
        text, offset = text[:-1], timezone.utc
    else:
        for sign in "+-":
            if sign in text:
                text, _, zone = text.partition(sign)
                h, m, s, us, _none = _iso_time(zone)
                delta = timedelta(hours=h, minutes=m, seconds=s, microseconds=us)
                offset = timezone(-delta if sign == "-" else delta) if delta else timezone.utc
                break
    clock, _, fraction = text.partition(".")
    parts = clock.split(":") if ":" in clock else [clock[i : i + 2] for i in range(0, len(clock), 2)]
    if len(parts) > 3 or any(len(part) != 2 for part in parts):
        raise ValueError(text)
    numbers = [_digits(part) for part in parts] + [0, 0]
    micro = _digits((fraction + "000000")[:6]) if fraction else 0
    return numbers[0], numbers[1], numbers[2], micro, offset


class time:
    def __init__(self, hour=0, minute=0, second=0, microsecond=0, tzinfo=None):
        self._hour, self._minute, self._second, self._microsecond = _check_time(hour, minute, second, microsecond)
        self._tzinfo = tzinfo

    hour = property(lambda self: self._hour)
    minute = property(lambda self: self._minute)
    second = property(lambda self: self._second)
    microsecond = property(lambda self: self._microsecond)
    tzinfo = property(lambda self: self._tzinfo)

    @classmethod
    def fromisoformat(cls, time_string):
        try:
            return cls(*_iso_time(time_string.removeprefix("T")))
        except (ValueError, IndexError):
            raise ValueError(f"Invalid isoformat string: {time_string!r}") from None

    def utcoffset(self):
        return None if self._tzinfo is None else self._tzinfo.utcoffset(None)

    def replace(self, **changes):
        names = ("hour", "minute", "second", "microsecond", "tzinfo")
        return type(self)(*[changes.get(name, getattr(self, name)) for name in names])

    def isoformat(self, timespec="auto"):
        return _clock_text(self, timespec) + _zone_text(self.utcoffset())

    def strftime(self, format):
        return _strftime(self, format)

    def __format__(self, spec):
        return self.strftime(spec) if spec else str(self)

    def _key(self):
        return (self._hour, self._minute, self._second, self._microsecond)

    def __eq__(self, other):
        return self._key() == other._key() if isinstance(other, time) else NotImplemented

    def __lt__(self, other):
        return self._key() < other._key() if isinstance(other, time) else NotImplemented

    def __le__(self, other):
        return self._key() <= other._key() if isinstance(other, time) else NotImplemented

    def __gt__(self, other):
        return self._key() > other._key() if isinstance(other, time) else NotImplemented

    def __ge__(self, other):
        return self._key() >= other._key() if isinstance(other, time) else NotImplemented

    def __hash__(self):
        return hash(self._key())

    def __repr__(self):
        parts = [self._hour, self._minute] + ([self._second] if self._second or self._microsecond else [])
        parts += [self._microsecond] if self._microsecond else []
        zone = f", tzinfo={self._tzinfo!r}" if self._tzinfo is not None else ""
        return f"datetime.time({', '.join(map(str, parts))}{zone})"

    def __str__(self):
        return self.isoformat()


def _clock_text(t, timespec):
    if timespec == "auto":
        timespec = "microseconds" if t.microsecond else "seconds"
    text = f"{t.hour:02d}"
    if timespec != "hours":
        text += f":{t.minute:02d}"
    if timespec not in ("hours", "minutes"):
        text += f":{t.second:02d}"
    if timespec == "milliseconds":
        text += f".{t.microsecond // 1000:03d}"
    elif timespec == "microseconds":
        text += f".{t.microsecond:06d}"
    elif timespec not in ("hours", "minutes", "seconds"):
        raise ValueError("Unknown timespec value")
    return text


def _zone_text(offset):
    return "" if offset is None else _offset_text(offset)


class datetime(date):
    def __init__(self, year, month, day, hour=0, minute=0, second=0, microsecond=0, tzinfo=None, *, fold=0):
        super().__init__(year, month, day)
        self._hour, self._minute, self._second, self._microsecond = _check_time(hour, minute, second, microsecond)
        self._tzinfo, self.fold = tzinfo, fold

    hour = property(lambda self: self._hour)
    minute = property(lambda self: self._minute)
    second = property(lambda self: self._second)
    microsecond = property(lambda self: self._microsecond)
    tzinfo = property(lambda self: self._tzinfo)

    @classmethod
    def now(cls, tz=None):
        return cls.fromtimestamp(_time.time(), tz)

    @classmethod
    def utcnow(cls):
        return cls.fromtimestamp(_time.time())

    @classmethod
    def today(cls):
        return cls.now()

    @classmethod
    def fromtimestamp(cls, timestamp, tz=None):
        """Local time is UTC here."""
        micros = round(timestamp * 10**6)
        made = cls._at(719163 * 86400_000000 + micros)
        return made if tz is None else (made + tz.utcoffset(made)).replace(tzinfo=tz)

    @classmethod
    def utcfromtimestamp(cls, timestamp):
        return cls.fromtimestamp(timestamp)

    @classmethod
    def _at(cls, micros, tz=None):
        days, rest = divmod(micros, 86400_000000)
        seconds, micro = divmod(rest, 1_000000)
        minutes, second = divmod(seconds, 60)
        hour, minute = divmod(minutes, 60)
        return cls(*_from_ordinal(_in_range(days)), hour, minute, second, micro, tz)

    @classmethod
    def fromordinal(cls, n):
        return cls(*_from_ordinal(n))

    @classmethod
    def combine(cls, date, time, tzinfo=True):
        zone = time.tzinfo if tzinfo is True else tzinfo
        return cls(date.year, date.month, date.day, time.hour, time.minute, time.second, time.microsecond, zone)

    @classmethod
    def fromisoformat(cls, date_string):
        if not isinstance(date_string, str):
            raise TypeError("fromisoformat: argument must be str")
        try:
            cut = 8 if len(date_string) > 7 and date_string[4] != "-" else 10
            clock = date_string[cut + 1 :]
            if len(date_string) > cut and not clock:
                raise ValueError
            return cls(*_iso_date(date_string[:cut]), *(_iso_time(clock) if clock else ()))
        except (ValueError, IndexError) as error:
            if "must be in" in str(error) or "out of range" in str(error):
                raise
            raise ValueError(f"Invalid isoformat string: {date_string!r}") from None

    @classmethod
    def strptime(cls, date_string, format):
        return cls(*_strptime(date_string, format))

    def date(self):
        return date(self._year, self._month, self._day)

    def time(self):
        return time(self._hour, self._minute, self._second, self._microsecond)

    def timetz(self):
        return time(self._hour, self._minute, self._second, self._microsecond, self._tzinfo)

    def utcoffset(self):
        return None if self._tzinfo is None else self._tzinfo.utcoffset(self)

    def tzname(self):
        return None if self._tzinfo is None else self._tzinfo.tzname(self)

    def astimezone(self, tz=None):
        tz = timezone.utc if tz is None else tz
        utc = (self - (self.utcoffset() or timedelta(0))).replace(tzinfo=None)
        return (utc + tz.utcoffset(utc)).replace(tzinfo=tz)

    def timestamp(self):
        micros = self._micros() - 719163 * 86400_000000
        offset = self.utcoffset()
        return (micros - (0 if offset is None else offset._micros())) / 10**6

    def _micros(self):
        """Since the day before the first; naive."""
        seconds = self.toordinal() * 86400 + self._hour * 3600 + self._minute * 60 + self._second
        return seconds * 1_000000 + self._microsecond

    def replace(self, **changes):
        names = ("year", "month", "day", "hour", "minute", "second", "microsecond", "tzinfo")
        return type(self)(*[changes.get(name, getattr(self, name)) for name in names])

    def timetuple(self):
        yday = self.toordinal() - _ordinal(self._year, 1, 1) + 1
        return (self._year, self._month, self._day, self._hour, self._minute, self._second, self.weekday(), yday, -1)

    def isoformat(self, sep="T", timespec="auto"):
        return date.isoformat(self) + sep + _clock_text(self, timespec) + _zone_text(self.utcoffset())

    def __add__(self, other):
        if not isinstance(other, timedelta):
            return NotImplemented
        return type(self)._at(self._micros() + other._micros(), self._tzinfo)

    __radd__ = __add__

    def __sub__(self, other):
        if isinstance(other, timedelta):
            return self + -other
        if not isinstance(other, datetime):
            return NotImplemented
        mine, theirs = self.utcoffset(), other.utcoffset()
        if (mine is None) != (theirs is None):
            raise TypeError("can't subtract offset-naive and offset-aware datetimes")
        difference = timedelta._of(self._micros() - other._micros())
        return difference if mine is None else difference - mine + theirs

    def _key(self):
        offset = self.utcoffset()
        return self._micros() - (0 if offset is None else offset._micros())

    def _other(self, other):
        return isinstance(other, datetime)

    def _ordered(self, other):
        if not isinstance(other, datetime):
            if isinstance(other, date):
                raise TypeError(f"can't compare {type(self).__module__}.{type(self).__name__} to {type(other).__module__}.{type(other).__name__}")
            return False
        if (self.utcoffset() is None) != (other.utcoffset() is None):
            raise TypeError("can't compare offset-naive and offset-aware datetimes")
        return True

    def __eq__(self, other):
        if not isinstance(other, datetime):
            return NotImplemented
        return (self.utcoffset() is None) == (other.utcoffset() is None) and self._key() == other._key()

    def __lt__(self, other):
        return self._key() < other._key() if self._ordered(other) else NotImplemented

    def __le__(self, other):
        return self._key() <= other._key() if self._ordered(other) else NotImplemented

    def __gt__(self, other):
        return self._key() > other._key() if self._ordered(other) else NotImplemented

    def __ge__(self, other):
        return self._key() >= other._key() if self._ordered(other) else NotImplemented

    def __hash__(self):
        return hash(self._key())

    def __repr__(self):
        parts = [self._year, self._month, self._day, self._hour, self._minute, self._second, self._microsecond]
        while len(parts) > 5 and parts[-1] == 0:
            parts.pop()
        zone = f", tzinfo={self._tzinfo!r}" if self._tzinfo is not None else ""
        return f"datetime.datetime({', '.join(map(str, parts))}{zone})"

    def __str__(self):
        return self.isoformat(" ")


datetime.min, datetime.max = datetime(1, 1, 1), datetime(9999, 12, 31, 23, 59, 59, 999999)
datetime.resolution = timedelta(microseconds=1)


def _strftime(when, format):
    get = lambda name, default=0: getattr(when, name, default)
    dated = isinstance(when, date)
    year, month, day = (when.year, when.month, when.day) if dated else (1900, 1, 1)
    weekday = when.weekday() if dated else 0
    yday = _ordinal(year, month, day) - _before_year(year)
    hour = get("hour")
    offset = when.utcoffset() if hasattr(when, "utcoffset") else None
    out, i = [], 0
    while i < len(format):
        if format[i] != "%" or i + 1 == len(format):
            out.append(format[i])
            i += 1
            continue
        c = format[i + 1]
        i += 2
        if c == "Y":
            out.append(str(year))
        elif c == "m":
            out.append(f"{month:02d}")
        elif c == "d":
            out.append(f"{day:02d}")
        elif c == "e":
            out.append(f"{day:2d}")
        elif c == "y":
            out.append(f"{year % 100:02d}")
        elif c == "H":
            out.append(f"{hour:02d}")
        elif c == "I":
            out.append(f"{hour % 12 or 12:02d}")
        elif c == "M":
            out.append(f"{get('minute'):02d}")
        elif c == "S":
            out.append(f"{get('second'):02d}")
        elif c == "f":
            out.append(f"{get('microsecond'):06d}")
        elif c == "p":
            out.append("AM" if hour < 12 else "PM")
        elif c == "A":
            out.append(_WEEKDAYS[weekday])
        elif c == "a":
            out.append(_WEEKDAYS[weekday][:3])
        elif c == "B":
            out.append(_MONTHS[month - 1])
        elif c in "bh":
            out.append(_MONTHS[month - 1][:3])
        elif c == "j":
            out.append(f"{yday:03d}")
        elif c == "u":
            out.append(str(weekday + 1))
        elif c == "w":
            out.append(str((weekday + 1) % 7))
        elif c == "U":
            out.append(f"{(yday + 6 - (weekday + 1) % 7) // 7:02d}")
        elif c == "W":
            out.append(f"{(yday + 6 - weekday) // 7:02d}")
        elif c == "V":
            out.append(f"{when.isocalendar()[1]:02d}")
        elif c == "G":
            out.append(str(when.isocalendar()[0]))
        elif c == "F":
            out.append(_strftime(when, "%Y-%m-%d"))
        elif c == "T" or c == "X":
            out.append(_strftime(when, "%H:%M:%S"))
        elif c == "R":
            out.append(_strftime(when, "%H:%M"))
        elif c == "D" or c == "x":
            out.append(_strftime(when, "%m/%d/%y"))
        elif c == "c":
            out.append(_strftime(when, "%a %b %e %H:%M:%S %Y"))
        elif c == "z":
            out.append("" if offset is None else _offset_text(offset, ""))
        elif c == "Z":
            out.append("" if offset is None else when.tzinfo.tzname(when))
        elif c == "n":
            out.append("\n")
        elif c == "t":
            out.append("\t")
        elif c == "%":
            out.append("%")
        else:
            out.append("%" + c)
    return "".join(out)


_EXPANDED = {"F": "%Y-%m-%d", "T": "%H:%M:%S", "X": "%H:%M:%S", "D": "%m/%d/%y", "x": "%m/%d/%y", "R": "%H:%M", "c": "%a %b %d %H:%M:%S %Y"}


def _strptime(text, format):
    fields = {"Y": 1900, "m": 1, "d": 1, "H": 0, "M": 0, "S": 0, "f": 0}
    zone, pm, yday = None, None, None
    mismatch = ValueError(f"time data {text!r} does not match format {format!r}")
    widths = {"Y": (4, 4), "m": (1, 2), "d": (1, 2), "H": (1, 2), "I": (1, 2), "M": (1, 2), "S": (1, 2), "f": (1, 6), "y": (2, 2), "j": (1, 3)}

    def number(at, least, most):
        end = at
        while end < len(text) and end - at < most and "0" <= text[end] <= "9":
            end += 1
        if end - at < least:
            raise mismatch
        return text[at:end], end

    def word(at, names):
        for k in sorted(range(len(names)), key=lambda k: -len(names[k])):
            if text[at : at + len(names[k])].lower() == names[k].lower():
                return k, at + len(names[k])
        raise mismatch

    for key, value in _EXPANDED.items():
        format = format.replace("%" + key, value)
    at, i = 0, 0
    while i < len(format):
        c = format[i]
        if c.isspace():
            while i < len(format) and format[i].isspace():
                i += 1
            if at >= len(text) or not text[at].isspace():
                raise mismatch
            while at < len(text) and text[at].isspace():
                at += 1
            continue
        if c != "%":
            if text[at : at + 1] != c:
                raise mismatch
            at, i = at + 1, i + 1
            continue
        kind = format[i + 1 : i + 2]
        i += 2
        if kind in widths:
            digits, at = number(at, *widths[kind])
            if kind == "y":
                fields["Y"] = int(digits) + (2000 if int(digits) < 69 else 1900)
            elif kind == "f":
                fields["f"] = int((digits + "000000")[:6])
            elif kind == "j":
                yday = int(digits)
            else:
                fields[kind] = int(digits)
            limits = {"m": 12, "d": 31, "H": 23, "M": 59, "S": 61, "I": 12}
            if kind in limits and int(digits) > limits[kind]:
                raise mismatch if kind != "d" else ValueError(f"unconverted data remains: {text[at - 1:]}")
        elif kind == "p":
            pm, at = word(at, ("AM", "PM"))
        elif kind == "B":
            month, at = word(at, _MONTHS)
            fields["m"] = month + 1
        elif kind == "b":
            month, at = word(at, [name[:3] for name in _MONTHS])
            fields["m"] = month + 1
        elif kind == "A":
            _, at = word(at, _WEEKDAYS)
        elif kind == "a":
            _, at = word(at, [name[:3] for name in _WEEKDAYS])
        elif kind == "z":
            if text[at : at + 1] == "Z":
                zone, at = timezone.utc, at + 1
            else:
                sign = text[at : at + 1]
                if sign not in ("+", "-"):
                    raise mismatch
                hours, at = number(at + 1, 2, 2)
                at += text[at : at + 1] == ":"
                minutes, at = number(at, 2, 2)
                delta = timedelta(hours=int(hours), minutes=int(minutes))
                zone = timezone(-delta if sign == "-" else delta)
        elif kind == "%":
            if text[at : at + 1] != "%":
                raise mismatch
            at += 1
        else:
            raise ValueError(f"{kind!r} is a bad directive in format {format!r}")
    if at != len(text):
        raise ValueError(f"unconverted data remains: {text[at:]}")
    hour = fields["H"]
    if "I" in fields:
        hour = fields["I"] % 12 + (12 if pm == 1 else 0)
    if yday is not None:
        _, fields["m"], fields["d"] = _from_ordinal(_before_year(fields["Y"]) + yday)
    return fields["Y"], fields["m"], fields["d"], hour, fields["M"], fields["S"], fields["f"], zone

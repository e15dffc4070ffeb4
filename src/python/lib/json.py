"""JSON text."""


class JSONDecodeError(ValueError):
    __module__ = "json.decoder"

    def __init__(self, msg, doc, pos):
        self.msg, self.doc, self.pos = msg, doc, pos
        self.lineno = doc.count("\n", 0, pos) + 1
        self.colno = pos - doc.rfind("\n", 0, pos)
        super().__init__(f"{msg}: line {self.lineno} column {self.colno} (char {pos})")


_ESCAPES = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t", "\f": "\\f", "\b": "\\b"}
_UNESCAPES = {'"': '"', "\\": "\\", "/": "/", "n": "\n", "r": "\r", "t": "\t", "f": "\f", "b": "\b"}


def _quoted(text, ascii_only):
    out = []
    for c in text:
        if c in _ESCAPES:
            out.append(_ESCAPES[c])
        elif c < " " or (ascii_only and c > "~" and c != "\x7f"):
            code = ord(c)
            if code > 0xFFFF:
                code -= 0x10000
                out.append(f"\\u{0xD800 + (code >> 10):04x}\\u{0xDC00 + (code & 0x3FF):04x}")
            else:
                out.append(f"\\u{code:04x}")
        else:
            out.append(c)
    return '"' + "".join(out) + '"'


def _number(value, allow_nan):
    if value != value:
        text = "NaN"
    elif value == float("inf"):
        text = "Infinity"
    elif value == float("-inf"):
        text = "-Infinity"
    else:
        return float.__repr__(value)
    if not allow_nan:
        raise ValueError(f"Out of range float values are not JSON compliant")
    return text


def dumps(obj, *, skipkeys=False, ensure_ascii=True, check_circular=True, allow_nan=True, cls=None, indent=None, separators=None, default=None, sort_keys=False):
    if isinstance(indent, int):
        indent = " " * indent
    comma, colon = separators or ((", ", ": ") if indent is None else (",", ": "))
    open_objects = set()

    def key_text(key):
        if isinstance(key, str):
            return key
        if key is True:
            return "true"
        if key is False:
            return "false"
        if key is None:
            return "null"
        if isinstance(key, int):
            return int.__repr__(key)
        if isinstance(key, float):
            return _number(key, allow_nan)
        if skipkeys:
            return None
        raise TypeError(f"keys must be str, int, float, bool or None, not {type(key).__name__}")

    def bracketed(left, right, parts, level):
        if not parts:
            return left + right
        if indent is None:
            return left + comma.join(parts) + right
        inner = "\n" + indent * (level + 1)
        return left + inner + (comma + inner).join(parts) + "\n" + indent * level + right

    def text(value, level):
        if isinstance(value, str):
            return _quoted(value, ensure_ascii)
        if value is None:
            return "null"
        if value is True:
            return "true"
        if value is False:
            return "false"
        if isinstance(value, int):
            return int.__repr__(value)
        if isinstance(value, float):
            return _number(value, allow_nan)
        if check_circular and id(value) in open_objects:
            raise ValueError("Circular reference detected")
        open_objects.add(id(value))
        if isinstance(value, (list, tuple)):
            out = bracketed("[", "]", [text(item, level + 1) for item in value], level)
        elif isinstance(value, dict):
            items = sorted(value.items()) if sort_keys else value.items()
            parts = []
            for key, item in items:
                name = key_text(key)
                if name is not None:
                    parts.append(_quoted(name, ensure_ascii) + colon + text(item, level + 1))
            out = bracketed("{", "}", parts, level)
        elif default is not None:
            out = text(default(value), level)
        else:
            raise TypeError(f"Object of type {type(value).__name__} is not JSON serializable")
        open_objects.discard(id(value))
        return out

    return text(obj, 0)


def dump(obj, fp, **options):
    fp.write(dumps(obj, **options))


def loads(s, *, cls=None, object_hook=None, parse_float=None, parse_int=None, parse_constant=None, object_pairs_hook=None):
    if isinstance(s, bytes):
        s = s.decode("utf-8")
    elif not isinstance(s, str):
        raise TypeError(f"the JSON object must be str, bytes or bytearray, not {type(s).__name__}")
    if s.startswith("\ufeff"):
        raise JSONDecodeError("Unexpected UTF-8 BOM (decode using utf-8-sig)", s, 0)
    n = len(s)

    def skip(i):
        while i < n and s[i] in " \t\n\r":
            i += 1
        return i

    def string(i):
        """The text from just after the opening quote at i - 1, and the place after the closing one."""
        begin, out = i - 1, []
        while True:
            end = i
            while end < n and s[end] not in '"\\' and s[end] >= " ":
                end += 1
            out.append(s[i:end])
            if end >= n:
                raise JSONDecodeError("Unterminated string starting at", s, begin)
            c = s[end]
            if c == '"':
                return "".join(out), end + 1
            if c != "\\":
                raise JSONDecodeError("Invalid control character at", s, end)
            if end + 1 >= n:
                raise JSONDecodeError("Unterminated string starting at", s, begin)
            escape = s[end + 1]
            if escape == "u":
                code, i = hexadecimal(end + 2), end + 6
                if 0xD800 <= code < 0xDC00 and s[i : i + 2] == "\\u":
                    low = hexadecimal(i + 2)
                    if 0xDC00 <= low < 0xE000:
                        code, i = 0x10000 + ((code - 0xD800) << 10) + (low - 0xDC00), i + 6
                out.append(chr(code))
            elif escape in _UNESCAPES:
                out.append(_UNESCAPES[escape])
                i = end + 2
            else:
                raise JSONDecodeError("Invalid \\escape", s, end)

    def hexadecimal(i):
        digits = s[i : i + 4]
        if len(digits) != 4 or any(c not in "0123456789abcdefABCDEF" for c in digits):
            raise JSONDecodeError("Invalid \\uXXXX escape", s, i - 1)
        return int(digits, 16)

    def number(i):
        begin = i
        if s[i : i + 1] == "-":
            i += 1
        if i < n and s[i] == "0":
            i += 1
        elif i < n and "1" <= s[i] <= "9":
            while i < n and "0" <= s[i] <= "9":
                i += 1
        else:
            raise JSONDecodeError("Expecting value", s, begin)
        whole = True
        if i + 1 < n and s[i] == "." and "0" <= s[i + 1] <= "9":
            whole = False
            i += 1
            while i < n and "0" <= s[i] <= "9":
                i += 1
        if i < n and s[i] in "eE":
            j = i + 1
            if j < n and s[j] in "+-":
                j += 1
            if j < n and "0" <= s[j] <= "9":
                whole = False
                i = j
                while i < n and "0" <= s[i] <= "9":
                    i += 1
        digits = s[begin:i]
        return ((parse_int or int)(digits) if whole else (parse_float or float)(digits)), i

    def value(i):
        c = s[i : i + 1]
        if c == '"':
            return string(i + 1)
        if c == "{":
            return mapping(i + 1)
        if c == "[":
            return array(i + 1)
        for word, constant in (("null", None), ("true", True), ("false", False)):
            if s.startswith(word, i):
                return constant, i + len(word)
        for word in ("NaN", "Infinity", "-Infinity"):
            if s.startswith(word, i):
                return (parse_constant or float)(word), i + len(word)
        return number(i)

    def array(i):
        items = []
        i = skip(i)
        if s[i : i + 1] == "]":
            return items, i + 1
        while True:
            item, i = value(i)
            items.append(item)
            i = skip(i)
            if s[i : i + 1] == "]":
                return items, i + 1
            if s[i : i + 1] != ",":
                raise JSONDecodeError("Expecting ',' delimiter", s, i)
            i = skip(i + 1)

    def mapping(i):
        pairs = []
        i = skip(i)
        if s[i : i + 1] == "}":
            return made(pairs), i + 1
        if s[i : i + 1] != '"':
            raise JSONDecodeError("Expecting property name enclosed in double quotes", s, i)
        while True:
            key, i = string(i + 1)
            i = skip(i)
            if s[i : i + 1] != ":":
                raise JSONDecodeError("Expecting ':' delimiter", s, i)
            item, i = value(skip(i + 1))
            pairs.append((key, item))
            i = skip(i)
            if s[i : i + 1] == "}":
                return made(pairs), i + 1
            if s[i : i + 1] != ",":
                raise JSONDecodeError("Expecting ',' delimiter", s, i)
            i = skip(i + 1)
            if s[i : i + 1] != '"':
                raise JSONDecodeError("Expecting property name enclosed in double quotes", s, i)

    def made(pairs):
        if object_pairs_hook is not None:
            return object_pairs_hook(pairs)
        return dict(pairs) if object_hook is None else object_hook(dict(pairs))

    result, end = value(skip(0))
    end = skip(end)
    if end != n:
        raise JSONDecodeError("Extra data", s, end)
    return result


def load(fp, **options):
    return loads(fp.read(), **options)

"""`df.query("age > 30 and city == 'Rome'")`: comparisons, arithmetic, `and or not in`, `@names` of the notebook, methods of columns."""

import operator
import re

_TOKEN = re.compile(r"\s*(\d+\.\d*(?:[eE][+-]?\d+)?|\d+(?:[eE][+-]?\d+)?|'[^']*'|\"[^\"]*\"|`[^`]*`|@?[A-Za-z_]\w*|\*\*|//|==|!=|<=|>=|[-+*/%<>&|~()\[\],.=])")  # fmt: skip
_COMPARE = {"==": operator.eq, "!=": operator.ne, "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge}
_LEVELS = [{"+": operator.add, "-": operator.sub}, {"*": operator.mul, "/": operator.truediv, "//": operator.floordiv, "%": operator.mod}]


class _Reader:
    def __init__(self, frame, text):
        self.frame, self.tokens, self.at = frame, [], 0
        place = 0
        text = text.strip()
        while place < len(text):
            found = _TOKEN.match(text, place)
            if found is None:
                raise SyntaxError(f"this query can't be read at {text[place:]!r}")
            self.tokens.append(found.group(1))
            place = found.end()
        self.tokens.append("")

    def take(self, *wanted):
        if self.tokens[self.at] in wanted:
            self.at += 1
            return self.tokens[self.at - 1]
        return None

    def need(self, wanted):
        if not self.take(wanted):
            raise SyntaxError(f"{wanted!r} was expected in the query before {self.tokens[self.at]!r}")

    def either(self):
        left = self.both()
        while self.take("or", "|"):
            left = left | self.both()
        return left

    def both(self):
        left = self.negated()
        while self.take("and", "&"):
            left = left & self.negated()
        return left

    def negated(self):
        return ~self.negated() if self.take("not", "~") else self.compared()

    def compared(self):
        left, result = self.sum(0), None
        while True:
            word = self.take(*_COMPARE, "in", "not")
            if not word:
                return left if result is None else result
            if word == "not":
                self.need("in")
            right = self.sum(0)
            if word in ("in", "not") or isinstance(right, list):
                found = left.isin(right)
                found = ~found if word in ("not", "!=") else found
            else:
                found = _COMPARE[word](left, right)
            result = found if result is None else result & found
            left = right

    def sum(self, level):
        if level == len(_LEVELS):
            return self.sign()
        left = self.sum(level + 1)
        while word := self.take(*_LEVELS[level]):
            left = _LEVELS[level][word](left, self.sum(level + 1))
        return left

    def sign(self):
        if self.take("-"):
            return -self.sign()
        base = self.part()
        return base ** self.sign() if self.take("**") else base

    def items(self, end):
        found, named = [], {}
        while not self.take(end):
            if self.tokens[self.at + 1] == "=":
                name = self.tokens[self.at]
                self.at += 2
                named[name] = self.either()
            else:
                found.append(self.either())
            if not self.take(",") and self.tokens[self.at] != end:
                self.need(end)
        return found, named

    def part(self):
        token = self.tokens[self.at]
        self.at += 1
        if token == "(":
            value = self.either()
            if self.take(","):
                value = [value, *self.items(")")[0]]
            else:
                self.need(")")
        elif token == "[":
            value = self.items("]")[0]
        elif token[:1] in "'\"" and token:
            value = token[1:-1]
        elif token[:1].isdigit():
            value = int(token) if token.isdigit() else float(token)
        else:
            value = self.name(token)
        while self.tokens[self.at] in (".", "[") or self.tokens[self.at] == "(" and callable(value):
            if self.take("."):
                value = getattr(value, self.tokens[self.at])
                self.at += 1
            elif self.take("["):
                value = value[self.items("]")[0][0]]
            else:
                self.at += 1
                items, named = self.items(")")
                value = value(*items, **named)
        return value

    def name(self, token):
        known = {"True": True, "False": False, "None": None}
        if token in known:
            return known[token]
        if token.startswith("@"):
            names = globals()
            if token[1:] in names:
                return names[token[1:]]
            raise NameError(f"local variable '{token[1:]}' is not defined: a query sees the notebook's names, not those of a function")
        bare = token.strip("`")
        if bare in self.frame.columns:
            return self.frame[bare]
        if bare == "index" or bare in self.frame.index.names:
            level = self.frame.index if bare == "index" else self.frame.index.get_level_values(bare)
            made = level.to_series()
            made.index = self.frame.index
            return made
        raise NameError(f"name '{bare}' is not defined") if bare else SyntaxError("the query ends too early")


def evaluate(frame, text, names):
    reader = _Reader(frame, text)
    value = reader.either()
    if reader.tokens[reader.at]:
        raise SyntaxError(f"invalid syntax in the query at {reader.tokens[reader.at]!r}")
    return value

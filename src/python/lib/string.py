"""Letters, digits and templates."""

whitespace = " \t\n\r\v\f"
ascii_lowercase = "abcdefghijklmnopqrstuvwxyz"
ascii_uppercase = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
ascii_letters = ascii_lowercase + ascii_uppercase
digits = "0123456789"
hexdigits = digits + "abcdef" + "ABCDEF"
octdigits = "01234567"
punctuation = r"""!"#$%&'()*+,-./:;<=>?@[\]^_`{|}~"""
printable = digits + ascii_letters + punctuation + whitespace


def capwords(s, sep=None):
    return (sep or " ").join(word.capitalize() for word in s.split(sep))


class Template:
    delimiter = "$"

    def __init__(self, template):
        self.template = template

    def substitute(self, mapping={}, /, **kws):
        return self._filled({**mapping, **kws}, strict=True)

    def safe_substitute(self, mapping={}, /, **kws):
        return self._filled({**mapping, **kws}, strict=False)

    def _filled(self, values, strict):
        text, out, i = self.template, [], 0
        while i < len(text):
            if text[i] != "$":
                out.append(text[i])
                i += 1
                continue
            rest = text[i + 1 :]
            if rest.startswith("$"):
                out.append("$")
                i += 2
                continue
            braced = rest.startswith("{")
            start = i + 2 if braced else i + 1
            end = start
            while end < len(text) and text[end].isascii() and (text[end].isalnum() or text[end] == "_"):
                end += 1
            name = text[start:end]
            if not name.isidentifier() or (braced and text[end : end + 1] != "}"):
                if strict:
                    before = text[:i]
                    line = before.count("\n") + 1
                    raise ValueError(f"Invalid placeholder in string: line {line}, col {i - before.rfind(chr(10))}")
                out.append("$")
                i += 1
                continue
            end += braced
            if name in values:
                out.append(str(values[name]))
            elif strict:
                raise KeyError(name)
            else:
                out.append(text[i:end])
            i = end
        return "".join(out)

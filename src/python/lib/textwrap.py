"""Text broken into lines, indented and dedented."""


def _chunks(text):
    """Words and the blanks between them, cut after hyphens within words."""
    out, word = [], ""
    for i, c in enumerate(text):
        if c == " ":
            if word and word[0] != " ":
                out.append(word)
                word = ""
            word += c
        else:
            if word and word[0] == " ":
                out.append(word)
                word = ""
            word += c
            between = i > 0 and i + 1 < len(text) and text[i - 1].isalpha() and text[i + 1].isalpha()
            if c == "-" and between and len(word) > 2:
                out.append(word)
                word = ""
    if word:
        out.append(word)
    return out


def wrap(text, width=70, *, initial_indent="", subsequent_indent="", break_long_words=True, max_lines=None, placeholder=" [...]", drop_whitespace=True, **_):
    if width <= 0:
        raise ValueError(f"invalid width {width!r} (must be > 0)")
    text = "".join(" " if c in "\t\n\x0b\x0c\r" else c for c in text.expandtabs(8))
    chunks = _chunks(text)[::-1]
    lines = []
    while chunks:
        indent = subsequent_indent if lines else initial_indent
        room = width - len(indent)
        if drop_whitespace and lines and chunks[-1].strip() == "":
            chunks.pop()
            continue
        line, length = [], 0
        while chunks and length + len(chunks[-1]) <= room:
            length += len(chunks[-1])
            line.append(chunks.pop())
        if chunks and len(chunks[-1]) > room:
            space = max(room - length, 1)
            if break_long_words:
                line.append(chunks[-1][:space])
                chunks[-1] = chunks[-1][space:]
            elif not line:
                line.append(chunks.pop())
        if drop_whitespace and line and line[-1].strip() == "":
            line.pop()
        if not line:
            continue
        if max_lines is None or len(lines) + 1 < max_lines or not any(chunk.strip() for chunk in chunks):
            lines.append(indent + "".join(line))
            continue
        while line:
            if line[-1].strip() and sum(map(len, line)) + len(placeholder) <= room:
                lines.append(indent + "".join(line) + placeholder)
                break
            line.pop()
        else:
            lines.append(indent + placeholder.lstrip())
        break
    return lines


def fill(text, width=70, **options):
    return "\n".join(wrap(text, width, **options))


def shorten(text, width, **options):
    return fill(" ".join(text.strip().split()), width, max_lines=1, **options)


def dedent(text):
    lines = text.split("\n")
    margin = None
    for i, line in enumerate(lines):
        if not line.strip(" \t"):
            lines[i] = ""
            continue
        indent = line[: len(line) - len(line.lstrip(" \t"))]
        if margin is None:
            margin = indent
        else:
            while not indent.startswith(margin):
                margin = margin[:-1]
    if margin:
        lines = [line[len(margin) :] if line.startswith(margin) else line for line in lines]
    return "\n".join(lines)


def indent(text, prefix, predicate=None):
    wanted = (lambda line: line.strip()) if predicate is None else predicate
    return "".join(prefix + line if wanted(line) else line for line in text.splitlines(True))

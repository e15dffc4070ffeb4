"""Writes the names of the characters that `"\\N{...}"` knows, from Python's unicodedata. Run it with CPython 3.11."""

import unicodedata
from pathlib import Path

# Scripts and signs that a notebook may name: the rest of Unicode's names would double the library that the page fetches.
BLOCKS = [
    (0x0020, 0x024F),  # Latin
    (0x02B0, 0x036F),  # modifiers and combining marks
    (0x0370, 0x03FF),  # Greek
    (0x0400, 0x045F),  # Cyrillic
    (0x05D0, 0x05EA),  # Hebrew letters
    (0x2000, 0x20BF),  # punctuation, superscripts, currencies
    (0x2100, 0x23FF),  # letterlike, numbers, arrows, mathematics, technical
    (0x2460, 0x27FF),  # enclosed, box drawing, blocks, shapes, symbols, dingbats
    (0x2900, 0x2BFF),  # more arrows and mathematics
    (0x3000, 0x30FF),  # CJK punctuation, kana
    (0xFB00, 0xFB06),  # ligatures
    (0xFEFF, 0xFEFF),
    (0xFFF9, 0xFFFD),
    (0x1F300, 0x1F64F),  # pictographs, emoticons
    (0x1F680, 0x1F6FF),  # transport
    (0x1F900, 0x1F9FF),  # more pictographs
]
# Control characters have no names, only aliases.
ALIASES = {
    "NULL": 0, "BELL": 0x1F514, "ALERT": 7, "BACKSPACE": 8, "CHARACTER TABULATION": 9, "HORIZONTAL TABULATION": 9, "TAB": 9, "HT": 9,
    "LINE FEED": 10, "NEW LINE": 10, "END OF LINE": 10, "LF": 10, "NL": 10, "EOL": 10, "LINE TABULATION": 11, "VERTICAL TABULATION": 11,
    "FORM FEED": 12, "FF": 12, "CARRIAGE RETURN": 13, "CR": 13, "ESCAPE": 27, "ESC": 27, "SPACE": 32, "DELETE": 127, "NEXT LINE": 133,
    "NBSP": 0xA0, "ZWJ": 0x200D, "ZWNJ": 0x200C, "ZWSP": 0x200B, "BYTE ORDER MARK": 0xFEFF, "BOM": 0xFEFF,
}  # fmt: skip

for alias, code in ALIASES.items():
    assert unicodedata.lookup(alias) == chr(code), alias

lines = []
expected = None
for first, last in BLOCKS:
    for code in range(first, last + 1):
        name = unicodedata.name(chr(code), None)
        if name is None:
            continue
        if code != expected:
            lines.append(f"@{code:X}")
        lines.append(name)
        expected = code + 1
for alias, code in ALIASES.items():
    lines += [f"@{code:X}", alias]
target = Path(__file__).parents[2] / "src/python/lib/unicode_names.txt"
target.write_text("\n".join(lines) + "\n")
print(len(lines), "lines,", target.stat().st_size, "bytes")

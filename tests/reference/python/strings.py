# --- literals and escapes
print("a\tb\\n", 'single "double"', "it's", r"raw\n", "uni\u00e9 \x41 \N{BULLET}", """three
lines""", "con" "cat")
# --- repr
print(repr("a'b"), repr('a"b'), repr("a'b\"c"), repr("\n\t\\\x00\x7f"), repr("é☃"), repr(""))
# --- indexing and slicing
s = "abcdefg"
print(s[0], s[-1], s[1:4], s[:3], s[3:], s[::-1], s[::2], s[-3:-1], s[5:1], s[10:], s[5:1:-2])
# --- unicode slicing
s = "naïve ☃ 日本語"
print(len(s), s[2], s[6], s[-3:], s[::-1], s.upper(), s.find("日"), "☃" in s)
# --- case methods
print("Hello World".lower(), "hello".upper(), "hello world".title(), "hELLO".capitalize(), "Abc".swapcase(), "ß".casefold(), "they're bill's".title())
# --- strip methods
print([" x ".strip(), " x ".lstrip(), " x ".rstrip(), "xxaxx".strip("x"), "abcba".strip("ab"), "\t\n a \r".strip()])
# --- split and join
print("a b  c".split(), "a,b,,c".split(","), "a b c d".split(" ", 2), "a b c d".rsplit(" ", 1), "".split(), "".split(","), "-".join(["x", "y", "z"]), "abc".join([]))
# --- splitlines and partition
print("a\nb\r\nc".splitlines(), "a\nb\n".splitlines(True), "k=v=w".partition("="), "k=v=w".rpartition("="), "kv".partition("="))
# --- find count replace
s = "banana"
print(s.find("an"), s.rfind("an"), s.find("x"), s.index("n"), s.count("an"), s.count("a", 2), s.replace("an", "AN"), s.replace("a", "", 2), s.find("a", 2, 4), "aaa".count("aa"), "ab".replace("", "-"))
# --- startswith endswith
print("file.csv".endswith(".csv"), "file.csv".startswith(("a", "f")), "abc".startswith("b", 1), "abc".endswith(("x", "bc")), "".startswith(""))
# --- removeprefix removesuffix
print("test_x".removeprefix("test_"), "x.py".removesuffix(".py"), "abc".removeprefix("z"))
# --- alignment
print("[" + "x".ljust(5) + "]", "[" + "x".rjust(5, ".") + "]", "[" + "x".center(6, "*") + "]", "[" + "ab".center(5) + "]", "7".zfill(3), "-7".zfill(4), "+x".zfill(4))
# --- predicates
print("abc".isalpha(), "12".isdigit(), "a1".isalnum(), " ".isspace(), "Ab".istitle(), "AB".isupper(), "ab".islower(), "a_1".isidentifier(), "1a".isidentifier(), "½".isnumeric(), "".isalpha(), "x".isascii())
# --- translate and maketrans
print("hello".translate(str.maketrans("el", "ip")), "hello".translate(str.maketrans({"h": "J", "o": None})), "abc".translate(str.maketrans("", "", "b")))
# --- expandtabs and encode
print("a\tb".expandtabs(4), "é".encode(), b"caf\xc3\xa9".decode(), "é".encode("utf-8").hex(), "abc".encode("ascii"))
# --- membership and comparison
print("an" in "banana", "x" not in "abc", "a" < "b", "Z" < "a", "abc" < "abd", "ab" < "abc", "" < "a", "a" * 3, 3 * "ab", "a" * -1)
# --- ord chr
print(ord("A"), ord("☃"), chr(97), chr(0x1F600), [chr(c) for c in range(65, 70)])
# --- iteration and enumeration
for i, c in enumerate("héy", start=1):
    print(i, c)
# --- string building
s = ""
for i in range(5):
    s += str(i) + ","
print(s, len(s), s.rstrip(","))
# --- format map and nested
print("{a} {b[0]} {c.real}".format(a=1, b=[2], c=3), "{0}{1}{0}".format("x", "y"), "{}-{}".format(1, 2), "{{}}".format(), "{x}".format_map({"x": 5}))
# --- index error
"abc"[5]
# --- bad index type
"abc"["a"]
# --- substring not found
"abc".index("z")
# --- adding a number
"a" + 1
# --- adding to a number
1 + "a"
# --- multiplying strings
"a" * "b"
# --- assigning an item
s = "abc"
s[0] = "z"
# --- joining numbers
",".join([1, 2])
# --- unknown method
"abc".uper()
# --- bytes basics
b = b"abc\x00\xff"
print(b, b[0], b[1:3], len(b), b + b"d", list(b[:2]), b"a" in b, bytes([65, 66]), bytes(3), b.hex(), b"x,y".split(b","))
# --- str of many
print(str(1), str(1.5), str(None), str([1, "a"]), str((1,)), str({"a": 1}), str({1}), str(True), str(range(3)), str(b"a"))
# --- multiplication table by formatting
for i in range(1, 4):
    print(" ".join(f"{i * j:3d}" for j in range(1, 6)))
# --- caesar cipher
def shift(text, n):
    return "".join(chr((ord(c) - 97 + n) % 26 + 97) if c.isalpha() else c for c in text)
print(shift("hello, world", 3), shift(shift("abc", 5), -5))
# --- word count
text = "the cat and the hat and the bat"
counts = {}
for word in text.split():
    counts[word] = counts.get(word, 0) + 1
print(counts, sorted(counts.items(), key=lambda kv: (-kv[1], kv[0])))

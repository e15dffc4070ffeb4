"""Format specifications, %-formats, `str.format` fields and f-strings over values of every builtin type."""

from . import chunks, dice, shown

INTS = ["0", "7", "-42", "1234567", "-9876543210", "2**70", "True"]
FLOATS = ["0.0", "-0.0", "1.5", "-2.25", "3.14159265358979", "1e16", "1.5e-7", "123456789.123", "float('inf')", "float('nan')", "1e300"]
TEXTS = ["''", "'a'", "'hello'", "'naïve ünï'", "'日本'"]
OTHERS = ["None", "[1, 2]", "(1,)", "{'a': 1}", "{1}", "int", "b'x'", "range(3)"]
ALIGNS = ["", "<", ">", "^", "=", "*<", "*>", "*^", "0=", "x="]
SIGNS = ["", "+", "-", " "]
KINDS_INT = ["", "d", "b", "o", "x", "X", "c", "n", "e", "f", "g", "%", "s", "q"]
KINDS_FLOAT = ["", "e", "E", "f", "F", "g", "G", "n", "%", "d", "s", "x"]


def spec(roll, kinds):
    return "".join([
        roll.choice(ALIGNS),
        roll.choice(SIGNS) if roll.random() < 0.5 else "",
        "#" if roll.random() < 0.2 else "",
        "0" if roll.random() < 0.2 else "",
        roll.choice(["", "", "1", "5", "10", "12", "20"]),
        roll.choice(["", "", "", ",", "_"]),
        roll.choice(["", "", ".0", ".1", ".2", ".3", ".6", ".10"]),
        roll.choice(kinds),
    ])


def percent(roll):
    return "%" + roll.choice(["", "", "-", "+", " ", "0", "#", "-+", "#0"]) + roll.choice(["", "5", "8", "12"]) + roll.choice(
        ["", "", ".0", ".1", ".3", ".8"]
    ) + roll.choice("ddifeEgGsraxXoc%q")


def programs():
    roll = dice("formats")
    for kind, values, kinds in (("int", INTS, KINDS_INT), ("float", FLOATS, KINDS_FLOAT), ("text", TEXTS, ["", "s", "s", "d"])):
        for value in values:
            for part in range(2):
                yield f"format {kind} {value} {part}", shown([f"format({value}, {spec(roll, kinds)!r})" for _ in range(14)])
    for value in OTHERS:
        yield f"format {value}", shown([f"format({value}, {text!r})" for text in ["", "s", "5", "d", ">10", ".2f"]])
    everything = INTS + FLOATS + TEXTS + OTHERS[:4]
    for part in range(16):
        yield f"percent {part}", shown([f"{percent(roll)!r} % ({roll.choice(everything)},)" for _ in range(14)])
    yield "percent of several", shown([
        "'%s-%s' % (1, 2)", "'%s' % (1, 2)", "'%s %s' % 1", "'%(a)s %(b)05.1f' % {'a': 1, 'b': 2}", "'%(a)s' % {'b': 1}", "'%*d|' % (5, 3)",
        "'%-*d|' % (5, 3)", "'%.*f' % (2, 3.14159)", "'%' % ()", "'%d' % '3'", "'%d' % 3.99", "'%x' % 3.5", "'%c' % 'ab'", "'%c' % 300",
        "'%i%%' % 12", "'%s' % [1]", "'%s' % {}", "'no' % ()", "'no' % (1,)", "'no' % {}", "'%r %a' % ('é', 'é')", "'%5s|%-5s|' % ('a', 'b')",
        "'%(x)d' % (1,)", "b'%d' % 3", "'%e' % 12345.678", "'%s' % None", "'%.2s' % 'abc'", "'%5.1f%%' % 99.55",
    ])
    fields = [
        "'{}'.format(1)", "'{} {}'.format(1)", "'{0} {1} {0}'.format('a', 'b')", "'{} {0}'.format(1)", "'{0} {}'.format(1)", "'{a}'.format(a=1)",
        "'{a}'.format()", "'{0.real}'.format(5)", "'{0[1]}'.format([1, 2])", "'{0[k]}'.format({'k': 3})", "'{0[9]}'.format([1])", "'{!r}'.format('x')",
        "'{!s:>5}'.format('x')", "'{!z}'.format('x')", "'{:{}}'.format(3, 5)", "'{:{w}.{p}f}'.format(3.14159, w=8, p=2)", "'{{}}'.format()", "'{'.format()",
        "'}'.format()", "'{0.nope}'.format(1)", "'{:>{w}}|'.format('a', w=4)", "'{a[b]}'.format(a={'b': 'c'})", "'{0!a}'.format('é')", "'{:,}'.format(10**9)",
        "'{:.3}'.format('abcdef')", "'{:%}'.format(0.5)", "'{0:b} {0:o} {0:x}'.format(255)", "'{:d}'.format('x')", "'{x.y}'.format(x=1)", "'{:=^9}'.format('mid')",
        "'{0}{1}'.format(*[1, 2])", "'{k}'.format_map({'k': 1})", "'{k}'.format_map({})", "'{:s}'.format(1)", "'{:5}|{:<5}|'.format(1, 1)", "'{:+d} {: d}'.format(3, 3)",
    ]
    for number, part in enumerate(chunks(fields, 12)):
        yield f"str.format {number}", shown(part)
    pieces = [
        "f'{x}'", "f'{x=}'", "f'{x = }'", "f'{x!r}'", "f'{y!r:>8}'", "f'{x:{w}}|'", "f'{x:>{w}}|'", "f'{z:.{p}f}'", "f'{z:{w}.{p}}'", "f'{z=:.1f}'", "f'{y=!s}'",
        "f'{{{x}}}'", "f'{x + 1=}'", "f'{d[\"k\"]}'", "f'{[i for i in range(3)]}'", "f'{ {1: 2}[1] }'", "f'{(lambda v: v * 2)(x)}'", "f'{x if x > 3 else y}'",
        "f'{y.upper()!r:*^12}'", "f'{x:>10}{y:<10}{z:^10}|'", "f'{x!s:{w}}|'", "f'''{x\n}'''", "f'{x:{\"<\"}{w}}|'", "f'a' 'b' f'{x}'", "f'{x:x} {x:#x} {x:08b}'",
        "f'{z!r}'", "f'{None}'", "f'{True:>6}|'", "f'{True:d}'", "f'{y:d}'", "f'{x:s}'", "f'{d}'", "f'{d!r:>20}'", "f'{d:>20}'", "f'{x:,}{-x:,}'", "f'{10**6:_}'",
        "f'{x:=+9}'", "f'{z:e}'", "f'{y[0]}{y[-1]}'", "f'{nope}'", "f'{x/0}'", "f'{y=:>8}'", "f'{x,}'", "f'{*d,}'", "f'{x:%}'", "f'\\N{BULLET} {x}\\t'", "rf'\\d{x}'",
    ]
    for number, part in enumerate(chunks(pieces, 12)):
        yield f"f-string {number}", "x, y, z, w, p, d = 42, 'text', 3.14159, 8, 2, {'k': 'v'}\n" + shown(part)

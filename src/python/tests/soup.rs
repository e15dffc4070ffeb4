//! Whatever text is run, the interpreter answers with a result or an exception: it never panics.

#[path = "soup_parts/calls.rs"]
mod calls;

use std::cell::Cell;
use std::rc::Rc;

use kindling_python::{Host, Interpreter, Stream};
use proptest::prelude::*;

/// Interrupts a program that runs for long.
struct Patience(Rc<Cell<u32>>);

impl Host for Patience {
    fn write(&mut self, _: Stream, _: &str) {}
    fn poll(&mut self) -> bool {
        self.0.set(self.0.get() + 1);
        self.0.get() > 20
    }
    fn now(&self) -> f64 {
        0.0
    }
    fn sleep(&mut self, _: f64) -> bool {
        true
    }
    fn entropy(&mut self) -> u64 {
        1
    }
}

fn run(source: &str) {
    let mut interpreter = Interpreter::new(Patience(Rc::default()));
    if let Err(error) = interpreter.run_cell("<cell>", source) {
        let traceback = interpreter.traceback(&error);
        assert!(!traceback.text.is_empty());
    }
    interpreter.complete("", source, source.len() / 2);
    interpreter.inspect("", source, source.len() / 3);
    interpreter.signature_help(source, source, source.len() / 2);
    interpreter.problems(&[source]);
    interpreter.occurrences(&[source, source], 1, source.len() / 2);
}

const TOKENS: &[&str] = &[
    "x",
    "y",
    "f",
    "self",
    "0",
    "1",
    "2",
    "10**3",
    "1.5",
    "'a'",
    "\"b\"",
    "f'{x}'",
    "f'{x!r:>5}'",
    "[",
    "]",
    "(",
    ")",
    "{",
    "}",
    ",",
    ":",
    ".",
    "=",
    "+",
    "-",
    "*",
    "/",
    "//",
    "%",
    "**",
    "==",
    "!=",
    "<",
    ">",
    "<=",
    ">=",
    "and",
    "or",
    "not",
    "in",
    "is",
    "if",
    "else",
    "elif",
    "for",
    "while",
    "def",
    "class",
    "return",
    "yield",
    "lambda",
    "try",
    "except",
    "finally",
    "raise",
    "with",
    "as",
    "import",
    "from",
    "pass",
    "break",
    "continue",
    "global",
    "nonlocal",
    "del",
    "assert",
    "match",
    "case",
    "None",
    "True",
    "False",
    "print",
    "len",
    "range(3)",
    "list",
    "dict",
    "str",
    "int",
    "sorted",
    "zip",
    "map",
    "\n",
    "\n    ",
    "\n        ",
    ";",
    ":=",
    "+=",
    "->",
    "@",
    "~",
    "&",
    "|",
    "^",
    "<<",
    ">>",
    "...",
    "_",
    "*args",
    "**kw",
    "x.y",
    "x[0]",
    "x[1:2]",
    "f(x)",
    "super()",
    "type(x)",
];

/// Statements that are right by themselves, to be strung together.
const STATEMENTS: &[&str] = &[
    "x = [1, 2, 3]",
    "y = {'a': 1, 'b': [x] if 'x' in globals() else None}",
    "def f(a, b=2, *c, d=4, **e):\n    return a, b, c, d, e",
    "class C:\n    z = 1\n    def __init__(self, v=0):\n        self.v = v\n    def __add__(self, o):\n        return C(self.v + o)",
    "for i in range(5):\n    x = x + [i] if isinstance(x, list) else [i]",
    "try:\n    print(f(*x, **y))\nexcept Exception as e:\n    print(type(e), e)",
    "g = (i * j for i in range(3) for j in range(i))",
    "print(list(g), [k for k in y], {k: v for k, v in y.items()})",
    "c = C(5) + 3",
    "x, *y = 'abc'",
    "while x:\n    x = x[1:]\nelse:\n    x = 0",
    "match y:\n    case [a, b]:\n        print(a)\n    case {'a': v}:\n        print(v)\n    case _:\n        pass",
    "with c as q:\n    pass",
    "x = lambda *a: a[0](a)",
    "print(x(x))",
    "del x",
    "y = sorted(y, key=lambda v: -v)",
    "raise ValueError(y) from None",
    "assert x, y",
    "x += 1",
    "x = x ** x ** x",
    "print('%s %d' % x, '{} {}'.format(*x))",
    "import math, random, collections as k",
    "x = [[]]; x[0].append(x); print(x, x == x)",
];

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, ..ProptestConfig::default() })]

    #[test]
    fn token_soup_never_panics(tokens in prop::collection::vec(prop::sample::select(TOKENS), 1..40)) {
        run(&tokens.join(" "));
    }

    #[test]
    fn any_text_never_panics(text in "\\PC{0,80}") {
        run(&text);
    }

    #[test]
    fn strung_statements_never_panic(statements in prop::collection::vec(prop::sample::select(STATEMENTS), 1..12)) {
        run(&statements.join("\n"));
    }
}

#[test]
fn deep_nesting_is_an_error() {
    for (open, middle, close) in
        [("(", "1", ")"), ("[", "", "]"), ("{", "", "}"), ("-", "1", ""), ("not ", "1", ""), ("f(", "1", ")"), ("lambda: ", "1", "")]
    {
        for depth in [50, 1_000, 100_000] {
            run(&format!("x = {}{middle}{}", open.repeat(depth), close.repeat(depth)));
        }
    }
    for part in ["1 + ", "x.y.", "a and ", "1 if 1 else ", "2 ** ", "'a' ", "x = ", "a < "] {
        run(&format!("{}z", part.repeat(20_000)));
    }
    let deep: String = (0..500).map(|level| format!("{}if 1:\n", " ".repeat(level))).collect();
    run(&format!("{deep}{}pass", " ".repeat(500)));
}

#[test]
fn endless_programs_are_stopped() {
    for program in [
        "while True: pass",
        "def f(): return f()\nf()",
        "class A:\n    def __getattr__(self, n): return getattr(self, n + 'x')\nA().b",
        "class A:\n    def __eq__(self, o): return self == o\nA() == 1",
        "class A:\n    def __repr__(self): return repr(self)\nrepr(A())",
        "x = []\nfor i in range(100000): x = [x]\nprint(x)",
        "x = []\nfor i in range(100000): x = [x]\ndel x",
        "[0] * 10**12",
        "'a' * 10**12",
        "10 ** 10 ** 10",
        "1 << 10**12",
        "sum(range(10**15))",
        "list(range(10**15))",
        "def g():\n    yield from g()\nlist(g())",
        "x = {}\nx['x'] = x\nhash(str(x))",
        "max(iter(int, 1))",
        "f = lambda: f()\nf()",
        "sorted(range(5), key=lambda k: sorted(range(5), key=k))",
        "[0] * 10**10",
        "10**10**8",
        "import numpy as np\nnp.zeros((10**6, 10**6))",
        "import numpy as np\nnp.arange(10**12)",
        "x = 'a'\nwhile True: x += x",
        "x = 3\nwhile True: x = x * x",
        "'%*d' % (10**9, 1)",
        "format(1, '1000000000')",
        "'x'.ljust(10**11)",
        "{i: i for i in iter(int, 1)}",
        "import re\nre.match('(a*)*b', 'a' * 40)",
        "def f(n):\n    try:\n        f(n + 1)\n    finally:\n        f(n + 1)\nf(0)",
        "class A:\n    def __iter__(self): return self\n    def __next__(self): return 1\nlist(A())",
        "import copy\nx = []\nfor i in range(5000): x = [x]\ncopy.deepcopy(x)",
        "import json\njson.loads('[' * 100000)",
        "import functools\n@functools.lru_cache\ndef fib(n): return fib(n + 1)\nfib(1)",
    ] {
        run(program);
    }
}

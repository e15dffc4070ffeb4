//! Calls of everything with anything: each gives a value or an exception.

use proptest::prelude::*;

use super::run;

/// What is called: `V` stands for a value to call it on.
const CALLED: &[&str] = &[
    "abs", "all", "any", "ascii", "bin", "bool", "bytes", "chr", "dict", "divmod", "enumerate", "filter", "float", "format", "frozenset", "getattr",
    "hasattr", "hash", "hex", "int", "isinstance", "issubclass", "iter", "len", "list", "map", "max", "min", "next", "oct", "ord", "pow", "print",
    "range", "repr", "reversed", "round", "set", "slice", "sorted", "str", "sum", "tuple", "type", "zip", "V.append", "V.extend", "V.insert", "V.pop",
    "V.remove", "V.sort", "V.index", "V.count", "V.split", "V.rsplit", "V.join", "V.replace", "V.center", "V.ljust", "V.zfill", "V.format", "V.strip",
    "V.find", "V.rfind", "V.partition", "V.expandtabs", "V.encode", "V.translate", "V.get", "V.update", "V.setdefault", "V.popitem", "V.union",
    "V.difference", "V.add", "V.discard", "V.to_bytes", "V.__getitem__", "V.__setitem__", "V.__delitem__", "V.__add__", "V.__mul__", "V.__contains__",
    "math.sqrt", "math.exp", "math.log", "math.pow", "math.sin", "math.tan", "math.atan2", "math.asin", "math.comb", "math.perm", "math.gcd",
    "math.lcm", "math.hypot", "math.ldexp", "math.factorial", "math.fsum", "math.isqrt", "math.floor", "math.nextafter", "math.gamma", "math.dist",
    "random.seed", "random.randint", "random.randrange", "random.sample", "random.choices", "random.gauss", "random.getrandbits", "random.shuffle",
    "itertools.islice", "itertools.product", "itertools.combinations", "itertools.accumulate", "itertools.groupby", "itertools.zip_longest",
    "json.dumps", "json.loads", "re.compile", "re.sub", "re.findall", "re.split", "statistics.mean", "statistics.stdev", "statistics.quantiles",
    "collections.Counter", "collections.deque", "collections.namedtuple", "datetime.date", "datetime.timedelta", "datetime.datetime.strptime",
    "textwrap.wrap", "string.capwords", "os.path.join", "copy.deepcopy", "functools.reduce", "functools.partial", "heapq.nsmallest",
    "np.array", "np.zeros", "np.ones", "np.full", "np.arange", "np.linspace", "np.eye", "np.reshape", "np.concatenate", "np.stack", "np.dot",
    "np.matmul", "np.outer", "np.where", "np.unique", "np.sort", "np.argsort", "np.cumsum", "np.sum", "np.mean", "np.std", "np.max", "np.argmax",
    "np.round", "np.clip", "np.repeat", "np.tile", "np.roll", "np.split", "np.diff", "np.percentile", "np.histogram", "np.bincount", "np.searchsorted",
    "np.transpose", "np.expand_dims", "np.squeeze", "np.take", "np.delete", "np.insert", "np.linalg.norm", "np.linalg.inv", "np.linalg.det",
    "np.linalg.solve", "np.random.seed", "np.random.rand", "np.random.randn", "np.random.randint", "np.random.choice", "np.random.permutation",
    "np.random.default_rng", "np.broadcast_to", "np.interp", "np.float64", "np.int64", "V.reshape", "V.transpose", "V.astype", "V.item", "V.sum",
    "V.argmax", "V.fill", "V.round", "V.dot", "V.clip",
];

const VALUES: &[&str] = &[
    "0", "1", "-1", "2", "7", "-300", "2**31", "2**63", "-2**63", "2**64", "10**30", "True", "None", "0.0", "-0.5", "1e308", "float('nan')", "float('inf')",
    "''", "'a'", "'é'", "'a b c'", "'%d'", "'{0}'", "'(a'", "'[1, 2]'", "b''", "b'xyz'", "[]", "[1, 2, 3]", "['a', None]", "[[1, 2], [3]]", "(1, 2)",
    "()", "{}", "{'a': 1}", "{1, 2}", "range(4)", "slice(1, None, -1)", "int", "len", "lambda *a: a", "iter([1, 2])", "(i for i in range(3))", "...",
    "np.array([1, 2, 3])", "np.array([[1.5, 2.0], [3.0, -1.0]])", "np.array([True, False])", "np.array([])", "np.zeros((0, 3))", "np.float64(2.5)",
    "np.array(['a', 'b'])", "np.arange(24).reshape(2, 3, 4)[:, ::-1, 1:]", "(2, -1)", "(0, 1, 2)", "object()", "Exception('e')",
];

const OPERATORS: &[&str] = &["+", "-", "*", "/", "//", "%", "**", "@", "<<", ">>", "&", "|", "^", "<", "==", "!=", "in", "is", "and", "or"];

const IMPORTS: &str = "import math, random, itertools, json, re, statistics, collections, datetime, textwrap, string, os, copy, functools, heapq\n\
    import numpy as np\n";

/// One expression that is tried.
fn expression() -> impl Strategy<Value = String> {
    let value = || prop::sample::select(VALUES);
    let call = (prop::sample::select(CALLED), value(), prop::collection::vec(value(), 0..4))
        .prop_map(|(called, on, arguments)| format!("{}({})", called.replacen('V', &format!("({on})"), 1), arguments.join(", ")));
    let operation = (value(), prop::sample::select(OPERATORS), value()).prop_map(|(a, operator, b)| format!("({a}) {operator} ({b})"));
    let item = (value(), value()).prop_map(|(object, key)| format!("({object})[{key}]"));
    let text = (value(), "[<>=^+ #0-9,_.a-zA-Z%]{0,6}").prop_map(|(value, spec)| format!("format({value}, '{spec}')"));
    prop_oneof![4 => call, 2 => operation, 1 => item, 1 => text]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 120, ..ProptestConfig::default() })]

    #[test]
    fn calls_of_anything_never_panic(expressions in prop::collection::vec(expression(), 20)) {
        let mut program = String::from(IMPORTS);
        for expression in &expressions {
            program.push_str(&format!("try:\n    x = {expression}\n    repr(x), str(x), x == x\nexcept Exception as e:\n    str(e)\n"));
        }
        run(&program);
    }
}

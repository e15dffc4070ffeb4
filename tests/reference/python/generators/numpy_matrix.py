"""NumPy: how arrays are made, printed, computed with, indexed, folded and drawn at random. Recorded with NumPy 2."""

from . import chunks, dice, shown

HEADER = "import numpy as np\n"
ARRAYS = [
    "np.array([1, 2, 3])", "np.array([1.5, -2.0, 3.25])", "np.array([[1, 2], [3, 4]])", "np.array([[1.0, 2.5], [3.0, 4.0]])", "np.array([True, False, True])", "np.arange(6).reshape(2, 3)", "np.array([])", "np.zeros(3)", "np.arange(12).reshape(2, 2, 3)",
    "np.array(5)", "np.array([0, -3, 7])", "np.array([[0.1, 0.2, 0.3], [0.4, 0.5, 0.6]])", "np.linspace(0, 1, 5)",
]
OTHERS = ["2", "0.5", "-1", "True", "[1, 2, 3]", "[10, 20]", "np.float64(2.5)", "np.int64(3)", "(1, 2, 3)"]
PRINTED = [
    "np.array([1.0, 2.0])", "np.array([0.1, 0.25, 100.5])", "np.array([1e-5, 1.0])", "np.array([1e10, 1.0])", "np.array([1e8])", "np.array([99999999.0])", "np.array([1234567.891, 0.001])", "np.array([np.nan, 1.0, np.inf])", "np.array([-np.inf, 2.5])",
    "np.array([1/3, 2/3])", "np.array([[1.5, 2], [3, 4]])", "np.array([[1, 200], [3, 4]])", "np.arange(30)", "np.arange(100)", "np.arange(2000)", "np.arange(2000).reshape(40, 50)", "np.linspace(0, 1, 11)", "np.zeros((2, 3))", "np.ones((2, 2, 2))", "np.array([True, False])",
    "np.array([])", "np.zeros((0, 3))", "np.array(['a', 'bbb'])", "np.array([-1, 10, -100])", "np.array([1e-10, 1e10])", "np.array([0.1 + 0.2])", "np.array([1e300, 1e-300])", "np.array([123456789.123])", "np.eye(3)", "np.array([0.0, -0.0])", "np.arange(24).reshape(2, 3, 4) / 7",
    "np.array([1.0, 1000.0, 0.5])", "np.array([0.00012, 0.5])", "np.array([3.0])", "np.array(3.5)", "np.float64(1.0)", "np.int64(7)", "np.array([1, 2, 3]) == 2", "np.array([1.123456789012])", "np.arange(0, 1, 0.1)", "np.arange(1500) * 0.5", "np.array([[1e-3, 1], [10, 1e3]])", "np.full((3, 12), 1234.5678)",
    "np.array([100000.0, 0.1])", "np.array([5e-324])", "np.array([[np.nan, 1], [2, np.inf]])", "np.array([1, 2.5, True])", "np.arange(10, 0, -3)", "np.array([2**53, 1], dtype=float)", "np.array([[[1]]])", "np.array([10.0 ** k for k in range(-3, 4)])", "np.linspace(-1, 1, 7).reshape(7, 1)", "np.arange(1001)", "np.random.RandomState(0).rand(3, 4)",
]
FOLDS = ["sum()", "sum(axis=0)", "mean()", "mean(axis=0)", "std()", "var(ddof=1)", "min()", "max(axis=0)", "argmax()", "argmin()", "cumsum()", "prod()", "any()", "all()", "tolist()", "round(1)", "T", "shape", "ndim", "size", "dtype", "ravel()", "flatten()", "reshape(-1)", "astype(int)", "astype(float)", "astype(bool)", "copy()", "sum(axis=-1)", "sum(axis=5)", "nonzero()", "argsort()", "clip(0, 2)", "item()", "nothing"]
FUNCTIONS = ["sqrt", "exp", "log", "abs", "sign", "floor", "ceil", "round", "square", "isnan", "isfinite", "sum", "mean", "median", "std", "var", "min", "max", "argmax", "unique", "sort", "cumsum", "diff", "sin", "cos", "log10", "log2", "log1p", "count_nonzero", "any", "all", "negative", "transpose", "ravel", "flip", "argsort", "prod", "nonzero", "ndim", "shape", "size", "atleast_2d", "zeros_like", "ones_like"]
# Of truths they give half floats, a type that there isn't here.
FLOATING = "sqrt exp log sign floor ceil round square sin cos log10 log2 log1p negative diff".split()
INDICES = ["0", "-1", "1:", ":2", "::-1", "::2", "[0, 1]", "[True, False, True]", "a > 1", "5", "None", "...", "1:2, 0", "0, 0", ":, 0", "0, :", "[0, 1], [0, 1]", "a % 2 == 0", "'x'", "1.0", "(0,)", ":, None", "-1, ...", "[]", "0, 0, 0, 0", "np.array([1, 0])", "[0], :", "..., 0"]
MADE = [
    "np.array([1, 2, 3], dtype=float)", "np.array([1.7, -1.7], dtype=int)", "np.array([[1, 2], [3]])", "np.array(['1', '2'], dtype=float)", "np.array([1, None])", "np.zeros((2, 2), dtype=int)", "np.ones(3, dtype=bool)", "np.full((2, 3), 7)", "np.full(2, 1.5)", "np.arange(5)", "np.arange(2, 10, 3)", "np.arange(1, 2, 0.25)",
    "np.arange(5.0)", "np.arange(3, 0)", "np.linspace(0, 10, 3)", "np.linspace(0, 1, 4, endpoint=False)", "np.linspace(0, 1, 3, retstep=True)", "np.logspace(0, 2, 3)", "np.eye(2, 3)", "np.identity(2)", "np.diag([1, 2])", "np.diag(np.array([[1, 2], [3, 4]]))", "np.zeros(-1)", "np.arange(0, 5, 0)",
    "np.array([1, 2]).dtype", "np.array([1.0]).dtype.name", "np.array([True]).dtype == bool", "np.array(['ab']).dtype", "np.array([1, 2.0]).dtype", "np.asarray([1, 2])", "np.array(range(4))", "np.array((1, 2))", "np.zeros_like([1, 2])", "np.tri(3)", "np.tril(np.ones((3, 3)))", "np.array([[1, 2], [3, 4]]).T", "np.array([1, 2, 3], ndmin=2)",
    "np.meshgrid([1, 2], [3, 4, 5])", "np.float64(3)", "np.float64('2.5')", "np.int64(3.9)", "np.bool_(1)", "np.pi, np.e, np.inf, np.nan", "np.array([[1, 2], [3, 4]]).tolist()", "np.array([1, 2]).item()", "np.array([7]).item()", "type(np.array([1.5])[0])", "type(np.array([1])[0].item())", "np.fromiter((x * x for x in range(4)), dtype=float)",
]
SHAPES = [
    "np.arange(6).reshape(2, 3)", "np.arange(6).reshape((3, 2))", "np.arange(6).reshape(4, 2)", "np.arange(6).reshape(-1, 2)", "np.arange(6).reshape(-1, -1)", "np.arange(6).reshape(2, -1).T", "np.concatenate([[1, 2], [3]])", "np.concatenate([np.ones((1, 2)), np.zeros((2, 2))])", "np.concatenate([np.ones((2, 1)), np.zeros((2, 2))], axis=1)",
    "np.concatenate([np.ones((1, 2)), np.zeros((1, 3))])", "np.stack([[1, 2], [3, 4]])", "np.stack([[1, 2], [3, 4]], axis=1)", "np.vstack([[1, 2], [3, 4]])", "np.hstack([[1, 2], [3, 4]])", "np.column_stack([[1, 2], [3, 4]])", "np.split(np.arange(6), 3)", "np.split(np.arange(5), 3)", "np.array_split(np.arange(5), 3)", "np.tile([1, 2], 2)", "np.tile([1, 2], (2, 2))",
    "np.repeat([1, 2], 2)", "np.repeat([[1, 2]], 2, axis=0)", "np.expand_dims([1, 2], 0).shape", "np.squeeze(np.ones((1, 2, 1))).shape", "np.append([1, 2], [3])", "np.insert([1, 2, 3], 1, 9)", "np.delete([1, 2, 3], 1)", "np.roll([1, 2, 3], 1)", "np.flip([[1, 2], [3, 4]], 0)", "np.transpose(np.arange(6).reshape(1, 2, 3)).shape", "np.swapaxes(np.ones((2, 3)), 0, 1).shape",
    "np.unique([3, 1, 2, 1])", "np.unique([3, 1, 1], return_counts=True)", "np.unique(['b', 'a', 'b'])", "np.unique([1.5, 1.5, 0])", "np.unique([2, 1, 2], return_inverse=True)", "np.where(np.array([1, -1, 2]) > 0, 'p', 'n').tolist()", "np.where([True, False], 1, 2.5)", "np.where(np.array([0, 1, 2]))", "np.argwhere(np.array([[0, 1], [1, 0]]))", "np.searchsorted([1, 2, 3], 2)", "np.searchsorted([1, 2, 3], [0, 2.5, 9], side='right')", "np.digitize([0.5, 1.5], [0, 1, 2])",
    "np.histogram([1, 2, 1, 3], bins=3)", "np.bincount([0, 1, 1, 3])", "np.isin([1, 2, 3], [2])", "np.intersect1d([1, 2, 3], [2, 3, 4])", "np.setdiff1d([1, 2, 3], [2])", "np.union1d([1, 2], [2, 3])", "np.take([10, 20, 30], [0, 2])", "np.maximum([1, 5], [3, 2])", "np.minimum(3, [1, 5])", "np.clip([1, 5, 9], 2, 6)", "np.ptp([1, 5])", "np.array_equal([1, 2], [1, 2])", "np.allclose([1.0], [1.0 + 1e-9])", "np.isclose([1, 2], [1, 2.1])",
]
ALGEBRA = [
    "np.dot([1, 2], [3, 4])", "np.dot([[1, 2], [3, 4]], [1, 1])", "np.array([[1, 2], [3, 4]]) @ np.array([[1, 0], [0, 2]])", "np.dot([1, 2], [1, 2, 3])", "np.ones((2, 3)) @ np.ones((2, 3))", "np.matmul(np.eye(2), [3, 4])", "np.outer([1, 2], [3, 4])", "np.inner([1, 2], [3, 4])", "np.linalg.norm([3, 4])", "np.linalg.norm([[1, 2], [2, 0]])", "np.linalg.norm([3, -4], 1)",
    "np.linalg.norm([3, -4], np.inf)", "np.linalg.norm([[3, 4], [6, 8]], axis=1)", "np.linalg.det([[2, 0], [0, 4]])", "np.linalg.inv([[2.0, 0], [0, 4]])", "np.linalg.solve([[2.0, 0], [0, 4]], [2, 4])", "np.linalg.inv([[1, 1], [1, 1]])", "np.linalg.inv([[1, 2]])", "np.cross([1, 0, 0], [0, 1, 0])", "np.trace([[1, 2], [3, 4]])", "np.corrcoef([1, 2, 3], [1, 2, 3])", "np.cov([1, 2, 4], [2, 4, 8])", "np.percentile([1, 2, 3, 4], 50)",
    "np.percentile([1, 2, 3, 4], [25, 75])", "np.quantile([1, 2, 3, 10], 0.9)", "np.median([[1, 2], [3, 4]])", "np.median([1, 3, 2])", "np.average([1, 2, 3], weights=[3, 2, 1])", "np.cumsum([[1, 2], [3, 4]])", "np.cumsum([[1, 2], [3, 4]], axis=1)", "np.cumprod([1, 2, 3])", "np.diff([1, 4, 9])", "np.nanmean([1, np.nan, 3])", "np.nansum([1, np.nan])", "np.polyval([1, 2, 3], 2)", "np.interp(1.5, [1, 2], [10, 20])", "np.convolve([1, 2], [1, 1])", "np.vectorize(lambda x: x * 2)([1, 2])",
    "np.gradient([1.0, 4.0, 9.0])", "np.trapezoid([1, 2, 3])", "np.float64(1) / 0", "np.int64(7) // 2", "np.float64(2) ** 0.5", "np.int64(3) + 0.5", "1 + np.float64(2)", "2 * np.int64(3)", "1 < np.float64(2)", "round(np.float64(2.567), 1)", "int(np.float64(2.9))", "f'{np.float64(2.5):.2f}'", "str(np.float64(2.5)), repr(np.int64(2))", "np.float64(2.5).item()", "isinstance(np.float64(1), float), isinstance(np.int64(1), int)",
    "sum(np.array([1.5, 2.5]))", "max(np.array([1, 5]))", "sorted(np.array([3, 1, 2]))", "list(np.array([1, 2]))", "len(np.ones((3, 2)))", "abs(np.array([-1, 2]))", "-np.array([1, 2])", "~np.array([True, False])", "2 ** np.array([1, 2])", "1 / np.array([1, 2, 4])", "np.array([1, 2]) ** -1", "np.array([7, -7]) // 2", "np.array([7, -7]) % 3", "divmod(7, 2)", "bool(np.array([1, 2]))", "bool(np.array([0]))", "3 in np.array([1, 2, 3])", "np.array([1, 2]) & np.array([3, 2])", "np.array([1.0]) & 1",
    "np.array([True]) - np.array([True])", "np.array([1, 2]) + np.array([1, 2, 3])", "hash(np.array([1]))", "{np.int64(1): 'a'}[1]", "np.array(['a', 'b']) == 'a'", "np.array([1, 2]) == None", "np.logical_and([True, False], [True, True])", "np.square(3)", "np.sqrt(2)", "np.exp(1)", "np.log(np.array([1.0, np.e]))", "np.round(2.5), np.round([1.25, 2.35], 1)", "np.float32(1)" if False else "np.hypot(3, 4)",
]
DRAWN = [
    "np.random.rand()", "np.random.rand(3)", "np.random.rand(2, 2)", "round(np.random.randn(), 12)", "np.random.randn(3)", "np.random.randn(2, 3)", "np.random.randint(10)", "np.random.randint(0, 10, 5)", "np.random.randint(1, 7, size=(2, 3))", "np.random.randint(0, 2**40, 3)", "np.random.random(2)", "np.random.uniform(1, 5, 3)", "np.random.normal(10, 2, 3)", "round(np.random.normal(), 12)", "np.random.choice([1, 2, 3], 4)", "np.random.choice(5, 3, replace=False)",
    "np.random.choice(['a', 'b'], 3, p=[0.9, 0.1]).tolist()", "np.random.permutation(6)", "(v := np.arange(5), np.random.shuffle(v), v)[2]", "np.random.exponential(2.0, 2)", "np.random.standard_normal(2)", "np.random.randint(5, 5)", "np.random.choice(5)", "np.random.randint(256, size=4)", "(v := [1, 2, 3, 4], np.random.shuffle(v), v)[2]", "np.random.choice(3, 5, replace=False)",
]
GENERATED = [
    "r.random()", "r.random(3)", "r.random((2, 2))", "r.integers(10)", "r.integers(0, 100, 5)", "r.integers(1, 7, size=(2, 3))", "r.integers(0, 2**40, 3)", "r.integers(0, 5, endpoint=True)", "round(r.normal(), 12)", "r.normal(10, 2, 4)", "r.standard_normal(5)", "r.standard_normal((2, 3))", "r.uniform(1, 5, 3)", "r.choice([1, 2, 3], 4)", "r.choice(10, 4, replace=False)", "r.choice(['a', 'b'], 3, p=[0.9, 0.1]).tolist()",
    "r.permutation(6)", "(v := np.arange(5), r.shuffle(v), v)[2]", "r.uniform()", "r.integers(5, 5)", "r.choice(5)", "r.normal(size=1000).mean()", "r.standard_normal(20000).sum().round(6)", "(v := [1, 2, 3, 4], r.shuffle(v), v)[2]", "r.integers(2**62, size=2)",
]


def programs():
    roll = dice("numpy")
    for number, part in enumerate(chunks(PRINTED, 7)):
        yield f"printing {number}", HEADER + shown(part) + "".join(f"print({expression})\n" for expression in part)
    for number, part in enumerate(chunks(MADE, 8)):
        yield f"making {number}", HEADER + shown(part)
    for number, part in enumerate(chunks(SHAPES, 8)):
        yield f"shapes {number}", HEADER + shown(part)
    for number, part in enumerate(chunks(ALGEBRA, 9)):
        yield f"algebra {number}", HEADER + shown(part)
    for operator in ("+", "-", "*", "/", "//", "%", "**", "==", "<", ">=", "!=", "&", "|"):
        calls = []
        for _ in range(14):
            left, right = roll.choice(ARRAYS), roll.choice(ARRAYS + OTHERS)
            if roll.random() < 0.3:
                left, right = right, left
            calls.append(f"{left} {operator} {right}")
        yield f"operator {operator}", HEADER + shown(calls)
    for number, array in enumerate(ARRAYS):
        yield f"methods {number} {array}", HEADER + f"a = {array}\n" + shown([f"a.{fold}" for fold in FOLDS if not ("True" in array and "round" in fold)])
        yield f"functions {number} {array}", HEADER + f"a = {array}\n" + shown([f"np.{function}(a)" for function in roll.sample(FUNCTIONS, 22) if not ("True" in array and function in FLOATING) and not ("array(5)" in array and function == "diff")])
        yield f"indices {number} {array}", HEADER + f"a = {array}\n" + shown([f"a[{index}]" for index in INDICES])
        lines = [f"try:\n    b = a.copy()\n    b[{index}] = {new}\n    print(b.tolist())\nexcept Exception as error:\n    print(type(error).__name__ + ':', error)\n" for index, new in zip(roll.sample(INDICES, 12), ["0", "9.5", "[7, 8]", "True", "a[:1]", "-1", "'x'", "1", "2.5", "100", "np.nan", "3"])]
        yield f"items set {number} {array}", HEADER + f"a = {array}\n" + "".join(lines)
    for seed in (0, 1, 42, 12345, 2**32 - 1):
        for number, part in enumerate(chunks(roll.sample(DRAWN, len(DRAWN)), 13)):
            yield f"random seeded with {seed} {number}", HEADER + f"np.random.seed({seed})\n" + shown(part)
    for seed in (0, 1, 42, 2**40, 123456789):
        for number, part in enumerate(chunks(roll.sample(GENERATED, len(GENERATED)), 13)):
            yield f"generator seeded with {seed} {number}", HEADER + f"r = np.random.default_rng({seed})\n" + shown(part)
    yield "views share", HEADER + "a = np.arange(6)\nb = a[1:4]\nb[0] = 99\nprint(a, b)\nc = a.reshape(2, 3)\nc[1, 1] = -5\nprint(a)\nd = a\nd += 1\nprint(a)\ne = a[[0, 1]]\ne[0] = 1000\nprint(a)\na[a > 10] = 0\nprint(a)\nf = a.T\nf *= 2\nprint(a, c)\n"
    yield "in place errors", HEADER + "a = np.array([1, 2])\ntry:\n    a += 0.5\nexcept Exception as e:\n    print(type(e).__name__, e)\na = a + 0.5\na += [1, 2]\nprint(a)\ntry:\n    a += np.ones((3, 2))\nexcept ValueError as e:\n    print(e)\n"
    yield "iteration", HEADER + "for row in np.arange(6).reshape(2, 3):\n    print(row, type(row).__name__)\nfor x in np.array([1.5, 2.5]):\n    print(x, repr(x))\na, b = np.array([[1, 2], [3, 4]])\nprint(a, b)\nprint([x for x in np.arange(3)])\nfor i, x in enumerate(np.array([1, 2])):\n    print(i, x)\nprint(dict(zip('ab', np.array([1.0, 2.0]))))\n"
    yield "least squares", HEADER + "x = np.array([1.0, 2.0, 3.0, 4.0])\ny = 2 * x + 1\nX = np.column_stack([np.ones_like(x), x])\nw = np.linalg.solve(X.T @ X, X.T @ y)\nprint(np.round(w, 6))\nerror = y - X @ w\nprint(np.abs(error).max() < 1e-9, np.mean(error ** 2) < 1e-18)\n"
    yield "standardise", HEADER + "a = np.array([[1.0, 200.0], [2.0, 300.0], [3.0, 500.0]])\nz = (a - a.mean(axis=0)) / a.std(axis=0)\nprint(z.round(4))\nprint(z.mean(axis=0).round(6), z.std(axis=0))\nprint(np.round(np.corrcoef(a[:, 0], a[:, 1]), 4))\n"
    yield "uncaught broadcast", HEADER + "a = np.ones((2, 3))\nb = np.ones(4)\nprint(\n    a + b\n)\n"
    yield "uncaught index", HEADER + "a = np.arange(3)\nfor i in range(5):\n    print(a[i])\n"
    yield "uncaught attribute", HEADER + "a = np.arange(3)\na.push(4)\n"
    yield "uncaught name", HEADER + "np.arrange(3)\n"
    yield "imports", "from numpy.random import default_rng\nfrom numpy.linalg import norm\nimport numpy.random as npr\nimport numpy\nfrom numpy import array, zeros as z\nprint(norm(array([3.0, 4.0])), z(2), default_rng(1).random() == npr.default_rng(1).random(), numpy.__name__)\n"

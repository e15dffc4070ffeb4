"""Functions of the standard library over arguments that fit and arguments that don't."""

from . import chunks, dice, shown

MATH_ONE = "acos acosh asin asinh atan atanh cbrt ceil cos cosh degrees erf erfc exp exp2 expm1 fabs factorial floor frexp gamma isfinite isinf isnan isqrt lgamma log log10 log1p log2 modf radians sin sinh sqrt tan tanh trunc ulp".split()
ROUGH = "cbrt erf erfc gamma lgamma sinh cosh tanh asinh acosh atanh expm1 log1p log10".split()
NUMBERS = ["0", "1", "-1", "0.5", "2", "-2.5", "1e-10", "10", "100.25", "1e308", "float('inf')", "float('nan')", "10**30", "'x'", "None", "True"]
MATH_MORE = [
    "math.atan2(1, -1)", "math.atan2(0.0, -0.0)", "math.comb(10, 3)", "math.comb(3, 10)", "math.comb(-1, 2)", "math.comb(100, 50)", "math.copysign(3, -0.0)", "math.dist([1, 2], [4, 6])", "math.dist([1], [1, 2])", "math.fmod(7, -3)",
    "math.fmod(-7, 3)", "math.fmod(1, 0)", "math.fsum([0.1] * 10)", "math.fsum([1e308, 1e308, -1e308])", "math.fsum([])", "math.gcd(12, 18)", "math.gcd()", "math.gcd(-4, 6, 8)", "math.gcd(1.5, 2)", "math.hypot(3, 4)", "math.hypot(1, 2, 3)",
    "math.hypot()", "math.isclose(1.0, 1.0 + 1e-10)", "math.isclose(1, 2)", "math.isclose(0, 1e-12)", "math.isclose(0, 1e-12, abs_tol=1e-9)", "math.isclose(1, 2, rel_tol=-1)", "math.lcm(4, 6)", "math.lcm()", "math.lcm(0, 5)", "math.ldexp(0.75, 3)",
    "math.ldexp(1, 5000)", "math.log(8, 2)", "math.log(0)", "math.log(-1)", "math.log(10, 1)", "math.log(10**400)", "math.log2(2**200)", "math.log10(1000)", "math.nextafter(1, 2)", "math.nextafter(0, -1)", "math.perm(5)", "math.perm(5, 2)",
    "math.perm(2, 5)", "math.pow(2, 0.5)", "math.pow(-8, 1/3)", "math.pow(0, -1)", "math.prod([1, 2, 3])", "math.prod([], start=7)", "math.prod([1.5, 2])", "math.remainder(7, 4)", "math.remainder(5, 2)", "math.remainder(1, 0)", "math.sumprod",
    "math.pi, math.e, math.tau, math.inf, math.nan", "math.floor(2**60 + 0.5)", "math.ceil(-0.5)", "math.trunc(-2.7)", "math.factorial(20)", "math.factorial(2.5)", "math.isqrt(10**20)", "math.sqrt(4), math.sqrt(2)", "math.exp(710)", "math.nope",
]
STATISTICS = "mean fmean geometric_mean harmonic_mean median median_low median_high median_grouped mode multimode pstdev pvariance stdev variance quantiles".split()
DATA = ["[1, 2, 3, 4]", "[1.5, 2.5, 4.0]", "[7]", "[]", "[1, 1, 2, 2, 3]", "[0.1, 0.2, 0.3]", "[10**20, 1]", "range(10)", "(2, 8)", "[True, False]", "['a', 'b', 'a']", "[-1, -2]", "iter([1, 2])", "[1, None]", "5"]
ITERTOOLS = [
    "list(accumulate([1, 2, 3]))", "list(accumulate([1, 2, 3], operator.mul))", "list(accumulate([], initial=5))", "list(accumulate([1], initial=5))", "list(batched('abc', 2))", "list(chain([1], 'ab', ()))", "list(chain.from_iterable([[1], [2, 3]]))",
    "list(combinations('abc', 2))", "list(combinations([1], 2))", "list(combinations('ab', -1))", "list(combinations_with_replacement('ab', 2))", "list(compress('abcd', [1, 0, 1]))", "list(islice(count(3), 3))", "list(islice(count(1, 0.5), 3))",
    "list(islice(cycle('ab'), 5))", "list(islice(cycle([]), 5))", "list(dropwhile(lambda v: v < 3, [1, 3, 2]))", "list(filterfalse(None, [0, 1, '']))", "[(k, list(g)) for k, g in groupby('aabba')]", "[(k, list(g)) for k, g in groupby([1, 3, 2, 4], key=lambda v: v % 2)]",
    "list(islice('abcdef', 2))", "list(islice('abcdef', 1, None, 2))", "list(islice('abc', -1))", "list(islice('abc', 0, 2, 0))", "list(pairwise('abcd'))", "list(pairwise([1]))", "list(permutations('abc', 2))", "len(list(permutations(range(5))))", "list(permutations([]))",
    "list(product('ab', [1, 2]))", "list(product('ab', repeat=2))", "list(product())", "list(product([], [1]))", "list(repeat(1, 3))", "list(repeat('x', 0))", "list(islice(repeat(5), 2))", "list(starmap(pow, [(2, 3), (3, 2)]))", "list(takewhile(bool, [1, 2, 0, 3]))",
    "[list(i) for i in tee([1, 2])]", "[list(i) for i in tee('ab', 3)]", "list(zip_longest('ab', [1]))", "list(zip_longest([1], [2, 3], fillvalue='-'))", "list(chain(1))", "list(starmap(pow, [1]))", "repeat('a', 3)", "count(5)", "count(1, 2)", "list(groupby([]))",
]
FUNCTOOLS = [
    "reduce(lambda a, b: a * b, [1, 2, 3, 4])", "reduce(lambda a, b: a + b, [])", "reduce(lambda a, b: a + b, [], 'start')", "partial(int, base=2)('101')", "partial(pow, 2)(5)", "partial(print, 'a').args", "partial(int, base=2).keywords", "partial(int).func",
    "sorted([3, 1, 2], key=cmp_to_key(lambda a, b: b - a))", "lru_cache(maxsize=2)(abs)(-3)", "cache(len)([1])", "wraps(len)(lambda x: x).__name__", "partial(partial(pow, 2), 3)()", "partial()", "reduce(1, [1, 2])", "partial(pow, 2)(1, 2, 3, 4)",
]
OPERATOR_TWO = "add sub mul truediv floordiv mod pow matmul and_ or_ xor lshift rshift lt le eq ne ge gt is_ is_not contains concat countOf indexOf getitem".split()
OPERATOR_ONE = "neg pos abs invert not_ truth index length_hint".split()
JSON = [
    "json.dumps(None)", "json.dumps([1, 2.5, 'x', True, None])", "json.dumps({'a': 1, 'b': [1, {'c': 2}]})", "json.dumps({'b': 1, 'a': 2}, sort_keys=True)", "json.dumps([1, [2]], indent=2)", "json.dumps({}, indent=2)", "json.dumps([], indent=4)", "json.dumps({'a': {}}, indent=1)",
    "json.dumps('é\\n\"\\\\')", "json.dumps('é', ensure_ascii=False)", "json.dumps({1: 2, None: 3, True: 4, 1.5: 5})", "json.dumps({(1,): 2})", "json.dumps({(1,): 2}, skipkeys=True)", "json.dumps({1, 2})", "json.dumps(object)", "json.dumps(float('nan'))", "json.dumps(float('nan'), allow_nan=False)",
    "json.dumps([1, 2], separators=(',', ':'))", "json.dumps({'a': {1}}, default=list)", "json.dumps((1, 2))", "json.dumps(1e100)", "json.dumps(10**30)", "json.dumps('\\x00\\u2028😀')", "json.loads('[1, 2.5, \"x\", true, null]')", "json.loads('{\"a\": {\"b\": []}}')", "json.loads('')", "json.loads('[1,]')",
    "json.loads('{\"a\" 1}')", "json.loads('{a: 1}')", "json.loads('nul')", "json.loads('1 2')", "json.loads('\"unterminated')", "json.loads('\"\\\\ud83d\\\\ude00\"')", "json.loads('NaN')", "json.loads('-Infinity')", "json.loads('1e5')", "json.loads('-0')", "json.loads('01')", "json.loads(b'[1]')", "json.loads(5)",
    "json.loads('{\"a\": 1, \"a\": 2}')", "json.loads('[1.0]', parse_float=str)", "json.loads('{\"k\": 1}', object_hook=lambda d: list(d.items()))", "json.loads(' [ ] ')", "json.loads('\"\\\\x\"')", "json.loads('\"\\t\"')", "json.loads('[1\\n2]')", "json.dumps('a', indent='\\t')", "json.dumps([1], indent='--')",
]
RE = [
    "re.match(r'\\d+', 'abc')", "re.match(r'\\d+', '12ab').group()", "re.search(r'(\\w)(\\d)', 'a b2 c3').groups()", "re.search(r'(?P<n>\\d+)', 'x42').groupdict()", "re.findall(r'\\w+', 'a bc d')", "re.findall(r'(\\w)(\\d)', 'a1 b2')", "re.findall(r'(a)|b', 'ab')", "re.sub(r'\\s+', ' ', 'a  b\\n c')",
    "re.sub(r'(\\w)(\\d)', r'\\2\\1', 'a1 b2')", "re.sub('a', lambda m: m.group().upper(), 'banana')", "re.sub('a', 'o', 'banana', count=1)", "re.sub(r'(?P<x>a)', r'<\\g<x>>', 'banana')", "re.subn('a', '', 'banana')", "re.split(r'[,;]', 'a,b;c')", "re.split(r'([,;])', 'a,b;c')", "re.split('x', 'abc')", "re.split(r'\\s', 'a b c', maxsplit=1)",
    "re.fullmatch('a+', 'aaa')", "re.fullmatch('a+', 'aab')", "re.compile('a(b)?c').match('ac').groups()", "re.compile('a(b)?c').match('ac').groups('-')", "[m.span() for m in re.finditer('a', 'banana')]", "re.escape('a.b*c-d e')", "re.search('(?i)HELLO', 'say hello').start()", "re.search('^b', 'a\\nb', re.M).span()",
    "re.search('a.b', 'a\\nb')", "re.search('a.b', 'a\\nb', re.S)", "re.match(r'''(?x) a  # letter\n b''', 'ab')", "re.findall(r'(?<=a)b', 'ab cb')", "re.findall(r'(?<!a)b', 'ab cb')", "re.findall(r'a(?=b)', 'ab ac')", "re.findall(r'a(?!b)', 'ab ac')", "re.findall(r'a{2,3}', 'aaaaaaa')", "re.findall(r'a+?', 'aaa')", "re.findall(r'<.*?>', '<a><b>')",
    "re.findall(r'\\bfoo\\b', 'foo food foo')", "re.match(r'(a)(b)(c)', 'abc').group(1, 3)", "re.match(r'(a)', 'a').group(2)", "re.match(r'(?P<k>a)', 'a')['k']", "re.match('a', 'a').end()", "re.compile('(')", "re.compile('[a')", "re.compile('*a')", "re.compile('a{3,1}')", "re.compile(r'(?P<1>a)')", "re.compile(r'\\1')", "re.findall('[^a-c]', 'abcd')",
    "re.findall(r'[\\w.]+@[\\w.]+', 'x a.b@c.de y')", "re.match(r'(\\w+) \\1', 'the the').group()", "re.sub('', '-', 'abc')", "re.findall('', 'ab')", "re.split('', 'abc')", "re.findall('|a', 'aa')", "re.compile('a').pattern", "re.compile('a', re.I).flags", "dict(re.compile('(?P<q>x)').groupindex)", "re.compile('ab').search('xxab', 1).span()", "re.match('a', 5)",
    "re.findall('\\\\d', '٣4')", "re.findall('(?a)\\\\w', 'éa')", "re.match('(?:a|b)+', 'abba').group()", "re.findall('(?s:.)', 'a\\n')", "re.match(r'(?P<a>x)(?P=a)', 'xx')", "re.compile('a(?#note)b').match('ab')", "re.match('(a)?(?(1)b|c)', 'ab').group()", "re.sub(r'\\d', r'\\g<0>\\g<0>', 'a1')", "re.sub('a', r'\\x', 'a')", "re.findall('é', 'É', re.I)",
]
STRING = [
    "string.ascii_letters", "string.digits", "string.punctuation", "string.whitespace", "string.hexdigits", "string.octdigits", "string.printable", "string.capwords('hello  big world')", "string.capwords('a-b c', '-')", "string.Template('$a and ${b}').substitute(a=1, b=2)", "string.Template('$a').substitute()", "string.Template('$a').safe_substitute()",
    "string.Template('$$5').substitute()", "string.Template('$1').substitute()", "string.Template('$a').substitute({'a': 3})",
]
TEXTWRAP = [
    "textwrap.wrap('the quick brown fox jumps', 10)", "textwrap.fill('the quick brown fox jumps', width=12)", "textwrap.dedent('    a\\n      b\\n    c')", "textwrap.indent('a\\nb\\n\\nc', '> ')", "textwrap.shorten('hello big world', 11)", "textwrap.shorten('hello big world', 12, placeholder='..')", "textwrap.wrap('averyveryverylongword x', 8)",
    "textwrap.wrap('')", "textwrap.fill('a b c', 80, initial_indent='* ', subsequent_indent='  ')", "textwrap.wrap('a-b-c-d e', 4)", "textwrap.indent('a\\n b', '-', lambda l: True)", "textwrap.dedent('\\ta\\n\\tb')", "textwrap.wrap('x' * 5, 0)", "textwrap.wrap('aaa bbb ccc ddd', 7, max_lines=1)", "textwrap.wrap('longword short', 5, break_long_words=False)",
]
RANDOM = [
    "r.random()", "[r.random() for _ in range(3)]", "r.randint(1, 6)", "[r.randint(0, 10**12) for _ in range(3)]", "r.randrange(10)", "r.randrange(0, 100, 7)", "r.choice('abcdef')", "r.choices('abc', k=5)", "r.choices([1, 2, 3], weights=[1, 2, 7], k=6)", "r.choices('ab', cum_weights=[1, 5], k=4)", "r.sample(range(100), 5)", "r.sample('abcdef', 6)",
    "r.sample([1, 2], 1)", "(v := list(range(10)), r.shuffle(v), v)[2]", "r.uniform(1, 10)", "r.triangular(0, 10, 3)", "r.triangular()", "r.gauss(0, 1)", "[r.gauss(5, 2) for _ in range(3)]", "r.normalvariate(0, 1)", "r.expovariate(1.5)", "r.betavariate(2, 3)", "r.gammavariate(2, 3)", "r.gammavariate(0.5, 1)", "r.lognormvariate(0, 1)", "r.paretovariate(3)",
    "r.weibullvariate(1, 2)", "r.vonmisesvariate(0, 4)", "r.getrandbits(40)", "r.getrandbits(0)", "r.randbytes(5)", "r.sample({1: 2}, 1)", "r.choice([])", "r.randint(5, 1)", "r.sample([1], 2)", "r.randrange(0)", "r.choices([], k=1)", "r.sample([1, 2], 2, counts=[3, 1])", "r.randint(1.5, 2)", "r.shuffle((1, 2))", "r.uniform('a', 1)", "r.sample(range(10**9), 3)",
]
SEEDS = ["0", "42", "-42", "2**100", "'text'", "3.5", "b'bytes'", "True", "'é'", "-0.0"]
COLLECTIONS = [
    "Counter('banana')", "Counter('banana').most_common(2)", "Counter(a=1) + Counter(a=2, b=1)", "Counter(a=3) - Counter(a=1, b=2)", "Counter('aab') & Counter('abb')", "Counter('aab') | Counter('abb')", "list(Counter(a=2, b=1).elements())", "Counter([1, 1])[5]", "Counter(a=1).total()", "Counter('ab') == Counter('ba')", "(c := Counter('aa'), c.update('ab'), c)[2]",
    "(c := Counter('aa'), c.subtract('ab'), c)[2]", "defaultdict(list)", "(d := defaultdict(int), d['x'], d)[2]", "defaultdict(5)", "defaultdict(None, a=1)['b']", "deque([1, 2, 3], maxlen=2)", "(d := deque([1, 2]), d.appendleft(0), d.rotate(1), d)[3]", "deque('abc')[1]", "deque('abc')[9]", "(d := deque(), d.pop())", "(d := deque([1, 2, 3]), d.extendleft('ab'), d)[2]",
    "deque([1, 2]) == deque([1, 2])", "deque([1]) + deque([2])", "list(reversed(deque([1, 2])))", "deque([1, 2, 1]).count(1)", "(d := deque([1, 2, 3]), d.remove(2), d)[2]", "deque([1]).index(5)", "deque([1], maxlen=-1)", "OrderedDict(a=1, b=2)", "(o := OrderedDict(a=1, b=2), o.move_to_end('a'), o)[2]", "(o := OrderedDict(a=1, b=2), o.popitem(last=False))[1]", "OrderedDict([('a', 1)]) == OrderedDict([('a', 1)])",
    "ChainMap({'a': 1}, {'a': 2, 'b': 3})['b']", "dict(ChainMap({'a': 1}, {'a': 2, 'b': 3}))", "ChainMap({'a': 1}).new_child({'b': 2})", "ChainMap({})['x']", "namedtuple('P', 'x y')(1, 2)", "namedtuple('P', ['x', 'y'])(1, y=2)._asdict()", "namedtuple('P', 'x y')(1)", "namedtuple('P', 'x y', defaults=[0])(1)", "namedtuple('P', 'x y')(1, 2)._replace(x=5)", "namedtuple('P', 'x x')", "namedtuple('P', 'x class')",
    "namedtuple('P', 'a 1b', rename=True)._fields", "namedtuple('P', 'x y')._make([1, 2])", "namedtuple('P', 'x y')(1, 2) == (1, 2)", "namedtuple('P', 'x y')(1, 2)._replace(z=1)", "namedtuple('P', 'x y')(1, 2).z", "UserDict({'a': 1})", "UserList([1, 2])", "Counter(5)", "Counter('ab') <= Counter('aabb')", "+Counter(a=-1, b=2)", "-Counter(a=-1, b=2)", "defaultdict(list, a=[1]) | {'b': 2}",
]
DATETIME = [
    "date(2024, 2, 29)", "date(2023, 2, 29)", "date(2024, 13, 1)", "date(2024, 1, 31) + timedelta(days=30)", "date(2024, 3, 1) - date(2024, 2, 1)", "datetime(2024, 5, 17, 13, 45, 30)", "datetime(2024, 5, 17, 13, 45, 30, 123).isoformat()", "str(datetime(2024, 5, 17))", "datetime(2024, 5, 17, 9, 5).strftime('%Y-%m-%d %H:%M:%S %j %a %A %b %B %p %I %y %f %%')", "datetime.strptime('2024-05-17 10:20', '%Y-%m-%d %H:%M')",
    "datetime.strptime('17 May 2024', '%d %B %Y')", "datetime.strptime('x', '%Y')", "datetime.strptime('2024-01-01 extra', '%Y-%m-%d')", "date.fromisoformat('2024-05-17')", "date.fromisoformat('nope')", "datetime.fromisoformat('2024-05-17T10:20:30')", "datetime.fromisoformat('2024-05-17 10:20:30.5+02:00')", "date(2024, 5, 17).weekday(), date(2024, 5, 17).isoweekday()", "date(2024, 5, 17).isocalendar()",
    "tuple(date(2024, 5, 17).timetuple())[:6]", "date(2024, 5, 17).replace(day=1)", "date(2024, 5, 17).toordinal()", "date.fromordinal(738000)", "timedelta(days=1, hours=25, minutes=61, seconds=61, milliseconds=5)", "str(timedelta(days=-1, seconds=5))", "timedelta(hours=5) / 2", "timedelta(hours=5) // timedelta(hours=2)", "timedelta(hours=5) % timedelta(hours=2)", "timedelta(hours=5) / timedelta(hours=2)", "timedelta(1.5).total_seconds()",
    "-timedelta(hours=1)", "abs(timedelta(-1))", "timedelta(1) * 2.5", "timedelta(1) < timedelta(2)", "timedelta(1) + 1", "time(10, 20)", "time(25, 0)", "time(10, 20, 30).isoformat()", "str(time(1, 2, 3, 4))", "datetime(2024, 1, 1, tzinfo=timezone.utc)", "datetime(2024, 1, 1, tzinfo=timezone.utc).isoformat()", "timezone(timedelta(hours=2))", "timezone.utc", "datetime(2024, 1, 1, tzinfo=timezone.utc).astimezone(timezone(timedelta(hours=-5)))",
    "datetime(2024, 1, 1) < datetime(2024, 1, 2)", "datetime(2024, 1, 1) < date(2024, 1, 2)", "datetime(2024, 1, 1) == date(2024, 1, 1)", "datetime(2024, 1, 1, 12) - datetime(2023, 12, 31)", "datetime(2024, 1, 1).date(), datetime(2024, 1, 1, 5).time()", "datetime.combine(date(2024, 1, 1), time(5))", "datetime.min, datetime.max, date.min", "datetime(1970, 1, 1, tzinfo=timezone.utc).timestamp()", "datetime.fromtimestamp(0, timezone.utc)", "date(2024, 1, 1).ctime()",
    "f'{date(2024, 5, 17):%d/%m/%y}'", "f'{datetime(2024, 5, 17):>25}|'", "datetime(2024, 1, 1) - datetime(2024, 1, 1, tzinfo=timezone.utc)", "date(1, 1, 1) - timedelta(1)", "timedelta(days=10**10)", "timedelta.max, timedelta.resolution", "datetime(2024, 5, 17, 1, 2, 3).replace(microsecond=7, hour=0)", "hash(date(2024, 1, 1)) == hash(date(2024, 1, 1))", "{date(2024, 1, 1): 1}[date(2024, 1, 1)]", "sorted([date(2024, 2, 1), date(2024, 1, 1)])", "date('2024')", "date(2024, 5)", "datetime(2024, 5, 17, 24)",
]
OTHER = {
    "copy": ("import copy", ["copy.copy([1, [2]])", "(a := [1, [2]], b := copy.deepcopy(a), b[1] is a[1], b == a)[2:]", "(a := [1, [2]], b := copy.copy(a), b[1] is a[1])[2]", "copy.deepcopy({'a': {1, 2}, 'b': (3, [4])})", "(a := [], a.append(a), copy.deepcopy(a))[2]", "copy.copy(5), copy.copy('x'), copy.copy((1,))", "copy.deepcopy(len) is len", "copy.copy({1, 2})"]),
    "heapq": ("import heapq", ["(h := [5, 1, 4], heapq.heapify(h), h)[2]", "heapq.nsmallest(2, [5, 1, 4])", "heapq.nlargest(2, [5, 1, 4], key=lambda v: -v)", "list(heapq.merge([1, 4], [2, 3]))", "heapq.heappop([])", "(h := [1, 3], heapq.heappushpop(h, 2), h)[1:]", "(h := [1, 3], heapq.heapreplace(h, 2), h)[1:]", "heapq.heappush((), 1)", "heapq.nsmallest(5, 'abc')"]),
    "bisect": ("import bisect", ["bisect.bisect([1, 2, 2, 3], 2)", "bisect.bisect_left([1, 2, 2, 3], 2)", "(a := [1, 3], bisect.insort(a, 2), a)[2]", "bisect.bisect_right([], 1)", "bisect.bisect([3, 2, 1], 2, key=lambda v: -v)", "bisect.bisect_left([1, 2], 'x')", "bisect.bisect([1, 2, 3], 2, lo=2)", "bisect.bisect([1], 1, -1)"]),
    "os.path": ("import os", ["os.path.join('a', 'b', 'c.txt')", "os.path.join('a', '/b')", "os.path.basename('/a/b.txt')", "os.path.dirname('/a/b.txt')", "os.path.splitext('a/b.tar.gz')", "os.path.splitext('.bashrc')", "os.path.split('/a/b/')", "os.path.normpath('a//b/../c/.')", "os.path.isabs('/a')", "os.path.commonprefix(['abc', 'abd'])", "os.path.join('')", "os.path.relpath('/a/b', '/a/c')", "os.path.commonpath(['/a/b', '/a/c'])", "os.path.exists('/no/such/thing')", "os.path.isfile('/no/such'), os.path.isdir('/no/such')", "os.path.join(1)", "os.sep, os.linesep, os.path.sep"]),
    "contextlib": ("import contextlib, io", ["contextlib.nullcontext(5).__enter__()", "(s := io.StringIO(), contextlib.redirect_stdout(s).__enter__() is s)[1]"] ),
    "time": ("import time", ["time.gmtime(0)[:6]", "time.strftime('%Y-%m-%d', time.gmtime(0))", "time.strftime('%H:%M:%S', time.gmtime(86399))", "type(time.time())", "time.perf_counter() <= time.perf_counter()", "time.monotonic() <= time.monotonic()", "type(time.time_ns())", "time.sleep(-1)", "time.sleep('x')", "time.sleep(0)", "time.strptime('2024-05-17', '%Y-%m-%d')[:3]"]),
    "typing": ("import typing\nfrom typing import *", ["Optional[int]", "Union[int, str]", "List[int]", "Dict[str, int]", "Tuple[int, ...]", "Callable[[int], str]", "Any", "list[int]", "dict[str, list[int]]", "int | None", "Union[int]", "Literal['a', 1]", "Union[int, None, str]", "TypeVar('T')", "cast(int, 'x')", "Iterable[int]", "tuple[int, str]", "Optional[List[int]]", "get_type_hints(lambda: 1)", "isinstance([], List)", "NewType('U', int)(5)", "isinstance(5, int | str)"]),
    "import": ("", ["__import__('no_such_module')", "__import__('math').pi"]),
    "enum": ("from enum import *", ["Enum('C', 'A B')", "list(Enum('C', 'A B'))", "Enum('C', {'A': 1}).A", "IntEnum('I', 'X Y').Y + 1", "Enum('C', 'A B')['Z']", "Enum('C', 'A B')(9)", "Enum('C', 'A B').A.name", "Flag('F', 'R W').R | Flag('G', 'R').R"]),
}


def programs():
    roll = dice("modules")
    for name in MATH_ONE:
        # Of these the C library gives other last digits on other machines.
        text = "float('%.13g' % math.{}({}))" if name in ROUGH else "math.{}({})"
        yield f"math.{name}", "import math\n" + shown([text.format(name, value) for value in NUMBERS if not (name == "factorial" and value in ("10**30", "1e308"))] + [f"math.{name}()", f"math.{name}(1, 2, 3)"])
    for part in chunks(MATH_MORE, 12):
        yield f"math more: {part[0]}", "import math\n" + shown(part)
    for name in STATISTICS:
        yield f"statistics.{name}", "import statistics\n" + shown([f"statistics.{name}({data})" for data in DATA])
    yield "statistics of two", "import statistics\n" + shown([
        "statistics.correlation([1, 2, 3], [1, 2, 3.5])", "statistics.covariance([1, 2, 3], [1, 2, 4])", "statistics.linear_regression([1, 2, 3], [2, 4, 7])", "statistics.correlation([1], [1])", "statistics.quantiles([1, 2, 3, 4, 5], n=10)", "statistics.quantiles([1, 2, 3], method='inclusive')",
        "statistics.NormalDist(5, 2).cdf(6)", "statistics.NormalDist(5, 2).pdf(6)", "statistics.NormalDist(5, 2).inv_cdf(0.9)", "statistics.NormalDist(5, 2)", "statistics.NormalDist.from_samples([1, 2, 3])", "statistics.fmean([1, 2], weights=[1, 3])", "statistics.pvariance([1, 2, 3], mu=2)", "statistics.stdev([1, 2, 3], xbar=2)",
    ])
    header = "from itertools import *\nimport operator\n"
    for part in chunks(ITERTOOLS, 8):
        yield f"itertools {part[0]}", header + shown([call for call in part if "batched" not in call])
    for part in chunks(FUNCTOOLS, 6):
        yield f"functools {part[0]}", "from functools import *\n" + shown(part)
    pool = ["1", "2", "0", "-3", "2.5", "'ab'", "[1, 2]", "{1}", "None", "'a'", "(1,)", "True", "{'k': 1}", "'k'"]
    for name in OPERATOR_TWO:
        yield f"operator.{name}", "import operator\n" + shown([f"operator.{name}({roll.choice(pool)}, {roll.choice(pool)})" for _ in range(14)])
    for name in OPERATOR_ONE:
        yield f"operator.{name}", "import operator\n" + shown([f"operator.{name}({value})" for value in pool])
    yield "operator getters", "import operator\n" + shown(["operator.itemgetter(1)([5, 6])", "operator.itemgetter(0, 2)('abc')", "operator.itemgetter('k')({})", "operator.attrgetter('real')(5)", "operator.attrgetter('real', 'imag')(5)", "operator.attrgetter('real.imag')(5)", "operator.methodcaller('upper')('a')", "operator.methodcaller('split', ',', maxsplit=1)('a,b,c')", "operator.itemgetter()", "operator.iadd([1], [2])", "operator.setitem([1], 0, 2)", "operator.itemgetter(slice(1))('abc')"])
    for topic, module, calls, size in (("json", "json", JSON, 10), ("re", "re", RE, 9), ("string", "string", STRING, 8), ("textwrap", "textwrap", TEXTWRAP, 8)):
        for part in chunks(calls, size):
            yield f"{topic} {part[0]}", f"import {module}\n" + shown(part)
    for seed in SEEDS:
        yield f"random seeded with {seed}", f"import random\nr = random.Random({seed})\n" + shown(roll.sample(RANDOM, 14)) + f"random.seed({seed})\nr = random\n" + shown(roll.sample(RANDOM, 6))[len(shown([])):]
    for part in chunks(RANDOM, 7):
        yield f"random {part[0]}", "import random\nr = random.Random(7)\n" + shown(part)
    for part in chunks(COLLECTIONS, 8):
        yield f"collections {part[0]}", "from collections import *\n" + shown(part)
    for part in chunks(DATETIME, 8):
        yield f"datetime {part[0]}", "from datetime import *\n" + shown(part)
    for topic, (header, calls) in OTHER.items():
        for part in chunks(calls, 11):
            yield f"{topic} {part[0]}", header + "\n" + shown(part)

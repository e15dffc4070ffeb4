"""Expected values for src/frame/random and src/frame/hash.rs, from Spark's own classes: writes draws.json beside itself."""
import json
import pathlib

from pyspark.sql import SparkSession
from pyspark.sql import functions as F

spark = (SparkSession.builder.master("local[8]").config("spark.sql.session.timeZone", "UTC")
         .config("spark.ui.enabled", "false").config("spark.driver.memory", "2g").getOrCreate())
jvm = spark.sparkContext._jvm
SEEDS = [0, 1, 42, -7, 123456789012345, -(2**63)]


def draws(make):
    """The same number of draws of each kind, each from a fresh generator; numbers that JSON readers may round are text."""
    kinds = {
        "int": lambda r: r.nextInt(), "below 10": lambda r: r.nextInt(10), "below 64": lambda r: r.nextInt(64),
        "below 1431655766": lambda r: r.nextInt(1431655766), "long": lambda r: str(r.nextLong()), "double": lambda r: repr(r.nextDouble()),
        "gaussian": lambda r: repr(r.nextGaussian()), "boolean": lambda r: r.nextBoolean(),
    }
    out = []
    for seed in SEEDS:
        for kind, draw in kinds.items():
            rng = make(seed)
            out.append({"seed": seed, "kind": kind, "values": [draw(rng) for _ in range(9)]})
    return out


def poissons():
    out = []
    for mean in [1.0, 0.3, 7.5, 39.0, 40.0, 61.7, 1000.0]:
        for seed in [0, 42, -7, 5 * 10**12]:
            p = jvm.org.apache.commons.math3.distribution.PoissonDistribution(mean)
            p.reseedRandomGenerator(seed)
            out.append({"mean": mean, "seed": seed, "values": [p.sample() for _ in range(700 if mean == 1.0 else 60)]})
    return out


def samplers():
    out = []
    package = jvm.org.apache.spark.util.random
    for seed in [0, 42]:
        for fraction in [0.0, 0.05, 0.3, 0.4, 0.5, 0.9, 1.0]:
            for kind, sampler in [("bernoulli", package.BernoulliSampler(fraction, None)), ("poisson", package.PoissonSampler(fraction, True)),
                                  ("poisson without gaps", package.PoissonSampler(fraction, False)),
                                  ("cell", package.BernoulliCellSampler(fraction / 3, fraction, False)),
                                  ("complement", package.BernoulliCellSampler(fraction / 3, fraction, True))]:
                sampler.setSeed(seed)
                out.append({"kind": kind, "seed": seed, "fraction": fraction, "values": [sampler.sample() for _ in range(120)]})
    return out


def hashes():
    values = {
        "boolean": ["true", "false", "null"], "tinyint": ["0", "-1", "127"], "smallint": ["-32768", "5"], "int": ["0", "1", "-1", "2147483647", "null"],
        "bigint": ["0", "-1", "9223372036854775807"], "float": ["0.0", "-0.0", "1.5", "NaN"], "double": ["0.0", "-0.0", "1.5", "-3.25e100", "NaN", "null"],
        "string": ["", "a", "abcd", "hello, world", "grüße €", "null"], "date": ["2024-02-29"], "timestamp": ["2024-02-29 12:34:56.789"],
        "decimal(10,2)": ["0", "-12.34", "12345678.90"], "decimal(38,3)": ["0", "-1", "127", "128", "-128", "-129", "12345678901234567890123.456"],
        "binary": ["abcdefg"],
    }
    rows = []
    for kind, texts in values.items():
        for text in texts:
            sql = "null" if text == "null" else f"'{text}'"
            got = spark.sql(f"select hash(cast({sql} as {kind})) h, hash(1, cast({sql} as {kind}), 'x') folded").first()
            rows.append({"type": kind, "text": text, "hash": got.h, "folded": got.folded})
    nested = spark.sql("select hash(array(1, null, 3)) a, hash(named_struct('x', 1, 'y', 'b')) s, "
                       "hash(array(array('a'), array())) n, hash(cast(null as array<int>)) z").first().asDict()
    return rows, nested


rand = spark.range(0, 12, 1, 3).select(F.rand(42).alias("rand"), F.randn(42).alias("randn")).collect()
rows, nested = hashes()
pick = jvm.org.apache.spark.util.random.SamplingUtils
result = {
    "xorshift": draws(jvm.org.apache.spark.util.random.XORShiftRandom), "java": draws(jvm.java.util.Random), "poisson": poissons(),
    "samplers": samplers(), "hashes": rows, "nested": nested,
    "rand": {"partitions": 3, "rand": [repr(r.rand) for r in rand], "randn": [repr(r.randn) for r in rand]},
    "fractions": [{"k": k, "n": n, "replace": w, "fraction": pick.computeFractionForSampleSize(k, n, w)}
                  for k in [1, 5, 10, 100] for n in [100, 100000] for w in [True, False]],
}
path = pathlib.Path(__file__).with_suffix(".json")
path.write_text(json.dumps(result, separators=(",", ":")) + "\n")
print(path, path.stat().st_size)

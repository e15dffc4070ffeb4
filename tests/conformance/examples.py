"""Collects the examples in the docstrings of an installed PySpark 4.3. Usage: examples.py OUT.json [MODULE…]

Nothing of them is kept in this repository: they are read each time. An example is a statement with what real Spark prints for it, as
Spark's own tests check it.
"""

import doctest
import importlib
import inspect
import json
import re
import sys
import types

MODULES = [
    "pyspark.ml.base",
    "pyspark.ml.classification",
    "pyspark.ml.clustering",
    "pyspark.ml.evaluation",
    "pyspark.ml.feature",
    "pyspark.ml.fpm",
    "pyspark.ml.functions",
    "pyspark.ml.linalg",
    "pyspark.ml.param",
    "pyspark.ml.pipeline",
    "pyspark.ml.recommendation",
    "pyspark.ml.regression",
    "pyspark.ml.stat",
    "pyspark.ml.tuning",
    "pyspark.sql.catalog",
    "pyspark.sql.column",
    "pyspark.sql.conf",
    "pyspark.sql.dataframe",
    "pyspark.sql.functions.builtin",
    "pyspark.sql.group",
    "pyspark.sql.readwriter",
    "pyspark.sql.session",
    "pyspark.sql.types",
    "pyspark.sql.udf",
    "pyspark.sql.window",
]


def needed(module, examples):
    """What an example finds in its module's namespace: [module, name] to import from, [module, None, name] to import whole."""
    words = set(re.findall(r"[A-Za-z_]\w*", "".join(example.source for example in examples)))
    found = []
    for name in sorted(words & set(vars(module))):
        value = vars(module)[name]
        if isinstance(value, types.ModuleType):
            found.append([value.__name__, None, name])
        elif isinstance(getattr(value, "__module__", None), str) and name != "_":
            # Spark's functions come from where the documentation has them.
            found.append([value.__module__.removesuffix(".builtin"), getattr(value, "__name__", name), name])
    return found


def collect(name):
    module = importlib.import_module(name)
    docstrings = []
    for test in doctest.DocTestFinder(exclude_empty=True).find(module):
        examples = [e for e in test.examples if not e.options.get(doctest.SKIP)]
        if not examples:
            continue
        docstrings.append(
            {
                "name": test.name.removeprefix(name).lstrip("."),
                "imports": needed(module, examples),
                "examples": [
                    {
                        "source": e.source,
                        "want": e.want,
                        "exception": e.exc_msg,
                        "detail": not e.options.get(doctest.IGNORE_EXCEPTION_DETAIL),
                    }
                    for e in examples
                ],
            }
        )
    local = re.search(r"local\[(\d+)\]", inspect.getsource(module))
    return {"name": name, "parallelism": local.group(1) if local else "8", "docstrings": docstrings}


if __name__ == "__main__":
    with open(sys.argv[1], "w") as out:
        json.dump([collect(name) for name in sys.argv[2:] or MODULES], out)

"""Collects the examples in the docstrings of an installed PySpark 4.3. Usage: examples.py OUT.json [MODULE…]

Nothing of them is kept in this repository: they are read each time. An example is a statement with what real Spark prints for it, as
Spark's own tests check it.
"""

import ast
import doctest
import importlib
import inspect
import json
import pathlib
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
        elif isinstance(getattr(value, "__module__", None), str):
            # Spark's functions come from where the documentation has them.
            found.append([value.__module__.removesuffix(".builtin"), getattr(value, "__name__", name), name])
    return found


def setup(module):
    """The statements by which Spark's own check of a module gives its examples names: globs["df"] = …, and what those statements use."""
    tree = ast.parse(inspect.getsource(module))
    checks = [node.body for node in tree.body if isinstance(node, ast.FunctionDef) and node.name == "_test"]
    checks += [node.body for node in tree.body if isinstance(node, ast.If) and "__main__" in ast.unparse(node.test)]
    found = []
    for statement in (statement for body in checks for statement in body):
        if isinstance(statement, ast.ImportFrom) and (statement.module or "").startswith("pyspark"):
            found += [ast.unparse(ast.ImportFrom(statement.module, [alias], 0)) for alias in statement.names]
        if not isinstance(statement, ast.Assign) or len(statement.targets) != 1:
            continue
        target, value = statement.targets[0], ast.unparse(statement.value)
        if isinstance(target, ast.Name) and value.startswith(("sc.", "spark.")) and target.id not in ("sc", "spark"):
            found.append(f"{target.id} = {value}")
        if isinstance(target, ast.Subscript) and ast.unparse(target.value) == "globs" and isinstance(target.slice, ast.Constant):
            if target.slice.value not in ("sc", "spark", "temp_path", value):
                found.append(f"{target.slice.value} = {value}")
    return found


def files(docstrings):
    """The files that come with PySpark and that examples read: path and text."""
    import pyspark

    text = "".join(example["source"] for docstring in docstrings for example in docstring["examples"])
    home = pathlib.Path(pyspark.__file__).parent
    names = sorted(set(re.findall(r"data/mllib/[\w.]+", text)))
    return [[name, (home / name).read_text()] for name in names if (home / name).is_file()]


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
    return {"name": name, "parallelism": local.group(1) if local else "8", "setup": setup(module), "files": files(docstrings), "docstrings": docstrings}


if __name__ == "__main__":
    with open(sys.argv[1], "w") as out:
        json.dump([collect(name) for name in sys.argv[2:] or MODULES], out)

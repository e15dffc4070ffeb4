"""Records what CPython 3.11 does with the programs in python/. Usage: python3.11 python_programs.py [TOPIC ...]

A file in python/ is a topic; a line `# --- name` begins a program. A file in python/generators/ is a topic whose programs are made by rule.
Topics whose name begins with `numpy` or `pandas` need NumPy 2 and pandas 3: name them, run with a Python 3.11 that has them, and the other
topics keep their records. Programs of pandas print as in a notebook, which shows up to 20 columns.
Each program is run as a cell named <cell>: its output, and the exception that ended it
with the traceback that the interpreter itself prints (suggestions included), go into python_programs.json.
Sets of texts depend on the hash seed, so the script runs itself again with PYTHONHASHSEED=0.
"""

import contextlib
import decimal
import importlib
import io
import json
import os
import pathlib
import re
import sys
import tempfile
import types

here = pathlib.Path(__file__).resolve().parent


def programs(path):
    name, lines = None, []
    for line in path.read_text().splitlines():
        if line.startswith("# --- "):
            if name:
                yield name, "\n".join(lines).strip("\n") + "\n"
            name, lines = line[6:].strip(), []
        else:
            lines.append(line)
    if name:
        yield name, "\n".join(lines).strip("\n") + "\n"


def run(source):
    # The interpreter reads the lines it shows from a file, whose name can't have brackets.
    pathlib.Path("cell").write_text(source)
    out, error = io.StringIO(), None
    decimal.setcontext(decimal.Context())
    try:
        with contextlib.redirect_stdout(out):
            # A module that can be found by its name, as pickle does.
            cell = types.ModuleType("__main__")
            cell.__dict__.clear()
            cell.__name__ = "__main__"
            own, sys.modules["__main__"] = sys.modules["__main__"], cell
            try:
                exec(compile(source, "cell", "exec"), cell.__dict__)
            finally:
                sys.modules["__main__"] = own
    except BaseException as exception:
        only_cells(exception, set())
        shown = io.StringIO()
        with contextlib.redirect_stderr(shown):
            if isinstance(exception, SystemExit):
                shown.write(f"SystemExit: {exception}\n")
            else:
                sys.__excepthook__(type(exception), exception, exception.__traceback__)
        # Where an extension module lies is this machine's business.
        text = re.sub(r"\(/[^()]*\)", "(unknown location)", shown.getvalue()).replace('File "cell"', 'File "<cell>"')
        error = {"type": type(exception).__name__, "traceback": text}
    return {"stdout": out.getvalue(), "error": error}


def only_cells(exception, seen):
    """Drops the frames of this recorder and of CPython's library, which other implementations don't have."""
    if exception is None or id(exception) in seen:
        return
    seen.add(id(exception))
    frames = []
    step = exception.__traceback__
    while step:
        if step.tb_frame.f_code.co_filename == "cell":
            frames.append(step)
        step = step.tb_next
    rebuilt = None
    for step in reversed(frames):
        rebuilt = types.TracebackType(rebuilt, step.tb_frame, step.tb_lasti, step.tb_lineno)
    exception.__traceback__ = rebuilt
    only_cells(exception.__cause__, seen)
    only_cells(exception.__context__, seen)


def main():
    assert sys.version_info[:2] == (3, 11), "the cells speak Python 3.11"
    if os.environ.get("PYTHONHASHSEED") != "0":
        os.execve(sys.executable, [sys.executable, *sys.argv], {**os.environ, "PYTHONHASHSEED": "0"})
    topics = {path.stem: programs(path) for path in (here / "python").glob("*.py")}
    sys.path.insert(0, str(here / "python"))
    for path in (here / "python" / "generators").glob("[!_]*.py"):
        topics[path.stem] = importlib.import_module(f"generators.{path.stem}").programs()
    # Topics are named like modules of the library.
    sys.path.remove(str(here / "python"))
    wanted = sys.argv[1:] or [topic for topic in topics if not topic.startswith(("numpy", "pandas"))]
    output = here / "python_programs.json"
    recorded = [program for program in json.loads(output.read_text()) if program["topic"] in topics and program["topic"] not in wanted]
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        for topic in wanted:
            if topic.startswith("pandas"):
                importlib.import_module("pandas").set_option("display.max_columns", 20)
            for name, source in topics[topic]:
                recorded.append({"topic": topic, "name": name, "source": source, **run(source)})
    recorded.sort(key=lambda program: program["topic"])
    names = [(p["topic"], p["name"]) for p in recorded]
    assert len(names) == len(set(names)), [n for n in names if names.count(n) > 1]
    lines = [json.dumps(program, ensure_ascii=False, separators=(",", ":")) for program in recorded]
    output.write_text("[\n" + ",\n".join(lines) + "\n]\n")
    print(len(recorded), "programs,", sum(p["error"] is not None for p in recorded), "of them end with an exception")


if __name__ == "__main__":
    main()

"""Records what CPython 3.11 does with the programs in python/*.py. Usage: python3.11 python_programs.py

A file is a topic; a line `# --- name` begins a program. Each is run as a cell named <cell>: its output, and the exception that ended it
with CPython's traceback, go into python_programs.json.
"""

import contextlib
import io
import json
import linecache
import pathlib
import sys
import traceback

here = pathlib.Path(__file__).parent


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
    linecache.cache["<cell>"] = (len(source), None, source.splitlines(keepends=True), "<cell>")
    out, error = io.StringIO(), None
    try:
        with contextlib.redirect_stdout(out):
            exec(compile(source, "<cell>", "exec"), {"__name__": "__main__"})
    except BaseException as exception:
        text = "".join(only_cells(traceback.TracebackException.from_exception(exception)).format())
        error = {"type": type(exception).__name__, "message": str(exception), "traceback": text}
    return {"stdout": out.getvalue(), "error": error}


def only_cells(trace):
    """The traceback without the frames of this recorder and of CPython's library, which other implementations don't have."""
    for part in (trace, trace.__cause__, trace.__context__):
        if part is not None:
            part.stack[:] = [frame for frame in part.stack if frame.filename == "<cell>"]
            if part is not trace:
                only_cells(part)
    return trace


def main():
    assert sys.version_info[:2] == (3, 11), "the cells speak Python 3.11"
    recorded = []
    for path in sorted((here / "python").glob("*.py")):
        for name, source in programs(path):
            recorded.append({"topic": path.stem, "name": name, "source": source, **run(source)})
    names = [(p["topic"], p["name"]) for p in recorded]
    assert len(names) == len(set(names)), [n for n in names if names.count(n) > 1]
    (here / "python_programs.json").write_text(json.dumps(recorded, indent=1, ensure_ascii=False) + "\n")
    print(len(recorded), "programs,", sum(p["error"] is not None for p in recorded), "of them end with an exception")


main()

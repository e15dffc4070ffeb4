"""Times the loops of this folder in CPython and in the cell language, in one session. Usage: python3.11 benches/python/run.py RUN [ROUNDS]

RUN is the built example (`cargo build --release -p kindling-python --example run`). Both interpreters take turns; the best of each counts,
less what an empty program takes. A ratio under 1 means that the cell language is faster.
"""

import pathlib
import subprocess
import sys
import tempfile
import time

here = pathlib.Path(__file__).resolve().parent
ours = sys.argv[1]
rounds = int(sys.argv[2]) if len(sys.argv) > 2 else 3


def seconds(command):
    start = time.perf_counter()
    output = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    return time.perf_counter() - start, output


with tempfile.NamedTemporaryFile("w", suffix=".py") as empty:
    start_up = [min(seconds([program, empty.name])[0] for _ in range(5)) for program in (sys.executable, ours)]
for path in sorted(here.glob("*.py")):
    if path.name == "run.py":
        continue
    best = [float("inf"), float("inf")]
    outputs = [None, None]
    for _ in range(rounds):
        for which, program in enumerate((sys.executable, ours)):
            took, outputs[which] = seconds([program, str(path)])
            best[which] = min(best[which], took - start_up[which])
    assert outputs[0] == outputs[1], (path.name, outputs)
    print(f"{path.stem:<20} CPython {best[0]:6.3f} s   here {best[1]:6.3f} s   ratio {best[1] / best[0]:5.2f}", flush=True)

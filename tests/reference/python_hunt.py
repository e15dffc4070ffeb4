"""Hunts for programs that do something else here than in CPython 3.11.
Usage: python3.11 python_hunt.py [--start SEED] [--count N] [--keep N] [--engine COMMAND]

Grows the programs of seeds that the recorded suite doesn't have (python/generators/whole_programs.py), runs each in this CPython and in
Kindling (the example `compare` of kindling-python, built by cargo when no engine is named), and shows the first line that differs, with the
program cut down to the lines that are needed for it. The smallest go into python/whole_findings.py once they are mended.
"""

import argparse
import json
import os
import pathlib
import resource
import signal
import subprocess
import sys
import tempfile

here = pathlib.Path(__file__).resolve().parent
SECONDS = 5


class Engine:
    """The example `compare`: a recorded program in, what differs out. It is started anew when it dies or hangs."""

    def __init__(self, command):
        self.command = command
        self.process = None

    def difference(self, program):
        if self.process is None:
            self.process = subprocess.Popen(self.command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        self.process.stdin.write(json.dumps(program) + "\n")
        self.process.stdin.flush()
        signal.signal(signal.SIGALRM, lambda *_: self.process.kill())
        signal.alarm(SECONDS * 4)
        answer = self.process.stdout.readline()
        signal.alarm(0)
        if answer:
            return json.loads(answer)
        error = self.process.communicate()[1]
        code, self.process = self.process.returncode, None
        return f"the engine ended with {code}\n{error[-2000:]}"


class TooLong(BaseException):
    pass


def too_long(*_):
    raise TooLong


def recorded(run, source):
    """What CPython does with a program; None when it takes too long."""
    signal.signal(signal.SIGALRM, too_long)
    signal.alarm(SECONDS)
    try:
        outcome = run(source)
    except TooLong:
        return None
    finally:
        signal.alarm(0)
    if outcome["error"] and outcome["error"]["type"] in ("TooLong", "MemoryError"):
        return None
    return {"source": source, **outcome}


def smaller(source, differs):
    """The program without the lines, and blocks of lines, that make no odds."""
    lines = source.splitlines()
    width = len(lines) // 2
    while width:
        at = 0
        while at < len(lines):
            rest = lines[:at] + lines[at + width :]
            if rest and differs("\n".join(rest) + "\n"):
                lines = rest
            else:
                at += 1
        # A block without its head, its lines moved out.
        for at in range(len(lines)):
            if at < len(lines) and lines[at].rstrip().endswith(":"):
                depth = len(lines[at]) - len(lines[at].lstrip())
                end = at + 1
                while end < len(lines) and len(lines[end]) - len(lines[end].lstrip()) > depth:
                    end += 1
                moved = lines[:at] + [line[4:] for line in lines[at + 1 : end]] + lines[end:]
                if differs("\n".join(moved) + "\n"):
                    lines = moved
        width = width // 2 if width > 1 else 0
    return "\n".join(lines) + "\n"


def kind_of(difference):
    """What is kept while a program is cut down: how it differs."""
    return difference.split("\n")[0].split(":")[0].split("(")[0]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--start", type=int, default=1_000_000)
    parser.add_argument("--count", type=int, default=2000)
    parser.add_argument("--keep", type=int, default=20, help="how many differences to show before it ends")
    parser.add_argument("--engine", help="a built example `compare`")
    options = parser.parse_args()
    assert sys.version_info[:2] == (3, 11), "the cells speak Python 3.11"
    if os.environ.get("PYTHONHASHSEED") != "0":
        os.execve(sys.executable, [sys.executable, "-W", "ignore", *sys.argv], {**os.environ, "PYTHONHASHSEED": "0"})
    from python_programs import run

    # Topics are named like modules of the library.
    sys.path.insert(0, str(here / "python"))
    from generators.whole_programs import program

    sys.path.remove(str(here / "python"))
    command = [options.engine] if options.engine else ["cargo", "run", "--quiet", "--release", "-p", "kindling-python", "--example", "compare"]
    if options.engine is None:
        subprocess.run([*command[:1], "build", *command[2:]], cwd=here, check=True)
    os.chdir(here)
    engine = Engine([os.path.abspath(command[0])] if options.engine else command)
    resource.setrlimit(resource.RLIMIT_AS, (4 << 30, 4 << 30))
    found, compared = 0, 0
    with tempfile.TemporaryDirectory() as folder:
        for seed in range(options.start, options.start + options.count):
            os.chdir(here)
            source = program(seed)

            def outcome_of(text):
                os.chdir(folder)
                outcome = recorded(run, text)
                os.chdir(here)
                return outcome

            def difference_of(text):
                outcome = outcome_of(text)
                return engine.difference(outcome) if outcome else None

            def ended_with(text):
                outcome = outcome_of(text)
                return outcome and outcome["error"] and outcome["error"]["type"]

            difference = difference_of(source)
            compared += 1
            if difference is None:
                continue
            found += 1
            kind = kind_of(difference)

            ended = ended_with(source)

            def still(text):
                now = difference_of(text)
                return now is not None and kind_of(now) == kind and ended_with(text) == ended

            small = smaller(source, still)
            print(f"=== seed {seed}: {difference_of(small)}\n--- from\n{small}", flush=True)
            if found >= options.keep:
                break
    print(f"{found} of {compared} programs differ")
    sys.exit(found > 0)


if __name__ == "__main__":
    main()

"""Runs the benchmark programs at their small size under python3.11 and under Krait, and compares what they print."""

import json
import os
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
PROGRAMS = os.path.join(ROOT, "bench", "programs")
sys.path.insert(0, os.path.join(os.path.dirname(HERE), "tools"))

import runner  # noqa: E402  (its folder is known only now)


def cases():
    with open(os.path.join(PROGRAMS, "programs.json"), encoding="utf-8") as file:
        programs = json.load(file)
    for program in programs:
        yield runner.Case(program["name"], [os.path.join(PROGRAMS, program["file"]), str(program["small"])])


if __name__ == "__main__":
    sys.exit(runner.Session(__doc__).run(cases()))

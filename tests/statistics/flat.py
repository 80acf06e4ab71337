"""Checks that places come to rest: once warm, a program that does the same thing over and over rewrites nothing any more.

Each program runs at its default size divided by a divisor. Transitions (to a form, between forms, back) are counted in
the middle of the run, from 50 to 90 % of the canonical instructions: at most so many in a million. Programs whose work
changes as they go are left out, each with its reason.

    flat.py --krait build/release/bin/krait-tail-counts [--only NAME,NAME] [--policy P]...
"""

import argparse
import concurrent.futures
import json
import os
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
POLICIES = ("inline-cache", "inline-cache+super", "polymorphic:4")
PER_MILLION = 4.0
PHASES = {  # program: why it has no steady state
    "polymorphic_calls": "one number of classes after the other goes through the same places",
    "sorting": "one sort after the other, each in loops of its own",
    "word_count": "builds its text in the first half, counts it in the second",
    "matmul": "one kind of matrix after the other goes through the same places",
    "dataclass_records": "books first, reports then",
    "pattern_matching": "trees in the first half, a machine and events in the second",
    "deltablue": "chains of constraints first, fans of them then",
    "json_parser": "makes a document, parses it, writes it",
    "havlak": "builds a graph, then looks for its loops",
}
# Sizes of programs whose work does not grow in proportion with the argument.
SIZES = {"fib": 27, "queens": 9, "fannkuch": 8, "binary_trees": 12, "spectral_norm": 200, "mandelbrot": 200, "pidigits": 1500,
         "sieve": 600000, "nbody": 15000, "raytrace": 120}


def transitions_in_the_middle(krait, path, size, policy):
    """(transitions, canonical instructions) from 50 to 90 % of the run; or an error text."""
    with tempfile.TemporaryDirectory() as folder:
        output = os.path.join(folder, "statistics.json")
        command = [krait, "-X", "specialize=" + policy, "-X", "statistics=" + output, path, str(size)]
        done = subprocess.run(command, capture_output=True, text=True, cwd=folder, timeout=300,
                              env=dict(os.environ, PYTHONHASHSEED="0"))
        if done.returncode != 0:
            return f"exit status {done.returncode}: {done.stderr[-400:]}"
        with open(output, encoding="utf-8") as file:
            statistics = json.load(file)
    total = statistics["canonical_instructions"]
    width = statistics["transitions"]["width"]
    found = 0
    for span in statistics["transitions"]["spans"]:
        if total * 0.5 <= span["from"] and span["from"] + width <= total * 0.9:
            found += sum(count for name, count in span.items() if name != "from")
    return found, total * 0.4


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--krait", required=True, help="an instrumented program")
    parser.add_argument("--only", default="", help="programs, by name")
    parser.add_argument("--divisor", type=int, default=4, help="of the default sizes")
    parser.add_argument("--policy", action="append", help="instead of " + ", ".join(POLICIES))
    options = parser.parse_args()
    krait = os.path.abspath(options.krait)
    with open(os.path.join(ROOT, "bench", "programs", "programs.json"), encoding="utf-8") as file:
        programs = [p for p in json.load(file) if p["name"] not in PHASES]
    if options.only:
        programs = [p for p in programs if p["name"] in options.only.split(",")]
    passed = failed = 0
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        jobs = []
        for program in programs:
            path = os.path.join(ROOT, "bench", "programs", program["file"])
            size = SIZES.get(program["name"], max(program["small"], program["default"] // options.divisor))
            for policy in options.policy or POLICIES:
                jobs.append((program["name"], policy, pool.submit(transitions_in_the_middle, krait, path, size, policy)))
        for name, policy, job in jobs:
            result = job.result()
            if isinstance(result, str):
                failed += 1
                print(f"{name} under {policy}: {result}")
                continue
            found, instructions = result
            rate = found / (instructions / 1e6)
            flat = rate <= PER_MILLION
            passed += flat
            failed += not flat
            if not flat or options.only:
                print(f"{name} under {policy}: {found} transitions in {instructions / 1e6:.1f} million instructions")
    print(f"{passed} passed, {failed} failed")
    return failed != 0


if __name__ == "__main__":
    sys.exit(main())

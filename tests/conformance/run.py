#!/usr/bin/env python3.11
"""Run CPython 3.11's own tests (Debian's libpython3.11-testsuite) under Krait and compare with the record.

    tests/conformance/run.py --krait build/release/bin/krait [--tier 1] [--only test_int,test_dict] [-j 2]
    tests/conformance/run.py --krait build/release/bin/krait --record     what passes now is what must pass from now on
    tests/conformance/run.py --krait build/release/bin/krait --failing    name the tests that fail, and the files' state

A file runs as `krait -m unittest -v test.test_x` in an empty folder, with a limit of ten times what CPython takes, a
minute at least. A test that is recorded as passing must pass; files with such a test that does not are run a second
time, alone, before that counts. No file may crash or hang, whatever is recorded. Ends with `N passed, N failed`:
the recorded tests that passed, and those lost since plus the files that broke down.
"""

import argparse
import concurrent.futures
import os
import signal
import sys
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(os.path.dirname(HERE), "tools"))

import record  # noqa: E402
import suite  # noqa: E402
import tiers  # noqa: E402
from runner import Interpreter  # noqa: E402

TESTS = "/usr/lib/python3.11/test"
SLOWDOWN_LIMIT = 10
SHORTEST_LIMIT = 60.0  # seconds


def parse_options():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--krait", required=True, metavar="PATH", help="the interpreter")
    parser.add_argument("--tier", type=int, action="append", choices=sorted(tiers.TIERS), help="only this tier")
    parser.add_argument("--only", default="", metavar="FILES", help="only these test files, separated by commas")
    parser.add_argument("--record", action="store_true", help="rewrite the record from this run")
    parser.add_argument("--reference", action="store_true", help="--krait is python3.11: rewrite which tests count")
    parser.add_argument("--failing", action="store_true", help="name every test that does not pass")
    parser.add_argument("-j", "--jobs", type=int, default=os.cpu_count(), metavar="N", help="files at a time")
    return parser.parse_args()


def time_limit(file):
    return max(SHORTEST_LIMIT, SLOWDOWN_LIMIT * file.seconds)


def run_one(interpreter, file):
    started = time.monotonic()
    run = suite.run_file(interpreter, file.module, time_limit(file))
    run.seconds = time.monotonic() - started
    return run


def lost_tests(file, run):
    """What the record says passes, and this run does not."""
    return sorted(test for test in file.passing if run.outcomes.get(test) != "ok")


def merge(first, second):
    """Of two runs of a file, a test counts with its better outcome."""
    for test, outcome in second.outcomes.items():
        if outcome == "ok" or test not in first.outcomes:
            first.outcomes[test] = outcome
    if not second.broke_down:
        first.state, first.last_words = second.state, second.last_words
    return first


def run_all(interpreter, files, jobs, is_comparing):
    runs = {}
    slowest_first = sorted(files, key=lambda file: -file.seconds)
    with concurrent.futures.ThreadPoolExecutor(jobs) as pool:
        tasks = {pool.submit(run_one, interpreter, file): file for file in slowest_first}
        for task in concurrent.futures.as_completed(tasks):
            runs[tasks[task].module] = task.result()
    if is_comparing:
        for file in files:
            run = runs[file.module]
            if run.broke_down or lost_tests(file, run):
                runs[file.module] = merge(run, run_one(interpreter, file))
    return runs


def report_file(file, run, names_failing):
    total = len(file.outcomes)
    good = sum(run.outcomes.get(test) == "ok" for test in file.outcomes)
    state = "" if run.state == "done" else f"  {run.state}" + (f": {run.last_words}" if run.last_words else "")
    print(f"{file.module:28} {good:5}/{total:<5} {run.seconds:6.1f} s{state}")
    if names_failing:
        for test in sorted(file.outcomes):
            outcome = run.outcomes.get(test, "lost")
            if outcome != "ok" and run.state != "not imported":
                print(f"    {outcome:5} {test}")


def report_tiers(files, runs):
    for tier, name in tiers.TIER_NAMES.items():
        chosen = [file for file in files if file.tier == tier]
        if not chosen:
            continue
        tests = [(file, test) for file in chosen for test in file.outcomes]
        good = sum(runs[file.module].outcomes.get(test) == "ok" for file, test in tests)
        plain = [(file, test) for file, test in tests if test not in file.needs_c_api]
        plain_good = sum(runs[file.module].outcomes.get(test) == "ok" for file, test in plain)
        print(
            f"tier {tier}, {name}: {good} of {len(tests)} = {100 * good / len(tests):.1f} %; "
            f"without the tests of CPython's C API {100 * plain_good / len(plain):.1f} %"
        )


def update_record(recorded, runs, is_reference):
    for module, run in runs.items():
        file = recorded[module]
        if is_reference:
            file.seconds = round(run.seconds, 1)
            passing = [test for test, outcome in run.outcomes.items() if outcome == "ok"]
            file.outcomes = {test: file.outcomes.get(test, "lost") for test in passing}
        else:
            file.outcomes = {test: run.outcomes.get(test, "lost") for test in file.outcomes}
    record.write(recorded)


def main():
    options = parse_options()
    if not os.path.isdir(TESTS):
        sys.exit(f"{TESTS} is missing: install libpython3.11-testsuite")
    signal.signal(signal.SIGINT, signal.default_int_handler)
    recorded = record.read() if os.path.exists(record.PATH) else {}
    for module, tier in tiers.TIER_OF.items():
        recorded.setdefault(module, record.RecordedFile(module, tier, 0.0, {}, set()))
    wanted = set(filter(None, options.only.split(","))) or set(recorded)
    unknown = wanted - set(recorded)
    if unknown:
        sys.exit("not in the record: " + ", ".join(sorted(unknown)))
    chosen_tiers = options.tier or sorted(tiers.TIERS)
    files = [file for file in recorded.values() if file.module in wanted and file.tier in chosen_tiers]
    interpreter = Interpreter(os.path.abspath(options.krait))
    is_comparing = not (options.record or options.reference)
    runs = run_all(interpreter, files, options.jobs, is_comparing)
    passed = failed = gained = 0
    for file in files:
        run = runs[file.module]
        report_file(file, run, options.failing)
        gained += sum(run.outcomes.get(test) == "ok" for test in file.outcomes) - sum(
            run.outcomes.get(test) == "ok" for test in file.passing
        )
        lost = lost_tests(file, run) if is_comparing else []
        passed += len(file.passing) - len(lost)
        failed += len(lost) + run.broke_down
        for test in lost:
            print(f"FAIL {test}: {run.outcomes.get(test, 'lost')}, and it passed when it was recorded")
        if run.broke_down:
            print(f"FAIL {file.module}: {run.state}")
    report_tiers(files, runs)
    if gained and is_comparing:
        print(f"{gained} more tests pass than are recorded: tests/conformance/run.py --record keeps them")
    if not is_comparing:
        update_record(recorded, runs, options.reference)
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())

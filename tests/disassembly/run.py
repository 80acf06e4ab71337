"""Compares what dis and symtable say about programs under Krait and under python3.11, text for text.

    run.py --krait PROGRAM [--what dis|table] [--every N] [--jobs N] [DIRECTORY-OR-FILE…]

Without files: every N-th file of the standard library, and what is specialised in adaptive.py. A file is a test for
each of dis and table; all files of a batch share a process per interpreter.
"""

import argparse
import concurrent.futures
import os
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "tools"))

from python_files import python_files  # noqa: E402  (its folder is known only now)

HERE = os.path.dirname(os.path.abspath(__file__))
REFERENCE = "/usr/bin/python3.11"
BATCH = 128  # files per process
TIME_LIMIT = 900


def descriptions(interpreter, what, files):
    """{file: description}; a file missing from it made the process die, and the last one may be incomplete."""
    command = [interpreter, "-W", "ignore", os.path.join(HERE, "describe.py"), what, *files]
    environment = {**os.environ, "PYTHONHASHSEED": "0", "PYTHONDONTWRITEBYTECODE": "1"}
    done = subprocess.run(command, capture_output=True, env=environment, timeout=TIME_LIMIT)
    found = {}
    for part in done.stdout.split(b"\f/")[1:]:
        name, _, text = part.partition(b"\n")
        found["/" + name.decode()] = text
    if done.returncode != 0:
        print(f"{interpreter}: exit status {done.returncode}: {done.stderr[-300:].decode('utf-8', 'replace')}")
        if found:
            found.popitem()
    return found


def first_difference(expected, actual):
    if actual is None:
        return "nothing"
    pairs = zip(expected.split(b"\n"), actual.split(b"\n"))
    for number, (here, there) in enumerate(pairs, 1):
        if here != there:
            return f"line {number}: {here[:150]!r} | {there[:150]!r}"
    return "one is longer"


def compare(krait, what, files):
    expected, actual = descriptions(REFERENCE, what, files), descriptions(krait, what, files)
    for file in files:
        if file not in expected:
            yield file, "python3.11 has no description"
        elif expected[file] != actual.get(file):
            yield file, first_difference(expected[file], actual.get(file))
        else:
            yield file, ""


def specialised_alike(krait):
    """Whether adaptive.py shows the same under both."""
    environment = {name: value for name, value in os.environ.items() if name != "KRAIT_SPECIALIZE"}
    command = [os.path.join(HERE, "adaptive.py")]
    outputs = [
        subprocess.run([each, *command], capture_output=True, env=environment, timeout=TIME_LIMIT).stdout
        for each in (REFERENCE, krait)
    ]
    if outputs[0] != outputs[1] or not outputs[0]:
        print(f"adaptive.py: {first_difference(*outputs)}")
    return outputs[0] == outputs[1] and outputs[0] != b""


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--krait", required=True)
    parser.add_argument("--what", choices=("dis", "table"), action="append")
    parser.add_argument("--every", type=int, default=12, help="of the files found, take one in N")
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("paths", nargs="*")
    options = parser.parse_args()
    library = os.path.dirname(os.path.realpath(os.__file__))
    files = list(python_files(options.paths or [library]))
    if not options.paths:
        files = files[:: options.every]
    files = [os.path.abspath(file) for file in files]
    batches = [files[start : start + BATCH] for start in range(0, len(files), BATCH)]
    passed = failed = 0
    with concurrent.futures.ThreadPoolExecutor(options.jobs) as pool:
        for what in options.what or ("dis", "table"):
            for results in pool.map(lambda batch: list(compare(options.krait, what, batch)), batches):
                for file, difference in results:
                    passed, failed = passed + (not difference), failed + bool(difference)
                    if difference:
                        print(f"{what} {file}: {difference}")
    if not options.paths:
        good = specialised_alike(options.krait)
        passed, failed = passed + good, failed + (not good)
    print(f"{passed} passed, {failed} failed")
    sys.exit(failed != 0 or passed == 0)


if __name__ == "__main__":
    main()

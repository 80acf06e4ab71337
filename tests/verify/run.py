"""Runs the tests of the bytecode verifier: what it refuses and why, that it accepts what compilers make, and that
nothing it accepts crashes.

    tests/verify/run.py --krait build/release/bin/krait [--krait PATH@POLICY] [--seeds N] [--count N] [--stride N]

Ends with `N passed, N failed`.
"""

import argparse
import os
import re
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
LIBRARY = "/usr/lib/python3.11"


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--krait", action="append", required=True, metavar="PATH[@POLICY]")
    options.add_argument("--seeds", type=int, default=2, help="runs of mutations, each with its own seed")
    options.add_argument("--first-seed", type=int, default=1)
    options.add_argument("--count", type=int, default=3000, help="mutations in a run")
    options.add_argument("--stride", type=int, default=4, help="of the library's files, every how many-th")
    options = options.parse_args()

    jobs = [["refusals.py"], ["corpus.py", LIBRARY, str(options.stride)]]
    jobs += [["mutations.py", str(options.first_seed + i), str(options.count)] for i in range(options.seeds)]
    passed = failed = 0
    for krait in options.krait:
        program, _, policy = krait.partition("@")
        environment = dict(os.environ, PYTHONDONTWRITEBYTECODE="1", **({"KRAIT_SPECIALIZE": policy} if policy else {}))
        for job in jobs:
            try:
                done = subprocess.run(
                    [program, "-W", "ignore", os.path.join(HERE, job[0]), *job[1:]], env=environment,
                    capture_output=True, text=True, errors="replace", timeout=600, check=False
                )
                status, output, errors = done.returncode, done.stdout, done.stderr
            except subprocess.TimeoutExpired:
                status, output, errors = "none: still running after 600 s", "", ""
            counts = re.findall(r"^(\d+) passed, (\d+) failed$", output, re.MULTILINE)
            for line in output.splitlines():
                if not re.match(r"\d+ passed", line):
                    print(line)
            if status != 0 or not counts:
                print(f"FAIL {' '.join(job)} [{krait}]: status {status}\n{errors[-600:]}")
                failed += 1
            else:
                passed, failed = passed + int(counts[-1][0]), failed + int(counts[-1][1])
    print(f"{passed} passed, {failed} failed")
    return failed != 0 or passed == 0


if __name__ == "__main__":
    sys.exit(main())

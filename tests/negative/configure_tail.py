"""Proves that asking for tail dispatch from a compiler without it is a configure error that says why."""

import argparse
import subprocess
import sys
import tempfile


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cmake", required=True)
    parser.add_argument("--source", required=True)
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as build:
        run = subprocess.run(
            [args.cmake, "-S", args.source, "-B", build, "-DCMAKE_CXX_COMPILER=g++", "-DKRAIT_DISPATCH=tail"],
            capture_output=True, text=True)
    if run.returncode == 0:
        sys.exit("configured tail dispatch with g++, and must not")
    if "preserve_none" not in run.stderr or "clang 19" not in " ".join(run.stderr.split()):
        sys.exit(f"the error does not say why:\n{run.stderr}")


if __name__ == "__main__":
    main()

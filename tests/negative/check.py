"""Proves that wrong code does not compile: the file must compile as it stands, and fail with -DWRONG for its reason.

A test file names what it may see and what the compiler must say:

    // view: vm
    // expect: specialize/.*No such file|file not found
"""

import argparse
import os
import re
import subprocess
import sys


def header(text, key):
    match = re.search(rf"^// {key}: (.*)$", text, re.M)
    if not match:
        sys.exit(f"the test has no '// {key}:' line")
    return match[1].strip()


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("source")
    parser.add_argument("--compiler", required=True)
    parser.add_argument("--include-root", required=True)
    args = parser.parse_args()
    text = open(args.source, encoding="utf-8").read()
    view, expect = header(text, "view"), header(text, "expect")
    command = [args.compiler, "-std=gnu++20", "-fsyntax-only", "-I", os.path.join(args.include_root, view), args.source]
    right = subprocess.run(command, capture_output=True, text=True)
    if right.returncode != 0:
        sys.exit(f"does not compile even without -DWRONG:\n{right.stderr}")
    wrong = subprocess.run(command + ["-DWRONG"], capture_output=True, text=True)
    if wrong.returncode == 0:
        sys.exit("compiles with -DWRONG, and must not")
    if not re.search(expect, wrong.stderr):
        sys.exit(f"fails for another reason than {expect!r}:\n{wrong.stderr}")


if __name__ == "__main__":
    main()

"""Compares Krait's parser with python3.11's: the AST of every file, and what is said of files that are broken.

    run.py --dump PROGRAM [--mistakes N] [--seed N] [DIRECTORY-OR-FILE…]

PROGRAM is krait-ast-dump; the interpreter that runs this script is the reference. Without files: the standard library.
A file passes when both give the same ast.dump() with all positions, or the same error: kind, message, line, columns
and text. N mistakes are made from the smaller files by changing one token or one byte; the seed fixes which.
"""

import argparse
import ast
import os
import random
import re
import subprocess
import sys
import tempfile
import warnings

sys.path.insert(0, os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "tools"))

from python_files import python_files  # noqa: E402  (its folder is known only now)

BATCH = 64  # files per process
TIME_LIMIT = 600
TOKEN = re.compile(
    rb"[A-Za-z_]\w*|\d[\w.]*|\"\"\"|'''|\*\*=|//=|>>=|<<=|\.\.\.|[-+*/%&|^@=<>!:]=|->|\*\*|//|<<|>>|\s+|.", re.DOTALL
)
BYTES = b"()[]{}:,;.=+-*/%&|^~<>!@#$\"'\\ \n\tabcdef0123456789_xXjLeE"
WORDS = (
    "( ) [ ] { } : , ; . = == + * ** -> := @ if else for in not is def class return yield await async lambda import "
    "from as with try except finally None True x 1 \"s\" f'{x}' print match case _ del global pass raise 0x ' \" \\ ! $"
).encode().split(b" ") + [b"\n", b"    "]


def expected(source, quiet):
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            tree = compile(source, "<file>", "exec", ast.PyCF_ONLY_AST)
        return "ok" if quiet else ast.dump(tree, include_attributes=True)
    except SyntaxError as error:
        place = f"L{error.lineno}:{error.offset}-{error.end_lineno}:{error.end_offset}"
        return f"!{type(error).__name__}({error.msg!r}) {place} {error.text!r}"
    except (ValueError, MemoryError) as error:
        # Neither has a place.
        return f"!{type(error).__name__}({str(error)!r})"


def parsed(program, files, quiet):
    command = [program] + (["--quiet"] if quiet else [])
    done = subprocess.run(
        command, input="\n".join(files).encode() + b"\n", capture_output=True, timeout=TIME_LIMIT, check=False
    )
    lines = done.stdout.decode("utf-8", "surrogatepass").split("\n")[:-1]
    if len(lines) != len(files):
        if len(files) > 1:
            # One bad file must not hide the others.
            return [line for file in files for line in parsed(program, [file], quiet)]
        return [f"no answer, exit status {done.returncode}"]
    return [line.split("\t")[0] for line in lines]


def agree(theirs, ours):
    return ours == theirs or (" L" not in theirs and ours.split(" L")[0] == theirs)


def compare(program, files, quiet):
    differing = 0
    for start in range(0, len(files), BATCH):
        batch = files[start : start + BATCH]
        for file, ours in zip(batch, parsed(program, batch, quiet)):
            with open(file, "rb") as source:
                theirs = expected(source.read(), quiet)
            if agree(theirs, ours):
                continue
            differing += 1
            at = next((i for i, (a, b) in enumerate(zip(theirs, ours)) if a != b), 0)
            begin = max(0, at - 80) if len(theirs) > 400 else 0
            print(f"{file}\n  expected {theirs[begin:begin + 300]}\n  got      {ours[begin:begin + 300]}")
    return differing


def with_one_mistake(source, chance):
    if chance.random() < 0.4:
        at = chance.randrange(len(source))
        byte = bytes([chance.choice(BYTES)])
        return chance.choice([source[:at], source[:at] + byte]) + source[at + chance.randrange(2) :]
    tokens = TOKEN.findall(source)
    places = [i for i, token in enumerate(tokens) if not token.isspace()]
    at, other = chance.choice(places), chance.choice(places)
    match chance.randrange(5):
        case 0:
            tokens[at] = b""
        case 1:
            tokens[at] += b" " + tokens[at]
        case 2:
            tokens[at], tokens[other] = tokens[other], tokens[at]
        case 3:
            tokens[at] = chance.choice(WORDS)
        case _:
            tokens[at] += b" " + chance.choice(WORDS) + b" "
    return b"".join(tokens)


def make_mistakes(files, count, seed, folder):
    chance = random.Random(seed)
    small = [file for file in files if 300 < os.path.getsize(file) < 9000]
    for number in range(count):
        with open(chance.choice(small), "rb") as source:
            text = with_one_mistake(source.read(), chance)
        name = os.path.join(folder, f"{number:06}.py")
        with open(name, "wb") as out:
            out.write(text)
        yield name


def main():
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--dump", required=True)
    arguments.add_argument("--mistakes", type=int, default=4000)
    arguments.add_argument("--seed", type=int, default=1)
    arguments.add_argument("paths", nargs="*", default=[os.path.dirname(os.__file__)])
    options = arguments.parse_args()
    sys.setrecursionlimit(20000)
    files = list(python_files(options.paths))
    failed = compare(options.dump, files, quiet=False)
    total = len(files)
    if options.mistakes:
        with tempfile.TemporaryDirectory() as folder:
            broken = list(make_mistakes(files, options.mistakes, options.seed, folder))
            failed += compare(options.dump, broken, quiet=True)
            total += len(broken)
    print(f"{total - failed} passed, {failed} failed")
    return failed != 0


if __name__ == "__main__":
    sys.exit(main())

"""Compares Krait's code objects with python3.11's, field by field and byte by byte.

    run.py --dump PROGRAM [--optimize N] [--mode MODE] [--flags N] [--limit N] [DIRECTORY-OR-FILE…]
    run.py --dump PROGRAM --generate N [--seed N]            N random programs, at levels 0, 1 and 2 in turn

PROGRAM is krait-dump-code. Every file is a test: it passes when both compilers make the same code objects of it, or
reject it with the same error. Without files: the programs beside this script, then the standard library.
A generated program that differs is kept; its name ends in its seed, and generate.py makes it again.
"""

import argparse
import json
import os
import subprocess
import sys

import generate

sys.path.insert(0, os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "tools"))

from python_files import python_files  # noqa: E402  (its folder is known only now)

HERE = os.path.dirname(os.path.abspath(__file__))
BATCH = 64  # files per process
GENERATED_BATCH = 250
TIME_LIMIT = 600


def split_snippets(path, folder):
    """One file per part of a text whose parts are separated by lines of dashes."""
    with open(path, encoding="utf-8") as text:
        parts = text.read().split("\n----\n")
    for number, part in enumerate(parts):
        name = os.path.join(folder, f"{os.path.basename(path)}.{number:03}.py")
        with open(name, "w", encoding="utf-8") as out:
            out.write(part)
        yield name


def ordered(value):
    """The constant with the items of its frozensets in one order."""
    if not isinstance(value, list):
        return value
    value = [ordered(item) for item in value]
    return ["frozenset", sorted(value[1], key=repr)] if value[:1] == ["frozenset"] else value


def dump(command, files):
    """{file: {path of the code object: its fields}}; a file missing from it made the process die."""
    done = subprocess.run(command, input="\n".join(files) + "\n", capture_output=True, text=True, timeout=TIME_LIMIT)
    result = {}
    for line in done.stdout.splitlines():
        fields = json.loads(line)
        fields["consts"] = [ordered(value) for value in fields.get("consts", [])]
        result.setdefault(fields["file"], {})[fields.get("path", "error")] = fields
    if done.returncode != 0 and len(files) > 1:
        # One bad file must not hide the others.
        return {name: found for file in files for name, found in dump(command, [file]).items()}
    return result if done.returncode == 0 else {}


def differences(expected, actual):
    if actual is None:
        yield "the compiler died"
        return
    for path in sorted(expected.keys() | actual.keys()):
        here, there = expected.get(path), actual.get(path)
        if here is None or there is None:
            yield f"{path}: only {'krait' if here is None else 'python3.11'} has it: {(here or there).get('error', '')}"
            continue
        for field in here:
            if here[field] != there.get(field):
                name = here.get("qualname", "")
                yield f"{name} {path}: {field} {str(here[field])[:90]} | {str(there.get(field))[:90]}"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--dump", required=True, help="the program krait-dump-code")
    parser.add_argument("--python", default="/usr/bin/python3.11")
    parser.add_argument("--optimize", default="0")
    parser.add_argument("--mode", default="exec")
    parser.add_argument("--flags", default="0", help="of compile(), for both compilers")
    parser.add_argument("--limit", type=int, default=0, help="compare only so many files")
    parser.add_argument("--scratch", default="", help="where snippets and generated programs are written as files")
    parser.add_argument("--generate", type=int, default=0, metavar="N", help="compare so many random programs")
    parser.add_argument("--seed", type=int, default=1, help="of the first random program")
    parser.add_argument("paths", nargs="*")
    options = parser.parse_args()

    scratch = options.scratch or os.path.join(os.environ.get("TMPDIR", "/tmp"), "krait-codegen")
    os.makedirs(scratch, exist_ok=True)
    comparison = Comparison(options)
    if options.generate:
        compare_generated(comparison, options, scratch)
    else:
        library = os.path.dirname(os.path.realpath(os.__file__))
        files = list(python_files(options.paths or [library]))
        if not options.paths:
            files = list(split_snippets(os.path.join(HERE, "rejected.txt"), scratch)) + files
        if options.limit:
            files = files[: options.limit]
        for start in range(0, len(files), BATCH):
            comparison.compare(files[start : start + BATCH], options.optimize)
    print(f"{comparison.objects} code objects, {comparison.rejected} files rejected by both")
    print(f"{comparison.passed} passed, {comparison.failed} failed")
    sys.exit(comparison.failed != 0 or comparison.passed == 0)


class Comparison:
    def __init__(self, options):
        self.options = options
        self.passed = self.failed = self.objects = self.rejected = 0

    def compare(self, files, level):
        """The files that differ."""
        how = ["--optimize", level, "--mode", self.options.mode, "--flags", self.options.flags]
        expected = dump([self.options.python, os.path.join(HERE, "reference.py"), *how], files)
        actual = dump([self.options.dump, *how], files)
        different = []
        for file in files:
            found = list(differences(expected.get(file, {}), actual.get(file)))
            self.objects += len(expected.get(file, {}))
            self.rejected += "error" in expected.get(file, {}) and not found
            self.passed, self.failed = self.passed + (not found), self.failed + bool(found)
            if found:
                different.append(file)
            for line in found[:3]:
                print(f"{file}: {line}", flush=True)
        return different


def compare_generated(comparison, options, scratch):
    folder = os.path.join(scratch, f"generated-{os.getpid()}")
    os.makedirs(folder)
    seeds = range(options.seed, options.seed + options.generate)
    for number, start in enumerate(range(0, len(seeds), GENERATED_BATCH)):
        files = []
        for seed in seeds[start : start + GENERATED_BATCH]:
            files.append(os.path.join(folder, f"{seed}.py"))
            with open(files[-1], "w", encoding="utf-8") as out:
                out.write(generate.make(seed))
        different = comparison.compare(files, str(number % 3))
        for file in set(files) - set(different):
            os.unlink(file)
    if not os.listdir(folder):
        os.rmdir(folder)


if __name__ == "__main__":
    main()

"""Compares Krait's code objects with python3.11's, field by field and byte by byte.

    run.py --dump PROGRAM [--optimize N] [--mode MODE] [--flags N] [--limit N] [DIRECTORY-OR-FILE…]

PROGRAM is krait-dump-code. Every file is a test: it passes when both compilers make the same code objects of it, or
reject it with the same error. Without files: the programs beside this script, then the standard library.
"""

import argparse
import json
import os
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
BATCH = 64  # files per process
TIME_LIMIT = 600


def python_files(paths):
    for path in paths:
        if os.path.isfile(path):
            yield path
            continue
        for folder, folders, names in os.walk(path):
            folders[:] = sorted(name for name in folders if name != "__pycache__")
            yield from (os.path.join(folder, name) for name in sorted(names) if name.endswith(".py"))


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
    parser.add_argument("--scratch", default="", help="where snippets are written as files")
    parser.add_argument("paths", nargs="*")
    options = parser.parse_args()

    library = os.path.dirname(os.path.realpath(os.__file__))
    files = list(python_files(options.paths or [library]))
    if not options.paths:
        scratch = options.scratch or os.path.join(os.environ.get("TMPDIR", "/tmp"), "krait-codegen")
        os.makedirs(scratch, exist_ok=True)
        files = list(split_snippets(os.path.join(HERE, "rejected.txt"), scratch)) + files
    if options.limit:
        files = files[: options.limit]

    how = ["--optimize", options.optimize, "--mode", options.mode, "--flags", options.flags]
    reference = [options.python, os.path.join(HERE, "reference.py"), *how]
    candidate = [options.dump, *how]
    passed = failed = objects = 0
    for start in range(0, len(files), BATCH):
        batch = files[start : start + BATCH]
        expected, actual = dump(reference, batch), dump(candidate, batch)
        for file in batch:
            found = list(differences(expected.get(file, {}), actual.get(file)))
            objects += len(expected.get(file, {}))
            passed, failed = passed + (not found), failed + bool(found)
            for line in found[:3]:
                print(f"{file}: {line}")
    print(f"{objects} code objects")
    print(f"{passed} passed, {failed} failed")
    sys.exit(failed != 0 or passed == 0)


if __name__ == "__main__":
    main()

"""Checks that Krait and python3.11 share compiled files: each runs what the other wrote, and a second start compiles
nothing.

    run.py --krait PROGRAM [--filter PATTERN]

Whether a source was compiled shows in what runs: tests replace the source behind the compiled file's back.
"""

import argparse
import fnmatch
import os
import shutil
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
REFERENCE = "/usr/bin/python3.11"
TAG = "cpython-311"
SOURCE = "value = 'compiled'\nif __name__ == '__main__': print('main', value, __file__ is not None)\n"
LIBRARY = os.path.dirname(os.path.realpath(os.__file__))
IMPORTS = "argparse, ast, asyncio, collections, csv, dataclasses, decimal, enum, json, logging, pathlib, unittest"
TIME_LIMIT = 300


class Folder:
    """A scratch folder with a module `shared` in it, and interpreters that run there."""

    def __init__(self, path):
        self.path = path
        self.write("shared.py", SOURCE, 1_000_000_000)

    def file(self, *names):
        return os.path.join(self.path, *names)

    def write(self, name, text, time=None):
        os.makedirs(os.path.dirname(self.file(name)), exist_ok=True)
        with open(self.file(name), "w", encoding="utf-8") as file:
            file.write(text)
        if time is not None:
            os.utime(self.file(name), (time, time))

    def replace(self, time=1_000_000_000, more=""):
        """Another program of the same size, and, unless told otherwise, the same time."""
        self.write("shared.py", SOURCE.replace("compiled", "replaced") + more, time)

    def run(self, interpreter, *arguments, **environment):
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "KRAIT"))}
        kept.update(HOME=self.path, LC_ALL="C.UTF-8", **environment)
        kept.pop("XDG_CACHE_HOME", None)
        done = subprocess.run(
            [interpreter, *arguments], cwd=self.path, env=kept, capture_output=True, text=True, timeout=TIME_LIMIT
        )
        if done.returncode != 0:
            return f"exit status {done.returncode}: {done.stderr.strip().splitlines()[-1:]}"
        return done.stdout.strip()

    def imported(self, interpreter, *flags, **environment):
        return self.run(interpreter, *flags, "-c", "import shared; print(shared.value)", **environment)

    def compiled(self, interpreter, mode):
        code = f"import py_compile as p; print(p.compile('shared.py', invalidation_mode=p.PycInvalidationMode.{mode}))"
        return self.run(interpreter, "-c", code)

    def cached(self, level=""):
        return self.file("__pycache__", f"shared.{TAG}{level}.pyc")

    def header(self):
        with open(self.cached(), "rb") as file:
            head = file.read(16)
        return int.from_bytes(head[:2], "little"), head[2:4], int.from_bytes(head[4:8], "little"), head[8:]


def equal(actual, expected, what):
    assert actual == expected, f"{what}: {actual!r}, not {expected!r}"


# --- each test takes a folder, who writes and who reads ---------------------------------------------------------------
def tags(folder, writer, reader):
    program = (
        "import importlib.util as u, sys\n"
        "print(sys.implementation.cache_tag, u.cache_from_source('a/b.py'), u.cache_from_source('b.py', optimization=2),"
        " u.source_from_cache('a/__pycache__/b.cpython-311.pyc'), u.MAGIC_NUMBER)"
    )
    equal(folder.run(reader, "-c", program), folder.run(writer, "-c", program), "names of compiled files")
    names = {folder.run(each, "-c", "import sys; print(sys.implementation.name)") for each in (writer, reader)}
    equal(names <= {"krait", "cpython"} and len(names) == len({writer, reader}), True, "the implementations' own names")


def timestamps(folder, writer, reader):
    equal(folder.imported(writer), "compiled", "the writer")
    equal(os.listdir(folder.file("__pycache__")), [os.path.basename(folder.cached())], "files")
    equal(folder.header()[:3], (3495, b"\r\n", 0), "header")
    folder.replace()
    equal(folder.imported(reader), "compiled", "source of the same time and size")
    folder.replace(time=1_000_000_001)
    equal(folder.imported(reader), "replaced", "source of another time")
    folder.write("shared.py", SOURCE, 1_000_000_001)
    equal(folder.imported(writer), "replaced", "the reader wrote the file anew")
    folder.replace(time=1_000_000_001, more="value = 'longer'\n")
    equal(folder.imported(reader), "longer", "source of another size")


def unchecked_hashes(folder, writer, reader):
    equal(folder.compiled(writer, "UNCHECKED_HASH"), f"__pycache__/shared.{TAG}.pyc", "py_compile")
    equal(folder.header()[2], 1, "flags")
    before = folder.header()
    folder.replace(more="value = 'other'\n")
    equal(folder.imported(reader), "compiled", "nobody looks at the source")
    equal(folder.imported(reader, "--check-hash-based-pycs", "always"), "other", "always")
    folder.compiled(writer, "UNCHECKED_HASH")
    equal(folder.header() != before, True, "another hash")


def checked_hashes(folder, writer, reader):
    folder.compiled(writer, "CHECKED_HASH")
    equal(folder.header()[2], 3, "flags")
    before = folder.header()
    os.utime(folder.file("shared.py"), (5, 5))
    equal(folder.imported(reader), "compiled", "the time does not count")
    folder.replace()
    equal(folder.imported(reader, "--check-hash-based-pycs", "never"), "compiled", "never")
    equal(folder.imported(reader), "replaced", "the hash counts")
    after = folder.header()
    equal((after[2], after != before), (3, True), "the file is written anew with a hash")
    equal(folder.imported(writer), "replaced", "the writer")


def hashes_are_the_same(folder, writer, reader):
    folder.compiled(writer, "CHECKED_HASH")
    with open(folder.cached(), "rb") as file:
        head = file.read(16)
    folder.compiled(reader, "CHECKED_HASH")
    with open(folder.cached(), "rb") as file:
        equal(file.read(16), head, "header")


def optimised(folder, writer, reader):
    for flag, level in (("-O", ".opt-1"), ("-OO", ".opt-2")):
        folder.write("shared.py", SOURCE, 1_000_000_000)
        equal(folder.imported(writer, flag), "compiled", flag)
        equal(os.path.exists(folder.cached(level)), True, level)
        folder.replace()
        equal(folder.imported(reader, flag), "compiled", flag)
    equal(folder.imported(reader), "replaced", "without -O")


def without_source(folder, writer, reader):
    folder.imported(writer)
    os.rename(folder.cached(), folder.file("shared.pyc"))
    os.remove(folder.file("shared.py"))
    equal(folder.imported(reader), "compiled", "import")
    equal(folder.run(reader, "shared.pyc"), "main compiled True", "script")
    equal(folder.run(reader, "-m", "shared"), "main compiled True", "-m")


def packages(folder, writer, reader):
    folder.write("package/__init__.py", "from . import inner\nvalue = inner.value\n", 1_000_000_000)
    inner = "value = [x for x in 'compiled']\nclass C:\n    def f(self): yield __class__\n"
    folder.write("package/inner.py", inner, 1_000_000_000)
    program = "import package; print(''.join(package.value), [c.__name__ for c in package.inner.C().f()])"
    expected = folder.run(writer, "-c", program)
    for name in ("package/__init__.py", "package/inner.py"):
        size = os.path.getsize(folder.file(name))
        folder.write(name, "#" * size, 1_000_000_000)
    equal(folder.run(reader, "-c", program), expected, "package")
    equal(expected, "compiled ['C']", "what it prints")


def prefix(folder, writer, reader):
    place = folder.file("elsewhere")
    equal(folder.imported(writer, PYTHONPYCACHEPREFIX=place), "compiled", "writer")
    equal(os.path.exists(folder.file("__pycache__")), False, "__pycache__")
    folder.replace()
    equal(folder.imported(reader, "-X", f"pycache_prefix={place}"), "compiled", "reader")


def not_written(folder, writer, reader):
    equal(folder.imported(writer, "-B"), "compiled", "-B")
    equal(folder.imported(reader, PYTHONDONTWRITEBYTECODE="1"), "compiled", "PYTHONDONTWRITEBYTECODE")
    equal(os.path.exists(folder.file("__pycache__")), False, "__pycache__")


def bad_files(folder, writer, reader):
    folder.imported(writer)
    with open(folder.cached(), "rb") as file:
        good = file.read()
    for what, content in (
        ("empty", b""), ("short header", good[:10]), ("other magic", b"\xa6" + good[1:]),
        ("odd flags", good[:4] + b"\x08" + good[5:]), ("truncated", good[:-20]), ("no code", good[:16] + b"N"),
        ("nothing", good[:16])
    ):
        answers = []
        for interpreter in (REFERENCE, reader):
            with open(folder.cached(), "wb") as file:
                file.write(content)
            answers.append(folder.imported(interpreter))
        equal(answers[1], answers[0], what)


def tracebacks_name_the_source(folder, writer, reader):
    folder.write("shared.py", "def f():\n    return 1 // 0\n", 1_000_000_000)
    folder.run(writer, "-c", "import shared")
    program = (
        "import shared, sys\ntry: shared.f()\n"
        "except ZeroDivisionError as e:\n  t = e.__traceback__.tb_next\n"
        "  print(t.tb_frame.f_code.co_filename, t.tb_lineno, shared.__cached__)"
    )
    os.rename(folder.file("shared.py"), folder.file("kept"))
    os.makedirs(folder.file("moved"))
    os.rename(folder.file("kept"), folder.file("moved", "shared.py"))
    os.rename(folder.file("__pycache__"), folder.file("moved", "__pycache__"))
    path = folder.file("moved", "shared.py")
    cached = folder.file("moved", "__pycache__", f"shared.{TAG}.pyc")
    equal(folder.run(reader, "-c", program, PYTHONPATH=folder.file("moved")), f"{path} 2 {cached}", "a moved file")


def library(folder, writer, reader):
    """Every 20th file of the library, compiled by one, is to the other what it makes of the source itself."""
    names = sorted(name for name in os.listdir(LIBRARY) if name.endswith(".py"))
    for package in ("asyncio", "json", "unittest", "email", "test"):
        found = os.listdir(os.path.join(LIBRARY, package))
        names += sorted(f"{package}/{name}" for name in found if name.endswith(".py"))
    pairs = []
    for number, name in enumerate(names[::20]):
        pyc = folder.file(f"{number}.pyc")
        pairs += [pyc, os.path.join(LIBRARY, name)]
    program = (
        "import sys, py_compile\n"
        "for pyc, py in zip(sys.argv[1::2], sys.argv[2::2]): py_compile.compile(py, pyc, doraise=True)"
    )
    equal(folder.run(writer, "-W", "ignore", "-c", program, *pairs), "", "compiling")
    answer = folder.run(reader, "-W", "ignore", os.path.join(HERE, "same_code.py"), *pairs)
    equal(answer, f"{len(pairs) // 2} same, 0 different", "code")


def starts_compile_nothing(folder, writer, reader):
    """Once `writer` has compiled the library, the sources may be gone for all that `reader` looks at them."""
    copy = folder.file("library")
    unwanted = "__pycache__ test tests idlelib lib2to3 ensurepip distutils tkinter turtle* pydoc*".split()
    shutil.copytree(LIBRARY, copy, ignore=shutil.ignore_patterns(*unwanted))
    program = (
        f"import sys; sys.path.insert(0, {copy!r})\nimport {IMPORTS}\n"
        f"print(json.dumps([json.__file__.startswith({copy!r})]))"
    )
    settings = {"KRAIT_STDLIB": copy}
    equal(folder.run(writer, "-c", program, **settings), "[true]", "the first start")
    # The two do not start with the same modules: python3.11 has some inside itself.
    if writer != reader:
        equal(folder.run(writer, "-W", "ignore", "-m", "compileall", "-q", copy), "", "compileall")
    for base, _, names in os.walk(copy):
        for name in names:
            path = os.path.join(base, name)
            if name.endswith(".py"):
                state = os.stat(path)
                with open(path, "wb") as file:
                    file.write(b"?" * state.st_size)
                os.utime(path, ns=(state.st_atime_ns, state.st_mtime_ns))
    equal(folder.run(reader, "-c", program, **settings), "[true]", "the second start")


TESTS = (
    tags, timestamps, unchecked_hashes, checked_hashes, hashes_are_the_same, optimised, without_source, packages, prefix,
    not_written, bad_files, tracebacks_name_the_source, library, starts_compile_nothing
)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--krait", required=True)
    parser.add_argument("--filter", default="*")
    options = parser.parse_args()
    krait = os.path.abspath(options.krait)
    names = {krait: "krait", REFERENCE: "python3.11"}
    passed = failed = 0
    for test in TESTS:
        if not fnmatch.fnmatch(test.__name__, options.filter):
            continue
        for writer, reader in ((REFERENCE, krait), (krait, REFERENCE), (krait, krait)):
            with tempfile.TemporaryDirectory() as path:
                try:
                    test(Folder(os.path.realpath(path)), writer, reader)
                    passed += 1
                except AssertionError as error:
                    failed += 1
                    print(f"{test.__name__}, written by {names[writer]}, read by {names[reader]}: {error}")
    print(f"{passed} passed, {failed} failed")
    sys.exit(failed != 0 or passed == 0)


if __name__ == "__main__":
    main()

"""Makes what fuzzing starts from: small programs, and marshal data in every version, from the tests and the library.

    seeds.py DIRECTORY          fills DIRECTORY/compile, DIRECTORY/marshal, DIRECTORY/verify and DIRECTORY/python.dict
"""

import hashlib
import keyword
import marshal
import os
import sys
import warnings

HERE = os.path.dirname(os.path.abspath(__file__))
TESTS = os.path.dirname(HERE)
sys.path[:0] = [os.path.join(TESTS, "codegen"), os.path.join(TESTS, "verify")]

import generate  # noqa: E402
import subjects  # noqa: E402

LONGEST = 4096
VALUES = [
    None, True, False, ..., StopIteration, 0, -1, 2**31, -(2**63), 2**200, -(2**15), 0.0, -0.0, 1e308, float("nan"), 1j,
    "", "a", "name", "größe", "\ud800", "x" * 300, b"", b"\0\xff", (), (1,), tuple(range(300)), [], [1, [2]], {}, {1: {2: 3}},
    set(), {1, "a"}, frozenset({1}), ("same", "same"), [("shared",)] * 3,
]  # fmt: skip


def files(folder, most):
    for parent, folders, names in os.walk(folder):
        folders.sort()
        for name in sorted(names):
            path = os.path.join(parent, name)
            if name.endswith(".py") and os.path.getsize(path) <= most:
                with open(path, "rb") as stream:
                    yield stream.read()


def programs():
    for name in ("rejected.txt",):
        with open(os.path.join(TESTS, "codegen", name), "rb") as stream:
            yield from stream.read().split(b"\n----\n")
    yield from files(os.path.join(TESTS, "language"), LONGEST)
    library = list(files(os.path.dirname(os.path.realpath(os.__file__)), LONGEST))
    yield from library[::4]
    for seed in range(150):
        text = generate.make(seed).encode()
        if len(text) <= LONGEST:
            yield text


def keep(folder, data):
    if 0 < len(data) <= LONGEST:
        with open(os.path.join(folder, hashlib.sha1(data).hexdigest()[:16]), "wb") as out:
            out.write(data)


def main():
    warnings.simplefilter("ignore")
    root = sys.argv[1]
    for name in ("compile", "marshal", "verify"):
        os.makedirs(os.path.join(root, name), exist_ok=True)
    for version in range(5):
        for value in VALUES:
            keep(os.path.join(root, "marshal"), marshal.dumps(value, version))
    for program in programs():
        keep(os.path.join(root, "compile"), program)
        try:
            code = compile(program, "seed.py", "exec", 0, True)
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            continue
        keep(os.path.join(root, "marshal"), marshal.dumps(code, len(program) % 5))
    for number, function in enumerate(subjects.FUNCTIONS):
        code = function.__code__
        for arguments in range(len(subjects.ARGUMENTS)):  # the layout is verify_examine.py's
            header = bytes((number, 0, 128, arguments)) + len(code.co_exceptiontable).to_bytes(2, "big")
            keep(os.path.join(root, "verify"), header + code.co_exceptiontable + code.co_code)
    operators = "( ) [ ] { } : , ; . -> := ... ** //= >>= != <> @= \\\n # ''' \"\"\" f'{ {x!r:>{w}} \\N{DIGIT ONE} \\x41".split(" ")
    prefixes = ["async def f():", "except* E:", "match x:\n case [", "lambda *a: ", "yield from ", "# coding: latin-1\n", "\ufeff"]
    with open(os.path.join(root, "python.dict"), "w", encoding="utf-8") as out:
        for word in keyword.kwlist + keyword.softkwlist + operators + prefixes:
            escaped = "".join(f"\\x{byte:02x}" for byte in word.encode())
            out.write(f'"{escaped}"\n')


if __name__ == "__main__":
    main()

"""Says whether code loaded from compiled files is what this interpreter makes of their sources, field by field.

    same_code.py PYC SOURCE [PYC SOURCE …]
"""

import marshal
import sys

METHODS = ("co_lines", "co_positions")
FIELDS = [name for name in dir(compile("", "", "exec")) if name.startswith("co_") and name not in METHODS]


def differences(here, there, path="module"):
    if type(here) is not type(there):
        yield f"{path}: {type(here).__name__} | {type(there).__name__}"
    elif isinstance(here, type(compile)) or hasattr(here, "co_code"):
        for name in FIELDS:
            yield from differences(getattr(here, name), getattr(there, name), f"{path}.{name}")
        if list(here.co_positions()) != list(there.co_positions()):
            yield f"{path}: positions"
    elif isinstance(here, tuple) and len(here) == len(there):
        for i, (left, right) in enumerate(zip(here, there)):
            yield from differences(left, right, f"{path}[{i}]")
    elif isinstance(here, frozenset):
        if sorted(map(repr, here)) != sorted(map(repr, there)):
            yield f"{path}: {here!r} | {there!r}"
    elif repr(here) != repr(there):
        yield f"{path}: {here!r:.80} | {there!r:.80}"


def main():
    failed = 0
    for pyc, source in zip(sys.argv[1::2], sys.argv[2::2]):
        with open(pyc, "rb") as file:
            loaded = marshal.loads(file.read()[16:])
        with open(source, "rb") as file:
            compiled = compile(file.read(), loaded.co_filename, "exec", dont_inherit=True)
        found = list(differences(compiled, loaded))
        # Version 2 writes no references, whose numbers depend on who holds which object.
        if not found and b"frozenset" not in repr(loaded.co_consts).encode():
            left, right = marshal.dumps(compiled, 2), marshal.dumps(loaded, 2)
            if left != right and not any(isinstance(c, frozenset) for c in constants(loaded)):
                found.append("marshal.dumps differs")
        if found:
            failed += 1
            print(source, found[0])
    print(f"{len(sys.argv) // 2 - failed} same, {failed} different")


def constants(code):
    for constant in code.co_consts:
        yield constant
        if hasattr(constant, "co_consts"):
            yield from constants(constant)
        elif isinstance(constant, tuple):
            yield from constant


main()

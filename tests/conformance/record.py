"""The record of what CPython's tests say of Krait: a text with a line for every test, in a fixed order.

    test_bool tier 1, 0.1 s
      BoolTest
        ok test_and
        error test_pickle
        lost test_sizeof C-API

A test is in the record when it passes on CPython 3.11.2 itself. `lost` means that it was not reported: its file was not
imported or ended before it. `C-API` marks tests that CPython fails too without _testcapi, _testbuffer and _ctypes.
"""

import dataclasses
import os

PATH = os.path.join(os.path.dirname(os.path.abspath(__file__)), "record.txt")
C_API = " C-API"


@dataclasses.dataclass
class RecordedFile:
    """One test file: how long CPython takes for it, and the outcome of each of its tests."""

    module: str
    tier: int
    seconds: float
    outcomes: dict  # id -> outcome
    needs_c_api: set

    @property
    def passing(self):
        return {test for test, outcome in self.outcomes.items() if outcome == "ok"}


def read(path=PATH):
    """All recorded files by module, in the order of the record."""
    files = {}
    with open(path, encoding="utf-8") as lines:
        for line in lines:
            text = line.rstrip("\n")
            if not text or text.startswith("#"):
                continue
            if not text.startswith(" "):
                module, rest = text.split(" tier ")
                tier, seconds = rest.removesuffix(" s").split(", ")
                file = files[module] = RecordedFile(module, int(tier), float(seconds), {}, set())
            elif not text.startswith("    "):
                group = text.strip()
            else:
                outcome, name = text.strip().split(" ", 1)
                test = full_id(file.module, group, name.removesuffix(C_API))
                file.outcomes[test] = outcome
                if name.endswith(C_API):
                    file.needs_c_api.add(test)
    return files


def full_id(module, group, name):
    if group.startswith("="):
        return f"{group[1:]}.{name}"
    return f"test.{module}.{name}" if group == "." else f"test.{module}.{group}.{name}"


def split_id(module, test):
    """The group that a test is recorded under, and its name there. What is not of the file itself begins with `=`."""
    group, name = test.rsplit(".", 1)
    if group == f"test.{module}":
        return ".", name
    own = f"test.{module}."
    return (group.removeprefix(own) if group.startswith(own) else "=" + group), name


def write(files, path=PATH):
    text = ["# What CPython 3.11's own tests say of Krait; see record.py. Rewritten by: tests/conformance/run.py --record"]
    for file in files.values():
        text.append(f"{file.module} tier {file.tier}, {file.seconds:.1f} s")
        groups = {}
        for test in file.outcomes:
            group, name = split_id(file.module, test)
            groups.setdefault(group, []).append((name, test))
        for group in sorted(groups):
            text.append(f"  {group}")
            for name, test in sorted(groups[group]):
                text.append(f"    {file.outcomes[test]} {name}{C_API if test in file.needs_c_api else ''}")
    with open(path + ".new", "w", encoding="utf-8") as out:
        out.write("\n".join(text) + "\n")
    os.replace(path + ".new", path)

"""Checks what the compiler cannot: where Values may live, what a folder may include, how a file opens.

Each rule is a function that yields complaints as (path, line, text). `run.py` prints them and ends with the line
`N passed, N failed`, counting a rule on a file as one test. A line that must break a rule says why in a comment
`lint: RULE because …`, which silences that rule there.
"""

import argparse
import functools
import os
import re
import subprocess
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))

MAY_INCLUDE = {
    "vm": {"vm"},
    "compiler": {"vm", "compiler"},
    "specialize": {"vm", "specialize"},
    "dispatch": {"vm", "specialize", "dispatch"},
    "bench/lab": {"bench"},
    "bench": {"vm", "compiler", "specialize", "dispatch", "bench"},
    "tests": {"vm", "compiler", "specialize", "dispatch", "bench", "tests"},
}
ENGINE = ("vm/", "specialize/", "dispatch/", "compiler/")
MAX_LINES = 900
# Spelled apart, so that this file does not complain about itself.
UNFINISHED = re.compile(r"\b(" + "|".join(["TO" + "DO", "FIX" + "ME", "XX" + "X", "HA" + "CK"]) + r")\b"
                        r"|\bnot " + r"(yet )?implemented yet\b|\bunimp" + r"lemented\b")
# Absolute paths that exist on one machine only.
FOREIGN_PATH = re.compile(r"(?<![\w.:/)}>*$\"'-])/(home|root|work|workspace|Users|mnt|build)/\w|[\"' ]/(home|root|work|workspace|Users)/\w")
# The top level is fixed; what a program writes into its working directory must not end up there.
TOP_LEVEL = {"CMakeLists.txt", "CMakePresets.json", "CITATION.cff", "LICENSE", "README.md", "bench", "compiler", "dispatch",
             "papers", "specialize", "tests", "vm"}
CODE = (".cpp", ".h")
PROSE = CODE + (".py", ".cmake", ".md", ".txt", ".json", ".def", ".sh", ".yml", "run")


def tracked_files():
    output = subprocess.run(["git", "ls-files", "-co", "--exclude-standard"], cwd=ROOT, capture_output=True, text=True,
                            check=True).stdout
    return [path for path in output.splitlines() if os.path.isfile(os.path.join(ROOT, path))]


@functools.lru_cache(maxsize=None)
def lines_of(path):
    with open(os.path.join(ROOT, path), encoding="utf-8", errors="replace") as file:
        return file.read().splitlines()


@functools.lru_cache(maxsize=None)
def without_comments(path):
    """The lines of a C++ file with comments and string contents blanked, so that prose breaks no rule."""
    text = "\n".join(lines_of(path))
    pattern = re.compile(r'R"\((?:.|\n)*?\)"|//[^\n]*|/\*(?:.|\n)*?\*/|"(?:\\.|[^"\\\n])*"' r"|'(?:\\.|[^'\\\n])+'")

    def blank(match):
        found = match.group()
        if found.startswith('"') and found.endswith('"'):
            return '"' + " " * (len(found) - 2) + '"'
        return re.sub(r"[^\n]", " ", found)

    # Includes keep their names.
    kept = {i for i, line in enumerate(text.split("\n")) if line.startswith("#include")}
    blanked = pattern.sub(blank, text).split("\n")
    return [lines_of(path)[i] if i in kept else line for i, line in enumerate(blanked)]


@functools.lru_cache(maxsize=None)
def cell_types():
    """The C++ types of heap cells, from the list of cell kinds: a pointer to one is as good as a Value."""
    text = "\n".join(lines_of("vm/cell.h"))
    listed = re.search(r"#define KRAIT_CELL_KINDS\(X\)((?:.*\\\n)*.*)", text)
    names = set(re.findall(r"X\(\s*\w+\s*,\s*(\w+)\s*\)", listed.group(1))) if listed else set()
    return names | {"Cell", "Object"}


def opens_with_a_sentence(path):
    """A reader learns from the first line why the file exists."""
    if not path.endswith(CODE + (".py", ".cmake", "CMakeLists.txt")) and not path.endswith(("/run", ".sh")):
        return
    first = [line for line in lines_of(path)[:6] if line.strip() and not line.startswith("#!")]
    if not first:
        if path.endswith("__init__.py"):
            return
        yield 1, "is empty"
        return
    marker = re.match(r'(//|#|r?""")\s*(.*)', first[0])
    if not marker or len(marker.group(2)) < 15:
        yield 1, "does not open with a sentence saying why it exists"


def is_one_thing(path):
    """A file that needs more than 900 lines is more than one thing."""
    if path.endswith(CODE + (".py",)) and len(lines_of(path)) > MAX_LINES:
        yield MAX_LINES, f"has {len(lines_of(path))} lines, and should be split by topic below {MAX_LINES}"


def is_finished(path):
    """No marks of unfinished work: a gap is closed or written down where users read it."""
    if not path.endswith(PROSE) or path == "tests/lint/run.py":
        return
    for number, line in enumerate(lines_of(path), 1):
        if UNFINISHED.search(line):
            yield number, f"marks unfinished work: {line.strip()[:80]}"


def names_no_foreign_path(path):
    """A path that exists on one machine only."""
    if not path.endswith(PROSE) or path == "tests/lint/run.py" or path.startswith("tests/language/"):
        return
    for number, line in enumerate(lines_of(path), 1):
        if FOREIGN_PATH.search(line):
            yield number, f"names a path of one machine: {line.strip()[:80]}"


def stands_where_the_architecture_says(path):
    top = path.split("/")[0]
    if top not in TOP_LEVEL and not top.startswith("."):
        yield 1, f"{top} does not belong to the top level"


def follows_the_arrows(path):
    """Includes go along compiler → vm ← specialize ← dispatch, are written from the root, and never climb."""
    if not path.endswith(CODE) or path == "dispatch/main.cpp" or path.startswith("tests/negative/"):
        return
    folder = next((f for f in sorted(MAY_INCLUDE, key=len, reverse=True) if path.startswith(f + "/")), None)
    if folder is None:
        return
    for number, line in enumerate(lines_of(path), 1):
        match = re.match(r'\s*#\s*include\s+"([^"]+)"', line)
        if not match:
            continue
        target = match.group(1)
        first = target.split("/")[0]
        if ".." in target.split("/"):
            yield number, f'climbs out of its folder: "{target}"'
        elif "/" not in target:
            yield number, f'is not written from the root: "{target}"'
        elif first not in MAY_INCLUDE[folder]:
            yield number, f'{folder} must not include "{target}"'


def keeps_values_where_the_collector_looks(path):
    """The collector scans stacks, registers and cells, not malloc: a Value in a std container is a dangling one."""
    if not path.startswith(ENGINE) or not path.endswith(CODE):
        return
    kinds = "|".join(sorted(cell_types()))
    holder = re.compile(r"\b(?:std::(?:vector|deque|list|forward_list|map|multimap|unordered_map|unordered_multimap|set"
                        r"|multiset|unordered_set|unordered_multiset|queue|stack|priority_queue|unique_ptr|shared_ptr"
                        r"|function|any)|boost::container::\w+|small_vector|flat_map|flat_set)\s*<")
    held = re.compile(rf"\b(?:Value|(?:{kinds})\s*\*|Field\s*<)")
    for number, line in enumerate(without_comments(path), 1):
        for match in holder.finditer(line):
            depth, end = 1, match.end()
            while end < len(line) and depth:
                depth += {"<": 1, ">": -1}.get(line[end], 0)
                end += 1
            if held.search(line[match.end():end]) and "static_vector" not in match.group():
                yield number, f"keeps Values where the collector does not look: {line[match.start():end]}"


def passes_the_thread(path):
    """Thread& in a signature says that a function may allocate, raise or run Python; fetching it elsewhere hides that."""
    if not path.startswith(("vm/builtins/", "vm/modules/", "vm/handlers/", "specialize/", "compiler/")) or not path.endswith(CODE):
        return
    for number, line in enumerate(without_comments(path), 1):
        if re.search(r"\bcurrentThread\s*\(\s*\)", line):
            yield number, "fetches the thread instead of taking Thread&"


def returns_its_errors(path):
    """Errors are values; a C++ exception cannot cross handlers that have no landing pads."""
    if not path.startswith(("vm/", "specialize/", "dispatch/")) or not path.endswith(CODE):
        return
    for number, line in enumerate(without_comments(path), 1):
        if re.search(r"\bthrow\b(?!\s*\()|\bthrow\s+\w", line):
            yield number, "throws a C++ exception"


def guards_its_header(path):
    """Headers are read once, by #pragma once."""
    if path.endswith(".h") and "#pragma once" not in lines_of(path):
        yield 1, "has no #pragma once"


RULES = [stands_where_the_architecture_says, opens_with_a_sentence, is_one_thing, is_finished, names_no_foreign_path,
         follows_the_arrows, keeps_values_where_the_collector_looks, passes_the_thread, returns_its_errors,
         guards_its_header]


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("paths", nargs="*", help="only these files (default: all)")
    args = parser.parse_args()
    passed = failed = 0
    for path in args.paths or tracked_files():
        if path.startswith("bench/programs/") or path.startswith("tests/language/"):
            rules = [opens_with_a_sentence, is_finished] if path.startswith("bench/") else [is_finished]
        else:
            rules = RULES
        for rule in rules:
            complaints = [(number, text) for number, text in rule(path)
                          if not any(f"lint: {rule.__name__} because" in line
                                     for line in lines_of(path)[max(0, number - 2):number])]
            passed += not complaints
            failed += bool(complaints)
            for number, text in complaints:
                print(f"{path}:{number}: {text} [{rule.__name__}]")
    print(f"{passed} passed, {failed} failed")
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()

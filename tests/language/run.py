"""Runs every language test under python3.11 and under Krait, and compares what they print and how they exit.

A test is a script in this folder; comments that open it may give `# args:`, `# stdin:` (with escapes), `# flags:` (of the
interpreter) and `# timeout:` (seconds). What only the command line can show is an entry of a cli_*.json file: an object
with `name`, `argv` and, when needed, `stdin`, `files` (made in the working directory) and `env`. Every test runs in an
empty folder of its own. `support/` holds what the import tests import.
"""

import glob
import json
import os
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(os.path.dirname(HERE), "tools"))

import runner  # noqa: E402  (its folder is known only now)


def command_line_cases(path):
    stem = os.path.splitext(os.path.basename(path))[0]
    with open(path, encoding="utf-8") as file:
        entries = json.load(file)
    for entry in entries:
        yield runner.Case(
            f"{stem}/{entry['name']}",
            entry["argv"],
            stdin=entry.get("stdin", "").encode(),
            files={name: text_of(content) for name, content in entry.get("files", {}).items()},
            environment=entry.get("env", {}),
        )


def text_of(content):
    """What a file holds: text, a list of lines for legibility, or {encoding: text} for other bytes than UTF-8's."""
    if isinstance(content, dict):
        ((encoding, text),) = content.items()
        return text.encode(encoding)
    return content if isinstance(content, str) else "".join(line + "\n" for line in content)


def cases():
    for path in sorted(glob.glob(os.path.join(HERE, "*.py"))):
        if os.path.basename(path) != "run.py":
            yield runner.script_case(path)
    for path in sorted(glob.glob(os.path.join(HERE, "cli_*.json"))):
        yield from command_line_cases(path)


if __name__ == "__main__":
    sys.exit(runner.Session(__doc__.splitlines()[0]).run(cases()))

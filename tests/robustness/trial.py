"""A robustness trial: a case, and how much of its outcome is required beyond not crashing and not hanging."""

import dataclasses
import os
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(os.path.dirname(HERE), "tools"))

import runner  # noqa: E402  (its folder is known only now)

ORDINARY = (0, 1)  # the statuses of a program that ended by itself: normally, or with an uncaught exception
SMALL_SPACE = 3_000_000 << 10  # bytes; what `ulimit -v 3000000` allows


@dataclasses.dataclass
class Trial:
    """What must hold: the exit status is one of these, and stderr's last line and stdout begin like this."""

    case: runner.Case
    status: tuple = ORDINARY
    last_line: tuple = ()  # acceptable beginnings of the last line on stderr; empty means anything
    stdout: str = ""  # what stdout must be; empty means anything

    def complaints(self, outcome):
        if outcome.crash() or outcome.stopped:
            return [outcome.describe_status()] + self.tail(outcome)
        found = []
        if outcome.status not in self.status:
            found.append(f"{outcome.describe_status()}, not {' or '.join(map(str, self.status))}")
        last = outcome.stderr.rstrip("\n").rpartition("\n")[2]
        if self.last_line and not last.startswith(self.last_line):
            found.append(f"stderr ends with {last[:100]!r}, not {' or '.join(map(repr, self.last_line))}")
        if self.stdout and outcome.stdout != self.stdout:
            found.append(f"stdout is {outcome.stdout[:100]!r}, not {self.stdout!r}")
        return found + self.tail(outcome) if found else []

    def tail(self, outcome):
        return ["stderr: " + line[:160] for line in outcome.stderr.splitlines()[-3:]]


def script(name, source, *, status=ORDINARY, last_line=(), stdout="", **options):
    """A trial that runs one script; `source` may be a function, so that unused megabytes are never made."""
    options.setdefault("timeout", 30.0)
    if isinstance(last_line, str):
        last_line = (last_line,)
    case = runner.Case(name, ["main.py"], files={"main.py": source}, **options)
    return Trial(case, status, last_line, stdout)

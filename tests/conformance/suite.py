"""Running one file of CPython's test suite and reading what unittest's -v says of every test."""

import dataclasses
import re

from runner import Case, run_case

# A test file whose tests are doctests only: `-m unittest` finds nothing there.
DOCTESTS_ONLY = {"test_pep646_syntax"}
RUN_DOCTESTS = (
    "import sys, doctest, unittest, importlib; module = importlib.import_module(sys.argv[1]); "
    "unittest.TextTestRunner(verbosity=2).run(doctest.DocTestSuite(module))"
)

# `name (test.test_x.Class.name) ... ok`; a subtest's line is indented and has its parameters behind the id.
START = re.compile(r"^(?P<indent> *)(?P<name>[^\s(][^(]*?) \((?P<id>[\w.<>\-]+)\)(?P<rest>.*)$")
OUTCOME = r"(?P<outcome>ok|FAIL|ERROR|expected failure|unexpected success%s)$"
OUTCOME_BEHIND_DOTS = re.compile(r"(?:^|\.\.\. )" + OUTCOME % r"|skipped(?: .*)?")
OUTCOME_BEHIND_NOISE = re.compile(OUTCOME % "")
SUMMARY = re.compile(r"^Ran (\d+) tests? in [\d.]+s")
WORDS = {"ok": "ok", "FAIL": "fail", "ERROR": "error", "expected failure": "ok", "unexpected success": "fail"}


@dataclasses.dataclass
class FileRun:
    """What became of one file: the outcome of every test that was reported, and how the run itself ended."""

    outcomes: dict  # id -> ok, fail, error or skip
    state: str  # "done", "not imported", or why it ended early
    seconds: float = 0.0
    last_words: str = ""

    @property
    def broke_down(self):
        """Whether it crashed, hung, or had to be stopped: what no test file may do."""
        return self.state not in ("done", "not imported")


def word_of(outcome):
    return "skip" if outcome.startswith("skipped") else WORDS[outcome]


def id_of(name, identity):
    """Methods are shown as `name (test.x.Class.name)`, doctests as `name (module)`."""
    name = name.strip()
    return identity if identity == name or identity.endswith("." + name) else f"{identity}.{name}"


class Reader:
    """Reads the report line by line; what tests print themselves may stand anywhere in between."""

    def __init__(self):
        self.outcomes = {}
        self.pending = None
        self.is_finished = False
        self.has_summary = False

    def put(self, test, outcome):
        known = self.outcomes.get(test)
        if known in ("fail", "error") or (known is not None and outcome == "skip"):
            return  # a failed subtest decides; a skipped one does not
        self.outcomes[test] = outcome

    def feed(self, line):
        if line in ("=" * 70, "-" * 70):
            self.is_finished = True
        if SUMMARY.match(line):
            self.is_finished = self.has_summary = True
        if self.is_finished:
            return
        start = START.match(line)
        if start and self.is_start(start):
            self.begin(start)
        elif self.pending is not None:
            self.go_on(line)

    @staticmethod
    def is_start(start):
        if len(start["indent"]) not in (0, 2):
            return False
        rest = start["rest"]
        return not rest or rest.startswith(" ... ") or (start["indent"] and rest[:2] in (" (", " ["))

    def begin(self, start):
        test = id_of(start["name"], start["id"])
        found = OUTCOME_BEHIND_DOTS.search(start["rest"])
        if not found and not start["indent"] and " ... " in start["rest"]:
            found = OUTCOME_BEHIND_NOISE.search(start["rest"])
        if found:
            self.put(test, word_of(found["outcome"]))
            if not start["indent"]:
                self.pending = None
        else:
            self.pending = test

    def go_on(self, line):
        found = OUTCOME_BEHIND_DOTS.search(line)
        if not found:
            found = OUTCOME_BEHIND_NOISE.search(line)
            if found and found.start() > 0 and line[found.start() - 1].isalpha():
                found = None
        if found:
            self.put(self.pending, word_of(found["outcome"]))
            self.pending = None


def run_file(interpreter, module, timeout):
    """Run test.MODULE below an interpreter; the result is a FileRun."""
    if module in DOCTESTS_ONLY:
        arguments = ["-c", RUN_DOCTESTS, f"test.{module}"]
    else:
        arguments = ["-m", "unittest", "-v", f"test.{module}"]
    case = Case(module, arguments, timeout=timeout)
    outcome = run_case(interpreter, case)
    reader = Reader()
    for line in outcome.stderr.split("\n"):
        reader.feed(line.rstrip("\r"))
    if outcome.stopped:
        state = outcome.stopped
    elif outcome.crash():
        state = f"died of {outcome.crash()}"
    elif any(test.startswith("unittest.loader._FailedTest") for test in reader.outcomes):
        state = "not imported"
        reader.outcomes = {}
    elif reader.has_summary:
        state = "done"
    else:
        state = "not imported" if outcome.status == 1 and not reader.outcomes else "ended early"
    return FileRun(reader.outcomes, state, last_words=last_words(outcome.stderr) if state != "done" else "")


def last_words(text):
    """The line that says most about why a run ended: the last one that names an exception, or the last one."""
    lines = [line for line in text.strip().split("\n") if line]
    for line in reversed(lines):
        if re.match(r"^[A-Za-z_.]*(Error|Exception|Interrupt|Exit)\b", line):
            return line[:200]
    return lines[-1][:200] if lines else ""

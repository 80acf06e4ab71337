"""What the script-level test runners share: running interpreters under limits, comparing outcomes, reporting.

A `Case` is one command line without its interpreter. `Session` runs every case under each interpreter given on the
command line and ends with the line `N passed, N failed`. The reference, python3.11, runs at most once per case.
"""

import argparse
import concurrent.futures
import dataclasses
import difflib
import fnmatch
import os
import re
import resource
import shlex
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time

REFERENCE = "/usr/bin/python3.11"
TIME_LIMIT = 60.0  # seconds of wall time
MEMORY_LIMIT = 3 << 30  # bytes resident; the address space stays free, since interpreters reserve it generously
OUTPUT_LIMIT = 64 << 20  # bytes on stdout and stderr together
POLL_INTERVAL = 0.02  # seconds between looks at a running process
DIFF_LINES = 12
CRASH_SIGNALS = {signal.SIGSEGV, signal.SIGABRT, signal.SIGBUS, signal.SIGILL, signal.SIGFPE, signal.SIGTRAP}


@dataclasses.dataclass
class Case:
    """One command line to run under an interpreter, and what surrounds it."""

    name: str
    arguments: list  # everything after the interpreter and its own flags
    flags: list = dataclasses.field(default_factory=list)
    stdin: bytes = b""
    files: dict = dataclasses.field(default_factory=dict)  # relative path -> text, bytes or a function that makes them
    environment: dict = dataclasses.field(default_factory=dict)
    timeout: float = TIME_LIMIT
    address_space: int = 0  # bytes, as by `ulimit -v`; 0 means no limit
    interrupt_after: float = 0.0  # seconds after the process has said "ready"; 0 means never
    shell: str = ""  # how a shell starts the command "$@", when redirections are part of the test


@dataclasses.dataclass
class Outcome:
    """What a finished process left behind; `stopped` says why the runner had to kill it, if it did."""

    status: int
    stdout: str
    stderr: str
    stopped: str = ""

    def crash(self):
        """The name of the signal that no program may die of, or an empty string."""
        if self.status < 0 and -self.status in CRASH_SIGNALS:
            return signal.Signals(-self.status).name
        return ""

    def describe_status(self):
        if self.stopped:
            return self.stopped
        if self.status < 0:
            return f"died of {signal.Signals(-self.status).name}"
        return f"exit status {self.status}"


@dataclasses.dataclass
class Interpreter:
    """A program that runs Python, with the flags and environment that every case gets, and its specialisation policy.

    The policy goes through the environment, because programs can read -X options in sys._xoptions.
    """

    path: str
    flags: list = dataclasses.field(default_factory=list)
    environment: dict = dataclasses.field(default_factory=dict)
    policy: str = ""  # empty: the interpreter's own default

    def __post_init__(self):
        if self.policy:
            self.environment = {**self.environment, "KRAIT_SPECIALIZE": self.policy}

    @property
    def label(self):
        return os.path.basename(self.path) + (f" {self.policy}" if self.policy else "")


def test_environment():
    """The caller's environment without what would change Python's behaviour, and with hashes fixed."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    kept.update(PYTHONHASHSEED="0", PYTHONDONTWRITEBYTECODE="1", LC_ALL="C.UTF-8", TERM="dumb")
    return kept


def resident_bytes(pid):
    try:
        with open(f"/proc/{pid}/statm") as file:
            return int(file.read().split()[1]) * resource.getpagesize()
    except (OSError, IndexError):
        return 0


class Process:
    """One run of one case: starts it, watches the limits, sends the interrupt, collects what it wrote."""

    def __init__(self, interpreter, case, scratch):
        self.case = case
        self.scratch = scratch
        self.output = tempfile.TemporaryFile()
        self.errors = tempfile.TemporaryFile()
        command = [interpreter.path, *interpreter.flags, *case.flags, *case.arguments]
        if case.shell:
            command = ["/bin/bash", "-c", case.shell, "bash", *command]
        if case.address_space:
            limit = f'ulimit -v {case.address_space // 1024}; exec "$@"'
            command = ["/bin/bash", "-c", limit, "bash", *command]
        with tempfile.TemporaryFile() as stdin:
            stdin.write(case.stdin)
            stdin.seek(0)
            self.process = subprocess.Popen(
                command,
                stdin=stdin,
                stdout=self.output,
                stderr=self.errors,
                cwd=scratch,
                env={**test_environment(), **interpreter.environment, **case.environment},
                start_new_session=True,
            )

    def wait(self):
        stopped = self.watch()
        self.kill_group()
        status = self.process.wait()
        return Outcome(status, self.text(self.output), self.text(self.errors), stopped)

    def watch(self):
        """Return when the process has ended, or with the reason why it must be stopped."""
        started = time.monotonic()
        interrupt_at = None
        interrupted = not self.case.interrupt_after
        while True:
            try:
                self.process.wait(POLL_INTERVAL if not interrupted else 4 * POLL_INTERVAL)
                return ""
            except subprocess.TimeoutExpired:
                pass
            now = time.monotonic()
            if not interrupted:
                if interrupt_at is None and os.fstat(self.output.fileno()).st_size > 0:
                    interrupt_at = now + self.case.interrupt_after
                if interrupt_at is not None and now >= interrupt_at:
                    os.kill(self.process.pid, signal.SIGINT)
                    interrupted = True
            if now - started > self.case.timeout:
                return f"still running after {self.case.timeout:g} s"
            if resident_bytes(self.process.pid) > MEMORY_LIMIT:
                return f"used more than {MEMORY_LIMIT >> 20} MB"
            if os.fstat(self.output.fileno()).st_size + os.fstat(self.errors.fileno()).st_size > OUTPUT_LIMIT:
                return f"wrote more than {OUTPUT_LIMIT >> 20} MB"

    def kill_group(self):
        try:
            os.killpg(self.process.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass

    @staticmethod
    def text(file):
        file.seek(0)
        content = file.read(OUTPUT_LIMIT).decode("utf-8", "backslashreplace")
        file.close()
        return content


def run_case(interpreter, case):
    """Run a case in a scratch folder of its own, which is also its working directory."""
    scratch = tempfile.mkdtemp(prefix="krait-test-")
    try:
        for name, content in case.files.items():
            path = os.path.join(scratch, name)
            os.makedirs(os.path.dirname(path), exist_ok=True)
            with open(path, "wb") as file:
                content = content() if callable(content) else content
                file.write(content.encode() if isinstance(content, str) else content)
        outcome = Process(interpreter, case, scratch).wait()
        outcome.stdout = outcome.stdout.replace(scratch, "<scratch>")
        outcome.stderr = normalise_paths(outcome.stderr, interpreter, scratch)
        return outcome
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


def normalise_paths(text, interpreter, scratch):
    """Replace the only paths that may differ between interpreters: their own, and the scratch folder."""
    text = text.replace(scratch, "<scratch>")
    text = text.replace(os.path.realpath(interpreter.path), "<python>")
    return text.replace(interpreter.path, "<python>")


def differences(expected, actual):
    """Lines that say how an outcome differs from the reference's; none when it does not."""
    lines = []
    if (expected.status, expected.stopped) != (actual.status, actual.stopped):
        lines.append(f"{actual.describe_status()}, not {expected.describe_status()}")
    for stream in ("stdout", "stderr"):
        wanted, got = getattr(expected, stream), getattr(actual, stream)
        if wanted != got:
            lines.extend(short_diff(stream, wanted, got))
    return lines


def short_diff(stream, wanted, got):
    diff = difflib.unified_diff(wanted.splitlines(), got.splitlines(), "python3.11", "krait", n=1, lineterm="")
    changes = [line if len(line) <= 160 else line[:157] + "..." for line in list(diff)[2:]]
    if not changes:
        return [f"{stream}: only line ends differ"]
    lines = [f"{stream}: python3.11 (-), krait (+)"] + changes[:DIFF_LINES]
    if len(changes) > DIFF_LINES:
        lines.append(f"… {len(changes) - DIFF_LINES} more lines")
    return lines


def compare_with_reference(session, interpreter, case):
    """The usual judge: stdout, stderr and exit status must be the reference's."""
    expected = session.reference_outcome(case)
    if expected.stopped or expected.crash():
        return [f"the reference itself failed: {expected.describe_status()}"]
    return differences(expected, run_case(interpreter, case))


def known_failures():
    """tests/known_failures.txt: what is known not to work yet, and why, so that a red run is always news."""
    path = os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "known_failures.txt")
    with open(path, encoding="utf-8") as file:
        entries = [line.split("#", 1) for line in file if line.strip() and not line.startswith("#")]
    return {name.strip(): reason.strip() for name, reason in entries}


class Session:
    """One invocation of a test runner: the interpreters, the cases that pass the filter, and the tally."""

    def __init__(self, description):
        options = parse_options(description)
        self.reference = Interpreter(options.python)
        self.interpreters = [
            Interpreter(path, options.flags, options.environment, policy) for path, policy in options.krait
        ]
        self.pattern = options.filter
        self.jobs = options.jobs
        self.verbose = options.verbose
        self.expected = {}
        self.locks = {}
        self.lock = threading.Lock()
        # A runner started in the background ignores SIGINT, and so would the interpreters that it starts.
        signal.signal(signal.SIGINT, signal.default_int_handler)
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))

    def reference_outcome(self, case):
        with self.lock:
            lock = self.locks.setdefault(case.name, threading.Lock())
        with lock:
            if case.name not in self.expected:
                self.expected[case.name] = run_case(self.reference, case)
            return self.expected[case.name]

    def run(self, cases, judge=compare_with_reference):
        """Judge every selected case under every interpreter; the result is the exit status."""
        selected = [case for case in cases if fnmatch.fnmatchcase(case.name, self.pattern)]
        work = [(interpreter, case) for case in selected for interpreter in self.interpreters]
        passed = failed = 0
        known, still_known, failing = known_failures(), set(), set()
        with concurrent.futures.ThreadPoolExecutor(self.jobs) as pool:
            complaints = pool.map(lambda item: judge(self, *item), work)
            for (interpreter, case), lines in zip(work, complaints):
                if lines:
                    failing.add(case.name)
                # A crash or a hang is never a known failure.
                if lines and case.name in known and not re.match(r"died of|still running", lines[0]):
                    still_known.add(case.name)
                elif lines:
                    failed += 1
                    print(f"FAIL {case.name} [{interpreter.label}]")
                    for line in lines:
                        print("    " + line)
                else:
                    passed += 1
                    if self.verbose:
                        print(f"ok   {case.name} [{interpreter.label}]")
                sys.stdout.flush()
        if not work:
            print(f"no test matches {self.pattern!r}")
        for name in sorted(still_known):
            print(f"known failure: {name}: {known[name]}")
        for name in sorted({case.name for case in selected} & known.keys() - failing):
            print(f"no longer fails: {name}; drop it from known_failures.txt")
        print(f"{passed} passed, {failed} failed")
        return 1 if failed or not work else 0


def parse_options(description):
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument(
        "--krait",
        action="append",
        required=True,
        metavar="PATH[@POLICY]",
        help="an interpreter to test, and what it gets as KRAIT_SPECIALIZE: krait-tail@polymorphic:4+super",
    )
    parser.add_argument("--filter", default="*", metavar="GLOB", help="run only the tests whose name matches")
    parser.add_argument("-j", "--jobs", type=int, default=os.cpu_count(), metavar="N", help="tests at a time")
    parser.add_argument("--env", action="append", default=[], metavar="K=V", help="environment of the tested one")
    parser.add_argument("--xopt", action="append", default=[], metavar="OPTION", help="-X option of the tested one")
    parser.add_argument("--python", default=REFERENCE, metavar="PATH", help="the reference (%(default)s)")
    parser.add_argument("-v", "--verbose", action="store_true", help="name the passing tests too")
    options = parser.parse_args()
    options.krait = [interpreter_and_policy(text) for text in options.krait]
    for path in [path for path, _ in options.krait] + [options.python]:
        if not os.access(path, os.X_OK):
            parser.error(f"{path} is not an executable file")
    for pair in options.env:
        if "=" not in pair:
            parser.error(f"--env takes NAME=VALUE, not {pair!r}")
    options.environment = dict(pair.split("=", 1) for pair in options.env)
    options.flags = [word for option in options.xopt for word in ("-X", option)]
    return options


def interpreter_and_policy(text):
    """`PATH` or `PATH@POLICY` as a pair."""
    path, _, policy = text.partition("@")
    return os.path.abspath(shutil.which(path) or path), policy


HEADER = re.compile(r"#\s*(args|stdin|flags|timeout):\s*(.*)")


def read_header(path):
    """The settings in the comments that open a test: args, flags, stdin (with escapes) and timeout."""
    settings = {"args": [], "flags": [], "stdin": b"", "timeout": TIME_LIMIT}
    with open(path, encoding="utf-8", errors="replace") as file:
        for line in file:
            if not line.startswith("#"):
                break
            match = HEADER.match(line)
            if not match:
                continue
            key, value = match.group(1), match.group(2).strip()
            if key in ("args", "flags"):
                settings[key] = shlex.split(value)
            elif key == "stdin":
                settings[key] = value.encode().decode("unicode_escape").encode("latin-1")
            else:
                settings[key] = float(value)
    return settings


def script_case(path, name=None):
    """The case that runs one script as its header says."""
    settings = read_header(path)
    return Case(
        name or os.path.splitext(os.path.basename(path))[0],
        [path, *settings["args"]],
        flags=settings["flags"],
        stdin=settings["stdin"],
        timeout=settings["timeout"],
    )

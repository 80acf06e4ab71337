"""Runs generated and mutated programs under every policy on every dispatch, and compares them with no specialisation.

    run.py --seconds 60 --seed 1            programs 1, 2, 3, ... until the time is over
    run.py --count 200 --seed 1             so many programs, however long it takes
    run.py --show 17                        prints program 17

The corpus folder holds minimised programs that once showed a difference; they run first. A program's output, errors and
exit status under `none` must be those under every policy, and python3.11's. What differs is minimised and written to
the folder given with --output, with its seed and how it was run. Each program meets every policy, with thresholds of
its own for one, and the dispatches take turns.
"""

import argparse
import concurrent.futures
import dataclasses
import glob
import itertools
import os
import random
import re
import resource
import subprocess
import sys
import tempfile
import threading
import time
import warnings

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
sys.path[:0] = [HERE, os.path.join(os.path.dirname(HERE), "tools")]

import generate  # noqa: E402  (their folders are known only now)
import minimise  # noqa: E402
import mutate  # noqa: E402
import runner  # noqa: E402

PATIENCE = 10.0  # seconds of wall time
FIRST_PATIENCE = 1.5  # for the first run, under `none`: what is slow everywhere shows no more than what is quick
OUTPUT_LIMIT = 4 << 20  # bytes
MEMORY_LIMIT = 24 << 30  # bytes of address space, of which interpreters reserve much and use little
ALIKE_LIMIT = 2  # how many findings that look the same are minimised
THRESHOLDS = {
    "warm-up": (1, 2, 3, 8),
    "first-attempt": (1, 2, 5),
    "miss-budget": (1, 2, 3, 52),
    "after-deopt": (1, 2, 16),
    "back-off-first": (0, 1, 4),
    "back-off-last": (2, 12),
    "class-budget": (1, 3, 64),
}
SAVED = "profile:saved"  # the policy that replays what an earlier run of the same program saved
ADDRESS = re.compile(rb" at 0x[0-9a-f]+")
# What python3.11 itself changes when it specialises, or does not promise: the place of an error in fused instructions
# (marks under a traceback's line, the line of an unbound local variable), and what ran at the recursion limit.
UNSTABLE = re.compile(rb"^[ ~^]+\n|(?<=UnboundLocalError).*|(?<=maximum recursion depth exceeded).*", re.MULTILINE)
NOT_PORTABLE = "# not python3.11"  # opens a program of the corpus that must not be compared with it


@dataclasses.dataclass(frozen=True)
class Arm:
    """An interpreter, how it specialises, and how often it collects."""

    path: str
    policy: str = ""
    stress: str = ""

    @property
    def label(self):
        name = os.path.join(*self.path.split(os.sep)[-3:]) if self.policy else os.path.basename(self.path)
        return " ".join(filter(None, (name, self.policy, self.stress and f"KRAIT_GC_STRESS={self.stress}")))

    def environment(self):
        settings = {"KRAIT_SPECIALIZE": self.policy, "KRAIT_GC_STRESS": self.stress}
        return {**runner.test_environment(), **{name: value for name, value in settings.items() if value}}


@dataclasses.dataclass
class Result:
    status: object  # an exit status, or "stopped"
    stdout: bytes
    stderr: bytes

    def crashed(self):
        return isinstance(self.status, int) and self.status < 0


def run_process(arm, folder, seconds, flags, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL):
    """The exit status of program.py in the folder, or "stopped"."""
    process = subprocess.Popen(
        [arm.path, *flags, "program.py"],
        stdin=subprocess.DEVNULL,
        stdout=stdout,
        stderr=stderr,
        cwd=folder,
        env=arm.environment(),
        start_new_session=True,
    )
    try:
        return process.wait(seconds)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
        return "stopped"


def execute(arm, text, seconds=PATIENCE):
    with tempfile.TemporaryDirectory(prefix="krait-differential-") as scratch:
        path = os.path.join(scratch, "program.py")
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)
        if arm.policy.startswith(SAVED):
            first = dataclasses.replace(arm, policy="polymorphic:4")
            run_process(first, scratch, seconds, ["-X", f"specialize-save={SAVED.partition(':')[2]}"])
        outputs = [open(os.path.join(scratch, name), "w+b") for name in ("stdout", "stderr")]
        try:
            status = run_process(arm, scratch, seconds, [], *outputs)
            streams = []
            for output in outputs:
                output.seek(0)
                streams.append(ADDRESS.sub(b" at 0x", output.read().replace(scratch.encode() + b"/", b"")))
        finally:
            for output in outputs:
                output.close()
    if max(map(len, streams)) >= OUTPUT_LIMIT:
        status = "stopped"
    return Result(status, *streams)


def difference(expected, actual):
    """One line that says how two results differ; empty when they do not."""
    if actual.crashed() and not expected.crashed():
        return f"died of signal {-actual.status}"
    if expected.status != actual.status:
        return f"exit status {actual.status}, not {expected.status}"
    for name in ("stdout", "stderr"):
        wanted, got = getattr(expected, name), getattr(actual, name)
        if wanted != got:
            for first, second in itertools.zip_longest(wanted.splitlines(), got.splitlines(), fillvalue=b"nothing"):
                if first != second:
                    return f"{name}: {clean(second)} instead of {clean(first)}"
            return f"{name}: line ends"
    return ""


def compare(arm, expected, actual):
    """How the result differs from that of `arm`, which may be python3.11."""
    if arm.policy:
        return difference(expected, actual)
    return difference(without_unstable(expected), without_unstable(actual))


def without_unstable(result):
    return Result(result.status, UNSTABLE.sub(b"", result.stdout), UNSTABLE.sub(b"", result.stderr))


def clean(line):
    return line.decode("utf-8", "backslashreplace")[:110]


def signature(text):
    """What findings of one cause have in common, roughly."""
    return re.sub(r"\d+|'[^']*'", "#", text)[:90]


class Fuzzer:
    def __init__(self, options):
        self.options = options
        self.programs = options.krait
        self.policies = read_policies()
        self.plain = Arm(self.programs[0], "none")
        self.reference = None if options.no_reference else Arm(runner.REFERENCE)
        self.lock = threading.Lock()
        self.stop = threading.Event()
        self.seen = {}
        self.findings = []
        self.counts = {"programs": 0, "runs": 0, "too slow": 0}
        paths = glob.glob(os.path.join(ROOT, "tests", "language", "specialise_*.py"))
        texts = map(read, sorted(paths + glob.glob(os.path.join(HERE, "corpus", "*.py"))))
        self.materials = [text for text in texts if not text.startswith(NOT_PORTABLE)]

    # --- which program, which arms ------------------------------------------------------------------------------------
    def program(self, seed):
        """Mostly generated; else a mutation of a generated program, a language test or a former finding."""
        kind = random.Random(f"kind {seed}").random()
        if kind < 0.55:
            return generate.generate(seed)
        if kind < 0.75:
            return mutate.mutate(generate.generate(seed), seed)
        return mutate.mutate(random.Random(f"material {seed}").choice(self.materials), seed)

    def arms(self, seed):
        chosen = random.Random(f"arms {seed}")
        turn = itertools.cycle(chosen.sample(self.programs, len(self.programs)))
        policies = [policy for policy in self.policies if policy != "none"] + [self.random_policy(chosen)]
        arms = [Arm(next(turn), "none") for _ in range(2)] + [Arm(next(turn), policy) for policy in policies]
        if chosen.random() < 0.15:
            arms.append(Arm(next(turn), chosen.choice(policies), f"{chosen.choice((5, 30, 200))}:{seed}"))
        return arms

    def random_policy(self, chosen):
        kinds = ("quicken", "inline-cache", "polymorphic:2", "polymorphic:4", "polymorphic:8", "eager")
        policy = chosen.choice(kinds) + chosen.choice(("", "+super"))
        for name in chosen.sample(sorted(THRESHOLDS), 4):
            policy += f",{name}={chosen.choice(THRESHOLDS[name])}"
        return policy

    # --- one program --------------------------------------------------------------------------------------------------
    def check(self, name, text, arms):
        expected = execute(self.plain, text, FIRST_PATIENCE)
        slow = expected.status == "stopped"
        with self.lock:
            self.counts["programs"] += 1
            self.counts["runs"] += 1
            self.counts["too slow"] += slow
        if slow:
            return True
        agreed = True
        if self.reference and not text.startswith(NOT_PORTABLE):
            wanted = execute(self.reference, text)
            problem = compare(self.reference, wanted, expected) if wanted.status != "stopped" else ""
            if problem:
                self.report(name, text, self.reference, self.plain, problem)
                agreed = False
        for arm in arms:
            if self.stop.is_set() and agreed and not expected.crashed():
                break
            actual = self.execute_patiently(arm, text)
            with self.lock:
                self.counts["runs"] += 1
            problem = difference(expected, actual)
            if problem:
                agreed = False
                self.report(name, text, self.plain, arm, problem)
                break
        return agreed

    @staticmethod
    def execute_patiently(arm, text):
        """What stops the machine for a while is no difference; nor is that collecting all the time takes long."""
        actual = execute(arm, text)
        if actual.status == "stopped":
            actual = execute(dataclasses.replace(arm, stress=""), text, 3 * PATIENCE)
        return actual

    def report(self, name, text, first, second, problem):
        kind = ("core: " if first is self.reference else "") + signature(problem)
        with self.lock:
            alike = self.seen[kind] = self.seen.get(kind, 0) + 1
            self.findings.append((name, second.label, problem))
            print(f"DIFFERENT {name} [{second.label}, not as {first.label}] {problem}", flush=True)
        if alike > ALIKE_LIMIT or not self.options.output:
            return
        crashed = problem.startswith("died")

        def holds(candidate):
            wanted = execute(first, candidate, PATIENCE / 2)
            if wanted.status == "stopped" or (crashed and wanted.crashed()):
                return False
            found = compare(first, wanted, execute(second, candidate))
            return bool(found) and found.split(":")[0] == problem.split(":")[0]

        small = minimise.minimise(text, holds, self.options.minimise) if self.options.minimise else text
        problem = compare(first, execute(first, small), execute(second, small)) or problem
        os.makedirs(self.options.output, exist_ok=True)
        stem = re.sub("[^a-z0-9]+", "_", name.lower()) + ("_core" if first is self.reference else "_policy")
        path = os.path.join(self.options.output, stem + ".py")
        with open(path, "w", encoding="utf-8") as file:
            file.write(f"# {name}: [{second.label}, not as {first.label}]\n# {problem}\n{small}")
        print(f"  minimised to {len(small.splitlines())} lines: {path}", flush=True)

    # --- all of them --------------------------------------------------------------------------------------------------
    def seeds(self):
        end = self.options.seed + self.options.count if self.options.count else None
        for seed in itertools.count(self.options.seed):
            if self.stop.is_set() or (end is not None and seed >= end):
                return
            yield seed

    def work(self, jobs):
        while True:
            with self.lock:
                job = next(jobs, None)
            if job is None:
                return
            kind, item = job
            try:
                if kind == "corpus":
                    self.check("corpus " + os.path.basename(item), read(item), self.corpus_arms())
                else:
                    self.check(f"seed {item}", self.program(item), self.arms(item))
            except (OSError, RecursionError) as error:
                with self.lock:
                    self.findings.append((str(item), "", str(error)))
                    print(f"BROKEN {kind} {item}: {error}", flush=True)

    def corpus_arms(self):
        turn = itertools.cycle(self.programs)
        return [Arm(next(turn), policy) for policy in self.policies for _ in range(3)]

    def run(self):
        started = time.monotonic()
        corpus = sorted(glob.glob(os.path.join(HERE, "corpus", "*.py")))
        jobs = itertools.chain(
            (("corpus", path) for path in corpus if not self.options.no_corpus),
            (("seed", seed) for seed in self.seeds()),
        )
        if self.options.seconds:
            timer = threading.Timer(self.options.seconds, self.stop.set)
            timer.daemon = True
            timer.start()
        with concurrent.futures.ThreadPoolExecutor(self.options.jobs) as pool:
            workers = [pool.submit(self.work, jobs) for _ in range(self.options.jobs)]
            while not all(worker.done() for worker in workers):
                concurrent.futures.wait(workers, timeout=10)
                if self.options.progress:
                    print(f"[{time.monotonic() - started:.0f} s] {self.summary()}", flush=True)
            for worker in workers:
                worker.result()
        used = resource.getrusage(resource.RUSAGE_CHILDREN)
        print(f"{self.summary()}; {used.ru_utime + used.ru_stime:.0f} s of CPU time")
        for kind, number in sorted(self.seen.items(), key=lambda item: -item[1]):
            print(f"  {number:4} x {kind}")
        different = len({name for name, _, _ in self.findings})
        print(f"{self.counts['programs'] - different} passed, {different} failed")
        return 1 if self.findings else 0

    def summary(self):
        counts = self.counts
        return (
            f"{counts['programs']} programs, {counts['runs']} runs, {counts['too slow']} programs too slow, "
            f"{len(self.findings)} differences"
        )


def read(path):
    with open(path, encoding="utf-8") as file:
        return file.read()


def read_policies():
    lines = read(os.path.join(ROOT, "tests", "tools", "policies.txt")).splitlines()
    return ["inline-cache", SAVED, SAVED + "+super"] + [line for line in lines if line and not line.startswith("#")]


def built_programs():
    """Every dispatch that is built, the default compiler's first."""
    found = []
    for preset in ("release", "release", "debug"):
        for dispatch in ("switch", "goto", "direct", "tail"):
            path = os.path.join(ROOT, "build", preset, "bin", f"krait-{dispatch}")
            if os.access(path, os.X_OK):
                found.append(path)
    return found


def parse_options():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seed", type=int, default=1, metavar="S", help="the first program's number (%(default)s)")
    parser.add_argument("--seconds", type=float, default=0, metavar="N", help="how long to look for differences")
    parser.add_argument("--count", type=int, default=0, metavar="N", help="how many programs")
    parser.add_argument("--krait", action="append", default=[], metavar="PATH", help="interpreters; default: all built")
    parser.add_argument("--output", metavar="FOLDER", help="where to write minimised findings; default: nowhere")
    parser.add_argument("--minimise", type=float, default=40, metavar="N", help="seconds a finding (%(default)g)")
    parser.add_argument("--no-reference", action="store_true", help="do not compare with python3.11")
    parser.add_argument("--no-corpus", action="store_true", help="leave the corpus out")
    parser.add_argument("--progress", action="store_true", help="print a line every ten seconds")
    parser.add_argument("--show", type=int, metavar="SEED", help="print a program and the arms that run it")
    parser.add_argument("-j", "--jobs", type=int, default=os.cpu_count(), metavar="N", help="programs at a time")
    parser.add_argument("--filter", default="*", help=argparse.SUPPRESS)  # tests/run gives it to every runner
    options = parser.parse_args()
    options.krait = [os.path.abspath(path) for path in options.krait] or built_programs()
    if not options.krait:
        parser.error("no krait is built; give one with --krait")
    if options.show is None and not options.seconds and not options.count:
        parser.error("give --seconds or --count")
    return options


def main():
    options = parse_options()
    fuzzer = Fuzzer(options)
    if options.show is not None:
        print(fuzzer.program(options.show), end="")
        for arm in fuzzer.arms(options.show):
            print("#", arm.label)
        return 0
    # The children inherit these: endless output or memory ends the program, not the machine.
    resource.setrlimit(resource.RLIMIT_FSIZE, (OUTPUT_LIMIT, OUTPUT_LIMIT))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    warnings.simplefilter("ignore")  # of candidates that are compiled here
    return fuzzer.run()


if __name__ == "__main__":
    sys.exit(main())

"""Runs inputs that must not crash or hang Krait: deep sources and data, exhausted memory, interrupts, broken streams.

A crash is death by SIGSEGV, SIGABRT, SIGBUS, SIGILL, SIGFPE or SIGTRAP, or outliving the time limit. Most trials also
demand an exit status and the last line of the traceback. There is no reference run: python3.11 itself dies or hangs in
about 40 of them (hashing a deep tuple, chains of lazy iterators, exceptions chained 100,000 deep, recursion without a
limit, 10**10**10, an interrupt inside sum()). Trials that limit the address space do not suit sanitizer builds.
"""

import sys

import recursion
import resources
import sources
from trial import runner


def main():
    trials = {}
    for topic in (sources, recursion, resources):
        trials.update((trial.case.name, trial) for trial in topic.trials())

    def judge(_, interpreter, case):
        return trials[case.name].complaints(runner.run_case(interpreter, case))

    session = runner.Session(__doc__.splitlines()[0])
    return session.run([trial.case for trial in trials.values()], judge)


if __name__ == "__main__":
    sys.exit(main())

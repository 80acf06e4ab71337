"""Runs functions whose bytecode has been changed at random, as far as the verifier accepts them. Run by krait.

    krait mutations.py SEED COUNT

What is accepted may raise anything, give any answer or run forever; it may not crash. An endless loop is interrupted;
one that catches even that is left behind by starting anew with the next mutation.
"""

import os
import random
import signal
import sys

import _testinternalcapi

import subjects

OPCODES = [0, 1, 2, 9, 10, 11, 12, 15, 25, *range(30, 34), 35, 36, 37, *range(49, 55), 60, 61, *range(68, 72), 74, 75,
           *range(82, 177)]
SECONDS = 0.05


class Interrupted(BaseException):
    pass


def mutate(code, rnd):
    """The code object with one to six changes to its instructions, tables, flags, stack size or constants."""
    raw, table, lines = bytearray(code.co_code), bytearray(code.co_exceptiontable), bytearray(code.co_linetable)
    fields = {}
    for _ in range(rnd.choice((1, 1, 1, 2, 3, 6))):
        kind, at = rnd.random(), rnd.randrange(0, len(raw) // 2) * 2
        if kind < 0.3:
            raw[at + 1] = rnd.choice((0, 1, 2, 3, 4, 5, rnd.randrange(256), raw[at + 1] ^ 1, (raw[at + 1] + 1) & 255))
        elif kind < 0.55:
            raw[at] = rnd.choice(OPCODES)
        elif kind < 0.65:
            del raw[at : at + 2 * rnd.randrange(1, 4)]
        elif kind < 0.75:
            raw[at:at] = bytes((rnd.choice(OPCODES), rnd.choice((0, 1, 2, 3))))
        elif kind < 0.8:
            other = rnd.randrange(0, len(raw) // 2) * 2
            raw[at : at + 2], raw[other : other + 2] = raw[other : other + 2], raw[at : at + 2]
        elif kind < 0.9 and table:
            table[rnd.randrange(len(table))] = rnd.choice((rnd.randrange(256), 0, 1, 2, 3))
        elif kind < 0.93:
            lines[rnd.randrange(len(lines))] = rnd.randrange(256)
        elif kind < 0.95:
            fields["co_flags"] = code.co_flags ^ rnd.choice((1, 2, 4, 8, 0x20, 0x80, 0x200))
        elif kind < 0.97:
            fields["co_stacksize"] = max(0, code.co_stacksize + rnd.choice((-2, -1, 1)))
        else:
            constants = list(code.co_consts)
            rnd.shuffle(constants)
            fields["co_consts"] = tuple(constants)
        raw = raw or bytearray((151, 0))
    return code.replace(co_code=bytes(raw), co_exceptiontable=bytes(table), co_linetable=bytes(lines), **fields)


def run(function, code, rnd):
    signal.setitimer(signal.ITIMER_REAL, SECONDS, SECONDS)
    try:
        subjects.run(function, code, rnd.choice(subjects.ARGUMENTS))
    finally:
        try:
            signal.setitimer(signal.ITIMER_REAL, 0)
        except BaseException:
            pass


def main(seed, count, first=0, ran=0):
    interrupts = 0

    def interrupt(number, frame):
        nonlocal interrupts
        interrupts += 1
        if interrupts > 10:
            os.execv(sys.executable, [sys.executable, *sys.argv[:3], str(n + 1), str(ran)])
        raise Interrupted

    signal.signal(signal.SIGALRM, interrupt)
    for n in range(first, count):
        rnd = random.Random(f"{seed} {n}")
        interrupts = 0
        function = rnd.choice(subjects.FUNCTIONS)
        try:
            code = mutate(function.__code__, rnd)
            _testinternalcapi.verify_code(code)
            run(function, code, rnd)
            ran += 1
        except (ValueError, SystemError, TypeError, OverflowError, Interrupted):
            continue  # refused
    print(f"{ran} of {count} mutations were accepted and ran")
    print(f"{int(ran > count // 10)} passed, {int(ran <= count // 10)} failed")


main(*map(int, sys.argv[1:]))

"""Stops gdb inside a built-in that Python called, and demands that the backtrace goes on to main.

Between the two lie a handler, which under `tail` is a function without a frame of its own, C++ that called back into
Python, and the loop again. Exit status 77, which ctest takes for skipped, where there is no gdb or it may not trace.

    tests/unwinding/gdb.py build/release/bin/krait-direct
"""

import os
import re
import shutil
import subprocess
import sys
import tempfile

SKIPPED = 77
# main, the loop, sorted(), the loop again for key(), the built-in.
PROGRAM = """
import math

class Key:
    def of(self, number):
        return math.isqrt(number)

def keys(numbers):
    return sorted(numbers, key=lambda number: Key().of(number))

print([keys([9, 4]) for _ in range(1)])
"""
BUILTIN, OUTERMOST = "mathIsqrt", "main"
# The threaded loops have a function of their own, which interpret() may tail-call.
LOOP, ENTRY = "loop", "interpret"  # clang names inlined frames without their namespace


def backtrace(program, script):
    """The names of the frames, innermost first, and gdb's whole answer."""
    command = ["gdb", "-nx", "-batch", "-ex", "set debuginfod enabled off", "-ex", "set width 0",
               "-ex", "break krait::" + BUILTIN, "-ex", "run", "-ex", "backtrace", "--args", program, script]
    answer = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL,
                            text=True, errors="replace", timeout=300).stdout
    frames = re.findall(r"^#\d+ +(?:0x[0-9a-f]+ in )?(?:krait::)?(.*?) \(", answer, re.MULTILINE)
    return [frame.partition("(")[0] for frame in frames], answer


def complaints(frames):
    if not frames or frames[0] != BUILTIN:
        return ["gdb did not stop in " + BUILTIN]
    found = []
    if frames[-1] != OUTERMOST:
        found.append(f"the outermost frame is {frames[-1]}, not {OUTERMOST}")
    if "??" in frames:
        found.append("a frame has no name")
    entered = sum(frame == LOOP or (frame == ENTRY and frames[i - 1] != LOOP) for i, frame in enumerate(frames))
    if entered != 2:
        found.append(f"{ENTRY} is not there twice: once for the program, once for the key that sorted() calls")
    return found


def main():
    if shutil.which("gdb") is None:
        print("no gdb")
        return SKIPPED
    with tempfile.TemporaryDirectory() as folder:
        script = os.path.join(folder, "program.py")
        with open(script, "w") as file:
            file.write(PROGRAM)
        frames, answer = backtrace(sys.argv[1], script)
    if "ptrace: Operation not permitted" in answer or "Could not trace the inferior" in answer:
        print("gdb may not trace here")
        return SKIPPED
    found = complaints(frames)
    for complaint in found:
        print(complaint)
    if found:
        print(answer)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())

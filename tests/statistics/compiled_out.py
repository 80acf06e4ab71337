"""Shows that statistics which are compiled out leave nothing behind: the object file of a dispatch loop is, but for
debug information, the one that a build with empty hooks makes.

    compiled_out.py --object loop_tail.cpp.o --commands build/release/compile_commands.json

It compiles the loop again with the two headers of hooks replaced by `empty/`, and compares every section and every
relocation.
"""

import argparse
import json
import os
import shlex
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))


def command_for(commands, target):
    """The compiler's command line for the object, without ccache."""
    for entry in json.load(open(commands, encoding="utf-8")):
        words = shlex.split(entry["command"])
        if "-o" in words and os.path.join(entry["directory"], words[words.index("-o") + 1]) == os.path.abspath(target):
            compiler = next(i for i, word in enumerate(words) if "ccache" not in word.lower() and "++" in word)
            return words[compiler:], entry["directory"]
    sys.exit(f"{commands} has no command for {target}")


def contents(path, scratch):
    """Sections and relocations without debug information, as text."""
    stripped = os.path.join(scratch, "stripped.o")
    subprocess.run(["objcopy", "--strip-debug", "--strip-unneeded", path, stripped], check=True)
    dump = subprocess.run(
        ["objdump", "-s", "-r", "-h", stripped], check=True, capture_output=True, text=True
    ).stdout
    return dump.replace(stripped, "object").splitlines()


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--object", required=True, help="the loop's object file of this build")
    parser.add_argument("--commands", required=True, help="compile_commands.json")
    parser.add_argument("--instrumented", action="store_true", help="expect a difference: a check of this check")
    options = parser.parse_args()
    words, directory = command_for(options.commands, options.object)
    with tempfile.TemporaryDirectory() as scratch:
        emptied = os.path.join(scratch, "emptied.o")
        words[words.index("-o") + 1] = emptied
        words[1:1] = ["-I" + os.path.join(HERE, "empty")]
        for flag in ("-MF", "-MT"):  # the build's dependency files are not ours to write
            if flag in words:
                del words[words.index(flag) : words.index(flag) + 2]
        words = [word for word in words if word != "-MD"]
        if options.instrumented:
            words.insert(1, "-DKRAIT_INSTRUMENT=1")
            words.remove("-I" + os.path.join(HERE, "empty"))
        subprocess.run(words, cwd=directory, check=True)
        here, there = contents(options.object, scratch), contents(emptied, scratch)
    same = here == there
    print(f"{len(here)} lines of sections and relocations, {'identical' if same else 'DIFFERENT'}")
    return same if options.instrumented else not same


if __name__ == "__main__":
    sys.exit(main())

"""Tests -X trace-exec: the text against what is kept in expected/, the page against the text, and what goes wrong.

    run.py --krait PROGRAM [TEST…]
    run.py --krait PROGRAM --keep      writes expected/ anew; look at the differences

The programs lie in programs/. Their traces show no addresses, so that they are the same on every dispatch and under
every policy of specialisation.
"""

import argparse
import html.parser
import json
import os
import pty
import re
import shutil
import subprocess
import sys
import tempfile
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))
NAMES = sorted(name[:-3] for name in os.listdir(os.path.join(HERE, "programs")) if name.endswith(".py"))
STEP = re.compile(r"^ *(\d+) ([A-Z_]+) +(.*)$")
TIME_LIMIT = 120
KRAIT = ""


def environment(**more):
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "KRAIT"))}
    return {**kept, "PYTHONHASHSEED": "0", "LC_ALL": "C.UTF-8", "PYTHONDONTWRITEBYTECODE": "1", **more}


def run(folder, *arguments, **more):
    return subprocess.run(
        [KRAIT, *arguments], cwd=folder, env=environment(**more), capture_output=True, timeout=TIME_LIMIT
    )


def trace_of(name, folder, **more):
    """The trace of one of the programs as text."""
    shutil.copy(os.path.join(HERE, "programs", name + ".py"), folder)
    run(folder, "-X", "trace-exec=trace.txt", name + ".py", **more)
    with open(os.path.join(folder, "trace.txt"), encoding="utf-8") as file:
        return file.read()


def steps(text):
    """(offset, name, the rest of the line) of every instruction of a trace."""
    matches = (STEP.match(line) for line in text.splitlines() if " | " not in line[:60].split("[")[0])
    return [(int(m[1]), m[2], m[3]) for m in matches if m]


class Elements(html.parser.HTMLParser):
    """Checks that elements are closed in order, and keeps the text of scripts."""

    VOID = {"meta", "input", "br", "link"}

    def __init__(self):
        super().__init__()
        self.open, self.scripts, self.ids, self.references, self.problems = [], [], [], [], []

    def handle_starttag(self, tag, attributes):
        if tag not in self.VOID:
            self.open.append(tag)
        self.ids += [value for name, value in attributes if name == "id"]
        self.references += [value for name, value in attributes if name in ("src", "href")]
        if tag == "script":
            self.scripts.append("")

    def handle_endtag(self, tag):
        if not self.open or self.open.pop() != tag:
            self.problems.append(f"</{tag}> at {self.getpos()}")

    def handle_data(self, data):
        if self.open and self.open[-1] == "script":
            self.scripts[-1] += data


class Traces(unittest.TestCase):
    maxDiff = 3000

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = os.path.realpath(folder.name)

    def program(self, text, name="program.py"):
        with open(os.path.join(self.folder, name), "w", encoding="utf-8") as file:
            file.write(text)
        return name

    def traced(self, text, *options, **more):
        done = run(self.folder, "-X", "trace-exec=trace.txt", *options, self.program(text), **more)
        with open(os.path.join(self.folder, "trace.txt"), encoding="utf-8") as file:
            return done, file.read()

    def page(self, name, *options):
        shutil.copy(os.path.join(HERE, "programs", name + ".py"), self.folder)
        run(self.folder, "-X", "trace-exec=page.html", *options, name + ".py")
        with open(os.path.join(self.folder, "page.html"), encoding="utf-8") as file:
            elements = Elements()
            elements.feed(file.read())
            elements.close()
        return elements, json.loads(elements.scripts[0])

    def test_text_is_what_is_expected(self):
        for name in NAMES:
            with self.subTest(name), open(os.path.join(HERE, "expected", name + ".txt"), encoding="utf-8") as file:
                self.assertEqual(trace_of(name, self.folder).splitlines(), file.read().splitlines())

    def test_every_policy_runs_the_same_instructions(self):
        for name in ("functions", "exceptions"):
            usual = trace_of(name, self.folder)
            for policy in ("none", "eager+super", "polymorphic:4+super"):
                with self.subTest(name, policy=policy):
                    self.assertEqual(trace_of(name, self.folder, KRAIT_SPECIALIZE=policy), usual)

    def test_the_program_does_what_it_always_does(self):
        for name in NAMES:
            path = os.path.join(HERE, "programs", name + ".py")
            usual, traced = run(self.folder, path), run(self.folder, "-X", "trace-exec=trace.txt", path)
            with self.subTest(name):
                self.assertEqual(
                    (traced.returncode, traced.stdout, traced.stderr), (usual.returncode, usual.stdout, usual.stderr)
                )
                self.assertNotIn(b"was called", traced.stdout)

    def test_a_page_is_well_formed_and_needs_no_other_file(self):
        for name in NAMES:
            elements, data = self.page(name)
            with self.subTest(name):
                self.assertEqual((elements.problems, elements.open, elements.references), ([], [], []))
                self.assertEqual(len(elements.ids), len(set(elements.ids)))
                for used in re.findall(r'at\("(\w+)"\)', elements.scripts[1]):
                    self.assertIn(used, elements.ids)
                self.assertEqual(len(elements.scripts), 2)

    def test_a_page_has_every_step_of_the_text(self):
        for name in NAMES:
            expected = steps(trace_of(name, self.folder))
            _, data = self.page(name)
            with self.subTest(name):
                self.assertGreater(len(expected), 100)
                self.assertEqual(len(data["steps"]), len(expected))
                for (offset, opname, rest), step in zip(expected, data["steps"]):
                    frame = data["frames"][step[0]]
                    code = data["codes"][frame["code"]]
                    found = [each for each in code["instructions"] if each[0] == step[1]]
                    self.assertEqual([(each[0], each[2]) for each in found], [(offset, opname)])
                    before = [data["texts"][number] for number in step[3]]
                    shown = ", ".join(before[-8:] if len(before) <= 8 else ["...", *before[-8:]])
                    self.assertIn(f"[{shown}]", rest)
                    if step[4] is not None and len(step[4]) <= 8:
                        after = ", ".join(data["texts"][number] for number in step[4])
                        self.assertIn(f"-> [{after}]", rest)
                    lines = data["files"][code["file"]]["lines"]
                    self.assertTrue(-1 <= step[2] <= len(lines))
                self.assertEqual([frame["parent"] < i for i, frame in enumerate(data["frames"])].count(False), 0)

    def test_a_page_steps_both_ways(self):
        node = shutil.which("node")
        self.assertIsNotNone(node, "stepping through a page needs node (package nodejs)")
        elements, data = self.page("functions")
        with open(os.path.join(HERE, "document.js"), encoding="utf-8") as file:
            script = file.read().replace("IDS", json.dumps(elements.ids))
        script = script.replace("DATA", json.dumps(elements.scripts[0]))
        script += elements.scripts[1].replace('"use strict";', "") + "\ncheck();\n"
        done = subprocess.run([node, "-"], input=script, capture_output=True, text=True, timeout=TIME_LIMIT)
        self.assertEqual((done.stdout, done.stderr), (f"walked {len(data['steps'])} steps\n", ""))

    def test_a_bounded_trace_says_so(self):
        done, text = self.traced("for i in range(1000): pass", "-X", "trace-exec-limit=25")
        self.assertEqual((len(steps(text)), text.splitlines()[-1]), (25, "... stopped after 25 instructions"))
        self.assertEqual(done.returncode, 0)
        _, data = self.page("functions", "-X", "trace-exec-limit=30")
        self.assertEqual((len(data["steps"]), data["remark"]), (30, "stopped after 30 instructions"))
        name = self.program("for i in range(10000): pass\nprint('through')")
        done = run(self.folder, "-X", "trace-exec=page.html", name)
        self.assertEqual(done.stdout, b"through\n")
        with open(os.path.join(self.folder, "page.html"), encoding="utf-8") as file:
            self.assertIn("stopped after 20000 instructions", file.read())

    def test_code_of_the_library_is_shown_when_asked_for(self):
        program = "import helper, textwrap\nhelper.helps()\ntextwrap.dedent('x')"
        self.program("def helps(): return 'helped'", "helper.py")
        _, own = self.traced(program)
        self.assertIn("> helps()  helper.py:1", own)
        self.assertNotIn("textwrap.py", own)
        _, everything = self.traced(program, "-X", "trace-exec-all")
        self.assertIn("> dedent(text='x')  textwrap.py", everything)
        self.assertIn("> helps()  helper.py:1", everything)

    def test_commands_modules_and_standard_input(self):
        done = run(self.folder, "-X", "trace-exec", "-c", "x = 1 + y if 0 else 2")
        self.assertIn("   1 | x = 1 + y if 0 else 2", done.stderr.decode())
        self.program("x = 'module'", "named.py")
        self.assertIn("STORE_NAME             0 (x)              ['module'] -> []",
                      run(self.folder, "-X", "trace-exec", "-m", "named").stderr.decode())
        done = subprocess.run([KRAIT, "-X", "trace-exec", "-"], input=b"z = 3", capture_output=True, env=environment())
        self.assertIn("STORE_NAME             0 (z)", done.stderr.decode())

    def test_deep_recursion(self):
        done, text = self.traced("def f(n): return f(n + 1)\ntry: f(0)\nexcept RecursionError: print('too deep')")
        self.assertEqual((done.returncode, done.stdout), (0, b"too deep\n"))
        self.assertIn("depth 900", text)
        self.assertIn("caught by table entry", text)
        self.assertGreater(text.count("< f raises RecursionError("), 900)
        self.assertLess(max(map(len, text.splitlines())), 300)

    def test_output_that_nobody_reads(self):
        program = self.program("for i in range(20000): i + 1\nprint('through')")
        process = subprocess.Popen(
            [KRAIT, "-X", "trace-exec", program], cwd=self.folder, env=environment(), stdout=subprocess.PIPE,
            stderr=subprocess.PIPE
        )
        process.stderr.readline()
        process.stderr.close()
        self.assertEqual((process.stdout.read(), process.wait(TIME_LIMIT)), (b"through\n", 0))
        process.stdout.close()
        done = run(self.folder, "-X", "trace-exec=/dev/full", program)
        self.assertEqual((done.stdout, done.returncode), (b"through\n", 0))

    def test_exit_status_and_exceptions_stay(self):
        done, text = self.traced("raise SystemExit(3)")
        self.assertEqual(done.returncode, 3)
        self.assertIn("< <module> raises SystemExit(3)", text)
        done, text = self.traced("import atexit\n@atexit.register\ndef late(): pass\n1 // 0")
        self.assertEqual(done.returncode, 1)
        self.assertIn(b"ZeroDivisionError", done.stderr)
        self.assertIn("> late()", text)

    def test_a_child_process_leaves_the_page_alone(self):
        program = self.program(
            "import os\nif os.fork() == 0:\n    x = 'child'\nelse:\n    os.wait()\n    x = 'parent'\n"
        )
        self.assertEqual(run(self.folder, "-X", "trace-exec=page.html", program).returncode, 0)
        with open(os.path.join(self.folder, "page.html"), encoding="utf-8") as file:
            data = file.read()
        self.assertEqual(data.count("</html>"), 1)
        self.assertIn("'parent'", data)
        _, text = self.traced("import os\nif os.fork() == 0:\n    os._exit(0)\nos.wait()\n")
        self.assertEqual(text.count("(fork)"), 1)

    def test_threads_are_told_apart(self):
        _, text = self.traced(
            "import threading\ndef work(): return 'worked'\nfor _ in range(2):\n"
            "    t = threading.Thread(target=work)\n    t.start()\n    t.join()\n"
        )
        for number in (1, 2, 3):
            self.assertIn(f"--- thread {number}\n", text)
        self.assertEqual(text.count("< work returns 'worked'"), 2)

    def test_beside_trace_functions(self):
        done, text = self.traced(
            "import sys\nseen = []\ndef f():\n    x = 1\n    return x\n"
            "def trace(frame, event, argument):\n    seen.append(event)\n    return trace\n"
            "sys.settrace(trace)\nf()\nsys.settrace(None)\nprint(seen)\nf()\n"
        )
        self.assertEqual(done.stdout, b"['call', 'line', 'line', 'return']\n")
        self.assertEqual(text.count("> f()"), 2)
        self.assertIn("> trace(frame=<frame>, event='call', argument=None)", text)

    def test_colours_are_for_terminals(self):
        program = self.program("x = 1")
        settings = ({"TERM": "xterm"}, True), ({"TERM": "dumb"}, False), ({"TERM": "xterm", "NO_COLOR": "1"}, False)
        for more, coloured in settings:
            leader, follower = pty.openpty()
            process = subprocess.Popen(
                [KRAIT, "-X", "trace-exec", program], cwd=self.folder, env={**environment(), **more}, stderr=follower
            )
            process.wait(TIME_LIMIT)
            os.close(follower)
            shown = b""
            while b"returns None" not in shown:
                shown += os.read(leader, 65536)
            os.close(leader)
            with self.subTest(**more):
                self.assertEqual(b"\x1b[" in shown, coloured)
        self.assertNotIn(b"\x1b", run(self.folder, "-X", "trace-exec", program, TERM="xterm").stderr)

    def test_options_that_make_no_sense(self):
        program = self.program("print('ran')")
        for options, complaint in (
            (["trace-exec=/nowhere/file"], "cannot write '/nowhere/file': No such file or directory"),
            (["trace-exec=/nowhere/page.html"], "cannot write '/nowhere/page.html': No such file or directory"),
            (["trace-exec", "trace-exec-limit=x"], "-X trace-exec-limit needs a number, not 'x'"),
            (["trace-exec", "trace-exec-limit="], "-X trace-exec-limit needs a number, not ''")
        ):
            done = run(self.folder, *[part for option in options for part in ("-X", option)], program)
            self.assertEqual((done.returncode, done.stdout, done.stderr.decode()), (2, b"", f"krait: {complaint}\n"))

    def test_collecting_changes_nothing(self):
        for name in ("functions", "generators"):
            usual = trace_of(name, self.folder)
            self.assertEqual(trace_of(name, self.folder, KRAIT_GC_STRESS="50:3"), usual)


def main():
    global KRAIT
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--krait", required=True)
    parser.add_argument("--keep", action="store_true", help="write expected/ anew")
    parser.add_argument("tests", nargs="*", help="names of tests, all unless given")
    options = parser.parse_args()
    KRAIT = os.path.abspath(options.krait)
    if options.keep:
        os.makedirs(os.path.join(HERE, "expected"), exist_ok=True)
        for name in NAMES:
            with tempfile.TemporaryDirectory() as folder:
                text = trace_of(name, folder)
            with open(os.path.join(HERE, "expected", name + ".txt"), "w", encoding="utf-8") as file:
                file.write(text)
        return 0
    loader = unittest.TestLoader()
    names = options.tests or loader.getTestCaseNames(Traces)
    suite = unittest.TestSuite(Traces(name) for name in names)
    result = unittest.TextTestRunner(verbosity=1).run(suite)
    failed = len({str(test).split(" (")[0] for test, _ in result.failures + result.errors})
    print(f"{result.testsRun - failed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())

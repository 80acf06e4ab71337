"""Tests what the adaptive layer shows of itself: sys._stats_on() and its relatives, pystats text, reasons of misses,
_co_code_adaptive, listings, reports and profiles.

    inside.py --krait build/release/bin/krait --counts build/release/bin/krait-tail-counts [TEST...]
"""

import argparse
import dis
import html.parser
import json
import opcode
import os
import pty
import re
import subprocess
import sys
import tempfile
import textwrap
import unittest

PROGRAMS = {}

POINTS = """
import sys
class Point:
    def __init__(self, x, y):
        self.x = x
        self.y = y
    def sum(self):
        return self.x + self.y
class Other:
    def __init__(self):
        self.y = self.x = 1
SCALE = 3
def add(a, b):
    return a + b
def work(p, n):
    total = 0
    for i in range(n):
        total += add(p.sum(), hash(i)) * SCALE
        p.y = i
        p.seen = total
        if i < 0: break
    return total
def mixed(objects):
    return [o.x for o in objects]
points = [Point(i, i + 1) for i in range(3)]
work(points[0], 200)
for _ in range(200): mixed([Point(1, 2), Other()])
"""


class Inside(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)

    def path(self, name, text=None):
        path = os.path.join(self.folder.name, name)
        if text is not None:
            with open(path, "w", encoding="utf-8") as file:
                file.write(textwrap.dedent(text))
        return path

    def read(self, name):
        with open(self.path(name), encoding="utf-8") as file:
            return file.read()

    def run_krait(self, *arguments, program="krait", status=0):
        environment = {key: value for key, value in os.environ.items() if not key.startswith("KRAIT_")}
        done = subprocess.run(
            [PROGRAMS[program], *arguments],
            capture_output=True, text=True, timeout=120, env=dict(environment, PYTHONHASHSEED="0"),
        )
        self.assertEqual(done.returncode, status, done.stderr)
        return done

    def statistics(self, text, policy="inline-cache"):
        """What a program's run leaves in its JSON file."""
        self.run_krait("-I", "-S", "-X", "specialize=" + policy, "-X", "statistics=" + self.path("s.json"),
                       self.path("p.py", text), program="counts")
        return json.loads(self.read("s.json"))

    # --- regions and formats --------------------------------------------------------------------------------------
    def test_a_region_counts_nothing_outside_of_it(self):
        seen = self.statistics("""
            import sys
            class C: pass
            c = C(); c.x = 1
            def work():
                for i in range(1000): c.x
            sys._stats_off()
            sys._stats_clear()
            work()
            sys._stats_on()
            work()
            sys._stats_off()
            work()
        """)
        self.assertEqual(seen["families"]["LOAD_ATTR"]["executed"], 1000 + 1)  # and sys._stats_off
        self.assertEqual(seen["canonical"]["STORE_FAST"], 1000)
        self.assertEqual(seen["families"]["LOAD_ATTR"]["hit"], 1000)

    def test_clearing_while_counting_begins_again(self):
        seen = self.statistics("""
            import sys
            def f(): return 1
            for i in range(100): f()
            sys._stats_clear()
            for i in range(7): f()
        """)
        self.assertEqual(seen["canonical"]["RESUME"], 7)

    def test_a_dump_in_mid_run_is_a_file_of_its_own(self):
        script = self.path("p.py", """
            import sys
            sys._stats_dump()
            for i in range(10): pass
            print(open(sys.argv[1]).read().startswith("opcode["))
        """)
        done = self.run_krait("-X", "statistics=" + self.path("s.txt"), script, self.path("s.txt"), program="counts")
        self.assertEqual(done.stdout, "True\n")

    def test_programs_without_instruments_have_no_statistics(self):
        done = self.run_krait("-c", "import sys; print(hasattr(sys, '_stats_on'))")
        self.assertEqual(done.stdout, "False\n")
        done = self.run_krait("-X", "statistics", "-c", "1", status=2)
        self.assertRegex(done.stderr, "needs an instrumented program, such as krait-[a-z]+-counts")

    def test_pystats_lines_account_for_every_execution(self):
        script = self.path("p.py", POINTS)
        self.run_krait("-X", "statistics=" + self.path("s.txt"), script, program="counts")
        self.run_krait("-X", "statistics=" + self.path("s.json"), script, program="counts")
        families = json.loads(self.read("s.json"))["families"]
        counts = {}
        for line in self.read("s.txt").splitlines():
            match = re.fullmatch(r"opcode\[(\w+)\]\.([a-z_.]+(?:\[\w+\])?) : (\d+)|Object allocations : \d+", line)
            self.assertTrue(match, line)
            if match[1]:
                counts[match[1], match[2]] = int(match[3])
        for name, family in families.items():
            parts = ["specialization.hit", "specialization.miss", "specialization.deferred", "execution_count"]
            self.assertEqual(sum(counts.get((name, part), 0) for part in parts), family["executed"], name)
            self.assertEqual(counts[name, "specializable"], 1)
        self.assertIn(("LOAD_ATTR_INSTANCE_VALUE", "execution_count"), counts)
        self.assertTrue(any(what.startswith("pair_count[") for _, what in counts))

    def test_the_table_goes_to_standard_error(self):
        done = self.run_krait("-X", "statistics", "-c", "for i in range(9): pass", program="counts")
        self.assertEqual(done.stdout, "")
        self.assertRegex(done.stderr, r"(?m)^all families +\d+")

    # --- reasons ----------------------------------------------------------------------------------------------------
    def misses(self, text, family):
        seen = self.statistics(text, "inline-cache,warm-up=1,first-attempt=1,miss-budget=1000")
        return seen["families"][family]["miss_by"]

    def test_a_miss_says_that_the_class_is_another(self):
        found = self.misses("""
            class A:
                def __init__(self): self.x = 1
            class B(A): pass
            def f(o): return o.x
            for i in range(10): f(A())
            for i in range(5): f(B())
        """, "LOAD_ATTR")
        self.assertEqual(found, {"another class": 5})

    def test_a_miss_says_that_the_shape_is_another(self):
        found = self.misses("""
            class A: pass
            def f(o): return o.x
            def make(first):
                a = A()
                if first: a.x = 1
                a.y = 2
                a.x = 3
                return a
            one, two = make(True), make(False)
            for i in range(10): f(one)
            for i in range(4): f(two)
        """, "LOAD_ATTR")
        self.assertEqual(found, {"same class, another shape": 4})

    def test_a_miss_says_that_a_namespace_got_another_key(self):
        found = self.misses("""
            N = 1
            def f(): return N
            for i in range(10): f()
            NEW = 2
            for i in range(3): f()
        """, "LOAD_GLOBAL")
        self.assertEqual(found, {"keys of the namespace changed": 3})

    def test_a_cleared_cache_is_a_deoptimisation_with_its_reason(self):
        seen = self.statistics("""
            class A:
                def m(self): return 1
            def f(a): return a.m()
            a = A()
            for i in range(50): f(a)
            A.m = staticmethod(lambda: 2)
            f(a)
        """)
        self.assertEqual(seen["families"]["LOAD_METHOD"]["deopts_by"], {"its class changed": 1})

    def test_what_is_unspecialisable_names_operands_and_reason(self):
        seen = self.statistics("""
            class Odd:
                def __getattribute__(self, name): return 1
            def f(o): return o.x
            for i in range(500): f(Odd())
        """)
        named = seen["unspecialisable_operands"]["LOAD_ATTR(Odd).x: the class overrides the look-up"]
        self.assertEqual(named, seen["families"]["LOAD_ATTR"]["unspecialisable"])
        self.assertGreater(named, 400)

    # --- _co_code_adaptive -------------------------------------------------------------------------------------------
    def adaptive_code(self, policy):
        script = self.path("p.py", POINTS + "for f in work, add, Point.sum, Point.__init__, mixed:\n"
                           "    c = f.__code__\n    print(c.co_name, c.co_code.hex(), c._co_code_adaptive.hex())\n")
        done = self.run_krait("-X", "specialize=" + policy, script)
        return {name: (bytes.fromhex(canonical), bytes.fromhex(adaptive))
                for name, canonical, adaptive in map(str.split, done.stdout.splitlines())}

    def test_the_adaptive_code_has_the_layout_of_cpython(self):
        numbers = {number: name for name, number in dis._all_opmap.items()}
        for policy in "inline-cache", "inline-cache+super", "polymorphic:4", "none", "quicken":
            for name, (canonical, adaptive) in self.adaptive_code(policy).items():
                self.assertEqual(len(canonical), len(adaptive))
                at = 0
                while at < len(canonical):
                    op = canonical[at]
                    seen = numbers[adaptive[at]]
                    self.assertEqual(opcode.opmap[dis.deoptmap.get(seen, seen)], op, f"{name} at {at}")
                    self.assertEqual(canonical[at + 1], adaptive[at + 1])
                    at += 2 + 2 * opcode._inline_cache_entries[op]

    def test_the_adaptive_code_names_cpythons_forms_and_fills_their_caches(self):
        canonical, adaptive = self.adaptive_code("inline-cache+super")["work"]
        shown = list(dis._get_instructions_bytes(adaptive, show_caches=True))
        names = {instruction.opname for instruction in shown}
        self.assertLessEqual(
            {"LOAD_METHOD_WITH_VALUES", "STORE_ATTR_INSTANCE_VALUE", "LOAD_GLOBAL_MODULE", "LOAD_GLOBAL_BUILTIN",
             "COMPARE_OP_INT_JUMP", "BINARY_OP_MULTIPLY_INT", "PRECALL_NO_KW_BUILTIN_O", "CALL_PY_EXACT_ARGS",
             "LOAD_FAST__LOAD_FAST", "RESUME_QUICK", "JUMP_BACKWARD_QUICK"}, names)
        at = next(i for i, instruction in enumerate(shown) if instruction.opname == "STORE_ATTR_INSTANCE_VALUE")
        caches = dict(instruction.argrepr.split(": ") for instruction in shown[at + 1 : at + 5] if instruction.argrepr)
        self.assertEqual(caches.keys(), {"counter", "version", "index"})
        self.assertNotEqual(caches["version"], "0")
        self.assertEqual(caches["index"], "1")  # self.y
        canonical, adaptive = self.adaptive_code("none")["work"]
        self.assertEqual(canonical, adaptive)

    # --- listing, report ---------------------------------------------------------------------------------------------
    def test_a_listing_shows_forms_caches_and_counters(self):
        script = self.path("p.py", POINTS + "import _krait\nprint(_krait.listing(work))\n"
                           "print(_krait.listing(mixed.__code__.co_consts[1]))\n")
        text = self.run_krait("-X", "specialize=polymorphic:2", script).stdout
        self.assertRegex(text, r"STORE_ATTR_INSTANCE_VALUE +y +specialised +Point\{x, y.*\}, slot 1, \d+ misses left")
        self.assertRegex(text, r"LOAD_ATTR_POLYMORPHIC +x +polymorphic +.*Other\{y, x\}: slot 1")
        text = self.run_krait("-X", "specialize=none", script).stdout
        self.assertNotIn("specialised", text)
        done = self.run_krait("-c", "import _krait\ntry: _krait.listing(1)\nexcept TypeError as e: print(e)")
        self.assertEqual(done.stdout, "listing() argument must be a function or code object, not int\n")

    def test_a_listing_of_everything_is_printed_at_the_end(self):
        text = self.run_krait("-X", "specialize-listing", self.path("p.py", POINTS)).stdout
        for name in "<module>", "Point.__init__", "Point.sum", "work", "mixed":
            self.assertRegex(text, rf"(?m)^{re.escape(name)} \(.*p.py:\d+\), policy inline-cache")

    def test_a_report_shows_source_lines_with_states_and_reasons(self):
        script = self.path("p.py", POINTS)
        text = self.run_krait("-X", "specialize=polymorphic:2", "-X", "specialize-report", script).stdout
        self.assertNotIn("\x1b", text)
        self.assertRegex(text, r"(?m)^ +\d+ s +p\.y = i$")
        self.assertRegex(text, r"\^ LOAD_ATTR_POLYMORPHIC x: polymorphic: ")
        self.assertRegex(text, rf"(?m)^{re.escape(script)}: .*\d+ specialised, 1 polymorphic")

    def test_a_report_is_coloured_on_a_terminal(self):
        outer, inner = pty.openpty()
        subprocess.run([PROGRAMS["krait"], "-X", "specialize-report", self.path("p.py", POINTS)], stdout=inner, check=True)
        os.close(inner)
        text = b""
        try:
            while chunk := os.read(outer, 1 << 16):
                text += chunk
        except OSError:
            pass
        os.close(outer)
        self.assertRegex(text.decode(), r"\x1b\[32m[^\x1b]*\x1b\[0m")

    def test_a_report_in_html_is_one_page_with_the_whole_source(self):
        script = self.path("p.py", POINTS + "def odd(a, b):\n    return a < b, 'a & <b>'\nfor i in range(99): odd(i, 2)\n")
        self.run_krait("-X", "specialize-report=" + self.path("r.html"), script)
        page = self.read("r.html")

        class Reader(html.parser.HTMLParser):
            open_tags, text, states = [], "", set()

            def handle_starttag(self, tag, attributes):
                self.states.add(dict(attributes).get("class"))
                if tag != "meta":
                    self.open_tags.append(tag)

            def handle_endtag(self, tag):
                assert self.open_tags.pop() == tag

            def handle_data(self, data):
                self.text += data

        reader = Reader()
        reader.feed(page)
        self.assertEqual(reader.open_tags, [])
        self.assertIn("s", reader.states)
        self.assertNotRegex(page, r"(src|href)=")
        for line in ("    return a < b, 'a & <b>'", "        p.seen = total"):
            self.assertIn(line, reader.text)

    # --- profiles ----------------------------------------------------------------------------------------------------
    def specialised_words(self, profile):
        """Those of the script itself, not of the library's code that starts the interpreter."""
        return {(c["qualname"], c["first_line"], word[0]) for c in json.loads(self.read(profile))["code"]
                if c["file"].endswith("p.py") for word in c["words"]}

    def test_a_profile_is_the_same_every_time(self):
        script = self.path("p.py", POINTS)
        for name in "a.json", "b.json":
            self.run_krait("-X", "specialize-save=" + self.path(name), script)
        self.assertEqual(self.read("a.json"), self.read("b.json"))
        self.assertGreater(len(self.specialised_words("a.json")), 10)

    def test_a_replay_specialises_what_was_specialised_and_nothing_else(self):
        script = self.path("p.py", POINTS)
        self.run_krait("-X", "specialize=polymorphic:2", "-X", "specialize-save=" + self.path("a.json"), script)
        policy = "profile:" + self.path("a.json")
        self.run_krait("-X", "specialize=" + policy, "-X", "specialize-save=" + self.path("b.json"), script)
        self.assertEqual(json.loads(self.read("b.json"))["policy"], "polymorphic:2")
        self.assertEqual(self.specialised_words("b.json"), self.specialised_words("a.json"))
        seen = self.statistics(POINTS, policy)
        self.assertEqual(sum(span["quickened"] for span in seen["transitions"]["spans"]), 0)
        hits = seen["families"]["STORE_ATTR"]["hit"]
        self.assertGreater(hits, self.statistics(POINTS)["families"]["STORE_ATTR"]["hit"])  # no warm-up

    def test_stale_entries_are_ignored_with_a_note(self):
        script = self.path("p.py", POINTS)
        self.run_krait("-X", "specialize-save=" + self.path("a.json"), script)
        self.path("p.py", POINTS.replace("self.x + self.y", "self.x + self.y + 1"))
        flags = ["-X", "specialize=profile:" + self.path("a.json"), script]
        self.assertEqual(self.run_krait(*flags).stderr, "")
        noted = [line for line in self.run_krait("-v", *flags).stderr.splitlines() if line.startswith("krait: profile")]
        self.assertEqual(len(noted), 2, noted)
        self.assertRegex(noted[0], r"ignored, its code has changed: .*p\.py:\d+: Point.sum")
        self.assertRegex(noted[1], r"1 of \d+ code objects had no part in this run")

    def test_profiles_that_cannot_be_read_are_errors(self):
        done = self.run_krait("-X", "specialize=profile:" + self.path("none"), "-c", "1", status=2)
        self.assertRegex(done.stderr, "^krait: cannot read the profile '.*none': No such file or directory\n$")
        for text in ("", "{", "[]", '{"format": "krait profile 2"}', '{"format": "krait profile 1", "policy": "x"}',
                     '{"format": "krait profile 1", "policy": "inline-cache", "code": [{"file": 1}]}'):
            self.path("bad.json", text)
            done = self.run_krait("-X", "specialize=profile:" + self.path("bad.json"), "-c", "1", status=2)
            self.assertRegex(done.stderr, "^krait: (cannot read the profile|'.*bad.json' is not a profile)")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--krait", required=True)
    parser.add_argument("--counts", required=True, help="an instrumented program")
    options, rest = parser.parse_known_args()
    PROGRAMS.update(krait=os.path.abspath(options.krait), counts=os.path.abspath(options.counts))
    unittest.main(argv=[sys.argv[0], *rest])


if __name__ == "__main__":
    main()

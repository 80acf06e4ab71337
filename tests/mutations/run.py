"""Changes one token of programs that compile, and compares what Krait says of them with what python3.11 says.

    run.py [--krait PROGRAM] [--count N] [--seed N] [--changes N] [--show N] [--save FILE] [DIRECTORY-OR-FILE…]

A program is a top-level statement, a method in an otherwise empty class, or a small file of the standard library. One
of its tokens, line ends and indentation included, is deleted, doubled, swapped with another, or replaced by or
preceded by one that stands elsewhere; or one of its bytes is. The seed fixes which. The files of the library that must not compile and the
programs of tests/codegen/rejected.txt come on top. Equal means: the same class of error, message, line, column, end and
text shown, the same warnings, and for what compiles after all the same code objects.

A program is a test; it ends with `N passed, N failed`. With --share X it is not the programs that pass or fail but the
run as a whole, as one more test: it passes when at least that share of the programs agrees. A crash or a program that
takes longer than ten seconds fails in any case.
"""

import argparse
import ast
import collections
import glob
import io
import json
import os
import random
import re
import subprocess
import sys
import tempfile
import tokenize
import warnings

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
BATCH = 500  # programs per process
SILENCE = 10  # seconds without an answer that make a hang
LARGEST = 2500  # characters of a statement, 4000 of a file
MUST_NOT_COMPILE = ["test/bad*.py", "test/encoded_modules/*.py", "lib2to3/tests/data/**/*.py"]
BYTES = b"()[]{}:,;.=+-*/%&|^~<>!@#$\"'\\ \n\r\t\f\0abcdef0123456789_xXjLeE\xc3\xa9\xff"
# Tokens that are rare in programs, or cannot stand in them, and yet have rules of their own.
RARE = (
    "( ) [ ] { } : , ; . = == + - * ** / -> := @ ... if else elif for in not is def class return yield await async "
    "lambda import from as with try except finally None True False match case _ type del global nonlocal pass raise "
    "assert break continue while and or print exec += -= **= != <> << ~ ! $ ? \\ ' \" ''' 0777 0x 1_ 1e 1.5j 0b12 "
    "1if 12for f'{x}' f'{' f'{x!z}' f'{a b}' f'}' b'é' '\\d' b'\\q' '\\N{DIGIT ONE}' '\\N{x' '\\u12' u'a' rb'x' "
    "__debug__ é x́ 𝒙 € \u00a0 \x01 \x0c"
).split(" ") + ["\n", "    ", "\t", "# comment\n"]


# ---- programs


def sources(paths):
    for path in paths:
        if os.path.isfile(path):
            yield path
        else:
            yield from sorted(glob.glob(os.path.join(glob.escape(path), "*.py")))
            for pattern in ("[acej]*/*.py", "test/test_[fgps][aeonry]*.py"):
                yield from sorted(glob.glob(os.path.join(glob.escape(path), pattern)))


def statements(text, tree):
    """The texts of the top-level statements and of the methods."""
    lines = text.splitlines(keepends=True)
    for node in tree.body:
        first = min([node.lineno] + [item.lineno for item in getattr(node, "decorator_list", [])])
        part = "".join(lines[first - 1 : node.end_lineno])
        if len(part) <= LARGEST:
            yield part if part.endswith("\n") else part + "\n"
        elif isinstance(node, ast.ClassDef):
            for item in node.body:
                part = "".join(lines[item.lineno - 1 : item.end_lineno])
                if isinstance(item, ast.FunctionDef) and len(part) <= LARGEST:
                    yield "class C:\n" + part


class Programs:
    """Draws programs from files, each of which is read and taken apart when it is first drawn."""

    def __init__(self, files, chance):
        self.files = files
        self.chance = chance
        self.parts = {}

    def tokens(self):
        """The tokens of a program, and the text before each: [(gap, token)…]."""
        while True:
            file = self.chance.choice(self.files)
            if file not in self.parts:
                self.parts[file] = list(self.read(file))
            if self.parts[file]:
                tokens = split(self.chance.choice(self.parts[file]))
                if tokens:
                    return tokens

    @staticmethod
    def read(file):
        try:
            with tokenize.open(file) as opened:
                text = opened.read()
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                tree = ast.parse(text)
        except (SyntaxError, ValueError, UnicodeDecodeError):
            return
        if len(text) < 4000:
            yield text
        yield from (part for part in statements(text, tree) if len(part) > 15)


def split(text):
    starts = [0]
    for line in text.splitlines(keepends=True):
        starts.append(starts[-1] + len(line))
    tokens, end = [], 0
    try:
        for token in tokenize.generate_tokens(io.StringIO(text).readline):
            if token.type in (tokenize.DEDENT, tokenize.ENDMARKER, tokenize.COMMENT, tokenize.NL) or not token.string:
                continue
            begin = starts[token.start[0] - 1] + token.start[1]
            tokens.append((text[end:begin], token.string))
            end = begin + len(token.string)
    except (tokenize.TokenError, IndentationError):
        return []
    return tokens


def mutate(tokens, pool, chance):
    at, other = chance.randrange(len(tokens)), chance.randrange(len(tokens))
    gap, text = tokens[at]
    strange = chance.choice(RARE if chance.random() < 0.35 else pool)
    match chance.randrange(6):
        case 0:
            tokens[at] = gap, ""
        case 1:
            tokens[at] = gap, text + " " + text
        case 2:
            other = other if chance.random() < 0.5 else min(at + 1, len(tokens) - 1)
            tokens[at], tokens[other] = (gap, tokens[other][1]), (tokens[other][0], text)
        case 3 | 4:
            tokens[at] = gap, strange
        case _:
            tokens[at] = gap, strange + " " + text


def with_another_byte(text, chance):
    content = text.encode("utf-8", "surrogatepass")
    at = chance.randrange(len(content))
    byte = bytes([chance.choice(BYTES) if chance.random() < 0.9 else chance.randrange(256)])
    middle = chance.choice([b"", byte, byte + content[at : at + 1]])
    return (content[:at] + middle + content[at + 1 :]).decode("latin-1")


def mutations(files, count, seed, changes):
    chance = random.Random(seed)
    programs = Programs(files, chance)
    pool = [text for _ in range(200) for _, text in programs.tokens()]
    for _ in range(count):
        mode = chance.choices(["exec", "single", "eval"], [96, 3, 1])[0]
        action = "error" if chance.random() < 0.03 else "always"
        tokens = programs.tokens()
        change_bytes = chance.random() < 0.1
        for _ in range(changes - change_bytes):
            mutate(tokens, pool, chance)
        text = "".join(gap + text for gap, text in tokens)
        if chance.random() < 0.1:
            text = text.rstrip("\n")
        if change_bytes and text:
            yield [mode, action, "latin-1", with_another_byte(text, chance)]
        else:
            yield [mode, action, "utf-8" if chance.random() < 0.3 else None, text]


def rejected(library):
    for pattern in MUST_NOT_COMPILE:
        for file in sorted(glob.glob(os.path.join(library, pattern), recursive=True)):
            with open(file, "rb") as source:
                content = source.read()
            yield ["exec", "always", "latin-1", content.decode("latin-1")]
    with open(os.path.join(ROOT, "tests", "codegen", "rejected.txt"), encoding="utf-8") as text:
        yield from (["exec", "always", None, part] for part in text.read().split("\n----\n"))


# ---- answers


def answers(command, programs):
    """What the interpreter says of each; a text instead of an answer where it broke down."""
    found = []
    with tempfile.TemporaryDirectory() as folder:
        name = os.path.join(folder, "programs")
        with open(name, "w", encoding="utf-8") as out:
            out.writelines(json.dumps(program) + "\n" for program in programs)
        while len(found) < len(programs):
            full = [*command, os.path.join(HERE, "answers.py"), name, str(len(found))]
            with open(os.path.join(folder, "answers"), "w+b") as out:
                process = subprocess.Popen(full, stdout=out, stderr=subprocess.PIPE)
                how = wait(process, out)
                out.seek(0)
                lines = out.read().decode().split("\n")
            complete = len(lines) > 1 and lines[-2] == "end"
            found += [json.loads(line) for line in lines[: -2 if complete else -1]]
            if not complete:
                found.append(how)
    return found


def wait(process, out):
    size = -1
    while True:
        try:
            _, errors = process.communicate(timeout=SILENCE)
            return f"exit status {process.returncode}: " + errors.decode(errors="replace")[-300:]
        except subprocess.TimeoutExpired:
            now = os.fstat(out.fileno()).st_size
            if now == size:
                process.kill()
                process.communicate()
                return f"no answer within {SILENCE} seconds"
            size = now


def pattern(outcome):
    """The words without names and numbers, for counting what is alike."""
    return re.sub(r"\d+", "N", " ".join(map(str, outcome[:2]))) if outcome[0] != "ok" else "ok"


def difference(theirs, ours):
    if isinstance(ours, str):
        return "BROKEN DOWN: " + ours
    if theirs[0] != ours[0]:
        if theirs[0][:2] != ours[0][:2]:
            return f"{pattern(theirs[0])}  |  {pattern(ours[0])}"
        names = ["class", "message", "line", "column", "end line", "end column", "text", "arguments"]
        fields = [name for name, a, b in zip(names, theirs[0], ours[0]) if a != b]
        return f"{', '.join(fields)} of {pattern(theirs[0])}"
    return f"warnings {[pattern(w) for w in theirs[1]]}  |  {[pattern(w) for w in ours[1]]}"


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--krait", default=os.path.join(ROOT, "build", "release", "bin", "krait"))
    arguments.add_argument("--count", type=int, default=5000)
    arguments.add_argument("--seed", type=int, default=1)
    arguments.add_argument("--changes", type=int, default=1, help="how many tokens of a program to change")
    arguments.add_argument("--share", type=float, help="the share that has to agree, for example 0.97")
    arguments.add_argument("--show", type=int, default=10, help="how many kinds of disagreement to list")
    arguments.add_argument("--save", help="a file for all disagreements, as JSON lines")
    library = os.path.dirname(os.path.realpath(os.__file__))
    arguments.add_argument("paths", nargs="*", default=[library])
    options = arguments.parse_args()

    programs = list(rejected(library)) + list(mutations(list(sources(options.paths)), options.count, options.seed, options.changes))
    kinds, examples = collections.Counter(), {}
    broken = differing = wrong = 0
    with open(options.save or os.devnull, "w", encoding="utf-8") as saved:
        for start in range(0, len(programs), BATCH):
            batch = programs[start : start + BATCH]
            for program, theirs, ours in zip(batch, answers([sys.executable], batch), answers([options.krait], batch)):
                wrong += theirs[0][0] != "ok"
                if theirs == ours:
                    continue
                kind = difference(theirs, ours)
                differing += 1
                broken += isinstance(ours, str)
                kinds[kind] += 1
                examples.setdefault(kind, (program, theirs, ours))
                saved.write(json.dumps([kind, program, theirs, ours]) + "\n")
    for kind, number in kinds.most_common(options.show):
        program, theirs, ours = examples[kind]
        print(f"{number} × {kind}\n  expected {str(theirs)[:400]}\n  got      {str(ours)[:400]}")
    total = len(programs)
    share = (total - differing) / total
    print(f"{total} programs, of which {wrong} do not compile; {share:.2%} agree, {broken} broke Krait down")
    if options.share is not None:
        failed = broken + (share < options.share)
        print(f"{total - broken + (share >= options.share)} passed, {failed} failed")
    else:
        failed = differing
        print(f"{total - failed} passed, {failed} failed")
    return failed != 0


if __name__ == "__main__":
    sys.exit(main())

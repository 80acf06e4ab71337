"""Trials of the front end: sources that are very deep, very long, cut short, or not text at all."""

import random

from trial import ORDINARY, script

DEEP = 100_000

# Each entry is one source in which something nests or repeats DEEP times.
DEEP_SOURCES = {
    "parentheses": lambda: "(" * DEEP + ")" * DEEP, "parentheses unclosed": lambda: "(" * DEEP,
    "brackets": lambda: "[" * DEEP + "]" * DEEP, "brackets unclosed": lambda: "[" * DEEP,
    "braces": lambda: "{" * DEEP + "}" * DEEP, "dictionaries": lambda: "{1:" * DEEP + "1" + "}" * DEEP,
    "tuples": lambda: "(" * DEEP + "1" + ",)" * DEEP, "calls inside calls": lambda: "f(" * DEEP + ")" * DEEP,
    "subscripts inside subscripts": lambda: "a[" * DEEP + "0" + "]" * DEEP, "closing parentheses": lambda: ")" * DEEP,
    "unary minus": lambda: "x = " + "-" * DEEP + "1", "unary invert": lambda: "x = " + "~" * DEEP + "1",
    "not": lambda: "x = " + "not " * DEEP + "1", "await": lambda: "async def f():\n    " + "await " * DEEP + "x",
    "lambdas": lambda: "x = " + "lambda: " * DEEP + "1",
    "lambda defaults": lambda: "x = " + "lambda a=" * DEEP + "1" + ": 1" * DEEP,
    "conditionals": lambda: "x = " + "1 if 1 else " * DEEP + "2",
    "comprehensions": lambda: "x = " + "[y for y in " * DEEP + "z" + "]" * DEEP,
    "powers": lambda: "x = 1" + " ** 1" * DEEP, "sums": lambda: "x = 1" + " + 1" * DEEP,
    "sums of names": lambda: "a = 1\nx = a" + " + a" * DEEP, "comparisons": lambda: "x = 1" + " < 1" * DEEP,
    "and": lambda: "x = 1" + " and 1" * DEEP, "or of names": lambda: "a = 1\nx = a" + " or a" * DEEP,
    "attributes": lambda: "x = a" + ".b" * DEEP, "calls": lambda: "x = f" + "()" * DEEP,
    "subscripts": lambda: "x = a" + "[0]" * DEEP, "starred": lambda: "x = [" + "*" * DEEP + "a]",
    "assignments": lambda: "x = " * DEEP + "1", "nested targets": lambda: "(" * DEEP + "x" + ",)" * DEEP + " = y",
    "walrus": lambda: "(" * 500 + "x := " + "(" * DEEP + "1", "string pieces": lambda: "x = " + "'a' " * DEEP,
    "f-string with parentheses": lambda: "x = f'{" + "(" * DEEP + "1" + ")" * DEEP + "}'",
    "f-string fields": lambda: "x = f'" + "{1}" * DEEP + "'", "f-string braces": lambda: "x = f'" + "{" * DEEP + "'",
    "f-strings in f-strings": lambda: "x = " + "f'{" * DEEP + "1" + "}'" * DEEP,
    "f-string format specs": lambda: "x = f'{1" + ":{1" * DEEP + "}" * (DEEP + 1) + "'",
    "elif": lambda: "if 0:\n    pass\n" + "elif 0:\n    pass\n" * DEEP,
    "else if": lambda: "".join(" " * i + "if 0:\n" + " " * (i + 1) + "pass\n" + " " * i + "else:\n" for i in range(2000)),
    "indentation": lambda: "".join(" " * i + "if 1:\n" for i in range(3000)),
    "nested functions": lambda: "".join(" " * i + "def f():\n" for i in range(99)) + " " * 99 + "pass\n",
    "nested classes": lambda: "".join(" " * i + "class C:\n" for i in range(99)) + " " * 99 + "pass\n",
    "nested loops": lambda: "".join(" " * i + "for x in y:\n" for i in range(30)) + " " * 30 + "pass\n",
    "nested try": lambda: "".join(" " * i + "try:\n" for i in range(30)) + " " * 30 + "pass\n",
    "with items": lambda: "with " + "a, " * DEEP + "a: pass",
    "case patterns": lambda: "match x:\n case " + "[" * DEEP + "]" * DEEP + ": pass",
    "case alternatives": lambda: "match x:\n case " + "1 | " * DEEP + "1: pass",
    "cases": lambda: "match 0:\n" + " case 1: pass\n" * DEEP,
    "decorators": lambda: "f = lambda g: g\n" + "@f\n" * DEEP + "def h(): pass",
    "except clauses": lambda: "try:\n    pass\n" + "except A:\n    pass\n" * 20_000,
    "del targets": lambda: "del " + "(" * DEEP + "x" + ")" * DEEP, "dotted import": lambda: "import a" + ".a" * 3000,
    "relative import": lambda: "from " + "." * DEEP + " import a",
    "annotation": lambda: "x: " + "a[" * DEEP + "0" + "]" * DEEP,
    "arguments": lambda: "def f(*a): return len(a)\nprint(f(" + "1, " * DEEP + "))",
    "keyword arguments": lambda: "print(len(dict(" + ", ".join(f"k{i}=1" for i in range(10_000)) + ")))",
    "parameters": lambda: "def f(" + ", ".join(f"p{i}=1" for i in range(DEEP)) + "): pass\nf()",
    "list display": lambda: "x = [" + "1, " * DEEP + "]\nprint(len(x))",
    "list display of names": lambda: "a = 1\nx = [" + "a, " * DEEP + "]\nprint(len(x))",
    "set display": lambda: "x = {" + ", ".join(map(str, range(DEEP))) + "}\nprint(len(x))",
    "dictionary display": lambda: "x = {" + ", ".join(f"{i}: {i}" for i in range(DEEP)) + "}\nprint(len(x))",
    "statements": lambda: "x = 1\n" * DEEP, "statements on one line": lambda: "x = 1; " * DEEP,
    "names": lambda: "".join(f"name{i} = {i}\n" for i in range(DEEP)),
    "locals": lambda: "def f():\n" + "".join(f"    name{i} = {i}\n" for i in range(DEEP)) + "f()",
    "constants": lambda: "".join(f"{i}.5; " for i in range(DEEP)),
    "backslashes": lambda: "x = 1 " + "\\\n" * DEEP + "+ 1", "comments": lambda: "# comment\n" * DEEP,
    "blank lines": lambda: "\n" * DEEP, "form feeds": lambda: "\x0c" * DEEP + "x = 1",
    "one long string": lambda: "x = '" + "a" * 10_000_000 + "'", "one long name": lambda: "a" * 1_000_000 + " = 1",
    "one long comment": lambda: "#" + "a" * 10_000_000, "one long number": lambda: "x = " + "9" * DEEP,
    "one long hexadecimal number": lambda: "x = 0x" + "f" * 1_000_000,
    "one long float": lambda: "x = 1." + "1" * 1_000_000 + "e" + "9" * 100,
    "one long triple-quoted string": lambda: "x = '''" + "line\n" * 1_000_000 + "'''",
    "an unterminated triple-quoted string": lambda: "x = '''" + "line\n" * 100_000,
    "globals": lambda: "global " + ", ".join(f"g{i}" for i in range(DEEP)),
}

FRAGMENTS = b"()[]{}:,;'\"\\\n\t #@=+-*/%&|^~<>!.0123456789abcdefxj_ \xc3\xa9\xff\x00"

CORPUS = '''
@decorate(1, key="v")
class C(Base, metaclass=Meta):
    x: int = 5
    def method(self, a, /, b=1, *args, c, d=2, **kwargs) -> "str":
        """Doc."""
        try:
            with open(f"{a!r:>{b}}") as f, g() as (h, *i):
                for x, (y, *z) in enumerate(f):
                    if x < y <= 3 and not z or x is None: continue
                    elif x in [1, 2.5e3, 0xFF, "s" b"t"[0], ...]: break
                else:
                    return lambda q, *r: (yield q) if q else [*r]
        except (KeyError, ValueError) as error:
            raise Other(f'{error}') from error
        finally:
            del self.x[1:2, ::3], a.b
        while (n := len(args)) > 1:
            args = {**kwargs, 'k': {v for v in args if v}, **{k: v for k, v in z}}
            assert n != 2, "message"
        match a:
            case {"k": [1, *_], **rest} | Point(x=0) if rest: pass
            case _: global w; w += 1; return -w ** ~2 // 3 @ 4
async def co():
    async with a as b: await b
    async for i in b: yield i
    return_ = [j async for j in b]
'''

PREFIXES = f"""
source = {CORPUS!r}
accepted = 0
for text in [source[:i] for i in range(len(source))] + [source[i:] for i in range(len(source))]:
    try:
        compile(text, "<prefix>", "exec")
        accepted += 1
    except (SyntaxError, ValueError):
        pass
print("survived", accepted > 0)
"""

MUTATIONS = f"""
source = {CORPUS!r}
pieces = ["(", ")", "[", "]", "{{", "}}", ":", ",", "'", '"', "\\\\", "\\n", "    ", "f'", "=", "*", "lambda", "if", "else", "for", "in", "yield", "await", "not", "@", ".", "0", "é", "\\0", "async", "case", "match", "def", "class", "import", "from", "as", "del", "global", "nonlocal", "->", ":=", "..."]
seed = 2023


def random(limit):
    global seed
    seed = (seed * 1103515245 + 12345) % 2**31
    return (seed >> 8) % limit


accepted = refused = 0
for _ in range(3000):
    text = source
    for _ in range(1 + random(3)):
        at, what = random(len(text)), random(3)
        if what == 0:
            text = text[:at] + text[at + 1 + random(5):]
        elif what == 1:
            text = text[:at] + pieces[random(len(pieces))] + text[at:]
        else:
            other = random(len(text))
            text = text[:at] + text[other:other + 20] + text[at:]
    try:
        compile(text, "<mutation>", "exec")
        accepted += 1
    except (SyntaxError, ValueError):
        refused += 1
print("survived", accepted + refused)
"""


def noise(seed, size, alphabet=None):
    """The same bytes for the same seed: all values, or drawn from an alphabet."""
    generator = random.Random(seed)
    if alphabet:
        return bytes(generator.choice(alphabet) for _ in range(size))
    return generator.randbytes(size)


BROKEN_SOURCES = {
    "empty file": b"",
    "only a newline": b"\n",
    "only a nul": b"\0",
    "many nuls": b"\0" * 10_000,
    "nul in a line": b"x = 1\0\nprint(x)\n",
    "nul in a string": b"x = 'a\0b'\n",
    "invalid UTF-8": b"x = '\xff\xfe'\n",
    "invalid UTF-8 in a comment": b"# \xe9\nprint(1)\n",
    "invalid UTF-8 in a name": b"\xc3\x28 = 1\n",
    "truncated UTF-8 at the end": b"x = 'a\xe2\x98",
    "overlong UTF-8": b"x = '\xc0\x80'\n",
    "encoded surrogate": b"x = '\xed\xa0\x80'\n",
    "byte order mark alone": b"\xef\xbb\xbf",
    "half a byte order mark": b"\xef\xbbx = 1\n",
    "byte order mark against declaration": b"\xef\xbb\xbf# coding: latin-1\nx = 1\n",
    "UTF-16 file": "x = 1\n".encode("utf-16"),
    "undeclared latin-1": "x = 'é'\n".encode("latin-1"),
    "unknown declaration": b"# coding: nonsense\nx = 1\n",
    "declaration with a nul": b"# coding: utf\0-8\nx = 1\n",
    "wrong declaration": b"# coding: ascii\nx = '\xc3\xa9'\n",
    "unterminated string": b"x = 'abc",
    "unterminated bytes with escape": b"x = b'abc\\",
    "unterminated f-string": b"x = f'{a",
    "backslash at the end": b"x = 1 + \\",
    "open block at the end": b"def f(",
    "colon at the end": b"if 1:",
    "decorator at the end": b"@",
    "dedent to nowhere": b"if 1:\n        x\n    y\n",
    "tabs against spaces": b"if 1:\n\tx\n        y\n",
    "carriage returns": b"x = 1\r\r\n\ry = 2\r",
    "control characters": bytes(range(1, 32)),
    "an ELF header": b"\x7fELF\x02\x01\x01" + b"\0" * 57 + noise(1, 4000),
    "a gzip header": b"\x1f\x8b\x08" + noise(2, 4000),
    "compiled bytecode": b"\xa7\r\r\n" + b"\0" * 12 + b"\xe3" + noise(3, 400),
    **{f"random bytes {seed}": noise(seed, 5000) for seed in range(10, 20)},
    **{f"random tokens {seed}": noise(seed, 3000, FRAGMENTS) for seed in range(20, 40)},
}


def trials():
    for name, make in DEEP_SOURCES.items():
        yield script(f"source/deep {name}", make, timeout=60.0)
        evaluated = "source = open('source.txt').read()\ntry:\n    compile(source, '<s>', 'exec')\nexcept Exception as error:\n    print(type(error).__name__)\nprint('alive')\n"
        trial = script(f"compile/deep {name}", evaluated, timeout=60.0, status=(0,))
        trial.case.files["source.txt"] = make
        yield trial
    for name, content in BROKEN_SOURCES.items():
        yield script(f"source/{name}", content)
        trial = script(
            f"import/{name}",
            "try:\n    import broken\nexcept Exception as error:\n    print(type(error).__name__)\nprint('alive')\n",
            status=(0,)
        )
        trial.case.files["broken.py"] = content
        yield trial
    yield script("compile/every prefix and suffix", PREFIXES, status=(0,), stdout="survived True\n", timeout=60.0)
    yield script("compile/mutations", MUTATIONS, status=(0,), stdout="survived 3000\n", timeout=60.0)
    for name, content in (("a program", b"print('ran')\n"), ("garbage", noise(5, 3000)), ("nothing", b"")):
        trial = script(f"stdin/{name}", b"", status=ORDINARY, stdin=content)
        trial.case.arguments = ["-"]
        yield trial

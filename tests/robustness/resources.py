"""Trials of scarce resources and of the outside world: memory, signals, streams and files."""

import signal

from trial import SMALL_SPACE, Trial, script

import runner

MEMORY = ("MemoryError",)
SIZE = ("MemoryError", "OverflowError")
INTERRUPTED = (-signal.SIGINT,)

# Each asks for more memory than `ulimit -v 3000000` allows.
EXHAUSTING = {
    "a string of 8 GB": ("x = 'a' * (8 << 30)", MEMORY), "a string of 10**12": ("x = 'a' * 10**12", MEMORY),
    "a wide string": ("x = '☃' * (2 << 30)", MEMORY), "a string of 10**30": ("x = 'a' * 10**30", SIZE),
    "a string that doubles": ("x = 'a'\nwhile True: x += x", MEMORY),
    "a string that grows": ("x = 'a' * 10**8\ny = ''\nwhile True: y += x", MEMORY),
    "strings joined": ("x = ['a' * 1000000] * 8000\ny = ''.join(x)", MEMORY),
    "a string replaced": ("x = ('a' * 1000000).replace('a', 'b' * 10000)", MEMORY),
    "a string padded": ("x = 'a'.ljust(10**12)", MEMORY), "a string centred": ("x = 'a'.center(10**11)", MEMORY),
    "a string zero-filled": ("x = '1'.zfill(10**12)", MEMORY),
    "a string expanded": ("x = '\\t'.expandtabs(10**9 * 2) * 3", SIZE),
    "a string upper-cased": ("x = 'ŉ' * 300000000\ny = x.upper() + x.lower()", MEMORY),
    "a formatted width": ("x = f'{1:{10**12}}'", ("MemoryError", "ValueError", "OverflowError")),
    "a percent width": ("x = '%*d' % (2**31 - 1, 1) * 4", SIZE), "bytes": ("x = bytes(10**12)", MEMORY),
    "bytes repeated": ("x = b'ab' * 10**12", MEMORY),
    "bytes encoded": ("x = ('é' * 1200000000).encode('utf-16')", MEMORY),
    "a list repeated": ("x = [0] * 10**12", MEMORY), "a list of 10**30": ("x = [0] * 10**30", SIZE),
    "a list that doubles": ("x = [0]\nwhile True: x += x", MEMORY),
    "a list that grows": ("x = []\nwhile True: x.append(None)", MEMORY),
    "a list of lists": ("x = []\nwhile True: x.append([x, x, x, x])", MEMORY),
    "a list from a range": ("x = list(range(10**12))", MEMORY),
    "a list from a generator": ("x = list(i for i in range(10**12))", MEMORY),
    "a list comprehension": ("x = [i for i in range(10**12)]", MEMORY),
    "a list extended by itself": ("x = [1]\nwhile True: x.extend(x)", MEMORY),
    "a tuple repeated": ("x = (1, 2) * 10**12", MEMORY), "a tuple from a range": ("x = tuple(range(10**12))", MEMORY),
    "a dictionary": ("x = {}\ni = 0\nwhile True:\n    x[i] = i\n    i += 1", MEMORY),
    "a dictionary comprehension": ("x = {i: i for i in range(10**12)}", MEMORY),
    "a dictionary of strings": ("x = {}\nfor i in range(10**12): x[str(i)] = [i]", MEMORY),
    "a set": ("x = set(range(10**12))", MEMORY),
    "instances": ("class C:\n    def __init__(self): self.a = [1]\nx = []\nwhile True: x.append(C())", MEMORY),
    "a chain of instances": ("class C: pass\nx = C()\nwhile True:\n    y = C()\n    y.x = x\n    x = y", MEMORY),
    "closures": ("x = []\nwhile True: x.append(lambda y=x: y)", MEMORY),
    "generators": ("x = []\ndef g(): yield 1\nwhile True:\n    y = g()\n    next(y)\n    x.append(y)", MEMORY),
    "classes": ("x = []\nwhile True: x.append(type('C', (), {'a': [0] * 1000}))", MEMORY),
    "exceptions": (
        "x = []\nwhile True:\n    try:\n        1 / 0\n    except ZeroDivisionError as e:\n        x.append(e)",
        MEMORY
    ),
    "floats": ("x = []\ny = 0.5\nwhile True:\n    y += 1e-9\n    x.append(y * 1e300)", MEMORY),
    "big integers": ("x = []\ny = 1 << 2000\nwhile True:\n    y += 1\n    x.append(y)", MEMORY),
    "a power": ("x = 10 ** (10**10)", SIZE), "a power of two": ("x = 2 ** (10**12)", SIZE),
    "a huge power": ("x = 3 ** (10**30)", SIZE), "a shift": ("x = 1 << 10**12", SIZE),
    "a huge shift": ("x = 1 << 10**30", SIZE), "a multiplication": ("x = 1 << (10**10 * 2 - 1)\nx * x", SIZE),
    "integers from bytes": ("x = int.from_bytes(b'a' * 2800000000, 'big')", MEMORY),
    "integers to bytes": ("x = (1).to_bytes(10**12, 'big')", SIZE),
    "a factorial": ("import math\nx = math.factorial(10**30)", SIZE),
    "a comb": ("import math\nx = math.comb(10**30, 10**29)", SIZE),
    "split": ("x = ('a ' * 500000000).split()", MEMORY), "list of characters": ("x = list('ab' * 400000000)", MEMORY),
    "star arguments": ("def f(*a): pass\nf(*range(10**12))", MEMORY), "unpacking": ("a, *b = range(10**12)", MEMORY),
    "sorted": ("x = sorted(range(10**12))", MEMORY), "a slice assignment": ("x = [1]\nx[:] = range(10**12)", MEMORY),
    "zip": ("x = list(zip(range(10**12), range(10**12)))", MEMORY),
    "source text": ("exec('x = [' + '1.5, ' * 700000000 + ']')", ("MemoryError", "SyntaxError", "OverflowError")),
    "print": ("print('a' * 700000000 * 4, file=open('/dev/null', 'w'))", MEMORY),
}

RECOVERS = """
def exhaust():
    x = []
    try:
        while True:
            x.append([None] * 10000)
    except MemoryError:
        return len(x) > 1000


# A conservative collector may keep one round's list for the next, but not for ever.
print(sum(exhaust() for _ in range(3)) >= 2)
try:
    'a' * 10**12
except MemoryError as error:
    print(repr(error))
print(sum(range(100000)), len([i for i in range(100000)]))
"""

# What runs when SIGINT comes; all end with an uncaught KeyboardInterrupt.
INTERRUPTIBLE = {
    "while True": "while True: pass",
    "while True with a body": "n = 0\nwhile True:\n    n += 1\n    if n > 1000: n = 0",
    "for over an endless iterator": "for _ in iter(int, 1): pass",
    "calls": "def f(): pass\nwhile True: f()",
    "recursion": "def f(n): return n and f(n - 1)\nwhile True: f(100)",
    "a generator": "def g():\n    while True: yield 1\nfor _ in g(): pass",
    "inside a generator": "def g():\n    while True: pass\n    yield 1\nnext(g())",
    "a comprehension": "[0 for x in iter(int, 1) if x]",
    "a try in a loop": "while True:\n    try:\n        raise ValueError\n    except ValueError:\n        pass",
    "a method": "class C:\n    def m(self): return self\nc = C()\nwhile True: c = c.m()",
    "sleep": "import time\ntime.sleep(60)",
    "sleep in a function": "import time\ndef f():\n    time.sleep(60)\nf()",
    "sum": "sum(range(10**12))",
    "sum of an iterator": "sum(iter(int, 1))",
    "max": "max(iter(int, 1))",
    "any": "any(iter(int, 1))",
    "all": "all(iter(lambda: 1, 0))",
    "in": "1 in iter(int, 1)",
    "set": "set(iter(int, 1))",
    "dict.fromkeys": "dict.fromkeys(iter(int, 1))",
    "filter": "next(filter(None, iter(int, 1)))",
    "sort with a key": "def key(x):\n    while True: pass\nsorted([1, 2], key=key)",
    "map with a callback": "list(map(lambda x: [i for i in range(10**12) if i < 0], [1]))",
    "exec": "exec('while True: pass')",
    "a long multiplication": "x = 3 ** 10000000\nwhile True: x * x",
    "a long conversion": "import sys\nsys.set_int_max_str_digits(0)\nwhile True: str(3 ** 100000)",
    "string searches": "x = 'a' * 1000000\nwhile True: x.find('b')",
    "string building": "x = ''\nwhile True:\n    x += 'a'\n    if len(x) > 1000: x = ''",
    "allocation": "while True: [[] for _ in range(100)]",
    "an import": "import endless",
}

# The loop must not be the first statement of its try: python3.11 blames the jump on the instruction before its target.
HANDLED = {
    "caught": (
        "try:\n    n = 0\n    while True: n += 1\nexcept KeyboardInterrupt:\n    print('caught')\n", (0,), "ready\ncaught\n", ()
    ),
    "finally": (
        "try:\n    n = 0\n    while True: n += 1\nfinally:\n    print('finally')\n", INTERRUPTED, "ready\nfinally\n",
        "KeyboardInterrupt"
    ),
    "with": (
        "class M:\n    def __enter__(self): pass\n    def __exit__(self, kind, *rest): print(kind.__name__)\nwith M():\n    while True: pass\n",
        INTERRUPTED, "ready\nKeyboardInterrupt\n", "KeyboardInterrupt"
    ),
    "not an Exception": (
        "try:\n    n = 0\n    while True: n += 1\nexcept Exception:\n    print('wrong')\n", INTERRUPTED, "ready\n",
        "KeyboardInterrupt"
    ),
    "turned into an exit": (
        "try:\n    n = 0\n    while True: n += 1\nexcept KeyboardInterrupt:\n    raise SystemExit(5)\n", (5,), "ready\n", ()
    ),
    "goes on": (
        "try:\n    n = 0\n    while True: n += 1\nexcept KeyboardInterrupt:\n    print(sum(range(1000)))\n", (0,),
        "ready\n499500\n", ()
    ),
    # An interrupt inside __del__ is written and forgotten, as every exception there.
    "a class with __del__": (
        "import signal, time\nsignal.setitimer(signal.ITIMER_REAL, 0.2, 0.05)\nsignal.signal(signal.SIGALRM, signal.default_int_handler)\n"
        "class C:\n    def __del__(self): pass\nwhile True: C()\n", INTERRUPTED, "ready\n", "KeyboardInterrupt"
    ),
    "generator closed": (
        "def g():\n    try:\n        while True: yield 1\n    finally:\n        print('closed')\nx = g()\ntry:\n    for _ in x: pass\nexcept KeyboardInterrupt:\n    x.close()\n    print('done')\n",
        (0,), "", ()
    ),
}

WORK = "print('x' * 100)\nimport sys\nsys.stdout.flush()\n"
STREAMS = {
    "closed stdout": ("print('x')\n", 'exec "$@" >&-', (0, 1, 120)),
    "closed stdin": (
        "import sys\nprint(sys.stdin)\ntry:\n    print(input())\nexcept Exception as error:\n    print(type(error).__name__)\n",
        'exec "$@" <&-', (0,)
    ),
    "closed stderr": ("1 / 0\n", 'exec "$@" 2>&-', (1,)),
    "all closed": ("print('x')\n1 / 0\n", 'exec "$@" <&- >&- 2>&-', (1,)),
    "full stdout": (WORK, 'exec "$@" >/dev/full', (1, 120)),
    "full stdout at exit": ("print('x')\n", 'exec "$@" >/dev/full', (1, 120)),
    "full stderr": ("1 / 0\n", 'exec "$@" 2>/dev/full', (1, 120)),
    "a pipe whose reader leaves": (
        "for i in range(10**6): print(i)\n", '"$@" | head -n 1; exit ${PIPESTATUS[0]}', (1, 120)
    ),
    "stdin is a directory": (
        "import sys\ntry:\n    print(sys.stdin.read())\nexcept Exception as error:\n    print(type(error).__name__)\n",
        'exec "$@" </', (0, 1)
    ),
    "no file descriptors left": (
        "files = []\ntry:\n    while True: files.append(open('/dev/null'))\nexcept OSError as error:\n    print(error.errno)\n",
        'ulimit -n 30; exec "$@"', (0,)
    ),
    "no environment": ("print('x')\n", 'exec env -i "$@"', (0,)),
    "a small stack": ("def f(n): return n and 1 + f(n - 1)\nprint(f(900))\n", 'ulimit -s 512; exec "$@"', (0,)),
    "a small stack and recursion": ("def f(): f()\nf()\n", 'ulimit -s 512; exec "$@"', (1,)),
    "a small stack and native recursion": (
        "class C:\n    def __repr__(self): return repr([self])\nrepr(C())\n", 'ulimit -s 512; exec "$@"', (1,)
    ),
    "a small stack and a deep source": ("eval('(' * 190 + ')' * 190)\n", 'ulimit -s 512; exec "$@"', (0, 1)),
}

FILES = {
    "a missing script": (["no_such_file.py"], {}, (2,)),
    "a directory": (["folder"], {"folder/other.py": ""}, (1,)),
    "the root directory": (["/"], {}, (1,)),
    "a device": (["/dev/null"], {}, (0,)),
    "a path through a file": (["main.py/x.py"], {"main.py": ""}, (2,)),
    "a very long name": (["a" * 300], {}, (2,)),
    "a very long path": (["a/" * 3000], {}, (2,)),
    "an unreadable descriptor": (["/proc/self/mem"], {}, (0, 1, 2)),
    "a name that is not UTF-8": ([b"\xff\xfe.py"], {}, (2,)),
    "arguments that are not UTF-8": (["-c", "import sys; print(ascii(sys.argv))", b"\xff\xfe"], {}, (0,)),
    "a command that is not UTF-8": (["-c", b"x = '\xff'"], {}, (0, 1)),
    "many arguments": (["-c", "import sys; print(len(sys.argv))", *["x"] * 50_000], {}, (0,)),
    "a zip file that is none": (["main.zip"], {"main.zip": b"PK\x03\x04" + b"\0" * 100}, (1,)),
    "a module that is a directory": (["-m", "folder"], {"folder/other.py": ""}, (1,)),
    "a module with a bad name": (["-m", "..x"], {}, (1,)),
    "an empty module name": (["-m", ""], {}, (1, 2)),
    "a directory whose main is missing": (["."], {}, (1,)),
    "a script that removes itself": (["main.py"], {"main.py": "open('main.py', 'w').close()\n1 / 0\n"}, (1,)),
}


def trials():
    for name, (source, last_line) in EXHAUSTING.items():
        yield script(
            f"memory/{name}", source + "\n", status=(1,), last_line=last_line, address_space=SMALL_SPACE,
            timeout=120.0
        )
    yield script(
        "memory/recovers", RECOVERS, status=(0,), stdout="True\nMemoryError()\n4999950000 100000\n",
        address_space=SMALL_SPACE, timeout=120.0
    )
    for name, source in INTERRUPTIBLE.items():
        trial = script(
            f"interrupt/{name}", f"print('ready', flush=True)\n{source}\n", status=INTERRUPTED,
            last_line="KeyboardInterrupt", interrupt_after=0.3
        )
        trial.case.files["endless.py"] = "while True: pass\n"
        yield trial
    for name, (source, status, stdout, last_line) in HANDLED.items():
        yield script(
            f"interrupt/{name}", f"print('ready', flush=True)\n{source}", status=status, stdout=stdout,
            last_line=last_line, interrupt_after=0.3
        )
    for name, (source, shell, status) in STREAMS.items():
        yield script(f"streams/{name}", source, shell=shell, status=status)
    for name, (arguments, files, status) in FILES.items():
        yield Trial(runner.Case(f"files/{name}", arguments, files=files, timeout=30.0), status)

# A program that does not compile is read twice; its warnings come as often, and in the order in which it is read.
import warnings

PROGRAMS = [
    "'\\d'\nx y\n", "'\\d'\n1 is 1\nf(", "'\\d' x\n", "x '\\d'\n", "f('\\d' x\n", "'\\d' = 1\n", "'\\d'; x y\n",
    "'\\d'\n  x\n", "f'\\d{a b}'\n", "{'\\d': 2, 3 4: 5}\n", "match '\\d':\n case '\\q': x y\n", "import '\\d'\n",
    "'\\d' '\\q'\n x\n", "print '\\d'\n", "print -1\nx y\n", "x = exec [1]\n'\\d'\n  x\n", "'\\d'\n$", "'\\d'\n0777",
    "'\\d'\n)", "('\\d'\nx = 1 1", "'\\d' '\\x'", "f('\\d' for x in y, '\\q')\n", "x y\n1if 2 else 3\n",
    "'\\d'; 1if 2 else '\\q'\n", "'\\d' 1if 2 else 3\n", "f'{a b}'\n1if 2 else 3", "f'{1if 2 else 3}' + 1if 3 else 4",
    "(x y\n1if 2 else 3\n", "x\n  x\n1if 2 else 3\n", "1if 2 else '\\d' 'x' 1if 3 else 4\n", "raise \n+= 1if x\n",
    "f'{1if} b'c' as ]\n",
]
for program in PROGRAMS:
    for mode in ("exec", "single"):
        with warnings.catch_warnings(record=True) as raised:
            warnings.simplefilter("always")
            try:
                compile(program, "<file>", mode)
                outcome = "ok"
            except SyntaxError as error:
                outcome = error.msg, error.lineno, error.offset, error.end_lineno, error.end_offset, error.text
        print(mode, repr(program), [(str(w.message), w.lineno) for w in raised], outcome)

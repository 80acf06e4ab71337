# The arguments and attributes of SyntaxErrors from every stage of the compiler; sources that cannot be decoded.
PROGRAMS = [
    "from __future__ import braces\n", "from __future__ import x, braces\n", "x\nfrom __future__ import annotations\n",
    "return\n", "def f(a,a): pass\n", "nonlocal x\n", "x y\n", "# coding: foo\n", b"# coding: foo\n", "\tx\n        y",
    "f(a=1,a=2)\n", "break\n", "class C:\n  x = 1\n  global x\n", b"x = '\xff'\n", b"\xff = 1\n", b"x y \n \xff\n",
    b"x = (\n'\xff')\n", b"f'{\xff}'", b"f'{ab + c\xff}'", b"f'''\n{a\n+\xffb} '''", b"f'{a!r:\xff}'", b"f'{(a,\xff'",
    b'f\'{"\xff"}\'', b"f'{1 + $ \xff}'", b"f'{a.\xc3}'", b"# coding: utf-8\nf'{\xffa}'", b"f'{\xffa + b}' x",
    "1 is 1 = 2\n", "a\0b", b"a\0b", "(\n", "x = 1_\n", "0777e\n", "0777else\n", "08en", "case _ (",
    "match x:\n    case _ (", "match x:\n case _.x: pass\n",
]
for program in PROGRAMS:
    for mode in ("exec", "eval", "single"):
        try:
            compile(program, "<file>", mode)
            print(mode, repr(program), "ok")
        except SyntaxError as error:
            place = error.filename, error.lineno, error.offset, error.end_lineno, error.end_offset, error.text
            print(mode, repr(program), type(error).__name__, error.args, place, error.print_file_and_line, vars(error))
        except ValueError as error:
            print(mode, repr(program), repr(error))
# Text that ends without a newline has been read to its end before the error is known, or has not.
for program in ["(f'{x' \n y", "(b'é' \n y", "(b'é' \n y\n", "(b'é' \n y z", "(x y \n y", "(b'é' \n +", "(x \n y",
                "(1 \n =", "(a b\n c=1", "{case \n\n while", "f('a' \n# }\n while"]:
    for mode in ("exec", "single", "eval"):
        try:
            compile(program, "<file>", mode)
        except SyntaxError as error:
            print(repr(program), mode, error.args)

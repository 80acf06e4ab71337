# _tokenize.TokenizerIter: the compiler's tokens with types, lines, columns in bytes, and the line as it is held.
import _tokenize
import glob
import hashlib
import os
import warnings

PROGRAMS = [
    "x = 1 + 'a'  # c\nif x:\n    y\n  \n\nz(1,\n  2)\n", "é = 'ü'\n", "", "\n", "a", "def f():\n\tpass\n    pass\n", "'abc",
    "'''abc\ndef'''", "'''abc\ndef", "(", ")", "1_000 0x 1__0", "a $ b", "if 1:\n  a\n b\n", "async def f(): await x", "# only\n",
    "x\\\n+1", "f'{x}' b'a' rb'x'\n", "a != b -> c := d ... ** //= @= <> ~ ;", "# type: ignore\nx = 1 # type: int\n", "\x0c\n x",
    "a\0b", "# -*- coding: latin-1 -*-\nx", "x  \n", "x ; # d\\\n", "a ! b ? `", "a \xb2 b", "a \x01 b", "a \\ b", "a \\", "1a",
    "(" * 201, "(]", "a\r\nb\rc", "if x:\n  y\n\n# c\n", "if x:\n  y\n\n# c\n  # d\nz", "if x:\n  if y:\n    z # t\n",
    "if x:\n  (\n'''a\nb''',\nd)\ne", "\ufeffx", "x = '''a\nb''' + \\\n 1 # c\ny", "  x\n y\n", "\\\n\n", "x\n\\\n",
    "\tx\n        y\n", "'a\\\nb' c\nd", "\ud800", "x \ud800", "0777 1.e 1_ 0b12 1if 5j", "x#c", "#c", "x\n#c", "x\n   \n", "x\n   ",
    "+ - * / | & < > = . % == != <= >= ^ << >> += -= *= /= %= &= |= ^= <<= >>= **= // @ [ ] { } : ,",
]  # fmt: skip
for program in PROGRAMS:
    print("---", ascii(program)[:70])
    try:
        for token in _tokenize.TokenizerIter(program):
            print(ascii(token)[:110])
    except Exception as error:
        print(type(error).__name__, ascii(error.args))

for arguments, keywords in ((), {}), ((1,), {}), ((b"x",), {}), (("a", "b"), {}), (("a",), {"b": 1}), ((None,), {}):
    try:
        _tokenize.TokenizerIter(*arguments, **keywords)
    except TypeError as error:
        print(error)
tokens = _tokenize.TokenizerIter(source="a b")
print(iter(tokens) is tokens, next(tokens), len(list(tokens)))
try:
    next(tokens)
except StopIteration as error:
    print(ascii(error.args))
try:
    class Derived(_tokenize.TokenizerIter):
        pass
except TypeError as error:
    print(error)
with warnings.catch_warnings(record=True) as caught:
    warnings.simplefilter("always")
    print(len(list(_tokenize.TokenizerIter("x = 1if y else 2\n"))), [str(warning.message) for warning in caught])

digest = hashlib.sha256()
count = 0
for path in sorted(glob.glob(os.path.join(os.path.dirname(os.__file__), "[a-f]*.py"))):
    with open(path, encoding="utf-8") as stream:
        for token in _tokenize.TokenizerIter(stream.read()):
            digest.update(ascii(token).encode())
            count += 1
print(count, digest.hexdigest())

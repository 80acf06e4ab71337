# A filter that turns the compiler's warnings into exceptions makes SyntaxErrors of them, with the place.
import os
import tempfile
import warnings

PROGRAMS = [
    "x is 1\n", "é = x is 1\n", "'\\d'\n", "x=1\ny = 'é \\d' + f(1)\n", "b'\\d'\n", "f'\\d{1}'\n", "1if 2 else 3\n",
    "x = 1if 2 else 3 3\n", "é=0x1for x in y\n", "(1)(2)\n", "assert (1,2)\n", "'a' 'b\\d'\n", "'\\777'\n",
    "'''\n\n\\d'''\n", "'\\d' x\n", "[1,2][3,4]\n", "x='a'['b']\n", "def f():\n '''\\d'''\n", "x = (\n'a'\n'\\d'\n)\n",
    "f'{1if 2 else 3}'\n", "f'{a}' '\\d' )\n", "a.b'\\d'x)\n", "'\\d'\n0777\n", "'\\d'; 1if 2 else '\\q'\n",
]


def attempt(program, category=Warning):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        warnings.filterwarnings("error", category=category)
        try:
            return compile(program, "<file>", "exec").co_name
        except SyntaxError as error:
            return type(error).__name__, error.args, error.__cause__, error.__context__


for text in PROGRAMS:
    print(repr(text), attempt(text), attempt(text.encode()))
print(attempt("'\\d'\nx is 1\n(1)(2)\n", SyntaxWarning), attempt("x is 1\n'\\d'\n", DeprecationWarning))

with tempfile.TemporaryDirectory() as folder:
    name = os.path.join(folder, "program.py")
    with open(name, "w") as out:
        out.write("a\nb\nc is 1\n")
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        try:
            compile("a\nb\nc is 1\n", name, "exec")
        except SyntaxError as error:
            print(error.text, error.lineno, error.filename == name)


class Loud(Warning):
    pass


# An exception of the filter's own machinery is not replaced.
def complain(*arguments, **keywords):
    raise ZeroDivisionError("loud")


with warnings.catch_warnings():
    warnings.simplefilter("always")
    warnings.showwarning = complain
    try:
        compile("x is 1", "f", "exec")
    except Exception as error:
        print(repr(error))

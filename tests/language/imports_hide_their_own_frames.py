# Tracebacks of failing imports show the program's frames, not importlib's; circular imports say that they are; submodules
# that are being imported can be had from their package.

import importlib
import os
import sys
import traceback

sys.path.insert(0, os.getcwd())
files = {
    "divides.py": "def f():\n    return 1 / 0\n\n\nf()\n",
    "imports_divides.py": "import divides\n",
    "wrong.py": "x = = 1\n",
    "imports_missing.py": "import not_there_at_all\n",
    "from_missing.py": "from os import not_there_at_all\n",
    "one.py": "from two import b\na = 1\n",
    "two.py": "from one import a\nb = 1\n",
    "three.py": "import four\nthree_done = True\n",
    "four.py": "import three\nprint(three.three_done)\n",
    "five.py": "import six\nprint(six.late)\n",
    "six.py": "import five\nlate = 1\n",
    "pack/__init__.py": "from . import left\n",
    "pack/left.py": "from . import right\nfrom pack import right as again\nprint(again is right)\n",
    "pack/right.py": "import pack.left as l\nprint(l.__name__)\n",
    "stars.py": "__all__ = ['a', 'b']\na = 1\n",
    "odd.py": "__all__ = ['a', 3]\na = 1\n",
}
for name, text in files.items():
    os.makedirs(os.path.dirname(os.path.abspath(name)), exist_ok=True)
    with open(name, "w") as file:
        file.write(text)


def show(statement):
    print("---", statement)
    try:
        exec(statement, {"__name__": "shown"})
    except Exception as error:
        text = "".join(traceback.format_exception(error))
        print(text.replace(os.getcwd(), "<cwd>"), end="")
        if isinstance(error, ImportError):
            print(error.name, (error.path or "").replace(os.getcwd(), "<cwd>"), error.msg.replace(os.getcwd(), "<cwd>"))


show("import divides")
show("import imports_divides")
show("import wrong")
show("import imports_missing")
show("import from_missing")
show("import one")
show("import three")
show("import five")
show("import pack")
show("from stars import *")
show("from odd import *")
show("import pack.nothing")
show("import stars.nothing")
show("from stars import c")
show("from sys import nothing")
show("import importlib; importlib.import_module('divides')")
show("from . import x")
show("from .x import y")
show("from ...x import y")


class Fails:
    def find_spec(self, name, path, target=None):
        if name == "refused":
            raise PermissionError("finders may fail")
        if name == "refused_by_import_error":
            raise ImportError("with an ImportError")


sys.meta_path.insert(0, Fails())
show("import refused")
show("import refused_by_import_error")

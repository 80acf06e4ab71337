# import in every form: modules, packages, aliases, from, star, relative, cycles, failures and sys.modules.

import math, sys
import math as mathematics
from math import pi, floor as down
from math import (
    ceil,
    sqrt as root,
)

print(
    math is mathematics, pi == math.pi, down(2.5), ceil(2.5), root(16), math.__name__, sys.modules["math"] is math,
    type(math).__name__
)
import support
import support.plain
import support.plain as plain
from support import names, plain as again
from support.plain import public, Listed, _private, function

print(
    support.loaded, support.__name__, support.__package__, plain is again is support.plain, public, Listed().where(),
    _private, function(), names.visible, names.computed, dir(names), support.__doc__, support.package_value
)
print(
    support.__file__.endswith("support/__init__.py"), len(support.__path__), plain.__file__.endswith("plain.py"),
    plain.__package__, hasattr(plain, "__path__"), plain.__spec__.name, plain.__loader__ is plain.__spec__.loader,
    __spec__, __package__, __name__
)
try:
    names.missing
except AttributeError as error:
    print(error)
try:
    plain.missing
except AttributeError as error:
    print(error)
scope = {}
exec("from support.plain import *", scope)
print(sorted(k for k in scope if k != "__builtins__"))
scope = {}
exec("from support.names import *", scope)
print(sorted(k for k in scope if k != "__builtins__"))
import support.nested.leaf
from support.nested import from_parent, leaf_value, leaf

print(support.nested.leaf.value, from_parent, leaf_value, leaf.__package__, support.nested.__package__)
try:
    leaf.too_far()
except ImportError as error:
    print(type(error).__name__, error)
from support import cycle_a

print(cycle_a.partner(), cycle_a.cycle_b.seen, cycle_a.cycle_b.message)
for _ in range(2):
    try:
        import support.failing
    except LookupError as error:
        print(error, "support.failing" in sys.modules, hasattr(support, "failing"), support.loaded.count("failing"))
for statement in (
    "import no_such_module", "import support.no_such", "import support.plain.deeper",
    "from support import no_such_name", "from support.plain import no_such_name", "from no_such_package import x",
    "from math import no_such_function", "import math.nothing", "from . import x", "from .x import y",
    "from .. import z", "__import__('')", "__import__('support.nope')", "__import__(5)",
    "__import__('math', level=-1)", "__import__('x', level=1)", "from support import plain, nothing"
):
    try:
        exec(statement, {"__name__": "__main__"})
        print(statement, "fine")
    except Exception as error:
        print(statement, "->", type(error).__name__, str(error).split(" (/")[0], getattr(error, "name", "-"))
print(
    __import__("support.nested.leaf") is support, __import__("support.nested.leaf", fromlist=["value"]) is leaf,
    __import__("math").pi == pi, __import__("support", fromlist=["plain"]).plain is plain
)


def inside():
    import math as local_math
    from support.plain import public as local_public
    import support.nested.leaf
    return sorted(locals()), local_math is math


class Body:
    import math
    from support.plain import public


print(inside(), Body.math is math, Body.public)
sys.modules["invented"] = "any object at all"
import invented

print(invented)
sys.modules["blocked"] = None
try:
    import blocked
except ImportError as error:
    print(type(error).__name__, error)
with open("fresh_module.py", "w") as file:
    file.write("value = 'written just now'\nprint('executing', __name__)\n")
sys.path.insert(0, ".")
import fresh_module
import fresh_module as fresh_again

print(fresh_module.value, fresh_again is fresh_module)
del sys.modules["fresh_module"]
import fresh_module

print(fresh_module is fresh_again)
with open("broken_module.py", "w") as file:
    file.write("x = = 1\n")
try:
    import broken_module
except SyntaxError as error:
    print(error.msg, error.lineno, error.offset, error.filename.endswith("broken_module.py"), repr(error.text))
from support import runnable

print(runnable.result)
math.added = 5
from math import added

print(added)
del math.added
module = type(math)("made", "its doc")
module.x = 1
print(module, module.__doc__, module.x, module.__dict__["x"], sorted(vars(module)), repr(math), repr(sys))
for statement in (
    "type(math)()", "type(math)(5)", "math.nope", "del math.nope", "math.__dict__ = {}", "math()", "math[0]"
):
    try:
        exec(statement)
        print(statement, "fine")
    except Exception as error:
        print(statement, "->", type(error).__name__, error)
for source in (
    "import", "import a.", "import a as", "import a as b.c", "from a import", "from a import *, b",
    "from a import b as", "from import x", "def f(): from a import *", "class C: from a import *", "import a, ",
    "from a import (b, c", "from a import ()", "from a import b,", "import *", "from .a.b import c",
    "from ... import d", "from .... a import b", "import a.b.c as d, e", "import 5", "from a import 5",
    "from a import b.c"
):
    try:
        compile(source, "<s>", "exec")
        print(source, "compiles")
    except SyntaxError as error:
        print(source, "->", error.msg)

# from __future__ imports, __main__ as a module, and names every module has.

from __future__ import annotations, division

import sys

import __main__

print(
    __name__, __main__.__name__, sys.modules["__main__"] is __main__, __file__ == sys.argv[0], __doc__,
    __builtins__ is not None, __package__, __annotations__, annotations.compiler_flag, division.mandatory
)
marker = 5
print(__main__.marker, vars(__main__) is globals(), hasattr(__main__, "nope"))
if __name__ == "__main__":
    print("run as the main program")


def annotated(a: undefined_name, b: "string" = 1) -> also[undefined]:
    x: not_evaluated_either = 1
    return x


print(annotated.__annotations__, annotated(1))
variable: some.thing(1, 2)[3] = 5
print(__annotations__)


class Annotated:
    a: int
    b: list[str | None] = None


print(Annotated.__annotations__)
for source in (
    "x = 1\nfrom __future__ import division", "from __future__ import nope", "from __future__ import braces",
    "'doc'\nfrom __future__ import division", "# comment\n\nfrom __future__ import division; x = 1",
    "from __future__ import *", "def f():\n    from __future__ import division",
    "from __future__ import division as d, annotations", "import __future__\nfrom __future__ import division",
    "from __future__ import (annotations, generator_stop)", "'a'; 'b'\nfrom __future__ import division",
    "from __future__ import barry_as_FLUFL\nx = 1 <> 2", "from __future__ import barry_as_FLUFL\nx = 1 != 2"
):
    try:
        compile(source, "<s>", "exec", dont_inherit=True)
        print(repr(source), "compiles")
    except SyntaxError as error:
        print(repr(source), "->", error.msg)
print(sorted(name for name in (
    "__builtins__", "__doc__", "__file__", "__loader__", "__name__", "__package__", "__spec__", "__cached__"
) if name in globals()))

# The names in builtins and in every built-in type, so that a missing method is seen at once.

import builtins

print(" ".join(sorted(name for name in dir(builtins) if name != "_")))
for kind in (
    object, type, int, bool, float, str, bytes, list, tuple, dict, set, frozenset, range, slice, property,
    classmethod, staticmethod, super, enumerate, zip, map, filter, reversed, BaseException, OSError, StopIteration,
    SyntaxError, UnicodeDecodeError, ImportError, NameError, SystemExit, type(None), type(...), type(NotImplemented),
    type(lambda: 0), type(len), type([].append), type((x for x in ())), type({}.keys()), type({}.items()),
    type({}.values()), type(iter([])), type(iter(())), type(iter("")), type(iter({})), type(iter(set())),
    type(iter(range(0))), type(type.__dict__), type(int.real), type(str.upper), type((1).__add__), type(int.__add__),
    type(print.__class__), type(compile("", "", "exec")), type(builtins)
):
    print(kind.__name__, *sorted(vars(kind)))

"""Prints what krait-dump-code prints, as python3.11's own compiler sees it: one JSON line per code object.

    reference.py [--optimize N] [--mode exec|eval|single] [--flags N] FILE…

Without files their names come on standard input, one per line. Flags are those of compile().
"""

import argparse
import functools
import json
import sys
import types
import warnings


def constant(value, path, index):
    """The constant with its type, so that 1, 1.0 and True differ; a code object is the path of its own line."""
    match value:
        case None | True | False:
            return str(value)
        case types.EllipsisType():
            return "..."
        case int():
            return ["int", hex(value)]
        case float():
            return ["float", value.hex()]
        case complex():
            return ["complex", value.real.hex(), value.imag.hex()]
        case str():
            return ["str", value]
        case bytes():
            return ["bytes", value.hex()]
        case tuple():
            return ["tuple", [constant(item, path, index) for item in value]]
        case frozenset():
            return ["frozenset", [constant(item, path, index) for item in value]]
        case types.CodeType():
            return ["code", f"{path}.{index}"]
    raise TypeError(type(value))


def text(value):
    return json.dumps(value, separators=(",", ":")).replace("\x7f", "\\u007f")


def describe(code, path, file):
    return {
        "file": file,
        "path": path,
        "name": code.co_name,
        "qualname": code.co_qualname,
        "argcount": code.co_argcount,
        "posonly": code.co_posonlyargcount,
        "kwonly": code.co_kwonlyargcount,
        "nlocals": code.co_nlocals,
        "stacksize": code.co_stacksize,
        "flags": code.co_flags,
        "firstlineno": code.co_firstlineno,
        "code": code.co_code.hex(),
        "consts": [constant(value, path, index) for index, value in enumerate(code.co_consts)],
        "names": code.co_names,
        "varnames": code.co_varnames,
        "freevars": code.co_freevars,
        "cellvars": code.co_cellvars,
        "linetable": code.co_linetable.hex(),
        "exctable": code.co_exceptiontable.hex(),
    }


def walk(code, path, file):
    yield describe(code, path, file)
    for index, value in enumerate(code.co_consts):
        if isinstance(value, types.CodeType):
            yield from walk(value, f"{path}.{index}", file)


def lines(file, options):
    try:
        with open(file, "rb") as source:
            code = compile(source.read(), file, options.mode, options.flags, True, options.optimize)
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        message = getattr(error, "msg", None) or str(error)
        place = getattr(error, "lineno", None), getattr(error, "offset", None)
        yield {"file": file, "error": f"{type(error).__name__}: {message} ({place[0]}, {place[1]})"}
        return
    yield from walk(code, "0", file)


def main():
    warnings.simplefilter("ignore")
    parser = argparse.ArgumentParser()
    parser.add_argument("--optimize", type=int, default=0)
    parser.add_argument("--mode", default="exec")
    parser.add_argument("--flags", type=functools.partial(int, base=0), default=0)
    parser.add_argument("files", nargs="*")
    options = parser.parse_args()
    for file in options.files or (line.rstrip("\n") for line in sys.stdin):
        for line in lines(file, options):
            print(text(line))


if __name__ == "__main__":
    main()

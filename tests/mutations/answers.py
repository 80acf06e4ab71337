"""Says what the interpreter that runs it thinks of programs: one JSON line per program, in the order of the input.

    answers.py FILE [FIRST]

FILE holds JSON lines: [mode, action of the warning filter, encoding or null, text]; with an encoding the program is
given as bytes. Those before the line FIRST are left out.
The last line of the output is "end": without it the process died, or it was stopped, over the program that has no answer.
"""

import hashlib
import json
import sys
import types
import warnings


def constant(value):
    """A text in which 1, 1.0 and True differ and the order within a frozenset does not matter."""
    if isinstance(value, types.CodeType):
        return described(value)
    if isinstance(value, tuple):
        return "(" + ",".join(map(constant, value)) + ")"
    if isinstance(value, frozenset):
        return "{" + ",".join(sorted(map(constant, value))) + "}"
    return type(value).__name__ + repr(value)


def described(code):
    fields = (
        code.co_code,
        code.co_names,
        code.co_varnames,
        code.co_cellvars,
        code.co_freevars,
        code.co_linetable,
        code.co_exceptiontable,
        code.co_qualname,
        code.co_flags,
        code.co_stacksize,
        code.co_firstlineno,
    )
    return repr(fields) + constant(code.co_consts)


def answer(mode, action, encoding, text):
    source = text.encode(encoding, "surrogatepass") if encoding else text
    with warnings.catch_warnings(record=True) as raised:
        warnings.simplefilter(action)
        try:
            code = compile(source, "<program>", mode, dont_inherit=True)
            outcome = ["ok", hashlib.sha1(described(code).encode("utf-8", "surrogatepass")).hexdigest()[:12]]
        except SyntaxError as error:
            place = [error.lineno, error.offset, error.end_lineno, error.end_offset]
            outcome = [type(error).__name__, error.msg, *place, error.text, [len(part) for part in error.args[1:]]]
        except Exception as error:
            outcome = [type(error).__name__, str(error)]
    return [outcome, [[warning.category.__name__, str(warning.message), warning.lineno] for warning in raised]]


def main():
    first = int(sys.argv[2]) if len(sys.argv) > 2 else 0
    with open(sys.argv[1], encoding="utf-8") as programs:
        for number, line in enumerate(programs):
            if number >= first:
                print(json.dumps(answer(*json.loads(line))), flush=True)
    print("end")


if __name__ == "__main__":
    main()

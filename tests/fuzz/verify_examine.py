"""What the fuzzer of the verifier does with its bytes: a function of subjects.py gets another body, which is verified
and, when it cannot run for ever, run. Executed inside Krait by verify_fuzzer.cpp.

The bytes: which function, what is done to its flags and its stack size, which arguments; two for the length of the
exception table; the table; the bytecode. SUBJECTS is the path of subjects.py.
"""

import builtins
import dis
import opcode

import _testinternalcapi

HEADER = 6
FLAGS = (0, 1, 2, 4, 8, 0x20, 0x80, 0x200)
# What may double its operand, and the operators (oparg of BINARY_OP) that make more of it than that.
GROWING = {opcode.opmap[name] for name in "BINARY_OP BUILD_STRING FORMAT_VALUE LIST_EXTEND LIST_TO_TUPLE SET_UPDATE".split()}
MOST_GROWING = 12
EXPLODING = {number for number, (name, _) in enumerate(opcode._nb_ops) if name.endswith(("MULTIPLY", "POWER", "LSHIFT"))}
BACKWARD = {number for number, name in enumerate(opcode.opname) if "BACKWARD" in name}
# Nothing here reaches files, processes or the importing of modules.
NAMES = (
    "BaseException Exception ExceptionGroup IndexError KeyError StopIteration TypeError ValueError __build_class__ dict int "
    "isinstance len list max min range repr set str super tuple type zip"
).split()

limited = {name: vars(builtins)[name] for name in NAMES}
space = {"__name__": "subjects", "__builtins__": limited | {"__import__": __import__}}
with open(SUBJECTS, "rb") as stream:  # noqa: F821 (given)
    exec(compile(stream.read(), SUBJECTS, "exec"), space)  # noqa: F821
functions, arguments, run = space["FUNCTIONS"], space["ARGUMENTS"], space["run"]
del space["__builtins__"]["__import__"]


def ends(code):
    """Whether it ends soon: neither jumps nor handlers lead back, and objects stay small."""
    instructions = list(zip(code.co_code[::2], code.co_code[1::2]))
    if any(number == opcode.opmap["BINARY_OP"] and oparg in EXPLODING for number, oparg in instructions):
        return False
    if sum(number in GROWING for number, _ in instructions) > MOST_GROWING:
        return False
    if not BACKWARD.isdisjoint(code.co_code[::2]):
        return False
    return all(entry.target >= entry.end for entry in dis._parse_exception_table(code))


def examine(data):
    if len(data) <= HEADER:
        return
    function = functions[data[0] % len(functions)]
    size = data[4] * 256 + data[5]
    try:
        code = function.__code__.replace(
            co_flags=function.__code__.co_flags ^ FLAGS[data[1] % len(FLAGS)],
            co_stacksize=max(0, function.__code__.co_stacksize + data[2] - 128),
            co_exceptiontable=data[HEADER : HEADER + size],
            co_code=data[HEADER + size :],
        )
        _testinternalcapi.verify_code(code)
    except (ValueError, SystemError):
        return
    if ends(code):
        run(function, code, arguments[data[3] % len(arguments)])

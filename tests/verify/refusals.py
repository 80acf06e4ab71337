"""Bytecode that must be refused, and why: each entry is unsound in one respect. Run by krait."""

import opcode
import types

import _testinternalcapi

CELL, FREE = 0x40, 0x80


def code(*instructions, consts=(None,), names=(), stack=8, flags=3, table=b"", variables=("a",), cells=(), frees=()):
    """A code object with one argument `a`; an instruction is a name, or a name and its argument."""
    raw = bytearray()
    for each in instructions:
        name, argument = (each, 0) if isinstance(each, str) else each
        raw += bytes((opcode.opmap[name], argument))
        raw += bytes(2 * opcode._inline_cache_entries[opcode.opmap[name]])
    return types.CodeType(
        1, 0, 0, len(variables), stack, flags, bytes(raw), tuple(consts), tuple(names), tuple(variables), "f", "f", "f",
        1, b"", table, tuple(frees), tuple(cells)
    )


RETURN = [("LOAD_CONST", 0), "RETURN_VALUE"]


def inner(frees=()):
    return code("RESUME", *RETURN, variables=("a",), frees=frees)


ACCEPTED = {
    "the least": code(*RETURN),
    "a loop": code(
        "RESUME", ("LOAD_FAST", 0), "GET_ITER", ("FOR_ITER", 3), ("STORE_FAST", 0), ("NOP", 0), ("JUMP_BACKWARD", 4), *RETURN
    ),
    "a handler": code(
        "RESUME", "NOP", *RETURN, "PUSH_EXC_INFO", "POP_TOP", "POP_EXCEPT", *RETURN, table=bytes((0x81, 1, 4, 0))
    ),
    "a closure": code(
        ("MAKE_CELL", 0), "RESUME", ("LOAD_CLOSURE", 0), ("BUILD_TUPLE", 1), ("LOAD_CONST", 1), ("MAKE_FUNCTION", 8),
        "RETURN_VALUE", consts=(None, inner(("a",))), cells=("a",)
    ),
    "a generator": code("RETURN_GENERATOR", "POP_TOP", "RESUME", ("LOAD_FAST", 0), "YIELD_VALUE", ("RESUME", 1), "RETURN_VALUE",
                        flags=0x23),
}

REFUSED = {
    "nothing at all": (code(), "there are no instructions"),
    "an unknown opcode": (code(*RETURN).replace(co_code=b"\xfe\0"), "unknown opcode 254"),
    "no end": (code("NOP"), "control runs off the end"),
    "a jump off the end": (code(("JUMP_FORWARD", 9), *RETURN), "does not lead to an instruction"),
    "a jump before the start": (code(("JUMP_BACKWARD", 9), *RETURN), "does not lead to an instruction"),
    "a jump into a cache": (
        code(("JUMP_FORWARD", 2), ("LOAD_GLOBAL", 0), "RETURN_VALUE", names=("x",)), "does not lead to an instruction"
    ),
    "an end in EXTENDED_ARG": (code(*RETURN, ("EXTENDED_ARG", 1)), "ends with EXTENDED_ARG"),
    "a stack that is empty": (code("POP_TOP", *RETURN), "the stack holds too few items"),
    "a stack that overflows": (code(("LOAD_CONST", 0), ("LOAD_CONST", 0), "RETURN_VALUE", stack=1), "grows beyond co_stacksize"),
    "two depths at a merge": (
        code(("LOAD_FAST", 0), ("POP_JUMP_FORWARD_IF_NONE", 1), ("LOAD_FAST", 0), *RETURN), "items on one path and"
    ),
    "a loop that grows": (code(("LOAD_FAST", 0), ("JUMP_BACKWARD", 2)), "items on one path and"),
    "no such constant": (code(("LOAD_CONST", 7), "RETURN_VALUE"), "there is no such constant"),
    "no such name": (code(("LOAD_NAME", 3), "RETURN_VALUE"), "there is no such name"),
    "no such variable": (code(("LOAD_FAST", 1), "RETURN_VALUE"), "there is no such variable"),
    "a cell as a variable": (
        code(("MAKE_CELL", 0), ("LOAD_FAST", 0), "RETURN_VALUE", cells=("a",)), "the variable is a cell"
    ),
    "a variable as a cell": (code(("LOAD_DEREF", 0), "RETURN_VALUE"), "the variable has no cell"),
    "a cell that is not made": (code(("LOAD_DEREF", 0), "RETURN_VALUE", cells=("a",)), "the variable has no cell"),
    "a free variable that is not copied": (
        code(("LOAD_DEREF", 1), "RETURN_VALUE", frees=("x",)), "the variable has no cell"
    ),
    "more free variables than there are": (
        code(("COPY_FREE_VARS", 2), *RETURN, frees=("x",)), "the count is not that of the free variables"
    ),
    "a cell that is made late": (code("NOP", ("MAKE_CELL", 0), *RETURN, cells=("a",)), "behind the beginning"),
    "a jump to the beginning": (
        code(("MAKE_CELL", 0), "NOP", ("JUMP_BACKWARD", 3), cells=("a",)), "a jump leads into the beginning"
    ),
    "yield in a function": (code(("LOAD_FAST", 0), "YIELD_VALUE", "RETURN_VALUE"), "outside a generator"),
    "a generator that is none": (code("RETURN_GENERATOR", "POP_TOP", *RETURN), "co_flags do not call for a generator"),
    "a generator made twice": (
        code("RETURN_GENERATOR", "RETURN_GENERATOR", *RETURN, flags=0x23), "co_flags do not call for a generator"
    ),
    "NULL as a result": (code("PUSH_NULL", "RETURN_VALUE"), "must be an object, not NULL"),
    "NULL in a variable": (code("PUSH_NULL", ("STORE_FAST", 0), *RETURN), "must be an object, not NULL"),
    "a method that may be NULL": (
        code(("LOAD_FAST", 0), ("LOAD_METHOD", 0), "POP_TOP", "RETURN_VALUE", names=("x",)), "not NULL or an object"
    ),
    "a call of NULL": (code("PUSH_NULL", "PUSH_NULL", ("CALL", 0), "RETURN_VALUE"), "must be an object, not NULL"),
    "a call without room": (code(("LOAD_FAST", 0), ("CALL", 0), "RETURN_VALUE"), "too few items"),
    "keyword names that are none": (
        code("PUSH_NULL", ("LOAD_FAST", 0), ("LOAD_FAST", 0), ("KW_NAMES", 1), ("PRECALL", 1), ("CALL", 1), "RETURN_VALUE",
             consts=(None, (1,))), "not a tuple of names"
    ),
    "more keyword names than arguments": (
        code("PUSH_NULL", ("LOAD_FAST", 0), ("KW_NAMES", 1), ("PRECALL", 0), ("CALL", 0), "RETURN_VALUE",
             consts=(None, ("x",))), "fewer arguments than keywords"
    ),
    "keyword names without a call": (
        code(("KW_NAMES", 1), *RETURN, consts=(None, ("x",))), "it is not followed by CALL"
    ),
    "an append to no list": (
        code(("LOAD_FAST", 0), ("LOAD_FAST", 0), ("LIST_APPEND", 1), "RETURN_VALUE"), "must be a list, not an object"
    ),
    "an append below the stack": (code(("LOAD_FAST", 0), ("LIST_APPEND", 1), *RETURN), "too few items"),
    "a dict where a set is due": (
        code(("BUILD_MAP", 0), ("LOAD_FAST", 0), ("SET_ADD", 1), "RETURN_VALUE"), "must be a set, not a dict"
    ),
    "keys that are no tuple": (
        code(("LOAD_FAST", 0), ("LOAD_FAST", 0), ("BUILD_CONST_KEY_MAP", 1), "RETURN_VALUE"), "must be a tuple"
    ),
    "a function of no code": (code(("LOAD_CONST", 0), ("MAKE_FUNCTION", 0), "RETURN_VALUE"), "must be a code object"),
    "a function without its closure": (
        code(("LOAD_CONST", 1), ("MAKE_FUNCTION", 0), "RETURN_VALUE", consts=(None, inner(("x",)))), "needs a closure"
    ),
    "a function with a strange closure": (
        code(("BUILD_TUPLE", 0), ("LOAD_CONST", 1), ("MAKE_FUNCTION", 8), "RETURN_VALUE", consts=(None, inner(("x",)))),
        "must be a closure"
    ),
    "defaults that are no tuple": (
        code(("LOAD_FAST", 0), ("LOAD_CONST", 1), ("MAKE_FUNCTION", 1), "RETURN_VALUE", consts=(None, inner())),
        "must be a tuple"
    ),
    "a re-raise of an object": (code(("LOAD_FAST", 0), ("RERAISE", 0)), "must be an exception or None"),
    "the end of a handler that was none": (code(("LOAD_FAST", 0), "POP_EXCEPT", *RETURN), "must be an exception or None"),
    "an exception that was none": (code(("LOAD_FAST", 0), "PUSH_EXC_INFO", "RETURN_VALUE"), "must be an exception"),
    "a handler that keeps too much": (
        code("RESUME", "NOP", *RETURN, "RETURN_VALUE", table=bytes((0x81, 1, 4, 8))), "keeps more of the stack"
    ),
    "a handler inside a cache": (
        code(("LOAD_GLOBAL", 0), "RETURN_VALUE", names=("x",), table=bytes((0x80, 1, 2, 0))), "does not fit the instructions"
    ),
    "entries out of order": (
        code("NOP", "NOP", *RETURN, "RETURN_VALUE", table=bytes((0x81, 1, 4, 0, 0x80, 1, 4, 0))), "does not fit the instructions"
    ),
    "a table that is cut off": (code("NOP", *RETURN, table=bytes((0x81, 1))), "is cut off"),
    "an operator that is none": (code(("LOAD_FAST", 0), ("LOAD_FAST", 0), ("BINARY_OP", 26), "RETURN_VALUE"), "out of range"),
    "a comparison that is none": (code(("LOAD_FAST", 0), ("LOAD_FAST", 0), ("COMPARE_OP", 6), "RETURN_VALUE"), "out of range"),
    "a copy of nothing": (code(("LOAD_FAST", 0), ("COPY", 0), "RETURN_VALUE"), "out of range"),
    "a swap below the stack": (code(("LOAD_FAST", 0), ("SWAP", 2), "RETURN_VALUE"), "out of range"),
    "a loop that no signal ends": (code("NOP", ("JUMP_BACKWARD_NO_INTERRUPT", 2)), "from RESUME to SEND"),
    "a delegation without SEND": (
        code("RETURN_GENERATOR", "POP_TOP", ("LOAD_FAST", 0), "YIELD_VALUE", ("RESUME", 2), "RETURN_VALUE", flags=0x23),
        "does not follow SEND"
    ),
    "two kinds of generator": (code("RETURN_GENERATOR", "POP_TOP", *RETURN, flags=0xA3), "more than one kind of generator"),
}

passed = failed = 0


def check(name, condition, found):
    global passed, failed
    passed, failed = passed + condition, failed + (not condition)
    if not condition:
        print(f"FAIL {name}: {found}")


for name, sound in ACCEPTED.items():
    try:
        check(name, _testinternalcapi.verify_code(sound) is None, "")
    except ValueError as error:
        check(name, False, error)
for name, (unsound, reason) in REFUSED.items():
    for attempt in (_testinternalcapi.verify_code, exec, lambda code: types.FunctionType(code, {}, "f", None, tuple(
            types.CellType() for _ in code.co_freevars) or None)(1)):
        try:
            attempt(unsound)
            check(name, False, "accepted")
        except ValueError as error:
            check(name, str(error).startswith("invalid bytecode in 'f'") and reason in str(error), error)
        except TypeError as error:  # exec() of code with free variables
            check(name, attempt is exec and bool(unsound.co_freevars), error)
print(f"{passed} passed, {failed} failed")

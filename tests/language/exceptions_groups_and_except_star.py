# ExceptionGroup, split, subgroup, derive, and except* with every kind of match, re-raise and leftover.

import sys

group = ExceptionGroup(
    "outer", [ValueError(1), TypeError("t"), ExceptionGroup("inner", [ValueError(2), KeyError("k")])]
)
print(
    repr(group), str(group), group.message, group.exceptions[0].args, len(group.exceptions),
    isinstance(group, Exception)
)
print(
    repr(group.split(ValueError)), repr(group.subgroup(KeyError)), repr(group.subgroup(OSError)),
    repr(group.split((TypeError, KeyError))[1]), repr(group.subgroup(lambda e: e.args == (2,))),
    repr(group.derive([OSError()]))
)


def handle(error):
    log = []
    try:
        try:
            raise error
        except* ValueError as caught:
            log.append(("ValueError", caught))
        except* (KeyError, TypeError) as caught:
            log.append(("KeyError or TypeError", caught))
        else:
            log.append("else")
        finally:
            log.append("finally")
    except BaseException as left:
        log.append(("left", left))
    return log


for error in (
    group, ExceptionGroup("only", [ValueError(1)]), ValueError("bare"), OSError("not matched"),
    ExceptionGroup("mix", [OSError(1), ValueError(2)]),
    BaseExceptionGroup("base", [KeyboardInterrupt(), ValueError(3)]),
    ExceptionGroup("nested", [ExceptionGroup("a", [ExceptionGroup("b", [TypeError()])])])
):
    print(handle(error))


def nothing_raised():
    try:
        pass
    except* ValueError:
        print("not reached")
    else:
        return "else"


def raises_in_handler():
    try:
        raise ExceptionGroup("g", [ValueError(1), TypeError(2)])
    except* ValueError:
        raise KeyError("new")
    except* TypeError as error:
        raise error


def bare_raise():
    try:
        raise ExceptionGroup("g", [ValueError(1), TypeError(2), OSError(3)])
    except* ValueError:
        raise
    except* TypeError:
        pass


def as_name():
    try:
        raise ExceptionGroup("g", [ValueError(1)])
    except* ValueError as e:
        pass
    return "e" in locals()


print(nothing_raised(), as_name())
for function in (raises_in_handler, bare_raise):
    try:
        function()
    except BaseException as error:
        print(repr(error), repr(error.__context__))
for call in (
    "ExceptionGroup('m', [])", "ExceptionGroup('m', [1])", "ExceptionGroup(5, [ValueError()])", "ExceptionGroup('m')",
    "ExceptionGroup('m', [KeyboardInterrupt()])", "BaseExceptionGroup('m', [ValueError()]).__class__.__name__",
    "BaseExceptionGroup('m', [KeyboardInterrupt()]).__class__.__name__", "ExceptionGroup('m', 5)", "group.split(5)",
    "group.subgroup()", "group.derive(5)", "ExceptionGroup('m', (ValueError(),)).exceptions",
    "ExceptionGroup('m', {ValueError: 1})"
):
    try:
        print(call, "=", eval(call))
    except Exception as error:
        print(call, "->", type(error).__name__, error)
for kind in (ExceptionGroup, BaseExceptionGroup, 5, (ValueError, ExceptionGroup)):
    try:
        try:
            raise ValueError("v")
        except* kind:
            print("matched")
    except TypeError as error:
        print(error)


class Custom(ExceptionGroup):
    def derive(self, exceptions):
        return Custom(self.message + "!", exceptions)


custom = Custom("custom", [ValueError(1), KeyError(2)])
print(repr(custom.split(ValueError)), type(custom.subgroup(KeyError)).__name__)
for source in (
    "try: pass\nexcept* ValueError: pass\nexcept TypeError: pass", "try: pass\nexcept*: pass",
    "while 1:\n    try: pass\n    except* A: break", "def f():\n    try: pass\n    except* A: return 1",
    "while 1:\n    try: pass\n    except* A: continue"
):
    try:
        compile(source, "<s>", "exec")
        print("compiles")
    except SyntaxError as error:
        print(error.msg)
group.add_note("a note on the group")
group.exceptions[0].add_note("a note inside")


def raiser(error):
    raise error


try:
    raiser(ExceptionGroup("printed", [ValueError("first"), group]))
except ExceptionGroup:
    sys.excepthook(*sys.exc_info())
try:
    try:
        raiser(ValueError("context"))
    except ValueError:
        raiser(ExceptionGroup("with context", [OSError(f"number {i}") for i in range(20)]))
except ExceptionGroup:
    sys.excepthook(*sys.exc_info())
raise ExceptionGroup("uncaught", [TypeError("inside"), ExceptionGroup("deeper", [KeyError("k")])])

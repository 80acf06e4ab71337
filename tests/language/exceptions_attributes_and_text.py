# The standard exceptions: str, repr, args, attributes, hierarchy, and custom subclasses.

for error in (
    ValueError(), ValueError("a"), ValueError("a", 1), ValueError(None), KeyError("k"), KeyError(), KeyError(1, 2),
    KeyError("it's"), IndexError("i"), Exception((1, 2)), StopIteration(), StopIteration(5), StopIteration(1, 2),
    AssertionError("m"), OSError(), OSError("x"), OSError(2, "No such"), OSError(2, "No such", "file"),
    OSError(13, "denied", "a", None, "b"), SystemExit(), SystemExit(3), SystemExit("msg"), SystemExit(1, 2),
    NameError("n"), NameError("n", name="n"), AttributeError("a", name="x", obj=5),
    ImportError("i", name="mod", path="p"), UnicodeError("u"), SyntaxError("bad"),
    SyntaxError("bad", ("file", 3, 5, "text\n")), SyntaxError("bad", ("f", 1, 2, "t", 1, 4)), KeyboardInterrupt(),
    GeneratorExit("g"), RecursionError("r"), ArithmeticError(1.5), Exception("", ""), BaseException("b")
):
    print(repr(error), "|", str(error), "|", error.args, type(error).__name__)
print(
    StopIteration(5).value, StopIteration().value, StopIteration(1, 2).value, SystemExit().code, SystemExit(3).code,
    SystemExit(1, 2).code, NameError("n", name="q").name, AttributeError("a", name="x", obj=5).obj,
    ImportError("m", name="mod", path="p").path, KeyError("k").args
)
e = OSError(2, "No such file", "name", None, "second")
print(type(e).__name__, e.errno, e.strerror, e.filename, e.filename2, e.args, str(e))
for number in (1, 2, 4, 11, 13, 17, 20, 21, 32, 10, 3, 104, 111, 110, 103, 9999):
    print(type(OSError(number, "m")).__name__, end=" ")
print(OSError("one").errno, EnvironmentError is OSError, IOError is OSError)
s = SyntaxError("msg", ("file.py", 3, 7, "some text", 3, 9))
print(s.msg, s.filename, s.lineno, s.offset, s.text, s.end_lineno, s.end_offset, s.print_file_and_line, s.args, str(s))
for call in (
    "SyntaxError('m', (1, 2))", "SyntaxError('m', 5)", "ImportError('m', nope=1)", "ValueError(x=1)",
    "AttributeError(nope=1)", "NameError('a', x=1)", "UnicodeDecodeError()",
    "UnicodeDecodeError('a', 'b', 1, 2, 'c')", "OSError(errno=2)", "KeyError(key=1)", "StopIteration(value=5)",
    "BaseException.__new__()", "Exception.__new__(int)", "SystemExit(code=3)", "BaseException(a=1)"
):
    try:
        print(call, "=", repr(eval(call)))
    except Exception as error:
        print(call, "->", type(error).__name__, error)
for cls in (
    Exception, ArithmeticError, ZeroDivisionError, OverflowError, FloatingPointError, LookupError, KeyError,
    IndexError, RuntimeError, RecursionError, NotImplementedError, NameError, UnboundLocalError, OSError,
    FileNotFoundError, PermissionError, ConnectionResetError, BrokenPipeError, TimeoutError, InterruptedError,
    ValueError, UnicodeError, UnicodeDecodeError, ImportError, ModuleNotFoundError, SyntaxError, IndentationError,
    TabError, StopIteration, StopAsyncIteration, AssertionError, AttributeError, BufferError, EOFError, MemoryError,
    ReferenceError, SystemError, TypeError, GeneratorExit, KeyboardInterrupt, SystemExit, Warning, DeprecationWarning,
    UserWarning, ResourceWarning, BaseExceptionGroup, ExceptionGroup
):
    print(" < ".join(base.__name__ for base in cls.__mro__))


class Custom(Exception):
    pass


class WithState(ValueError):
    def __init__(self, code, detail="none"):
        super().__init__(f"code {code}")
        self.code, self.detail = code, detail


class OwnText(Exception):
    def __str__(self):
        return "own text"


class NoInit(Exception):
    def __init__(self, a, b):
        self.pair = a, b


class BadText(Exception):
    def __str__(self):
        raise ValueError("no text")


class Multiple(KeyError, AttributeError):
    pass


for error in (
    Custom(), Custom("a"), Custom(1, "b"), WithState(5, detail="d"), OwnText("x"), NoInit(1, 2), Multiple("m")
):
    try:
        raise error
    except Exception as caught:
        print(repr(caught), str(caught), caught.args, caught is error, sorted(vars(caught).items()))
try:
    str(BadText())
except ValueError as error:
    print(error)
e = Custom("x")
e.attribute = 1
print(e.__dict__, e.__class__, hasattr(e, "nope"), e == Custom("x"), e == e, e.__reduce__()[1], e.__module__)
e.args = ("new", 2)
print(str(e), repr(e), e.args, e.__str__(), BaseException.__str__(WithState(1)))
e.add_note("a note")
e.add_note("another")
print(e.__notes__)
try:
    e.add_note(5)
except TypeError as error:
    print(error)
try:
    class Layout(ValueError, OSError):
        pass
except TypeError as error:
    print(error)
print(
    isinstance(KeyError(), LookupError), issubclass(KeyError, Exception), issubclass(KeyboardInterrupt, Exception),
    KeyError.__mro__[1].__name__, Exception.__base__.__name__
)


def unpack_error():
    raise KeyError("message with 'quotes'")


try:
    unpack_error()
except KeyError as error:
    print(error, str(error), f"{error}", f"{error!r}", "%s" % error, error.args[0])
try:
    assert 1 == 2, ("tuple", "message")
except AssertionError as error:
    print(error, error.args)
try:
    assert False
except AssertionError as error:
    print(repr(error), error.args)

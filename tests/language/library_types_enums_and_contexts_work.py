# typing, enum, abc, contextlib, types and string of the library: what programs use of them every day.
import abc
import contextlib
import enum
import string
import textwrap
import types
import typing
from typing import Any, Callable, ClassVar, Generic, List, Literal, NamedTuple, Optional, Protocol, TypedDict, TypeVar, Union

T = TypeVar("T")
K = TypeVar("K", bound=int)
print(List[int], Optional[str], Union[int, str, None], Callable[[int, str], bool], Literal["a", 1], T, Any, ClassVar[int])
print(dict[str, list[T]][int], list[T].__parameters__, (int | T)[str], Union[int, T][str], typing.get_origin(list[int]))
print(typing.get_args(Callable[[int], str]), Union[int, int], Optional[int] == Union[int, None], int | None, int | str | int)
print(typing.get_type_hints(lambda x: x), typing.cast(int, "a"), isinstance(1, int | str), list[int] == list[int])


class Stack(Generic[T]):
    def __init__(self):
        self.items: list[T] = []

    def push(self, item: T) -> "Stack[T]":
        self.items.append(item)
        return self


print(Stack[int], Stack[int]().push(1).items, Stack.__parameters__, Stack[int].__origin__, typing.get_type_hints(Stack.push))


@typing.runtime_checkable
class Closer(Protocol):
    def close(self): ...


class Door:
    def close(self):
        return "closed"


print(isinstance(Door(), Closer), isinstance(1, Closer), issubclass(Door, Closer))


class Movie(TypedDict, total=False):
    name: str
    year: int


class Employee(NamedTuple):
    name: str
    id: int = 3


print(Movie(name="x"), Movie.__annotations__, Employee("e"), Employee.__annotations__, Employee._field_defaults)
for bad in (lambda: List[int, str], lambda: Stack[int, str], lambda: Union[()], lambda: isinstance(1, list[int]), lambda: Literal[T][0]):
    try:
        print(bad())
    except TypeError as error:
        print("TypeError", error)


class Color(enum.Enum):
    RED = 1
    GREEN = 2
    ALIAS = 1

    @property
    def lower(self):
        return self.name.lower()


class Level(enum.IntEnum):
    LOW = enum.auto()
    HIGH = enum.auto()


class Perm(enum.Flag):
    R = enum.auto()
    W = enum.auto()
    X = enum.auto()
    RW = R | W


class Text(enum.StrEnum):
    A = enum.auto()
    B = "bee"


print(Color.RED, repr(Color.GREEN), Color(1), Color["GREEN"], Color.ALIAS is Color.RED, list(Color), Color.RED.lower)
print(Level.LOW < Level.HIGH, Level.HIGH + 1, sorted(Level, reverse=True), Perm.R | Perm.X, Perm.RW & Perm.W, ~Perm.R, Perm(7))
print(Perm.R in Perm.RW, list(Perm.RW), Text.A, Text.B.upper(), f"{Level.LOW} {Color.RED}", Color.__members__.keys())
for bad in (lambda: Color(9), lambda: Color["NO"], lambda: setattr(Color, "RED", 2), lambda: type("X", (Color,), {})):
    try:
        bad()
    except Exception as error:
        print(type(error).__name__, error)
print(enum.Enum("Made", "A B").B, enum.unique(Level) is Level, Color.RED == 1, {Color.RED: "r"}[Color.RED])


class Shape(abc.ABC):
    @abc.abstractmethod
    def area(self): ...

    @classmethod
    def __subclasshook__(cls, other):
        return True if any("area" in b.__dict__ for b in other.__mro__) else NotImplemented


class Square(Shape):
    def area(self):
        return 4


try:
    Shape()
except TypeError as error:
    print(error)
print(Square().area(), issubclass(type("Duck", (), {"area": 1}), Shape), issubclass(int, Shape))


@contextlib.contextmanager
def tag(name):
    print("<" + name, end=" ")
    try:
        yield name.upper()
    except KeyError as error:
        print("swallowed", error, end=" ")
    finally:
        print(name + ">")


with tag("a") as a, tag("b") as b:
    print(a, b, end=" ")
    raise KeyError("k")
with contextlib.ExitStack() as stack:
    names = [stack.enter_context(tag(n)) for n in "xyz"]
    stack.callback(print, "called", names)
with contextlib.suppress(ZeroDivisionError):
    1 / 0


@tag("decorated")
def function(x):
    print(x, end=" ")


function(5)
with contextlib.nullcontext(7) as seven, contextlib.closing(Door()) as door:
    print(seven, type(door).__name__)
print(string.Template("$a ${b} $$ $c").safe_substitute(a=1, b=2), string.Formatter().format("{0!r:>5} {x[k]}", "a", x={"k": 3}))
print(string.capwords("the quick fox"), string.ascii_lowercase, textwrap.wrap("the quick brown fox jumps over the dog", 12))
print(textwrap.dedent("  a\n    b\n"), textwrap.shorten("hello big wide world", 12), textwrap.indent("a\nb", "> "))


def generator():
    yield


async def coroutine():
    pass


c = coroutine()
c.close()
kinds = [type(generator()), type(c), type(int.real), type(str.join), type((1).__add__), type(int.__add__), type(dict.__dict__["fromkeys"]),
         type((lambda x: (lambda: x).__closure__[0])(1)), type(int | str), type(list[int]), type(generator.__code__)]
print([k is t for k, t in zip(kinds, [types.GeneratorType, types.CoroutineType, types.GetSetDescriptorType, types.MethodDescriptorType,
      types.MethodWrapperType, types.WrapperDescriptorType, types.ClassMethodDescriptorType, types.CellType, types.UnionType,
      types.GenericAlias, types.CodeType])])
print(types.FunctionType(generator.__code__, {}, "renamed").__name__, types.MethodType(len, "abc")(), types.CellType(5).cell_contents)
print(types.resolve_bases((list[int],)), types.prepare_class("C", (int,))[0].__name__, types.DynamicClassAttribute(lambda self: 1).fget(0))
try:
    raise ValueError
except ValueError as error:
    tb = error.__traceback__
made = types.TracebackType(None, tb.tb_frame, tb.tb_lasti, 12)
print(made.tb_lineno, made.tb_next, type(made) is types.TracebackType)

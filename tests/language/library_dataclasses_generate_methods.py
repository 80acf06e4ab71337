# dataclasses: generated methods, options, inheritance, and what they refuse.
import dataclasses
import pprint
from dataclasses import KW_ONLY, InitVar, dataclass, field
from typing import ClassVar


@dataclass
class Item:
    name: str
    price: float = 1.5
    tags: list = field(default_factory=list, repr=False, compare=False)
    count: ClassVar[int] = 0

    def total(self):
        return self.price * 2


@dataclass(order=True, frozen=True, slots=True)
class Key:
    major: int
    minor: int = 0


@dataclass
class Sub(Item):
    _: KW_ONLY
    stock: int = 0
    scale: InitVar[int] = 1

    def __post_init__(self, scale):
        self.price *= scale


print(Item("a"), Item("a") == Item("a", tags=[1]), Item("b", 2).total(), Item("a") != Item("c"), Item.__match_args__)
print(Key(1) < Key(1, 2), sorted([Key(2), Key(1, 9)]), hash(Key(1)) == hash(Key(1)), hasattr(Key(1), "__dict__"), Key.__slots__)
print(Sub("s", 2.0, scale=3, stock=4), dataclasses.asdict(Sub("s")), dataclasses.astuple(Key(3, 4)), dataclasses.replace(Key(1), minor=7))
print([f.name for f in dataclasses.fields(Sub)], dataclasses.is_dataclass(Item), dataclasses.make_dataclass("M", ["x", ("y", int, 5)])(1))
for bad in (lambda: setattr(Key(1), "major", 2), lambda: Item(), lambda: Sub("a", 1, [], 5), lambda: dataclass(type("B", (), {"__annotations__": {"a": list}, "a": []}))):
    try:
        bad()
    except Exception as error:
        print(type(error).__name__, error)
match Key(1, 2):
    case Key(major=1, minor=m):
        print("matched", m)
total = 0
for i in range(300):
    item = Item("x", i)
    total += item.total() + (item == Item("x", i))
print(total)
pprint.pprint({"key": [Item("n" * 30, 1.0), list(range(30))], "other": {"nested": ("a" * 40, "b" * 40)}}, width=60)
pprint.pprint(Key(5))

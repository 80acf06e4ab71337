# __repr__, __str__, __format__, __bytes__ and what print, str, repr, f-strings and containers use.


class Nothing:
    pass


class OnlyRepr:
    def __repr__(self):
        return "the repr"


class OnlyStr:
    def __str__(self):
        return "the str"


class Both:
    def __repr__(self):
        return "<repr>"

    def __str__(self):
        return "<str>"

    def __format__(self, spec):
        return f"<format {spec!r}>"


class Wrong:
    def __repr__(self):
        return 5

    def __str__(self):
        return None

    def __format__(self, spec):
        return 1.5

    def __bytes__(self):
        return "text"


class Raises:
    def __repr__(self):
        raise ValueError("no repr")


class StrSubclass(str):
    pass


class ReturnsSubclass:
    def __str__(self):
        return StrSubclass("subclass")


class Unicode:
    def __repr__(self):
        return "é☃"


b = Both()
print(
    b, str(b), repr(b), f"{b}", f"{b!r}", f"{b!s}", f"{b!a}", f"{b:spec}", "%s %r %a" % (b, b, b),
    "{} {!r} {:x}".format(b, b, b), format(b), format(b, "q"), [b], (b,), {b: b}, {"k": b}, {b}, ascii(b)
)
print(
    OnlyRepr(), str(OnlyRepr()), f"{OnlyRepr()}", [OnlyRepr()], f"{OnlyStr()}",
    repr(OnlyStr()).startswith("<__main__.OnlyStr object at 0x"), repr(Nothing()).split(" at ")[0],
    type(str(ReturnsSubclass())).__name__, ascii(Unicode()), repr(Unicode())
)
for function in (
    repr, str, format, print, bytes, lambda w: f"{w}", lambda w: f"{w!r}", lambda w: "%s" % w, lambda w: "%r" % w,
    lambda w: [w].__repr__(), lambda w: str([w]), lambda w: "{}".format(w), ascii
):
    for value in (Wrong(), Raises()):
        try:
            print(function(value))
        except Exception as error:
            print(type(error).__name__, error)


class Outer:
    class Inner:
        pass

    def method(self):
        pass


def function():
    pass


for value in (
    Outer, Outer.Inner, Outer(), Outer.Inner(), Outer.method, Outer().method, function, len, int, type, object(),
    None, ..., NotImplemented, print, [].append, str.join, dict.fromkeys, property(), classmethod(function),
    staticmethod(function), super(Outer, Outer()), range(3), slice(1, None), iter([]), (x for x in ()), enumerate([]),
    zip(), map(len, []), type(None), type(...), type(NotImplemented), int | None, list[int], __builtins__,
    Outer.__dict__, {}.keys(), {1: 2}.items(), bytes, ValueError("x"), ValueError, sorted, "".join, int.real,
    Outer.__init__, Outer().__init__, Outer.__init_subclass__
):
    text = repr(value)
    print(text.split(" at 0x")[0].split("mappingproxy")[0] or "mappingproxy")
recursive_list, recursive_dict, recursive_tuple = [1], {}, ([],)
recursive_list.append(recursive_list)
recursive_dict["self"] = recursive_dict
recursive_tuple[0].append(recursive_tuple)
print(recursive_list, recursive_dict, recursive_tuple)


class Node:
    def __init__(self):
        self.children = []

    def __repr__(self):
        return f"Node({self.children!r})"


node = Node()
node.children.append(node.children)
print(node)


class ReprUsesStr:
    def __str__(self):
        return f"str of {self!r}"

    def __repr__(self):
        return "repr"


class CallsSuper:
    def __repr__(self):
        return super().__repr__().split(" at ")[0] + " (extended)"


print(
    ReprUsesStr(), CallsSuper(), str(CallsSuper()), object.__str__(b), object.__repr__(b).split(" at ")[0],
    object.__format__(b, "")
)
try:
    object.__format__(b, "x")
except TypeError as error:
    print(error)


class Meta(type):
    def __repr__(cls):
        return f"meta repr of {cls.__name__}"

    def __str__(cls):
        return "meta str"


class WithMeta(metaclass=Meta):
    pass


print(WithMeta, repr(WithMeta), [WithMeta], f"{WithMeta}", repr(WithMeta()).split(" at ")[0], WithMeta.__name__)
Nothing.__module__ = "some.module"
Nothing.__qualname__ = "Renamed.Nothing"
print(repr(Nothing()).split(" at ")[0], Nothing, type(Nothing()).__name__)
del OnlyRepr.__repr__
print(repr(OnlyRepr()).split(" at ")[0])
b.__str__ = lambda: "instance attributes are ignored"
print(b)

# str.format: automatic and explicit fields, attributes and items, nesting, conversions, custom __format__ and errors.


class Point:
    def __init__(self, x, y):
        self.x, self.y = x, y
        self.tags = {"a": [1, 2, 3]}

    def __format__(self, spec):
        return f"<{self.x}|{spec}|{self.y}>"

    def __repr__(self):
        return f"Point({self.x}, {self.y})"


p = Point(1, 2)
print(
    "{} {} {}".format(1, "a", None), "{0} {1} {0}".format("x", "y"), "{a}{b}{a}".format(a=1, b=2),
    "{{}} {{{}}}".format(5), "{0[1]} {1[key]} {2.x}".format([1, 2], {"key": "v"}, p)
)
print(
    "{0.tags[a][2]} {0!r} {0!s:>12} {0:spec} {0:} {0}".format(p), "{:{}}".format(p, "nested"),
    "{:{w}.{n}f}".format(2.71828, w=10, n=3), "{0:{1}{2}}".format("x", ">", 5)
)
print(
    "{!a}".format("é"), "{!r:5}|".format("a"),
    "{:5}|{:<5}|{:>5}|{:^5}|{:*^7}|{:.2}|{:5.1}|{:é>4}".format("ab", "ab", "ab", "ab", "ab", "abc", "xyz", "q")
)
print(
    "{:s} {:10s}|".format("a", "b"), "{:<08d}|{:>08d}|{:^+9d}|{:08.3f}".format(42, 42, 42, -3.14159),
    "{:,} {:_} {:x} {:#b} {:c} {:%} {:e}".format(10**6, 10**6, 255, 5, 65, 0.25, 12345.678)
)
print(
    "{[0]}{[1]}".format("ab", "cd"), "{.real}".format(5), "{0[-1]}".format({"-1": "str key"}),
    "{0[0]}".format({0: "int key"}), "{:d}{:5}".format(True, True), "{}".format(True), "{:>5}".format(True)
)
for template, args, kwargs in (
    ("{", (), {}), ("}", (), {}), ("{}", (), {}), ("{1}", (0,), {}), ("{a}", (), {}), ("{} {0}", (1,), {}),
    ("{0} {}", (1,), {}), ("{!x}", (1,), {}), ("{!}", (1,), {}), ("{:d}", ("a",), {}), ("{:s}", (1,), {}),
    ("{0.nope}", (1,), {}), ("{0[a]}", ([1],), {}), ("{0[5]}", ([1],), {}), ("{:5x}", (1.5,), {}),
    ("{:{}}", (1,), {}), ("{0[}", (1,), {}), ("{0.}", (1,), {}), ("{0[]}", ([1],), {}), ("{:{:{}}}", (1, 2, 3), {}),
    ("{!r", (1,), {}), ("{:>>>5}", (1,), {}), ("{:=5}", ("a",), {}), ("{:+}", ("a",), {}), ("{:,}", ("a",), {}),
    ("{:#}", ("a",), {}), ("{:05}", ("a",), {}), ("{:x}", (None,), {}), ("{:5}", ([],), {}), ("{:.2}", (5,), {}),
    ("{a.b}", (), {"a": 1}), ("{!rs}", (1,), {}), ("{0!r }", (1,), {}), ("{ 0}", (1,), {}),
    ("{:99999999999999999999}", (1,), {}),
):
    try:
        print(template, "->", template.format(*args, **kwargs))
    except Exception as error:
        print(template, "->", type(error).__name__, error)
print("{a[x]} {b}".format_map({"a": {"x": 1}, "b": 2}))


class Default(dict):
    def __missing__(self, key):
        return f"<{key}>"


print(
    "{known} {unknown}".format_map(Default(known=1)), format(p), format(p, "q"), format("a", ">3"), format(None),
    format([1]), f"{p:abc}"
)
for value in (None, [1], object, {}):
    try:
        format(value, "5")
    except TypeError as error:
        print(error)
try:
    format(1, 2)
except TypeError as error:
    print(error)


class Bad:
    def __format__(self, spec):
        return 5


try:
    format(Bad())
except TypeError as error:
    print(error)
print(
    "☃{}é".format("x"), "{}".format("☃"), "{:☃^5}".format("a"), "{0:{0}}".format(5), "{}{}".format(*"ab"),
    "{x}".format(**{"x": 1}), len("{}".format(""))
)

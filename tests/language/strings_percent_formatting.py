# The % operator on strings: conversions, flags, mappings, widths from arguments, and every complaint.


class Both:
    def __str__(self):
        return "str"

    def __repr__(self):
        return "repr é"


class Mapping:
    def __getitem__(self, key):
        return key.upper()


print("%s %r %a" % (Both(), Both(), Both()), "%s" % "x", "%s" % (1,), "%s" % [1, 2], "%s %s" % ("a", (1, 2)))
print("%5s|%-5s|%.2s|%5.1s|%-5.3s|%s" % ("ab", "ab", "abc", "xyz", "wxyz", None))
print(
    "%(a)s %(b)5d %(a)r %%" % {"a": "x", "b": 42}, "%(key)s" % Mapping(), "%(a)s" % {"a": 1, "z": 2}, "no args" % {},
    "no args" % (), "none" % []
)
print("%(x (y))s" % {"x (y)": 1}, "%()s" % {"": "empty"})
print("%*d|%-*d|%.*f|%+*.*f" % (5, 42, 5, 42, 2, 3.14159, 8, 1, 2.55), "%*s|" % (-6, "a"))
print("%c%c%c" % ("a", 98, "☃"), "%5c|%-3c|" % ("x", 121))
print("%i %d %u %o %x %X %e %E %f %F %g %G" % (1, 2, 3, 8, 255, 255, 1.5, 1.5, 1.5, 1.5, 1.5, 1.5))
print("%#x %#o %#X %+d % d %05d %-5d| %+.1f %05.1f %#.3g %ld %hd" % (255, 8, 255, 5, 5, -42, 42, 2.25, -1.5, 1.0, 6, 7))
print("☃%sé" % "x", "%s☃" % "é", "%r" % "☃", "%a" % "☃", "%s" % "𝄞", "%10.1s|" % "𝄞")
for template, arguments in (
    ("%s", ()), ("%s %s", ("a",)), ("%s", (1, 2)), ("x", 1), ("x", (1,)), ("%", ()), ("%z", 1), ("%d", "1"),
    ("%x", "a"), ("%c", "ab"), ("%c", 1.5), ("%c", 0x110000), ("%*d", ("a", 1)), ("%(a)s", 5), ("%(a)s", {"b": 1}),
    ("%(a", {}), ("%(a)s %s", {"a": 1}), ("%.*f", ("x", 1.0)), ("%f", "1.0"), ("%d", []), ("%s %(a)s", {"a": 1}),
    ("%o", 1.5), ("abc%", 1), ("%5", 1), ("% ", 1), ("%99999999999999999999d", 1), ("%.99999999999d", 1),
    ("%d", float("inf")), ("%d", float("nan")), ("%x", None), ("%i", b"1"),
):
    try:
        print(template, "->", template % arguments)
    except Exception as error:
        print(template, "->", type(error).__name__, error)


class Indexable:
    def __index__(self):
        return 31


class Floatable:
    def __float__(self):
        return 2.5


print("%x %o %c" % (Indexable(), Indexable(), Indexable()), "%f %g" % (Floatable(), Floatable()), "%d" % Indexable())
text = "%s-%s"
text %= ("a", "b")
print(text, "%s" % ("%s",), "%s%%" % 50, "100%%" % (), ("%s" * 3) % ("a", "b", "c"), "%r" % (("t",),))


class StrSubclass(str):
    def __mod__(self, other):
        return "own mod"


class Right(str):
    def __rmod__(self, other):
        return "own rmod"


print(StrSubclass("%s") % 1, "%s" % Right("x"), "%s" % StrSubclass("x"))

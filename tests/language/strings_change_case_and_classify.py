# Case conversion, predicates, padding, tabs and translation, in ASCII and beyond.

samples = [
    "", "hello World", "HELLO", "ünïcödé ÉÀ", "straße", "ǆ ﬁ", "123", "a1", "١٢٣", "½²", "Ω", "İı", "they're bill's",
    "x y\tz", "ΑΣ", "ß", "_name", "9lives", "class", "naïve", "\n", "日本"
]
for text in samples:
    print(ascii([text.upper(), text.lower(), text.title(), text.capitalize(), text.swapcase(), text.casefold()]))
for text in samples:
    print(
        ascii(text),
        *(int(getattr(text, "is" + name)()) for name in (
            "alnum", "alpha", "ascii", "decimal", "digit", "identifier", "lower", "numeric", "printable", "space",
            "title", "upper"
        ))
    )
text = "abc"
print([
    text.center(7), text.center(8, "*"), text.ljust(6, "."), text.rjust(6), text.zfill(6), "-42".zfill(6),
    "+7".zfill(4), "".zfill(2), text.center(2), text.ljust(0), "é".center(4, "☃"), "ab".center(5), "a".center(4)
])
for call in (
    "text.center('a')", "text.center(5, 'ab')", "text.center()", "text.zfill(1.5)", "text.ljust(5, '')",
    "text.ljust(5, 1)", "text.upper(1)", "text.nope()", "text.translate()", "text.translate(5)",
    "str.maketrans('ab', 'c')", "str.maketrans('ab')", "str.maketrans({'ab': 1})", "str.maketrans(1, 2)", "chr(-1)",
    "chr(0x110000)", "chr('a')", "ord('')", "ord('ab')", "ord(1)", "ord(b'a')"
):
    try:
        print(call, "=", eval(call))
    except Exception as error:
        print(call, "->", type(error).__name__, error)
print([
    "a\tb".expandtabs(), "a\tb".expandtabs(4), "\t".expandtabs(2), "ab\tc\n\td".expandtabs(3), "a\tb".expandtabs(0),
    "a\rb\tc".expandtabs(tabsize=5)
])
table = str.maketrans("abc", "xyz", "d")
print(
    table, "aabbccdd".translate(table), "abc".translate({97: None, 98: "BB", 99: 100}), "abc".translate({}),
    "a☃".translate({0x2603: "snow"})
)


class Table:
    def __getitem__(self, code):
        if code == 98:
            raise LookupError
        return chr(code + 1)


print(
    "abc".translate(Table()), str.maketrans({"a": 1, 98: "z"}), [chr(65), chr(233), chr(0x1D11E), ord("𝄞"), ord("\0")]
)
print(
    "%s" % "ß".upper(), "ŉ".upper(), "ΌΣΟΣ".lower(), "ﬃ".upper(), "Ǆ".title(), "ǅ".swapcase(), len("İ".lower()),
    "ſ".upper(), "K".lower()
)
print(
    "hello".capitalize(), "ÉCOLE".capitalize(), "ß".capitalize(), "ﬁn".title(), "o'neill mc-donald".title(),
    "3rd x2y".title()
)

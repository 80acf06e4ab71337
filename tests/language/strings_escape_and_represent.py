# String literals with every escape and prefix; repr and ascii choose quotes and escapes as the reference does.

literals = ["a\tb\n", "\a\b\f\v\r\\", "\'\"", "\x41\u00e9\U0001F600", "\101\7\08", "\N{SNOWMAN}\N{LATIN SMALL LETTER E WITH ACUTE}", r"\n\x", R'\'', "a\
b", '''tri"ple'
lines''', """x""" 'y' "z", u"legacy", "", "\0", "\x7f\x80\xa0\xad", "\ud800", "\u200b\u2028\ufeff", "\U000e0001", "tab\there"]
for text in literals:
    print(len(text), ascii(text), repr(text).encode("utf-8", "backslashreplace"))
for text in (
    "it's", 'say "x"', "both ' and \"", "back\\slash", "\\'", "line\nbreak", "é", "☃", "𝄞", "\xad", "\u0378",
    "\ue000", "\u3000"
):
    print(repr(text), ascii(text), f"{text!r}|{text!a}|{text!s}")
    if eval(repr(text)) != text or eval(ascii(text)) != text:
        print("does not round-trip")
print(repr("a") + str("b"), [["x", 'y"', "z'"]], {"k": "v'"}, ("t",))
print(b"bytes\x00\xff'\"", b'\'', rb"\x", b"\101", Rb"\\", bR"\d", b"" b"x")
for source in (
    r"'\x4'", r"'\u12'", r"'\U00110000'", r"'\N{NO SUCH NAME}'", r"'\N'", "'abc", "'''abc", r"b'é'", r"b'\x1'",
    "'a\nb'", "f'{'", "f'{}'", "f'}'", "rb'a' 'b'", "ur'a'", r"'\q'[0]"
):
    try:
        print(source, "=", ascii(eval(source)))
    except SyntaxError as error:
        print(ascii(source), "->", type(error).__name__, error.msg, error.lineno, error.offset)
print("\x61" == "a", "\u0061" > "", "\N{DIGIT ONE}", "\N{greek small letter alpha}", len("\N{GRINNING FACE}"))

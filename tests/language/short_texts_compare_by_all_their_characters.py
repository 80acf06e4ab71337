# Equality and order of texts around the lengths that are compared a word at a time.
import io
import random

texts = ["", "\0", "a", "a\0", "a\0\0", "a\0b", "ab", "abcdefg", "abcdefg\0", "abcdefgh", "abcdefgh\0", "abcdefghi",
         "abcdefgi", "\xff", "\xff\0", "\x7f\x80", "abcdefgh" * 2, "abcdefgh" * 2 + "\0", "abcdefgh" * 2 + "a", "abcdefgh" * 3,
         "\u0100", "\u0100a", "a\u0100", "\U0001f600", "abcdefgh\u20ac"]
chooser = random.Random(4)
for _ in range(5):
    chooser.shuffle(texts)
    print([ascii(t) for t in sorted(texts)], [ascii(t) for t in sorted(texts, reverse=True)][:4])
latin = [t for t in texts if all(c < "\u0100" for c in t)]
for _ in range(5):
    chooser.shuffle(latin)
    print([ascii(t) for t in sorted(latin)])
    print([ascii(t) for t, _ in sorted((t, 0) for t in latin)][:9], ascii(min(latin)), ascii(max(latin)))
grown = ""
for i in range(40):
    grown += chr(97 + i % 3)
    cut = grown[-3:]
    latin += [grown, cut, grown[:i]]
print([hash(t) % 1 for t in sorted(latin)][:2], sorted(latin) == sorted(latin[::-1]), len(set(latin)))
for n in range(0, 20):
    one, two = "x" * n, "".join(["x"] * n)
    assert one == two and not one != two
    for at in range(n):
        other = one[:at] + "y" + one[at + 1 :]
        assert other != two and {one: 1}.get(other) is None and other > two
        wide = one[:at] + "\u0394" + one[at + 1 :]
        assert wide != two and wide == two[:at] + "\u0394" + two[at + 1 :]
print("equal")
for newline in (None, "", "\n", "\r", "\r\n"):
    for text in ("", "a\nb\rc\r\nd", "\n\n", "\r\n\r", "abc", "\u20ac\n\U0001f600\r\nx"):
        file = io.StringIO(text, newline)
        lines = list(file)
        file.seek(1)
        print(repr(newline), ascii(lines), ascii(file.readline()), ascii(file.readline(1)), ascii(file.readlines()), file.tell())
for x in (0.0, -0.0, 1.0, -1.0, 0.1, -2.5, 1e300, 5e-324, 2.0**52 + 0.5, 2.0**53, 1.7976931348623157e308, 3.0, 1e-5, 96.0, 1e22):
    print(x.as_integer_ratio())

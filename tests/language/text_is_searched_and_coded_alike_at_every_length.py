# Searching, counting, replacing, splitting, translating and coding text take steps of several characters: every length,
# place and width gives what one step at a time gives. Long results are shown as digests.
import hashlib
import random
import unicodedata

rnd = random.Random(7)


def digest(values):
    return hashlib.sha256(repr(values).encode("utf-8", "surrogatepass")).hexdigest()[:16]


# --- searching: needles of every length at every place, among characters that nearly fit
for alphabet in "ab", "aé", "a字", "a\U0001f600":
    results = []
    for length in range(0, 70, 3):
        text = "".join(rnd.choices(alphabet, k=length))
        for size in (1, 2, 3, 5, 16, 17):
            for needle in (text[length // 2 : length // 2 + size], text[-size:], "ab" * size, "z" * size):
                results.append((text.find(needle), text.rfind(needle), text.count(needle), needle in text))
                if needle:
                    results.append((text.replace(needle, "<>"), text.replace(needle, "", 2), text.split(needle)))
    print(ascii(alphabet), len(results), digest(results))
hostile = "a" * 5000
print(hostile.find("a" * 40 + "b" + "a" * 40), hostile.count("aab"), ("b" + hostile + "b").find("a" * 30 + "b"))
print((b"ab" * 1000).count(b"a"), ("a" * 256).count("a"), ("a" * 255 + "b").count("a"), ("é" * 511).count("é"))

# --- bytes and bytearray
results = []
for kind in bytes, bytearray:
    for length in range(0, 60, 7):
        data = kind(rnd.choices(b"ab l", k=length))
        for old in b"l", b"a", b"ab", b"", b"zz":
            for new in b"", b"L", b"LLL":
                results.append((data.replace(old, new), data.replace(old, new, 1), data.replace(old, new, 3)))
        results.append((data.split(), data.split(b"l"), data.rsplit(b"a", 1), data.count(b"l"), data.find(b"ba"), data.hex()))
print(len(results), digest(results), type(bytearray(b"aa").replace(b"a", b"b")))
data = b"abc"
print(data.replace(b"x", b"y") is data, data.split(b"x")[0] == data, bytes(200).replace(b"\0", b"ab")[:6])
print(b"\0\xff".hex(), b"".hex(), b"\1\2\3".hex("-"), b"\1\2\3".hex(":", 2))

# --- case and lines
for text in "hello wORLD it's 3rd x", "ßtraße ÉCOLE", "ǆ ŉ", "a", "", "AB\x00cd":
    print(ascii((text.title(), text.capitalize(), text.swapcase(), text.upper(), text.lower())))
breaks = ["\n", "\r", "\r\n", "\x0b", "\x0c", "\x1c", "\x1d", "\x1e", "\x85", "\u2028", "\u2029", "\x1f", "\t", "\x84", "\x86"]
results = []
for mark in breaks:
    for length in range(20):
        text = "x" * length + mark + "y" * 9 + mark
        results.append((text.splitlines(), text.splitlines(True)))
print(digest(results), "a\tb\n\tc\td".expandtabs(), "a\tb".expandtabs(0), "plain".expandtabs(), "é\tü".expandtabs(4))

# --- translate
table = str.maketrans({"a": "x", "b": None, "c": "long", "d": "é", "e": 0x1F600, "f": "g"})
for text in "abcdefgh", "a" * 300, "b" * 300, "ab" * 200 + "é", "zzz", "aé" * 3, "", "c" * 5 + "f" * 300:
    print(digest(text.translate(table)), len(text.translate(table)))


class Counting(dict):
    asked = 0

    def __missing__(self, key):
        Counting.asked += 1
        raise LookupError


print("abcabc".translate(Counting()), Counting.asked)
for bad in {97: 0x110000}, {97: -1}, {97: 1.5}:
    try:
        "xxa".translate(bad)
    except (ValueError, TypeError) as error:
        print(type(error).__name__, error)

# --- UTF-8, both ways: every mixture of widths, and what is not well formed
alphabets = ["a", "aé", "é", "aéж", "жщ", "aж字", "字", "字\U0001f600", "aéж字\U0001f600", "ÿ\x80\x7f"]
results = []
for alphabet in alphabets:
    for length in list(range(20)) + [63, 64, 65, 254, 255, 256, 257, 600]:
        text = "".join(rnd.choices(alphabet, k=length))
        data = text.encode()
        assert data.decode() == text and data.decode("utf8") == text and len(data) == sum(len(c.encode()) for c in text)
        results.append(data)
        for encoding in "latin-1", "ascii", "utf-16-le", "UTF_8":
            results.append(text.encode(encoding, "backslashreplace"))
        for _ in range(3):
            if data:
                broken = bytearray(data)
                broken[rnd.randrange(len(broken))] = rnd.randrange(256)
                results.append(bytes(broken).decode("utf-8", "replace"))
                try:
                    results.append(bytes(broken).decode())
                except UnicodeDecodeError as error:
                    results.append((error.start, error.end, error.reason))
                results.append(data[: rnd.randrange(len(data))].decode("utf-8", "ignore"))
print(len(results), digest(results))
for data in b"\xc0\x80", b"\xed\xa0\x80", b"\xf4\x90\x80\x80", b"\x80", b"\xe0\x80\x80", b"\xc3", b"abc\xe4\xb8", b"\xff" * 9:
    try:
        data.decode()
    except UnicodeDecodeError as error:
        print(error)
for text in "x\ud800", "\udfff" * 20000, "字\udc80":
    try:
        text.encode()
    except UnicodeEncodeError as error:
        print(error)
for arguments in ("latin-1",), ("ascii",), ("UTF-8", "strict"), ("no-such-codec",), (b"utf-8",), ("utf-8\0",):
    for subject in "é", b"\xc3\xa9":
        try:
            print(ascii(subject.encode(*arguments) if isinstance(subject, str) else subject.decode(*arguments)))
        except (LookupError, TypeError, ValueError) as error:
            print(type(error).__name__, error)
for form in "NFC", "NFD", "NFKC", "NFKD":
    text = "éàü한글ﬁ\U0001d15e" * 40 + "e\u0301\ud800x"
    print(form, digest(unicodedata.normalize(form, text)))

# --- truth values are numbers
print(sum([True, False, True]), sum((x > 2 for x in range(9)), 1.5), sum([True], 2**63 - 1), sum([2**62, True]), sum([False]))
print("%.2f %.0f %5.1f|%-8.3f|%+.1f %06.2f %.20f %f" % (3.14159, 2.5, 2.25, -1.5, 7.0, -3.5, 0.1, 1e19))
print("%.3f %f %F %.1f %f" % (1e22, float("inf"), float("nan"), -0.0, 123456789012345680.0), "%#.0f %.50f" % (3.0, 0.1))

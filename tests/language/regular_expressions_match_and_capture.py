# Every construct of patterns, matched, searched, split and replaced, with what the groups captured.
import re

TEXTS = ["", "a", "aab", "abcabc", "xaYbZc", "foo bar-baz_12", "\n\nab\n", "éÉßſK", "д1ж2", "\U00010400\U00010428a"]
PATTERNS = [
    "a*", "a+?b", "(a)|b", "(?:(a)|(b))*", "(a*)*", "(a*?)+b", "[a-c]+", "[^a-c]", r"\w+", r"\W", r"\d", r"\s+", r"\b",
    r"\B", "^", "$", r"\A.", r".\Z", "(?m)^.*$", "(?s).+", "(?i)É", "(?i)[k-s]", "(?ia)k", "(?P<one>.)(?P=one)",
    r"(.)(\1)", "(?=a)..", "(?!a).", "(?<=a)b", "(?<!a)b", "(a)?(?(1)b|c)", "(?>a+)b", "(?>a+)ab", "a++b", "a*+a",
    "(?:ab|a)++c", "a{2}", "a{1,}?b", "[[:alpha:]]" if False else "[abc]{2,3}", r"[\w-]+", r"[^\W\d_]", "foo|bar|baz",
    "abc", "(?i)ABC", "(abc)+", "((a)(b)?c?)+", "[\u0430-\u044f]", "[\U00010400-\U00010427]", "(?i)\U00010400",
    "(?x) a # a letter\n b", "(?:)", "x*", "(?i:a)b", "(?-i:a)",
]


def show(match):
    return match and (match.span(), match.groups(), match.lastindex, match.lastgroup)


for pattern in PATTERNS:
    compiled = re.compile(pattern)
    for text in TEXTS:
        print(
            ascii(
                (
                    pattern, text, show(compiled.match(text)), show(compiled.fullmatch(text)),
                    show(compiled.search(text)), compiled.findall(text), compiled.split(text, 3),
                    compiled.subn("<>", text), [m.span() for m in compiled.finditer(text)],
                )
            )
        )

for pattern, text in [(rb"\w+", b"ab \xe9 c"), (rb"(?i)AB", b"xab"), (rb"[\x80-\xff]+", b"a\x80\xff"), (rb"(?L)\w", b"_a")]:
    print(pattern, re.findall(pattern, text), re.sub(pattern, rb"[\g<0>]", bytearray(text)), re.split(pattern, text))
print(re.findall(rb".", memoryview(b"abc")), re.match(b"a", bytearray(b"ab")))

# The matcher keeps its ways back on a stack of its own: long texts, nested repeats.
print(re.match("(x)*y", "x" * 200000 + "y").span())
print(re.match("(?:x|xx)*?y", "x" * 50000 + "y").span())
print(re.search("(?:a?){17}a{17}", "a" * 17).span(), re.match("(a+)+$", "a" * 15 + "b"))
print(len(re.findall("|".join(f"w{i}" for i in range(200)), " ".join(f"w{i}" for i in range(200)))))

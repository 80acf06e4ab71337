# find, index, count, replace, startswith, endswith, split and join, partition and strip, with all their options.

text = "the quick brown fox jumps over the lazy dog"
print(
    text.find("the"), text.find("the", 1), text.rfind("the"), text.find("cat"), text.find(""), text.find("", 100),
    text.rfind(""), text.find("dog", -3), text.find("e", 3, 20)
)
print(
    text.index("quick"), text.rindex("o"), text.count("o"), text.count("the", 5), text.count(""), "aaaa".count("aa"),
    "".count(""), "é☃é☃".count("☃é")
)
for call in (
    "text.index('cat')", "text.rindex('cat')", "text.find(1)", "text.find()", "text.count(None)", "text.replace('a')",
    "text.replace(1, 2)", "text.split('')", "text.split(1)", "text.partition('')", "text.strip(1)", "','.join([1])",
    "','.join(['a', None])", "','.join(5)", "text.startswith(1)", "text.startswith(('a', 1))",
    "text.split(None, 'a')", "text.splitlines(1, 2)", "text.removeprefix()", "text.join()"
):
    try:
        print(call, "=", eval(call))
    except Exception as error:
        print(call, "->", type(error).__name__, error)
print(
    text.replace("the", "a"), text.replace("o", "", 2), "aaa".replace("", "-"), "aaa".replace("a", "bb", 2),
    "aaa".replace("", "-", 2), "".replace("", "x"), "abc".replace("b", "☃"), "aaa".replace("a", "b", 0)
)
print(
    text.startswith("the"), text.startswith("quick", 4), text.startswith(("x", "the")), text.startswith(""),
    text.startswith((), 0), text.endswith("dog"), text.endswith(("cat", "dog")), text.endswith("lazy", 0, -4),
    "".startswith("", 1)
)
for sample in ("a,b,,c", " a  b\tc\n", "", ",", "   ", "abc", "a, b, c", "\x1ca\u2003b\xa0c"):
    print(
        ascii(sample),
        ascii([
            sample.split(), sample.split(","), sample.split(",", 1), sample.rsplit(",", 1), sample.split(None, 1),
            sample.rsplit(None, 1), sample.split(", ")
        ])
    )
print(
    "a--b--c".split("--"), "a--b--c".split(sep="--", maxsplit=1), "a--b--c".rsplit("--", maxsplit=1),
    "aaa".split("a"), "aXbXc".split("X", -1), "  x y ".split(maxsplit=0), "  x y ".rsplit(maxsplit=0)
)
print(
    "a\nb\r\nc\rd\n".splitlines(), "a\nb\r\nc".splitlines(True), "a\x0bb\x0cc\x1cd\x85e\u2028f".splitlines(),
    "".splitlines(), "\n".splitlines(), "\n\n".splitlines(keepends=True)
)
print(
    "key=value=x".partition("="), "key".partition("="), "key=value=x".rpartition("="), "key".rpartition("="),
    "".partition("x")
)
print(
    "-".join(["a", "b", "c"]), "".join([]), ",".join("abc"), "-".join(("x",)), "☃".join(["a", "é"]),
    ", ".join(str(i) for i in range(5)), "".join({"a": 1, "b": 2})
)
print([
    "  x ".strip(), "  x ".lstrip(), "  x ".rstrip(), "xxaxx".strip("x"), "abcba".strip("ab"), "abcba".lstrip("ab"),
    "abcba".rstrip("ab"), "\u2003a\xa0".strip(), "".strip(), "aaa".strip("a"), "x".strip(None), "x".strip("")
])
print(
    "prefix-body".removeprefix("prefix-"), "prefix-body".removeprefix("x"), "body.txt".removesuffix(".txt"),
    "body.txt".removesuffix(""), "aa".removesuffix("aaa")
)
long = "ab" * 5000 + "c" + "ab" * 5000
print(
    long.find("bc"), long.find("ca"), long.find("abc"), long.rfind("cab"), long.count("ba"), long.find("b" * 10),
    len(long.replace("ab", "xyz")), len(long.split("a"))
)
print(
    "é" in "caf\xe9", "caf\xe9".find("\u0301"), "日本語日本語".find("語日"), "日本語日本語".rfind("日本"), "𝄞x𝄞".find("x"),
    "abc".find("\U0001d11e")
)

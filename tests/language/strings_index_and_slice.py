# Indexing, slicing, iteration, membership, comparison and concatenation of strings of every storage width.

for text in (
    "", "a", "hello world", "naïve café", "日本語テキスト", "mixed ☃ and 𝄞 wide", "\x00\x7f\xff\u0100\uffff\U0010ffff"
):
    print(
        len(text), ascii(text), [ord(char) for char in text][:8], text == "".join(text),
        text[::-1] == "".join(reversed(text))
    )
    for piece in (
        text[:3], text[-3:], text[1:-1], text[::2], text[::-1], text[5:2], text[100:], text[-100:2], text[-1:-4:-1],
        text[2::-1], text[:]
    ):
        print("  ", ascii(piece))
text = "abcdef"
print(text[0], text[-1], text[5], text[-6], text[True])
for index in (6, -7, "a", 1.0, None, 10**30, slice(0, 3, 0), (1, 2)):
    try:
        print(text[index])
    except Exception as error:
        print(type(error).__name__, error)
print(
    "b" in text, "bcd" in text, "" in text, "x" in text, "é" in text, "ef" in text, text not in text,
    "\u0100" in "ab\u0100"
)
for bad in (1, None, b"a"):
    try:
        bad in text
    except TypeError as error:
        print(error)
print(
    "a" < "b", "a" < "B", "abc" < "abcd", "" < "a", "é" > "z", "𝄞" > "\uffff", "a" == b"a", "abc" >= "abc", "10" < "9"
)
try:
    "a" < 1
except TypeError as error:
    print(error)
print("a" + "b", "é" + "b" + "☃", "ab" * 3, 3 * "ab", "x" * 0, "x" * -1, "" * 5, "☃" * True)
for expression in (
    "'a' + 1", "1 + 'a'", "'a' * 'b'", "'a' * 1.5", "'a' - 'b'", "'a' % 'b'", "-'a'", "'a' + b'b'", "'a'[0] = 1",
    "'a' * 10**30"
):
    try:
        exec("print(" + expression + ")" if "=" not in expression else expression)
    except Exception as error:
        print(expression, "->", type(error).__name__, error)
for statement in ("text[0] = 'x'", "del text[0]", "text.new = 1", "del text[1:2]"):
    try:
        exec(statement)
    except Exception as error:
        print(statement, "->", type(error).__name__, error)
joined = ""
for i in range(300):
    joined += chr(ord("a") + i % 26)
print(len(joined), joined[:30], joined[-5:], hash(joined) == hash(joined[:150] + joined[150:]))
print(
    min("hello"), max("hello"), sorted("hello"), list("héllo"), tuple("ab"), set("aaa"), len("𝄞"), "a" "b" 'c',
    hash("") == 0
)
first, *rest = "xyz"
print(first, rest, *"abc", sep="-")

# Building strings by appending, joining, formatting and slicing, including shared prefixes and every width change.


def append_all(pieces):
    text = ""
    for piece in pieces:
        text += piece
    return text


print(
    len(append_all("abc" for _ in range(50000))), append_all(str(i) for i in range(30)),
    append_all(["a", "é", "☃", "𝄞", "z"]), append_all([])
)
s = "start"
history = []
for i in range(20):
    history.append(s)
    s += chr(97 + i)
print(history[0], history[5], history[-1], s, [len(h) for h in history] == list(range(5, 25)))
a = "shared"
b = a
a += " one"
b += " two"
c = a
a += " more"
print(a, b, c)


class Holder:
    text = ""

    def __init__(self):
        self.lines = [""]
        self.own = ""


h = Holder()
for i in range(100):
    h.own += str(i)
    Holder.text += "x"
    h.lines[0] += "y"
print(len(h.own), len(Holder.text), len(h.lines[0]), h.own[:10])


def prepend(n):
    text = ""
    for i in range(n):
        text = str(i % 10) + text
    return text


def both_ends(n):
    text = "|"
    for i in range(n):
        text = "(" + text + ")"
    return text


def double(n):
    text = "ab"
    for _ in range(n):
        text += text
    return len(text), text[:4], text[-4:]


def reverse(text):
    result = ""
    for char in text:
        result = char + result
    return result


def caesar(text, shift):
    out = []
    for char in text:
        if "a" <= char <= "z":
            out.append(chr((ord(char) - 97 + shift) % 26 + 97))
        elif char.isupper():
            out.append(chr((ord(char) - 65 + shift) % 26 + 65))
        else:
            out.append(char)
    return "".join(out)


def run_length(text):
    result, i = "", 0
    while i < len(text):
        j = i
        while j < len(text) and text[j] == text[i]:
            j += 1
        result += f"{j - i}{text[i]}"
        i = j
    return result


def look_and_say(n):
    text = "1"
    for _ in range(n):
        text = run_length(text)
    return text


def wrap(text, width):
    lines, line = [], ""
    for word in text.split():
        if len(line) + len(word) + bool(line) > width:
            lines.append(line)
            line = word
        else:
            line += " " * bool(line) + word
    return lines + [line]


def table(rows):
    widths = [max(len(str(cell)) for cell in column) for column in zip(*rows)]
    return "\n".join(" | ".join(f"{cell:>{width}}" for cell, width in zip(row, widths)) for row in rows)


def hexdump(data):
    return "\n".join(f"{i:04x}  {' '.join(f'{b:02x}' for b in data[i:i + 8]):<23}  {''.join(chr(b) if 32 <= b < 127 else '.' for b in data[i:i + 8])}" for i in range(0, len(data), 8))


print(
    prepend(30), both_ends(10), double(15), reverse("hello ☃"), caesar("Hello, World!", 3),
    caesar(caesar("Round trip", 7), -7), run_length("aaabccdddd"), look_and_say(8), len(look_and_say(20))
)
print(wrap("the quick brown fox jumps over the lazy dog and keeps running until the end of the line", 20))
print(table([["name", "value"], ["a", 1], ["longer", 12345], ["é☃", -2.5]]))
print(hexdump(b"hello\x00\xff world\n, some bytes"))
text = "x" * 1000
pieces = [text[i:j] for i in range(0, 1000, 100) for j in (i, i + 1, i + 100, 1000)]
print(
    len(pieces), sum(map(len, pieces)), len("".join(pieces)),
    hash("".join(pieces)) == hash("x" * sum(map(len, pieces)))
)
grown = "base"
views = []
for i in range(50):
    grown += "-"
    views.append(grown[: 4 + i // 2])
    other = grown + "tail"
    if not other.startswith(grown) or not grown.startswith("base"):
        print("broken", i)
print(len(grown), views[-1], other[-6:], len(set(views)))
alternating = ""
for i in range(200):
    alternating += "a" if i % 50 else "\u2603"
    if i == 120:
        frozen = alternating
print(
    len(alternating), alternating.count("\u2603"), len(frozen), alternating.startswith(frozen),
    ascii(alternating[48:52])
)
keys = {}
key = ""
for i in range(100):
    key += "k"
    keys[key] = i
print(len(keys), keys["kkk"], keys["k" * 100], "k" * 50 in keys)
numbers = ""
for i in range(10):
    numbers = numbers + str(i) + "," if i < 9 else numbers + str(i)
print(
    numbers, numbers.split(","), "%s" * 3 % ("a", "b", "c"), "-".join(str(x) for x in range(5)), ("ab" * 3 + "c") * 2,
    "=" * 20
)
palindromes = [w for w in ["level", "noon", "python", "été", "☃a☃"] if w == w[::-1]]
print(
    palindromes, sorted("the quick brown fox".split(), key=lambda w: (len(w), w)), "".join(sorted("hello")),
    "".join(dict.fromkeys("mississippi"))
)

# find, count, replace, split, strip, partition and friends agree with naive versions on random strings of every width.

seed = 31337
ALPHABETS = ["ab", "abc ", "aéb", "a☃b", "ab𝄞", "\x00a", " \t\na"]


def random(limit):
    global seed
    seed = (seed * 1103515245 + 12345) % 2**31
    return (seed >> 8) % limit


def make(alphabet, longest):
    return "".join(alphabet[random(len(alphabet))] for _ in range(random(longest + 1)))


def find(text, piece, start, stop):
    for i in range(start, stop - len(piece) + 1):
        if all(text[i + j] == piece[j] for j in range(len(piece))):
            return i
    return -1


def rfind(text, piece):
    for i in range(len(text) - len(piece), -1, -1):
        if text[i : i + len(piece)] == piece:
            return i
    return -1


def count(text, piece):
    if not piece:
        return len(text) + 1
    n = i = 0
    while True:
        i = find(text, piece, i, len(text))
        if i < 0:
            return n
        n, i = n + 1, i + len(piece)


def split(text, piece, limit):
    parts, i = [], 0
    while limit != 0:
        at = find(text, piece, i, len(text))
        if at < 0:
            break
        parts.append(text[i:at])
        i, limit = at + len(piece), limit - 1
    parts.append(text[i:])
    return parts


def words(text):
    result, current = [], ""
    for char in text:
        if char in " \t\n":
            if current:
                result.append(current)
            current = ""
        else:
            current += char
    return result + [current] if current else result


def replace(text, old, new, limit):
    if not old:
        out = []
        for i, char in enumerate(text):
            out.append(new if limit < 0 or i < limit else "")
            out.append(char)
        out.append(new if limit < 0 or len(text) < limit else "")
        return "".join(out)
    return new.join(split(text, old, limit))


def strip(text, chars):
    start, stop = 0, len(text)
    while start < stop and text[start] in chars:
        start += 1
    while stop > start and text[stop - 1] in chars:
        stop -= 1
    return text[start:stop]


def compare(a, b):
    for x, y in zip(a, b):
        if x != y:
            return -1 if ord(x) < ord(y) else 1
    return (len(a) > len(b)) - (len(a) < len(b))


checks = 0
checksum = 0


def check(name, actual, expected, *arguments):
    global checks, checksum
    checks += 1
    if actual != expected:
        print(name, "differs", ascii(arguments), ascii(actual), ascii(expected))
    for char in repr(actual)[:40]:
        checksum = (checksum * 31 + ord(char)) % 1000000007


for _ in range(800):
    alphabet, other = ALPHABETS[random(len(ALPHABETS))], ALPHABETS[random(len(ALPHABETS))]
    text, piece, new = make(alphabet, 30), make(alphabet if random(4) else other, 3), make(other, 3)
    start, stop = sorted((random(len(text) + 1), random(len(text) + 1)))
    check("find", text.find(piece, start, stop), find(text, piece, start, stop), text, piece, start, stop)
    check("rfind", text.rfind(piece), rfind(text, piece), text, piece)
    check("in", piece in text, find(text, piece, 0, len(text)) >= 0, piece, text)
    check("count", text.count(piece), count(text, piece), text, piece)
    check("replace", text.replace(piece, new), replace(text, piece, new, -1), text, piece, new)
    check("replace limited", text.replace(piece, new, 2), replace(text, piece, new, 2), text, piece, new)
    if alphabet != "\x00a":
        check("split blanks", text.split(), words(text), text)
    check("strip", text.strip(alphabet[0]), strip(text, alphabet[0]), text)
    check("startswith", text.startswith(piece), text[: len(piece)] == piece, text, piece)
    check("endswith", text.endswith(piece), piece == "" or text[-len(piece) :] == piece, text, piece)
    check("join", piece.join([text, new, text]), text + piece + new + piece + text)
    check("reverse", text[::-1], "".join(text[i] for i in range(len(text) - 1, -1, -1)), text)
    check("compare", (text > new) - (text < new), compare(text, new), text, new)
    check("equal", text == text[:start] + text[start:], True)
    check("hash", hash(text[:stop]) == hash("".join(list(text[:stop]))), True)
    check("repeat", text * 3, text + text + text)
    check("bytes", text.encode().decode(), text)
    check("upper and lower", text.upper().lower(), text.lower(), text)
    check("center", len(text.center(20, "x")), max(20, len(text)), text)
    if piece:
        check("split", text.split(piece), split(text, piece, -1), text, piece)
        check("split limited", text.split(piece, 1), split(text, piece, 1), text, piece)
        at = find(text, piece, 0, len(text))
        check(
            "partition", text.partition(piece),
            (text, "", "") if at < 0 else (text[:at], piece, text[at + len(piece) :]), text, piece
        )
        at = rfind(text, piece)
        check(
            "rpartition", text.rpartition(piece),
            ("", "", text) if at < 0 else (text[:at], piece, text[at + len(piece) :]), text, piece
        )
    data, small = text.encode(), piece.encode()
    check("bytes find", data.find(small), len(text[: text.find(piece)].encode()) if piece in text else -1, text, piece)
    check("bytes count", data.count(small) if small else 0, count(text, piece) if piece else 0, text, piece)
    check(
        "bytes replace", data.replace(small, b"Q") if small else b"",
        replace(text, piece, "Q", -1).encode() if piece else b"", text, piece
    )
print(checks, checksum)

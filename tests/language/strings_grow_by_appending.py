# s += x shares an append-only buffer: earlier values keep their text, and a million appends end soon.



def million():  # in a function, since the reference appends in linear time only to locals
    s = ""
    for i in range(1_000_000):
        s += "x" if i % 7 else "yz"
    return len(s), s.count("yz"), s[:8], s[-8:]


print(*million())
base = "a" * 500
first = base + "1"
second = first + "2"
third = first + "3"
fourth = second + "é"
fifth = second + "☃"
sixth = fifth + "𝄞" + "end"
print([t[498:] for t in (base, first, second, third, fourth, fifth, sixth)])
print(len({base, first, second, third, fourth, fifth, sixth}), first == "a" * 500 + "1", hash(first) == hash("a" * 500 + "1"), second.isascii(), fourth.isascii())
parts = []
text = ""
for i in range(2000):
    text += chr(97 + i % 26)
    parts.append(text)
print(all(len(part) == i + 1 for i, part in enumerate(parts)), parts[-1] == "".join(p[-1] for p in parts))
d = {text: 1}
text += "!"
print(text in d, parts[-1] in d, text.startswith(parts[-1]))
text += text
print(len(text), text[2000], text[2001], text[-1])

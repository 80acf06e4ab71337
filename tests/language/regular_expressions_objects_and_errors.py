# Patterns, matches and scanners as objects: attributes, positions, copies, templates, and what they refuse.
import _sre
import copy
import pickle
import re


def attempt(what, action):
    try:
        print(what, repr(action()))
    except Exception as error:
        print(what, type(error).__name__, error)


p = re.compile(r"(?P<word>\w+)\s(\d+)?", re.I)
print(p, p.pattern, p.flags, p.groups, p.groupindex, p == re.compile(r"(?P<word>\w+)\s(\d+)?", re.I), p != re.compile("a"))
print(hash(p) == hash(copy.copy(p)), copy.deepcopy(p) is p, pickle.loads(pickle.dumps(p)) == p, re.Pattern[str], re.Match[bytes])
print(re.compile("a" * 300), re.compile(b"a", re.L | re.M), re.compile("x", re.S | re.X | re.A | 1 << 12))

m = p.match("say ab 12 \t", 4)
print(m, m.pos, m.endpos, m.string, m.re is p, m.regs, m.lastindex, m.lastgroup)
print(m.group(), m.group(1, 2), m["word"], m[2], m.groups(), m.groupdict(), m.start(1), m.end("word"), m.span(2))
print(m.expand(r"\2-\g<word>-\g<0>\n"), copy.copy(m) is m, copy.deepcopy(m) is m, bool(m))
n = re.match("(a)(b)?", "a")
print(n.groups(), n.groups("-"), n.groupdict(), n.span(2), n.expand(r"[\2]"), n.lastindex)
for what, action in {
    "group 5": lambda: m.group(5), "no name": lambda: m["x"], "float": lambda: m.group(1.0), "huge": lambda: m.group(1 << 80),
    "span": lambda: m.span(-1), "int": lambda: p.match(3), "bytes": lambda: p.match(b"a"), "str": lambda: re.match(b"a", "a"),
    "missing": lambda: p.match(), "pos": lambda: p.match("a", "b"), "name": lambda: p.match("a", q=1),
    "order": lambda: p < p, "pickle": lambda: pickle.dumps(m), "make": lambda: type(p)(), "set": lambda: setattr(p, "x", 1),
    "replace": lambda: re.sub("a", 1, "a"), "wrong piece": lambda: re.sub("a", lambda m: 1, "ba"),
    "bytes piece": lambda: re.sub("a", b"x", "ba"), "template": lambda: re.sub("(a)", r"\2", "a"), "escape": lambda: re.sub("a", r"\q", "a"),
    "unclosed": lambda: re.compile("(a"), "repeat": lambda: re.compile("*"), "set end": lambda: re.compile("[a"),
    "lookbehind": lambda: re.compile("(?<=a*)b"), "list": lambda: re.match("a", ["a"]), "view": lambda: re.match(b"a", memoryview(b"abc")[::2]),
    "no words": lambda: _sre.compile("a", 0, [], 0, {}, ()), "bad word": lambda: _sre.compile("a", 0, [99], 0, {}, ()),
    "huge word": lambda: _sre.compile("a", 0, [1 << 40], 0, {}, ()), "tuple": lambda: _sre.compile("a", 0, (1,), 0, {}, ()),
    "bad jump": lambda: _sre.compile("a", 0, [7, 50, 15, 9, 0, 1], 0, {}, ()), "bad mark": lambda: _sre.compile("a", 0, [17, 9, 1], 1, {}, (None, None)),
}.items():
    attempt(what, action)

s = p.scanner("ab 1 cd 22 ef")
print(s.pattern is p, type(s).__name__, s.match(), s.search(), s.search(), s.match())
print(re.Scanner([(r"\d+", lambda s, t: int(t)), (r"\w+", lambda s, t: t), (r"\s+", None)]).scan("ab 12 c !"))
print(type(p.finditer("")).__name__, p.sub(lambda m: m[1].upper(), "ab cd 5"), p.subn(r"<\g<word>>", "ab cd 5", 1), re.sub("", "-", "abc"))
print(re.sub("(a)(b)?", r"\2\1", "ab a"), re.split("(,)|;", "a,b;c"), re.escape("a.b*c"), re.split("", "ab"), re.sub("x*", "-", "axb"))
text = "abc"
print(re.sub("x", "y", text) is text, p.search("ab 12", 1, 3), re.compile("^b").search("ab", 1), re.compile("$").search("ab", 0, 1))
changing = bytearray(b"aaa")
print(re.sub(b"a", lambda m: b"b", changing), changing.append(1), changing)
print(_sre.MAGIC, _sre.CODESIZE, _sre.getcodesize(), _sre.MAXREPEAT, _sre.MAXGROUPS, _sre.copyright)
cases = [_sre.unicode_tolower(c) * 3 + _sre.unicode_iscased(c) for c in range(0x3000)]
print(hash(tuple(cases)), sum(map(_sre.ascii_iscased, range(300))), _sre.ascii_tolower(65), _sre.ascii_tolower(0xC9))

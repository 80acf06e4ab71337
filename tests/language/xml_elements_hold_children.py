# Elements of _elementtree: their construction, attributes, children and searches, and what they refuse.
import weakref
import xml.etree.ElementTree as ET

import re


def show(*values):
    print(*[re.sub("0x[0-9a-f]+", "0x", v if isinstance(v, str) else repr(v)) for v in values])


def attempt(function, *arguments, **keywords):
    try:
        show(function(*arguments, **keywords))
    except Exception as error:
        places = [getattr(error, name) for name in ("code", "lineno", "offset", "position") if hasattr(error, name)]
        show(type(error).__name__, str(error), *places)


Element, SubElement = ET.Element, ET.SubElement
attempt(Element)
attempt(Element, 1)
attempt(Element, "a", 1)
attempt(Element, "a", None)
attempt(Element, "a", {}, {})
attempt(Element, tag="x")
attempt(Element, "a", attrib=1)
attempt(Element, "a", attrib=None)
for arguments, keywords in [
    (("a", {"x": 1}), {"y": 2}),
    (("a",), {"attrib": {"q": 1}, "y": 3}),
    (("a", {"x": 1}), {"attrib": {"z": 1}}),
    (("a",), {"x": 1}),
    (("a", {}), {}),
]:
    e = Element(*arguments, **keywords)
    show(e, e.attrib, e.text, e.tail, e.tag, len(e))
d = {"x": 1}
show(Element("a", d).attrib is d, Element("a", attrib=d).attrib is d, Element("a", d, z=1).attrib, d)

e = Element("a", {"x": 1})
attempt(bool, e)
for method in "append extend remove __getitem__ __delitem__ get keys items find findtext findall makeelement iter".split():
    attempt(getattr(e, method))
    attempt(getattr(e, method), 1)
    attempt(getattr(e, method), None)
attempt(e.extend, [1])
attempt(e.extend, [Element("q"), 1])
show(len(e))
for arguments in [(0, 1), ("a", Element("b")), (0,), (-100, Element("n")), (100, Element("m")), (2**80, Element("q"))]:
    attempt(e.insert, *arguments)
show([child.tag for child in e])
attempt(e.remove, Element("n"))
for key in ("a", 100, -1, -100, 2**80, 1.5, None):
    attempt(e.__getitem__, key)
    attempt(e.__setitem__, key, Element("new"))
    attempt(e.__delitem__, key)
attempt(e.__setitem__, 0, None)
attempt(e.__setitem__, 0, 1)
for key, value in [((0, 1), 1), ((0, 1), [1]), ((None, None, 2), [Element("a")] * 5), ((0, 1), None)]:
    attempt(e.__setitem__, slice(*key), value)
attempt(e.__getitem__, slice(None, None, 0))

letters = "abcdefghij"
for start in (None, 0, 2, -3, 20):
    for stop in (None, 0, 5, -1, 20):
        for step in (None, 1, 2, -1, -3):
            key = slice(start, stop, step)
            tree = Element("r")
            tree[:] = [Element(c) for c in letters]
            got = [child.tag for child in tree[key]]
            model = list(letters)
            new = [Element(c.upper()) for c in model[key]]
            tree[key] = new
            model[key] = [child.tag for child in new]
            same = [child.tag for child in tree] == model
            del tree[key], model[key]
            show(key, got, same, [child.tag for child in tree] == model)
tree[1:1] = (Element(c) for c in "XYZ")
tree[0:2] = [Element("only")]
tree[len(tree) :] = tree[:2]
show([child.tag for child in tree], type(tree[:]))

e = Element("a", {"x": 1})
e[:] = [Element(c) for c in "PQRST"]
for arguments in [("x",), ("y",), ("y", 3), ([],)]:
    attempt(e.get, *arguments)
attempt(e.get, key="x")
attempt(e.get, "y", default=4)
attempt(e.set, 1)
attempt(e.set, "k", 2)
attempt(e.set, [], 1)
attempt(Element("z").get, [])
show(e.keys(), e.items(), Element("z").keys(), Element("z").items())
attempt(e.keys, 1)
for path in ("P", "nope", "./P", "{u}P", "p:P", b"P", "*", ".//Q", "", "{*}P", "{}P", "P/x", "[1]", "@x"):
    for namespaces in (None, {"p": "u"}):
        attempt(e.find, path, namespaces)
        attempt(e.findtext, path, "none", namespaces)
        attempt(e.findall, path, namespaces)
        attempt(lambda: list(e.iterfind(path, namespaces)))
attempt(e.findtext, path="P", default=1, namespaces=None)
for text in ("hello", 12, None, ""):
    e[0].text = text
    attempt(e.findtext, "P")

attempt(e.makeelement, "a", {"x": 1})
attempt(e.makeelement, "a")
attempt(e.makeelement, 1, {})
show(e.makeelement("a", d).attrib is d)
for tag in ("P", "*", b"*", "", None, 1):
    show([child.tag for child in e.iter(tag)])
attempt(e.iter, 1, 2)
show([child.tag for child in e.iter(tag="Q")])
it = Element("a").iter()
for _ in range(3):
    attempt(next, it)
attempt(type(it))
show(type(it).__module__, type(it).__name__, iter(it) is it)

e.text, e[0].tail, e[1].text = "T", "tl", ["a", "b"]
show(list(e.itertext()))
e[1].text = 1
show(list(e.itertext()))
e[1].tag, e[1].text, e[1].tail = 1, "no", "ok"
SubElement(e[1], "zz").text = "sub"
e.tail = "outside"
show(list(e.itertext()))
comment = ET.Comment("cc")
comment.tail = "tt"
e.append(comment)
show(list(e.itertext()))

for name in ("tag", "text", "tail", "attrib"):
    for value in (1, None, "s", {}, []):
        x = Element("a")
        try:
            setattr(x, name, value)
            show(name, value, getattr(x, name))
        except Exception as error:
            show(name, value, type(error).__name__, str(error))
    attempt(delattr, x, name)
attempt(setattr, x, "foo", 1)
attempt(lambda: x.foo)

attempt(SubElement)
attempt(SubElement, 1)
attempt(SubElement, 1, "a")
x = Element("p")
attempt(SubElement, x)
attempt(SubElement, x, "c", 1)
attempt(SubElement, x, "c", {"a": 1}, b=2)
attempt(SubElement, x, "c", attrib={"a": 1}, b=2)
attempt(SubElement, x, tag="q")
attempt(SubElement, parent=x, tag="q")
attempt(SubElement, x, "c", {}, {})
attempt(SubElement, x, 5)
attempt(SubElement, x, "c", attrib=5)
show([child.attrib for child in x])

x = Element("p", {"a": 1})
old = x.attrib
attempt(x.clear)
show(old, x.attrib, x.text, len(x))
x = Element("p")
x.text = "a"
show(x.__init__("q", {"z": 1}), x.tag, x.text, x.attrib)
x.append(Element("i"))
x.__init__("r")
show(len(x), x.attrib, x.text)
x = Element.__new__(Element)
show(x.tag, x.text, x.tail, x.attrib, len(x), x, list(x.iter()), list(x.itertext()), x.get("a"))

x = Element("a")
x.append(x)
attempt(repr, x)
x.tag = x
attempt(repr, x)
x.tag = []
attempt(repr, x)
show(x == x, x != Element("p"), weakref.ref(x)() is x, list(iter(Element("e"))), 1 in Element("e"))
show([child.tag for child in reversed(e)][:2])

sizes = []
x = Element("a")
for i in range(20):
    sizes.append(x.__sizeof__())
    x.append(Element("b"))
show(sizes, Element("a", {"a": 1}).__sizeof__())


class Derived(Element):
    def __init__(self, *arguments, **keywords):
        super().__init__(*arguments, **keywords)
        self.extra = 3

    def append(self, child):
        show("append", child)
        super().append(child)


x = Derived("a", {"x": 1})
attempt(x.append, Element("b"))
SubElement(x, "c")
show(x, x.__dict__, x.extra, len(x), type(x.makeelement("b", {})) is Element, isinstance(x, Element))
